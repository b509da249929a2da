/* out.c - output on its way to a peer (see out.h)
 *
 * Chunks start small, because most replies are one short line and thousands of sessions wait
 * with an empty rope, and double up to 64 KiB while a long reply is being written. */
#include "util/out.h"

#include "util/mem.h"
#include "util/num.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>

#define CHUNK_FIRST 1024
#define CHUNK_MAX (64u * 1024)

struct gw_out_chunk {
	struct gw_out_chunk *next;
	const char *p; /* data, or the borrowed bytes */
	size_t start;  /* already taken by the host */
	size_t end;
	size_t cap; /* 0: borrowed */
	void (*release)(void *);
	void *arg;
	char data[];
};

void gw_out_init(struct gw_out *o)
{
	*o = (struct gw_out){ 0 };
}

static void drop_head(struct gw_out *o)
{
	struct gw_out_chunk *c = o->head;

	o->head = c->next;
	if (!o->head)
		o->tail = NULL;
	if (c->release)
		c->release(c->arg);
	free(c);
}

void gw_out_done(struct gw_out *o)
{
	while (o->head)
		drop_head(o);
	o->n = 0;
}

static void push(struct gw_out *o, struct gw_out_chunk *c)
{
	if (o->tail)
		o->tail->next = c;
	else
		o->head = c;
	o->tail = c;
}

/* Not zeroed: the bytes are written before they are read. */
static struct gw_out_chunk *chunk_new(size_t cap)
{
	struct gw_out_chunk *c = gw_xrealloc(NULL, 1, sizeof *c + cap);

	*c = (struct gw_out_chunk){ .cap = cap };
	c->p = c->data;
	return c;
}

char *gw_out_reserve(struct gw_out *o, size_t n)
{
	struct gw_out_chunk *c = o->tail;

	if (!c || c->cap - c->end < n || c->cap == 0) {
		size_t cap = c && c->cap ? c->cap * 2 : CHUNK_FIRST;

		if (cap > CHUNK_MAX)
			cap = CHUNK_MAX;
		if (o->n < cap / 2)
			cap = CHUNK_FIRST;
		c = chunk_new(cap < n ? n : cap);
		push(o, c);
	}
	return c->data + c->end;
}

void gw_out_commit(struct gw_out *o, size_t n)
{
	o->tail->end += n;
	o->n += n;
}

void gw_out_add(struct gw_out *o, const void *p, size_t n)
{
	const char *from = p;

	while (n) {
		struct gw_out_chunk *c = o->tail;
		size_t room = c && c->cap ? c->cap - c->end : 0;
		size_t part = n;

		if (room == 0) {
			room = n < CHUNK_FIRST ? n : CHUNK_FIRST;
			part = room;
		} else if (part > room) {
			part = room;
		}
		memcpy(gw_out_reserve(o, part), from, part);
		gw_out_commit(o, part);
		from += part;
		n -= part;
	}
}

void gw_out_str(struct gw_out *o, const char *s)
{
	gw_out_add(o, s, strlen(s));
}

void gw_out_char(struct gw_out *o, char c)
{
	gw_out_add(o, &c, 1);
}

void gw_out_u64(struct gw_out *o, uint64_t v)
{
	char *p = gw_out_reserve(o, GW_U64_DIGITS);

	gw_out_commit(o, gw_put_u64(p, v));
}

void gw_out_printf(struct gw_out *o, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n <= 0)
		return;
	p = gw_out_reserve(o, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	gw_out_commit(o, (size_t)n);
}

void gw_out_borrow(struct gw_out *o, struct gw_slice s, void (*release)(void *), void *arg)
{
	struct gw_out_chunk *c = chunk_new(0);

	c->p = s.p;
	c->end = s.n;
	c->release = release;
	c->arg = arg;
	push(o, c);
	o->n += s.n;
}

void gw_out_append(struct gw_out *o, struct gw_out *src)
{
	if (!src->head)
		return;
	if (o->tail)
		o->tail->next = src->head;
	else
		o->head = src->head;
	o->tail = src->tail;
	o->n += src->n;
	gw_out_init(src);
}

int gw_out_iov(const struct gw_out *o, struct iovec *iov, int max)
{
	int n = 0;

	for (struct gw_out_chunk *c = o->head; c && n < max; c = c->next) {
		if (c->start == c->end)
			continue;
		iov[n].iov_base = (void *)(c->p + c->start);
		iov[n].iov_len = c->end - c->start;
		n++;
	}
	return n;
}

void gw_out_each(const struct gw_out *o, size_t from, void (*fn)(void *ctx, struct gw_slice piece), void *ctx)
{
	for (const struct gw_out_chunk *c = o->head; c; c = c->next) {
		size_t n = c->end - c->start;

		if (n > from)
			fn(ctx, gw_slice(c->p + c->start + from, n - from));
		from -= n < from ? n : from;
	}
}

struct gw_slice gw_out_front(const struct gw_out *o)
{
	for (struct gw_out_chunk *c = o->head; c; c = c->next)
		if (c->start < c->end)
			return gw_slice(c->p + c->start, c->end - c->start);
	return gw_slice("", 0);
}

void gw_out_drop(struct gw_out *o, size_t n)
{
	o->n -= n;
	while (o->head) {
		struct gw_out_chunk *c = o->head;
		size_t part = c->end - c->start < n ? c->end - c->start : n;

		c->start += part;
		n -= part;
		if (c->start < c->end)
			return;
		drop_head(o);
	}
}

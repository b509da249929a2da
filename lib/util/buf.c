/* buf.c - a growing byte buffer with a hard maximum (see buf.h) */
#include "util/buf.h"

#include "util/err.h"
#include "util/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define BUF_FIRST 256

void gw_buf_init(struct gw_buf *b, size_t max)
{
	*b = (struct gw_buf){ .max = max };
}

void gw_buf_done(struct gw_buf *b)
{
	if (b->wipe)
		gw_wipe(b->p, b->cap);
	free(b->p);
	b->p = NULL;
	b->n = b->cap = 0;
}

static void grow(struct gw_buf *b, size_t cap)
{
	char *p;

	if (b->wipe) {
		p = gw_xrealloc(NULL, cap, 1);
		if (b->n)
			memcpy(p, b->p, b->n);
		gw_wipe(b->p, b->cap);
		free(b->p);
		b->p = p;
	} else {
		b->p = gw_xrealloc(b->p, cap, 1);
	}
	b->cap = cap;
}

/* Always leaves one byte behind the content for gw_buf_str(). */
char *gw_buf_room(struct gw_buf *b, size_t n)
{
	size_t need;

	if (__builtin_add_overflow(b->n, n, &need) || need == SIZE_MAX)
		gw_bug("buf: size overflow");
	if (b->max && need > b->max)
		return NULL;
	if (need + 1 > b->cap) {
		size_t cap = b->cap ? b->cap : BUF_FIRST;

		while (cap < need + 1)
			cap = cap > SIZE_MAX / 2 ? need + 1 : cap * 2;
		if (b->max && cap > b->max + 1)
			cap = b->max + 1;
		grow(b, cap);
	}
	return b->p + b->n;
}

bool gw_buf_add(struct gw_buf *b, const void *p, size_t n)
{
	char *room = gw_buf_room(b, n);

	if (!room)
		return false;
	if (n)
		memcpy(room, p, n);
	b->n += n;
	return true;
}

bool gw_buf_add_slice(struct gw_buf *b, struct gw_slice s)
{
	return gw_buf_add(b, s.p, s.n);
}

bool gw_buf_add_char(struct gw_buf *b, char c)
{
	return gw_buf_add(b, &c, 1);
}

bool gw_buf_printf(struct gw_buf *b, const char *fmt, ...)
{
	va_list ap;
	char *room;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		gw_bug("buf: bad format");
	room = gw_buf_room(b, (size_t)n);
	if (!room)
		return false;
	va_start(ap, fmt);
	vsnprintf(room, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
	return true;
}

void gw_buf_drop(struct gw_buf *b, size_t n)
{
	b->n -= n;
	if (b->n)
		memmove(b->p, b->p + n, b->n);
}

const char *gw_buf_str(struct gw_buf *b)
{
	gw_buf_room(b, 0);
	if (!b->p)
		return "";
	b->p[b->n] = '\0';
	return b->p;
}

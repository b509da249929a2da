/* arena.c - memory with one lifetime (see arena.h) */
#include "util/arena.h"

#include "util/err.h"
#include "util/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define ARENA_BLOCK 4096
#define ARENA_ALIGN 16

struct gw_arena_block {
	struct gw_arena_block *next;
	size_t size;
	size_t used;
	size_t pad;
	char data[];
};

struct gw_arena_defer {
	struct gw_arena_defer *next;
	void (*fn)(void *);
	void *arg;
};

void gw_arena_init(struct gw_arena *a, size_t block_size, size_t max)
{
	*a = (struct gw_arena){ .max = max, .block_size = block_size ? block_size : ARENA_BLOCK };
}

static void run_deferred(struct gw_arena *a)
{
	while (a->defer) {
		struct gw_arena_defer *d = a->defer;

		a->defer = d->next;
		d->fn(d->arg);
	}
}

void gw_arena_reset(struct gw_arena *a)
{
	run_deferred(a);
	while (a->head && (a->head->next || a->head->size > a->block_size)) {
		struct gw_arena_block *b = a->head;

		a->head = b->next;
		free(b);
	}
	if (a->head) {
		memset(a->head->data, 0, a->head->used);
		a->head->used = 0;
	}
	a->used = 0;
}

void gw_arena_done(struct gw_arena *a)
{
	gw_arena_reset(a);
	free(a->head);
	a->head = NULL;
}

void gw_arena_wipe(struct gw_arena *a)
{
	run_deferred(a);
	for (struct gw_arena_block *b = a->head; b; b = b->next)
		gw_wipe(b->data, b->used);
	gw_arena_done(a);
}

static struct gw_arena_block *block_new(size_t size)
{
	struct gw_arena_block *b = gw_xalloc(sizeof *b + size);

	b->size = size;
	return b;
}

void *gw_arena_alloc(struct gw_arena *a, size_t n)
{
	struct gw_arena_block *b = a->head;
	void *p;

	if (__builtin_add_overflow(n ? n : 1, ARENA_ALIGN - 1, &n))
		gw_bug("arena: size overflow");
	n &= ~(size_t)(ARENA_ALIGN - 1);
	a->used += n;
	if (!b || b->size - b->used < n) {
		b = block_new(n > a->block_size ? n : a->block_size);
		b->next = a->head;
		a->head = b;
	}
	p = b->data + b->used;
	b->used += n;
	return p;
}

void *gw_arena_calloc(struct gw_arena *a, size_t count, size_t size)
{
	size_t n;

	if (__builtin_mul_overflow(count, size, &n))
		gw_bug("arena: size overflow");
	return gw_arena_alloc(a, n);
}

char *gw_arena_str(struct gw_arena *a, struct gw_slice s)
{
	char *p = gw_arena_alloc(a, s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	return p;
}

struct gw_slice gw_arena_dup(struct gw_arena *a, struct gw_slice s)
{
	return gw_slice(gw_arena_str(a, s), s.n);
}

char *gw_arena_printf(struct gw_arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		gw_bug("arena: bad format");
	p = gw_arena_alloc(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}

void gw_arena_defer(struct gw_arena *a, void (*fn)(void *), void *arg)
{
	struct gw_arena_defer *d = gw_arena_alloc(a, sizeof *d);

	*d = (struct gw_arena_defer){ .next = a->defer, .fn = fn, .arg = arg };
	a->defer = d;
}

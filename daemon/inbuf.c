/* inbuf.c - bytes kept for later (see inbuf.h) */
#include "daemon/inbuf.h"

#include "util/mem.h"

#include <stdlib.h>

#define FIRST_BYTES 512u

/* Move the content to the front, and grow, doubling, when that is not enough. */
static void make_room(struct inbuf *b, size_t n)
{
	size_t held = inbuf_size(b), cap = b->cap ? b->cap : FIRST_BYTES;

	while (cap < held + n)
		cap *= 2;
	if (cap != b->cap) {
		char *p = gw_xrealloc(NULL, 1, cap);

		if (held)
			memcpy(p, b->p + b->start, held);
		gw_wipe(b->p, b->end);
		free(b->p);
		b->p = p;
	} else if (b->start) {
		memmove(b->p, b->p + b->start, held);
		gw_wipe(b->p + held, b->end - held);
	}
	b->cap = (uint32_t)cap;
	b->start = 0;
	b->end = (uint32_t)held;
}

void inbuf_add(struct inbuf *b, struct gw_slice s)
{
	if (s.n == 0)
		return;
	if (b->cap - b->end < s.n)
		make_room(b, s.n);
	memcpy(b->p + b->end, s.p, s.n);
	b->end += (uint32_t)s.n;
}

void inbuf_drop(struct inbuf *b, size_t n)
{
	b->start += (uint32_t)n;
	if (b->start == b->end)
		inbuf_done(b);
}

void inbuf_done(struct inbuf *b)
{
	gw_wipe(b->p, b->end); /* passwords came this way */
	free(b->p);
	*b = (struct inbuf){ 0 };
}

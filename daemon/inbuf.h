/* inbuf.h - bytes a connection had to keep, taken from the front
 *
 * Most connections hold none most of the time, so an empty one owns no memory. */
#ifndef GW_DAEMON_INBUF_H
#define GW_DAEMON_INBUF_H

#include "util/slice.h"

struct inbuf {
	char *p;
	uint32_t start, end, cap;
};

void inbuf_add(struct inbuf *b, struct gw_slice s);
void inbuf_drop(struct inbuf *b, size_t n);
void inbuf_done(struct inbuf *b);

static inline size_t inbuf_size(const struct inbuf *b)
{
	return b->end - b->start;
}

static inline struct gw_slice inbuf_slice(const struct inbuf *b)
{
	return gw_slice(b->p ? b->p + b->start : "", b->end - b->start);
}

#endif

/* buf.h - a growing byte buffer with a hard maximum
 *
 * For bytes that must lie in one piece (a command being read, a decoded header). Output to a peer
 * goes into a gw_out instead. Thread: owner. */
#ifndef GW_UTIL_BUF_H
#define GW_UTIL_BUF_H

#include "util/slice.h"

struct gw_buf {
	char *p;
	size_t n;   /* bytes held */
	size_t cap; /* bytes allocated */
	size_t max; /* bytes it may hold; 0: no limit */
	bool wipe;  /* its memory is overwritten before it is given back; set after init */
};

/* max: largest content in bytes, 0 for none. Allocates nothing yet. */
void gw_buf_init(struct gw_buf *b, size_t max);

/* Free the memory; the buffer is empty and usable again. */
void gw_buf_done(struct gw_buf *b);

/* Append; false (and nothing appended) when the content would pass max. */
bool gw_buf_add(struct gw_buf *b, const void *p, size_t n);
bool gw_buf_add_slice(struct gw_buf *b, struct gw_slice s);
bool gw_buf_add_char(struct gw_buf *b, char c);
bool gw_buf_printf(struct gw_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Room for n more bytes behind the content, or NULL over max. Write there, then raise b->n. */
char *gw_buf_room(struct gw_buf *b, size_t n);

/* Drop the first n bytes (n <= b->n). */
void gw_buf_drop(struct gw_buf *b, size_t n);

static inline struct gw_slice gw_buf_slice(const struct gw_buf *b)
{
	return (struct gw_slice){ b->p ? b->p : "", b->n };
}

/* The content as a NUL-terminated string, owned by the buffer until its next change. */
const char *gw_buf_str(struct gw_buf *b);

#endif

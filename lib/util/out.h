/* out.h - output on its way to a peer: a rope of byte chunks
 *
 * A session writes into it, the host (daemon, test, fuzzer) takes the bytes from its front. Long
 * work stops at gw_out_full() and goes on when the host has drained the rope. Thread: owner. */
#ifndef GW_UTIL_OUT_H
#define GW_UTIL_OUT_H

#include "util/slice.h"

#define GW_OUT_FULL (256u * 1024) /* bytes after which long work pauses */
#define GW_OUT_LOW (64u * 1024)   /* bytes below which the host asks for more */

struct gw_out_chunk;
struct iovec;

struct gw_out {
	struct gw_out_chunk *head;
	struct gw_out_chunk *tail;
	size_t n; /* bytes held */
};

void gw_out_init(struct gw_out *o);

/* Free everything (releasing borrowed slices). The rope is empty and usable again. */
void gw_out_done(struct gw_out *o);

static inline bool gw_out_full(const struct gw_out *o)
{
	return o->n >= GW_OUT_FULL;
}

/* Append a copy. */
void gw_out_add(struct gw_out *o, const void *p, size_t n);

static inline void gw_out_slice(struct gw_out *o, struct gw_slice s)
{
	gw_out_add(o, s.p, s.n);
}

#define gw_out_lit(o, lit) gw_out_add((o), "" lit, sizeof(lit) - 1)

void gw_out_str(struct gw_out *o, const char *s);
void gw_out_char(struct gw_out *o, char c);
void gw_out_u64(struct gw_out *o, uint64_t v);
void gw_out_printf(struct gw_out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* n contiguous bytes at the end, to be filled by the caller before anything else is called. Call
 * gw_out_commit() with how many were really written (at most n). */
char *gw_out_reserve(struct gw_out *o, size_t n) __attribute__((returns_nonnull));
void gw_out_commit(struct gw_out *o, size_t n);

/* Append s without copying; release(arg) is called when its bytes are gone. */
void gw_out_borrow(struct gw_out *o, struct gw_slice s, void (*release)(void *), void *arg);

/* Move all of src behind the content of o; src is empty afterwards. */
void gw_out_append(struct gw_out *o, struct gw_out *src);

/* Fill at most max entries of iov with the front of the rope; returns how many. */
int gw_out_iov(const struct gw_out *o, struct iovec *iov, int max);

/* The first contiguous piece; empty when the rope is. */
struct gw_slice gw_out_front(const struct gw_out *o);

/* Call fn with each piece of the content behind the first `from` bytes (from <= o->n). */
void gw_out_each(const struct gw_out *o, size_t from, void (*fn)(void *ctx, struct gw_slice piece), void *ctx);

/* Forget the first n bytes (n <= o->n). */
void gw_out_drop(struct gw_out *o, size_t n);

#endif

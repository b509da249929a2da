/* rank.h - many numbers or texts in order
 *
 * Work is linear in them and the octets of the texts, and what is equal stays as it came. Thread: owner. */
#ifndef GW_UTIL_RANK_H
#define GW_UTIL_RANK_H

#include "util/buf.h"

/* What is sorted: v by key, equal keys in the order in which they stand. tmp: room for n. */
struct gw_pair {
	uint64_t key;
	uint32_t at;
};

void gw_pairs_sort(struct gw_pair *v, struct gw_pair *tmp, uint32_t n);

/* A signed number as a key. */
static inline uint64_t gw_signed_key(int64_t v)
{
	return (uint64_t)v ^ UINT64_C(1) << 63;
}

struct gw_texts {
	uint32_t n, max;
	uint32_t *end; /* where in bytes each ends */
	struct gw_buf bytes;
};

void gw_texts_init(struct gw_texts *t, uint32_t max); /* room for max texts */
void gw_texts_done(struct gw_texts *t);

/* False: there are too many, or they have more than 4 GiB. */
bool gw_texts_add(struct gw_texts *t, struct gw_slice text);

/* Text i of those that were added; borrowed. */
struct gw_slice gw_texts_at(const struct gw_texts *t, uint32_t i);

/* The rank of each, in the order in which they were added, by octets (RFC 5051): equal texts have equal ranks, the empty text has 0, and
 * nothing else has. v, tmp: room for all. The texts are given up; the caller frees what is returned. */
uint32_t *gw_texts_rank(struct gw_texts *t, struct gw_pair *v, struct gw_pair *tmp);

#endif

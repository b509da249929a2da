/* set.h - sets of message numbers or UIDs as sorted ranges
 *
 * Always normalised: ranges ascend, do not overlap and do not touch. Numbers are 1..2^32-1.
 * Thread: owner. */
#ifndef GW_UTIL_SET_H
#define GW_UTIL_SET_H

#include "util/slice.h"

struct gw_range {
	uint32_t lo, hi; /* both included, lo <= hi */
};

struct gw_set {
	struct gw_range *r;
	size_t n;   /* ranges */
	size_t cap; /* ranges allocated */
};

void gw_set_init(struct gw_set *s);
void gw_set_done(struct gw_set *s);
void gw_set_clear(struct gw_set *s);

/* Add lo..hi (in either order). Amortised O(1) when ranges come in ascending order. */
void gw_set_add(struct gw_set *s, uint32_t lo, uint32_t hi);

/* Add n ranges in any order, overlapping or not, in O(n log n). Sorts v. */
void gw_set_add_ranges(struct gw_set *s, struct gw_range *v, size_t n);

/* Add all of other. */
void gw_set_union(struct gw_set *s, const struct gw_set *other);

/* Keep only what is in other too. */
void gw_set_intersect(struct gw_set *s, const struct gw_set *other);

/* Take away what is in other. */
void gw_set_subtract(struct gw_set *s, const struct gw_set *other);

/* Is v in the set? O(log n). */
bool gw_set_has(const struct gw_set *s, uint32_t v);

/* How many numbers are in the set. */
uint64_t gw_set_count(const struct gw_set *s);

/* Smallest and largest number; 0 for the empty set. */
uint32_t gw_set_min(const struct gw_set *s);
uint32_t gw_set_max(const struct gw_set *s);

/* Smallest member >= v; 0 when there is none. With *hint = 0 at the start and ascending calls the
 * whole walk is linear. hint may be NULL. */
uint32_t gw_set_next(const struct gw_set *s, uint32_t v, size_t *hint);

struct gw_out;

/* "1:3,7,9:12" (sequence-set of RFC 9051 section 9); nothing for the empty set. */
void gw_set_put(struct gw_out *o, const struct gw_set *s);

#endif

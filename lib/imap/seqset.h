/* seqset.h - message sets as clients write them (RFC 9051 section 9, sequence-set)
 *
 * `2,4:7,9,12:*` is kept as it was written until the value of `*` is known, and then becomes a struct gw_set:
 * sorted, each number once. Work is n log n in the number of ranges at worst, linear when they ascend. Thread: any.
 * */
#ifndef GW_IMAP_SEQSET_H
#define GW_IMAP_SEQSET_H

#include "util/arena.h"
#include "util/set.h"
#include "util/slice.h"

#define IMAP_SEQSET_RANGES_MAX 100000

#define IMAP_STAR 0 /* `*` in a range: 0 is no message number */

struct imap_seqset {
	const struct gw_range *r; /* as written: either end may be IMAP_STAR, and lo may be above hi */
	size_t n;
	bool saved;               /* `$`: the result of the last SEARCH with SAVE (RFC 5182); n is 0 then */
	bool star;                /* one of the ends is `*` */
};

/* sequence-set / "$". The ranges live in arena. False also for more than IMAP_SEQSET_RANGES_MAX ranges. */
bool imap_get_seqset(struct gw_slice *in, struct gw_arena *arena, struct imap_seqset *ret);

/* Fill *ret (which is cleared first) with the numbers of s. star is the value of `*`: the largest number in use. A
 * range with `*` always holds star, even if its other end is larger (RFC 9051 6.4.9). With star = 0 the mailbox is
 * empty and ranges with `*` name nothing. Nothing is done for `$`. */
void imap_seqset_resolve(const struct imap_seqset *s, uint32_t star, struct gw_set *ret);

#endif

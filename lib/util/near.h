/* near.h - how much two words differ, to guess which was meant */
#ifndef GW_UTIL_NEAR_H
#define GW_UTIL_NEAR_H

#include "util/slice.h"

#define GW_NEAR_MAX 64 /* octets: longer words are near to nothing */

/* How many letters must be put in, taken out, changed or swapped with their neighbour to make b of a (Damerau and
 * Levenshtein). ASCII letters in either case; '-' and '_' are one letter. UINT_MAX: a word is longer than GW_NEAR_MAX. */
unsigned gw_near_distance(struct gw_slice a, struct gw_slice b);

#endif

/* num.h - numbers to and from text, checked */
#ifndef GW_UTIL_NUM_H
#define GW_UTIL_NUM_H

#include "util/slice.h"

#define GW_U64_DIGITS 20 /* longest decimal form of a uint64_t */

/* The whole of s as a decimal number: digits only, at least one, no sign, no overflow.
 * False leaves *ret untouched. */
bool gw_parse_u64(struct gw_slice s, uint64_t *ret);

/* The same with a range: min <= value <= max. */
bool gw_parse_u64_range(struct gw_slice s, uint64_t min, uint64_t max, uint64_t *ret);

/* Write v in decimal to p (room for GW_U64_DIGITS); returns the length. No NUL. */
size_t gw_put_u64(char *p, uint64_t v);

/* "128.0 MB", "3.4 KB", "17 B": for people. Writes at most cap bytes with NUL; returns p. */
char *gw_put_size(char *p, size_t cap, uint64_t bytes);

/* Lower-case hexadecimal of n bytes; p has room for 2n+1. Returns p. */
char *gw_put_hex(char *p, const void *bytes, size_t n);

#endif

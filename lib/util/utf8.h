/* utf8.h - UTF-8 one code point at a time (RFC 3629) */
#ifndef GW_UTIL_UTF8_H
#define GW_UTIL_UTF8_H

#include "util/slice.h"

/* Decode and cut the first code point of *s. False, with one byte cut, for bytes that are not valid
 * UTF-8 (overlong, surrogate, above U+10FFFF, truncated). s must not be empty. */
bool gw_utf8_next(struct gw_slice *s, uint32_t *ret);

/* Is all of s valid UTF-8? The empty slice is. */
bool gw_utf8_valid(struct gw_slice s);

/* Is all of s 7-bit? */
bool gw_is_ascii(struct gw_slice s);

/* Encode cp (a valid scalar value) to p, which has room for 4 bytes; returns the length. */
size_t gw_utf8_put(char *p, uint32_t cp);

#endif

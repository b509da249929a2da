/* base64.h - base64 (RFC 4648 section 4) without line ends
 *
 * Reading is strict on purpose, for what signs people on: what decodes in two ways can be seen in two ways. Line ends, missing or stray
 * padding and bits that would be thrown away are refused (RFC 4648 3.5). Mail is read more kindly, by mime/decode.h. Thread: any. */
#ifndef GW_UTIL_BASE64_H
#define GW_UTIL_BASE64_H

#include "util/buf.h"
#include "util/slice.h"

/* The value of a digit, or -1. It looks up no table, as secrets would leave traces there. */
int gw_base64_value(char c);

/* Characters that n octets become, padding included. */
static inline size_t gw_base64_size(size_t n)
{
	return (n + 2) / 3 * 4;
}

/* Write them to where there is room for gw_base64_size(octets.n); where they end. */
char *gw_base64_put(char *to, struct gw_slice octets);

/* Append the encoded text to out; false, and out as before, when it does not fit. */
bool gw_base64_encode(struct gw_slice octets, struct gw_buf *out);

/* Append the decoded octets to out. False, and out as before: not base64, or out is full. */
bool gw_base64_decode(struct gw_slice text, struct gw_buf *out);

#endif

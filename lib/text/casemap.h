/* casemap.h - fold text so that comparing bytes compares letters (RFC 5051, i;unicode-casemap)
 *
 * Titlecase mapping, then full decomposition (NFKD), as that RFC says; so "GRÜSSE", "grüsse" and "Gru\u0308sse" are equal.
 * Thread: any. */
#ifndef GW_TEXT_CASEMAP_H
#define GW_TEXT_CASEMAP_H

#include "util/buf.h"
#include "util/slice.h"

/* Append the folded form of utf8 to out. Bytes that are no UTF-8 stand for themselves. ASCII is fast. Every character
 * is folded by itself, so pieces may be folded one after the other when they are cut between characters. False: out is
 * full, what fitted is there (cut between characters). */
bool gw_casemap(struct gw_slice utf8, struct gw_buf *out);

#endif

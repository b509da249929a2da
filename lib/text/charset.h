/* charset.h - text in any charset to UTF-8, in pieces, never failing
 *
 * UTF-8, US-ASCII, ISO-8859-1/15 and Windows-1252 are decoded here; the rest is iconv's. Names are looked up as MIME writes
 * them, with the aliases that mail uses (RFC 2978, the WHATWG list: iso-8859-1 text is read as windows-1252, ks_c_5601 as
 * cp949, gb2312 as gb18030 ...). Bytes that make no sense become U+FFFD. Thread: owner. */
#ifndef GW_TEXT_CHARSET_H
#define GW_TEXT_CHARSET_H

#include "util/buf.h"
#include "util/slice.h"

struct gw_charset;

/* name empty or not known: valid UTF-8 is taken as it is, other bytes as Windows-1252. Returns owned, never NULL. */
struct gw_charset *gw_charset_open(struct gw_slice name);
void gw_charset_close(struct gw_charset *c); /* NULL is fine */

/* Decode a piece, appending valid UTF-8 to out. last: no more comes, incomplete characters become U+FFFD. */
void gw_charset_feed(struct gw_charset *c, struct gw_slice in, bool last, struct gw_buf *out);

/* Is this a charset that we can decode? SEARCH answers BADCHARSET otherwise (RFC 3501 6.4.4). */
bool gw_charset_known(struct gw_slice name);

/* The charsets worth naming in BADCHARSET, ended by NULL. */
extern const char *const gw_charset_names[];

#endif

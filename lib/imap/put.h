/* put.h - write the words of IMAP: the mirror of token.h
 *
 * What imap_put_x() writes, imap_get_x() reads back as the same value. Nothing written here can be taken for something
 * else: text that has CR, LF, NUL or 8-bit bytes in it becomes a literal. Thread: owner of the output. */
#ifndef GW_IMAP_PUT_H
#define GW_IMAP_PUT_H

#include "store/index.h"
#include "util/out.h"
#include "util/slice.h"

/* ---- strings ---- */

/* An atom where that is possible, else as imap_put_string(). NIL in any case is quoted. */
void imap_put_astring(struct gw_out *out, struct gw_slice s);

/* A quoted string where that is possible (7-bit, no CR, LF, NUL, at most 1000 octets), else a literal. */
void imap_put_string(struct gw_out *out, struct gw_slice s);

/* NIL when s.p is NULL, else imap_put_string(). */
void imap_put_nstring(struct gw_out *out, struct gw_slice s);

/* As imap_put_nstring(), and a literal8 when there is NUL in it. */
void imap_put_value(struct gw_out *out, struct gw_slice value);

/* "{n}" CRLF and s (RFC 9051 4.3). NUL in s is the caller's affair: see imap_put_literal_head(). */
void imap_put_literal(struct gw_out *out, struct gw_slice s);

/* Only "{n}" CRLF, or "~{n}" CRLF when binary: n octets must follow. */
void imap_put_literal_head(struct gw_out *out, uint64_t n, bool binary);

/* ---- mailbox names ---- */

/* A name of the store (UTF-8) as an astring in modified UTF-7. */
void imap_put_mailbox(struct gw_out *out, struct gw_slice name);

/* The same for a session with UTF-8 switched on. */
void imap_put_mailbox_utf8(struct gw_out *out, struct gw_slice name);

/* ---- dates ---- */

/* date-time of t (seconds since 1970 UTC) in quotes: "17-Jul-1996 09:44:25 +0000". Years outside 1..9999 become 1 and
 * 9999. */
void imap_put_date_time(struct gw_out *out, int64_t t);

/* ---- flags ---- */

/* "(\Recent \Answered \Flagged \Deleted \Seen \Draft $keyword more)"; kw may be NULL when flags has no keyword bits, more, when
 * there is nothing else. */
void imap_put_flags(struct gw_out *out, uint64_t flags, bool recent, const struct gw_keywords *kw, const char *more);

/* ---- lines ---- */

/* "tag status [code] text" CRLF. tag empty: "*". status: "OK", "NO", "BAD", "BYE". code (without brackets) may be
 * NULL. CR, LF and NUL in code or text end it. */
void imap_put_status_line(struct gw_out *out, struct gw_slice tag, const char *status, const char *code,
			  const char *text);

/* "+ text" CRLF */
void imap_put_continue(struct gw_out *out, const char *text);

#endif

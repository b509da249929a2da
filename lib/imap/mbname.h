/* mbname.h - mailbox names between the wire and the store (RFC 9051 5.1, RFC 3501 5.1.3, RFC 6855)
 *
 * Inside, a name is UTF-8 in normalization form C (RFC 5198 3) with '/' between levels and INBOX in capitals; on the
 * wire it is modified UTF-7, or UTF-8 once the client has asked for that. There is one spelling of a name on the
 * wire: shifts that are not needed, characters that stand for themselves in base64, lone surrogates and spare bits
 * are refused. No path is ever made of a name; names that could be taken for one are refused all the same. The way
 * back is imap_put_mailbox() in put.h (for a session: imap_put_name()). Matching of LIST patterns is in pattern.h. Thread: any. */
#ifndef GW_IMAP_MBNAME_H
#define GW_IMAP_MBNAME_H

#include "util/arena.h"
#include "util/slice.h"

#define IMAP_LEVELS_MAX 50 /* levels of a mailbox name */

/* Turn a name from the wire into ours, in arena. utf8: the session has UTF-8 switched on. Refused (false, *why says
 * it) are bad mUTF-7 and bad UTF-8, control characters (RFC 5198 2), an empty name or level, `.` and `..` as a
 * level, more than GW_MAILBOX_NAME_MAX octets or IMAP_LEVELS_MAX levels. INBOX and the INBOX before its children
 * come in any case. */
bool imap_name_decode(struct gw_arena *arena, struct gw_slice wire, bool utf8, struct gw_slice *ret, const char **why);

/* Turn the reference or the pattern of LIST into UTF-8, wildcards left alone. False: no mailbox can match it. */
bool imap_pattern_decode(struct gw_arena *arena, struct gw_slice wire, bool utf8, struct gw_slice *ret);

/* Modified UTF-7 of a name (invalid UTF-8 becomes U+FFFD). to has room for IMAP_MUTF7_ROOM(name.n) bytes; returns the
 * length. */
size_t imap_name_encode(char *to, struct gw_slice name);

#define IMAP_MUTF7_ROOM(n) (5 * (n) + 1)

#endif

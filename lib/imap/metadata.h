/* metadata.h - METADATA responses (RFC 5464 4.4) */
#ifndef GW_IMAP_METADATA_H
#define GW_IMAP_METADATA_H

#include "imap/session.h"

/* Of the special uses of a mailbox (RFC 6154 4). */
#define IMAP_SPECIAL_USE_ENTRY "/private/specialuse"

/* The annotations of mb (NULL: the server's) as clients see them: its special uses are one (RFC 6154 4). As gw_metadata_get(). */
int imap_metadata_of(const struct imap_session *s, const struct gw_mailbox *mb, struct gw_arena *arena, struct gw_metadata **ret,
		     size_t *ret_n, struct gw_err *err);

/* "\Archive \Sent", as LIST tells the special uses of a mailbox; p NULL when it has none. In cmd_list.c. */
struct gw_slice imap_uses_text(const struct gw_mailbox *mb, struct gw_arena *arena);

/* "* METADATA name (entry value ...)" with the entries of list that all has, and NIL for those that it has not (RFC 9590).
 * *next: of them, 0 at first. False: the output is full, call again, for another response with the rest. */
bool imap_put_metadata(const struct imap_session *s, struct gw_slice name, const struct imap_metadata_list *list,
		       const struct gw_metadata *all, size_t n, size_t *next, struct gw_out *out);

#endif

/* objectid.h - OBJECTID+: identifiers of mailboxes, accounts and messages in one list (draft-ietf-mailmaint-imap-objectid-bis)
 *
 * The sections named as "OBJECTID+ n" are those of revision 06 of the draft. Thread: the session's. */
#ifndef GW_IMAP_OBJECTID_H
#define GW_IMAP_OBJECTID_H

#include "imap/session.h"

/* The client used what belongs to it: from now on it is on, and the client is told so once (OBJECTID+ 2.2). */
void imap_objectid_on(struct imap_session *s, struct gw_out *out);

/* "OBJECTID (MAILBOXID x ACCOUNTID y)" of STATUS (OBJECTID+ 7.4). */
void imap_put_mailbox_objectid(const struct imap_session *s, const struct gw_mailbox *mb, struct gw_out *out);

/* "OBJECTID (EMAILID x THREADID y)" of FETCH (OBJECTID+ 7.5); m was read with GW_WANT_IDS. */
void imap_put_message_objectid(const struct gw_message *m, struct gw_out *out);

/* The response code by which SELECT, EXAMINE, CREATE and RENAME tell the identifiers of a mailbox: that of OBJECTID+ when it is on,
 * else MAILBOXID (RFC 8474 4.1). It lives in arena. NULL: neither is offered. */
const char *imap_mailbox_code(const struct imap_session *s, struct gw_arena *arena, const struct gw_mailbox *mb);

/* The name of the mailbox that the identifiers of SELECT or EXAMINE stand for (OBJECTID+ 7.1). False: none that the user sees. */
bool imap_name_of_objectid(struct imap_session *s, struct imap_task *t, struct gw_slice *ret);

#endif

/* acl.h - rights as IMAP tells them (RFC 4314 2.1) */
#ifndef GW_IMAP_ACL_H
#define GW_IMAP_ACL_H

#include "imap/session.h"

/* "* MYRIGHTS name rights". Nothing when the user has none, or the mailbox is gone. */
void imap_put_myrights(struct imap_session *s, const struct gw_mailbox *mb, struct gw_out *out);

#endif

/* names.h - names of mailboxes as clients give them, and as drivers get them: INBOX in capitals
 *
 * *name may point into buf afterwards. */
#ifndef GW_STORE_NAMES_H
#define GW_STORE_NAMES_H

#include "store/store.h"

/* A name that is looked for: what cannot be a name cannot exist (GW_ENOENT). */
int mailbox_name_known(struct gw_slice *name, char buf[GW_MAILBOX_NAME_MAX], struct gw_err *err);

/* A name that will be given. Errors: those of gw_mailbox_name_check(). */
int mailbox_name_new(struct gw_slice *name, char buf[GW_MAILBOX_NAME_MAX], struct gw_err *err);

#endif

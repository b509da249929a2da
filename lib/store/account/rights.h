/* rights.h - rights in public folders, kept in the public account's database (rights.c) */
#ifndef GW_STORE_ACCOUNT_RIGHTS_H
#define GW_STORE_ACCOUNT_RIGHTS_H

#include "store/account/acct.h"
#include "store/admin.h"

#define RIGHTS_EVERYBODY 0 /* instead of the number of an account */
#define RIGHTS_ROOT 0      /* instead of the number of a mailbox */

/* What account number who may do in a mailbox of the public account behind db: enum gw_right bits. GW_ENOENT. */
int rights_of(struct gw_db *db, uint64_t mailbox, uint64_t who, unsigned *ret, struct gw_err *err);

/* Give rights, in the open transaction; negative: take the row away. */
int rights_put(struct gw_db *db, uint64_t mailbox, uint64_t who, int rights, struct gw_err *err);

/* For a mailbox that is shown to the user: GW_ENOENT when he may not read it, GW_MBOX_READONLY in *attrs when no more. */
int view_rights(struct gw_acct *a, struct gw_db *db, struct gw_mbox_id id, unsigned *attrs, struct gw_err *err);

/* May the user do so? GW_EACCES. In mailboxes of his own: always. */
int view_may(struct gw_acct *a, struct gw_mbox_id id, unsigned right, struct gw_err *err);
/* GW_ENOENT for a public folder that the user may read no more, as if it had been deleted. */
int view_may_read(struct gw_acct *a, struct gw_mbox_id id, struct gw_err *err);

#endif

/* tree.h - names of mailboxes, inside a transaction */
#ifndef GW_STORE_ACCOUNT_TREE_H
#define GW_STORE_ACCOUNT_TREE_H

#include "store/account/row.h"

/* Add the row of a mailbox (its parents are the caller's business). acct gets the next numbers. GW_EEXIST, GW_ELIMIT.
 */
int tree_add(struct gw_db *db, struct account_row *acct, struct gw_slice name, unsigned attrs, uint64_t *ret,
	struct gw_err *err);

/* May the user make, change or remove mailboxes of this name? GW_EACCES: not below public folders. */
int tree_may_change(struct gw_acct *a, struct gw_slice name, struct gw_err *err);

/* May a mailbox have these special uses? 0, or GW_EINVAL. */
int tree_may_use(unsigned special, struct gw_err *err);

/* Create a mailbox with the parents that are missing; a \Noselect name becomes one. GW_EEXIST, GW_ELIMIT; GW_EINVAL:
 * another one has this special use. */
int tree_create(struct gw_db *db, struct account_row *acct, struct gw_slice name, unsigned special, uint64_t *ret,
	struct gw_err *err);

/* Nothing is checked: nobody else has the name. */
int tree_put_name(struct gw_db *db, uint64_t id, struct gw_slice name, struct gw_err *err);

int tree_put_attrs(struct gw_db *db, uint64_t id, unsigned attrs, struct gw_err *err);

/* Annotations of one mailbox for another that has none (metadata.c). GW_ELIMIT, GW_EQUOTA. */
int metadata_copy(struct gw_db *db, uint64_t from, uint64_t to, struct gw_err *err);

int tree_subscribe(struct gw_db *db, struct gw_slice name, bool on, struct gw_err *err);

/* Move all messages of row `from` into row `to` of the same account (RENAME INBOX). */
int move_all(struct gw_db *db, struct mailbox_row *from, struct mailbox_row *to, struct gw_err *err);

#endif

/* removal.h - messages leave a mailbox, inside a transaction */
#ifndef GW_STORE_ACCOUNT_REMOVAL_H
#define GW_STORE_ACCOUNT_REMOVAL_H

#include "store/account/acct.h"

struct removal {
	struct mailbox_row *row; /* keeps */
	bool only_deleted;       /* those with \Deleted */
	struct gw_set gone;      /* UIDs that went */
	struct gw_buf contents;
	uint64_t prev_content;
	uint64_t n, size;        /* messages, and their octets */
	uint64_t from;           /* modseq before */
};

/* Take the messages uids (NULL: all) out of the mailbox of row, in an open transaction: the list, the log, the rows of the mailbox
 * and of the account. removal_done() frees, whatever this says. Nothing is written when r->n is 0 afterwards. */
int removal_do(struct removal *r, struct gw_db *db, struct mailbox_row *row, const struct gw_set *uids, bool only_deleted,
	struct gw_err *err);
void removal_done(struct removal *r);

/* What every removal leaves behind: a new modseq, the log, the counters of row. */
int removal_log(struct gw_db *db, struct mailbox_row *row, const struct gw_set *gone, struct gw_err *err);

#endif

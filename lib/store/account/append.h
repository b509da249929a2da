/* append.h - messages that were received, and putting them into a mailbox inside a transaction */
#ifndef GW_STORE_ACCOUNT_APPEND_H
#define GW_STORE_ACCOUNT_APPEND_H

#include "store/account/acct.h"
#include "store/derive.h"

struct view_append {
	struct gw_append base;
	struct gw_acct *acct;
	uint64_t size, received; /* size: GW_APPEND_UNKNOWN until append_finish() */
	char *bytes; /* staged in memory; NULL: in fd */
	size_t room; /* octets allocated at bytes */
	int fd;
	struct gw_deriver *deriver; /* NULL: finished */
	struct gw_arena arena;	    /* derived values, keywords */
	struct gw_derived derived;
	uint64_t system;
	struct gw_slice *keywords;
	size_t n_keywords;
	int64_t date;
	struct gw_annotation *annotation;
	size_t n_annotations;
};

/* All octets have come: work out what is derived from them. Outside of a transaction. GW_EINVAL: some are missing. */
int append_finish(struct view_append *ap, struct gw_err *err);

/* What was received, as gw_read_fn; ctx is a struct view_append. GW_EIO. */
long append_read(void *ctx, uint64_t off, void *dst, size_t n);

/* A transaction that appends to one mailbox. */
struct append_tx {
	struct gw_db *db;
	struct account_row acct;
	struct mailbox_row row;
	struct tail tail;
	struct delta delta;
	uint64_t from; /* modseq before */
	int64_t now;
	int64_t who; /* annotation_who() */
};

/* Begin with the mailbox's row, in an open transaction. append_tx_done() frees, whatever this says. GW_ENOENT. */
int append_tx_begin(struct append_tx *tx, struct gw_db *db, uint64_t mailbox, struct gw_err *err);

/* Put a message behind the last one, with this UID, which is not below the mailbox's UIDNEXT. flags: its system flags
 * and keyword bits. Counters follow. */
int append_tx_add(struct append_tx *tx, struct view_append *ap, uint64_t uid, uint64_t flags, struct gw_err *err);

/* Write the rows and commit. */
int append_tx_commit(struct append_tx *tx, struct gw_err *err);
void append_tx_done(struct append_tx *tx);

#endif

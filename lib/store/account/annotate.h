/* annotate.h - annotations of messages inside a transaction (RFC 5257; annotate.c) */
#ifndef GW_STORE_ACCOUNT_ANNOTATE_H
#define GW_STORE_ACCOUNT_ANNOTATE_H

#include "store/account/acct.h"

#define ANNOTATION_SHARED 0 /* column `who`, instead of whose it is */
#define ANNOTATION_OWNER (-1)

/* How a database knows the user. */
int64_t annotation_who(const struct gw_acct *a, const struct gw_db *db);

/* Values for a message that has none yet. GW_ELIMIT. */
int annotation_add(struct gw_db *db, uint64_t mailbox, uint32_t uid, int64_t who, const struct gw_annotation *v, size_t n,
	struct gw_err *err);

/* Has a message of the mailbox any? 1, 0 or a code. */
int annotation_any(struct gw_db *db, uint64_t mailbox, struct gw_err *err);

/* A message is copied: what is shared, and what is who's, goes along. GW_ELIMIT, GW_EQUOTA. */
int annotation_copy(struct gw_db *db, uint64_t from, uint32_t from_uid, uint64_t to, uint32_t to_uid, int64_t who,
	struct gw_err *err);

/* A message is moved: the same, and no limit is asked for, since nothing is added. What is of others stays, to be removed. */
int annotation_move(struct gw_db *db, uint64_t from, uint32_t from_uid, uint64_t to, uint32_t to_uid, int64_t who,
	struct gw_err *err);

/* The same into another database, where who is called to_who. */
int annotation_clone(struct gw_db *db, uint64_t from, uint32_t from_uid, int64_t who, struct gw_db *to_db, uint64_t to,
	uint32_t to_uid, int64_t to_who, struct gw_err *err);

/* Messages leave the mailbox. */
int annotation_remove(struct gw_db *db, uint64_t mailbox, const struct gw_set *gone, struct gw_err *err);
int annotation_remove_all(struct gw_db *db, uint64_t mailbox, struct gw_err *err);

/* Those of one message that the user sees, by name; *ret and what it holds live in arena. */
int annotation_get(struct gw_db *db, uint64_t mailbox, uint32_t uid, int64_t who, struct gw_arena *arena,
	struct gw_annotation **ret, size_t *ret_n, struct gw_err *err);

#endif

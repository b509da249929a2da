/* row.h - rows of mailboxes and of the account in memory, and edits of message lists, inside a transaction */
#ifndef GW_STORE_ACCOUNT_ROW_H
#define GW_STORE_ACCOUNT_ROW_H

#include "store/account/chunk.h"
#include "store/account/priv.h"
#include "util/mem.h"

/* ---- the account's row ---- */

struct account_row {
	uint64_t next_mailbox, next_content, next_uidvalidity, messages, size, structure;
};

int db_account_get(struct gw_db *db, struct account_row *ret, struct gw_err *err);
int db_account_put(struct gw_db *db, const struct account_row *row, struct gw_err *err);

/* ---- quota.c ---- */

/* Limits in force: those of the account itself, asked for anew, else the store's. */
void db_quota_limits(struct gw_db_account *acc, struct gw_limits *ret);

/* Would messages and octets more be over the quota? GW_EQUOTA. */
int db_quota_check(
	struct gw_db *db, const struct account_row *row, uint64_t messages, uint64_t size, struct gw_err *err);

/* Has an account with these counters used quota_warning percent of a limit, or more? With the limits of db_quota_check(). */
bool db_quota_near(const struct gw_db_account *acc, const struct account_row *row);

/* Is there room for one more mailbox? GW_ELIMIT. */
int db_quota_check_mailbox(struct gw_db *db, struct gw_err *err);

/* Octets of the annotations of mailboxes and of the account. */
int db_metadata_size(struct gw_db *db, uint64_t *ret, struct gw_err *err);

/* Octets of all annotations in the database, of mailboxes, of the account and of messages. */
int db_annotations_size(struct gw_db *db, uint64_t *ret, struct gw_err *err);

/* Are they over the quota now? GW_EQUOTA; before a commit that adds some. */
int db_quota_check_annotations(struct gw_db *db, struct gw_err *err);

/* What is used, and the limits in force. */
int db_quota_get(struct gw_db *db, struct gw_quota *ret, struct gw_err *err);

/* ---- a mailbox's row ---- */

struct mailbox_row {
	uint64_t id;
	uint64_t messages, unseen, deleted, size, deleted_size;
	uint64_t uidvalidity, uidnext, modseq, recent, log_from;
	unsigned attrs;
	char *keywords; /* names with blanks between; owned, NULL: none */
	bool keywords_changed;
};

/* By id; GW_ENOENT. db_mailbox_done() frees. */
int db_mailbox_get(struct gw_db *db, uint64_t id, struct mailbox_row *ret, struct gw_err *err);
int db_mailbox_named(struct gw_db *db, struct gw_slice name, struct mailbox_row *ret, struct gw_err *err);
/* The same for one that can hold messages: GW_ENOENT for \Noselect. */
int db_mailbox_select(struct gw_db *db, uint64_t id, struct mailbox_row *ret, struct gw_err *err);
/* Columns of MAILBOX_COLUMNS in st from the first on. */
void db_mailbox_columns(sqlite3_stmt *st, struct mailbox_row *ret);
int db_mailbox_put(struct gw_db *db, struct mailbox_row *row, struct gw_err *err);
void db_mailbox_done(struct mailbox_row *row);

/* The names by number, pointing into *scratch, which the caller frees. */
void db_keywords_parse(const struct mailbox_row *row, struct gw_keywords *ret, char **scratch);

/* Bits of the names; with add new ones are given numbers. GW_ELIMIT, GW_EINVAL (not an atom). */
int db_keywords_bits(
	struct mailbox_row *row, const struct gw_slice *names, size_t n, bool add, uint64_t *ret, struct gw_err *err);

/* Count a message in (sign 1) or out (-1). */
void db_mailbox_count(struct mailbox_row *row, const struct gw_entry *e, int sign);

/* ---- what a transaction did to a list, for the cached index ---- */

struct delta {
	struct gw_entry *v;
	size_t n, cap;
	struct gw_set gone;
};

void delta_init(struct delta *d);
void delta_done(struct delta *d);
void delta_add(struct delta *d, const struct gw_entry *e);

/* After the commit: bring the cached index of the mailbox from modseq `from` up to row. */
void delta_publish(struct delta *d, struct gw_db_account *acc, uint64_t from, const struct mailbox_row *row);

/* ---- walking and changing the list ---- */

/* The chunk at or after uid: 1, 0 none, negative a code. *ret_id is its key. */
int chunk_find(
	struct gw_db *db, uint64_t mailbox, uint32_t uid, struct gw_chunk *ret, int64_t *ret_id, struct gw_err *err);
int chunk_put(struct gw_db *db, int64_t id, struct gw_chunk *c, struct gw_err *err);
int chunk_remove(struct gw_db *db, int64_t id, struct gw_err *err);
int chunk_corrupt(struct gw_db *db, int64_t id, struct gw_err *err);
/* Unpack the row st stands on (columns of CHUNK_SCAN). */
int chunk_of_row(struct gw_db *db, sqlite3_stmt *st, struct gw_chunk *ret, struct gw_err *err);

/* Called for every message of the set; returns what to do with it. */
enum edit { EDIT_KEEP, EDIT_CHANGED, EDIT_REMOVE };
typedef enum edit (*edit_fn)(void *ctx, struct gw_entry *e, int64_t *savedate);

/* Show fn the messages with these UIDs (NULL: all) in ascending order and write back what it did. */
int list_edit(struct gw_db *db, uint64_t mailbox, const struct gw_set *uids, edit_fn fn, void *ctx, struct gw_err *err);

/* Put messages behind the last one. */
struct tail {
	struct gw_db *db;
	uint64_t mailbox;
	int64_t id;
	bool loaded;
	struct gw_chunk c;
};

void tail_init(struct tail *t, struct gw_db *db, uint64_t mailbox);
int tail_add(struct tail *t, const struct gw_entry *e, int64_t savedate, struct gw_err *err);
int tail_finish(struct tail *t, struct gw_err *err);

/* How many messages have a UID >= uid. */
int list_count_from(struct gw_db *db, uint64_t mailbox, uint32_t uid, uint32_t *ret, struct gw_err *err);

/* Append row `pending`: contents got (change 1) or lost (-1) a reference. */
int pending_add(struct gw_db *db, uint64_t mailbox, int change, struct gw_slice contents, struct gw_err *err);

/* Append to the log of expunges. */
int expunged_add(struct gw_db *db, uint64_t mailbox, uint64_t modseq, const struct gw_set *gone, struct gw_err *err);

/* Cut the log of a mailbox to its newest rows; its row's log_from follows. */
int expunged_prune(struct gw_db *db, uint64_t mailbox, unsigned keep, struct gw_err *err);

/* Run a statement that returns nothing, whose parameters are bound. */
int db_run(struct gw_db *db, sqlite3_stmt *st, struct gw_err *err);

#endif

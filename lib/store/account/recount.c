/* recount.c - the counters of an account worked out from its lists
 *
 * What a check does for counters, without looking at messages: it reads the packed lists only, some milliseconds for a
 * hundred thousand messages. */
#include "store/account/maint.h"

#include "store/account/row.h"
#include "util/buf.h"

/* Numbers of all mailboxes, in memory: their rows are written while the lists are read. */
static int list_mailboxes(struct gw_db *db, struct gw_buf *ids, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_MAILBOX_LIST, err);
	int rc = st ? SQLITE_ROW : GW_EIO;

	while (rc == SQLITE_ROW && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		uint64_t id = (uint64_t)sqlite3_column_int64(st, 0);

		gw_buf_add(ids, &id, sizeof id);
	}
	if (!st)
		return rc;
	sqlite3_reset(st);
	return rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "cannot be counted", err);
}

static int count_list(struct gw_db *db, uint64_t mailbox, struct mailbox_row *count, struct gw_err *err)
{
	struct gw_chunk *c = gw_xalloc(sizeof *c);
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(
		db, GW_SQL_CHUNK_SCAN, &st, err, 2, gw_chunk_id(mailbox, 0), gw_chunk_id(mailbox, UINT32_MAX));

	while (rc > 0) {
		rc = chunk_of_row(db, st, c, err);
		if (rc < 0)
			break;
		for (uint32_t i = 0; i < c->n; i++)
			db_mailbox_count(count, &c->e[i], 1);
		rc = sqlite3_step(st);
		rc = rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "cannot be counted", err);
	}
	if (db->stmt[GW_SQL_CHUNK_SCAN])
		sqlite3_reset(db->stmt[GW_SQL_CHUNK_SCAN]);
	free(c);
	return rc;
}

static bool same(const struct mailbox_row *a, const struct mailbox_row *b)
{
	return a->messages == b->messages && a->unseen == b->unseen && a->deleted == b->deleted && a->size == b->size &&
	       a->deleted_size == b->deleted_size;
}

static int recount_one(struct gw_db *db, uint64_t mailbox, struct account_row *acct, struct gw_err *err)
{
	struct mailbox_row row, count = { .id = mailbox };
	int rc = db_mailbox_get(db, mailbox, &row, err);

	if (rc < 0)
		return rc;
	rc = count_list(db, mailbox, &count, err);
	acct->messages += count.messages;
	acct->size += count.size;
	if (rc == 0 && !same(&row, &count)) {
		row.messages = count.messages;
		row.unseen = count.unseen;
		row.deleted = count.deleted;
		row.size = count.size;
		row.deleted_size = count.deleted_size;
		rc = db_mailbox_put(db, &row, err);
	}
	db_mailbox_done(&row);
	return rc;
}

static int recount_all(struct gw_db *db, struct gw_err *err)
{
	struct account_row acct;
	struct gw_buf ids;
	int rc = db_account_get(db, &acct, err);

	gw_buf_init(&ids, 0);
	if (rc == 0)
		rc = list_mailboxes(db, &ids, err);
	acct.messages = acct.size = 0;
	for (size_t i = 0; rc == 0 && i < ids.n / sizeof(uint64_t); i++)
		rc = recount_one(db, ((const uint64_t *)(const void *)ids.p)[i], &acct, err);
	gw_buf_done(&ids);
	return rc < 0 ? rc : db_account_put(db, &acct, err);
}

int db_recount(struct gw_db_account *acc, struct gw_err *err)
{
	struct gw_db *db;
	int rc = gw_db_get(acc, &db, err);

	if (rc < 0)
		return rc;
	rc = gw_db_begin(db, err);
	if (rc == 0)
		rc = recount_all(db, err);
	if (rc == 0)
		rc = gw_db_commit(db, GW_DB_DURABLE, err);
	gw_db_put(db); /* rolls back what was not committed */
	return rc;
}

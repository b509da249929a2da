/* rederive.c - what is derived from messages, worked out anew for all messages of an account
 *
 * Some messages in a transaction, so that sessions write in between. A message keeps its ids and its thread. */
#include "store/account/maint.h"

#include "store/account/acct.h"

#define BATCH 32 /* messages in a transaction */

struct content {
	uint64_t id, email, thread;
};

static int count(struct gw_db *db, uint64_t *ret, struct gw_err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(db->sql, "SELECT count(*) FROM content", -1, &st, NULL);

	if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW)
		*ret = (uint64_t)sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return rc == SQLITE_ROW ? 0 : gw_db_fail(db, rc, "cannot be read", err);
}

/* The next messages behind `after`: how many, or a code. */
static int next(struct gw_db *db, uint64_t after, struct content v[BATCH], struct gw_err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(
		db->sql, "SELECT id, email, thread FROM content WHERE id>?1 ORDER BY id LIMIT ?2", -1, &st, NULL);
	int n = 0;

	if (rc == SQLITE_OK) {
		sqlite3_bind_int64(st, 1, (int64_t)after);
		sqlite3_bind_int(st, 2, BATCH);
		for (; n < BATCH && (rc = sqlite3_step(st)) == SQLITE_ROW; n++)
			v[n] = (struct content){ (uint64_t)sqlite3_column_int64(st, 0),
				(uint64_t)sqlite3_column_int64(st, 1), (uint64_t)sqlite3_column_int64(st, 2) };
	}
	sqlite3_finalize(st);
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? n : gw_db_fail(db, rc, "cannot be read", err);
}

/* One transaction: how many messages, or a code. */
static int batch(struct gw_db *db, uint64_t *after, struct gw_err *err)
{
	struct content v[BATCH] = { { 0 } };
	uint64_t size;
	int n, rc = gw_db_begin(db, err);

	if (rc < 0)
		return rc;
	n = rc = next(db, *after, v, err);
	for (int i = 0; i < n && rc >= 0; i++) {
		rc = content_rebuild(db, v[i].id, v[i].email, v[i].thread, &size, err);
		*after = v[i].id;
	}
	if (rc >= 0)
		rc = gw_db_commit(db, GW_DB_LAZY, err);
	else
		gw_db_rollback(db);
	return rc < 0 ? rc : n;
}

int db_rederive(struct gw_db_account *acc, struct db_maint *m, struct gw_err *err)
{
	uint64_t done = 0, total = 0, after = 0;
	struct gw_db *db;
	int n = BATCH, rc;

	if (acc->env->opt.mirror)
		return maint_not_mirror(acc, err);
	rc = gw_db_get(acc, &db, err);
	if (rc < 0)
		return rc;
	rc = count(db, &total, err);
	while (rc == 0 && n == BATCH) {
		if (!maint_step(m, "messages", done, total))
			break;
		n = batch(db, &after, err);
		rc = n < 0 ? n : 0;
		done += n > 0 ? (uint64_t)n : 0;
	}
	gw_db_put(db);
	return rc < 0 ? rc : maint_go_on(m, err);
}

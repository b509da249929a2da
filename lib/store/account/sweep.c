/* sweep.c - counting references, off the clients' path
 *
 * `pending` is worked off in the order in which it was written. A content is removed at the moment its count reaches
 * zero; a copy's +1 always lies before the removals that could reach it, since copying needs a
 * message that is still there. Work is cut into small transactions, so that clients hardly wait for it.
 *
 * In a mirror nothing is counted: a message that left its last mailbox has left a row in `swept`. */
#include "store/account/acct.h"
#include "util/hash.h"

#define BATCH	 200   /* contents in one transaction */
#define LOG_ROWS 10000 /* expunges kept for QRESYNC in each mailbox */

static int remove_msgid(struct gw_db *db, uint64_t content, struct gw_err *err)
{
	struct gw_hash_key key = { db->key[0], db->key[1] };
	struct gw_slice id;
	sqlite3_stmt *st;
	uint64_t hash;
	int rc = gw_db_step_i64(db, GW_SQL_SEARCH_MESSAGE_ID, &st, err, 1, (int64_t)content);

	if (rc <= 0)
		return rc;
	id = gw_slice(sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0));
	hash = id.n ? gw_hash(key, id) : 0;
	sqlite3_reset(st);
	if (!hash)
		return 0;
	rc = gw_db_step_i64(db, GW_SQL_MSGID_REMOVE, NULL, err, 2, (int64_t)hash, (int64_t)content);
	return rc < 0 ? rc : 0;
}

static int remove_content(struct gw_db *db, uint64_t content, struct gw_err *err)
{
	static const enum gw_sql tables[] = { GW_SQL_CONTENT_REMOVE, GW_SQL_HEADER_REMOVE, GW_SQL_SEARCH_REMOVE };
	int rc = remove_msgid(db, content, err);

	for (size_t i = 0; i < sizeof tables / sizeof *tables && rc >= 0; i++)
		rc = gw_db_step_i64(db, tables[i], NULL, err, 1, (int64_t)content);
	if (rc >= 0)
		rc = gw_db_step_i64(
			db, GW_SQL_BODY_REMOVE, NULL, err, 2, BODY_ID(content, 0), BODY_ID(content, BODY_PIECES - 1));
	return rc < 0 ? rc : 0;
}

static int count(struct gw_db *db, uint64_t content, int64_t change, struct gw_err *err)
{
	sqlite3_stmt *st;
	int64_t refs = 1;
	int rc = gw_db_step_i64(db, GW_SQL_SHARED_GET, &st, err, 1, (int64_t)content);

	if (rc < 0)
		return rc;
	if (rc > 0) {
		refs = sqlite3_column_int64(st, 0);
		sqlite3_reset(st);
	}
	refs += change;
	if (refs <= 0)
		return remove_content(db, content, err);
	if (refs == 1)
		rc = gw_db_step_i64(db, GW_SQL_SHARED_REMOVE, NULL, err, 1, (int64_t)content);
	else
		rc = gw_db_step_i64(db, GW_SQL_SHARED_PUT, NULL, err, 2, (int64_t)content, refs);
	return rc < 0 ? rc : 0;
}

struct pending {
	int64_t id;
	uint64_t mailbox;
	int64_t change;
	char *data;
	struct gw_slice rest;
};

/* The oldest row: 1, 0 or a code. */
static int first_pending(struct gw_db *db, struct pending *p, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(db, GW_SQL_PENDING_FIRST, &st, err, 0);

	if (rc <= 0)
		return rc;
	p->id = sqlite3_column_int64(st, 0);
	p->mailbox = (uint64_t)sqlite3_column_int64(st, 1);
	p->change = sqlite3_column_int64(st, 2);
	p->rest = gw_slice(sqlite3_column_blob(st, 3), (size_t)sqlite3_column_bytes(st, 3));
	p->data = p->rest.n ? gw_xrealloc(NULL, 1, p->rest.n) : NULL;
	if (p->rest.n)
		memcpy(p->data, p->rest.p, p->rest.n);
	p->rest.p = p->data;
	sqlite3_reset(st);
	return 1;
}

/* What is left of the row. The first number of a list is a difference from 0: so the rest begins anew. */
static int put_rest(struct gw_db *db, struct pending *p, uint64_t prev, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_PENDING_REST, err);
	struct gw_buf out;
	uint64_t content, again = 0;
	int rc;

	if (!st)
		return GW_EIO;
	gw_buf_init(&out, 0);
	if (gw_content_unpack(&p->rest, &prev, &content))
		gw_content_pack(&out, &again, content);
	gw_buf_add_slice(&out, p->rest);
	sqlite3_bind_int64(st, 1, p->id);
	sqlite3_bind_blob64(st, 2, out.p, out.n, SQLITE_STATIC);
	rc = db_run(db, st, err);
	sqlite3_clear_bindings(st);
	gw_buf_done(&out);
	return rc;
}

/* Up to *budget contents of one row; 1 when there may be more rows. */
static int sweep_row(struct gw_db *db, unsigned *budget, struct gw_err *err)
{
	struct pending p;
	uint64_t prev = 0, content;
	int rc = first_pending(db, &p, err);

	if (rc <= 0)
		return rc;
	for (rc = 0; rc == 0 && p.rest.n && *budget; --*budget) {
		if (!gw_content_unpack(&p.rest, &prev, &content))
			rc = gw_fail(err, GW_ECORRUPT, "%s: the list of removed messages is damaged",
				gw_db_account_path(db->acc));
		else
			rc = count(db, content, p.change, err);
	}
	if (rc == 0 && p.rest.n)
		rc = put_rest(db, &p, prev, err);
	else if (rc == 0)
		rc = gw_db_step_i64(db, GW_SQL_PENDING_REMOVE, NULL, err, 1, p.id);
	if (rc == 0 && p.change < 0)
		rc = expunged_prune(db, p.mailbox, LOG_ROWS, err);
	free(p.data);
	return rc < 0 ? rc : 1;
}

/* What is left of a message that the mirror has no more. One that is there again was only put anew, by a map that came whole
 * from elsewhere: what was derived from it is as good as before. */
static int sweep_content(struct gw_db *db, uint64_t content, struct gw_err *err)
{
	int rc = gw_db_step_i64(db, GW_SQL_REMOTE_EMAIL_THERE, NULL, err, 1, (int64_t)content);

	if (rc == 0) {
		rc = cached_remove(db, content, err);
		return rc < 0 ? rc : remove_content(db, content, err);
	}
	return rc < 0 ? rc : 0;
}

/* One row of `swept`; 1 when there may be more. */
static int sweep_swept(struct gw_db *db, unsigned *budget, struct gw_err *err)
{
	sqlite3_stmt *st;
	uint64_t content;
	int rc = gw_db_step_i64(db, GW_SQL_SWEPT_NEXT, &st, err, 0);

	if (rc <= 0)
		return rc;
	content = (uint64_t)sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	--*budget;
	rc = sweep_content(db, content, err);
	if (rc == 0)
		rc = gw_db_step_i64(db, GW_SQL_SWEPT_REMOVE, NULL, err, 1, (int64_t)content);
	return rc < 0 ? rc : 1;
}

/* One transaction: 1 when there is more. */
static int sweep_batch(struct gw_db *db, unsigned budget, struct gw_err *err)
{
	bool mirror = db->acc->env->opt.mirror;
	int rc = gw_db_begin(db, err);

	if (rc < 0)
		return rc;
	do
		rc = mirror ? sweep_swept(db, &budget, err) : sweep_row(db, &budget, err);
	while (rc > 0 && budget);
	if (rc >= 0) {
		int done = gw_db_commit(db, GW_DB_LAZY, err);

		return done < 0 ? done : rc;
	}
	gw_db_rollback(db);
	return rc;
}

int db_sweep_some(struct gw_db_account *acc, unsigned budget, struct gw_err *err)
{
	struct gw_db *db;
	int rc = gw_db_get(acc, &db, err);

	if (rc < 0)
		return rc;
	/* Before the look, so that a row added meanwhile is not forgotten. */
	atomic_store(&acc->sweep, false);
	rc = gw_db_step_i64(db, acc->env->opt.mirror ? GW_SQL_SWEPT_NEXT : GW_SQL_PENDING_ANY, NULL, err, 0);
	while (rc > 0 && budget) {
		unsigned n = budget < BATCH ? budget : BATCH;

		rc = sweep_batch(db, n, err);
		budget -= n;
	}
	if (rc > 0)
		atomic_store(&acc->sweep, true);
	gw_db_put(db);
	return rc;
}

bool db_sweep(struct gw_db_account *acc, unsigned budget)
{
	struct gw_err err;
	int rc = db_sweep_some(acc, budget, &err);

	if (rc < 0 && rc != GW_EBUSY && acc->env->opt.log)
		acc->env->opt.log(acc->env->opt.log_ctx, 3, err.text);
	return rc == 0;
}

/* maint.c - telling the progress of maintenance, and what SQLite does for it by itself */
#include "store/account/maint.h"

#include <stdio.h>

#include "store/account/priv.h"

#define WATCH_OPS   200000 /* steps of SQLite's machine between two looks, some milliseconds */
#define BAD_ROWS    100    /* findings of SQLite that are told */
#define SWEEP_ROUND 2000

bool maint_step(struct db_maint *m, const char *step, uint64_t done, uint64_t total)
{
	m->step = step;
	if (!m->stopped && m->tell && !m->tell(m->ctx, GW_MAINT_STEP, step, done, total))
		m->stopped = true;
	return !m->stopped;
}

__attribute__((format(printf, 3, 0))) static void tell_line(struct db_maint *m, enum gw_maint_what what,
	const char *fmt, va_list ap)
{
	char line[GW_ERR_TEXT + 2 * GW_MAILBOX_NAME_MAX];

	vsnprintf(line, sizeof line, fmt, ap);
	for (char *p = line; *p; p++) /* SQLite's sentences, names */
		if ((unsigned char)*p < ' ' || *p == 0x7F)
			*p = ' ';
	if (!m->stopped && m->tell && !m->tell(m->ctx, what, line, 0, 0))
		m->stopped = true;
}

void maint_problem(struct db_maint *m, const char *fmt, ...)
{
	va_list ap;

	if (m->muted)
		return;
	m->report.problems++;
	va_start(ap, fmt);
	tell_line(m, GW_MAINT_PROBLEM, fmt, ap);
	va_end(ap);
}

void maint_repaired(struct db_maint *m, const char *fmt, ...)
{
	va_list ap;

	m->report.repaired++;
	va_start(ap, fmt);
	tell_line(m, GW_MAINT_REPAIRED, fmt, ap);
	va_end(ap);
}

int maint_go_on(const struct db_maint *m, struct gw_err *err)
{
	return m->stopped ? gw_fail(err, GW_EINTR, "stopped on request") : 0;
}

int maint_not_mirror(const struct gw_db_account *acc, struct gw_err *err)
{
	return gw_fail(err, GW_ENOTSUP, "%s: is the picture of an account on a storage server: remove the file, and it is made anew",
		gw_db_account_path(acc));
}

static int look(void *ctx)
{
	struct db_maint *m = ctx;

	return !maint_step(m, m->step, 0, 0);
}

void maint_watch(struct db_maint *m, sqlite3 *sql, const char *step)
{
	m->step = step;
	if (step)
		sqlite3_progress_handler(sql, WATCH_OPS, look, m);
	else
		sqlite3_progress_handler(sql, 0, NULL, NULL);
}

int maint_fail(const struct db_maint *m, sqlite3 *sql, const char *path, const char *what, struct gw_err *err)
{
	if (m->stopped)
		return maint_go_on(m, err);
	return gw_fail(err, (enum gw_code)gw_db_code(sqlite3_errcode(sql)), "%s: %s: %s", path, what,
		sqlite3_errmsg(sql));
}

/* ---- whole files ---- */

int maint_integrity(struct db_maint *m, sqlite3 *sql, const char *path, bool *ret_bad, struct gw_err *err)
{
	char text[64];
	sqlite3_stmt *st = NULL;
	bool bad = false;
	int rc;

	snprintf(text, sizeof text, "PRAGMA integrity_check(%d)", BAD_ROWS);
	maint_watch(m, sql, "reading the file");
	rc = sqlite3_prepare_v2(sql, text, -1, &st, NULL);
	while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW && !m->stopped) {
		const char *row = (const char *)sqlite3_column_text(st, 0);

		if (row && strcmp(row, "ok") != 0) {
			bad = true;
			maint_problem(m, "the file is damaged: %s", row);
		}
		rc = SQLITE_OK;
	}
	maint_watch(m, sql, NULL);
	if (gw_db_code(rc) == GW_ECORRUPT && rc != SQLITE_DONE && !m->stopped) {
		bad = true;
		maint_problem(m, "the file is damaged: %s", sqlite3_errmsg(sql));
		rc = SQLITE_DONE;
	}
	rc = rc == SQLITE_DONE && !m->stopped ? 0 : maint_fail(m, sql, path, "cannot be checked", err);
	sqlite3_finalize(st);
	if (rc == 0)
		*ret_bad = bad;
	return rc;
}

int maint_reindex(sqlite3 *sql, const char *path, struct gw_err *err)
{
	int rc = sqlite3_exec(sql, "REINDEX", NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0
			       : gw_fail(err, (enum gw_code)gw_db_code(rc), "%s: indexes cannot be built: %s", path,
					 sqlite3_errmsg(sql));
}

/* SQLite attaches a second database for a VACUUM; it goes to a file without a name, not into memory. */
int maint_vacuum(struct db_maint *m, sqlite3 *sql, const char *path, struct gw_err *err)
{
	int attached = sqlite3_limit(sql, SQLITE_LIMIT_ATTACHED, 1), rc;

	maint_watch(m, sql, "writing the file anew");
	rc = sqlite3_exec(sql, "PRAGMA temp_store=FILE", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(sql, "VACUUM", NULL, NULL, NULL);
	maint_watch(m, sql, NULL);
	rc = rc == SQLITE_OK ? 0 : maint_fail(m, sql, path, "cannot be written anew", err);
	sqlite3_exec(sql, "PRAGMA temp_store=MEMORY", NULL, NULL, NULL);
	sqlite3_limit(sql, SQLITE_LIMIT_ATTACHED, attached);
	/* Readers of older moments may stand in the way: the next checkpoint that finds none shortens the file. */
	if (rc == 0)
		sqlite3_wal_checkpoint_v2(sql, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return rc;
}

static int sweep_all(struct gw_db_account *acc, struct db_maint *m, struct gw_err *err)
{
	do {
		if (!maint_step(m, "removing what was deleted", 0, 0))
			return maint_go_on(m, err);
		db_sweep(acc, SWEEP_ROUND);
	} while (atomic_load(&acc->sweep));
	return 0;
}

int db_vacuum(struct gw_db_account *acc, struct db_maint *m, struct gw_err *err)
{
	struct gw_db *db;
	int rc = sweep_all(acc, m, err);

	if (rc < 0)
		return rc;
	rc = gw_db_get(acc, &db, err);
	if (rc < 0)
		return rc;
	rc = db_lock_writer(acc, err);
	if (rc == 0) {
		rc = maint_vacuum(m, db->sql, gw_db_account_path(acc), err);
		db_unlock_writer(acc);
	}
	gw_db_put(db);
	return rc;
}

/* restore.c - bringing back the mail of an account from a copy
 *
 * The pages of the copy take the place of those there in the same file, in one transaction of SQLite: who has it open
 * sees the one state, then the other, and until the commit the old one is whole. Clients know messages by UIDVALIDITY and
 * UID: a mailbox that went on after the copy was made has used UIDs which it would give out again, so it gets another
 * UIDVALIDITY. */
#include "store/account/maint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/account/priv.h"
#include "store/account/salvage.h"
#include "util/mem.h"

#define TRIES 5 /* when others write in the moment between looking and replacing */

struct restore {
	struct gw_db_account *acc;
	struct db_maint *m;
	const char *path, *staged;
	sqlite3 *from;         /* the copy */
	sqlite3 *sql, *watch;  /* what is there; NULL: nothing that can be read */
};

static int sql_failed(const char *path, sqlite3 *sql, int rc, struct gw_err *err)
{
	return gw_fail(err, (enum gw_code)gw_db_code(rc), "%s: cannot be brought back: %s", path,
		sql ? sqlite3_errmsg(sql) : sqlite3_errstr(rc));
}

static int os_failed(const char *path, const char *what, struct gw_err *err)
{
	return gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s: %s", path, what, strerror(errno));
}

/* ---- numbers ---- */

struct numbers {
	int64_t mailbox, content, uidvalidity, structure;
};

static int read_numbers(const char *path, sqlite3 *sql, struct numbers *ret, struct gw_err *err)
{
	static const char text[] = "SELECT next_mailbox, next_content, next_uidvalidity, structure FROM account";
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(sql, text, -1, &st, NULL);

	if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW)
		*ret = (struct numbers){ sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1),
			sqlite3_column_int64(st, 2), sqlite3_column_int64(st, 3) };
	else if (rc == SQLITE_DONE)
		rc = SQLITE_CORRUPT;
	sqlite3_finalize(st);
	return rc == SQLITE_ROW ? 0 : sql_failed(path, sql, rc, err);
}

static int64_t higher(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int put_numbers(struct restore *r, const struct numbers *n, struct gw_err *err)
{
	char text[256];
	int rc;

	snprintf(text, sizeof text, "UPDATE account SET next_mailbox=%lld, next_content=%lld, next_uidvalidity=%lld,"
		" structure=%lld", (long long)n->mailbox, (long long)n->content, (long long)n->uidvalidity,
		(long long)n->structure);
	rc = sqlite3_exec(r->from, text, NULL, NULL, NULL);
	return rc == SQLITE_OK ? 0 : sql_failed(r->staged, r->from, rc, err);
}

/* ---- mailboxes ---- */

/* Is the mailbox that row stands on (name, uidvalidity, uidnext, modseq) the same here? 1, 0 or a code. */
static int unchanged(struct restore *r, sqlite3_stmt *here, sqlite3_stmt *row, struct gw_err *err)
{
	int rc;

	for (int i = 0; i < 4; i++)
		sqlite3_bind_value(here, i + 1, sqlite3_column_value(row, i));
	rc = sqlite3_step(here);
	sqlite3_reset(here);
	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : sql_failed(r->path, r->sql, rc, err);
}

/* Mailboxes of the copy that are not as they are here get UIDVALIDITYs from n on. */
static int renew(struct restore *r, sqlite3_stmt *list, sqlite3_stmt *here, sqlite3_stmt *put, struct numbers *n,
	struct gw_err *err)
{
	int rc;

	while ((rc = sqlite3_step(list)) == SQLITE_ROW) {
		int same = unchanged(r, here, list, err);

		if (same < 0)
			return same;
		if (same)
			continue;
		if (n->uidvalidity > UINT32_MAX)
			return gw_fail(err, GW_ELIMIT, "the account has used up its mailbox numbers");
		sqlite3_bind_value(put, 1, sqlite3_column_value(list, 0));
		sqlite3_bind_int64(put, 2, n->uidvalidity++);
		rc = sqlite3_step(put);
		sqlite3_reset(put);
		if (rc != SQLITE_DONE)
			break;
	}
	return rc == SQLITE_DONE ? 0 : sql_failed(r->staged, r->from, rc, err);
}

static int renew_mailboxes(struct restore *r, struct numbers *n, struct gw_err *err)
{
	static const char list_sql[] = "SELECT name, uidvalidity, uidnext, modseq FROM mailbox ORDER BY id";
	static const char here_sql[] = "SELECT 1 FROM mailbox WHERE name=?1 AND uidvalidity=?2 AND uidnext=?3 AND modseq=?4";
	static const char put_sql[] = "UPDATE mailbox SET uidvalidity=?2 WHERE name=?1";
	sqlite3_stmt *list = NULL, *here = NULL, *put = NULL;
	int rc = sqlite3_prepare_v2(r->from, list_sql, -1, &list, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(r->from, put_sql, -1, &put, NULL);
	rc = rc == SQLITE_OK ? 0 : sql_failed(r->staged, r->from, rc, err);
	if (rc == 0 && (rc = sqlite3_prepare_v2(r->sql, here_sql, -1, &here, NULL)) != SQLITE_OK)
		rc = sql_failed(r->path, r->sql, rc, err);
	if (rc == 0)
		rc = renew(r, list, here, put, n, err);
	sqlite3_finalize(list);
	sqlite3_finalize(here);
	sqlite3_finalize(put);
	return rc;
}

/* The copy as it is to be in this place, which has gone on since. */
static int adapt(struct restore *r, struct gw_err *err)
{
	struct numbers copy = { 0 }, here = { 0 };
	int rc = read_numbers(r->staged, r->from, &copy, err);

	if (rc == 0)
		rc = read_numbers(r->path, r->sql, &here, err);
	if (rc != 0)
		return rc;
	copy.mailbox = higher(copy.mailbox, here.mailbox);
	copy.content = higher(copy.content, here.content);
	copy.structure = higher(copy.structure, here.structure) + 1;
	copy.uidvalidity = higher(higher(copy.uidvalidity, here.uidvalidity), gw_wall_s(r->acc->env->opt.clock));
	if (sqlite3_exec(r->from, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
		return sql_failed(r->staged, r->from, sqlite3_errcode(r->from), err);
	rc = renew_mailboxes(r, &copy, err);
	if (rc == 0)
		rc = put_numbers(r, &copy, err);
	if (sqlite3_exec(r->from, rc == 0 ? "COMMIT" : "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK && rc == 0)
		rc = sql_failed(r->staged, r->from, sqlite3_errcode(r->from), err);
	return rc;
}

/* ---- in its place ---- */

static int replace(struct restore *r, struct gw_err *err)
{
	int64_t version = 0;
	int rc = GW_EBUSY;

	for (int i = 0; i < TRIES && rc == GW_EBUSY; i++) {
		rc = salvage_version(r->watch, r->path, &version, err);
		if (rc == 0)
			rc = adapt(r, err);
		if (rc == 0)
			rc = maint_go_on(r->m, err);
		if (rc == 0)
			rc = salvage_replace(r->m, r->from, r->sql, r->watch, version, r->path, err);
	}
	if (rc == 0)
		sqlite3_wal_checkpoint_v2(r->sql, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return rc;
}

/* Nothing is here that could be locked: the copy takes the name. The WAL of what was here must never lie beside it. */
static int take_name(struct restore *r, bool damaged, struct gw_err *err)
{
	char *wal = gw_xasprintf("%s-wal", r->path), *shm = gw_xasprintf("%s-shm", r->path);
	char *aside = salvage_aside(r->path), *aside_wal = gw_xasprintf("%s-wal", aside);
	int rc = 0;

	if (rename(wal, aside_wal) < 0 && errno != ENOENT)
		rc = os_failed(wal, "cannot be put aside", err);
	unlink(shm);
	if (rc == 0 && damaged && rename(r->path, aside) < 0 && errno != ENOENT)
		rc = os_failed(r->path, "cannot be put aside", err);
	if (rc == 0 && rename(r->staged, r->path) < 0)
		rc = os_failed(r->path, "cannot be replaced", err);
	if (rc == 0 && damaged)
		maint_repaired(r->m, "the damaged file is %s", aside);
	free(wal);
	free(shm);
	free(aside);
	free(aside_wal);
	return rc;
}

/* The copy: a database of its own, made ours, without a WAL. */
static int open_copy(struct restore *r, struct gw_err *err)
{
	int rc = salvage_open(r->staged, &r->from);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(r->from, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
	return rc == SQLITE_OK ? gw_db_schema_ensure(r->from, r->staged, err) : sql_failed(r->staged, r->from, rc, err);
}

/* *ret_damaged: what is here cannot be read. */
static int open_here(struct restore *r, bool *ret_damaged, struct gw_err *err)
{
	struct numbers n;
	int rc = salvage_open(r->path, &r->sql);

	if (rc == SQLITE_OK)
		rc = salvage_open(r->path, &r->watch);
	rc = rc == SQLITE_OK ? gw_db_schema_ensure(r->sql, r->path, err) : sql_failed(r->path, r->sql, rc, err);
	if (rc == 0)
		rc = read_numbers(r->path, r->sql, &n, err);
	*ret_damaged = rc == GW_ECORRUPT;
	return *ret_damaged ? 0 : rc;
}

static void close_all(struct restore *r)
{
	sqlite3_close(r->from);
	sqlite3_close(r->sql);
	sqlite3_close(r->watch);
	r->from = r->sql = r->watch = NULL;
}

static int put_in_place(struct restore *r, struct gw_err *err)
{
	struct stat st;
	bool damaged = false, there = lstat(r->path, &st) == 0;
	int rc = open_copy(r, err);

	if (rc == 0 && there)
		rc = open_here(r, &damaged, err);
	if (rc == 0 && there && !damaged)
		return replace(r, err);
	if (rc == 0 && sqlite3_exec(r->from, "PRAGMA journal_mode=WAL", NULL, NULL, NULL) != SQLITE_OK)
		rc = sql_failed(r->staged, r->from, sqlite3_errcode(r->from), err);
	close_all(r);
	return rc < 0 ? rc : take_name(r, damaged, err);
}

/* The bell says that there is a database, and has everybody look at what is new. */
static int announce(struct gw_db_account *acc, struct gw_err *err)
{
	int fd, rc;

	gw_db_ring(acc);
	fd = open(acc->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = fd < 0 || fsync(fd) < 0 ? os_failed(acc->dir, "cannot be brought to the disk", err) : 0;
	if (fd >= 0)
		close(fd);
	return rc;
}

int db_restore(struct gw_db_account *acc, struct db_maint *m, const char *staged, struct gw_err *err)
{
	struct restore r = { .acc = acc, .m = m, .path = acc->path, .staged = staged };
	int rc;

	gw_db_account_drop_handles(acc);
	rc = put_in_place(&r, err);
	close_all(&r);
	gw_db_account_drop_handles(acc);
	if (rc == 0)
		rc = announce(acc, err);
	salvage_remove(staged);
	return rc;
}

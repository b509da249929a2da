/* admin_copy.c - reading a backup: its manifest and the accounts in it (see admin_copy.h) */
#include "store/local/admin_copy.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/account/priv.h"
#include "util/mem.h"

int admin_copy_check(struct admin_run *r, const char *path, const struct manifest_file *f, struct gw_err *err)
{
	struct admin_digest progress = { .run = r, .total = f->size };
	struct manifest_file now = { .size = 0 };
	struct stat st;
	int rc;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? gw_fail(err, GW_ECORRUPT, "%s: is missing", path)
				       : gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size != f->size)
		return gw_fail(err, GW_ECORRUPT, "%s: has %lld octets, there were %" PRIu64, path, (long long)st.st_size,
			f->size);
	rc = manifest_digest(path, admin_digest_step, &progress, now.digest, &now.size, err);
	if (rc == 0 && !manifest_same(&now, f))
		rc = gw_fail(err, GW_ECORRUPT, "%s: is not what was written, its SHA-256 differs", path);
	return rc;
}

/* A row of a backup is read as one of ours: errors name its file. */
static int prepare(struct admin_copy *c, const char *sql, sqlite3_stmt **ret, struct gw_err *err)
{
	if (sqlite3_prepare_v2(c->accounts, sql, -1, ret, NULL) == SQLITE_OK)
		return 0;
	return gw_fail(err, (enum gw_code)gw_db_code(sqlite3_errcode(c->accounts)), "%s/accounts.db: cannot be read: %s",
		c->dir, sqlite3_errmsg(c->accounts));
}

static int step(struct admin_copy *c, sqlite3_stmt *st, struct gw_err *err)
{
	int rc = sqlite3_step(st);

	return rc == SQLITE_ROW	   ? 1
	       : rc == SQLITE_DONE ? 0
				   : gw_fail(err, (enum gw_code)gw_db_code(rc), "%s/accounts.db: cannot be read: %s",
					     c->dir, sqlite3_errmsg(c->accounts));
}

/* A copy is not changed: what came with later versions is made up. */
static int read_columns(struct admin_copy *c, struct gw_err *err)
{
	sqlite3_stmt *st = NULL;
	int version, rc = prepare(c, "PRAGMA user_version", &st, err);

	if (rc == 0)
		rc = step(c, st, err);
	version = rc > 0 ? sqlite3_column_int(st, 0) : 0;
	c->columns = version < 2 ? ACCOUNTS_COLUMNS_1 : version == 2 ? ACCOUNTS_COLUMNS_2 : ACCOUNTS_COLUMNS;
	sqlite3_finalize(st);
	return rc < 0 ? rc : 0;
}

static int prepare_rows(struct admin_copy *c, const char *which, sqlite3_stmt **ret, struct gw_err *err)
{
	char *sql = gw_xasprintf("SELECT %s FROM user %s", c->columns, which);
	int rc = prepare(c, sql, ret, err);

	free(sql);
	return rc;
}

static int open_accounts(struct admin_copy *c, struct gw_err *err)
{
	char *path = admin_copy_path(c->dir, 0), *uri = db_frozen_uri(path);
	uint64_t size;
	sqlite3_stmt *st = NULL;
	int fd = manifest_open_file(path, &size, err), rc = fd < 0 ? fd : 0; /* SQLite would wait for a pipe */

	if (fd >= 0)
		close(fd);
	if (rc == 0 && sqlite3_open_v2(uri, &c->accounts, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI,
			       NULL) != SQLITE_OK)
		rc = gw_fail(err, (enum gw_code)gw_db_code(sqlite3_errcode(c->accounts)), "%s: cannot be opened: %s", path,
			     sqlite3_errmsg(c->accounts));
	if (rc == 0)
		rc = read_columns(c, err);
	if (rc == 0)
		rc = prepare_rows(c, "LIMIT 1", &st, err); /* of our version, or an older one? */
	sqlite3_finalize(st);
	free(uri);
	free(path);
	return rc;
}

static int check_whole(struct admin_copy *c, struct gw_err *err)
{
	static const struct gw_maint nobody = { .resume = false };
	const struct manifest_file *f = manifest_find(c->manifest, 0);
	struct admin_run quiet = { .m = &nobody };
	char *path;
	int rc;

	if (!f || !c->manifest->complete)
		return gw_fail(err, GW_ECORRUPT, "%s: the backup is not complete; begun again, it goes on", c->dir);
	path = admin_copy_path(c->dir, 0);
	rc = admin_copy_check(&quiet, path, f, err);
	free(path);
	return rc;
}

int admin_copy_open(struct admin_copy *c, const char *dir, bool whole, struct gw_err *err)
{
	int rc;

	*c = (struct admin_copy){ .dir = dir };
	if (!dir || dir[0] != '/')
		return gw_fail(err, GW_EINVAL, "the directory of a backup is an absolute path");
	rc = manifest_read(dir, &c->manifest, err);
	if (rc == 0 && whole)
		rc = check_whole(c, err);
	if (rc < 0)
		return rc;
	rc = open_accounts(c, err);
	if (rc < 0) {
		sqlite3_close(c->accounts);
		c->accounts = NULL;
	}
	return whole ? rc : 0;
}

void admin_copy_close(struct admin_copy *c)
{
	sqlite3_close(c->accounts);
	manifest_close(c->manifest);
	c->accounts = NULL;
	c->manifest = NULL;
}

int admin_copy_row(struct admin_copy *c, uint64_t id, const char *name, struct accounts_row *ret, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = prepare_rows(c, id ? "WHERE id=?1" : "WHERE name=?1", &st, err);

	if (rc < 0)
		return rc;
	if (id)
		sqlite3_bind_int64(st, 1, (int64_t)id);
	else
		sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	rc = step(c, st, err);
	if (rc > 0)
		rc = accounts_row_read(st, ret, err);
	else if (rc == 0)
		rc = gw_fail(err, GW_ENOENT, "%s: has no user \"%s\"", c->dir, name ? name : "");
	sqlite3_finalize(st);
	return rc;
}

int admin_copy_ids(struct admin_copy *c, struct gw_arena *arena, uint64_t **ret, size_t *ret_n, struct gw_err *err)
{
	struct gw_buf ids;
	sqlite3_stmt *st;
	int rc = prepare(c, "SELECT id FROM user ORDER BY id", &st, err);

	if (rc < 0)
		return rc;
	gw_buf_init(&ids, 0);
	while ((rc = step(c, st, err)) > 0) {
		uint64_t id = (uint64_t)sqlite3_column_int64(st, 0);

		gw_buf_add(&ids, &id, sizeof id);
	}
	sqlite3_finalize(st);
	if (rc == 0) {
		*ret_n = ids.n / sizeof **ret;
		*ret = gw_arena_calloc(arena, *ret_n + 1, sizeof **ret);
		if (ids.n)
			memcpy(*ret, ids.p, ids.n);
	}
	gw_buf_done(&ids);
	return rc;
}

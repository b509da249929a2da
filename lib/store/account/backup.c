/* backup.c - copies of databases that are in use
 *
 * A read transaction holds the moment that is copied, so writers go on and the copy never has to begin anew. It gets
 * its name when it is whole and on disk; what an interruption leaves has another name and is overwritten. */
#include "store/account/maint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "store/account/priv.h"
#include "util/mem.h"

#define PAGES 512 /* copied between two looks at whether to go on */

static int os_failed(const char *path, const char *what, struct gw_err *err)
{
	return gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s: %s", path, what, strerror(errno));
}

/* An empty file of ours; what lies there under this name is replaced. */
static int make_file(const char *path, struct gw_err *err)
{
	int fd;

	if (unlink(path) < 0 && errno != ENOENT)
		return os_failed(path, "cannot be replaced", err);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return os_failed(path, "cannot be made", err);
	close(fd);
	return 0;
}

static int sync_file(const char *path, int flags, struct gw_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
	int rc = fd < 0 || fsync(fd) < 0 ? os_failed(path, "cannot be brought to the disk", err) : 0;

	if (fd >= 0)
		close(fd);
	return rc;
}

static int sync_parent(const char *path, struct gw_err *err)
{
	char *dir = gw_xslicedup(gw_slice(path, (size_t)(strrchr(path, '/') - path)));
	int rc = sync_file(dir, O_DIRECTORY, err);

	free(dir);
	return rc;
}

/* Page by page; the source stands in a read transaction. */
static int copy_pages(struct db_maint *m, sqlite3 *from, sqlite3 *to, const char *path, struct gw_err *err)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	int rc;

	if (!b)
		return maint_fail(m, to, path, "cannot be written", err);
	do {
		rc = sqlite3_backup_step(b, PAGES);
		if (!maint_step(m, "copying", (uint64_t)(sqlite3_backup_pagecount(b) - sqlite3_backup_remaining(b)),
			    (uint64_t)sqlite3_backup_pagecount(b)))
			rc = SQLITE_INTERRUPT;
	} while (rc == SQLITE_OK);
	sqlite3_backup_finish(b);
	if (m->stopped)
		return maint_go_on(m, err);
	return rc == SQLITE_DONE ? 0
				 : gw_fail(err, (enum gw_code)gw_db_code(rc), "%s: cannot be written: %s", path,
					   sqlite3_errstr(rc));
}

/* The copy is nobody else's yet: it needs no journal, and one sync at its end. wal: it becomes a database with a WAL, as
 * all of ours are. */
static int copy_into(struct db_maint *m, sqlite3 *from, const char *path, bool wal, struct gw_err *err)
{
	static const char plain[] = "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF;";
	sqlite3 *to = NULL;
	int rc = sqlite3_open_v2(
		path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, NULL);

	if (rc != SQLITE_OK || sqlite3_exec(to, plain, NULL, NULL, NULL) != SQLITE_OK)
		rc = maint_fail(m, to, path, "cannot be opened", err);
	else
		rc = copy_pages(m, from, to, path, err);
	if (rc == 0 && wal && sqlite3_exec(to, "PRAGMA journal_mode=WAL", NULL, NULL, NULL) != SQLITE_OK)
		rc = maint_fail(m, to, path, "cannot be written", err);
	if (sqlite3_close(to) != SQLITE_OK && rc == 0)
		rc = gw_fail(err, GW_EIO, "%s: cannot be closed", path);
	return rc;
}

int maint_copy(struct db_maint *m, sqlite3 *sql, const char *path, struct gw_err *err)
{
	char *part = gw_xasprintf("%s.part", path);
	int rc = make_file(part, err);

	if (rc == 0 && sqlite3_exec(sql, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) != SQLITE_OK)
		rc = maint_fail(m, sql, path, "the original cannot be read", err);
	if (rc == 0)
		rc = copy_into(m, sql, part, true, err);
	if (!sqlite3_get_autocommit(sql))
		sqlite3_exec(sql, "ROLLBACK", NULL, NULL, NULL);
	if (rc == 0)
		rc = sync_file(part, O_NOFOLLOW, err);
	if (rc == 0 && rename(part, path) < 0)
		rc = os_failed(path, "cannot be made", err);
	if (rc == 0)
		rc = sync_parent(path, err);
	if (rc < 0)
		unlink(part);
	free(part);
	return rc;
}

int maint_copy_pages(struct db_maint *m, sqlite3 *sql, const char *path, struct gw_err *err)
{
	int rc = make_file(path, err);

	return rc < 0 ? rc : copy_into(m, sql, path, false, err);
}

int db_backup(struct gw_db_account *acc, struct db_maint *m, const char *dir, struct gw_err *err)
{
	struct gw_db *db;
	char *path, *bell;
	int rc = gw_db_get(acc, &db, err);

	if (rc < 0)
		return rc;
	path = gw_xasprintf("%s/mail.db", dir);
	bell = gw_xasprintf("%s/bell", dir);
	rc = maint_copy(m, db->sql, path, err);
	if (rc == 0)
		rc = make_file(bell, err);
	gw_db_put(db);
	free(path);
	free(bell);
	return rc;
}

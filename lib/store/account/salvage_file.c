/* salvage_file.c - copies of damaged files, and putting a sound one in their place */
#include "store/account/salvage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/mem.h"

#define PIECE 65536

static int os_failed(const char *path, const char *what, struct gw_err *err)
{
	return gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s: %s", path, what, strerror(errno));
}

char *salvage_aside(const char *path)
{
	struct stat st;
	char *aside = NULL;

	for (unsigned n = 1;; n++) {
		free(aside);
		aside = gw_xasprintf("%s.damaged-%u", path, n);
		if (lstat(aside, &st) < 0)
			return aside;
	}
}

static int write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return -1;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

static int make_file(const char *path, struct gw_err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	return fd < 0 ? os_failed(path, "cannot be made", err) : fd;
}

static int finish_file(int fd, int rc, const char *path, struct gw_err *err)
{
	if (rc == 0 && fsync(fd) < 0)
		rc = os_failed(path, "cannot be brought to the disk", err);
	close(fd);
	return rc;
}

/* Locks of a database belong to the process: a descriptor of our own, when closed, would take them away. */
static int copy_database(sqlite3_file *f, const char *path, int to, struct gw_err *err)
{
	char *buf = gw_xalloc(PIECE);
	sqlite3_int64 size = 0;
	int rc = f->pMethods->xFileSize(f, &size);

	for (sqlite3_int64 off = 0; rc == SQLITE_OK && off < size; off += PIECE) {
		int n = size - off < PIECE ? (int)(size - off) : PIECE;

		rc = f->pMethods->xRead(f, buf, n, off);
		if (rc == SQLITE_OK && write_all(to, buf, (size_t)n) < 0)
			rc = SQLITE_IOERR_WRITE;
	}
	free(buf);
	return rc == SQLITE_OK ? 0 : gw_fail(err, (enum gw_code)gw_db_code(rc), "%s: cannot be copied: %s", path,
					     sqlite3_errstr(rc));
}

static int copy_main(const char *path, const char *to, struct gw_err *err)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	sqlite3_file *f = gw_xalloc((size_t)vfs->szOsFile);
	sqlite3_filename name = sqlite3_create_filename(path, "", "", 0, NULL);
	int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB, fd, rc;

	rc = vfs->xOpen(vfs, name, f, flags, &flags);
	if (rc != SQLITE_OK)
		rc = gw_fail(err, GW_EIO, "%s: cannot be opened", path);
	fd = rc < 0 ? rc : make_file(to, err);
	rc = fd < 0 ? fd : finish_file(fd, copy_database(f, path, fd, err), to, err);
	if (f->pMethods)
		f->pMethods->xClose(f);
	sqlite3_free_filename(name);
	free(f);
	return rc;
}

static int copy_plain(int from, const char *path, int to, struct gw_err *err)
{
	char *buf = gw_xalloc(PIECE);
	ssize_t n;
	int rc = 0;

	while (rc == 0 && (n = read(from, buf, PIECE)) != 0)
		if ((n < 0 && errno != EINTR) || (n > 0 && write_all(to, buf, (size_t)n) < 0))
			rc = os_failed(path, "cannot be copied", err);
	free(buf);
	return rc;
}

/* A WAL carries no locks. */
static int copy_wal(const char *path, const char *to, struct gw_err *err)
{
	char *from_wal = gw_xasprintf("%s-wal", path), *to_wal = gw_xasprintf("%s-wal", to);
	int from = open(from_wal, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), fd, rc = 0;

	if (from < 0 && errno != ENOENT)
		rc = os_failed(from_wal, "cannot be opened", err);
	if (from >= 0) {
		fd = make_file(to_wal, err);
		rc = fd < 0 ? fd : finish_file(fd, copy_plain(from, from_wal, fd, err), to_wal, err);
		close(from);
	}
	free(from_wal);
	free(to_wal);
	return rc;
}

int salvage_copy_files(const char *path, const char *to, struct gw_err *err)
{
	int rc = copy_main(path, to, err);

	return rc < 0 ? rc : copy_wal(path, to, err);
}

int salvage_version(sqlite3 *sql, const char *path, int64_t *ret, struct gw_err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(sql, "PRAGMA data_version", -1, &st, NULL);

	if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW)
		*ret = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return rc == SQLITE_ROW ? 0 : gw_fail(err, (enum gw_code)gw_db_code(rc), "%s: cannot be read: %s", path,
					      sqlite3_errmsg(sql));
}

/* The first step takes SQLite's lock: from then on nobody else writes. */
int salvage_replace(struct db_maint *m, sqlite3 *from, sqlite3 *sql, sqlite3 *watch, int64_t before, const char *path,
	struct gw_err *err)
{
	sqlite3_backup *b = sqlite3_backup_init(sql, "main", from, "main");
	int64_t now = 0;
	int rc, done;

	if (!b)
		return maint_fail(m, sql, path, "cannot be replaced", err);
	done = sqlite3_backup_step(b, 1);
	rc = done == SQLITE_OK || done == SQLITE_DONE ? salvage_version(watch, path, &now, err) : 0;
	if (rc == 0 && done == SQLITE_OK && now == before)
		done = sqlite3_backup_step(b, -1);
	if (rc == 0 && done != SQLITE_OK && done != SQLITE_DONE)
		rc = gw_fail(err, (enum gw_code)gw_db_code(done), "%s: cannot be replaced: %s", path,
			sqlite3_errstr(done));
	if (rc == 0 && now != before)
		rc = gw_fail(err, GW_EBUSY, "%s: a session has written meanwhile", path);
	done = sqlite3_backup_finish(b);
	if (rc == 0 && done != SQLITE_OK)
		rc = gw_fail(err, (enum gw_code)gw_db_code(done), "%s: cannot be replaced: %s", path,
			sqlite3_errstr(done));
	return rc;
}

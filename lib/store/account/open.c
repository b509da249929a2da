/* open.c - opening an account's database without trusting the file system
 *
 * The directory and the file must belong to us and be closed to others, be no symbolic link and have one
 * name: what somebody else could have put there is refused, not read. The file is looked at with lstat()
 * and never opened by us, since closing it would take away SQLite's locks. */
#include "store/account/priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/mem.h"

static int refuse(const char *path, const char *why, struct gw_err *err)
{
	return gw_fail(err, GW_EACCES, "%s: refused: %s", path, why);
}

static int check(const char *path, const struct stat *st, uid_t owner, bool dir, struct gw_err *err)
{
	if (dir ? !S_ISDIR(st->st_mode) : !S_ISREG(st->st_mode))
		return refuse(path, dir ? "not a directory" : "not a regular file", err);
	if (st->st_uid != owner)
		return refuse(path, "belongs to another user", err);
	if (st->st_mode & (dir ? 0022 : 0027))
		return refuse(path, "is open to other users", err);
	if (!dir && st->st_nlink != 1)
		return refuse(path, "has more than one name", err);
	return 0;
}

static int os_error(const char *path, const char *what, struct gw_err *err)
{
	int e = errno;
	int code = gw_code_errno(e);

	return gw_fail(err, (enum gw_code)(code == GW_ENOENT || code == GW_EINVAL ? GW_EIO : code), "%s: %s: %s", path,
		what, strerror(e));
}

static int sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : fsync(fd);

	if (fd >= 0)
		close(fd);
	return rc;
}

/* Make one level; its name is durable in the parent afterwards. */
static int make_level(char *dir, struct gw_err *err)
{
	char *slash = strrchr(dir, '/');

	if (mkdir(dir, 0700) < 0)
		return errno == EEXIST ? 0 : os_error(dir, "cannot make the directory", err);
	if (!slash || slash == dir)
		return 0;
	*slash = '\0';
	int rc = sync_dir(dir);
	*slash = '/';
	return rc < 0 ? os_error(dir, "cannot make the directory durable", err) : 0;
}

int db_make_dir(const char *dir, uid_t owner, struct gw_err *err)
{
	struct stat st;
	char *path;
	int rc = 0;

	if (lstat(dir, &st) < 0) {
		if (errno != ENOENT)
			return os_error(dir, "cannot be used", err);
		path = gw_xstrdup(dir);
		for (char *p = strchr(path + 1, '/'); p && rc == 0; p = strchr(p + 1, '/')) {
			*p = '\0';
			if (lstat(path, &st) < 0)
				rc = make_level(path, err);
			*p = '/';
		}
		if (rc == 0)
			rc = make_level(path, err);
		free(path);
		if (rc == 0 && lstat(dir, &st) < 0)
			rc = os_error(dir, "cannot be used", err);
	}
	return rc < 0 ? rc : check(dir, &st, owner, true, err);
}

/* A new file is made here and not by SQLite, so that it is 0600 from its first moment. Whoever gets EEXIST lost a race:
 * fine. Closing is harmless: nobody can have locked a file that was not there. */
static int make_file(const char *path, struct gw_err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno == EEXIST ? 0 : os_error(path, "cannot be made", err);
	close(fd);
	return 0;
}

/* A database that is not there yet. Its bell comes when its first content is durable (ring_first()). */
static int make_database(const struct gw_db_account *acc, struct stat *ret, struct gw_err *err)
{
	int rc;

	if (unlink(acc->bell) < 0 && errno != ENOENT)
		return os_error(acc->bell, "cannot be replaced", err);
	rc = make_file(acc->path, err);
	if (rc == 0 && lstat(acc->path, ret) < 0)
		rc = os_error(acc->path, "cannot be used", err);
	return rc;
}

static int check_files(struct gw_db_account *acc, struct gw_err *err)
{
	uid_t owner = acc->env->opt.owner;
	struct stat st;
	bool had_content;
	int rc;

	/* Of an account that was removed nothing comes back, though somebody may still have it open. */
	if (acc->made && lstat(acc->path, &st) < 0 && errno == ENOENT)
		return gw_fail(err, GW_EIO, "%s: is gone", acc->path);
	rc = db_make_dir(acc->dir, owner, err);
	if (rc < 0)
		return rc;
	had_content = lstat(acc->bell, &st) == 0; /* before the look at the database, which may be made this moment */
	if (lstat(acc->path, &st) < 0) {
		if (errno != ENOENT)
			return os_error(acc->path, "cannot be used", err);
		rc = make_database(acc, &st, err);
		if (rc < 0)
			return rc;
	} else if (had_content && S_ISREG(st.st_mode) && st.st_size == 0) {
		/* SQLite would take it for a new database and throw its WAL away. */
		return gw_fail(err, GW_ECORRUPT, "%s: is empty, its content was lost", acc->path);
	}
	acc->made = true;
	return check(acc->path, &st, owner, false, err);
}

/* The bell says that the database was whole once. It is missing after a crash, too; nobody needs it in a store that
 * cannot be written to. */
static void ring_first(const struct gw_db_account *acc)
{
	struct stat st;

	if (lstat(acc->bell, &st) < 0 && errno == ENOENT)
		make_file(acc->bell, NULL);
}

/* A page of a mapping that the disk does not give is a signal: without the guard, the database is read and not mapped. */
static int pragmas(sqlite3 *sql, bool memory)
{
	int64_t map = !memory && gw_store_guarded() ? DB_MMAP : 0;
	char text[320];

	snprintf(text, sizeof text,
		"PRAGMA cache_size=-%d;PRAGMA mmap_size=%lld;PRAGMA synchronous=FULL;PRAGMA secure_delete=OFF;"
		"PRAGMA temp_store=MEMORY;PRAGMA trusted_schema=OFF",
		DB_CACHE_KIB, (long long)map);
	sqlite3_db_config(sql, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(sql, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_limit(sql, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_wal_autocheckpoint(sql, 0);
	sqlite3_extended_result_codes(sql, 1);
	sqlite3_busy_handler(sql, db_busy, NULL);
	return sqlite3_exec(sql, text, NULL, NULL, NULL);
}

/* In a file that has no tables yet: the form of the file. journal_mode stays in its header. */
static int form(sqlite3 *sql)
{
	char text[96];
	sqlite3_stmt *st;
	int64_t pages = 0;
	int rc = sqlite3_prepare_v2(sql, "PRAGMA page_count", -1, &st, NULL);

	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		pages = sqlite3_column_int64(st, 0);
	rc = sqlite3_finalize(st);
	if (rc != SQLITE_OK || pages)
		return rc;
	snprintf(text, sizeof text, "PRAGMA page_size=%d;PRAGMA journal_mode=WAL", DB_PAGE_SIZE);
	return sqlite3_exec(sql, text, NULL, NULL, NULL);
}

static int wal_grew(void *ctx, sqlite3 *sql, const char *name, int pages)
{
	struct gw_db_account *acc = ctx;

	(void)sql, (void)name;
	atomic_store_explicit(&acc->wal_pages, (unsigned)pages, memory_order_relaxed);
	return SQLITE_OK;
}

void db_close(struct gw_db *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < GW_SQL_COUNT; i++)
		sqlite3_finalize(db->stmt[i]);
	sqlite3_close_v2(db->sql);
	free(db);
}

char *db_frozen_uri(const char *path)
{
	struct gw_buf uri;
	char *text;

	gw_buf_init(&uri, 0);
	gw_buf_printf(&uri, "file:");
	for (; *path; path++)
		gw_buf_printf(&uri, strchr("%?#", *path) ? "%%%02X" : "%c", (unsigned char)*path);
	gw_buf_printf(&uri, "?immutable=1");
	text = gw_xslicedup(gw_buf_slice(&uri));
	gw_buf_done(&uri);
	return text;
}

static int open_file(struct gw_db *db, bool frozen)
{
	const int always = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOFOLLOW;
	char *uri = frozen ? db_frozen_uri(db->acc->path) : NULL;
	int rc = sqlite3_open_v2(uri ? uri : db->acc->path, &db->sql,
		always | (uri ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE), db_vfs());

	free(uri);
	db->frozen = frozen;
	if (rc == SQLITE_OK)
		rc = pragmas(db->sql, false);
	return rc == SQLITE_OK ? form(db->sql) : rc;
}

static bool on_readonly_fs(const char *dir)
{
	struct statvfs st;

	return statvfs(dir, &st) == 0 && st.f_flag & ST_RDONLY;
}

/* Mail can still be read when its file system has become read-only. SQLite needs a WAL beside the database for that
 * or the promise that nothing changes. */
static int open_disk(struct gw_db *db)
{
	int rc = open_file(db, false);

	if ((rc & 0xFF) != SQLITE_CANTOPEN || !on_readonly_fs(db->acc->dir))
		return rc;
	sqlite3_close_v2(db->sql);
	db->sql = NULL;
	return open_file(db, true);
}

/* While another handle, the last one, closes and takes the WAL away, SQLite says "busy" without asking db_busy(). */
static int open_patiently(struct gw_db *db)
{
	int rc, tries = 0;

	while (((rc = open_disk(db)) & 0xFF) == SQLITE_BUSY && db_busy(NULL, tries++)) {
		sqlite3_close_v2(db->sql);
		db->sql = NULL;
	}
	return rc;
}

static int open_memory(struct gw_db *db)
{
	int rc = sqlite3_open_v2(
		":memory:", &db->sql, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_MEMORY, NULL);

	return rc == SQLITE_OK ? pragmas(db->sql, true) : rc;
}

int db_open(struct gw_db_account *acc, struct gw_db **ret, struct gw_err *err)
{
	bool memory = acc->env->opt.memory;
	struct gw_db *db;
	int rc = memory ? 0 : check_files(acc, err);

	if (rc < 0)
		return rc;
	db = gw_xalloc(sizeof *db);
	db->acc = acc;
	db->faults = gw_store_faults();
	list_init(&db->idle);
	list_init(&db->lru);
	rc = memory ? open_memory(db) : open_patiently(db);
	if (rc != SQLITE_OK)
		rc = gw_db_fail(db, rc, "cannot be opened", err);
	else
		rc = gw_db_schema_ensure(db->sql, gw_db_account_path(acc), err);
	if (rc == 0 && !memory)
		sqlite3_wal_hook(db->sql, wal_grew, acc);
	if (rc == 0)
		rc = db_setup(db, err);
	if (rc < 0) {
		db_close(db);
		return rc;
	}
	if (!memory)
		ring_first(acc);
	*ret = db;
	return 0;
}

/* accounts_db.c - the file accounts.db and the handles on it
 *
 * Handles are made when somebody needs one and kept in a list; a thread that works with one has taken it
 * out. SQLite handles must not cross a fork, so a child that finds its parent's in the list forgets them
 * (closing would disturb the parent's locks) and opens its own. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/local/accounts_priv.h"

#define APPLICATION_ID 0x47574143 /* "GWAC": so that no other database is taken for ours */
#define BUSY_MS 5000
#define WAL_TRIES 100

/* One step each from version N to N+1; the last one's number is the version we write. */
static const char *const migrations[] = {
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE user("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" name TEXT NOT NULL UNIQUE,"
	" hash TEXT NOT NULL DEFAULT '',"
	" enabled INTEGER NOT NULL DEFAULT 1,"
	" disabled INTEGER NOT NULL DEFAULT 0,"
	" storage_limit INTEGER NOT NULL DEFAULT 0,"
	" messages_limit INTEGER NOT NULL DEFAULT 0,"
	" change INTEGER NOT NULL,"
	" created INTEGER NOT NULL,"
	" changed INTEGER NOT NULL,"
	" scram_iterations INTEGER, scram_salt BLOB, scram_stored BLOB, scram_server BLOB);"
	"PRAGMA application_id=1196900675;",

	"ALTER TABLE user ADD COLUMN mailboxes_limit INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE user ADD COLUMN annotations_limit INTEGER NOT NULL DEFAULT 0;",

	"ALTER TABLE user ADD COLUMN moved_server TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE user ADD COLUMN moved_user TEXT NOT NULL DEFAULT '';",
};
#define VERSION ((int)(sizeof migrations / sizeof *migrations))
_Static_assert(APPLICATION_ID == 1196900675, "the number in the first migration");

static const struct {
	int sqlite, code;
} codes[] = {
	{ SQLITE_BUSY, GW_EUNAVAIL },   { SQLITE_LOCKED, GW_EUNAVAIL },  { SQLITE_CORRUPT, GW_ECORRUPT },
	{ SQLITE_NOTADB, GW_ECORRUPT }, { SQLITE_FULL, GW_ENOSPC },      { SQLITE_READONLY, GW_EROFS },
	{ SQLITE_PERM, GW_EACCES },     { SQLITE_CONSTRAINT, GW_EEXIST }, { SQLITE_TOOBIG, GW_ELIMIT },
	{ SQLITE_INTERRUPT, GW_EINTR },
};

int accounts_db_fail(const struct local_accounts *a, sqlite3 *db, const char *doing, struct gw_err *err)
{
	int rc = db ? sqlite3_errcode(db) : SQLITE_NOMEM;
	enum gw_code code = GW_EIO;

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (codes[i].sqlite == (rc & 0xFF))
			code = (enum gw_code)codes[i].code;
	return gw_fail(err, code, "%s: cannot %s: %s", a->file, doing, db ? sqlite3_errmsg(db) : "out of memory");
}

int accounts_prepare(const struct local_accounts *a, sqlite3 *db, const char *sql, sqlite3_stmt **ret, struct gw_err *err)
{
	if (sqlite3_prepare_v2(db, sql, -1, ret, NULL) != SQLITE_OK)
		return accounts_db_fail(a, db, "prepare a statement", err);
	return 0;
}

/* ---- opening ---- */

/* Refuse what another user of the machine may have put there: links, foreign owners, files others may write. */
static int check_file(const char *file, struct gw_err *err)
{
	struct stat st;

	if (lstat(file, &st) < 0)
		return errno == ENOENT ? GW_ENOENT : gw_fail(err, gw_code_errno(errno), "%s: %s", file, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return gw_fail(err, GW_EACCES, "%s is not a regular file (links are not followed)", file);
	if (st.st_nlink != 1)
		return gw_fail(err, GW_EACCES, "%s has a second name (hard link)", file);
	if (st.st_uid != geteuid())
		return gw_fail(err, GW_EACCES, "%s belongs to user %u, not to us", file, (unsigned)st.st_uid);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return gw_fail(err, GW_EACCES, "%s can be written by others", file);
	return 0;
}

static int check_root(const char *root, struct gw_err *err)
{
	struct stat st;

	if (stat(root, &st) < 0)
		return gw_fail(err, gw_code_errno(errno), "%s: %s", root, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return gw_fail(err, GW_EINVAL, "%s is not a directory", root);
	if (st.st_mode & S_IWOTH)
		return gw_fail(err, GW_EACCES, "%s can be written by everybody", root);
	return 0;
}

/* Make the empty file with its mode before SQLite sees it; -wal and -shm take the mode over. */
static int create_file(const char *file, struct gw_err *err)
{
	int fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 && errno != EEXIST)
		return gw_fail(err, gw_code_errno(errno), "cannot create %s: %s", file, strerror(errno));
	if (fd >= 0)
		close(fd);
	return check_file(file, err);
}

/* Several processes may switch a new file to WAL at once; the busy handler does not cover that. */
static int set_wal(const struct local_accounts *a, sqlite3 *db, struct gw_err *err)
{
	for (int i = 0; i < WAL_TRIES; i++) {
		int rc = sqlite3_exec(db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);

		if (rc == SQLITE_OK)
			return 0;
		if (rc != SQLITE_BUSY && rc != SQLITE_LOCKED)
			break;
		sqlite3_sleep(20);
	}
	return accounts_db_fail(a, db, "switch to WAL", err);
}

static int connect_db(const struct local_accounts *a, sqlite3 **ret, struct gw_err *err)
{
	static const char pragmas[] = "PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
				      "PRAGMA cache_size=-512;";
	sqlite3 *db = NULL;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (a->memory ? SQLITE_OPEN_MEMORY : SQLITE_OPEN_NOFOLLOW);
	int rc = sqlite3_open_v2(a->file, &db, flags, NULL);

	if (rc == SQLITE_OK) {
		sqlite3_busy_timeout(db, BUSY_MS);
		sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	}
	if (rc != SQLITE_OK || sqlite3_exec(db, pragmas, NULL, NULL, NULL) != SQLITE_OK)
		rc = accounts_db_fail(a, db, "open", err);
	else if (!a->memory)
		rc = set_wal(a, db, err);
	if (rc < 0)
		sqlite3_close(db);
	else
		*ret = db;
	return rc;
}

static int read_int(const struct local_accounts *a, sqlite3 *db, const char *sql, int *ret, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = accounts_prepare(a, db, sql, &st, err);

	if (rc < 0)
		return rc;
	if (sqlite3_step(st) == SQLITE_ROW)
		*ret = sqlite3_column_int(st, 0);
	else
		rc = accounts_db_fail(a, db, "read", err);
	sqlite3_finalize(st);
	return rc;
}

static int migrate_from(const struct local_accounts *a, sqlite3 *db, int version, struct gw_err *err)
{
	char sql[64];

	for (; version < VERSION; version++)
		if (sqlite3_exec(db, migrations[version], NULL, NULL, NULL) != SQLITE_OK)
			return accounts_db_fail(a, db, "bring the tables up to date", err);
	snprintf(sql, sizeof sql, "PRAGMA user_version=%d", VERSION);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return accounts_db_fail(a, db, "note the version", err);
	return 0;
}

/* Inside the transaction: what version is it, and is it ours at all? */
static int migrate_inside(const struct local_accounts *a, sqlite3 *db, struct gw_err *err)
{
	int version = 0, app = 0, tables = 0;
	int rc = read_int(a, db, "PRAGMA user_version", &version, err);

	if (rc == 0)
		rc = read_int(a, db, "PRAGMA application_id", &app, err);
	if (rc == 0)
		rc = read_int(a, db, "SELECT count(*) FROM sqlite_schema", &tables, err);
	if (rc < 0)
		return rc;
	if (app != APPLICATION_ID && (app || version || tables))
		return gw_fail(err, GW_ECORRUPT, "%s is not an account database", a->file);
	if (version > VERSION)
		return gw_fail(err, GW_ENOTSUP, "%s was made by a newer version (%d, we know %d)", a->file, version, VERSION);
	return version < VERSION ? migrate_from(a, db, version, err) : 0;
}

int accounts_migrate(const struct local_accounts *a, sqlite3 *db, struct gw_err *err)
{
	int rc = 0;

	if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		return accounts_db_fail(a, db, "begin a change", err);
	rc = migrate_inside(a, db, err);
	if (rc == 0 && sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		rc = accounts_db_fail(a, db, "commit", err);
	if (rc < 0)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

/* ---- constants kept in the file ---- */

/* The value of key, made from `fresh` when missing: the first writer wins, all read the same. n: octets there must be. */
static int meta_constant(const struct local_accounts *a, sqlite3 *db, const char *key, const void *fresh, size_t n,
			 void *ret, struct gw_err *err)
{
	static const char put[] = "INSERT INTO meta(key,value) VALUES(?1,?2) ON CONFLICT DO NOTHING";
	static const char get[] = "SELECT value FROM meta WHERE key=?1";
	sqlite3_stmt *st = NULL;
	int rc = accounts_prepare(a, db, get, &st, err);

	if (rc == 0) {
		sqlite3_bind_text(st, 1, key, -1, SQLITE_STATIC);
		if (sqlite3_step(st) == SQLITE_ROW && (size_t)sqlite3_column_bytes(st, 0) == n) {
			memcpy(ret, sqlite3_column_blob(st, 0), n);
			sqlite3_finalize(st);
			return 0;
		}
		rc = sqlite3_reset(st) == SQLITE_OK ? 0 : accounts_db_fail(a, db, "read", err);
	}
	sqlite3_finalize(st);
	if (rc == 0 && fresh) {
		rc = accounts_prepare(a, db, put, &st, err);
		if (rc < 0)
			return rc;
		sqlite3_bind_text(st, 1, key, -1, SQLITE_STATIC);
		sqlite3_bind_blob(st, 2, fresh, (int)n, SQLITE_STATIC);
		rc = sqlite3_step(st) == SQLITE_DONE ? 0 : accounts_db_fail(a, db, "write", err);
		sqlite3_finalize(st);
		return rc < 0 ? rc : meta_constant(a, db, key, NULL, n, ret, err);
	}
	return rc < 0 ? rc : gw_fail(err, GW_ECORRUPT, "%s: \"%s\" is damaged", a->file, key);
}

/* The secret, and the hash of the user who does not exist. */
static int load_constants(struct local_accounts *a, sqlite3 *db, struct gw_err *err)
{
	unsigned char secret[ACCOUNTS_MAC];
	int rc = accounts_random(secret, sizeof secret, err);

	if (rc == 0)
		rc = meta_constant(a, db, "secret", secret, sizeof secret, a->secret, err);
	return rc < 0 ? rc : accounts_hash_nobody(a->hash_cost, a->dummy_hash, err);
}

/* ---- handles ---- */

static void handle_close(struct accounts_handle *h)
{
	sqlite3_finalize(h->by_name);
	sqlite3_finalize(h->by_id);
	sqlite3_close(h->db);
	free(h);
}

static int check_present(const struct local_accounts *a, struct gw_err *err)
{
	int rc = a->memory ? 0 : check_file(a->file, err);

	return rc == GW_ENOENT ? gw_fail(err, GW_EIO, "%s is gone", a->file) : rc;
}

/* A handle with its statements on an open database, which it takes over even when this fails. */
static int handle_make(const struct local_accounts *a, sqlite3 *db, struct accounts_handle **ret, struct gw_err *err)
{
	struct accounts_handle *h = gw_xalloc(sizeof *h);
	int rc;

	h->db = db;
	rc = accounts_dirs_function(a, db) == SQLITE_OK ? 0 : accounts_db_fail(a, db, "add a function", err);
	if (rc == 0)
		rc = accounts_prepare(a, db, "SELECT " ACCOUNTS_COLUMNS " FROM user WHERE name=?1", &h->by_name, err);
	if (rc == 0)
		rc = accounts_prepare(a, db, "SELECT " ACCOUNTS_COLUMNS " FROM user WHERE id=?1", &h->by_id, err);
	if (rc < 0)
		handle_close(h);
	else
		*ret = h;
	return rc;
}

static int handle_open(const struct local_accounts *a, struct accounts_handle **ret, struct gw_err *err)
{
	sqlite3 *db;
	int rc = check_present(a, err);

	if (rc < 0)
		return rc;
	rc = connect_db(a, &db, err);
	return rc < 0 ? rc : handle_make(a, db, ret, err);
}

int accounts_take(struct local_accounts *a, struct accounts_handle **ret, struct gw_err *err)
{
	struct accounts_handle *h;
	pid_t me = getpid();

	pthread_mutex_lock(&a->lock);
	if (a->pid != me && !a->memory)
		a->idle = NULL; /* the parent's: not ours to use, nor to close */
	a->pid = me;
	while (a->memory && !a->idle)
		pthread_cond_wait(&a->given, &a->lock);
	h = a->idle;
	if (h)
		a->idle = h->next;
	pthread_mutex_unlock(&a->lock);
	if (!h)
		return handle_open(a, ret, err);
	*ret = h;
	return 0;
}

void accounts_give(struct local_accounts *a, struct accounts_handle *h)
{
	if (!h)
		return;
	pthread_mutex_lock(&a->lock);
	h->next = a->idle;
	a->idle = h;
	pthread_cond_signal(&a->given);
	pthread_mutex_unlock(&a->lock);
}

static void close_idle(struct local_accounts *a)
{
	struct accounts_handle *h, *next;

	pthread_mutex_lock(&a->lock);
	h = a->pid == getpid() ? a->idle : NULL;
	a->idle = NULL;
	pthread_mutex_unlock(&a->lock);
	for (; h; h = next) {
		next = h->next;
		handle_close(h);
	}
}

void local_accounts_tidy(struct local_accounts *a)
{
	if (!a->memory)
		close_idle(a);
}

/* ---- rows ---- */

/* A number that must not be negative. */
static bool column_u64(sqlite3_stmt *st, int i, uint64_t *ret)
{
	int64_t v = sqlite3_column_int64(st, i);

	*ret = (uint64_t)v;
	return sqlite3_column_type(st, i) == SQLITE_INTEGER && v >= 0;
}

/* Text that fits, without NUL inside. */
static bool column_text(sqlite3_stmt *st, int i, char *ret, size_t size)
{
	const char *text = (const char *)sqlite3_column_text(st, i);
	size_t n = (size_t)sqlite3_column_bytes(st, i);

	if (!text || n >= size || memchr(text, 0, n))
		return false;
	memcpy(ret, text, n + 1);
	return true;
}

static bool column_blob(sqlite3_stmt *st, int i, void *ret, size_t n)
{
	const void *p = sqlite3_column_blob(st, i);

	if (!p || (size_t)sqlite3_column_bytes(st, i) != n)
		return false;
	memcpy(ret, p, n);
	return true;
}

static bool read_scram(sqlite3_stmt *st, struct accounts_row *ret)
{
	uint64_t iterations;

	if (sqlite3_column_type(st, 10) == SQLITE_NULL)
		return true;
	ret->has_scram = true;
	if (!column_u64(st, 10, &iterations) || iterations < ACCOUNTS_SCRAM_ITERATIONS || iterations > 10000000)
		return false;
	ret->scram.iterations = (uint32_t)iterations;
	return column_blob(st, 11, ret->scram.salt, sizeof ret->scram.salt) &&
	       column_blob(st, 12, ret->scram.stored_key, sizeof ret->scram.stored_key) &&
	       column_blob(st, 13, ret->scram.server_key, sizeof ret->scram.server_key);
}

int accounts_row_read(sqlite3_stmt *st, struct accounts_row *ret, struct gw_err *err)
{
	struct local_user *u = &ret->user;
	bool ok;

	memset(ret, 0, sizeof *ret);
	ok = column_u64(st, 0, &u->id) && u->id > 0 && column_text(st, 1, u->name, sizeof u->name) &&
	     column_text(st, 2, ret->hash, sizeof ret->hash) && column_u64(st, 5, &u->limits.storage) &&
	     column_u64(st, 6, &u->limits.messages) && read_scram(st, ret) && column_u64(st, 14, &u->limits.mailboxes) &&
	     column_u64(st, 15, &u->limits.annotations) && column_text(st, 16, u->moved.server, sizeof u->moved.server) &&
	     column_text(st, 17, u->moved.user, sizeof u->moved.user) && accounts_moved_ok(&u->moved);
	if (!ok)
		return gw_fail(err, GW_ECORRUPT, "account %lld is damaged in the account database",
			       (long long)sqlite3_column_int64(st, 0));
	u->enabled = sqlite3_column_int(st, 3) == 1;
	u->disabled = (unsigned)sqlite3_column_int(st, 4);
	u->change = (uint64_t)sqlite3_column_int64(st, 7);
	u->created = sqlite3_column_int64(st, 8);
	u->changed = sqlite3_column_int64(st, 9);
	return 0;
}

/* Step a bound lookup, read its row, and leave the statement ready for the next. */
static int row_get(struct local_accounts *a, struct accounts_handle *h, sqlite3_stmt *st, struct accounts_row *ret,
		   struct gw_err *err)
{
	int rc = sqlite3_step(st);

	if (rc == SQLITE_ROW)
		rc = accounts_row_read(st, ret, err);
	else if (rc == SQLITE_DONE)
		rc = gw_fail(err, GW_ENOENT, "no such user");
	else
		rc = accounts_db_fail(a, h->db, "look up a user", err);
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return rc;
}

int accounts_row_by_name(struct local_accounts *a, const char *name, struct accounts_row *ret, struct gw_err *err)
{
	struct accounts_handle *h;
	int rc = accounts_take(a, &h, err);

	if (rc < 0)
		return rc;
	sqlite3_bind_text(h->by_name, 1, name, -1, SQLITE_STATIC);
	rc = row_get(a, h, h->by_name, ret, err);
	accounts_give(a, h);
	return rc;
}

int accounts_row_by_id(struct local_accounts *a, uint64_t id, struct accounts_row *ret, struct gw_err *err)
{
	struct accounts_handle *h;
	int rc = accounts_take(a, &h, err);

	if (rc < 0)
		return rc;
	sqlite3_bind_int64(h->by_id, 1, (int64_t)id);
	rc = row_get(a, h, h->by_id, ret, err);
	accounts_give(a, h);
	return rc;
}

/* ---- the object ---- */

/* SQLite would take an empty file for a new database. That is right in a new store only. */
static int check_lost(const struct local_accounts *a, bool missing, struct gw_err *err)
{
	struct stat st;

	if (!missing && (lstat(a->file, &st) < 0 || st.st_size > 0))
		return 0;
	if (!accounts_dirs_any(a))
		return 0;
	return gw_fail(err, GW_ECORRUPT,
		       "%s is %s, but beside it is mail in the folder \"users\": bring it back from a backup, or move that folder away",
		       a->file, missing ? "missing" : "empty");
}

/* Make or migrate the file. In memory the handle made here is the only one. */
static int prepare_file(struct local_accounts *a, struct gw_err *err)
{
	sqlite3 *db = NULL;
	int rc = a->memory ? 0 : check_file(a->file, err);
	int lost = a->memory || (rc < 0 && rc != GW_ENOENT) ? 0 : check_lost(a, rc == GW_ENOENT, err);

	if (lost < 0)
		return lost;
	if (rc == GW_ENOENT)
		rc = create_file(a->file, err);
	if (rc == 0)
		rc = connect_db(a, &db, err);
	if (rc == 0)
		rc = accounts_migrate(a, db, err);
	if (rc == 0)
		rc = load_constants(a, db, err);
	if (rc == 0 && a->memory)
		return handle_make(a, db, &a->idle, err);
	sqlite3_close(db);
	return rc;
}

/* Where the file is: symbolic links in the configured path are the operator's, one in place of the file is not. */
static int place_file(struct local_accounts *a, const char *dir, struct gw_err *err)
{
	char *root = realpath(dir, NULL);
	int rc;

	if (!root)
		return gw_fail(err, gw_code_errno(errno), "%s: %s", dir, strerror(errno));
	rc = check_root(root, err);
	free(a->file);
	a->file = gw_xasprintf("%s/accounts.db", root);
	free(root);
	return rc;
}

int local_accounts_open(const struct local_accounts_options *opt, struct local_accounts **ret, struct gw_err *err)
{
	struct local_accounts *a = gw_xalloc(sizeof *a);
	int rc = 0;

	a->clock = opt->clock;
	a->cache_ttl_s = opt->cache_ttl_s;
	a->hash_cost = opt->hash_cost;
	a->pid = getpid();
	a->memory = !opt->root;
	a->file = gw_xstrdup(":memory:");
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->given, NULL);
	if (opt->root)
		rc = place_file(a, opt->root, err);
	if (rc == 0)
		rc = prepare_file(a, err);
	if (rc == 0 && a->cache_ttl_s)
		rc = accounts_cache_new(ACCOUNTS_CACHE_SLOTS, &a->cache, err);
	if (rc < 0)
		local_accounts_close(a);
	else
		*ret = a;
	return rc;
}

void local_accounts_close(struct local_accounts *a)
{
	if (!a)
		return;
	close_idle(a);
	accounts_cache_free(a->cache);
	pthread_cond_destroy(&a->given);
	pthread_mutex_destroy(&a->lock);
	gw_wipe(a->secret, sizeof a->secret);
	free(a->file);
	free(a);
}

void local_account_dir(uint64_t id, char ret[LOCAL_ACCOUNT_DIR_MAX])
{
	snprintf(ret, LOCAL_ACCOUNT_DIR_MAX, "users/%02x/%016llx", (unsigned)(id & 0xFF), (unsigned long long)id);
}

/* textdb.c - text.db: its tables, opening and forgetting (see text.h)
 *
 * WAL, synchronous NORMAL: after a power failure the last transactions may be missing, and are simply made again. A handle lives
 * for one question or one update, so nothing of the file is in use for long; it is read, not mapped, which for so short a time would
 * cost more than it saves. */
#include "store/local/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/mem.h"

#define VERSION	    5
#define APPLICATION 0x47575458 /* "GWTX" */
#define BUSY_MS	    5000
#define PAGE_SIZE   8192
#define CACHE_KIB   256	 /* of a question, which comes to most pages once; so little stays in the processor's cache, too */
#define WRITE_KIB   4096 /* the same of a writer */

static const char tables[] =
	"DROP TABLE IF EXISTS meta; DROP TABLE IF EXISTS text; DROP TABLE IF EXISTS block; DROP TABLE IF EXISTS sig;"
	"DROP TABLE IF EXISTS address;"
	"CREATE TABLE meta("
	" one INTEGER PRIMARY KEY CHECK(one=1),"
	" key BLOB NOT NULL,"
	" upto INTEGER NOT NULL,"
	" swept INTEGER NOT NULL"
	") STRICT;"
	"INSERT INTO meta VALUES(1, zeroblob(16), 0, 0);"
	"CREATE TABLE text("
	" id INTEGER PRIMARY KEY," /* content */
	" size INTEGER NOT NULL,"  /* octets of the message */
	" data BLOB NOT NULL"	   /* struct text_head, then the folded text */
	") STRICT;"
	"CREATE TABLE block("
	" first INTEGER PRIMARY KEY," /* content */
	" last INTEGER NOT NULL,"
	" bits INTEGER NOT NULL,"	   /* of a signature, by enum text_part */
	" header_bits INTEGER NOT NULL,"
	" members BLOB NOT NULL" /* struct text_member, by column */
	") STRICT;"
	"CREATE TABLE sig("
	" id INTEGER PRIMARY KEY," /* text_sig_id() */
	" data BLOB NOT NULL"
	") STRICT;"
	"CREATE TABLE address(" /* of those texts that have addresses which their keys have not */
	" id INTEGER PRIMARY KEY," /* content */
	" data BLOB NOT NULL"      /* text_addresses_pack() */
	") STRICT;"
	"PRAGMA application_id=0x47575458; PRAGMA user_version=5;";

int text_db_fail(struct text_db *t, int rc, struct gw_err *err)
{
	int code = gw_db_code(rc);

	if (code == GW_ECORRUPT)
		t->damaged = true;
	return gw_fail(err, (enum gw_code)code, "%s: %s", t->path,
		t->sql ? sqlite3_errmsg(t->sql) : sqlite3_errstr(rc));
}

int text_db_exec(struct text_db *t, const char *sql, struct gw_err *err)
{
	int rc = sqlite3_exec(t->sql, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : text_db_fail(t, rc, err);
}

int text_db_prepare(struct text_db *t, const char *sql, sqlite3_stmt **ret, struct gw_err *err)
{
	int rc = sqlite3_prepare_v2(t->sql, sql, -1, ret, NULL);

	return rc == SQLITE_OK ? 0 : text_db_fail(t, rc, err);
}

/* Is it ours and of our version? */
static int check(struct text_db *t, bool *ret, struct gw_err *err)
{
	int64_t v[2] = { 0, 0 };
	static const char *const ask[2] = { "PRAGMA application_id", "PRAGMA user_version" };

	for (int i = 0; i < 2; i++) {
		sqlite3_stmt *st;
		int rc = text_db_prepare(t, ask[i], &st, err);

		if (rc < 0)
			return rc;
		rc = sqlite3_step(st);
		if (rc == SQLITE_ROW)
			v[i] = sqlite3_column_int64(st, 0);
		sqlite3_finalize(st);
		if (rc != SQLITE_ROW)
			return text_db_fail(t, rc, err);
	}
	*ret = v[0] == APPLICATION && v[1] == VERSION;
	return 0;
}

bool text_db_is_old(const char *path)
{
	unsigned char v[4] = { 0 }; /* user_version, as SQLite's header has it */
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	bool known = fd >= 0 && pread(fd, v, sizeof v, 60) == (ssize_t)sizeof v;

	if (fd >= 0)
		close(fd);
	return known && (v[0] || v[1] || v[2] || v[3] != VERSION);
}

static int open_file(struct text_db *t, bool write, struct gw_err *err)
{
	char setup[160];
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (write ? SQLITE_OPEN_CREATE : 0);
	int rc = sqlite3_open_v2(t->path, &t->sql, flags, NULL);

	if (rc != SQLITE_OK)
		return text_db_fail(t, rc, err);
	sqlite3_extended_result_codes(t->sql, 1);
	sqlite3_busy_timeout(t->sql, BUSY_MS);
	/* A question must not pay for what the writer left in the WAL. */
	sqlite3_db_config(t->sql, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !write, NULL);
	snprintf(setup, sizeof setup, "PRAGMA page_size=%d;PRAGMA cache_size=-%d;PRAGMA mmap_size=0;"
		"PRAGMA synchronous=NORMAL;PRAGMA trusted_schema=OFF", PAGE_SIZE, write ? WRITE_KIB : CACHE_KIB);
	return text_db_exec(t, setup, err);
}

/* Make the tables anew if they are not there as we want them; another process may be doing so. */
static int make(struct text_db *t, struct gw_err *err)
{
	bool ours = false;
	int rc = text_db_exec(t, "PRAGMA journal_mode=WAL;BEGIN IMMEDIATE", err);

	if (rc == 0)
		rc = check(t, &ours, err);
	if (rc == 0 && !ours)
		rc = text_db_exec(t, tables, err);
	return rc == 0 ? text_db_exec(t, "COMMIT", err) : rc;
}

/* The file stays, because others may have it open. */
int text_db_reset(struct text_db *t, struct gw_err *err)
{
	int rc;

	t->damaged = false;
	sqlite3_db_config(t->sql, SQLITE_DBCONFIG_RESET_DATABASE, 1, NULL);
	rc = text_db_exec(t, "VACUUM", err);
	sqlite3_db_config(t->sql, SQLITE_DBCONFIG_RESET_DATABASE, 0, NULL);
	return rc < 0 ? rc : make(t, err);
}

/* SQLite would make it readable for others. */
static void make_private(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
}

static int open_db(struct text_db *t, bool write, struct gw_err *err)
{
	bool ours = false;
	int rc;

	if (write)
		make_private(t->path);
	rc = open_file(t, write, err);
	if (rc == 0)
		rc = check(t, &ours, err);
	if (rc < 0 && t->damaged && write)
		return text_db_reset(t, err);
	if (rc < 0 || ours)
		return rc;
	return write ? make(t, err) : gw_fail(err, GW_ENOENT, "%s: is not of our version", t->path);
}

/* While another handle, the last one, closes and takes the WAL away, or the first one makes the file, SQLite says "busy"
 * without waiting. */
static int open_patiently(struct text_db *t, bool write, struct gw_err *err)
{
	const struct timespec pause = { .tv_nsec = 5 * 1000 * 1000 };
	uint64_t end = gw_mono_ms(gw_clock_system()) + BUSY_MS;
	int rc;

	while ((rc = open_db(t, write, err)) == GW_EBUSY && gw_mono_ms(gw_clock_system()) < end) {
		sqlite3_close(t->sql);
		t->sql = NULL;
		nanosleep(&pause, NULL);
	}
	return rc;
}

int text_db_open(const char *dir, bool write, struct text_db **ret, struct gw_err *err)
{
	struct text_db *t = gw_xalloc(sizeof *t);
	int rc;

	t->path = gw_xasprintf("%s/text.db", dir);
	if (!write && access(t->path, F_OK) < 0)
		rc = gw_fail(err, GW_ENOENT, "%s: %s", t->path, strerror(errno));
	else
		rc = open_patiently(t, write, err);
	if (rc < 0) {
		text_db_close(t);
		return rc;
	}
	*ret = t;
	return 0;
}

/* Who has found damage sees to it that the next update makes the index anew: that is what its time on the file tells. */
static void throw_away(struct text_db *t)
{
	sqlite3_exec(t->sql, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_busy_timeout(t->sql, 0); /* who writes at the moment finds the damage, too */
	sqlite3_db_config(t->sql, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	text_db_reset(t, NULL);
}

void text_db_close(struct text_db *t)
{
	if (!t)
		return;
	if (t->damaged && t->sql)
		throw_away(t);
	sqlite3_close(t->sql);
	free(t->path);
	free(t);
}

int text_db_meta(struct text_db *t, struct text_meta *ret, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = text_db_prepare(t, "SELECT key, upto, swept, max(upto, ifnull((SELECT max(id) FROM text), 0)) FROM meta", &st, err);

	if (rc < 0)
		return rc;
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW && sqlite3_column_bytes(st, 0) == (int)sizeof ret->key) {
		memcpy(ret->key, sqlite3_column_blob(st, 0), sizeof ret->key);
		ret->upto = (uint64_t)sqlite3_column_int64(st, 1);
		ret->swept = sqlite3_column_int64(st, 2);
		ret->highest = (uint64_t)sqlite3_column_int64(st, 3);
		rc = 0;
	} else {
		rc = text_db_fail(t, rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_CORRUPT : rc, err);
	}
	sqlite3_finalize(st);
	return rc;
}

int text_db_fits(const struct text_meta *meta, struct gw_db *db, bool *ret, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(db, GW_SQL_ACCOUNT, &st, err, 0);

	if (rc <= 0)
		return rc ? rc : gw_fail(err, GW_ECORRUPT, "%s: has no row of the account", gw_db_account_path(db->acc));
	*ret = memcmp(meta->key, db->key, sizeof meta->key) == 0 &&
	       meta->highest < (uint64_t)sqlite3_column_int64(st, 1);
	sqlite3_reset(st);
	return 0;
}

/* salvage.c - a sound mail database out of a damaged one
 *
 * While SQLite's lock on the damaged file keeps all writers out, a copy of it is put aside and its rows are read into
 * a new database, which then is checked and put right as any other. Its pages take the place of the damaged ones
 * in the same file in one transaction: other processes, which have it open, go on with the new content. A file
 * whose first page is destroyed cannot be locked nor opened by anybody; rows are read from a copy with a first
 * page of ours, and the new file takes the name. */
#include "store/account/salvage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/account/check.h"

#define TRIES 3 /* when others write in the moment between reading and replacing */

static const struct salvage_table tables[] = {
	{ "account", "one", NULL, NULL },
	{ "mailbox", "id", NULL, NULL },
	{ "chunk", "id", NULL, NULL },
	{ "content", "id", NULL, NULL },
	{ "header", "id", NULL, NULL },
	{ "search", "id", NULL, NULL },
	{ "body", "id", NULL, NULL },
	{ "msgid", "hash", NULL, NULL },
	{ "shared", "content", NULL, NULL },
	{ "pending", "id", NULL, NULL },
	{ "subscription", NULL, "name", "name DESC" },
	{ "expunged", NULL, "mailbox, modseq", "mailbox DESC, modseq DESC" },
	{ "uidl", NULL, "mailbox, uid", "mailbox DESC, uid DESC" },
	{ "import", "id", NULL, NULL },
	{ "metadata", NULL, "space, mailbox, name", "space DESC, mailbox DESC, name DESC" },
	{ "annotation", NULL, "mailbox, uid, name, who", "mailbox DESC, uid DESC, name DESC, who DESC" },
	{ "rights", NULL, "mailbox, who", "mailbox DESC, who DESC" },
	{ "imported", NULL, "import, key", "import DESC, key DESC" },
};

struct salvage {
	struct db_maint *m;
	struct gw_db_account *acc;
	sqlite3 *old;    /* locked; NULL: it cannot be opened */
	sqlite3 *watch;
	int64_t version;
	char *aside;     /* the damaged file is kept here */
	char *source;    /* a copy with a first page of ours; NULL: not needed */
	char *fresh;     /* the new file */
	sqlite3 *to;
};

static int sql_failed(const char *path, sqlite3 *sql, int rc, const char *what, struct gw_err *err)
{
	return gw_fail(err, (enum gw_code)gw_db_code(rc), "%s: %s: %s", path, what,
		sql ? sqlite3_errmsg(sql) : sqlite3_errstr(rc));
}

static int os_failed(const char *path, const char *what, struct gw_err *err)
{
	return gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s: %s", path, what, strerror(errno));
}

int salvage_open(const char *path, sqlite3 **ret)
{
	int rc = sqlite3_open_v2(
		path, ret, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, db_vfs());

	if (rc == SQLITE_OK) {
		sqlite3_busy_handler(*ret, db_busy, NULL);
		rc = sqlite3_exec(*ret, "PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF;", NULL, NULL, NULL);
	}
	return rc;
}

void salvage_remove(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };

	for (size_t i = 0; path && i < sizeof ends / sizeof *ends; i++) {
		char *file = gw_xasprintf("%s%s", path, ends[i]);

		unlink(file);
		free(file);
	}
}

/* ---- the damaged file ---- */

/* Lock it, if SQLite can make anything of it. */
static int lock_old(struct salvage *s, struct gw_err *err)
{
	const char *path = gw_db_account_path(s->acc);
	int rc = salvage_open(path, &s->old);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(s->old, "BEGIN IMMEDIATE; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
	if (rc == SQLITE_OK) {
		rc = salvage_open(path, &s->watch);
		return rc == SQLITE_OK ? salvage_version(s->watch, path, &s->version, err)
				       : sql_failed(path, s->watch, rc, "cannot be opened", err);
	}
	if (gw_db_code(rc) != GW_ECORRUPT)
		return sql_failed(path, s->old, rc, "cannot be locked", err);
	sqlite3_close(s->old);
	s->old = NULL;
	return 0;
}

/* The first page of a new file of ours, made to fit the damaged one: tables are made in one order, so their roots lie
 * where they always do. */
static int put_first_page(const char *fresh, const char *source, struct gw_err *err)
{
	unsigned char page[DB_PAGE_SIZE];
	int from = open(fresh, O_RDONLY | O_CLOEXEC), to = open(source, O_RDWR | O_CLOEXEC), rc = 0;
	struct stat st;

	if (from < 0 || to < 0 || pread(from, page, sizeof page, 0) != sizeof page || fstat(to, &st) < 0) {
		rc = os_failed(source, "cannot be given a first page", err);
	} else {
		uint32_t pages = (uint32_t)(st.st_size / DB_PAGE_SIZE);

		for (int i = 0; i < 4; i++)
			page[28 + i] = (unsigned char)(pages >> (24 - 8 * i)); /* size of the file */
		memset(page + 32, 0, 8);					   /* no free pages */
		if (pwrite(to, page, sizeof page, 0) != sizeof page)
			rc = os_failed(source, "cannot be given a first page", err);
	}
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return rc;
}

/* ---- the new file ---- */

static int make_fresh(struct salvage *s, struct gw_err *err)
{
	char text[64];
	int fd, rc;

	salvage_remove(s->fresh);
	fd = open(s->fresh, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return os_failed(s->fresh, "cannot be made", err);
	close(fd);
	snprintf(text, sizeof text, "PRAGMA page_size=%d; PRAGMA journal_mode=TRUNCATE;", DB_PAGE_SIZE);
	rc = salvage_open(s->fresh, &s->to);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(s->to, text, NULL, NULL, NULL);
	return rc == SQLITE_OK ? gw_db_schema_ensure(s->to, s->fresh, err)
			       : sql_failed(s->fresh, s->to, rc, "cannot be made", err);
}

/* Without its row the account gets another key; the walk raises its numbers. */
static int ensure_account(struct salvage *s, struct gw_err *err)
{
	unsigned char key[16];
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_exec(s->to, "DELETE FROM account WHERE length(key)<>16", NULL, NULL, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(s->to, "INSERT OR IGNORE INTO account VALUES(1,?1,1,1,?2,0,0,1)", -1, &st, NULL);
	if (rc != SQLITE_OK)
		return sql_failed(s->fresh, s->to, rc, "cannot be written", err);
	if (getrandom(key, sizeof key, 0) != sizeof key) {
		rc = gw_fail(err, GW_EIO, "the operating system gives no random numbers");
	} else {
		sqlite3_bind_blob(st, 1, key, sizeof key, SQLITE_STATIC);
		sqlite3_bind_int64(st, 2, gw_wall_s(s->acc->env->opt.clock));
		rc = sqlite3_step(st);
		rc = rc == SQLITE_DONE ? 0 : sql_failed(s->fresh, s->to, rc, "cannot be written", err);
	}
	sqlite3_finalize(st);
	return rc;
}

/* The walk works on a handle; this one is made for it on the new file. */
static int put_right(struct salvage *s, struct gw_err *err)
{
	struct gw_db *db = gw_xalloc(sizeof *db);
	int rc;

	db->sql = s->to;
	db->acc = s->acc;
	list_init(&db->idle);
	list_init(&db->lru);
	rc = db_setup(db, err);
	if (rc == 0)
		rc = check_walk(s->m, db, true, err);
	for (size_t i = 0; i < GW_SQL_COUNT; i++)
		sqlite3_finalize(db->stmt[i]);
	free(db);
	return rc;
}

/* Along the trees; then, for tables whose tree is broken, page by page. */
static int read_tables(struct salvage *s, sqlite3 *from, struct gw_err *err)
{
	const char *broken[sizeof tables / sizeof *tables + 1];
	char *scratch = gw_xasprintf("%s.pages", s->fresh);
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < sizeof tables / sizeof *tables && rc == 0; i++) {
		bool bad = false;

		rc = salvage_rows(s->m, from, s->to, &tables[i], &bad, err);
		if (bad && tables[i].key)
			broken[n++] = tables[i].name;
	}
	broken[n] = NULL;
	if (rc == 0 && n)
		/* SQLite does not copy from a handle that is about to write; the other one sees the same. */
		rc = salvage_pages(s->m, s->watch ? s->watch : from, s->to, scratch, broken, err);
	salvage_remove(scratch);
	free(scratch);
	return rc;
}

static int fill_fresh(struct salvage *s, sqlite3 *from, struct gw_err *err)
{
	int rc = sqlite3_exec(s->to, "BEGIN", NULL, NULL, NULL);

	rc = rc == SQLITE_OK ? read_tables(s, from, err) : sql_failed(s->fresh, s->to, rc, "cannot be written", err);
	if (rc == 0)
		rc = ensure_account(s, err);
	if (rc == 0)
		rc = put_right(s, err);
	if (rc == 0 && (rc = sqlite3_exec(s->to, "COMMIT", NULL, NULL, NULL)) != SQLITE_OK)
		rc = sql_failed(s->fresh, s->to, rc, "cannot be written", err);
	return rc;
}

/* ---- in its place ---- */

/* The damaged file can be locked: the new content goes into it. */
static int replace_inside(struct salvage *s, struct gw_err *err)
{
	const char *path = gw_db_account_path(s->acc);
	int rc = salvage_copy_files(path, s->aside, err);

	if (rc == 0)
		rc = fill_fresh(s, s->old, err);
	if (rc == 0 && sqlite3_exec(s->old, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK)
		rc = gw_fail(err, GW_EIO, "%s: cannot be unlocked", path);
	if (rc == 0)
		rc = salvage_replace(s->m, s->to, s->old, s->watch, s->version, path, err);
	if (rc == 0)
		sqlite3_wal_checkpoint_v2(s->old, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return rc;
}

static int rename_if_there(const char *from, const char *to, struct gw_err *err)
{
	return rename(from, to) < 0 && errno != ENOENT ? os_failed(from, "cannot be put aside", err) : 0;
}

/* The WAL first: it must never lie beside the new file. */
static int swap_files(struct salvage *s, struct gw_err *err)
{
	const char *path = gw_db_account_path(s->acc);
	char *wal = gw_xasprintf("%s-wal", path), *shm = gw_xasprintf("%s-shm", path);
	char *aside_wal = gw_xasprintf("%s-wal", s->aside);
	int rc = rename_if_there(wal, aside_wal, err), fd;

	unlink(shm);
	/* The name is never free: somebody could make an empty database of it. */
	if (rc == 0 && link(path, s->aside) < 0)
		rc = os_failed(s->aside, "cannot be made", err);
	if (rc == 0 && rename(s->fresh, path) < 0)
		rc = os_failed(path, "cannot be replaced", err);
	fd = open(gw_db_account_dir(s->acc), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (rc == 0 && (fd < 0 || fsync(fd) < 0))
		rc = os_failed(path, "cannot be brought to the disk", err);
	if (fd >= 0)
		close(fd);
	free(wal);
	free(shm);
	free(aside_wal);
	return rc;
}

/* Nobody can open the damaged file. */
static int replace_file(struct salvage *s, struct gw_err *err)
{
	sqlite3 *from = NULL;
	int rc;

	s->source = gw_xasprintf("%s.source", s->fresh);
	salvage_remove(s->source);
	rc = salvage_copy_files(gw_db_account_path(s->acc), s->source, err);
	if (rc == 0)
		rc = put_first_page(s->fresh, s->source, err);
	if (rc == 0 && (rc = salvage_open(s->source, &from)) != SQLITE_OK)
		rc = sql_failed(s->source, from, rc, "cannot be opened", err);
	if (rc == 0)
		rc = fill_fresh(s, from, err);
	sqlite3_close(from);
	if (rc == 0 && (rc = sqlite3_exec(s->to, "PRAGMA journal_mode=WAL", NULL, NULL, NULL)) != SQLITE_OK)
		rc = sql_failed(s->fresh, s->to, rc, "cannot be written", err);
	sqlite3_close(s->to);
	s->to = NULL;
	return rc < 0 ? rc : swap_files(s, err);
}

static int salvage_once(struct gw_db_account *acc, struct db_maint *m, struct gw_err *err)
{
	struct salvage s = { .m = m, .acc = acc };
	int rc = lock_old(&s, err);

	s.aside = salvage_aside(gw_db_account_path(acc));
	s.fresh = gw_xasprintf("%s.fresh", gw_db_account_path(acc));
	if (rc == 0)
		rc = make_fresh(&s, err);
	if (rc == 0)
		rc = s.old ? replace_inside(&s, err) : replace_file(&s, err);
	if (rc == 0)
		maint_repaired(m, "what could be read is in a new file; the damaged one is %s", s.aside);
	sqlite3_close(s.to);
	sqlite3_close(s.old);
	sqlite3_close(s.watch);
	salvage_remove(s.fresh);
	salvage_remove(s.source);
	if (rc < 0 && s.old)
		salvage_remove(s.aside);
	free(s.aside);
	free(s.fresh);
	free(s.source);
	return rc;
}

int db_salvage(struct gw_db_account *acc, struct db_maint *m, struct gw_err *err)
{
	struct gw_maint_report before = m->report;
	int rc = db_lock_writer(acc, err);

	if (rc < 0)
		return rc;
	for (int i = 0; i < TRIES; i++) {
		m->report = before;
		rc = salvage_once(acc, m, err);
		if (rc != GW_EBUSY)
			break;
	}
	db_unlock_writer(acc);
	gw_db_account_drop_handles(acc);
	return rc;
}

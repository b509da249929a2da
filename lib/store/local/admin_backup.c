/* admin_backup.c - copying a store, or one account of it, while it works
 *
 * The copy has the shape of a store: each database is written under another name and gets its own when it is whole and on
 * disk, and is then noted in the manifest with its digest. An interrupted backup goes on: what it has finished and what
 * has not changed since is left as it is. accounts.db comes last, so that a directory with one has the mail, too; of one
 * account it has that account's row alone. A lock on the directory keeps two backups apart. */
#include "store/local/admin.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/account/priv.h"
#include "store/local/accounts_priv.h"
#include "store/local/admin_copy.h"
#include "util/mem.h"
#include "util/num.h"

#define SHARE_COPY 80u  /* of a hundred parts of the time of an account; the rest is its digest */
#define SETTLE_S 2      /* a file that was written so lately may change again without another time on it */

struct backup {
	struct admin_run run; /* first */
	struct manifest *manifest;
	uint64_t only;        /* the one account; 0: all */
};

static int failed(const char *path, const char *what, struct gw_err *err)
{
	return gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s: %s", path, what, strerror(errno));
}

/* ---- where things lie ---- */

char *admin_copy_path(const char *dir, uint64_t id)
{
	char name[LOCAL_ACCOUNT_DIR_MAX];

	if (id == 0)
		return gw_xasprintf("%s/accounts.db", dir);
	local_account_dir(id, name);
	return gw_xasprintf("%s/%s/mail.db", dir, name);
}

/* ---- did the original change? ---- */

static int64_t file_time(const struct stat *st)
{
	return st->st_mtim.tv_sec * INT64_C(1000000000) + st->st_mtim.tv_nsec;
}

/* Times and sizes of a database and its WAL, where every commit goes. "-": somebody may be writing this moment. */
static void take_stamp(const struct local_store *ls, uint64_t id, char ret[MANIFEST_STAMP])
{
	char *path = ls->memory ? NULL : admin_copy_path(ls->root, id);
	char *wal = path ? gw_xasprintf("%s-wal", path) : NULL;
	struct stat db, log = { .st_size = 0 };
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(ret, MANIFEST_STAMP, "-");
	if (path && lstat(path, &db) == 0) {
		if (lstat(wal, &log) < 0 || log.st_size == 0)
			log = (struct stat){ .st_size = 0 };
		if (db.st_mtim.tv_sec < now.tv_sec - SETTLE_S && log.st_mtim.tv_sec < now.tv_sec - SETTLE_S)
			snprintf(ret, MANIFEST_STAMP, "%" PRId64 ".%" PRId64 ".%" PRId64 ".%" PRId64, file_time(&db),
				(int64_t)db.st_size, file_time(&log), (int64_t)log.st_size);
	}
	free(wal);
	free(path);
}

/* The copy there is of the account as it is now. */
static bool is_done(struct admin_run *r, uint64_t id)
{
	struct backup *b = (struct backup *)r;
	const struct manifest_file *f = manifest_find(b->manifest, id);
	char stamp[MANIFEST_STAMP], *path;
	struct stat st;
	bool same;

	if (!f || f->stamp[0] == '-')
		return false;
	take_stamp(r->ls, id, stamp);
	path = admin_copy_path(r->dir, id);
	same = strcmp(stamp, f->stamp) == 0 && lstat(path, &st) == 0 && (uint64_t)st.st_size == f->size;
	free(path);
	return same;
}

/* ---- copying ---- */

bool admin_digest_step(void *ctx, uint64_t done)
{
	struct admin_digest *d = ctx;

	return maint_step(&d->run->dm, "reading the copy", done, d->total);
}

/* A copy is whole: note it. */
static int note(struct backup *b, uint64_t id, const char *stamp, struct gw_err *err)
{
	struct admin_digest progress = { .run = &b->run };
	struct manifest_file f = { .id = id };
	char *path = admin_copy_path(b->run.dir, id);
	struct stat st;
	int rc = 0;

	if (lstat(path, &st) < 0)
		rc = failed(path, "cannot be read", err);
	progress.total = rc == 0 ? (uint64_t)st.st_size : 0;
	maint_share(&b->run.dm, SHARE_COPY, 100);
	if (rc == 0)
		rc = manifest_digest(path, admin_digest_step, &progress, f.digest, &f.size, err);
	snprintf(f.stamp, sizeof f.stamp, "%s", stamp);
	free(path);
	return rc < 0 ? rc : manifest_put(b->manifest, &f, err);
}

static int copy_account(struct admin_run *r, uint64_t id, struct gw_db_account *acc, struct gw_err *err)
{
	char name[LOCAL_ACCOUNT_DIR_MAX], stamp[MANIFEST_STAMP], *dir;
	int rc;

	local_account_dir(id, name);
	dir = gw_xasprintf("%s/%s", r->dir, name);
	take_stamp(r->ls, id, stamp); /* before it is read: what is written meanwhile is another state */
	maint_share(&r->dm, 0, SHARE_COPY);
	rc = db_make_dir(dir, r->ls->env->opt.owner, err);
	if (rc == 0)
		rc = db_backup(acc, &r->dm, dir, err);
	if (rc == 0)
		rc = note((struct backup *)r, id, stamp, err);
	free(dir);
	return rc;
}

/* Leave one row in a copy of accounts.db: a backup of one user tells nothing of the others. */
static int keep_one(const char *path, uint64_t id, struct gw_err *err)
{
	char sql[160];
	sqlite3 *db = NULL;
	int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, NULL);

	snprintf(sql, sizeof sql, "PRAGMA journal_mode=DELETE; DELETE FROM user WHERE id<>%" PRIu64 "; VACUUM;", id);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	rc = rc == SQLITE_OK ? 0 : gw_fail(err, (enum gw_code)gw_db_code(rc), "%s: cannot be written: %s", path,
					   sqlite3_errmsg(db));
	sqlite3_close(db);
	return rc;
}

static int copy_accounts(struct backup *b, struct gw_err *err)
{
	char *path = admin_copy_path(b->run.dir, 0), *one = gw_xasprintf("%s.one", path);
	int rc = admin_begin(&b->run, "(accounts)", 0, err);

	if (rc == 0)
		rc = admin_accounts_copy(&b->run, b->only ? one : path, err);
	if (rc == 0 && b->only) {
		rc = keep_one(one, b->only, err);
		if (rc == 0 && rename(one, path) < 0)
			rc = failed(path, "cannot be made", err);
		if (rc == 0)
			rc = admin_sync_dir(b->run.dir, err);
	}
	if (rc == 0)
		rc = note(b, 0, "-", err);
	free(one);
	free(path);
	return rc;
}

/* ---- the directory ---- */

/* Something that is not of a backup of ours: nothing is written over. */
static int must_be_free(const char *dir, const char *name, struct gw_err *err)
{
	char *path = gw_xasprintf("%s/%s", dir, name);
	struct stat st;
	int rc = lstat(path, &st) == 0 ? gw_fail(err, GW_EEXIST, "%s: there is a store or a copy of one already", dir) : 0;

	free(path);
	return rc;
}

static int open_manifest(struct backup *b, struct gw_err *err)
{
	const struct gw_slice what = GW_S("backup");
	unsigned char mac[ACCOUNTS_MAC];
	char of[MANIFEST_OF], hex[17], *path = gw_xasprintf("%s/manifest", b->run.dir);
	bool there = access(path, F_OK) == 0;
	int rc = there ? 0 : must_be_free(b->run.dir, "accounts.db", err);

	free(path);
	if (rc == 0 && !there)
		rc = must_be_free(b->run.dir, "users", err);
	if (rc < 0)
		return rc;
	accounts_hmac(b->run.ls->accounts->secret, &what, 1, mac);
	gw_put_hex(hex, mac, 8);
	snprintf(of, sizeof of, "%s/%" PRIx64, hex, b->only);
	rc = manifest_begin(b->run.dir, of, &b->manifest, err);
	if (rc == 0 && b->manifest->complete && !b->run.m->resume)
		rc = gw_fail(err, GW_EEXIST, "%s: there is a whole backup already; it can be brought up to date", b->run.dir);
	return rc;
}

/* The directory, locked: its descriptor, or a code. */
static int open_target(const struct admin_run *r, struct gw_err *err)
{
	int fd, rc;

	if (!r->dir || r->dir[0] != '/')
		return gw_fail(err, GW_EINVAL, "the directory of a backup is an absolute path");
	rc = db_make_dir(r->dir, r->ls->env->opt.owner, err);
	if (rc < 0)
		return rc;
	fd = open(r->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return failed(r->dir, "cannot be opened", err);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		close(fd);
		return gw_fail(err, GW_EBUSY, "%s: another backup is being written there", r->dir);
	}
	return fd;
}

/* Copies of accounts that are gone. The row in accounts.db went before: whoever restores does not miss them. */
static int drop_gone(struct backup *b, struct gw_err *err)
{
	struct local_user u;
	int rc = 0;

	for (size_t i = manifest_count(b->manifest); i-- > 0 && rc == 0;) {
		uint64_t id = manifest_at(b->manifest, i)->id;
		char name[LOCAL_ACCOUNT_DIR_MAX], *dir;

		if (id == 0 || local_accounts_by_id(b->run.ls->accounts, id, &u, NULL) != GW_ENOENT)
			continue;
		local_account_dir(id, name);
		dir = gw_xasprintf("%s/%s", b->run.dir, name);
		rc = admin_remove_tree(dir, err);
		free(dir);
		manifest_drop(b->manifest, id);
	}
	return rc;
}

static int copy_all(struct backup *b, struct gw_err *err)
{
	int rc = admin_run(&b->run, err);

	if (rc == 0)
		rc = copy_accounts(b, err);
	if (rc == 0)
		rc = drop_gone(b, err);
	if (rc == 0)
		rc = manifest_finish(b->manifest, gw_wall_s(b->run.ls->clock), err);
	return rc < 0 ? rc : admin_sync_dir(b->run.dir, err);
}

int gw_admin_backup(struct gw_store *s, const struct gw_maint *m, const char *dir, struct gw_maint_report *ret,
	struct gw_err *err)
{
	struct backup b = { .run = { .m = m, .dir = dir, .is_done = is_done, .on_account = copy_account } };
	struct local_user u = { .id = 0 };
	int rc = admin_store(s, &b.run.ls, err), fd;

	if (rc == 0 && m->user.n)
		rc = admin_find(b.run.ls, m->user, &u, err);
	if (rc < 0)
		return rc;
	b.only = u.id;
	fd = open_target(&b.run, err);
	if (fd < 0)
		return fd;
	rc = open_manifest(&b, err);
	if (rc == 0)
		rc = copy_all(&b, err);
	manifest_close(b.manifest);
	close(fd);
	if (rc == 0 && ret)
		*ret = b.run.dm.report;
	return rc;
}

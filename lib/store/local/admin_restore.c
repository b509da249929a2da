/* admin_restore.c - bringing accounts back from a backup
 *
 * A file is copied beside the account's database and verified while it is read; only then something is replaced, see
 * account/restore.c. A new account gets its directory first, then its mail, and its row last: it appears whole. */
#include "store/local/admin_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/account/priv.h"
#include "store/account/salvage.h"
#include "store/local/text.h"
#include "util/mem.h"

#define SHARE_COPY 60u /* of a hundred parts of the time of an account; then it is read once more, then it is replaced */
#define SHARE_READ 80u
#define PIECE ((size_t)1 << 20)
#define ID_TRIES 100

struct restore {
	struct admin_run run;
	const struct gw_restore *what;
	struct admin_copy copy;
};

/* One account of the backup. */
struct item {
	struct accounts_row row;
	char name[GW_USER_NAME_MAX + 1];  /* that it gets */
	const struct manifest_file *file; /* NULL: it has no mail */
};

static int failed(const char *path, const char *what, struct gw_err *err)
{
	return gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s: %s", path, what, strerror(errno));
}

/* ---- copying ---- */

static int write_piece(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

/* A file that grows meanwhile is not followed: what is behind total is not what was written. */
static int copy_octets(struct restore *r, int from, int to, const char *path, uint64_t total, struct gw_err *err)
{
	char *piece = gw_xalloc(PIECE);
	uint64_t done = 0;
	ssize_t n;
	int rc = 0;

	while (rc == 0 && done <= total && (n = read(from, piece, PIECE)) != 0) {
		if (n < 0 ? errno != EINTR : write_piece(to, piece, (size_t)n) < 0)
			rc = failed(path, "cannot be copied", err);
		done += n > 0 ? (uint64_t)n : 0;
		if (rc == 0 && !maint_step(&r->run.dm, "copying", done, total))
			rc = maint_go_on(&r->run.dm, err);
	}
	if (rc == 0 && fsync(to) < 0)
		rc = failed(path, "cannot be brought to the disk", err);
	free(piece);
	return rc;
}

/* The file of the backup as path to: what was copied is what is verified. */
static int stage(struct restore *r, const struct manifest_file *f, const char *to, struct gw_err *err)
{
	char *path = admin_copy_path(r->copy.dir, f->id);
	uint64_t size = 0;
	int in = manifest_open_file(path, &size, err), out = -1, rc = in < 0 ? in : 0;

	salvage_remove(to);
	if (rc == 0 && size != f->size)
		rc = GW_ECORRUPT;
	else if (rc == 0 && (out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)) < 0)
		rc = failed(to, "cannot be made", err);
	maint_share(&r->run.dm, 0, SHARE_COPY);
	if (rc == 0)
		rc = copy_octets(r, in, out, path, f->size, err);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	maint_share(&r->run.dm, SHARE_COPY, SHARE_READ);
	if (rc == 0)
		rc = admin_copy_check(&r->run, to, f, err);
	if (rc == GW_ECORRUPT)
		rc = gw_fail(err, GW_ECORRUPT, "%s: is not what was written, its size or SHA-256 differs", path);
	if (rc < 0)
		unlink(to);
	free(path);
	return rc;
}

/* ---- one account ---- */

/* The text index is of other messages now. It is derived: failing costs a search some time. */
static void forget_text(const char *dir)
{
	char *path = gw_xasprintf("%s/text.db", dir);
	struct text_db *t;

	if (access(path, F_OK) == 0 && text_db_open(dir, true, &t, NULL) == 0) {
		text_db_reset(t, NULL);
		text_db_close(t);
	}
	free(path);
}

/* Put the mail of item into account id. */
static int put_mail(struct restore *r, const struct item *item, uint64_t id, struct gw_err *err)
{
	char *dir = gw_local_account_dir(r->run.ls, id), *staged = gw_xasprintf("%s/mail.db.restoring", dir);
	struct gw_db_account *acc = NULL;
	int rc = db_make_dir(dir, r->run.ls->env->opt.owner, err);

	if (rc == 0)
		rc = stage(r, item->file, staged, err);
	if (rc == 0)
		rc = local_db_open(r->run.ls, id, &acc, err);
	if (rc == 0) {
		if (r->what->end_sessions)
			r->what->end_sessions(r->run.m->ctx, item->name);
		maint_share(&r->run.dm, SHARE_READ, 100);
		rc = db_restore(acc, &r->run.dm, staged, err);
		gw_db_account_unref(acc);
	}
	if (rc == 0) {
		forget_text(dir);
		gw_local_text_notify(r->run.ls, id);
	}
	free(staged);
	free(dir);
	return rc;
}

/* A number for a new account; its directory keeps others from taking it. */
static int reserve(struct restore *r, uint64_t *ret, char **ret_dir, struct gw_err *err)
{
	int rc = GW_EEXIST;

	for (int i = 0; i < ID_TRIES && rc == GW_EEXIST; i++) {
		char *dir, *up;

		rc = accounts_next_id(r->run.ls->accounts, ret, err);
		if (rc < 0)
			return rc;
		dir = gw_local_account_dir(r->run.ls, *ret);
		up = gw_xslicedup(gw_slice(dir, (size_t)(strrchr(dir, '/') - dir)));
		rc = db_make_dir(up, r->run.ls->env->opt.owner, err);
		free(up);
		if (rc == 0 && mkdir(dir, 0700) < 0)
			rc = errno == EEXIST ? GW_EEXIST : failed(dir, "cannot be made", err);
		if (rc == 0)
			*ret_dir = dir;
		else
			free(dir);
	}
	return rc;
}

static int make_account(struct restore *r, const struct item *item, struct gw_err *err)
{
	uint64_t id = 0;
	char *dir = NULL;
	int rc = reserve(r, &id, &dir, err);

	if (rc < 0)
		return rc;
	if (item->file)
		rc = put_mail(r, item, id, err);
	if (rc == 0)
		rc = accounts_insert(r->run.ls->accounts, id, item->name, &item->row, err);
	if (rc < 0)
		admin_remove_tree(dir, NULL);
	free(dir);
	return rc;
}

/* An interrupted run has made it just so? */
static bool is_made(const struct restore *r, const struct item *item)
{
	struct accounts_row now;
	bool made = r->run.m->resume &&
		    accounts_row_by_name(r->run.ls->accounts, item->name, &now, NULL) == 0 &&
		    now.user.created == item->row.user.created && strcmp(now.hash, item->row.hash) == 0;

	gw_wipe(&now, sizeof now);
	return made && !r->what->replace;
}

static int restore_item(struct restore *r, const struct item *item, struct gw_err *err)
{
	struct local_user u;
	int rc = admin_begin(&r->run, item->name, item->file ? item->file->size : 0, err);

	if (rc < 0)
		return rc;
	r->run.dm.report.accounts++;
	rc = admin_find(r->run.ls, gw_slice_str(item->name), &u, NULL);
	if (rc == GW_ENOENT)
		rc = make_account(r, item, err);
	else if (rc == 0 && is_made(r, item))
		rc = 0;
	else if (rc == 0 && !r->what->replace)
		rc = gw_fail(err, GW_EEXIST, "user \"%s\" exists already", item->name);
	else if (rc == 0 && item->file)
		rc = put_mail(r, item, u.id, err);
	admin_end(&r->run);
	return rc;
}

/* ---- one, all ---- */

static int read_item(struct restore *r, uint64_t id, struct item *ret, struct gw_err *err)
{
	int rc = admin_copy_row(&r->copy, id, NULL, &ret->row, err);

	if (rc < 0)
		return rc;
	memcpy(ret->name, ret->row.user.name, sizeof ret->name);
	ret->file = manifest_find(r->copy.manifest, id);
	return 0;
}

static int restore_one(struct restore *r, struct gw_err *err)
{
	struct item item = { .file = NULL };
	char name[GW_USER_NAME_MAX + 1];
	int rc = local_user_name(r->run.m->user, name, err);

	if (rc == 0)
		rc = admin_copy_row(&r->copy, 0, name, &item.row, err);
	if (rc == 0)
		rc = read_item(r, item.row.user.id, &item, err);
	if (rc == 0 && r->what->as.n)
		rc = local_user_name(r->what->as, item.name, err);
	if (rc == 0) {
		r->run.accounts = 1;
		r->run.bytes = item.file ? item.file->size : 0;
		rc = restore_item(r, &item, err);
	}
	gw_wipe(&item, sizeof item);
	return rc;
}

/* What is left to do, as numbers in *ids; without replace none of it may exist. */
static int plan(struct restore *r, uint64_t *ids, size_t *n, struct gw_err *err)
{
	struct item item = { .file = NULL };
	struct local_user u;
	size_t left = 0;
	int rc = 0;

	for (size_t i = 0; i < *n && rc == 0; i++) {
		if (r->run.journal && admin_journal_has(r->run.journal, ids[i])) {
			r->run.dm.report.skipped++;
			continue;
		}
		rc = read_item(r, ids[i], &item, err);
		if (rc == 0 && !r->what->replace && admin_find(r->run.ls, gw_slice_str(item.name), &u, NULL) == 0 &&
			!is_made(r, &item))
			rc = gw_fail(err, GW_EEXIST, "user \"%s\" exists already; nothing was done", item.name);
		r->run.bytes += rc == 0 && item.file ? item.file->size : 0;
		ids[left++] = ids[i];
	}
	gw_wipe(&item, sizeof item);
	r->run.accounts = *n = left;
	return rc;
}

static int restore_ids(struct restore *r, const uint64_t *ids, size_t n, struct gw_err *err)
{
	struct item item = { .file = NULL };
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		rc = read_item(r, ids[i], &item, err);
		if (rc == 0)
			rc = restore_item(r, &item, err);
		if (rc == 0 && r->run.journal)
			admin_journal_add(r->run.journal, ids[i]);
	}
	gw_wipe(&item, sizeof item);
	return rc;
}

/* The journal is of this backup as it is: another one that was written there is another piece of work. */
static int restore_all(struct restore *r, struct gw_err *err)
{
	const struct manifest_file *f = manifest_find(r->copy.manifest, 0);
	struct gw_arena arena;
	uint64_t *ids, mark = 0;
	const char *title;
	size_t n = 0;
	int rc;

	gw_arena_init(&arena, 0, 0);
	memcpy(&mark, f->digest, sizeof mark);
	title = gw_arena_printf(&arena, "restore %016" PRIx64 " %s", mark, r->copy.dir);
	rc = admin_journal_open(r->run.ls, "restore", gw_slice_str(title), r->run.m->resume, &r->run.journal, err);
	if (rc == 0)
		rc = admin_copy_ids(&r->copy, &arena, &ids, &n, err);
	if (rc == 0)
		rc = plan(r, ids, &n, err);
	if (rc == 0)
		rc = restore_ids(r, ids, n, err);
	admin_journal_close(r->run.journal, rc == 0);
	gw_arena_done(&arena);
	return rc;
}

int gw_admin_restore(struct gw_store *s, const struct gw_maint *m, const struct gw_restore *what,
	struct gw_maint_report *ret, struct gw_err *err)
{
	struct restore r = { .run = { .m = m }, .what = what };
	int rc = admin_store(s, &r.run.ls, err);

	if (rc == 0 && r.run.ls->memory)
		rc = gw_fail(err, GW_ENOTSUP, "nothing is brought back into a store in memory");
	if (rc == 0 && what->as.n && !m->user.n)
		rc = gw_fail(err, GW_EINVAL, "another name is given to one account, not to all: say which");
	if (rc < 0)
		return rc;
	admin_listen(&r.run);
	rc = admin_copy_open(&r.copy, what->dir, true, err);
	if (rc == 0)
		rc = m->user.n ? restore_one(&r, err) : restore_all(&r, err);
	admin_copy_close(&r.copy);
	if (rc == 0)
		*ret = r.run.dm.report;
	return rc;
}

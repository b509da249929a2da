/* admin_backup.c - copying a store, or one account of it, while it works
 *
 * The copy grows in a directory of its own inside the target, and what is in there moves up when all is on
 * disk, accounts.db last: a target with an accounts.db is whole. A lock on the target keeps two backups apart;
 * what an interrupted one left is removed by the next. */
#include "store/local/admin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/account/priv.h"
#include "util/mem.h"

#define PARTIAL "partial"

static int failed(const char *path, const char *what, struct gw_err *err)
{
	return gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s: %s", path, what, strerror(errno));
}

static int copy_accounts(struct admin_run *r, struct gw_err *err)
{
	char *path = gw_xasprintf("%s/" PARTIAL "/accounts.db", r->dir);
	int rc = admin_accounts_copy(r, path, err);

	free(path);
	return rc;
}

static int copy_account(struct admin_run *r, uint64_t id, struct gw_db_account *acc, struct gw_err *err)
{
	char name[LOCAL_ACCOUNT_DIR_MAX], *dir;
	int rc;

	local_account_dir(id, name);
	dir = gw_xasprintf("%s/" PARTIAL "/%s", r->dir, name);
	rc = db_make_dir(dir, r->ls->env->opt.owner, err);
	if (rc == 0)
		rc = db_backup(acc, &r->dm, dir, err);
	free(dir);
	return rc;
}

/* Move one thing up into the target; nothing when there is none. */
static int move_up(const char *dir, const char *name, struct gw_err *err)
{
	char *from = gw_xasprintf("%s/" PARTIAL "/%s", dir, name);
	char *to = gw_xasprintf("%s/%s", dir, name);
	int rc = rename(from, to) < 0 && errno != ENOENT ? failed(to, "cannot be made", err) : 0;

	if (rc == 0)
		rc = admin_sync_dir(dir, err);
	free(from);
	free(to);
	return rc;
}

/* GW_EEXIST when something of that name is in the target. */
static int must_be_free(const char *dir, const char *name, struct gw_err *err)
{
	char *path = gw_xasprintf("%s/%s", dir, name);
	struct stat st;
	int rc = lstat(path, &st) == 0 ? gw_fail(err, GW_EEXIST, "%s holds a backup already", dir) : 0;

	free(path);
	return rc;
}

/* The target, locked: its descriptor, or a code. */
static int open_target(struct admin_run *r, struct gw_err *err)
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
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		rc = gw_fail(err, GW_EBUSY, "%s: another backup is being written there", r->dir);
	if (rc == 0)
		rc = must_be_free(r->dir, "accounts.db", err);
	if (rc == 0)
		rc = must_be_free(r->dir, "users", err);
	if (rc < 0)
		close(fd);
	return rc < 0 ? rc : fd;
}

static int copy_all(struct admin_run *r, const char *partial, struct gw_err *err)
{
	int rc = admin_remove_tree(partial, err);

	if (rc == 0)
		rc = db_make_dir(partial, r->ls->env->opt.owner, err);
	if (rc == 0)
		rc = admin_run(r, err);
	if (rc == 0)
		rc = move_up(r->dir, "users", err);
	if (rc == 0 && r->m->user.n == 0)
		rc = move_up(r->dir, "accounts.db", err);
	return rc;
}

int gw_admin_backup(struct gw_store *s, const struct gw_maint *m, const char *dir, struct gw_err *err)
{
	struct admin_run r = { .m = m, .dir = dir, .on_accounts = copy_accounts, .on_account = copy_account };
	char *partial;
	int rc = admin_store(s, &r.ls, err), fd;

	if (rc < 0)
		return rc;
	fd = open_target(&r, err);
	if (fd < 0)
		return fd;
	partial = gw_xasprintf("%s/" PARTIAL, dir);
	rc = copy_all(&r, partial, err);
	admin_remove_tree(partial, NULL);
	free(partial);
	close(fd);
	return rc;
}

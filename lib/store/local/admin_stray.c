/* admin_stray.c - mail on disk that belongs to no account
 *
 * A directory whose name says that its account was being removed is what an interruption has left. Another one may
 * be of an account that only its row was lost of (or that a copied-back accounts.db does not know): nobody but
 * the operator can tell, so it stays. */
#include "store/local/admin.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/mem.h"

#define ID_DIGITS 16

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && strcmp(name + n - m, end) == 0;
}

/* The number in a directory's name; 0: it is none of ours. */
static uint64_t id_of(const char *name)
{
	char *end;
	uint64_t id;

	if (strspn(name, "0123456789abcdef") != ID_DIGITS)
		return 0;
	errno = 0;
	id = strtoull(name, &end, 16);
	return errno || end != name + ID_DIGITS ? 0 : id;
}

static int left_over(struct admin_run *r, const char *path, bool fix, struct gw_err *err)
{
	int rc;

	maint_problem(&r->dm, "%s: an account was removed, its mail not in full", path);
	if (!fix)
		return 0;
	rc = admin_remove_tree(path, err);
	if (rc == 0)
		maint_repaired(&r->dm, "%s: removed", path);
	return rc;
}

/* A session that was signed on when its account went may have left an empty directory. */
static bool has_mail(const char *dir)
{
	char *path = gw_xasprintf("%s/mail.db", dir);
	bool yes = access(path, F_OK) == 0;

	free(path);
	return yes;
}

static int look_at(struct admin_run *r, const char *dir, const char *name, bool fix, struct gw_err *err)
{
	char *path = gw_xasprintf("%s/%s", dir, name);
	struct local_user u;
	uint64_t id = id_of(name);
	int rc = 0;

	if (id && ends_with(name, ADMIN_DELETED)) {
		rc = left_over(r, path, fix, err);
	} else if (id && name[ID_DIGITS] == '\0') {
		rc = local_accounts_by_id(r->ls->accounts, id, &u, NULL);
		if (rc == GW_ENOENT && has_mail(path))
			maint_problem(&r->dm, "%s: mail of an account that is not there", path);
		rc = 0;
	}
	free(path);
	return rc;
}

typedef int (*name_fn)(struct admin_run *r, const char *dir, const char *name, bool fix, struct gw_err *err);

static int for_names(struct admin_run *r, const char *dir, name_fn fn, bool fix, struct gw_err *err)
{
	DIR *d = opendir(dir);
	const struct dirent *e;
	int rc = 0;

	if (!d)
		return errno == ENOENT || errno == ENOTDIR
			       ? 0
			       : gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s", dir, strerror(errno));
	while (rc == 0 && (e = readdir(d)))
		if (e->d_name[0] != '.')
			rc = fn(r, dir, e->d_name, fix, err);
	closedir(d);
	return rc < 0 ? rc : maint_go_on(&r->dm, err);
}

static int look_below(struct admin_run *r, const char *dir, const char *name, bool fix, struct gw_err *err)
{
	char *path = gw_xasprintf("%s/%s", dir, name);
	int rc = for_names(r, path, look_at, fix, err);

	free(path);
	return rc;
}

int admin_stray_mail(struct admin_run *r, bool fix, struct gw_err *err)
{
	char *dir;
	int rc;

	if (r->ls->memory)
		return 0;
	dir = gw_xasprintf("%s/users", r->ls->root);
	rc = for_names(r, dir, look_below, fix, err);
	free(dir);
	return rc;
}

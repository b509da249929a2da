/* admin_maint.c - check, repair and vacuum: going through the databases of a store
 *
 * One account after the other, beside its sessions. What is wrong with one does not keep the others from being
 * looked at. */
#include "store/local/admin.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "store/local/accounts_priv.h"
#include "util/mem.h"

static bool on_tell(void *ctx, enum gw_maint_what what, const char *text, uint64_t done, uint64_t total)
{
	struct admin_run *r = ctx;
	const struct gw_maint_event ev = {
		.what = what, .account = r->account, .text = text, .done = done, .total = total
	};

	return !r->m->progress || r->m->progress(r->m->ctx, &ev);
}

static int begin(struct admin_run *r, const char *account, struct gw_err *err)
{
	r->account = account;
	if (!r->dm.stopped && !on_tell(r, GW_MAINT_ACCOUNT, account, 0, 0))
		r->dm.stopped = true;
	return maint_go_on(&r->dm, err);
}

/* Keep the first failure; true: go on with the next one. */
static bool noted(struct admin_run *r, int rc, const struct gw_err *now, int *first, struct gw_err *err)
{
	if (rc == 0)
		return true;
	if (*first == 0 || rc == GW_EINTR) {
		*first = rc;
		if (err)
			*err = *now;
	}
	if (rc == GW_EINTR || !r->every)
		return false;
	maint_problem(&r->dm, "%s", now->text);
	return true;
}

/* Is there a database? An account nobody has used yet has none. */
static bool has_files(const struct local_store *ls, uint64_t id)
{
	char *dir, *path;
	struct stat st;
	bool yes;

	if (ls->memory)
		return true;
	dir = gw_local_account_dir(ls, id);
	path = gw_xasprintf("%s/mail.db", dir);
	yes = lstat(path, &st) == 0 || errno != ENOENT;
	free(path);
	free(dir);
	return yes;
}

static int run_account(struct admin_run *r, uint64_t id, const char *name, struct gw_err *err)
{
	struct gw_db_account *acc;
	bool public = r->ls->public_account && strcmp(r->ls->public_account, name) == 0;
	int rc = begin(r, public ? "(public)" : name, err);

	if (rc < 0 || !has_files(r->ls, id))
		return rc;
	r->dm.report.accounts++;
	rc = local_db_open(r->ls, id, &acc, err);
	if (rc == 0) {
		rc = r->on_account(r, id, acc, err);
		gw_db_account_unref(acc);
	}
	return rc;
}

static int run_one(struct admin_run *r, struct gw_err *err)
{
	char name[GW_USER_NAME_MAX + 1];
	struct accounts_row row;
	int rc = local_user_name(r->m->user, name, err);

	if (rc == 0)
		rc = accounts_row_by_name(r->ls->accounts, name, &row, err);
	if (rc == GW_ENOENT)
		return gw_fail(err, GW_ENOENT, "no user \"%s\"", name);
	if (rc == 0)
		rc = run_account(r, row.user.id, row.user.name, err);
	gw_wipe(&row, sizeof row);
	return rc;
}

/* An account that was removed meanwhile is left out. */
static int run_id(struct admin_run *r, uint64_t id, struct gw_err *err)
{
	struct local_user u;
	int rc = local_accounts_by_id(r->ls->accounts, id, &u, err);

	if (rc == GW_ENOENT)
		return 0;
	return rc < 0 ? rc : run_account(r, id, u.name, err);
}

static int run_all(struct admin_run *r, struct gw_err *err)
{
	struct gw_arena arena;
	struct gw_err now = { .text = "" };
	uint64_t *ids = NULL;
	size_t n = 0;
	int rc = begin(r, "(accounts)", err), first = 0;

	if (rc < 0)
		return rc;
	gw_arena_init(&arena, 0, 0);
	if (r->on_accounts)
		rc = r->on_accounts(r, &now);
	if (noted(r, rc, &now, &first, err))
		rc = local_accounts_ids(r->ls->accounts, &arena, &ids, &n, &now);
	else
		n = 0;
	if (rc < 0)
		noted(r, rc, &now, &first, err);
	for (size_t i = 0; i < n; i++) {
		rc = run_id(r, ids[i], &now);
		if (!noted(r, rc, &now, &first, err))
			break;
	}
	gw_arena_done(&arena);
	return first;
}

int admin_run(struct admin_run *r, struct gw_err *err)
{
	r->dm.tell = on_tell;
	r->dm.ctx = r;
	return r->m->user.n ? run_one(r, err) : run_all(r, err);
}

/* ---- the calls ---- */

static int check_account(struct admin_run *r, uint64_t id, struct gw_db_account *acc, struct gw_err *err)
{
	(void)id;
	return db_check(acc, &r->dm, err);
}

static int repair_account(struct admin_run *r, uint64_t id, struct gw_db_account *acc, struct gw_err *err)
{
	(void)id;
	return db_repair(acc, &r->dm, err);
}

static int vacuum_account(struct admin_run *r, uint64_t id, struct gw_db_account *acc, struct gw_err *err)
{
	(void)id;
	return db_vacuum(acc, &r->dm, err);
}

/* A failure with an account was told as a problem of it: the report says all. */
static int report(struct admin_run *r, int rc, struct gw_maint_report *ret)
{
	if (rc < 0 && (rc == GW_EINTR || r->m->user.n))
		return rc;
	*ret = r->dm.report;
	return 0;
}

int gw_admin_check(struct gw_store *s, const struct gw_maint *m, struct gw_maint_report *ret, struct gw_err *err)
{
	struct admin_run r = {
		.m = m, .every = true, .on_accounts = admin_accounts_check, .on_account = check_account
	};
	int rc = admin_store(s, &r.ls, err);

	return rc < 0 ? rc : report(&r, admin_run(&r, err), ret);
}

int gw_admin_repair(struct gw_store *s, const struct gw_maint *m, struct gw_maint_report *ret, struct gw_err *err)
{
	struct admin_run r = {
		.m = m, .every = true, .on_accounts = admin_accounts_repair, .on_account = repair_account
	};
	int rc = admin_store(s, &r.ls, err);

	return rc < 0 ? rc : report(&r, admin_run(&r, err), ret);
}

int gw_admin_vacuum(struct gw_store *s, const struct gw_maint *m, struct gw_err *err)
{
	struct admin_run r = {
		.m = m, .every = true, .on_accounts = admin_accounts_vacuum, .on_account = vacuum_account
	};
	int rc = admin_store(s, &r.ls, err);

	return rc < 0 ? rc : admin_run(&r, err);
}

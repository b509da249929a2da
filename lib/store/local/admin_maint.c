/* admin_maint.c - check, repair and vacuum of a store's databases, one account after the other (admin_run.c) */
#include "store/local/admin.h"

#include <stdlib.h>

#include "store/account/row.h"
#include "store/local/text.h"

#define SHARE_DERIVED 60u /* of a hundred parts of the time of reindexing an account; the rest is the text index */

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
		.m = m, .work = "check", .every = true, .on_accounts = admin_accounts_check, .on_account = check_account
	};
	int rc = admin_store(s, &r.ls, err);

	return rc < 0 ? rc : report(&r, admin_run(&r, err), ret);
}

int gw_admin_repair(struct gw_store *s, const struct gw_maint *m, struct gw_maint_report *ret, struct gw_err *err)
{
	struct admin_run r = {
		.m = m, .work = "repair", .every = true, .on_accounts = admin_accounts_repair, .on_account = repair_account
	};
	int rc = admin_store(s, &r.ls, err);

	return rc < 0 ? rc : report(&r, admin_run(&r, err), ret);
}

/* ---- reindex ---- */

struct text_progress {
	struct db_maint *dm;
	uint64_t total;
};

static bool text_go_on(void *ctx, uint64_t upto)
{
	const struct text_progress *p = ctx;

	return maint_step(p->dm, "text index", upto, p->total);
}

static int reindex_text(struct admin_run *r, uint64_t id, struct gw_db_account *acc, struct gw_err *err)
{
	struct text_progress p = { .dm = &r->dm };
	struct account_row row;
	struct gw_db *db;
	char *dir;
	int rc;

	if (r->ls->memory)
		return 0;
	rc = gw_db_get(acc, &db, err);
	if (rc < 0)
		return rc;
	rc = db_account_get(db, &row, err);
	gw_db_put(db);
	p.total = rc == 0 ? row.next_content : 0;
	dir = gw_local_account_dir(r->ls, id);
	maint_share(&r->dm, SHARE_DERIVED, 100);
	if (rc == 0)
		rc = text_rebuild(acc, dir, gw_wall_s(r->ls->clock), text_go_on, &p, err);
	free(dir);
	return rc < 0 ? rc : maint_go_on(&r->dm, err);
}

static int reindex_account(struct admin_run *r, uint64_t id, struct gw_db_account *acc, struct gw_err *err)
{
	int rc;

	maint_share(&r->dm, 0, SHARE_DERIVED);
	rc = db_rederive(acc, &r->dm, err);
	return rc < 0 ? rc : reindex_text(r, id, acc, err);
}

/* Work that fails when it fails with one account, after all others had their turn. */
static int go_through(struct gw_store *s, struct admin_run *r, struct gw_maint_report *ret, struct gw_err *err)
{
	int rc = admin_store(s, &r->ls, err);

	if (rc == 0)
		rc = admin_run(r, err);
	if (rc == 0 && ret)
		*ret = r->dm.report;
	return rc;
}

int gw_admin_reindex(struct gw_store *s, const struct gw_maint *m, struct gw_maint_report *ret, struct gw_err *err)
{
	struct admin_run r = { .m = m, .work = "reindex", .every = true, .on_account = reindex_account };

	return go_through(s, &r, ret, err);
}

int gw_admin_vacuum(struct gw_store *s, const struct gw_maint *m, struct gw_maint_report *ret, struct gw_err *err)
{
	struct admin_run r = {
		.m = m, .work = "vacuum", .every = true, .on_accounts = admin_accounts_vacuum, .on_account = vacuum_account
	};

	return go_through(s, &r, ret, err);
}

/* admin_maint.c - check, repair and vacuum of a store's databases, one account after the other (admin_run.c) */
#include "store/local/admin.h"

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

int gw_admin_vacuum(struct gw_store *s, const struct gw_maint *m, struct gw_err *err)
{
	struct admin_run r = {
		.m = m, .work = "vacuum", .every = true, .on_accounts = admin_accounts_vacuum, .on_account = vacuum_account
	};
	int rc = admin_store(s, &r.ls, err);

	return rc < 0 ? rc : admin_run(&r, err);
}

/* acct.c - the signed-on user's object, and the way from a mailbox id to the database that has it */
#include "store/account/acct.h"

void view_acct_init(struct view_acct *v, const struct gw_acct_ops *ops, const char *user, struct gw_db_account *own,
	struct gw_db_account *pub)
{
	v->base.ops = ops;
	v->base.user = gw_xstrdup(user);
	atomic_init(&v->base.interrupted, false);
	v->own = own;
	v->pub = pub;
}

void view_acct_done(struct view_acct *v)
{
	free(v->base.user);
	gw_db_account_unref(v->own);
	gw_db_account_unref(v->pub);
}

int gw_acct_db(struct gw_acct *a, uint32_t space, struct gw_db_account **ret, struct gw_err *err)
{
	struct view_acct *v = (struct view_acct *)a;

	if (space > 1 || (space == 1 && !v->pub))
		return gw_fail(err, GW_ENOENT, "no such mailbox");
	*ret = space ? v->pub : v->own;
	return 0;
}

const char *view_bell(struct gw_acct *a, struct gw_mbox_id id)
{
	struct gw_db_account *acc = NULL;

	return gw_acct_db(a, id.space, &acc, NULL) == 0 ? gw_db_account_bell(acc) : NULL;
}

int view_begin(struct gw_acct *a, uint32_t space, enum view_how how, struct gw_db **ret, struct gw_err *err)
{
	struct gw_db_account *acc = NULL;
	struct gw_db *db;
	int rc = gw_acct_db(a, space, &acc, err);

	if (rc == 0)
		rc = gw_db_get(acc, &db, err);
	if (rc < 0)
		return rc;
	if (how == VIEW_READ)
		rc = gw_db_begin_read(db, err);
	else if (how == VIEW_WRITE)
		rc = db_begin_map(db, err);
	if (rc < 0)
		gw_db_put(db);
	else
		*ret = db;
	return rc;
}

int view_quota(struct gw_acct *a, struct gw_quota *ret, struct gw_err *err)
{
	struct account_row row;
	struct gw_db *db;
	int rc = view_begin(a, 0, VIEW_PLAIN, &db, err);

	if (rc < 0)
		return rc;
	rc = db_account_get(db, &row, err);
	if (rc == 0) {
		ret->storage_used = row.size;
		ret->messages_used = row.messages;
		db_quota_limits(db->acc, &ret->storage_limit, &ret->messages_limit);
	}
	gw_db_put(db);
	return rc;
}

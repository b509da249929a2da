/* acct.c - the signed-on user's object, and the way from a mailbox id to the database that has it */
#include "store/account/acct.h"

void view_acct_init(struct view_acct *v, const struct gw_acct_ops *ops, const char *user, struct gw_db_account *own,
	struct gw_db_account *pub)
{
	v->base.ops = ops;
	v->base.user = gw_xstrdup(user);
	atomic_init(&v->base.interrupted, false);
	v->own = own;
	v->space = NULL;
	v->n_spaces = 0;
	if (pub)
		view_add_space(v, VIEW_PUBLIC, GW_PUBLIC_ROOT, pub);
}

void view_acct_done(struct view_acct *v)
{
	free(v->base.user);
	free(v->base.moved);
	gw_db_account_unref(v->own);
	for (uint32_t i = 0; i < v->n_spaces; i++) {
		free(v->space[i].root);
		gw_db_account_unref(v->space[i].acc);
		gw_db_account_unref(v->space[i].names);
		free(v->space[i].server);
	}
	free(v->space);
}

uint32_t view_add_space(struct view_acct *v, enum view_kind kind, const char *root, struct gw_db_account *acc)
{
	v->space = gw_xrealloc(v->space, v->n_spaces + 1, sizeof *v->space);
	v->space[v->n_spaces] = (struct view_space){ .kind = kind, .root = gw_xstrdup(root), .acc = acc };
	return ++v->n_spaces;
}

void view_add_remote(struct view_acct *v, const char *root, struct gw_db_account *names, const char *server)
{
	uint32_t space = view_add_space(v, VIEW_PUBLIC, root, NULL);

	v->space[space - 1].names = names;
	v->space[space - 1].server = gw_xstrdup(server);
}

/* Does name lie below root, or is it root? *ret_rest: behind the '/'. */
static bool below(struct gw_slice name, struct gw_slice root, struct gw_slice *ret_rest)
{
	if (name.n < root.n || !gw_slice_eq(gw_slice(name.p, root.n), root) || (name.n > root.n && name.p[root.n] != '/'))
		return false;
	*ret_rest = name.n > root.n ? gw_slice(name.p + root.n + 1, name.n - root.n - 1) : GW_S("");
	return true;
}

bool view_locate(const struct view_acct *v, struct gw_slice name, uint32_t *ret_space, struct gw_slice *ret_name)
{
	bool others = false;

	for (uint32_t i = 0; i < v->n_spaces; i++) {
		others = others || v->space[i].kind == VIEW_OTHER;
		if (below(name, gw_slice_str(v->space[i].root), ret_name)) {
			*ret_space = i + 1;
			return true;
		}
	}
	if (others && below(name, GW_S(GW_OTHER_ROOT), ret_name))
		return false;
	*ret_space = 0;
	*ret_name = name;
	return true;
}

unsigned view_attrs(const struct gw_acct *a, uint32_t space)
{
	const struct view_acct *v = (const struct view_acct *)a;

	return !space ? 0 : (v->space[space - 1].kind == VIEW_PUBLIC ? GW_MBOX_PUBLIC : GW_MBOX_OTHER) |
				    (v->space[space - 1].server ? GW_MBOX_REMOTE : 0u);
}

const char *view_remote(const struct gw_acct *a, struct gw_slice name)
{
	const struct view_acct *v = (const struct view_acct *)a;
	struct gw_slice rest;
	uint32_t space = 0;

	return view_locate(v, name, &space, &rest) && space ? v->space[space - 1].server : NULL;
}

unsigned view_spaces(const struct gw_acct *a)
{
	const struct view_acct *v = (const struct view_acct *)a;
	unsigned attrs = 0;

	for (uint32_t i = 1; i <= v->n_spaces; i++)
		attrs |= view_attrs(a, i);
	return attrs;
}

int gw_acct_db(struct gw_acct *a, uint32_t space, struct gw_db_account **ret, struct gw_err *err)
{
	const struct view_acct *v = (const struct view_acct *)a;
	struct gw_db_account *acc = !space ? v->own : space <= v->n_spaces ? v->space[space - 1].acc : NULL;

	if (!acc)
		return gw_fail(err, GW_ENOENT, "no such mailbox");
	*ret = acc;
	return 0;
}

const char *view_bell(struct gw_acct *a, struct gw_mbox_id id)
{
	struct gw_db_account *acc = NULL;

	return gw_acct_db(a, id.space, &acc, NULL) == 0 ? gw_db_account_bell(acc) : NULL;
}

int view_account_id(struct gw_acct *a, uint32_t space, char ret[GW_ACCOUNT_ID_MAX], struct gw_err *err)
{
	struct gw_db_account *acc = NULL;
	int rc = gw_acct_db(a, space, &acc, err);

	if (rc == 0)
		view_object_id(ret, 'A', gw_db_account_id(acc));
	return rc;
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
	struct gw_db *db;
	int rc = view_begin(a, 0, VIEW_READ, &db, err);

	if (rc < 0)
		return rc;
	rc = db_quota_get(db, ret, err);
	gw_db_put(db);
	return rc;
}

/* admin_users.c - user accounts, as an operator changes them
 *
 * accounts.h does the work in the account database; what is left is the mail of an account that goes. */
#include "store/local/admin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/local/accounts_priv.h"
#include "util/mem.h"

int admin_store(struct gw_store *s, struct local_store **ret, struct gw_err *err)
{
	struct local_store *ls = gw_local_store(s);

	if (!ls)
		return gw_fail(err, GW_ENOTSUP,
			"users and mail live on the storage server %s: this works only with an embedded store", s->url);
	*ret = ls;
	return 0;
}

int admin_find(struct local_store *ls, struct gw_slice user, struct local_user *ret, struct gw_err *err)
{
	char name[GW_USER_NAME_MAX + 1];
	struct accounts_row row;
	int rc = local_user_name(user, name, err);

	if (rc == 0)
		rc = accounts_row_by_name(ls->accounts, name, &row, err);
	if (rc == GW_ENOENT)
		return gw_fail(err, GW_ENOENT, "no user \"%s\"", name);
	if (rc == 0)
		*ret = row.user;
	gw_wipe(&row, sizeof row);
	return rc;
}

/* The accounts of the store; NULL (GW_ENOTSUP): it keeps none. */
static struct local_accounts *accounts_of(struct gw_store *s, struct gw_err *err)
{
	struct local_store *ls;

	return admin_store(s, &ls, err) < 0 ? NULL : ls->accounts;
}

int gw_admin_user_add(struct gw_store *s, struct gw_slice name, const struct gw_user_password *pw, struct gw_err *err)
{
	struct local_accounts *a = accounts_of(s, err);
	struct local_user user;

	return a ? local_accounts_add(a, name, pw, &user, err) : GW_ENOTSUP;
}

int gw_admin_user_passwd(
	struct gw_store *s, struct gw_slice name, const struct gw_user_password *pw, struct gw_err *err)
{
	struct local_accounts *a = accounts_of(s, err);

	return a ? local_accounts_passwd(a, name, pw, err) : GW_ENOTSUP;
}

int gw_admin_user_verify(
	struct gw_store *s, struct gw_slice name, struct gw_slice password, const char *service, bool scram, struct gw_err *err)
{
	struct local_accounts *a = accounts_of(s, err);
	struct local_user u;
	int rc;

	if (!a)
		return GW_ENOTSUP;
	rc = scram ? local_accounts_prove(a, name, password, service, &u, err) :
		     local_accounts_login(a, name, password, service, &u, err);
	if (rc == 0 && *u.moved.server)
		rc = gw_fail(err, GW_EDISABLED, "the mail has moved to %s", u.moved.server);
	return rc;
}

int gw_admin_user_show(
	struct gw_store *s, struct gw_arena *arena, struct gw_slice name, struct gw_user *ret, struct gw_err *err)
{
	struct local_store *ls;
	int rc = admin_store(s, &ls, err);

	if (rc == 0)
		rc = local_accounts_show(ls->accounts, arena, name, ret, err);
	if (rc == 0)
		ret->last_login = local_last_login(ls, ret->id);
	return rc;
}

int gw_admin_user_list(struct gw_store *s, struct gw_arena *arena, struct gw_slice after, size_t max,
	struct gw_user **ret, size_t *ret_n, struct gw_err *err)
{
	struct local_store *ls;
	int rc = admin_store(s, &ls, err);

	if (rc == 0)
		rc = local_accounts_list(ls->accounts, arena, after, max, ret, ret_n, err);
	for (size_t i = 0; rc == 0 && i < *ret_n; i++)
		(*ret)[i].last_login = local_last_login(ls, (*ret)[i].id);
	return rc;
}

int gw_admin_user_enable(struct gw_store *s, struct gw_slice name, bool on, struct gw_err *err)
{
	struct local_accounts *a = accounts_of(s, err);

	return a ? local_accounts_enable(a, name, on, err) : GW_ENOTSUP;
}

int gw_admin_user_features(struct gw_store *s, struct gw_slice name, struct gw_slice disabled, struct gw_err *err)
{
	struct local_accounts *a = accounts_of(s, err);

	return a ? local_accounts_features(a, name, disabled, err) : GW_ENOTSUP;
}

int gw_admin_user_quota(struct gw_store *s, struct gw_slice name, const struct gw_limits *limits, struct gw_err *err)
{
	struct local_accounts *a = accounts_of(s, err);

	return a ? local_accounts_quota(a, name, limits, err) : GW_ENOTSUP;
}

int gw_admin_user_move(struct gw_store *s, struct gw_slice name, struct gw_slice server, struct gw_slice as, struct gw_err *err)
{
	struct local_accounts *a = accounts_of(s, err);

	return a ? local_accounts_move(a, name, server, as, err) : GW_ENOTSUP;
}

int gw_admin_user_rename(struct gw_store *s, struct gw_slice from, struct gw_slice to, struct gw_err *err)
{
	struct local_accounts *a = accounts_of(s, err);

	return a ? local_accounts_rename(a, from, to, err) : GW_ENOTSUP;
}

/* ---- removing ---- */

/* The mail of an account whose row is gone. The directory gets a name that tells so first: what an interruption leaves
 * behind can be told from mail that only lost its row. */
static int remove_files(const struct local_store *ls, uint64_t id, struct gw_err *err)
{
	char *dir = gw_local_account_dir(ls, id);
	char *dead = gw_xasprintf("%s" ADMIN_DELETED, dir);
	int rc = admin_remove_tree(dead, err);

	if (rc == 0 && rename(dir, dead) < 0 && errno != ENOENT)
		rc = gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: cannot be removed: %s", dir,
			strerror(errno));
	if (rc == 0)
		rc = admin_remove_tree(dead, err);
	free(dir);
	free(dead);
	return rc;
}

static int remove_mail(struct local_store *ls, uint64_t id, struct gw_err *err)
{
	struct gw_db_account *acc;
	int rc = local_db_open(ls, id, &acc, err);

	if (rc < 0)
		return rc;
	gw_db_account_drop_handles(acc);
	if (!ls->memory)
		rc = remove_files(ls, id, err);
	gw_db_account_unref(acc);
	return rc;
}

int gw_admin_user_delete(struct gw_store *s, struct gw_slice name, bool confirmed, struct gw_err *err)
{
	struct local_store *ls;
	uint64_t id = 0;
	int rc = admin_store(s, &ls, err);

	if (rc < 0)
		return rc;
	if (!confirmed)
		return gw_fail(err, GW_EACCES, "removing a user removes all mail of it: this must be confirmed");
	rc = local_accounts_remove(ls->accounts, name, &id, err);
	return rc < 0 ? rc : remove_mail(ls, id, err);
}

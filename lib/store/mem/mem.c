/* mem.c - the store in memory (mem.h): the embedded store without a disk
 *
 * Accounts and mail lie in SQLite databases in memory; everything else is the code of store/local. */
#include "store/mem/mem.h"

#include <stdlib.h>

#include "store/local/acct.h"
#include "util/mem.h"

#define CHEAP 1 /* cost of hashing: these passwords protect nothing */

int gw_mem_user_add(
	struct gw_store *s, struct gw_slice name, struct gw_slice password, const char *disabled, struct gw_err *err)
{
	struct local_accounts *a = s->ops == &gw_mem_ops ? ((struct local_store *)s)->accounts : NULL;
	const struct gw_user_password pw = { .plain = password };
	struct local_user u;
	int rc;

	if (!a)
		return gw_fail(err, GW_EINVAL, "not a store in memory");
	rc = local_accounts_add(a, name, &pw, &u, err);
	if (rc == GW_EEXIST)
		rc = local_accounts_passwd(a, name, &pw, err);
	return rc < 0 ? rc : local_accounts_features(a, name, gw_slice_str(disabled), err);
}

/* "anna=secret,bert=secret2" */
static int add_users(struct gw_store *s, struct gw_slice list, struct gw_err *err)
{
	int rc = 0;

	while (list.n && rc == 0) {
		size_t end = gw_slice_find(list, ',');
		struct gw_slice one = gw_slice(list.p, end);
		size_t eq = gw_slice_find(one, '=');

		if (eq == one.n)
			return gw_fail(err, GW_EINVAL, "mem: expected user=password, separated by commas");
		rc = gw_mem_user_add(s, gw_slice(one.p, eq), gw_slice(one.p + eq + 1, one.n - eq - 1), NULL, err);
		gw_slice_take(&list, end < list.n ? end + 1 : end);
	}
	return rc;
}

static int mem_open(
	const struct gw_store_options *opt, struct gw_slice target, struct gw_store **ret, struct gw_err *err)
{
	const struct local_accounts_options ao = {
		.clock = opt->clock, .cache_ttl_s = local_auth_cache_ttl(opt->config), .hash_cost = CHEAP
	};
	struct local_store *ls = gw_xalloc(sizeof *ls);
	int rc = local_init(ls, opt, true, err);

	ls->base.ops = &gw_mem_ops;
	if (rc == 0)
		rc = local_accounts_open(&ao, &ls->accounts, err);
	if (rc == 0)
		rc = add_users(&ls->base, target, err);
	if (rc < 0) {
		local_close(&ls->base);
		return rc;
	}
	*ret = &ls->base;
	return 0;
}

const struct gw_store_ops gw_mem_ops = {
	.kind = "mem",
	.has_moved = true,
	.open = mem_open,
	.close = local_close,
	.probe = local_probe,
	.tidy = local_tidy,
	.login = local_login,
	.scram_keys = local_scram_keys,
	.open_account = local_open_account,
};

/* local.c - the embedded store: `local:/var/lib/gateway`
 *
 * <root>/accounts.db says who there is (accounts.h); <root>/users/... has a directory for each account with its
 * database (account/db.h), its bell and its maildrop lock. Everything below the root belongs to us alone. */
#include "store/local/acct.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "store/account/priv.h"
#include "util/mem.h"

struct local_store *gw_local_store(struct gw_store *s)
{
	return s->ops == &gw_local_ops || s->ops == &gw_mem_ops ? (struct local_store *)s : NULL;
}

char *gw_local_account_dir(const struct local_store *ls, uint64_t id)
{
	char dir[LOCAL_ACCOUNT_DIR_MAX];

	local_account_dir(id, dir);
	return gw_xasprintf("%s/%s", ls->root, dir);
}

/* The root without symbolic links, made when missing: below it no link is followed. */
static int open_root(struct local_store *ls, struct gw_slice target, struct gw_err *err)
{
	char *path = gw_xslicedup(target);
	char *real;
	int rc = 0;

	if (target.n == 0 || path[0] != '/' || strlen(path) != target.n) {
		rc = gw_fail(err, GW_EINVAL, "local:%s: the directory of a store is an absolute path", path);
	} else {
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			rc = gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s", path, strerror(errno));
		real = rc == 0 ? realpath(path, NULL) : NULL;
		if (rc == 0 && !real)
			rc = gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s", path, strerror(errno));
		if (rc == 0)
			rc = db_make_dir(real, ls->env->opt.owner, err);
		ls->root = real;
	}
	free(path);
	return rc;
}

void local_close(struct gw_store *s)
{
	struct local_store *ls = (struct local_store *)s;

	gw_local_text_stop(ls);
	local_accounts_close(ls->accounts);
	local_done(ls);
	free(ls);
}

static int open_disk(
	const struct gw_store_options *opt, struct gw_slice target, struct gw_store **ret, struct gw_err *err)
{
	struct local_store *ls = gw_xalloc(sizeof *ls);
	int rc = local_init(ls, opt, false, err);

	ls->base.ops = &gw_local_ops;
	if (rc == 0)
		rc = open_root(ls, target, err);
	if (rc == 0) {
		const struct local_accounts_options ao = {
			.root = ls->root, .clock = opt->clock, .cache_ttl_s = local_auth_cache_ttl(opt->config)
		};

		rc = local_accounts_open(&ao, &ls->accounts, err);
	}
	if (rc < 0) {
		local_close(&ls->base);
		return rc;
	}
	*ret = &ls->base;
	return 0;
}

static int start_background(struct gw_store *s, struct gw_err *err)
{
	struct local_store *ls = (struct local_store *)s;
	int rc = ls->readonly_tools ? 0 : gw_db_start(ls->env, err);

	return rc < 0 || ls->readonly_tools ? rc : gw_local_text_start(ls, err);
}

void local_tidy(struct gw_store *s, unsigned idle_ms)
{
	struct local_store *ls = (struct local_store *)s;

	gw_db_tidy(ls->env, idle_ms);
	if (idle_ms == 0) /* before a fork; else they cost little and every sign-on wants one */
		local_accounts_tidy(ls->accounts);
}

/* The account that holds the public folders; false: there is none (yet). */
static bool find_public(struct local_store *ls, struct local_user *ret)
{
	return ls->public_account && local_accounts_find(ls->accounts, gw_slice_str(ls->public_account), NULL, ret, NULL) == 0;
}

static int add_remote(struct local_store *ls, struct gw_acct *a, const struct local_user *pub, struct gw_err *err)
{
	struct gw_db_account *names;
	int rc = local_db_open(ls, pub->id, &names, err);

	if (rc == 0)
		view_add_remote((struct view_acct *)a, GW_PUBLIC_ROOT, names, pub->moved.server);
	return rc;
}

int local_signed_on(struct local_store *ls, const struct local_user *u, struct gw_acct **ret, struct gw_err *err)
{
	struct local_user pub;
	bool has_public = find_public(ls, &pub) && pub.id != u->id, away = has_public && *pub.moved.server;
	struct gw_acct *a = NULL;
	int rc = local_acct_new(ls, u->name, u->id, has_public && !away ? pub.id : 0, &a, err);

	if (rc < 0)
		return rc;
	if (*u->moved.server) {
		a->moved = gw_xalloc(sizeof u->moved);
		*a->moved = u->moved;
	}
	if (away)
		rc = add_remote(ls, a, &pub, err);
	if (rc < 0)
		gw_acct_close(a);
	else
		*ret = a;
	return rc;
}

int local_login(struct gw_store *s, struct gw_slice user, struct gw_slice password, const char *service,
	struct gw_acct **ret, struct gw_err *err)
{
	struct local_store *ls = (struct local_store *)s;
	struct local_user u;
	int rc = local_accounts_login(ls->accounts, user, password, service, &u, err);

	if (rc == 0)
		local_note_login(ls, u.id);
	return rc < 0 ? rc : local_signed_on(ls, &u, ret, err);
}

int local_open_account(
	struct gw_store *s, struct gw_slice user, const char *service, struct gw_acct **ret, struct gw_err *err)
{
	struct local_store *ls = (struct local_store *)s;
	struct local_user u;
	int rc = local_accounts_find(ls->accounts, user, service, &u, err);

	if (rc == 0 && service)
		local_note_login(ls, u.id);
	return rc < 0 ? rc : local_signed_on(ls, &u, ret, err);
}

int local_scram_keys(struct gw_store *s, struct gw_slice user, struct gw_scram_keys *ret, struct gw_err *err)
{
	return local_accounts_scram(((struct local_store *)s)->accounts, user, ret, err);
}

const struct gw_store_ops gw_local_ops = {
	.kind = "local",
	.has_moved = true,
	.open = open_disk,
	.close = local_close,
	.start_background = start_background,
	.tidy = local_tidy,
	.probe = local_probe,
	.login = local_login,
	.scram_keys = local_scram_keys,
	.open_account = local_open_account,
};

/* store.c - opening a store and the accounts in it
 *
 * No driver is named here: a program hands its list of drivers to gw_store_open_with(). What every driver would have to
 * do in the same way is done once between store.h and the driver: here, in mailboxes.c, messages.c and imports.c calls
 * are timed (timed.h), and names checked (names.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "store/admin.h"
#include "store/timed.h"
#include "util/mem.h"

static int open_with(const struct gw_store_ops *ops, const struct gw_store_options *opt, struct gw_slice target,
	struct gw_store **ret, struct gw_err *err)
{
	int rc = ops->open(opt, target, ret, err);

	if (rc < 0)
		return rc;
	(*ret)->url = gw_xstrdup(opt->url);
	(*ret)->observe = opt->observe;
	(*ret)->observe_ctx = opt->observe_ctx;
	(*ret)->clock = opt->clock;
	return rc;
}

int gw_store_open_with(const struct gw_store_ops *const *v, size_t n, const struct gw_store_options *opt,
	struct gw_store **ret, struct gw_err *err)
{
	const char *kind = opt->url ? gw_config_store_kind(opt->url) : NULL;
	struct gw_slice url = gw_slice_str(opt->url);
	size_t colon = gw_slice_find(url, ':');

	if (colon == url.n)
		return gw_fail(err, GW_EINVAL,
			"\"%s\" is not a storage address: expected scheme:target, as in "
			"local:/var/lib/gateway",
			opt->url ? opt->url : "");
	for (size_t i = 0; i < n; i++)
		if (kind && strcmp(kind, v[i]->kind) == 0)
			return open_with(v[i], opt, v[i]->whole_url ? url : gw_slice(url.p + colon + 1, url.n - colon - 1), ret, err);
	return gw_fail(err, GW_ENOTSUP, "this version does not serve storage of the kind \"%.*s:\" (%s)", (int)colon, url.p, opt->url);
}

void gw_store_close(struct gw_store *s)
{
	char *url = s ? s->url : NULL;

	if (s)
		s->ops->close(s);
	free(url);
}

int gw_admin_probe(struct gw_store *s, const struct gw_probe *p, struct gw_err *err)
{
	return s->ops->probe(s, p, err);
}

int gw_store_start_background(struct gw_store *s, struct gw_err *err)
{
	return s->ops->start_background ? s->ops->start_background(s, err) : 0;
}

void gw_store_tidy(struct gw_store *s, unsigned idle_ms)
{
	if (s->ops->tidy)
		s->ops->tidy(s, idle_ms);
}

bool gw_store_has_moved(const struct gw_store *s)
{
	return s->ops->has_moved;
}

/* ---- accounts ---- */

/* An account that was opened, or not: from here on its calls count. */
static int opened(struct gw_store *s, enum gw_store_call call, uint64_t begun_us, int rc, struct gw_acct *a)
{
	if (rc < 0)
		return store_end(s, call, begun_us, rc);
	a->store = s;
	return store_spent(a, call, begun_us, rc);
}

int gw_store_login(struct gw_store *s, struct gw_slice user, struct gw_slice password, const char *service,
	struct gw_acct **ret, struct gw_err *err)
{
	uint64_t t = store_begin(s);
	int rc = s->ops->login(s, user, password, service, ret, err);

	return opened(s, GW_CALL_LOGIN, t, rc, rc < 0 ? NULL : *ret);
}

bool gw_store_has_tokens(const struct gw_store *s)
{
	return s->ops->login_token != NULL;
}

int gw_store_login_token(struct gw_store *s, struct gw_slice user, struct gw_slice token, const char *service, struct gw_acct **ret,
	struct gw_err *err)
{
	uint64_t t = store_begin(s);
	int rc;

	if (!s->ops->login_token)
		return gw_fail(err, GW_ENOTSUP, "this store takes no tokens");
	rc = s->ops->login_token(s, user, token, service, ret, err);
	return opened(s, GW_CALL_LOGIN, t, rc, rc < 0 ? NULL : *ret);
}

bool gw_store_has_scram(const struct gw_store *s)
{
	return s->ops->scram_keys != NULL;
}

int gw_store_scram_keys(struct gw_store *s, struct gw_slice user, struct gw_scram_keys *ret, struct gw_err *err)
{
	uint64_t t = store_begin(s);

	if (!s->ops->scram_keys)
		return gw_fail(err, GW_ENOTSUP, "this store keeps no SCRAM keys");
	return store_end(s, GW_CALL_SCRAM_KEYS, t, s->ops->scram_keys(s, user, ret, err));
}

int gw_store_open_account(
	struct gw_store *s, struct gw_slice user, const char *service, struct gw_acct **ret, struct gw_err *err)
{
	uint64_t t = store_begin(s);
	int rc = s->ops->open_account(s, user, service, ret, err);

	return opened(s, GW_CALL_OPEN_ACCOUNT, t, rc, rc < 0 ? NULL : *ret);
}

void gw_acct_close(struct gw_acct *a)
{
	struct gw_store *s = a ? a->store : NULL;
	uint64_t t = store_begin(s);

	if (!a)
		return;
	a->ops->close(a);
	store_end(s, GW_CALL_CLOSE_ACCOUNT, t, 0);
}

unsigned gw_acct_spaces(const struct gw_acct *a)
{
	return a->ops->spaces ? a->ops->spaces(a) : 0;
}

const char *gw_acct_user(const struct gw_acct *a)
{
	return a->user;
}

void gw_acct_interrupt(struct gw_acct *a)
{
	atomic_store_explicit(&a->interrupted, true, memory_order_relaxed);
}

void gw_acct_resume(struct gw_acct *a)
{
	atomic_store_explicit(&a->interrupted, false, memory_order_relaxed);
}

const struct gw_moved *gw_acct_moved(const struct gw_acct *a)
{
	return a->moved;
}

bool gw_acct_has_jmap(const struct gw_acct *a)
{
	return a->ops->has_jmap && a->ops->has_jmap(a);
}

int gw_acct_account_id(struct gw_acct *a, uint32_t space, char ret[GW_ACCOUNT_ID_MAX], struct gw_err *err)
{
	return a->ops->account_id(a, space, ret, err);
}

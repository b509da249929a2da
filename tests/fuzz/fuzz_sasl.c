/* fuzz_sasl.c - exchanges of any mechanism with any messages: a store is asked only about names that can be and about
 * tokens that may stand in a header field of HTTP; what is refused stays refused; memory is used once and given back
 *
 * The first octet is the mechanism, the rest are messages of the client, each ended by the octet 0xFF. */
#include "config/config.h"
#include "sasl/sasl.h"
#include "session/session.h"
#include "store/driver.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/err.h"
#include "util/mem.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- a store that knows anna, her password "secret" and her token "token" ---- */

static void close_acct(struct gw_acct *a)
{
	free(a->user);
	free(a);
}

static const struct gw_acct_ops acct_ops = { .close = close_acct };

static int open_anna(struct gw_acct **ret)
{
	struct gw_acct *a = gw_xalloc(sizeof *a);

	a->ops = &acct_ops;
	a->user = gw_xstrdup("anna");
	*ret = a;
	return 0;
}

static void name_can_be(struct gw_slice user)
{
	if (!gw_sasl_name_ok(user))
		gw_bug("a store is asked about a name that cannot be");
}

static int login(struct gw_store *s, struct gw_slice user, struct gw_slice password, const char *service, struct gw_acct **ret,
		 struct gw_err *err)
{
	(void)s;
	(void)service;
	name_can_be(user);
	if (gw_slice_eqi(user, GW_S("anna")) && gw_slice_eq(password, GW_S("secret")))
		return open_anna(ret);
	return gw_fail(err, GW_EAUTH, "wrong");
}

static int login_token(struct gw_store *s, struct gw_slice user, struct gw_slice token, const char *service,
		       struct gw_acct **ret, struct gw_err *err)
{
	(void)s;
	(void)service;
	if (user.n)
		name_can_be(user);
	if (token.n == 0 || token.n > 8192)
		gw_bug("a token of no or too many octets");
	for (size_t i = 0; i < token.n; i++)
		if (token.p[i] < 0x21 || token.p[i] > 0x7E || token.p[i] == ',' || token.p[i] == '"')
			gw_bug("a token that cannot stand in a header field");
	if (!gw_slice_eq(token, GW_S("token")))
		return gw_fail(err, GW_EAUTH, "wrong");
	if (user.n && !gw_slice_eqi(user, GW_S("anna")))
		return gw_fail(err, GW_EACCES, "of another user");
	return open_anna(ret);
}

static int scram_keys(struct gw_store *s, struct gw_slice user, struct gw_scram_keys *ret, struct gw_err *err)
{
	(void)s;
	(void)err;
	name_can_be(user);
	*ret = (struct gw_scram_keys){ .iterations = 4096 };
	return 0;
}

static int open_account(struct gw_store *s, struct gw_slice user, const char *service, struct gw_acct **ret, struct gw_err *err)
{
	(void)s;
	(void)service;
	name_can_be(user);
	return gw_slice_eqi(user, GW_S("anna")) ? open_anna(ret) : gw_fail(err, GW_ENOENT, "nobody");
}

static const struct gw_store_ops store_ops = {
	.login = login,
	.login_token = login_token,
	.scram_keys = scram_keys,
	.open_account = open_account,
};

/* ---- the exchange ---- */

static enum gw_sasl_result step(struct gw_sasl *s, const struct gw_slice *message, bool refused)
{
	struct gw_err err = { 0 };
	struct gw_acct *acct = NULL;
	struct gw_buf challenge;
	enum gw_sasl_result r;

	gw_buf_init(&challenge, 0);
	r = gw_sasl_step(s, message, &challenge, &acct, &err);
	if (refused && r != GW_SASL_FAIL)
		gw_bug("a refusal was taken back");
	if ((r == GW_SASL_DONE) != (acct != NULL))
		gw_bug("an account without success, or the other way round");
	if ((r == GW_SASL_FAIL || r == GW_SASL_REFUSED) && !err.code)
		gw_bug("a failure without a reason");
	if ((r == GW_SASL_REFUSED) > gw_sasl_refused(s))
		gw_bug("a refusal that is forgotten");
	if (*gw_sasl_user(s) && !gw_sasl_name_ok(gw_slice_str(gw_sasl_user(s))))
		gw_bug("a name for the log that cannot be");
	gw_acct_close(acct);
	gw_buf_done(&challenge);
	return r;
}

static void exchange(const struct gw_sasl_mech *m, const struct gw_sasl_env *env, struct gw_slice in)
{
	struct gw_sasl *s = gw_sasl_new(m, env);
	enum gw_sasl_result r = GW_SASL_MORE;

	if (in.n && in.p[0] == '\xFE') { /* without an initial response */
		gw_slice_take(&in, 1);
		r = step(s, NULL, false);
	}
	while (in.n && (r == GW_SASL_MORE || r == GW_SASL_REFUSED)) {
		struct gw_slice message = gw_slice_take(&in, gw_slice_find(in, '\xFF'));

		r = step(s, &message, r == GW_SASL_REFUSED);
		if (in.n)
			gw_slice_take(&in, 1);
	}
	gw_sasl_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gw_config *config;
	static struct gw_store store = { .ops = &store_ops };
	struct gw_peer peer = { .tls = true, .has_exporter = true, .tls_user = "anna" };
	struct gw_sasl_env env = { .store = &store, .peer = &peer, .clock = gw_clock_system(), .service = "imap" };
	unsigned n = 0;

	if (size < 1)
		return 0;
	if (!config)
		config = gw_config_defaults();
	env.config = config;
	while (gw_sasl_at(n))
		n++;
	if (!n)
		return 0;
	exchange(gw_sasl_at(data[0] % n), &env, gw_slice((const char *)data + 1, size - 1));
	return 0;
}

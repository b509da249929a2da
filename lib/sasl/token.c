/* token.c - signing on with an access token: OAUTHBEARER (RFC 7628) and XOAUTH2, which came before it
 *
 *	OAUTHBEARER	n,a=anna@example.com,^Ahost=mail.example.com^Aport=993^Aauth=Bearer TOKEN^A^A
 *	XOAUTH2		user=anna@example.com^Aauth=Bearer TOKEN^A^A
 *
 * (^A is the octet 1.) Whose token it is the storage server says; a name that the client gives must be that user's. A
 * token that is not accepted is answered by a message that says so in JSON, and the exchange fails with the client's
 * next one, whatever it is (RFC 7628 section 3.2.3): that is how clients learn that they need a new token. Host and
 * port are passed over, as every key that is not known: the names of this host are the business of its certificate. */
#include "sasl/priv.h"

#define SEP '\x01'

/* ---- the message ---- */

static bool is_alpha(char c)
{
	return gw_upper(c) >= 'A' && gw_upper(c) <= 'Z';
}

/* What RFC 6750 section 2.1 calls b64token. */
static bool is_token(struct gw_slice s)
{
	size_t n = s.n;

	while (n && s.p[n - 1] == '=')
		n--;
	if (n == 0 || s.n > SASL_TOKEN_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!is_alpha(s.p[i]) && !(s.p[i] >= '0' && s.p[i] <= '9') && !memchr("-._~+/", s.p[i], 6))
			return false;
	return true;
}

static bool is_key(struct gw_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_alpha(s.p[i]))
			return false;
	return s.n > 0;
}

static bool is_value(struct gw_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < 0x20 || s.p[i] > 0x7E) && !memchr("\t\r\n", s.p[i], 3))
			return false;
	return true;
}

/* Text up to a separator, which is taken with it. */
static bool get_field(struct gw_slice *in, struct gw_slice *ret)
{
	size_t n = gw_slice_find(*in, SEP);

	if (n == in->n)
		return false;
	*ret = gw_slice_take(in, n);
	gw_slice_take(in, 1);
	return true;
}

/* *(key "=" value ^A) ^A, and nothing behind it. *ret: the value of "auth", which must be there once. */
static bool get_auth(struct gw_slice in, struct gw_slice *ret)
{
	struct gw_slice field, key;
	bool found = false;

	while (get_field(&in, &field)) {
		if (field.n == 0)
			return found && in.n == 0;
		key = gw_slice_take(&field, gw_slice_find(field, '='));
		if (!is_key(key) || field.n == 0)
			return false;
		gw_slice_take(&field, 1);
		if (!is_value(field) || (found && gw_slice_eq(key, GW_S("auth"))))
			return false;
		if (gw_slice_eq(key, GW_S("auth"))) {
			*ret = field;
			found = true;
		}
	}
	return false;
}

/* "Bearer" 1*SP token. *ret is empty when it is something else, "" above all, with which clients ask what is wanted. */
static void get_bearer(struct gw_slice auth, struct gw_slice *ret)
{
	*ret = gw_slice("", 0);
	if (!gw_slice_startsi(auth, GW_S("Bearer ")))
		return;
	gw_slice_take(&auth, 7);
	while (auth.n && auth.p[0] == ' ')
		gw_slice_take(&auth, 1);
	if (is_token(auth))
		*ret = auth;
}

/* ---- the exchange ---- */

/* The client may answer once more, and then it is over. */
static enum gw_sasl_result refuse(struct gw_sasl *s, const char *json, struct gw_buf *challenge)
{
	s->refused = true;
	gw_buf_add_slice(challenge, gw_slice_str(json));
	return GW_SASL_REFUSED;
}

static int sign_on(struct gw_sasl *s, struct gw_slice token, struct gw_err *err)
{
	int rc;

	if (token.n == 0)
		return gw_fail(err, GW_EAUTH, "there is no bearer token");
	rc = sasl_open_to(&s->env, &s->acct, err);
	if (rc == 0)
		rc = gw_store_login_token(s->env.store, gw_slice_str(s->user), token, s->env.service, &s->acct, err);
	return rc == 0 ? sasl_open_to(&s->env, &s->acct, err) : rc;
}

static enum gw_sasl_result finish(struct gw_sasl *s, struct gw_slice auth, const char *json, struct gw_buf *challenge,
				  struct gw_err *err)
{
	struct gw_slice token;
	int rc;

	get_bearer(auth, &token);
	rc = sign_on(s, token, err);
	if (rc == GW_EAUTH)
		return refuse(s, json, challenge);
	if (rc < 0)
		return GW_SASL_FAIL;
	sasl_set_user(s, gw_slice_str(gw_acct_user(s->acct)));
	return GW_SASL_DONE;
}

enum gw_sasl_result sasl_oauthbearer_step(struct gw_sasl *s, const struct gw_slice *data, struct gw_buf *challenge,
					  struct gw_err *err)
{
	struct gw_slice in = *data, auth;
	struct sasl_gs2 gs2;

	if (s->refused)
		return sasl_fail(err, GW_EAUTH, "the token was not accepted");
	if (!sasl_get_gs2(&in, &gs2) || in.n == 0 || in.p[0] != SEP)
		return sasl_fail(err, GW_EINVAL, "malformed message");
	gw_slice_take(&in, 1);
	if (!get_auth(in, &auth))
		return sasl_fail(err, GW_EINVAL, "malformed keys and values");
	if (gs2.flag == 'p')
		return sasl_fail(err, GW_EINVAL, "OAUTHBEARER binds no channel");
	if (gs2.authzid.n && !sasl_set_saslname(s, gs2.authzid))
		return sasl_fail(err, GW_EINVAL, "this cannot be a user name");
	return finish(s, auth, "{\"status\":\"invalid_token\"}", challenge, err);
}

enum gw_sasl_result sasl_xoauth2_step(struct gw_sasl *s, const struct gw_slice *data, struct gw_buf *challenge,
				      struct gw_err *err)
{
	struct gw_slice in = *data, auth, user;

	if (s->refused)
		return sasl_fail(err, GW_EAUTH, "the token was not accepted");
	if (!gw_slice_startsi(in, GW_S("user=")) || !get_field(&in, &user) || !get_auth(in, &auth))
		return sasl_fail(err, GW_EINVAL, "malformed message");
	gw_slice_take(&user, 5);
	if (user.n && !sasl_set_user(s, user))
		return sasl_fail(err, GW_EINVAL, "this cannot be a user name");
	return finish(s, auth, "{\"status\":\"401\",\"schemes\":\"Bearer\",\"scope\":\"\"}", challenge, err);
}

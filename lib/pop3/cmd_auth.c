/* cmd_auth.c - before login: USER, PASS, AUTH (RFC 5034), STLS (RFC 2595)
 *
 * What failed is told with the codes of RFC 3206: [AUTH] for what the user has to change, [SYS/TEMP] for what only needs
 * time. The host writes the lines for the log. */
#include "pop3/pop3.h"

#include "config/config.h"
#include "util/base64.h"
#include "util/utf8.h"

#include <stdlib.h>

void pop3_sasl_env(const struct pop3_session *s, struct gw_sasl_env *ret)
{
	*ret = (struct gw_sasl_env){ .config = s->env.config, .store = s->env.store, .peer = s->env.peer,
				     .clock = s->env.clock, .service = "pop3",
				     .closed = s->env.closed, .ctx = s->env.ctx };
}

/* ---- what can go wrong ---- */

static void tell_host(struct pop3_session *s, const char *user, const char *mechanism, const char *reason,
		      const char *detail)
{
	if (s->env.login)
		s->env.login(s->env.ctx, user, mechanism, reason, detail);
}

static enum pop3_step count_failure(struct pop3_session *s, struct gw_out *out, const char *text)
{
	pop3_err(s, out, "[AUTH] %s", pop3_text(s, text));
	if (++s->login_failures >= s->env.config->max_auth_failures)
		s->closing = true;
	return POP3_DONE;
}

static enum pop3_step refuse_plaintext(struct pop3_session *s, struct gw_out *out, const char *user, const char *mechanism)
{
	tell_host(s, user ? user : "", mechanism, "plaintext", NULL);
	pop3_err(s, out, "[AUTH] Passwords are not taken on connections without TLS");
	return pop3_bad(s, out);
}

/* A login that failed, by the code of lib/sasl and the store. */
static enum pop3_step refuse(struct pop3_session *s, struct gw_out *out, const char *user, const char *mechanism,
			     const struct gw_err *err)
{
	switch ((int)err->code) {
	case GW_EINVAL:
	case GW_ELIMIT:
		tell_host(s, user, mechanism, "auth", err->text);
		return count_failure(s, out, "Malformed authentication data");
	case GW_EACCES:
		tell_host(s, user, mechanism, "auth", err->text);
		return count_failure(s, out, "Not allowed to act as that user");
	case GW_EDISABLED:
		tell_host(s, user, mechanism, "disabled", NULL);
		return count_failure(s, out, "Wrong username or password");
	case GW_EAUTH:
		tell_host(s, user, mechanism, "auth", NULL);
		return count_failure(s, out, "Wrong username or password");
	default: /* our trouble, not the user's: no penalty */
		tell_host(s, user, mechanism, "unavailable", err->text);
		return pop3_fail(s, out, "Login", err);
	}
}

/* ---- USER and PASS ---- */

/* In UTF-8 mode nothing else is taken; before it, old clients have their own encodings. What is UTF-8 in either must not have
 * the characters that SASLprep refuses (RFC 6856 section 2.2). */
static bool is_text(const struct pop3_session *s, struct gw_slice bytes)
{
	if (gw_utf8_valid(bytes))
		return gw_is_ascii(bytes) || gw_sasl_prep_ok(bytes);
	return !s->utf8;
}

enum pop3_step pop3_run_user(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	struct gw_slice name = gw_slice_trim(gw_secret_slice(&s->arg));
	struct gw_buf text;
	bool ok;

	(void)c;
	gw_buf_init(&text, POP3_LINE_MAX * 3);
	ok = is_text(s, name) && gw_sasl_text(name, &text) && gw_sasl_name_ok(gw_buf_slice(&text));
	free(s->user);
	s->user = NULL;
	if (gw_sasl_plaintext_refused(s->env.config, s->env.peer)) {
		refuse_plaintext(s, out, ok ? gw_buf_str(&text) : "?", "USER");
	} else if (!ok) {
		pop3_err(s, out, "That cannot be a user name");
		pop3_bad(s, out);
	} else {
		s->user = gw_xslicedup(gw_buf_slice(&text));
		pop3_ok(s, out, "Waiting for password");
	}
	gw_buf_done(&text);
	return POP3_DONE;
}

enum pop3_step pop3_run_pass(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	struct gw_acct *acct = NULL;
	struct gw_err err = { 0 };
	struct gw_sasl_env env;
	char *user = s->user;
	int rc;

	(void)c;
	s->user = NULL; /* a second PASS needs a second USER */
	if (gw_sasl_plaintext_refused(s->env.config, s->env.peer)) {
		gw_secret_free(&s->arg);
		free(user);
		return refuse_plaintext(s, out, NULL, "USER");
	}
	if (!user) {
		gw_secret_free(&s->arg);
		pop3_err(s, out, "USER comes first");
		return pop3_bad(s, out);
	}
	pop3_sasl_env(s, &env);
	if (is_text(s, gw_secret_slice(&s->arg)))
		rc = gw_sasl_login(&env, gw_slice_str(user), gw_secret_slice(&s->arg), &acct, &err);
	else
		rc = gw_fail(&err, GW_EINVAL, "the password is no UTF-8");
	gw_secret_free(&s->arg);
	if (rc < 0)
		refuse(s, out, user, "USER", &err);
	else
		pop3_enter(s, acct, "USER", out);
	free(user);
	return POP3_DONE;
}

/* ---- AUTH ---- */

static void put_challenge(struct pop3_session *s, struct gw_out *out, struct gw_slice challenge)
{
	struct gw_buf text;

	gw_buf_init(&text, 0);
	gw_base64_encode(challenge, &text);
	gw_out_lit(out, "+ ");
	gw_out_slice(out, gw_buf_slice(&text));
	gw_out_lit(out, "\r\n");
	gw_buf_done(&text);
	pop3_trace(s, 'S', "+ ***");
}

static enum pop3_step end_exchange(struct pop3_session *s, enum gw_sasl_result r, struct gw_acct *acct,
				   const struct gw_err *err, struct gw_out *out)
{
	struct gw_sasl *x = s->sasl;
	const char *mechanism = gw_sasl_mech(x)->name;

	s->sasl = NULL;
	if (r == GW_SASL_DONE)
		pop3_enter(s, acct, mechanism, out);
	else if (gw_sasl_refused(x)) /* the host has heard of it */
		count_failure(s, out, "The token is not accepted");
	else
		refuse(s, out, gw_sasl_user(x), mechanism, err);
	gw_sasl_free(x);
	return POP3_DONE;
}

/* One message of the client; data is base64-decoded, NULL when there is none yet. */
static enum pop3_step exchange(struct pop3_session *s, const struct gw_slice *data, struct gw_out *out)
{
	struct gw_err err = { 0 };
	struct gw_acct *acct = NULL;
	struct gw_buf challenge;
	enum gw_sasl_result r;

	gw_buf_init(&challenge, 0);
	r = gw_sasl_step(s->sasl, data, &challenge, &acct, &err);
	if (r == GW_SASL_REFUSED)
		tell_host(s, gw_sasl_user(s->sasl), gw_sasl_mech(s->sasl)->name, "auth", NULL);
	if (r == GW_SASL_MORE || r == GW_SASL_REFUSED)
		put_challenge(s, out, gw_buf_slice(&challenge));
	else
		end_exchange(s, r, acct, &err, out);
	gw_buf_done(&challenge);
	return POP3_DONE;
}

/* A message in base64; "=" is the empty initial response (RFC 5034 section 4). */
static enum pop3_step exchange_text(struct pop3_session *s, struct gw_slice text, bool initial, struct gw_out *out)
{
	struct gw_err err = { 0 };
	struct gw_buf decoded;
	struct gw_slice data;

	gw_buf_init(&decoded, 0);
	if (initial && gw_slice_eq(text, GW_S("="))) {
		data = gw_slice("", 0);
		exchange(s, &data, out);
	} else if (!gw_base64_decode(text, &decoded)) {
		gw_fail(&err, GW_EINVAL, "not base64");
		end_exchange(s, GW_SASL_FAIL, NULL, &err, out);
	} else {
		data = gw_buf_slice(&decoded);
		exchange(s, &data, out);
	}
	if (decoded.p)
		gw_wipe(decoded.p, decoded.cap);
	gw_buf_done(&decoded);
	return POP3_DONE;
}

/* AUTH alone asks what there is: clients from before CAPA do. */
static void list_mechanisms(struct pop3_session *s, const struct gw_sasl_env *env, struct gw_out *out)
{
	const struct gw_sasl_mech *m;

	pop3_ok(s, out, "Mechanisms follow");
	for (size_t i = 0; (m = gw_sasl_at(i)); i++)
		if (gw_sasl_offer(m, env) == GW_SASL_OFFERED)
			gw_out_printf(out, "%s\r\n", m->name);
	gw_out_lit(out, ".\r\n");
}

enum pop3_step pop3_run_auth(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	struct gw_slice rest = gw_slice_trim(gw_secret_slice(&s->arg));
	struct gw_slice word = gw_slice_take(&rest, gw_slice_find(rest, ' '));
	const struct gw_sasl_mech *mech = gw_sasl_find(word);
	struct gw_sasl_env env;
	enum gw_sasl_offer offer;

	(void)c;
	pop3_sasl_env(s, &env);
	if (word.n == 0) {
		list_mechanisms(s, &env, out);
		return POP3_DONE;
	}
	offer = mech ? gw_sasl_offer(mech, &env) : GW_SASL_NOT_HERE;
	rest = gw_slice_trim(rest);
	if (offer == GW_SASL_OFFERED && rest.n && !(mech->facts & GW_SASL_CLIENT_FIRST)) {
		pop3_err(s, out, "With this mechanism the server speaks first");
		pop3_bad(s, out);
	} else if (offer == GW_SASL_OFFERED) {
		s->sasl = gw_sasl_new(mech, &env);
		if (rest.n)
			exchange_text(s, rest, true, out);
		else
			exchange(s, NULL, out);
	} else if (offer == GW_SASL_EXPOSED) {
		refuse_plaintext(s, out, NULL, mech->name);
	} else {
		pop3_err(s, out, "That authentication mechanism is not offered");
		pop3_bad(s, out);
	}
	gw_secret_free(&s->arg);
	return POP3_DONE;
}

enum pop3_step pop3_run_sasl_answer(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	struct gw_slice text = gw_secret_slice(&s->arg);

	(void)c;
	if (gw_slice_eq(text, GW_S("*"))) {
		gw_sasl_free(s->sasl);
		s->sasl = NULL;
		count_failure(s, out, "Authentication was cancelled");
	} else {
		exchange_text(s, text, false, out);
	}
	gw_secret_free(&s->arg);
	return POP3_DONE;
}

/* ---- STLS ---- */

enum pop3_step pop3_run_stls(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	(void)c;
	if (s->env.peer->tls)
		pop3_err(s, out, "TLS is on already");
	else if (!s->env.peer->tls_possible)
		pop3_err(s, out, "[SYS/PERM] TLS is not available");
	else if (s->utf8)
		pop3_err(s, out, "STLS comes before UTF8"); /* RFC 6856 section 2.1 */
	else
		return pop3_ok(s, out, "Begin TLS negotiation now"), POP3_TLS;
	return pop3_bad(s, out);
}

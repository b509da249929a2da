/* cmd_login.c - STARTTLS, AUTHENTICATE, LOGIN, COMPRESS, UNAUTHENTICATE (RFC 3501 6.2; RFC 4422, RFC 4959, RFC 4978, RFC 8437,
 * RFC 2221)
 *
 * What a failure means to the client is told with the codes of RFC 5530; the host writes the lines for the log.
 * Passwords are wiped as soon as they were looked at. */
#include "imap/session.h"

#include "config/config.h"
#include "imap/commands.h"
#include "imap/notify.h"
#include "imap/put.h"
#include "imap/url.h"
#include "util/base64.h"
#include "util/mem.h"

#include <stdio.h>

#define ANSWER_MAX 12288u               /* octets of a line in AUTHENTICATE (RFC 4422 asks for no limit; tokens are long) */

void imap_sasl_env(const struct imap_session *s, struct gw_sasl_env *ret)
{
	*ret = (struct gw_sasl_env){ .config = s->env.config, .store = s->env.store, .peer = s->env.peer,
				     .clock = s->env.clock, .service = "imap",
				     .closed = s->env.closed, .ctx = s->env.ctx };
}

static void wipe(struct gw_slice s)
{
	if (s.n)
		gw_wipe((char *)s.p, s.n);
}

/* ---- how it ends ---- */

static void tell_host(struct imap_session *s, const char *user, const char *mechanism, const char *reason,
		      const char *detail)
{
	if (s->env.login)
		s->env.login(s->env.ctx, user, mechanism, reason, detail);
}

/* The user is known now, and may be told where the mail is (RFC 2221). */
static enum imap_step refer(struct imap_session *s, struct imap_task *t, struct gw_acct *acct, const char *mechanism)
{
	const struct gw_moved *m = gw_acct_moved(acct);
	const char *url = imap_url_of_user(&t->arena, m->user, m->server);
	const char *text = gw_arena_printf(&t->arena, imap_text(s, "Your mail has moved to %s"), m->server);

	tell_host(s, gw_acct_user(acct), mechanism, "moved", m->server);
	gw_acct_close(acct);
	if (!imap_offers(s, "LOGIN-REFERRALS"))
		return imap_no(t, "AUTHORIZATIONFAILED", text);
	return imap_no(t, gw_arena_printf(&t->arena, "REFERRAL %s", url), text);
}

/* The account is the session's from now on. */
static enum imap_step enter(struct imap_session *s, struct imap_task *t, struct gw_acct *acct, const char *mechanism)
{
	struct gw_session_info *info = s->env.info;
	const char *user = gw_acct_user(acct);

	if (gw_acct_moved(acct))
		return refer(s, t, acct, mechanism);
	imap_set_account(s, acct);
	imap_set_limits(s);
	s->failures = 0;
	if (info) {
		gw_info_set(info, user, gw_slice_str(user));
		info->state = GW_STATE_AUTHED;
	}
	tell_host(s, user, mechanism, "ok", NULL);
	return imap_ok_code(t, imap_capability_text(s, &t->arena), "Logged in");
}

static void note_failure(struct imap_session *s)
{
	if (++s->login_failures >= s->env.config->max_auth_failures)
		s->farewell = "Too many failed logins";
}

static enum imap_step count_failure(struct imap_session *s, struct imap_task *t, const char *code, const char *text)
{
	note_failure(s);
	return imap_no(t, code, text);
}

static enum imap_step refuse_plaintext(struct imap_session *s, struct imap_task *t, const char *user,
				       const char *mechanism)
{
	tell_host(s, user ? user : "", mechanism, "plaintext", NULL);
	return imap_no(t, "PRIVACYREQUIRED", "Passwords are not taken on connections without TLS");
}

/* A login that failed, by the code of lib/sasl and the store. */
static enum imap_step refuse(struct imap_session *s, struct imap_task *t, const char *user, const char *mechanism,
			     const struct gw_err *err)
{
	switch ((int)err->code) {
	case GW_EINVAL:
	case GW_ELIMIT:
		tell_host(s, user, mechanism, "auth", err->text);
		return count_failure(s, t, "AUTHENTICATIONFAILED", "Malformed authentication data");
	case GW_EACCES:
		tell_host(s, user, mechanism, "auth", err->text);
		return count_failure(s, t, "AUTHORIZATIONFAILED", "Not allowed to act as that user");
	case GW_EDISABLED:
		tell_host(s, user, mechanism, "disabled", NULL);
		return count_failure(s, t, "AUTHORIZATIONFAILED", "imap feature disabled");
	case GW_EAUTH:
		tell_host(s, user, mechanism, "auth", NULL);
		return count_failure(s, t, "AUTHENTICATIONFAILED", "Wrong username or password");
	default: /* our trouble, not the user's: no penalty */
		tell_host(s, user, mechanism, "unavailable", err->text);
		return imap_fail(s, t, err->code, err);
	}
}

/* ---- LOGIN ---- */

/* The name as text, for the log. */
static const char *name_text(struct imap_task *t, struct gw_slice name)
{
	struct gw_buf text;
	const char *ret = "?";

	gw_buf_init(&text, 1024);
	if (gw_sasl_text(name, &text) && gw_sasl_name_ok(gw_buf_slice(&text)))
		ret = gw_arena_str(&t->arena, gw_buf_slice(&text));
	gw_buf_done(&text);
	return ret;
}

enum imap_step imap_run_login(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_login *login = &t->cmd->login;
	const char *user = name_text(t, login->user);
	struct gw_acct *acct = NULL;
	struct gw_err err = { 0 };
	struct gw_sasl_env env;
	int rc;

	if (imap_plaintext_refused(s)) {
		wipe(login->password);
		gw_out_lit(out, "* BAD [ALERT] Your password went over the network in the clear: use TLS, and change it\r\n");
		return refuse_plaintext(s, t, user, "LOGIN");
	}
	if (!s->may_burn)
		return IMAP_STEP_AUTH;
	imap_sasl_env(s, &env);
	rc = gw_sasl_login(&env, login->user, login->password, &acct, &err);
	wipe(login->password);
	return rc < 0 ? refuse(s, t, user, "LOGIN", &err) : enter(s, t, acct, "LOGIN");
}

/* ---- AUTHENTICATE ---- */

/* One message of the client on its way to the mechanism. */
struct answer {
	struct gw_slice text; /* base64 */
	bool given;           /* there is one: not the first step without an initial response */
	bool cancelled;
};

static void put_challenge(struct gw_out *out, struct gw_slice challenge)
{
	struct gw_buf text;

	gw_buf_init(&text, 0);
	gw_base64_encode(challenge, &text);
	gw_out_lit(out, "+ ");
	gw_out_slice(out, gw_buf_slice(&text));
	gw_out_lit(out, "\r\n");
	gw_buf_done(&text);
}

/* What the client took back, or nobody can read, ends in BAD (RFC 3501 6.2.2, RFC 4959 3). */
static enum imap_step break_off(struct imap_session *s, struct imap_task *t, const char *text)
{
	gw_sasl_free(s->sasl);
	s->sasl = NULL;
	note_failure(s);
	return imap_bad(t, text);
}

static enum imap_step end_exchange(struct imap_session *s, struct imap_task *t, enum gw_sasl_result r,
				   struct gw_acct *acct, const struct gw_err *err)
{
	const char *mechanism = gw_sasl_mech(s->sasl)->name;
	enum imap_step step;

	if (r == GW_SASL_DONE)
		step = enter(s, t, acct, mechanism);
	else if (gw_sasl_refused(s->sasl)) /* the host has heard of it */
		step = count_failure(s, t, "AUTHENTICATIONFAILED", "The token is not accepted");
	else
		step = refuse(s, t, gw_sasl_user(s->sasl), mechanism, err);
	gw_sasl_free(s->sasl);
	s->sasl = NULL;
	return step;
}

static enum imap_taken take_answer(struct imap_session *s, struct imap_task *t, struct gw_slice *in)
{
	struct answer *a = t->state;
	struct gw_slice line;

	switch (imap_framer_line(&s->framer, ANSWER_MAX, in, &line)) {
	case IMAP_FRAME_MORE:
		return IMAP_TAKEN_MORE;
	case IMAP_FRAME_COMMAND:
		a->text = gw_arena_dup(&t->arena, line);
		a->cancelled = gw_slice_eq(line, GW_S("*"));
		break;
	default:
		a->text = gw_arena_dup(&t->arena, GW_S("!")); /* too long, or with a NUL: no base64 */
	}
	a->given = true;
	imap_trace(s, 'C', GW_S("***"));
	return IMAP_TAKEN_RUN;
}

/* Hand the answer to the mechanism. */
static enum imap_step exchange(struct imap_session *s, struct imap_task *t, struct answer *a, struct gw_out *out)
{
	struct gw_err err = { 0 };
	struct gw_acct *acct = NULL;
	struct gw_buf decoded, challenge;
	enum gw_sasl_result r = GW_SASL_FAIL;
	enum imap_step step;
	bool readable;

	gw_buf_init(&decoded, 0);
	gw_buf_init(&challenge, 0);
	readable = !a->given || gw_base64_decode(a->text, &decoded);
	if (readable) {
		struct gw_slice data = gw_buf_slice(&decoded);

		r = gw_sasl_step(s->sasl, a->given ? &data : NULL, &challenge, &acct, &err);
	}
	wipe(a->text);
	*a = (struct answer){ 0 };
	if (r == GW_SASL_REFUSED)
		tell_host(s, gw_sasl_user(s->sasl), gw_sasl_mech(s->sasl)->name, "auth", NULL);
	if (!readable) {
		tell_host(s, gw_sasl_user(s->sasl), gw_sasl_mech(s->sasl)->name, "auth", "not base64");
		step = break_off(s, t, "This is not base64");
	} else if (r == GW_SASL_MORE || r == GW_SASL_REFUSED) {
		put_challenge(out, gw_buf_slice(&challenge));
		step = imap_await(t, take_answer);
	} else {
		step = end_exchange(s, t, r, acct, &err);
	}
	if (decoded.p)
		gw_wipe(decoded.p, decoded.cap);
	gw_buf_done(&decoded);
	gw_buf_done(&challenge);
	return step;
}

/* Begin an exchange; false: the reply is set. */
static bool begin_exchange(struct imap_session *s, struct imap_task *t)
{
	const struct imap_authenticate *auth = &t->cmd->auth;
	const struct gw_sasl_mech *mech = gw_sasl_find(auth->mechanism);
	struct gw_sasl_env env;
	enum gw_sasl_offer offer;
	struct answer *a;

	imap_sasl_env(s, &env);
	offer = mech ? gw_sasl_offer(mech, &env) : GW_SASL_NOT_HERE;
	if (offer == GW_SASL_EXPOSED) {
		refuse_plaintext(s, t, NULL, mech->name);
		return false;
	}
	if (offer != GW_SASL_OFFERED) {
		imap_no(t, "CANNOT", "This authentication mechanism is not offered");
		return false;
	}
	if (auth->has_initial && !(mech->facts & GW_SASL_CLIENT_FIRST)) {
		imap_bad(t, "With this mechanism the server speaks first");
		return false;
	}
	s->sasl = gw_sasl_new(mech, &env);
	t->state = a = gw_arena_alloc(&t->arena, sizeof *a);
	a->text = auth->initial;
	a->given = auth->has_initial;
	return true;
}

enum imap_step imap_run_authenticate(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct answer *a = t->state;

	if (a && a->cancelled)
		return break_off(s, t, "Authentication was cancelled");
	if (!s->may_burn)
		return IMAP_STEP_AUTH;
	if (!a && !begin_exchange(s, t))
		return IMAP_STEP_DONE;
	return exchange(s, t, t->state, out);
}

/* ---- STARTTLS ---- */

enum imap_step imap_run_starttls(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	(void)out;
	if (s->env.peer->tls)
		return imap_bad(t, "TLS is on already");
	if (!s->env.peer->tls_possible)
		return imap_bad(t, "TLS is not available");
	s->lang = GW_LANG_DEFAULT; /* somebody in between may have chosen it (RFC 5255 7) */
	t->then = GW_NEED_TLS;
	return imap_ok(t, "Begin TLS negotiation now");
}

/* ---- COMPRESS (RFC 4978) ---- */

enum imap_step imap_run_compress(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	(void)out;
	if (s->compressed) {
		imap_bad(t, "DEFLATE is active already");
		t->code = "COMPRESSIONACTIVE";
		return IMAP_STEP_DONE;
	}
	s->compressed = true;
	t->then = GW_NEED_COMPRESS;
	return imap_ok(t, "DEFLATE active");
}

/* ---- UNAUTHENTICATE (RFC 8437) ---- */

/* Nothing of the user is left but what the log and the counters have: the next one must not meet it. */
static void leave(struct imap_session *s)
{
	struct gw_acct *acct = s->acct;
	struct gw_session_info *info = s->env.info;

	imap_unselect(s);
	gw_set_done(&s->saved);
	s->modes = 0;
	s->lang = GW_LANG_DEFAULT; /* RFC 8437 3 */
	imap_notifier_free(s->notify);
	s->notify = NULL;
	s->want_news = false;
	s->store_us += gw_acct_store_us(acct);
	imap_set_account(s, NULL);
	gw_acct_close(acct);
	imap_set_limits(s);
	if (s->env.logout)
		s->env.logout(s->env.ctx);
	if (info) {
		gw_info_set(info, user, GW_S(""));
		info->state = GW_STATE_LOGIN;
	}
}

enum imap_step imap_run_unauthenticate(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	(void)out;
	leave(s);
	if (s->compressed)
		t->then = GW_NEED_PLAIN;
	s->compressed = false;
	return imap_ok_code(t, imap_capability_text(s, &t->arena), "Logged out");
}

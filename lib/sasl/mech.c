/* mech.c - the mechanisms we speak, and the course of an exchange
 *
 * The table is in the order in which a client should prefer them. Bounds that hold for every mechanism (octets, time)
 * are kept here, so that none of them has to. */
#include "sasl/sasl.h"

#include "config/seen.h"
#include "sasl/priv.h"
#include "session/session.h"
#include "util/clock.h"

#include <stdlib.h>

static const struct gw_sasl_mech mechs[] = {
	{ "SCRAM-SHA-256-PLUS", GW_SASL_CLIENT_FIRST | GW_SASL_SCRAM | GW_SASL_BINDING, "RFC 7677", sasl_scram_step },
	{ "SCRAM-SHA-256", GW_SASL_CLIENT_FIRST | GW_SASL_SCRAM, "RFC 7677", sasl_scram_step },
	{ "EXTERNAL", GW_SASL_CLIENT_FIRST | GW_SASL_CERTIFICATE, "RFC 4422", sasl_external_step },
	{ "OAUTHBEARER", GW_SASL_CLIENT_FIRST | GW_SASL_TOKEN, "RFC 7628", sasl_oauthbearer_step },
	{ "XOAUTH2", GW_SASL_CLIENT_FIRST | GW_SASL_TOKEN, "Google's, before RFC 7628", sasl_xoauth2_step },
	{ "PLAIN", GW_SASL_CLIENT_FIRST | GW_SASL_PLAINTEXT, "RFC 4616", sasl_plain_step },
	{ "LOGIN", GW_SASL_PLAINTEXT, "draft-murchison-sasl-login", sasl_login_step },
};
#define MECHS (sizeof mechs / sizeof *mechs)

const struct gw_sasl_mech *gw_sasl_at(size_t i)
{
	return i < MECHS ? &mechs[i] : NULL;
}

const struct gw_sasl_mech *gw_sasl_find(struct gw_slice name)
{
	for (size_t i = 0; i < MECHS; i++)
		if (gw_slice_eqi(name, gw_slice_str(mechs[i].name)))
			return &mechs[i];
	return NULL;
}

bool gw_sasl_plaintext_refused(const struct gw_config *config, const struct gw_peer *peer)
{
	return gw_config_plaintext_refused(config, peer->tls, peer->local);
}

enum gw_sasl_offer gw_sasl_offer(const struct gw_sasl_mech *m, const struct gw_sasl_env *env)
{
	if (!gw_words_has(&env->config->auth_mechanisms, m->name))
		return GW_SASL_NOT_HERE;
	if ((m->facts & GW_SASL_SCRAM) && !gw_store_has_scram(env->store))
		return GW_SASL_NOT_HERE;
	if ((m->facts & GW_SASL_BINDING) && !(env->peer->tls && env->peer->has_exporter))
		return GW_SASL_NOT_HERE;
	if ((m->facts & GW_SASL_CERTIFICATE) && !(env->peer->tls && env->peer->tls_user[0]))
		return GW_SASL_NOT_HERE;
	if ((m->facts & GW_SASL_TOKEN) && !gw_store_has_tokens(env->store))
		return GW_SASL_NOT_HERE;
	if ((m->facts & GW_SASL_TOKEN) && !(env->peer->tls || env->peer->local))
		return GW_SASL_EXPOSED;
	if ((m->facts & GW_SASL_PLAINTEXT) && gw_sasl_plaintext_refused(env->config, env->peer))
		return GW_SASL_EXPOSED;
	return GW_SASL_OFFERED;
}

struct gw_sasl *gw_sasl_new(const struct gw_sasl_mech *m, const struct gw_sasl_env *env)
{
	struct gw_sasl *s = gw_xalloc(sizeof *s);

	s->mech = m;
	s->env = *env;
	s->started_ms = gw_mono_ms(env->clock);
	return s;
}

void gw_sasl_free(struct gw_sasl *s)
{
	if (!s)
		return;
	gw_acct_close(s->acct);
	sasl_scram_free(s->scram);
	gw_wipe(s, sizeof *s);
	free(s);
}

const struct gw_sasl_mech *gw_sasl_mech(const struct gw_sasl *s)
{
	return s->mech;
}

bool gw_sasl_refused(const struct gw_sasl *s)
{
	return s->refused;
}

const char *gw_sasl_user(const struct gw_sasl *s)
{
	return s->user;
}

enum gw_sasl_result gw_sasl_step(struct gw_sasl *s, const struct gw_slice *data, struct gw_buf *challenge,
				 struct gw_acct **ret, struct gw_err *err)
{
	enum gw_sasl_result r;

	challenge->n = 0;
	s->octets += data ? data->n : 0;
	if (s->octets > GW_SASL_EXCHANGE_MAX)
		return sasl_fail(err, GW_ELIMIT, "the exchange is longer than %u octets", GW_SASL_EXCHANGE_MAX);
	if (gw_mono_ms(s->env.clock) - s->started_ms > GW_SASL_EXCHANGE_MS)
		return sasl_fail(err, GW_ELIMIT, "the exchange took longer than %u seconds", GW_SASL_EXCHANGE_MS / 1000);
	if (!data && s->round == 0 && (s->mech->facts & GW_SASL_CLIENT_FIRST))
		return GW_SASL_MORE; /* an empty challenge asks the client to begin */
	if (!data && s->round > 0)
		return sasl_fail(err, GW_EINVAL, "a message is missing");
	r = s->mech->step(s, data, challenge, err);
	s->round += data != NULL;
	if (r == GW_SASL_DONE) {
		*ret = s->acct;
		s->acct = NULL;
	}
	return r;
}

enum gw_sasl_result sasl_password(struct gw_sasl *s, struct gw_slice password, struct gw_err *err)
{
	return gw_sasl_login(&s->env, gw_slice_str(s->user), password, &s->acct, err) < 0 ? GW_SASL_FAIL : GW_SASL_DONE;
}

int sasl_open_to(const struct gw_sasl_env *env, struct gw_acct **acct, struct gw_err *err)
{
	const char *why = env->closed ? env->closed(env->ctx, *acct ? gw_acct_user(*acct) : NULL) : NULL;

	if (!why)
		return 0;
	gw_acct_close(*acct);
	*acct = NULL;
	return gw_fail(err, GW_EUNAVAIL, "%s", why);
}

enum gw_sasl_result sasl_trusted(struct gw_sasl *s, struct gw_err *err)
{
	int rc = sasl_open_to(&s->env, &s->acct, err);

	if (rc == 0)
		rc = gw_store_open_account(s->env.store, gw_slice_str(s->user), s->env.service, &s->acct, err);
	if (rc == 0)
		rc = sasl_open_to(&s->env, &s->acct, err);
	if (rc == GW_ENOENT) /* a name that is not there is told like a wrong secret */
		return sasl_fail(err, GW_EAUTH, "there is no such user");
	return rc < 0 ? GW_SASL_FAIL : GW_SASL_DONE;
}

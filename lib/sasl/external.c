/* external.c - EXTERNAL (RFC 4422 appendix A): the client certificate has said already who it is
 *
 * The host fills tls_user only from a certificate that was verified. An empty name is never a match. */
#include "sasl/priv.h"
#include "session/session.h"

enum gw_sasl_result sasl_external_step(struct gw_sasl *s, const struct gw_slice *data, struct gw_buf *challenge,
				       struct gw_err *err)
{
	const struct gw_peer *peer = s->env.peer;

	(void)challenge;
	if (!peer->tls || !sasl_set_user(s, gw_slice(peer->tls_user, strnlen(peer->tls_user, sizeof peer->tls_user))))
		return sasl_fail(err, GW_EAUTH, "the client's certificate names no user");
	if (!sasl_check_authzid(s, *data, err))
		return GW_SASL_FAIL;
	return sasl_trusted(s, err);
}

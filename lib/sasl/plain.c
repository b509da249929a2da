/* plain.c - the mechanisms that send the password itself: PLAIN (RFC 4616) and LOGIN */
#include "sasl/priv.h"

/* message = [authzid] NUL authcid NUL passwd, and no third NUL */
enum gw_sasl_result sasl_plain_step(struct gw_sasl *s, const struct gw_slice *data, struct gw_buf *challenge,
				    struct gw_err *err)
{
	struct gw_slice rest = *data, authzid, user;

	(void)challenge;
	if (gw_slice_find(rest, '\0') == rest.n)
		return sasl_fail(err, GW_EINVAL, "incomplete data received");
	authzid = gw_slice_take(&rest, gw_slice_find(rest, '\0'));
	gw_slice_take(&rest, 1);
	if (gw_slice_find(rest, '\0') == rest.n)
		return sasl_fail(err, GW_EINVAL, "incomplete data received");
	user = gw_slice_take(&rest, gw_slice_find(rest, '\0'));
	gw_slice_take(&rest, 1);
	if (user.n == 0 || rest.n == 0 || gw_slice_find(rest, '\0') < rest.n)
		return sasl_fail(err, GW_EINVAL, "incomplete data received");
	if (!sasl_set_user(s, user))
		return sasl_fail(err, GW_EAUTH, "this cannot be a user name");
	if (sasl_password(s, rest, err) == GW_SASL_FAIL) /* before the other name is looked at (RFC 4616 section 2) */
		return GW_SASL_FAIL;
	return sasl_check_authzid(s, authzid, err) ? GW_SASL_DONE : GW_SASL_FAIL;
}

/* The server asks for the name, then for the password. Many clients send the name with the command at once. A name that
 * cannot be is refused only after the password, like one that is not there. */
enum gw_sasl_result sasl_login_step(struct gw_sasl *s, const struct gw_slice *data, struct gw_buf *challenge,
				    struct gw_err *err)
{
	if (!data) {
		gw_buf_add_slice(challenge, GW_S("Username:"));
		return GW_SASL_MORE;
	}
	if (s->round == 0) {
		if (data->n == 0)
			return sasl_fail(err, GW_EINVAL, "the user name is missing");
		sasl_set_user(s, *data);
		gw_buf_add_slice(challenge, GW_S("Password:"));
		return GW_SASL_MORE;
	}
	if (data->n == 0 || gw_slice_find(*data, '\0') < data->n)
		return sasl_fail(err, GW_EINVAL, "the password is missing");
	return sasl_password(s, *data, err);
}

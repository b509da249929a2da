/* gs2.c - what messages of SCRAM and OAUTHBEARER begin with: the header of GS2 (RFC 5801 section 4), and names in it
 *
 *	n,a=anna,		the client binds no channel; it wants to act as anna
 *	y,,			it could, and believes that the server cannot
 *	p=tls-exporter,,	it does */
#include "sasl/priv.h"

bool sasl_get_attr(struct gw_slice *in, char name, struct gw_slice *ret)
{
	if (in->n < 2 || in->p[0] != name || in->p[1] != '=')
		return false;
	gw_slice_take(in, 2);
	*ret = gw_slice_take(in, gw_slice_find(*in, ','));
	return true;
}

bool sasl_get_comma(struct gw_slice *in)
{
	if (in->n == 0 || in->p[0] != ',')
		return false;
	gw_slice_take(in, 1);
	return true;
}

/* "F,", which says that a message is none of GSS-API, is for mechanisms that we have not. */
bool sasl_get_gs2(struct gw_slice *in, struct sasl_gs2 *ret)
{
	const char *start = in->p;

	*ret = (struct sasl_gs2){ 0 };
	if (in->n == 0 || !memchr("nyp", in->p[0], 3))
		return false;
	ret->flag = in->p[0];
	if (ret->flag == 'p') {
		if (!sasl_get_attr(in, 'p', &ret->binding))
			return false;
	} else {
		gw_slice_take(in, 1);
	}
	if (!sasl_get_comma(in))
		return false;
	sasl_get_attr(in, 'a', &ret->authzid);
	if (!sasl_get_comma(in))
		return false;
	ret->header = gw_slice(start, (size_t)(in->p - start));
	return true;
}

/* saslname: "=2C" is a comma, "=3D" an equals sign, no other "=" (RFC 5802 section 5.1). */
static bool get_saslname(struct gw_slice v, struct gw_buf *out)
{
	while (v.n) {
		char c = *gw_slice_take(&v, 1).p;

		if (c == '=') {
			if (v.n < 2 || !(gw_slice_startsi(v, GW_S("2C")) || gw_slice_startsi(v, GW_S("3D"))))
				return false;
			c = *gw_slice_take(&v, 2).p == '2' ? ',' : '=';
		}
		if (c == '\0' || !gw_buf_add_char(out, c))
			return false;
	}
	return true;
}

bool sasl_set_saslname(struct gw_sasl *s, struct gw_slice v)
{
	struct gw_buf name;
	bool ok;

	gw_buf_init(&name, SASL_NAME_MAX);
	ok = get_saslname(v, &name) && sasl_set_user(s, gw_buf_slice(&name));
	gw_buf_done(&name);
	return ok;
}

bool sasl_check_saslname(const struct gw_sasl *s, struct gw_slice v, struct gw_err *err)
{
	struct gw_buf name;
	bool ok;

	gw_buf_init(&name, SASL_NAME_MAX);
	if (get_saslname(v, &name)) {
		ok = sasl_check_authzid(s, gw_buf_slice(&name), err);
	} else {
		gw_fail(err, GW_EINVAL, "the name to act as is malformed");
		ok = false;
	}
	gw_buf_done(&name);
	return ok;
}

/* text.c - names and passwords as they come from the wire
 *
 * Clients send UTF-8, or, the old ones, whatever their machine uses, which is windows-1252 where it matters. A name is
 * refused when it has control characters (RFC 4013 2.3); a password is opaque but for NUL. */
#include "sasl/priv.h"
#include "util/utf8.h"

/* 0x80..0x9F; the rest of windows-1252 is ISO 8859-1. Bytes it does not define stay controls. */
static const uint16_t windows_1252[32] = {
	0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D,
	0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
	0x0153, 0x009D, 0x017E, 0x0178,
};

bool gw_sasl_text(struct gw_slice bytes, struct gw_buf *out)
{
	char four[4];

	if (gw_utf8_valid(bytes))
		return gw_buf_add_slice(out, bytes);
	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];
		uint32_t cp = c >= 0x80 && c < 0xA0 ? windows_1252[c - 0x80] : c;

		if (!gw_buf_add(out, four, gw_utf8_put(four, cp)))
			return false;
	}
	return true;
}

static bool is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029;
}

bool gw_sasl_name_ok(struct gw_slice name)
{
	uint32_t cp;

	if (name.n == 0 || name.n > SASL_NAME_MAX)
		return false;
	while (name.n)
		if (!gw_utf8_next(&name, &cp) || is_control(cp))
			return false;
	return true;
}

/* What SASLprep refuses (RFC 4013 section 2.3) of what is left behind its mapping (section 2.1): controls, what has no
 * meaning by itself or for everybody, what changes the direction or the look of its neighbours. */
static const struct {
	uint32_t from, to;
} refused[] = {
	{ 0x00, 0x1F },       { 0x7F, 0x9F },       { 0x340, 0x341 },     { 0x6DD, 0x6DD },       { 0x70F, 0x70F },
	{ 0x180E, 0x180E },   { 0x200E, 0x200F },   { 0x2028, 0x202E },   { 0x2061, 0x2063 },     { 0x206A, 0x206F },
	{ 0x2FF0, 0x2FFB },   { 0xE000, 0xF8FF },   { 0xFDD0, 0xFDEF },   { 0xFFF9, 0xFFFF },     { 0x1D173, 0x1D17A },
	{ 0xE0001, 0xE0001 }, { 0xE0020, 0xE007F }, { 0xF0000, 0x10FFFF },
};

bool gw_sasl_prep_ok(struct gw_slice text)
{
	uint32_t cp;

	while (text.n) {
		if (!gw_utf8_next(&text, &cp))
			return false;
		if ((cp & 0xFFFE) == 0xFFFE) /* the last two of each plane */
			return false;
		for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
			if (cp >= refused[i].from && cp <= refused[i].to)
				return false;
	}
	return true;
}

bool sasl_set_user(struct gw_sasl *s, struct gw_slice bytes)
{
	struct gw_buf name;
	bool ok;

	gw_buf_init(&name, SASL_NAME_MAX);
	ok = gw_sasl_text(bytes, &name) && gw_sasl_name_ok(gw_buf_slice(&name));
	if (ok) {
		memcpy(s->user, name.p, name.n);
		s->user[name.n] = '\0';
	}
	gw_buf_done(&name);
	return ok;
}

bool sasl_check_authzid(const struct gw_sasl *s, struct gw_slice authzid, struct gw_err *err)
{
	struct gw_buf name;
	bool ok;

	if (authzid.n == 0)
		return true;
	gw_buf_init(&name, SASL_NAME_MAX);
	ok = gw_sasl_text(authzid, &name) && gw_slice_eqi(gw_buf_slice(&name), gw_slice_str(s->user));
	if (!ok && gw_sasl_name_ok(gw_buf_slice(&name)))
		gw_fail(err, GW_EACCES, "user \"%s\" asked to act as \"%s\"", s->user, gw_buf_str(&name));
	else if (!ok)
		gw_fail(err, GW_EACCES, "user \"%s\" asked to act as somebody whose name cannot be", s->user);
	gw_buf_done(&name);
	return ok;
}

static int login_text(const struct gw_sasl_env *env, struct gw_slice user, struct gw_slice password,
		      struct gw_acct **ret, struct gw_err *err)
{
	struct gw_buf text;
	int rc;

	gw_buf_init(&text, SASL_PASSWORD_MAX);
	gw_buf_room(&text, SASL_PASSWORD_MAX); /* at once: a buffer that grows leaves copies in freed memory */
	if (gw_sasl_text(password, &text))
		rc = gw_store_login(env->store, user, gw_buf_slice(&text), env->service, ret, err);
	else
		rc = gw_fail(err, GW_EAUTH, "the password is too long");
	if (text.p)
		gw_wipe(text.p, text.cap);
	gw_buf_done(&text);
	return rc;
}

int gw_sasl_login(const struct gw_sasl_env *env, struct gw_slice user, struct gw_slice password, struct gw_acct **ret,
		  struct gw_err *err)
{
	struct gw_acct *acct = NULL;
	struct gw_buf name;
	int rc = sasl_open_to(env, &acct, err);

	if (rc < 0)
		return rc;
	gw_buf_init(&name, SASL_NAME_MAX);
	if (gw_sasl_text(user, &name) && gw_sasl_name_ok(gw_buf_slice(&name)))
		rc = login_text(env, gw_buf_slice(&name), password, &acct, err);
	else
		rc = gw_fail(err, GW_EAUTH, "this cannot be a user name");
	gw_buf_done(&name);
	if (rc == 0)
		rc = sasl_open_to(env, &acct, err);
	if (rc == 0)
		*ret = acct;
	return rc;
}

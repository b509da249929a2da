/* parse_login.c - LOGIN, AUTHENTICATE, COMPRESS, ID, ENABLE, LANGUAGE, COMPARATOR (RFC 9051 6.2, RFC 4959, RFC 4978, RFC 2971,
 * RFC 5161, RFC 5255) */
#include "imap/parse.h"

/* SP userid SP password. Both are taken as bytes: which charset an old client's password is in, nobody knows. */
bool imap_parse_login(struct gw_slice *in, struct imap_command *c, const char **why)
{
	return imap_want_sp(in, why) && imap_want_astring(in, c, &c->login.user, why) && imap_want_sp(in, why) &&
	       imap_want_astring(in, c, &c->login.password, why);
}

/* SP mechanism [SP initial-response]; "=" is the empty response (RFC 4959 section 3). */
bool imap_parse_authenticate(struct gw_slice *in, struct imap_command *c, const char **why)
{
	if (!imap_want_sp(in, why))
		return false;
	if (!imap_get_atom(in, &c->auth.mechanism))
		return imap_fail_bad(why, "The name of a mechanism is expected");
	if (!imap_get_sp(in))
		return true;
	c->auth.initial = imap_get_run(in, IMAP_CT_BASE64);
	if (c->auth.initial.n == 0)
		return imap_fail_bad(why, "The initial response is not base64");
	if (gw_slice_eq(c->auth.initial, GW_S("=")))
		c->auth.initial.n = 0;
	c->auth.has_initial = true;
	return true;
}

/* SP "DEFLATE" (RFC 4978 section 5) */
bool imap_parse_compress(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct gw_slice algorithm;

	(void)c;
	if (!imap_want_sp(in, why))
		return false;
	if (!imap_get_atom(in, &algorithm) || !gw_slice_eqi(algorithm, GW_S("DEFLATE")))
		return imap_fail_bad(why, "DEFLATE is the only compression there is");
	return true;
}

/* ---- ID ---- */

static bool named_before(const struct imap_id_pair *pair, size_t n, struct gw_slice field)
{
	for (size_t i = 0; i < n; i++)
		if (gw_slice_eqi(pair[i].field, field))
			return true;
	return false;
}

/* string SP nstring */
static bool parse_pair(struct gw_slice *in, struct imap_command *c, struct imap_id_pair *p, const char **why)
{
	if (!imap_get_string(in, c->arena, &p->field))
		return imap_fail_bad(why, "ID needs field names in quotes");
	if (p->field.n > IMAP_ID_FIELD_MAX)
		return imap_fail_bad(why, "A field name of ID is longer than 30 octets");
	if (!imap_want_sp(in, why))
		return false;
	if (!imap_get_nstring(in, c->arena, &p->value, &p->nil))
		return imap_fail_bad(why, "ID needs a value in quotes, or NIL");
	if (p->value.n > IMAP_ID_VALUE_MAX)
		return imap_fail_bad(why, "A value of ID is longer than 1024 octets");
	return true;
}

/* SP ("NIL" / "(" [string SP nstring *(SP string SP nstring)] ")") */
bool imap_parse_id(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_id_pair *pair;
	size_t asked = 0;

	if (!imap_want_sp(in, why))
		return false;
	if (imap_get_nil(in))
		return true;
	if (!imap_get_char(in, '('))
		return imap_fail_bad(why, "ID needs a list or NIL");
	c->id.pair = pair = gw_arena_calloc(c->arena, IMAP_ID_PAIRS_MAX, sizeof *pair);
	while (!imap_get_char(in, ')')) {
		if (asked == IMAP_ID_PAIRS_MAX)
			return imap_fail_bad(why, "ID has more than 30 fields");
		if (asked++ && !imap_want_sp(in, why))
			return false;
		if (!parse_pair(in, c, &pair[c->id.n], why))
			return false;
		c->id.n += !named_before(pair, c->id.n, pair[c->id.n].field);
	}
	return true;
}

/* ---- ENABLE ---- */

bool imap_parse_enable(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_slices list = { 0 };

	do {
		struct gw_slice name;

		if (!imap_want_sp(in, why))
			return false;
		if (!imap_get_atom(in, &name))
			return imap_fail_bad(why, "The name of a capability is expected");
		imap_slices_add(c, &list, name);
	} while (in->n && list.n < IMAP_LIST_ITEMS_MAX);
	c->enable = (struct imap_enable){ list.v, list.n };
	return true;
}

/* ---- LANGUAGE, COMPARATOR ---- */

/* *(SP astring) */
bool imap_parse_words(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_slices list = { 0 };

	while (in->n) {
		struct gw_slice word;

		if (!imap_want_sp(in, why))
			return false;
		if (!imap_get_astring(in, c->arena, &word))
			return imap_fail_bad(why, "A name is expected");
		if (list.n == IMAP_LIST_ITEMS_MAX)
			return imap_fail_bad(why, "There are too many names");
		imap_slices_add(c, &list, word);
	}
	c->words = (struct imap_words){ list.v, list.n };
	return true;
}

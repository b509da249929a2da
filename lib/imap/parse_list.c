/* parse_list.c - LIST and LSUB (RFC 9051 6.3.9, RFC 5258, RFC 5819, RFC 6154, RFC 8440; LSUB: RFC 3501 6.3.9) */
#include "imap/parse.h"

#include "imap/mbname.h"

struct option {
	const char *name;
	unsigned bit;
};

static const struct option select_options[] = {
	{ "SUBSCRIBED", IMAP_LIST_SUBSCRIBED },
	{ "REMOTE", IMAP_LIST_REMOTE },
	{ "RECURSIVEMATCH", IMAP_LIST_RECURSIVEMATCH },
	{ "SPECIAL-USE", IMAP_LIST_SPECIAL_USE },
	{ NULL, 0 },
};

static const struct option return_options[] = {
	{ "SUBSCRIBED", IMAP_LIST_SUBSCRIBED },
	{ "CHILDREN", IMAP_LIST_CHILDREN },
	{ "SPECIAL-USE", IMAP_LIST_SPECIAL_USE },
	{ "STATUS", IMAP_LIST_STATUS },
	{ "METADATA", IMAP_LIST_METADATA },
	{ "MYRIGHTS", IMAP_LIST_MYRIGHTS },
	{ NULL, 0 },
};

static unsigned find_option(const struct option *o, struct gw_slice name)
{
	for (; o->name; o++)
		if (gw_slice_eqi(name, gw_slice_str(o->name)))
			return o->bit;
	return 0;
}

/* The options up to and with the ")". */
static bool parse_options(struct gw_slice *in, struct imap_command *c, const struct option *options, unsigned *ret,
			  const char **why)
{
	if (imap_get_char(in, ')'))
		return true;
	do {
		struct gw_slice name;
		unsigned bit = imap_get_atom(in, &name) ? find_option(options, name) : 0;

		if (!bit)
			return imap_fail_bad(why, "This option of LIST is not known");
		*ret |= bit;
		if (bit == IMAP_LIST_STATUS && (!imap_want_sp(in, why) || !imap_want_status_items(in, c, &c->list.status, why)))
			return false;
		if (bit == IMAP_LIST_METADATA && (!imap_want_sp(in, why) || !imap_want_entries(in, c, &c->list.metadata, why)))
			return false;
	} while (imap_get_sp(in));
	return imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

static bool parse_selection(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_list *q = &c->list;

	if (!parse_options(in, c, select_options, &q->select, why))
		return false;
	/* RFC 5258 section 3.1: RECURSIVEMATCH says what to do about another criterion */
	if (q->select & IMAP_LIST_RECURSIVEMATCH && !(q->select & (IMAP_LIST_SUBSCRIBED | IMAP_LIST_SPECIAL_USE)))
		return imap_fail_bad(why, "RECURSIVEMATCH needs another option");
	q->extended = true;
	return imap_want_sp(in, why);
}

/* ---- patterns ---- */

/* A pattern that cannot be decoded matches nothing and is left out. */
static bool parse_pattern(struct gw_slice *in, struct imap_command *c, struct imap_slices *list, const char **why)
{
	char first = in->n ? in->p[0] : '\0';
	struct gw_slice wire, pattern;

	if (!imap_get_list_mailbox(in, c->arena, &wire))
		return imap_fail_bad(why, "A mailbox pattern is expected");
	if (first != '{' && c->ctx->string_max && wire.n > c->ctx->string_max)
		return imap_fail_bad(why, "A pattern is too long");
	if (list->n == IMAP_PATTERNS_MAX)
		return imap_fail_no(c, "LIMIT", why, "There are too many patterns");
	if (imap_pattern_decode(c->arena, wire, c->ctx->utf8, &pattern))
		imap_slices_add(c, list, pattern);
	return true;
}

/* list-mailbox / "(" list-mailbox *(SP list-mailbox) ")" */
static bool parse_patterns(struct gw_slice *in, struct imap_command *c, struct imap_slices *list, const char **why)
{
	if (!imap_get_char(in, '('))
		return parse_pattern(in, c, list, why);
	c->list.extended = true;
	do {
		if (!parse_pattern(in, c, list, why))
			return false;
	} while (imap_get_sp(in));
	return imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

/* reference SP patterns. many: a list of them is allowed. */
static bool parse_names(struct gw_slice *in, struct imap_command *c, bool many, const char **why)
{
	struct imap_list *q = &c->list;
	struct imap_slices list = { 0 };
	struct gw_slice wire;

	if (!imap_want_astring(in, c, &wire, why) || !imap_want_sp(in, why))
		return false;
	if (!(many ? parse_patterns(in, c, &list, why) : parse_pattern(in, c, &list, why)))
		return false;
	if (imap_pattern_decode(c->arena, wire, c->ctx->utf8, &q->reference)) {
		q->patterns = list.v;
		q->n_patterns = list.n;
	}
	return true;
}

/* [SP "(" selection ")"] SP mailbox SP mbox-or-pat [SP "RETURN" SP "(" return ")"] */
bool imap_parse_list(struct gw_slice *in, struct imap_command *c, const char **why)
{
	if (!imap_want_sp(in, why))
		return false;
	if (imap_get_char(in, '(') && !parse_selection(in, c, why))
		return false;
	if (!parse_names(in, c, true, why))
		return false;
	if (!imap_get_sp(in))
		return true;
	if (!imap_get_word(in, GW_S("RETURN")) || !imap_get_sp(in) || !imap_get_char(in, '('))
		return imap_fail_bad(why, "RETURN (...) is expected");
	c->list.extended = true;
	return parse_options(in, c, return_options, &c->list.ret, why);
}

bool imap_parse_lsub(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_list *q = &c->list;

	if (!imap_want_sp(in, why) || !parse_names(in, c, false, why))
		return false;
	if (q->n_patterns) {
		struct gw_slice p = q->patterns[0];

		q->stops_at_level = p.n && p.p[p.n - 1] == '%';
	}
	return true;
}

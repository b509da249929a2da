/* parse_metadata.c - GETMETADATA, SETMETADATA (RFC 5464 5), and the option of LIST (RFC 9590) */
#include "imap/parse.h"

#define ENTRY_MAX 255u /* octets of an entry's name */

bool imap_is_entry(struct gw_slice s)
{
	if (s.n < 2 || s.n > ENTRY_MAX || s.p[0] != '/' || s.p[s.n - 1] == '/')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] > '~' || s.p[i] == '*' || s.p[i] == '%' || (i && s.p[i] == '/' && s.p[i - 1] == '/'))
			return false;
	return true;
}

/* In small letters: names of entries know no case (RFC 5464 3.1). */
static struct gw_slice entry_key(struct imap_command *c, struct gw_slice name)
{
	char *p = gw_arena_str(c->arena, name);

	for (size_t i = 0; i < name.n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] - 'A' + 'a');
	return gw_slice(p, name.n);
}

static bool parse_entry(struct gw_slice *in, struct imap_command *c, struct imap_metadata_entry *ret, const char **why)
{
	if (!imap_want_astring(in, c, &ret->name, why))
		return false;
	if (!imap_is_entry(ret->name))
		return imap_fail_bad(why, "This is no name of an entry");
	ret->key = entry_key(c, ret->name);
	return true;
}

static bool add_entry(struct imap_command *c, struct imap_metadata_list *l, const struct imap_metadata_entry *e, const char **why)
{
	struct imap_metadata_entry *v;

	if (l->n == IMAP_METADATA_ENTRIES_MAX)
		return imap_fail_no(c, "LIMIT", why, "There are too many entries");
	if (l->n % 16 == 0) {
		v = gw_arena_calloc(c->arena, l->n + 16, sizeof *v);
		if (l->n)
			memcpy(v, l->v, l->n * sizeof *v);
		l->v = v;
	}
	l->v[l->n++] = *e;
	return true;
}

bool imap_want_entries(struct gw_slice *in, struct imap_command *c, struct imap_metadata_list *ret, const char **why)
{
	bool many = imap_get_char(in, '(');

	do {
		struct imap_metadata_entry e = { 0 };

		if (!parse_entry(in, c, &e, why) || !add_entry(c, ret, &e, why))
			return false;
	} while (many && imap_get_sp(in));
	return !many || imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

/* "" is the server. */
static bool parse_target(struct gw_slice *in, struct imap_command *c, const char **why)
{
	c->metadata.server = imap_get_prefix(in, GW_S("\"\""));
	return c->metadata.server || imap_want_mailbox(in, c, &c->mailbox, why);
}

/* ---- GETMETADATA ---- */

static bool parse_option(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_metadata *q = &c->metadata;

	if (!q->has_maxsize && imap_get_word(in, GW_S("MAXSIZE"))) {
		q->has_maxsize = true;
		return (imap_get_sp(in) && imap_get_number(in, &q->maxsize)) || imap_fail_bad(why, "MAXSIZE needs a number");
	}
	if (!q->has_depth && imap_get_word(in, GW_S("DEPTH"))) {
		q->has_depth = true;
		if (imap_get_prefix(in, GW_S(" INFINITY")))
			q->depth = IMAP_DEPTH_INFINITY;
		else if (imap_get_prefix(in, GW_S(" 1")))
			q->depth = 1;
		else if (!imap_get_prefix(in, GW_S(" 0")))
			return imap_fail_bad(why, "DEPTH is 0, 1 or infinity");
		return true;
	}
	return imap_fail_bad(why, "This option of GETMETADATA is not known");
}

/* Is this the list of options, and not one of entries, which begin with a slash? */
static bool options_follow(struct gw_slice in)
{
	return in.n > 1 && in.p[0] == '(' && in.p[1] != '/' && in.p[1] != '"' && in.p[1] != '{';
}

static bool parse_options(struct gw_slice *in, struct imap_command *c, const char **why)
{
	imap_get_char(in, '(');
	do {
		if (!parse_option(in, c, why))
			return false;
	} while (imap_get_sp(in));
	if (!imap_get_char(in, ')'))
		return imap_fail_bad(why, "A ) is missing");
	return imap_want_sp(in, why);
}

/* [SP options] SP mailbox SP entries; also with the options behind the mailbox, as the examples of RFC 5464 4.2 have it. */
bool imap_parse_getmetadata(struct gw_slice *in, struct imap_command *c, const char **why)
{
	bool before;

	if (!imap_want_sp(in, why))
		return false;
	before = options_follow(*in);
	if ((before && !parse_options(in, c, why)) || !parse_target(in, c, why) || !imap_want_sp(in, why))
		return false;
	if (!before && options_follow(*in) && !parse_options(in, c, why))
		return false;
	return imap_want_entries(in, c, &c->metadata.entries, why);
}

/* ---- SETMETADATA ---- */

/* literal8: what may hold NUL (RFC 3516). */
static bool get_literal8(struct gw_slice *in, struct gw_slice *ret)
{
	struct gw_slice rest = *in;
	struct imap_literal lit;

	if (!imap_get_announcement(&rest, &lit) || !lit.binary)
		return false;
	imap_get_char(&rest, '\r');
	if (!imap_get_char(&rest, '\n') || lit.size > rest.n)
		return false;
	*ret = gw_slice_take(&rest, (size_t)lit.size);
	*in = rest;
	return true;
}

bool imap_want_value(struct gw_slice *in, struct imap_command *c, struct gw_slice *ret, const char **why)
{
	bool nil = false;

	if (get_literal8(in, ret))
		return true;
	if (!imap_get_nstring(in, c->arena, ret, &nil))
		return imap_fail_bad(why, "A value is a string or NIL");
	if (nil)
		*ret = (struct gw_slice){ 0 };
	return true;
}

/* Only what begins with /private/ or /shared/ can be set (RFC 5464 3.2). */
static bool may_hold_value(struct gw_slice key)
{
	return gw_slice_startsi(key, GW_S("/private/")) || gw_slice_startsi(key, GW_S("/shared/"));
}

bool imap_parse_setmetadata(struct gw_slice *in, struct imap_command *c, const char **why)
{
	if (!imap_want_sp(in, why) || !parse_target(in, c, why) || !imap_want_sp(in, why))
		return false;
	if (!imap_get_char(in, '('))
		return imap_fail_bad(why, "A list of entries and values is expected");
	do {
		struct imap_metadata_entry e = { 0 };

		if (!parse_entry(in, c, &e, why) || !imap_want_sp(in, why) || !imap_want_value(in, c, &e.value, why))
			return false;
		if (!may_hold_value(e.key))
			return imap_fail_no(c, "CANNOT", why, "Entries begin with /private/ or /shared/");
		if (!add_entry(c, &c->metadata.entries, &e, why))
			return false;
	} while (imap_get_sp(in));
	return imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

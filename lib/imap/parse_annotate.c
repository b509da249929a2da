/* parse_annotate.c - annotations of messages (RFC 5257 5): what STORE and APPEND write, FETCH asks for, SEARCH and SORT look at */
#include "imap/parse.h"

/* ---- names ---- */

/* Behind a message of APPEND nothing is known of the session. */
static bool want_string(struct gw_slice *in, struct imap_command *c, struct gw_slice *ret, const char **why)
{
	return imap_get_astring(in, c->arena, ret) || imap_fail_bad(why, "A name is expected");
}

static bool is_wild(struct gw_slice name)
{
	return memchr(name.p, '*', name.n) || memchr(name.p, '%', name.n);
}

/* The numbers in front of an entry of a part: "/1.2/comment" has 1, 2; none for one of the message. */
static bool parse_part(struct imap_command *c, struct gw_slice name, struct imap_annotation_entry *ret, struct gw_slice *ret_rest,
		       const char **why)
{
	uint32_t part[IMAP_SECTION_PARTS_MAX];
	struct gw_slice in = gw_slice(name.p + 1, name.n - 1);
	uint32_t *v;
	size_t n = 0;

	*ret_rest = name;
	if (!in.n || !imap_is(in.p[0], IMAP_CT_DIGIT))
		return true;
	do {
		if (n == IMAP_SECTION_PARTS_MAX || !imap_get_nz_number(&in, &part[n]))
			return imap_fail_bad(why, "This is no number of a part");
		n++;
	} while (imap_get_char(&in, '.'));
	if (in.n && in.p[0] != '/')
		return imap_fail_bad(why, "This is no number of a part");
	v = gw_arena_calloc(c->arena, n, sizeof *v);
	memcpy(v, part, n * sizeof *v);
	ret->part = v;
	ret->n_part = n;
	*ret_rest = in;
	return true;
}

/* A name without wildcards. */
static bool check_entry(struct imap_command *c, struct gw_slice name, struct imap_annotation_entry *ret, struct gw_slice *ret_rest,
			const char **why)
{
	if (!imap_is_entry(name))
		return imap_fail_bad(why, "This is no name of an entry");
	return parse_part(c, name, ret, ret_rest, why);
}

/* May a name match it (RFC 5257 3.2)? What none can is an error like a wrong name. */
static bool is_pattern(struct gw_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] > '~' || (s.p[i] == '/' && (i + 1 == s.n || s.p[i + 1] == '/')))
			return false;
	return s.n <= GW_ANNOTATION_NAME_MAX;
}

static bool is_vendors(struct gw_slice name)
{
	return name.n > 8 && gw_slice_eq(gw_slice(name.p, 8), GW_S("/vendor/"));
}

static bool is_part_flag(struct gw_slice name)
{
	return gw_slice_eq(name, GW_S("/flags/seen")) || gw_slice_eq(name, GW_S("/flags/answered")) ||
	       gw_slice_eq(name, GW_S("/flags/flagged")) || gw_slice_eq(name, GW_S("/flags/forwarded"));
}

/* RFC 5257 3.2.1: those that are specified, and those of vendors. */
static bool check_known(struct imap_command *c, const struct imap_annotation_entry *e, struct gw_slice rest, const char **why)
{
	if (!e->n_part && (gw_slice_eq(rest, GW_S("/flags")) || (rest.n > 7 && gw_slice_eq(gw_slice(rest.p, 7), GW_S("/flags/")))))
		return imap_fail_bad(why, "/flags is reserved");
	if (gw_slice_eq(rest, GW_S("/comment")) || is_vendors(rest) ||
	    (e->n_part ? is_part_flag(rest) : gw_slice_eq(rest, GW_S("/altsubject"))))
		return true;
	return imap_fail_no(c, "CANNOT", why, "There is no such entry, and it is not a vendor's");
}

/* ---- attributes ---- */

static const struct {
	const char *name;
	unsigned bits;
} attributes[] = {
	{ "value", IMAP_ANNOTATION_VALUES },
	{ "value.priv", IMAP_ANNOTATION_VALUE_PRIV },
	{ "value.shared", IMAP_ANNOTATION_VALUE_SHARED },
	{ "size", IMAP_ANNOTATION_SIZE_PRIV | IMAP_ANNOTATION_SIZE_SHARED },
	{ "size.priv", IMAP_ANNOTATION_SIZE_PRIV },
	{ "size.shared", IMAP_ANNOTATION_SIZE_SHARED },
};

static bool want_attribute(struct gw_slice *in, struct imap_command *c, unsigned *ret, const char **why)
{
	struct gw_slice name;

	if (!want_string(in, c, &name, why))
		return false;
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
		if (gw_slice_eqi(name, gw_slice_str(attributes[i].name))) {
			*ret = attributes[i].bits;
			return true;
		}
	return imap_fail_bad(why, "This attribute is not known");
}

static bool is_value(unsigned attribute)
{
	return !(attribute & ~(unsigned)IMAP_ANNOTATION_VALUES);
}

/* ---- STORE, APPEND ---- */

static bool add(struct imap_command *c, struct imap_annotations *l, const struct gw_annotation *v, const struct imap_annotation_entry *e,
		const char **why)
{
	if (l->n == IMAP_ANNOTATIONS_MAX)
		return imap_fail_no(c, "LIMIT", why, "There are too many annotations");
	if (l->n % 16 == 0) {
		struct gw_annotation *values = gw_arena_calloc(c->arena, l->n + 16, sizeof *values);
		struct imap_annotation_entry *entries = gw_arena_calloc(c->arena, l->n + 16, sizeof *entries);

		if (l->n) {
			memcpy(values, l->v, l->n * sizeof *values);
			memcpy(entries, l->entry, l->n * sizeof *entries);
		}
		l->v = values;
		l->entry = entries;
	}
	l->v[l->n] = *v;
	l->entry[l->n++] = *e;
	l->parts = l->parts || e->n_part;
	return true;
}

/* A flag of a part is "1", "0" or NIL (RFC 5257 3.2.1). */
static bool is_flag_value(struct gw_slice value)
{
	return !value.p || gw_slice_eq(value, GW_S("1")) || gw_slice_eq(value, GW_S("0"));
}

/* att-value */
static bool parse_att_value(struct gw_slice *in, struct imap_command *c, struct gw_slice name, const struct imap_annotation_entry *e,
			    struct gw_slice rest, struct imap_annotations *ret, const char **why)
{
	struct gw_annotation v = { .name = name };
	unsigned attribute = 0;

	if (!want_attribute(in, c, &attribute, why) || !imap_want_sp(in, why) || !imap_want_value(in, c, &v.value, why))
		return false;
	if (!is_value(attribute))
		return imap_fail_no(c, "CANNOT", why, "The size is what the value has");
	if (attribute == IMAP_ANNOTATION_VALUES) /* RFC 5257 3.3 */
		return imap_fail_bad(why, "value.priv or value.shared is expected");
	if (e->n_part && is_part_flag(rest) && !is_flag_value(v.value))
		return imap_fail_bad(why, "The value of a flag is \"1\", \"0\" or NIL");
	v.shared = attribute == IMAP_ANNOTATION_VALUE_SHARED;
	return add(c, ret, &v, e, why);
}

/* entry-att = entry SP "(" att-value *(SP att-value) ")" */
static bool parse_entry_att(struct gw_slice *in, struct imap_command *c, struct imap_annotations *ret, const char **why)
{
	struct imap_annotation_entry e = { 0 };
	struct gw_slice rest = { 0 };

	if (!want_string(in, c, &e.name, why) || !check_entry(c, e.name, &e, &rest, why) || !imap_want_sp(in, why) ||
	    !check_known(c, &e, rest, why))
		return false;
	if (!imap_get_char(in, '('))
		return imap_fail_bad(why, "A list of attributes and values is expected");
	do {
		if (!parse_att_value(in, c, e.name, &e, rest, ret, why))
			return false;
	} while (imap_get_sp(in));
	return imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

bool imap_want_annotations(struct gw_slice *in, struct imap_command *c, struct imap_annotations *ret, const char **why)
{
	if (!imap_get_char(in, '('))
		return imap_fail_bad(why, "A list of annotations is expected");
	do {
		if (!parse_entry_att(in, c, ret, why))
			return false;
	} while (imap_get_sp(in));
	return imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

/* ---- FETCH, SEARCH, SORT ---- */

bool imap_want_annotation_match(struct gw_slice *in, struct imap_command *c, struct imap_annotation_entry *ret, const char **why)
{
	struct gw_slice rest = { 0 };

	if (!imap_get_list_mailbox(in, c->arena, &ret->name))
		return imap_fail_bad(why, "The name of an entry is expected");
	ret->wild = is_wild(ret->name);
	if (!ret->wild)
		return check_entry(c, ret->name, ret, &rest, why);
	return is_pattern(ret->name) || imap_fail_bad(why, "This is no name of an entry");
}

static bool has_entry(const struct imap_annotation_query *q, struct gw_slice name)
{
	for (size_t i = 0; i < q->n; i++)
		if (gw_slice_eq(q->entry[i].name, name))
			return true;
	return false;
}

/* entries = entry-match / "(" entry-match *(SP entry-match) ")" */
static bool parse_entries(struct gw_slice *in, struct imap_command *c, struct imap_annotation_query *ret, const char **why)
{
	struct imap_annotation_entry *v = gw_arena_calloc(c->arena, IMAP_ANNOTATION_ENTRIES_MAX, sizeof *v);
	bool many = imap_get_char(in, '(');

	ret->entry = v;
	do {
		struct imap_annotation_entry e = { 0 };

		if (!imap_want_annotation_match(in, c, &e, why))
			return false;
		if (has_entry(ret, e.name))
			continue;
		if (ret->n == IMAP_ANNOTATION_ENTRIES_MAX)
			return imap_fail_no(c, "LIMIT", why, "There are too many entries");
		v[ret->n++] = e;
		ret->parts = ret->parts || e.n_part;
	} while (many && imap_get_sp(in));
	return !many || imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

/* attribs = attrib / "(" attrib *(SP attrib) ")" */
static bool parse_attributes(struct gw_slice *in, struct imap_command *c, unsigned *ret, const char **why)
{
	bool many = imap_get_char(in, '(');

	do {
		unsigned bits = 0;

		if (!want_attribute(in, c, &bits, why))
			return false;
		*ret |= bits;
	} while (many && imap_get_sp(in));
	return !many || imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

bool imap_want_annotation_query(struct gw_slice *in, struct imap_command *c, const struct imap_annotation_query **ret, const char **why)
{
	struct imap_annotation_query *q = gw_arena_calloc(c->arena, 1, sizeof *q);

	*ret = q;
	if (!imap_want_sp(in, why))
		return false;
	if (!imap_get_char(in, '('))
		return imap_fail_bad(why, "Entries and attributes in parentheses are expected");
	if (!parse_entries(in, c, q, why) || !imap_want_sp(in, why) || !parse_attributes(in, c, &q->attributes, why))
		return false;
	return imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

/* entry-match SP att-search SP value */
bool imap_want_annotation_key(struct gw_slice *in, struct imap_command *c, struct imap_search_key *ret, const char **why)
{
	struct imap_annotation_entry e = { 0 };

	if (!imap_want_annotation_match(in, c, &e, why) || !imap_want_sp(in, why) || !want_attribute(in, c, &ret->attributes, why))
		return false;
	ret->field = e.name;
	if (!is_value(ret->attributes)) /* RFC 5257 4.8 */
		return imap_fail_bad(why, "Only values can be searched");
	return imap_want_sp(in, why) && imap_want_value(in, c, &ret->text, why);
}

/* SP entry SP att-sort */
bool imap_want_annotation_sort(struct gw_slice *in, struct imap_command *c, struct imap_sort_criterion *ret, const char **why)
{
	struct imap_annotation_entry e = { 0 };
	struct gw_slice rest = { 0 };
	unsigned attribute = 0;

	if (!imap_want_sp(in, why) || !want_string(in, c, &e.name, why) || !check_entry(c, e.name, &e, &rest, why) ||
	    !imap_want_sp(in, why) || !want_attribute(in, c, &attribute, why))
		return false;
	ret->entry = e.name;
	ret->shared = attribute == IMAP_ANNOTATION_VALUE_SHARED;
	return ret->shared || attribute == IMAP_ANNOTATION_VALUE_PRIV ||
	       imap_fail_bad(why, "Sorting is by value.priv or value.shared"); /* RFC 5257 4.9 */
}

/* ---- the framer's question ---- */

/* A quoted string, a literal with its octets, or an atom. False: the line ends in it. */
static bool skip_string(struct gw_slice *in)
{
	struct imap_literal lit;

	if (imap_get_char(in, '"')) {
		while (in->n && in->p[0] != '"')
			gw_slice_take(in, in->n > 1 && in->p[0] == '\\' ? 2 : 1);
		return imap_get_char(in, '"');
	}
	if (imap_get_announcement(in, &lit)) {
		imap_get_char(in, '\r');
		if (!imap_get_char(in, '\n') || lit.size > in->n)
			return false;
		gw_slice_take(in, (size_t)lit.size);
		return true;
	}
	while (in->n && in->p[0] != ' ' && in->p[0] != '(' && in->p[0] != ')')
		gw_slice_take(in, 1);
	return true;
}

/* Behind "(": up to the ")" that belongs to it. False: the line ends before. */
static bool skip_list(struct gw_slice *in)
{
	size_t depth = 1;

	while (in->n && depth) {
		if (imap_get_char(in, '('))
			depth++;
		else if (imap_get_char(in, ')'))
			depth--;
		else if (!imap_get_sp(in) && !skip_string(in))
			return false;
	}
	return !depth;
}

bool imap_ends_in_annotation(struct gw_slice in)
{
	while (imap_get_char(&in, ')') || imap_get_sp(&in))
		;
	if (imap_get_char(&in, '(') && (!skip_list(&in) || !imap_get_sp(&in)))
		return false;
	if (imap_peek(in, '"') && (!skip_string(&in) || !imap_get_sp(&in)))
		return false;
	while (imap_get_prefix(&in, GW_S("ANNOTATION ("))) {
		if (!skip_list(&in))
			return true;
		if (!imap_get_sp(&in))
			return false;
	}
	return false;
}

bool imap_skip_astring(struct gw_slice *in)
{
	return skip_string(in);
}

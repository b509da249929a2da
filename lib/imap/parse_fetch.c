/* parse_fetch.c - FETCH (RFC 9051 6.4.5, RFC 3501 6.4.5, RFC 3516, RFC 5257, RFC 7162, RFC 8474, RFC 8514, RFC 8970, RFC 9394)
 *
 * Each item gets the label by which the response will call it, so that writing a row is copying. Labels are made anew
 * from what was understood; nothing of the client's spelling but the names of header fields comes back, and those
 * are held to what RFC 5322 allows in them. */
#include "imap/parse.h"

#include "util/num.h"

/* Items without arguments. */
static const struct simple {
	const char *name;
	enum imap_fetch_kind kind;
	enum imap_section_text text; /* of SECTION */
	bool peek;
} simples[] = {
	{ "UID", IMAP_FETCH_UID, 0, true },
	{ "FLAGS", IMAP_FETCH_FLAGS, 0, true },
	{ "INTERNALDATE", IMAP_FETCH_INTERNALDATE, 0, true },
	{ "RFC822.SIZE", IMAP_FETCH_SIZE, 0, true },
	{ "MODSEQ", IMAP_FETCH_MODSEQ, 0, true },
	{ "EMAILID", IMAP_FETCH_EMAILID, 0, true },
	{ "THREADID", IMAP_FETCH_THREADID, 0, true },
	{ "OBJECTID", IMAP_FETCH_OBJECTID, 0, true },
	{ "SAVEDATE", IMAP_FETCH_SAVEDATE, 0, true },
	{ "PREVIEW", IMAP_FETCH_PREVIEW, 0, true },
	{ "ENVELOPE", IMAP_FETCH_ENVELOPE, 0, true },
	{ "BODY", IMAP_FETCH_BODY, 0, true },
	{ "BODYSTRUCTURE", IMAP_FETCH_BODYSTRUCTURE, 0, true },
	{ "RFC822", IMAP_FETCH_SECTION, IMAP_SECTION_ALL, false },
	{ "RFC822.HEADER", IMAP_FETCH_SECTION, IMAP_SECTION_HEADER, true },
	{ "RFC822.TEXT", IMAP_FETCH_SECTION, IMAP_SECTION_TEXT, false },
};

static const struct {
	const char *name;
	const char *items[5];
} macros[] = {
	{ "ALL", { "FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", NULL } },
	{ "FAST", { "FLAGS", "INTERNALDATE", "RFC822.SIZE", NULL, NULL } },
	{ "FULL", { "FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY" } },
};

/* Items with a section in brackets. */
static const struct sectioned {
	const char *name;  /* with the bracket */
	const char *label;
	enum imap_fetch_kind kind;
	bool peek;
} sectioneds[] = {
	{ "BODY[", "BODY", IMAP_FETCH_SECTION, false },
	{ "BODY.PEEK[", "BODY", IMAP_FETCH_SECTION, true },
	{ "BINARY[", "BINARY", IMAP_FETCH_BINARY, false },
	{ "BINARY.PEEK[", "BINARY", IMAP_FETCH_BINARY, true },
	{ "BINARY.SIZE[", "BINARY.SIZE", IMAP_FETCH_BINARY_SIZE, true },
};

static const char *const section_names[] = {
	[IMAP_SECTION_ALL] = "",
	[IMAP_SECTION_HEADER] = "HEADER",
	[IMAP_SECTION_FIELDS] = "HEADER.FIELDS",
	[IMAP_SECTION_FIELDS_NOT] = "HEADER.FIELDS.NOT",
	[IMAP_SECTION_TEXT] = "TEXT",
	[IMAP_SECTION_MIME] = "MIME",
};

/* The items so far, growing in the arena. */
struct items {
	struct imap_fetch_item *v;
	size_t n, cap;
};

/* ---- collecting ---- */

/* The same data asked for twice is sent once; it sets \Seen if one of the two would. */
static bool merged(struct items *l, const struct imap_fetch_item *item)
{
	for (size_t i = 0; i < l->n; i++) {
		struct imap_fetch_item *o = &l->v[i];

		if (o->kind != item->kind || o->annotation || o->partial != item->partial || o->count != item->count ||
		    !gw_slice_eq(o->label, item->label))
			continue;
		o->peek &= item->peek;
		o->lazy &= item->lazy;
		return true;
	}
	return false;
}

static bool add_item(struct imap_command *c, struct items *l, const struct imap_fetch_item *item, const char **why)
{
	if (merged(l, item))
		return true;
	if (l->n == IMAP_FETCH_ITEMS_MAX)
		return imap_fail_no(c, "LIMIT", why, "FETCH asks for too many items");
	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 8;
		struct imap_fetch_item *v = gw_arena_calloc(c->arena, cap, sizeof *v);

		if (l->n)
			memcpy(v, l->v, l->n * sizeof *v);
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = *item;
	return true;
}

static struct imap_fetch_item simple_item(const struct simple *s)
{
	return (struct imap_fetch_item){
		.kind = s->kind,
		.peek = s->peek,
		.section = { .text = s->text },
		.label = gw_slice_str(s->name),
	};
}

static const struct simple *find_simple(struct gw_slice name)
{
	for (size_t i = 0; i < sizeof simples / sizeof *simples; i++)
		if (gw_slice_eqi(name, gw_slice_str(simples[i].name)))
			return &simples[i];
	return NULL;
}

static bool add_simple(struct imap_command *c, struct items *l, const char *name, const char **why)
{
	struct imap_fetch_item item = simple_item(find_simple(gw_slice_str(name)));

	return add_item(c, l, &item, why);
}

/* ---- sections ---- */

/* field-name of RFC 5322 3.6.8: printable, without a colon. */
static bool is_field_name(struct gw_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == ':')
			return false;
	return s.n > 0;
}

/* SP "(" header-fld-name *(SP header-fld-name) ")" */
static bool parse_fields(struct gw_slice *in, struct imap_command *c, struct imap_section *s, const char **why)
{
	struct imap_slices list = { 0 };

	if (!imap_get_sp(in) || !imap_get_char(in, '('))
		return imap_fail_bad(why, "A list of header fields is expected");
	do {
		struct gw_slice name;

		if (!imap_want_astring(in, c, &name, why))
			return false;
		if (!is_field_name(name))
			return imap_fail_bad(why, "This is no name of a header field");
		if (list.n == IMAP_LIST_ITEMS_MAX)
			return imap_fail_no(c, "LIMIT", why, "There are too many header fields");
		imap_slices_add(c, &list, name);
	} while (imap_get_sp(in));
	s->fields = list.v;
	s->n_fields = list.n;
	return imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

/* section-text: HEADER, HEADER.FIELDS ..., TEXT, MIME. The longest word goes first: nothing separates them from what
 * follows but a bracket or a blank. */
static bool parse_section_text(struct gw_slice *in, struct imap_command *c, struct imap_section *s, const char **why)
{
	static const enum imap_section_text order[] = {
		IMAP_SECTION_FIELDS_NOT, IMAP_SECTION_FIELDS, IMAP_SECTION_HEADER, IMAP_SECTION_TEXT, IMAP_SECTION_MIME,
	};

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		if (!imap_get_prefix(in, gw_slice_str(section_names[order[i]])))
			continue;
		s->text = order[i];
		if (s->text == IMAP_SECTION_MIME && s->n_part == 0)
			return imap_fail_bad(why, "MIME needs the number of a part");
		if (s->text == IMAP_SECTION_FIELDS || s->text == IMAP_SECTION_FIELDS_NOT)
			return parse_fields(in, c, s, why);
		return true;
	}
	return imap_fail_bad(why, "This section is not known");
}

/* How many numbers may be at the front. */
static size_t count_parts(struct gw_slice in)
{
	size_t n = 1;

	for (size_t i = 0; i < in.n && (imap_is(in.p[i], IMAP_CT_DIGIT) || in.p[i] == '.'); i++)
		n += in.p[i] == '.';
	return n;
}

/* section-part = nz-number *("." nz-number). *ret_text: a "." and something else follows. */
static bool parse_parts(struct gw_slice *in, struct imap_command *c, struct imap_section *s, bool *ret_text,
			const char **why)
{
	size_t max = count_parts(*in);
	uint32_t *part;

	if (max > IMAP_SECTION_PARTS_MAX)
		return imap_fail_bad(why, "No part is nested that deeply");
	s->part = part = gw_arena_calloc(c->arena, max, sizeof *part);
	do {
		if (s->n_part && in->n && !imap_is(in->p[0], IMAP_CT_DIGIT)) {
			*ret_text = true;
			return true;
		}
		if (s->n_part == max || !imap_get_nz_number(in, &part[s->n_part]))
			return imap_fail_bad(why, "Parts are numbered from 1");
		s->n_part++;
	} while (imap_get_char(in, '.'));
	*ret_text = false;
	return true;
}

/* What stands between "[" and "]", with the "]". */
static bool parse_section(struct gw_slice *in, struct imap_command *c, struct imap_fetch_item *item, const char **why)
{
	bool text = !imap_peek(*in, ']');

	if (in->n && imap_is(in->p[0], IMAP_CT_DIGIT) && !parse_parts(in, c, &item->section, &text, why))
		return false;
	if (text && item->kind != IMAP_FETCH_SECTION)
		return imap_fail_bad(why, "BINARY takes the number of a part only");
	if (text && !parse_section_text(in, c, &item->section, why))
		return false;
	return imap_get_char(in, ']') || imap_fail_bad(why, "A ] is missing");
}

bool imap_want_section(struct gw_slice *in, struct imap_command *c, struct imap_section *ret, const char **why)
{
	struct imap_fetch_item item = { .kind = IMAP_FETCH_SECTION };

	if (!parse_section(in, c, &item, why))
		return false;
	*ret = item.section;
	return true;
}

/* ---- labels ---- */

static char *put_str(char *to, struct gw_slice s)
{
	memcpy(to, s.p, s.n);
	return to + s.n;
}

static bool is_atom(struct gw_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!imap_is(s.p[i], IMAP_CT_ATOM))
			return false;
	return !gw_slice_eqi(s, GW_S("NIL"));
}

static char *put_field(char *to, struct gw_slice name)
{
	if (is_atom(name))
		return put_str(to, name);
	*to++ = '"';
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '"' || name.p[i] == '\\')
			*to++ = '\\';
		*to++ = name.p[i];
	}
	*to++ = '"';
	return to;
}

static char *put_section(char *to, const struct imap_section *s)
{
	for (size_t i = 0; i < s->n_part; i++) {
		if (i)
			*to++ = '.';
		to += gw_put_u64(to, s->part[i]);
	}
	if (s->n_part && s->text != IMAP_SECTION_ALL)
		*to++ = '.';
	to = put_str(to, gw_slice_str(section_names[s->text]));
	for (size_t i = 0; i < s->n_fields; i++) {
		to = put_str(to, i ? GW_S(" ") : GW_S(" ("));
		to = put_field(to, s->fields[i]);
	}
	if (s->n_fields)
		*to++ = ')';
	return to;
}

/* "BODY[1.HEADER.FIELDS (TO CC)]<0>" */
static struct gw_slice make_label(struct imap_command *c, const char *name, const struct imap_fetch_item *item)
{
	const struct imap_section *s = &item->section;
	size_t room = 64 + 11 * s->n_part + GW_U64_DIGITS;
	char *label, *to;

	for (size_t i = 0; i < s->n_fields; i++)
		room += 2 * s->fields[i].n + 4;
	label = gw_arena_alloc(c->arena, room);
	to = put_str(label, gw_slice_str(name));
	*to++ = '[';
	to = put_section(to, s);
	*to++ = ']';
	if (item->partial && item->kind != IMAP_FETCH_BINARY_SIZE) {
		*to++ = '<';
		to += gw_put_u64(to, item->offset);
		*to++ = '>';
	}
	return gw_slice(label, (size_t)(to - label));
}

/* ---- items ---- */

static bool parse_sectioned(struct gw_slice *in, struct imap_command *c, const struct sectioned *q, struct items *l,
			    const char **why)
{
	struct imap_fetch_item item = { .kind = q->kind, .peek = q->peek };

	if (!parse_section(in, c, &item, why))
		return false;
	if (imap_peek(*in, '<')) {
		if (q->kind == IMAP_FETCH_BINARY_SIZE || !imap_get_partial(in, &item.offset, &item.count))
			return imap_fail_bad(why, "A part of the octets is asked for as <first.count>");
		item.partial = true;
	}
	item.label = make_label(c, q->label, &item);
	return add_item(c, l, &item, why);
}

/* PREVIEW [SP "(" "LAZY" *(SP "LAZY") ")"] */
static bool parse_lazy(struct gw_slice *in, struct imap_fetch_item *item, const char **why)
{
	if (!imap_get_prefix(in, GW_S(" (")))
		return true;
	do {
		if (!imap_get_word(in, GW_S("LAZY")))
			return imap_fail_bad(why, "PREVIEW knows no modifier but LAZY");
	} while (imap_get_sp(in));
	item->lazy = true;
	return imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

/* Each of them is asked of every annotation of a message. */
static bool parse_annotation(struct gw_slice *in, struct imap_command *c, struct items *l, const char **why)
{
	struct imap_fetch_item item = { .kind = IMAP_FETCH_ANNOTATION, .peek = true, .label = GW_S("ANNOTATION") };
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += l->v[i].kind == IMAP_FETCH_ANNOTATION;
	if (n == IMAP_ANNOTATION_ITEMS_MAX)
		return imap_fail_no(c, "LIMIT", why, "FETCH asks for too many items");
	return imap_want_annotation_query(in, c, &item.annotation, why) && add_item(c, l, &item, why);
}

static struct gw_slice get_item_name(struct gw_slice *in)
{
	size_t n = 0;

	while (n < in->n && in->p[n] != '[' && imap_is(in->p[n], IMAP_CT_ATOM))
		n++;
	return gw_slice_take(in, n);
}

/* bare: the item stands without parentheses, so "(" may begin the modifiers of FETCH and not those of the item. */
static bool parse_item(struct gw_slice *in, struct imap_command *c, bool bare, struct items *l, const char **why)
{
	const struct simple *s;
	struct imap_fetch_item item;

	for (size_t i = 0; i < sizeof sectioneds / sizeof *sectioneds; i++)
		if (imap_get_prefix(in, gw_slice_str(sectioneds[i].name)))
			return parse_sectioned(in, c, &sectioneds[i], l, why);
	if (imap_get_word(in, GW_S("ANNOTATION")))
		return parse_annotation(in, c, l, why);
	s = find_simple(get_item_name(in));
	if (!s)
		return imap_fail_bad(why, "This item of FETCH is not known");
	item = simple_item(s);
	if (s->kind == IMAP_FETCH_PREVIEW) {
		struct gw_slice ahead = *in;

		if ((!bare || imap_get_prefix(&ahead, GW_S(" (LAZY"))) && !parse_lazy(in, &item, why))
			return false;
	}
	return add_item(c, l, &item, why);
}

static bool parse_item_list(struct gw_slice *in, struct imap_command *c, struct items *l, const char **why)
{
	do {
		if (!parse_item(in, c, false, l, why))
			return false;
	} while (imap_get_sp(in));
	return imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

/* "ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP fetch-att) ")" */
static bool parse_items(struct gw_slice *in, struct imap_command *c, struct items *l, const char **why)
{
	if (imap_get_char(in, '('))
		return parse_item_list(in, c, l, why);
	for (size_t i = 0; i < sizeof macros / sizeof *macros; i++) {
		if (!imap_get_word(in, gw_slice_str(macros[i].name)))
			continue;
		for (size_t k = 0; k < 5 && macros[i].items[k]; k++)
			add_simple(c, l, macros[i].items[k], why);
		return true;
	}
	return parse_item(in, c, true, l, why);
}

/* ---- modifiers ---- */

static bool parse_modifier(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_fetch *f = &c->fetch;

	if (!f->has_changed_since && imap_get_word(in, GW_S("CHANGEDSINCE"))) {
		f->has_changed_since = true; /* 0 is none (RFC 7162 7), but its meaning is plain */
		return (imap_get_sp(in) && imap_get_number64(in, &f->changed_since)) ||
		       imap_fail_bad(why, "CHANGEDSINCE needs a mod-sequence");
	}
	if (!f->vanished && imap_get_word(in, GW_S("VANISHED"))) {
		f->vanished = true;
		return true;
	}
	if (!f->window.set && imap_get_word(in, GW_S("PARTIAL")))
		return imap_want_sp(in, why) && imap_want_window(in, &f->window, why);
	return imap_fail_bad(why, "This modifier of FETCH is not known");
}

static bool parse_modifiers(struct gw_slice *in, struct imap_command *c, const char **why)
{
	if (!imap_get_char(in, '('))
		return imap_fail_bad(why, "More than one item needs parentheses");
	do {
		if (!parse_modifier(in, c, why))
			return false;
	} while (imap_get_sp(in));
	if (!imap_get_char(in, ')'))
		return imap_fail_bad(why, "A ) is missing");
	if (c->fetch.vanished && !(c->uid && c->fetch.has_changed_since)) /* RFC 7162 3.2.6 */
		return imap_fail_bad(why, "VANISHED is for UID FETCH with CHANGEDSINCE");
	if (c->fetch.window.set && !c->uid) /* RFC 9394 3.3 */
		return imap_fail_bad(why, "PARTIAL is for UID FETCH");
	return true;
}

static void finish(struct imap_fetch *f, const struct items *l)
{
	f->item = l->v;
	f->n = l->n;
	for (size_t i = 0; i < l->n; i++) {
		f->kinds |= 1u << l->v[i].kind;
		f->sets_seen |= !l->v[i].peek;
	}
}

/* SP sequence-set SP items [SP "(" modifiers ")"] */
bool imap_parse_fetch(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct items l = { 0 };

	if (!imap_want_sp(in, why) || !imap_want_seqset(in, c, &c->fetch.set, why) || !imap_want_sp(in, why))
		return false;
	if (c->uid && !add_simple(c, &l, "UID", why)) /* RFC 9051 6.4.9 */
		return false;
	if (!parse_items(in, c, &l, why))
		return false;
	if (imap_get_sp(in) && !parse_modifiers(in, c, why))
		return false;
	if (c->fetch.has_changed_since && !add_simple(c, &l, "MODSEQ", why)) /* RFC 7162 3.1.4.1 */
		return false;
	finish(&c->fetch, &l);
	return true;
}

bool imap_want_fetch_items(struct gw_slice *in, struct imap_command *c, struct imap_fetch *ret, const char **why)
{
	struct items l = { 0 };

	if (!add_simple(c, &l, "UID", why) || !parse_item_list(in, c, &l, why))
		return false;
	finish(ret, &l);
	return true;
}

/* fields.c - the fields of a part's header that say what the part is (see fields.h) */
#include "mime/fields.h"

#include "mime/decode.h"
#include "mime/header.h"
#include "mime/lex.h"
#include "util/mem.h"

#include <stdlib.h>

#define PARAMS_MAX 100     /* of one field */
#define SEGMENTS_MAX 100   /* of one parameter (RFC 2231 3) */
#define SPECIALS "<>@,;:\\/?=" /* tspecials (RFC 2045 5.1); quotes, parentheses and brackets are the lexer's */

struct param {
	struct gw_slice name;  /* without "*0*" */
	struct gw_slice value; /* in arena */
	unsigned segment;
	bool numbered, encoded;
	bool merged;           /* went into another one */
};

struct params {
	struct param v[PARAMS_MAX];
	size_t n;
};

enum { TYPE, ENCODING, ID, DESCRIPTION, MD5, DISPOSITION, LANGUAGE, LOCATION, FIELDS };

static const char *const names[FIELDS] = {
	"Content-Type",	       "Content-Transfer-Encoding", "Content-ID",	"Content-Description", "Content-MD5",
	"Content-Disposition", "Content-Language",	    "Content-Location",
};

static void find_fields(struct gw_slice block, struct gw_slice body[FIELDS])
{
	struct gw_field f;

	for (int i = 0; i < FIELDS; i++)
		body[i] = gw_slice(NULL, 0);
	while (gw_field_next(&block, &f)) {
		if (!gw_slice_startsi(f.name, GW_S("Content-")))
			continue;
		for (int i = 0; i < FIELDS; i++)
			if (!body[i].p && gw_slice_eqi(f.name, gw_slice_str(names[i])))
				body[i] = f.body;
	}
}

/* ---- parameters ---- */

/* "filename*1*": name, segment, encoded. */
static void split_name(struct param *p)
{
	size_t star = gw_slice_find(p->name, '*'), i;
	struct gw_slice rest;

	if (star == 0 || star == p->name.n)
		return;
	rest = gw_slice(p->name.p + star + 1, p->name.n - star - 1);
	for (i = 0; i < rest.n && i < 4 && rest.p[i] >= '0' && rest.p[i] <= '9'; i++)
		p->segment = p->segment * 10 + (unsigned)(rest.p[i] - '0');
	if (i < rest.n && !(i == rest.n - 1 && rest.p[i] == '*'))
		return; /* the star means nothing */
	p->numbered = i > 0;
	p->encoded = rest.n == 0 || i < rest.n;
	p->name.n = star;
}

/* The value: a token or a quoted string. Broken software writes blanks and specials without quotes; then the value goes
 * on to the next semicolon. */
static struct gw_slice read_value(struct gw_lexer *l, struct gw_arena *arena)
{
	struct gw_buf value;
	struct gw_slice ret;
	enum gw_lex kind;
	bool first = true;

	gw_buf_init(&value, 0);
	for (;;) {
		struct gw_lexer before = *l;

		kind = gw_lex_next(l);
		if (kind == GW_LEX_END || (kind == GW_LEX_SPECIAL && l->token.p[0] == ';')) {
			*l = before;
			break;
		}
		if (!first && l->spaced)
			gw_buf_add_char(&value, ' ');
		first = false;
		if (kind == GW_LEX_QUOTED)
			gw_lex_unquote(l->token, &value);
		else
			gw_buf_add_slice(&value, l->token);
	}
	ret = gw_arena_dup(arena, gw_buf_slice(&value));
	gw_buf_done(&value);
	return ret;
}

static void read_params(struct gw_lexer *l, struct gw_arena *arena, struct params *ret)
{
	enum gw_lex kind;

	ret->n = 0;
	while ((kind = gw_lex_next(l)) != GW_LEX_END) {
		struct param p = { .name = l->token };
		struct gw_lexer before;

		if (kind != GW_LEX_ATOM)
			continue;
		before = *l;
		if (gw_lex_next(l) != GW_LEX_SPECIAL || l->token.p[0] != '=') {
			*l = before;
			continue;
		}
		p.value = read_value(l, arena);
		split_name(&p);
		if (ret->n < PARAMS_MAX)
			ret->v[ret->n++] = p;
	}
}

static bool needs_percent(char c)
{
	return (unsigned char)c <= 32 || (unsigned char)c >= 127 || strchr("*'%()<>@,;:\\\"/[]?=", c);
}

static void add_percent(struct gw_slice s, struct gw_buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		if (needs_percent(s.p[i]))
			gw_buf_printf(out, "%%%02X", (unsigned char)s.p[i]);
		else
			gw_buf_add_char(out, s.p[i]);
	}
}

static struct param *find_segment(struct params *ps, struct gw_slice name, unsigned segment)
{
	for (size_t i = 0; i < ps->n; i++)
		if (ps->v[i].numbered && ps->v[i].segment == segment && gw_slice_eqi(ps->v[i].name, name))
			return &ps->v[i];
	return NULL;
}

/* Put the segments of a parameter together (RFC 2231 3); if one of them is encoded, the whole becomes so. */
static void merge_segments(struct params *ps, struct param *first, struct gw_arena *arena)
{
	struct gw_buf value;
	struct param *p;
	bool encoded = false;

	for (unsigned i = 0; i < SEGMENTS_MAX && (p = find_segment(ps, first->name, i)); i++)
		encoded |= p->encoded;
	gw_buf_init(&value, 0);
	if (encoded && !first->encoded)
		gw_buf_add_slice(&value, GW_S("''"));
	for (unsigned i = 0; i < SEGMENTS_MAX && (p = find_segment(ps, first->name, i)); i++) {
		if (encoded && !p->encoded)
			add_percent(p->value, &value);
		else
			gw_buf_add_slice(&value, p->value);
		p->merged = p != first;
	}
	first->value = gw_arena_dup(arena, gw_buf_slice(&value));
	first->encoded = encoded;
	gw_buf_done(&value);
}

static void merge(struct params *ps, struct gw_arena *arena)
{
	for (size_t i = 0; i < ps->n; i++)
		if (ps->v[i].numbered && ps->v[i].segment == 0 && !ps->v[i].merged)
			merge_segments(ps, &ps->v[i], arena);
}

static struct gw_slice param_value(const struct params *ps, const char *name)
{
	for (size_t i = 0; i < ps->n; i++)
		if (!ps->v[i].merged && gw_slice_eqi(ps->v[i].name, gw_slice_str(name)))
			return ps->v[i].value;
	return GW_S("");
}

/* ("name" "value" ...) or NIL. */
static void put_params(const struct params *ps, struct gw_buf *out)
{
	char before = '(';

	for (size_t i = 0; i < ps->n; i++) {
		const struct param *p = &ps->v[i];

		if (p->merged)
			continue;
		gw_buf_add_char(out, before);
		before = ' ';
		if (p->encoded) {
			struct gw_buf name;

			gw_buf_init(&name, 0);
			gw_buf_add_slice(&name, p->name);
			gw_buf_add_char(&name, '*');
			gw_put_string(gw_buf_slice(&name), out);
			gw_buf_done(&name);
		} else {
			gw_put_string(p->name, out);
		}
		gw_buf_add_char(out, ' ');
		gw_put_string(p->value, out);
	}
	gw_buf_add_slice(out, before == '(' ? GW_S("NIL") : GW_S(")"));
}

/* ---- single fields ---- */

static void put_text(struct gw_slice body, struct gw_buf *out)
{
	struct gw_buf line;

	body = body.p ? gw_slice_trim(body) : body;
	if (body.n == 0) {
		gw_buf_add_slice(out, GW_S("NIL"));
		return;
	}
	gw_buf_init(&line, 0);
	gw_unfold(body, &line);
	gw_put_string(gw_buf_slice(&line), out);
	gw_buf_done(&line);
}

static void put_encoding(struct gw_slice body, struct gw_buf *out)
{
	struct gw_lexer l = { .in = body.p ? body : GW_S(""), .specials = SPECIALS };

	if (gw_lex_next(&l) == GW_LEX_ATOM)
		gw_put_string(l.token, out);
	else
		gw_buf_add_slice(out, GW_S("\"7bit\""));
}

/* ("attachment" ("filename" "x")) or NIL. */
static void put_disposition(struct gw_slice body, struct gw_arena *arena, struct params *ps, struct gw_buf *out)
{
	struct gw_lexer l = { .in = body.p ? body : GW_S(""), .specials = SPECIALS };
	enum gw_lex kind = gw_lex_next(&l);

	if (kind != GW_LEX_ATOM && kind != GW_LEX_QUOTED) {
		gw_buf_add_slice(out, GW_S("NIL"));
		return;
	}
	gw_buf_add_char(out, '(');
	gw_put_string(l.token, out);
	gw_buf_add_char(out, ' ');
	read_params(&l, arena, ps);
	merge(ps, arena);
	put_params(ps, out);
	gw_buf_add_char(out, ')');
}

/* One language is a string, several are a list. */
static void put_language(struct gw_slice body, struct gw_buf *out)
{
	struct gw_lexer l = { .in = body.p ? body : GW_S(""), .specials = "," };
	struct gw_buf list;
	enum gw_lex kind;
	unsigned n = 0;

	gw_buf_init(&list, 0);
	while ((kind = gw_lex_next(&l)) != GW_LEX_END) {
		if (kind != GW_LEX_ATOM)
			continue;
		if (n++)
			gw_buf_add_char(&list, ' ');
		gw_put_string(l.token, &list);
	}
	if (n == 0)
		gw_buf_add_slice(out, GW_S("NIL"));
	else if (n == 1)
		gw_buf_add_slice(out, gw_buf_slice(&list));
	else
		gw_buf_printf(out, "(%.*s)", GW_FMT(gw_buf_slice(&list)));
	gw_buf_done(&list);
}

/* ---- all of them ---- */

struct type {
	struct gw_slice type, subtype;
	bool given; /* it was written and makes sense */
};

static struct type read_type(struct gw_slice body, struct gw_arena *arena, struct params *ps)
{
	struct gw_lexer l = { .in = body.p ? body : GW_S(""), .specials = SPECIALS };
	struct type t = { .given = false };

	ps->n = 0;
	if (gw_lex_next(&l) != GW_LEX_ATOM)
		return t;
	t.type = l.token;
	if (gw_lex_next(&l) != GW_LEX_SPECIAL || l.token.p[0] != '/' || gw_lex_next(&l) != GW_LEX_ATOM)
		return t;
	t.subtype = l.token;
	t.given = true;
	read_params(&l, arena, ps);
	merge(ps, arena);
	return t;
}

static struct type default_type(bool in_digest, struct params *ps)
{
	ps->n = 0;
	if (in_digest)
		return (struct type){ GW_S("message"), GW_S("rfc822"), false };
	ps->v[0] = (struct param){ .name = GW_S("charset"), .value = GW_S("us-ascii") };
	ps->n = 1;
	return (struct type){ GW_S("text"), GW_S("plain"), false };
}

static enum gw_part_kind kind_of(const struct type *t)
{
	if (gw_slice_eqi(t->type, GW_S("multipart")))
		return GW_PART_MULTIPART;
	if (gw_slice_eqi(t->type, GW_S("message")) &&
	    (gw_slice_eqi(t->subtype, GW_S("rfc822")) || gw_slice_eqi(t->subtype, GW_S("global"))))
		return GW_PART_MESSAGE;
	if (!gw_slice_eqi(t->type, GW_S("text")))
		return GW_PART_LEAF;
	if (gw_slice_eqi(t->subtype, GW_S("html")))
		return GW_PART_TEXT_HTML;
	return gw_slice_eqi(t->subtype, GW_S("plain")) ? GW_PART_TEXT_PLAIN : GW_PART_TEXT_OTHER;
}

static struct gw_slice finish(struct gw_buf *b, struct gw_arena *arena)
{
	struct gw_slice ret = gw_arena_dup(arena, gw_buf_slice(b));

	b->n = 0;
	return ret;
}

static void put_head(const struct type *t, const struct params *ps, const struct gw_slice body[FIELDS], struct gw_buf *b)
{
	gw_put_string(t->type, b);
	gw_buf_add_char(b, ' ');
	gw_put_string(t->subtype, b);
	gw_buf_add_char(b, ' ');
	put_params(ps, b);
	gw_buf_add_char(b, ' ');
	put_text(body[ID], b);
	gw_buf_add_char(b, ' ');
	put_text(body[DESCRIPTION], b);
	gw_buf_add_char(b, ' ');
	put_encoding(body[ENCODING], b);
}

static void put_tail(const struct gw_slice body[FIELDS], struct gw_arena *arena, struct params *ps, struct gw_buf *b)
{
	gw_buf_add_char(b, ' ');
	put_disposition(body[DISPOSITION], arena, ps, b);
	gw_buf_add_char(b, ' ');
	put_language(body[LANGUAGE], b);
	gw_buf_add_char(b, ' ');
	put_text(body[LOCATION], b);
}

void gw_part_fields(struct gw_slice block, bool in_digest, bool leaf_only, struct gw_arena *arena,
		    struct gw_part_fields *ret)
{
	struct gw_slice body[FIELDS];
	struct params *ps = gw_xalloc(sizeof *ps);
	struct gw_buf b;
	struct type t;

	gw_buf_init(&b, 0);
	find_fields(block, body);
	t = read_type(body[TYPE], arena, ps);
	if (!t.given)
		t = default_type(in_digest, ps);
	*ret = (struct gw_part_fields){ .kind = kind_of(&t), .encoding = gw_encoding_parse(body[ENCODING]) };
	if (leaf_only && (ret->kind == GW_PART_MULTIPART || ret->kind == GW_PART_MESSAGE)) {
		t = (struct type){ GW_S("application"), GW_S("octet-stream"), true };
		ps->n = 0;
		ret->kind = GW_PART_LEAF;
	}
	if (ret->kind == GW_PART_MULTIPART) {
		ret->digest = gw_slice_eqi(t.subtype, GW_S("digest"));
		ret->boundary = param_value(ps, "boundary");
		if (ret->boundary.n > GW_BOUNDARY_MAX)
			ret->boundary.n = 0;
		while (ret->boundary.n && ret->boundary.p[ret->boundary.n - 1] == ' ')
			ret->boundary.n--;
		gw_put_string(t.subtype, &b);
		ret->head = finish(&b, arena);
		put_params(ps, &b);
	} else {
		ret->charset = param_value(ps, "charset");
		put_head(&t, ps, body, &b);
		ret->head = finish(&b, arena);
		put_text(body[MD5], &b);
	}
	put_tail(body, arena, ps, &b);
	ret->tail = finish(&b, arena);
	gw_buf_done(&b);
	free(ps);
}

/* address.c - address lists (RFC 5322 3.4, 4.4) in the form of ENVELOPE
 *
 * Whatever is written, something sensible comes out: words before "<" are the name; without "<", the words are the address
 * and a comment behind it is the name, as it was before RFC 2822; a word without "@" is a mailbox without a domain. */
#include "mime/envelope.h"

#include "mime/lex.h"

#define FIELD_MAX 65536       /* octets of one address that are looked at */
#define ADDRESSES_MAX 10000u /* addresses of a field */

struct address {
	struct gw_buf phrase; /* the words, with blanks between them */
	struct gw_buf local;  /* the same without blanks */
	struct gw_buf domain;
	struct gw_buf route;
	bool any;             /* there was a word */
	bool at;              /* and an "@" */
	bool angle;           /* <...> was seen */
	bool named;           /* the phrase is a name */
};

struct list {
	struct gw_lexer lex;
	struct address a;
	struct gw_buf *out;
	unsigned n;           /* addresses written */
	bool group, wrote, stop;
};

static void address_init(struct address *a)
{
	*a = (struct address){ .any = false };
	gw_buf_init(&a->phrase, FIELD_MAX);
	gw_buf_init(&a->local, FIELD_MAX);
	gw_buf_init(&a->domain, FIELD_MAX);
	gw_buf_init(&a->route, FIELD_MAX);
}

static void address_clear(struct address *a)
{
	a->phrase.n = a->local.n = a->domain.n = a->route.n = 0;
	a->any = a->at = a->angle = a->named = false;
}

static void address_done(struct address *a)
{
	gw_buf_done(&a->phrase);
	gw_buf_done(&a->local);
	gw_buf_done(&a->domain);
	gw_buf_done(&a->route);
}

/* ---- writing ---- */

static void begin(struct list *l)
{
	if (!l->wrote)
		gw_buf_add_char(l->out, '(');
	l->wrote = true;
}

static void put_or(struct gw_buf *part, const char *missing, struct gw_buf *out)
{
	gw_put_string(part->n ? gw_buf_slice(part) : gw_slice_str(missing), out);
}

static void put_group(struct list *l, struct gw_slice name)
{
	begin(l);
	gw_buf_add_slice(l->out, GW_S("(NIL NIL "));
	gw_put_nstring(name, l->out);
	gw_buf_add_slice(l->out, GW_S(" NIL)"));
}

/* The name: the phrase, or a comment, or none. */
static void put_name(struct list *l)
{
	struct address *a = &l->a;
	struct gw_slice comment = gw_slice_trim(l->lex.comment);

	if (a->named && a->phrase.n) {
		gw_put_string(gw_buf_slice(&a->phrase), l->out);
	} else if (comment.n) {
		a->phrase.n = 0;
		gw_lex_unquote(comment, &a->phrase);
		gw_put_string(gw_buf_slice(&a->phrase), l->out);
	} else {
		gw_buf_add_slice(l->out, GW_S("NIL"));
	}
}

static void put_address(struct list *l)
{
	struct address *a = &l->a;

	begin(l);
	gw_buf_add_char(l->out, '(');
	put_name(l);
	gw_buf_add_char(l->out, ' ');
	gw_put_nstring(a->route.n ? gw_buf_slice(&a->route) : gw_slice(NULL, 0), l->out);
	gw_buf_add_char(l->out, ' ');
	put_or(&a->local, GW_MISSING_MAILBOX, l->out);
	gw_buf_add_char(l->out, ' ');
	put_or(&a->domain, GW_MISSING_DOMAIN, l->out);
	gw_buf_add_char(l->out, ')');
	l->stop = ++l->n == ADDRESSES_MAX;
}

static void end_address(struct list *l)
{
	if (l->a.any)
		put_address(l);
	address_clear(&l->a);
	l->lex.comment = GW_S("");
}

/* ---- reading ---- */

static void add_word(struct gw_buf *b, enum gw_lex kind, struct gw_slice token)
{
	if (kind == GW_LEX_QUOTED)
		gw_lex_unquote(token, b);
	else
		gw_unfold(token, b);
}

static void word(struct list *l, enum gw_lex kind)
{
	struct address *a = &l->a;

	a->any = true;
	if (a->angle)
		return; /* behind the ">" */
	if (l->lex.spaced && a->phrase.n)
		gw_buf_add_char(&a->phrase, ' ');
	add_word(&a->phrase, kind, l->lex.token);
	add_word(a->at ? &a->domain : &a->local, kind, l->lex.token);
}

/* From behind "<" to behind ">": [route ":"] local "@" domain. */
static void angle(struct list *l)
{
	struct address *a = &l->a;
	enum gw_lex kind;
	bool at = false;

	a->any = a->angle = a->named = true;
	a->local.n = a->domain.n = a->route.n = 0;
	while ((kind = gw_lex_next(&l->lex)) != GW_LEX_END) {
		struct gw_slice t = l->lex.token;

		if (kind != GW_LEX_SPECIAL) {
			add_word(at ? &a->domain : &a->local, kind, t);
		} else if (t.p[0] == '@') {
			at = true;
		} else if (t.p[0] == ':' && at && !a->local.n) { /* it was a route */
			gw_buf_add_char(&a->route, '@');
			gw_buf_add_slice(&a->route, gw_buf_slice(&a->domain));
			a->domain.n = 0;
			at = false;
		} else if (t.p[0] == ',' && at && !a->local.n) { /* a route with more hops */
			gw_buf_add_char(&a->route, '@');
			gw_buf_add_slice(&a->route, gw_buf_slice(&a->domain));
			gw_buf_add_char(&a->route, ',');
			a->domain.n = 0;
		} else if (t.p[0] == '>' || t.p[0] == ',' || t.p[0] == ';') { /* a "," where ">" is missing */
			return;
		}
	}
}

static void special(struct list *l, char c)
{
	struct address *a = &l->a;

	switch (c) {
	case ',':
		end_address(l);
		break;
	case '<':
		angle(l);
		break;
	case '@':
		a->any = a->at = true;
		gw_buf_add_char(&a->phrase, '@');
		break;
	case ':':
		if (!a->at && !a->angle && !l->group) {
			l->group = true;
			put_group(l, gw_buf_slice(&a->phrase));
			address_clear(a);
			l->lex.comment = GW_S(""); /* of the group */
		}
		break;
	case ';':
		end_address(l);
		if (l->group)
			put_group(l, gw_slice(NULL, 0));
		l->group = false;
		break;
	default: /* a stray ">" */
		break;
	}
}

static void read_list(struct list *l)
{
	enum gw_lex kind;

	while (!l->stop && (kind = gw_lex_next(&l->lex)) != GW_LEX_END) {
		if (kind == GW_LEX_SPECIAL)
			special(l, l->lex.token.p[0]);
		else
			word(l, kind);
	}
	if (!l->stop)
		end_address(l);
	if (l->group)
		put_group(l, gw_slice(NULL, 0));
}

void gw_put_addresses(struct gw_slice body, struct gw_buf *out)
{
	struct list l = { .lex = { .in = body, .specials = "<>@,;:", .comment = GW_S("") }, .out = out };

	address_init(&l.a);
	read_list(&l);
	address_done(&l.a);
	gw_buf_add_slice(out, l.wrote ? GW_S(")") : GW_S("NIL"));
}

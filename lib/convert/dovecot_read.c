/* dovecot_read.c - the syntax of dovecot.conf, 2.2 to 2.4
 *
 * A line is "key = value", begins a section with "name argument {", or ends one with "}". Several may stand on one
 * line; a value then ends before the brace that closes a section of the same line. A backslash at the end goes on with the
 * next line; "#" begins a comment in front of a line or behind a blank. */
#include "convert/dovecot.h"

#include "util/mem.h"

struct lines {
	struct dove *d;
	const struct conv_file *f;
	struct gw_slice rest;
	struct conv_at at;
	size_t inner; /* sections that were opened on this line */
};

/* ---- values ---- */

static bool name_char(char ch)
{
	return ch == '_' || (gw_lower(ch) >= 'a' && gw_lower(ch) <= 'z') || (ch >= '0' && ch <= '9');
}

/* $name is what the setting was before, or nothing; other texts with $ stay. */
static struct gw_slice expand(struct dove *d, struct gw_slice value, const struct conv_at *at)
{
	struct conv *c = d->c;
	struct gw_slice result;
	struct gw_buf b;

	if (!memchr(value.p, '$', value.n))
		return value;
	gw_buf_init(&b, GW_CONFIG_LINE_MAX);
	while (value.n) {
		const struct conv_setting *set = NULL;
		size_t n = 0;

		gw_buf_add_slice(&b, gw_slice_take(&value, gw_slice_find(value, '$')));
		while (n + 1 < value.n && name_char(value.p[n + 1]))
			n++;
		if (n)
			set = conv_variable(c, gw_slice(value.p + 1, n), dove_top(d)->scope, at);
		if (n && !set)
			set = conv_variable(c, gw_slice(value.p + 1, n), 0, at);
		if (set)
			gw_buf_add_slice(&b, set->value);
		else if (!dove_known(gw_slice(value.p + (n > 0), n)))
			gw_buf_add_slice(&b, gw_slice(value.p, value.n ? n + 1 : 0));
		gw_slice_take(&value, value.n ? n + 1 : 0);
	}
	result = gw_arena_dup(&c->arena, gw_slice_trim(gw_buf_slice(&b)));
	gw_buf_done(&b);
	return result;
}

/* A quoted value, without its quotes; *s goes behind it. False: it does not end. */
static bool quoted(struct lines *l, struct gw_slice *s, struct gw_slice *ret)
{
	char quote = *s->p;
	struct gw_buf b;
	bool closed = false;

	gw_slice_take(s, 1);
	gw_buf_init(&b, 0);
	while (s->n && !closed) {
		char ch = *gw_slice_take(s, 1).p;

		if (ch == quote)
			closed = true;
		else if (ch == '\\' && s->n && (*s->p == quote || *s->p == '\\'))
			gw_buf_add_char(&b, *gw_slice_take(s, 1).p);
		else
			gw_buf_add_char(&b, ch);
	}
	*ret = gw_arena_dup(&l->d->c->arena, gw_buf_slice(&b));
	gw_buf_done(&b);
	return closed;
}

/* Up to a comment, or the brace of a section that began on this line; %{user} has braces of its own. */
static struct gw_slice plain(struct lines *l, struct gw_slice *s)
{
	size_t n = 0, braces = 0;

	while (n < s->n) {
		bool behind_blank = n == 0 || s->p[n - 1] == ' ' || s->p[n - 1] == '\t';

		if ((s->p[n] == '#' && behind_blank) || (s->p[n] == '}' && l->inner && !braces))
			break;
		braces += s->p[n] == '{';
		braces -= s->p[n] == '}' && braces;
		n++;
	}
	return gw_slice_trim(gw_slice_take(s, n));
}

static void skip_blanks(struct gw_slice *s)
{
	while (s->n && (*s->p == ' ' || *s->p == '\t'))
		gw_slice_take(s, 1);
}

static bool assignment(struct lines *l, struct gw_slice name, struct gw_slice *s)
{
	struct gw_slice value, all;
	struct conv_at at;

	skip_blanks(s);
	all = *s;
	if (s->n && (*s->p == '"' || *s->p == '\'')) {
		if (!quoted(l, s, &value)) {
			conv_wrong(l->d->c, &l->at, "close the quotes", "the value has no closing quote");
			return false;
		}
	} else {
		value = plain(l, s);
	}
	at = conv_part(&l->at, gw_slice(all.p, (size_t)(s->p - all.p)));
	dove_setting(l->d, name, expand(l->d, value, &at), &at);
	return true;
}

/* ---- sections ---- */

static bool opens(struct lines *l, struct gw_slice head)
{
	struct dove *d = l->d;
	struct dove_section s = { .shown = "", .prefix = "", .at = conv_part(&l->at, head) };

	if (d->depth + 1 == GW_CONVERT_DEPTH_MAX) {
		conv_wrong(d->c, &l->at, NULL, "sections are nested more than %d deep", GW_CONVERT_DEPTH_MAX - 1);
		return false;
	}
	gw_slice_word(&head, " \t", &s.name);
	s.arg = gw_slice_trim(head);
	if (s.arg.n >= 2 && s.arg.p[0] == '"' && s.arg.p[s.arg.n - 1] == '"')
		s.arg = gw_slice(s.arg.p + 1, s.arg.n - 2);
	dove_open(d, &s);
	d->depth++;
	*dove_top(d) = s;
	l->inner++;
	return true;
}

static bool closes(struct lines *l)
{
	struct dove *d = l->d;

	if (d->depth == 0) {
		conv_wrong(d->c, &l->at, NULL, "there is a } without a section");
		return false;
	}
	dove_close(d);
	d->depth--;
	if (l->inner)
		l->inner--;
	return true;
}

/* ---- includes ---- */

static void include(struct lines *l, struct gw_slice path, bool try)
{
	struct conv *c = l->d->c;
	struct conv_at at = conv_part(&l->at, path);
	const char *const *v, *name = gw_arena_str(&c->arena, path);
	size_t n;

	if (path.n == 0) {
		conv_wrong(c, &l->at, "write !include FILE", "it names no file");
		return;
	}
	if (*name != '/')
		name = conv_inside(c, conv_directory(c, l->f->name), name);
	if (!strpbrk(name, "*?[")) {
		dove_read(l->d, name, &at, try);
		return;
	}
	n = conv_list(c, name, &at, &v);
	for (size_t i = 0; i < n && c->rc == 0; i++)
		dove_read(l->d, v[i], &at, false);
}

static bool directive(struct lines *l, struct gw_slice s)
{
	struct gw_slice word, path;

	gw_slice_word(&s, " \t", &word);
	path = gw_slice_trim(s);
	if (gw_slice_eq(word, GW_S("!include_try")))
		include(l, path, true);
	else if (gw_slice_eq(word, GW_S("!include")))
		include(l, path, false);
	else
		conv_wrong(l->d->c, &l->at, "there are !include and !include_try", "the directive is not known");
	return false; /* nothing else stands on its line */
}

/* ---- lines ---- */

/* One statement; false when the line has no more. */
static bool statement(struct lines *l, struct gw_slice *s)
{
	struct gw_slice head;
	size_t n = 0;

	skip_blanks(s);
	if (s->n == 0 || *s->p == '#')
		return false;
	if (*s->p == '!')
		return directive(l, *s);
	if (*s->p == '}') {
		gw_slice_take(s, 1);
		return closes(l);
	}
	while (n < s->n && s->p[n] != '=' && s->p[n] != '{' && s->p[n] != '}')
		n++;
	head = gw_slice_trim(gw_slice_take(s, n));
	if (s->n == 0 || *s->p == '}' || head.n == 0) {
		conv_wrong(l->d->c, &l->at, "write key = value, or name { to begin a section",
			"the line is neither a setting nor a section");
		return false;
	}
	return *gw_slice_take(s, 1).p == '=' ? assignment(l, head, s) : opens(l, head);
}

/* The line, and those that go on with it. */
static struct gw_slice whole_line(struct lines *l)
{
	struct gw_slice line = gw_slice_trim(l->at.source);
	struct conv *c = l->d->c;

	while (line.n && line.p[line.n - 1] == '\\' && *line.p != '#' && l->rest.n && c->held < GW_CONVERT_BYTES_MAX) {
		struct conv_at next = l->at;

		conv_line(l->f, &l->rest, &next);
		line = gw_slice_str(gw_arena_printf(&c->arena, "%.*s %.*s", (int)line.n - 1, line.p,
			GW_FMT(gw_slice_trim(next.source))));
		c->held += line.n;
		l->at.line = next.line;
	}
	return line;
}

void dove_read(struct dove *d, const char *path, const struct conv_at *from, bool missing_ok)
{
	struct lines l = { .d = d };
	size_t depth = d->depth;

	l.f = conv_read(d->c, path, from, missing_ok);
	if (!l.f)
		return;
	l.at.file = l.f;
	l.rest = l.f->text;
	while (d->c->rc == 0 && conv_line(l.f, &l.rest, &l.at)) {
		struct gw_slice line = whole_line(&l);

		l.inner = 0;
		while (d->c->rc == 0 && statement(&l, &line))
			;
	}
	if (d->c->rc == 0 && d->depth != depth)
		conv_wrong(d->c, &dove_top(d)->at, "write } where it ends", "the section does not end in its file");
}

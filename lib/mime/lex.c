/* lex.c - the words of structured header fields (see lex.h) */
#include "mime/lex.h"

#define QUOTED_MAX 1000 /* octets of a quoted string; longer ones are sent as literals */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

/* From behind the opening character to behind the closing one; open: characters that nest (0: none). */
static size_t span(struct gw_slice s, char open, char close)
{
	size_t depth = 1, n = 0;

	while (n < s.n && depth) {
		if (s.p[n] == '\\' && n + 1 < s.n)
			n++;
		else if (s.p[n] == close)
			depth--;
		else if (open && s.p[n] == open)
			depth++;
		n++;
	}
	return n;
}

/* Cut off what stands between an opening character, which is cut already, and its end. */
static struct gw_slice take_span(struct gw_slice *in, char open, char close)
{
	struct gw_slice inner = gw_slice_take(in, span(*in, open, close));

	if (inner.n && inner.p[inner.n - 1] == close)
		inner.n--;
	return inner;
}

static void skip_space(struct gw_lexer *l)
{
	l->spaced = false;
	while (l->in.n && (is_space(l->in.p[0]) || l->in.p[0] == '(')) {
		char c = *gw_slice_take(&l->in, 1).p;

		l->spaced = true;
		if (c == '(')
			l->comment = take_span(&l->in, '(', ')');
	}
}

static bool ends_atom(const struct gw_lexer *l, char c)
{
	return is_space(c) || c == '(' || c == '"' || c == '[' || strchr(l->specials, c);
}

enum gw_lex gw_lex_next(struct gw_lexer *l)
{
	size_t n = 0;
	char c;

	skip_space(l);
	if (l->in.n == 0)
		return GW_LEX_END;
	c = l->in.p[0];
	if (c == '"') {
		gw_slice_take(&l->in, 1);
		l->token = take_span(&l->in, 0, '"');
		return GW_LEX_QUOTED;
	}
	if (c == '[') {
		n = 1 + span(gw_slice(l->in.p + 1, l->in.n - 1), 0, ']');
		l->token = gw_slice_take(&l->in, n);
		return GW_LEX_LITERAL;
	}
	if (strchr(l->specials, c)) {
		l->token = gw_slice_take(&l->in, 1);
		return GW_LEX_SPECIAL;
	}
	while (n < l->in.n && !ends_atom(l, l->in.p[n]))
		n++;
	l->token = gw_slice_take(&l->in, n);
	return GW_LEX_ATOM;
}

void gw_lex_unquote(struct gw_slice quoted, struct gw_buf *out)
{
	while (quoted.n) {
		size_t n = 0;

		while (n < quoted.n && quoted.p[n] != '\\' && quoted.p[n] != '\r' && quoted.p[n] != '\n' && quoted.p[n])
			n++;
		gw_buf_add_slice(out, gw_slice_take(&quoted, n));
		if (!quoted.n)
			return;
		n = quoted.p[0] == '\\' && quoted.n > 1 && quoted.p[1] != '\r' && quoted.p[1] != '\n' && quoted.p[1];
		if (n)
			gw_buf_add_char(out, quoted.p[1]);
		gw_slice_take(&quoted, n + 1);
	}
}

void gw_unfold(struct gw_slice s, struct gw_buf *out)
{
	while (s.n) {
		size_t n = 0;

		while (n < s.n && s.p[n] != '\r' && s.p[n] != '\n' && s.p[n])
			n++;
		gw_buf_add_slice(out, gw_slice_take(&s, n));
		if (s.n)
			gw_slice_take(&s, 1);
	}
}

static bool quotable(struct gw_slice s)
{
	if (s.n > QUOTED_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if ((signed char)s.p[i] <= 0 || s.p[i] == '\r' || s.p[i] == '\n')
			return false;
	return true;
}

static void put_quoted(struct gw_slice s, struct gw_buf *out)
{
	gw_buf_add_char(out, '"');
	while (s.n) {
		size_t n = 0;

		while (n < s.n && s.p[n] != '"' && s.p[n] != '\\')
			n++;
		gw_buf_add_slice(out, gw_slice_take(&s, n));
		if (!s.n)
			break;
		gw_buf_add_char(out, '\\');
		gw_buf_add_slice(out, gw_slice_take(&s, 1));
	}
	gw_buf_add_char(out, '"');
}

void gw_put_string(struct gw_slice s, struct gw_buf *out)
{
	size_t nuls = 0;

	if (quotable(s)) {
		put_quoted(s, out);
		return;
	}
	for (size_t i = 0; i < s.n; i++)
		nuls += s.p[i] == '\0';
	gw_buf_printf(out, "{%zu}\r\n", s.n - nuls);
	while (s.n) {
		struct gw_slice run = gw_slice_take(&s, gw_slice_find(s, '\0'));

		gw_buf_add_slice(out, run);
		if (s.n)
			gw_slice_take(&s, 1);
	}
}

void gw_put_nstring(struct gw_slice s, struct gw_buf *out)
{
	if (s.p)
		gw_put_string(s, out);
	else
		gw_buf_add_slice(out, GW_S("NIL"));
}

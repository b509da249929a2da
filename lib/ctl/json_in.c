/* json_in.c - reading the JSON of an answer, one member after the other (RFC 8259)
 *
 * A walk, not a tree: the caller sees each member of one object or array; what is nested in it is measured without
 * recursion and handed out whole. The text may come from anybody who can listen on a path: it is bounded by the line and
 * believed in nothing. */
#include "ctl/ctl.h"
#include "util/utf8.h"

#define DEPTH_MAX 32

static void skip_blanks(struct gw_slice *in)
{
	while (in->n && (in->p[0] == ' ' || in->p[0] == '\t' || in->p[0] == '\n' || in->p[0] == '\r'))
		gw_slice_take(in, 1);
}

/* How many bytes a string takes, quotes included; 0: it does not end. */
static size_t string_length(struct gw_slice in)
{
	for (size_t i = 1; i < in.n; i++) {
		if (in.p[i] == '"')
			return i + 1;
		if ((unsigned char)in.p[i] < 0x20)
			return 0;
		if (in.p[i] == '\\')
			i++;
	}
	return 0;
}

static bool get_hex4(struct gw_slice *in, uint32_t *ret)
{
	uint32_t v = 0;

	if (in->n < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		char c = gw_lower(in->p[i]);

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
		v = v << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	gw_slice_take(in, 4);
	*ret = v;
	return true;
}

/* \uXXXX, perhaps the first half of a pair. A half alone becomes U+FFFD. */
static bool get_unicode(struct gw_slice *in, uint32_t *ret)
{
	uint32_t hi, lo;

	if (!get_hex4(in, &hi))
		return false;
	if (hi >= 0xD800 && hi < 0xDC00 && in->n >= 6 && in->p[0] == '\\' && in->p[1] == 'u') {
		struct gw_slice look = *in;

		gw_slice_take(&look, 2);
		if (get_hex4(&look, &lo) && lo >= 0xDC00 && lo < 0xE000) {
			*in = look;
			*ret = 0x10000 + ((hi - 0xD800) << 10) + (lo - 0xDC00);
			return true;
		}
	}
	*ret = hi >= 0xD800 && hi < 0xE000 ? 0xFFFD : hi;
	return true;
}

static bool get_escape(struct gw_slice *in, uint32_t *ret)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at = in->n ? memchr(from, in->p[0], sizeof from - 1) : NULL;

	if (at) {
		gw_slice_take(in, 1);
		*ret = (uint32_t)to[at - from];
		return true;
	}
	if (in->n == 0 || in->p[0] != 'u')
		return false;
	gw_slice_take(in, 1);
	return get_unicode(in, ret);
}

/* The content of a string with its quotes at both ends. No escape is shorter than what it stands for in UTF-8. */
static bool unescape(struct gw_slice text, struct gw_arena *arena, struct gw_slice *ret)
{
	char *out = gw_arena_alloc(arena, text.n + 1), *at = out;
	uint32_t cp;

	text = gw_slice(text.p + 1, text.n - 2);
	while (text.n) {
		char c = *gw_slice_take(&text, 1).p;

		if (c != '\\') {
			*at++ = c;
		} else {
			if (!get_escape(&text, &cp))
				return false;
			at += gw_utf8_put(at, cp);
		}
	}
	*ret = gw_slice(out, (size_t)(at - out));
	return true;
}

static bool get_string(struct gw_slice *in, struct gw_arena *arena, struct gw_slice *ret)
{
	size_t n = in->n && in->p[0] == '"' ? string_length(*in) : 0;

	return n && unescape(gw_slice_take(in, n), arena, ret);
}

/* A whole object or array, brackets counted by kind, strings stepped over. */
static bool get_nested(struct gw_slice *in, struct gw_slice *ret)
{
	char open[DEPTH_MAX];
	size_t depth = 0, i = 0;

	while (i < in->n) {
		char c = in->p[i];

		if (c == '"') {
			size_t n = string_length(gw_slice(in->p + i, in->n - i));

			if (n == 0)
				return false;
			i += n;
			continue;
		}
		i++;
		if (c == '{' || c == '[') {
			if (depth == DEPTH_MAX)
				return false;
			open[depth++] = c == '{' ? '}' : ']';
		} else if (c == '}' || c == ']') {
			if (open[--depth] != c)
				return false;
			if (depth == 0) {
				*ret = gw_slice_take(in, i);
				return true;
			}
		}
	}
	return false;
}

static bool skip_digits(struct gw_slice *in)
{
	size_t n = 0;

	while (n < in->n && in->p[n] >= '0' && in->p[n] <= '9')
		n++;
	gw_slice_take(in, n);
	return n > 0;
}

/* number = [ "-" ] int [ "." digits ] [ ( "e" / "E" ) [ "+" / "-" ] digits ] (RFC 8259 section 6) */
static bool is_number(struct gw_slice t)
{
	if (t.n && t.p[0] == '-')
		gw_slice_take(&t, 1);
	if (t.n && t.p[0] == '0')
		gw_slice_take(&t, 1);
	else if (!skip_digits(&t))
		return false;
	if (t.n && t.p[0] == '.') {
		gw_slice_take(&t, 1);
		if (!skip_digits(&t))
			return false;
	}
	if (t.n && (t.p[0] == 'e' || t.p[0] == 'E')) {
		gw_slice_take(&t, 1);
		if (t.n && (t.p[0] == '+' || t.p[0] == '-'))
			gw_slice_take(&t, 1);
		if (!skip_digits(&t))
			return false;
	}
	return t.n == 0;
}

static bool get_literal(struct gw_slice *in, struct gw_ctl_member *m)
{
	size_t n = 0;

	while (n < in->n && in->p[n] > 0x20 && !memchr(",]}", in->p[n], 3))
		n++;
	m->value = gw_slice_take(in, n);
	if (gw_slice_eq(m->value, GW_S("true")) || gw_slice_eq(m->value, GW_S("false"))) {
		m->kind = GW_CTL_JSON_BOOL;
		return true;
	}
	m->kind = GW_CTL_JSON_NULL;
	if (gw_slice_eq(m->value, GW_S("null")))
		return true;
	m->kind = GW_CTL_JSON_NUMBER;
	return is_number(m->value);
}

static bool get_value(struct gw_slice *in, struct gw_arena *arena, struct gw_ctl_member *m)
{
	if (in->n && in->p[0] == '"') {
		m->kind = GW_CTL_JSON_STRING;
		return get_string(in, arena, &m->value);
	}
	if (in->n && (in->p[0] == '{' || in->p[0] == '[')) {
		m->kind = GW_CTL_JSON_NESTED;
		return get_nested(in, &m->value);
	}
	return get_literal(in, m);
}

/* Between two calls *in begins with the bracket that opened, or with the comma or bracket behind a value. */
int gw_ctl_json_next(struct gw_slice *in, struct gw_arena *arena, struct gw_ctl_member *ret)
{
	struct gw_ctl_member m = { .key = { "", 0 } };
	bool keyed;
	char c;

	*in = gw_slice_trim(*in);
	if (in->n < 2)
		return in->n == 1 && (in->p[0] == '}' || in->p[0] == ']') ? 0 : GW_EINVAL;
	c = in->p[0];
	keyed = in->p[in->n - 1] == '}';
	if (c != ',' && c != (keyed ? '{' : '['))
		return GW_EINVAL;
	gw_slice_take(in, 1);
	skip_blanks(in);
	if (c != ',' && in->n == 1 && in->p[0] == (keyed ? '}' : ']'))
		return 0;
	if (keyed) {
		if (!get_string(in, arena, &m.key))
			return GW_EINVAL;
		skip_blanks(in);
		if (in->n == 0 || in->p[0] != ':')
			return GW_EINVAL;
		gw_slice_take(in, 1);
		skip_blanks(in);
	}
	if (!get_value(in, arena, &m))
		return GW_EINVAL;
	*ret = m;
	return 1;
}

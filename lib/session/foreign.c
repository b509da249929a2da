/* foreign.c - what a client of another protocol says (see foreign.h) */
#include "session/foreign.h"

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A method (RFC 9110 9) or the name of a field as they are used: letters, and - within. */
static bool is_word(struct gw_slice w)
{
	for (size_t i = 0; i < w.n; i++)
		if (!is_letter(w.p[i]) && (w.p[i] != '-' || i == 0))
			return false;
	return w.n > 0;
}

/* HTTP-version = "HTTP/" DIGIT "." DIGIT (RFC 9112 2.3) */
static bool is_version(struct gw_slice w)
{
	return w.n == 8 && gw_slice_eq(gw_slice(w.p, 5), GW_S("HTTP/")) && is_digit(w.p[5]) && w.p[6] == '.' && is_digit(w.p[7]);
}

static bool speaks_http(struct gw_slice line)
{
	struct gw_slice rest = line, first = gw_slice_take(&rest, gw_slice_find(rest, ' '));
	size_t version = sizeof "HTTP/1.1" - 1;

	if (first.n && first.p[first.n - 1] == ':')
		return is_word(gw_slice(first.p, first.n - 1));
	if (!is_word(first) || rest.n < version + 3) /* " / HTTP/1.1" */
		return false;
	return rest.p[rest.n - version - 1] == ' ' && is_version(gw_slice(rest.p + rest.n - version, version));
}

/* "EHLO mail.example.org"; without a name it is no better. */
static bool speaks_smtp(struct gw_slice line)
{
	struct gw_slice first = gw_slice_take(&line, gw_slice_find(line, ' '));

	return gw_slice_eqi(first, GW_S("EHLO")) || gw_slice_eqi(first, GW_S("HELO")) || gw_slice_eqi(first, GW_S("LHLO"));
}

const struct gw_foreign *gw_foreign_of(struct gw_slice line)
{
	static const struct gw_foreign http = { "HTTP", "This is not a web server" }, smtp = { "SMTP", "This server takes no mail" };

	return speaks_http(line) ? &http : speaks_smtp(line) ? &smtp : NULL;
}

/* envelope_read.c - an ENVELOPE that we made, read again (see envelope.h)
 *
 * What is stored may be damaged, so that nothing is taken for granted; nested parentheses are counted. */
#include "mime/envelope.h"

#include "util/num.h"

static bool get_char(struct gw_slice *in, char c)
{
	if (!in->n || in->p[0] != c)
		return false;
	gw_slice_take(in, 1);
	return true;
}

/* "{" size "}" CRLF octets */
static bool get_literal(struct gw_slice *in, struct gw_slice *ret)
{
	size_t end = gw_slice_find(*in, '}');
	uint64_t n;

	if (end + 3 > in->n || !gw_parse_u64(gw_slice(in->p + 1, end - 1), &n) || n > in->n - end - 3)
		return false;
	gw_slice_take(in, end + 3);
	*ret = gw_slice_take(in, (size_t)n);
	return true;
}

/* A quoted string; its escapes are undone at *scratch, which moves on. */
static bool get_quoted(struct gw_slice *in, char **scratch, struct gw_slice *ret)
{
	size_t n = 1, escapes = 0;

	for (; n < in->n && in->p[n] != '"'; n++)
		if (in->p[n] == '\\') {
			n++;
			escapes++;
		}
	if (n >= in->n)
		return false;
	*ret = gw_slice(in->p + 1, n - 1);
	gw_slice_take(in, n + 1);
	if (escapes) {
		char *to = *scratch;

		for (size_t i = 0; i < ret->n; i++) {
			if (ret->p[i] == '\\' && i + 1 < ret->n)
				i++;
			*(*scratch)++ = ret->p[i];
		}
		*ret = gw_slice(to, (size_t)(*scratch - to));
	}
	return true;
}

static bool get_nstring(struct gw_slice *in, char **scratch, struct gw_slice *ret)
{
	if (in->n >= 3 && memcmp(in->p, "NIL", 3) == 0) {
		gw_slice_take(in, 3);
		*ret = gw_slice(NULL, 0);
		return true;
	}
	if (in->n && in->p[0] == '{')
		return get_literal(in, ret);
	return in->n && in->p[0] == '"' && get_quoted(in, scratch, ret);
}

/* Pass over a string, NIL or a list. */
static bool skip(struct gw_slice *in, char *scratch)
{
	unsigned depth = 0;

	do {
		struct gw_slice text;
		char *room = scratch;

		if (get_char(in, '('))
			depth++;
		else if (depth && get_char(in, ')'))
			depth--;
		else if (!(depth && get_char(in, ' ')) && !get_nstring(in, &room, &text))
			return false;
	} while (depth);
	return true;
}

/* "(" name SP route SP mailbox SP host, and what follows */
static bool get_address(struct gw_slice *in, char *scratch, struct gw_envelope_address *ret)
{
	struct gw_slice route;

	return get_char(in, '(') && get_nstring(in, &scratch, &ret->name) && get_char(in, ' ') &&
	       get_nstring(in, &scratch, &route) && get_char(in, ' ') && get_nstring(in, &scratch, &ret->mailbox) &&
	       get_char(in, ' ') && get_nstring(in, &scratch, &ret->host);
}

/* Come to the first address of a list; false: there is none. */
static bool find_list(struct gw_slice *in, enum gw_envelope_list which, char *scratch)
{
	if (!get_char(in, '('))
		return false;
	for (unsigned i = 0; i < which; i++)
		if (!skip(in, scratch) || !get_char(in, ' '))
			return false;
	return get_char(in, '(');
}

bool gw_envelope_first(struct gw_slice envelope, enum gw_envelope_list which, char *scratch,
		       struct gw_envelope_address *ret)
{
	struct gw_slice in = envelope;
	struct gw_envelope_address a;

	if (!find_list(&in, which, scratch) || !get_address(&in, scratch, &a))
		return false;
	*ret = a;
	return true;
}

/* ---- as text ---- */

/* mailbox "@" host, or which of them there is */
static void put_address(const struct gw_envelope_address *a, struct gw_buf *out)
{
	bool mailbox = a->mailbox.p && !gw_slice_eq(a->mailbox, GW_S(GW_MISSING_MAILBOX));
	bool host = !gw_slice_eq(a->host, GW_S(GW_MISSING_DOMAIN));

	if (mailbox)
		gw_buf_add_slice(out, a->mailbox);
	if (!host)
		return;
	gw_buf_add_char(out, '@');
	gw_buf_add_slice(out, a->host);
}

static void put_named(const struct gw_envelope_address *a, struct gw_buf *out)
{
	if (!a->name.n) {
		put_address(a, out);
		return;
	}
	gw_buf_add_slice(out, a->name);
	gw_buf_add_slice(out, GW_S(" <"));
	put_address(a, out);
	gw_buf_add_char(out, '>');
}

void gw_envelope_put_text(struct gw_slice envelope, enum gw_envelope_list which, char *scratch, struct gw_buf *out)
{
	struct gw_envelope_address a;
	struct gw_slice in = envelope;
	const char *between = "";

	if (!find_list(&in, which, scratch))
		return;
	while (get_address(&in, scratch, &a) && get_char(&in, ')')) {
		if (!a.host.p && !a.mailbox.p) { /* the end of a group */
			gw_buf_add_char(out, ';');
			between = ", ";
			continue;
		}
		gw_buf_add_slice(out, gw_slice_str(between));
		between = a.host.p ? ", " : " ";
		if (a.host.p) {
			put_named(&a, out);
			continue;
		}
		gw_buf_add_slice(out, a.mailbox); /* the name of a group */
		gw_buf_add_char(out, ':');
	}
}

/* url.c - URLs of messages and their parts (RFC 5092 section 11) */
#include "imap/url.h"

#include "imap/token.h"

/* Octets that stand for themselves everywhere: `unreserved` of RFC 3986. Others may at places, but need not. */
static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c);
}

/* s with all but those and the octets of also percent-encoded. */
static const char *encode(struct gw_arena *arena, struct gw_slice s, const char *also)
{
	static const char digits[] = "0123456789ABCDEF";
	char *ret = gw_arena_alloc(arena, 3 * s.n + 1), *to = ret;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c && (is_unreserved(s.p[i]) || strchr(also, c))) {
			*to++ = s.p[i];
			continue;
		}
		*to++ = '%';
		*to++ = digits[c >> 4];
		*to++ = digits[c & 15];
	}
	*to = '\0';
	return ret;
}

const char *imap_url_of_mailbox(struct gw_arena *arena, const char *user, const char *server, struct gw_slice name)
{
	return gw_arena_printf(arena, "imap://%s;AUTH=*@%s/%s", encode(arena, gw_slice_str(user), ""), server, encode(arena, name, "/"));
}

const char *imap_url_of_user(struct gw_arena *arena, const char *user, const char *server)
{
	return imap_url_of_mailbox(arena, user, server, gw_slice("", 0));
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Undo percent-encoding. What may not stand in a URL unencoded, and an encoded NUL, are refused. */
static bool decode(struct gw_slice s, struct gw_arena *arena, struct gw_slice *ret)
{
	char *to = gw_arena_alloc(arena, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int octet = (unsigned char)s.p[i];

		if (octet <= ' ' || octet > '~')
			return false;
		if (octet == '%') {
			int hi = s.n - i > 2 ? hex(s.p[i + 1]) : -1, lo = s.n - i > 2 ? hex(s.p[i + 2]) : -1;

			octet = hi < 0 || lo < 0 ? 0 : hi * 16 + lo;
			if (!octet)
				return false;
			i += 2;
		}
		to[n++] = (char)octet;
	}
	*ret = gw_slice(to, n);
	return true;
}

/* What stands before one of the characters of stop, or all of it. */
static struct gw_slice take_until(struct gw_slice *in, const char *stop)
{
	size_t n = 0;

	while (n < in->n && !strchr(stop, in->p[n]))
		n++;
	return gw_slice_take(in, n);
}

/* iserver = [enc-user [";AUTH=" ...] "@"] host [":" port] */
static bool get_server(struct gw_slice *in, struct gw_arena *arena, struct imap_url *u)
{
	struct gw_slice server = take_until(in, "/"), user = gw_slice("", 0);
	size_t at = gw_slice_find(server, '@');

	if (at < server.n) {
		user = gw_slice_take(&server, at);
		gw_slice_take(&server, 1);
		user = take_until(&user, ";");
	}
	u->has_server = true;
	server = take_until(&server, ":");
	return server.n && decode(user, arena, &u->user) && decode(server, arena, &u->host);
}

/* enc-mailbox [";UIDVALIDITY=" nz-number], up to the "/" of what follows */
static bool get_mailbox(struct gw_slice *in, struct gw_arena *arena, struct imap_url *u)
{
	struct gw_slice name = take_until(in, ";");
	bool slash = name.n && name.p[name.n - 1] == '/';

	name.n -= slash;
	u->has_mailbox = true;
	if (!name.n || !decode(name, arena, &u->mailbox))
		return false;
	if (slash)
		return true;
	return imap_get_prefix(in, GW_S(";UIDVALIDITY=")) && imap_get_nz_number(in, &u->uidvalidity) &&
	       imap_get_char(in, '/');
}

/* partial-range = number ["." nz-number] */
static bool get_partial(struct gw_slice *in, struct imap_url *u)
{
	u->partial = true;
	u->count = UINT64_MAX;
	return imap_get_number64(in, &u->offset) && (!imap_get_char(in, '.') || imap_get_nz_number64(in, &u->count));
}

/* ";UID=" nz-number ["/;SECTION=" enc-section] ["/;PARTIAL=" partial-range] */
static bool get_message(struct gw_slice *in, struct gw_arena *arena, struct imap_url *u)
{
	if (!imap_get_prefix(in, GW_S(";UID=")) || !imap_get_nz_number(in, &u->uid))
		return false;
	if (imap_get_prefix(in, GW_S("/;SECTION="))) {
		struct gw_slice section = take_until(in, ";");

		if (in->n) /* the "/" of ";PARTIAL=" */
			section.n -= section.n && section.p[section.n - 1] == '/';
		if (!section.n || !decode(section, arena, &u->section))
			return false;
		return !in->n || (imap_get_prefix(in, GW_S(";PARTIAL=")) && get_partial(in, u));
	}
	return !imap_get_prefix(in, GW_S("/;PARTIAL=")) || get_partial(in, u);
}

bool imap_url_parse(struct gw_slice text, struct gw_arena *arena, struct imap_url *ret)
{
	struct gw_slice in = text, none = gw_slice("", 0);
	struct imap_url u = { .user = none, .host = none, .mailbox = none, .section = none };

	if ((imap_get_prefix(&in, GW_S("imap://")) || imap_get_prefix(&in, GW_S("//"))) && !get_server(&in, arena, &u))
		return false;
	if (imap_get_char(&in, '/')) {
		if (!get_mailbox(&in, arena, &u))
			return false;
	} else if (u.has_server) {
		return false;
	}
	if (!get_message(&in, arena, &u) || in.n)
		return false;
	*ret = u;
	return true;
}

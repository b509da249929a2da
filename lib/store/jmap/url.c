/* url.c - addresses of a storage server (see url.h) */
#include "store/jmap/url.h"

#include "util/buf.h"

struct place {
	struct gw_slice scheme, authority, path; /* path: with query */
};

/* "scheme://authority/path"; false when it is no such address. */
static bool split(struct gw_slice url, struct place *ret)
{
	size_t n = gw_slice_startsi(url, GW_S("https://")) ? 5 : gw_slice_startsi(url, GW_S("http://")) ? 4 : 0;
	size_t end = 0;

	if (n == 0)
		return false;
	ret->scheme = gw_slice_take(&url, n);
	gw_slice_take(&url, 3);
	while (end < url.n && !strchr("/?#", url.p[end]))
		end++;
	ret->authority = gw_slice_take(&url, end);
	ret->path = url;
	return end > 0;
}

/* The authority without the port that the scheme has anyway. */
static struct gw_slice site(const struct place *p)
{
	struct gw_slice port = p->scheme.n == 5 ? GW_S(":443") : GW_S(":80"), a = p->authority;

	if (a.n > port.n && gw_slice_eq(gw_slice(a.p + a.n - port.n, port.n), port))
		a.n -= port.n;
	return a;
}

static int check_characters(struct gw_slice ref, struct gw_err *err)
{
	if (ref.n == 0 || ref.n > JMAP_URL_MAX)
		return gw_fail(err, GW_ECORRUPT, "an address of %zu octets; 1 to %d are expected", ref.n, JMAP_URL_MAX);
	for (size_t i = 0; i < ref.n; i++)
		if (ref.p[i] <= ' ' || ref.p[i] > '~' || strchr("\"<>\\^`|#", ref.p[i]))
			return gw_fail(err, GW_ECORRUPT, "an address with a character that no address of a server has");
	return 0;
}

static int check_place(const struct place *base, const struct place *to, bool other_hosts, struct gw_err *err)
{
	if (!gw_slice_eqi(base->scheme, to->scheme))
		return gw_fail(err, GW_ECORRUPT, "an address of the scheme %.*s, although the server is asked by %.*s",
			GW_FMT(to->scheme), GW_FMT(base->scheme));
	for (size_t i = 0; i < to->authority.n; i++)
		if (strchr("@{}%", to->authority.p[i]))
			return gw_fail(err, GW_ECORRUPT, "an address whose host is not plain: \"%.*s\"",
				GW_FMT(to->authority));
	if (!other_hosts && !gw_slice_eqi(site(base), site(to)))
		return gw_fail(err, GW_ECORRUPT, "an address of another host, %.*s; only %.*s is trusted",
			GW_FMT(to->authority), GW_FMT(base->authority));
	return 0;
}

/* RFC 3986 3.1: does the reference begin with a scheme? */
static bool has_scheme(struct gw_slice ref)
{
	size_t colon = gw_slice_find(ref, ':');

	for (size_t i = 0; i < colon; i++)
		if (strchr("/?{", ref.p[i]))
			return false;
	return colon < ref.n;
}

/* The part of base that stands before a relative reference (RFC 3986 5.2.2, 5.2.3). */
static struct gw_slice prefix(const struct place *base, struct gw_slice ref)
{
	const char *start = base->scheme.p;
	size_t n = 0;

	if (gw_slice_startsi(ref, GW_S("//")))
		return gw_slice(start, base->scheme.n + 1);
	if (ref.p[0] != '/') {
		while (n < base->path.n && !strchr("?#", base->path.p[n]))
			n++;
		while (ref.p[0] != '?' && n && base->path.p[n - 1] != '/')
			n--;
	}
	return gw_slice(start, (size_t)(base->path.p - start) + n);
}

int jmap_url_resolve(const char *base, struct gw_slice ref, bool other_hosts, struct gw_arena *arena,
	struct gw_slice *ret, struct gw_err *err)
{
	struct gw_slice before = GW_S(""), slash = GW_S("");
	struct place from = { 0 }, to = { 0 };
	struct gw_slice url;
	int rc = check_characters(ref, err);

	if (rc < 0)
		return rc;
	if (!split(gw_slice_str(base), &from))
		return gw_fail(err, GW_EINVAL, "\"%s\" is no address that begins with http:// or https://", base);
	if (!has_scheme(ref)) {
		before = prefix(&from, ref);
		if (before.p + before.n == from.path.p && ref.p[0] != '/')
			slash = GW_S("/");
	}
	url = gw_slice_str(gw_arena_printf(arena, "%.*s%.*s%.*s", GW_FMT(before), GW_FMT(slash), GW_FMT(ref)));
	if (!split(url, &to))
		return gw_fail(err, GW_ECORRUPT, "an address that does not begin with http:// or https://: \"%.*s\"",
			GW_FMT(ref));
	rc = check_place(&from, &to, other_hosts, err);
	if (rc == 0)
		*ret = url;
	return rc;
}

/* ---- templates ---- */

/* Cut the text before the next variable and its name off *url; false at the end, with what is left in *text. */
static bool next_variable(struct gw_slice *url, struct gw_slice *text, struct gw_slice *name)
{
	size_t open = gw_slice_find(*url, '{');

	*text = gw_slice_take(url, open);
	if (url->n == 0)
		return false;
	gw_slice_take(url, 1);
	*name = gw_slice_take(url, gw_slice_find(*url, '}'));
	if (url->n)
		gw_slice_take(url, 1);
	return true;
}

static bool plain_name(struct gw_slice name)
{
	for (size_t i = 0; i < name.n; i++)
		if (gw_lower(name.p[i]) < 'a' || gw_lower(name.p[i]) > 'z')
			return false;
	return name.n > 0;
}

static bool balanced(struct gw_slice url)
{
	bool inside = false;

	for (size_t i = 0; i < url.n; i++) {
		if (url.p[i] == (inside ? '{' : '}'))
			return false;
		if (url.p[i] == '{' || url.p[i] == '}')
			inside = !inside;
	}
	return !inside;
}

int jmap_template_check(struct gw_slice url, const char *const *need, struct gw_err *err)
{
	struct gw_slice rest = url, text, name;

	if (!balanced(url))
		return gw_fail(err, GW_ECORRUPT, "a template with a brace too many");
	while (next_variable(&rest, &text, &name))
		if (!plain_name(name))
			return gw_fail(
				err, GW_ECORRUPT, "a template that is not of RFC 6570's level 1: {%.*s}", GW_FMT(name));
	for (; *need; need++) {
		bool found = false;

		rest = url;
		while (!found && next_variable(&rest, &text, &name))
			found = gw_slice_eq(name, gw_slice_str(*need));
		if (!found)
			return gw_fail(err, GW_ECORRUPT, "a template without {%s}", *need);
	}
	return 0;
}

static void put_encoded(struct gw_buf *b, struct gw_slice v)
{
	for (size_t i = 0; i < v.n; i++) {
		unsigned char c = (unsigned char)v.p[i];
		bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';

		if (letter || (c >= '0' && c <= '9') || (c && strchr("-._~", c)))
			gw_buf_add_char(b, (char)c);
		else
			gw_buf_printf(b, "%%%02X", c);
	}
}

const char *jmap_template_fill(struct gw_slice url, const struct jmap_variable *v, size_t n, struct gw_arena *arena)
{
	struct gw_slice text, name;
	struct gw_buf b;
	const char *ret;

	gw_buf_init(&b, 0);
	while (next_variable(&url, &text, &name)) {
		gw_buf_add_slice(&b, text);
		for (size_t i = 0; i < n; i++)
			if (gw_slice_eq(name, gw_slice_str(v[i].name)))
				put_encoded(&b, v[i].value);
	}
	gw_buf_add_slice(&b, text);
	ret = gw_arena_str(arena, gw_buf_slice(&b));
	gw_buf_done(&b);
	return ret;
}

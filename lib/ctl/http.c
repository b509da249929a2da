/* http.c - cutting the head of a request (see http.h)
 *
 * Lines end with CRLF; LF alone is taken too (RFC 9112 section 2.2). A folded field line, a blank in front of a colon, a
 * control character, and HTTP/1.1 without Host are refused, as sections 3.2 and 5 ask for. */
#include "ctl/http.h"

struct head {
	struct gw_http_request r;
	bool host;
	bool needs_host;
};

/* RFC 9110 5.6.2 */
static bool is_token(struct gw_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7F || memchr("\"(),/:;<=>?@[\\]{}", s.p[i], 17))
			return false;
	return s.n > 0;
}

static bool is_text(struct gw_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (((unsigned char)s.p[i] < ' ' && s.p[i] != '\t') || s.p[i] == 0x7F)
			return false;
	return true;
}

static bool get_line(struct gw_slice *in, struct gw_slice *ret)
{
	size_t n = gw_slice_find(*in, '\n');

	if (n == in->n)
		return false;
	*ret = gw_slice_take(in, n);
	gw_slice_take(in, 1);
	if (ret->n && ret->p[ret->n - 1] == '\r')
		ret->n--;
	return true;
}

/* "/metrics?x=1", or with http://host in front of it. */
static bool get_path(struct gw_slice target, struct gw_slice *ret)
{
	if (gw_slice_startsi(target, GW_S("http://"))) {
		gw_slice_take(&target, 7);
		gw_slice_take(&target, gw_slice_find(target, '/'));
		if (target.n == 0)
			target = GW_S("/");
	}
	target.n = gw_slice_find(target, '?');
	target.n = gw_slice_find(target, '#');
	*ret = target;
	return target.n && target.p[0] == '/';
}

static int read_request_line(struct head *h, struct gw_slice line)
{
	struct gw_slice target, version = line;

	h->r.method = gw_slice_take(&version, gw_slice_find(version, ' '));
	gw_slice_take(&version, version.n ? 1 : 0);
	target = gw_slice_take(&version, gw_slice_find(version, ' '));
	gw_slice_take(&version, version.n ? 1 : 0);
	if (!is_token(h->r.method) || !is_text(target) || !get_path(target, &h->r.path) || version.n != 8 ||
	    !gw_slice_eq(gw_slice(version.p, 5), GW_S("HTTP/")))
		return 400;
	if (version.p[5] != '1' || version.p[6] != '.' || version.p[7] < '0' || version.p[7] > '9')
		return 505;
	h->needs_host = version.p[7] != '0';
	return 200;
}

static int read_field(struct head *h, struct gw_slice line)
{
	struct gw_slice value = line, name = gw_slice_take(&value, gw_slice_find(value, ':'));

	if (value.n == 0 || !is_token(name) || !is_text(value))
		return 400;
	gw_slice_take(&value, 1);
	if (gw_slice_eqi(name, GW_S("Accept")))
		h->r.accept = gw_slice_trim(value);
	h->host |= gw_slice_eqi(name, GW_S("Host"));
	return 200;
}

int gw_http_parse(struct gw_slice bytes, struct gw_http_request *ret)
{
	struct gw_slice rest = bytes, line;
	struct head h = { .host = false };
	int status;

	if (!get_line(&rest, &line))
		return bytes.n >= GW_HTTP_HEAD_MAX ? 431 : 0;
	status = read_request_line(&h, line);
	while (status == 200) {
		if (!get_line(&rest, &line))
			return bytes.n >= GW_HTTP_HEAD_MAX ? 431 : 0;
		if (line.n == 0)
			break;
		status = read_field(&h, line);
	}
	if (status == 200 && h.needs_host && !h.host)
		status = 400;
	if (status == 200)
		*ret = h.r;
	return status;
}

bool gw_http_accepts(struct gw_slice accept, struct gw_slice type)
{
	while (accept.n) {
		struct gw_slice item = gw_slice_take(&accept, gw_slice_find(accept, ','));

		item.n = gw_slice_find(item, ';');
		if (gw_slice_eqi(gw_slice_trim(item), type))
			return true;
		gw_slice_take(&accept, accept.n ? 1 : 0);
	}
	return false;
}

const char *gw_http_reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} all[] = {
		{ 200, "OK" },
		{ 400, "Bad Request" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 431, "Request Header Fields Too Large" },
		{ 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].status == status)
			return all[i].reason;
	return "Error";
}

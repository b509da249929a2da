/* address.c - numeric IP addresses to bytes and back
 *
 * The library has no socket headers, so it reads addresses by itself: four decimal bytes, or RFC 4291 section 2.2 with
 * one "::" and perhaps an IPv4 tail. Text is made as RFC 5952 section 4 wants it. */
#include "config/priv.h"

#include "util/num.h"

#include <stdio.h>

#define GROUPS 8 /* of 16 bits in an IPv6 address */

static bool parse_ipv4(struct gw_slice s, unsigned char bytes[4])
{
	for (unsigned i = 0; i < 4; i++) {
		struct gw_slice part = gw_slice_take(&s, gw_slice_find(s, '.'));
		uint64_t v;

		/* 010 is 8 to some and 10 to others: refused */
		if (part.n > 3 || (part.n > 1 && part.p[0] == '0') || !gw_parse_u64_range(part, 0, 255, &v))
			return false;
		bytes[i] = (unsigned char)v;
		if (i < 3 && s.n == 0)
			return false;
		if (i < 3)
			gw_slice_take(&s, 1);
	}
	return s.n == 0;
}

static bool parse_group(struct gw_slice s, unsigned *ret)
{
	unsigned v = 0;

	if (s.n == 0 || s.n > 4)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = gw_lower(s.p[i]);

		if (c >= '0' && c <= '9')
			v = v * 16 + (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v * 16 + (unsigned)(c - 'a') + 10;
		else
			return false;
	}
	*ret = v;
	return true;
}

/* Groups of s without any "::", up to room of them; an IPv4 tail counts as two. Returns how many, or -1. */
static int parse_groups(struct gw_slice s, unsigned char *out, int room)
{
	int n = 0;

	if (s.n == 0)
		return 0;
	for (;;) {
		struct gw_slice part = gw_slice_take(&s, gw_slice_find(s, ':'));
		unsigned v;

		if (s.n == 0 && n + 2 <= room && parse_ipv4(part, out + 2 * n))
			return n + 2;
		if (n == room || !parse_group(part, &v))
			return -1;
		out[2 * n] = (unsigned char)(v >> 8);
		out[2 * n + 1] = (unsigned char)v;
		n++;
		if (s.n == 0)
			return n;
		gw_slice_take(&s, 1);
	}
}

static bool parse_ipv6(struct gw_slice s, unsigned char bytes[16])
{
	unsigned char tail[16] = { 0 };
	const char *gap = s.n < 2 ? NULL : memmem(s.p, s.n, "::", 2);
	struct gw_slice front, back;
	int n, m;

	memset(bytes, 0, 16);
	if (!gap)
		return parse_groups(s, bytes, GROUPS) == GROUPS;
	front = gw_slice(s.p, (size_t)(gap - s.p));
	back = gw_slice(gap + 2, s.n - front.n - 2);
	n = parse_groups(front, bytes, GROUPS - 1);
	if (n < 0 || (n && memchr(front.p, '.', front.n)))
		return false;
	m = parse_groups(back, tail, GROUPS - 1 - n);
	if (m < 0)
		return false;
	memcpy(bytes + 16 - 2 * m, tail, 2 * (size_t)m);
	return true;
}

bool config_parse_ip(struct gw_slice s, enum gw_listen_kind *kind, unsigned char bytes[16])
{
	memset(bytes, 0, 16);
	*kind = gw_slice_find(s, ':') < s.n ? GW_LISTEN_IPV6 : GW_LISTEN_IPV4;
	return *kind == GW_LISTEN_IPV6 ? parse_ipv6(s, bytes) : parse_ipv4(s, bytes);
}

/* The longest run of zero groups, at least two, the first of equals (RFC 5952 4.2). */
static void find_gap(const unsigned *g, int *start, int *len)
{
	*start = -1;
	*len = 1;
	for (int i = 0; i < GROUPS; i++) {
		int n = 0;

		while (i + n < GROUPS && g[i + n] == 0)
			n++;
		if (n > *len) {
			*start = i;
			*len = n;
		}
		i += n;
	}
}

void config_put_ip(enum gw_listen_kind kind, const unsigned char *b, char *out)
{
	unsigned g[GROUPS];
	int gap, len, n = 0;

	if (kind == GW_LISTEN_IPV4) {
		sprintf(out, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
		return;
	}
	for (int i = 0; i < GROUPS; i++)
		g[i] = (unsigned)b[2 * i] << 8 | b[2 * i + 1];
	find_gap(g, &gap, &len);
	for (int i = 0; i < GROUPS; i++) {
		if (i == gap) {
			n += sprintf(out + n, "::");
			i += len - 1;
			continue;
		}
		n += sprintf(out + n, "%s%x", i && i != gap + len ? ":" : "", g[i]);
	}
	out[n] = '\0';
}

/* network.c - IP addresses and networks (see network.h) */
#include "config/network.h"

#include "config/priv.h"
#include "util/num.h"

#include <stdio.h>

#define V4_BITS 96u /* in front of an IPv4 address */

static const unsigned char v4_front[12] = { [10] = 0xFF, [11] = 0xFF };

bool gw_network_is_v4(const unsigned char ip[16])
{
	return memcmp(ip, v4_front, sizeof v4_front) == 0;
}

static bool parse_address(struct gw_slice s, unsigned char ip[16], bool *v4)
{
	enum gw_listen_kind kind;
	unsigned char bytes[16];

	if (s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']')
		s = gw_slice(s.p + 1, s.n - 2);
	if (!config_parse_ip(s, &kind, bytes))
		return false;
	*v4 = kind == GW_LISTEN_IPV4;
	if (*v4) {
		memcpy(ip, v4_front, sizeof v4_front);
		memcpy(ip + sizeof v4_front, bytes, 4);
	} else {
		memcpy(ip, bytes, 16);
	}
	return true;
}

static void mask(struct gw_network *n)
{
	for (unsigned i = 0; i < 16; i++) {
		unsigned kept = n->bits > i * 8 ? n->bits - i * 8 : 0;

		if (kept < 8)
			n->ip[i] &= (unsigned char)(0xFF00u >> kept);
	}
}

bool gw_network_parse(struct gw_slice text, struct gw_network *ret)
{
	struct gw_slice address = gw_slice_take(&text, gw_slice_find(text, '/'));
	struct gw_network n = { .bits = 128 };
	uint64_t bits;
	bool v4;

	if (!parse_address(address, n.ip, &v4))
		return false;
	if (text.n) {
		gw_slice_take(&text, 1);
		if (!gw_parse_u64_range(text, 0, v4 ? 32 : 128, &bits))
			return false;
		n.bits = (unsigned)bits + (v4 ? V4_BITS : 0);
	}
	mask(&n);
	*ret = n;
	return true;
}

void gw_network_put(const struct gw_network *n, char out[GW_NETWORK_TEXT])
{
	bool v4 = n->bits >= V4_BITS && gw_network_is_v4(n->ip);
	size_t used;

	config_put_ip(v4 ? GW_LISTEN_IPV4 : GW_LISTEN_IPV6, v4 ? n->ip + sizeof v4_front : n->ip, out);
	used = strlen(out);
	if (n->bits < 128)
		snprintf(out + used, GW_NETWORK_TEXT - used, "/%u", v4 ? n->bits - V4_BITS : n->bits);
}

bool gw_network_has(const struct gw_network *n, const unsigned char ip[16])
{
	unsigned whole = n->bits / 8, rest = n->bits % 8;

	if (memcmp(n->ip, ip, whole) != 0)
		return false;
	return rest == 0 || ((n->ip[whole] ^ ip[whole]) & (0xFF00u >> rest) & 0xFF) == 0;
}

bool gw_networks_have(const struct gw_words *list, const unsigned char ip[16])
{
	struct gw_network n;

	for (size_t i = 0; i < list->n; i++)
		if (gw_network_parse(gw_slice_str(list->v[i]), &n) && gw_network_has(&n, ip))
			return true;
	return false;
}

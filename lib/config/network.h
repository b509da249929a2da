/* network.h - IP addresses and networks as people write them
 *
 * One form for both families: 16 octets, an IPv4 address as the IPv6 address ::ffff:a.b.c.d. No sockets. Thread: any. */
#ifndef GW_CONFIG_NETWORK_H
#define GW_CONFIG_NETWORK_H

#include "config/config.h"

#define GW_NETWORK_TEXT 56 /* room for any text of gw_network_put() */

struct gw_network {
	unsigned char ip[16]; /* bits behind the first `bits` are 0 */
	unsigned bits;        /* 0..128; of an IPv4 network 96 more than written */
};

/* "192.0.2.1", "192.0.2.0/24", "2001:db8::/32", also with the IPv6 address in brackets. Bits behind the prefix are
 * taken as 0. False and untouched: it is none. */
bool gw_network_parse(struct gw_slice text, struct gw_network *ret);

/* The canonical text (RFC 5952); /N only when it is not one address. */
void gw_network_put(const struct gw_network *n, char out[GW_NETWORK_TEXT]);

/* Is the address one of IPv4? */
bool gw_network_is_v4(const unsigned char ip[16]);

bool gw_network_has(const struct gw_network *n, const unsigned char ip[16]);

/* Is the address in one of the networks of a list? */
bool gw_networks_have(const struct gw_words *list, const unsigned char ip[16]);

#endif

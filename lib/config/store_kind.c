/* store_kind.c - what serves the mail behind a server_socket (see config.h) */
#include <string.h>

#include "config/config.h"
#include "util/num.h"

/* The port of "host:port" or "[address]:port"; 0: not said. */
static uint64_t port_of(struct gw_slice authority)
{
	size_t at = authority.n;
	uint64_t port = 0;

	while (at > 0 && authority.p[at - 1] >= '0' && authority.p[at - 1] <= '9')
		at--;
	if (at == 0 || authority.p[at - 1] != ':' || !gw_parse_u64(gw_slice(authority.p + at, authority.n - at), &port))
		return 0;
	return port;
}

/* Kopano's storage server has ports and paths of its own; every other HTTP server speaks JMAP. */
static const char *kind_of_http(struct gw_slice rest)
{
	size_t n = gw_slice_find(rest, '/');
	struct gw_slice path = gw_slice(rest.p + n, rest.n - n);
	uint64_t port = port_of(gw_slice(rest.p, n));

	if (port == 236 || port == 237 || gw_slice_eqi(path, GW_S("/kopano")) || gw_slice_eqi(path, GW_S("/zarafa")))
		return "kopano";
	return "jmap";
}

const char *gw_config_store_kind(const char *url)
{
	static const struct {
		const char *prefix, *kind; /* kind NULL: see kind_of_http() */
	} rows[] = {
		{ "local:", "local" },	 { "mem:", "mem" },	     { "jmap+http://", "jmap" }, { "jmap+https://", "jmap" },
		{ "http://", NULL },	 { "https://", NULL },	     { "file:", "kopano" },	 { "default:", "kopano" },
	};
	struct gw_slice s = gw_slice_str(url);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n = strlen(rows[i].prefix);

		if (gw_slice_startsi(s, gw_slice_str(rows[i].prefix)))
			return rows[i].kind ? rows[i].kind : kind_of_http(gw_slice(s.p + n, s.n - n));
	}
	return NULL;
}

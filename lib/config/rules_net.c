/* rules_net.c - rules about ports, and about what crosses the network in clear */
#include "config/rules.h"

#include "util/num.h"

#include <stdio.h>

/* ---- ports ---- */

static const unsigned usual_ports[GW_SERVICE_COUNT] = {
	[GW_SERVICE_POP3] = 110, [GW_SERVICE_POP3S] = 995, [GW_SERVICE_IMAP] = 143, [GW_SERVICE_IMAPS] = 993,
};

static void check_port(struct config_load *l, size_t service, const struct gw_listen *item)
{
	char name[32], hint[64];

	for (size_t s = 0; s < GW_SERVICE_COUNT; s++) {
		if (s == service || item->port != usual_ports[s])
			continue;
		snprintf(hint, sizeof hint, "clients look for %s on port %u", gw_service_name((enum gw_service)service),
			usual_ports[service]);
		FIND(l, CONFIG_W_PORT, rule_maker(l->cfg, service, name, sizeof name), hint,
			"%s on %s takes the port that clients know as that of %s", gw_service_name((enum gw_service)service),
			item->text, gw_service_name((enum gw_service)s));
	}
}

void ports_are_those_of_their_protocol(struct config_load *l)
{
	for (size_t s = 0; s < GW_SERVICE_COUNT; s++)
		for (size_t i = 0; i < l->cfg->listen[s].n; i++)
			if (l->cfg->listen[s].v[i].kind != GW_LISTEN_UNIX)
				check_port(l, s, &l->cfg->listen[s].v[i]);
}

/* ---- the storage server ---- */

struct server_url {
	bool http, tls;
	struct gw_slice host; /* without brackets and whoever logs in there */
	uint64_t port;        /* 0: not said */
};

static struct server_url split_url(const struct gw_config *cfg)
{
	struct gw_slice s = gw_slice_str(cfg->server_socket);
	struct server_url u = { .tls = false };
	size_t colon, end;
	const char *at;

	if (gw_slice_startsi(s, GW_S("jmap+")))
		gw_slice_take(&s, 5);
	u.tls = gw_slice_startsi(s, GW_S("https://"));
	u.http = u.tls || gw_slice_startsi(s, GW_S("http://"));
	if (!u.http)
		return u;
	gw_slice_take(&s, u.tls ? 8 : 7);
	s.n = gw_slice_find(s, '/');
	at = memrchr(s.p, '@', s.n);
	gw_slice_take(&s, at ? (size_t)(at - s.p) + 1 : 0);
	end = gw_slice_find(s, ']');
	if (s.n && s.p[0] == '[' && end < s.n) {
		u.host = gw_slice(s.p + 1, end - 1);
		gw_slice_take(&s, end + 1);
		colon = s.n && s.p[0] == ':' ? 0 : s.n;
	} else {
		colon = gw_slice_find(s, ':');
		u.host = gw_slice(s.p, colon);
	}
	if (colon < s.n && !gw_parse_u64(gw_slice(s.p + colon + 1, s.n - colon - 1), &u.port))
		u.port = 0;
	return u;
}

void the_port_of_the_storage_server_fits_its_url(struct config_load *l)
{
	struct server_url u = split_url(l->cfg);

	if (u.http && u.tls && u.port == 236)
		FIND(l, CONFIG_W_PORT, "server_socket", "write port 237, or http:", "port 236 of a storage server is the one without TLS");
	if (u.http && !u.tls && u.port == 237)
		FIND(l, CONFIG_W_PORT, "server_socket", "write https:, or port 236", "port 237 of a storage server is the one inside TLS");
}

static bool is_loopback(struct gw_slice host)
{
	static const unsigned char one[16] = { [15] = 1 };
	unsigned char bytes[16];
	enum gw_listen_kind kind;

	if (gw_slice_eqi(host, GW_S("localhost")))
		return true;
	if (!config_parse_ip(host, &kind, bytes))
		return false;
	return kind == GW_LISTEN_IPV4 ? bytes[0] == 127 : memcmp(bytes, one, sizeof one) == 0;
}

void the_storage_server_is_not_told_passwords_in_clear(struct config_load *l)
{
	const char *kind = gw_config_store_kind(l->cfg->server_socket);
	struct server_url u = split_url(l->cfg);

	if (u.http && !u.tls && !is_loopback(u.host))
		FIND(l, CONFIG_W_INSECURE, "server_socket", kind && strcmp(kind, "jmap") == 0 ? "use https:" : "use https: and port 237",
			"passwords and mail would cross the network to %.*s as they are", GW_FMT(u.host));
}

/* ---- who may connect ---- */

/* Can somebody on another machine connect? */
static bool from_outside(const struct gw_listen *item)
{
	if (item->kind == GW_LISTEN_UNIX || strcmp(item->interface, "lo") == 0)
		return false;
	return item->kind == GW_LISTEN_ANY || !is_loopback(gw_slice_str(item->address));
}

static const struct gw_listen *plain_listener(const struct gw_config *cfg, size_t *service)
{
	static const enum gw_service plain[] = { GW_SERVICE_IMAP, GW_SERVICE_POP3 };

	for (size_t s = 0; s < 2; s++)
		for (size_t i = 0; i < cfg->listen[plain[s]].n; i++)
			if (from_outside(&cfg->listen[plain[s]].v[i])) {
				*service = plain[s];
				return &cfg->listen[plain[s]].v[i];
			}
	return NULL;
}

/* That it may happen is only a note, since it is the default and clients may well use TLS; that nothing else can happen
 * is a warning. */
void clients_do_not_say_passwords_in_clear(struct config_load *l)
{
	size_t service = 0;
	const struct gw_listen *item = plain_listener(l->cfg, &service);
	char name[32];

	if (!item)
		return;
	if (l->cfg->n_certs == 0)
		FIND(l, CONFIG_W_PLAINTEXT, rule_maker(l->cfg, service, name, sizeof name),
			"name a certificate, or listen on 127.0.0.1 alone",
			"%s on %s can be reached from elsewhere, and there is no TLS: passwords cross the network as they are",
			gw_service_name((enum gw_service)service), item->text);
	else if (!l->cfg->disable_plaintext_auth)
		FIND(l, CONFIG_N_PLAINTEXT, "disable_plaintext_auth", "set it to yes",
			"clients on other machines may log in without TLS (%s on %s)", gw_service_name((enum gw_service)service),
			item->text);
}

/* What is counted says who is busy and when, to everybody who can connect. */
void metrics_are_for_this_machine(struct config_load *l)
{
	const struct gw_listens *all = &l->cfg->listen[GW_SERVICE_METRICS];

	for (size_t i = 0; i < all->n; i++)
		if (from_outside(&all->v[i]))
			FIND(l, CONFIG_W_INSECURE, "metrics_listen", "listen on 127.0.0.1 or a UNIX socket, or keep others out with a firewall",
				"metrics on %s can be read from elsewhere, without TLS and password", all->v[i].text);
}

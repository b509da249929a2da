/* listen.c - where the services listen, from two dialects of the file
 *
 * Up to 8.6 a service had NAME_enable, NAME_port and all shared server_bind; later it has NAME_listen. Both are read,
 * and the daemon sees one list for each service. What a file mentions decides, service by service: NAME_listen if it
 * is set, else the older options. A file that is written in the newer form (some NAME_listen, none of the older
 * options) gets the newer defaults for services it does not mention, so that nothing opens to the world unasked. */
#include "config/priv.h"

#include "util/num.h"

#include <stdio.h>
#include <stdlib.h>

#define LISTENERS_MAX 64 /* of one service */

struct service_rows {
	const char *name;
	const char *enable, *port, *listen;
	const char *newer_default; /* of files in the newer form that do not mention the service */
};

static const struct service_rows services[GW_SERVICE_COUNT] = {
	[GW_SERVICE_POP3] = { "pop3", "pop3_enable", "pop3_port", "pop3_listen", "*%lo:110" },
	[GW_SERVICE_POP3S] = { "pop3s", "pop3s_enable", "pop3s_port", "pop3s_listen", "" },
	[GW_SERVICE_IMAP] = { "imap", "imap_enable", "imap_port", "imap_listen", "*%lo:143" },
	[GW_SERVICE_IMAPS] = { "imaps", "imaps_enable", "imaps_port", "imaps_listen", "" },
};

const char *gw_service_name(enum gw_service s)
{
	return s == GW_SERVICE_METRICS ? "metrics" : services[s].name;
}

/* ---- one listener ---- */

static bool refuse(struct config_problem *p, const char *text, const char *suggestion)
{
	p->code = CONFIG_E_LISTENER;
	snprintf(p->text, sizeof p->text, "%s", text);
	snprintf(p->suggestion, sizeof p->suggestion, "%s", suggestion);
	return false;
}

static bool parse_unix(struct gw_slice path, struct gw_arena *arena, struct gw_listen *ret, struct config_problem *p)
{
	if (path.n == 0 || path.p[0] != '/')
		return refuse(p, "needs an absolute path behind unix:", "");
	if (path.n > SUN_PATH_MAX)
		return refuse(p, "the path of the socket is longer than 107 bytes", "");
	ret->kind = GW_LISTEN_UNIX;
	ret->path = gw_arena_str(arena, path);
	ret->text = gw_arena_printf(arena, "unix:%s", ret->path);
	return true;
}

/* Interface names are 1 to 15 bytes without blanks, slashes and colons. */
static bool parse_interface(struct gw_slice s, struct gw_arena *arena, struct gw_listen *ret)
{
	if (s.n == 0 || s.n > 15 || memchr(s.p, '/', s.n) || memchr(s.p, ':', s.n) || memchr(s.p, ']', s.n))
		return false;
	ret->interface = gw_arena_str(arena, s);
	return true;
}

/* Cut "address%interface" into its parts. The interface may stand inside or behind the brackets of IPv6. */
static bool parse_host(struct gw_slice s, struct gw_arena *arena, struct gw_listen *ret, struct config_problem *p)
{
	struct gw_slice host = s, interface = { NULL, 0 };
	size_t percent = gw_slice_find(s, '%');
	bool bracket = s.n && s.p[0] == '[';

	if (percent < s.n) {
		interface = gw_slice(s.p + percent + 1, s.n - percent - 1);
		host.n = percent;
		if (bracket && interface.n && interface.p[interface.n - 1] == ']') {
			interface.n--;
			host = gw_slice(s.p + 1, percent - 1);
			bracket = false;
		}
		if (!parse_interface(interface, arena, ret))
			return refuse(p, "the name of the interface behind % is not valid", "");
	}
	if (bracket) {
		if (host.n < 2 || host.p[host.n - 1] != ']')
			return refuse(p, "the bracket of the address is not closed", "");
		host = gw_slice(host.p + 1, host.n - 2);
	}
	if (gw_slice_eq(host, GW_S("*")) && s.p[0] != '[') {
		ret->kind = GW_LISTEN_ANY;
		return true;
	}
	if (!config_parse_ip(host, &ret->kind, ret->bytes))
		return refuse(p, "is not a numeric address", "host names are not looked up; write the number, or * for every address");
	if ((ret->kind == GW_LISTEN_IPV6) != (s.p[0] == '['))
		return refuse(p, "IPv6 addresses stand in brackets, others do not", "write [address]:port");
	return true;
}

static void name_inet(struct gw_arena *arena, struct gw_listen *l)
{
	char ip[48] = "";
	const char *open = l->kind == GW_LISTEN_IPV6 ? "[" : "", *close = l->kind == GW_LISTEN_IPV6 ? "]" : "";

	if (l->kind != GW_LISTEN_ANY)
		config_put_ip(l->kind, l->bytes, ip);
	l->address = gw_arena_str(arena, gw_slice_str(ip));
	l->text = gw_arena_printf(arena, "%s%s%s%s%s:%u", open, l->kind == GW_LISTEN_ANY ? "*" : ip, close,
		*l->interface ? "%" : "", l->interface, l->port);
}

bool config_parse_listener(struct gw_slice item, struct gw_arena *arena, struct gw_listen *ret, struct config_problem *p)
{
	const char *colon = memrchr(item.p, ':', item.n);
	uint64_t port;

	*ret = (struct gw_listen){ .address = "", .interface = "", .path = "" };
	if (gw_slice_startsi(item, GW_S("unix:")))
		return parse_unix(gw_slice(item.p + 5, item.n - 5), arena, ret, p);
	if (gw_slice_startsi(item, GW_S("sctp:")))
		return refuse(p, "SCTP is not supported", "mail clients speak TCP");
	if (!colon || memchr(colon, ']', item.n - (size_t)(colon - item.p)))
		return refuse(p, "has no port", "write address:port");
	if (!gw_parse_u64_range(gw_slice(colon + 1, item.n - (size_t)(colon + 1 - item.p)), 1, 65535, &port))
		return refuse(p, "the port behind the last colon is not a number from 1 to 65535", "");
	ret->port = (uint16_t)port;
	if (!parse_host(gw_slice(item.p, (size_t)(colon - item.p)), arena, ret, p))
		return false;
	name_inet(arena, ret);
	return true;
}

bool config_check_listeners(struct gw_slice s, struct gw_arena *arena, struct config_problem *p)
{
	struct gw_slice rest = s, item;
	struct gw_listen l;
	size_t n = 0;

	while (config_next_word(&rest, &item)) {
		char why[sizeof p->text];

		if (n++ == LISTENERS_MAX)
			refuse(p, "more listeners than a service may have", "");
		else if (config_parse_listener(item, arena, &l, p))
			continue;
		snprintf(why, sizeof why, "\"%.*s\": %.120s", (int)(item.n < 60 ? item.n : 60), item.p, p->text);
		memcpy(p->text, why, sizeof why);
		p->skip = (unsigned)(item.p - s.p);
		p->width = (unsigned)item.n;
		return false;
	}
	return true;
}

/* ---- all of a service ---- */

static const struct gw_option *row(const char *name)
{
	return gw_option_find(gw_slice_str(name));
}

static bool is_set(const struct gw_config *cfg, const char *name)
{
	return gw_config_is_set(cfg, row(name), NULL);
}

unsigned config_services_of(const struct gw_option *opt)
{
	unsigned ret = 0;

	for (size_t i = 0; i < GW_SERVICE_COUNT; i++) {
		const char *names[] = { "server_bind", services[i].enable, services[i].port, services[i].listen };

		for (size_t k = 0; k < sizeof names / sizeof *names; k++)
			ret |= (unsigned)(opt == row(names[k])) << i;
	}
	return ret;
}

static struct gw_listens parse_all(struct gw_config *cfg, const struct gw_words *words)
{
	struct gw_arena *arena = &cfg->state->arena;
	struct gw_listen *v = gw_arena_calloc(arena, words->n ? words->n : 1, sizeof *v);
	struct config_problem unused;
	size_t n = 0;

	/* every item was checked when the option was set */
	for (size_t i = 0; i < words->n; i++)
		n += config_parse_listener(gw_slice_str(words->v[i]), arena, &v[n], &unused);
	return (struct gw_listens){ v, n };
}

static struct gw_listens one_text(struct gw_config *cfg, const char *text)
{
	const char *item = text;
	struct gw_words words = { &item, *text ? 1 : 0 };

	return parse_all(cfg, &words);
}

static struct gw_listens older_form(struct gw_config *cfg, const struct service_rows *s)
{
	struct gw_arena *arena = &cfg->state->arena;
	const bool *enable = (const bool *)((const char *)cfg + row(s->enable)->off);
	const unsigned *port = (const unsigned *)((const char *)cfg + row(s->port)->off);
	bool six = strchr(cfg->server_bind, ':') != NULL;

	if (!*enable)
		return one_text(cfg, "");
	return one_text(cfg, gw_arena_printf(arena, "%s%s%s:%u", six ? "[" : "",
		*cfg->server_bind ? cfg->server_bind : "*", six ? "]" : "", *port));
}

struct dialects {
	bool newer; /* some NAME_listen is set */
	bool older; /* some NAME_enable, NAME_port or server_bind is set */
};

static struct dialects used_dialects(const struct gw_config *cfg)
{
	struct dialects d = { false, is_set(cfg, "server_bind") };

	for (size_t i = 0; i < GW_SERVICE_COUNT; i++) {
		d.newer |= is_set(cfg, services[i].listen);
		d.older |= is_set(cfg, services[i].enable) || is_set(cfg, services[i].port);
	}
	return d;
}

/* Both forms for one service: say which one counts. */
static void report_both(struct config_load *l, const struct service_rows *s)
{
	const char *names[] = { s->enable, s->port };

	for (size_t i = 0; i < 2; i++) {
		const struct gw_option *opt = row(names[i]);
		const struct config_origin *o = config_value(l->cfg, opt)->origin;

		if (o)
			config_find(l, o, &(struct config_finding){ .code = CONFIG_W_DIALECTS, .option = opt, .at_name = true,
				.suggestion = "take out one of the two" },
				"does not count, since %s is set too", s->listen);
	}
}

static void report_loopback(struct config_load *l, const struct service_rows *s)
{
	if (*s->newer_default)
		config_find(l, NULL, &(struct config_finding){ .code = CONFIG_N_LOOPBACK, .option = row(s->listen) },
			"is not set, while the file uses the newer form: the default is then \"%s\"", s->newer_default);
}

static const char *texts_of(struct gw_arena *arena, const struct gw_listens *all)
{
	const char *text = "";

	for (size_t i = 0; i < all->n; i++)
		text = gw_arena_printf(arena, "%s%s%s", text, i ? " " : "", all->v[i].text);
	return text;
}

bool config_listeners_differ(const struct gw_config *was, const struct gw_config *now, const struct gw_option *opt,
	const char **a, const char **b)
{
	for (size_t i = 0; opt->type == GW_OPT_LISTEN && i < GW_SERVICE_COUNT; i++) {
		const char *names[] = { "server_bind", services[i].enable, services[i].port };

		if (opt != row(services[i].listen))
			continue;
		for (size_t k = 0; k < 3; k++)
			if (strcmp(gw_config_get(was, names[k]), gw_config_get(now, names[k])) != 0)
				return false;
		*a = was->state->listeners[i];
		*b = now->state->listeners[i];
		return strcmp(*a, *b) != 0;
	}
	return false;
}

void config_derive_listeners(struct gw_config *cfg, struct config_load *l)
{
	struct dialects d = used_dialects(cfg);

	for (size_t i = 0; i < GW_SERVICE_COUNT; i++) {
		const struct service_rows *s = &services[i];

		if (is_set(cfg, s->listen)) {
			cfg->listen[i] = parse_all(cfg, (const void *)((const char *)cfg + row(s->listen)->off));
			if (l)
				report_both(l, s);
		} else if (d.newer && !d.older) {
			cfg->listen[i] = one_text(cfg, s->newer_default);
			if (l)
				report_loopback(l, s);
		} else {
			cfg->listen[i] = older_form(cfg, s);
		}
	}
	cfg->listen[GW_SERVICE_METRICS] = parse_all(cfg, &cfg->metrics_listen);
	for (size_t i = 0; i < GW_LISTEN_COUNT; i++)
		cfg->state->listeners[i] = texts_of(&cfg->state->arena, &cfg->listen[i]);
}

/* emit.c - the options, judged by the loader of gateway.cfg and printed
 *
 * What the loader refuses is taken out again and reported, so that a text which is printed always loads. */
#include "convert/priv.h"

#include "util/num.h"

#include <stdio.h>

/* ---- listeners ---- */

static const char *listen_option(struct conv *c, enum gw_service s)
{
	return gw_arena_printf(&c->arena, "%s_listen", gw_service_name(s));
}

/* A port, also by its name in services(5). */
static struct gw_slice port_of(struct gw_slice port)
{
	static const char *const names[][2] = { { "imap", "143" }, { "imap2", "143" }, { "imaps", "993" }, { "pop3",
		"110" },
		{ "pop-3", "110" }, { "pop3s", "995" } };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (gw_slice_eqi(port, gw_slice_str(names[i][0])))
			return gw_slice_str(names[i][1]);
	return port;
}

/* The address as a listener has it, NULL for a name. "*" and "::" together are one socket here. */
static const char *address_of(struct conv *c, struct gw_slice a)
{
	if (a.n >= 2 && a.p[0] == '[' && a.p[a.n - 1] == ']')
		a = gw_slice(a.p + 1, a.n - 2);
	if (a.n == 0 || gw_slice_eq(a, GW_S("*")) || gw_slice_eq(a, GW_S("::")) || gw_slice_eq(a, GW_S("0")))
		return "*";
	if (memchr(a.p, ':', a.n))
		return gw_arena_printf(&c->arena, "[%.*s]", GW_FMT(a));
	for (size_t i = 0; i < a.n; i++)
		if ((a.p[i] < '0' || a.p[i] > '9') && a.p[i] != '.')
			return NULL;
	return gw_arena_printf(&c->arena, "%.*s", GW_FMT(a));
}

static bool has_item(const char *list, const char *item)
{
	size_t n = strlen(item);

	for (const char *p = list; (p = strstr(p, item)); p += n)
		if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

static void add_item(struct conv *c, enum gw_service service, const char *item, const struct conv_at *at)
{
	const char *option = listen_option(c, service), *have = conv_get(c, option);

	if (have && strlen(have) > 4096)
		return; /* the loader refuses as many */
	if (have && *have && has_item(have, item))
		return;
	conv_set(c, option, have && *have ? gw_arena_printf(&c->arena, "%s %s", have, item) : item, at);
}

void conv_add_listener(struct conv *c, enum gw_service service, struct gw_slice address, struct gw_slice port,
	const struct conv_at *at)
{
	const char *a = address_of(c, address);
	struct gw_slice p = port_of(port);
	uint64_t number;

	if (address.n && *address.p == '/') {
		add_item(c, service, gw_arena_printf(&c->arena, "unix:%.*s", GW_FMT(address)), at);
		return;
	}
	if (!gw_parse_u64_range(p, 1, 65535, &number)) {
		conv_find(c, CONFIG_W_NOT_CARRIED, at, listen_option(c, service), NULL, "write the number of the port",
			"\"%.*s\" is not the number of a port", (int)(port.n < 60 ? port.n : 60), port.p);
		return;
	}
	if (!a && gw_slice_eqi(address, GW_S("localhost"))) {
		add_item(c, service, gw_arena_printf(&c->arena, "127.0.0.1:%u", (unsigned)number), at);
		add_item(c, service, gw_arena_printf(&c->arena, "[::1]:%u", (unsigned)number), at);
		return;
	}
	if (!a) {
		conv_find(c, CONFIG_W_NEARLY, at, listen_option(c, service), NULL, "write the number of the address",
			"\"%.*s\" is a name, and names are not looked up; until you write its address the service is "
				"for this machine only",
			(int)(address.n < 100 ? address.n : 100), address.p);
		a = "*%lo";
	}
	add_item(c, service, gw_arena_printf(&c->arena, "%s:%u", a, (unsigned)number), at);
}

/* ---- what the source did not say ---- */

/* Authorities are for certificates that somebody asks for. */
static void drop_idle_authorities(struct conv *c)
{
	static const char *const names[] = { "ssl_verify_file", "ssl_verify_path" };
	const char *verify = conv_get(c, "ssl_verify_client");

	for (size_t i = 0; i < 2 && !(verify && strcmp(verify, "yes") == 0); i++) {
		struct conv_result *r = conv_result(c, names[i]);

		if (r->text && *r->text)
			conv_find(c, CONFIG_N_NEEDLESS, &r->at, names[i], r->text, NULL,
				"is left out: no client is asked for a certificate");
		r->text = NULL;
	}
}

void conv_complete(struct conv *c)
{
	bool syslog;

	drop_idle_authorities(c);

	for (unsigned s = 0; s < GW_SERVICE_COUNT; s++)
		if (!conv_get(c, listen_option(c, (enum gw_service)s)))
			conv_set(c, listen_option(c, (enum gw_service)s), "", NULL);
	syslog = conv_get(c, "log_method") && strcmp(conv_get(c, "log_method"), "syslog") == 0;
	for (size_t i = 0; i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);

		if (opt->ship && !c->results[i].text && !(syslog && strcmp(opt->name, "log_file") == 0))
			conv_set(c, opt->name, opt->ship, NULL);
	}
	conv_find(c, CONFIG_W_NOT_CARRIED, NULL, "server_socket", NULL,
		"make accounts with `gwctl user add', then bring the mail over IMAP, for example with mbsync(1)",
		"is %s: mail, users and passwords of %s are not converted", conv_get(c, "server_socket"),
		gw_dialect_title(c->src->dialect));
}

/* ---- judging ---- */

static void put_options(const struct conv *c, struct gw_buf *b)
{
	for (size_t i = 0; i < gw_option_count(); i++)
		if (c->results[i].text)
			gw_buf_printf(b, "%s = %s\n", gw_option_at(i)->name, c->results[i].text);
}

static struct gw_config *load(const struct conv *c, struct gw_diags *d)
{
	struct gw_config *cfg = NULL;
	struct gw_slice text;
	struct gw_buf b;

	gw_buf_init(&b, 0);
	put_options(c, &b);
	text = gw_buf_slice(&b);
	gw_config_load(&(struct gw_config_source){ .path = "gateway.cfg", .text = &text, .stores = c->src->stores },
		&cfg, d);
	gw_buf_done(&b);
	return cfg;
}

/* Take out what an error is about; false when it is about nothing that could be taken out. */
static bool take_out(struct conv *c, const struct gw_diag *d)
{
	struct conv_result *r = d->option ? conv_result(c, d->option->name) : NULL;
	bool listens = d->option && d->option->type == GW_OPT_LISTEN;

	if (!r || !r->text || (listens && !*r->text))
		return false;
	conv_find(c, CONFIG_W_NOT_CARRIED, &r->at, d->option->name, r->text,
		d->suggestion ? d->suggestion : d->expected,
		"its value is not carried%s: %s", listens ? ", so the service is off" : "", d->text);
	r->text = listens ? "" : NULL;
	return true;
}

/* A finding of the new file, shown at the line of the old one that led to it. */
static void pass_on(struct conv *c, const struct gw_diag *d)
{
	struct conv_result *r = d->option ? conv_result(c, d->option->name) : NULL;

	if (d->severity == GW_NOTE || (d->severity == GW_WARNING && c->src->dialect == GW_DIALECT_KOPANO))
		return; /* of a gateway.cfg they were found in the file itself */
	conv_find(c, d->code, r && r->text ? &r->at : NULL, d->option ? d->option->name : NULL, d->found, d->suggestion,
		"%s",
		d->text);
}

/* Load until nothing is refused. */
static struct gw_config *judge(struct conv *c)
{
	for (;;) {
		struct gw_diags d;
		struct gw_config *cfg;
		bool again = false;

		gw_diags_init(&d);
		cfg = load(c, &d);
		for (size_t i = 0; i < d.n && !cfg; i++)
			if (d.v[i].severity == GW_ERROR)
				again |= take_out(c, &d.v[i]);
		for (size_t i = 0; i < d.n && !again; i++)
			if (cfg || d.v[i].severity == GW_ERROR)
				pass_on(c, &d.v[i]);
		gw_diags_done(&d);
		if (cfg || !again)
			return cfg;
	}
}

/* ---- today's form ---- */

static bool any_set(const struct conv *c, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (conv_get(c, names[i]))
			return true;
	return false;
}

/* Listeners of the older form become those of the newer, for all services. */
static void renew_listeners(struct conv *c, const struct gw_config *cfg)
{
	static const char *const old[] = { "server_bind", "pop3_enable", "pop3_port", "pop3s_enable", "pop3s_port",
		"imap_enable",
		"imap_port", "imaps_enable", "imaps_port" };
	static const char *const new[] = { "pop3_listen", "pop3s_listen", "imap_listen", "imaps_listen" };
	size_t n = sizeof old / sizeof *old;

	if (!any_set(c, old, n) && !any_set(c, new, 4))
		return;
	for (unsigned s = 0; s < GW_SERVICE_COUNT; s++) {
		struct conv_result *r = conv_result(c, listen_option(c, (enum gw_service)s));
		const char *text = "";

		for (size_t i = 0; i < cfg->listen[s].n; i++)
			text = gw_arena_printf(&c->arena, "%s%s%s", text, i ? " " : "", cfg->listen[s].v[i].text);
		r->text = text;
	}
	for (size_t i = 0; i < n; i++)
		conv_result(c, old[i])->text = NULL;
}

/* A set of versions without an upper end is what tls_min_proto says. */
static void renew_tls(struct conv *c, const struct gw_config *cfg)
{
	struct conv_result *old = conv_result(c, "ssl_protocols"), *new = conv_result(c, "tls_min_proto");

	if (!old->text || cfg->ssl_protocols.n == 0 || (!new->text && cfg->tls_max != GW_TLS_ANY))
		return;
	for (const struct gw_option_word *w = gw_option_find(GW_S("tls_min_proto"))->words; w->word && !new->text; w++)
		if (w->value == cfg->tls_min)
			*new = (struct conv_result){ w->word, old->at };
	old->text = NULL;
}

/* ---- printing ---- */

static void put_origin(const struct conv_result *r, struct gw_buf *out)
{
	if (!r->at.file || !r->at.line)
		return;
	gw_buf_printf(out, "# ");
	gw_diag_put_safe(out, gw_slice_str(r->at.file->name));
	gw_buf_printf(out, ":%u\n", r->at.line);
}

static void put_group(const struct conv *c, const struct gw_config *cfg, unsigned group, struct gw_buf *out)
{
	bool any = false;

	for (size_t i = 0; i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);
		const char *text = gw_config_text(cfg, opt);

		if (opt->group != group || !gw_config_is_set(cfg, opt, NULL) || !gw_config_is_changed(cfg, opt))
			continue;
		if (!any)
			gw_buf_printf(out, "\n# ---- %s ----\n", gw_option_group_title(group));
		any = true;
		put_origin(&c->results[i], out);
		gw_buf_printf(out, "%s =%s%s\n", opt->name, *text ? " " : "", text);
	}
}

static void print(const struct conv *c, const struct gw_config *cfg, struct gw_buf *out)
{
	gw_buf_printf(out, "# gateway.cfg - configuration of gatewayd(8), made by `gwcfg convert'\n"
			   "# Options that are not here have their defaults, see gateway.cfg(5).\n");
	for (unsigned g = 0; g < GW_GROUP_COUNT; g++)
		put_group(c, cfg, g, out);
}

int conv_emit(struct conv *c, struct gw_buf *out)
{
	struct gw_config *cfg = judge(c);
	struct gw_diags d;

	if (!cfg)
		return GW_EINVAL;
	renew_listeners(c, cfg);
	renew_tls(c, cfg);
	gw_config_unref(cfg);
	gw_diags_init(&d);
	cfg = load(c, &d);
	gw_diags_done(&d);
	if (!cfg)
		gw_bug("the newer form of a configuration is refused");
	print(c, cfg, out);
	gw_config_unref(cfg);
	return 0;
}

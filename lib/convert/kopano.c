/* kopano.c - gateway.cfg of any kopano-gateway in today's form
 *
 * The loader does the reading; names that it does not know and options that no longer do anything are reported as
 * findings of the conversion, values that it refuses are errors of the source. */
#include "convert/priv.h"

#include <stdio.h>

/* An error that --ignore-unknown would forgive is one of names only. */
static void pass_on(struct conv *c, const struct gw_diag *from)
{
	struct gw_diag d = *from;

	if (d.code == CONFIG_E_UNKNOWN) {
		d.code = CONFIG_W_UNKNOWN_SETTING;
		d.severity = gw_diag_severity(d.code);
	} else if (d.code == CONFIG_W_RETIRED) {
		d.code = CONFIG_N_NEEDLESS;
		d.severity = gw_diag_severity(d.code);
		d.suggestion = NULL;
	} else if (d.code < 2000) {
		d.severity = GW_ERROR;
	}
	gw_diag_add(c->report, &d);
}

static void keep_changed(struct conv *c, const struct gw_config *cfg)
{
	for (size_t i = 0; i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);

		if (gw_config_is_set(cfg, opt, NULL) && gw_config_is_changed(cfg, opt))
			conv_set(c, opt->name, gw_config_text(cfg, opt), NULL);
	}
}

static bool opens(const struct conv *c, const char *url)
{
	struct gw_slice scheme = gw_slice(url, strcspn(url, ":"));

	for (const char *const *s = c->src->stores; s && *s; s++)
		if (gw_slice_eqi(scheme, gw_slice_str(*s)))
			return true;
	return !c->src->stores;
}

/* A place of the original as one of ours. The file is named, its lines are not at hand. */
static struct conv_at at_of(struct conv *c, const struct gw_config *cfg, const char *option)
{
	struct conv_file *f = gw_arena_alloc(&c->arena, sizeof *f);
	struct gw_place at;

	if (!gw_config_is_set(cfg, gw_option_find(gw_slice_str(option)), &at))
		return (struct conv_at){ 0 };
	f->name = gw_arena_str(&c->arena, gw_slice_str(at.file));
	return (struct conv_at){ .file = f, .line = at.line, .column = at.column };
}

/* This version has no driver for storage servers: the local store takes their place. */
static void replace_store(struct conv *c, const struct gw_config *cfg)
{
	const struct gw_option *opt = gw_option_find(GW_S("server_socket"));
	struct conv_at at = at_of(c, cfg, "server_socket");

	if (opens(c, cfg->server_socket))
		return;
	conv_find(c, CONFIG_W_NOT_CARRIED, at.file ? &at : NULL, opt->name, cfg->server_socket,
		"make accounts with `gwctl user add', then bring the mail over IMAP, for example with mbsync(1)",
		"\"%.200s\" is not carried: this version does not open storage servers, so %s takes its place",
			cfg->server_socket,
		opt->ship);
	conv_set(c, opt->name, opt->ship, NULL);
	if (!cfg->bypass_auth)
		return;
	at = at_of(c, cfg, "bypass_auth");
	conv_find(c, CONFIG_W_NOT_CARRIED, &at, "bypass_auth", "yes", NULL,
		"is not carried: it counts only for a storage server");
	conv_result(c, "bypass_auth")->text = NULL;
}

void conv_kopano(struct conv *c)
{
	struct gw_config_source src = { .path = c->src->path, .env = c->src->env, .env_ctx = c->src->env_ctx,
		.ignore_unknown = true, .files = c->src->files };
	struct gw_config *cfg = NULL;
	struct gw_diags d;
	size_t errors = c->report->errors;

	gw_diags_init(&d);
	c->rc = gw_config_load(&src, &cfg, &d);
	for (size_t i = 0; i < d.n; i++)
		pass_on(c, &d.v[i]);
	gw_diags_done(&d);
	if (c->rc == 0 && c->report->errors > errors)
		c->rc = GW_EINVAL;
	if (c->rc == 0) {
		keep_changed(c, cfg);
		replace_store(c, cfg);
	}
	gw_config_unref(cfg);
}

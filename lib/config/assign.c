/* assign.c - one "name = value" on its way into the snapshot
 *
 * The value may come from the environment; it is parsed and kept with its place until all is read, then the last of
 * each option goes into the snapshot. A value that is refused leaves the option as it was, so that the rest can still be
 * judged. */
#include "config/priv.h"

#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>

/* Names that belong to other daemons of the same suite, or that people mix up. */
static const struct {
	const char *prefix;
	const char *hint;
} strangers[] = {
	{ "server_ssl_protocols", "here the option is called ssl_protocols" },
	{ "server_ssl_ciphers", "here the option is called ssl_ciphers" },
	{ "server_ssl_key_file", "here the option is called ssl_private_key_file" },
	{ "server_ssl_", "this option belongs to kopano-server" },
	{ "sslkey_", "this option belongs to kopano-dagent and kopano-spooler" },
	{ "sslcert_", "this option belongs to kopano-dagent and kopano-spooler" },
	{ "client_update_", "this option belongs to kopano-server" },
	{ "plugin_path", "this option belongs to kopano-dagent and kopano-spooler" },
	{ "lmtp_", "this option belongs to kopano-dagent" },
	{ "statsclient_", "this option belongs to kopano-server" },
	{ "surveyclient_", "this option belongs to kopano-server" },
};

static const char *stranger(struct gw_slice name)
{
	for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
		struct gw_slice p = gw_slice_str(strangers[i].prefix);

		if (name.n >= p.n && memcmp(name.p, p.p, p.n) == 0)
			return strangers[i].hint;
	}
	return NULL;
}

static void report_unknown(struct config_load *l, struct gw_slice name, const struct config_origin *o)
{
	const struct gw_option *near = config_keeps(l, CONFIG_E_UNKNOWN) ? gw_option_nearest(name) : NULL;
	const char *hint = stranger(name);
	char text[128];
	size_t n = name.n < 80 ? name.n : 80;

	if (!hint)
		hint = config_guess_name(name);
	if (!hint && near) {
		snprintf(text, sizeof text, "did you mean %s?", near->name);
		hint = text;
	}
	config_find(l, o, &(struct config_finding){ .code = CONFIG_E_UNKNOWN, .at_name = true, .suggestion = hint },
		"unknown option \"%.*s\"", (int)n, name.p);
}

static const struct gw_option *find_option(struct config_load *l, struct gw_slice name, const struct config_origin *o)
{
	const struct gw_option *opt = gw_option_find(name);

	if (!opt)
		report_unknown(l, name, o);
	return opt;
}

/* A value that begins with $ is the name of an environment variable. */
static struct gw_slice expand(struct config_load *l, const struct gw_option *opt, struct gw_slice value,
	struct config_origin *o)
{
	const char *name, *found;
	char hint[128] = "";

	if (value.n == 0 || value.p[0] != '$')
		return value;
	name = gw_arena_str(&l->scratch, gw_slice(value.p + 1, value.n - 1));
	found = l->src->env && *name ? l->src->env(l->src->env_ctx, name) : NULL;
	if (found) {
		o->env = name;
		return gw_slice_trim(gw_slice_str(gw_arena_str(&l->scratch, gw_slice_str(found))));
	}
	if (value.n > 3 && value.p[1] == '{' && value.p[value.n - 1] == '}')
		snprintf(hint, sizeof hint, "write $%.*s, without braces", (int)(value.n - 3), value.p + 2);
	config_find(l, o, &(struct config_finding){ .code = CONFIG_W_ENVIRONMENT, .option = opt,
		.suggestion = hint[0] ? hint : NULL },
		"the environment variable \"%.100s\" is not set; the text is taken as it stands", name);
	return value;
}

static void report_problem(struct config_load *l, const struct gw_option *opt, const struct config_problem *p,
	struct gw_slice value, const struct config_origin *o)
{
	const char *found = config_mask(&l->scratch, value);
	bool sentence = p->text[0] == '"' || strncmp(p->text, "the ", 4) == 0;
	struct config_finding f = { .code = p->code, .option = opt, .found = found, .skip = p->skip, .width = p->width,
		.expected = p->expected[0] ? p->expected : NULL, .suggestion = p->suggestion[0] ? p->suggestion : NULL };

	if (sentence)
		config_find(l, o, &f, "%s", p->text);
	else
		config_find(l, o, &f, "\"%.100s\" %s", found, p->text);
}

/* The same option twice in one file is legal, but seldom meant. */
static void report_again(struct config_load *l, const struct gw_option *opt, const struct config_origin *o)
{
	const struct config_pending *p = &l->pending[config_row(opt)];

	if (p->text && p->origin.from == o->from && strcmp(p->origin.at.file, o->at.file) == 0)
		config_find(l, o, &(struct config_finding){ .code = CONFIG_N_AGAIN, .option = opt, .at_name = true },
			"is set again; line %u no longer counts", p->origin.at.line);
}

static void report_long(struct config_load *l, const struct gw_option *opt, struct gw_slice value,
	const struct config_origin *o)
{
	if (value.n > CONFIG_OLD_VALUE)
		config_find(l, o, &(struct config_finding){ .code = CONFIG_W_LONG, .option = opt },
			"the value has %zu bytes; kopano-gateway cut it at %d", value.n, CONFIG_OLD_VALUE);
}

/* The old daemon kept the text of a variable unmultiplied: 16M became 16. */
static void report_variable(struct config_load *l, const struct gw_option *opt, struct gw_slice value,
	const struct config_origin *o)
{
	char last = value.n ? value.p[value.n - 1] : '0';

	if (o->env && opt->flags & GW_OPT_OLD_SIZE && (last < '0' || last > '9'))
		config_find(l, o, &(struct config_finding){ .code = CONFIG_W_DIFFERENT, .option = opt, .found = o->env,
			.suggestion = "give the variable a number of bytes" },
			"the unit in the variable \"%.100s\" counts; kopano-gateway left it out", o->env);
}

static char *copy(const char *s)
{
	return s ? gw_xstrdup(s) : NULL;
}

static void forget(struct gw_config_was *w)
{
	free((char *)w->text);
	free((char *)w->env);
}

/* What was assigned before is remembered for a while. */
static void remember(struct config_pending *p)
{
	if (!p->text)
		return;
	p->overrode++;
	if (p->n_was == CONFIG_WAS_MAX)
		forget(&p->was[--p->n_was]);
	memmove(&p->was[1], &p->was[0], p->n_was * sizeof p->was[0]);
	p->was[0] = (struct gw_config_was){ p->origin.at, p->text, p->origin.env };
	p->n_was++;
	free((char *)p->origin.source);
}

static void keep(struct config_load *l, const struct gw_option *opt, struct gw_slice value, const struct config_origin *o)
{
	struct config_pending *p = &l->pending[config_row(opt)];

	remember(p);
	p->text = gw_xslicedup(value);
	p->origin = *o;
	p->origin.source = copy(o->source);
	p->origin.env = copy(o->env);
}

static void assign_value(struct config_load *l, const struct gw_option *opt, struct gw_slice value,
	const struct config_origin *o)
{
	struct config_problem p;
	union config_parsed v;
	bool ok;

	if (value.n == 0 && opt->flags & GW_OPT_NOT_EMPTY) {
		char expected[256];

		gw_option_takes(opt, expected, sizeof expected);
		config_find(l, o, &(struct config_finding){ .code = CONFIG_E_EMPTY, .option = opt, .expected = expected },
			"needs a value");
		return;
	}
	ok = config_parse(opt, value, &l->scratch, &v, &p);
	if (p.code)
		report_problem(l, opt, &p, value, o);
	if (!ok)
		return;
	report_variable(l, opt, value, o);
	report_again(l, opt, o);
	keep(l, opt, value, o);
}

void config_assign(struct config_load *l, struct gw_slice name, struct gw_slice value, struct config_origin *o)
{
	const struct gw_option *opt = find_option(l, name, o);

	if (!opt)
		return;
	if (opt->type == GW_OPT_RETIRED) {
		config_find(l, o, &(struct config_finding){ .code = CONFIG_W_RETIRED, .option = opt, .at_name = true,
			.suggestion = "take the line out" },
			"no longer does anything");
		return;
	}
	report_long(l, opt, value, o);
	assign_value(l, opt, expand(l, opt, value, o), o);
}

/* ---- into the snapshot ---- */

static const char *own(struct gw_arena *arena, const char *s)
{
	return s ? gw_arena_str(arena, gw_slice_str(s)) : NULL;
}

static void commit(struct config_load *l, const struct gw_option *opt, const struct config_pending *p)
{
	struct config_origin *o = gw_arena_alloc(l->arena, sizeof *o);
	struct gw_config_was *was = gw_arena_calloc(l->arena, p->n_was ? p->n_was : 1, sizeof *was);

	config_set_text(l->cfg, opt, p->text);
	*o = p->origin;
	o->source = own(l->arena, p->origin.source);
	o->env = own(l->arena, p->origin.env);
	for (size_t i = 0; i < p->n_was; i++)
		was[i] = (struct gw_config_was){ p->was[i].at, own(l->arena, p->was[i].text), own(l->arena, p->was[i].env) };
	*config_value(l->cfg, opt) = (struct config_value){ config_value(l->cfg, opt)->text, o, was, p->n_was, p->overrode };
}

void config_commit(struct config_load *l)
{
	for (size_t i = 0; i < gw_option_count(); i++) {
		struct config_pending *p = &l->pending[i];

		if (p->text)
			commit(l, gw_option_at(i), p);
		for (size_t j = 0; j < p->n_was; j++)
			forget(&p->was[j]);
		free(p->text);
		free((char *)p->origin.source);
		free((char *)p->origin.env);
		*p = (struct config_pending){ 0 };
	}
}

void config_set_text(struct gw_config *cfg, const struct gw_option *opt, const char *text)
{
	struct gw_arena *arena = &cfg->state->arena;
	struct config_problem p;
	union config_parsed v;

	if (!config_parse(opt, gw_slice_str(text), arena, &v, &p))
		gw_bug(opt->name); /* a default, or text that was canonical before */
	config_store(cfg, opt, &v);
	config_value(cfg, opt)->text = config_canonical(cfg, opt, arena);
}

void config_set_defaults(struct gw_config *cfg)
{
	for (size_t i = 0; i < gw_option_count(); i++)
		config_set_text(cfg, gw_option_at(i), gw_option_at(i)->def);
}

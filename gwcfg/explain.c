/* explain.c - gwcfg explain: what an option or a finding is */
#include "gwcfg/gwcfg.h"

#include "config/history.h"
#include "config/plan.h"
#include "config/seen.h"
#include "util/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What one run knows. */
struct explainer {
	const struct gw_config *cfg; /* NULL: no file */
	struct gw_event *events;
	size_t n_events;
	bool json;
	struct gw_json j;
	struct gw_buf out;
};

/* ---- relations ---- */

/* Is `name`, or `name = value`, in backticks in doc? */
static bool mentions(const char *doc, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = doc; (p = strchr(p, '`')); p++)
		if (strncmp(p + 1, name, n) == 0 && (p[n + 1] == '`' || p[n + 1] == ' '))
			return true;
	return false;
}

static bool related(const struct gw_option *a, const struct gw_option *b)
{
	return a != b && (mentions(a->doc, b->name) || mentions(b->doc, a->name));
}

/* ---- text ---- */

static void put_related(const struct gw_option *opt, struct gw_buf *out)
{
	struct gw_buf b;
	size_t n = 0;

	gw_buf_init(&b, 0);
	for (size_t i = 0; i < gw_option_count(); i++)
		if (related(opt, gw_option_at(i)))
			gw_buf_printf(&b, "%s%s", n++ ? ", " : "See also: ", gw_option_at(i)->name);
	if (n) {
		gw_buf_add_char(out, '\n');
		gw_cli_put_wrapped(out, gw_buf_str(&b), 0);
	}
	gw_buf_done(&b);
}

static void put_history(const struct explainer *e, const struct gw_option *opt, struct gw_buf *out)
{
	bool first = true;

	for (size_t i = 0; i < e->n_events; i++) {
		const struct gw_event *v = &e->events[i];

		if (v->option != opt || v->kind == GW_EVENT_ADDED)
			continue;
		gw_buf_printf(out, first ? "\nHistory:\n  " : "  ");
		put_version(v->version, out);
		gw_buf_printf(out, ": %s%s\n", v->kind == GW_EVENT_DEFAULT ? "default: " : v->kind == GW_EVENT_UNUSED ? "unused: " :
			v->kind == GW_EVENT_REMOVED ? "removed: " : "", v->text);
		first = false;
	}
}

static void put_facts(const struct gw_option *opt, struct gw_buf *out)
{
	char takes[256], example[256];

	gw_option_takes(opt, takes, sizeof takes);
	gw_option_example(opt, example, sizeof example);
	gw_buf_printf(out, "  type     %s%s%s\n", gw_option_type_name(opt), *takes ? ": " : "", takes);
	if (opt->type != GW_OPT_RETIRED) {
		gw_buf_printf(out, "  default  %s\n", *opt->def ? opt->def : "(empty)");
		gw_buf_printf(out, "  example  %s = %s\n", opt->name, example);
		gw_buf_printf(out, "  reload   %s: a change counts %s\n", gw_option_reload_name(opt->reload),
			gw_reload_words(opt->reload));
	}
	gw_buf_printf(out, "  group    %s\n  since    ", gw_option_group_title(opt->group));
	put_version(opt->since, out);
	gw_buf_add_char(out, '\n');
}

/* Something else in the file takes its effect away. */
static void put_no_effect(const struct gw_config *cfg, const struct gw_option *opt, struct gw_buf *out)
{
	struct gw_seen s;

	gw_config_see(cfg, opt, &(struct gw_viewer){ .knows = 0 }, &s);
	if (!s.counts)
		gw_buf_printf(out, "Here it %s.\n", s.why);
}

static void put_value(const struct gw_config *cfg, const struct gw_option *opt, struct gw_buf *out)
{
	struct gw_config_origin o;
	struct gw_buf text;

	gw_buf_init(&text, 0);
	gw_config_put_masked(cfg, opt, &text);
	gw_buf_printf(out, "\nHere it is ");
	gw_diag_put_safe(out, text.n ? gw_buf_slice(&text) : GW_S("(empty)"));
	gw_buf_done(&text);
	if (gw_config_origin(cfg, opt, &o)) {
		gw_buf_printf(out, ", set in ");
		gw_diag_put_safe(out, gw_slice_str(o.at.file));
		gw_buf_printf(out, ":%u", o.at.line);
	} else {
		gw_buf_printf(out, ", the default");
	}
	if (o.env) {
		gw_buf_printf(out, " by the environment variable ");
		gw_diag_put_safe(out, gw_slice_str(o.env));
	}
	gw_buf_printf(out, ".\n");
	put_no_effect(cfg, opt, out);
}

static void text_option(struct explainer *e, const struct gw_option *opt)
{
	gw_buf_printf(&e->out, "%s - %s\n\n", opt->name, opt->brief);
	put_facts(opt, &e->out);
	gw_buf_add_char(&e->out, '\n');
	gw_cli_put_wrapped(&e->out, opt->doc, 0);
	if (e->cfg && opt->type != GW_OPT_RETIRED)
		put_value(e->cfg, opt, &e->out);
	put_history(e, opt, &e->out);
	put_related(opt, &e->out);
}

/* ---- JSON ---- */

static void json_value(struct explainer *e, const struct gw_option *opt)
{
	struct gw_config_origin o;
	struct gw_seen s;
	struct gw_buf text;

	gw_buf_init(&text, 0);
	gw_config_put_masked(e->cfg, opt, &text);
	gw_config_origin(e->cfg, opt, &o);
	gw_json_open(&e->j, "here", '{');
	gw_json_string(&e->j, "value", gw_buf_slice(&text));
	json_put_place(&o.at, &e->j);
	gw_json_str(&e->j, "variable", o.env);
	gw_config_see(e->cfg, opt, &(struct gw_viewer){ .knows = 0 }, &s);
	gw_json_bool(&e->j, "counts", s.counts);
	gw_json_str(&e->j, "reason", s.counts ? NULL : s.why);
	gw_json_close(&e->j, '}');
	gw_buf_done(&text);
}

static void json_option_full(struct explainer *e, const struct gw_option *opt)
{
	gw_json_open(&e->j, NULL, '{');
	json_option(opt, &e->j);
	gw_json_open(&e->j, "history", '[');
	for (size_t i = 0; i < e->n_events; i++)
		if (e->events[i].option == opt)
			json_event(&e->events[i], &e->j);
	gw_json_close(&e->j, ']');
	gw_json_open(&e->j, "related", '[');
	for (size_t i = 0; i < gw_option_count(); i++)
		if (related(opt, gw_option_at(i)))
			gw_json_str(&e->j, NULL, gw_option_at(i)->name);
	gw_json_close(&e->j, ']');
	if (e->cfg && opt->type != GW_OPT_RETIRED)
		json_value(e, opt);
	gw_json_close(&e->j, '}');
}

/* ---- codes and derived values ---- */

/* A few lines of a file, indented. */
static void put_lines(struct gw_buf *out, const char *title, const char *lines)
{
	if (!lines)
		return;
	gw_buf_printf(out, "\n%s\n", title);
	for (struct gw_slice rest = gw_slice_str(lines); rest.n;) {
		struct gw_slice line = gw_slice_take(&rest, gw_slice_find(rest, '\n'));

		gw_buf_printf(out, "  %.*s\n", GW_FMT(line));
		if (rest.n)
			gw_slice_take(&rest, 1);
	}
}

static void text_code(struct gw_buf *out, const char *name, unsigned code, const struct gw_diag_help *help)
{
	gw_buf_printf(out, "%s - %s: %s\n", name, gw_severity_name(gw_diag_severity(code)), gw_diag_code_meaning(code));
	if (!help)
		return;
	gw_buf_add_char(out, '\n');
	gw_cli_put_wrapped(out, help->text, 0);
	put_lines(out, "Not so:", help->wrong);
	put_lines(out, "But so:", help->right);
}

static void json_code(struct gw_json *j, const char *name, unsigned code, const struct gw_diag_help *help)
{
	gw_json_open(j, NULL, '{');
	gw_json_str(j, "code", name);
	gw_json_str(j, "severity", gw_severity_name(gw_diag_severity(code)));
	gw_json_str(j, "meaning", gw_diag_code_meaning(code));
	gw_json_str(j, "help", help ? help->text : NULL);
	gw_json_str(j, "wrong", help ? help->wrong : NULL);
	gw_json_str(j, "right", help ? help->right : NULL);
	gw_json_close(j, '}');
}

/* brief: one of many, for people a line each. */
static void one_code(struct explainer *e, unsigned code, bool brief)
{
	const struct gw_diag_help *help = gw_diag_code_help(code);
	char name[16];

	snprintf(name, sizeof name, "GW%04u", code);
	if (e->json)
		json_code(&e->j, name, code, help);
	else
		text_code(&e->out, name, code, brief ? NULL : help);
}

static void one_derived(struct explainer *e, const struct gw_derived *d)
{
	struct gw_buf text;

	gw_buf_init(&text, 0);
	if (e->cfg)
		d->put(e->cfg, &text);
	if (e->json) {
		gw_json_open(&e->j, NULL, '{');
		gw_json_str(&e->j, "name", d->name);
		gw_json_str(&e->j, "brief", d->brief);
		if (e->cfg)
			gw_json_string(&e->j, "value", gw_buf_slice(&text));
		gw_json_close(&e->j, '}');
	} else {
		gw_buf_printf(&e->out, "%s - %s\n\nFollows from several options; for `gwcfg get'.\n", d->name, d->brief);
		if (e->cfg) {
			gw_buf_printf(&e->out, "\nHere it is ");
			gw_diag_put_safe(&e->out, text.n ? gw_buf_slice(&text) : GW_S("(empty)"));
			gw_buf_printf(&e->out, ".\n");
		}
	}
	gw_buf_done(&text);
}

/* GW1003, in any case; 0 when it is no code. */
static unsigned code_of(const char *name)
{
	struct gw_slice s = gw_slice_str(name);

	if (s.n != 6 || !gw_slice_startsi(s, GW_S("GW")) || strspn(name + 2, "0123456789") != 4)
		return 0;
	return (unsigned)strtoul(name + 2, NULL, 10);
}

static int no_such(const char *name)
{
	const struct gw_option *near = gw_option_nearest(gw_slice_str(name));

	if (code_of(name))
		complain("gwcfg: there is no finding %s; `gwcfg explain --codes' shows all", name);
	else
		complain("gwcfg: there is no option %s%s%s%s", name, near ? "; did you mean " : "", near ? near->name : "",
			near ? "?" : "; `gwcfg list' shows all");
	return EXIT_ERRORS;
}

static int explain_name(struct explainer *e, const char *name)
{
	const struct gw_option *opt = gw_option_find(gw_slice_str(name));
	const struct gw_derived *d = gw_derived_find(gw_slice_str(name));
	unsigned code = code_of(name);

	if (opt && e->json)
		json_option_full(e, opt);
	else if (opt)
		text_option(e, opt);
	else if (d)
		one_derived(e, d);
	else if (code && gw_diag_code_meaning(code))
		one_code(e, code, false);
	else
		return no_such(name);
	return EXIT_FINE;
}

/* ---- the verb ---- */

/* All that is asked for; every name is looked at, so that one run tells all that are wrong. */
static int explain_all(struct explainer *e, const struct gw_cli_args *args)
{
	int code = EXIT_FINE;

	if (e->json)
		gw_json_open(&e->j, NULL, '[');
	for (size_t i = 0; i < args->n; i++) {
		size_t n = e->out.n;

		if (n && !e->json)
			gw_buf_add_char(&e->out, '\n');
		if (explain_name(e, args->operands[i]) != EXIT_FINE) {
			code = EXIT_ERRORS;
			e->out.n = n;
		}
	}
	for (size_t i = 0; gw_cli_has(args, "codes") && gw_diag_code_at(i); i++)
		one_code(e, gw_diag_code_at(i), true);
	if (e->json) {
		gw_json_close(&e->j, ']');
		gw_buf_add_char(&e->out, '\n');
	}
	return code;
}

static int explain_run(const struct gw_cli_args *args)
{
	struct input in = { .path = gw_cli_value(args, "config"), .args = args, .any_store = true };
	struct explainer e = { .json = gw_cli_has(args, "json") };
	struct result r;
	int code = EXIT_FINE;

	if (args->n == 0 && !gw_cli_has(args, "codes"))
		return usage_error(args->verb, "name an option or a code, or give --codes");
	input_read(&in, &r);
	if (in.path && !r.cfg)
		code = result_refuse(&r);
	else if (in.path || access(r.path, R_OK) == 0)
		e.cfg = r.cfg; /* a usual file that cannot be used is not what was asked about */
	e.n_events = all_events(&e.events);
	gw_buf_init(&e.out, 0);
	gw_json_init(&e.j, &e.out);
	if (code == EXIT_FINE)
		code = explain_all(&e, args);
	free(e.events);
	result_done(&r);
	return print_buf(&e.out) ? code : EXIT_IO;
}

/* Options, derived values, codes. */
static bool thing_word(size_t i, struct gw_cli_word *ret)
{
	static char name[16]; /* of the last code that was asked for */
	size_t options = gw_option_count(), derived = 0;

	if (i < options)
		return value_option.word(i, ret);
	while (gw_derived_at(derived))
		derived++;
	i -= options;
	if (i < derived) {
		*ret = (struct gw_cli_word){ gw_derived_at(i)->name, gw_derived_at(i)->brief, NULL };
		return true;
	}
	if (!gw_diag_code_at(i - derived))
		return false;
	snprintf(name, sizeof name, "GW%04u", gw_diag_code_at(i - derived));
	*ret = (struct gw_cli_word){ name, gw_diag_code_meaning(gw_diag_code_at(i - derived)), NULL };
	return true;
}

static const struct gw_cli_value value_thing = { "NAME|CODE", GW_CLI_NAMES, thing_word };
static const struct gw_cli_flag flag_codes = { 0, "codes", NULL, "every code, each with its meaning" };

static const struct gw_cli_flag *const flags[] = { &flag_config, &flag_override, &flag_ignore, &flag_codes, &flag_json,
	NULL };

const struct gw_cli_verb verb_explain = {
	.name = "explain",
	.brief = "describe options, or findings such as GW1003",
	.doc = "Says of an option what it does, what it takes, its default, an example, when a change counts, which version "
	       "brought and changed it, and which other options it has to do with; of a code, what it means.\n\n"
	       "The value it has, and where that comes from, is told of the file of --config, or of the usual one when that "
	       "can be read. Passwords are never shown.",
	.examples = "  gwcfg explain imap_max_messagesize\n"
		    "  gwcfg explain GW2003\n"
		    "  gwcfg explain --codes\n"
		    "  gwcfg explain --config /etc/gateway/gateway.cfg --json tls_min_proto\n",
	.flags = flags,
	.operand = &value_thing,
	.max = SIZE_MAX,
	.run = explain_run,
};

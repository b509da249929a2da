/* show.c - the verbs that show: expand, dump, explain, list, schema */
#include "gwcfg/gwcfg.h"

#include "util/json.h"
#include "util/mem.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_WIDTH 78

/* Findings of a failed reading go to standard error; returns its exit code. */
static int refuse(const struct result *r)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	for (size_t i = 0; i < r->diags.n; i++)
		if (r->diags.v[i].severity == GW_ERROR)
			render_diag(&r->diags.v[i], false, &b);
	fputs(gw_buf_str(&b), stderr);
	gw_buf_done(&b);
	return result_exit(r);
}

/* ---- expand ---- */

struct expander {
	struct gw_buf out;
	char *file; /* of the line before */
};

static void expand_line(void *ctx, const struct gw_config_line *l)
{
	struct expander *e = ctx;
	bool hidden = l->kind == GW_LINE_INCLUDE || l->kind == GW_LINE_INCLUDE_DONE || l->kind == GW_LINE_IGNORED;

	if (!e->file || strcmp(e->file, l->file) != 0) {
		if (e->file || l->depth) {
			gw_buf_printf(&e->out, "# ---- ");
			gw_diag_put_safe(&e->out, gw_slice_str(l->file));
			gw_buf_printf(&e->out, ":%u ----\n", l->line);
		}
		free(e->file);
		e->file = gw_xstrdup(l->file);
	}
	if (hidden) {
		gw_buf_printf(&e->out, "# ");
		gw_diag_put_safe(&e->out, l->text);
	} else {
		gw_buf_add_slice(&e->out, l->text);
	}
	gw_buf_add_char(&e->out, '\n');
}

int verb_expand(int argc, char **argv)
{
	static const struct option longs[] = { { NULL, 0, NULL, 0 } };
	struct expander e = { 0 };
	struct input in = { .any_store = true, .line = expand_line, .line_ctx = &e };
	struct result r;
	int code;

	if (next_flag(argc, argv, "", longs) != -1)
		return EXIT_USAGE;
	if (argc - optind > 1)
		return usage_error("expand", "one file at a time");
	in.path = argv[optind];
	gw_buf_init(&e.out, 0);
	input_read(&in, &r);
	free(e.file);
	code = refuse(&r);
	result_done(&r);
	return print_buf(&e.out) ? code : EXIT_IO;
}

/* ---- dump ---- */

static void dump_json(const struct gw_config *cfg, bool changed_only, struct gw_buf *out)
{
	struct gw_json j;

	gw_json_init(&j, out);
	gw_json_open(&j, NULL, '{');
	for (size_t i = 0; i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);
		bool changed = gw_config_is_changed(cfg, opt);
		struct gw_place at;

		if (opt->type == GW_OPT_RETIRED || (changed_only && !changed))
			continue;
		gw_config_is_set(cfg, opt, &at);
		gw_json_open(&j, opt->name, '{');
		gw_json_str(&j, "value", gw_config_text(cfg, opt));
		gw_json_str(&j, "default", opt->def);
		gw_json_bool(&j, "changed", changed);
		gw_json_str(&j, "file", at.file);
		gw_json_u64(&j, "line", at.line);
		gw_json_close(&j, '}');
	}
	gw_json_close(&j, '}');
	gw_buf_add_char(out, '\n');
}

struct dump_flags {
	bool changed, json;
	const char **overrides;
	size_t n_overrides;
};

static int parse_dump(int argc, char **argv, struct dump_flags *f)
{
	static const struct option longs[] = {
		{ "changed", no_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "override", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};

	for (int c; (c = next_flag(argc, argv, "cjo:", longs)) != -1;) {
		if (c == '?')
			return EXIT_USAGE;
		f->changed |= c == 'c';
		f->json |= c == 'j';
		if (c == 'o') {
			f->overrides = gw_xrealloc(f->overrides, f->n_overrides + 1, sizeof *f->overrides);
			f->overrides[f->n_overrides++] = gw_xasprintf("--%s", optarg);
		}
	}
	return argc - optind > 1 ? usage_error("dump", "one file at a time") : 0;
}

static int run_dump(const char *path, const struct dump_flags *f)
{
	struct input in = { .path = path, .any_store = true, .overrides = f->overrides, .n_overrides = f->n_overrides };
	struct result r;
	struct gw_buf out;
	int code;

	input_read(&in, &r);
	code = refuse(&r);
	gw_buf_init(&out, 0);
	if (r.cfg && f->json)
		dump_json(r.cfg, f->changed, &out);
	else if (r.cfg)
		gw_config_dump(r.cfg, f->changed, &out);
	result_done(&r);
	return print_buf(&out) ? code : EXIT_IO;
}

int verb_dump(int argc, char **argv)
{
	struct dump_flags f = { 0 };
	int code = parse_dump(argc, argv, &f);

	if (code == 0)
		code = run_dump(argv[optind], &f);
	for (size_t i = 0; i < f.n_overrides; i++)
		free((char *)f.overrides[i]);
	free(f.overrides);
	return code;
}

/* ---- explain ---- */

/* Wrap plain text; backticks go, a blank line begins a paragraph. */
static void put_wrapped(struct gw_buf *out, const char *s)
{
	size_t column = 0;

	gw_buf_printf(out, "\n");
	while (*s) {
		size_t n = strcspn(s, " \n");

		if (column && column + 1 + n > TEXT_WIDTH) {
			gw_buf_add_char(out, '\n');
			column = 0;
		}
		if (column && n)
			gw_buf_add_char(out, ' ');
		column += n + 1;
		for (size_t i = 0; i < n; i++)
			if (s[i] != '`')
				gw_buf_add_char(out, s[i]);
		s += n;
		if (s[0] == '\n' && s[1] == '\n') {
			gw_buf_printf(out, s[2] ? "\n\n" : "");
			column = 0;
			s++;
		}
		s += *s != '\0';
	}
	gw_buf_add_char(out, '\n');
}

static void explain_option(const struct gw_option *opt, struct gw_buf *out)
{
	static const char *const reloads[] = { [GW_LIVE] = "at once, for open sessions too",
		[GW_NEXT] = "for sessions that begin afterwards", [GW_RESTART] = "not before a restart" };
	char takes[256];

	gw_option_takes(opt, takes, sizeof takes);
	gw_buf_printf(out, "%s - %s\n\n", opt->name, opt->brief);
	gw_buf_printf(out, "  type     %s%s%s\n", gw_option_type_name(opt), *takes ? ": " : "", takes);
	if (opt->type != GW_OPT_RETIRED) {
		gw_buf_printf(out, "  default  %s\n", *opt->def ? opt->def : "(empty)");
		gw_buf_printf(out, "  reload   %s: a change counts %s\n", gw_option_reload_name(opt->reload), reloads[opt->reload]);
	}
	gw_buf_printf(out, "  since    %s%s\n", strncmp(opt->since, "gateway", 7) ? "kopano-gateway " : "", opt->since);
	if (opt->alias)
		gw_buf_printf(out, "  formerly %s\n", opt->alias);
	put_wrapped(out, opt->doc);
}

static void explain_value(const struct gw_option *opt, const struct result *r, struct gw_buf *out)
{
	struct gw_place at;
	bool set = gw_config_is_set(r->cfg, opt, &at);
	const char *text = gw_config_text(r->cfg, opt);

	gw_buf_printf(out, "\nHere it is ");
	gw_diag_put_safe(out, gw_slice_str(*text ? text : "(empty)"));
	if (set) {
		gw_buf_printf(out, ", set in ");
		gw_diag_put_safe(out, gw_slice_str(at.file));
		gw_buf_printf(out, ":%u.\n", at.line);
	} else {
		gw_buf_printf(out, ", the default.\n");
	}
}

static int explain_code(const char *name, struct gw_buf *out)
{
	const char *meaning = gw_diag_code_meaning((unsigned)strtoul(name + 2, NULL, 10));

	if (!meaning) {
		fprintf(stderr, "gwcfg: there is no finding %s\n", name);
		return EXIT_ERRORS;
	}
	gw_buf_printf(out, "%s - %s\n", name, meaning);
	return EXIT_FINE;
}

static int explain_name(const char *name, const struct result *r, struct gw_buf *out)
{
	const struct gw_option *opt = gw_option_find(gw_slice_str(name)), *near;

	if (!opt && strncmp(name, "GW", 2) == 0)
		return explain_code(name, out);
	if (!opt) {
		near = gw_option_nearest(gw_slice_str(name));
		fprintf(stderr, "gwcfg: there is no option %s%s%s%s\n", name, near ? "; did you mean " : "", near ? near->name : "",
			near ? "?" : "");
		return EXIT_ERRORS;
	}
	explain_option(opt, out);
	if (r->cfg && opt->type != GW_OPT_RETIRED)
		explain_value(opt, r, out);
	return EXIT_FINE;
}

int verb_explain(int argc, char **argv)
{
	static const struct option longs[] = { { "file", required_argument, NULL, 'c' }, { NULL, 0, NULL, 0 } };
	struct input in = { .any_store = true };
	struct result r = { 0 };
	struct gw_buf out;
	int code = 0;

	for (int c; (c = next_flag(argc, argv, "c:", longs)) != -1;) {
		if (c == '?')
			return EXIT_USAGE;
		in.path = optarg;
	}
	if (optind == argc)
		return usage_error("explain", "name an option or a finding such as GW1003");
	if (in.path) {
		input_read(&in, &r);
		code = r.cfg ? 0 : refuse(&r);
	}
	gw_buf_init(&out, 0);
	for (int i = optind; i < argc && code == 0; i++) {
		if (i > optind)
			gw_buf_add_char(&out, '\n');
		code = explain_name(argv[i], &r, &out);
	}
	if (in.path)
		result_done(&r);
	return print_buf(&out) ? code : EXIT_IO;
}

/* ---- list ---- */

static void list_json(struct gw_buf *out)
{
	struct gw_json j;
	char takes[256];

	gw_json_init(&j, out);
	gw_json_open(&j, NULL, '[');
	for (size_t i = 0; i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);

		gw_option_takes(opt, takes, sizeof takes);
		gw_json_open(&j, NULL, '{');
		gw_json_str(&j, "name", opt->name);
		gw_json_str(&j, "type", gw_option_type_name(opt));
		gw_json_str(&j, "group", gw_option_group_title(opt->group));
		gw_json_str(&j, "takes", takes);
		gw_json_str(&j, "default", opt->def);
		gw_json_str(&j, "reload", gw_option_reload_name(opt->reload));
		gw_json_str(&j, "since", opt->since);
		gw_json_str(&j, "brief", opt->brief);
		gw_json_str(&j, "doc", opt->doc);
		gw_json_close(&j, '}');
	}
	gw_json_close(&j, ']');
	gw_buf_add_char(out, '\n');
}

static void list_text(struct gw_buf *out)
{
	for (unsigned g = 0; g < GW_GROUP_COUNT; g++) {
		gw_buf_printf(out, "%s%s\n", g ? "\n" : "", gw_option_group_title(g));
		for (size_t i = 0; i < gw_option_count(); i++)
			if (gw_option_at(i)->group == g)
				gw_buf_printf(out, "  %-30s %s\n", gw_option_at(i)->name, gw_option_at(i)->brief);
	}
}

int verb_list(int argc, char **argv)
{
	static const struct option longs[] = { { "json", no_argument, NULL, 'j' }, { NULL, 0, NULL, 0 } };
	struct gw_buf out;
	bool json = false;

	for (int c; (c = next_flag(argc, argv, "j", longs)) != -1;) {
		if (c == '?')
			return EXIT_USAGE;
		json = true;
	}
	if (optind != argc)
		return usage_error("list", "it takes no arguments");
	gw_buf_init(&out, 0);
	if (json)
		list_json(&out);
	else
		list_text(&out);
	return print_buf(&out) ? EXIT_FINE : EXIT_IO;
}

/* ---- schema ---- */

int verb_schema(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "man", no_argument, NULL, 'm' },
		{ "sample", no_argument, NULL, 's' },
		{ "completion", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	struct gw_buf out;
	int n = 0;

	gw_buf_init(&out, 0);
	for (int c; (c = next_flag(argc, argv, "", longs)) != -1; n++) {
		bool known = c != '?';

		if (c == 'm')
			gw_schema_man(&out);
		else if (c == 's')
			gw_schema_sample(&out);
		else if (c == 'c')
			known = gw_schema_completion(optarg, &out);
		if (!known) {
			gw_buf_done(&out);
			return c == 'c' ? usage_error("schema", "--completion takes bash, zsh or fish") : EXIT_USAGE;
		}
	}
	if (n != 1 || optind != argc) {
		gw_buf_done(&out);
		return usage_error("schema", "choose one of --man, --sample, --completion SHELL");
	}
	return print_buf(&out) ? EXIT_FINE : EXIT_IO;
}

/* edit.c - gwcfg set and unset: values of options, in the file that decides them */
#include "gwcfg/tree.h"

#include "util/json.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 256

/* The files that set each option. */
struct places {
	struct tree *c;
	const char *last[ROWS_MAX]; /* name of the file with the line that counts, owned; NULL: not set */
};

struct editor {
	struct tree c;
	struct places at;
	const struct gw_cli_args *args;
	struct tree_file *only; /* --file; NULL */
	const struct gw_option *opts[ROWS_MAX]; /* that were named, each once */
	size_t n;
};

static size_t number_of(const struct gw_option *opt)
{
	return (size_t)(opt - gw_option_at(0));
}

static void see_line(void *ctx, const struct gw_config_line *l)
{
	struct places *at = ctx;
	const char **last;

	if (l->kind != GW_LINE_OPTION || !l->option)
		return;
	last = &at->last[number_of(l->option)];
	if (*last && strcmp(*last, l->file) == 0)
		return;
	free((char *)*last);
	*last = gw_xstrdup(l->file);
}

/* ---- names ---- */

/* The option of a name; NULL with a message. */
static const struct gw_option *find_option(const struct editor *e, struct gw_slice name)
{
	const struct gw_option *opt = gw_option_find(name), *near;

	if (opt)
		return opt;
	near = gw_option_nearest(name);
	complain("gwcfg %s: there is no option \"%.*s\"%s%s%s", e->c.verb, (int)(name.n < 80 ? name.n : 80), name.p,
		near ? "; did you mean " : "", near ? near->name : "", near ? "?" : "");
	return NULL;
}

static void remember(struct editor *e, const struct gw_option *opt)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->opts[i] == opt)
			return;
	e->opts[e->n++] = opt;
}

/* ---- setting ---- */

static struct tree_file *file_to_set(struct editor *e, const struct gw_option *opt)
{
	const char *last = e->at.last[number_of(opt)];
	struct tree_file *f = e->only ? e->only : last ? tree_find(&e->c, last) : e->c.v[0];

	return f ? f : e->c.v[0];
}

static int set_one(struct editor *e, const char *setting)
{
	struct gw_slice s = gw_slice_str(setting), name = gw_slice_trim(gw_slice(s.p, gw_slice_find(s, '=')));
	const struct gw_option *opt = find_option(e, name);
	struct gw_err err = { 0 };
	struct tree_file *f;
	struct gw_buf now;
	int rc;

	if (!opt)
		return EXIT_ERRORS;
	if (opt->type == GW_OPT_RETIRED) {
		complain("gwcfg set: %s no longer does anything", opt->name);
		return EXIT_ERRORS;
	}
	gw_slice_take(&s, gw_slice_find(s, '=') + 1);
	f = file_to_set(e, opt);
	gw_buf_init(&now, 0);
	rc = gw_config_edit_set(tree_text(f), opt, s, &now, &f->edits, &err);
	if (rc == 0)
		tree_put(f, &now);
	else
		complain("gwcfg set: %s: %s", opt->name, err.text);
	gw_buf_done(&now);
	remember(e, opt);
	return rc == 0 ? 0 : EXIT_ERRORS;
}

/* With --file, another file may still decide. */
static int it_counts(const struct editor *e, const struct result *after)
{
	for (size_t i = 0; e->only && after->cfg && i < e->n; i++) {
		struct gw_place at;

		if (!gw_config_is_set(after->cfg, e->opts[i], &at) || tree_find(&e->c, at.file) == e->only)
			continue;
		complain("gwcfg set: nothing was changed: %s would not count in %s, it is set again in %s:%u",
			e->opts[i]->name, e->only->name, at.file, at.line);
		return EXIT_ERRORS;
	}
	return 0;
}

static int set_all(struct editor *e)
{
	for (size_t i = 0; i < e->args->n; i++) {
		const char *setting = e->args->operands[i];
		int code;

		if (!strchr(setting, '='))
			return usage_error(e->args->verb, "\"%s\" is not NAME=VALUE", setting);
		code = set_one(e, setting);
		if (code)
			return code;
	}
	return 0;
}

/* ---- taking out ---- */

static int unset_one(struct editor *e, const char *name)
{
	const struct gw_option *opt = find_option(e, gw_slice_str(name));

	if (!opt)
		return EXIT_ERRORS;
	for (size_t i = 0; i < e->c.n; i++) {
		struct tree_file *f = e->c.v[i];
		struct gw_buf now;

		if (e->only && f != e->only)
			continue;
		gw_buf_init(&now, 0);
		if (gw_config_edit_unset(tree_text(f), opt, &now, &f->edits))
			tree_put(f, &now);
		gw_buf_done(&now);
	}
	remember(e, opt);
	return 0;
}

static int unset_all(struct editor *e)
{
	int code = 0;

	for (size_t i = 0; code == 0 && i < e->args->n; i++)
		code = unset_one(e, e->args->operands[i]);
	return code;
}

/* ---- telling ---- */

static void put_line(const char *text, struct gw_buf *out)
{
	struct gw_buf masked;

	gw_buf_init(&masked, 0);
	gw_secret_put_line(gw_slice_str(text), &masked);
	gw_diag_put_safe(out, gw_slice_trim(gw_buf_slice(&masked)));
	gw_buf_done(&masked);
}

static void put_edit(const char *file, const struct gw_edit *edit, struct gw_buf *out)
{
	gw_diag_put_safe(out, gw_slice_str(file));
	gw_buf_printf(out, ":%u: ", edit->before ? edit->line : edit->line + 1);
	put_line(edit->after ? edit->after : edit->before, out);
	if (!edit->after)
		gw_buf_printf(out, " (taken out)");
	if (edit->before && edit->after) {
		gw_buf_printf(out, " (it was: ");
		put_line(edit->before, out);
		gw_buf_add_char(out, ')');
	}
	gw_buf_add_char(out, '\n');
}

/* What it takes for the changes to count: that of the option that needs most. */
static const char *counts_after(const struct editor *e)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->opts[i]->reload == GW_RESTART && e->opts[i]->type != GW_OPT_RETIRED)
			return "it counts after a restart of the daemon";
	return "it counts after `gwctl reload'";
}

static void put_text(const struct editor *e, struct gw_buf *out)
{
	for (size_t i = 0; i < e->c.n; i++)
		for (size_t k = 0; k < e->c.v[i]->edits.n; k++)
			put_edit(e->c.v[i]->name, &e->c.v[i]->edits.v[k], out);
	if (tree_changed(&e->c))
		gw_buf_printf(out, "%s\n", counts_after(e));
	else
		gw_buf_printf(out, "nothing to change\n");
}

static void put_json(const struct editor *e, bool written, struct gw_buf *out)
{
	struct gw_json j;

	gw_json_init(&j, out);
	gw_json_open(&j, NULL, '{');
	gw_json_str(&j, "file", e->c.before.path);
	tree_put_json(&e->c, written, &j);
	gw_json_close(&j, '}');
	gw_buf_add_char(out, '\n');
}

/* ---- both ---- */

static int choose_file(struct editor *e)
{
	const char *path = gw_cli_value(e->args, "file");

	e->only = path ? tree_find(&e->c, path) : NULL;
	if (!path || e->only)
		return 0;
	complain("gwcfg %s: %s is no file of the configuration %s", e->c.verb, path, e->c.before.path);
	return EXIT_ERRORS;
}

/* Show, and write unless only showing was asked for. */
static int finish(struct editor *e)
{
	bool diff = gw_cli_has(e->args, "diff"), dry = diff || gw_cli_has(e->args, "dry-run"), any = tree_changed(&e->c);
	int code = dry || !any ? 0 : tree_write(&e->c);
	struct gw_buf out;

	if (code)
		return code;
	gw_buf_init(&out, 0);
	if (gw_cli_has(e->args, "json"))
		put_json(e, any && !dry, &out);
	else if (dry)
		tree_put_diff(&e->c, &out);
	else
		put_text(e, &out);
	return !print_buf(&out) ? EXIT_IO : diff && any ? EXIT_ERRORS : 0;
}

static int run(const struct gw_cli_args *args, int (*edit)(struct editor *e))
{
	const char *config = gw_cli_value(args, "config");
	struct result after = { 0 };
	bool checked = false;
	struct editor *e;
	int code;

	if (config && strcmp(config, "-") == 0)
		return usage_error(args->verb, "--config takes a file: standard input cannot be changed");
	e = gw_xalloc(sizeof *e);
	e->args = args;
	e->at.c = &e->c;
	code = tree_open(&e->c, args->verb->name, config, see_line, &e->at);
	if (code == 0)
		code = choose_file(e);
	if (code == 0)
		code = edit(e);
	if (code == 0 && tree_changed(&e->c)) {
		checked = true;
		code = tree_check(&e->c, NULL, &after);
	}
	if (code == 0 && checked && edit == set_all)
		code = it_counts(e, &after);
	if (code == 0)
		code = finish(e);
	if (checked)
		result_done(&after);
	tree_done(&e->c);
	for (size_t i = 0; i < ROWS_MAX; i++)
		free((char *)e->at.last[i]);
	free(e);
	return code;
}

static int set_run(const struct gw_cli_args *args)
{
	return run(args, set_all);
}

static int unset_run(const struct gw_cli_args *args)
{
	return run(args, unset_all);
}

static const struct gw_cli_flag flag_file = { 'f', "file", &value_file, "change this file of the configuration, no other" };
static const struct gw_cli_flag flag_dry = { 'n', "dry-run", NULL, "write nothing, print the difference" };
static const struct gw_cli_flag flag_diff = { 'd', "diff", NULL, "the same; exit with 1 when there is a difference" };

static const struct gw_cli_flag *const flags[] = { &flag_config, &flag_file, &flag_dry, &flag_diff, &flag_json, NULL };

const struct gw_cli_verb verb_set = {
	.name = "set",
	.brief = "give options a value, in the file that decides them",
	.doc = "The last line that sets the option gets the value; everything else in the file keeps its bytes. An option that "
	       "is not set gets a line behind the commented-out one of the sample, else beside an option of its group, else at "
	       "the end of the main file.\n\n"
	       "The whole configuration is checked with the new text before the file is replaced in one step. When there would "
	       "be an error that is not there now, nothing is written.",
	.examples = "  gwcfg set imap_port=1143\n  gwcfg set --diff log_level=5 imap_timeout=45m\n"
		    "  gwcfg set -c /etc/gateway/gateway.cfg -f /etc/gateway/tls.cfg ssl_ciphers=HIGH\n",
	.flags = flags,
	.operand = &value_setting,
	.min = 1,
	.max = SIZE_MAX,
	.run = set_run,
};

const struct gw_cli_verb verb_unset = {
	.name = "unset",
	.brief = "take out the lines that set options",
	.doc = "All lines of all files of the configuration that set one of the options go, and the default counts. Checked and "
	       "written as with `set`.",
	.examples = "  gwcfg unset imap_generate_utf8 log_buffer_size\n",
	.flags = flags,
	.operand = &value_option,
	.min = 1,
	.max = SIZE_MAX,
	.run = unset_run,
};

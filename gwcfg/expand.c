/* expand.c - gwcfg expand: the files as one, includes in place
 *
 * Each line is looked at as it is read. What has no effect becomes a comment, values of the environment take the place
 * of their names, sizes get the form that is asked for; the rest stays byte for byte. The result means the same, and
 * expanding it again changes nothing. */
#include "gwcfg/gwcfg.h"

#include "util/json.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum env_mode { ENV_SAFE, ENV_ALL, ENV_KEEP };

struct expander {
	enum gw_form form;
	enum env_mode env;
	bool mask, comments, json, changed;
	struct gw_buf out;
	struct gw_json j;
	char *file; /* of the line before */
	/* of --changed: the last line of each row that has a value, and its place in the order of reading */
	struct kept {
		char *text;
		size_t order;
	} *kept;
	size_t n_lines;
};

/* ---- values ---- */

/* Can the text stand in a file as a value, with the rest of its line in front, and mean itself? */
static bool writable(struct gw_slice text, size_t before)
{
	return !(text.n && text.p[0] == '$') && !memchr(text.p, '\n', text.n) && before + text.n <= GW_CONFIG_LINE_MAX;
}

/* The value behind "$NAME". False: the value stays as it is written. *whole: all of it is a secret. */
static bool from_environment(const struct expander *e, struct gw_slice value, size_t before, struct gw_slice *ret,
	bool *whole)
{
	struct gw_slice name = value;
	struct gw_slice text;
	const char *found;
	char *copy;

	*whole = false;
	if (e->env == ENV_KEEP || value.n < 2 || value.p[0] != '$')
		return false;
	gw_slice_take(&name, 1);
	*whole = gw_secret_variable(name);
	if (*whole && e->env == ENV_SAFE)
		return false;
	copy = gw_xslicedup(name);
	found = getenv(copy);
	free(copy);
	text = gw_slice_trim(gw_slice_str(found));
	if (!found || !writable(text, before))
		return false;
	*ret = text;
	return true;
}

static bool has_units(const struct gw_option *opt)
{
	return opt->type == GW_OPT_SIZE || opt->type == GW_OPT_SECONDS;
}

/* Append the value as it is to be shown. */
static void put_value(const struct expander *e, const struct gw_option *opt, struct gw_slice value, size_t before,
	struct gw_buf *out)
{
	struct gw_slice text = value;
	bool whole;

	if (from_environment(e, value, before, &text, &whole) && whole && e->mask)
		text = GW_S(GW_MASK);
	if (e->form != GW_FORM_AS_IS && has_units(opt) && gw_option_format(opt, text, e->form, out))
		return;
	if (e->mask)
		gw_secret_put_masked(text, out);
	else
		gw_buf_add_slice(out, text);
}

/* Does the value have an effect? One that is refused has none, whatever forgave the error. */
static bool is_effective(const struct gw_option *opt, struct gw_slice value)
{
	struct gw_buf scratch;
	struct gw_slice text = value;
	bool ok;

	if (!opt || opt->type == GW_OPT_RETIRED)
		return false;
	if (value.n > 1 && value.p[0] == '$') {
		char *name = gw_xasprintf("%.*s", (int)value.n - 1, value.p + 1);
		const char *found = getenv(name);

		free(name);
		if (found)
			text = gw_slice_trim(gw_slice_str(found));
	}
	gw_buf_init(&scratch, 0);
	ok = gw_option_format(opt, text, GW_FORM_AS_IS, &scratch);
	gw_buf_done(&scratch);
	return ok;
}

/* ---- lines ---- */

/* Text that has no effect, as a comment. */
static void put_comment(struct expander *e, struct gw_slice text)
{
	struct gw_buf line;

	if (!e->comments)
		return;
	gw_buf_init(&line, 0);
	gw_buf_printf(&line, "# ");
	gw_diag_put_safe(&line, text);
	if (line.n > GW_CONFIG_LINE_MAX)
		line.n = GW_CONFIG_LINE_MAX;
	if (e->mask)
		gw_secret_put_line(gw_buf_slice(&line), &e->out);
	else
		gw_buf_add_slice(&e->out, gw_buf_slice(&line));
	gw_buf_add_char(&e->out, '\n');
	gw_buf_done(&line);
}

static void put_plain(struct expander *e, struct gw_slice text)
{
	if (!e->comments)
		return;
	if (e->mask)
		gw_secret_put_line(text, &e->out);
	else
		gw_buf_add_slice(&e->out, text);
	gw_buf_add_char(&e->out, '\n');
}

static void json_line(struct expander *e, const struct gw_config_line *l, struct gw_slice name, struct gw_slice value)
{
	gw_json_open(&e->j, NULL, '{');
	gw_json_str(&e->j, "file", l->file);
	gw_json_u64(&e->j, "line", l->line);
	gw_json_string(&e->j, "name", name);
	gw_json_string(&e->j, "value", value);
	gw_json_close(&e->j, '}');
}

/* Remember the line for --changed, or print it. */
static void put_option(struct expander *e, const struct gw_option *opt, struct gw_slice line)
{
	if (!e->changed) {
		gw_buf_add_slice(&e->out, line);
		gw_buf_add_char(&e->out, '\n');
		return;
	}
	for (size_t i = 0; i < gw_option_count(); i++)
		if (gw_option_at(i) == opt) {
			free(e->kept[i].text);
			e->kept[i] = (struct kept){ gw_xslicedup(line), ++e->n_lines };
		}
}

/* "name = value": what stands in front of the value stays. */
static void option_line(struct expander *e, const struct gw_config_line *l, struct gw_slice text)
{
	size_t equals = gw_slice_find(text, '=');
	struct gw_slice name = gw_slice_trim(gw_slice(text.p, equals));
	struct gw_slice value = gw_slice_trim(gw_slice(text.p + equals + 1, text.n - equals - 1));
	const struct gw_option *opt = l->option;
	struct gw_buf shown, line;

	if (!is_effective(opt, value)) {
		put_comment(e, text);
		return;
	}
	gw_buf_init(&shown, 0);
	put_value(e, opt, value, (size_t)(value.p - text.p), &shown);
	if (e->json) {
		json_line(e, l, name, gw_buf_slice(&shown));
	} else if (gw_slice_eq(value, gw_buf_slice(&shown))) {
		put_option(e, opt, text);
	} else {
		gw_buf_init(&line, 0);
		gw_buf_add(&line, text.p, (size_t)(value.p - text.p));
		gw_buf_add_slice(&line, gw_buf_slice(&shown));
		put_option(e, opt, gw_buf_slice(&line));
		gw_buf_done(&line);
	}
	gw_buf_done(&shown);
}

/* Say where the lines come from when that changes. */
static void put_file(struct expander *e, const struct gw_config_line *l)
{
	if (e->file && strcmp(e->file, l->file) == 0)
		return;
	if (e->comments && (e->file || l->depth)) {
		gw_buf_printf(&e->out, "# ---- ");
		gw_diag_put_safe(&e->out, gw_slice_str(l->file));
		gw_buf_printf(&e->out, ":%u ----\n", l->line);
	}
	free(e->file);
	e->file = gw_xstrdup(l->file);
}

static void expand_line(void *ctx, const struct gw_config_line *l)
{
	struct expander *e = ctx;
	struct gw_slice text = l->text;

	while (text.n && text.p[text.n - 1] == '\r')
		text.n--;
	put_file(e, l);
	switch (l->kind) {
	case GW_LINE_BLANK:
	case GW_LINE_COMMENT:
		put_plain(e, text);
		break;
	case GW_LINE_OPTION:
		option_line(e, l, text);
		break;
	case GW_LINE_INCLUDE:
	case GW_LINE_INCLUDE_DONE:
	case GW_LINE_IGNORED:
		put_comment(e, text);
		break;
	}
}

/* ---- the command line ---- */

/* What --override set, as lines behind all others. */
static bool put_overrides(struct expander *e, const struct gw_config *cfg)
{
	for (size_t i = 0; i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);
		const char *text = gw_config_text(cfg, opt);
		struct gw_config_origin o;
		struct gw_config_line l = { .kind = GW_LINE_OPTION, .file = "command line", .option = opt };
		char *line;

		if (opt->type == GW_OPT_RETIRED || !gw_config_origin(cfg, opt, &o) || strcmp(o.at.file, l.file) != 0)
			continue;
		if (strchr(text, '\n')) {
			complain("gwcfg expand: the value of --override %s has a line end, which no file can hold", opt->name);
			return false;
		}
		l.line = o.at.line;
		line = o.env ? gw_xasprintf("%s = $%s", opt->name, o.env) : gw_xasprintf("%s = %s", opt->name, text);
		option_line(e, &l, gw_slice_str(line));
		free(line);
	}
	return true;
}

/* ---- --changed ---- */

static int by_order(const void *a, const void *b)
{
	const struct kept *const *x = a, *const *y = b;

	return (*x)->order < (*y)->order ? -1 : 1;
}

/* The lines of the chosen rows, in the order of reading. */
static void put_chosen(const struct expander *e, const bool *chosen, struct gw_buf *out)
{
	const struct kept **v = gw_xcalloc(gw_option_count(), sizeof(const struct kept *));
	size_t n = 0;

	for (size_t i = 0; i < gw_option_count(); i++)
		if (chosen[i])
			v[n++] = &e->kept[i];
	qsort(v, n, sizeof(const struct kept *), by_order);
	for (size_t i = 0; i < n; i++)
		gw_buf_printf(out, "%s\n", v[i]->text);
	free(v);
}

/* What is changed is enough: the defaults of the rest follow from it. */
static void put_changed(struct expander *e, const struct gw_config *cfg)
{
	bool *chosen = gw_xcalloc(gw_option_count(), sizeof *chosen);

	for (size_t i = 0; i < gw_option_count(); i++)
		chosen[i] = e->kept[i].text && gw_config_is_changed(cfg, gw_option_at(i));
	put_chosen(e, chosen, &e->out);
	free(chosen);
}

/* ---- the verb ---- */

static void expander_done(struct expander *e)
{
	for (size_t i = 0; i < gw_option_count(); i++)
		free(e->kept[i].text);
	free(e->kept);
	free(e->file);
}

static int finish(struct expander *e, const struct gw_config *cfg)
{
	if (!put_overrides(e, cfg))
		return EXIT_ERRORS;
	if (e->changed)
		put_changed(e, cfg);
	if (e->json) {
		gw_json_close(&e->j, ']');
		gw_buf_add_char(&e->out, '\n');
	}
	return EXIT_FINE;
}

static int expand_run(const struct gw_cli_args *args)
{
	const char *sizes = gw_cli_value(args, "sizes"), *env = gw_cli_value(args, "env");
	struct expander e = { .mask = gw_cli_has(args, "mask"), .json = gw_cli_has(args, "json"),
		.changed = gw_cli_has(args, "changed") };
	struct input in = { .path = args->n ? args->operands[0] : NULL, .args = args, .any_store = true, .line = expand_line,
		.line_ctx = &e };
	struct result r;
	int code;

	if (e.json && e.changed)
		return usage_error(args->verb, "--json shows every line; `gwcfg dump --json --changed' shows what is changed");
	e.comments = !e.json && !e.changed && !gw_cli_has(args, "no-comments");
	e.form = !sizes ? GW_FORM_AS_IS : strcmp(sizes, "human") == 0 ? GW_FORM_HUMAN : GW_FORM_PLAIN;
	e.env = !env ? ENV_SAFE : strcmp(env, "all") == 0 ? ENV_ALL : strcmp(env, "keep") == 0 ? ENV_KEEP : ENV_SAFE;
	e.kept = gw_xcalloc(gw_option_count(), sizeof *e.kept);
	gw_buf_init(&e.out, 0);
	gw_json_init(&e.j, &e.out);
	if (e.json)
		gw_json_open(&e.j, NULL, '[');
	input_read(&in, &r);
	code = r.cfg ? finish(&e, r.cfg) : result_refuse(&r);
	if (code != EXIT_FINE) /* half a configuration would mean something else */
		e.out.n = 0;
	expander_done(&e);
	result_done(&r);
	return print_text(&e.out) ? code : EXIT_IO;
}

static bool size_word(size_t i, struct gw_cli_word *ret)
{
	static const struct gw_cli_word words[] = { { "human", "128M and 30m", NULL },
		{ "bytes", "134217728 and 1800", NULL } };

	if (i >= sizeof words / sizeof *words)
		return false;
	*ret = words[i];
	return true;
}

static bool env_word(size_t i, struct gw_cli_word *ret)
{
	static const struct gw_cli_word words[] = { { "safe", "values, but not of variables that are secret", NULL },
		{ "all", "values", NULL }, { "keep", "the names of the variables", NULL } };

	if (i >= sizeof words / sizeof *words)
		return false;
	*ret = words[i];
	return true;
}

static const struct gw_cli_value value_sizes = { "FORM", GW_CLI_WORDS, size_word };
static const struct gw_cli_value value_env = { "WHAT", GW_CLI_WORDS, env_word };
static const struct gw_cli_flag flag_sizes = { 's', "sizes", &value_sizes, "write sizes and times in this form" };
static const struct gw_cli_flag flag_env = { 'e', "env", &value_env, "what stands for values from the environment" };
static const struct gw_cli_flag flag_changed = { 'c', "changed", NULL, "only the lines that count and are no default" };
static const struct gw_cli_flag flag_no_comments = { 'n', "no-comments", NULL, "only options, as they are read" };

static const struct gw_cli_flag *const flags[] = { &flag_sizes, &flag_env, &flag_changed, &flag_no_comments, &flag_mask,
	&flag_json, &flag_override, &flag_ignore, &flag_as, &flag_replace, &flag_root, NULL };

const struct gw_cli_verb verb_expand = {
	.name = "expand",
	.brief = "print the files as one, includes in place",
	.doc = "Prints one file without includes that means the same; what it prints, read and expanded again, is the same "
	       "byte for byte. Comments stay, lines without effect become comments, and comments tell where a file begins. "
	       "Nothing is printed when there are errors.\n\n"
	       "Values from the environment ($NAME) are put in place, unless the variable is named like a secret (PASSWORD, "
	       "SECRET, TOKEN ...) or the value could not stand in a file. With --mask, passwords in URLs are hidden; such a "
	       "result no longer means the same.\n\n"
	       "JSON is an array with file, line, name and value of each option line, in the order of reading.",
	.examples = "  gwcfg expand /etc/gateway/gateway.cfg > flat.cfg\n"
		    "  gwcfg expand --changed --sizes=human\n"
		    "  gwcfg expand --no-comments --env=keep -\n"
		    "  gwcfg expand --json --override imap-port=1143 gateway.cfg\n",
	.flags = flags,
	.operand = &value_file,
	.max = 1,
	.run = expand_run,
};

/* dump.c - gwcfg dump: every option with its value, and how it came to it */
#include "gwcfg/gwcfg.h"

#include "util/json.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

#define VALUE_COLUMN_MAX 40 /* longer values push the place to the right, on their line only */

struct dumper {
	const struct gw_config *cfg;
	bool mask, changed, defaults, reloadable;
	const struct gw_option **v; /* what is shown, sorted by name */
	size_t n;
	struct gw_buf out;
};

static bool wanted(const struct dumper *d, const struct gw_option *opt)
{
	if (opt->type == GW_OPT_RETIRED || (d->reloadable && opt->reload == GW_RESTART))
		return false;
	if (!d->changed && !d->defaults)
		return true;
	return gw_config_is_changed(d->cfg, opt) == d->changed;
}

static int by_name(const void *a, const void *b)
{
	const struct gw_option *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static void choose(struct dumper *d, bool sorted)
{
	d->v = gw_xcalloc(gw_option_count(), sizeof(const struct gw_option *));
	for (size_t i = 0; i < gw_option_count(); i++)
		if (wanted(d, gw_option_at(i)))
			d->v[d->n++] = gw_option_at(i);
	if (sorted)
		qsort(d->v, d->n, sizeof(const struct gw_option *), by_name);
}

static void put_text(const struct dumper *d, const struct gw_option *opt, struct gw_buf *out)
{
	if (d->mask)
		gw_config_put_masked(d->cfg, opt, out);
	else
		gw_buf_printf(out, "%s", gw_config_text(d->cfg, opt));
}

static void put_was(const struct dumper *d, const struct gw_config_was *w, struct gw_buf *out)
{
	if (d->mask && w->env && gw_secret_variable(gw_slice_str(w->env)))
		gw_buf_printf(out, GW_MASK);
	else if (d->mask)
		gw_secret_put_masked(gw_slice_str(w->text), out);
	else
		gw_buf_printf(out, "%s", w->text);
}

/* ---- lines as in a file ---- */

static void dump_lines(struct dumper *d)
{
	for (size_t i = 0; i < d->n; i++)
		gw_config_put_line(d->cfg, d->v[i], d->mask, &d->out);
}

/* ---- a table with places ---- */

static void put_place(const struct gw_place *at, struct gw_buf *out)
{
	gw_diag_put_safe(out, gw_slice_str(at->file));
	gw_buf_printf(out, ":%u", at->line);
	if (at->column)
		gw_buf_printf(out, ":%u", at->column);
}

static void put_safe_text(const struct dumper *d, const struct gw_option *opt, struct gw_buf *out)
{
	struct gw_buf text;

	gw_buf_init(&text, 0);
	put_text(d, opt, &text);
	gw_diag_put_safe(out, text.n ? gw_buf_slice(&text) : GW_S("(empty)"));
	gw_buf_done(&text);
}

/* The lines below an option: how it came to its value. */
static void put_story(struct dumper *d, const struct gw_config_origin *o, int indent)
{
	struct gw_buf text;

	for (size_t i = 0; i < o->n_chain; i++) {
		gw_buf_printf(&d->out, "%*sincluded from ", indent, "");
		put_place(&o->chain[i], &d->out);
		gw_buf_add_char(&d->out, '\n');
	}
	if (o->env) {
		gw_buf_printf(&d->out, "%*sfrom the environment variable ", indent, "");
		gw_diag_put_safe(&d->out, gw_slice_str(o->env));
		gw_buf_add_char(&d->out, '\n');
	}
	for (size_t i = 0; i < o->n_was; i++) {
		gw_buf_init(&text, 0);
		put_was(d, &o->was[i], &text);
		gw_buf_printf(&d->out, "%*sinstead of ", indent, "");
		gw_diag_put_safe(&d->out, text.n ? gw_buf_slice(&text) : GW_S("(empty)"));
		gw_buf_printf(&d->out, " in ");
		put_place(&o->was[i].at, &d->out);
		gw_buf_add_char(&d->out, '\n');
		gw_buf_done(&text);
	}
	if (o->overrode > o->n_was)
		gw_buf_printf(&d->out, "%*sand of %zu earlier assignments\n", indent, "", o->overrode - o->n_was);
}

static void dump_table(struct dumper *d)
{
	size_t names = 0, values = 0;
	struct gw_buf text;

	gw_buf_init(&text, 0);
	for (size_t i = 0; i < d->n; i++) {
		size_t n = strlen(d->v[i]->name);

		names = n > names ? n : names;
		text.n = 0;
		put_safe_text(d, d->v[i], &text);
		values = text.n > values && text.n <= VALUE_COLUMN_MAX ? text.n : values;
	}
	for (size_t i = 0; i < d->n; i++) {
		struct gw_config_origin o;

		text.n = 0;
		put_safe_text(d, d->v[i], &text);
		gw_buf_printf(&d->out, "%-*s  %-*s  ", (int)names, d->v[i]->name, (int)values, gw_buf_str(&text));
		if (gw_config_origin(d->cfg, d->v[i], &o))
			put_place(&o.at, &d->out);
		else
			gw_buf_printf(&d->out, "default");
		gw_buf_add_char(&d->out, '\n');
		put_story(d, &o, (int)(names + values + 6));
	}
	gw_buf_done(&text);
}

/* ---- JSON ---- */

void json_put_place(const struct gw_place *at, struct gw_json *j)
{
	gw_json_str(j, "file", at->file);
	gw_json_u64(j, "line", at->line);
	gw_json_u64(j, "column", at->column);
}

static void json_was(const struct dumper *d, const struct gw_config_origin *o, struct gw_json *j)
{
	struct gw_buf text;

	gw_json_open(j, "overrode", '[');
	for (size_t i = 0; i < o->n_was; i++) {
		gw_buf_init(&text, 0);
		put_was(d, &o->was[i], &text);
		gw_json_open(j, NULL, '{');
		gw_json_string(j, "value", gw_buf_slice(&text));
		json_put_place(&o->was[i].at, j);
		gw_json_close(j, '}');
		gw_buf_done(&text);
	}
	gw_json_close(j, ']');
}

static void json_one(const struct dumper *d, const struct gw_option *opt, struct gw_json *j)
{
	struct gw_config_origin o;
	struct gw_buf text;

	gw_buf_init(&text, 0);
	put_text(d, opt, &text);
	gw_config_origin(d->cfg, opt, &o);
	gw_json_open(j, opt->name, '{');
	gw_json_string(j, "value", gw_buf_slice(&text));
	gw_json_str(j, "default", opt->def);
	gw_json_bool(j, "changed", gw_config_is_changed(d->cfg, opt));
	json_put_place(&o.at, j);
	gw_json_str(j, "reload", gw_option_reload_name(opt->reload));
	gw_json_bool(j, "secret", gw_config_has_secret(d->cfg, opt));
	gw_json_open(j, "included_from", '[');
	for (size_t i = 0; i < o.n_chain; i++) {
		gw_json_open(j, NULL, '{');
		json_put_place(&o.chain[i], j);
		gw_json_close(j, '}');
	}
	gw_json_close(j, ']');
	gw_json_str(j, "variable", o.env);
	json_was(d, &o, j);
	gw_json_u64(j, "overrode_count", o.overrode);
	gw_json_close(j, '}');
	gw_buf_done(&text);
}

static void dump_json(struct dumper *d)
{
	struct gw_json j;

	gw_json_init(&j, &d->out);
	gw_json_open(&j, NULL, '{');
	for (size_t i = 0; i < d->n; i++)
		json_one(d, d->v[i], &j);
	gw_json_close(&j, '}');
	gw_buf_add_char(&d->out, '\n');
}

/* ---- the verb ---- */

static int dump_run(const struct gw_cli_args *args)
{
	struct input in = { .path = args->n ? args->operands[0] : NULL, .args = args, .any_store = true };
	bool json = gw_cli_has(args, "json"), table = gw_cli_has(args, "origin") && !json;
	struct dumper d = { .mask = gw_cli_has(args, "mask") || table, .changed = gw_cli_has(args, "changed"),
		.defaults = gw_cli_has(args, "defaults"), .reloadable = gw_cli_has(args, "reloadable") };
	struct result r;
	int code;

	if (d.changed + d.defaults + gw_cli_has(args, "all") > 1)
		return usage_error(args->verb, "--changed, --defaults and --all exclude each other");
	input_read(&in, &r);
	code = result_refuse(&r);
	gw_buf_init(&d.out, 0);
	d.cfg = r.cfg;
	if (r.cfg) {
		choose(&d, !json);
		if (json)
			dump_json(&d);
		else if (table)
			dump_table(&d);
		else
			dump_lines(&d);
	}
	free(d.v);
	result_done(&r);
	return print_text(&d.out) ? code : EXIT_IO;
}

static const struct gw_cli_flag flag_all = { 'a', "all", NULL, "every option: what is done without these three" };
static const struct gw_cli_flag flag_changed = { 'c', "changed", NULL, "leave out what has its default" };
static const struct gw_cli_flag flag_defaults = { 'd', "defaults", NULL, "only what has its default" };
static const struct gw_cli_flag flag_reloadable = { 'r', "reloadable", NULL, "only what a reload can change" };
static const struct gw_cli_flag flag_origin = { 0, "origin", NULL, "a table: where each value is from, what it overrode" };

static const struct gw_cli_flag *const flags[] = { &flag_all, &flag_changed, &flag_defaults, &flag_reloadable,
	&flag_origin, &flag_mask, &flag_json, &flag_override, &flag_ignore, &flag_as, &flag_replace, &flag_root, NULL };

const struct gw_cli_verb verb_dump = {
	.name = "dump",
	.brief = "print every option with its value",
	.doc = "Prints `name = value` lines, sorted by name; those with the default begin with `#`. They read back as the "
	       "same configuration.\n\n"
	       "With --origin there is a table instead: each value with file:line:column, the lines that included the file, "
	       "the environment variable it came from, and the values it overrode with their places, the newest first. The "
	       "table is for people, so secrets in it are hidden: passwords in URLs, and values of environment variables that are "
	       "named like one (PASSWORD, SECRET, TOKEN ...). Lines and JSON hide them with --mask.\n\n"
	       "JSON has all that the table has.",
	.examples = "  gwcfg dump --changed\n"
		    "  gwcfg dump --origin /etc/kopano/gateway.cfg\n"
		    "  gwcfg dump --json --mask --reloadable\n",
	.flags = flags,
	.operand = &value_file,
	.max = 1,
	.run = dump_run,
};

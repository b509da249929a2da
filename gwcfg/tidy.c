/* tidy.c - gwcfg fix and fmt: today's form and the canonical layout of whole configurations */
#include "gwcfg/tree.h"

#include "util/json.h"

#include <stdio.h>
#include <string.h>

struct tidy {
	const struct gw_cli_args *args;
	unsigned flags; /* enum gw_fix_flag */
	bool fix;       /* else the layout only */
	bool listen;    /* listeners in the newer form */
	bool json, diff, write;
	struct gw_buf out;
	struct gw_json j;
};

static void tidy_file(const struct tidy *t, struct tree_file *f)
{
	struct gw_buf now;

	gw_buf_init(&now, 0);
	if (t->fix)
		gw_config_fix(tree_text(f), t->flags, &now, &f->edits);
	else
		gw_config_fmt(tree_text(f), &now, &f->edits);
	if (f->edits.total)
		tree_put(f, &now);
	gw_buf_done(&now);
}

static void put_text(struct tidy *t, const struct tree *c)
{
	for (size_t i = 0; i < c->n; i++) {
		if (!c->v[i]->changed)
			continue;
		gw_diag_put_safe(&t->out, gw_slice_str(c->v[i]->name));
		gw_buf_printf(&t->out, ": %zu line%s changed\n", c->v[i]->edits.total, c->v[i]->edits.total == 1 ? "" : "s");
	}
}

/* What was not done, for people. Returns the exit code that follows from it. */
static int put_rest(const struct tidy *t, const struct tree *c, size_t errors)
{
	size_t left = 0;

	for (size_t i = 0; i < c->n; i++)
		left += c->v[i]->edits.left;
	if (left)
		complain("gwcfg fix: %zu line%s of %s %s ignored or read literally; --meant makes of them what was meant",
			left, left == 1 ? "" : "s", c->v[0]->name, left == 1 ? "is" : "are");
	if (!t->fix || !t->write || !errors)
		return 0;
	complain("gwcfg fix: %s has %zu error%s that cannot be mended here; `gwcfg check' shows them", c->v[0]->name,
		errors, errors == 1 ? "" : "s");
	return EXIT_ERRORS;
}

static void show(struct tidy *t, const struct tree *c)
{
	if (t->json) {
		gw_json_open(&t->j, NULL, '{');
		gw_json_str(&t->j, "file", c->v[0]->name);
		tree_put_json(c, t->write && tree_changed(c), &t->j);
		gw_json_close(&t->j, '}');
	} else if (t->write) {
		put_text(t, c);
	} else if (t->diff || c->n > 1 || t->args->n > 1) {
		tree_put_diff(c, &t->out);
	} else {
		put_file_text(tree_text(c->v[0]), &t->out);
	}
}

static tree_same_fn *same_by(const struct tidy *t)
{
	return t->flags & GW_FIX_MEANT ? NULL : t->listen ? relisten_means_the_same : tree_same_values;
}

static int finish(struct tidy *t, struct tree *c, bool from_stdin)
{
	struct result after = { 0 };
	size_t errors = c->before.diags.errors;
	int code = 0, rest;

	if (tree_changed(c) && !from_stdin) {
		code = tree_check(c, same_by(t), &after);
		errors = after.diags.errors;
		result_done(&after);
		if (code == 0 && t->write)
			code = tree_write(c);
	}
	if (code)
		return code;
	show(t, c);
	rest = put_rest(t, c, errors);
	return t->diff && tree_changed(c) ? EXIT_ERRORS : rest;
}

static int tidy_one(struct tidy *t, const char *path)
{
	bool from_stdin = path && strcmp(path, "-") == 0;
	struct tree c;
	int code;

	if (from_stdin && (t->write || t->listen))
		return usage_error(t->args->verb, "standard input cannot have --%s", t->write ? "write" : "listen");
	code = from_stdin ? tree_open_stdin(&c, t->args->verb->name) : tree_open(&c, t->args->verb->name, path, NULL, NULL);
	if (code == 0 && t->listen && !c.before.cfg) {
		complain("gwcfg fix: %s has errors; the listeners cannot be written anew before they are mended", c.v[0]->name);
		code = EXIT_ERRORS;
	}
	for (size_t i = 0; code == 0 && i < c.n; i++)
		tidy_file(t, c.v[i]);
	if (code == 0 && t->listen)
		relisten(&c);
	if (code == 0)
		code = finish(t, &c, from_stdin);
	tree_done(&c);
	return code;
}

static int tidy_all(struct tidy *t)
{
	int code = 0;

	t->json = gw_cli_has(t->args, "json");
	t->diff = gw_cli_has(t->args, "diff");
	t->write = gw_cli_has(t->args, "write");
	if (t->diff && t->write)
		return usage_error(t->args->verb, "choose one of --diff and --write");
	gw_buf_init(&t->out, 0);
	gw_json_init(&t->j, &t->out);
	if (t->json)
		gw_json_open(&t->j, NULL, '[');
	if (t->args->n == 0)
		code = tidy_one(t, NULL);
	for (size_t i = 0; i < t->args->n; i++) {
		int one = tidy_one(t, t->args->operands[i]);

		code = one > code ? one : code; /* the larger code is the worse trouble */
	}
	if (t->json) {
		gw_json_close(&t->j, ']');
		gw_buf_add_char(&t->out, '\n');
	}
	return print_buf(&t->out) ? code : EXIT_IO;
}

static int fix_run(const struct gw_cli_args *args)
{
	struct tidy t = { .args = args, .fix = true, .flags = gw_cli_has(args, "meant") ? GW_FIX_MEANT : 0,
		.listen = gw_cli_has(args, "listen") };

	return tidy_all(&t);
}

static int fmt_run(const struct gw_cli_args *args)
{
	struct tidy t = { .args = args };

	return tidy_all(&t);
}

static const struct gw_cli_value files = { "FILE|-", GW_CLI_FILES, NULL };
static const struct gw_cli_flag flag_diff = { 'd', "diff", NULL, "print the difference; exit with 1 when there is one" };
static const struct gw_cli_flag flag_write = { 'w', "write", NULL, "write the files" };
static const struct gw_cli_flag flag_meant = { 'm', "meant", NULL, "also change what is ignored or read literally, by mistake" };

static const struct gw_cli_flag flag_listen = { 'l', "listen", NULL, "write the listeners in the newer form, NAME_listen" };

static const struct gw_cli_flag *const fix_flags[] = { &flag_diff, &flag_write, &flag_meant, &flag_listen, &flag_json, NULL };
static const struct gw_cli_flag *const fmt_flags[] = { &flag_diff, &flag_write, &flag_json, NULL };

#define WHERE \
	"Included files are changed too. Without a flag the new text of a single file is printed, or the difference when " \
	"there are several; standard input is taken by itself. Files are written only when the whole configuration has no " \
	"error afterwards that it has not now, each in one step."

const struct gw_cli_verb verb_fix = {
	.name = "fix",
	.brief = "bring old and trap-ridden lines into today's form",
	.doc = "Booleans become yes or no, numbers decimal, sizes get one letter; options that "
	       "do nothing and lines that are set again below become comments, and so does what stands behind a value. A "
	       "configuration without errors means the same afterwards.\n\n"
	       "With `--meant` lines that are ignored today (`imap_port 143`) or that have quotes or a comment in their value "
	       "become what they were most likely meant to be. With `--listen` the options `server_bind`, `NAME_enable` and "
	       "`NAME_port`, which kopano-gateway refuses from 8.7 on, become `NAME_listen` of the same addresses.\n\n" WHERE,
	.examples = "  gwcfg fix --diff\n"
		    "  gwcfg fix --write /etc/kopano/gateway.cfg\n"
		    "  gwcfg fix - < old.cfg > new.cfg\n",
	.flags = fix_flags,
	.operand = &files,
	.max = SIZE_MAX,
	.run = fix_run,
};

const struct gw_cli_verb verb_fmt = {
	.name = "fmt",
	.brief = "write files in the canonical layout",
	.doc = "One blank on both sides of the =, no blanks at line ends, LF, at most one blank line in a row, a line end behind "
	       "the last line. Comments keep their bytes and lines their order.\n\n" WHERE,
	.examples = "  gwcfg fmt --diff\n  gwcfg fmt --write conf/*.cfg\n",
	.flags = fmt_flags,
	.operand = &files,
	.max = SIZE_MAX,
	.run = fmt_run,
};

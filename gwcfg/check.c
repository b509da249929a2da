/* check.c - gwcfg check: everything that is wrong with configuration files, in one run */
#include "gwcfg/gwcfg.h"

#include "util/json.h"

#include <string.h>

struct flags {
	bool json, quiet, no_host, strict;
};

static bool wanted(const struct gw_diag *d, const struct flags *f)
{
	return d->severity != GW_NOTE || !f->quiet;
}

static void put_count(struct gw_buf *out, size_t n, const char *word, const char *before)
{
	if (n)
		gw_buf_printf(out, "%s%zu %s%s", before, n, word, n == 1 ? "" : "s");
}

static void put_text(const struct result *r, const struct flags *f, struct gw_buf *out)
{
	bool color = render_color();

	for (size_t i = 0; i < r->diags.n; i++)
		if (wanted(&r->diags.v[i], f))
			render_diag(&r->diags.v[i], color, out);
	if (f->quiet)
		return;
	gw_diag_put_safe(out, gw_slice_str(r->path));
	gw_buf_printf(out, ": ");
	put_count(out, r->diags.errors, "error", "");
	put_count(out, r->diags.warnings, "warning", r->diags.errors ? ", " : "");
	gw_buf_printf(out, r->diags.errors || r->diags.warnings ? "\n" : "nothing wrong\n");
}

static void put_json(const struct result *r, const struct flags *f, struct gw_json *j)
{
	gw_json_open(j, NULL, '{');
	gw_json_str(j, "file", r->path);
	gw_json_u64(j, "errors", r->diags.errors);
	gw_json_u64(j, "warnings", r->diags.warnings);
	gw_json_u64(j, "notes", r->diags.notes);
	gw_json_open(j, "findings", '[');
	for (size_t i = 0; i < r->diags.n; i++)
		if (wanted(&r->diags.v[i], f))
			gw_diag_put_json(&r->diags.v[i], NULL, j);
	gw_json_close(j, ']');
	gw_json_close(j, '}');
}

/* Files that cannot be read outweigh errors, errors outweigh warnings. */
static int worse(int a, int b)
{
	static const int order[] = { EXIT_FINE, EXIT_WARNINGS, EXIT_ERRORS, EXIT_NO_PERMISSION, EXIT_IO, EXIT_NO_INPUT };
	size_t x = 0, y = 0;

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		if (order[i] == a)
			x = i;
		if (order[i] == b)
			y = i;
	}
	return order[x > y ? x : y];
}

static int check_one(const char *path, const struct gw_cli_args *args, const struct flags *f, struct gw_buf *out,
	struct gw_json *j)
{
	struct input in = { .path = path, .args = args };
	struct result r;
	int code;

	input_read(&in, &r);
	if (r.cfg && !f->no_host)
		host_check(r.cfg, &r.diags);
	code = result_exit(&r);
	if (code == EXIT_FINE && f->strict && r.diags.warnings)
		code = EXIT_WARNINGS;
	if (f->json)
		put_json(&r, f, j);
	else
		put_text(&r, f, out);
	result_done(&r);
	return code;
}

static int check_run(const struct gw_cli_args *args)
{
	const char *format = gw_cli_value(args, "format");
	struct flags f = { .json = format && strcmp(format, "json") == 0, .quiet = gw_cli_has(args, "quiet"),
		.no_host = gw_cli_has(args, "no-host"), .strict = gw_cli_has(args, "warn") };
	struct gw_buf out;
	struct gw_json j;
	int code = 0;

	gw_buf_init(&out, 0);
	gw_json_init(&j, &out);
	if (f.json)
		gw_json_open(&j, NULL, '[');
	if (args->n == 0)
		code = check_one(NULL, args, &f, &out, &j);
	for (size_t i = 0; i < args->n; i++)
		code = worse(code, check_one(args->operands[i], args, &f, &out, &j));
	if (f.json) {
		gw_json_close(&j, ']');
		gw_buf_add_char(&out, '\n');
	}
	return print_buf(&out) ? code : EXIT_IO;
}

static bool format_word(size_t i, struct gw_cli_word *ret)
{
	static const struct gw_cli_word formats[] = { { "text", "for people", NULL }, { "json", "one object a file", NULL } };

	if (i >= sizeof formats / sizeof *formats)
		return false;
	*ret = formats[i];
	return true;
}

static bool strict_word(size_t i, struct gw_cli_word *ret)
{
	*ret = (struct gw_cli_word){ .word = "error" };
	return i == 0;
}

static const struct gw_cli_value format = { "FORMAT", GW_CLI_WORDS, format_word };
static const struct gw_cli_value strict = { "error", GW_CLI_WORDS, strict_word };
static const struct gw_cli_value files = { "FILE|-", GW_CLI_FILES, NULL };
static const struct gw_cli_flag flag_format = { 'f', "format", &format, "how findings are printed" };
static const struct gw_cli_flag flag_strict = { 'W', "warn", &strict, "exit with 2 when there are only warnings" };
static const struct gw_cli_flag flag_quiet = { 'q', "quiet", NULL, "no notes and no last line" };
static const struct gw_cli_flag flag_no_host = { 'n', "no-host", NULL, "do not look at this machine's users and files" };

static const struct gw_cli_flag *const flags[] = { &flag_format, &flag_strict, &flag_quiet, &flag_no_host, &flag_ignore,
	&flag_override, &flag_as, &flag_replace, &flag_root,
	NULL };

const struct gw_cli_verb verb_check = {
	.name = "check",
	.brief = "find what is wrong",
	.flags = flags,
	.operand = &files,
	.max = SIZE_MAX,
	.run = check_run,
};

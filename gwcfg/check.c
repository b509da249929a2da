/* check.c - gwcfg check: everything that is wrong with configuration files, in one run
 *
 * Files are judged by the library; what only this machine can tell (its TLS library, and with --live its users, files,
 * ports and servers) is added while a file is loaded, so that it is told beside errors too. */
#include "gwcfg/check.h"

#include "gwcfg/report.h"

#include <string.h>

static const struct report_format *const formats[] = { &format_text, &format_json, &format_sarif, &format_junit };

#define FORMATS (sizeof formats / sizeof *formats)

static const struct report_format *find_format(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (name && strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return formats[0];
}

/* Files that cannot be read outweigh errors, errors outweigh warnings. */
static int worse(int a, int b)
{
	static const int order[] = { EXIT_FINE, EXIT_WARNINGS, EXIT_ERRORS, EXIT_NO_PERMISSION, EXIT_IO, EXIT_NO_INPUT,
		EXIT_USAGE };
	size_t x = 0, y = 0;

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		if (order[i] == a)
			x = i;
		if (order[i] == b)
			y = i;
	}
	return order[x > y ? x : y];
}

static void judge(void *ctx, const struct gw_config *cfg, struct gw_diags *diags)
{
	const struct gw_cli_args *args = ctx;

	if (!gw_cli_has(args, "root"))
		judge_tls(cfg, diags);
	if (gw_cli_has(args, "live"))
		live_check(cfg, diags);
}

/* What has no place of its own (a default) is told of the file. */
static void name_places(struct result *r)
{
	for (size_t i = 0; i < r->diags.n; i++)
		if (!r->diags.v[i].at.file && *r->path)
			r->diags.v[i].at.file = r->path;
}

static int check_one(const char *path, const struct gw_cli_args *args, const struct report_format *format, struct report *r)
{
	struct input in = { .path = path, .args = args, .judge = judge, .judge_ctx = (void *)args };
	struct result result;
	int code;

	input_read(&in, &result);
	name_places(&result);
	code = result_exit(&result);
	r->unread |= code > EXIT_WARNINGS;
	if (code == EXIT_FINE && r->warnings_fail && result.diags.warnings)
		code = EXIT_WARNINGS;
	format->file(r, &result);
	result_done(&result);
	return code;
}

static int check_run(const struct gw_cli_args *args)
{
	const struct report_format *format = find_format(gw_cli_value(args, "format"));
	struct gw_buf out;
	struct report r = { .out = &out, .quiet = gw_cli_has(args, "quiet"), .color = render_color(),
		.warnings_fail = gw_cli_has(args, "warn") };
	int code = 0;

	if (gw_cli_has(args, "live") && gw_cli_has(args, "root"))
		return usage_error(args->verb, "--live looks at this machine, and --root is the tree of another");
	gw_buf_init(&out, 0);
	gw_json_init(&r.json, &out);
	format->begin(&r);
	if (args->n == 0)
		code = check_one(NULL, args, format, &r);
	for (size_t i = 0; i < args->n; i++)
		code = worse(code, check_one(args->operands[i], args, format, &r));
	format->end(&r, code);
	return print_buf(&out) ? code : EXIT_IO;
}

static bool format_word(size_t i, struct gw_cli_word *ret)
{
	if (i >= FORMATS)
		return false;
	*ret = (struct gw_cli_word){ formats[i]->name, formats[i]->brief, NULL };
	return true;
}

static bool strict_word(size_t i, struct gw_cli_word *ret)
{
	*ret = (struct gw_cli_word){ .word = "error" };
	return i == 0;
}

static const struct gw_cli_value format_value = { "FORMAT", GW_CLI_WORDS, format_word };
static const struct gw_cli_value strict_value = { "error", GW_CLI_WORDS, strict_word };
static const struct gw_cli_value files = { "FILE|-", GW_CLI_FILES, NULL };
static const struct gw_cli_flag flag_format = { 'f', "format", &format_value, "how findings are printed" };
static const struct gw_cli_flag flag_strict = { 'W', "warn", &strict_value, "exit with 2 when there are only warnings" };
static const struct gw_cli_flag flag_quiet = { 'q', "quiet", NULL, "no notes and no last line" };
static const struct gw_cli_flag flag_live = { 'l', "live", NULL, "look at this machine: users, files, ports, servers" };

static const struct gw_cli_flag *const flags[] = { &flag_format, &flag_strict, &flag_quiet, &flag_live, &flag_ignore,
	&flag_override, &flag_as, &flag_replace, &flag_root, NULL };

const struct gw_cli_verb verb_check = {
	.name = "check",
	.brief = "find what is wrong",
	.doc = "Tells everything that gatewayd would refuse or warn about, and more, each finding with its place and a code; "
	       "`gwcfg explain` with a code says what to do. Nothing but the files is looked at, and the TLS library when they "
	       "name ciphers, groups or versions of TLS; with --live, this machine too.\n\n"
	       "Exits with 0 when there are no errors, 1 when there are, 2 when there are warnings and -W error was given.",
	.examples = "  gwcfg check\n"
		    "  gwcfg check -W error -q new.cfg\n"
		    "  gwcfg check --as /etc/gateway/gateway.cfg - < new.cfg\n"
		    "  gwcfg check --replace /etc/gateway/tls.cfg=new-tls.cfg\n"
		    "  gwcfg check --live\n"
		    "  gwcfg check --format sarif gateway.cfg > gwcfg.sarif\n",
	.flags = flags,
	.operand = &files,
	.max = SIZE_MAX,
	.run = check_run,
};

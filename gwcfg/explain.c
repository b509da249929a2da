/* explain.c - gwcfg explain: what an option or a finding is */
#include "gwcfg/gwcfg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	gw_buf_add_char(out, '\n');
	gw_cli_put_wrapped(out, opt->doc, 0);
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

static int explain_run(const struct gw_cli_args *args)
{
	struct input in = { .path = gw_cli_value(args, "config"), .any_store = true };
	struct result r = { 0 };
	struct gw_buf out;
	int code = 0;

	if (in.path) {
		input_read(&in, &r);
		code = r.cfg ? 0 : result_refuse(&r);
	}
	gw_buf_init(&out, 0);
	for (size_t i = 0; i < args->n && code == 0; i++) {
		if (i)
			gw_buf_add_char(&out, '\n');
		code = explain_name(args->operands[i], &r, &out);
	}
	if (in.path)
		result_done(&r);
	return print_buf(&out) ? code : EXIT_IO;
}

static const struct gw_cli_flag *const flags[] = { &flag_config, NULL };

const struct gw_cli_verb verb_explain = {
	.name = "explain",
	.brief = "describe options, or findings such as GW1003",
	.flags = flags,
	.operand = &value_option,
	.min = 1,
	.max = SIZE_MAX,
	.run = explain_run,
};

/* dump.c - gwcfg dump: every option with its value */
#include "gwcfg/gwcfg.h"

#include "util/json.h"

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

static int dump_run(const struct gw_cli_args *args)
{
	struct input in = { .path = args->n ? args->operands[0] : NULL, .args = args, .any_store = true };
	bool changed = gw_cli_has(args, "changed");
	struct result r;
	struct gw_buf out;
	int code;

	input_read(&in, &r);
	code = result_refuse(&r);
	gw_buf_init(&out, 0);
	if (r.cfg && gw_cli_has(args, "json"))
		dump_json(r.cfg, changed, &out);
	else if (r.cfg)
		gw_config_dump(r.cfg, changed, &out);
	result_done(&r);
	return print_buf(&out) ? code : EXIT_IO;
}

static const struct gw_cli_flag flag_changed = { 'c', "changed", NULL, "leave out what has its default" };

static const struct gw_cli_flag *const flags[] = { &flag_changed, &flag_json, &flag_override, &flag_as, &flag_replace, &flag_root,
	NULL };

const struct gw_cli_verb verb_dump = {
	.name = "dump",
	.brief = "print every option with its value",
	.flags = flags,
	.operand = &value_file,
	.max = 1,
	.run = dump_run,
};

/* list.c - gwcfg list: the options there are */
#include "gwcfg/gwcfg.h"

#include "util/json.h"

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

static int list_run(const struct gw_cli_args *args)
{
	struct gw_buf out;

	gw_buf_init(&out, 0);
	if (gw_cli_has(args, "json"))
		list_json(&out);
	else
		list_text(&out);
	return print_buf(&out) ? EXIT_FINE : EXIT_IO;
}

static const struct gw_cli_flag *const flags[] = { &flag_json, NULL };

const struct gw_cli_verb verb_list = { .name = "list", .brief = "list all options", .flags = flags, .run = list_run };

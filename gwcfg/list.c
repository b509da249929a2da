/* list.c - gwcfg list: the options there are, or some of them */
#include "gwcfg/gwcfg.h"

#include "config/history.h"
#include "config/plan.h"
#include "util/json.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

/* What an option must be like to be listed; NULL members do not matter. */
struct filter {
	const char *group, *type, *reload, *since;
	bool retired;
	const struct gw_config *cfg; /* only what it changes; NULL */
	char *const *patterns;
	size_t n_patterns;
};

static bool matches_pattern(const char *name, const char *pattern)
{
	return strpbrk(pattern, "*?[") ? fnmatch(pattern, name, 0) == 0 : strstr(name, pattern) != NULL;
}

static bool matches_any(const char *name, const struct filter *f)
{
	for (size_t i = 0; i < f->n_patterns; i++)
		if (matches_pattern(name, f->patterns[i]))
			return true;
	return f->n_patterns == 0;
}

static bool matches(const struct gw_option *opt, const struct filter *f)
{
	bool retired = opt->type == GW_OPT_RETIRED;

	if (f->group && strcmp(f->group, gw_option_group_name(opt->group)) != 0)
		return false;
	if (f->type && strcmp(f->type, gw_option_type_name(opt)) != 0)
		return false;
	if (f->reload && (retired || strcmp(f->reload, gw_option_reload_name(opt->reload)) != 0))
		return false;
	if (f->since && gw_version_compare(opt->since, f->since) < 0)
		return false;
	if ((f->retired && !retired) || (f->cfg && (retired || !gw_config_is_changed(f->cfg, opt))))
		return false;
	return matches_any(opt->name, f);
}

void json_option(const struct gw_option *opt, struct gw_json *j)
{
	char takes[256], example[256];
	bool retired = opt->type == GW_OPT_RETIRED;

	gw_option_takes(opt, takes, sizeof takes);
	gw_json_str(j, "name", opt->name);
	gw_json_str(j, "type", gw_option_type_name(opt));
	gw_json_str(j, "group", gw_option_group_title(opt->group));
	gw_json_str(j, "takes", takes);
	gw_json_str(j, "default", retired ? NULL : opt->def);
	gw_option_example(opt, example, sizeof example);
	gw_json_str(j, "example", retired ? NULL : example);
	gw_json_str(j, "reload", retired ? NULL : gw_option_reload_name(opt->reload));
	gw_json_str(j, "since", opt->since);
	gw_json_str(j, "brief", opt->brief);
	gw_json_str(j, "doc", opt->doc);
}

static void list_json(const struct filter *f, struct gw_buf *out)
{
	struct gw_json j;

	gw_json_init(&j, out);
	gw_json_open(&j, NULL, '[');
	for (size_t i = 0; i < gw_option_count(); i++) {
		if (!matches(gw_option_at(i), f))
			continue;
		gw_json_open(&j, NULL, '{');
		json_option(gw_option_at(i), &j);
		gw_json_close(&j, '}');
	}
	gw_json_close(&j, ']');
	gw_buf_add_char(out, '\n');
}

static void list_text(const struct filter *f, struct gw_buf *out)
{
	for (unsigned g = 0; g < GW_GROUP_COUNT; g++) {
		bool first = true;

		for (size_t i = 0; i < gw_option_count(); i++) {
			const struct gw_option *opt = gw_option_at(i);

			if (opt->group != g || !matches(opt, f))
				continue;
			if (first)
				gw_buf_printf(out, "%s%s\n", out->n ? "\n" : "", gw_option_group_title(opt->group));
			gw_buf_printf(out, "  %-30s %s\n", opt->name, opt->brief);
			first = false;
		}
	}
}

static bool any(const struct filter *f)
{
	for (size_t i = 0; i < gw_option_count(); i++)
		if (matches(gw_option_at(i), f))
			return true;
	return false;
}

static int list(const struct gw_cli_args *args, const struct filter *f)
{
	struct gw_buf out;

	gw_buf_init(&out, 0);
	if (gw_cli_has(args, "json"))
		list_json(f, &out);
	else
		list_text(f, &out);
	if (!any(f) && !f->cfg) {
		complain("gwcfg list: no option is like that; `gwcfg list' shows all");
		return print_buf(&out) ? EXIT_ERRORS : EXIT_IO;
	}
	return print_buf(&out) ? EXIT_FINE : EXIT_IO;
}

static int list_run(const struct gw_cli_args *args)
{
	struct filter f = { .group = gw_cli_value(args, "group"), .type = gw_cli_value(args, "type"),
		.reload = gw_cli_value(args, "reload"), .since = gw_cli_value(args, "since"),
		.retired = gw_cli_has(args, "retired"), .patterns = args->operands, .n_patterns = args->n };
	struct input in = { .path = gw_cli_value(args, "config"), .args = args, .any_store = true };
	struct result r;
	int code;

	if (f.since && !gw_version_valid(f.since))
		return usage_error(args->verb, "\"%.60s\" is no version; write 8.7, 9.0 or \"gateway 0.1\"", f.since);
	if (in.path && !gw_cli_has(args, "changed"))
		return usage_error(args->verb, "--config goes with --changed");
	if (!gw_cli_has(args, "changed"))
		return list(args, &f);
	input_read(&in, &r);
	f.cfg = r.cfg;
	code = r.cfg ? list(args, &f) : result_refuse(&r);
	result_done(&r);
	return code;
}

/* ---- words ---- */

static bool group_word(size_t i, struct gw_cli_word *ret)
{
	if (i >= GW_GROUP_COUNT)
		return false;
	*ret = (struct gw_cli_word){ gw_option_group_name((enum gw_option_group)i),
		gw_option_group_title((enum gw_option_group)i), NULL };
	return true;
}

/* The i-th type that some row has and none before it. */
static bool type_word(size_t i, struct gw_cli_word *ret)
{
	for (size_t k = 0, distinct = 0; k < gw_option_count(); k++) {
		bool seen = false;

		for (size_t m = 0; m < k; m++)
			seen |= gw_option_at(m)->type == gw_option_at(k)->type;
		if (seen || distinct++ != i)
			continue;
		*ret = (struct gw_cli_word){ .word = gw_option_type_name(gw_option_at(k)) };
		return true;
	}
	return false;
}

static bool reload_word(size_t i, struct gw_cli_word *ret)
{
	if (i >= GW_RELOADS)
		return false;
	*ret = (struct gw_cli_word){ gw_option_reload_name((enum gw_reload)i), gw_reload_words((enum gw_reload)i), NULL };
	return true;
}

static bool option_name_word(size_t i, struct gw_cli_word *ret)
{
	return value_option.word(i, ret);
}

static const struct gw_cli_value value_group = { "GROUP", GW_CLI_WORDS, group_word };
static const struct gw_cli_value value_type = { "TYPE", GW_CLI_WORDS, type_word };
static const struct gw_cli_value value_reload = { "WHEN", GW_CLI_WORDS, reload_word };
static const struct gw_cli_value value_pattern = { "PATTERN", GW_CLI_NAMES, option_name_word };
static const struct gw_cli_flag flag_group = { 'g', "group", &value_group, "of this group" };
static const struct gw_cli_flag flag_type = { 't', "type", &value_type, "of this type" };
static const struct gw_cli_flag flag_reload = { 'r', "reload", &value_reload, "whose change counts then" };
static const struct gw_cli_flag flag_since = { 's', "since", &value_version, "that came with this version or later" };
static const struct gw_cli_flag flag_changed = { 0, "changed", NULL, "whose value here is not the default" };
static const struct gw_cli_flag flag_retired = { 0, "retired", NULL, "that no longer do anything" };

static const struct gw_cli_flag *const flags[] = { &flag_group, &flag_type, &flag_reload, &flag_since, &flag_changed,
	&flag_config, &flag_override, &flag_ignore, &flag_retired, &flag_json, NULL };

const struct gw_cli_verb verb_list = {
	.name = "list",
	.brief = "list options",
	.doc = "Lists the options by group, each with what it is. The flags leave out those that are not as they say; a "
	       "PATTERN is a part of the name, or a name with `*`, `?` and `[]` as in a shell. Of several patterns one must "
	       "fit.\n\n"
	       "With --json there is an array with an object for each option, with all that is known of it.",
	.examples = "  gwcfg list --group tls\n"
		    "  gwcfg list --reload restart --changed\n"
		    "  gwcfg list 'max_*' timeout\n"
		    "  gwcfg list --json --since 'gateway 0.1'\n",
	.flags = flags,
	.operand = &value_pattern,
	.max = SIZE_MAX,
	.run = list_run,
};

/* verbs.c - the verbs of gwcfg, and the flags that several of them have
 *
 * To add a verb: a file with its row (`const struct gw_cli_verb verb_x`), a line here and in gwcfg.h. Help and
 * completions follow. */
#include "gwcfg/gwcfg.h"

#include "cli/options.h"

static const struct gw_cli_verb *const verbs[] = {
	&verb_check, &verb_expand, &verb_dump, &verb_get, &verb_explain, &verb_since, &verb_list, &verb_diff, &verb_plan,
	&verb_schema,
	&verb_convert,
	&verb_set, &verb_unset, &verb_fix, &verb_fmt, &verb_secrets,
};

const struct gw_cli gwcfg_cli = {
	.program = "gwcfg",
	.manual = "gwcfg(1)",
	.brief = "check, show, explain and change the configuration of gatewayd",
	.verbs = verbs,
	.n = sizeof verbs / sizeof *verbs,
};

/* ---- what arguments are ---- */

const struct gw_cli_value value_file = { "FILE", GW_CLI_FILES, NULL };
const struct gw_cli_value value_directory = { "DIR", GW_CLI_DIRECTORIES, NULL };
const struct gw_cli_value value_option = { "NAME", GW_CLI_NAMES, gw_cli_option_word };
const struct gw_cli_value value_setting = { "NAME=VALUE", GW_CLI_SETTINGS, gw_cli_option_word };
static const struct gw_cli_value path_and_file = { "PATH=FILE", GW_CLI_WORD_FILE, NULL };

/* ---- flags ---- */

const struct gw_cli_flag flag_json = { 'j', "json", NULL, "print JSON" };
const struct gw_cli_flag flag_config = { 'c', "config", &value_file, "the configuration, instead of the usual one" };
const struct gw_cli_flag flag_override = { 'o', "override", &value_setting, "set an option, as on the command line of the daemon" };
const struct gw_cli_flag flag_ignore = { 'i', "ignore-unknown", NULL, "wrong names and values are only warnings" };
const struct gw_cli_flag flag_socket = { 's', "socket", &value_file, "the control socket of the daemon" };
const struct gw_cli_flag flag_as = { 0, "as", &value_file, "the file lies there, for its includes and findings" };
const struct gw_cli_flag flag_replace = { 0, "replace", &path_and_file, "read FILE where the configuration names PATH" };
const struct gw_cli_flag flag_mask = { 'm', "mask", NULL, "hide secrets" };
const struct gw_cli_flag flag_root = { 0, "root", &value_directory, "paths are below DIR: the tree of another machine" };

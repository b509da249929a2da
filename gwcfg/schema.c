/* schema.c - gwcfg schema: what is made from the rows of the options and of the verbs */
#include "gwcfg/gwcfg.h"

static bool shell_word(size_t i, struct gw_cli_word *ret)
{
	static const char *const shells[] = { "bash", "zsh", "fish" };

	if (i >= sizeof shells / sizeof *shells)
		return false;
	*ret = (struct gw_cli_word){ .word = shells[i] };
	return true;
}

static const struct gw_cli_value shell = { "SHELL", GW_CLI_WORDS, shell_word };
static const struct gw_cli_flag flag_man = { 0, "man", NULL, "gateway.cfg(5)" };
static const struct gw_cli_flag flag_sample = { 0, "sample", NULL, "gateway.cfg with all options and comments" };
static const struct gw_cli_flag flag_completion = { 0, "completion", &shell, "completion of this program for a shell" };

static int schema_run(const struct gw_cli_args *args)
{
	struct gw_buf out;

	if (args->n_given != 1)
		return usage_error(args->verb, "choose one form");
	gw_buf_init(&out, 0);
	if (gw_cli_has(args, "man"))
		gw_schema_man(&out);
	if (gw_cli_has(args, "sample"))
		gw_schema_sample(&out);
	if (gw_cli_has(args, "completion"))
		gw_cli_put_completion(&gwcfg_cli, gw_cli_value(args, "completion"), &out);
	return print_buf(&out) ? EXIT_FINE : EXIT_IO;
}

static const struct gw_cli_flag *const flags[] = { &flag_man, &flag_sample, &flag_completion, NULL };

const struct gw_cli_verb verb_schema = {
	.name = "schema",
	.brief = "print what is made from the option table",
	.flags = flags,
	.run = schema_run,
};

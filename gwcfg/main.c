/* main.c - gwcfg: check, show, explain and change the configuration of gatewayd
 *
 * Nothing is loaded that a verb does not need: the tool runs on every pass of a configuration management system and
 * starts in a few milliseconds. */
#include "gwcfg/gwcfg.h"

#include <stdio.h>
#include <string.h>

static int print_version(void)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_buf_printf(&b, "gwcfg %s\n", GW_VERSION);
	return print_buf(&b) ? EXIT_FINE : EXIT_IO;
}

static int overview(FILE *f, int code)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_cli_put_overview(&gwcfg_cli, &b);
	if (f == stdout)
		return print_buf(&b) ? code : EXIT_IO;
	fputs(gw_buf_str(&b), f);
	gw_buf_done(&b);
	return code;
}

static int help_of(const struct gw_cli_verb *verb)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_cli_put_help(&gwcfg_cli, verb, &b);
	return print_buf(&b) ? EXIT_FINE : EXIT_IO;
}

static const struct gw_cli_verb *find_verb(const char *word)
{
	char *const words[] = { (char *)word };
	const struct gw_cli_verb *v = gw_cli_find(&gwcfg_cli, 1, words), *near;

	if (v)
		return v;
	near = gw_cli_nearest(&gwcfg_cli, word);
	complain("gwcfg: there is no verb \"%s\"%s%s%s", word, near ? "; did you mean " : "", near ? near->name : "",
		near ? "?" : "; `gwcfg help' shows all");
	return NULL;
}

static int run(const struct gw_cli_verb *verb, int argc, char **argv)
{
	struct gw_cli_args args;
	struct gw_err err = { 0 };
	int code;

	if (gw_cli_parse(&gwcfg_cli, verb, argc, argv, &args, &err) < 0)
		return usage_error(verb, "%s", err.text);
	code = args.help ? help_of(verb) : verb->run(&args);
	gw_cli_args_done(&args);
	return code;
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	const struct gw_cli_verb *verb;

	if (argc < 2)
		return overview(stderr, EXIT_USAGE);
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
		return print_version();
	if (strcmp(word, "help") == 0 && argc > 2)
		return (verb = find_verb(argv[2])) ? help_of(verb) : EXIT_USAGE;
	if (strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		return overview(stdout, EXIT_FINE);
	verb = find_verb(word);
	return verb ? run(verb, argc - 1, argv + 1) : EXIT_USAGE;
}

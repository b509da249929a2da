/* main.c - gwcfg: check, show and explain the configuration of gatewayd
 *
 * One row a verb. Nothing is loaded that a check does not need: the tool runs on every pass of a configuration
 * management system and starts in a few milliseconds. */
#include "gwcfg/gwcfg.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct verb {
	const char *name;
	const char *args;
	const char *brief;
	int (*run)(int argc, char **argv);
};

static const struct verb verbs[] = {
	{ "check", "[-inq] [-f text|json] [-o name=value] [-W error] [file ... | -]", "find what is wrong", verb_check },
	{ "expand", "[file | -]", "print the files as one, includes in place", verb_expand },
	{ "dump", "[-cj] [-o name=value] [file | -]", "print every option with its value", verb_dump },
	{ "explain", "[-c file] name ...", "describe options, or findings such as GW1003", verb_explain },
	{ "list", "[-j]", "list all options", verb_list },
	{ "schema", "--man | --sample | --completion bash|zsh|fish", "print what is made from the option table", verb_schema },
};
#define VERBS (sizeof verbs / sizeof *verbs)

static void put_usage(FILE *f)
{
	fprintf(f, "usage:\n");
	for (size_t i = 0; i < VERBS; i++)
		fprintf(f, "  gwcfg %-7s %s\n%*s%s\n", verbs[i].name, verbs[i].args, 16, "", verbs[i].brief);
	fprintf(f, "  gwcfg help | --version\n"
		   "Without a file the usual one is read. gwcfg(1) says more.\n");
}

int usage_error(const char *verb, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "gwcfg %s: ", verb);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n");
	for (size_t i = 0; i < VERBS; i++)
		if (strcmp(verbs[i].name, verb) == 0)
			fprintf(stderr, "usage: gwcfg %s %s\n", verb, verbs[i].args);
	return EXIT_USAGE;
}

int next_flag(int argc, char **argv, const char *shorts, const struct option *longs)
{
	int c;

	opterr = 0;
	c = getopt_long(argc, argv, shorts, longs, NULL);
	if (c == '?')
		usage_error(argv[0], "\"%s\" is not a flag, or its argument is missing", argv[optind - 1]);
	return c;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		put_usage(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		put_usage(stdout);
		return EXIT_FINE;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		printf("gwcfg %s\n", GW_VERSION);
		return EXIT_FINE;
	}
	for (size_t i = 0; i < VERBS; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(argc - 1, argv + 1);
	fprintf(stderr, "gwcfg: there is no verb \"%s\"\n", argv[1]);
	put_usage(stderr);
	return EXIT_USAGE;
}

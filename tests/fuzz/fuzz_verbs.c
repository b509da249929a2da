/* fuzz_verbs.c - the verbs of gwcfg that print a configuration, on hostile files
 *
 * The first byte chooses a command line, the rest is the main file; what stands behind the first "\001" is the file
 * "b.cfg" beside it. Both are all there is below the root of the command, so nothing else of the machine is read. What
 * expand prints, expanded again, is the same byte for byte, and what dump prints reads back. */
#include "gwcfg/gwcfg.h"

#include "util/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARGS_MAX 12

static char root[] = "/tmp/gwcfg-fuzz-XXXXXX";

static const struct command {
	const struct gw_cli_verb *verb;
	const char *args[ARGS_MAX]; /* in front of --root and the file */
	bool again;                 /* its output is a file that it prints the same */
} commands[] = {
	{ &verb_expand, { NULL }, true },
	{ &verb_expand, { "--sizes=human", "--no-comments" }, true },
	{ &verb_expand, { "--sizes=bytes", "--env=keep", "--ignore-unknown" }, false },
	{ &verb_expand, { "--changed", "--mask" }, false },
	{ &verb_expand, { "--json", "--env=all" }, false },
	{ &verb_dump, { NULL }, true },
	{ &verb_dump, { "--changed" }, true },
	{ &verb_dump, { "--origin", "--ignore-unknown" }, false },
	{ &verb_dump, { "--json", "--mask" }, false },
	{ &verb_check, { "--quiet", "-W", "error" }, false },
	{ &verb_check, { "--format=sarif" }, false },
	{ &verb_convert, { "--from=kopano", "--json" }, false },
};

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void remove_root(void)
{
	char path[64];

	for (const char *name = "ab"; *name; name++) {
		snprintf(path, sizeof path, "%s/%c.cfg", root, *name);
		remove(path);
	}
	rmdir(root);
}

static void write_file(const char *name, struct gw_slice text)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", root, name);
	f = fopen(path, "w");
	check(f && fwrite(text.n ? text.p : "", 1, text.n, f) == text.n && fclose(f) == 0);
}

/* Run a command on a.cfg; *ret is what it printed, to be freed. Returns its exit code. */
static int run(const struct command *c, char **ret, size_t *n)
{
	FILE *out = stdout, *err = stderr;
	char *argv[ARGS_MAX + 5] = { (char *)c->verb->name }, *complaints = NULL;
	struct gw_cli_args args;
	size_t n_complaints;
	int argc = 1, code;

	for (size_t i = 0; i < ARGS_MAX && c->args[i]; i++)
		argv[argc++] = (char *)c->args[i];
	argv[argc++] = (char *)"--root";
	argv[argc++] = root;
	argv[argc++] = (char *)"/a.cfg";
	check(gw_cli_parse(&gwcfg_cli, c->verb, argc, argv, &args, NULL) == 0);
	stdout = open_memstream(ret, n);
	stderr = open_memstream(&complaints, &n_complaints);
	code = c->verb->run(&args);
	fclose(stdout);
	fclose(stderr);
	stdout = out;
	stderr = err;
	free(complaints);
	gw_cli_args_done(&args);
	return code;
}

static void prints_the_same_again(const struct command *c, const char *text, size_t n)
{
	char *again = NULL;
	size_t n_again = 0;

	write_file("a.cfg", gw_slice(text, n));
	check(run(c, &again, &n_again) == EXIT_FINE);
	check(n == n_again && memcmp(text, again, n) == 0);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct command *c = &commands[size ? data[0] % (sizeof commands / sizeof *commands) : 0];
	struct gw_slice rest = { (const char *)data + (size > 0), size - (size > 0) }, first;
	char *text = NULL;
	size_t n = 0;
	int code;

	if (root[strlen(root) - 1] == 'X') {
		check(mkdtemp(root) != NULL);
		atexit(remove_root);
	}
	first = gw_slice_take(&rest, gw_slice_find(rest, '\001'));
	gw_slice_take(&rest, rest.n > 0);
	write_file("a.cfg", first);
	write_file("b.cfg", rest);
	code = run(c, &text, &n);
	if (code == EXIT_FINE && c->again)
		prints_the_same_again(c, text, n);
	free(text);
	return 0;
}

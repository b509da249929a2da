/* main.c - gwctl: steer a running gatewayd
 *
 *	gwctl user add anna      a command (run.c)
 *	gwctl -f SCRIPT          commands from a file (script.c)
 *	gwctl                    a prompt (shell.c), or commands from standard input
 *	gwctl -H HOST ...        all of these on another machine (remote.c) */
#include "gwctl/gwctl.h"

#include "gwctl/completion.h"
#include "gwctl/help.h"

#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int run_interactive(const struct options *base)
{
	struct options o = *base;

	o.interactive = true;
	return shell(&o);
}

static int run(const struct options *o, size_t n, char *const *words)
{
	if (o->version)
		return printf("gwctl %s\n", GW_VERSION) < 0 ? EXIT_REFUSED : EXIT_FINE;
	if (o->completion)
		return print_completion(o->completion);
	if (o->complete)
		return print_proposals(o, n, words);
	if (o->host)
		return run_remote(o, n, words);
	if (o->script && n) {
		complain("either a script or a command, not both: \"%s\" stands behind --file", words[0]);
		return EXIT_USAGE;
	}
	if (o->script)
		return run_script(o, o->script);
	if (n)
		return run_words(o, n, words);
	if (o->help)
		return help_show_all(o);
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) ? run_interactive(o) : run_script(o, "-");
}

/* The flags before the command. Index of its first word, or -1 after a complaint. */
static int read_flags(int argc, char **argv, struct options *o)
{
	struct gw_err err = { .text = "" };
	size_t i = 1, n = (size_t)argc;

	for (; i < n && argv[i][0] == '-' && argv[i][1]; i++) {
		int rc;

		if (strcmp(argv[i], "--") == 0)
			return (int)i + 1;
		rc = flag_read(argv, n, &i, o, &err);
		if (rc == 0)
			complain("there is no flag %s; `gwctl --help' shows all", argv[i]);
		else if (rc < 0)
			complain("%s", err.text);
		if (rc <= 0)
			return -1;
	}
	return (int)i;
}

int main(int argc, char **argv)
{
	struct options o = { .socket = NULL };
	int first, code;

	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	first = read_flags(argc, argv, &o);
	if (first < 0)
		return EXIT_USAGE;
	code = run(&o, (size_t)(argc - first), argv + first);
	if (fflush(stdout) != 0 && code == EXIT_FINE) {
		complain("cannot write the answer");
		code = EXIT_REFUSED;
	}
	return code;
}

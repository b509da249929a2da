/* shell.c - the prompt: commands one after the other, with editing, completion and a history without secrets
 *
 * The one place that knows readline. */
#include "gwctl/gwctl.h"

#include <stdlib.h>
#include <string.h>

#include <readline/history.h>
#include <readline/readline.h>

static void remember(const char *line)
{
	HIST_ENTRY *last = history_get(history_length);

	if (*line && !strstr(line, "password") && !strstr(line, "hash") && !(last && strcmp(last->line, line) == 0))
		add_history(line);
}

int shell(const struct options *o)
{
	char *line;
	int code = EXIT_FINE;

	rl_readline_name = "gwctl";
	using_history();
	printf("gwctl %s. `help' shows the commands, Tab completes, Ctrl-D leaves.\n", GW_VERSION);
	while (code >= 0 && (line = readline("gateway> "))) {
		remember(line);
		code = run_line(o, line);
		free(line);
	}
	if (code >= 0)
		putchar('\n');
	return EXIT_FINE;
}

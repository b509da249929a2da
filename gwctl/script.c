/* script.c - commands line by line: gwctl -f SCRIPT, or from standard input
 *
 * The first that fails ends the run, unless --keep-going. A password that is read from standard input stands on the line
 * behind its command. */
#include "gwctl/gwctl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_script(const char *name)
{
	FILE *f;

	if (strcmp(name, "-") != 0) {
		f = fopen(name, "re");
		if (!f)
			complain("cannot open \"%s\": %s", name, strerror(errno));
		return f;
	}
	setvbuf(stdin, NULL, _IONBF, 0); /* a password on the next line belongs to ask.c */
	return stdin;
}

/* Run line after line. Returns the code of the first that failed. */
static int run_all(const struct options *o, FILE *f, const char *shown)
{
	char *line = NULL;
	size_t cap = 0;
	int first = EXIT_FINE, code = EXIT_FINE;

	for (unsigned number = 1; code >= 0 && getline(&line, &cap, f) >= 0; number++) {
		complain_at(shown, number);
		line[strcspn(line, "\r\n")] = '\0';
		code = run_line(o, line);
		if (code <= 0)
			continue;
		first = first ? first : code;
		if (!o->keep_going || code == EXIT_INTERRUPTED) {
			complain("stopped here");
			break;
		}
	}
	complain_at(NULL, 0);
	free(line);
	return first;
}

int run_script(const struct options *base, const char *name)
{
	struct options o = *base;
	FILE *f = open_script(name);
	int code;

	if (!f)
		return 66; /* EX_NOINPUT */
	o.script = NULL;
	code = run_all(&o, f, strcmp(name, "-") == 0 ? "standard input" : name);
	if (f != stdin)
		fclose(f);
	return code;
}

/* shell.c - the prompt: commands one after the other, with editing, completion and a history without secrets
 *
 * The one place that knows readline. From a pipe the same commands are read line by line; there the first that fails ends
 * the run, as in a script. */
#include "gwctl/gwctl.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#define WORDS_MAX 16

/* Cut a line into words in place: blanks between, "..." and '...' keep them, a backslash keeps the next character.
 * Returns how many, or -1 for a quote that does not end or too many words. */
static int split(char *line, char *words[WORDS_MAX])
{
	char *to = line, quote = 0;
	int n = 0;
	bool in_word = false;

	for (char *p = line;; p++) {
		char c = *p;

		if (c == '\0' || (!quote && (c == ' ' || c == '\t'))) {
			if (in_word)
				*to++ = '\0';
			in_word = false;
			if (c == '\0')
				return quote ? -1 : n;
			continue;
		}
		if (!in_word) {
			if (n == WORDS_MAX)
				return -1;
			in_word = true;
			words[n++] = to;
		}
		if (c == quote && quote)
			quote = 0;
		else if (!quote && (c == '"' || c == '\''))
			quote = c;
		else if (c == '\\' && quote != '\'' && p[1])
			*to++ = *++p;
		else
			*to++ = c;
	}
}

/* Returns the exit code of the line, or -1 for one that ends the shell. */
static int run_line(const struct options *o, char *line)
{
	char *words[WORDS_MAX];
	int n = split(line, words);

	if (n < 0) {
		complain("a quote does not end, or there are too many words");
		return EXIT_USAGE;
	}
	if (n == 0 || words[0][0] == '#')
		return EXIT_FINE;
	if (strcmp(words[0], "exit") == 0 || strcmp(words[0], "quit") == 0)
		return -1;
	if ((strcmp(words[0], "help") == 0 || strcmp(words[0], "?") == 0) && !o->json)
		return help_on((size_t)n - 1, words + 1);
	return run_words(o, (size_t)n, words);
}

/* ---- completion: verbs, then the parameters of the verb ---- */

/* The candidate number i for the text before the word, or NULL behind the last. Owned. */
static char *candidate(size_t *i, const char *before, const char *word)
{
	for (; gw_ctl_verb_at(*i / (GW_CTL_PARAMS_MAX + 1)); ++*i) {
		const struct gw_ctl_verb *v = gw_ctl_verb_at(*i / (GW_CTL_PARAMS_MAX + 1));
		size_t param = *i % (GW_CTL_PARAMS_MAX + 1), n = strlen(before), len = strlen(v->name);
		const char *name = param < GW_CTL_PARAMS_MAX ? v->params[param].name : NULL;

		if (param == GW_CTL_PARAMS_MAX) { /* the verb itself, from where the words before it end */
			if (n <= len && strncmp(v->name, before, n) == 0 && strncmp(v->name + n, word, strlen(word)) == 0)
				return ++*i, gw_xstrdup(v->name + n);
		} else if (name && v->params[param].type != GW_CTL_SECRET && n > len && strncmp(before, v->name, len) == 0 &&
			   before[len] == ' ' && strncmp(name, word, strlen(word)) == 0) {
			return ++*i, gw_xasprintf("%s=", name);
		}
	}
	return NULL;
}

static char *generator(const char *word, int state)
{
	static size_t i; /* readline calls for one candidate at a time */
	char before[256];

	if (!state)
		i = 0;
	snprintf(before, sizeof before, "%.*s", rl_point - (int)strlen(word), rl_line_buffer);
	return candidate(&i, before, word);
}

static char **complete(const char *text, int start, int end)
{
	char **matches = rl_completion_matches(text, generator);

	(void)start;
	(void)end;
	rl_attempted_completion_over = 1;
	if (matches && matches[0] && matches[0][0] && matches[0][strlen(matches[0]) - 1] == '=')
		rl_completion_append_character = '\0';
	return matches;
}

/* ---- the two loops ---- */

static void remember(const char *line)
{
	HIST_ENTRY *last = history_get(history_length);

	if (*line && !strstr(line, "password=") && !strstr(line, "hash=") && !(last && strcmp(last->line, line) == 0))
		add_history(line);
}

static int interactive(const struct options *o)
{
	char *line;
	int code = EXIT_FINE;

	rl_readline_name = "gwctl";
	rl_attempted_completion_function = complete;
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

static int from_pipe(const struct options *o)
{
	char *line = NULL;
	size_t cap = 0;
	int code = EXIT_FINE;

	setvbuf(stdin, NULL, _IONBF, 0); /* a password on the next line belongs to ask.c */
	while (code == EXIT_FINE && getline(&line, &cap, stdin) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';
		code = run_line(o, line);
	}
	free(line);
	return code < 0 ? EXIT_FINE : code;
}

int shell(const struct options *o)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) ? interactive(o) : from_pipe(o);
}

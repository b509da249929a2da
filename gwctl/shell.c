/* shell.c - the prompt: commands one after the other, with editing, completion, help for what stands at the cursor
 *
 * The one place that knows readline. What could stand at the cursor says propose.c, what is kept history.c, how the daemon
 * is prompt.c; they ask the daemon with little patience, so that one that hangs never hangs the prompt. */
#include "gwctl/gwctl.h"

#include "gwctl/history.h"
#include "gwctl/line.h"
#include "gwctl/output.h"
#include "gwctl/prompt.h"
#include "gwctl/propose.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#define PROPOSED_MAX 2000
#define CTRL_C 3

/* readline's functions know no context. */
static struct {
	const struct options *o;
	char **word;  /* proposals, owned, and what they are */
	char **brief;
	size_t n;
	char quote;   /* open at the cursor */
} here;

/* ---- proposals ---- */

static void forget_proposals(void)
{
	for (size_t i = 0; i < here.n; i++) {
		free(here.word[i]);
		free(here.brief[i]);
	}
	free(here.word);
	free(here.brief);
	here.word = here.brief = NULL;
	here.n = 0;
}

/* A word as it is to stand on the line: blanks and the like are escaped where no quote is open. */
static char *on_line(const char *word)
{
	struct gw_buf b;
	char *ret;

	gw_buf_init(&b, 0);
	for (; *word; word++) {
		if (here.quote ? *word == here.quote || (here.quote == '"' && *word == '\\') : strchr(" \t|#\"'\\", *word) != NULL)
			gw_buf_add_char(&b, '\\');
		gw_buf_add_char(&b, *word);
	}
	ret = gw_xstrdup(gw_buf_str(&b));
	gw_buf_done(&b);
	return ret;
}

static void keep_proposal(void *ctx, const char *word, const char *brief)
{
	(void)ctx;
	if (here.n == PROPOSED_MAX)
		return;
	here.word = gw_xrealloc(here.word, here.n + 1, sizeof *here.word);
	here.brief = gw_xrealloc(here.brief, here.n + 1, sizeof *here.brief);
	here.word[here.n] = on_line(word);
	here.brief[here.n++] = brief ? gw_xstrdup(brief) : NULL;
}

static void keep_files(const char *begin, size_t lead, bool directories)
{
	char *name;

	for (int state = 0; (name = rl_filename_completion_function(begin + lead, state)); state = 1) {
		char *whole = gw_xasprintf("%.*s%s", (int)lead, begin, name);

		if (!directories || strchr(name, '/') || rl_filename_completion_desired)
			keep_proposal(NULL, whole, NULL);
		free(whole);
		free(name);
	}
}

/* The stage of the line that the cursor is in: its words but the one at the cursor, and that one. */
struct cursor {
	struct line line;
	char *const *words;
	size_t n;
	const char *begin;
	bool filter; /* behind a "|" */
};

static void find_cursor(struct cursor *c)
{
	size_t first;

	line_cut(rl_line_buffer, (size_t)rl_point, &c->line, NULL);
	first = c->line.stage[c->line.stages - 1];
	c->filter = c->line.stages > 1;
	c->words = c->line.word + first;
	c->n = c->line.n - first;
	c->begin = "";
	here.quote = c->line.quote;
	if (c->line.in_word && c->n)
		c->begin = c->words[--c->n];
}

static void collect(const struct cursor *c)
{
	size_t lead;
	enum propose files;

	forget_proposals();
	if (c->filter) {
		propose_filters(here.o, c->words, c->n, c->begin, keep_proposal, NULL);
		return;
	}
	files = propose(here.o, c->words, c->n, c->begin, keep_proposal, NULL, &lead);
	if (files != PROPOSE_WORDS)
		keep_files(c->begin, lead, files == PROPOSE_DIRECTORIES);
}

static char *generator(const char *text, int state)
{
	static size_t i; /* readline calls for one candidate at a time */

	(void)text;
	if (!state)
		i = 0;
	return i < here.n ? gw_xstrdup(here.word[i++]) : NULL;
}

static char **complete(const char *text, int start, int end)
{
	struct cursor c;
	char **matches;

	(void)start;
	(void)end;
	find_cursor(&c);
	collect(&c);
	line_done(&c.line);
	rl_attempted_completion_over = 1;
	matches = rl_completion_matches(text, generator);
	if (matches && matches[0] && matches[0][0] && strchr("=/", matches[0][strlen(matches[0]) - 1]))
		rl_completion_append_character = '\0';
	return matches;
}

/* Is the byte behind a backslash? Then it ends no word. */
static int is_escaped(char *text, int i)
{
	int n = 0;

	while (i - n > 0 && text[i - n - 1] == '\\')
		n++;
	return n % 2;
}

/* ---- showing them ---- */

static const char *brief_of(const char *word)
{
	for (size_t i = 0; i < here.n; i++)
		if (strcmp(here.word[i], word) == 0)
			return here.brief[i];
	return NULL;
}

static void print_proposal(const char *word, int width)
{
	const char *brief = brief_of(word);

	if (brief)
		printf("  %-*s  %s\n", width, word, brief);
	else
		printf("  %s\n", word);
}

/* Few with what they are, one a line; many as readline shows them. */
static void display(char **matches, int n, int longest)
{
	bool briefs = false;

	for (int i = 1; i <= n; i++)
		briefs |= brief_of(matches[i]) != NULL;
	if (!briefs || n > output_lines() - 4) {
		rl_display_match_list(matches, n, longest);
	} else {
		printf("\n");
		for (int i = 1; i <= n; i++)
			print_proposal(matches[i], longest);
	}
	fflush(stdout);
	rl_on_new_line();
	rl_forced_update_display();
}

/* "?" at the cursor: what stands there, and what could. In quotes and patterns it is itself. */
static int explain(int count, int key)
{
	struct cursor c;
	struct gw_buf text;
	int width = 0;

	find_cursor(&c);
	if (c.line.quote || (c.filter && c.n)) {
		line_done(&c.line);
		return rl_insert(count, key);
	}
	collect(&c);
	gw_buf_init(&text, 0);
	if (!c.filter)
		propose_explain(c.words, c.n, c.begin, &text);
	printf("\n%s", gw_buf_str(&text));
	for (size_t i = 0; i < here.n; i++)
		width = (int)strlen(here.word[i]) > width ? (int)strlen(here.word[i]) : width;
	for (size_t i = 0; i < here.n && (int)i < output_lines(); i++)
		print_proposal(here.word[i], width);
	if ((int)here.n > output_lines())
		printf("  and %zu more\n", here.n - (size_t)output_lines());
	fflush(stdout);
	gw_buf_done(&text);
	line_done(&c.line);
	rl_on_new_line();
	return 0;
}

/* ---- Ctrl-C at the prompt is a key like others, so that none comes at the wrong moment ---- */

static void prepare_terminal(int meta)
{
	struct termios t;

	rl_prep_terminal(meta);
	if (tcgetattr(STDIN_FILENO, &t) < 0)
		return;
	t.c_cc[VINTR] = _POSIX_VDISABLE;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &t);
}

static int drop_line(int count, int key)
{
	(void)count;
	(void)key;
	rl_point = rl_end;
	rl_redisplay();
	fputs("^C", rl_outstream);
	rl_crlf();
	rl_replace_line("", 0);
	rl_done = 1;
	return 0;
}

/* ---- the loop ---- */

static void start_readline(void)
{
	static char words_end[] = " \t\n|", quotes[] = "\"'";
	const Keymap maps[] = { emacs_standard_keymap, vi_insertion_keymap, vi_movement_keymap };

	signal(SIGINT, SIG_IGN); /* but while a command runs, see interrupt.c */
	rl_readline_name = "gwctl";
	rl_initialize();
	rl_attempted_completion_function = complete;
	rl_completion_display_matches_hook = display;
	rl_completer_word_break_characters = words_end;
	rl_basic_word_break_characters = words_end;
	rl_completer_quote_characters = quotes;
	rl_char_is_quoted_p = is_escaped;
	rl_prep_term_function = prepare_terminal;
	for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
		rl_bind_key_in_map(CTRL_C, drop_line, maps[i]);
	rl_bind_key_in_map('?', explain, emacs_standard_keymap);
	rl_bind_key_in_map('?', explain, vi_insertion_keymap);
}

static void put_history(void *ctx, const char *line)
{
	(void)ctx;
	add_history(line);
}

static void remember(const char *path, const char *line)
{
	HIST_ENTRY *last = history_get(history_base + history_length - 1);

	if (!history_may_keep(line) || (last && strcmp(last->line, line) == 0))
		return;
	add_history(line);
	if (path)
		history_add(path, line);
}

/* What was entered: one line, or several that were pasted. Each is run, until one fails. Returns -1 at the end. */
static int run_lines(const struct options *o, char *text, const char *history)
{
	int code = EXIT_FINE;

	for (char *line = text, *next; line && code == EXIT_FINE; line = next) {
		next = strpbrk(line, "\r\n");
		if (next)
			*next++ = '\0';
		remember(history, line);
		code = run_line(o, line);
	}
	return code;
}

static char *ask_line(struct prompt *p, const struct options *o)
{
	struct gw_buf text;
	char *line;

	prompt_ask(p, o);
	if (p->restarted)
		printf("gatewayd was restarted\n");
	gw_buf_init(&text, 0);
	prompt_put(p, output_has_color(o), &text);
	line = readline(gw_buf_str(&text));
	gw_buf_done(&text);
	return line;
}

int shell(const struct options *o)
{
	char *line, *path = history_path();
	struct prompt prompt;
	int code = EXIT_FINE;

	here.o = o;
	start_readline();
	using_history();
	stifle_history(HISTORY_LINES);
	if (path)
		history_load(path, put_history, NULL);
	prompt_init(&prompt);
	printf("gwctl %s. `help' shows the commands, ? what can stand at the cursor, Tab completes, Ctrl-D leaves.\n", GW_VERSION);
	while (code >= 0 && (line = ask_line(&prompt, o))) {
		code = run_lines(o, line, path);
		free(line);
	}
	if (code >= 0)
		putchar('\n');
	forget_proposals();
	free(path);
	return EXIT_FINE;
}

/* cli.h - command lines as rows: one row a verb, one a flag
 *
 * The rows feed the parser, --help, and the completions of bash, zsh and fish, so none of them can name a flag that the
 * others do not know. A program without verbs has one row whose name is NULL. Nothing here prints or exits.
 * Thread: the main thread, while a program starts (getopt_long(3) keeps its place in globals). */
#ifndef GW_CLI_CLI_H
#define GW_CLI_CLI_H

#include "util/buf.h"
#include "util/err.h"

/* A word that an argument can be. */
struct gw_cli_word {
	const char *word;
	const char *brief;  /* NULL: nothing to say */
	const char *values; /* of GW_CLI_SETTINGS: what can stand behind "word=": words with blanks between, or
			     * GW_CLI_A_FILE or GW_CLI_A_DIRECTORY; NULL: anything */
};
#define GW_CLI_A_FILE "FILE"
#define GW_CLI_A_DIRECTORY "DIRECTORY"

enum gw_cli_how {
	GW_CLI_ANY,         /* free text */
	GW_CLI_FILES,       /* a file; "-" too where the row says so in its meta */
	GW_CLI_DIRECTORIES,
	GW_CLI_WORDS,       /* one of the words, nothing else */
	GW_CLI_NAMES,       /* the words are proposed; others are looked at by the verb */
	GW_CLI_SETTINGS,    /* word=value; words that begin with "--" look like flags */
	GW_CLI_WORD_FILE,   /* PATH=FILE: files on both sides */
};

/* What an argument is. */
struct gw_cli_value {
	const char *meta; /* as help shows it: "FILE" */
	enum gw_cli_how how;
	/* The i-th word; false behind the last. NULL but for WORDS, NAMES, SETTINGS; and when gw_cli.operand_word knows. */
	bool (*word)(size_t i, struct gw_cli_word *ret);
};

struct gw_cli_flag {
	char letter;                      /* 0: none */
	const char *name;
	const struct gw_cli_value *value; /* NULL: a switch */
	const char *brief;                /* half a line, no full stop */
};

struct gw_cli_args;

struct gw_cli_verb {
	const char *name;  /* "check", or two words as in "user add"; NULL: the program has no verbs */
	const char *brief; /* half a line, no full stop */
	const char *doc;   /* paragraphs for --help, wrapped when shown */
	const char *examples; /* lines, each a command; NULL */
	const struct gw_cli_flag *const *flags; /* NULL at the end; may be NULL */
	const struct gw_cli_value *operand;     /* NULL: none */
	size_t min, max;                        /* how many operands */
	int (*run)(const struct gw_cli_args *args); /* returns an exit code */
};

struct gw_cli {
	const char *program; /* "gwcfg" */
	const char *manual;  /* "gwcfg(1)" */
	const char *brief;   /* half a line */
	const struct gw_cli_verb *const *verbs;
	size_t n;
	const struct gw_cli_flag *const *flags; /* those that may stand before the verb too, NULL at the end; NULL: none */
	/* The words of an operand whose value has no function of its own: they depend on the verb. NULL: there are none. */
	bool (*operand_word)(const struct gw_cli_verb *verb, size_t i, struct gw_cli_word *ret);
};

/* What stood on the command line; borrows from argv. */
struct gw_cli_args {
	const struct gw_cli *cli;
	const struct gw_cli_verb *verb;
	char **operands;
	size_t n;
	struct {
		const struct gw_cli_flag *flag;
		const char *value;
	} *given;
	size_t n_given;
	bool help; /* --help stood there: nothing else was looked at */
};

/* The verb of a name (of two words: in argv[0] and argv[1]); NULL when there is none. */
const struct gw_cli_verb *gw_cli_find(const struct gw_cli *cli, size_t n, char *const *words);

/* The verb that was most likely meant; NULL when none is near. */
const struct gw_cli_verb *gw_cli_nearest(const struct gw_cli *cli, const char *word);

/* Parse what stands behind argv[0], the verb. Flags and operands may be mixed; "--" ends the flags; "--help" is known
 * to every verb. Returns 0, or GW_EINVAL with a sentence. *ret is free of memory after an error; else
 * gw_cli_args_done(). */
int gw_cli_parse(const struct gw_cli *cli, const struct gw_cli_verb *verb, int argc, char **argv, struct gw_cli_args *ret,
	struct gw_err *err);
void gw_cli_args_done(struct gw_cli_args *a);

bool gw_cli_has(const struct gw_cli_args *a, const char *flag);
/* The last value that was given; NULL: none. */
const char *gw_cli_value(const struct gw_cli_args *a, const char *flag);
/* All values, in order: *i begins at 0. NULL at the end. */
const char *gw_cli_each(const struct gw_cli_args *a, const char *flag, size_t *i);

/* "gwcfg check [-q] [--as PATH] [FILE ...]", one line without its end. */
void gw_cli_put_synopsis(const struct gw_cli *cli, const struct gw_cli_verb *verb, struct gw_buf *out);
/* The help of one verb; of the whole program. */
void gw_cli_put_help(const struct gw_cli *cli, const struct gw_cli_verb *verb, struct gw_buf *out);
void gw_cli_put_overview(const struct gw_cli *cli, struct gw_buf *out);

/* The lines of --help about flags; NULL at the end of the list. */
void gw_cli_put_flags(const struct gw_cli_flag *const *flags, struct gw_buf *out);

/* Paragraphs of plain text, separated by blank lines in s, wrapped to 78 columns behind an indent. Backticks go. */
void gw_cli_put_wrapped(struct gw_buf *out, const char *s, size_t indent);

/* The shells there are completions for, as the value of a flag. */
extern const struct gw_cli_value gw_cli_shell;

/* Completion of the program for "bash", "zsh" or "fish"; false for another shell. */
bool gw_cli_put_completion(const struct gw_cli *cli, const char *shell, struct gw_buf *out);

/* The same for a program that is asked each time: `program --complete -- WORD ...' prints what the last word could be, a
 * line each, with a tab and a few words about it, and at the end perhaps a tab and "files" or "directories". */
bool gw_cli_put_asking_completion(const struct gw_cli *cli, const char *shell, struct gw_buf *out);

#endif

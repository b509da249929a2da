/* gwctl.h - what the files of the tool share
 *
 * gwctl turns words of a command line into one request of the control protocol (lib/ctl), sends it, and shows the answer.
 * What can be asked is in the rows of ctl/verbs.h, and in those of local.c for what gwctl does by itself; hardly anything
 * else here knows a verb by name. */
#ifndef GWCTL_GWCTL_H
#define GWCTL_GWCTL_H

#include "cli/cli.h"
#include "cli/control.h"
#include "ctl/ctl.h"
#include "util/mem.h"

#include <stdio.h>

/* Exit codes (sysexits.h has 64 and 77). 2 and 3 may also come from the daemon: the member "exit" behind OK. */
enum exit_code {
	EXIT_FINE = 0,
	EXIT_REFUSED = 1,
	EXIT_NOT_RUNNING = 3,
	EXIT_USAGE = 64,
	EXIT_NO_PERMISSION = 77,
	EXIT_INTERRUPTED = 130,
};

/* The flags (rows.c has a row each). */
struct options {
	const char *socket;  /* NULL: as the configuration says */
	const char *config;  /* NULL: the usual file */
	const char *host;    /* run on this machine, by ssh */
	const char *script;  /* a file of commands */
	const char *completion; /* a shell, or NULL */
	const char *columns; /* those to show, with commas between; NULL: all */
	const char *sort;    /* a column, "-" before it for the biggest first; NULL: as they come */
	const char *limit;   /* rows; NULL: all */
	const char *color;   /* auto, always, never */
	bool json, csv;
	bool quiet;
	bool no_header;
	bool yes;            /* do not ask back */
	bool hash;           /* what is asked for is a crypt(3) hash */
	bool no_password;    /* make an account nobody can sign on to yet */
	bool keep_going;     /* a script goes on after a command that failed */
	bool complete;       /* propose words instead of running a command */
	bool version, help;

	bool interactive;    /* at the prompt */
	struct filter *filter; /* what the lines go through; NULL: nothing */
};

/* "gwctl: ..." on standard error; in a script with its file and line. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Where the command that runs now stands, for complain(); file NULL: on the command line. */
void complain_at(const char *file, unsigned line);

/* Text of a daemon or a user for the terminal: nothing in it can steer one. */
void put_safe(struct gw_buf *out, struct gw_slice text);

/* ---- request.c: the words of a command as a request ---- */

#define REST_MAX 64

struct request {
	const struct gw_ctl_verb *verb;
	struct gw_slice value[GW_CTL_PARAMS_MAX]; /* borrowed from the words, or in the arena, or secret */
	bool given[GW_CTL_PARAMS_MAX];
	char *const *rest; /* of a local verb that takes a command: its words */
	size_t n_rest;
	struct gw_arena arena;
	struct gw_secret secret;
};

/* Read the words of a command: *o has what flags stood before, and gets those among the words. 0, or GW_EINVAL with a
 * sentence; r->verb is NULL when it was not even known what is asked. With o->help nothing is missing. Free with
 * request_done() in any case. */
int request_read(struct request *r, size_t n, char *const *words, struct options *o, struct gw_err *err);
int request_param(const struct request *r, const char *name); /* index, or -1 */
void request_set(struct request *r, const char *name, struct gw_slice value);
/* The value of a parameter; empty when it was not given. Asking for one that the verb does not have is a bug. */
struct gw_slice request_get(const struct request *r, const char *name);
uint64_t request_number(const struct request *r, const char *name, uint64_t otherwise);
bool request_flag(const struct request *r, const char *name);
/* The request as a line. False: too long. The caller wipes b. */
bool request_encode(const struct request *r, struct gw_buf *b);
void request_done(struct request *r);

/* Which parameter a name stands for: the whole name, or the beginning of one only. *ret_many (may be NULL): of several.
 * Index or -1. */
int param_find(const struct gw_ctl_verb *v, struct gw_slice name, bool *ret_many);
size_t param_count(const struct gw_ctl_verb *v);

/* ---- ask.c ---- */

/* A password or hash for the request: asked twice on a terminal without echo, else the first line of standard input.
 * 0 or an exit code. */
int ask_secret(struct request *r, const struct options *o);

/* A password that exists already, into r->secret: asked once with this prompt on a terminal, else the first line of
 * standard input. 0 or an exit code. */
int ask_password(struct request *r, const char *prompt);

/* Will a person be asked for a confirmation, and can the daemon say first what would go? (It may be left out then.) */
bool ask_wants_account(const struct request *r, const struct options *o);

/* Is it meant? Asks on a terminal; elsewhere only --yes means it. account: what would go; NULL: what the verb does. 0 or an
 * exit code. */
int ask_confirm(struct request *r, const struct options *o, const char *account);

/* ---- client.c ---- */

/* Connect to the daemon. 0, or an exit code after a complaint. Close with gw_control_close(). */
int client_open(struct gw_control *c, const struct options *o);

/* ---- run.c ---- */

/* Run one command. Returns the exit code. */
int run_words(const struct options *o, size_t n, char *const *words);

/* Send a request and show its answer on this connection. Returns the exit code. */
int run_exchange(struct gw_control *c, const struct request *r, const struct options *o);

/* Run a line as the prompt and scripts have it: words, then filters. Returns the exit code, or -1 for one that ends the
 * shell. */
int run_line(const struct options *o, const char *line);

/* ---- script.c, shell.c, remote.c ---- */

/* Commands line by line from a file, "-" for standard input. */
int run_script(const struct options *o, const char *name);

/* The prompt. */
int shell(const struct options *o);

/* The same on o->host, by ssh: n words behind the flags, none for the prompt. */
int run_remote(const struct options *o, size_t n, char *const *words);

/* ---- rows.c ---- */

/* Is words[*i] one of the flags? 1: taken into *o, *i is the last word that belongs to it; 0: it is none; GW_EINVAL. */
int flag_read(char *const *words, size_t n, size_t *i, struct options *o, struct gw_err *err);

/* How many words the flag takes at most: 0 when it is none. Reads nothing. */
size_t flag_words(char *const *words, size_t n, size_t i);

/* The i-th flag, in the order of the help; NULL behind the last. */
const struct gw_cli_flag *flag_row(size_t i);

/* Write flag i as one word when it is set. How many words that is: 0 or 1. */
size_t flag_write(const struct options *o, size_t i, struct gw_buf *out);

/* The flags for people, a line each. */
void put_flags(struct gw_buf *out);

#endif

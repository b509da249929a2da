/* gwctl.h - what the files of the tool share
 *
 * gwctl turns words of a command line into one request of the control protocol (lib/ctl), sends it, and shows the answer.
 * What can be asked is in the rows of ctl/verbs.h; hardly anything here knows a verb by name. */
#ifndef GWCTL_GWCTL_H
#define GWCTL_GWCTL_H

#include "cli/control.h"
#include "ctl/ctl.h"
#include "util/mem.h"

#include <stdio.h>

/* Exit codes (sysexits.h has the last two). */
enum exit_code {
	EXIT_FINE = 0,
	EXIT_REFUSED = 1,
	EXIT_NOT_RUNNING = 3,
	EXIT_USAGE = 64,
	EXIT_NO_PERMISSION = 77,
};

struct options {
	const char *socket;  /* NULL: as the configuration says */
	const char *config;  /* NULL: the usual file */
	bool json;
	bool quiet;
	bool yes;            /* do not ask back */
	bool hash;           /* what is asked for is a crypt(3) hash */
	bool no_password;    /* make an account nobody can sign on to yet */
	const char *completion; /* a shell, or NULL */
	bool version, help;
	char **words;        /* the command */
	size_t n_words;
};

/* "gwctl: ..." on standard error. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Text of a daemon or a user for the terminal: nothing in it can steer one. */
void put_safe(struct gw_buf *out, struct gw_slice text);

/* ---- words.c ---- */

struct request {
	const struct gw_ctl_verb *verb;
	struct gw_slice value[GW_CTL_PARAMS_MAX]; /* borrowed from the words, or secret */
	bool given[GW_CTL_PARAMS_MAX];
	struct gw_secret secret;
};

/* The verb that the first words name and how many they are (ret_used may be NULL); NULL: there is none. */
const struct gw_ctl_verb *find_verb(size_t n, char *const *words, size_t *ret_used);

/* Read the words of a command. 0, or EXIT_USAGE after a complaint. Free with request_done() in any case. */
int request_read(struct request *r, size_t n, char *const *words);
int request_param(const struct request *r, const char *name); /* index, or -1 */
void request_set(struct request *r, const char *name, struct gw_slice value);
/* The request as a line. False: too long. The caller wipes b. */
bool request_encode(const struct request *r, struct gw_buf *b);
void request_done(struct request *r);

/* "usage: gwctl user add name [password=...]" */
void print_verb_usage(FILE *f, const struct gw_ctl_verb *v);

/* ---- ask.c ---- */

/* A password or hash for the request: asked twice on a terminal without echo, else the first line of standard input.
 * 0 or an exit code. */
int ask_secret(struct request *r, const struct options *o);

/* Is it meant? Asks on a terminal; elsewhere only --yes means it. 0 or an exit code. */
int ask_confirm(struct request *r, const struct options *o);

/* ---- client.c ---- */

/* Connect to the daemon. 0, or an exit code after a complaint. Close with gw_control_close(). */
int client_open(struct gw_control *c, const struct options *o);

/* ---- render.c ---- */

struct render;
struct render *render_new(const struct gw_ctl_verb *v, const struct options *o);
void render_row(struct render *r, struct gw_slice json);
/* The end: shows what is left; returns the exit code. */
int render_ok(struct render *r, struct gw_slice json);
int render_err(struct render *r, const struct gw_ctl_answer *a);
void render_free(struct render *r);

/* ---- others ---- */

/* Run one command. Returns the exit code. */
int run_words(const struct options *o, size_t n, char *const *words);

/* The prompt (shell.c); commands line by line when standard input is no terminal. */
int shell(const struct options *o);

void print_help(FILE *f);
int help_on(size_t n, char *const *words);

/* ---- rows.c ---- */

/* Read the flags; *ret borrows from argv. 0, or GW_EINVAL with a sentence. */
int options_read(int argc, char **argv, struct options *ret, struct gw_err *err);

/* The flags for people, a line each. */
void put_flags(struct gw_buf *out);

/* False: no such shell. */
bool put_completion(const char *shell, struct gw_buf *out);

#endif

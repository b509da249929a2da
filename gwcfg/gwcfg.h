/* gwcfg.h - what the files of the tool share
 *
 * gwcfg is a thin skin over lib/config: each verb makes a buffer of text and prints it once. */
#ifndef GWCFG_GWCFG_H
#define GWCFG_GWCFG_H

#include "cli/cli.h"
#include "config/config.h"
#include "config/show.h"
#include "util/buf.h"

struct gw_event;
struct gw_json;

/* Exit codes (sysexits.h has the last four). */
enum exit_code {
	EXIT_FINE = 0,
	EXIT_ERRORS = 1,
	EXIT_WARNINGS = 2,    /* only with -W error */
	EXIT_NOT_RUNNING = 3, /* verbs that need the daemon */
	EXIT_USAGE = 64,
	EXIT_NO_INPUT = 66,
	EXIT_IO = 74,
	EXIT_NO_PERMISSION = 77,
};

/* A configuration to read, and how. */
struct input {
	const char *path;                /* "-": standard input; NULL: the usual file */
	const struct gw_cli_args *args;  /* --override, --ignore-unknown, --as, --replace and --root are taken from
	                                  * here; NULL */
	bool any_store;                  /* do not ask whether this version can open server_socket */
	const struct gw_config_files *files; /* instead of the disk with what those flags say; NULL */
	void (*line)(void *ctx, const struct gw_config_line *line); /* NULL */
	void *line_ctx;
	void (*judge)(void *ctx, const struct gw_config *cfg, struct gw_diags *diags); /* NULL; see config/config.h */
	void *judge_ctx;
};

/* What reading gave. */
struct result {
	char *path;             /* as shown */
	struct gw_config *cfg;  /* NULL when there were errors */
	struct gw_diags diags;
	int rc;                 /* of gw_config_load() */
	bool usage;             /* the flags cannot be obeyed: nothing was read */
};

/* ---- overlay.c ---- */

/* The file system as --as, --replace and --root want it seen, with standard input as a file. */
struct overlay;

/* main: the file operand, "-" or NULL. args: may be NULL. A sentence in err when a flag cannot be obeyed. */
struct overlay *overlay_new(const char *main, const struct gw_cli_args *args, struct gw_err *err);
void overlay_free(struct overlay *o);

/* How the main file is named: by --as, the operand, or the usual path. */
const char *overlay_main(const struct overlay *o);

const struct gw_config_files *overlay_files(const struct overlay *o);

/* Findings about files of --replace that nothing included. */
void overlay_report(const struct overlay *o, struct gw_diags *diags);

/* ---- input.c ---- */

/* The URL schemes that the daemon opens, NULL at the end; the environment of this process, for the library. */
extern const char *const store_schemes[];
const char *env_of(void *ctx, const char *name);

/* Read in; *ret is filled in any case, free with result_done(). */
void input_read(const struct input *in, struct result *ret);
void result_done(struct result *r);

/* The exit code of a reading without regard to warnings. */
int result_exit(const struct result *r);

/* The exit code for a gw_code, 0 or negative. */
int exit_of(int rc);

/* Print the errors of a reading to standard error; returns result_exit(). */
int result_refuse(const struct result *r);

/* ---- print.c ---- */

/* Print b to standard output and free it. False when that fails. */
bool print_buf(struct gw_buf *b);

/* Append text as a file has it; for a terminal, control characters become \xNN. */
void put_file_text(struct gw_slice text, struct gw_buf *out);

/* print_buf() for text as files have it. */
bool print_text(struct gw_buf *b);

/* Say a sentence on standard error, with a line end; control characters in it become \xNN. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Say what is wrong with the arguments; returns EXIT_USAGE. */
int usage_error(const struct gw_cli_verb *verb, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ---- render.c ---- */

/* A finding for people: place, sentence, the line with a caret, what would be right. */
void render_diag(const struct gw_diag *d, bool color, struct gw_buf *out);

/* May standard output have colours? */
bool render_color(void);

/* ---- dump.c ---- */

/* "file", "line" and "column" as members of an object that is open. */
void json_put_place(const struct gw_place *at, struct gw_json *j);

/* ---- list.c ---- */

/* All that is known of an option, as members of an object that is open. */
void json_option(const struct gw_option *opt, struct gw_json *j);

/* ---- since.c ---- */

/* All events of config/history.h; *ret is owned by the caller (free). */
size_t all_events(struct gw_event **ret);

/* "kopano-gateway 8.7", "gateway 0.1". */
void put_version(const char *version, struct gw_buf *out);
void json_event(const struct gw_event *e, struct gw_json *j);

extern const struct gw_cli_value value_version;

/* ---- verbs.c ---- */

extern const struct gw_cli gwcfg_cli;
extern const struct gw_cli_value value_file, value_directory, value_option, value_setting;
extern const struct gw_cli_flag flag_json, flag_config, flag_override, flag_ignore, flag_as, flag_replace, flag_root,
	flag_socket, flag_mask;

extern const struct gw_cli_verb verb_check, verb_expand, verb_dump, verb_get, verb_explain, verb_list, verb_schema, verb_since;
extern const struct gw_cli_verb verb_diff, verb_plan;
extern const struct gw_cli_verb verb_convert;
extern const struct gw_cli_verb verb_set, verb_unset, verb_fix, verb_fmt, verb_secrets;

#endif

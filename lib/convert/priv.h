/* priv.h - what the files of lib/convert share
 *
 * A dialect is read into a list of settings with their places (its own file). The list is applied by the table of the
 * dialect (rows.c): a row says which option a setting becomes and how its value is read (take.c), or why it is not
 * carried. What needs more than one setting, such as listeners, is done by the dialect itself. At last the options are
 * judged by the very loader of gateway.cfg and printed (emit.c). */
#ifndef GW_CONVERT_PRIV_H
#define GW_CONVERT_PRIV_H

#include "config/codes.h"
#include "convert/convert.h"
#include "util/arena.h"

#define CONV_SCOPES 8 /* of a dialect: files or sections that have the same names */

/* A file that was read. Lives in the arena of the conversion, as its text. */
struct conv_file {
	const char *name;             /* as shown to people */
	struct gw_slice text;
	const struct gw_place *chain; /* the lines that included it, innermost first */
	size_t n_chain;
};

/* A place in a file. */
struct conv_at {
	const struct conv_file *file; /* NULL: it stands nowhere, it is the default of the other server */
	unsigned line, column, width;
	struct gw_slice source;       /* the line */
};

struct conv_row;

struct conv_setting {
	struct gw_slice name;  /* as the table has it */
	struct gw_slice value; /* without quotes */
	const char *section;   /* where it stands, shown in front of the name: "protocol imap"; "" */
	unsigned scope;        /* below CONV_SCOPES */
	struct conv_at at;
};

/* An option of gateway.cfg on its way. */
struct conv_result {
	const char *text; /* NULL: not set */
	struct conv_at at;
};

/* The main file, looked at but not used yet. */
struct conv_peek {
	const char *path; /* NULL: none */
	struct gw_config_file file;
	struct gw_err err;
	int rc;
};

struct conv {
	const struct gw_convert_source *src;
	struct gw_diags *report;
	struct gw_arena arena;
	size_t files, bytes;
	size_t held; /* bytes of values */
	size_t variables; /* that were looked up */
	struct conv_setting *settings;
	size_t n, cap;
	struct conv_result *results; /* by row of the option table */
	struct conv_peek peek;
	int rc;                      /* the first failure */
};

/* ---- tables ---- */

typedef void conv_take(struct conv *c, const struct conv_row *row, const struct conv_setting *s);

struct conv_row {
	const char *name;    /* "*" at its end or begin stands for anything; the first row that fits counts */
	conv_take *take;     /* NULL: it is not carried */
	const char *option;  /* ours */
	uint64_t unit;       /* of numbers, sizes and times without unit; 0: 1 */
	const char *why;     /* it is not carried, or only nearly: a clause, "UIDs come from the local store" */
	const char *instead; /* what to do; NULL */
	const char *off;     /* values, separated by "|", with which nothing is lost */
};

struct conv_table {
	const struct conv_row *rows;
	size_t n;
};

/* A row that is carried; one that is carried but means something a little different; one that is not; one that needs
 * no counterpart. */
#define CARRY(name_, take_, option_) { .name = (name_), .take = (take_), .option = (option_) }
#define NEARLY(name_, take_, option_, why_) { .name = (name_), .take = (take_), .option = (option_), .why = (why_) }
#define DROP(name_, why_, instead_) { .name = (name_), .why = (why_), .instead = (instead_) }
#define DROP_UNLESS(off_, name_, why_, instead_) \
	{ .name = (name_), .why = (why_), .instead = (instead_), .off = (off_) }
#define NEEDLESS(name_, why_) { .name = (name_), .take = conv_needless, .why = (why_) }

/* ---- report.c ---- */

/* Append a finding. found and hint may be NULL. */
void conv_find(struct conv *c, unsigned code, const struct conv_at *at, const char *option, const char *found,
	const char *hint, const char *fmt, ...) __attribute__((format(printf, 7, 8)));

/* The finding about a setting that its row asks for: not carried, nearly carried. */
void conv_not_carried(struct conv *c, const struct conv_setting *s, const char *why, const char *instead);
void conv_nearly(struct conv *c, const struct conv_setting *s, const char *option, const char *why,
	const char *instead);

/* The file is not what the dialect asks for: an error. */
void conv_wrong(struct conv *c, const struct conv_at *at, const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The place for a struct gw_diag; strings live in the arena. */
struct gw_place conv_place(const struct conv_at *at);

/* ---- read.c ---- */

/* Read a file; NULL after a failure, which is reported unless missing_ok and it is not there, and kept in c->rc. from:
 * the line that asked for it, NULL for none. */
const struct conv_file *conv_read(struct conv *c, const char *path, const struct conv_at *from, bool missing_ok);

/* Is the main path a directory? Then the conversion looks for files inside. */
bool conv_is_directory(struct conv *c, const char *path);
void conv_peek_done(struct conv *c);

/* Paths that a pattern names, in the arena. */
size_t conv_list(struct conv *c, const char *pattern, const struct conv_at *from, const char *const **ret);

/* Lines of a file; *at is the place of the next one, line 0 at the begin. False at the end. */
bool conv_line(const struct conv_file *f, struct gw_slice *rest, struct conv_at *at);

/* at, narrowed to a part of its line. */
struct conv_at conv_part(const struct conv_at *at, struct gw_slice part);

/* "/etc/x/y" is in "/etc/x"; "y" in ".". The last part of a path. */
const char *conv_directory(struct conv *c, const char *path);
struct gw_slice conv_base(const char *path);
const char *conv_inside(struct conv *c, const char *dir, const char *name);

/* ---- rows.c ---- */

/* Append a setting; false when there are too many (reported). */
bool conv_add(struct conv *c, const struct conv_setting *s);

/* The value that counts: of the last setting of this name and scope; NULL: none. */
const struct conv_setting *conv_last(const struct conv *c, const char *name, unsigned scope);

/* The same for a value that names another. There are so many settings to look through that this is counted: when it was
 * too often, it is an error of the file at the place at, and NULL from then on. */
const struct conv_setting *conv_variable(struct conv *c, struct gw_slice name, unsigned scope, const struct conv_at *at);

/* Apply all settings by the table. */
void conv_apply(struct conv *c, const struct conv_table *t);

/* Apply what the other server does when its file is silent. */
void conv_assume(struct conv *c, const struct conv_table *t, const char *name, const char *value);

const struct conv_row *conv_row_of(const struct conv_table *t, struct gw_slice name);

/* Set an option of ours; the last text counts. One that cannot stand in a file is reported. */
void conv_set(struct conv *c, const char *option, const char *text, const struct conv_at *at);
const char *conv_get(const struct conv *c, const char *option); /* NULL: not set */
struct conv_result *conv_result(const struct conv *c, const char *option);

/* ---- take.c: values ---- */

/* conv_sum adds up what several services say. */
conv_take conv_text, conv_bool, conv_not_bool, conv_number, conv_sum, conv_size, conv_time, conv_mechanisms,
	conv_tls_min, conv_needless;

bool conv_parse_bool(struct gw_slice s, bool *ret);
/* "10M", "10 MB", "4096"; unit: of a number without. */
bool conv_parse_size(struct gw_slice s, uint64_t unit, uint64_t *ret);
/* "90", "1 hour", "1h30m"; seconds. */
bool conv_parse_time(struct gw_slice s, uint64_t unit, uint64_t *ret);

/* Add mechanisms to auth_mechanisms, reporting those that we do not have. */
void conv_add_mechanisms(struct conv *c, const struct conv_setting *s, struct gw_slice words);

/* ---- emit.c ---- */

/* A list of listeners for one service: "address:port", or what is told instead of a host name. */
void conv_add_listener(struct conv *c, enum gw_service service, struct gw_slice address, struct gw_slice port,
	const struct conv_at *at);

/* Services that have no listener are off; everything else that the sample file has and the source does not say. */
void conv_complete(struct conv *c);

/* Judge the options and print them. Returns 0 or a negative gw_code. */
int conv_emit(struct conv *c, struct gw_buf *out);

/* ---- the dialects ---- */

extern const struct conv_table cyrus_table; /* cyrus_rows.c */

void conv_kopano(struct conv *c);
void conv_dovecot(struct conv *c);
void conv_courier(struct conv *c);
void conv_cyrus(struct conv *c);

#endif

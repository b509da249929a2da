/* diag.h - everything that is wrong with a configuration, with its place
 *
 * A load appends to a list that its caller owns; nothing stops at the first mistake. Texts are owned by the list.
 * Codes are stable: GW1xxx are errors, GW2xxx warnings, GW3xxx notes, GW4xxx speak of a conversion; gwcfg(1)
 * lists them. Thread: owner. */
#ifndef GW_CONFIG_DIAG_H
#define GW_CONFIG_DIAG_H

#include "util/arena.h"

struct gw_buf;
struct gw_json;
struct gw_option;

#define GW_DIAGS_MAX 1000      /* kept in a list; more are only counted */
#define GW_DIAGS_OF_ERRORS 100 /* of them, only for errors */

enum gw_severity { GW_NOTE, GW_WARNING, GW_ERROR };

struct gw_place {
	const char *file; /* as it was named, or "command line"; NULL: the built-in default */
	unsigned line;    /* from 1; 0: the file as a whole. On the command line: number of the argument */
	unsigned column;  /* from 1, in bytes; 0: the line as a whole */
};

struct gw_diag {
	enum gw_severity severity;
	unsigned code;                 /* 1003 is shown as GW1003 */
	struct gw_place at;
	unsigned width;                /* bytes the place spans on its line, 0 unknown */
	const struct gw_place *chain;  /* the !include lines that led here, innermost first */
	size_t n_chain;
	size_t chain_left_out;         /* lines of a long chain that are not in it, in front of the last one */
	const struct gw_option *option; /* NULL when it is not about one option */
	const char *text;              /* the sentence, without the option's name in front */
	const char *found;             /* what stands there; NULL */
	const char *expected;          /* what could stand there; NULL */
	const char *suggestion;        /* what to do; NULL */
	const char *source;            /* the line, perhaps cut; NULL when there is none */
};

struct gw_diags {
	struct gw_arena arena;
	struct gw_diag *v;
	size_t n;
	size_t cap;
	size_t errors;   /* counted even when not kept */
	size_t warnings;
	size_t notes;
};

void gw_diags_init(struct gw_diags *d);
void gw_diags_done(struct gw_diags *d);

/* Append a copy of *from (its texts are borrowed for the call); for findings of the program itself. */
void gw_diag_add(struct gw_diags *d, const struct gw_diag *from);

/* How severe a code is, unless a caller forgives it. */
enum gw_severity gw_diag_severity(unsigned code);

/* What a code means, a sentence; NULL for an unknown one. */
const char *gw_diag_code_meaning(unsigned code);

/* More about a code: what to do, and lines of a file that have the finding and that do not have it. */
struct gw_diag_help {
	unsigned code;
	const char *text;  /* plain sentences; `words in backticks` as they would be typed */
	const char *wrong; /* lines, each with its end; NULL when no lines of a file alone have it */
	const char *right; /* NULL: with wrong NULL, or when the lines are to be taken out */
};

/* NULL for an unknown code. */
const struct gw_diag_help *gw_diag_code_help(unsigned code);

/* The i-th code, ascending; 0 behind the last. */
unsigned gw_diag_code_at(size_t i);

/* "error", "warning", "note". */
const char *gw_severity_name(enum gw_severity s);

/* One finding for a log or a terminal: a line "file:line:column: error: option: sentence [GW1003]" and an
 * indented line for each file that included the place. */
void gw_diag_put_text(const struct gw_diag *d, struct gw_buf *out);

/* Its pieces: "file:line:column: " (nothing without a place), "option: sentence [GW1003]" with a line end, and the
 * lines of the chain. */
void gw_diag_put_place(const struct gw_diag *d, struct gw_buf *out);
void gw_diag_put_sentence(const struct gw_diag *d, struct gw_buf *out);
void gw_diag_put_chain(const struct gw_diag *d, struct gw_buf *out);

/* Text of a file for a terminal: control characters, characters that nobody sees, and bytes that are not UTF-8 as
 * \xNN. */
void gw_diag_put_safe(struct gw_buf *out, struct gw_slice text);

/* One finding as a JSON object. key as in util/json.h. */
void gw_diag_put_json(const struct gw_diag *d, const char *key, struct gw_json *j);

#endif

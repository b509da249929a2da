/* priv.h - what the files of lib/config share
 *
 * A load is a run of assignments: lines (lines.c, of files in stack.c) and command line arguments (override.c) become
 * (name, value, origin), the value is parsed by type (value.c) and the last one goes into the snapshot (assign.c). Then the members are judged together (rules.c,
 * listen.c, tls.c). */
#ifndef GW_CONFIG_PRIV_H
#define GW_CONFIG_PRIV_H

#include "config/codes.h"
#include "config/config.h"
#include "util/arena.h"

#include <stdatomic.h>

#define CONFIG_ROWS_MAX 144
#define SUN_PATH_MAX 107      /* bytes of a socket's path, without NUL */
#define CONFIG_OLD_LINE 4095  /* kopano-gateway cut lines and values there */
#define CONFIG_OLD_VALUE 1023
#define CONFIG_SOURCE_MAX 400 /* bytes of a line that a finding keeps */

/* An !include line that is being followed. Lives in the snapshot's arena. */
struct config_include {
	struct gw_place at;
	const struct config_include *from; /* NULL: the line is in the main file */
	size_t depth;                      /* of the file that is included: 1 and more */
};

/* Where an assignment stands. The places of files live in the snapshot's arena. */
struct config_origin {
	struct gw_place at;            /* of the value */
	unsigned width;
	struct gw_place name;          /* of the option's name */
	unsigned name_width;
	const struct config_include *from;
	const char *source;            /* the line, secrets covered */
	const char *env;               /* environment variable that gave the value; NULL */
};

struct config_value {
	const char *text;                   /* canonical */
	const struct config_origin *origin; /* NULL: the default */
	const struct gw_config_was *was;
	size_t n_was, overrode;
};

struct config_state {
	_Atomic unsigned refs;
	struct gw_arena arena;
	struct config_value values[CONFIG_ROWS_MAX]; /* by row */
	const char *listeners[GW_LISTEN_COUNT];     /* texts of cfg->listen */
	const char *versions;                        /* text of cfg->tls_min and cfg->tls_max */
};

#define CONFIG_WAS_MAX 8

/* The last good assignment of an option while files are read; all texts are malloc'ed. A file may set one option a
 * million times: only the last counts, and a few before it are remembered. */
struct config_pending {
	char *text; /* NULL: none */
	struct config_origin origin;
	struct gw_config_was was[CONFIG_WAS_MAX];
	size_t n_was, overrode;
};

/* One gw_config_load() at work. */
struct config_load {
	const struct gw_config_source *src;
	struct gw_config *cfg;
	struct gw_arena *arena;  /* of cfg */
	struct gw_arena scratch; /* of one line */
	struct config_pending pending[CONFIG_ROWS_MAX];
	struct gw_diags *diags;
	size_t first;            /* findings that were there before this load */
};

size_t config_row(const struct gw_option *opt);

static inline struct config_value *config_value(const struct gw_config *cfg, const struct gw_option *opt)
{
	return &cfg->state->values[config_row(opt)];
}

/* ---- diag.c ---- */

/* A finding at an origin (NULL: no place). fmt makes the sentence. The severity follows from the code, unless it is an
 * error that ignore_unknown forgives. */
struct config_finding {
	unsigned code;
	const struct gw_option *option;
	const char *found, *expected, *suggestion;
	bool at_name; /* point at the option's name instead of its value */
	unsigned skip, width; /* point at these bytes of the value; width 0: all of it */
};
void config_find(struct config_load *l, const struct config_origin *o, const struct config_finding *f, const char *fmt,
	...) __attribute__((format(printf, 4, 5)));

/* Let f point at a word of a list that stands at o (NULL: nothing happens), as it is written there. */
void config_at_word(struct config_finding *f, const struct config_origin *o, const char *word);

/* Would a finding of this code be kept? Else it is only counted, and what it costs to make a sentence is saved. */
bool config_keeps(const struct config_load *l, unsigned code);

/* The places of from and what led to it, innermost first, in arena. Of a long chain the middle is left out: *left_out
 * places in front of the last. */
const struct gw_place *config_chain(const struct config_include *from, struct gw_arena *arena, size_t *n, size_t *left_out);

/* ---- secret.c ---- */

/* The beginning of a line for a finding: secrets are asterisks, one a byte, so that columns stay true. In arena. */
const char *config_source(struct gw_arena *arena, struct gw_slice line);

/* Text with GW_MASK for the secrets in it. In arena. */
const char *config_mask(struct gw_arena *arena, struct gw_slice text);

/* ---- value.c: text to value ---- */

union config_parsed {
	bool b;
	uint64_t u;
	struct gw_words words;
	const char *s;
};

/* What is wrong with a value, or only strange (then it was parsed). */
struct config_problem {
	unsigned code; /* 0: nothing */
	unsigned skip, width;
	char text[192];
	char expected[256];
	char suggestion[192];
	char hint[192]; /* the suggestion when nothing better is known */
};

/* Parse text as a value of opt. Strings and lists are copied to the arena. False: p says why. True: p->code may be a
 * warning. */
bool config_parse(const struct gw_option *opt, struct gw_slice text, struct gw_arena *arena, union config_parsed *ret,
	struct config_problem *p);

/* Say what is wrong. Returns false, for `return config_problem(...)`. */
bool config_problem(struct config_problem *p, unsigned code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Cut the next blank-separated word off *s; false at the end. */
bool config_next_word(struct gw_slice *s, struct gw_slice *ret);

/* ---- guess.c: hints about what was meant; NULL when there is nothing to guess ---- */

/* A name that no option has. */
const char *config_guess_name(struct gw_slice name);

/* A line without =, trimmed and not empty. */
const char *config_guess_line(struct gw_slice line, struct gw_arena *arena);

/* A directive that is unknown. */
const char *config_guess_directive(struct gw_slice word, struct gw_slice rest, struct gw_arena *arena);

/* A path that cannot be included. */
const char *config_guess_path(const char *path);

/* ---- number.c ---- */

/* Parse a value of a row that takes a number of any kind. arena is for the time of the call. */
bool config_parse_number(const struct gw_option *opt, struct gw_slice text, struct gw_arena *arena,
	union config_parsed *ret, struct config_problem *p);

/* The largest number a row takes. */
uint64_t config_max(const struct gw_option *opt);

/* ---- text.c: value to text ---- */

/* Put v into the member; the canonical text of the member, in the arena. */
void config_store(struct gw_config *cfg, const struct gw_option *opt, const union config_parsed *v);
const char *config_size_text(uint64_t v, struct gw_arena *arena);
uint64_t config_number(const struct gw_config *cfg, const struct gw_option *opt); /* of numbers and sizes */
const char *config_canonical(const struct gw_config *cfg, const struct gw_option *opt, struct gw_arena *arena);

/* ---- assign.c ---- */

/* Set an option from a file or the command line; o->env is filled when the environment gave the value. */
void config_assign(struct config_load *l, struct gw_slice name, struct gw_slice value, struct config_origin *o);

/* Put what was assigned into the snapshot, and free it. */
void config_commit(struct config_load *l);

/* Put the default of every row into cfg. */
void config_set_defaults(struct gw_config *cfg);

/* Put canonical text of a row (of this or another snapshot) into cfg. */
void config_set_text(struct gw_config *cfg, const struct gw_option *opt, const char *text);

/* ---- lines.c ---- */

/* Read the main file with all it includes. 0 or a negative gw_code when the main file is not readable. */
int config_read(struct config_load *l);

/* ---- override.c ---- */

/* The arguments of the command line. */
void config_read_overrides(struct config_load *l);

/* ---- listen.c, tls.c, rules.c ---- */

/* Parse one listener; false with a sentence in p. */
bool config_parse_listener(struct gw_slice item, struct gw_arena *arena, struct gw_listen *ret, struct config_problem *p);

/* Are all blank-separated items of s listeners? False with the first that is not in p. */
bool config_check_listeners(struct gw_slice s, struct gw_arena *arena, struct config_problem *p);

/* A numeric address of either family: kind and 4 or 16 bytes. */
bool config_parse_ip(struct gw_slice s, enum gw_listen_kind *kind, unsigned char bytes[16]);

/* The text of an address: canonical, as RFC 5952 wants it. out has room for 48 bytes. */
void config_put_ip(enum gw_listen_kind kind, const unsigned char *bytes, char *out);

/* opt is a NAME_listen option, the addresses of the service differ, and none of the options that name them does: then
 * *a and *b are the addresses. */
bool config_listeners_differ(const struct gw_config *was, const struct gw_config *now, const struct gw_option *opt,
	const char **a, const char **b);

/* opt is tls_min_proto, the versions that are spoken differ, and no option that names them has another value: then *a
 * and *b are the versions. */
bool config_versions_differ(const struct gw_config *was, const struct gw_config *now, const struct gw_option *opt,
	const char **a, const char **b);

/* The services whose addresses an option says: bits 1 << enum gw_service; 0: none. */
unsigned config_services_of(const struct gw_option *opt);

/* Fill the derived members. l is NULL when nothing is to be reported. */
void config_derive_listeners(struct gw_config *cfg, struct config_load *l);
void config_derive_tls(struct gw_config *cfg, struct config_load *l);
void config_derive_certs(struct gw_config *cfg, struct config_load *l);

/* All rules between options. */
void config_check_rules(struct config_load *l);

#endif

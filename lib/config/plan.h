/* plan.h - what it means for a service that runs to get another configuration
 *
 * A plan compares two snapshots: options by value, with the class of each change; listeners and certificates as sets.
 * `gwcfg plan` shows it before anything happens, a reload reports from it, so both say the same. Nothing here looks at
 * files or sockets. Thread: owner. */
#ifndef GW_CONFIG_PLAN_H
#define GW_CONFIG_PLAN_H

#include "config/config.h"
#include "util/arena.h"

struct gw_buf;

#define GW_RELOADS 3 /* classes of enum gw_reload */

enum gw_move {
	GW_KEPT,
	GW_ADDED,
	GW_REMOVED,
};

struct gw_plan_option {
	const struct gw_option *opt;  /* opt->reload: when the new value counts */
	const char *was, *now;        /* canonical; with secrets */
	const char *was_shown, *now_shown; /* for people: without them (config/show.h) */
	struct gw_place was_at, now_at; /* file NULL: the default */
	unsigned services;            /* bit 1 << enum gw_service: whose sessions the option is about */
};

struct gw_plan_listener {
	enum gw_service service;
	enum gw_move move;
	const char *text; /* as struct gw_listen */
};

struct gw_plan_cert {
	enum gw_move move; /* GW_KEPT: the same files, whatever is in them */
	const char *cert, *key;
};

struct gw_plan {
	struct gw_arena arena; /* all texts: the snapshots are not needed any more */
	struct gw_plan_option *options; /* that change, in the order of the rows */
	size_t n_options;
	size_t count[GW_RELOADS];       /* of options, by class */
	struct gw_plan_listener *listeners; /* by service; first what there was, then what is added */
	size_t n_listeners;
	size_t moved;                       /* listeners that are added or removed: only a restart does that */
	struct gw_plan_cert *certs;
	size_t n_certs;
};

/* Compare. *p is filled, free with gw_plan_done(). */
void gw_plan_make(struct gw_plan *p, const struct gw_config *was, const struct gw_config *now);

/* NULL is fine. */
void gw_plan_done(struct gw_plan *p);

/* Does anything change at all? */
bool gw_plan_is_empty(const struct gw_plan *p);

/* Take the i-th change of an option out of the plan. */
void gw_plan_drop(struct gw_plan *p, size_t i);

/* The change of an option, or NULL when it keeps its value. */
const struct gw_plan_option *gw_plan_find(const struct gw_plan *p, const struct gw_option *opt);

/* "kept", "added", "removed". */
const char *gw_move_name(enum gw_move m);

/* When a change counts, for people: "at once", "for new sessions", "after a restart". */
const char *gw_reload_words(enum gw_reload r);

/* Services whose sessions an option is about: bits 1 << enum gw_service. */
unsigned gw_option_services(const struct gw_option *opt);

/* ---- a snapshot from values, for tools that look at another process ---- */

struct gw_config_value {
	struct gw_slice name;
	struct gw_slice text;  /* canonical */
	bool set;              /* by a file or the command line, even to the default */
	struct gw_place at;    /* where; not looked at when !set */
	struct gw_slice env;   /* the environment variable that gave it; n is 0: none */
};

/* The snapshot that has these values, and the default for options that are not named. Nothing is checked but that each
 * value is one of its option: it was checked by who had it. Names and values that are not known are left out and
 * counted in *unknown. Owned by the caller. */
struct gw_config *gw_config_rebuild(const struct gw_config_value *v, size_t n, size_t *unknown);

#endif

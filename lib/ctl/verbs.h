/* verbs.h - the orders of the control socket, one row each
 *
 * The rows feed the parser of requests, the check of rights, `help`, gwctl with its completions, and the manual. To add
 * an order: a row in the file of its area (verbs_AREA.c), a handler of the same name in daemon/ctl/. */
#ifndef GW_CTL_VERBS_H
#define GW_CTL_VERBS_H

#include "util/slice.h"

/* What a caller may do. Each level includes the ones before it. */
enum gw_ctl_level {
	GW_CTL_VIEWER,   /* look */
	GW_CTL_OPERATOR, /* keep the service running */
	GW_CTL_ADMIN,    /* change accounts and stores, stop the service */
};

enum gw_ctl_type {
	GW_CTL_STRING,
	GW_CTL_USER,   /* a user name */
	GW_CTL_SECRET, /* never shown, never logged */
	GW_CTL_BOOL,   /* yes, no */
	GW_CTL_UINT,
	GW_CTL_SIZE,   /* bytes: 5000, 20K, 100M, 2G */
	GW_CTL_PATH,   /* an absolute path on the machine of the daemon */
	GW_CTL_WORDS,  /* words with blanks between */
	GW_CTL_SPAN,   /* seconds: 90, 90s, 10m, 2h, 1d, 1h30m */
	GW_CTL_SESSION, /* the id of a session, a number above 0 */
	GW_CTL_MAILBOX, /* a mailbox name in UTF-8, '/' between levels */
	GW_CTL_ADDRESS, /* an IP address, or a network as 192.0.2.0/24; only the characters are checked here */
	GW_CTL_OPTION, /* the name of an option of gateway.cfg */
	GW_CTL_FD,     /* an open file that is passed beside the request (SCM_RIGHTS), not a value of its text */
};

enum gw_ctl_param_flag {
	GW_CTL_REQUIRED = 1 << 0,
	GW_CTL_POSITION = 1 << 1, /* on the command line it may stand without its name, in the order of the rows */
	GW_CTL_MADE = 1 << 2,     /* gwctl makes it by itself: it is on no command line */
};

struct gw_ctl_param {
	const char *name;
	enum gw_ctl_type type;
	unsigned flags; /* enum gw_ctl_param_flag */
	const char *brief;
	const char *words; /* of STRING and WORDS: all that it may be, with blanks between; NULL: anything */
};

#define GW_CTL_PARAMS_MAX 16
#define GW_CTL_WORDS_MAX 3 /* of a verb's name */

enum gw_ctl_verb_flag {
	GW_CTL_STREAM = 1 << 0, /* rows come when something happens, until the client cancels */
	GW_CTL_TEXT = 1 << 1,   /* rows have a member "text" that is meant to be printed as it is */
};

struct gw_ctl_verb {
	const char *name; /* one to three words: "status", "user add" */
	enum gw_ctl_level level;
	struct gw_ctl_param params[GW_CTL_PARAMS_MAX + 1]; /* ends with a NULL name */
	const char *brief; /* half a line */
	const char *doc;   /* sentences: what is sent back, what can go wrong */
	unsigned flags;    /* enum gw_ctl_verb_flag */
};

/* The rows, sorted as people should read them; NULL behind the last. */
const struct gw_ctl_verb *gw_ctl_verb_at(size_t i);

/* How many there are. */
size_t gw_ctl_verb_count(void);

/* The verb that the first of these words name, of the longest name that fits; *ret_used (may be NULL) is how many they
 * are. NULL: there is none. */
const struct gw_ctl_verb *gw_ctl_verb_find(const struct gw_slice *words, size_t n, size_t *ret_used);

/* The verb with exactly this name, its words with one blank between, in any case; NULL: there is none. */
const struct gw_ctl_verb *gw_ctl_verb_named(struct gw_slice name);

/* The name of the verb that was probably meant by text, or NULL. */
const char *gw_ctl_verb_near(struct gw_slice text);

const char *gw_ctl_level_name(enum gw_ctl_level l);  /* "viewer" ... */
const char *gw_ctl_type_name(enum gw_ctl_type t);    /* "string" ... */
bool gw_ctl_level_parse(struct gw_slice s, enum gw_ctl_level *ret);

#endif

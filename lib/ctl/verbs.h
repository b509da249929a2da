/* verbs.h - the orders of the control socket, one row each
 *
 * The rows feed the parser of requests, the check of rights, `help`, gwctl with its completions, and the manual. To add
 * an order: an id here, a row in verbs.c, a handler in the daemon. */
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
};

enum gw_ctl_param_flag {
	GW_CTL_REQUIRED = 1 << 0,
	GW_CTL_POSITION = 1 << 1, /* on the command line it may stand without its name, in the order of the rows */
};

struct gw_ctl_param {
	const char *name;
	enum gw_ctl_type type;
	unsigned flags; /* enum gw_ctl_param_flag */
	const char *brief;
};

#define GW_CTL_PARAMS_MAX 6

enum gw_ctl_verb_id {
	GW_CTL_PING,
	GW_CTL_VERSION,
	GW_CTL_HELP,           /* answered by gw_ctl_put_help() */
	GW_CTL_STATUS,
	GW_CTL_CONFIG_SHOW,
	GW_CTL_RELOAD,
	GW_CTL_STOP,
	GW_CTL_LOG_REOPEN,
	GW_CTL_SESSION_LIST,
	GW_CTL_SESSION_KICK,
	GW_CTL_USER_ADD,
	GW_CTL_USER_PASSWD,
	GW_CTL_USER_LIST,
	GW_CTL_USER_SHOW,
	GW_CTL_USER_ENABLE,
	GW_CTL_USER_DISABLE,
	GW_CTL_USER_FEATURES,
	GW_CTL_USER_QUOTA,
	GW_CTL_USER_RENAME,
	GW_CTL_USER_DELETE,
	GW_CTL_STORE_CHECK,
	GW_CTL_STORE_REPAIR,
	GW_CTL_STORE_BACKUP,
	GW_CTL_STORE_VACUUM,
	GW_CTL_VERBS
};

struct gw_ctl_verb {
	const char *name; /* one or two words: "status", "user add" */
	enum gw_ctl_verb_id id;
	enum gw_ctl_level level;
	struct gw_ctl_param params[GW_CTL_PARAMS_MAX + 1]; /* ends with a NULL name */
	const char *brief; /* half a line */
	const char *doc;   /* sentences: what is sent back, what can go wrong */
};

/* The rows, i < GW_CTL_VERBS, sorted as people should read them. */
const struct gw_ctl_verb *gw_ctl_verb_at(size_t i);

/* The verb made of these words (w2 empty: of one word); NULL: there is none. */
const struct gw_ctl_verb *gw_ctl_verb_find(struct gw_slice w1, struct gw_slice w2);

/* The name of the verb that was probably meant by text, or NULL. */
const char *gw_ctl_verb_near(struct gw_slice text);

const char *gw_ctl_level_name(enum gw_ctl_level l);  /* "viewer" ... */
const char *gw_ctl_type_name(enum gw_ctl_type t);    /* "string" ... */
bool gw_ctl_level_parse(struct gw_slice s, enum gw_ctl_level *ret);

#endif

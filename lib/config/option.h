/* option.h - the rows that describe every option of gateway.cfg
 *
 * One row feeds the parser, gwcfg, gateway.cfg(5), the sample file, shell completion and the answer of a reload. The
 * default is text that goes through the same parser as a file. Thread: any; all rows are constant. */
#ifndef GW_CONFIG_OPTION_H
#define GW_CONFIG_OPTION_H

#include "util/slice.h"

enum gw_option_type {
	GW_OPT_BOOL,
	GW_OPT_UINT,     /* number, base 0 as in C */
	GW_OPT_MODE,     /* permission bits, octal */
	GW_OPT_PORT,
	GW_OPT_SIZE,     /* bytes with k, m, g, t */
	GW_OPT_SECONDS,  /* seconds, or a number with s, m, h, d */
	GW_OPT_ENUM,
	GW_OPT_STRING,
	GW_OPT_PATH,
	GW_OPT_URL,      /* of a store */
	GW_OPT_ADDRESS,  /* numeric IP address */
	GW_OPT_WORDS,    /* blank-separated list */
	GW_OPT_LISTEN,   /* blank-separated list of listeners */
	GW_OPT_RETIRED,  /* accepted, warned about, without effect */
};

/* When a changed value counts after a reload. */
enum gw_reload {
	GW_LIVE,    /* at once, for running sessions too */
	GW_NEXT,    /* for sessions that begin afterwards */
	GW_RESTART, /* after a restart; a reload keeps the old value */
};

enum gw_option_group {
	GW_GROUP_SERVICES,
	GW_GROUP_STORE,
	GW_GROUP_PROCESS,
	GW_GROUP_CONTROL,
	GW_GROUP_IMAP,
	GW_GROUP_POP3,
	GW_GROUP_LOGIN,
	GW_GROUP_TLS,
	GW_GROUP_LIMITS,
	GW_GROUP_LOG,
	GW_GROUP_OLD,
};
#define GW_GROUP_COUNT 11

/* A word of an enumeration; the table ends with word NULL. The first word of a value is the canonical one. */
struct gw_option_word {
	const char *word;
	unsigned value;
};

/* How the original daemon treats a value that we read in another way; the checker warns. */
enum gw_option_flag {
	GW_OPT_NOT_EMPTY = 1,  /* an empty value is an error */
	GW_OPT_OLD_NOT_NO = 2, /* boolean: it took everything but 0, false, no as yes */
	GW_OPT_OLD_YES = 4,    /* boolean: it took nothing but yes as yes */
	GW_OPT_ZERO_OFF = 8,   /* 0 is allowed besides min..max: it means "no limit", "automatic" or "off" */
	GW_OPT_DIRECTORY = 16, /* path: names a directory */
	GW_OPT_DASH = 32,      /* path: "-" is allowed */
	GW_OPT_OLD_THREAD = 128, /* words: what did not begin with "thread" was fork */
	GW_OPT_SET_COUNTS = 256, /* that it is set means something, even to its default */
	GW_OPT_MINUS = 64,     /* number: -1 is allowed and means the same as 0, no limit */
	GW_OPT_OLD_SIZE = 512, /* size: fractions and long units were read in other ways */
	GW_OPT_OLD_AUTO = 1024, /* boolean: one version knew "auto" */
	GW_OPT_OF_SERVER = 2048, /* counts only for a storage server behind HTTP */
	GW_OPT_OF_LOCAL = 4096, /* counts only for the embedded store */
};

struct gw_option {
	const char *name;
	enum gw_option_type type;
	enum gw_option_group group;
	enum gw_reload reload;
	unsigned flags;           /* enum gw_option_flag */
	size_t off;               /* of the member in struct gw_config */
	const char *def;          /* default, as text */
	uint64_t min, max;        /* of numbers, sizes, times; max 0: the type's own */
	const struct gw_option_word *words; /* of GW_OPT_ENUM, and the known words of GW_OPT_WORDS if there are any */
	const char *ship;         /* value in the sample file when it is not the default; NULL */
	const char *example;      /* a value to show when the type gives none that is typical; NULL */
	const char *since;        /* "8.0": where the option comes from; "gateway 0.1" for our own */
	const char *brief;        /* one line, no full stop */
	const char *doc;          /* plain sentences; paragraphs are separated by a blank line */
};

size_t gw_option_count(void);

/* Rows in the order of the manual page: by group. i < gw_option_count(). */
const struct gw_option *gw_option_at(size_t i);

/* By name, case-sensitive; NULL when there is none. */
const struct gw_option *gw_option_find(struct gw_slice name);

/* The name that was most likely meant by an unknown one; NULL when nothing is near. */
const struct gw_option *gw_option_nearest(struct gw_slice name);

/* What the option takes, for people: "a number from 1 to 65535", "yes or no". Empty for free text. Writes at most cap
 * bytes with NUL. */
void gw_option_takes(const struct gw_option *opt, char *out, size_t cap);

const char *gw_option_type_name(const struct gw_option *opt);   /* "size", "boolean" ... */
const char *gw_option_group_title(enum gw_option_group group);  /* "Services" ... */
const char *gw_option_group_name(enum gw_option_group group);   /* "services": a word for command lines */
const char *gw_option_reload_name(enum gw_reload reload);       /* "live", "next", "restart" */

#endif

/* dovecot.h - between the reader of dovecot.conf and what is made of it
 *
 * The reader (dovecot_read.c) knows the syntax: lines, quotes, sections, includes, $variables. What a section means is
 * decided here by the name of each (dovecot.c). */
#ifndef GW_CONVERT_DOVECOT_H
#define GW_CONVERT_DOVECOT_H

#include "convert/priv.h"

#define DOVE_LISTENERS_MAX 64

enum dove_kind {
	DOVE_ROOT,
	DOVE_PROTOCOL,   /* protocol imap, protocol pop3 */
	DOVE_PREFIX,     /* its settings have a longer name outside: ssl_server, quota, plugin */
	DOVE_SERVICE,    /* service imap and the like */
	DOVE_LISTENER,   /* inet_listener of a service of ours */
	DOVE_LOCAL_NAME, /* a certificate for a name */
	DOVE_WORDS,      /* a list of words, each with yes or no */
	DOVE_IGNORED,    /* reported once something stands in it */
};

struct dove_section {
	enum dove_kind kind;
	const char *shown;  /* "protocol imap"; "" */
	const char *prefix; /* of DOVE_PREFIX and DOVE_SERVICE */
	struct gw_slice name, arg;
	unsigned scope;
	struct conv_at at;
	struct gw_slice words;           /* of DOVE_WORDS */
	struct conv_setting cert, key;   /* of DOVE_LOCAL_NAME */
	size_t listener;                 /* of DOVE_LISTENER */
	const char *why, *instead;       /* of DOVE_IGNORED: what to report, NULL when that is done or not to be done */
	unsigned code;
	bool always;                     /* of DOVE_IGNORED: it says something even when nothing stands in it */
};

struct dove_listener {
	struct gw_slice service, name, address, port;
	bool ssl, imap;
	struct conv_at at;
};

/* Why things are not carried, for settings and sections alike. */
#define DOVE_OWN "it is about processes of Dovecot"
#define DOVE_OTHER "the gateway serves IMAP and POP3 only"
#define DOVE_USERS "logins are checked by the local store"
#define DOVE_ACCOUNTS "make accounts with `gwctl user add'; `hash=' takes crypt(3) hashes"
#define DOVE_CLIENT "the gateway connects to no other server"

struct dove {
	struct conv *c;
	struct dove_section stack[GW_CONVERT_DEPTH_MAX];
	size_t depth; /* sections that are open; stack[0] is the root */
	struct dove_listener listeners[DOVE_LISTENERS_MAX];
	size_t n_listeners;
};

static inline struct dove_section *dove_top(struct dove *d)
{
	return &d->stack[d->depth];
}

/* dovecot_rows.c: what its settings become; is this size of the cache of passwords none? */
extern const struct conv_table dove_table;
bool dove_no_cache(const struct conv_setting *size);

/* dovecot_read.c: read a file, and what it includes. */
void dove_read(struct dove *d, const char *path, const struct conv_at *from, bool missing_ok);

/* dovecot.c: a section begins (*s is zeroed but for name, arg and at), ends; a setting stands in the innermost.
 * Is there a setting of this name? */
void dove_open(struct dove *d, struct dove_section *s);
void dove_close(struct dove *d);
bool dove_known(struct gw_slice name);
void dove_setting(struct dove *d, struct gw_slice name, struct gw_slice value, const struct conv_at *at);

#endif

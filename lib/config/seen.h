/* seen.h - what of the configuration one client meets
 *
 * Some options count for some clients only: those of another protocol, of this machine, inside TLS, signed on. The
 * rules stand here once: the daemon asks them for a connection, `gwcfg get --for' for one that somebody imagines.
 * Nothing here knows sockets; the caller says whether an address is one of this machine's. Thread: any. */
#ifndef GW_CONFIG_SEEN_H
#define GW_CONFIG_SEEN_H

#include "config/config.h"

/* ---- single rules ---- */

/* Are passwords refused on such a connection? Clients of this machine and inside TLS are exempt. */
bool gw_config_plaintext_refused(const struct gw_config *cfg, bool tls, bool local);

/* How many connections an address may have at the same time; 0: no limit, as for this machine's own addresses. */
unsigned gw_config_address_limit(const struct gw_config *cfg, bool local);

/* Does the service listen where such a client can get to it? Those of other machines cannot when all its listeners are
 * loopback addresses, the loopback interface, or UNIX sockets. */
bool gw_config_reachable(const struct gw_config *cfg, enum gw_service service, bool local);

/* Does log_file say where the log goes? Else it goes to the system log, or where log_method = auto finds a place. */
bool gw_config_log_is_named(const struct gw_config *cfg);

/* Does what serves the mail take access tokens? It is a JMAP server then, and has no keys of SCRAM. */
bool gw_config_store_has_tokens(const struct gw_config *cfg);

/* What a mechanism of auth_mechanisms needs: the values of that row's words. */
enum gw_mechanism_need {
	GW_MECH_PRIVACY = 1,     /* the password itself is sent: not where plain passwords are refused */
	GW_MECH_TLS = 2,         /* is bound to the TLS connection */
	GW_MECH_CERTIFICATE = 4, /* inside TLS, with a verified certificate of the client */
	GW_MECH_KEYS = 8,        /* the store keeps keys of SCRAM */
	GW_MECH_TOKEN = 16,      /* an access token is sent: to a storage server that takes them, inside TLS or from this machine */
};

/* ---- a client ---- */

enum gw_viewer_fact {
	GW_VIEWER_SERVICE = 1, /* .service is known; without it, an option may count for any */
	GW_VIEWER_PHASE = 2,   /* .signed_on is known */
	GW_VIEWER_ADDRESS = 4, /* .local is known; without it the client is taken for one of another machine */
};

struct gw_viewer {
	unsigned knows; /* enum gw_viewer_fact */
	enum gw_service service;
	bool tls;         /* STARTTLS or STLS was done; pop3s and imaps are inside TLS anyway */
	bool certificate; /* the client has shown a certificate that was verified */
	bool local;       /* the address is one of this machine's, or the connection is a UNIX socket */
	bool signed_on;
};

/* What a client meets. Points into itself and the snapshot: not to be copied. */
struct gw_seen {
	bool counts;       /* false: the option has nothing to do with this client */
	const char *value; /* canonical, as if it stood in the file so; the configured one when !counts */
	const char *why;   /* when it does not count, the rest of a sentence that begins with its name; else a sentence
	                    * that says why it differs or for whom it counts, or NULL */
	char text[160];
	char reason[320];
};

void gw_config_see(const struct gw_config *cfg, const struct gw_option *opt, const struct gw_viewer *w,
	struct gw_seen *ret);

#endif

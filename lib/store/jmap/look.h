/* look.h - is a JMAP server what the gateway needs? For health checks, `gwctl backend test' and `gwcfg check --live'
 *
 * One request each: the first without credentials, which shows that the name, TLS and the server itself work; with
 * a service account a second, for its session object (RFC 8620 section 2). Needs no store. */
#ifndef GW_STORE_JMAP_LOOK_H
#define GW_STORE_JMAP_LOOK_H

#include "store/http/http.h"
#include "store/jmap/session.h"

enum jmap_found {
	JMAP_FOUND_GOOD,
	JMAP_FOUND_AWAY,        /* no answer, or one that says that it is away */
	JMAP_FOUND_NO_TLS,      /* also a certificate that is not accepted */
	JMAP_FOUND_ELSEWHERE,   /* it redirects to another server */
	JMAP_FOUND_NO_RESOURCE, /* what answers has no session resource there */
	JMAP_FOUND_REFUSED,     /* the service account's name or password */
	JMAP_FOUND_LOCKED,      /* it is known and may not sign on */
	JMAP_FOUND_NO_JSON,
	JMAP_FOUND_NO_MAIL,     /* JMAP, but not for mail (RFC 8621) */
	JMAP_FOUND_UNFIT,       /* a session object that mail cannot be served with: no account, a bad address */
	JMAP_FOUND_LIMITS,      /* a limit is missing or 0 */
};

struct jmap_seen {
	const char *name;       /* "server", "session" */
	enum jmap_found found;
	uint64_t us;            /* the request took */
	const char *text;       /* a sentence */
	const struct jmap_session *session; /* of the service account; NULL when it could not be read */
};

struct jmap_look {
	int (*http)(void *ctx, struct http_call *call, struct gw_err *err); /* as http_do() */
	void *http_ctx;
	unsigned kind;          /* http_call.kind of the requests */
	const char *url;        /* of the session resource */
	unsigned server_ms;     /* how long the first request may take, with what is tried again; 0: 15 s, as the second */
	const char *user;       /* the service account; NULL: nobody signs on */
	struct gw_slice authorization; /* its Authorization field */
	bool (*seen)(void *ctx, const struct jmap_seen *s); /* borrowed for the call; false stops */
	void *ctx;
};

/* False: it was stopped. */
bool jmap_look(const struct jmap_look *at);

#endif

/* url.h - URLs of messages and their parts (RFC 5092), as CATENATE takes them (RFC 4469 3)
 *
 * Only what names one message or a part of one is understood: absolute paths (`/box;UIDVALIDITY=1/;UID=2/;SECTION=1.2`),
 * what is relative to a mailbox (`;UID=2`), and those with a server in front. Thread: any. */
#ifndef GW_IMAP_URL_H
#define GW_IMAP_URL_H

#include "util/arena.h"
#include "util/slice.h"

struct imap_url {
	bool has_server;
	struct gw_slice user, host; /* decoded; user empty: none given. Without a port */
	bool has_mailbox;         /* else that of the base */
	struct gw_slice mailbox;  /* decoded: UTF-8, not looked at any further */
	uint32_t uidvalidity;     /* 0: none given */
	uint32_t uid;
	struct gw_slice section;  /* decoded section-spec; empty: the whole message */
	bool partial;             /* ;PARTIAL= (RFC 5550, URL-PARTIAL) */
	uint64_t offset, count;   /* count: UINT64_MAX when none is given */
};

/* The URL of a user's mail on a server (host or host:port), with any mechanism (RFC 5092; RFC 2221 3). Lives in arena. */
const char *imap_url_of_user(struct gw_arena *arena, const char *user, const char *server);

/* That of a mailbox there; name is UTF-8. */
const char *imap_url_of_mailbox(struct gw_arena *arena, const char *user, const char *server, struct gw_slice name);

/* What text says; its strings live in arena. False: it is no URL of a message, or one with URLAUTH. */
bool imap_url_parse(struct gw_slice text, struct gw_arena *arena, struct imap_url *ret);

#endif

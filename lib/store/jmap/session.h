/* session.h - the session object of a JMAP server (RFC 8620 section 2) and its addresses */
#ifndef GW_STORE_JMAP_SESSION_H
#define GW_STORE_JMAP_SESSION_H

#include "store/jmap/facts.h"
#include "util/err.h"

struct jmap_limits { /* the least that RFC 8620 section 2 suggests, where the server does not say */
	uint64_t max_upload, max_request;
	uint32_t max_calls, max_get, max_set, max_concurrent_upload, max_concurrent_requests;
};

struct jmap_account {
	struct gw_slice id, name;
	bool personal, readonly;
	bool mail, quota;           /* accountCapabilities */
	uint32_t max_mailboxes;     /* of a message; 0: no limit told */
	uint32_t max_name;          /* octets of a mailbox name */
	bool may_create_top;
};

struct jmap_session {
	struct jmap_limits limit;
	struct jmap_account *accounts; /* those with mail, the primary one first */
	size_t n_accounts;
	bool quota;                 /* urn:ietf:params:jmap:quota (RFC 9425) */
	bool cyrus_quota;           /* https://cyrusimap.org/ns/jmap/quota */
	struct gw_slice username, state;
	struct gw_slice api, download, upload, events; /* absolute; templates still to be filled; events n 0: none */
};

/* Read a session resource that was got from url (its own address after redirects): relative addresses become absolute ones. Refused
 * with a sentence: no JSON, no mail capability or account, an address of another scheme than url's or of another host (unless
 * other_hosts is true). *ret lives in arena. GW_ECORRUPT. */
int jmap_session_read(struct gw_slice json, const char *url, bool other_hosts, struct gw_arena *arena,
	struct jmap_session *ret, struct gw_err *err);

/* The addresses of templates (RFC 6570 level 1) with percent-encoded values, in arena, NUL-terminated. */
const char *jmap_download_url(const struct jmap_session *s, struct gw_slice account, struct gw_slice blob, struct gw_arena *arena);
const char *jmap_upload_url(const struct jmap_session *s, struct gw_slice account, struct gw_arena *arena);
const char *jmap_event_url(const struct jmap_session *s, unsigned ping_s, struct gw_arena *arena);

#endif

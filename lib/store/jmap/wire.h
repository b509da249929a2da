/* wire.h - JMAP requests and answers (RFC 8620 section 3, RFC 8621) as bytes
 *
 * A request is a list of method calls that is written into a buffer; an answer is parsed once and then asked call by call,
 * by the number that the writer gave the call. Answers come from a server that may lie: size, depth, types, ids and numbers are
 * checked here, and what is wrong is GW_ECORRUPT with a sentence. Sans-I/O. */
#ifndef GW_STORE_JMAP_WIRE_H
#define GW_STORE_JMAP_WIRE_H

#include "store/jmap/session.h"
#include "util/buf.h"
#include "util/json.h"

#define JMAP_OBJECTS_MAX 100000 /* of one call's answer: more is GW_ECORRUPT */

/* ---- requests ---- */

struct jmap_request {
	struct gw_buf out;
	struct gw_slice account; /* borrowed: accountId of every call */
	unsigned calls;
	bool quota;              /* the capabilities that `using` names */
	bool cyrus_quota;
	struct gw_json json;     /* the writer's place in out */
	bool updating;           /* inside the patches of an Email/set */
	bool ended;
};

void jmap_request_init(struct jmap_request *r, const struct jmap_session *s, struct gw_slice account);
void jmap_request_done(struct jmap_request *r);
/* The whole request, when all calls were added. */
struct gw_slice jmap_request_bytes(struct jmap_request *r);

/* Each adds one method call and returns its number. */
unsigned jmap_mailbox_get(struct jmap_request *r, const struct gw_slice *ids, size_t n); /* ids NULL: all */
unsigned jmap_mailbox_changes(struct jmap_request *r, struct gw_slice since);
unsigned jmap_email_state(struct jmap_request *r);          /* Email/get of no ids: only the state */
unsigned jmap_email_changes(struct jmap_request *r, struct gw_slice since, unsigned max);

enum jmap_properties { JMAP_CHANGING, JMAP_ALL_FACTS }; /* id, mailboxIds, keywords; or blobId, threadId, size, receivedAt too */
unsigned jmap_email_get(struct jmap_request *r, const struct gw_slice *ids, size_t n, enum jmap_properties what);
/* The same for the ids another call of this request finds: path as in "/created" (RFC 8620 3.7). */
unsigned jmap_email_get_from(struct jmap_request *r, unsigned call, const char *method, const char *path, enum jmap_properties what);

/* The ids of a mailbox, oldest first (receivedAt); after: the id behind which to go on (n 0: from the first). */
unsigned jmap_email_query(struct jmap_request *r, struct gw_slice mailbox, struct gw_slice after, unsigned limit);
/* The same with a condition on text, for the server's own search; field: "text", "body", "subject", "from" ... */
unsigned jmap_email_search(struct jmap_request *r, struct gw_slice mailbox, const char *field, struct gw_slice words, unsigned limit);

/* Email/set: if_state n 0: unconditional. Add to it between begin and end. */
unsigned jmap_email_set_begin(struct jmap_request *r, struct gw_slice if_state);
struct jmap_patch {
	struct gw_slice id;
	const struct gw_slice *set, *unset;       /* keywords, lower case */
	size_t n_set, n_unset;
	struct gw_slice into, out_of;             /* mailboxes; n 0: none */
};
void jmap_email_set_patch(struct jmap_request *r, const struct jmap_patch *p);
void jmap_email_set_destroy(struct jmap_request *r, const struct gw_slice *ids, size_t n); /* once, after all patches */
void jmap_email_set_end(struct jmap_request *r);

struct jmap_import {
	struct gw_slice blob, mailbox;
	const struct gw_slice *keywords;
	size_t n_keywords;
	int64_t received;                         /* INT64_MIN: the server's time */
};
/* Email/import; the creation id of v[i] is "i<i>". */
unsigned jmap_email_import(struct jmap_request *r, const struct jmap_import *v, size_t n, struct gw_slice if_state);
/* Email/copy from another account, into one mailbox; creation ids as above. */
unsigned jmap_email_copy(struct jmap_request *r, struct gw_slice from_account, const struct gw_slice *ids, size_t n,
	struct gw_slice mailbox);

/* Mailbox/set, one action a call. Creation: missing levels of a path at once, outermost first; the ids of created[i] is
 * "m<i>". parent n 0: top level. role 0: none. */
unsigned jmap_mailbox_create(struct jmap_request *r, struct gw_slice parent, const struct gw_slice *levels, size_t n, enum jmap_role role_of_last,
	bool subscribed);
unsigned jmap_mailbox_rename(struct jmap_request *r, struct gw_slice id, struct gw_slice parent, struct gw_slice name); /* both at once */
unsigned jmap_mailbox_destroy(struct jmap_request *r, struct gw_slice id, bool with_messages);
unsigned jmap_mailbox_subscribe(struct jmap_request *r, struct gw_slice id, bool on);

unsigned jmap_quota_get(struct jmap_request *r);

/* ---- answers ---- */

struct jmap_answer;

/* Parse an answer's body. calls: how many the request had. content_type as http.h gives it. GW_ECORRUPT. */
int jmap_answer_read(struct gw_slice json, unsigned calls, struct jmap_answer **ret, struct gw_err *err);
void jmap_answer_free(struct jmap_answer *a); /* NULL is fine */
struct gw_slice jmap_session_state(const struct jmap_answer *a); /* n 0: not told */

/* What a non-2xx answer of the API, an upload or a download means: RFC 7807 problem, or only the status. Always negative. *ret_limit
 * (may be NULL): the name of the limit that was exceeded, or "". */
int jmap_http_error(int status, struct gw_slice body, const char **ret_limit, struct gw_err *err);

/* An error of a method or of one object (SetError) by its `type`: the gw_code that stands for it in the store (table in
 * error.c, from RFC 8620 3.6.2, 5.3 and RFC 8621), unknown types GW_EIO. */
enum jmap_error { /* where the driver has to do more than to say no */
	JMAP_OK, JMAP_ERR_OTHER, JMAP_ERR_STATE, JMAP_ERR_CHANGES, JMAP_ERR_TOO_MANY_CHANGES, JMAP_ERR_TOO_LARGE, JMAP_ERR_NOT_FOUND, JMAP_ERR_EXISTS,
	JMAP_ERR_BLOB, JMAP_ERR_ANCHOR, JMAP_ERR_UNAVAILABLE, JMAP_ERR_ACCOUNT, JMAP_ERR_HAS_CHILD, JMAP_ERR_HAS_EMAIL, JMAP_ERR_QUOTA,
	JMAP_ERR_FORBIDDEN, JMAP_ERR_INVALID, JMAP_ERR_UNKNOWN_METHOD,
};
struct jmap_failure {
	enum jmap_error kind;
	int code;                      /* enum gw_code for the session; 0 with JMAP_OK */
	struct gw_slice type;          /* as the server wrote it, printable, at most 64 octets */
	struct gw_slice description;   /* the server's sentence for it, printable, at most 200 octets; n 0: none */
	struct gw_slice existing;      /* existingId of alreadyExists; n 0: none */
};                                     /* its slices live as long as the answer */
/* Fill err with "Email/set: the server says overQuota: description"; returns f->code. */
int jmap_fail(const struct jmap_failure *f, const char *what, struct gw_err *err);

/* Did call number `call` succeed as a whole? Answers that are missing or of another name are GW_ECORRUPT in *ret. */
void jmap_call_failure(const struct jmap_answer *a, unsigned call, struct jmap_failure *ret);

/* Of a call that succeeded; the values live in arena. GW_ECORRUPT when they are not what RFC 8620/8621 says, or accountId is not
 * `account`. */
int jmap_take_mailboxes(const struct jmap_answer *a, unsigned call, struct gw_slice account, struct gw_arena *arena,
	struct jmap_mailbox **ret, size_t *ret_n, struct gw_slice *ret_state, struct gw_err *err);
int jmap_take_emails(const struct jmap_answer *a, unsigned call, struct gw_slice account, struct gw_arena *arena, struct jmap_email **ret,
	size_t *ret_n, struct gw_slice **ret_not_found, size_t *ret_n_not_found, struct gw_slice *ret_state, struct gw_err *err);

struct jmap_changes {
	struct gw_slice old_state, new_state;
	bool more, counts_only;        /* counts_only: Mailbox/changes says that only the four counts changed */
	struct gw_slice *changed;      /* created and updated, each once */
	size_t n_changed;
	struct gw_slice *destroyed;
	size_t n_destroyed;
};
int jmap_take_changes(const struct jmap_answer *a, unsigned call, struct gw_slice account, struct gw_arena *arena,
	struct jmap_changes *ret, struct gw_err *err);

/* ids: at most max; *ret_limit: the limit the server applied, 0: none; *ret_state: queryState. */
int jmap_take_ids(const struct jmap_answer *a, unsigned call, struct gw_slice account, struct gw_arena *arena, struct gw_slice **ret,
	size_t *ret_n, uint64_t *ret_limit, struct gw_slice *ret_state, struct gw_err *err);

struct jmap_set {
	struct gw_slice old_state, new_state; /* n 0: not told */
};
int jmap_take_set(const struct jmap_answer *a, unsigned call, struct gw_slice account, struct gw_arena *arena, struct jmap_set *ret,
	struct gw_err *err);
/* What became of one object of a /set, /import or /copy. created: the new object's id (blob, thread, size: of an Email, n 0 or 0 when not
 * told). An object that the answer does not name at all: GW_ECORRUPT kind OTHER. */
struct jmap_created {
	struct gw_slice id, blob, thread;
	uint64_t size;
};
void jmap_object_updated(const struct jmap_answer *a, unsigned call, struct gw_slice id, struct jmap_failure *ret);
void jmap_object_destroyed(const struct jmap_answer *a, unsigned call, struct gw_slice id, struct jmap_failure *ret);
void jmap_object_created(const struct jmap_answer *a, unsigned call, const char *creation, struct gw_arena *arena,
	struct jmap_created *ret, struct jmap_failure *failure);

/* Quotas of the account's mail (both shapes); limits 0: none. */
struct gw_quota;
int jmap_take_quota(const struct jmap_answer *a, unsigned call, struct gw_slice account, struct gw_quota *ret, struct gw_err *err);

/* The answer of an upload (RFC 8620 6.1). */
int jmap_upload_read(struct gw_slice json, struct gw_slice account, struct gw_arena *arena, struct gw_slice *ret_blob, uint64_t *ret_size,
	struct gw_err *err);

/* ---- keywords ---- */

/* System flags (GW_FLAG_*) of keywords, and the rest (spelled as clients know them: $Forwarded, $MDNSent, Junk ...) in *ret, in
 * arena. What only the server may set ($hasattachment ...) is left out. */
uint64_t jmap_flags(const struct gw_slice *keywords, size_t n, struct gw_arena *arena, struct gw_slice **ret, size_t *ret_n);
/* The keywords of system flags (GW_FLAG_*); returns how many. \Deleted has none. */
#define JMAP_SYSTEM_KEYWORDS 4
size_t jmap_system_keywords(uint64_t flags, struct gw_slice ret[JMAP_SYSTEM_KEYWORDS]);
/* The keyword for an IMAP flag: lower case, in arena; n 0: none (\Deleted, \Recent, or what cannot be one). */
struct gw_slice jmap_keyword(struct gw_slice imap_flag, struct gw_arena *arena);

/* ---- event stream (RFC 8620 7.3, WHATWG server-sent events) ---- */

struct jmap_events {
	struct gw_buf line, data;
	bool after_cr, begun;
	char event[16];
	char id[128], last_id[128];     /* of the event that comes; of the last that came, for Last-Event-ID ("": none) */
	unsigned retry_ms;              /* 0: not told */
};
void jmap_events_init(struct jmap_events *e);
void jmap_events_done(struct jmap_events *e);
/* Bytes as they come. changed: a StateChange names the account (type: "Email", "Mailbox", ...; state: opaque). Lines and data are bounded:
 * GW_ELIMIT. GW_ECORRUPT: no JSON where it must be (the stream goes on being usable). */
int jmap_events_feed(struct jmap_events *e, struct gw_slice bytes,
	void (*changed)(void *ctx, struct gw_slice account, struct gw_slice type, struct gw_slice state), void *ctx, struct gw_err *err);

#endif

/* driver.h - the storage driver "jmap": what its files share
 *
 *   store.c      the store: its HTTP client, who signed on, the accounts in use
 *   login.c      signing on: whoever the server lets in
 *   remote.c     an account of the server as this process knows it, its lock, requests to it
 *   sync.c       bringing the mirror up to date: changes, or a full comparison
 *   listing.c    the complete list of one mailbox
 *   acct.c       a signed-on user: reading calls, kept fresh
 *   spaces.c     accounts that others share with the user
 *   across.c     copying between accounts
 *   flags.c expunge.c copy.c append.c append_known.c replace.c mailboxes.c   writing calls: the server first, then the mirror
 *   upload.c ask.c   octets of new messages go there; facts of known ones
 *   batch.c      many changes of messages in few requests
 *   usage.c      quotas
 *   bring.c      bytes of messages that are needed: a window that slides
 *   download.c   one of them on its way
 *   fetch.c      the cursor of store/account with messages that are brought
 *   match.c      searching text
 *   watch.c      hearing of changes: event streams, polling
 *   probe.c      health checks
 *
 * The server has the truth, but for what JMAP has no word for: UID, UIDVALIDITY, MODSEQ, \Deleted, \Recent and copies within an
 * account are the mirror's (store/mirror). Whoever writes to the server or brings the mirror up to date has the account's lock, so
 * that answers come into the mirror in the order in which the server gave them; reading takes no lock. After a write the mirror
 * gets what must have come of it, and then the server's state string if its answer says that nothing else happened meanwhile; if
 * not, the mirror is brought up to date before the client hears of success. */
#ifndef GW_STORE_JMAP_DRIVER_H
#define GW_STORE_JMAP_DRIVER_H

#include <pthread.h>

#include "store/account/acct.h"
#include "store/http/http.h"
#include "store/jmap/pace.h"
#include "store/jmap/wire.h"
#include "store/local/acct.h"
#include "store/mirror/mirror.h"
#include "store/shared/shared.h"

struct jmap_watcher;

enum jmap_call_kind { JMAP_CALL_SESSION, JMAP_CALL_API, JMAP_CALL_UPLOAD, JMAP_CALL_DOWNLOAD };

struct jmap_settings {
	uint64_t cache_max;          /* octets of messages that a mirror keeps */
	unsigned auth_ttl_s;
	unsigned poll_s, poll_quiet_s; /* between two looks: while somebody idles, else */
	bool push, offline, server_search, expunge_to_trash, shared_accounts;
	char *service_user;          /* NULL: none */
	struct gw_secret service_password;
	enum { JMAP_AS_NOBODY, JMAP_AUTHORIZE_AS, JMAP_LOGIN_AS } impersonate;
	char *login_as;              /* a pattern with %u (the user) and %m (the service's user) */
};

struct jmap_store {
	struct local_store local;    /* first: databases of accounts, text indexes, the maildrop lock */
	struct shared *shared;       /* the map that several gateways have in common (store/shared); NULL: this one's alone */
	struct http_client *http;
	struct http_client *events;  /* event streams have connections of their own */
	char *url;                   /* "https://mail.example.org/": http or https, ends in '/' */
	struct jmap_settings set;
	pthread_mutex_t lock;        /* of what follows */
	struct list logins;          /* jmap_login.list */
	struct list remotes;         /* jmap_remote.list */
	char *session_url;           /* where the session resource was found; NULL: not yet */
	struct jmap_watcher *watcher;
	void (*waiting)(void *ctx, bool begin); /* around waits for the network; may be NULL */
	void *waiting_ctx;
	const struct gw_clock *clock;
};

/* http_do() with the pool told that this thread waits. */
int jmap_http(struct jmap_store *js, struct http_call *call, struct gw_err *err);

/* ---- login.c ---- */

/* How a user is known to the server: immutable, shared by his sessions. */
struct jmap_login {
	struct list list;
	unsigned refs;               /* js->lock */
	struct jmap_store *js;
	char *user;
	struct gw_secret authorization; /* value of the header field */
	char *authorize_as;          /* another header field; NULL: none */
	bool own;                    /* the user's own password or token: it counts at the server for others, too */
	struct gw_arena arena;
	struct jmap_session session;
	unsigned char salt[16], proof[32]; /* of the secret, once it was accepted */
	uint64_t verified_ms;
	struct jmap_login *expired;  /* the next of those that are let go */
};

/* Sign on; what gw_store_login(), _login_token() and _open_account() do up to the account. Returns a reference. GW_EAUTH,
 * GW_EDISABLED (the server knows the user and refuses him), GW_EUNAVAIL; GW_EACCES: a token of another user. */
int jmap_login_password(struct jmap_store *js, struct gw_slice user, struct gw_slice password, struct jmap_login **ret,
	struct gw_err *err);
int jmap_login_token(struct jmap_store *js, struct gw_slice user, struct gw_slice token, struct jmap_login **ret,
	struct gw_err *err);
int jmap_login_trusted(struct jmap_store *js, struct gw_slice user, struct jmap_login **ret, struct gw_err *err);

/* Credentials of the service account itself (there must be one), which no server was asked about. A reference. */
struct jmap_login *jmap_login_service(struct jmap_store *js);

/* The same credentials with the session object as it is now; whoever signs on next gets that one, too. */
int jmap_login_again(struct jmap_login *old, struct jmap_login **ret, struct gw_err *err);
struct jmap_login *jmap_login_ref(struct jmap_login *l);
void jmap_login_unref(struct jmap_login *l); /* NULL is fine */
void jmap_login_forget(struct jmap_login *l); /* who signs on with it again is asked about at the server */

/* Forget passwords that were verified too long ago; all of them, before the store is closed. */
void jmap_logins_tidy(struct jmap_store *js, bool all);

/* Let call have the credentials of l: headers is call's array of fields, with room for one more. */
void jmap_login_sign(const struct jmap_login *l, struct http_call *call, struct http_header *headers);

/* ---- remote.c ---- */

struct jmap_remote {
	struct list list;
	unsigned refs;               /* js->lock */
	struct jmap_store *js;
	struct gw_db_account *acc;   /* the mirror */
	char *user;
	char account[JMAP_ID_MAX + 1];
	pthread_mutex_t lock;        /* of the next two */
	pthread_cond_t unlocked;
	bool locked;                 /* some thread has the account's lock */
	int lock_fd;                 /* and between processes: an open file whose lock is taken; -1: not opened */
	pthread_mutex_t login_lock;
	struct jmap_login *login;    /* the latest that worked */
	atomic_bool denied;          /* the server accepts it no more: it is asked for nothing until another one is here */
	_Atomic uint64_t synced_ms;  /* monotonic clock when the last synchronisation began that succeeded; 0: never */
	_Atomic uint64_t tried_ms;   /* the same for the last that failed for want of a server */
	atomic_bool dirty;           /* the server said that something changed */
	atomic_bool pushed;          /* an event stream is open */
	atomic_uint idle;            /* clients that idle */
	struct jmap_pace changes;    /* asked for at a time */
	struct watch *watch;         /* watch.c's */
	struct jmap_remote *primary; /* a reference: of the user's own account, whose event stream tells of this one, too; NULL: it is that */
};

/* Does an event stream tell of changes in r? */
static inline bool jmap_pushed(const struct jmap_remote *r)
{
	return atomic_load(r->primary ? &r->primary->pushed : &r->pushed);
}

/* The account of l as this process knows it; opens its mirror. Returns a reference. */
int jmap_remote_get(struct jmap_store *js, struct jmap_login *l, const struct jmap_account *account, struct jmap_remote *primary,
	struct jmap_remote **ret, struct gw_err *err);
void jmap_remote_put(struct jmap_remote *r); /* NULL is fine */
struct jmap_login *jmap_remote_login(struct jmap_remote *r); /* a reference */
void jmap_remote_set_login(struct jmap_remote *r, struct jmap_login *l);

/* The server has answered a request of l with 401: its password was changed, its token has expired or was revoked. l is
 * believed no longer, and when no later login has taken its place, those who use the account are woken to hear of it. */
void jmap_remote_deny(struct jmap_remote *r, struct jmap_login *l);

/* 0, or GW_EAUTH: see denied. */
int jmap_remote_admitted(struct jmap_remote *r, struct gw_err *err);

/* The account's lock, among threads, processes and gateways; whoever has it may be waiting for the server. GW_EIO; GW_EINTR: *stop
 * (may be NULL) became true. */
int jmap_lock(struct jmap_remote *r, const atomic_bool *stop, struct gw_err *err);
void jmap_unlock(struct jmap_remote *r);

/* The lock of filling a mailbox's list for the first time, among threads and processes: it is taken before the account's, which others
 * get meanwhile. *ret is for jmap_fill_unlock(). Codes of jmap_lock(). */
int jmap_fill_lock(struct jmap_remote *r, uint64_t mailbox, int *ret, const atomic_bool *stop, struct gw_err *err);
void jmap_fill_unlock(int fd);

/* A request with its answer, both to be ended by jmap_exchange_done(). Fill x.request between begin and send. */
struct jmap_exchange {
	struct jmap_remote *remote;
	struct jmap_login *login;
	struct jmap_request request;
	struct http_call http;
	struct http_header header[2];
	struct jmap_answer *answer;
	struct gw_arena arena;       /* of what is taken from the answer */
	bool started;
	bool denied;                 /* not sent: the server would not accept the login */
};

void jmap_exchange_begin(struct jmap_exchange *x, struct jmap_remote *r);
void jmap_exchange_done(struct jmap_exchange *x);
/* Send it and wait for the answer. safe: see http.h. *ret_limit (may be NULL): the limit that the request was over, or "". */
int jmap_exchange_do(struct jmap_exchange *x, bool safe, const atomic_bool *stop, struct gw_err *err);
/* The same in two steps. */
void jmap_exchange_start(struct jmap_exchange *x, bool safe, const atomic_bool *stop);
int jmap_exchange_wait(struct jmap_exchange *x, struct gw_err *err);
/* Call number n must have succeeded: 0, or its error in err. */
int jmap_exchange_ok(const struct jmap_exchange *x, unsigned call, const char *what, struct gw_err *err);
struct gw_slice jmap_account_id(const struct jmap_remote *r);
const struct jmap_limits *jmap_limits(const struct jmap_exchange *x);

/* ---- sync.c ---- */

/* Bring the mirror up to date. The locked one is for who has the account's lock. */
int jmap_sync(struct jmap_remote *r, const atomic_bool *stop, struct gw_err *err);
int jmap_sync_locked(struct jmap_remote *r, const atomic_bool *stop, struct gw_err *err);

/* The mirror is no older than max_age_ms, or could not be brought up to date because the server is away and reading from the
 * mirror is allowed. */
int jmap_fresh(struct jmap_remote *r, unsigned max_age_ms, const atomic_bool *stop, struct gw_err *err);

/* After a write that the mirror has: adopt the state the answer tells, when nothing else happened, or synchronise. call: of an Email
 * /set, /import or /copy of x. Has the account's lock. The write stands whatever comes of this: what fails is done by the next look. */
void jmap_settle(struct jmap_remote *r, struct jmap_exchange *x, unsigned call, const atomic_bool *stop);

/* ---- listing.c ---- */

/* Make the list of the mailbox complete; others may write while the server is waited for. again: even if it is, and with the facts of
 * all messages. The locked one is for who has the account's lock. */
int jmap_complete(struct jmap_remote *r, uint64_t mailbox, const atomic_bool *stop, struct gw_err *err);
int jmap_complete_locked(struct jmap_remote *r, uint64_t mailbox, bool again, const atomic_bool *stop, struct gw_err *err);

/* Sort messages in the order in which they get UIDs: receivedAt, then id. */
void jmap_sort_emails(struct jmap_email *v, size_t n);

/* ---- acct.c ---- */

struct jmap_acct {
	struct local_acct local;     /* first */
	struct jmap_store *js;
	struct jmap_login *login;
	struct jmap_remote *remote;  /* of space 0 */
	struct jmap_remote **shared; /* of the others; NULL: not looked at yet */
	struct jmap_remote *watched; /* the one in which this client idles, or NULL */
};

int jmap_acct_new(struct jmap_store *js, struct jmap_login *l, const char *user, struct gw_acct **ret, struct gw_err *err);
/* The account of the server that a space shows. GW_ENOENT. */
int jmap_remote_of(struct gw_acct *a, uint32_t space, struct jmap_remote **ret, struct gw_err *err);

/* A remote for this session, whose mirror has its mailboxes, and is watched. Ended by jmap_acct_drop(). */
int jmap_acct_take(struct jmap_acct *ja, const struct jmap_account *account, struct jmap_remote **ret, struct gw_err *err);
void jmap_acct_drop(struct jmap_remote *r);

/* ---- spaces.c ---- */

/* Name the accounts that others share with the user: nothing is asked of the server. */
void jmap_spaces_begin(struct jmap_acct *ja);
void jmap_spaces_end(struct jmap_acct *ja);

/* Have the account of a space here. What is here already costs nothing. */
int jmap_space_open(struct jmap_acct *ja, uint32_t space, struct gw_err *err);

/* ---- the calls of store.h by file ---- */

int jmap_store_flags(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, const struct gw_flag_change *change,
	struct gw_set *ret_modified, struct gw_err *err);
int jmap_expunge(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, bool only_deleted, struct gw_set *ret_gone,
	struct gw_err *err);
int jmap_copy(struct gw_acct *a, struct gw_mbox_id from, const struct gw_set *uids, struct gw_mbox_id to, bool move,
	struct gw_copied *ret, struct gw_err *err);
/* The same for who has the account's lock. */
int jmap_copy_locked(struct gw_acct *a, struct gw_mbox_id from, const struct gw_set *uids, struct gw_mbox_id to, bool move,
	struct gw_copied *ret, struct gw_err *err);
/* Between two spaces (across.c). */
int jmap_copy_across(struct gw_acct *a, struct gw_mbox_id from, const struct gw_set *uids, struct gw_mbox_id to, bool move,
	struct gw_copied *ret, struct gw_err *err);
uint64_t jmap_append_max(const struct gw_acct *a);
int jmap_append_open(struct gw_acct *a, uint64_t size, struct gw_append **ret, struct gw_err *err);
int jmap_append_commit(struct gw_acct *a, struct gw_mbox_id id, struct gw_append *const *v, size_t n, struct gw_appended *ret,
	struct gw_err *err);
int jmap_append_replace(struct gw_acct *a, struct gw_mbox_id into, struct gw_append *ap, struct gw_mbox_id from, uint32_t uid,
	struct gw_appended *ret, struct gw_err *err);
int jmap_create(struct gw_acct *a, struct gw_slice name, unsigned special, struct gw_mbox_id *ret, struct gw_err *err);
int jmap_remove(struct gw_acct *a, struct gw_slice name, struct gw_err *err);
int jmap_rename(struct gw_acct *a, struct gw_slice from, struct gw_slice to, struct gw_err *err);
int jmap_subscribe(struct gw_acct *a, struct gw_slice name, bool on, struct gw_err *err);
int jmap_quota(struct gw_acct *a, struct gw_quota *ret, struct gw_err *err);
int jmap_fetch_open(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_set *seqs, unsigned want,
	struct gw_fetch **ret, struct gw_err *err);
int jmap_fetch_next(struct gw_fetch *f, struct gw_message *ret, bool *ret_gone, struct gw_err *err);
long jmap_fetch_read(struct gw_fetch *f, uint64_t off, void *dst, size_t n, struct gw_err *err);
void jmap_fetch_pause(struct gw_fetch *f);
void jmap_fetch_close(struct gw_fetch *f);
int jmap_match(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_match *m,
	const struct gw_set *seqs, struct gw_match_place *place, struct gw_set *ret, struct gw_err *err);

/* ---- batch.c ---- */

/* Patches and removals that are given to the server together. */
struct jmap_batch {
	struct jmap_remote *remote;  /* whose lock the caller has */
	struct gw_arena *arena;
	const atomic_bool *stop;
	const struct jmap_patch *patch;
	size_t n_patch;
	const struct gw_slice *destroy;
	size_t n_destroy;
	bool if_state;               /* only when nothing changed since the mirror's state: else GW_EBUSY */
	struct jmap_failure *patched, *destroyed; /* filled, [n_patch] and [n_destroy]: what became of each */
	/* Changes the mirror by what came of it, in transactions of its own; called once. More than 0: the mirror has not got all of
	 * it, and must look at the server before it may have its state; so when there is none. */
	int (*apply)(void *ctx, struct jmap_batch *b, struct gw_err *err);
	void *ctx;
};

/* Do it, in as many requests as the server's limits ask for; apply; settle (sync.c). Refusals of single objects are no failure. */
int jmap_batch_do(struct jmap_batch *b, struct gw_err *err);

/* Was one of them refused? Messages that are not there any more are none. */
int jmap_batch_refused(const struct jmap_batch *b, struct gw_err *err);

/* ---- ask.c ---- */

/* What the server says now of the messages ids, in as many requests as its limits ask for; those it does not have any more are left
 * out. By id; *ret lives in arena. */
int jmap_ask_emails(struct jmap_remote *r, const struct gw_slice *ids, size_t n, enum jmap_properties what, struct gw_arena *arena,
	const atomic_bool *stop, struct jmap_email **ret, size_t *ret_n, struct gw_err *err);
/* The one with this id, or NULL. */
const struct jmap_email *jmap_email_named(const struct jmap_email *v, size_t n, struct gw_slice id);

/* ---- upload.c ---- */

/* Upload n messages that were received, some at a time; ret[n]: their blobs, in arena. Needs no lock. */
struct view_append;
int jmap_upload(struct jmap_remote *r, struct view_append *const *v, size_t n, struct gw_arena *arena, const atomic_bool *stop,
	struct gw_slice *ret, struct gw_err *err);

/* ---- bring.c ---- */

/* A gw_db_bring_fn; ctx is a jmap_remote. */
int jmap_bring(void *ctx, struct gw_db_account *acc, const uint64_t *contents, size_t n, enum gw_db_bytes bytes,
	const atomic_bool *stop, struct gw_err *err);

/* Messages that are on their way while somebody is busy with those that came before. One thread at a time; r and stop outlive it. */
struct jmap_window;
struct jmap_window *jmap_window_new(struct jmap_remote *r, enum gw_db_bytes bytes, const atomic_bool *stop);
void jmap_window_free(struct jmap_window *w); /* what is under way is given up; NULL is fine */
/* Those of contents that are not here come, behind what was wanted before. *ret_n (may be NULL): how many are not here. */
int jmap_window_want(struct jmap_window *w, const uint64_t *contents, size_t n, size_t *ret_n, struct gw_err *err);
/* Is it on its way, or known to be impossible to have? */
bool jmap_window_wants(const struct jmap_window *w, uint64_t content);
/* Wait until content (0: everything wanted) is here, or gone, or was never wanted: 0; or why it cannot be had. Commits what comes
 * meanwhile: not inside a transaction. */
int jmap_window_until(struct jmap_window *w, uint64_t content, struct gw_err *err);

/* ---- probe.c ---- */

int jmap_probe(struct gw_store *s, const struct gw_probe *p, struct gw_err *err);

/* ---- watch.c ---- */

/* Begin to hear of changes in the account while somebody uses it, and end. */
void jmap_watch_begin(struct jmap_remote *r);
void jmap_watch_end(struct jmap_remote *r);
/* Something about it has changed (a client idles now): look again when it is due. */
void jmap_watch_poke(struct jmap_remote *r);
/* The user of r changed something: others with whom the account is shared want to hear of it. */
void jmap_watch_wrote(struct jmap_remote *r);
void jmap_watcher_stop(struct jmap_store *js);

#endif

/* store.h - where mail lives, as the protocols see it
 *
 * One struct gw_store per process stands for the storage server of `server_socket`. A session that
 * has signed on holds a struct gw_acct: cheap while nothing happens (a few hundred bytes, no file, no
 * database handle), touched by one thread at a time. Every call may block: run it on a worker.
 *
 * One request through it, `UID FETCH 1:* (FLAGS ENVELOPE)` behind `SELECT INBOX`:
 *   gw_acct_find -> gw_mbox_select (counters only) -> gw_mbox_index_asof (on first use of a message
 *   number) -> gw_fetch_open -> gw_fetch_next ... until the output is full -> gw_fetch_pause ->
 *   (client reads) -> gw_fetch_next ... -> gw_fetch_close.
 *
 * What an acknowledged call wrote is on disk. Functions return 0 or a negative enum gw_code; *ret is
 * untouched on failure. Names are UTF-8 with '/' between levels; INBOX is spelled "INBOX". */
#ifndef GW_STORE_STORE_H
#define GW_STORE_STORE_H

#include "store/calls.h"
#include "store/index.h"
#include "store/sortkeys.h"
#include "util/arena.h"
#include "util/clock.h"
#include "util/err.h"
#include "util/set.h"
#include "util/slice.h"

struct gw_store;
struct gw_acct;
struct gw_config;
struct http_shared; /* store/http/http.h */

#define GW_MOVED_SERVER_MAX 261 /* octets: a host name of 255, a colon, a port */

/* ---- the store and its accounts ---- */

struct gw_store_options {
	const char *url;              /* server_socket */
	const struct gw_clock *clock; /* keeps */
	const struct gw_config *config; /* borrows for the call: limits and paths are copied */
	bool readonly_tools;          /* opened by a tool: no background work */
	/* Something an operator should know (corrupt file, slow disk, index rebuilt). Any thread. */
	void (*log)(void *ctx, int level, const char *text);
	void *log_ctx;
	/* What all processes know of a storage server behind HTTP: zeroed memory that they share; NULL: each has its own. */
	struct http_shared *shared;
	/* A thread begins to wait for the network in a call, and ends; may be NULL. Any thread, also the store's own. */
	void (*waiting)(void *ctx, bool begin);
	void *waiting_ctx;
	gw_store_observe *observe; /* each call that ended, with its time; NULL: nobody measures */
	void *observe_ctx;
};

/* Open the store that url names. Drivers are registered in store/drivers/: "local:/path", "mem:",
 * "https://host/" (a JMAP server).
 * GW_ENOTSUP with a clear sentence for a scheme we do not serve. */
int gw_store_open(const struct gw_store_options *opt, struct gw_store **ret, struct gw_err *err);
void gw_store_close(struct gw_store *s);

/* Start the store's own background threads (text index). In the fork model the main process never
 * calls this; one helper child does. Safe to leave out: searches then scan what is not indexed. */
int gw_store_start_background(struct gw_store *s, struct gw_err *err);

/* Forget idle handles and caches older than idle_ms; called by the host about once a second. Any thread. */
void gw_store_tidy(struct gw_store *s, unsigned idle_ms);

/* Sign on with a password (RFC 4422 PLAIN, LOGIN, USER/PASS). service: "imap" or "pop3".
 * GW_EAUTH: wrong user or password (which of the two is not told, nor by the time it takes).
 * GW_EDISABLED: right, but this service is disabled for the user (or the account is).
 * GW_EUNAVAIL: try again later. Slow on purpose (yescrypt) unless the pair was verified lately. */
int gw_store_login(struct gw_store *s, struct gw_slice user, struct gw_slice password, const char *service,
		   struct gw_acct **ret, struct gw_err *err);

/* The same with a token (RFC 6750) that the storage server knows; user may be empty: the token says who.
 * GW_EACCES: it is good, and of somebody else than user, or nobody knows of whom. GW_ENOTSUP: this store takes
 * none (and mechanisms for them must not be offered). */
int gw_store_login_token(struct gw_store *s, struct gw_slice user, struct gw_slice token, const char *service,
			 struct gw_acct **ret, struct gw_err *err);
bool gw_store_has_tokens(const struct gw_store *s);

struct gw_scram_keys {
	uint32_t iterations;
	unsigned char salt[16];
	unsigned char stored_key[32];
	unsigned char server_key[32];
};

/* SCRAM-SHA-256 keys of a user. An unknown user gets stable made-up keys, so that it cannot be told
 * from a known one. GW_ENOTSUP: the store has none (SCRAM must not be offered). */
int gw_store_scram_keys(struct gw_store *s, struct gw_slice user, struct gw_scram_keys *ret, struct gw_err *err);
bool gw_store_has_scram(const struct gw_store *s);

/* Open the account of a user that a SASL mechanism has verified already. Codes as gw_store_login(). */
int gw_store_open_account(struct gw_store *s, struct gw_slice user, const char *service, struct gw_acct **ret,
			  struct gw_err *err);

void gw_acct_close(struct gw_acct *a); /* NULL is fine */

/* What there is besides the account's own mailboxes: GW_MBOX_PUBLIC, GW_MBOX_OTHER. */
unsigned gw_acct_spaces(const struct gw_acct *a);

/* The account's canonical user name, valid as long as the account is open. */
const char *gw_acct_user(const struct gw_acct *a);

struct gw_moved {
	char server[GW_MOVED_SERVER_MAX + 1]; /* host or host:port, in ASCII */
	char user[256];                       /* his name there */
};

/* Has the account moved to another server? Then its user may not work here, and is told where to go (RFC 2221). NULL: it has
 * not. Lives as long as the account is open. Never blocks. */
const struct gw_moved *gw_acct_moved(const struct gw_acct *a);

/* Can accounts of this store be marked as moved? */
bool gw_store_has_moved(const struct gw_store *s);

/* Is all of the account on a JMAP server, where what the user signed on with here counts as well? Never blocks. */
bool gw_acct_has_jmap(const struct gw_acct *a);

/* Microseconds spent in calls with this account, the one that opened it included; 0 when nobody measures. */
uint64_t gw_acct_store_us(const struct gw_acct *a);

/* Make the call that runs on another thread return GW_EINTR soon. The one function that may be called
 * while another thread uses the account. Sticky until gw_acct_resume(). */
void gw_acct_interrupt(struct gw_acct *a);
void gw_acct_resume(struct gw_acct *a);

/* ---- mailboxes ---- */

struct gw_mbox_id {
	uint32_t space; /* 0: the account's own mailboxes; others: public folders, mailboxes of other users */
	uint64_t id;    /* never reused within a space */
};

enum gw_mbox_attr {
	GW_MBOX_NOSELECT = 1 << 0,   /* a name without messages that exists */
	GW_MBOX_NONEXISTENT = 1 << 1, /* only a parent of others, or only subscribed */
	GW_MBOX_CHILDREN = 1 << 2,   /* has children */
	GW_MBOX_SUBSCRIBED = 1 << 3,
	GW_MBOX_READONLY = 1 << 4,   /* the user may not change it */
	GW_MBOX_PUBLIC = 1 << 5,
	GW_MBOX_NOMAIL = 1 << 6,     /* not a mail folder (calendar ...): imap_only_mailfolders */
	GW_MBOX_OTHER = 1 << 7,      /* of another user */
	/* special use (RFC 6154, RFC 8457) */
	GW_MBOX_ALL = 1 << 8,
	GW_MBOX_ARCHIVE = 1 << 9,
	GW_MBOX_DRAFTS = 1 << 10,
	GW_MBOX_FLAGGED = 1 << 11,
	GW_MBOX_JUNK = 1 << 12,
	GW_MBOX_SENT = 1 << 13,
	GW_MBOX_TRASH = 1 << 14,
	GW_MBOX_IMPORTANT = 1 << 15,
	GW_MBOX_SPECIAL = 0xFF00,
	GW_MBOX_SHOWS = GW_MBOX_ALL | GW_MBOX_FLAGGED, /* it shows what lies in others; the embedded store has none */
	GW_MBOX_REMOTE = 1 << 16,    /* on another server: it has no id here; see gw_acct_remote() */
};

#define GW_PUBLIC_ROOT "Public folders" /* mailboxes with GW_MBOX_PUBLIC lie below it */
#define GW_OTHER_ROOT "Other Users"      /* those with GW_MBOX_OTHER below it and the name of their owner */

#define GW_MAILBOX_NAME_MAX 1000 /* octets of a mailbox name in UTF-8 */

struct gw_mailbox {
	struct gw_slice name;
	struct gw_mbox_id id;    /* meaningless with NONEXISTENT */
	unsigned attrs;          /* enum gw_mbox_attr */
	uint32_t uidvalidity;
	uint32_t uidnext;
	uint32_t messages;
	uint32_t unseen;
	uint32_t deleted;        /* messages with \Deleted */
	uint32_t recent;         /* messages no session was told of yet */
	uint64_t size;           /* octets of all messages */
	uint64_t deleted_size;   /* octets of those with \Deleted */
	uint64_t modseq;         /* HIGHESTMODSEQ */
	char mailboxid[256];     /* OBJECTID (RFC 8474), NUL-terminated */
};

#define GW_ACCOUNT_ID_MAX 256

/* ACCOUNTID (OBJECTID+) of the account that the mailboxes of a space belong to, NUL-terminated: with a JMAP server what is its id
 * there. GW_ENOENT: no such space. */
int gw_acct_account_id(struct gw_acct *a, uint32_t space, char ret[GW_ACCOUNT_ID_MAX], struct gw_err *err);

/* All mailboxes the account can see, by name (byte order, INBOX first), parents that exist only as a
 * prefix included; counters are right. *ret and the names live in arena. */
int gw_acct_list(struct gw_acct *a, struct gw_arena *arena, struct gw_mailbox **ret, size_t *ret_n, struct gw_err *err);

/* The same with those that lie on another server (GW_MBOX_REMOTE), of which there are only names (RFC 2193). */
int gw_acct_list_remote(struct gw_acct *a, struct gw_arena *arena, struct gw_mailbox **ret, size_t *ret_n, struct gw_err *err);

/* The server (host or host:port) on which mailboxes of this name lie, whether there is one or not: public folders that have
 * moved. NULL: here. Lives as long as the account is open. Never blocks. */
const char *gw_acct_remote(const struct gw_acct *a, struct gw_slice name);

/* One mailbox by name (INBOX in any case). GW_ENOENT. The name in *ret lives in arena. */
int gw_acct_find(struct gw_acct *a, struct gw_arena *arena, struct gw_slice name, struct gw_mailbox *ret, struct gw_err *err);

/* Create name and missing parents. special: GW_MBOX_* bits of the special-use half, or 0.
 * GW_EEXIST, GW_EACCES (below public folders without the right), GW_ELIMIT, GW_EINVAL (bad name). */
int gw_acct_create(struct gw_acct *a, struct gw_slice name, unsigned special, struct gw_mbox_id *ret, struct gw_err *err);

/* Delete a mailbox and its messages. With children it becomes NOSELECT (RFC 3501 6.3.4); GW_EINVAL for a NOSELECT one
 * that has children, GW_EACCES for INBOX. Sessions that have it selected see it vanish (GW_ENOENT). */
int gw_acct_delete(struct gw_acct *a, struct gw_slice name, struct gw_err *err);

/* Rename with all children. INBOX: its messages move into a new mailbox `to`, INBOX stays (RFC 3501 6.3.5).
 * GW_EINVAL when to lies below from. */
int gw_acct_rename(struct gw_acct *a, struct gw_slice from, struct gw_slice to, struct gw_err *err);

/* Names may be subscribed that do not exist (RFC 3501 6.3.6 lets us). */
int gw_acct_subscribe(struct gw_acct *a, struct gw_slice name, bool on, struct gw_err *err);

struct gw_quota {
	uint64_t storage_used, storage_limit; /* octets; limit 0: none */
	uint64_t messages_used, messages_limit;
	uint64_t mailboxes_used, mailboxes_limit;
	uint64_t annotations_used, annotations_limit; /* octets of names and values */
};

/* What the account uses and may use. Counts its mailboxes; the rest is one row (or one request to a storage server). */
int gw_acct_quota(struct gw_acct *a, struct gw_quota *ret, struct gw_err *err);

struct gw_limits { /* of one account; 0: none of its own, those of the store count */
	uint64_t storage, messages, mailboxes, annotations;
};

/* Can limits be set through this account's store? Never blocks. */
bool gw_acct_sets_quota(const struct gw_acct *a);

/* For an administrator, who the caller knows to be one: what another account of the store uses and may use, and its limits
 * set to these, which count for all its sessions at once. GW_ENOENT: there is no such user; GW_ENOTSUP. */
int gw_acct_quota_of(struct gw_acct *a, struct gw_slice user, struct gw_quota *ret, struct gw_err *err);
int gw_acct_quota_set(struct gw_acct *a, struct gw_slice user, const struct gw_limits *limits, struct gw_err *err);

/* ---- rights (RFC 4314) ---- */

enum gw_may {
	GW_MAY_READ = 1 << 0,       /* see the mailbox and its messages */
	GW_MAY_SEEN = 1 << 1,       /* set and clear \Seen */
	GW_MAY_FLAGS = 1 << 2,      /* the other flags and keywords */
	GW_MAY_INSERT = 1 << 3,     /* file messages */
	GW_MAY_CREATE = 1 << 4,     /* make mailboxes below it */
	GW_MAY_REMOVE = 1 << 5,     /* delete and rename it */
	GW_MAY_DELETE = 1 << 6,     /* set and clear \Deleted */
	GW_MAY_EXPUNGE = 1 << 7,
	GW_MAY_ADMINISTER = 1 << 8, /* see who may do what: it is the user's own */
	GW_MAY_ANNOTATE = 1 << 9,   /* change what is noted at messages for everybody (RFC 5257) */
	GW_MAY_ALL = (1 << 10) - 1,
};

/* Can the account's store tell what the user may do? */
bool gw_acct_has_rights(const struct gw_acct *a);

/* What the user may do in a mailbox: enum gw_may bits. GW_ENOENT: nothing, not even see it; GW_ENOTSUP. */
int gw_mbox_may(struct gw_acct *a, struct gw_mbox_id id, unsigned *ret, struct gw_err *err);

/* ---- annotations (RFC 5464) ----
 *
 * Entries have names in small letters that begin with "/private/" (this user's) or "/shared/" (everybody's who sees the
 * mailbox). They go with their mailbox. Those of no mailbox (id NULL) are the account's. */

#define GW_METADATA_VALUE_MAX 65536u  /* octets of a value */
#define GW_METADATA_ENTRIES_MAX 200u  /* of one mailbox */
#define GW_METADATA_ACCOUNT_MAX (8u << 20) /* octets of all values in an account's database */

struct gw_metadata {
	struct gw_slice name;
	struct gw_slice value; /* p NULL: there is none */
};

/* Does the account's store keep annotations? */
bool gw_acct_has_metadata(const struct gw_acct *a);

/* All entries of a mailbox, by name; *ret and what it holds live in arena. GW_ENOENT, GW_ENOTSUP. */
int gw_metadata_get(struct gw_acct *a, const struct gw_mbox_id *id, struct gw_arena *arena, struct gw_metadata **ret,
		    size_t *ret_n, struct gw_err *err);

/* Write entries, or remove them (value.p NULL), all or none. GW_ELIMIT: too many, or too large; GW_EQUOTA; GW_EACCES: the shared ones of
 * the account, or of a mailbox that the user may not write to. */
int gw_metadata_set(struct gw_acct *a, const struct gw_mbox_id *id, const struct gw_metadata *v, size_t n,
		    struct gw_err *err);

/* Give a mailbox these special uses (GW_MBOX_* of the special-use half) and no others; mailboxes that had them lose them, as a use
 * belongs to one mailbox. GW_ENOENT; GW_EINVAL: it is \Noselect; GW_EACCES: it is not the user's own; GW_ENOTSUP. */
int gw_mbox_set_special(struct gw_acct *a, struct gw_mbox_id id, unsigned special, struct gw_err *err);

/* What tells whether an entry changed. */
struct gw_metadata_mark {
	struct gw_mbox_id id; /* id 0: of the account */
	struct gw_slice name;
	uint64_t hash; /* of the value */
};

/* The marks of all entries that the user can see, by mailbox and name. */
int gw_metadata_marks(struct gw_acct *a, struct gw_arena *arena, struct gw_metadata_mark **ret, size_t *ret_n,
		      struct gw_err *err);

/* ---- annotations of messages (RFC 5257) ----
 *
 * An entry has a name, "/comment", and at most two values: one that everybody sees who sees the message, and one of each user.
 * They go with their message: copies get those that are shared and those of who copies. To change one changes the message's
 * modseq. */

#define GW_ANNOTATION_NAME_MAX 255u           /* octets */
#define GW_ANNOTATION_VALUE_MAX 32768u
#define GW_ANNOTATIONS_MAX 50u                /* shared ones of a message, and as many of each user */
#define GW_ANNOTATION_ACCOUNT_MAX (64u << 20) /* octets of all names and values in an account's database */
#define GW_ANNOTATED_MAX 4096u                /* names that gw_annotated() gives */

struct gw_annotation {
	struct gw_slice name;
	bool shared;
	struct gw_slice value; /* p NULL: there is none */
};

struct gw_annotation_change {
	const struct gw_annotation *v;
	size_t n;
	bool conditional; /* RFC 7162 3.1.3 */
	uint64_t unchanged_since;
};

/* Does the account's store keep annotations of messages? */
bool gw_acct_has_annotations(const struct gw_acct *a);

/* Write values, or remove them, at all messages with these UIDs (missing ones are skipped) in one transaction. Messages where nothing
 * changes keep their modseq. ret_modified as for gw_mbox_store_flags(). GW_ELIMIT: too many, or too large; GW_EACCES: shared ones
 * where the user may not write. */
int gw_mbox_annotate(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, const struct gw_annotation_change *change,
		     struct gw_set *ret_modified, struct gw_err *err);

struct gw_annotated {
	uint32_t uid;
	struct gw_slice name;
};

/* Which entries of the messages with these UIDs have changed after modseq, removed ones included, as far as the user sees them: by UID
 * and name, GW_ANNOTATED_MAX at most. *ret and the names live in arena. */
int gw_mbox_annotated(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, uint64_t modseq, struct gw_arena *arena,
		      struct gw_annotated **ret, size_t *ret_n, struct gw_err *err);

/* Octets of all annotations of the account's own messages, names included. One row. */
int gw_acct_annotation_size(struct gw_acct *a, uint64_t *ret, struct gw_err *err);

/* A file that is touched after every committed change of the mailbox's account; the host watches it (inotify) to
 * wake sessions. NULL: this store cannot tell; poll. Lives as long as the account is open. Never blocks. */
const char *gw_acct_bell(struct gw_acct *a, struct gw_mbox_id id);

/* Does the store hear of changes only when it is asked? Then gw_acct_poll() does something. */
bool gw_acct_polls(const struct gw_acct *a);

/* Look now whether the mailbox changed where it really lies (RFC 3501 6.1.2: NOOP as a poll); at most once a second does
 * this cost anything. Nothing for stores that hear of every change. What is new is there for gw_mbox_index() afterwards. */
int gw_acct_poll(struct gw_acct *a, struct gw_mbox_id id, struct gw_err *err);

/* A client idles (on) and wants to hear of changes soon, or does no more. Never blocks. */
void gw_acct_watch(struct gw_acct *a, struct gw_mbox_id id, bool on);

/* ---- a selected mailbox ---- */

/* Counters of the mailbox by id (cheap: one row). GW_ENOENT when it was deleted. name is not filled. */
int gw_mbox_status(struct gw_acct *a, struct gw_mbox_id id, struct gw_mailbox *ret, struct gw_err *err);

/* The UIDs from first up to next, which was the mailbox's uidnext; n messages of them are there. */
struct gw_recent {
	uint32_t first, next, n;
};

/* The mailbox's recent messages, which no session was told of yet. With claim they are \Recent for this session, and no other will
 * see them as such; messages that come later are not among them. */
int gw_mbox_recent(struct gw_acct *a, struct gw_mbox_id id, bool claim, struct gw_recent *ret, struct gw_err *err);

/* The mailbox now. Cheap when nothing changed (the same index comes back). Returns a reference. */
int gw_mbox_index(struct gw_acct *a, struct gw_mbox_id id, struct gw_index **ret, struct gw_err *err);

/* The index that gw_mbox_index() would return if it can be had without reading messages, else NULL with 0. */
int gw_mbox_index_cached(struct gw_acct *a, struct gw_mbox_id id, struct gw_index **ret, struct gw_err *err);

/* The keywords of the mailbox, by bit number; the words live in arena. One row. */
int gw_mbox_keywords(struct gw_acct *a, struct gw_mbox_id id, struct gw_arena *arena, struct gw_keywords *ret,
		     struct gw_err *err);

/* The mailbox as it was when its counters were (modseq, uidnext): messages expunged since are ghosts.
 * For sessions that selected without loading the list. */
int gw_mbox_index_asof(struct gw_acct *a, struct gw_mbox_id id, uint64_t modseq, uint32_t uidnext,
		       struct gw_index **ret, struct gw_err *err);

/* UIDs expunged after modseq (QRESYNC, RFC 7162 3.2.5.2). When the log does not reach back that far: *ret_partial is
 * true and *ret holds all UIDs below uidnext that do not exist. */
int gw_mbox_vanished(struct gw_acct *a, struct gw_mbox_id id, uint64_t modseq, struct gw_set *ret, bool *ret_partial,
		     struct gw_err *err);

enum gw_flag_how { GW_FLAGS_REPLACE, GW_FLAGS_ADD, GW_FLAGS_REMOVE };

struct gw_flag_change {
	enum gw_flag_how how;
	uint64_t system;                  /* GW_FLAG_* of the low byte */
	const struct gw_slice *keywords;  /* new names become keywords of the mailbox; GW_ELIMIT over the maximum */
	size_t n_keywords;
	bool conditional;                 /* RFC 7162 3.1.3 */
	uint64_t unchanged_since;
};

/* Change flags of the messages with these UIDs (missing ones are skipped) in one transaction. Messages whose
 * flags do not change keep their modseq. ret_modified (may be NULL): UIDs left alone because of unchanged_since. */
int gw_mbox_store_flags(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids,
			const struct gw_flag_change *change, struct gw_set *ret_modified, struct gw_err *err);

/* Remove messages with \Deleted; uids NULL: all of them, else only those (UID EXPUNGE). */
int gw_mbox_expunge(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, struct gw_set *ret_gone,
		    struct gw_err *err);

/* Remove messages whatever their flags (POP3 QUIT), in one transaction: all or none. */
int gw_mbox_remove(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, struct gw_set *ret_gone,
		   struct gw_err *err);

struct gw_copied {
	uint32_t uidvalidity;  /* of the destination */
	struct gw_set src;     /* UIDs that were copied */
	struct gw_set dst;     /* their new UIDs, in the same (ascending) order */
	bool near_quota;       /* who pays for them has used mail_quota_warning percent of a limit or more */
};

/* Copy (or with move: move, atomically) the messages with these UIDs, flags, dates and annotations kept, within the account or between it
 * and public folders or other users. All or nothing (between two accounts a move that fails half way leaves copies, and loses nothing). gw_copied_done() frees *ret. */
int gw_mbox_copy(struct gw_acct *a, struct gw_mbox_id from, const struct gw_set *uids, struct gw_mbox_id to, bool move,
		 struct gw_copied *ret, struct gw_err *err);
void gw_copied_done(struct gw_copied *c);

/* ---- appending ---- */

struct gw_append;

#define GW_APPEND_UNKNOWN UINT64_MAX /* as a size: how many octets come is seen at the end */

/* The largest message that the store takes, octets; 0: no limit of its own. Never blocks. */
uint64_t gw_acct_append_max(const struct gw_acct *a);

/* Begin to receive a message. Staged in memory up to 256 KiB, beyond that in an unnamed file; nothing is visible before
 * gw_append_commit(). size: octets that will come, or GW_APPEND_UNKNOWN. */
int gw_append_open(struct gw_acct *a, uint64_t size, struct gw_append **ret, struct gw_err *err);
int gw_append_write(struct gw_append *ap, struct gw_slice bytes, struct gw_err *err);
void gw_append_close(struct gw_append *ap); /* before or after commit; NULL is fine */

/* date: INTERNALDATE, INT64_MIN for now. Copies what it is given. */
void gw_append_set(struct gw_append *ap, uint64_t system_flags, const struct gw_slice *keywords, size_t n_keywords,
		   int64_t date);

/* What the message is annotated with from the beginning. Copies what it is given. */
void gw_append_annotate(struct gw_append *ap, const struct gw_annotation *v, size_t n);

/* The tree of its parts (mime/parts.h), when all of it has come; lives as long as ap. GW_EINVAL: it has not. */
int gw_append_parts(struct gw_append *ap, struct gw_slice *ret, struct gw_err *err);

/* All of it has come, and it has NUL: it becomes a message that has none (mime/unbinary.h), of *ret_size octets, which may be more
 * than gw_acct_append_max(). Reads and writes all of it. GW_EINVAL: there is no such message; ap is as it was. */
int gw_append_unbinary(struct gw_append *ap, uint64_t *ret_size, struct gw_err *err);

struct gw_appended {
	uint32_t uidvalidity;
	uint32_t uid_first; /* the n messages have consecutive UIDs from here; 0: they have not */
	bool near_quota;    /* as in struct gw_copied */
};

/* Put n complete messages into a mailbox in one durable transaction: all or nothing. */
int gw_append_commit(struct gw_acct *a, struct gw_mbox_id id, struct gw_append *const *v, size_t n,
		     struct gw_appended *ret, struct gw_err *err);

/* Put one complete message into a mailbox and remove another one (RFC 8508), whatever its flags: both or neither, and what is
 * removed makes room first. Where two accounts are concerned, or a storage server that has no transactions, the new message is
 * there before the old one goes: what fails half way may leave both. GW_EGONE: the old one is not there. */
int gw_append_replace(struct gw_acct *a, struct gw_mbox_id into, struct gw_append *ap, struct gw_mbox_id from, uint32_t uid,
		      struct gw_appended *ret, struct gw_err *err);

/* ---- reading ---- */

enum gw_need_item {
	GW_WANT_ENVELOPE = 1 << 0,
	GW_WANT_BODYSTRUCTURE = 1 << 1,
	GW_WANT_HEADERS = 1 << 2, /* the often-asked header fields */
	GW_WANT_PARTS = 1 << 3,   /* part tree, header_size */
	GW_WANT_SENT = 1 << 4,    /* sent, sent_day */
	GW_WANT_SAVEDATE = 1 << 5,
	GW_WANT_IDS = 1 << 6,     /* EMAILID, THREADID */
	GW_WANT_PREVIEW = 1 << 7,
	GW_WANT_UIDL = 1 << 8,    /* uidl: what POP3 clients know it by, when it brought that with it (store/uidl.h) */
	GW_WANT_SORT = 1 << 9,    /* sent, sort_keys */
	GW_WANT_BODY = 1 << 10,   /* gw_fetch_read() will be called */
	GW_WANT_SUBJECT = 1 << 11, /* sent, base_subject, is_reply */
	GW_WANT_THREAD = 1 << 12, /* the same, message_id, references */
	GW_WANT_ANNOTATIONS = 1 << 13,
};

struct gw_message {
	uint32_t seq;
	const struct gw_entry *entry;
	struct gw_slice envelope, bodystructure, headers, parts, preview, uidl;
	struct gw_slice base_subject, message_id, references; /* folded; normalised (store/derive.h) */
	struct gw_slice sort_keys[GW_SORT_KEYS];
	bool headers_whole, is_reply;
	uint64_t header_size;
	int64_t sent, sent_day, savedate;
	struct gw_slice emailid, threadid; /* OBJECTID (RFC 8474); n 0: none */
	const struct gw_annotation *annotation; /* by name */
	size_t n_annotations;
};

struct gw_fetch;

/* A cursor over the messages seqs of index (both kept until close), in ascending order. want: enum gw_need_item bits. */
int gw_fetch_open(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_set *seqs,
		  unsigned want, struct gw_fetch **ret, struct gw_err *err);

/* The next message: 1, 0 at the end, or a negative code. Slices live until the next call on the cursor. A message that is
 * gone (ghost, or removed since) comes with *ret_gone = true and only seq and entry filled. */
int gw_fetch_next(struct gw_fetch *f, struct gw_message *ret, bool *ret_gone, struct gw_err *err);

/* Up to n octets of the current message from off into dst; returns the count (0 at the end) or a negative code. */
long gw_fetch_read(struct gw_fetch *f, uint64_t off, void *dst, size_t n, struct gw_err *err);

/* Let go of locks and handles until the next call: to be called before the session leaves its worker. */
void gw_fetch_pause(struct gw_fetch *f);
void gw_fetch_close(struct gw_fetch *f); /* NULL is fine */

/* ---- searching text ---- */

enum gw_match_field {
	GW_MATCH_FROM, GW_MATCH_TO, GW_MATCH_CC, GW_MATCH_BCC, GW_MATCH_SUBJECT,
	GW_MATCH_HEADER, /* any field by name; an empty needle asks only for its presence */
	GW_MATCH_BODY, GW_MATCH_TEXT,
};

struct gw_match {
	enum gw_match_field field;
	struct gw_slice header; /* field name, for GW_MATCH_HEADER */
	struct gw_slice needle; /* folded with gw_text_fold() (store/derive.h) */
	const struct gw_fuzzy *fuzzy; /* not NULL: what counts in place of the needle, which is its phrase (text/fuzzy.h) */
	void (*score)(void *ctx, uint32_t seq, unsigned percent); /* with fuzzy, may be NULL: told how well a message matches, 1..100 */
	void *score_ctx;
};

/* How far a search is that goes in steps: zeroed at the beginning but for who decides when a step is over. Holds no lock and no
 * handle between two steps. */
struct gw_match_place {
	bool (*enough)(void *ctx); /* asked between two messages: is this step long enough? Keeps */
	void *ctx;
	/* the store's */
	bool begun;                /* left says what is left of the messages, else all are */
	bool asked;                /* what an index of texts knows was taken from it */
	unsigned bring;            /* messages whose bytes are asked for at once; 0: not yet known what is good */
	struct gw_set left;        /* messages that are not decided */
	struct gw_set keyed;       /* those whose addresses have nothing more than what is looked at first */
};

void gw_match_place_done(struct gw_match_place *p);

/* Which of the messages seqs of index contain the needle (RFC 3501 6.4.4: exact substring, any case). Adds their
 * sequence numbers to *ret. GW_EINTR after gw_acct_interrupt().
 * place NULL: in one go. Else 1 when it stopped: the same call again goes on; each decides about one message at least. */
int gw_mbox_match(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_match *m,
		  const struct gw_set *seqs, struct gw_match_place *place, struct gw_set *ret, struct gw_err *err);

/* ---- POP3 ---- */

/* The exclusive lock of the maildrop (RFC 1939 section 3), freed by gw_acct_close() and by the death of the process.
 * GW_EBUSY: another session has it. Deliveries and IMAP sessions are not stopped by it. */
int gw_acct_lock_maildrop(struct gw_acct *a, struct gw_err *err);

#endif

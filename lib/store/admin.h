/* admin.h - what an operator does to a store: user accounts, checks, repairs, copies
 *
 * Called by the daemon's control socket and by tools, never by a protocol. Every call may block for as
 * long as the work takes: run it on a worker of its own. All are safe on a live store, beside sessions
 * of this and of other processes. Functions return 0 or a negative enum gw_code; *ret is untouched on
 * failure. A store that keeps no accounts of its own answers GW_ENOTSUP. Thread: any.
 *
 * User names are UTF-8, 1..GW_USER_NAME_MAX octets, without control characters and '/'. They are
 * normalised before use: Unicode form NFC, ASCII letters in lower case ("Anna" and "anna" are one user). */
#ifndef GW_STORE_ADMIN_H
#define GW_STORE_ADMIN_H

#include "store/store.h"

#define GW_USER_NAME_MAX 255
#define GW_USER_PASSWORD_MAX 511 /* octets (crypt(3) takes no more); longer ones are refused when set and never match */

/* ---- user accounts ---- */

struct gw_user {
	uint64_t id;                    /* number of the account, never used again */
	const char *name;
	bool enabled;                   /* false: may not sign on at all */
	const char *disabled_features;  /* services the user may not use: words of "imap pop3", "" for none */
	const char *scheme;             /* of the password: "yescrypt", "sha512-crypt" ... or "none" */
	bool has_scram;                 /* SCRAM-SHA-256 keys are there (an imported hash gets them at the next plain login) */
	struct gw_limits limits;
	struct gw_moved moved;          /* server "": it is here */
	int64_t created, changed;       /* seconds since 1970 UTC */
	int64_t last_login;             /* likewise; 0: never, or not known */
};

/* What an account has, from its counters. */
struct gw_usage {
	struct gw_quota quota;          /* limits are those in force: the account's, else the store's */
	uint64_t disk;                  /* octets of its files */
};

/* A password for the calls below: plain text, or a crypt(3) hash made elsewhere ("$y$...", "$2b$...", "$6$...",
 * "$5$...", "$1$..."). Both empty: no password, nobody can sign on with it. Both given: GW_EINVAL. */
struct gw_user_password {
	struct gw_slice plain; /* borrowed; gw_secret_slice() of a struct gw_secret */
	struct gw_slice hash;
};

/* Make an account; it can be used at once. GW_EEXIST, GW_EINVAL (name, password, hash of an unknown scheme). */
int gw_admin_user_add(struct gw_store *s, struct gw_slice name, const struct gw_user_password *pw, struct gw_err *err);

/* Set another password. Takes effect at once, in all processes; running sessions go on. GW_ENOENT, GW_EINVAL. */
int gw_admin_user_passwd(struct gw_store *s, struct gw_slice name, const struct gw_user_password *pw, struct gw_err *err);

/* Would this password let the user into the service ("imap", "pop3"; NULL: any)? Verified as at a sign-on, but nothing
 * is opened and nothing remembered. scram: with the keys of SCRAM-SHA-256 instead of the hash. GW_EAUTH, GW_EDISABLED. */
int gw_admin_user_verify(struct gw_store *s, struct gw_slice name, struct gw_slice password, const char *service, bool scram,
			 struct gw_err *err);

/* One account; *ret lives in arena. GW_ENOENT. */
int gw_admin_user_show(struct gw_store *s, struct gw_arena *arena, struct gw_slice name, struct gw_user *ret,
		       struct gw_err *err);

/* The accounts whose names come after `after` (empty: from the first), in byte order, at most max of them
 * (0: all). *ret lives in arena. Fewer than max (or none) means that the end was reached. */
int gw_admin_user_list(struct gw_store *s, struct gw_arena *arena, struct gw_slice after, size_t max,
		       struct gw_user **ret, size_t *ret_n, struct gw_err *err);

/* Allow or forbid signing on. GW_ENOENT. */
int gw_admin_user_enable(struct gw_store *s, struct gw_slice name, bool on, struct gw_err *err);

/* Say which services the user may not use: "imap", "pop3", both with a blank between, or empty.
 * GW_ENOENT, GW_EINVAL (unknown service). */
int gw_admin_user_features(struct gw_store *s, struct gw_slice name, struct gw_slice disabled, struct gw_err *err);

/* Limits of the account; what is over the new ones stays. They count at once, for running sessions too. GW_ENOENT. */
int gw_admin_user_quota(struct gw_store *s, struct gw_slice name, const struct gw_limits *limits, struct gw_err *err);

/* Say that a user's mail lies on another server now (host or host:port), under the name `as` (empty: the one here): he is told so when
 * he signs on with the right password, and not let in. server empty: it is here. GW_ENOENT, GW_EINVAL. */
int gw_admin_user_move(struct gw_store *s, struct gw_slice name, struct gw_slice server, struct gw_slice as, struct gw_err *err);

/* Give an account another name; its mail stays with it. GW_ENOENT, GW_EEXIST, GW_EINVAL. */
int gw_admin_user_rename(struct gw_store *s, struct gw_slice from, struct gw_slice to, struct gw_err *err);

/* Remove an account with all its mail; nothing stays behind. Without `confirmed`: GW_EACCES, nothing is done.
 * Sessions of the user lose their mail under their feet: end them first. GW_ENOENT. */
int gw_admin_user_delete(struct gw_store *s, struct gw_slice name, bool confirmed, struct gw_err *err);

/* What the account has now; an account that was never used has nothing. GW_ENOENT. */
int gw_admin_user_usage(struct gw_store *s, struct gw_slice name, struct gw_usage *ret, struct gw_err *err);

/* Open the account of a user on behalf of an operator, also when it is disabled: no sign-on, nothing is noted.
 * Close it with gw_acct_close(). GW_ENOENT. */
int gw_admin_open(struct gw_store *s, struct gw_slice name, struct gw_acct **ret, struct gw_err *err);

/* Count the messages of the account anew, from its lists, and put its counters right. *ret_was, *ret: what the counters
 * said and what they say now. GW_ENOENT. */
int gw_admin_quota_recalculate(struct gw_store *s, struct gw_slice name, struct gw_quota *ret_was, struct gw_quota *ret,
			       struct gw_err *err);

/* ---- public folders: mailboxes of the account that public_account names ---- */

enum gw_right {
	GW_RIGHT_READ = 1 << 0,   /* see it and its messages */
	GW_RIGHT_WRITE = 1 << 1,  /* file messages, change flags */
	GW_RIGHT_DELETE = 1 << 2, /* remove messages */
};

/* Open the account of the public folders, whose names stand without "Public folders/" then; make: make the account when
 * there is none, without a password. GW_ENOENT: there is none. GW_ENOTSUP: the configuration names none. */
int gw_admin_public_open(struct gw_store *s, bool make, struct gw_acct **ret, struct gw_err *err);

/* Say what a user may do in a public folder and those below it that have no rights of their own: enum gw_right bits, 0
 * for nothing. who empty: everybody who is not named there. name empty: all public folders. GW_ENOENT. */
int gw_admin_public_grant(struct gw_store *s, struct gw_slice name, struct gw_slice who, unsigned rights,
			  struct gw_err *err);

/* Take that back: what is said of everybody, or above, counts again. GW_ENOENT: nothing was said. */
int gw_admin_public_revoke(struct gw_store *s, struct gw_slice name, struct gw_slice who, struct gw_err *err);

struct gw_public_right {
	const char *who;  /* "" for everybody */
	unsigned rights;
};

/* What was said of a public folder itself; *ret lives in arena. Accounts that are gone are left out. */
int gw_admin_public_rights(struct gw_store *s, struct gw_arena *arena, struct gw_slice name, struct gw_public_right **ret,
			   size_t *ret_n, struct gw_err *err);

/* ---- maintenance ---- */

enum gw_maint_what {
	GW_MAINT_ACCOUNT,  /* work on an account begins; account is set */
	GW_MAINT_STEP,     /* progress inside it: done of total, text names the step */
	GW_MAINT_PROBLEM,  /* something is wrong: text */
	GW_MAINT_REPAIRED, /* something was put right: text */
};

struct gw_maint_event {
	enum gw_maint_what what;
	const char *account;     /* user name; "(accounts)" for the account database, "(public)" for public folders */
	const char *text;
	uint64_t done, total;    /* of the step; total 0: not known */
	/* Of the whole, known before the first event: what is left out because it was finished earlier does not count. */
	uint64_t accounts_done, accounts;
	uint64_t bytes_done, bytes;
};

/* Told about progress, from the calling thread; false stops the work (the call returns GW_EINTR, nothing half done).
 * The event and its strings are borrowed for the call. */
typedef bool (*gw_maint_fn)(void *ctx, const struct gw_maint_event *ev);

struct gw_maint {
	struct gw_slice user;    /* the account; empty: all, the account database and public folders included */
	gw_maint_fn progress;    /* may be NULL */
	void *ctx;
	bool resume;             /* of all: leave out what an interrupted run of the same work has finished */
};

struct gw_maint_report {
	uint64_t accounts;       /* looked at */
	uint64_t skipped;        /* finished before the interruption that was gone on from */
	uint64_t problems;       /* found */
	uint64_t repaired;
	uint64_t lost_messages;  /* that could not be read any more */
};

/* Look for damage and change nothing: file structure, counters, references, bodies against their size and digest.
 * 0 also when there are problems: look at report->problems. */
int gw_admin_check(struct gw_store *s, const struct gw_maint *m, struct gw_maint_report *report, struct gw_err *err);

/* As gw_admin_check(), putting right what can be. A file that SQLite itself finds damaged is read as far as it goes
 * into a new one; the damaged one is kept beside it as mail.db.damaged-N. */
int gw_admin_repair(struct gw_store *s, const struct gw_maint *m, struct gw_maint_report *report, struct gw_err *err);

/* Copy one account or all into directory dir (made if missing, absolute), each database as it was at one moment, while
 * the store goes on working. The copy of all is a store: copy it back in its place to restore. An interrupted backup goes
 * on when it is asked for again; accounts that did not change since are left as they are. m->resume: a whole one is
 * brought up to date in the same way. *ret, which may be NULL: accounts that were copied and skipped.
 * GW_EEXIST: dir holds a whole backup, one of another store or account, or something else. */
int gw_admin_backup(struct gw_store *s, const struct gw_maint *m, const char *dir, struct gw_maint_report *ret,
		    struct gw_err *err);

/* Is a backup what it was when it was written: are its files there, do they have their digests, can SQLite read them?
 * m->user: that account alone. Problems are told and counted. GW_ENOENT: dir holds no backup. */
int gw_admin_verify(struct gw_store *s, const struct gw_maint *m, const char *dir, struct gw_maint_report *ret,
		    struct gw_err *err);

struct gw_restore {
	const char *dir;       /* of the backup, absolute */
	struct gw_slice as;    /* name for the one account that is brought back; empty: the one it had */
	bool replace;          /* accounts that exist get the mail of the backup; what they have goes */
	/* The sessions of user must end now; may be NULL. Called with the context of struct gw_maint. */
	void (*end_sessions)(void *ctx, const char *user);
};

/* Bring accounts back from a backup, m->user or all of them, after verifying each file. An account that is not there is
 * made, with the password and limits it had; one that is there keeps those, and its mail is replaced in one moment: killed
 * at any time, it has the old or the new. m->resume: of all, leave out what an interrupted run has finished.
 * GW_EEXIST: an account exists, and replace was not said; nothing is done. GW_ECORRUPT: the backup is damaged. */
int gw_admin_restore(struct gw_store *s, const struct gw_maint *m, const struct gw_restore *what,
		     struct gw_maint_report *ret, struct gw_err *err);

/* Work out anew what is derived from messages (for FETCH, SEARCH, SORT and THREAD), then build the text index anew. Searches
 * go on meanwhile; without the index they read messages. m->resume as in gw_admin_check(). */
int gw_admin_reindex(struct gw_store *s, const struct gw_maint *m, struct gw_maint_report *ret, struct gw_err *err);

/* Give space of removed messages back to the file system. */
int gw_admin_vacuum(struct gw_store *s, const struct gw_maint *m, struct gw_maint_report *ret, struct gw_err *err);

/* ---- health ---- */

enum gw_probe_state { GW_PROBE_OK, GW_PROBE_WARNING, GW_PROBE_CRITICAL };

struct gw_probe_step {
	const char *name;         /* "server", "session", "disk", "accounts", "integrity", "write", "text_index" */
	enum gw_probe_state state;
	uint64_t us;              /* it took */
	const char *text;         /* a sentence */
};

/* How is the store? Each step is told from the calling thread, borrowed for the call; false stops (GW_EINTR). deep: also
 * looks through the account database, writes durably into the directory (and removes it again) and looks which accounts
 * wait for their text index; a storage server is asked for its session resource. A step that fails is told, too. */
struct gw_probe {
	bool deep;
	bool (*step)(void *ctx, const struct gw_probe_step *step);
	void *ctx;
};

int gw_admin_probe(struct gw_store *s, const struct gw_probe *p, struct gw_err *err);

/* Space of the file system that path lies on, as a step of this name; any path. */
void gw_probe_space(const char *name, const char *path, const struct gw_clock *clock, const struct gw_probe *p);

#endif

/* db.h - one account's mail in one SQLite database, and the handles on it
 *
 *   gw_db_env       one a store: limits, clock, all accounts in use, the pool of idle handles
 *   gw_db_account   one an account in use, shared by its sessions: where its files are, its idle
 *                   handles, its cached indexes, the queue for the writer's place
 *   gw_db           one handle with its prepared statements, checked out by one thread for one call
 *
 * A session keeps no handle between calls. Writers of one process queue at a mutex of the account, those
 * of several processes at SQLite's lock. A commit writes the WAL without waiting for the disk, gives up
 * the writer's place and then waits for the disk together with the other writers of the account
 * (group commit); what is acknowledged is on disk. Checkpoints: see checkpoint.c. */
#ifndef GW_STORE_ACCOUNT_DB_H
#define GW_STORE_ACCOUNT_DB_H

#include <sqlite3.h>
#include <sys/types.h>

#include "store/account/sql.h"
#include "store/driver.h"

#define GW_DB_SCHEMA_VERSION 8
#define GW_DB_APPLICATION_ID 0x47574D41 /* "GWMA" */

struct gw_db_env;
struct gw_db_account;
struct gw_db;

/* ---- schema.c ---- */

/* Make or migrate the tables in one transaction, so that the database has our version. GW_ECORRUPT: not ours.
 * GW_ENOTSUP: made by a newer version. */
int gw_db_schema_ensure(sqlite3 *sql, const char *path, struct gw_err *err);

/* ---- environment ---- */

struct gw_db_limits {
	struct gw_limits account; /* 0: none. Storage and messages count for accounts without a limit of their own, the others for all */
	unsigned quota_warning;   /* percent of a limit that are nearly all of it; 0: nobody wants to know */
	/* The limits of an account itself, as they are now; may be NULL: it has none. Any thread. After a failure those that
	 * were told last go on. */
	int (*own)(void *ctx, uint64_t account, struct gw_limits *ret);
	void *own_ctx;
};

/* Who keeps the map of an account - what gives its UIDs - the same in several gateways (store/shared). Each call with the handle
 * whose transaction it is; what it needs to keep hangs on gw_db.replica. */
struct gw_db_replica {
	void *ctx;
	/* Before the writer's place is taken: may take its time. */
	int (*prepare)(void *ctx, struct gw_db *db, struct gw_err *err);
	/* In the write transaction: bring the database up to date, note what changes from now on. */
	int (*begin)(void *ctx, struct gw_db *db, struct gw_err *err);
	/* Before the COMMIT: hand over what has changed. A failure rolls back. */
	int (*commit)(void *ctx, struct gw_db *db, struct gw_err *err);
	/* The transaction is over, however: give back what prepare() and begin() took. */
	void (*end)(void *ctx, struct gw_db *db);
	/* Work on the account that can wait; called by gw_db_tidy() when gw_db_account_want_tidy() was. */
	void (*tidy)(void *ctx, struct gw_db_account *acc);
};

struct gw_db_options {
	bool memory;                    /* databases in memory: no files, no durability */
	bool mirror;                    /* pictures of accounts on a storage server (store/mirror): no mailboxes to begin with */
	const struct gw_clock *clock;   /* keeps */
	struct gw_db_limits limits;
	size_t max_handles;             /* idle handles kept in all; 0: 64 */
	size_t index_cache_bytes;       /* 0: 64 MiB */
	uid_t owner;                    /* of the files */
	void (*log)(void *ctx, int level, const char *text); /* may be NULL */
	void *log_ctx;
	gw_store_observe *observe;      /* hears of commits and waits for the disk; may be NULL */
	void *observe_ctx;
	const struct gw_db_replica *replica; /* keeps; NULL: the map is this database's alone */
};

struct gw_db_env *gw_db_env_new(const struct gw_db_options *opt);
void gw_db_env_free(struct gw_db_env *env); /* all accounts must have been unref'ed */

/* Start the thread that does checkpoints while clients write. Not before a fork. */
int gw_db_start(struct gw_db_env *env, struct gw_err *err);

/* Checkpoint what grew, sweep removed messages, close handles idle for idle_ms. Any thread; bounded work. */
void gw_db_tidy(struct gw_db_env *env, unsigned idle_ms);

/* ---- accounts ---- */

/* The account with this number. dir: absolute directory of its files, made (0700) with its parents when missing; ignored
 * for databases in memory. Opens no file yet. Returns a reference. */
int gw_db_account_open(struct gw_db_env *env, uint64_t id, const char *dir, struct gw_db_account **ret,
		       struct gw_err *err);
void gw_db_account_unref(struct gw_db_account *acc); /* NULL is fine */

/* The name the account has for all gateways: before its database is used, where the environment has a replica. The first name
 * stays. NULL of the getter: none yet. */
void gw_db_account_set_replica(struct gw_db_account *acc, const char *name);
const char *gw_db_account_replica(const struct gw_db_account *acc);

/* The next account in use behind after (NULL: the first) that has this name, NULL: any. Takes a reference to it and gives back
 * the one to after; NULL at the end. */
struct gw_db_account *gw_db_account_next(struct gw_db_env *env, struct gw_db_account *after, const char *replica);

/* Let gw_db_tidy() call the replica's tidy(). */
void gw_db_account_want_tidy(struct gw_db_account *acc);

uint64_t gw_db_account_id(const struct gw_db_account *acc);
const char *gw_db_account_dir(const struct gw_db_account *acc);  /* NULL: in memory */
const char *gw_db_account_path(const struct gw_db_account *acc); /* of mail.db, for messages */
const char *gw_db_account_bell(const struct gw_db_account *acc); /* NULL: in memory */

/* What is to be there of a message: the derived rows; its bytes, too; or, instead of these, its text in the index (store/local/text.h),
 * from bytes that are in nobody's way afterwards. */
enum gw_db_bytes { GW_DB_DERIVED, GW_DB_BODIES, GW_DB_TEXTS };

/* Where the bytes of messages come from that are not in the database (a mirror of a storage server): makes that much of n contents
 * be there, when they still exist. May block for long: not inside a transaction.
 * stop (may be NULL): end with GW_EINTR soon. */
typedef int gw_db_bring_fn(void *ctx, struct gw_db_account *acc, const uint64_t *contents, size_t n, enum gw_db_bytes bytes,
			   const atomic_bool *stop, struct gw_err *err);
/* NULL: everything is there. Any thread; ctx outlives all handles. */
void gw_db_account_set_bring(struct gw_db_account *acc, gw_db_bring_fn *bring, void *ctx);
bool gw_db_brings(const struct gw_db_account *acc);
int gw_db_bring(struct gw_db_account *acc, const uint64_t *contents, size_t n, enum gw_db_bytes bytes, const atomic_bool *stop,
		struct gw_err *err);

#define GW_DB_BRING_MAX 64 /* contents that are asked for at once */

/* Look for removed messages to sweep at the next gw_db_tidy(). */
void gw_db_account_want_sweep(struct gw_db_account *acc);

/* Close all idle handles of the account and forget its cached indexes: before its files are replaced or removed. A
 * database in memory is gone with its handle. */
void gw_db_account_drop_handles(struct gw_db_account *acc);

/* ---- handles ---- */

/* Check a handle out, opening (and for a new account making) the database. GW_EBUSY, GW_ECORRUPT, GW_EACCES ... */
int gw_db_get(struct gw_db_account *acc, struct gw_db **ret, struct gw_err *err);
void gw_db_put(struct gw_db *db); /* NULL is fine; ends an open transaction by rolling back */

sqlite3 *gw_db_sql(struct gw_db *db);

/* The prepared statement of a row of sql.h, reset and without bindings; NULL (and *err) on failure. It stays
 * the handle's. */
sqlite3_stmt *gw_db_stmt(struct gw_db *db, enum gw_sql which, struct gw_err *err);

/* Run which once with n integer parameters: 1 a row is there (read it, then sqlite3_reset), 0 none, negative a code. */
int gw_db_step_i64(struct gw_db *db, enum gw_sql which, sqlite3_stmt **ret, struct gw_err *err, int n, ...);

/* Fill err from the handle's last error with the file's name; returns the gw_code. what: "cannot read the list of mailboxes" */
int gw_db_fail(struct gw_db *db, int rc, const char *what, struct gw_err *err);

/* A read transaction: everything until gw_db_end_read() sees one moment. */
int gw_db_begin_read(struct gw_db *db, struct gw_err *err);
void gw_db_end_read(struct gw_db *db);

/* A write transaction. May wait for other writers, at most GW_DB_BUSY_MS: GW_EBUSY. */
int gw_db_begin(struct gw_db *db, struct gw_err *err);
enum gw_db_durability { GW_DB_DURABLE, GW_DB_LAZY }; /* LAZY: may be lost when the machine dies, never in part */
int gw_db_commit(struct gw_db *db, enum gw_db_durability how, struct gw_err *err);
void gw_db_rollback(struct gw_db *db);

#define GW_DB_BUSY_MS 20000

/* The gw_code for a SQLite result code. */
int gw_db_code(int rc);

/* Touch the bell (after a durable commit that changed something clients see). gw_db_commit() does it for GW_DB_DURABLE. */
void gw_db_ring(struct gw_db_account *acc);

/* ---- from a session's account to its databases ---- */

/* The account behind a mailbox space; borrowed, valid as long as a is open. GW_ENOENT: no public folders. */
int gw_acct_db(struct gw_acct *a, uint32_t space, struct gw_db_account **ret, struct gw_err *err);

#endif

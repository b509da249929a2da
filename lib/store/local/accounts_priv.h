/* accounts_priv.h - what the files accounts*.c share
 *
 * accounts.c signs users on, accounts_db.c owns the file and its handles, accounts_edit.c changes rows,
 * accounts_cache.c remembers verified passwords, accounts_secret.c hashes, accounts_name.c normalises names. */
#ifndef GW_STORE_LOCAL_ACCOUNTS_PRIV_H
#define GW_STORE_LOCAL_ACCOUNTS_PRIV_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "store/local/accounts.h"
#include "util/mem.h"

#define ACCOUNTS_MAC 32         /* octets of an HMAC-SHA-256 */
#define ACCOUNTS_HASH_MAX 384   /* CRYPT_OUTPUT_SIZE */
#define ACCOUNTS_CACHE_SLOTS 4096 /* 64 octets each */
#define ACCOUNTS_SCRAM_ITERATIONS 4096 /* the least RFC 7677 allows; clients on phones pay for each */

/* ---- secrets (accounts_secret.c) ---- */

/* HMAC-SHA-256 of n slices put one behind the other. */
void accounts_hmac(const unsigned char key[ACCOUNTS_MAC], const struct gw_slice *v, size_t n,
		   unsigned char ret[ACCOUNTS_MAC]);

/* Random octets from the operating system. */
int accounts_random(void *p, size_t n, struct gw_err *err);

/* What looks like a hash of accounts_hash_new() and takes the time of one to verify, but is of no password. Made without
 * hashing: each process of the fork model makes one. */
int accounts_hash_nobody(unsigned cost, char ret[ACCOUNTS_HASH_MAX], struct gw_err *err);

/* Hash a new password (yescrypt). ret: NUL-terminated. */
int accounts_hash_new(struct gw_slice password, unsigned cost, char ret[ACCOUNTS_HASH_MAX], struct gw_err *err);

/* Does the password belong to the hash? Takes the time of hashing whatever the answer is. */
bool accounts_hash_verify(struct gw_slice password, const char *hash);

/* Is hash whole and of a scheme we let in? Hashes once to find out. */
int accounts_hash_check(struct gw_slice hash, char ret[ACCOUNTS_HASH_MAX], struct gw_err *err);

/* "yescrypt", "sha512-crypt" ...; "none" for the empty hash. */
const char *accounts_hash_scheme(const char *hash);

/* SCRAM-SHA-256 keys of a password for the salt and iteration count in *k (RFC 5802 section 3). */
int accounts_scram_derive(struct gw_slice password, struct gw_scram_keys *k, struct gw_err *err);

/* Stable keys for a name that has none, made from the store's secret; nobody knows a password for them. */
void accounts_scram_invent(const unsigned char secret[ACCOUNTS_MAC], struct gw_slice name, struct gw_scram_keys *ret);

/* ---- names (accounts_name.c): local_user_name() ---- */

/* ---- verified pairs (accounts_cache.c) ---- */

struct accounts_cache;

/* Room for `slots` pairs (a power of two), in memory that children forked later share. */
int accounts_cache_new(size_t slots, struct accounts_cache **ret, struct gw_err *err);
void accounts_cache_free(struct accounts_cache *c); /* NULL is fine */

/* The key under which a pair is kept; the password cannot be had back from it. */
void accounts_cache_mac(const struct accounts_cache *c, struct gw_slice user, struct gw_slice password,
			unsigned char ret[ACCOUNTS_MAC]);

/* Was this pair verified for account id while its row had this change number, and is now_ms not past its time? */
bool accounts_cache_has(const struct accounts_cache *c, const unsigned char mac[ACCOUNTS_MAC], uint64_t id,
			uint64_t change, uint64_t now_ms);
void accounts_cache_put(struct accounts_cache *c, const unsigned char mac[ACCOUNTS_MAC], uint64_t id, uint64_t change,
			uint64_t now_ms, uint64_t until_ms);

/* ---- the file (accounts_db.c) ---- */

struct accounts_handle {
	sqlite3 *db;
	sqlite3_stmt *by_name, *by_id;
	struct accounts_handle *next;
};

struct local_accounts {
	char *file;                      /* <root>/accounts.db, links resolved; ":memory:" */
	bool memory;                     /* one handle for all, which is the database */
	const struct gw_clock *clock;
	unsigned cache_ttl_s, hash_cost;
	struct accounts_cache *cache;    /* NULL: off */
	unsigned char secret[ACCOUNTS_MAC]; /* kept in the file; makes up keys of unknown users */
	char dummy_hash[ACCOUNTS_HASH_MAX]; /* verified for unknown users */
	_Atomic uint64_t hashed;         /* passwords this process has hashed to verify them */
	pthread_mutex_t lock;            /* guards what follows */
	pthread_cond_t given;            /* in memory: the handle came back */
	pid_t pid;                       /* whose handles these are */
	struct accounts_handle *idle;
};

struct accounts_row {
	struct local_user user;
	char hash[ACCOUNTS_HASH_MAX];    /* "": no password */
	bool has_scram;
	struct gw_scram_keys scram;
};

/* A handle for the calling thread alone; opened when none is idle. */
int accounts_take(struct local_accounts *a, struct accounts_handle **ret, struct gw_err *err);
void accounts_give(struct local_accounts *a, struct accounts_handle *h); /* NULL is fine */

/* The row of a normalised name, or of a number. GW_ENOENT. */
int accounts_row_by_name(struct local_accounts *a, const char *name, struct accounts_row *ret, struct gw_err *err);
int accounts_row_by_id(struct local_accounts *a, uint64_t id, struct accounts_row *ret, struct gw_err *err);

/* The columns that accounts_row_read() expects, in its order; those of older versions, with what they lack. */
#define ACCOUNTS_COLUMNS_OLD \
	"id, name, hash, enabled, disabled, storage_limit, messages_limit, change, created, changed, " \
	"scram_iterations, scram_salt, scram_stored, scram_server"
#define ACCOUNTS_COLUMNS ACCOUNTS_COLUMNS_OLD ", mailboxes_limit, annotations_limit, moved_server, moved_user"
#define ACCOUNTS_COLUMNS_2 ACCOUNTS_COLUMNS_OLD ", mailboxes_limit, annotations_limit, '', ''"
#define ACCOUNTS_COLUMNS_1 ACCOUNTS_COLUMNS_OLD ", 0, 0, '', ''"

/* One row of a SELECT of ACCOUNTS_COLUMNS. GW_ECORRUPT when a column is not what we write. */
int accounts_row_read(sqlite3_stmt *st, struct accounts_row *ret, struct gw_err *err);

/* Can it stand in a response as it is? What local_accounts_move() writes can. */
bool accounts_moved_ok(const struct gw_moved *m);

/* A number for a new account that no row and no folder has. Somebody else may take it. */
int accounts_next_id(struct local_accounts *a, uint64_t *ret, struct gw_err *err);

/* Put a row of another account database in, under this number and name (normalised) as it is:
 * the account can be used at once. GW_EEXIST: the name or the number is taken. */
int accounts_insert(struct local_accounts *a, uint64_t id, const char *name, const struct accounts_row *row,
		    struct gw_err *err);

/* gw_fail() for the last error of db. */
int accounts_db_fail(const struct local_accounts *a, sqlite3 *db, const char *doing, struct gw_err *err);

/* Make the tables in an empty database, or bring older ones up to date. */
int accounts_migrate(const struct local_accounts *a, sqlite3 *db, struct gw_err *err);

/* accounts_dirs.c: give a connection the function taken(id): is there a folder of that number? */
int accounts_dirs_function(const struct local_accounts *a, sqlite3 *db);

/* Is there any account's folder? */
bool accounts_dirs_any(const struct local_accounts *a);

/* Prepare SQL of ours. */
int accounts_prepare(const struct local_accounts *a, sqlite3 *db, const char *sql, sqlite3_stmt **ret, struct gw_err *err);

#endif

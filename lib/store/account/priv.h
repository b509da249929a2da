/* priv.h - what the files of account/ share: environment, accounts in use, handles
 *
 * One mutex (gw_db_env.lock) guards the table of accounts, the lists of idle handles and the cache of indexes; it is
 * held for moments, never over a call to SQLite. A writer holds gw_db_account.writer from gw_db_begin() to the
 * end of its commit. */
#ifndef GW_STORE_ACCOUNT_PRIV_H
#define GW_STORE_ACCOUNT_PRIV_H

#include <pthread.h>
#include <stdlib.h>
#include <stdatomic.h>

#include "store/account/db.h"

#define DB_PAGE_SIZE 4096
#define DB_CACHE_KIB 2048                      /* pages a handle keeps at most */
#define DB_MMAP (INT64_C(0x7fff0000))          /* the most SQLite maps */
#define DB_WAL_IDLE 256                        /* pages in the WAL that make an account in use worth a checkpoint */
#define DB_WAL_MAX 8192                        /* pages after which a writer does the checkpoint itself */
#define DB_ACCOUNT_SLOTS 1024                  /* hash table of accounts: chains */

struct list {
	struct list *prev, *next;
};

static inline void list_init(struct list *l)
{
	l->prev = l->next = l;
}

static inline void list_add(struct list *at, struct list *l) /* behind at */
{
	l->prev = at;
	l->next = at->next;
	at->next->prev = l;
	at->next = l;
}

static inline void list_del(struct list *l)
{
	l->prev->next = l->next;
	l->next->prev = l->prev;
	l->prev = l->next = l;
}

static inline bool list_empty(const struct list *l)
{
	return l->next == l;
}

#define list_item(p, type, member) ((type *)(void *)((char *)(p)-offsetof(type, member)))

struct gw_db_env {
	struct gw_db_options opt;
	pthread_mutex_t lock;
	pthread_cond_t memory_free;      /* a handle in memory was put back */
	struct gw_db_account *slots[DB_ACCOUNT_SLOTS];
	struct list idle;                /* gw_db.lru, most recently used first */
	size_t n_idle;
	struct list cache;               /* cached_index.lru, most recently used first */
	size_t cache_bytes;
};

struct gw_db_account {
	struct gw_db_env *env;
	struct gw_db_account *next;      /* in its slot */
	uint64_t id;
	unsigned refs;
	unsigned handles;                /* open, idle or not */
	char *dir, *path, *bell;         /* NULL in memory */
	_Atomic uint64_t quota_storage, quota_messages;
	struct list idle;                /* gw_db.idle, last used first */
	struct list cached;              /* cached_index.of_account */
	struct gw_db *memory;            /* the one handle of a database in memory */
	unsigned memory_users;
	pthread_t memory_owner;

	pthread_mutex_t writer;
	uint64_t committed;              /* tickets given out, under writer */
	pthread_mutex_t sync_lock;
	pthread_cond_t sync_done;
	uint64_t synced, sync_failed;    /* tickets up to here are on disk, could not be brought there */
	bool syncing;
	atomic_uint wal_pages;           /* after the last commit; 0: all of it is in the database */
	atomic_bool busy;                /* committed since the last tidy */
	atomic_bool sweep;               /* rows may be in `pending` */
	atomic_bool drop;                /* close handles instead of keeping them */
	atomic_bool maildrop_locked;     /* in memory: gw_acct_lock_maildrop() */
};

struct gw_db {
	sqlite3 *sql;
	struct gw_db_account *acc;
	struct list idle, lru;
	uint64_t idle_since_ms;
	bool writing, reading;
	unsigned cursors;                /* that use the statements of the scans */
	bool fresh;                      /* the account row was not looked at yet */
	uint64_t key[2];                 /* account.key */
	sqlite3_stmt *stmt[GW_SQL_COUNT];
};

/* ---- open.c ---- */

/* Open the file and bring its tables up to date. */
int db_open(struct gw_db_account *acc, struct gw_db **ret, struct gw_err *err);
void db_close(struct gw_db *db);
int db_make_dir(const char *dir, uid_t owner, struct gw_err *err);

/* ---- setup.c ---- */

/* Give a new database its account row and the mailboxes every account has; read account.key. */
int db_setup(struct gw_db *db, struct gw_err *err);

/* ---- tx.c ---- */

int db_busy(void *ctx, int n);
void db_checkpoint(struct gw_db *db);

/* ---- cache.c ---- */

struct gw_index;

/* The newest cached index of the mailbox, or NULL. Returns a reference. */
struct gw_index *db_cache_get(struct gw_db_account *acc, uint64_t mailbox);

/* Offer ix; it is kept when it is newer than what is there. Takes no reference of the caller's. */
void db_cache_put(struct gw_db_account *acc, uint64_t mailbox, struct gw_index *ix);
void db_cache_drop(struct gw_db_account *acc, uint64_t mailbox);  /* 0: all of the account */
void db_cache_tidy(struct gw_db_env *env, uint64_t older_than_ms);

/* ---- sweep.c ---- */

/* Count references and remove contents nobody refers to, at most budget of them. Returns true when nothing is left. */
bool db_sweep(struct gw_db_account *acc, unsigned budget);

#endif

/* priv.h - what the files of account/ share: environment, accounts in use, handles
 *
 * One mutex (gw_db_env.lock) guards the table of accounts, the lists of idle handles and the cache of indexes; it is
 * held for moments, never over a call to SQLite. A writer has the account's writer's place from gw_db_begin() to
 * the end of its commit. */
#ifndef GW_STORE_ACCOUNT_PRIV_H
#define GW_STORE_ACCOUNT_PRIV_H

#include <pthread.h>
#include <stdlib.h>
#include <stdatomic.h>

#include "store/account/db.h"
#include "store/account/guard.h"

/* Measured with 28 KB and 1 KB messages: against 4096 a fifth more rows and bodies read and large batches written a second,
 * single small commits alike; 16384 makes those slower. */
#define DB_PAGE_SIZE 8192
#define DB_CACHE_KIB 2048                      /* pages a handle keeps at most */
#define DB_MMAP (INT64_C(0x7fff0000))          /* the most SQLite maps */
#define DB_WAL_IDLE 128                        /* pages in the WAL that make an account in use worth a checkpoint */
#define DB_WAL_START 1024                      /* that make the checkpoint thread begin */
#define DB_WAL_MAX 8192                       /* that make a writer do it itself; half as many where there is no thread */
#define DB_CHECKPOINT_QUEUE 64                 /* accounts that wait for the thread */
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
	pthread_t checkpoint_thread;     /* see checkpoint.c */
	bool checkpoint_running, checkpoint_stop;
	pthread_cond_t checkpoint_wanted;
	struct gw_db_account *checkpoints[DB_CHECKPOINT_QUEUE]; /* oldest first, with a reference each */
	size_t n_checkpoints;
};

struct gw_db_account {
	struct gw_db_env *env;
	struct gw_db_account *next;      /* in its slot */
	uint64_t id;
	unsigned refs;
	unsigned handles;                /* open, idle or not */
	unsigned files;                  /* rises when they are replaced: handles of older ones are closed */
	atomic_bool made;                /* the database was there: when it is gone, it is not made again */
	char *dir, *path, *bell;         /* NULL in memory */
	_Atomic(gw_db_bring_fn *) bring; /* NULL: all bytes are here */
	void *bring_ctx;
	_Atomic uint64_t own_storage, own_messages, own_mailboxes, own_annotations; /* quota.c: what gw_db_limits.own told last */
	struct list idle;                /* gw_db.idle, last used first */
	struct list cached;              /* cached_index.of_account */
	struct gw_db *memory;            /* the one handle of a database in memory */
	unsigned memory_users;
	pthread_t memory_owner;

	pthread_mutex_t writer_lock;     /* of writing: the writer's place in this process */
	pthread_cond_t writer_free;
	bool writing;
	uint64_t committed;              /* tickets given out, in the writer's place */
	pthread_mutex_t sync_lock;
	pthread_cond_t sync_done;
	uint64_t synced, sync_failed;    /* tickets up to here are on disk, could not be brought there */
	bool syncing;
	atomic_uint wal_pages;           /* after the last commit; 0: all of it is in the database */
	atomic_bool checkpoint_queued;
	atomic_bool busy;                /* committed since the last tidy */
	atomic_bool sweep;               /* rows may be in `pending` */
	atomic_bool maildrop_locked;     /* in memory: gw_acct_lock_maildrop() */
	_Atomic(char *) replica_name;    /* gw_db_account_set_replica() */
	_Atomic int64_t replica_id;      /* its number there, once it is known */
	uint64_t replica_lock;           /* the replica's, of who has its lock */
	atomic_bool replica_tidy;        /* gw_db_account_want_tidy() */
};

struct gw_db {
	sqlite3 *sql;
	struct gw_db_account *acc;
	struct list idle, lru;
	uint64_t idle_since_ms;
	bool writing, reading;
	unsigned cursors;                /* that use the statements of the scans */
	bool frozen;                     /* opened on a read-only file system: not kept */
	unsigned files;                  /* acc->files, when it was opened */
	unsigned faults;                 /* gw_store_faults(), likewise: a handle is not trusted after one */
	uint64_t key[2];                 /* account.key */
	void *replica;                   /* the replica's, from its prepare() to its end() */
	sqlite3_stmt *stmt[GW_SQL_COUNT];
};

/* ---- open.c ---- */

/* Open the file and bring its tables up to date. */
int db_open(struct gw_db_account *acc, struct gw_db **ret, struct gw_err *err);
void db_close(struct gw_db *db);
int db_make_dir(const char *dir, uid_t owner, struct gw_err *err);

/* The path as a URI of SQLite that asks for no locks and no WAL: for a file that nobody writes to. free() it. */
char *db_frozen_uri(const char *path);

/* ---- vfs.c ---- */

/* Name of our layer for sqlite3_open_v2(); NULL: there is none, SQLite's own serves. */
const char *db_vfs(void);

/* Commits of the handle hand the WAL to the operating system only (true), or bring it to the disk (false, at first). */
void db_wal_lazy(struct gw_db *db, bool lazy);

/* Bring the WAL to the disk. A SQLite result code. Nothing to do when commits are not lazy. */
int db_wal_sync(struct gw_db *db);

/* ---- setup.c ---- */

/* Give a new database its account row and the mailboxes every account has; read account.key. */
int db_setup(struct gw_db *db, struct gw_err *err);

/* Read account.key again: 1, 0 when there is no account yet. */
int db_read_key(struct gw_db *db, struct gw_err *err);

/* ---- tx.c ---- */

int db_busy(void *ctx, int n);

/* A write transaction that changes what clients see: as gw_db_begin(). Sweeping, caching and what is derived from bytes
 * begin with gw_db_begin() itself. */
int db_begin_map(struct gw_db *db, struct gw_err *err);
int db_lock_writer(struct gw_db_account *acc, struct gw_err *err);
void db_unlock_writer(struct gw_db_account *acc);

/* ---- checkpoint.c ---- */

void db_checkpoint(struct gw_db *db);
void db_checkpoint_stop(struct gw_db_env *env);

/* After a commit, still in the writer's place: see to a WAL that has grown long. */
void db_checkpoint_grown(struct gw_db *db);

/* ---- cache.c ---- */

struct gw_index;

/* The newest cached index of the mailbox, or NULL. Returns a reference. */
struct gw_index *db_cache_get(struct gw_db_account *acc, uint64_t mailbox);

/* Offer ix; it is kept when it is newer than what is there. Takes no reference of the caller's. */
void db_cache_put(struct gw_db_account *acc, uint64_t mailbox, struct gw_index *ix);

/* The order of the mailbox's messages that is kept beside its index, or NULL; an index must be there to put one. */
struct gw_ranks *db_cache_get_ranks(struct gw_db_account *acc, uint64_t mailbox, enum gw_rank_key key);
void db_cache_put_ranks(struct gw_db_account *acc, uint64_t mailbox, enum gw_rank_key key, struct gw_ranks *r);

/* The same of its links. */
struct gw_links *db_cache_get_links(struct gw_db_account *acc, uint64_t mailbox);
void db_cache_put_links(struct gw_db_account *acc, uint64_t mailbox, struct gw_links *l);

void db_cache_drop(struct gw_db_account *acc, uint64_t mailbox);  /* 0: all of the account */
void db_cache_tidy(struct gw_db_env *env, uint64_t older_than_ms);

/* ---- sweep.c ---- */

/* Count references and remove contents nobody refers to, at most budget of them. Returns true when nothing is left. */
bool db_sweep(struct gw_db_account *acc, unsigned budget);

/* The same: 1 when something is left, 0, or a code, which nobody is told of. */
int db_sweep_some(struct gw_db_account *acc, unsigned budget, struct gw_err *err);

#endif

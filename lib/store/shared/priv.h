/* priv.h - what the files of shared/ share */
#ifndef GW_STORE_SHARED_PRIV_H
#define GW_STORE_SHARED_PRIV_H

#include <pthread.h>
#include <stdatomic.h>

#include "store/account/priv.h"
#include "store/shared/libpq.h"
#include "store/shared/shared.h"
#include "util/buf.h"
#include "util/mem.h"

#define SHARED_SCHEMA 1          /* of the tables in PostgreSQL */
#define SHARED_CONNECT_S 5       /* seconds: to connect */
#define SHARED_LOCK_MS 8000      /* to wait for another gateway's transaction */
#define SHARED_STATEMENT_MS 15000 /* a statement at the server */
#define SHARED_WAIT_MS 20000     /* for its answer: longer, so that the server's own limit speaks first */
#define SHARED_IDLE_TX_MS 30000  /* a gateway that died in a transaction: its lock ends */
#define SHARED_RETRY_MS 1000     /* longest pause between two tries to connect */
#define SHARED_CONN_MAX 16

struct shared_conn {
	PGconn *pg;
	bool lost;               /* its state is not known: it is not used again */
	uint64_t idle_since_ms;
};

struct shared {
	const struct libpq *pq;
	struct shared_options opt;
	char *url, *password;    /* password: what messages must not show; NULL: none */
	struct gw_db_replica replica;

	pthread_mutex_t lock;    /* of what follows, up to the listening thread */
	pthread_cond_t freed;
	struct shared_conn *idle[SHARED_CONN_MAX];
	unsigned n_idle, n_open, max;
	uint64_t retry_at_ms;    /* no try to connect before; 0: the last one was good */
	unsigned pause_ms;
	char trouble[GW_ERR_TEXT]; /* why it was not */
	bool tables_checked;

	pthread_mutex_t locks_lock;   /* of what follows, over exchanges with PostgreSQL too (lock.c) */
	struct shared_conn *locks;    /* holds the locks; NULL: not connected */
	uint64_t locks_generation;    /* rises with each connection */
	unsigned n_locks;
	uint64_t locks_idle_ms;

	struct gw_db_env *env;   /* whose accounts are kept up to date; NULL: none */
	pthread_t listener;
	bool listening;
	int wake[2];             /* a pipe: closing the writing end stops the thread */
};

/* ---- conn.c ---- */

int conn_get(struct shared *sh, struct shared_conn **ret, struct gw_err *err);
void conn_put(struct shared *sh, struct shared_conn *c); /* NULL is fine; a transaction that is open is rolled back */

/* One that the pool does not count, but by its manners: no try to connect while it pauses. conn_close() ends it. */
int conn_outside(struct shared *sh, struct shared_conn **ret, struct gw_err *err);

/* Close one that the pool counts. */
void conn_forget(struct shared *sh, struct shared_conn *c);

/* See that sh->url is one, and learn its password (GW_EINVAL); wipe both. */
int conn_read_url(struct shared *sh, struct gw_err *err);
void conn_forget_url(struct shared *sh);

/* Connect, whatever the pool thinks. */
int conn_open(struct shared *sh, struct shared_conn **ret, struct gw_err *err);
void conn_close(struct shared *sh, struct shared_conn *c);

/* A parameter of a statement. */
struct conn_param {
	const void *p;
	size_t n;
	bool binary;
	char text[24];           /* of a number */
};
struct conn_param conn_number(int64_t v);
struct conn_param conn_bytes(const void *p, size_t n);
struct conn_param conn_text(const char *s);

/* Run one statement with parameters; *ret (may be NULL): its result, with values in binary form, for PQclear(). GW_EBUSY:
 * another gateway holds the lock. Else GW_EUNAVAIL with c->lost set when the connection is gone. */
int conn_run(struct shared *sh, struct shared_conn *c, const char *sql, const struct conn_param *v, int n, PGresult **ret,
	struct gw_err *err);

/* The same, row by row as they come; fn gets a result of one row and stops it all with a negative code. */
typedef int (*conn_row_fn)(void *ctx, const struct libpq *pq, const PGresult *row, struct gw_err *err);
int conn_each(struct shared *sh, struct shared_conn *c, const char *sql, const struct conn_param *v, int n, conn_row_fn fn,
	void *ctx, struct gw_err *err);

/* Run several statements without parameters in one exchange; *ret: the result of the one numbered `which` from 0, with values
 * in text form. The others' results are looked at for errors alone. */
int conn_script(struct shared *sh, struct shared_conn *c, const char *sql, unsigned which, PGresult **ret, struct gw_err *err);

/* COMMIT, then another statement whose fate does not matter. GW_EUNAVAIL with c->lost: whether it was committed is unknown. */
int conn_commit(struct shared *sh, struct shared_conn *c, const char *then, struct gw_err *err);

/* The value at a row and column. */
int64_t conn_int_text(const struct shared *sh, const PGresult *r, int row, int column);
int64_t conn_int(const struct libpq *pq, const PGresult *r, int row, int column); /* int8 in binary form */

/* Fill err with what libpq says, without the password. */
int conn_complain(const struct shared *sh, const char *text, enum gw_code code, const char *what, struct gw_err *err);

/* Wait up to ms for something to read, 1; 0: nothing came, -1: the connection is gone. */
int conn_wait(struct shared *sh, struct shared_conn *c, int also, int ms);

/* ---- lock.c ---- */

/* Close their connection when it is at rest for long; all: whatever it holds. */
void locks_tidy(struct shared *sh, bool all);

/* ---- tables.c ---- */

/* Make the tables, or see that they are ours. GW_ENOTSUP: of a newer version. */
int tables_ensure(struct shared *sh, struct shared_conn *c, struct gw_err *err);

/* ---- map.c: a transaction of the map ---- */

/* What identifies a moment of an account's map. */
struct moment {
	char epoch[20];          /* of the account's row in PostgreSQL since it was made; "": none */
	int64_t version;
	int64_t mark;            /* drawn for this version: two that have another are of different pasts */
};

struct shared_tx {
	struct shared_conn *conn;
	bool locked;             /* holds the account's row */
	int64_t account;         /* its number in PostgreSQL */
	struct moment here, there; /* of the mirror, of PostgreSQL */
	int64_t snapshot;        /* version of the snapshot in PostgreSQL; 0: none */
	int64_t log_bytes, snapshot_bytes;
	int64_t known_mark;      /* PostgreSQL's of version here.version */
	bool known;              /* there is one */
	bool caught_up;          /* the mirror's rows have changed by it */
	bool publish;            /* all of the map goes to PostgreSQL, not the changes alone */
	bool foreign;            /* the mirror was of another past */
	struct sqlite3_session *session;
};


/* Lock (or only look at) the account's row and fill tx. */
int map_look(struct shared *sh, struct gw_db *db, struct shared_tx *tx, bool lock, struct gw_err *err);

/* The mirror's moment, as its database has it. */
int map_here(struct gw_db *db, struct moment *ret, struct gw_err *err);
int map_here_put(struct gw_db *db, const struct moment *m, struct gw_err *err);

int64_t map_random(void);

/* Somebody wrote version of the account's map: bring the mirror up to it. 0: look. */
int map_refresh_to(struct shared *sh, struct gw_db_account *acc, int64_t version, struct gw_err *err);

/* The tables of the map, in the order in which a snapshot has them. */
extern const char *const map_tables[];
extern const size_t map_n_tables;

/* Run SQL in the mirror's database. */
int map_exec(struct gw_db *db, const char *sql, struct gw_err *err);

/* ---- catchup.c ---- */

enum catchup { CATCHUP_NONE, CATCHUP_FOLLOW, CATCHUP_REBUILD, CATCHUP_FOREIGN, CATCHUP_PUBLISH };

/* What a mirror at tx->here has to do. has_rows: it has an account. */
enum catchup catchup_plan(const struct shared_tx *tx, bool has_rows);

/* Do it, inside a write transaction. Without the lock only CATCHUP_FOLLOW can be done. GW_ECORRUPT: the rows of the mirror are
 * not what the changesets expect (FOLLOW): rebuild. */
int catchup_follow(struct shared *sh, struct gw_db *db, struct shared_tx *tx, struct gw_err *err);
int catchup_rebuild(struct shared *sh, struct gw_db *db, struct shared_tx *tx, bool foreign, struct gw_err *err);

/* After the recording has begun: mailboxes whose UIDs may have been given twice get another UIDVALIDITY. */
int catchup_part(struct gw_db *db, struct gw_err *err);

/* ---- snapshot.c ---- */

/* Put all of the map, as the open transaction of db sees it, into PostgreSQL as of version; *ret: octets. */
int snapshot_store(struct shared *sh, struct shared_conn *c, struct gw_db *db, int64_t account, int64_t version,
	int64_t *ret, struct gw_err *err);

/* Rows of the account's snapshot into the (empty) tables of the map. */
int snapshot_load(struct shared *sh, struct shared_conn *c, struct gw_db *db, int64_t account, int64_t version,
	struct gw_err *err);

/* Write a snapshot of what is committed and cut the log, when no one else does. */
int snapshot_write(struct shared *sh, struct gw_db_account *acc, struct gw_err *err);

#endif

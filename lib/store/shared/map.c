/* map.c - a transaction of the map, from the side of PostgreSQL (see shared.h)
 *
 * account/tx.c calls prepare, begin, commit and end in this order; end comes whatever happened. The account's row stays locked
 * from begin to the COMMIT, so changesets of one account have one order, and a mirror that has applied all of them when it
 * changes rows changes the newest. */
#include "store/shared/session.h"

#include "store/shared/priv.h"

#include <inttypes.h>
#include <sys/random.h>

#include "util/num.h"

#define LOG_BYTES_MAX ((int64_t)4 << 20) /* octets of changes that a gateway which lost its mirror reads at most, or */
#define LOG_ROWS_MAX 1000                /* ... as many changes, or as much as the snapshot has */
#define CHANGES_MAX (512 << 20)          /* octets of one change: PostgreSQL takes 1 GB */

/* New ones come last: a snapshot knows them by their place. */
const char *const map_tables[] = { "account", "mailbox", "subscription", "chunk", "expunged", "uidl", "remote",
	"remote_mailbox", "remote_email", "place", "import", "imported" };
const size_t map_n_tables = sizeof map_tables / sizeof *map_tables;

/* ---- the mirror's side ---- */

int map_exec(struct gw_db *db, const char *sql, struct gw_err *err)
{
	int rc = sqlite3_exec(db->sql, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : gw_db_fail(db, rc, "the shared map", err);
}

static bool has_account(struct gw_db *db)
{
	return gw_db_step_i64(db, GW_SQL_ACCOUNT, NULL, NULL, 0) > 0;
}

int map_here(struct gw_db *db, struct moment *ret, struct gw_err *err)
{
	sqlite3_stmt *st = NULL;
	int rc;

	memset(ret, 0, sizeof *ret);
	rc = sqlite3_prepare_v2(db->sql, "SELECT epoch, version, mark FROM replica", -1, &st, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		snprintf(ret->epoch, sizeof ret->epoch, "%s", (const char *)sqlite3_column_text(st, 0));
		ret->version = sqlite3_column_int64(st, 1);
		ret->mark = sqlite3_column_int64(st, 2);
		rc = SQLITE_DONE;
	}
	sqlite3_finalize(st);
	return rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "the shared map", err);
}

int map_here_put(struct gw_db *db, const struct moment *m, struct gw_err *err)
{
	char sql[160];

	snprintf(sql, sizeof sql, "INSERT OR REPLACE INTO replica VALUES(1,'%s',%" PRId64 ",%" PRId64 ")", m->epoch, m->version,
		m->mark);
	return map_exec(db, sql, err);
}

/* ---- PostgreSQL's side ---- */

int64_t map_random(void)
{
	int64_t v = 0;

	if (getrandom(&v, sizeof v, 0) != sizeof v)
		gw_bug("the operating system gives no random numbers");
	return v;
}

static void new_epoch(char ret[20])
{
	int64_t v = map_random();

	gw_put_hex(ret, (const unsigned char *)&v, sizeof v);
	ret[2 * sizeof v] = '\0';
}

/* The account's number, by its name; with make it gets a row. *ret 0: it has none. */
static int find_account(struct shared *sh, struct shared_conn *c, const char *name, bool make, int64_t *ret,
	struct gw_err *err)
{
	struct conn_param v[2] = { conn_text(name) };
	PGresult *r = NULL;
	char epoch[20];
	int rc = 0;

	new_epoch(epoch);
	v[1] = conn_text(epoch);
	if (make)
		rc = conn_run(sh, c, "INSERT INTO gateway.account(name, epoch) VALUES ($1,$2) ON CONFLICT (name) DO NOTHING", v,
			2, NULL, err);
	if (rc == 0)
		rc = conn_run(sh, c, "SELECT id FROM gateway.account WHERE name=$1", v, 1, &r, err);
	*ret = rc == 0 && sh->pq->PQntuples(r) == 1 ? conn_int(sh->pq, r, 0, 0) : 0;
	sh->pq->PQclear(r);
	if (rc == 0 && *ret == 0 && !make)
		return find_account(sh, c, name, true, ret, err);
	return rc;
}

static void fill(const struct shared *sh, const PGresult *r, struct shared_tx *tx)
{
	snprintf(tx->there.epoch, sizeof tx->there.epoch, "%s", sh->pq->PQgetvalue(r, 0, 0));
	tx->there.version = conn_int_text(sh, r, 0, 1);
	tx->there.mark = conn_int_text(sh, r, 0, 2);
	tx->snapshot = conn_int_text(sh, r, 0, 4);
	tx->snapshot_bytes = conn_int_text(sh, r, 0, 5);
	tx->log_bytes = conn_int_text(sh, r, 0, 6);
	tx->known = !sh->pq->PQgetisnull(r, 0, 7);
	tx->known_mark = tx->known ? conn_int_text(sh, r, 0, 7) : 0;
}

/* 1: it is filled, 0: the account has no row of that number. */
static int look(struct shared *sh, struct shared_tx *tx, bool lock, struct gw_err *err)
{
	PGresult *r = NULL;
	int64_t schema;
	char sql[480];
	int rc;

	snprintf(sql, sizeof sql,
		"%sSELECT a.epoch, a.version, a.mark, a.schema, a.snapshot, a.snapshot_bytes, a.log_bytes, l.mark"
		" FROM gateway.account a LEFT JOIN gateway.log l ON l.account=a.id AND l.version=%" PRId64
		" WHERE a.id=%" PRId64 "%s",
		lock ? "BEGIN; " : "", tx->here.version, tx->account, lock ? " FOR UPDATE OF a" : "");
	rc = conn_script(sh, tx->conn, sql, lock, &r, err);
	if (rc < 0 || sh->pq->PQntuples(r) != 1) {
		sh->pq->PQclear(r);
		return rc;
	}
	fill(sh, r, tx);
	schema = conn_int_text(sh, r, 0, 3);
	sh->pq->PQclear(r);
	tx->locked = lock;
	if (schema > GW_DB_SCHEMA_VERSION)
		return gw_fail(err, GW_ENOTSUP,
			"state_database: a newer gateway has written there (schema %lld, this one knows %d): upgrade this one",
			(long long)schema, GW_DB_SCHEMA_VERSION);
	return 1;
}

int map_look(struct shared *sh, struct gw_db *db, struct shared_tx *tx, bool lock, struct gw_err *err)
{
	const char *name = gw_db_account_replica(db->acc);
	int rc;

	if (!name)
		return gw_fail(err, GW_EBUG, "%s: has no name in the shared map", gw_db_account_path(db->acc));
	for (int tries = 0; tries < 2; tries++) {
		tx->account = atomic_load(&db->acc->replica_id);
		rc = tx->account ? 0 : find_account(sh, tx->conn, name, false, &tx->account, err);
		if (rc < 0)
			return rc;
		atomic_store(&db->acc->replica_id, tx->account);
		rc = look(sh, tx, lock, err);
		if (rc)
			return rc < 0 ? rc : 0;
		atomic_store(&db->acc->replica_id, 0); /* somebody has removed the row, or the database is another one */
		if (lock && (rc = conn_script(sh, tx->conn, "ROLLBACK", 0, NULL, err)) < 0)
			return rc;
	}
	return gw_fail(err, GW_EUNAVAIL, "state_database: the account's row cannot be made");
}

/* ---- the four calls ---- */

static int prepare(void *ctx, struct gw_db *db, struct gw_err *err)
{
	struct shared_tx *tx = gw_xalloc(sizeof *tx);

	db->replica = tx;
	return conn_get(ctx, &tx->conn, err);
}

static void end(void *ctx, struct gw_db *db)
{
	struct shared_tx *tx = db->replica;

	db->replica = NULL;
	if (tx->session)
		sqlite3session_delete(tx->session);
	conn_put(ctx, tx->conn);
	free(tx);
}

/* A connection that has died at rest is not the transaction's fault. */
static int lock_account(struct shared *sh, struct gw_db *db, struct shared_tx *tx, struct gw_err *err)
{
	int rc = map_look(sh, db, tx, true, err);

	if (rc == 0 || !tx->conn->lost)
		return rc;
	conn_put(sh, tx->conn);
	tx->conn = NULL;
	rc = conn_get(sh, &tx->conn, err);
	return rc < 0 ? rc : map_look(sh, db, tx, true, err);
}

static int catch_up(struct shared *sh, struct gw_db *db, struct shared_tx *tx, struct gw_err *err)
{
	int rc = 0;

	switch (catchup_plan(tx, has_account(db))) {
	case CATCHUP_NONE:
		break;
	case CATCHUP_FOLLOW:
		rc = catchup_follow(sh, db, tx, err);
		if (rc == GW_ECORRUPT)
			rc = catchup_rebuild(sh, db, tx, false, err);
		break;
	case CATCHUP_REBUILD:
		rc = catchup_rebuild(sh, db, tx, false, err);
		break;
	case CATCHUP_FOREIGN:
		rc = catchup_rebuild(sh, db, tx, true, err);
		break;
	case CATCHUP_PUBLISH:
		tx->publish = true;
		break;
	}
	return rc;
}

static int record(struct gw_db *db, struct shared_tx *tx, struct gw_err *err)
{
	int rc = sqlite3session_create(db->sql, "main", &tx->session);

	for (size_t i = 0; i < map_n_tables && rc == SQLITE_OK; i++)
		rc = sqlite3session_attach(tx->session, map_tables[i]);
	return rc == SQLITE_OK ? 0 : gw_db_fail(db, rc, "changes cannot be noted", err);
}

static int begin(void *ctx, struct gw_db *db, struct gw_err *err)
{
	struct shared_tx *tx = db->replica;
	int rc = map_here(db, &tx->here, err);

	if (rc == 0)
		rc = lock_account(ctx, db, tx, err);
	if (rc == 0)
		rc = catch_up(ctx, db, tx, err);
	if (rc == 0)
		rc = record(db, tx, err);
	if (rc == 0 && tx->foreign)
		rc = catchup_part(db, err);
	return rc;
}

/* ---- committing ---- */

/* The changes go behind those that are there. */
static int put_changes(struct shared *sh, struct shared_tx *tx, const struct moment *m, const void *changes, int n,
	struct gw_err *err)
{
	const struct conn_param v[] = { conn_number(tx->account), conn_number(m->version), conn_number(m->mark),
		conn_bytes(changes, (size_t)n), conn_number(GW_DB_SCHEMA_VERSION), conn_number(n) };

	return conn_run(sh, tx->conn,
		"WITH l AS (INSERT INTO gateway.log VALUES ($1,$2,$3,$4))"
		" UPDATE gateway.account SET version=$2, mark=$3, schema=$5, log_bytes=log_bytes+$6, changed=now() WHERE id=$1",
		v, 6, NULL, err);
}

/* The whole map takes the place of what is there. */
static int put_all(struct shared *sh, struct gw_db *db, struct shared_tx *tx, const struct moment *m, struct gw_err *err)
{
	struct conn_param v[] = { conn_number(tx->account), conn_number(m->version), conn_number(m->mark),
		conn_number(GW_DB_SCHEMA_VERSION), conn_number(0), conn_text(m->epoch) };
	int64_t bytes = 0;
	int rc = conn_run(sh, tx->conn, "DELETE FROM gateway.log WHERE account=$1", v, 1, NULL, err);

	if (rc == 0)
		rc = conn_run(sh, tx->conn, "DELETE FROM gateway.snapshot WHERE account=$1", v, 1, NULL, err);
	if (rc == 0)
		rc = snapshot_store(sh, tx->conn, db, tx->account, m->version, &bytes, err);
	v[4] = conn_number(bytes);
	return rc < 0 ? rc
		      : conn_run(sh, tx->conn,
				"WITH l AS (INSERT INTO gateway.log VALUES ($1,$2,$3,''))"
				" UPDATE gateway.account SET version=$2, mark=$3, schema=$4, snapshot=$2, snapshot_bytes=$5,"
				" epoch=$6, log_bytes=0, changed=now() WHERE id=$1",
				v, 6, NULL, err);
}

/* Those who listen hear the version and the account's name. */
static int commit_there(struct shared *sh, struct gw_db *db, struct shared_tx *tx, const struct moment *m, struct gw_err *err)
{
	char *text = gw_xasprintf("%" PRId64 " %s", m->version, gw_db_account_replica(db->acc));
	char *literal = sh->pq->PQescapeLiteral(tx->conn->pg, text, strlen(text));
	char *then = gw_xasprintf("SELECT pg_notify('gateway', %s)", literal ? literal : "''");
	int rc = conn_commit(sh, tx->conn, then, err);

	sh->pq->PQfreemem(literal);
	free(then);
	free(text);
	return rc;
}

/* Nobody said whether the COMMIT came through. The lock tells: it is free when that transaction has ended one way or the other.
 * When this cannot be found out now, the next transaction will. */
static int settle(struct shared *sh, struct gw_db *db, struct shared_tx *tx, const struct moment *m, struct gw_err *err)
{
	int rc;

	conn_put(sh, tx->conn);
	tx->conn = NULL;
	rc = conn_get(sh, &tx->conn, NULL);
	if (rc == 0)
		rc = map_look(sh, db, tx, true, NULL);
	if (rc == 0 && tx->there.version == m->version && tx->there.mark == m->mark)
		return 0;
	gw_err_ctx(err, "%s", rc == 0 ? "nothing was changed" : "it is not known whether the change was recorded");
	return GW_EUNAVAIL;
}

static void want_snapshot(struct gw_db *db, const struct shared_tx *tx, const struct moment *m, int n)
{
	int64_t most = tx->snapshot_bytes > LOG_BYTES_MAX ? tx->snapshot_bytes : LOG_BYTES_MAX;

	if (!tx->publish && (tx->log_bytes + n > most || m->version - tx->snapshot > LOG_ROWS_MAX))
		gw_db_account_want_tidy(db->acc);
}

static int hand_over(struct shared *sh, struct gw_db *db, struct shared_tx *tx, void *changes, int n, struct gw_err *err)
{
	struct moment m = tx->there;
	int rc;

	if (n > CHANGES_MAX)
		return gw_fail(err, GW_ELIMIT, "%s: a change of %d MiB is too large to be shared", gw_db_account_path(db->acc),
			n >> 20);
	m.version = (tx->publish && tx->here.version > m.version ? tx->here.version : m.version) + 1;
	m.mark = map_random();
	if (tx->publish && tx->there.version)
		new_epoch(m.epoch);
	rc = map_here_put(db, &m, err);
	if (rc == 0)
		rc = tx->publish ? put_all(sh, db, tx, &m, err) : put_changes(sh, tx, &m, changes, n, err);
	if (rc < 0)
		return rc;
	rc = commit_there(sh, db, tx, &m, err);
	if (rc < 0 && tx->conn->lost)
		rc = settle(sh, db, tx, &m, err);
	if (rc == 0)
		want_snapshot(db, tx, &m, n);
	return rc;
}

static int commit(void *ctx, struct gw_db *db, struct gw_err *err)
{
	struct shared_tx *tx = db->replica;
	void *changes = NULL;
	int n = 0, rc = sqlite3session_patchset(tx->session, &n, &changes);

	if (rc != SQLITE_OK)
		return gw_db_fail(db, rc, "changes cannot be noted", err);
	/* What was caught up with stays; of nothing new there is nothing to say. */
	rc = n || tx->publish ? hand_over(ctx, db, tx, changes, n, err) : 0;
	sqlite3_free(changes);
	return rc;
}

static void tidy(void *ctx, struct gw_db_account *acc)
{
	struct shared *sh = ctx;
	struct gw_err err = { .code = GW_OK };

	if (snapshot_write(sh, acc, &err) < 0 && sh->opt.log)
		sh->opt.log(sh->opt.log_ctx, 1, err.text);
}

/* ---- for readers ---- */

/* The row is not locked: the changes that are there stay as they are. */
static int follow(struct shared *sh, struct gw_db *db, struct shared_tx *tx, struct gw_err *err)
{
	int rc = gw_db_begin(db, err);

	if (rc == 0)
		rc = map_here(db, &tx->here, err); /* another process may have been faster */
	if (rc == 0 && tx->here.version < tx->there.version)
		rc = catchup_follow(sh, db, tx, err);
	if (rc == 0)
		rc = gw_db_commit(db, GW_DB_LAZY, err);
	if (rc == 0 && tx->caught_up)
		gw_db_ring(db->acc);
	gw_db_rollback(db);
	return rc;
}

static int refresh(struct shared *sh, struct gw_db *db, struct shared_tx *tx, struct gw_err *err)
{
	enum catchup plan;
	int rc = map_here(db, &tx->here, err);

	if (rc == 0)
		rc = map_look(sh, db, tx, false, err);
	if (rc < 0)
		return rc;
	plan = catchup_plan(tx, true);
	if (plan == CATCHUP_FOLLOW)
		rc = follow(sh, db, tx, err);
	if (plan == CATCHUP_NONE || (plan == CATCHUP_FOLLOW && rc != GW_ECORRUPT))
		return rc;
	conn_put(sh, tx->conn);
	tx->conn = NULL;
	rc = db_begin_map(db, err);
	return rc < 0 ? rc : gw_db_commit(db, GW_DB_LAZY, err);
}

int map_refresh_to(struct shared *sh, struct gw_db_account *acc, int64_t version, struct gw_err *err)
{
	struct shared_tx tx = { .conn = NULL };
	struct gw_db *db;
	int rc = gw_db_get(acc, &db, err);

	if (rc < 0)
		return rc;
	rc = map_here(db, &tx.here, err);
	if (rc == 0 && (version == 0 || tx.here.version < version)) {
		rc = conn_get(sh, &tx.conn, err);
		if (rc == 0)
			rc = refresh(sh, db, &tx, err);
		conn_put(sh, tx.conn);
	}
	gw_db_put(db);
	return rc;
}

/* ---- the store's part ---- */

static void cond_init(pthread_cond_t *c)
{
	pthread_condattr_t attr;

	if (pthread_condattr_init(&attr) || pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) || pthread_cond_init(c, &attr))
		gw_bug("pthread_cond_init");
	pthread_condattr_destroy(&attr);
}

int shared_new(const struct shared_options *opt, struct shared **ret, struct gw_err *err)
{
	const struct libpq *pq = libpq_load();
	struct shared *sh;
	int rc;

	if (!pq)
		return gw_fail(err, GW_ENOTSUP, "state_database: PostgreSQL's library libpq.so.5 is not installed (package libpq5)");
	sh = gw_xalloc(sizeof *sh);
	sh->pq = pq;
	sh->opt = *opt;
	sh->opt.keep_ms = opt->keep_ms ? opt->keep_ms : 60000;
	sh->url = gw_xstrdup(opt->url);
	sh->opt.url = sh->url;
	sh->max = !opt->max_connections ? 8 : opt->max_connections > SHARED_CONN_MAX ? SHARED_CONN_MAX : opt->max_connections;
	sh->replica = (struct gw_db_replica){ sh, prepare, begin, commit, end, tidy };
	if (pthread_mutex_init(&sh->lock, NULL) || pthread_mutex_init(&sh->locks_lock, NULL))
		gw_bug("pthread_mutex_init");
	cond_init(&sh->freed);
	rc = conn_read_url(sh, err);
	if (rc < 0)
		shared_free(sh);
	else
		*ret = sh;
	return rc;
}

const struct gw_db_replica *shared_replica(struct shared *sh)
{
	return &sh->replica;
}

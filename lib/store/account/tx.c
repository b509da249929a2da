/* tx.c - statements, transactions, and waiting for the disk
 *
 * A COMMIT hands the WAL to the operating system and returns (vfs.c). Then the writer's place is free for the
 * next one, and whoever needs durability waits in sync_to(): one thread syncs the WAL for all
 * that have committed before it began, the others find their ticket done when it is back. */
#include "store/account/priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

const char *const gw_sql_text[GW_SQL_COUNT] = {
#define X(name, text) [GW_SQL_##name] = (text),
	GW_SQL_TABLE(X)
#undef X
};

sqlite3 *gw_db_sql(struct gw_db *db)
{
	return db->sql;
}

int gw_db_fail(struct gw_db *db, int rc, const char *what, struct gw_err *err)
{
	const char *path = gw_db_account_path(db->acc);
	int code = gw_db_code(rc);
	int os = db->sql ? sqlite3_system_errno(db->sql) : 0;
	bool system = (rc & 0xFF) == SQLITE_IOERR || (rc & 0xFF) == SQLITE_CANTOPEN;

	if (system && os) {
		code = gw_code_errno(os);
		if (code == GW_ENOENT || code == GW_EINVAL || code == GW_EEXIST)
			code = GW_EIO;
		return gw_fail(err, (enum gw_code)code, "%s: %s: %s: %s", path, what, sqlite3_errstr(rc), strerror(os));
	}
	return gw_fail(err, (enum gw_code)code, "%s: %s: %s", path, what,
		db->sql ? sqlite3_errmsg(db->sql) : sqlite3_errstr(rc));
}

sqlite3_stmt *gw_db_stmt(struct gw_db *db, enum gw_sql which, struct gw_err *err)
{
	sqlite3_stmt **st = &db->stmt[which];
	int rc;

	if (*st) {
		sqlite3_reset(*st);
		return *st;
	}
	rc = sqlite3_prepare_v3(db->sql, gw_sql_text[which], -1, SQLITE_PREPARE_PERSISTENT, st, NULL);
	if (rc != SQLITE_OK)
		gw_db_fail(db, rc, "cannot prepare a statement", err);
	return *st;
}

int gw_db_step_i64(struct gw_db *db, enum gw_sql which, sqlite3_stmt **ret, struct gw_err *err, int n, ...)
{
	sqlite3_stmt *st = gw_db_stmt(db, which, err);
	va_list ap;
	int rc;

	if (!st)
		return gw_db_code(sqlite3_errcode(db->sql));
	va_start(ap, n);
	for (int i = 1; i <= n; i++)
		sqlite3_bind_int64(st, i, va_arg(ap, int64_t));
	va_end(ap);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		if (ret)
			*ret = st;
		else
			sqlite3_reset(st);
		return 1;
	}
	sqlite3_reset(st);
	return rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "database error", err);
}

/* Another process writes: try again soon, then less often. n counts the tries. */
int db_busy(void *ctx, int n)
{
	long us = n < 40 ? 250 : n < 200 ? 1000 : 5000;
	struct timespec ts = { 0, us * 1000 };
	long waited_ms = n < 40 ? 0 : n < 200 ? n - 30 : 170 + (n - 200) * 5;

	(void)ctx;
	if (waited_ms > GW_DB_BUSY_MS)
		return 0;
	nanosleep(&ts, NULL);
	return 1;
}

static int simple(struct gw_db *db, enum gw_sql which, const char *what, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, which, err);
	int rc;

	if (!st)
		return gw_db_code(sqlite3_errcode(db->sql));
	rc = sqlite3_step(st);
	sqlite3_reset(st);
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? 0 : gw_db_fail(db, rc, what, err);
}

/* ---- reading ---- */

int gw_db_begin_read(struct gw_db *db, struct gw_err *err)
{
	int rc;

	/* One handle in memory sees one moment anyway, and may serve a cursor of the same thread already. */
	if (db->reading || db->writing || db->acc->env->opt.memory)
		return 0;
	rc = simple(db, GW_SQL_BEGIN_READ, "cannot be read", err);
	db->reading = rc == 0;
	return rc;
}

void gw_db_end_read(struct gw_db *db)
{
	if (!db->reading)
		return;
	simple(db, GW_SQL_COMMIT, "cannot be read", NULL);
	db->reading = false;
}

/* ---- writing ---- */

int db_lock_writer(struct gw_db_account *acc, struct gw_err *err)
{
	struct timespec ts;
	int rc = 0;

	if (acc->env->opt.memory)
		return 0;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_sec += GW_DB_BUSY_MS / 1000;
	pthread_mutex_lock(&acc->writer_lock);
	while (acc->writing && rc == 0)
		rc = pthread_cond_timedwait(&acc->writer_free, &acc->writer_lock, &ts);
	if (rc == 0)
		acc->writing = true;
	pthread_mutex_unlock(&acc->writer_lock);
	return rc ? gw_fail(err, GW_EBUSY, "%s: other sessions have been writing for too long", acc->path) : 0;
}

void db_unlock_writer(struct gw_db_account *acc)
{
	if (acc->env->opt.memory)
		return;
	pthread_mutex_lock(&acc->writer_lock);
	acc->writing = false;
	pthread_cond_signal(&acc->writer_free);
	pthread_mutex_unlock(&acc->writer_lock);
}

int gw_db_begin(struct gw_db *db, struct gw_err *err)
{
	int rc = db_lock_writer(db->acc, err);

	if (rc < 0)
		return rc;
	rc = simple(db, GW_SQL_BEGIN_WRITE, "cannot be written", err);
	if (rc < 0)
		db_unlock_writer(db->acc);
	else
		db->writing = true;
	return rc;
}

static const struct gw_db_replica *replica_of(const struct gw_db *db)
{
	return db->acc->env->opt.memory ? NULL : db->acc->env->opt.replica;
}

static void end_replica(struct gw_db *db)
{
	if (db->replica)
		replica_of(db)->end(replica_of(db)->ctx, db);
}

int db_begin_map(struct gw_db *db, struct gw_err *err)
{
	const struct gw_db_replica *r = replica_of(db);
	int rc = r ? r->prepare(r->ctx, db, err) : 0;

	if (rc == 0)
		rc = gw_db_begin(db, err);
	if (rc < 0)
		end_replica(db);
	else if (r)
		rc = r->begin(r->ctx, db, err);
	if (rc < 0)
		gw_db_rollback(db);
	return rc;
}

void gw_db_rollback(struct gw_db *db)
{
	if (!db->writing)
		return;
	/* A full disk or an I/O error may have rolled back already. */
	if (!sqlite3_get_autocommit(db->sql))
		simple(db, GW_SQL_ROLLBACK, "cannot be rolled back", NULL);
	db->writing = false;
	db_unlock_writer(db->acc);
	end_replica(db);
}

/* ---- measuring ---- */

static uint64_t begin_us(const struct gw_db *db)
{
	const struct gw_db_options *opt = &db->acc->env->opt;

	return opt->observe ? gw_mono_us(opt->clock) : 0;
}

static void observe(const struct gw_db *db, enum gw_store_call call, uint64_t begun_us, int rc)
{
	const struct gw_db_options *opt = &db->acc->env->opt;

	if (opt->observe)
		opt->observe(opt->observe_ctx, call, gw_mono_us(opt->clock) - begun_us, rc);
}

/* ---- committing ---- */

static int sync_wal(struct gw_db *db)
{
	uint64_t begun_us = begin_us(db);
	int rc = db_wal_sync(db);

	observe(db, GW_CALL_SYNC, begun_us, rc == SQLITE_OK ? 0 : GW_EIO);
	return rc;
}

/* Wait until ticket is on disk, doing the work for others that wait, or letting one of them do it. */
static int sync_to(struct gw_db *db, uint64_t ticket, struct gw_err *err)
{
	struct gw_db_account *acc = db->acc;
	int rc = SQLITE_OK;

	pthread_mutex_lock(&acc->sync_lock);
	while (acc->synced < ticket && acc->sync_failed < ticket) {
		uint64_t upto;

		if (acc->syncing) {
			pthread_cond_wait(&acc->sync_done, &acc->sync_lock);
			continue;
		}
		acc->syncing = true;
		upto = __atomic_load_n(&acc->committed, __ATOMIC_ACQUIRE);
		pthread_mutex_unlock(&acc->sync_lock);
		rc = sync_wal(db);
		pthread_mutex_lock(&acc->sync_lock);
		acc->syncing = false;
		if (rc == SQLITE_OK)
			acc->synced = upto;
		else
			acc->sync_failed = upto;
		pthread_cond_broadcast(&acc->sync_done);
	}
	rc = acc->sync_failed >= ticket && acc->synced < ticket ? GW_EIO : 0;
	pthread_mutex_unlock(&acc->sync_lock);
	if (rc < 0)
		return gw_fail(err, GW_EIO, "%s-wal: cannot be brought to the disk", acc->path);
	return 0;
}

static int commit(struct gw_db *db, enum gw_db_durability how, struct gw_err *err)
{
	struct gw_db_account *acc = db->acc;
	bool memory = acc->env->opt.memory;
	uint64_t ticket;
	int rc;

	if (!memory && db->faults != gw_store_faults()) { /* what was read as zeros must not be written */
		gw_db_rollback(db);
		return gw_fail(err, GW_EIO, "%s: a page cannot be read", acc->path);
	}
	if (db->replica) {
		rc = replica_of(db)->commit(replica_of(db)->ctx, db, err);
		if (rc < 0) {
			gw_db_rollback(db);
			return rc;
		}
	}
	if (!memory)
		db_wal_lazy(db, true);
	rc = simple(db, GW_SQL_COMMIT, "cannot be written", err);
	if (!memory)
		db_wal_lazy(db, false);
	if (rc < 0) {
		gw_db_rollback(db);
		return rc;
	}
	db->writing = false;
	ticket = __atomic_add_fetch(&acc->committed, 1, __ATOMIC_ACQ_REL);
	atomic_store_explicit(&acc->busy, true, memory_order_relaxed);
	if (!memory)
		db_checkpoint_grown(db);
	db_unlock_writer(acc);
	if (db->replica) { /* it is on the replica's disk: what this one loses comes back from there */
		end_replica(db);
		gw_db_ring(acc);
		return 0;
	}
	if (memory || how == GW_DB_LAZY)
		return 0;
	rc = sync_to(db, ticket, err);
	gw_db_ring(acc);
	return rc;
}

int gw_db_commit(struct gw_db *db, enum gw_db_durability how, struct gw_err *err)
{
	uint64_t begun_us = begin_us(db);
	int rc = commit(db, how, err);

	observe(db, GW_CALL_COMMIT, begun_us, rc);
	return rc;
}

void gw_db_ring(struct gw_db_account *acc)
{
	int fd;

	if (!acc->bell || utimensat(AT_FDCWD, acc->bell, NULL, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT)
		return;
	fd = open(acc->bell, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600); /* somebody has removed it */
	if (fd >= 0)
		close(fd);
}

/* lock.c - an account's lock among gateways, for what is done at the storage server
 *
 * Whoever writes to the server and then changes the map must not meet another gateway that does the same in between: the map
 * would get what was true before. The locks of a process are advisory locks of one connection, which holds as many as there are
 * accounts being written to, and loses all of them at once when the process dies. Nobody waits on that connection: a lock that
 * is taken is tried again. */
#include "store/shared/priv.h"

#include <time.h>

#define FIRST_PAUSE_US 2000
#define LAST_PAUSE_US 50000
#define WAIT_MS 30000

static int connected(struct shared *sh, struct gw_err *err)
{
	int rc = 0;

	if (sh->locks && sh->locks->lost) {
		conn_close(sh, sh->locks);
		sh->locks = NULL;
		sh->n_locks = 0;
	}
	if (!sh->locks) {
		rc = conn_outside(sh, &sh->locks, err);
		sh->locks_generation++;
	}
	return rc;
}

/* *ret: it is ours. */
static int try_lock(struct shared *sh, struct gw_db_account *acc, bool *ret, struct gw_err *err)
{
	const struct conn_param v[] = { conn_text(gw_db_account_replica(acc)) };
	PGresult *r = NULL;
	int rc;

	pthread_mutex_lock(&sh->locks_lock);
	rc = connected(sh, err);
	if (rc == 0)
		rc = conn_run(sh, sh->locks, "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", v, 1, &r, err);
	*ret = rc == 0 && *sh->pq->PQgetvalue(r, 0, 0) != 0;
	sh->pq->PQclear(r);
	if (*ret) {
		sh->n_locks++;
		acc->replica_lock = sh->locks_generation;
	}
	pthread_mutex_unlock(&sh->locks_lock);
	return rc;
}

static int take(struct shared *sh, struct gw_db_account *acc, const atomic_bool *stop, struct gw_err *err)
{
	uint64_t begun = gw_mono_ms(sh->opt.clock);
	long pause_us = FIRST_PAUSE_US;
	bool ours = false;

	for (;;) {
		struct timespec ts = { 0, pause_us * 1000 };
		int rc = try_lock(sh, acc, &ours, err);

		if (rc < 0 || ours)
			return rc;
		if (stop && atomic_load(stop))
			return gw_fail(err, GW_EINTR, "interrupted");
		if (gw_mono_ms(sh->opt.clock) - begun > WAIT_MS)
			return gw_fail(err, GW_EBUSY, "another gateway has been changing the account for too long");
		nanosleep(&ts, NULL);
		pause_us = pause_us * 2 > LAST_PAUSE_US ? LAST_PAUSE_US : pause_us * 2;
	}
}

int shared_lock(struct shared *sh, struct gw_db_account *acc, const atomic_bool *stop, struct gw_err *err)
{
	int rc;

	if (!gw_db_account_replica(acc))
		return gw_fail(err, GW_EBUG, "%s: has no name in the shared map", gw_db_account_path(acc));
	rc = take(sh, acc, stop, err);
	if (rc < 0)
		return rc;
	rc = map_refresh_to(sh, acc, 0, err);
	if (rc < 0)
		shared_unlock(sh, acc);
	return rc;
}

void shared_unlock(struct shared *sh, struct gw_db_account *acc)
{
	const struct conn_param v[] = { conn_text(gw_db_account_replica(acc)) };

	pthread_mutex_lock(&sh->locks_lock);
	if (sh->locks && acc->replica_lock == sh->locks_generation) { /* else it went with its connection */
		sh->n_locks--;
		if (!sh->locks->lost)
			conn_run(sh, sh->locks, "SELECT pg_advisory_unlock(hashtextextended($1, 0))", v, 1, NULL, NULL);
		sh->locks_idle_ms = gw_mono_ms(sh->opt.clock);
	}
	pthread_mutex_unlock(&sh->locks_lock);
}

void locks_tidy(struct shared *sh, bool all)
{
	pthread_mutex_lock(&sh->locks_lock);
	if (sh->locks && (all || (!sh->n_locks && sh->locks_idle_ms + sh->opt.keep_ms <= gw_mono_ms(sh->opt.clock)))) {
		conn_close(sh, sh->locks);
		sh->locks = NULL;
		sh->n_locks = 0;
	}
	pthread_mutex_unlock(&sh->locks_lock);
}

/* ---- at rest ---- */

void shared_tidy(struct shared *sh, bool all)
{
	unsigned idle_ms = all ? 0 : sh->opt.keep_ms;
	uint64_t now = gw_mono_ms(sh->opt.clock);

	locks_tidy(sh, all);
	for (;;) {
		struct shared_conn *c = NULL;

		pthread_mutex_lock(&sh->lock);
		if (sh->n_idle && sh->idle[0]->idle_since_ms + idle_ms <= now) { /* the one at rest longest */
			c = sh->idle[0];
			memmove(sh->idle, sh->idle + 1, --sh->n_idle * sizeof *sh->idle);
		}
		pthread_mutex_unlock(&sh->lock);
		if (!c)
			return;
		conn_forget(sh, c);
	}
}

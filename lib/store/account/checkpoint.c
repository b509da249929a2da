/* checkpoint.c - bringing what lies in a WAL into the database, off the clients' path
 *
 * Who does it: gw_db_tidy() for accounts that have come to rest; a thread, when the host allows threads
 * (gw_db_start()), as soon as a WAL has passed DB_WAL_START; a writer itself only past DB_WAL_MAX. A WAL begins anew
 * when a writer finds all of it in the database, which never happens while others keep writing. So the thread runs
 * after them until little is left, and does that little with the writer's place in its hand. */
#include "store/account/priv.h"

#define LITTLE 256 /* pages left to do while writers wait */
#define ROUNDS 6   /* at most so many runs after busy writers */

/* Pages that are left afterwards. */
static int run(struct gw_db *db)
{
	int log = 0, done = 0;

	if (sqlite3_wal_checkpoint_v2(db->sql, NULL, SQLITE_CHECKPOINT_PASSIVE, &log, &done) != SQLITE_OK)
		return 0;
	return log > done ? log - done : 0;
}

void db_checkpoint(struct gw_db *db)
{
	if (run(db) == 0)
		atomic_store_explicit(&db->acc->wal_pages, 0, memory_order_relaxed);
}

static void catch_up(struct gw_db_account *acc)
{
	struct gw_db *db;

	if (gw_db_get(acc, &db, NULL) < 0)
		return;
	for (int i = 0; i < ROUNDS && run(db) > LITTLE; i++)
		;
	if (db_lock_writer(acc, NULL) == 0) {
		db_checkpoint(db);
		db_unlock_writer(acc);
	}
	gw_db_put(db);
}

static void *serve(void *arg)
{
	struct gw_db_env *env = arg;

	pthread_mutex_lock(&env->lock);
	while (!env->checkpoint_stop) {
		struct gw_db_account *acc;

		if (!env->n_checkpoints) {
			pthread_cond_wait(&env->checkpoint_wanted, &env->lock);
			continue;
		}
		acc = env->checkpoints[0];
		env->n_checkpoints--;
		memmove(env->checkpoints, env->checkpoints + 1, env->n_checkpoints * sizeof acc);
		pthread_mutex_unlock(&env->lock);
		atomic_store(&acc->checkpoint_queued, false);
		catch_up(acc);
		gw_db_account_unref(acc);
		pthread_mutex_lock(&env->lock);
	}
	pthread_mutex_unlock(&env->lock);
	return NULL;
}

int gw_db_start(struct gw_db_env *env, struct gw_err *err)
{
	int rc;

	if (env->opt.memory || env->checkpoint_running)
		return 0;
	rc = pthread_create(&env->checkpoint_thread, NULL, serve, env);
	if (rc)
		return gw_fail(
			err, (enum gw_code)gw_code_errno(rc), "cannot start the store's thread: %s", strerror(rc));
	env->checkpoint_running = true;
	return 0;
}

void db_checkpoint_stop(struct gw_db_env *env)
{
	if (!env->checkpoint_running)
		return;
	pthread_mutex_lock(&env->lock);
	env->checkpoint_stop = true;
	pthread_cond_signal(&env->checkpoint_wanted);
	pthread_mutex_unlock(&env->lock);
	pthread_join(env->checkpoint_thread, NULL);
	for (size_t i = 0; i < env->n_checkpoints; i++)
		gw_db_account_unref(env->checkpoints[i]);
	env->n_checkpoints = 0;
	env->checkpoint_running = false;
}

/* Queue the account for the thread; false: there is none, or it has too much to do. */
static bool queue(struct gw_db_account *acc)
{
	struct gw_db_env *env = acc->env;
	bool room;

	if (!env->checkpoint_running)
		return false;
	if (atomic_exchange(&acc->checkpoint_queued, true))
		return true;
	pthread_mutex_lock(&env->lock);
	room = env->n_checkpoints < DB_CHECKPOINT_QUEUE && !env->checkpoint_stop;
	if (room) {
		acc->refs++;
		env->checkpoints[env->n_checkpoints++] = acc;
		pthread_cond_signal(&env->checkpoint_wanted);
	}
	pthread_mutex_unlock(&env->lock);
	if (!room)
		atomic_store(&acc->checkpoint_queued, false);
	return room;
}

void db_checkpoint_grown(struct gw_db *db)
{
	unsigned pages = atomic_load_explicit(&db->acc->wal_pages, memory_order_relaxed);

	if (pages > DB_WAL_MAX || (pages > DB_WAL_START && !queue(db->acc) && pages > DB_WAL_MAX / 2))
		db_checkpoint(db);
}

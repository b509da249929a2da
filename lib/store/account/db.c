/* db.c - accounts in use and the pool of their handles
 *
 * An account stays in the table as long as somebody has a reference to it, a handle on it is open or an index of
 * it is cached; so a user who comes back finds everything warm. gw_db_tidy() closes what was idle for long,
 * brings WALs into their databases and sweeps, all off the clients' path. */
#include "store/account/priv.h"

#include <errno.h>
#include <time.h>

#include "util/mem.h"

#define SWEEP_BUDGET 2000 /* contents an account may lose in one tidy */
#define HANDLE_IDLE_MS 1000u /* a handle holds some 200 KiB and is opened in half a millisecond */

static void mutex_init(pthread_mutex_t *m)
{
	if (pthread_mutex_init(m, NULL))
		gw_bug("pthread_mutex_init");
}

static void cond_init(pthread_cond_t *c)
{
	pthread_condattr_t attr;

	if (pthread_condattr_init(&attr) || pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) ||
		pthread_cond_init(c, &attr))
		gw_bug("pthread_cond_init");
	pthread_condattr_destroy(&attr);
}

struct gw_db_env *gw_db_env_new(const struct gw_db_options *opt)
{
	struct gw_db_env *env = gw_xalloc(sizeof *env);

	env->opt = *opt;
	if (!env->opt.max_handles)
		env->opt.max_handles = 192;
	if (!env->opt.index_cache_bytes)
		env->opt.index_cache_bytes = (size_t)64 << 20;
	mutex_init(&env->lock);
	cond_init(&env->memory_free);
	cond_init(&env->checkpoint_wanted);
	list_init(&env->idle);
	list_init(&env->cache);
	return env;
}

/* ---- accounts ---- */

static struct gw_db_account **slot_of(struct gw_db_env *env, uint64_t id)
{
	return &env->slots[(id * UINT64_C(0x9E3779B97F4A7C15)) >> 54];
}

static struct gw_db_account *account_new(struct gw_db_env *env, uint64_t id, const char *dir)
{
	struct gw_db_account *acc = gw_xalloc(sizeof *acc);

	acc->env = env;
	acc->id = id;
	acc->refs = 1;
	if (!env->opt.memory) {
		acc->dir = gw_xstrdup(dir);
		acc->path = gw_xasprintf("%s/mail.db", dir);
		acc->bell = gw_xasprintf("%s/bell", dir);
	}
	list_init(&acc->idle);
	list_init(&acc->cached);
	mutex_init(&acc->writer_lock);
	cond_init(&acc->writer_free);
	mutex_init(&acc->sync_lock);
	cond_init(&acc->sync_done);
	acc->sweep = true; /* a crash may have left something */
	return acc;
}

static void account_free(struct gw_db_account *acc)
{
	db_close(acc->memory);
	pthread_mutex_destroy(&acc->writer_lock);
	pthread_cond_destroy(&acc->writer_free);
	pthread_mutex_destroy(&acc->sync_lock);
	pthread_cond_destroy(&acc->sync_done);
	free(acc->dir);
	free(acc->path);
	free(acc->bell);
	free(atomic_load(&acc->replica_name));
	free(acc);
}

int gw_db_account_open(
	struct gw_db_env *env, uint64_t id, const char *dir, struct gw_db_account **ret, struct gw_err *err)
{
	struct gw_db_account **slot = slot_of(env, id), *acc;

	(void)err;
	pthread_mutex_lock(&env->lock);
	for (acc = *slot; acc && acc->id != id; acc = acc->next)
		;
	if (acc) {
		acc->refs++;
	} else {
		acc = account_new(env, id, dir);
		acc->next = *slot;
		*slot = acc;
	}
	pthread_mutex_unlock(&env->lock);
	*ret = acc;
	return 0;
}

/* Nothing keeps it alive. A database in memory lives as long as its store. */
static bool unused(const struct gw_db_account *acc)
{
	return acc->refs == 0 && acc->handles == 0 && list_empty(&acc->cached) && !acc->memory;
}

/* Take acc out of the table if nothing needs it; the caller frees it outside the lock. */
static struct gw_db_account *reap(struct gw_db_account *acc)
{
	struct gw_db_account **p = slot_of(acc->env, acc->id);

	if (!unused(acc))
		return NULL;
	while (*p != acc)
		p = &(*p)->next;
	*p = acc->next;
	return acc;
}

static void account_release(struct gw_db_account *acc)
{
	struct gw_db_env *env = acc->env;
	struct gw_db_account *dead;

	pthread_mutex_lock(&env->lock);
	acc->refs--;
	dead = reap(acc);
	pthread_mutex_unlock(&env->lock);
	if (dead)
		account_free(dead);
}

void gw_db_account_unref(struct gw_db_account *acc)
{
	if (acc)
		account_release(acc);
}

void gw_db_account_set_bring(struct gw_db_account *acc, gw_db_bring_fn *bring, void *ctx)
{
	acc->bring_ctx = ctx;
	atomic_store(&acc->bring, bring);
}

bool gw_db_brings(const struct gw_db_account *acc)
{
	return atomic_load(&acc->bring) != NULL;
}

int gw_db_bring(struct gw_db_account *acc, const uint64_t *contents, size_t n, enum gw_db_bytes bytes, const atomic_bool *stop,
	struct gw_err *err)
{
	gw_db_bring_fn *bring = atomic_load(&acc->bring);

	return bring && n ? bring(acc->bring_ctx, acc, contents, n, bytes, stop, err) : 0;
}

void gw_db_account_set_replica(struct gw_db_account *acc, const char *name)
{
	char *none = NULL, *copy = gw_xstrdup(name);

	if (!atomic_compare_exchange_strong(&acc->replica_name, &none, copy))
		free(copy);
}

const char *gw_db_account_replica(const struct gw_db_account *acc)
{
	return atomic_load(&acc->replica_name);
}

static bool called(const struct gw_db_account *acc, const char *name)
{
	const char *own = gw_db_account_replica(acc);

	return own && (!name || strcmp(own, name) == 0);
}

struct gw_db_account *gw_db_account_next(struct gw_db_env *env, struct gw_db_account *after, const char *replica)
{
	struct gw_db_account **slot = after ? slot_of(env, after->id) : env->slots, *acc;

	pthread_mutex_lock(&env->lock);
	acc = after ? after->next : *slot;
	for (;;) {
		while (acc && !called(acc, replica))
			acc = acc->next;
		if (acc || ++slot == env->slots + DB_ACCOUNT_SLOTS)
			break;
		acc = *slot;
	}
	if (acc)
		acc->refs++;
	pthread_mutex_unlock(&env->lock);
	gw_db_account_unref(after);
	return acc;
}

void gw_db_account_want_tidy(struct gw_db_account *acc)
{
	atomic_store(&acc->replica_tidy, true);
}

uint64_t gw_db_account_id(const struct gw_db_account *acc)
{
	return acc->id;
}

const char *gw_db_account_dir(const struct gw_db_account *acc)
{
	return acc->dir;
}

const char *gw_db_account_path(const struct gw_db_account *acc)
{
	return acc->path ? acc->path : "(in memory)";
}

const char *gw_db_account_bell(const struct gw_db_account *acc)
{
	return acc->bell;
}

void gw_db_account_want_sweep(struct gw_db_account *acc)
{
	atomic_store(&acc->sweep, true);
}

/* ---- handles ---- */

static struct gw_db *take_idle(struct gw_db_account *acc)
{
	struct gw_db *db;

	if (list_empty(&acc->idle))
		return NULL;
	db = list_item(acc->idle.next, struct gw_db, idle);
	list_del(&db->idle);
	list_del(&db->lru);
	acc->env->n_idle--;
	return db;
}

static void close_handle(struct gw_db *db)
{
	struct gw_db_account *acc = db->acc, *dead;
	struct gw_db_env *env = acc->env;

	db_close(db);
	pthread_mutex_lock(&env->lock);
	acc->handles--;
	dead = reap(acc);
	pthread_mutex_unlock(&env->lock);
	if (dead)
		account_free(dead);
}

/* The one handle of a database in memory goes from thread to thread; a thread that has it may take it again. */
static int get_memory(struct gw_db_account *acc, struct gw_db **ret, struct gw_err *err)
{
	struct gw_db_env *env = acc->env;
	struct timespec ts;
	int rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_sec += GW_DB_BUSY_MS / 1000;
	pthread_mutex_lock(&env->lock);
	while (acc->memory_users && !pthread_equal(acc->memory_owner, pthread_self()) && rc == 0)
		rc = pthread_cond_timedwait(&env->memory_free, &env->lock, &ts);
	if (rc == 0) {
		acc->memory_users++;
		acc->memory_owner = pthread_self();
	}
	pthread_mutex_unlock(&env->lock);
	if (rc)
		return gw_fail(err, GW_EBUSY, "the database in memory is in use by another session");
	if (!acc->memory)
		rc = db_open(acc, &acc->memory, err);
	if (rc < 0) {
		pthread_mutex_lock(&env->lock);
		acc->memory_users--;
		pthread_cond_broadcast(&env->memory_free);
		pthread_mutex_unlock(&env->lock);
		return rc;
	}
	*ret = acc->memory;
	return 0;
}

static void put_memory(struct gw_db *db)
{
	struct gw_db_env *env = db->acc->env;

	pthread_mutex_lock(&env->lock);
	if (--db->acc->memory_users == 0)
		pthread_cond_broadcast(&env->memory_free);
	pthread_mutex_unlock(&env->lock);
}

int gw_db_get(struct gw_db_account *acc, struct gw_db **ret, struct gw_err *err)
{
	struct gw_db_env *env = acc->env;
	struct gw_db *db;
	unsigned files;
	int rc;

	if (env->opt.memory)
		return get_memory(acc, ret, err);
	pthread_mutex_lock(&env->lock);
	while ((db = take_idle(acc)) && db->faults != gw_store_faults()) {
		pthread_mutex_unlock(&env->lock);
		close_handle(db);
		pthread_mutex_lock(&env->lock);
	}
	if (!db)
		acc->handles++;
	files = acc->files;
	pthread_mutex_unlock(&env->lock);
	if (db) {
		*ret = db;
		return 0;
	}
	rc = db_open(acc, ret, err);
	if (rc == 0)
		(*ret)->files = files;
	if (rc < 0) {
		pthread_mutex_lock(&env->lock);
		acc->handles--;
		pthread_mutex_unlock(&env->lock);
	}
	return rc;
}

void gw_db_put(struct gw_db *db)
{
	struct gw_db_env *env;
	struct gw_db_account *acc;
	struct gw_db *over = NULL;

	if (!db)
		return;
	acc = db->acc;
	env = acc->env;
	gw_db_rollback(db);
	if (env->opt.memory) {
		put_memory(db);
		return;
	}
	gw_db_end_read(db);
	db->idle_since_ms = gw_mono_ms(env->opt.clock);
	pthread_mutex_lock(&env->lock);
	if (db->frozen || db->files != acc->files || db->faults != gw_store_faults()) {
		pthread_mutex_unlock(&env->lock);
		close_handle(db);
		return;
	}
	list_add(&acc->idle, &db->idle);
	list_add(&env->idle, &db->lru);
	if (++env->n_idle > env->opt.max_handles) {
		over = list_item(env->idle.prev, struct gw_db, lru);
		list_del(&over->idle);
		list_del(&over->lru);
		env->n_idle--;
	}
	pthread_mutex_unlock(&env->lock);
	if (over)
		close_handle(over);
}

/* A database in memory ends with its handle. */
static void drop_memory(struct gw_db_account *acc)
{
	struct gw_db *db;

	if (!acc->memory || get_memory(acc, &db, NULL) < 0)
		return;
	if (acc->memory_users == 1) { /* only ours */
		db_close(db);
		acc->memory = NULL;
	}
	pthread_mutex_lock(&acc->env->lock);
	if (--acc->memory_users == 0)
		pthread_cond_broadcast(&acc->env->memory_free);
	pthread_mutex_unlock(&acc->env->lock);
}

void gw_db_account_drop_handles(struct gw_db_account *acc)
{
	struct gw_db *db;

	db_cache_drop(acc, 0);
	drop_memory(acc);
	pthread_mutex_lock(&acc->env->lock);
	acc->files++;
	pthread_mutex_unlock(&acc->env->lock);
	for (;;) {
		pthread_mutex_lock(&acc->env->lock);
		db = take_idle(acc);
		pthread_mutex_unlock(&acc->env->lock);
		if (!db)
			return;
		close_handle(db);
	}
}

/* ---- tidying ---- */

static void close_idle(struct gw_db_env *env, uint64_t before_ms)
{
	for (;;) {
		struct gw_db *db = NULL;

		pthread_mutex_lock(&env->lock);
		if (!list_empty(&env->idle))
			db = list_item(env->idle.prev, struct gw_db, lru);
		if (db && db->idle_since_ms <= before_ms) {
			list_del(&db->idle);
			list_del(&db->lru);
			env->n_idle--;
		} else {
			db = NULL;
		}
		pthread_mutex_unlock(&env->lock);
		if (!db)
			return;
		close_handle(db); /* the last one brings the WAL into the database */
	}
}

static bool wants_work(struct gw_db_account *acc)
{
	unsigned pages = atomic_load_explicit(&acc->wal_pages, memory_order_relaxed);

	/* An account at rest is not opened for it: its last handle, when it closes, does the same. */
	if (!acc->handles && !acc->memory)
		return false;
	return acc->sweep || acc->replica_tidy || pages > DB_WAL_IDLE || (pages && !acc->busy);
}

static void work(struct gw_db_account *acc)
{
	struct gw_db *db;

	if (atomic_load(&acc->sweep))
		db_sweep(acc, SWEEP_BUDGET);
	if (atomic_exchange(&acc->replica_tidy, false) && acc->env->opt.replica)
		acc->env->opt.replica->tidy(acc->env->opt.replica->ctx, acc);
	if (acc->env->opt.memory || !atomic_load(&acc->wal_pages))
		return;
	if (gw_db_get(acc, &db, NULL) == 0) {
		db_checkpoint(db);
		gw_db_put(db);
	}
}

/* The accounts of one slot that want work, with a reference each; returns how many. */
static size_t collect(struct gw_db_env *env, size_t slot, struct gw_db_account **v, size_t max)
{
	size_t n = 0;

	pthread_mutex_lock(&env->lock);
	for (struct gw_db_account *a = env->slots[slot]; a && n < max; a = a->next) {
		if (wants_work(a)) {
			a->refs++;
			v[n++] = a;
		}
		atomic_store_explicit(&a->busy, false, memory_order_relaxed);
	}
	pthread_mutex_unlock(&env->lock);
	return n;
}

void gw_db_tidy(struct gw_db_env *env, unsigned idle_ms)
{
	struct gw_db_account *v[16];
	uint64_t now;

	for (size_t slot = 0; slot < DB_ACCOUNT_SLOTS; slot++) {
		size_t n = collect(env, slot, v, sizeof v / sizeof *v);

		for (size_t i = 0; i < n; i++) {
			work(v[i]);
			account_release(v[i]);
		}
	}
	now = gw_mono_ms(env->opt.clock); /* only now: the work above has used handles, too */
	if (now >= idle_ms) {
		close_idle(env, now - (idle_ms < HANDLE_IDLE_MS ? idle_ms : HANDLE_IDLE_MS));
		db_cache_tidy(env, now - idle_ms);
	}
}

void gw_db_env_free(struct gw_db_env *env)
{
	if (!env)
		return;
	db_checkpoint_stop(env);
	close_idle(env, UINT64_MAX);
	db_cache_tidy(env, UINT64_MAX);
	for (size_t i = 0; i < DB_ACCOUNT_SLOTS; i++)
		while (env->slots[i]) {
			struct gw_db_account *acc = env->slots[i];

			env->slots[i] = acc->next;
			account_free(acc);
		}
	pthread_mutex_destroy(&env->lock);
	pthread_cond_destroy(&env->memory_free);
	pthread_cond_destroy(&env->checkpoint_wanted);
	free(env);
}

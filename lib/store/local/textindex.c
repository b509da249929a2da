/* textindex.c - the thread that keeps the text indexes of all accounts (see text.h)
 *
 * It is told of new messages by the sessions of this process, and looks at the bells of all accounts now and then, because
 * other processes deliver, too. The bell's time is put on text.db when everything was taken up: an account at rest costs
 * two calls of stat() and a look at the version, also after a restart. The thread is nice: clients come first. */
#include "store/local/text.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/mem.h"

#define QUEUE	     256
#define LOOK_EVERY_S 30	 /* at the bells of all accounts */
#define QUIET_MS     1000 /* without new messages before the thread begins: a burst is the clients' time */
#define GATHER_S     10	 /* but this long at most */
#define NICE	     10

struct local_text {
	struct local_store *ls;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	atomic_bool stop;
	uint64_t queue[QUEUE]; /* accounts, oldest first; guarded by lock, as is what follows */
	size_t n;
	bool all; /* look at every account */
};

/* ---- one account ---- */

struct place {
	char *dir, *mail, *text, *bell;
};

static struct place place_of(const struct local_store *ls, uint64_t account)
{
	struct place p = { .dir = gw_local_account_dir(ls, account) };

	p.mail = gw_xasprintf("%s/mail.db", p.dir);
	p.text = gw_xasprintf("%s/text.db", p.dir);
	p.bell = gw_xasprintf("%s/bell", p.dir);
	return p;
}

static void place_done(struct place *p)
{
	free(p->dir);
	free(p->mail);
	free(p->text);
	free(p->bell);
}

static bool same_time(const struct stat *a, const struct stat *b)
{
	return a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Put the time that the bell had before the update on text.db. */
static void stamp(const struct place *p, const struct stat *bell)
{
	const struct timespec ts[2] = { { .tv_nsec = UTIME_OMIT }, bell->st_mtim };

	utimensat(AT_FDCWD, p->text, ts, 0);
}

int gw_local_text_update(struct local_store *ls, uint64_t account, const atomic_bool *stop, struct gw_err *err)
{
	struct place p = place_of(ls, account);
	struct gw_db_account *acc;
	struct stat mail, bell;
	bool rang = stat(p.bell, &bell) == 0;
	int rc = 0;

	if (stat(p.mail, &mail) == 0) /* else there is no mail, or no account any more */
		rc = gw_db_account_open(ls->env, account, p.dir, &acc, err);
	else
		goto out;
	if (rc == 0) {
		rc = text_update(acc, p.dir, gw_wall_s(ls->clock), stop, err);
		gw_db_account_unref(acc);
	}
	if (rc == 0 && rang && !atomic_load(stop))
		stamp(&p, &bell);
out:
	place_done(&p);
	return rc;
}

bool gw_local_text_waits(const struct local_store *ls, uint64_t account, int64_t *since)
{
	struct place p = place_of(ls, account);
	struct stat bell, text;
	bool rang = stat(p.bell, &bell) == 0;
	bool mail = rang && (stat(p.text, &text) < 0 || !same_time(&bell, &text));
	bool wants = mail || (rang && text_db_is_old(p.text));

	if (wants && since)
		*since = mail ? bell.st_mtim.tv_sec : gw_wall_s(ls->clock);
	place_done(&p);
	return wants;
}

/* ---- the thread ---- */

static void update(struct local_text *lt, uint64_t account)
{
	struct gw_err err = { 0 };
	int rc = gw_local_text_update(lt->ls, account, &lt->stop, &err);

	/* Searches are right without it; a busy file is taken up at the next look. */
	if (rc < 0 && rc != GW_EINTR && rc != GW_EBUSY && lt->ls->log) {
		gw_err_ctx(&err, "text index of account %llu", (unsigned long long)account);
		lt->ls->log(lt->ls->log_ctx, 3, err.text);
	}
}

static void update_all(struct local_text *lt)
{
	struct gw_arena arena;
	uint64_t *ids;
	size_t n = 0;

	gw_arena_init(&arena, 0, 0);
	if (local_accounts_ids(lt->ls->accounts, &arena, &ids, &n, NULL) < 0)
		n = 0;
	for (size_t i = 0; i < n && !atomic_load(&lt->stop); i++)
		if (gw_local_text_waits(lt->ls, ids[i], NULL))
			update(lt, ids[i]);
	gw_arena_done(&arena);
}

static struct timespec in_ms(long ms)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_sec += ms / 1000;
	ts.tv_nsec += ms % 1000 * 1000000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	}
	return ts;
}

static bool later(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

/* With the lock: wait until there is something to do, and then until nothing more comes. */
static void wait_for_work(struct local_text *lt)
{
	struct timespec until = in_ms(LOOK_EVERY_S * 1000), last;
	int rc = 0;

	while (!lt->stop && !lt->n && !lt->all && rc == 0)
		rc = pthread_cond_timedwait(&lt->wanted, &lt->lock, &until);
	if (!lt->n && !lt->all)
		lt->all = true;
	last = in_ms(GATHER_S * 1000);
	for (rc = 0; !lt->stop && rc == 0;) {
		until = in_ms(QUIET_MS);
		if (later(&until, &last))
			until = last;
		rc = pthread_cond_timedwait(&lt->wanted, &lt->lock, &until);
	}
}

static void *serve(void *arg)
{
	struct local_text *lt = arg;
	uint64_t v[QUEUE];

	setpriority(PRIO_PROCESS, (id_t)gettid(), NICE); /* of this thread, whatever the name says */
	pthread_mutex_lock(&lt->lock);
	while (!lt->stop) {
		size_t n;
		bool all;

		wait_for_work(lt);
		n = lt->n;
		memcpy(v, lt->queue, n * sizeof *v);
		all = lt->all;
		lt->n = 0;
		lt->all = false;
		pthread_mutex_unlock(&lt->lock);
		for (size_t i = 0; i < n && !atomic_load(&lt->stop); i++)
			update(lt, v[i]);
		if (all)
			update_all(lt);
		pthread_mutex_lock(&lt->lock);
	}
	pthread_mutex_unlock(&lt->lock);
	return NULL;
}

static void init_sync(struct local_text *lt)
{
	pthread_condattr_t attr;

	if (pthread_mutex_init(&lt->lock, NULL) || pthread_condattr_init(&attr) ||
		pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) || pthread_cond_init(&lt->wanted, &attr))
		gw_bug("cannot make a mutex");
	pthread_condattr_destroy(&attr);
}

static void text_free(struct local_text *lt)
{
	pthread_mutex_destroy(&lt->lock);
	pthread_cond_destroy(&lt->wanted);
	free(lt);
}

int gw_local_text_start(struct local_store *ls, struct gw_err *err)
{
	struct local_text *lt;

	if (ls->text || ls->memory)
		return 0;
	lt = gw_xalloc(sizeof *lt);
	lt->ls = ls;
	lt->all = true;
	init_sync(lt);
	if (pthread_create(&lt->thread, NULL, serve, lt)) {
		text_free(lt);
		return gw_fail(err, GW_EUNAVAIL, "cannot start the thread of the text index");
	}
	ls->text = lt;
	return 0;
}

void gw_local_text_stop(struct local_store *ls)
{
	struct local_text *lt = ls->text;

	if (!lt)
		return;
	pthread_mutex_lock(&lt->lock);
	atomic_store(&lt->stop, true);
	pthread_cond_signal(&lt->wanted);
	pthread_mutex_unlock(&lt->lock);
	pthread_join(lt->thread, NULL);
	ls->text = NULL;
	text_free(lt);
}

void gw_local_text_notify(struct local_store *ls, uint64_t account)
{
	struct local_text *lt = ls->text;
	size_t i = 0;

	if (!lt)
		return;
	pthread_mutex_lock(&lt->lock);
	while (i < lt->n && lt->queue[i] != account)
		i++;
	if (i == QUEUE)
		lt->all = true;
	else if (i == lt->n)
		lt->queue[lt->n++] = account;
	pthread_cond_signal(&lt->wanted);
	pthread_mutex_unlock(&lt->lock);
}

/* worker.c - pools of threads with one queue each (see worker.h) */
#include "daemon/worker.h"

#include "daemon/scratch.h"
#include "daemon/stats.h"
#include "util/clock.h"
#include "util/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#define STACK_BYTES (1024u * 1024) /* reserved, not used: SQLite and crypt need some 100 KiB */

#define MORE	    8u	 /* times as many threads as usual, when most wait for a storage server */
#define MORE_MOST   256u /* but no more than so many */
#define LINGER_S    10	 /* of a thread that was started for others' waits, without a job */

enum worker_state { WORKER_NONE, WORKER_LIVES, WORKER_ENDED };

struct worker {
	struct pool *pool;
	pthread_t thread;
	enum worker_state state;
	uint32_t owner; /* of its job */
	bool extra;	/* may end */
};

static _Thread_local struct worker *self; /* NULL: no thread of a pool */

static bool may_run(const struct pool *p, uint32_t owner)
{
	unsigned n = 0;

	for (unsigned i = 0; owner && i < p->n_slots; i++)
		n += p->workers[i].owner == owner;
	return owner == 0 || n < p->share;
}

/* The first job that may run now. Whoever must wait gets his turn when a job of his own ends. */
static struct job *take(struct pool *p)
{
	uint32_t waits = 0; /* an owner who was found to have all he may: most of a long queue is his */

	for (struct job **at = &p->head, *job; (job = *at); at = &job->next) {
		if (job->owner && job->owner == waits)
			continue;
		if (!may_run(p, job->owner)) {
			waits = job->owner;
			continue;
		}
		*at = job->next;
		if (!job->next)
			p->tail = at;
		p->queued--;
		return job;
	}
	return NULL;
}

static void run_job(struct pool *p, struct job *job, struct worker *me, struct scratch *io)
{
	uint64_t now_us = gw_mono_us(gw_clock_system());

	me->owner = job->owner;
	p->moved_us = now_us;
	pthread_mutex_unlock(&p->lock);
	stats_time(p->stats, STAT_WORKER_WAIT, p->id, now_us - job->posted_us);
	job->run(job, io);
	pthread_mutex_lock(&p->lock);
	me->owner = 0;
	if (p->queued)
		p->moved_us = gw_mono_us(gw_clock_system());
}

/* Wait for a job; false: this thread is not needed any more. */
static bool rest(struct pool *p, const struct worker *me)
{
	struct timespec until;
	int rc = 0;

	p->idle++;
	if (me->extra) {
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += LINGER_S;
		rc = pthread_cond_timedwait(&p->more, &p->lock, &until);
	} else {
		pthread_cond_wait(&p->more, &p->lock);
	}
	p->idle--;
	return rc == 0 || p->queued;
}

static void *work(void *arg)
{
	struct scratch io = { 0 };
	struct worker *me = arg;
	struct pool *p = me->pool;
	struct job *job;

	self = me;
	stats_join(p->stats);
	pthread_mutex_lock(&p->lock);
	for (;;) {
		job = take(p);
		if (job)
			run_job(p, job, me, &io);
		else if (p->stop || !rest(p, me))
			break;
	}
	p->alive--;
	me->state = WORKER_ENDED;
	pthread_mutex_unlock(&p->lock);
	scratch_done(&io);
	return NULL;
}

/* With the lock: a thread in a slot that is free. */
static int start_thread(struct pool *p, bool extra)
{
	struct worker *w = p->workers;
	pthread_attr_t attr;
	int rc;

	while (w < p->workers + p->n_slots && w->state == WORKER_LIVES)
		w++;
	if (w == p->workers + p->n_slots)
		return EAGAIN;
	if (w->state == WORKER_ENDED)
		pthread_join(w->thread, NULL);
	*w = (struct worker){ .pool = p, .state = WORKER_LIVES, .extra = extra };
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	rc = pthread_create(&w->thread, &attr, work, w);
	pthread_attr_destroy(&attr);
	if (rc == 0) {
		pthread_setname_np(w->thread, p->name);
		p->alive++;
	} else {
		w->state = WORKER_NONE;
	}
	return rc;
}

int pool_start(struct pool *p, const char *name, unsigned n, struct stats *stats, unsigned id)
{
	unsigned most = n < MORE_MOST / MORE ? n * MORE : n < MORE_MOST ? MORE_MOST : n;
	pthread_condattr_t attr;
	int rc = 0;

	*p = (struct pool){ .name = name, .stats = stats, .id = id, .n_slots = most };
	p->tail = &p->head;
	p->workers = gw_xcalloc(most, sizeof *p->workers);
	p->share = n > 1 ? n - (n < 8 ? 1 : n / 4) : 1;
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&p->more, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_lock(&p->lock);
	for (; p->n_threads < n && rc == 0; p->n_threads += rc == 0)
		rc = start_thread(p, false);
	pthread_mutex_unlock(&p->lock);
	if (p->n_threads == 0) {
		errno = rc;
		return -1;
	}
	return 0;
}

/* With the lock: while threads wait for a storage server and jobs for a thread, there are as many others as usual. */
static void make_up(struct pool *p)
{
	if (p->queued > p->idle && !p->stop && p->alive - p->waiting < p->n_threads)
		start_thread(p, true);
}

void pool_waiting(bool begin)
{
	struct pool *p = self ? self->pool : NULL;

	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->waiting += begin ? 1 : -1u;
	make_up(p);
	pthread_mutex_unlock(&p->lock);
}

void pool_post(struct pool *p, struct job *job)
{
	bool wake;

	job->next = NULL;
	job->posted_us = gw_mono_us(gw_clock_system());
	pthread_mutex_lock(&p->lock);
	*p->tail = job;
	p->tail = &job->next;
	if (p->queued++ == 0)
		p->moved_us = job->posted_us;
	wake = p->idle > 0;
	make_up(p);
	pthread_mutex_unlock(&p->lock);
	if (wake)
		pthread_cond_signal(&p->more);
}

struct pool_load pool_load(struct pool *p)
{
	struct pool_load load = { 0 };

	if (!p->workers)
		return load;
	pthread_mutex_lock(&p->lock);
	load = (struct pool_load){ .threads = p->alive, .waiting = p->waiting, .busy = p->alive - p->idle, .queued = p->queued };
	if (p->queued)
		load.still_s = (uint32_t)((gw_mono_us(gw_clock_system()) - p->moved_us) / 1000000);
	pthread_mutex_unlock(&p->lock);
	return load;
}

void pool_stop(struct pool *p)
{
	if (!p->workers)
		return;
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_broadcast(&p->more);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->n_slots; i++) {
		bool was;

		pthread_mutex_lock(&p->lock);
		was = p->workers[i].state != WORKER_NONE;
		pthread_mutex_unlock(&p->lock);
		if (was)
			pthread_join(p->workers[i].thread, NULL);
	}
	free(p->workers);
	pthread_cond_destroy(&p->more);
	pthread_mutex_destroy(&p->lock);
	p->workers = NULL;
	p->n_threads = 0;
}

/* worker.c - pools of threads with one queue each (see worker.h) */
#include "daemon/worker.h"

#include "daemon/scratch.h"
#include "daemon/stats.h"
#include "util/clock.h"
#include "util/mem.h"

#include <errno.h>
#include <stdlib.h>

#define STACK_BYTES (1024u * 1024) /* reserved, not used: SQLite and crypt need some 100 KiB */

static bool may_run(const struct pool *p, uint32_t owner)
{
	unsigned n = 0;

	for (unsigned i = 0; owner && i < p->begun; i++)
		n += p->working[i] == owner;
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

static void run_job(struct pool *p, struct job *job, unsigned me, struct scratch *io)
{
	uint64_t now_us = gw_mono_us(gw_clock_system());

	p->working[me] = job->owner;
	p->moved_us = now_us;
	pthread_mutex_unlock(&p->lock);
	stats_time(p->stats, STAT_WORKER_WAIT, p->id, now_us - job->posted_us);
	job->run(job, io);
	pthread_mutex_lock(&p->lock);
	p->working[me] = 0;
	if (p->queued)
		p->moved_us = gw_mono_us(gw_clock_system());
}

static void *work(void *arg)
{
	struct scratch io = { 0 };
	struct pool *p = arg;
	struct job *job;
	unsigned me;

	stats_join(p->stats);
	pthread_mutex_lock(&p->lock);
	me = p->begun++;
	for (;;) {
		job = take(p);
		if (job) {
			run_job(p, job, me, &io);
			continue;
		}
		if (p->stop)
			break;
		p->idle++;
		pthread_cond_wait(&p->more, &p->lock);
		p->idle--;
	}
	pthread_mutex_unlock(&p->lock);
	scratch_done(&io);
	return NULL;
}

static int start_threads(struct pool *p, unsigned n)
{
	pthread_attr_t attr;
	int rc = 0;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	for (; p->n_threads < n && rc == 0; p->n_threads += rc == 0) {
		rc = pthread_create(&p->threads[p->n_threads], &attr, work, p);
		if (rc == 0)
			pthread_setname_np(p->threads[p->n_threads], p->name);
	}
	pthread_attr_destroy(&attr);
	return rc;
}

int pool_start(struct pool *p, const char *name, unsigned n, struct stats *stats, unsigned id)
{
	int rc;

	*p = (struct pool){ .name = name, .stats = stats, .id = id };
	p->tail = &p->head;
	p->threads = gw_xcalloc(n, sizeof *p->threads);
	p->working = gw_xcalloc(n, sizeof *p->working);
	p->share = n > 1 ? n - (n < 8 ? 1 : n / 4) : 1;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->more, NULL);
	rc = start_threads(p, n);
	if (p->n_threads == 0) {
		errno = rc;
		return -1;
	}
	return 0;
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
	pthread_mutex_unlock(&p->lock);
	if (wake)
		pthread_cond_signal(&p->more);
}

struct pool_load pool_load(struct pool *p)
{
	struct pool_load load = { 0 };

	if (!p->threads)
		return load;
	pthread_mutex_lock(&p->lock);
	load = (struct pool_load){ .busy = p->begun - p->idle, .queued = p->queued };
	if (p->queued)
		load.still_s = (uint32_t)((gw_mono_us(gw_clock_system()) - p->moved_us) / 1000000);
	pthread_mutex_unlock(&p->lock);
	return load;
}

void pool_stop(struct pool *p)
{
	if (!p->threads)
		return;
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_broadcast(&p->more);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->n_threads; i++)
		pthread_join(p->threads[i], NULL);
	free(p->threads);
	free(p->working);
	pthread_cond_destroy(&p->more);
	pthread_mutex_destroy(&p->lock);
	p->threads = NULL;
	p->n_threads = 0;
}

/* worker.c - pools of threads with one queue each (see worker.h) */
#include "daemon/worker.h"

#include "daemon/scratch.h"
#include "util/mem.h"

#include <errno.h>
#include <stdlib.h>

#define STACK_BYTES (1024u * 1024) /* reserved, not used: SQLite and crypt need some 100 KiB */

static struct job *take(struct pool *p)
{
	struct job *job = p->head;

	if (!job)
		return NULL;
	p->head = job->next;
	if (!p->head)
		p->tail = &p->head;
	p->queued--;
	return job;
}

static void *work(void *arg)
{
	struct scratch io = { 0 };
	struct pool *p = arg;
	struct job *job;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		job = take(p);
		if (!job) {
			if (p->stop)
				break;
			p->idle++;
			pthread_cond_wait(&p->more, &p->lock);
			p->idle--;
			continue;
		}
		pthread_mutex_unlock(&p->lock);
		job->run(job, &io);
		pthread_mutex_lock(&p->lock);
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

int pool_start(struct pool *p, const char *name, unsigned n)
{
	int rc;

	*p = (struct pool){ .name = name };
	p->tail = &p->head;
	p->threads = gw_xcalloc(n, sizeof *p->threads);
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
	pthread_mutex_lock(&p->lock);
	*p->tail = job;
	p->tail = &job->next;
	p->queued++;
	wake = p->idle > 0;
	pthread_mutex_unlock(&p->lock);
	if (wake)
		pthread_cond_signal(&p->more);
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
	pthread_cond_destroy(&p->more);
	pthread_mutex_destroy(&p->lock);
	p->threads = NULL;
	p->n_threads = 0;
}

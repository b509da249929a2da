/* worker.h - threads that may block in a store or burn a password
 *
 * A pool has a queue of jobs and a fixed number of threads. Jobs are embedded in what they work for (a connection has
 * one), so a queue cannot grow beyond the number of connections and posting allocates nothing. */
#ifndef GW_DAEMON_WORKER_H
#define GW_DAEMON_WORKER_H

#include <pthread.h>
#include <stdbool.h>

struct scratch;

struct job {
	struct job *next;
	void (*run)(struct job *job, struct scratch *io); /* owns the job from here on: it may free or post it */
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct job *head, **tail;
	unsigned idle;    /* threads that wait */
	unsigned queued;
	unsigned n_threads;
	bool stop;
	const char *name; /* of the threads, 15 bytes at most */
	pthread_t *threads;
};

/* Start n threads. 0 or -1 with errno when not even one could be started. */
int pool_start(struct pool *p, const char *name, unsigned n);

/* Any thread. */
void pool_post(struct pool *p, struct job *job);

/* Let the queue run empty, then end the threads. */
void pool_stop(struct pool *p);

#endif

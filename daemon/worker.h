/* worker.h - threads that may block in a store or burn a password
 *
 * A pool has a queue of jobs and a number of threads. Jobs are embedded in what they work for (a connection has one), so
 * a queue cannot grow beyond the number of connections and posting allocates nothing. Jobs are taken in order, but one user
 * never has all threads, whatever he asks for on however many connections. A thread that waits for a storage server says so:
 * for the time of its wait another one may be started, so that a slow server or account holds up nobody else. */
#ifndef GW_DAEMON_WORKER_H
#define GW_DAEMON_WORKER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct scratch;
struct stats;

struct job {
	struct job *next;
	void (*run)(struct job *job, struct scratch *io); /* owns the job from here on: it may free or post it */
	uint32_t owner; /* a number for the user whose work it is; 0: nobody's */
	uint64_t posted_us; /* the pool's */
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct job *head, **tail;
	unsigned idle;    /* threads that wait */
	unsigned queued;
	uint64_t moved_us; /* a job began or ended, or was the first to wait */
	unsigned n_threads; /* that work when none waits for a storage server */
	unsigned n_slots;  /* of threads at most */
	unsigned alive;    /* threads */
	unsigned waiting;  /* of them, those that wait for a storage server */
	struct worker *workers; /* [n_slots] */
	unsigned share;    /* threads that may work for one owner at a time: the rest is for others */
	bool stop;
	const char *name; /* of the threads, 15 bytes at most */
	struct stats *stats; /* hears how long jobs waited */
	unsigned id;      /* enum stat_pool */
};

/* Start n threads. id: enum stat_pool. 0 or -1 with errno when not even one could be started. */
int pool_start(struct pool *p, const char *name, unsigned n, struct stats *stats, unsigned id);

struct pool_load {
	unsigned threads; /* that there are now */
	unsigned waiting; /* of them, those that wait for a storage server */
	unsigned busy;   /* threads that work */
	unsigned queued; /* jobs that wait */
	uint32_t still_s; /* so long no job began or ended while others waited */
};

/* How it is now; nothing when it was not started. Any thread. */
struct pool_load pool_load(struct pool *p);

/* Any thread. */
void pool_post(struct pool *p, struct job *job);

/* The calling thread begins to wait for a storage server, or ends. Threads that are in no pool may say so, too. */
void pool_waiting(bool begin);

/* Let the queue run empty, then end the threads. */
void pool_stop(struct pool *p);

#endif

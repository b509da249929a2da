/* loop.h - an event loop and its thread
 *
 * A loop serves its connections from one thread and shares nothing with the others. Other threads hand it tasks through
 * a queue without locks; the eventfd that wakes it is written only when it really sleeps. */
#ifndef GW_DAEMON_LOOP_H
#define GW_DAEMON_LOOP_H

#include "daemon/bell.h"
#include "daemon/scratch.h"
#include "daemon/wheel.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct conn;
struct gwd;

struct loop_task {
	struct loop_task *next;
	void (*run)(struct loop_task *task); /* on the loop's thread; owns the task */
};

struct loop {
	struct gwd *g;
	struct event_base *base;
	unsigned index;
	pthread_t thread;
	bool running; /* has a thread of its own */
	bool inline_jobs; /* fork model: what may block is done right here */
	int farewell_fd;  /* fork model: socket that waits for its last words to be read */
	bool stop;

	struct loop_task stop_task;
	_Atomic(struct loop_task *) tasks; /* newest first */
	_Atomic int asleep;
	int wake_fd;
	struct event wake_event, tick_event;

	struct wheel wheel;
	struct scratch io;
	struct bell bell;
	struct conn *conns;  /* all of them */
	struct conn *ready;  /* that gave way to others and go on next turn */
	_Atomic unsigned n_conns;
	uint64_t now_ms;     /* monotonic; refreshed with every event */
	_Atomic uint32_t beat_s; /* last tick, for the watchdog */
	_Atomic uint32_t *shown_beat; /* fork model: where the main process reads it */
	uint64_t tick_due_us; /* stats_tick()'s */
};

/* Make the loop; it runs when loop_run() is called, or in a thread of its own after loop_start(). 0 or -1 with errno. */
int loop_init(struct loop *l, struct gwd *g, unsigned index);
int loop_start(struct loop *l);
void loop_run(struct loop *l);
void loop_stop(struct loop *l); /* any thread */
void loop_join(struct loop *l);
void loop_done(struct loop *l);

/* Run a task on the loop's thread soon. Any thread. */
void loop_post(struct loop *l, struct loop_task *task);

/* To be called first in every event callback: refreshes the clock and spares others the wake-up call. */
void loop_enter(struct loop *l);

static inline uint32_t loop_now_s(const struct loop *l)
{
	return (uint32_t)(l->now_ms / 1000);
}

#endif

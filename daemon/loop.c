/* loop.c - event loops and the queue of tasks for them (see loop.h)
 *
 * A turn of a loop: tasks, connections that had given way, then one wait for events. A poster that finds the loop
 * awake does not wake it, because the loop looks at the queue once more before it sleeps. */
#include "daemon/loop.h"

#include "daemon/conn.h"
#include "daemon/daemon.h"

#include <errno.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

static uint64_t monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void loop_enter(struct loop *l)
{
	if (atomic_load_explicit(&l->asleep, memory_order_relaxed))
		atomic_store_explicit(&l->asleep, 0, memory_order_relaxed);
	l->now_ms = monotonic_ms();
}

/* Edge-triggered: the counter need not be read to become quiet. */
static void on_wake(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	loop_enter(arg);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;

	(void)fd;
	(void)what;
	loop_enter(l);
	atomic_store_explicit(&l->beat_s, loop_now_s(l), memory_order_relaxed);
	if (l->shown_beat)
		atomic_store_explicit(l->shown_beat, loop_now_s(l), memory_order_relaxed);
	stats_tick(&l->g->stats, STAT_LOOP_CLIENTS, &l->tick_due_us);
	wheel_advance(&l->wheel, loop_now_s(l), conn_due, l);
	bell_tick(&l->bell, loop_now_s(l));
}

int loop_init(struct loop *l, struct gwd *g, unsigned index)
{
	struct event_config *cfg = event_config_new();
	const struct timeval second = { 1, 0 };

	*l = (struct loop){ .g = g, .index = index, .now_ms = monotonic_ms(), .wake_fd = -1 };
	l->beat_s = loop_now_s(l);
	if (!cfg)
		return -1;
	event_config_set_flag(cfg, EVENT_BASE_FLAG_NOLOCK);
	event_config_set_flag(cfg, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
	l->base = event_base_new_with_config(cfg);
	event_config_free(cfg);
	l->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (!l->base || l->wake_fd < 0)
		return -1;
	event_base_priority_init(l->base, 2);
	wheel_init(&l->wheel, loop_now_s(l));
	event_assign(&l->wake_event, l->base, l->wake_fd, EV_READ | EV_PERSIST | EV_ET, on_wake, l);
	event_assign(&l->tick_event, l->base, -1, EV_PERSIST, on_tick, l);
	event_add(&l->wake_event, NULL);
	event_add(&l->tick_event, &second);
	bell_init(&l->bell, l);
	return 0;
}

void loop_post(struct loop *l, struct loop_task *task)
{
	static const uint64_t one = 1;
	struct loop_task *head = atomic_load_explicit(&l->tasks, memory_order_relaxed);

	do
		task->next = head;
	while (!atomic_compare_exchange_weak(&l->tasks, &head, task));
	if (atomic_exchange(&l->asleep, 0) && write(l->wake_fd, &one, sizeof one) < 0)
		return; /* the counter is full: the loop is awake by all means */
}

/* In the order in which they were posted. */
static void run_tasks(struct loop *l)
{
	struct loop_task *t = atomic_exchange(&l->tasks, NULL), *list = NULL;

	while (t) {
		struct loop_task *next = t->next;

		t->next = list;
		list = t;
		t = next;
	}
	while (list) {
		t = list;
		list = t->next;
		t->run(t);
	}
}

void loop_run(struct loop *l)
{
	while (!l->stop) {
		int flags = EVLOOP_ONCE;

		l->now_ms = monotonic_ms();
		run_tasks(l);
		conn_run_ready(l);
		if (l->stop)
			break;
		atomic_store(&l->asleep, 1);
		if (atomic_load(&l->tasks) || l->ready)
			flags |= EVLOOP_NONBLOCK;
		event_base_loop(l->base, flags);
		atomic_store(&l->asleep, 0);
	}
}

static void *run_thread(void *arg)
{
	struct loop *l = arg;

	stats_join(&l->g->stats);
	loop_run(l);
	return NULL;
}

int loop_start(struct loop *l)
{
	char name[16] = "loop-0";
	int rc = pthread_create(&l->thread, NULL, run_thread, l);

	if (rc) {
		errno = rc;
		return -1;
	}
	name[5] = (char)('0' + l->index % 10);
	pthread_setname_np(l->thread, name);
	l->running = true;
	return 0;
}

static void stop_now(struct loop_task *task)
{
	struct loop *l = (struct loop *)((char *)task - offsetof(struct loop, stop_task));

	l->stop = true;
}

void loop_stop(struct loop *l)
{
	l->stop_task.run = stop_now;
	loop_post(l, &l->stop_task);
}

void loop_join(struct loop *l)
{
	if (!l->running)
		return;
	pthread_join(l->thread, NULL);
	l->running = false;
}

void loop_done(struct loop *l)
{
	if (!l->base)
		return;
	bell_done(&l->bell);
	event_del(&l->wake_event);
	event_del(&l->tick_event);
	event_base_free(l->base);
	close(l->wake_fd);
	scratch_done(&l->io);
	l->base = NULL;
}

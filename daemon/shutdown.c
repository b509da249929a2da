/* shutdown.c - ending gracefully (see server.h)
 *
 * Listeners close first; every session is asked to say goodbye as soon as its protocol allows and has shutdown_timeout
 * to do so. Who is still there then is cut off, which loses nothing that was acknowledged. */
#include "daemon/conn.h"
#include "daemon/server.h"

#include <signal.h>
#include <stdlib.h>

#define LOOK_MS 20
#define ABORT_ROUNDS 100u /* looks after cutting off, before the process ends with jobs still running */

struct order {
	struct loop_task task;
	struct loop *loop;
	void (*fn)(struct loop *l);
};

static void run_order(struct loop_task *task)
{
	struct order *o = (struct order *)task;

	o->fn(o->loop);
	free(o);
}

static void drain_loop(struct loop *l)
{
	l->draining = true;
	if (l->index == 0)
		acceptor_stop(l->g->acceptor);
	conn_wake_all(l, GW_WAKE_SHUTDOWN);
}

static void order_all(struct server *s, void (*fn)(struct loop *l))
{
	for (unsigned i = 0; i < s->g.n_loops; i++) {
		struct order *o = calloc(1, sizeof *o);

		if (!o)
			abort();
		o->task.run = run_order;
		o->loop = &s->g.loops[i];
		o->fn = fn;
		loop_post(&s->g.loops[i], &o->task);
	}
}

static unsigned sessions_left(struct server *s)
{
	unsigned n = 0;

	if (s->g.fork_model)
		return spawn_signal_all(s, 0);
	for (unsigned i = 0; i < s->g.n_loops; i++)
		n += atomic_load(&s->g.loops[i].n_conns);
	return n;
}

static void cut_off(struct server *s)
{
	unsigned n = sessions_left(s);

	if (s->aborts++ == 0 && n)
		log_event(&s->g.log, GW_EV_CUT_OFF, GW_NUM("connections", n));
	if (s->g.fork_model)
		spawn_signal_all(s, s->aborts > 1 ? SIGKILL : SIGTERM);
	else
		order_all(s, conn_abort_all);
}

static void on_look(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;

	(void)fd;
	(void)what;
	if (sessions_left(s) == 0 || s->aborts > ABORT_ROUNDS)
		event_base_loopbreak(s->base);
	else if ((int32_t)(conn_clock_s() - s->deadline_s) >= 0)
		cut_off(s);
}

void server_stop(struct server *s, const char *why)
{
	const struct timeval look = { 0, LOOK_MS * 1000 };
	unsigned timeout_s = s->g.current->config->shutdown_timeout;

	if (s->stopping) {
		s->deadline_s = conn_clock_s();
		return;
	}
	s->stopping = true;
	s->deadline_s = conn_clock_s() + timeout_s;
	atomic_store(&s->g.draining, true);
	sd_notify(&s->sd, "STOPPING=1\nSTATUS=Waiting for %u connections", sessions_left(s));
	log_event(&s->g.log, GW_EV_STOPPING, GW_STR("detail", why), GW_NUM("connections", sessions_left(s)),
		  GW_NUM("seconds", timeout_s));
	if (s->g.fork_model) {
		acceptor_stop(&s->acceptor);
		spawn_signal_all(s, SIGTERM);
	} else {
		order_all(s, drain_loop);
	}
	event_assign(&s->drain_event, s->base, -1, EV_PERSIST, on_look, s);
	event_add(&s->drain_event, &look);
}

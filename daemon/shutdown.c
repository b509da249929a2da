/* shutdown.c - telling sessions to end, and ending (see server.h, drain.h)
 *
 * At the end of the process the listeners close first; every session is asked to say goodbye as soon as nothing is under
 * way and has shutdown_timeout to do so. Who is still there then is told goodbye in the middle and cut off, which loses
 * nothing that was acknowledged. */
#include "daemon/conn.h"
#include "daemon/server.h"
#include "util/mem.h"

#include <signal.h>
#include <stdlib.h>

#define LOOK_MS 20
#define CUT_ROUNDS 100u /* looks after cutting off, before the process ends with jobs still running */

/* ---- orders to the loops of the thread model ---- */

struct order {
	struct loop_task task;
	struct loop *loop;
	void (*fn)(struct loop *l, const struct order *o);
	enum gw_wake wake;
	const struct reg_slot *slot;
	uint64_t id;
};

static void run_order(struct loop_task *task)
{
	struct order *o = (struct order *)task;

	loop_enter(o->loop);
	o->fn(o->loop, o);
	free(o);
}

static void post(struct loop *l, const struct order *what)
{
	struct order *o = gw_xalloc(sizeof *o);

	*o = *what;
	o->task.run = run_order;
	o->loop = l;
	loop_post(l, &o->task);
}

static void post_all(struct server *s, const struct order *what)
{
	for (unsigned i = 0; i < s->g.n_loops; i++)
		post(&s->g.loops[i], what);
}

static void wake_loop(struct loop *l, const struct order *o)
{
	conn_wake_all(l, o->wake);
}

static void wake_slot(struct loop *l, const struct order *o)
{
	conn_wake_slot(l, o->slot, o->id, o->wake);
}

static void abort_loop(struct loop *l, const struct order *o)
{
	(void)o;
	conn_abort_all(l);
}

static void open_doors(struct loop *l, const struct order *o)
{
	(void)o;
	acceptor_resume(l->g->acceptor);
}

static void close_doors(struct loop *l, const struct order *o)
{
	(void)o;
	acceptor_suspend(l->g->acceptor);
}

static void stop_accepting(struct loop *l, const struct order *o)
{
	(void)o;
	acceptor_stop(l->g->acceptor);
}

/* ---- doors and sessions ---- */

bool server_doors_settled(const struct server *s)
{
	return atomic_load(&s->acceptor.closed) == (s->drain.phase == DRAIN_ON);
}

static void on_doors(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;

	(void)fd;
	(void)what;
	if (!server_doors_settled(s) && !s->stopping)
		return;
	event_del(&s->doors_event);
	ctl_tick(s);
}

/* Call me when the first loop has done it. */
static void watch_doors(struct server *s)
{
	const struct timeval look = { 0, LOOK_MS * 1000 };

	if (event_initialized(&s->doors_event))
		event_del(&s->doors_event);
	event_assign(&s->doors_event, s->base, -1, EV_PERSIST, on_doors, s);
	event_add(&s->doors_event, &look);
}

void server_doors(struct server *s, bool open)
{
	watch_doors(s);
	if (!s->g.fork_model)
		post(&s->g.loops[0], &(struct order){ .fn = open ? open_doors : close_doors });
	else if (open)
		acceptor_resume(&s->acceptor);
	else
		acceptor_suspend(&s->acceptor);
}

void drain_tell_all(struct server *s)
{
	if (s->g.fork_model)
		spawn_signal_all(s, SIGTERM);
	else
		post_all(s, &(struct order){ .fn = wake_loop, .wake = GW_WAKE_DRAIN });
}

void drain_cut(struct server *s, unsigned round)
{
	atomic_store(&s->g.drain->cutting, true); /* children look at it when TERM comes */
	if (s->g.fork_model)
		spawn_signal_all(s, round ? SIGKILL : SIGTERM);
	else
		post_all(s, &(struct order){ .fn = round ? abort_loop : wake_loop, .wake = GW_WAKE_SHUTDOWN });
}

static unsigned connections_left(struct server *s)
{
	unsigned n = 0;

	if (s->g.fork_model)
		return spawn_signal_all(s, 0);
	for (unsigned i = 0; i < s->g.n_loops; i++)
		n += atomic_load(&s->g.loops[i].n_conns);
	return n;
}

/* Is the session in the slot one of this user's (n is 0: any)? Names are kept cut to the size of the slot. */
static bool is_of(const struct gw_session_info *info, struct gw_slice user)
{
	if (user.n >= sizeof info->user)
		user.n = sizeof info->user - 1;
	return user.n == 0 || gw_slice_eqi(gw_slice(info->user, strnlen(info->user, sizeof info->user)), user);
}

unsigned drain_left(struct server *s, struct gw_slice user, unsigned *busy)
{
	struct registry *r = &s->g.reg;
	struct gw_session_info info;
	unsigned n = 0, b = 0;

	for (uint32_t i = 0; i < r->n_slots; i++) {
		const struct reg_slot *slot = &r->shared->slot[i];

		if (!atomic_load_explicit(&slot->id, memory_order_acquire))
			continue;
		gw_info_read(&slot->info, &info);
		if (!is_of(&info, user))
			continue;
		n++;
		b += info.command[0] && info.state != GW_STATE_IDLE;
	}
	if (busy)
		*busy = b;
	return n;
}

void server_wake_user(struct server *s, struct gw_slice user, enum gw_wake wake)
{
	struct registry *r = &s->g.reg;
	struct gw_session_info info;

	for (uint32_t i = 0; i < r->n_slots; i++) {
		struct reg_slot *slot = &r->shared->slot[i];
		uint64_t id = atomic_load_explicit(&slot->id, memory_order_acquire);

		if (!id || !gw_info_read(&slot->info, &info) || !info.user[0] || !is_of(&info, user))
			continue;
		if (wake == GW_WAKE_KICK)
			atomic_store(&slot->kicked, id);
		if (s->g.fork_model)
			spawn_signal_slot(s, slot, id, wake == GW_WAKE_DRAIN ? SIGTERM : SIGUSR2);
		else if (slot->loop < s->g.n_loops)
			post(&s->g.loops[slot->loop], &(struct order){ .fn = wake_slot, .wake = wake, .slot = slot, .id = id });
	}
}

/* ---- the end ---- */

static void cut_off(struct server *s)
{
	unsigned n = connections_left(s);

	if (s->cuts == 0 && n)
		log_event(&s->g.log, GW_EV_CUT_OFF, GW_NUM("connections", n));
	drain_cut(s, s->cuts++);
}

static void on_look(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;

	(void)fd;
	(void)what;
	if (connections_left(s) == 0 || s->cuts > CUT_ROUNDS) {
		s->ended = true;
		ctl_tick(s); /* who looks on is told */
		event_base_loopbreak(s->base);
	} else if ((int32_t)(conn_clock_s() - s->deadline_s) >= 0) {
		cut_off(s);
	}
}

void server_stop(struct server *s, const char *why, uint32_t timeout_s)
{
	const struct timeval look = { 0, LOOK_MS * 1000 };

	if (s->stopping) {
		s->deadline_s = conn_clock_s() + timeout_s;
		return;
	}
	s->stopping = true;
	s->deadline_s = conn_clock_s() + timeout_s;
	atomic_store(&s->g.draining, true);
	atomic_store(&s->g.drain->cutting, false);
	sd_notify(&s->sd, "STOPPING=1\nSTATUS=Waiting for %u connections", connections_left(s));
	log_event(&s->g.log, GW_EV_STOPPING, GW_STR("detail", why), GW_NUM("connections", connections_left(s)),
		  GW_NUM("seconds", timeout_s));
	if (s->g.fork_model)
		acceptor_stop(&s->acceptor);
	else
		post(&s->g.loops[0], &(struct order){ .fn = stop_accepting });
	drain_tell_all(s);
	event_assign(&s->drain_event, s->base, -1, EV_PERSIST, on_look, s);
	event_add(&s->drain_event, &look);
}

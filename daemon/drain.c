/* drain.c - taking no clients for a while (see drain.h) */
#include "daemon/drain.h"

#include "daemon/conn.h"
#include "daemon/server.h"
#include "util/mem.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

int drain_init(struct server *s)
{
	void *p = mmap(NULL, sizeof(struct drain_shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return -1;
	s->g.drain = p;
	return 0;
}

void drain_done(struct server *s)
{
	if (s->g.drain)
		munmap(s->g.drain, sizeof(struct drain_shared));
	s->g.drain = NULL;
}

static bool same_user(const struct drain_user *u, struct gw_slice name)
{
	return atomic_load_explicit(&u->on, memory_order_acquire) &&
	       gw_slice_eqi(gw_slice(u->name, strnlen(u->name, sizeof u->name)), name);
}

const char *drain_closed(const struct drain_shared *d, const char *user)
{
	if (atomic_load_explicit(&d->store_closed, memory_order_relaxed))
		return "the store was taken out of use by an administrator";
	for (unsigned i = 0; user && i < DRAIN_USERS; i++)
		if (same_user(&d->user[i], gw_slice_str(user)))
			return "this user is kept out by an administrator";
	return NULL;
}

/* ---- the whole service ---- */

/* From here on clients are not taken. */
static void close_doors(struct server *s)
{
	struct drain *d = &s->drain;
	const struct gw_slice all = { "", 0 };
	uint32_t now_s = conn_clock_s();

	d->phase = DRAIN_ON;
	d->deadline_s += now_s - d->begin_s;
	d->begin_s = now_s;
	d->cuts = 0;
	atomic_store(&s->g.drain->cutting, false);
	atomic_store(&s->g.draining, true);
	d->told = false;
	if (d->limited)
		log_event(&s->g.log, GW_EV_DRAIN, GW_NUM("connections", drain_left(s, all, NULL)),
			  GW_NUM("seconds", d->deadline_s - now_s));
	else
		log_event(&s->g.log, GW_EV_DRAIN, GW_NUM("connections", drain_left(s, all, NULL)));
	server_doors(s, false);
	drain_tell_all(s);
}

void drain_begin(struct server *s, const struct drain_order *o)
{
	struct drain *d = &s->drain;
	uint32_t now_s = conn_clock_s();

	if (d->phase != DRAIN_OFF && !o->limited)
		return; /* it goes on as it is */
	d->limited = o->limited;
	d->deadline_s = now_s + o->deadline_s;
	if (d->phase != DRAIN_OFF)
		return;
	d->begin_s = now_s;
	if (o->grace_s == 0) {
		close_doors(s);
		return;
	}
	d->phase = DRAIN_WARNING;
	d->begin_s = now_s + o->grace_s;
	d->deadline_s += o->grace_s;
	log_line(&s->g.log, GW_LOG_NOTICE, "Not ready any more, clients are taken for %u seconds yet", (unsigned)o->grace_s);
}

void drain_resume(struct server *s)
{
	bool closed = s->drain.phase == DRAIN_ON;

	s->drain.phase = DRAIN_OFF;
	atomic_store(&s->g.draining, false);
	atomic_store(&s->g.drain->cutting, false);
	for (unsigned i = 0; i < DRAIN_USERS; i++)
		atomic_store(&s->g.drain->user[i].on, false);
	if (closed)
		server_doors(s, true);
	log_event(&s->g.log, GW_EV_RESUME);
}

static bool due(uint32_t at_s)
{
	return (int32_t)(conn_clock_s() - at_s) >= 0;
}

static void tick_service(struct server *s)
{
	struct drain *d = &s->drain;
	unsigned left;

	if (d->phase == DRAIN_WARNING && due(d->begin_s))
		close_doors(s);
	if (d->phase != DRAIN_ON)
		return;
	left = drain_left(s, gw_slice("", 0), NULL);
	sd_notify(&s->sd, "STATUS=Draining: %u connections are left", left);
	if (left == 0 && !d->told)
		log_event(&s->g.log, GW_EV_DRAINED, GW_NUM("connections", left));
	d->told |= left == 0;
	if (!d->limited || !due(d->deadline_s) || left == 0)
		return;
	if (d->cuts == 0)
		log_event(&s->g.log, GW_EV_CUT_OFF, GW_NUM("connections", left));
	drain_cut(s, d->cuts++);
}

/* ---- single users ---- */

static struct drain_user *find(const struct server *s, struct gw_slice user)
{
	for (unsigned i = 0; i < DRAIN_USERS; i++)
		if (same_user(&s->g.drain->user[i], user))
			return &s->g.drain->user[i];
	return NULL;
}

const struct drain_user *drain_user_find(const struct server *s, struct gw_slice user)
{
	return find(s, user);
}

static struct drain_user *take_row(struct server *s, struct gw_slice user, struct gw_err *err)
{
	struct drain_user *u = s->g.drain->user, *end = u + DRAIN_USERS;

	if (user.n == 0 || user.n >= sizeof u->name) {
		gw_fail(err, GW_EINVAL, "a user name has between 1 and %zu bytes", sizeof u->name - 1);
		return NULL;
	}
	while (u < end && atomic_load(&u->on))
		u++;
	if (u == end) {
		gw_fail(err, GW_ELIMIT, "%u users are kept out already; resume lets them in again", DRAIN_USERS);
		return NULL;
	}
	memcpy(u->name, user.p, user.n);
	u->name[user.n] = '\0';
	return u;
}

int drain_user_begin(struct server *s, struct gw_slice user, const struct drain_order *o, struct gw_err *err)
{
	struct drain_user *u = find(s, user);
	bool again = u != NULL;

	if (!u)
		u = take_row(s, user, err);
	if (!u)
		return err ? (int)err->code : GW_ELIMIT;
	if (!again || o->limited)
		u->deadline_s = o->limited ? conn_clock_s() + o->deadline_s + !(conn_clock_s() + o->deadline_s) : 0;
	atomic_store_explicit(&u->on, true, memory_order_release);
	log_event(&s->g.log, GW_EV_DRAIN, GW_NUM("connections", drain_left(s, user, NULL)), GW_TEXT("user", user));
	server_wake_user(s, user, GW_WAKE_DRAIN);
	return 0;
}

int drain_user_resume(struct server *s, struct gw_slice user, struct gw_err *err)
{
	struct drain_user *u = find(s, user);

	if (!u)
		return gw_fail(err, GW_ENOENT, "user \"%.*s\" is not kept out", GW_FMT(user));
	atomic_store(&u->on, false);
	return 0;
}

static void tick_users(struct server *s)
{
	for (unsigned i = 0; i < DRAIN_USERS; i++) {
		struct drain_user *u = &s->g.drain->user[i];

		if (atomic_load(&u->on) && u->deadline_s && due(u->deadline_s))
			server_wake_user(s, gw_slice_str(u->name), GW_WAKE_KICK);
	}
}

/* ---- */

void drain_tick(struct server *s)
{
	if (s->stopping)
		return;
	tick_service(s);
	tick_users(s);
}

bool server_ready(const struct server *s, const char **why)
{
	const char *reason = s->stopping ? "the service is stopping" : s->drain.phase != DRAIN_OFF ? "the service is being drained" :
			  atomic_load(&s->g.drain->store_closed) ? "the mail store was taken out of use" : NULL;

	if (why)
		*why = reason;
	return reason == NULL;
}

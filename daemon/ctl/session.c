/* session.c - orders about sessions (see ctl.h) */
#include "daemon/ctl/ctl.h"

#include "daemon/conn.h"
#include "util/mem.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t wall_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec;
}

static struct gw_slice text_of(const char *p, size_t cap)
{
	return gw_slice(p, strnlen(p, cap));
}

bool ctl_session_is(const struct reg_slot *slot, struct gw_slice user)
{
	if (user.n >= sizeof slot->info.user)
		user.n = sizeof slot->info.user - 1;
	return gw_slice_eqi(text_of(slot->info.user, sizeof slot->info.user), user);
}

static void put_session(struct ctl_client *c, const struct reg_slot *slot, uint64_t id)
{
	static const char *const states[] = { "greeting", "login", "authenticated", "selected", "idle", "logout" };
	struct gw_json *j = gw_ctl_row(&c->reply);
	const struct gw_session_info *i = &slot->info;
	int64_t up = wall_s() - slot->since_s, idle = (int64_t)conn_clock_s() - slot->active_s;
	char text[24];

	snprintf(text, sizeof text, "%llu", (unsigned long long)id);
	gw_json_str(j, "id", text);
	gw_json_string(j, "user", text_of(i->user, sizeof i->user));
	gw_json_string(j, "address", text_of(slot->address, sizeof slot->address));
	gw_json_str(j, "service", services[slot->service].name);
	gw_json_bool(j, "tls", slot->tls);
	gw_json_str(j, "state", i->state < sizeof states / sizeof *states ? states[i->state] : "unknown");
	gw_json_string(j, "mailbox", text_of(i->mailbox, sizeof i->mailbox));
	gw_json_string(j, "command", text_of(i->command, sizeof i->command));
	gw_json_string(j, "client", text_of(i->client, sizeof i->client));
	gw_json_i64(j, "connected_s", up < 0 ? 0 : up);
	gw_json_i64(j, "idle_s", idle < 0 ? 0 : idle);
	gw_json_u64(j, "bytes_in", slot->bytes_in);
	gw_json_u64(j, "bytes_out", slot->bytes_out);
	gw_json_i64(j, "pid", slot->pid);
	gw_ctl_end(&c->reply);
}

static bool list_on(struct ctl_client *c)
{
	const struct registry *reg = &c->s->g.reg;
	struct gw_slice user = gw_ctl_slice(&c->request, "user"), service = gw_ctl_slice(&c->request, "service");
	uint64_t max = gw_ctl_number(&c->request, "max", UINT64_MAX);

	for (; c->cursor < reg->n_slots && c->rows < max && !gw_out_full(&c->out); c->cursor++) {
		const struct reg_slot *slot = &reg->shared->slot[c->cursor];
		uint64_t id = atomic_load_explicit(&slot->id, memory_order_acquire);

		if (!id || slot->service >= SERVICES || (user.n && !ctl_session_is(slot, user)) ||
		    (service.n && !gw_slice_eqi(service, gw_slice_str(services[slot->service].name))))
			continue;
		put_session(c, slot, id);
		c->rows++;
	}
	if (c->cursor < reg->n_slots && c->rows < max)
		return true;
	gw_json_u64(gw_ctl_ok(&c->reply), "sessions", c->rows);
	gw_ctl_end(&c->reply);
	return false;
}

static int answer_list(struct ctl_client *c, struct gw_err *err)
{
	(void)err;
	c->cursor = 0;
	c->rows = 0;
	c->stream.more = list_on;
	return 0;
}

struct kick {
	struct loop_task task;
	struct loop *loop;
	const struct reg_slot *slot;
	uint64_t id;
};

static void run_kick(struct loop_task *task)
{
	struct kick *k = (struct kick *)task;

	loop_enter(k->loop);
	conn_wake_slot(k->loop, k->slot, k->id, GW_WAKE_KICK);
	free(k);
}

static void kick_slot(struct server *s, const struct reg_slot *slot, uint64_t id)
{
	struct kick *k;

	if (s->g.fork_model) {
		spawn_signal_slot(s, slot, id, SIGUSR2);
		return;
	}
	if (slot->loop >= s->g.n_loops)
		return;
	k = gw_xalloc(sizeof *k);
	k->task.run = run_kick;
	k->loop = &s->g.loops[slot->loop];
	k->slot = slot;
	k->id = id;
	loop_post(k->loop, &k->task);
}

/* End the session with this id, or all of user when id is 0. */
static unsigned kick(struct server *s, uint64_t id, struct gw_slice user)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < s->g.reg.n_slots; i++) {
		const struct reg_slot *slot = &s->g.reg.shared->slot[i];
		uint64_t now = atomic_load_explicit(&slot->id, memory_order_acquire);

		if (!now || (id ? now != id : !ctl_session_is(slot, user)))
			continue;
		kick_slot(s, slot, now);
		n++;
	}
	return n;
}

unsigned ctl_kick_user(struct server *s, struct gw_slice user)
{
	return user.n ? kick(s, 0, user) : 0;
}

static int answer_kick(struct ctl_client *c, struct gw_err *err)
{
	struct gw_slice user = gw_ctl_slice(&c->request, "user");
	uint64_t id = gw_ctl_number(&c->request, "id", 0);
	unsigned n;

	if ((id > 0) == (user.n > 0))
		return gw_fail(err, GW_EINVAL, "give either the id of a session or a user");
	n = kick(c->s, id, user);
	if (id && n == 0)
		return gw_fail(err, GW_ENOENT, "there is no session %llu", (unsigned long long)id);
	gw_json_u64(gw_ctl_ok(&c->reply), "sessions", n);
	gw_ctl_end(&c->reply);
	return 0;
}

const struct ctl_handler ctl_handlers_session[] = {
	{ "session list", .answer = answer_list },
	{ "session kick", .answer = answer_kick },
	{ 0 },
};

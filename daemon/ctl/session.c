/* session.c - orders about sessions (see ctl.h) */
#include "daemon/ctl/ctl.h"

#include "daemon/conn.h"
#include "daemon/ctl/filter.h"
#include "util/mem.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

bool ctl_session_is(const struct reg_slot *slot, struct gw_slice user)
{
	if (user.n >= sizeof slot->info.user)
		user.n = sizeof slot->info.user - 1;
	return gw_slice_eqi(filter_text(slot->info.user, sizeof slot->info.user), user);
}

/* ---- showing ---- */

static void put_name(struct gw_json *j, const char *key, const char *p, size_t cap)
{
	gw_json_string(j, key, filter_text(p, cap));
}

#define PUT_NAME(j, key, array) put_name((j), (key), (array), sizeof (array))

static uint64_t since_us(uint64_t began_us)
{
	uint64_t now_us = gw_mono_us(gw_clock_system());

	return began_us && now_us > began_us ? now_us - began_us : 0;
}

/* What session list shows. */
static void put_short(struct gw_json *j, const struct reg_slot *slot, const struct filter *f)
{
	const struct gw_session_info *i = &slot->info;
	int64_t up = f->wall_s - slot->since_s;
	int32_t idle = (int32_t)(f->now_s - slot->active_s);
	char text[24];

	snprintf(text, sizeof text, "%llu", (unsigned long long)slot->id);
	gw_json_str(j, "id", text);
	PUT_NAME(j, "user", i->user);
	PUT_NAME(j, "address", slot->address);
	gw_json_str(j, "service", services[slot->service].name);
	gw_json_bool(j, "tls", slot->tls);
	gw_json_bool(j, "compressed", slot->compressed);
	gw_json_str(j, "state", filter_state_name(i->state));
	PUT_NAME(j, "mailbox", i->mailbox);
	PUT_NAME(j, "command", i->command);
	PUT_NAME(j, "client", i->client);
	gw_json_i64(j, "connected_s", up < 0 ? 0 : up);
	gw_json_i64(j, "idle_s", idle < 0 ? 0 : idle);
	gw_json_u64(j, "bytes_in", slot->bytes_in);
	gw_json_u64(j, "bytes_out", slot->bytes_out);
	gw_json_u64(j, "commands", i->commands);
	gw_json_u64(j, "memory", slot->memory);
	gw_json_i64(j, "pid", slot->pid);
}

/* The rest of what is known. */
static void put_long(struct gw_json *j, const struct reg_slot *slot)
{
	const struct gw_session_info *i = &slot->info;

	gw_json_i64(j, "since", slot->since_s);
	gw_json_u64(j, "command_us", since_us(i->command_since_us));
	gw_json_u64(j, "store_us", i->store_us);
	gw_json_u64(j, "bad_commands", i->bad_commands);
	gw_json_u64(j, "fetched", i->fetched);
	gw_json_u64(j, "appended", i->appended);
	gw_json_u64(j, "expunged", i->expunged);
	PUT_NAME(j, "mechanism", slot->mechanism);
	gw_json_bool(j, "trusted", slot->trusted);
	PUT_NAME(j, "tls_version", slot->handshake.version);
	PUT_NAME(j, "tls_cipher", slot->handshake.cipher);
	gw_json_bool(j, "tls_resumed", slot->handshake.resumed);
	PUT_NAME(j, "tls_sni", slot->handshake.sni);
	PUT_NAME(j, "tls_user", slot->handshake.user);
}

static bool list_on(struct ctl_client *c)
{
	const struct registry *reg = &c->s->g.reg;
	const struct filter *f = c->stream.ctx;
	uint64_t max = gw_ctl_number(&c->request, "max", UINT64_MAX);
	bool full = gw_ctl_flag(&c->request, "full");
	struct reg_slot slot;

	for (; c->cursor < reg_high(reg) && c->rows < max && !gw_out_full(&c->out); c->cursor++) {
		struct gw_json *j;

		if (!reg_read(&reg->shared->slot[c->cursor], &slot) || !filter_has(f, &slot))
			continue;
		j = gw_ctl_row(&c->reply);
		put_short(j, &slot, f);
		if (full)
			put_long(j, &slot);
		gw_ctl_end(&c->reply);
		c->rows++;
	}
	if (c->cursor < reg_high(reg) && c->rows < max)
		return true;
	gw_json_u64(gw_ctl_ok(&c->reply), "sessions", c->rows);
	gw_ctl_end(&c->reply);
	return false;
}

static int answer_list(struct ctl_client *c, struct gw_err *err)
{
	struct filter *f = gw_arena_alloc(&c->arena, sizeof *f);
	int rc = filter_read(&c->request, f, err);

	if (rc < 0)
		return rc;
	c->cursor = 0;
	c->rows = 0;
	c->stream.more = list_on;
	c->stream.ctx = f;
	return 0;
}

static int no_session(uint64_t id, struct gw_err *err)
{
	return gw_fail(err, GW_ENOENT, "there is no session %llu; session list shows those there are", (unsigned long long)id);
}

static int answer_show(struct ctl_client *c, struct gw_err *err)
{
	const struct registry *reg = &c->s->g.reg;
	struct reg_slot slot;
	struct gw_json *j;
	struct filter f;
	int rc = filter_read(&c->request, &f, err);

	for (uint32_t i = 0; rc == 0 && i < reg_high(reg); i++) {
		if (atomic_load(&reg->shared->slot[i].id) != f.id || !reg_read(&reg->shared->slot[i], &slot))
			continue;
		j = gw_ctl_row(&c->reply);
		put_short(j, &slot, &f);
		put_long(j, &slot);
		gw_ctl_end(&c->reply);
		gw_ctl_ok_empty(&c->reply);
		return 0;
	}
	return rc < 0 ? rc : no_session(f.id, err);
}

/* ---- ending ---- */

struct kick {
	struct loop_task task;
	struct loop *loop;
};

static void run_kick(struct loop_task *task)
{
	struct kick *k = (struct kick *)task;

	loop_enter(k->loop);
	conn_wake_kicked(k->loop);
	free(k);
}

/* What the client is told stands beside the mark: one line of ASCII. */
static void mark(struct reg_slot *slot, uint64_t id, struct gw_slice reason)
{
	size_t n = reason.n < sizeof slot->kick_reason - 1 ? reason.n : sizeof slot->kick_reason - 1;

	for (size_t i = 0; i < n; i++)
		slot->kick_reason[i] = reason.p[i] >= ' ' && reason.p[i] < 0x7F ? reason.p[i] : '?';
	slot->kick_reason[n] = '\0';
	atomic_store(&slot->kicked, id);
}

/* Thread model: each loop looks for its marked connections once. */
static void tell_loops(struct server *s, const bool *wanted)
{
	for (unsigned i = 0; i < s->g.n_loops; i++) {
		struct kick *k;

		if (!wanted[i])
			continue;
		k = gw_xalloc(sizeof *k);
		k->task.run = run_kick;
		k->loop = &s->g.loops[i];
		loop_post(k->loop, &k->task);
	}
}

unsigned ctl_kick(struct server *s, bool (*has)(const void *ctx, const struct reg_slot *slot), const void *ctx,
		  struct gw_slice reason)
{
	bool *wanted = gw_xcalloc(s->g.n_loops + 1, sizeof *wanted);
	struct reg_slot copy;
	unsigned n = 0;

	for (uint32_t i = 0; i < reg_high(&s->g.reg); i++) {
		struct reg_slot *slot = &s->g.reg.shared->slot[i];

		if (!reg_read(slot, &copy) || !has(ctx, &copy))
			continue;
		mark(slot, copy.id, reason);
		if (s->g.fork_model)
			spawn_signal_slot(s, slot, copy.id, SIGUSR2);
		else if (copy.loop < s->g.n_loops)
			wanted[copy.loop] = true;
		n++;
	}
	tell_loops(s, wanted);
	free(wanted);
	return n;
}

static bool is_users(const void *ctx, const struct reg_slot *slot)
{
	return ctl_session_is(slot, *(const struct gw_slice *)ctx);
}

unsigned ctl_kick_user(struct server *s, struct gw_slice user)
{
	return user.n ? ctl_kick(s, is_users, &user, gw_slice("", 0)) : 0;
}

static bool fits(const void *ctx, const struct reg_slot *slot)
{
	return filter_has(ctx, slot);
}

static int answer_kick(struct ctl_client *c, struct gw_err *err)
{
	struct filter f;
	int rc = filter_read(&c->request, &f, err);
	unsigned n;

	if (rc < 0)
		return rc;
	if (f.given == 0)
		return gw_fail(err, GW_EINVAL, "say which sessions: by id, user, address or another filter; user=* is all that are "
					       "signed on");
	n = ctl_kick(c->s, fits, &f, gw_ctl_slice(&c->request, "reason"));
	if (f.id && n == 0)
		return no_session(f.id, err);
	gw_json_u64(gw_ctl_ok(&c->reply), "sessions", n);
	gw_ctl_end(&c->reply);
	return 0;
}

static int answer_kick_user(struct ctl_client *c, struct gw_err *err)
{
	struct gw_slice user = gw_ctl_slice(&c->request, "name");
	unsigned n = ctl_kick(c->s, is_users, &user, gw_ctl_slice(&c->request, "reason"));

	(void)err;
	gw_json_u64(gw_ctl_ok(&c->reply), "sessions", n);
	gw_ctl_end(&c->reply);
	return 0;
}

const struct ctl_handler ctl_handlers_session[] = {
	{ "session list", .answer = answer_list },
	{ "session show", .answer = answer_show },
	{ "session kick", .answer = answer_kick },
	{ "who", .answer = ctl_answer_who },
	{ "user kick", .answer = answer_kick_user },
	{ 0 },
};

/* ctl_verbs.c - orders that the main loop answers itself (see ctl_server.h) */
#include "daemon/ctl_server.h"

#include "daemon/conn.h"
#include "util/mem.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* ---- audit ---- */

void ctl_audit(struct gwd *g, const char *who, const struct gw_ctl_request *r, const char *result)
{
	int level = r->verb->level == GW_CTL_VIEWER ? GW_LOG_DEBUG : GW_LOG_NOTICE;
	struct gw_buf text;

	if (!log_wants(&g->log, level))
		return;
	gw_buf_init(&text, 0);
	gw_ctl_redacted(r, &text);
	log_line(&g->log, level, "Control: %s: %.*s: %s", who, GW_FMT(gw_buf_slice(&text)), result);
	gw_buf_done(&text);
}

/* ---- status ---- */

static int64_t wall_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec;
}

/* Bytes of memory in use by this process; 0: unknown. */
static uint64_t memory_used(void)
{
	unsigned long long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (!f)
		return 0;
	if (fscanf(f, "%*u %llu", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages * (unsigned long long)sysconf(_SC_PAGESIZE);
}

static void put_listeners(struct gw_json *j, const struct server *s)
{
	char text[256];

	gw_json_open(j, "listeners", '[');
	for (size_t i = 0; i < s->listeners.n; i++) {
		snprintf(text, sizeof text, "%s %s", s->listeners.v[i].service->name, s->listeners.v[i].text);
		gw_json_str(j, NULL, text);
	}
	gw_json_close(j, ']');
}

/* Counters of what ended and of what goes on. */
static void put_counters(struct gw_json *j, struct registry *reg)
{
	uint64_t in = 0, out = 0, commands = 0;

	for (uint32_t i = 0; i < reg->n_slots; i++) {
		const struct reg_slot *slot = &reg->shared->slot[i];

		if (!atomic_load(&slot->id))
			continue;
		in += slot->bytes_in;
		out += slot->bytes_out;
		commands += slot->info.commands;
	}
	for (enum reg_counter c = 0; c < REG_COUNTERS; c++)
		gw_json_u64(j, reg_counter_name(c), reg_get(reg, c) + (c == REG_BYTES_IN ? in : c == REG_BYTES_OUT ? out :
							   c == REG_COMMANDS ? commands : 0));
}

/* Connections by service, those that have not signed on yet too. */
static void put_sessions(struct gw_json *j, const struct registry *reg)
{
	uint64_t n[SERVICES] = { 0 };

	for (uint32_t i = 0; i < reg->n_slots; i++) {
		const struct reg_slot *slot = &reg->shared->slot[i];

		if (atomic_load_explicit(&slot->id, memory_order_acquire) && slot->service < SERVICES)
			n[slot->service]++;
	}
	gw_json_open(j, "sessions", '{');
	for (unsigned i = 0; i < SERVICES; i++)
		gw_json_u64(j, services[i].name, n[i]);
	gw_json_close(j, '}');
}

static void answer_status(struct ctl_client *c)
{
	struct server *s = c->s;
	const struct gw_config *cfg = s->g.current->config;
	struct gw_json *j = gw_ctl_ok(&c->reply);
	int64_t up = wall_s() - s->g.started_s;

	gw_json_str(j, "version", GW_VERSION);
	gw_json_u64(j, "pid", (uint64_t)getpid());
	gw_json_str(j, "process_model", s->g.fork_model ? "fork" : "thread");
	gw_json_str(j, "state", s->stopping ? "stopping" : "running");
	gw_json_i64(j, "started", s->g.started_s);
	gw_json_i64(j, "uptime_s", up < 0 ? 0 : up);
	gw_json_str(j, "config", s->config_path);
	gw_json_str(j, "store", cfg->server_socket);
	gw_json_bool(j, "tls", s->g.current->tls != NULL);
	put_listeners(j, s);
	gw_json_u64(j, "connections", reg_used(&s->g.reg));
	put_sessions(j, &s->g.reg);
	gw_json_u64(j, "max_connections", s->g.reg.n_slots);
	gw_json_u64(j, "memory", memory_used());
	put_counters(j, &s->g.reg);
	gw_ctl_end(&c->reply);
}

/* ---- sessions ---- */

static struct gw_slice text_of(const char *p, size_t cap)
{
	return gw_slice(p, strnlen(p, cap));
}

/* Is the session one of this user's? Names are kept cut to the size of the slot. */
static bool user_is(const struct reg_slot *slot, struct gw_slice user)
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

void ctl_list_on(struct ctl_client *c)
{
	const struct registry *reg = &c->s->g.reg;
	struct gw_slice user = gw_ctl_slice(&c->request, "user"), service = gw_ctl_slice(&c->request, "service");
	uint64_t max = gw_ctl_number(&c->request, "max", UINT64_MAX);

	for (; c->cursor < reg->n_slots && c->rows < max && !gw_out_full(&c->out); c->cursor++) {
		const struct reg_slot *slot = &reg->shared->slot[c->cursor];
		uint64_t id = atomic_load_explicit(&slot->id, memory_order_acquire);

		if (!id || slot->service >= SERVICES || (user.n && !user_is(slot, user)) ||
		    (service.n && !gw_slice_eqi(service, gw_slice_str(services[slot->service].name))))
			continue;
		put_session(c, slot, id);
		c->rows++;
	}
	if (c->cursor < reg->n_slots && c->rows < max)
		return;
	c->listing = false;
	gw_json_u64(gw_ctl_ok(&c->reply), "sessions", c->rows);
	gw_ctl_end(&c->reply);
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

		if (!now || (id ? now != id : !user_is(slot, user)))
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
	struct gw_slice text = gw_ctl_slice(&c->request, "id"), user = gw_ctl_slice(&c->request, "user");
	uint64_t id = 0;
	unsigned n;

	if ((text.n > 0) == (user.n > 0))
		return gw_fail(err, GW_EINVAL, "give either the id of a session or a user");
	if (text.n && (!gw_ctl_value_ok(GW_CTL_UINT, text, &id) || id == 0))
		return gw_fail(err, GW_EINVAL, "an id is a number of session list");
	n = kick(c->s, id, user);
	if (id && n == 0)
		return gw_fail(err, GW_ENOENT, "there is no session %llu", (unsigned long long)id);
	gw_json_u64(gw_ctl_ok(&c->reply), "sessions", n);
	gw_ctl_end(&c->reply);
	return 0;
}

/* ---- the service ---- */

/* Sentence first: gwctl shows that; programs have the rest. */
static void tell(void *ctx, const struct reload_news *news)
{
	struct ctl_client *c = ctx;
	struct gw_json *j = gw_ctl_row(&c->reply);

	gw_json_str(j, "event", news->event);
	gw_json_str(j, "text", news->text);
	if (news->change) {
		gw_json_str(j, "name", news->change->opt->name);
		gw_json_str(j, "was", news->change->was_shown);
		gw_json_str(j, "now", news->change->now_shown);
	}
	if (news->listener) {
		gw_json_str(j, "service", gw_service_name(news->listener->service));
		gw_json_str(j, "listener", news->listener->text);
		gw_json_str(j, "move", gw_move_name(news->listener->move));
	}
	gw_ctl_end(&c->reply);
}

static int answer_reload(struct ctl_client *c, struct gw_err *err)
{
	if (c->s->stopping)
		return gw_fail(err, GW_EBUSY, "the service is stopping");
	if (server_reload(c->s, gw_ctl_flag(&c->request, "check"), tell, c) < 0)
		return gw_fail(err, GW_EINVAL, "the configuration has errors; the old one stays in force");
	gw_ctl_ok_empty(&c->reply);
	return 0;
}

static void answer_stop(struct ctl_client *c)
{
	server_stop(c->s, "gwctl stop");
	if (gw_ctl_flag(&c->request, "now"))
		server_stop(c->s, "gwctl stop");
	gw_ctl_ok_empty(&c->reply);
}

static void answer_version(struct ctl_client *c)
{
	struct gw_json *j = gw_ctl_ok(&c->reply);

	gw_json_str(j, "version", GW_VERSION);
	gw_json_u64(j, "protocol", GW_CTL_PROTOCOL);
	gw_ctl_end(&c->reply);
}

/* 1: not for the main loop. */
static int dispatch(struct ctl_client *c, struct gw_err *err)
{
	switch (c->request.verb->id) {
	case GW_CTL_PING:
		gw_ctl_ok_empty(&c->reply);
		return 0;
	case GW_CTL_VERSION:
		answer_version(c);
		return 0;
	case GW_CTL_HELP:
		gw_ctl_put_help(&c->reply, c->level);
		return 0;
	case GW_CTL_STATUS:
		answer_status(c);
		return 0;
	case GW_CTL_SESSION_LIST:
		c->listing = true;
		c->cursor = 0;
		c->rows = 0;
		ctl_list_on(c);
		return 0;
	case GW_CTL_SESSION_KICK:
		return answer_kick(c, err);
	case GW_CTL_CONFIG_SHOW:
		return ctl_show_config(c, err);
	case GW_CTL_RELOAD:
		return answer_reload(c, err);
	case GW_CTL_STOP:
		answer_stop(c);
		return 0;
	case GW_CTL_LOG_REOPEN:
		server_reopen_log(c->s);
		gw_ctl_ok_empty(&c->reply);
		return 0;
	default:
		return 1;
	}
}

bool ctl_answer(struct ctl_client *c)
{
	struct gw_err err = { .text = "" };
	int rc = dispatch(c, &err);

	if (rc > 0)
		return false;
	if (rc < 0)
		gw_ctl_fail(&c->reply, &err);
	ctl_audit(&c->s->g, c->who, &c->request, rc < 0 ? err.text : "ok");
	return true;
}

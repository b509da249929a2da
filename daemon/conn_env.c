/* conn_env.c - what a session tells, with who the client is added to it (see conn.h and session/session.h)
 *
 * Called by whoever owns the connection at the moment. */
#include "daemon/conn.h"

#include "daemon/daemon.h"
#include "daemon/drain.h"
#include "daemon/trace.h"
#include "log/pack.h"

#include <stdio.h>

#define COMMON 4u /* facts of the client */
#define LINE_MAX_SHOWN 900u /* bytes of a line of the dialogue */

static enum gw_module module_of(const struct conn *c)
{
	return c->service->proto == &gw_imap_proto ? GW_MOD_IMAP : GW_MOD_POP3;
}

/* ---- facts ---- */

struct facts {
	struct gw_log_field v[GW_LOG_FIELDS_MAX];
	size_t n;
	char session[24];
};

static void add(struct facts *f, const char *name, struct gw_slice value)
{
	f->v[f->n++] = (struct gw_log_field)GW_TEXT(name, value);
}

/* fields tell more; one of them may be another user than that of the session. */
static void gather(const struct conn *c, const struct gw_log_field *fields, size_t n, struct facts *f)
{
	bool user = c->slot && c->slot->info.user[0];

	f->n = 0;
	add(f, "service", gw_slice_str(c->service->name));
	add(f, "address", gw_slice_str(c->peer.address));
	if (c->slot) {
		snprintf(f->session, sizeof f->session, "%llu", (unsigned long long)c->slot->id);
		add(f, "session", gw_slice_str(f->session));
	}
	for (size_t i = 0; i < n; i++)
		user = user && strcmp(fields[i].name, "user") != 0;
	if (user)
		add(f, "user", gw_slice(c->slot->info.user, strnlen(c->slot->info.user, sizeof c->slot->info.user)));
	for (size_t i = 0; i < n && f->n < GW_LOG_FIELDS_MAX; i++)
		f->v[f->n++] = fields[i];
}

void conn_event_put(struct conn *c, enum gw_event_id id, const struct gw_log_field *fields, size_t n)
{
	struct log_sink *log = &c->loop->g->log;
	unsigned module = gw_event_row(id)->module;
	struct facts f;

	if (module >= GW_MODULES)
		module = module_of(c);
	if (!log_event_matters(log, id, module))
		return;
	gather(c, fields, n, &f);
	log_event_as(log, id, module, f.v, f.n);
}

static void env_log(void *ctx, enum gw_log_level level, const char *text)
{
	struct conn *c = ctx;
	struct log_sink *log = &c->loop->g->log;
	struct facts f;

	if (!log_wants(log, module_of(c), (int)level) && !log_heard(log, (int)level))
		return;
	gather(c, NULL, 0, &f);
	log_put_as(log, module_of(c), (int)level, gw_slice_str(text), f.v, f.n);
}

static void env_event(void *ctx, enum gw_event_id id, const struct gw_log_field *fields, size_t n)
{
	struct conn *c = ctx;

	if (id == GW_EV_FOREIGN)
		stats_add(&c->loop->g->stats, STAT_FOREIGN, 0, 0, 1);
	conn_event_put(c, id, fields, n);
}

/* ---- logins ---- */

static void tell_login(struct conn *c, const char *user, const char *mechanism)
{
	struct gw_log_field fields[] = { GW_STR("user", user), GW_STR("mechanism", mechanism), GW_YES("tls", c->tls),
					 GW_STR("cipher", "") };
	const size_t all = sizeof fields / sizeof *fields;
	char name[80];

	if (c->tls) { /* RFC 8314 section 4 */
		tls_name(c->tls, name, sizeof name);
		fields[all - 1].value = gw_slice_str(name);
	}
	conn_event_put(c, module_of(c) == GW_MOD_IMAP ? GW_EV_LOGIN_IMAP : GW_EV_LOGIN_POP3, fields, c->tls ? all : all - 1);
}

/* Somebody's name and password were looked at. Who failed before gets the answer later, whatever it is: it is kept back
 * here, and nothing but this connection waits. */
static void hold_answer(struct conn *c, struct gw_slice user, bool ok)
{
	struct penalties *p = &c->loop->g->penalties;
	struct penalty_rule rule = penalty_rule_of(c->snapshot->config);
	uint32_t now_s = conn_clock_s();
	unsigned delay_s;

	if (c->slot->trusted)
		return;
	delay_s = penalty_delay(p, &rule, c->slot->ip, user, now_s);
	if (ok)
		penalty_passed(p, &rule, c->slot->ip, user, now_s);
	else
		penalty_failed(p, &rule, c->slot->ip, user, now_s);
	if (delay_s)
		c->hold_s = now_s + delay_s;
}

/* Which event is it, and what is the word for it there? */
static enum gw_event_id failure_of(const struct conn *c, const char *user, const char *reason, const char *detail,
				   const char **word)
{
	bool imap = module_of(c) == GW_MOD_IMAP;

	*word = reason;
	if (strcmp(reason, "plaintext") == 0)
		return *user ? GW_EV_LOGIN_PLAINTEXT : GW_EV_LOGIN_PLAINTEXT_NAMELESS;
	if (strcmp(reason, "moved") == 0)
		return GW_EV_LOGIN_MOVED;
	if (strcmp(reason, "disabled") == 0)
		return imap ? GW_EV_LOGIN_DISABLED_IMAP : GW_EV_LOGIN_DISABLED_POP3;
	if (strcmp(reason, "auth") != 0) {
		bool store = strcmp(reason, "unavailable") == 0;

		*word = store ? "store" : reason;
		return store ? GW_EV_LOGIN_UNAVAILABLE : GW_EV_LOGIN_DELAYED;
	}
	*word = detail ? "malformed" : "password";
	if (detail)
		return imap ? GW_EV_LOGIN_MALFORMED_IMAP : GW_EV_LOGIN_MALFORMED_POP3;
	return imap ? GW_EV_LOGIN_FAILED_IMAP : GW_EV_LOGIN_FAILED_POP3;
}

static void env_login(void *ctx, const char *user, const char *mechanism, const char *reason, const char *detail)
{
	struct conn *c = ctx;
	bool ok = strcmp(reason, "ok") == 0;
	struct gw_log_field fields[4] = { GW_STR("user", user), GW_STR("mechanism", mechanism) };
	const char *word;
	enum gw_event_id id;
	size_t n = 2;

	stats_add(&c->loop->g->stats, STAT_LOGINS, stats_mechanism(mechanism), stats_login(reason), 1);
	if (c->slot && ok && !c->slot->signed_on) {
		snprintf(c->slot->mechanism, sizeof c->slot->mechanism, "%s", mechanism);
		atomic_store_explicit(&c->slot->signed_on, true, memory_order_release);
	}
	if (c->slot && strcmp(reason, "moved") == 0)
		hold_answer(c, gw_slice_str(user), true); /* the password was right */
	else if (c->slot && (ok || strcmp(reason, "auth") == 0 || strcmp(reason, "disabled") == 0))
		hold_answer(c, gw_slice_str(user), ok);
	if (ok) {
		if (c->slot)
			trace_look(c->loop->g->traces, c->slot);
		tell_login(c, user, mechanism);
		return;
	}
	id = failure_of(c, user, reason, detail, &word);
	fields[n++] = (struct gw_log_field)GW_STR("reason", word);
	if (detail)
		fields[n++] = (struct gw_log_field)GW_STR("detail", detail);
	conn_event_put(c, id, fields, n);
}

/* ---- commands ---- */

/* What a session counts by itself, since it was looked at last. */
static void count_messages(struct conn *c)
{
	struct stats *st = &c->loop->g->stats;
	const struct gw_session_info *now = &c->slot->info;
	struct conn_counted *was = &c->messages;

	if (now->fetched != was->fetched)
		stats_add(st, STAT_FETCHED, 0, 0, now->fetched - was->fetched);
	if (now->appended != was->appended)
		stats_add(st, STAT_APPENDED, 0, 0, now->appended - was->appended);
	if (now->expunged != was->expunged)
		stats_add(st, STAT_EXPUNGED, 0, 0, now->expunged - was->expunged);
	*was = (struct conn_counted){ now->fetched, now->appended, now->expunged };
}

static void tell_slow(struct conn *c, const struct gw_finished *f)
{
	const char *name = c->service->proto->verb_name(f->verb), *mailbox = c->slot ? c->slot->info.mailbox : "";

	conn_event(c, GW_EV_SLOW_COMMAND, GW_STR("mailbox", mailbox), GW_STR("command", name ? name : "?"),
		   GW_NUM("ms", f->us / 1000), GW_NUM("store_ms", f->store_us / 1000));
}

static void env_finished(void *ctx, const struct gw_finished *f)
{
	struct conn *c = ctx;
	struct stats *st = &c->loop->g->stats;
	unsigned command = stats_command(st, c->service->proto, f->verb);

	stats_time(st, STAT_COMMAND_TIME, command, f->us);
	if (f->result != GW_RESULT_OK)
		stats_add(st, STAT_COMMANDS_FAILED, command, f->result - GW_RESULT_NO, 1);
	count_messages(c);
	if (f->us >= c->snapshot->slow_us)
		tell_slow(c, f);
}

/* ---- the end ---- */

static struct conn_totals totals(const struct conn *c)
{
	const struct reg_slot *s = c->slot;
	const struct gw_session_info *i = &s->info;

	return (struct conn_totals){ .commands = i->commands, .failed = i->bad_commands, .bytes_in = s->bytes_in,
				     .bytes_out = s->bytes_out, .store_ms = i->store_us / 1000,
				     .messages = { i->fetched, i->appended, i->expunged },
				     .wall_s = gw_wall_s(gw_clock_system()) };
}

void conn_tell_end(struct conn *c)
{
	const struct conn_totals now = totals(c), was = c->told;
	int64_t seconds = now.wall_s - (was.wall_s ? was.wall_s : c->slot->since_s);

	conn_event(c, c->slot->info.user[0] ? GW_EV_LOGOUT : GW_EV_DISCONNECT,
		   GW_NUM("commands", now.commands - was.commands), GW_NUM("failed_commands", now.failed - was.failed),
		   GW_NUM("bytes_in", now.bytes_in - was.bytes_in), GW_NUM("bytes_out", now.bytes_out - was.bytes_out),
		   GW_NUM("fetched", now.messages.fetched - was.messages.fetched),
		   GW_NUM("appended", now.messages.appended - was.messages.appended),
		   GW_NUM("expunged", now.messages.expunged - was.messages.expunged),
		   GW_NUM("seconds", seconds < 0 ? 0 : seconds), GW_NUM("store_ms", now.store_ms - was.store_ms));
	c->told = now;
}

static void env_logout(void *ctx)
{
	struct conn *c = ctx;

	if (c->slot)
		conn_tell_end(c);
}

/* ---- the dialogue ---- */

static bool is_traced(const struct conn *c)
{
	return c->slot && atomic_load_explicit(&c->slot->traced, memory_order_relaxed);
}

static void env_trace(void *ctx, char direction, struct gw_slice line)
{
	struct conn *c = ctx;
	struct gw_log_field fields[2] = { GW_TEXT("direction", gw_slice(&direction, 1)) };
	struct facts f;

	line.n = line.n < LINE_MAX_SHOWN ? line.n : LINE_MAX_SHOWN;
	fields[1] = (struct gw_log_field)GW_TEXT("line", line);
	gather(c, fields, 2, &f);
	log_dialogue(&c->loop->g->log, module_of(c), f.v, f.n, is_traced(c));
}

static bool env_traced(void *ctx)
{
	const struct conn *c = ctx;

	return is_traced(c) || log_wants(&c->loop->g->log, module_of(c), GW_LOG_DEBUG);
}

static const char *env_closed(void *ctx, const char *user)
{
	struct conn *c = ctx;

	return drain_closed(c->loop->g->drain, user);
}

static unsigned env_wait_s(void *ctx, const char *user)
{
	struct conn *c = ctx;
	const struct gw_config *cfg = c->snapshot->config;

	return pace_take(&c->loop->g->pace, gw_slice_str(user), cfg->pop3_login_delay, cfg->pop3_login_burst, conn_clock_s());
}

void conn_env_init(struct conn *c)
{
	struct snapshot *s = c->snapshot;

	c->env = (struct gw_env){
		.config = s->config,
		.store = c->loop->g->store,
		.clock = gw_clock_system(),
		.peer = &c->peer,
		.info = c->slot ? &c->slot->info : NULL,
		.hostname = s->hostname,
		.kick_reason = c->slot ? c->slot->kick_reason : "",
		.log = env_log,
		.event = env_event,
		.login = env_login,
		.logout = env_logout,
		.closed = env_closed,
		.wait_s = env_wait_s,
		.finished = env_finished,
		.traced = env_traced,
		.trace = env_trace,
		.ctx = c,
	};
}

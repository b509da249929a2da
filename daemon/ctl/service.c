/* service.c - orders about the service itself (see ctl.h) */
#include "daemon/ctl/ctl.h"

#include "daemon/conn.h"
#include "util/clock.h"
#include "util/mem.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- status ---- */

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

/* What was counted since the start. */
static void put_counters(struct gw_json *j, const struct stats *st)
{
	static const struct {
		const char *name;
		enum stat_id id;
		unsigned i, j;
	} rows[] = {
		{ "accepted_pop3", STAT_ACCEPTED, SERVICE_POP3, 0 },
		{ "accepted_pop3s", STAT_ACCEPTED, SERVICE_POP3S, 0 },
		{ "accepted_imap", STAT_ACCEPTED, SERVICE_IMAP, 0 },
		{ "accepted_imaps", STAT_ACCEPTED, SERVICE_IMAPS, 0 },
		{ "refused_full", STAT_REFUSED, STAT_REFUSED_FULL, 0 },
		{ "refused_address", STAT_REFUSED, STAT_REFUSED_ADDRESS, 0 },
		{ "refused_user", STAT_REFUSED, STAT_REFUSED_USER, 0 },
		{ "refused_banned", STAT_REFUSED, STAT_REFUSED_BANNED, 0 },
		{ "login_ok", STAT_LOGINS, STATS_ALL, STAT_LOGIN_OK },
		{ "tls_full", STAT_TLS, STATS_ALL, 0 },
		{ "tls_resumed", STAT_TLS, STATS_ALL, 1 },
		{ "tls_failed", STAT_TLS_FAILED, 0, 0 },
		{ "foreign", STAT_FOREIGN, 0, 0 },
		{ "timeouts", STAT_TIMEOUTS, 0, 0 },
		{ "crashes", STAT_CRASHES, 0, 0 },
		{ "bytes_in", STAT_RECEIVED, STATS_ALL, 0 },
		{ "bytes_out", STAT_SENT, STATS_ALL, 0 },
		{ "commands", STAT_COMMAND_TIME, STATS_ALL, 0 },
	};
	uint64_t ok = stats_total(st, STAT_LOGINS, STATS_ALL, STAT_LOGIN_OK);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		gw_json_u64(j, rows[i].name, stats_total(st, rows[i].id, rows[i].i, rows[i].j));
	gw_json_u64(j, "login_failed", stats_total(st, STAT_LOGINS, STATS_ALL, STATS_ALL) - ok);
}

/* Connections by service, those that have not signed on yet too. */
static void put_sessions(struct gw_json *j, const struct registry *reg)
{
	uint64_t n[SERVICES] = { 0 };

	for (uint32_t i = 0; i < reg_high(reg); i++) {
		const struct reg_slot *slot = &reg->shared->slot[i];

		if (atomic_load_explicit(&slot->id, memory_order_acquire) && slot->service < SERVICES)
			n[slot->service]++;
	}
	gw_json_open(j, "sessions", '{');
	for (unsigned i = 0; i < SERVICES; i++)
		gw_json_u64(j, services[i].name, n[i]);
	gw_json_close(j, '}');
}

static int answer_status(struct ctl_client *c, struct gw_err *err)
{
	struct server *s = c->s;
	const struct gw_config *cfg = s->g.current->config;
	struct gw_json *j = gw_ctl_ok(&c->reply);
	int64_t up = gw_wall_s(gw_clock_system()) - s->g.started_s;

	(void)err;
	gw_json_str(j, "version", GW_VERSION);
	gw_json_u64(j, "pid", (uint64_t)getpid());
	gw_json_str(j, "process_model", s->g.fork_model ? "fork" : "thread");
	gw_json_str(j, "state", s->stopping ? "stopping" : s->drain.phase != DRAIN_OFF ? "draining" : "running");
	gw_json_bool(j, "ready", server_ready(s, NULL));
	gw_json_i64(j, "started", s->g.started_s);
	gw_json_i64(j, "uptime_s", up < 0 ? 0 : up);
	gw_json_str(j, "config", s->loaded_file);
	gw_json_i64(j, "loaded", s->loaded_s);
	gw_json_u64(j, "confirm_s", trial_left_s(s));
	gw_json_str(j, "store", cfg->server_socket);
	gw_json_bool(j, "tls", s->g.current->tls != NULL);
	put_listeners(j, s);
	gw_json_u64(j, "connections", reg_used(&s->g.reg));
	put_sessions(j, &s->g.reg);
	gw_json_u64(j, "max_connections", s->g.reg.n_slots);
	gw_json_u64(j, "memory", memory_used());
	put_counters(j, &s->g.stats);
	gw_ctl_end(&c->reply);
	return 0;
}

/* ---- the service ---- */

static int answer_version(struct ctl_client *c, struct gw_err *err)
{
	struct gw_json *j = gw_ctl_ok(&c->reply);

	(void)err;
	gw_json_str(j, "version", GW_VERSION);
	gw_json_u64(j, "protocol", GW_CTL_PROTOCOL);
	gw_ctl_end(&c->reply);
	return 0;
}

static int answer_ping(struct ctl_client *c, struct gw_err *err)
{
	(void)err;
	gw_ctl_ok_empty(&c->reply);
	return 0;
}

static int answer_help(struct ctl_client *c, struct gw_err *err)
{
	(void)err;
	gw_ctl_put_help(&c->reply, c->level);
	return 0;
}

static int answer_reopen(struct ctl_client *c, struct gw_err *err)
{
	(void)err;
	server_reopen_log(c->s);
	gw_ctl_ok_empty(&c->reply);
	return 0;
}

const struct ctl_handler ctl_handlers_service[] = {
	{ "status", .answer = answer_status },
	{ "log reopen", .answer = answer_reopen },
	{ "ping", .answer = answer_ping },
	{ "version", .answer = answer_version },
	{ "help", .answer = answer_help },
	{ 0 },
};

/* main.c - gatewayd: from the command line to a running service (see gatewayd(8))
 *
 * The order matters: everything that can be wrong with the configuration is looked at first and told at once; then what
 * needs root (listeners, log and pid file); then root is given up for good; then the background; only then store,
 * threads and clients. */
#include "daemon/backend.h"
#include "daemon/conn.h"
#include "daemon/server.h"
#include "store/account/guard.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/mem.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define LOOPS_MAX_AUTO 4u
#define CERT_LOOK_S 10u
#define TIDY_IDLE_MS 10000u

/* ---- before there is a log ---- */

static unsigned print_diags(const struct gw_diags *diags, enum gw_severity which)
{
	struct gw_buf text;
	unsigned n = 0;

	gw_buf_init(&text, 0);
	for (size_t i = 0; i < diags->n; i++) {
		if (diags->v[i].severity != which)
			continue;
		text.n = 0;
		gw_buf_printf(&text, which == GW_ERROR ? "Config error: " : "Config warning: ");
		gw_diag_put_text(&diags->v[i], &text);
		while (text.n && text.p[text.n - 1] == '\n')
			text.n--;
		server_complain(which == GW_ERROR ? "crit" : "warning", gw_buf_str(&text));
		n++;
	}
	gw_buf_done(&text);
	return n;
}

static void log_warnings(struct server *s, const struct gw_diags *diags)
{
	struct gw_buf text;

	gw_buf_init(&text, 0);
	for (size_t i = 0; i < diags->n; i++) {
		if (diags->v[i].severity == GW_NOTE)
			continue;
		text.n = 0;
		gw_buf_printf(&text, "Config warning: ");
		gw_diag_put_text(&diags->v[i], &text);
		while (text.n && text.p[text.n - 1] == '\n')
			text.n--;
		log_put_as(&s->g.log, GW_MOD_CONFIG, GW_LOG_WARNING, gw_buf_slice(&text), NULL, 0);
	}
	gw_buf_done(&text);
}

/* Takes cfg. */
static int dump(struct gw_config *cfg)
{
	struct gw_buf out;

	gw_buf_init(&out, 0);
	gw_config_dump(cfg, false, &out);
	fwrite(out.p, 1, out.n, stdout);
	gw_buf_done(&out);
	gw_config_unref(cfg);
	return fflush(stdout) == 0 ? 0 : 1;
}

/* ---- the main loop ---- */

static void on_signal(evutil_socket_t fd, short what, void *arg)
{
	struct signalfd_siginfo info;
	struct server *s = arg;

	(void)what;
	while (read(fd, &info, sizeof info) == (ssize_t)sizeof info) {
		switch (info.ssi_signo) {
		case SIGTERM:
		case SIGINT:
			server_stop(s, info.ssi_signo == SIGTERM ? "SIGTERM" : "SIGINT",
				    s->stopping ? 0 : s->g.current->config->shutdown_timeout);
			break;
		case SIGHUP:
			server_reload(s, &(struct reload_order){ .who = "SIGHUP" });
			break;
		case SIGUSR1:
			server_reopen_log(s);
			break;
		case SIGCHLD:
			spawn_reap(s);
			break;
		default:
			break;
		}
	}
}

static void tidy_job(struct job *job, struct scratch *io)
{
	struct gwd *g = (struct gwd *)(void *)((char *)job - offsetof(struct gwd, tidy));

	(void)io;
	gw_store_tidy(g->store, TIDY_IDLE_MS);
	malloc_trim(64 * 1024);
	atomic_store(&g->tidying, false);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;

	(void)fd;
	(void)what;
	s->ticks++;
	stats_tick(&s->g.stats, STAT_LOOP_MAIN, &s->tick_due_us);
	moments_tick(&s->moments, conn_clock_s(), gw_wall_s(gw_clock_system()));
	log_tick(&s->g.log);
	log_expire_levels(&s->g.log, conn_clock_s());
	drain_tick(s);
	ctl_tick(s);
	pulse_tick(s);
	if (s->ticks % 5 == 0)
		sd_notify(&s->sd, "STATUS=%u connections", reg_used(&s->g.reg));
	if (s->ticks % CERT_LOOK_S == 0)
		server_refresh_tls(s);
	if (llabs(gw_wall_s(gw_clock_system()) - s->g.tickets.drawn_s) >= TLS_TICKET_ROTATE_S)
		tls_tickets_rotate(&s->g.tickets);
	if (s->g.fork_model) {
		spawn_reap(s);
	} else if (!atomic_exchange(&s->g.tidying, true)) {
		s->g.tidy.run = tidy_job;
		pool_post(&s->g.store_pool, &s->g.tidy);
	}
}

/* A sign of life for the service manager, unless somebody has stopped living. */
static void on_watch(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;

	(void)fd;
	(void)what;
	if (server_alive(s))
		sd_notify(&s->sd, "WATCHDOG=1");
}

static void start_watch(struct server *s)
{
	unsigned ms = pulse_interval_ms(s->sd.watchdog_us);
	const struct timeval interval = { ms / 1000, ms % 1000 * 1000 };

	if (!s->sd.watchdog_us)
		return;
	event_assign(&s->watch_event, s->base, -1, EV_PERSIST, on_watch, s);
	event_add(&s->watch_event, &interval);
}

static sigset_t handled_signals(void)
{
	static const int list[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		sigaddset(&set, list[i]);
	return set;
}

static int start_main_loop(struct server *s)
{
	const struct timeval second = { 1, 0 };
	sigset_t set = handled_signals();

	s->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	s->base = event_base_new();
	if (s->signal_fd < 0 || !s->base)
		return -1;
	event_assign(&s->signal_event, s->base, s->signal_fd, EV_READ | EV_PERSIST, on_signal, s);
	event_assign(&s->tick_event, s->base, -1, EV_PERSIST, on_tick, s);
	event_add(&s->signal_event, NULL);
	event_add(&s->tick_event, &second);
	start_watch(s);
	return 0;
}

/* ---- process_model = thread ---- */

static void begin_task(struct loop_task *task)
{
	struct conn_start *start = (struct conn_start *)task;

	loop_enter(start->loop);
	conn_begin(start->loop, start);
	free(start);
}

/* struct acceptor's serve(), on the first loop: keep the connection or hand it to a loop that has fewer. */
static void serve_thread(struct gwd *g, struct conn_start *start)
{
	struct loop *best = &g->loops[0];
	struct conn_start *copy;

	for (unsigned i = 1; i < g->n_loops; i++)
		if (atomic_load(&g->loops[i].n_conns) < atomic_load(&best->n_conns))
			best = &g->loops[i];
	atomic_fetch_add(&best->n_conns, 1);
	if (start->slot)
		start->slot->loop = best->index;
	if (best->index == 0) {
		conn_begin(best, start);
		return;
	}
	copy = gw_xalloc(sizeof *copy);
	*copy = *start;
	copy->loop = best;
	copy->task.run = begin_task;
	loop_post(best, &copy->task);
}

static unsigned cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : (unsigned)n;
}

static int start_threads(struct server *s, struct gw_err *err)
{
	const struct gw_config *cfg = s->g.current->config;
	unsigned loops = cfg->loop_threads ? cfg->loop_threads : cores() < LOOPS_MAX_AUTO ? cores() : LOOPS_MAX_AUTO;

	if (server_open_store(&s->g, err) < 0)
		return -1;
	if (gw_store_start_background(s->g.store, err) < 0)
		return -1;
	if (pool_start(&s->g.store_pool, "store", cfg->worker_threads ? cfg->worker_threads : cores() + 2,
		       &s->g.stats, STAT_POOL_STORE) < 0 ||
	    pool_start(&s->g.auth_pool, "auth", cfg->auth_threads ? cfg->auth_threads : cores(), &s->g.stats,
		       STAT_POOL_AUTH) < 0)
		return gw_fail(err, GW_EIO, "cannot start threads: %s", strerror(errno));
	s->g.loops = gw_xcalloc(loops, sizeof *s->g.loops);
	for (; s->g.n_loops < loops; s->g.n_loops++)
		if (loop_init(&s->g.loops[s->g.n_loops], &s->g, s->g.n_loops) < 0)
			return gw_fail(err, GW_EIO, "cannot make an event loop: %s", strerror(errno));
	acceptor_start(&s->acceptor, &s->g, s->g.loops[0].base, &s->listeners, serve_thread);
	for (unsigned i = 0; i < loops; i++)
		if (loop_start(&s->g.loops[i]) < 0)
			return gw_fail(err, GW_EIO, "cannot start threads: %s", strerror(errno));
	return 0;
}

static void stop_threads(struct server *s)
{
	for (unsigned i = 0; i < s->g.n_loops; i++)
		if (s->g.loops[i].running)
			loop_stop(&s->g.loops[i]);
	for (unsigned i = 0; i < s->g.n_loops; i++)
		loop_join(&s->g.loops[i]);
	pool_stop(&s->g.auth_pool);
	pool_stop(&s->g.store_pool);
	for (unsigned i = 0; i < s->g.n_loops; i++)
		loop_done(&s->g.loops[i]);
	free(s->g.loops);
	if (s->g.store)
		gw_store_close(s->g.store);
}

/* ---- process_model = fork ---- */

static int start_fork(struct server *s, struct gw_err *err)
{
	s->children = gw_xcalloc(s->g.reg.n_slots, sizeof *s->children);
	if (spawn_keeper(s, err) < 0)
		return -1;
	acceptor_start(&s->acceptor, &s->g, s->base, &s->listeners, spawn_conn);
	return 0;
}

/* ---- life ---- */

static int serve(struct server *s)
{
	struct gw_err err;

	ban_init(&s->g.bans);
	s->g.traces = traces_new();
	if (reg_init(&s->g.reg, s->g.current->config->max_connections) < 0 || stats_init(&s->g.stats) < 0 || drain_init(s) < 0 ||
	    backend_init(s) < 0 || penalty_init(&s->g.penalties) < 0 || pace_init(&s->g.pace) < 0 ||
	    start_main_loop(s) < 0) {
		log_line(&s->g.log, GW_LOG_CRIT, "Cannot start: %s", strerror(errno));
		return -1;
	}
	moments_init(&s->moments, &s->g.stats, conn_clock_s(), gw_wall_s(gw_clock_system()));
	atomic_store(&s->g.reg.shared->max_per_user, s->g.current->config->max_connections_per_user);
	if ((s->g.fork_model ? start_fork(s, &err) : start_threads(s, &err)) < 0) {
		log_line(&s->g.log, GW_LOG_CRIT, "Cannot start: %s", err.text);
		gw_err_ctx(&err, "cannot start");
		server_complain("crit", err.text);
		return -1;
	}
	ctl_start(s);
	s->http = http_serve(s);
	log_event(&s->g.log, GW_EV_START, GW_STR("version", GW_VERSION), GW_NUM("listeners", s->listeners.n),
		  GW_STR("process_model", s->g.fork_model ? "fork" : "thread"));
	sd_notify(&s->sd, "READY=1\nSTATUS=Ready");
	process_ready(0);
	event_base_dispatch(s->base);
	return 0;
}

static void end(struct server *s)
{
	http_stop(s->http);
	ctl_close(s);
	if (s->g.fork_model) {
		if (s->keeper > 0)
			kill(s->keeper, SIGTERM);
	} else {
		stop_threads(s);
	}
	listen_close(&s->listeners, true);
	log_event_as(&s->g.log, GW_EV_STOP, GW_MODULES, NULL, 0);
	pid_file_remove(&s->pid_file);
	log_close(&s->g.log);
	past_done(&s->past);
	snapshot_unref(s->g.current);
	drain_done(s);
	backend_done(s);
	reg_done(&s->g.reg);
	moments_done(&s->moments);
	stats_done(&s->g.stats);
	penalty_done(&s->g.penalties);
	pace_done(&s->g.pace);
	ban_done(&s->g.bans);
}

/* Nothing that was opened for a service that does not begin stays behind. */
static void give_up(struct server *s)
{
	ctl_close(s);
	listen_close(&s->listeners, true);
	pid_file_remove(&s->pid_file);
}

static int run(struct server *s)
{
	struct gw_config *cfg;
	struct gw_diags diags;
	sigset_t set = handled_signals();
	int rc;

	gw_diags_init(&diags);
	rc = server_load(s, NULL, &cfg, &diags);
	if (rc < 0 || s->cmdline.action == CMDLINE_DUMP) {
		print_diags(&diags, GW_WARNING);
		print_diags(&diags, GW_ERROR);
		gw_diags_done(&diags);
		if (rc == 0)
			return dump(cfg);
		server_complain("crit", "Start failed: the configuration has errors");
		return 1;
	}
	s->loaded_file = gw_xstrdup(s->config_path);
	s->g.fork_model = cfg->process_model == GW_PROCESS_FORK;
	sigprocmask(SIG_BLOCK, &set, NULL); /* before there are threads: all inherit it */
	signal(SIGPIPE, SIG_IGN);
	gw_store_guard();
	sd_init(&s->sd);
	if (server_prepare(s, cfg) < 0) {
		server_complain("crit", "Start failed");
		gw_diags_done(&diags);
		give_up(s);
		return 1;
	}
	log_warnings(s, &diags);
	gw_diags_done(&diags);
	if (server_let_go(s, s->g.current->config) < 0 || serve(s) < 0) {
		give_up(s);
		process_ready(1);
		return 1;
	}
	end(s);
	return s->status;
}

static void print_usage(FILE *f)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	cmdline_put_usage(&b);
	fputs(gw_buf_str(&b), f);
	gw_buf_done(&b);
}

static int print_completion(const char *shell)
{
	struct gw_buf b;
	bool known;

	gw_buf_init(&b, 0);
	known = cmdline_put_completion(shell, &b);
	if (known)
		fputs(gw_buf_str(&b), stdout);
	else
		fprintf(stderr, "gatewayd: completions are made for bash, zsh and fish, not for \"%s\"\n", shell);
	gw_buf_done(&b);
	return known && fflush(stdout) == 0 ? 0 : 1;
}

static int print_events(const char *form)
{
	bool schema = strcmp(form, "schema") == 0;
	struct gw_buf b;

	if (!schema && strcmp(form, "man") != 0) {
		fprintf(stderr, "gatewayd: events are told as schema or man, not as \"%s\"\n", form);
		return 1;
	}
	gw_buf_init(&b, 0);
	(schema ? gw_events_put_schema : gw_events_put_man)(&b);
	fputs(gw_buf_str(&b), stdout);
	gw_buf_done(&b);
	return fflush(stdout) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	static struct server server;
	int status = 1;

	server.g.started_s = server.loaded_s = gw_wall_s(gw_clock_system());
	server.g.acceptor = &server.acceptor;
	pthread_mutex_init(&server.g.lock, NULL);
	cmdline_parse(&server.cmdline, argc, argv);
	switch (server.cmdline.action) {
	case CMDLINE_VERSION:
		puts("gatewayd " GW_VERSION);
		status = 0;
		break;
	case CMDLINE_HELP:
		print_usage(stdout);
		status = 0;
		break;
	case CMDLINE_COMPLETION:
		status = print_completion(server.cmdline.shell);
		break;
	case CMDLINE_EVENTS:
		status = print_events(server.cmdline.form);
		break;
	case CMDLINE_WRONG:
		fprintf(stderr, "gatewayd: %s\n", server.cmdline.problem);
		print_usage(stderr);
		break;
	case CMDLINE_RUN:
	case CMDLINE_DUMP:
		status = run(&server);
		break;
	}
	cmdline_done(&server.cmdline);
	gw_plan_done(&server.plan);
	free(server.config_path);
	free(server.loaded_file);
	return status;
}

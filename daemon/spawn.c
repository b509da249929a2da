/* spawn.c - process_model = fork: a child for each connection (see server.h)
 *
 * The main process has one thread, no store and no session: a child that crashes takes one connection with it. The child
 * runs the same connection code as a loop of the thread model, with jobs done in place. Orders come as signals: TERM is
 * GW_WAKE_DRAIN, or GW_WAKE_SHUTDOWN when there is no more time, USR2 GW_WAKE_KICK, USR1 another log file. The main process is the parent, so a child's number
 * cannot be another process's before it was collected here.
 *
 * The keeper is a helper child with a store of its own: it runs the store's background work. */
#include "daemon/conn.h"
#include "daemon/server.h"
#include "util/mem.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEEPER_PAUSE_S 5     /* before a keeper that died is started again */
#define FAREWELL_MS 2000 /* of silence */
#define FAREWELL_S 3u    /* altogether */
#define TIDY_IDLE_MS 10000u

const char *const server_stores[] = { "local", "mem", "jmap", NULL };

static void store_log(void *ctx, int level, const char *text)
{
	struct gwd *g = ctx;

	log_put_as(&g->log, GW_MOD_STORE, level, gw_slice_str(text), NULL, 0);
}

static void store_waiting(void *ctx, bool begin)
{
	(void)ctx;
	pool_waiting(begin);
}

int server_open_store(struct gwd *g, struct gw_err *err)
{
	const struct gw_config *cfg = g->current->config;
	const struct gw_store_options opt = {
		.url = cfg->server_socket,
		.clock = gw_clock_system(),
		.config = cfg,
		.log = store_log,
		.log_ctx = g,
		.shared = g->backend,
		.waiting = store_waiting,
		.observe = stats_store_call,
		.observe_ctx = &g->stats,
	};
	int rc = gw_store_open(&opt, &g->store, err);

	if (rc < 0)
		gw_err_ctx(err, "server_socket");
	return rc;
}

/* ---- in a child ---- */

/* What the parent needs and a child must not touch. Its event base shares the kernel's object with ours: it is left
 * alone, not freed. */
static void become_child(struct server *s)
{
	struct gwd *g = &s->g;

	g->child = true;
	stats_join(&g->stats);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	log_after_fork(&g->log);
	acceptor_abandon(&s->acceptor);
	listen_close(&s->listeners, false);
	http_abandon(s->http);
	ctl_abandon(s);
	close(s->signal_fd);
	if (s->pid_file.fd >= 0)
		close(s->pid_file.fd);
	s->pid_file.fd = -1;
	s->sd.path[0] = 0;
}

static int child_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static void on_child_signal(evutil_socket_t fd, short what, void *arg)
{
	struct signalfd_siginfo info;
	struct loop *l = arg;
	enum gw_wake term = atomic_load(&l->g->drain->cutting) ? GW_WAKE_SHUTDOWN : GW_WAKE_DRAIN;

	(void)what;
	loop_enter(l);
	while (read(fd, &info, sizeof info) == (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGUSR1)
			log_reopen(&l->g->log, NULL);
		else
			conn_wake_all(l, info.ssi_signo == SIGTERM ? term : GW_WAKE_KICK);
	}
}

/* Let a client that is still sending read our last words (see conn_close_socket()); nothing is held meanwhile. */
static void farewell(int fd)
{
	uint32_t end_s = conn_clock_s() + FAREWELL_S;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char waste[4096];

	if (fd < 0)
		return;
	shutdown(fd, SHUT_WR);
	for (int i = 0; i < 256 && (int32_t)(conn_clock_s() - end_s) < 0 && poll(&p, 1, FAREWELL_MS) == 1; i++)
		if (recv(fd, waste, sizeof waste, MSG_DONTWAIT) <= 0)
			break;
}

static void serve_child(struct server *s, const struct conn_start *start)
{
	struct gwd *g = &s->g;
	struct event signals;
	struct gw_err err;
	struct loop *l;
	int fd;

	become_child(s);
	if (server_open_store(g, &err) < 0) {
		log_line(&g->log, GW_LOG_CRIT, "Cannot open the store: %s", err.text);
		return;
	}
	l = gw_xalloc(sizeof *l);
	if (loop_init(l, g, 0) < 0) {
		log_line(&g->log, GW_LOG_CRIT, "Cannot make an event loop: %s", strerror(errno));
		return;
	}
	l->inline_jobs = true;
	l->farewell_fd = -1;
	l->shown_beat = &start->slot->beat_s;
	g->loops = l;
	g->n_loops = 1;
	fd = child_signals();
	event_assign(&signals, l->base, fd, EV_READ | EV_PERSIST, on_child_signal, l);
	event_add(&signals, NULL);
	conn_begin(l, start);
	if (l->conns)
		loop_run(l);
	gw_store_close(g->store);
	log_before_fork(&g->log);
	farewell(l->farewell_fd);
}

/* ---- in the main process ---- */

static uint32_t index_of(const struct server *s, const struct reg_slot *slot)
{
	return (uint32_t)(slot - s->g.reg.shared->slot);
}

/* A client that is not let in gets its line if that is possible without a handshake. */
static void refuse(struct conn_start *start)
{
	if (!start->service->tls)
		send(start->fd, start->refusal, strlen(start->refusal), MSG_NOSIGNAL | MSG_DONTWAIT);
	close(start->fd);
	snapshot_unref(start->snapshot);
}

void spawn_conn(struct gwd *g, struct conn_start *start)
{
	struct server *s = server_of(g);
	pid_t pid;

	if (!start->slot) {
		refuse(start);
		return;
	}
	log_before_fork(&g->log);
	pid = fork();
	if (pid == 0) {
		serve_child(s, start);
		_exit(0);
	}
	close(start->fd);
	snapshot_unref(start->snapshot);
	if (pid < 0) {
		log_line(&g->log, GW_LOG_ERROR, "Cannot fork for %s: %s", start->address, strerror(errno));
		reg_give(&g->reg, start->slot);
		return;
	}
	start->slot->pid = pid;
	s->children[index_of(s, start->slot)] = pid;
}

pid_t spawn_job(struct server *s, void (*fn)(struct gwd *g, void *arg), void *arg)
{
	struct gw_err err;
	sigset_t none;
	pid_t pid;

	log_before_fork(&s->g.log);
	pid = fork();
	if (pid != 0)
		return pid;
	become_child(s);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL); /* TERM ends it */
	if (server_open_store(&s->g, &err) < 0)
		log_line(&s->g.log, GW_LOG_CRIT, "Cannot open the store: %s", err.text);
	fn(&s->g, arg);
	if (s->g.store)
		gw_store_close(s->g.store);
	log_before_fork(&s->g.log);
	_exit(0);
}

/* ---- the keeper ---- */


static void keep_store(struct gwd *g, int report)
{
	struct gw_err err = { .text = "" };
	struct timespec second = { 1, 0 };
	sigset_t set;
	int rc = server_open_store(g, &err);

	if (rc == 0)
		rc = gw_store_start_background(g->store, &err);
	if (write(report, err.text, rc < 0 ? strlen(err.text) : 0) < 0 || rc < 0)
		_exit(1);
	close(report);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	do {
		atomic_store(&g->reg.shared->keeper_beat_s, conn_clock_s());
		gw_store_tidy(g->store, TIDY_IDLE_MS);
	} while (sigtimedwait(&set, NULL, &second) != SIGTERM);
	gw_store_close(g->store);
}

int spawn_keeper(struct server *s, struct gw_err *err)
{
	char text[GW_ERR_TEXT];
	int fds[2];
	ssize_t n;
	pid_t pid;

	if (pipe(fds) < 0)
		return gw_fail(err, gw_code_errno(errno), "cannot make a pipe: %s", strerror(errno));
	log_before_fork(&s->g.log);
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		become_child(s);
		keep_store(&s->g, fds[1]);
		log_before_fork(&s->g.log);
		_exit(0);
	}
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		return gw_fail(err, gw_code_errno(errno), "cannot fork: %s", strerror(errno));
	}
	n = read(fds[0], text, sizeof text - 1);
	close(fds[0]);
	s->keeper = pid;
	s->keeper_s = conn_clock_s();
	if (n <= 0)
		return 0;
	return gw_fail(err, GW_EIO, "%.*s", (int)n, text);
}

static void keeper_ended(struct server *s)
{
	struct gw_err err;

	s->keeper = 0;
	if (s->stopping)
		return;
	log_line(&s->g.log, GW_LOG_ERROR, "The helper of the store ended unexpectedly");
	if (conn_clock_s() - s->keeper_s >= KEEPER_PAUSE_S && spawn_keeper(s, &err) < 0)
		log_line(&s->g.log, GW_LOG_ERROR, "The helper of the store cannot be started: %s", err.text);
}

/* ---- children that end ---- */

static void log_crash(struct server *s, const struct reg_slot *slot, pid_t pid, int sig)
{
	struct reg_slot last;

	stats_add(&s->g.stats, STAT_CRASHES, 0, 0, 1);
	if (!reg_read(slot, &last)) /* it destroyed its own slot */
		last = (struct reg_slot){ .address = "?" };
	log_event(&s->g.log, GW_EV_CRASH, GW_NUM("pid", pid), GW_STR("service", services[last.service].name),
		  GW_STR("user", last.info.user), GW_STR("address", last.address), GW_STR("command", last.info.command),
		  GW_NUM("signal", sig), GW_STR("detail", strsignal(sig)));
}

static void connection_ended(struct server *s, pid_t pid, int status)
{
	for (uint32_t i = 0; i < s->g.reg.n_slots; i++) {
		struct reg_slot *slot = &s->g.reg.shared->slot[i];

		if (s->children[i] != pid)
			continue;
		s->children[i] = 0;
		if (WIFSIGNALED(status) && !(s->stopping && WTERMSIG(status) == SIGKILL)) /* that would be our own */
			log_crash(s, slot, pid, WTERMSIG(status));
		reg_give(&s->g.reg, slot);
		return;
	}
	ctl_child_ended(s, pid);
}

void spawn_reap(struct server *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == s->keeper)
			keeper_ended(s);
		else
			connection_ended(s, pid, status);
	}
	if (s->g.fork_model && !s->keeper && !s->stopping && conn_clock_s() - s->keeper_s >= KEEPER_PAUSE_S)
		spawn_keeper(s, NULL);
}

unsigned spawn_signal_all(struct server *s, int sig)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < s->g.reg.n_slots; i++) {
		if (s->children[i] <= 0)
			continue;
		n++;
		if (sig)
			kill(s->children[i], sig);
	}
	return n;
}

bool spawn_signal_slot(struct server *s, const struct reg_slot *slot, uint64_t id, int sig)
{
	pid_t pid = s->children[index_of(s, slot)];

	return pid > 0 && slot->id == id && kill(pid, sig) == 0;
}

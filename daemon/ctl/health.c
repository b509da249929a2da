/* health.c - is all well? Checks with a state and a sentence each, for Nagios and for people (see ctl.h)
 *
 * What the main loop knows is told before the job begins; what may block on a disk is the job's. The answer's exit code is
 * the worst state: 0 all is well, 1 a warning, 2 critical. */
#include "daemon/ctl/ctl.h"

#include "daemon/backend.h"
#include "daemon/conn.h"
#include "store/admin.h"
#include "util/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define EXPIRES_SOON_DAYS 14
#define EXPIRES_NOW_DAYS  3
#define NEARLY_FULL       90u /* percent of max_connections */

enum health { HEALTH_OK, HEALTH_WARNING, HEALTH_CRITICAL };

static const char *const states[] = { "ok", "warning", "critical" };

static void put_check(struct gw_ctl_reply *reply, const char *name, enum health h, const char *text, int64_t us)
{
	struct gw_json *j = gw_ctl_row(reply);

	gw_json_str(j, "check", name);
	gw_json_str(j, "state", states[h]);
	gw_json_str(j, "detail", text);
	if (us >= 0)
		gw_json_i64(j, "time_us", us);
	else
		gw_json_str(j, "time_us", NULL);
}

static void __attribute__((format(printf, 4, 5)))
check(struct ctl_client *c, const char *name, enum health h, const char *fmt, ...)
{
	char text[GW_ERR_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	put_check(&c->reply, name, h, text, -1);
	gw_ctl_end(&c->reply);
	if (h > c->exit)
		c->exit = h;
}

/* ---- what the main loop knows ---- */

static void check_service(struct ctl_client *c)
{
	const struct server *s = c->s;
	const char *why;

	if (!server_ready(s, &why))
		check(c, "service", HEALTH_WARNING, "no clients are to be sent here: %s", why);
	else if (s->trial.on)
		check(c, "service", HEALTH_WARNING, "a configuration is on trial: %u seconds are left to confirm it",
		      (unsigned)trial_left_s(s));
	else
		check(c, "service", HEALTH_OK, "running");
}

static enum health of_pulse(enum pulse_part part, uint32_t age_s)
{
	enum pulse_state p = pulse_judge(part, age_s);

	return p == PULSE_STUCK ? HEALTH_CRITICAL : p == PULSE_SLOW ? HEALTH_WARNING : HEALTH_OK;
}

static void check_threads(struct ctl_client *c, const struct pulse *p)
{
	uint32_t loops = p->age_s[PULSE_LOOPS], pools = p->age_s[PULSE_POOLS];

	check(c, "loops", of_pulse(PULSE_LOOPS, loops), "the last beat of all %u event loops is %u seconds old at most",
	      c->s->g.n_loops, (unsigned)loops);
	if (pulse_judge(PULSE_POOLS, pools) == PULSE_FINE)
		check(c, "workers", HEALTH_OK, "workers take jobs");
	else
		check(c, "workers", of_pulse(PULSE_POOLS, pools), "jobs wait, and none began or ended for %u seconds",
		      (unsigned)pools);
}

static void check_processes(struct ctl_client *c, const struct pulse *p)
{
	uint32_t keeper = p->age_s[PULSE_KEEPER];

	if (p->keeper_gone)
		check(c, "keeper", HEALTH_CRITICAL, "the helper of the store does not run; it is started anew");
	else
		check(c, "keeper", of_pulse(PULSE_KEEPER, keeper), "the helper of the store (process %d) went round %u seconds ago",
		      (int)c->s->keeper, (unsigned)keeper);
	if (p->late_children)
		check(c, "children", HEALTH_WARNING, "%u processes of sessions did not turn for up to %u seconds: "
		      "`gwctl session list' shows what they do", p->late_children, (unsigned)p->age_s[PULSE_CHILDREN]);
	else
		check(c, "children", HEALTH_OK, "the processes of all sessions turn");
}

static bool is_listening(const struct listener *l)
{
	int yes = 0;
	socklen_t n = sizeof yes;

	return getsockopt(l->fd, SOL_SOCKET, SO_ACCEPTCONN, &yes, &n) == 0 && yes;
}

static void check_listeners(struct ctl_client *c)
{
	const struct listeners *ls = &c->s->listeners;
	size_t open = 0;

	for (size_t i = 0; i < ls->n; i++)
		open += is_listening(&ls->v[i]);
	if (open == ls->n)
		check(c, "listeners", HEALTH_OK, "all %zu listen", ls->n);
	else if (c->s->drain.phase == DRAIN_ON || c->s->stopping)
		check(c, "listeners", HEALTH_WARNING, "%zu of %zu listen, the others are closed by a drain", open, ls->n);
	else
		check(c, "listeners", HEALTH_CRITICAL, "%zu of %zu listen", open, ls->n);
}

static void check_connections(struct ctl_client *c)
{
	uint32_t used = reg_used(&c->s->g.reg), max = c->s->g.reg.n_slots;
	uint64_t percent = max ? (uint64_t)used * 100 / max : 100;

	check(c, "connections", used >= max ? HEALTH_CRITICAL : percent >= NEARLY_FULL ? HEALTH_WARNING : HEALTH_OK,
	      "%u of %u (max_connections)", (unsigned)used, (unsigned)max);
}

static void check_certificates(struct ctl_client *c)
{
	const struct tls_set *tls = c->s->g.current->tls;
	struct tls_facts f;
	int64_t now = gw_wall_s(gw_clock_system());

	if (!tls)
		check(c, "certificates", c->s->g.current->config->n_certs ? HEALTH_CRITICAL : HEALTH_WARNING,
		      "no certificate is loaded: there is no TLS");
	for (size_t i = 0; tls && tls_set_facts(tls, i, &f); i++) {
		const char *name = tls_set_name(tls, i, 0);
		int64_t left = (f.not_after - now) / 86400;
		bool early = f.not_before > now;

		check(c, "certificates",
		      early || f.not_after < now || left < EXPIRES_NOW_DAYS ? HEALTH_CRITICAL :
		      left < EXPIRES_SOON_DAYS ? HEALTH_WARNING : HEALTH_OK, "%s: %s %lld days", name ? name : f.subject,
		      early ? "not good yet; ends in" : f.not_after < now ? "expired; ended" : "ends in",
		      (long long)(left < 0 ? -left : left));
	}
}

static void check_log(struct ctl_client *c)
{
	uint64_t lost;

	if (log_is_written(&c->s->g.log, &lost) && lost == 0)
		check(c, "log", HEALTH_OK, "lines are written");
	else
		check(c, "log", HEALTH_WARNING, "%llu lines were lost and the log cannot be written", (unsigned long long)lost);
}

static void check_files(struct ctl_client *c)
{
	const struct server *s = c->s;
	uint64_t want = s->g.fork_model ? 256 : (uint64_t)s->g.reg.n_slots * 2 + 1024;
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	check(c, "files", r.rlim_cur < want ? HEALTH_WARNING : HEALTH_OK,
	      "%llu files may be open, all connections need up to %llu", (unsigned long long)r.rlim_cur,
	      (unsigned long long)want);
}

/* Is the storage server there? Known from the requests of all sessions. */
static void check_backend(struct ctl_client *c)
{
	const struct http_shared *h = backend_facts(c->s);
	const char *url = c->s->g.current->config->server_socket;
	int64_t ok = h ? (int64_t)atomic_load(&h->last_ok_s) : 0;

	if (!h)
		return;
	if (backend_breaker(h) == HTTP_CLOSED)
		check(c, "backend", HEALTH_OK, "the breaker is closed: requests go to %s", url);
	else if (ok)
		check(c, "backend", HEALTH_CRITICAL, "the breaker is open: %s is away, its last answer came %lld seconds ago", url,
		      (long long)(gw_wall_s(gw_clock_system()) - ok));
	else
		check(c, "backend", HEALTH_CRITICAL, "the breaker is open: %s is away and never answered since the start", url);
}

/* Before the job, on the main loop. */
static void check_memory(struct ctl_client *c)
{
	struct pulse p;

	if (c->job)
		return; /* it ended */
	pulse_take(c->s, &p);
	check_service(c);
	if (c->s->g.fork_model)
		check_processes(c, &p);
	else
		check_threads(c, &p);
	check_listeners(c);
	check_connections(c);
	check_certificates(c);
	check_log(c);
	check_files(c);
	check_backend(c);
}

/* ---- what may block ---- */

static bool on_step(void *ctx, const struct gw_probe_step *step)
{
	struct ctl_work *w = ctx;
	enum health h = (enum health)step->state;

	put_check(&w->reply, step->name, h, step->text, (int64_t)step->us);
	ctl_work_row(w, true);
	if (h > w->job->exit)
		w->job->exit = h;
	return !ctl_work_stopped(w);
}

static int check_disks(struct ctl_work *w, struct gw_err *err)
{
	static const char *const words[] = { "all is well", "somebody should look", "something is wrong" };
	const struct gw_probe p = { .deep = gw_ctl_flag(w->r, "deep"), .step = on_step, .ctx = w };
	struct snapshot *now = snapshot_get(w->g);
	struct gw_json *j;
	int rc = 0;

	if (*now->config->log_file && now->config->log_method != GW_METHOD_SYSLOG)
		gw_probe_space("log_disk", now->config->log_file, gw_clock_system(), &p);
	snapshot_unref(now);
	if (w->store)
		rc = gw_admin_probe(w->store, &p, err);
	else
		on_step(w, &(struct gw_probe_step){ "store", GW_PROBE_CRITICAL, 0, "the store cannot be opened; the log says why" });
	if (rc < 0 && rc != GW_ENOTSUP)
		return rc;
	j = gw_ctl_ok(&w->reply);
	gw_json_str(j, "state", states[w->job->exit]);
	gw_json_str(j, "text", words[w->job->exit]);
	gw_json_u64(j, "exit", w->job->exit);
	gw_ctl_end(&w->reply);
	return 0;
}

/* ---- listeners ---- */

static void put_queue(struct gw_json *j, int fd)
{
	uint32_t waits, room;

	if (listen_queue(fd, &waits, &room)) {
		gw_json_u64(j, "waiting", waits);
		gw_json_u64(j, "backlog", room);
	} else {
		gw_json_str(j, "waiting", NULL);
		gw_json_str(j, "backlog", NULL);
	}
}

static void put_listener(struct ctl_client *c, const char *service, const char *address, const char *tls, int fd, bool ours,
			 int64_t accepted)
{
	struct gw_json *j = gw_ctl_row(&c->reply);
	int yes = 0;
	socklen_t n = sizeof yes;

	getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &yes, &n);
	gw_json_str(j, "service", service);
	gw_json_str(j, "address", address);
	gw_json_str(j, "tls", tls);
	gw_json_bool(j, "open", yes != 0);
	gw_json_str(j, "from", ours ? "own" : "service manager");
	gw_json_u64(j, "fd", (uint64_t)fd);
	if (accepted >= 0)
		gw_json_i64(j, "accepted", accepted);
	else
		gw_json_str(j, "accepted", NULL);
	put_queue(j, fd);
	gw_ctl_end(&c->reply);
}

static const char *tls_of(const struct service *v, bool tls)
{
	return v->tls ? "at once" : !tls || !v->proto ? "none" : v->id == SERVICE_IMAP ? "STARTTLS" : "STLS";
}

/* Connections that were taken there; -1: they are not counted. */
static int64_t accepted_at(const struct server *s, const struct listener *l)
{
	const struct accept_event *e = s->acceptor.events;

	for (size_t i = 0; i < s->acceptor.n_events; i++)
		if (e[i].listener == l)
			return (int64_t)atomic_load_explicit(&e[i].accepted, memory_order_relaxed);
	return -1;
}

static int answer_listeners(struct ctl_client *c, struct gw_err *err)
{
	const struct server *s = c->s;
	bool tls = s->g.current->tls != NULL;

	(void)err;
	for (size_t i = 0; i < s->listeners.n; i++) {
		const struct listener *l = &s->listeners.v[i];

		put_listener(c, l->service->name, l->text, tls_of(l->service, tls), l->fd, l->ours, accepted_at(s, l));
	}
	put_listener(c, "control", s->ctl->path ? s->ctl->path : "", "none", s->ctl->fd, true, -1);
	gw_json_u64(gw_ctl_ok(&c->reply), "listeners", s->listeners.n + 1);
	gw_ctl_end(&c->reply);
	return 0;
}

const struct ctl_handler ctl_handlers_health[] = {
	{ "health", .work = check_disks, .around = check_memory, .storeless = true },
	{ "listeners", .answer = answer_listeners },
	{ 0 },
};

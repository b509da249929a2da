/* backend.c - what serves the mail, as a row (see ctl.h)
 *
 * There is one back end, the store of server_socket. Its figures are those of the calls that sessions made; a test is a
 * round trip of its own. Taken out of use, it is closed to who wants to sign on; sessions that are there go on. */
#include "daemon/ctl/ctl.h"

#include "daemon/backend.h"
#include "daemon/conn.h"
#include "store/admin.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *member, *remote;
	uint32_t ppm;
} quantiles[] = {
	{ "p50_us", "remote_p50_us", 500000 },
	{ "p90_us", "remote_p90_us", 900000 },
	{ "p99_us", "remote_p99_us", 990000 },
	{ "p999_us", "remote_p999_us", 999000 },
};

/* The durations of the calls from first to the one before end, added up. */
static void sum_calls(const struct stats *st, const uint64_t *all, unsigned first, unsigned end, uint64_t *count)
{
	memset(count, 0, sizeof *count * GW_HIST_BUCKETS);
	for (unsigned call = first; call < end; call++) {
		const uint64_t *one = stats_at(st, all, STAT_STORE_TIME, call, 0);

		for (unsigned i = 0; i < GW_HIST_BUCKETS; i++)
			count[i] += one[i];
	}
}

/* Calls since the start: how many, and how long they took, those to a storage server for themselves. Commits are parts of
 * other calls. */
static void put_calls(struct gw_json *j, const struct stats *st, bool remote)
{
	uint64_t *all = gw_xcalloc(st->n_cells, sizeof *all), *count = gw_xcalloc(GW_HIST_BUCKETS, sizeof *count);

	stats_sum(st, all);
	sum_calls(st, all, 0, GW_CALL_REMOTE_SESSION, count);
	gw_json_u64(j, "calls", gw_hist_count(count));
	gw_json_u64(j, "errors", stats_total(st, STAT_STORE_ERRORS, STATS_ALL, 0));
	for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++)
		gw_json_u64(j, quantiles[i].member, gw_hist_quantile(count, quantiles[i].ppm));
	sum_calls(st, all, GW_CALL_REMOTE_SESSION, GW_CALL_REMOTE_DOWNLOAD + 1, count);
	for (size_t i = 0; remote && i < sizeof quantiles / sizeof *quantiles; i++)
		gw_json_u64(j, quantiles[i].remote, gw_hist_quantile(count, quantiles[i].ppm));
	free(all);
	free(count);
}

/* A moment; null when there was none. */
static void put_moment(struct gw_json *j, const char *member, uint64_t wall_s)
{
	if (wall_s)
		gw_json_u64(j, member, wall_s);
	else
		gw_json_str(j, member, NULL);
}

/* What is known of a storage server; of an embedded store there is nothing. */
static void put_remote(struct gw_json *j, const struct http_shared *h)
{
	struct http_load load;

	if (!h)
		return;
	load = http_load(h);
	gw_json_str(j, "breaker", backend_breaker_name(backend_breaker(h)));
	gw_json_u64(j, "in_flight", load.in_flight);
	gw_json_u64(j, "requests", atomic_load(&h->requests));
	gw_json_u64(j, "failed", atomic_load(&h->failed));
	gw_json_u64(j, "retried", atomic_load(&h->retried));
	gw_json_u64(j, "streams", load.streams);
	gw_json_u64(j, "opened", atomic_load(&h->opened));
	put_moment(j, "last_ok", atomic_load(&h->last_ok_s));
	put_moment(j, "last_failed", atomic_load(&h->last_failed_s));
}

/* Sessions that signed on. */
static uint64_t sessions_of(const struct registry *r)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < r->n_slots; i++) {
		const struct reg_slot *slot = &r->shared->slot[i];

		n += atomic_load_explicit(&slot->id, memory_order_acquire) &&
		     atomic_load_explicit(&slot->user_bucket, memory_order_relaxed);
	}
	return n;
}

static const char *state_of(const struct server *s)
{
	const struct http_shared *remote = backend_facts(s);

	if (atomic_load(&s->g.drain->store_closed))
		return "out of use";
	if (remote && backend_breaker(remote) != HTTP_CLOSED)
		return "down";
	return s->g.fork_model ? s->keeper ? "up" : "starting" : s->g.store ? "up" : "down";
}

static int answer_list(struct ctl_client *c, struct gw_err *err)
{
	struct server *s = c->s;
	struct pool_load load = pool_load(&s->g.store_pool);
	const struct http_shared *remote = backend_facts(s);
	const char *url = s->g.current->config->server_socket;
	struct gw_json *j = gw_ctl_row(&c->reply);

	(void)err;
	gw_json_str(j, "name", "store");
	gw_json_str(j, "kind", gw_config_store_kind(url));
	gw_json_str(j, "url", url);
	gw_json_str(j, "state", state_of(s));
	gw_json_u64(j, "sessions", sessions_of(&s->g.reg));
	put_calls(j, &s->g.stats, remote != NULL);
	gw_json_u64(j, "workers", load.threads);
	gw_json_u64(j, "waiting", load.waiting);
	gw_json_u64(j, "busy", load.busy);
	gw_json_u64(j, "queue", load.queued);
	put_remote(j, remote);
	gw_ctl_end(&c->reply);
	gw_json_u64(gw_ctl_ok(&c->reply), "backends", 1);
	gw_ctl_end(&c->reply);
	return 0;
}

/* ---- test ---- */

static bool on_step(void *ctx, const struct gw_probe_step *step)
{
	static const char *const states[] = { "ok", "warning", "critical" };
	struct ctl_work *w = ctx;
	struct gw_json *j = gw_ctl_row(&w->reply);

	gw_json_str(j, "step", step->name);
	gw_json_str(j, "state", states[step->state]);
	gw_json_u64(j, "time_us", step->us);
	gw_json_str(j, "detail", step->text);
	ctl_work_row(w, true);
	if (step->state > w->job->exit)
		w->job->exit = step->state;
	return !ctl_work_stopped(w);
}

static int work_test(struct ctl_work *w, struct gw_err *err)
{
	const struct gw_probe p = { .deep = true, .step = on_step, .ctx = w };
	uint64_t begin = gw_mono_us(gw_clock_system());
	struct gw_json *j;
	int rc = gw_admin_probe(w->store, &p, err);

	if (rc < 0)
		return rc;
	j = gw_ctl_ok(&w->reply);
	gw_json_u64(j, "time_us", gw_mono_us(gw_clock_system()) - begin);
	gw_json_u64(j, "exit", w->job->exit);
	gw_ctl_end(&w->reply);
	return 0;
}

/* ---- out of use ---- */

static int answer_drain(struct ctl_client *c, struct gw_err *err)
{
	bool close = !gw_ctl_flag(&c->request, "undo"), was;
	struct gw_slice name = gw_ctl_slice(&c->request, "name");

	if (name.n && !gw_slice_eq(name, GW_S("store")))
		return gw_fail(err, GW_ENOENT, "there is no back end \"%.*s\", only \"store\"", GW_FMT(name));
	was = atomic_exchange(&c->s->g.drain->store_closed, close);
	gw_json_bool(gw_ctl_ok(&c->reply), "changed", was != close);
	gw_ctl_end(&c->reply);
	return 0;
}

const struct ctl_handler ctl_handlers_backend[] = {
	{ "backend list", .answer = answer_list },
	{ "backend test", .work = work_test },
	{ "backend drain", .answer = answer_drain },
	{ 0 },
};

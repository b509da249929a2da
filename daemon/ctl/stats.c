/* stats.c - orders about what was counted and timed (see ctl.h, daemon/stats.h)
 *
 * A view is the difference between now and a moment of the past; with it go those of the last 1, 5 and 15 minutes. */
#include "daemon/ctl/ctl.h"

#include "daemon/conn.h"
#include "daemon/stats_text.h"
#include "util/clock.h"
#include "util/mem.h"

#include <math.h>
#include <stdlib.h>

/* ---- views ---- */

#define RATES 3u

static const struct {
	const char *key;
	uint32_t span_s;
} rates[RATES] = { { "rate_1m", 60 }, { "rate_5m", 300 }, { "rate_15m", 900 } };

struct view {
	struct server *s;
	const struct stats *st;
	uint32_t now_s;
	const struct moment *since;
	double seconds;               /* since then */
	uint64_t *cells;              /* counted since then */
	uint64_t *lately[RATES];      /* counted in the last minutes */
	double lately_s[RATES];
};

static double seconds_since(uint32_t now_s, const struct moment *m)
{
	return now_s - m->mono_s ? now_s - m->mono_s : 1;
}

static uint64_t *difference(const struct stats *st, const uint64_t *now, const struct moment *m)
{
	uint64_t *cells = gw_xcalloc(st->n_cells, sizeof *cells);

	memcpy(cells, now, st->n_cells * sizeof *cells);
	moments_subtract(m, cells);
	return cells;
}

static int view_open(struct view *v, struct server *s, struct gw_slice since, struct gw_err *err)
{
	const struct stats *st = &s->g.stats;
	uint64_t *now;
	int rc;

	*v = (struct view){ .s = s, .st = st, .now_s = conn_clock_s() };
	rc = moments_find(&s->moments, since, v->now_s, &v->since, err);
	if (rc < 0)
		return rc;
	now = gw_xcalloc(st->n_cells, sizeof *now);
	stats_sum(st, now);
	v->seconds = seconds_since(v->now_s, v->since);
	v->cells = difference(st, now, v->since);
	for (unsigned i = 0; i < RATES; i++) {
		const struct moment *m = moments_ago(&s->moments, v->now_s, rates[i].span_s);

		v->lately_s[i] = seconds_since(v->now_s, m);
		v->lately[i] = difference(st, now, m);
	}
	free(now);
	return 0;
}

static void view_close(struct view *v)
{
	free(v->cells);
	for (unsigned i = 0; i < RATES; i++)
		free(v->lately[i]);
}

/* ---- rows ---- */

static uint64_t count_of(const struct view *v, const uint64_t *cells, enum stat_id id, unsigned i, unsigned j)
{
	const uint64_t *c = stats_at(v->st, cells, id, i, j);

	return stats_table[id].type == STAT_HISTOGRAM ? gw_hist_count(c) : *c;
}

static double rounded(double v)
{
	return round(v * 1000) / 1000;
}

static void put_durations(struct gw_json *j, const uint64_t *count)
{
	uint64_t n = gw_hist_count(count);

	gw_json_u64(j, "mean_us", n ? count[GW_HIST_BUCKETS] / n : 0);
	gw_json_u64(j, "p50_us", gw_hist_quantile(count, 500000));
	gw_json_u64(j, "p90_us", gw_hist_quantile(count, 900000));
	gw_json_u64(j, "p99_us", gw_hist_quantile(count, 990000));
	gw_json_u64(j, "p999_us", gw_hist_quantile(count, 999000));
	gw_json_u64(j, "longest_us", gw_hist_quantile(count, 1000000));
}

static void put_name(struct gw_json *j, enum stat_id id, unsigned i, unsigned k)
{
	struct gw_buf text;

	gw_buf_init(&text, 0);
	stats_put_series(id, i, k, &text);
	gw_json_str(j, "metric", stats_table[id].name);
	gw_json_string(j, "series", gw_buf_slice(&text));
	gw_buf_done(&text);
}

static void put_counted(struct gw_ctl_reply *r, const struct view *v, enum stat_id id, unsigned i, unsigned k)
{
	uint64_t n = count_of(v, v->cells, id, i, k);
	struct gw_json *j = gw_ctl_row(r);

	put_name(j, id, i, k);
	gw_json_u64(j, "value", n);
	gw_json_f64(j, "rate", rounded((double)n / v->seconds));
	for (unsigned a = 0; a < RATES; a++)
		gw_json_f64(j, rates[a].key, rounded((double)count_of(v, v->lately[a], id, i, k) / v->lately_s[a]));
	if (stats_table[id].type == STAT_HISTOGRAM)
		put_durations(j, stats_at(v->st, v->cells, id, i, k));
	gw_ctl_end(r);
}

static void put_gauge(struct gw_ctl_reply *r, struct view *v, enum stat_id id, unsigned i)
{
	struct gw_json *j = gw_ctl_row(r);
	double value = stats_table[id].read(v->s, i);

	put_name(j, id, i, 0);
	if (value >= 0 && value < 1e15)
		gw_json_u64(j, "value", (uint64_t)value);
	else
		gw_json_f64(j, "value", value);
	gw_ctl_end(r);
}

static bool is_zero(struct view *v, enum stat_id id, unsigned i, unsigned k)
{
	double value;

	if (!stats_table[id].read)
		return count_of(v, v->cells, id, i, k) == 0;
	value = stats_table[id].read(v->s, i);
	return isnan(value) || value <= 0;
}

static void put_family(struct gw_ctl_reply *r, struct view *v, enum stat_id id, bool all)
{
	for (unsigned i = 0; i < v->st->n1[id]; i++)
		for (unsigned k = 0; k < v->st->n2[id]; k++) {
			if (!all && is_zero(v, id, i, k))
				continue;
			if (stats_table[id].read)
				put_gauge(r, v, id, i);
			else
				put_counted(r, v, id, i, k);
		}
}

static void put_since(struct gw_json *j, const struct view *v)
{
	gw_json_i64(j, "since", v->since->wall_s);
	gw_json_f64(j, "seconds", v->seconds);
}

/* ---- stats ---- */

static int answer_stats(struct ctl_client *c, struct gw_err *err)
{
	struct gw_slice metric = gw_ctl_slice(&c->request, "metric");
	bool all = gw_ctl_flag(&c->request, "all"), any = false;
	struct view v;
	int rc = view_open(&v, c->s, gw_ctl_slice(&c->request, "since"), err);

	if (rc < 0)
		return rc;
	for (enum stat_id id = 0; id < STATS; id++) {
		if (!gw_slice_startsi(gw_slice_str(stats_table[id].name), metric))
			continue;
		any = true;
		put_family(&c->reply, &v, id, all);
	}
	if (any) {
		put_since(gw_ctl_ok(&c->reply), &v);
		gw_ctl_end(&c->reply);
	}
	view_close(&v);
	return any ? 0 : gw_fail(err, GW_ENOENT, "no metric begins with \"%.*s\": stats all=yes shows them", GW_FMT(metric));
}

static int mark(struct ctl_client *c, struct gw_slice name, struct gw_err *err)
{
	int rc = moments_mark(&c->s->moments, name, conn_clock_s(), gw_wall_s(gw_clock_system()), err);

	if (rc == 0)
		gw_ctl_ok_empty(&c->reply);
	return rc;
}

static int answer_reset(struct ctl_client *c, struct gw_err *err)
{
	return mark(c, GW_S("reset"), err);
}

static int answer_mark(struct ctl_client *c, struct gw_err *err)
{
	return mark(c, gw_ctl_slice(&c->request, "name"), err);
}

/* ---- hist ---- */

struct wanted {
	enum stat_id id;
	unsigned i;
	unsigned found;
};

/* Is the series called so, with or without its first label? */
static bool is_called(enum stat_id id, unsigned i, struct gw_slice name)
{
	struct gw_buf text;
	struct gw_slice last;
	bool yes;

	gw_buf_init(&text, 0);
	stats_put_series(id, i, 0, &text);
	last = gw_buf_slice(&text);
	yes = gw_slice_eqi(name, last);
	gw_slice_take(&last, gw_slice_find(last, ' '));
	if (last.n)
		gw_slice_take(&last, 1);
	yes |= last.n && gw_slice_eqi(name, last);
	gw_buf_done(&text);
	return yes;
}

static int find_hist(const struct stats *st, struct gw_slice name, struct wanted *ret, struct gw_err *err)
{
	*ret = (struct wanted){ 0 };
	for (enum stat_id id = 0; id < STAT_KEPT; id++)
		for (unsigned i = 0; stats_table[id].type == STAT_HISTOGRAM && i < st->n1[id]; i++)
			if (is_called(id, i, name))
				*ret = (struct wanted){ id, i, ret->found + 1 };
	if (ret->found > 1)
		return gw_fail(err, GW_EINVAL, "\"%.*s\" is a command of imap and of pop3: say which, as \"imap %.*s\"", GW_FMT(name),
			       GW_FMT(name));
	return ret->found ? 0 : gw_fail(err, GW_ENOENT,
					"nothing called \"%.*s\" is timed: expected a command or a store call, as stats all=yes shows them",
					GW_FMT(name));
}

static void put_range(struct gw_ctl_reply *r, unsigned from, unsigned to, uint64_t n, uint64_t total, uint64_t sum)
{
	struct gw_json *j = gw_ctl_row(r);

	gw_json_u64(j, "above_us", gw_hist_low(from));
	gw_json_u64(j, "up_to_us", gw_hist_high(to - 1));
	gw_json_u64(j, "count", n);
	gw_json_f64(j, "percent", rounded(100.0 * (double)n / (double)total));
	gw_json_f64(j, "total_percent", rounded(100.0 * (double)sum / (double)total));
	gw_ctl_end(r);
}

/* Ranges of step buckets, without the empty ones at both ends. */
static void put_ranges(struct gw_ctl_reply *r, const uint64_t *count, unsigned step)
{
	uint64_t total = gw_hist_count(count), sum = 0;

	for (unsigned from = 0; from < GW_HIST_BUCKETS && sum < total; from += step) {
		uint64_t n = 0;

		for (unsigned i = from; i < from + step; i++)
			n += count[i];
		sum += n;
		if (sum && (n || step > 1))
			put_range(r, from, from + step, n, total, sum);
	}
}

static int answer_hist(struct ctl_client *c, struct gw_err *err)
{
	bool fine = gw_ctl_flag(&c->request, "fine");
	const uint64_t *count;
	struct wanted w;
	struct gw_json *j;
	struct view v;
	int rc = find_hist(&c->s->g.stats, gw_ctl_slice(&c->request, "name"), &w, err);

	if (rc < 0)
		return rc;
	rc = view_open(&v, c->s, gw_ctl_slice(&c->request, "since"), err);
	if (rc < 0)
		return rc;
	count = stats_at(v.st, v.cells, w.id, w.i, 0);
	put_ranges(&c->reply, count, fine ? 1 : 1u << GW_HIST_BITS);
	j = gw_ctl_ok(&c->reply);
	put_name(j, w.id, w.i, 0);
	gw_json_u64(j, "count", gw_hist_count(count));
	put_since(j, &v);
	put_durations(j, count);
	gw_ctl_end(&c->reply);
	view_close(&v);
	return 0;
}

/* ---- metrics ---- */

static int answer_metrics(struct ctl_client *c, struct gw_err *err)
{
	struct gw_slice rest, line;
	struct gw_buf text;

	(void)err;
	gw_buf_init(&text, 0);
	stats_put_text(c->s, STATS_OPENMETRICS, &text);
	for (rest = gw_buf_slice(&text); rest.n; gw_slice_take(&rest, 1)) {
		line = gw_slice_take(&rest, gw_slice_find(rest, '\n'));
		gw_json_string(gw_ctl_row(&c->reply), "text", line);
		gw_ctl_end(&c->reply);
	}
	gw_buf_done(&text);
	gw_ctl_ok_empty(&c->reply);
	return 0;
}

const struct ctl_handler ctl_handlers_stats[] = {
	{ "stats", .answer = answer_stats },
	{ "stats reset", .answer = answer_reset },
	{ "stats mark", .answer = answer_mark },
	{ "hist", .answer = answer_hist },
	{ "metrics", .answer = answer_metrics },
	{ 0 },
};

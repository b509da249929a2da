/* stats_text.c - the exposition formats of Prometheus (see stats_text.h)
 *
 * The ranges of exported histograms end at powers of two, where ours end too, so their counts are exact. */
#include "daemon/stats_text.h"

#include "daemon/server.h"
#include "util/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Ends of ranges: 2^n microseconds, 64 us to 67 s. */
static const unsigned char edges[] = { 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 26 };

struct writer {
	struct server *s;
	const struct stats *st;
	const uint64_t *all;
	enum stats_format format;
	struct gw_buf *out;
};

/* ---- names and labels ---- */

/* The name of a family; in the older format a counter's has the ending of its samples. */
static void put_family(const struct writer *w, const struct stat_family *f)
{
	bool plain = w->format == STATS_PLAIN;

	gw_buf_printf(w->out, "gateway_%s%s", f->name,
		      plain && f->type == STAT_COUNTER ? "_total" : plain && f->type == STAT_INFO ? "_info" : "");
}

static const char *type_name(const struct writer *w, enum stat_type type)
{
	switch (type) {
	case STAT_COUNTER:
		return "counter";
	case STAT_HISTOGRAM:
		return "histogram";
	case STAT_INFO:
		return w->format == STATS_PLAIN ? "gauge" : "info";
	case STAT_GAUGE:
		break;
	}
	return "gauge";
}

static void put_escaped(struct gw_buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			gw_buf_add_char(out, '\\');
		if (*text == '\n')
			gw_buf_add(out, "\\n", 2);
		else
			gw_buf_add_char(out, *text);
	}
}

static void put_label(struct gw_buf *out, char *before, const char *name, const char *value)
{
	gw_buf_printf(out, "%c%s=\"", *before, name);
	put_escaped(out, value);
	gw_buf_add_char(out, '"');
	*before = ',';
}

static void put_dim(struct gw_buf *out, char *before, const struct stat_dim *dim, unsigned i)
{
	for (unsigned which = 0; dim && which < 2 && dim->name[which]; which++)
		put_label(out, before, dim->name[which], dim->value(i, which));
}

/* A sample's name, its labels and the blank behind them. le: of a bucket, or NULL. */
static void put_sample(const struct writer *w, enum stat_id id, const char *ending, unsigned i, unsigned j, const char *le)
{
	const struct stat_family *f = &stats_table[id];
	char before = '{';

	gw_buf_printf(w->out, "gateway_%s%s", f->name, ending);
	put_dim(w->out, &before, f->dim[0], i);
	put_dim(w->out, &before, f->dim[1], j);
	if (le)
		put_label(w->out, &before, "le", le);
	gw_buf_printf(w->out, "%s ", before == ',' ? "}" : "");
}

/* ---- samples ---- */

static void put_counter(const struct writer *w, enum stat_id id, unsigned i, unsigned j)
{
	put_sample(w, id, "_total", i, j, NULL);
	gw_buf_printf(w->out, "%llu\n", (unsigned long long)*stats_at(w->st, w->all, id, i, j));
}

/* How many durations are below 2^edge us. */
static uint64_t below(const uint64_t *count, unsigned edge)
{
	unsigned end = gw_hist_bucket((uint64_t)1 << edge);
	uint64_t n = 0;

	for (unsigned i = 0; i < end; i++)
		n += count[i];
	return n;
}

static void put_histogram(const struct writer *w, enum stat_id id, unsigned i)
{
	const uint64_t *count = stats_at(w->st, w->all, id, i, 0);
	uint64_t n = gw_hist_count(count);
	char le[24];

	if (n == 0)
		return;
	for (size_t e = 0; e < sizeof edges; e++) {
		snprintf(le, sizeof le, "%.6f", ldexp(1e-6, edges[e]));
		put_sample(w, id, "_bucket", i, 0, le);
		gw_buf_printf(w->out, "%llu\n", (unsigned long long)below(count, edges[e]));
	}
	put_sample(w, id, "_bucket", i, 0, "+Inf");
	gw_buf_printf(w->out, "%llu\n", (unsigned long long)n);
	put_sample(w, id, "_sum", i, 0, NULL);
	gw_buf_printf(w->out, "%.6f\n", (double)count[GW_HIST_BUCKETS] / 1e6);
	put_sample(w, id, "_count", i, 0, NULL);
	gw_buf_printf(w->out, "%llu\n", (unsigned long long)n);
}

/* What is looked up, of whatever type. */
static void put_read(const struct writer *w, enum stat_id id, unsigned i)
{
	enum stat_type type = stats_table[id].type;
	double v = stats_table[id].read(w->s, i);

	if (!isfinite(v))
		return;
	put_sample(w, id, type == STAT_INFO ? "_info" : type == STAT_COUNTER ? "_total" : "", i, 0, NULL);
	gw_buf_printf(w->out, "%.15g\n", v);
}

static void put_series(const struct writer *w, enum stat_id id, unsigned i, unsigned j)
{
	if (stats_table[id].read)
		put_read(w, id, i);
	else if (stats_table[id].type == STAT_HISTOGRAM)
		put_histogram(w, id, i);
	else
		put_counter(w, id, i, j);
}

static void put_head(const struct writer *w, const struct stat_family *f)
{
	gw_buf_add_slice(w->out, GW_S("# HELP "));
	put_family(w, f);
	gw_buf_printf(w->out, " %s\n# TYPE ", f->help);
	put_family(w, f);
	gw_buf_printf(w->out, " %s\n", type_name(w, f->type));
	if (w->format != STATS_OPENMETRICS || !*f->unit)
		return;
	gw_buf_add_slice(w->out, GW_S("# UNIT "));
	put_family(w, f);
	gw_buf_printf(w->out, " %s\n", f->unit);
}

void stats_put_text(struct server *s, enum stats_format format, struct gw_buf *out)
{
	const struct stats *st = &s->g.stats;
	uint64_t *all = gw_xcalloc(st->n_cells, sizeof *all);
	const struct writer w = { s, st, all, format, out };

	stats_sum(st, all);
	for (enum stat_id id = 0; id < STATS; id++) {
		put_head(&w, &stats_table[id]);
		for (unsigned i = 0; i < st->n1[id]; i++)
			for (unsigned j = 0; j < st->n2[id]; j++)
				put_series(&w, id, i, j);
	}
	if (format == STATS_OPENMETRICS)
		gw_buf_add_slice(out, GW_S("# EOF\n"));
	free(all);
}

void stats_put_series(enum stat_id id, unsigned i, unsigned j, struct gw_buf *out)
{
	const struct stat_dim *const *dim = stats_table[id].dim;
	const unsigned place[2] = { i, j };
	const char *blank = "";

	for (unsigned d = 0; d < 2 && dim[d]; d++)
		for (unsigned which = 0; which < 2 && dim[d]->name[which]; which++) {
			gw_buf_printf(out, "%s%s", blank, dim[d]->value(place[d], which));
			blank = " ";
		}
}

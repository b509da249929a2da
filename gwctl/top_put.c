/* top_put.c - the screen of top, as text (see top.h) */
#include "gwctl/table.h"
#include "gwctl/top.h"

#include <stdlib.h>
#include <string.h>

/* The screen that grows, line by line. */
struct page {
	struct gw_buf *out;
	const struct top_view *v;
	int left; /* lines that still have room; many when there is no terminal */
};

static const char *const services[] = { "imap", "imaps", "pop3", "pop3s" };

/* One line, cut where the terminal ends. */
static void put_line(struct page *p, enum shade shade, struct gw_buf *line)
{
	const char *text = gw_buf_str(line);
	size_t n = p->v->columns ? text_cut(text, p->v->columns) : strlen(text);

	if (p->left > 0) {
		gw_buf_printf(p->out, "%s%s%.*s%s", p->out->n ? "\n" : "", p->v->color && shade ? shade_code(shade) : "", (int)n, text,
			p->v->color && shade ? shade_code(SHADE_NONE) : "");
		p->left--;
	}
	line->n = 0;
}

static void put_head(struct page *p, const char *text)
{
	struct gw_buf line;

	gw_buf_init(&line, 0);
	put_line(p, SHADE_NONE, &line);
	gw_buf_printf(&line, "%s", text);
	put_line(p, SHADE_TITLE, &line);
	gw_buf_done(&line);
}

/* A text of at most so many columns, filled up. */
static void put_text(struct gw_buf *out, const char *text, int width)
{
	size_t n = text_cut(text, width);
	int used;
	char *cut = gw_xasprintf("%.*s", (int)n, text);

	used = text_width(cut);
	gw_buf_printf(out, "%s%*s ", cut, width - used, "");
	free(cut);
}

static void put_rate(struct gw_buf *out, double rate, int width)
{
	gw_buf_printf(out, rate && rate < 10 ? "%*.1f" : "%*.0f", width, rate);
}

static void put_right(struct gw_buf *out, void (*put)(struct gw_buf *, uint64_t), uint64_t v, int width)
{
	struct gw_buf text;

	gw_buf_init(&text, 0);
	put(&text, v);
	gw_buf_printf(out, "%*s", width, gw_buf_str(&text));
	gw_buf_done(&text);
}

/* ---- sums ---- */

/* Does a series begin with this label ("" for all)? */
static bool has_label(const char *series, const char *label)
{
	size_t n = strlen(label);

	return n == 0 || (strncmp(series, label, n) == 0 && (series[n] == ' ' || !series[n]));
}

static double rate_of(const struct top *t, const char *metric, const char *label)
{
	double sum = 0;

	for (size_t i = 0; i < t->now.counters; i++)
		if (strcmp(t->now.counter[i].metric, metric) == 0 && has_label(t->now.counter[i].series, label))
			sum += t->now.counter[i].rate;
	return sum;
}

static double logins(const struct top *t, bool ok)
{
	double sum = 0;

	for (size_t i = 0; i < t->now.counters; i++) {
		const struct top_counter *c = &t->now.counter[i];
		size_t n = strlen(c->series);

		if (strcmp(c->metric, "logins") == 0 && (n >= 3 && strcmp(c->series + n - 3, " ok") == 0) == ok)
			sum += c->rate;
	}
	return sum;
}

static uint64_t sessions_of(const struct top *t, const char *service)
{
	uint64_t n = 0;

	for (size_t i = 0; i < t->now.sessions; i++)
		n += strcmp(t->now.session[i].service, service) == 0;
	return n;
}

/* ---- the parts ---- */

static void put_summary(struct page *p, const struct top *t)
{
	struct gw_buf line;

	gw_buf_init(&line, 0);
	gw_buf_printf(&line, "%s  gatewayd %s (%s)  ", t->host, t->version, t->model);
	gw_buf_printf(&line, "%s  up ", t->answered ? t->state : "does not answer");
	value_put_span(&line, t->uptime_s);
	gw_buf_printf(&line, "  memory ");
	value_put_size(&line, t->memory);
	gw_buf_printf(&line, "%s", p->v->paused ? "  PAUSED" : "");
	put_line(p, !t->answered ? SHADE_BAD : strcmp(t->state, "running") == 0 ? SHADE_GOOD : SHADE_WARN, &line);
	gw_buf_printf(&line, "connections %llu of %llu  logins ", (unsigned long long)t->connections,
		(unsigned long long)t->connections_max);
	put_rate(&line, logins(t, true), 0);
	gw_buf_printf(&line, "/s  failed ");
	put_rate(&line, logins(t, false), 0);
	gw_buf_printf(&line, "/s  commands ");
	put_rate(&line, rate_of(t, "command_duration_seconds", ""), 0);
	gw_buf_printf(&line, "/s");
	put_line(p, SHADE_NONE, &line);
	gw_buf_done(&line);
}

static void put_services(struct page *p, const struct top *t)
{
	struct gw_buf line;

	gw_buf_init(&line, 0);
	put_head(p, "SERVICE  SESSIONS  CONNECTS/S      IN/S     OUT/S");
	for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
		put_text(&line, services[i], 7);
		gw_buf_printf(&line, "%9llu", (unsigned long long)sessions_of(t, services[i]));
		put_rate(&line, rate_of(t, "connections_accepted", services[i]), 12);
		put_right(&line, value_put_size, (uint64_t)rate_of(t, "received_bytes", services[i]), 10);
		put_right(&line, value_put_size, (uint64_t)rate_of(t, "sent_bytes", services[i]), 10);
		put_line(p, SHADE_NONE, &line);
	}
	gw_buf_done(&line);
}

static int by_rate(const void *a, const void *b)
{
	const struct top_command *x = a, *y = b;

	return (y->rate > x->rate) - (y->rate < x->rate);
}

static void put_commands(struct page *p, const struct top *t, size_t max)
{
	struct gw_buf line;

	gw_buf_init(&line, 0);
	qsort(t->command, t->commands, sizeof *t->command, by_rate);
	put_head(p, "COMMANDS OF THE LAST MINUTE       /S        P50        P99    LONGEST");
	for (size_t i = 0; i < t->commands && i < max; i++) {
		put_text(&line, t->command[i].name, 28);
		put_rate(&line, t->command[i].rate, 7);
		put_right(&line, value_put_us, t->command[i].p50_us, 11);
		put_right(&line, value_put_us, t->command[i].p99_us, 11);
		put_right(&line, value_put_us, t->command[i].longest_us, 11);
		put_line(p, SHADE_NONE, &line);
	}
	gw_buf_done(&line);
}

/* The session whose command has been running longest, but shorter than that of last. */
static const struct top_session *slower(const struct top *t, const struct top_session *last)
{
	const struct top_session *best = NULL;

	for (size_t i = 0; i < t->now.sessions; i++) {
		const struct top_session *s = &t->now.session[i];
		bool later = !last || s->command_us < last->command_us || (s->command_us == last->command_us && s > last);

		if (s->command[0] && later && strcmp(s->command, "IDLE") != 0 && (!best || s->command_us > best->command_us))
			best = s;
	}
	return best;
}

static void put_slowest(struct page *p, const struct top *t, size_t max)
{
	const struct top_session *s = NULL;
	struct gw_buf line;

	gw_buf_init(&line, 0);
	put_head(p, "RUNNING NOW      FOR  SERVICE USER                     SESSION  MAILBOX");
	while (max-- > 0 && (s = slower(t, s))) {
		put_text(&line, s->command, 11);
		put_right(&line, value_put_us, s->command_us, 8);
		gw_buf_printf(&line, "  ");
		put_text(&line, s->service, 7);
		put_text(&line, s->user, 21);
		gw_buf_printf(&line, "%10llu  %s", (unsigned long long)s->id, s->mailbox);
		put_line(p, s->command_us > 1000000 ? SHADE_WARN : SHADE_NONE, &line);
	}
	gw_buf_done(&line);
}

static double key_of(const struct top_user *u, enum top_sort sort)
{
	return sort == TOP_BY_COMMANDS ? u->commands :
	       sort == TOP_BY_BYTES    ? u->bytes :
	       sort == TOP_BY_STORE    ? u->store :
					 (double)u->sessions;
}

/* Behind which the users stand, by key and then by name. */
static const struct top_user *busier(const struct top *t, enum top_sort sort, const struct top_user *last)
{
	const struct top_user *best = NULL;

	for (size_t i = 0; i < t->users; i++) {
		const struct top_user *u = &t->user[i];
		double key = key_of(u, sort), limit = last ? key_of(last, sort) : 0;

		if ((!last || key < limit || (key == limit && u > last)) && (!best || key > key_of(best, sort)))
			best = u;
	}
	return best;
}

static void put_users(struct page *p, const struct top *t)
{
	const struct top_user *u = NULL;
	struct gw_buf line;

	gw_buf_init(&line, 0);
	put_head(p, "BUSIEST USERS            SESSIONS  COMMANDS/S   BYTES/S   STORE");
	while (p->left > 0 && (u = busier(t, p->v->sort, u))) {
		put_text(&line, u->user, 24);
		gw_buf_printf(&line, "%8llu", (unsigned long long)u->sessions);
		put_rate(&line, u->commands, 12);
		put_right(&line, value_put_size, (uint64_t)u->bytes, 10);
		gw_buf_printf(&line, "%7.1f%%", u->store * 100);
		put_line(p, SHADE_NONE, &line);
	}
	gw_buf_done(&line);
}

static void put_help(struct page *p)
{
	static const char *const lines[] = { "", "q    end", "s    sort the users by something else: commands, bytes, sessions, store",
		"p    pause, and go on", "?    this help, and back", "", "Rates are of the time between two looks; those of commands of a minute.",
		"STORE is how much of the time a user kept the store busy." };
	struct gw_buf line;

	gw_buf_init(&line, 0);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		gw_buf_printf(&line, "%s", lines[i]);
		put_line(p, SHADE_NONE, &line);
	}
	gw_buf_done(&line);
}

static void put_keys(struct page *p)
{
	struct gw_buf line;

	gw_buf_init(&line, 0);
	for (p->left++; p->left > 1;) /* to the last line */
		put_line(p, SHADE_NONE, &line);
	gw_buf_printf(&line, "q end   s sort (%s)   p pause   ? help", top_sort_name(p->v->sort));
	put_line(p, SHADE_DIM, &line);
	gw_buf_done(&line);
}

void top_put(const struct top *t, const struct top_view *v, struct gw_buf *out)
{
	struct page p = { out, v, v->rows ? v->rows - v->keys : 200 };
	size_t part = v->rows ? (size_t)(v->rows > 22 ? (v->rows - 14) / 3 : 2) : 10;

	put_summary(&p, t);
	if (v->help) {
		put_help(&p);
	} else {
		put_services(&p, t);
		put_commands(&p, t, part);
		put_slowest(&p, t, part);
		put_users(&p, t);
	}
	if (v->keys)
		put_keys(&p);
}

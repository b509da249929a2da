/* top.c - samples of what the daemon counts (see top.h) */
#include "gwctl/top.h"

#include "util/num.h"

#include <stdlib.h>
#include <string.h>

#define COMMANDS_MAX 200

void top_init(struct top *t, const char *host)
{
	*t = (struct top){ .answered = false };
	snprintf(t->host, sizeof t->host, "%s", host);
	for (int i = 0; i < 2; i++) {
		struct top_sample *s = i ? &t->now : &t->before;

		s->counter = gw_xcalloc(TOP_SERIES, sizeof *s->counter);
		s->session = gw_xcalloc(TOP_SESSIONS, sizeof *s->session);
	}
	t->command = gw_xcalloc(COMMANDS_MAX, sizeof *t->command);
	t->user = gw_xcalloc(TOP_SESSIONS, sizeof *t->user);
}

void top_done(struct top *t)
{
	free(t->now.counter);
	free(t->now.session);
	free(t->before.counter);
	free(t->before.session);
	free(t->command);
	free(t->user);
}

/* ---- reading ---- */

/* Members of an object and where they go. */
struct into {
	const char *key;
	char *text;       /* with cap */
	size_t cap;
	uint64_t *number; /* or here */
	double *decimal;  /* or here */
};

/* A number as JSON has it; 0 when it is none. */
static double decimal(struct gw_slice s)
{
	char text[64];
	double v;

	snprintf(text, sizeof text, "%.*s", GW_FMT(s));
	v = strtod(text, NULL);
	return v >= 0 && v < 1e18 ? v : 0;
}

static void read_into(struct gw_slice json, const struct into *into, size_t n)
{
	struct gw_ctl_member m;
	struct gw_arena arena;
	struct gw_buf safe;

	gw_arena_init(&arena, 0, 0);
	gw_buf_init(&safe, 0);
	while (gw_ctl_json_next(&json, &arena, &m) > 0)
		for (size_t i = 0; i < n; i++) {
			if (!gw_slice_eq(m.key, gw_slice_str(into[i].key)))
				continue;
			if (into[i].number) {
				gw_parse_u64(m.value, into[i].number);
				continue;
			}
			if (into[i].decimal) {
				*into[i].decimal = decimal(m.value);
				continue;
			}
			safe.n = 0;
			put_safe(&safe, m.value);
			snprintf(into[i].text, into[i].cap, "%s", gw_buf_str(&safe));
		}
	gw_buf_done(&safe);
	gw_arena_done(&arena);
}

#define TEXT(name, to) { name, to, sizeof(to), NULL, NULL }
#define NUMBER(name, to) { name, NULL, 0, &(to), NULL }
#define DECIMAL(name, to) { name, NULL, 0, NULL, &(to) }
#define READ(json, ...) \
	do { \
		const struct into into[] = { __VA_ARGS__ }; \
		read_into(json, into, sizeof into / sizeof *into); \
	} while (0)

void top_begin(struct top *t, uint64_t now_ms)
{
	struct top_sample old = t->before;

	t->before = t->now;
	t->now = old;
	t->now.at_ms = now_ms;
	t->now.counters = t->now.sessions = 0;
	t->commands = t->users = 0;
	t->answered = false;
}

void top_add_status(struct top *t, struct gw_slice json)
{
	READ(json, TEXT("version", t->version), TEXT("state", t->state), TEXT("process_model", t->model),
		NUMBER("uptime_s", t->uptime_s), NUMBER("connections", t->connections),
		NUMBER("max_connections", t->connections_max), NUMBER("memory", t->memory));
	t->answered = true;
}

static double per_second(const struct top *t, uint64_t now, uint64_t before)
{
	uint64_t ms = t->now.at_ms - t->before.at_ms;

	return now > before && ms ? (double)(now - before) * 1000.0 / (double)ms : 0.0;
}

static const struct top_counter *find_counter(const struct top_sample *s, const struct top_counter *like)
{
	for (size_t i = 0; i < s->counters; i++)
		if (strcmp(s->counter[i].metric, like->metric) == 0 && strcmp(s->counter[i].series, like->series) == 0)
			return &s->counter[i];
	return NULL;
}

void top_add_counter(struct top *t, struct gw_slice json)
{
	struct top_counter c = { .value = 0 };
	const struct top_counter *was;
	double rate_1m = 0;

	if (t->now.counters == TOP_SERIES)
		return;
	READ(json, TEXT("metric", c.metric), TEXT("series", c.series), NUMBER("value", c.value), DECIMAL("rate_1m", rate_1m));
	was = t->before.at_ms ? find_counter(&t->before, &c) : NULL;
	c.rate = t->before.at_ms ? per_second(t, c.value, was ? was->value : 0) : rate_1m;
	t->now.counter[t->now.counters++] = c;
}

void top_add_command(struct top *t, struct gw_slice json)
{
	struct top_command c = { .rate = 0 };

	if (t->commands == COMMANDS_MAX)
		return;
	READ(json, TEXT("series", c.name), NUMBER("p50_us", c.p50_us), NUMBER("p99_us", c.p99_us), NUMBER("longest_us", c.longest_us),
		DECIMAL("rate", c.rate));
	t->command[t->commands++] = c;
}

void top_add_session(struct top *t, struct gw_slice json)
{
	struct top_session s = { .id = 0 };
	uint64_t in = 0, out = 0;

	if (t->now.sessions == TOP_SESSIONS)
		return;
	READ(json, NUMBER("id", s.id), TEXT("user", s.user), TEXT("service", s.service), TEXT("command", s.command),
		TEXT("mailbox", s.mailbox), NUMBER("commands", s.commands), NUMBER("bytes_in", in), NUMBER("bytes_out", out),
		NUMBER("store_us", s.store_us), NUMBER("command_us", s.command_us), NUMBER("connected_s", s.connected_s));
	s.bytes = in + out;
	t->now.session[t->now.sessions++] = s;
}

/* ---- the end of a sample ---- */

static int by_id(const void *a, const void *b)
{
	const struct top_session *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int by_user(const void *a, const void *b)
{
	return strcmp(((const struct top_user *)a)->user, ((const struct top_user *)b)->user);
}

/* What a session did a second: since the sample before, or since it began. */
static struct top_user work_of(const struct top *t, const struct top_session *s)
{
	const struct top_session *was =
		t->before.at_ms ? bsearch(s, t->before.session, t->before.sessions, sizeof *s, by_id) : NULL;
	double seconds = s->connected_s ? (double)s->connected_s : 1.0;
	struct top_user u = { .user = s->user, .sessions = 1 };

	if (t->before.at_ms) {
		u.commands = per_second(t, s->commands, was ? was->commands : 0);
		u.bytes = per_second(t, s->bytes, was ? was->bytes : 0);
		u.store = per_second(t, s->store_us, was ? was->store_us : 0) / 1e6;
	} else {
		u.commands = (double)s->commands / seconds;
		u.bytes = (double)s->bytes / seconds;
		u.store = (double)s->store_us / 1e6 / seconds;
	}
	return u;
}

/* Those of one user become one. */
static void sum_up(struct top *t)
{
	size_t n = 0;

	qsort(t->user, t->users, sizeof *t->user, by_user);
	for (size_t i = 0; i < t->users; i++) {
		const struct top_user *u = &t->user[i];

		if (n == 0 || strcmp(t->user[n - 1].user, u->user) != 0) {
			t->user[n++] = *u;
			continue;
		}
		t->user[n - 1].sessions += u->sessions;
		t->user[n - 1].commands += u->commands;
		t->user[n - 1].bytes += u->bytes;
		t->user[n - 1].store += u->store;
	}
	t->users = n;
}

void top_end(struct top *t)
{
	qsort(t->now.session, t->now.sessions, sizeof *t->now.session, by_id);
	for (size_t i = 0; i < t->now.sessions; i++)
		if (t->now.session[i].user[0])
			t->user[t->users++] = work_of(t, &t->now.session[i]);
	sum_up(t);
}

const char *top_sort_name(enum top_sort s)
{
	static const char *const names[] = { "commands", "bytes", "sessions", "store" };

	return names[s];
}

/* who.c - who is signed on, one row a user (see ctl.h)
 *
 * The registry is copied at once into small records, which are sorted by user; the rows follow as the client reads. */
#include "daemon/ctl/ctl.h"

#include "daemon/conn.h"
#include "daemon/ctl/filter.h"
#include "util/mem.h"

#include <stdlib.h>

#define ADDRESSES_MAX 16u /* shown of one user */

struct seat { /* a session of somebody */
	char user[sizeof((struct gw_session_info *)NULL)->user];
	unsigned char ip[16];
	uint8_t service;
	int64_t since_s;
	uint32_t active_s;
	uint64_t bytes_in, bytes_out, memory;
};

struct who {
	struct filter filter;
	struct seat *v;
	size_t n, at, users;
};

static int by_user(const void *a, const void *b)
{
	const struct seat *x = a, *y = b;
	int order = strcmp(x->user, y->user);

	return order ? order : memcmp(x->ip, y->ip, sizeof x->ip);
}

static void collect(struct who *w, const struct registry *reg)
{
	struct reg_slot s;

	w->v = gw_xcalloc(reg_high(reg) + 1, sizeof *w->v);
	for (uint32_t i = 0; i < reg_high(reg); i++) {
		struct seat *to = &w->v[w->n];

		if (!reg_read(&reg->shared->slot[i], &s) || !s.info.user[0] || !filter_has(&w->filter, &s))
			continue;
		*to = (struct seat){ .service = s.service, .since_s = s.since_s, .active_s = s.active_s, .bytes_in = s.bytes_in,
				     .bytes_out = s.bytes_out, .memory = s.memory };
		memcpy(to->user, s.info.user, sizeof to->user);
		memcpy(to->ip, s.ip, sizeof to->ip);
		w->n++;
	}
	qsort(w->v, w->n, sizeof *w->v, by_user);
}

/* They are sorted: equal ones stand together. */
static void put_addresses(struct gw_json *j, const struct seat *v, size_t n)
{
	static const unsigned char none[16];
	size_t shown = 0;

	gw_json_open(j, "addresses", '[');
	for (size_t i = 0; i < n && shown < ADDRESSES_MAX; i++) {
		struct gw_network net = { .bits = 128 };
		char text[GW_NETWORK_TEXT] = "unix";

		if (i && memcmp(v[i].ip, v[i - 1].ip, sizeof v->ip) == 0)
			continue;
		memcpy(net.ip, v[i].ip, sizeof net.ip);
		if (memcmp(net.ip, none, sizeof none) != 0)
			gw_network_put(&net, text);
		gw_json_str(j, NULL, text);
		shown++;
	}
	gw_json_close(j, ']');
}

static void put_user(struct ctl_client *c, const struct who *w, const struct seat *v, size_t n)
{
	struct gw_json *j = gw_ctl_row(&c->reply);
	uint64_t by_service[SERVICES] = { 0 }, in = 0, out = 0, memory = 0;
	int64_t oldest = w->filter.wall_s;
	uint32_t idle = UINT32_MAX;

	for (size_t i = 0; i < n; i++) {
		int32_t silent = (int32_t)(w->filter.now_s - v[i].active_s);

		by_service[v[i].service]++;
		in += v[i].bytes_in;
		out += v[i].bytes_out;
		memory += v[i].memory;
		if (v[i].since_s < oldest)
			oldest = v[i].since_s;
		if (silent < 0 || (uint32_t)silent < idle)
			idle = silent < 0 ? 0 : (uint32_t)silent;
	}
	gw_json_str(j, "user", v->user);
	gw_json_u64(j, "sessions", n);
	for (unsigned i = 0; i < SERVICES; i++)
		gw_json_u64(j, services[i].name, by_service[i]);
	put_addresses(j, v, n);
	gw_json_i64(j, "oldest_s", w->filter.wall_s - oldest);
	gw_json_u64(j, "idle_s", idle);
	gw_json_u64(j, "bytes_in", in);
	gw_json_u64(j, "bytes_out", out);
	gw_json_u64(j, "memory", memory);
	gw_ctl_end(&c->reply);
}

static bool who_on(struct ctl_client *c)
{
	struct who *w = c->stream.ctx;

	while (w->at < w->n && !gw_out_full(&c->out)) {
		size_t n = 1;

		while (w->at + n < w->n && strcmp(w->v[w->at].user, w->v[w->at + n].user) == 0)
			n++;
		put_user(c, w, &w->v[w->at], n);
		w->at += n;
		w->users++;
	}
	if (w->at < w->n)
		return true;
	gw_json_u64(gw_ctl_ok(&c->reply), "users", w->users);
	gw_json_u64(&c->reply.json, "sessions", w->n);
	gw_ctl_end(&c->reply);
	return false;
}

static void who_end(struct ctl_client *c)
{
	struct who *w = c->stream.ctx;

	free(w->v);
	free(w);
}

int ctl_answer_who(struct ctl_client *c, struct gw_err *err)
{
	struct who *w = gw_xalloc(sizeof *w);
	int rc = filter_read(&c->request, &w->filter, err);

	if (rc < 0) {
		free(w);
		return rc;
	}
	collect(w, &c->s->g.reg);
	c->stream = (struct ctl_stream){ .more = who_on, .end = who_end, .ctx = w };
	return 0;
}

/* host.c - a host for protocol sessions without sockets, threads or real time (see host.h) */
#include "tests/conv/host.h"

#include "config/config.h"
#include "store/admin.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>

#define START_WALL 1767225600 /* 2026-01-01 00:00:00 UTC */

static int64_t wall_s(void *ctx)
{
	struct host *h = ctx;

	return h->wall_base + (int64_t)(h->now_ms / 1000);
}

static uint64_t mono_ms(void *ctx)
{
	struct host *h = ctx;

	return h->now_ms;
}

static void link_log(void *ctx, enum gw_log_level level, const char *text)
{
	struct host_link *l = ctx;

	if (l->host->log)
		l->host->log(l->host, level, text);
}

static void add_user(struct host *h, const char *name)
{
	struct gw_user_password pw = { .plain = gw_slice_str(name) };

	gw_admin_user_add(h->store, gw_slice_str(name), &pw, NULL);
}

/* A user with a mailbox, whose mail lies on another server now. */
static void move_dora(struct host *h)
{
	struct gw_mbox_id id;
	struct gw_acct *a;

	if (gw_admin_open(h->store, GW_S("dora"), &a, NULL) == 0) {
		gw_acct_create(a, GW_S("team/Z\xc3\xbcrich 1"), 0, &id, NULL);
		gw_acct_close(a);
	}
	gw_admin_user_move(h->store, GW_S("dora"), GW_S("mail2.example.org:1143"), GW_S("d\xc3\xb6ra]@example.org"), NULL);
}

/* The options of some lines of gateway.cfg, or NULL with the first mistake in them. */
static struct gw_config *host_config(struct gw_slice lines, struct gw_err *err)
{
	struct gw_config_source src = { .path = "conv.cfg", .text = &lines };
	struct gw_config *config = NULL;
	struct gw_diags diags;

	gw_diags_init(&diags);
	if (gw_config_load(&src, &config, &diags) < 0)
		gw_fail(err, GW_EINVAL, "%s", diags.n ? diags.v[0].text : "?");
	gw_diags_done(&diags);
	return config;
}

bool host_init(struct host *h, struct gw_slice config_lines)
{
	static const char *const users[] = { "anna", "bert", "carl", "dora" };
	struct gw_store_options opt = { .url = "mem:" };
	struct gw_err err = { 0 };

	*h = (struct host){ .now_ms = 1000000, .wall_base = START_WALL - 1000 };
	h->clock = (struct gw_clock){ wall_s, mono_ms, h, NULL };
	h->config = host_config(config_lines, &err);
	if (!h->config) {
		printf("options: %s\n", err.text);
		return false;
	}
	opt.clock = &h->clock;
	opt.config = h->config;
	if (gw_store_open(&opt, &h->store, &err) < 0) {
		printf("store: %s\n", err.text);
		return false;
	}
	for (size_t i = 0; i < sizeof users / sizeof *users; i++)
		add_user(h, users[i]);
	move_dora(h);
	return true;
}

void host_done(struct host *h)
{
	for (unsigned n = 0; n < HOST_LINKS; n++)
		host_close(h, n);
	gw_store_close(h->store);
	gw_config_unref(h->config);
}

void host_open(struct host *h, unsigned n, const struct gw_proto *proto, const struct gw_peer *peer)
{
	struct host_link *l = &h->link[n];

	host_close(h, n);
	*l = (struct host_link){ .host = h, .proto = proto, .heard_ms = h->now_ms };
	gw_buf_init(&l->pending, 0);
	gw_out_init(&l->out);
	if (peer)
		l->peer = *peer;
	else
		l->peer = (struct gw_peer){ .address = "127.0.0.1:4000", .local = true };
	l->peer.compress_possible = true;
	l->env = (struct gw_env){
		.config = h->config, .store = h->store, .clock = &h->clock, .peer = &l->peer, .info = &l->info,
		.hostname = "mail.example.org", .log = link_log, .ctx = l,
	};
	l->session = proto->open(&l->env, &l->out);
	l->need = GW_NEED_INPUT;
}

void host_close(struct host *h, unsigned n)
{
	struct host_link *l = &h->link[n];

	if (!l->session)
		return;
	l->proto->close(l->session);
	l->session = NULL;
	gw_buf_done(&l->pending);
	gw_out_done(&l->out);
}

/* One step of one connection; false when it waits for the client. */
static bool step(struct host_link *l)
{
	if (!l->session || l->closed)
		return false;
	switch (l->need) {
	case GW_NEED_INPUT: {
		struct gw_slice in = gw_buf_slice(&l->pending);
		size_t before = in.n;

		if (!before)
			return false;
		l->need = l->proto->feed(l->session, &in, &l->out);
		gw_buf_drop(&l->pending, before - in.n);
		return in.n != before || l->need != GW_NEED_INPUT;
	}
	case GW_NEED_RUN:
	case GW_NEED_WORKER:
	case GW_NEED_AUTH:
		if (l->out.n >= GW_OUT_LOW && l->keep_output)
			return false;
		if (l->out.n >= GW_OUT_LOW)
			return false; /* host_take() comes first */
		l->runs++;
		l->need = l->proto->run(l->session, &l->out);
		return true;
	case GW_NEED_TLS:
		gw_buf_drop(&l->pending, l->pending.n);
		l->peer.tls = true;
		l->peer.tls_possible = false;
		l->need = l->proto->wake(l->session, GW_WAKE_TLS, &l->out);
		return true;
	case GW_NEED_COMPRESS: /* here everything stays readable */
	case GW_NEED_PLAIN:
		l->compressed = l->need == GW_NEED_COMPRESS;
		l->need = GW_NEED_INPUT;
		return true;
	case GW_NEED_CLOSE:
		l->closed = true;
		return false;
	}
	return false;
}

/* Did somebody touch a file the session watches? */
static bool rang_one(struct host_link *l, unsigned which)
{
	const char *path = l->proto->bell(l->session, which);
	struct stat *seen = &l->bell_seen[which], st;

	if (!path || stat(path, &st) < 0)
		return false;
	if (st.st_ino == seen->st_ino && st.st_mtim.tv_sec == seen->st_mtim.tv_sec &&
	    st.st_mtim.tv_nsec == seen->st_mtim.tv_nsec && st.st_size == seen->st_size)
		return false;
	*seen = st;
	return true;
}

static bool rang(struct host_link *l)
{
	bool any = false;

	if (l->session && !l->closed && l->need == GW_NEED_INPUT)
		for (unsigned i = 0; i < GW_BELLS; i++)
			any |= rang_one(l, i);
	return any;
}

/* Do what can be done without anybody else. */
static void settle_once(struct host *h)
{
	for (bool busy = true; busy;) {
		busy = false;
		for (unsigned n = 0; n < HOST_LINKS; n++) {
			while (step(&h->link[n]))
				busy = true;
			if (rang(&h->link[n])) {
				host_wake(h, n, GW_WAKE_BELL);
				busy = true;
			}
		}
	}
}

/* The store in memory has no file to watch: everybody is told that something may have changed. */
void host_settle(struct host *h)
{
	settle_once(h);
	for (unsigned n = 0; n < HOST_LINKS; n++)
		host_wake(h, n, GW_WAKE_BELL);
	settle_once(h);
}

void host_send(struct host *h, unsigned n, struct gw_slice bytes)
{
	struct host_link *l = &h->link[n];

	if (!l->session || l->closed)
		return;
	l->heard_ms = h->now_ms;
	gw_buf_add_slice(&l->pending, bytes);
	while (step(l))
		;
}

void host_take(struct host *h, unsigned n, struct gw_buf *to)
{
	struct host_link *l = &h->link[n];

	while (l->out.n) {
		struct gw_slice s = gw_out_front(&l->out);

		gw_buf_add_slice(to, s);
		gw_out_drop(&l->out, s.n);
	}
}

void host_wake(struct host *h, unsigned n, enum gw_wake what)
{
	struct host_link *l = &h->link[n];

	if (!l->session || l->closed || l->need != GW_NEED_INPUT)
		return;
	l->need = l->proto->wake(l->session, what, &l->out);
}

void host_pass_time(struct host *h, unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++) {
		h->now_ms += 1000;
		for (unsigned n = 0; n < HOST_LINKS; n++) {
			struct host_link *l = &h->link[n];

			if (!l->session || l->closed)
				continue;
			if (h->now_ms - l->heard_ms >= (uint64_t)l->proto->timeout_s(l->session) * 1000)
				host_wake(h, n, GW_WAKE_TIMEOUT);
			while (step(l))
				;
		}
	}
}

/* pop3host.h - a POP3 session with its host in one process: bytes in, text out, over a store in memory
 *
 * Users anna and bert, each with the password "secret". The clock stands still unless moved. Setting up never fails, or
 * the program ends. */
#ifndef GW_TESTS_POP3HOST_H
#define GW_TESTS_POP3HOST_H

#include "config/config.h"
#include "pop3/pop3.h"
#include "store/mem/mem.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t host_now_ms = 1000000;

static inline int64_t host_wall(void *ctx)
{
	(void)ctx;
	return 1700000000;
}

static inline uint64_t host_mono(void *ctx)
{
	(void)ctx;
	return host_now_ms;
}

static const struct gw_clock host_clock = { host_wall, host_mono, NULL, NULL };

struct pop3host {
	struct gw_config *config;
	struct gw_store *store;
	struct gw_peer peer;
	struct gw_session_info info;
	struct gw_env env;
	void *session;
	enum gw_need need;
	struct gw_out out;
	struct gw_buf got;      /* what the client has received */
	struct gw_buf logged;   /* log lines, login reasons and trace */
	size_t fullest;         /* most octets that waited in out */
	unsigned jobs;          /* runs on a worker */
	bool keep;              /* the client does not read */
};

static inline void host_die(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	abort();
}

static inline void host_log(void *ctx, enum gw_log_level level, const char *text)
{
	struct pop3host *h = ctx;

	gw_buf_printf(&h->logged, "log %d %s\n", (int)level, text);
}

static inline void host_login(void *ctx, const char *user, const char *mechanism, const char *reason,
			      const char *detail)
{
	struct pop3host *h = ctx;

	gw_buf_printf(&h->logged, "login %s %s %s%s%s\n", user, mechanism, reason, detail ? " " : "", detail ? detail : "");
}

static inline void host_event(void *ctx, enum gw_event_id id, const struct gw_log_field *fields, size_t n)
{
	struct pop3host *h = ctx;

	gw_buf_printf(&h->logged, "event %s ", gw_event_row(id)->name);
	gw_event_put_sentence(&h->logged, gw_event_row(id), fields, n);
	gw_buf_add_char(&h->logged, '\n');
}

static inline void host_trace(void *ctx, char direction, struct gw_slice line)
{
	struct pop3host *h = ctx;

	gw_buf_printf(&h->logged, "%c %.*s\n", direction, GW_FMT(line));
}

/* options: "--name=value" ... NULL. */
static inline void pop3host_init(struct pop3host *h, const char *const *options, size_t n)
{
	struct gw_slice nothing = { "", 0 };
	struct gw_config_source src = { .path = "test.cfg", .text = &nothing, .overrides = options, .n_overrides = n };
	struct gw_store_options opt = { .url = "mem:anna=secret,bert=secret", .clock = &host_clock };
	struct gw_diags diags;
	struct gw_err err = { 0 };

	*h = (struct pop3host){ .peer = { .address = "192.0.2.1:4000", .local = true } };
	gw_diags_init(&diags);
	if (gw_config_load(&src, &h->config, &diags) < 0)
		host_die("options", diags.n ? diags.v[0].text : "?");
	gw_diags_done(&diags);
	opt.config = h->config;
	if (gw_store_open(&opt, &h->store, &err) < 0)
		host_die("store", err.text);
	gw_buf_init(&h->got, 0);
	gw_buf_init(&h->logged, 0);
	gw_out_init(&h->out);
}

static inline void host_read(struct pop3host *h)
{
	if (h->out.n > h->fullest)
		h->fullest = h->out.n;
	while (h->out.n) {
		struct gw_slice s = gw_out_front(&h->out);

		gw_buf_add_slice(&h->got, s);
		gw_out_drop(&h->out, s.n);
	}
}

/* Obey until the session wants input, TLS or its end. */
static inline void host_obey(struct pop3host *h)
{
	while (h->need == GW_NEED_RUN || h->need == GW_NEED_WORKER || h->need == GW_NEED_AUTH) {
		if (h->keep && h->out.n >= GW_OUT_LOW)
			return;
		h->jobs += h->need != GW_NEED_RUN;
		h->need = gw_pop3_proto.run(h->session, &h->out);
		if (!h->keep)
			host_read(h);
	}
	if (!h->keep)
		host_read(h);
}

static inline void pop3host_open(struct pop3host *h)
{
	h->env = (struct gw_env){ .config = h->config, .store = h->store, .clock = &host_clock, .peer = &h->peer,
				  .info = &h->info, .hostname = "mail.example.org", .log = host_log, .event = host_event,
				  .login = host_login,
				  .trace = host_trace, .ctx = h };
	h->session = gw_pop3_proto.open(&h->env, &h->out);
	h->need = GW_NEED_INPUT;
	host_obey(h);
}

static inline void pop3host_close(struct pop3host *h)
{
	if (h->session)
		gw_pop3_proto.close(h->session);
	h->session = NULL;
	gw_out_done(&h->out);
}

static inline void pop3host_done(struct pop3host *h)
{
	pop3host_close(h);
	gw_store_close(h->store);
	gw_config_unref(h->config);
	gw_buf_done(&h->got);
	gw_buf_done(&h->logged);
}

/* Bytes of the client; what the session does not take any more is dropped. */
static inline void pop3host_send(struct pop3host *h, struct gw_slice in)
{
	while (h->need == GW_NEED_INPUT) {
		size_t before = in.n;

		h->need = gw_pop3_proto.feed(h->session, &in, &h->out);
		host_obey(h);
		if (in.n == 0 || (in.n == before && h->need == GW_NEED_INPUT))
			break;
	}
	if (h->need == GW_NEED_TLS) {
		h->peer.tls = true;
		h->need = gw_pop3_proto.wake(h->session, GW_WAKE_TLS, &h->out);
		host_obey(h);
	}
}

static inline void pop3host_wake(struct pop3host *h, enum gw_wake what)
{
	h->need = gw_pop3_proto.wake(h->session, what, &h->out);
	host_obey(h);
}

/* Put a message into a user's INBOX. */
static inline void pop3host_deliver(struct pop3host *h, const char *user, struct gw_slice message)
{
	struct gw_append *ap = NULL;
	struct gw_acct *acct = NULL;
	struct gw_arena arena;
	struct gw_mailbox inbox;
	struct gw_appended done;
	struct gw_err err = { 0 };

	gw_arena_init(&arena, 0, 0);
	if (gw_store_open_account(h->store, gw_slice_str(user), "imap", &acct, &err) < 0 ||
	    gw_acct_find(acct, &arena, GW_S("INBOX"), &inbox, &err) < 0 ||
	    gw_append_open(acct, message.n, &ap, &err) < 0 || gw_append_write(ap, message, &err) < 0 ||
	    gw_append_commit(acct, inbox.id, &ap, 1, &done, &err) < 0)
		host_die("deliver", err.text);
	gw_append_close(ap);
	gw_arena_done(&arena);
	gw_acct_close(acct);
}

/* How many messages are in a user's INBOX. */
static inline uint32_t pop3host_count(struct pop3host *h, const char *user)
{
	struct gw_acct *acct = NULL;
	struct gw_arena arena;
	struct gw_mailbox inbox = { 0 };
	struct gw_err err = { 0 };

	gw_arena_init(&arena, 0, 0);
	if (gw_store_open_account(h->store, gw_slice_str(user), "imap", &acct, &err) < 0 ||
	    gw_acct_find(acct, &arena, GW_S("INBOX"), &inbox, &err) < 0)
		host_die("count", err.text);
	gw_arena_done(&arena);
	gw_acct_close(acct);
	return inbox.messages;
}

#endif

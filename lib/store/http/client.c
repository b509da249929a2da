/* client.c - the client and its thread (see http.h, priv.h)
 *
 * Callers put transfers into a queue and wait; the thread starts them, drives libcurl (loop.c), and wakes whose transfer is done.
 * Only the thread touches libcurl's handles. While a call may be interrupted it looks ten times a second. */
#include "store/http/priv.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/random.h>

#include "util/mem.h"

#define LOOK_MS	 100   /* at whether calls are interrupted */
#define SLEEP_MS 60000

/* ---- handles of libcurl ---- */

CURL *client_easy(struct http_client *c)
{
	return c->n_spare ? c->spare[--c->n_spare] : c->curl->curl_easy_init();
}

void client_easy_done(struct http_client *c, CURL *easy)
{
	if (c->n_spare == sizeof c->spare / sizeof *c->spare) {
		c->curl->curl_easy_cleanup(easy);
		return;
	}
	c->curl->curl_easy_reset(easy);
	c->spare[c->n_spare++] = easy;
}

/* ---- one transfer: the thread ---- */

static void transfer_let_go(struct transfer *t)
{
	struct http_client *c = t->client;

	if (!t->easy)
		return;
	request_waits_not(t);
	c->curl->curl_multi_remove_handle(c->multi, t->easy);
	client_easy_done(c, t->easy);
	request_forget(c, &t->fields);
	t->easy = NULL;
}

static void transfer_done(struct transfer *t)
{
	struct http_client *c = t->client;

	transfer_let_go(t);
	share_leave(t);
	t->call->us = gw_mono_us(c->opt.clock) - t->begun_us;
	atomic_fetch_sub(&c->load->in_flight, 1);
	if (t->rc < 0 || t->call->status >= 500)
		atomic_fetch_add_explicit(&c->shared->failed, 1, memory_order_relaxed);
	if (c->opt.observe)
		c->opt.observe(c->opt.observe_ctx, t->call->kind, t->call->us, t->rc < 0 ? t->rc : t->call->status >= 500 ? GW_EIO : 0);
	t->state = TRANSFER_ENDED;
}

/* It is the caller's again, who may free it at once. */
static void hand_back(struct transfer *t)
{
	struct http_client *c = t->client;

	if (t->call->ended)
		t->call->ended(t->call->ended_ctx);
	pthread_mutex_lock(&c->lock);
	t->back = true;
	pthread_cond_signal(&t->done);
	pthread_mutex_unlock(&c->lock);
}

static void transfer_try(struct transfer *t)
{
	struct http_client *c = t->client;

	if (!breaker_allows(c, &t->trial)) {
		t->rc = gw_fail(&t->call->err, GW_EUNAVAIL, "the storage server is away; it is tried again in a moment");
		transfer_done(t);
		return;
	}
	t->rc = request_prepare(t, &t->call->err);
	if (t->rc < 0) {
		breaker_nothing(c, t->trial);
		transfer_done(t);
		return;
	}
	t->state = TRANSFER_RUNNING;
	request_waits(t);
	c->curl->curl_multi_add_handle(c->multi, t->easy);
}

static void transfer_ended(struct transfer *t, CURLcode code)
{
	switch (retry_judge(t, code)) {
	case VERDICT_DONE:
		transfer_done(t);
		break;
	case VERDICT_AGAIN:
		transfer_let_go(t);
		transfer_try(t);
		break;
	case VERDICT_REST:
		transfer_let_go(t);
		t->state = TRANSFER_RESTING;
		break;
	}
}

static bool is_interrupted(const struct transfer *t)
{
	return t->call->interrupted && atomic_load_explicit(t->call->interrupted, memory_order_relaxed);
}

static void interrupt(struct transfer *t)
{
	breaker_nothing(t->client, t->trial);
	t->rc = gw_fail(&t->call->err, GW_EINTR, "interrupted");
	transfer_done(t);
}

/* ---- the thread ---- */

/* Look at all that are under way; returns for how long nothing else can be due. */
static int look_at_all(struct http_client *c)
{
	uint64_t now = client_now(c), wait = SLEEP_MS, silence = streams_look(c);

	if (silence < wait)
		wait = silence;
	for (struct transfer **at = &c->running, *t; (t = *at);) {
		if (t->state != TRANSFER_ENDED && is_interrupted(t))
			interrupt(t);
		else if (t->state == TRANSFER_RESTING && now >= t->rest_until_ms)
			transfer_try(t);
		if (t->state == TRANSFER_ENDED) {
			*at = t->next;
			hand_back(t);
			continue;
		}
		if (t->call->interrupted && wait > LOOK_MS)
			wait = LOOK_MS;
		if (t->state == TRANSFER_RESTING && t->rest_until_ms - now < wait)
			wait = t->rest_until_ms > now ? t->rest_until_ms - now : 0;
		at = &t->next;
	}
	return (int)wait;
}

/* Begin those that have had to wait. Is one of them at its end already? */
static bool begin_held(struct http_client *c)
{
	struct transfer *t;
	bool ended = false;

	while ((t = share_next(c))) {
		transfer_try(t);
		ended = ended || t->state == TRANSFER_ENDED;
	}
	return ended;
}

static void take_queue(struct http_client *c)
{
	struct http_stream *streams;
	struct transfer *queue;

	pthread_mutex_lock(&c->lock);
	queue = c->queue;
	c->queue = NULL;
	c->queue_end = &c->queue;
	streams = c->new_streams;
	c->new_streams = NULL;
	for (struct http_stream *s = streams, *next; s; s = next) {
		next = s->next;
		stream_add(c, s);
		if (!s->closing)
			stream_start(c, s);
	}
	streams_reap(c);
	pthread_mutex_unlock(&c->lock);
	for (struct transfer *next; queue; queue = next) {
		next = queue->next;
		queue->next = c->running;
		c->running = queue;
		if (queue->call->owner)
			share_join(queue);
		else
			transfer_try(queue);
	}
}

static void take_results(struct http_client *c)
{
	struct CURLMsg *m;
	int left;

	while ((m = c->curl->curl_multi_info_read(c->multi, &left))) {
		CURLcode code = m->data.result;
		char *who = NULL;

		if (m->msg != CURLMSG_DONE)
			continue;
		c->curl->curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &who);
		if ((uintptr_t)who & 1)
			stream_ended((struct http_stream *)(void *)(who - 1), code);
		else
			transfer_ended((struct transfer *)(void *)who, code);
	}
}

static bool stopping(struct http_client *c)
{
	bool stop;

	pthread_mutex_lock(&c->lock);
	stop = c->stop;
	pthread_mutex_unlock(&c->lock);
	return stop;
}

static void *serve(void *arg)
{
	struct http_client *c = arg;

	pthread_setname_np(pthread_self(), "http");
	while (!stopping(c)) {
		int wait;

		take_queue(c);
		wait = look_at_all(c);
		loop_turn(c, begin_held(c) ? 0 : wait);
		take_results(c);
	}
	return NULL;
}

static int start_thread(struct http_client *c, struct gw_err *err)
{
	sigset_t all, old;
	int rc;

	c->multi = c->curl->curl_multi_init();
	if (!c->multi)
		return gw_fail(err, GW_EIO, "libcurl does not start");
	rc = loop_open(c, err);
	if (rc < 0) {
		c->curl->curl_multi_cleanup(c->multi);
		return rc;
	}
	c->curl->curl_multi_setopt(c->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
	c->curl->curl_multi_setopt(c->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)c->opt.max_connections);
	c->curl->curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)c->opt.max_connections);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&c->thread, NULL, serve, c);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (rc) {
		c->curl->curl_multi_cleanup(c->multi);
		loop_close(c);
		return gw_fail(err, GW_EUNAVAIL, "cannot start a thread for the storage server: %s", strerror(rc));
	}
	c->load = load_begin(c->shared);
	c->pid = getpid();
	return 0;
}

int client_wake(struct http_client *c, struct gw_err *err)
{
	if (!c->pid)
		return start_thread(c, err);
	if (c->pid != getpid())
		return gw_fail(err, GW_EBUG, "a client for the storage server was used before a fork");
	loop_wake(c);
	return 0;
}

/* ---- making and freeing ---- */

static void copy_options(struct http_options *o)
{
	const char **strings[] = { &o->ca_file, &o->certificate_file, &o->private_key_file, &o->private_key_password, &o->pin, &o->proxy,
		&o->unix_socket };

	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		*strings[i] = gw_xstrdup(*strings[i]);
	o->connect_timeout_ms = o->connect_timeout_ms ? o->connect_timeout_ms : 5000;
	o->timeout_ms = o->timeout_ms ? o->timeout_ms : 60000;
	o->stall_s = o->stall_s ? o->stall_s : 30;
	o->max_connections = o->max_connections ? o->max_connections : 8;
}

int http_client_new(const struct http_options *opt, struct http_client **ret, struct gw_err *err)
{
	const struct curl *curl = curl_load();
	struct http_client *c;

	if (!curl)
		return gw_fail(err, GW_ENOTSUP, "libcurl is not installed: a storage server behind HTTP needs it");
	c = gw_xalloc(sizeof *c);
	c->opt = *opt;
	copy_options(&c->opt);
	c->curl = curl;
	c->shared = opt->shared ? opt->shared : &c->own;
	c->queue_end = &c->queue;
	c->epoll_fd = c->wake_fd = -1;
	if (pthread_mutex_init(&c->lock, NULL) || pthread_cond_init(&c->stream_closed, NULL))
		gw_bug("cannot make a mutex");
	*ret = c;
	return 0;
}

static void end_thread(struct http_client *c)
{
	if (!c->pid || c->pid != getpid())
		return;
	pthread_mutex_lock(&c->lock);
	c->stop = true;
	loop_wake(c);
	pthread_mutex_unlock(&c->lock);
	pthread_join(c->thread, NULL);
	while (c->n_spare)
		c->curl->curl_easy_cleanup(c->spare[--c->n_spare]);
	c->curl->curl_multi_cleanup(c->multi);
	loop_close(c);
	load_end(c->load);
}

void http_client_free(struct http_client *c)
{
	const char *strings[7];

	if (!c)
		return;
	end_thread(c);
	memcpy(strings, (const char *[]){ c->opt.ca_file, c->opt.certificate_file, c->opt.private_key_file, c->opt.private_key_password,
		c->opt.pin, c->opt.proxy, c->opt.unix_socket }, sizeof strings);
	for (size_t i = 0; i < 7; i++)
		free((char *)strings[i]);
	pthread_mutex_destroy(&c->lock);
	pthread_cond_destroy(&c->stream_closed);
	free(c);
}

const struct http_shared *http_client_shared(const struct http_client *c)
{
	return c->shared;
}

/* ---- calls ---- */

void http_call_init(struct http_call *call)
{
	*call = (struct http_call){ .method = "GET" };
	gw_buf_init(&call->response, 0);
}

void http_call_done(struct http_call *call)
{
	gw_buf_done(&call->response);
	free(call->final_url);
	call->final_url = NULL;
}

static void make_trace(char ret[56])
{
	uint64_t id[3] = { 1, 1, 1 };

	if (getrandom(id, sizeof id, 0) != (ssize_t)sizeof id)
		gw_bug("getrandom");
	snprintf(ret, 56, "00-%016" PRIx64 "%016" PRIx64 "-%016" PRIx64 "-01", id[0], id[1], id[2]);
}

static struct transfer *transfer_new(struct http_client *c, struct http_call *call)
{
	bool streamed = call->read || call->sink;
	struct transfer *t = gw_xalloc(sizeof *t);
	unsigned ms = call->timeout_ms ? call->timeout_ms : streamed ? 0 : c->opt.timeout_ms;

	t->client = c;
	t->call = call;
	t->url = gw_xstrdup(call->url);
	t->begun_us = gw_mono_us(c->opt.clock);
	t->deadline_ms = ms ? client_now(c) + ms : 0;
	make_trace(t->traceparent);
	if (pthread_cond_init(&t->done, NULL))
		gw_bug("cannot make a condition");
	call->err.code = 0;
	return t;
}

void http_start(struct http_client *c, struct http_call *call)
{
	struct transfer *t = transfer_new(c, call);
	int rc = request_check(call, &call->err);

	call->state = t;
	pthread_mutex_lock(&c->lock);
	if (rc == 0)
		rc = client_wake(c, &call->err);
	if (rc < 0) {
		t->rc = rc;
		t->back = true;
	} else {
		atomic_fetch_add(&c->load->in_flight, 1);
		atomic_fetch_add_explicit(&c->shared->requests, 1, memory_order_relaxed);
		*c->queue_end = t;
		c->queue_end = &t->next;
	}
	pthread_mutex_unlock(&c->lock);
	if (rc < 0 && call->ended)
		call->ended(call->ended_ctx);
}

int http_wait(struct http_client *c, struct http_call *call, struct gw_err *err)
{
	struct transfer *t = call->state;
	int rc;

	pthread_mutex_lock(&c->lock);
	while (!t->back)
		pthread_cond_wait(&t->done, &c->lock);
	pthread_mutex_unlock(&c->lock);
	rc = t->rc;
	if (rc < 0 && err)
		*err = call->err;
	pthread_cond_destroy(&t->done);
	free(t->url);
	free(t);
	call->state = NULL;
	return rc;
}

int http_do(struct http_client *c, struct http_call *call, struct gw_err *err)
{
	http_start(c, call);
	return http_wait(c, call, err);
}

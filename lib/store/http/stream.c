/* stream.c - answers that go on for long: event streams (see http.h) */
#include "store/http/priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

#define set(c, easy, option, value) ((void)(c)->curl->curl_easy_setopt((easy), (option), (value)))

static uint64_t real_ms(void)
{
	return gw_mono_ms(gw_clock_system());
}

/* When it is dead unless something comes. */
static uint64_t dead_ms(const struct http_stream *s)
{
	return s->heard_ms + s->opt.silence_s * UINT64_C(1000);
}

static long status_of(const struct http_stream *s)
{
	long status = 0;

	s->client->curl->curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

/* Interim answers (1xx) open nothing. */
static void tell_open(struct http_stream *s)
{
	if (s->opened || status_of(s) < 200)
		return;
	s->opened = true;
	s->opt.open(s->opt.ctx, (int)status_of(s));
}

static size_t on_body(char *p, size_t one, size_t n, void *arg)
{
	struct http_stream *s = arg;

	(void)one;
	s->heard_ms = real_ms();
	tell_open(s);
	if (status_of(s) / 100 != 2) { /* a refusal: what it says is no event, and it may have no end */
		snprintf(s->ours, sizeof s->ours, "it was refused with status %ld", status_of(s));
		return 0;
	}
	s->opt.bytes(s->opt.ctx, gw_slice(p, n));
	return n;
}

static size_t on_field(char *p, size_t one, size_t n, void *arg)
{
	struct http_stream *s = arg;

	(void)one;
	s->heard_ms = real_ms();
	s->field_octets += n;
	if (s->field_octets > HTTP_HEADERS) {
		snprintf(s->ours, sizeof s->ours, "its header is longer than %zu octets", HTTP_HEADERS);
		return 0;
	}
	if (n == 2 && p[0] == '\r') /* the end of the header; bytes may come much later */
		tell_open(s);
	return n;
}

static void let_go(struct http_stream *s)
{
	struct http_client *c = s->client;

	if (!s->easy)
		return;
	c->curl->curl_multi_remove_handle(c->multi, s->easy);
	client_easy_done(c, s->easy);
	request_forget(c, &s->fields);
	s->easy = NULL;
	atomic_fetch_sub(&c->load->streams, 1);
}

void stream_add(struct http_client *c, struct http_stream *s)
{
	s->next = c->streams;
	s->back = &c->streams;
	if (s->next)
		s->next->back = &s->next;
	c->streams = s;
}

void stream_start(struct http_client *c, struct http_stream *s)
{
	bool ready;

	s->easy = client_easy(c);
	ready = s->easy && request_common(c, s->easy, s->opt.url, s->opt.authorization, &s->fields, s->headers, s->opt.n_headers, s->problem);
	if (s->easy)
		atomic_fetch_add(&c->load->streams, 1);
	if (!ready) {
		let_go(s);
		s->ended = true;
		s->opt.end(s->opt.ctx, "libcurl cannot do what the options of the storage server ask for");
		return;
	}
	/* Streams are many and say little: with HTTP/2 they share connections. Calls have one each, for a server that has a process a
	 * connection (Cyrus) works at one request of it at a time. */
	set(c, s->easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
	set(c, s->easy, CURLOPT_WRITEFUNCTION, on_body);
	set(c, s->easy, CURLOPT_WRITEDATA, s);
	set(c, s->easy, CURLOPT_HEADERFUNCTION, on_field);
	set(c, s->easy, CURLOPT_HEADERDATA, s);
	set(c, s->easy, CURLOPT_BUFFERSIZE, 4096L);
	set(c, s->easy, CURLOPT_PRIVATE, (char *)s + 1); /* odd: no transfer */
	/* Silence is looked for here: libcurl would wake up for each stream every second. */
	s->heard_ms = real_ms();
	if (c->silence_due_ms > dead_ms(s))
		c->silence_due_ms = dead_ms(s);
	c->curl->curl_multi_add_handle(c->multi, s->easy);
}

void stream_ended(struct http_stream *s, CURLcode code)
{
	const char *reason = "the server ended it";
	char why[CURL_ERROR_SIZE];

	if (code == CURLE_OK)
		tell_open(s);
	if (s->ours[0])
		reason = s->ours;
	else if (s->problem[0])
		reason = s->problem;
	else if (code != CURLE_OK)
		reason = s->client->curl->curl_easy_strerror(code);
	snprintf(why, sizeof why, "%s", reason);
	let_go(s);
	s->ended = true;
	s->opt.end(s->opt.ctx, why);
}

void streams_reap(struct http_client *c)
{
	for (struct http_stream *s; (s = c->closing_streams);) {
		c->closing_streams = s->next_closing;
		*s->back = s->next;
		if (s->next)
			s->next->back = s->back;
		let_go(s);
		s->closed = true;
		pthread_cond_broadcast(&c->stream_closed);
	}
}

uint64_t streams_look(struct http_client *c)
{
	uint64_t now = real_ms(), due = UINT64_MAX;

	if (now < c->silence_due_ms)
		return c->silence_due_ms - now;
	for (struct http_stream *s = c->streams; s; s = s->next) {
		uint64_t dead = dead_ms(s);

		if (!s->easy)
			continue;
		if (dead > now) {
			due = dead < due ? dead : due;
			continue;
		}
		snprintf(s->ours, sizeof s->ours, "nothing came of it for %u seconds", s->opt.silence_s);
		stream_ended(s, CURLE_OPERATION_TIMEDOUT);
	}
	c->silence_due_ms = due;
	return due - now;
}

static void free_stream(struct http_stream *s)
{
	for (size_t i = 0; i < s->opt.n_headers; i++) {
		free((char *)s->headers[i].name);
		free((char *)s->headers[i].value);
	}
	gw_wipe((char *)s->opt.authorization.p, s->opt.authorization.n);
	free((char *)s->opt.authorization.p);
	free((char *)s->opt.url);
	free(s->headers);
	free(s);
}

int http_stream_open(struct http_client *c, const struct http_stream_options *opt, struct http_stream **ret, struct gw_err *err)
{
	const struct http_call like = { .authorization = opt->authorization, .headers = opt->headers, .n_headers = opt->n_headers };
	struct http_stream *s;
	int rc = request_check(&like, err);

	if (rc < 0)
		return rc;
	s = gw_xalloc(sizeof *s);
	s->client = c;
	s->opt = *opt;
	s->opt.url = gw_xstrdup(opt->url);
	s->opt.authorization.p = gw_xslicedup(opt->authorization);
	s->headers = gw_xcalloc(opt->n_headers + 1, sizeof *s->headers);
	for (size_t i = 0; i < opt->n_headers; i++)
		s->headers[i] = (struct http_header){ gw_xstrdup(opt->headers[i].name), gw_xstrdup(opt->headers[i].value) };
	pthread_mutex_lock(&c->lock);
	rc = client_wake(c, err);
	if (rc == 0) {
		s->next = c->new_streams;
		c->new_streams = s;
	}
	pthread_mutex_unlock(&c->lock);
	if (rc == 0)
		*ret = s;
	else
		free_stream(s);
	return rc;
}

void http_stream_close(struct http_stream *s)
{
	struct http_client *c = s->client;

	pthread_mutex_lock(&c->lock);
	s->closing = true;
	s->next_closing = c->closing_streams;
	c->closing_streams = s;
	while (client_wake(c, NULL) == 0 && !s->closed) /* a child of a fork has no thread that would close it */
		pthread_cond_wait(&c->stream_closed, &c->lock);
	pthread_mutex_unlock(&c->lock);
	free_stream(s);
}

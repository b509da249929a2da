/* http.c - the listener of metrics (see http.h)
 *
 * A connection: read until the head is whole, write the answer, say that no more comes, wait a moment for the client to
 * close, so that it gets all of it. */
#include "daemon/http.h"

#include "ctl/http.h"
#include "daemon/server.h"
#include "daemon/stats_text.h"
#include "util/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNS_MAX 32u
#define HEAD_S 10     /* from the beginning until the head is whole */
#define ANSWER_S 30   /* until the answer is read */
#define GOODBYE_S 2
#define GOODBYE_BYTES (64u * 1024) /* thrown away meanwhile */
#define PAUSE_MS 250  /* when there are no descriptors */

enum phase { PHASE_HEAD, PHASE_ANSWER, PHASE_GOODBYE };

struct http_conn {
	struct http_conn *newer, *older;
	struct http *h;
	int fd;
	enum phase phase;
	struct event readable, writable, deadline;
	struct gw_buf in, out;
	size_t sent;
	size_t wasted;
};

struct http {
	struct server *s;
	struct http_conn *newest, *oldest;
	unsigned n;
	struct event *accept; /* one a listener */
	size_t n_accept;
	struct event pause;
};

/* ---- connections ---- */

static void conn_free(struct http_conn *c)
{
	struct http *h = c->h;

	*(c->newer ? &c->newer->older : &h->newest) = c->older;
	*(c->older ? &c->older->newer : &h->oldest) = c->newer;
	h->n--;
	event_del(&c->readable);
	event_del(&c->writable);
	event_del(&c->deadline);
	close(c->fd);
	gw_buf_done(&c->in);
	gw_buf_done(&c->out);
	free(c);
}

static void until(struct http_conn *c, int seconds)
{
	const struct timeval tv = { seconds, 0 };

	event_add(&c->deadline, &tv);
}

/* ---- answers ---- */

typedef int put_body(struct server *s, const struct gw_http_request *r, struct gw_buf *out, const char **type);

static int put_metrics(struct server *s, const struct gw_http_request *r, struct gw_buf *out, const char **type)
{
	bool open = gw_http_accepts(r->accept, GW_S("application/openmetrics-text"));

	*type = open ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";
	stats_put_text(s, open ? STATS_OPENMETRICS : STATS_PLAIN, out);
	return 200;
}

static int put_verdict(struct gw_buf *out, const char *trouble)
{
	gw_buf_printf(out, "%s\n", trouble ? trouble : "ok");
	return trouble ? 503 : 200;
}

static int put_health(struct server *s, const struct gw_http_request *r, struct gw_buf *out, const char **type)
{
	(void)r, (void)type;
	return put_verdict(out, server_alive(s) ? NULL : "event loops or workers hang");
}

static int put_ready(struct server *s, const struct gw_http_request *r, struct gw_buf *out, const char **type)
{
	const char *trouble = NULL;

	(void)r, (void)type;
	if (!server_ready(s, &trouble))
		return put_verdict(out, trouble);
	if (s->g.fork_model ? s->keeper == 0 : !s->g.store)
		trouble = "the mail store is not open";
	else if (!server_alive(s))
		trouble = "event loops or workers hang";
	else if (reg_used(&s->g.reg) >= s->g.reg.n_slots)
		trouble = "max_connections is reached";
	return put_verdict(out, trouble);
}

static const struct {
	const char *path;
	put_body *put;
} pages[] = { { "/metrics", put_metrics }, { "/healthz", put_health }, { "/readyz", put_ready } };
#define PAGES (sizeof pages / sizeof *pages)

static int put_page(struct server *s, const struct gw_http_request *r, struct gw_buf *body, const char **type)
{
	if (!gw_slice_eq(r->method, GW_S("GET")) && !gw_slice_eq(r->method, GW_S("HEAD"))) {
		gw_buf_printf(body, "only GET and HEAD are served here\n");
		return 405;
	}
	for (size_t i = 0; i < PAGES; i++)
		if (gw_slice_eq(r->path, gw_slice_str(pages[i].path)))
			return pages[i].put(s, r, body, type);
	for (size_t i = 0; i < PAGES; i++)
		gw_buf_printf(body, "%s\n", pages[i].path);
	return 404;
}

static void put_answer(struct gw_buf *out, int status, const char *type, struct gw_slice body, bool only_head)
{
	gw_buf_printf(out, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%sCache-Control: no-store\r\n"
		      "Connection: close\r\n\r\n", status, gw_http_reason(status), type, body.n,
		      status == 405 ? "Allow: GET, HEAD\r\n" : "");
	if (!only_head)
		gw_buf_add_slice(out, body);
}

/* ---- the course of a connection ---- */

static void say_goodbye(struct http_conn *c)
{
	c->phase = PHASE_GOODBYE;
	shutdown(c->fd, SHUT_WR);
	event_del(&c->writable);
	event_add(&c->readable, NULL);
	until(c, GOODBYE_S);
}

static void send_answer(struct http_conn *c)
{
	while (c->sent < c->out.n) {
		ssize_t n = send(c->fd, c->out.p + c->sent, c->out.n - c->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0) {
			c->sent += (size_t)n;
		} else if (errno == EAGAIN) {
			event_add(&c->writable, NULL);
			return;
		} else if (errno != EINTR) {
			conn_free(c);
			return;
		}
	}
	say_goodbye(c);
}

static void begin_answer(struct http_conn *c)
{
	c->phase = PHASE_ANSWER;
	event_del(&c->readable);
	until(c, ANSWER_S);
	send_answer(c);
}

/* What came is no request that could be served. */
static void refuse(struct http_conn *c, int status)
{
	put_answer(&c->out, status, "text/plain", gw_slice_str(gw_http_reason(status)), false);
	begin_answer(c);
}

static void answer(struct http_conn *c, const struct gw_http_request *r)
{
	const char *type = "text/plain; charset=utf-8";
	struct gw_buf body;
	int status;

	gw_buf_init(&body, 0);
	status = put_page(c->h->s, r, &body, &type);
	put_answer(&c->out, status, type, gw_buf_slice(&body), gw_slice_eq(r->method, GW_S("HEAD")));
	gw_buf_done(&body);
	begin_answer(c);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct http_conn *c = arg;
	struct gw_http_request r;
	char piece[2048];
	ssize_t n = recv(fd, piece, c->phase == PHASE_GOODBYE || GW_HTTP_HEAD_MAX - c->in.n > sizeof piece ?
				    sizeof piece : GW_HTTP_HEAD_MAX - c->in.n, MSG_DONTWAIT);
	int status;

	(void)what;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		c->wasted += (size_t)n;
	if (n <= 0 || (c->phase == PHASE_GOODBYE && c->wasted > GOODBYE_BYTES)) {
		conn_free(c);
		return;
	}
	if (c->phase != PHASE_HEAD)
		return;
	gw_buf_add(&c->in, piece, (size_t)n);
	status = gw_http_parse(gw_buf_slice(&c->in), &r);
	if (status == 200)
		answer(c, &r);
	else if (status)
		refuse(c, status);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	send_answer(arg);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct http_conn *c = arg;

	(void)fd, (void)what;
	if (c->phase == PHASE_HEAD && c->in.n)
		refuse(c, 408);
	else
		conn_free(c);
}

/* ---- taking them ---- */

static void conn_new(struct http *h, int fd)
{
	struct http_conn *c = gw_xalloc(sizeof *c);

	c->h = h;
	c->fd = fd;
	c->older = h->newest;
	*(h->newest ? &h->newest->newer : &h->oldest) = c;
	h->newest = c;
	h->n++;
	gw_buf_init(&c->in, GW_HTTP_HEAD_MAX);
	gw_buf_init(&c->out, 0);
	event_assign(&c->readable, h->s->base, fd, EV_READ | EV_PERSIST, on_readable, c);
	event_assign(&c->writable, h->s->base, fd, EV_WRITE, on_writable, c);
	evtimer_assign(&c->deadline, h->s->base, on_deadline, c);
	event_add(&c->readable, NULL);
	until(c, HEAD_S);
}

static void arm(struct http *h, bool on)
{
	for (size_t i = 0; i < h->n_accept; i++) {
		if (on)
			event_add(&h->accept[i], NULL);
		else
			event_del(&h->accept[i]);
	}
}

static void on_pause_over(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	arm(arg, true);
}

static void on_accept(evutil_socket_t fd, short what, void *arg)
{
	const struct timeval pause = { 0, PAUSE_MS * 1000 };
	struct http *h = arg;
	int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)what;
	if (client >= 0) {
		if (h->n == CONNS_MAX)
			conn_free(h->oldest);
		conn_new(h, client);
	} else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
		arm(h, false);
		event_add(&h->pause, &pause);
	}
}

/* ---- life ---- */

struct http *http_serve(struct server *s)
{
	const struct listeners *ls = &s->listeners;
	struct http *h = gw_xalloc(sizeof *h);

	h->s = s;
	h->accept = gw_xcalloc(ls->n, sizeof *h->accept);
	evtimer_assign(&h->pause, s->base, on_pause_over, h);
	for (size_t i = 0; i < ls->n; i++)
		if (ls->v[i].service == &service_metrics)
			event_assign(&h->accept[h->n_accept++], s->base, ls->v[i].fd, EV_READ | EV_PERSIST, on_accept, h);
	arm(h, true);
	return h;
}

void http_stop(struct http *h)
{
	if (!h)
		return;
	for (struct http_conn *c = h->newest, *older; c; c = older) {
		older = c->older;
		conn_free(c);
	}
	arm(h, false);
	event_del(&h->pause);
	free(h->accept);
	free(h);
}

void http_abandon(struct http *h)
{
	for (struct http_conn *c = h ? h->newest : NULL; c; c = c->older)
		close(c->fd);
}

/* loop.c - what the client's thread sleeps in: epoll, and libcurl told of what happened alone
 *
 * libcurl says which sockets it waits for and when it wants to be called at the latest; an event is then worth one call, however many
 * streams there are. (curl_multi_poll() looks at every transfer whenever one of them has something.) */
#include "store/http/priv.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define EVENTS 64 /* taken at once */
#define NEVER  UINT64_MAX

static uint64_t real_ms(void) /* libcurl's timers run by it, whatever clock the client was given */
{
	return gw_mono_ms(gw_clock_system());
}

/* ---- what libcurl says ---- */

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *known)
{
	struct http_client *c = ctx;
	struct epoll_event e = { .data.fd = fd };

	(void)easy;
	(void)known;
	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(c->epoll_fd, EPOLL_CTL_DEL, fd, &e);
		return 0;
	}
	e.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
	if (epoll_ctl(c->epoll_fd, EPOLL_CTL_MOD, fd, &e) < 0)
		epoll_ctl(c->epoll_fd, EPOLL_CTL_ADD, fd, &e); /* if it fails the transfer stalls, and ends for that */
	return 0;
}

static int on_timer(CURLM *multi, long ms, void *ctx)
{
	struct http_client *c = ctx;

	(void)multi;
	c->curl_due_ms = ms < 0 ? NEVER : real_ms() + (uint64_t)ms;
	return 0;
}

/* ---- opening and closing ---- */

int loop_open(struct http_client *c, struct gw_err *err)
{
	struct epoll_event e = { .events = EPOLLIN };

	c->curl_due_ms = NEVER;
	c->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	c->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	e.data.fd = c->wake_fd;
	if (c->epoll_fd < 0 || c->wake_fd < 0 || epoll_ctl(c->epoll_fd, EPOLL_CTL_ADD, c->wake_fd, &e) < 0) {
		loop_close(c);
		return gw_fail(err, GW_EIO, "cannot wait for the storage server: %s", strerror(errno));
	}
	c->curl->curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	c->curl->curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
	c->curl->curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	c->curl->curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
	return 0;
}

void loop_close(struct http_client *c)
{
	if (c->epoll_fd >= 0)
		close(c->epoll_fd);
	if (c->wake_fd >= 0)
		close(c->wake_fd);
	c->epoll_fd = c->wake_fd = -1;
}

void loop_wake(struct http_client *c)
{
	const uint64_t one = 1;
	ssize_t n = write(c->wake_fd, &one, sizeof one); /* EAGAIN: it is awake */

	(void)n;
}

/* ---- one turn ---- */

static void take_event(struct http_client *c, const struct epoll_event *e)
{
	int running, what = (e->events & EPOLLIN ? CURL_CSELECT_IN : 0) | (e->events & EPOLLOUT ? CURL_CSELECT_OUT : 0);
	uint64_t count;
	ssize_t n;

	if (e->data.fd == c->wake_fd) {
		n = read(c->wake_fd, &count, sizeof count);
		(void)n;
		return;
	}
	if (e->events & (EPOLLERR | EPOLLHUP))
		what = 0; /* libcurl looks for itself */
	c->curl->curl_multi_socket_action(c->multi, e->data.fd, what, &running);
}

static int sleep_ms(const struct http_client *c, int wait_ms)
{
	uint64_t now = real_ms();

	if (c->curl_due_ms == NEVER)
		return wait_ms;
	if (c->curl_due_ms <= now)
		return 0;
	return c->curl_due_ms - now < (uint64_t)wait_ms ? (int)(c->curl_due_ms - now) : wait_ms;
}

void loop_turn(struct http_client *c, int wait_ms)
{
	struct epoll_event v[EVENTS];
	int running, n = epoll_wait(c->epoll_fd, v, EVENTS, sleep_ms(c, wait_ms));

	for (int i = 0; i < n; i++)
		take_event(c, &v[i]);
	if (c->curl_due_ms <= real_ms()) {
		c->curl_due_ms = NEVER; /* libcurl says anew */
		c->curl->curl_multi_socket_action(c->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
}

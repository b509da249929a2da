/* live.c - short questions to the daemon, against the clock (see live.h) */
#include "gwctl/live.h"

#include "util/clock.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct question {
	int fd;
	int64_t end_ms; /* of our patience */
	struct gw_ctl_in in;
};

static bool wait_for(const struct question *q, short events)
{
	struct pollfd p = { .fd = q->fd, .events = events };
	int64_t left = q->end_ms - (int64_t)gw_mono_ms(gw_clock_system());

	return left > 0 && poll(&p, 1, (int)left) == 1;
}

static enum live connect_to(struct question *q, const char *path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof sa.sun_path || !*path)
		return LIVE_NOT_RUNNING;
	memcpy(sa.sun_path, path, strlen(path) + 1);
	q->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (q->fd >= 0 && connect(q->fd, (struct sockaddr *)&sa, sizeof sa) == 0)
		return LIVE_OK;
	if (errno == EACCES || errno == EPERM)
		return LIVE_DENIED;
	return errno == EAGAIN ? LIVE_NO_ANSWER : LIVE_NOT_RUNNING;
}

/* The next line in time. */
static bool get_line(struct question *q, struct gw_slice *ret)
{
	char piece[16384];

	while (!gw_ctl_in_next(&q->in, ret)) {
		ssize_t n;

		if (!wait_for(q, POLLIN))
			return false;
		n = recv(q->fd, piece, sizeof piece, MSG_DONTWAIT);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0 || !gw_ctl_in_add(&q->in, gw_slice(piece, (size_t)n)))
			return false;
	}
	return true;
}

static bool put_line(const struct question *q, const char *request)
{
	struct gw_buf b;
	bool ok;

	gw_buf_init(&b, GW_CTL_LINE_MAX + 1);
	ok = gw_buf_printf(&b, "%s\n", request) && send(q->fd, b.p, b.n, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)b.n;
	gw_buf_done(&b);
	return ok;
}

static enum live converse(struct question *q, const char *request, size_t max, void (*row)(void *, struct gw_slice),
	void (*end)(void *, struct gw_slice), void *ctx)
{
	struct gw_ctl_greeting greeting;
	struct gw_ctl_answer a;
	struct gw_slice line;

	if (!get_line(q, &line) || !gw_ctl_parse_greeting(line, &greeting) || !put_line(q, request))
		return LIVE_NO_ANSWER;
	for (size_t rows = 0; rows < max && get_line(q, &line);) {
		switch (gw_ctl_parse_answer(line, &a)) {
		case GW_CTL_LINE_DATA:
			rows++;
			if (row)
				row(ctx, a.json);
			if (rows == max)
				return LIVE_OK;
			break;
		case GW_CTL_LINE_OK:
			if (end)
				end(ctx, a.json);
			return LIVE_OK;
		case GW_CTL_LINE_ERR:
			return LIVE_REFUSED;
		default:
			return LIVE_NO_ANSWER;
		}
	}
	return LIVE_NO_ANSWER;
}

enum live live_ask(const struct options *o, const char *request, unsigned ms, size_t max, void (*row)(void *, struct gw_slice),
	void (*end)(void *, struct gw_slice), void *ctx)
{
	struct question q = { .fd = -1, .end_ms = (int64_t)gw_mono_ms(gw_clock_system()) + ms };
	struct gw_err note = { .text = "" };
	char *path = o->socket ? gw_xstrdup(o->socket) : gw_control_path(o->config, &note);
	enum live rc = connect_to(&q, path);

	gw_ctl_in_init(&q.in, GW_CTL_REPLY_MAX);
	if (rc == LIVE_OK)
		rc = converse(&q, request, max, row, end, ctx);
	if (q.fd >= 0)
		close(q.fd);
	gw_ctl_in_done(&q.in);
	free(path);
	return rc;
}

size_t live_member(struct gw_slice json, const char *key, char *ret, size_t cap)
{
	struct gw_ctl_member m;
	struct gw_arena arena;
	size_t n = 0;

	gw_arena_init(&arena, 0, 0);
	*ret = '\0';
	while (n == 0 && gw_ctl_json_next(&json, &arena, &m) > 0)
		if (gw_slice_eq(m.key, gw_slice_str(key)) && m.kind != GW_CTL_JSON_NULL) {
			n = m.value.n < cap ? m.value.n : cap - 1;
			memcpy(ret, m.value.p, n);
			ret[n] = '\0';
		}
	gw_arena_done(&arena);
	return n;
}

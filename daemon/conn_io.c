/* conn_io.c - the bytes of a connection: encrypting, sending, decrypting, closing (see conn.h)
 *
 * Called by whoever owns the connection at the moment, a loop or a worker, with the buffers of that thread. */
#include "daemon/conn.h"

#include "daemon/daemon.h"
#include "util/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define IOV_MAX_HERE 32
#define LINGER_S 3
#define LINGER_BYTES (1024u * 1024)

uint32_t conn_clock_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return (uint32_t)t.tv_sec;
}

size_t conn_unsent(const struct conn *c)
{
	return c->out.n + (c->deflate ? c->deflate->wire.n : 0) + (c->tls ? c->tls->wire.n : 0);
}

/* One call: a single piece needs no vector. */
static ssize_t put_plain(const struct conn *c, const struct gw_out *out)
{
	struct iovec iov[IOV_MAX_HERE];
	struct msghdr msg = { .msg_iov = iov };

	msg.msg_iovlen = (size_t)gw_out_iov(out, iov, IOV_MAX_HERE);
	if (msg.msg_iovlen == 1)
		return send(c->fd, iov[0].iov_base, iov[0].iov_len, MSG_NOSIGNAL | MSG_DONTWAIT);
	return sendmsg(c->fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static uint64_t flush_plain(struct conn *c, struct gw_out *out)
{
	uint64_t sent = 0;

	while (out->n) {
		size_t before = out->n;
		ssize_t n = put_plain(c, out);

		if (n < 0) {
			c->dead = errno != EAGAIN && errno != EINTR;
			break;
		}
		gw_out_drop(out, (size_t)n);
		sent += (uint64_t)n;
		if ((size_t)n < before && before <= GW_OUT_LOW)
			break; /* the socket is full: another call would only say so */
	}
	return sent;
}

static uint64_t send_out(struct conn *c, struct scratch *io, struct gw_out *out, bool last)
{
	uint64_t sent = 0;

	if (!c->tls)
		return flush_plain(c, out);
	if (tls_flush(c->tls, io, c->fd, out, last, &sent) == TLS_FAILED)
		c->dead = true;
	return sent;
}

/* Compress and send by turns, as long as the socket takes it all. */
static uint64_t send_compressed(struct conn *c, struct scratch *io, bool last)
{
	struct gw_out *wire = &c->deflate->wire;
	uint64_t sent = 0;

	do {
		deflate_write(c->deflate, io, &c->out);
		sent += send_out(c, io, wire, last && c->out.n == 0);
	} while (c->out.n && wire->n == 0 && !c->dead && !(c->tls && c->tls->wire.n));
	return sent;
}

void conn_flush(struct conn *c, struct scratch *io, bool last)
{
	bool waited = conn_unsent(c) > 0;
	uint64_t sent;

	if (c->dead || c->hold_s)
		return;
	sent = c->deflate ? send_compressed(c, io, last) : send_out(c, io, &c->out, last);
	if (sent || !waited || c->sent_s == 0)
		c->sent_s = conn_clock_s();
	if (sent)
		stats_add(&c->loop->g->stats, STAT_SENT, c->service->id, 0, sent);
	if (sent && c->slot)
		atomic_fetch_add_explicit(&c->slot->bytes_out, sent, memory_order_relaxed);
}

/* ---- closing ---- */

/* A socket that is closed with unread input resets the connection, and the client may lose the line that says why. So
 * what comes is read and thrown away for a moment. */
struct farewell {
	struct event event;
	size_t left;
	uint32_t end_s; /* by conn_clock_s(): silence is not waited for, and dripping neither */
	int fd;
};

static void on_farewell(evutil_socket_t fd, short what, void *arg)
{
	char waste[4096];
	struct farewell *l = arg;
	ssize_t n = what & EV_TIMEOUT ? 0 : read(fd, waste, sizeof waste);

	if (n > 0 && l->left > (size_t)n && (int32_t)(conn_clock_s() - l->end_s) < 0) {
		l->left -= (size_t)n;
		return;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	event_del(&l->event);
	close(fd);
	free(l);
}

static void say_farewell(struct conn *c)
{
	struct farewell *l = gw_xalloc(sizeof *l);
	const struct timeval limit = { LINGER_S, 0 };

	l->fd = c->fd;
	l->left = LINGER_BYTES;
	l->end_s = conn_clock_s() + LINGER_S;
	shutdown(c->fd, SHUT_WR);
	event_assign(&l->event, c->loop->base, c->fd, EV_READ | EV_PERSIST, on_farewell, l);
	event_add(&l->event, &limit);
}

void conn_close_socket(struct conn *c)
{
	int unread = 0;

	bool gently = !c->dead && !c->broken && !c->eof_s && ioctl(c->fd, FIONREAD, &unread) == 0 &&
		      (unread > 0 || c->lingers);

	if (!gently)
		close(c->fd);
	else if (c->loop->inline_jobs)
		c->loop->farewell_fd = c->fd;
	else
		say_farewell(c);
	c->fd = -1;
}

/* socket.c - conversations with a running server over TCP (see conv.h) */
#include "tests/conv/conv.h"
#include "util/mem.h"

#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#define ZLIB_CONST /* input is const */
#include <zlib.h>

#define LINKS 10
#define WAIT_MS 30000 /* for a line that must come; a storage server behind the gateway may be slow */
#define REST_MS 1000  /* for one that must not */

/* Both directions of a compressed connection. */
struct layer {
	z_stream in, out;
};

struct place {
	char host[256];
	char port[16];
};

struct sockets {
	const char *proto; /* of a connection to `main`; others go to `imap` */
	struct place main, imap;
	int fd[LINKS];
	struct conv_link *link[LINKS];
	struct layer *layer[LINKS]; /* NULL: plain */
};

static bool read_place(const char *text, struct place *ret)
{
	const char *colon = strrchr(text, ':');

	if (!colon || (size_t)(colon - text) >= sizeof ret->host || strlen(colon + 1) >= sizeof ret->port)
		return false;
	memcpy(ret->host, text, (size_t)(colon - text));
	strcpy(ret->port, colon + 1);
	return true;
}

static void *socket_start(const struct conv_setup *setup)
{
	struct sockets *s = gw_xalloc(sizeof *s);

	s->proto = setup->proto;
	if (!read_place(setup->connect, &s->main) || (setup->imap && !read_place(setup->imap, &s->imap))) {
		free(s);
		return NULL;
	}
	for (unsigned i = 0; i < LINKS; i++)
		s->fd[i] = -1;
	return s;
}

/* ---- compression (RFC 4978) ---- */

static void layer_begin(struct sockets *s, unsigned n)
{
	struct layer *l = gw_xalloc(sizeof *l);

	inflateInit2(&l->in, -15);
	deflateInit2(&l->out, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
	s->layer[n] = l;
}

static void layer_end(struct sockets *s, unsigned n)
{
	struct layer *l = s->layer[n];

	if (!l)
		return;
	inflateEnd(&l->in);
	deflateEnd(&l->out);
	free(l);
	s->layer[n] = NULL;
}

/* What was received becomes what the server said; false: it is not DEFLATE. */
static bool unpack(struct layer *l, struct gw_slice got, struct gw_buf *to)
{
	unsigned char plain[65536];
	int rc;

	l->in.next_in = (const Bytef *)got.p;
	l->in.avail_in = (uInt)got.n;
	do {
		l->in.next_out = plain;
		l->in.avail_out = sizeof plain;
		rc = inflate(&l->in, Z_SYNC_FLUSH);
		gw_buf_add(to, plain, sizeof plain - l->in.avail_out);
	} while (rc == Z_OK && (l->in.avail_in || l->in.avail_out == 0));
	return rc == Z_OK || rc == Z_BUF_ERROR;
}

static void pack(struct layer *l, struct gw_slice bytes, struct gw_buf *to)
{
	unsigned char packed[4096];

	l->out.next_in = (const Bytef *)bytes.p;
	l->out.avail_in = (uInt)bytes.n;
	do {
		l->out.next_out = packed;
		l->out.avail_out = sizeof packed;
		deflate(&l->out, Z_SYNC_FLUSH);
		gw_buf_add(to, packed, sizeof packed - l->out.avail_out);
	} while (l->out.avail_out == 0);
}

/* ---- connections ---- */

static void socket_hangup(void *b, unsigned n)
{
	struct sockets *s = b;

	layer_end(s, n);
	if (s->fd[n] >= 0)
		close(s->fd[n]);
	s->fd[n] = -1;
}

static void socket_stop(void *b)
{
	for (unsigned i = 0; i < LINKS; i++)
		socket_hangup(b, i);
	free(b);
}

static bool socket_open(void *b, unsigned n, struct conv_link *link)
{
	struct sockets *s = b;
	const struct place *to = strcmp(link->proto, s->proto) == 0 ? &s->main : &s->imap;
	struct addrinfo hint = { .ai_socktype = SOCK_STREAM }, *ai;
	int fd;

	if (getaddrinfo(to->host, to->port, &hint, &ai) != 0)
		return false;
	fd = socket(ai->ai_family, ai->ai_socktype, 0);
	if (fd >= 0 && connect(fd, ai->ai_addr, ai->ai_addrlen) < 0) {
		close(fd);
		fd = -1;
	}
	freeaddrinfo(ai);
	s->fd[n] = fd;
	s->link[n] = link;
	return fd >= 0;
}

static bool socket_receive(void *b, unsigned n, bool patient)
{
	struct sockets *s = b;
	struct pollfd p = { .fd = s->fd[n], .events = POLLIN };
	char buf[65536];
	ssize_t got;

	if (s->fd[n] < 0 || poll(&p, 1, patient ? WAIT_MS : REST_MS) <= 0)
		return false;
	got = recv(s->fd[n], buf, sizeof buf, 0);
	if (got <= 0) {
		s->link[n]->closed = true;
		return false;
	}
	if (!s->layer[n])
		return gw_buf_add(&s->link[n]->in, buf, (size_t)got);
	return unpack(s->layer[n], gw_slice(buf, (size_t)got), &s->link[n]->in);
}

static void transmit(struct sockets *s, unsigned n, struct gw_slice bytes)
{
	while (bytes.n && s->fd[n] >= 0) {
		struct pollfd p = { .fd = s->fd[n], .events = POLLIN | POLLOUT };
		ssize_t put;

		if (poll(&p, 1, WAIT_MS) <= 0)
			return;
		if (p.revents & POLLIN && !socket_receive(s, n, true) && s->link[n]->closed)
			return;
		if (!(p.revents & POLLOUT))
			continue;
		put = send(s->fd[n], bytes.p, bytes.n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (put < 0)
			return;
		gw_slice_take(&bytes, (size_t)put);
	}
}

static void socket_send(void *b, unsigned n, struct gw_slice bytes)
{
	struct sockets *s = b;
	struct gw_buf packed;

	if (!s->layer[n]) {
		transmit(s, n, bytes);
		return;
	}
	gw_buf_init(&packed, 0);
	pack(s->layer[n], bytes, &packed);
	transmit(s, n, gw_buf_slice(&packed));
	gw_buf_done(&packed);
}

static void socket_pass_time(void *b, unsigned seconds)
{
	(void)b;
	(void)seconds;
}

static void socket_special(void *b, unsigned n, const char *what)
{
	if (strcmp(what, "compress") == 0)
		layer_begin(b, n);
	else if (strcmp(what, "plain") == 0)
		layer_end(b, n);
}

const struct conv_back conv_socket = {
	.can_setup = false,
	.start = socket_start,
	.stop = socket_stop,
	.open = socket_open,
	.send = socket_send,
	.hangup = socket_hangup,
	.receive = socket_receive,
	.pass_time = socket_pass_time,
	.special = socket_special,
};

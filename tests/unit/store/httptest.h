/* httptest.h - a server of HTTP/1.1 for tests of the client: a test says what it answers
 *
 * On 127.0.0.1 or a UNIX socket, one thread to accept and one a connection. */
#ifndef GW_TESTS_HTTPTEST_H
#define GW_TESTS_HTTPTEST_H

#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/http/http.h"
#include "util/mem.h"

#define SERVER_CONNECTIONS 64
#define SERVER_HEADS       256
#define HEAD_MAX           8192

struct request {
	int fd;
	unsigned number;             /* of the request, from 1 */
	unsigned connection;         /* from 1 */
	char head[HEAD_MAX];         /* request line and fields */
	uint64_t body;               /* octets that came */
	unsigned sum;                /* of them */
};

struct server {
	int listener, port;
	pthread_t thread, each[SERVER_CONNECTIONS];
	bool (*_Atomic answer)(struct request *r); /* false: the connection ends */
	atomic_uint connections, requests;
	atomic_bool let_go;          /* what held an answer back may go on */
	pthread_mutex_t lock;
	char *heads[SERVER_HEADS];
	int fds[SERVER_CONNECTIONS];
	char url[64];
};

static struct server server = { .lock = PTHREAD_MUTEX_INITIALIZER };

static inline bool put(struct request *r, const char *text)
{
	size_t n = strlen(text);

	return send(r->fd, text, n, MSG_NOSIGNAL) == (ssize_t)n;
}

static inline bool answer_with(struct request *r, int status, const char *fields, const char *body)
{
	char text[4096];

	snprintf(text, sizeof text, "HTTP/1.1 %d x\r\nContent-Length: %zu\r\n%s\r\n%s", status, strlen(body), fields, body);
	return put(r, text);
}

/* Wait until the client closes the connection, or the test lets go. */
static inline void hold(const struct request *r)
{
	struct pollfd p = { .fd = r->fd, .events = POLLIN };

	while (!atomic_load(&server.let_go) && poll(&p, 1, 20) == 0)
		continue;
}

static inline bool read_body(struct request *r, const char *rest, size_t n)
{
	const char *field = strcasestr(r->head, "\r\nContent-Length:");
	uint64_t all = field ? strtoull(field + 17, NULL, 10) : 0;
	char piece[65536];

	memcpy(piece, rest, n);
	for (r->body = r->sum = 0;;) {
		ssize_t got;

		for (size_t i = 0; i < n; i++)
			r->sum += (unsigned char)piece[i];
		r->body += n;
		if (r->body >= all)
			return true;
		got = recv(r->fd, piece, sizeof piece, 0);
		if (got <= 0)
			return false;
		n = (size_t)got;
	}
}

static inline bool read_request(struct request *r)
{
	size_t n = 0;
	char *end;

	for (r->head[0] = 0; !(end = strstr(r->head, "\r\n\r\n")); r->head[n] = 0) {
		ssize_t got = n + 1 < sizeof r->head ? recv(r->fd, r->head + n, sizeof r->head - n - 1, 0) : 0;

		if (got <= 0)
			return false;
		n += (size_t)got;
	}
	n -= (size_t)(end + 4 - r->head);
	{
		char rest[HEAD_MAX];

		memcpy(rest, end + 4, n);
		end[2] = 0;
		r->number = atomic_fetch_add(&server.requests, 1) + 1;
		pthread_mutex_lock(&server.lock);
		if (r->number <= SERVER_HEADS)
			server.heads[r->number - 1] = gw_xstrdup(r->head);
		pthread_mutex_unlock(&server.lock);
		return read_body(r, rest, n);
	}
}

static inline void *serve_connection(void *arg)
{
	struct request *r = arg;

	while (read_request(r) && atomic_load(&server.answer)(r))
		continue;
	shutdown(r->fd, SHUT_RDWR);
	free(r);
	return NULL;
}

static inline void *serve_all(void *arg)
{
	int fd;

	while ((fd = accept4(server.listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		struct request *r = gw_xalloc(sizeof *r);
		unsigned n = atomic_load(&server.connections);

		r->fd = server.fds[n] = fd;
		r->connection = n + 1;
		pthread_create(&server.each[n], NULL, serve_connection, r);
		atomic_store(&server.connections, n + 1);
	}
	return arg;
}

static inline void server_listen(struct sockaddr *at, socklen_t n, bool (*answer)(struct request *r))
{
	atomic_store(&server.answer, answer);
	server.listener = socket(at->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(setsockopt(server.listener, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)), 0);
	ck_assert_int_eq(bind(server.listener, at, n), 0);
	ck_assert_int_eq(listen(server.listener, 64), 0);
	ck_assert_int_eq(pthread_create(&server.thread, NULL, serve_all, NULL), 0);
}

/* port 0: any. */
static inline void server_start(int port, bool (*answer)(struct request *r))
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof at;

	server_listen((struct sockaddr *)&at, n, answer);
	ck_assert_int_eq(getsockname(server.listener, (struct sockaddr *)&at, &n), 0);
	server.port = ntohs(at.sin_port);
	snprintf(server.url, sizeof server.url, "http://127.0.0.1:%d/jmap", server.port);
}

/* Its connections are cut. */
static inline void server_stop(void)
{
	atomic_store(&server.let_go, true);
	shutdown(server.listener, SHUT_RDWR);
	pthread_join(server.thread, NULL);
	close(server.listener);
	for (unsigned i = 0; i < atomic_load(&server.connections); i++) {
		shutdown(server.fds[i], SHUT_RDWR);
		pthread_join(server.each[i], NULL);
		close(server.fds[i]);
	}
	for (size_t i = 0; i < SERVER_HEADS; i++) {
		free(server.heads[i]);
		server.heads[i] = NULL;
	}
	atomic_store(&server.connections, 0);
	atomic_store(&server.requests, 0);
	atomic_store(&server.let_go, false);
}

#endif

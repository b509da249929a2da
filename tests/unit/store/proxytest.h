/* proxytest.h - between a gateway and PostgreSQL: something that cuts the connection when a COMMIT goes by
 *
 * One thread, on 127.0.0.1. What it does is set with atomics while it runs. */
#ifndef GW_TESTS_PROXYTEST_H
#define GW_TESTS_PROXYTEST_H

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum proxy_does {
	PROXY_PASS,
	PROXY_CUT_BEFORE,  /* the COMMIT does not arrive */
	PROXY_CUT_AFTER,   /* it does, its answer does not */
	PROXY_HOLD_BEFORE, /* the same, and the connection stands */
	PROXY_HOLD_AFTER,
};

#define PROXY_PAIRS 64

struct proxy {
	pthread_t thread;
	int listener, server_port;
	char url[160];
	atomic_int does;
	atomic_bool refuse, stop; /* refuse: new connections are closed at once */
	atomic_uint commits;      /* that came by */
	struct {
		int client, server;
		bool held;        /* nothing goes back any more */
	} pair[PROXY_PAIRS];
	int n;
};

static inline struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static inline void proxy_accept(struct proxy *p)
{
	struct sockaddr_in to = loopback(p->server_port);
	int client = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC), server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (atomic_load(&p->refuse) || p->n == PROXY_PAIRS || connect(server, (struct sockaddr *)&to, sizeof to) < 0) {
		close(client);
		close(server);
		return;
	}
	p->pair[p->n].client = client;
	p->pair[p->n].server = server;
	p->pair[p->n++].held = false;
}

static inline void proxy_close(struct proxy *p, int i)
{
	close(p->pair[i].client);
	close(p->pair[i].server);
	p->pair[i] = p->pair[--p->n];
}

/* Pass on what has come; false: the pair is over. */
static inline bool proxy_pump(struct proxy *p, int i, bool from_client)
{
	char buf[65536];
	int from = from_client ? p->pair[i].client : p->pair[i].server, to = from_client ? p->pair[i].server : p->pair[i].client;
	ssize_t n = recv(from, buf, sizeof buf, MSG_DONTWAIT);
	bool commit = from_client && n > 0 && memmem(buf, (size_t)n, "COMMIT;", 7);
	int does = commit ? atomic_load(&p->does) : PROXY_PASS;

	if (n <= 0)
		return false;
	if (p->pair[i].held || does == PROXY_HOLD_BEFORE) {
		p->pair[i].held = true;
		n = 0;
	}
	if (does != PROXY_CUT_BEFORE && n && send(to, buf, (size_t)n, MSG_NOSIGNAL) != n)
		return false;
	if (does == PROXY_HOLD_AFTER)
		p->pair[i].held = true;
	if (does == PROXY_CUT_AFTER)
		(void)!recv(p->pair[i].server, buf, 1, MSG_PEEK); /* it was done */
	if (commit)
		atomic_fetch_add(&p->commits, 1);
	return does != PROXY_CUT_BEFORE && does != PROXY_CUT_AFTER;
}

static inline void *proxy_serve(void *arg)
{
	struct proxy *p = arg;

	while (!atomic_load(&p->stop)) {
		struct pollfd v[1 + 2 * PROXY_PAIRS] = { { .fd = p->listener, .events = POLLIN } };
		int n = p->n;

		for (int i = 0; i < n; i++) {
			v[1 + 2 * i] = (struct pollfd){ .fd = p->pair[i].client, .events = POLLIN };
			v[2 + 2 * i] = (struct pollfd){ .fd = p->pair[i].server, .events = POLLIN };
		}
		poll(v, (nfds_t)(1 + 2 * n), 20);
		for (int i = n - 1; i >= 0; i--) {
			bool alive = true;

			if (v[1 + 2 * i].revents)
				alive = proxy_pump(p, i, true);
			if (alive && v[2 + 2 * i].revents)
				alive = proxy_pump(p, i, false);
			if (!alive)
				proxy_close(p, i);
		}
		if (v[0].revents)
			proxy_accept(p);
	}
	while (p->n)
		proxy_close(p, 0);
	return NULL;
}

/* url: of PostgreSQL, with 127.0.0.1:PORT in it. */
static inline void proxy_start(struct proxy *p, const char *url)
{
	const char *host = strstr(url, "127.0.0.1:");
	struct sockaddr_in at = loopback(0);
	socklen_t len = sizeof at;
	int rest = 0;

	memset(p, 0, sizeof *p);
	ck_assert_int_eq(sscanf(host, "127.0.0.1:%d%n", &p->server_port, &rest), 1);
	p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(p->listener, (struct sockaddr *)&at, sizeof at), 0);
	ck_assert_int_eq(listen(p->listener, 16), 0);
	getsockname(p->listener, (struct sockaddr *)&at, &len);
	snprintf(p->url, sizeof p->url, "%.*s127.0.0.1:%d%s", (int)(host - url), url, ntohs(at.sin_port), host + rest);
	ck_assert_int_eq(pthread_create(&p->thread, NULL, proxy_serve, p), 0);
}

static inline void proxy_stop(struct proxy *p)
{
	atomic_store(&p->stop, true);
	pthread_join(p->thread, NULL);
	close(p->listener);
}

#endif

/* live_store.c - does the storage server answer?
 *
 * Names are looked up, connections made and TLS spoken in a child that is stopped when its time is over: none of these
 * can be relied on to come back. Of a Kopano storage server any line of HTTP is an answer; it need not be a friendly one. A JMAP
 * server is looked at more closely (live_backend.c). */
#include "gwcfg/live.h"

#include "gwcfg/openssl.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#define DEADLINE_MS 3000
#define DEFAULT_SOCKET "/var/run/kopano/server.sock" /* of default: */

struct server {
	char host[256]; /* "" on a UNIX socket */
	char port[8];
	char path[108];
	bool tls;
};

/* What the child says: "" is a good answer. */
struct answer {
	char text[256];
};

/* ---- the URL, which the loader has accepted ---- */

static const char *usual_port(const struct server *s)
{
	return s->tls ? "237" : "236";
}

static void split_host(struct gw_slice s, struct server *ret)
{
	size_t end = gw_slice_find(s, ']');
	struct gw_slice host;

	s.n = gw_slice_find(s, '/');
	if (s.n && s.p[0] == '[' && end < s.n) {
		host = gw_slice(s.p + 1, end - 1);
		gw_slice_take(&s, end + 1);
	} else {
		host = gw_slice_take(&s, gw_slice_find(s, ':'));
	}
	snprintf(ret->host, sizeof ret->host, "%.*s", GW_FMT(host));
	snprintf(ret->port, sizeof ret->port, "%.*s", s.n > 1 ? (int)s.n - 1 : 3, s.n > 1 ? s.p + 1 : usual_port(ret));
}

/* file://[host]/path */
static bool parse_url(const char *url, struct server *ret)
{
	struct gw_slice s = gw_slice_str(url);
	size_t slash;

	*ret = (struct server){ .tls = gw_slice_startsi(s, GW_S("https://")) };
	if (ret->tls || gw_slice_startsi(s, GW_S("http://"))) {
		gw_slice_take(&s, ret->tls ? 8 : 7);
		split_host(s, ret);
		return true;
	}
	if (gw_slice_startsi(s, GW_S("default:"))) {
		snprintf(ret->path, sizeof ret->path, "%s", DEFAULT_SOCKET);
		return true;
	}
	if (!gw_slice_startsi(s, GW_S("file://")))
		return false;
	gw_slice_take(&s, 7);
	slash = gw_slice_find(s, '/');
	gw_slice_take(&s, slash);
	snprintf(ret->path, sizeof ret->path, "%.*s", GW_FMT(s));
	return true;
}

/* ---- in the child ---- */

static int connect_unix(const struct server *s, struct answer *a)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(un.sun_path, s->path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof un) == 0)
		return fd;
	snprintf(a->text, sizeof a->text, "%s", strerror(errno));
	return -1;
}

static int connect_inet(const struct server *s, struct answer *a)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;
	int rc = getaddrinfo(s->host, s->port, &hints, &list), fd = -1;

	if (rc != 0)
		snprintf(a->text, sizeof a->text, "%s", gai_strerror(rc));
	for (struct addrinfo *i = list; i && fd < 0; i = i->ai_next) {
		fd = socket(i->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd >= 0 && connect(fd, i->ai_addr, i->ai_addrlen) == 0)
			break;
		snprintf(a->text, sizeof a->text, "%s", strerror(errno));
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	if (list)
		freeaddrinfo(list);
	return fd;
}

static void judge_answer(const char *reply, ssize_t n, struct answer *a)
{
	if (n <= 0)
		snprintf(a->text, sizeof a->text, "the connection was closed without an answer");
	else if (n < 5 || memcmp(reply, "HTTP/", 5) != 0)
		snprintf(a->text, sizeof a->text, "the answer is not HTTP");
	else
		a->text[0] = '\0';
}

static void speak_plain(int fd, const char *request, struct answer *a)
{
	char reply[16] = "";
	ssize_t n = send(fd, request, strlen(request), MSG_NOSIGNAL) > 0 ? recv(fd, reply, sizeof reply - 1, MSG_WAITALL) : -1;

	judge_answer(reply, n, a);
}

static void speak_tls(const struct server *s, int fd, const char *request, struct answer *a)
{
	const struct openssl *o = openssl_load();
	SSL_CTX *ctx = o ? o->SSL_CTX_new(o->TLS_client_method()) : NULL;
	SSL *ssl = ctx ? o->SSL_new(ctx) : NULL;
	const char *why;
	char reply[16] = "";

	if (!ssl) {
		snprintf(a->text, sizeof a->text, "%s cannot be used", openssl_name);
		return;
	}
	o->SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, (void *)s->host);
	o->SSL_set_fd(ssl, fd);
	if (o->SSL_connect(ssl) != 1) {
		why = o->ERR_reason_error_string(o->ERR_peek_error());
		snprintf(a->text, sizeof a->text, "no TLS: %s", why ? why : "the connection was closed");
		return;
	}
	o->SSL_write(ssl, request, (int)strlen(request));
	judge_answer(reply, o->SSL_read(ssl, reply, sizeof reply - 1), a);
}

static void ask(const struct server *s, struct answer *a)
{
	char request[320];
	int fd = *s->path ? connect_unix(s, a) : connect_inet(s, a);

	if (fd < 0)
		return;
	snprintf(request, sizeof request, "GET / HTTP/1.0\r\nHost: %s\r\n\r\n", *s->host ? s->host : "localhost");
	if (s->tls)
		speak_tls(s, fd, request, a);
	else
		speak_plain(fd, request, a);
}

/* ---- in the parent ---- */

/* Wait for the child; its answer, or that there was none in time. */
static void await(int fd, pid_t child, struct answer *a)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (poll(&p, 1, DEADLINE_MS) != 1)
		snprintf(a->text, sizeof a->text, "nothing in %d seconds", DEADLINE_MS / 1000);
	else if (read(fd, a, sizeof *a) != (ssize_t)sizeof *a)
		snprintf(a->text, sizeof a->text, "the attempt failed");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static bool ask_in_time(const struct server *s, struct answer *a)
{
	int fds[2];
	pid_t child;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return false;
	child = fork();
	if (child == 0) {
		signal(SIGPIPE, SIG_IGN);
		ask(s, a);
		_exit(write(fds[1], a, sizeof *a) != (ssize_t)sizeof *a);
	}
	close(fds[1]);
	if (child > 0)
		await(fds[0], child, a);
	close(fds[0]);
	return child > 0;
}

void live_store(struct live *l)
{
	const char *kind = gw_config_store_kind(l->cfg->server_socket);
	struct answer a = { "" };
	struct server s;

	if (kind && strcmp(kind, "jmap") == 0) {
		live_backend(l);
		return;
	}
	if (!parse_url(l->cfg->server_socket, &s))
		return;
	if (!ask_in_time(&s, &a) || !*a.text)
		return;
	LIVE(l, CONFIG_W_UNREACHABLE, "server_socket", NULL, "the storage server does not answer at %.200s: %s",
		*s.path ? s.path : s.host, a.text);
}

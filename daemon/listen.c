/* listen.c - opening listening sockets, and adopting those of the service manager (see listen.h)
 *
 * Options that accepted sockets inherit (no delay, keep-alive) are set here once instead of on every connection. */
#include "daemon/listen.h"

#include "daemon/daemon.h"
#include "daemon/sd.h"
#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define FASTOPEN_QUEUE 256
#define KEEPALIVE_IDLE_S 300 /* a dead peer is noticed long before an IDLE times out */

union sock_address {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
};

/* The address of an item; v4: of the IPv4 form of "*". */
static socklen_t address_of(const struct gw_listen *item, bool v4, union sock_address *ret)
{
	memset(ret, 0, sizeof *ret);
	if (item->kind == GW_LISTEN_UNIX) {
		ret->un.sun_family = AF_UNIX;
		memcpy(ret->un.sun_path, item->path, strnlen(item->path, sizeof ret->un.sun_path - 1));
		return sizeof ret->un;
	}
	if (item->kind == GW_LISTEN_IPV4 || v4) {
		ret->in.sin_family = AF_INET;
		ret->in.sin_port = htons(item->port);
		if (item->kind == GW_LISTEN_IPV4)
			memcpy(&ret->in.sin_addr, item->bytes, 4);
		return sizeof ret->in;
	}
	ret->in6.sin6_family = AF_INET6;
	ret->in6.sin6_port = htons(item->port);
	if (item->kind == GW_LISTEN_IPV6)
		memcpy(&ret->in6.sin6_addr, item->bytes, 16);
	return sizeof ret->in6;
}

static void set_int(int fd, int level, int name, int value)
{
	setsockopt(fd, level, name, &value, sizeof value); /* what is missing is only slower */
}

static void set_options(int fd, int family)
{
	if (family == AF_UNIX)
		return;
	set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	set_int(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_int(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
	set_int(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_int(fd, IPPROTO_TCP, TCP_FASTOPEN, FASTOPEN_QUEUE);
}

/* A socket file that nobody answers at is left over from a crash. */
static int clear_unix(const struct gw_listen *item, const union sock_address *a, struct gw_err *err)
{
	struct stat st;
	int fd, rc;

	if (strlen(item->path) >= sizeof a->un.sun_path)
		return gw_fail(err, GW_EINVAL, "the path is longer than %zu bytes", sizeof a->un.sun_path - 1);
	if (lstat(item->path, &st) != 0)
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return gw_fail(err, GW_EEXIST, "there is a file that is not a socket");
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	rc = fd >= 0 ? connect(fd, &a->sa, sizeof a->un) : -1;
	if (fd >= 0)
		close(fd);
	if (rc == 0)
		return gw_fail(err, GW_EBUSY, "another program listens there");
	unlink(item->path);
	return 0;
}

static int bind_to(int fd, const struct gw_listen *item, const union sock_address *a, socklen_t n, struct gw_err *err)
{
	if (*item->interface &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, item->interface, (socklen_t)strlen(item->interface)) < 0)
		return gw_fail(err, gw_code_errno(errno), "interface \"%s\": %s", item->interface, strerror(errno));
	if (a->sa.sa_family == AF_INET6)
		set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, item->kind != GW_LISTEN_ANY);
	if (bind(fd, &a->sa, n) < 0 || listen(fd, SOMAXCONN) < 0)
		return gw_fail(err, gw_code_errno(errno), "%s", strerror(errno));
	return 0;
}

static int open_one(const struct gw_listen *item, bool v4, int *ret, struct gw_err *err)
{
	union sock_address a;
	socklen_t n = address_of(item, v4, &a);
	int fd, rc = 0;

	if (item->kind == GW_LISTEN_UNIX)
		rc = clear_unix(item, &a, err);
	if (rc < 0)
		return rc;
	fd = socket(a.sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return gw_fail(err, errno == EAFNOSUPPORT ? GW_ENOTSUP : gw_code_errno(errno), "%s", strerror(errno));
	set_options(fd, a.sa.sa_family);
	rc = bind_to(fd, item, &a, n, err);
	if (rc < 0)
		close(fd);
	else
		*ret = fd;
	return rc;
}

static void add(struct listeners *ls, int fd, const struct service *service, const struct gw_listen *item, bool made)
{
	struct listener *l;

	ls->v = gw_xrealloc(ls->v, ls->n + 1, sizeof *ls->v);
	l = &ls->v[ls->n++];
	*l = (struct listener){ .fd = fd, .service = service, .ours = made };
	snprintf(l->text, sizeof l->text, "%s", item->text);
	if (made && item->kind == GW_LISTEN_UNIX)
		l->unlink_at_end = gw_xstrdup(item->path);
}

/* ---- sockets of the service manager ---- */

static bool same_address(const union sock_address *a, const union sock_address *b)
{
	if (a->sa.sa_family != b->sa.sa_family)
		return false;
	if (a->sa.sa_family == AF_UNIX)
		return strncmp(a->un.sun_path, b->un.sun_path, sizeof a->un.sun_path) == 0;
	if (a->sa.sa_family == AF_INET)
		return a->in.sin_port == b->in.sin_port && a->in.sin_addr.s_addr == b->in.sin_addr.s_addr;
	return a->in6.sin6_port == b->in6.sin6_port &&
	       memcmp(&a->in6.sin6_addr, &b->in6.sin6_addr, sizeof a->in6.sin6_addr) == 0;
}

static bool is_item(int fd, const struct gw_listen *item)
{
	union sock_address have, want;
	socklen_t n = sizeof have;

	memset(&have, 0, sizeof have);
	if (getsockname(fd, &have.sa, &n) != 0)
		return false;
	address_of(item, false, &want);
	if (same_address(&have, &want))
		return true;
	if (item->kind != GW_LISTEN_ANY)
		return false;
	address_of(item, true, &want);
	return same_address(&have, &want);
}

static bool adopt(struct listeners *ls, struct sd_fds *passed, const struct service *service, const struct gw_listen *item)
{
	bool any = false;

	for (int i = 0; i < passed->n; i++) {
		int fd = passed->first + i;
		union sock_address a = { 0 };
		socklen_t n = sizeof a;

		if (passed->used[i] || !is_item(fd, item))
			continue;
		passed->used[i] = true;
		any = true;
		getsockname(fd, &a.sa, &n);
		set_options(fd, a.sa.sa_family);
		add(ls, fd, service, item, false);
	}
	return any;
}

/* ---- all of them ---- */

static int open_item(struct listeners *ls, const struct service *service, const struct gw_listen *item, struct gw_err *err)
{
	int fd, rc = open_one(item, false, &fd, err);

	if (rc == GW_ENOTSUP && item->kind == GW_LISTEN_ANY)
		rc = open_one(item, true, &fd, err); /* a kernel without IPv6 */
	if (rc == 0)
		add(ls, fd, service, item, true);
	return rc;
}

static void give_away(const struct listener *l, uid_t uid, gid_t gid)
{
	if (l->unlink_at_end && uid != (uid_t)-1 && chown(l->unlink_at_end, uid, gid) < 0)
		return; /* it stays root's, who may connect */
}

struct opening {
	struct sd_fds passed;
	const struct listen_how *how;
};

/* A socket for an item, passed or made. What was not set by anybody does not stop the start. */
static unsigned open_listed(struct opening *o, struct listeners *ls, const struct service *service,
			    const struct gw_listen *item, bool asked_for)
{
	char text[GW_ERR_TEXT + 256];
	struct gw_err err;

	if (adopt(ls, &o->passed, service, item))
		return 0;
	if (open_item(ls, service, item, &err) == 0) {
		give_away(&ls->v[ls->n - 1], o->how->uid, o->how->gid);
		return 0;
	}
	snprintf(text, sizeof text, "cannot listen on %s for %s: %s", item->text, service->name, err.text);
	(asked_for ? o->how->bad : o->how->note)(o->how->ctx, text);
	return asked_for;
}

unsigned listen_open(struct listeners *ls, const struct gw_config *cfg, const struct listen_how *how)
{
	const struct gw_listens *items = &cfg->listen[GW_SERVICE_METRICS];
	struct opening o = { sd_take_fds(), how };
	unsigned failures = 0;

	for (unsigned s = 0; s < SERVICES; s++)
		for (size_t i = 0; i < cfg->listen[s].n && (how->tls || !services[s].tls); i++)
			failures += open_listed(&o, ls, &services[s], &cfg->listen[s].v[i], true);
	for (size_t i = 0; i < items->n; i++)
		failures += open_listed(&o, ls, &service_metrics, &items->v[i],
					gw_config_is_set(cfg, gw_option_find(GW_S("metrics_listen")), NULL));
	sd_close_unused(&o.passed);
	return failures;
}

/* A client is told at once and can go elsewhere, rather than wait in the queue of a socket nobody looks at. */
void listen_shut(const struct listener *l)
{
	if (l->ours)
		shutdown(l->fd, SHUT_RDWR);
}

bool listen_can_pause(const struct listener *l)
{
	return l->ours && !l->unlink_at_end;
}

/* Of a listening socket, Linux tells its queue here. */
bool listen_queue(int fd, uint32_t *waiting, uint32_t *backlog)
{
	struct tcp_info info = { 0 };
	socklen_t n = sizeof info;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &n) != 0 || info.tcpi_state != TCP_LISTEN)
		return false;
	*waiting = info.tcpi_unacked;
	*backlog = info.tcpi_sacked;
	return true;
}

/* The address stays ours: a port below 1024 could not be bound to again. */
bool listen_pause(const struct listener *l)
{
	return shutdown(l->fd, SHUT_RDWR) == 0;
}

bool listen_resume(const struct listener *l)
{
	return listen(l->fd, SOMAXCONN) == 0;
}

void listen_close(struct listeners *ls, bool remove)
{
	for (size_t i = 0; i < ls->n; i++) {
		close(ls->v[i].fd);
		if (remove && ls->v[i].unlink_at_end)
			unlink(ls->v[i].unlink_at_end);
		free(ls->v[i].unlink_at_end);
	}
	free(ls->v);
	*ls = (struct listeners){ 0 };
}

/* live_ports.c - are the addresses of the services free, or ours already?
 *
 * Each is bound for a moment, with the options of the daemon; nobody can connect, since nothing listens. */
#include "gwcfg/live.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

union address {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
};

/* One listener of a service. */
struct item {
	struct live *l;
	const struct gw_listen *listen;
	const char *service, *option;
};

/* Does the running daemon say that it has the address? When it says nothing, being there is enough. */
static bool is_ours(const struct item *i)
{
	char text[512];

	if (!i->l->status)
		return i->l->running;
	snprintf(text, sizeof text, " %s\"", i->listen->text);
	return strstr(i->l->status, text) != NULL;
}

static void taken(const struct item *i)
{
	if (!is_ours(i))
		LIVE(i->l, CONFIG_E_TAKEN, i->option, "`ss -ltnp' shows who it is", "another program has %s, which %s needs",
			i->listen->text, i->service);
}

static socklen_t address_of(const struct gw_listen *item, bool v4, union address *ret)
{
	*ret = (union address){ .in6 = { .sin6_family = AF_INET6 } };
	if (item->kind == GW_LISTEN_IPV4 || v4) {
		ret->in = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(item->port) };
		if (item->kind == GW_LISTEN_IPV4)
			memcpy(&ret->in.sin_addr, item->bytes, 4);
		return sizeof ret->in;
	}
	ret->in6.sin6_port = htons(item->port);
	if (item->kind == GW_LISTEN_IPV6)
		memcpy(&ret->in6.sin6_addr, item->bytes, 16);
	return sizeof ret->in6;
}

/* errno of an attempt, 0 when it went well. */
static int try_bind(const struct gw_listen *item, bool v4)
{
	union address a;
	socklen_t n = address_of(item, v4, &a);
	int fd = socket(a.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1, only = item->kind != GW_LISTEN_ANY, ret = 0;

	if (fd < 0)
		return errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (a.sa.sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
	if (*item->interface &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, item->interface, (socklen_t)strlen(item->interface)) < 0 && errno != EPERM)
		ret = errno;
	if (ret == 0 && bind(fd, &a.sa, n) < 0)
		ret = errno;
	close(fd);
	return ret;
}

static void judge_inet(const struct item *i, int problem)
{
	switch (problem) {
	case 0:
		break;
	case EADDRINUSE:
		taken(i);
		break;
	case EADDRNOTAVAIL:
		LIVE(i->l, CONFIG_E_NO_ADDRESS, i->option, "`ip address' shows those it has", "%s is not an address of this machine",
			i->listen->address);
		break;
	case EACCES:
	case EPERM:
		if (!is_ours(i))
			LIVE(i->l, CONFIG_N_NOT_SEEN, i->option, "run this as root, as the daemon is started",
				"whether %s is free, only root may try", i->listen->text);
		break;
	default:
		LIVE(i->l, CONFIG_E_NO_ADDRESS, i->option, NULL, "%s cannot be used: %s", i->listen->text, strerror(problem));
	}
}

static void check_inet(const struct item *i)
{
	int problem;

	if (*i->listen->interface && if_nametoindex(i->listen->interface) == 0) {
		LIVE(i->l, CONFIG_E_NO_ADDRESS, i->option, "`ip link' shows those it has", "there is no interface \"%s\" on this machine",
			i->listen->interface);
		return;
	}
	problem = try_bind(i->listen, false);
	if (problem == EAFNOSUPPORT && i->listen->kind == GW_LISTEN_ANY)
		problem = try_bind(i->listen, true);
	judge_inet(i, problem);
}

static bool somebody_listens(const char *path)
{
	union address a = { .un = { .sun_family = AF_UNIX } };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), rc;

	if (fd < 0)
		return false;
	memcpy(a.un.sun_path, path, strnlen(path, sizeof a.un.sun_path - 1));
	rc = connect(fd, &a.sa, sizeof a.un);
	if (rc != 0)
		rc = errno == EAGAIN ? 0 : -1;
	close(fd);
	return rc == 0;
}

static void check_unix(const struct item *i)
{
	char *dir = live_parent(i->listen->path);
	struct stat st;

	if (lstat(i->listen->path, &st) == 0 && !S_ISSOCK(st.st_mode))
		LIVE(i->l, CONFIG_E_TAKEN, i->option, "take it away", "\"%.200s\" is there and is not a socket", i->listen->path);
	else if (somebody_listens(i->listen->path))
		taken(i);
	else if (live_may(i->l, dir, 0, &st, NULL) == LIVE_MISSING)
		LIVE(i->l, CONFIG_E_NO_ADDRESS, i->option, "make it", "there is no directory \"%.200s\" on this machine", dir);
	free(dir);
}

void live_ports(struct live *l)
{
	for (unsigned s = 0; s < GW_LISTEN_COUNT; s++) {
		const struct gw_listens *all = &l->cfg->listen[s];
		char option[32];
		bool set;

		snprintf(option, sizeof option, "%s_listen", gw_service_name(s));
		set = gw_config_is_set(l->cfg, gw_option_find(gw_slice_str(option)), NULL);
		if (!set && s == GW_SERVICE_METRICS)
			continue; /* the daemon does without when the default is taken */
		if (!set)
			snprintf(option, sizeof option, "%s_port", gw_service_name(s));
		for (size_t i = 0; i < all->n; i++) {
			struct item item = { l, &all->v[i], gw_service_name(s), option };

			if (all->v[i].kind == GW_LISTEN_UNIX)
				check_unix(&item);
			else
				check_inet(&item);
		}
	}
}

/* ---- limits ---- */

/* As the daemon counts; root raises its limit as far as the kernel lets it. */
void live_limits(struct live *l)
{
	rlim_t want = (rlim_t)l->cfg->max_connections * 2 + 1024;
	unsigned long most = 0;
	struct rlimit r;
	FILE *f;

	if (l->cfg->process_model == GW_PROCESS_FORK || getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	if (*l->cfg->run_as_user || l->uid == 0) {
		f = fopen("/proc/sys/fs/nr_open", "re");
		if (!f || fscanf(f, "%lu", &most) != 1)
			most = 0;
		if (f)
			fclose(f);
		r.rlim_max = most ? most : want;
	}
	if (r.rlim_max < want)
		LIVE(l, CONFIG_W_OPEN_FILES, "max_connections", "raise the limit, or lower max_connections",
			"all connections together may need %llu open files, and there may be %llu", (unsigned long long)want,
			(unsigned long long)r.rlim_max);
}

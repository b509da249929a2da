/* acceptor.c - new connections: limits, then a loop or a child (see acceptor.h)
 *
 * Connections are taken in batches, by the first loop itself in the thread model: one in N needs no hand-over at all,
 * the others go to the loop with the fewest connections. */
#define LOG_MODULE GW_MOD_NET
#include "daemon/acceptor.h"

#include "config/seen.h"
#include "daemon/conn.h"
#include "daemon/daemon.h"
#include "util/clock.h"
#include "util/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define BATCH 64              /* connections taken in one turn */
#define PAUSE_MS 250          /* when there are no descriptors */
#define EXPLAIN_PER_SECOND 50 /* refusals with words; beyond that the door is just shut */

/* ---- addresses ---- */

/* An IPv4 client of a dual-stack socket is shown as what it is. */
static void unmap(union address *a)
{
	struct sockaddr_in in = { .sin_family = AF_INET };

	if (a->sa.sa_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&a->in6.sin6_addr))
		return;
	in.sin_port = a->in6.sin6_port;
	memcpy(&in.sin_addr, &a->in6.sin6_addr.s6_addr[12], 4);
	a->in = in;
}

static void put_address(const union address *a, char *p, size_t cap)
{
	char host[INET6_ADDRSTRLEN];

	if (a->sa.sa_family == AF_INET && inet_ntop(AF_INET, &a->in.sin_addr, host, sizeof host))
		snprintf(p, cap, "%s:%u", host, ntohs(a->in.sin_port));
	else if (a->sa.sa_family == AF_INET6 && inet_ntop(AF_INET6, &a->in6.sin6_addr, host, sizeof host))
		snprintf(p, cap, "[%s]:%u", host, ntohs(a->in6.sin6_port));
	else
		snprintf(p, cap, "unix");
}

/* Does the address belong to this machine? Only such an address can be bound to. */
static bool bindable(union address a)
{
	int fd = socket(a.sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool yes;

	if (fd < 0)
		return false;
	a.in.sin_port = 0; /* the same place in both families */
	yes = bind(fd, &a.sa, a.sa.sa_family == AF_INET ? sizeof a.in : sizeof a.in6) == 0;
	close(fd);
	return yes;
}

static bool is_local(const union address *a)
{
	if (a->sa.sa_family == AF_INET)
		return (ntohl(a->in.sin_addr.s_addr) >> 24) == 127 || bindable(*a);
	if (a->sa.sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&a->in6.sin6_addr) || bindable(*a);
	return a->sa.sa_family == AF_UNIX;
}

bool acceptor_is_local(const unsigned char ip[16])
{
	union address a = { .in6 = { .sin6_family = AF_INET6 } };

	memcpy(&a.in6.sin6_addr, ip, 16);
	unmap(&a);
	return is_local(&a);
}

static uint32_t bucket_of(const struct registry *r, const union address *a)
{
	if (a->sa.sa_family == AF_INET)
		return reg_bucket(r, &a->in.sin_addr, 4);
	if (a->sa.sa_family == AF_INET6)
		return reg_bucket(r, &a->in6.sin6_addr, 8); /* the network of 64 bits */
	return reg_bucket(r, "unix", 4);
}

/* The address as config/network.h has it; a UNIX socket has none. */
static void put_ip(const union address *a, unsigned char ip[16])
{
	memset(ip, 0, 16);
	if (a->sa.sa_family == AF_INET) {
		ip[10] = ip[11] = 0xFF;
		memcpy(ip + 12, &a->in.sin_addr, 4);
	} else if (a->sa.sa_family == AF_INET6) {
		memcpy(ip, &a->in6.sin6_addr, 16);
	}
}

/* ---- letting in ---- */

/* May this refusal be explained to the client, at our cost? */
static bool may_explain(struct acceptor *a)
{
	uint32_t now_s = conn_clock_s();

	if (now_s != a->explain_s) {
		a->explain_s = now_s;
		a->explained = 0;
	}
	return a->explained++ < EXPLAIN_PER_SECOND;
}

/* ban_after: an address that failed to log in too often is shut out, and its failures are forgotten. */
static bool ban_guesser(struct acceptor *a, const struct gw_config *cfg, const unsigned char ip[16])
{
	struct penalty_rule rule = penalty_rule_of(cfg);
	struct gw_network net = { .bits = gw_network_is_v4(ip) ? 128 : 64 };
	uint32_t now_s = conn_clock_s();
	struct penalty_count count;
	char text[GW_NETWORK_TEXT], reason[BAN_REASON];

	penalty_look(&a->g->penalties, &rule, ip, gw_slice("", 0), now_s, &count);
	if (count.address < cfg->ban_after)
		return false;
	memcpy(net.ip, ip, net.bits / 8);
	gw_network_put(&net, text);
	snprintf(reason, sizeof reason, "%u failed logins", count.address);
	if (ban_add(&a->g->bans, &net, now_s, cfg->ban_time, gw_slice_str(reason), true, NULL) < 0)
		return false;
	penalty_forget_address(&a->g->penalties, ip);
	log_event(&a->g->log, GW_EV_BAN, GW_STR("address", text), GW_NUM("seconds", cfg->ban_time), GW_STR("detail", reason));
	return true;
}

/* Is the address shut out? */
static bool is_banned(struct acceptor *a, const struct gw_config *cfg, const struct reg_peer *peer)
{
	uint32_t now_s = conn_clock_s();

	if (cfg->ban_after && !peer->trusted && !ban_find(&a->g->bans, peer->ip, now_s, false, NULL))
		ban_guesser(a, cfg, peer->ip);
	return ban_find(&a->g->bans, peer->ip, now_s, true, NULL);
}

/* Such a client gets its line, if that needs no handshake, and no more. */
static void refuse_banned(struct acceptor *a, const struct service *service, int fd, const char *address)
{
	stats_add(&a->g->stats, STAT_REFUSED, STAT_REFUSED_BANNED, 0, 1);
	if (may_explain(a)) {
		log_event(&a->g->log, GW_EV_REFUSED_BANNED, GW_STR("service", service->name), GW_STR("address", address),
			  GW_STR("reason", "banned"));
		if (!service->tls && send(fd, service->banned, strlen(service->banned), MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
			shutdown(fd, SHUT_WR);
	}
	close(fd);
}

/* A slot, or the line that says why there is none. */
static void register_conn(struct acceptor *a, struct conn_start *start, const struct reg_peer *peer)
{
	struct registry *r = &a->g->reg;
	uint32_t bucket = peer->bucket, max = gw_config_address_limit(start->snapshot->config, start->local);

	if (max && reg_address_count(r, bucket) >= max && reg_count_address(r, peer->ip) >= max) {
		stats_add(&a->g->stats, STAT_REFUSED, STAT_REFUSED_ADDRESS, 0, 1);
		start->refusal = start->service->address_limit;
		log_event(&a->g->log, GW_EV_REFUSED_ADDRESS, GW_STR("service", start->service->name),
			  GW_STR("address", start->address), GW_STR("reason", "address"), GW_NUM("limit", max));
		return;
	}
	start->slot = reg_take(r, peer, gw_wall_s(gw_clock_system()), conn_clock_s());
	if (start->slot)
		return;
	stats_add(&a->g->stats, STAT_REFUSED, STAT_REFUSED_FULL, 0, 1);
	start->refusal = start->service->busy;
	log_event(&a->g->log, GW_EV_REFUSED_FULL, GW_STR("service", start->service->name),
		  GW_STR("address", start->address), GW_STR("reason", "full"), GW_NUM("limit", r->n_slots));
}

/* The service is being drained. */
static void refuse_all(struct acceptor *a, struct conn_start *start)
{
	start->refusal = start->service->closed;
	log_event(&a->g->log, GW_EV_REFUSED_DRAINING, GW_STR("service", start->service->name), GW_STR("address", start->address),
		  GW_STR("reason", "draining"));
}

static void admit(struct acceptor *a, const struct service *service, int fd, union address *peer)
{
	struct gwd *g = a->g;
	struct conn_start start = { .fd = fd, .service = service };
	struct reg_peer who = { .address = start.address, .service = service->id };

	unmap(peer);
	put_address(peer, start.address, sizeof start.address);
	put_ip(peer, who.ip);
	start.snapshot = snapshot_get(g);
	who.trusted = peer->sa.sa_family == AF_UNIX || gw_networks_have(&start.snapshot->config->trusted_networks, who.ip);
	if (peer->sa.sa_family != AF_UNIX && is_banned(a, start.snapshot->config, &who)) {
		refuse_banned(a, service, fd, start.address);
		snapshot_unref(start.snapshot);
		return;
	}
	start.local = is_local(peer);
	who.bucket = bucket_of(&g->reg, peer);
	stats_add(&g->stats, STAT_ACCEPTED, service->id, 0, 1);
	if (a->suspended)
		refuse_all(a, &start);
	else
		register_conn(a, &start, &who);
	if (!start.slot && !may_explain(a)) {
		close(fd);
		snapshot_unref(start.snapshot);
		return;
	}
	a->serve(g, &start);
}

/* ---- the sockets ---- */

static void arm(struct acceptor *a, bool on)
{
	for (size_t i = 0; i < a->n_events; i++) {
		if (on && !a->events[i].shut)
			event_add(&a->events[i].event, NULL);
		else
			event_del(&a->events[i].event);
	}
}

static void on_pause_over(evutil_socket_t fd, short what, void *arg)
{
	struct acceptor *a = arg;

	(void)fd;
	(void)what;
	a->paused = false;
	if (!a->stopped)
		arm(a, true);
}

static void pause_accept(struct acceptor *a, int reason)
{
	const struct timeval wait = { 0, PAUSE_MS * 1000 };

	log_line(&a->g->log, GW_LOG_ERROR, "Cannot accept connections for a moment: %s", strerror(reason));
	if (a->paused)
		return;
	a->paused = true;
	arm(a, false);
	event_add(&a->pause, &wait);
}

/* Take whom the kernel has let in. */
static void accept_batch(struct accept_event *e)
{
	struct acceptor *a = e->acceptor;

	for (unsigned i = 0; i < BATCH; i++) {
		union address peer = { 0 };
		socklen_t n = sizeof peer;
		int client = accept4(e->listener->fd, &peer.sa, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (client >= 0) {
			atomic_fetch_add_explicit(&e->accepted, 1, memory_order_relaxed);
			admit(a, e->listener->service, client, &peer);
			if (a->g->child)
				return;
		} else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
			pause_accept(a, errno);
			return;
		} else if (errno != ECONNABORTED && errno != EINTR) {
			return;
		}
	}
}

static void on_connection(evutil_socket_t fd, short what, void *arg)
{
	struct accept_event *e = arg;

	(void)fd;
	(void)what;
	if (e->acceptor->g->loops && !e->acceptor->g->fork_model)
		loop_enter(&e->acceptor->g->loops[0]);
	accept_batch(e);
}

void acceptor_start(struct acceptor *a, struct gwd *g, struct event_base *base, const struct listeners *ls,
		    void (*serve)(struct gwd *g, struct conn_start *start))
{
	*a = (struct acceptor){ .g = g, .base = base, .serve = serve };
	a->events = gw_xcalloc(ls->n, sizeof *a->events);
	event_assign(&a->pause, base, -1, 0, on_pause_over, a);
	for (size_t i = 0; i < ls->n; i++) {
		struct accept_event *e = &a->events[a->n_events];

		if (!ls->v[i].service->proto)
			continue;
		a->n_events++;
		e->acceptor = a;
		e->listener = &ls->v[i];
		event_assign(&e->event, base, ls->v[i].fd, EV_READ | EV_PERSIST, on_connection, e);
	}
	arm(a, true);
}

void acceptor_suspend(struct acceptor *a)
{
	if (a->suspended || a->stopped)
		return;
	a->suspended = true;
	for (size_t i = 0; i < a->n_events; i++) {
		struct accept_event *e = &a->events[i];

		if (!listen_can_pause(e->listener))
			continue;
		accept_batch(e);
		if (a->g->child)
			return;
		event_del(&e->event);
		e->shut = listen_pause(e->listener);
	}
	if (!a->paused)
		arm(a, true);
	atomic_store(&a->closed, true);
}

void acceptor_resume(struct acceptor *a)
{
	if (!a->suspended || a->stopped)
		return;
	a->suspended = false;
	for (size_t i = 0; i < a->n_events; i++) {
		struct accept_event *e = &a->events[i];

		if (e->shut && !listen_resume(e->listener))
			log_line(&a->g->log, GW_LOG_CRIT, "Cannot listen again on %s for %s: %s", e->listener->text,
				 e->listener->service->name, strerror(errno));
		e->shut = false;
	}
	if (!a->paused)
		arm(a, true);
	atomic_store(&a->closed, false);
}

void acceptor_stop(struct acceptor *a)
{
	if (a->stopped || !a->events)
		return;
	a->stopped = true;
	arm(a, false);
	for (size_t i = 0; i < a->n_events; i++)
		listen_shut(a->events[i].listener);
	event_del(&a->pause);
}

void acceptor_abandon(struct acceptor *a)
{
	a->stopped = true;
	a->n_events = 0;
}

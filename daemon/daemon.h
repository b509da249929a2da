/* daemon.h - what all parts of gatewayd share
 *
 * One struct gwd a process, made by main() before there are threads. A struct snapshot is one configuration in force:
 * immutable, counted; a connection keeps the one it began with. */
#ifndef GW_DAEMON_DAEMON_H
#define GW_DAEMON_DAEMON_H

#include "config/config.h"
#include "daemon/ban.h"
#include "daemon/log_sink.h"
#include "daemon/pace.h"
#include "daemon/penalty.h"
#include "daemon/registry.h"
#include "daemon/stats.h"
#include "daemon/tls.h"
#include "daemon/trace.h"
#include "daemon/worker.h"
#include "session/session.h"
#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>

struct acceptor;
struct http_shared;
struct drain_shared;
struct ctl_server;
struct event_base;
struct loop;

enum service_id { SERVICE_POP3, SERVICE_POP3S, SERVICE_IMAP, SERVICE_IMAPS, SERVICES };

/* One row a service; the order is that in which listeners are opened. */
struct service {
	const char *name;
	enum service_id id;
	const struct gw_proto *proto;
	bool tls;
	/* lines for clients that are refused */
	const char *busy, *address_limit, *user_limit, *banned, *closed;
};

extern const struct service services[SERVICES];
extern const struct service service_metrics; /* of listeners that serve no mail: it has no proto */

struct snapshot {
	_Atomic unsigned refs;
	struct gw_config *config;
	struct tls_set *tls; /* NULL: no TLS */
	char hostname[256];
	/* often read, copied from config */
	uint32_t login_timeout_s, write_timeout_s;
	uint64_t slow_us; /* of a command */
	size_t keep_early, keep_late; /* input a session may leave unconsumed, before and after login */
};

struct gwd {
	pthread_mutex_t lock;      /* of current */
	struct snapshot *current;
	struct log_sink log;
	struct registry reg;
	struct traces *traces;     /* NULL: there are none */
	struct stats stats;
	struct penalties penalties;
	struct pace pace;          /* of POP3 logins */
	struct bans bans;
	struct tls_tickets tickets;
	struct gw_store *store;    /* NULL in the main process of the fork model */
	struct pool store_pool, auth_pool;
	struct job tidy;           /* the store's, once a second */
	_Atomic bool tidying;
	struct loop *loops;
	unsigned n_loops;
	bool fork_model;
	bool child;                /* this process serves one connection */
	_Atomic bool draining;     /* sessions are to end when nothing is under way */
	struct drain_shared *drain;
	struct http_shared *backend; /* of all processes (backend.h) */
	int64_t started_s;         /* wall clock */
	struct acceptor *acceptor;
};

/* Takes cfg and tls; one reference. */
struct snapshot *snapshot_new(struct gw_config *cfg, struct tls_set *tls);

/* Put it in force, taking the reference. */
void snapshot_publish(struct gwd *g, struct snapshot *s);

/* A reference to the configuration in force. Any thread. */
struct snapshot *snapshot_get(struct gwd *g);
void snapshot_unref(struct snapshot *s);

#endif

/* stats.h - what is counted and timed, in memory that all processes of the service share
 *
 * One row a family (stats_table.c): its name, type, unit, labels and help; `gwctl stats`, its JSON, the OpenMetrics text
 * and the tables of the manual come from there. What is counted while mail is served (counters, histograms) lies in
 * memory mapped before the first fork, in as many copies as threads and children would otherwise fight over (shards):
 * each adds to one of them with relaxed atomics, without locks or allocation, and readers add the copies up. Counters
 * only ever grow. What is looked up when somebody asks (gauges) is read from where it is.
 *
 * Durations are microseconds; their buckets: util/hist.h. */
#ifndef GW_DAEMON_STATS_H
#define GW_DAEMON_STATS_H

#include "session/session.h"
#include "store/calls.h"
#include "util/hist.h"

#include <limits.h>
#include <stdatomic.h>

struct gwd;
struct server;

enum stat_id {
	/* counters */
	STAT_ACCEPTED,      /* [enum service_id] */
	STAT_REFUSED,       /* [enum stat_refusal] */
	STAT_LOGINS,        /* [stats_mechanism()][enum stat_login] */
	STAT_TLS,           /* [stats_tls_version()][resumed] */
	STAT_TLS_CIPHERS,   /* [stats_tls_cipher()] */
	STAT_TLS_FAILED,
	STAT_FOREIGN,
	STAT_TIMEOUTS,
	STAT_CRASHES,
	STAT_RECEIVED,      /* [enum service_id] octets */
	STAT_SENT,          /* [enum service_id] octets */
	STAT_FETCHED,
	STAT_APPENDED,
	STAT_EXPUNGED,
	STAT_COMMANDS_FAILED, /* [stats_command()][NO, BAD] */
	STAT_STORE_ERRORS,  /* [code, see stats_store_call()] */
	/* histograms */
	STAT_COMMAND_TIME,  /* [stats_command()] */
	STAT_STORE_TIME,    /* [enum gw_store_call] */
	STAT_WORKER_WAIT,   /* [enum stat_pool] */
	STAT_LOOP_LAG,      /* [enum stat_loop] */
	STAT_KEPT,          /* families above are kept in shared memory */
	/* gauges */
	STAT_BUILD = STAT_KEPT,
	STAT_MODEL,         /* [thread, fork] */
	STAT_START_TIME,
	STAT_CONFIG_TIME,
	STAT_READY,
	STAT_SESSIONS,      /* [enum service_id] */
	STAT_SESSIONS_MAX,
	STAT_POOL_THREADS,  /* [enum stat_pool] */
	STAT_POOL_BUSY,
	STAT_POOL_QUEUE,
	STAT_MEMORY,
	STAT_CERTIFICATE_TIME,
	/* of a storage server; absent with an embedded store */
	STAT_BACKEND_BREAKER, /* [enum http_breaker] */
	STAT_BACKEND_IN_FLIGHT,
	STAT_BACKEND_STREAMS,
	STAT_BACKEND_REQUESTS,
	STAT_BACKEND_FAILED,
	STAT_BACKEND_RETRIED,
	STAT_BACKEND_OPENED,
	STAT_BACKEND_RECEIVED,
	STAT_BACKEND_SENT,
	STATS
};

enum stat_refusal { STAT_REFUSED_FULL, STAT_REFUSED_ADDRESS, STAT_REFUSED_USER, STAT_REFUSED_BANNED };
enum stat_login { STAT_LOGIN_OK, STAT_LOGIN_WRONG, STAT_LOGIN_PLAINTEXT, STAT_LOGIN_DISABLED, STAT_LOGIN_MOVED, STAT_LOGIN_UNAVAILABLE,
		  STAT_LOGIN_OTHER };
enum stat_pool { STAT_POOL_STORE, STAT_POOL_AUTH };
enum stat_loop { STAT_LOOP_MAIN, STAT_LOOP_CLIENTS };

enum stat_type { STAT_COUNTER, STAT_HISTOGRAM, STAT_GAUGE, STAT_INFO };

/* A dimension of a family: one or two labels that go together. */
struct stat_dim {
	const char *name[2];                                /* of the labels; [1] may be NULL */
	const char *(*value)(unsigned i, unsigned which);   /* NULL behind the last; static text */
};

struct stat_family {
	const char *name;  /* "commands_failed": "gateway_" goes in front of it */
	enum stat_type type;
	const char *unit;  /* "seconds", "bytes" or "" */
	const struct stat_dim *dim[2];
	const char *help;
	/* Of what is looked up: the value for i, in units; NAN: there is none. Main loop. */
	double (*read)(struct server *s, unsigned i);
};

extern const struct stat_family stats_table[STATS];

#define STATS_SHARDS 16u
#define STATS_HIST_CELLS (GW_HIST_BUCKETS + 1) /* the sum stands behind the buckets */

struct stats_shared {
	_Atomic unsigned joined; /* threads and children that were given a shard */
	_Atomic bool used[STATS_SHARDS];
	_Atomic uint64_t cell[];
};

struct stats {
	struct stats_shared *shared;
	size_t bytes;                /* mapped */
	unsigned n_cells;            /* of one shard */
	unsigned at[STAT_KEPT];      /* first cell of a family */
	unsigned n1[STATS], n2[STATS]; /* length of its dimensions; 1 where there is none */
	unsigned pop3_at;            /* first row of POP3 in stats_command() */
};

/* Map the memory. 0 or -1 with errno. */
int stats_init(struct stats *st);
void stats_done(struct stats *st);

/* This thread or child counts into a shard of its own, as far as there are enough; without it, into the first. */
void stats_join(struct stats *st);

/* Add n to a counter: i and j are the places in its dimensions, 0 where there is none. Any thread and process. */
void stats_add(struct stats *st, enum stat_id id, unsigned i, unsigned j, uint64_t n);

/* A duration. */
void stats_time(struct stats *st, enum stat_id id, unsigned i, uint64_t us);

/* ---- places in dimensions ---- */

unsigned stats_command(const struct stats *st, const struct gw_proto *proto, unsigned verb);
unsigned stats_mechanism(const char *name);
unsigned stats_login(const char *reason);
unsigned stats_tls_version(const char *name); /* as OpenSSL calls it */
unsigned stats_tls_cipher(const char *name);

/* A loop's tick of each second came: how late? due_us: the loop's own, when the next one is due; 0 at first. */
void stats_tick(struct stats *st, enum stat_loop loop, uint64_t *due_us);

/* gw_store_options.observe; ctx is the struct stats. */
void stats_store_call(void *ctx, enum gw_store_call call, uint64_t us, int rc);

/* ---- reading ---- */

/* All cells of all shards added up into all[n_cells]. Main loop. */
void stats_sum(const struct stats *st, uint64_t *all);

/* The cells of one series in what stats_sum() gave: a counter's one, a histogram's STATS_HIST_CELLS. */
const uint64_t *stats_at(const struct stats *st, const uint64_t *all, enum stat_id id, unsigned i, unsigned j);

#define STATS_ALL UINT_MAX

/* A counter, or how many durations a histogram has seen, now. STATS_ALL for i or j: those of the dimension together. */
uint64_t stats_total(const struct stats *st, enum stat_id id, unsigned i, unsigned j);

#endif

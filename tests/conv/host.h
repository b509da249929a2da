/* host.h - a host for protocol sessions without sockets, threads or real time
 *
 * What the daemon does with a connection, done by hand: feed bytes, obey `need`, collect output, ring bells, move the
 * clock. Used by the conversation runner, unit tests and fuzzers. */
#ifndef GW_TESTS_HOST_H
#define GW_TESTS_HOST_H

#include "session/session.h"
#include "store/store.h"
#include "util/buf.h"

#include <sys/stat.h>

#define HOST_LINKS 10

struct host;

struct host_link {
	struct host *host;
	const struct gw_proto *proto;
	void *session;           /* NULL: not open */
	struct gw_env env;
	struct gw_peer peer;
	struct gw_session_info info;
	struct gw_buf pending;   /* bytes of the client that the session has not taken yet */
	struct gw_out out;
	enum gw_need need;
	bool closed;             /* the session asked to be closed */
	bool compressed;         /* the session asked for it */
	uint64_t heard_ms;       /* when the client said something last */
	struct stat bell_seen[GW_BELLS];
	unsigned runs;           /* calls of run() */
	bool keep_output;        /* do not drain the output: a client that does not read */
};

struct host {
	struct gw_clock clock;
	uint64_t now_ms;
	int64_t wall_base;
	struct gw_config *config;
	struct gw_store *store;
	struct host_link link[HOST_LINKS];
	void (*log)(struct host *h, enum gw_log_level level, const char *text); /* may be NULL */
	void *user;
};

/* A store in memory (users anna, bert, carl with their names as passwords) and options from lines of gateway.cfg.
 * False when the options are not right (it says so on stdout). */
bool host_init(struct host *h, struct gw_slice config_lines);
void host_done(struct host *h);

/* Open connection n; peer may be NULL (a plain client on this machine). */
void host_open(struct host *h, unsigned n, const struct gw_proto *proto, const struct gw_peer *peer);
void host_close(struct host *h, unsigned n);

/* Bytes from the client. */
void host_send(struct host *h, unsigned n, struct gw_slice bytes);

/* Let everything happen that can, on all connections. */
void host_settle(struct host *h);

/* Move output to the end of to. */
void host_take(struct host *h, unsigned n, struct gw_buf *to);

void host_wake(struct host *h, unsigned n, enum gw_wake what);
void host_pass_time(struct host *h, unsigned seconds);

#endif

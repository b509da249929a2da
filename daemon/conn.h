/* conn.h - one client connection and the session behind it
 *
 * Who may touch what: while a job is out (bits is not 0), the worker owns the connection, except for what stands
 * under "always the loop's"; otherwise all of it is the loop's. The connection has one job at most. */
#ifndef GW_DAEMON_CONN_H
#define GW_DAEMON_CONN_H

#include "daemon/ears.h"
#include "daemon/deflate.h"
#include "daemon/inbuf.h"
#include "daemon/loop.h"
#include "daemon/registry.h"
#include "daemon/wheel.h"
#include "daemon/worker.h"
#include "session/session.h"

#include <netinet/in.h>
#include <sys/un.h>

struct service;
struct snapshot;
struct tls_conn;

union address {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
	struct sockaddr_storage storage;
};

/* What the acceptor knows of a connection and hands to a loop. */
struct conn_start {
	struct loop_task task;
	struct loop *loop;
	int fd;
	const struct service *service;
	struct snapshot *snapshot; /* a reference */
	struct reg_slot *slot;     /* NULL: only to be told why it is refused */
	const char *refusal;       /* line for a refused client, or NULL; static text */
	char address[64];
	bool local;
};

enum conn_bits {
	CONN_JOB = 1,  /* a worker has the connection */
	CONN_WANT = 2, /* the loop wants to be called as soon as the job ends */
};

enum conn_phase {
	CONN_HANDSHAKE, /* TLS is being set up */
	CONN_TALK,
	CONN_CLOSING,   /* handed to close(): nobody looks at it any more */
};

/* Messages of a session that statistics know of. */
struct conn_counted {
	uint32_t fetched, appended, expunged;
};

/* What GW_EV_LOGOUT and GW_EV_DISCONNECT tell. */
struct conn_totals {
	uint64_t commands, failed, bytes_in, bytes_out, store_ms;
	struct conn_counted messages;
	int64_t wall_s;
};

struct conn {
	/* always the loop's */
	struct event event; /* readable */
	struct event *write_event; /* made when first needed */
	struct conn *next, *prev;  /* of the loop */
	struct conn *next_ready, **prev_ready;
	struct wheel_node timer;
	struct ears ears;
	struct inbuf raw;  /* read while a job was out (TLS: still encrypted) */
	uint32_t input_s;  /* loop time of the last input */
	uint32_t eof_s;    /* loop time when the peer stopped sending; 0: it has not */
	uint16_t wakes;    /* 1 << enum gw_wake: to be delivered */
	bool reading;      /* the read event is armed */
	bool writing;      /* the write event is armed */
	bool broken;       /* reading failed: the peer is gone */
	bool interrupted;
	bool leaving;      /* to end when nothing is under way (GW_WAKE_DRAIN) */

	struct inbuf in;   /* plain bytes the session has not consumed */
	bool stale;        /* in holds nothing new since the session asked for more */

	_Atomic unsigned bits; /* enum conn_bits; 0: the loop owns everything */

	/* the owner's */
	struct job job;
	struct loop_task done;
	struct loop *loop;
	struct snapshot *snapshot;
	const struct service *service;
	struct reg_slot *slot;
	struct tls_conn *tls; /* NULL: plain */
	struct deflate_conn *deflate; /* NULL: not compressed */
	void *session;
	struct gw_out out;
	const char *refusal; /* say this and close */
	int fd;
	uint32_t start_s;    /* loop time of the beginning (of the handshake, in it) */
	uint32_t sent_s;     /* loop time when output last moved, or began to wait */
	uint32_t hold_s;     /* loop time until which the answer to a login is kept back; 0: nothing is */
	struct timespec run_since; /* wall clock before the last job, for bell_listen() */
	struct conn_counted messages;
	struct conn_totals told; /* what users who are gone did (RFC 8437) */
	uint8_t phase;       /* enum conn_phase */
	uint8_t need;        /* enum gw_need: what to do next */
	bool dead;           /* writing failed */
	bool counted;        /* in its user's connections */
	uint8_t marker;      /* octets that may still come of the flush that ended the client's compression */
	bool lingers;        /* close gently: the client may be sending still */
	struct gw_peer peer;
	struct gw_env env;
};

/* Begin to serve; on the loop's thread. Takes everything in start but start itself. */
void conn_begin(struct loop *l, const struct conn_start *start);

/* Callbacks of the loop. */
void conn_due(void *loop, struct wheel_node *timer);
void conn_bell(struct loop *l, struct bell_ear *ear);
void conn_run_ready(struct loop *l);

/* Wake all sessions of the loop, the one in a slot, or with GW_WAKE_KICK those that are marked in the registry; on the
 * loop's thread. GW_WAKE_DRAIN is remembered until the session can leave. */
void conn_wake_all(struct loop *l, enum gw_wake what);
bool conn_wake_slot(struct loop *l, const struct reg_slot *slot, uint64_t id, enum gw_wake what);
void conn_wake_kicked(struct loop *l);

/* Cut all connections of the loop now. */
void conn_abort_all(struct loop *l);

/* ---- conn_io.c: bytes in and out; the owner's thread ---- */

/* Send what the socket takes. last: nothing follows (TLS says goodbye). Sets dead when the socket is broken. */
void conn_flush(struct conn *c, struct scratch *io, bool last);

/* Output that is not sent yet, bytes. */
size_t conn_unsent(const struct conn *c);

/* Close the socket so that a client that is sending still gets to read our last words. */
void conn_close_socket(struct conn *c);

/* Seconds of the monotonic clock, any thread. */
uint32_t conn_clock_s(void);

/* ---- conn_input.c: bytes on their way to the session; the loop's thread ---- */

#define CONN_KEEP_LATE (256u * 1024) /* input kept for a busy session that has signed on */

/* Decrypt what came (TLS), put it aside to be decompressed, or hand it on: *ret is good until the next use of io. False:
 * the peer has ended or broken the stream; *ret may hold bytes all the same. */
bool conn_decode(struct conn *c, struct scratch *io, struct gw_slice came, struct gw_slice *ret);

/* Bytes that were read and not consumed: kept ones and fresh ones in one piece; use n of them; keep what is fresh. */
struct gw_slice conn_pending(struct conn *c, struct gw_slice *fresh);
void conn_consume(struct conn *c, struct gw_slice *fresh, size_t n);
void conn_keep(struct conn *c, struct gw_slice *fresh);

/* More than any session may leave unconsumed. */
size_t conn_keep_max(const struct conn *c);

/* A busy session gets no more to keep than it may; one that waits for the rest of something gets it. busy: a worker has
 * it. */
bool conn_may_read(const struct conn *c, bool busy);

bool conn_signed_on(const struct conn *c);

/* From here on both directions are compressed, from there on they are not (GW_NEED_COMPRESS, GW_NEED_PLAIN). */
void conn_compress(struct conn *c, struct gw_slice *fresh);
void conn_uncompress(struct conn *c, struct scratch *io, struct gw_slice *fresh);

/* Decompress some of what waits (deflate_waits()) behind what was kept. False: it is not DEFLATE data. */
bool conn_unpack(struct conn *c, struct scratch *io, struct gw_slice *fresh);

/* ---- conn_env.c: what is told of a connection; the owner's thread ---- */

/* What a session calls (struct gw_env). */
void conn_env_init(struct conn *c);

/* An event (log/events.h) with the connection's service, address, session and user added:
 * conn_event(c, GW_EV_TLS_BROKEN, GW_STR("detail", why)). */
#define conn_event(c, id, ...)                                                                      \
	conn_event_put((c), (id), (const struct gw_log_field[]){ __VA_ARGS__ },                        \
		       sizeof((const struct gw_log_field[]){ __VA_ARGS__ }) / sizeof(struct gw_log_field))
void conn_event_put(struct conn *c, enum gw_event_id id, const struct gw_log_field *fields, size_t n);

/* The connection ends, or its user is gone: GW_EV_LOGOUT or GW_EV_DISCONNECT. It has a slot. */
void conn_tell_end(struct conn *c);

#endif

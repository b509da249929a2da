/* conn_priv.h - what the files of a connection share: conn.c, conn_job.c and conn_events.c */
#ifndef GW_DAEMON_CONN_PRIV_H
#define GW_DAEMON_CONN_PRIV_H

#include "daemon/conn.h"

#include <stddef.h>

#define conn_of(ptr, member) ((struct conn *)(void *)((char *)(ptr) - offsetof(struct conn, member)))

/* Has a worker the connection? Any thread. */
static inline bool conn_job_out(const struct conn *c)
{
	return atomic_load_explicit(&c->bits, memory_order_acquire) != 0;
}

/* Is the connection ours? If a worker has it, have it call when it is done. */
static inline bool conn_want(struct conn *c)
{
	if (!conn_job_out(c))
		return true;
	if (atomic_fetch_or(&c->bits, CONN_WANT) != 0)
		return false;
	atomic_store(&c->bits, 0); /* it was done in this very moment */
	return true;
}

/* ---- conn.c; the loop's thread ---- */

/* Step until nothing can be done. The connection may be closed afterwards. fresh: decoded input. */
void conn_drive(struct conn *c, struct gw_slice fresh);

/* Have it driven when others had their turn; take that back. */
void conn_make_ready(struct conn *c);
void conn_unready(struct conn *c);

/* The greeting, or the refusal; or TLS is there. */
void conn_start_session(struct conn *c);

/* May the session write more? Any owner. */
bool conn_has_room(const struct conn *c);

/* ---- conn_job.c ---- */

/* Give the connection to a worker, from the loop's thread. False: there are none, and the job is done. */
bool conn_give_job(struct conn *c);

/* What the connection holds, for operators; the owner's thread. raw: of c->raw, which a worker does not know. */
void conn_note_memory(struct conn *c, size_t raw);

/* No job is out; the loop's thread. The session of somebody who had signed on may need its store to close. */
void conn_end(struct conn *c);

/* ---- conn_events.c; the loop's thread ---- */

/* The socket can be read: a libevent callback. */
void conn_readable(evutil_socket_t fd, short what, void *arg);

/* See to it that the connection is called when something can go on. It may be closed afterwards. */
void conn_settle(struct conn *c);

/* While a worker has the connection, what was to be sent is the worker's to send. */
void conn_disarm_write(struct conn *c);

/* Listen to what the session wants to hear. True: something happened there since the last job began, and is told. */
bool conn_listen(struct conn *c);

#endif

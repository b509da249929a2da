/* drain.h - being rid of sessions without cutting anybody off in the middle
 *
 * A drain takes in no new clients and lets every session end when it has nothing under way (GW_WAKE_DRAIN): between two
 * commands, or in IDLE. It goes on until it is taken back, whoever looks on. The same may be done to single users, and
 * the store may be closed to those who want to sign on. What any process or thread must know of it stands in memory that
 * all share; the main loop alone writes it.
 *
 * Clients are kept out where it helps most: sockets of our own are closed, so a load balancer or a client with several
 * addresses goes elsewhere at once. A socket that belongs to the service manager cannot be closed, and one in the file
 * system cannot be opened again: there a client is told BYE (IMAP) or -ERR (POP3). */
#ifndef GW_DAEMON_DRAIN_H
#define GW_DAEMON_DRAIN_H

#include "util/err.h"
#include "util/slice.h"

#include <event2/event_struct.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct reg_slot;
struct server;

#define DRAIN_USERS 64u
#define DRAIN_MAX_S (7u * 86400) /* longest deadline */

struct drain_user {
	_Atomic bool on;
	char name[128];
	uint32_t deadline_s; /* conn_clock_s() when his sessions are ended; 0: never. The main loop's */
};

struct drain_shared {
	_Atomic bool cutting;      /* sessions that are left get no more time */
	_Atomic bool store_closed; /* nobody can sign on */
	struct drain_user user[DRAIN_USERS];
};

enum drain_phase {
	DRAIN_OFF,
	DRAIN_WARNING, /* not ready any more, so that others look elsewhere; clients are still taken */
	DRAIN_ON,
};

struct drain {
	enum drain_phase phase;
	bool limited;         /* there is a deadline */
	uint32_t begin_s;     /* of DRAIN_ON, conn_clock_s() */
	uint32_t deadline_s;
	unsigned cuts;
	bool told;            /* that nobody is left */
};

/* Before threads and children. 0 or -1 with errno. */
int drain_init(struct server *s);
void drain_done(struct server *s);

/* Why a user (NULL: anybody) cannot sign on now, or NULL. Any thread or process. */
const char *drain_closed(const struct drain_shared *d, const char *user);

/* ---- the main loop ---- */

struct drain_order {
	bool limited;        /* there is a deadline */
	uint32_t deadline_s; /* seconds from when clients are no longer taken */
	uint32_t grace_s;    /* seconds before that in which only readiness is gone */
};

/* Begin, or change the deadline of one that runs. */
void drain_begin(struct server *s, const struct drain_order *o);

/* Take clients again. Sessions that were told already may end all the same. */
void drain_resume(struct server *s);

/* Sessions of one user. GW_ELIMIT: too many users are kept out. */
int drain_user_begin(struct server *s, struct gw_slice user, const struct drain_order *o, struct gw_err *err);

/* GW_ENOENT: he is not kept out. */
int drain_user_resume(struct server *s, struct gw_slice user, struct gw_err *err);

/* The row of a user who is kept out, or NULL. */
const struct drain_user *drain_user_find(const struct server *s, struct gw_slice user);

/* Once a second: deadlines. */
void drain_tick(struct server *s);

/* May load balancers send clients here? If not, *why (may be NULL) is a sentence. */
bool server_ready(const struct server *s, const char **why);

/* ---- shutdown.c: what a drain and the end have in common ---- */

/* Tell all sessions to end when they can. */
void drain_tell_all(struct server *s);

/* Cut off those that are left: first they are told to say goodbye now, from the second call on it just happens. */
void drain_cut(struct server *s, unsigned round);

/* Sessions that are there. user: of him alone (n is 0: of all). *busy (may be NULL): of them in the middle of a command. */
unsigned drain_left(struct server *s, struct gw_slice user, unsigned *busy);

#endif

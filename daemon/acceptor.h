/* acceptor.h - taking new connections and finding them a place */
#ifndef GW_DAEMON_ACCEPTOR_H
#define GW_DAEMON_ACCEPTOR_H

#include "daemon/listen.h"

#include <event2/event.h>
#include <event2/event_struct.h>

struct conn_start;
struct gwd;

struct accept_event {
	struct acceptor *acceptor;
	const struct listener *listener;
	bool shut;                    /* closed by a drain */
	_Atomic uint64_t accepted;
	struct event event;
};

struct acceptor {
	struct gwd *g;
	struct event_base *base;
	struct accept_event *events; /* one a listener */
	size_t n_events;
	struct event pause;          /* out of descriptors: try again later */
	bool paused, stopped;
	bool suspended; /* by a drain */
	_Atomic bool closed; /* the doors are as suspended says; any thread */
	uint32_t explain_s;          /* refusals that were explained in this second */
	unsigned explained;
	/* A connection that was let in; takes *start but start itself. */
	void (*serve)(struct gwd *g, struct conn_start *start);
};

/* Begin to accept on base: that of the first loop (thread model) or of the main process (fork model). */
void acceptor_start(struct acceptor *a, struct gwd *g, struct event_base *base, const struct listeners *ls,
		    void (*serve)(struct gwd *g, struct conn_start *start));

/* Take no clients until acceptor_resume(): who waits in a socket that can be closed is told to go elsewhere, then it is
 * closed; at the others clients are told why. On the base's thread. */
void acceptor_suspend(struct acceptor *a);
void acceptor_resume(struct acceptor *a);

/* Does the address (see config/network.h) belong to this machine? */
bool acceptor_is_local(const unsigned char ip[16]);

/* Accept no more, for good; on the base's thread. */
void acceptor_stop(struct acceptor *a);

/* Forget about it in a forked child, whose event base is another's. */
void acceptor_abandon(struct acceptor *a);

#endif

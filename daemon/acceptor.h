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
	struct event event;
};

struct acceptor {
	struct gwd *g;
	struct event_base *base;
	struct accept_event *events; /* one a listener */
	size_t n_events;
	struct event pause;          /* out of descriptors: try again later */
	bool paused, stopped;
	uint32_t explain_s;          /* refusals that were explained in this second */
	unsigned explained;
	/* A connection that was let in; takes *start but start itself. */
	void (*serve)(struct gwd *g, struct conn_start *start);
};

/* Begin to accept on base: that of the first loop (thread model) or of the main process (fork model). */
void acceptor_start(struct acceptor *a, struct gwd *g, struct event_base *base, const struct listeners *ls,
		    void (*serve)(struct gwd *g, struct conn_start *start));

/* Accept no more, for good; on the base's thread. */
void acceptor_stop(struct acceptor *a);

/* Forget about it in a forked child, whose event base is another's. */
void acceptor_abandon(struct acceptor *a);

#endif

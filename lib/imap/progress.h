/* progress.h - a command that takes long: how much of it is done in one step, and what the client hears meanwhile (RFC 9585)
 *
 * A step ends after a while, so that others get the worker, a client that is gone is noticed, and one that waits can be told
 * how far the command is: "* OK [INPROGRESS ("a7" 1200 5000)] Still working". Thread: the session's. */
#ifndef GW_IMAP_PROGRESS_H
#define GW_IMAP_PROGRESS_H

#include "imap/session.h"

#define IMAP_STEP_US	 100000u /* that a step takes; also the shortest that can be told apart from none */
#define IMAP_PROGRESS_MS 10000u	 /* between two words to the client */

struct imap_progress {
	const struct gw_clock *clock;
	uint64_t until_us; /* the step is over */
	uint64_t told_ms;  /* when the client heard something last */
};

/* The command begins. */
void imap_progress_begin(struct imap_progress *p, const struct gw_clock *clock);

/* A step begins. */
void imap_progress_step(struct imap_progress *p);

/* Is the step over? ctx: a struct imap_progress. */
bool imap_progress_enough(void *ctx);

/* A step is over and n of goal items are done: say so if it is time, and if the capability is offered. goal 0: not known. Between
 * two calls for a command n does not fall and goal stays; only while no other response is half out. */
void imap_progress_tell(struct imap_progress *p, const struct imap_session *s, const struct imap_task *t, uint64_t n,
			uint64_t goal, struct gw_out *out);

#endif

/* timing.h - how long a session's commands take, for the host (struct gw_finished)
 *
 * A command's time is what we need for it: reading it, waiting for a worker, running. While the client is waited for, to
 * send the rest of something or to read what it asked for, the clock stands still; so a slow client does not look like
 * a slow command, and IDLE is not half an hour long. Commands are run one after the other: one reading of the clock
 * ends a command and begins the next. Thread: owner of the session. */
#ifndef GW_SESSION_TIMING_H
#define GW_SESSION_TIMING_H

#include "session/session.h"

struct gw_timing {
	bool on;           /* the time since mark_us counts */
	uint64_t mark_us;  /* gw_mono_us() */
	uint64_t us;       /* of the command that runs, up to mark_us */
	uint64_t store_us; /* spent in the store when the last command ended */
};

/* The host called: from here on time counts. */
void gw_timing_on(struct gw_timing *t, const struct gw_env *env);

/* The host is called back with need. busy: a command has begun and is not answered; store_us: what the session has spent
 * in the store since its beginning. */
void gw_timing_wait(struct gw_timing *t, const struct gw_env *env, enum gw_need need, const struct gw_out *out, bool busy,
		    uint64_t store_us);

/* A command begins to run; "": none does. */
void gw_timing_show(const struct gw_timing *t, const struct gw_env *env, const char *command);

/* A command was answered: tell the host. */
void gw_timing_finish(struct gw_timing *t, const struct gw_env *env, unsigned verb, enum gw_result result,
		      uint64_t store_us);

#endif

/* live.h - short questions to the daemon that may not hold up a person: the prompt, and completion
 *
 * Everything ends after a time, and after so many rows; a daemon that hangs is one that does not answer. Nothing here
 * prints. */
#ifndef GWCTL_LIVE_H
#define GWCTL_LIVE_H

#include "gwctl/gwctl.h"

#define LIVE_MS 300    /* the usual patience */
#define LIVE_ROWS 500  /* the usual number of rows */

enum live {
	LIVE_OK,
	LIVE_NOT_RUNNING,
	LIVE_DENIED,
	LIVE_NO_ANSWER, /* in time, or not of the protocol */
	LIVE_REFUSED,   /* it said no */
};

/* Send a request (a line without its end). row() for each row, end() for the object behind OK; each may be NULL. After max
 * rows it counts as answered. */
enum live live_ask(const struct options *o, const char *request, unsigned ms, size_t max, void (*row)(void *ctx, struct gw_slice json),
	void (*end)(void *ctx, struct gw_slice json), void *ctx);

/* The member of an object as text: its length, 0 when it is not there or empty. Cut at cap with a NUL. */
size_t live_member(struct gw_slice json, const char *key, char *ret, size_t cap);

#endif

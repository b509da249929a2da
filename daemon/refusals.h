/* refusals.h - the last refusals of each user and address, for `gwctl why`
 *
 * In memory that all processes share. Each user (without one: each address) shares a ring of REFUSALS_KEPT refusals with
 * few others, so that an attacker who is refused a thousand times a second does not push out what an honest user was
 * told. */
#ifndef GW_DAEMON_REFUSALS_H
#define GW_DAEMON_REFUSALS_H

#include "log/pack.h"
#include "log/ring.h"

#define REFUSALS_KEPT 32u    /* of a ring; a power of two */
#define REFUSALS_RINGS 256u

struct refusals;

/* Make the memory; before the first fork. NULL: there is none. */
struct refusals *refusals_new(void);

/* Keep one. Any thread and process. */
void refusals_note(struct refusals *r, const struct gw_log_item *item);

/* Call fn for each refusal of a user, or of an address (without its port) when user is empty, the oldest first.
 * Returns how many there were. */
unsigned refusals_each(struct refusals *r, struct gw_slice user, struct gw_slice address,
		       void (*fn)(void *ctx, const struct gw_log_item *item), void *ctx);

/* The part of "192.0.2.1:51234", "[2001:db8::1]:51234" that is the address; other text is all of it. */
struct gw_slice refusals_host(struct gw_slice address);

#endif

/* wheel.h - many deadlines for little: one list a second
 *
 * A connection's deadline moves with every byte that arrives. Here that costs nothing: the entry stays where it is,
 * and when its second comes the owner says what the deadline is now. Resolution one second; later deadlines than the
 * wheel is wide are looked at once a turn. Thread: owner. */
#ifndef GW_DAEMON_WHEEL_H
#define GW_DAEMON_WHEEL_H

#include <stdint.h>

#define WHEEL_SLOTS 2048u /* seconds; a power of two */

struct wheel_node {
	struct wheel_node *next, *prev; /* NULL: not in the wheel */
	uint32_t due_s;
};

struct wheel {
	struct wheel_node slot[WHEEL_SLOTS]; /* heads of circular lists */
	uint32_t now_s;
};

void wheel_init(struct wheel *w, uint32_t now_s);

/* Have the node come due at due_s, or sooner. Moves it only when it sits at a later second than due_s. */
void wheel_set(struct wheel *w, struct wheel_node *n, uint32_t due_s);
void wheel_remove(struct wheel_node *n);

/* Call due() for each node whose second has come, up to now_s; the node is out of the wheel by then. */
void wheel_advance(struct wheel *w, uint32_t now_s, void (*due)(void *ctx, struct wheel_node *n), void *ctx);

#endif

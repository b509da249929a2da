/* pulse.h - do the parts of the service that work for clients go on?
 *
 * Each part leaves the time of its last beat where the main loop can read it: event loops and children tick once a
 * second, a pool of workers moves when a job begins or ends while others wait, the keeper goes round once a second. From
 * the ages of these beats follow the watchdog of the service manager, /healthz and `gwctl health`.
 *
 * The watchdog is kept from the service when a loop or all workers of a pool hang: nobody is served then, and a restart
 * is the only help. A keeper that hangs is killed and started anew. A child that is lost in a command hurts one client; it
 * is told of, and ends with its session. */
#ifndef GW_DAEMON_PULSE_H
#define GW_DAEMON_PULSE_H

#include <stdbool.h>
#include <stdint.h>

struct server;

enum pulse_part { PULSE_LOOPS, PULSE_POOLS, PULSE_KEEPER, PULSE_CHILDREN, PULSE_PARTS };

enum pulse_state {
	PULSE_FINE,
	PULSE_SLOW,  /* somebody should look */
	PULSE_STUCK, /* it will not go on by itself */
};

struct pulse {
	uint32_t age_s[PULSE_PARTS]; /* of the oldest beat; 0 for parts that this process model has not */
	unsigned late_children;      /* whose last beat is older than PULSE_CHILDREN allows */
	bool keeper_gone;            /* it is being started anew */
};

/* What age of a beat means. */
enum pulse_state pulse_judge(enum pulse_part part, uint32_t age_s);

/* May the watchdog be told that all is well? */
bool pulse_is_alive(const struct pulse *p);

/* How often the watchdog is told, milliseconds, when it bites after watchdog_us: a third of it, a second at most. */
unsigned pulse_interval_ms(uint64_t watchdog_us);

/* The beats as they are now. Main loop. */
void pulse_take(struct server *s, struct pulse *ret);

/* pulse_is_alive() of now. */
bool server_alive(struct server *s);

/* Once a second: a keeper that hangs is killed. Main loop. */
void pulse_tick(struct server *s);

#endif

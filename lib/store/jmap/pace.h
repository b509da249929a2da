/* pace.h - how many changes a server is asked for at a time (RFC 8620 5.2: maxChanges)
 *
 * Half of them when it finds them too many. It may have had a bad moment: after a while more are tried again, and one that has not
 * changed its mind costs a request now and then. */
#ifndef GW_STORE_JMAP_PACE_H
#define GW_STORE_JMAP_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define JMAP_PACE_MOST	   4096u   /* at first */
#define JMAP_PACE_LEAST	   16u
#define JMAP_PACE_AFTER_MS 600000u /* when fewer went well for so long, more are tried */

struct jmap_pace {
	unsigned n;
	uint64_t changed_ms;         /* monotonic clock */
};

/* It was too many. False: there are no fewer to try. */
static inline bool jmap_pace_fewer(struct jmap_pace *p, uint64_t now)
{
	if (p->n <= JMAP_PACE_LEAST)
		return false;
	p->n /= 2;
	p->changed_ms = now;
	return true;
}

/* It went well. */
static inline void jmap_pace_well(struct jmap_pace *p, uint64_t now)
{
	if (p->n >= JMAP_PACE_MOST || now - p->changed_ms < JMAP_PACE_AFTER_MS)
		return;
	p->n *= 2;
	p->changed_ms = now;
}

#endif

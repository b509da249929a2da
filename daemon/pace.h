/* pace.h - how often users sign on to POP3 (RFC 2449 section 6.5), counted across connections, processes and threads
 *
 * One token bucket a user, in memory made before the first fork: a login takes a token, one comes back each delay_s, and
 * there are at most burst. The table is bounded: who fills it makes those be forgotten whose bucket is full first, for
 * whom nothing is lost. There is no lock that a dying child could keep: an entry is one word. Like penalty.h it knows no
 * clock and no sockets. Thread and process: any. */
#ifndef GW_DAEMON_PACE_H
#define GW_DAEMON_PACE_H

#include "util/hash.h"

#include <stdint.h>

struct pace_table;

struct pace {
	struct pace_table *shared;
	struct gw_hash_key key;
};

/* Map the table. 0 or -1 with errno. */
int pace_init(struct pace *p);
void pace_done(struct pace *p);

/* A user, who has shown who he is, signs on: 0 and a token is taken, or the seconds he has to wait for one. delay_s: at
 * least 1; burst: likewise. */
unsigned pace_take(struct pace *p, struct gw_slice user, unsigned delay_s, unsigned burst, uint32_t now_s);

#endif

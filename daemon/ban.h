/* ban.h - addresses and networks that are shut out for a time
 *
 * Only the process that accepts connections needs them: bans are made by orders on the control socket and by the
 * acceptor itself, when an address has failed to log in too often. They are in memory and end with the service.
 * now_s is conn_clock_s(). Thread: any of the main process. */
#ifndef GW_DAEMON_BAN_H
#define GW_DAEMON_BAN_H

#include "config/network.h"
#include "util/err.h"

#include <pthread.h>
#include <stdatomic.h>

#define BAN_MAX 4096u  /* bans at a time */
#define BAN_REASON 128u

struct ban {
	struct gw_network net;
	bool for_good;
	bool by_itself;     /* for failed logins; else by an order */
	uint32_t since_s, until_s;
	uint64_t refused;   /* connections */
	char reason[BAN_REASON];
};

struct bans {
	pthread_mutex_t lock;
	struct ban *v;
	size_t n;
	_Atomic size_t count; /* the same, to be looked at without the lock */
};

void ban_init(struct bans *b);
void ban_done(struct bans *b);

/* Shut a network out for for_s seconds (0: until it is removed). One that is shut out already gets the new end and
 * reason. GW_ELIMIT: there are BAN_MAX bans. */
int ban_add(struct bans *b, const struct gw_network *net, uint32_t now_s, uint32_t for_s, struct gw_slice reason,
	    bool by_itself, struct gw_err *err);

/* Lift the ban of exactly this network. False: there was none. */
bool ban_remove(struct bans *b, const struct gw_network *net, uint32_t now_s);

/* Lift all; returns how many there were. */
size_t ban_clear(struct bans *b, uint32_t now_s);

/* Is the address shut out? *ret (may be NULL) gets the ban that ends last. refuse: a connection is refused for it. */
bool ban_find(struct bans *b, const unsigned char ip[16], uint32_t now_s, bool refuse, struct ban *ret);

/* The i-th ban, in the order in which they were made; false behind the last. */
bool ban_at(struct bans *b, size_t i, uint32_t now_s, struct ban *ret);

#endif

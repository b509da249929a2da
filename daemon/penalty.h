/* penalty.h - failed logins, counted across connections, processes and threads
 *
 * Three tables in memory made before the first fork: failures by address (exact, so that they can be shown), by address
 * and user, and by user. They are bounded: who fills them makes others be forgotten, those with the fewest failures
 * first. Half of a count is forgotten in each span of penalty_rule.forget_s without a failure.
 *
 * Nothing here knows a clock or sockets: now_s is conn_clock_s(), an address the 16 octets of config/network.h. There is
 * no lock that a dying child could keep: an entry is two words, and a count that belongs to another key says so.
 * Thread and process: any. */
#ifndef GW_DAEMON_PENALTY_H
#define GW_DAEMON_PENALTY_H

#include "util/hash.h"

#include <stdbool.h>
#include <stdint.h>

#define PENALTY_IP 16

struct gw_config;
struct penalty_table;

struct penalties {
	struct penalty_table *shared;
	struct gw_hash_key key;
};

struct penalty_rule {
	unsigned delay_after; /* failures that are answered at once */
	unsigned delay_max_s; /* 0: no delays */
	unsigned forget_s;    /* at least 1 */
};

/* Map the tables. 0 or -1 with errno. */
int penalty_init(struct penalties *p);
void penalty_done(struct penalties *p);

struct penalty_rule penalty_rule_of(const struct gw_config *cfg);

/* Seconds that the answer to a login of this user from this address waits, before it is known whether it is right. */
unsigned penalty_delay(const struct penalties *p, const struct penalty_rule *r, const unsigned char ip[PENALTY_IP],
		       struct gw_slice user, uint32_t now_s);

/* What became of it. A success forgets the failures of this user from this address, and no others. */
void penalty_failed(struct penalties *p, const struct penalty_rule *r, const unsigned char ip[PENALTY_IP],
		    struct gw_slice user, uint32_t now_s);
void penalty_passed(struct penalties *p, const struct penalty_rule *r, const unsigned char ip[PENALTY_IP],
		    struct gw_slice user, uint32_t now_s);

/* Failures that count now, and the delay they make. */
struct penalty_count {
	unsigned address, pair, user;
	bool known;       /* the user has signed on from the address: only pair counts */
	unsigned delay_s;
	uint32_t last_s;  /* of the address's last failure; 0: none */
};

/* ip NULL: only .user is filled. */
void penalty_look(const struct penalties *p, const struct penalty_rule *r, const unsigned char *ip, struct gw_slice user,
		  uint32_t now_s, struct penalty_count *ret);

/* An address that has failures. */
struct penalty_row {
	unsigned char ip[PENALTY_IP];
	unsigned bits;    /* 128, or 64 for a network of IPv6 */
	unsigned count;
	unsigned delay_s; /* for users who are not known there */
	uint32_t last_s;
};

/* The next one from place *at on (0 at first). False: there are no more. */
bool penalty_next(const struct penalties *p, const struct penalty_rule *r, uint32_t now_s, uint32_t *at,
		  struct penalty_row *ret);

/* Forget the failures of all addresses that has() says yes to; returns how many had any. Of one address. Of a user from
 * anywhere, which takes a moment: not for every login. */
unsigned penalty_forget(struct penalties *p, bool (*has)(void *ctx, const struct penalty_row *row), void *ctx);
void penalty_forget_address(struct penalties *p, const unsigned char ip[PENALTY_IP]);
void penalty_forget_user(struct penalties *p, struct gw_slice user);

#endif

/* context_order.h - a sorted result that stays up to date, without a store (RFC 5267 4.3.3, 4.3.4)
 *
 * The result is a list of UIDs in the order that the client asked for, and nothing else is kept of it. What is taken out or put in
 * becomes a list of edits that bring a client's list to the same state when it does them one after the other. Where a new
 * message belongs is asked for in rounds: it is compared with some members of the list, and with some of those between which it
 * belongs, until there are none. A round needs the order of the messages that it names, no keys, and none are kept. Thread: owner. */
#ifndef GW_IMAP_CONTEXT_ORDER_H
#define GW_IMAP_CONTEXT_ORDER_H

#include "util/set.h"

#include <stdbool.h>

#define CONTEXT_PIVOTS 15u /* members of a stretch of the list that are compared in one round */

struct context_order {
	uint32_t *uid;
	uint32_t n;
};

/* A member that is taken out, or put in. */
struct context_edit {
	uint32_t at;     /* its place in the list, from 0, when all edits before this one are done */
	uint32_t number; /* UID, or the message number that the client wants instead */
};

struct context_edits {
	struct context_edit *v;
	size_t n;
};

void context_edits_done(struct context_edits *e);

/* Take these UIDs out, but not those in keep (may be NULL). *ret (empty) gets edits in ascending places; ret_there (may be NULL)
 * the UIDs that were there, those in keep included. Linear in the list. */
void context_order_remove(struct context_order *o, const struct gw_set *uids, const struct gw_set *keep, struct context_edits *ret,
			  struct gw_set *ret_there);

/* A message that comes in: in front of one of the members lo..hi (hi: behind all that are before it). */
struct context_place {
	uint32_t uid, lo, hi;
};

struct context_places {
	const struct context_order *order;
	struct gw_set uids;      /* that come in */
	struct context_place *v; /* in their order, once one round is over */
	uint32_t n;
	uint32_t *pivot;         /* places of members that are compared in this round */
	size_t n_pivots;
	bool asked;
};

/* uids: none of them is in the list. */
void context_places_init(struct context_places *p, const struct context_order *o, const struct gw_set *uids);
void context_places_done(struct context_places *p);

/* Is there a round to come? Then add the UIDs to *ret whose order must be known. */
bool context_places_ask(struct context_places *p, struct gw_set *ret);

/* The UIDs in their order; those that are gone meanwhile are left out. False: this does not fit the list. */
bool context_places_answer(struct context_places *p, const uint32_t *sorted, uint32_t n);

/* Put them in. */
void context_order_insert(struct context_order *o, const struct context_places *p, struct context_edits *ret);

#endif

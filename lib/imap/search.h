/* search.h - SEARCH from the inside: a plan made of the keys, and its evaluation
 *
 * Each node of the tree gets the price of the dearest key below it. An AND asks cheap keys first, so that dear ones see only
 * what is left: message sets, then one scan of the index for all its keys, then one walk of a cursor (sent dates), then
 * the text of messages. Thread: the session's. */
#ifndef GW_IMAP_SEARCH_H
#define GW_IMAP_SEARCH_H

#include "imap/session.h"

enum search_price {
	SEARCH_INDEX,  /* the index knows */
	SEARCH_CURSOR, /* a few bytes of each message must be read */
	SEARCH_TEXT,   /* the text of messages must be looked at */
};

/* What belongs to one key of the tree, with the same number. */
struct search_step {
	enum search_price price;
	unsigned want;          /* GW_WANT_* of a cursor, children included */
	bool always;            /* true of every message */
	uint64_t bits;          /* flags; 0 for a keyword that the mailbox does not have */
	struct gw_set *set;     /* message numbers of SEQSET and UID */
	struct gw_slice needle; /* folded */
};

struct search_plan {
	const struct imap_search *search;
	struct search_step *step;
	const struct gw_index *ix;
	const struct gw_set *recent; /* UIDs */
	int64_t now;
};

/* Is one of the keys a set of message numbers (and not `$`)? */
bool search_has_numbers(const struct imap_search *q);

/* Make the plan, in the arena of the task. The view is loaded. False: the charset is not known. */
bool search_plan_make(struct imap_session *s, struct imap_task *t, struct search_plan *ret);

/* Add the numbers of the messages that match to *ret, ghosts left out. 0 or a negative enum gw_code. */
int search_eval(struct imap_session *s, const struct search_plan *p, struct gw_set *ret, struct gw_err *err);

/* Is the key true of this message? Keys of SEARCH_TEXT are never asked here. m is NULL while only the index is asked. */
bool search_true(const struct search_plan *p, size_t key, uint32_t seq, const struct gw_entry *e,
		 const struct gw_message *m);

#endif

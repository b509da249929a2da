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
	struct imap_pattern *pattern; /* ANNOTATION: names of entries */
	bool about;             /* FUZZY: it need not be the same */
	const struct gw_fuzzy *fuzzy; /* NULL: it must be, after all */
	struct search_place *place; /* while it is being asked, else NULL */
};

/* The mailbox that is searched. */
struct search_in {
	struct gw_mbox_id id;
	const struct gw_index *ix;    /* borrowed; stays what it is */
	const struct gw_set *recent;  /* UIDs */
	const struct gw_set *saved;   /* UIDs that `$` stands for */
};

/* What the fuzzy keys say of a message. */
struct search_score {
	uint16_t sum, n;
};

struct search_plan {
	const struct imap_search *search;
	struct gw_mbox_id id;
	struct search_step *step;
	const struct gw_index *ix;
	const struct gw_set *recent; /* UIDs */
	int64_t now;
	/* The evaluation: */
	struct gw_arena *arena;
	struct gw_arena *scratch;   /* of one message's annotations */
	struct gw_match_place pace; /* whom to ask whether a step is long enough; nothing else of it */
	struct gw_set all;          /* messages */
	struct search_score *score; /* by message number; NULL: nobody asks */
	uint64_t walks, walked;     /* walks through the messages there may be, and that ended */
	uint64_t at;                /* messages that the one under way has behind it */
};

/* Is one of the keys a set of message numbers (and not `$`), or a filter, which may have some? */
bool search_has_numbers(const struct imap_search *q);

/* Does it ask for annotations of messages? */
bool search_has_annotation(const struct imap_search *q);

/* Does it ask which messages are \Recent? */
bool search_has_recent(const struct imap_search *q);

/* Does it have a key FUZZY? Is relevancy asked for? (RFC 6203) */
bool search_is_fuzzy(const struct imap_search *q);
bool search_wants_relevancy(const struct imap_search *q);

/* 1..100: how well a message matches the keys that are fuzzy; 100 when none has looked at it. */
unsigned search_relevancy(const struct search_plan *p, uint32_t seq);

/* Make a plan, in the arena of the task; the charset is known. enough: asked between two messages whether search_eval() shall
 * stop. */
struct search_plan *search_plan_make(struct imap_session *s, struct imap_task *t, const struct search_in *in,
				     bool (*enough)(void *ctx), void *ctx);

/* Before the first search_eval(): look only at the n messages with the highest UIDs among those that the sets at the top of the tree
 * name (n 0: at all). Returns the lowest UID that is looked at when some are left out, else 0. */
uint32_t search_limit(struct search_plan *p, uint32_t n);

/* Only these messages are asked about (numbers; not empty). Before the first search_eval(). */
void search_among(struct search_plan *p, const struct gw_set *seqs);

/* Add the numbers of the messages that match to *ret, ghosts left out: 0, a negative enum gw_code, or 1 when it stopped: the same
 * call again goes on. Calls that end differently leave *ret incomplete. What it holds between two calls goes with the arena. */
int search_eval(struct imap_session *s, struct search_plan *p, struct gw_set *ret, struct gw_err *err);

/* How much of the evaluation is done: *ret of the number that is returned, which stays the same. */
uint64_t search_done(const struct search_plan *p, uint64_t *ret);

/* Of how many messages of a chunk is a key true that only the index is asked for? */
enum search_share { SEARCH_NONE, SEARCH_SOME, SEARCH_ALL };

/* As far as the chunk's sums tell; SEARCH_SOME where each has to be looked at. */
enum search_share search_chunk(const struct search_plan *p, size_t key, const struct gw_index_chunk *c);

/* Is the key true of this message? Keys of SEARCH_TEXT are never asked here. m is NULL while only the index is asked. */
bool search_true(const struct search_plan *p, size_t key, uint32_t seq, const struct gw_entry *e,
		 const struct gw_message *m);

#endif

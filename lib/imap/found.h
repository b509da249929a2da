/* found.h - what SEARCH, SORT and THREAD found, and how it is told
 *
 * 1. found_search() runs the keys, in steps: the messages are in *hits, by number, in mailbox order.
 * 2. SORT puts them into `order`.
 * 3. found_keep() does what belongs to the result as a whole: `$` (RFC 5182), MODSEQ (RFC 7162 3.1.5), UIDs.
 * 4. found_tell() writes the answer; it stops when the output is full and goes on later.
 * All of it lives in the task's arena. Thread: the session's. */
#ifndef GW_IMAP_FOUND_H
#define GW_IMAP_FOUND_H

#include "imap/progress.h"
#include "imap/search.h"

struct sort;

/* A list of numbers that is being written: ranges of a set, or the places [at, end) of an order. */
struct found_list {
	const struct gw_set *set;
	const uint32_t *order;
	uint64_t at, end;
	bool any; /* one is out: commas follow */
};

struct imap_found {
	const struct imap_search *q;
	struct gw_set *hits;  /* message numbers */
	struct gw_set *told;  /* the same as the client wants them: numbers or UIDs; not filled with order */
	uint32_t *order;      /* SORT: message numbers as sorted, after found_keep() as the client wants them; else NULL */
	uint32_t n;           /* of order */
	unsigned char *relevancy; /* RETURN (RELEVANCY): of what is told of, in its order */
	uint64_t relevancies; /* how many there are */
	uint64_t modseq;      /* of what is told; 0: not asked for */

	/* the search */
	bool limited;             /* imap_message_limit counts */
	bool elsewhere;           /* not in the selected mailbox: found_search() finds `in` filled */
	struct search_in in;
	/* Of several searches: messages that were searched, that are here and that are in all of them; total 0: there is one. */
	uint64_t before, here, total;
	struct search_plan *plan; /* NULL: not yet begun */
	struct imap_progress progress;
	bool kept;            /* found_keep() was called */

	/* the answer */
	const char *name;     /* "SEARCH", "SORT": without RETURN */
	const char *where;    /* correlators of ESEARCH behind TAG (RFC 7377 2.1) */
	unsigned item;        /* of those of ESEARCH that comes next */
	bool listing;         /* in the middle of its list */
	struct found_list list;
	struct gw_set *part;  /* what PARTIAL names */
	uint32_t next;        /* without RETURN: the number that comes next, or its place in order */
	size_t hint;
	bool head;            /* "* SEARCH" is out */
};

enum found_way {
	FOUND_ALL,
	FOUND_MORE,   /* call again: IMAP_STEP_MORE */
	FOUND_GONE,   /* only elsewhere: the mailbox is not there any more, or is not shown any more */
	FOUND_FAILED, /* the reply is set, and with SAVE `$` is empty (RFC 5182 2.1): IMAP_STEP_DONE */
};

/* A result of a command whose state it becomes (t->state is the caller's to set). name: of the response without RETURN. */
struct imap_found *found_new(struct imap_task *t, const char *name);

/* Replace the keys FILTER (RFC 5466) and look whether the charset is known. 0, a negative enum gw_code, or 1: the reply is set.
 * found_search() does it unless it was done. */
int found_prepare(struct imap_session *s, struct imap_task *t, struct gw_err *err);

/* Find the messages, or the next of them. With a progress that has begun already, it goes on. The client hears now and then how far
 * that is (RFC 9585). */
enum found_way found_search(struct imap_session *s, struct imap_task *t, struct imap_found *f, struct gw_out *out);

/* The command has failed after all: as found_search() does. */
enum imap_step found_fail(struct imap_session *s, struct imap_task *t, int rc, const struct gw_err *err);

/* Is one of the criteria ANNOTATION? */
bool imap_sorts_by_annotation(const struct imap_search *q);

/* Octets that it may take to make what is kept of all of the selected mailbox for SORT (store/ranks.h) or THREAD (store/links.h), of which a
 * command is about n messages; 0: it is about so few that these are read. */
size_t imap_memory_for_all(const struct imap_session *s, uint64_t n);

/* The ranks of a mailbox's messages by criteria of SORT. */
struct imap_sort_ranks {
	unsigned which; /* bits of enum imap_sort_key */
	struct gw_ranks *of[IMAP_SORT_KEYS];
	uint32_t at[IMAP_SORT_KEYS]; /* where a walk stands */
};

/* Have those that q needs, of what is selected: when much of it, n messages, is to be sorted, or they are there already. What there is
 * no memory for is left out. 0, or a negative enum gw_code: nothing is to be freed. */
int imap_sort_ranks(struct imap_session *s, const struct imap_search *q, uint64_t n, struct imap_sort_ranks *ret, struct gw_err *err);
void imap_sort_ranks_done(struct imap_sort_ranks *r);

/* Give sort the keys of messages of the selected mailbox (numbers). Those that were removed meanwhile have empty ones, or are left
 * out. p: what knows how relevant they are, or NULL. ranks: in place of keys that would have to be read (NULL: none). 0 or a negative enum gw_code: GW_ELIMIT for imap_sort_memory (sort_read.c). */
int imap_sort_read(struct imap_session *s, const struct search_plan *p, const struct imap_search *q, const struct gw_set *seqs,
		   struct imap_sort_ranks *ranks, bool keep_gone, struct sort *sort, struct gw_err *err);

void found_keep(struct imap_session *s, struct imap_task *t, struct imap_found *f, struct gw_out *out);

/* False: the output is full. */
bool found_tell(const struct imap_task *t, struct imap_found *f, struct gw_out *out);

#endif

/* context.h - results that stay up to date: SEARCH and SORT with UPDATE (CONTEXT=SEARCH, CONTEXT=SORT, RFC 5267 4.3)
 *
 * A context is the view's (view.h), and ends with it. It remembers the keys, and the result as the client has it, as UIDs. Each
 * time the view brings its client up to date, the contexts follow in a round:
 *
 * 1. context_round_new() takes expunged messages out of the results, and context_round_gone() tells that while their numbers
 *    count, in front of EXPUNGE, also when EXPUNGE may not come yet (RFC 5267 4.3.4, A.3).
 * 2. Behind EXISTS and FETCH (RFC 5267 4.3.3, RFC 5465 5.1) context_round_go() runs the keys over the messages that are new or
 *    were changed, and tells those that came and went. It works in steps, where a store may block.
 *
 * What a context is about are the results that its command would find now: message numbers in its keys stay what they were
 * (RFC 5267 4.3), as do `$` and filters; a `*` among UIDs, OLDER and YOUNGER (RFC 5032 2) go with the mailbox and the time. A context
 * that cannot be kept ends with NOUPDATE (RFC 5267 4.3.1). Thread: the session's. */
#ifndef GW_IMAP_CONTEXT_H
#define GW_IMAP_CONTEXT_H

#include "imap/context_order.h"
#include "imap/found.h"

#define IMAP_CONTEXTS_MAX 16u   /* in a session */
#define IMAP_CONTEXT_AGE_S 30   /* between two looks at who has become too old or old enough */

/* What has to be told of one result: ADDTO or REMOVEFROM. */
struct context_news {
	bool adds;
	struct gw_set set;          /* of SEARCH */
	struct context_edits edits; /* of SORT */
	size_t told;                /* ranges of set, or edits */
};

struct imap_context {
	struct imap_context *next;
	struct gw_arena arena;      /* of the command */
	struct imap_search search;  /* keys and criteria; message numbers have become UIDs */
	struct imap_fetch brings;   /* data of messages that are new in the mailbox and the result (RFC 5465 7); n 0: none */
	struct gw_slice tag;
	const char *where;          /* correlators behind the tag (RFC 7377 2.1) */
	bool uid;                   /* the client wants UIDs */
	/* What makes the keys true or false of a message that is there already: */
	bool by_flags;              /* its flags, or its mod-sequence */
	bool by_last;               /* which UID is the last one */
	bool by_age;
	int64_t aged_s;             /* when that was looked at last */
	/* The result as the client has it: */
	struct gw_set found;        /* of SEARCH: UIDs */
	struct context_order order; /* of SORT */
	struct context_news gone;   /* expunged messages that are to be told */
};

struct context_round;
struct gw_index_diff;
struct imap_view;

/* ---- context.c ---- */

/* May the command have its options CONTEXT and UPDATE? False: the reply is set. capability: that brings them. */
bool imap_context_check(const struct imap_session *s, struct imap_task *t, const char *capability);

/* The answer of a command is told: with UPDATE, keep f up to date from now on, or say that it will not be. */
void imap_context_begin(struct imap_session *s, const struct imap_task *t, const struct imap_found *f, struct gw_out *out);

/* A command with UPDATE gets none: "* NO [NOUPDATE "tag"] why". */
void imap_context_refuse(const struct imap_session *s, const struct imap_task *t, const char *why, struct gw_out *out);

/* End the context that the client calls tag. False: there is none. */
bool imap_context_cancel(struct imap_view *v, struct gw_slice tag);

/* End a context that cannot be kept: "* NO [NOUPDATE "tag"] why". */
void imap_context_drop(struct imap_session *s, const struct imap_context *c, const char *why, struct gw_out *out);

/* The client gives up message numbers (RFC 9586): end those that speak of them. */
void imap_contexts_give_up_numbers(struct imap_session *s, struct gw_out *out);

void imap_contexts_free(struct imap_context *first); /* all of them */
size_t imap_contexts_memory(const struct imap_context *first);

/* Is it time to look for messages that have become older, though nothing happened? */
bool imap_contexts_due(const struct imap_session *s);

/* ---- context_round.c ---- */

/* The view was compared: old became s->view->told, of which the client knew the UIDs below uidnext. diff: what separates them, with
 * the changes that the client has not heard of. NULL: there are no contexts. Returns owned. */
struct context_round *context_round_new(struct imap_session *s, const struct gw_index *old, uint32_t uidnext,
					const struct gw_index_diff *diff);
void context_round_free(struct context_round *q); /* NULL is fine */

/* False: the output is full. */
bool context_round_gone(struct imap_session *s, struct gw_out *out);

/* False: call again, where a store may block: a step is over, or the output is full. */
bool context_round_go(struct imap_session *s, struct context_round *q, struct gw_out *out);

/* ---- context_tell.c ---- */

/* "* ESEARCH (TAG "a1") UID ADDTO (0 7:9)". False: the output is full. */
bool context_news_tell(const struct imap_context *c, struct context_news *news, struct gw_out *out);
void context_news_done(struct context_news *news);

#endif

/* context_round.c - contexts follow the view (see context.h)
 *
 * Work is that of the messages that were changed: the keys see no others, and of a sorted result only those are read
 * between which a new message belongs (context_order.h). Of contexts whose keys know no flags changed messages are not
 * looked at. One context after the other is searched and told; between two calls its place is in the round. */
#include "imap/context.h"

#include "config/config.h"
#include "imap/commands.h"
#include "imap/fetch.h"
#include "imap/sort.h"
#include "util/mem.h"

#include <stdlib.h>

enum round_stage { ROUND_FIND, ROUND_REMOVED, ROUND_BRING, ROUND_ADDED };

struct context_round {
	struct gw_set fresh, changed; /* UIDs of messages that are new, and that were changed */
	uint32_t last[2];             /* the last UID before and now */
	int64_t now;
	struct imap_context *at;      /* whose turn it is; NULL: the round is over */
	/* the one whose turn it is */
	enum round_stage stage;
	struct imap_task task;        /* runs its keys */
	struct imap_command command;
	struct imap_progress progress;
	struct search_plan *plan;     /* NULL: not yet begun */
	struct gw_set *touched;       /* UIDs that are looked at */
	struct gw_set *hits;          /* message numbers of those that match */
	struct context_news removed, added;
	struct imap_task *bring;      /* fetches data of new messages */
};

/* ---- its life ---- */

static uint32_t last_uid(const struct gw_index *ix)
{
	return ix->n ? gw_index_at(ix, ix->n)->uid : 0;
}

/* The client's numbers of UIDs; all of them are in the index. */
static void to_numbers(const struct gw_index *ix, struct context_news *news)
{
	struct gw_set seqs;

	gw_set_init(&seqs);
	gw_index_seqs(ix, &news->set, &seqs);
	gw_set_done(&news->set);
	news->set = seqs;
	for (size_t i = 0; i < news->edits.n; i++)
		news->edits.v[i].number = gw_index_seq(ix, news->edits.v[i].number);
}

static void take_gone(struct imap_context *c, const struct gw_index *old, const struct gw_set *expunged)
{
	context_news_done(&c->gone);
	if (c->search.n_sort) {
		context_order_remove(&c->order, expunged, NULL, &c->gone.edits, NULL);
	} else {
		gw_set_union(&c->gone.set, expunged);
		gw_set_intersect(&c->gone.set, &c->found);
		gw_set_subtract(&c->found, &c->gone.set);
	}
	if (!c->uid)
		to_numbers(old, &c->gone);
}

struct context_round *context_round_new(struct imap_session *s, const struct gw_index *old, uint32_t uidnext,
					const struct gw_index_diff *diff)
{
	const struct gw_index *now = s->view->told;
	struct context_round *q;

	if (!s->view->contexts)
		return NULL;
	q = gw_xalloc(sizeof *q);
	gw_set_init(&q->fresh);
	gw_set_init(&q->changed);
	if (now->uidnext > uidnext)
		gw_set_add(&q->fresh, uidnext, now->uidnext - 1);
	gw_set_union(&q->changed, &diff->changed);
	q->last[0] = last_uid(old);
	q->last[1] = last_uid(now);
	q->now = gw_wall_s(s->env.clock);
	q->at = s->view->contexts;
	gw_arena_init(&q->task.arena, 0, 0);
	imap_progress_begin(&q->progress, s->env.clock);
	for (struct imap_context *c = diff->expunged.n ? q->at : NULL; c; c = c->next)
		take_gone(c, old, &diff->expunged);
	return q;
}

/* What belongs to one context. */
static void forget(struct context_round *q)
{
	imap_fetch_free(q->bring);
	q->bring = NULL;
	context_news_done(&q->removed);
	context_news_done(&q->added);
	gw_arena_reset(&q->task.arena);
	q->plan = NULL;
	q->stage = ROUND_FIND;
}

void context_round_free(struct context_round *q)
{
	if (!q)
		return;
	forget(q);
	gw_arena_done(&q->task.arena);
	gw_set_done(&q->fresh);
	gw_set_done(&q->changed);
	free(q);
}

bool context_round_gone(struct imap_session *s, struct gw_out *out)
{
	for (struct imap_context *c = s->view->contexts; c; c = c->next) {
		if (!context_news_tell(c, &c->gone, out))
			return false;
		context_news_done(&c->gone);
	}
	return true;
}

/* ---- which messages are looked at ---- */

/* Did it cross the border of a key since it was looked at last? */
static bool has_aged(const struct imap_context *c, const struct gw_entry *e, int64_t from, int64_t to)
{
	for (size_t i = 0; i < c->search.n; i++) {
		const struct imap_search_key *k = &c->search.key[i];
		int64_t age = (int64_t)k->number;

		if ((k->op == IMAP_KEY_OLDER || k->op == IMAP_KEY_YOUNGER) && e->date >= from - age && e->date <= to - age)
			return true;
	}
	return false;
}

static void add_aged(struct imap_context *c, const struct gw_index *ix, int64_t now, struct gw_set *ret)
{
	int64_t from = c->aged_s < now ? c->aged_s : now, to = c->aged_s < now ? now : c->aged_s;
	struct gw_index_iter it;
	const struct gw_entry *e;

	gw_index_iter(&it, ix, 1);
	while ((e = gw_index_next(&it)))
		if (has_aged(c, e, from, to))
			gw_set_add(ret, e->uid, e->uid);
	c->aged_s = now;
}

static void find_touched(struct context_round *q, struct imap_context *c, const struct gw_index *ix)
{
	gw_set_union(q->touched, &q->fresh);
	if (c->by_flags)
		gw_set_union(q->touched, &q->changed);
	for (unsigned i = 0; c->by_last && q->last[0] != q->last[1] && i < 2; i++)
		if (q->last[i])
			gw_set_add(q->touched, q->last[i], q->last[i]);
	if (c->by_age && llabs(q->now - c->aged_s) >= IMAP_CONTEXT_AGE_S)
		add_aged(c, ix, q->now, q->touched);
}

/* ---- finding ---- */

/* False: there is nothing to look at. */
static bool begin(struct imap_session *s, struct context_round *q, struct imap_context *c)
{
	struct imap_task *t = &q->task;
	const struct gw_index *ix = s->view->told;
	struct gw_set *among = imap_task_set(t);
	struct search_in in = { .id = s->view->id, .ix = ix, .recent = &s->view->recent, .saved = imap_task_set(t) };

	q->touched = imap_task_set(t);
	q->hits = imap_task_set(t);
	find_touched(q, c, ix);
	gw_index_seqs(ix, q->touched, among);
	if (!among->n)
		return false;
	q->command = (struct imap_command){ .arena = &t->arena, .uid = true };
	q->command.search = c->search;
	t->cmd = &q->command;
	q->plan = search_plan_make(s, t, &in, imap_progress_enough, &q->progress);
	q->plan->now = q->now;
	search_among(q->plan, among);
	return true;
}

/* The touched messages are settled in a result in mailbox order. */
static void settle_set(struct context_round *q, struct imap_context *c, const struct gw_set *hits)
{
	gw_set_union(&q->removed.set, q->touched);
	gw_set_intersect(&q->removed.set, &c->found);
	gw_set_subtract(&q->removed.set, hits);
	gw_set_union(&q->added.set, hits);
	gw_set_subtract(&q->added.set, &c->found);
	gw_set_subtract(&c->found, &q->removed.set);
	gw_set_union(&c->found, &q->added.set);
}

/* The order of messages, as UIDs: of those that are not gone meanwhile. */
static int sort_some(struct imap_session *s, const struct imap_context *c, const struct gw_set *uids, uint32_t **ret, uint32_t *ret_n,
		     struct gw_err *err)
{
	const struct gw_index *ix = s->view->told;
	uint32_t n = (uint32_t)gw_set_count(uids);
	struct sort *sort = sort_new(c->search.sort, c->search.n_sort, 0, n, s->env.config->imap_sort_memory);
	struct gw_set seqs;
	int rc;

	gw_set_init(&seqs);
	gw_index_seqs(ix, uids, &seqs);
	rc = imap_sort_read(s, NULL, &c->search, &seqs, NULL, false, sort, err);
	if (rc == 0) {
		*ret = gw_xcalloc((size_t)n + 1, sizeof **ret);
		*ret_n = sort_finish(sort, *ret);
		for (uint32_t i = 0; i < *ret_n; i++)
			(*ret)[i] = gw_index_at(ix, (*ret)[i])->uid;
	}
	gw_set_done(&seqs);
	sort_free(sort);
	return rc;
}

static int find_places(struct imap_session *s, const struct imap_context *c, struct context_places *p, struct gw_err *err)
{
	struct gw_set ask;
	int rc = 0;

	gw_set_init(&ask);
	while (rc == 0 && context_places_ask(p, &ask)) {
		uint32_t *sorted = NULL, n = 0;

		rc = sort_some(s, c, &ask, &sorted, &n, err);
		if (rc == 0 && !context_places_answer(p, sorted, n))
			rc = gw_fail(err, GW_EBUSY, "the order has changed meanwhile");
		free(sorted);
		gw_set_clear(&ask);
	}
	gw_set_done(&ask);
	return rc;
}

static int settle_order(struct imap_session *s, struct context_round *q, struct imap_context *c, const struct gw_set *hits,
			struct gw_err *err)
{
	struct context_places p;
	struct gw_set added, there;
	int rc;

	gw_set_init(&added);
	gw_set_init(&there);
	context_order_remove(&c->order, q->touched, hits, &q->removed.edits, &there);
	gw_set_union(&added, hits);
	gw_set_subtract(&added, &there);
	context_places_init(&p, &c->order, &added);
	rc = find_places(s, c, &p, err);
	if (rc == 0)
		context_order_insert(&c->order, &p, &q->added.edits);
	context_places_done(&p);
	gw_set_done(&added);
	gw_set_done(&there);
	return rc;
}

/* New messages in the result whose data the client wants. */
static void begin_bring(struct context_round *q, const struct imap_context *c)
{
	struct gw_set uids;

	if (!c->brings.n)
		return;
	gw_set_init(&uids);
	gw_set_union(&uids, &q->added.set);
	for (size_t i = 0; i < q->added.edits.n; i++)
		gw_set_add(&uids, q->added.edits.v[i].number, q->added.edits.v[i].number);
	gw_set_intersect(&uids, &q->fresh);
	if (uids.n)
		q->bring = imap_fetch_new(&c->brings, &uids);
	gw_set_done(&uids);
}

/* 0; 1: the step is over; a negative code. */
static int find(struct imap_session *s, struct context_round *q, struct imap_context *c, struct gw_err *err)
{
	struct gw_set *hits;
	int rc;

	if (!q->plan && !begin(s, q, c))
		return 0;
	rc = search_eval(s, q->plan, q->hits, err);
	if (rc != 0)
		return rc;
	hits = imap_task_set(&q->task);
	gw_index_uids(s->view->told, q->hits, hits);
	if (c->search.n_sort)
		rc = settle_order(s, q, c, hits, err);
	else
		settle_set(q, c, hits);
	if (rc < 0)
		return rc;
	q->added.adds = true;
	begin_bring(q, c);
	if (!c->uid) {
		to_numbers(s->view->told, &q->removed);
		to_numbers(s->view->told, &q->added);
	}
	return 0;
}

/* ---- telling ---- */

/* What fails here is found again when the client asks. False: there is more. */
static bool bring(struct imap_session *s, struct context_round *q, struct gw_out *out)
{
	return !q->bring || imap_run_fetch(s, q->bring, out) == IMAP_STEP_DONE;
}

/* False: there is more. */
static bool tell(struct imap_session *s, struct context_round *q, const struct imap_context *c, struct gw_out *out)
{
	if (q->stage == ROUND_REMOVED && !context_news_tell(c, &q->removed, out))
		return false;
	if (q->stage == ROUND_REMOVED)
		q->stage = ROUND_BRING;
	if (q->stage == ROUND_BRING && !bring(s, q, out))
		return false;
	q->stage = ROUND_ADDED;
	return context_news_tell(c, &q->added, out);
}

bool context_round_go(struct imap_session *s, struct context_round *q, struct gw_out *out)
{
	imap_progress_step(&q->progress);
	while (q->at) {
		struct imap_context *c = q->at, *next = c->next;
		const char *why = NULL;
		struct gw_err err = { 0 };
		int rc = q->stage == ROUND_FIND ? find(s, q, c, &err) : 0;

		if (rc > 0)
			return false;
		if (rc < 0)
			why = rc == GW_ELIMIT ? "Updates would need too much of imap_sort_memory" : "The result cannot be updated any more";
		else if (imap_contexts_memory(s->view->contexts) > s->env.config->max_session_memory)
			why = "Updates would need too much of max_session_memory";
		if (q->stage == ROUND_FIND)
			q->stage = ROUND_REMOVED;
		if (why)
			imap_context_drop(s, c, why, out);
		else if (!tell(s, q, c, out))
			return false;
		forget(q);
		q->at = next;
		if (next && imap_progress_enough(&q->progress))
			return false;
	}
	return true;
}

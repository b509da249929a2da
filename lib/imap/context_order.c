/* context_order.c - a sorted result that stays up to date (see context_order.h) */
#include "imap/context_order.h"

#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

void context_edits_done(struct context_edits *e)
{
	free(e->v);
	*e = (struct context_edits){ 0 };
}

/* ---- out ---- */

void context_order_remove(struct context_order *o, const struct gw_set *uids, const struct gw_set *keep, struct context_edits *ret,
			  struct gw_set *ret_there)
{
	uint64_t named_most = gw_set_count(uids); /* many of them may name no message */
	uint32_t n = 0;

	ret->v = gw_xcalloc((size_t)(named_most < o->n ? named_most : o->n) + 1, sizeof *ret->v);
	for (uint32_t i = 0; i < o->n; i++) {
		uint32_t uid = o->uid[i];
		bool named = gw_set_has(uids, uid);

		if (named && ret_there)
			gw_set_add(ret_there, uid, uid);
		if (named && !(keep && gw_set_has(keep, uid)))
			ret->v[ret->n++] = (struct context_edit){ .at = n, .number = uid };
		else
			o->uid[n++] = uid;
	}
	o->n = n;
}

/* ---- where to ---- */

void context_places_init(struct context_places *p, const struct context_order *o, const struct gw_set *uids)
{
	uint32_t uid;
	size_t hint = 0;

	*p = (struct context_places){ .order = o };
	gw_set_union(&p->uids, uids);
	p->v = gw_xcalloc((size_t)gw_set_count(uids) + 1, sizeof *p->v);
	for (uid = gw_set_next(uids, 1, &hint); uid; uid = gw_set_next(uids, uid + 1, &hint))
		p->v[p->n++] = (struct context_place){ .uid = uid, .hi = o->n };
}

void context_places_done(struct context_places *p)
{
	gw_set_done(&p->uids);
	free(p->v);
	free(p->pivot);
	*p = (struct context_places){ 0 };
}

/* Stretches of several messages are the same or have nothing in common. */
static bool same_stretch(const struct context_place *a, const struct context_place *b)
{
	return a->lo == b->lo && a->hi == b->hi;
}

static void add_pivots(struct context_places *p, uint32_t lo, uint32_t hi)
{
	uint64_t members = hi - lo;
	uint64_t n = members < CONTEXT_PIVOTS ? members : CONTEXT_PIVOTS;

	for (uint64_t i = 0; i < n; i++)
		p->pivot[p->n_pivots++] = lo + (uint32_t)(members * (2 * i + 1) / (2 * n));
}

bool context_places_ask(struct context_places *p, struct gw_set *ret)
{
	struct gw_range *v;
	size_t n = 0;

	free(p->pivot);
	p->pivot = gw_xcalloc((size_t)p->n * CONTEXT_PIVOTS + 1, sizeof *p->pivot);
	p->n_pivots = 0;
	for (uint32_t i = 0; i < p->n; i++)
		if (!i || !same_stretch(&p->v[i - 1], &p->v[i]))
			add_pivots(p, p->v[i].lo, p->v[i].hi);
	if (!p->n || (p->asked && !p->n_pivots))
		return false;
	p->asked = true;
	v = gw_xcalloc(p->n_pivots + 1, sizeof *v);
	for (; n < p->n_pivots; n++)
		v[n].lo = v[n].hi = p->order->uid[p->pivot[n]];
	gw_set_union(ret, &p->uids);
	gw_set_add_ranges(ret, v, n);
	free(v);
	return true;
}

/* What is now known of a message that stands in front of the member at `next`, and behind the one in front of `from`. A stretch all
 * of whose members were asked for has none left but such as are gone. False: it belonged elsewhere before. */
static bool narrow(struct context_place *one, uint32_t from, uint32_t next)
{
	bool whole = one->hi - one->lo <= CONTEXT_PIVOTS;

	if (from > one->hi || next < one->lo)
		return false;
	if (from > one->lo)
		one->lo = from;
	if (next < one->hi)
		one->hi = next;
	if (whole)
		one->hi = one->lo;
	return true;
}

static uint64_t open_places(const struct context_places *p)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < p->n; i++)
		sum += p->v[i].hi - p->v[i].lo;
	return sum;
}

/* One walk along the members and messages that a round was about. */
struct walk {
	struct context_places *p;
	struct context_place *v; /* the messages that were met, in their order */
	uint32_t met, placed;    /* of v; the others wait for the next member */
	uint32_t old;            /* of p->v: the next that may be met */
	bool unsorted;           /* p->v is in no order, and all are in one stretch */
	size_t pivot;            /* the next that may be met */
	uint32_t from;           /* behind the member that was met last */
};

static bool meet_message(struct walk *w, uint32_t uid)
{
	while (!w->unsorted && w->old < w->p->n && w->p->v[w->old].uid != uid) /* is gone */
		w->old++;
	if (w->old == w->p->n || w->met == w->p->n)
		return false;
	w->v[w->met] = w->p->v[w->old];
	w->v[w->met++].uid = uid;
	w->old += !w->unsorted;
	return true;
}

static bool place(struct walk *w, uint32_t next)
{
	while (w->placed < w->met)
		if (!narrow(&w->v[w->placed++], w->from, next))
			return false;
	return true;
}

static bool meet_member(struct walk *w, uint32_t uid)
{
	const struct context_places *p = w->p;

	while (w->pivot < p->n_pivots && p->order->uid[p->pivot[w->pivot]] != uid) /* is gone */
		w->pivot++;
	if (w->pivot == p->n_pivots || !place(w, p->pivot[w->pivot]))
		return false;
	w->from = p->pivot[w->pivot++] + 1;
	return true;
}

bool context_places_answer(struct context_places *p, const uint32_t *sorted, uint32_t n)
{
	struct walk w = { .p = p, .unsorted = p->n && same_stretch(&p->v[0], &p->v[p->n - 1]) };
	uint64_t before = open_places(p), after;
	bool fits = true;

	w.v = gw_xcalloc((size_t)p->n + 1, sizeof *w.v);
	for (uint32_t i = 0; i < n && fits; i++)
		fits = gw_set_has(&p->uids, sorted[i]) ? meet_message(&w, sorted[i]) : meet_member(&w, sorted[i]);
	fits = fits && place(&w, p->order->n);
	free(p->v);
	p->v = w.v;
	p->n = w.met;
	after = open_places(p);
	return fits && (!after || after < before);
}

/* ---- in ---- */

void context_order_insert(struct context_order *o, const struct context_places *p, struct context_edits *ret)
{
	uint32_t *uid = gw_xcalloc((size_t)o->n + p->n + 1, sizeof *uid);
	uint32_t from = 0, n = 0;

	ret->v = gw_xcalloc((size_t)p->n + 1, sizeof *ret->v);
	for (uint32_t i = 0; i < p->n; i++) {
		uint32_t some = p->v[i].lo - from;

		if (some)
			memcpy(uid + n, o->uid + from, some * sizeof *uid);
		n += some;
		from += some;
		ret->v[ret->n++] = (struct context_edit){ .at = n, .number = p->v[i].uid };
		uid[n++] = p->v[i].uid;
	}
	if (o->n > from)
		memcpy(uid + n, o->uid + from, (o->n - from) * sizeof *uid);
	free(o->uid);
	o->n += p->n;
	o->uid = uid;
}

/* ranks_extend.c - ranks of a mailbox into which messages came (see ranks.h)
 *
 * A date is its own rank. A new text finds its place among the old ones by halving: in each round the messages in the middle of what is
 * left are read, those of all new texts by one walk of a cursor, so that a few hundred messages are read of a hundred thousand. Then
 * both orders are merged and numbered. Old messages are never read but for that; those that are gone lose their rank. */
#include "store/ranks_priv.h"

#include <stdlib.h>

#include "util/mem.h"
#include "util/rank.h"

#define SEEK 4u /* to look for a message costs as much as to read so many in a row */

/* A message that old ranks do not have. */
struct newcomer {
	uint32_t at;     /* in the new ranks */
	uint32_t lo, hi; /* its place: of the old ones in order, before hi and not before lo */
	bool equal;      /* the old one at hi has the same text */
};

struct extension {
	struct gw_acct *acct;
	struct gw_mbox_id id;
	const struct gw_index *index;
	enum gw_rank_key key;
	struct gw_ranks *r;    /* has an entry for each message of the index */
	struct gw_pair *old;   /* the messages that had a rank, in its order; at: in r, which is the message number less one */
	uint32_t n_old;
	struct newcomer *fresh;
	uint32_t n_fresh;
	struct gw_texts texts; /* of those */
	struct gw_pair *ask;   /* what a round reads: by message number, which new one asks */
	struct gw_pair *tmp;
};

/* ---- who is new ---- */

static uint32_t count_fresh(const struct gw_ranks *old, const struct gw_index *index)
{
	struct gw_index_iter it;
	const struct gw_entry *e;
	uint32_t i = 0, n = 0;

	gw_index_iter(&it, index, 1);
	while ((e = gw_index_next(&it))) {
		while (i < old->n && old->uid[i] < e->uid)
			i++;
		n += e->content && (i == old->n || old->uid[i] != e->uid);
	}
	return n;
}

static bool few(uint32_t fresh, uint32_t all)
{
	uint64_t rounds = 1;

	while (all >> rounds)
		rounds++;
	return fresh * rounds * SEEK <= all;
}

/* Old ranks are taken over; a text that is gone has none. */
static void take_old(struct extension *x, const struct gw_ranks *old)
{
	struct gw_index_iter it;
	const struct gw_entry *e;
	uint32_t i = 0;

	gw_index_iter(&it, x->index, 1);
	while ((e = gw_index_next(&it))) {
		uint32_t at = x->r->n++;

		x->r->uid[at] = e->uid;
		while (i < old->n && old->uid[i] < e->uid)
			i++;
		if (i < old->n && old->uid[i] == e->uid && x->key == GW_RANK_SENT)
			x->r->rank[at] = old->rank[i];
		else if (!e->content)
			x->r->rank[at] = x->key == GW_RANK_SENT ? gw_signed_key(e->date) : 0;
		else if (i < old->n && old->uid[i] == e->uid)
			x->old[x->n_old++] = (struct gw_pair){ .key = old->rank[i], .at = at };
		else
			x->fresh[x->n_fresh++] = (struct newcomer){ .at = at };
	}
	for (uint32_t k = 0; k < x->n_fresh; k++)
		x->fresh[k].hi = x->n_old;
}

/* 1, 0: one is gone, or a code. */
static int read_fresh(struct extension *x, struct gw_err *err)
{
	struct gw_fetch *cursor = NULL;
	struct gw_message m;
	struct gw_set seqs;
	bool gone = false;
	int rc;

	gw_set_init(&seqs);
	for (uint32_t k = 0; k < x->n_fresh; k++)
		gw_set_add(&seqs, x->fresh[k].at + 1, x->fresh[k].at + 1);
	rc = ranks_open(x->acct, x->id, x->index, &seqs, x->key, &cursor, err);
	while (rc >= 0 && (rc = gw_fetch_next(cursor, &m, &gone, err)) > 0) {
		if (gone)
			break;
		if (x->key == GW_RANK_SENT)
			x->r->rank[m.seq - 1] = ranks_sent(&m, gone);
		else
			gw_texts_add(&x->texts, ranks_text(&m, gone, x->key)); /* there is room: they are few */
	}
	gw_fetch_close(cursor);
	gw_set_done(&seqs);
	return rc < 0 ? rc : rc == 0;
}

/* ---- their places ---- */

static uint32_t middle(const struct newcomer *f)
{
	return f->lo + (f->hi - f->lo) / 2;
}

static void narrow(struct extension *x, uint32_t k, struct gw_slice text)
{
	struct newcomer *f = &x->fresh[k];
	int order = gw_slice_cmp(text, gw_texts_at(&x->texts, k));

	if (order < 0) {
		f->lo = middle(f) + 1;
	} else {
		f->hi = middle(f);
		f->equal = order == 0;
	}
}

/* The messages that are asked for, ask of them once or more. */
static int read_middles(struct extension *x, uint32_t asks, const struct gw_set *seqs, struct gw_err *err)
{
	struct gw_fetch *cursor = NULL;
	struct gw_message m;
	bool gone = false;
	uint32_t i = 0;
	int rc = ranks_open(x->acct, x->id, x->index, seqs, x->key, &cursor, err);

	while (rc >= 0 && (rc = gw_fetch_next(cursor, &m, &gone, err)) > 0) {
		if (gone)
			break;
		for (; i < asks && x->ask[i].key == m.seq; i++)
			narrow(x, x->ask[i].at, ranks_text(&m, gone, x->key));
	}
	gw_fetch_close(cursor);
	return rc < 0 ? rc : rc == 0;
}

/* One round: 1 they have their places, 0 one of the old ones is gone, or a code; *ret_asks: how many asked. */
static int halve(struct extension *x, uint32_t *ret_asks, struct gw_err *err)
{
	struct gw_set seqs;
	uint32_t n = 0;
	int rc = 1;

	for (uint32_t k = 0; k < x->n_fresh; k++)
		if (x->fresh[k].lo < x->fresh[k].hi)
			x->ask[n++] = (struct gw_pair){ .key = x->old[middle(&x->fresh[k])].at + 1, .at = k };
	gw_pairs_sort(x->ask, x->tmp, n);
	gw_set_init(&seqs);
	for (uint32_t i = 0; i < n; i++)
		gw_set_add(&seqs, (uint32_t)x->ask[i].key, (uint32_t)x->ask[i].key);
	if (n)
		rc = read_middles(x, n, &seqs, err);
	gw_set_done(&seqs);
	*ret_asks = n;
	return rc;
}

static int find_places(struct extension *x, struct gw_err *err)
{
	uint32_t asks = 0;
	int rc;

	do
		rc = halve(x, &asks, err);
	while (rc > 0 && asks);
	return rc;
}

/* ---- one order of both ---- */

/* The new ones, in the order of their texts; key: a rank among them, 0: empty. */
static struct gw_pair *order_fresh(struct extension *x)
{
	struct gw_pair *v = gw_xcalloc((size_t)x->n_fresh + 1, sizeof *v);
	uint32_t *rank = gw_texts_rank(&x->texts, v, x->tmp);

	for (uint32_t k = 0; k < x->n_fresh; k++)
		v[k] = (struct gw_pair){ .key = rank[k], .at = k };
	gw_pairs_sort(v, x->tmp, x->n_fresh);
	free(rank);
	return v;
}

static void number(struct extension *x)
{
	struct gw_pair *v = order_fresh(x);
	const struct newcomer *before = NULL; /* NULL: before stands an old one, or nothing */
	uint64_t rank = 0, key = 0;           /* key: of what stands before, among its like */
	uint32_t k = 0;

	for (uint32_t i = 0; i <= x->n_old; i++) {
		for (; k < x->n_fresh && x->fresh[v[k].at].hi == i; k++) {
			rank += before ? v[k].key != key : v[k].key != 0;
			before = &x->fresh[v[k].at];
			key = v[k].key;
			x->r->rank[before->at] = rank;
		}
		if (i == x->n_old)
			break;
		rank += before ? !before->equal : x->old[i].key != key;
		before = NULL;
		key = x->old[i].key;
		x->r->rank[x->old[i].at] = rank;
	}
	free(v);
}

int ranks_extend(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, enum gw_rank_key key,
	const struct gw_ranks *old, size_t memory_max, struct gw_ranks *ret, struct gw_err *err)
{
	struct extension x = { .acct = a, .id = id, .index = index, .key = key, .r = ret };
	uint32_t fresh = count_fresh(old, index);
	int rc;

	if (!few(fresh, index->n) || fresh * (sizeof *x.fresh + 3 * sizeof(struct gw_pair) + GW_SORT_KEY_MAX) > memory_max)
		return 0;
	x.old = gw_xcalloc((size_t)index->n + 1, sizeof *x.old);
	x.tmp = gw_xcalloc((size_t)index->n + 1, sizeof *x.tmp);
	x.fresh = gw_xcalloc((size_t)fresh + 1, sizeof *x.fresh);
	x.ask = gw_xcalloc((size_t)fresh + 1, sizeof *x.ask);
	gw_texts_init(&x.texts, fresh);
	take_old(&x, old);
	gw_pairs_sort(x.old, x.tmp, x.n_old);
	rc = fresh ? read_fresh(&x, err) : 1;
	if (rc > 0 && key != GW_RANK_SENT)
		rc = find_places(&x, err);
	if (rc > 0 && key != GW_RANK_SENT)
		number(&x);
	gw_texts_done(&x.texts);
	free(x.ask);
	free(x.fresh);
	free(x.tmp);
	free(x.old);
	return rc;
}

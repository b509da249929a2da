/* test_index.c - shared immutable indexes against plain arrays (store/index.h) */
#include "store/index.h"
#include "tests/unit/unit.h"
#include "util/mem.h"

struct model {
	struct gw_entry *e;
	uint32_t n, uidnext;
	uint64_t modseq;
};

static uint32_t pick(uint32_t n)
{
	return (uint32_t)rand() % n;
}

static void model_add(struct model *m, struct gw_entry e)
{
	if ((m->n & (m->n - 1)) == 0) /* full at every power of two */
		m->e = gw_xrealloc(m->e, m->n ? 2 * m->n : 1, sizeof *m->e);
	m->e[m->n++] = e;
}

static struct model model_copy(const struct model *m)
{
	struct model c = *m;

	c.e = gw_xrealloc(NULL, m->n + 1, sizeof *m->e);
	if (m->n)
		memcpy(c.e, m->e, m->n * sizeof *m->e);
	return c;
}

static struct gw_entry new_entry(struct model *m)
{
	uint32_t uid = m->uidnext + (pick(10) ? 0 : pick(50));

	m->uidnext = uid + 1;
	return (struct gw_entry){ .uid = uid,
		.flags = pick(32),
		.modseq = m->modseq,
		.content = uid + 1000,
		.size = uid * 3,
		.date = uid * 7 };
}

static struct gw_index *build(const struct model *m)
{
	struct gw_keywords k = { .n = 2, .name = { (char[]){ "one" }, (char[]){ "Two" } } };
	struct gw_index_builder *b = gw_index_builder_new(7, m->uidnext, m->modseq, &k);

	for (uint32_t i = 0; i < m->n; i++)
		gw_index_builder_add(b, &m->e[i]);
	return gw_index_builder_finish(b);
}

/* ck_assert() writes down every place it passes; what is asked of millions of entries asks first. */
#define EACH(ok) \
	do { \
		if (!(ok)) \
			ck_abort_msg("entry %u: %s", (unsigned)i, #ok); \
	} while (0)

static bool same_entry(const struct gw_entry *a, const struct gw_entry *b)
{
	return a && a->uid == b->uid && a->flags == b->flags && a->modseq == b->modseq && a->content == b->content &&
	       a->size == b->size && a->date == b->date;
}

static void assert_same(const struct gw_index *ix, const struct model *m)
{
	struct gw_index_iter it;
	uint32_t total = 0;

	ck_assert_uint_eq(ix->n, m->n);
	ck_assert_uint_eq(ix->uidnext, m->uidnext);
	ck_assert_uint_eq(ix->modseq, m->modseq);
	gw_index_iter(&it, ix, 1);
	for (uint32_t i = 0; i < m->n; i++) {
		EACH(it.seq == i + 1);
		EACH(same_entry(gw_index_next(&it), &m->e[i]));
		EACH(same_entry(gw_index_at(ix, i + 1), &m->e[i]));
		EACH(gw_index_seq(ix, m->e[i].uid) == i + 1);
		EACH(gw_index_lower(ix, m->e[i].uid) == i + 1);
		EACH(gw_index_lower(ix, m->e[i].uid + 1) == i + 2);
	}
	ck_assert_ptr_null(gw_index_next(&it));
	ck_assert_ptr_null(gw_index_at(ix, 0));
	ck_assert_ptr_null(gw_index_at(ix, m->n + 1));
	ck_assert_uint_eq(gw_index_seq(ix, m->uidnext), 0);
	for (size_t c = 0; c < ix->n_chunks; c++) {
		const struct gw_index_chunk *chunk = ix->chunks[c];
		uint64_t max = 0, any = 0, all = UINT64_MAX;
		bool ghosts = false;

		ck_assert_uint_eq(ix->first[c], total + 1);
		ck_assert_uint_gt(ix->chunks[c]->n, 0);
		ck_assert_uint_le(ix->chunks[c]->n, GW_INDEX_CHUNK);
		for (uint32_t i = 0; i < chunk->n; i++) {
			const struct gw_entry *e = &chunk->e[i];

			max = e->modseq > max ? e->modseq : max;
			any |= e->flags;
			all &= e->flags;
			ghosts |= e->content == 0;
			EACH(e->date >= chunk->date_min && e->date <= chunk->date_max);
			EACH(e->size >= chunk->size_min && e->size <= chunk->size_max);
		}
		ck_assert_uint_eq(chunk->modseq_max, max);
		ck_assert_uint_eq(chunk->flags_any, any);
		ck_assert_uint_eq(chunk->flags_all, all);
		ck_assert_int_eq(chunk->ghosts, ghosts);
		total += ix->chunks[c]->n;
	}
	ck_assert_uint_eq(total, m->n);
}

/* Change, remove and add at random; returns what gw_index_apply() gets. */
static void mutate(struct model *m, struct gw_entry **v, size_t *n, struct gw_set *gone)
{
	struct model next = { .uidnext = m->uidnext, .modseq = m->modseq + 1 };
	struct model changes = { .n = 0 };
	unsigned p_change = pick(4) ? pick(20) : 0, p_gone = pick(3) ? 0 : 1 + pick(60), adds = pick(3) ? 0 : pick(700);

	gw_set_init(gone);
	for (uint32_t i = 0; i < m->n; i++) {
		struct gw_entry e = m->e[i];

		if (p_gone && pick(100) < p_gone) {
			gw_set_add(gone, e.uid, e.uid);
			continue;
		}
		if (pick(1000) < p_change) {
			e.flags ^= 1 + pick(31);
			e.modseq = next.modseq;
			model_add(&changes, e);
		}
		model_add(&next, e);
	}
	if (pick(2))
		gw_set_add(gone, next.uidnext + 5000, next.uidnext + 5003); /* never was there */
	while (adds--) {
		struct gw_entry e = new_entry(&next);

		model_add(&next, e);
		model_add(&changes, e);
	}
	free(m->e);
	*m = next;
	*v = changes.e;
	*n = changes.n;
}

static const struct gw_entry *model_find(const struct model *m, uint32_t uid)
{
	uint32_t lo = 0, hi = m->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (m->e[mid].uid < uid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < m->n && m->e[lo].uid == uid ? &m->e[lo] : NULL;
}

static void assert_diff(
	const struct gw_index *a, const struct model *ma, const struct gw_index *b, const struct model *mb)
{
	struct gw_index_diff d;
	uint32_t expunged = 0, changed = 0, added = 0;

	gw_index_diff(a, b, &d);
	for (uint32_t i = 0; i < ma->n; i++) {
		const struct gw_entry *e = model_find(mb, ma->e[i].uid);

		EACH(gw_set_has(&d.expunged, ma->e[i].uid) == (e == NULL));
		expunged += e == NULL;
		if (e) {
			bool differs = e->flags != ma->e[i].flags || e->modseq != ma->e[i].modseq;

			EACH(gw_set_has(&d.changed, e->uid) == differs);
			changed += differs;
		}
	}
	for (uint32_t i = 0; i < mb->n; i++)
		added += mb->e[i].uid >= ma->uidnext;
	ck_assert_uint_eq(gw_set_count(&d.expunged), expunged);
	ck_assert_uint_eq(gw_set_count(&d.changed), changed);
	ck_assert_uint_eq(d.added, added);
	gw_index_diff_done(&d);
}

/* All messages of old and new are there; those that are gone are ghosts, and the diff to now names just them. */
static void assert_ghosts(
	const struct gw_index *a, const struct model *ma, const struct gw_index *b, const struct model *mb)
{
	struct gw_index *g = gw_index_with_ghosts(a, b), *again;
	struct gw_index_diff d;
	uint32_t ghosts = 0;

	for (uint32_t i = 0; i < ma->n; i++) {
		const struct gw_entry *now = model_find(mb, ma->e[i].uid);
		const struct gw_entry *e = gw_index_at(g, gw_index_seq(g, ma->e[i].uid));

		EACH(e && (e->content == 0) == (now == NULL));
		EACH(e->flags == (now ? now->flags : ma->e[i].flags));
		ghosts += now == NULL;
	}
	ck_assert_uint_eq(g->n, mb->n + ghosts);
	gw_index_diff(g, b, &d);
	ck_assert_uint_eq(gw_set_count(&d.expunged), ghosts);
	ck_assert_uint_eq(gw_set_count(&d.changed), 0);
	ck_assert_uint_eq(d.added, 0);
	gw_index_diff_done(&d);
	again = gw_index_with_ghosts(g, b);
	ck_assert_uint_eq(again->n, g->n);
	gw_index_diff(g, again, &d);
	ck_assert_uint_eq(gw_set_count(&d.expunged) + gw_set_count(&d.changed) + d.added, 0);
	gw_index_diff_done(&d);
	gw_index_unref(again);
	gw_index_unref(g);
}

START_TEST(apply_diff_and_ghosts_agree_with_arrays)
{
	struct model m = { .uidnext = 1 + 5, .modseq = 1 }, first;
	struct gw_index *ix, *first_ix;

	srand((unsigned)_i);
	for (uint32_t n = pick(3000); n; n--)
		model_add(&m, new_entry(&m));
	ix = build(&m);
	assert_same(ix, &m);
	first = model_copy(&m);
	first_ix = gw_index_ref(ix);
	for (int round = 0; round < 12; round++) {
		struct model before = model_copy(&m);
		struct gw_index *next;
		struct gw_entry *v;
		struct gw_set gone;
		size_t n;

		mutate(&m, &v, &n, &gone);
		next = gw_index_apply(ix, m.uidnext, m.modseq, NULL, v, n, &gone);
		assert_same(next, &m);
		assert_same(ix, &before);
		assert_diff(ix, &before, next, &m);
		assert_diff(first_ix, &first, next, &m);
		assert_ghosts(first_ix, &first, next, &m);
		gw_index_unref(ix);
		ix = next;
		free(before.e);
		free(v);
		gw_set_done(&gone);
	}
	ck_assert_int_eq(gw_index_keyword(ix, GW_S("TWO")), 1);
	ck_assert_int_eq(gw_index_keyword(ix, GW_S("tw")), -1);
	gw_index_unref(ix);
	gw_index_unref(first_ix);
	free(m.e);
	free(first.e);
}
END_TEST

START_TEST(a_small_change_shares_all_other_chunks)
{
	struct model m = { .uidnext = 1, .modseq = 1 };
	struct gw_index *ix, *next;
	struct gw_entry e;
	size_t shared = 0;

	srand(1);
	while (m.n < 20 * GW_INDEX_CHUNK)
		model_add(&m, new_entry(&m));
	ix = build(&m);
	e = m.e[3000];
	e.flags ^= 1;
	next = gw_index_apply(ix, m.uidnext, 2, NULL, &e, 1, NULL);
	for (size_t i = 0; i < ix->n_chunks; i++)
		shared += ix->chunks[i] == next->chunks[i];
	ck_assert_uint_eq(shared, ix->n_chunks - 1);
	gw_index_unref(next);
	gw_index_unref(ix);
	free(m.e);
}
END_TEST

START_TEST(appending_one_by_one_leaves_full_chunks)
{
	struct model m = { .uidnext = 1, .modseq = 1 };
	struct gw_index *ix = build(&m), *next;

	for (int i = 0; i < 3 * GW_INDEX_CHUNK; i++) {
		struct gw_entry e = { .uid = m.uidnext++, .modseq = ++m.modseq, .content = 1 };

		model_add(&m, e);
		next = gw_index_apply(ix, m.uidnext, m.modseq, NULL, &e, 1, NULL);
		gw_index_unref(ix);
		ix = next;
	}
	assert_same(ix, &m);
	ck_assert_uint_eq(ix->n_chunks, 3);
	gw_index_unref(ix);
	free(m.e);
}
END_TEST

START_TEST(sets_of_numbers_and_uids_are_translated)
{
	struct model m = { .uidnext = 1, .modseq = 1 };
	const struct gw_entry *e;
	struct gw_index_iter it;
	struct gw_set in, out, walked;
	struct gw_index *ix;
	size_t hint = 0;

	srand((unsigned)_i);
	for (uint32_t n = 1 + pick(2000); n; n--)
		model_add(&m, new_entry(&m));
	ix = build(&m);
	gw_set_init(&in);
	gw_set_init(&out);
	for (int i = 0; i < 10; i++)
		gw_set_add(&in, 1 + pick(m.n + 10), 1 + pick(m.n + 10));
	gw_index_uids(ix, &in, &out);
	for (uint32_t i = 0; i < m.n; i++)
		EACH(gw_set_has(&out, m.e[i].uid) == gw_set_has(&in, i + 1));
	gw_set_init(&walked);
	gw_index_iter(&it, ix, 1);
	while ((e = gw_index_next_in(&it, &in, &hint))) {
		ck_assert(same_entry(e, gw_index_at(ix, it.seq - 1)));
		gw_set_add(&walked, it.seq - 1, it.seq - 1);
	}
	for (uint32_t i = 0; i < m.n; i++)
		EACH(gw_set_has(&walked, i + 1) == gw_set_has(&in, i + 1));
	gw_set_done(&walked);
	gw_set_clear(&out);
	gw_set_add(&in, m.uidnext - 1, UINT32_MAX);
	gw_index_seqs(ix, &in, &out);
	for (uint32_t i = 0; i < m.n; i++)
		EACH(gw_set_has(&out, i + 1) == gw_set_has(&in, m.e[i].uid));
	ck_assert_uint_le(gw_set_max(&out), m.n);
	gw_set_done(&in);
	gw_set_done(&out);
	gw_index_unref(ix);
	free(m.e);
}
END_TEST

static TCase *tcase_index(void)
{
	TCase *tc = tcase_create("index");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, apply_diff_and_ghosts_agree_with_arrays, 0, 40);
	tcase_add_test(tc, a_small_change_shares_all_other_chunks);
	tcase_add_test(tc, appending_one_by_one_leaves_full_chunks);
	tcase_add_loop_test(tc, sets_of_numbers_and_uids_are_translated, 0, 20);
	return tc;
}

UNIT_MAIN("store/index", tcase_index())

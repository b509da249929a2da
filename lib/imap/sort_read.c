/* sort_read.c - what SORT compares, from the store (RFC 5256 2.2, 3; see sort.h) */
#include "config/config.h"
#include "imap/found.h"
#include "imap/sort.h"
#include "store/derive.h"
#include "store/ranks.h"

#define ALL_SHARE 4u /* ranks and links of all of a mailbox are made when one in so many of its messages is sorted or threaded */

/* What a cursor has to bring for the criteria but those that are ranked; 0: the index knows. */
static unsigned want_of(const struct imap_search *q, unsigned ranked)
{
	static const unsigned wants[IMAP_SORT_KEYS] = {
		[IMAP_SORT_DATE] = GW_WANT_SENT,      [IMAP_SORT_SUBJECT] = GW_WANT_SUBJECT,
		[IMAP_SORT_FROM] = GW_WANT_SORT,      [IMAP_SORT_TO] = GW_WANT_SORT,
		[IMAP_SORT_CC] = GW_WANT_SORT,	      [IMAP_SORT_DISPLAYFROM] = GW_WANT_SORT,
		[IMAP_SORT_DISPLAYTO] = GW_WANT_SORT,
	};
	unsigned want = 0;

	for (size_t i = 0; i < q->n_sort; i++)
		if (!(ranked & 1u << q->sort[i].key))
			want |= q->sort[i].key == IMAP_SORT_ANNOTATION ? (unsigned)GW_WANT_ANNOTATIONS : wants[q->sort[i].key];
	return want;
}

static int too_much(struct gw_err *err)
{
	return gw_fail(err, GW_ELIMIT, "sorting needs more memory than imap_sort_memory");
}

/* What the criteria ANNOTATION compare, folded; nothing for a value that is not there (RFC 5257 4.9). */
static void annotations_of(const struct imap_search *q, const struct gw_message *m, struct gw_arena *arena,
			   struct gw_slice ret[IMAP_ANNOTATION_KEYS_MAX])
{
	size_t n = 0;

	gw_arena_reset(arena);
	for (size_t i = 0; i < q->n_sort; i++) {
		if (q->sort[i].key != IMAP_SORT_ANNOTATION || n == IMAP_ANNOTATION_KEYS_MAX)
			continue;
		ret[n] = GW_S("");
		for (size_t a = 0; a < m->n_annotations; a++)
			if (m->annotation[a].shared == q->sort[i].shared && gw_slice_eq(m->annotation[a].name, q->sort[i].entry))
				ret[n] = gw_text_fold(arena, m->annotation[a].value);
		n++;
	}
}

bool imap_sorts_by_annotation(const struct imap_search *q)
{
	for (size_t i = 0; i < q->n_sort; i++)
		if (q->sort[i].key == IMAP_SORT_ANNOTATION)
			return true;
	return false;
}

/* ---- ranks ---- */

size_t imap_memory_for_all(const struct imap_session *s, uint64_t n)
{
	return n && n >= s->view->told->n / ALL_SHARE ? s->env.config->imap_sort_memory : 0;
}

int imap_sort_ranks(struct imap_session *s, const struct imap_search *q, uint64_t n, struct imap_sort_ranks *ret, struct gw_err *err)
{
	static const int keys[IMAP_SORT_KEYS] = { /* one more than enum gw_rank_key; 0: there are none */
		[IMAP_SORT_DATE] = 1 + GW_RANK_SENT,      [IMAP_SORT_SUBJECT] = 1 + GW_RANK_SUBJECT,
		[IMAP_SORT_FROM] = 1 + GW_RANK_FROM,      [IMAP_SORT_TO] = 1 + GW_RANK_TO,
		[IMAP_SORT_CC] = 1 + GW_RANK_CC,          [IMAP_SORT_DISPLAYFROM] = 1 + GW_RANK_DISPLAYFROM,
		[IMAP_SORT_DISPLAYTO] = 1 + GW_RANK_DISPLAYTO,
	};
	const struct gw_index *ix = s->view->told;
	size_t memory = imap_memory_for_all(s, n);
	int rc = 0;

	*ret = (struct imap_sort_ranks){ .which = 0 };
	for (size_t i = 0; i < q->n_sort && rc == 0; i++) {
		enum imap_sort_key key = q->sort[i].key;

		if (key == IMAP_SORT_ANNOTATION || !keys[key] || ret->of[key])
			continue;
		rc = gw_mbox_ranks(s->acct, s->view->id, ix, (enum gw_rank_key)(keys[key] - 1), memory, &ret->of[key], err);
		if (rc == GW_ELIMIT)
			rc = 0;
		if (ret->of[key])
			ret->which |= 1u << key;
	}
	if (rc < 0)
		imap_sort_ranks_done(ret);
	return rc;
}

void imap_sort_ranks_done(struct imap_sort_ranks *r)
{
	for (int i = 0; i < IMAP_SORT_KEYS; i++)
		gw_ranks_unref(r->of[i]);
}

/* Those of the next message, whose UID is higher than that of the one before. */
static void ranks_at(struct imap_sort_ranks *r, uint32_t uid, uint64_t ret[IMAP_SORT_KEYS])
{
	for (int i = 0; i < IMAP_SORT_KEYS; i++) {
		const struct gw_ranks *of = r->of[i];

		if (!of)
			continue;
		while (r->at[i] < of->n && of->uid[r->at[i]] < uid)
			r->at[i]++;
		ret[i] = r->at[i] < of->n && of->uid[r->at[i]] == uid ? of->rank[r->at[i]] : 0;
	}
}

/* The index and the ranks know all. */
static int sort_known(const struct gw_index *ix, const struct search_plan *p, const struct gw_set *seqs, struct imap_sort_ranks *ranks,
	struct sort *sort, struct gw_err *err)
{
	static const struct gw_slice nothing[GW_SORT_KEYS];
	uint64_t rank[IMAP_SORT_KEYS] = { 0 };
	const struct gw_entry *e;
	struct gw_index_iter it;
	size_t hint = 0;

	gw_index_iter(&it, ix, 1);
	while ((e = gw_index_next_in(&it, seqs, &hint))) {
		uint32_t seq = it.seq - 1;

		ranks_at(ranks, e->uid, rank);
		if (!sort_add(sort, &(struct sort_row){ .number = seq, .size = e->size, .arrival = e->date, .sent = e->date,
				.relevancy = p ? search_relevancy(p, seq) : 100, .address = nothing, .rank = rank }))
			return too_much(err);
	}
	return 0;
}

int imap_sort_read(struct imap_session *s, const struct search_plan *p, const struct imap_search *q, const struct gw_set *seqs,
		   struct imap_sort_ranks *ranks, bool keep_gone, struct sort *sort, struct gw_err *err)
{
	unsigned want = want_of(q, ranks ? ranks->which : 0);
	uint64_t rank[IMAP_SORT_KEYS] = { 0 };
	struct gw_slice annotation[IMAP_ANNOTATION_KEYS_MAX];
	struct gw_arena arena;
	struct gw_fetch *cursor;
	struct gw_message m;
	bool gone;
	int rc;

	if (!seqs->n)
		return 0;
	if (ranks && !want)
		return sort_known(s->view->told, p, seqs, ranks, sort, err);
	rc = gw_fetch_open(s->acct, s->view->id, s->view->told, seqs, want, &cursor, err);
	if (rc < 0)
		return rc;
	gw_arena_init(&arena, 0, 0);
	while ((rc = gw_fetch_next(cursor, &m, &gone, err)) > 0) {
		struct sort_row row = {
			.number = m.seq,
			.size = m.entry->size,
			.arrival = m.entry->date,
			.sent = gone || m.sent == INT64_MIN ? m.entry->date : m.sent, /* RFC 5256 2.2 */
			.relevancy = p ? search_relevancy(p, m.seq) : 100,
			.subject = m.base_subject,
			.address = m.sort_keys,
			.annotation = annotation,
			.rank = rank,
		};

		if (gone && !keep_gone)
			continue;
		if (ranks)
			ranks_at(ranks, m.entry->uid, rank);
		annotations_of(q, &m, &arena, annotation);
		if (!sort_add(sort, &row)) {
			rc = too_much(err);
			break;
		}
	}
	gw_fetch_close(cursor);
	gw_arena_done(&arena);
	return rc;
}

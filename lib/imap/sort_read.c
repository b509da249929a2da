/* sort_read.c - what SORT compares, from the store (RFC 5256 2.2, 3; see sort.h) */
#include "imap/found.h"
#include "imap/sort.h"
#include "store/derive.h"

/* What a cursor has to bring for a criterion; 0: the index knows. */
static unsigned want_of(const struct imap_search *q)
{
	static const unsigned wants[IMAP_SORT_KEYS] = {
		[IMAP_SORT_DATE] = GW_WANT_SENT,      [IMAP_SORT_SUBJECT] = GW_WANT_SUBJECT,
		[IMAP_SORT_FROM] = GW_WANT_SORT,      [IMAP_SORT_TO] = GW_WANT_SORT,
		[IMAP_SORT_CC] = GW_WANT_SORT,	      [IMAP_SORT_DISPLAYFROM] = GW_WANT_SORT,
		[IMAP_SORT_DISPLAYTO] = GW_WANT_SORT,
	};
	unsigned want = 0;

	for (size_t i = 0; i < q->n_sort; i++)
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

int imap_sort_read(struct imap_session *s, const struct search_plan *p, const struct imap_search *q, const struct gw_set *seqs,
		   bool keep_gone, struct sort *sort, struct gw_err *err)
{
	struct gw_slice annotation[IMAP_ANNOTATION_KEYS_MAX];
	struct gw_arena arena;
	struct gw_fetch *cursor;
	struct gw_message m;
	bool gone;
	int rc;

	if (!seqs->n)
		return 0;
	rc = gw_fetch_open(s->acct, s->view->id, s->view->told, seqs, want_of(q), &cursor, err);
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
		};

		if (gone && !keep_gone)
			continue;
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

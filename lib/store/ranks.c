/* ranks.c - the messages of a mailbox in the order of one criterion of SORT (see ranks.h) */
#include "store/ranks_priv.h"

#include <stdlib.h>

#include "util/mem.h"
#include "util/rank.h"

#define PER_MESSAGE (sizeof(uint32_t) + sizeof(uint64_t))

static struct gw_ranks *ranks_new(const struct gw_index *ix)
{
	struct gw_ranks *r = gw_xalloc(sizeof *r);

	r->refs = 1;
	r->uidvalidity = ix->uidvalidity;
	r->uid = gw_xcalloc((size_t)ix->n + 1, sizeof *r->uid);
	r->rank = gw_xcalloc((size_t)ix->n + 1, sizeof *r->rank);
	return r;
}

struct gw_ranks *gw_ranks_ref(struct gw_ranks *r)
{
	__atomic_add_fetch(&r->refs, 1, __ATOMIC_RELAXED);
	return r;
}

void gw_ranks_unref(struct gw_ranks *r)
{
	if (!r || __atomic_sub_fetch(&r->refs, 1, __ATOMIC_ACQ_REL))
		return;
	free(r->uid);
	free(r->rank);
	free(r);
}

size_t gw_ranks_bytes(const struct gw_ranks *r)
{
	return sizeof *r + r->n * PER_MESSAGE;
}

bool gw_ranks_cover(const struct gw_ranks *r, const struct gw_index *index)
{
	struct gw_index_iter it;
	const struct gw_entry *e;
	uint32_t i = 0;

	if (r->uidvalidity != index->uidvalidity)
		return false;
	gw_index_iter(&it, index, 1);
	while ((e = gw_index_next(&it))) {
		while (i < r->n && r->uid[i] < e->uid)
			i++;
		if (e->content && (i == r->n || r->uid[i] != e->uid))
			return false;
	}
	return true;
}

int ranks_open(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_set *seqs, enum gw_rank_key key,
	struct gw_fetch **ret, struct gw_err *err)
{
	static const unsigned wants[] = { [GW_RANK_SUBJECT] = GW_WANT_SUBJECT, [GW_RANK_SENT] = GW_WANT_SENT };

	return gw_fetch_open(a, id, index, seqs, key < GW_RANK_SUBJECT ? (unsigned)GW_WANT_SORT : wants[key], ret, err);
}

struct gw_slice ranks_text(const struct gw_message *m, bool gone, enum gw_rank_key key)
{
	struct gw_slice s = gone ? gw_slice("", 0) : key == GW_RANK_SUBJECT ? m->base_subject : m->sort_keys[key];

	if (s.n > GW_SORT_KEY_MAX)
		s.n = GW_SORT_KEY_MAX;
	return s;
}

uint64_t ranks_sent(const struct gw_message *m, bool gone)
{
	return gw_signed_key(gone || m->sent == INT64_MIN ? m->entry->date : m->sent);
}

/* Read them all: the dates into r, or the texts. */
static int read_keys(struct gw_fetch *cursor, enum gw_rank_key key, size_t memory_max, struct gw_ranks *r, struct gw_texts *texts,
	struct gw_err *err)
{
	struct gw_message m;
	bool gone;
	int rc;

	while ((rc = gw_fetch_next(cursor, &m, &gone, err)) > 0) {
		r->uid[r->n] = m.entry->uid;
		if (key == GW_RANK_SENT)
			r->rank[r->n] = ranks_sent(&m, gone);
		else if (!gw_texts_add(texts, ranks_text(&m, gone, key)) || texts->bytes.cap > memory_max)
			return gw_fail(err, GW_ELIMIT, "ranks of so many messages need too much memory");
		r->n++;
	}
	return rc;
}

static void rank(struct gw_ranks *r, struct gw_texts *texts)
{
	struct gw_pair *v = gw_xcalloc((size_t)r->n + 1, sizeof *v), *tmp = gw_xcalloc((size_t)r->n + 1, sizeof *tmp);
	uint32_t *ranks = gw_texts_rank(texts, v, tmp);

	for (uint32_t i = 0; i < r->n; i++)
		r->rank[i] = ranks[i];
	free(ranks);
	free(v);
	free(tmp);
}

/* Read them all. */
static int make_all(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, enum gw_rank_key key, size_t memory_max,
	struct gw_ranks *r, struct gw_err *err)
{
	struct gw_fetch *cursor = NULL;
	struct gw_texts texts;
	struct gw_set all;
	int rc;

	gw_set_init(&all);
	if (index->n)
		gw_set_add(&all, 1, index->n);
	gw_texts_init(&texts, index->n);
	rc = ranks_open(a, id, index, &all, key, &cursor, err);
	if (rc >= 0)
		rc = read_keys(cursor, key, memory_max, r, &texts, err);
	if (rc == 0 && key != GW_RANK_SENT)
		rank(r, &texts);
	gw_fetch_close(cursor);
	gw_texts_done(&texts);
	gw_set_done(&all);
	return rc;
}

int gw_ranks_make(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, enum gw_rank_key key,
	const struct gw_ranks *old, size_t memory_max, struct gw_ranks **ret, struct gw_err *err)
{
	const size_t fixed = index->n * (PER_MESSAGE + 2 * sizeof(struct gw_pair) + sizeof(uint32_t));
	struct gw_ranks *r;
	int rc = 0;

	if (fixed > memory_max)
		return gw_fail(err, GW_ELIMIT, "ranks of so many messages need too much memory");
	r = ranks_new(index);
	if (old && old->uidvalidity == index->uidvalidity)
		rc = ranks_extend(a, id, index, key, old, memory_max - fixed, r, err);
	if (rc == 0) {
		r->n = 0;
		rc = make_all(a, id, index, key, memory_max - fixed, r, err);
	}
	if (rc < 0) {
		gw_ranks_unref(r);
		return rc;
	}
	*ret = r;
	return 0;
}

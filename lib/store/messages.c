/* messages.c - the calls of store.h about messages, in a mailbox or on their way into one (see store.c) */
#include "store/timed.h"

int gw_mbox_status(struct gw_acct *a, struct gw_mbox_id id, struct gw_mailbox *ret, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return store_spent(a, GW_CALL_STATUS, t, a->ops->status(a, id, ret, err));
}

int gw_mbox_recent(struct gw_acct *a, struct gw_mbox_id id, bool claim, struct gw_recent *ret, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return store_spent(a, GW_CALL_RECENT, t, a->ops->recent(a, id, claim, ret, err));
}

int gw_mbox_index(struct gw_acct *a, struct gw_mbox_id id, struct gw_index **ret, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return store_spent(a, GW_CALL_INDEX, t, a->ops->index(a, id, ret, err));
}

int gw_mbox_index_cached(struct gw_acct *a, struct gw_mbox_id id, struct gw_index **ret, struct gw_err *err)
{
	return a->ops->index_cached(a, id, ret, err);
}

int gw_mbox_keywords(struct gw_acct *a, struct gw_mbox_id id, struct gw_arena *arena, struct gw_keywords *ret,
	struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return store_spent(a, GW_CALL_KEYWORDS, t, a->ops->keywords(a, id, arena, ret, err));
}

int gw_mbox_index_asof(struct gw_acct *a, struct gw_mbox_id id, uint64_t modseq, uint32_t uidnext,
	struct gw_index **ret, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return store_spent(a, GW_CALL_INDEX_ASOF, t, a->ops->index_asof(a, id, modseq, uidnext, ret, err));
}

int gw_mbox_vanished(struct gw_acct *a, struct gw_mbox_id id, uint64_t modseq, struct gw_set *ret, bool *ret_partial,
	struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return store_spent(a, GW_CALL_VANISHED, t, a->ops->vanished(a, id, modseq, ret, ret_partial, err));
}

int gw_mbox_store_flags(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids,
	const struct gw_flag_change *change, struct gw_set *ret_modified, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return store_spent(a, GW_CALL_STORE_FLAGS, t, a->ops->store_flags(a, id, uids, change, ret_modified, err));
}

int gw_mbox_expunge(
	struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, struct gw_set *ret_gone, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return store_spent(a, GW_CALL_EXPUNGE, t, a->ops->expunge(a, id, uids, true, ret_gone, err));
}

int gw_mbox_remove(
	struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, struct gw_set *ret_gone, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return store_spent(a, GW_CALL_REMOVE, t, a->ops->expunge(a, id, uids, false, ret_gone, err));
}

int gw_mbox_copy(struct gw_acct *a, struct gw_mbox_id from, const struct gw_set *uids, struct gw_mbox_id to, bool move,
	struct gw_copied *ret, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return store_spent(a, GW_CALL_COPY, t, a->ops->copy(a, from, uids, to, move, ret, err));
}

int gw_mbox_ranks(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, enum gw_rank_key key, size_t memory_max,
	struct gw_ranks **ret, struct gw_err *err)
{
	*ret = NULL;
	return a->ops->ranks(a, id, index, key, memory_max, ret, err);
}

int gw_mbox_links(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, size_t memory_max, struct gw_links **ret,
	struct gw_err *err)
{
	*ret = NULL;
	return a->ops->links(a, id, index, memory_max, ret, err);
}

void gw_copied_done(struct gw_copied *c)
{
	gw_set_done(&c->src);
	gw_set_done(&c->dst);
}

uint64_t gw_acct_append_max(const struct gw_acct *a)
{
	return a->ops->append_max ? a->ops->append_max(a) : 0;
}

int gw_append_open(struct gw_acct *a, uint64_t size, struct gw_append **ret, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);
	int rc = a->ops->append_open(a, size, ret, err);

	if (rc >= 0)
		(*ret)->acct = a;
	return store_spent(a, GW_CALL_APPEND_OPEN, t, rc);
}

int gw_append_write(struct gw_append *ap, struct gw_slice bytes, struct gw_err *err)
{
	uint64_t t = store_begin(ap->acct->store);

	return store_spent(ap->acct, GW_CALL_APPEND_WRITE, t, ap->ops->append_write(ap, bytes, err));
}

int gw_append_unbinary(struct gw_append *ap, uint64_t *ret_size, struct gw_err *err)
{
	uint64_t t = store_begin(ap->acct->store);

	return store_spent(ap->acct, GW_CALL_APPEND_WRITE, t, ap->ops->append_unbinary(ap, ret_size, err));
}

void gw_append_set(
	struct gw_append *ap, uint64_t system_flags, const struct gw_slice *keywords, size_t n_keywords, int64_t date)
{
	ap->ops->append_set(ap, system_flags, keywords, n_keywords, date);
}

void gw_append_close(struct gw_append *ap)
{
	if (ap)
		ap->ops->append_close(ap);
}

int gw_append_commit(struct gw_acct *a, struct gw_mbox_id id, struct gw_append *const *v, size_t n,
	struct gw_appended *ret, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return store_spent(a, GW_CALL_APPEND_COMMIT, t, a->ops->append_commit(a, id, v, n, ret, err));
}

int gw_append_replace(struct gw_acct *a, struct gw_mbox_id into, struct gw_append *ap, struct gw_mbox_id from, uint32_t uid,
	struct gw_appended *ret, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return store_spent(a, GW_CALL_APPEND_REPLACE, t, a->ops->append_replace(a, into, ap, from, uid, ret, err));
}

int gw_fetch_open(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_set *seqs,
	unsigned want, struct gw_fetch **ret, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);
	int rc = a->ops->fetch_open(a, id, index, seqs, want, ret, err);

	if (rc >= 0)
		(*ret)->acct = a;
	return store_spent(a, GW_CALL_FETCH_OPEN, t, rc);
}

int gw_fetch_next(struct gw_fetch *f, struct gw_message *ret, bool *ret_gone, struct gw_err *err)
{
	uint64_t t = store_begin(f->acct->store);

	return store_spent(f->acct, GW_CALL_FETCH_NEXT, t, f->ops->fetch_next(f, ret, ret_gone, err));
}

long gw_fetch_read(struct gw_fetch *f, uint64_t off, void *dst, size_t n, struct gw_err *err)
{
	uint64_t t = store_begin(f->acct->store);
	long got = f->ops->fetch_read(f, off, dst, n, err);

	store_spent(f->acct, GW_CALL_FETCH_READ, t, got < 0 ? (int)got : 0);
	return got;
}

void gw_fetch_pause(struct gw_fetch *f)
{
	f->ops->fetch_pause(f);
}

void gw_fetch_close(struct gw_fetch *f)
{
	if (f)
		f->ops->fetch_close(f);
}

int gw_mbox_match(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_match *m,
	const struct gw_set *seqs, struct gw_match_place *place, struct gw_set *ret, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return store_spent(a, GW_CALL_MATCH, t, a->ops->match(a, id, index, m, seqs, place, ret, err));
}

void gw_match_place_done(struct gw_match_place *p)
{
	gw_set_done(&p->left);
	gw_set_done(&p->keyed);
}

/* ---- annotations ---- */

bool gw_acct_has_annotations(const struct gw_acct *a)
{
	return a->ops->annotate;
}

static int no_annotations(struct gw_err *err)
{
	return gw_fail(err, GW_ENOTSUP, "the store keeps no annotations of messages");
}

int gw_mbox_annotate(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, const struct gw_annotation_change *change,
		     struct gw_set *ret_modified, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	if (!gw_acct_has_annotations(a))
		return no_annotations(err);
	return store_spent(a, GW_CALL_ANNOTATE, t, a->ops->annotate(a, id, uids, change, ret_modified, err));
}

int gw_mbox_annotated(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, uint64_t modseq, struct gw_arena *arena,
		      struct gw_annotated **ret, size_t *ret_n, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	if (!gw_acct_has_annotations(a))
		return no_annotations(err);
	return store_spent(a, GW_CALL_ANNOTATED, t, a->ops->annotated(a, id, uids, modseq, arena, ret, ret_n, err));
}

int gw_acct_annotation_size(struct gw_acct *a, uint64_t *ret, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	if (!gw_acct_has_annotations(a))
		return no_annotations(err);
	return store_spent(a, GW_CALL_ANNOTATION_SIZE, t, a->ops->annotation_size(a, ret, err));
}

int gw_append_parts(struct gw_append *ap, struct gw_slice *ret, struct gw_err *err)
{
	return ap->ops->append_parts ? ap->ops->append_parts(ap, ret, err) : no_annotations(err);
}

void gw_append_annotate(struct gw_append *ap, const struct gw_annotation *v, size_t n)
{
	if (n && ap->ops->append_annotate)
		ap->ops->append_annotate(ap, v, n);
}

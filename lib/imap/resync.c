/* resync.c - what a client missed since it was here last (QRESYNC, RFC 7162 3.2.5, 3.2.6) */
#include "imap/session.h"

/* Take the UIDs out of *uids that are in the view: their removal is told later, as news. */
static void leave_known(const struct gw_index *ix, struct gw_set *uids)
{
	struct gw_set there;

	gw_set_init(&there);
	for (size_t i = 0; i < uids->n; i++) {
		struct gw_index_iter it;
		const struct gw_entry *e;

		gw_index_iter(&it, ix, gw_index_lower(ix, uids->r[i].lo));
		while ((e = gw_index_next(&it)) && e->uid <= uids->r[i].hi)
			gw_set_add(&there, e->uid, e->uid);
	}
	if (there.n)
		gw_set_subtract(uids, &there);
	gw_set_done(&there);
}

/* UIDs from `from` on that exist. */
static void cut_above(struct gw_set *uids, uint32_t from)
{
	struct gw_set above;

	gw_set_init(&above);
	gw_set_add(&above, from, UINT32_MAX);
	gw_set_subtract(uids, &above);
	gw_set_done(&above);
}

int imap_vanished(struct imap_session *s, uint64_t modseq, const struct gw_set *known, struct gw_set *ret, struct gw_err *err)
{
	bool all_holes;
	int rc = gw_mbox_vanished(s->acct, s->view->id, modseq, ret, &all_holes, err);

	if (rc < 0)
		return rc;
	if (known)
		gw_set_intersect(ret, known);
	cut_above(ret, s->view->uidnext);
	leave_known(s->view->told, ret);
	return 0;
}

/* One number after the other of a set as it was written. */
struct walk {
	const struct imap_seqset *set;
	size_t i;
	uint32_t at; /* 0: at the start of range i */
};

static uint32_t walk_next(struct walk *w)
{
	const struct gw_range *r;

	if (w->i == w->set->n)
		return 0;
	r = &w->set->r[w->i];
	w->at = w->at ? w->at + 1 : r->lo;
	if (w->at >= r->hi) {
		uint32_t last = w->at;

		w->i++;
		w->at = 0;
		return last;
	}
	return w->at;
}

/* The highest UID up to which the client knows of all removals: the last of its pairs that is right (RFC 7162 3.2.5.2). */
static uint32_t known_up_to(const struct gw_index *ix, const struct imap_select *q)
{
	struct walk seqs = { .set = &q->match_seqs }, uids = { .set = &q->match_uids };
	uint32_t seq, uid, best = 0;

	while ((seq = walk_next(&seqs)) && (uid = walk_next(&uids)) && seq <= ix->n)
		if (gw_index_at(ix, seq)->uid == uid)
			best = uid > best ? uid : best;
	return best;
}

static void find_changed(const struct gw_index *ix, uint64_t modseq, const struct gw_set *known, struct gw_set *ret)
{
	uint32_t first = 1;

	for (size_t i = 0; i < ix->n_chunks; i++) {
		const struct gw_index_chunk *ch = ix->chunks[i];

		for (uint32_t k = 0; k < ch->n && ch->modseq_max > modseq; k++)
			if (ch->e[k].modseq > modseq && ch->e[k].content && (!known || gw_set_has(known, ch->e[k].uid)))
				gw_set_add(ret, first + k, first + k);
		first += ch->n;
	}
}

int imap_resync(struct imap_session *s, const struct imap_select *q, struct gw_err *err)
{
	struct gw_set known, vanished, changed, old;
	const struct gw_set *only = NULL;
	int rc = imap_view_load(s, err);

	if (rc < 0)
		return rc;
	gw_set_init(&known);
	gw_set_init(&vanished);
	gw_set_init(&changed);
	gw_set_init(&old);
	if (q->has_known_uids) {
		imap_seqset_resolve(&q->known_uids, 0, &known);
		only = &known;
	}
	rc = imap_vanished(s, q->modseq, only, &vanished, err);
	if (rc == 0 && q->has_match) {
		uint32_t up_to = known_up_to(s->view->told, q);

		if (up_to)
			gw_set_add(&old, 1, up_to);
		gw_set_subtract(&vanished, &old);
	}
	if (rc == 0) {
		find_changed(s->view->told, q->modseq, only, &changed);
		imap_view_catch_up(s->view, &vanished, &changed);
	}
	gw_set_done(&known);
	gw_set_done(&vanished);
	gw_set_done(&changed);
	gw_set_done(&old);
	return rc;
}

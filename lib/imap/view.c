/* view.c - what the client of a selected mailbox has been told (see view.h)
 *
 * An update of the client has five parts, in this order: REMOVEFROM for what leaves search results with its
 * messages, EXPUNGE for what is gone (from the highest number down, so that no number shifts under the next
 * line), then EXISTS, RECENT and new keywords, then FETCH for changed flags, then what else happened to search
 * results (context.h). What is to be said is worked out at once, as sets of message numbers; saying it stops when the
 * output is full and goes on later. Removals that may not be told yet stay in the index as ghosts, so the
 * client's numbers keep their meaning. */
#include "imap/view.h"

#include "imap/context.h"
#include "imap/notify.h"
#include "imap/put.h"
#include "imap/session.h"
#include "util/mem.h"
#include "util/num.h"

#include <stdlib.h>

#define LOOK_AT_LEAST_EVERY_MS 30000 /* covers a bell that was lost with the process that should have rung it */
#define REST_MAX 100000              /* messages; to make a longer list again costs more than its memory */
#define ROW_ROOM 512                 /* bytes of an unsolicited FETCH without its flags */
#define VANISHED_RANGES 1000         /* in one response: keeps lines short that clients must buffer */

struct imap_sync {
	struct gw_set gone;        /* numbers to take away, in the numbering before; with vanished: UIDs */
	bool vanished, earlier;    /* VANISHED, VANISHED (EARLIER) instead of EXPUNGE */
	size_t told_gone;          /* ranges of gone that were told as VANISHED */
	struct gw_set flags;       /* numbers whose flags are to be told, in the numbering after */
	struct gw_set modseqs;     /* numbers of which only the MODSEQ is to be told */
	struct gw_set noted;       /* numbers of which names of annotations are to be told */
	struct gw_annotated *name; /* these, by UID */
	size_t n_names;
	struct gw_arena arena;     /* they lie there */
	bool tell_exists;
	bool tell_keywords;
	bool with_uid;
	uint64_t settled;          /* if not 0: the HIGHESTMODSEQ a client may rely on, as something is owed */
	uint32_t next;             /* the next number to look at in flags, modseqs and noted */
	struct context_round *contexts; /* what comes of it for them; NULL: there are none */
};

static struct imap_sync *sync_new(void)
{
	struct imap_sync *y = gw_xalloc(sizeof *y);

	gw_arena_init(&y->arena, 0, 0);
	return y;
}

static void sync_free(struct imap_sync *y)
{
	if (!y)
		return;
	gw_set_done(&y->gone);
	gw_set_done(&y->flags);
	gw_set_done(&y->modseqs);
	context_round_free(y->contexts);
	gw_set_done(&y->noted);
	gw_arena_done(&y->arena);
	free(y);
}

struct imap_view *imap_view_new(const struct gw_mailbox *mb, bool readonly)
{
	struct imap_view *v = gw_xalloc(sizeof *v);

	v->id = mb->id;
	v->name = gw_slice(gw_xslicedup(mb->name), mb->name.n);
	v->readonly = readonly;
	v->uidvalidity = mb->uidvalidity;
	v->exists = mb->messages;
	v->uidnext = v->data_from = mb->uidnext;
	v->modseq = v->settled = mb->modseq;
	return v;
}

void imap_view_free(struct imap_view *v)
{
	if (!v)
		return;
	sync_free(v->sync);
	imap_contexts_free(v->contexts);
	gw_index_unref(v->told);
	gw_set_done(&v->recent);
	gw_set_done(&v->untold);
	gw_set_done(&v->own_gone);
	free((void *)v->name.p);
	free(v);
}

bool imap_view_fresh(const struct imap_session *s)
{
	const struct imap_view *v = s->view;

	if (!v)
		return true;
	if (v->dirty || v->sync || !gw_acct_bell(s->acct, v->id) || imap_contexts_due(s))
		return false;
	return gw_mono_ms(s->env.clock) - v->looked_ms < LOOK_AT_LEAST_EVERY_MS;
}

bool imap_view_shows(const struct imap_session *s, struct gw_mbox_id id)
{
	return s->view && s->view->id.space == id.space && s->view->id.id == id.id;
}

void imap_view_added(struct imap_session *s, struct gw_mbox_id id)
{
	if (imap_view_shows(s, id))
		s->view->dirty = s->view->own_added = true;
}

void imap_view_removed(struct imap_session *s, const struct gw_set *uids)
{
	struct imap_view *v = s->view;

	if (uids)
		gw_set_union(&v->own_gone, uids);
	else
		gw_set_add(&v->own_gone, 1, UINT32_MAX);
	v->dirty |= v->own_gone.n;
}

bool imap_view_owes_own(const struct imap_view *v)
{
	return v->own_added || v->own_gone.n;
}

static bool same_moment(const struct imap_view *v, uint32_t messages, uint32_t uidnext, uint64_t modseq)
{
	return v->exists == messages && v->uidnext == uidnext && v->modseq == modseq;
}

int imap_view_load(struct imap_session *s, struct gw_err *err)
{
	struct imap_view *v = s->view;
	struct gw_index *ix;
	int rc;

	if (v->told)
		return 0;
	rc = gw_mbox_index(s->acct, v->id, &ix, err);
	if (rc < 0)
		return rc;
	if (!same_moment(v, ix->n, ix->uidnext, ix->modseq)) {
		gw_index_unref(ix);
		rc = gw_mbox_index_asof(s->acct, v->id, v->modseq, v->uidnext, &ix, err);
		if (rc == GW_EGONE) /* nobody knows any more what its numbers mean */
			s->farewell = "The mailbox has changed too much, select it again";
		if (rc < 0)
			return rc;
		v->as_of = true;
	}
	if (ix->uidvalidity != v->uidvalidity) {
		gw_index_unref(ix);
		return gw_fail(err, GW_ENOENT, "the mailbox was made anew");
	}
	v->told = ix;
	return 0;
}

/* Its counters say what moment the client knows, so imap_view_load() makes the same list again. Not one with ghosts:
 * they are of moments before. */
void imap_view_rest(struct imap_view *v)
{
	if (!v->told || v->owes || v->sync || v->told->n > REST_MAX)
		return;
	gw_index_unref(v->told);
	v->told = NULL;
}

/* ---- flags as text ---- */

void imap_view_put_flags(struct imap_session *s, const struct gw_keywords *kw, struct gw_out *out)
{
	struct imap_view *v = s->view;
	uint64_t all = GW_FLAG_SYSTEM | ~UINT64_C(0xFF);

	gw_out_lit(out, "* FLAGS ");
	imap_put_flags(out, all, false, kw, NULL);
	gw_out_lit(out, "\r\n* OK [PERMANENTFLAGS ");
	if (v->readonly)
		gw_out_lit(out, "()");
	else
		imap_put_flags(out, all, false, kw, kw->n < GW_KEYWORDS_MAX ? "\\*" : NULL);
	gw_out_str(out, v->readonly ? "] Nothing can be changed\r\n" : "] Flags that stay\r\n");
	v->keywords = kw->n;
}

uint64_t imap_flag_bits(uint64_t system, const struct gw_slice *keywords, size_t n, const struct gw_index *ix,
			bool *ret_unknown)
{
	uint64_t bits = system & GW_FLAG_SYSTEM;

	for (size_t i = 0; i < n; i++) {
		int k = gw_index_keyword(ix, keywords[i]);

		if (k >= 0)
			bits |= GW_FLAG_KEYWORD(k);
		else if (ret_unknown)
			*ret_unknown = true;
	}
	return bits;
}

/* ---- what is to be said ---- */

static uint64_t flags_after(const struct imap_own *own, uint64_t before, uint64_t bits)
{
	switch (own->how) {
	case GW_FLAGS_REPLACE:
		return bits;
	case GW_FLAGS_ADD:
		return before | bits;
	case GW_FLAGS_REMOVE:
		break;
	}
	return before & ~bits;
}

struct change {
	const struct imap_session *s;
	const struct imap_own *own;
	uint64_t own_bits;
	bool others;      /* changes by others are told (RFC 5465) */
	bool as_of;       /* the old index may show new flags: believe the modseq */
	uint64_t modseq;  /* of the old moment */
	struct imap_sync *y;
	struct gw_set *untold; /* what is not told */
};

/* One message that is in both indices and was touched in between. */
static void note_change(struct change *c, const struct gw_entry *old, const struct gw_entry *now, uint32_t seq)
{
	const struct imap_own *own = c->own;
	bool ours = own && gw_set_has(own->uids, now->uid) && !(own->failed && gw_set_has(own->failed, now->uid));
	bool aware = (c->s->modes & IMAP_MODE_CONDSTORE) || (own && own->modseq);
	bool others = c->as_of && old->modseq > c->modseq; /* changed it before us, and the client does not know */
	bool changed = c->as_of ? now->modseq > c->modseq : old->flags != now->flags || aware;

	if (ours && own->silent && !others && now->flags == flags_after(own, old->flags, c->own_bits)) {
		if (aware && !own->rows && now->modseq != old->modseq)
			gw_set_add(&c->y->modseqs, seq, seq);
	} else if ((ours && !own->silent) || (c->others && changed)) {
		gw_set_add(&c->y->flags, seq, seq);
	} else if (changed) {
		gw_set_add(c->untold, now->uid, now->uid);
	}
}

/* Every message of the set uids (which holds only UIDs that are in both indices). */
static void note_changes(struct change *c, const struct gw_index *old, const struct gw_index *now,
			 const struct gw_set *uids)
{
	for (size_t i = 0; i < uids->n; i++) {
		struct gw_index_iter a, b;
		const struct gw_entry *x, *y;

		gw_index_iter(&a, old, gw_index_lower(old, uids->r[i].lo));
		gw_index_iter(&b, now, gw_index_lower(now, uids->r[i].lo));
		while ((x = gw_index_next(&a)) && (y = gw_index_next(&b)) && y->uid <= uids->r[i].hi)
			if (x->uid == y->uid)
				note_change(c, x, y, b.seq - 1);
	}
}

/* UIDs of old whose state is newer than the moment the counters were taken. */
static void touched_since(const struct gw_index *now, uint64_t modseq, uint32_t uidnext, struct gw_set *ret)
{
	for (size_t i = 0; i < now->n_chunks; i++) {
		const struct gw_index_chunk *ch = now->chunks[i];

		if (ch->modseq_max <= modseq)
			continue;
		for (uint32_t k = 0; k < ch->n; k++)
			if (ch->e[k].modseq > modseq && ch->e[k].uid < uidnext && ch->e[k].content)
				gw_set_add(ret, ch->e[k].uid, ch->e[k].uid);
	}
}

/* A STORE without .SILENT answers for every message it was meant for, changed or not (RFC 3501 6.4.6). */
static void note_own(const struct imap_own *own, const struct gw_index *now, struct imap_sync *y, struct gw_set *untold)
{
	struct gw_set seqs, uids;

	gw_set_init(&seqs);
	gw_set_init(&uids);
	gw_set_union(&uids, own->uids);
	if (own->failed)
		gw_set_subtract(&uids, own->failed);
	gw_index_seqs(now, &uids, &seqs);
	if (!own->silent) {
		gw_set_union(&y->flags, &seqs);
		gw_set_subtract(untold, &uids);
	} else if (own->modseq) {
		gw_set_union(&y->modseqs, &seqs);
	}
	gw_set_subtract(&y->modseqs, &y->flags);
	gw_set_done(&seqs);
	gw_set_done(&uids);
}

/* What NOTIFY kept back, when it does not any more. */
static void note_untold(struct imap_view *v, struct imap_sync *y)
{
	struct gw_set seqs;

	gw_set_init(&seqs);
	gw_index_seqs(v->told, &v->untold, &seqs);
	gw_set_union(&y->flags, &seqs);
	gw_set_subtract(&y->modseqs, &y->flags);
	gw_set_clear(&v->untold);
	gw_set_done(&seqs);
}

/* Ghosts have nothing to tell. */
static void drop_ghosts(const struct gw_index *ix, const struct gw_set *gone_uids, struct imap_sync *y)
{
	struct gw_set seqs;

	gw_set_init(&seqs);
	gw_index_seqs(ix, gone_uids, &seqs);
	gw_set_subtract(&y->flags, &seqs);
	gw_set_subtract(&y->modseqs, &seqs);
	gw_set_done(&seqs);
}

/* Without SELECTED (RFC 5465 3.1) what others put there comes to be known with the next message of the session's own, which has a number
 * behind theirs; nothing else tells it. */
static bool keeps_new_back(const struct imap_session *s)
{
	return !imap_notify_of_selected(s) && !s->view->own_added;
}

/* The mailbox as it is, new messages claimed as \Recent for this session when it will tell them (RFC 3501 2.3.2; not in IMAP4rev2). It is
 * read again after a claim, so that whatever was claimed is in it, and what came after the claim is claimed as well: nobody is told of it
 * before. */
static int look(struct imap_session *s, struct gw_index **ret, struct gw_err *err)
{
	struct imap_view *v = s->view;
	struct gw_index *now;
	struct gw_recent r = { .next = v->uidnext };
	int rc;

	v->dirty = false;
	v->looked_ms = gw_mono_ms(s->env.clock);
	rc = gw_mbox_index(s->acct, v->id, &now, err);
	while (rc == 0 && !imap_rev2(s) && !keeps_new_back(s) && now->uidnext > r.next &&
	       gw_mbox_recent(s->acct, v->id, !v->readonly, &r, NULL) == 0) {
		if (r.first < r.next)
			gw_set_add(&v->recent, r.first, r.next - 1);
		gw_index_unref(now);
		rc = gw_mbox_index(s->acct, v->id, &now, err);
	}
	if (rc < 0)
		return rc;
	*ret = now;
	return 0;
}

/* Did this session do it? */
static bool is_own_name(const struct imap_own *own, const struct gw_annotated *a)
{
	if (!own || !own->annotations || !gw_set_has(own->uids, a->uid) || (own->failed && gw_set_has(own->failed, a->uid)))
		return false;
	for (size_t i = 0; i < own->annotations->n; i++)
		if (gw_slice_eq(own->annotations->v[i].name, a->name))
			return true;
	return false;
}

/* Which annotations others have changed (RFC 5257 4.4). What cannot be read is left out: clients are told as far as it goes. */
static void note_names(struct change *c, const struct gw_set *uids)
{
	const struct imap_session *s = c->s;
	struct imap_sync *y = c->y;
	size_t n = 0;

	if (!uids->n || gw_mbox_annotated(s->acct, s->view->id, uids, c->modseq, &y->arena, &y->name, &n, NULL) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		uint32_t seq = gw_index_lower(s->view->told, y->name[i].uid);
		const struct gw_entry *e = gw_index_at(s->view->told, seq);

		if (!e || e->uid != y->name[i].uid || is_own_name(c->own, &y->name[i]))
			continue;
		gw_set_add(&y->noted, seq, seq);
		y->name[y->n_names++] = y->name[i];
	}
}

/* Of now, what the client may know. Takes now, returns owned. */
static struct gw_index *known_part(const struct imap_session *s, struct gw_index *now)
{
	struct imap_view *v = s->view;
	struct gw_index *part;
	struct gw_set others;

	v->behind = keeps_new_back(s) && now->uidnext > v->uidnext;
	if (!v->behind)
		return now;
	gw_set_init(&others);
	gw_set_add(&others, v->uidnext, now->uidnext - 1);
	part = gw_index_apply(now, v->uidnext, now->modseq, NULL, NULL, 0, &others);
	gw_set_done(&others);
	gw_index_unref(now);
	return part;
}

/* Which removals are told: without SELECTED those that the session did itself. */
static void find_gone(const struct imap_session *s, bool expunge, const struct gw_set *expunged, struct gw_set *ret)
{
	gw_set_init(ret);
	if (!expunge)
		return;
	gw_set_union(ret, expunged);
	if (!imap_notify_of_selected(s))
		gw_set_intersect(ret, &s->view->own_gone);
}

/* Have the client told of these, whose numbers are those of old. */
static void note_gone(struct imap_session *s, const struct gw_index *old, const struct gw_set *gone, struct imap_sync *y)
{
	y->vanished = s->modes & (IMAP_MODE_QRESYNC | IMAP_MODE_UIDONLY);
	if (y->vanished)
		gw_set_union(&y->gone, gone);
	else
		gw_index_seqs(old, gone, &y->gone);
	gw_set_subtract(&s->view->recent, gone);
}

/* now, with what is gone from old and is not told. Takes now, returns owned. */
static struct gw_index *with_untold(const struct gw_index *old, struct gw_index *now, const struct gw_set *told)
{
	struct gw_index *rest = gw_index_apply(old, old->uidnext, old->modseq, NULL, NULL, 0, told);
	struct gw_index *ret = gw_index_with_ghosts(rest, now);

	gw_index_unref(rest);
	gw_index_unref(now);
	return ret;
}

/* The mailbox was looked at: what this session did is known, but for removals that are owed, and what comes next others do. */
static void note_looked(struct imap_view *v, const struct gw_set *owed)
{
	v->own_added = false;
	gw_set_intersect(&v->own_gone, owed);
}

/* Work out what separates the view from now, and make now what the client knows. Takes now. */
static struct imap_sync *compare(struct imap_session *s, bool expunge, const struct imap_own *own, struct gw_index *now)
{
	struct imap_view *v = s->view;
	struct imap_sync *y = sync_new();
	struct gw_index *old = v->told;
	struct gw_index_diff d;
	struct gw_set gone, owed;
	struct change c = { .s = s, .own = own, .others = imap_notify_flags(s), .as_of = v->as_of, .modseq = v->modseq, .y = y,
			    .untold = &v->untold };

	gw_index_diff(old, now, &d);
	find_gone(s, expunge, &d.expunged, &gone);
	gw_set_init(&owed);
	gw_set_union(&owed, &d.expunged);
	gw_set_subtract(&owed, &gone);
	if (gone.n)
		note_gone(s, old, &gone, y);
	v->owes = owed.n;
	v->told = owed.n ? with_untold(old, now, &gone) : now;
	if (v->as_of)
		touched_since(v->told, v->modseq, v->uidnext, &d.changed);
	if (own)
		c.own_bits = imap_flag_bits(own->flags, own->keywords, own->n_keywords, v->told, NULL);
	note_changes(&c, old, v->told, &d.changed);
	if (imap_notify_annotations(s))
		note_names(&c, &d.changed);
	if (own)
		note_own(own, v->told, y, &v->untold);
	gw_set_subtract(&v->untold, &d.expunged);
	if (c.others)
		note_untold(v, y);
	drop_ghosts(v->told, &owed, y);
	y->tell_exists = v->told->n > old->n - (uint32_t)gw_set_count(&gone);
	y->tell_keywords = v->told->keywords.n > v->keywords;
	y->with_uid = (s->modes & (IMAP_MODE_CONDSTORE | IMAP_MODE_REV2)) || s->notify || (own && own->with_uid);
	y->next = 1;
	y->contexts = context_round_new(s, old, v->uidnext, &d);
	v->as_of = false;
	note_looked(v, &owed);
	v->exists = v->told->n;
	v->uidnext = v->told->uidnext;
	v->modseq = v->told->modseq;
	if (!v->owes && !v->behind && !v->untold.n)
		v->settled = v->modseq;
	else if (s->modes & IMAP_MODE_QRESYNC && (y->flags.n || y->modseqs.n || (own && own->rows)))
		y->settled = v->settled;
	gw_index_diff_done(&d);
	gw_set_done(&gone);
	gw_set_done(&owed);
	gw_index_unref(old);
	return y;
}

/* Flags that NOTIFY kept back, and does not any more. */
static bool owes_flags(const struct imap_session *s)
{
	return s->view->untold.n && imap_notify_flags(s);
}

enum imap_sync_result imap_view_sync(struct imap_session *s, bool expunge, const struct imap_own *own,
				     struct gw_out *out, struct gw_err *err)
{
	static const struct gw_set none;
	struct imap_view *v = s->view;
	struct gw_index *now;

	if (v->sync)
		return imap_view_resume(s, out);
	if (!v->told && !own) { /* one row tells whether there is anything to load */
		struct gw_mailbox mb;

		if (gw_mbox_status(s->acct, v->id, &mb, err) < 0)
			return IMAP_SYNC_FAILED;
		v->looked_ms = gw_mono_ms(s->env.clock);
		v->dirty = false;
		if (same_moment(v, mb.messages, mb.uidnext, mb.modseq) && !imap_contexts_due(s) && !owes_flags(s)) {
			note_looked(v, &none);
			return IMAP_SYNC_DONE;
		}
	}
	if (imap_view_load(s, err) < 0 || look(s, &now, err) < 0)
		return IMAP_SYNC_FAILED;
	if (now->uidvalidity != v->uidvalidity) {
		gw_index_unref(now);
		gw_fail(err, GW_ENOENT, "the mailbox was made anew");
		return IMAP_SYNC_FAILED;
	}
	if (now == v->told && !own && !v->as_of && now->keywords.n <= v->keywords && !imap_contexts_due(s) && !owes_flags(s)) {
		gw_index_unref(now);
		note_looked(v, &none);
		return IMAP_SYNC_DONE;
	}
	v->sync = compare(s, expunge, own, known_part(s, now));
	return imap_view_resume(s, out);
}

void imap_view_catch_up(struct imap_view *v, const struct gw_set *vanished, const struct gw_set *changed)
{
	struct imap_sync *y = sync_new();

	gw_set_union(&y->gone, vanished);
	gw_set_union(&y->flags, changed);
	y->vanished = y->earlier = y->with_uid = true;
	y->next = 1;
	v->sync = y;
}

/* ---- saying it ---- */

bool imap_put_vanished(const struct gw_set *uids, bool earlier, size_t *next, struct gw_out *out)
{
	while (*next < uids->n) {
		struct gw_set some = { .r = uids->r + *next, .n = uids->n - *next };

		if (gw_out_full(out))
			return false;
		some.n = some.n < VANISHED_RANGES ? some.n : VANISHED_RANGES;
		gw_out_str(out, earlier ? "* VANISHED (EARLIER) " : "* VANISHED ");
		gw_set_put(out, &some);
		gw_out_lit(out, "\r\n");
		*next += some.n;
	}
	return true;
}

static bool say_gone(struct imap_sync *y, struct gw_out *out)
{
	if (y->vanished)
		return imap_put_vanished(&y->gone, y->earlier, &y->told_gone, out);
	while (y->gone.n) {
		struct gw_range *r = &y->gone.r[y->gone.n - 1];

		if (gw_out_full(out))
			return false;
		gw_out_lit(out, "* ");
		gw_out_u64(out, r->hi);
		gw_out_lit(out, " EXPUNGE\r\n");
		if (r->hi == r->lo)
			y->gone.n--;
		else
			r->hi--;
	}
	return true;
}

static uint32_t count_recent(const struct imap_view *v)
{
	struct gw_set seqs;
	uint64_t n;

	if (!v->recent.n)
		return 0;
	gw_set_init(&seqs);
	gw_index_seqs(v->told, &v->recent, &seqs);
	n = gw_set_count(&seqs);
	gw_set_done(&seqs);
	return (uint32_t)n;
}

static void say_head(struct imap_session *s, struct imap_sync *y, struct gw_out *out)
{
	struct imap_view *v = s->view;

	if (y->tell_exists) {
		gw_out_lit(out, "* ");
		gw_out_u64(out, v->told->n);
		gw_out_lit(out, " EXISTS\r\n");
	}
	if (y->tell_exists && !imap_rev2(s)) {
		gw_out_lit(out, "* ");
		gw_out_u64(out, count_recent(v));
		gw_out_lit(out, " RECENT\r\n");
	}
	if (y->tell_keywords)
		imap_view_put_flags(s, &v->told->keywords, out);
	y->tell_exists = y->tell_keywords = false;
}

/* "ANNOTATION (/comment ...)": names alone (RFC 5257 4.4) */
static void say_names(const struct imap_sync *y, uint32_t uid, struct gw_out *out)
{
	size_t lo = 0, hi = y->n_names;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (y->name[mid].uid < uid)
			lo = mid + 1;
		else
			hi = mid;
	}
	gw_out_lit(out, "ANNOTATION ");
	for (size_t i = lo; i < y->n_names && y->name[i].uid == uid; i++) {
		gw_out_char(out, i == lo ? '(' : ' ');
		imap_put_astring(out, y->name[i].name);
	}
	gw_out_char(out, ')');
}

static void say_row(struct imap_session *s, const struct imap_sync *y, uint32_t seq, struct gw_out *out)
{
	const struct imap_view *v = s->view;
	const struct gw_entry *e = gw_index_at(v->told, seq);
	bool by_uid = s->modes & IMAP_MODE_UIDONLY, flags = gw_set_has(&y->flags, seq);
	bool modseq = (s->modes & IMAP_MODE_CONDSTORE) || gw_set_has(&y->modseqs, seq);

	gw_out_lit(out, "* ");
	gw_out_u64(out, by_uid ? e->uid : seq);
	gw_out_str(out, by_uid ? " UIDFETCH (" : " FETCH (");
	if (y->with_uid && !by_uid) {
		gw_out_lit(out, "UID ");
		gw_out_u64(out, e->uid);
		gw_out_char(out, ' ');
	}
	if (modseq) {
		gw_out_lit(out, "MODSEQ (");
		gw_out_u64(out, e->modseq);
		gw_out_char(out, ')');
	}
	if (flags) {
		gw_out_str(out, modseq ? " FLAGS " : "FLAGS ");
		imap_put_flags(out, e->flags, v->recent.n && gw_set_has(&v->recent, e->uid), &v->told->keywords, NULL);
	}
	if (gw_set_has(&y->noted, seq)) {
		if (modseq || flags)
			gw_out_char(out, ' ');
		say_names(y, e->uid, out);
	}
	gw_out_lit(out, ")\r\n");
}

static uint32_t nearer(uint32_t a, uint32_t b)
{
	return a && (!b || a < b) ? a : b;
}

static bool say_rows(struct imap_session *s, struct imap_sync *y, struct gw_out *out)
{
	size_t h1 = 0, h2 = 0, h3 = 0;

	for (;;) {
		uint32_t a = gw_set_next(&y->flags, y->next, &h1);
		uint32_t b = gw_set_next(&y->modseqs, y->next, &h2);
		uint32_t seq = nearer(nearer(a, b), gw_set_next(&y->noted, y->next, &h3));

		if (!seq)
			return true;
		if (gw_out_full(out))
			return false;
		y->next = seq + 1;
		say_row(s, y, seq, out);
	}
}

enum imap_sync_result imap_view_resume(struct imap_session *s, struct gw_out *out)
{
	struct imap_sync *y = s->view->sync;

	if (!y)
		return IMAP_SYNC_DONE;
	if (y->contexts && !context_round_gone(s, out))
		return IMAP_SYNC_MORE;
	if (!say_gone(y, out))
		return IMAP_SYNC_MORE;
	say_head(s, y, out);
	if (!say_rows(s, y, out))
		return IMAP_SYNC_MORE;
	if (y->settled) /* the MODSEQs just told are higher than those of what it was not told of (RFC 7162 3.2) */
		imap_put_highest(y->settled, out);
	y->settled = 0;
	if (y->contexts && !context_round_go(s, y->contexts, out))
		return IMAP_SYNC_MORE;
	sync_free(y);
	s->view->sync = NULL;
	return IMAP_SYNC_DONE;
}

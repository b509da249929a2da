/* cmd_fetch.c - FETCH and UID FETCH (RFC 3501 6.4.5, RFC 7162 3.1.4, RFC 9394 3.3, RFC 9738; see fetch.h)
 *
 * 1. \Seen is set in one transaction for the whole set, before anything is read, and the view learns of it.
 * 2. Rows come from the index or from a cursor of the store.
 * 3. A message that is gone gets no row; by message numbers the reply is then NO [EXPUNGEISSUED] (RFC 2180 4.1.2). */
#include "imap/fetch.h"

#include "imap/annotate.h"
#include "imap/objectid.h"
#include "imap/commands.h"
#include "imap/limit.h"
#include "imap/put.h"
#include "imap/window.h"
#include "mime/bodystructure.h"
#include "util/mem.h"

#define HEADER_KEEP_MAX (FETCH_HEADER_MAX + 1)

/* ---- before the first row ---- */

static void run_done(void *arg)
{
	struct fetch_run *r = arg;

	gw_fetch_close(r->cursor);
	gw_index_unref(r->ix);
	gw_arena_done(&r->kept);
	gw_buf_done(&r->header);
	gw_buf_done(&r->decoded);
}

/* Only messages that changed after changed_since (RFC 7162 3.1.4.1). */
static void keep_changed(const struct gw_index *ix, uint64_t since, struct gw_set *seqs)
{
	struct gw_set keep;

	gw_set_init(&keep);
	for (size_t i = 0; i < seqs->n; i++) {
		struct gw_index_iter it;
		const struct gw_entry *e;

		gw_index_iter(&it, ix, seqs->r[i].lo);
		while (it.seq <= seqs->r[i].hi && (e = gw_index_next(&it)))
			if (e->modseq > since)
				gw_set_add(&keep, it.seq - 1, it.seq - 1);
	}
	gw_set_clear(seqs);
	gw_set_union(seqs, &keep);
	gw_set_done(&keep);
}

/* (PARTIAL 1:10), or from the end: (PARTIAL -1:-10) (RFC 9394 3.3). */
static void keep_window(const struct imap_window *w, struct gw_set *seqs)
{
	struct gw_set keep;

	gw_set_init(&keep);
	imap_window_take(seqs, w, &keep);
	gw_set_intersect(seqs, &keep);
	gw_set_done(&keep);
}

static unsigned wants_of(const struct imap_fetch *f)
{
	static const unsigned simple[IMAP_FETCH_KINDS] = {
		[IMAP_FETCH_EMAILID] = GW_WANT_IDS,
		[IMAP_FETCH_THREADID] = GW_WANT_IDS,
		[IMAP_FETCH_OBJECTID] = GW_WANT_IDS,
		[IMAP_FETCH_SAVEDATE] = GW_WANT_SAVEDATE,
		[IMAP_FETCH_PREVIEW] = GW_WANT_PREVIEW,
		[IMAP_FETCH_ENVELOPE] = GW_WANT_ENVELOPE,
		[IMAP_FETCH_BODY] = GW_WANT_BODYSTRUCTURE,
		[IMAP_FETCH_BODYSTRUCTURE] = GW_WANT_BODYSTRUCTURE,
		[IMAP_FETCH_BINARY] = GW_WANT_PARTS | GW_WANT_BODY,
		[IMAP_FETCH_BINARY_SIZE] = GW_WANT_PARTS | GW_WANT_BODY,
	};
	unsigned want = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->item[i].kind == IMAP_FETCH_ANNOTATION)
			want |= GW_WANT_ANNOTATIONS | (f->item[i].annotation->parts ? GW_WANT_PARTS : 0u);
		else
			want |= f->item[i].kind == IMAP_FETCH_SECTION ? fetch_section_wants(&f->item[i])
							      : simple[f->item[i].kind];
	return want;
}

/* Which of the UIDs asked for have gone since (RFC 7162 3.2.6). False: the reply is set. */
static bool find_vanished(struct fetch_run *r)
{
	const struct gw_index *ix = r->s->view->told;
	struct gw_set known;
	struct gw_err err = { 0 };
	int rc;

	if (!r->f->vanished)
		return true;
	gw_set_init(&known);
	if (r->f->set.saved)
		gw_set_union(&known, &r->s->saved);
	else
		imap_seqset_resolve(&r->f->set, ix->uidnext > 1 ? ix->uidnext - 1 : 0, &known);
	r->vanished = imap_task_set(r->t);
	rc = imap_vanished(r->s, r->f->changed_since, &known, r->vanished, &err);
	gw_set_done(&known);
	if (rc < 0)
		imap_fail(r->s, r->t, rc, &err);
	return rc == 0;
}

bool imap_fetch_offered(const struct imap_session *s, struct imap_task *t, const struct imap_fetch *items)
{
	if ((items->kinds & 1u << IMAP_FETCH_ANNOTATION && !imap_offers(s, IMAP_ANNOTATE)) ||
	    (items->kinds & 1u << IMAP_FETCH_OBJECTID && !imap_offers(s, "OBJECTID+"))) {
		imap_bad(t, "This item of FETCH is not known");
		return false;
	}
	return true;
}

/* NULL: the reply is set. */
static struct fetch_run *begin(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_fetch *f = &t->cmd->fetch;
	struct fetch_run *r;

	if (f->vanished && !(s->modes & IMAP_MODE_QRESYNC)) { /* RFC 7162 3.2.6 */
		imap_bad(t, "QRESYNC was not enabled");
		return NULL;
	}
	if (!imap_fetch_offered(s, t, f))
		return NULL;
	r = gw_arena_alloc(&t->arena, sizeof *r);
	r->s = s;
	r->t = t;
	r->f = f;
	r->uids = imap_task_set(t);
	r->seqs = imap_task_set(t);
	r->seen = imap_task_set(t);
	if (!imap_resolve(s, t, &f->set, t->cmd->uid, r->uids, r->seqs, &r->gone) || !find_vanished(r))
		return NULL;
	r->by_uid = s->modes & IMAP_MODE_UIDONLY;
	r->first = r->by_uid && f->n > 1 && f->item[0].kind == IMAP_FETCH_UID;
	r->only_annotations = f->kinds & 1u << IMAP_FETCH_ANNOTATION;
	for (size_t i = r->first; i < f->n; i++)
		r->only_annotations = r->only_annotations && f->item[i].kind == IMAP_FETCH_ANNOTATION;
	if (s->view->told->keywords.n > s->view->keywords) /* the list may know newer ones than SELECT did */
		imap_view_put_flags(s, &s->view->told->keywords, out);
	if (f->has_changed_since || f->kinds & 1u << IMAP_FETCH_MODSEQ)
		imap_condstore_on(s, out);
	if (f->kinds & 1u << IMAP_FETCH_OBJECTID)
		imap_objectid_on(s, out);
	if (f->window.set)
		keep_window(&f->window, r->seqs);
	if (f->has_changed_since) /* of those in the window (RFC 9394 3.4) */
		keep_changed(s->view->told, f->changed_since, r->seqs);
	imap_limit_seqs(s, t, r->seqs);
	r->flags = gw_arena_calloc(&t->arena, FETCH_FLAGS_SLOTS, sizeof *r->flags);
	r->row_room = fetch_row_room(f);
	gw_arena_init(&r->kept, 0, 0);
	gw_buf_init(&r->header, HEADER_KEEP_MAX);
	gw_buf_init(&r->decoded, 0);
	gw_arena_defer(&t->arena, run_done, r);
	t->state = r;
	return r;
}

/* ---- \Seen ---- */

/* Of the messages seqs of ix, those that are not \Seen: their UIDs. */
static void find_unseen(const struct gw_index *ix, const struct gw_set *seqs, struct gw_set *ret_uids)
{
	for (size_t i = 0; i < seqs->n; i++) {
		struct gw_index_iter it;
		const struct gw_entry *e;

		gw_index_iter(&it, ix, seqs->r[i].lo);
		while (it.seq <= seqs->r[i].hi && (e = gw_index_next(&it)))
			if (e->content && !(e->flags & GW_FLAG_SEEN))
				gw_set_add(ret_uids, e->uid, e->uid);
	}
}

/* As they are now: the client may not know yet that somebody made one unseen again. */
static void find_unseen_now(const struct fetch_run *r, struct gw_set *ret_uids)
{
	const struct imap_view *v = r->s->view;
	struct gw_index *now = NULL;
	struct gw_set uids, seqs;

	if (gw_mbox_index(r->s->acct, v->id, &now, NULL) < 0 || now == v->told) {
		find_unseen(v->told, r->seqs, ret_uids);
	} else {
		gw_set_init(&uids);
		gw_set_init(&seqs);
		gw_index_uids(v->told, r->seqs, &uids);
		gw_index_seqs(now, &uids, &seqs);
		find_unseen(now, &seqs, ret_uids);
		gw_set_done(&uids);
		gw_set_done(&seqs);
	}
	gw_index_unref(now);
}

/* A store that cannot be written now is no reason not to show mail. */
static bool seen_may_fail(int rc)
{
	return rc == GW_EROFS || rc == GW_ENOSPC || rc == GW_EACCES || rc == GW_EQUOTA || rc == GW_EBUSY;
}

static int set_seen(struct fetch_run *r, struct gw_out *out, struct gw_err *err)
{
	struct imap_view *v = r->s->view;
	struct gw_flag_change change = { .how = GW_FLAGS_ADD, .system = GW_FLAG_SEEN };
	struct imap_own own = { .how = GW_FLAGS_ADD, .flags = GW_FLAG_SEEN, .silent = true, .rows = true };
	struct gw_set *uids;
	int rc;

	r->phase = FETCH_ROWS;
	if (!r->f->sets_seen || v->readonly)
		return 0;
	uids = imap_task_set(r->t);
	find_unseen_now(r, uids);
	if (!uids->n)
		return 0;
	gw_index_seqs(v->told, uids, r->seen);
	rc = gw_mbox_store_flags(r->s->acct, v->id, uids, &change, NULL, err);
	if (rc < 0) {
		gw_set_clear(r->seen);
		return seen_may_fail(rc) ? 0 : rc;
	}
	own.uids = uids;
	own.with_uid = r->t->cmd->uid;
	r->phase = FETCH_TELL;
	return imap_view_sync(r->s, false, &own, out, err) == IMAP_SYNC_FAILED ? (int)err->code : 0;
}

/* ---- rows from the index ---- */

static bool index_rows(struct fetch_run *r, struct gw_out *out)
{
	uint32_t seq;

	while ((seq = gw_set_next(r->seqs, r->next, &r->hint))) {
		const struct gw_entry *e;

		if (gw_out_full(out))
			return false;
		if (seq != r->it.seq || !r->it.ix)
			gw_index_iter(&r->it, r->ix, seq);
		e = gw_index_next(&r->it);
		if (!e)
			return true;
		fetch_index_row(r, seq, e, out);
		r->done++;
		if (seq == UINT32_MAX)
			return true;
		r->next = seq + 1;
	}
	return true;
}

/* ---- rows from a cursor ---- */

static void put_id(const char *label, struct gw_slice id, struct gw_out *out)
{
	gw_out_str(out, label);
	if (!id.n) {
		gw_out_lit(out, "NIL");
		return;
	}
	gw_out_char(out, '(');
	gw_out_slice(out, id);
	gw_out_char(out, ')');
}

static void put_savedate(int64_t t, struct gw_out *out)
{
	gw_out_lit(out, "SAVEDATE ");
	if (t == INT64_MIN)
		gw_out_lit(out, "NIL");
	else
		imap_put_date_time(out, t);
}

static int put_item(struct fetch_run *r, const struct imap_fetch_item *item, struct gw_out *out, struct gw_err *err)
{
	const struct gw_message *m = &r->m;

	switch (item->kind) {
	case IMAP_FETCH_EMAILID:
		put_id("EMAILID ", m->emailid, out);
		break;
	case IMAP_FETCH_THREADID:
		put_id("THREADID ", m->threadid, out);
		break;
	case IMAP_FETCH_OBJECTID:
		imap_put_message_objectid(m, out);
		break;
	case IMAP_FETCH_SAVEDATE:
		put_savedate(m->savedate, out);
		break;
	case IMAP_FETCH_PREVIEW:
		gw_out_lit(out, "PREVIEW ");
		imap_put_string(out, m->preview);
		break;
	case IMAP_FETCH_ENVELOPE:
		gw_out_lit(out, "ENVELOPE ");
		gw_out_slice(out, m->envelope);
		break;
	case IMAP_FETCH_BODY:
		gw_out_lit(out, "BODY ");
		gw_body_without_extensions(m->bodystructure, out);
		break;
	case IMAP_FETCH_BODYSTRUCTURE:
		gw_out_lit(out, "BODYSTRUCTURE ");
		gw_out_slice(out, m->bodystructure);
		break;
	case IMAP_FETCH_ANNOTATION:
		fetch_annotation(r, item, out);
		break;
	case IMAP_FETCH_SECTION:
		return fetch_section(r, item, out, err);
	case IMAP_FETCH_BINARY:
		return fetch_binary(r, item, out, err);
	case IMAP_FETCH_BINARY_SIZE:
		return fetch_binary_size(r, item, out, err);
	default:
		fetch_put_fixed(r, item->kind, m->entry, out);
		break;
	}
	return 0;
}

/* The flags that \Seen has changed come before the content: some clients take what follows its last literal for content. */
static void begin_row(struct fetch_run *r, struct gw_out *out)
{
	static const enum imap_fetch_kind added[] = { IMAP_FETCH_UID, IMAP_FETCH_FLAGS, IMAP_FETCH_MODSEQ };

	fetch_put_head(r, r->m.seq, r->m.entry->uid, out);
	for (size_t i = 0; i < sizeof added / sizeof *added && r->adds && gw_set_has(r->seen, r->m.seq); i++)
		if (r->adds & 1u << added[i]) {
			fetch_put_fixed(r, added[i], r->m.entry, out);
			gw_out_char(out, ' ');
		}
	r->in_row = true;
	r->wrote = false;
	r->item = r->first;
}

static void end_row(struct fetch_run *r, struct gw_out *out)
{
	gw_out_lit(out, ")\r\n");
	r->in_row = false;
	r->done++;
}

/* From wherever the row stands. 1: it is complete; 0: the output is full; negative: it cannot be completed. */
static int go_on(struct fetch_run *r, struct gw_out *out, struct gw_err *err)
{
	for (;;) {
		const struct imap_fetch_item *item;
		int rc = r->in_literal ? fetch_literal(r, out, err) : 0;

		if (rc < 0 || r->in_literal)
			return rc;
		if (r->item == r->f->n)
			break;
		item = &r->f->item[r->item++];
		if (item->kind == IMAP_FETCH_ANNOTATION && !fetch_has_annotation(r, item))
			continue;
		if (r->wrote)
			gw_out_char(out, ' ');
		r->wrote = true;
		rc = put_item(r, item, out, err);
		if (rc < 0)
			return rc;
	}
	end_row(r, out);
	return 1;
}

/* The cursor rests in the middle of a row: what the row still needs must outlive it. */
static void keep_message(struct fetch_run *r)
{
	struct gw_slice *const slices[] = { &r->m.envelope, &r->m.bodystructure, &r->m.headers, &r->m.parts,
					    &r->m.preview };

	if (r->kept.used)
		return;
	for (size_t i = 0; i < sizeof slices / sizeof *slices; i++)
		if (slices[i]->n)
			*slices[i] = gw_arena_dup(&r->kept, *slices[i]);
	fetch_keep_annotations(r);
}

/* Of a message of which only annotations are asked. */
static bool tells_something(struct fetch_run *r)
{
	for (size_t i = r->first; i < r->f->n; i++)
		if (fetch_has_annotation(r, &r->f->item[i]))
			return true;
	return false;
}

/* 1: all rows are out; 0: the output is full; negative: the store failed. */
static int cursor_rows(struct fetch_run *r, struct gw_out *out, struct gw_err *err)
{
	int rc = r->in_row ? go_on(r, out, err) : 1;

	while (rc > 0) {
		bool gone;

		if (gw_out_full(out))
			return 0;
		rc = gw_fetch_next(r->cursor, &r->m, &gone, err);
		if (rc <= 0)
			return rc < 0 ? rc : 1;
		if (gone) {
			r->gone = true;
			continue;
		}
		if (r->kept.used)
			gw_arena_reset(&r->kept);
		if (r->only_annotations && !tells_something(r))
			continue;
		begin_row(r, out);
		rc = go_on(r, out, err);
	}
	return rc;
}

/* ---- the whole ---- */

/* Half a row is out, perhaps half a literal: nothing that we could say now would be understood. */
static enum imap_step give_up(struct fetch_run *r, int rc, const struct gw_err *err)
{
	enum imap_step step = imap_fail(r->s, r->t, rc, err);

	if (r->in_row)
		r->s->closing = true;
	return step;
}

static enum imap_step finish(struct fetch_run *r)
{
	struct gw_session_info *info = r->s->env.info;

	if (info)
		info->fetched += r->done;
	if (r->gone && !r->t->cmd->uid)
		return imap_no(r->t, "EXPUNGEISSUED", "Some of the messages no longer exist");
	if (r->no_part) /* RFC 5257 3.2.1 */
		return imap_bad(r->t, "Some of the messages have no such part");
	if (r->unknown_encoding)
		return imap_no(r->t, "UNKNOWN-CTE", "The transfer encoding of a part is not known");
	return imap_ok(r->t, "FETCH completed");
}

/* A row that tells of a change says whose it is and when it was, once the client is CONDSTORE-aware (RFC 7162 3.2.4). */
static unsigned told_of_change(const struct fetch_run *r)
{
	unsigned kinds = 1u << IMAP_FETCH_FLAGS;

	if (r->s->modes & IMAP_MODE_CONDSTORE)
		kinds |= 1u << IMAP_FETCH_MODSEQ | (r->by_uid ? 0 : 1u << IMAP_FETCH_UID);
	return kinds;
}

static int open_rows(struct fetch_run *r, struct gw_err *err)
{
	struct imap_view *v = r->s->view;

	r->ix = gw_index_ref(v->told);
	r->next = 1;
	r->adds = r->seen->n ? told_of_change(r) & ~r->f->kinds : 0;
	if (!(r->f->kinds & ~FETCH_OF_INDEX))
		return 0;
	return gw_fetch_open(r->s->acct, v->id, r->ix, r->seqs, wants_of(r->f), &r->cursor, err);
}

static enum imap_step rows(struct fetch_run *r, struct gw_out *out)
{
	struct gw_err err = { 0 };
	int rc = r->ix ? 0 : open_rows(r, &err);

	if (rc == 0)
		rc = r->cursor ? cursor_rows(r, out, &err) : index_rows(r, out);
	if (r->cursor && rc == 0) {
		if (r->in_row)
			keep_message(r);
		gw_fetch_pause(r->cursor);
	}
	if (rc < 0)
		return give_up(r, rc, &err);
	return rc ? finish(r) : IMAP_STEP_MORE;
}

enum imap_step imap_run_fetch(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct fetch_run *r = t->state ? t->state : begin(s, t, out);
	struct gw_err err = { 0 };

	if (!r)
		return IMAP_STEP_DONE;
	if (r->vanished && !imap_put_vanished(r->vanished, true, &r->told_vanished, out))
		return IMAP_STEP_MORE;
	if (r->phase == FETCH_SEEN) {
		int rc = set_seen(r, out, &err);

		if (rc < 0)
			return imap_fail(s, t, rc, &err);
	}
	if (r->phase == FETCH_TELL) {
		if (imap_view_resume(s, out) == IMAP_SYNC_MORE)
			return IMAP_STEP_MORE;
		r->phase = FETCH_ROWS;
	}
	return rows(r, out);
}

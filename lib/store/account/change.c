/* change.c - STORE, COPY, MOVE: one transaction each
 *
 * Every change of a mailbox gives it one new modseq, which all messages it touched carry. The contents
 * that lost or got a reference are put into one row of `pending`; nobody counts while the client waits.
 * What was changed is applied to the cached index too, so the next look at it reads nothing. */
#include "store/account/acct.h"
#include "store/account/annotate.h"
#include "store/account/removal.h"
#include "store/account/rights.h"
#include "store/account/tree.h"

/* ---- deltas ---- */

void delta_init(struct delta *d)
{
	d->v = NULL;
	d->n = d->cap = 0;
	gw_set_init(&d->gone);
}

void delta_done(struct delta *d)
{
	free(d->v);
	gw_set_done(&d->gone);
}

void delta_add(struct delta *d, const struct gw_entry *e)
{
	if (d->n == d->cap) {
		d->cap = d->cap ? d->cap * 2 : 64;
		d->v = gw_xrealloc(d->v, d->cap, sizeof *d->v);
	}
	d->v[d->n++] = *e;
}

void delta_publish(struct delta *d, struct gw_db_account *acc, uint64_t from, const struct mailbox_row *row)
{
	struct gw_index *old = db_cache_get(acc, row->id), *ix;
	struct gw_keywords keywords;
	char *scratch;

	if (!old)
		return;
	if (old->modseq == from && old->uidvalidity == row->uidvalidity) {
		db_keywords_parse(row, &keywords, &scratch);
		ix = gw_index_apply(old, (uint32_t)row->uidnext, row->modseq, &keywords, d->v, d->n, &d->gone);
		free(scratch);
		if (ix->n == row->messages)
			db_cache_put(acc, row->id, ix);
		gw_index_unref(ix);
	}
	gw_index_unref(old);
}

/* ---- flags ---- */

struct flagging {
	const struct gw_flag_change *change;
	uint64_t bits; /* system flags and keywords of the change */
	struct mailbox_row *row;
	uint64_t modseq;
	struct gw_set *modified; /* may be NULL */
	struct delta delta;
};

static enum edit flag_one(void *ctx, struct gw_entry *e, int64_t *savedate)
{
	struct flagging *f = ctx;
	uint64_t flags = f->bits;

	(void)savedate;
	if (f->change->conditional && e->modseq > f->change->unchanged_since) {
		if (f->modified)
			gw_set_add(f->modified, e->uid, e->uid);
		return EDIT_KEEP;
	}
	if (f->change->how == GW_FLAGS_ADD)
		flags |= e->flags;
	else if (f->change->how == GW_FLAGS_REMOVE)
		flags = e->flags & ~flags;
	if (flags == e->flags)
		return EDIT_KEEP;
	db_mailbox_count(f->row, e, -1);
	e->flags = flags;
	e->modseq = f->modseq;
	db_mailbox_count(f->row, e, 1);
	delta_add(&f->delta, e);
	return EDIT_CHANGED;
}

static int store_flags(struct gw_db *db, struct mailbox_row *row, const struct gw_set *uids,
	const struct gw_flag_change *change, struct gw_set *modified, struct gw_err *err)
{
	struct flagging f = { .change = change, .row = row, .modified = modified, .modseq = row->modseq + 1 };
	uint64_t from = row->modseq;
	int rc = db_keywords_bits(
		row, change->keywords, change->n_keywords, change->how != GW_FLAGS_REMOVE, &f.bits, err);

	if (rc < 0)
		return rc;
	f.bits |= change->system & GW_FLAG_SYSTEM;
	delta_init(&f.delta);
	rc = list_edit(db, row->id, uids, flag_one, &f, err);
	if (rc == 0 && (f.delta.n || row->keywords_changed)) {
		row->modseq = f.modseq;
		rc = db_mailbox_put(db, row, err);
		if (rc == 0)
			rc = gw_db_commit(db, GW_DB_DURABLE, err);
		if (rc == 0)
			delta_publish(&f.delta, db->acc, from, row);
	}
	delta_done(&f.delta);
	return rc;
}

int view_store_flags(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids,
	const struct gw_flag_change *change, struct gw_set *ret_modified, struct gw_err *err)
{
	struct mailbox_row row;
	struct gw_db *db;
	int rc = view_may(a, id, GW_RIGHT_WRITE, err);

	if (rc == 0)
		rc = view_begin(a, id.space, VIEW_WRITE, &db, err);
	if (rc != 0)
		return rc;
	rc = db_mailbox_select(db, id.id, &row, err);
	if (rc == 0) {
		rc = store_flags(db, &row, uids, change, ret_modified, err);
		db_mailbox_done(&row);
	}
	gw_db_put(db);
	return rc;
}

/* ---- copy and move ---- */

struct taken {
	struct gw_entry *e;
	size_t n, cap;
	uint64_t size;
	struct mailbox_row *row; /* of the source */
	bool remove;
	bool near_quota;         /* of the account they come to */
	int64_t who;             /* annotation_who() of who copies */
};

static enum edit take_one(void *ctx, struct gw_entry *e, int64_t *savedate)
{
	struct taken *t = ctx;

	(void)savedate;
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 64;
		t->e = gw_xrealloc(t->e, t->cap, sizeof *t->e);
	}
	t->e[t->n++] = *e;
	t->size += e->size;
	if (!t->remove)
		return EDIT_KEEP;
	db_mailbox_count(t->row, e, -1);
	return EDIT_REMOVE;
}

/* What a keyword bit of one mailbox is in another. Only names that are in use are carried over; those for which there
 * is no room are lost, as RFC 9051 6.4.7 allows. */
static void keyword_map(
	const struct mailbox_row *from, struct mailbox_row *to, uint64_t used, uint64_t map[GW_KEYWORDS_MAX])
{
	struct gw_keywords k;
	char *scratch;

	memset(map, 0, GW_KEYWORDS_MAX * sizeof *map);
	db_keywords_parse(from, &k, &scratch);
	for (unsigned i = 0; i < k.n; i++) {
		struct gw_slice name = gw_slice_str(k.name[i]);

		if (used & GW_FLAG_KEYWORD(i))
			db_keywords_bits(to, &name, 1, true, &map[i], NULL);
	}
	free(scratch);
}

static uint64_t map_flags(uint64_t flags, const uint64_t map[GW_KEYWORDS_MAX])
{
	uint64_t out = flags & GW_FLAG_SYSTEM;

	for (uint64_t k = flags >> 8; k; k &= k - 1)
		out |= map[__builtin_ctzll(k)];
	return out;
}

static uint64_t flags_used(const struct taken *t)
{
	uint64_t used = 0;

	for (size_t i = 0; i < t->n; i++)
		used |= t->e[i].flags;
	return used;
}

/* Put the messages of t, whose contents are in db, behind those of `to`; d gets them. The caller writes the row. */
static int file_messages(struct gw_db *db, struct mailbox_row *to, const struct taken *t,
	const struct mailbox_row *from, struct delta *d, struct gw_err *err)
{
	int64_t now = gw_wall_s(db->acc->env->opt.clock);
	uint64_t map[GW_KEYWORDS_MAX];
	struct tail *tail;
	int rc = 0;

	if (to->uidnext + t->n > UINT32_MAX)
		return gw_fail(err, GW_ELIMIT, "the mailbox has used up its message numbers");
	keyword_map(from, to, flags_used(t), map);
	tail = gw_xalloc(sizeof *tail);
	tail_init(tail, db, to->id);
	to->modseq++;
	for (size_t i = 0; i < t->n && rc == 0; i++) {
		struct gw_entry e = t->e[i];

		e.uid = (uint32_t)to->uidnext++;
		e.modseq = to->modseq;
		e.flags = map_flags(e.flags, map);
		rc = tail_add(tail, &e, now, err);
		db_mailbox_count(to, &e, 1);
		delta_add(d, &e);
	}
	if (rc == 0)
		rc = tail_finish(tail, err);
	free(tail);
	return rc;
}

/* The annotations of t, which is about to get the next UIDs of `to`. */
static int carry_annotations(struct gw_db *db, const struct taken *t, uint64_t from, const struct mailbox_row *to, struct gw_err *err)
{
	int (*carry)(struct gw_db *, uint64_t, uint32_t, uint64_t, uint32_t, int64_t, struct gw_err *) =
		t->remove ? annotation_move : annotation_copy;
	int rc = annotation_any(db, from, err);

	if (rc <= 0)
		return rc;
	for (size_t i = 0; i < t->n && rc >= 0; i++)
		rc = carry(db, from, t->e[i].uid, to->id, (uint32_t)(to->uidnext + i), t->who, err);
	return rc < 0 ? rc : 0;
}

static void uids_of(const struct taken *t, struct gw_set *ret)
{
	for (size_t i = 0; i < t->n; i++)
		gw_set_add(ret, t->e[i].uid, t->e[i].uid);
}

/* The contents of t got a reference each. */
static int refer(struct gw_db *db, uint64_t mailbox, const struct taken *t, struct gw_err *err)
{
	struct gw_buf contents;
	uint64_t prev = 0;
	int rc;

	gw_buf_init(&contents, 0);
	for (size_t i = 0; i < t->n; i++)
		gw_content_pack(&contents, &prev, t->e[i].content);
	rc = pending_add(db, mailbox, 1, gw_buf_slice(&contents), err);
	gw_buf_done(&contents);
	return rc;
}

/* A move inside the account: take out, file, log. from and to may be the same row (MOVE into the same mailbox). */
static int move_rows(struct gw_db *db, struct mailbox_row *from, struct mailbox_row *to, const struct gw_set *uids,
	struct taken *t, struct delta *out, struct delta *in, struct gw_err *err)
{
	int rc;

	t->row = from;
	t->remove = true;
	rc = list_edit(db, from->id, uids, take_one, t, err);
	if (rc < 0 || t->n == 0)
		return rc;
	uids_of(t, &out->gone);
	rc = carry_annotations(db, t, from->id, to, err);
	if (rc == 0)
		rc = removal_log(db, from, &out->gone, err);
	if (rc == 0)
		rc = file_messages(db, to, t, from, in, err);
	return rc < 0 ? rc : db_mailbox_put(db, to, err);
}

int move_all(struct gw_db *db, struct mailbox_row *from, struct mailbox_row *to, struct gw_err *err)
{
	struct taken t = { .who = ANNOTATION_OWNER };
	struct delta out, in;
	int rc;

	delta_init(&out);
	delta_init(&in);
	rc = move_rows(db, from, to, NULL, &t, &out, &in, err);
	delta_done(&out);
	delta_done(&in);
	free(t.e);
	return rc;
}

static int copy_rows(struct gw_db *db, struct mailbox_row *from, struct mailbox_row *to, const struct gw_set *uids,
	struct taken *t, struct delta *in, struct gw_err *err)
{
	struct account_row acct;
	int rc;

	t->row = from;
	rc = list_edit(db, from->id, uids, take_one, t, err);
	if (rc < 0 || t->n == 0)
		return rc;
	rc = db_account_get(db, &acct, err);
	if (rc == 0)
		rc = db_quota_check(db, &acct, t->n, t->size, err);
	if (rc < 0)
		return rc;
	acct.messages += t->n;
	acct.size += t->size;
	t->near_quota = db_quota_near(db->acc, &acct);
	rc = carry_annotations(db, t, from->id, to, err);
	if (rc == 0)
		rc = file_messages(db, to, t, from, in, err);
	if (rc == 0)
		rc = refer(db, to->id, t, err);
	if (rc == 0)
		rc = db_mailbox_put(db, to, err);
	return rc < 0 ? rc : db_account_put(db, &acct, err);
}

static void fill_copied(struct gw_copied *ret, const struct mailbox_row *to, const struct taken *t, uint64_t first)
{
	ret->uidvalidity = (uint32_t)to->uidvalidity;
	ret->near_quota = t->near_quota;
	gw_set_init(&ret->src);
	gw_set_init(&ret->dst);
	uids_of(t, &ret->src);
	if (t->n)
		gw_set_add(&ret->dst, (uint32_t)first, (uint32_t)(first + t->n - 1));
}

static int copy_within(struct gw_db *db, struct mailbox_row *from, struct mailbox_row *to, const struct gw_set *uids,
	bool move, int64_t who, struct gw_copied *ret, struct gw_err *err)
{
	uint64_t from_modseq = from->modseq, to_modseq = to->modseq, first = to->uidnext;
	struct taken t = { .who = who };
	struct delta out, in;
	int rc;

	delta_init(&out);
	delta_init(&in);
	rc = move ? move_rows(db, from, to, uids, &t, &out, &in, err) : copy_rows(db, from, to, uids, &t, &in, err);
	if (rc == 0 && t.n) {
		rc = gw_db_commit(db, GW_DB_DURABLE, err);
		if (rc == 0 && from == to) {
			gw_set_union(&in.gone, &out.gone);
			delta_publish(&in, db->acc, to_modseq, to);
		} else if (rc == 0) {
			if (move)
				delta_publish(&out, db->acc, from_modseq, from);
			delta_publish(&in, db->acc, to_modseq, to);
		}
	}
	if (rc == 0)
		fill_copied(ret, to, &t, first);
	delta_done(&out);
	delta_done(&in);
	free(t.e);
	return rc;
}

static int copy_same_space(struct gw_acct *a, struct gw_mbox_id from, const struct gw_set *uids, struct gw_mbox_id to,
	bool move, struct gw_copied *ret, struct gw_err *err)
{
	struct mailbox_row src, dst;
	struct gw_db *db;
	int rc = view_begin(a, from.space, VIEW_WRITE, &db, err);

	if (rc < 0)
		return rc;
	rc = db_mailbox_select(db, from.id, &src, err);
	if (rc == 0 && from.id == to.id) {
		rc = copy_within(db, &src, &src, uids, move, annotation_who(a, db), ret, err);
		db_mailbox_done(&src);
	} else if (rc == 0) {
		rc = db_mailbox_select(db, to.id, &dst, err);
		if (rc == 0) {
			rc = copy_within(db, &src, &dst, uids, move, annotation_who(a, db), ret, err);
			db_mailbox_done(&dst);
		}
		db_mailbox_done(&src);
	}
	gw_db_put(db);
	return rc;
}

/* ---- between the account and public folders ---- */

/* Replace the contents in t, which are of database `from`, by copies in `to`. */
static int clone_contents(struct gw_acct *a, struct gw_db *from, struct gw_db *to, struct account_row *acct,
	struct taken *t, struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < t->n && rc == 0; i++) {
		if (gw_acct_stopped(a))
			return gw_fail(err, GW_EINTR, "interrupted");
		rc = content_clone(from, t->e[i].content, to, acct, &t->e[i].content, err);
	}
	return rc;
}

/* Messages of t are about to get the next UIDs of `to`. */
static int clone_annotations(struct gw_db *from_db, const struct taken *t, struct gw_db *to_db, const struct mailbox_row *to, int64_t to_who,
	struct gw_err *err)
{
	int rc = annotation_any(from_db, t->row->id, err);

	if (rc <= 0)
		return rc;
	for (size_t i = 0; i < t->n && rc >= 0; i++)
		rc = annotation_clone(from_db, t->row->id, t->e[i].uid, t->who, to_db, to->id, (uint32_t)(to->uidnext + i), to_who,
			err);
	return rc < 0 ? rc : 0;
}

static int copy_across(struct gw_acct *a, struct gw_db *from_db, struct mailbox_row *from, struct gw_db *to_db,
	struct mailbox_row *to, const struct gw_set *uids, struct gw_copied *ret, struct gw_err *err)
{
	uint64_t to_modseq = to->modseq, first = to->uidnext;
	struct taken t = { .row = from, .who = annotation_who(a, from_db) };
	struct account_row acct;
	struct delta in;
	int rc;

	delta_init(&in);
	rc = list_edit(from_db, from->id, uids, take_one, &t, err);
	if (rc == 0)
		rc = db_account_get(to_db, &acct, err);
	if (rc == 0)
		rc = db_quota_check(to_db, &acct, t.n, t.size, err);
	if (rc == 0)
		rc = clone_contents(a, from_db, to_db, &acct, &t, err);
	if (rc == 0 && t.n) {
		acct.messages += t.n;
		acct.size += t.size;
		t.near_quota = db_quota_near(to_db->acc, &acct);
		rc = clone_annotations(from_db, &t, to_db, to, annotation_who(a, to_db), err);
		if (rc == 0)
			rc = file_messages(to_db, to, &t, from, &in, err);
		if (rc == 0)
			rc = db_mailbox_put(to_db, to, err);
		if (rc == 0)
			rc = db_account_put(to_db, &acct, err);
		if (rc == 0)
			rc = gw_db_commit(to_db, GW_DB_DURABLE, err);
		if (rc == 0)
			delta_publish(&in, to_db->acc, to_modseq, to);
	}
	if (rc == 0)
		fill_copied(ret, to, &t, first);
	delta_done(&in);
	free(t.e);
	return rc;
}

static int copy_spaces(struct gw_acct *a, struct gw_mbox_id from, const struct gw_set *uids, struct gw_mbox_id to,
	struct gw_copied *ret, struct gw_err *err)
{
	struct mailbox_row src, dst;
	struct gw_db *from_db, *to_db;
	int rc = view_begin(a, from.space, VIEW_READ, &from_db, err);

	if (rc < 0)
		return rc;
	rc = view_begin(a, to.space, VIEW_WRITE, &to_db, err);
	if (rc < 0) {
		gw_db_put(from_db);
		return rc;
	}
	rc = db_mailbox_select(from_db, from.id, &src, err);
	if (rc == 0) {
		rc = db_mailbox_select(to_db, to.id, &dst, err);
		if (rc == 0) {
			rc = copy_across(a, from_db, &src, to_db, &dst, uids, ret, err);
			db_mailbox_done(&dst);
		}
		db_mailbox_done(&src);
	}
	gw_db_put(to_db);
	gw_db_put(from_db);
	return rc;
}

int view_copy(struct gw_acct *a, struct gw_mbox_id from, const struct gw_set *uids, struct gw_mbox_id to, bool move,
	struct gw_copied *ret, struct gw_err *err)
{
	int rc = view_may(a, to, GW_RIGHT_WRITE, err);

	if (rc == 0)
		rc = view_may(a, from, move ? GW_RIGHT_DELETE : GW_RIGHT_READ, err);
	if (rc < 0)
		return rc;
	if (from.space == to.space)
		return copy_same_space(a, from, uids, to, move, ret, err);
	rc = copy_spaces(a, from, uids, to, ret, err);
	/* Two databases have no common commit: the copy is on disk before the original goes, so the worst
	 * that a crash can leave is both. */
	if (rc == 0 && move && ret->src.n) {
		rc = view_expunge(a, from, &ret->src, false, NULL, err);
		if (rc < 0)
			gw_copied_done(ret);
	}
	return rc;
}

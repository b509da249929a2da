/* row.c - rows of mailboxes' lists: they appear, go, or get other flags
 *
 * A place is written at once; the packed lists follow when there is enough to do, each chunk of them once. */
#include "store/mirror/priv.h"

#define COLLECT 8192 /* rows and edits of a mailbox that wait at most */

static void grow(void **v, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return;
	*cap = *cap ? *cap * 2 : 16;
	*v = gw_xrealloc(*v, *cap, size);
}

static int flush_when_many(struct mirror_tx *tx, struct tx_box *box, struct gw_err *err)
{
	return box->n_add + box->n_edit >= COLLECT ? rows_flush(tx, box, err) : 0;
}

static void count_copies(struct tx_box *box, int by)
{
	box->copies += (uint64_t)(int64_t)by;
	box->put = true;
}

int row_add(struct mirror_tx *tx, struct tx_box *box, const struct facts *f, bool again, uint32_t *ret_uid,
	struct gw_err *err)
{
	struct gw_entry e = { .content = f->content, .date = f->received };
	int rc = box_load(tx, box, err);

	if (rc < 0)
		return rc;
	if (box->row.uidnext >= UINT32_MAX)
		return gw_fail(err, GW_ELIMIT, "the mailbox has used up its message numbers");
	e.size = f->size < UINT32_MAX ? (uint32_t)f->size : UINT32_MAX;
	e.flags = facts_flags(tx, box, f->keywords);
	box_touch(tx, box);
	e.modseq = box->row.modseq;
	e.uid = (uint32_t)box->row.uidnext++;
	rc = gw_db_step_i64(tx->db, GW_SQL_PLACE_ADD, NULL, err, 3, (int64_t)f->content, (int64_t)box->mailbox, (int64_t)e.uid);
	tx->broken |= rc < 0;
	if (rc < 0)
		return rc;
	if (again)
		count_copies(box, 1);
	grow((void **)&box->add, box->n_add, &box->cap_add, sizeof *box->add);
	box->add[box->n_add++] = e;
	gw_set_add(&box->touched, e.uid, e.uid);
	if (ret_uid)
		*ret_uid = e.uid;
	return flush_when_many(tx, box, err);
}

/* Rows that are not in the list yet are put there before they are changed. */
static int edit(struct mirror_tx *tx, struct tx_box *box, struct row_edit what, struct gw_err *err)
{
	int rc = box_load(tx, box, err);

	if (rc == 0 && box->n_add && what.uid >= box->add[0].uid)
		rc = rows_flush(tx, box, err);
	if (rc < 0)
		return rc;
	grow((void **)&box->edit, box->n_edit, &box->cap_edit, sizeof *box->edit);
	what.nth = box->n_edit;
	box->edit[box->n_edit++] = what;
	return flush_when_many(tx, box, err);
}

int row_flags(struct mirror_tx *tx, struct tx_box *box, const struct facts *f, uint32_t uid, struct gw_err *err)
{
	int rc = box_load(tx, box, err);

	if (rc < 0)
		return rc;
	return edit(tx, box, (struct row_edit){ .uid = uid, .flags = facts_flags(tx, box, f->keywords) }, err);
}

int row_remove(struct mirror_tx *tx, struct tx_box *box, uint64_t content, uint32_t uid, struct gw_err *err)
{
	int rc = gw_db_step_i64(
		tx->db, GW_SQL_PLACE_REMOVE, NULL, err, 3, (int64_t)content, (int64_t)box->mailbox, (int64_t)uid);

	if (rc >= 0)
		rc = gw_db_step_i64(tx->db, GW_SQL_PLACE_IN, NULL, err, 2, (int64_t)content, (int64_t)box->mailbox);
	if (rc > 0)
		count_copies(box, -1);
	if (rc >= 0)
		rc = edit(tx, box, (struct row_edit){ .uid = uid, .remove = true }, err);
	tx->broken |= rc < 0;
	return rc;
}

/* ---- into the lists ---- */

struct flush {
	struct mirror_tx *tx;
	struct tx_box *box;
	size_t next; /* edit */
};

/* In the order of UIDs; of several for one message the one that counts comes last. */
static int by_uid(const void *a, const void *b)
{
	const struct row_edit *x = a, *y = b;

	if (x->uid != y->uid)
		return x->uid < y->uid ? -1 : 1;
	if (x->remove != y->remove)
		return x->remove ? 1 : -1;
	return x->nth < y->nth ? -1 : 1;
}

static enum edit apply(void *ctx, struct gw_entry *e, int64_t *savedate)
{
	struct flush *f = ctx;
	struct tx_box *box = f->box;
	const struct row_edit *what;
	uint64_t flags;

	(void)savedate;
	while (f->next + 1 < box->n_edit && (box->edit[f->next].uid < e->uid || box->edit[f->next + 1].uid == e->uid))
		f->next++;
	what = &box->edit[f->next];
	flags = (e->flags & GW_FLAG_DELETED) | what->flags;
	if (what->uid != e->uid || (!what->remove && flags == e->flags))
		return EDIT_KEEP;
	box_touch(f->tx, box);
	db_mailbox_count(&box->row, e, -1);
	if (what->remove) {
		f->tx->acct.messages--;
		f->tx->acct.size -= e->size;
		f->tx->acct_changed = true;
		gw_set_add(&box->delta.gone, e->uid, e->uid);
		return EDIT_REMOVE;
	}
	e->flags = flags;
	e->modseq = box->row.modseq;
	db_mailbox_count(&box->row, e, 1);
	gw_set_add(&box->touched, e->uid, e->uid);
	return EDIT_CHANGED;
}

static int flush_edits(struct mirror_tx *tx, struct tx_box *box, struct gw_err *err)
{
	struct flush f = { .tx = tx, .box = box };
	struct gw_set uids;
	int rc;

	if (!box->n_edit)
		return 0;
	qsort(box->edit, box->n_edit, sizeof *box->edit, by_uid);
	gw_set_init(&uids);
	for (size_t i = 0; i < box->n_edit; i++)
		gw_set_add(&uids, box->edit[i].uid, box->edit[i].uid);
	rc = list_edit(tx->db, box->mailbox, &uids, apply, &f, err);
	gw_set_done(&uids);
	box->n_edit = 0;
	return rc;
}

static int flush_adds(struct mirror_tx *tx, struct tx_box *box, struct gw_err *err)
{
	int rc = 0;

	if (!box->n_add)
		return 0;
	tail_init(tx->tail, tx->db, box->mailbox);
	for (size_t i = 0; i < box->n_add && rc == 0; i++) {
		const struct gw_entry *e = &box->add[i];

		rc = tail_add(tx->tail, e, tx->now, err);
		db_mailbox_count(&box->row, e, 1);
		tx->acct.messages++;
		tx->acct.size += e->size;
	}
	tx->acct_changed = true;
	box->n_add = 0;
	return rc < 0 ? rc : tail_finish(tx->tail, err);
}

int rows_flush(struct mirror_tx *tx, struct tx_box *box, struct gw_err *err)
{
	int rc = flush_edits(tx, box, err);

	if (rc == 0)
		rc = flush_adds(tx, box, err);
	tx->broken |= rc < 0;
	return rc;
}

/* alias.c - what IMAP knows and the server does not: copies of a message in one mailbox, \Deleted, spellings */
#include "store/mirror/priv.h"

int mirror_tx_alias(
	struct mirror_tx *tx, uint64_t mailbox, struct gw_slice id, uint32_t *ret_uid, struct gw_err *err)
{
	struct tx_box *box;
	struct gw_slice more;
	struct facts f = { .content = 0 };
	int again, rc = box_numbered(tx, mailbox, &box, err);

	gw_arena_reset(&tx->scratch);
	if (rc == 0)
		rc = facts_find(tx->db, id, &tx->scratch, &f, err);
	if (rc <= 0)
		return rc ? rc : gw_fail(err, GW_ENOENT, "message %.*s is not known", GW_FMT(id));
	more = facts_numbers(&tx->scratch, f.mailboxes, mailbox, true);
	again = gw_db_step_i64(tx->db, GW_SQL_PLACE_IN, NULL, err, 2, (int64_t)f.content, (int64_t)mailbox);
	if (again < 0)
		return again;
	if (!gw_slice_eq(more, f.mailboxes)) {
		f.mailboxes = more;
		rc = facts_put(tx, &f, err);
	}
	return rc < 0 ? rc : row_add(tx, box, &f, again > 0, ret_uid, err);
}

/* ---- taking away ---- */

struct row {
	uint64_t content;
	uint32_t uid;
};

static enum edit collect(void *ctx, struct gw_entry *e, int64_t *savedate)
{
	const struct row r = { e->content, e->uid };

	(void)savedate;
	gw_buf_add(ctx, &r, sizeof r);
	return EDIT_KEEP;
}

static int drop(struct mirror_tx *tx, struct tx_box *box, const struct row *r, struct gw_err *err)
{
	struct facts f = { .content = 0 };
	int rc = row_remove(tx, box, r->content, r->uid, err);

	gw_arena_reset(&tx->scratch);
	if (rc == 0)
		rc = gw_db_step_i64(tx->db, GW_SQL_PLACE_IN, NULL, err, 2, (int64_t)r->content, (int64_t)box->mailbox);
	if (rc)
		return rc < 0 ? rc : 0;
	rc = facts_get(tx->db, r->content, &tx->scratch, &f, err);
	if (rc > 0) {
		f.mailboxes = facts_numbers(&tx->scratch, f.mailboxes, box->mailbox, false);
		rc = facts_put(tx, &f, err);
	}
	return rc < 0 ? rc : facts_forget_unplaced(tx, r->content, err);
}

/* The mailbox with its list up to date in the database. */
static int flushed(struct mirror_tx *tx, uint64_t mailbox, struct tx_box **ret, struct gw_err *err)
{
	int rc = box_numbered(tx, mailbox, ret, err);

	if (rc == 0)
		rc = box_load(tx, *ret, err);
	return rc < 0 ? rc : rows_flush(tx, *ret, err);
}

int mirror_tx_drop(struct mirror_tx *tx, uint64_t mailbox, const struct gw_set *uids, struct gw_err *err)
{
	struct tx_box *box;
	struct gw_buf rows;
	int rc = flushed(tx, mailbox, &box, err);

	if (rc < 0)
		return rc;
	gw_buf_init(&rows, 0);
	rc = list_edit(tx->db, mailbox, uids, collect, &rows, err);
	for (size_t i = 0; i < rows.n / sizeof(struct row) && rc == 0; i++)
		rc = drop(tx, box, (const struct row *)(const void *)rows.p + i, err);
	gw_buf_done(&rows);
	return rc;
}

/* ---- \Deleted ---- */

struct deleting {
	struct mirror_tx *tx;
	struct tx_box *box;
	bool on;
};

static enum edit set_deleted(void *ctx, struct gw_entry *e, int64_t *savedate)
{
	struct deleting *d = ctx;

	(void)savedate;
	if (!(e->flags & GW_FLAG_DELETED) == !d->on)
		return EDIT_KEEP;
	box_touch(d->tx, d->box);
	db_mailbox_count(&d->box->row, e, -1);
	e->flags ^= GW_FLAG_DELETED;
	e->modseq = d->box->row.modseq;
	db_mailbox_count(&d->box->row, e, 1);
	gw_set_add(&d->box->touched, e->uid, e->uid);
	return EDIT_CHANGED;
}

int mirror_tx_deleted(struct mirror_tx *tx, uint64_t mailbox, const struct gw_set *uids, bool on, struct gw_err *err)
{
	struct deleting d = { .tx = tx, .on = on };
	int rc = flushed(tx, mailbox, &d.box, err);

	if (rc == 0) {
		rc = list_edit(tx->db, mailbox, uids, set_deleted, &d, err);
		tx->broken |= rc < 0;
	}
	return rc;
}

/* ---- spellings ---- */

/* The word of the mailbox that is the name but for its case gets the name's. */
static void respell(struct mailbox_row *row, struct gw_slice name)
{
	struct gw_slice rest = gw_slice_str(row->keywords), word;

	while (gw_slice_word(&rest, " ", &word))
		if (gw_slice_eqi(word, name) && !gw_slice_eq(word, name)) {
			memcpy(row->keywords + (word.p - row->keywords), name.p, name.n);
			row->keywords_changed = true;
		}
}

int mirror_tx_spelling(
	struct mirror_tx *tx, uint64_t mailbox, const struct gw_slice *names, size_t n, struct gw_err *err)
{
	struct tx_box *box;
	int rc = box_numbered(tx, mailbox, &box, err);

	if (rc == 0)
		rc = box_load(tx, box, err);
	for (size_t i = 0; i < n && rc == 0; i++) {
		uint64_t bit;

		respell(&box->row, names[i]);
		rc = db_keywords_bits(&box->row, &names[i], 1, true, &bit, err);
	}
	return rc;
}

/* ---- new UIDs ---- */

int mirror_tx_placed(
	struct mirror_tx *tx, uint64_t mailbox, struct gw_slice id, uint32_t *ret_uid, struct gw_err *err)
{
	struct tx_box *box;
	sqlite3_stmt *st = NULL;
	struct facts f = { .content = 0 };
	int rc = box_numbered(tx, mailbox, &box, err);

	if (rc == 0)
		rc = box_load(tx, box, err);
	gw_arena_reset(&tx->scratch);
	if (rc == 0)
		rc = facts_find(tx->db, id, &tx->scratch, &f, err);
	if (rc > 0)
		rc = gw_db_step_i64(tx->db, GW_SQL_PLACE_FROM, &st, err, 3, (int64_t)f.content, (int64_t)mailbox,
			(int64_t)box->first_uid);
	if (rc <= 0)
		return rc ? rc : gw_fail(err, GW_ENOENT, "message %.*s is not new in this mailbox", GW_FMT(id));
	*ret_uid = (uint32_t)sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	return 0;
}

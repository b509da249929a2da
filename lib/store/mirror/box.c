/* box.c - the mailboxes that a transaction looks at: found by number or by the server's id, read once, written at the end */
#include "store/mirror/priv.h"
#include "util/hash.h"

#define SLOTS_FIRST 64
#define LOG_ROWS 10000 /* transactions whose expunges a mailbox remembers, for QRESYNC */
#define LOG_LOOKED_AT 16 /* modseqs between two looks at whether there are more */

/* ---- finding ---- */

static size_t slot_of_id(const struct mirror_tx *tx, struct gw_slice id)
{
	struct gw_hash_key key = { tx->db->key[0], tx->db->key[1] };
	size_t i = (size_t)gw_hash(key, id) & (tx->slots - 1);

	while (tx->by_id[i] && !gw_slice_eq(gw_slice_str(tx->by_id[i]->id), id))
		i = (i + 1) & (tx->slots - 1);
	return i;
}

static size_t slot_of_number(const struct mirror_tx *tx, uint64_t mailbox)
{
	size_t i = (size_t)mailbox & (tx->slots - 1);

	while (tx->by_number[i] && tx->by_number[i]->mailbox != mailbox)
		i = (i + 1) & (tx->slots - 1);
	return i;
}

static void make_slots(struct mirror_tx *tx, size_t n)
{
	free(tx->by_id);
	free(tx->by_number);
	tx->slots = n;
	tx->by_id = gw_xcalloc(n, sizeof(struct tx_box *));
	tx->by_number = gw_xcalloc(n, sizeof(struct tx_box *));
	for (size_t i = 0; i < tx->n_boxes; i++) {
		tx->by_id[slot_of_id(tx, gw_slice_str(tx->boxes[i]->id))] = tx->boxes[i];
		tx->by_number[slot_of_number(tx, tx->boxes[i]->mailbox)] = tx->boxes[i];
	}
}

/* The statement stands on columns REMOTE_MAILBOX_COLUMNS. */
static struct tx_box *add_box(struct mirror_tx *tx, sqlite3_stmt *st)
{
	struct tx_box *box = gw_xalloc(sizeof *box);

	box->mailbox = (uint64_t)sqlite3_column_int64(st, 0);
	box->rights = (unsigned)sqlite3_column_int64(st, 1);
	box->role = (enum jmap_role)sqlite3_column_int(st, 2);
	box->complete = sqlite3_column_int(st, 3) != 0;
	box->copies = (uint64_t)sqlite3_column_int64(st, 4);
	box->id = gw_xslicedup(text_of(st, 5));
	gw_set_init(&box->touched);
	delta_init(&box->delta);
	tx->boxes = gw_xrealloc(tx->boxes, tx->n_boxes + 1, sizeof *tx->boxes);
	tx->boxes[tx->n_boxes++] = box;
	if (tx->n_boxes * 2 > tx->slots)
		make_slots(tx, tx->slots ? tx->slots * 2 : SLOTS_FIRST);
	tx->by_id[slot_of_id(tx, gw_slice_str(box->id))] = box;
	tx->by_number[slot_of_number(tx, box->mailbox)] = box;
	return box;
}

static int no_mailbox(struct gw_err *err)
{
	return gw_fail(err, GW_ENOENT, "no such mailbox");
}

static int found(struct tx_box *box, struct tx_box **ret, struct gw_err *err)
{
	if (box->removed)
		return no_mailbox(err);
	*ret = box;
	return 0;
}

int box_numbered(struct mirror_tx *tx, uint64_t mailbox, struct tx_box **ret, struct gw_err *err)
{
	struct tx_box *box = tx->slots ? tx->by_number[slot_of_number(tx, mailbox)] : NULL;
	sqlite3_stmt *st;
	int rc;

	if (box)
		return found(box, ret, err);
	rc = gw_db_step_i64(tx->db, GW_SQL_REMOTE_MAILBOX_GET, &st, err, 1, (int64_t)mailbox);
	if (rc <= 0)
		return rc ? rc : no_mailbox(err);
	*ret = add_box(tx, st);
	sqlite3_reset(st);
	return 0;
}

int box_named(struct mirror_tx *tx, struct gw_slice id, struct tx_box **ret, struct gw_err *err)
{
	struct tx_box *box = tx->slots ? tx->by_id[slot_of_id(tx, id)] : NULL;
	sqlite3_stmt *st;
	int rc;

	if (box)
		return found(box, ret, err);
	st = gw_db_stmt(tx->db, GW_SQL_REMOTE_MAILBOX_BY_ID, err);
	if (!st)
		return GW_EIO;
	bind_text(st, 1, id);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		*ret = add_box(tx, st);
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	if (rc == SQLITE_DONE)
		return no_mailbox(err);
	return rc == SQLITE_ROW ? 0 : gw_db_fail(tx->db, rc, "cannot read a mailbox", err);
}

/* ---- its row ---- */

int box_load(struct mirror_tx *tx, struct tx_box *box, struct gw_err *err)
{
	int rc = box->loaded ? 0 : db_mailbox_get(tx->db, box->mailbox, &box->row, err);

	if (rc < 0 || box->loaded)
		return rc;
	box->loaded = true;
	box->from = box->row.modseq;
	box->first_uid = (uint32_t)box->row.uidnext;
	return 0;
}

void box_touch(struct mirror_tx *tx, struct tx_box *box)
{
	if (box->changed)
		return;
	box->changed = tx->changed = true;
	box->row.modseq++;
}

static enum edit collect(void *ctx, struct gw_entry *e, int64_t *savedate)
{
	(void)savedate;
	delta_add(ctx, e);
	return EDIT_KEEP;
}

/* What a cached index needs to follow. */
static int fill_delta(struct mirror_tx *tx, struct tx_box *box, struct gw_err *err)
{
	struct gw_index *cached = box->touched.n ? db_cache_get(tx->db->acc, box->mailbox) : NULL;
	int rc = 0;

	if (cached && cached->modseq == box->from)
		rc = list_edit(tx->db, box->mailbox, &box->touched, collect, &box->delta, err);
	gw_index_unref(cached);
	return rc;
}

static int log_gone(struct mirror_tx *tx, struct tx_box *box, struct gw_err *err)
{
	int rc = expunged_add(tx->db, box->mailbox, box->row.modseq, &box->delta.gone, err);

	if (rc == 0 && box->row.modseq - box->row.log_from > LOG_ROWS && box->row.modseq % LOG_LOOKED_AT == 0)
		rc = expunged_prune(tx->db, box->mailbox, LOG_ROWS, err);
	return rc;
}

static int put_remote(struct mirror_tx *tx, struct tx_box *box, struct gw_err *err)
{
	int rc = gw_db_step_i64(tx->db, GW_SQL_REMOTE_MAILBOX_PUT, NULL, err, 5, (int64_t)box->mailbox,
		(int64_t)box->rights, (int64_t)box->role, (int64_t)box->complete, (int64_t)box->copies);

	tx->wrote = true;
	return rc < 0 ? rc : 0;
}

int box_finish(struct mirror_tx *tx, struct tx_box *box, struct gw_err *err)
{
	int rc = rows_flush(tx, box, err);

	if (rc == 0 && box->row.keywords_changed)
		box_touch(tx, box);
	if (rc == 0 && box->changed)
		rc = db_mailbox_put(tx->db, &box->row, err);
	if (rc == 0 && box->delta.gone.n)
		rc = log_gone(tx, box, err);
	if (rc == 0 && box->changed)
		rc = fill_delta(tx, box, err);
	if (rc == 0 && box->put)
		rc = put_remote(tx, box, err);
	return rc;
}

void box_free(struct tx_box *box)
{
	if (box->loaded)
		db_mailbox_done(&box->row);
	gw_set_done(&box->touched);
	delta_done(&box->delta);
	free(box->add);
	free(box->edit);
	free(box->id);
	free(box);
}

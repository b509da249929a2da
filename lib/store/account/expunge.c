/* expunge.c - EXPUNGE, and removal whatever the flags: one transaction each */
#include "store/account/annotate.h"
#include "store/account/removal.h"
#include "store/account/rights.h"

static enum edit remove_one(void *ctx, struct gw_entry *e, int64_t *savedate)
{
	struct removal *r = ctx;

	(void)savedate;
	if (r->only_deleted && !(e->flags & GW_FLAG_DELETED))
		return EDIT_KEEP;
	db_mailbox_count(r->row, e, -1);
	gw_set_add(&r->gone, e->uid, e->uid);
	gw_content_pack(&r->contents, &r->prev_content, e->content);
	r->n++;
	r->size += e->size;
	return EDIT_REMOVE;
}

/* POP3 names of removed messages. Few mailboxes have any. */
static int remove_uidl(struct gw_db *db, uint64_t mailbox, const struct gw_set *gone, struct gw_err *err)
{
	int rc = gw_db_step_i64(db, GW_SQL_UIDL_ANY, NULL, err, 1, (int64_t)mailbox);

	if (rc <= 0)
		return rc;
	for (size_t i = 0; i < gone->n && rc >= 0; i++)
		rc = gw_db_step_i64(db, GW_SQL_UIDL_REMOVE, NULL, err, 3, (int64_t)mailbox, (int64_t)gone->r[i].lo,
			(int64_t)gone->r[i].hi);
	return rc < 0 ? rc : 0;
}

int removal_log(struct gw_db *db, struct mailbox_row *row, const struct gw_set *gone, struct gw_err *err)
{
	int rc;

	row->modseq++;
	rc = expunged_add(db, row->id, row->modseq, gone, err);
	if (rc == 0)
		rc = remove_uidl(db, row->id, gone, err);
	if (rc == 0)
		rc = annotation_remove(db, row->id, gone, err);
	return rc < 0 ? rc : db_mailbox_put(db, row, err);
}

/* The account's row follows. */
static int count_out(struct gw_db *db, const struct removal *r, struct gw_err *err)
{
	struct account_row acct;
	int rc = db_account_get(db, &acct, err);

	if (rc < 0)
		return rc;
	acct.messages -= r->n;
	acct.size -= r->size;
	return db_account_put(db, &acct, err);
}

int removal_do(struct removal *r, struct gw_db *db, struct mailbox_row *row, const struct gw_set *uids, bool only_deleted,
	struct gw_err *err)
{
	int rc;

	*r = (struct removal){ .row = row, .only_deleted = only_deleted, .from = row->modseq };
	gw_set_init(&r->gone);
	gw_buf_init(&r->contents, 0);
	rc = list_edit(db, row->id, uids, remove_one, r, err);
	if (rc < 0 || !r->n)
		return rc;
	rc = removal_log(db, row, &r->gone, err);
	if (rc == 0)
		rc = pending_add(db, row->id, -1, gw_buf_slice(&r->contents), err);
	return rc < 0 ? rc : count_out(db, r, err);
}

void removal_done(struct removal *r)
{
	gw_set_done(&r->gone);
	gw_buf_done(&r->contents);
}

static int expunge(struct gw_db *db, struct mailbox_row *row, const struct gw_set *uids, bool only_deleted,
	struct gw_set *ret_gone, struct gw_err *err)
{
	struct removal r;
	struct delta d = { .n = 0 };
	int rc = removal_do(&r, db, row, uids, only_deleted, err);

	if (rc == 0 && r.n) {
		rc = gw_db_commit(db, GW_DB_DURABLE, err);
		if (rc == 0) {
			d.gone = r.gone;
			delta_publish(&d, db->acc, r.from, row);
			if (ret_gone)
				gw_set_union(ret_gone, &r.gone);
		}
	}
	removal_done(&r);
	return rc;
}

int view_expunge(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, bool only_deleted,
	struct gw_set *ret_gone, struct gw_err *err)
{
	struct mailbox_row row;
	struct gw_db *db;
	int rc = view_may(a, id, GW_RIGHT_DELETE, err);

	if (rc == 0)
		rc = view_begin(a, id.space, VIEW_WRITE, &db, err);
	if (rc != 0)
		return rc;
	rc = db_mailbox_select(db, id.id, &row, err);
	if (rc == 0) {
		/* Nothing is deleted: nothing to look at. */
		if (!only_deleted || row.deleted)
			rc = expunge(db, &row, uids, only_deleted, ret_gone, err);
		db_mailbox_done(&row);
	}
	gw_db_put(db);
	return rc;
}

/* import.c - messages that come from elsewhere, with the numbers, flags and names they had there */
#include "store/account/import.h"

#include "store/account/append.h"

#include <stdlib.h>

/* ---- messages ---- */

/* Keywords that can be had here. */
static uint64_t keywords_of(struct mailbox_row *row, const struct gw_slice *v, size_t n, bool *ret_lost)
{
	uint64_t all = 0, one = 0;

	for (size_t i = 0; i < n; i++) {
		if (db_keywords_bits(row, &v[i], 1, true, &one, NULL) == 0)
			all |= one;
		else
			*ret_lost = true;
	}
	return all;
}

static int store_uidl(struct gw_db *db, uint64_t mailbox, uint64_t uid, struct gw_slice uidl, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_UIDL_PUT, err);
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, (int64_t)mailbox);
	sqlite3_bind_int64(st, 2, (int64_t)uid);
	sqlite3_bind_blob64(st, 3, uidl.p, uidl.n, SQLITE_STATIC);
	rc = db_run(db, st, err);
	sqlite3_clear_bindings(st);
	return rc;
}

static int put_uidl(struct append_tx *tx, uint64_t uid, struct gw_import_message *m, struct gw_err *err)
{
	m->uidl_lost = m->uidl.n && !gw_import_uidl_ok(m->uidl);
	return !m->uidl.n || m->uidl_lost ? 0 : store_uidl(tx->db, tx->row.id, uid, m->uidl, err);
}

static int add(struct append_tx *tx, const struct gw_import_into *into, struct gw_import_message *m, struct gw_err *err)
{
	struct view_append *ap = (struct view_append *)m->append;
	bool kept = into->keeps_uids && m->uid >= tx->row.uidnext && m->uid < UINT32_MAX;
	uint64_t uid = kept ? m->uid : tx->row.uidnext, keywords;
	const struct import_entry e = { (uint32_t)uid, import_mark(ap->system, ap->keywords, ap->n_keywords) };
	int rc;

	m->renumbered = m->uid && !kept;
	keywords = keywords_of(&tx->row, ap->keywords, ap->n_keywords, &m->keyword_lost);
	rc = append_tx_add(tx, ap, uid, ap->system | keywords, err);
	if (rc == 0)
		rc = put_uidl(tx, uid, m, err);
	return rc < 0 ? rc : import_entry_add(tx->db, into->map, m->key, &e, err);
}

/* Why a message is left out, or 0. */
static int room_for(struct append_tx *tx, const struct gw_import_into *into, const struct gw_import_message *m,
	struct gw_err *err)
{
	int rc = import_entry_get(tx->db, into->map, m->key, NULL, err);

	if (rc)
		return rc < 0 ? rc : GW_EEXIST;
	if (tx->row.uidnext >= UINT32_MAX)
		return GW_ELIMIT;
	return db_quota_check(tx->db, &tx->acct, 1, ((struct view_append *)m->append)->size, NULL);
}

static bool left_out(int rc)
{
	return rc == GW_EEXIST || rc == GW_ELIMIT || rc == GW_EQUOTA;
}

static int add_all(struct gw_acct *a, struct append_tx *tx, const struct gw_import_into *into,
	struct gw_import_message *v, size_t n, uint64_t *ret_added, struct gw_err *err)
{
	for (size_t i = 0; i < n; i++) {
		int rc = gw_acct_stopped(a) ? gw_fail(err, GW_EINTR, "interrupted") : room_for(tx, into, &v[i], err);

		if (left_out(rc)) {
			v[i].rc = rc;
			continue;
		}
		if (rc == 0)
			rc = add(tx, into, &v[i], err);
		if (rc < 0)
			return rc;
		v[i].rc = 0;
		++*ret_added;
	}
	return 0;
}

static int commit(struct gw_acct *a, struct append_tx *tx, const struct gw_import_into *into,
	struct gw_import_message *v, size_t n, struct gw_err *err)
{
	bool nothing_recent = tx->row.recent >= tx->row.uidnext;
	uint64_t added = 0;
	int rc = add_all(a, tx, into, v, n, &added, err);

	if (rc < 0 || added == 0)
		return rc;
	if (nothing_recent) /* old mail is no news */
		tx->row.recent = tx->row.uidnext;
	return append_tx_commit(tx, err);
}

int view_import_commit(struct gw_acct *a, const struct gw_import_into *into, struct gw_import_message *v, size_t n,
	struct gw_err *err)
{
	struct append_tx *tx;
	struct gw_db *db;
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = append_finish((struct view_append *)v[i].append, err);
	if (rc != 0)
		return rc;
	rc = view_begin(a, 0, VIEW_WRITE, &db, err);
	if (rc != 0)
		return rc;
	tx = gw_xalloc(sizeof *tx);
	rc = append_tx_begin(tx, db, into->id.id, err);
	if (rc == 0)
		rc = commit(a, tx, into, v, n, err);
	append_tx_done(tx);
	free(tx);
	gw_db_put(db);
	return rc;
}

/* ---- flags ---- */

struct wanted {
	uint32_t uid;
	uint64_t flags;
};

struct flagging {
	struct mailbox_row *row;
	struct wanted *v; /* ascending by UID */
	size_t n, next;
	struct delta delta;
};

static int by_uid(const void *a, const void *b)
{
	uint32_t x = ((const struct wanted *)a)->uid, y = ((const struct wanted *)b)->uid;

	return (x > y) - (x < y);
}

static enum edit flag_one(void *ctx, struct gw_entry *e, int64_t *savedate)
{
	struct flagging *f = ctx;

	(void)savedate;
	while (f->next < f->n && f->v[f->next].uid < e->uid)
		f->next++;
	if (f->next == f->n || f->v[f->next].uid != e->uid || f->v[f->next].flags == e->flags)
		return EDIT_KEEP;
	db_mailbox_count(f->row, e, -1);
	e->flags = f->v[f->next].flags;
	e->modseq = f->row->modseq;
	db_mailbox_count(f->row, e, 1);
	delta_add(&f->delta, e);
	return EDIT_CHANGED;
}

/* Those whose flags at the source are others than at the last run, in the map too. */
static int find_changed(struct gw_db *db, uint64_t map, const struct gw_import_flags *v, size_t n, struct flagging *f,
	struct gw_err *err)
{
	for (size_t i = 0; i < n; i++) {
		int64_t mark = import_mark(v[i].system, v[i].keywords, v[i].n_keywords);
		struct import_entry e;
		bool lost = false;
		int rc = import_entry_get(db, map, v[i].key, &e, err);

		if (rc > 0 && e.mark != mark)
			rc = import_entry_mark(db, map, v[i].key, mark, err);
		else if (rc >= 0)
			continue;
		if (rc < 0)
			return rc;
		if (e.uid)
			f->v[f->n++] = (struct wanted){ e.uid, (v[i].system & GW_FLAG_SYSTEM) |
				keywords_of(f->row, v[i].keywords, v[i].n_keywords, &lost) };
	}
	qsort(f->v, f->n, sizeof *f->v, by_uid);
	return 0;
}

static int change_flags(struct gw_db *db, struct mailbox_row *row, struct flagging *f, struct gw_err *err)
{
	uint64_t from = row->modseq++;
	struct gw_set uids;
	int rc;

	gw_set_init(&uids);
	for (size_t i = 0; i < f->n; i++)
		gw_set_add(&uids, f->v[i].uid, f->v[i].uid);
	rc = list_edit(db, row->id, &uids, flag_one, f, err);
	gw_set_done(&uids);
	if (rc == 0)
		rc = db_mailbox_put(db, row, err);
	if (rc == 0)
		rc = gw_db_commit(db, GW_DB_DURABLE, err);
	if (rc == 0)
		delta_publish(&f->delta, db->acc, from, row);
	return rc;
}

int view_import_flags(struct gw_acct *a, const struct gw_import_into *into, const struct gw_import_flags *v, size_t n,
	uint64_t *ret, struct gw_err *err)
{
	struct mailbox_row row;
	struct flagging f = { .row = &row };
	struct gw_db *db;
	int rc = view_begin(a, 0, VIEW_WRITE, &db, err);

	if (rc < 0)
		return rc;
	delta_init(&f.delta);
	f.v = gw_xcalloc(n + 1, sizeof *f.v);
	rc = db_mailbox_select(db, into->id.id, &row, err);
	if (rc == 0) {
		rc = find_changed(db, into->map, v, n, &f, err);
		if (rc == 0 && f.n)
			rc = change_flags(db, &row, &f, err);
		db_mailbox_done(&row);
	}
	if (rc == 0)
		*ret = f.delta.n;
	free(f.v);
	delta_done(&f.delta);
	gw_db_put(db);
	return rc;
}

/* ---- the end ---- */

int view_import_finish(struct gw_acct *a, const struct gw_import_into *into, uint32_t uidnext, struct gw_err *err)
{
	struct mailbox_row row = { 0 };
	struct gw_db *db;
	int rc;

	if (!into->keeps_uids)
		return 0;
	rc = view_begin(a, 0, VIEW_WRITE, &db, err);
	if (rc < 0)
		return rc;
	rc = db_mailbox_select(db, into->id.id, &row, err);
	if (rc == 0 && uidnext > row.uidnext) {
		if (row.recent >= row.uidnext)
			row.recent = uidnext;
		row.uidnext = uidnext;
		rc = db_mailbox_put(db, &row, err);
		if (rc == 0)
			rc = gw_db_commit(db, GW_DB_DURABLE, err);
		if (rc == 0)
			db_cache_drop(db->acc, row.id);
	}
	db_mailbox_done(&row);
	gw_db_put(db);
	return rc;
}

/* ---- names of messages that are here ---- */

struct naming {
	struct gw_db *db;
	uint64_t mailbox, named;
	const struct gw_import_uidl *next; /* of the messages not looked at */
	struct gw_err *err;
	int rc;
};

static enum edit name_one(void *ctx, struct gw_entry *e, int64_t *savedate)
{
	struct naming *x = ctx;

	(void)savedate;
	while (x->next->uid < e->uid) /* gone */
		x->next++;
	if (x->rc == 0)
		x->rc = store_uidl(x->db, x->mailbox, e->uid, x->next->uidl, x->err);
	x->named += x->rc == 0;
	return EDIT_KEEP;
}

int view_import_uidls(struct gw_acct *a, struct gw_mbox_id id, const struct gw_import_uidl *v, size_t n, uint64_t *ret, struct gw_err *err)
{
	struct naming x = { .mailbox = id.id, .next = v, .err = err };
	struct gw_set uids;
	int rc = view_begin(a, id.space, VIEW_WRITE, &x.db, err);

	if (rc < 0)
		return rc;
	gw_set_init(&uids);
	for (size_t i = 0; i < n; i++)
		gw_set_add(&uids, v[i].uid, v[i].uid);
	if (n)
		rc = list_edit(x.db, id.id, &uids, name_one, &x, err);
	if (rc == 0)
		rc = x.rc;
	if (rc == 0)
		rc = gw_db_commit(x.db, GW_DB_DURABLE, err);
	if (rc == 0)
		*ret = x.named;
	gw_set_done(&uids);
	gw_db_put(x.db);
	return rc;
}

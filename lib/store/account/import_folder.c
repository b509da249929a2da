/* import_folder.c - the mailbox that a folder of a source goes to
 *
 * The map of a folder says which mailbox that was at the last run; it may have another name by now. A mailbox that
 * holds nothing takes on the UIDVALIDITY of the source, so that what clients have cached of the mail stays good. */
#include "store/account/import.h"
#include "store/account/tree.h"

#define UIDVALIDITY_MAX 0xF0000000u /* a higher one would leave none to give to new mailboxes */

struct folder_tx {
	struct gw_acct *a;
	struct gw_db *db;
	const struct gw_import_folder *f;
	struct account_row acct;
	struct mailbox_row row;
	struct gw_import_into into;
	uint64_t mapped; /* the mailbox the map names; 0: none */
	bool found;      /* row is filled */
	bool adopted;    /* the mailbox has got another UIDVALIDITY */
	bool first;      /* nothing was imported there before */
};

/* ---- finding it ---- */

static int find_map(struct folder_tx *t, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(t->db, GW_SQL_IMPORT_GET, err);
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_blob64(st, 1, t->f->source.p, t->f->source.n, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, t->f->name.p, (int)t->f->name.n, SQLITE_STATIC);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		t->into.map = (uint64_t)sqlite3_column_int64(st, 0);
		t->mapped = (uint64_t)sqlite3_column_int64(st, 1);
	}
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : gw_db_fail(t->db, rc, "cannot read what was imported", err);
}

/* By the map, else by name. */
static int find_mailbox(struct folder_tx *t, struct gw_err *err)
{
	int rc = t->mapped ? db_mailbox_get(t->db, t->mapped, &t->row, err) : GW_ENOENT;

	if (rc == 0 && t->f->selectable && t->row.attrs & GW_MBOX_NOSELECT) {
		db_mailbox_done(&t->row);
		rc = GW_ENOENT;
	}
	if (rc == GW_ENOENT)
		rc = db_mailbox_named(t->db, t->f->name, &t->row, err);
	t->found = rc == 0;
	if (t->found)
		t->into.id = (struct gw_mbox_id){ 0, t->row.id };
	return rc == GW_ENOENT ? 0 : rc;
}

static int make_mailbox(struct folder_tx *t, struct gw_err *err)
{
	uint64_t id = 0;
	int rc;

	if (t->found && (!(t->row.attrs & GW_MBOX_NOSELECT) || !t->f->selectable))
		return 0;
	t->into.created = true;
	if (t->f->look)
		return tree_may_change(t->a, t->f->name, err);
	rc = tree_may_change(t->a, t->f->name, err);
	if (rc == 0)
		rc = tree_create(t->db, &t->acct, t->f->name, 0, &id, err);
	if (rc < 0)
		return rc;
	if (t->found)
		db_mailbox_done(&t->row);
	t->into.id = (struct gw_mbox_id){ 0, id };
	rc = db_mailbox_get(t->db, id, &t->row, err);
	t->found = rc == 0;
	return rc;
}

/* ---- what it is for ---- */

/* 1: another mailbox has the special use and holds mail, or has held some. *ret: one that has it and is not used. */
static int special_used(struct folder_tx *t, unsigned special, uint64_t *ret, struct gw_err *err)
{
	struct mailbox_row other;
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(t->db, GW_SQL_MAILBOX_SPECIAL, &st, err, 1, (int64_t)special);

	*ret = 0;
	if (rc <= 0)
		return rc;
	*ret = (uint64_t)sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	rc = db_mailbox_get(t->db, *ret, &other, err);
	if (rc < 0)
		return rc;
	rc = other.uidnext > 1 || (other.attrs & GW_MBOX_SPECIAL) != special;
	db_mailbox_done(&other);
	return rc;
}

/* The first mailboxes of an account have special uses before anybody needs them: mail that comes with one takes it. A mailbox that
 * showed others there shows none here. */
static int give_special(struct folder_tx *t, struct gw_err *err)
{
	unsigned uses = t->f->special & ~(unsigned)GW_MBOX_SHOWS;
	unsigned special = uses & (0u - uses); /* one of them */
	uint64_t other;
	int rc;

	if (!special || t->row.attrs & (GW_MBOX_SPECIAL | GW_MBOX_NOSELECT))
		return 0;
	rc = special_used(t, special, &other, err);
	if (rc)
		return rc < 0 ? rc : 0;
	if (other)
		rc = tree_put_attrs(t->db, other, 0, err);
	t->acct.structure++;
	return rc < 0 ? rc : tree_put_attrs(t->db, t->row.id, t->row.attrs | special, err);
}

/* ---- its numbers ---- */

/* Will it, holding nothing, have the UIDVALIDITY of the source? */
static bool adopts(const struct folder_tx *t)
{
	uint32_t v = t->f->uidvalidity;

	return v && v <= UIDVALIDITY_MAX && t->row.messages == 0 && t->row.uidvalidity != v;
}

static int adopt(struct folder_tx *t, struct gw_err *err)
{
	struct mailbox_row *row = &t->row;
	int rc;

	row->uidvalidity = t->f->uidvalidity;
	row->uidnext = row->recent = 1;
	row->log_from = ++row->modseq;
	if (t->acct.next_uidvalidity <= row->uidvalidity)
		t->acct.next_uidvalidity = row->uidvalidity + 1;
	t->acct.structure++;
	t->adopted = true;
	rc = gw_db_step_i64(t->db, GW_SQL_EXPUNGED_REMOVE_ALL, NULL, err, 1, (int64_t)row->id);
	if (rc >= 0)
		rc = gw_db_step_i64(t->db, GW_SQL_IMPORTED_LOST, NULL, err, 1, (int64_t)row->id);
	if (rc >= 0)
		rc = gw_db_step_i64(t->db, GW_SQL_MAILBOX_UIDVALIDITY, NULL, err, 2, (int64_t)row->id,
			(int64_t)row->uidvalidity);
	return rc < 0 ? rc : db_mailbox_put(t->db, row, err);
}

/* ---- the map ---- */

static int new_map(struct folder_tx *t, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(t->db, GW_SQL_IMPORT_NEW, err);
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, (int64_t)t->row.id);
	sqlite3_bind_blob64(st, 2, t->f->source.p, t->f->source.n, SQLITE_STATIC);
	sqlite3_bind_text(st, 3, t->f->name.p, (int)t->f->name.n, SQLITE_STATIC);
	rc = db_run(t->db, st, err);
	sqlite3_clear_bindings(st);
	t->into.map = (uint64_t)sqlite3_last_insert_rowid(t->db->sql);
	return rc;
}

/* UIDs that the map knows are of the mailbox it names. */
static int put_map(struct folder_tx *t, struct gw_err *err)
{
	int rc = 0;

	if (!t->into.map)
		return new_map(t, err);
	if (t->f->again)
		rc = gw_db_step_i64(t->db, GW_SQL_IMPORTED_FORGET, NULL, err, 1, (int64_t)t->into.map);
	if (rc >= 0 && t->mapped != t->row.id) {
		rc = gw_db_step_i64(t->db, GW_SQL_IMPORTED_LOST, NULL, err, 1, (int64_t)t->mapped);
		if (rc >= 0)
			rc = gw_db_step_i64(t->db, GW_SQL_IMPORT_MOVE, NULL, err, 2, (int64_t)t->into.map,
				(int64_t)t->row.id);
	}
	return rc < 0 ? rc : 0;
}

/* ---- together ---- */

static int look(struct folder_tx *t, struct gw_err *err)
{
	int rc = find_map(t, err);

	if (rc == 0)
		rc = find_mailbox(t, err);
	if (rc == 0)
		rc = make_mailbox(t, err);
	if (t->f->again)
		t->into.map = 0;
	t->into.keeps_uids = t->f->uidvalidity && (!t->found || adopts(t) || t->row.uidvalidity == t->f->uidvalidity);
	return rc;
}

static int settle(struct folder_tx *t, struct gw_err *err)
{
	int rc = db_account_get(t->db, &t->acct, err);

	if (rc == 0)
		rc = find_map(t, err);
	t->first = !t->into.map;
	if (rc == 0)
		rc = find_mailbox(t, err);
	if (rc == 0)
		rc = make_mailbox(t, err);
	if (rc == 0)
		rc = give_special(t, err);
	if (rc == 0 && t->f->selectable && adopts(t))
		rc = adopt(t, err);
	if (rc == 0 && t->f->selectable)
		rc = put_map(t, err);
	if (rc == 0 && t->f->subscribe && t->first) /* later it is the user's business */
		rc = tree_subscribe(t->db, t->f->name, true, err);
	if (rc == 0)
		rc = db_account_put(t->db, &t->acct, err);
	t->into.keeps_uids = t->f->uidvalidity && t->row.uidvalidity == t->f->uidvalidity;
	return rc;
}

int view_import_folder(
	struct gw_acct *a, const struct gw_import_folder *f, struct gw_import_into *ret, struct gw_err *err)
{
	struct folder_tx t = { .a = a, .f = f };
	int rc = view_begin(a, 0, f->look ? VIEW_READ : VIEW_WRITE, &t.db, err);

	if (rc < 0)
		return rc;
	rc = f->look ? look(&t, err) : settle(&t, err);
	if (rc == 0 && !f->look)
		rc = gw_db_commit(t.db, GW_DB_DURABLE, err);
	if (rc == 0 && t.adopted)
		db_cache_drop(t.db->acc, t.row.id);
	if (t.found)
		db_mailbox_done(&t.row);
	gw_db_put(t.db);
	if (rc == 0)
		*ret = t.into;
	return rc;
}

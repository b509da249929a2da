/* list.c - walking and changing the packed list of a mailbox
 *
 * Everything works chunk by chunk: find the row, unpack, change, pack, put back. A chunk that became
 * thin is merged into the one before it when both fit, so removals do not leave crumbs. */
#include "store/account/row.h"

#define MERGE_AT (GW_CHUNK_MAX * 3 / 4) /* two chunks that fit into this become one */

int chunk_corrupt(struct gw_db *db, int64_t id, struct gw_err *err)
{
	return gw_fail(err, GW_ECORRUPT, "%s: the list of mailbox %llu is damaged at UID %lu",
		gw_db_account_path(db->acc), (unsigned long long)gw_chunk_mailbox(id), (unsigned long)(uint32_t)id);
}

int chunk_of_row(struct gw_db *db, sqlite3_stmt *st, struct gw_chunk *ret, struct gw_err *err)
{
	int64_t id = sqlite3_column_int64(st, 0);
	const char *p = sqlite3_column_blob(st, 3);
	size_t n = (size_t)sqlite3_column_bytes(st, 3);

	if (!p || !gw_chunk_unpack(gw_slice(p, n), (uint64_t)sqlite3_column_int64(st, 1), ret) ||
		ret->e[0].uid < (uint32_t)id)
		return chunk_corrupt(db, id, err);
	return 0;
}

/* The first row of which between lo and hi. */
static int chunk_first(struct gw_db *db, enum gw_sql which, int64_t lo, int64_t hi, struct gw_chunk *ret,
	int64_t *ret_id, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(db, which, &st, err, 2, lo, hi);

	if (rc <= 0)
		return rc;
	*ret_id = sqlite3_column_int64(st, 0);
	rc = chunk_of_row(db, st, ret, err);
	sqlite3_reset(st);
	return rc < 0 ? rc : 1;
}

int chunk_find(
	struct gw_db *db, uint64_t mailbox, uint32_t uid, struct gw_chunk *ret, int64_t *ret_id, struct gw_err *err)
{
	int64_t at = gw_chunk_id(mailbox, uid), end = gw_chunk_id(mailbox, UINT32_MAX);
	int rc = chunk_first(db, GW_SQL_CHUNK_FLOOR, gw_chunk_id(mailbox, 0), at, ret, ret_id, err);

	if (rc < 0 || (rc && ret->e[ret->n - 1].uid >= uid))
		return rc;
	return at == end ? 0 : chunk_first(db, GW_SQL_CHUNK_SCAN, at + 1, end, ret, ret_id, err);
}

int chunk_put(struct gw_db *db, int64_t id, struct gw_chunk *c, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_CHUNK_PUT, err);
	char data[GW_CHUNK_BYTES_MAX];
	size_t n = gw_chunk_pack(c, data);
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, id);
	sqlite3_bind_int64(st, 2, c->n);
	sqlite3_bind_int64(st, 3, (int64_t)c->modseq);
	sqlite3_bind_blob(st, 4, data, (int)n, SQLITE_STATIC);
	rc = db_run(db, st, err);
	sqlite3_clear_bindings(st);
	return rc;
}

int chunk_remove(struct gw_db *db, int64_t id, struct gw_err *err)
{
	int rc = gw_db_step_i64(db, GW_SQL_CHUNK_REMOVE, NULL, err, 1, id);

	return rc < 0 ? rc : 0;
}

/* ---- editing ---- */

struct editor {
	struct gw_db *db;
	struct gw_chunk c, prev;
	int64_t id, prev_id;
	bool has_prev; /* prev is what lies before c, as it is in the database */
};

static void entry_move(struct gw_chunk *to, uint32_t i, const struct gw_chunk *from, uint32_t j)
{
	to->e[i] = from->e[j];
	to->savedate[i] = from->savedate[j];
}

/* The messages of c that the set holds go through fn. */
static bool edit_chunk(struct gw_chunk *c, const struct gw_set *uids, size_t *hint, edit_fn fn, void *ctx)
{
	uint32_t kept = 0;
	bool changed = false;

	for (uint32_t i = 0; i < c->n; i++) {
		enum edit what = EDIT_KEEP;

		if (!uids || gw_set_next(uids, c->e[i].uid, hint) == c->e[i].uid)
			what = fn(ctx, &c->e[i], &c->savedate[i]);
		changed |= what != EDIT_KEEP;
		if (what == EDIT_REMOVE)
			continue;
		if (kept != i)
			entry_move(c, kept, c, i);
		kept++;
	}
	c->n = kept;
	return changed;
}

static int merge(struct editor *ed, struct gw_err *err)
{
	for (uint32_t i = 0; i < ed->c.n; i++)
		entry_move(&ed->prev, ed->prev.n + i, &ed->c, i);
	ed->prev.n += ed->c.n;
	int rc = chunk_put(ed->db, ed->prev_id, &ed->prev, err);
	return rc < 0 ? rc : chunk_remove(ed->db, ed->id, err);
}

/* Is prev the row right before c? Chunks that were not touched may lie between. */
static bool neighbours(struct editor *ed)
{
	return gw_db_step_i64(ed->db, GW_SQL_CHUNK_BETWEEN, NULL, NULL, 2, ed->prev_id, ed->id) == 0;
}

/* Put the changed chunk back; with shrunk it may be merged. */
static int write_back(struct editor *ed, bool shrunk, struct gw_err *err)
{
	int rc;

	if (ed->c.n == 0)
		return chunk_remove(ed->db, ed->id, err);
	if (shrunk && ed->has_prev && ed->prev.n + ed->c.n <= MERGE_AT && neighbours(ed))
		return merge(ed, err);
	rc = chunk_put(ed->db, ed->id, &ed->c, err);
	if (shrunk) {
		ed->prev = ed->c;
		ed->prev_id = ed->id;
		ed->has_prev = true;
	}
	return rc;
}

int list_edit(struct gw_db *db, uint64_t mailbox, const struct gw_set *uids, edit_fn fn, void *ctx, struct gw_err *err)
{
	struct editor *ed = gw_xalloc(sizeof *ed);
	size_t hint = 0, find_hint = 0;
	uint32_t uid = uids ? gw_set_next(uids, 1, &find_hint) : 1, last, before;
	int rc = 0;

	ed->db = db;
	while (uid) {
		rc = chunk_find(db, mailbox, uid, &ed->c, &ed->id, err);
		if (rc <= 0)
			break;
		last = ed->c.e[ed->c.n - 1].uid;
		before = ed->c.n;
		if (edit_chunk(&ed->c, uids, &hint, fn, ctx)) {
			rc = write_back(ed, ed->c.n < before, err);
			if (rc < 0)
				break;
		}
		if (last == UINT32_MAX)
			break;
		uid = uids ? gw_set_next(uids, last + 1, &find_hint) : last + 1;
	}
	free(ed);
	return rc < 0 ? rc : 0;
}

/* ---- appending ---- */

void tail_init(struct tail *t, struct gw_db *db, uint64_t mailbox)
{
	t->db = db;
	t->mailbox = mailbox;
	t->loaded = false;
	t->c.n = 0;
}

static int tail_load(struct tail *t, struct gw_err *err)
{
	int rc = chunk_first(t->db, GW_SQL_CHUNK_FLOOR, gw_chunk_id(t->mailbox, 0), gw_chunk_id(t->mailbox, UINT32_MAX),
		&t->c, &t->id, err);

	if (rc == 0)
		t->c.n = 0;
	t->loaded = rc >= 0;
	return rc < 0 ? rc : 0;
}

int tail_add(struct tail *t, const struct gw_entry *e, int64_t savedate, struct gw_err *err)
{
	int rc = t->loaded ? 0 : tail_load(t, err);

	if (rc < 0)
		return rc;
	if (t->c.n == GW_CHUNK_MAX) {
		rc = chunk_put(t->db, t->id, &t->c, err);
		t->c.n = 0;
	}
	if (t->c.n == 0)
		t->id = gw_chunk_id(t->mailbox, e->uid);
	t->c.e[t->c.n] = *e;
	t->c.savedate[t->c.n++] = savedate;
	return rc;
}

int tail_finish(struct tail *t, struct gw_err *err)
{
	return t->loaded && t->c.n ? chunk_put(t->db, t->id, &t->c, err) : 0;
}

int list_count_from(struct gw_db *db, uint64_t mailbox, uint32_t uid, uint32_t *ret, struct gw_err *err)
{
	struct gw_chunk *c = gw_xalloc(sizeof *c);
	sqlite3_stmt *st;
	uint32_t n = 0;
	int64_t id;
	int rc = chunk_find(db, mailbox, uid, c, &id, err);

	if (rc > 0) {
		for (uint32_t i = 0; i < c->n; i++)
			n += c->e[i].uid >= uid;
		rc = gw_db_step_i64(db, GW_SQL_CHUNK_COUNT, &st, err, 2, id + 1, gw_chunk_id(mailbox, UINT32_MAX));
		if (rc > 0) {
			n += (uint32_t)sqlite3_column_int64(st, 0);
			sqlite3_reset(st);
		}
	}
	free(c);
	if (rc >= 0)
		*ret = n;
	return rc < 0 ? rc : 0;
}

/* ---- logs ---- */

int pending_add(struct gw_db *db, uint64_t mailbox, int change, struct gw_slice contents, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_PENDING_ADD, err);
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, (int64_t)mailbox);
	sqlite3_bind_int64(st, 2, change);
	sqlite3_bind_blob64(st, 3, contents.p, contents.n, SQLITE_STATIC);
	rc = db_run(db, st, err);
	sqlite3_clear_bindings(st);
	gw_db_account_want_sweep(db->acc);
	return rc;
}

int expunged_add(struct gw_db *db, uint64_t mailbox, uint64_t modseq, const struct gw_set *gone, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_EXPUNGED_ADD, err);
	struct gw_buf packed;
	int rc;

	if (!st)
		return GW_EIO;
	gw_buf_init(&packed, 0);
	gw_ranges_pack(&packed, gone);
	sqlite3_bind_int64(st, 1, (int64_t)mailbox);
	sqlite3_bind_int64(st, 2, (int64_t)modseq);
	sqlite3_bind_blob64(st, 3, packed.p, packed.n, SQLITE_STATIC);
	rc = db_run(db, st, err);
	sqlite3_clear_bindings(st);
	gw_buf_done(&packed);
	return rc;
}

int expunged_prune(struct gw_db *db, uint64_t mailbox, unsigned keep, struct gw_err *err)
{
	sqlite3_stmt *st;
	int64_t cut;
	int rc = gw_db_step_i64(db, GW_SQL_EXPUNGED_CUT, &st, err, 2, (int64_t)mailbox, (int64_t)keep);

	if (rc <= 0)
		return rc;
	cut = sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	rc = gw_db_step_i64(db, GW_SQL_EXPUNGED_PRUNE, NULL, err, 2, (int64_t)mailbox, cut);
	if (rc >= 0)
		rc = gw_db_step_i64(db, GW_SQL_EXPUNGED_FLOOR, NULL, err, 2, (int64_t)mailbox, cut);
	return rc < 0 ? rc : 0;
}

/* read.c - a selected mailbox: counters, \Recent, and its list at this moment or an earlier one */
#include "store/account/acct.h"
#include "store/account/rights.h"

int view_status(struct gw_acct *a, struct gw_mbox_id id, struct gw_mailbox *ret, struct gw_err *err)
{
	struct gw_mailbox m = { 0 };
	struct mailbox_row row;
	struct gw_db *db;
	int rc = view_begin(a, id.space, VIEW_READ, &db, err);

	if (rc < 0)
		return rc;
	rc = db_mailbox_get(db, id.id, &row, err);
	if (rc == 0) {
		m.attrs = view_attrs(a, id.space);
		rc = view_rights(a, db, id, &m.attrs, err);
		if (rc == 0)
			rc = view_fill(db, id, &row, &m, err);
		db_mailbox_done(&row);
	}
	gw_db_put(db);
	if (rc == 0)
		*ret = m;
	return rc;
}

static int find_recent(struct gw_db *db, uint64_t mailbox, struct mailbox_row *row, struct gw_recent *r, struct gw_err *err)
{
	int rc = db_mailbox_get(db, mailbox, row, err);

	if (rc < 0)
		return rc;
	*r = (struct gw_recent){ (uint32_t)row->recent, (uint32_t)row->uidnext, 0 };
	return r->first < r->next ? list_count_from(db, mailbox, r->first, &r->n, err) : 0;
}

/* The claim need not survive a crash of the machine: then somebody sees a message as recent once more. */
static int claim_recent(struct gw_db *db, uint64_t mailbox, struct mailbox_row *row, struct gw_recent *r, struct gw_err *err)
{
	int rc = db_begin_map(db, err);

	if (rc < 0)
		return rc;
	db_mailbox_done(row);
	rc = find_recent(db, mailbox, row, r, err);
	if (rc == 0 && r->first < r->next) {
		rc = gw_db_step_i64(db, GW_SQL_MAILBOX_RECENT, NULL, err, 2, (int64_t)mailbox, (int64_t)row->uidnext);
		if (rc == 0)
			rc = gw_db_commit(db, GW_DB_LAZY, err);
	}
	return rc;
}

int view_recent(struct gw_acct *a, struct gw_mbox_id id, bool claim, struct gw_recent *ret, struct gw_err *err)
{
	struct mailbox_row row = { 0 };
	struct gw_recent r = { 0 };
	struct gw_db *db;
	int rc = view_begin(a, id.space, VIEW_PLAIN, &db, err);

	if (rc < 0)
		return rc;
	rc = find_recent(db, id.id, &row, &r, err);
	if (rc == 0 && claim && r.first < r.next) {
		rc = claim_recent(db, id.id, &row, &r, err);
		/* On a store that cannot be written \Recent stays: reading goes on. */
		if (rc == GW_EROFS || rc == GW_ENOSPC || rc == GW_EUNAVAIL)
			rc = 0;
	}
	if (rc == 0)
		*ret = r;
	db_mailbox_done(&row);
	gw_db_put(db);
	return rc;
}

/* ---- the list ---- */

static int each_chunk(struct gw_db *db, sqlite3_stmt *st, struct gw_chunk *c, struct gw_err *err)
{
	int rc = sqlite3_step(st);

	if (rc == SQLITE_DONE)
		return 0;
	if (rc != SQLITE_ROW)
		return gw_db_fail(db, rc, "cannot read a mailbox", err);
	rc = chunk_of_row(db, st, c, err);
	return rc < 0 ? rc : 1;
}

static int load(
	struct gw_acct *a, struct gw_db *db, const struct mailbox_row *row, struct gw_index **ret, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_CHUNK_SCAN, err);
	struct gw_index_builder *b;
	struct gw_keywords keywords;
	struct gw_index *ix;
	struct gw_chunk *c;
	uint32_t last = 0;
	char *scratch;
	int rc;

	if (!st)
		return GW_EIO;
	c = gw_xalloc(sizeof *c);
	db_keywords_parse(row, &keywords, &scratch);
	b = gw_index_builder_new((uint32_t)row->uidvalidity, (uint32_t)row->uidnext, row->modseq, &keywords);
	free(scratch);
	sqlite3_bind_int64(st, 1, gw_chunk_id(row->id, 0));
	sqlite3_bind_int64(st, 2, gw_chunk_id(row->id, UINT32_MAX));
	while ((rc = each_chunk(db, st, c, err)) > 0) {
		if (c->e[0].uid <= last || gw_acct_stopped(a)) {
			rc = c->e[0].uid <= last ? chunk_corrupt(db, gw_chunk_id(row->id, c->e[0].uid), err)
						 : gw_fail(err, GW_EINTR, "interrupted");
			break;
		}
		for (uint32_t i = 0; i < c->n; i++)
			gw_index_builder_add(b, &c->e[i]);
		last = c->e[c->n - 1].uid;
	}
	sqlite3_reset(st);
	free(c);
	ix = gw_index_builder_finish(b);
	if (rc == 0 && ix->n != row->messages)
		rc = gw_fail(err, GW_ECORRUPT, "%s: mailbox %llu has %lu messages, but counts %llu",
			gw_db_account_path(db->acc), (unsigned long long)row->id, (unsigned long)ix->n,
			(unsigned long long)row->messages);
	if (rc == 0)
		*ret = ix;
	else
		gw_index_unref(ix);
	return rc;
}

static int expunged_since(struct gw_db *db, uint64_t mailbox, uint64_t modseq, struct gw_set *ret, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(db, GW_SQL_EXPUNGED_SINCE, &st, err, 2, (int64_t)mailbox, (int64_t)modseq);

	while (rc > 0) {
		struct gw_slice data = { sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0) };
		struct gw_set one;

		gw_set_init(&one);
		if (!data.p || !gw_ranges_unpack(data, &one))
			rc = gw_fail(err, GW_ECORRUPT, "%s: the log of expunged messages is damaged",
				gw_db_account_path(db->acc));
		gw_set_union(ret, &one);
		gw_set_done(&one);
		if (rc < 0)
			break;
		rc = sqlite3_step(st);
		rc = rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "cannot read a mailbox", err);
	}
	if (db->stmt[GW_SQL_EXPUNGED_SINCE])
		sqlite3_reset(db->stmt[GW_SQL_EXPUNGED_SINCE]);
	return rc;
}

/* The entries that changed after old: only chunks with a newer modseq are unpacked. */
static int changed_since(struct gw_db *db, uint64_t mailbox, uint64_t modseq, struct delta *d, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_CHUNK_CHANGED, err);
	struct gw_chunk *c;
	int rc;

	if (!st)
		return GW_EIO;
	c = gw_xalloc(sizeof *c);
	sqlite3_bind_int64(st, 1, gw_chunk_id(mailbox, 0));
	sqlite3_bind_int64(st, 2, gw_chunk_id(mailbox, UINT32_MAX));
	sqlite3_bind_int64(st, 3, (int64_t)modseq);
	while ((rc = each_chunk(db, st, c, err)) > 0)
		for (uint32_t i = 0; i < c->n; i++)
			if (c->e[i].modseq > modseq)
				delta_add(d, &c->e[i]);
	sqlite3_reset(st);
	free(c);
	return rc;
}

static int renew(struct gw_db *db, const struct mailbox_row *row, const struct gw_index *old, struct gw_index **ret,
	struct gw_err *err)
{
	struct gw_keywords keywords;
	struct delta d;
	char *scratch;
	int rc;

	delta_init(&d);
	rc = changed_since(db, row->id, old->modseq, &d, err);
	if (rc == 0)
		rc = expunged_since(db, row->id, old->modseq, &d.gone, err);
	if (rc == 0) {
		db_keywords_parse(row, &keywords, &scratch);
		*ret = gw_index_apply(old, (uint32_t)row->uidnext, row->modseq, &keywords, d.v, d.n, &d.gone);
		free(scratch);
	}
	delta_done(&d);
	return rc;
}

static bool current(const struct gw_index *ix, const struct mailbox_row *row)
{
	return ix->modseq == row->modseq && ix->uidnext == row->uidnext && ix->uidvalidity == row->uidvalidity;
}

static bool renewable(const struct gw_index *ix, const struct mailbox_row *row)
{
	return ix->uidvalidity == row->uidvalidity && ix->modseq >= row->log_from && ix->modseq < row->modseq;
}

/* The list now, inside a read transaction; the cache is used and fed. */
static int index_now(
	struct gw_acct *a, struct gw_db *db, const struct mailbox_row *row, struct gw_index **ret, struct gw_err *err)
{
	struct gw_index *old = db_cache_get(db->acc, row->id), *ix = NULL;
	int rc = 0;

	if (old && current(old, row)) {
		*ret = old;
		return 0;
	}
	if (old && renewable(old, row)) {
		rc = renew(db, row, old, &ix, err);
		if (rc == 0 && ix->n != row->messages) { /* not what the row says: read it anew */
			gw_index_unref(ix);
			ix = NULL;
		}
	}
	gw_index_unref(old);
	if (rc == 0 && !ix)
		rc = load(a, db, row, &ix, err);
	if (rc != 0)
		return rc;
	db_cache_put(db->acc, row->id, ix);
	*ret = ix;
	return 0;
}

/* One row, one look into the cache, no transaction but for the rights of a public folder. */
int view_index_cached(struct gw_acct *a, struct gw_mbox_id id, struct gw_index **ret, struct gw_err *err)
{
	struct mailbox_row row;
	struct gw_index *ix;
	struct gw_db *db = NULL;
	int rc = view_may_read(a, id, err);

	if (rc == 0)
		rc = view_begin(a, id.space, VIEW_PLAIN, &db, err);
	if (rc != 0)
		return rc;
	rc = db_mailbox_select(db, id.id, &row, err);
	if (rc == 0) {
		ix = db_cache_get(db->acc, id.id);
		if (ix && !current(ix, &row)) {
			gw_index_unref(ix);
			ix = NULL;
		}
		*ret = ix;
		db_mailbox_done(&row);
	}
	gw_db_put(db);
	return rc;
}

int view_index(struct gw_acct *a, struct gw_mbox_id id, struct gw_index **ret, struct gw_err *err)
{
	struct mailbox_row row;
	struct gw_index *cached = NULL;
	struct gw_db *db;
	int rc = view_index_cached(a, id, &cached, err);

	if (rc < 0)
		return rc;
	if (cached) {
		*ret = cached;
		return 0;
	}
	rc = view_begin(a, id.space, VIEW_READ, &db, err);
	if (rc < 0)
		return rc;
	rc = db_mailbox_select(db, id.id, &row, err);
	if (rc == 0) {
		rc = index_now(a, db, &row, ret, err);
		db_mailbox_done(&row);
	}
	gw_db_put(db);
	return rc;
}

int view_keywords(struct gw_acct *a, struct gw_mbox_id id, struct gw_arena *arena, struct gw_keywords *ret,
	struct gw_err *err)
{
	struct mailbox_row row;
	char *scratch;
	struct gw_db *db;
	int rc = view_begin(a, id.space, VIEW_PLAIN, &db, err);

	if (rc < 0)
		return rc;
	rc = db_mailbox_select(db, id.id, &row, err);
	if (rc == 0) {
		db_keywords_parse(&row, ret, &scratch);
		for (unsigned k = 0; k < ret->n; k++)
			ret->name[k] = gw_arena_str(arena, gw_slice_str(ret->name[k]));
		free(scratch);
		db_mailbox_done(&row);
	}
	gw_db_put(db);
	return rc;
}

/* ---- an earlier moment ---- */

/* now without what came later (UIDs from uidnext on), with gone put back as ghosts. */
static struct gw_index *rewind_index(
	const struct gw_index *now, uint64_t modseq, uint32_t uidnext, const struct gw_set *gone)
{
	struct gw_index_builder *b = gw_index_builder_new(now->uidvalidity, uidnext, modseq, &now->keywords);
	struct gw_index_iter it;
	const struct gw_entry *e;
	size_t hint = 0;
	uint32_t ghost = gw_set_next(gone, 1, &hint);

	gw_index_iter(&it, now, 1);
	for (;;) {
		e = gw_index_next(&it);
		if (e && e->uid >= uidnext)
			e = NULL;
		while (ghost && ghost < uidnext && (!e || ghost < e->uid)) {
			struct gw_entry g = { .uid = ghost, .modseq = modseq };

			gw_index_builder_add(b, &g);
			ghost = ghost == UINT32_MAX ? 0 : gw_set_next(gone, ghost + 1, &hint);
		}
		if (!e)
			break;
		gw_index_builder_add(b, e);
	}
	return gw_index_builder_finish(b);
}

int view_index_asof(struct gw_acct *a, struct gw_mbox_id id, uint64_t modseq, uint32_t uidnext, struct gw_index **ret,
	struct gw_err *err)
{
	struct gw_index *now = NULL;
	struct mailbox_row row;
	struct gw_set gone;
	struct gw_db *db;
	int rc = view_begin(a, id.space, VIEW_READ, &db, err);

	if (rc < 0)
		return rc;
	gw_set_init(&gone);
	rc = db_mailbox_select(db, id.id, &row, err);
	if (rc == 0) {
		if (row.modseq != modseq && row.log_from > modseq)
			rc = gw_fail(err, GW_EGONE, "the mailbox has changed too much since it was selected");
		if (rc == 0)
			rc = index_now(a, db, &row, &now, err);
		if (rc == 0 && row.modseq != modseq)
			rc = expunged_since(db, id.id, modseq, &gone, err);
		db_mailbox_done(&row);
	}
	gw_db_put(db);
	if (rc == 0 && (now->modseq != modseq || now->uidnext != uidnext)) {
		*ret = rewind_index(now, modseq, uidnext, &gone);
		gw_index_unref(now);
	} else if (rc == 0) {
		*ret = now;
	} else {
		gw_index_unref(now);
	}
	gw_set_done(&gone);
	return rc;
}

/* All UIDs below uidnext that are not there. */
static void holes(const struct gw_index *ix, struct gw_set *ret)
{
	struct gw_index_iter it;
	const struct gw_entry *e;
	uint32_t next = 1;

	gw_index_iter(&it, ix, 1);
	while ((e = gw_index_next(&it))) {
		if (e->uid > next)
			gw_set_add(ret, next, e->uid - 1);
		next = e->uid + 1;
	}
	if (ix->uidnext > next)
		gw_set_add(ret, next, ix->uidnext - 1);
}

int view_vanished(struct gw_acct *a, struct gw_mbox_id id, uint64_t modseq, struct gw_set *ret, bool *ret_partial,
	struct gw_err *err)
{
	struct gw_index *ix;
	struct mailbox_row row;
	bool partial = false;
	struct gw_db *db;
	int rc = view_begin(a, id.space, VIEW_READ, &db, err);

	if (rc < 0)
		return rc;
	rc = db_mailbox_select(db, id.id, &row, err);
	if (rc == 0) {
		partial = modseq < row.log_from;
		if (!partial) {
			rc = expunged_since(db, id.id, modseq, ret, err);
		} else {
			rc = index_now(a, db, &row, &ix, err);
			if (rc == 0) {
				holes(ix, ret);
				gw_index_unref(ix);
			}
		}
		db_mailbox_done(&row);
	}
	gw_db_put(db);
	if (rc == 0)
		*ret_partial = partial;
	return rc;
}

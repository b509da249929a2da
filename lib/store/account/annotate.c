/* annotate.c - annotations of messages (RFC 5257)
 *
 * They lie in the database of their mailbox, also those that only one of its users sees, so they go when their message goes,
 * whoever removes it. A change gives the message the new modseq of its mailbox. A row that was removed stays for a while
 * without a value: other sessions are told its name. */
#include "store/account/annotate.h"

#include "store/account/rights.h"

#define FORGOTTEN 16 /* rows without a value that a message keeps */

static struct gw_slice column(sqlite3_stmt *st, int i)
{
	const char *p = sqlite3_column_blob(st, i);

	return gw_slice(p ? p : "", (size_t)sqlite3_column_bytes(st, i));
}

int64_t annotation_who(const struct gw_acct *a, const struct gw_db *db)
{
	const struct gw_db_account *own = ((const struct view_acct *)a)->own;

	return db->acc == own ? ANNOTATION_OWNER : (int64_t)gw_db_account_id(own);
}

/* ---- limits ---- */

static int too_many(struct gw_err *err)
{
	return gw_fail(err, GW_ELIMIT, "there are too many annotations");
}

static int read_size(struct gw_db *db, uint64_t *ret, struct gw_err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = gw_db_step_i64(db, GW_SQL_ANNOTATION_SIZE, &st, err, 0);

	if (rc <= 0)
		return rc < 0 ? rc : gw_fail(err, GW_ECORRUPT, "%s: the size of annotations is not known", gw_db_account_path(db->acc));
	*ret = (uint64_t)sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	return 0;
}

static int check_count(struct gw_db *db, uint64_t mailbox, uint32_t uid, int64_t who, struct gw_err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = gw_db_step_i64(db, GW_SQL_ANNOTATION_COUNT, &st, err, 3, (int64_t)mailbox, (int64_t)uid, who);
	int64_t n;

	if (rc < 0)
		return rc;
	n = sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	return n > (int64_t)GW_ANNOTATIONS_MAX ? too_many(err) : 0;
}

static int check_size(struct gw_db *db, struct gw_err *err)
{
	uint64_t size = 0;
	int rc = read_size(db, &size, err);

	if (rc == 0 && size > GW_ANNOTATION_ACCOUNT_MAX)
		rc = too_many(err);
	return rc < 0 ? rc : db_quota_check_annotations(db, err);
}

/* ---- rows ---- */

/* Write or clear one: 1 when that changed something, 0, or a code. */
static int put_row(struct gw_db *db, uint64_t mailbox, uint32_t uid, int64_t who, uint64_t modseq, const struct gw_annotation *v,
	struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc;

	if (v->value.p && v->value.n > GW_ANNOTATION_VALUE_MAX)
		return gw_fail(err, GW_ELIMIT, "the annotation is too large");
	st = gw_db_stmt(db, v->value.p ? GW_SQL_ANNOTATION_PUT : GW_SQL_ANNOTATION_CLEAR, err);
	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, (int64_t)mailbox);
	sqlite3_bind_int64(st, 2, (int64_t)uid);
	sqlite3_bind_text(st, 3, v->name.p, (int)v->name.n, SQLITE_STATIC);
	sqlite3_bind_int64(st, 4, v->shared ? ANNOTATION_SHARED : who);
	sqlite3_bind_int64(st, 5, (int64_t)modseq);
	if (v->value.p)
		sqlite3_bind_blob(st, 6, v->value.p, (int)v->value.n, SQLITE_STATIC);
	rc = db_run(db, st, err);
	sqlite3_clear_bindings(st);
	return rc < 0 ? rc : sqlite3_changes(db->sql) > 0;
}

/* All of a list at one message: 1 when that changed something, 0, or a code. */
static int put_rows(struct gw_db *db, uint64_t mailbox, uint32_t uid, int64_t who, uint64_t modseq, const struct gw_annotation *v,
	size_t n, struct gw_err *err)
{
	bool changed = false, more[2] = { false, false }, less = false;
	int rc = 0;

	for (size_t i = 0; i < n; i++) {
		rc = put_row(db, mailbox, uid, who, modseq, &v[i], err);
		if (rc < 0)
			return rc;
		changed = changed || rc;
		more[v[i].shared] = more[v[i].shared] || (rc && v[i].value.p);
		less = less || (rc && !v[i].value.p);
	}
	rc = 0;
	if (more[0])
		rc = check_count(db, mailbox, uid, who, err);
	if (rc == 0 && more[1])
		rc = check_count(db, mailbox, uid, ANNOTATION_SHARED, err);
	if (rc == 0 && (more[0] || more[1]))
		rc = check_size(db, err);
	if (rc == 0 && less)
		rc = gw_db_step_i64(db, GW_SQL_ANNOTATION_FORGET, NULL, err, 3, (int64_t)mailbox, (int64_t)uid, (int64_t)FORGOTTEN);
	return rc < 0 ? rc : changed;
}

int annotation_add(struct gw_db *db, uint64_t mailbox, uint32_t uid, int64_t who, const struct gw_annotation *v, size_t n,
	struct gw_err *err)
{
	int rc = put_rows(db, mailbox, uid, who, 0, v, n, err);

	return rc < 0 ? rc : 0;
}

int annotation_any(struct gw_db *db, uint64_t mailbox, struct gw_err *err)
{
	return gw_db_step_i64(db, GW_SQL_ANNOTATION_ANY, NULL, err, 1, (int64_t)mailbox);
}

int annotation_copy(struct gw_db *db, uint64_t from, uint32_t from_uid, uint64_t to, uint32_t to_uid, int64_t who,
	struct gw_err *err)
{
	int rc = gw_db_step_i64(db, GW_SQL_ANNOTATION_COPY, NULL, err, 5, (int64_t)from, (int64_t)from_uid, (int64_t)to,
		(int64_t)to_uid, who);

	return rc < 0 ? rc : sqlite3_changes(db->sql) > 0 ? check_size(db, err) : 0;
}

int annotation_move(struct gw_db *db, uint64_t from, uint32_t from_uid, uint64_t to, uint32_t to_uid, int64_t who,
	struct gw_err *err)
{
	int rc = gw_db_step_i64(db, GW_SQL_ANNOTATION_MOVE, NULL, err, 5, (int64_t)from, (int64_t)from_uid, (int64_t)to,
		(int64_t)to_uid, who);

	return rc < 0 ? rc : 0;
}

int annotation_clone(struct gw_db *db, uint64_t from, uint32_t from_uid, int64_t who, struct gw_db *to_db, uint64_t to,
	uint32_t to_uid, int64_t to_who, struct gw_err *err)
{
	struct gw_annotation *v = NULL;
	struct gw_arena arena;
	size_t n = 0;
	int rc;

	gw_arena_init(&arena, 0, 0);
	rc = annotation_get(db, from, from_uid, who, &arena, &v, &n, err);
	if (rc == 0)
		rc = annotation_add(to_db, to, to_uid, to_who, v, n, err);
	gw_arena_done(&arena);
	return rc;
}

int annotation_remove(struct gw_db *db, uint64_t mailbox, const struct gw_set *gone, struct gw_err *err)
{
	int rc = annotation_any(db, mailbox, err);

	if (rc <= 0)
		return rc;
	for (size_t i = 0; i < gone->n && rc >= 0; i++)
		rc = gw_db_step_i64(db, GW_SQL_ANNOTATION_REMOVE, NULL, err, 3, (int64_t)mailbox, (int64_t)gone->r[i].lo,
			(int64_t)gone->r[i].hi);
	return rc < 0 ? rc : 0;
}

int annotation_remove_all(struct gw_db *db, uint64_t mailbox, struct gw_err *err)
{
	int rc = gw_db_step_i64(db, GW_SQL_ANNOTATION_REMOVE, NULL, err, 3, (int64_t)mailbox, (int64_t)0, (int64_t)UINT32_MAX);

	return rc < 0 ? rc : 0;
}

int annotation_get(struct gw_db *db, uint64_t mailbox, uint32_t uid, int64_t who, struct gw_arena *arena,
	struct gw_annotation **ret, size_t *ret_n, struct gw_err *err)
{
	struct gw_annotation *v = NULL;
	sqlite3_stmt *st = NULL;
	size_t n = 0;
	int rc = gw_db_step_i64(db, GW_SQL_ANNOTATION_OF, &st, err, 3, (int64_t)mailbox, (int64_t)uid, who);

	while (rc > 0 && n < (size_t)2 * GW_ANNOTATIONS_MAX) {
		if (!v)
			v = gw_arena_calloc(arena, (size_t)2 * GW_ANNOTATIONS_MAX, sizeof *v);
		v[n++] = (struct gw_annotation){ .name = gw_arena_dup(arena, column(st, 0)),
			.shared = sqlite3_column_int64(st, 1) == ANNOTATION_SHARED, .value = gw_arena_dup(arena, column(st, 2)) };
		rc = sqlite3_step(st);
		rc = rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "cannot be read", err);
	}
	if (st)
		sqlite3_reset(st);
	*ret = v;
	*ret_n = n;
	return rc < 0 ? rc : 0;
}

/* ---- the calls of store.h ---- */

struct annotating {
	struct gw_acct *acct;
	struct gw_db *db;
	const struct gw_annotation_change *change;
	uint64_t mailbox, modseq;
	int64_t who;
	struct gw_set *modified; /* may be NULL */
	struct delta delta;
	int rc;
	struct gw_err *err;
};

static enum edit annotate_one(void *ctx, struct gw_entry *e, int64_t *savedate)
{
	struct annotating *x = ctx;
	const struct gw_annotation_change *c = x->change;

	(void)savedate;
	if (x->rc == 0 && gw_acct_stopped(x->acct))
		x->rc = gw_fail(x->err, GW_EINTR, "interrupted");
	if (x->rc < 0)
		return EDIT_KEEP;
	if (c->conditional && e->modseq > c->unchanged_since) {
		if (x->modified)
			gw_set_add(x->modified, e->uid, e->uid);
		return EDIT_KEEP;
	}
	x->rc = put_rows(x->db, x->mailbox, e->uid, x->who, x->modseq, c->v, c->n, x->err);
	if (x->rc <= 0)
		return EDIT_KEEP;
	x->rc = 0;
	e->modseq = x->modseq;
	delta_add(&x->delta, e);
	return EDIT_CHANGED;
}

static int annotate(struct annotating *x, struct mailbox_row *row, const struct gw_set *uids, struct gw_err *err)
{
	uint64_t from = row->modseq;
	int rc;

	x->modseq = from + 1;
	delta_init(&x->delta);
	rc = list_edit(x->db, row->id, uids, annotate_one, x, err);
	if (rc == 0)
		rc = x->rc;
	if (rc == 0 && x->delta.n) {
		row->modseq = x->modseq;
		rc = db_mailbox_put(x->db, row, err);
		if (rc == 0)
			rc = gw_db_commit(x->db, GW_DB_DURABLE, err);
		if (rc == 0)
			delta_publish(&x->delta, x->db->acc, from, row);
	}
	delta_done(&x->delta);
	return rc;
}

/* RFC 5257 3.4: who may read has values of his own; `n` for those of everybody goes with the other rights to write. */
static int may_annotate(struct gw_acct *a, struct gw_mbox_id id, const struct gw_annotation_change *c, struct gw_err *err)
{
	bool shared = false;

	for (size_t i = 0; i < c->n; i++)
		shared = shared || c->v[i].shared;
	return view_may(a, id, shared ? GW_RIGHT_WRITE : GW_RIGHT_READ, err);
}

int view_annotate(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, const struct gw_annotation_change *change,
	struct gw_set *ret_modified, struct gw_err *err)
{
	struct annotating x = { .acct = a, .change = change, .mailbox = id.id, .modified = ret_modified, .err = err };
	struct mailbox_row row;
	int rc = may_annotate(a, id, change, err);

	if (rc == 0)
		rc = view_begin(a, id.space, VIEW_WRITE, &x.db, err);
	if (rc != 0)
		return rc;
	x.who = annotation_who(a, x.db);
	rc = db_mailbox_select(x.db, id.id, &row, err);
	if (rc == 0) {
		rc = annotate(&x, &row, uids, err);
		db_mailbox_done(&row);
	}
	gw_db_put(x.db);
	return rc;
}

/* Of one range of UIDs, behind what is there. */
static int since(struct gw_db *db, uint64_t mailbox, struct gw_range r, int64_t who, uint64_t modseq, struct gw_arena *arena,
	struct gw_annotated *v, size_t *n, struct gw_err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = gw_db_step_i64(db, GW_SQL_ANNOTATION_SINCE, &st, err, 5, (int64_t)mailbox, (int64_t)r.lo, (int64_t)r.hi, who,
		(int64_t)modseq);

	while (rc > 0 && *n < GW_ANNOTATED_MAX) {
		v[(*n)++] = (struct gw_annotated){ (uint32_t)sqlite3_column_int64(st, 0), gw_arena_dup(arena, column(st, 1)) };
		rc = sqlite3_step(st);
		rc = rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "cannot be read", err);
	}
	if (st)
		sqlite3_reset(st);
	return rc < 0 ? rc : 0;
}

int view_annotated(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, uint64_t modseq, struct gw_arena *arena,
	struct gw_annotated **ret, size_t *ret_n, struct gw_err *err)
{
	struct gw_annotated *v = NULL;
	struct gw_db *db = NULL;
	size_t n = 0;
	int rc = view_begin(a, id.space, VIEW_READ, &db, err);

	if (rc < 0)
		return rc;
	rc = annotation_any(db, id.id, err);
	if (rc > 0) {
		v = gw_arena_calloc(arena, GW_ANNOTATED_MAX, sizeof *v);
		rc = 0;
	}
	for (size_t i = 0; v && i < uids->n && rc == 0 && n < GW_ANNOTATED_MAX; i++)
		rc = since(db, id.id, uids->r[i], annotation_who(a, db), modseq, arena, v, &n, err);
	gw_db_put(db);
	*ret = v;
	*ret_n = n;
	return rc;
}

int view_annotation_size(struct gw_acct *a, uint64_t *ret, struct gw_err *err)
{
	struct gw_db *db = NULL;
	int rc = view_begin(a, 0, VIEW_READ, &db, err);

	if (rc < 0)
		return rc;
	rc = read_size(db, ret, err);
	gw_db_put(db);
	return rc;
}

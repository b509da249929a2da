/* metadata.c - annotations of mailboxes and of the account (RFC 5464)
 *
 * Private entries lie in the user's own database, also those of mailboxes elsewhere; shared ones in the database of
 * their mailbox. Both go with the mailbox when it is renamed, since they have its number, and when it is deleted. */
#include "store/account/acct.h"
#include "store/account/rights.h"
#include "store/account/tree.h"
#include "util/hash.h"

#include <string.h>

static bool is_shared(struct gw_slice name)
{
	return gw_slice_startsi(name, GW_S("/shared/"));
}

/* ---- reading ---- */

struct row {
	struct gw_mbox_id id;
	struct gw_slice name, value;
};

typedef void take_fn(void *ctx, const struct row *row);

static struct gw_slice column(sqlite3_stmt *st, int i)
{
	const char *p = sqlite3_column_blob(st, i);

	return gw_slice(p ? p : "", (size_t)sqlite3_column_bytes(st, i));
}

/* The rows of a database (in: its space), or those of one mailbox. Of one elsewhere only shared ones: the others are its owner's. */
static int read_rows(struct gw_acct *a, uint32_t in, const struct gw_mbox_id *at, take_fn *take, void *ctx, struct gw_err *err)
{
	sqlite3_stmt *st = NULL;
	struct gw_db *db = NULL;
	int rc = view_begin(a, in, VIEW_READ, &db, err);

	if (rc < 0)
		return rc;
	rc = at ? gw_db_step_i64(db, GW_SQL_METADATA_OF, &st, err, 2, (int64_t)at->space, (int64_t)at->id)
		: gw_db_step_i64(db, GW_SQL_METADATA_ALL, &st, err, 0);
	while (rc > 0) {
		struct row row = { { in ? in : (uint32_t)sqlite3_column_int64(st, 0), (uint64_t)sqlite3_column_int64(st, 1) },
			column(st, 2), column(st, 3) };

		if (!in || is_shared(row.name))
			take(ctx, &row);
		rc = sqlite3_step(st);
		rc = rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "cannot be read", err);
	}
	if (st)
		sqlite3_reset(st);
	gw_db_put(db);
	return rc;
}

/* A growing array in an arena. */
struct rows {
	struct gw_arena *arena;
	void *v;
	size_t n, cap;
};

static void *rows_add(struct rows *l, size_t size)
{
	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 16;
		char *v = gw_arena_calloc(l->arena, cap, size);

		if (l->n)
			memcpy(v, l->v, l->n * size);
		l->v = v;
		l->cap = cap;
	}
	return (char *)l->v + l->n++ * size;
}

static void take_entry(void *ctx, const struct row *row)
{
	struct rows *l = ctx;
	struct gw_metadata *m = rows_add(l, sizeof *m);

	*m = (struct gw_metadata){ gw_arena_dup(l->arena, row->name), gw_arena_dup(l->arena, row->value) };
}

int view_metadata_get(struct gw_acct *a, const struct gw_mbox_id *id, struct gw_arena *arena, struct gw_metadata **ret,
	size_t *ret_n, struct gw_err *err)
{
	const struct gw_mbox_id at = id ? *id : (struct gw_mbox_id){ 0, 0 }, there = { 0, at.id };
	struct rows l = { .arena = arena };
	int rc = id ? view_may(a, at, GW_RIGHT_READ, err) : 0;

	if (rc == 0)
		rc = read_rows(a, 0, &at, take_entry, &l, err);
	if (rc == 0 && at.space)
		rc = read_rows(a, at.space, &there, take_entry, &l, err);
	*ret = l.v;
	*ret_n = l.n;
	return rc;
}

static void take_mark(void *ctx, const struct row *row)
{
	static const struct gw_hash_key key; /* nobody gains by values that look alike */
	struct rows *l = ctx;
	struct gw_metadata_mark *m = rows_add(l, sizeof *m);

	*m = (struct gw_metadata_mark){ row->id, gw_arena_dup(l->arena, row->name), gw_hash(key, row->value) };
}

int view_metadata_marks(struct gw_acct *a, struct gw_arena *arena, struct gw_metadata_mark **ret, size_t *ret_n,
	struct gw_err *err)
{
	const struct view_acct *v = (const struct view_acct *)a;
	struct rows l = { .arena = arena };
	int rc = read_rows(a, 0, NULL, take_mark, &l, err);

	for (uint32_t i = 1; i <= v->n_spaces && rc == 0; i++)
		if (v->space[i - 1].acc)
			rc = read_rows(a, i, NULL, take_mark, &l, err);
	*ret = l.v;
	*ret_n = l.n;
	return rc;
}

/* ---- writing ---- */

/* Is what the database holds now too much? */
static int check_limits(struct gw_db *db, uint32_t space, uint64_t mailbox, struct gw_err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = gw_db_step_i64(db, GW_SQL_METADATA_COUNT, &st, err, 2, (int64_t)space, (int64_t)mailbox);
	uint64_t size = 0;
	int64_t count;

	if (rc < 0)
		return rc;
	count = sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	rc = db_metadata_size(db, &size, err);
	if (rc == 0 && (count > (int64_t)GW_METADATA_ENTRIES_MAX || size > GW_METADATA_ACCOUNT_MAX))
		rc = gw_fail(err, GW_ELIMIT, "there are too many annotations");
	return rc < 0 ? rc : db_quota_check_annotations(db, err);
}

int metadata_copy(struct gw_db *db, uint64_t from, uint64_t to, struct gw_err *err)
{
	int rc = gw_db_step_i64(db, GW_SQL_METADATA_COPY, NULL, err, 2, (int64_t)from, (int64_t)to);

	return rc < 0 ? rc : check_limits(db, 0, to, err);
}

static int put_row(struct gw_db *db, uint32_t space, uint64_t mailbox, const struct gw_metadata *m, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, m->value.p ? GW_SQL_METADATA_PUT : GW_SQL_METADATA_REMOVE, err);
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, space);
	sqlite3_bind_int64(st, 2, (int64_t)mailbox);
	sqlite3_bind_text(st, 3, m->name.p, (int)m->name.n, SQLITE_STATIC);
	if (m->value.p)
		sqlite3_bind_blob(st, 4, m->value.p, (int)m->value.n, SQLITE_STATIC);
	rc = db_run(db, st, err);
	sqlite3_clear_bindings(st);
	return rc;
}

/* An annotation counts as a change of its mailbox (RFC 7162 3.2). */
static int touch_mailbox(struct gw_db *db, uint64_t id, struct gw_err *err)
{
	struct mailbox_row row;
	int rc = db_mailbox_get(db, id, &row, err);

	if (rc != 0)
		return rc;
	row.modseq++;
	rc = db_mailbox_put(db, &row, err);
	db_mailbox_done(&row);
	return rc;
}

enum kinds { PRIVATE, SHARED, BOTH };

static bool is_of(const struct gw_metadata *m, enum kinds kinds)
{
	return kinds == BOTH || is_shared(m->name) == (kinds == SHARED);
}

/* Those of a kind, in a transaction that is open afterwards: *ret; NULL when there are none. */
static int put_kind(struct gw_acct *a, uint32_t in, struct gw_mbox_id at, const struct gw_metadata *v, size_t n, enum kinds kinds,
	struct gw_db **ret, struct gw_err *err)
{
	bool more = false;
	int rc = 0;

	*ret = NULL;
	for (size_t i = 0; i < n && rc == 0; i++) {
		if (!is_of(&v[i], kinds))
			continue;
		if (!*ret)
			rc = view_begin(a, in, VIEW_WRITE, ret, err);
		if (rc < 0) {
			*ret = NULL;
			return rc;
		}
		more = more || v[i].value.p;
		rc = put_row(*ret, at.space, at.id, &v[i], err);
	}
	if (rc == 0 && *ret && !at.space && at.id) /* the mailbox is in this database */
		rc = touch_mailbox(*ret, at.id, err);
	return rc == 0 && more ? check_limits(*ret, at.space, at.id, err) : rc;
}

static int commit_both(struct gw_db *shared, struct gw_db *private, struct gw_err *err)
{
	int rc = shared ? gw_db_commit(shared, GW_DB_DURABLE, err) : 0;

	return rc == 0 && private ? gw_db_commit(private, GW_DB_DURABLE, err) : rc;
}

static int may_set(struct gw_acct *a, const struct gw_mbox_id *id, const struct gw_metadata *v, size_t n, struct gw_err *err)
{
	struct gw_mailbox mb;
	bool shared = false;
	int rc = 0;

	for (size_t i = 0; i < n; i++)
		shared = shared || is_shared(v[i].name);
	if (!id)
		return shared ? gw_fail(err, GW_EACCES, "the administrator sets these") : 0;
	rc = view_status(a, *id, &mb, err);
	return rc == 0 ? view_may(a, *id, shared ? GW_RIGHT_WRITE : GW_RIGHT_READ, err) : rc;
}

/* In one transaction, or in two when they are of both kinds and the mailbox is not the user's own. */
int view_metadata_set(struct gw_acct *a, const struct gw_mbox_id *id, const struct gw_metadata *v, size_t n, struct gw_err *err)
{
	struct gw_mbox_id at = id ? *id : (struct gw_mbox_id){ 0, 0 };
	struct gw_db *shared = NULL, *private = NULL;
	int rc = may_set(a, id, v, n, err);

	if (rc == 0 && at.space)
		rc = put_kind(a, at.space, (struct gw_mbox_id){ 0, at.id }, v, n, SHARED, &shared, err);
	if (rc == 0)
		rc = put_kind(a, 0, at, v, n, at.space ? PRIVATE : BOTH, &private, err);
	if (rc == 0)
		rc = commit_both(shared, private, err);
	if (private)
		gw_db_put(private);
	if (shared)
		gw_db_put(shared);
	return rc;
}

/* ---- special uses (RFC 6154 4) ---- */

/* No mailbox has any of these any more. */
static int take_special(struct gw_db *db, unsigned special, struct gw_err *err)
{
	for (;;) {
		struct mailbox_row row;
		sqlite3_stmt *st;
		uint64_t id;
		int rc = gw_db_step_i64(db, GW_SQL_MAILBOX_SPECIAL, &st, err, 1, (int64_t)special);

		if (rc <= 0)
			return rc;
		id = (uint64_t)sqlite3_column_int64(st, 0);
		sqlite3_reset(st);
		rc = touch_mailbox(db, id, err);
		if (rc == 0)
			rc = db_mailbox_get(db, id, &row, err);
		if (rc != 0)
			return rc;
		rc = tree_put_attrs(db, id, row.attrs & ~special, err);
		db_mailbox_done(&row);
		if (rc < 0)
			return rc;
	}
}

static int give_special(struct gw_db *db, uint64_t id, unsigned special, struct gw_err *err)
{
	struct account_row acct;
	struct mailbox_row row;
	unsigned attrs;
	int rc = db_mailbox_get(db, id, &row, err);

	if (rc < 0)
		return rc;
	attrs = row.attrs & ~(unsigned)GW_MBOX_SPECIAL;
	if (special && attrs & GW_MBOX_NOSELECT)
		rc = gw_fail(err, GW_EINVAL, "a name without messages has no special use");
	db_mailbox_done(&row);
	if (rc == 0 && special)
		rc = take_special(db, special, err);
	if (rc == 0)
		rc = touch_mailbox(db, id, err);
	if (rc == 0)
		rc = tree_put_attrs(db, id, attrs | special, err);
	if (rc == 0)
		rc = db_account_get(db, &acct, err);
	if (rc != 0)
		return rc;
	acct.structure++;
	return db_account_put(db, &acct, err);
}

int view_set_special(struct gw_acct *a, struct gw_mbox_id id, unsigned special, struct gw_err *err)
{
	struct gw_db *db;
	int rc;

	if (id.space)
		return gw_fail(err, GW_EACCES, "the administrator sets the special uses of public folders");
	rc = tree_may_use(special, err);
	if (rc < 0)
		return rc;
	rc = view_begin(a, 0, VIEW_WRITE, &db, err);
	if (rc < 0)
		return rc;
	rc = give_special(db, id.id, special, err);
	if (rc == 0)
		rc = gw_db_commit(db, GW_DB_DURABLE, err);
	gw_db_put(db);
	return rc;
}

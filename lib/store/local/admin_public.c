/* admin_public.c - public folders as an operator keeps them (see admin.h, account/rights.h) */
#include "store/local/admin.h"

#include <stdlib.h>

#include "store/account/rights.h"
#include "util/buf.h"
#include "util/mem.h"

static int public_name(const struct local_store *ls, struct gw_err *err)
{
	return ls->public_account ? 0 : gw_fail(err, GW_ENOTSUP, "the option public_account names no account for public folders");
}

int gw_admin_public_open(struct gw_store *s, bool make, struct gw_acct **ret, struct gw_err *err)
{
	const struct gw_user_password none = { .plain = { NULL, 0 } };
	struct local_store *ls;
	int rc = admin_store(s, &ls, err);

	if (rc == 0)
		rc = public_name(ls, err);
	if (rc < 0)
		return rc;
	rc = gw_admin_open(s, gw_slice_str(ls->public_account), ret, err);
	if (rc != GW_ENOENT || !make)
		return rc == GW_ENOENT ? gw_fail(err, GW_ENOENT, "there are no public folders yet") : rc;
	rc = gw_admin_user_add(s, gw_slice_str(ls->public_account), &none, err);
	if (rc < 0 && rc != GW_EEXIST)
		return rc;
	return gw_admin_open(s, gw_slice_str(ls->public_account), ret, err);
}

/* Numbers of the folder and of the user. */
static int find(struct gw_store *s, struct gw_acct *a, struct gw_slice name, struct gw_slice who, uint64_t *mailbox,
	uint64_t *user, struct gw_err *err)
{
	struct local_user u = { .id = RIGHTS_EVERYBODY };
	struct gw_mailbox m = { .id = { 0, RIGHTS_ROOT } };
	struct gw_arena arena;
	int rc = 0;

	gw_arena_init(&arena, 0, 0);
	if (name.n)
		rc = gw_acct_find(a, &arena, name, &m, err);
	if (rc == 0 && who.n)
		rc = admin_find(gw_local_store(s), who, &u, err);
	gw_arena_done(&arena);
	*mailbox = m.id.id;
	*user = u.id;
	return rc;
}

/* rights negative: the row goes. */
static int put(struct gw_store *s, struct gw_slice name, struct gw_slice who, int rights, struct gw_err *err)
{
	uint64_t mailbox, user;
	struct gw_acct *a;
	struct gw_db *db;
	int rc = gw_admin_public_open(s, false, &a, err);

	if (rc < 0)
		return rc;
	rc = find(s, a, name, who, &mailbox, &user, err);
	if (rc == 0)
		rc = view_begin(a, 0, VIEW_WRITE, &db, err);
	if (rc == 0) {
		rc = rights_put(db, mailbox, user, rights, err);
		if (rc == 0 && sqlite3_changes(gw_db_sql(db)) == 0)
			rc = gw_fail(err, GW_ENOENT, "no rights were given to %s there", who.n ? "this user" : "everybody");
		if (rc == 0)
			rc = gw_db_commit(db, GW_DB_DURABLE, err);
		gw_db_put(db);
	}
	gw_acct_close(a);
	return rc;
}

int gw_admin_public_grant(struct gw_store *s, struct gw_slice name, struct gw_slice who, unsigned rights,
	struct gw_err *err)
{
	return put(s, name, who, (int)(rights & (GW_RIGHT_READ | GW_RIGHT_WRITE | GW_RIGHT_DELETE)), err);
}

int gw_admin_public_revoke(struct gw_store *s, struct gw_slice name, struct gw_slice who, struct gw_err *err)
{
	return put(s, name, who, -1, err);
}

/* One row of the table; false: its account is gone. */
static bool fill(struct local_store *ls, struct gw_arena *arena, sqlite3_stmt *st, struct gw_public_right *ret)
{
	uint64_t id = (uint64_t)sqlite3_column_int64(st, 0);
	struct local_user u = { .name = "" };

	if (id != RIGHTS_EVERYBODY && local_accounts_by_id(ls->accounts, id, &u, NULL) < 0)
		return false;
	*ret = (struct gw_public_right){ gw_arena_str(arena, gw_slice_str(u.name)), (unsigned)sqlite3_column_int(st, 1) };
	return true;
}

static int list(struct local_store *ls, struct gw_db *db, uint64_t mailbox, struct gw_arena *arena, struct gw_buf *rows,
	struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(db, GW_SQL_RIGHTS_LIST, &st, err, 1, (int64_t)mailbox);

	while (rc > 0) {
		struct gw_public_right right;

		if (fill(ls, arena, st, &right))
			gw_buf_add(rows, &right, sizeof right);
		rc = sqlite3_step(st);
		rc = rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "cannot be read", err);
	}
	return rc;
}

int gw_admin_public_rights(struct gw_store *s, struct gw_arena *arena, struct gw_slice name,
	struct gw_public_right **ret, size_t *ret_n, struct gw_err *err)
{
	uint64_t mailbox, user;
	struct gw_buf rows;
	struct gw_acct *a;
	struct gw_db *db;
	int rc = gw_admin_public_open(s, false, &a, err);

	if (rc < 0)
		return rc;
	gw_buf_init(&rows, 0);
	rc = find(s, a, name, gw_slice(NULL, 0), &mailbox, &user, err);
	if (rc == 0)
		rc = view_begin(a, 0, VIEW_PLAIN, &db, err);
	if (rc == 0) {
		rc = list(gw_local_store(s), db, mailbox, arena, &rows, err);
		gw_db_put(db);
	}
	if (rc == 0) {
		*ret_n = rows.n / sizeof **ret;
		*ret = gw_arena_calloc(arena, *ret_n + 1, sizeof **ret);
		if (rows.n)
			memcpy(*ret, rows.p, rows.n);
	}
	gw_buf_done(&rows);
	gw_acct_close(a);
	return rc;
}

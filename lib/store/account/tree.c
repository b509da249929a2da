/* tree.c - CREATE, DELETE, RENAME, SUBSCRIBE
 *
 * The names of an account are a table of full paths; a parent is a row of its own, so hierarchy is a matter
 * of prefixes. The names of public folders are changed by the public account only; what others may do in
 * them say rights (rights.h). */
#include "store/account/tree.h"

#include "store/account/annotate.h"

#include <stdio.h>

#include "store/account/acct.h"

/* Outside his own tree the user changes no names here. */
int tree_may_change(struct gw_acct *a, struct gw_slice name, struct gw_err *err)
{
	struct gw_slice rest;
	uint32_t space;

	if (!view_locate((const struct view_acct *)a, name, &space, &rest))
		return gw_fail(err, GW_EACCES, "names of other users are changed by them");
	if (space)
		return gw_fail(err, GW_EACCES, "public folders are changed by the administrator");
	return 0;
}

/* 1, 0 or a code. */
static int exists(struct gw_db *db, struct gw_slice name, struct mailbox_row *ret, struct gw_err *err)
{
	int rc = db_mailbox_named(db, name, ret, err);

	return rc == GW_ENOENT ? 0 : rc < 0 ? rc : 1;
}

int tree_add(struct gw_db *db, struct account_row *acct, struct gw_slice name, unsigned attrs, uint64_t *ret,
	struct gw_err *err)
{
	uint64_t now = (uint64_t)gw_wall_s(db->acc->env->opt.clock);
	uint64_t uidvalidity = acct->next_uidvalidity > now ? acct->next_uidvalidity : now;
	sqlite3_stmt *st;
	int rc = db_quota_check_mailbox(db, err);

	if (rc < 0)
		return rc;
	if (acct->next_mailbox > INT32_MAX || uidvalidity > UINT32_MAX)
		return gw_fail(err, GW_ELIMIT, "the account has used up its mailbox numbers");
	st = gw_db_stmt(db, GW_SQL_MAILBOX_NEW, err);
	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, (int64_t)acct->next_mailbox);
	sqlite3_bind_int64(st, 2, (int64_t)uidvalidity);
	sqlite3_bind_int64(st, 3, attrs);
	sqlite3_bind_text(st, 4, name.p, (int)name.n, SQLITE_STATIC);
	rc = sqlite3_step(st);
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	if ((rc & 0xFF) == SQLITE_CONSTRAINT)
		return gw_fail(err, GW_EEXIST, "the mailbox exists already");
	if (rc != SQLITE_DONE)
		return gw_db_fail(db, rc, "cannot be written", err);
	*ret = acct->next_mailbox++;
	acct->next_uidvalidity = uidvalidity + 1;
	acct->structure++;
	return 0;
}

int tree_subscribe(struct gw_db *db, struct gw_slice name, bool on, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, on ? GW_SQL_SUBSCRIPTION_ADD : GW_SQL_SUBSCRIPTION_REMOVE, err);
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_text(st, 1, name.p, (int)name.n, SQLITE_STATIC);
	rc = db_run(db, st, err);
	sqlite3_clear_bindings(st);
	return rc;
}

/* Make the missing parents of name. */
static int add_parents(struct gw_db *db, struct account_row *acct, struct gw_slice name, struct gw_err *err)
{
	uint64_t id;

	for (size_t i = 0; i < name.n; i++) {
		struct mailbox_row row;
		int rc;

		if (name.p[i] != '/')
			continue;
		rc = exists(db, gw_slice(name.p, i), &row, err);
		if (rc > 0)
			db_mailbox_done(&row);
		else if (rc == 0)
			rc = tree_add(db, acct, gw_slice(name.p, i), 0, &id, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int tree_may_use(unsigned special, struct gw_err *err)
{
	if (special & GW_MBOX_SHOWS)
		return gw_fail(err, GW_EINVAL, "no mailbox shows the messages of others");
	return 0;
}

/* A special use belongs to one mailbox: take it from the one that has it? No: RFC 6154 3 lets the server refuse. */
static int special_free(struct gw_db *db, unsigned special, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = special ? gw_db_step_i64(db, GW_SQL_MAILBOX_SPECIAL, &st, err, 1, (int64_t)special) : 0;

	if (rc > 0) {
		sqlite3_reset(st);
		return gw_fail(err, GW_EINVAL, "another mailbox has this special use");
	}
	return rc;
}

int tree_put_name(struct gw_db *db, uint64_t id, struct gw_slice name, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_MAILBOX_NAME, err);
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, (int64_t)id);
	sqlite3_bind_text(st, 2, name.p, (int)name.n, SQLITE_STATIC);
	rc = db_run(db, st, err);
	sqlite3_clear_bindings(st);
	return rc;
}

int tree_put_attrs(struct gw_db *db, uint64_t id, unsigned attrs, struct gw_err *err)
{
	int rc = gw_db_step_i64(db, GW_SQL_MAILBOX_ATTRS, NULL, err, 2, (int64_t)id, (int64_t)attrs);

	return rc < 0 ? rc : 0;
}

/* Creating a \Noselect name makes a mailbox of it. */
int tree_create(struct gw_db *db, struct account_row *acct, struct gw_slice name, unsigned special, uint64_t *ret,
	struct gw_err *err)
{
	struct mailbox_row row;
	int rc = special_free(db, special, err);

	if (rc == 0)
		rc = exists(db, name, &row, err);
	if (rc < 0)
		return rc;
	if (rc == 0) {
		rc = add_parents(db, acct, name, err);
		return rc < 0 ? rc : tree_add(db, acct, name, special, ret, err);
	}
	db_mailbox_done(&row);
	if (!(row.attrs & GW_MBOX_NOSELECT))
		return gw_fail(err, GW_EEXIST, "the mailbox exists already");
	*ret = row.id;
	acct->structure++;
	return tree_put_attrs(db, row.id, special, err);
}

int view_create(struct gw_acct *a, struct gw_slice name, unsigned special, struct gw_mbox_id *ret, struct gw_err *err)
{
	struct account_row acct;
	struct gw_db *db;
	uint64_t id = 0;
	int rc = tree_may_change(a, name, err);

	if (rc == 0)
		rc = tree_may_use(special, err);
	if (rc == 0)
		rc = view_begin(a, 0, VIEW_WRITE, &db, err);
	if (rc < 0)
		return rc;
	rc = db_account_get(db, &acct, err);
	if (rc == 0)
		rc = tree_create(db, &acct, name, special, &id, err);
	if (rc == 0)
		rc = db_account_put(db, &acct, err);
	if (rc == 0)
		rc = gw_db_commit(db, GW_DB_DURABLE, err);
	gw_db_put(db);
	if (rc == 0 && ret)
		*ret = (struct gw_mbox_id){ 0, id };
	return rc;
}

/* ---- delete ---- */

/* All contents of the mailbox lose a reference; its rows go. */
static int remove_messages(struct gw_db *db, uint64_t mailbox, struct gw_err *err)
{
	struct gw_chunk *c = gw_xalloc(sizeof *c);
	int64_t lo = gw_chunk_id(mailbox, 0), hi = gw_chunk_id(mailbox, UINT32_MAX);
	struct gw_buf contents;
	uint64_t prev = 0;
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(db, GW_SQL_CHUNK_SCAN, &st, err, 2, lo, hi);

	gw_buf_init(&contents, 0);
	while (rc > 0) {
		rc = chunk_of_row(db, st, c, err);
		if (rc < 0)
			break;
		for (uint32_t i = 0; i < c->n; i++)
			gw_content_pack(&contents, &prev, c->e[i].content);
		rc = sqlite3_step(st);
		rc = rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "cannot be read", err);
	}
	if (db->stmt[GW_SQL_CHUNK_SCAN])
		sqlite3_reset(db->stmt[GW_SQL_CHUNK_SCAN]);
	if (rc == 0 && contents.n)
		rc = pending_add(db, mailbox, -1, gw_buf_slice(&contents), err);
	if (rc >= 0)
		rc = gw_db_step_i64(db, GW_SQL_CHUNK_REMOVE_ALL, NULL, err, 2, lo, hi);
	if (rc >= 0)
		rc = gw_db_step_i64(db, GW_SQL_EXPUNGED_REMOVE_ALL, NULL, err, 1, (int64_t)mailbox);
	if (rc >= 0)
		rc = gw_db_step_i64(
			db, GW_SQL_UIDL_REMOVE, NULL, err, 3, (int64_t)mailbox, (int64_t)0, (int64_t)UINT32_MAX);
	if (rc >= 0)
		rc = annotation_remove_all(db, mailbox, err);
	gw_buf_done(&contents);
	free(c);
	return rc < 0 ? rc : 0;
}

/* 1 when other mailboxes lie below. */
static int has_children(struct gw_db *db, struct gw_slice name, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_MAILBOX_BELOW, err);
	char lo[GW_MAILBOX_NAME_MAX + 2], hi[GW_MAILBOX_NAME_MAX + 2];
	int rc;

	if (!st)
		return GW_EIO;
	snprintf(lo, sizeof lo, "%.*s/", GW_FMT(name));
	snprintf(hi, sizeof hi, "%.*s0", GW_FMT(name)); /* '0' follows '/' */
	sqlite3_bind_text(st, 1, lo, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, hi, -1, SQLITE_STATIC);
	rc = sqlite3_step(st);
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "cannot be read", err);
}

static int remove_mailbox(
	struct gw_db *db, struct account_row *acct, struct gw_slice name, struct mailbox_row *row, struct gw_err *err)
{
	int children = has_children(db, name, err), rc;
	uint64_t id;

	if (children < 0)
		return children;
	if (children && row->attrs & GW_MBOX_NOSELECT)
		return gw_fail(err, GW_EINVAL, "other mailboxes lie below this name");
	rc = remove_messages(db, row->id, err);
	if (rc == 0)
		rc = gw_db_step_i64(db, GW_SQL_MAILBOX_REMOVE, NULL, err, 1, (int64_t)row->id);
	if (rc >= 0)
		rc = gw_db_step_i64(db, GW_SQL_METADATA_REMOVE_ALL, NULL, err, 1, (int64_t)row->id);
	acct->messages -= row->messages;
	acct->size -= row->size;
	acct->structure++;
	/* The name stays for its children, under a new number: who had the old one selected sees it vanish. */
	if (rc >= 0 && children)
		rc = tree_add(db, acct, name, GW_MBOX_NOSELECT, &id, err);
	/* What rights said for those below goes on. */
	if (rc >= 0)
		rc = children ? gw_db_step_i64(db, GW_SQL_RIGHTS_MOVE, NULL, err, 2, (int64_t)row->id, (int64_t)id)
			      : gw_db_step_i64(db, GW_SQL_RIGHTS_REMOVE_ALL, NULL, err, 1, (int64_t)row->id);
	return rc < 0 ? rc : 0;
}

int view_remove(struct gw_acct *a, struct gw_slice name, struct gw_err *err)
{
	struct account_row acct;
	struct mailbox_row row;
	struct gw_db *db;
	int rc = tree_may_change(a, name, err);

	if (rc == 0 && gw_slice_eq(name, GW_S("INBOX")))
		rc = gw_fail(err, GW_EACCES, "INBOX cannot be deleted");
	if (rc == 0)
		rc = view_begin(a, 0, VIEW_WRITE, &db, err);
	if (rc < 0)
		return rc;
	rc = db_mailbox_named(db, name, &row, err);
	if (rc == 0) {
		rc = db_account_get(db, &acct, err);
		if (rc == 0)
			rc = remove_mailbox(db, &acct, name, &row, err);
		if (rc == 0)
			rc = db_account_put(db, &acct, err);
		if (rc == 0)
			rc = gw_db_commit(db, GW_DB_DURABLE, err);
		if (rc == 0)
			db_cache_drop(db->acc, row.id);
		db_mailbox_done(&row);
	}
	gw_db_put(db);
	return rc;
}

/* ---- rename ---- */

struct below {
	uint64_t id;
	struct gw_slice name;
};

/* The mailboxes below name, in an arena: they are renamed while the statement is not running. */
static int list_below(struct gw_db *db, struct gw_arena *arena, struct gw_slice name, struct below **ret, size_t *ret_n,
	struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_MAILBOX_BELOW, err);
	struct below *v = NULL;
	size_t n = 0, cap = 0;
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_text(st, 1, gw_arena_printf(arena, "%.*s/", GW_FMT(name)), -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, gw_arena_printf(arena, "%.*s0", GW_FMT(name)), -1, SQLITE_STATIC);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		const char *p = (const char *)sqlite3_column_text(st, 1);

		if (n == cap) {
			struct below *more = gw_arena_calloc(arena, cap ? cap * 2 : 16, sizeof *more);

			if (n)
				memcpy(more, v, n * sizeof *v);
			v = more;
			cap = cap ? cap * 2 : 16;
		}
		v[n].id = (uint64_t)sqlite3_column_int64(st, 0);
		v[n++].name = gw_arena_dup(arena, gw_slice(p, (size_t)sqlite3_column_bytes(st, 1)));
	}
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	*ret = v;
	*ret_n = n;
	return rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "cannot be read", err);
}

static int rename_tree(struct gw_db *db, struct gw_arena *arena, struct mailbox_row *row, struct gw_slice from,
	struct gw_slice to, struct gw_err *err)
{
	struct below *v = NULL;
	size_t n = 0;
	int rc = list_below(db, arena, from, &v, &n, err);

	if (rc == 0)
		rc = tree_put_name(db, row->id, to, err);
	for (size_t i = 0; i < n && rc == 0; i++) {
		const char *name = gw_arena_printf(
			arena, "%.*s%.*s", GW_FMT(to), (int)(v[i].name.n - from.n), v[i].name.p + from.n);

		rc = gw_mailbox_name_check(gw_slice_str(name), err);
		if (rc == 0)
			rc = tree_put_name(db, v[i].id, gw_slice_str(name), err);
	}
	return rc;
}

/* INBOX stays; what is in it moves (RFC 3501 6.3.5). */
static int rename_inbox(
	struct gw_db *db, struct account_row *acct, struct mailbox_row *inbox, struct gw_slice to, struct gw_err *err)
{
	struct mailbox_row target;
	uint64_t id;
	int rc = tree_add(db, acct, to, 0, &id, err);

	if (rc == 0)
		rc = db_mailbox_get(db, id, &target, err);
	if (rc < 0)
		return rc;
	rc = move_all(db, inbox, &target, err);
	if (rc == 0)
		rc = metadata_copy(db, inbox->id, id, err); /* RFC 5464 4.1 */
	db_mailbox_done(&target);
	return rc;
}

static int rename_row(struct gw_db *db, struct gw_arena *arena, struct mailbox_row *row, struct gw_slice from,
	struct gw_slice to, struct gw_err *err)
{
	struct account_row acct;
	struct mailbox_row other;
	int rc = exists(db, to, &other, err);

	if (rc > 0) {
		db_mailbox_done(&other);
		rc = gw_fail(err, GW_EEXIST, "the mailbox exists already");
	}
	if (rc == 0)
		rc = db_account_get(db, &acct, err);
	if (rc == 0)
		rc = add_parents(db, &acct, to, err);
	if (rc < 0)
		return rc;
	acct.structure++;
	if (gw_slice_eq(from, GW_S("INBOX")))
		rc = rename_inbox(db, &acct, row, to, err);
	else
		rc = rename_tree(db, arena, row, from, to, err);
	return rc < 0 ? rc : db_account_put(db, &acct, err);
}

static bool lies_below(struct gw_slice name, struct gw_slice parent)
{
	return name.n > parent.n && name.p[parent.n] == '/' && gw_slice_eq(gw_slice(name.p, parent.n), parent);
}

int view_rename(struct gw_acct *a, struct gw_slice from, struct gw_slice to, struct gw_err *err)
{
	struct mailbox_row row;
	struct gw_arena arena;
	struct gw_db *db;
	int rc = tree_may_change(a, from, err);

	if (rc == 0)
		rc = tree_may_change(a, to, err);
	if (rc == 0 && lies_below(to, from) && !gw_slice_eq(from, GW_S("INBOX")))
		rc = gw_fail(err, GW_EINVAL, "a mailbox cannot move below itself");
	if (rc == 0)
		rc = view_begin(a, 0, VIEW_WRITE, &db, err);
	if (rc < 0)
		return rc;
	gw_arena_init(&arena, 0, 0);
	rc = db_mailbox_named(db, from, &row, err);
	if (rc == 0) {
		rc = rename_row(db, &arena, &row, from, to, err);
		if (rc == 0)
			rc = gw_db_commit(db, GW_DB_DURABLE, err);
		db_mailbox_done(&row);
	}
	gw_arena_done(&arena);
	gw_db_put(db);
	return rc;
}

int view_subscribe_in(struct gw_acct *a, uint32_t space, struct gw_slice name, bool on, struct gw_err *err)
{
	uint64_t max;
	struct gw_db *db;
	sqlite3_stmt *st;
	int rc = view_begin(a, space, VIEW_WRITE, &db, err);

	if (rc < 0)
		return rc;
	max = db->acc->env->opt.limits.account.mailboxes;
	if (on && max) {
		rc = gw_db_step_i64(db, GW_SQL_SUBSCRIPTION_COUNT, &st, err, 0);
		if (rc > 0) {
			if (sqlite3_column_int64(st, 0) >= (int64_t)(max * 2))
				rc = gw_fail(err, GW_ELIMIT, "too many subscriptions");
			sqlite3_reset(st);
		}
	}
	if (rc >= 0)
		rc = tree_subscribe(db, name, on, err);
	if (rc == 0 && sqlite3_changes(db->sql) > 0)
		rc = gw_db_commit(db, GW_DB_DURABLE, err);
	gw_db_put(db);
	return rc < 0 ? rc : 0;
}

/* Without the account's or the public folders' help: a subscription is the user's own list of names. */
int view_subscribe(struct gw_acct *a, struct gw_slice name, bool on, struct gw_err *err)
{
	return view_subscribe_in(a, 0, name, on, err);
}

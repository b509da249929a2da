/* names.c - LIST, and looking a mailbox up by its name */
#include "store/account/acct.h"
#include "store/account/rights.h"

#include "util/hash.h"
#include "util/num.h"

#include <stdio.h>

void view_object_id(char ret[24], char kind, uint64_t id)
{
	unsigned char bytes[8];

	for (int i = 7; i >= 0; i--, id >>= 8)
		bytes[i] = (unsigned char)id;
	ret[0] = kind;
	gw_put_hex(ret + 1, bytes, sizeof bytes);
}

void view_shared_id(const struct gw_db_account *acc, struct gw_slice id, char *ret, size_t size)
{
	if (id.n + 19 <= size)
		snprintf(ret, size, "A%016llx-%.*s", (unsigned long long)gw_db_account_id(acc), GW_FMT(id));
	else
		snprintf(ret, size, "%.*s", GW_FMT(id));
}

/* The storage server's id of a mailbox, when it has one. */
static int remote_id(struct gw_db *db, bool shared, uint64_t mailbox, char *ret, size_t size, struct gw_err *err)
{
	sqlite3_stmt *st;
	size_t n;
	int rc = gw_db_step_i64(db, GW_SQL_REMOTE_MAILBOX_GET, &st, err, 1, (int64_t)mailbox);

	if (rc <= 0)
		return rc;
	n = (size_t)sqlite3_column_bytes(st, 5);
	if (n && n < size && shared) {
		view_shared_id(db->acc, gw_slice((const char *)sqlite3_column_text(st, 5), n), ret, size);
	} else if (n && n < size) {
		memcpy(ret, sqlite3_column_text(st, 5), n);
		ret[n] = '\0';
	}
	sqlite3_reset(st);
	return 0;
}

int view_fill(struct gw_db *db, struct gw_mbox_id id, const struct mailbox_row *row, struct gw_mailbox *ret,
	struct gw_err *err)
{
	struct gw_hash_key key = { db->key[0], db->key[1] };
	uint64_t number[2] = { row->id, row->uidvalidity };

	ret->id = id;
	ret->attrs |= row->attrs;
	ret->uidvalidity = (uint32_t)row->uidvalidity;
	ret->uidnext = (uint32_t)row->uidnext;
	ret->messages = (uint32_t)row->messages;
	ret->unseen = (uint32_t)row->unseen;
	ret->deleted = (uint32_t)row->deleted;
	ret->size = row->size;
	ret->deleted_size = row->deleted_size;
	ret->modseq = row->modseq;
	ret->recent = 0;
	view_object_id(ret->mailboxid, 'F', gw_hash(key, gw_slice((const char *)number, sizeof number)));
	if (db->acc->env->opt.mirror) {
		int rc = remote_id(db, id.space > 0, row->id, ret->mailboxid, sizeof ret->mailboxid, err);

		if (rc < 0)
			return rc;
	}
	if (row->recent >= row->uidnext)
		return 0;
	return list_count_from(db, row->id, (uint32_t)row->recent, &ret->recent, err);
}

/* ---- the list ---- */

struct listing {
	struct gw_arena *arena;
	struct gw_mailbox *v;
	size_t n, cap;
};

static struct gw_mailbox *add(struct listing *l, struct gw_slice name)
{
	struct gw_mailbox *m;

	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 32;

		m = gw_arena_calloc(l->arena, cap, sizeof *m);
		if (l->n)
			memcpy(m, l->v, l->n * sizeof *m);
		l->v = m;
		l->cap = cap;
	}
	m = &l->v[l->n++];
	m->name = name;
	return m;
}

/* INBOX first, then by bytes. */
static int order(struct gw_slice a, struct gw_slice b)
{
	bool ia = gw_slice_eq(a, GW_S("INBOX")), ib = gw_slice_eq(b, GW_S("INBOX"));

	if (ia || ib)
		return (int)ib - (int)ia;
	return gw_slice_cmp(a, b);
}

/* Of one name the entry that exists comes first. */
static int compare(const void *pa, const void *pb)
{
	const struct gw_mailbox *a = pa, *b = pb;
	int c = order(a->name, b->name);

	return c ? c : (int)(a->attrs & GW_MBOX_NONEXISTENT) - (int)(b->attrs & GW_MBOX_NONEXISTENT);
}

static void sort(struct listing *l)
{
	size_t n = 0;

	if (l->n)
		qsort(l->v, l->n, sizeof *l->v, compare);
	for (size_t i = 0; i < l->n; i++) {
		if (n && gw_slice_eq(l->v[n - 1].name, l->v[i].name)) {
			l->v[n - 1].attrs |= l->v[i].attrs & GW_MBOX_SUBSCRIBED;
			continue;
		}
		l->v[n++] = l->v[i];
	}
	l->n = n;
}

static struct gw_mailbox *lookup(struct listing *l, struct gw_slice name)
{
	size_t lo = 0, hi = l->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = order(l->v[mid].name, name);

		if (c == 0)
			return &l->v[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static struct gw_slice parent_of(struct gw_slice name)
{
	while (name.n && name.p[--name.n] != '/')
		;
	return name;
}

/* Names that exist only as a prefix of others. The list must be sorted, and is afterwards. */
static void add_parents(struct listing *l)
{
	size_t n = l->n;

	for (size_t i = 0; i < n; i++)
		for (struct gw_slice p = parent_of(l->v[i].name);
			p.n && !lookup(&(struct listing){ .v = l->v, .n = n }, p); p = parent_of(p))
			add(l, p)->attrs = GW_MBOX_NONEXISTENT;
	if (l->n > n)
		sort(l);
}

static void mark_parents(struct listing *l)
{
	for (size_t i = 0; i < l->n; i++) {
		struct gw_slice p = l->v[i].name;

		if (l->v[i].attrs & GW_MBOX_NONEXISTENT)
			continue;
		while ((p = parent_of(p)).n) {
			struct gw_mailbox *m = lookup(l, p);

			if (!m || m->attrs & GW_MBOX_CHILDREN)
				break;
			m->attrs |= GW_MBOX_CHILDREN;
		}
	}
}

static int step_row(struct gw_db *db, sqlite3_stmt *st, struct gw_err *err)
{
	int rc = sqlite3_step(st);

	return rc == SQLITE_ROW	   ? 1
	       : rc == SQLITE_DONE ? 0
				   : gw_db_fail(db, rc, "cannot read the list of mailboxes", err);
}

static struct gw_slice text_of(sqlite3_stmt *st, int column)
{
	const char *p = (const char *)sqlite3_column_text(st, column);

	return gw_slice(p ? p : "", (size_t)sqlite3_column_bytes(st, column));
}

/* What of the public account is its own and not everybody's. */
static bool hidden(const struct gw_acct *a, uint32_t space, struct gw_slice name, unsigned attrs)
{
	return view_attrs(a, space) & GW_MBOX_PUBLIC && (gw_slice_eq(name, GW_S("INBOX")) || attrs & GW_MBOX_SPECIAL);
}

/* The name a mailbox of a space is shown by; n 0: it would be too long to be used. */
static struct gw_slice shown_name(const struct gw_acct *a, uint32_t space, struct gw_arena *arena, struct gw_slice name)
{
	const struct view_acct *v = (const struct view_acct *)a;
	const char *root;

	if (!space)
		return gw_arena_dup(arena, name);
	root = v->space[space - 1].root;
	if (strlen(root) + 1 + name.n > GW_MAILBOX_NAME_MAX)
		return GW_S("");
	return gw_slice_str(gw_arena_printf(arena, "%s/%.*s", root, GW_FMT(name)));
}

/* Fill *ret but for its name. GW_ENOENT: nothing for this user to see. */
static int fill_shown(struct gw_acct *a, struct gw_db *db, uint32_t space, struct gw_slice name, const struct mailbox_row *row,
	struct gw_mailbox *ret, struct gw_err *err)
{
	struct gw_mbox_id id = { space, row->id };
	int rc;

	if (hidden(a, space, name, row->attrs))
		return gw_fail(err, GW_ENOENT, "no such mailbox");
	ret->attrs = view_attrs(a, space);
	rc = view_rights(a, db, id, &ret->attrs, err);
	if (rc == 0)
		rc = view_fill(db, id, row, ret, err);
	if (ret->attrs & GW_MBOX_OTHER) /* it is the other's Sent, not this user's (RFC 6154 2) */
		ret->attrs &= ~(unsigned)GW_MBOX_SPECIAL;
	return rc;
}

static int list_space(struct gw_acct *a, uint32_t space, struct listing *l, struct gw_err *err)
{
	struct mailbox_row row;
	struct gw_db *db;
	sqlite3_stmt *st;
	int rc = view_begin(a, space, VIEW_READ, &db, err);

	if (rc < 0)
		return rc;
	st = gw_db_stmt(db, GW_SQL_MAILBOX_LIST, err);
	rc = st ? 0 : GW_EIO;
	while (rc == 0 && (rc = step_row(db, st, err)) > 0) {
		struct gw_slice name = text_of(st, 13), shown = shown_name(a, space, l->arena, name);
		struct gw_mailbox m = { .name = shown };

		db_mailbox_columns(st, &row);
		rc = shown.n ? fill_shown(a, db, space, name, &row, &m, err) : GW_ENOENT;
		if (rc == 0)
			*add(l, shown) = m;
		else if (rc == GW_ENOENT)
			rc = 0;
		db_mailbox_done(&row);
	}
	if (st)
		sqlite3_reset(st);
	gw_db_put(db);
	return rc;
}

/* Names on another server are not told together with those that are here (RFC 2193 3). */
static bool is_away(const struct gw_acct *a, struct gw_slice name)
{
	const struct view_acct *v = (const struct view_acct *)a;
	struct gw_slice rest;
	uint32_t space = 0;

	return view_locate(v, name, &space, &rest) && space && v->space[space - 1].server && !v->space[space - 1].acc;
}

/* The user's subscriptions are in his own database; those of other users' mailboxes that a storage server keeps, in theirs. */
static int list_subscriptions(struct gw_acct *a, uint32_t space, struct listing *l, struct gw_err *err)
{
	struct gw_db *db;
	sqlite3_stmt *st;
	int rc = view_begin(a, space, VIEW_PLAIN, &db, err);

	if (rc < 0)
		return rc;
	st = gw_db_stmt(db, GW_SQL_SUBSCRIPTION_LIST, err);
	rc = st ? 1 : GW_EIO;
	while (rc > 0 && (rc = step_row(db, st, err)) > 0) {
		struct gw_slice name = shown_name(a, space, l->arena, text_of(st, 0));

		if (name.n && !is_away(a, name))
			add(l, name)->attrs = GW_MBOX_SUBSCRIBED | GW_MBOX_NONEXISTENT;
	}
	if (st)
		sqlite3_reset(st);
	gw_db_put(db);
	return rc;
}

/* A space that is not the user's own, with the names above it. */
static int list_shared(struct gw_acct *a, uint32_t space, struct listing *l, struct gw_err *err)
{
	const struct view_acct *v = (const struct view_acct *)a;
	unsigned attrs = view_attrs(a, space);
	int rc;

	add(l, gw_arena_dup(l->arena, gw_slice_str(v->space[space - 1].root)))->attrs = GW_MBOX_NOSELECT | attrs;
	if (attrs & GW_MBOX_OTHER)
		add(l, GW_S(GW_OTHER_ROOT))->attrs = GW_MBOX_NOSELECT | attrs;
	rc = list_space(a, space, l, err);
	return rc == 0 && attrs & GW_MBOX_OTHER ? list_subscriptions(a, space, l, err) : rc;
}

int view_list(struct gw_acct *a, struct gw_arena *arena, struct gw_mailbox **ret, size_t *ret_n, struct gw_err *err)
{
	const struct view_acct *v = (const struct view_acct *)a;
	struct listing l = { .arena = arena };
	int rc = list_space(a, 0, &l, err);

	for (uint32_t i = 1; i <= v->n_spaces && rc == 0; i++)
		if (v->space[i - 1].acc)
			rc = list_shared(a, i, &l, err);
	if (rc == 0)
		rc = list_subscriptions(a, 0, &l, err);
	if (rc < 0)
		return rc;
	sort(&l);
	add_parents(&l);
	mark_parents(&l);
	*ret = l.v;
	*ret_n = l.n;
	return 0;
}

/* The names that are here of what is elsewhere are read as if it were not. */
int view_list_remote(struct gw_acct *a, struct gw_arena *arena, struct gw_mailbox **ret, size_t *ret_n, struct gw_err *err)
{
	struct view_acct *v = (struct view_acct *)a;
	int rc;

	for (uint32_t i = 0; i < v->n_spaces; i++)
		if (v->space[i].server)
			v->space[i].acc = v->space[i].names;
	rc = view_list(a, arena, ret, ret_n, err);
	for (uint32_t i = 0; i < v->n_spaces; i++)
		if (v->space[i].server)
			v->space[i].acc = NULL;
	return rc;
}

/* ---- one name ---- */

/* 1 when the statement, given a name, finds a row. */
static int ask(struct gw_db *db, enum gw_sql which, struct gw_slice lo, struct gw_slice hi, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, which, err);
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_text(st, 1, lo.p, (int)lo.n, SQLITE_STATIC);
	if (hi.n)
		sqlite3_bind_text(st, 2, hi.p, (int)hi.n, SQLITE_STATIC);
	rc = step_row(db, st, err);
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return rc;
}

static int children_bit(struct gw_db *db, struct gw_slice name, unsigned *attrs, struct gw_err *err)
{
	char lo[GW_MAILBOX_NAME_MAX + 1], hi[GW_MAILBOX_NAME_MAX + 1];
	int rc;

	memcpy(lo, name.p, name.n);
	memcpy(hi, name.p, name.n);
	lo[name.n] = '/';
	hi[name.n] = '0'; /* follows '/' */
	rc = ask(db, GW_SQL_MAILBOX_BELOW, gw_slice(lo, name.n + 1), gw_slice(hi, name.n + 1), err);
	if (rc > 0)
		*attrs |= GW_MBOX_CHILDREN;
	return rc < 0 ? rc : 0;
}

static int find_in(struct gw_acct *a, uint32_t space, struct gw_slice name, struct gw_mailbox *ret, struct gw_err *err)
{
	struct mailbox_row row;
	struct gw_db *db;
	int rc = view_begin(a, space, VIEW_READ, &db, err);

	if (rc < 0)
		return rc;
	rc = db_mailbox_named(db, name, &row, err);
	if (rc == 0) {
		rc = fill_shown(a, db, space, name, &row, ret, err);
		if (rc == 0)
			rc = children_bit(db, name, &ret->attrs, err);
		db_mailbox_done(&row);
	}
	gw_db_put(db);
	return rc;
}

static int subscribed_bit(struct gw_acct *a, uint32_t space, struct gw_slice name, unsigned *attrs, struct gw_err *err)
{
	struct gw_db *db;
	int rc = view_begin(a, space, VIEW_PLAIN, &db, err);

	if (rc < 0)
		return rc;
	rc = ask(db, GW_SQL_SUBSCRIPTION_HAS, name, GW_S(""), err);
	if (rc > 0)
		*attrs |= GW_MBOX_SUBSCRIBED;
	gw_db_put(db);
	return rc < 0 ? rc : 0;
}

int view_find(
	struct gw_acct *a, struct gw_arena *arena, struct gw_slice name, struct gw_mailbox *ret, struct gw_err *err)
{
	const struct view_acct *v = (const struct view_acct *)a;
	struct gw_mailbox m = { .name = name };
	struct gw_slice inner;
	uint32_t space = 0;
	bool located = view_locate(v, name, &space, &inner);
	int rc = 0;

	if (!located && gw_slice_eq(name, GW_S(GW_OTHER_ROOT)))
		m.attrs = GW_MBOX_NOSELECT | GW_MBOX_OTHER | GW_MBOX_CHILDREN;
	else if (!located || view_remote(a, name))
		rc = gw_fail(err, GW_ENOENT, "no such mailbox");
	else if (space && !inner.n)
		m.attrs = GW_MBOX_NOSELECT | view_attrs(a, space) | GW_MBOX_CHILDREN;
	else
		rc = find_in(a, space, inner, &m, err);
	if (rc == 0)
		rc = subscribed_bit(a, 0, name, &m.attrs, err);
	if (rc == 0 && m.attrs & GW_MBOX_OTHER && located && inner.n)
		rc = subscribed_bit(a, space, inner, &m.attrs, err);
	if (rc < 0)
		return rc;
	m.name = gw_arena_dup(arena, name);
	*ret = m;
	return 0;
}

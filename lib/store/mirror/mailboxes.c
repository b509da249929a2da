/* mailboxes.c - the server's tree of mailboxes
 *
 * It is told whole. Mailboxes that have gone leave first, then those with other names take them - by way of names that nobody has,
 * since two may have changed places -, then new ones come. */
#include "store/mirror/priv.h"

#include "store/account/tree.h"
#include "store/jmap/tree.h"

#define RIGHTS_TO_CHANGE (JMAP_ADD | JMAP_REMOVE | JMAP_SEEN | JMAP_KEYWORDS)

/* A mailbox as it is here. */
struct known {
	uint64_t mailbox;
	struct gw_slice id, name;
	enum jmap_role role;
	unsigned attrs;
	bool subscribed;
	const struct jmap_mailbox *v; /* as it is there; NULL: gone */
	struct gw_slice path;
};

struct sync {
	struct mirror_tx *tx;
	struct gw_arena arena;
	const struct jmap_mailbox *v;
	size_t n;
	struct gw_slice *paths; /* of v */
	bool *met;              /* of v: it is known */
	size_t *by_id;          /* places in v, in the order of ids */
	struct known *known;
	size_t n_known;
};

static unsigned attrs_of(const struct jmap_mailbox *v)
{
	static const unsigned special[] = {
		[JMAP_ALL] = GW_MBOX_ALL, [JMAP_ARCHIVE] = GW_MBOX_ARCHIVE, [JMAP_DRAFTS] = GW_MBOX_DRAFTS,
		[JMAP_FLAGGED] = GW_MBOX_FLAGGED, [JMAP_IMPORTANT] = GW_MBOX_IMPORTANT, [JMAP_JUNK] = GW_MBOX_JUNK,
		[JMAP_SENT] = GW_MBOX_SENT, [JMAP_TRASH] = GW_MBOX_TRASH,
	};
	unsigned attrs = special[v->role];

	if (!(v->rights & JMAP_READ))
		attrs |= GW_MBOX_NOSELECT;
	if (!(v->rights & RIGHTS_TO_CHANGE))
		attrs |= GW_MBOX_READONLY;
	return attrs;
}

/* ---- what is there and what is here ---- */

static int by_id(const void *a, const void *b, void *ctx)
{
	const struct jmap_mailbox *v = ctx;

	return gw_slice_cmp(v[*(const size_t *)a].id, v[*(const size_t *)b].id);
}

static int sort_ids(struct sync *s, struct gw_err *err)
{
	s->by_id = gw_arena_calloc(&s->arena, s->n + 1, sizeof *s->by_id);
	s->met = gw_arena_calloc(&s->arena, s->n + 1, sizeof *s->met);
	for (size_t i = 0; i < s->n; i++)
		s->by_id[i] = i;
	if (s->n)
		qsort_r(s->by_id, s->n, sizeof *s->by_id, by_id, (void *)s->v);
	for (size_t i = 1; i < s->n; i++)
		if (gw_slice_eq(s->v[s->by_id[i]].id, s->v[s->by_id[i - 1]].id))
			return gw_fail(err, GW_ECORRUPT, "the server lists mailbox %.*s twice", GW_FMT(s->v[s->by_id[i]].id));
	return 0;
}

/* Its place in v, or n. */
static size_t find_id(const struct sync *s, struct gw_slice id)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = gw_slice_cmp(s->v[s->by_id[mid]].id, id);

		if (c == 0)
			return s->by_id[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return s->n;
}

static struct known *add_known(struct sync *s, size_t *cap)
{
	if (s->n_known == *cap) {
		struct known *more = gw_arena_calloc(&s->arena, *cap ? *cap * 2 : 32, sizeof *more);

		if (s->n_known)
			memcpy(more, s->known, s->n_known * sizeof *more);
		s->known = more;
		*cap = *cap ? *cap * 2 : 32;
	}
	return &s->known[s->n_known++];
}

static void meet(struct sync *s, struct known *k)
{
	size_t at = find_id(s, k->id);

	if (at == s->n)
		return;
	k->v = &s->v[at];
	k->path = s->paths[at];
	s->met[at] = true;
}

static int read_known(struct sync *s, struct gw_err *err)
{
	struct gw_db *db = s->tx->db;
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_REMOTE_MAILBOX_LIST, err);
	size_t cap = 0;
	int rc;

	if (!st)
		return GW_EIO;
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		struct known *k = add_known(s, &cap);

		k->mailbox = (uint64_t)sqlite3_column_int64(st, 0);
		k->role = (enum jmap_role)sqlite3_column_int(st, 2);
		k->id = gw_arena_dup(&s->arena, text_of(st, 5));
		k->name = gw_arena_dup(&s->arena, text_of(st, 6));
		k->attrs = (unsigned)sqlite3_column_int64(st, 8);
		k->subscribed = sqlite3_column_int(st, 9) != 0;
		meet(s, k);
	}
	sqlite3_reset(st);
	return rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "cannot read the list of mailboxes", err);
}

/* An outage must not look like an account that was emptied. */
static int plausible(const struct sync *s, struct gw_err *err)
{
	bool had = false, has = false;

	for (size_t i = 0; i < s->n_known; i++)
		had |= s->known[i].role == JMAP_INBOX;
	for (size_t i = 0; i < s->n; i++)
		has |= s->v[i].role == JMAP_INBOX;
	if (s->n == 0)
		return gw_fail(err, GW_ECORRUPT, "the server lists no mailbox at all: its answer is not believed");
	if (had && !has)
		return gw_fail(err, GW_ECORRUPT,
			"the server lists %zu mailboxes and no inbox, but there were %zu with one: its answer is not believed",
			s->n, s->n_known);
	return 0;
}

/* ---- going ---- */

static enum edit collect(void *ctx, struct gw_entry *e, int64_t *savedate)
{
	const uint64_t one[2] = { e->content, e->uid };

	(void)savedate;
	gw_buf_add(ctx, one, sizeof one);
	return EDIT_KEEP;
}

/* The messages of the mailbox lose their place in it. */
static int remove_places(struct mirror_tx *tx, uint64_t mailbox, struct gw_err *err)
{
	const uint64_t *v;
	struct gw_buf rows;
	int rc;

	gw_buf_init(&rows, 0);
	rc = list_edit(tx->db, mailbox, NULL, collect, &rows, err);
	v = (const uint64_t *)(const void *)rows.p;
	for (size_t i = 0; i < rows.n / sizeof *v && rc == 0; i += 2) {
		rc = gw_db_step_i64(
			tx->db, GW_SQL_PLACE_REMOVE, NULL, err, 3, (int64_t)v[i], (int64_t)mailbox, (int64_t)v[i + 1]);
		if (rc >= 0)
			rc = facts_forget_unplaced(tx, v[i], err);
	}
	gw_buf_done(&rows);
	return rc;
}

static int remove_box(struct mirror_tx *tx, uint64_t mailbox, struct gw_err *err)
{
	int64_t lo = gw_chunk_id(mailbox, 0), hi = gw_chunk_id(mailbox, UINT32_MAX);
	struct tx_box *box;
	int rc = box_numbered(tx, mailbox, &box, err);

	if (rc == 0)
		rc = box_load(tx, box, err);
	if (rc == 0)
		rc = rows_flush(tx, box, err);
	if (rc < 0)
		return rc;
	tx->acct.messages -= box->row.messages;
	tx->acct.size -= box->row.size;
	box->removed = true;
	rc = remove_places(tx, mailbox, err);
	if (rc >= 0)
		rc = gw_db_step_i64(tx->db, GW_SQL_CHUNK_REMOVE_ALL, NULL, err, 2, lo, hi);
	if (rc >= 0)
		rc = gw_db_step_i64(tx->db, GW_SQL_EXPUNGED_REMOVE_ALL, NULL, err, 1, (int64_t)mailbox);
	if (rc >= 0)
		rc = gw_db_step_i64(tx->db, GW_SQL_REMOTE_MAILBOX_REMOVE, NULL, err, 1, (int64_t)mailbox);
	if (rc >= 0)
		rc = gw_db_step_i64(tx->db, GW_SQL_MAILBOX_REMOVE, NULL, err, 1, (int64_t)mailbox);
	return rc < 0 ? rc : 0;
}

static void changed(struct mirror_tx *tx)
{
	tx->acct.structure++;
	tx->acct_changed = tx->changed = true;
}

static int remove_gone(struct sync *s, struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < s->n_known && rc == 0; i++) {
		if (s->known[i].v)
			continue;
		changed(s->tx);
		rc = remove_box(s->tx, s->known[i].mailbox, err);
	}
	return rc;
}

/* ---- staying ---- */

static int subscribe(struct sync *s, struct gw_slice name, bool on, struct gw_err *err)
{
	changed(s->tx);
	return tree_subscribe(s->tx->db, name, on, err);
}

static bool renamed(const struct known *k)
{
	return k->v && !gw_slice_eq(k->name, k->path);
}

/* A subscription goes with its mailbox. */
static int rename_all(struct sync *s, struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < s->n_known && rc == 0; i++) {
		struct known *k = &s->known[i];
		const char *none;

		if (!renamed(k))
			continue;
		changed(s->tx);
		none = gw_arena_printf(&s->arena, "\x01%llu", (unsigned long long)k->mailbox);
		rc = tree_put_name(s->tx->db, k->mailbox, gw_slice_str(none), err);
		if (rc == 0 && k->subscribed)
			rc = subscribe(s, k->name, false, err);
		k->subscribed = false;
	}
	for (size_t i = 0; i < s->n_known && rc == 0; i++)
		if (renamed(&s->known[i]))
			rc = tree_put_name(s->tx->db, s->known[i].mailbox, s->known[i].path, err);
	return rc;
}

static int put_facts(struct sync *s, uint64_t mailbox, const struct jmap_mailbox *v, struct gw_err *err)
{
	struct tx_box *box;
	int rc = box_numbered(s->tx, mailbox, &box, err);

	if (rc == 0 && (box->rights != v->rights || box->role != v->role)) {
		box->rights = v->rights;
		box->role = v->role;
		box->put = true;
	}
	return rc;
}

static int renew_all(struct sync *s, struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < s->n_known && rc == 0; i++) {
		const struct known *k = &s->known[i];

		if (!k->v)
			continue;
		rc = put_facts(s, k->mailbox, k->v, err);
		if (rc == 0 && k->attrs != attrs_of(k->v)) {
			changed(s->tx);
			rc = tree_put_attrs(s->tx->db, k->mailbox, attrs_of(k->v), err);
		}
		if (rc == 0 && k->subscribed != k->v->subscribed)
			rc = subscribe(s, k->path, k->v->subscribed, err);
	}
	return rc;
}

/* ---- coming ---- */

static int add_one(struct sync *s, const struct jmap_mailbox *v, struct gw_slice path, struct gw_err *err)
{
	sqlite3_stmt *st;
	uint64_t mailbox = 0;
	int rc = tree_add(s->tx->db, &s->tx->acct, path, attrs_of(v), &mailbox, err);

	if (rc == 0)
		rc = subscribe(s, path, v->subscribed, err);
	if (rc < 0)
		return rc;
	st = gw_db_stmt(s->tx->db, GW_SQL_REMOTE_MAILBOX_NEW, err);
	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, (int64_t)mailbox);
	sqlite3_bind_int64(st, 2, v->rights);
	sqlite3_bind_int64(st, 3, v->role);
	bind_text(st, 4, v->id);
	rc = db_run(s->tx->db, st, err);
	sqlite3_clear_bindings(st);
	return rc;
}

static int add_new(struct sync *s, struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < s->n && rc == 0; i++)
		if (!s->met[i])
			rc = add_one(s, &s->v[i], s->paths[i], err);
	return rc;
}

static int apply(struct sync *s, struct gw_err *err)
{
	int rc = remove_gone(s, err);

	if (rc == 0)
		rc = rename_all(s, err);
	if (rc == 0)
		rc = renew_all(s, err);
	if (rc == 0)
		rc = add_new(s, err);
	if (rc == 0)
		rc = gw_db_step_i64(s->tx->db, GW_SQL_REMOTE_NEW, NULL, err, 0);
	if (rc == 0)
		rc = gw_db_step_i64(s->tx->db, GW_SQL_REMOTE_LISTED, NULL, err, 0);
	s->tx->wrote = true;
	s->tx->broken |= rc < 0;
	return rc;
}

int mirror_tx_mailboxes(struct mirror_tx *tx, const struct jmap_mailbox *v, size_t n, struct gw_err *err)
{
	struct sync s = { .tx = tx, .v = v, .n = n };
	int rc;

	gw_arena_init(&s.arena, 0, 0);
	s.paths = gw_arena_calloc(&s.arena, n + 1, sizeof *s.paths);
	jmap_tree_paths(v, n, &s.arena, s.paths);
	rc = sort_ids(&s, err);
	if (rc == 0)
		rc = read_known(&s, err);
	if (rc == 0)
		rc = plausible(&s, err);
	if (rc == 0)
		rc = apply(&s, err);
	gw_arena_done(&s.arena);
	return rc;
}

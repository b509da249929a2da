/* list.c - the whole list of a mailbox, brought in by parts and then declared complete */
#include "store/mirror/priv.h"

static int has_place(struct mirror_tx *tx, uint64_t content, uint64_t mailbox, struct gw_err *err)
{
	return gw_db_step_i64(tx->db, GW_SQL_PLACE_IN, NULL, err, 2, (int64_t)content, (int64_t)mailbox);
}

/* A message that has rows already, here or elsewhere: they get its flags. */
static int known_email(
	struct mirror_tx *tx, const struct jmap_email *v, struct facts *f, bool flags, struct gw_err *err)
{
	struct place *places = NULL;
	size_t n = 0;
	int rc = 0;

	if (v->blob.n) {
		f->blob = v->blob;
		f->thread = v->thread;
	}
	rc = facts_put(tx, f, err);
	if (rc == 0 && flags)
		rc = facts_places(tx, f->content, &places, &n, err);
	for (size_t i = 0; i < n && rc == 0; i++) {
		struct tx_box *box;

		rc = box_numbered(tx, places[i].mailbox, &box, err);
		if (rc == 0)
			rc = row_flags(tx, box, f, places[i].uid, err);
	}
	return rc;
}

/* What is known of the message afterwards, whether or not it was known before. */
static int learn(struct mirror_tx *tx, struct tx_box *box, const struct jmap_email *v, struct facts *f, struct gw_err *err)
{
	struct facts old;
	bool same;
	int known = facts_find(tx->db, v->id, &tx->scratch, &old, err), rc = known < 0 ? known : 0;

	if (known > 0 && !facts_same(v, &old)) {
		rc = facts_remove(tx, old.content, err);
		known = 0;
	}
	if (rc < 0)
		return rc;
	facts_of(tx, v, f);
	if (v->mailboxes)
		rc = facts_mailboxes(tx, v->mailboxes, v->n_mailboxes, &f->mailboxes, err);
	else if (known)
		f->mailboxes = old.mailboxes;
	if (rc < 0)
		return rc;
	f->mailboxes = facts_numbers(&tx->scratch, f->mailboxes, box->mailbox, true);
	if (!known)
		return facts_add(tx, f, err);
	f->content = old.content;
	same = gw_slice_eq(old.keywords, f->keywords);
	if (same && gw_slice_eq(old.mailboxes, f->mailboxes) && gw_slice_eq(old.blob, f->blob) &&
		gw_slice_eq(old.thread, f->thread))
		return 0;
	return known_email(tx, v, f, !same, err);
}

int mirror_tx_list(
	struct mirror_tx *tx, uint64_t mailbox, const struct jmap_email *v, size_t n, struct gw_err *err)
{
	struct tx_box *box;
	int rc = box_numbered(tx, mailbox, &box, err);

	for (size_t i = 0; i < n && rc == 0; i++) {
		struct facts f;

		if (!v[i].blob.n)
			return gw_fail(err, GW_EINVAL, "message %.*s: a list is made of all facts", GW_FMT(v[i].id));
		gw_arena_reset(&tx->scratch);
		rc = learn(tx, box, &v[i], &f, err);
		if (rc == 0)
			rc = has_place(tx, f.content, mailbox, err);
		if (rc == 0)
			rc = row_add(tx, box, &f, false, NULL, err);
		else if (rc > 0)
			rc = 0;
	}
	return rc;
}

/* ---- complete ---- */

struct row {
	uint64_t content;
	uint32_t uid;
};

static enum edit collect(void *ctx, struct gw_entry *e, int64_t *savedate)
{
	const struct row r = { e->content, e->uid };

	(void)savedate;
	gw_buf_add(ctx, &r, sizeof r);
	return EDIT_KEEP;
}

static int by_content(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Contents of the ids, ascending, each once. */
static int contents_of(
	struct gw_db *db, const struct gw_slice *ids, size_t n, uint64_t *v, size_t *ret_n, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_REMOTE_EMAIL_CONTENT, err);
	size_t kept = 0;
	int rc = st ? SQLITE_ROW : SQLITE_ERROR;

	for (size_t i = 0; i < n && rc == SQLITE_ROW; i++) {
		bind_text(st, 1, ids[i]);
		rc = sqlite3_step(st);
		if (rc == SQLITE_ROW)
			v[i] = (uint64_t)sqlite3_column_int64(st, 0);
		sqlite3_reset(st);
	}
	if (st)
		sqlite3_clear_bindings(st);
	if (rc == SQLITE_DONE)
		return gw_fail(err, GW_EBUG, "a list is to be complete, but of one of its messages nothing was told");
	if (rc != SQLITE_ROW)
		return gw_db_fail(db, rc, "cannot read a message", err);
	if (n)
		qsort(v, n, sizeof *v, by_content);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || v[i] != v[kept - 1])
			v[kept++] = v[i];
	*ret_n = kept;
	return 0;
}

/* The place of content in v, or n. */
static size_t find(const uint64_t *v, size_t n, uint64_t content)
{
	const uint64_t *at = n ? bsearch(&content, v, n, sizeof *v, by_content) : NULL;

	return at ? (size_t)(at - v) : n;
}

/* The server does not have the message in this mailbox any more. */
static int vanish(struct mirror_tx *tx, struct tx_box *box, const struct row *r, struct gw_err *err)
{
	struct facts f = { .content = 0 };
	int rc = row_remove(tx, box, r->content, r->uid, err);

	gw_arena_reset(&tx->scratch);
	if (rc == 0)
		rc = facts_get(tx->db, r->content, &tx->scratch, &f, err);
	if (rc > 0) {
		f.mailboxes = facts_numbers(&tx->scratch, f.mailboxes, box->mailbox, false);
		rc = facts_put(tx, &f, err);
	}
	return rc < 0 ? rc : facts_forget_unplaced(tx, r->content, err);
}

static int compare(struct mirror_tx *tx, struct tx_box *box, const uint64_t *contents, size_t n, struct gw_err *err)
{
	bool *met = gw_xcalloc(n + 1, sizeof *met);
	size_t missing = n;
	struct gw_buf rows;
	int rc;

	gw_buf_init(&rows, 0);
	rc = list_edit(tx->db, box->mailbox, NULL, collect, &rows, err);
	for (size_t i = 0; i < rows.n / sizeof(struct row) && rc == 0; i++) {
		const struct row *r = (const struct row *)(const void *)rows.p + i;
		size_t at = find(contents, n, r->content);

		if (at == n)
			rc = vanish(tx, box, r, err);
		else
			missing -= !met[at];
		met[at] = true;
	}
	if (rc == 0 && missing)
		rc = gw_fail(err, GW_EBUG, "a list is to be complete, but %zu of its messages have no row", missing);
	free(met);
	gw_buf_done(&rows);
	return rc;
}

int mirror_tx_complete(
	struct mirror_tx *tx, uint64_t mailbox, const struct gw_slice *ids, size_t n, struct gw_err *err)
{
	uint64_t *contents;
	struct tx_box *box;
	int rc = box_numbered(tx, mailbox, &box, err);

	if (rc == 0)
		rc = box_load(tx, box, err);
	if (rc == 0)
		rc = rows_flush(tx, box, err);
	if (rc < 0)
		return rc;
	contents = gw_xcalloc(n + 1, sizeof *contents);
	rc = contents_of(tx->db, ids, n, contents, &n, err);
	if (rc == 0)
		rc = compare(tx, box, contents, n, err);
	free(contents);
	if (rc == 0 && !box->complete) {
		box->complete = true;
		box->put = true;
	}
	return rc;
}


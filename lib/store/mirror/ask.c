/* ask.c - questions about the picture, each of one moment */
#include "store/mirror/priv.h"

/* A handle with a read transaction; gw_db_put() ends it. */
static int begin(struct gw_db_account *acc, struct gw_db **ret, struct gw_err *err)
{
	int rc = gw_db_get(acc, ret, err);

	if (rc < 0)
		return rc;
	rc = gw_db_begin_read(*ret, err);
	if (rc < 0)
		gw_db_put(*ret);
	return rc;
}

/* ---- mailboxes ---- */

static void read_mailbox(sqlite3_stmt *st, struct gw_arena *arena, struct mirror_mailbox *ret)
{
	uint64_t copies = (uint64_t)sqlite3_column_int64(st, 4), rows = (uint64_t)sqlite3_column_int64(st, 7);

	*ret = (struct mirror_mailbox){
		.mailbox = (uint64_t)sqlite3_column_int64(st, 0),
		.rights = (unsigned)sqlite3_column_int64(st, 1),
		.role = (enum jmap_role)sqlite3_column_int(st, 2),
		.complete = sqlite3_column_int(st, 3) != 0,
		.messages = rows > copies ? rows - copies : 0,
		.id = gw_arena_dup(arena, text_of(st, 5)),
		.name = gw_arena_dup(arena, text_of(st, 6)),
	};
}

int mirror_mailbox(
	struct gw_db_account *acc, uint64_t mailbox, struct gw_arena *arena, struct mirror_mailbox *ret, struct gw_err *err)
{
	struct gw_db *db;
	sqlite3_stmt *st;
	int rc = gw_db_get(acc, &db, err);

	if (rc < 0)
		return rc;
	rc = gw_db_step_i64(db, GW_SQL_REMOTE_MAILBOX_ONE, &st, err, 1, (int64_t)mailbox);
	if (rc > 0) {
		read_mailbox(st, arena, ret);
		sqlite3_reset(st);
	}
	gw_db_put(db);
	return rc > 0 ? 0 : rc < 0 ? rc : gw_fail(err, GW_ENOENT, "no such mailbox");
}

static int count_mailboxes(struct gw_db *db, size_t *ret, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(db, GW_SQL_MAILBOX_COUNT, &st, err, 0);

	if (rc <= 0)
		return rc;
	*ret = (size_t)sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	return 0;
}

static int list_mailboxes(
	struct gw_db *db, struct gw_arena *arena, struct mirror_mailbox **ret, size_t *ret_n, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_REMOTE_MAILBOX_LIST, err);
	struct mirror_mailbox *v;
	size_t max = 0, n = 0;
	int rc = st ? count_mailboxes(db, &max, err) : GW_EIO;

	if (rc < 0)
		return rc;
	v = gw_arena_calloc(arena, max + 1, sizeof *v);
	rc = SQLITE_ROW;
	while (n < max && (rc = sqlite3_step(st)) == SQLITE_ROW)
		read_mailbox(st, arena, &v[n++]);
	sqlite3_reset(st);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return gw_db_fail(db, rc, "cannot read the list of mailboxes", err);
	*ret = v;
	*ret_n = n;
	return 0;
}

int mirror_mailboxes(struct gw_db_account *acc, struct gw_arena *arena, struct mirror_mailbox **ret, size_t *ret_n,
	struct gw_err *err)
{
	struct gw_db *db;
	int rc = begin(acc, &db, err);

	if (rc < 0)
		return rc;
	rc = list_mailboxes(db, arena, ret, ret_n, err);
	gw_db_put(db);
	return rc;
}

/* ---- messages ---- */

struct asking {
	struct gw_arena *arena;
	struct mirror_message *v;
	size_t n, cap;
};

static enum edit collect(void *ctx, struct gw_entry *e, int64_t *savedate)
{
	struct asking *a = ctx;

	(void)savedate;
	if (a->n == a->cap) {
		struct mirror_message *more = gw_arena_calloc(a->arena, a->cap ? a->cap * 2 : 16, sizeof *more);

		if (a->n)
			memcpy(more, a->v, a->n * sizeof *more);
		a->v = more;
		a->cap = a->cap ? a->cap * 2 : 16;
	}
	a->v[a->n++] = (struct mirror_message){
		.uid = e->uid, .content = e->content, .flags = e->flags, .modseq = e->modseq, .size = e->size
	};
	return EDIT_KEEP;
}

/* How many of the mailboxes are others, and there. */
static unsigned count_others(struct gw_slice mailboxes, uint64_t mailbox, const struct mirror_mailbox *known, size_t n)
{
	unsigned others = 0;
	uint64_t number;

	while (facts_number(&mailboxes, &number)) {
		bool there = number == 0;

		for (size_t i = 0; i < n && !there; i++)
			there = known[i].mailbox == number;
		others += there && number != mailbox;
	}
	return others;
}

static int describe(struct gw_db *db, uint64_t mailbox, struct asking *a, const struct mirror_mailbox *known, size_t n,
	struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < a->n && rc == 0; i++) {
		struct mirror_message *m = &a->v[i];
		struct facts f = { .content = 0 };
		sqlite3_stmt *st;

		rc = facts_get(db, m->content, a->arena, &f, err);
		if (rc == 0)
			return gw_fail(err, GW_ECORRUPT, "%s: nothing is known of message %llu",
				gw_db_account_path(db->acc), (unsigned long long)m->content);
		m->id = f.id;
		m->blob = f.blob;
		m->keywords = f.keywords;
		m->size = f.size;
		m->others = count_others(f.mailboxes, mailbox, known, n);
		if (rc > 0)
			rc = gw_db_step_i64(db, GW_SQL_PLACE_COUNT, &st, err, 2, (int64_t)m->content, (int64_t)mailbox);
		if (rc > 0) {
			m->copies = (unsigned)sqlite3_column_int64(st, 0);
			sqlite3_reset(st);
			rc = 0;
		}
	}
	return rc;
}

int mirror_messages(struct gw_db_account *acc, uint64_t mailbox, const struct gw_set *uids, struct gw_arena *arena,
	struct mirror_message **ret, size_t *ret_n, struct gw_err *err)
{
	struct asking a = { .arena = arena };
	struct mirror_mailbox *known = NULL;
	size_t n = 0;
	struct gw_db *db;
	int rc = begin(acc, &db, err);

	if (rc < 0)
		return rc;
	rc = list_mailboxes(db, arena, &known, &n, err);
	if (rc == 0)
		rc = list_edit(db, mailbox, uids, collect, &a, err);
	if (rc == 0)
		rc = describe(db, mailbox, &a, known, n, err);
	gw_db_put(db);
	if (rc < 0)
		return rc;
	*ret = a.v;
	*ret_n = a.n;
	return 0;
}

static int known_in(struct gw_db *db, uint64_t mailbox, struct gw_slice id, uint64_t *ret, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_REMOTE_EMAIL_CONTENT, err);
	uint64_t content = 0;
	int rc;

	if (!st)
		return GW_EIO;
	bind_text(st, 1, id);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		content = (uint64_t)sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return gw_db_fail(db, rc, "cannot read a message", err);
	if (content && mailbox) {
		rc = gw_db_step_i64(db, GW_SQL_PLACE_IN, NULL, err, 2, (int64_t)content, (int64_t)mailbox);
		if (rc <= 0)
			content = 0;
	}
	*ret = content;
	return rc < 0 ? rc : 0;
}

int mirror_known(struct gw_db_account *acc, uint64_t mailbox, const struct gw_slice *ids, size_t n, uint64_t *ret,
	struct gw_err *err)
{
	struct gw_db *db;
	int rc = begin(acc, &db, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = known_in(db, mailbox, ids[i], &ret[i], err);
	gw_db_put(db);
	return rc;
}

int mirror_by_blob(struct gw_db_account *acc, uint64_t mailbox, struct gw_slice blob, struct gw_arena *arena,
	uint32_t *ret_uid, struct gw_slice *ret_id, struct gw_err *err)
{
	struct gw_db *db;
	sqlite3_stmt *st;
	int rc = begin(acc, &db, err);

	if (rc < 0)
		return rc;
	st = gw_db_stmt(db, GW_SQL_REMOTE_EMAIL_BLOB, err);
	if (st) {
		bind_text(st, 1, blob);
		sqlite3_bind_int64(st, 2, (int64_t)mailbox);
		rc = sqlite3_step(st);
		if (rc == SQLITE_ROW) {
			*ret_uid = (uint32_t)sqlite3_column_int64(st, 0);
			*ret_id = gw_arena_dup(arena, text_of(st, 1));
		}
		sqlite3_reset(st);
		sqlite3_clear_bindings(st);
		rc = rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "cannot read a message", err);
	} else {
		rc = GW_EIO;
	}
	gw_db_put(db);
	return rc;
}

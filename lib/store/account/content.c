/* content.c - a message's bytes and what was derived from them, in the tables
 *
 * The Message-ID leads to everything we know of a message before reading it: its thread, and whether
 * the account has it already. Equal Message-ID and size are a hint only; a content is shared when all bytes are equal.
 */
#include "store/account/acct.h"
#include "store/derive.h"
#include "util/hash.h"

#define REFS_LOOKED_AT 8 /* ids of References that are looked up for the thread */

static uint64_t hash_of(const struct gw_db *db, struct gw_slice s)
{
	struct gw_hash_key key = { db->key[0], db->key[1] };

	return gw_hash(key, s);
}

uint64_t body_digest(struct gw_slice piece)
{
	static const struct gw_hash_key fixed = { 0, 0 };

	return gw_hash(fixed, piece);
}

/* ---- the same bytes again ---- */

static int same_piece(const struct body_source *src, uint64_t off, struct gw_slice piece)
{
	char buf[16384];

	if (src->whole.p)
		return off + piece.n <= src->whole.n && memcmp(src->whole.p + off, piece.p, piece.n) == 0;
	while (piece.n) {
		size_t n = piece.n < sizeof buf ? piece.n : sizeof buf;
		long got = src->read(src->ctx, off, buf, n);

		if (got < 0)
			return (int)got;
		if ((size_t)got != n || memcmp(buf, piece.p, n) != 0)
			return 0;
		gw_slice_take(&piece, n);
		off += n;
	}
	return 1;
}

/* 1 when the stored content has these size bytes. */
static int same_body(
	struct gw_db *db, uint64_t content, uint64_t size, const struct body_source *src, struct gw_err *err)
{
	sqlite3_stmt *st;
	uint64_t off = 0;
	int rc = gw_db_step_i64(
		db, GW_SQL_BODY_PIECES, &st, err, 2, BODY_ID(content, 0), BODY_ID(content, BODY_PIECES - 1));
	int same = rc > 0;

	while (rc > 0 && same > 0) {
		struct gw_slice piece = { sqlite3_column_blob(st, 1), (size_t)sqlite3_column_bytes(st, 1) };

		same = piece.n ? same_piece(src, off, piece) : 1;
		off += piece.n;
		rc = sqlite3_step(st);
		rc = rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "cannot read a message", err);
	}
	if (db->stmt[GW_SQL_BODY_PIECES])
		sqlite3_reset(db->stmt[GW_SQL_BODY_PIECES]);
	return rc < 0 ? rc : same > 0 ? off == size : same;
}

/* The new reference is counted at once and not through `pending`: a removal that waits there must not reach
 * zero before it. */
static int share(struct gw_db *db, uint64_t content, struct gw_err *err)
{
	sqlite3_stmt *st;
	int64_t refs = 1;
	int rc = gw_db_step_i64(db, GW_SQL_SHARED_GET, &st, err, 1, (int64_t)content);

	if (rc > 0) {
		refs = sqlite3_column_int64(st, 0);
		sqlite3_reset(st);
	}
	if (rc >= 0)
		rc = gw_db_step_i64(db, GW_SQL_SHARED_PUT, NULL, err, 2, (int64_t)content, refs + 1);
	return rc < 0 ? rc : 1;
}

static int find_same(
	struct gw_db *db, uint64_t content, uint64_t size, const struct body_source *src, struct gw_err *err)
{
	sqlite3_stmt *st;
	bool maybe;
	int rc = gw_db_step_i64(db, GW_SQL_CONTENT_SIZE, &st, err, 1, (int64_t)content);

	if (rc <= 0)
		return rc;
	maybe = (uint64_t)sqlite3_column_int64(st, 0) == size;
	sqlite3_reset(st);
	if (!maybe)
		return 0;
	rc = same_body(db, content, size, src, err);
	return rc > 0 ? share(db, content, err) : rc;
}

/* ---- threads ---- */

struct known {
	uint64_t thread, content;
};

static int msgid_get(struct gw_db *db, uint64_t hash, struct known *ret, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(db, GW_SQL_MSGID_GET, &st, err, 1, (int64_t)hash);

	if (rc > 0) {
		ret->thread = (uint64_t)sqlite3_column_int64(st, 0);
		ret->content = (uint64_t)sqlite3_column_int64(st, 1);
		sqlite3_reset(st);
	}
	return rc;
}

static int msgid_put(struct gw_db *db, uint64_t hash, uint64_t thread, uint64_t content, struct gw_err *err)
{
	int rc = gw_db_step_i64(db, GW_SQL_MSGID_PUT, NULL, err, 3, (int64_t)hash, (int64_t)thread, (int64_t)content);

	return rc < 0 ? rc : 0;
}

/* The thread of the nearest message referred to that we know; 0: none. The nearest and the first reference are
 * noted with the thread when they are not known yet: so siblings find each other. */
static int thread_of_refs(
	struct gw_db *db, struct gw_slice refs, uint64_t ret_hash[2], uint64_t *ret, struct gw_err *err)
{
	struct known k;

	for (unsigned i = 0; refs.n && i < REFS_LOOKED_AT; i++) {
		size_t at = refs.n;
		uint64_t hash;
		int rc;

		while (at && refs.p[at - 1] != '\n')
			at--;
		hash = hash_of(db, gw_slice(refs.p + at, refs.n - at));
		rc = msgid_get(db, hash, &k, err);
		if (rc < 0)
			return rc;
		if (rc > 0) {
			*ret = k.thread;
			return 0;
		}
		ret_hash[i ? 1 : 0] = hash;
		refs.n = at ? at - 1 : 0;
	}
	return 0;
}

static int join_thread(struct gw_db *db, const struct gw_derived *d, uint64_t fresh, uint64_t *ret, struct gw_err *err)
{
	uint64_t missing[2] = { 0, 0 }, thread = 0;
	int rc = thread_of_refs(db, d->references, missing, &thread, err);

	if (!thread)
		thread = fresh;
	for (int i = 0; i < 2 && rc == 0; i++)
		if (missing[i])
			rc = msgid_put(db, missing[i], thread, 0, err);
	*ret = thread;
	return rc;
}

/* ---- rows ---- */

static void bind(sqlite3_stmt *st, int i, struct gw_slice s)
{
	sqlite3_bind_blob64(st, i, s.n ? s.p : "", s.n, SQLITE_STATIC);
}

static void bind_time(sqlite3_stmt *st, int i, int64_t t)
{
	if (t == INT64_MIN)
		sqlite3_bind_null(st, i);
	else
		sqlite3_bind_int64(st, i, t);
}

static int finish(struct gw_db *db, sqlite3_stmt *st, struct gw_err *err)
{
	int rc = db_run(db, st, err);

	sqlite3_clear_bindings(st);
	return rc;
}

static int put_content(
	struct gw_db *db, uint64_t id, uint64_t email, uint64_t thread, const struct gw_derived *d, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_CONTENT_NEW, err);

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, (int64_t)id);
	sqlite3_bind_int64(st, 2, (int64_t)email);
	sqlite3_bind_int64(st, 3, (int64_t)thread);
	sqlite3_bind_int64(st, 4, (int64_t)d->size);
	sqlite3_bind_int64(st, 5, (int64_t)d->header_size);
	bind(st, 6, d->envelope);
	bind(st, 7, d->bodystructure);
	bind(st, 8, d->parts);
	return finish(db, st, err);
}

static int put_header(struct gw_db *db, uint64_t id, const struct gw_derived *d, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_HEADER_NEW, err);

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, (int64_t)id);
	sqlite3_bind_int64(st, 2, d->headers_whole);
	bind(st, 3, d->headers);
	return finish(db, st, err);
}

static int put_search(struct gw_db *db, uint64_t id, const struct gw_derived *d, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_SEARCH_NEW, err);

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, (int64_t)id);
	bind(st, 2, d->key_subject);
	bind(st, 3, d->key_from);
	bind(st, 4, d->key_to);
	bind(st, 5, d->key_cc);
	bind(st, 6, d->key_bcc);
	bind_time(st, 7, d->sent);
	bind_time(st, 8, d->sent_day);
	sqlite3_bind_int64(st, 9, d->is_reply);
	bind(st, 10, d->base_subject);
	bind(st, 11, d->message_id);
	bind(st, 12, d->references);
	bind(st, 13, d->preview);
	if (d->addresses.n)
		bind(st, 14, d->addresses);
	return finish(db, st, err);
}

static int put_piece(struct gw_db *db, enum gw_sql which, int64_t id, struct gw_slice piece, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, which, err);

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, id);
	sqlite3_bind_int64(st, 2, (int64_t)body_digest(piece));
	bind(st, 3, piece);
	return finish(db, st, err);
}

static int read_piece(const struct body_source *src, uint64_t off, char *buf, size_t n, struct gw_err *err)
{
	while (n) {
		long got = src->read(src->ctx, off, buf, n);

		if (got <= 0)
			return gw_fail(err, GW_EIO, "a message cannot be read back while it is stored");
		buf += got;
		off += (uint64_t)got;
		n -= (size_t)got;
	}
	return 0;
}

static int put_body(struct gw_db *db, uint64_t id, uint64_t size, const struct body_source *src, struct gw_err *err)
{
	char *buf = NULL;
	uint64_t piece = 0, off = 0;
	int rc = 0;

	if (!src->whole.p && size)
		buf = gw_xalloc(size < BODY_PIECE ? (size_t)size : BODY_PIECE);
	do {
		size_t n = (size_t)(size - off < BODY_PIECE ? size - off : BODY_PIECE);

		if (buf)
			rc = read_piece(src, off, buf, n, err);
		if (rc == 0)
			rc = put_piece(db, GW_SQL_BODY_NEW, BODY_ID(id, piece), gw_slice(buf ? buf : src->whole.p + off, n), err);
		off += n;
		piece++;
	} while (rc == 0 && off < size);
	free(buf);
	return rc;
}

int content_add(struct gw_db *db, struct account_row *acct, const struct gw_derived *d, const struct body_source *src,
	uint64_t email, uint64_t *ret, struct gw_err *err)
{
	struct known known = { 0, 0 };
	uint64_t hash = 0, id, thread;
	int rc = 0;

	if (d->size > BODY_PIECE * BODY_PIECES)
		return gw_fail(err, GW_ELIMIT, "the message is too large");
	if (d->message_id.n) {
		hash = hash_of(db, d->message_id);
		rc = msgid_get(db, hash, &known, err);
	}
	if (rc > 0 && known.content)
		rc = find_same(db, known.content, d->size, src, err);
	else if (rc > 0)
		rc = 0;
	if (rc) {
		*ret = known.content;
		return rc < 0 ? rc : 0;
	}
	id = acct->next_content++;
	if (!email)
		email = hash_of(db, gw_slice((const char *)&id, sizeof id));
	thread = known.thread;
	if (!thread)
		rc = join_thread(db, d, email, &thread, err);
	if (rc == 0 && d->message_id.n)
		rc = msgid_put(db, hash, thread, id, err);
	if (rc == 0)
		rc = put_content(db, id, email, thread, d, err);
	if (rc == 0)
		rc = put_header(db, id, d, err);
	if (rc == 0)
		rc = put_search(db, id, d, err);
	if (rc == 0)
		rc = put_body(db, id, d->size, src, err);
	if (rc == 0)
		*ret = id;
	return rc;
}

/* ---- once more from the stored bytes ---- */

static int feed_pieces(struct gw_db *db, uint64_t content, struct gw_deriver *dv, uint64_t *ret_size, struct gw_err *err)
{
	sqlite3_stmt *st;
	uint64_t size = 0;
	int rc = gw_db_step_i64(
		db, GW_SQL_BODY_PIECES, &st, err, 2, BODY_ID(content, 0), BODY_ID(content, BODY_PIECES - 1));

	while (rc > 0) {
		struct gw_slice piece = { sqlite3_column_blob(st, 1), (size_t)sqlite3_column_bytes(st, 1) };

		if (piece.n)
			gw_deriver_feed(dv, piece);
		size += piece.n;
		rc = sqlite3_step(st);
		rc = rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "cannot read a message", err);
	}
	if (db->stmt[GW_SQL_BODY_PIECES])
		sqlite3_reset(db->stmt[GW_SQL_BODY_PIECES]);
	*ret_size = size;
	return rc;
}

/* The thread the message belongs to by its ids; what was not known of them is noted. */
static int find_thread(struct gw_db *db, const struct gw_derived *d, uint64_t id, uint64_t email, uint64_t *thread,
	struct gw_err *err)
{
	uint64_t hash = d->message_id.n ? hash_of(db, d->message_id) : 0;
	struct known known = { 0, 0 };
	int rc = d->message_id.n ? msgid_get(db, hash, &known, err) : 0;

	if (rc >= 0 && !*thread)
		*thread = known.thread;
	if (rc >= 0 && !*thread)
		rc = join_thread(db, d, email, thread, err);
	if (rc >= 0 && d->message_id.n && !known.content)
		rc = msgid_put(db, hash, *thread, id, err);
	return rc < 0 ? rc : 0;
}

static int put_rows(
	struct gw_db *db, uint64_t id, uint64_t email, uint64_t thread, const struct gw_derived *d, struct gw_err *err)
{
	static const enum gw_sql old[] = { GW_SQL_CONTENT_REMOVE, GW_SQL_HEADER_REMOVE, GW_SQL_SEARCH_REMOVE };
	int rc = 0;

	for (size_t i = 0; i < sizeof old / sizeof *old && rc >= 0; i++)
		rc = gw_db_step_i64(db, old[i], NULL, err, 1, (int64_t)id);
	if (rc >= 0)
		rc = put_content(db, id, email, thread, d, err);
	if (rc == 0)
		rc = put_header(db, id, d, err);
	return rc < 0 ? rc : put_search(db, id, d, err);
}

int content_describe(struct gw_db *db, uint64_t content, const struct gw_derived *d, struct gw_err *err)
{
	return put_rows(db, content, 0, 0, d, err);
}

int content_put_piece(struct gw_db *db, uint64_t content, uint64_t piece, struct gw_slice octets, struct gw_err *err)
{
	return put_piece(db, GW_SQL_BODY_PUT, BODY_ID(content, piece), octets, err);
}

int content_rebuild(struct gw_db *db, uint64_t content, uint64_t email, uint64_t thread, uint64_t *ret_size,
	struct gw_err *err)
{
	struct gw_deriver *dv = gw_deriver_new();
	struct gw_arena arena;
	struct gw_derived d;
	int rc = feed_pieces(db, content, dv, ret_size, err);

	gw_arena_init(&arena, 4096, 0);
	if (!email)
		email = hash_of(db, gw_slice((const char *)&content, sizeof content));
	if (rc == 0) {
		gw_deriver_finish(dv, &arena, &d);
		rc = find_thread(db, &d, content, email, &thread, err);
	}
	if (rc == 0)
		rc = put_rows(db, content, email, thread, &d, err);
	gw_arena_done(&arena);
	gw_deriver_free(dv);
	return rc;
}

/* ---- from another database ---- */

static struct gw_slice blob(sqlite3_stmt *st, int i)
{
	struct gw_slice s = { sqlite3_column_blob(st, i), (size_t)sqlite3_column_bytes(st, i) };

	return s.p ? s : gw_slice("", 0);
}

static int64_t time_of(sqlite3_stmt *st, int i)
{
	return sqlite3_column_type(st, i) == SQLITE_NULL ? INT64_MIN : sqlite3_column_int64(st, i);
}

struct other {
	struct gw_db *db;
	uint64_t content;
};

static long read_other(void *ctx, uint64_t off, void *dst, size_t n)
{
	struct other *o = ctx;
	size_t at = (size_t)(off % BODY_PIECE);
	struct gw_slice piece;
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(o->db, GW_SQL_BODY_GET, &st, NULL, 1, BODY_ID(o->content, off / BODY_PIECE));

	if (rc <= 0)
		return rc;
	piece = blob(st, 0);
	if (at >= piece.n)
		n = 0;
	else if (n > piece.n - at)
		n = piece.n - at;
	memcpy(dst, piece.p + at, n);
	sqlite3_reset(st);
	return (long)n;
}

/* The row of content in the table of which; GW_EGONE when it is not there. */
static int row_of(struct gw_db *db, enum gw_sql which, uint64_t content, sqlite3_stmt **ret, struct gw_err *err)
{
	int rc = gw_db_step_i64(db, which, ret, err, 1, (int64_t)content);

	return rc ? (rc < 0 ? rc : 0) : gw_fail(err, GW_EGONE, "the message was removed");
}

static void fill_derived(sqlite3_stmt *c, sqlite3_stmt *h, sqlite3_stmt *s, struct gw_derived *d)
{
	*d = (struct gw_derived){
		.size = (uint64_t)sqlite3_column_int64(c, 2),
		.header_size = (uint64_t)sqlite3_column_int64(c, 3),
		.envelope = blob(c, 4),
		.bodystructure = blob(c, 5),
		.parts = blob(c, 6),
		.headers_whole = sqlite3_column_int(h, 0) != 0,
		.headers = blob(h, 1),
		.key_subject = blob(s, 0),
		.key_from = blob(s, 1),
		.key_to = blob(s, 2),
		.key_cc = blob(s, 3),
		.key_bcc = blob(s, 4),
		.sent = time_of(s, 5),
		.sent_day = time_of(s, 6),
		.is_reply = sqlite3_column_int(s, 7) != 0,
		.base_subject = blob(s, 8),
		.message_id = blob(s, 9),
		.references = blob(s, 10),
		.preview = blob(s, 11),
		.addresses = blob(s, 12),
	};
}

int content_clone(struct gw_db *from, uint64_t content, struct gw_db *to, struct account_row *acct, uint64_t *ret,
	struct gw_err *err)
{
	struct other other = { from, content };
	struct body_source src = { .read = read_other, .ctx = &other };
	sqlite3_stmt *c, *h, *s;
	struct gw_derived d;
	int rc = row_of(from, GW_SQL_CONTENT_ALL, content, &c, err);

	if (rc == 0)
		rc = row_of(from, GW_SQL_HEADER_ALL, content, &h, err);
	if (rc == 0)
		rc = row_of(from, GW_SQL_SEARCH_ALL, content, &s, err);
	if (rc < 0)
		return rc;
	fill_derived(c, h, s, &d);
	rc = content_add(to, acct, &d, &src, (uint64_t)sqlite3_column_int64(c, 0), ret, err);
	sqlite3_reset(c);
	sqlite3_reset(h);
	sqlite3_reset(s);
	return rc;
}

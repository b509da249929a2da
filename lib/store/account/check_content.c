/* check_content.c - messages: their octets, and what was derived from them
 *
 * The octets are the message; all else about it can be worked out again. A message that has lost octets is kept as
 * far as it goes, but is another message then: its mailboxes give it new UIDs (check_list.c), since clients may have
 * cached the old ones. */
#include "store/account/check.h"

#define TOLD_EVERY 64 /* messages between two looks at whether to go on */

/* What the tables say of one content. */
struct facts {
	uint64_t id, size, header_size, email, thread;
	bool described;   /* there is a row in `content` */
	bool derived;     /* and all the others, as they should be */
	uint64_t octets;  /* from the first on, without a gap */
	unsigned pieces;  /* they lie in */
	bool gap;         /* more pieces, which do not continue them */
	bool altered;     /* a piece is not what was written */
};

static bool in_brackets(sqlite3_stmt *st, int i)
{
	const char *p = sqlite3_column_blob(st, i);
	int n = sqlite3_column_bytes(st, i);

	return p && n >= 2 && p[0] == '(' && p[n - 1] == ')';
}

static int read_rows(struct checker *c, sqlite3_stmt *st, struct facts *f, struct gw_err *err)
{
	int rc;

	sqlite3_bind_int64(st, 1, (int64_t)f->id);
	rc = check_step(c, st, err);
	if (rc > 0) {
		f->described = sqlite3_column_type(st, 0) != SQLITE_NULL;
		f->size = (uint64_t)sqlite3_column_int64(st, 0);
		f->header_size = (uint64_t)sqlite3_column_int64(st, 1);
		f->email = (uint64_t)sqlite3_column_int64(st, 2);
		f->thread = (uint64_t)sqlite3_column_int64(st, 3);
		f->derived = in_brackets(st, 4) && in_brackets(st, 5) && sqlite3_column_int(st, 6) &&
			     sqlite3_column_int(st, 7) && f->header_size <= f->size;
	}
	sqlite3_reset(st);
	return rc < 0 ? rc : 0;
}

static void read_piece(sqlite3_stmt *st, struct facts *f)
{
	struct gw_slice piece = { sqlite3_column_blob(st, 2), (size_t)sqlite3_column_bytes(st, 2) };

	if (f->gap || sqlite3_column_int64(st, 0) != BODY_ID(f->id, f->pieces) || f->octets != f->pieces * BODY_PIECE ||
		(f->pieces && piece.n == 0) || piece.n > BODY_PIECE) {
		f->gap = true;
		return;
	}
	if (!piece.p)
		piece.p = "";
	f->altered |= (uint64_t)sqlite3_column_int64(st, 1) != body_digest(piece);
	f->octets += piece.n;
	f->pieces++;
}

static int read_pieces(struct checker *c, sqlite3_stmt *st, struct facts *f, struct gw_err *err)
{
	int rc;

	sqlite3_bind_int64(st, 1, BODY_ID(f->id, 0));
	sqlite3_bind_int64(st, 2, BODY_ID(f->id, BODY_PIECES - 1));
	while ((rc = check_step(c, st, err)) > 0)
		read_piece(st, f);
	sqlite3_reset(st);
	return rc;
}

/* ---- putting right ---- */

/* Nothing is left of the message: what remains of it goes. */
static int drop(struct checker *c, const struct facts *f, struct gw_err *err)
{
	static const enum gw_sql tables[] = { GW_SQL_CONTENT_REMOVE, GW_SQL_HEADER_REMOVE, GW_SQL_SEARCH_REMOVE };
	int rc = 0;

	for (size_t i = 0; i < sizeof tables / sizeof *tables && rc >= 0; i++)
		rc = gw_db_step_i64(c->db, tables[i], NULL, err, 1, (int64_t)f->id);
	if (rc >= 0)
		rc = gw_db_step_i64(c->db, GW_SQL_BODY_REMOVE, NULL, err, 2, BODY_ID(f->id, 0),
			BODY_ID(f->id, BODY_PIECES - 1));
	if (rc >= 0)
		check_fixed(c, "message %llu: what was left of it is removed", (unsigned long long)f->id);
	return rc < 0 ? rc : 0;
}

/* New digests of the pieces that are there. */
static int digest_again(struct checker *c, const struct facts *f, struct gw_err *err)
{
	int rc = 0;

	for (unsigned i = 0; i < f->pieces && rc >= 0; i++) {
		int64_t row = BODY_ID(f->id, i);
		sqlite3_stmt *st;

		rc = gw_db_step_i64(c->db, GW_SQL_BODY_GET, &st, err, 1, row);
		if (rc > 0) {
			const char *p = sqlite3_column_blob(st, 0);
			uint64_t digest = body_digest(gw_slice(p ? p : "", (size_t)sqlite3_column_bytes(st, 0)));

			sqlite3_reset(st);
			rc = check_run(c, "UPDATE body SET digest=?2 WHERE id=?1", err, 2, row, (int64_t)digest);
		}
	}
	return rc < 0 ? rc : 0;
}

/* An EMAILID stands for the same octets for ever (RFC 8474 5.1): other octets get another one. */
static uint64_t other_email(void)
{
	uint64_t email = 0;

	while (email == 0)
		sqlite3_randomness(sizeof email, &email);
	return email;
}

static int rebuild(struct checker *c, const struct facts *f, bool changed, struct gw_err *err)
{
	uint64_t size = 0;
	int rc = 0;

	if (f->gap)
		rc = gw_db_step_i64(c->db, GW_SQL_BODY_REMOVE, NULL, err, 2, BODY_ID(f->id, f->pieces),
			BODY_ID(f->id, BODY_PIECES - 1));
	if (rc >= 0 && f->altered)
		rc = digest_again(c, f, err);
	if (rc >= 0)
		rc = content_rebuild(c->db, f->id, changed ? other_email() : f->email, f->thread, &size, err);
	if (rc == 0)
		check_fixed(c, "message %llu: described anew from its %llu octets", (unsigned long long)f->id,
			(unsigned long long)size);
	return rc;
}

/* ---- finding ---- */

/* Told, and to be put right? *ret_changed: the octets are not those that were. */
static bool look(struct checker *c, const struct facts *f, bool *ret_changed)
{
	unsigned long long id = f->id, octets = f->octets, size = f->size;

	*ret_changed = false;
	if (f->described && (f->gap || f->octets != f->size)) {
		*ret_changed = true;
		return check_found(c, "message %llu: %llu of its %llu octets are there", id, octets, size);
	}
	if (f->gap) {
		*ret_changed = true;
		return check_found(c, "message %llu: octets are missing behind %llu", id, octets);
	}
	if (f->altered) {
		*ret_changed = true;
		return check_found(c, "message %llu: its octets do not fit their digest", id);
	}
	if (!f->described)
		return check_found(c, "message %llu: its octets are there, its description is missing", id);
	return !f->derived && check_found(c, "message %llu: parts of its description are missing or damaged", id);
}

static int check_one(struct checker *c, const struct facts *f, struct gw_err *err)
{
	struct check_content *found;
	bool changed;
	int rc = 0;

	if (f->pieces == 0) {
		if (check_found(c, "message %llu: its octets are missing", (unsigned long long)f->id))
			rc = drop(c, f, err);
		return rc;
	}
	if (look(c, f, &changed))
		rc = rebuild(c, f, changed, err);
	found = check_content(c, f->id, true);
	found->size = f->described && !c->fix ? f->size : f->octets;
	found->changed = changed;
	return rc;
}

/* All numbers that any table knows. */
static int collect_ids(struct checker *c, struct gw_buf *ids, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = check_sql(c, "SELECT id FROM content UNION SELECT id>>12 FROM body UNION SELECT id FROM header"
			      " UNION SELECT id FROM search ORDER BY 1", &st, err);

	while (rc >= 0 && (rc = check_step(c, st, err)) > 0) {
		int64_t id = sqlite3_column_int64(st, 0);

		gw_buf_add(ids, &id, sizeof id);
	}
	sqlite3_finalize(st);
	return rc;
}

static int check_ids(struct checker *c, const int64_t *ids, size_t n, sqlite3_stmt *rows, sqlite3_stmt *pieces,
	struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		struct facts f = { .id = (uint64_t)ids[i] };

		if (i % TOLD_EVERY == 0 && !maint_step(c->m, "messages", i, n))
			break;
		rc = read_rows(c, rows, &f, err);
		if (rc == 0 && ids[i] > 0 && ids[i] <= CHECK_CONTENT_MAX) /* others have no room for octets */
			rc = read_pieces(c, pieces, &f, err);
		if (rc == 0)
			rc = check_one(c, &f, err);
	}
	return rc < 0 ? rc : maint_go_on(c->m, err);
}

int check_contents(struct checker *c, struct gw_err *err)
{
	static const char rows_sql[] = "SELECT c.size, c.header_size, c.email, c.thread, c.envelope, c.bodystructure,"
				       " h.id IS NOT NULL, s.id IS NOT NULL FROM (SELECT ?1 AS id) AS k"
				       " LEFT JOIN content AS c ON c.id=k.id LEFT JOIN header AS h ON h.id=k.id"
				       " LEFT JOIN search AS s ON s.id=k.id";
	static const char pieces_sql[] = "SELECT id, digest, data FROM body WHERE id BETWEEN ?1 AND ?2 ORDER BY id";
	sqlite3_stmt *rows = NULL, *pieces = NULL;
	struct gw_buf ids;
	int rc;

	gw_buf_init(&ids, 0);
	rc = collect_ids(c, &ids, err);
	if (rc == 0)
		rc = check_sql(c, rows_sql, &rows, err);
	if (rc == 0)
		rc = check_sql(c, pieces_sql, &pieces, err);
	if (rc == 0)
		rc = check_ids(c, (const int64_t *)(const void *)ids.p, ids.n / sizeof(int64_t), rows, pieces, err);
	sqlite3_finalize(rows);
	sqlite3_finalize(pieces);
	gw_buf_done(&ids);
	return rc;
}

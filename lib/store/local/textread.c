/* textread.c - the folded text of a message, from mail.db (see text.h) */
#include "store/local/text.h"

#include "store/account/acct.h"

void text_reader_init(struct text_reader *r, struct gw_db *db)
{
	*r = (struct text_reader){ .db = db };
}

void text_reader_done(struct text_reader *r)
{
	sqlite3_finalize(r->parts);
	sqlite3_blob_close(r->body);
	*r = (struct text_reader){ 0 };
}

static int seek(struct text_reader *r, int64_t row)
{
	int rc;

	if (r->row == row)
		return 0;
	if (r->body)
		rc = sqlite3_blob_reopen(r->body, row);
	else
		rc = sqlite3_blob_open(r->db->sql, "main", "body", "data", row, 0, &r->body);
	if (rc != SQLITE_OK) {
		sqlite3_blob_close(r->body);
		r->body = NULL;
	}
	r->row = rc == SQLITE_OK ? row : 0;
	if (rc == SQLITE_OK)
		return 0;
	return (rc & 0xFF) == SQLITE_ERROR ? GW_ECORRUPT : gw_db_code(rc);
}

static long read_body(void *ctx, uint64_t off, void *dst, size_t n)
{
	struct text_reader *r = ctx;
	uint64_t at = off % BODY_PIECE, have;
	int rc;

	if (off >= r->size || !n)
		return 0;
	rc = seek(r, BODY_ID(r->content, off / BODY_PIECE));
	if (rc < 0)
		return rc;
	have = (uint64_t)sqlite3_blob_bytes(r->body);
	if (at >= have)
		return GW_ECORRUPT;
	if (n > have - at)
		n = (size_t)(have - at);
	rc = sqlite3_blob_read(r->body, dst, (int)n, (int)at);
	return rc == SQLITE_OK ? (long)n : gw_db_code(rc);
}

/* Let parts stand on the row of content. */
static int find(struct text_reader *r, uint64_t content, struct gw_err *err)
{
	static const char sql[] = "SELECT size, parts, header_size FROM content WHERE id=?1";
	int rc = r->parts ? SQLITE_OK : sqlite3_prepare_v2(r->db->sql, sql, -1, &r->parts, NULL);

	if (rc != SQLITE_OK)
		return gw_db_fail(r->db, rc, "cannot read messages", err);
	sqlite3_bind_int64(r->parts, 1, (int64_t)content);
	rc = sqlite3_step(r->parts);
	if (rc == SQLITE_DONE)
		return gw_fail(err, GW_EGONE, "the message was removed");
	if (rc != SQLITE_ROW)
		return gw_db_fail(r->db, rc, "cannot read messages", err);
	r->content = content;
	r->size = (uint64_t)sqlite3_column_int64(r->parts, 0);
	r->header_size = (uint64_t)sqlite3_column_int64(r->parts, 2);
	return 0;
}

static int failed(const struct text_reader *r, int rc, struct gw_err *err)
{
	return gw_fail(err, (enum gw_code)rc, "%s: message %llu cannot be read", gw_db_account_path(r->db->acc),
		(unsigned long long)r->content);
}

int text_read(struct text_reader *r, uint64_t content, unsigned scope, text_sink sink, void *ctx, struct gw_err *err)
{
	int rc = find(r, content, err), read;

	if (rc == 0) {
		struct gw_slice parts = { sqlite3_column_blob(r->parts, 1), (size_t)sqlite3_column_bytes(r->parts, 1) };

		read = gw_text_extract(parts, scope, read_body, r, sink, ctx);
		rc = read < 0 ? failed(r, read, err) : 0;
	}
	if (r->parts)
		sqlite3_reset(r->parts);
	return rc;
}

int text_read_header(struct text_reader *r, uint64_t content, size_t max, struct gw_buf *b, struct gw_err *err)
{
	int rc = find(r, content, err);
	uint64_t size = rc == 0 ? r->header_size : 0, off = 0;
	long got = 1;

	if (size > max)
		size = max;
	while (got > 0 && off < size) {
		char *dst = gw_buf_room(b, (size_t)(size - off));

		got = dst ? read_body(r, off, dst, (size_t)(size - off)) : 0;
		if (got > 0) {
			b->n += (size_t)got;
			off += (uint64_t)got;
		}
	}
	if (got < 0)
		rc = failed(r, (int)got, err);
	if (r->parts)
		sqlite3_reset(r->parts);
	return rc;
}

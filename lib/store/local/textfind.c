/* textfind.c - asking text.db (see text.h)
 *
 * First the signatures of every block that has one of the messages: most messages are out after a dozen short rows. What is
 * left is looked at in its folded text. */
#include "store/local/text.h"

#include "util/mem.h"

#define FIRST_PIECE 4096 /* octets of a text that are read at first */
#define ASK_EVERY 64 /* messages between two looks at whether to stop */

struct find {
	struct text_db *t;
	struct text_query *q;
	sqlite3_stmt *sig;
	uint32_t probe[TEXT_PROBES];
	unsigned n_probes;
	sqlite3_blob *blob;
	struct gw_buf text; /* that is looked at */
};

/* AND a row of the signatures onto *row: 1; 0 when it is missing. */
static int and_row(struct find *f, uint64_t first, uint32_t bit, struct text_row *row, struct gw_err *err)
{
	const unsigned char *p;
	struct text_row here;
	int rc, found = 0;

	sqlite3_bind_int64(f->sig, 1, (int64_t)(first << 11 | bit / TEXT_GROUP));
	rc = sqlite3_step(f->sig);
	if (rc == SQLITE_ROW && sqlite3_column_bytes(f->sig, 0) == (int)(TEXT_GROUP * sizeof here)) {
		p = sqlite3_column_blob(f->sig, 0);
		memcpy(&here, p + bit % TEXT_GROUP * sizeof here, sizeof here);
		for (unsigned k = 0; k < TEXT_WORDS; k++)
			row->w[k] &= here.w[k];
		found = 1;
	}
	sqlite3_reset(f->sig);
	return found || rc == SQLITE_ROW || rc == SQLITE_DONE ? found : text_db_fail(f->t, rc, err);
}

static bool is_empty(const struct text_row *row)
{
	uint64_t any = 0;

	for (unsigned k = 0; k < TEXT_WORDS; k++)
		any |= row->w[k];
	return !any;
}

/* Which messages of the block may have the needle: 1; 0 when the block cannot tell. */
static int candidates(struct find *f, uint64_t first, uint32_t bits, struct text_row *ret, struct gw_err *err)
{
	int rc = 1;

	memset(ret, 0xFF, sizeof *ret);
	for (unsigned i = 0; i < f->n_probes && rc > 0 && !is_empty(ret); i++)
		rc = and_row(f, first, f->probe[i] & (bits - 1), ret, err);
	return rc;
}

/* Index of the first wanted message with a content >= content, from i on. */
static size_t lower(const struct text_query *q, size_t i, uint64_t content)
{
	size_t end = q->n;

	while (i < end) {
		size_t mid = i + (end - i) / 2;

		if (q->v[mid].content < content)
			i = mid + 1;
		else
			end = mid;
	}
	return i;
}

/* Put out the members of a block that are not candidates. */
static void put_out(struct text_query *q, size_t i, struct gw_slice members, const struct text_row *row)
{
	for (size_t k = 0; k < TEXT_BLOCK && members.n >= sizeof(struct text_member); k++) {
		struct text_member m;

		memcpy(&m, gw_slice_take(&members, sizeof m).p, sizeof m);
		while (i < q->n && q->v[i].content < m.content)
			i++;
		for (; i < q->n && q->v[i].content == m.content; i++)
			if (q->v[i].size == m.size && !(row->w[k / 64] >> (k % 64) & 1))
				q->v[i].state = TEXT_NO;
	}
}

static int ask_block(struct find *f, sqlite3_stmt *st, struct gw_err *err)
{
	uint64_t first = (uint64_t)sqlite3_column_int64(st, 0), last = (uint64_t)sqlite3_column_int64(st, 1);
	uint32_t bits = (uint32_t)sqlite3_column_int64(st, 2);
	struct text_row row;
	size_t i = lower(f->q, 0, first);
	int rc;

	if (i == f->q->n || f->q->v[i].content > last || bits < TEXT_GROUP || bits > TEXT_BITS_MAX || bits & (bits - 1))
		return 0;
	rc = candidates(f, first, bits, &row, err);
	if (rc > 0)
		put_out(f->q, i, gw_slice(sqlite3_column_blob(st, 3), (size_t)sqlite3_column_bytes(st, 3)), &row);
	return rc < 0 ? rc : 0;
}

static int stopped(const struct text_query *q, struct gw_err *err)
{
	return gw_acct_stopped(q->acct) ? gw_fail(err, GW_EINTR, "interrupted") : 0;
}

static int ask_blocks(struct find *f, struct gw_err *err)
{
	static const char sql[] = "SELECT first, last, bits, members FROM block WHERE last>=?1 AND first<=?2";
	sqlite3_stmt *st;
	int rc = text_db_prepare(f->t, sql, &st, err), got = SQLITE_DONE;

	if (rc < 0)
		return rc;
	sqlite3_bind_int64(st, 1, (int64_t)f->q->v[0].content);
	sqlite3_bind_int64(st, 2, (int64_t)f->q->v[f->q->n - 1].content);
	while (rc == 0 && (got = sqlite3_step(st)) == SQLITE_ROW) {
		rc = stopped(f->q, err);
		if (rc == 0)
			rc = ask_block(f, st, err);
	}
	sqlite3_finalize(st);
	return rc == 0 && got != SQLITE_DONE ? text_db_fail(f->t, got, err) : rc;
}

/* ---- texts ---- */

/* Let the blob handle stand on a text: 1; 0 when there is none. */
static int seek(struct find *f, uint64_t content, struct gw_err *err)
{
	int rc;

	if (f->blob)
		rc = sqlite3_blob_reopen(f->blob, (int64_t)content);
	else
		rc = sqlite3_blob_open(f->t->sql, "main", "text", "data", (int64_t)content, 0, &f->blob);
	if (rc == SQLITE_OK)
		return 1;
	sqlite3_blob_close(f->blob);
	f->blob = NULL;
	return (rc & 0xFF) == SQLITE_ERROR ? 0 : text_db_fail(f->t, rc, err);
}

/* Is the needle in what text got since it had `before` octets? */
static bool in_new(const struct find *f, size_t before, size_t skip)
{
	struct gw_slice needle = f->q->needle;
	size_t from = before < needle.n ? 0 : before - (needle.n - 1);

	if (from < skip)
		from = skip;
	return f->text.n >= from + needle.n && memmem(f->text.p + from, f->text.n - from, needle.p, needle.n);
}

/* Read the text as far as it takes: common words are found near the beginning. */
static int contains(struct find *f, size_t size, size_t skip, bool *ret, struct gw_err *err)
{
	size_t piece = FIRST_PIECE;

	f->text.n = 0;
	*ret = false;
	while (!*ret && f->text.n < size) {
		size_t before = f->text.n, n = size - before < piece ? size - before : piece;
		char *dst = gw_buf_room(&f->text, n);
		int rc = sqlite3_blob_read(f->blob, dst, (int)n, (int)(before + sizeof(struct text_head)));

		if (rc != SQLITE_OK)
			return text_db_fail(f->t, rc, err);
		f->text.n += n;
		*ret = in_new(f, before, skip);
		piece *= 4;
	}
	return 0;
}

static int look(struct find *f, struct text_want *w, struct gw_err *err)
{
	struct text_head head;
	size_t have;
	bool found = false;
	int rc = seek(f, w->content, err);

	if (rc <= 0)
		return rc;
	have = (size_t)sqlite3_blob_bytes(f->blob);
	if (have < sizeof head)
		return 0;
	rc = sqlite3_blob_read(f->blob, &head, sizeof head, 0);
	if (rc != SQLITE_OK)
		return text_db_fail(f->t, rc, err);
	if (head.size != w->size)
		return 0;
	rc = contains(f, have - sizeof head, f->q->body ? head.header : 0, &found, err);
	if (rc == 0)
		w->state = found ? TEXT_YES : TEXT_NO;
	return rc;
}

static bool enough(const struct text_query *q)
{
	return q->place && q->place->enough(q->place->ctx);
}

/* 0, or 1 when the step is over: something was decided in it. */
static int look_all(struct find *f, struct gw_err *err)
{
	bool decided = false;
	unsigned looked = 0;
	int rc = 0;

	for (size_t i = 0; i < f->q->n && rc == 0; i++) {
		if (f->q->v[i].content > f->q->highest)
			break;
		if (f->q->v[i].state != TEXT_UNKNOWN)
			continue;
		if (decided && enough(f->q))
			return 1;
		rc = look(f, &f->q->v[i], err);
		decided = decided || f->q->v[i].state != TEXT_UNKNOWN;
		if (rc == 0 && ++looked % ASK_EVERY == 0)
			rc = stopped(f->q, err);
	}
	return rc;
}

int text_find(struct text_db *t, struct text_query *q, struct gw_err *err)
{
	struct find f = { .t = t, .q = q };
	int rc = 0;

	f.n_probes = text_probes(q->needle, f.probe);
	if (q->n && f.n_probes)
		rc = text_db_prepare(t, "SELECT data FROM sig WHERE id=?1", &f.sig, err);
	if (rc == 0 && f.sig)
		rc = ask_blocks(&f, err);
	if (rc == 0 && !q->sift)
		rc = look_all(&f, err);
	sqlite3_blob_close(f.blob);
	gw_buf_done(&f.text);
	sqlite3_finalize(f.sig);
	return rc;
}

/* bytes.c - bytes of messages, what is derived from them, and making room
 *
 * All of it can be had again from the server, so nothing here waits for the disk nor is told to other gateways, and transactions
 * are short: clients that change something get their turn. Of a large message the last piece is written first: whoever
 * finds the first one finds all of them. A piece has the same octets whoever writes it, so two may do so at a time. */
#include "store/account/acct.h"
#include "store/derive.h"
#include "store/mirror/priv.h"

#define TX_OCTETS   ((uint64_t)4 << 20)
#define TX_MESSAGES 64
#define TOUCH_S     3600 /* a use is written down that much later than the last one */

struct putting {
	struct gw_db *db;
	bool open; /* a transaction */
	uint64_t octets;
	unsigned messages;
	int64_t now;
	uint64_t *kept; /* contents of this call, ascending */
	size_t n_kept;
	char *piece;
};

/* ---- transactions ---- */

static int begin(struct putting *p, struct gw_err *err)
{
	int rc = p->open ? 0 : gw_db_begin(p->db, err);

	p->open = p->open || rc == 0;
	return rc;
}

static int commit(struct putting *p, struct gw_err *err)
{
	if (!p->open)
		return 0;
	p->open = false;
	p->octets = 0;
	p->messages = 0;
	return gw_db_commit(p->db, GW_DB_LAZY, err);
}

static int commit_when_full(struct putting *p, struct gw_err *err)
{
	return p->octets >= TX_OCTETS || p->messages >= TX_MESSAGES ? commit(p, err) : 0;
}

/* ---- one message ---- */

/* 1 when it is there and has that size, 0 when it is gone. */
static int expected(struct putting *p, const struct mirror_bytes *b, struct gw_err *err)
{
	sqlite3_stmt *st;
	uint64_t size;
	int rc = gw_db_step_i64(p->db, GW_SQL_REMOTE_EMAIL_SIZE, &st, err, 1, (int64_t)b->content);

	if (rc <= 0)
		return rc;
	size = (uint64_t)sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	if (b->size == size && b->derived->size == size)
		return 1;
	return gw_fail(err, GW_ECORRUPT, "the storage server gave %llu octets of a message that has %llu",
		(unsigned long long)b->size, (unsigned long long)size);
}

static int put_derived(struct putting *p, const struct mirror_bytes *b, struct gw_err *err)
{
	int rc = gw_db_step_i64(p->db, GW_SQL_CONTENT_SIZE, NULL, err, 1, (int64_t)b->content);

	if (rc == 0) {
		p->octets += b->derived->headers.n + b->derived->envelope.n + b->derived->bodystructure.n;
		rc = content_describe(p->db, b->content, b->derived, err);
	}
	return rc < 0 ? rc : 0;
}

static int read_piece(struct putting *p, const struct mirror_bytes *b, uint64_t off, size_t n, struct gw_err *err)
{
	size_t have = 0;

	if (!p->piece)
		p->piece = gw_xalloc(BODY_PIECE);
	while (have < n) {
		long got = b->read(b->ctx, off + have, p->piece + have, n - have);

		if (got <= 0)
			return gw_fail(err, GW_EIO, "a message cannot be read back while it is stored");
		have += (size_t)got;
	}
	return 0;
}

static int put_piece(struct putting *p, const struct mirror_bytes *b, uint64_t piece, struct gw_err *err)
{
	uint64_t off = piece * BODY_PIECE;
	size_t n = (size_t)(b->size - off < BODY_PIECE ? b->size - off : BODY_PIECE);
	int rc = n ? read_piece(p, b, off, n, err) : 0;

	p->octets += n;
	return rc < 0 ? rc : content_put_piece(p->db, b->content, piece, gw_slice(n ? p->piece : "", n), err);
}

/* Between two transactions the message may have gone, or somebody else may have been faster. 1: go on. */
static int still_wanted(struct putting *p, const struct mirror_bytes *b, struct gw_err *err)
{
	uint64_t size;
	int64_t used;
	int rc = begin(p, err);

	if (rc == 0)
		rc = expected(p, b, err);
	if (rc > 0) {
		rc = cached_get(p->db, b->content, &size, &used, err);
		rc = rc < 0 ? rc : !rc;
	}
	return rc;
}

static int put_body(struct putting *p, const struct mirror_bytes *b, struct gw_err *err)
{
	uint64_t piece = b->size ? (b->size - 1) / BODY_PIECE : 0;
	int rc;

	if (piece >= BODY_PIECES)
		return gw_fail(err, GW_ELIMIT, "the message is too large");
	for (;; piece--) {
		rc = still_wanted(p, b, err);
		if (rc <= 0)
			return rc;
		rc = put_piece(p, b, piece, err);
		if (rc == 0 && piece == 0)
			rc = cached_add(p->db, b->content, b->size, p->now, err);
		if (rc < 0 || piece == 0)
			return rc;
		rc = commit_when_full(p, err);
		if (rc < 0)
			return rc;
	}
}

static int put_one(struct putting *p, const struct mirror_bytes *b, bool keep_body, struct gw_err *err)
{
	int rc = begin(p, err);

	if (rc == 0)
		rc = expected(p, b, err);
	if (rc <= 0)
		return rc;
	p->messages++;
	rc = put_derived(p, b, err);
	return rc == 0 && keep_body ? put_body(p, b, err) : rc;
}

/* ---- making room ---- */

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void keep(struct putting *p, const struct mirror_bytes *v, size_t n)
{
	p->kept = gw_xcalloc(n + 1, sizeof *p->kept);
	for (size_t i = 0; i < n; i++)
		p->kept[p->n_kept++] = v[i].content;
	if (n)
		qsort(p->kept, n, sizeof *p->kept, by_number);
}

/* Contents whose bytes were not used longest, without those of this call: at most TX_MESSAGES. */
static int oldest(struct putting *p, uint64_t v[TX_MESSAGES], size_t *ret_n, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(p->db, GW_SQL_CACHED_OLDEST, &st, err, 1, (int64_t)(TX_MESSAGES + p->n_kept));

	*ret_n = 0;
	while (rc > 0 && *ret_n < TX_MESSAGES) {
		uint64_t content = (uint64_t)sqlite3_column_int64(st, 0);

		if (!p->n_kept || !bsearch(&content, p->kept, p->n_kept, sizeof content, by_number))
			v[(*ret_n)++] = content;
		rc = sqlite3_step(st);
		rc = rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : gw_db_fail(p->db, rc, "cannot be read", err);
	}
	if (p->db->stmt[GW_SQL_CACHED_OLDEST])
		sqlite3_reset(p->db->stmt[GW_SQL_CACHED_OLDEST]);
	return rc < 0 ? rc : 0;
}

/* One transaction: 1 when there may be more to do. */
static int evict_some(struct putting *p, uint64_t max, struct gw_err *err)
{
	uint64_t v[TX_MESSAGES], sum = 0;
	size_t n = 0, i = 0;
	int rc = begin(p, err);

	if (rc == 0)
		rc = oldest(p, v, &n, err);
	if (rc == 0)
		rc = cached_sum(p->db, &sum, err);
	for (; i < n && rc >= 0 && sum > max; i++) {
		rc = cached_remove(p->db, v[i], err);
		if (rc >= 0)
			rc = cached_sum(p->db, &sum, err);
	}
	if (rc >= 0)
		rc = commit(p, err);
	return rc < 0 ? rc : n > 0 && sum > max;
}

static int make_room(struct putting *p, uint64_t max, struct gw_err *err)
{
	uint64_t sum;
	int rc = cached_sum(p->db, &sum, err);

	if (rc == 0)
		rc = sum > max;
	while (rc > 0)
		rc = evict_some(p, max, err);
	return rc;
}

int mirror_put_bytes(struct gw_db_account *acc, const struct mirror_bytes *v, size_t n, bool keep_body, uint64_t max_cache,
	struct gw_err *err)
{
	struct putting p = { .now = gw_wall_s(acc->env->opt.clock) };
	int rc = gw_db_get(acc, &p.db, err), bad = 0;

	if (rc < 0)
		return rc;
	keep(&p, v, n);
	for (size_t i = 0; i < n && rc == 0; i++) {
		rc = put_one(&p, &v[i], keep_body, err);
		if (rc == GW_ECORRUPT) { /* of this one; the others are as good as before */
			bad = rc;
			rc = 0;
		}
		if (rc == 0)
			rc = commit_when_full(&p, bad ? NULL : err);
	}
	if (rc == 0)
		rc = commit(&p, bad ? NULL : err);
	if (rc == 0 && keep_body)
		rc = make_room(&p, max_cache, bad ? NULL : err);
	gw_db_put(p.db); /* rolls back what was not committed */
	free(p.kept);
	free(p.piece);
	return rc < 0 ? rc : bad;
}

/* ---- uses ---- */

static int touch(struct gw_db *db, const uint64_t *v, size_t n, int64_t now, struct gw_err *err)
{
	int rc = gw_db_begin(db, err);

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = gw_db_step_i64(db, GW_SQL_CACHED_USE, NULL, err, 2, (int64_t)v[i], now);
	return rc < 0 ? rc : gw_db_commit(db, GW_DB_LAZY, err);
}

int mirror_touch(struct gw_db_account *acc, const uint64_t *contents, size_t n, struct gw_err *err)
{
	int64_t now = gw_wall_s(acc->env->opt.clock), used = 0;
	uint64_t *v = gw_xcalloc(n + 1, sizeof *v), size;
	size_t late = 0;
	struct gw_db *db;
	int rc = gw_db_get(acc, &db, err);

	if (rc < 0) {
		free(v);
		return rc;
	}
	for (size_t i = 0; i < n && rc >= 0; i++) {
		rc = contents[i] ? cached_get(db, contents[i], &size, &used, err) : 0;
		if (rc > 0 && now - used >= TOUCH_S)
			v[late++] = contents[i];
	}
	if (rc >= 0)
		rc = late ? touch(db, v, late, now, err) : 0;
	gw_db_put(db);
	free(v);
	return rc;
}

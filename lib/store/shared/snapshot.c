/* snapshot.c - all rows of a map in one piece, so that not every change since its beginning is kept
 *
 * The form is ours: rows as they are read, one after the other, in pieces of about PIECE octets that are whole rows. A row is
 * the number of its table, the number of its columns, and its values: an octet of type (SQLite's number for it), then 8 octets
 * of a number (little-endian), or 4 octets of length and the bytes. PostgreSQL compresses them as it sees fit. */
#include "store/shared/priv.h"

#include <endian.h>

#define PIECE ((size_t)512 << 10)
#define KEEP 256 /* versions before the snapshot whose changes stay, for those who are a little behind */

/* ---- writing ---- */

struct writer {
	struct shared *sh;
	struct shared_conn *c;
	struct gw_db *db;
	int64_t account, version, piece, bytes;
	struct gw_buf out;
};

static int flush(struct writer *w, struct gw_err *err)
{
	const struct conn_param v[] = { conn_number(w->account), conn_number(w->version), conn_number(w->piece),
		conn_bytes(w->out.p, w->out.n) };
	int rc = conn_run(w->sh, w->c, "INSERT INTO gateway.snapshot VALUES ($1,$2,$3,$4)", v, 4, NULL, err);

	w->piece++;
	w->bytes += (int64_t)w->out.n;
	w->out.n = 0;
	return rc;
}

static void put_value(struct gw_buf *out, sqlite3_stmt *st, int i)
{
	int type = sqlite3_column_type(st, i);
	uint64_t number = htole64((uint64_t)sqlite3_column_int64(st, i));
	const void *bytes;
	uint32_t n;

	gw_buf_add_char(out, (char)type);
	if (type == SQLITE_INTEGER) {
		gw_buf_add(out, &number, sizeof number);
	} else if (type != SQLITE_NULL) { /* the map has no real numbers */
		bytes = sqlite3_column_blob(st, i);
		n = htole32((uint32_t)sqlite3_column_bytes(st, i));
		gw_buf_add(out, &n, sizeof n);
		gw_buf_add(out, bytes ? bytes : "", le32toh(n));
	}
}

static int put_table(struct writer *w, size_t table, struct gw_err *err)
{
	char sql[64];
	sqlite3_stmt *st;
	int rc, step;

	snprintf(sql, sizeof sql, "SELECT * FROM %s", map_tables[table]);
	rc = sqlite3_prepare_v2(w->db->sql, sql, -1, &st, NULL);
	if (rc != SQLITE_OK)
		return gw_db_fail(w->db, rc, "the map cannot be read", err);
	while (rc == 0 && (step = sqlite3_step(st)) == SQLITE_ROW) {
		int columns = sqlite3_column_count(st);

		gw_buf_add_char(&w->out, (char)table);
		gw_buf_add_char(&w->out, (char)columns);
		for (int i = 0; i < columns; i++)
			put_value(&w->out, st, i);
		if (w->out.n >= PIECE)
			rc = flush(w, err);
	}
	if (rc == 0 && step != SQLITE_DONE)
		rc = gw_db_fail(w->db, step, "the map cannot be read", err);
	sqlite3_finalize(st);
	return rc;
}

int snapshot_store(struct shared *sh, struct shared_conn *c, struct gw_db *db, int64_t account, int64_t version,
	int64_t *ret, struct gw_err *err)
{
	struct writer w = { .sh = sh, .c = c, .db = db, .account = account, .version = version };
	int rc = 0;

	gw_buf_init(&w.out, 0);
	for (size_t i = 0; i < map_n_tables && rc == 0; i++)
		rc = put_table(&w, i, err);
	if (rc == 0 && w.out.n)
		rc = flush(&w, err);
	gw_buf_done(&w.out);
	*ret = w.bytes;
	return rc;
}

/* ---- reading ---- */

struct reader {
	struct gw_db *db;
	sqlite3_stmt *st;  /* inserts into `table` */
	size_t table;
	int columns;
	int64_t piece;     /* that comes next */
};

static int damaged(struct gw_err *err)
{
	return gw_fail(err, GW_ECORRUPT, "state_database: the snapshot of the account's map is damaged");
}

static int use_table(struct reader *r, size_t table, int columns, struct gw_err *err)
{
	struct gw_buf sql;
	int rc;

	if (r->st && r->table == table && r->columns == columns)
		return 0;
	if (table >= map_n_tables || columns < 1)
		return damaged(err);
	sqlite3_finalize(r->st);
	r->st = NULL;
	r->table = table;
	r->columns = columns;
	gw_buf_init(&sql, 0);
	gw_buf_printf(&sql, "INSERT OR REPLACE INTO %s VALUES(?", map_tables[table]);
	for (int i = 1; i < columns; i++)
		gw_buf_add_slice(&sql, GW_S(",?"));
	gw_buf_add_char(&sql, ')');
	rc = sqlite3_prepare_v2(r->db->sql, gw_buf_str(&sql), -1, &r->st, NULL);
	gw_buf_done(&sql);
	return rc == SQLITE_OK ? 0 : gw_db_fail(r->db, rc, "the shared map does not fit", err);
}

static bool take_bytes(struct gw_slice *in, void *dst, size_t n)
{
	if (in->n < n)
		return false;
	memcpy(dst, gw_slice_take(in, n).p, n);
	return true;
}

static bool bind_value(struct reader *r, int i, struct gw_slice *in)
{
	unsigned char type;
	struct gw_slice bytes;
	uint64_t number;
	uint32_t n;

	if (!take_bytes(in, &type, 1))
		return false;
	if (type == SQLITE_NULL)
		return sqlite3_bind_null(r->st, i) == SQLITE_OK;
	if (type == SQLITE_INTEGER)
		return take_bytes(in, &number, sizeof number) &&
		       sqlite3_bind_int64(r->st, i, (int64_t)le64toh(number)) == SQLITE_OK;
	if (!take_bytes(in, &n, sizeof n) || le32toh(n) > in->n)
		return false;
	bytes = gw_slice_take(in, le32toh(n));
	return (type == SQLITE_TEXT ? sqlite3_bind_text(r->st, i, bytes.p, (int)bytes.n, SQLITE_STATIC)
				    : sqlite3_bind_blob(r->st, i, bytes.p, (int)bytes.n, SQLITE_STATIC)) == SQLITE_OK;
}

static int take_row(struct reader *r, struct gw_slice *in, struct gw_err *err)
{
	unsigned char head[2];
	int rc;

	if (!take_bytes(in, head, sizeof head))
		return damaged(err);
	rc = use_table(r, head[0], head[1], err);
	if (rc < 0)
		return rc;
	for (int i = 1; i <= r->columns; i++)
		if (!bind_value(r, i, in))
			return damaged(err);
	rc = sqlite3_step(r->st);
	sqlite3_reset(r->st);
	return rc == SQLITE_DONE ? 0 : gw_db_fail(r->db, rc, "the shared map cannot be written", err);
}

static int take_piece(void *ctx, const struct libpq *pq, const PGresult *row, struct gw_err *err)
{
	struct reader *r = ctx;
	struct gw_slice in = gw_slice(pq->PQgetvalue(row, 0, 1), (size_t)pq->PQgetlength(row, 0, 1));
	int rc = conn_int(pq, row, 0, 0) == r->piece ? 0 : damaged(err);

	r->piece++;
	while (rc == 0 && in.n)
		rc = take_row(r, &in, err);
	return rc;
}

int snapshot_load(struct shared *sh, struct shared_conn *c, struct gw_db *db, int64_t account, int64_t version,
	struct gw_err *err)
{
	const struct conn_param v[] = { conn_number(account), conn_number(version) };
	struct reader r = { .db = db };
	int rc = conn_each(sh, c,
		"SELECT piece::int8, data FROM gateway.snapshot WHERE account=$1 AND version=$2 ORDER BY piece", v, 2, take_piece,
		&r, err);

	sqlite3_finalize(r.st);
	return rc == 0 && !r.piece ? damaged(err) : rc;
}

/* ---- now and then ---- */

/* The snapshot takes the place of the older one and of changes before it, when the mirror's past is PostgreSQL's. */
static int publish(struct shared *sh, struct shared_tx *tx, int64_t bytes, struct gw_err *err)
{
	const struct conn_param v[] = { conn_number(tx->account), conn_number(tx->here.version), conn_number(tx->here.mark),
		conn_text(tx->here.epoch), conn_number(bytes), conn_number(tx->here.version - KEEP) };
	PGresult *r = NULL;
	bool done;
	int rc = conn_run(sh, tx->conn,
		"UPDATE gateway.account a SET snapshot=$2, snapshot_bytes=$5, log_bytes=(SELECT coalesce(sum(length(changes)),0)"
		" FROM gateway.log WHERE account=$1 AND version>$2) WHERE id=$1 AND epoch=$4 AND snapshot<$2"
		" AND EXISTS (SELECT 1 FROM gateway.log WHERE account=$1 AND version=$2 AND mark=$3) RETURNING id",
		v, 5, &r, err);

	done = rc == 0 && sh->pq->PQntuples(r) == 1;
	sh->pq->PQclear(r);
	if (!done)
		return rc;
	rc = conn_run(sh, tx->conn, "DELETE FROM gateway.snapshot WHERE account=$1 AND version<>$2", v, 2, NULL, err);
	if (rc == 0)
		rc = conn_run(sh, tx->conn, "DELETE FROM gateway.log WHERE account=$1 AND version<=$2",
			(struct conn_param[]){ v[0], v[5] }, 2, NULL, err);
	return rc < 0 ? rc : conn_commit(sh, tx->conn, "SELECT 1", err);
}

/* Only one gateway does it at a time. */
static int alone(struct shared *sh, struct shared_tx *tx, bool *ret, struct gw_err *err)
{
	char sql[128];
	PGresult *r = NULL;
	int rc;

	snprintf(sql, sizeof sql, "BEGIN; SELECT pg_try_advisory_xact_lock(hashtext('gateway.snapshot'), %lld::bit(32)::int)",
		(long long)tx->account);
	rc = conn_script(sh, tx->conn, sql, 1, &r, err);
	*ret = rc == 0 && *sh->pq->PQgetvalue(r, 0, 0) == 't';
	sh->pq->PQclear(r);
	return rc;
}

static int write_it(struct shared *sh, struct gw_db *db, struct shared_tx *tx, struct gw_err *err)
{
	bool ours = false;
	int64_t bytes;
	int rc = gw_db_begin_read(db, err);

	if (rc == 0)
		rc = map_here(db, &tx->here, err);
	if (rc == 0)
		rc = map_look(sh, db, tx, false, err);
	if (rc < 0 || catchup_plan(tx, true) > CATCHUP_FOLLOW || tx->here.version <= tx->snapshot)
		return rc;
	rc = alone(sh, tx, &ours, err);
	if (rc < 0 || !ours)
		return rc;
	rc = snapshot_store(sh, tx->conn, db, tx->account, tx->here.version, &bytes, err);
	return rc < 0 ? rc : publish(sh, tx, bytes, err);
}

int snapshot_write(struct shared *sh, struct gw_db_account *acc, struct gw_err *err)
{
	struct shared_tx tx = { .conn = NULL };
	struct gw_db *db;
	int rc = gw_db_get(acc, &db, err);

	if (rc < 0)
		return rc;
	rc = conn_get(sh, &tx.conn, err);
	if (rc == 0)
		rc = write_it(sh, db, &tx, err);
	conn_put(sh, tx.conn);
	gw_db_put(db);
	return rc;
}

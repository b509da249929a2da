/* catchup.c - bringing a mirror up to what PostgreSQL has
 *
 * Usually that is a few changesets. A mirror that is new, was lost, or was away for so long that its changesets are gone is
 * made of the snapshot. One whose past is another - PostgreSQL was restored from a backup, or is another one than before -
 * gives up what it has, with all that was derived from it, and mailboxes in which a UID may have named two messages get a new
 * UIDVALIDITY (RFC 9051 2.3.1.1). A mirror that is ahead of a restored PostgreSQL gives PostgreSQL back what it has lost. */
#include "store/shared/session.h"

#include "store/shared/priv.h"

#include <inttypes.h>

enum catchup catchup_plan(const struct shared_tx *tx, bool has_rows)
{
	const struct moment *here = &tx->here, *there = &tx->there;

	if (there->version == 0)
		return here->version == 0 && !has_rows ? CATCHUP_NONE : CATCHUP_PUBLISH;
	if (here->version == 0)
		return has_rows ? CATCHUP_FOREIGN : CATCHUP_REBUILD;
	if (strcmp(here->epoch, there->epoch) != 0)
		return CATCHUP_FOREIGN;
	if (here->version > there->version)
		return CATCHUP_PUBLISH;
	if (here->version == there->version)
		return here->mark == there->mark ? CATCHUP_NONE : CATCHUP_FOREIGN;
	if (!tx->known)
		return CATCHUP_REBUILD;
	return tx->known_mark == here->mark ? CATCHUP_FOLLOW : CATCHUP_FOREIGN;
}

/* ---- changesets ---- */

struct follow {
	struct gw_db *db;
	int name_column;  /* of `mailbox` */
	int64_t next;     /* version that comes next */
	int64_t mark;     /* of the last one */
	bool drift;       /* a row was not what the changeset expects */
};

/* The log wins. */
static int on_conflict(void *ctx, int what, sqlite3_changeset_iter *it)
{
	struct follow *f = ctx;
	const char *table;
	int columns, op = 0, indirect;

	sqlite3changeset_op(it, &table, &columns, &op, &indirect);
	if (what == SQLITE_CHANGESET_DATA || what == SQLITE_CHANGESET_CONFLICT)
		return SQLITE_CHANGESET_REPLACE;
	if (what != SQLITE_CHANGESET_NOTFOUND || op != SQLITE_DELETE)
		f->drift = true;
	return SQLITE_CHANGESET_OMIT;
}

static int column_of_name(struct gw_db *db)
{
	sqlite3_stmt *st;
	int column = -1;

	if (sqlite3_prepare_v2(db->sql, "SELECT cid FROM pragma_table_info('mailbox') WHERE name='name'", -1, &st, NULL) ==
			SQLITE_OK &&
		sqlite3_step(st) == SQLITE_ROW)
		column = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return column;
}

/* Mailboxes that swap names stand in each other's way: those that get another one give theirs up first. */
static int free_names(struct follow *f, void *changes, int n)
{
	sqlite3_changeset_iter *it;
	sqlite3_stmt *st = NULL;
	int rc = sqlite3changeset_start(&it, n, changes);

	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(f->db->sql, "UPDATE mailbox SET name=char(1)||id WHERE id=?1", -1, &st, NULL);
	while (rc == SQLITE_OK && sqlite3changeset_next(it) == SQLITE_ROW) {
		sqlite3_value *name = NULL, *id = NULL;
		const char *table;
		int columns, op, indirect;

		sqlite3changeset_op(it, &table, &columns, &op, &indirect);
		if (op != SQLITE_UPDATE || strcmp(table, "mailbox") != 0 ||
			sqlite3changeset_new(it, f->name_column, &name) != SQLITE_OK || !name ||
			sqlite3changeset_old(it, 0, &id) != SQLITE_OK)
			continue;
		sqlite3_bind_value(st, 1, id);
		rc = sqlite3_step(st) == SQLITE_DONE ? SQLITE_OK : SQLITE_ERROR;
		sqlite3_reset(st);
	}
	sqlite3_finalize(st);
	sqlite3changeset_finalize(it);
	return rc;
}

static int apply(void *ctx, const struct libpq *pq, const PGresult *row, struct gw_err *err)
{
	struct follow *f = ctx;
	int64_t version = conn_int(pq, row, 0, 0);
	char *changes = pq->PQgetvalue(row, 0, 2);
	int n = pq->PQgetlength(row, 0, 2), rc = SQLITE_OK;

	if (version != f->next)
		return gw_fail(err, GW_ECORRUPT, "state_database: change %lld of the account is missing", (long long)f->next);
	if (n)
		rc = free_names(f, changes, n);
	if (n && rc == SQLITE_OK)
		rc = sqlite3changeset_apply_v2(f->db->sql, n, changes, NULL, on_conflict, f, NULL, NULL,
			SQLITE_CHANGESETAPPLY_NOSAVEPOINT);
	if (rc != SQLITE_OK)
		return gw_db_fail(f->db, rc, "a change from the shared map cannot be applied", err);
	f->next = version + 1;
	f->mark = conn_int(pq, row, 0, 1);
	return 0;
}

/* Everything after version `from` up to tx->there. */
static int replay(struct shared *sh, struct gw_db *db, struct shared_tx *tx, int64_t from, struct gw_err *err)
{
	struct follow f = { .db = db, .name_column = column_of_name(db), .next = from + 1 };
	const struct conn_param v[] = { conn_number(tx->account), conn_number(from), conn_number(tx->there.version) };
	int rc = 0;

	if (from < tx->there.version)
		rc = conn_each(sh, tx->conn,
			"SELECT version, mark, changes FROM gateway.log WHERE account=$1 AND version>$2 AND version<=$3"
			" ORDER BY version",
			v, 3, apply, &f, err);
	if (rc == 0 && f.next != tx->there.version + 1)
		rc = gw_fail(err, GW_ECORRUPT, "state_database: change %lld of the account is missing", (long long)f.next);
	if (rc == 0 && f.drift)
		rc = gw_fail(err, GW_ECORRUPT, "%s: is not what the shared map's changes were made to",
			gw_db_account_path(db->acc));
	if (rc == 0)
		rc = map_here_put(db, &tx->there, err);
	if (rc == 0) {
		tx->caught_up = true;
		gw_db_account_want_sweep(db->acc); /* of messages that others removed something may be here */
	}
	return rc;
}

int catchup_follow(struct shared *sh, struct gw_db *db, struct shared_tx *tx, struct gw_err *err)
{
	return replay(sh, db, tx, tx->here.version, err);
}

/* ---- all anew ---- */

static int empty(struct gw_db *db, const char *const *tables, size_t n, struct gw_err *err)
{
	char sql[64];
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		snprintf(sql, sizeof sql, "DELETE FROM %s", tables[i]);
		rc = map_exec(db, sql, err);
	}
	return rc;
}

/* Numbers of contents mean something else from now on. (The text index goes by account.key.) */
static int forget_derived(struct gw_db *db, struct gw_err *err)
{
	static const char *const derived[] = { "content", "header", "search", "body", "msgid", "shared", "pending", "cached" };
	int rc = map_exec(db,
		"DROP TABLE IF EXISTS temp.was; CREATE TEMP TABLE was AS SELECT id, uidvalidity, uidnext, modseq FROM mailbox", err);

	return rc < 0 ? rc : empty(db, derived, sizeof derived / sizeof *derived, err);
}

/* The trigger has noted every message as gone. */
static int keep_step(struct gw_db *db, bool foreign, struct gw_err *err)
{
	if (foreign)
		return map_exec(db, "DELETE FROM swept", err);
	return map_exec(db,
		"DELETE FROM swept WHERE content IN (SELECT content FROM remote_email)", err);
}

int catchup_rebuild(struct shared *sh, struct gw_db *db, struct shared_tx *tx, bool foreign, struct gw_err *err)
{
	int rc = foreign ? forget_derived(db, err) : 0;

	tx->foreign = foreign;
	if (rc == 0)
		rc = empty(db, map_tables, map_n_tables, err);
	if (rc == 0 && tx->snapshot)
		rc = snapshot_load(sh, tx->conn, db, tx->account, tx->snapshot, err);
	if (rc == 0)
		rc = replay(sh, db, tx, tx->snapshot, err);
	if (rc == 0)
		rc = keep_step(db, foreign, err);
	if (rc == 0 && db_read_key(db, err) != 1)
		rc = gw_fail(err, GW_ECORRUPT, "state_database: the account's map has no account");
	if (rc == 0)
		gw_db_account_drop_handles(db->acc); /* with their keys and the cached indexes; this one is closed when it is put */
	return rc;
}

int catchup_part(struct gw_db *db, struct gw_err *err)
{
	return map_exec(db,
		"UPDATE account SET next_uidvalidity=max(next_uidvalidity, (SELECT ifnull(max(uidvalidity),0)+1 FROM temp.was));"
		"UPDATE mailbox SET uidvalidity=n.u FROM (SELECT m.id, row_number() OVER (ORDER BY m.id)-1+next_uidvalidity AS u"
		"  FROM account, mailbox m JOIN temp.was w ON w.id=m.id AND w.uidvalidity=m.uidvalidity"
		"  WHERE w.uidnext<>m.uidnext OR w.modseq<>m.modseq) n WHERE n.id=mailbox.id;"
		"UPDATE account SET next_uidvalidity=max(next_uidvalidity, (SELECT max(uidvalidity)+1 FROM mailbox));"
		"DROP TABLE temp.was",
		err);
}

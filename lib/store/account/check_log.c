/* check_log.c - what belongs to the lists of mailboxes: the log of expunges, POP3 names, what was imported */
#include "store/account/check.h"

static bool has_uid(const struct check_list *l, uint32_t uid)
{
	size_t lo = 0, hi = l->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (l->v[mid].e.uid == uid)
			return true;
		if (l->v[mid].e.uid < uid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

/* Is one of the messages in the list said to be gone? */
static bool overlaps(const struct check_list *l, const struct gw_set *gone)
{
	size_t hint = 0;

	for (size_t i = 0; i < l->n; i++)
		if (gw_set_next(gone, l->v[i].e.uid, &hint) == l->v[i].e.uid)
			return true;
	return false;
}

static bool row_ok(const struct check_mailbox *box, const struct check_list *l, sqlite3_stmt *st)
{
	struct gw_slice data = { sqlite3_column_blob(st, 1), (size_t)sqlite3_column_bytes(st, 1) };
	int64_t modseq = sqlite3_column_int64(st, 0);
	struct gw_set gone;
	bool ok;

	gw_set_init(&gone);
	ok = data.n && gw_ranges_unpack(data, &gone) && modseq > 0 && (uint64_t)modseq <= box->row.modseq &&
	     gw_set_max(&gone) < box->row.uidnext && !overlaps(l, &gone);
	gw_set_done(&gone);
	return ok;
}

/* Without its log the mailbox answers QRESYNC with all that is missing (RFC 7162 3.2.5.2): slower, and right. */
static int drop_log(struct checker *c, struct check_mailbox *box, struct gw_err *err)
{
	int rc = gw_db_step_i64(c->db, GW_SQL_EXPUNGED_REMOVE_ALL, NULL, err, 1, (int64_t)box->row.id);

	box->row.log_from = box->row.modseq;
	if (rc >= 0)
		rc = db_mailbox_put(c->db, &box->row, err);
	if (rc >= 0)
		check_fixed(c, "mailbox \"%s\": the log of expunges begins anew", box->name);
	return rc < 0 ? rc : 0;
}

static int check_expunged(struct checker *c, struct check_mailbox *box, const struct check_list *list, struct gw_err *err)
{
	sqlite3_stmt *st;
	bool ok = true;
	int rc = check_sql(c, "SELECT modseq, uids FROM expunged WHERE mailbox=?1 ORDER BY modseq", &st, err);

	if (rc == 0)
		sqlite3_bind_int64(st, 1, (int64_t)box->row.id);
	while (rc >= 0 && ok && (rc = check_step(c, st, err)) > 0)
		ok = row_ok(box, list, st);
	sqlite3_finalize(st);
	if (rc < 0 || ok || !check_found(c, "mailbox \"%s\": the log of expunges is damaged", box->name))
		return rc < 0 ? rc : 0;
	return drop_log(c, box, err);
}

static int check_uidl(struct checker *c, struct check_mailbox *box, const struct check_list *list, struct gw_err *err)
{
	sqlite3_stmt *st;
	uint64_t stray = 0;
	int rc = check_sql(c, "SELECT uid FROM uidl WHERE mailbox=?1 ORDER BY uid", &st, err);
	struct gw_set bad;
	size_t hint = 0;

	gw_set_init(&bad);
	if (rc == 0)
		sqlite3_bind_int64(st, 1, (int64_t)box->row.id);
	while (rc >= 0 && (rc = check_step(c, st, err)) > 0) {
		int64_t uid = sqlite3_column_int64(st, 0);

		if (uid > 0 && uid <= UINT32_MAX && has_uid(list, (uint32_t)uid))
			continue;
		stray++;
		if (uid > 0 && uid <= UINT32_MAX)
			gw_set_add(&bad, (uint32_t)uid, (uint32_t)uid);
	}
	sqlite3_finalize(st);
	if (rc == 0 && stray && check_found(c, "mailbox \"%s\": %llu POP3 names of messages that are not there",
				    box->name, (unsigned long long)stray)) {
		for (uint32_t uid = gw_set_next(&bad, 1, &hint); uid && rc >= 0;
			uid = uid < UINT32_MAX ? gw_set_next(&bad, uid + 1, &hint) : 0)
			rc = gw_db_step_i64(c->db, GW_SQL_UIDL_REMOVE, NULL, err, 3, (int64_t)box->row.id,
				(int64_t)uid, (int64_t)uid);
		if (rc >= 0)
			rc = check_run(c, "DELETE FROM uidl WHERE mailbox=?1 AND uid NOT BETWEEN 1 AND 4294967295", err,
				1, (int64_t)box->row.id);
		if (rc >= 0)
			check_fixed(c, "mailbox \"%s\": those POP3 names were removed", box->name);
	}
	gw_set_done(&bad);
	return rc < 0 ? rc : 0;
}

int check_logs(struct checker *c, struct check_mailbox *box, const struct check_list *list, struct gw_err *err)
{
	int rc = check_expunged(c, box, list, err);

	return rc < 0 ? rc : check_uidl(c, box, list, err);
}

static int stray(struct checker *c, const char *count, const char *remove, const char *what, struct gw_err *err)
{
	sqlite3_stmt *st;
	int64_t n = 0;
	int rc = check_sql(c, count, &st, err);

	if (rc == 0 && (rc = check_step(c, st, err)) > 0)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	if (rc < 0 || n == 0 || !check_found(c, "%lld %s", (long long)n, what))
		return rc < 0 ? rc : 0;
	rc = check_run(c, remove, err, 0);
	if (rc == 0)
		check_fixed(c, "%lld %s removed", (long long)n, what);
	return rc;
}

int check_stray_logs(struct checker *c, struct gw_err *err)
{
	int rc = stray(c, "SELECT count(*) FROM expunged WHERE mailbox NOT IN (SELECT id FROM mailbox)",
		"DELETE FROM expunged WHERE mailbox NOT IN (SELECT id FROM mailbox)", "logs of expunges of mailboxes that are not there", err);

	if (rc == 0)
		rc = stray(c, "SELECT count(*) FROM uidl WHERE mailbox NOT IN (SELECT id FROM mailbox)",
			"DELETE FROM uidl WHERE mailbox NOT IN (SELECT id FROM mailbox)",
			"POP3 names of mailboxes that are not there", err);
	if (rc == 0)
		rc = stray(c, "SELECT count(*) FROM imported WHERE import NOT IN (SELECT id FROM import)",
			"DELETE FROM imported WHERE import NOT IN (SELECT id FROM import)",
			"messages of imports that nothing is known of", err);
	return rc;
}

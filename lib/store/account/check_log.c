/* check_log.c - what belongs to the lists of mailboxes: the log of expunges, POP3 names, annotations, what was imported */
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

/* A table with rows of messages. */
struct rows_of {
	const char *what;
	const char *list;    /* their UIDs in mailbox ?1, ascending */
	enum gw_sql remove;  /* those of mailbox ?1 between two UIDs */
	const char *outside; /* removes those of mailbox ?1 that are of no message at all */
};

static const struct rows_of rows_of[] = {
	{ "POP3 names", "SELECT uid FROM uidl WHERE mailbox=?1 ORDER BY uid", GW_SQL_UIDL_REMOVE,
		"DELETE FROM uidl WHERE mailbox=?1 AND uid NOT BETWEEN 1 AND 4294967295" },
	{ "annotations", "SELECT uid FROM annotation WHERE mailbox=?1 ORDER BY uid", GW_SQL_ANNOTATION_REMOVE,
		"DELETE FROM annotation WHERE mailbox=?1 AND uid NOT BETWEEN 1 AND 4294967295" },
};

static int remove_rows(struct checker *c, const struct check_mailbox *box, const struct rows_of *t, const struct gw_set *bad,
	struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < bad->n && rc >= 0; i++)
		rc = gw_db_step_i64(c->db, t->remove, NULL, err, 3, (int64_t)box->row.id, (int64_t)bad->r[i].lo,
			(int64_t)bad->r[i].hi);
	return rc < 0 ? rc : check_run(c, t->outside, err, 1, (int64_t)box->row.id);
}

static int check_rows_of(struct checker *c, struct check_mailbox *box, const struct check_list *list, const struct rows_of *t,
	struct gw_err *err)
{
	sqlite3_stmt *st;
	uint64_t stray = 0;
	int rc = check_sql(c, t->list, &st, err);
	struct gw_set bad;

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
	if (rc == 0 && stray && check_found(c, "mailbox \"%s\": %llu %s of messages that are not there", box->name,
				    (unsigned long long)stray, t->what)) {
		rc = remove_rows(c, box, t, &bad, err);
		if (rc >= 0)
			check_fixed(c, "mailbox \"%s\": those %s were removed", box->name, t->what);
	}
	gw_set_done(&bad);
	return rc < 0 ? rc : 0;
}

int check_logs(struct checker *c, struct check_mailbox *box, const struct check_list *list, struct gw_err *err)
{
	int rc = check_expunged(c, box, list, err);

	for (size_t i = 0; i < sizeof rows_of / sizeof *rows_of && rc == 0; i++)
		rc = check_rows_of(c, box, list, &rows_of[i], err);
	return rc;
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

static int check_annotation_size(struct checker *c, struct gw_err *err)
{
	sqlite3_stmt *st;
	bool wrong = false;
	int rc = check_sql(c, "SELECT 1 WHERE (SELECT size FROM annotated) IS NOT"
			      " (SELECT coalesce(sum(length(name)+length(value)),0) FROM annotation WHERE value IS NOT NULL)", &st, err);

	if (rc == 0 && (rc = check_step(c, st, err)) > 0)
		wrong = true;
	sqlite3_finalize(st);
	if (rc < 0 || !wrong || !check_found(c, "the size of all annotations is wrong"))
		return rc < 0 ? rc : 0;
	rc = check_run(c, "INSERT OR REPLACE INTO annotated SELECT 1, coalesce(sum(length(name)+length(value)),0) FROM annotation"
			  " WHERE value IS NOT NULL", err, 0);
	if (rc == 0)
		check_fixed(c, "the size of all annotations was put right");
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
		rc = stray(c, "SELECT count(*) FROM annotation WHERE mailbox NOT IN (SELECT id FROM mailbox)",
			"DELETE FROM annotation WHERE mailbox NOT IN (SELECT id FROM mailbox)",
			"annotations of messages in mailboxes that are not there", err);
	if (rc == 0)
		rc = check_annotation_size(c, err);
	if (rc == 0)
		rc = stray(c, "SELECT count(*) FROM imported WHERE import NOT IN (SELECT id FROM import)",
			"DELETE FROM imported WHERE import NOT IN (SELECT id FROM import)",
			"messages of imports that nothing is known of", err);
	return rc;
}

/* check_mirror.c - the picture of an account on a storage server against itself
 *
 * The messages are what the server told of them; their bytes may be here or not. Nothing is put right: who removes a mirror
 * gets a new one from the server. */
#include "store/account/check.h"

/* One number that SQL counts, which should be 0. */
static int count_none(struct checker *c, const char *sql, const char *what, struct gw_err *err)
{
	sqlite3_stmt *st;
	int64_t n = 0;
	int rc = check_sql(c, sql, &st, err);

	if (rc == 0 && (rc = check_step(c, st, err)) > 0)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	if (rc >= 0 && n)
		check_found(c, "%lld %s", (long long)n, what);
	return rc < 0 ? rc : 0;
}

int check_remote_emails(struct checker *c, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = check_sql(c, "SELECT content, min(size, 4294967295) FROM remote_email", &st, err);

	while (rc >= 0 && (rc = check_step(c, st, err)) > 0)
		check_content(c, (uint64_t)sqlite3_column_int64(st, 0), true)->size = (uint64_t)sqlite3_column_int64(st, 1);
	sqlite3_finalize(st);
	return rc;
}

/* ---- lists and places ---- */

struct look {
	struct checker *c;
	sqlite3_stmt *place;
	uint64_t mailbox, rows, lost;
	struct gw_buf contents;
	int rc;
	struct gw_err *err;
};

static enum edit look_row(void *ctx, struct gw_entry *e, int64_t *savedate)
{
	struct look *k = ctx;
	int rc;

	(void)savedate;
	sqlite3_bind_int64(k->place, 1, (int64_t)e->content);
	sqlite3_bind_int64(k->place, 2, (int64_t)k->mailbox);
	sqlite3_bind_int64(k->place, 3, (int64_t)e->uid);
	rc = check_step(k->c, k->place, k->err);
	sqlite3_reset(k->place);
	k->rc = rc < 0 ? rc : k->rc;
	k->lost += rc == 0;
	k->rows++;
	gw_buf_add(&k->contents, &e->content, sizeof e->content);
	return EDIT_KEEP;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* How many rows lie beyond the first of each message. */
static uint64_t copies_of(struct look *k)
{
	uint64_t *v = (uint64_t *)(void *)k->contents.p, copies = 0;
	size_t n = k->contents.n / sizeof *v;

	if (n)
		qsort(v, n, sizeof *v, by_number);
	for (size_t i = 1; i < n; i++)
		copies += v[i] == v[i - 1];
	return copies;
}

static int check_box(struct look *k, const struct check_mailbox *box)
{
	sqlite3_stmt *st = NULL;
	uint64_t copies;
	int rc;

	k->mailbox = box->row.id;
	k->contents.n = 0;
	k->lost = 0;
	rc = list_edit(k->c->db, k->mailbox, NULL, look_row, k, k->err);
	if (rc == 0)
		rc = k->rc;
	if (rc == 0 && k->lost)
		check_found(k->c, "mailbox \"%s\": of %llu messages the place is not known", box->name,
			(unsigned long long)k->lost);
	if (rc == 0)
		rc = gw_db_step_i64(k->c->db, GW_SQL_REMOTE_MAILBOX_GET, &st, k->err, 1, (int64_t)k->mailbox);
	if (rc == 0)
		check_found(k->c, "mailbox \"%s\": its id on the storage server is not known", box->name);
	if (rc <= 0)
		return rc;
	copies = (uint64_t)sqlite3_column_int64(st, 4);
	sqlite3_reset(st);
	if (copies != copies_of(k))
		check_found(k->c, "mailbox \"%s\": %llu copies are counted, there are %llu", box->name,
			(unsigned long long)copies, (unsigned long long)copies_of(k));
	return 0;
}

static int check_places(struct checker *c, struct gw_err *err)
{
	struct look k = { .c = c, .err = err };
	sqlite3_stmt *st = NULL;
	int rc = check_sql(c, "SELECT 1 FROM place WHERE content=?1 AND mailbox=?2 AND uid=?3", &k.place, err);

	gw_buf_init(&k.contents, 0);
	for (size_t i = 0; i < c->n_boxes && rc == 0; i++)
		rc = check_box(&k, &c->boxes[i]);
	sqlite3_finalize(k.place);
	gw_buf_done(&k.contents);
	if (rc == 0)
		rc = check_sql(c, "SELECT count(*) FROM place", &st, err);
	if (rc < 0)
		return rc;
	rc = check_step(c, st, err);
	if (rc > 0 && (uint64_t)sqlite3_column_int64(st, 0) != k.rows)
		check_found(c, "%lld places of messages are known, the lists have %llu rows",
			(long long)sqlite3_column_int64(st, 0), (unsigned long long)k.rows);
	sqlite3_finalize(st);
	return rc < 0 ? rc : 0;
}

int check_remote(struct checker *c, struct gw_err *err)
{
	static const struct {
		const char *sql, *what;
	} none[] = {
		{ "SELECT count(*) FROM remote_email WHERE content NOT IN (SELECT content FROM place)",
			"messages of the storage server that no mailbox has" },
		{ "SELECT count(*) FROM place WHERE content NOT IN (SELECT content FROM remote_email)",
			"places of messages that are not known" },
		{ "SELECT count(*) FROM remote_mailbox WHERE mailbox NOT IN (SELECT id FROM mailbox)",
			"mailboxes of the storage server without a name" },
		{ "SELECT count(*) FROM cached WHERE content>0 AND content<<12 NOT IN (SELECT id FROM body)",
			"messages whose bytes should be here and are not" },
		{ "SELECT ifnull(sum(iif(content=0, -size, size)), 0)<>0 FROM cached", "sum of cached octets that is wrong" },
		{ "SELECT count(*) FROM content WHERE id NOT IN (SELECT content FROM remote_email)"
		  " AND id NOT IN (SELECT content FROM swept)", "descriptions of messages that nobody would sweep" },
	};
	int rc = check_places(c, err);

	for (size_t i = 0; i < sizeof none / sizeof *none && rc == 0; i++)
		rc = count_none(c, none[i].sql, none[i].what, err);
	return rc;
}

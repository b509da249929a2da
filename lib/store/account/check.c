/* check.c - is an account's database what it should be? and making it so
 *
 * SQLite looks at the structure of the file, we look at what is in it. A check reads one moment beside all sessions. A
 * repair begins with a check; only when that has found something it keeps writers out, looks again and puts right
 * what it finds, all in one transaction. A file whose structure is damaged goes to salvage.c first. */
#include "store/account/check.h"

#include <stdarg.h>
#include <stdio.h>

#include "store/account/tree.h"

/* Of a hundred parts of the time a check takes, how many are over when SQLite has read the file, when we have read the messages. */
#define CHECK_SHARE_FILE 40u
#define CHECK_SHARE_CONTENTS 95u

bool check_found(struct checker *c, const char *fmt, ...)
{
	char line[GW_ERR_TEXT + GW_MAILBOX_NAME_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	maint_problem(c->m, "%s", line);
	return c->fix;
}

void check_fixed(struct checker *c, const char *fmt, ...)
{
	char line[GW_ERR_TEXT + GW_MAILBOX_NAME_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	maint_repaired(c->m, "%s", line);
}

/* ---- SQL ---- */

int check_sql(struct checker *c, const char *sql, sqlite3_stmt **ret, struct gw_err *err)
{
	int rc = sqlite3_prepare_v2(c->db->sql, sql, -1, ret, NULL);

	if (rc == SQLITE_OK)
		return 0;
	*ret = NULL;
	return gw_db_fail(c->db, rc, "cannot be checked", err);
}

int check_step(struct checker *c, sqlite3_stmt *st, struct gw_err *err)
{
	int rc = sqlite3_step(st);

	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : gw_db_fail(c->db, rc, "cannot be checked", err);
}

int check_run(struct checker *c, const char *sql, struct gw_err *err, int n, ...)
{
	sqlite3_stmt *st;
	va_list ap;
	int rc = check_sql(c, sql, &st, err);

	if (rc < 0)
		return rc;
	va_start(ap, n);
	for (int i = 1; i <= n; i++)
		sqlite3_bind_int64(st, i, va_arg(ap, int64_t));
	va_end(ap);
	rc = check_step(c, st, err);
	sqlite3_finalize(st);
	return rc < 0 ? rc : 0;
}

/* ---- contents by number ---- */

static struct check_content *slot_of(const struct checker *c, uint64_t id)
{
	size_t i = (size_t)((id * UINT64_C(0x9E3779B97F4A7C15)) >> 20) & (c->cap - 1);

	while (c->slots[i].id && c->slots[i].id != id)
		i = (i + 1) & (c->cap - 1);
	return &c->slots[i];
}

static void grow(struct checker *c)
{
	struct check_content *old = c->slots;
	size_t n = c->cap;

	c->cap = n ? n * 2 : 256;
	c->slots = gw_xcalloc(c->cap, sizeof *c->slots);
	for (size_t i = 0; i < n; i++)
		if (old[i].id)
			*slot_of(c, old[i].id) = old[i];
	free(old);
}

struct check_content *check_content(struct checker *c, uint64_t id, bool add)
{
	struct check_content *x;

	if (add && (c->n_contents + 1) * 2 > c->cap)
		grow(c);
	if (c->cap == 0 || id == 0)
		return NULL;
	x = slot_of(c, id);
	if (x->id || !add)
		return x->id ? x : NULL;
	x->id = id;
	c->n_contents++;
	return x;
}

/* ---- the account ---- */

static int check_sums(struct checker *c)
{
	uint64_t messages = 0, size = 0;

	for (size_t i = 0; i < c->n_boxes; i++) {
		const struct check_mailbox *b = &c->boxes[i];

		messages += c->fix ? b->row.messages : b->messages;
		size += c->fix ? b->row.size : b->size;
	}
	if (c->acct.messages == messages && c->acct.size == size)
		return 0;
	if (check_found(c, "the account counts %lld messages of %lld octets, there are %llu of %llu",
		    (long long)c->acct.messages, (long long)c->acct.size, (unsigned long long)messages,
		    (unsigned long long)size)) {
		c->acct.messages = messages;
		c->acct.size = size;
		check_fixed(c, "messages of the account were counted anew");
	}
	return 0;
}

void check_above(struct checker *c, const char *what, uint64_t *next, uint64_t highest, uint64_t max)
{
	if (*next > highest && *next <= max)
		return;
	if (!check_found(c, "the next %s is %lld, the highest one there is %llu", what, (long long)*next,
		    (unsigned long long)highest))
		return;
	*next = highest + 1;
	check_fixed(c, "the next %s is %llu now", what, (unsigned long long)*next);
}

static void check_next_content(struct checker *c)
{
	uint64_t id = 0;

	for (size_t i = 0; i < c->cap; i++)
		id = c->slots[i].id > id ? c->slots[i].id : id;
	check_above(c, "number of a message", &c->acct.next_content, id, CHECK_CONTENT_MAX);
}

static int check_threads(struct checker *c, struct gw_err *err)
{
	static const char bad[] = "SELECT count(*) FROM msgid WHERE content<>0 AND content NOT IN"
				  " (SELECT id FROM content)";
	static const char fix[] = "UPDATE msgid SET content=0 WHERE content<>0 AND content NOT IN"
				  " (SELECT id FROM content)";
	sqlite3_stmt *st;
	int64_t n = 0;
	int rc = check_sql(c, bad, &st, err);

	if (rc == 0 && (rc = check_step(c, st, err)) > 0)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	if (rc < 0 || n == 0 || !check_found(c, "%lld Message-IDs of messages that are not there", (long long)n))
		return rc < 0 ? rc : 0;
	rc = check_run(c, fix, err, 0);
	check_fixed(c, "%lld Message-IDs are kept for their threads only", (long long)n);
	return rc;
}

/* Names that no mailbox can have, with room for their end. */
static int bad_subscriptions(struct checker *c, struct gw_buf *names, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(c->db, GW_SQL_SUBSCRIPTION_LIST, err);
	int rc = st ? 0 : GW_EIO;

	while (rc >= 0 && (rc = check_step(c, st, err)) > 0) {
		struct gw_slice name = { (const char *)sqlite3_column_text(st, 0), (size_t)sqlite3_column_bytes(st, 0) };

		if (gw_mailbox_name_check(name, NULL) == 0 || memchr(name.p, 0, name.n))
			continue;
		gw_buf_add_slice(names, name);
		gw_buf_add_char(names, '\0');
	}
	if (st)
		sqlite3_reset(st);
	return rc;
}

static int check_subscriptions(struct checker *c, struct gw_err *err)
{
	struct gw_buf names;
	int rc;

	gw_buf_init(&names, 0);
	rc = bad_subscriptions(c, &names, err);
	for (const char *p = names.p; rc == 0 && p && p < names.p + names.n; p += strlen(p) + 1) {
		if (!check_found(c, "\"%s\" is subscribed, which cannot be the name of a mailbox", p))
			continue;
		rc = tree_subscribe(c->db, gw_slice_str(p), false, err);
		check_fixed(c, "the subscription \"%s\" was removed", p);
	}
	gw_buf_done(&names);
	return rc;
}

static int check_totals(struct checker *c, struct gw_err *err)
{
	int rc = check_threads(c, err);

	check_next_content(c);
	if (rc == 0)
		rc = check_subscriptions(c, err);
	if (rc == 0)
		rc = check_sums(c);
	if (rc == 0 && c->fix)
		rc = db_account_put(c->db, &c->acct, err);
	return rc < 0 ? rc : maint_go_on(c->m, err);
}

int check_walk(struct db_maint *m, struct gw_db *db, bool fix, struct gw_err *err)
{
	struct checker c = { .m = m, .db = db, .fix = fix };
	bool mirror = db->acc->env->opt.mirror;
	int rc = db_account_get(db, &c.acct, err);

	maint_share(m, CHECK_SHARE_FILE, CHECK_SHARE_CONTENTS);
	if (rc == 0)
		rc = mirror ? check_remote_emails(&c, err) : check_contents(&c, err);
	maint_share(m, CHECK_SHARE_CONTENTS, 100);
	if (rc == 0)
		rc = check_names(&c, err);
	if (rc == 0)
		rc = check_lists(&c, err);
	if (rc == 0)
		rc = check_stray_logs(&c, err);
	if (rc == 0)
		rc = mirror ? check_remote(&c, err) : check_refs(&c, err);
	if (rc == 0)
		rc = check_totals(&c, err);
	for (size_t i = 0; i < c.n_boxes; i++) {
		db_mailbox_done(&c.boxes[i].row);
		free(c.boxes[i].name);
	}
	free(c.boxes);
	free(c.slots);
	return rc;
}

/* ---- the calls ---- */

/* A handle that has the file before it, not what it remembers of it. */
static int open_fresh(struct gw_db_account *acc, struct gw_db **ret, struct gw_err *err)
{
	if (gw_db_account_dir(acc))
		gw_db_account_drop_handles(acc);
	return gw_db_get(acc, ret, err);
}

/* What is in a file of sound structure. */
static int check_inside(struct db_maint *m, struct gw_db *db, struct gw_err *err)
{
	int rc = gw_db_begin_read(db, err);

	if (rc == 0)
		rc = check_walk(m, db, false, err);
	gw_db_end_read(db);
	return rc;
}

int db_check(struct gw_db_account *acc, struct db_maint *m, struct gw_err *err)
{
	struct gw_err why = { .text = "" };
	struct gw_db *db = NULL;
	bool bad = false;
	int rc = open_fresh(acc, &db, &why);

	maint_share(m, 0, CHECK_SHARE_FILE);
	if (rc == 0)
		rc = maint_integrity(m, db->sql, gw_db_account_path(acc), &bad, &why);
	if (rc == 0 && !bad)
		rc = check_inside(m, db, &why);
	gw_db_put(db);
	if (rc == GW_ECORRUPT) {
		maint_problem(m, "%s", why.text);
		return 0;
	}
	if (rc < 0 && err)
		*err = why;
	return rc;
}

/* Look again with writers kept out, and put right what is there. The problems are known already. */
static int fix_inside(struct db_maint *m, struct gw_db *db, struct gw_err *err)
{
	int rc = gw_db_begin(db, err);

	if (rc < 0)
		return rc;
	m->muted = true;
	m->report.lost_messages = 0;
	rc = check_walk(m, db, true, err);
	m->muted = false;
	if (rc == 0)
		rc = gw_db_commit(db, GW_DB_DURABLE, err);
	else
		gw_db_rollback(db);
	db_cache_drop(db->acc, 0);
	return rc;
}

/* Indexes can be built from their tables; *bad: something else is damaged. */
static int fix_indexes(struct db_maint *m, struct gw_db *db, bool *bad, struct gw_err *err)
{
	const char *path = gw_db_account_path(db->acc);
	int rc = gw_db_begin(db, err);

	if (rc < 0)
		return rc;
	rc = maint_reindex(db->sql, path, err);
	m->muted = true;
	if (rc == 0)
		rc = maint_integrity(m, db->sql, path, bad, err);
	m->muted = false;
	if (rc == 0 && !*bad)
		rc = gw_db_commit(db, GW_DB_DURABLE, err);
	else
		gw_db_rollback(db);
	if (rc == 0 && !*bad)
		maint_repaired(m, "indexes were built anew");
	return rc;
}

static int repair_file(struct db_maint *m, struct gw_db *db, struct gw_err *err)
{
	uint64_t before = m->report.problems, lost = m->report.lost_messages;
	bool bad = false;
	int rc = maint_integrity(m, db->sql, gw_db_account_path(db->acc), &bad, err);

	if (rc == 0 && bad)
		rc = fix_indexes(m, db, &bad, err);
	if (rc == 0 && bad)
		return gw_fail(err, GW_ECORRUPT, "%s: the file is damaged", gw_db_account_path(db->acc));
	if (rc == 0)
		rc = check_inside(m, db, err);
	if (rc == 0 && m->report.problems > before) {
		rc = fix_inside(m, db, err);
		m->report.lost_messages += lost;
	}
	return rc;
}

int db_repair(struct gw_db_account *acc, struct db_maint *m, struct gw_err *err)
{
	struct gw_err why = { .text = "" };
	struct gw_db *db = NULL;
	uint64_t before = m->report.problems;
	int rc;

	if (acc->env->opt.mirror)
		return maint_not_mirror(acc, err);
	rc = open_fresh(acc, &db, &why);
	maint_share(m, 0, CHECK_SHARE_FILE);
	if (rc == 0)
		rc = repair_file(m, db, &why);
	gw_db_put(db);
	if (rc == GW_ECORRUPT && gw_db_account_dir(acc)) {
		if (m->report.problems == before)
			maint_problem(m, "%s", why.text);
		return db_salvage(acc, m, err);
	}
	if (rc < 0 && err)
		*err = why;
	return rc;
}

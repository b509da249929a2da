/* row.c - rows of the account and of mailboxes, their counters and keywords */
#include "store/account/row.h"

#define KEYWORD_MAX 255 /* octets of one keyword */

int db_run(struct gw_db *db, sqlite3_stmt *st, struct gw_err *err)
{
	int rc = sqlite3_step(st);

	sqlite3_reset(st);
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? 0 : gw_db_fail(db, rc, "cannot be written", err);
}

/* ---- account ---- */

int db_account_get(struct gw_db *db, struct account_row *ret, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(db, GW_SQL_ACCOUNT, &st, err, 0);

	if (rc < 0)
		return rc;
	if (rc == 0)
		return gw_fail(err, GW_ECORRUPT, "%s: the row of the account is missing", gw_db_account_path(db->acc));
	ret->next_mailbox = (uint64_t)sqlite3_column_int64(st, 0);
	ret->next_content = (uint64_t)sqlite3_column_int64(st, 1);
	ret->next_uidvalidity = (uint64_t)sqlite3_column_int64(st, 2);
	ret->messages = (uint64_t)sqlite3_column_int64(st, 3);
	ret->size = (uint64_t)sqlite3_column_int64(st, 4);
	ret->structure = (uint64_t)sqlite3_column_int64(st, 5);
	sqlite3_reset(st);
	return 0;
}

int db_account_put(struct gw_db *db, const struct account_row *row, struct gw_err *err)
{
	int rc = gw_db_step_i64(db, GW_SQL_ACCOUNT_PUT, NULL, err, 6, (int64_t)row->next_mailbox,
		(int64_t)row->next_content, (int64_t)row->next_uidvalidity, (int64_t)row->messages, (int64_t)row->size,
		(int64_t)row->structure);

	return rc < 0 ? rc : 0;
}

/* ---- mailbox ---- */

void db_mailbox_columns(sqlite3_stmt *st, struct mailbox_row *ret)
{
	uint64_t *const to[] = { &ret->id, &ret->messages, &ret->unseen, &ret->deleted, &ret->size, &ret->deleted_size,
		&ret->uidvalidity, &ret->uidnext, &ret->modseq, &ret->recent, &ret->log_from };
	const char *keywords = (const char *)sqlite3_column_text(st, 12);

	for (size_t i = 0; i < sizeof to / sizeof *to; i++)
		*to[i] = (uint64_t)sqlite3_column_int64(st, (int)i);
	ret->attrs = (unsigned)sqlite3_column_int64(st, 11);
	ret->keywords = keywords && *keywords ? gw_xstrdup(keywords) : NULL;
	ret->keywords_changed = false;
}

static int got(struct gw_db *db, sqlite3_stmt *st, struct mailbox_row *ret, struct gw_err *err)
{
	int rc = sqlite3_step(st);

	if (rc == SQLITE_ROW)
		db_mailbox_columns(st, ret);
	sqlite3_reset(st);
	if (rc == SQLITE_ROW)
		return 0;
	if (rc == SQLITE_DONE)
		return gw_fail(err, GW_ENOENT, "no such mailbox");
	return gw_db_fail(db, rc, "cannot read a mailbox", err);
}

int db_mailbox_get(struct gw_db *db, uint64_t id, struct mailbox_row *ret, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_MAILBOX_BY_ID, err);

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, (int64_t)id);
	return got(db, st, ret, err);
}

int db_mailbox_named(struct gw_db *db, struct gw_slice name, struct mailbox_row *ret, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_MAILBOX_BY_NAME, err);
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_text(st, 1, name.p, (int)name.n, SQLITE_STATIC);
	rc = got(db, st, ret, err);
	sqlite3_clear_bindings(st);
	return rc;
}

int db_mailbox_select(struct gw_db *db, uint64_t id, struct mailbox_row *ret, struct gw_err *err)
{
	int rc = db_mailbox_get(db, id, ret, err);

	if (rc == 0 && ret->attrs & GW_MBOX_NOSELECT) {
		db_mailbox_done(ret);
		return gw_fail(err, GW_ENOENT, "this mailbox holds no messages, only other mailboxes");
	}
	return rc;
}

static int put_keywords(struct gw_db *db, struct mailbox_row *row, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_MAILBOX_KEYWORDS, err);
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, (int64_t)row->id);
	sqlite3_bind_text(st, 2, row->keywords ? row->keywords : "", -1, SQLITE_STATIC);
	rc = db_run(db, st, err);
	sqlite3_clear_bindings(st);
	return rc;
}

int db_mailbox_put(struct gw_db *db, struct mailbox_row *row, struct gw_err *err)
{
	int rc = gw_db_step_i64(db, GW_SQL_MAILBOX_PUT, NULL, err, 10, (int64_t)row->id, (int64_t)row->messages,
		(int64_t)row->unseen, (int64_t)row->deleted, (int64_t)row->size, (int64_t)row->deleted_size,
		(int64_t)row->uidnext, (int64_t)row->modseq, (int64_t)row->recent, (int64_t)row->log_from);

	if (rc >= 0 && row->keywords_changed)
		rc = put_keywords(db, row, err);
	return rc < 0 ? rc : 0;
}

void db_mailbox_done(struct mailbox_row *row)
{
	free(row->keywords);
	row->keywords = NULL;
}

void db_mailbox_count(struct mailbox_row *row, const struct gw_entry *e, int sign)
{
	uint64_t one = (uint64_t)(int64_t)sign;
	uint64_t size = one * e->size;

	row->messages += one;
	row->size += size;
	if (!(e->flags & GW_FLAG_SEEN))
		row->unseen += one;
	if (e->flags & GW_FLAG_DELETED) {
		row->deleted += one;
		row->deleted_size += size;
	}
}

/* ---- keywords ---- */

void db_keywords_parse(const struct mailbox_row *row, struct gw_keywords *ret, char **scratch)
{
	char *save = NULL;

	ret->n = 0;
	*scratch = gw_xstrdup(row->keywords);
	if (!*scratch)
		return;
	for (char *w = strtok_r(*scratch, " ", &save); w && ret->n < GW_KEYWORDS_MAX; w = strtok_r(NULL, " ", &save))
		ret->name[ret->n++] = w;
}

/* flag-keyword = atom (RFC 9051 section 9) */
static bool keyword_ok(struct gw_slice s)
{
	if (s.n == 0 || s.n > KEYWORD_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= ' ' || c >= 0x7F || strchr("(){%*\"\\]", c))
			return false;
	}
	return true;
}

static int keyword_add(struct mailbox_row *row, struct gw_slice name, unsigned n, struct gw_err *err)
{
	char *longer;

	if (!keyword_ok(name))
		return gw_fail(err, GW_EINVAL, "\"%.*s\" is not a keyword", GW_FMT(name));
	if (n >= GW_KEYWORDS_MAX)
		return gw_fail(err, GW_ELIMIT, "a mailbox has at most %d keywords", GW_KEYWORDS_MAX);
	longer = row->keywords ? gw_xasprintf("%s %.*s", row->keywords, GW_FMT(name)) : gw_xslicedup(name);
	free(row->keywords);
	row->keywords = longer;
	row->keywords_changed = true;
	return 0;
}

/* Number of the keyword; *ret_n: how many there are. -1: not there. */
static int keyword_find(const struct mailbox_row *row, struct gw_slice name, unsigned *ret_n)
{
	struct gw_slice rest = gw_slice_str(row->keywords);
	unsigned n = 0;
	int found = -1;

	for (; rest.n && found < 0; n++) {
		size_t len = gw_slice_find(rest, ' ');

		if (gw_slice_eqi(gw_slice(rest.p, len), name))
			found = (int)n;
		gw_slice_take(&rest, len < rest.n ? len + 1 : len);
	}
	*ret_n = n;
	return found < GW_KEYWORDS_MAX ? found : -1;
}

int db_keywords_bits(
	struct mailbox_row *row, const struct gw_slice *names, size_t n, bool add, uint64_t *ret, struct gw_err *err)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned have;
		int k = keyword_find(row, names[i], &have);

		if (k < 0 && add) {
			int rc = keyword_add(row, names[i], have, err);

			if (rc < 0)
				return rc;
			k = (int)have;
		}
		if (k >= 0)
			bits |= GW_FLAG_KEYWORD(k);
	}
	*ret = bits;
	return 0;
}

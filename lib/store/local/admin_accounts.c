/* admin_accounts.c - looking after the account database
 *
 * A check looks at the file, at every row and at directories of mail whose account is gone. A damaged file is read
 * as far as it goes into a new one, whose content then takes its place in one transaction (account/salvage.h). */
#include "store/local/admin.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/account/salvage.h"
#include "store/local/accounts_priv.h"
#include "util/buf.h"

#define ID_GAP 1000 /* left free when it is not known any more which numbers were used */

typedef int (*handle_fn)(struct admin_run *r, sqlite3 *sql, struct gw_err *err);

static int with_handle(struct admin_run *r, handle_fn fn, struct gw_err *err)
{
	struct accounts_handle *h;
	int rc = accounts_take(r->ls->accounts, &h, err);

	if (rc < 0)
		return rc;
	rc = fn(r, h->db, err);
	accounts_give(r->ls->accounts, h);
	return rc;
}

static int failed(struct admin_run *r, sqlite3 *sql, struct gw_err *err)
{
	return maint_fail(&r->dm, sql, r->ls->accounts->file, "cannot be looked after", err);
}

static int execute(struct admin_run *r, sqlite3 *sql, const char *text, struct gw_err *err)
{
	return sqlite3_exec(sql, text, NULL, NULL, NULL) == SQLITE_OK ? 0 : failed(r, sql, err);
}

/* ---- copy, vacuum ---- */

int admin_accounts_copy(struct admin_run *r, const char *path, struct gw_err *err)
{
	struct accounts_handle *h;
	int rc = accounts_take(r->ls->accounts, &h, err);

	if (rc < 0)
		return rc;
	rc = maint_copy(&r->dm, h->db, path, err);
	accounts_give(r->ls->accounts, h);
	return rc;
}

static int vacuum(struct admin_run *r, sqlite3 *sql, struct gw_err *err)
{
	return maint_vacuum(&r->dm, sql, r->ls->accounts->file, err);
}

int admin_accounts_vacuum(struct admin_run *r, struct gw_err *err)
{
	return with_handle(r, vacuum, err);
}

/* ---- rows ---- */

#define BAD_BLOB(column, n) "typeof(" column ")<>'blob' OR length(" column ")<>" n

static const struct {
	const char *what, *where, *set;
} rules[] = {
	{ "the password hash", "typeof(hash)<>'text' OR length(CAST(hash AS BLOB))>383 OR instr(hash,char(0))>0",
		"hash=''" },
	{ "the limits",
		"typeof(storage_limit)<>'integer' OR storage_limit<0 OR typeof(messages_limit)<>'integer'"
		" OR messages_limit<0 OR typeof(mailboxes_limit)<>'integer' OR mailboxes_limit<0"
		" OR typeof(annotations_limit)<>'integer' OR annotations_limit<0",
		"storage_limit=max(0,CAST(storage_limit AS INTEGER)), messages_limit=max(0,CAST(messages_limit AS INTEGER)),"
		" mailboxes_limit=max(0,CAST(mailboxes_limit AS INTEGER)),"
		" annotations_limit=max(0,CAST(annotations_limit AS INTEGER))" },
	{ "where the mail has moved",
		"typeof(moved_server)<>'text' OR length(CAST(moved_server AS BLOB))>261 OR moved_server GLOB '*[^a-zA-Z0-9.:-]*'"
		" OR typeof(moved_user)<>'text' OR length(CAST(moved_user AS BLOB))>255 OR instr(moved_user,char(0))>0",
		"moved_server='', moved_user=''" },
	{ "the SCRAM keys",
		"scram_iterations IS NOT NULL AND (typeof(scram_iterations)<>'integer'"
		" OR scram_iterations NOT BETWEEN 4096 AND 10000000 OR " BAD_BLOB("scram_salt", "16") " OR "
		BAD_BLOB("scram_stored", "32") " OR " BAD_BLOB("scram_server", "32") ")",
		"scram_iterations=NULL, scram_salt=NULL, scram_stored=NULL, scram_server=NULL" },
	{ "the switches", "enabled NOT IN (0,1) OR disabled NOT BETWEEN 0 AND 3", "enabled=0, disabled=disabled&3" },
};

static int check_rule(struct admin_run *r, sqlite3 *sql, size_t i, bool fix, struct gw_err *err)
{
	char text[1024];
	sqlite3_stmt *st = NULL;
	uint64_t n = 0;
	int rc;

	snprintf(text, sizeof text, "SELECT id FROM user WHERE %s", rules[i].where);
	rc = sqlite3_prepare_v2(sql, text, -1, &st, NULL);
	for (; rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW; rc = SQLITE_OK, n++)
		maint_problem(&r->dm, "account %lld: %s: damaged", (long long)sqlite3_column_int64(st, 0), rules[i].what);
	sqlite3_finalize(st);
	if (rc != SQLITE_DONE)
		return failed(r, sql, err);
	if (!fix || n == 0)
		return maint_go_on(&r->dm, err);
	snprintf(text, sizeof text, "UPDATE user SET %s, change=random() WHERE %s", rules[i].set, rules[i].where);
	rc = execute(r, sql, text, err);
	if (rc == 0)
		maint_repaired(&r->dm, "%s of %llu accounts: set anew", rules[i].what, (unsigned long long)n);
	return rc;
}

/* The name as it should be in ret; false: it is. */
static bool better_name(sqlite3_stmt *st, char ret[GW_USER_NAME_MAX + 1])
{
	struct gw_slice name = { (const char *)sqlite3_column_text(st, 1), (size_t)sqlite3_column_bytes(st, 1) };

	if (sqlite3_column_type(st, 1) == SQLITE_TEXT && local_user_name(name, ret, NULL) == 0)
		return !gw_slice_eq(name, gw_slice_str(ret));
	snprintf(ret, GW_USER_NAME_MAX + 1, "recovered-%lld", (long long)sqlite3_column_int64(st, 0));
	return true;
}

static int put_name(struct admin_run *r, sqlite3 *sql, int64_t id, const char *name, struct gw_err *err)
{
	static const char text[] = "UPDATE OR IGNORE user SET name=?2, change=random() WHERE id=?1";
	char other[64];
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(sql, text, -1, &st, NULL) == SQLITE_OK ? 0 : failed(r, sql, err);

	if (rc < 0)
		return rc;
	snprintf(other, sizeof other, "recovered-%lld", (long long)id);
	for (int i = 0; i < 2 && rc == 0; i++) {
		sqlite3_bind_int64(st, 1, id);
		sqlite3_bind_text(st, 2, i ? other : name, -1, SQLITE_STATIC);
		rc = sqlite3_step(st) == SQLITE_DONE ? 0 : failed(r, sql, err);
		sqlite3_reset(st);
		if (sqlite3_changes(sql) > 0) {
			maint_repaired(&r->dm, "account %lld is called \"%s\" now", (long long)id, i ? other : name);
			break;
		}
	}
	sqlite3_finalize(st);
	return rc;
}

struct renamed {
	int64_t id;
	char name[GW_USER_NAME_MAX + 1];
};

static int check_names_of(struct admin_run *r, sqlite3 *sql, bool fix, struct gw_err *err)
{
	const struct renamed *v;
	struct renamed one;
	struct gw_buf bad;
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(sql, "SELECT id, name FROM user ORDER BY id", -1, &st, NULL);

	gw_buf_init(&bad, 0);
	for (; rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW; rc = SQLITE_OK) {
		one.id = sqlite3_column_int64(st, 0);
		if (!better_name(st, one.name))
			continue;
		maint_problem(&r->dm, "account %lld: its name is not one that can be typed", (long long)one.id);
		gw_buf_add(&bad, &one, sizeof one);
	}
	sqlite3_finalize(st);
	rc = rc == SQLITE_DONE ? 0 : failed(r, sql, err);
	v = (const struct renamed *)(const void *)bad.p;
	for (size_t i = 0; fix && rc == 0 && i < bad.n / sizeof *v; i++)
		rc = put_name(r, sql, v[i].id, v[i].name, err);
	gw_buf_done(&bad);
	return rc;
}

static int check_rows(struct admin_run *r, sqlite3 *sql, bool fix, struct gw_err *err)
{
	int rc = check_names_of(r, sql, fix, err);

	for (size_t i = 0; i < sizeof rules / sizeof *rules && rc == 0; i++)
		rc = check_rule(r, sql, i, fix, err);
	return rc;
}

/* ---- check ---- */

static int check_file(struct admin_run *r, sqlite3 *sql, struct gw_err *err)
{
	bool bad = false;
	int rc = maint_integrity(&r->dm, sql, r->ls->accounts->file, &bad, err);

	return rc < 0 || bad ? rc : check_rows(r, sql, false, err);
}

int admin_accounts_check(struct admin_run *r, struct gw_err *err)
{
	int rc;

	local_accounts_tidy(r->ls->accounts); /* a new handle reads the file, not its own memory */
	rc = with_handle(r, check_file, err);
	return rc < 0 ? rc : admin_stray_mail(r, false, err);
}

/* ---- repair ---- */

static const struct salvage_table tables[] = {
	{ "meta", NULL, "key", "key DESC" },
	{ "user", "id", NULL, NULL },
};

/* Numbers of accounts are never given out again, also those of accounts that are gone. */
static int keep_sequence(struct admin_run *r, sqlite3 *from, sqlite3 *to, struct gw_err *err)
{
	char text[160];
	sqlite3_stmt *st = NULL;
	int64_t seq = -1;

	if (sqlite3_prepare_v2(from, "SELECT seq FROM sqlite_sequence WHERE name='user'", -1, &st, NULL) == SQLITE_OK &&
		sqlite3_step(st) == SQLITE_ROW)
		seq = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	if (seq < 0)
		snprintf(text, sizeof text, "UPDATE sqlite_sequence SET seq=seq+%d WHERE name='user'", ID_GAP);
	else
		snprintf(text, sizeof text, "UPDATE sqlite_sequence SET seq=max(seq,%lld) WHERE name='user'", (long long)seq);
	return execute(r, to, text, err);
}

static int fill(struct admin_run *r, sqlite3 *from, sqlite3 *to, struct gw_err *err)
{
	bool bad;
	int rc = execute(r, to, "BEGIN", err);

	for (size_t i = 0; i < sizeof tables / sizeof *tables && rc == 0; i++)
		rc = salvage_rows(&r->dm, from, to, &tables[i], &bad, err);
	if (rc == 0)
		rc = keep_sequence(r, from, to, err);
	return rc < 0 ? rc : execute(r, to, "COMMIT", err);
}

static int open_other(struct admin_run *r, const char *path, int flags, sqlite3 **ret, struct gw_err *err)
{
	int rc = sqlite3_open_v2(path, ret, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | flags, NULL);

	return rc == SQLITE_OK ? 0 : failed(r, *ret, err);
}

/* A second handle watches whether others write between the reading and the replacing. */
static int salvage_into(struct admin_run *r, sqlite3 *sql, sqlite3 *fresh, const char *aside, struct gw_err *err)
{
	const char *file = r->ls->accounts->file;
	sqlite3 *watch = NULL;
	int64_t version = 0;
	int rc = execute(r, sql, "BEGIN IMMEDIATE", err);

	if (rc == 0)
		rc = open_other(r, file, 0, &watch, err);
	if (rc == 0)
		rc = salvage_version(watch, file, &version, err);
	if (rc == 0)
		rc = salvage_copy_files(file, aside, err);
	if (rc == 0)
		rc = fill(r, sql, fresh, err);
	if (!sqlite3_get_autocommit(sql))
		sqlite3_exec(sql, "ROLLBACK", NULL, NULL, NULL);
	if (rc == 0)
		rc = salvage_replace(&r->dm, fresh, sql, watch, version, file, err);
	sqlite3_close(watch);
	return rc;
}

static int salvage(struct admin_run *r, sqlite3 *sql, struct gw_err *err)
{
	struct local_accounts *a = r->ls->accounts;
	char *path = gw_xasprintf("%s.fresh", a->file), *aside = salvage_aside(a->file);
	sqlite3 *fresh = NULL;
	int rc;

	unlink(path);
	rc = open_other(r, path, SQLITE_OPEN_CREATE, &fresh, err);
	if (rc == 0)
		rc = accounts_migrate(a, fresh, err);
	if (rc == 0)
		rc = salvage_into(r, sql, fresh, aside, err);
	sqlite3_close(fresh);
	unlink(path);
	if (rc == 0)
		maint_repaired(&r->dm, "what could be read is in place; the damaged file is %s", aside);
	free(path);
	free(aside);
	return rc;
}

static int reindex(struct admin_run *r, sqlite3 *sql, bool *bad, struct gw_err *err)
{
	const char *file = r->ls->accounts->file;
	bool muted = r->dm.muted;
	int rc = maint_reindex(sql, file, NULL);

	if (rc < 0)
		return 0; /* the table is damaged, too */
	r->dm.muted = true;
	rc = maint_integrity(&r->dm, sql, file, bad, err);
	r->dm.muted = muted;
	if (rc == 0 && !*bad)
		maint_repaired(&r->dm, "indexes were built anew");
	return rc;
}

static int repair_file(struct admin_run *r, sqlite3 *sql, struct gw_err *err)
{
	bool bad = false;
	int rc = maint_integrity(&r->dm, sql, r->ls->accounts->file, &bad, err);

	if (rc == 0 && bad)
		rc = reindex(r, sql, &bad, err);
	if (rc == 0 && bad)
		rc = r->ls->memory ? gw_fail(err, GW_ECORRUPT, "the accounts in memory are damaged") : salvage(r, sql, err);
	return rc < 0 ? rc : check_rows(r, sql, true, err);
}

int admin_accounts_repair(struct admin_run *r, struct gw_err *err)
{
	int rc;

	local_accounts_tidy(r->ls->accounts);
	rc = with_handle(r, repair_file, err);
	return rc < 0 ? rc : admin_stray_mail(r, true, err);
}

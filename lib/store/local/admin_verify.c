/* admin_verify.c - is a backup what it was when it was written?
 *
 * Every file against its digest first, then SQLite reads it through: what was sound then is sound now. */
#include "store/local/admin_copy.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/account/priv.h"
#include "util/mem.h"

#define SHARE_DIGEST 50u /* of a hundred parts of the time of an account; the rest is SQLite's */

static int read_through(struct admin_run *r, const char *path, struct gw_err *err)
{
	char *uri = db_frozen_uri(path);
	sqlite3 *sql = NULL;
	bool bad = false;
	int rc = sqlite3_open_v2(uri, &sql, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, NULL);

	rc = rc == SQLITE_OK ? maint_integrity(&r->dm, sql, path, &bad, err)
			     : gw_fail(err, (enum gw_code)gw_db_code(rc), "%s: cannot be opened: %s", path, sqlite3_errmsg(sql));
	sqlite3_close(sql);
	free(uri);
	return rc;
}

static int verify_file(struct admin_run *r, const char *dir, const struct manifest_file *f, const char *name,
	struct gw_err *err)
{
	struct gw_err why = { .text = "" };
	char *path = admin_copy_path(dir, f->id);
	int rc = admin_begin(r, name, f->size, err);

	r->dm.report.accounts += f->id > 0;
	maint_share(&r->dm, 0, SHARE_DIGEST);
	if (rc == 0)
		rc = admin_copy_check(r, path, f, &why);
	maint_share(&r->dm, SHARE_DIGEST, 100);
	if (rc == 0)
		rc = read_through(r, path, &why);
	free(path);
	admin_end(r);
	if (rc < 0 && rc != GW_EINTR) {
		maint_problem(&r->dm, "%s", why.text);
		rc = 0;
	}
	return rc < 0 ? gw_fail(err, GW_EINTR, "stopped on request") : maint_go_on(&r->dm, err);
}

/* The name of an account in the backup, as far as it can be told. */
static void name_of(struct admin_copy *c, uint64_t id, char ret[GW_USER_NAME_MAX + 1])
{
	struct accounts_row row;

	if (id == 0)
		snprintf(ret, GW_USER_NAME_MAX + 1, "(accounts)");
	else if (c->accounts && admin_copy_row(c, id, NULL, &row, NULL) == 0)
		snprintf(ret, GW_USER_NAME_MAX + 1, "%s", row.user.name);
	else
		snprintf(ret, GW_USER_NAME_MAX + 1, "account %" PRIu64, id);
	gw_wipe(&row, sizeof row);
}

static int verify_files(struct admin_run *r, struct admin_copy *c, uint64_t only, struct gw_err *err)
{
	const struct manifest *m = c->manifest;
	int rc = 0;

	for (size_t i = 0; i < manifest_count(m); i++)
		if (!only || manifest_at(m, i)->id == only) {
			r->accounts++;
			r->bytes += manifest_at(m, i)->size;
		}
	for (size_t i = 0; i < manifest_count(m) && rc == 0; i++) {
		char name[GW_USER_NAME_MAX + 1];

		if (only && manifest_at(m, i)->id != only)
			continue;
		name_of(c, manifest_at(m, i)->id, name);
		rc = verify_file(r, c->dir, manifest_at(m, i), name, err);
	}
	return rc;
}

/* The account that is asked for; 0: all. */
static int find_only(const struct admin_run *r, struct admin_copy *c, uint64_t *ret, struct gw_err *err)
{
	char name[GW_USER_NAME_MAX + 1];
	struct accounts_row row;
	int rc;

	*ret = 0;
	if (r->m->user.n == 0)
		return 0;
	rc = c->accounts ? local_user_name(r->m->user, name, err)
			 : gw_fail(err, GW_ECORRUPT, "%s/accounts.db: cannot be read", c->dir);
	if (rc == 0)
		rc = admin_copy_row(c, 0, name, &row, err);
	if (rc == 0)
		*ret = row.user.id;
	gw_wipe(&row, sizeof row);
	return rc;
}

static int verify(struct admin_run *r, struct admin_copy *c, struct gw_err *err)
{
	uint64_t only = 0;
	int rc;

	r->account = "(accounts)";
	if (!c->manifest->complete)
		maint_problem(&r->dm, "%s: the backup is not complete; begun again, it goes on", c->dir);
	rc = find_only(r, c, &only, err);
	return rc < 0 ? rc : verify_files(r, c, only, err);
}

int gw_admin_verify(struct gw_store *s, const struct gw_maint *m, const char *dir, struct gw_maint_report *ret,
	struct gw_err *err)
{
	struct admin_run r = { .m = m };
	struct admin_copy c;
	int rc = admin_store(s, &r.ls, err);

	if (rc < 0)
		return rc;
	admin_listen(&r);
	rc = admin_copy_open(&c, dir, false, err);
	if (rc == 0)
		rc = verify(&r, &c, err);
	admin_copy_close(&c);
	if (rc == 0)
		*ret = r.dm.report;
	return rc;
}

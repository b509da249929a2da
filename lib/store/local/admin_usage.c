/* admin_usage.c - what accounts have: sizes, limits, and the way into their mailboxes for an operator */
#include "store/local/admin.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "store/account/acct.h"
#include "util/mem.h"

int gw_admin_open(struct gw_store *s, struct gw_slice name, struct gw_acct **ret, struct gw_err *err)
{
	struct local_store *ls;
	struct local_user u;
	int rc = admin_store(s, &ls, err);

	if (rc == 0)
		rc = admin_find(ls, name, &u, err);
	return rc < 0 ? rc : local_signed_on(ls, &u, ret, err);
}

/* ---- usage ---- */

static uint64_t file_size(const char *dir, const char *name)
{
	char *path = gw_xasprintf("%s/%s", dir, name);
	struct stat st;
	uint64_t n = lstat(path, &st) == 0 ? (uint64_t)st.st_blocks * 512 : 0;

	free(path);
	return n;
}

static uint64_t disk_used(const struct local_store *ls, uint64_t id)
{
	static const char *const files[] = { "mail.db", "mail.db-wal", "mail.db-shm", "text.db", "text.db-wal" };
	uint64_t n = 0;
	char *dir;

	if (ls->memory)
		return 0;
	dir = gw_local_account_dir(ls, id);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		n += file_size(dir, files[i]);
	free(dir);
	return n;
}

/* An account without files has nothing, and so it stays. */
static int read_quota(const struct local_store *ls, struct gw_db_account *acc, struct gw_quota *ret, struct gw_err *err)
{
	struct gw_limits l;
	struct gw_db *db;
	int rc;

	if (!admin_has_mail(ls, gw_db_account_id(acc))) {
		db_quota_limits(acc, &l);
		*ret = (struct gw_quota){ .storage_limit = l.storage, .messages_limit = l.messages,
			.mailboxes_limit = l.mailboxes, .annotations_limit = l.annotations };
		return 0;
	}
	rc = gw_db_get(acc, &db, err);
	if (rc < 0)
		return rc;
	rc = db_quota_get(db, ret, err);
	gw_db_put(db);
	return rc;
}

int gw_admin_user_usage(struct gw_store *s, struct gw_slice name, struct gw_usage *ret, struct gw_err *err)
{
	struct gw_usage usage = { .disk = 0 };
	struct gw_db_account *acc;
	struct local_store *ls;
	struct local_user u;
	int rc = admin_store(s, &ls, err);

	if (rc == 0)
		rc = admin_find(ls, name, &u, err);
	if (rc == 0)
		rc = local_db_open(ls, u.id, &acc, err);
	if (rc != 0)
		return rc;
	rc = read_quota(ls, acc, &usage.quota, err);
	gw_db_account_unref(acc);
	usage.disk = disk_used(ls, u.id);
	if (rc == 0)
		*ret = usage;
	return rc;
}

/* ---- counting anew ---- */

static int recount(struct local_store *ls, uint64_t id, struct gw_err *err)
{
	struct gw_db_account *acc;
	int rc;

	if (!admin_has_mail(ls, id))
		return 0;
	rc = local_db_open(ls, id, &acc, err);
	if (rc < 0)
		return rc;
	rc = db_recount(acc, err);
	gw_db_account_unref(acc);
	return rc;
}

int gw_admin_quota_recalculate(struct gw_store *s, struct gw_slice name, struct gw_quota *ret_was, struct gw_quota *ret,
	struct gw_err *err)
{
	struct gw_usage was, now;
	struct local_store *ls;
	struct local_user u;
	int rc = admin_store(s, &ls, err);

	if (rc == 0)
		rc = admin_find(ls, name, &u, err);
	if (rc == 0)
		rc = gw_admin_user_usage(s, name, &was, err);
	if (rc == 0)
		rc = recount(ls, u.id, err);
	if (rc == 0)
		rc = gw_admin_user_usage(s, name, &now, err);
	if (rc < 0)
		return rc;
	*ret_was = was.quota;
	*ret = now.quota;
	return 0;
}

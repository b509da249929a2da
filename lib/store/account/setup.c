/* setup.c - what a new account begins with, and the key every handle needs */
#include "store/account/row.h"
#include "store/account/tree.h"

#include <sys/random.h>

static const struct {
	const char *name;
	unsigned special;
} first_mailboxes[] = {
	{ "INBOX", 0 },
	{ "Drafts", GW_MBOX_DRAFTS },
	{ "Sent", GW_MBOX_SENT },
	{ "Trash", GW_MBOX_TRASH },
	{ "Junk", GW_MBOX_JUNK },
	{ "Archive", GW_MBOX_ARCHIVE },
};

int db_read_key(struct gw_db *db, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(db, GW_SQL_ACCOUNT, &st, err, 0);

	if (rc <= 0)
		return rc;
	if (sqlite3_column_bytes(st, 6) == sizeof db->key)
		memcpy(db->key, sqlite3_column_blob(st, 6), sizeof db->key);
	else
		rc = gw_fail(err, GW_ECORRUPT, "%s: the key of the account is damaged", gw_db_account_path(db->acc));
	sqlite3_reset(st);
	return rc;
}

static int new_account(struct gw_db *db, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_ACCOUNT_NEW, err);
	unsigned char key[sizeof db->key];

	if (!st)
		return GW_EIO;
	if (getrandom(key, sizeof key, 0) != sizeof key)
		return gw_fail(err, GW_EIO, "the operating system gives no random numbers");
	sqlite3_bind_blob(st, 1, key, sizeof key, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, gw_wall_s(db->acc->env->opt.clock));
	return db_run(db, st, err);
}

static int new_mailboxes(struct gw_db *db, struct gw_err *err)
{
	struct account_row acct;
	uint64_t id;
	int rc = db_account_get(db, &acct, err);

	for (size_t i = 0; i < sizeof first_mailboxes / sizeof *first_mailboxes && rc == 0; i++) {
		struct gw_slice name = gw_slice_str(first_mailboxes[i].name);

		rc = tree_add(db, &acct, name, first_mailboxes[i].special, &id, err);
		if (rc == 0)
			rc = tree_subscribe(db, name, true, err);
	}
	return rc < 0 ? rc : db_account_put(db, &acct, err);
}

int db_setup(struct gw_db *db, struct gw_err *err)
{
	int rc = db_read_key(db, err);

	if (rc)
		return rc < 0 ? rc : 0;
	rc = db_begin_map(db, err); /* a map that is shared may bring the account with it */
	if (rc < 0)
		return rc;
	rc = db_read_key(db, err); /* somebody else may have been faster */
	if (rc == 0) {
		rc = new_account(db, err);
		if (rc == 0 && !db->acc->env->opt.mirror)
			rc = new_mailboxes(db, err);
		if (rc == 0)
			rc = gw_db_commit(db, GW_DB_DURABLE, err);
		if (rc == 0)
			rc = db_read_key(db, err);
	} else if (rc > 0 && db->replica) { /* and it has come */
		rc = gw_db_commit(db, GW_DB_DURABLE, err);
	}
	gw_db_rollback(db);
	return rc < 0 ? rc : 0;
}

/* rights.c - who may do what in public folders
 *
 * Rows of the public account's table `rights`, by mailbox and account number; number 0 is everybody without a row of his
 * own, mailbox 0 the root. The rows of the nearest mailbox that has any count, from the mailbox itself upwards, so a right
 * holds for all that lies below. Where there are none at all, everybody may read and write. */
#include "store/account/rights.h"

#include <stdio.h>

#define RIGHTS_DEFAULT (GW_RIGHT_READ | GW_RIGHT_WRITE)

/* 1: the mailbox has rows, *ret is what they say; 0: it has none; or a code. */
static int rights_here(struct gw_db *db, uint64_t mailbox, uint64_t who, unsigned *ret, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(db, GW_SQL_RIGHTS_GET, &st, err, 2, (int64_t)mailbox, (int64_t)who);

	if (rc <= 0)
		return rc;
	*ret = (unsigned)sqlite3_column_int(st, 0);
	sqlite3_reset(st);
	return 1;
}

/* The number of a mailbox by its name; 0 when there is none. */
static int number_of(struct gw_db *db, struct gw_slice name, uint64_t *ret, struct gw_err *err)
{
	struct mailbox_row row;
	int rc = db_mailbox_named(db, name, &row, err);

	if (rc == GW_ENOENT) {
		*ret = 0;
		return 0;
	}
	if (rc == 0) {
		*ret = row.id;
		db_mailbox_done(&row);
	}
	return rc;
}

static struct gw_slice parent_of(struct gw_slice name)
{
	while (name.n && name.p[--name.n] != '/')
		;
	return name;
}

/* Of the mailboxes above, then of the root. */
static int rights_above(struct gw_db *db, struct gw_slice name, uint64_t who, unsigned *ret, struct gw_err *err)
{
	int rc = 0;

	for (name = parent_of(name); name.n && rc == 0; name = parent_of(name)) {
		uint64_t id;

		rc = number_of(db, name, &id, err);
		if (rc == 0 && id)
			rc = rights_here(db, id, who, ret, err);
	}
	return rc ? rc : rights_here(db, 0, who, ret, err);
}

static int name_of(struct gw_db *db, uint64_t mailbox, char ret[GW_MAILBOX_NAME_MAX + 1], struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(db, GW_SQL_MAILBOX_NAME_OF, &st, err, 1, (int64_t)mailbox);

	if (rc <= 0)
		return rc < 0 ? rc : gw_fail(err, GW_ENOENT, "no such mailbox");
	snprintf(ret, GW_MAILBOX_NAME_MAX + 1, "%s", (const char *)sqlite3_column_text(st, 0));
	sqlite3_reset(st);
	return 0;
}

int rights_of(struct gw_db *db, uint64_t mailbox, uint64_t who, unsigned *ret, struct gw_err *err)
{
	char name[GW_MAILBOX_NAME_MAX + 1];
	int rc = gw_db_step_i64(db, GW_SQL_RIGHTS_ANY, NULL, err, 0);

	*ret = RIGHTS_DEFAULT;
	if (rc <= 0)
		return rc;
	rc = rights_here(db, mailbox, who, ret, err);
	if (rc == 0)
		rc = name_of(db, mailbox, name, err);
	else
		return rc < 0 ? rc : 0;
	if (rc == 0)
		rc = rights_above(db, gw_slice_str(name), who, ret, err);
	return rc < 0 ? rc : 0;
}

/* What other users share, the storage server watches over. */
static bool by_rights(const struct view_acct *v, uint32_t space)
{
	return space && v->space[space - 1].kind == VIEW_PUBLIC;
}

int view_rights(struct gw_acct *a, struct gw_db *db, struct gw_mbox_id id, unsigned *attrs, struct gw_err *err)
{
	const struct view_acct *v = (const struct view_acct *)a;
	unsigned rights;
	int rc;

	if (!by_rights(v, id.space))
		return 0;
	rc = rights_of(db, id.id, gw_db_account_id(v->own), &rights, err);
	if (rc < 0)
		return rc;
	if (!(rights & GW_RIGHT_READ))
		return gw_fail(err, GW_ENOENT, "no such mailbox");
	if (!(rights & GW_RIGHT_WRITE))
		*attrs |= GW_MBOX_READONLY;
	return 0;
}

/* What the administrator lets the user do in a mailbox; in one that is not public, all of it. */
static int rights_in(struct gw_acct *a, struct gw_mbox_id id, unsigned *ret, struct gw_err *err)
{
	const struct view_acct *v = (const struct view_acct *)a;
	struct gw_db *db;
	int rc;

	*ret = GW_RIGHT_READ | GW_RIGHT_WRITE | GW_RIGHT_DELETE;
	if (!by_rights(v, id.space))
		return 0;
	rc = view_begin(a, id.space, VIEW_READ, &db, err);
	if (rc < 0)
		return rc;
	rc = rights_of(db, id.id, gw_db_account_id(v->own), ret, err);
	gw_db_put(db);
	return rc;
}

int view_may(struct gw_acct *a, struct gw_mbox_id id, unsigned right, struct gw_err *err)
{
	unsigned rights;
	int rc = rights_in(a, id, &rights, err);

	if (rc == 0 && !(rights & right))
		rc = gw_fail(err, GW_EACCES, "the administrator does not let you %s this public folder",
			right == GW_RIGHT_DELETE ? "remove messages from" : "change");
	return rc;
}

int view_may_read(struct gw_acct *a, struct gw_mbox_id id, struct gw_err *err)
{
	unsigned rights;
	int rc = rights_in(a, id, &rights, err);

	return rc == 0 && !(rights & GW_RIGHT_READ) ? gw_fail(err, GW_ENOENT, "no such mailbox") : rc;
}

int view_mbox_may(struct gw_acct *a, struct gw_mbox_id id, unsigned *ret, struct gw_err *err)
{
	unsigned rights;
	int rc = rights_in(a, id, &rights, err);

	*ret = GW_MAY_ALL;
	if (rc < 0 || !by_rights((const struct view_acct *)a, id.space))
		return rc;
	if (!(rights & GW_RIGHT_READ))
		return gw_fail(err, GW_ENOENT, "no such mailbox");
	*ret = GW_MAY_READ;
	if (rights & GW_RIGHT_WRITE) /* without it the mailbox is opened read-only: nothing is removed there */
		*ret |= GW_MAY_SEEN | GW_MAY_FLAGS | GW_MAY_INSERT | GW_MAY_ANNOTATE | GW_MAY_DELETE | (rights & GW_RIGHT_DELETE ? GW_MAY_EXPUNGE : 0u);
	return 0;
}

int rights_put(struct gw_db *db, uint64_t mailbox, uint64_t who, int rights, struct gw_err *err)
{
	int rc = rights < 0 ? gw_db_step_i64(db, GW_SQL_RIGHTS_REMOVE, NULL, err, 2, (int64_t)mailbox, (int64_t)who)
			    : gw_db_step_i64(db, GW_SQL_RIGHTS_PUT, NULL, err, 3, (int64_t)mailbox, (int64_t)who, (int64_t)rights);

	return rc < 0 ? rc : 0;
}

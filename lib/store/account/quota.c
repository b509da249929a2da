/* quota.c - what an account may hold: its own limits and the store's (RFC 9208)
 *
 * The limits of an account are asked for at each check, so that a change by anybody counts at once. */
#include "store/account/row.h"

/* Those of the account itself. */
static void own_limits(struct gw_db_account *acc, struct gw_limits *ret)
{
	const struct gw_db_limits *l = &acc->env->opt.limits;

	if (l->own && l->own(l->own_ctx, acc->id, ret) == 0) {
		acc->own_storage = ret->storage;
		acc->own_messages = ret->messages;
		acc->own_mailboxes = ret->mailboxes;
		acc->own_annotations = ret->annotations;
		return;
	}
	*ret = (struct gw_limits){ acc->own_storage, acc->own_messages, acc->own_mailboxes, acc->own_annotations };
}

static uint64_t least(uint64_t own, uint64_t all)
{
	return own && (!all || own < all) ? own : all;
}

static void in_force(const struct gw_db_account *acc, const struct gw_limits *own, struct gw_limits *ret)
{
	const struct gw_limits *all = &acc->env->opt.limits.account;

	ret->storage = own->storage ? own->storage : all->storage;
	ret->messages = own->messages ? own->messages : all->messages;
	ret->mailboxes = least(own->mailboxes, all->mailboxes);
	ret->annotations = least(own->annotations, (uint64_t)GW_METADATA_ACCOUNT_MAX + GW_ANNOTATION_ACCOUNT_MAX);
}

void db_quota_limits(struct gw_db_account *acc, struct gw_limits *ret)
{
	struct gw_limits own;

	own_limits(acc, &own);
	in_force(acc, &own, ret);
}

int db_quota_check(
	struct gw_db *db, const struct account_row *row, uint64_t messages, uint64_t size, struct gw_err *err)
{
	struct gw_limits l;

	db_quota_limits(db->acc, &l);
	if (l.storage && row->size + size > l.storage)
		return gw_fail(err, GW_EQUOTA, "the account would pass its quota of %llu octets",
			(unsigned long long)l.storage);
	if (l.messages && row->messages + messages > l.messages)
		return gw_fail(err, GW_EQUOTA, "the account would pass its quota of %llu messages",
			(unsigned long long)l.messages);
	return 0;
}

static bool nearly(uint64_t used, uint64_t limit, unsigned percent)
{
	return limit && used >= limit / 100 * percent + (limit % 100 * percent + 99) / 100; /* rounded up */
}

bool db_quota_near(const struct gw_db_account *acc, const struct account_row *row)
{
	const struct gw_limits own = { .storage = acc->own_storage, .messages = acc->own_messages };
	unsigned percent = acc->env->opt.limits.quota_warning;
	struct gw_limits l;

	if (!percent)
		return false;
	in_force(acc, &own, &l);
	return nearly(row->size, l.storage, percent) || nearly(row->messages, l.messages, percent);
}

/* One number. */
static int count(struct gw_db *db, enum gw_sql sql, uint64_t *ret, struct gw_err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = gw_db_step_i64(db, sql, &st, err, 0);

	if (rc <= 0 || !st)
		return rc;
	*ret = (uint64_t)sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	return 0;
}

int db_quota_check_mailbox(struct gw_db *db, struct gw_err *err)
{
	struct gw_limits l;
	uint64_t n = 0;
	int rc;

	db_quota_limits(db->acc, &l);
	if (!l.mailboxes)
		return 0;
	rc = count(db, GW_SQL_MAILBOX_COUNT, &n, err);
	if (rc == 0 && n >= l.mailboxes)
		rc = gw_fail(err, GW_ELIMIT, "the account has at most %llu mailboxes", (unsigned long long)l.mailboxes);
	return rc;
}

int db_metadata_size(struct gw_db *db, uint64_t *ret, struct gw_err *err)
{
	return count(db, GW_SQL_METADATA_SUM, ret, err);
}

int db_annotations_size(struct gw_db *db, uint64_t *ret, struct gw_err *err)
{
	uint64_t metadata = 0, messages = 0;
	int rc = db_metadata_size(db, &metadata, err);

	if (rc == 0)
		rc = count(db, GW_SQL_ANNOTATION_SIZE, &messages, err);
	if (rc == 0)
		*ret = metadata + messages;
	return rc;
}

/* Without a limit of its own the account holds what the two kinds may have. */
int db_quota_check_annotations(struct gw_db *db, struct gw_err *err)
{
	struct gw_limits own;
	uint64_t n = 0;
	int rc = 0;

	own_limits(db->acc, &own);
	if (own.annotations)
		rc = db_annotations_size(db, &n, err);
	if (rc == 0 && own.annotations && n > own.annotations)
		rc = gw_fail(err, GW_EQUOTA, "the account would pass its quota of %llu octets of annotations",
			(unsigned long long)own.annotations);
	return rc;
}

int db_quota_get(struct gw_db *db, struct gw_quota *ret, struct gw_err *err)
{
	struct gw_quota q = { 0 };
	struct account_row row;
	struct gw_limits l;
	int rc = db_account_get(db, &row, err);

	if (rc == 0)
		rc = count(db, GW_SQL_MAILBOX_COUNT, &q.mailboxes_used, err);
	if (rc == 0)
		rc = db_annotations_size(db, &q.annotations_used, err);
	if (rc < 0)
		return rc;
	db_quota_limits(db->acc, &l);
	q.storage_used = row.size;
	q.messages_used = row.messages;
	q.storage_limit = l.storage;
	q.messages_limit = l.messages;
	q.mailboxes_limit = l.mailboxes;
	q.annotations_limit = l.annotations;
	*ret = q;
	return 0;
}

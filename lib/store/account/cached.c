/* cached.c - which messages of a mirror have their bytes here, and how many octets that is in all
 *
 * Row 0 of `cached` is the sum of the others, so that nobody adds them up to learn whether there is room. */
#include "store/account/acct.h"

int cached_get(struct gw_db *db, uint64_t content, uint64_t *ret_size, int64_t *ret_used, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(db, GW_SQL_CACHED_GET, &st, err, 1, (int64_t)content);

	if (rc > 0) {
		*ret_size = (uint64_t)sqlite3_column_int64(st, 0);
		*ret_used = sqlite3_column_int64(st, 1);
		sqlite3_reset(st);
	}
	return rc;
}

int cached_sum(struct gw_db *db, uint64_t *ret, struct gw_err *err)
{
	int64_t used;
	int rc;

	*ret = 0;
	rc = cached_get(db, 0, ret, &used, err);
	return rc < 0 ? rc : 0;
}

static int put(struct gw_db *db, uint64_t content, uint64_t size, int64_t used, struct gw_err *err)
{
	int rc = gw_db_step_i64(db, GW_SQL_CACHED_PUT, NULL, err, 3, (int64_t)content, (int64_t)size, used);

	return rc < 0 ? rc : 0;
}

int cached_add(struct gw_db *db, uint64_t content, uint64_t size, int64_t now, struct gw_err *err)
{
	uint64_t sum;
	int rc = cached_sum(db, &sum, err);

	if (rc == 0)
		rc = put(db, content, size, now, err);
	return rc < 0 ? rc : put(db, 0, sum + size, 0, err);
}

int cached_remove(struct gw_db *db, uint64_t content, struct gw_err *err)
{
	uint64_t size = 0, sum;
	int64_t used;
	int rc = cached_get(db, content, &size, &used, err);

	if (rc > 0) {
		rc = cached_sum(db, &sum, err);
		if (rc == 0)
			rc = put(db, 0, sum > size ? sum - size : 0, 0, err);
		if (rc == 0)
			rc = gw_db_step_i64(db, GW_SQL_CACHED_REMOVE, NULL, err, 1, (int64_t)content);
	}
	if (rc >= 0)
		rc = gw_db_step_i64(
			db, GW_SQL_BODY_REMOVE, NULL, err, 2, BODY_ID(content, 0), BODY_ID(content, BODY_PIECES - 1));
	return rc < 0 ? rc : 0;
}

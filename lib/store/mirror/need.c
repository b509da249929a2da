/* need.c - which messages' bytes are wanted */
#include "store/mirror/priv.h"

static int begin(struct gw_db_account *acc, struct gw_db **ret, struct gw_err *err)
{
	int rc = gw_db_get(acc, ret, err);

	if (rc < 0)
		return rc;
	rc = gw_db_begin_read(*ret, err);
	if (rc < 0)
		gw_db_put(*ret);
	return rc;
}

/* 1 when something of the message is not here. */
static int lacks(struct gw_db *db, uint64_t content, bool body, struct gw_err *err)
{
	int rc = gw_db_step_i64(db, GW_SQL_CONTENT_SIZE, NULL, err, 1, (int64_t)content);

	if (rc > 0 && body)
		rc = gw_db_step_i64(db, GW_SQL_CACHED_GET, NULL, err, 1, (int64_t)content);
	return rc < 0 ? rc : !rc;
}

/* 1 and what is needed, 0 when the message is gone. */
static int describe(struct gw_db *db, uint64_t content, struct gw_arena *arena, struct mirror_need *ret, struct gw_err *err)
{
	struct facts f;
	int rc = facts_get(db, content, arena, &f, err);

	if (rc > 0)
		*ret = (struct mirror_need){ .content = content, .id = f.id, .blob = f.blob, .size = f.size };
	return rc;
}

int mirror_missing(struct gw_db_account *acc, const uint64_t *contents, size_t n, bool body, struct gw_arena *arena,
	struct mirror_need **ret, size_t *ret_n, struct gw_err *err)
{
	struct mirror_need *v = gw_arena_calloc(arena, n + 1, sizeof *v);
	size_t need = 0;
	struct gw_db *db;
	int rc = begin(acc, &db, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < n && rc >= 0; i++) {
		rc = contents[i] ? lacks(db, contents[i], body, err) : 0;
		if (rc > 0)
			rc = describe(db, contents[i], arena, &v[need], err);
		need += rc > 0;
	}
	gw_db_put(db);
	if (rc < 0)
		return rc;
	*ret = v;
	*ret_n = need;
	return 0;
}


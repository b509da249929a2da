/* import_map.c - what was imported, by the source's names of messages */
#include "store/account/import.h"

#include "util/hash.h"

/* A statement of the map with its first two parameters bound. */
static sqlite3_stmt *with_key(struct gw_db *db, enum gw_sql which, uint64_t map, struct gw_slice key, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, which, err);

	if (!st)
		return NULL;
	sqlite3_bind_int64(st, 1, (int64_t)map);
	sqlite3_bind_blob64(st, 2, key.p, key.n, SQLITE_STATIC);
	return st;
}

/* As 1, 0 or a code; the statement is done with. */
static int finish(struct gw_db *db, sqlite3_stmt *st, int rc, struct gw_err *err)
{
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return rc == SQLITE_ROW	   ? 1
	       : rc == SQLITE_DONE ? 0
				   : gw_db_fail(db, rc, "cannot use the map of imported messages", err);
}

int import_entry_get(struct gw_db *db, uint64_t map, struct gw_slice key, struct import_entry *ret, struct gw_err *err)
{
	sqlite3_stmt *st = with_key(db, GW_SQL_IMPORTED_GET, map, key, err);
	int rc;

	if (!st)
		return GW_EIO;
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW && ret)
		*ret = (struct import_entry){ (uint32_t)sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1) };
	return finish(db, st, rc, err);
}

int import_entry_add(struct gw_db *db, uint64_t map, struct gw_slice key, const struct import_entry *e,
	struct gw_err *err)
{
	sqlite3_stmt *st = with_key(db, GW_SQL_IMPORTED_NEW, map, key, err);
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 3, e->uid);
	sqlite3_bind_int64(st, 4, e->mark);
	rc = sqlite3_step(st);
	return finish(db, st, rc, err);
}

int import_entry_mark(struct gw_db *db, uint64_t map, struct gw_slice key, int64_t mark, struct gw_err *err)
{
	sqlite3_stmt *st = with_key(db, GW_SQL_IMPORTED_MARK, map, key, err);
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 3, mark);
	rc = sqlite3_step(st);
	return finish(db, st, rc, err);
}

/* Keywords differ in no more than their case: they are one (RFC 9051 2.3.2). */
static uint64_t hash_of(struct gw_slice keyword)
{
	static const struct gw_hash_key fixed = { 0, 0 };
	char folded[256];

	if (keyword.n > sizeof folded)
		keyword.n = sizeof folded;
	for (size_t i = 0; i < keyword.n; i++)
		folded[i] = gw_lower(keyword.p[i]);
	return gw_hash(fixed, gw_slice(folded, keyword.n));
}

int64_t import_mark(uint64_t system, const struct gw_slice *keywords, size_t n)
{
	uint64_t mark = system & GW_FLAG_SYSTEM;

	for (size_t i = 0; i < n; i++)
		mark += hash_of(keywords[i]) << 8;
	return (int64_t)mark;
}

int view_import_known(struct gw_acct *a, const struct gw_import_into *into, const struct gw_slice *keys, size_t n,
	bool *ret, struct gw_err *err)
{
	struct gw_db *db;
	int rc = view_begin(a, 0, VIEW_READ, &db, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < n && rc >= 0; i++) {
		rc = into->map ? import_entry_get(db, into->map, keys[i], NULL, err) : 0;
		ret[i] = rc > 0;
	}
	gw_db_put(db);
	return rc < 0 ? rc : 0;
}

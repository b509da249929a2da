/* salvage.h - reading what can be read of a damaged database
 *
 * salvage_rows.c copies rows of tables around what cannot be read; salvage.c makes a sound mail database of them;
 * the account database uses the rows alone. */
#ifndef GW_STORE_ACCOUNT_SALVAGE_H
#define GW_STORE_ACCOUNT_SALVAGE_H

#include "store/account/maint.h"

struct salvage_table {
	const char *name;
	const char *key; /* integer primary key; NULL: the table has none (WITHOUT ROWID) */
	const char *order; /* then: its primary key's columns, for ORDER BY ... ASC and DESC */
	const char *reverse;
};

/* Copy every readable row of the table, which is alike in both. Rows that are there already stay. What cannot be
 * read is told and is no failure: *ret_bad. */
int salvage_rows(struct db_maint *m, sqlite3 *from, sqlite3 *to, const struct salvage_table *t, bool *ret_bad,
	struct gw_err *err);

/* Rows of the tables of a mail database that no tree leads to any more: look at every page of the database behind
 * `from` by itself. scratch: path of a file that may be made for it. wanted: tables, by name, NULL at the end. */
int salvage_pages(struct db_maint *m, sqlite3 *from, sqlite3 *to, const char *scratch, const char *const *wanted,
	struct gw_err *err);

/* Give the content of `to` to the file behind `sql`, which others may have open: they see it change in one
 * moment. before: PRAGMA data_version of watch, a second handle on the file, when the rows were read; GW_EBUSY
 * when somebody has written since. */
int salvage_replace(struct db_maint *m, sqlite3 *from, sqlite3 *sql, sqlite3 *watch, int64_t before, const char *path,
	struct gw_err *err);

/* A plain handle on a mail database, through our layer below SQLite. A SQLite result code; *ret must be closed always. */
int salvage_open(const char *path, sqlite3 **ret);

/* Remove a database that nobody has open, and what SQLite puts beside it. NULL is fine. */
void salvage_remove(const char *path);

/* PRAGMA data_version. */
int salvage_version(sqlite3 *sql, const char *path, int64_t *ret, struct gw_err *err);

/* The first of path.damaged-1, -2 ... that is free; free() it. */
char *salvage_aside(const char *path);

/* Copy a file that SQLite may have open, through SQLite, so that no lock is lost; and its WAL, when it has one. */
int salvage_copy_files(const char *path, const char *to, struct gw_err *err);

#endif

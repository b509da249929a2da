/* accounts_dirs.c - the account database and the folders beside it agree on who is who
 *
 * A folder below users/ is named after an account's number. When accounts.db is lost, or an older copy of it was brought
 * back, there are folders it knows nothing of: no new account may get such a number, or it would get somebody else's mail;
 * and an account database that is empty while there are folders is not a new one. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store/local/accounts_priv.h"
#include "util/mem.h"

#define ID_DIGITS 16

/* A path in the folder of accounts.db. */
static char *beside(const struct local_accounts *a, const char *path)
{
	return gw_xasprintf("%.*s/%s", (int)(strrchr(a->file, '/') - a->file), a->file, path);
}

static bool exists(const struct local_accounts *a, uint64_t id)
{
	char dir[LOCAL_ACCOUNT_DIR_MAX], *path;
	struct stat st;
	bool yes;

	local_account_dir(id, dir);
	path = beside(a, dir);
	yes = lstat(path, &st) == 0;
	free(path);
	return yes;
}

static void sql_taken(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	(void)n;
	sqlite3_result_int(ctx, exists(sqlite3_user_data(ctx), (uint64_t)sqlite3_value_int64(v[0])));
}

static void sql_free(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	(void)n;
	(void)v;
	sqlite3_result_int(ctx, 0);
}

int accounts_dirs_function(const struct local_accounts *a, sqlite3 *db)
{
	return sqlite3_create_function_v2(db, "taken", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY, (void *)a,
					  a->memory ? sql_free : sql_taken, NULL, NULL, NULL);
}

/* Is there a folder of an account in this one? */
static bool has_account(const char *dir)
{
	DIR *d = opendir(dir);
	const struct dirent *e;
	bool yes = false;

	if (!d)
		return false;
	while (!yes && (e = readdir(d)))
		yes = strlen(e->d_name) == ID_DIGITS && strspn(e->d_name, "0123456789abcdef") == ID_DIGITS;
	closedir(d);
	return yes;
}

bool accounts_dirs_any(const struct local_accounts *a)
{
	bool any = false;

	for (unsigned i = 0; i < 256 && !any; i++) {
		char name[16], *dir;

		snprintf(name, sizeof name, "users/%02x", i);
		dir = beside(a, name);
		any = has_account(dir);
		free(dir);
	}
	return any;
}

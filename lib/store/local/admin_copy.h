/* admin_copy.h - what writing, verifying and bringing back backups share */
#ifndef GW_STORE_LOCAL_ADMIN_COPY_H
#define GW_STORE_LOCAL_ADMIN_COPY_H

#include "store/local/accounts_priv.h"
#include "store/local/admin.h"
#include "store/local/manifest.h"

/* Where the database of an account lies below dir, a store or a copy of one; id 0: that of the accounts. free() it. */
char *admin_copy_path(const char *dir, uint64_t id);

/* ---- admin_copy.c: reading a backup ---- */

struct admin_copy {
	const char *dir;
	struct manifest *manifest;
	const char *columns;    /* of the rows in it */
	sqlite3 *accounts;      /* its accounts.db, which is not changed; NULL: cannot be read */
};

/* Open the backup in dir. GW_ENOENT: there is none. whole: it must be complete, and its accounts.db is verified first:
 * GW_ECORRUPT; else accounts is NULL when that cannot be read. */
int admin_copy_open(struct admin_copy *c, const char *dir, bool whole, struct gw_err *err);
void admin_copy_close(struct admin_copy *c); /* also when it was not opened in full */

/* The row of an account by its number, or by its normalised name (id 0). GW_ENOENT. */
int admin_copy_row(struct admin_copy *c, uint64_t id, const char *name, struct accounts_row *ret, struct gw_err *err);

/* Numbers of its accounts in ascending order; *ret lives in arena. */
int admin_copy_ids(struct admin_copy *c, struct gw_arena *arena, uint64_t **ret, size_t *ret_n, struct gw_err *err);

/* Does the file have the size and the digest that the manifest says? GW_ECORRUPT with what is wrong. */
int admin_copy_check(struct admin_run *r, const char *path, const struct manifest_file *f, struct gw_err *err);

/* For manifest_digest(): progress of reading a file. */
struct admin_digest {
	struct admin_run *run;
	uint64_t total;
};
bool admin_digest_step(void *ctx, uint64_t done);

#endif

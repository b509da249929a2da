/* admin.h - what the files admin_*.c share
 *
 * admin_users.c changes accounts, admin_maint.c goes through databases (check, repair, vacuum), admin_backup.c copies
 * them, admin_accounts.c looks after accounts.db, admin_files.c works on directories. */
#ifndef GW_STORE_LOCAL_ADMIN_H
#define GW_STORE_LOCAL_ADMIN_H

#include "store/account/maint.h"
#include "store/local/acct.h"

/* What is put behind the name of an account's directory that is being removed. */
#define ADMIN_DELETED ".deleted"

/* The store behind s as ours; GW_ENOTSUP when it keeps no accounts of its own. */
int admin_store(struct gw_store *s, struct local_store **ret, struct gw_err *err);

/* ---- admin_maint.c: going through the databases of a store ---- */

struct admin_run {
	struct local_store *ls;
	const struct gw_maint *m;
	struct db_maint dm;
	const char *account;            /* the one at work, as events name it */
	bool every;                     /* go on with the others when one fails; the first failure is returned */
	const char *dir;                /* of a backup */

	int (*on_accounts)(struct admin_run *r, struct gw_err *err); /* accounts.db; NULL: left out */
	int (*on_account)(struct admin_run *r, uint64_t id, struct gw_db_account *acc, struct gw_err *err);
};

/* Call on_accounts and on_account for what r->m->user names. Accounts without a database yet are left out. */
int admin_run(struct admin_run *r, struct gw_err *err);

/* ---- admin_accounts.c ---- */

/* The account database: look for damage, put it right. */
int admin_accounts_check(struct admin_run *r, struct gw_err *err);
int admin_accounts_repair(struct admin_run *r, struct gw_err *err);
int admin_accounts_vacuum(struct admin_run *r, struct gw_err *err);
int admin_accounts_copy(struct admin_run *r, const char *path, struct gw_err *err);

/* ---- admin_stray.c ---- */

/* Directories of mail without an account; with fix those go whose account was being removed. */
int admin_stray_mail(struct admin_run *r, bool fix, struct gw_err *err);

/* ---- admin_files.c ---- */

/* Remove a directory with all that lies in it, following no link. 0 when it is not there. */
int admin_remove_tree(const char *dir, struct gw_err *err);

/* Bring names that were made or changed in dir to the disk. */
int admin_sync_dir(const char *dir, struct gw_err *err);

#endif

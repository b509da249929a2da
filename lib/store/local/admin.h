/* admin.h - what the files admin_*.c share: files and directories of the operator's calls
 *
 * admin_users.c changes accounts, admin_maint.c looks after databases (check, repair, vacuum), admin_backup.c copies
 * them, admin_accounts.c knows accounts.db, admin_files.c works on directories. */
#ifndef GW_STORE_LOCAL_ADMIN_H
#define GW_STORE_LOCAL_ADMIN_H

#include "store/local/acct.h"

/* What is put behind the name of an account's directory that is being removed. */
#define ADMIN_DELETED ".deleted"

/* The store behind s as ours; GW_ENOTSUP when it keeps no accounts of its own. */
int admin_store(struct gw_store *s, struct local_store **ret, struct gw_err *err);

/* ---- admin_files.c ---- */

/* Remove a directory with all that lies in it, following no link. 0 when it is not there. */
int admin_remove_tree(const char *dir, struct gw_err *err);

/* Bring names that were made or changed in dir to the disk. */
int admin_sync_dir(const char *dir, struct gw_err *err);

#endif

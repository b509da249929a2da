/* admin.h - what the files admin_*.c share
 *
 * admin_users.c changes accounts, admin_usage.c says what they have, admin_run.c goes through databases and tells how far it is,
 * admin_journal.c remembers what is finished, admin_maint.c checks, repairs and vacuums, admin_backup.c copies
 * them, admin_accounts.c looks after accounts.db, admin_files.c works on directories. */
#ifndef GW_STORE_LOCAL_ADMIN_H
#define GW_STORE_LOCAL_ADMIN_H

#include "store/account/maint.h"
#include "store/local/acct.h"

/* What is put behind the name of an account's directory that is being removed. */
#define ADMIN_DELETED ".deleted"

/* The store behind s as ours; GW_ENOTSUP when users and mail live on a storage server. */
int admin_store(struct gw_store *s, struct local_store **ret, struct gw_err *err);

/* The account of a name as an operator typed it. GW_ENOENT, GW_EINVAL. */
int admin_find(struct local_store *ls, struct gw_slice name, struct local_user *ret, struct gw_err *err);

/* Is there a database of mail? An account nobody has used yet has none. */
bool admin_has_mail(const struct local_store *ls, uint64_t id);

/* ---- admin_run.c: going through the databases of a store ---- */

struct admin_journal;

struct admin_run {
	struct local_store *ls;
	const struct gw_maint *m;
	struct db_maint dm;
	const char *account;            /* the one at work, as events name it */
	bool every;                     /* go on with the others when one fails; the first failure is returned */
	const char *dir;                /* of a backup */
	const char *work;               /* name of its journal; NULL: it cannot be gone on with */

	int (*on_accounts)(struct admin_run *r, struct gw_err *err); /* accounts.db; NULL: left out */
	int (*on_account)(struct admin_run *r, uint64_t id, struct gw_db_account *acc, struct gw_err *err);
	bool (*is_done)(struct admin_run *r, uint64_t id); /* nothing is left to do for the account; NULL: there is */

	/* of the whole, for events */
	struct admin_journal *journal;
	uint64_t accounts_done, accounts;
	uint64_t bytes_done, bytes;     /* bytes_done: of what is finished */
	uint64_t bytes_now, bytes_shown; /* of the account at work: all of it, told last */
};

/* Call on_accounts and on_account for what r->m->user names. Accounts without a database yet are left out. */
int admin_run(struct admin_run *r, struct gw_err *err);

/* Tell that work on an account begins, that has so many octets; and that it is done. For work that does not go through
 * admin_run(). */
int admin_begin(struct admin_run *r, const char *account, uint64_t bytes, struct gw_err *err);
void admin_end(struct admin_run *r);

/* Events of r->dm become those of r->m. */
void admin_listen(struct admin_run *r);

/* Octets of a database with its WAL; 0: there is none. */
uint64_t admin_database_size(const char *path);

/* ---- admin_journal.c ---- */

/* Which accounts a piece of work has finished, in the file <root>/.<work>: an interrupted run can be gone on with. It is
 * a list of numbers of accounts behind a title. *ret NULL: it cannot be kept (in memory, another run has it): work goes
 * on without. resume: read what is there if its title is the same, else begin anew; GW_EBUSY when another run has it. */
int admin_journal_open(const struct local_store *ls, const char *work, struct gw_slice title, bool resume,
		       struct admin_journal **ret, struct gw_err *err);
bool admin_journal_has(const struct admin_journal *j, uint64_t id);
void admin_journal_add(struct admin_journal *j, uint64_t id);

/* done: all is finished, the file goes. */
void admin_journal_close(struct admin_journal *j, bool done); /* NULL is fine */

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

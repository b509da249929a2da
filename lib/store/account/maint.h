/* maint.h - looking after an account's database: check, repair, copy, vacuum
 *
 * Everything here may take as long as the work takes and tells its progress; whoever is told may stop it. What
 * works on a plain sqlite3 handle serves the database of the accounts, too. Thread: worker. */
#ifndef GW_STORE_ACCOUNT_MAINT_H
#define GW_STORE_ACCOUNT_MAINT_H

#include "store/account/db.h"
#include "store/admin.h"

struct db_maint {
	bool (*tell)(void *ctx, enum gw_maint_what what, const char *text, uint64_t done, uint64_t total);
	void *ctx;
	bool stopped;      /* tell() returned false */
	bool muted;        /* problems are known already: neither told nor counted */
	const char *step;  /* what is being done, for tell() from within SQLite */
	unsigned from, to; /* maint_share(); to 0: the whole */
	struct gw_maint_report report;
};

/* ---- maint.c: telling ---- */

/* The steps that follow are the part of the work on this account from `from` to `to` hundredths. */
static inline void maint_share(struct db_maint *m, unsigned from, unsigned to)
{
	m->from = from;
	m->to = to;
}

/* False: stop. Each call's text is one line. */
bool maint_step(struct db_maint *m, const char *step, uint64_t done, uint64_t total);
void maint_problem(struct db_maint *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void maint_repaired(struct db_maint *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* 0, or GW_EINTR when the work was stopped. */
int maint_go_on(const struct db_maint *m, struct gw_err *err);

/* GW_ENOTSUP: the account is the picture of one on a storage server. */
int maint_not_mirror(const struct gw_db_account *acc, struct gw_err *err);

/* While SQLite works on sql, tell that step goes on and let it be interrupted. NULL ends it. */
void maint_watch(struct db_maint *m, sqlite3 *sql, const char *step);

/* Fail with SQLite's last error; GW_EINTR when we were the ones who stopped it. */
int maint_fail(const struct db_maint *m, sqlite3 *sql, const char *path, const char *what, struct gw_err *err);

/* ---- maint.c: whole files ---- */

/* SQLite's own check of the file's structure. Tells every problem; *ret_bad: there were some. */
int maint_integrity(struct db_maint *m, sqlite3 *sql, const char *path, bool *ret_bad, struct gw_err *err);

/* Build indexes anew. */
int maint_reindex(sqlite3 *sql, const char *path, struct gw_err *err);

/* Write the file anew without its free pages. The caller keeps other writers of this process out. */
int maint_vacuum(struct db_maint *m, sqlite3 *sql, const char *path, struct gw_err *err);

/* Remove what waits for it, then give the space back. */
int db_vacuum(struct gw_db_account *acc, struct db_maint *m, struct gw_err *err);

/* ---- backup.c ---- */

/* Copy the database behind sql, as it is at this moment, into a new file path (0600), whole and on disk before it has
 * that name. sql must not be in a transaction of the caller's. */
int maint_copy(struct db_maint *m, sqlite3 *sql, const char *path, struct gw_err *err);

/* The pages of the database behind sql, as they are, in a new file. */
int maint_copy_pages(struct db_maint *m, sqlite3 *sql, const char *path, struct gw_err *err);

/* Copy the mail of an account into directory dir, which exists. */
int db_backup(struct gw_db_account *acc, struct db_maint *m, const char *dir, struct gw_err *err);

/* ---- restore.c ---- */

/* Let the account have the mail of the database in file staged, of ours alone, in its directory: in one moment, also for
 * processes that have the account's database open; interrupted at any time it is the one or the other. Numbers that were
 * given out since staged was copied are not given out again, and mailboxes that have changed since get another
 * UIDVALIDITY (RFC 9051 2.3.1.1). A database that cannot be read any more is put aside as mail.db.damaged-N. staged is
 * used up. Sessions of the account should have ended. */
int db_restore(struct gw_db_account *acc, struct db_maint *m, const char *staged, struct gw_err *err);

/* ---- check.c ---- */

/* Look for damage; with fix put it right in one transaction. */
int db_check(struct gw_db_account *acc, struct db_maint *m, struct gw_err *err);
int db_repair(struct gw_db_account *acc, struct db_maint *m, struct gw_err *err);

/* ---- recount.c ---- */

/* Count the messages of every mailbox anew, from the lists alone, and put the counters right. Writers wait meanwhile. */
int db_recount(struct gw_db_account *acc, struct gw_err *err);

/* ---- rederive.c ---- */

/* Work out anew what FETCH, SEARCH, SORT and THREAD are answered from, beside sessions. */
int db_rederive(struct gw_db_account *acc, struct db_maint *m, struct gw_err *err);

/* ---- salvage.c ---- */

/* Read what can be read of a damaged file into a new one, put that right, and let it take the place of the damaged
 * one, which is kept beside it. */
int db_salvage(struct gw_db_account *acc, struct db_maint *m, struct gw_err *err);

#endif

/* local.h - the embedded store: accounts.db, and a database of mail for each account below one directory */
#ifndef GW_STORE_LOCAL_LOCAL_H
#define GW_STORE_LOCAL_LOCAL_H

#include "store/account/db.h"
#include "store/local/accounts.h"

/* A store of the drivers "local" and "mem": told apart by memory. */
struct local_store {
	struct gw_store base;
	bool memory;
	bool mirror;                      /* set before local_init(): the databases are mirrors of a storage server's accounts */
	char *root;                       /* absolute, without symbolic links; NULL in memory */
	const struct gw_db_replica *replica; /* of env, set before local_init(); NULL: none */
	struct gw_db_env *env;
	struct local_accounts *accounts;
	const struct gw_clock *clock;
	char *public_account;             /* user name, or NULL: no public folders */
	void (*log)(void *ctx, int level, const char *text); /* may be NULL */
	void *log_ctx;
	bool readonly_tools;
	struct local_text *text;          /* background full-text index; NULL: none */
};

extern const struct gw_store_ops gw_local_ops;
extern const struct gw_store_ops gw_mem_ops;

/* The local_store behind s, or NULL when another driver serves it. */
struct local_store *gw_local_store(struct gw_store *s);

/* Absolute directory of an account's files; free() it. */
char *gw_local_account_dir(const struct local_store *ls, uint64_t id);

/* ---- match.c, textindex.c ---- */

/* gw_mbox_match() for accounts of account/. Without a text index it reads what it has to. */
int gw_local_match(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_match *m,
		   const struct gw_set *seqs, struct gw_match_place *place, struct gw_set *ret, struct gw_err *err);

/* Start and stop the thread that keeps the text indexes. */
int gw_local_text_start(struct local_store *ls, struct gw_err *err);
void gw_local_text_stop(struct local_store *ls); /* also when it was never started */

/* The account has new messages; called after commits, never blocks. */
void gw_local_text_notify(struct local_store *ls, uint64_t account);

#endif

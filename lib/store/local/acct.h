/* acct.h - signed-on users of the drivers "local" and "mem" */
#ifndef GW_STORE_LOCAL_ACCT_H
#define GW_STORE_LOCAL_ACCT_H

#include "store/account/view.h"
#include "store/local/local.h"

struct gw_config;

/* A signed-on user; a driver whose accounts lie in databases like these embeds it. */
struct local_acct {
	struct view_acct view; /* first: is a struct gw_acct */
	struct local_store *ls;
	int lock_fd; /* pop3.lock; -1: not locked */
	bool locked_memory;
};

/* Fill *la; takes the references (pub may be NULL). local_acct_done() ends it and frees nothing of la itself. */
void local_acct_init(struct local_acct *la, const struct gw_acct_ops *ops, struct local_store *ls, const char *user,
		     struct gw_db_account *own, struct gw_db_account *pub);
void local_acct_done(struct local_acct *la);

/* gw_acct_lock_maildrop() of a struct local_acct. */
int local_lock_maildrop(struct gw_acct *a, struct gw_err *err);

/* The parts of the configuration (NULL: defaults) and options both drivers use; fills everything of *ls but base, root,
 * accounts and env's place. Databases in memory when memory is true. */
int local_init(struct local_store *ls, const struct gw_store_options *opt, bool memory, struct gw_err *err);
void local_done(struct local_store *ls);

/* auth_cache_ttl, seconds. */
unsigned local_auth_cache_ttl(const struct gw_config *config);

/* The signed-on user of account number id. public_id: number of the public account; 0: none. */
int local_acct_new(struct local_store *ls, const char *user, uint64_t id, uint64_t public_id, struct gw_acct **ret,
		   struct gw_err *err);

/* The database of account number id. Returns a reference. */
int local_db_open(struct local_store *ls, uint64_t id, struct gw_db_account **ret, struct gw_err *err);

/* ---- lastlogin.c ---- */

/* Note that the user of account number id signs on now. Costs the touch of a file and no write that is waited for. */
void local_note_login(const struct local_store *ls, uint64_t id);

/* When that was last, seconds since 1970; 0: never, or not known (in memory). */
int64_t local_last_login(const struct local_store *ls, uint64_t id);

/* ---- local.c ---- */

/* The signed-on user's object for a row that was found. */
int local_signed_on(struct local_store *ls, const struct local_user *u, struct gw_acct **ret, struct gw_err *err);

/* What the two drivers' tables share. */
void local_close(struct gw_store *s);

/* gw_admin_probe() of the files of a store, or of the mirrors of a storage server's accounts: those have no
 * account database (admin_probe.c). */
int local_probe(struct gw_store *s, const struct gw_probe *p, struct gw_err *err);
void local_tidy(struct gw_store *s, unsigned idle_ms);
int local_login(struct gw_store *s, struct gw_slice user, struct gw_slice password, const char *service,
		struct gw_acct **ret, struct gw_err *err);
int local_open_account(struct gw_store *s, struct gw_slice user, const char *service, struct gw_acct **ret,
		       struct gw_err *err);
int local_scram_keys(struct gw_store *s, struct gw_slice user, struct gw_scram_keys *ret, struct gw_err *err);

#endif

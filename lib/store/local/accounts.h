/* accounts.h - who may sign on to the embedded store: <root>/accounts.db
 *
 * One SQLite database for the whole store: name, password hash, SCRAM keys, limits. Every account has a
 * number that is never used again; the directory of its mail is made from the number, so no path is ever
 * built from what a client sends, and a rename moves no file. Several processes use the file at once.
 *
 * Thread: any, for every function here (one mutex guards the handles inside; the slow password hashing
 * happens outside it). */
#ifndef GW_STORE_LOCAL_ACCOUNTS_H
#define GW_STORE_LOCAL_ACCOUNTS_H

#include "store/admin.h"

struct local_accounts;

enum local_feature { /* services, as bits of local_user.disabled */
	LOCAL_FEATURE_IMAP = 1 << 0,
	LOCAL_FEATURE_POP3 = 1 << 1,
};

struct local_user {
	uint64_t id;                  /* of the account; never reused */
	char name[GW_USER_NAME_MAX + 1]; /* normalised */
	bool enabled;
	unsigned disabled;            /* enum local_feature */
	struct gw_limits limits;
	struct gw_moved moved;        /* server "": it is here */
	uint64_t change;              /* another number after every change of the row (random: a restored backup must not repeat one) */
	int64_t created, changed;
};

struct local_accounts_options {
	const char *root;             /* directory of the store, must exist; NULL: in memory, for this process alone */
	const struct gw_clock *clock; /* keeps */
	unsigned cache_ttl_s;         /* auth_cache_ttl: how long a verified pair is believed without hashing; 0: never */
	unsigned hash_cost;           /* yescrypt cost, 1..11; 0: ours */
};

#define LOCAL_ACCOUNT_DIR_MAX 32

/* Open <root>/accounts.db, making it when missing. Handles are opened on first use and again after a fork, so the main
 * process of the fork model may hold the object; its success cache is shared with the children it forks.
 * GW_ECORRUPT, GW_ENOTSUP (made by a newer version), GW_EACCES (owner or mode of the file is unsafe). Returns owned. */
int local_accounts_open(const struct local_accounts_options *opt, struct local_accounts **ret, struct gw_err *err);
void local_accounts_close(struct local_accounts *a); /* NULL is fine */

/* Close database handles that are idle (before a fork, or from gw_store_tidy()); they come back by themselves. */
void local_accounts_tidy(struct local_accounts *a);

/* Verify user and password for a service ("imap", "pop3"): what gw_store_login() does, same codes. */
int local_accounts_login(struct local_accounts *a, struct gw_slice user, struct gw_slice password, const char *service,
			 struct local_user *ret, struct gw_err *err);

/* The user, who was verified elsewhere, may use the service? service NULL: any. GW_EAUTH (unknown), GW_EDISABLED. */
int local_accounts_find(struct local_accounts *a, struct gw_slice user, const char *service, struct local_user *ret,
			struct gw_err *err);

/* The same as local_accounts_login(), with the keys of SCRAM-SHA-256 instead of the hash: does the proof that a client
 * makes of this password fit? */
int local_accounts_prove(struct local_accounts *a, struct gw_slice user, struct gw_slice password, const char *service,
			 struct local_user *ret, struct gw_err *err);

/* The row of account number id as it is now (cheap when nothing changed). GW_ENOENT: deleted. */
int local_accounts_by_id(struct local_accounts *a, uint64_t id, struct local_user *ret, struct gw_err *err);

/* What gw_store_scram_keys() does. */
int local_accounts_scram(struct local_accounts *a, struct gw_slice user, struct gw_scram_keys *ret, struct gw_err *err);

/* The directory of account number id, relative to the root: "users/3a/000000000000003a". */
void local_account_dir(uint64_t id, char ret[LOCAL_ACCOUNT_DIR_MAX]);

/* Normalise a user name into ret (see admin.h), NUL-terminated. GW_EINVAL. */
int local_user_name(struct gw_slice name, char ret[GW_USER_NAME_MAX + 1], struct gw_err *err);

/* ---- changes, for admin.h ---- */

int local_accounts_add(struct local_accounts *a, struct gw_slice name, const struct gw_user_password *pw,
		       struct local_user *ret, struct gw_err *err);
int local_accounts_passwd(struct local_accounts *a, struct gw_slice name, const struct gw_user_password *pw,
			  struct gw_err *err);
int local_accounts_list(struct local_accounts *a, struct gw_arena *arena, struct gw_slice after, size_t max,
			struct gw_user **ret, size_t *ret_n, struct gw_err *err);
int local_accounts_show(struct local_accounts *a, struct gw_arena *arena, struct gw_slice name, struct gw_user *ret,
			struct gw_err *err);
int local_accounts_enable(struct local_accounts *a, struct gw_slice name, bool on, struct gw_err *err);
int local_accounts_features(struct local_accounts *a, struct gw_slice name, struct gw_slice disabled, struct gw_err *err);
int local_accounts_quota(struct local_accounts *a, struct gw_slice name, const struct gw_limits *limits, struct gw_err *err);
int local_accounts_move(struct local_accounts *a, struct gw_slice name, struct gw_slice server, struct gw_slice as, struct gw_err *err);
int local_accounts_rename(struct local_accounts *a, struct gw_slice from, struct gw_slice to, struct gw_err *err);

/* Remove the row; *ret_id tells whose directory has to go. */
int local_accounts_remove(struct local_accounts *a, struct gw_slice name, uint64_t *ret_id, struct gw_err *err);

/* All account numbers in ascending order, for maintenance; *ret lives in arena. */
int local_accounts_ids(struct local_accounts *a, struct gw_arena *arena, uint64_t **ret, size_t *ret_n, struct gw_err *err);

#endif

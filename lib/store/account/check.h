/* check.h - what the files check*.c share
 *
 * One walk over an account serves check and repair: check_found() tells what is wrong and answers whether it is to
 * be put right here. check.c leads, check_content.c looks at messages, check_names.c at the rows of mailboxes,
 * check_list.c at their lists, check_log.c at what belongs to lists, check_refs.c at reference counts,
 * check_mirror.c at what a mirror has in the place of both. */
#ifndef GW_STORE_ACCOUNT_CHECK_H
#define GW_STORE_ACCOUNT_CHECK_H

#include "store/account/acct.h"
#include "store/account/maint.h"

/* A message's content, as the walk has found it. */
struct check_content {
	uint64_t id;
	uint64_t size;
	int64_t refs;    /* lists that have it */
	int64_t stored;  /* references by the table `shared`; 0: no row */
	int64_t pending; /* sum of what waits in `pending` */
	bool changed;    /* its octets are not those it had any more */
};

struct check_mailbox {
	struct mailbox_row row;
	char *name;
	uint64_t messages, size; /* as its list says */
	bool unlisted;   /* there is a list, but no row of a mailbox */
	bool changed;    /* what clients may have cached is not true any more */
};

struct checker {
	struct db_maint *m;
	struct gw_db *db;
	bool fix;
	struct account_row acct;
	struct check_mailbox *boxes;
	size_t n_boxes;
	struct check_content *slots; /* hash table, empty: id 0 */
	size_t n_contents, cap;      /* cap: a power of two */
};

/* Tell a problem; true: put it right. */
bool check_found(struct checker *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void check_fixed(struct checker *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* SQL of our own, prepared; the caller finalizes. */
int check_sql(struct checker *c, const char *sql, sqlite3_stmt **ret, struct gw_err *err);

/* Run SQL with n integer parameters that returns nothing. */
int check_run(struct checker *c, const char *sql, struct gw_err *err, int n, ...);

/* sqlite3_step() as 1, 0 or a code. */
int check_step(struct checker *c, sqlite3_stmt *st, struct gw_err *err);

#define CHECK_CONTENT_MAX (INT64_MAX >> 12) /* the highest number of a content that has room for octets */

/* A number to be given out next lies above the highest that was, and not above max. */
void check_above(struct checker *c, const char *what, uint64_t *next, uint64_t highest, uint64_t max);

/* The content of this number, or NULL. add: make it; pointers got before are then not good any more. */
struct check_content *check_content(struct checker *c, uint64_t id, bool add);

/* The whole walk in the open transaction of db. With fix everything found is put right. */
int check_walk(struct db_maint *m, struct gw_db *db, bool fix, struct gw_err *err);

/* ---- its parts, in this order ---- */

int check_contents(struct checker *c, struct gw_err *err);
int check_names(struct checker *c, struct gw_err *err); /* fills boxes */
int check_lists(struct checker *c, struct gw_err *err);
int check_refs(struct checker *c, struct gw_err *err);

/* ---- check_mirror.c: in their place where the account is the picture of another one ---- */

int check_remote_emails(struct checker *c, struct gw_err *err); /* for check_contents() */
int check_remote(struct checker *c, struct gw_err *err);        /* for check_refs() */

/* ---- check_list.c ---- */

struct check_message {
	struct gw_entry e;
	int64_t savedate;
};

struct check_list {
	struct check_message *v;
	size_t n, cap;
};

/* Put n messages behind the last one of a mailbox, with new UIDs. */
int check_append(struct checker *c, struct check_mailbox *box, const struct check_list *list, struct gw_err *err);

/* ---- check_log.c ---- */

/* The log of expunges, the POP3 names and the annotations of a mailbox, whose messages are in list. */
int check_logs(struct checker *c, struct check_mailbox *box, const struct check_list *list, struct gw_err *err);

/* The same of mailboxes that are not there. */
int check_stray_logs(struct checker *c, struct gw_err *err);

/* ---- check_names.c ---- */

/* Give the account another mailbox row (id 0: the next number), under a name like `name` that is free. *ret, which may
 * be NULL: its place in boxes. */
int check_add_mailbox(struct checker *c, uint64_t id, const char *name, unsigned attrs, size_t *ret, struct gw_err *err);

#endif

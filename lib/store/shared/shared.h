/* shared.h - one map of UIDs for several gateways: state_database = postgresql://...
 *
 * A storage server without UIDs gets them from the gateway (store/mirror). Where several gateways serve one server, each has a
 * mirror of its own, and what gives the UIDs - the map: mailboxes, lists of messages, what they are on the server - is the
 * same in all: every transaction that changes it is written down as a changeset (SQLite's session extension), and the changesets
 * of an account lie in PostgreSQL in one order. A transaction of the map goes like this:
 *
 *   1. the writer's place of this mirror, BEGIN IMMEDIATE              (account/tx.c)
 *   2. the account's row in PostgreSQL is locked                       (map.c)
 *   3. changesets that this mirror has not seen yet are applied       (catchup.c)
 *   4. the caller changes rows; SQLite notes them
 *   5. the changeset is put behind the others, COMMIT in PostgreSQL, COMMIT in SQLite
 *
 * A gateway that dies between the two COMMITs finds the changeset in step 3 of the next transaction; so does one that never
 * heard whether the first COMMIT came through. Now and then a gateway writes all of the map down (snapshot.c), and older
 * changesets go. A mirror that was lost is made of the snapshot and of what follows it.
 *
 * What lies where: the map lies in PostgreSQL, and a copy of it in each gateway's mirror, from which reads are answered, also
 * while PostgreSQL is away (changes then fail with GW_EUNAVAIL). Bytes of messages, what is derived from them and text indexes
 * lie in each mirror alone and are made anew from the storage server. Nothing lies in a gateway alone that it cannot lose. */
#ifndef GW_STORE_SHARED_SHARED_H
#define GW_STORE_SHARED_SHARED_H

#include "store/account/db.h"

struct shared;

struct shared_options {
	const char *url;              /* postgresql://... as libpq reads it; may hold a password, which no message shows */
	const struct gw_clock *clock; /* keeps */
	unsigned max_connections;     /* of this process, the listening one aside; 0: 8 */
	void (*log)(void *ctx, int level, const char *text); /* may be NULL */
	void *log_ctx;
	unsigned keep_ms;             /* how long a connection at rest is kept; 0: a minute */
	/* Some gateway has changed the account's map. name NULL: any may have changed, the connection that hears of it was lost for a
	 * while. Called by the listening thread when mirrors in use have been brought up to date; may be NULL. */
	void (*on_news)(void *ctx, const char *name);
	void *news_ctx;
};

/* Connects nowhere yet. GW_EINVAL: not a URL that libpq understands. GW_ENOTSUP: libpq is not installed. */
int shared_new(const struct shared_options *opt, struct shared **ret, struct gw_err *err);
void shared_free(struct shared *sh); /* the databases of its environment must be closed. NULL is fine */

/* For gw_db_options.replica; lives as long as sh. */
const struct gw_db_replica *shared_replica(struct shared *sh);

/* The account's lock among gateways, for whoever writes to the storage server and then changes the map; the mirror is brought up
 * to date with it. One at a time of a process may try for an account. GW_EUNAVAIL; GW_EBUSY: another gateway has had it for too
 * long; GW_EINTR: *stop (may be NULL) became true. It goes with the process, and when the connection is lost. */
int shared_lock(struct shared *sh, struct gw_db_account *acc, const atomic_bool *stop, struct gw_err *err);
void shared_unlock(struct shared *sh, struct gw_db_account *acc);

/* Listen for news, and bring accounts of env (NULL: none) that are in use up to date as soon as there are some. Not before a
 * fork. */
int shared_start(struct shared *sh, struct gw_db_env *env, struct gw_err *err);
void shared_stop(struct shared *sh); /* before env ends; also when it was never started */

/* Close connections that have been at rest for long. all: every one that is not in use, and locks. */
void shared_tidy(struct shared *sh, bool all);

#endif

/* look.h - can the database that gateways share be used? For `gwctl backend test' and `gwcfg check --live'
 *
 * Nothing in it is changed, also when its tables are still to be made. */
#ifndef GW_STORE_SHARED_LOOK_H
#define GW_STORE_SHARED_LOOK_H

#include <stddef.h>

#include "util/err.h"

struct shared;

struct shared_facts {
	unsigned server;         /* of PostgreSQL: 150004 is 15.4 */
	unsigned schema;         /* of the tables; 0: there are none, and we may make them */
};

/* GW_EUNAVAIL: PostgreSQL cannot be reached, or lets us not in. GW_ENOTSUP: its tables are of another version, or it cannot be
 * written to. GW_EACCES: we may not make the tables, or not use those that are there. */
int shared_probe(struct shared *sh, struct shared_facts *ret, struct gw_err *err);

/* The same without a store: also GW_ENOTSUP without libpq, GW_EINVAL for what is no URL. */
int shared_look(const char *url, struct shared_facts *ret, struct gw_err *err);

/* The facts as a sentence. */
void shared_facts_text(const struct shared_facts *f, char *out, size_t cap);

#endif

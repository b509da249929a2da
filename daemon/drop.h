/* drop.h - becoming the user that the service runs as, for good */
#ifndef GW_DAEMON_DROP_H
#define GW_DAEMON_DROP_H

#include "config/config.h"
#include "util/err.h"

#include <stdbool.h>
#include <sys/types.h>

struct identity {
	bool change;     /* run_as_user or run_as_group is set */
	uid_t uid;       /* (uid_t)-1: stays */
	gid_t gid;       /* (gid_t)-1: stays */
	char name[64];   /* of the user, for initgroups(); "" for a number without an entry */
};

/* Look up run_as_user and run_as_group, names or numbers. An unknown one is an error. A user without a group gets the
 * user's own group: root's groups are not kept. */
int drop_resolve(const struct gw_config *cfg, struct identity *ret, struct gw_err *err);

/* Become it, and make sure that there is no way back. */
int drop_apply(const struct identity *id, struct gw_err *err);

#endif

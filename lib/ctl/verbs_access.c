/* verbs_access.c - orders about who may sign on, and from where (see verbs.h) */
#include "ctl/verbs_priv.h"

const struct gw_ctl_verb gw_ctl_verbs_access[] = {
	{ .name = NULL },
};

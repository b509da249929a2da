/* verbs_observe.c - orders about numbers and what happens (see verbs.h) */
#include "ctl/verbs_priv.h"

const struct gw_ctl_verb gw_ctl_verbs_observe[] = {
	{ .name = NULL },
};

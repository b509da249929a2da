/* verbs_mailbox.c - orders about the mail of an account (see verbs.h) */
#include "ctl/verbs_priv.h"

const struct gw_ctl_verb gw_ctl_verbs_mailbox[] = {
	{ .name = NULL },
};

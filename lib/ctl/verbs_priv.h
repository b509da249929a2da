/* verbs_priv.h - the rows of all areas, for verbs.c; each array ends with a NULL name
 *
 * Docs are plain sentences. "Rows" are the lines before the OK. */
#ifndef GW_CTL_VERBS_PRIV_H
#define GW_CTL_VERBS_PRIV_H

#include "ctl/verbs.h"

extern const struct gw_ctl_verb gw_ctl_verbs_service[];
extern const struct gw_ctl_verb gw_ctl_verbs_session[];
extern const struct gw_ctl_verb gw_ctl_verbs_observe[];
extern const struct gw_ctl_verb gw_ctl_verbs_log[];
extern const struct gw_ctl_verb gw_ctl_verbs_access[];
extern const struct gw_ctl_verb gw_ctl_verbs_user[];
extern const struct gw_ctl_verb gw_ctl_verbs_mailbox[];
extern const struct gw_ctl_verb gw_ctl_verbs_store[];
extern const struct gw_ctl_verb gw_ctl_verbs_transfer[];

#endif

/* verbs_store.c - orders about the store of all mail (see verbs.h) */
#include "ctl/verbs_priv.h"

#define POSITION GW_CTL_POSITION
#define FIRST (GW_CTL_REQUIRED | GW_CTL_POSITION)

const struct gw_ctl_verb gw_ctl_verbs_store[] = {
	{ "store check", GW_CTL_OPERATOR,
	  { { "user", GW_CTL_USER, POSITION, .brief = "only this account" } },
	  .brief = "look for damage and change nothing",
	  .doc = "Rows tell of progress (step) and problems while it runs; the object behind OK counts accounts and problems." },

	{ "store repair", GW_CTL_ADMIN,
	  { { "user", GW_CTL_USER, POSITION, .brief = "only this account" } },
	  .brief = "put right what store check finds",
	  .doc = "A damaged file is kept beside the new one. Rows and counts as of store check, and what was repaired or lost." },

	{ "store backup", GW_CTL_ADMIN,
	  { { "dir", GW_CTL_PATH, FIRST, .brief = "where to, an absolute path on the machine of the daemon" },
	    { "user", GW_CTL_USER, POSITION, .brief = "only this account" } },
	  .brief = "copy the store while it works",
	  .doc = "The daemon writes, as the user it runs as. Each account is copied as it was at one moment." },

	{ "store vacuum", GW_CTL_ADMIN,
	  { { "user", GW_CTL_USER, POSITION, .brief = "only this account" } },
	  .brief = "give free space back to the file system",
	  .doc = "Takes the time of copying the account." },

	{ .name = NULL },
};

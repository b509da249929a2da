/* verbs_store.c - orders about the store of all mail (see verbs.h) */
#include "ctl/verbs_priv.h"

#define POSITION GW_CTL_POSITION
#define FIRST (GW_CTL_REQUIRED | GW_CTL_POSITION)

#define ONLY { "user", GW_CTL_USER, POSITION, .brief = "only this account" }
#define RESUME { "resume", GW_CTL_BOOL, 0, .brief = "yes: go on where an interrupted run of all accounts ended" }
#define COPY(what) { "dir", GW_CTL_PATH, FIRST, .brief = (what) }

const struct gw_ctl_verb gw_ctl_verbs_store[] = {
	{ "store check", GW_CTL_OPERATOR, { ONLY, RESUME },
	  .brief = "look for damage and change nothing",
	  .doc = "Rows tell while it runs how far it is (event account or step, with accounts_done of accounts and bytes_done "
	  "of bytes for the whole) and what is wrong (problem). The object behind OK counts accounts, skipped, problems, repaired and "
	  "lost_messages; with problems the exit code is 1." },

	{ "store repair", GW_CTL_ADMIN, { ONLY, RESUME },
	  .brief = "put right what store check finds",
	  .doc = "A damaged file is kept beside the new one. Rows and counts as of store check, and what was repaired or lost." },

	{ "store backup", GW_CTL_ADMIN,
	  { COPY("where to, an absolute path on the machine of the daemon"), ONLY,
	    { "update", GW_CTL_BOOL, 0, .brief = "yes: bring a whole backup up to date" } },
	  .brief = "copy the store while it works",
	  .doc = "The daemon writes, as the user it runs as. Each account is copied as it was at one moment, and noted with its "
	  "SHA-256 in the file manifest. Interrupted and begun again, it goes on: accounts that did not change since are skipped. The "
	  "copy of all is a store." },

	{ "store verify", GW_CTL_OPERATOR, { COPY("of the backup"), ONLY },
	  .brief = "check a backup",
	  .doc = "Every file must be there, have its SHA-256, and be sound. Rows, counts and exit code as of store check." },

	{ "store restore", GW_CTL_ADMIN,
	  { COPY("of the backup"), { "user", GW_CTL_USER, POSITION, .brief = "only this account of the backup" },
	    { "as", GW_CTL_USER, 0, .brief = "name that the one account gets" },
	    { "replace", GW_CTL_BOOL, 0, .brief = "yes: the mail of accounts that exist is replaced" }, RESUME },
	  .brief = "bring accounts back from a backup",
	  .doc = "Each file is verified before anything is replaced. An account that is not there is made with the password and the "
	  "limits it had. Of one that is there the sessions are ended and the mail is replaced in one moment, password and limits "
	  "stay; without replace nothing is done when one exists. Mailboxes that have changed since the backup get another "
	  "UIDVALIDITY." },

	{ "store vacuum", GW_CTL_ADMIN, { ONLY, RESUME },
	  .brief = "give free space back to the file system",
	  .doc = "Takes the time of copying the account." },

	{ "store reindex", GW_CTL_ADMIN, { ONLY, RESUME },
	  .brief = "build the text index and what is derived from messages anew",
	  .doc = "Searches go on and read the messages meanwhile. Rows as of store check." },

	{ .name = NULL },
};

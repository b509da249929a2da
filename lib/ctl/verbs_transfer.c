/* verbs_transfer.c - orders that bring mail in and out (see verbs.h)
 *
 * The mail itself goes over a socket that is passed with the request, as transfer/transfer.h says. gwctl reads sources and
 * writes targets; parameters that say how are its own, the daemon only notes them in the audit. */
#include "ctl/verbs_priv.h"

#define FIRST (GW_CTL_REQUIRED | GW_CTL_POSITION)

const struct gw_ctl_verb gw_ctl_verbs_transfer[] = {
	{ "import", GW_CTL_ADMIN,
	  { { "user", GW_CTL_USER, FIRST, .brief = "the account that gets the mail" },
	    { "source", GW_CTL_STRING, FIRST, .brief = "maildir:, mbox:, eml: and a path, or an imap: or imaps: address" },
	    { "into", GW_CTL_MAILBOX, 0, .brief = "put all folders below this mailbox" },
	    { "folder", GW_CTL_STRING, 0, .brief = "only folders of this name; * stands for anything" },
	    { "flags", GW_CTL_BOOL, 0, .brief = "bring flags over that changed at the source since the last run" },
	    { "again", GW_CTL_BOOL, 0, .brief = "forget what was imported before: all comes again" },
	    { "dry-run", GW_CTL_BOOL, 0, .brief = "say what would come and change nothing" },
	    { "max-size", GW_CTL_SIZE, 0, .brief = "leave larger messages out" },
	    { "all", GW_CTL_BOOL, 0, .brief = "hidden folders and those of others too" },
	    { "as", GW_CTL_STRING, 0, .brief = "sign on to the source as this user" },
	    { "password-file", GW_CTL_STRING, 0, .brief = "the first line of this file is the password of the source" },
	    { "ca-file", GW_CTL_STRING, 0, .brief = "certificates that vouch for the source" },
	    { "insecure", GW_CTL_BOOL, 0, .brief = "trust a source without a certificate" },
	    { "stream", GW_CTL_FD, GW_CTL_REQUIRED | GW_CTL_MADE, .brief = "a UNIX stream socket the mail comes through" } },
	  .brief = "bring mail of another server into an account",
	  .doc = "Rows tell of folders (folder), progress (step) and messages that were left out (problem); the object behind OK counts. "
		 "Run again it goes on where it was interrupted and brings nothing twice; what the user has removed does not come back." },

	{ "export", GW_CTL_ADMIN,
	  { { "user", GW_CTL_USER, FIRST, .brief = "the account whose mail goes out" },
	    { "target", GW_CTL_STRING, FIRST, .brief = "maildir:, mbox: or eml: and a path, or an imap: or imaps: address" },
	    { "folder", GW_CTL_STRING, 0, .brief = "only mailboxes of this name; * stands for anything" },
	    { "as", GW_CTL_STRING, 0, .brief = "sign on to the target as this user" },
	    { "password-file", GW_CTL_STRING, 0, .brief = "the first line of this file is the password of the target" },
	    { "ca-file", GW_CTL_STRING, 0, .brief = "certificates that vouch for the target" },
	    { "insecure", GW_CTL_BOOL, 0, .brief = "trust a target without a certificate" },
	    { "stream", GW_CTL_FD, GW_CTL_REQUIRED | GW_CTL_MADE, .brief = "a UNIX stream socket the mail goes through" } },
	  .brief = "write the mail of an account into files",
	  .doc = "Rows and counts as of import. Run again it writes what is missing." },

	{ .name = NULL },
};

/* verbs_user.c - orders about accounts (see verbs.h) */
#include "ctl/verbs_priv.h"

#define REQUIRED GW_CTL_REQUIRED
#define POSITION GW_CTL_POSITION
#define FIRST (GW_CTL_REQUIRED | GW_CTL_POSITION)

#define NAME(what) { "name", GW_CTL_USER, FIRST, .brief = (what) }
#define KICK { "kick", GW_CTL_BOOL, 0, .brief = "yes: end the sessions of the user" }
#define PASSWORD \
	{ "password", GW_CTL_SECRET, 0, .brief = "the password itself" }, \
	{ "hash", GW_CTL_SECRET, 0, .brief = "instead of it a crypt(3) hash made elsewhere" }

const struct gw_ctl_verb gw_ctl_verbs_user[] = {
	{ "user add", GW_CTL_ADMIN,
	  { NAME("the new user's name"), PASSWORD,
	    { "disabled", GW_CTL_WORDS, 0, .brief = "services the user may not use", .words = "imap pop3" },
	    { "storage", GW_CTL_SIZE, 0, .brief = "most bytes of mail, 0 for no limit" },
	    { "messages", GW_CTL_UINT, 0, .brief = "most messages, 0 for no limit" } },
	  .brief = "make an account",
	  .doc = "The account can be used at once. Without password and hash nobody can sign on with it yet." },

	{ "user passwd", GW_CTL_ADMIN, { NAME("the user"), PASSWORD, KICK },
	  .brief = "set another password",
	  .doc = "Takes effect at once; sessions that are signed on go on unless kick is given. sessions in the object behind OK "
	  "counts those that were ended." },

	{ "user list", GW_CTL_VIEWER,
	  { { "match", GW_CTL_STRING, POSITION, .brief = "only names that fit this pattern of * and ?" },
	    { "enabled", GW_CTL_BOOL, 0, .brief = "yes: only accounts that may sign on, no: only those that may not" },
	    { "over", GW_CTL_BOOL, 0, .brief = "yes: only accounts over their quota" },
	    { "never", GW_CTL_BOOL, 0, .brief = "yes: only accounts that never signed on" },
	    { "inactive", GW_CTL_SPAN, 0, .brief = "only accounts that did not sign on for so long" },
	    { "usage", GW_CTL_BOOL, 0, .brief = "yes: with sizes and counts" },
	    { "after", GW_CTL_USER, 0, .brief = "begin behind this name" },
	    { "max", GW_CTL_UINT, 0, .brief = "at most so many rows" } },
	  .brief = "show accounts",
	  .doc = "One row an account, by name: name, enabled, disabled_features, scheme of the password, scram, storage_limit, "
	  "messages_limit, moved_to and moved_as (null when the mail is here), created, changed and last_login, which is null "
	  "when the user never signed on. With usage, which opens "
	  "each account, also size (bytes of mail), messages, mailboxes and disk (bytes of its files)." },

	{ "user show", GW_CTL_VIEWER, { NAME("the user") },
	  .brief = "show one account",
	  .doc = "One row: the members of user list with usage, and sessions, the number of them that are open." },

	{ "user enable", GW_CTL_ADMIN, { NAME("the user") },
	  .brief = "let a user sign on again",
	  .doc = "Undoes user disable." },

	{ "user disable", GW_CTL_ADMIN, { NAME("the user"), KICK },
	  .brief = "let a user sign on no more",
	  .doc = "Mail and password are kept. Sessions that are signed on go on unless kick is given." },

	{ "user features", GW_CTL_ADMIN,
	  { NAME("the user"), { "disabled", GW_CTL_WORDS, FIRST, .brief = "services the user may not use, or empty", .words = "imap pop3" } },
	  .brief = "say which services a user may not use",
	  .doc = "An empty list allows all." },

	{ "user quota", GW_CTL_ADMIN,
	  { NAME("the user"), { "storage", GW_CTL_SIZE, FIRST, .brief = "most bytes of mail, 0 for no limit" },
	    { "messages", GW_CTL_UINT, POSITION, .brief = "most messages, 0 for no limit" } },
	  .brief = "limit the mail of a user",
	  .doc = "What is over the new limit stays. A limit on messages that is not given is taken away." },

	{ "user move", GW_CTL_ADMIN,
	  { NAME("the user"), { "to", GW_CTL_STRING, POSITION, .brief = "host, or host:port, of the server; left out: the mail is here" },
	    { "as", GW_CTL_STRING, 0, .brief = "the user's name there, when it is another" }, KICK },
	  .brief = "say on which server a user's mail lies now",
	  .doc = "A user whose mail has moved is told so when he signs on with the right password, and not let in: IMAP clients with a "
	  "referral (RFC 2221), those of POP3 in words. Nothing is copied and nothing removed. Marked like that, the account of the "
	  "public folders refers their users to that server (RFC 2193), from their next sign-on. Sessions that are signed on go on "
	  "unless kick is given." },

	{ "user rename", GW_CTL_ADMIN,
	  { NAME("the user"), { "to", GW_CTL_USER, FIRST, .brief = "the new name" } },
	  .brief = "give an account another name",
	  .doc = "Its mail stays with it. Sessions are ended, since they know the user by the old name." },

	{ "user delete", GW_CTL_ADMIN,
	  { NAME("the user"), { "confirm", GW_CTL_BOOL, REQUIRED, .brief = "must be yes: the mail goes too" } },
	  .brief = "remove an account with all its mail",
	  .doc = "Nothing stays behind. Sessions of the user are ended." },

	{ .name = NULL },
};

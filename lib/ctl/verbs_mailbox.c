/* verbs_mailbox.c - orders about the mail of an account (see verbs.h) */
#include "ctl/verbs_priv.h"

#define POSITION GW_CTL_POSITION
#define FIRST (GW_CTL_REQUIRED | GW_CTL_POSITION)

#define USER { "user", GW_CTL_USER, FIRST, .brief = "whose" }
#define NAME(what) { "name", GW_CTL_MAILBOX, FIRST, .brief = (what) }
#define SPECIALS "sent drafts junk trash archive all flagged important"

const struct gw_ctl_verb gw_ctl_verbs_mailbox[] = {
	{ "mailbox list", GW_CTL_OPERATOR,
	  { USER, { "match", GW_CTL_STRING, POSITION, .brief = "only names that fit this pattern of * and ?" },
	    { "subscribed", GW_CTL_BOOL, 0, .brief = "yes: only those the user has subscribed to" } },
	  .brief = "show the mailboxes of a user",
	  .doc = "One row a mailbox, as the user sees them: name, messages, unseen, size, special (its special use, or null), "
	  "subscribed, selectable, public, uidvalidity and uidnext. The object behind OK has the sums." },

	{ "mailbox status", GW_CTL_OPERATOR, { USER, NAME("the mailbox") },
	  .brief = "show one mailbox of a user",
	  .doc = "One row: the members of mailbox list, recent, deleted, deleted_size, highestmodseq and mailboxid." },

	{ "mailbox create", GW_CTL_ADMIN,
	  { USER, NAME("the new mailbox, / between levels"),
	    { "special", GW_CTL_STRING, 0, .brief = "what it is for", .words = SPECIALS },
	    { "subscribe", GW_CTL_BOOL, 0, .brief = "yes: subscribe the user to it" } },
	  .brief = "make a mailbox for a user",
	  .doc = "Missing levels above it are made, too. A special use belongs to one mailbox of an account; all and flagged "
		 "are for storage servers that have mailboxes of that kind, the embedded store has none." },

	{ "mailbox delete", GW_CTL_ADMIN,
	  { USER, NAME("the mailbox"), { "recursive", GW_CTL_BOOL, 0, .brief = "yes: those below it, too" },
	    { "confirm", GW_CTL_BOOL, 0, .brief = "must be yes: its messages go" } },
	  .brief = "remove a mailbox of a user with its messages",
	  .doc = "Without confirm nothing is done and the answer says how many messages would go. Mailboxes below it stay "
	  "unless recursive is given. messages behind OK counts what went." },

	{ "mailbox rename", GW_CTL_ADMIN,
	  { USER, NAME("the mailbox"), { "to", GW_CTL_MAILBOX, FIRST, .brief = "its new name" } },
	  .brief = "give a mailbox of a user another name",
	  .doc = "Those below it move along, and so do subscriptions. INBOX stays: its messages move." },

	{ "mailbox subscribe", GW_CTL_ADMIN, { USER, NAME("the mailbox") },
	  .brief = "subscribe a user to a mailbox",
	  .doc = "Clients that show subscribed mailboxes only will show it." },

	{ "mailbox unsubscribe", GW_CTL_ADMIN, { USER, NAME("the mailbox") },
	  .brief = "end a subscription of a user",
	  .doc = "The mailbox itself stays." },

	{ "quota show", GW_CTL_VIEWER, { { "user", GW_CTL_USER, POSITION, .brief = "only this account" } },
	  .brief = "show what is used of limits",
	  .doc = "One row an account: name, size, storage_limit, storage_percent, messages, messages_limit, messages_percent, "
	  "and the same of mailboxes and of annotations, which are counted in bytes. Limits are those in force: the account's, else the configuration's; 0 is none, its percentage null." },

	{ "quota set", GW_CTL_ADMIN,
	  { USER, { "storage", GW_CTL_SIZE, POSITION, .brief = "most bytes of mail, 0 for the configuration's limit" },
	    { "messages", GW_CTL_UINT, POSITION, .brief = "most messages, 0 for the configuration's limit" },
	    { "mailboxes", GW_CTL_UINT, 0, .brief = "most mailboxes, 0 for the configuration's limit" },
	    { "annotations", GW_CTL_SIZE, 0, .brief = "most bytes of annotations, 0 for the most there can be" } },
	  .brief = "limit the mail of a user",
	  .doc = "A limit that is not given stays as it is, what is over the new one, too. It counts at once, for running sessions too." },

	{ "quota recalculate", GW_CTL_ADMIN, { { "user", GW_CTL_USER, POSITION, .brief = "only this account" } },
	  .brief = "count the mail of accounts anew",
	  .doc = "Counters are worked out from the lists of messages and put right. One row an account: name, size, "
	  "size_difference, messages and messages_difference; differences are 0 in a sound store." },

	{ "public list", GW_CTL_OPERATOR, { { 0 } },
	  .brief = "show public folders and rights in them",
	  .doc = "One row a folder: name, messages, size and rights, as in \"anyone: read; anna: read write\", or null when what is "
	  "above it counts. Without any rights everybody may read and write." },

	{ "public create", GW_CTL_ADMIN, { NAME("the new folder, / between levels") },
	  .brief = "make a public folder",
	  .doc = "The account that public_account names is made with the first one. Users see it at their next sign-on then." },

	{ "public grant", GW_CTL_ADMIN,
	  { NAME("the folder, \"Public folders\" for all"), { "user", GW_CTL_USER, FIRST, .brief = "who, or anyone" },
	    { "rights", GW_CTL_WORDS, FIRST, .brief = "what: read, write (file messages, change flags), delete (remove "
	      "messages); empty for nothing", .words = "read write delete" } },
	  .brief = "say what a user may do in a public folder",
	  .doc = "Counts for all below that has no rights of its own, and at once. A user who is not named has the rights of anyone, "
	  "or none when others are named only." },

	{ "public revoke", GW_CTL_ADMIN, { NAME("the folder"), { "user", GW_CTL_USER, FIRST, .brief = "who, or anyone" } },
	  .brief = "take back what was said of a user in a public folder",
	  .doc = "What is said of anyone, or above, counts again." },

	{ "public delete", GW_CTL_ADMIN,
	  { NAME("the folder"), { "confirm", GW_CTL_BOOL, 0, .brief = "must be yes: its messages go" } },
	  .brief = "remove a public folder with its messages",
	  .doc = "Those below it stay. messages behind OK counts what went." },

	{ "pop3 uidl-diff", GW_CTL_OPERATOR,
	  { USER, { "list", GW_CTL_FD, FIRST, .brief = "what UIDL of another server says, a file or - for standard input" },
	    { "all", GW_CTL_BOOL, 0, .brief = "yes: show those that are the same, too" } },
	  .brief = "compare the message names of POP3 with those of another server",
	  .doc = "Each line of the list is a name, or a number and a name. One row a name: state (missing: only the other server "
	  "has it; new: only we have it, clients will fetch that message; same), uidl, number and other_number. The object behind OK "
	  "counts same, missing and new; the exit code is 1 unless all are the same." },

	{ "pop3 uidl-import", GW_CTL_ADMIN,
	  { USER, { "list", GW_CTL_FD, FIRST, .brief = "what UIDL of another server says, a file or - for standard input" },
	    { "by", GW_CTL_STRING, 0, .brief = "what the numbers in it are (number: those of POP3, the first message is 1)",
	      .words = "number uid" } },
	  .brief = "give the messages of an inbox the names that POP3 clients know them by from another server",
	  .doc = "For after an import, before anything else changes the inbox: message n of the list must be message n here, as it is "
	  "when the other server lists by UID. kopano-gateway lists by the time of creation, which is another order where messages "
	  "were moved into the inbox: then write the UIDs that the import kept into the list, and say by=uid. All get their names or, "
	  "when the list does not fit, none. Names may have 70 octets, and 96 with pop3_uidl_format = kopano. The object behind OK "
	  "counts names in the list and messages that were named." },

	{ .name = NULL },
};

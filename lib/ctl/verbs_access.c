/* verbs_access.c - orders about who may sign on, and from where (see verbs.h) */
#include "ctl/verbs_priv.h"

#define POSITION GW_CTL_POSITION
#define FIRST (GW_CTL_REQUIRED | GW_CTL_POSITION)

#define ADDRESS(flags, what) { "address", GW_CTL_ADDRESS, (flags), .brief = (what) }
#define ALL(what) { "all", GW_CTL_BOOL, 0, .brief = "yes: " what }

/* From where and how somebody signs on, in imagination. */
#define CLIENT \
	{ "service", GW_CTL_STRING, 0, .brief = "with this service", .words = "imap imaps pop3 pop3s" }, \
	{ "address", GW_CTL_ADDRESS, 0, .brief = "from this IP address" }, \
	{ "tls", GW_CTL_BOOL, 0, .brief = "yes: after STARTTLS or STLS" }

const struct gw_ctl_verb gw_ctl_verbs_access[] = {
	{ "ban list", GW_CTL_VIEWER, { ADDRESS(POSITION, "only those that concern this address or network") },
	  .brief = "show who is shut out",
	  .doc = "One row an address or network: address, for_good (until it is removed), left_s, age_s, automatic (by ban_after), refused "
	  "(connections) and reason." },

	{ "ban add", GW_CTL_OPERATOR,
	  { ADDRESS(FIRST, "the address or network to shut out"),
	    { "for", GW_CTL_SPAN, 0, .brief = "how long, 0 until it is removed; without it ban_time" },
	    { "reason", GW_CTL_STRING, 0, .brief = "for those who look at the list" },
	    { "kick", GW_CTL_BOOL, 0, .brief = "yes: also end the sessions from there" } },
	  .brief = "shut an address or network out",
	  .doc = "Connections from there are refused before anything else, trusted_networks too. Sessions go on without kick; "
	  "sessions in the object behind OK counts those that were ended. Bans end with the service." },

	{ "ban remove", GW_CTL_OPERATOR, { ADDRESS(POSITION, "as ban list shows it"), ALL("remove all bans") },
	  .brief = "let an address or network in again",
	  .doc = "Failed logins of the address count on: see penalty clear. bans in the object behind OK counts those removed." },

	{ "penalty list", GW_CTL_VIEWER,
	  { ADDRESS(POSITION, "only this address or network"), { "max", GW_CTL_UINT, 0, .brief = "at most so many rows" } },
	  .brief = "show from where logins fail",
	  .doc = "One row an address (of IPv6 a network of 64 bits): address, failures that count now, delay_s (how long the "
	  "answer to a login of somebody unknown there waits) and last_s (seconds since the last failure)." },

	{ "penalty clear", GW_CTL_OPERATOR,
	  { ADDRESS(POSITION, "forget what failed from this address or network"),
	    { "user", GW_CTL_USER, 0, .brief = "forget what failed with this user's name, from anywhere" }, ALL("forget everything") },
	  .brief = "forget failed logins",
	  .doc = "Answers are no longer delayed for them. addresses in the object behind OK counts those that had failures." },

	{ "limits", GW_CTL_VIEWER,
	  { { "user", GW_CTL_USER, FIRST, .brief = "the user" }, ADDRESS(0, "signing on from this IP address") },
	  .brief = "show all limits and penalties that bear on a user",
	  .doc = "In the object behind OK: user, known, enabled, disabled_features, connections and max_connections (of the user), size, "
	  "storage_limit, messages, messages_limit, failures (from anywhere). With an address also address_connections, "
	  "address_max_connections, trusted, address_failures, pair_failures (of the user from there), known_there, delay_s, "
	  "banned, ban_left_s and ban_reason. 0 is no limit." },

	{ "auth test", GW_CTL_ADMIN,
	  { { "user", GW_CTL_USER, FIRST, .brief = "the user" },
	    { "password", GW_CTL_SECRET, 0, .brief = "the password to try" }, CLIENT,
	    { "mechanism", GW_CTL_STRING, 0, .brief = "in this way", .words = "PLAIN LOGIN SCRAM-SHA-256" },
	    { "count", GW_CTL_BOOL, 0, .brief = "yes: a failure counts, with an address, as if it came from there" } },
	  .brief = "try a password",
	  .doc = "It is verified as at a sign-on; nothing is opened or remembered. accepted in the object behind OK, and reason "
	  "when it was not. Ends with 1 then." },

	{ "auth explain", GW_CTL_ADMIN,
	  { { "user", GW_CTL_USER, FIRST, .brief = "the user" }, CLIENT,
	    { "verify", GW_CTL_BOOL, 0, .brief = "yes: with the password, which is tried too" },
	    { "password", GW_CTL_SECRET, 0, .brief = "the password to try" } },
	  .brief = "show each step of a sign-on and its verdict",
	  .doc = "One row a step, in their order: step, verdict (pass, fail or note) and detail, a sentence. What is not given "
	  "(service, address) is not judged. accepted in the object behind OK, and step, the first that failed. Ends with 1 "
	  "then." },

	{ .name = NULL },
};

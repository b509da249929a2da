/* verbs_session.c - orders about who is connected (see verbs.h) */
#include "ctl/verbs_priv.h"

#define POSITION GW_CTL_POSITION

/* Which sessions (daemon/ctl/filter.h). */
#define FILTERS \
	{ "address", GW_CTL_ADDRESS, 0, .brief = "only from this IP address or network" }, \
	{ "service", GW_CTL_STRING, 0, .brief = "only of this service", .words = "imap imaps pop3 pop3s" }, \
	{ "protocol", GW_CTL_STRING, 0, .brief = "only of this protocol, inside TLS or not", .words = "imap pop3" }, \
	{ "state", GW_CTL_STRING, 0, .brief = "only in this state", \
	  .words = "login authenticated selected idle logout" }, \
	{ "mailbox", GW_CTL_MAILBOX, 0, .brief = "only with this mailbox selected; * and ? stand for other letters" }, \
	{ "client", GW_CTL_STRING, 0, .brief = "only of clients with this in their name" }, \
	{ "command", GW_CTL_STRING, 0, .brief = "only while this command runs" }, \
	{ "tls", GW_CTL_BOOL, 0, .brief = "only inside TLS, or only outside" }, \
	{ "older", GW_CTL_SPAN, 0, .brief = "only connected for at least so long" }, \
	{ "younger", GW_CTL_SPAN, 0, .brief = "only connected for at most so long" }, \
	{ "idle", GW_CTL_SPAN, 0, .brief = "only silent for at least so long" }

#define REASON { "reason", GW_CTL_STRING, 0, .brief = "what the client is told, in ASCII" }

const struct gw_ctl_verb gw_ctl_verbs_session[] = {
	{ "session list", GW_CTL_VIEWER,
	  { { "user", GW_CTL_USER, POSITION, .brief = "only of this user; * and ? stand for other letters" }, FILTERS,
	    { "max", GW_CTL_UINT, 0, .brief = "at most so many rows" },
	    { "full", GW_CTL_BOOL, 0, .brief = "yes: with all that session show says" } },
	  .brief = "show who is connected",
	  .doc = "One row a connection: id, user, address, service, tls, state, mailbox, command (running), client (its name "
	  "as of ID), connected_s and idle_s (seconds), bytes_in, bytes_out, commands, memory (bytes that connection and "
	  "session hold), pid. Filters that are given together must all fit." },

	{ "session show", GW_CTL_VIEWER,
	  { { "id", GW_CTL_SESSION, GW_CTL_REQUIRED | POSITION, .brief = "the session with this id" } },
	  .brief = "show all that is known of one session",
	  .doc = "One row: the members of session list, and since (wall clock), command_us (how long the command has been running), "
	  "store_us (time spent in the store), bad_commands, fetched, appended, expunged (messages), mechanism (of the login), "
	  "trusted, tls_version, tls_cipher, tls_resumed, tls_sni (name the client asked for), tls_user (of its certificate)." },

	{ "session kick", GW_CTL_OPERATOR,
	  { { "id", GW_CTL_SESSION, POSITION, .brief = "the session with this id" },
	    { "user", GW_CTL_USER, 0, .brief = "all sessions of this user; * and ? stand for other letters" }, FILTERS, REASON },
	  .brief = "end sessions",
	  .doc = "The client is told that an administrator ended its session, or the reason. Give an id of session list or "
	  "filters, which must all fit. A POP3 session that is ended deletes nothing. sessions in the object behind OK counts "
	  "those that were told." },

	{ "who", GW_CTL_VIEWER,
	  { { "user", GW_CTL_USER, POSITION, .brief = "only this user; * and ? stand for other letters" }, FILTERS },
	  .brief = "show who is signed on, one row a user",
	  .doc = "One row a user: user, sessions (how many), of them imap, imaps, pop3, pop3s, addresses (a list, of 16 at most), "
	  "oldest_s and idle_s (seconds, of the oldest and of the busiest session), bytes_in, bytes_out, memory." },

	{ "user kick", GW_CTL_OPERATOR,
	  { { "name", GW_CTL_USER, GW_CTL_REQUIRED | POSITION, .brief = "the user" }, REASON },
	  .brief = "end all sessions of a user",
	  .doc = "As session kick. The user may sign on again at once: see user disable." },

	{ .name = NULL },
};

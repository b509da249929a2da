/* verbs_session.c - orders about who is connected (see verbs.h) */
#include "ctl/verbs_priv.h"

#define POSITION GW_CTL_POSITION

const struct gw_ctl_verb gw_ctl_verbs_session[] = {
	{ "session list", GW_CTL_VIEWER,
	  { { "user", GW_CTL_USER, POSITION, .brief = "only sessions of this user" },
	    { "service", GW_CTL_STRING, 0, .brief = "only sessions of this service", .words = "imap imaps pop3 pop3s" },
	    { "max", GW_CTL_UINT, 0, .brief = "at most so many rows" } },
	  .brief = "show who is connected",
	  .doc = "One row a connection: id, user, address, service, state, mailbox, client, seconds connected and idle, bytes." },

	{ "session kick", GW_CTL_OPERATOR,
	  { { "id", GW_CTL_SESSION, POSITION, .brief = "the session with this id" },
	    { "user", GW_CTL_USER, 0, .brief = "all sessions of this user" } },
	  .brief = "end sessions",
	  .doc = "The client is told that an administrator ended its session. Give an id of session list or a user. A POP3 "
	  "session that is ended deletes nothing." },

	{ .name = NULL },
};

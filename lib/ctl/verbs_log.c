/* verbs_log.c - orders about what the service tells while it works (see verbs.h) */
#include "ctl/verbs_priv.h"

#define LEVELS "crit error warning notice info debug"
#define MODULES "service config net tls auth imap pop3 store control"
#define SERVICES "imap imaps pop3 pop3s"

#define FOR { "for", GW_CTL_SPAN, 0, .brief = "time until it ends by itself (10m)" }
#define TRACE_DOC                                                                                                   \
	"Rows are the lines of the dialogue as they come: time, service, address, session, user, direction (C from the " \
	"client, S to it) and line. Passwords and answers to challenges are ***, message bodies and other literals are " \
	"cut. A row with event lost counts lines that came faster than they were read."

const struct gw_ctl_verb gw_ctl_verbs_log[] = {
	{ "tail", GW_CTL_VIEWER,
	  { { "event", GW_CTL_STRING, GW_CTL_POSITION, .brief = "only this event, a name of gateway-events(7)" },
	    { "user", GW_CTL_USER, 0, .brief = "only of this user" },
	    { "address", GW_CTL_ADDRESS, 0, .brief = "only of clients of this address or network" },
	    { "session", GW_CTL_SESSION, 0, .brief = "only of this session" },
	    { "service", GW_CTL_STRING, 0, .brief = "only of this service", .words = SERVICES },
	    { "module", GW_CTL_STRING, 0, .brief = "only of this part of the program", .words = MODULES },
	    { "level", GW_CTL_STRING, 0, .brief = "not less grave than this (info)", .words = LEVELS },
	    { "max", GW_CTL_UINT, 0, .brief = "end after so many rows" } },
	  .brief = "show events as they happen",
	  .doc = "Rows are the events of gateway-events(7), with time, level, event, module, who, message and the fields of the "
		 "event; text is the line that a log would have. What comes faster than it is read is lost: a row with event "
		 "lost counts it. rows and lost in the object behind OK, when max ends it.",
	  .flags = GW_CTL_STREAM | GW_CTL_TEXT },

	{ "log tail", GW_CTL_OPERATOR,
	  { { "match", GW_CTL_STRING, GW_CTL_POSITION, .brief = "only lines with this text in them" },
	    { "module", GW_CTL_STRING, 0, .brief = "only of this part of the program", .words = MODULES },
	    { "level", GW_CTL_STRING, 0, .brief = "up to this level, though the log may have less", .words = LEVELS },
	    { "max", GW_CTL_UINT, 0, .brief = "end after so many rows" } },
	  .brief = "show the lines of the log as they are written",
	  .doc = "Of all processes, wherever the log goes. Rows as of tail.",
	  .flags = GW_CTL_STREAM | GW_CTL_TEXT },

	{ "log level", GW_CTL_OPERATOR,
	  { { "module", GW_CTL_STRING, GW_CTL_POSITION, .brief = "part of the program, or all", .words = "all " MODULES },
	    { "level", GW_CTL_STRING, GW_CTL_POSITION, .brief = "what it logs; default: as log_level says",
	      .words = "none " LEVELS " default" },
	    { "for", GW_CTL_SPAN, 0, .brief = "time after which log_level counts again" } },
	  .brief = "show or set how much a part of the program logs",
	  .doc = "One row a module: module, level, set (apart from log_level) and left_s, the seconds until that ends, or null. "
		 "With module and level it is set at once, in running sessions too, until the time of for is over, level=default "
		 "is asked for, or the service ends." },

	{ "why", GW_CTL_VIEWER,
	  { { "user", GW_CTL_USER, GW_CTL_POSITION, .brief = "the name that was tried" },
	    { "address", GW_CTL_ADDRESS, 0, .brief = "or: the address that was refused" } },
	  .brief = "show why a user or an address was refused",
	  .doc = "Rows are the last refusals, the oldest first: time, service, address, user, reason, message and advice, a "
		 "sentence on what to do. The object behind OK has refusals, and of a user what counts now: exists, enabled, "
		 "disabled_features, sessions, max_sessions (0: any number), storage_used and storage_limit." },

	{ "trace user", GW_CTL_ADMIN,
	  { { "user", GW_CTL_USER, GW_CTL_POSITION | GW_CTL_REQUIRED, .brief = "whose sessions" }, FOR },
	  .brief = "show the dialogue of a user's sessions",
	  .doc = "Of those that run and those that begin meanwhile. " TRACE_DOC,
	  .flags = GW_CTL_STREAM | GW_CTL_TEXT },

	{ "trace address", GW_CTL_ADMIN,
	  { { "address", GW_CTL_ADDRESS, GW_CTL_POSITION | GW_CTL_REQUIRED, .brief = "address or network of the clients" }, FOR },
	  .brief = "show the dialogue with an address",
	  .doc = "Of connections that are open and those that begin meanwhile. " TRACE_DOC,
	  .flags = GW_CTL_STREAM | GW_CTL_TEXT },

	{ "trace session", GW_CTL_ADMIN,
	  { { "id", GW_CTL_SESSION, GW_CTL_POSITION | GW_CTL_REQUIRED, .brief = "id of session list" }, FOR },
	  .brief = "show the dialogue of a session",
	  .doc = TRACE_DOC,
	  .flags = GW_CTL_STREAM | GW_CTL_TEXT },

	{ "session trace", GW_CTL_ADMIN,
	  { { "id", GW_CTL_SESSION, GW_CTL_POSITION | GW_CTL_REQUIRED, .brief = "id of session list" }, FOR },
	  .brief = "show the dialogue of a session",
	  .doc = "The same as trace session. " TRACE_DOC,
	  .flags = GW_CTL_STREAM | GW_CTL_TEXT },

	{ .name = NULL },
};

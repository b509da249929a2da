/* verbs_service.c - orders about the service itself: how it is, its configuration, its end (see verbs.h) */
#include "ctl/verbs_priv.h"

const struct gw_ctl_verb gw_ctl_verbs_service[] = {
	{ "status", GW_CTL_VIEWER, { { 0 } },
	  .brief = "show how the service is doing",
	  .doc = "Version, process model, time since the start, listeners, connections, sessions by service, and counters, in the object behind OK." },

	{ "config show", GW_CTL_VIEWER,
	  { { "changed", GW_CTL_BOOL, 0, .brief = "yes: leave out what has its default" },
	    { "secrets", GW_CTL_BOOL, 0, .brief = "yes: passwords inside values too, to an admin" } },
	  .brief = "show the configuration in force",
	  .doc = "One row an option: name, value, set (by a file or the command line), file, line, variable of the environment, reload "
	  "(live, next, restart) and waiting, the value that the files have and a restart brings, or null. The object behind OK has the file, when it "
	  "was read, listeners and certificates." },

	{ "reload", GW_CTL_OPERATOR,
	  { { "check", GW_CTL_BOOL, 0, .brief = "yes: only say what would change" } },
	  .brief = "read the configuration again",
	  .doc = "All of it or nothing: with an error anywhere the old one stays, and ERR follows the rows that say what is wrong. "
	  "Rows name what changed (event live), what counts for new sessions only (next), what waits for a restart (restart, "
	  "with name, was and now) and the listeners that it moves (listener)." },

	{ "stop", GW_CTL_ADMIN,
	  { { "now", GW_CTL_BOOL, 0, .brief = "yes: do not wait for sessions" } },
	  .brief = "end the service",
	  .doc = "No new connections are taken; sessions are told and have shutdown_timeout to end." },

	{ "log reopen", GW_CTL_OPERATOR, { { 0 } },
	  .brief = "open the log file anew",
	  .doc = "For log rotation: what SIGUSR1 does." },

	{ "ping", GW_CTL_VIEWER, { { 0 } },
	  .brief = "ask whether the service answers",
	  .doc = "Answers OK when the daemon's main loop works." },

	{ "version", GW_CTL_VIEWER, { { 0 } },
	  .brief = "show the version of the service",
	  .doc = "version and protocol in the object behind OK." },

	{ "help", GW_CTL_VIEWER, { { 0 } },
	  .brief = "show what may be asked",
	  .doc = "One row a verb that the caller may use: verb, level, brief, doc, and params with name, type, required, position "
	  "and brief." },

	{ .name = NULL },
};

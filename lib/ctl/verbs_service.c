/* verbs_service.c - orders about the service itself: how it is, its configuration, its end (see verbs.h) */
#include "ctl/verbs_priv.h"

const struct gw_ctl_verb gw_ctl_verbs_service[] = {
	{ "status", GW_CTL_VIEWER, { { 0 } },
	  .brief = "show how the service is doing",
	  .doc = "Version, process model, time since the start, listeners, connections, sessions by service, and counters, in the object behind OK." },

	{ "health", GW_CTL_VIEWER,
	  { { "deep", GW_CTL_BOOL, 0, .brief = "yes: also look through the account database, write durably, look at text indexes" } },
	  .brief = "check whether all is well",
	  .doc = "One row a check: check, state (ok, warning, critical), detail, and time_us where it was measured. exit in the object "
	  "behind OK is the worst: 0 all is well, 1 a warning, 2 critical, as Nagios has it." },

	{ "listeners", GW_CTL_VIEWER, { { 0 } },
	  .brief = "show where clients are taken",
	  .doc = "One row a listening socket: service, address, tls (none, at once, STARTTLS, STLS), open, from (own or service manager), fd, "
	  "accepted since the start, and waiting of backlog where the kernel tells." },

	{ "config show", GW_CTL_VIEWER,
	  { { "changed", GW_CTL_BOOL, 0, .brief = "yes: leave out what has its default" },
	    { "secrets", GW_CTL_BOOL, 0, .brief = "yes: passwords inside values too, to an admin" } },
	  .brief = "show the configuration in force",
	  .doc = "One row an option: name, value, set (by a file or the command line), file, line, variable of the environment, reload "
	  "(live, next, restart) and waiting, the value that the files have and a restart brings, or null. The object behind OK has the file, when it "
	  "was read, listeners and certificates." },

	{ "config get", GW_CTL_VIEWER,
	  { { "name", GW_CTL_OPTION, GW_CTL_REQUIRED | GW_CTL_POSITION, .brief = "the option" },
	    { "secrets", GW_CTL_BOOL, 0, .brief = "yes: passwords inside its value too, to an admin" } },
	  .brief = "show one option that is in force",
	  .doc = "One row as config show has it." },

	{ "config diff", GW_CTL_VIEWER,
	  { { "previous", GW_CTL_BOOL, 0, .brief = "yes: beside the configuration that undo brings back" } },
	  .brief = "show where the configuration in force differs from its files",
	  .doc = "One row an option that differs: name, running (the value in force), other (that of the files as they are now, or "
	  "of the configuration before the last reload), reload (live, next, restart), file and line. Files with an error are ERR "
	  "invalid." },

	{ "reload", GW_CTL_OPERATOR,
	  { { "file", GW_CTL_PATH, GW_CTL_POSITION, .brief = "another main file for this time; of an admin" },
	    { "plan", GW_CTL_BOOL, 0, .brief = "yes: only say what would change" },
	    { "confirm", GW_CTL_SPAN, 0, .brief = "time to confirm in; after it the configuration before comes back" } },
	  .brief = "read the configuration again",
	  .doc = "All of it or nothing: with an error anywhere the old one stays, and ERR follows the rows that say what is wrong. "
	  "Rows name what changed (event live), what counts for new sessions only (next), what waits for a restart (restart, "
	  "with name, was and now), the listeners that it moves (listener), and certificates that come or go (certificate). "
	  "With confirm the change is on trial: it counts at once, and all of it is taken back when no confirm came in time, "
	  "whatever became of who asked; confirm_s in the object behind OK. Another reload or SIGHUP meanwhile joins the trial "
	  "and does not end it." },

	{ "confirm", GW_CTL_OPERATOR, { { 0 } },
	  .brief = "keep what reload --confirm put on trial",
	  .doc = "ERR not-found when nothing is on trial. undo still goes back to the configuration before." },

	{ "undo", GW_CTL_OPERATOR, { { 0 } },
	  .brief = "go back to the configuration before the last reload",
	  .doc = "With its certificates as they had been loaded. Also ends a trial. One configuration is kept: undo again goes forward. "
	  "Files are not changed, and a reload or restart reads them. Rows as of reload." },

	{ "drain", GW_CTL_OPERATOR,
	  { { "user", GW_CTL_USER, GW_CTL_POSITION, .brief = "only this user's sessions; he cannot sign on meanwhile" },
	    { "deadline", GW_CTL_SPAN, 0, .brief = "time after which those that are left are cut off" },
	    { "grace", GW_CTL_SPAN, 0, .brief = "time in which clients are taken yet, though the service is not ready any more" },
	    { "wait", GW_CTL_BOOL, 0, .brief = "no: do not look on" } },
	  .brief = "take no clients and let sessions end",
	  .doc = "Each session is told goodbye when nothing is under way: between two commands, or in IDLE. A row whenever something changes: "
	  "state, left, busy (in the middle of a command) and seconds_left, until nothing is left. The drain goes on when the caller "
	  "goes away or cancels; drain again looks on, and sets another deadline when one is given. When resume ends it meanwhile, exit is 1.",
	  .flags = GW_CTL_STREAM },

	{ "resume", GW_CTL_OPERATOR,
	  { { "user", GW_CTL_USER, GW_CTL_POSITION, .brief = "let only this user sign on again" } },
	  .brief = "take clients again",
	  .doc = "Undoes drain, for all users too. Sessions that were told to end may end all the same." },

	{ "shutdown", GW_CTL_ADMIN,
	  { { "deadline", GW_CTL_SPAN, 0, .brief = "time that sessions have to end, in place of shutdown_timeout" },
	    { "now", GW_CTL_BOOL, 0, .brief = "yes: do not wait for sessions" },
	    { "wait", GW_CTL_BOOL, 0, .brief = "no: do not look on" } },
	  .brief = "drain, then end the service",
	  .doc = "Rows as of drain until nothing is left; then the service ends. It cannot be taken back. Given again, the time counts from then on.",
	  .flags = GW_CTL_STREAM },

	{ "stop", GW_CTL_ADMIN,
	  { { "now", GW_CTL_BOOL, 0, .brief = "yes: do not wait for sessions" },
	    { "deadline", GW_CTL_SPAN, 0, .brief = "time that sessions have to end, in place of shutdown_timeout" } },
	  .brief = "end the service and do not wait for it",
	  .doc = "What shutdown with wait=no does." },

	{ "tls list", GW_CTL_VIEWER, { { 0 } },
	  .brief = "show the certificates in use",
	  .doc = "One row a certificate: names, days_left, default (also for clients that name none), key, issuer, subject, serial, not_before, "
	  "not_after, signature, fingerprint (SHA-256), chain (certificates sent with it), ocsp (where its state can be asked for), "
	  "must_staple, file, key_file and services. The object behind OK has the age of the key for session tickets, how many keys are "
	  "accepted, and the time until the next one." },

	{ "tls reload", GW_CTL_OPERATOR,
	  { { "confirm", GW_CTL_SPAN, 0, .brief = "time to confirm in, as of reload" } },
	  .brief = "read the certificates again",
	  .doc = "Certificates, keys and CA files of the configuration in force, all of them or none. Rows name those that come and go." },

	{ "tls ticket rotate", GW_CTL_OPERATOR,
	  { { "forget", GW_CTL_BOOL, 0, .brief = "yes: accept none of the tickets given out so far" } },
	  .brief = "draw another key for session tickets",
	  .doc = "Happens by itself every 12 hours. Tickets of the two keys before are accepted yet, at least 24 hours when keys are not drawn by "
	  "hand. With forget, every client makes a full handshake the next time." },

	{ "backend list", GW_CTL_VIEWER, { { 0 } },
	  .brief = "show what keeps the mail, and how fast it is",
	  .doc = "One row: name, kind (local, mem, jmap), url, state (up, starting, down, out of use), sessions, calls and errors since the start, "
	  "p50_us to p999_us of all calls, workers, waiting (of them, for a storage server), busy and queue. Of a storage server also "
	  "remote_p50_us to remote_p999_us of requests to it, breaker (closed, half-open: being tried, open: it is away and nobody waits for "
	  "it), in_flight (requests under way), requests, failed, retried, streams (of events), opened (how often the breaker did), last_ok "
	  "and last_failed (seconds since 1970 UTC, or null)." },

	{ "backend test", GW_CTL_OPERATOR, { { 0 } },
	  .brief = "try a round trip to the mail store",
	  .doc = "One row a step: step, state, time_us, detail. A storage server is asked for its session resource (server), as the service "
	  "account too if there is one (session), then come the files here. exit in the object behind OK is 1 after a warning and 2 when a step failed." },

	{ "backend drain", GW_CTL_ADMIN,
	  { { "name", GW_CTL_STRING, GW_CTL_POSITION, .brief = "store", .words = "store" },
	    { "undo", GW_CTL_BOOL, 0, .brief = "yes: put it into use again" } },
	  .brief = "take the mail store out of use for new sessions",
	  .doc = "Who signs on is told UNAVAILABLE until undo or a restart; sessions that are signed on go on." },

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

/* verbs.c - the orders of the control socket (see verbs.h)
 *
 * Docs are plain sentences. "Rows" are the lines before the OK. */
#include "ctl/verbs.h"

#define REQUIRED GW_CTL_REQUIRED
#define FIRST (GW_CTL_REQUIRED | GW_CTL_POSITION)
#define POSITION GW_CTL_POSITION

#define NAME(what) { "name", GW_CTL_USER, FIRST, what }
#define PASSWORD \
	{ "password", GW_CTL_SECRET, 0, "the password itself" }, \
	{ "hash", GW_CTL_SECRET, 0, "instead of it a crypt(3) hash made elsewhere" }

static const struct gw_ctl_verb verbs[] = {
	{ "status", GW_CTL_STATUS, GW_CTL_VIEWER, { { 0 } },
	  "show how the service is doing",
	  "Version, process model, time since the start, listeners, connections, sessions by service, and counters, in the object behind OK." },

	{ "session list", GW_CTL_SESSION_LIST, GW_CTL_VIEWER,
	  { { "user", GW_CTL_USER, POSITION, "only sessions of this user" },
	    { "service", GW_CTL_STRING, 0, "only sessions of imap, imaps, pop3 or pop3s" },
	    { "max", GW_CTL_UINT, 0, "at most so many rows" } },
	  "show who is connected",
	  "One row a connection: id, user, address, service, state, mailbox, client, seconds connected and idle, bytes." },

	{ "session kick", GW_CTL_SESSION_KICK, GW_CTL_OPERATOR,
	  { { "id", GW_CTL_STRING, POSITION, "the session with this id" },
	    { "user", GW_CTL_USER, 0, "all sessions of this user" } },
	  "end sessions",
	  "The client is told that an administrator ended its session. Give an id of session list or a user. A POP3 "
	  "session that is ended deletes nothing." },

	{ "user add", GW_CTL_USER_ADD, GW_CTL_ADMIN,
	  { NAME("the new user's name"), PASSWORD,
	    { "disabled", GW_CTL_WORDS, 0, "services the user may not use: imap pop3" },
	    { "storage", GW_CTL_SIZE, 0, "most bytes of mail, 0 for no limit" },
	    { "messages", GW_CTL_UINT, 0, "most messages, 0 for no limit" } },
	  "make an account",
	  "The account can be used at once. Without password and hash nobody can sign on with it yet." },

	{ "user passwd", GW_CTL_USER_PASSWD, GW_CTL_ADMIN, { NAME("the user"), PASSWORD },
	  "set another password",
	  "Takes effect at once; sessions that are signed on go on." },

	{ "user list", GW_CTL_USER_LIST, GW_CTL_VIEWER,
	  { { "after", GW_CTL_USER, 0, "begin behind this name" }, { "max", GW_CTL_UINT, 0, "at most so many rows" } },
	  "show all accounts",
	  "One row an account, by name: the members of user show." },

	{ "user show", GW_CTL_USER_SHOW, GW_CTL_VIEWER, { NAME("the user") },
	  "show one account",
	  "One row: name, enabled, disabled_features, scheme of the password, scram, storage_limit, messages_limit, created "
	  "and changed." },

	{ "user enable", GW_CTL_USER_ENABLE, GW_CTL_ADMIN, { NAME("the user") },
	  "let a user sign on again",
	  "Undoes user disable." },

	{ "user disable", GW_CTL_USER_DISABLE, GW_CTL_ADMIN, { NAME("the user") },
	  "let a user sign on no more",
	  "Mail and password are kept. Sessions that are signed on go on: end them with session kick." },

	{ "user features", GW_CTL_USER_FEATURES, GW_CTL_ADMIN,
	  { NAME("the user"), { "disabled", GW_CTL_WORDS, FIRST, "services the user may not use: imap pop3, or empty" } },
	  "say which services a user may not use",
	  "An empty list allows all." },

	{ "user quota", GW_CTL_USER_QUOTA, GW_CTL_ADMIN,
	  { NAME("the user"), { "storage", GW_CTL_SIZE, FIRST, "most bytes of mail, 0 for no limit" },
	    { "messages", GW_CTL_UINT, POSITION, "most messages, 0 for no limit" } },
	  "limit the mail of a user",
	  "What is over the new limit stays. A limit on messages that is not given is taken away." },

	{ "user rename", GW_CTL_USER_RENAME, GW_CTL_ADMIN,
	  { NAME("the user"), { "to", GW_CTL_USER, FIRST, "the new name" } },
	  "give an account another name",
	  "Its mail stays with it." },

	{ "user delete", GW_CTL_USER_DELETE, GW_CTL_ADMIN,
	  { NAME("the user"), { "confirm", GW_CTL_BOOL, REQUIRED, "must be yes: the mail goes too" } },
	  "remove an account with all its mail",
	  "Nothing stays behind. Sessions of the user are ended." },

	{ "store check", GW_CTL_STORE_CHECK, GW_CTL_OPERATOR,
	  { { "user", GW_CTL_USER, POSITION, "only this account" } },
	  "look for damage and change nothing",
	  "Rows tell of progress (step) and problems while it runs; the object behind OK counts accounts and problems." },

	{ "store repair", GW_CTL_STORE_REPAIR, GW_CTL_ADMIN,
	  { { "user", GW_CTL_USER, POSITION, "only this account" } },
	  "put right what store check finds",
	  "A damaged file is kept beside the new one. Rows and counts as of store check, and what was repaired or lost." },

	{ "store backup", GW_CTL_STORE_BACKUP, GW_CTL_ADMIN,
	  { { "dir", GW_CTL_PATH, FIRST, "where to, an absolute path on the machine of the daemon" },
	    { "user", GW_CTL_USER, POSITION, "only this account" } },
	  "copy the store while it works",
	  "The daemon writes, as the user it runs as. Each account is copied as it was at one moment." },

	{ "store vacuum", GW_CTL_STORE_VACUUM, GW_CTL_ADMIN,
	  { { "user", GW_CTL_USER, POSITION, "only this account" } },
	  "give free space back to the file system",
	  "Takes the time of copying the account." },

	{ "config show", GW_CTL_CONFIG_SHOW, GW_CTL_VIEWER,
	  { { "changed", GW_CTL_BOOL, 0, "yes: leave out what has its default" },
	    { "secrets", GW_CTL_BOOL, 0, "yes: passwords inside values too, to an admin" } },
	  "show the configuration in force",
	  "One row an option: name, value, set (by a file or the command line), file, line, variable of the environment, reload "
	  "(live, next, restart) and waiting, the value that the files have and a restart brings, or null. The object behind OK has the file, when it "
	  "was read, listeners and certificates." },

	{ "reload", GW_CTL_RELOAD, GW_CTL_OPERATOR,
	  { { "check", GW_CTL_BOOL, 0, "yes: only say what would change" } },
	  "read the configuration again",
	  "All of it or nothing: with an error anywhere the old one stays, and ERR follows the rows that say what is wrong. "
	  "Rows name what changed (event live), what counts for new sessions only (next), what waits for a restart (restart, "
	  "with name, was and now) and the listeners that it moves (listener)." },

	{ "stop", GW_CTL_STOP, GW_CTL_ADMIN,
	  { { "now", GW_CTL_BOOL, 0, "yes: do not wait for sessions" } },
	  "end the service",
	  "No new connections are taken; sessions are told and have shutdown_timeout to end." },

	{ "log reopen", GW_CTL_LOG_REOPEN, GW_CTL_OPERATOR, { { 0 } },
	  "open the log file anew",
	  "For log rotation: what SIGUSR1 does." },

	{ "ping", GW_CTL_PING, GW_CTL_VIEWER, { { 0 } },
	  "ask whether the service answers",
	  "Answers OK when the daemon's main loop works." },

	{ "version", GW_CTL_VERSION, GW_CTL_VIEWER, { { 0 } },
	  "show the version of the service",
	  "version and protocol in the object behind OK." },

	{ "help", GW_CTL_HELP, GW_CTL_VIEWER, { { 0 } },
	  "show what may be asked",
	  "One row a verb that the caller may use: verb, level, brief, doc, and params with name, type, required, position "
	  "and brief." },
};
_Static_assert(sizeof verbs / sizeof *verbs == GW_CTL_VERBS, "one row an id");

const struct gw_ctl_verb *gw_ctl_verb_at(size_t i)
{
	return i < GW_CTL_VERBS ? &verbs[i] : NULL;
}

/* "w1 w2" or "w1" in any case. */
static bool name_is(const char *name, struct gw_slice w1, struct gw_slice w2)
{
	struct gw_slice n = gw_slice_str(name), head = gw_slice_take(&n, gw_slice_find(n, ' '));

	if (n.n)
		gw_slice_take(&n, 1);
	return gw_slice_eqi(head, w1) && gw_slice_eqi(n, w2);
}

const struct gw_ctl_verb *gw_ctl_verb_find(struct gw_slice w1, struct gw_slice w2)
{
	for (size_t i = 0; i < GW_CTL_VERBS; i++)
		if (name_is(verbs[i].name, w1, w2))
			return &verbs[i];
	return NULL;
}

#define NEAR_MAX 24 /* longest text worth comparing */

/* How many letters must be put in, taken out or changed to make b of a (Levenshtein), case ignored. */
static unsigned distance(struct gw_slice a, struct gw_slice b)
{
	unsigned row[NEAR_MAX + 1];

	for (unsigned j = 0; j <= b.n; j++)
		row[j] = j;
	for (unsigned i = 1; i <= a.n; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= b.n; j++) {
			unsigned change = diagonal + (gw_lower(a.p[i - 1]) != gw_lower(b.p[j - 1]));

			diagonal = row[j];
			if (row[j - 1] + 1 < change)
				change = row[j - 1] + 1;
			row[j] = diagonal + 1 < change ? diagonal + 1 : change;
		}
	}
	return row[b.n];
}

const char *gw_ctl_verb_near(struct gw_slice text)
{
	const char *best = NULL;
	unsigned best_d = 4;

	if (text.n == 0 || text.n > NEAR_MAX)
		return NULL;
	for (size_t i = 0; i < GW_CTL_VERBS; i++) {
		struct gw_slice name = gw_slice_str(verbs[i].name);
		unsigned d = distance(text, name);

		if (gw_slice_startsi(name, text) && d > 1)
			d = 1;
		if (d < best_d && d < text.n) {
			best = verbs[i].name;
			best_d = d;
		}
	}
	return best;
}

const char *gw_ctl_level_name(enum gw_ctl_level l)
{
	static const char *const names[] = { "viewer", "operator", "admin" };

	return (size_t)l < sizeof names / sizeof *names ? names[l] : "unknown";
}

bool gw_ctl_level_parse(struct gw_slice s, enum gw_ctl_level *ret)
{
	for (enum gw_ctl_level l = GW_CTL_VIEWER; l <= GW_CTL_ADMIN; l++)
		if (gw_slice_eq(s, gw_slice_str(gw_ctl_level_name(l)))) {
			*ret = l;
			return true;
		}
	return false;
}

const char *gw_ctl_type_name(enum gw_ctl_type t)
{
	static const char *const names[] = { "string", "user", "secret", "bool", "number", "size", "path", "words" };

	return (size_t)t < sizeof names / sizeof *names ? names[t] : "unknown";
}

/* events.c - the rows of the catalogue (see events.h) */
#include "log/events.h"

#define LOGIN "service address session? user mechanism reason detail?"
#define CONN "service address session? user?"
#define PLAINTEXT "(tried to use disallowed plaintext auth)"
#define WRONG "invalid username \"{user}\" or wrong password. Error: 0x80040111"
#define TOTALS " commands failed_commands bytes_in bytes_out fetched appended expunged seconds store_ms"
#define REFUSED CONN " reason limit?"
#define ORDER "uid pid role verb order result ms"
#define EACH GW_EVENT_EACH
#define REFUSAL (GW_EVENT_EACH | GW_EVENT_REFUSAL)

enum { ALWAYS, CRIT, ERROR, WARNING, NOTICE, INFO, DEBUG };

static const struct gw_event rows[GW_EVENTS] = {
	[GW_EV_MESSAGE] = { "message", INFO, GW_MOD_PROTOCOL, 0, "service? address? session? user?", "{text}",
		"A line for people, at any level and of any module." },
	[GW_EV_DIALOGUE] = { "dialogue", DEBUG, GW_MOD_PROTOCOL, EACH, CONN " direction line", "{address} {direction} {line}",
		"A line of the dialogue with a client; secrets are masked, literals and bodies cut." },

	[GW_EV_CONNECT] = { "connect", INFO, GW_MOD_NET, EACH, CONN, "Connect from {address} to {service}",
		"A client was let in." },
	[GW_EV_DISCONNECT] = { "disconnect", INFO, GW_MOD_NET, EACH, CONN TOTALS,
		"Disconnect of {address} from {service} without login after {seconds} seconds",
		"A connection ended that had not signed on." },
	[GW_EV_LOGOUT] = { "logout", INFO, GW_MOD_AUTH, EACH, "service address session user" TOTALS,
		"Logout of user {user} from {address} after {seconds} seconds: {commands} commands, {bytes_in} bytes in, "
		"{bytes_out} bytes out, {fetched} messages fetched, {appended} appended, {expunged} expunged",
		"A session ended, whoever ended it." },

	[GW_EV_LOGIN_IMAP] = { "login", NOTICE, GW_MOD_AUTH, EACH, "service address session? user mechanism tls cipher?",
		"IMAP Login from {address} for user {user}", "Somebody signed on." },
	[GW_EV_LOGIN_POP3] = { "login", NOTICE, GW_MOD_AUTH, EACH, "service address session? user mechanism tls cipher?",
		"POP3 Login from {address} for user {user}", "Somebody signed on." },
	[GW_EV_LOGIN_FAILED_IMAP] = { "login_failed", WARNING, GW_MOD_AUTH, REFUSAL, LOGIN,
		"Failed to login from {address} with " WRONG, "A login was tried with what is not right." },
	[GW_EV_LOGIN_FAILED_POP3] = { "login_failed", ERROR, GW_MOD_AUTH, REFUSAL, LOGIN,
		"Failed to login from {address} with " WRONG, "A login was tried with what is not right." },
	[GW_EV_LOGIN_MALFORMED_IMAP] = { "login_failed", WARNING, GW_MOD_AUTH, REFUSAL, LOGIN,
		"Failed to login from {address} with {mechanism}: {detail}", "A login was tried with what is not right." },
	[GW_EV_LOGIN_MALFORMED_POP3] = { "login_failed", ERROR, GW_MOD_AUTH, REFUSAL, LOGIN,
		"Failed to login from {address} with {mechanism}: {detail}", "A login was tried with what is not right." },
	[GW_EV_LOGIN_PLAINTEXT] = { "login_refused", ERROR, GW_MOD_AUTH, REFUSAL, LOGIN,
		"Aborted login from {address} with username \"{user}\" " PLAINTEXT,
		"A login was not even tried, or not let in though the password was right." },
	[GW_EV_LOGIN_PLAINTEXT_NAMELESS] = { "login_refused", ERROR, GW_MOD_AUTH, REFUSAL, LOGIN,
		"Aborted login from {address} without username " PLAINTEXT,
		"A login was not even tried, or not let in though the password was right." },
	[GW_EV_LOGIN_DISABLED_IMAP] = { "login_refused", ERROR, GW_MOD_AUTH, REFUSAL, LOGIN,
		"IMAP not enabled for user '{user}'",
		"A login was not even tried, or not let in though the password was right." },
	[GW_EV_LOGIN_DISABLED_POP3] = { "login_refused", ERROR, GW_MOD_AUTH, REFUSAL, LOGIN,
		"POP3 not enabled for user '{user}'",
		"A login was not even tried, or not let in though the password was right." },
	[GW_EV_LOGIN_MOVED] = { "login_refused", INFO, GW_MOD_AUTH, REFUSAL, LOGIN,
		"User '{user}' from {address} was told that the mail has moved to {detail}",
		"A login was not even tried, or not let in though the password was right." },
	[GW_EV_LOGIN_UNAVAILABLE] = { "login_refused", INFO, GW_MOD_AUTH, REFUSAL, LOGIN,
		"No login from {address} for user \"{user}\": {detail}",
		"A login was not even tried, or not let in though the password was right." },
	[GW_EV_LOGIN_DELAYED] = { "login_refused", INFO, GW_MOD_AUTH, REFUSAL, LOGIN,
		"No login from {address} for user \"{user}\" so soon: {detail}",
		"A login was not even tried, or not let in though the password was right." },

	[GW_EV_REFUSED_FULL] = { "refused", WARNING, GW_MOD_NET, REFUSAL, REFUSED,
		"Refused {service} from {address}: max_connections ({limit}) is reached", "A client was not let in." },
	[GW_EV_REFUSED_ADDRESS] = { "refused", WARNING, GW_MOD_NET, REFUSAL, REFUSED,
		"Refused {service} from {address}: more than {limit} connections from this address",
		"A client was not let in." },
	[GW_EV_REFUSED_USER] = { "refused", WARNING, GW_MOD_NET, REFUSAL, REFUSED,
		"Refused {address} for user {user}: more than {limit} connections", "A client was not let in." },
	[GW_EV_REFUSED_BANNED] = { "refused", INFO, GW_MOD_NET, REFUSAL, REFUSED,
		"Refused {service} from {address}: the address is banned", "A client was not let in." },
	[GW_EV_REFUSED_DRAINING] = { "refused", INFO, GW_MOD_NET, REFUSAL, REFUSED,
		"Refused {service} from {address}: the service is being drained", "A client was not let in." },

	[GW_EV_TLS_FAILED] = { "tls_failed", INFO, GW_MOD_TLS, 0, CONN " detail?",
		"TLS handshake with {address} failed: {detail}", "TLS could not be set up, or broke." },
	[GW_EV_TLS_SLOW] = { "tls_failed", INFO, GW_MOD_TLS, 0, CONN " detail?",
		"TLS handshake with {address} took too long", "TLS could not be set up, or broke." },
	[GW_EV_TLS_BROKEN] = { "tls_failed", INFO, GW_MOD_TLS, 0, CONN " detail?", "TLS of {address} broke: {detail}",
		"TLS could not be set up, or broke." },
	[GW_EV_STALLED] = { "stalled", INFO, GW_MOD_NET, 0, CONN, "Client {address} does not read what it asked for",
		"A client took nothing for write_timeout seconds and was cut off." },
	[GW_EV_GARBLED] = { "garbled", INFO, GW_MOD_NET, 0, CONN " detail",
		"What {address} sends cannot be decompressed: {detail}",
		"A client that asked for compression sent something else, and was told to go." },
	[GW_EV_FOREIGN] = { "foreign", WARNING, GW_MOD_NET, EACH, CONN " detail",
		"Cut off {address} from {service}: it speaks {detail}",
		"A client that had not signed on spoke another protocol, HTTP or SMTP: a scanner, or a web browser that was led here." },

	[GW_EV_SLOW_COMMAND] = { "slow_command", WARNING, GW_MOD_STORE, EACH, CONN " mailbox command ms store_ms",
		"Slow command of user {user} from {address}: {command} took {ms} ms, {store_ms} ms of them in the store",
		"A command took longer than slow_command_time." },
	[GW_EV_STORE_ERROR] = { "store_error", ERROR, GW_MOD_STORE, 0, CONN " command detail",
		"user {user}: {command}: {detail}", "The store could not do what a client asked for." },
	[GW_EV_OVER_QUOTA] = { "over_quota", INFO, GW_MOD_STORE, REFUSAL, CONN " command reason detail",
		"user {user}: {command}: {detail}", "A message was not taken because the account is full." },
	[GW_EV_TOO_MANY_ERRORS] = { "too_many_errors", ERROR, GW_MOD_PROTOCOL, EACH, CONN " failed_commands reply",
		"Disconnecting client of user {user} because too many ({failed_commands}) erroneous commands received, last "
		"reply: {reply}",
		"A client is cut off because all it sends fails." },

	[GW_EV_START] = { "start", ALWAYS, GW_MOD_SERVICE, EACH, "version listeners process_model",
		"gatewayd {version} is ready: {listeners} listeners, process_model {process_model}",
		"The service takes clients from now on." },
	[GW_EV_STOPPING] = { "stopping", ALWAYS, GW_MOD_SERVICE, EACH, "detail connections seconds",
		"{detail}: stopping, {connections} connections have {seconds} seconds to end",
		"The service was told to end." },
	[GW_EV_CUT_OFF] = { "cut_off", WARNING, GW_MOD_SERVICE, EACH, "connections",
		"{connections} connections did not end in time and are cut off", "The time of shutdown_timeout is over." },
	[GW_EV_STOP] = { "stop", ALWAYS, GW_MOD_SERVICE, EACH, "", "gatewayd ended", "The last line of a service." },
	[GW_EV_CRASH] = { "crash", CRIT, GW_MOD_SERVICE, EACH, "service address user pid command signal detail",
		"Process {pid} ({service} of {user} from {address}, command {command}) was ended by signal {signal} ({detail})",
		"The process of a connection crashed (process_model = fork)." },
	[GW_EV_DRAIN] = { "drain", NOTICE, GW_MOD_SERVICE, EACH, "connections seconds? user?",
		"Draining: {connections} connections are asked to end", "An operator empties the service, or one user." },
	[GW_EV_DRAINED] = { "drained", NOTICE, GW_MOD_SERVICE, EACH, "connections", "Drained: {connections} connections are left",
		"All connections ended, or the time that drain gave them is over." },
	[GW_EV_RESUME] = { "resume", NOTICE, GW_MOD_SERVICE, EACH, "", "Clients are let in again",
		"An operator ended a drain." },

	[GW_EV_RELOAD] = { "reload", ALWAYS, GW_MOD_CONFIG, EACH, "path", "Configuration reloaded from {path}",
		"The configuration was read again and is in force." },
	[GW_EV_RELOAD_FAILED] = { "reload_failed", ERROR, GW_MOD_CONFIG, EACH, "detail?",
		"Configuration not reloaded: the old one stays in force", "The new configuration has errors." },
	[GW_EV_RELOAD_CONFIRM] = { "reload_confirm", NOTICE, GW_MOD_CONFIG, EACH, "seconds",
		"The new configuration is taken back in {seconds} seconds unless it is confirmed",
		"A reload waits for gwctl confirm." },
	[GW_EV_RELOAD_UNDONE] = { "reload_undone", WARNING, GW_MOD_CONFIG, EACH, "detail",
		"The configuration from before the last reload is in force again: {detail}",
		"A reload was not confirmed, or undone by an operator." },

	[GW_EV_CERTIFICATE] = { "certificate", NOTICE, GW_MOD_TLS, EACH, "",
		"Certificate files changed: the new ones are in use", "Certificates changed on disk." },
	[GW_EV_CERTIFICATE_FAILED] = { "certificate_failed", ERROR, GW_MOD_TLS, EACH, "detail",
		"New certificate not taken, the old one stays in use: {detail}", "Certificates changed on disk and are wrong." },
	[GW_EV_TICKETS] = { "tickets", INFO, GW_MOD_TLS, EACH, "", "The keys of TLS session tickets were changed",
		"It was time for new keys, or an operator asked for them." },

	[GW_EV_ORDER] = { "order", NOTICE, GW_MOD_CONTROL, EACH, ORDER, "Control: uid {uid}, process {pid}: {order}: {result}",
		"Somebody asked for something on the control socket." },
	[GW_EV_ORDER_VIEW] = { "order", DEBUG, GW_MOD_CONTROL, EACH, ORDER,
		"Control: uid {uid}, process {pid}: {order}: {result}",
		"Somebody asked for something on the control socket." },
	[GW_EV_ORDER_REFUSED] = { "order", WARNING, GW_MOD_CONTROL, EACH, ORDER,
		"Control: uid {uid}, process {pid}: {order}: {result}",
		"Somebody asked for something on the control socket." },

	[GW_EV_BAN] = { "ban", NOTICE, GW_MOD_AUTH, EACH, "address seconds detail",
		"Banned {address} for {seconds} seconds: {detail}", "An address may not connect for some time." },
	[GW_EV_UNBAN] = { "unban", NOTICE, GW_MOD_AUTH, EACH, "address detail", "No longer banned: {address}: {detail}",
		"An address may connect again." },

	[GW_EV_LOG_LEVEL] = { "log_level", NOTICE, GW_MOD_CONTROL, EACH, "part to seconds?",
		"Log level of {part} is {to} now", "An operator set the log level of a module." },
	[GW_EV_LOG_LEVEL_ENDED] = { "log_level", NOTICE, GW_MOD_CONTROL, EACH, "part to seconds?",
		"Log level of {part} is {to} again", "An operator set the log level of a module." },
	[GW_EV_LOG_REOPENED] = { "log_reopened", ALWAYS, GW_MOD_SERVICE, EACH, "", "Log reopened", "The log file was rotated." },
	[GW_EV_TRACE] = { "trace", NOTICE, GW_MOD_CONTROL, EACH, "detail seconds", "Trace of {detail} for {seconds} seconds",
		"An operator looks at the dialogue of sessions." },
	[GW_EV_TRACE_ENDED] = { "trace_ended", NOTICE, GW_MOD_CONTROL, EACH, "detail", "End of the trace of {detail}",
		"A trace ended." },

	[GW_EV_IMPORT] = { "import", NOTICE, GW_MOD_STORE, EACH, "user messages bytes_in",
		"Import for user {user}: {messages} messages, {bytes_in} bytes", "An import is complete." },
	[GW_EV_EXPORT] = { "export", NOTICE, GW_MOD_STORE, EACH, "user messages bytes_out",
		"Export of user {user}: {messages} messages, {bytes_out} bytes", "An export is complete." },
};

static const struct gw_event_field fields[] = {
	{ "address", GW_LOG_IS_TEXT, "IP address of the client, with its port where there is one" },
	{ "appended", GW_LOG_IS_NUMBER, "messages that the client stored" },
	{ "bytes_in", GW_LOG_IS_NUMBER, "bytes from the client" },
	{ "bytes_out", GW_LOG_IS_NUMBER, "bytes to the client" },
	{ "command", GW_LOG_IS_TEXT, "command of IMAP or POP3" },
	{ "cipher", GW_LOG_IS_TEXT, "version and cipher suite of TLS" },
	{ "commands", GW_LOG_IS_NUMBER, "commands of the session" },
	{ "connections", GW_LOG_IS_NUMBER, "connections at that moment" },
	{ "detail", GW_LOG_IS_TEXT, "the circumstances, for people" },
	{ "direction", GW_LOG_IS_TEXT, "C from the client, S to it" },
	{ "expunged", GW_LOG_IS_NUMBER, "messages that the client removed" },
	{ "failed_commands", GW_LOG_IS_NUMBER, "commands that failed" },
	{ "fetched", GW_LOG_IS_NUMBER, "messages sent to the client" },
	{ "limit", GW_LOG_IS_NUMBER, "the limit that was reached" },
	{ "line", GW_LOG_IS_TEXT, "line without its line end" },
	{ "listeners", GW_LOG_IS_NUMBER, "sockets that are listened on" },
	{ "mailbox", GW_LOG_IS_TEXT, "name of the selected mailbox" },
	{ "mechanism", GW_LOG_IS_TEXT, "LOGIN, USER or a SASL mechanism" },
	{ "messages", GW_LOG_IS_NUMBER, "messages" },
	{ "ms", GW_LOG_IS_NUMBER, "milliseconds it took" },
	{ "order", GW_LOG_IS_TEXT, "the whole order, secrets masked" },
	{ "part", GW_LOG_IS_TEXT, "module of the program, or all" },
	{ "path", GW_LOG_IS_TEXT, "file" },
	{ "pid", GW_LOG_IS_NUMBER, "number of a process" },
	{ "process_model", GW_LOG_IS_TEXT, "thread or fork" },
	{ "reason", GW_LOG_IS_TEXT,
	  "one word: password, malformed, denied, plaintext, disabled, moved, store, delayed, banned, full, address, user, draining, "
	  "quota" },
	{ "reply", GW_LOG_IS_TEXT, "the last answer to the client" },
	{ "result", GW_LOG_IS_TEXT, "ok, or a sentence" },
	{ "role", GW_LOG_IS_TEXT, "viewer, operator or admin" },
	{ "seconds", GW_LOG_IS_NUMBER, "seconds" },
	{ "service", GW_LOG_IS_TEXT, "imap, imaps, pop3 or pop3s" },
	{ "session", GW_LOG_IS_TEXT, "number of the session, as in gwctl session list" },
	{ "signal", GW_LOG_IS_NUMBER, "number of a signal" },
	{ "store_ms", GW_LOG_IS_NUMBER, "milliseconds of it in the store" },
	{ "tls", GW_LOG_IS_BOOL, "whether the connection is encrypted" },
	{ "to", GW_LOG_IS_TEXT, "the new level" },
	{ "uid", GW_LOG_IS_NUMBER, "user ID of who asked" },
	{ "user", GW_LOG_IS_TEXT, "name of the account; of a login that failed, the name that was tried" },
	{ "verb", GW_LOG_IS_TEXT, "the verb of an order" },
	{ "version", GW_LOG_IS_TEXT, "version of the program" },
};

static const struct {
	const char *name, *brief;
} modules[GW_MODULES + 1] = {
	[GW_MOD_SERVICE] = { "service", "start, stop and processes" },
	[GW_MOD_CONFIG] = { "config", "the configuration and its reload" },
	[GW_MOD_NET] = { "net", "connections and their limits" },
	[GW_MOD_TLS] = { "tls", "handshakes and certificates" },
	[GW_MOD_AUTH] = { "auth", "logins and bans" },
	[GW_MOD_IMAP] = { "imap", "sessions of IMAP; at debug their dialogue" },
	[GW_MOD_POP3] = { "pop3", "sessions of POP3; at debug their dialogue" },
	[GW_MOD_STORE] = { "store", "the store and how fast it is" },
	[GW_MOD_CONTROL] = { "control", "orders of operators" },
	[GW_MOD_PROTOCOL] = { "protocol", "imap or pop3" },
};

const char *gw_module_name(unsigned module)
{
	return modules[module].name;
}

const char *gw_module_brief(unsigned module)
{
	return modules[module].brief;
}

bool gw_module_find(struct gw_slice name, enum gw_module *ret)
{
	for (unsigned i = 0; i < GW_MODULES; i++) {
		if (!gw_slice_eqi(name, gw_slice_str(modules[i].name)))
			continue;
		*ret = (enum gw_module)i;
		return true;
	}
	return false;
}

const struct gw_event *gw_event_row(enum gw_event_id id)
{
	return &rows[id];
}

bool gw_event_known(struct gw_slice name)
{
	for (size_t i = 0; i < GW_EVENTS; i++)
		if (gw_slice_eqi(name, gw_slice_str(rows[i].name)))
			return true;
	return false;
}

const struct gw_event_field *gw_event_field(struct gw_slice name)
{
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (gw_slice_eq(name, gw_slice_str(fields[i].name)))
			return &fields[i];
	return NULL;
}

const struct gw_event_field *gw_event_field_at(size_t i)
{
	return i < sizeof fields / sizeof *fields ? &fields[i] : NULL;
}

bool gw_event_next_field(struct gw_slice *list, struct gw_slice *ret, bool *optional)
{
	if (!gw_slice_word(list, " ", ret))
		return false;
	*optional = ret->p[ret->n - 1] == '?';
	ret->n -= *optional;
	return true;
}

static void put_value(struct gw_buf *out, struct gw_slice name, const struct gw_log_field *f, size_t n)
{
	for (; n; f++, n--) {
		if (!gw_slice_eq(name, gw_slice_str(f->name)))
			continue;
		if (f->kind == GW_LOG_IS_TEXT)
			gw_buf_add_slice(out, f->value);
		else
			gw_buf_printf(out, "%llu", (unsigned long long)f->number);
		return;
	}
	gw_buf_add_char(out, '-');
}

void gw_event_put_sentence(struct gw_buf *out, const struct gw_event *e, const struct gw_log_field *f, size_t n)
{
	struct gw_slice rest = gw_slice_str(e->sentence);

	while (rest.n) {
		gw_buf_add_slice(out, gw_slice_take(&rest, gw_slice_find(rest, '{')));
		if (rest.n == 0)
			return;
		gw_slice_take(&rest, 1);
		put_value(out, gw_slice_take(&rest, gw_slice_find(rest, '}')), f, n);
		gw_slice_take(&rest, 1);
	}
}

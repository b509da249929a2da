/* cyrus.c - Cyrus IMAP: imapd.conf, and the services of cyrus.conf that lies beside it
 *
 * imapd.conf is "key: value"; a key may begin with the name of a service of cyrus.conf and then counts for it alone.
 * cyrus.conf has sections of services, jobs and daemons; only imapd and pop3d are ours. */
#include "convert/priv.h"

#include "util/num.h"

#define SERVICES_MAX 64

struct service {
	struct gw_slice name;
	bool ours;
};

struct cyrus {
	struct conv *c;
	struct service services[SERVICES_MAX];
	size_t n;
};

/* ---- values with a meaning of their own ---- */

static void take_versions(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	static const char *const words[][2] = { { "ssl2", "" }, { "ssl3", "SSLv3" }, { "tls1_0", "TLSv1" }, { "tls1_1", "TLSv1.1" },
		{ "tls1_2", "TLSv1.2" }, { "tls1_3", "TLSv1.3" } };
	struct gw_slice rest = s->value, word;
	bool named[6] = { false };
	const char *text = "";

	while (conv_word(&rest, " \t,", &word))
		for (size_t i = 0; i < 6; i++)
			named[i] |= gw_slice_eqi(word, gw_slice_str(words[i][0]));
	for (size_t i = 1; i < 6; i++)
		if (named[i])
			text = gw_arena_printf(&c->arena, "%s%s%s", text, *text ? " " : "", words[i][1]);
	if (!*text) {
		conv_not_carried(c, s, "it names no version that there is", "set tls_min_proto");
		return;
	}
	conv_set(c, row->option, named[5] ? text : gw_arena_printf(&c->arena, "%s !TLSv1.3", text), &s->at);
}

static void take_limit(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	if (s->value.n && *s->value.p == '-')
		conv_set(c, row->option, "0", &s->at);
	else
		conv_number(c, row, s);
}

static void take_quota(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	static const struct conv_row none = { .why = "there is no limit, as here" };

	if (s->value.n && (*s->value.p == '-' || gw_slice_eq(s->value, GW_S("0"))))
		conv_needless(c, &none, s);
	else
		conv_size(c, row, s);
}

static void take_message_size(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	uint64_t v;

	if (conv_parse_size(s->value, 1, &v) && v == 0)
		conv_nearly(c, s, row->option, "0 was no limit; the default stays", "set it to what your users need, up to 4095M");
	else
		conv_size(c, row, s);
}

static void take_name(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	conv_text(c, row, s);
	conv_set(c, "server_hostname_greeting", "yes", &s->at);
}

static void take_file(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	if (gw_slice_eqi(s->value, GW_S("disabled")))
		conv_set(c, row->option, "", &s->at);
	else
		conv_text(c, row, s);
}

static void take_client_certs(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	if (gw_slice_eqi(s->value, GW_S("require")) || gw_slice_eqi(s->value, GW_S("off")))
		conv_set(c, row->option, gw_slice_eqi(s->value, GW_S("off")) ? "no" : "yes", &s->at);
	else
		conv_nearly(c, s, row->option, "a certificate of the client is demanded or not asked for, there is nothing between", NULL);
}

/* Each word with a minus in front. */
static void take_suppress(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	struct gw_slice rest = s->value, word;
	const char *text = "";

	for (size_t n = 0; n < 64 && conv_word(&rest, " \t,", &word); n++)
		text = gw_arena_printf(&c->arena, "%s%s-%.*s", text, *text ? " " : "", GW_FMT(word));
	conv_set(c, row->option, text, &s->at);
}

/* yes outweighs allowplaintext, whichever stands last; no says nothing. */
static void take_tls_required(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	bool v;

	if (!conv_parse_bool(s->value, &v) || !v)
		return;
	conv_set(c, row->option, "yes", &s->at);
	conv_nearly(c, s, row->option, row->why, NULL);
}

static void take_debug(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	bool v;

	if (conv_parse_bool(s->value, &v) && v)
		conv_set(c, row->option, "6", &s->at);
}

#define MAIL "mail is kept by the local store"
#define BRING "bring the mail over IMAP, for example with mbsync(1)"
#define OWN "it is about databases and sockets of Cyrus itself"
#define OTHER "the gateway serves IMAP and POP3 only"
#define CLUSTER "the gateway serves its own store only"
#define USERS "logins are checked by the local store"
#define ACCOUNTS "make accounts with `gwctl user add'"

static const struct conv_row rows[] = {
	/* TLS */
	CARRY("tls_server_cert", take_file, "ssl_certificate_file"),
	CARRY("tls_server_key", take_file, "ssl_private_key_file"),
	CARRY("tls_cert_file", take_file, "ssl_certificate_file"),
	CARRY("tls_key_file", take_file, "ssl_private_key_file"),
	CARRY("tls_client_ca_file", conv_text, "ssl_verify_file"),
	CARRY("tls_client_ca_dir", conv_text, "ssl_verify_path"),
	NEARLY("tls_ca_file", conv_text, "ssl_verify_file", "the chain of the server's own certificate must stand in the file of "
		"the certificate"),
	CARRY("tls_ca_path", conv_text, "ssl_verify_path"),
	DROP("tls_server_ca_file", "the chain must stand in the file of the certificate", "append the file to that of "
		"ssl_certificate_file"),
	DROP("tls_server_ca_dir", "the chain must stand in the file of the certificate", "append it to the file of "
		"ssl_certificate_file"),
	CARRY("tls_versions", take_versions, "ssl_protocols"),
	CARRY("tls_ciphers", conv_text, "ssl_ciphers"),
	CARRY("tls_cipher_list", conv_text, "ssl_ciphers"),
	CARRY("tls_eccurve", conv_text, "ssl_curves"),
	CARRY("tls_prefer_server_ciphers", conv_bool, "ssl_prefer_server_ciphers"),
	CARRY("tls_client_certs", take_client_certs, "ssl_verify_client"),
	CARRY("tls_require_cert", conv_bool, "ssl_verify_client"),
	{ .name = "tls_required", .take = take_tls_required, .option = "disable_plaintext_auth", .why = "TLS is demanded before a "
		"password only, not before every mechanism" },
	DROP_UNLESS("", "tls_crl_file", "lists of revoked certificates are not looked at", NULL),
	NEEDLESS("tls_session_timeout", "sessions of TLS are resumed with tickets"),
	NEEDLESS("tls_sessions_db*", "sessions of TLS are resumed with tickets"),
	NEEDLESS("tls_server_dhparam", "key exchange is by the groups of ssl_curves"),
	DROP_UNLESS("no|0|off|false", "tls_compression", "TLS is never compressed (RFC 7525 3.3)", NULL),

	/* logging in */
	CARRY("allowplaintext", conv_not_bool, "disable_plaintext_auth"),
	CARRY("sasl_mech_list", conv_mechanisms, "auth_mechanisms"),
	DROP_UNLESS("no|0|off|false", "allowanonymouslogin", "nobody logs in without a name", "make an account for it"),
	DROP("sasl_*", USERS, ACCOUNTS),
	DROP("admins", "administration is by gwctl(8)", "see control_socket_group"),
	DROP("*_admins", "administration is by gwctl(8)", "see control_socket_group"),
	DROP("proxyservers", "no user logs in as another", NULL),
	DROP_UNLESS("no|off|0|false", "virtdomains", "user names are taken as the client sends them",
		"make accounts by the names that clients send"),
	DROP("defaultdomain", "user names are taken as the client sends them", "make accounts by the names that clients send"),
	DROP("loginrealms", "user names are taken as the client sends them", NULL),
	DROP_UNLESS("no|0|off|false", "username_tolower", "names of users are compared as they are written", NULL),
	DROP_UNLESS("0", "plaintextloginpause", "logins are slowed down by max_auth_failures only", NULL),
	DROP_UNLESS("3", "failedloginpause", "logins are slowed down by max_auth_failures only", NULL),
	DROP_UNLESS("no|0|off|false", "loginuseacl", USERS, NULL),
	DROP("userdeny*", USERS, "see `gwctl user disable'"),
	DROP("ldap_*", USERS, ACCOUNTS),
	DROP("pts*", USERS, ACCOUNTS),
	DROP_UNLESS("unix", "auth_mech", USERS, ACCOUNTS),
	DROP("unix_group_enable", USERS, NULL),

	/* limits and times */
	{ .name = "timeout", .take = conv_time, .option = "imap_timeout", .unit = 60 },
	{ .name = "poptimeout", .take = conv_time, .option = "pop3_timeout", .unit = 60 },
	CARRY("maxmessagesize", take_message_size, "imap_max_messagesize"),
	CARRY("maxlogins_per_user", take_limit, "max_connections_per_user"),
	CARRY("maxlogins_per_host", take_limit, "max_connections_per_address"),
	NEARLY("maxliteral", conv_size, "max_literal", "messages of APPEND have imap_max_messagesize"),
	NEEDLESS("maxword", "max_line bounds a command"),
	NEEDLESS("maxquoted", "max_line bounds a command"),
	NEEDLESS("maxargssize", "max_line and max_session_memory bound a command"),
	{ .name = "autocreate_quota", .take = take_quota, .option = "mail_quota", .unit = 1024,
	  .why = "it counts for every account that has no limit of its own" },
	NEARLY("autocreate_quota_messages", take_quota, "mail_quota_messages",
		"it counts for every account that has no limit of its own"),
	DROP("quotawarn*", "clients are not warned before a quota is full", NULL),
	NEEDLESS("quota_db*", OWN),
	DROP_UNLESS("0|-1", "popminpoll", "POP3 clients may come as often as they like", NULL),
	DROP_UNLESS("-1|0", "popexpiretime", "mail is never deleted by age", NULL),
	DROP_UNLESS("no|0|off|false", "popuseacl", "there are no access lists", NULL),
	DROP_UNLESS("yes|1|on|true", "popuseimapflags", "RETR does not mark a message as seen", NULL),
	DROP("uidl_format", "UIDs of POP3 come from the local store", "POP3 clients that leave mail on the server fetch it once more"),

	/* what clients see */
	CARRY("servername", take_name, "server_hostname"),
	NEEDLESS("serverinfo", "the greeting never tells versions"),
	CARRY("suppress_capabilities", take_suppress, "imap_capabilities"),
	DROP_UNLESS("yes|1|on|true", "altnamespace", "folders stand beside INBOX, not below it", "clients must list folders anew"),
	DROP_UNLESS("yes|1|on|true", "unixhierarchysep", "the separator of folders is a slash", "clients must list folders anew"),
	NEEDLESS("imapidlepoll", "IDLE tells at once"),
	NEEDLESS("imapidresponse", "the gateway answers ID by itself"),
	DROP_UNLESS("no|0|off|false", "imapmagicplus", "there is no such login", NULL),
	DROP_UNLESS("", "sharedprefix", "shared folders are those of one account, below \"Public folders\"", "see public_account"),
	DROP_UNLESS("", "userprefix", "folders of other users are not shown", NULL),
	DROP("defaultacl", "there are no access lists", NULL),
	DROP_UNLESS("", "motd*", "there is no message of the day", NULL),

	/* log and process */
	DROP("syslog_prefix", "the name in the log is that of the program", "the lines begin with gatewayd"),
	DROP_UNLESS("mail", "syslog_facility", "the facility is mail", NULL),
	CARRY("debug", take_debug, "log_level"),
	DROP_UNLESS("no|0|off|false", "auditlog", "messages are not logged one by one", NULL),
	DROP_UNLESS("no|0|off|false", "telemetry*", "log_level = 6 shows the conversation", NULL),
	NEARLY("cyrus_user", conv_text, "run_as_user", "the directory of the mail and the key must be readable for it"),
	NEARLY("cyrus_group", conv_text, "run_as_group", "the directory of the mail and the key must be readable for it"),
	CARRY("temp_path", conv_text, "tmp_path"),
	NEEDLESS("umask", "files of the local store are for its user alone"),

	/* mail, and what belongs to it */
	DROP("partition-*", MAIL, BRING),
	DROP("configdirectory", MAIL, BRING),
	NEEDLESS("defaultpartition", MAIL),
	NEEDLESS("metapartition*", MAIL),
	NEEDLESS("archive*", MAIL),
	DROP("autocreate*", "a new account has an INBOX; clients make the rest", NULL),
	DROP_UNLESS("no|0|off|false", "autosubscribe*", "clients subscribe by themselves", NULL),
	NEEDLESS("hashimapspool", MAIL),
	NEEDLESS("fulldirhash", MAIL),
	NEEDLESS("delete_mode", "a mailbox that is deleted is gone"),
	NEEDLESS("deletedprefix", "a mailbox that is deleted is gone"),
	NEEDLESS("expunge_*", "messages that are expunged are gone"),
	NEEDLESS("singleinstancestore", MAIL),
	NEEDLESS("duplicate*", "mail is not delivered by the gateway"),
	NEEDLESS("reject8bit", "mail is not delivered by the gateway"),
	NEEDLESS("munge8bit", "mail is not delivered by the gateway"),
	NEEDLESS("search_*", "SEARCH has its own index"),
	NEEDLESS("squat*", "SEARCH has its own index"),
	NEEDLESS("conversations*", "THREAD has its own index"),
	NEEDLESS("specialuse*", "special uses are kept with the mailboxes (RFC 6154)"),
	DROP_UNLESS("no|0|off|false", "allowusermoves", CLUSTER, NULL),
	NEEDLESS("annotation_*", "there are no annotations"),
	NEEDLESS("boundary_limit", "parts of messages are bounded by themselves"),
	NEEDLESS("statuscache*", OWN),
	NEEDLESS("proc_path", OWN),
	NEEDLESS("mboxname_lockpath", OWN),
	NEEDLESS("mboxkey_db*", OWN),
	NEEDLESS("mboxlist_db*", OWN),
	NEEDLESS("subscription_db*", OWN),
	NEEDLESS("seenstate_db*", OWN),
	NEEDLESS("skiplist_*", OWN),
	NEEDLESS("berkeley*", OWN),
	NEEDLESS("*socket", OWN),
	NEEDLESS("*_db", OWN),
	NEEDLESS("*_db_path", OWN),
	NEEDLESS("improved_mboxlist_sort", OWN),
	NEEDLESS("foolstupidclients", OWN),
	NEEDLESS("flushseenstate", OWN),

	/* what is not IMAP or POP3 */
	DROP("lmtp*", OTHER, "deliver over IMAP APPEND, or keep another server for it"),
	DROP("sieve*", OTHER, NULL),
	DROP("anysievefolder", OTHER, NULL),
	DROP("postmaster", OTHER, NULL),
	DROP("sendmail", OTHER, NULL),
	DROP("notify*", OTHER, NULL),
	DROP("mailnotifier", OTHER, NULL),
	DROP("http*", OTHER, NULL),
	DROP("caldav*", OTHER, NULL),
	DROP("carddav*", OTHER, NULL),
	DROP("calendar*", OTHER, NULL),
	DROP("addressbook*", OTHER, NULL),
	DROP("dav*", OTHER, NULL),
	DROP("webdav*", OTHER, NULL),
	DROP("jmap*", OTHER, NULL),
	DROP("rss*", OTHER, NULL),
	DROP("ischedule*", OTHER, NULL),
	DROP("news*", OTHER, NULL),
	DROP("nntp*", OTHER, NULL),
	DROP("imipnotifier", OTHER, NULL),
	DROP("fuzzy*", OTHER, NULL),
	DROP("virus*", OTHER, NULL),
	DROP("mupdate*", CLUSTER, NULL),
	DROP("proxy*", CLUSTER, NULL),
	DROP("proxyd*", CLUSTER, NULL),
	DROP("backend*", CLUSTER, NULL),
	DROP("sync_*", CLUSTER, "see `gwctl store backup'"),
	DROP("backup*", CLUSTER, "see `gwctl store backup'"),
	DROP("zoneinfo*", OTHER, NULL),
	DROP("snmp*", OTHER, NULL),
	DROP("prometheus*", OTHER, NULL),
};

static const struct conv_table table = { rows, sizeof rows / sizeof *rows };

/* ---- imapd.conf ---- */

/* A key of one service: "imaps_tls_server_cert". False: it is one of a service that is not ours. */
static bool key_of_service(struct cyrus *cy, struct conv_setting *s)
{
	for (size_t i = 0; i < cy->n; i++) {
		struct gw_slice name = cy->services[i].name;
		struct gw_slice rest;

		if (s->name.n <= name.n + 1 || memcmp(s->name.p, name.p, name.n) != 0 || s->name.p[name.n] != '_')
			continue;
		rest = gw_slice(s->name.p + name.n + 1, s->name.n - name.n - 1);
		if (!conv_row_of(&table, rest))
			continue;
		s->section = gw_arena_printf(&cy->c->arena, "service %.*s", GW_FMT(name));
		s->name = rest;
		s->scope = 1 + (unsigned)(i < CONV_SCOPES - 2 ? i : CONV_SCOPES - 2);
		if (!cy->services[i].ours)
			conv_not_carried(cy->c, s, "it is about a service that the gateway does not have", NULL);
		return cy->services[i].ours;
	}
	return true;
}

static struct gw_slice lower(struct conv *c, struct gw_slice s)
{
	char *copy = gw_arena_str(&c->arena, s);

	for (size_t i = 0; i < s.n; i++)
		copy[i] = gw_lower(copy[i]);
	return gw_slice(copy, s.n);
}

static struct gw_slice unquoted(struct gw_slice s)
{
	s = gw_slice_trim(s);
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		s = gw_slice(s.p + 1, s.n - 2);
	return s;
}

/* The value, and the lines that continue it with a backslash. */
static struct gw_slice whole_value(struct cyrus *cy, const struct conv_file *f, struct gw_slice *rest, struct conv_at *at,
	struct gw_slice value)
{
	const char *text = NULL;

	while (value.n && value.p[value.n - 1] == '\\' && value.n < GW_CONFIG_LINE_MAX) {
		struct gw_slice head = gw_slice(value.p, value.n - 1);

		if (!conv_line(f, rest, at))
			return head;
		text = gw_arena_printf(&cy->c->arena, "%.*s%.*s", GW_FMT(head), GW_FMT(at->source));
		cy->c->held += strlen(text);
		if (cy->c->held > GW_CONVERT_BYTES_MAX)
			return head;
		value = gw_slice_str(text);
	}
	return unquoted(value);
}

static void read_keys(struct cyrus *cy, const char *path, const struct conv_at *from, bool missing_ok);

static void key_line(struct cyrus *cy, const struct conv_file *f, struct gw_slice *rest, struct conv_at *at)
{
	struct gw_slice line = gw_slice_trim(at->source), key, value;
	size_t colon = gw_slice_find(line, ':');
	struct conv_at here = *at;
	struct conv_setting s = { .section = "" };

	if (line.n == 0 || *line.p == '#')
		return;
	if (colon == line.n) {
		conv_wrong(cy->c, at, "write key: value", "the line has no colon");
		return;
	}
	key = gw_slice_trim(gw_slice(line.p, colon));
	value = gw_slice_trim(gw_slice(line.p + colon + 1, line.n - colon - 1));
	s.at = conv_part(&here, value);
	s.value = whole_value(cy, f, rest, at, value);
	s.name = lower(cy->c, key);
	if (gw_slice_eq(s.name, GW_S("@include"))) {
		read_keys(cy, gw_arena_str(&cy->c->arena, s.value), &s.at, false);
		return;
	}
	if (key_of_service(cy, &s))
		conv_add(cy->c, &s);
}

static void read_keys(struct cyrus *cy, const char *path, const struct conv_at *from, bool missing_ok)
{
	const struct conv_file *f = conv_read(cy->c, path, from, missing_ok);
	struct gw_slice rest;
	struct conv_at at = { .file = f };

	if (!f)
		return;
	rest = f->text;
	while (cy->c->rc == 0 && conv_line(f, &rest, &at))
		key_line(cy, f, &rest, &at);
}

/* ---- cyrus.conf ---- */

/* name="value" behind the name of an entry. */
static bool next_field(struct gw_slice *s, struct gw_slice *name, struct gw_slice *value)
{
	size_t n;

	*s = gw_slice_trim(*s);
	n = gw_slice_find(*s, '=');
	if (n == s->n)
		return false;
	*name = gw_slice_trim(gw_slice_take(s, n));
	gw_slice_take(s, 1);
	if (s->n && *s->p == '"') {
		gw_slice_take(s, 1);
		*value = gw_slice_take(s, gw_slice_find(*s, '"'));
		if (s->n)
			gw_slice_take(s, 1);
		return true;
	}
	for (n = 0; n < s->n && s->p[n] != ' ' && s->p[n] != '\t';)
		n++;
	*value = gw_slice_take(s, n);
	return true;
}

struct entry {
	struct gw_slice name, cmd, listen, proto, maxchild;
};

static void parse_entry(struct gw_slice line, struct entry *ret)
{
	struct gw_slice field, value;

	*ret = (struct entry){ GW_S(""), GW_S(""), GW_S(""), GW_S(""), GW_S("") };
	conv_word(&line, " \t", &ret->name);
	while (next_field(&line, &field, &value)) {
		if (gw_slice_eqi(field, GW_S("cmd")))
			ret->cmd = value;
		else if (gw_slice_eqi(field, GW_S("listen")))
			ret->listen = value;
		else if (gw_slice_eqi(field, GW_S("maxchild")))
			ret->maxchild = value;
		else if (gw_slice_eqi(field, GW_S("proto")))
			ret->proto = value;
	}
}

/* Which service does a command serve? False: none of ours. */
static bool which(struct gw_slice cmd, enum gw_service *ret)
{
	struct gw_slice word, base;
	bool tls = false, imap;

	if (!conv_word(&cmd, " \t", &word))
		return false;
	base = word;
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] == '/')
			base = gw_slice(word.p + i + 1, word.n - i - 1);
	imap = gw_slice_eq(base, GW_S("imapd")) || gw_slice_eq(base, GW_S("proxyd"));
	if (!imap && !gw_slice_eq(base, GW_S("pop3d")) && !gw_slice_eq(base, GW_S("pop3proxyd")))
		return false;
	while (conv_word(&cmd, " \t", &word))
		tls |= gw_slice_eq(word, GW_S("-s"));
	*ret = imap ? tls ? GW_SERVICE_IMAPS : GW_SERVICE_IMAP : tls ? GW_SERVICE_POP3S : GW_SERVICE_POP3;
	return true;
}

static void report_family(struct conv *c, const struct entry *e, const struct conv_at *line)
{
	struct conv_at at = conv_part(line, e->proto);

	if (e->proto.n && !gw_slice_eqi(e->proto, GW_S("tcp")))
		conv_find(c, CONFIG_W_NOT_CARRIED, &at, NULL, NULL, "write 0.0.0.0 or [::] for one family of addresses",
			"\"proto\" of %.*s is not carried: a listener is of both families unless its address says otherwise",
			(int)(e->name.n < 60 ? e->name.n : 60), e->name.p);
}

static void add_listen(struct conv *c, enum gw_service service, struct gw_slice listen, const struct conv_at *line)
{
	struct conv_at place = conv_part(line, listen), *at = &place;
	bool local = listen.n && *listen.p == '/';
	const char *colon = listen.n && !local ? memrchr(listen.p, ':', listen.n) : NULL;

	if (colon)
		conv_add_listener(c, service, gw_slice(listen.p, (size_t)(colon - listen.p)),
			gw_slice(colon + 1, listen.n - (size_t)(colon + 1 - listen.p)), at);
	else
		conv_add_listener(c, service, local ? listen : GW_S("*"), listen, at);
}

static void add_children(struct conv *c, const struct entry *e, const struct conv_at *line)
{
	static const struct conv_row row = { .option = "max_connections",
		.why = "all services have one limit together, so theirs are added" };
	struct conv_setting s = { .name = GW_S("maxchild"), .value = e->maxchild, .section = "",
		.at = conv_part(line, e->maxchild) };

	if (e->maxchild.n && *e->maxchild.p != '-')
		conv_sum(c, &row, &s);
}

static void service_entry(struct cyrus *cy, struct gw_slice line, const struct conv_at *at)
{
	enum gw_service service;
	struct entry e;
	bool ours;

	parse_entry(line, &e);
	ours = which(e.cmd, &service);
	if (cy->n < SERVICES_MAX)
		cy->services[cy->n++] = (struct service){ lower(cy->c, e.name), ours };
	if (!ours) {
		conv_find(cy->c, CONFIG_W_NOT_CARRIED, at, NULL, NULL, NULL, "the service \"%.*s\" is not carried: " OTHER,
			(int)(e.name.n < 60 ? e.name.n : 60), e.name.p);
		return;
	}
	add_listen(cy->c, service, e.listen, at);
	report_family(cy->c, &e, at);
	add_children(cy->c, &e, at);
}

static void section_begins(struct cyrus *cy, struct gw_slice name, const struct conv_at *at)
{
	if (gw_slice_eqi(name, GW_S("SERVICES")))
		return;
	conv_find(cy->c, CONFIG_N_NEEDLESS, at, NULL, NULL, NULL, "the section \"%.*s\" needs no counterpart: it runs tools of "
		"Cyrus on its own databases", (int)(name.n < 60 ? name.n : 60), name.p);
}

static void read_services(struct cyrus *cy, const struct conv_file *f)
{
	struct gw_slice rest = f->text, section = { 0 };
	struct conv_at at = { .file = f };

	while (conv_line(f, &rest, &at)) {
		struct gw_slice line = gw_slice_trim(gw_slice(at.source.p, gw_slice_find(at.source, '#')));

		if (line.n == 0)
			continue;
		if (line.p[line.n - 1] == '{') {
			section = gw_slice_trim(gw_slice(line.p, line.n - 1));
			section_begins(cy, section, &at);
		} else if (*line.p == '}') {
			section.n = 0;
		} else if (section.n == 0) {
			conv_wrong(cy->c, &at, "write SERVICES { in front", "the line stands in no section");
			return;
		} else if (gw_slice_eqi(section, GW_S("SERVICES"))) {
			service_entry(cy, line, &at);
		}
	}
}

/* ---- both together ---- */

static bool is_services_file(const char *path)
{
	return gw_slice_startsi(conv_base(path), GW_S("cyrus.conf"));
}

static void assume_services(struct conv *c, const char *path)
{
	conv_find(c, CONFIG_W_NEARLY, NULL, NULL, NULL, "write the addresses in imap_listen, imaps_listen, pop3_listen and pop3s_listen",
		"there is no \"%.200s\" that would say which services listen where; IMAP and IMAP inside TLS are assumed", path);
	conv_add_listener(c, GW_SERVICE_IMAP, GW_S("*"), GW_S("143"), NULL);
	conv_add_listener(c, GW_SERVICE_IMAPS, GW_S("*"), GW_S("993"), NULL);
}

void conv_cyrus(struct conv *c)
{
	const char *path = c->src->path, *dir = conv_is_directory(c, path) ? path : conv_directory(c, path);
	bool inside = dir == path, services_named = !inside && is_services_file(path);
	const char *keys = inside || services_named ? conv_inside(c, dir, "imapd.conf") : path;
	const char *services = services_named ? path : conv_inside(c, dir, "cyrus.conf");
	struct cyrus *cy = gw_arena_alloc(&c->arena, sizeof *cy);
	const struct conv_file *f;

	cy->c = c;
	f = conv_read(c, services, NULL, !services_named);
	if (f)
		read_services(cy, f);
	else if (c->rc == 0)
		assume_services(c, services);
	if (c->rc == 0)
		read_keys(cy, keys, NULL, services_named);
	if (c->rc < 0)
		return;
	conv_assume(c, &table, "allowplaintext", "no");
	conv_apply(c, &table);
	conv_set(c, "log_method", "syslog", NULL);
	conv_complete(c);
}

/* cyrus_rows.c - what the keys of imapd.conf become here, 2.4 to 3.8 */
#include "convert/priv.h"

#include "util/num.h"

/* ---- values with a meaning of their own ---- */

static void take_versions(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	static const char *const words[][2] = { { "ssl2", "" }, { "ssl3", "SSLv3" }, { "tls1_0", "TLSv1" },
		{ "tls1_1", "TLSv1.1" },
		{ "tls1_2", "TLSv1.2" }, { "tls1_3", "TLSv1.3" } };
	struct gw_slice rest = s->value, word;
	bool named[6] = { false };
	const char *text = "";

	while (gw_slice_word(&rest, " \t,", &word))
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
		conv_nearly(c, s, row->option, "0 was no limit; the default stays",
			"set it to what your users need, up to 4095M");
	else
		conv_size(c, row, s);
}

static void take_name(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	conv_text(c, row, s);
	if (s->value.n)
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
		conv_nearly(c, s, row->option, "a certificate of the client is demanded or not asked for, there is "
			"nothing between", NULL);
}

/* Each word with a minus in front. */
static void take_suppress(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	struct gw_slice rest = s->value, word;
	const char *text = "";

	for (size_t n = 0; n < 64 && gw_slice_word(&rest, " \t,", &word); n++)
		text = gw_arena_printf(&c->arena, "%s%s-%.*s", text, *text ? " " : "", GW_FMT(word));
	conv_set(c, row->option, text, &s->at);
}

/* no says nothing. Of tls_required, yes outweighs allowplaintext, whichever stands last. */
static void take_yes(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	bool v;

	if (!conv_parse_bool(s->value, &v) || !v)
		return;
	conv_set(c, row->option, "yes", &s->at);
	conv_nearly(c, s, row->option, row->why, NULL);
}

static bool is_off(const struct conv_setting *s)
{
	return s->value.n == 0 || *s->value.p == '-' || gw_slice_eq(s->value, GW_S("0"));
}

/* How often POP3 clients may come. */
static void take_pace(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	static const struct conv_row none = { .why = "POP3 clients may come as often as they like, as here" };

	if (is_off(s))
		conv_needless(c, &none, s);
	else
		conv_time(c, row, s);
}

static void take_days(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	static const struct conv_row none = { .why = "mail stays for ever, as here" };
	uint64_t v;

	if (is_off(s))
		conv_needless(c, &none, s);
	else if (conv_parse_time(s->value, 24 * 60 * 60, &v))
		conv_set(c, row->option, gw_arena_printf(&c->arena, "%llu", (unsigned long long)(v / (24 * 60 * 60))), &s->at);
	else
		conv_not_carried(c, s, "its value is not a time", NULL);
}

static void take_uidl_format(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	static const char *const words[][2] = { { "uidonly", "uidonly" }, { "cyrus", "cyrus" }, { "dovecot", "dovecot" },
		{ "courier", "cyrus-courier" } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (gw_slice_eqi(s->value, gw_slice_str(words[i][0]))) {
			conv_set(c, row->option, words[i][1], &s->at);
			return;
		}
	conv_not_carried(c, s, "the gateway knows no such format of POP3 names", "compare with gwctl pop3 uidl-diff");
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

#define OFF "no|0|off|false"

static const struct conv_row rows[] = {
	/* TLS */
	CARRY("tls_server_cert", take_file, "ssl_certificate_file"),
	CARRY("tls_server_key", take_file, "ssl_private_key_file"),
	CARRY("tls_cert_file", take_file, "ssl_certificate_file"),
	CARRY("tls_key_file", take_file, "ssl_private_key_file"),
	CARRY("tls_client_ca_file", conv_text, "ssl_verify_file"),
	CARRY("tls_client_ca_dir", conv_text, "ssl_verify_path"),
	NEARLY("tls_ca_file", conv_text, "ssl_verify_file",
		"the chain of the server's own certificate must stand in the file of "
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
	{ .name = "tls_required", .take = take_yes, .option = "disable_plaintext_auth",
		.why = "TLS is demanded before a "
		"password only, not before every mechanism" },
	DROP_UNLESS("", "tls_crl_file", "lists of revoked certificates are not looked at", NULL),
	NEEDLESS("tls_session_timeout", "sessions of TLS are resumed with tickets"),
	NEEDLESS("tls_sessions_db*", "sessions of TLS are resumed with tickets"),
	NEEDLESS("tls_server_dhparam", "key exchange is by the groups of ssl_curves"),
	DROP_UNLESS(OFF, "tls_compression", "TLS is never compressed (RFC 7525 3.3)", NULL),

	/* logging in */
	CARRY("allowplaintext", conv_not_bool, "disable_plaintext_auth"),
	CARRY("sasl_mech_list", conv_mechanisms, "auth_mechanisms"),
	DROP_UNLESS(OFF, "allowanonymouslogin", "nobody logs in without a name", "make an account for it"),
	DROP("sasl_*", USERS, ACCOUNTS),
	DROP("admins", "administration is by gwctl(8)", "see control_socket_group"),
	DROP("*_admins", "administration is by gwctl(8)", "see control_socket_group"),
	DROP("proxyservers", "no user logs in as another", NULL),
	DROP_UNLESS(OFF, "virtdomains", "user names are taken as the client sends them",
		"make accounts by the names that clients send"),
	DROP("defaultdomain", "user names are taken as the client sends them",
		"make accounts by the names that clients send"),
	DROP("loginrealms", "user names are taken as the client sends them", NULL),
	DROP_UNLESS(OFF, "username_tolower", "names of users are compared as they are written", NULL),
	DROP_UNLESS("0", "plaintextloginpause", "logins are slowed down by max_auth_failures only", NULL),
	DROP_UNLESS("3", "failedloginpause", "logins are slowed down by max_auth_failures only", NULL),
	DROP_UNLESS(OFF, "loginuseacl", USERS, NULL),
	DROP("userdeny*", USERS, "see `gwctl user disable'"),
	DROP("ldap_*", USERS, ACCOUNTS),
	DROP("pts*", USERS, ACCOUNTS),
	NEEDLESS("ptloader_sock", USERS),
	DROP_UNLESS("unix", "auth_mech", USERS, ACCOUNTS),
	DROP("unix_group_enable", USERS, NULL),

	DROP_UNLESS(OFF, "allowapop", "APOP is not spoken (RFC 1939 7)", NULL),
	NEEDLESS("plaintextloginalert", "plain passwords are refused or not"),
	DROP("afspts*", USERS, ACCOUNTS),
	DROP("sql_*", USERS, ACCOUNTS),
	DROP("srvtab", USERS, ACCOUNTS),
	NEEDLESS("force_sasl_client_mech", CLUSTER),

	/* limits and times */
	DROP_UNLESS("(null)", "imapidletimeout", "while a client idles imap_timeout counts", NULL),
	DROP_UNLESS("0", "mailbox_maxmessages_email", "a quota counts all messages of an account",
		"see mail_quota_messages"),
	DROP_UNLESS("1000", "maxheaderlines", "headers are bounded by imap_max_messagesize", NULL),
	NEEDLESS("commandmintimer", "the log does not tell slow commands"),
	NEEDLESS("tcp_keepalive*", "imap_timeout and pop3_timeout end what is silent"),
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
	DROP("quotawarn*", "clients are warned when a message is stored, by one percentage", "see mail_quota_warning"),
	NEEDLESS("quota_db*", OWN),
	{ .name = "popminpoll", .take = take_pace, .option = "pop3_login_delay", .unit = 60 },
	{ .name = "popexpiretime", .take = take_days, .option = "pop3_expire" },
	DROP_UNLESS(OFF, "popuseacl", "there are no access lists", NULL),
	NEARLY("popuseimapflags", take_yes, "pop3_set_seen", "messages with \\Deleted are shown, too"),
	CARRY("uidl_format", take_uidl_format, "pop3_uidl_format"),

	DROP_UNLESS(OFF, "popsubfolders", "POP3 shows the INBOX", NULL),
	{ .name = "poppollpadding", .take = take_pace, .option = "pop3_login_burst" },

	/* what clients see */
	DROP_UNLESS(OFF, "readonly", "mail can be changed", "give no passwords to those who may not"),
	NEEDLESS("literalminus", "the gateway announces what it can do"),
	NEEDLESS("ignorereference", "a reference of LIST counts"),
	NEEDLESS("disconnect_on_vanished_mailbox", "the session goes on"),
	NEEDLESS("disable_user_namespace", "folders of other users are not shown"),
	NEEDLESS("disable_shared_namespace", "imap_public_folders is for it"),
	DROP_UNLESS("Alt Folders", "altprefix", "folders stand beside INBOX", NULL),
	DROP_UNLESS(OFF, "allowallsubscribe", "any name may be subscribed", NULL),
	NEEDLESS("allowdeleted", "a mailbox that is deleted is gone"),
	NEEDLESS("allowsetacl", "there are no access lists"),
	NEEDLESS("anyoneuseracl", "there are no access lists"),
	NEEDLESS("acl_*", "there are no access lists"),
	NEEDLESS("deleteright", "there are no access lists"),
	NEEDLESS("implicit_owner_rights", "there are no access lists"),
	NEEDLESS("reverseacls", "there are no access lists"),
	NEEDLESS("fastmailsharing", "there are no access lists"),
	DROP_UNLESS(OFF, "crossdomains*", "folders of other users are not shown", NULL),
	NEEDLESS("delete_unsubscribe", "subscriptions stay (RFC 9051 6.3.7)"),
	NEEDLESS("netscapeurl", "there is no such command"),
	CARRY("servername", take_name, "server_hostname"),
	NEEDLESS("serverinfo", "the greeting never tells versions"),
	CARRY("suppress_capabilities", take_suppress, "imap_capabilities"),
	DROP_UNLESS("yes|1|on|true", "altnamespace", "folders stand beside INBOX, not below it",
		"clients must list folders anew"),
	DROP_UNLESS("yes|1|on|true", "unixhierarchysep", "the separator of folders is a slash",
		"clients must list folders anew"),
	NEEDLESS("imapidlepoll", "IDLE tells at once"),
	NEEDLESS("imapidresponse", "the gateway answers ID by itself"),
	DROP_UNLESS(OFF, "imapmagicplus", "there is no such login", NULL),
	DROP_UNLESS("", "sharedprefix", "shared folders are those of one account, below \"Public folders\"",
		"see public_account"),
	DROP_UNLESS("", "userprefix", "folders of other users are not shown", NULL),
	DROP("defaultacl", "there are no access lists", NULL),
	DROP_UNLESS("", "motd*", "there is no message of the day", NULL),

	/* log and process */
	DROP("syslog_prefix", "the name in the log is that of the program", "the lines begin with gatewayd"),
	DROP_UNLESS("mail", "syslog_facility", "the facility is mail", NULL),
	CARRY("debug", take_debug, "log_level"),
	DROP_UNLESS(OFF, "auditlog", "messages are not logged one by one", NULL),
	DROP_UNLESS(OFF, "telemetry*", "log_level = 6 shows the conversation", NULL),
	NEARLY("cyrus_user", conv_text, "run_as_user", "the directory of the mail and the key must be readable for it"),
	NEARLY("cyrus_group", conv_text, "run_as_group",
		"the directory of the mail and the key must be readable for it"),
	CARRY("temp_path", conv_text, "tmp_path"),
	NEEDLESS("umask", "files of the local store are for its user alone"),

	NEEDLESS("chatty", "the log has its level"),
	NEEDLESS("debug_*", OWN),
	NEEDLESS("iolog", OWN),
	NEEDLESS("logtimestamps", "log_format = json tells times"),
	NEEDLESS("lock_debugtime", OWN),
	NEEDLESS("master_bind_errors_fatal", "a service that cannot listen is an error"),
	NEEDLESS("qosmarking", "packets are not marked"),

	/* mail, and what belongs to it */
	DROP_UNLESS("", "mailbox_initial_flags", "a new mailbox has no flags of its own", NULL),
	NEEDLESS("mailbox_*", MAIL),
	NEEDLESS("autoexpunge", "imap_expunge_on_delete is for it"),
	NEEDLESS("partition_select_*", MAIL),
	NEEDLESS("defaultsearchtier", MAIL),
	NEEDLESS("reverseuniqueids", MAIL),
	NEEDLESS("rfc2046_strict", "mail is read as it is"),
	NEEDLESS("rfc2047_utf8", "mail is read as it is"),
	NEEDLESS("quota_use_conversations", "each message counts once"),
	NEEDLESS("createonpost", "mail is not delivered by the gateway"),
	NEEDLESS("postspec", "mail is not delivered by the gateway"),
	NEEDLESS("postuser", "mail is not delivered by the gateway"),
	NEEDLESS("soft_noauth", "mail is not delivered by the gateway"),
	NEEDLESS("srs_*", "mail is not delivered by the gateway"),
	NEEDLESS("notesmailbox", "clients make their mailboxes"),
	DROP_UNLESS(OFF, "object_storage_*", MAIL, NULL),
	NEEDLESS("openio_*", MAIL),
	NEEDLESS("caringo_*", MAIL),
	DROP("partition-*", MAIL, BRING),
	DROP("configdirectory", MAIL, BRING),
	NEEDLESS("defaultpartition", MAIL),
	NEEDLESS("metapartition*", MAIL),
	NEEDLESS("archive*", MAIL),
	DROP("autocreate*", "a new account has an INBOX; clients make the rest", NULL),
	DROP_UNLESS(OFF, "autosubscribe*", "clients subscribe by themselves", NULL),
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
	DROP_UNLESS(OFF, "allowusermoves", CLUSTER, NULL),
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
	DROP("sendmail*", OTHER, NULL),
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
	DROP_UNLESS(OFF, "xbackup_enabled", CLUSTER, "see `gwctl store backup'"),
	NEEDLESS("restore_*", CLUSTER),
	NEEDLESS("client_*", CLUSTER),
	NEEDLESS("tls_client_*", CLUSTER),
	DROP("defaultserver", CLUSTER, NULL),
	DROP_UNLESS("freespace-most|0", "serverlist*", CLUSTER, NULL),
	DROP("submitservers", OTHER, NULL),
	DROP("smtp_*", OTHER, NULL),
	DROP("aps_topic*", OTHER, NULL),
	DROP("event_notifier", "events are told to clients only", NULL),
	NEEDLESS("event_*", "events are told to clients only"),
	NEEDLESS("autosievefolders", OTHER),
	NEEDLESS("generate_compiled_sieve_script", OTHER),
	NEEDLESS("rfc3028_strict", OTHER),
	NEEDLESS("allownewnews", OTHER),
	NEEDLESS("icalendar_*", OTHER),
	NEEDLESS("vcard_*", OTHER),
	NEEDLESS("websocket_*", OTHER),
	DROP("zoneinfo*", OTHER, NULL),
	DROP("snmp*", OTHER, NULL),
	DROP("prometheus*", OTHER, NULL),
};

const struct conv_table cyrus_table = { rows, sizeof rows / sizeof *rows };

/* dovecot_rows.c - what the settings of Dovecot become here, 2.2 to 2.4
 *
 * The table has the names of all these versions; none ever changed its meaning. Names with a dot are those of sections
 * ("plugin.quota_rule", "service.process_limit"). */
#include "convert/dovecot.h"

#include "util/num.h"

/* ---- values with a meaning of their own ---- */

/* Files are named as "</path" up to 2.3; the text itself may stand there too. */
static void take_file(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	struct gw_slice v = s->value;

	if (v.n && *v.p == '<')
		v = gw_slice_trim(gw_slice(v.p + 1, v.n - 1));
	if (v.n == 0 && !row->unit)
		return;
	if (v.n == 0 || *v.p != '/') {
		conv_not_carried(c, s, v.n ? "it is not the path of a file" : "its value is not in the file",
			gw_arena_printf(&c->arena, "put it into a file and name that in %s", row->option));
		return;
	}
	conv_set(c, row->option, gw_arena_str(&c->arena, v), &s->at);
	if (row->why)
		conv_nearly(c, s, row->option, row->why, row->instead);
}

static void take_ssl(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	if (!gw_slice_eqi(s->value, GW_S("required")))
		return;
	conv_set(c, row->option, "yes", &s->at);
	conv_nearly(c, s, row->option, row->why, NULL);
}

static void take_server_order(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	conv_set(c, row->option, gw_slice_eqi(s->value, GW_S("server")) ? "yes" : "no", &s->at);
}

static void take_client_cert(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	bool v;

	if (conv_parse_bool(s->value, &v) && !v)
		return;
	conv_not_carried(c, s, row->why, row->instead);
}

static void take_require_cert(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	bool v;

	if (!conv_parse_bool(s->value, &v) || !v)
		return;
	conv_set(c, row->option, "yes", &s->at);
	conv_nearly(c, s, row->option, row->why, NULL);
}

/* What it makes of UID and UIDVALIDITY, in the words of 2.3 and 2.4, and what we call that. */
static void take_uidl_format(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	static const struct {
		const char *theirs, *ours;
	} formats[] = {
		{ "%08Xu%08Xv", "dovecot" },
		{ "%{uid | hex(8)}%{uidvalidity | hex(8)}", "dovecot" },
		{ "%v.%u", "cyrus" },
		{ "%{uidvalidity}.%{uid}", "cyrus" },
		{ "%u", "uidonly" },
		{ "%{uid}", "uidonly" },
		{ "UID%u-%v", "courier" },
		{ "UID%{uid}-%{uidvalidity}", "courier" },
		{ "UID%u", "courier-old" },
		{ "UID%{uid}", "courier-old" },
	};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		if (gw_slice_eq(gw_slice_trim(s->value), gw_slice_str(formats[i].theirs))) {
			conv_set(c, row->option, formats[i].ours, &s->at);
			return;
		}
	}
	conv_not_carried(c, s, "the gateway knows no such format of POP3 names",
		"messages keep the names that gwctl import brings with them; compare with gwctl pop3 uidl-diff");
}

static void take_log_path(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	const char *path = gw_arena_str(&c->arena, s->value);

	if (s->value.n == 0 || strcmp(path, "syslog") == 0) {
		conv_set(c, "log_method", "syslog", &s->at);
		return;
	}
	conv_set(c, "log_method", "file", &s->at);
	conv_set(c, row->option, strcmp(path, "/dev/stderr") == 0 || strcmp(path, "/dev/stdout") == 0 ? "-" : path,
		&s->at);
}

/* A switch that asks for more in the log: the level of the row, unless a higher one is set. */
static void take_level(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	const char *have = conv_get(c, "log_level");
	uint64_t level = 0;
	bool v = true;

	if (s->value.n == 0 || (conv_parse_bool(s->value, &v) && !v))
		return;
	if (!have || !gw_parse_u64(gw_slice_str(have), &level) || level < row->unit)
		conv_set(c, "log_level", gw_arena_printf(&c->arena, "%u", (unsigned)row->unit), &s->at);
	conv_nearly(c, s, "log_level", "one level counts for all parts; passwords are never logged", NULL);
}

static void take_timestamp(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	conv_set(c, row->option, s->value.n ? "yes" : "no", &s->at);
	if (s->value.n)
		conv_nearly(c, s, row->option, "date and time have one form", NULL);
}

/* 0 is no cache, however long its entries would stay: done at the end. */
bool dove_no_cache(const struct conv_setting *size)
{
	uint64_t v;

	return conv_parse_size(size->value, 1, &v) && v == 0;
}

static void take_cache_size(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	if (!dove_no_cache(s))
		conv_needless(c, row, s);
}

/* "*:storage=1G:messages=1000", "*:storage=+10%" */
static void take_quota_rule(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	struct gw_slice rest = s->value, word;
	bool any = false, strange = false;
	uint64_t v;

	if (!gw_slice_word(&rest, ":", &word) || !gw_slice_eq(word, GW_S("*"))) {
		conv_not_carried(c, s, "there are no limits for single mailboxes", NULL);
		return;
	}
	while (gw_slice_word(&rest, ":", &word)) {
		size_t n = gw_slice_find(word, '=');
		struct gw_slice value = n < word.n ? gw_slice(word.p + n + 1, word.n - n - 1) : word;
		bool storage = gw_slice_startsi(word, GW_S("storage=")), bytes = gw_slice_startsi(word, GW_S("bytes="));
		bool messages = gw_slice_startsi(word, GW_S("messages="));

		if ((!storage && !bytes && !messages) || !conv_parse_size(value, storage ? 1024 : 1, &v)) {
			strange = true;
			continue;
		}
		any = true;
		conv_set(c, messages ? "mail_quota_messages" : "mail_quota", gw_arena_printf(&c->arena, "%llu",
			(unsigned long long)v), &s->at);
	}
	if (any)
		conv_nearly(c, s, row->option, row->why, NULL);
	if (strange || !any)
		conv_not_carried(c, s, "a part of it is no plain limit", "see `gwctl user quota'");
}

/* Done with the listeners. */
static void take_later(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	(void)c;
	(void)row;
	(void)s;
}

static void take_plugins(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	struct gw_slice rest = s->value, word;

	(void)row;
	for (size_t n = 0; n < 64 && gw_slice_word(&rest, " \t,", &word); n++) {
		if (gw_slice_eq(word, GW_S("quota")) || gw_slice_eq(word, GW_S("imap_quota")))
			continue;
		conv_find(c, CONFIG_W_NOT_CARRIED, &s->at, NULL, NULL, NULL,
			"the plugin \"%.*s\" is not carried: there are no plugins",
			(int)(word.n < 60 ? word.n : 60), word.p);
	}
}

#define MAIL "mail is kept by the local store"
#define BRING "bring the mail over IMAP, for example with mbsync(1)"
#define QUOTA "it counts for every account that has no limit of its own"
#define DH "key exchange is by the groups of ssl_curves"
#define ALT "there is one certificate for a name"

/* A file whose absence is told: what doveconf hides has no value. */
#define NEEDED_FILE(name_, option_) { .name = (name_), .take = take_file, .option = (option_), .unit = 1 }

static const struct conv_row rows[] = {
	/* listeners */
	CARRY("protocols", take_later, "imap_listen"),
	CARRY("listen", take_later, "imap_listen"),

	/* TLS */
	{ .name = "ssl", .take = take_ssl, .option = "disable_plaintext_auth",
		.why = "TLS is demanded before a password, not before "
		"every command" },
	NEEDED_FILE("ssl_cert", "ssl_certificate_file"),
	NEEDED_FILE("ssl_key", "ssl_private_key_file"),
	NEEDED_FILE("ssl_cert_file", "ssl_certificate_file"),
	NEEDED_FILE("ssl_key_file", "ssl_private_key_file"),
	NEEDED_FILE("ssl_server_cert_file", "ssl_certificate_file"),
	NEEDED_FILE("ssl_server_key_file", "ssl_private_key_file"),
	DROP("ssl_key_password", "the key must have no password",
		"write the key without one: openssl pkey -in KEY -out NEW"),
	DROP("ssl_server_key_password", "the key must have no password",
		"write the key without one: openssl pkey -in KEY -out NEW"),
	DROP_UNLESS("", "ssl_alt_cert", ALT, "name the newer one in ssl_certificate_file"),
	DROP_UNLESS("", "ssl_alt_key", ALT, NULL),
	DROP_UNLESS("", "ssl_server_alt_*", ALT, "name the newer one in ssl_certificate_file"),
	CARRY("ssl_ca", take_file, "ssl_verify_file"),
	CARRY("ssl_server_ca_file", take_file, "ssl_verify_file"),
	CARRY("ssl_min_protocol", conv_tls_min, "tls_min_proto"),
	CARRY("ssl_protocols", conv_text, "ssl_protocols"),
	CARRY("ssl_cipher_list", conv_text, "ssl_ciphers"),
	DROP_UNLESS("", "ssl_cipher_suites", "ciphers of TLS 1.3 are those of the TLS library", NULL),
	CARRY("ssl_curve_list", conv_text, "ssl_curves"),
	CARRY("ssl_prefer_server_ciphers", conv_bool, "ssl_prefer_server_ciphers"),
	CARRY("ssl_server_prefer_ciphers", take_server_order, "ssl_prefer_server_ciphers"),
	{ .name = "ssl_verify_client_cert", .take = take_client_cert,
		.why = "a certificate of the client is demanded or not asked "
		"for, there is nothing between", .instead = "set ssl_verify_client to yes when every client has one" },
	{ .name = "ssl_server_request_client_cert", .take = take_client_cert,
		.why = "a certificate of the client is demanded or not "
		"asked for, there is nothing between",
			.instead = "set ssl_verify_client to yes when every client has one" },
	{ .name = "auth_ssl_require_client_cert", .take = take_require_cert, .option = "ssl_verify_client",
		.why = "the handshake fails "
		"without a certificate, not the login" },
	DROP_UNLESS("no", "auth_ssl_username_from_cert",
		"the user is taken from a certificate with the mechanism EXTERNAL",
		"add EXTERNAL to auth_mechanisms"),
	DROP("ssl_cert_username_field", "the user is taken from a certificate as gateway.cfg(5) says", NULL),
	DROP("ssl_server_cert_username_field", "the user is taken from a certificate as gateway.cfg(5) says", NULL),
	DROP_UNLESS("no", "ssl_require_crl", "lists of revoked certificates are not looked at", NULL),
	DROP_UNLESS("no", "ssl_server_require_crl", "lists of revoked certificates are not looked at", NULL),
	NEEDLESS("ssl_dh", DH),
	NEEDLESS("ssl_server_dh_file", DH),
	NEEDLESS("ssl_dh_parameters_length", DH),
	NEEDLESS("ssl_parameters_regenerate", DH),
	DROP_UNLESS("", "ssl_options", "there are no such switches", NULL),
	DROP_UNLESS("", "ssl_crypto_device", "the TLS library chooses by itself", NULL),
	NEEDLESS("ssl_client_*", DOVE_CLIENT),
	{ .name = "verbose_ssl", .take = take_level, .option = "log_level", .unit = 6 },

	/* logging in */
	CARRY("disable_plaintext_auth", conv_bool, "disable_plaintext_auth"),
	CARRY("auth_allow_cleartext", conv_not_bool, "disable_plaintext_auth"),
	CARRY("auth_mechanisms", conv_mechanisms, "auth_mechanisms"),
	CARRY("auth_cache_ttl", conv_time, "auth_cache_ttl"),
	{ .name = "auth_cache_size", .take = take_cache_size, .option = "auth_cache_ttl",
		.why = "auth_cache_ttl alone bounds it" },
	NEEDLESS("auth_cache_*", "wrong passwords are not remembered"),
	{ .name = "auth_verbose", .take = take_level, .option = "log_level", .unit = 5 },
	{ .name = "auth_debug", .take = take_level, .option = "log_level", .unit = 6 },
	DROP_UNLESS("no", "auth_debug_passwords", "passwords are never logged", NULL),
	DROP_UNLESS("no", "auth_verbose_passwords", "passwords are never logged", NULL),
	DROP_UNLESS("", "auth_default_realm", "user names are taken as the client sends them",
		"make accounts by the names that clients send"),
	DROP_UNLESS("", "auth_realms", "user names are taken as the client sends them", NULL),
	DROP_UNLESS("%Lu|%{user | lower}|", "auth_username_format", "user names are taken as the client sends them",
		"make accounts by the names that clients send"),
	DROP_UNLESS("", "auth_username_*", "user names are taken as the client sends them", NULL),
	DROP_UNLESS("", "auth_master_user_separator", "no user logs in as another", NULL),
	DROP_UNLESS("", "auth_anonymous_username", "nobody logs in without a name", NULL),
	NEEDLESS("auth_worker_max_count", "auth_threads chooses by the number of processors"),
	DROP("auth_failure_delay", "wrong passwords are answered at once", "see max_auth_failures"),
	DROP_UNLESS("", "auth_policy_*", "there is no outside service for it", NULL),
	DROP("auth_*", DOVE_USERS, DOVE_ACCOUNTS),
	DROP_UNLESS("", "login_trusted_networks", "only the machine's own addresses are trusted", NULL),
	DROP_UNLESS("", "haproxy_trusted_networks", "the PROXY protocol is not spoken",
		"let the proxy pass addresses through"),
	NEEDLESS("haproxy_timeout", "the PROXY protocol is not spoken"),
	DROP_UNLESS("Dovecot ready.|Dovecot (Debian) ready.|Dovecot (Ubuntu) ready.", "login_greeting",
		"the greeting is fixed",
		"see server_hostname_greeting"),
	NEEDLESS("login_log_format*", "lines of the log have one form; see log_format"),
	DROP_UNLESS("", "login_*", DOVE_OWN, NULL),

	/* limits and times */
	NEARLY("mail_max_userip_connections", conv_number, "max_connections_per_user",
		"it counted for a user and an address together"),
	CARRY("imap_max_line_length", conv_size, "max_line"),
	NEEDLESS("default_process_limit", "max_connections bounds connections"),
	NEEDLESS("default_client_limit", "max_connections bounds connections"),
	NEARLY("service.process_limit", conv_sum, "max_connections",
		"IMAP and POP3 have one limit together, so theirs are added"),
	NEEDLESS("service.client_limit", "max_connections bounds connections"),
	NEEDLESS("service.process_min_avail", DOVE_OWN),
	NEEDLESS("service.service_count", DOVE_OWN),
	NEEDLESS("service.restart_request_count", DOVE_OWN),
	NEEDLESS("service.vsz_limit", "max_session_memory bounds a session"),
	NEEDLESS("service.*", DOVE_OWN),
	NEEDLESS("default_vsz_limit", "max_session_memory bounds a session"),
	NEEDLESS("default_idle_kill*", DOVE_OWN),
	NEEDLESS("default_login_user", "there is one user for all, run_as_user"),
	NEEDLESS("default_internal_*", "there is one user for all, run_as_user"),
	NEARLY("mail_uid", conv_text, "run_as_user", "the directory of the mail and the key must be readable for it"),
	NEARLY("mail_gid", conv_text, "run_as_group", "the directory of the mail and the key must be readable for it"),
	NEEDLESS("first_valid_*", "accounts are no users of the machine"),
	NEEDLESS("last_valid_*", "accounts are no users of the machine"),
	NEEDLESS("mail_privileged_group", "accounts are no users of the machine"),
	NEEDLESS("mail_access_groups", "accounts are no users of the machine"),
	CARRY("mail_temp_dir", conv_text, "tmp_path"),
	NEARLY("plugin.quota_rule", take_quota_rule, "mail_quota", QUOTA),
	NEARLY("plugin.quota_rule*", take_quota_rule, "mail_quota", QUOTA),
	NEEDLESS("plugin.quota", "the local store counts by itself"),
	NEEDLESS("plugin.quota_grace", "a message that is too much is refused"),
	DROP("plugin.quota_warning*", "nothing is run when a quota is nearly full", NULL),
	DROP("plugin.*", "there are no plugins", NULL),
	NEARLY("quota_storage_size", conv_size, "mail_quota", QUOTA),
	NEARLY("quota_message_count", conv_number, "mail_quota_messages", QUOTA),
	NEEDLESS("quota_driver", "the local store counts by itself"),
	DROP("quota_*", "a quota is a number of bytes and of messages", "see `gwctl user quota'"),
	DROP("imap_idle_notify_interval", "IDLE sends nothing while nothing happens", NULL),
	NEEDLESS("imap_hibernate_timeout", "an idle session costs no process"),

	/* what clients see */
	DROP_UNLESS("", "imap_capability", "the gateway announces what it can do",
		"imap_capabilities switches parts of it off"),
	NEEDLESS("imap_client_workarounds", "clients that need one are not known"),
	CARRY("pop3_client_workarounds", conv_text, "pop3_client_workarounds"),
	NEEDLESS("imap_id_*", "the gateway answers ID by itself"),
	NEEDLESS("imap_logout_format", "lines of the log have one form; see log_format"),
	NEEDLESS("pop3_logout_format", "lines of the log have one form; see log_format"),
	DROP_UNLESS("no", "imap_metadata", "there are no annotations", NULL),
	NEEDLESS("imap_literal_minus", "the gateway announces what it can do"),
	NEEDLESS("imap_fetch_failure", "a message that cannot be read is left out, with an error"),
	DROP_UNLESS("", "imap_urlauth_*", "there is no URLAUTH", NULL),
	CARRY("pop3_lock_session", conv_bool, "pop3_lock_maildrop"),
	CARRY("pop3_uidl_format", take_uidl_format, "pop3_uidl_format"),
	DROP_UNLESS("no", "pop3_save_uidl", "UIDs of POP3 come from the local store", NULL),
	DROP_UNLESS("no", "pop3_reuse_xuidl", "UIDs of POP3 come from the local store", NULL),
	NEEDLESS("pop3_uidl_duplicates", "no name is given twice"),
	CARRY("pop3_no_flag_updates", conv_not_bool, "pop3_set_seen"),
	DROP_UNLESS("no", "pop3_enable_last", "there is no LAST (RFC 1460)", NULL),
	NEEDLESS("pop3_fast_size_lookups", "sizes are known"),
	DROP_UNLESS("", "pop3_deleted_flag", "the flag of deleted messages is \\Deleted", "see pop3_delete"),
	DROP_UNLESS("default|expunge|", "pop3_delete_type", "DELE removes", "see pop3_delete"),
	{ .name = "mail_plugins", .take = take_plugins },
	DROP_UNLESS("", "recipient_delimiter", "mail is not delivered by the gateway", NULL),
	DROP_UNLESS("", "mail_server_*", "there are no annotations", NULL),

	/* log */
	CARRY("log_path", take_log_path, "log_file"),
	DROP_UNLESS("", "info_log_path", "there is one log", "see log_level"),
	DROP_UNLESS("", "debug_log_path", "there is one log", "see log_level"),
	DROP_UNLESS("mail", "syslog_facility", "the facility is mail", NULL),
	CARRY("log_timestamp", take_timestamp, "log_timestamp"),
	{ .name = "log_debug", .take = take_level, .option = "log_level", .unit = 6 },
	{ .name = "mail_debug", .take = take_level, .option = "log_level", .unit = 6 },
	DROP_UNLESS("", "log_core_filter", "there is no filter", NULL),
	NEEDLESS("mail_log_prefix", "lines of the log have one form; see log_format"),
	NEEDLESS("deliver_log_format", "mail is not delivered by the gateway"),

	/* mail */
	DROP("mail_location", MAIL, BRING),
	DROP("mail_driver", MAIL, BRING),
	DROP("mail_path", MAIL, BRING),
	DROP("mail_inbox_path", MAIL, BRING),
	DROP("mail_index_path", MAIL, NULL),
	DROP("mail_home", MAIL, NULL),
	DROP("mail_chroot", MAIL, NULL),
	DROP_UNLESS("", "mail_attachment_*", MAIL, NULL),
	NEEDLESS("mail_*", MAIL),
	NEEDLESS("mailbox_*", MAIL),
	NEEDLESS("maildir_*", MAIL),
	NEEDLESS("mbox_*", MAIL),
	NEEDLESS("mdbox_*", MAIL),
	NEEDLESS("sdbox_*", MAIL),
	NEEDLESS("dbox_*", MAIL),
	NEEDLESS("mmap_disable", MAIL),
	NEEDLESS("dotlock_use_excl", MAIL),
	NEEDLESS("lock_method", MAIL),
	NEEDLESS("fs_*", MAIL),
	DROP("fts_*", "SEARCH has its own index", NULL),
	DROP("imapc_*", DOVE_CLIENT, NULL),
	DROP("pop3c_*", DOVE_CLIENT, NULL),
	DROP("dsync_*", DOVE_CLIENT, "see `gwctl store backup'"),
	DROP("replication_*", DOVE_CLIENT, "see `gwctl store backup'"),
	DROP("replicator_*", DOVE_CLIENT, "see `gwctl store backup'"),
	DROP("director_*", DOVE_CLIENT, NULL),
	DROP("dict*", DOVE_USERS, NULL),
	DROP("sql_*", DOVE_USERS, DOVE_ACCOUNTS),
	DROP("ldap_*", DOVE_USERS, DOVE_ACCOUNTS),
	DROP("passwd_file_path", DOVE_USERS, DOVE_ACCOUNTS),
	DROP("passdb_*", DOVE_USERS, DOVE_ACCOUNTS),
	DROP("userdb_*", DOVE_USERS, DOVE_ACCOUNTS),

	/* the rest of Dovecot */
	DROP("lmtp_*", DOVE_OTHER, NULL),
	DROP("lda_*", DOVE_OTHER, NULL),
	DROP("submission_*", DOVE_OTHER, NULL),
	DROP("sieve_*", DOVE_OTHER, NULL),
	DROP("managesieve_*", DOVE_OTHER, NULL),
	DROP("doveadm_*", "administration is by gwctl(8)", NULL),
	DROP("acl_*", "there are no access lists", NULL),
	DROP("stats_*", DOVE_OWN, NULL),
	DROP("old_stats_*", DOVE_OWN, NULL),
	NEEDLESS("metric*", DOVE_OWN),
	NEEDLESS("dovecot_config_version", "it says how to read the file"),
	NEEDLESS("dovecot_storage_version", MAIL),
	NEEDLESS("base_dir", DOVE_OWN),
	NEEDLESS("state_dir", DOVE_OWN),
	NEEDLESS("libexec_dir", DOVE_OWN),
	NEEDLESS("instance_name", DOVE_OWN),
	NEEDLESS("import_environment", DOVE_OWN),
	NEEDLESS("config_cache_size", DOVE_OWN),
	NEEDLESS("version_ignore", DOVE_OWN),
	NEEDLESS("valid_chroot_dirs", DOVE_OWN),
	DROP("rawlog_dir", "conversations are not written into files", "log_level = 6 shows them"),
	NEEDLESS("verbose_proctitle", DOVE_OWN),
	NEEDLESS("shutdown_clients", "a reload keeps sessions, a stop ends them"),
	NEEDLESS("process_shutdown_filter", DOVE_OWN),
	NEEDLESS("hostname", "mail is not delivered by the gateway"),
	NEEDLESS("postmaster_address", "mail is not delivered by the gateway"),
	NEEDLESS("sendmail_path", "mail is not delivered by the gateway"),
	NEEDLESS("rejection_*", "mail is not delivered by the gateway"),
	NEEDLESS("master_user_separator", "no user logs in as another"),
};

const struct conv_table dove_table = { rows, sizeof rows / sizeof *rows };

/* options.c - one row an option
 *
 * To add an option: a member in struct gw_config, a row here. The rest (parser, checker, manual page, sample file,
 * completion, reload) follows. A row of another type than its member does not compile. Docs are plain sentences;
 * `words in backticks` are shown as they would be typed. */
#include "config/config.h"
#include "config/priv.h"
#include "config/seen.h"

#define FIELD_IS(f, t) \
	(offsetof(struct gw_config, f) + /* a type cannot stand in parentheses here: NOLINTNEXTLINE */ \
	 0 * sizeof(char[_Generic(((struct gw_config *)0)->f, t : 1, default : -1)]))
#define OPT(f, ctype, T, ...) { .name = #f, .type = T, .off = FIELD_IS(f, ctype), __VA_ARGS__ }
#define OPT_BOOL(f, ...)    OPT(f, bool, GW_OPT_BOOL, __VA_ARGS__)
#define OPT_UINT(f, ...)    OPT(f, unsigned, GW_OPT_UINT, __VA_ARGS__)
#define OPT_MODE(f, ...)    OPT(f, unsigned, GW_OPT_MODE, __VA_ARGS__)
#define OPT_PORT(f, ...)    OPT(f, unsigned, GW_OPT_PORT, .min = 1, .max = 65535, __VA_ARGS__)
#define OPT_SIZE(f, ...)    OPT(f, uint64_t, GW_OPT_SIZE, __VA_ARGS__)
#define OPT_SECONDS(f, ...) OPT(f, unsigned, GW_OPT_SECONDS, __VA_ARGS__)
#define OPT_ENUM(f, ct, ...) OPT(f, ct, GW_OPT_ENUM, __VA_ARGS__)
#define OPT_STRING(f, ...)  OPT(f, const char *, GW_OPT_STRING, __VA_ARGS__)
#define OPT_PATH(f, ...)    OPT(f, const char *, GW_OPT_PATH, __VA_ARGS__)
#define OPT_URL(f, ...)     OPT(f, const char *, GW_OPT_URL, __VA_ARGS__)
#define OPT_ADDRESS(f, ...) OPT(f, const char *, GW_OPT_ADDRESS, __VA_ARGS__)
#define OPT_WORDS(f, ...)   OPT(f, struct gw_words, GW_OPT_WORDS, __VA_ARGS__)
#define OPT_LISTEN(f, ...)  OPT(f, struct gw_words, GW_OPT_LISTEN, __VA_ARGS__)
#define OPT_RETIRED(n, ...) { .name = #n, .type = GW_OPT_RETIRED, .group = GW_GROUP_OLD, .def = "", __VA_ARGS__ }

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)
#define DAYS(n) ((uint64_t)(n) * 86400)
#define OURS "gateway 0.1"

static const struct gw_option_word impersonate_words[] = {
	{ "none", GW_IMPERSONATE_NONE },
	{ "authorize-as", GW_IMPERSONATE_AUTHORIZE_AS },
	{ "login", GW_IMPERSONATE_LOGIN },
	{ 0 },
};

static const struct gw_option_word search_words[] = {
	{ "mirror", GW_JMAP_SEARCH_MIRROR },
	{ "server", GW_JMAP_SEARCH_SERVER },
	{ 0 },
};

static const struct gw_option_word expunge_words[] = {
	{ "destroy", GW_JMAP_EXPUNGE_DESTROY },
	{ "trash", GW_JMAP_EXPUNGE_TRASH },
	{ 0 },
};

static const struct gw_option_word language_words[] = {
	{ "i-default", GW_LANG_DEFAULT },
	{ "en", GW_LANG_EN },
	{ "de", GW_LANG_DE },
	{ "es", GW_LANG_ES },
	{ "fr", GW_LANG_FR },
	{ "nl", GW_LANG_NL },
	{ 0 },
};

static const struct gw_option_word uidl_words[] = {
	{ "gateway", GW_UIDL_GATEWAY },
	{ "dovecot", GW_UIDL_DOVECOT },
	{ "cyrus", GW_UIDL_CYRUS },
	{ "uidonly", GW_UIDL_UIDONLY },
	{ "courier", GW_UIDL_COURIER },
	{ "courier-old", GW_UIDL_COURIER_OLD },
	{ "cyrus-courier", GW_UIDL_CYRUS_COURIER },
	{ "kopano", GW_UIDL_KOPANO },
	{ 0 },
};

static const struct gw_option_word delete_words[] = {
	{ "expunge", GW_POP3_DELETE_EXPUNGE },
	{ "flag", GW_POP3_DELETE_FLAG },
	{ "trash", GW_POP3_DELETE_TRASH },
	{ 0 },
};

static const struct gw_option_word workaround_words[] = {
	{ "outlook-no-nuls", 0 },
	{ "oe-ns-eoh", 0 },
	{ 0 },
};

static const struct gw_option_word coredump_words[] = {
	{ "systemdefault", GW_COREDUMP_SYSTEM }, { "no", GW_COREDUMP_OFF },   { "yes", GW_COREDUMP_ON },
	{ "off", GW_COREDUMP_OFF },		 { "false", GW_COREDUMP_OFF }, { "0", GW_COREDUMP_OFF },
	{ "on", GW_COREDUMP_ON },		 { "true", GW_COREDUMP_ON },   { "1", GW_COREDUMP_ON },
	{ NULL, 0 },
};

static const struct gw_option_word process_words[] = {
	{ "thread", GW_PROCESS_THREAD },
	{ "fork", GW_PROCESS_FORK },
	{ "threads", GW_PROCESS_THREAD },
	{ "threaded", GW_PROCESS_THREAD },
	{ NULL, 0 },
};

static const struct gw_option_word log_method_words[] = {
	{ "file", GW_METHOD_FILE },
	{ "syslog", GW_METHOD_SYSLOG },
	{ "auto", GW_METHOD_AUTO },
	{ NULL, 0 },
};

static const struct gw_option_word log_format_words[] = {
	{ "text", GW_SHAPE_TEXT },
	{ "json", GW_SHAPE_JSON },
	{ NULL, 0 },
};

static const struct gw_option_word tls_words[] = {
	{ "ssl3", GW_TLS_SSL3 },  { "tls1.0", GW_TLS_1_0 }, { "tls1.1", GW_TLS_1_1 },
	{ "tls1.2", GW_TLS_1_2 }, { "tls1.3", GW_TLS_1_3 }, { NULL, 0 },
};

static const struct gw_option_word mechanism_words[] = {
	{ "PLAIN", GW_MECH_PRIVACY },
	{ "LOGIN", GW_MECH_PRIVACY },
	{ "SCRAM-SHA-256", GW_MECH_KEYS },
	{ "SCRAM-SHA-256-PLUS", GW_MECH_KEYS | GW_MECH_TLS },
	{ "EXTERNAL", GW_MECH_CERTIFICATE },
	{ "OAUTHBEARER", GW_MECH_TOKEN },
	{ "XOAUTH2", GW_MECH_TOKEN },
	{ NULL, 0 },
};

static const struct gw_option_word filter_words[] = {
	{ "no", 0 },  { "yes", 1 },   { "ignored", 0 }, { "off", 0 }, { "false", 0 },
	{ "0", 0 },   { "on", 1 },    { "true", 1 },    { "1", 1 },   { NULL, 0 },
};

#define LISTEN_DOC \
	"A blank-separated list of `address:port`. The address is numeric, an IPv6 address stands in brackets, `*` is " \
	"every address of both families. `%name` in front of the colon ties the socket to a network interface: " \
	"`*%lo:143` serves the machine itself only. `unix:/path` is a local socket. " \
	"Empty switches the service off.\n\n" \

#define LISTEN_OLD(svc, new_default) \
	"It replaces `server_bind`, `" svc "_enable` and `" svc "_port`. When a file has this option they do not count " \
	"for this service. When a file has none of them, but another `_listen` option, " new_default "."

static const struct gw_option rows[] = {
	/* ---- services ---- */
	OPT_ADDRESS(server_bind, .def = "", .group = GW_GROUP_SERVICES, .flags = GW_OPT_SET_COUNTS, .reload = GW_RESTART, .since = "8.0",
		.example = "192.0.2.10",
		.brief = "IP address on which the services listen",
		.doc = "A numeric IPv4 or IPv6 address; host names are refused. Empty: every address of both families."),
	OPT_STRING(server_hostname, .def = "", .group = GW_GROUP_SERVICES, .reload = GW_RESTART, .since = "8.0",
		.example = "mail.example.org",
		.brief = "Name of this server in the greeting",
		.doc = "Shown to clients when `server_hostname_greeting` is on. Empty: the full name of the machine."),
	OPT_BOOL(server_hostname_greeting, .def = "no", .group = GW_GROUP_SERVICES, .reload = GW_NEXT,
		.flags = GW_OPT_OLD_NOT_NO, .since = "8.0",
		.brief = "Tell the server's name in the greeting",
		.doc = "With yes the greeting of both protocols ends in `on` and the name of `server_hostname`."),
	OPT_ENUM(preferred_language, enum gw_lang, .def = "en", .words = language_words, .group = GW_GROUP_SERVICES,
		.reload = GW_NEXT, .since = OURS,
		.example = "de",
		.brief = "Language that clients get who leave the choice to the server",
		.doc = "A client of POP3 chooses the language of answers with LANG (RFC 6856); `LANG *` is this one. Who asks for "
		       "nothing gets English in ASCII."),
	OPT_BOOL(pop3_enable, .def = "yes", .group = GW_GROUP_SERVICES, .reload = GW_RESTART,
		.flags = GW_OPT_SET_COUNTS | GW_OPT_NOT_EMPTY | GW_OPT_OLD_YES | GW_OPT_OLD_AUTO, .since = "8.0",
		.brief = "Serve POP3",
		.doc = "POP3 without TLS at the start; clients may switch to TLS with STLS when a certificate is there."),
	OPT_PORT(pop3_port, .def = "110", .group = GW_GROUP_SERVICES, .reload = GW_RESTART, .flags = GW_OPT_SET_COUNTS | GW_OPT_NOT_EMPTY,
		.since = "8.0",
		.example = "1110",
		.brief = "Port of POP3",
		.doc = "Looked at only when `pop3_enable` is yes."),
	OPT_BOOL(pop3s_enable, .def = "yes", .group = GW_GROUP_SERVICES, .reload = GW_RESTART,
		.flags = GW_OPT_SET_COUNTS | GW_OPT_NOT_EMPTY | GW_OPT_OLD_YES | GW_OPT_OLD_AUTO, .since = "8.0",
		.brief = "Serve POP3 inside TLS",
		.doc = "Needs a certificate, see `ssl_certificate_file`."),
	OPT_PORT(pop3s_port, .def = "995", .group = GW_GROUP_SERVICES, .reload = GW_RESTART, .flags = GW_OPT_SET_COUNTS | GW_OPT_NOT_EMPTY,
		.since = "8.0",
		.example = "1995",
		.brief = "Port of POP3 inside TLS",
		.doc = "Looked at only when `pop3s_enable` is yes."),
	OPT_BOOL(imap_enable, .def = "yes", .group = GW_GROUP_SERVICES, .reload = GW_RESTART,
		.flags = GW_OPT_SET_COUNTS | GW_OPT_NOT_EMPTY | GW_OPT_OLD_YES | GW_OPT_OLD_AUTO, .since = "8.0",
		.brief = "Serve IMAP",
		.doc = "IMAP without TLS at the start; clients may switch to TLS with STARTTLS when a certificate is there."),
	OPT_PORT(imap_port, .def = "143", .group = GW_GROUP_SERVICES, .reload = GW_RESTART, .flags = GW_OPT_SET_COUNTS | GW_OPT_NOT_EMPTY,
		.since = "8.0",
		.example = "1143",
		.brief = "Port of IMAP",
		.doc = "Looked at only when `imap_enable` is yes."),
	OPT_BOOL(imaps_enable, .def = "yes", .group = GW_GROUP_SERVICES, .reload = GW_RESTART,
		.flags = GW_OPT_SET_COUNTS | GW_OPT_NOT_EMPTY | GW_OPT_OLD_YES | GW_OPT_OLD_AUTO, .since = "8.0",
		.brief = "Serve IMAP inside TLS",
		.doc = "Needs a certificate, see `ssl_certificate_file`."),
	OPT_PORT(imaps_port, .def = "993", .group = GW_GROUP_SERVICES, .reload = GW_RESTART, .flags = GW_OPT_SET_COUNTS | GW_OPT_NOT_EMPTY,
		.since = "8.0",
		.example = "1993",
		.brief = "Port of IMAP inside TLS",
		.doc = "Looked at only when `imaps_enable` is yes."),
	OPT_LISTEN(pop3_listen, .def = "", .group = GW_GROUP_SERVICES, .flags = GW_OPT_SET_COUNTS, .reload = GW_RESTART, .since = "8.7",
		.example = "*%lo:110 192.0.2.10:110",
		.brief = "Where POP3 listens, in the newer form",
		.doc = LISTEN_DOC LISTEN_OLD("pop3", "POP3 listens on `*%lo:110`")),
	OPT_LISTEN(pop3s_listen, .def = "", .group = GW_GROUP_SERVICES, .flags = GW_OPT_SET_COUNTS, .reload = GW_RESTART, .since = "8.7",
		.example = "*:995",
		.brief = "Where POP3 inside TLS listens, in the newer form",
		.doc = LISTEN_DOC LISTEN_OLD("pop3s", "the service is off")),
	OPT_LISTEN(imap_listen, .def = "", .group = GW_GROUP_SERVICES, .flags = GW_OPT_SET_COUNTS, .reload = GW_RESTART, .since = "8.7",
		.example = "*%lo:143 [2001:db8::10]:143",
		.brief = "Where IMAP listens, in the newer form",
		.doc = LISTEN_DOC LISTEN_OLD("imap", "IMAP listens on `*%lo:143`")),
	OPT_LISTEN(imaps_listen, .def = "", .group = GW_GROUP_SERVICES, .flags = GW_OPT_SET_COUNTS, .reload = GW_RESTART, .since = "8.7",
		.example = "*:993",
		.brief = "Where IMAP inside TLS listens, in the newer form",
		.doc = LISTEN_DOC LISTEN_OLD("imaps", "the service is off")),

	/* ---- mail store ---- */
	OPT_URL(server_socket, .def = "http://localhost:236/", .ship = "local:/var/lib/gateway", .group = GW_GROUP_STORE,
		.reload = GW_RESTART, .since = "8.0",
		.brief = "Where the mail is",
		.doc = "`local:/directory` is the embedded store: it keeps accounts and mail below that directory. "
		       "`https://mail.example.org/` or `http://` is a JMAP server (RFC 8620), also written `jmap+https://`; an address "
		       "with a path is that of its session resource. `http://host:236/`, `https://host:237/`, "
		       "`file:///path/of/server.sock` and `default:` name a Kopano storage server. The command line option "
		       "`-h` overrides this."),
	OPT_BOOL(bypass_auth, .def = "no", .group = GW_GROUP_STORE, .reload = GW_RESTART, .flags = GW_OPT_OLD_NOT_NO,
		.since = "8.3",
		.brief = "Let a storage server on a UNIX socket trust this daemon",
		.doc = "With yes the storage server may accept logins without looking at the password when it trusts the "
		       "user that this daemon runs as. Only for `file:` and `default:` in `server_socket`. Leave it at no."),
	OPT_STRING(public_account, .def = "public", .group = GW_GROUP_STORE, .flags = GW_OPT_OF_LOCAL, .reload = GW_RESTART, .since = OURS,
		.example = "shared",
		.brief = "Account of the local store whose mailboxes are the public folders",
		.doc = "Shown to users below `Public folders` when `imap_public_folders` is on and the account exists. "
			"`gwctl public grant` says who may do what there; without it everybody may read and write."),
	OPT_SIZE(mail_quota, .def = "0", .max = GIB(1024 * 1024), .group = GW_GROUP_STORE, .flags = GW_OPT_OF_LOCAL, .reload = GW_RESTART, .since = OURS,
		.example = "2G",
		.brief = "How much mail a new account may hold",
		.doc = "Counts for accounts of the local store that have no limit of their own. 0 is no limit."),
	OPT_UINT(mail_quota_messages, .def = "0", .max = 4294967295, .group = GW_GROUP_STORE, .flags = GW_OPT_OF_LOCAL, .reload = GW_RESTART,
		.since = OURS,
		.example = "100000",
		.brief = "How many messages a new account may hold",
		.doc = "Counts for accounts of the local store that have no limit of their own. 0 is no limit."),
	OPT_UINT(mail_quota_warning, .def = "90", .max = 100, .group = GW_GROUP_STORE, .flags = GW_OPT_OF_LOCAL, .reload = GW_RESTART,
		.since = OURS,
		.example = "80",
		.brief = "How much of a limit is used, in percent, before IMAP clients are warned",
		.doc = "When a message that was stored, copied or moved leaves its account with so much of its octets or messages used, an "
		       "untagged NO with the code OVERQUOTA is told (RFC 9208, 4.3.1). 0 is no warnings."),
	OPT_UINT(max_mailboxes, .def = "10000", .min = 1, .max = 1000000, .group = GW_GROUP_STORE, .reload = GW_RESTART,
		.since = OURS,
		.example = "1000",
		.brief = "How many mailboxes an account may have",
		.doc = "CREATE is refused with the response code LIMIT (RFC 5530) beyond this."),

	/* ---- a storage server behind HTTP ---- */
	OPT_PATH(mirror_path, .def = "/var/lib/gateway/mirror", .flags = GW_OPT_OF_SERVER | GW_OPT_NOT_EMPTY | GW_OPT_DIRECTORY, .group = GW_GROUP_STORE, .reload = GW_RESTART, .since = OURS,
		.example = "/srv/gateway/mirror",
		.brief = "Where the mirrors of accounts on a storage server are kept",
		.doc = "One directory an account: the numbers by which IMAP clients know messages, what was worked out of them, and the "
		       "messages used lately. Without `state_database` keep it: when it is lost, clients synchronise anew."),
	OPT_SIZE(mirror_cache_size, .def = "256M", .max = GIB(1024), .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.example = "1G",
		.brief = "How many octets of messages a mirror keeps",
		.doc = "The ones not used longest go first. A message larger than this is kept until the next one comes."),
	OPT_BOOL(mirror_offline, .def = "yes", .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.brief = "Let signed-on clients read from the mirror while the storage server is away",
		.doc = "Changes are refused with the response code UNAVAILABLE (RFC 5530) until it is back."),
	OPT_STRING(state_database, .def = "", .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.example = "postgresql://gateway@db.example.org/gateway",
		.brief = "A PostgreSQL database in which several gateways share the numbers of messages",
		.doc = "With it any gateway serves any user, and clients that come to another one go on where they were. Empty: one "
		       "gateway, whose mirrors have them."),
	OPT_SECONDS(backend_timeout, .def = "60", .min = 1, .max = 3600, .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.brief = "How long a request to the storage server may take",
		.doc = "Messages may take as long as they need, as long as octets come."),
	OPT_SECONDS(backend_connect_timeout, .def = "5", .min = 1, .max = 300, .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.brief = "How long connecting to the storage server may take",
		.doc = "TLS included."),
	OPT_UINT(backend_connections, .def = "8", .min = 1, .max = 1024, .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.example = "16",
		.brief = "How many connections to the storage server a process has at most",
		.doc = "All users share them; whoever has many messages brought gets three quarters of them at most. Each is used for one request at a"
			" time, with HTTP/1.1. Event streams come on top, with HTTP/2 where the server has it."),
	OPT_PATH(backend_ca_file, .def = "", .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.example = "/etc/gateway/storage-ca.pem",
		.brief = "Certificates that the storage server's certificate is checked with",
		.doc = "PEM. Empty: those of the system."),
	OPT_PATH(backend_certificate_file, .def = "", .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.example = "/etc/gateway/client.pem",
		.brief = "Certificate that this daemon shows to the storage server",
		.doc = "PEM, with the chain."),
	OPT_PATH(backend_private_key_file, .def = "", .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.example = "/etc/gateway/client.key",
		.brief = "Private key of backend_certificate_file",
		.doc = "PEM, without a password. Empty: it is in the same file."),
	OPT_STRING(backend_pin, .def = "", .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.example = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
		.brief = "Public key that the storage server must have",
		.doc = "`sha256//` and the SHA-256 of its DER in base64; several with `;` between. Checked besides the certificate."),
	OPT_STRING(backend_proxy, .def = "", .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.example = "http://proxy.example.org:3128",
		.brief = "HTTP proxy on the way to the storage server",
		.doc = "Empty: none, whatever the environment says."),
	OPT_PATH(backend_unix_socket, .def = "", .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.example = "/run/jmap/http.sock",
		.brief = "UNIX socket on which the storage server is reached",
		.doc = "Instead of connecting to the host that `server_socket` names."),
	OPT_STRING(backend_user, .def = "", .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.example = "gateway",
		.brief = "Service account on the storage server that may speak for users",
		.doc = "Needed for users who sign on here with a client certificate. `backend_impersonate` says how it does so."),
	OPT_PATH(backend_password_file, .def = "", .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.example = "/etc/gateway/backend.password",
		.brief = "File whose first line is the password of backend_user",
		.doc = "Readable by the user of the daemon and nobody else."),
	OPT_ENUM(backend_impersonate, enum gw_impersonate, .def = "none", .words = impersonate_words, .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER,
		.reload = GW_RESTART, .since = OURS,
		.brief = "How the service account speaks for a user",
		.doc = "none: every user signs on to the storage server himself. authorize-as: the header field Authorize-As names "
		       "the user (Cyrus). login: the name signed on with is made of both, see `backend_impersonate_login`. The "
		       "storage server must allow it."),
	OPT_STRING(backend_impersonate_login, .def = "%u%%%m", .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.example = "%m*%u",
		.brief = "The name with which the service account signs on for a user",
		.doc = "`%u` is the user, `%m` is `backend_user`, `%%` is a percent sign. For `backend_impersonate = login`."),
	OPT_BOOL(jmap_push, .def = "yes", .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.brief = "Hear of changes from the JMAP server at once where it has an event source",
		.doc = "One event stream an account in use. With no, and with servers that have none, the server is asked now and then."),
	OPT_SECONDS(jmap_poll_interval, .def = "5", .min = 1, .max = 3600, .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART, .since = OURS,
		.brief = "How often a JMAP server without an event source is asked while a client idles",
		.doc = "For each account."),
	OPT_SECONDS(jmap_poll_interval_quiet, .def = "60", .min = 1, .max = DAYS(1), .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART,
		.since = OURS,
		.brief = "The same while clients are signed on that do not idle",
		.doc = "What they ask for is fresh anyway."),
	OPT_STRING(jmap_access_url, .def = "", .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_NEXT, .since = OURS,
		.example = "https://mail.example.org/.well-known/jmap",
		.brief = "Where mail clients find the JMAP server themselves (RFC 9698)",
		.doc = "Clients of IMAP that have signed on with a password or token of the JMAP server are told the address of its "
		       "session resource (JMAPACCESS). Empty: they are told nothing."),
	OPT_ENUM(jmap_search, enum gw_jmap_search, .def = "mirror", .words = search_words, .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER, .reload = GW_RESTART,
		.since = OURS,
		.brief = "Who searches the text of messages on a JMAP server",
		.doc = "mirror: exact, as IMAP has it: substrings, in any case. server: TEXT and BODY find what the storage server's "
		       "own search finds, words and their stems. Other keys of SEARCH are always answered from the mirror."),
	OPT_ENUM(jmap_expunge, enum gw_jmap_expunge, .def = "destroy", .words = expunge_words, .group = GW_GROUP_STORE, .flags = GW_OPT_OF_SERVER,
		.reload = GW_RESTART, .since = OURS,
		.brief = "What EXPUNGE does on a JMAP server with a message that is in no other mailbox",
		.doc = "destroy: it is gone, as IMAP has it. trash: it goes to the mailbox with the role trash, unless that is where it "
		       "is."),

	/* ---- process ---- */
	OPT_STRING(run_as_user, .def = "", .ship = "gateway", .group = GW_GROUP_PROCESS, .reload = GW_RESTART,
		.since = "8.0",
		.brief = "User that the daemon becomes once its sockets are open",
		.doc = "A name or a number. Empty: it stays what it was started as."),
	OPT_STRING(run_as_group, .def = "", .ship = "gateway", .group = GW_GROUP_PROCESS, .reload = GW_RESTART,
		.since = "8.0",
		.brief = "Group that the daemon becomes once its sockets are open",
		.doc = "A name or a number. Empty: the login group of `run_as_user`, if that is set."),
	OPT_PATH(pid_file, .def = "/var/run/kopano/gateway.pid", .ship = "/run/gateway/gateway.pid",
		.group = GW_GROUP_PROCESS, .reload = GW_RESTART, .since = "8.0",
		.brief = "File for the process id",
		.doc = "Written at start and removed at exit. Empty: none is written."),
	OPT_PATH(running_path, .def = "/", .ship = "/var/lib/gateway", .group = GW_GROUP_PROCESS, .reload = GW_RESTART,
		.flags = GW_OPT_DIRECTORY, .since = "8.0",
		.brief = "Working directory of the daemon",
		.doc = "Core dumps are written here. Empty is the same as `/`."),
	OPT_PATH(tmp_path, .def = "/tmp", .group = GW_GROUP_PROCESS, .reload = GW_NEXT, .flags = GW_OPT_DIRECTORY,
		.since = "8.0",
		.example = "/var/tmp",
		.brief = "Directory for temporary files",
		.doc = "Used for work that does not fit into memory, such as the conversion of messages of a storage server. "
		       "The embedded store has its files all in its own directory."),
	OPT_ENUM(coredump_enabled, enum gw_coredump, .def = "systemdefault", .words = coredump_words,
		.group = GW_GROUP_PROCESS, .reload = GW_RESTART, .flags = GW_OPT_OLD_NOT_NO, .since = "8.0",
		.brief = "Allow core dumps",
		.doc = "`systemdefault` leaves the limit as it was at the start. A core dump holds passwords and mail of the "
		       "users: keep `running_path` closed to others."),
	OPT_ENUM(process_model, enum gw_process_model, .def = "thread", .words = process_words,
		.group = GW_GROUP_PROCESS, .reload = GW_RESTART, .flags = GW_OPT_OLD_THREAD, .since = "8.0",
		.brief = "How sessions share the machine",
		.doc = "`thread`: all sessions in one process, on a few event loops and workers. `fork`: one process a "
		       "connection; a crash ends one session only, for more memory and slower logins."),
	OPT_UINT(worker_threads, .def = "0", .max = 1024, .group = GW_GROUP_PROCESS, .reload = GW_RESTART, .since = OURS,
		.example = "16",
		.brief = "Threads that work on the store",
		.doc = "0 chooses by the number of processors. Not used with `process_model = fork`."),
	OPT_UINT(loop_threads, .def = "0", .max = 256, .group = GW_GROUP_PROCESS, .reload = GW_RESTART, .since = OURS,
		.example = "4",
		.brief = "Threads that talk to clients",
		.doc = "0 chooses by the number of processors. Not used with `process_model = fork`."),
	OPT_UINT(auth_threads, .def = "0", .max = 256, .group = GW_GROUP_PROCESS, .reload = GW_RESTART, .since = OURS,
		.example = "4",
		.brief = "Threads that check passwords",
		.doc = "Checking a password costs processor time on purpose; these threads bound how much of it logins may "
		       "take. 0 chooses by the number of processors. Not used with `process_model = fork`."),
	OPT_SECONDS(shutdown_timeout, .def = "10", .max = 3600, .group = GW_GROUP_PROCESS, .reload = GW_LIVE, .since = OURS,
		.brief = "How long running commands may take to finish when the daemon stops",
		.doc = "Afterwards connections are cut."),

	/* ---- control socket ---- */
	OPT_PATH(control_socket, .def = "/run/gateway/control.sock", .max = SUN_PATH_MAX, .group = GW_GROUP_CONTROL,
		.reload = GW_RESTART, .since = OURS,
		.brief = "UNIX socket on which the daemon takes orders of gwctl(8)",
		.doc = "The daemon does not start when everybody may write to the directory and it has no sticky bit, nor when "
		       "it cannot tell whether another process listens there. Empty switches it off."),
	OPT_MODE(control_socket_mode, .def = "0660", .max = 0777, .group = GW_GROUP_CONTROL, .reload = GW_RESTART,
		.since = OURS,
		.example = "0600",
		.brief = "Permissions of the control socket",
		.doc = "Three or four octal digits."),
	OPT_STRING(control_socket_group, .def = "", .group = GW_GROUP_CONTROL, .reload = GW_RESTART, .since = OURS,
		.example = "mail",
		.brief = "Group of the control socket",
		.doc = "Members may use gwctl(8) as far as the permissions allow, as operators. Empty: the group of the daemon."),
	OPT_LISTEN(metrics_listen, .def = "127.0.0.1:9143", .group = GW_GROUP_CONTROL, .flags = GW_OPT_SET_COUNTS, .reload = GW_RESTART,
		.since = OURS,
		.example = "127.0.0.1:9143 unix:/run/gateway/metrics.sock",
		.brief = "Where metrics are served over HTTP",
		.doc = "A list as in `imap_listen`. `/metrics` has all metrics in the OpenMetrics format, for Prometheus and others; `/healthz` "
		       "answers 200 while the daemon works, `/readyz` while it takes connections, else 503 and the reason. There is no TLS and "
		       "no password: keep it to this machine. When the option is not set and the default address is taken, "
		       "the daemon starts without. Empty switches it off."),
	OPT_WORDS(control_admins, .def = "", .group = GW_GROUP_CONTROL, .reload = GW_LIVE, .since = OURS,
		.example = "anna @mailadmins",
		.brief = "Who may order everything on the control socket",
		.doc = "A blank-separated list of users of this machine and, with `@` in front, groups. They must be able to "
		       "open the socket, see `control_socket_mode` and `control_socket_group`. Root and the user of the daemon are "
		       "admins always."),
	OPT_WORDS(control_operators, .def = "", .group = GW_GROUP_CONTROL, .reload = GW_LIVE, .since = OURS,
		.example = "@helpdesk",
		.brief = "Who may keep the service running with orders on the control socket",
		.doc = "A list as in `control_admins`. Operators reload, drain and end sessions, but change no accounts and no "
		       "mail. Members of `control_socket_group` are operators too. Everybody else who can open the socket may only "
		       "look."),

	/* ---- IMAP ---- */
	OPT_BOOL(imap_only_mailfolders, .def = "yes", .group = GW_GROUP_IMAP, .reload = GW_NEXT,
		.flags = GW_OPT_OLD_NOT_NO, .since = "8.0",
		.brief = "Show only folders that hold mail",
		.doc = "With no, folders of calendars, contacts, tasks and notes are listed too, marked \\Noselect. "
		       "The embedded store has no such folders."),
	OPT_BOOL(imap_public_folders, .def = "yes", .group = GW_GROUP_IMAP, .reload = GW_NEXT,
		.flags = GW_OPT_OLD_NOT_NO, .since = "8.0",
		.brief = "Show the public folders",
		.doc = "They appear below the mailbox `Public folders`."),
	OPT_BOOL(imap_shared_accounts, .def = "yes", .group = GW_GROUP_IMAP, .flags = GW_OPT_OF_SERVER, .reload = GW_NEXT, .since = OURS,
		.brief = "Show what other users share",
		.doc = "Accounts for mail that a JMAP server shows to a user besides his own appear below the mailbox `Other Users`, each "
		       "under its name, and in the answer to NAMESPACE. At most 100 of them. The embedded store has none."),
	OPT_BOOL(imap_capability_idle, .def = "yes", .group = GW_GROUP_IMAP, .reload = GW_NEXT, .flags = GW_OPT_OLD_YES,
		.since = "8.0",
		.brief = "Let clients wait for news (RFC 2177)",
		.doc = "With no, IDLE is not announced and refused."),
	OPT_SIZE(imap_max_messagesize, .def = "128M", .min = 1, .max = GIB(4) - 1, .group = GW_GROUP_IMAP,
		.reload = GW_NEXT, .flags = GW_OPT_OLD_SIZE, .since = "8.0",
		.brief = "Largest message a client may store with APPEND",
		.doc = "Announced as APPENDLIMIT (RFC 7889). A larger message is refused before it is read."),
	OPT_UINT(imap_message_limit, .def = "0", .max = UINT32_MAX, .group = GW_GROUP_IMAP, .reload = GW_NEXT, .since = OURS,
		.example = "100000",
		.brief = "Messages that one command may process (RFC 9738)",
		.doc = "Announced as MESSAGELIMIT. FETCH, SEARCH, STORE, MOVE and UID EXPUNGE process that many messages, those with the "
		       "highest UIDs, and their reply tells where the client has to go on. A client that does not know of it takes the "
		       "part for the whole: no mailbox should have more messages unless all clients know it. 0 is no limit."),
	OPT_UINT(imap_save_limit, .def = "0", .max = UINT32_MAX, .group = GW_GROUP_IMAP, .reload = GW_NEXT, .since = OURS,
		.example = "100000",
		.brief = "Messages that one COPY or APPEND may save (RFC 9738)",
		.doc = "Announced as SAVELIMIT; a command with more of them is refused. Less than `imap_message_limit` counts as that. "
		       "0 is no limit; APPEND takes 1000 messages at most."),
	OPT_BOOL(imap_expunge_on_delete, .def = "no", .group = GW_GROUP_IMAP, .reload = GW_NEXT,
		.flags = GW_OPT_OLD_NOT_NO, .since = "8.0",
		.brief = "Remove messages as soon as they are marked as deleted",
		.doc = "After a STORE that sets \\Deleted the mailbox is expunged at once: with UID STORE the messages of its "
		       "set, with STORE all that carry the flag. Since STORE itself must not tell of it (RFC 3501 7.4.1), "
		       "the client learns of it with its next command."),
	OPT_UINT(imap_max_fail_commands, .def = "10", .max = INT32_MAX, .group = GW_GROUP_IMAP,
		.reload = GW_NEXT, .flags = GW_OPT_MINUS, .since = "8.0",
		.example = "20",
		.brief = "Failed commands in a row after which a client is disconnected",
		.doc = "Counts tagged answers other than OK, but for those with UNAVAILABLE or EXPUNGEISSUED; an OK starts again at zero. "
		       "0 and -1 are no limit."),
	OPT_BOOL(imap_ignore_command_idle, .def = "no", .group = GW_GROUP_IMAP, .reload = GW_NEXT,
		.flags = GW_OPT_OLD_NOT_NO, .since = "8.3",
		.brief = "Ignore commands that a client sends while it idles",
		.doc = "With no, such a command ends IDLE with an error, as RFC 2177 demands of the client to send DONE first."),
	OPT_WORDS(imap_admins, .def = "", .group = GW_GROUP_IMAP, .flags = GW_OPT_OF_LOCAL, .reload = GW_NEXT, .since = OURS,
		.example = "anna postmaster",
		.brief = "Who may set the limits of other users over IMAP",
		.doc = "A blank-separated list of users of the embedded store. They are told of the capability QUOTASET (RFC 9208), and may "
		       "ask for and set the limits of each account with GETQUOTA and SETQUOTA; its quota root is `user/` and the "
		       "name of the user. To everybody else SETQUOTA is refused."),
	OPT_BOOL(imap_utf8_only, .def = "no", .group = GW_GROUP_IMAP, .reload = GW_NEXT, .since = OURS,
		.brief = "Serve only clients that take UTF-8 as it is",
		.doc = "UTF8=ONLY is announced in place of UTF8=ACCEPT (RFC 6855), and what may have names or messages in it is refused "
		       "until the client has said ENABLE UTF8=ACCEPT. Clients that do not know of it can do nothing then."),
	OPT_WORDS(imap_capabilities, .def = "", .group = GW_GROUP_IMAP, .reload = GW_NEXT, .since = OURS,
		.example = "-CONDSTORE -MOVE",
		.brief = "Capabilities to switch off, or on",
		.doc = "Names of the CAPABILITY answer with a minus in front, separated by blanks, for example "
		       "`-CONDSTORE -MOVE`. They are not announced, and what belongs to them is refused. In place of LITERAL+ "
		       "comes LITERAL-, with which a client may send at most 4096 octets without waiting. IMAP4rev1 cannot be "
		       "switched off. `+OBJECTID+` switches on what is not a standard yet "
		       "(draft-ietf-mailmaint-imap-objectid-bis)."),
	OPT_SECONDS(imap_timeout, .def = "1800", .min = 1, .max = DAYS(7), .group = GW_GROUP_IMAP, .reload = GW_NEXT,
		.since = OURS,
		.brief = "How long a logged-in IMAP client may be silent",
		.doc = "RFC 9051 asks for at least 30 minutes."),

	/* ---- POP3 ---- */
	OPT_BOOL(pop3_lock_maildrop, .def = "yes", .group = GW_GROUP_POP3, .reload = GW_NEXT, .since = OURS,
		.brief = "Let only one POP3 session at a time into an inbox",
		.doc = "As RFC 1939 wants it: a second login is refused with the response code IN-USE. With no, several "
		       "sessions may be open; each keeps the list of messages it began with."),
	OPT_ENUM(pop3_uidl_format, enum gw_uidl_format, .def = "gateway", .words = uidl_words, .group = GW_GROUP_POP3,
		.reload = GW_NEXT, .since = OURS,
		.example = "dovecot",
		.brief = "How POP3 names messages, so that clients know them again after a migration",
		.doc = "A name that was brought with a message by an import counts before any format. Others are made of UIDVALIDITY "
		       "v and UID u of the inbox, so they fit those of another server only when the import kept both. `gateway`: both "
		       "in 16 hexadecimal digits, v first. `dovecot`: u first, as its pop3_uidl_format `%08Xu%08Xv`. `cyrus`: v.u. "
		       "`cyrus-courier`: v-u, what Cyrus calls courier. `uidonly`: u, which needs no v. `courier`: UIDu-v. `courier-old`: "
		       "UIDu. A name that is there already gets a new one with a tilde at its end. `kopano`: as `gateway`, but names that "
		       "were brought may have 96 octets as those of kopano-gateway, where RFC 1939 allows 70; its storage server makes "
		       "them, so bring them with `gwctl pop3 uidl-import`, or clients fetch mail that was left on the server once more. "
		       "Compare with `gwctl pop3 uidl-diff` before clients come."),
	OPT_ENUM(pop3_delete, enum gw_pop3_delete, .def = "expunge", .words = delete_words, .group = GW_GROUP_POP3,
		.reload = GW_NEXT, .since = OURS,
		.example = "trash",
		.brief = "What becomes of messages that a POP3 client deletes",
		.doc = "`expunge`: they are removed. `flag`: they get the flag \\Deleted and stay until an IMAP client expunges them; "
		       "POP3 does not show them any more. `trash`: they are moved to the mailbox for trash, which is made when there is "
		       "none. It happens at QUIT, for all of them or for none; when it cannot be done, QUIT says so."),
	OPT_BOOL(pop3_set_seen, .def = "no", .group = GW_GROUP_POP3, .reload = GW_NEXT, .since = OURS,
		.brief = "Mark messages as read that a POP3 client fetched",
		.doc = "With yes, what RETR sent whole gets the flag \\Seen at the end of the session. TOP marks nothing."),
	OPT_WORDS(pop3_client_workarounds, .def = "", .words = workaround_words, .group = GW_GROUP_POP3, .reload = GW_NEXT,
		.since = OURS,
		.example = "outlook-no-nuls oe-ns-eoh",
		.brief = "Faults of old POP3 clients to be kind to",
		.doc = "A blank-separated list. `outlook-no-nuls`: Outlook hangs at octets of 0; they are sent as octets of 128. "
		       "`oe-ns-eoh`: Outlook Express and Netscape Mail wait for the end of a header that has none; an empty line is sent "
		       "behind it."),
	OPT_SECONDS(pop3_login_delay, .def = "0", .max = DAYS(1), .group = GW_GROUP_POP3, .reload = GW_NEXT, .since = OURS,
		.example = "60",
		.brief = "How long a POP3 client must wait between two logins of a user",
		.doc = "Announced as LOGIN-DELAY (RFC 2449). Who comes sooner is refused with the response code LOGIN-DELAY, after the "
		       "password was found right. 0: no delay."),
	OPT_UINT(pop3_login_burst, .def = "1", .min = 1, .max = 1000, .group = GW_GROUP_POP3, .reload = GW_NEXT, .since = OURS,
		.example = "3",
		.brief = "How many logins a POP3 user has saved up after a while",
		.doc = "Each `pop3_login_delay` without a login saves one, up to this number: a user with several devices may then come "
		       "that often at once. With 1, every login waits for its time."),
	OPT_UINT(pop3_expire, .def = "0", .max = 36500, .group = GW_GROUP_POP3, .reload = GW_NEXT, .since = OURS,
		.example = "30",
		.brief = "After how many days mail may vanish from an inbox without the client's doing",
		.doc = "Announced as EXPIRE (RFC 2449), so that POP3 clients that leave mail on the server can warn. The gateway removes "
		       "nothing by itself: say here what another program or the storage server does. 0: mail stays, EXPIRE NEVER."),
	OPT_BOOL(pop3_implementation_early, .def = "no", .group = GW_GROUP_POP3, .reload = GW_NEXT, .since = OURS,
		.brief = "Tell POP3 clients before login which program this is",
		.doc = "IMPLEMENTATION (RFC 2449) of CAPA is told after login; with yes before it too."),
	OPT_SECONDS(pop3_timeout, .def = "600", .min = 1, .max = DAYS(7), .group = GW_GROUP_POP3, .reload = GW_NEXT,
		.since = OURS,
		.brief = "How long a logged-in POP3 client may be silent",
		.doc = "RFC 1939 asks for at least 10 minutes; kopano-gateway disconnected after 5. Nothing is deleted when a "
		       "session ends this way."),

	/* ---- logging in ---- */
	OPT_BOOL(disable_plaintext_auth, .def = "no", .group = GW_GROUP_LOGIN, .reload = GW_NEXT, .flags = GW_OPT_OLD_YES,
		.since = "8.0",
		.brief = "Refuse passwords on connections without TLS",
		.doc = "Does not count for clients on this machine, that is, on any of its own addresses. Clients are told "
		       "with LOGINDISABLED."),
	OPT_WORDS(auth_mechanisms, .def = "PLAIN LOGIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS", .words = mechanism_words,
		.group = GW_GROUP_LOGIN, .reload = GW_NEXT, .since = OURS,
		.example = "SCRAM-SHA-256 SCRAM-SHA-256-PLUS PLAIN",
		.brief = "Mechanisms of AUTHENTICATE and AUTH",
		.doc = "A blank-separated list. The plain ones are not offered where `disable_plaintext_auth` forbids them; "
		       "SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677) needs TLS. EXTERNAL takes the user from a verified certificate, see "
		       "`ssl_verify_client`. OAUTHBEARER (RFC 7628) and the older XOAUTH2 take an access token (RFC 6750) instead of "
		       "a password and pass it on to the storage server, which must be a JMAP server; the server says whose it "
		       "is. They are offered inside TLS and to clients of this machine only. Empty leaves LOGIN and USER with "
		       "PASS."),
	OPT_SECONDS(auth_cache_ttl, .def = "300", .max = DAYS(1), .group = GW_GROUP_LOGIN, .reload = GW_RESTART,
		.since = OURS,
		.brief = "How long a verified password is remembered",
		.doc = "Only a keyed hash is kept, in memory; changing a password forgets it. 0 checks every login in full."),
	OPT_UINT(max_auth_failures, .def = "5", .min = 1, .max = 1000, .group = GW_GROUP_LOGIN, .reload = GW_NEXT,
		.since = OURS,
		.example = "3",
		.brief = "Wrong passwords after which a connection is closed",
		.doc = "Counted for each connection."),
	OPT_UINT(auth_delay_after, .def = "5", .min = 1, .max = 1000, .group = GW_GROUP_LOGIN, .reload = GW_NEXT,
		.since = OURS,
		.example = "3",
		.brief = "Failed logins from an address that are answered at once",
		.doc = "From there on the answer to each login from this address, right or wrong, comes later: after 1, 2, 4 "
		       "seconds and so on, up to `auth_delay_max`. For IPv6 the network of 64 bits counts as one address. A user "
		       "who has signed on from the address before waits for failures with his own name only, so that somebody "
		       "who mistypes a password does not hold up the others behind the same router. Counted across "
		       "connections, in memory; `gwctl penalty list` shows it."),
	OPT_SECONDS(auth_delay_max, .def = "15", .max = 60, .group = GW_GROUP_LOGIN, .reload = GW_NEXT, .since = OURS,
		.brief = "Longest delay of the answer to a login",
		.doc = "0 answers always at once. Nothing but the connection itself waits."),
	OPT_SECONDS(auth_forget, .def = "600", .min = 1, .max = DAYS(7), .group = GW_GROUP_LOGIN, .reload = GW_NEXT,
		.since = OURS,
		.brief = "Time in which half of the failed logins of an address is forgotten",
		.doc = "Counts from the last failure."),
	OPT_UINT(ban_after, .def = "0", .max = 10000, .group = GW_GROUP_LOGIN, .reload = GW_NEXT, .since = OURS,
		.example = "50",
		.brief = "Failed logins after which an address is shut out for `ban_time`",
		.doc = "It is counted as for `auth_delay_after`, and connections of the address are refused before anything "
		       "else. 0 shuts nobody out by itself, which is the default: an address may stand for many people, and "
		       "one telephone with an old password would shut out all of them. `gwctl ban add` does it by hand, and "
		       "programs that watch the log can."),
	OPT_SECONDS(ban_time, .def = "900", .min = 1, .max = DAYS(365), .group = GW_GROUP_LOGIN, .reload = GW_NEXT,
		.since = OURS,
		.brief = "How long an address is shut out by `ban_after`",
		.doc = "Also how long `gwctl ban add` shuts out when it is not told."),
	OPT_WORDS(trusted_networks, .def = "127.0.0.0/8 ::1", .group = GW_GROUP_LOGIN, .reload = GW_NEXT, .since = OURS,
		.example = "127.0.0.0/8 ::1 192.0.2.10",
		.brief = "Networks whose failed logins bring neither delays nor bans",
		.doc = "A blank-separated list of addresses and networks, those of webmail and proxies: all their users come "
		       "from one address. Clients on UNIX sockets are trusted always."),
	OPT_SECONDS(login_timeout, .def = "60", .min = 1, .max = DAYS(1), .group = GW_GROUP_LOGIN, .reload = GW_NEXT,
		.since = OURS,
		.brief = "How long a client may be silent before it has logged in",
		.doc = "The TLS handshake counts too."),

	/* ---- TLS ---- */
	OPT_PATH(ssl_private_key_file, .def = "/etc/kopano/gateway/privkey.pem", .ship = "/etc/gateway/privkey.pem",
		.group = GW_GROUP_TLS, .reload = GW_NEXT, .since = "8.0",
		.brief = "Private key for TLS",
		.doc = "A PEM file without a pass phrase. It must be readable by `run_as_user`, since a reload opens it again."),
	OPT_PATH(ssl_certificate_file, .def = "/etc/kopano/gateway/cert.pem", .ship = "/etc/gateway/cert.pem",
		.group = GW_GROUP_TLS, .reload = GW_NEXT, .since = "8.0",
		.brief = "Certificate for TLS",
		.doc = "A PEM file with the certificate of the server first, then those that lead to a known authority. While "
		       "the file or its key does not exist there is no TLS: the services inside TLS stay off until the daemon is "
		       "started again, the others go on without STARTTLS and STLS until a reload finds both. Files that exist "
		       "and cannot be used are an error. Once there is TLS, files that are replaced are taken within a minute, "
		       "without a reload."),
	OPT_WORDS(ssl_certificates, .def = "", .group = GW_GROUP_TLS, .reload = GW_NEXT, .since = OURS,
		.example = "/etc/gateway/b.pem:/etc/gateway/b.key",
		.brief = "More certificates, chosen by the name the client asks for (SNI)",
		.doc = "A blank-separated list of `cert.pem:key.pem`. The pair of `ssl_certificate_file` serves clients that "
		       "ask for no name or an unknown one."),
	OPT_BOOL(ssl_verify_client, .def = "no", .group = GW_GROUP_TLS, .reload = GW_NEXT, .flags = GW_OPT_OLD_YES,
		.since = "8.0",
		.brief = "Demand a certificate of the client",
		.doc = "It must lead to an authority of `ssl_verify_file` or `ssl_verify_path`; a handshake without fails."),
	OPT_PATH(ssl_verify_file, .def = "", .group = GW_GROUP_TLS, .reload = GW_NEXT, .since = "8.0",
		.example = "/etc/gateway/clients-ca.pem",
		.brief = "Authorities for the certificates of clients",
		.doc = "A PEM file with one or more certificates."),
	OPT_PATH(ssl_verify_path, .def = "", .group = GW_GROUP_TLS, .reload = GW_NEXT, .flags = GW_OPT_DIRECTORY,
		.since = "8.0",
		.example = "/etc/ssl/certs",
		.brief = "Directory of authorities for the certificates of clients",
		.doc = "PEM files under their hash names, see openssl-rehash(1ssl)."),
	OPT_ENUM(tls_min_proto, enum gw_tls_version, .def = "tls1.2", .words = tls_words, .group = GW_GROUP_TLS,
		.flags = GW_OPT_SET_COUNTS, .reload = GW_NEXT, .since = "9.0",
		.example = "tls1.3",
		.brief = "Oldest version of TLS that is spoken",
		.doc = "Everything before tls1.2 is obsolete (RFC 8996), and the TLS library of this system may refuse it."),
	OPT_WORDS(ssl_protocols, .def = "", .group = GW_GROUP_TLS, .reload = GW_NEXT, .since = "8.0",
		.example = "!SSLv3 !TLSv1 !TLSv1.1",
		.brief = "Versions of TLS, in the older form",
		.doc = "A blank-separated list of `SSLv3`, `TLSv1`, `TLSv1.1`, `TLSv1.2`, `TLSv1.3`, each with an optional `!` "
		       "in front. With a word without `!` only the named versions are spoken, and always TLS 1.3 unless it is "
		       "excluded; otherwise all but the excluded ones, so `!SSLv3` alone allows TLS 1.0. `SSLv2` is never "
		       "spoken. Gaps are not possible: versions below a gap are off.\n\n"
		       "Counts only when `tls_min_proto` is not set. Empty: `tls_min_proto` decides."),
	OPT_STRING(ssl_ciphers, .def = "ALL:!LOW:!SSLv2:!EXP:!aNULL", .group = GW_GROUP_TLS, .reload = GW_NEXT,
		.since = "8.0",
		.example = "HIGH:!aNULL:!kRSA",
		.brief = "Ciphers for TLS 1.2 and older",
		.doc = "A list as in openssl-ciphers(1ssl)."),
	OPT_STRING(ssl_curves, .def = "X25519:P-521:P-384:P-256", .group = GW_GROUP_TLS, .reload = GW_NEXT, .since = "8.7",
		.example = "X25519:P-256",
		.brief = "Groups for the key exchange",
		.doc = "Names separated by colons, the preferred first."),
	OPT_BOOL(ssl_prefer_server_ciphers, .def = "no", .group = GW_GROUP_TLS, .reload = GW_NEXT,
		.flags = GW_OPT_OLD_NOT_NO, .since = "8.0",
		.brief = "Choose the cipher in our order instead of the client's",
		.doc = "The order is that of `ssl_ciphers`."),

	/* ---- limits ---- */
	OPT_UINT(max_connections, .def = "10000", .min = 1, .max = 1000000, .group = GW_GROUP_LIMITS, .reload = GW_RESTART,
		.since = OURS,
		.example = "2000",
		.brief = "Connections at the same time",
		.doc = "Further clients are told to come back later."),
	OPT_UINT(max_connections_per_address, .def = "100", .max = 1000000, .group = GW_GROUP_LIMITS, .reload = GW_LIVE,
		.since = OURS,
		.example = "20",
		.brief = "Connections at the same time from one address",
		.doc = "For IPv6 the network of 64 bits counts as one address. The machine's own addresses are not limited: "
		       "webmail and proxies come from there. 0 is no limit."),
	OPT_UINT(max_connections_per_user, .def = "100", .max = 1000000, .group = GW_GROUP_LIMITS, .reload = GW_LIVE,
		.since = OURS,
		.example = "10",
		.brief = "Sessions at the same time of one user",
		.doc = "0 is no limit."),
	OPT_SIZE(max_line_prelogin, .def = "32K", .min = KIB(1), .max = MIB(1), .group = GW_GROUP_LIMITS, .reload = GW_NEXT,
		.since = OURS,
		.brief = "Longest command line before login",
		.doc = "Without literals. A longer line is refused. An access token of 8192 bytes in AUTHENTICATE needs "
		       "about 12K, the longest ID that a client may send (30 fields with values of 1024 bytes, RFC 2971) 32K."),
	OPT_SIZE(max_line, .def = "64K", .min = KIB(1), .max = MIB(16), .group = GW_GROUP_LIMITS, .reload = GW_NEXT,
		.since = OURS,
		.brief = "Longest command line after login",
		.doc = "Without literals. A longer line is refused. RFC 7162 asks for at least 8192 bytes."),
	OPT_SIZE(max_literal_prelogin, .def = "4K", .min = 64, .max = MIB(1), .group = GW_GROUP_LIMITS,
		.reload = GW_NEXT, .since = OURS,
		.brief = "Largest literal before login",
		.doc = "User names, passwords and answers of AUTHENTICATE."),
	OPT_SIZE(max_literal, .def = "64K", .min = 64, .max = MIB(64), .group = GW_GROUP_LIMITS, .reload = GW_NEXT,
		.since = OURS,
		.brief = "Largest literal after login, except messages",
		.doc = "Messages have `imap_max_messagesize`."),
	OPT_SIZE(max_session_memory, .def = "16M", .min = KIB(256), .max = GIB(4), .group = GW_GROUP_LIMITS,
		.reload = GW_NEXT, .since = OURS,
		.brief = "Memory that the commands of one session may hold",
		.doc = "Counts for the commands of IMAP that are read and not yet done. One that needs more is refused with "
		       "the response code LIMIT (RFC 5530). Messages are passed through and do not count."),
	OPT_SIZE(imap_sort_memory, .def = "128M", .min = MIB(1), .max = GIB(4), .group = GW_GROUP_LIMITS,
		.reload = GW_NEXT, .since = OURS,
		.brief = "Memory that SORT and THREAD of one session may take while they work",
		.doc = "About 80 bytes a message: 128M is enough for a mailbox of a million. It is given back before the answer is "
		       "sent, except 4 bytes a message, with THREAD 60. A command that needs more is refused with the response "
		       "code LIMIT (RFC 5530)."),
	OPT_SECONDS(write_timeout, .def = "120", .min = 1, .max = DAYS(1), .group = GW_GROUP_LIMITS, .reload = GW_NEXT,
		.since = OURS,
		.brief = "How long a client may leave an answer unread",
		.doc = "It is disconnected when it takes no byte for this long."),

	/* ---- log ---- */
	OPT_ENUM(log_method, enum gw_log_method, .def = "file", .words = log_method_words, .group = GW_GROUP_LOG,
		.reload = GW_RESTART, .flags = GW_OPT_NOT_EMPTY, .since = "8.0",
		.brief = "Where the log goes",
		.doc = "`file`: to `log_file`. `syslog`: to the system log, facility mail. `auto`: to `log_file` if a file sets "
		       "it, else to standard error when that is a terminal or there is no system log, else to the system log."),
	OPT_PATH(log_file, .def = "/var/log/kopano/gateway.log", .ship = "/var/log/gateway/gateway.log",
		.group = GW_GROUP_LOG, .reload = GW_RESTART, .flags = GW_OPT_DASH | GW_OPT_SET_COUNTS, .since = "8.0",
		.brief = "File for the log",
		.doc = "`-` is standard error. Empty is the same as not set, for `log_method = auto`; `log_method = file` needs a "
		       "name."),
	OPT_ENUM(log_format, enum gw_log_shape, .def = "text", .words = log_format_words, .group = GW_GROUP_LOG,
		.reload = GW_RESTART, .since = OURS,
		.brief = "Form of the lines of the log",
		.doc = "`text`: the lines that tools for kopano-gateway match. `json`: one JSON object a line. gateway-events(7) "
		       "lists the events with their sentences and fields."),
	OPT_UINT(log_level, .def = "2", .ship = "4", .max = 6, .group = GW_GROUP_LOG, .reload = GW_LIVE,
		.flags = GW_OPT_NOT_EMPTY, .since = "8.0",
		.brief = "How much is logged",
		.doc = "0 nothing, 1 critical, 2 errors, 3 warnings, 4 notices such as logins, 5 information, 6 for debugging."),
	OPT_SECONDS(slow_command_time, .def = "5", .max = DAYS(1), .group = GW_GROUP_LOG, .reload = GW_NEXT, .since = OURS,
		.brief = "Commands that take longer are logged as warnings",
		.doc = "Counted is the time that the service takes: not waiting for the client to send or read, nor IDLE. The "
		       "line tells how much of it went into the store. 0 logs none."),
	OPT_BOOL(log_timestamp, .def = "yes", .group = GW_GROUP_LOG, .reload = GW_RESTART, .flags = GW_OPT_OLD_NOT_NO,
		.since = "8.0",
		.brief = "Begin each line of the log with date and time",
		.doc = "Only for files and standard error."),
	OPT_SIZE(log_buffer_size, .def = "0", .max = MIB(16), .group = GW_GROUP_LOG, .reload = GW_RESTART, .since = "8.0",
		.example = "64K",
		.brief = "Bytes of log that may wait before they are written",
		.doc = "0 writes each line at once. Warnings and worse are always written at once, with what waits."),

	/* ---- old ---- */
	OPT_ENUM(html_safety_filter, unsigned, .def = "no", .words = filter_words, .group = GW_GROUP_OLD,
		.reload = GW_NEXT, .flags = GW_OPT_OLD_YES, .since = "8.4",
		.brief = "Take scripts out of HTML that is made from messages of a storage server",
		.doc = "Counts only for stores that make messages; the embedded store gives back what it was given."),
	OPT_RETIRED(imap_always_generate, .since = "8.0",
		.brief = "Never had an effect", .doc = "Messages are never generated anew."),
	OPT_RETIRED(imap_cache_folders_time_limit, .since = "8.3",
		.brief = "Folder lists are always fresh", .doc = "The folder list is not cached; it is always current."),
	OPT_RETIRED(imap_generate_utf8, .since = "8.0",
		.brief = "Messages stay as they are", .doc = "The character set of a message is never changed."),
	OPT_RETIRED(imap_store_rfc822, .since = "8.0",
		.brief = "Messages are always kept", .doc = "The original of a message is always kept."),
	OPT_RETIRED(socketspec, .since = "8.7",
		.brief = "Both forms of listeners are always read", .doc = "See `imap_listen`."),
};

#define ROWS (sizeof rows / sizeof *rows)
_Static_assert(ROWS <= CONFIG_ROWS_MAX, "raise CONFIG_ROWS_MAX");

size_t gw_option_count(void)
{
	return ROWS;
}

const struct gw_option *gw_option_at(size_t i)
{
	return &rows[i];
}

size_t config_row(const struct gw_option *opt)
{
	return (size_t)(opt - rows);
}

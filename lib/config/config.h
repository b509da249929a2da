/* config.h - gateway.cfg: the options, their snapshot, and everything that is wrong with a file
 *
 * Reading a configuration makes a `struct gw_config`: one member an option, typed and checked, immutable once it is
 * handed out and shared by reference count. The rows of options.c (option.h) say everything about an option; this
 * header only names the members. Whatever is wrong goes to a list (diag.h), so that one run shows all of it.
 *
 * The library reads files through callbacks and the environment through another; it never prints. Files are read in
 * pieces: memory does not grow with their size.
 * Thread: a snapshot may be read, ref'd and unref'd by any thread; loading belongs to one thread. */
#ifndef GW_CONFIG_CONFIG_H
#define GW_CONFIG_CONFIG_H

#include "config/diag.h"
#include "config/option.h"
#include "util/err.h"
#include "util/lang.h"
#include "util/slice.h"

struct gw_buf;
struct config_state;

enum gw_service { GW_SERVICE_POP3, GW_SERVICE_POP3S, GW_SERVICE_IMAP, GW_SERVICE_IMAPS, GW_SERVICE_METRICS };
#define GW_SERVICE_COUNT 4 /* those that serve mail */
#define GW_LISTEN_COUNT 5  /* those that listen */

enum gw_process_model { GW_PROCESS_THREAD, GW_PROCESS_FORK };
enum gw_impersonate { GW_IMPERSONATE_NONE, GW_IMPERSONATE_AUTHORIZE_AS, GW_IMPERSONATE_LOGIN };
enum gw_jmap_search { GW_JMAP_SEARCH_MIRROR, GW_JMAP_SEARCH_SERVER };
enum gw_jmap_expunge { GW_JMAP_EXPUNGE_DESTROY, GW_JMAP_EXPUNGE_TRASH };
/* How POP3 names a message that brought no name with it (store/uidl.h). */
enum gw_uidl_format {
	GW_UIDL_GATEWAY,
	GW_UIDL_DOVECOT,
	GW_UIDL_CYRUS,
	GW_UIDL_UIDONLY,
	GW_UIDL_COURIER,
	GW_UIDL_COURIER_OLD,
	GW_UIDL_CYRUS_COURIER,
	GW_UIDL_KOPANO,
};
enum gw_pop3_delete { GW_POP3_DELETE_EXPUNGE, GW_POP3_DELETE_FLAG, GW_POP3_DELETE_TRASH };
enum gw_coredump { GW_COREDUMP_SYSTEM, GW_COREDUMP_OFF, GW_COREDUMP_ON };
enum gw_log_method { GW_METHOD_AUTO, GW_METHOD_FILE, GW_METHOD_SYSLOG };
enum gw_log_shape { GW_SHAPE_TEXT, GW_SHAPE_JSON };

/* Protocol versions with the numbers they have on the wire (and in OpenSSL). */
enum gw_tls_version {
	GW_TLS_ANY = 0,
	GW_TLS_SSL3 = 0x0300,
	GW_TLS_1_0 = 0x0301,
	GW_TLS_1_1 = 0x0302,
	GW_TLS_1_2 = 0x0303,
	GW_TLS_1_3 = 0x0304,
};

/* A blank-separated list of words. */
struct gw_words {
	const char *const *v;
	size_t n;
};

/* Is word in the list, without regard to ASCII case? */
bool gw_words_has(const struct gw_words *w, const char *word);

enum gw_listen_kind {
	GW_LISTEN_ANY,  /* every address of both families: an IPv6 wildcard socket that takes IPv4 too */
	GW_LISTEN_IPV4,
	GW_LISTEN_IPV6,
	GW_LISTEN_UNIX,
};

/* One listening socket, whichever dialect of the file asked for it. */
struct gw_listen {
	const char *text;       /* canonical: "*:143", "127.0.0.1:143", "[::1]%lo:143", "unix:/run/x" */
	enum gw_listen_kind kind;
	const char *address;    /* numeric, without brackets; "" for GW_LISTEN_ANY and GW_LISTEN_UNIX */
	unsigned char bytes[16]; /* the address in network order: 4 or 16 bytes */
	uint16_t port;          /* 1..65535; 0 for GW_LISTEN_UNIX */
	const char *interface;  /* tie the socket to this interface; "" for none */
	const char *path;       /* socket file of GW_LISTEN_UNIX; "" otherwise */
};

struct gw_listens {
	const struct gw_listen *v;
	size_t n; /* 0: the service is off */
};

struct gw_cert_pair {
	const char *cert; /* PEM chain */
	const char *key;  /* PEM private key */
};

/* Strings are never NULL, "" when empty, and owned by the snapshot. Sizes are bytes, times seconds. */
struct gw_config {
	/* services, as written; use .listen below */
	const char *server_bind;
	const char *server_hostname;
	bool server_hostname_greeting;
	enum gw_lang preferred_language;
	bool pop3_enable;
	unsigned pop3_port;
	bool pop3s_enable;
	unsigned pop3s_port;
	bool imap_enable;
	unsigned imap_port;
	bool imaps_enable;
	unsigned imaps_port;
	struct gw_words pop3_listen;
	struct gw_words pop3s_listen;
	struct gw_words imap_listen;
	struct gw_words imaps_listen;
	struct gw_words metrics_listen;

	/* where the mail is */
	const char *server_socket;
	bool bypass_auth;
	const char *public_account;
	uint64_t mail_quota;          /* 0: none */
	unsigned mail_quota_messages; /* 0: none */
	unsigned mail_quota_warning;  /* percent; 0: no warnings */
	unsigned max_mailboxes;

	/* a storage server behind HTTP */
	const char *mirror_path;
	uint64_t mirror_cache_size;
	bool mirror_offline;
	const char *state_database;   /* "": each mirror has its own */
	unsigned backend_timeout;
	unsigned backend_connect_timeout;
	unsigned backend_connections;
	const char *backend_ca_file;  /* "": those of the system */
	const char *backend_certificate_file;
	const char *backend_private_key_file;
	const char *backend_pin;
	const char *backend_proxy;
	const char *backend_unix_socket;
	const char *backend_user;     /* "": no service account */
	const char *backend_password_file;
	enum gw_impersonate backend_impersonate;
	const char *backend_impersonate_login;
	bool jmap_push;
	unsigned jmap_poll_interval;
	unsigned jmap_poll_interval_quiet;
	const char *jmap_access_url;
	enum gw_jmap_search jmap_search;
	enum gw_jmap_expunge jmap_expunge;

	/* the process */
	const char *run_as_user;
	const char *run_as_group;
	const char *pid_file;
	const char *running_path;
	const char *tmp_path;
	enum gw_coredump coredump_enabled;
	enum gw_process_model process_model;
	unsigned worker_threads; /* 0: automatic */
	unsigned loop_threads;   /* 0: automatic */
	unsigned auth_threads;   /* 0: automatic */
	unsigned shutdown_timeout;

	/* control socket */
	const char *control_socket; /* "": off */
	unsigned control_socket_mode;
	const char *control_socket_group;
	struct gw_words control_admins;    /* users and @groups */
	struct gw_words control_operators;

	/* IMAP */
	bool imap_only_mailfolders;
	bool imap_public_folders;
	bool imap_shared_accounts;
	bool imap_capability_idle;
	uint64_t imap_max_messagesize;
	unsigned imap_message_limit; /* 0: no limit */
	unsigned imap_save_limit;    /* 0: no limit */
	bool imap_expunge_on_delete;
	unsigned imap_max_fail_commands; /* 0: no limit */
	bool imap_ignore_command_idle;
	bool imap_utf8_only;
	struct gw_words imap_admins; /* users; SETQUOTA */
	struct gw_words imap_capabilities; /* "-NAME": neither announced nor obeyed; "+NAME": a draft that is */
	unsigned imap_timeout;

	/* POP3 */
	bool pop3_lock_maildrop;
	enum gw_uidl_format pop3_uidl_format;
	enum gw_pop3_delete pop3_delete;
	bool pop3_set_seen;
	struct gw_words pop3_client_workarounds;
	unsigned pop3_login_delay; /* seconds; 0: none */
	unsigned pop3_login_burst;
	unsigned pop3_expire; /* days; 0: never */
	bool pop3_implementation_early;
	unsigned pop3_timeout;

	/* logging in */
	bool disable_plaintext_auth;
	struct gw_words auth_mechanisms;
	unsigned auth_cache_ttl; /* 0: off */
	unsigned max_auth_failures;
	unsigned auth_delay_after;
	unsigned auth_delay_max; /* seconds; 0: no delays */
	unsigned auth_forget;
	unsigned ban_after;      /* 0: no bans by themselves */
	unsigned ban_time;
	struct gw_words trusted_networks;
	unsigned login_timeout;

	/* limits */
	unsigned max_connections;
	unsigned max_connections_per_address; /* 0: no limit */
	unsigned max_connections_per_user;    /* 0: no limit */
	uint64_t max_line_prelogin;
	uint64_t max_line;
	uint64_t max_literal_prelogin;
	uint64_t max_literal; /* of commands other than APPEND */
	uint64_t max_session_memory;
	uint64_t imap_sort_memory;
	unsigned write_timeout;

	/* TLS, as written; use .certs, .tls_min and .tls_max below for files and versions */
	const char *ssl_private_key_file;
	const char *ssl_certificate_file;
	struct gw_words ssl_certificates;
	bool ssl_verify_client;
	const char *ssl_verify_file;
	const char *ssl_verify_path;
	struct gw_words ssl_protocols;
	enum gw_tls_version tls_min_proto;
	const char *ssl_ciphers;
	const char *ssl_curves;
	bool ssl_prefer_server_ciphers;

	/* log */
	enum gw_log_method log_method;
	enum gw_log_shape log_format;
	const char *log_file;
	unsigned log_level;
	bool log_timestamp;
	unsigned slow_command_time; /* seconds; 0: none is slow */
	uint64_t log_buffer_size;

	/* accepted for old files */
	unsigned html_safety_filter;

	/* derived: what the options above mean together */
	struct gw_listens listen[GW_LISTEN_COUNT];
	const struct gw_cert_pair *certs; /* first the pair of ssl_certificate_file, then ssl_certificates */
	size_t n_certs;
	enum gw_tls_version tls_min;
	enum gw_tls_version tls_max; /* GW_TLS_ANY: the highest known */

	struct config_state *state; /* private */
};

/* What serves the mail behind a server_socket: "local", "mem", "jmap" (http:// and https://, jmap+http://, jmap+https://), "kopano"
 * (file:, default:, and http with port 236 or 237 or the path /kopano or /zarafa). NULL: nothing we know. */
const char *gw_config_store_kind(const char *url);

/* ---- loading ---- */

#define GW_CONFIG_BYTES_MAX (256u * 1024 * 1024) /* of all files of one load together */
#define GW_CONFIG_LINE_MAX (64u * 1024)          /* bytes of one line */
#define GW_CONFIG_FILES_MAX 50000                /* files of one load */
#define GW_CONFIG_INCLUDES_MAX 100000            /* files that !include lines name, read once or not at all too */
#define GW_CONFIG_OPEN_MAX 32                    /* files that stay open while others are included, being large */

/* A file that is open for reading, in pieces. */
struct gw_config_stream {
	char *real_path; /* without symbolic links: the identity of the file and the base of its includes; malloc'ed, the
			  * taker frees it */
	void *ctx;
	/* Put at most cap bytes into buf, *n of them; *n is 0 at the end. 0, or a negative gw_code with a sentence. */
	int (*read)(void *ctx, char *buf, size_t cap, size_t *n, struct gw_err *err);
	/* Called once. GW_EBUSY with a sentence when the file was changed since it was opened. */
	int (*close)(void *ctx, struct gw_err *err);
};

/* Paths, sorted by their bytes; v and what it points to are malloc'ed. */
struct gw_config_names {
	char **v;
	size_t n;
};

/* Where files come from. Sentences do not repeat the path. */
struct gw_config_files {
	/* Open the regular file path (absolute, or relative to the working directory). 0; GW_ENOTSUP for a directory;
	 * another negative gw_code. */
	int (*open)(void *ctx, const char *path, struct gw_config_stream *ret, struct gw_err *err);
	/* The files that a pattern (glob(7)) matches, or those of a directory whose names end in .cfg and do not begin
	 * with a dot; at most max. 0, also when there are none, or a negative gw_code. NULL: neither is known here. */
	int (*list)(void *ctx, const char *path, size_t max, struct gw_config_names *ret, struct gw_err *err);
	void *ctx;
};

/* The file system: never waits on a FIFO, refuses what is not a regular file. */
extern const struct gw_config_files gw_config_disk;

/* A stream over bytes. Takes real_path and bytes, both malloc'ed. */
void gw_config_stream_bytes(struct gw_config_stream *ret, char *real_path, char *bytes, size_t n);

/* A whole file; both members are malloc'ed and owned by the caller. */
struct gw_config_file {
	char *real_path;
	char *bytes;
	size_t n;
};

/* Read a file whole, at most max bytes (GW_ELIMIT). For tools that look at a file by itself. */
int gw_config_read_file(const struct gw_config_files *files, const char *path, size_t max, struct gw_config_file *ret,
	struct gw_err *err);

void gw_config_names_done(struct gw_config_names *names);

enum gw_config_line_kind {
	GW_LINE_BLANK,
	GW_LINE_COMMENT,
	GW_LINE_OPTION,
	GW_LINE_INCLUDE,      /* the lines of the included file (or files, of a pattern or directory) follow */
	GW_LINE_INCLUDE_DONE, /* an include that was skipped: the file has been read already, or nothing matches */
	GW_LINE_IGNORED,      /* an unknown directive, no "=", no name */
};

/* A line as it is read, for tools that show the file flat. Borrows. */
struct gw_config_line {
	enum gw_config_line_kind kind;
	const char *file;
	unsigned line;
	unsigned depth;                /* 0: main file */
	struct gw_slice text;          /* without its line end */
	const struct gw_option *option; /* of GW_LINE_OPTION; NULL when unknown */
};

struct gw_config_source {
	const char *path;                 /* main file; NULL: none */
	const struct gw_slice *text;      /* content of the main file, instead of reading path (which still names it) */
	bool missing_ok;                  /* a main file that does not exist is fine: the default path was used */
	const char *const *overrides;     /* "--imap-port=1143" ... from the command line */
	size_t n_overrides;
	const char *(*env)(void *ctx, const char *name); /* NULL: no environment */
	void *env_ctx;
	bool ignore_unknown;              /* forgive errors of names and values (they become warnings) */
	const char *const *stores;        /* URL schemes this program can open, NULL at the end; NULL: not checked */
	const struct gw_config_files *files; /* NULL: gw_config_disk */
	void (*line)(void *ctx, const struct gw_config_line *line); /* NULL, or sees every line in reading order */
	void *line_ctx;
	/* NULL, or looks at the snapshot when the rules have, also when there are errors (an option whose value is wrong has
	 * its default then), and may add findings with gw_config_find(). Not called when the main file cannot be read. */
	void (*judge)(void *ctx, const struct gw_config *cfg, struct gw_diags *diags);
	void *judge_ctx;
};

/* Read everything and check it. All that is wrong, not only the first, is appended to diags (which must be
 * initialised). Returns 0 with a snapshot owned by the caller in *ret (there may be warnings), or a negative gw_code
 * with *ret untouched and at least one error in diags: GW_ENOENT, GW_EACCES, GW_EIO when the main file cannot be
 * read, GW_EINVAL otherwise. */
int gw_config_load(const struct gw_config_source *src, struct gw_config **ret, struct gw_diags *diags);

/* A snapshot of the built-in defaults; owned by the caller. */
struct gw_config *gw_config_defaults(void);

/* The file that is read when none is named: $KOPANO_CONFIG_PATH/gateway.cfg, else the first that exists of
 * SYSCONFDIR/gateway/gateway.cfg and /etc/kopano/gateway.cfg, else the former. Owned by the caller (free). */
char *gw_config_default_path(const char *(*env)(void *ctx, const char *name), void *env_ctx);

/* Share a snapshot; returns cfg. Thread: any. */
struct gw_config *gw_config_ref(const struct gw_config *cfg);

/* Give up a share; the last one frees. NULL is fine. Thread: any. */
void gw_config_unref(const struct gw_config *cfg);

/* ---- looking at a snapshot ---- */

/* Canonical text of an option's value, as it could stand in a file; borrows from cfg. NULL: no such option. */
const char *gw_config_get(const struct gw_config *cfg, const char *name);
const char *gw_config_text(const struct gw_config *cfg, const struct gw_option *opt);

/* Was the option set by a file or the command line (even to its default)? *at (may be NULL) says where. */
bool gw_config_is_set(const struct gw_config *cfg, const struct gw_option *opt, struct gw_place *at);

struct gw_config_was {
	struct gw_place at;
	const char *text; /* as it was written, or as the environment had it */
	const char *env;  /* the environment variable that gave the text; NULL */
};

/* How an option came to its value. Borrows from the snapshot. */
struct gw_config_origin {
	struct gw_place at;
	const struct gw_place *chain; /* the !include lines that led there, innermost first */
	size_t n_chain;
	const char *env;              /* the environment variable that gave the text; NULL */
	const struct gw_config_was *was; /* what it overrode, the newest first; the oldest are forgotten */
	size_t n_was;
	size_t overrode;              /* how many assignments no longer count, forgotten ones too */
};

/* False when the option has its default because nothing set it. */
bool gw_config_origin(const struct gw_config *cfg, const struct gw_option *opt, struct gw_config_origin *ret);

/* Is the value another than the built-in default, or is the option set and that alone means something? */
bool gw_config_is_changed(const struct gw_config *cfg, const struct gw_option *opt);

struct gw_config_change {
	const struct gw_option *opt; /* opt->reload says when the new value counts */
	const char *was;             /* borrowed from the two snapshots */
	const char *now;
};

/* Options whose values differ, in the order of the rows; at most cap go to v. Returns how many differ. A NAME_listen
 * option is also named when the addresses of its service differ though no option that names them does, and so is
 * tls_min_proto with the versions of TLS: whether an option is set at all decides which form of the file counts. */
size_t gw_config_diff(const struct gw_config *was, const struct gw_config *now, struct gw_config_change *v, size_t cap);

/* For a reload: put the values of `running` into every GW_RESTART option of `fresh`, which must not be shared yet.
 * Ask gw_config_diff() before, it names what waits for a restart. */
void gw_config_keep_restart(struct gw_config *fresh, const struct gw_config *running);

/* One line "name = value", with "# " in front when that is the default; masked hides secrets. It reads back as the same
 * value: one that cannot stand in a file (it has a line end, or begins with $) is written as the environment variable
 * that it came from. */
void gw_config_put_line(const struct gw_config *cfg, const struct gw_option *opt, bool masked, struct gw_buf *out);

/* Such lines of all options, sorted by name; those with the default value begin with "# " or, with changed_only, are left
 * out. */
void gw_config_dump(const struct gw_config *cfg, bool changed_only, struct gw_buf *out);

/* "pop3", "pop3s", "imap", "imaps". */
const char *gw_service_name(enum gw_service s);

/* ---- findings of whoever looks at a snapshot ---- */

/* What is not needed is 0 or NULL; texts are borrowed for the call. */
struct gw_finding {
	unsigned code;
	const char *option; /* name; NULL: about no single option */
	const char *found, *expected, *suggestion;
	unsigned skip, width; /* point at these bytes of the value; width 0: all of it */
};

/* Add a finding at the place that set the option, with its line; fmt makes the sentence. */
void gw_config_find(const struct gw_config *cfg, struct gw_diags *diags, const struct gw_finding *f, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* ---- generated from the rows ---- */

void gw_schema_man(struct gw_buf *out);    /* gateway.cfg(5) */
void gw_schema_sample(struct gw_buf *out); /* etc/gateway.cfg */
void gw_schema_json(struct gw_buf *out);   /* a JSON Schema (draft 2020-12) of a configuration as an object */
void gw_schema_vim(struct gw_buf *out);    /* syntax/gateway.vim */
void gw_schema_augeas(struct gw_buf *out); /* gateway.aug */
void gw_schema_markdown(struct gw_buf *out); /* the reference for web pages */

#endif

/* courier.c - Courier-IMAP: imapd, imapd-ssl, pop3d, pop3d-ssl, authdaemonrc
 *
 * The files are shell assignments that start scripts read. Here they are read as what they are in practice: NAME=value,
 * quoted or not, with variables that the same file has set before; anything else of the shell is reported. */
#include "convert/priv.h"

#include "util/num.h"

enum scope { IMAPD, IMAPD_SSL, POP3D, POP3D_SSL, AUTHDAEMON, OTHER };

static const char *const files[] = {
	[IMAPD] = "imapd", [IMAPD_SSL] = "imapd-ssl", [POP3D] = "pop3d", [POP3D_SSL] = "pop3d-ssl",
		[AUTHDAEMON] = "authdaemonrc",
};
#define FILES (sizeof files / sizeof *files)

/* ---- values with a meaning of their own ---- */

static void take_capability(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	struct gw_slice rest = s->value, word;
	bool idle = false;

	while (gw_slice_word(&rest, " \t", &word)) {
		if (gw_slice_startsi(word, GW_S("AUTH=")))
			conv_add_mechanisms(c, s, gw_slice(word.p + 5, word.n - 5));
		idle |= gw_slice_eqi(word, GW_S("IDLE"));
	}
	if (!idle && gw_slice_eq(s->name, GW_S("IMAP_CAPABILITY")))
		conv_set(c, "imap_capability_idle", "no", &s->at);
	conv_needless(c, row, s);
}

static void take_mechanisms(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	(void)row;
	conv_add_mechanisms(c, s, s->value);
}

/* The stricter of IMAP and POP3 counts. */
static void take_tls_required(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	const char *have = conv_get(c, row->option);
	bool v;

	if (!conv_parse_bool(s->value, &v) || !v) {
		if (!have)
			conv_set(c, row->option, "no", &s->at);
		return;
	}
	conv_set(c, row->option, "yes", &s->at);
	conv_nearly(c, s, row->option, "TLS is demanded before a password only, not before every command, and of IMAP "
		"and POP3 alike",
		NULL);
}

/* "TLSv1.2+", "TLS1_2:TLS1_1", "TLSv1": the lowest of them. */
static void take_protocol(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	static const char *const words[] = { "ssl3", "tls1.0", "tls1.1", "tls1.2", "tls1.3" };
	struct gw_slice rest = s->value, word;
	int lowest = -1;

	while (gw_slice_word(&rest, ":+ ,", &word)) {
		bool tls = gw_slice_startsi(word, GW_S("TLS"));
		char minor = word.n ? word.p[word.n - 1] : '0';
		int v = gw_slice_startsi(word, GW_S("SSL3")) || gw_slice_startsi(word, GW_S("SSLv3")) ? 0 : 1;

		if (tls && (memchr(word.p, '.', word.n) || memchr(word.p, '_', word.n)) && minor >= '0' && minor <= '3')
			v = 1 + minor - '0';
		else if (!tls && v)
			v = 1; /* SSL23: whatever there is */
		lowest = lowest < 0 || v < lowest ? v : lowest;
	}
	if (lowest < 0) {
		conv_text(c, row, s); /* empty, or refused by the option */
		return;
	}
	conv_set(c, row->option, words[lowest], &s->at);
	if (!memchr(s->value.p, '+', s->value.n) && !gw_slice_startsi(s->value, GW_S("TLSv")))
		conv_nearly(c, s, row->option, "the oldest version is carried, newer ones are spoken too", NULL);
}

static void take_debug(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	if (s->value.n == 0 || *s->value.p == '0')
		return;
	conv_set(c, row->option, "5", &s->at);
	conv_nearly(c, s, row->option, row->why, NULL);
}

static void take_verify(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	bool required = gw_slice_eqi(s->value, GW_S("REQUIREPEER"));

	if (required || gw_slice_eqi(s->value, GW_S("NONE")))
		conv_set(c, row->option, required ? "yes" : "no", &s->at);
	else
		conv_not_carried(c, s, "a certificate of the client is demanded or not asked for, there is nothing "
			"between",
			"set ssl_verify_client to yes when every client has one");
}

static void take_external(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	(void)row;
	if (s->value.n == 0)
		return;
	conv_add_mechanisms(c, s, GW_S("EXTERNAL"));
	conv_nearly(c, s, "auth_mechanisms", "the user is taken from the certificate as gateway.cfg(5) says, not from "
		"the field named "
		"here", NULL);
}

/* "0" is every address; done with the ports. */
static void take_later(struct conv *c, const struct conv_row *row, const struct conv_setting *s)
{
	(void)c;
	(void)row;
	(void)s;
}

#define MAIL "mail is kept by the local store, not in Maildirs"
#define OWN "it tells Courier how to start its own programs"
#define SASL "logins are checked by the local store"

static const struct conv_row rows[] = {
	CARRY("ADDRESS", take_later, "imap_listen"),
	CARRY("PORT", take_later, "imap_listen"),
	CARRY("SSLADDRESS", take_later, "imaps_listen"),
	CARRY("SSLPORT", take_later, "imaps_listen"),
	CARRY("IMAPDSTART", take_later, "imap_listen"),
	CARRY("IMAPDSSLSTART", take_later, "imaps_listen"),
	CARRY("POP3DSTART", take_later, "pop3_listen"),
	CARRY("POP3DSSLSTART", take_later, "pop3s_listen"),
	DROP_UNLESS("YES|yes|1|y", "IMAPDSTARTTLS", "STARTTLS is offered whenever there is a certificate", NULL),
	DROP_UNLESS("YES|yes|1|y", "POP3_STARTTLS", "STLS is offered whenever there is a certificate", NULL),
	CARRY("TLS_CERTFILE", take_later, "ssl_certificate_file"),
	CARRY("TLS_PRIVATE_KEYFILE", take_later, "ssl_private_key_file"),
	CARRY("TLS_PROTOCOL", take_protocol, "tls_min_proto"),
	CARRY("TLS_STARTTLS_PROTOCOL", take_protocol, "tls_min_proto"),
	CARRY("TLS_CIPHER_LIST", conv_text, "ssl_ciphers"),
	DROP_UNLESS("", "TLS_PRIORITY", "it is in the words of GnuTLS", "set ssl_ciphers and tls_min_proto"),
	CARRY("TLS_TRUSTCERTS", take_later, "ssl_verify_file"),
	CARRY("TLS_VERIFYPEER", take_verify, "ssl_verify_client"),
	CARRY("TLS_EXTERNAL", take_external, "auth_mechanisms"),
	NEEDLESS("TLS_DHPARAMS", "key exchange is by the groups of ssl_curves"),
	NEEDLESS("TLS_DHCERTFILE", "key exchange is by the groups of ssl_curves"),
	NEEDLESS("TLS_DHFILE", "key exchange is by the groups of ssl_curves"),
	NEEDLESS("TLS_MIN_DH_BITS", "key exchange is by the groups of ssl_curves"),
	NEEDLESS("TLS_KX_LIST", "key exchange is by the groups of ssl_curves"),
	NEEDLESS("TLS_COMPRESSION", "TLS is never compressed (RFC 7525 3.3)"),
	NEEDLESS("TLS_CERTS", "all certificates are X.509"),
	NEEDLESS("TLS_CACHE*", "sessions of TLS are resumed with tickets, without a file"),
	NEEDLESS("TLS_TIMEOUT", "login_timeout counts for the handshake too"),
	DROP_UNLESS("0|NO|", "TLS_ALLOWSELFSIGNEDCERT", "certificates of clients always need an authority", NULL),
	CARRY("IMAP_TLS_REQUIRED", take_tls_required, "disable_plaintext_auth"),
	CARRY("POP3_TLS_REQUIRED", take_tls_required, "disable_plaintext_auth"),
	{ .name = "IMAP_CAPABILITY", .take = take_capability,
		.why = "the gateway announces what it can do; imap_capabilities switches "
		"parts of it off" },
	{ .name = "IMAP_CAPABILITY_TLS", .take = take_capability, .why = "the gateway announces what it can do" },
	NEEDLESS("IMAP_CAPABILITY_*", "it is the list that Courier was built with"),
	CARRY("POP3AUTH", take_mechanisms, "auth_mechanisms"),
	CARRY("POP3AUTH_TLS", take_mechanisms, "auth_mechanisms"),
	NEEDLESS("POP3AUTH_TLS_ORIG", "it is the list that Courier was built with"),
	NEEDLESS("POP3AUTH_ORIG", "it is the list that Courier was built with"),
	NEARLY("MAXDAEMONS", conv_sum, "max_connections", "IMAP and POP3 have one limit together, so theirs are added"),
	NEARLY("MAXPERIP", conv_sum, "max_connections_per_address",
		"IMAP and POP3 have one limit together, so theirs are added"),
	NEARLY("DEBUG_LOGIN", take_debug, "log_level", "passwords are never logged"),
	DROP("MAILDIRPATH", MAIL, "bring the mail over IMAP"),
	DROP("authmodulelist", SASL, "make accounts with `gwctl user add'; `hash=' takes crypt(3) hashes"),
	NEEDLESS("authmodulelistorig", "it is the list that Courier was built with"),
	NEEDLESS("authdaemonvar", OWN),
	NEEDLESS("daemons", "auth_threads chooses by the number of processors"),
	DROP_UNLESS("", "DEFAULTOPTIONS", "options of accounts are kept with the accounts",
		"see `gwctl user quota' and `gwctl user features'"),
	DROP_UNLESS("", "DEFDOMAIN", "user names are taken as the client sends them",
		"make accounts by the names that clients send"),
	DROP_UNLESS("-name=imapd|-name=pop3d", "LOGGEROPTS", "the log has its own options",
		"see log_method, log_file and log_level"),
	DROP_UNLESS("-name=imapd-ssl|-name=pop3d-ssl", "SSLLOGGEROPTS", "the log has its own options",
		"see log_method, log_file and log_level"),
	DROP_UNLESS("|-nodnslookup -noidentlookup|-nodnslookup|-noidentlookup", "TCPDOPTS", "there is no such switch",
		"see max_connections_per_address"),
	DROP_UNLESS("", "*ACCESSFILE", "addresses are not allowed or refused one by one",
		"use the firewall of the machine"),
	DROP_UNLESS("0", "IMAP_PROXY*", "the gateway serves its own store only", "use a proxy in front"),
	DROP_UNLESS("0", "POP3_PROXY*", "the gateway serves its own store only", "use a proxy in front"),
	DROP_UNLESS("", "PROXY_HOSTNAME", "the gateway serves its own store only", NULL),
	DROP_UNLESS("0", "IMAP_EMPTYTRASH", "mail is never deleted by age", "let clients do it"),
	NEEDLESS("IMAP_TRASHFOLDERNAME", "clients choose their trash, it is marked by its special use (RFC 6154)"),
	DROP_UNLESS("0", "IMAP_MOVE_EXPUNGE_TO_TRASH", "expunged messages are gone",
		"let clients move messages to the trash"),
	DROP_UNLESS("", "OUTBOX", "mail is not sent by storing it", "let clients send over SMTP"),
	NEEDLESS("OUTBOX_MULTIPLE_SEND", "mail is not sent by storing it"),
	NEEDLESS("MIME_UNICODE_MESSAGE_TYPE", "messages are given as they are"),
	DROP_UNLESS("", "SMAP_CAPABILITY", "SMAP is not spoken", NULL),
	NEEDLESS("AUTH_MKHOMEDIR_SKEL", MAIL),
	NEEDLESS("SENDMAIL", "mail is not sent by storing it"),
	NEEDLESS("HEADERFROM", "mail is not sent by storing it"),
	DROP_UNLESS("", "IMAP_SHAREDINDEXFILE", "shared folders are those of one account", "see public_account"),
	DROP_UNLESS("0", "IMAP_SHAREDMUNGENAMES", "shared folders are those of one account", NULL),
	DROP_UNLESS("0|1", "IMAP_ACL", "there are no access lists", "see public_account"),
	DROP_UNLESS("0", "IMAP_LOG_DELETIONS", "deletions are not logged one by one", NULL),
	DROP_UNLESS("0", "POP3_LOG_DELETIONS", "deletions are not logged one by one", NULL),
	NEEDLESS("IMAP_ENHANCEDIDLE", "IDLE always tells at once"),
	NEEDLESS("IMAP_USELOCKS", "the store locks by itself"),
	NEEDLESS("IMAP_IDLE_TIMEOUT", "IDLE tells at once, without asking again and again"),
	NEEDLESS("IMAP_KEYWORDS", "keywords are always there"),
	NEEDLESS("IMAP_CHECK_ALL_FOLDERS", MAIL),
	NEEDLESS("IMAP_MAILBOX_SANITY_CHECK", MAIL),
	NEEDLESS("IMAP_OBSOLETE_CLIENT", "mailbox names may hold a dot anyway"),
	NEEDLESS("IMAP_DISABLETHREADSORT", "imap_capabilities = -SORT -THREAD switches both off"),
	NEEDLESS("IMAP_UMASK", MAIL),
	NEEDLESS("IMAP_ULIMITD", "max_session_memory bounds a session"),
	NEEDLESS("IMAP_ID_FIELDS", "the gateway answers ID by itself"),
	NEEDLESS("IMAPDEBUGFILE", "log_level = 6 shows the conversation"),
	NEEDLESS("AUTHSERVICE*", SASL),
	NEEDLESS("COURIERTLS", OWN),
	NEEDLESS("PIDFILE", OWN),
	NEEDLESS("SSLPIDFILE", OWN),
	NEEDLESS("LD_LIBRARY_PATH", OWN),
	NEEDLESS("PRECOMMAND", OWN),
	NEEDLESS("TCPD", OWN),
	NEEDLESS("prefix", OWN),
	NEEDLESS("exec_prefix", OWN),
	NEEDLESS("sbindir", OWN),
	NEEDLESS("bindir", OWN),
	NEEDLESS("libexecdir", OWN),
};

static const struct conv_table table = { rows, sizeof rows / sizeof *rows };

/* ---- the shell ---- */

struct shell {
	struct conv *c;
	const struct conv_file *f;
	unsigned scope;
	struct gw_slice rest;
	struct conv_at at; /* of the line at hand */
};

static bool name_char(char ch)
{
	return ch == '_' || (gw_lower(ch) >= 'a' && gw_lower(ch) <= 'z') || (ch >= '0' && ch <= '9');
}

/* $NAME or ${NAME}: what the file said before; a setting that it could have said is empty. False: neither. */
static bool variable(struct shell *sh, struct gw_slice *s, struct gw_buf *out)
{
	bool brace = s->n && *s->p == '{';
	const struct conv_setting *set;
	struct gw_slice name;
	size_t n = 0;

	if (brace)
		gw_slice_take(s, 1);
	while (n < s->n && name_char(s->p[n]))
		n++;
	name = gw_slice_take(s, n);
	set = conv_variable(sh->c, name, sh->scope, &sh->at);
	if (brace && s->n && *s->p == '}')
		gw_slice_take(s, 1);
	return set ? gw_buf_add_slice(out, set->value) : conv_row_of(&table, name) != NULL;
}

static void escaped(struct gw_slice *s, char quote, struct gw_buf *out)
{
	char ch = s->n ? *gw_slice_take(s, 1).p : '\\';

	if (ch == '\n')
		return;
	if (quote && !strchr("\"\\$`", ch))
		gw_buf_add_char(out, '\\');
	gw_buf_add_char(out, ch);
}

/* One word of the shell, quotes and all; *open is a quote that is not closed. False: it needs a real shell. */
static bool shell_word(struct shell *sh, struct gw_slice *s, struct gw_buf *out, char *open)
{
	bool fine = true;
	char quote = 0;

	while (s->n && (quote || !strchr(" \t\r\n;&|<>()", *s->p))) {
		char ch = *gw_slice_take(s, 1).p;

		if (ch == quote)
			quote = 0;
		else if (!quote && (ch == '"' || ch == '\''))
			quote = ch;
		else if (ch == '\\' && quote != '\'')
			escaped(s, quote, out);
		else if (quote == '\'' || (ch != '`' && ch != '$'))
			gw_buf_add_char(out, ch);
		else
			fine &= ch == '$' && variable(sh, s, out);
	}
	*open = quote;
	return fine && out->n < out->max; /* a longer value was cut */
}

/* NAME=value at the begin of line; returns what stands behind it on its last line. */
static struct gw_slice assignment(struct shell *sh, struct gw_slice line, size_t equals)
{
	struct conv_setting s = { .name = gw_slice(line.p, equals), .section = "", .scope = sh->scope };
	struct gw_slice after = gw_slice(line.p + equals + 1, (size_t)(sh->rest.p + sh->rest.n - line.p) - equals - 1);
	const char *begin = after.p;
	struct gw_buf b;
	char open;
	bool fine;

	gw_buf_init(&b, GW_CONFIG_LINE_MAX);
	fine = shell_word(sh, &after, &b, &open);
	s.at = conv_part(&sh->at, gw_slice(begin, (size_t)(after.p - begin)));
	s.value = gw_arena_dup(&sh->c->arena, gw_buf_slice(&b));
	gw_buf_done(&b);
	if (open)
		conv_wrong(sh->c, &s.at, "close the quotes", "the value has no closing quote");
	else if (fine)
		conv_add(sh->c, &s);
	else
		conv_not_carried(sh->c, &s, "its value is not plain text: it needs a shell, or a variable that the "
			"file does not set",
			"write the value itself");
	/* A quoted value may have gone over several lines. */
	while (sh->rest.n && sh->rest.p <= after.p && conv_line(sh->f, &sh->rest, &sh->at))
		;
	return gw_slice(after.p, gw_slice_find(after, '\n'));
}

static void skip(struct gw_slice *s, const char *what)
{
	while (s->n && strchr(what, *s->p))
		gw_slice_take(s, 1);
}

static void shell_line(struct shell *sh)
{
	struct gw_slice line = sh->at.source;

	skip(&line, " \t");
	if (gw_slice_startsi(line, GW_S("export ")))
		gw_slice_take(&line, 7);
	for (skip(&line, " \t"); line.n && *line.p != '#' && *line.p != '\r'; skip(&line, " \t;")) {
		size_t n = 0;

		while (n < line.n && name_char(line.p[n]))
			n++;
		if (n == 0 || n == line.n || line.p[n] != '=') {
			conv_find(sh->c, CONFIG_W_NOT_CARRIED, &sh->at, NULL, NULL, NULL,
				"\"%.*s\" is no assignment, so it is not looked at",
				(int)(line.n < 60 ? line.n : 60), line.p);
			return;
		}
		line = assignment(sh, line, n);
	}
}

static bool read_shell(struct conv *c, const char *path, unsigned scope, bool missing_ok)
{
	struct shell sh = { .c = c, .scope = scope };

	sh.f = conv_read(c, path, NULL, missing_ok);
	if (!sh.f)
		return false;
	sh.at.file = sh.f;
	sh.rest = sh.f->text;
	while (c->rc == 0 && conv_line(sh.f, &sh.rest, &sh.at))
		shell_line(&sh);
	return true;
}

/* ---- listeners ---- */

/* "143", "127.0.0.1.143", "192.0.2.1.143,[::1].143": an address may stand in front of its port. */
static void add_ports(struct conv *c, enum gw_service service, struct gw_slice address, struct gw_slice ports,
	const struct conv_at *at)
{
	struct gw_slice item;

	while (gw_slice_word(&ports, ", \t", &item)) {
		const char *dot = memrchr(item.p, '.', item.n);
		struct gw_slice a = address, port = item;

		if (dot) {
			a = gw_slice(item.p, (size_t)(dot - item.p));
			port = gw_slice(dot + 1, item.n - a.n - 1);
		}
		conv_add_listener(c, service, a, port, at);
	}
}

static struct gw_slice value_of(const struct conv *c, const char *name, unsigned scope, const char *otherwise)
{
	const struct conv_setting *s = conv_last(c, name, scope);

	return s && s->value.n ? s->value : gw_slice_str(otherwise);
}

/* Started unless the file says otherwise: whoever converts a file that does not say has another way to start it. */
static void listen_on(struct conv *c, enum gw_service service, unsigned scope, const char *start, bool ssl)
{
	const struct conv_setting *s = conv_last(c, start, scope);
	const struct conv_setting *port = conv_last(c, ssl ? "SSLPORT" : "PORT", scope);
	static const char *const usual[GW_SERVICE_COUNT] = { "110", "995", "143", "993" };

	if (s && s->value.n && gw_lower(*s->value.p) != 'y' && *s->value.p != '1')
		return;
	add_ports(c, service, value_of(c, ssl ? "SSLADDRESS" : "ADDRESS", scope, "*"),
		port && port->value.n ? port->value : gw_slice_str(usual[service]),
			port ? &port->at : s ? &s->at : NULL);
}

/* ---- certificates ---- */

/* Courier asks the disk whether it is a file or a directory; the name has to do here. */
static void authorities(struct conv *c, const struct conv_setting *s)
{
	struct gw_slice base;

	if (!s || s->value.n == 0)
		return;
	base = conv_base(s->value.p);
	conv_set(c, base.n && memchr(base.p, '.', base.n) ? "ssl_verify_file" : "ssl_verify_path", s->value.p, &s->at);
}

static void certificate(struct conv *c, unsigned scope)
{
	const struct conv_setting *cert = conv_last(c, "TLS_CERTFILE", scope);
	const struct conv_setting *key = conv_last(c, "TLS_PRIVATE_KEYFILE", scope);
	const char *have = conv_get(c, "ssl_certificate_file"), *name;

	authorities(c, conv_last(c, "TLS_TRUSTCERTS", scope));
	if (!cert || cert->value.n == 0)
		return;
	key = key && key->value.n ? key : cert;
	name = cert->value.p;
	if (!have) {
		conv_set(c, "ssl_certificate_file", name, &cert->at);
		conv_set(c, "ssl_private_key_file", key->value.p, &key->at);
	} else if (strcmp(have, name) != 0) {
		conv_set(c, "ssl_certificates", gw_arena_printf(&c->arena, "%s:%s", name, key->value.p), &cert->at);
		conv_nearly(c, cert, "ssl_certificates",
			"the certificate is chosen by the name that a client asks for, not by the service",
			NULL);
	}
}

static unsigned scope_of(const char *path)
{
	struct gw_slice base = conv_base(path);

	for (unsigned i = FILES; i-- > 0;)
		if (gw_slice_startsi(base, gw_slice_str(files[i])) &&
		    (base.n == strlen(files[i]) || base.p[strlen(files[i])] == '.'))
			return i;
	return OTHER;
}

/* One file of another name is what its settings say. */
static unsigned guess(const struct conv *c)
{
	if (conv_last(c, "POP3DSSLSTART", OTHER))
		return POP3D_SSL;
	if (conv_last(c, "SSLPORT", OTHER) || conv_last(c, "IMAPDSSLSTART", OTHER))
		return IMAPD_SSL;
	return conv_last(c, "POP3DSTART", OTHER) || conv_last(c, "POP3AUTH", OTHER) ? POP3D : IMAPD;
}

static bool read_files(struct conv *c, bool there[OTHER + 1])
{
	const char *path = c->src->path;
	bool any = false;

	if (!conv_is_directory(c, path)) {
		unsigned scope = scope_of(path);

		there[scope] = any = read_shell(c, path, scope, false);
		if (any && scope == OTHER) {
			scope = guess(c);
			for (size_t i = 0; i < c->n; i++)
				c->settings[i].scope = scope;
			there[scope] = true;
		}
		return any && c->rc == 0;
	}
	for (unsigned i = 0; i < FILES && c->rc == 0; i++)
		any |= there[i] = read_shell(c, conv_inside(c, path, files[i]), i, true);
	if (!any && c->rc == 0) {
		conv_find(c, CONFIG_E_MAIN_FILE, NULL, NULL, path, NULL,
			"\"%.200s\" has none of the files imapd, imapd-ssl, pop3d, pop3d-ssl",
			path);
		c->rc = GW_ENOENT;
	}
	return any && c->rc == 0;
}

void conv_courier(struct conv *c)
{
	bool there[OTHER + 1] = { false };

	if (!read_files(c, there))
		return;
	if (c->n == 0) {
		conv_wrong(c, NULL, "is it a file of Courier?", "there is no NAME=value in \"%.200s\"", c->src->path);
		return;
	}
	conv_apply(c, &table);
	if (there[IMAPD])
		listen_on(c, GW_SERVICE_IMAP, IMAPD, "IMAPDSTART", false);
	if (there[IMAPD_SSL])
		listen_on(c, GW_SERVICE_IMAPS, IMAPD_SSL, "IMAPDSSLSTART", true);
	if (there[POP3D])
		listen_on(c, GW_SERVICE_POP3, POP3D, "POP3DSTART", false);
	if (there[POP3D_SSL])
		listen_on(c, GW_SERVICE_POP3S, POP3D_SSL, "POP3DSSLSTART", true);
	certificate(c, IMAPD_SSL);
	certificate(c, POP3D_SSL);
	conv_set(c, "log_method", "syslog", NULL);
	conv_complete(c);
}

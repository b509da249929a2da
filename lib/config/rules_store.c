/* rules_store.c - rules about a storage server behind HTTP, its service account, its mirrors and their database */
#include "config/rules.h"

#include "config/show.h"
#include "util/num.h"

#include <stdio.h>

static const char *kind_of(const struct config_load *l)
{
	const char *kind = gw_config_store_kind(l->cfg->server_socket);

	return kind ? kind : "";
}

static bool has_server(const struct config_load *l)
{
	return strcmp(kind_of(l), "jmap") == 0;
}

static bool has_text(const struct config_load *l, const char *name)
{
	return *gw_config_get(l->cfg, name) != '\0';
}

/* ---- what has no effect ---- */

/* Kopano's is no store that this version opens, and says nothing about the others. */
void options_are_of_this_kind_of_store(struct config_load *l)
{
	const char *kind = kind_of(l);
	bool server = has_server(l);

	if (!server && strcmp(kind, "local") != 0 && strcmp(kind, "mem") != 0)
		return;
	for (size_t i = 0; i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);

		if (origin(l, opt->name) && opt->flags & (server ? GW_OPT_OF_LOCAL : GW_OPT_OF_SERVER))
			FIND(l, CONFIG_N_OTHER_STORE, opt->name, "take the line out, or look at server_socket", "counts only for %s",
				server ? "the embedded store (local:)" : "a storage server behind HTTP");
	}
}

static bool speaks_tls(const struct config_load *l)
{
	struct gw_slice url = gw_slice_str(l->cfg->server_socket);

	return gw_slice_startsi(url, GW_S("https:")) || gw_slice_startsi(url, GW_S("jmap+https:"));
}

void certificates_of_the_storage_server_are_asked_for(struct config_load *l)
{
	static const char *const names[] = { "backend_ca_file", "backend_certificate_file", "backend_private_key_file", "backend_pin" };

	for (size_t i = 0; has_server(l) && !speaks_tls(l) && i < sizeof names / sizeof *names; i++)
		if (has_text(l, names[i]))
			FIND(l, CONFIG_W_NO_EFFECT, names[i], "use https: in server_socket, or take the line out",
				"does not count, the storage server is spoken to without TLS");
	if (has_server(l) && speaks_tls(l) && has_text(l, "backend_private_key_file") && !has_text(l, "backend_certificate_file"))
		FIND(l, CONFIG_W_NO_EFFECT, "backend_private_key_file", "name the certificate in backend_certificate_file",
			"does not count without a certificate");
}

/* ---- the service account ---- */

void the_service_account_has_a_password(struct config_load *l)
{
	bool user = has_text(l, "backend_user"), file = has_text(l, "backend_password_file");

	if (!has_server(l))
		return;
	if (user && !file)
		FIND(l, CONFIG_E_INCOMPLETE, "backend_user", "name a file that holds its password",
			"needs backend_password_file, and that is empty");
	if (file && !user)
		FIND(l, CONFIG_W_NO_EFFECT, "backend_password_file", "name the account in backend_user, or take the line out",
			"does not count without backend_user");
}

void the_service_account_speaks_for_users(struct config_load *l)
{
	enum gw_impersonate how = l->cfg->backend_impersonate;
	bool user = has_text(l, "backend_user");

	if (!has_server(l))
		return;
	if (user && how == GW_IMPERSONATE_NONE)
		FIND(l, CONFIG_N_SPEAKS_FOR_NOBODY, "backend_user", "set backend_impersonate to what the storage server allows",
			"only checks sign on with it: with backend_impersonate = none it speaks for no user");
	if (!user && how != GW_IMPERSONATE_NONE)
		FIND(l, CONFIG_W_NO_EFFECT, "backend_impersonate", "name the account in backend_user, or take the line out",
			"does not count without backend_user");
	if (how != GW_IMPERSONATE_LOGIN && origin(l, "backend_impersonate_login"))
		FIND(l, CONFIG_W_NO_EFFECT, "backend_impersonate_login", "set backend_impersonate to login, or take the line out",
			"does not count, backend_impersonate is not login");
}

/* Without the user in it everybody would be let into one account. */
void the_service_account_names_the_user(struct config_load *l)
{
	const char *s = l->cfg->backend_impersonate_login;
	struct config_finding f = { .code = CONFIG_E_VALUE, .option = row("backend_impersonate_login"), .found = s,
		.expected = "text with %u for the user; %m is backend_user, %% a percent sign" };
	bool named = false;

	if (!has_server(l) || !has_text(l, "backend_user") || l->cfg->backend_impersonate != GW_IMPERSONATE_LOGIN)
		return;
	for (size_t i = 0; s[i]; i++) {
		if (s[i] != '%')
			continue;
		if (!s[i + 1] || !strchr("um%", s[i + 1])) {
			f.skip = (unsigned)i;
			f.width = s[i + 1] ? 2 : 1;
			config_find(l, origin(l, "backend_impersonate_login"), &f, "\"%.2s\" stands for nothing", s + i);
			return;
		}
		named = named || s[++i] == 'u';
	}
	if (!named)
		config_find(l, origin(l, "backend_impersonate_login"), &f,
			"has no %%u in it, so every user would be signed on as the same");
}

/* ---- state_database ---- */

/* What stands in "postgresql://user@host,host:port/database?name=value". */
struct database_url {
	struct gw_slice hosts, name, query;
};

static bool split_database(struct gw_slice s, struct database_url *ret)
{
	size_t n;
	const char *at;

	*ret = (struct database_url){ .query = GW_S("") };
	if (!gw_slice_startsi(s, GW_S("postgresql://")) && !gw_slice_startsi(s, GW_S("postgres://")))
		return false;
	gw_slice_take(&s, gw_slice_find(s, ':') + 3);
	n = gw_slice_find(s, '?');
	if (n < s.n)
		ret->query = gw_slice(s.p + n + 1, s.n - n - 1);
	s.n = n;
	ret->hosts = gw_slice(s.p, gw_slice_find(s, '/'));
	if (ret->hosts.n < s.n)
		ret->name = gw_slice(s.p + ret->hosts.n + 1, s.n - ret->hosts.n - 1);
	at = memrchr(ret->hosts.p, '@', ret->hosts.n);
	gw_slice_take(&ret->hosts, at ? (size_t)(at - ret->hosts.p) + 1 : 0);
	return true;
}

/* "host", "host:port", "[address]:port", ":port" or nothing. */
static const char *bad_host(struct gw_slice s)
{
	size_t end = s.n && s.p[0] == '[' ? gw_slice_find(s, ']') : gw_slice_find(s, ':');
	unsigned char bytes[16];
	enum gw_listen_kind kind;
	uint64_t port;

	if (s.n && s.p[0] == '[') {
		if (end == s.n || !config_parse_ip(gw_slice(s.p + 1, end - 1), &kind, bytes) || kind != GW_LISTEN_IPV6)
			return "is not an IPv6 address in brackets";
		end++;
	}
	for (size_t i = 0; i < end; i++)
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7F || strchr("\"'<>\\^`{|}", s.p[i]))
			return "is not the name of a host";
	gw_slice_take(&s, end);
	if (s.n && (s.p[0] != ':' || !gw_parse_u64(gw_slice(s.p + 1, s.n - 1), &port) || port < 1 || port > 65535))
		return "does not end in a port from 1 to 65535";
	return NULL;
}

static bool in_query(struct gw_slice query, const char *name)
{
	size_t n = strlen(name);

	while (query.n) {
		struct gw_slice one = gw_slice_take(&query, gw_slice_find(query, '&'));

		gw_slice_take(&query, query.n > 0);
		if (one.n > n + 1 && memcmp(one.p, name, n) == 0 && one.p[n] == '=')
			return true;
	}
	return false;
}

/* A password with a slash in it ends up where hosts are looked for. */
static bool is_secret(const struct config_load *l, struct gw_slice part)
{
	struct gw_slice text = gw_slice_str(l->cfg->state_database), before, secret;

	return gw_secret_next(&text, &before, &secret) && part.p < secret.p + secret.n && secret.p < part.p + part.n;
}

static bool hosts_are_good(struct config_load *l, struct gw_slice hosts, struct config_finding *f)
{
	while (hosts.n) {
		struct gw_slice one = gw_slice_take(&hosts, gw_slice_find(hosts, ','));
		const char *why = bad_host(one);

		gw_slice_take(&hosts, hosts.n > 0);
		if (!why)
			continue;
		f->suggestion = is_secret(l, one) ? "write %2F for each / of a password" : NULL;
		if (f->suggestion)
			config_find(l, origin(l, "state_database"), f, "what stands in front of the first / %s", why);
		else
			config_find(l, origin(l, "state_database"), f, "\"%.*s\" %s", GW_FMT(one), why);
		return false;
	}
	return true;
}

void the_state_database_is_a_url(struct config_load *l)
{
	const char *text = l->cfg->state_database;
	struct config_finding f = { .code = CONFIG_E_VALUE, .option = row("state_database"),
		.found = config_mask(&l->scratch, gw_slice_str(text)), .expected = "postgresql://user@host/database" };
	struct database_url u;

	if (!*text || !has_server(l))
		return;
	if (!split_database(gw_slice_str(text), &u)) {
		config_find(l, origin(l, "state_database"), &f, "is not the URL of a PostgreSQL database");
		return;
	}
	if (hosts_are_good(l, u.hosts, &f) && u.name.n == 0 && !in_query(u.query, "dbname"))
		FIND(l, CONFIG_W_NO_DATABASE, "state_database", "write its name behind the host: postgresql://user@host/database",
			"names no database, so the one that is named like the user is taken");
}

/* It is told to clients as a quoted string (RFC 9698 3). */
void the_access_url_is_one_of_https(struct config_load *l)
{
	struct gw_slice url = gw_slice_str(l->cfg->jmap_access_url), rest = url;
	struct config_finding f = { .code = CONFIG_E_VALUE, .option = row("jmap_access_url"),
		.found = config_mask(&l->scratch, url), .expected = "https://mail.example.org/.well-known/jmap" };
	bool good = gw_slice_startsi(url, GW_S("https://")) && url.n > sizeof "https://" - 1;

	if (!url.n)
		return;
	for (; rest.n; gw_slice_take(&rest, 1))
		good = good && *rest.p > ' ' && *rest.p <= '~' && *rest.p != '"' && *rest.p != '\\';
	if (!good)
		config_find(l, origin(l, "jmap_access_url"), &f, "is not the address of a JMAP server with https");
}

/* A variable's value is nobody's to read; the file may be. */
void passwords_do_not_stand_in_the_file(struct config_load *l)
{
	struct gw_slice text = gw_slice_str(l->cfg->state_database), before, secret;
	const struct config_origin *o = origin(l, "state_database");

	if (!o || o->env || !gw_secret_next(&text, &before, &secret))
		return;
	config_find(l, o,
		&(struct config_finding){ .code = CONFIG_W_SECRET, .option = row("state_database"), .skip = (unsigned)before.n,
			.width = (unsigned)secret.n,
			.suggestion = "name a file of passwords: postgresql://user@host/database?passfile=/etc/gateway/pgpass" },
		"the password of the database stands in the file");
}

/* ---- mirror_path ---- */

/* Is path the directory dir, or in it? Both as they are written. */
static bool lies_in(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	while (n && dir[n - 1] == '/')
		n--;
	return n && strncmp(path, dir, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

void the_mirrors_have_a_directory_of_their_own(struct config_load *l)
{
	static const char *const names[] = { "log_file", "pid_file", "control_socket", "tmp_path", "running_path",
		"ssl_certificate_file", "ssl_private_key_file", "ssl_verify_file", "ssl_verify_path", "backend_ca_file",
		"backend_certificate_file", "backend_private_key_file", "backend_password_file", "backend_unix_socket" };
	const char *mirror = l->cfg->mirror_path;

	if (!has_server(l))
		return;
	if (lies_in(mirror, l->cfg->tmp_path) && strcmp(mirror, l->cfg->tmp_path) != 0)
		FIND(l, CONFIG_W_OVERLAP, "mirror_path", "use a directory of its own, such as /var/lib/gateway/mirror",
			"lies in tmp_path, where others clean up");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (!lies_in(gw_config_get(l->cfg, names[i]), mirror))
			continue;
		if (origin(l, names[i]))
			FIND(l, CONFIG_W_OVERLAP, names[i], "use another directory", "lies in mirror_path, which is for mirrors alone");
		else
			FIND(l, CONFIG_W_OVERLAP, "mirror_path", "use another directory",
				"is for mirrors alone, and %s lies in it", names[i]);
	}
}

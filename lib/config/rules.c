/* rules.c - what options must not or should not say together
 *
 * One function a rule, named after what it protects. Errors are for what cannot work; warnings for what works, but
 * hardly as it was meant. Every finding points at the line that set the value; a rule about defaults has no place. */
#include "config/rules.h"

#include "config/network.h"

#include <stdio.h>

/* ---- services ---- */

static size_t listeners_of(const struct gw_config *cfg)
{
	size_t n = 0;

	for (size_t i = 0; i < GW_SERVICE_COUNT; i++)
		n += cfg->listen[i].n;
	return n;
}

static void some_service_is_on(struct config_load *l)
{
	if (listeners_of(l->cfg) == 0)
		config_find(l, NULL, &(struct config_finding){ .code = CONFIG_E_NO_SERVICE,
			.suggestion = "set imap_enable or imaps_enable to yes, or name addresses in imap_listen" },
			"none of pop3, pop3s, imap and imaps is on");
}

/* The original looked at a port only when the service was on, so a bad one elsewhere does not stop the start. */
static void ports_of_services_that_are_off_do_not_matter(struct config_load *l)
{
	static const char *const ports[GW_SERVICE_COUNT] = { "pop3_port", "pop3s_port", "imap_port", "imaps_port" };

	for (size_t i = l->first; i < l->diags->n; i++) {
		struct gw_diag *d = &l->diags->v[i];

		for (size_t s = 0; s < GW_SERVICE_COUNT; s++) {
			if (d->severity != GW_ERROR || d->option != row(ports[s]) || l->cfg->listen[s].n)
				continue;
			if (d->code == CONFIG_E_VALUE || d->code == CONFIG_E_RANGE) {
				d->severity = GW_WARNING;
				l->diags->errors--;
				l->diags->warnings++;
			}
		}
	}
}

/* Do two listeners need the same socket? The wildcard takes every address of its families. */
static bool collide(const struct gw_listen *a, const struct gw_listen *b)
{
	static const unsigned char zero[16];
	bool wide_a = a->kind == GW_LISTEN_ANY || memcmp(a->bytes, zero, 16) == 0;
	bool wide_b = b->kind == GW_LISTEN_ANY || memcmp(b->bytes, zero, 16) == 0;

	if (a->kind == GW_LISTEN_UNIX || b->kind == GW_LISTEN_UNIX)
		return a->kind == b->kind && strcmp(a->path, b->path) == 0;
	if (a->port != b->port || strcmp(a->interface, b->interface) != 0)
		return false;
	if (a->kind != b->kind && a->kind != GW_LISTEN_ANY && b->kind != GW_LISTEN_ANY)
		return false;
	return wide_a || wide_b || memcmp(a->bytes, b->bytes, 16) == 0;
}

const char *rule_maker(const struct gw_config *cfg, size_t service, char *out, size_t cap)
{
	snprintf(out, cap, "%s_listen", gw_service_name((enum gw_service)service));
	if (service < GW_SERVICE_COUNT && !gw_config_is_set(cfg, row(out), NULL))
		snprintf(out, cap, "%s_port", gw_service_name((enum gw_service)service));
	return out;
}

static void check_pair(struct config_load *l, size_t s, const struct gw_listen *a, size_t t, const struct gw_listen *b)
{
	char name[32];

	if (!collide(a, b))
		return;
	if (!origin(l, rule_maker(l->cfg, t, name, sizeof name)))
		rule_maker(l->cfg, s, name, sizeof name); /* the line that can be changed */
	FIND(l, CONFIG_E_COLLISION, name, "give each its own port or address",
		"%s on %s and %s on %s take the same address", gw_service_name((enum gw_service)s), a->text,
		gw_service_name((enum gw_service)t), b->text);
}

/* Metrics are served where they are by default if nothing else is there. */
static void listeners_do_not_collide(struct config_load *l)
{
	const struct gw_listens *all = l->cfg->listen;
	size_t n = origin(l, "metrics_listen") ? GW_LISTEN_COUNT : GW_SERVICE_COUNT;

	for (size_t s = 0; s < n; s++)
		for (size_t i = 0; i < all[s].n; i++)
			for (size_t t = s; t < n; t++)
				for (size_t j = t == s ? i + 1 : 0; j < all[t].n; j++)
					check_pair(l, s, &all[s].v[i], t, &all[t].v[j]);
}

static void server_bind_has_somebody_to_use_it(struct config_load *l)
{
	static const char *const listens[] = { "pop3_listen", "pop3s_listen", "imap_listen", "imaps_listen" };

	for (size_t i = 0; i < GW_SERVICE_COUNT; i++)
		if (!origin(l, listens[i]))
			return;
	if (origin(l, "server_bind"))
		FIND(l, CONFIG_W_NO_EFFECT, "server_bind", "take the line out", "does not count, every service has its own addresses");
}

/* ---- store ---- */

/* Is there an error about the option already? Then its default says nothing about the file. */
static bool was_refused(const struct config_load *l, const char *name)
{
	for (size_t i = l->first; i < l->diags->n; i++)
		if (l->diags->v[i].severity == GW_ERROR && l->diags->v[i].option == row(name))
			return true;
	return false;
}

/* How the URL of a kind of store looks. */
static const char *form_of(const char *kind)
{
	return strcmp(kind, "local") == 0 ? "local:/directory" : strcmp(kind, "jmap") == 0 ? "https://host/ (a JMAP server)" : kind;
}

static void the_store_can_be_opened(struct config_load *l)
{
	const char *kind = gw_config_store_kind(l->cfg->server_socket);
	const char *shown = config_mask(&l->scratch, gw_slice_str(l->cfg->server_socket));
	char known[200] = "";

	if (!l->src->stores || (!origin(l, "server_socket") && was_refused(l, "server_socket")))
		return;
	for (const char *const *s = l->src->stores; *s; s++) {
		size_t n = strlen(known);

		if (kind && strcmp(kind, *s) == 0)
			return;
		snprintf(known + n, sizeof known - n, "%s%s", n ? ", " : "", form_of(*s));
	}
	config_find(l, origin(l, "server_socket"), &(struct config_finding){ .code = CONFIG_E_STORE,
		.option = row("server_socket"), .found = shown, .expected = known,
		.suggestion = "local:/var/lib/gateway is the embedded store" },
		"\"%.200s\"%s%s: this version opens only %s", shown, origin(l, "server_socket") ? "" : " is the default",
		kind && strcmp(kind, "kopano") == 0 ? ", a storage server of Kopano" : "", known);
}

static void bypass_auth_is_meant(struct config_load *l)
{
	struct gw_slice url = gw_slice_str(l->cfg->server_socket);

	if (!l->cfg->bypass_auth)
		return;
	if (gw_slice_startsi(url, GW_S("file:")) || gw_slice_startsi(url, GW_S("default:")))
		FIND(l, CONFIG_W_INSECURE, "bypass_auth", "set it to no",
			"the storage server may accept every password when it trusts the user of this daemon");
	else
		FIND(l, CONFIG_W_NO_EFFECT, "bypass_auth", "take the line out", "counts only for a storage server on a UNIX socket");
}

/* ---- process ---- */

static void threads_need_the_thread_model(struct config_load *l)
{
	static const char *const names[] = { "worker_threads", "loop_threads", "auth_threads" };

	for (size_t i = 0; l->cfg->process_model == GW_PROCESS_FORK && i < 3; i++)
		if (origin(l, names[i]))
			FIND(l, CONFIG_W_NO_EFFECT, names[i], NULL, "does not count with process_model = fork");
}

/* Versions from 8.7 on had an empty name as their default, where log_method was auto. */
static void the_log_has_a_file_when_it_goes_to_one(struct config_load *l)
{
	const struct gw_option *opt = row("log_file");

	if (l->cfg->log_method != GW_METHOD_FILE || *l->cfg->log_file)
		return;
	config_find(l, origin(l, "log_file"), &(struct config_finding){ .code = CONFIG_E_EMPTY, .option = opt,
		.expected = "an absolute path, or -", .suggestion = "name a file, or write log_method = auto" },
		"needs a value while log_method is file");
	config_set_text(l->cfg, opt, opt->def); /* where this is forgiven */
}

/* ---- IMAP and POP3 ---- */

/* -NAME, or +NAME of what is announced only then. */
static bool capability_name(const char *s)
{
	if (*s == '+')
		return gw_slice_eqi(gw_slice_str(s + 1), GW_S("OBJECTID+"));
	if (*s++ != '-' || !*s)
		return false;
	for (; *s; s++)
		if (*s <= ' ' || *s == 0x7F || strchr("(){%*\"\\]", *s))
			return false;
	return true;
}

static void capabilities_are_names_with_a_sign(struct config_load *l)
{
	const struct gw_words *w = &l->cfg->imap_capabilities;

	for (size_t i = 0; i < w->n; i++) {
		struct config_finding f = { .code = CONFIG_E_WORD, .option = row("imap_capabilities"), .found = w->v[i] };
		const struct config_origin *o = origin(l, "imap_capabilities");

		config_at_word(&f, o, w->v[i]);
		if (!capability_name(w->v[i])) {
			f.expected = "names with a minus in front, or +OBJECTID+";
			config_find(l, o, &f, "\"%.100s\" is not a capability with a minus in front", w->v[i]);
		} else if (gw_slice_eqi(gw_slice_str(w->v[i]), GW_S("-IMAP4rev1"))) {
			config_find(l, o, &f, "IMAP4rev1 cannot be switched off");
		}
	}
}

/* What was written in quotes, or as text behind the value, is no name of a user. */
static void admins_are_names(struct config_load *l)
{
	const struct gw_words *w = &l->cfg->imap_admins;

	for (size_t i = 0; i < w->n; i++) {
		struct config_finding f = { .code = CONFIG_E_WORD, .option = row("imap_admins"), .found = w->v[i],
			.expected = "names of users, separated by blanks" };
		const struct config_origin *o = origin(l, "imap_admins");

		config_at_word(&f, o, w->v[i]);
		if (strchr("\"'#", *w->v[i]))
			config_find(l, o, &f, "\"%.100s\" is not a name of a user", w->v[i]);
	}
}

static void trusted_networks_are_networks(struct config_load *l)
{
	const struct gw_words *w = &l->cfg->trusted_networks;
	struct gw_network n;

	for (size_t i = 0; i < w->n; i++) {
		struct config_finding f = { .code = CONFIG_E_WORD, .option = row("trusted_networks"), .found = w->v[i],
			.expected = "addresses and networks such as 192.0.2.0/24 and 2001:db8::/32" };
		const struct config_origin *o = origin(l, "trusted_networks");

		if (gw_network_parse(gw_slice_str(w->v[i]), &n))
			continue;
		config_at_word(&f, o, w->v[i]);
		config_find(l, o, &f, "\"%.100s\" is not an IP address or a network", w->v[i]);
	}
}

static void timeouts_are_not_shorter_than_the_standards_ask(struct config_load *l)
{
	if (l->cfg->imap_timeout < 1800)
		FIND(l, CONFIG_W_SHORT, "imap_timeout", NULL, "%u seconds are less than the 30 minutes of RFC 9051 section 5.4",
			l->cfg->imap_timeout);
	if (l->cfg->pop3_timeout < 600)
		FIND(l, CONFIG_W_SHORT, "pop3_timeout", NULL, "%u seconds are less than the 10 minutes of RFC 1939 section 3",
			l->cfg->pop3_timeout);
}

/* ---- TLS ---- */

static void tls_services_have_a_certificate(struct config_load *l)
{
	const struct gw_config *cfg = l->cfg;
	bool needed = cfg->listen[GW_SERVICE_IMAPS].n || cfg->listen[GW_SERVICE_POP3S].n;

	if (cfg->n_certs == 0 && needed)
		FIND(l, CONFIG_W_NO_CERTIFICATE, "ssl_certificate_file", "name both ssl_certificate_file and ssl_private_key_file",
			"there is no certificate with its key, so pop3s and imaps stay off");
	if (cfg->n_certs == 0 && cfg->disable_plaintext_auth)
		FIND(l, CONFIG_W_NO_CERTIFICATE, "disable_plaintext_auth", "name a certificate",
			"leaves clients of other machines no way to send a password: without a certificate there is no TLS");
}

static void verified_clients_have_an_authority(struct config_load *l)
{
	if (l->cfg->ssl_verify_client && !*l->cfg->ssl_verify_file && !*l->cfg->ssl_verify_path)
		FIND(l, CONFIG_W_NO_AUTHORITY, "ssl_verify_client", "set ssl_verify_file or ssl_verify_path",
			"no client can pass, since no authority is named");
}

static void obsolete_tls_is_seen(struct config_load *l)
{
	const char *name = origin(l, "tls_min_proto") ? "tls_min_proto" : "ssl_protocols";

	if (l->cfg->tls_min < GW_TLS_1_2)
		FIND(l, CONFIG_W_INSECURE, name, name[0] == 't' ? "write tls1.2" : "write tls_min_proto = tls1.2 instead",
			"allows versions before TLS 1.2, which are obsolete (RFC 8996)");
}

/* ---- limits ---- */

static void small_limits_stay_below_large_ones(struct config_load *l)
{
	static const struct {
		const char *small, *large;
		unsigned code;
	} pairs[] = {
		{ "max_line_prelogin", "max_line", CONFIG_E_LIMITS },
		{ "max_literal_prelogin", "max_literal", CONFIG_E_LIMITS },
		{ "max_line", "max_session_memory", CONFIG_E_LIMITS },
		{ "max_literal", "max_session_memory", CONFIG_E_LIMITS },
		{ "max_connections_per_address", "max_connections", CONFIG_W_NO_EFFECT },
		{ "max_connections_per_user", "max_connections", CONFIG_W_NO_EFFECT },
	};
	struct gw_config *c = l->cfg;

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const struct gw_option *small = row(pairs[i].small), *large = row(pairs[i].large);

		if (config_number(c, small) <= config_number(c, large))
			continue;
		if (config_value(c, small)->origin)
			FIND(l, pairs[i].code, small->name, NULL, "%s is more than %s (%s)", gw_config_text(c, small), large->name,
				gw_config_text(c, large));
		else if (pairs[i].code == CONFIG_E_LIMITS) /* a default gives way */
			config_set_text(c, small, gw_config_text(c, large));
	}
}

void config_check_rules(struct config_load *l)
{
	static void (*const rules[])(struct config_load *) = {
		ports_of_services_that_are_off_do_not_matter,
		some_service_is_on,
		listeners_do_not_collide,
		server_bind_has_somebody_to_use_it,
		the_store_can_be_opened,
		bypass_auth_is_meant,
		threads_need_the_thread_model,
		the_log_has_a_file_when_it_goes_to_one,
		admins_are_names,
		capabilities_are_names_with_a_sign,
		trusted_networks_are_networks,
		timeouts_are_not_shorter_than_the_standards_ask,
		tls_services_have_a_certificate,
		verified_clients_have_an_authority,
		obsolete_tls_is_seen,
		small_limits_stay_below_large_ones,
		ports_are_those_of_their_protocol,
		the_port_of_the_storage_server_fits_its_url,
		the_storage_server_is_not_told_passwords_in_clear,
		clients_do_not_say_passwords_in_clear, metrics_are_for_this_machine,
		authorities_have_somebody_to_verify,
		external_logins_have_certificates,
		tokens_have_a_server_that_takes_them,
		files_do_not_lie_where_everybody_writes,
		the_control_socket_is_not_for_everybody,
		roles_have_names_of_users_and_groups,
		the_daemon_does_not_stay_root,
		the_log_says_neither_nothing_nor_all,
		options_are_of_this_kind_of_store,
		certificates_of_the_storage_server_are_asked_for,
		the_service_account_has_a_password,
		the_service_account_speaks_for_users,
		the_service_account_names_the_user,
		the_state_database_is_a_url,
		the_access_url_is_one_of_https,
		passwords_do_not_stand_in_the_file,
		the_mirrors_have_a_directory_of_their_own,
	};

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		rules[i](l);
}

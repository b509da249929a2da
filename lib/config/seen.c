/* seen.c - what of the configuration one client meets (see seen.h)
 *
 * A rule looks at one option for one client. It leaves *s alone when the value counts as it stands. */
#include "config/seen.h"

#include "config/plan.h"
#include "config/priv.h"

#include <stdarg.h>
#include <stdio.h>

bool gw_config_plaintext_refused(const struct gw_config *cfg, bool tls, bool local)
{
	return cfg->disable_plaintext_auth && !tls && !local;
}

unsigned gw_config_address_limit(const struct gw_config *cfg, bool local)
{
	return local ? 0 : cfg->max_connections_per_address;
}

bool gw_config_log_is_named(const struct gw_config *cfg)
{
	if (cfg->log_method != GW_METHOD_AUTO)
		return cfg->log_method == GW_METHOD_FILE;
	return *cfg->log_file && gw_config_is_set(cfg, gw_option_find(GW_S("log_file")), NULL);
}

bool gw_config_store_has_tokens(const struct gw_config *cfg)
{
	const char *kind = gw_config_store_kind(cfg->server_socket);

	return kind && strcmp(kind, "jmap") == 0;
}

static bool for_this_machine_only(const struct gw_listen *l)
{
	static const unsigned char six[16] = { [15] = 1 };

	return l->kind == GW_LISTEN_UNIX || strcmp(l->interface, "lo") == 0 ||
	       (l->kind == GW_LISTEN_IPV4 && l->bytes[0] == 127) ||
	       (l->kind == GW_LISTEN_IPV6 && memcmp(l->bytes, six, sizeof six) == 0);
}

bool gw_config_reachable(const struct gw_config *cfg, enum gw_service service, bool local)
{
	const struct gw_listens *all = &cfg->listen[service];

	for (size_t i = 0; i < all->n; i++)
		if (local || !for_this_machine_only(&all->v[i]))
			return true;
	return false;
}

/* ---- saying it ---- */

struct view {
	const struct gw_config *cfg;
	const struct gw_viewer *w;
	const struct gw_option *opt;
	bool service_known, phase_known;
	bool tls;
};

static void because(struct gw_seen *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void because(struct gw_seen *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->reason, sizeof s->reason, fmt, ap);
	va_end(ap);
	s->why = s->reason;
}

static void not_at_all(struct gw_seen *s, const char *why)
{
	s->counts = false;
	because(s, "%s", why);
}

static void instead(struct gw_seen *s, const char *value, const char *why)
{
	if (strcmp(s->value, value) == 0)
		return;
	snprintf(s->text, sizeof s->text, "%s", value);
	s->value = s->text;
	because(s, "%s", why);
}

/* ---- logging in ---- */

static void see_plaintext(const struct view *v, struct gw_seen *s)
{
	if (!v->cfg->disable_plaintext_auth)
		return;
	if (v->tls)
		instead(s, "no", "the connection is inside TLS");
	else if (v->w->local)
		instead(s, "no", "the address is one of this machine's");
	else if (!(v->w->knows & GW_VIEWER_ADDRESS))
		because(s, "it does not count for clients of this machine%s", v->service_known ? "" : " and inside TLS");
}

static unsigned need_of(const struct gw_option *opt, const char *mechanism)
{
	for (const struct gw_option_word *w = opt->words; w->word; w++)
		if (gw_slice_eqi(gw_slice_str(w->word), gw_slice_str(mechanism)))
			return w->value;
	return 0;
}

/* Why a mechanism is not offered; NULL when it is, or could be. */
static const char *obstacle(const struct view *v, unsigned need)
{
	bool jmap = gw_config_store_has_tokens(v->cfg);

	if (need & GW_MECH_TOKEN && !jmap)
		return "only a JMAP server takes tokens";
	if (need & GW_MECH_KEYS && jmap)
		return "only an embedded store keeps keys of SCRAM";
	if (need & GW_MECH_CERTIFICATE && !v->cfg->ssl_verify_client)
		return "no client is asked for a certificate without ssl_verify_client";
	if (!v->service_known)
		return NULL;
	if (need & GW_MECH_PRIVACY && gw_config_plaintext_refused(v->cfg, v->tls, v->w->local))
		return "disable_plaintext_auth forbids passwords in the clear";
	if (need & GW_MECH_TOKEN && !v->tls && !v->w->local)
		return "tokens are not taken in the clear";
	if (need & GW_MECH_TLS && !v->tls)
		return "it is bound to TLS, which this connection has not";
	return !(need & GW_MECH_CERTIFICATE) || (v->tls && v->w->certificate) ? NULL : "the client has shown no certificate inside TLS";
}

static void see_mechanisms(const struct view *v, struct gw_seen *s)
{
	const struct gw_words *all = &v->cfg->auth_mechanisms;
	size_t n = 0, lost = 0;

	s->text[0] = '\0';
	s->reason[0] = '\0';
	for (size_t i = 0; i < all->n; i++) {
		const char *why = obstacle(v, need_of(v->opt, all->v[i]));
		size_t used = strlen(s->text), told = strlen(s->reason);

		if (!why && used + strlen(all->v[i]) + 2 < sizeof s->text)
			snprintf(s->text + used, sizeof s->text - used, "%s%s", n++ ? " " : "", all->v[i]);
		else if (why && !strstr(s->reason, why))
			snprintf(s->reason + told, sizeof s->reason - told, "%s%s: %s", lost++ ? "; " : "", all->v[i], why);
	}
	if (!lost)
		return;
	s->value = s->text;
	s->why = s->reason;
}

static void before_login(const struct view *v, struct gw_seen *s)
{
	if (v->phase_known && v->w->signed_on)
		not_at_all(s, "counts before login only");
}

static void see_delay(const struct view *v, struct gw_seen *s)
{
	if (v->cfg->auth_delay_max == 0)
		not_at_all(s, "does not count: there are no delays with auth_delay_max = 0");
	else
		before_login(v, s);
}

static void after_login(const struct view *v, struct gw_seen *s)
{
	if (v->phase_known && !v->w->signed_on)
		not_at_all(s, "counts after login only");
}

/* ---- limits ---- */

static void see_address_limit(const struct view *v, struct gw_seen *s)
{
	if (gw_config_address_limit(v->cfg, v->w->local) != v->cfg->max_connections_per_address)
		instead(s, "0", "the machine's own addresses are not limited");
}

static bool is_pop3(const struct view *v)
{
	return v->service_known && (v->w->service == GW_SERVICE_POP3 || v->w->service == GW_SERVICE_POP3S);
}

static void imap_early(const struct view *v, struct gw_seen *s)
{
	if (is_pop3(v))
		not_at_all(s, "counts for IMAP; commands of POP3 have the lengths of RFC 1939");
	else
		before_login(v, s);
}

static void imap_late(const struct view *v, struct gw_seen *s)
{
	if (is_pop3(v))
		not_at_all(s, "counts for IMAP; commands of POP3 have the lengths of RFC 1939");
	else
		after_login(v, s);
}

/* ---- services ---- */

static bool is_set(const struct view *v, const char *name)
{
	return gw_config_is_set(v->cfg, gw_option_find(gw_slice_str(name)), NULL);
}

static bool listen_is_set(const struct view *v, enum gw_service service)
{
	char name[32];

	snprintf(name, sizeof name, "%s_listen", gw_service_name(service));
	return is_set(v, name);
}

/* The older form: it counts when the newer one is not there. */
static void see_older(const struct view *v, struct gw_seen *s)
{
	unsigned services = gw_option_services(v->opt);
	bool any = false, newer = false, older = is_set(v, "server_bind");

	for (unsigned i = 0; i < GW_SERVICE_COUNT; i++) {
		char enable[32], port[32];

		snprintf(enable, sizeof enable, "%s_enable", gw_service_name((enum gw_service)i));
		snprintf(port, sizeof port, "%s_port", gw_service_name((enum gw_service)i));
		older |= is_set(v, enable) || is_set(v, port);
		newer |= listen_is_set(v, (enum gw_service)i);
		if (v->service_known && i != v->w->service)
			continue;
		if (services & 1u << i && !listen_is_set(v, (enum gw_service)i))
			any = true;
	}
	if (!any)
		not_at_all(s, "does not count, since the NAME_listen option of the service is set");
	else if (newer && !older)
		not_at_all(s, "does not count, since the file has the newer form, the NAME_listen options");
}

/* The newer form: where the service listens, whichever form says so. */
static void see_newer(const struct view *v, struct gw_seen *s)
{
	for (unsigned i = 0; i < GW_SERVICE_COUNT; i++)
		if (gw_option_services(v->opt) == 1u << i && !listen_is_set(v, (enum gw_service)i)) {
			s->value = v->cfg->state->listeners[i];
			because(s, "it is not set; this follows from the other options of the services");
		}
}

static void see_hostname(const struct view *v, struct gw_seen *s)
{
	if (!v->cfg->server_hostname_greeting)
		not_at_all(s, "is shown only with server_hostname_greeting");
}

/* ---- TLS ---- */

static void inside_tls(const struct view *v, struct gw_seen *s)
{
	if (v->cfg->n_certs == 0)
		not_at_all(s, "does not count: without a certificate there is no TLS");
	else if (v->service_known && !v->tls)
		not_at_all(s, "counts inside TLS; this connection is not, or not yet");
}

static void see_tls_min(const struct view *v, struct gw_seen *s)
{
	const struct gw_option_word *w = v->opt->words;

	inside_tls(v, s);
	while (s->counts && w->word && w->value != v->cfg->tls_min)
		w++;
	if (s->counts && w->word)
		instead(s, w->word, "ssl_protocols decides, since tls_min_proto is not set");
}

static void see_protocols(const struct view *v, struct gw_seen *s)
{
	inside_tls(v, s);
	if (s->counts && is_set(v, "tls_min_proto"))
		not_at_all(s, "does not count, since tls_min_proto is set");
}

static void see_authority(const struct view *v, struct gw_seen *s)
{
	inside_tls(v, s);
	if (s->counts && !v->cfg->ssl_verify_client)
		not_at_all(s, "counts only with ssl_verify_client");
}

/* ---- the rest of the file ---- */

static void thread_model(const struct view *v, struct gw_seen *s)
{
	if (v->cfg->process_model == GW_PROCESS_FORK)
		not_at_all(s, "does not count with process_model = fork");
}

static void local_store(const struct view *v, struct gw_seen *s)
{
	if (!gw_slice_startsi(gw_slice_str(v->cfg->server_socket), GW_S("local:")))
		not_at_all(s, "counts for a store of the form local: only");
}

static void see_quota(const struct view *v, struct gw_seen *s)
{
	local_store(v, s);
	if (s->counts)
		because(s, "it counts for accounts that have no limit of their own");
}

static void other_store(const struct view *v, struct gw_seen *s)
{
	if (gw_slice_startsi(gw_slice_str(v->cfg->server_socket), GW_S("local:")))
		not_at_all(s, "does not count for a store of the form local:");
}

static void see_log_file(const struct view *v, struct gw_seen *s)
{
	if (v->cfg->log_method == GW_METHOD_SYSLOG)
		not_at_all(s, "does not count with log_method = syslog");
	else if (strcmp(v->opt->name, "log_file") == 0 && !gw_config_log_is_named(v->cfg))
		not_at_all(s, "is not set, and log_method = auto takes it only then");
}

static void see_idle(const struct view *v, struct gw_seen *s)
{
	if (!v->cfg->imap_capability_idle)
		not_at_all(s, "does not count: no client can idle without imap_capability_idle");
	else
		after_login(v, s);
}

static void see_control(const struct view *v, struct gw_seen *s)
{
	if (!*v->cfg->control_socket)
		not_at_all(s, "does not count: there is no control socket");
}

static const struct {
	const char *option;
	void (*see)(const struct view *v, struct gw_seen *s);
} rules[] = {
	{ "server_bind", see_older }, { "server_hostname", see_hostname },
	{ "pop3_enable", see_older }, { "pop3_port", see_older }, { "pop3_listen", see_newer },
	{ "pop3s_enable", see_older }, { "pop3s_port", see_older }, { "pop3s_listen", see_newer },
	{ "imap_enable", see_older }, { "imap_port", see_older }, { "imap_listen", see_newer },
	{ "imaps_enable", see_older }, { "imaps_port", see_older }, { "imaps_listen", see_newer },
	{ "bypass_auth", other_store }, { "public_account", local_store }, { "max_mailboxes", local_store },
	{ "mail_quota", see_quota }, { "mail_quota_messages", see_quota }, { "tmp_path", other_store },
	{ "worker_threads", thread_model }, { "loop_threads", thread_model }, { "auth_threads", thread_model },
	{ "control_socket_mode", see_control }, { "control_socket_group", see_control },
	{ "control_admins", see_control }, { "control_operators", see_control },
	{ "imap_only_mailfolders", other_store }, { "imap_ignore_command_idle", see_idle },
	{ "imap_public_folders", after_login }, { "imap_max_messagesize", after_login },
	{ "imap_message_limit", after_login }, { "imap_save_limit", after_login },
	{ "imap_expunge_on_delete", after_login }, { "imap_timeout", after_login }, { "pop3_timeout", after_login },
	{ "pop3_lock_maildrop", after_login }, { "pop3_uidl_format", after_login }, { "pop3_delete", after_login },
	{ "pop3_set_seen", after_login }, { "pop3_client_workarounds", after_login },
	{ "disable_plaintext_auth", see_plaintext }, { "auth_mechanisms", see_mechanisms },
	{ "auth_delay_after", see_delay }, { "auth_forget", before_login }, { "auth_delay_max", before_login },
	{ "max_auth_failures", before_login }, { "login_timeout", before_login },
	{ "max_connections_per_address", see_address_limit }, { "max_connections_per_user", after_login },
	{ "max_line_prelogin", imap_early }, { "max_literal_prelogin", imap_early },
	{ "max_line", imap_late }, { "max_literal", imap_late }, { "max_session_memory", imap_late },
	{ "imap_sort_memory", imap_late },
	{ "ssl_private_key_file", inside_tls }, { "ssl_certificate_file", inside_tls }, { "ssl_certificates", inside_tls },
	{ "ssl_verify_client", inside_tls }, { "ssl_verify_file", see_authority }, { "ssl_verify_path", see_authority },
	{ "tls_min_proto", see_tls_min }, { "ssl_protocols", see_protocols }, { "ssl_ciphers", inside_tls },
	{ "ssl_curves", inside_tls }, { "ssl_prefer_server_ciphers", inside_tls },
	{ "log_file", see_log_file }, { "log_timestamp", see_log_file }, { "log_buffer_size", see_log_file },
	{ "html_safety_filter", other_store },
};

static void wrong_service(const struct view *v, struct gw_seen *s)
{
	s->counts = false;
	because(s, "has nothing to do with %s", gw_service_name(v->w->service));
}

void gw_config_see(const struct gw_config *cfg, const struct gw_option *opt, const struct gw_viewer *w,
	struct gw_seen *ret)
{
	bool known = w->knows & GW_VIEWER_SERVICE;
	bool always = known && (w->service == GW_SERVICE_IMAPS || w->service == GW_SERVICE_POP3S);
	const struct view v = { .cfg = cfg, .w = w, .opt = opt, .service_known = known,
		.phase_known = w->knows & GW_VIEWER_PHASE, .tls = w->tls || always };

	ret->counts = true;
	ret->value = gw_config_text(cfg, opt);
	ret->why = NULL;
	if (known && !(gw_option_services(opt) & 1u << w->service)) {
		wrong_service(&v, ret);
		return;
	}
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (strcmp(rules[i].option, opt->name) == 0)
			rules[i].see(&v, ret);
}

/* auth.c - orders about one user signing on: what limits him, whether a password is right, and why or why not
 *
 * All of it runs in jobs, which read the same shared memory as the sessions, and bans as they were when the job began. The
 * client who signs on is imagined: from an address, with a service, inside TLS or not, as far as the order says. */
#include "config/seen.h"
#include "daemon/conn.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/filter.h"
#include "sasl/sasl.h"
#include "store/admin.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- the client ---- */

struct scene {
	struct ctl_work *w;
	struct snapshot *snapshot;
	const struct gw_config *cfg;
	struct gw_slice user;
	bool has_address, has_service;
	unsigned char ip[16];
	enum gw_service service;
	const char *protocol; /* "imap", "pop3", or NULL for any */
	bool trusted;
	struct gw_peer peer;
	struct penalty_count failures;
	bool banned;
	struct ban ban;
	const char *failed;   /* the first step that failed, or NULL */
};

static int read_address(struct scene *sc, struct gw_err *err)
{
	struct gw_slice text = gw_ctl_slice(sc->w->r, "address");
	struct gw_network net;

	sc->peer.local = true;
	if (text.n == 0)
		return 0;
	if (!gw_network_parse(text, &net) || net.bits != 128)
		return gw_fail(err, GW_EINVAL, "\"%.*s\" is not an IP address", GW_FMT(text));
	sc->has_address = true;
	memcpy(sc->ip, net.ip, sizeof sc->ip);
	sc->peer.local = acceptor_is_local(sc->ip);
	sc->trusted = gw_networks_have(&sc->cfg->trusted_networks, sc->ip);
	sc->banned = ban_find(&sc->w->g->bans, sc->ip, conn_clock_s(), false, &sc->ban);
	return 0;
}

static void read_service(struct scene *sc)
{
	struct gw_slice text = gw_ctl_slice(sc->w->r, "service");

	for (unsigned i = 0; i < SERVICES; i++) {
		if (!gw_slice_eqi(text, gw_slice_str(services[i].name)))
			continue;
		sc->has_service = true;
		sc->service = (enum gw_service)i;
		sc->protocol = services[i].proto->name;
		sc->peer.tls = services[i].tls;
	}
	sc->peer.tls |= gw_ctl_flag(sc->w->r, "tls") || !sc->has_service;
	sc->peer.has_exporter = sc->peer.tls;
}

/* Begin; end with scene_done(), also on failure. client: the order describes one. */
static int scene_init(struct scene *sc, struct ctl_work *w, bool client, struct gw_err *err)
{
	struct penalty_rule rule;
	int rc;

	*sc = (struct scene){ .w = w, .snapshot = snapshot_get(w->g), .user = gw_ctl_slice(w->r, "user") };
	sc->cfg = sc->snapshot->config;
	rc = read_address(sc, err);
	if (client)
		read_service(sc);
	rule = penalty_rule_of(sc->cfg);
	penalty_look(&w->g->penalties, &rule, sc->has_address ? sc->ip : NULL, sc->user, conn_clock_s(), &sc->failures);
	return rc;
}

static void scene_done(struct scene *sc)
{
	snapshot_unref(sc->snapshot);
}

static unsigned delay_of(const struct scene *sc)
{
	return sc->trusted ? 0 : sc->failures.delay_s;
}

static uint32_t ban_left(const struct scene *sc)
{
	return sc->banned && !sc->ban.for_good ? sc->ban.until_s - conn_clock_s() : 0;
}

/* ---- limits ---- */

static void put_account(struct gw_json *j, struct scene *sc, const struct gw_user *u)
{
	struct gw_usage usage = { .disk = 0 };

	gw_json_string(j, "user", u ? gw_slice_str(u->name) : sc->user);
	gw_json_bool(j, "known", u != NULL);
	gw_json_bool(j, "enabled", u && u->enabled);
	gw_json_str(j, "disabled_features", u ? u->disabled_features : "");
	gw_json_u64(j, "connections", ctl_work_sessions(sc->w, u ? gw_slice_str(u->name) : sc->user));
	gw_json_u64(j, "max_connections", atomic_load(&sc->w->g->reg.shared->max_per_user));
	if (u)
		gw_admin_user_usage(sc->w->store, sc->user, &usage, NULL);
	gw_json_u64(j, "size", usage.quota.storage_used);
	gw_json_u64(j, "storage_limit", usage.quota.storage_limit);
	gw_json_u64(j, "messages", usage.quota.messages_used);
	gw_json_u64(j, "messages_limit", usage.quota.messages_limit);
	gw_json_u64(j, "failures", sc->failures.user);
}

static void put_address(struct gw_json *j, const struct scene *sc)
{
	const struct registry *reg = &sc->w->g->reg;

	gw_json_u64(j, "address_connections", reg_count_address(reg, sc->ip));
	gw_json_u64(j, "address_max_connections", gw_config_address_limit(sc->cfg, sc->peer.local));
	gw_json_bool(j, "trusted", sc->trusted);
	gw_json_u64(j, "address_failures", sc->failures.address);
	gw_json_u64(j, "pair_failures", sc->failures.pair);
	gw_json_bool(j, "known_there", sc->failures.known);
	gw_json_u64(j, "delay_s", delay_of(sc));
	gw_json_bool(j, "banned", sc->banned);
	gw_json_u64(j, "ban_left_s", ban_left(sc));
	gw_json_string(j, "ban_reason", sc->banned ? filter_text(sc->ban.reason, sizeof sc->ban.reason) : gw_slice("", 0));
}

static int work_limits(struct ctl_work *w, struct gw_err *err)
{
	struct gw_arena arena;
	struct gw_user user;
	struct scene sc;
	int rc = scene_init(&sc, w, false, err);

	gw_arena_init(&arena, 0, 0);
	if (rc == 0)
		rc = gw_admin_user_show(w->store, &arena, sc.user, &user, err);
	if (rc == 0 || rc == GW_ENOENT) {
		struct gw_json *j = gw_ctl_ok(&w->reply);

		put_account(j, &sc, rc == 0 ? &user : NULL);
		if (sc.has_address)
			put_address(j, &sc);
		gw_ctl_end(&w->reply);
		rc = 0;
	}
	gw_arena_done(&arena);
	scene_done(&sc);
	return rc;
}

/* ---- what does not depend on the account ---- */

static void sasl_env(const struct scene *sc, struct gw_sasl_env *ret)
{
	*ret = (struct gw_sasl_env){ .config = sc->cfg, .store = sc->w->store, .peer = &sc->peer, .clock = gw_clock_system(),
				     .service = sc->protocol };
}

/* May the client connect and say a password in this way? NULL, or why not. */
static const char *obstacle(const struct scene *sc, struct gw_slice mechanism)
{
	const struct gw_sasl_mech *m = gw_sasl_find(mechanism);
	struct gw_sasl_env env;

	if (sc->banned)
		return "the address is banned";
	if (sc->has_service && !gw_config_reachable(sc->cfg, sc->service, sc->peer.local))
		return "the service is not served where this client could reach it";
	if (mechanism.n == 0)
		return gw_config_plaintext_refused(sc->cfg, sc->peer.tls, sc->peer.local) ?
			       "disable_plaintext_auth forbids passwords outside TLS" : NULL;
	sasl_env(sc, &env);
	return m && gw_sasl_offer(m, &env) == GW_SASL_OFFERED ? NULL : "the mechanism is not offered to this client";
}

/* ---- auth test ---- */

/* 0, or the code of the refusal. */
static int try(struct scene *sc, struct gw_slice mechanism, struct gw_err *err)
{
	const struct gw_sasl_mech *m = mechanism.n ? gw_sasl_find(mechanism) : NULL;
	bool scram = m && m->facts & GW_SASL_SCRAM;

	return gw_admin_user_verify(sc->w->store, sc->user, gw_ctl_slice(sc->w->r, "password"), sc->protocol, scram, err);
}

static bool is_verdict(int rc)
{
	return rc == 0 || rc == GW_EAUTH || rc == GW_EDISABLED;
}

static void count(struct scene *sc, int rc)
{
	struct penalty_rule rule = penalty_rule_of(sc->cfg);

	if (rc < 0 && sc->has_address && !sc->trusted && gw_ctl_flag(sc->w->r, "count"))
		penalty_failed(&sc->w->g->penalties, &rule, sc->ip, sc->user, conn_clock_s());
}

static void end_test(struct ctl_work *w, const struct scene *sc, const char *reason)
{
	struct gw_json *j = gw_ctl_ok(&w->reply);

	gw_json_bool(j, "accepted", !reason);
	if (reason)
		gw_json_str(j, "reason", reason);
	if (sc->has_address)
		gw_json_u64(j, "delay_s", delay_of(sc));
	gw_json_u64(j, "exit", reason ? 1 : 0);
	gw_ctl_end(&w->reply);
}

static int work_test(struct ctl_work *w, struct gw_err *err)
{
	struct gw_slice mechanism = gw_ctl_slice(w->r, "mechanism");
	struct gw_err why = { .text = "" };
	const char *reason;
	struct scene sc;
	int rc;

	if (gw_ctl_slice(w->r, "password").n == 0)
		return gw_fail(err, GW_EINVAL, "give the password");
	rc = scene_init(&sc, w, true, err);
	if (rc == 0) {
		reason = obstacle(&sc, mechanism);
		rc = reason ? GW_EACCES : try(&sc, mechanism, &why);
		if (!reason && is_verdict(rc))
			count(&sc, rc);
		if (reason || is_verdict(rc)) {
			end_test(w, &sc, reason ? reason : rc < 0 ? why.text : NULL);
			rc = 0;
		} else {
			rc = gw_fail(err, (enum gw_code)rc, "%s", why.text);
		}
	}
	scene_done(&sc);
	return rc;
}

/* ---- auth explain ---- */

enum verdict { PASS, FAIL, NOTE };

static void say(struct scene *sc, const char *step, enum verdict v, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
static void say(struct scene *sc, const char *step, enum verdict v, const char *fmt, ...)
{
	static const char *const words[] = { "pass", "fail", "note" };
	struct gw_json *j = gw_ctl_row(&sc->w->reply);
	char text[640];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	gw_json_str(j, "step", step);
	gw_json_str(j, "verdict", words[v]);
	gw_json_str(j, "detail", text);
	ctl_work_row(sc->w, false);
	if (v == FAIL && !sc->failed)
		sc->failed = step;
}

static void explain_address(struct scene *sc)
{
	unsigned max = gw_config_address_limit(sc->cfg, sc->peer.local);
	uint32_t n = reg_count_address(&sc->w->g->reg, sc->ip);
	char net[GW_NETWORK_TEXT];

	if (sc->banned) {
		gw_network_put(&sc->ban.net, net);
		say(sc, "ban", FAIL, "%s is banned %s%s%s", net, sc->ban.for_good ? "until the ban is removed" : "for some time",
		    *sc->ban.reason ? ": " : "", sc->ban.reason);
	} else {
		say(sc, "ban", PASS, "the address is not banned");
	}
	if (max && n >= max)
		say(sc, "address limit", FAIL, "%u of %u connections of the address are taken (max_connections_per_address)", n, max);
	else if (max)
		say(sc, "address limit", PASS, "%u of %u connections of the address are taken", n, max);
	else
		say(sc, "address limit", PASS, "connections of the address are not limited");
	if (sc->trusted)
		say(sc, "delay", PASS, "the address is in trusted_networks");
	else
		say(sc, "delay", delay_of(sc) ? NOTE : PASS, "%u failures of the address, %u of the user from there: the answer comes %s",
		    sc->failures.address, sc->failures.pair, delay_of(sc) ? "later" : "at once");
	if (delay_of(sc))
		say(sc, "delay", NOTE, "it waits %u seconds; penalty clear forgets the failures", delay_of(sc));
}

static void explain_service(struct scene *sc)
{
	const char *name = services[sc->service].name;

	if (gw_config_reachable(sc->cfg, sc->service, sc->peer.local))
		say(sc, "service", PASS, "%s is served", name);
	else
		say(sc, "service", FAIL, "%s is not served where this client could reach it", name);
}

/* Returns whether SCRAM is offered. */
static bool explain_mechanisms(struct scene *sc)
{
	char offered[256] = "", not_offered[256] = "";
	const struct gw_sasl_mech *m;
	struct gw_sasl_env env;
	bool scram = false;

	sasl_env(sc, &env);
	for (size_t i = 0; (m = gw_sasl_at(i)); i++) {
		bool yes = gw_sasl_offer(m, &env) == GW_SASL_OFFERED;
		char *list = yes ? offered : not_offered;

		snprintf(list + strlen(list), sizeof offered - strlen(list), "%s%s", *list ? " " : "", m->name);
		scram |= yes && m->facts & GW_SASL_SCRAM;
	}
	say(sc, "mechanisms", *offered ? PASS : NOTE, "offered: %s; not: %s", *offered ? offered : "none",
	    *not_offered ? not_offered : "none");
	return scram;
}

static void explain_privacy(struct scene *sc, bool scram)
{
	if (sc->peer.tls)
		say(sc, "plaintext", PASS, "the connection is inside TLS");
	else if (!gw_config_plaintext_refused(sc->cfg, false, sc->peer.local))
		say(sc, "plaintext", PASS, "passwords are taken outside TLS%s", sc->peer.local ? " from this machine" : "");
	else
		say(sc, "plaintext", scram ? NOTE : FAIL, "disable_plaintext_auth forbids passwords outside TLS%s",
		    scram ? "; SCRAM does not send it" : "");
}

static bool has_word(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = words; (p = strstr(p, word)); p += n)
		if ((p == words || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

static void explain_account(struct scene *sc, const struct gw_user *u)
{
	say(sc, "account", PASS, "the account \"%s\" is there", u->name);
	say(sc, "enabled", u->enabled ? PASS : FAIL, u->enabled ? "the account is enabled" : "the account is disabled: see user enable");
	if (*u->moved.server)
		say(sc, "moved", FAIL, "the mail has moved to %s: see user move", u->moved.server);
	if (sc->protocol && has_word(u->disabled_features, sc->protocol))
		say(sc, "feature", FAIL, "%s is disabled for the user: see user features", sc->protocol);
	else
		say(sc, "feature", PASS, *u->disabled_features ? "disabled for the user: %s" : "no service is disabled for the user",
		    u->disabled_features);
	if (strcmp(u->scheme, "none") == 0)
		say(sc, "password", FAIL, "the account has no password: see user passwd");
	else
		say(sc, "password", PASS, "the password is kept as %s", u->scheme);
	say(sc, "scram", u->has_scram ? PASS : NOTE, u->has_scram ? "keys for SCRAM are there" :
	    "there are no keys for SCRAM yet: the next login with the password itself makes them");
}

static void explain_limits(struct scene *sc, const struct gw_user *u)
{
	unsigned n = ctl_work_sessions(sc->w, gw_slice_str(u->name));
	uint32_t max = atomic_load(&sc->w->g->reg.shared->max_per_user), all = sc->w->g->reg.n_slots;
	uint32_t used = reg_used(&sc->w->g->reg);
	struct gw_usage usage;

	say(sc, "connections", used < all ? PASS : FAIL, "%u of %u connections are taken (max_connections)", used, all);
	if (max)
		say(sc, "user limit", n < max ? PASS : FAIL, "%u of %u connections of the user are taken", n, max);
	else
		say(sc, "user limit", PASS, "connections of the user are not limited");
	if (gw_admin_user_usage(sc->w->store, sc->user, &usage, NULL) < 0)
		return;
	if (usage.quota.storage_limit && usage.quota.storage_used >= usage.quota.storage_limit)
		say(sc, "quota", NOTE, "the storage is used up: the user may sign on, but store nothing");
	else if (usage.quota.messages_limit && usage.quota.messages_used >= usage.quota.messages_limit)
		say(sc, "quota", NOTE, "the limit of messages is reached: the user may sign on, but store nothing");
	else
		say(sc, "quota", PASS, "there is room for mail");
}

static void explain_verify(struct scene *sc)
{
	struct gw_err err = { .text = "" };
	int rc = try(sc, gw_slice("", 0), &err);

	if (rc == 0)
		say(sc, "verify", PASS, "the password is right");
	else
		say(sc, "verify", FAIL, "%s", err.text);
}

static void end_explain(struct scene *sc)
{
	struct gw_json *j = gw_ctl_ok(&sc->w->reply);

	gw_json_bool(j, "accepted", !sc->failed);
	if (sc->failed)
		gw_json_str(j, "step", sc->failed);
	gw_json_u64(j, "exit", sc->failed ? 1 : 0);
	gw_ctl_end(&sc->w->reply);
}

static int explain(struct scene *sc, struct gw_arena *arena, struct gw_err *err)
{
	struct gw_err why = { .text = "" };
	struct gw_user user;
	int rc = gw_admin_user_show(sc->w->store, arena, sc->user, &user, &why);

	if (rc < 0 && rc != GW_ENOENT && rc != GW_EINVAL)
		return gw_fail(err, (enum gw_code)rc, "%s", why.text);
	if (sc->has_address)
		explain_address(sc);
	if (sc->has_service)
		explain_service(sc);
	explain_privacy(sc, explain_mechanisms(sc));
	if (rc < 0) {
		say(sc, rc == GW_EINVAL ? "name" : "account", FAIL, "%s", why.text);
	} else {
		say(sc, "name", PASS, "the name is \"%s\"", user.name);
		explain_account(sc, &user);
		explain_limits(sc, &user);
		if (gw_ctl_slice(sc->w->r, "password").n)
			explain_verify(sc);
	}
	end_explain(sc);
	return 0;
}

static int work_explain(struct ctl_work *w, struct gw_err *err)
{
	struct gw_arena arena;
	struct scene sc;
	int rc = scene_init(&sc, w, true, err);

	gw_arena_init(&arena, 0, 0);
	if (rc == 0)
		rc = explain(&sc, &arena, err);
	gw_arena_done(&arena);
	scene_done(&sc);
	return rc;
}

const struct ctl_handler ctl_handlers_auth[] = {
	{ "limits", .work = work_limits },
	{ "auth test", .work = work_test },
	{ "auth explain", .work = work_explain },
	{ 0 },
};

/* reload.c - another configuration in a running service (see server.h)
 *
 * SIGHUP and `gwctl reload` read all files into a new snapshot, make the new TLS contexts, and only when everything is
 * good put it in force with one pointer. Anything wrong: every finding is told, nothing changes. What cannot change in
 * a running process keeps its value and is named. What changes is said by the plan (config/plan.h) that `gwcfg plan`
 * shows before. */
#include "daemon/server.h"

#include "util/buf.h"
#include "util/clock.h"
#include "util/mem.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *env_of(void *ctx, const char *name)
{
	(void)ctx;
	return getenv(name);
}

int server_load(struct server *s, const char *file, struct gw_config **ret, struct gw_diags *diags)
{
	struct gw_config_source src = {
		.missing_ok = !s->cmdline.path && !file,
		.overrides = s->cmdline.overrides,
		.n_overrides = s->cmdline.n_overrides,
		.env = env_of,
		.ignore_unknown = s->cmdline.ignore_unknown,
		.stores = server_stores,
	};

	if (!s->config_path) {
		s->config_path = s->cmdline.path ? realpath(s->cmdline.path, NULL) : gw_config_default_path(env_of, NULL);
		if (!s->config_path)
			s->config_path = gw_xstrdup(s->cmdline.path); /* to be told that it is missing */
	}
	src.path = file ? file : s->config_path;
	return gw_config_load(&src, ret, diags);
}

int server_load_tls(struct server *s, const struct gw_config *cfg, struct tls_set **ret, struct gw_err *err)
{
	*ret = NULL;
	if (cfg->n_certs == 0)
		return 0;
	return tls_set_new(cfg, &s->g.tickets, ret, err);
}

void server_reopen_log(struct server *s)
{
	struct gw_err err;

	if (log_reopen(&s->g.log, &err) < 0)
		log_line(&s->g.log, GW_LOG_ERROR, "Log not reopened: %s", err.text);
	else
		log_event(&s->g.log, GW_EV_LOG_REOPENED);
	if (s->g.fork_model)
		spawn_signal_all(s, SIGUSR1);
}

/* ---- telling ---- */

struct teller {
	struct server *s;
	bool dry; /* who asked is told; nothing happened that belongs into the log */
	reload_tell tell;
	void *ctx;
};

static void say(const struct teller *t, int level, const struct reload_news *news)
{
	log_line_as(&t->s->g.log, GW_MOD_CONFIG, t->dry ? GW_LOG_DEBUG : level, "Reload%s: %s: %s", t->dry ? " plan" : "", news->event,
		 news->text);
	if (t->tell)
		t->tell(t->ctx, news);
}

static void say_text(const struct teller *t, int level, const char *event, const char *text)
{
	say(t, level, &(struct reload_news){ .event = event, .text = text });
}

static void say_diags(const struct teller *t, const struct gw_diags *diags)
{
	struct gw_buf text;

	gw_buf_init(&text, 0);
	for (size_t i = 0; i < diags->n; i++) {
		const struct gw_diag *d = &diags->v[i];

		if (d->severity == GW_NOTE)
			continue;
		text.n = 0;
		gw_diag_put_place(d, &text); /* the event is the severity */
		gw_diag_put_sentence(d, &text);
		gw_diag_put_chain(d, &text);
		while (text.n && text.p[text.n - 1] == '\n')
			text.n--;
		say_text(t, d->severity == GW_ERROR ? GW_LOG_ERROR : GW_LOG_WARNING, gw_severity_name(d->severity),
			 gw_buf_str(&text));
	}
	gw_buf_done(&text);
}

static void say_changes(const struct teller *t, const struct gw_plan *p)
{
	struct gw_buf text;

	gw_buf_init(&text, 0);
	for (size_t i = 0; i < p->n_options; i++) {
		const struct gw_plan_option *c = &p->options[i];

		text.n = 0;
		gw_buf_printf(&text, "%s = %s (was: %s)", c->opt->name, c->now_shown, c->was_shown);
		say(t, c->opt->reload == GW_RESTART ? GW_LOG_WARNING : GW_LOG_NOTICE,
		    &(struct reload_news){ gw_option_reload_name(c->opt->reload), gw_buf_str(&text), c, NULL });
	}
	gw_buf_done(&text);
}

static void say_listeners(const struct teller *t, const struct gw_plan *p)
{
	for (size_t i = 0; i < p->n_listeners; i++) {
		const struct gw_plan_listener *l = &p->listeners[i];
		char text[256];

		if (l->move == GW_KEPT)
			continue;
		snprintf(text, sizeof text, "%s on %s will be %s by a restart", gw_service_name(l->service), l->text,
			 gw_move_name(l->move));
		say(t, GW_LOG_WARNING, &(struct reload_news){ "listener", text, NULL, l });
	}
}

/* ---- certificates ---- */

static bool knows(const struct tls_set *set, const struct tls_facts *f)
{
	struct tls_facts other;

	for (size_t i = 0; set && tls_set_facts(set, i, &other); i++)
		if (strcmp(other.fingerprint, f->fingerprint) == 0)
			return true;
	return false;
}

/* Certificates of set that other has not. Returns how many. */
static unsigned say_certificates(const struct teller *t, const struct tls_set *set, const struct tls_set *other,
				 const char *what)
{
	struct tls_facts f;
	unsigned n = 0;

	for (size_t i = 0; set && tls_set_facts(set, i, &f); i++) {
		const char *name = tls_set_name(set, i, 0);
		char text[512], end[32] = "";
		struct tm tm;
		time_t at = f.not_after;

		if (knows(other, &f))
			continue;
		if (gmtime_r(&at, &tm))
			strftime(end, sizeof end, "%Y-%m-%d", &tm);
		snprintf(text, sizeof text, "%s: the certificate of %s, good until %s (serial %s)", what,
			 name ? name : f.subject, end, f.serial);
		say_text(t, GW_LOG_NOTICE, "certificate", text);
		n++;
	}
	return n;
}

/* What differs; cfg, tls: what comes. *plan is made. Returns how many certificates come or go. */
static unsigned say_all(const struct teller *t, const struct snapshot *was, const struct gw_config *cfg,
			const struct tls_set *tls, struct gw_plan *plan)
{
	unsigned certificates;

	gw_plan_make(plan, was->config, cfg);
	say_changes(t, plan);
	say_listeners(t, plan);
	certificates = say_certificates(t, tls, was->tls, "new") + say_certificates(t, was->tls, tls, "no longer");
	if (gw_plan_is_empty(plan) && certificates == 0)
		say_text(t, GW_LOG_INFO, "unchanged", "all options have the values they had");
	return certificates;
}

bool reload_say_changes(struct server *s, const struct snapshot *was, const struct snapshot *now, reload_tell tell,
			void *ctx)
{
	const struct teller t = { s, false, tell, ctx };
	struct gw_plan plan;
	unsigned certificates = say_all(&t, was, now->config, now->tls, &plan);
	bool any = certificates || !gw_plan_is_empty(&plan);

	gw_plan_done(&plan);
	return any;
}

/* ---- the reload ---- */

void server_put_in_force(struct server *s, struct snapshot *next)
{
	log_configure(&s->g.log, next->config);
	atomic_store(&s->g.reg.shared->max_per_user, next->config->max_connections_per_user);
	snapshot_publish(&s->g, next);
	ctl_read_roles(s);
}

/* TLS of cfg; none, when there was none before and there is no file now. */
static int load_tls(const struct teller *t, const struct gw_config *cfg, struct tls_set **ret)
{
	struct gw_err err;

	if (server_load_tls(t->s, cfg, ret, &err) == 0)
		return 0;
	if (!t->s->g.current->tls && err.code == GW_ENOENT)
		return 0;
	say_text(t, GW_LOG_ERROR, "error", err.text);
	return GW_EINVAL;
}

/* Does anything change for clients, now or from their next session on? */
static bool changes(const struct gw_plan *p, unsigned certificates)
{
	return p->count[GW_LIVE] || p->count[GW_NEXT] || certificates;
}

static void put_on_trial(const struct teller *t, const struct reload_order *o, bool changed)
{
	char text[160];

	if (!o->confirm_s)
		return;
	if (!changed && !t->s->trial.on) {
		say_text(t, GW_LOG_INFO, "confirm", "nothing changes in force, so there is nothing to confirm");
		return;
	}
	trial_begin(t->s, o->confirm_s, o->who);
	snprintf(text, sizeof text, "unless `gwctl confirm' comes within %u seconds, the configuration before comes back",
		 (unsigned)o->confirm_s);
	say_text(t, GW_LOG_NOTICE, "confirm", text);
}

static void take_over(struct server *s, const struct reload_order *o, struct gw_config *cfg, struct tls_set *tls)
{
	if (!o->tls_only) {
		s->loaded_s = gw_wall_s(gw_clock_system());
		free(s->loaded_file);
		s->loaded_file = gw_xstrdup(o->file ? o->file : s->config_path);
	}
	server_put_in_force(s, snapshot_new(cfg, tls));
}

/* cfg is checked; take it over or give it back. */
static int apply(const struct teller *t, const struct reload_order *o, struct gw_config *cfg)
{
	struct server *s = t->s;
	struct tls_set *tls = NULL;
	struct gw_plan plan;
	unsigned certificates;
	bool changed;

	if (load_tls(t, cfg, &tls) < 0)
		return GW_EINVAL;
	certificates = say_all(t, s->g.current, cfg, tls, &plan);
	changed = changes(&plan, certificates);
	if (o->dry) {
		gw_plan_done(&plan);
		tls_set_free(tls);
		return 1;
	}
	if (changed)
		past_keep(s, o->tls_only);
	if (o->tls_only) {
		gw_plan_done(&plan);
	} else {
		gw_plan_done(&s->plan);
		s->plan = plan;
		gw_config_keep_restart(cfg, s->g.current->config);
	}
	take_over(s, o, cfg, tls);
	put_on_trial(t, o, changed);
	return 0;
}

void server_notify_reload(struct server *s, bool begins)
{
	struct timespec t;

	if (!begins) {
		sd_notify(&s->sd, "READY=1");
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &t);
	sd_notify(&s->sd, "RELOADING=1\nMONOTONIC_USEC=%llu",
		  (unsigned long long)t.tv_sec * 1000000 + (unsigned long long)t.tv_nsec / 1000);
}

static int load(const struct teller *t, const struct reload_order *o, struct gw_config **ret)
{
	struct gw_diags diags;
	int rc;

	if (o->tls_only) {
		*ret = gw_config_ref(t->s->g.current->config);
		return 0;
	}
	gw_diags_init(&diags);
	rc = server_load(t->s, o->file, ret, &diags);
	say_diags(t, &diags);
	gw_diags_done(&diags);
	return rc;
}

/* A word for the log about how it ended. */
static void conclude(struct server *s, const struct reload_order *o, int rc)
{
	if (rc < 0 && o->tls_only)
		log_event(&s->g.log, GW_EV_CERTIFICATE_FAILED, GW_STR("detail", "it cannot be read"));
	else if (rc < 0)
		log_event(&s->g.log, GW_EV_RELOAD_FAILED);
	else if (o->tls_only)
		log_event(&s->g.log, GW_EV_CERTIFICATE);
	else
		log_event(&s->g.log, GW_EV_RELOAD, GW_STR("path", s->loaded_file));
}

int server_reload(struct server *s, const struct reload_order *order)
{
	const struct teller t = { s, order->dry, order->tell, order->ctx };
	struct gw_config *cfg = NULL;
	int rc;

	if (!order->dry)
		server_notify_reload(s, true);
	rc = load(&t, order, &cfg);
	if (rc == 0)
		rc = apply(&t, order, cfg);
	if (rc != 0)
		gw_config_unref(cfg);
	if (!order->dry)
		conclude(s, order, rc);
	if (rc == 0 && !order->tls_only)
		server_reopen_log(s);
	if (!order->dry)
		server_notify_reload(s, false);
	return rc < 0 ? rc : 0;
}

/* ---- certificates that change by themselves ---- */

/* Nobody looks at what is taken by itself: it must be what a renewal is, and no other certificate. */
static int check_renewal(const struct tls_set *old, const struct tls_set *new, struct gw_err *err)
{
	const char *lost = tls_set_lost_name(old, new);
	int64_t now = gw_wall_s(gw_clock_system());
	struct tls_facts f;

	if (lost)
		return gw_fail(err, GW_EINVAL, "it is no longer for %s; if that is meant, `gwctl tls reload' takes it", lost);
	for (size_t i = 0; tls_set_facts(new, i, &f); i++)
		if (f.not_after < now && !knows(old, &f))
			return gw_fail(err, GW_EINVAL, "it has expired (%s)", f.subject);
	return 0;
}

/* The files of set changed: read them for cfg. NULL: they are not to be taken, and that was said. */
static struct tls_set *renew(struct server *s, const struct gw_config *cfg, struct tls_set *set)
{
	struct tls_set *tls = NULL;
	struct gw_err err;
	int rc = server_load_tls(s, cfg, &tls, &err);

	if (rc == 0 && tls)
		rc = check_renewal(set, tls, &err);
	if (rc == 0 && tls)
		return tls;
	log_event(&s->g.log, GW_EV_CERTIFICATE_FAILED, GW_STR("detail", err.text));
	tls_set_free(tls);
	tls_set_mark(set); /* once is enough to say it */
	return NULL;
}

/* An undo that comes much later must not bring back certificates that have run out since. */
static void refresh_past(struct server *s)
{
	struct snapshot *p = s->past.snapshot;
	struct tls_set *tls = p && p->tls && !s->trial.on && tls_set_stale(p->tls) ? renew(s, p->config, p->tls) : NULL;

	if (!tls)
		return;
	s->past.snapshot = snapshot_new(gw_config_ref(p->config), tls);
	snapshot_unref(p);
}

void server_refresh_tls(struct server *s)
{
	struct snapshot *now = s->g.current;
	struct tls_set *tls;

	if (!now->tls || !tls_set_stale(now->tls))
		return;
	tls = renew(s, now->config, now->tls);
	if (!tls)
		return;
	server_put_in_force(s, snapshot_new(gw_config_ref(now->config), tls));
	log_event(&s->g.log, GW_EV_CERTIFICATE);
	refresh_past(s);
}

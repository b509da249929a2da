/* reload.c - another configuration in a running service (see server.h)
 *
 * SIGHUP and `gwctl reload` read all files into a new snapshot, make the new TLS contexts, and only when everything is
 * good put it in force with one pointer. Anything wrong: every finding is told, nothing changes. What cannot change in
 * a running process keeps its value and is named. What changes is said by the plan (config/plan.h) that `gwcfg plan`
 * shows before. */
#include "daemon/server.h"

#include "util/buf.h"
#include "util/mem.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *env_of(void *ctx, const char *name)
{
	(void)ctx;
	return getenv(name);
}

int server_load(struct server *s, struct gw_config **ret, struct gw_diags *diags)
{
	struct gw_config_source src = {
		.missing_ok = !s->cmdline.path,
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
	src.path = s->config_path;
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
		log_line(&s->g.log, GW_LOG_NONE, "Log reopened");
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
	log_line(&t->s->g.log, t->dry ? GW_LOG_DEBUG : level, "Reload%s: %s: %s", t->dry ? " check" : "", news->event,
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

static void say_plan(const struct teller *t, const struct gw_plan *p)
{
	say_changes(t, p);
	say_listeners(t, p);
	if (gw_plan_is_empty(p))
		say_text(t, GW_LOG_INFO, "unchanged", "all options have the values they had");
}

/* ---- the reload ---- */

static void put_in_force(struct server *s, struct gw_config *cfg, struct tls_set *tls)
{
	struct timespec t;

	log_configure(&s->g.log, cfg);
	atomic_store(&s->g.reg.shared->max_per_user, cfg->max_connections_per_user);
	snapshot_publish(&s->g, snapshot_new(cfg, tls));
	clock_gettime(CLOCK_REALTIME, &t);
	s->loaded_s = t.tv_sec;
}

/* cfg is checked; take it over or give it back. */
static int apply(const struct teller *t, struct gw_config *cfg, bool dry)
{
	struct server *s = t->s;
	struct tls_set *tls;
	struct gw_plan plan;
	struct gw_err err;

	if (server_load_tls(s, cfg, &tls, &err) < 0) {
		if (s->g.current->tls || err.code != GW_ENOENT) {
			say_text(t, GW_LOG_ERROR, "error", err.text);
			return GW_EINVAL;
		}
		tls = NULL; /* there was none before, and there is no file now */
	}
	gw_plan_make(&plan, s->g.current->config, cfg);
	say_plan(t, &plan);
	if (dry) {
		gw_plan_done(&plan);
		tls_set_free(tls);
		return 1;
	}
	gw_plan_done(&s->plan);
	s->plan = plan;
	gw_config_keep_restart(cfg, s->g.current->config);
	put_in_force(s, cfg, tls);
	return 0;
}

static void notify_reloading(struct server *s)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	sd_notify(&s->sd, "RELOADING=1\nMONOTONIC_USEC=%llu",
		  (unsigned long long)t.tv_sec * 1000000 + (unsigned long long)t.tv_nsec / 1000);
}

int server_reload(struct server *s, bool dry, reload_tell tell, void *ctx)
{
	const struct teller t = { s, dry, tell, ctx };
	struct gw_config *cfg = NULL;
	struct gw_diags diags;
	int rc;

	if (!dry)
		notify_reloading(s);
	gw_diags_init(&diags);
	rc = server_load(s, &cfg, &diags);
	say_diags(&t, &diags);
	gw_diags_done(&diags);
	if (rc == 0)
		rc = apply(&t, cfg, dry);
	if (rc != 0)
		gw_config_unref(cfg);
	if (rc < 0 && !dry)
		log_line(&s->g.log, GW_LOG_ERROR, "Configuration not reloaded: the old one stays in force");
	else if (!dry)
		log_line(&s->g.log, GW_LOG_NONE, "Configuration reloaded from %s", s->config_path);
	if (rc == 0)
		server_reopen_log(s);
	if (!dry)
		sd_notify(&s->sd, "READY=1");
	return rc < 0 ? rc : 0;
}

void server_refresh_tls(struct server *s)
{
	struct snapshot *now = s->g.current;
	struct tls_set *tls;
	struct gw_err err;

	if (!now->tls || !tls_set_stale(now->tls))
		return;
	if (server_load_tls(s, now->config, &tls, &err) < 0) {
		log_line(&s->g.log, GW_LOG_ERROR, "New certificate not taken, the old one stays in use: %s", err.text);
		tls_set_mark(now->tls); /* once is enough to say it */
		return;
	}
	snapshot_publish(&s->g, snapshot_new(gw_config_ref(now->config), tls));
	log_line(&s->g.log, GW_LOG_NOTICE, "Certificate files changed: the new ones are in use");
}

/* store.c - the driver "jmap": `https://mail.example.org/` (see driver.h)
 *
 * Mirrors lie below mirror_path, a directory for each account as the embedded store has them; all of it can be rebuilt from the
 * server, but for the numbers that IMAP clients know messages by. */
#include "store/jmap/driver.h"
#include "store/jmap/jmap.h"
#include "store/jmap/reach.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "config/config.h"
#include "util/mem.h"

#define STREAM_CONNECTIONS 4096 /* event streams over HTTP/1.1 have a connection each */

int jmap_http(struct jmap_store *js, struct http_call *call, struct gw_err *err)
{
	int rc;

	if (js->waiting)
		js->waiting(js->waiting_ctx, true);
	rc = http_do(js->http, call, err);
	if (js->waiting)
		js->waiting(js->waiting_ctx, false);
	return rc;
}

/* ---- opening ---- */

static int open_root(struct jmap_store *js, const char *path, struct gw_err *err)
{
	char *real;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return gw_fail(err, (enum gw_code)gw_code_errno(errno), "mirror_path: %s: %s", path, strerror(errno));
	real = realpath(path, NULL);
	if (!real)
		return gw_fail(err, (enum gw_code)gw_code_errno(errno), "mirror_path: %s: %s", path, strerror(errno));
	js->local.root = real;
	return db_make_dir(real, js->local.env->opt.owner, err);
}

static const char *unless_empty(const char *s)
{
	return s && *s ? s : NULL;
}

static void settings(struct jmap_settings *set, const struct gw_config *c)
{
	set->cache_max = c->mirror_cache_size;
	set->auth_ttl_s = local_auth_cache_ttl(c);
	set->poll_s = (unsigned)c->jmap_poll_interval;
	set->poll_quiet_s = (unsigned)c->jmap_poll_interval_quiet;
	set->push = c->jmap_push;
	set->offline = c->mirror_offline;
	set->shared_accounts = c->imap_shared_accounts;
	set->server_search = c->jmap_search == GW_JMAP_SEARCH_SERVER;
	set->expunge_to_trash = c->jmap_expunge == GW_JMAP_EXPUNGE_TRASH;
	if (!unless_empty(c->backend_user))
		return;
	set->service_user = gw_xstrdup(c->backend_user);
	set->login_as = gw_xstrdup(c->backend_impersonate_login);
	set->impersonate = c->backend_impersonate == GW_IMPERSONATE_AUTHORIZE_AS ? JMAP_AUTHORIZE_AS
			   : c->backend_impersonate == GW_IMPERSONATE_LOGIN	 ? JMAP_LOGIN_AS
										 : JMAP_AS_NOBODY;
}

static void observe(void *ctx, unsigned kind, uint64_t us, int rc)
{
	static const enum gw_store_call calls[] = {
		[JMAP_CALL_SESSION] = GW_CALL_REMOTE_SESSION,
		[JMAP_CALL_API] = GW_CALL_REMOTE_API,
		[JMAP_CALL_UPLOAD] = GW_CALL_REMOTE_UPLOAD,
		[JMAP_CALL_DOWNLOAD] = GW_CALL_REMOTE_DOWNLOAD,
	};
	struct jmap_store *js = ctx;

	if (js->local.base.observe && kind < sizeof calls / sizeof *calls)
		js->local.base.observe(js->local.base.observe_ctx, calls[kind], us, rc);
}

static int open_clients(struct jmap_store *js, const struct gw_store_options *opt, struct gw_err *err)
{
	struct http_options ho;
	int rc;

	jmap_http_options(opt->config, &ho);
	ho.clock = opt->clock;
	ho.shared = opt->shared;
	ho.observe = observe;
	ho.observe_ctx = js;
	ho.log = opt->log;
	ho.log_ctx = opt->log_ctx;
	rc = http_client_new(&ho, &js->http, err);
	if (rc != 0)
		return rc;
	ho.max_connections = STREAM_CONNECTIONS;
	return http_client_new(&ho, &js->events, err);
}

/* With process_model fork there is a process a client: its connections to the database are closed soon. */
static int open_shared(struct jmap_store *js, const struct gw_store_options *opt, struct gw_err *err)
{
	const struct gw_config *c = opt->config;
	const struct shared_options so = {
		.url = c->state_database,
		.clock = opt->clock,
		.keep_ms = c->process_model == GW_PROCESS_FORK ? 3000 : 0,
		.log = opt->log,
		.log_ctx = opt->log_ctx,
	};
	int rc = shared_new(&so, &js->shared, err);

	if (rc == 0)
		js->local.replica = shared_replica(js->shared);
	return rc;
}

static int open_all(struct jmap_store *js, const struct gw_store_options *opt, struct gw_err *err)
{
	const struct gw_config *c = opt->config;
	int rc = unless_empty(c->state_database) ? open_shared(js, opt, err) : 0;

	if (rc == 0)
		rc = local_init(&js->local, opt, false, err);
	if (rc == 0)
		rc = open_root(js, c->mirror_path, err);
	if (rc == 0 && js->set.service_user)
		rc = jmap_read_password(&js->set.service_password, c->backend_password_file, err);
	if (rc == 0)
		rc = open_clients(js, opt, err);
	return rc;
}

static void jmap_close(struct gw_store *s)
{
	struct jmap_store *js = (struct jmap_store *)s;

	if (js->shared)
		shared_stop(js->shared);
	jmap_watcher_stop(js);
	jmap_logins_tidy(js, true);
	http_client_free(js->events);
	http_client_free(js->http);
	local_done(&js->local);
	shared_free(js->shared);
	gw_secret_free(&js->set.service_password);
	free(js->set.service_user);
	free(js->set.login_as);
	free(js->session_url);
	free(js->url);
	pthread_mutex_destroy(&js->lock);
	free(js);
}

static int jmap_open(const struct gw_store_options *opt, struct gw_slice target, struct gw_store **ret, struct gw_err *err)
{
	struct jmap_store *js;
	char *url;
	int rc;

	if (!opt->config)
		return gw_fail(err, GW_EINVAL, "a JMAP server as the store needs a configuration");
	js = gw_xalloc(sizeof *js);
	js->local.base.ops = &gw_jmap_ops;
	js->local.mirror = true;
	js->clock = opt->clock;
	js->waiting = opt->waiting;
	js->waiting_ctx = opt->waiting_ctx;
	list_init(&js->logins);
	list_init(&js->remotes);
	if (pthread_mutex_init(&js->lock, NULL))
		gw_bug("cannot make a mutex");
	url = gw_xslicedup(target);
	js->url = jmap_session_address(url);
	free(url);
	settings(&js->set, opt->config);
	rc = open_all(js, opt, err);
	if (rc < 0) {
		jmap_close(&js->local.base);
		return rc;
	}
	*ret = &js->local.base;
	return 0;
}

static void jmap_tidy(struct gw_store *s, unsigned idle_ms)
{
	struct jmap_store *js = (struct jmap_store *)s;

	gw_db_tidy(js->local.env, idle_ms);
	jmap_logins_tidy(js, false);
	if (js->shared)
		shared_tidy(js->shared, false);
}

static int start_background(struct gw_store *s, struct gw_err *err)
{
	struct jmap_store *js = (struct jmap_store *)s;

	int rc = js->local.readonly_tools ? 0 : gw_db_start(js->local.env, err);

	return rc < 0 || js->local.readonly_tools || !js->shared ? rc : shared_start(js->shared, js->local.env, err);
}

/* ---- signing on ---- */

static int signed_on(struct jmap_store *js, int rc, struct jmap_login *l, struct gw_acct **ret, struct gw_err *err)
{
	if (rc == 0) {
		rc = jmap_acct_new(js, l, l->user, ret, err);
		jmap_login_unref(l);
	}
	if (rc != GW_ELIMIT && rc != GW_EINVAL)
		return rc;
	if (err) /* an answer that is too large, or none: the server's doing, not the user's */
		err->code = GW_ECORRUPT;
	return GW_ECORRUPT;
}

static int login(struct gw_store *s, struct gw_slice user, struct gw_slice password, const char *service, struct gw_acct **ret,
	struct gw_err *err)
{
	struct jmap_login *l = NULL;
	int rc = jmap_login_password((struct jmap_store *)s, user, password, &l, err);

	(void)service;
	return signed_on((struct jmap_store *)s, rc, l, ret, err);
}

static int login_token(struct gw_store *s, struct gw_slice user, struct gw_slice token, const char *service, struct gw_acct **ret,
	struct gw_err *err)
{
	struct jmap_login *l = NULL;
	int rc = jmap_login_token((struct jmap_store *)s, user, token, &l, err);

	(void)service;
	return signed_on((struct jmap_store *)s, rc, l, ret, err);
}

static int open_account(struct gw_store *s, struct gw_slice user, const char *service, struct gw_acct **ret, struct gw_err *err)
{
	struct jmap_login *l = NULL;
	int rc = jmap_login_trusted((struct jmap_store *)s, user, &l, err);

	(void)service;
	return signed_on((struct jmap_store *)s, rc, l, ret, err);
}

const struct gw_store_ops gw_jmap_ops = {
	.kind = "jmap",
	.whole_url = true,
	.open = jmap_open,
	.close = jmap_close,
	.start_background = start_background,
	.tidy = jmap_tidy,
	.probe = jmap_probe,
	.login = login,
	.login_token = login_token,
	.open_account = open_account,
};

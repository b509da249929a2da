/* news.c - hearing that another gateway has changed a map
 *
 * One connection a process listens. What is heard is a version and an account's name; whether that is news, the mirror knows. After a time without the connection anything may have changed. */
#include "store/shared/priv.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#define QUIET_MS 10000 /* without a word, the connection is tried */
#define PAUSE_MAX_MS 5000

static void tell(struct shared *sh, int64_t version, const char *name)
{
	struct gw_db_account *acc = NULL;

	while (sh->env && (acc = gw_db_account_next(sh->env, acc, name)))
		map_refresh_to(sh, acc, version, NULL);
	if (sh->opt.on_news)
		sh->opt.on_news(sh->opt.news_ctx, name);
}

static void hear(struct shared *sh, struct shared_conn *c)
{
	PGnotify *n;

	while ((n = sh->pq->PQnotifies(c->pg))) {
		const char *name = strchr(n->extra, ' ');

		if (name)
			tell(sh, strtoll(n->extra, NULL, 10), name + 1);
		sh->pq->PQfreemem(n);
	}
}

static bool stopped(const struct shared *sh, int ms)
{
	struct pollfd p = { .fd = sh->wake[0], .events = POLLIN };

	return poll(&p, 1, ms) != 0;
}

static void listen_on(struct shared *sh, struct shared_conn *c)
{
	int rc = conn_script(sh, c, "LISTEN gateway", 0, NULL, NULL);

	if (rc == 0)
		tell(sh, 0, NULL);
	while (rc >= 0 && !stopped(sh, 0)) {
		rc = conn_wait(sh, c, sh->wake[0], QUIET_MS);
		if (rc > 0)
			hear(sh, c);
		else if (rc == 0 && !stopped(sh, 0))
			rc = conn_script(sh, c, "SELECT 1", 0, NULL, NULL);
		hear(sh, c);
	}
}

static void *serve(void *arg)
{
	struct shared *sh = arg;
	struct shared_conn *c;
	int pause_ms = 100;

	while (!stopped(sh, 0)) {
		if (conn_open(sh, &c, NULL) < 0) {
			pause_ms = pause_ms * 2 > PAUSE_MAX_MS ? PAUSE_MAX_MS : pause_ms * 2;
		} else {
			pause_ms = 100;
			listen_on(sh, c);
			conn_close(sh, c);
		}
		stopped(sh, pause_ms);
	}
	return NULL;
}

int shared_start(struct shared *sh, struct gw_db_env *env, struct gw_err *err)
{
	int rc;

	if (sh->listening)
		return 0;
	if (pipe2(sh->wake, O_CLOEXEC) < 0)
		return gw_fail(err, GW_EIO, "state_database: %s", strerror(errno));
	sh->env = env;
	rc = pthread_create(&sh->listener, NULL, serve, sh);
	if (rc) {
		close(sh->wake[0]);
		close(sh->wake[1]);
		return gw_fail(err, GW_EIO, "state_database: cannot start its thread: %s", strerror(rc));
	}
	sh->listening = true;
	return 0;
}

void shared_stop(struct shared *sh)
{
	if (!sh->listening)
		return;
	close(sh->wake[1]);
	pthread_join(sh->listener, NULL);
	close(sh->wake[0]);
	sh->listening = false;
}

void shared_free(struct shared *sh)
{
	if (!sh)
		return;
	shared_stop(sh);
	shared_tidy(sh, true);
	pthread_cond_destroy(&sh->freed);
	pthread_mutex_destroy(&sh->lock);
	pthread_mutex_destroy(&sh->locks_lock);
	conn_forget_url(sh);
	free(sh);
}

/* breaker.c - while a server is away, nobody waits for it (see http.h)
 *
 * After some failures in a row requests are refused at once, but for one now and then that finds out whether the server is back.
 * The state is shared by all processes, and a process that dies with its trial under way blocks nobody: its turn runs out. */
#include "store/http/priv.h"

#include <stdio.h>

#define OPEN_AFTER 5	 /* failures in a row */
#define REST_MS	   400	 /* between two trials: service is back within a second of the server's return */
#define TRIAL_MS   10000 /* the turn of a trial */

uint64_t client_now(const struct http_client *c)
{
	return gw_mono_ms(c->opt.clock);
}

bool breaker_allows(struct http_client *c, bool *ret_trial)
{
	uint32_t state = atomic_load(&c->shared->breaker);
	uint64_t now = client_now(c), until;

	*ret_trial = false;
	if (state == HTTP_CLOSED)
		return true;
	until = atomic_load(&c->shared->retry_ms);
	if (now < until)
		return false;
	*ret_trial = atomic_compare_exchange_strong(&c->shared->retry_ms, &until, now + TRIAL_MS);
	if (*ret_trial)
		atomic_store(&c->shared->breaker, HTTP_HALF_OPEN);
	return *ret_trial;
}

static void say(const struct http_client *c, int level, const char *text)
{
	if (c->opt.log)
		c->opt.log(c->opt.log_ctx, level, text);
}

static void heard_up(struct http_client *c)
{
	atomic_store(&c->shared->failures, 0);
	atomic_store(&c->shared->last_ok_s, (uint64_t)gw_wall_s(c->opt.clock));
	if (atomic_exchange(&c->shared->breaker, HTTP_CLOSED) != HTTP_CLOSED)
		say(c, 4, "the storage server is back");
}

static void heard_down(struct http_client *c, bool trial, const char *why)
{
	uint32_t failures = atomic_fetch_add(&c->shared->failures, 1) + 1, closed = HTTP_CLOSED;
	char text[512];

	atomic_store(&c->shared->last_failed_s, (uint64_t)gw_wall_s(c->opt.clock));
	if (trial) {
		atomic_store(&c->shared->retry_ms, client_now(c) + REST_MS);
		atomic_store(&c->shared->breaker, HTTP_OPEN);
		return;
	}
	if (failures < OPEN_AFTER || atomic_load(&c->shared->breaker) != HTTP_CLOSED)
		return; /* what fails late does not put off the next trial */
	atomic_store(&c->shared->retry_ms, client_now(c) + REST_MS);
	if (!atomic_compare_exchange_strong(&c->shared->breaker, &closed, HTTP_OPEN))
		return;
	atomic_fetch_add(&c->shared->opened, 1);
	snprintf(text, sizeof text, "the storage server is away: %s", why);
	say(c, 2, text);
}

void breaker_heard(struct http_client *c, bool up, bool trial, const char *why)
{
	if (up)
		heard_up(c);
	else
		heard_down(c, trial, why);
}

void breaker_nothing(struct http_client *c, bool trial)
{
	if (!trial)
		return;
	atomic_store(&c->shared->retry_ms, client_now(c));
	atomic_store(&c->shared->breaker, HTTP_OPEN);
}

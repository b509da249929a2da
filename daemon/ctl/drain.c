/* drain.c - orders that let sessions go: drain, resume, shutdown (see ctl.h, daemon/drain.h)
 *
 * drain and shutdown show what is left until nothing is. They only look on: whoever asked may go away, and what was
 * begun goes on. */
#include "daemon/ctl/ctl.h"

#include "daemon/conn.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>

/* What was told last. */
struct view {
	bool shutdown;
	bool brief; /* only until it has begun */
	bool told;
	unsigned left, busy, total;
	int64_t seconds; /* until the rest is cut off; -1: there is no such time */
	struct gw_slice user;
};

static int64_t until(uint32_t at_s)
{
	int32_t left = (int32_t)(at_s - conn_clock_s());

	return left > 0 ? left : 0;
}

static int64_t seconds_left(const struct server *s, const struct view *v)
{
	const struct drain_user *u = v->user.n ? drain_user_find(s, v->user) : NULL;

	if (v->shutdown || s->stopping)
		return until(s->deadline_s);
	if (v->user.n)
		return u && u->deadline_s ? until(u->deadline_s) : -1;
	return s->drain.limited ? until(s->drain.deadline_s) : -1;
}

static const char *state_of(const struct server *s)
{
	return s->stopping ? "stopping" : s->drain.phase == DRAIN_WARNING ? "warning" :
	       s->drain.phase == DRAIN_ON ? "draining" : "running";
}

static void put_sentence(char *p, size_t cap, const struct server *s, const struct view *v)
{
	int n = snprintf(p, cap, "%u sessions are left, %u of them in the middle of a command", v->left, v->busy);

	if (s->drain.phase == DRAIN_WARNING && !v->user.n && !s->stopping)
		snprintf(p + n, cap - (size_t)n, "; clients are taken for %lld seconds yet", (long long)until(s->drain.begin_s));
	else if (v->seconds >= 0)
		snprintf(p + n, cap - (size_t)n, "; %lld seconds until they are cut off", (long long)v->seconds);
}

static void put_row(struct ctl_client *c, const struct view *v)
{
	struct gw_json *j = gw_ctl_row(&c->reply);
	char text[200];

	put_sentence(text, sizeof text, c->s, v);
	gw_json_str(j, "event", "step");
	gw_json_str(j, "text", text);
	gw_json_u64(j, "done", v->total - v->left);
	gw_json_u64(j, "total", v->total);
	gw_json_str(j, "state", state_of(c->s));
	gw_json_u64(j, "left", v->left);
	gw_json_u64(j, "busy", v->busy);
	if (v->seconds >= 0)
		gw_json_i64(j, "seconds_left", v->seconds);
	else
		gw_json_str(j, "seconds_left", NULL);
	gw_ctl_end(&c->reply);
}

static void put_end(struct ctl_client *c, const struct view *v, bool taken_back)
{
	struct gw_json *j = gw_ctl_ok(&c->reply);

	gw_json_str(j, "state", state_of(c->s));
	gw_json_u64(j, "left", v->left);
	if (taken_back)
		gw_json_u64(j, "exit", 1);
	gw_ctl_end(&c->reply);
}

/* Did somebody resume? */
static bool taken_back(const struct server *s, const struct view *v)
{
	if (s->stopping || v->shutdown)
		return false;
	return v->user.n ? !drain_user_find(s, v->user) : s->drain.phase == DRAIN_OFF;
}

/* Is there nothing more to look at? */
static bool is_over(const struct server *s, const struct view *v)
{
	if (s->ended || (v->brief && (v->shutdown || server_doors_settled(s))))
		return true;
	return !v->shutdown && v->left == 0 && s->drain.phase != DRAIN_WARNING && server_doors_settled(s);
}

static bool more(struct ctl_client *c)
{
	struct view *v = c->stream.ctx, was = *v;
	struct server *s = c->s;
	bool back = taken_back(s, v);

	v->left = s->ended ? 0 : drain_left(s, v->user, &v->busy);
	v->total = v->left > v->total ? v->left : v->total;
	v->seconds = seconds_left(s, v);
	if (back || is_over(s, v)) {
		put_end(c, v, back);
		return false;
	}
	if (!v->told || v->left != was.left || v->seconds != was.seconds)
		put_row(c, v);
	v->told = true;
	return true;
}

static void end(struct ctl_client *c)
{
	free(c->stream.ctx);
}

/* Show what is left until nothing is; not when the caller does not want to wait. */
static void look_on(struct ctl_client *c, bool stops)
{
	struct view *v = gw_xalloc(sizeof *v);

	v->shutdown = stops;
	if (!stops)
		v->user = gw_ctl_slice(&c->request, "user");
	v->brief = !gw_ctl_number(&c->request, "wait", 1);
	c->stream = (struct ctl_stream){ more, end, v };
}

static int answer_drain(struct ctl_client *c, struct gw_err *err)
{
	const struct gw_ctl_request *r = &c->request;
	struct gw_slice user = gw_ctl_slice(r, "user");
	const struct drain_order o = { .limited = gw_ctl_given(r, "deadline"),
				       .deadline_s = (uint32_t)gw_ctl_number(r, "deadline", 0),
				       .grace_s = (uint32_t)gw_ctl_number(r, "grace", 0) };
	int rc = 0;

	if (c->s->stopping)
		return gw_fail(err, GW_EBUSY, "the service is stopping, which drains it");
	if (gw_ctl_number(r, "deadline", 0) > DRAIN_MAX_S || gw_ctl_number(r, "grace", 0) > DRAIN_MAX_S)
		return gw_fail(err, GW_EINVAL, "deadline and grace are at most %u days", DRAIN_MAX_S / 86400);
	if (user.n)
		rc = drain_user_begin(c->s, user, &o, err);
	else
		drain_begin(c->s, &o);
	if (rc == 0)
		look_on(c, false);
	return rc;
}

/* OK is not said before clients get in. */
static bool wait_for_doors(struct ctl_client *c)
{
	if (!server_doors_settled(c->s) && !c->s->stopping)
		return true;
	gw_ctl_ok_empty(&c->reply);
	return false;
}

static int answer_resume(struct ctl_client *c, struct gw_err *err)
{
	struct gw_slice user = gw_ctl_slice(&c->request, "user");
	int rc = 0;

	if (c->s->stopping)
		return gw_fail(err, GW_EBUSY, "the service is stopping, which cannot be taken back");
	if (user.n)
		rc = drain_user_resume(c->s, user, err);
	else
		drain_resume(c->s);
	if (rc == 0)
		c->stream = (struct ctl_stream){ .more = wait_for_doors };
	return rc;
}

static void stop(struct ctl_client *c, const char *why)
{
	const struct gw_config *cfg = c->s->g.current->config;
	uint64_t s = gw_ctl_number(&c->request, "deadline", cfg->shutdown_timeout);

	server_stop(c->s, why, gw_ctl_flag(&c->request, "now") ? 0 : s > DRAIN_MAX_S ? DRAIN_MAX_S : (uint32_t)s);
}

static int answer_shutdown(struct ctl_client *c, struct gw_err *err)
{
	(void)err;
	stop(c, "gwctl shutdown");
	look_on(c, true);
	return 0;
}

static int answer_stop(struct ctl_client *c, struct gw_err *err)
{
	(void)err;
	stop(c, "gwctl stop");
	gw_ctl_ok_empty(&c->reply);
	return 0;
}

const struct ctl_handler ctl_handlers_drain[] = {
	{ "drain", .answer = answer_drain },
	{ "resume", .answer = answer_resume },
	{ "shutdown", .answer = answer_shutdown },
	{ "stop", .answer = answer_stop },
	{ 0 },
};

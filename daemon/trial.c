/* trial.c - back to the configuration before (see server.h)
 *
 * The configuration that was in force before the last change is kept as it was: values, certificates as they were loaded,
 * what waited for a restart. `gwctl undo` swaps the two, so undoing an undo is an undo. After `reload --confirm N` the
 * swap is made by a timer of the main loop unless `gwctl confirm` came: nothing that happens to who asked can stop it,
 * and a change that keeps everybody out undoes itself. The files are not touched: a restart reads what stands in them. */
#include "daemon/conn.h"
#include "daemon/server.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- the past ---- */

void past_done(struct past *p)
{
	snapshot_unref(p->snapshot);
	gw_plan_done(&p->plan);
	free(p->file);
	*p = (struct past){ 0 };
}

void past_keep(struct server *s, bool tls_only)
{
	if (!s->trial.on) {
		past_done(&s->past);
		s->past = (struct past){ .snapshot = snapshot_get(&s->g), .tls_only = true };
	}
	if (tls_only || !s->past.tls_only)
		return;
	s->past.tls_only = false;
	s->past.plan = s->plan;
	s->past.loaded_s = s->loaded_s;
	s->past.file = s->loaded_file;
	s->plan = (struct gw_plan){ 0 };
	s->loaded_file = NULL;
}

/* ---- the trial ---- */

static void end_trial(struct server *s)
{
	if (s->trial.on)
		event_del(&s->trial.timer);
	s->trial.on = false;
}

static void on_time(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;
	char why[160];

	(void)fd;
	(void)what;
	if (s->stopping)
		return;
	snprintf(why, sizeof why, "nobody confirmed the change of %s", s->trial.who);
	server_undo(s, why, NULL, NULL, NULL);
}

void trial_begin(struct server *s, uint32_t seconds, const char *who)
{
	const struct timeval after = { seconds, 0 };

	end_trial(s);
	s->trial.on = true;
	s->trial.end_s = conn_clock_s() + seconds;
	snprintf(s->trial.who, sizeof s->trial.who, "%s", who);
	event_assign(&s->trial.timer, s->base, -1, 0, on_time, s);
	event_add(&s->trial.timer, &after);
	log_event(&s->g.log, GW_EV_RELOAD_CONFIRM, GW_NUM("seconds", seconds));
}

uint32_t trial_left_s(const struct server *s)
{
	int32_t left = (int32_t)(s->trial.end_s - conn_clock_s());

	return !s->trial.on ? 0 : left > 0 ? (uint32_t)left : 1;
}

int server_confirm(struct server *s, struct gw_err *err)
{
	if (!s->trial.on)
		return gw_fail(err, GW_ENOENT, "nothing waits to be confirmed");
	end_trial(s);
	return 0;
}

/* ---- undo ---- */

static void swap(struct server *s, struct snapshot *back)
{
	struct past now = { .snapshot = snapshot_get(&s->g), .tls_only = s->past.tls_only };

	if (!now.tls_only) {
		now.plan = s->plan;
		now.loaded_s = s->loaded_s;
		now.file = s->loaded_file;
		s->plan = s->past.plan;
		s->loaded_s = s->past.loaded_s;
		s->loaded_file = s->past.file;
	}
	s->past = now;
	if (back->tls)
		tls_set_mark(back->tls); /* its files may be those that were wrong */
	server_put_in_force(s, back);
}

int server_undo(struct server *s, const char *why, reload_tell tell, void *ctx, struct gw_err *err)
{
	struct snapshot *back = s->past.snapshot;

	if (!back)
		return gw_fail(err, GW_ENOENT, "nothing was reloaded since the start, so there is nothing to go back to");
	server_notify_reload(s, true);
	end_trial(s);
	reload_say_changes(s, s->g.current, back, tell, ctx);
	swap(s, back);
	log_event(&s->g.log, GW_EV_RELOAD_UNDONE, GW_STR("detail", why));
	server_notify_reload(s, false);
	return 0;
}

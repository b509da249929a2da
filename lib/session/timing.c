/* timing.c - the clock of a session's commands (see timing.h) */
#include "session/timing.h"

void gw_timing_on(struct gw_timing *t, const struct gw_env *env)
{
	if (t->on)
		return;
	t->on = true;
	t->mark_us = gw_mono_us(env->clock);
}

static void take(struct gw_timing *t, const struct gw_env *env)
{
	uint64_t now_us = gw_mono_us(env->clock);

	t->us += now_us - t->mark_us;
	t->mark_us = now_us;
}

void gw_timing_wait(struct gw_timing *t, const struct gw_env *env, enum gw_need need, const struct gw_out *out, bool busy,
		    uint64_t store_us)
{
	bool goes_on = need == GW_NEED_RUN || need == GW_NEED_WORKER || need == GW_NEED_AUTH;

	if (env->info)
		env->info->store_us = store_us;
	if (goes_on && !gw_out_full(out))
		return;
	if (busy)
		take(t, env);
	t->on = false;
}

void gw_timing_show(const struct gw_timing *t, const struct gw_env *env, const char *command)
{
	struct gw_session_info *info = env->info;

	if (!info)
		return;
	info->command_since_us = *command ? t->mark_us : 0;
	gw_info_set(info, command, gw_slice_str(command));
}

void gw_timing_finish(struct gw_timing *t, const struct gw_env *env, unsigned verb, enum gw_result result,
		      uint64_t store_us)
{
	struct gw_finished f = { .verb = verb, .result = result, .store_us = store_us - t->store_us };

	take(t, env);
	f.us = t->us;
	t->us = 0;
	t->store_us = store_us;
	if (env->info)
		env->info->store_us = store_us;
	if (env->finished)
		env->finished(env->ctx, &f);
}

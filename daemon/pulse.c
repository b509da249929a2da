/* pulse.c - do the parts of the service go on? (see pulse.h) */
#include "daemon/pulse.h"

#include "daemon/conn.h"
#include "daemon/server.h"

#include <signal.h>

/* Seconds. A loop ticks each second whatever it does; a worker may be long in a search, but not all of them while others
 * wait; a child does its work in its loop. */
static const struct {
	uint32_t slow_s, stuck_s; /* 0: never */
} limits[PULSE_PARTS] = {
	[PULSE_LOOPS] = { 5, 10 },
	[PULSE_POOLS] = { 60, 300 },
	[PULSE_KEEPER] = { 60, 300 },
	[PULSE_CHILDREN] = { 600, 0 },
};

enum pulse_state pulse_judge(enum pulse_part part, uint32_t age_s)
{
	if (limits[part].stuck_s && age_s > limits[part].stuck_s)
		return PULSE_STUCK;
	return age_s > limits[part].slow_s ? PULSE_SLOW : PULSE_FINE;
}

bool pulse_is_alive(const struct pulse *p)
{
	return pulse_judge(PULSE_LOOPS, p->age_s[PULSE_LOOPS]) != PULSE_STUCK &&
	       pulse_judge(PULSE_POOLS, p->age_s[PULSE_POOLS]) != PULSE_STUCK;
}

unsigned pulse_interval_ms(uint64_t watchdog_us)
{
	uint64_t ms = watchdog_us / 3000;

	return ms > 1000 ? 1000 : ms < 20 ? 20 : (unsigned)ms;
}

/* ---- taking it ---- */

static uint32_t age(uint32_t now_s, uint32_t beat_s)
{
	int32_t s = (int32_t)(now_s - beat_s);

	return s > 0 ? (uint32_t)s : 0;
}

static void keep_older(uint32_t *oldest, uint32_t s)
{
	if (s > *oldest)
		*oldest = s;
}

static void take_children(struct server *s, uint32_t now_s, struct pulse *ret)
{
	const struct registry *r = &s->g.reg;
	uint32_t high = atomic_load_explicit(&r->shared->high, memory_order_relaxed);

	for (uint32_t i = 0; i < high && i < r->n_slots; i++) {
		const struct reg_slot *slot = &r->shared->slot[i];
		uint32_t old = age(now_s, atomic_load_explicit(&slot->beat_s, memory_order_relaxed));

		if (!atomic_load_explicit(&slot->id, memory_order_acquire))
			continue;
		keep_older(&ret->age_s[PULSE_CHILDREN], old);
		ret->late_children += pulse_judge(PULSE_CHILDREN, old) != PULSE_FINE;
	}
}

static uint32_t keeper_age(struct server *s, uint32_t now_s)
{
	uint32_t beat_s = atomic_load(&s->g.reg.shared->keeper_beat_s), since_begin = age(now_s, s->keeper_s);
	uint32_t old = age(now_s, beat_s);

	return old < since_begin ? old : since_begin; /* the beat may be that of the keeper before */
}

void pulse_take(struct server *s, struct pulse *ret)
{
	uint32_t now_s = conn_clock_s();

	*ret = (struct pulse){ .keeper_gone = s->g.fork_model && !s->keeper };
	if (s->g.fork_model) {
		ret->age_s[PULSE_KEEPER] = s->keeper ? keeper_age(s, now_s) : 0;
		take_children(s, now_s, ret);
		return;
	}
	for (unsigned i = 0; i < s->g.n_loops; i++)
		keep_older(&ret->age_s[PULSE_LOOPS],
			   age(now_s, atomic_load_explicit(&s->g.loops[i].beat_s, memory_order_relaxed)));
	keep_older(&ret->age_s[PULSE_POOLS], pool_load(&s->g.store_pool).still_s);
	keep_older(&ret->age_s[PULSE_POOLS], pool_load(&s->g.auth_pool).still_s);
}

bool server_alive(struct server *s)
{
	struct pulse p;

	pulse_take(s, &p);
	return pulse_is_alive(&p);
}

void pulse_tick(struct server *s)
{
	if (!s->keeper || s->stopping || pulse_judge(PULSE_KEEPER, keeper_age(s, conn_clock_s())) != PULSE_STUCK)
		return;
	log_line(&s->g.log, GW_LOG_CRIT, "The helper of the store (process %d) hangs: it is ended, and another one begins",
		 (int)s->keeper);
	kill(s->keeper, SIGKILL);
}

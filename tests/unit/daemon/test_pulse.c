/* test_pulse.c - when the watchdog of the service manager is kept from a service */
#include "daemon/pulse.h"
#include "daemon/scratch.h"
#include "daemon/stats.h"
#include "daemon/worker.h"
#include "tests/unit/unit.h"

#include <semaphore.h>
#include <unistd.h>

static struct pulse with(enum pulse_part part, uint32_t age_s)
{
	struct pulse p = { .late_children = 0 };

	p.age_s[part] = age_s;
	return p;
}

static bool alive(enum pulse_part part, uint32_t age_s)
{
	struct pulse p = with(part, age_s);

	return pulse_is_alive(&p);
}

START_TEST(a_service_whose_parts_go_on_is_alive)
{
	for (int part = 0; part < PULSE_PARTS; part++) {
		ck_assert(alive((enum pulse_part)part, 0));
		ck_assert_int_eq(pulse_judge((enum pulse_part)part, 2), PULSE_FINE);
	}
}
END_TEST

START_TEST(a_loop_that_stalls_keeps_the_watchdog_away)
{
	ck_assert(alive(PULSE_LOOPS, 10));
	ck_assert(!alive(PULSE_LOOPS, 11));
	ck_assert_int_eq(pulse_judge(PULSE_LOOPS, 6), PULSE_SLOW);
}
END_TEST

START_TEST(workers_that_all_hang_while_others_wait_do_so_too_but_later)
{
	ck_assert(alive(PULSE_POOLS, 300));
	ck_assert(!alive(PULSE_POOLS, 301));
	ck_assert_int_eq(pulse_judge(PULSE_POOLS, 61), PULSE_SLOW);
}
END_TEST

START_TEST(a_keeper_or_a_child_is_no_reason_to_restart_the_service)
{
	ck_assert(alive(PULSE_KEEPER, 100000));
	ck_assert_int_eq(pulse_judge(PULSE_KEEPER, 301), PULSE_STUCK);
	ck_assert(alive(PULSE_CHILDREN, 100000));
	ck_assert_int_eq(pulse_judge(PULSE_CHILDREN, 100000), PULSE_SLOW);
}
END_TEST

START_TEST(the_watchdog_is_told_three_times_as_often_as_it_bites)
{
	ck_assert_uint_eq(pulse_interval_ms(60000000), 1000);
	ck_assert_uint_eq(pulse_interval_ms(3000000), 1000);
	ck_assert_uint_eq(pulse_interval_ms(1500000), 500);
	ck_assert_uint_eq(pulse_interval_ms(300000), 100);
	ck_assert_uint_eq(pulse_interval_ms(1), 20);
}
END_TEST

/* ---- the beat of a pool ---- */

static sem_t begun, go_on;

static void wait_for_me(struct job *job, struct scratch *io)
{
	(void)job;
	(void)io;
	sem_post(&begun);
	sem_wait(&go_on);
}

START_TEST(a_pool_stands_still_only_while_jobs_wait)
{
	static struct stats none;
	struct job a = { .run = wait_for_me }, b = { .run = wait_for_me };
	struct pool p;

	sem_init(&begun, 0, 0);
	sem_init(&go_on, 0, 0);
	ck_assert_int_eq(stats_init(&none), 0);
	ck_assert_int_eq(pool_start(&p, "test", 1, &none, STAT_POOL_STORE), 0);
	ck_assert_uint_eq(pool_load(&p).still_s, 0);
	pool_post(&p, &a);
	sem_wait(&begun);
	p.moved_us -= 100 * 1000000ull; /* the job runs for long: nobody waits */
	ck_assert_uint_eq(pool_load(&p).still_s, 0);
	pool_post(&p, &b); /* the first to wait: from now on it counts */
	ck_assert_uint_lt(pool_load(&p).still_s, 100);
	p.moved_us -= 100 * 1000000ull;
	ck_assert_uint_ge(pool_load(&p).still_s, 100);
	sem_post(&go_on);
	sem_wait(&begun); /* b began: it moves */
	ck_assert_uint_eq(pool_load(&p).still_s, 0);
	sem_post(&go_on);
	pool_stop(&p);
	stats_done(&none);
}
END_TEST

static TCase *tcase_pulse(void)
{
	TCase *tc = tcase_create("pulse");

	tcase_add_test(tc, a_service_whose_parts_go_on_is_alive);
	tcase_add_test(tc, a_loop_that_stalls_keeps_the_watchdog_away);
	tcase_add_test(tc, workers_that_all_hang_while_others_wait_do_so_too_but_later);
	tcase_add_test(tc, a_keeper_or_a_child_is_no_reason_to_restart_the_service);
	tcase_add_test(tc, the_watchdog_is_told_three_times_as_often_as_it_bites);
	tcase_add_test(tc, a_pool_stands_still_only_while_jobs_wait);
	return tc;
}

UNIT_MAIN("pulse", tcase_pulse())

/* The time of commands: what counts, and what the host is told. */
#include "session/timing.h"

#include "tests/unit/unit.h"

#include <string.h>

static uint64_t now_us;

static uint64_t mono_us(void *ctx)
{
	(void)ctx;
	return now_us;
}

static const struct gw_clock clock_by_hand = { NULL, NULL, NULL, mono_us };

static struct gw_session_info info;
static struct gw_finished told;
static unsigned times_told;

static void finished(void *ctx, const struct gw_finished *f)
{
	(void)ctx;
	told = *f;
	times_told++;
}

static struct gw_timing timing;
static struct gw_out out;
static struct gw_env env;

static void setup(void)
{
	now_us = 1000;
	times_told = 0;
	timing = (struct gw_timing){ 0 };
	info = (struct gw_session_info){ 0 };
	env = (struct gw_env){ .clock = &clock_by_hand, .info = &info, .finished = finished };
	gw_out_init(&out);
}

static void teardown(void)
{
	gw_out_done(&out);
}

START_TEST(one_reading_ends_a_command_and_begins_the_next)
{
	gw_timing_on(&timing, &env);
	now_us += 30;
	gw_timing_finish(&timing, &env, 7, GW_RESULT_NO, 12);
	ck_assert_uint_eq(told.verb, 7);
	ck_assert_int_eq(told.result, GW_RESULT_NO);
	ck_assert_uint_eq(told.us, 30);
	ck_assert_uint_eq(told.store_us, 12);
	now_us += 5;
	gw_timing_finish(&timing, &env, 8, GW_RESULT_OK, 15);
	ck_assert_uint_eq(told.us, 5);
	ck_assert_uint_eq(told.store_us, 3);
	ck_assert_uint_eq(times_told, 2);
}
END_TEST

START_TEST(the_wait_for_a_worker_counts)
{
	gw_timing_on(&timing, &env);
	now_us += 10;
	gw_timing_wait(&timing, &env, GW_NEED_WORKER, &out, true, 0);
	now_us += 100;
	gw_timing_on(&timing, &env);
	now_us += 1;
	gw_timing_finish(&timing, &env, 0, GW_RESULT_OK, 0);
	ck_assert_uint_eq(told.us, 111);
}
END_TEST

START_TEST(the_wait_for_the_client_does_not_count)
{
	gw_timing_on(&timing, &env);
	now_us += 10;
	gw_timing_wait(&timing, &env, GW_NEED_INPUT, &out, true, 4);
	ck_assert_uint_eq(info.store_us, 4);
	now_us += 60000000;
	gw_timing_on(&timing, &env);
	now_us += 2;
	gw_timing_finish(&timing, &env, 0, GW_RESULT_OK, 4);
	ck_assert_uint_eq(told.us, 12);
	ck_assert_uint_eq(told.store_us, 4);
}
END_TEST

START_TEST(a_client_that_does_not_read_makes_no_slow_command)
{
	static char much[GW_OUT_FULL];

	memset(much, 'x', sizeof much);
	gw_timing_on(&timing, &env);
	now_us += 10;
	gw_out_add(&out, much, sizeof much);
	ck_assert(gw_out_full(&out));
	gw_timing_wait(&timing, &env, GW_NEED_WORKER, &out, true, 0);
	now_us += 5000000;
	gw_out_drop(&out, sizeof much);
	gw_timing_on(&timing, &env);
	now_us += 3;
	gw_timing_finish(&timing, &env, 0, GW_RESULT_OK, 0);
	ck_assert_uint_eq(told.us, 13);
}
END_TEST

START_TEST(silence_between_commands_belongs_to_none)
{
	gw_timing_on(&timing, &env);
	gw_timing_wait(&timing, &env, GW_NEED_INPUT, &out, false, 0);
	now_us += 1000000;
	gw_timing_on(&timing, &env);
	now_us += 9;
	gw_timing_finish(&timing, &env, 0, GW_RESULT_OK, 0);
	ck_assert_uint_eq(told.us, 9);
}
END_TEST

START_TEST(who_looks_sees_what_runs_and_since_when)
{
	gw_timing_on(&timing, &env);
	gw_timing_show(&timing, &env, "FETCH");
	ck_assert_str_eq(info.command, "FETCH");
	ck_assert_uint_eq(info.command_since_us, 1000);
	gw_timing_show(&timing, &env, "");
	ck_assert_str_eq(info.command, "");
	ck_assert_uint_eq(info.command_since_us, 0);
}
END_TEST

START_TEST(a_host_that_wants_to_know_nothing_is_told_nothing)
{
	env.info = NULL;
	env.finished = NULL;
	gw_timing_on(&timing, &env);
	gw_timing_show(&timing, &env, "NOOP");
	gw_timing_wait(&timing, &env, GW_NEED_INPUT, &out, true, 1);
	gw_timing_finish(&timing, &env, 0, GW_RESULT_OK, 1);
	ck_assert_uint_eq(times_told, 0);
}
END_TEST

static TCase *tcase_timing(void)
{
	TCase *tc = tcase_create("timing");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, one_reading_ends_a_command_and_begins_the_next);
	tcase_add_test(tc, the_wait_for_a_worker_counts);
	tcase_add_test(tc, the_wait_for_the_client_does_not_count);
	tcase_add_test(tc, a_client_that_does_not_read_makes_no_slow_command);
	tcase_add_test(tc, silence_between_commands_belongs_to_none);
	tcase_add_test(tc, who_looks_sees_what_runs_and_since_when);
	tcase_add_test(tc, a_host_that_wants_to_know_nothing_is_told_nothing);
	return tc;
}

UNIT_MAIN("timing", tcase_timing())

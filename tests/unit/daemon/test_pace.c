/* test_pace.c - token buckets of POP3 logins (RFC 2449 section 6.5) */
#include "daemon/pace.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define S(x) gw_slice_str(x)

static struct pace p;

static void setup(void)
{
	ck_assert_int_eq(pace_init(&p), 0);
}

static void teardown(void)
{
	pace_done(&p);
}

START_TEST(who_comes_too_soon_waits_the_rest)
{
	ck_assert_uint_eq(pace_take(&p, S("anna"), 60, 1, 1000), 0);
	ck_assert_uint_eq(pace_take(&p, S("anna"), 60, 1, 1000), 60);
	ck_assert_uint_eq(pace_take(&p, S("ANNA"), 60, 1, 1059), 1);
	ck_assert_uint_eq(pace_take(&p, S("bert"), 60, 1, 1059), 0);
	ck_assert_uint_eq(pace_take(&p, S("anna"), 60, 1, 1060), 0); /* what is announced is enough */
	ck_assert_uint_eq(pace_take(&p, S("anna"), 60, 1, 1061), 59);
}
END_TEST

START_TEST(a_burst_is_saved_up)
{
	for (int round = 0; round < 2; round++) {
		uint32_t now = 1000 + (uint32_t)round * 1000;

		for (int i = 0; i < 3; i++)
			ck_assert_uint_eq(pace_take(&p, S("anna"), 60, 3, now), 0);
		ck_assert_uint_eq(pace_take(&p, S("anna"), 60, 3, now), 60);
		ck_assert_uint_eq(pace_take(&p, S("anna"), 60, 3, now + 60), 0);
		ck_assert_uint_eq(pace_take(&p, S("anna"), 60, 3, now + 60), 60);
	}
}
END_TEST

START_TEST(a_shorter_delay_counts_at_once)
{
	ck_assert_uint_eq(pace_take(&p, S("anna"), 86400, 1, 1000), 0);
	ck_assert_uint_eq(pace_take(&p, S("anna"), 86400, 1, 1010), 86390);
	ck_assert_uint_eq(pace_take(&p, S("anna"), 10, 1, 1010), 10);
}
END_TEST

START_TEST(the_clock_may_begin_again)
{
	ck_assert_uint_eq(pace_take(&p, S("anna"), 60, 1, UINT32_MAX - 10), 0);
	ck_assert_uint_eq(pace_take(&p, S("anna"), 60, 1, 4), 45);
	ck_assert_uint_eq(pace_take(&p, S("anna"), 60, 1, 49), 0);
}
END_TEST

/* More users than places: nobody is made to wait for another's login. */
START_TEST(a_full_table_refuses_nobody)
{
	char name[32];

	for (unsigned i = 0; i < 100000; i++) {
		snprintf(name, sizeof name, "user%u", i);
		ck_assert_uint_eq(pace_take(&p, S(name), 3600, 1, 1000), 0);
	}
}
END_TEST

START_TEST(processes_share_it)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(pace_take(&p, S("anna"), 60, 1, 1000) == 0 ? 0 : 1);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_uint_eq(pace_take(&p, S("anna"), 60, 1, 1001), 59);
}
END_TEST

static TCase *pace(void)
{
	TCase *tc = tcase_create("pace");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, who_comes_too_soon_waits_the_rest);
	tcase_add_test(tc, a_burst_is_saved_up);
	tcase_add_test(tc, a_shorter_delay_counts_at_once);
	tcase_add_test(tc, the_clock_may_begin_again);
	tcase_add_test(tc, a_full_table_refuses_nobody);
	tcase_add_test(tc, processes_share_it);
	return tc;
}

UNIT_MAIN("pace", pace())

/* Histograms: where values go, and what comes back. */
#include "util/hist.h"

#include "tests/unit/unit.h"

#include <string.h>

START_TEST(buckets_follow_each_other_without_a_gap)
{
	ck_assert_uint_eq(gw_hist_low(0), 0);
	for (unsigned i = 0; i < GW_HIST_BUCKETS; i++) {
		ck_assert_uint_eq(gw_hist_bucket(gw_hist_low(i)), i);
		ck_assert_uint_eq(gw_hist_bucket(gw_hist_high(i) - 1), i);
		ck_assert_uint_eq(gw_hist_high(i), gw_hist_low(i + 1));
	}
}
END_TEST

START_TEST(no_bucket_is_wider_than_a_sixteenth_of_its_values)
{
	for (unsigned i = 1; i < GW_HIST_BUCKETS; i++)
		ck_assert_uint_le((gw_hist_high(i) - gw_hist_low(i)) * 16, gw_hist_low(i) < 16 ? 16 : gw_hist_low(i));
}
END_TEST

START_TEST(what_is_too_long_counts_as_the_longest)
{
	ck_assert_uint_eq(gw_hist_bucket(((uint64_t)1 << 30) - 1), GW_HIST_BUCKETS - 1);
	ck_assert_uint_eq(gw_hist_bucket((uint64_t)1 << 30), GW_HIST_BUCKETS - 1);
	ck_assert_uint_eq(gw_hist_bucket(UINT64_MAX), GW_HIST_BUCKETS - 1);
	ck_assert_uint_eq(gw_hist_high(GW_HIST_BUCKETS - 1), (uint64_t)1 << 30);
}
END_TEST

static uint64_t count[GW_HIST_BUCKETS];

static void put(uint64_t us, uint64_t n)
{
	count[gw_hist_bucket(us)] += n;
}

static void nothing(void)
{
	memset(count, 0, sizeof count);
}

START_TEST(nothing_has_no_quantiles)
{
	ck_assert_uint_eq(gw_hist_count(count), 0);
	ck_assert_uint_eq(gw_hist_quantile(count, 500000), 0);
	ck_assert_uint_eq(gw_hist_quantile(count, 1000000), 0);
}
END_TEST

START_TEST(small_values_are_exact)
{
	put(3, 1);
	put(5, 1);
	put(9, 1);
	ck_assert_uint_eq(gw_hist_quantile(count, 0), 3);
	ck_assert_uint_eq(gw_hist_quantile(count, 333333), 3);
	ck_assert_uint_eq(gw_hist_quantile(count, 500000), 5);
	ck_assert_uint_eq(gw_hist_quantile(count, 666667), 9);
	ck_assert_uint_eq(gw_hist_quantile(count, 1000000), 9);
}
END_TEST

START_TEST(quantiles_of_even_values_are_within_three_percent)
{
	static const uint32_t ppm[] = { 500000, 900000, 990000, 999000 };

	for (uint64_t us = 1; us <= 100000; us++)
		put(us, 1);
	for (size_t i = 0; i < sizeof ppm / sizeof *ppm; i++) {
		uint64_t right = 100000ull * ppm[i] / 1000000, got = gw_hist_quantile(count, ppm[i]);

		ck_assert_uint_le(got > right ? got - right : right - got, right * 32 / 1000);
	}
	ck_assert_uint_ge(gw_hist_quantile(count, 1000000), 100000);
	ck_assert_uint_le(gw_hist_quantile(count, 1000000), 106250);
}
END_TEST

START_TEST(one_slow_value_in_a_thousand_is_seen_above_p999_only)
{
	put(100, 999);
	put(5000000, 1);
	ck_assert_uint_lt(gw_hist_quantile(count, 999000), 110);
	ck_assert_uint_ge(gw_hist_quantile(count, 1000000), 5000000);
	put(5000000, 1);
	ck_assert_uint_gt(gw_hist_quantile(count, 999000), 4800000);
}
END_TEST

START_TEST(counts_near_the_end_of_the_number_do_not_overflow)
{
	put(10, UINT64_MAX / 2);
	put(1000, UINT64_MAX / 2);
	ck_assert_uint_eq(gw_hist_quantile(count, 400000), 10);
	ck_assert_uint_gt(gw_hist_quantile(count, 600000), 900);
}
END_TEST

static TCase *tcase_hist(void)
{
	TCase *tc = tcase_create("hist");

	tcase_add_checked_fixture(tc, nothing, NULL);
	tcase_add_test(tc, buckets_follow_each_other_without_a_gap);
	tcase_add_test(tc, no_bucket_is_wider_than_a_sixteenth_of_its_values);
	tcase_add_test(tc, what_is_too_long_counts_as_the_longest);
	tcase_add_test(tc, nothing_has_no_quantiles);
	tcase_add_test(tc, small_values_are_exact);
	tcase_add_test(tc, quantiles_of_even_values_are_within_three_percent);
	tcase_add_test(tc, one_slow_value_in_a_thousand_is_seen_above_p999_only);
	tcase_add_test(tc, counts_near_the_end_of_the_number_do_not_overflow);
	return tc;
}

UNIT_MAIN("hist", tcase_hist())

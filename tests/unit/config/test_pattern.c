/* test_pattern.c - the regular expressions of ranges (config/pattern.c); whole values: tests/tool/test_schema.py */
#include "tests/unit/unit.h"

#include "config/pattern.h"

#include <regex.h>
#include <stdio.h>

static bool matches(uint64_t lo, uint64_t hi, const char *text)
{
	struct gw_buf b;
	regex_t re;
	bool yes;

	gw_buf_init(&b, 0);
	gw_buf_printf(&b, "^(");
	config_put_range(&b, lo, hi);
	gw_buf_printf(&b, ")$");
	ck_assert_int_eq(regcomp(&re, gw_buf_str(&b), REG_EXTENDED | REG_NOSUB), 0);
	yes = regexec(&re, text, 0, NULL, 0) == 0;
	regfree(&re);
	gw_buf_done(&b);
	return yes;
}

START_TEST(a_range_takes_its_numbers_and_no_others)
{
	static const uint64_t ranges[][2] = { { 0, 0 }, { 0, 9 }, { 1, 1 }, { 5, 14 }, { 0, 255 }, { 9, 10 }, { 99, 1001 },
		{ 20, 29 }, { 123, 456 }, { 100, 199 } };
	const uint64_t lo = ranges[_i][0], hi = ranges[_i][1];

	for (uint64_t v = 0; v < 1200; v++) {
		char text[32];

		snprintf(text, sizeof text, "%llu", (unsigned long long)v);
		ck_assert_msg(matches(lo, hi, text) == (v >= lo && v <= hi), "%s in %d", text, _i);
	}
	ck_assert(!matches(lo, hi, ""));
	ck_assert(!matches(lo, hi, "07"));
}
END_TEST

START_TEST(the_largest_numbers_have_their_end_too)
{
	ck_assert(matches(1, UINT64_MAX, "18446744073709551615"));
	ck_assert(!matches(1, UINT64_MAX, "18446744073709551616"));
	ck_assert(!matches(1, UINT64_MAX, "20000000000000000000"));
	ck_assert(matches(1, UINT64_MAX, "9999999999999999999"));
	ck_assert(matches(UINT64_MAX, UINT64_MAX, "18446744073709551615"));
	ck_assert(matches(1, UINT32_MAX, "4294967295"));
	ck_assert(!matches(1, UINT32_MAX, "4294967296"));
}
END_TEST

START_TEST(an_empty_range_takes_nothing)
{
	ck_assert(!matches(5, 4, "4"));
	ck_assert(!matches(5, 4, "5"));
}
END_TEST

static TCase *pattern(void)
{
	TCase *tc = tcase_create("pattern");

	tcase_add_loop_test(tc, a_range_takes_its_numbers_and_no_others, 0, 10);
	tcase_add_test(tc, the_largest_numbers_have_their_end_too);
	tcase_add_test(tc, an_empty_range_takes_nothing);
	return tc;
}

UNIT_MAIN("config/pattern", pattern())

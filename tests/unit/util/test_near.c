/* test_near.c - how much two words differ */
#include <limits.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "util/near.h"

static unsigned between(const char *a, const char *b)
{
	unsigned there = gw_near_distance(gw_slice_str(a), gw_slice_str(b));

	ck_assert_uint_eq(there, gw_near_distance(gw_slice_str(b), gw_slice_str(a)));
	return there;
}

START_TEST(each_slip_counts_once)
{
	ck_assert_uint_eq(between("session", "session"), 0);
	ck_assert_uint_eq(between("sesion", "session"), 1);
	ck_assert_uint_eq(between("sessions", "session"), 1);
	ck_assert_uint_eq(between("sezsion", "session"), 1);
	ck_assert_uint_eq(between("sesison", "session"), 1);
	ck_assert_uint_eq(between("", "user"), 4);
	ck_assert_uint_eq(between("lsit", "kick"), 4);
}
END_TEST

START_TEST(case_and_dashes_make_no_difference)
{
	ck_assert_uint_eq(between("USER-List", "user_list"), 0);
}
END_TEST

START_TEST(long_words_are_near_to_nothing)
{
	char word[GW_NEAR_MAX + 2] = "";

	memset(word, 'a', GW_NEAR_MAX);
	ck_assert_uint_eq(between(word, "a"), GW_NEAR_MAX - 1);
	word[GW_NEAR_MAX] = 'a';
	ck_assert_uint_eq(between(word, "a"), UINT_MAX);
}
END_TEST

static TCase *tcase_all(void)
{
	TCase *tc = tcase_create("near");

	tcase_add_test(tc, each_slip_counts_once);
	tcase_add_test(tc, case_and_dashes_make_no_difference);
	tcase_add_test(tc, long_words_are_near_to_nothing);
	return tc;
}

UNIT_MAIN("near", tcase_all())

/* test_codes.c - every finding has a meaning and says what to do (config/codes.h, config/codes.c) */
#include "tests/unit/config/load.h"

START_TEST(codes_ascend_and_say_how_severe_they_are)
{
	for (size_t i = 0; gw_diag_code_at(i); i++) {
		unsigned code = gw_diag_code_at(i);

		ck_assert(i == 0 || code > gw_diag_code_at(i - 1));
		ck_assert_ptr_nonnull(gw_diag_code_meaning(code));
	}
	ck_assert_int_eq(gw_diag_severity(CONFIG_E_UNKNOWN), GW_ERROR);
	ck_assert_int_eq(gw_diag_severity(CONFIG_W_FILE), GW_WARNING);
	ck_assert_int_eq(gw_diag_severity(CONFIG_N_AGAIN), GW_NOTE);
	ck_assert_ptr_null(gw_diag_code_meaning(999));
	ck_assert_ptr_null(gw_diag_code_help(999));
}
END_TEST

START_TEST(every_code_says_what_to_do)
{
	for (size_t i = 0; gw_diag_code_at(i); i++) {
		const struct gw_diag_help *h = gw_diag_code_help(gw_diag_code_at(i));

		ck_assert_msg(h && strlen(h->text) > 8, "GW%04u has no help", gw_diag_code_at(i));
		ck_assert_msg(h->text[strlen(h->text) - 1] == '.', "GW%04u: no sentence", h->code);
		ck_assert_msg(h->wrong || !h->right, "GW%04u: right without wrong", h->code);
	}
}
END_TEST

static bool has(const char *text, unsigned code)
{
	struct loaded l;
	bool ret;

	load_text(&l, text);
	ret = finding(&l, code) != NULL || (code == CONFIG_N_PLAINTEXT && l.plaintext);
	load_done(&l);
	return ret;
}

START_TEST(the_examples_are_wrong_and_right)
{
	for (size_t i = 0; gw_diag_code_at(i); i++) {
		const struct gw_diag_help *h = gw_diag_code_help(gw_diag_code_at(i));

		if (h->wrong)
			ck_assert_msg(has(h->wrong, h->code), "GW%04u: %s", h->code, h->wrong);
		if (h->right)
			ck_assert_msg(!has(h->right, h->code), "GW%04u: %s", h->code, h->right);
	}
}
END_TEST

static TCase *tests(void)
{
	TCase *tc = tcase_create("codes");

	tcase_add_test(tc, codes_ascend_and_say_how_severe_they_are);
	tcase_add_test(tc, every_code_says_what_to_do);
	tcase_add_test(tc, the_examples_are_wrong_and_right);
	return tc;
}

UNIT_MAIN("config/codes", tests())

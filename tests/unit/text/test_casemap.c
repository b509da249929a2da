/* test_casemap.c - i;unicode-casemap */
#include "text/casemap.h"

#include "tests/unit/unit.h"

static struct gw_buf fold(struct gw_slice s)
{
	struct gw_buf out;

	gw_buf_init(&out, 0);
	ck_assert(gw_casemap(s, &out));
	return out;
}

static const char *const equal[][2] = {
	{ "hello, World 123 @[`{", "HELLO, WORLD 123 @[`{" },
	{ "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
	{ "GRÜSSE", "grüsse" },
	{ "grüsse", "Gru\u0308sse" },
	{ "привет", "ПРИВЕТ" },
	{ "οδος", "ΟΔΟΣ" },
	{ "ǆ", "ǅ" },
	{ "\u212B", "å" },
	{ "한", "\u1112\u1161\u11AB" },
	{ "１", "1" },
};

START_TEST(letters_that_differ_in_case_or_form_are_equal)
{
	struct gw_buf a = fold(gw_slice_str(equal[_i][0])), b = fold(gw_slice_str(equal[_i][1]));

	ck_assert_msg(gw_slice_eq(gw_buf_slice(&a), gw_buf_slice(&b)), "%s %s", equal[_i][0], equal[_i][1]);
	gw_buf_done(&a);
	gw_buf_done(&b);
}
END_TEST

START_TEST(different_letters_stay_different)
{
	struct gw_buf a = fold(GW_S("u")), b = fold(GW_S("ü"));

	ck_assert(!gw_slice_eq(gw_buf_slice(&a), gw_buf_slice(&b)));
	gw_buf_done(&a);
	gw_buf_done(&b);
}
END_TEST

START_TEST(every_ascii_byte_is_folded_at_every_place)
{
	for (int c = 0; c < 128; c++)
		for (size_t at = 0; at < 19; at++) {
			char text[19];
			struct gw_buf out;

			memset(text, 'x', sizeof text);
			text[at] = (char)c;
			out = fold(gw_slice(text, sizeof text));
			ck_assert_uint_eq(out.n, sizeof text);
			for (size_t i = 0; i < sizeof text; i++)
				ck_assert_int_eq(out.p[i], gw_upper(text[i]));
			gw_buf_done(&out);
		}
}
END_TEST

START_TEST(bytes_that_are_no_utf8_stand_for_themselves)
{
	struct gw_buf out = fold(GW_S("a\xFF\xC3z"));

	ck_assert_slice_eq(gw_buf_slice(&out), "A\xFF\xC3Z");
	gw_buf_done(&out);
}
END_TEST

START_TEST(a_full_buffer_is_told)
{
	struct gw_buf out;

	gw_buf_init(&out, 4);
	ck_assert(gw_casemap(GW_S("abcd"), &out));
	ck_assert(!gw_casemap(GW_S("e"), &out));
	ck_assert_slice_eq(gw_buf_slice(&out), "ABCD");
	gw_buf_done(&out);
	gw_buf_init(&out, 4);
	ck_assert(!gw_casemap(GW_S("abü"), &out));
	ck_assert_slice_eq(gw_buf_slice(&out), "AB");
	gw_buf_done(&out);
}
END_TEST

static TCase *casemap(void)
{
	TCase *tc = tcase_create("casemap");

	tcase_add_loop_test(tc, letters_that_differ_in_case_or_form_are_equal, 0, (int)(sizeof equal / sizeof *equal));
	tcase_add_test(tc, different_letters_stay_different);
	tcase_add_test(tc, every_ascii_byte_is_folded_at_every_place);
	tcase_add_test(tc, bytes_that_are_no_utf8_stand_for_themselves);
	tcase_add_test(tc, a_full_buffer_is_told);
	return tc;
}

UNIT_MAIN("casemap", casemap())

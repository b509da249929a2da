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

/* RFC 5051 2, as I18NLEVEL=1 (RFC 5255 4.2) wants it of SEARCH, SORT and THREAD. */
static const struct {
	const char *text, *folded;
} collation[] = {
	/* (2)(a) the titlecase property, character by character: no special casing, no context */
	{ "\u0131\u017F", "IS" },
	{ "\u03C3\u03C2", "\u03A3\u03A3" },
	{ "\u0345", "\u0399" },
	{ "stra\u00DFe", "STRA\u00DFE" },
	{ "\u10D0", "\u10D0" },
	{ "\U00010428", "\U00010400" },
	/* (2)(b) decomposed, canonical and compatible, as far as it goes; the example of the RFC is the first */
	{ "\u01C4", "Dz\u030C" },
	{ "\u01C5", "Dz\u030C" },
	{ "\u01C6", "Dz\u030C" },
	{ "\u0130", "I\u0307" },
	{ "\u1E69", "S\u0323\u0307" },
	{ "\uFB01", "fi" }, /* it has no titlecase, and what it is made of is not asked again */
	{ "\u0149", "\u02BCn" },
	{ "\u2460", "1" },
	{ "\u3300", "\u30A2\u30CF\u309A\u30FC\u30C8" },
	{ "\uFDFA", "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064A\u0647 \u0648\u0633\u0644\u0645" },
	/* the strings of RFC 5255 4.6 */
	{ "\u0410\u043B\u0435\u043A\u0441\u0435\u0439", "\u0410\u041B\u0415\u041A\u0421\u0415\u0418\u0306" },
	{ "\u0441\u0415\u0420\u0413\u0415\u0419", "\u0421\u0415\u0420\u0413\u0415\u0418\u0306" },
};

START_TEST(text_is_prepared_as_i_unicode_casemap_says)
{
	struct gw_buf out = fold(gw_slice_str(collation[_i].text));

	ck_assert_slice_eq(gw_buf_slice(&out), collation[_i].folded);
	gw_buf_done(&out);
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
	tcase_add_loop_test(tc, text_is_prepared_as_i_unicode_casemap_says, 0, (int)(sizeof collation / sizeof *collation));
	tcase_add_test(tc, different_letters_stay_different);
	tcase_add_test(tc, every_ascii_byte_is_folded_at_every_place);
	tcase_add_test(tc, bytes_that_are_no_utf8_stand_for_themselves);
	tcase_add_test(tc, a_full_buffer_is_told);
	return tc;
}

UNIT_MAIN("casemap", casemap())

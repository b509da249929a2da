/* test_words.c - encoded words and RFC 2231 values */
#include "mime/words.h"

#include "tests/unit/unit.h"
#include "util/utf8.h"

static const char *const samples[][2] = {
	{ " plain text\r\n", "plain text" },
	{ "", "" },
	{ " folded\r\n text\r\n\tonce more", "folded text once more" },
	{ "=?ISO-8859-1?Q?Andr=E9?= Pirard", "André Pirard" },
	{ "=?utf-8?b?R3LDvMOfZQ==?=", "Grüße" },
	{ "=?utf-8?B?R3LDvMOfZQ?=", "Grüße" },
	{ "=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab" },
	{ "=?ISO-8859-1?Q?a?=\r\n  =?ISO-8859-1?Q?b?=", "ab" },
	{ "=?ISO-8859-1?Q?a?= b", "a b" },
	{ "=?ISO-8859-1?Q?a_b?=", "a b" },
	{ "=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_=B1?=", "a ą" },
	{ "(=?ISO-8859-1?Q?a?=)", "(a)" },
	{ "x =?us-ascii*en-us?Q?lang?= y", "x lang y" },
	{ "=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?=", "Grüße" },
	{ "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本" },
	{ "=?utf-8?q?not all", "=?utf-8?q?not all" },
	{ "=?utf-8?x?a?= b", "=?utf-8?x?a?= b" },
	{ "=?utf-8?q?a?", "=?utf-8?q?a?" },
	{ "=??q?a?=", "=??q?a?=" },
	{ "=?", "=?" },
	{ "a == b =?= c", "a == b =?= c" },
	{ "=?utf-8?q?a=ZZ=?=", "a=ZZ=" },
	{ "raw gr\xFCn", "raw grün" },
	{ "raw gr\xC3\xBCn", "raw grün" },
	{ "=?no-such?q?=80?=", "€" },
	{ "=?utf-8?q?" "?=", "" },
};

START_TEST(header_text_is_decoded)
{
	struct gw_buf out;

	gw_buf_init(&out, 0);
	gw_words_decode(gw_slice_str(samples[_i][0]), &out);
	ck_assert_slice_eq(gw_buf_slice(&out), samples[_i][1]);
	gw_buf_done(&out);
}
END_TEST

START_TEST(the_output_is_bounded_and_valid)
{
	for (size_t max = 1; max < 30; max++) {
		struct gw_buf out;

		gw_buf_init(&out, max);
		gw_words_decode(GW_S("grün =?utf-8?q?=E2=82=AC=E2=82=AC?= =?gb2312?b?xOO6ww==?= x"), &out);
		ck_assert(out.n <= max && gw_utf8_valid(gw_buf_slice(&out)));
		gw_buf_done(&out);
	}
}
END_TEST

START_TEST(hostile_text_costs_no_more_than_its_length)
{
	struct gw_buf in, out;

	gw_buf_init(&in, 0);
	gw_buf_init(&out, 1000);
	for (int i = 0; i < 200000; i++)
		gw_buf_add_slice(&in, i % 2 ? GW_S("=?a?q?") : GW_S("=?a"));
	gw_words_decode(gw_buf_slice(&in), &out);
	in.n = 0;
	for (int i = 0; i < 20000; i++)
		gw_buf_add_slice(&in, i % 2 ? GW_S("=?euc-jp?q?a?= ") : GW_S("=?iso-2022-kr?q?b?= "));
	gw_words_decode(gw_buf_slice(&in), &out);
	gw_buf_done(&in);
	gw_buf_done(&out);
}
END_TEST

static TCase *words(void)
{
	TCase *tc = tcase_create("words");

	tcase_add_loop_test(tc, header_text_is_decoded, 0, (int)(sizeof samples / sizeof *samples));
	tcase_add_test(tc, the_output_is_bounded_and_valid);
	tcase_add_test(tc, hostile_text_costs_no_more_than_its_length);
	return tc;
}

UNIT_MAIN("words", words())

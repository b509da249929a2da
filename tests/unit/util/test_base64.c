/* test_base64.c - base64, written and strictly read */
#include "util/base64.h"

#include "tests/unit/unit.h"

START_TEST(base64_comes_back_as_it_was)
{
	static const char *const pairs[][2] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
						{ "foob", "Zm9vYg==" }, { "\xFB\xFF\xBF", "+/+/" } };
	struct gw_buf b;

	gw_buf_init(&b, 0);
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		b.n = 0;
		ck_assert(gw_base64_encode(gw_slice_str(pairs[i][0]), &b));
		ck_assert_slice_eq(gw_buf_slice(&b), pairs[i][1]);
		b.n = 0;
		ck_assert(gw_base64_decode(gw_slice_str(pairs[i][1]), &b));
		ck_assert_slice_eq(gw_buf_slice(&b), pairs[i][0]);
	}
	gw_buf_done(&b);
}
END_TEST

START_TEST(base64_that_could_be_read_in_two_ways_is_refused)
{
	static const char *const bad[] = { "Z",	    "Zg",   "Zg=",  "Zg===", "Zh==", "Zm9=", "=", "==", "====", "Z===", "Zg==Zg==",
					   "Zm=v",  "Zm9v\n", "Zm9v\r\n", " Zm9v", "Zm 9v", "Zm9-", "Zm9_", "*", "Zm9v====",
					   "Zg=\xFF", "=Zm9" };
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_buf_add_char(&b, 'x');
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!gw_base64_decode(gw_slice_str(bad[i]), &b) && b.n == 1, "%s", bad[i]);
	gw_buf_done(&b);
}
END_TEST

START_TEST(base64_fills_a_buffer_to_the_last_octet)
{
	struct gw_buf b;

	gw_buf_init(&b, 4);
	ck_assert(gw_base64_decode(GW_S("Zm9vYg=="), &b));
	ck_assert_uint_eq(b.n, 4);
	b.n = 0;
	ck_assert(!gw_base64_decode(GW_S("Zm9vYmE="), &b));
	ck_assert_uint_eq(b.n, 0);
	ck_assert(gw_base64_encode(GW_S("foo"), &b));
	ck_assert(!gw_base64_encode(GW_S("f"), &b));
	ck_assert_uint_eq(b.n, 4);
	gw_buf_done(&b);
}
END_TEST

/* In pieces of whole groups it is the same text. */
START_TEST(pieces_are_written_one_behind_the_other)
{
	struct gw_slice all = GW_S("abcdefghijklmnopqrstuvwxyz0123456789\377\376\375\374");
	struct gw_buf whole;
	char text[64];

	gw_buf_init(&whole, 0);
	ck_assert(gw_base64_encode(all, &whole));
	ck_assert_uint_eq(whole.n, gw_base64_size(all.n));
	for (size_t step = 3; step < all.n + 3; step += 3) {
		struct gw_slice rest = all;
		char *to = text;

		while (rest.n)
			to = gw_base64_put(to, gw_slice_take(&rest, rest.n < step ? rest.n : step));
		ck_assert(gw_slice_eq(gw_slice(text, (size_t)(to - text)), gw_buf_slice(&whole)));
	}
	gw_buf_done(&whole);
}
END_TEST

static TCase *tcase_base64(void)
{
	TCase *tc = tcase_create("base64");

	tcase_add_test(tc, base64_comes_back_as_it_was);
	tcase_add_test(tc, base64_that_could_be_read_in_two_ways_is_refused);
	tcase_add_test(tc, base64_fills_a_buffer_to_the_last_octet);
	tcase_add_test(tc, pieces_are_written_one_behind_the_other);
	return tc;
}

UNIT_MAIN("util/base64", tcase_base64())

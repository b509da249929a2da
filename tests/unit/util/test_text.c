/* test_text.c - numbers, UTF-8, JSON, the calendar, hashing */
#include "tests/unit/unit.h"
#include "util/clock.h"
#include "util/hash.h"
#include "util/json.h"
#include "util/num.h"
#include "util/utf8.h"

#include <stdio.h>
#include <time.h>

START_TEST(numbers_are_digits_only_and_never_overflow)
{
	static const struct {
		const char *text;
		bool good;
		uint64_t value;
	} rows[] = {
		{ "0", true, 0 }, { "007", true, 7 }, { "18446744073709551615", true, UINT64_MAX },
		{ "18446744073709551616", false, 0 }, { "99999999999999999999", false, 0 }, { "", false, 0 },
		{ "-1", false, 0 }, { "+1", false, 0 }, { " 1", false, 0 }, { "0x1", false, 0 }, { "1a", false, 0 },
	};
	uint64_t v = 42;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ck_assert_msg(gw_parse_u64(gw_slice_str(rows[i].text), &v) == rows[i].good, "%s", rows[i].text);
		if (rows[i].good)
			ck_assert_uint_eq(v, rows[i].value);
	}
	ck_assert(gw_parse_u64_range(GW_S("10"), 1, 10, &v));
	ck_assert(!gw_parse_u64_range(GW_S("11"), 1, 10, &v));
	ck_assert(!gw_parse_u64_range(GW_S("0"), 1, 10, &v));
}
END_TEST

static void prints_like_the_c_library(uint64_t v)
{
	char ours[GW_U64_DIGITS + 1] = { 0 }, theirs[32];

	ours[gw_put_u64(ours, v)] = '\0';
	snprintf(theirs, sizeof theirs, "%llu", (unsigned long long)v);
	ck_assert_str_eq(ours, theirs);
}

START_TEST(numbers_print_as_the_c_library_prints_them)
{
	prints_like_the_c_library(UINT64_C(0xF123456789ABCDEF) >> _i);
	for (uint64_t v = 1; v <= UINT64_MAX / 10; v *= 10) {
		prints_like_the_c_library(v - 1);
		prints_like_the_c_library(v);
		prints_like_the_c_library(v * 10 - 1);
	}
	prints_like_the_c_library(UINT64_C(10000000000000000000));
	prints_like_the_c_library(UINT64_MAX);
}
END_TEST

START_TEST(sizes_and_hex_read_well)
{
	char p[32];

	ck_assert_str_eq(gw_put_size(p, sizeof p, 17), "17 B");
	ck_assert_str_eq(gw_put_size(p, sizeof p, 134217728), "128.0 MB");
	ck_assert_str_eq(gw_put_hex(p, "\x00\xAB\xff", 3), "00abff");
}
END_TEST

START_TEST(every_code_point_survives_encoding)
{
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp += cp < 0x3000 ? 1 : 97) {
		char p[4];
		struct gw_slice s = gw_slice(p, gw_utf8_put(p, cp));
		uint32_t back = 0;
		bool surrogate = cp >= 0xD800 && cp < 0xE000;

		ck_assert(gw_utf8_next(&s, &back) == !surrogate);
		if (!surrogate) {
			ck_assert_uint_eq(back, cp);
			ck_assert_uint_eq(s.n, 0);
		}
	}
}
END_TEST

/* RFC 3629 section 3: overlong forms, surrogates and values above U+10FFFF are invalid */
START_TEST(invalid_utf8_is_seen)
{
	static const char *const bad[] = { "\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
					   "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x82", "a\xC3", "\xC3(" };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!gw_utf8_valid(gw_slice_str(bad[i])), "%zu", i);
	ck_assert(gw_utf8_valid(GW_S("Gr\xC3\xBC\xC3\x9F" "e \xF0\x9F\x93\xA7")));
	ck_assert(gw_is_ascii(GW_S("0123456789abcdef")));
	ck_assert(!gw_is_ascii(GW_S("0123456789abcde\xC3")));
	ck_assert(!gw_is_ascii(GW_S("\xC3" "0123456789abcde")));
}
END_TEST

START_TEST(json_is_escaped_and_commas_are_right)
{
	struct gw_buf b;
	struct gw_json j;

	gw_buf_init(&b, 0);
	gw_json_init(&j, &b);
	gw_json_open(&j, NULL, '{');
	gw_json_string(&j, "a\"", GW_S("x\n\x1b\\\xFF\xE2\x80\xA8\xC2\x9B"));
	gw_json_open(&j, "l", '[');
	gw_json_u64(&j, NULL, UINT64_MAX);
	gw_json_i64(&j, NULL, -5);
	gw_json_close(&j, ']');
	gw_json_bool(&j, "t", true);
	gw_json_str(&j, "n", NULL);
	gw_json_close(&j, '}');
	ck_assert_str_eq(gw_buf_str(&b), "{\"a\\\"\":\"x\\n\\u001b\\\\\xEF\xBF\xBD\\u2028\\u009b\","
					 "\"l\":[18446744073709551615,-5],\"t\":true,\"n\":null}");
	gw_buf_done(&b);
}
END_TEST

START_TEST(the_calendar_agrees_with_the_c_library)
{
	for (int64_t t = -70000000000; t < 70000000000; t += 86400 * 37 + 12345) {
		time_t tt = (time_t)t;
		struct gw_civil c = gw_time_to_civil(t);
		struct tm tm;

		gmtime_r(&tt, &tm);
		ck_assert_int_eq(c.year, tm.tm_year + 1900);
		ck_assert_int_eq((int)c.month, tm.tm_mon + 1);
		ck_assert_int_eq((int)c.day, tm.tm_mday);
		ck_assert_int_eq((int)c.hour, tm.tm_hour);
		ck_assert_int_eq((int)c.second, tm.tm_sec);
		ck_assert_int_eq((int)c.weekday, tm.tm_wday);
		ck_assert_int_eq(gw_time_from_civil(c.year, c.month, c.day) + c.hour * 3600 + c.minute * 60 + c.second, t);
	}
}
END_TEST

/* The reference values of the SipHash authors are for 2-4; here: keyed, spread, length matters. */
START_TEST(hashes_depend_on_key_text_and_length)
{
	struct gw_hash_key k1 = { 1, 2 }, k2 = { 1, 3 };

	ck_assert_uint_eq(gw_hash(k1, GW_S("abcdefgh1")), gw_hash(k1, GW_S("abcdefgh1")));
	ck_assert_uint_ne(gw_hash(k1, GW_S("abcdefgh1")), gw_hash(k2, GW_S("abcdefgh1")));
	ck_assert_uint_ne(gw_hash(k1, GW_S("abcdefgh1")), gw_hash(k1, GW_S("abcdefgh2")));
	ck_assert_uint_ne(gw_hash(k1, gw_slice("\0", 1)), gw_hash(k1, gw_slice("\0\0", 2)));
}
END_TEST

static TCase *tcase_text(void)
{
	TCase *tc = tcase_create("text");

	tcase_add_test(tc, numbers_are_digits_only_and_never_overflow);
	tcase_add_loop_test(tc, numbers_print_as_the_c_library_prints_them, 0, 64);
	tcase_add_test(tc, sizes_and_hex_read_well);
	tcase_add_test(tc, every_code_point_survives_encoding);
	tcase_add_test(tc, invalid_utf8_is_seen);
	tcase_add_test(tc, json_is_escaped_and_commas_are_right);
	tcase_add_test(tc, the_calendar_agrees_with_the_c_library);
	tcase_add_test(tc, hashes_depend_on_key_text_and_length);
	return tc;
}

UNIT_MAIN("util/text", tcase_text())

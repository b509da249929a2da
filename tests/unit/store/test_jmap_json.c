/* test_jmap_json.c - reading JSON of a storage server (store/jmap/json.h) */
#include "store/jmap/json.h"
#include "tests/unit/unit.h"
#include "util/buf.h"

#include <stdio.h>

static struct json *must(const char *text)
{
	struct json *j = NULL;
	struct gw_err err = { .text = "" };

	ck_assert_msg(json_read(gw_slice_str(text), &j, &err) == 0, "%s: %s", text, err.text);
	return j;
}

static struct json_value at(struct json *j, const char *name)
{
	return json_member(json_root(j), gw_slice_str(name));
}

static const char *const refused[] = { "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
	"{a:1}", "{'a':1}", "[1 2]", "[1]x", "[1][2]", "nul", "nulll", "True", "NaN", "Infinity", "-", "01", "1.", ".5",
	"1e", "1e+", "+1", "0x1", "\"", "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"", "\"\t\"",
	/* RFC 7493 2.1: halves of surrogate pairs */
	"\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\ud800x\"", "\"\\udc00\\ud800\"", "\"\\ud800\\ud800\"",
	/* RFC 8259 8.1: UTF-8 only: overlong, surrogate, cut, beyond U+10FFFF, Latin-1 */
	"\"\xC0\xAF\"", "\"\xED\xA0\x80\"", "\"\xE2\x82\"", "\"\xF5\x80\x80\x80\"", "\"\xFC\"", "\xEF\xBB\xBF[]",
	/* RFC 7493 2.3: a member twice, also when it is written in another way */
	"{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "[{\"x\":{\"b\":1,\"c\":2,\"b\":3}}]",
	"{\"1\":1,\"2\":1,\"3\":1,\"4\":1,\"5\":1,\"6\":1,\"7\":1,\"8\":1,\"9\":1,\"1\":1}", "/**/1", "[1]/" };

START_TEST(what_is_no_json_is_refused)
{
	struct gw_err err = { .text = "" };
	struct json *j = NULL;

	ck_assert_msg(json_read(gw_slice_str(refused[_i]), &j, &err) == GW_ECORRUPT, "taken: %s", refused[_i]);
	ck_assert_ptr_null(j);
	ck_assert_msg(strstr(err.text, "octet"), "%s", err.text);
}
END_TEST

START_TEST(a_nul_is_no_end_of_the_text)
{
	struct json *j;

	ck_assert_int_eq(json_read(gw_slice("[1]\0", 4), &j, NULL), GW_ECORRUPT);
	ck_assert_int_eq(json_read(gw_slice("\"a\0b\"", 5), &j, NULL), GW_ECORRUPT);
	ck_assert_int_eq(json_read(gw_slice("[\0]", 3), &j, NULL), GW_ECORRUPT);
}
END_TEST

START_TEST(every_kind_of_value_is_read)
{
	struct json *j = must(
		" { \"s\" : \"x\" , "
		"\"n\":-1.5e+3,\"t\":true,\"f\":false,\"z\":null,\"a\":[1,[],{}],\"o\":{\"k\":\"v\"}}\r\n\t");
	struct json_iter it = json_each(at(j, "a"));

	ck_assert_int_eq(json_type(json_root(j)), JSON_OBJECT);
	ck_assert_slice_eq(json_text(at(j, "s")), "x");
	ck_assert_int_eq(json_type(at(j, "n")), JSON_NUMBER);
	ck_assert_int_eq(json_type(at(j, "t")), JSON_TRUE);
	ck_assert_int_eq(json_type(at(j, "f")), JSON_FALSE);
	ck_assert_int_eq(json_type(at(j, "z")), JSON_NULL);
	ck_assert_int_eq(json_type(at(j, "none")), JSON_ABSENT);
	ck_assert_uint_eq(json_count(at(j, "a")), 3);
	ck_assert(json_next(&it) && json_type(it.value) == JSON_NUMBER);
	ck_assert(json_next(&it) && json_type(it.value) == JSON_ARRAY && json_count(it.value) == 0);
	ck_assert(json_next(&it) && json_type(it.value) == JSON_OBJECT && !json_next(&it));
	ck_assert_slice_eq(json_text(json_member(at(j, "o"), GW_S("k"))), "v");
	ck_assert_int_eq(json_type(json_member(at(j, "s"), GW_S("k"))), JSON_ABSENT);
	json_free(j);
}
END_TEST

START_TEST(escapes_are_decoded_rfc_8259_7)
{
	struct json *j = must(
		"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u00e4\\u20AC\\ud83d\\ude00\",\"\xC3\xA4\",\"a\\u0000b\"]");
	struct json_iter it = json_each(json_root(j));

	json_next(&it);
	ck_assert_slice_eq(json_text(it.value), "\"\\/\b\f\n\r\t");
	json_next(&it);
	ck_assert_slice_eq(json_text(it.value), "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
	json_next(&it);
	ck_assert_slice_eq(json_text(it.value), "\xC3\xA4");
	json_next(&it);
	ck_assert_uint_eq(json_text(it.value).n, 3);
	json_free(j);
}
END_TEST

START_TEST(integers_lie_below_2_to_53_rfc_8620_1_3)
{
	static const struct {
		const char *text;
		bool ok;
		uint64_t value;
	} v[] = { { "0", true, 0 }, { "9007199254740991", true, JSON_INT_MAX }, { "9007199254740992", false, 0 },
		{ "-1", false, 0 }, { "1.0", false, 0 }, { "1e3", false, 0 }, { "99999999999999999999999", false, 0 },
		{ "\"1\"", false, 0 }, { "true", false, 0 }, { "null", false, 0 } };

	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		struct json *j = must(v[i].text);
		uint64_t n = 7;

		ck_assert_msg(
			json_uint(json_root(j), &n) == v[i].ok && n == (v[i].ok ? v[i].value : 7), "%s", v[i].text);
		json_free(j);
	}
}
END_TEST

static struct gw_buf nested(unsigned depth, const char *open, const char *close)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	for (unsigned i = 0; i < depth; i++)
		gw_buf_add_slice(&b, gw_slice_str(open));
	gw_buf_add_char(&b, '1');
	for (unsigned i = 0; i < depth; i++)
		gw_buf_add_slice(&b, gw_slice_str(close));
	return b;
}

START_TEST(depth_is_bounded)
{
	static const char *const kinds[][2] = { { "[", "]" }, { "{\"a\":", "}" } };

	for (int i = 0; i < 2; i++)
		for (unsigned depth = JSON_DEPTH - 1; depth <= JSON_DEPTH + 1; depth++) {
			struct gw_buf b = nested(depth, kinds[i][0], kinds[i][1]);
			struct json *j = NULL;

			ck_assert_int_eq(json_read(gw_buf_slice(&b), &j, NULL), depth <= JSON_DEPTH ? 0 : GW_ECORRUPT);
			json_free(j);
			gw_buf_done(&b);
		}
}
END_TEST

START_TEST(a_million_levels_are_refused)
{
	struct gw_buf b = nested(1000000, "[", "");
	struct json *j;

	ck_assert_int_eq(json_read(gw_buf_slice(&b), &j, NULL), GW_ECORRUPT);
	gw_buf_done(&b);
}
END_TEST

START_TEST(the_number_of_values_is_bounded)
{
	for (int over = 0; over < 2; over++) {
		struct gw_buf b;
		struct json *j = NULL;

		gw_buf_init(&b, 0);
		gw_buf_add_char(&b, '[');
		for (uint32_t i = 1; i < JSON_NODES + (uint32_t)over; i++)
			gw_buf_add(&b, i == 1 ? "1" : ",1", i == 1 ? 1 : 2);
		gw_buf_add_char(&b, ']');
		ck_assert_int_eq(json_read(gw_buf_slice(&b), &j, NULL), over ? GW_ECORRUPT : 0);
		json_free(j);
		gw_buf_done(&b);
	}
}
END_TEST

/* Objects of more than a few members are searched in another way. */
START_TEST(every_member_of_an_object_is_found)
{
	struct gw_buf b;
	struct json *j;
	char name[32];
	uint64_t n;

	gw_buf_init(&b, 0);
	for (int i = 0; i < _i; i++)
		gw_buf_printf(&b, "%c\"k%d\":{\"v\":[%d]}", i ? ',' : '{', i * 7919 % 1000, i);
	gw_buf_add(&b, _i ? "}" : "{}", _i ? 1 : 2);
	j = must(gw_buf_str(&b));
	for (int i = 0; i < _i; i++) {
		struct json_iter it;

		snprintf(name, sizeof name, "k%d", i * 7919 % 1000);
		it = json_each(json_member(at(j, name), GW_S("v")));
		ck_assert(json_next(&it) && json_uint(it.value, &n) && n == (uint64_t)i);
	}
	ck_assert_int_eq(json_type(at(j, "k")), JSON_ABSENT);
	ck_assert_int_eq(json_type(at(j, "k1000")), JSON_ABSENT);
	json_free(j);
	gw_buf_done(&b);
}
END_TEST

START_TEST(an_array_knows_its_strings_sorted_or_not)
{
	struct json *j = must("{\"a\":[\"x\",\"b\",\"b\",\"\",\"zz\"],\"mixed\":[\"x\",1,[\"b\"]],\"none\":[]}");

	for (int round = 0; round < 2; round++) {
		ck_assert(json_holds(at(j, "a"), GW_S("x")) && json_holds(at(j, "a"), GW_S("zz")) &&
			  json_holds(at(j, "a"), GW_S("")));
		ck_assert(!json_holds(at(j, "a"), GW_S("z")) && !json_holds(at(j, "none"), GW_S("")));
		ck_assert(json_holds(at(j, "mixed"), GW_S("x")) && !json_holds(at(j, "mixed"), GW_S("1")));
		ck_assert(!json_holds(at(j, "absent"), GW_S("")));
		json_sort(at(j, "a"));
		json_sort(at(j, "mixed"));
		json_sort(at(j, "none"));
		json_sort(at(j, "absent"));
	}
	json_free(j);
}
END_TEST

static TCase *tcase_json(void)
{
	TCase *tc = tcase_create("json");

	tcase_add_loop_test(tc, what_is_no_json_is_refused, 0, sizeof refused / sizeof *refused);
	tcase_add_test(tc, a_nul_is_no_end_of_the_text);
	tcase_add_test(tc, every_kind_of_value_is_read);
	tcase_add_test(tc, escapes_are_decoded_rfc_8259_7);
	tcase_add_test(tc, integers_lie_below_2_to_53_rfc_8620_1_3);
	tcase_add_test(tc, depth_is_bounded);
	tcase_add_test(tc, a_million_levels_are_refused);
	tcase_add_test(tc, the_number_of_values_is_bounded);
	tcase_add_loop_test(tc, every_member_of_an_object_is_found, 0, 20);
	tcase_add_test(tc, an_array_knows_its_strings_sorted_or_not);
	return tc;
}

UNIT_MAIN("store/jmap/json", tcase_json())

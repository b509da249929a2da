/* test_record.c - records to lines (log/log.h) */
#include "log/log.h"
#include "tests/unit/unit.h"

struct lines {
	struct gw_buf all; /* each line with its level in front and a line end */
	unsigned n;
};

static void collect(void *ctx, int level, struct gw_slice line)
{
	struct lines *l = ctx;

	ck_assert_uint_eq(gw_slice_find(line, '\n'), line.n);
	gw_buf_printf(&l->all, "%d|", level);
	gw_buf_add_slice(&l->all, line);
	gw_buf_add_char(&l->all, '\n');
	l->n++;
}

/* 2018-02-08 10:11:12 UTC, a Thursday */
#define STAMP_US (INT64_C(1518084672) * 1000000 + 42)

static struct gw_log_record record(int level, const char *text)
{
	return (struct gw_log_record){ .level = level, .wall_us = STAMP_US, .who = "7", .text = gw_slice_str(text) };
}

static void put(struct gw_log *log, int level, const char *text)
{
	struct gw_log_record r = record(level, text);

	gw_log_put(log, &r);
}

static const char *text_of(struct gw_buf *b, struct gw_log_record r, bool timestamp, bool bare)
{
	gw_log_format_text(b, &r, timestamp, bare);
	return gw_buf_str(b);
}

START_TEST(text_has_date_speaker_and_padded_level)
{
	struct gw_buf b;
	struct gw_log_record r = record(2, "disk full");

	gw_buf_init(&b, 0);
	ck_assert_str_eq(text_of(&b, r, true, false), "Thu Feb  8 10:11:12 2018: [7] [error  ] disk full");
	b.n = 0;
	ck_assert_str_eq(text_of(&b, r, false, false), "[7] [error  ] disk full");
	b.n = 0;
	ck_assert_str_eq(text_of(&b, r, true, true), "disk full");
	b.n = 0;
	r.utc_offset_s = 3600 * 14;
	r.level = 0;
	ck_assert_str_eq(text_of(&b, r, true, false), "Fri Feb  9 00:11:12 2018: [7] [=======] disk full");
	gw_buf_done(&b);
}
END_TEST

START_TEST(json_is_one_object_with_fields)
{
	struct gw_log_field f[] = { GW_TEXT("user", GW_S("an\"na\r\n")), GW_NUM("ms", 7), GW_YES("tls", true) };
	struct gw_log_record r = record(4, "login\n");
	struct gw_buf b;

	r.fields = f;
	r.n_fields = 3;
	r.event = "login";
	r.module = "auth";
	gw_buf_init(&b, 0);
	gw_log_format_json(&b, &r);
	ck_assert_str_eq(gw_buf_str(&b), "{\"time\":\"2018-02-08T10:11:12.000042Z\",\"level\":\"notice\",\"event\":\"login\","
					 "\"module\":\"auth\",\"who\":\"7\",\"message\":\"login\\n\","
					 "\"user\":\"an\\\"na\\u000d\\n\",\"ms\":7,\"tls\":true}");
	gw_buf_done(&b);
}
END_TEST

START_TEST(json_hides_what_could_steer_a_terminal)
{
	struct gw_log_record r = record(4, "\x7f\xc2\x9b\xe2\x80\xa8\xf3\xa0\x80\x81\xc3\xbc\xff");
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_log_format_json(&b, &r);
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&b), "\"message\":\"\\u007f\\u009b\\u2028\\udb40\\udc01\xc3\xbc\\ufffd\""));
	gw_buf_done(&b);
}
END_TEST

static const struct {
	struct gw_slice in;
	const char *out;
} escapes[] = {
	{ GW_S("plain \"text\""), "plain \"text\"" },
	{ GW_S("a\r\nb\tc\x1b[2J\x7f"), "a\\x0d\\x0ab\\x09c\\x1b[2J\\x7f" },
	{ GW_S("nul\0end"), "nul\\x00end" },
	{ GW_S("DOM\\anna"), "DOM\\\\anna" },
	{ GW_S("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f" },
	{ GW_S("bad\xff\xc0\x80"), "bad\\xff\\xc0\\x80" },
	{ GW_S("cut\xe2\x80"), "cut\\xe2\\x80" },
	{ GW_S("\xc2\x85\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xae"), "\\u{85}\\u{2028}\\u{2029}\\u{202e}" },
	{ GW_S("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80" },
};

START_TEST(hostile_text_stays_on_one_line)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_log_escape(&b, escapes[_i].in, 1000);
	ck_assert_str_eq(gw_buf_str(&b), escapes[_i].out);
	gw_buf_done(&b);
}
END_TEST

/* every limit at n-1, n, n+1, with a character that cannot be halved at the border */
START_TEST(a_cut_is_marked_and_exact)
{
	static const struct {
		const char *in;
		size_t max;
		const char *out;
	} t[] = {
		{ "abcd", 5, "abcd" },     { "abcd", 4, "abcd" },     { "abcd", 3, "abc..." }, { "ab\ncd", 7, "ab\\x0ac..." },
		{ "ab\n", 6, "ab\\x0a" }, { "ab\n", 5, "ab..." },    { "a\xc3\xbc", 2, "a..." }, { "", 0, "" },
	};
	struct gw_buf b;

	gw_buf_init(&b, 0);
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		b.n = 0;
		gw_log_escape(&b, gw_slice_str(t[i].in), t[i].max);
		ck_assert_str_eq(gw_buf_str(&b), t[i].out);
	}
	gw_buf_done(&b);
}
END_TEST

START_TEST(level_decides_and_zero_silences_all)
{
	struct lines l = { .n = 0 };
	struct gw_log log;

	gw_buf_init(&l.all, 0);
	gw_log_init(&log, 3, GW_LOG_TEXT, false, collect, &l);
	put(&log, 3, "three");
	put(&log, 4, "four");
	put(&log, 0, "always");
	ck_assert_str_eq(gw_buf_str(&l.all), "3|[7] [warning] three\n0|[7] [=======] always\n");
	log.threshold = 0;
	put(&log, 1, "silent");
	put(&log, 0, "silent too");
	ck_assert_uint_eq(l.n, 2);
	gw_log_done(&log);
	gw_buf_done(&l.all);
}
END_TEST

START_TEST(repetitions_are_counted)
{
	struct lines l = { .n = 0 };
	struct gw_log log;

	gw_buf_init(&l.all, 0);
	gw_log_init(&log, 6, GW_LOG_TEXT, false, collect, &l);
	for (int i = 0; i < 4; i++)
		put(&log, 3, "same");
	ck_assert_uint_eq(l.n, 1);
	put(&log, 2, "same"); /* another level is another message */
	ck_assert_str_eq(gw_buf_str(&l.all), "3|[7] [warning] same\n3|[7] [warning] Previous message logged 3 times\n"
					     "2|[7] [error  ] same\n");
	gw_log_done(&log);
	gw_buf_done(&l.all);
}
END_TEST

START_TEST(count_comes_at_the_limit_after_a_while_and_at_the_end)
{
	struct lines l = { .n = 0 };
	struct gw_log log;

	gw_buf_init(&l.all, 0);
	gw_log_init(&log, 6, GW_LOG_TEXT, false, collect, &l);
	for (int i = 0; i < 1 + GW_LOG_FOLD_MAX - 1; i++)
		put(&log, 3, "same");
	ck_assert_uint_eq(l.n, 1);
	put(&log, 3, "same");
	ck_assert_uint_eq(l.n, 2);
	put(&log, 3, "same");
	gw_log_settle(&log, STAMP_US + 999, 1000);
	ck_assert_uint_eq(l.n, 2);
	gw_log_settle(&log, STAMP_US + 1000, 1000);
	ck_assert_uint_eq(l.n, 3);
	gw_log_settle(&log, STAMP_US + 9000, 0);
	ck_assert_uint_eq(l.n, 3);
	put(&log, 3, "same");
	gw_log_done(&log);
	ck_assert_uint_eq(l.n, 4);
	gw_buf_done(&l.all);
}
END_TEST

START_TEST(an_endless_text_makes_a_bounded_line)
{
	static char huge[3 * GW_LOG_LINE_MAX];
	struct lines l = { .n = 0 };
	struct gw_log_record r = record(3, "");
	struct gw_log log;

	memset(huge, '\n', sizeof huge);
	r.text = gw_slice(huge, sizeof huge);
	gw_buf_init(&l.all, 0);
	gw_log_init(&log, 6, GW_LOG_TEXT, true, collect, &l);
	gw_log_put(&log, &r);
	ck_assert_uint_le(l.all.n, GW_LOG_LINE_MAX);
	log.format = GW_LOG_JSON;
	gw_log_put(&log, &r);
	ck_assert_uint_eq(l.n, 2);
	gw_log_done(&log);
	gw_buf_done(&l.all);
}
END_TEST

static TCase *tcase_record(void)
{
	TCase *tc = tcase_create("record");

	tcase_add_test(tc, text_has_date_speaker_and_padded_level);
	tcase_add_test(tc, json_is_one_object_with_fields);
	tcase_add_test(tc, json_hides_what_could_steer_a_terminal);
	tcase_add_loop_test(tc, hostile_text_stays_on_one_line, 0, (int)(sizeof escapes / sizeof *escapes));
	tcase_add_test(tc, a_cut_is_marked_and_exact);
	tcase_add_test(tc, level_decides_and_zero_silences_all);
	tcase_add_test(tc, repetitions_are_counted);
	tcase_add_test(tc, count_comes_at_the_limit_after_a_while_and_at_the_end);
	tcase_add_test(tc, an_endless_text_makes_a_bounded_line);
	return tc;
}

UNIT_MAIN("log", tcase_record())

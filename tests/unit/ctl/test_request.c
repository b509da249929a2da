/* test_request.c - requests of the control socket: lines, words, values, levels, secrets */
#include "ctl/ctl.h"
#include "tests/unit/unit.h"

#include <stdio.h>

static struct gw_arena arena;
static struct gw_err err;
static struct gw_ctl_request req;

static void setup(void)
{
	gw_arena_init(&arena, 0, 0);
	memset(&err, 0, sizeof err);
	memset(&req, 0, sizeof req);
}

static void teardown(void)
{
	gw_arena_done(&arena);
}

static int parse_as(enum gw_ctl_level level, struct gw_slice line)
{
	return gw_ctl_parse(line, level, &arena, &req, &err);
}

static int parse(const char *line)
{
	return parse_as(GW_CTL_ADMIN, gw_slice_str(line));
}

/* The value of password= as it is written, or "refused". */
static struct gw_slice password(const char *written)
{
	char line[256];

	snprintf(line, sizeof line, "user passwd name=anna password=%s", written);
	return parse(line) < 0 ? GW_S("refused") : gw_ctl_slice(&req, "password");
}

/* ---- words ---- */

START_TEST(a_verb_has_one_word_or_two_in_any_case)
{
	ck_assert_int_eq(parse("status"), 0);
	ck_assert_str_eq(req.verb->name, "status");
	ck_assert_int_eq(parse("  USER   List  "), 0);
	ck_assert_str_eq(req.verb->name, "user list");
	ck_assert_int_eq(parse("user\tlist\tmax=5"), 0);
	ck_assert_uint_eq(gw_ctl_number(&req, "max", 0), 5);
	ck_assert_int_eq(parse("stop now=yes"), 0);
	ck_assert(gw_ctl_flag(&req, "now"));
}
END_TEST

START_TEST(an_unknown_verb_is_refused_with_the_one_that_was_meant)
{
	static const char *const bad[] = { "user", "userlist", "user list5", "status foo", "123", "=", "\"status\"", "a b c" };

	ck_assert_int_eq(parse("user lst"), GW_EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "did you mean \"user list\""));
	ck_assert_int_eq(parse("wholly else"), GW_EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "help"));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(parse(bad[i]) == GW_EINVAL, "%s", bad[i]);
	ck_assert_ptr_null(req.verb);
}
END_TEST

START_TEST(an_error_repeats_little_of_what_was_sent)
{
	char line[4000];

	memset(line, 'a', sizeof line);
	ck_assert_int_eq(parse_as(GW_CTL_ADMIN, gw_slice(line, sizeof line)), GW_EINVAL);
	ck_assert_uint_lt(strlen(err.text), 120);
	memcpy(line, "status ", 7);
	line[sizeof line - 1] = '=';
	ck_assert_int_eq(parse_as(GW_CTL_ADMIN, gw_slice(line, sizeof line)), GW_EINVAL);
	ck_assert_uint_lt(strlen(err.text), 120);
}
END_TEST

START_TEST(empty_lines_and_comments_ask_nothing)
{
	ck_assert_int_eq(parse(""), GW_ENOENT);
	ck_assert_int_eq(parse(" \t "), GW_ENOENT);
	ck_assert_int_eq(parse("# status"), GW_ENOENT);
	ck_assert_int_eq(parse("  #"), GW_ENOENT);
}
END_TEST

START_TEST(a_request_over_the_longest_line_is_refused)
{
	char line[GW_CTL_LINE_MAX + 1];

	memset(line, ' ', sizeof line);
	memcpy(line, "ping", 4);
	ck_assert_int_eq(parse_as(GW_CTL_VIEWER, gw_slice(line, GW_CTL_LINE_MAX - 1)), 0);
	ck_assert_int_eq(parse_as(GW_CTL_VIEWER, gw_slice(line, GW_CTL_LINE_MAX)), 0);
	ck_assert_int_eq(parse_as(GW_CTL_VIEWER, gw_slice(line, GW_CTL_LINE_MAX + 1)), GW_EINVAL);
}
END_TEST

/* ---- arguments ---- */

START_TEST(arguments_come_in_any_order)
{
	ck_assert_int_eq(parse("user quota messages=7 STORAGE=20k name=anna"), 0);
	ck_assert_slice_eq(gw_ctl_slice(&req, "name"), "anna");
	ck_assert_uint_eq(gw_ctl_number(&req, "storage", 1), 20480);
	ck_assert_uint_eq(gw_ctl_number(&req, "messages", 1), 7);
	ck_assert_int_eq(parse("user quota storage=0 name=anna"), 0);
	ck_assert(!gw_ctl_given(&req, "messages"));
	ck_assert_uint_eq(gw_ctl_number(&req, "messages", 9), 9);
}
END_TEST

START_TEST(what_is_not_name_and_value_is_refused)
{
	static const char *const bad[] = {
		"user show",                      /* name is missing */
		"user show anna",                 /* names are said */
		"user show name",
		"user show name=",                /* nobody is called that */
		"user show name=anna name=bert",  /* twice */
		"user show name=anna other=1",
		"user show name =anna",
		"user show name= anna",
		"user show name=\"anna\"x",
		"user show name=\"anna",
		"user show name=an\"na",
		"user show name=\"a\\qb\"",
		"user show name=\"a\\x4\"",
		"user show name=\"a\tb\"",
		"user show name=anna\\",
		"user show name=ann\xC3\xA4",     /* 8-bit bytes stand in quotes */
		"user show name=\"ann\xC3\"",     /* not UTF-8 */
		"user show name=\"an\\nna\"",     /* two lines */
		"user show name=\"an\\x00na\"",
		"session list max=-1",
		"session list max=18446744073709551616",
		"reload plan=maybe",
		"user quota name=anna storage=5X",
		"user quota name=anna storage=K",
		"user quota name=anna storage=18014398509481984K",
		"store backup dir=relative/path",
		"store backup dir=\"/a\\nb\"",
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		memset(&req, 0, sizeof req);
		ck_assert_msg(parse(bad[i]) == GW_EINVAL, "%s", bad[i]);
		ck_assert_msg(req.verb == NULL, "%s", bad[i]);
	}
}
END_TEST

START_TEST(quoted_values_hold_any_byte)
{
	ck_assert_slice_eq(password("plain"), "plain");
	ck_assert_slice_eq(password("a=b;c'"), "a=b;c'");
	ck_assert_slice_eq(password("\"\""), "");
	ck_assert_slice_eq(password(""), "");
	ck_assert_slice_eq(password("\"two words\""), "two words");
	ck_assert_slice_eq(password("\"\\\"\\\\\\n\\r\\t\\x01\\xfF\""), "\"\\\n\r\t\x01\xFF");
	ck_assert_slice_eq(password("\"\xC3\xA4\""), "\xC3\xA4");
	ck_assert_uint_eq(password("\"a\\x00b\"").n, 3);
	ck_assert_slice_eq(password("\"\\X41\""), "refused");
}
END_TEST

START_TEST(what_a_client_writes_is_what_the_server_reads)
{
	const struct gw_ctl_verb *v = gw_ctl_verb_named(GW_S("user passwd"));
	struct gw_buf b;
	char all[256];

	gw_buf_init(&b, GW_CTL_LINE_MAX);
	for (size_t i = 0; i < sizeof all; i++)
		all[i] = (char)i;
	ck_assert(gw_ctl_put_verb(&b, v) && gw_ctl_put_arg(&b, "name", GW_S("Anna \"\xC3\xA4\"")));
	ck_assert(gw_ctl_put_arg(&b, "password", gw_slice(all, sizeof all)) && gw_ctl_put_end(&b));
	ck_assert_uint_eq(gw_slice_find(gw_buf_slice(&b), '\n'), b.n - 1);
	ck_assert_int_eq(parse_as(GW_CTL_ADMIN, gw_slice(b.p, b.n - 1)), 0);
	ck_assert_slice_eq(gw_ctl_slice(&req, "name"), "Anna \"\xC3\xA4\"");
	ck_assert(gw_slice_eq(gw_ctl_slice(&req, "password"), gw_slice(all, sizeof all)));
	gw_buf_done(&b);
}
END_TEST

START_TEST(a_client_is_told_when_a_request_does_not_fit)
{
	struct gw_buf b;

	gw_buf_init(&b, 14);
	ck_assert(gw_ctl_put_verb(&b, gw_ctl_verb_named(GW_S("user show"))));
	ck_assert(!gw_ctl_put_arg(&b, "name", GW_S("anna")));
	gw_buf_done(&b);
}
END_TEST

static bool value_ok(enum gw_ctl_type type, struct gw_slice text, uint64_t *ret)
{
	const struct gw_ctl_param p = { "x", type, 0, "", NULL };

	return gw_ctl_value_ok(&p, text, ret);
}

START_TEST(a_time_span_is_seconds_or_numbers_with_units)
{
	static const struct {
		const char *text;
		uint64_t seconds;
	} good[] = { { "0", 0 }, { "90", 90 }, { "90s", 90 }, { "10m", 600 }, { "2H", 7200 }, { "1h30m", 5400 }, { "1w", 604800 } };
	static const char *const bad[] = { "", "m", "10x", "1h30", "-1", "1.5h", "99999999999999999999", "30500568904944w" };
	uint64_t n;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		ck_assert_msg(value_ok(GW_CTL_SPAN, gw_slice_str(good[i].text), &n) && n == good[i].seconds, "%s", good[i].text);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!value_ok(GW_CTL_SPAN, gw_slice_str(bad[i]), &n), "%s", bad[i]);
}
END_TEST

START_TEST(a_value_of_fixed_words_is_one_of_them)
{
	ck_assert_int_eq(parse("session list service=IMAPS"), 0);
	ck_assert_int_eq(parse("session list service=smtp"), GW_EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "one of: imap imaps pop3 pop3s"));
	ck_assert_int_eq(parse("user features name=anna disabled=\"pop3 imap\""), 0);
	ck_assert_int_eq(parse("user features name=anna disabled=\"\""), 0);
	ck_assert_int_eq(parse("user features name=anna disabled=\"pop3 smtp\""), GW_EINVAL);
}
END_TEST

START_TEST(addresses_options_and_sessions_have_their_characters)
{
	ck_assert(value_ok(GW_CTL_ADDRESS, GW_S("2001:db8::/32"), NULL));
	ck_assert(!value_ok(GW_CTL_ADDRESS, GW_S("192.0.2.1 "), NULL));
	ck_assert(value_ok(GW_CTL_OPTION, GW_S("imap_port"), NULL));
	ck_assert(!value_ok(GW_CTL_OPTION, GW_S("imap-port"), NULL));
	ck_assert(!value_ok(GW_CTL_SESSION, GW_S("0"), NULL));
	ck_assert(!value_ok(GW_CTL_FD, GW_S("3"), NULL));
	ck_assert(gw_ctl_is_cancel(GW_S(" Cancel")));
	ck_assert(!gw_ctl_is_cancel(GW_S("cancel 1")));
}
END_TEST

START_TEST(numbers_keep_to_their_types)
{
	uint64_t n = 0;

	ck_assert(value_ok(GW_CTL_SIZE, GW_S("2G"), &n) && n == UINT64_C(2) << 30);
	ck_assert(value_ok(GW_CTL_SIZE, GW_S("1t"), &n) && n == UINT64_C(1) << 40);
	ck_assert(value_ok(GW_CTL_SIZE, GW_S("18014398509481983K"), &n) && n == UINT64_MAX - 1023);
	ck_assert(!value_ok(GW_CTL_SIZE, GW_S(""), &n));
	ck_assert(!value_ok(GW_CTL_SIZE, GW_S("1.5G"), &n));
	ck_assert(value_ok(GW_CTL_UINT, GW_S("18446744073709551615"), &n) && n == UINT64_MAX);
	ck_assert(!value_ok(GW_CTL_UINT, GW_S("+1"), &n));
	ck_assert(value_ok(GW_CTL_BOOL, GW_S("YES"), &n) && n == 1);
	ck_assert(value_ok(GW_CTL_BOOL, GW_S("off"), &n) && n == 0);
	ck_assert(!value_ok(GW_CTL_BOOL, GW_S("2"), &n));
	ck_assert(value_ok(GW_CTL_UINT, GW_S("3"), NULL));
}
END_TEST

/* ---- levels ---- */

START_TEST(each_level_may_do_what_is_its_own_and_below)
{
	static const struct {
		const char *line;
		enum gw_ctl_level needs;
	} rows[] = {
		{ "status", GW_CTL_VIEWER },	     { "user list", GW_CTL_VIEWER },
		{ "session kick id=1", GW_CTL_OPERATOR }, { "reload", GW_CTL_OPERATOR },
		{ "user add name=a", GW_CTL_ADMIN }, { "stop", GW_CTL_ADMIN },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (enum gw_ctl_level l = GW_CTL_VIEWER; l <= GW_CTL_ADMIN; l++)
			ck_assert_msg(parse_as(l, gw_slice_str(rows[i].line)) == (l < rows[i].needs ? GW_EACCES : 0),
				      "%s as %s", rows[i].line, gw_ctl_level_name(l));
}
END_TEST

START_TEST(a_refused_level_names_the_verb_and_reads_no_argument)
{
	ck_assert_int_eq(parse_as(GW_CTL_VIEWER, GW_S("user delete nonsense \"")), GW_EACCES);
	ck_assert_str_eq(req.verb->name, "user delete");
	ck_assert(!gw_ctl_given(&req, "name"));
	ck_assert_ptr_nonnull(strstr(err.text, "admin"));
	ck_assert_ptr_nonnull(strstr(err.text, "viewer"));
}
END_TEST

/* ---- secrets ---- */

START_TEST(secrets_are_not_logged)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	ck_assert_int_eq(parse("user add name=anna password=hunter2 hash=xyz storage=5M"), 0);
	gw_ctl_redacted(&req, &b);
	ck_assert_slice_eq(gw_buf_slice(&b), "user add name=anna password=*** hash=*** storage=5M");
	gw_buf_done(&b);
	ck_assert_int_eq(parse("user add name=anna password=hunter2 hash"), GW_EINVAL);
	ck_assert_ptr_null(strstr(err.text, "hunter2"));
	ck_assert_int_eq(parse("user add name=anna password=\"hunter2"), GW_EINVAL);
	ck_assert_ptr_null(strstr(err.text, "hunter2"));
}
END_TEST

START_TEST(secrets_are_wiped_and_the_rest_stays)
{
	struct gw_slice secret;

	ck_assert_int_eq(parse("user passwd name=anna password=hunter2"), 0);
	secret = gw_ctl_slice(&req, "password");
	gw_ctl_request_wipe(&req);
	ck_assert_mem_eq(secret.p, "\0\0\0\0\0\0\0", 7);
	ck_assert_slice_eq(gw_ctl_slice(&req, "name"), "anna");
}
END_TEST

/* Is text anywhere in the memory of the arena's first block? */
static bool arena_holds(const char *block, size_t n, const char *text)
{
	return memmem(block, n, text, strlen(text)) != NULL;
}

START_TEST(a_refused_request_leaves_no_secret_behind)
{
	static const char *const bad[] = {
		"user passwd name=anna password=hunter2 name=bert", "user passwd name=anna password=\"hunter2",
		"user passwd name=anna password=\"hunter2\"x",	     "user passwd name=anna password=hunter2\"",
		"user passwd name=anna password=\"hunter2\\q\"",     "user passwd password=hunter2",
	};
	const char *block = gw_arena_alloc(&arena, 16); /* values lie behind it */

	ck_assert_int_eq(parse("user passwd name=anna password=hunter2"), 0);
	ck_assert(arena_holds(block, 200, "hunter2"));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		gw_arena_reset(&arena);
		block = gw_arena_alloc(&arena, 200);
		memset((char *)block, 0, 200);
		gw_arena_reset(&arena);
		block = gw_arena_alloc(&arena, 16);
		ck_assert_int_eq(parse(bad[i]), GW_EINVAL);
		ck_assert_msg(!arena_holds(block, 200, "hunter2"), "%s", bad[i]);
	}
}
END_TEST

/* ---- cutting lines ---- */

START_TEST(any_split_gives_the_same_lines)
{
	static const char wire[] = "ping\r\n\nuser list max=3\nrest";
	struct gw_ctl_in in;
	struct gw_slice line;
	char got[64] = "";
	size_t cut = (size_t)_i;

	gw_ctl_in_init(&in, 32);
	for (int part = 0; part < 2; part++) {
		ck_assert(gw_ctl_in_add(&in, part ? gw_slice(wire + cut, sizeof wire - 1 - cut) : gw_slice(wire, cut)));
		while (gw_ctl_in_next(&in, &line)) {
			strncat(got, line.p, line.n);
			strcat(got, "|");
		}
	}
	ck_assert_str_eq(got, "ping||user list max=3|");
	gw_ctl_in_done(&in);
}
END_TEST

START_TEST(a_line_may_be_as_long_as_allowed_and_not_longer)
{
	struct gw_ctl_in in;
	struct gw_slice line;

	gw_ctl_in_init(&in, 8);
	ck_assert(gw_ctl_in_add(&in, GW_S("12345678")));
	ck_assert(!gw_ctl_in_next(&in, &line));
	ck_assert(gw_ctl_in_add(&in, GW_S("\nabcdefg")));
	ck_assert(gw_ctl_in_next(&in, &line));
	ck_assert_slice_eq(line, "12345678");
	ck_assert(!gw_ctl_in_next(&in, &line));
	ck_assert(gw_ctl_in_add(&in, GW_S("h")));
	ck_assert(!gw_ctl_in_next(&in, &line));
	ck_assert(!gw_ctl_in_add(&in, GW_S("i\n")));
	gw_ctl_in_done(&in);
}
END_TEST

START_TEST(lines_that_were_handed_out_are_wiped)
{
	struct gw_ctl_in in;
	struct gw_slice line, next;
	const char *at;

	gw_ctl_in_init(&in, 32);
	ck_assert(gw_ctl_in_add(&in, GW_S("password=hunter2\nx\n")));
	ck_assert(gw_ctl_in_next(&in, &line));
	at = in.buf.p;
	ck_assert(memmem(at, 32, "hunter2", 7));
	ck_assert(gw_ctl_in_next(&in, &next));
	ck_assert_slice_eq(next, "x");
	ck_assert_ptr_eq(in.buf.p, at);
	ck_assert(!memmem(at, 19, "hunter2", 7));
	gw_ctl_in_done(&in);
}
END_TEST

static TCase *tcase_words(void)
{
	TCase *tc = tcase_create("words");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_verb_has_one_word_or_two_in_any_case);
	tcase_add_test(tc, an_unknown_verb_is_refused_with_the_one_that_was_meant);
	tcase_add_test(tc, an_error_repeats_little_of_what_was_sent);
	tcase_add_test(tc, empty_lines_and_comments_ask_nothing);
	tcase_add_test(tc, a_request_over_the_longest_line_is_refused);
	return tc;
}

static TCase *tcase_arguments(void)
{
	TCase *tc = tcase_create("arguments");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, arguments_come_in_any_order);
	tcase_add_test(tc, what_is_not_name_and_value_is_refused);
	tcase_add_test(tc, quoted_values_hold_any_byte);
	tcase_add_test(tc, what_a_client_writes_is_what_the_server_reads);
	tcase_add_test(tc, a_client_is_told_when_a_request_does_not_fit);
	tcase_add_test(tc, numbers_keep_to_their_types);
	tcase_add_test(tc, a_time_span_is_seconds_or_numbers_with_units);
	tcase_add_test(tc, a_value_of_fixed_words_is_one_of_them);
	tcase_add_test(tc, addresses_options_and_sessions_have_their_characters);
	tcase_add_test(tc, each_level_may_do_what_is_its_own_and_below);
	tcase_add_test(tc, a_refused_level_names_the_verb_and_reads_no_argument);
	tcase_add_test(tc, secrets_are_not_logged);
	tcase_add_test(tc, secrets_are_wiped_and_the_rest_stays);
	tcase_add_test(tc, a_refused_request_leaves_no_secret_behind);
	return tc;
}

static TCase *tcase_lines(void)
{
	TCase *tc = tcase_create("lines");

	tcase_add_loop_test(tc, any_split_gives_the_same_lines, 0, 28);
	tcase_add_test(tc, a_line_may_be_as_long_as_allowed_and_not_longer);
	tcase_add_test(tc, lines_that_were_handed_out_are_wiped);
	return tc;
}

UNIT_MAIN("ctl/request", tcase_words(), tcase_arguments(), tcase_lines())

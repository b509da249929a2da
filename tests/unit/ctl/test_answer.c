/* test_answer.c - answers of the control socket: written, read, and the JSON in them; the rows of the verbs */
#include "ctl/ctl.h"
#include "tests/unit/unit.h"

#include <ctype.h>
#include <stdio.h>

static struct gw_arena arena;
static struct gw_out out;
static struct gw_ctl_reply reply;

static void setup(void)
{
	gw_arena_init(&arena, 0, 0);
	gw_out_init(&out);
	gw_ctl_reply_init(&reply, &out);
}

static void teardown(void)
{
	gw_ctl_reply_done(&reply);
	gw_out_done(&out);
	gw_arena_done(&arena);
}

/* All that was sent, taken out of the rope. */
static struct gw_slice sent(void)
{
	struct gw_buf b;
	struct gw_slice all;

	gw_buf_init(&b, 0);
	while (out.n) {
		struct gw_slice front = gw_out_front(&out);

		gw_buf_add_slice(&b, front);
		gw_out_drop(&out, front.n);
	}
	all = gw_arena_dup(&arena, gw_buf_slice(&b));
	gw_buf_done(&b);
	return all;
}

/* "key:kind=value ..." of one object or array, "!" at the end when it is not JSON. */
static const char *walk(const char *text)
{
	struct gw_slice in = gw_slice_str(text);
	struct gw_ctl_member m;
	char *told = gw_arena_str(&arena, GW_S(""));
	int rc;

	while ((rc = gw_ctl_json_next(&in, &arena, &m)) == 1)
		told = gw_arena_printf(&arena, "%s%.*s:%c=%.*s ", told, GW_FMT(m.key), "snb0x"[m.kind], GW_FMT(m.value));
	return rc == 0 ? told : gw_arena_printf(&arena, "%s!", told);
}

/* ---- answers ---- */

START_TEST(rows_end_with_ok)
{
	struct gw_json *j = gw_ctl_row(&reply);

	gw_json_str(j, "name", "anna \"x\"\n");
	gw_json_bool(j, "enabled", true);
	gw_ctl_end(&reply);
	gw_json_u64(gw_ctl_ok(&reply), "users", 1);
	gw_ctl_end(&reply);
	ck_assert_slice_eq(sent(), "D {\"name\":\"anna \\\"x\\\"\\n\",\"enabled\":true}\nOK {\"users\":1}\n");
	gw_ctl_ok_empty(&reply);
	ck_assert_slice_eq(sent(), "OK {}\n");
}
END_TEST

START_TEST(an_error_is_one_line_whatever_it_says)
{
	struct gw_err err = { .code = GW_EEXIST, .text = "two\r\nlines\x7F" };

	gw_ctl_err(&reply, GW_ENOENT, "there is no %s", "bert");
	ck_assert_slice_eq(sent(), "ERR not-found there is no bert\n");
	gw_ctl_fail(&reply, &err);
	ck_assert_slice_eq(sent(), "ERR exists two  lines \n");
}
END_TEST

/* Length of the D line when a member of n octets is put into it. */
static size_t row_length(size_t n)
{
	char *text = gw_arena_alloc(&arena, n);

	memset(text, 'x', n);
	gw_json_string(gw_ctl_row(&reply), "t", gw_slice(text, n));
	gw_ctl_end(&reply);
	return sent().n;
}

START_TEST(a_line_over_the_limit_says_that_it_was_cut)
{
	size_t around = strlen("D {\"t\":\"\"}");

	ck_assert_uint_eq(row_length(GW_CTL_REPLY_MAX - around), GW_CTL_REPLY_MAX + 1);
	ck_assert_uint_eq(row_length(GW_CTL_REPLY_MAX - around + 1), strlen("D {\"truncated\":true}\n"));
	ck_assert_uint_eq(row_length(5 * GW_CTL_REPLY_MAX), strlen("D {\"truncated\":true}\n"));
	gw_ctl_ok_empty(&reply);
	ck_assert_slice_eq(sent(), "OK {}\n");
}
END_TEST

START_TEST(what_a_server_says_a_client_reads)
{
	struct gw_ctl_answer a;

	ck_assert_int_eq(gw_ctl_parse_answer(GW_S("D {\"a\":1}"), &a), GW_CTL_LINE_DATA);
	ck_assert_slice_eq(a.json, "{\"a\":1}");
	ck_assert_int_eq(gw_ctl_parse_answer(GW_S("OK {}"), &a), GW_CTL_LINE_OK);
	ck_assert_int_eq(gw_ctl_parse_answer(GW_S("ERR denied not for you"), &a), GW_CTL_LINE_ERR);
	ck_assert_slice_eq(a.code, "denied");
	ck_assert_slice_eq(a.text, "not for you");
	ck_assert_int_eq(gw_ctl_parse_answer(GW_S("ERR denied"), &a), GW_CTL_LINE_ERR);
	ck_assert_slice_eq(a.text, "");
}
END_TEST

START_TEST(what_is_no_answer_is_refused)
{
	static const char *const bad[] = { "", " ", "OK", "OK ", "D []", "OK 1", "ERR", "ERR  x", "ok {}", "E {}", "D{}", "{}" };
	struct gw_ctl_answer a;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(gw_ctl_parse_answer(gw_slice_str(bad[i]), &a) == GW_CTL_LINE_BAD, "%s", bad[i]);
}
END_TEST

START_TEST(the_greeting_comes_back_as_it_was)
{
	struct gw_ctl_greeting g;
	struct gw_slice line;

	gw_ctl_put_greeting(&out, "0.1.0", GW_CTL_OPERATOR);
	line = sent();
	line.n--;
	ck_assert(gw_ctl_parse_greeting(line, &g));
	ck_assert_uint_eq(g.protocol, GW_CTL_PROTOCOL);
	ck_assert_str_eq(g.version, "0.1.0");
	ck_assert_int_eq(g.level, GW_CTL_OPERATOR);
	ck_assert(gw_ctl_parse_greeting(GW_S("GATEWAY 2 colour=red level=viewer"), &g));
	ck_assert_uint_eq(g.protocol, 2);
	ck_assert(!gw_ctl_parse_greeting(GW_S("GATEWAY x"), &g));
	ck_assert(!gw_ctl_parse_greeting(GW_S("* OK IMAP4rev2"), &g));
	ck_assert(!gw_ctl_parse_greeting(GW_S("GATEWAY 1 level=root"), &g));
	ck_assert(!gw_ctl_parse_greeting(GW_S(""), &g));
}
END_TEST

START_TEST(a_long_version_in_a_greeting_is_cut)
{
	struct gw_ctl_greeting g;
	char line[400] = "GATEWAY 1 version=";

	memset(line + strlen(line), '9', 300);
	ck_assert(gw_ctl_parse_greeting(gw_slice_str(line), &g));
	ck_assert_uint_eq(strlen(g.version), sizeof g.version - 1);
}
END_TEST

/* ---- JSON ---- */

START_TEST(members_come_one_after_the_other)
{
	ck_assert_str_eq(walk("{}"), "");
	ck_assert_str_eq(walk(" { } "), "");
	ck_assert_str_eq(walk("[]"), "");
	ck_assert_str_eq(walk("{\"a\":1,\"b\":\"x\",\"c\":true,\"d\":null}"), "a:n=1 b:s=x c:b=true d:0=null ");
	ck_assert_str_eq(walk(" { \"a\" : -1.5e+3 , \"b\" : \"\" } "), "a:n=-1.5e+3 b:s= ");
	ck_assert_str_eq(walk("[1,\"}\",false]"), ":n=1 :s=} :b=false ");
	ck_assert_str_eq(walk("{\"a\":{\"b\":[\"]}\\\"\"]},\"c\":[]}"), "a:x={\"b\":[\"]}\\\"\"]} c:x=[] ");
}
END_TEST

START_TEST(escapes_are_undone)
{
	ck_assert_str_eq(walk("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"), ":s=\"\\/\b\f\n\r\t ");
	ck_assert_str_eq(walk("{\"\\u0061\":\"\\u00e4\\u20AC\"}"), "a:s=\xC3\xA4\xE2\x82\xAC ");
	ck_assert_str_eq(walk("[\"\\ud83d\\ude00\"]"), ":s=\xF0\x9F\x98\x80 ");
	ck_assert_str_eq(walk("[\"\\ud83d!\"]"), ":s=\xEF\xBF\xBD! ");
	ck_assert_str_eq(walk("[\"\\ud83d\\u0041\"]"), ":s=\xEF\xBF\xBD" "A ");
	ck_assert_str_eq(walk("[\"\\ude00\"]"), ":s=\xEF\xBF\xBD ");
}
END_TEST

START_TEST(what_is_no_json_is_refused)
{
	static const char *const bad[] = {
		"", "{", "}{", "x", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1", "[1}", "{\"a\":1]", "[,]", "{,}",
		"{\"a\":tru}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\n\"}", "{\"a\":\"x}", "{\"a\":[}", "{\"a\":[{]}]}",
		"[-]", "[+1]", "[01]", "[1.]", "[.5]", "[1e]", "[1-2]", "[--1]", "[1e1.5]", "[True]",
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *told = walk(bad[i]);

		ck_assert_msg(strcmp(told, "!") == 0, "%s gives %s", bad[i], told);
	}
	ck_assert_str_eq(walk("{\"a\":1,}"), "a:n=1 !");
	ck_assert_str_eq(walk("[1"), ":n=1 !");
	ck_assert_str_eq(walk("[1 2]"), ":n=1 !");
	ck_assert_str_eq(walk("{\"a\":1}}"), "a:n=1 !");
	ck_assert_str_eq(walk("{\"a\":1 \"b\":2}"), "a:n=1 !");
}
END_TEST

START_TEST(nesting_is_bounded)
{
	char text[200] = "[";
	size_t depth = (size_t)_i;

	memset(text + 1, '[', depth);
	memset(text + 1 + depth, ']', depth + 1);
	ck_assert_int_eq(strcmp(walk(text), "!") == 0, depth > 32);
}
END_TEST

START_TEST(what_was_written_is_read_again)
{
	struct gw_json *j = gw_ctl_row(&reply);
	struct gw_ctl_member m;
	struct gw_ctl_answer a;
	struct gw_slice line;
	char all[128];

	for (size_t i = 0; i < sizeof all; i++)
		all[i] = (char)i;
	gw_json_string(j, "t", gw_slice(all, sizeof all));
	gw_json_i64(j, "n", INT64_MIN);
	gw_ctl_end(&reply);
	line = sent();
	line.n--;
	ck_assert_int_eq(gw_ctl_parse_answer(line, &a), GW_CTL_LINE_DATA);
	ck_assert_int_eq(gw_ctl_json_next(&a.json, &arena, &m), 1);
	ck_assert(gw_slice_eq(m.value, gw_slice(all, sizeof all)));
	ck_assert_int_eq(gw_ctl_json_next(&a.json, &arena, &m), 1);
	ck_assert_slice_eq(m.value, "-9223372036854775808");
	ck_assert_int_eq(gw_ctl_json_next(&a.json, &arena, &m), 0);
}
END_TEST

/* ---- rows ---- */

/* How many words of text name a verb; 0: they name none. */
static size_t used_of(const char *text, const struct gw_ctl_verb **ret)
{
	struct gw_slice rest = gw_slice_str(text), words[8];
	size_t n = 0, used = 0;

	while (rest.n) {
		words[n++] = gw_slice_take(&rest, gw_slice_find(rest, ' '));
		if (rest.n)
			gw_slice_take(&rest, 1);
	}
	*ret = gw_ctl_verb_find(words, n, &used);
	return *ret ? used : 0;
}

START_TEST(every_verb_has_one_row_that_is_found_by_its_name)
{
	const struct gw_ctl_verb *v, *found;

	for (size_t i = 0; (v = gw_ctl_verb_at(i)); i++) {
		ck_assert_uint_ge(used_of(v->name, &found), 1);
		ck_assert_ptr_eq(found, v);
		ck_assert_ptr_eq(gw_ctl_verb_named(gw_slice_str(v->name)), v);
		ck_assert(v->brief && v->brief[0] && v->doc && v->doc[0]);
	}
	ck_assert_uint_eq(gw_ctl_verb_count() > 20, 1);
	ck_assert_ptr_null(gw_ctl_verb_at(gw_ctl_verb_count()));
	ck_assert_uint_eq(used_of("user", &found), 0);
	ck_assert_uint_eq(used_of("", &found), 0);
	ck_assert_uint_eq(used_of("USER Show anna", &found), 2);
	ck_assert_str_eq(found->name, "user show");
	ck_assert_uint_eq(used_of("status now please", &found), 1);
	ck_assert_ptr_null(gw_ctl_verb_named(GW_S("user")));
}
END_TEST

START_TEST(parameters_are_named_once_and_optional_ones_stand_last_in_position)
{
	for (size_t i = 0; gw_ctl_verb_at(i); i++) {
		const struct gw_ctl_param *p = gw_ctl_verb_at(i)->params;
		bool optional = false;

		for (size_t a = 0; p[a].name; a++) {
			ck_assert_uint_lt(a, GW_CTL_PARAMS_MAX);
			ck_assert(p[a].brief && islower((unsigned char)p[a].name[0]));
			for (size_t b = 0; b < a; b++)
				ck_assert_str_ne(p[a].name, p[b].name);
			if (!(p[a].flags & GW_CTL_POSITION))
				continue;
			ck_assert(!(optional && (p[a].flags & GW_CTL_REQUIRED)));
			optional |= !(p[a].flags & GW_CTL_REQUIRED);
		}
	}
}
END_TEST

START_TEST(viewers_change_nothing_and_only_admins_touch_accounts)
{
	const struct gw_ctl_verb *v;

	for (size_t i = 0; (v = gw_ctl_verb_at(i)); i++) {
		for (size_t a = 0; v->params[a].name; a++)
			ck_assert(v->params[a].type != GW_CTL_SECRET || v->level == GW_CTL_ADMIN);
		if (strcmp(v->name, "user kick") == 0) /* ends sessions, not accounts */
			ck_assert_int_eq(v->level, GW_CTL_OPERATOR);
		else if (strncmp(v->name, "user ", 5) == 0)
			ck_assert_int_eq(v->level, !strcmp(v->name, "user list") || !strcmp(v->name, "user show") ? GW_CTL_VIEWER
													  : GW_CTL_ADMIN);
	}
}
END_TEST

START_TEST(help_shows_what_the_caller_may_do)
{
	size_t rows[3];

	for (enum gw_ctl_level l = GW_CTL_VIEWER; l <= GW_CTL_ADMIN; l++) {
		struct gw_slice all;
		size_t lines = 0;

		gw_ctl_put_help(&reply, l);
		all = sent();
		for (size_t i = 0; i < all.n; i++)
			lines += all.p[i] == '\n';
		rows[l] = lines - 1;
		ck_assert_int_eq(memmem(all.p, all.n, "\"user add\"", 10) != NULL, l == GW_CTL_ADMIN);
		ck_assert(memmem(all.p, all.n, "\"verb\":\"help\"", 13));
	}
	ck_assert(rows[0] < rows[1] && rows[1] < rows[2]);
	ck_assert_uint_eq(rows[2], gw_ctl_verb_count());
}
END_TEST

START_TEST(the_verb_that_was_meant_is_guessed)
{
	ck_assert_str_eq(gw_ctl_verb_near(GW_S("sttatus")), "status");
	ck_assert_str_eq(gw_ctl_verb_near(GW_S("user lsit")), "user list");
	ck_assert_str_eq(gw_ctl_verb_near(GW_S("sessions list")), "session list");
	ck_assert_str_eq(gw_ctl_verb_near(GW_S("USER AD")), "user add");
	ck_assert_ptr_null(gw_ctl_verb_near(GW_S("")));
	ck_assert_ptr_null(gw_ctl_verb_near(GW_S("x")));
	ck_assert_ptr_null(gw_ctl_verb_near(GW_S("a text that is longer than any verb of ours")));
}
END_TEST

START_TEST(levels_have_names)
{
	enum gw_ctl_level l;

	ck_assert(gw_ctl_level_parse(GW_S("operator"), &l) && l == GW_CTL_OPERATOR);
	ck_assert(!gw_ctl_level_parse(GW_S("root"), &l));
	ck_assert(!gw_ctl_level_parse(GW_S(""), &l));
	ck_assert_str_eq(gw_ctl_level_name(GW_CTL_ADMIN), "admin");
	ck_assert_str_eq(gw_ctl_type_name(GW_CTL_UINT), "number");
	ck_assert_str_eq(gw_ctl_type_name(GW_CTL_WORDS), "words");
}
END_TEST

static TCase *tcase_answers(void)
{
	TCase *tc = tcase_create("answers");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, rows_end_with_ok);
	tcase_add_test(tc, an_error_is_one_line_whatever_it_says);
	tcase_add_test(tc, a_line_over_the_limit_says_that_it_was_cut);
	tcase_add_test(tc, what_a_server_says_a_client_reads);
	tcase_add_test(tc, what_is_no_answer_is_refused);
	tcase_add_test(tc, the_greeting_comes_back_as_it_was);
	tcase_add_test(tc, a_long_version_in_a_greeting_is_cut);
	return tc;
}

static TCase *tcase_json(void)
{
	TCase *tc = tcase_create("json");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, members_come_one_after_the_other);
	tcase_add_test(tc, escapes_are_undone);
	tcase_add_test(tc, what_is_no_json_is_refused);
	tcase_add_loop_test(tc, nesting_is_bounded, 30, 36);
	tcase_add_test(tc, what_was_written_is_read_again);
	return tc;
}

static TCase *tcase_rows(void)
{
	TCase *tc = tcase_create("rows");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, every_verb_has_one_row_that_is_found_by_its_name);
	tcase_add_test(tc, parameters_are_named_once_and_optional_ones_stand_last_in_position);
	tcase_add_test(tc, viewers_change_nothing_and_only_admins_touch_accounts);
	tcase_add_test(tc, help_shows_what_the_caller_may_do);
	tcase_add_test(tc, the_verb_that_was_meant_is_guessed);
	tcase_add_test(tc, levels_have_names);
	return tc;
}

UNIT_MAIN("ctl/answer", tcase_answers(), tcase_json(), tcase_rows())

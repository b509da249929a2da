/* Lines, names of orders, and the words behind them. */
#include "gwctl/gwctl.h"
#include "gwctl/line.h"
#include "gwctl/near.h"
#include "gwctl/spot.h"
#include "gwctl/verbs.h"
#include "tests/unit/unit.h"

#define N(words) (sizeof(words) / sizeof *(words))

/* ---- lines ---- */

static int cut(const char *s, struct line *l)
{
	return line_cut(s, strlen(s), l, NULL);
}

START_TEST(blanks_stand_between_words_and_quotes_keep_them)
{
	struct line l;

	ck_assert_int_eq(cut("  a \"b c\"  'd \\'e\\ f \"\" g\"h\"i", &l), 0);
	ck_assert_uint_eq(l.n, 5);
	ck_assert_str_eq(l.word[1], "b c");
	ck_assert_str_eq(l.word[2], "d \\e f");
	ck_assert_str_eq(l.word[3], "");
	ck_assert_str_eq(l.word[4], "ghi");
	ck_assert_ptr_null(l.word[5]);
	line_done(&l);
}
END_TEST

START_TEST(a_bar_begins_a_filter_but_not_in_quotes)
{
	struct line l;

	ck_assert_int_eq(cut("a|grep 'x|y' | count", &l), 0);
	ck_assert_uint_eq(l.stages, 3);
	ck_assert_uint_eq(l.stage[1], 1);
	ck_assert_uint_eq(l.stage[2], 3);
	ck_assert_uint_eq(l.stage[3], 4);
	ck_assert_str_eq(l.word[2], "x|y");
	line_done(&l);
}
END_TEST

START_TEST(a_remark_ends_the_line_where_a_word_begins)
{
	struct line l;

	ck_assert_int_eq(cut("a b#c # d e", &l), 0);
	ck_assert_uint_eq(l.n, 2);
	ck_assert_str_eq(l.word[1], "b#c");
	line_done(&l);
}
END_TEST

START_TEST(an_open_quote_is_refused_but_its_word_is_there_for_completion)
{
	struct line l;

	ck_assert_int_lt(cut("user show \"an", &l), 0);
	ck_assert_uint_eq(l.n, 3);
	ck_assert_str_eq(l.word[2], "an");
	ck_assert_int_eq(l.quote, '"');
	ck_assert(l.in_word);
	line_done(&l);
}
END_TEST

START_TEST(words_are_bounded)
{
	char text[2 * LINE_WORDS + 3];
	struct line l;

	for (size_t i = 0; i <= LINE_WORDS; i++)
		memcpy(text + 2 * i, "a ", 3);
	ck_assert_int_lt(cut(text, &l), 0);
	line_done(&l);
	ck_assert_int_eq(line_cut(text, 2 * LINE_WORDS, &l, NULL), 0);
	ck_assert_uint_eq(l.n, LINE_WORDS);
	line_done(&l);
}
END_TEST

/* ---- names ---- */

static const char *found(size_t n, char *const *words)
{
	size_t used;
	const struct gw_ctl_verb *v = verb_find(words, n, &used, NULL);

	return v ? v->name : "";
}

static const char *said(size_t n, char *const *words)
{
	static struct gw_err err;
	size_t used;

	ck_assert_ptr_null(verb_find(words, n, &used, &err));
	return err.text;
}

#define FOUND(...) found(N(((char *const[]){ __VA_ARGS__ })), (char *const[]){ __VA_ARGS__ })
#define SAID(...) said(N(((char *const[]){ __VA_ARGS__ })), (char *const[]){ __VA_ARGS__ })

START_TEST(names_are_found_whole_shortened_and_in_any_case)
{
	ck_assert_str_eq(FOUND("session", "list"), "session list");
	ck_assert_str_eq(FOUND("ses", "li"), "session list");
	ck_assert_str_eq(FOUND("User", "SHOW", "anna"), "user show");
	ck_assert_str_eq(FOUND("us", "sh", "anna"), "user show");
	ck_assert_str_eq(FOUND("help", "user"), "help");
}
END_TEST

START_TEST(what_can_mean_several_names_them)
{
	ck_assert_ptr_nonnull(strstr(SAID("s", "list"), "session"));
	ck_assert_ptr_nonnull(strstr(SAID("user", "d"), "user disable, user delete"));
}
END_TEST

START_TEST(half_a_name_lists_the_others)
{
	ck_assert_ptr_nonnull(strstr(SAID("user"), "user add"));
}
END_TEST

START_TEST(a_mistyped_name_is_guessed)
{
	ck_assert_ptr_nonnull(strstr(SAID("sesion", "list"), "did you mean \"session list\""));
	ck_assert_ptr_nonnull(strstr(SAID("user", "lsit"), "did you mean \"user list\""));
	ck_assert_ptr_null(strstr(SAID("xyzzy"), "did you mean"));
}
END_TEST

START_TEST(swapped_letters_are_one_mistake)
{
	struct near n = near_begin(GW_S("abdc"));

	near_offer(&n, GW_S("abcd"));
	ck_assert_uint_eq(n.distance, 1);
}
END_TEST

/* ---- requests ---- */

static struct request r;
static struct options o;
static struct gw_err err;

static int reads(size_t n, char *const *words)
{
	o = (struct options){ .socket = NULL };
	err.text[0] = '\0';
	return request_read(&r, n, words, &o, &err);
}

#define READ(...) reads(N(((char *const[]){ __VA_ARGS__ })), (char *const[]){ __VA_ARGS__ })
#define WRONG(sentence, ...) \
	do { \
		ck_assert_int_lt(READ(__VA_ARGS__), 0); \
		ck_assert_msg(strstr(err.text, sentence), "\"%s\" does not say \"%s\"", err.text, sentence); \
		request_done(&r); \
	} while (0)

START_TEST(a_parameter_can_be_named_in_three_ways)
{
	ck_assert_int_eq(READ("session", "list", "--service", "imap", "user=anna", "--max=5"), 0);
	ck_assert_slice_eq(request_get(&r, "service"), "imap");
	ck_assert_slice_eq(request_get(&r, "user"), "anna");
	ck_assert_uint_eq(request_number(&r, "max", 0), 5);
	request_done(&r);
}
END_TEST

START_TEST(what_goes_without_a_name_comes_in_order)
{
	ck_assert_int_eq(READ("user", "quota", "anna", "2G", "--messages", "10"), 0);
	ck_assert_slice_eq(request_get(&r, "name"), "anna");
	ck_assert_slice_eq(request_get(&r, "storage"), "2G");
	request_done(&r);
	WRONG("one argument too many", "user", "show", "anna", "bert");
}
END_TEST

START_TEST(a_switch_alone_is_yes)
{
	ck_assert_int_eq(READ("reload", "--plan"), 0);
	ck_assert(request_flag(&r, "plan"));
	request_done(&r);
	ck_assert_int_eq(READ("reload", "--plan=no"), 0);
	ck_assert(!request_flag(&r, "plan"));
	request_done(&r);
}
END_TEST

START_TEST(flags_may_stand_anywhere)
{
	ck_assert_int_eq(READ("-j", "user", "-q", "list", "--sort", "-name", "--colu", "a,b", "--max", "3"), 0);
	ck_assert(o.json && o.quiet);
	ck_assert_str_eq(o.sort, "-name");
	ck_assert_str_eq(o.columns, "a,b");
	ck_assert_uint_eq(request_number(&r, "max", 0), 3);
	request_done(&r);
}
END_TEST

START_TEST(behind_two_dashes_all_are_values)
{
	ck_assert_int_eq(READ("user", "show", "--", "--json"), 0);
	ck_assert_slice_eq(request_get(&r, "name"), "--json");
	ck_assert(!o.json);
	request_done(&r);
}
END_TEST

START_TEST(names_may_be_shortened_and_mistyped_ones_are_guessed)
{
	ck_assert_int_eq(READ("session", "list", "--serv", "imap", "u=anna"), 0);
	ck_assert_slice_eq(request_get(&r, "user"), "anna");
	request_done(&r);
	WRONG("did you mean \"service\"", "session", "list", "--srvice", "imap");
	WRONG("no parameter \"wrong\"", "ping", "wrong=1");
}
END_TEST

START_TEST(a_wrong_value_is_told_with_what_is_expected)
{
	WRONG("one of: imap imaps pop3 pop3s, not \"imp\"; did you mean \"imap\"?", "session", "list", "service=imp");
	WRONG("max is to be a number", "session", "list", "--max", "many");
	WRONG("yes or no", "reload", "--plan=perhaps");
	WRONG("user is given twice", "session", "list", "user=a", "user=b");
	WRONG("--max needs a value", "session", "list", "--max");
	WRONG("name is missing", "user", "show");
}
END_TEST

START_TEST(a_secret_is_never_taken_from_a_word)
{
	WRONG("others could read a password", "user", "add", "anna", "password=x");
	WRONG("others could read a password", "user", "add", "anna", "--password", "x");
	WRONG("others could read a password", "user", "add", "anna", "--pass=x");
	WRONG("with --hash", "user", "add", "anna", "--hash=x");
	ck_assert_int_eq(READ("user", "add", "anna", "--hash"), 0);
	ck_assert(o.hash);
	request_done(&r);
}
END_TEST

START_TEST(words_that_go_on_are_joined)
{
	ck_assert_int_eq(READ("user", "features", "anna", "imap", "pop3"), 0);
	ck_assert_slice_eq(request_get(&r, "disabled"), "imap pop3");
	request_done(&r);
}
END_TEST

START_TEST(a_path_becomes_absolute)
{
	ck_assert_int_eq(READ("store", "backup", "some/where"), 0);
	ck_assert_int_eq(request_get(&r, "dir").p[0], '/');
	request_done(&r);
}
END_TEST

START_TEST(a_command_behind_a_command_is_left_alone)
{
	char *const words[] = { "watch", "2", "--count", "3", "session", "list", "--max", "1" };

	ck_assert_int_eq(reads(N(words), words), 0);
	ck_assert_uint_eq(r.n_rest, 4);
	ck_assert_str_eq(r.rest[0], "session");
	request_done(&r);
	WRONG("a command is missing", "watch", "2");
}
END_TEST

START_TEST(a_request_is_written_as_the_protocol_has_it)
{
	struct gw_buf b;

	ck_assert_int_eq(READ("user", "quota", "two words", "10M"), 0);
	gw_buf_init(&b, 0);
	ck_assert(request_encode(&r, &b));
	ck_assert_str_eq(gw_buf_str(&b), "user quota name=\"two words\" storage=10M\n");
	gw_buf_done(&b);
	request_done(&r);
}
END_TEST

/* ---- the cursor ---- */

static struct spot spot_at(size_t n, char *const *words)
{
	struct spot s;

	spot_find(words, n - 1, words[n - 1], &s);
	return s;
}

#define SPOT(...) spot_at(N(((char *const[]){ __VA_ARGS__ })), (char *const[]){ __VA_ARGS__ })

START_TEST(the_cursor_is_in_a_name_a_value_or_an_argument)
{
	struct spot s = SPOT("user", "");

	ck_assert_int_eq(s.kind, SPOT_NAME);
	s = SPOT("user", "show", "an");
	ck_assert_int_eq(s.kind, SPOT_ARGUMENT);
	ck_assert_int_eq(s.param, 0);
	s = SPOT("session", "list", "service=im");
	ck_assert_int_eq(s.kind, SPOT_VALUE);
	ck_assert_str_eq(s.verb->params[s.param].name, "service");
	ck_assert_uint_eq(s.lead, 8);
	s = SPOT("session", "list", "--service", "");
	ck_assert_int_eq(s.kind, SPOT_VALUE);
	ck_assert_uint_eq(s.lead, 0);
	s = SPOT("--color", "");
	ck_assert_int_eq(s.kind, SPOT_FLAG_VALUE);
	s = SPOT("-s", "socket", "watch", "2", "user", "sh");
	ck_assert_int_eq(s.kind, SPOT_NAME);
	ck_assert_uint_eq(s.n_name, 1);
}
END_TEST

START_TEST(what_was_given_is_known_at_the_cursor)
{
	struct spot s = SPOT("user", "quota", "anna", "");

	ck_assert(s.given[0]);
	ck_assert_str_eq(s.value[0], "anna");
	ck_assert_int_eq(s.param, 1);
}
END_TEST

static TCase *tcase_line(void)
{
	TCase *tc = tcase_create("line");

	tcase_add_test(tc, blanks_stand_between_words_and_quotes_keep_them);
	tcase_add_test(tc, a_bar_begins_a_filter_but_not_in_quotes);
	tcase_add_test(tc, a_remark_ends_the_line_where_a_word_begins);
	tcase_add_test(tc, an_open_quote_is_refused_but_its_word_is_there_for_completion);
	tcase_add_test(tc, words_are_bounded);
	return tc;
}

static TCase *tcase_names(void)
{
	TCase *tc = tcase_create("names");

	tcase_add_test(tc, names_are_found_whole_shortened_and_in_any_case);
	tcase_add_test(tc, what_can_mean_several_names_them);
	tcase_add_test(tc, half_a_name_lists_the_others);
	tcase_add_test(tc, a_mistyped_name_is_guessed);
	tcase_add_test(tc, swapped_letters_are_one_mistake);
	return tc;
}

static TCase *tcase_requests(void)
{
	TCase *tc = tcase_create("requests");

	tcase_add_test(tc, a_parameter_can_be_named_in_three_ways);
	tcase_add_test(tc, what_goes_without_a_name_comes_in_order);
	tcase_add_test(tc, a_switch_alone_is_yes);
	tcase_add_test(tc, flags_may_stand_anywhere);
	tcase_add_test(tc, behind_two_dashes_all_are_values);
	tcase_add_test(tc, names_may_be_shortened_and_mistyped_ones_are_guessed);
	tcase_add_test(tc, a_wrong_value_is_told_with_what_is_expected);
	tcase_add_test(tc, a_secret_is_never_taken_from_a_word);
	tcase_add_test(tc, words_that_go_on_are_joined);
	tcase_add_test(tc, a_path_becomes_absolute);
	tcase_add_test(tc, a_command_behind_a_command_is_left_alone);
	tcase_add_test(tc, a_request_is_written_as_the_protocol_has_it);
	return tc;
}

static TCase *tcase_cursor(void)
{
	TCase *tc = tcase_create("cursor");

	tcase_add_test(tc, the_cursor_is_in_a_name_a_value_or_an_argument);
	tcase_add_test(tc, what_was_given_is_known_at_the_cursor);
	return tc;
}

UNIT_MAIN("gwctl words", tcase_line(), tcase_names(), tcase_requests(), tcase_cursor())

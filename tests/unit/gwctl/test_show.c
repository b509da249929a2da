/* Tables, values, filters, news and progress as they are shown. */
#include "gwctl/filter.h"
#include "gwctl/gwctl.h"
#include "gwctl/news.h"
#include "gwctl/progress.h"
#include "gwctl/table.h"
#include "tests/unit/unit.h"

static struct table t;
static struct gw_buf out;

static void begin(int screen)
{
	table_init(&t, screen);
	gw_buf_init(&out, 0);
}

static void end(void)
{
	table_done(&t);
	gw_buf_done(&out);
}

/* All lines of the table. */
static const char *lines(void)
{
	table_fix(&t);
	table_put_head(&t, &out);
	for (const struct table_row *row = t.first; row; row = row->next) {
		gw_buf_add_char(&out, '\n');
		table_put_row(&t, row, false, &out);
	}
	return gw_buf_str(&out);
}

/* ---- tables ---- */

START_TEST(numbers_stand_to_the_right_and_words_to_the_left)
{
	begin(0);
	table_add(&t, GW_S("{\"name\":\"anna\",\"n\":5}"));
	table_add(&t, GW_S("{\"name\":\"b\",\"n\":1234,\"more\":\"x\"}"));
	ck_assert_str_eq(lines(), "NAME     N  MORE\nanna     5  -\nb     1234  x");
	end();
}
END_TEST

START_TEST(sizes_spans_and_limits_are_short_but_plain_for_csv)
{
	begin(0);
	table_add(&t, GW_S("{\"bytes_in\":2048,\"idle_s\":61,\"wait_us\":1500,\"storage_limit\":0}"));
	ck_assert_str_eq(lines(), "BYTES IN   IDLE     WAIT  STORAGE LIMIT\n  2.0 KB  1m01s  1.50 ms              -");
	out.n = 0;
	table_put_csv(&t, t.first, &out);
	ck_assert_str_eq(gw_buf_str(&out), "2048,61,1500,0");
	end();
}
END_TEST

START_TEST(a_table_fits_the_terminal_by_cutting_its_widest_text)
{
	begin(30);
	table_add(&t, GW_S("{\"id\":1,\"text\":\"a long text that does not fit at all\",\"n\":77}"));
	ck_assert_str_eq(lines(), "ID TEXT                      N\n 1 a long text that does n~ 77");
	end();
}
END_TEST

START_TEST(without_a_terminal_nothing_is_cut)
{
	begin(0);
	table_add(&t, GW_S("{\"a\":\"0123456789012345678901234567890123456789\",\"b\":\"x\"}"));
	ck_assert_ptr_nonnull(strstr(lines(), "0123456789012345678901234567890123456789  x"));
	end();
}
END_TEST

START_TEST(rows_are_sorted_as_numbers_and_missing_ones_come_last)
{
	begin(0);
	table_add(&t, GW_S("{\"n\":10}"));
	table_add(&t, GW_S("{\"n\":null}"));
	table_add(&t, GW_S("{\"n\":9}"));
	table_add(&t, GW_S("{\"n\":100}"));
	table_sort(&t, 0, true);
	ck_assert_str_eq(lines(), "  N\n100\n 10\n  9\n  -");
	out.n = 0;
	table_sort(&t, 0, false);
	ck_assert_str_eq(lines(), "  N\n  9\n 10\n100\n  -");
	end();
}
END_TEST

START_TEST(ids_that_are_texts_are_sorted_as_numbers_too)
{
	begin(0);
	table_add(&t, GW_S("{\"id\":\"10\"}"));
	table_add(&t, GW_S("{\"id\":\"9\"}"));
	table_sort(&t, 0, false);
	ck_assert_str_eq(lines(), "ID\n9\n10");
	end();
}
END_TEST

START_TEST(columns_are_chosen_by_name_with_or_without_unit)
{
	struct gw_slice unknown;

	begin(0);
	table_add(&t, GW_S("{\"id\":1,\"user\":\"anna\",\"idle_s\":5}"));
	ck_assert(table_choose(&t, GW_S("idle,USER"), &unknown));
	ck_assert_uint_eq(unknown.n, 0);
	ck_assert_str_eq(lines(), "IDLE  USER\n  5s  anna");
	ck_assert(table_choose(&t, GW_S("id,nope"), &unknown));
	ck_assert_slice_eq(unknown, "nope");
	end();
}
END_TEST

START_TEST(csv_has_quotes_where_they_are_needed)
{
	begin(0);
	table_add(&t, GW_S("{\"a\":\"x,y\",\"b\":\"say \\\"hi\\\"\",\"c\":true}"));
	table_fix(&t);
	table_put_csv(&t, t.first, &out);
	ck_assert_str_eq(gw_buf_str(&out), "\"x,y\",\"say \"\"hi\"\"\",true");
	end();
}
END_TEST

START_TEST(nothing_in_a_cell_steers_the_terminal)
{
	begin(0);
	table_add(&t, GW_S("{\"a\":\"\\u001b[2Jx\"}"));
	ck_assert_ptr_null(strchr(lines(), 27));
	end();
}
END_TEST

START_TEST(states_are_coloured_on_request_only)
{
	begin(0);
	table_add(&t, GW_S("{\"state\":\"running\"}"));
	table_fix(&t);
	table_put_row(&t, t.first, true, &out);
	ck_assert_str_eq(gw_buf_str(&out), "\033[32mrunning\033[0m");
	end();
}
END_TEST

/* ---- filters ---- */

static void collect(void *ctx, const char *plain, const char *shown)
{
	(void)shown;
	gw_buf_printf(ctx, "%s;", plain);
}

static int add(struct filter **chain, size_t n, char *const *words, struct gw_err *err)
{
	struct options o = { .socket = NULL };

	return filter_read(words, n, &o, chain, err);
}

static const char *through(struct filter *chain)
{
	static const char *const rows[] = { "anna 1", "bert 2", "Anna 3", "dora 4" };

	gw_buf_init(&out, 0);
	filter_line(chain, "NAME N", NULL, true, collect, &out);
	for (size_t i = 0; i < 4; i++)
		filter_line(chain, rows[i], NULL, false, collect, &out);
	filter_end(chain, collect, &out);
	filter_free(chain);
	return gw_buf_str(&out);
}

#define FILTER(chain, ...) \
	ck_assert_int_eq(add(chain, sizeof((char *const[]){ __VA_ARGS__ }) / sizeof(char *), (char *const[]){ __VA_ARGS__ }, NULL), 0)

START_TEST(grep_keeps_the_head_and_what_matches)
{
	struct filter *chain = NULL;

	FILTER(&chain, "grep", "-i", "^anna");
	ck_assert_str_eq(through(chain), "NAME N;anna 1;Anna 3;");
	gw_buf_done(&out);
}
END_TEST

START_TEST(filters_go_one_behind_the_other_and_the_head_is_not_counted)
{
	struct filter *chain = NULL;

	FILTER(&chain, "grep", "-v", "bert");
	FILTER(&chain, "count");
	ck_assert_str_eq(through(chain), "3;");
	gw_buf_done(&out);
}
END_TEST

START_TEST(head_and_tail_keep_so_many)
{
	struct filter *chain = NULL;

	FILTER(&chain, "tail", "3");
	FILTER(&chain, "head", "2");
	ck_assert_str_eq(through(chain), "NAME N;bert 2;Anna 3;");
	gw_buf_done(&out);
}
END_TEST

START_TEST(there_is_no_filter_that_is_a_shell)
{
	struct filter *chain = NULL;
	struct gw_err err = { .text = "" };

	ck_assert_int_lt(add(&chain, 1, (char *const[]){ "gerp" }, &err), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "did you mean \"grep\""));
	ck_assert_int_lt(add(&chain, 2, (char *const[]){ "!sh", "x" }, &err), 0);
	ck_assert_int_lt(add(&chain, 2, (char *const[]){ "grep", "(" }, &err), 0);
	ck_assert_ptr_null(chain);
}
END_TEST

/* ---- news and progress ---- */

START_TEST(news_is_what_happened_and_its_text)
{
	struct gw_arena arena;

	gw_arena_init(&arena, 0, 0);
	gw_buf_init(&out, 0);
	news_put(GW_S("{\"event\":\"restart\",\"text\":\"imap_port = 9\",\"was\":\"143\"}"), &arena, false, &out);
	ck_assert_str_eq(gw_buf_str(&out), "restart: imap_port = 9");
	out.n = 0;
	news_put(GW_S("{\"event\":\"login\",\"user\":\"anna\",\"tls\":true,\"client\":\"\"}"), &arena, false, &out);
	ck_assert_str_eq(gw_buf_str(&out), "login: user=anna tls=yes");
	gw_buf_done(&out);
	gw_arena_done(&arena);
}
END_TEST

START_TEST(progress_has_rate_and_time_left)
{
	struct progress p = { 0 };

	gw_buf_init(&out, 0);
	progress_step(&p, 0, 100, 1000);
	progress_step(&p, 50, 100, 6000);
	ck_assert_uint_eq(progress_rate(&p), 10);
	progress_put(&p, 60, &out);
	ck_assert_str_eq(gw_buf_str(&out), "[=============>            ]  50%  50 of 100  10/s  6s left");
	gw_buf_done(&out);
}
END_TEST

START_TEST(progress_of_an_unknown_whole_has_no_bar)
{
	struct progress p = { .bytes = true };

	gw_buf_init(&out, 0);
	progress_step(&p, 2048, 0, 1000);
	progress_put(&p, 60, &out);
	ck_assert_str_eq(gw_buf_str(&out), "2.0 KB");
	gw_buf_done(&out);
}
END_TEST

START_TEST(another_part_begins_to_count_anew)
{
	struct progress p = { 0 };

	progress_step(&p, 90, 100, 1000);
	progress_step(&p, 5, 100, 2000);
	progress_step(&p, 15, 100, 3000);
	ck_assert_uint_eq(progress_rate(&p), 10);
}
END_TEST

static TCase *tcase_table(void)
{
	TCase *tc = tcase_create("table");

	tcase_add_test(tc, numbers_stand_to_the_right_and_words_to_the_left);
	tcase_add_test(tc, sizes_spans_and_limits_are_short_but_plain_for_csv);
	tcase_add_test(tc, a_table_fits_the_terminal_by_cutting_its_widest_text);
	tcase_add_test(tc, without_a_terminal_nothing_is_cut);
	tcase_add_test(tc, rows_are_sorted_as_numbers_and_missing_ones_come_last);
	tcase_add_test(tc, ids_that_are_texts_are_sorted_as_numbers_too);
	tcase_add_test(tc, columns_are_chosen_by_name_with_or_without_unit);
	tcase_add_test(tc, csv_has_quotes_where_they_are_needed);
	tcase_add_test(tc, nothing_in_a_cell_steers_the_terminal);
	tcase_add_test(tc, states_are_coloured_on_request_only);
	return tc;
}

static TCase *tcase_filter(void)
{
	TCase *tc = tcase_create("filter");

	tcase_add_test(tc, grep_keeps_the_head_and_what_matches);
	tcase_add_test(tc, filters_go_one_behind_the_other_and_the_head_is_not_counted);
	tcase_add_test(tc, head_and_tail_keep_so_many);
	tcase_add_test(tc, there_is_no_filter_that_is_a_shell);
	return tc;
}

static TCase *tcase_news(void)
{
	TCase *tc = tcase_create("news");

	tcase_add_test(tc, news_is_what_happened_and_its_text);
	tcase_add_test(tc, progress_has_rate_and_time_left);
	tcase_add_test(tc, progress_of_an_unknown_whole_has_no_bar);
	tcase_add_test(tc, another_part_begins_to_count_anew);
	return tc;
}

UNIT_MAIN("gwctl show", tcase_table(), tcase_filter(), tcase_news())

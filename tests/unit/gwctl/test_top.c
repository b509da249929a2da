/* Samples and the screen of top. */
#include "gwctl/table.h"
#include "gwctl/top.h"
#include "tests/unit/unit.h"

static struct top t;
static struct gw_buf out;

static void sample(uint64_t ms, unsigned commands, unsigned connects)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	top_begin(&t, ms);
	top_add_status(&t, GW_S("{\"version\":\"1\",\"state\":\"running\",\"process_model\":\"fork\",\"connections\":3}"));
	gw_buf_printf(&b, "{\"metric\":\"connections_accepted\",\"series\":\"imap\",\"value\":%u,\"rate_1m\":6.75}", connects);
	top_add_counter(&t, gw_buf_slice(&b));
	top_add_command(&t, GW_S("{\"series\":\"imap FETCH\",\"rate\":5.25,\"p50_us\":100,\"p99_us\":2000}"));
	for (unsigned id = 1; id <= 3; id++) {
		b.n = 0;
		gw_buf_printf(&b,
			"{\"id\":\"%u\",\"user\":\"%s\",\"service\":\"imap\",\"command\":\"%s\",\"command_us\":%u,\"commands\":%u,"
			"\"connected_s\":10}",
			4 - id, id == 1 ? "bert" : "anna", id == 2 ? "FETCH" : "", id * 1000, id == 1 ? 1000 : commands);
		top_add_session(&t, gw_buf_slice(&b));
	}
	top_end(&t);
	gw_buf_done(&b);
}

static const char *screen(struct top_view v)
{
	out.n = 0;
	top_put(&t, &v, &out);
	return gw_buf_str(&out);
}

static void setup(void)
{
	top_init(&t, "gw1");
	gw_buf_init(&out, 0);
}

static void teardown(void)
{
	top_done(&t);
	gw_buf_done(&out);
}

START_TEST(one_sample_has_the_rates_of_the_daemon)
{
	sample(1000, 50, 100);
	ck_assert(t.now.counter[0].rate > 6.7 && t.now.counter[0].rate < 6.8);
	ck_assert(t.command[0].rate > 5.2 && t.command[0].rate < 5.3);
	ck_assert_uint_eq(t.users, 2);
	ck_assert(t.user[1].commands > 99 && t.user[1].commands < 101); /* bert's 1000 of 10 seconds */
}
END_TEST

START_TEST(two_samples_have_the_rates_between_them)
{
	sample(1000, 50, 100);
	sample(3000, 150, 110);
	ck_assert(t.now.counter[0].rate > 4.9 && t.now.counter[0].rate < 5.1);
	ck_assert_str_eq(t.user[0].user, "anna");
	ck_assert_uint_eq(t.user[0].sessions, 2);
	ck_assert(t.user[0].commands > 99 && t.user[0].commands < 101);
	ck_assert(t.user[1].commands < 0.1);
}
END_TEST

START_TEST(a_counter_that_went_back_is_no_rate)
{
	sample(1000, 50, 100);
	sample(3000, 10, 20);
	ck_assert(t.now.counter[0].rate < 0.1);
}
END_TEST

START_TEST(the_screen_has_all_parts_and_no_more_lines_than_the_terminal)
{
	static const int heights[] = { 1, 2, 5, 10, 24, 60 };

	sample(1000, 50, 100);
	ck_assert_ptr_nonnull(strstr(screen((struct top_view){ .rows = 0 }), "gw1  gatewayd 1 (fork)  running"));
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&out), "imap FETCH"));
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&out), "FETCH        2.00 ms  imap    anna"));
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&out), "bert"));
	for (size_t i = 0; i < sizeof heights / sizeof *heights; i++) {
		int lines = 1;

		for (const char *p = screen((struct top_view){ .rows = heights[i], .columns = 40, .keys = true }); *p; p++)
			lines += *p == '\n';
		ck_assert_int_eq(lines, heights[i]);
	}
}
END_TEST

START_TEST(no_line_is_wider_than_the_terminal)
{
	char *rest, *line;

	sample(1000, 50, 100);
	screen((struct top_view){ .rows = 30, .columns = 33, .keys = true });
	rest = out.p;
	while ((line = strsep(&rest, "\n")))
		ck_assert_int_le(text_width(line), 33);
}
END_TEST

START_TEST(users_are_sorted_by_what_is_asked_for)
{
	sample(1000, 50, 100);
	screen((struct top_view){ .sort = TOP_BY_COMMANDS });
	ck_assert(strstr(out.p, "\nbert") < strstr(out.p, "\nanna"));
	screen((struct top_view){ .sort = TOP_BY_SESSIONS });
	ck_assert(strstr(out.p, "\nanna") < strstr(out.p, "\nbert"));
}
END_TEST

START_TEST(names_cannot_steer_the_terminal)
{
	top_begin(&t, 1000);
	top_add_session(&t, GW_S("{\"id\":1,\"user\":\"\\u001b[2J\",\"command\":\"\\u001b]0;\",\"mailbox\":\"\\u009b\"}"));
	top_end(&t);
	ck_assert_ptr_null(strchr(screen((struct top_view){ .rows = 0 }), 27));
}
END_TEST

static TCase *tcase_top(void)
{
	TCase *tc = tcase_create("top");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, one_sample_has_the_rates_of_the_daemon);
	tcase_add_test(tc, two_samples_have_the_rates_between_them);
	tcase_add_test(tc, a_counter_that_went_back_is_no_rate);
	tcase_add_test(tc, the_screen_has_all_parts_and_no_more_lines_than_the_terminal);
	tcase_add_test(tc, no_line_is_wider_than_the_terminal);
	tcase_add_test(tc, users_are_sorted_by_what_is_asked_for);
	tcase_add_test(tc, names_cannot_steer_the_terminal);
	return tc;
}

UNIT_MAIN("gwctl top", tcase_top())

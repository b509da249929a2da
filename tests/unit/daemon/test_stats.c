/* test_stats.c - counting by threads and processes, moments of the past, and the text of metrics */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/moments.h"
#include "daemon/stats_text.h"
#include "tests/unit/unit.h"
#include "util/mem.h"

static struct stats st;
static struct moments moments;

static void setup(void)
{
	ck_assert_int_eq(stats_init(&st), 0);
	moments_init(&moments, &st, 1000, 1700000000);
}

static void teardown(void)
{
	moments_done(&moments);
	stats_done(&st);
}

/* ---- counting ---- */

static void count_some(void)
{
	for (unsigned i = 0; i < 1000; i++) {
		stats_add(&st, STAT_TIMEOUTS, 0, 0, 1);
		stats_time(&st, STAT_STORE_TIME, GW_CALL_FIND, i);
	}
}

static void *count_in_thread(void *arg)
{
	(void)arg;
	stats_join(&st);
	count_some();
	return NULL;
}

START_TEST(threads_and_processes_count_together)
{
	pthread_t thread[4];
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		count_in_thread(NULL);
		_exit(0);
	}
	for (unsigned i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&thread[i], NULL, count_in_thread, NULL), 0);
	for (unsigned i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_uint_eq(stats_total(&st, STAT_TIMEOUTS, 0, 0), 5000);
	ck_assert_uint_eq(stats_total(&st, STAT_STORE_TIME, GW_CALL_FIND, 0), 5000);
}
END_TEST

START_TEST(more_threads_than_shards_share_them)
{
	for (unsigned i = 0; i < 3 * STATS_SHARDS; i++) {
		stats_join(&st);
		stats_add(&st, STAT_CRASHES, 0, 0, 1);
	}
	ck_assert_uint_eq(stats_total(&st, STAT_CRASHES, 0, 0), 3 * STATS_SHARDS);
}
END_TEST

START_TEST(a_dimension_can_be_added_up)
{
	stats_add(&st, STAT_LOGINS, stats_mechanism("PLAIN"), STAT_LOGIN_OK, 3);
	stats_add(&st, STAT_LOGINS, stats_mechanism("LOGIN"), STAT_LOGIN_OK, 4);
	stats_add(&st, STAT_LOGINS, stats_mechanism("LOGIN"), STAT_LOGIN_WRONG, 5);
	ck_assert_uint_eq(stats_total(&st, STAT_LOGINS, STATS_ALL, STAT_LOGIN_OK), 7);
	ck_assert_uint_eq(stats_total(&st, STAT_LOGINS, stats_mechanism("LOGIN"), STATS_ALL), 9);
	ck_assert_uint_eq(stats_total(&st, STAT_LOGINS, STATS_ALL, STATS_ALL), 12);
}
END_TEST

START_TEST(what_no_table_knows_is_other)
{
	ck_assert_uint_eq(stats_mechanism("X-EVIL\n\"}"), stats_mechanism("something else"));
	ck_assert_uint_eq(stats_login("never heard of"), STAT_LOGIN_OTHER);
	ck_assert_uint_eq(stats_login("ok"), STAT_LOGIN_OK);
	ck_assert_uint_eq(stats_tls_version("TLSv9"), st.n1[STAT_TLS] - 1);
	ck_assert_uint_eq(stats_tls_cipher("NULL"), st.n1[STAT_TLS_CIPHERS] - 1);
}
END_TEST

START_TEST(commands_of_both_protocols_have_places_of_their_own)
{
	unsigned imap = 0, pop3 = 0, n = st.n1[STAT_COMMAND_TIME];

	while (gw_imap_proto.verb_name(imap))
		imap++;
	while (gw_pop3_proto.verb_name(pop3))
		pop3++;
	ck_assert_uint_eq(n, imap + pop3 + 2); /* and what was not understood */
	ck_assert_uint_eq(stats_command(&st, &gw_imap_proto, imap), imap);
	ck_assert_uint_eq(stats_command(&st, &gw_pop3_proto, pop3), n - 1);
	ck_assert_str_eq(stats_table[STAT_COMMAND_TIME].dim[0]->value(n - 1, 0), "pop3");
	ck_assert_str_eq(stats_table[STAT_COMMAND_TIME].dim[0]->value(n - 1, 1), "unknown");
}
END_TEST

START_TEST(store_errors_are_counted_by_code)
{
	stats_store_call(&st, GW_CALL_COMMIT, 10, GW_ENOSPC);
	stats_store_call(&st, GW_CALL_COMMIT, 10, 0);
	stats_store_call(&st, GW_CALL_COMMIT, 10, -9999);
	ck_assert_uint_eq(stats_total(&st, STAT_STORE_TIME, GW_CALL_COMMIT, 0), 3);
	ck_assert_uint_eq(stats_total(&st, STAT_STORE_ERRORS, STATS_ALL, 0), 1);
	ck_assert_str_eq(stats_table[STAT_STORE_ERRORS].dim[0]->value((unsigned)-GW_ENOSPC - 1, 0), "no-space");
}
END_TEST

START_TEST(every_family_is_described)
{
	for (enum stat_id id = 0; id < STATS; id++) {
		const struct stat_family *f = &stats_table[id];
		size_t n = f->name ? strlen(f->name) : 0, unit = f->unit ? strlen(f->unit) : 0;

		ck_assert_uint_gt(n, 0);
		ck_assert_uint_gt(strlen(f->help), 10);
		ck_assert_msg(f->help[strlen(f->help) - 1] != '.', "%s", f->name);
		ck_assert_msg(unit == 0 || (n > unit && strcmp(f->name + n - unit, f->unit) == 0), "%s ends in its unit", f->name);
		ck_assert_msg((f->read == NULL) == (id < STAT_KEPT), "%s", f->name);
		ck_assert_msg(f->type != STAT_HISTOGRAM || !f->dim[1], "%s has one dimension", f->name);
	}
}
END_TEST

/* ---- moments ---- */

static uint64_t since(struct gw_slice text, uint32_t now_s)
{
	uint64_t *all = gw_xcalloc(st.n_cells, sizeof *all), ret;
	const struct moment *m;

	ck_assert_int_eq(moments_find(&moments, text, now_s, &m, NULL), 0);
	stats_sum(&st, all);
	moments_subtract(m, all);
	ret = *stats_at(&st, all, STAT_TIMEOUTS, 0, 0);
	free(all);
	return ret;
}

/* One timeout a second, from the start at 1000 up to now_s. */
static void run_until(uint32_t now_s)
{
	for (uint32_t s = 1000 + (uint32_t)stats_total(&st, STAT_TIMEOUTS, 0, 0); s < now_s; s++) {
		stats_add(&st, STAT_TIMEOUTS, 0, 0, 1);
		moments_tick(&moments, s + 1, 1700000000 + s);
	}
}

START_TEST(a_span_counts_from_the_moment_nearest_to_it)
{
	run_until(1000 + 3600);
	ck_assert_uint_eq(since(GW_S("5m"), 4600), 300);
	ck_assert_uint_eq(since(GW_S("10s"), 4600), 10);
	ck_assert_uint_le(since(GW_S("30m"), 4600), 1800 + 60);
	ck_assert_uint_ge(since(GW_S("30m"), 4600), 1800 - 60);
	ck_assert_uint_eq(since(GW_S("start"), 4600), 3600);
	ck_assert_uint_eq(since(GW_S("1d"), 4600), 3600);
	ck_assert_uint_eq(since(GW_S(""), 4600), 3600);
}
END_TEST

START_TEST(two_days_need_few_moments)
{
	run_until(1000 + 2 * 86400);
	ck_assert_uint_le(moments.n, 60 + 120 + 26);
	ck_assert_uint_ge(since(GW_S("12h"), 1000 + 2 * 86400), 12 * 3600 - 3600);
	ck_assert_uint_le(since(GW_S("12h"), 1000 + 2 * 86400), 12 * 3600 + 3600);
	ck_assert_uint_lt(moments.bytes, 64 * 1024);
}
END_TEST

START_TEST(a_reset_is_where_one_counts_from)
{
	run_until(1100);
	ck_assert_int_eq(moments_mark(&moments, GW_S("reset"), 1100, 1700000100, NULL), 0);
	run_until(1130);
	ck_assert_uint_eq(since(GW_S(""), 1130), 30);
	ck_assert_uint_eq(since(GW_S("start"), 1130), 130);
	ck_assert_uint_eq(stats_total(&st, STAT_TIMEOUTS, 0, 0), 130);
}
END_TEST

START_TEST(marks_are_few_and_have_names)
{
	const struct moment *m;
	char name[16];

	ck_assert_int_eq(moments_mark(&moments, GW_S("5m"), 1000, 0, NULL), GW_EINVAL);
	ck_assert_int_eq(moments_mark(&moments, GW_S("start"), 1000, 0, NULL), GW_EINVAL);
	ck_assert_int_eq(moments_mark(&moments, GW_S(""), 1000, 0, NULL), GW_EINVAL);
	ck_assert_int_eq(moments_mark(&moments, GW_S("a\0b"), 1000, 0, NULL), GW_EINVAL);
	for (unsigned i = 0; i < MARKS_MAX; i++) {
		snprintf(name, sizeof name, "m%u", i);
		ck_assert_int_eq(moments_mark(&moments, gw_slice_str(name), 1000, 0, NULL), 0);
	}
	ck_assert_int_eq(moments_mark(&moments, GW_S("another"), 1000, 0, NULL), GW_ELIMIT);
	ck_assert_int_eq(moments_mark(&moments, GW_S("M0"), 1000, 0, NULL), 0);
	ck_assert_int_eq(moments_find(&moments, GW_S("another"), 1000, &m, NULL), GW_ENOENT);
}
END_TEST

START_TEST(histograms_are_remembered_too)
{
	uint64_t *all = gw_xcalloc(st.n_cells, sizeof *all);
	const struct moment *m;
	const uint64_t *count;

	stats_time(&st, STAT_STORE_TIME, GW_CALL_FIND, 100);
	stats_time(&st, STAT_STORE_TIME, GW_CALL_FIND, (uint64_t)1 << 40);
	ck_assert_int_eq(moments_mark(&moments, GW_S("here"), 1000, 0, NULL), 0);
	stats_time(&st, STAT_STORE_TIME, GW_CALL_FIND, 5);
	ck_assert_int_eq(moments_find(&moments, GW_S("here"), 1000, &m, NULL), 0);
	stats_sum(&st, all);
	moments_subtract(m, all);
	count = stats_at(&st, all, STAT_STORE_TIME, GW_CALL_FIND, 0);
	ck_assert_uint_eq(gw_hist_count(count), 1);
	ck_assert_uint_eq(gw_hist_quantile(count, 1000000), 5);
	ck_assert_uint_eq(count[GW_HIST_BUCKETS], 5);
	free(all);
}
END_TEST

static TCase *tcase_stats(void)
{
	TCase *tc = tcase_create("stats");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, threads_and_processes_count_together);
	tcase_add_test(tc, more_threads_than_shards_share_them);
	tcase_add_test(tc, a_dimension_can_be_added_up);
	tcase_add_test(tc, what_no_table_knows_is_other);
	tcase_add_test(tc, commands_of_both_protocols_have_places_of_their_own);
	tcase_add_test(tc, store_errors_are_counted_by_code);
	tcase_add_test(tc, every_family_is_described);
	return tc;
}

static TCase *tcase_moments(void)
{
	TCase *tc = tcase_create("moments");

	tcase_set_timeout(tc, 240); /* two days of moments, under a sanitizer */

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_span_counts_from_the_moment_nearest_to_it);
	tcase_add_test(tc, two_days_need_few_moments);
	tcase_add_test(tc, a_reset_is_where_one_counts_from);
	tcase_add_test(tc, marks_are_few_and_have_names);
	tcase_add_test(tc, histograms_are_remembered_too);
	return tc;
}

UNIT_MAIN("daemon/stats", tcase_stats(), tcase_moments())

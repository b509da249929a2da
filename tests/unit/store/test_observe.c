/* What a store tells of the time its calls take. */
#include "tests/unit/store/storetest.h"

static unsigned seen[GW_STORE_CALLS];
static int last_rc[GW_STORE_CALLS];
static uint64_t last_us[GW_STORE_CALLS];
static uint64_t ticks_us;

/* Each reading of the clock is 10 us later than the one before. */
static uint64_t ticking(void *ctx)
{
	(void)ctx;
	return ticks_us += 10;
}

static const struct gw_clock ticking_clock = { test_wall, test_mono, NULL, ticking };

static void observe(void *ctx, enum gw_store_call call, uint64_t us, int rc)
{
	(void)ctx;
	seen[call]++;
	last_rc[call] = rc;
	last_us[call] = us;
}

static struct gw_store *store;
static struct gw_acct *anna;
static struct gw_arena arena;
static struct gw_err err;

static void setup(void)
{
	struct gw_store_options opt = { .url = "mem:anna=secret", .clock = &ticking_clock, .observe = observe };

	memset(seen, 0, sizeof seen);
	gw_arena_init(&arena, 0, 0);
	ck_assert_int_eq(gw_store_open(&opt, &store, &err), 0);
	ck_assert_int_eq(gw_store_login(store, GW_S("anna"), GW_S("secret"), "imap", &anna, &err), 0);
}

static void teardown(void)
{
	gw_acct_close(anna);
	gw_store_close(store);
	gw_arena_done(&arena);
}

START_TEST(each_call_is_told_with_its_time_and_result)
{
	struct gw_mailbox mb;

	ck_assert_uint_eq(seen[GW_CALL_LOGIN], 1);
	ck_assert_int_eq(gw_acct_find(anna, &arena, GW_S("inbox"), &mb, &err), 0);
	ck_assert_uint_eq(seen[GW_CALL_FIND], 1);
	ck_assert_int_eq(last_rc[GW_CALL_FIND], 0);
	ck_assert_uint_ge(last_us[GW_CALL_FIND], 10);
	ck_assert_int_eq(gw_acct_find(anna, &arena, GW_S("no such"), &mb, &err), GW_ENOENT);
	ck_assert_uint_eq(seen[GW_CALL_FIND], 2);
	ck_assert_int_eq(last_rc[GW_CALL_FIND], GW_ENOENT);
}
END_TEST

START_TEST(a_failed_login_is_told_too)
{
	struct gw_acct *other = NULL;

	ck_assert_int_eq(gw_store_login(store, GW_S("anna"), GW_S("wrong"), "imap", &other, &err), GW_EAUTH);
	ck_assert_uint_eq(seen[GW_CALL_LOGIN], 2);
	ck_assert_int_eq(last_rc[GW_CALL_LOGIN], GW_EAUTH);
}
END_TEST

START_TEST(what_never_reaches_the_driver_is_no_call)
{
	struct gw_mbox_id id;

	ck_assert_int_eq(gw_acct_create(anna, GW_S("a//b"), 0, &id, &err), GW_EINVAL);
	ck_assert_uint_eq(seen[GW_CALL_CREATE], 0);
}
END_TEST

START_TEST(commits_are_seen_inside_the_calls_that_make_them)
{
	struct gw_mbox_id id;

	ck_assert_int_eq(gw_acct_create(anna, GW_S("new"), 0, &id, &err), 0);
	ck_assert_uint_eq(seen[GW_CALL_CREATE], 1);
	ck_assert_uint_ge(seen[GW_CALL_COMMIT], 1);
	ck_assert_uint_gt(last_us[GW_CALL_CREATE], last_us[GW_CALL_COMMIT]);
}
END_TEST

START_TEST(the_time_of_an_account_is_the_sum_of_its_calls)
{
	uint64_t before = gw_acct_store_us(anna);
	struct gw_mailbox mb;
	struct gw_quota quota;

	ck_assert_uint_eq(before, last_us[GW_CALL_LOGIN]);
	ck_assert_int_eq(gw_acct_find(anna, &arena, GW_S("INBOX"), &mb, &err), 0);
	ck_assert_int_eq(gw_acct_quota(anna, &quota, &err), 0);
	ck_assert_uint_eq(gw_acct_store_us(anna) - before, last_us[GW_CALL_FIND] + last_us[GW_CALL_QUOTA]);
}
END_TEST

START_TEST(cursors_and_messages_count_for_the_account_that_has_them)
{
	struct gw_append *ap;
	struct gw_mailbox mb;
	uint64_t before;

	ck_assert_int_eq(gw_acct_find(anna, &arena, GW_S("INBOX"), &mb, &err), 0);
	before = gw_acct_store_us(anna);
	ck_assert_int_eq(gw_append_open(anna, 6, &ap, &err), 0);
	ck_assert_int_eq(gw_append_write(ap, GW_S("A: b\r\n"), &err), 0);
	gw_append_close(ap);
	ck_assert_uint_eq(gw_acct_store_us(anna) - before, last_us[GW_CALL_APPEND_OPEN] + last_us[GW_CALL_APPEND_WRITE]);
}
END_TEST

START_TEST(every_call_has_a_name_of_its_own)
{
	for (unsigned i = 0; i < GW_STORE_CALLS; i++) {
		ck_assert_ptr_nonnull(gw_store_call_name(i));
		for (unsigned k = 0; k < i; k++)
			ck_assert_str_ne(gw_store_call_name(i), gw_store_call_name(k));
	}
	ck_assert_ptr_null(gw_store_call_name(GW_STORE_CALLS));
}
END_TEST

static TCase *tcase_observe(void)
{
	TCase *tc = tcase_create("observe");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, each_call_is_told_with_its_time_and_result);
	tcase_add_test(tc, a_failed_login_is_told_too);
	tcase_add_test(tc, what_never_reaches_the_driver_is_no_call);
	tcase_add_test(tc, commits_are_seen_inside_the_calls_that_make_them);
	tcase_add_test(tc, the_time_of_an_account_is_the_sum_of_its_calls);
	tcase_add_test(tc, cursors_and_messages_count_for_the_account_that_has_them);
	tcase_add_test(tc, every_call_has_a_name_of_its_own);
	return tc;
}

UNIT_MAIN("observe", tcase_observe())

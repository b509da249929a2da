/* test_ban.c - addresses and networks that are shut out for a time */
#include <stdio.h>

#include "daemon/ban.h"
#include "tests/unit/unit.h"

static struct bans bans;

static void setup(void)
{
	ban_init(&bans);
}

static void teardown(void)
{
	ban_done(&bans);
}

static struct gw_network net(const char *text)
{
	struct gw_network n;

	ck_assert_msg(gw_network_parse(gw_slice_str(text), &n), "%s", text);
	return n;
}

static int add(const char *text, uint32_t now_s, uint32_t for_s)
{
	struct gw_network n = net(text);

	return ban_add(&bans, &n, now_s, for_s, GW_S("guesses"), false, NULL);
}

static bool hit(const char *text, uint32_t now_s)
{
	return ban_find(&bans, net(text).ip, now_s, true, NULL);
}

START_TEST(a_ban_ends_by_itself)
{
	ck_assert(!hit("192.0.2.1", 100));
	ck_assert_int_eq(add("192.0.2.1", 100, 60), 0);
	ck_assert(hit("192.0.2.1", 100));
	ck_assert(hit("192.0.2.1", 159));
	ck_assert(!hit("192.0.2.1", 160));
	ck_assert(!hit("192.0.2.2", 100));
}
END_TEST

START_TEST(a_ban_without_end_stays_until_it_is_removed)
{
	struct gw_network n = net("2001:db8::/32"), inside = net("2001:db8::1");

	ck_assert_int_eq(add("2001:db8::/32", 100, 0), 0);
	ck_assert(hit("2001:db8:5::1", 4000000));
	ck_assert(!ban_remove(&bans, &inside, 100)); /* only the very network */
	ck_assert(ban_remove(&bans, &n, 100));
	ck_assert(!ban_remove(&bans, &n, 100));
	ck_assert(!hit("2001:db8:5::1", 100));
}
END_TEST

START_TEST(of_several_bans_the_last_to_end_is_told)
{
	struct ban b;

	add("192.0.2.1", 100, 1000);
	add("192.0.2.0/24", 100, 10);
	ck_assert(ban_find(&bans, net("192.0.2.1").ip, 100, false, &b));
	ck_assert_uint_eq(b.until_s, 1100);
	add("192.0.0.0/16", 100, 0);
	ck_assert(ban_find(&bans, net("192.0.2.1").ip, 100, true, &b));
	ck_assert(b.for_good);
	ck_assert_uint_eq(b.refused, 1);
}
END_TEST

START_TEST(a_ban_that_is_given_again_gets_the_new_end)
{
	struct ban b;

	add("192.0.2.1", 100, 1000);
	ck_assert(hit("192.0.2.1", 101));
	add("192.0.2.1", 200, 10);
	ck_assert(ban_at(&bans, 0, 200, &b));
	ck_assert_uint_eq(b.since_s, 100);
	ck_assert_uint_eq(b.until_s, 210);
	ck_assert_uint_eq(b.refused, 1);
	ck_assert_str_eq(b.reason, "guesses");
	ck_assert(!ban_at(&bans, 1, 200, &b));
	ck_assert(!ban_at(&bans, 0, 210, &b));
}
END_TEST

START_TEST(there_are_only_so_many_and_ended_ones_make_room)
{
	char text[32];

	for (unsigned i = 0; i < BAN_MAX; i++) {
		snprintf(text, sizeof text, "10.0.%u.%u", i / 256, i % 256);
		ck_assert_int_eq(add(text, 100, i ? 1000 : 10), 0);
	}
	ck_assert_int_eq(add("192.0.2.1", 100, 10), GW_ELIMIT);
	ck_assert_int_eq(add("10.0.0.5", 100, 10), 0); /* known already */
	ck_assert_int_eq(add("192.0.2.1", 110, 10), 0);
	ck_assert_uint_gt(ban_clear(&bans, 110), 4000);
	ck_assert(!hit("192.0.2.1", 110));
}
END_TEST

static TCase *tcase_ban(void)
{
	TCase *tc = tcase_create("ban");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_ban_ends_by_itself);
	tcase_add_test(tc, a_ban_without_end_stays_until_it_is_removed);
	tcase_add_test(tc, of_several_bans_the_last_to_end_is_told);
	tcase_add_test(tc, a_ban_that_is_given_again_gets_the_new_end);
	tcase_add_test(tc, there_are_only_so_many_and_ended_ones_make_room);
	return tc;
}

UNIT_MAIN("ban", tcase_ban())

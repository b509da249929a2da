/* test_penalty.c - failed logins counted across connections: delays, forgetting, and a table under attack */
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config/network.h"
#include "daemon/penalty.h"
#include "tests/unit/unit.h"

#define S(x) gw_slice_str(x)

static const struct penalty_rule rule = { .delay_after = 3, .delay_max_s = 15, .forget_s = 600 };
static struct penalties p;
static struct gw_network home, away;

static void setup(void)
{
	ck_assert_int_eq(penalty_init(&p), 0);
	ck_assert(gw_network_parse(S("192.0.2.1"), &home) && gw_network_parse(S("2001:db8:1:2::77"), &away));
}

static void teardown(void)
{
	penalty_done(&p);
}

static void guess(const struct gw_network *from, const char *user, unsigned times, uint32_t now_s)
{
	while (times--)
		penalty_failed(&p, &rule, from->ip, S(user), now_s);
}

static unsigned delay(const struct gw_network *from, const char *user, uint32_t now_s)
{
	return penalty_delay(&p, &rule, from->ip, S(user), now_s);
}

START_TEST(delays_double_up_to_the_longest)
{
	static const unsigned want[] = { 0, 0, 0, 1, 2, 4, 8, 15, 15, 15 };

	for (unsigned i = 0; i < sizeof want / sizeof *want; i++) {
		ck_assert_uint_eq(delay(&home, "anna", 100), want[i]);
		guess(&home, "anna", 1, 100);
	}
	guess(&home, "anna", 20000, 100);
	ck_assert_uint_eq(delay(&home, "anna", 100), 15);
	ck_assert_uint_eq(delay(&away, "anna", 100), 0);
}
END_TEST

START_TEST(a_success_forgets_the_failures_of_that_user_there_and_no_others)
{
	struct penalty_count c;

	guess(&home, "anna", 2, 100);
	guess(&home, "root", 4, 100);
	penalty_passed(&p, &rule, home.ip, S("ANNA"), 100);
	penalty_look(&p, &rule, home.ip, S("anna"), 100, &c);
	ck_assert_uint_eq(c.pair, 0);
	ck_assert(c.known);
	ck_assert_uint_eq(c.address, 6);
	ck_assert_uint_eq(c.delay_s, 0); /* known there */
	ck_assert_uint_eq(delay(&home, "root", 100), 8);
	ck_assert_uint_eq(delay(&home, "berta", 100), 8); /* nobody has seen her there */
	guess(&home, "anna", 4, 100); /* and her own failures count */
	ck_assert_uint_eq(delay(&home, "anna", 100), 2);
}
END_TEST

START_TEST(failures_fade_by_themselves)
{
	struct penalty_count c;

	guess(&home, "anna", 8, 100);
	penalty_look(&p, &rule, home.ip, S("anna"), 699, &c);
	ck_assert_uint_eq(c.address, 8);
	penalty_look(&p, &rule, home.ip, S("anna"), 700, &c);
	ck_assert_uint_eq(c.address, 4);
	penalty_look(&p, &rule, home.ip, S("anna"), 100 + 4 * 600, &c);
	ck_assert_uint_eq(c.address, 0);
	ck_assert_uint_eq(c.user, 0);
	guess(&home, "anna", 1, 700); /* goes on from what is left */
	penalty_look(&p, &rule, home.ip, S("anna"), 700, &c);
	ck_assert_uint_eq(c.address, 5);
	penalty_look(&p, &rule, home.ip, S("anna"), 690, &c); /* a clock that is a little behind */
	ck_assert_uint_eq(c.address, 5);
}
END_TEST

START_TEST(ipv6_counts_by_its_network_of_64_bits)
{
	struct gw_network neighbour, other;

	ck_assert(gw_network_parse(S("2001:db8:1:2:ffff::1"), &neighbour));
	ck_assert(gw_network_parse(S("2001:db8:1:3::77"), &other));
	guess(&away, "anna", 4, 100);
	ck_assert_uint_eq(delay(&neighbour, "berta", 100), 2);
	ck_assert_uint_eq(delay(&other, "berta", 100), 0);
}
END_TEST

START_TEST(addresses_with_failures_can_be_listed_and_forgotten)
{
	struct penalty_row row;
	uint32_t at = 0;
	unsigned n = 0;

	guess(&home, "anna", 5, 100);
	guess(&away, "", 2, 100);
	penalty_passed(&p, &rule, home.ip, S("berta"), 100);
	while (penalty_next(&p, &rule, 101, &at, &row)) {
		struct gw_network net = { .bits = row.bits };
		char text[GW_NETWORK_TEXT];

		memcpy(net.ip, row.ip, sizeof net.ip);
		gw_network_put(&net, text);
		ck_assert_str_eq(text, row.count == 5 ? "192.0.2.1" : "2001:db8:1:2::/64");
		ck_assert_uint_eq(row.delay_s, row.count == 5 ? 4 : 0);
		n++;
	}
	ck_assert_uint_eq(n, 2);
	penalty_forget_address(&p, home.ip);
	ck_assert_uint_eq(delay(&home, "berta", 100), 0);
	ck_assert_uint_eq(delay(&home, "anna", 100), 4); /* of her own */
	penalty_forget_user(&p, S("anna"));
	ck_assert_uint_eq(delay(&home, "anna", 100), 0);
}
END_TEST

START_TEST(no_rule_no_delay)
{
	const struct penalty_rule off = { .delay_after = 1, .delay_max_s = 0, .forget_s = 1 };

	guess(&home, "anna", 50, 100);
	ck_assert_uint_eq(penalty_delay(&p, &off, home.ip, S("anna"), 100), 0);
}
END_TEST

/* Half a million addresses: memory stays as it is, and who failed often is not washed away by who failed once. */
START_TEST(a_flood_of_addresses_does_not_wash_away_a_guesser)
{
	struct penalty_row row;
	uint32_t at = 0;
	unsigned n = 0;

	guess(&home, "anna", 50, 100);
	for (uint32_t i = 0; i < 500000; i++) {
		struct gw_network from = away;

		memcpy(from.ip + 3, &i, sizeof i);
		guess(&from, "", 1, 100);
	}
	ck_assert_uint_eq(delay(&home, "berta", 100), 15);
	while (penalty_next(&p, &rule, 100, &at, &row))
		n++;
	ck_assert_uint_gt(n, 1000);
	ck_assert_uint_le(n, 16384);
}
END_TEST

static void *hammer(void *arg)
{
	const uint32_t *start = arg;

	for (uint32_t i = 0; i < 20000; i++) {
		struct gw_network from = away;
		uint32_t who = *start + i % 5000;

		memcpy(from.ip + 3, &who, sizeof who);
		guess(&from, "x", 1, 100);
		guess(&home, "anna", 1, 100);
		penalty_passed(&p, &rule, from.ip, S("y"), 100);
	}
	return NULL;
}

START_TEST(threads_and_processes_count_together)
{
	static const uint32_t starts[] = { 0, 2500, 100000 };
	pthread_t thread[3];
	struct penalty_count c;
	pid_t child = fork();

	if (child == 0) {
		guess(&home, "anna", 20, 100);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	penalty_look(&p, &rule, home.ip, S("anna"), 100, &c);
	ck_assert_uint_eq(c.address, 20);
	for (unsigned i = 0; i < 3; i++)
		pthread_create(&thread[i], NULL, hammer, (void *)&starts[i]);
	for (unsigned i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	penalty_look(&p, &rule, home.ip, S("anna"), 100, &c);
	ck_assert_uint_eq(c.address, 10000); /* the most that is counted */
}
END_TEST

static TCase *tcase_penalty(void)
{
	TCase *tc = tcase_create("penalty");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, delays_double_up_to_the_longest);
	tcase_add_test(tc, a_success_forgets_the_failures_of_that_user_there_and_no_others);
	tcase_add_test(tc, failures_fade_by_themselves);
	tcase_add_test(tc, ipv6_counts_by_its_network_of_64_bits);
	tcase_add_test(tc, addresses_with_failures_can_be_listed_and_forgotten);
	tcase_add_test(tc, no_rule_no_delay);
	tcase_add_test(tc, a_flood_of_addresses_does_not_wash_away_a_guesser);
	tcase_add_test(tc, threads_and_processes_count_together);
	return tc;
}

UNIT_MAIN("penalty", tcase_penalty())

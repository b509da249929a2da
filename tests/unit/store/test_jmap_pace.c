/* test_jmap_pace.c - how many changes a server is asked for at a time (store/jmap/pace.h; RFC 8620 5.2) */
#include "store/jmap/pace.h"

#include "tests/unit/unit.h"

START_TEST(a_server_that_finds_them_too_many_is_asked_for_half_down_to_a_limit)
{
	struct jmap_pace p = { .n = JMAP_PACE_MOST };
	unsigned n = JMAP_PACE_MOST;

	while (n > JMAP_PACE_LEAST) {
		ck_assert(jmap_pace_fewer(&p, 5));
		n /= 2;
		ck_assert_uint_eq(p.n, n);
	}
	ck_assert(!jmap_pace_fewer(&p, 5));
	ck_assert_uint_eq(p.n, JMAP_PACE_LEAST);
}
END_TEST

START_TEST(more_are_tried_after_a_while_and_step_by_step)
{
	struct jmap_pace p = { .n = JMAP_PACE_MOST };
	uint64_t now = 1000;

	ck_assert(jmap_pace_fewer(&p, now));
	ck_assert(jmap_pace_fewer(&p, now));
	jmap_pace_well(&p, now + JMAP_PACE_AFTER_MS - 1);
	ck_assert_uint_eq(p.n, JMAP_PACE_MOST / 4);
	now += JMAP_PACE_AFTER_MS;
	jmap_pace_well(&p, now);
	ck_assert_uint_eq(p.n, JMAP_PACE_MOST / 2);
	jmap_pace_well(&p, now + 1); /* the next step takes as long */
	ck_assert_uint_eq(p.n, JMAP_PACE_MOST / 2);
	ck_assert(jmap_pace_fewer(&p, now + 2)); /* it has not changed its mind */
	jmap_pace_well(&p, now + JMAP_PACE_AFTER_MS);
	ck_assert_uint_eq(p.n, JMAP_PACE_MOST / 4);
	for (int i = 0; i < 5; i++)
		jmap_pace_well(&p, now += 2 * (uint64_t)JMAP_PACE_AFTER_MS);
	ck_assert_uint_eq(p.n, JMAP_PACE_MOST);
}
END_TEST

static TCase *tcase_pace(void)
{
	TCase *tc = tcase_create("pace");

	tcase_add_test(tc, a_server_that_finds_them_too_many_is_asked_for_half_down_to_a_limit);
	tcase_add_test(tc, more_are_tried_after_a_while_and_step_by_step);
	return tc;
}

UNIT_MAIN("store/jmap/pace", tcase_pace())

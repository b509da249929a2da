/* test_set.c - sets of message numbers (util/set.h) */
#include "tests/unit/unit.h"
#include "util/out.h"
#include "util/set.h"

#define LIMIT 64

static uint64_t bits_of(const struct gw_set *s)
{
	uint64_t bits = 0;

	for (uint32_t v = 1; v < LIMIT; v++)
		if (gw_set_has(s, v))
			bits |= UINT64_C(1) << v;
	return bits;
}

static void assert_normal(const struct gw_set *s)
{
	for (size_t i = 0; i < s->n; i++) {
		ck_assert_uint_le(s->r[i].lo, s->r[i].hi);
		if (i)
			ck_assert_uint_gt(s->r[i].lo, s->r[i - 1].hi + 1);
	}
}

static uint64_t range_bits(uint32_t lo, uint32_t hi)
{
	uint64_t bits = 0;

	for (uint32_t v = lo; v <= hi; v++)
		bits |= UINT64_C(1) << v;
	return bits;
}

static uint64_t random_set(struct gw_set *s)
{
	uint64_t bits = 0;

	gw_set_init(s);
	for (int i = rand() % 8; i > 0; i--) {
		uint32_t lo = 1 + (uint32_t)(rand() % (LIMIT - 8));
		uint32_t hi = lo + (uint32_t)(rand() % 6);

		if (rand() % 2)
			lo = hi;
		gw_set_add(s, lo, hi);
		bits |= range_bits(lo, hi);
		assert_normal(s);
		ck_assert(bits == bits_of(s));
	}
	return bits;
}

START_TEST(operations_agree_with_bit_masks)
{
	struct gw_set a, b, c;
	uint64_t x, y;

	srand((unsigned)_i);
	x = random_set(&a);
	y = random_set(&b);
	gw_set_init(&c);
	gw_set_union(&c, &a);
	gw_set_union(&c, &b);
	assert_normal(&c);
	ck_assert_uint_eq(bits_of(&c), x | y);
	gw_set_intersect(&c, &a);
	assert_normal(&c);
	ck_assert_uint_eq(bits_of(&c), x);
	gw_set_subtract(&c, &b);
	assert_normal(&c);
	ck_assert_uint_eq(bits_of(&c), x & ~y);
	ck_assert_uint_eq(gw_set_count(&c), (uint64_t)__builtin_popcountll(x & ~y));
	gw_set_done(&a);
	gw_set_done(&b);
	gw_set_done(&c);
}
END_TEST

START_TEST(the_largest_number_does_not_overflow)
{
	struct gw_range v[] = { { UINT32_MAX, UINT32_MAX }, { 1, 2 }, { 3, 4 } };
	struct gw_set s;
	struct gw_out o;

	gw_set_init(&s);
	gw_set_add(&s, UINT32_MAX, 7);
	gw_set_add_ranges(&s, v, 3);
	gw_out_init(&o);
	gw_set_put(&o, &s);
	ck_assert_slice_eq(gw_out_front(&o), "1:4,7:4294967295");
	ck_assert_uint_eq(gw_set_next(&s, 5, NULL), 7);
	gw_out_done(&o);
	gw_set_done(&s);
}
END_TEST

static TCase *tcase_set(void)
{
	TCase *tc = tcase_create("set");

	tcase_add_loop_test(tc, operations_agree_with_bit_masks, 0, 300);
	tcase_add_test(tc, the_largest_number_does_not_overflow);
	return tc;
}

UNIT_MAIN("util/set", tcase_set())

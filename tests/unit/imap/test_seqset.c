/* test_seqset.c - message sets as clients write them (imap/seqset.h) */
#include "imap/seqset.h"
#include "tests/unit/unit.h"
#include "util/mem.h"
#include "util/out.h"

#include <stdio.h>

static struct gw_arena arena;

static void setup(void)
{
	gw_arena_init(&arena, 0, 0);
}

static void teardown(void)
{
	gw_arena_done(&arena);
}

static void check_resolved(const struct imap_seqset *s, uint32_t star, const char *expected)
{
	struct gw_set set;
	struct gw_out out;

	gw_set_init(&set);
	gw_set_add(&set, 77, 99); /* what was there before goes */
	imap_seqset_resolve(s, star, &set);
	gw_out_init(&out);
	gw_set_put(&out, &set);
	ck_assert_slice_eq(gw_out_front(&out), expected);
	gw_out_done(&out);
	gw_set_done(&set);
}

/* F01, RFC 9051 section 9 (sequence-set) */
static const struct {
	const char *in;
	uint32_t star;
	const char *set; /* NULL: no set */
	size_t rest;
} rows[] = {
	{ "1", 9, "1", 0 },
	{ "2,4:7,9,12:*", 15, "2,4:7,9,12:15", 0 },
	{ "*:4,5:7", 10, "4:10", 0 },
	{ "1:*", 5, "1:5", 0 },
	{ "*:1", 5, "1:5", 0 },
	{ "*", 5, "5", 0 },
	{ "*:*", 5, "5", 0 },
	{ "3291:*", 100, "100:3291", 0 },
	{ "4294967295:*", 7, "7:4294967295", 0 },
	{ "4:2", 9, "2:4", 0 },
	{ "1,1,1,1", 9, "1", 0 },
	{ "5,4,3,2,1", 9, "1:5", 0 },
	{ "9,1:3,2:5,20:10,*", 30, "1:5,9:20,30", 0 },
	{ "1,3,2", 9, "1:3", 0 },
	{ "10:20,1:30,15", 9, "1:30", 0 },
	{ "*", 0, "", 0 },
	{ "1:*", 0, "", 0 },
	{ "3,1:*", 0, "3", 0 },
	{ "1:4294967295", 5, "1:4294967295", 0 },
	{ "1 FLAGS", 5, "1", 6 },
	{ "1)", 5, "1", 1 },
	{ "0", 5, NULL, 0 },
	{ "1:0", 5, NULL, 0 },
	{ "4294967296", 5, NULL, 0 },
	{ "", 5, NULL, 0 },
	{ ",", 5, NULL, 0 },
	{ "1,", 5, NULL, 0 },
	{ ",1", 5, NULL, 0 },
	{ "1,,2", 5, NULL, 0 },
	{ "1:2:3", 5, NULL, 0 },
	{ "1:", 5, NULL, 0 },
	{ ":1", 5, NULL, 0 },
	{ "**", 5, NULL, 0 },
	{ "1*", 5, NULL, 0 },
	{ "a", 5, NULL, 0 },
	{ "-1", 5, NULL, 0 },
};

START_TEST(a_set_names_each_message_once)
{
	struct gw_slice in = gw_slice_str(rows[_i].in);
	struct imap_seqset s;
	size_t n = in.n;
	bool ok = imap_get_seqset(&in, &arena, &s);

	ck_assert_msg(ok == (rows[_i].set != NULL), "%s", rows[_i].in);
	ck_assert_uint_eq(in.n, ok ? rows[_i].rest : n);
	if (ok)
		check_resolved(&s, rows[_i].star, rows[_i].set);
}
END_TEST

START_TEST(the_result_of_the_last_search_is_recognised)
{
	struct gw_slice in = GW_S("$ x");
	struct imap_seqset s;

	ck_assert(imap_get_seqset(&in, &arena, &s));
	ck_assert(s.saved);
	ck_assert_uint_eq(in.n, 2);
	check_resolved(&s, 9, "");
}
END_TEST

START_TEST(the_star_is_told)
{
	struct gw_slice in = GW_S("3,9:2,*");
	struct imap_seqset s;

	ck_assert(imap_get_seqset(&in, &arena, &s));
	ck_assert(s.star);
	in = GW_S("1:3");
	ck_assert(imap_get_seqset(&in, &arena, &s));
	ck_assert(!s.star);
}
END_TEST

/* Ranges up to the limit in orders that would make a naive insertion quadratic. */
START_TEST(a_hundred_thousand_ranges_are_taken_and_one_more_is_not)
{
	for (size_t n = IMAP_SEQSET_RANGES_MAX - 1; n <= IMAP_SEQSET_RANGES_MAX + 1; n++) {
		char *text = gw_xalloc(n * 8), *p = text;
		struct gw_slice in;
		struct imap_seqset s;
		struct gw_set set;

		for (size_t i = 0; i < n; i++)
			p += sprintf(p, "%s%zu", i ? "," : "", 2 * (_i ? n - i : i + 1));
		in = gw_slice(text, (size_t)(p - text));
		gw_set_init(&set);
		ck_assert_int_eq(imap_get_seqset(&in, &arena, &s), n <= IMAP_SEQSET_RANGES_MAX);
		if (n <= IMAP_SEQSET_RANGES_MAX) {
			imap_seqset_resolve(&s, 1, &set);
			ck_assert_uint_eq(set.n, n);
		}
		gw_set_done(&set);
		free(text);
	}
}
END_TEST

/* Against a bit mask. */
START_TEST(any_order_gives_the_same_set)
{
	char text[256], *p = text;
	uint64_t bits = 0;
	struct gw_slice in;
	struct imap_seqset s;
	struct gw_set set;

	srand((unsigned)_i);
	for (int i = rand() % 9 + 1; i > 0; i--) {
		unsigned a = 1 + (unsigned)rand() % 40, b = 1 + (unsigned)rand() % 40;

		p += sprintf(p, "%s%u:%u", p == text ? "" : ",", a, b);
		for (unsigned v = a < b ? a : b; v <= (a < b ? b : a); v++)
			bits |= UINT64_C(1) << v;
	}
	in = gw_slice_str(text);
	gw_set_init(&set);
	ck_assert(imap_get_seqset(&in, &arena, &s));
	imap_seqset_resolve(&s, 1, &set);
	for (uint32_t v = 1; v < 64; v++)
		ck_assert_int_eq(gw_set_has(&set, v), bits >> v & 1);
	gw_set_done(&set);
}
END_TEST

static TCase *tcase_seqset(void)
{
	TCase *tc = tcase_create("seqset");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, a_set_names_each_message_once, 0, (int)(sizeof rows / sizeof *rows));
	tcase_add_test(tc, the_result_of_the_last_search_is_recognised);
	tcase_add_test(tc, the_star_is_told);
	tcase_add_loop_test(tc, a_hundred_thousand_ranges_are_taken_and_one_more_is_not, 0, 2);
	tcase_add_loop_test(tc, any_order_gives_the_same_set, 0, 200);
	return tc;
}

UNIT_MAIN("imap/seqset", tcase_seqset())

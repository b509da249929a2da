/* test_bytes.c - buffers, ropes, arenas, slices: the memory everything else stands on */
#include "tests/unit/unit.h"
#include "util/arena.h"
#include "util/buf.h"
#include "util/mem.h"
#include "util/out.h"
#include "util/slice.h"

#include <sys/uio.h>

START_TEST(a_buffer_takes_its_maximum_and_not_one_byte_more)
{
	struct gw_buf b;

	gw_buf_init(&b, 4);
	ck_assert(gw_buf_add(&b, "abc", 3));
	ck_assert(!gw_buf_add(&b, "de", 2));
	ck_assert_slice_eq(gw_buf_slice(&b), "abc");
	ck_assert(gw_buf_add_char(&b, 'd'));
	ck_assert(!gw_buf_add_char(&b, 'e'));
	ck_assert(!gw_buf_printf(&b, "%d", 5));
	ck_assert_str_eq(gw_buf_str(&b), "abcd");
	gw_buf_drop(&b, 3);
	ck_assert_slice_eq(gw_buf_slice(&b), "d");
	gw_buf_done(&b);
	ck_assert_str_eq(gw_buf_str(&b), "");
	gw_buf_done(&b);
}
END_TEST

static void count_call(void *arg)
{
	++*(int *)arg;
}

/* Take everything out of o in pieces of `step` bytes and compare with want. */
static void assert_rope(struct gw_out *o, const char *want, size_t n, size_t step)
{
	size_t at = 0;

	ck_assert_uint_eq(o->n, n);
	while (o->n) {
		struct gw_slice s = gw_out_front(o);
		size_t part = s.n < step ? s.n : step;

		ck_assert_uint_gt(part, 0);
		ck_assert_int_eq(memcmp(s.p, want + at, part), 0);
		gw_out_drop(o, part);
		at += part;
	}
	ck_assert_uint_eq(at, n);
}

START_TEST(a_rope_gives_back_what_was_put_in_whatever_the_pieces)
{
	size_t n = 300000, at = 0;
	char *want = gw_xalloc(n);
	struct gw_out o;
	int released = 0;

	gw_out_init(&o);
	srand((unsigned)_i);
	for (size_t i = 0; i < n; i++)
		want[i] = (char)(i * 7 + i / 251);
	while (at < n) {
		size_t part = (size_t)(rand() % 5000);

		if (part > n - at)
			part = n - at;
		if (rand() % 3 == 0) {
			gw_out_borrow(&o, gw_slice(want + at, part), count_call, &released);
		} else if (rand() % 2) {
			memcpy(gw_out_reserve(&o, part + 10), want + at, part);
			gw_out_commit(&o, part);
		} else {
			gw_out_add(&o, want + at, part);
		}
		at += part;
	}
	ck_assert(gw_out_full(&o));
	assert_rope(&o, want, n, 1 + (size_t)_i * 997);
	ck_assert_uint_eq(o.n, 0);
	gw_out_done(&o);
	ck_assert_int_gt(released, 0);
	free(want);
}
END_TEST

START_TEST(dropping_a_rope_releases_what_it_borrowed)
{
	struct gw_out a, b;
	struct iovec iov[4];
	int released = 0;

	gw_out_init(&a);
	gw_out_init(&b);
	gw_out_lit(&a, "x");
	gw_out_borrow(&b, GW_S("yz"), count_call, &released);
	gw_out_u64(&b, 18446744073709551615u);
	gw_out_printf(&b, "%s-%d", "w", 5);
	gw_out_append(&a, &b);
	ck_assert_uint_eq(b.n, 0);
	ck_assert_int_eq(gw_out_iov(&a, iov, 4), 3);
	ck_assert_uint_eq(iov[1].iov_len, 2);
	assert_rope(&a, "xyz18446744073709551615w-5", 26, 100);
	ck_assert_int_eq(released, 1);
	gw_out_borrow(&a, GW_S("q"), count_call, &released);
	gw_out_done(&a);
	ck_assert_int_eq(released, 2);
}
END_TEST

START_TEST(an_arena_zeroes_counts_and_runs_what_was_deferred)
{
	struct gw_arena a;
	int calls = 0;

	gw_arena_init(&a, 64, 1000);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 20; i++) {
			unsigned char *p = gw_arena_alloc(&a, 40);

			ck_assert_uint_eq((uintptr_t)p % 16, 0);
			for (int k = 0; k < 40; k++)
				ck_assert_uint_eq(p[k], 0);
			memset(p, 0xFF, 40);
		}
		ck_assert(!gw_arena_over(&a));
		gw_arena_defer(&a, count_call, &calls);
		ck_assert_str_eq(gw_arena_printf(&a, "%d%s", 7, "x"), "7x");
		ck_assert_str_eq(gw_arena_str(&a, GW_S("slice")), "slice");
		gw_arena_alloc(&a, 500);
		ck_assert(gw_arena_over(&a));
		gw_arena_reset(&a);
		ck_assert_int_eq(calls, round + 1);
		ck_assert(!gw_arena_over(&a));
	}
	gw_arena_done(&a);
}
END_TEST

START_TEST(slices_compare_without_regard_to_ascii_case)
{
	struct gw_slice s = GW_S("INBOX/x");

	ck_assert(gw_slice_startsi(s, GW_S("inbox")));
	ck_assert(!gw_slice_eqi(s, GW_S("inbox")));
	ck_assert(gw_slice_eqi(gw_slice_take(&s, 5), GW_S("inBox")));
	ck_assert_slice_eq(s, "/x");
	ck_assert_int_lt(gw_slice_cmp(GW_S("a"), GW_S("ab")), 0);
	ck_assert_int_gt(gw_slice_cmp(GW_S("\xC3"), GW_S("z")), 0);
	ck_assert_int_eq(gw_slice_cmpi(GW_S("aB"), GW_S("Ab")), 0);
	ck_assert_uint_eq(gw_slice_find(GW_S("abc"), 'd'), 3);
	ck_assert_slice_eq(gw_slice_trim(GW_S(" \t a b\r\n")), "a b");
	ck_assert(gw_slice_eq(gw_slice_str(NULL), GW_S("")));
}
END_TEST

START_TEST(secrets_are_replaced_and_compared)
{
	struct gw_secret s = { 0 };

	gw_secret_set(&s, GW_S("one"));
	gw_secret_set(&s, GW_S("second"));
	ck_assert_slice_eq(gw_secret_slice(&s), "second");
	ck_assert(gw_equal_ct("abc", "abc", 3));
	ck_assert(!gw_equal_ct("abc", "abd", 3));
	gw_secret_free(&s);
	ck_assert_uint_eq(gw_secret_slice(&s).n, 0);
}
END_TEST

START_TEST(words_are_cut_at_any_separator)
{
	struct gw_slice s = GW_S(" a,,bc\t"), word;

	ck_assert(gw_slice_word(&s, " ,\t", &word));
	ck_assert_slice_eq(word, "a");
	ck_assert(gw_slice_word(&s, " ,\t", &word));
	ck_assert_slice_eq(word, "bc");
	ck_assert(!gw_slice_word(&s, " ,\t", &word));
	ck_assert_uint_eq(s.n, 0);
	s = gw_slice("a\0b", 3); /* a NUL byte separates nothing */
	ck_assert(gw_slice_word(&s, " ", &word));
	ck_assert_uint_eq(word.n, 3);
}
END_TEST

static TCase *tcase_bytes(void)
{
	TCase *tc = tcase_create("bytes");

	tcase_add_test(tc, words_are_cut_at_any_separator);
	tcase_add_test(tc, a_buffer_takes_its_maximum_and_not_one_byte_more);
	tcase_add_loop_test(tc, a_rope_gives_back_what_was_put_in_whatever_the_pieces, 0, 8);
	tcase_add_test(tc, dropping_a_rope_releases_what_it_borrowed);
	tcase_add_test(tc, an_arena_zeroes_counts_and_runs_what_was_deferred);
	tcase_add_test(tc, slices_compare_without_regard_to_ascii_case);
	tcase_add_test(tc, secrets_are_replaced_and_compared);
	return tc;
}

UNIT_MAIN("util/bytes", tcase_bytes())

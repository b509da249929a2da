/* test_sort.c - the order that SORT asks for (RFC 5256 3, RFC 5957 3) */
#include "tests/unit/imap/sort_model.h"
#include "tests/unit/unit.h"

#define ROWS 400

static unsigned dice(unsigned *seed, unsigned n)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 16) % n;
}

/* Texts that differ late, are parts of each other, or are equal. */
static struct gw_slice text(unsigned *seed, char *room)
{
	size_t n = dice(seed, 4) ? dice(seed, 24) : 0;

	for (size_t i = 0; i < n; i++)
		room[i] = (char)(dice(seed, 12) ? 'a' : dice(seed, 256));
	return gw_slice(room, n);
}

/* RFC 5256 2.2(d), 3(c), 3(d) */
START_TEST(any_rows_come_in_the_order_of_the_criteria)
{
	unsigned seed = (unsigned)_i;

	for (int round = 0; round < 60; round++) {
		static struct sort_row v[ROWS];
		static struct gw_slice address[ROWS][GW_SORT_KEYS];
		static char room[ROWS][GW_SORT_KEYS + 1][24];
		struct imap_sort_criterion criteria[3];
		size_t n = dice(&seed, 2) ? dice(&seed, ROWS) : dice(&seed, 20), n_criteria = 1 + dice(&seed, 3);

		for (size_t i = 0; i < n_criteria; i++)
			criteria[i] = (struct imap_sort_criterion){ .key = (enum imap_sort_key)dice(&seed, IMAP_SORT_KEYS),
								    .reverse = dice(&seed, 2) };
		for (size_t i = 0; i < n; i++) {
			for (int k = 0; k < GW_SORT_KEYS; k++)
				address[i][k] = text(&seed, room[i][k]);
			v[i] = (struct sort_row){ .number = (uint32_t)i + 1, .size = dice(&seed, 5), .relevancy = 1 + dice(&seed, 100), .arrival = (int)dice(&seed, 9) - 4,
						  .sent = (int64_t)dice(&seed, 9) - 4, .subject = text(&seed, room[i][GW_SORT_KEYS]),
						  .address = address[i] };
		}
		ck_assert(sorted_as_the_model(criteria, n_criteria, v, n));
	}
}
END_TEST

/* ---- by hand ---- */

static const struct gw_slice no_address[GW_SORT_KEYS] = { { "", 0 } };

static void expect(const struct imap_sort_criterion *c, size_t n_c, const struct sort_row *v, size_t n, const char *want)
{
	struct sort *s = sort_new(c, n_c, 0, (uint32_t)n, 1 << 20);
	uint32_t order[16], got;
	struct gw_buf text_got;

	gw_buf_init(&text_got, 0);
	for (size_t i = 0; i < n; i++)
		ck_assert(sort_add(s, &v[i]));
	got = sort_finish(s, order);
	ck_assert_uint_eq(got, n);
	for (uint32_t i = 0; i < got; i++)
		gw_buf_printf(&text_got, "%s%u", i ? " " : "", order[i]);
	ck_assert_str_eq(gw_buf_str(&text_got), want);
	gw_buf_done(&text_got);
	sort_free(s);
}

/* RFC 5256 3(c), 3(d): equal messages come by number, and REVERSE does not reverse that. */
START_TEST(reverse_turns_one_criterion_and_not_the_numbers)
{
	static const struct imap_sort_criterion reverse_size[] = { { .key = IMAP_SORT_SIZE, .reverse = true } };
	static const struct imap_sort_criterion size_date[] = { { .key = IMAP_SORT_SIZE, .reverse = false }, { .key = IMAP_SORT_DATE, .reverse = true } };
	const struct sort_row v[] = {
		{ .number = 3, .size = 7, .sent = 1, .address = no_address },
		{ .number = 5, .size = 9, .sent = 2, .address = no_address },
		{ .number = 6, .size = 7, .sent = 3, .address = no_address },
		{ .number = 8, .size = 9, .sent = 4, .address = no_address },
	};

	expect(reverse_size, 1, v, 4, "5 8 3 6");
	expect(size_date, 2, v, 4, "6 3 8 5");
}
END_TEST

/* RFC 5256 3(e): the empty string collates before all others. */
START_TEST(an_empty_text_comes_first)
{
	static const struct imap_sort_criterion subject[] = { { .key = IMAP_SORT_SUBJECT, .reverse = false } };
	const struct sort_row v[] = {
		{ .number = 1, .subject = GW_S("B"), .address = no_address },
		{ .number = 2, .subject = GW_S(""), .address = no_address },
		{ .number = 3, .subject = GW_S("AB"), .address = no_address },
		{ .number = 4, .subject = { NULL, 0 }, .address = no_address },
		{ .number = 5, .subject = { "AB\0", 3 }, .address = no_address },
		{ .number = 6, .subject = GW_S("A"), .address = no_address },
	};

	expect(subject, 1, v, 6, "2 4 6 3 5 1");
}
END_TEST

/* Times before 1970 are numbers like others. */
START_TEST(dates_before_1970_come_before_those_behind_it)
{
	static const struct imap_sort_criterion date[] = { { .key = IMAP_SORT_DATE, .reverse = false } };
	const struct sort_row v[] = {
		{ .number = 1, .sent = 5, .address = no_address },
		{ .number = 2, .sent = -5, .address = no_address },
		{ .number = 3, .sent = INT64_MIN + 1, .address = no_address },
		{ .number = 4, .sent = INT64_MAX, .address = no_address },
	};

	expect(date, 1, v, 4, "3 2 1 4");
}
END_TEST

START_TEST(texts_are_compared_up_to_their_limit)
{
	static const struct imap_sort_criterion subject[] = { { .key = IMAP_SORT_SUBJECT, .reverse = false } };
	static char a[SORT_TEXT_MAX + 1], b[SORT_TEXT_MAX + 1];
	struct sort_row v[] = {
		{ .number = 1, .subject = { a, SORT_TEXT_MAX }, .address = no_address },
		{ .number = 2, .subject = { b, SORT_TEXT_MAX }, .address = no_address },
	};

	memset(a, 'A', sizeof a);
	memset(b, 'A', sizeof b);
	a[SORT_TEXT_MAX - 1] = 'B';
	expect(subject, 1, v, 2, "2 1");
	a[SORT_TEXT_MAX - 1] = 'A';
	a[SORT_TEXT_MAX] = 'B';
	v[0].subject.n = v[1].subject.n = SORT_TEXT_MAX + 1;
	expect(subject, 1, v, 2, "1 2");
}
END_TEST

START_TEST(what_would_need_more_memory_is_refused)
{
	static const struct imap_sort_criterion subject[] = { { .key = IMAP_SORT_SUBJECT, .reverse = false } };
	static char long_text[SORT_TEXT_MAX];
	const struct sort_row row = { .number = 1, .subject = { long_text, sizeof long_text }, .address = no_address };
	struct sort *s = sort_new(subject, 1, 0, 1000, 100 << 10);
	uint32_t n = 0;

	while (n < 1000 && sort_add(s, &row))
		n++;
	ck_assert_uint_gt(n, 10);
	ck_assert_uint_lt(n, 100);
	sort_free(s);
	s = sort_new(subject, 1, 0, 1000000, 1 << 20);
	ck_assert(!sort_add(s, &row));
	sort_free(s);
}
END_TEST

static TCase *tcase_sort(void)
{
	TCase *tc = tcase_create("sort");

	tcase_add_loop_test(tc, any_rows_come_in_the_order_of_the_criteria, 0, 10);
	tcase_add_test(tc, reverse_turns_one_criterion_and_not_the_numbers);
	tcase_add_test(tc, an_empty_text_comes_first);
	tcase_add_test(tc, dates_before_1970_come_before_those_behind_it);
	tcase_add_test(tc, texts_are_compared_up_to_their_limit);
	tcase_add_test(tc, what_would_need_more_memory_is_refused);
	return tc;
}

UNIT_MAIN("imap/sort", tcase_sort())

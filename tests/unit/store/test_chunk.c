/* test_chunk.c - the packed form of lists (store/account/chunk.h) */
#include "store/account/chunk.h"
#include "tests/unit/unit.h"
#include "util/mem.h"

static uint64_t wide(void)
{
	uint64_t v = (uint64_t)rand() << 42 ^ (uint64_t)rand() << 21 ^ (uint64_t)rand();

	return rand() % 3 ? v >> (rand() % 64) : v;
}

static void fill(struct gw_chunk *c)
{
	uint32_t uid = 0;

	c->n = 1 + (uint32_t)rand() % GW_CHUNK_MAX;
	for (uint32_t i = 0; i < c->n; i++) {
		struct gw_entry *e = &c->e[i];

		uid += 1 + (uint32_t)rand() % (rand() % 5 ? 2 : 30000000);
		*e = (struct gw_entry){ .uid = uid,
			.flags = wide(),
			.modseq = wide(),
			.content = wide() | 1,
			.date = (int64_t)wide(),
			.size = (uint32_t)wide() };
		c->savedate[i] = (int64_t)wide();
	}
}

START_TEST(what_is_packed_is_unpacked)
{
	struct gw_chunk *a = gw_xalloc(sizeof *a), *b = gw_xalloc(sizeof *b);
	char out[GW_CHUNK_BYTES_MAX];

	srand((unsigned)_i);
	for (int round = 0; round < 50; round++) {
		size_t n;

		fill(a);
		n = gw_chunk_pack(a, out);
		ck_assert_uint_le(n, sizeof out);
		ck_assert(gw_chunk_unpack(gw_slice(out, n), a->n, b));
		ck_assert_uint_eq(a->n, b->n);
		ck_assert_uint_eq(a->modseq, b->modseq);
		ck_assert_mem_eq(a->e, b->e, a->n * sizeof *a->e);
		ck_assert_mem_eq(a->savedate, b->savedate, a->n * sizeof *a->savedate);
		ck_assert(!gw_chunk_unpack(gw_slice(out, n - 1), a->n, b));
		ck_assert(!gw_chunk_unpack(gw_slice(out, n), a->n + 1, b));
		ck_assert(a->n == 1 || !gw_chunk_unpack(gw_slice(out, n), a->n - 1, b));
		ck_assert(!gw_chunk_unpack(gw_slice(out, n), 0, b));
	}
	free(a);
	free(b);
}
END_TEST

/* Damaged bytes are refused or give entries in ascending order; they never lead outside. */
START_TEST(damaged_bytes_are_harmless)
{
	struct gw_chunk *a = gw_xalloc(sizeof *a);
	char out[GW_CHUNK_BYTES_MAX];

	srand((unsigned)_i);
	fill(a);
	for (int round = 0; round < 300; round++) {
		size_t n = gw_chunk_pack(a, out);
		uint32_t count = a->n;
		struct gw_chunk *b = gw_xalloc(sizeof *b);
		char *copy = gw_xrealloc(NULL, 1, n);

		memcpy(copy, out, n);
		for (int k = 1 + rand() % 3; k; k--)
			copy[(size_t)rand() % n] = (char)rand();
		if (gw_chunk_unpack(gw_slice(copy, n), count, b))
			for (uint32_t i = 1; i < b->n; i++)
				ck_assert_uint_gt(b->e[i].uid, b->e[i - 1].uid);
		free(copy);
		free(b);
	}
	free(a);
}
END_TEST

START_TEST(sets_and_contents_come_back)
{
	struct gw_set a, b;
	struct gw_buf buf;
	struct gw_slice in;
	uint64_t prev = 0, v, list[100];

	srand((unsigned)_i);
	gw_set_init(&a);
	gw_set_init(&b);
	gw_buf_init(&buf, 0);
	for (int i = rand() % 40; i; i--) {
		uint32_t lo = 1 + (uint32_t)wide() % (UINT32_MAX - 100);

		gw_set_add(&a, lo, lo + (uint32_t)rand() % 100);
	}
	if (_i == 0)
		gw_set_add(&a, 1, UINT32_MAX);
	gw_ranges_pack(&buf, &a);
	ck_assert(gw_ranges_unpack(gw_buf_slice(&buf), &b));
	ck_assert_uint_eq(a.n, b.n);
	ck_assert(a.n == 0 || memcmp(a.r, b.r, a.n * sizeof *a.r) == 0);
	buf.n = 0;
	for (int i = 0; i < 100; i++) {
		list[i] = wide();
		gw_content_pack(&buf, &prev, list[i]);
	}
	in = gw_buf_slice(&buf);
	prev = 0;
	for (int i = 0; i < 100; i++) {
		ck_assert(gw_content_unpack(&in, &prev, &v));
		ck_assert_uint_eq(v, list[i]);
	}
	ck_assert_uint_eq(in.n, 0);
	ck_assert(!gw_content_unpack(&in, &prev, &v));
	gw_buf_done(&buf);
	gw_set_done(&a);
	gw_set_done(&b);
}
END_TEST

static TCase *tcase_chunk(void)
{
	TCase *tc = tcase_create("chunk");

	tcase_add_loop_test(tc, what_is_packed_is_unpacked, 0, 20);
	tcase_add_loop_test(tc, damaged_bytes_are_harmless, 0, 20);
	tcase_add_loop_test(tc, sets_and_contents_come_back, 0, 20);
	return tc;
}

UNIT_MAIN("store/chunk", tcase_chunk())

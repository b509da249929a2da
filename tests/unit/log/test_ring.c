/* test_ring.c - many writers, slow readers, writers that die in the middle */
#include "log/ring.h"
#include "tests/unit/unit.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLOTS 64u
#define MAX 64u
#define WRITERS 4u
#define EACH 20000u

static void *memory;

static struct gw_ring ring_new(void)
{
	size_t n = gw_ring_bytes(SLOTS, MAX);
	struct gw_ring r;

	memory = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert(memory != MAP_FAILED);
	gw_ring_init(&r, memory, SLOTS, MAX);
	return r;
}

/* A record that can be seen to be whole: all its words say the same. */
static void put(struct gw_ring *r, uint64_t value, size_t words)
{
	uint64_t v[MAX / 8];

	for (size_t i = 0; i < words; i++)
		v[i] = value;
	gw_ring_put(r, v, words * 8);
}

static bool get(const struct gw_ring *r, struct gw_ring_cursor *c, uint64_t *ret, uint64_t now_ms)
{
	uint64_t v[MAX / 8];
	size_t n;

	if (!gw_ring_get(r, c, v, &n, now_ms))
		return false;
	ck_assert(n > 0 && n % 8 == 0);
	for (size_t i = 1; i < n / 8; i++)
		ck_assert_uint_eq(v[i], v[0]);
	*ret = v[0];
	return true;
}

START_TEST(records_come_in_order_and_once)
{
	struct gw_ring r = ring_new();
	struct gw_ring_cursor c;
	uint64_t v;

	put(&r, 99, 1);
	gw_ring_from_now(&r, &c);
	ck_assert(!get(&r, &c, &v, 1));
	for (uint64_t i = 0; i < 10; i++)
		put(&r, i, 1 + i % 8);
	for (uint64_t i = 0; i < 10; i++)
		ck_assert(get(&r, &c, &v, 1) && v == i);
	ck_assert(!get(&r, &c, &v, 1) && c.lost == 0);
	gw_ring_from_oldest(&r, &c);
	ck_assert(get(&r, &c, &v, 1) && v == 99);
}
END_TEST

START_TEST(bytes_of_any_length_come_back)
{
	struct gw_ring r = ring_new();
	struct gw_ring_cursor c;
	char in[MAX], out[MAX];
	size_t n;

	gw_ring_from_now(&r, &c);
	for (size_t i = 0; i < MAX; i++)
		in[i] = (char)('a' + i);
	gw_ring_put(&r, in, (size_t)_i);
	ck_assert(gw_ring_get(&r, &c, out, &n, 1));
	ck_assert_uint_eq(n, (size_t)_i);
	ck_assert_mem_eq(in, out, n);
}
END_TEST

START_TEST(what_was_overwritten_is_counted)
{
	struct gw_ring r = ring_new();
	struct gw_ring_cursor c;
	uint64_t v;

	gw_ring_from_now(&r, &c);
	for (uint64_t i = 0; i < SLOTS + 7; i++)
		put(&r, i, 2);
	ck_assert(get(&r, &c, &v, 1));
	ck_assert_uint_eq(v, 7);
	ck_assert_uint_eq(c.lost, 7);
}
END_TEST

/* The writer of number 1 has taken its number and died, having written the stamp or not. */
START_TEST(a_writer_that_died_is_waited_for_a_moment_only)
{
	struct gw_ring r = ring_new();
	struct gw_ring_cursor c;
	uint64_t v, *slot;

	gw_ring_from_now(&r, &c);
	put(&r, 0, 1);
	atomic_fetch_add(&r.head->next, 1);
	slot = (uint64_t *)(void *)(r.slots + (16 + MAX));
	*slot = _i ? 2 * 1 + 1 : 0;
	put(&r, 2, 1);
	ck_assert(get(&r, &c, &v, 1000) && v == 0);
	ck_assert(!get(&r, &c, &v, 1000) && gw_ring_waits(&c));
	ck_assert(!get(&r, &c, &v, 1000 + GW_RING_PATIENCE_MS - 1) && c.lost == 0);
	ck_assert(get(&r, &c, &v, 1001 + GW_RING_PATIENCE_MS) && v == 2);
	ck_assert_uint_eq(c.lost, 1);
	for (uint64_t i = 3; i < 2 * SLOTS; i++) /* its place is used again */
		put(&r, i, 1);
	gw_ring_from_oldest(&r, &c);
	for (uint64_t i = SLOTS; i < 2 * SLOTS; i++)
		ck_assert(get(&r, &c, &v, 5000) && v == i);
}
END_TEST

/* A writer that slept for a whole turn wakes up and goes on writing into what is another's by now. */
START_TEST(an_overtaken_writer_spoils_one_record_that_is_found_out)
{
	struct gw_ring r = ring_new();
	struct gw_ring_cursor c;
	uint64_t v, *word;

	gw_ring_from_now(&r, &c);
	for (uint64_t i = 0; i < 3; i++)
		put(&r, i, 4);
	word = (uint64_t *)(void *)(r.slots + (16 + MAX) + 16);
	word[2] = 0xDEAD;
	ck_assert(get(&r, &c, &v, 1) && v == 0);
	ck_assert(get(&r, &c, &v, 1) && v == 2);
	ck_assert_uint_eq(c.lost, 1);
}
END_TEST

static void *write_many(void *arg)
{
	struct gw_ring *r = arg;

	for (uint64_t i = 1; i <= EACH; i++)
		put(r, i, 1 + i % 8);
	return NULL;
}

/* Records are whole, of each writer in order only as far as one is looked at: here the sum of read and lost counts. */
static uint64_t read_all(const struct gw_ring *r, struct gw_ring_cursor *c, uint64_t now_ms)
{
	uint64_t n = 0, v;

	while (get(r, c, &v, now_ms))
		n += v > 0;
	return n;
}

START_TEST(many_threads_write_while_one_reads)
{
	struct gw_ring r = ring_new();
	struct gw_ring_cursor c;
	pthread_t t[WRITERS];
	uint64_t n = 0;

	gw_ring_from_now(&r, &c);
	for (unsigned i = 0; i < WRITERS; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, write_many, &r), 0);
	while (atomic_load(&r.head->next) < WRITERS * EACH)
		n += read_all(&r, &c, 1);
	for (unsigned i = 0; i < WRITERS; i++)
		pthread_join(t[i], NULL);
	n += read_all(&r, &c, 1000000);
	n += read_all(&r, &c, 2000000);
	ck_assert_uint_eq(n + c.lost, WRITERS * EACH);
	ck_assert_uint_gt(n, 0);
}
END_TEST

START_TEST(processes_that_are_killed_while_they_write_block_nobody)
{
	struct gw_ring r = ring_new();
	struct gw_ring_cursor c;
	pid_t pid[WRITERS];
	uint64_t v;

	for (unsigned i = 0; i < WRITERS; i++) {
		pid[i] = fork();
		for (uint64_t k = 1; pid[i] == 0; k++)
			put(&r, k, 8);
	}
	while (atomic_load(&r.head->next) < 5000)
		sched_yield();
	for (unsigned i = 0; i < WRITERS; i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
	gw_ring_from_now(&r, &c);
	for (uint64_t i = 1; i <= SLOTS; i++)
		put(&r, i, 3);
	for (uint64_t i = 1; i <= SLOTS; i++)
		ck_assert(get(&r, &c, &v, 1) && v == i);
	ck_assert_uint_eq(c.lost, 0);
}
END_TEST

START_TEST(without_memory_nothing_is_kept)
{
	struct gw_ring r = { 0 };
	struct gw_ring_cursor c;
	char p[MAX];
	size_t n;

	gw_ring_from_now(&r, &c);
	gw_ring_put(&r, "x", 1);
	ck_assert(!gw_ring_get(&r, &c, p, &n, 1));
}
END_TEST

static void unmap(void)
{
	if (memory)
		munmap(memory, gw_ring_bytes(SLOTS, MAX));
	memory = NULL;
}

static TCase *tcase_ring(void)
{
	TCase *tc = tcase_create("ring");

	tcase_add_checked_fixture(tc, NULL, unmap);
	tcase_add_test(tc, records_come_in_order_and_once);
	tcase_add_loop_test(tc, bytes_of_any_length_come_back, 0, MAX + 1);
	tcase_add_test(tc, what_was_overwritten_is_counted);
	tcase_add_loop_test(tc, a_writer_that_died_is_waited_for_a_moment_only, 0, 2);
	tcase_add_test(tc, an_overtaken_writer_spoils_one_record_that_is_found_out);
	tcase_add_test(tc, many_threads_write_while_one_reads);
	tcase_add_test(tc, processes_that_are_killed_while_they_write_block_nobody);
	tcase_add_test(tc, without_memory_nothing_is_kept);
	return tc;
}

UNIT_MAIN("ring", tcase_ring())

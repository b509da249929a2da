/* test_worker.c - threads that wait for a storage server hold up nobody else */
#include <semaphore.h>
#include <string.h>

#include "daemon/stats.h"
#include "daemon/worker.h"
#include "tests/unit/unit.h"

static struct stats st;
static struct pool pool;
static sem_t server, waits, works, done;

struct test_job {
	struct job job; /* first */
	bool waits, works; /* for the server, and says so; for long, and needs its thread */
};

static void run(struct job *job, struct scratch *io)
{
	(void)io;
	if (((struct test_job *)job)->waits) {
		pool_waiting(true);
		sem_post(&waits);
		sem_wait(&server);
		pool_waiting(false);
	}
	if (((struct test_job *)job)->works) {
		sem_post(&works);
		sem_wait(&server);
	}
	sem_post(&done);
}

static void post(struct test_job *j, uint32_t owner, bool wait)
{
	*j = (struct test_job){ .job = { .run = run, .owner = owner }, .waits = wait };
	pool_post(&pool, &j->job);
}

static void setup(void)
{
	ck_assert_int_eq(stats_init(&st), 0);
	sem_init(&server, 0, 0);
	sem_init(&waits, 0, 0);
	sem_init(&works, 0, 0);
	sem_init(&done, 0, 0);
	ck_assert_int_eq(pool_start(&pool, "test", 2, &st, 0), 0);
}

static void teardown(void)
{
	pool_stop(&pool);
	stats_done(&st);
}

START_TEST(others_work_while_all_threads_wait_for_a_server)
{
	struct test_job stuck[2], other;

	for (uint32_t i = 0; i < 2; i++)
		post(&stuck[i], i + 1, true);
	for (int i = 0; i < 2; i++)
		sem_wait(&waits);
	post(&other, 3, false);
	sem_wait(&done); /* comes only when the other job ran */
	ck_assert_uint_eq(pool_load(&pool).waiting, 2);
	ck_assert_uint_ge(pool_load(&pool).threads, 3);
	for (int i = 0; i < 2; i++)
		sem_post(&server);
	for (int i = 0; i < 2; i++)
		sem_wait(&done);
	ck_assert_uint_eq(pool_load(&pool).waiting, 0);
}
END_TEST

START_TEST(a_long_job_beside_those_that_wait_is_not_alone)
{
	struct test_job stuck[2], busy = { .works = true }, other;

	for (uint32_t i = 0; i < 2; i++)
		post(&stuck[i], i + 1, true);
	for (int i = 0; i < 2; i++)
		sem_wait(&waits);
	busy.job = (struct job){ .run = run, .owner = 3 };
	pool_post(&pool, &busy.job);
	sem_wait(&works);
	post(&other, 4, false);
	sem_wait(&done); /* the other one: two threads are there for those that do not wait */
	for (int i = 0; i < 3; i++)
		sem_post(&server);
	for (int i = 0; i < 3; i++)
		sem_wait(&done);
}
END_TEST

START_TEST(there_is_an_end_to_threads_and_what_waits_is_done_later)
{
	struct test_job stuck[40], other;

	for (uint32_t i = 0; i < 40; i++)
		post(&stuck[i], i + 1, true);
	for (int i = 0; i < 16; i++) /* eight times two */
		sem_wait(&waits);
	post(&other, 99, false);
	ck_assert_uint_eq(pool_load(&pool).threads, 16);
	ck_assert_uint_ge(pool_load(&pool).queued, 25);
	for (int i = 0; i < 40; i++)
		sem_post(&server);
	for (int i = 0; i < 41; i++)
		sem_wait(&done);
}
END_TEST

START_TEST(one_user_who_waits_does_not_get_more_threads_than_he_may_have)
{
	struct test_job stuck[8], other;

	for (int i = 0; i < 8; i++)
		post(&stuck[i], 7, true);
	sem_wait(&waits);
	post(&other, 8, false);
	sem_wait(&done);
	ck_assert_uint_eq(pool_load(&pool).waiting, 1); /* his share of two threads */
	for (int i = 0; i < 8; i++)
		sem_post(&server);
	for (int i = 0; i < 8; i++)
		sem_wait(&done);
}
END_TEST

static TCase *tcase_waits(void)
{
	TCase *tc = tcase_create("waits");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, others_work_while_all_threads_wait_for_a_server);
	tcase_add_test(tc, a_long_job_beside_those_that_wait_is_not_alone);
	tcase_add_test(tc, there_is_an_end_to_threads_and_what_waits_is_done_later);
	tcase_add_test(tc, one_user_who_waits_does_not_get_more_threads_than_he_may_have);
	return tc;
}

UNIT_MAIN("daemon/worker", tcase_waits())

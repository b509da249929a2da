/* test_http_load.c - requests under way, by process: what those that were killed had does not count */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/http/priv.h"
#include "tests/unit/unit.h"

static struct http_shared *shared;

static void setup(void)
{
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(shared, MAP_FAILED);
}

static void teardown(void)
{
	munmap(shared, sizeof *shared);
}

/* A child that has n requests under way, and is killed while it has them. */
static void die_with(unsigned n)
{
	int ready[2], status;
	char c;
	pid_t pid;

	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		struct http_load_slot *s = load_begin(shared);

		atomic_fetch_add(&s->in_flight, n);
		atomic_fetch_add(&s->streams, 1);
		if (write(ready[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	ck_assert_int_eq(read(ready[0], &c, 1), 1);
	ck_assert_uint_eq(http_load(shared).in_flight, n);
	ck_assert_uint_eq(http_load(shared).streams, 1);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	close(ready[0]);
	close(ready[1]);
}

START_TEST(who_was_killed_has_nothing_under_way)
{
	die_with(3);
	ck_assert_uint_eq(http_load(shared).in_flight, 0);
	ck_assert_uint_eq(http_load(shared).streams, 0);
}
END_TEST

START_TEST(several_clients_of_a_process_count_each)
{
	struct http_load_slot *a = load_begin(shared), *b = load_begin(shared);

	ck_assert_ptr_ne(a, b);
	atomic_fetch_add(&a->in_flight, 2);
	atomic_fetch_add(&b->in_flight, 3);
	ck_assert_uint_eq(http_load(shared).in_flight, 5);
	atomic_fetch_sub(&b->in_flight, 3);
	load_end(b);
	ck_assert_uint_eq(http_load(shared).in_flight, 2);
	ck_assert_ptr_eq(load_begin(shared), b);
}
END_TEST

START_TEST(places_of_the_dead_are_taken_when_there_are_no_others)
{
	struct http_load_slot *s;

	die_with(7);
	for (unsigned i = 1; i < HTTP_LOAD_SLOTS; i++)
		ck_assert_ptr_ne(load_begin(shared), &shared->more);
	s = load_begin(shared);
	ck_assert_ptr_eq(s, &shared->load[0]);
	ck_assert_uint_eq(atomic_load(&s->in_flight), 0);
	s = load_begin(shared); /* and then there are none */
	ck_assert_ptr_eq(s, &shared->more);
	atomic_fetch_add(&s->in_flight, 1);
	ck_assert_uint_eq(http_load(shared).in_flight, 1);
	atomic_fetch_sub(&s->in_flight, 1);
	load_end(s);
}
END_TEST

static TCase *tcase_all(void)
{
	TCase *t = tcase_create("load");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, who_was_killed_has_nothing_under_way);
	tcase_add_test(t, several_clients_of_a_process_count_each);
	tcase_add_test(t, places_of_the_dead_are_taken_when_there_are_no_others);
	return t;
}

UNIT_MAIN("http_load", tcase_all())

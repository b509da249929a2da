/* test_info.c - what a session says of itself: names that others never read half written */
#include <pthread.h>
#include <stdatomic.h>

#include "session/session.h"
#include "tests/unit/unit.h"

START_TEST(a_name_that_is_too_long_ends_before_a_character)
{
	struct gw_session_info info = { 0 }, *i = &info;
	char long_name[200];

	memset(long_name, 'a', 126);
	memcpy(long_name + 126, "\xc3\xa4xyz", 6); /* the first octet would fit, the character not */
	gw_info_set(i, user, gw_slice_str(long_name));
	ck_assert_uint_eq(strlen(info.user), 126);
	memcpy(long_name + 125, "\xc3\xa4xyz", 6);
	gw_info_set(i, user, gw_slice_str(long_name));
	ck_assert_uint_eq(strlen(info.user), 127);
	i = NULL;
	gw_info_set(i, user, GW_S("nobody"));
}
END_TEST

START_TEST(a_name_may_become_shorter_and_empty)
{
	struct gw_session_info info = { 0 }, *i = &info, copy;

	gw_info_set(i, mailbox, GW_S("Archive"));
	gw_info_set(i, mailbox, GW_S("INBOX"));
	ck_assert(gw_info_read(&info, &copy));
	ck_assert_str_eq(copy.mailbox, "INBOX");
	gw_info_set(i, mailbox, GW_S(""));
	ck_assert(gw_info_read(&info, &copy));
	ck_assert_str_eq(copy.mailbox, "");
}
END_TEST

/* A child that is killed while it writes leaves the number odd and a name without an end. */
START_TEST(a_writer_that_died_is_read_all_the_same)
{
	struct gw_session_info info = { 0 }, *i = &info, copy;

	gw_info_set(i, user, GW_S("anna"));
	memset(info.client, 'x', sizeof info.client);
	info.version++;
	ck_assert(!gw_info_read(&info, &copy));
	ck_assert_str_eq(copy.user, "anna");
	ck_assert_uint_eq(strlen(copy.client), sizeof copy.client - 1);
}
END_TEST

static struct gw_session_info shared;
static _Atomic bool done;

static void *write_names(void *arg)
{
	struct gw_session_info *i = arg;
	char name[128];

	for (unsigned round = 0; round < 200000; round++) {
		memset(name, 'a' + (int)(round % 26), 120);
		gw_info_set(i, mailbox, gw_slice(name, 20 + round % 100));
	}
	atomic_store(&done, true);
	return NULL;
}

START_TEST(a_reader_beside_a_writer_sees_whole_names)
{
	pthread_t thread;

	pthread_create(&thread, NULL, write_names, &shared);
	while (!atomic_load(&done)) {
		struct gw_session_info copy;
		size_t n;

		if (!gw_info_read(&shared, &copy))
			continue;
		n = strlen(copy.mailbox);
		ck_assert_uint_eq(n, n ? 20 + (n - 20) % 100 : 0);
		for (size_t j = 1; j < n; j++)
			ck_assert_int_eq(copy.mailbox[j], copy.mailbox[0]);
	}
	pthread_join(thread, NULL);
}
END_TEST

static TCase *tcase_info(void)
{
	TCase *tc = tcase_create("info");

	tcase_add_test(tc, a_name_that_is_too_long_ends_before_a_character);
	tcase_add_test(tc, a_name_may_become_shorter_and_empty);
	tcase_add_test(tc, a_writer_that_died_is_read_all_the_same);
	tcase_add_test(tc, a_reader_beside_a_writer_sees_whole_names);
	return tc;
}

UNIT_MAIN("session", tcase_info())

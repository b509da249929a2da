/* test_jmap_bring.c - messages on their way: a window that slides, what it keeps in memory, and what becomes of failures (RFC 8620 6.2) */
#include "tests/unit/store/httptest.h"
#include "tests/unit/store/mirrortest.h"

#include "store/jmap/download.h"
#include "store/jmap/driver.h"
#include "store/local/text.h"

#define MESSAGES 80 /* more than are brought at once */
#define PLENTY	 ((uint64_t)1 << 40)

static struct mirrored m;
static struct jmap_store js;
static struct jmap_remote remote;
static struct jmap_login login;
static struct http_client *client;
static uint64_t contents[MESSAGES + 1]; /* by number, from 1 */
static uint64_t sizes[MESSAGES + 1];

/* ---- the server: message n is /G<n> ---- */

static atomic_uint held;    /* the message that is not given; 0: none */
static atomic_bool hold_all;
static atomic_uint bad;     /* the message that comes too short */
static atomic_uint lost;    /* the one that the server does not find */
static atomic_uint under_way, most_under_way;

static char octet(unsigned number, uint64_t off)
{
	static const char header[] = "From: \"Ann\" <ann@example.org>\r\nSubject: test\r\n\r\n";

	return off < sizeof header - 1 ? header[off] : (char)('a' + (off * 31 + number) % 26);
}

static bool give(struct request *r, unsigned number, uint64_t n)
{
	char head[100], *body = gw_xalloc(n + 1);
	bool ok;

	for (uint64_t i = 0; i < n; i++)
		body[i] = octet(number, i);
	snprintf(head, sizeof head, "HTTP/1.1 200 x\r\nContent-Length: %llu\r\n\r\n", (unsigned long long)n);
	ok = put(r, head) && send(r->fd, body, n, MSG_NOSIGNAL) == (ssize_t)n;
	free(body);
	return ok;
}

static bool gives_messages(struct request *r)
{
	unsigned number = (unsigned)strtoul(strstr(r->head, "/G") + 2, NULL, 10), now = atomic_fetch_add(&under_way, 1) + 1;
	unsigned most = atomic_load(&most_under_way);

	ck_assert_uint_ge(number, 1);
	ck_assert_uint_le(number, MESSAGES);
	while (now > most && !atomic_compare_exchange_weak(&most_under_way, &most, now))
		continue;
	while (!atomic_load(&server.let_go) && (atomic_load(&hold_all) || atomic_load(&held) == number))
		usleep(1000);
	atomic_fetch_sub(&under_way, 1);
	if (atomic_load(&lost) == number)
		return answer_with(r, 404, "", "");
	if (atomic_load(&bad) == number)
		return answer_with(r, 200, "", "short");
	return give(r, number, sizes[number]);
}

static void wait_for_requests(unsigned n)
{
	while (atomic_load(&server.requests) < n)
		usleep(1000);
}

/* ---- the rest of the driver, as far as it is needed ---- */

static void tell(unsigned number, uint64_t size)
{
	struct jmap_email e = email_of(&m, (int)number, "a", "");

	sizes[number] = e.size = size;
	mirrored_do(&m, mirror_tx_emails(tx, &e, 1, &m.err));
	ck_ok(&m, mirror_known(m.acc, 0, &e.id, 1, &contents[number], &m.err));
}

static void setup_sized(uint64_t size, unsigned connections)
{
	const struct http_options opt = { .clock = gw_clock_system(), .max_connections = connections };
	char template[120];

	mirrored_init(&m);
	mirrored_boxes(&m);
	for (unsigned i = 1; i <= MESSAGES; i++)
		tell(i, size);
	atomic_store(&held, 0);
	atomic_store(&bad, 0);
	atomic_store(&lost, 0);
	atomic_store(&hold_all, false);
	atomic_store(&most_under_way, 0);
	server_start(0, gives_messages);
	ck_assert_int_eq(http_client_new(&opt, &client, &m.err), 0);
	snprintf(template, sizeof template, "http://127.0.0.1:%d/{blobId}", server.port);
	login = (struct jmap_login){ .refs = 1, .js = &js, .user = "anna" };
	login.session.download = gw_arena_dup(&m.arena, gw_slice_str(template));
	js = (struct jmap_store){ .http = client, .set.cache_max = PLENTY, .clock = &test_clock };
	remote = (struct jmap_remote){ .refs = 1, .js = &js, .acc = m.acc, .user = "anna", .account = "A1", .login = &login };
	pthread_mutex_init(&js.lock, NULL);
	pthread_mutex_init(&remote.login_lock, NULL);
	gw_db_account_set_bring(m.acc, jmap_bring, &remote);
}

static void setup(void)
{
	setup_sized(1000, 8);
}

static void teardown(void)
{
	gw_db_account_set_bring(m.acc, NULL, NULL);
	atomic_store(&server.let_go, true);
	http_client_free(client);
	server_stop();
	ck_assert_int_eq(login.refs, 1);
	ck_assert_int_eq(mirrored_problems(&m), 0);
	mirrored_done(&m);
	pthread_mutex_destroy(&js.lock);
	pthread_mutex_destroy(&remote.login_lock);
}

static bool is_here(unsigned number, bool body)
{
	struct mirror_need *v;
	size_t n = 0;

	ck_ok(&m, mirror_missing(m.acc, &contents[number], 1, body, &m.arena, &v, &n, &m.err));
	return n == 0;
}

static struct jmap_window *want_all(const atomic_bool *stop)
{
	struct jmap_window *w = jmap_window_new(&remote, GW_DB_BODIES, stop);
	size_t missing = 0;

	ck_ok(&m, jmap_window_want(w, contents + 1, MESSAGES, &missing, &m.err));
	ck_assert_uint_eq(missing, MESSAGES);
	return w;
}

/* ---- tests ---- */

START_TEST(everything_comes_once)
{
	struct jmap_window *w = want_all(NULL);

	ck_ok(&m, jmap_window_want(w, contents + 1, MESSAGES, NULL, &m.err)); /* the same once more */
	ck_ok(&m, jmap_window_until(w, 0, &m.err));
	for (unsigned i = 1; i <= MESSAGES; i++)
		ck_assert(is_here(i, true));
	jmap_window_free(w);
	ck_assert_uint_eq(atomic_load(&server.requests), MESSAGES);
	ck_assert_uint_le(atomic_load(&most_under_way), http_client_share(client));
}
END_TEST

static void *let_one_go_when_all_were_asked_for(void *arg)
{
	wait_for_requests(MESSAGES);
	atomic_store(&held, 0);
	return arg;
}

START_TEST(one_that_is_slow_holds_up_no_others)
{
	struct jmap_window *w;
	pthread_t thread;

	atomic_store(&held, 2);
	w = want_all(NULL);
	ck_ok(&m, jmap_window_until(w, contents[1], &m.err)); /* those before it are not held up either */
	ck_assert(is_here(1, true));
	ck_assert(!is_here(2, true));
	ck_assert_int_eq(pthread_create(&thread, NULL, let_one_go_when_all_were_asked_for, NULL), 0);
	ck_ok(&m, jmap_window_until(w, contents[2], &m.err));
	ck_assert(is_here(2, true));
	pthread_join(thread, NULL);
	ck_ok(&m, jmap_window_until(w, 0, &m.err));
	jmap_window_free(w);
	ck_assert_uint_eq(atomic_load(&server.requests), MESSAGES);
}
END_TEST

START_TEST(one_that_fails_spoils_no_others)
{
	struct jmap_window *w;

	atomic_store(&bad, 3);
	w = want_all(NULL);
	for (unsigned i = 1; i <= MESSAGES; i++)
		if (i == 3)
			ck_code(&m, jmap_window_until(w, contents[i], &m.err), GW_ECORRUPT);
		else
			ck_ok(&m, jmap_window_until(w, contents[i], &m.err));
	for (unsigned i = 1; i <= MESSAGES; i++)
		ck_assert_int_eq(is_here(i, true), i != 3);
	ck_ok(&m, jmap_window_until(w, contents[3], &m.err)); /* it was told; now it is one that nobody wants */
	jmap_window_free(w);
	ck_code(&m, jmap_bring(&remote, m.acc, contents + 1, MESSAGES, GW_DB_BODIES, NULL, &m.err), GW_ECORRUPT);
	atomic_store(&bad, 0);
	ck_ok(&m, jmap_bring(&remote, m.acc, contents + 1, MESSAGES, GW_DB_BODIES, NULL, &m.err));
	ck_assert(is_here(3, true));
	ck_assert_uint_eq(atomic_load(&server.requests), MESSAGES + 2);
}
END_TEST

static atomic_bool stop;

static void *interrupt_when_some_are_under_way(void *arg)
{
	wait_for_requests(6);
	atomic_store(&stop, true);
	return arg;
}

START_TEST(who_waits_can_be_interrupted)
{
	struct jmap_window *w;
	pthread_t thread;

	atomic_store(&stop, false);
	atomic_store(&hold_all, true);
	w = want_all(&stop);
	ck_assert_int_eq(pthread_create(&thread, NULL, interrupt_when_some_are_under_way, NULL), 0);
	ck_code(&m, jmap_window_until(w, contents[1], &m.err), GW_EINTR);
	pthread_join(thread, NULL);
	jmap_window_free(w); /* ends what is under way, though the server does not */
	ck_assert_uint_eq(http_load(http_client_shared(client)).in_flight, 0);
}
END_TEST

START_TEST(a_window_that_nobody_looks_at_is_given_up)
{
	atomic_store(&hold_all, true);
	jmap_window_free(want_all(NULL));
	ck_assert_uint_eq(http_load(http_client_shared(client)).in_flight, 0);
}
END_TEST

static void never(void *ctx)
{
	(void)ctx;
	ck_abort_msg("nothing was started");
}

/* RFC 3501 9: RFC822.SIZE is a number of 32 bits; a server that tells of more is not given a disk to fill. */
START_TEST(what_is_larger_than_a_message_can_be_is_not_fetched)
{
	const struct mirror_need need = { .content = contents[1], .blob = GW_S("G1"), .size = DOWNLOAD_MAX + 1 };
	struct download *d = download_new(&need);

	ck_code(&m, download_start(d, &remote, NULL, never, &m.err), GW_ECORRUPT);
	ck_assert_uint_eq(atomic_load(&server.requests), 0);
	download_free(d);
}
END_TEST

START_TEST(memory_is_bounded_whatever_was_asked_for)
{
	struct jmap_window *w;

	teardown();
	setup_sized(200000, 32);
	ck_assert_uint_gt(http_client_share(client), 5);
	atomic_store(&hold_all, true);
	w = want_all(NULL);
	wait_for_requests(5); /* of 200,000 octets each: a sixth would be more than a MiB */
	ck_assert_uint_eq(http_load(http_client_shared(client)).in_flight, 5);
	atomic_store(&hold_all, false);
	ck_ok(&m, jmap_window_until(w, 0, &m.err));
	jmap_window_free(w);
	ck_assert_uint_le(atomic_load(&most_under_way), 5);
	for (unsigned i = 1; i <= MESSAGES; i++)
		ck_assert(is_here(i, true));
}
END_TEST

/* ---- texts ---- */

static uint64_t count(const char *sql)
{
	struct text_db *t = NULL;
	struct text_meta meta;
	sqlite3_stmt *st;
	uint64_t n;

	ck_ok(&m, text_db_open(gw_db_account_dir(m.acc), false, &t, &m.err));
	ck_ok(&m, text_db_meta(t, &meta, &m.err));
	ck_ok(&m, text_db_prepare(t, sql, &st, &m.err));
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	n = (uint64_t)sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	text_db_close(t);
	return n;
}

static uint64_t texts(void)
{
	return count("SELECT count(*) FROM text");
}

static void fill(void)
{
	const atomic_bool never = false;
	uint64_t after = 0;
	unsigned turns = 0;

	do
		ck_ok(&m, text_fill(m.acc, gw_db_account_dir(m.acc), 1, &never, &after, &m.err));
	while (after && ++turns < MESSAGES);
	ck_assert_uint_eq(after, 0);
}

START_TEST(texts_of_messages_that_come_are_taken_so_that_they_come_once)
{
	js.set.cache_max = 1; /* their bytes do not stay */
	for (unsigned i = MESSAGES; i > MESSAGES / 2; i--) /* the newest first, as clients do */
		ck_ok(&m, jmap_bring(&remote, m.acc, &contents[i], 1, GW_DB_DERIVED, NULL, &m.err));
	ck_assert_uint_eq(texts(), MESSAGES / 2);
	fill();
	ck_assert_uint_eq(texts(), MESSAGES);
	ck_assert_uint_eq(count("SELECT count(*) FROM address"), MESSAGES); /* whose From has quotes */
	ck_assert_uint_eq(atomic_load(&server.requests), MESSAGES);
}
END_TEST

static void fill_without(atomic_uint *which)
{
	atomic_store(which, 2);
	fill();
	ck_assert_uint_eq(texts(), MESSAGES - 1);
	ck_assert_uint_eq(atomic_load(&server.requests), MESSAGES);
	fill();
	ck_assert_uint_eq(atomic_load(&server.requests), MESSAGES + 1);
	atomic_store(which, 0);
	fill();
	ck_assert_uint_eq(texts(), MESSAGES);
	ck_assert_uint_eq(atomic_load(&server.requests), MESSAGES + 2);
	fill();
	ck_assert_uint_eq(atomic_load(&server.requests), MESSAGES + 2);
}

START_TEST(what_the_server_has_lost_or_gives_in_part_is_passed_over_and_asked_for_again_the_next_time)
{
	fill_without(_i ? &bad : &lost);
}
END_TEST

START_TEST(filling_the_index_leaves_the_cache_alone)
{
	js.set.cache_max = 1500;
	ck_ok(&m, jmap_bring(&remote, m.acc, &contents[MESSAGES], 1, GW_DB_BODIES, NULL, &m.err));
	fill();
	ck_assert_uint_eq(texts(), MESSAGES);
	ck_assert(is_here(MESSAGES, true));
	ck_assert(is_here(1, false));
	ck_assert(!is_here(1, true));
	ck_assert_uint_eq(atomic_load(&server.requests), MESSAGES);
}
END_TEST

static TCase *tcase_bring(void)
{
	TCase *tc = tcase_create("bring");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, everything_comes_once);
	tcase_add_test(tc, one_that_is_slow_holds_up_no_others);
	tcase_add_test(tc, one_that_fails_spoils_no_others);
	tcase_add_test(tc, who_waits_can_be_interrupted);
	tcase_add_test(tc, a_window_that_nobody_looks_at_is_given_up);
	tcase_add_test(tc, what_is_larger_than_a_message_can_be_is_not_fetched);
	tcase_add_test(tc, memory_is_bounded_whatever_was_asked_for);
	tcase_add_test(tc, texts_of_messages_that_come_are_taken_so_that_they_come_once);
	tcase_add_loop_test(tc, what_the_server_has_lost_or_gives_in_part_is_passed_over_and_asked_for_again_the_next_time, 0, 2);
	tcase_add_test(tc, filling_the_index_leaves_the_cache_alone);
	return tc;
}

UNIT_MAIN("store/jmap_bring", tcase_bring())

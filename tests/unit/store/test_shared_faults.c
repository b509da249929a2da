/* A shared map when something dies: PostgreSQL, the way to it, a gateway in the middle of a transaction. */
#include "tests/unit/store/sharedtest.h"

#include "tests/unit/store/proxytest.h"

#include "store/shared/look.h"
#include "store/shared/priv.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

static void pause_ms(long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

static void postgres(const char *what)
{
	char word[8];
	char *argv[] = { (char *)"python3", (char *)"tests/postgres.py", word, getenv("GW_TEST_POSTGRES_DIR"), NULL };

	snprintf(word, sizeof word, "%s", what);
	ck_assert_int_eq(run_program(argv), 0);
}

static uint32_t messages_in(struct gate *g, struct gw_mbox_id id)
{
	struct gw_mailbox m;

	ck_ok(g, gw_mbox_status(g->a, id, &m, &g->err));
	return m.messages;
}

/* Two gateways, the first one through a proxy. */
struct pair {
	struct proxy proxy;
	struct gate g[2];
	struct gw_mbox_id inbox;
};

static void pair_init(struct pair *p)
{
	char name[64];

	memset(p, 0, sizeof *p);
	proxy_start(&p->proxy, test_url());
	gate_name(name);
	for (int i = 0; i < 2; i++) {
		gate_init(&p->g[i], name);
		p->g[i].seed = (unsigned)i + 1;
	}
	gate_stop(&p->g[0]);
	p->g[0].url = p->proxy.url;
	gate_start(&p->g[0]);
	ck_ok(&p->g[0], gate_box(&p->g[0], 0, &p->inbox));
	ck_same(&p->g[0], &p->g[1]);
}

static void pair_done(struct pair *p)
{
	gates_done(p->g);
	proxy_stop(&p->proxy);
}

/* ---- PostgreSQL is away ---- */

START_TEST(without_postgresql_reads_go_on_and_changes_say_why_not)
{
	struct gate g[2];
	struct gw_appended got = { 0 };
	struct gw_mbox_id id;

	gates_init(g);
	ck_ok(&g[0], gate_box(&g[0], 0, &id));
	ck_ok(&g[0], gate_append(&g[0], id, &got));
	gate_refresh(&g[1]);
	postgres("stop");
	for (int i = 0; i < 2; i++) {
		ck_assert_uint_eq(messages_in(&g[i], id), 1);
		for (int k = 0; k < 3; k++) { /* refused at once, and from memory */
			ck_code(&g[i], gate_append(&g[i], id, &got), GW_EUNAVAIL);
			ck_assert_ptr_nonnull(strstr(g[i].err.text, "state_database"));
			ck_assert_ptr_null(strstr(g[i].err.text, "se:cret"));
			ck_assert_ptr_null(strstr(g[i].err.text, "se%3Acret"));
		}
		ck_code(&g[i], map_refresh_to(g[i].sh, g[i].view->own, 0, &g[i].err), GW_EUNAVAIL);
		ck_assert_uint_eq(messages_in(&g[i], id), 1);
	}
	postgres("start");
	for (int i = 0; i < 200 && gate_append(&g[0], id, &got) < 0; i++)
		pause_ms(20);
	ck_assert_uint_eq(got.uid_first, 2);
	for (int i = 0; i < 200 && map_refresh_to(g[1].sh, g[1].view->own, 0, &g[1].err) < 0; i++)
		pause_ms(20);
	ck_same(&g[0], &g[1]);
	gates_done(g);
}
END_TEST

START_TEST(a_wrong_password_is_not_repeated_to_the_operator)
{
	struct shared_options so = { .clock = gw_clock_system() };
	struct shared *sh;
	struct shared_facts facts;
	struct gw_err err;
	char url[200];
	const char *host = strstr(test_url(), "127.0.0.1");

	snprintf(url, sizeof url, "postgresql://gateway:hunter2@%s", host);
	so.url = url;
	ck_assert_int_eq(shared_new(&so, &sh, &err), 0);
	ck_assert_int_eq(shared_probe(sh, &facts, &err), GW_EUNAVAIL);
	ck_assert_ptr_null(strstr(err.text, "hunter2"));
	ck_assert_ptr_nonnull(strstr(err.text, "authentication failed"));
	shared_free(sh);
}
END_TEST

/* ---- the COMMIT whose answer is lost ---- */

START_TEST(a_commit_that_did_not_arrive_changes_nothing)
{
	struct pair p;
	struct gw_appended got = { 0 };

	pair_init(&p);
	atomic_store(&p.proxy.does, PROXY_CUT_BEFORE);
	ck_code(&p.g[0], gate_append(&p.g[0], p.inbox, &got), GW_EUNAVAIL);
	ck_assert_ptr_nonnull(strstr(p.g[0].err.text, "nothing was changed"));
	atomic_store(&p.proxy.does, PROXY_PASS);
	ck_same(&p.g[0], &p.g[1]);
	ck_assert_uint_eq(messages_in(&p.g[1], p.inbox), 0);
	pair_done(&p);
}
END_TEST

START_TEST(a_commit_whose_answer_is_lost_is_found_to_be_done)
{
	struct pair p;
	struct gw_appended got = { 0 };

	pair_init(&p);
	atomic_store(&p.proxy.does, PROXY_CUT_AFTER);
	ck_ok(&p.g[0], gate_append(&p.g[0], p.inbox, &got));
	atomic_store(&p.proxy.does, PROXY_PASS);
	ck_same(&p.g[0], &p.g[1]);
	ck_assert_uint_eq(messages_in(&p.g[1], p.inbox), 1);
	pair_done(&p);
}
END_TEST

/* _i: whether it was done. */
START_TEST(an_outcome_that_stays_unknown_is_found_out_by_the_next_transaction)
{
	struct pair p;
	struct gw_appended got = { 0 };

	pair_init(&p);
	atomic_store(&p.proxy.refuse, true);
	atomic_store(&p.proxy.does, _i ? PROXY_CUT_AFTER : PROXY_CUT_BEFORE);
	ck_code(&p.g[0], gate_append(&p.g[0], p.inbox, &got), GW_EUNAVAIL);
	ck_assert_ptr_nonnull(strstr(p.g[0].err.text, "not known"));
	ck_assert_uint_eq(messages_in(&p.g[0], p.inbox), 0);
	atomic_store(&p.proxy.does, PROXY_PASS);
	atomic_store(&p.proxy.refuse, false);
	for (int i = 0; i < 200 && gate_append(&p.g[0], p.inbox, &got) < 0; i++)
		pause_ms(20);
	ck_assert_uint_eq(got.uid_first, (uint32_t)_i + 1);
	ck_same(&p.g[0], &p.g[1]);
	ck_assert_uint_eq(messages_in(&p.g[1], p.inbox), (uint32_t)_i + 1);
	pair_done(&p);
}
END_TEST

/* ---- a gateway dies ---- */

/* A process with a gateway of its own in g's folder appends until it is killed. */
/* wait: until it has written once. */
static pid_t start_writer(struct gate *g, struct gw_mbox_id id, bool wait)
{
	int ends[2];
	char byte;
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid) {
		close(ends[1]);
		if (wait)
			ck_assert_int_eq(read(ends[0], &byte, 1), 1);
		close(ends[0]);
		return pid;
	}
	close(ends[0]);
	signal(SIGPIPE, SIG_IGN);
	gate_start(g);
	for (;;) {
		struct gw_appended got = { 0 };

		if (gate_append(g, id, &got) < 0)
			_exit(1);
		if (ends[1] >= 0) {
			byte = 0;
			(void)!write(ends[1], &byte, 1);
			close(ends[1]);
			ends[1] = -1;
		}
	}
}

static void kill_it(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	ck_assert(WIFSIGNALED(status));
}

START_TEST(a_gateway_that_is_killed_anywhere_goes_on)
{
	struct pair p;
	struct gw_appended got = { 0 };

	pair_init(&p);
	p.g[0].url = NULL;
	for (int i = 0; i < 25; i++) {
		pid_t pid;

		gate_stop(&p.g[0]);
		pid = start_writer(&p.g[0], p.inbox, i % 2 == 0);
		pause_ms(i % 2 ? 15 + gate_random(&p.g[1], 25) : gate_random(&p.g[1], 25));
		if (i % 2)
			ck_ok(&p.g[1], gate_append(&p.g[1], p.inbox, &got));
		kill_it(pid);
		gate_start(&p.g[0]);
		ck_same(&p.g[0], &p.g[1]);
	}
	ck_assert_uint_ge(messages_in(&p.g[1], p.inbox), 25);
	pair_done(&p);
}
END_TEST

/* _i: before PostgreSQL has the COMMIT, or between the two COMMITs. */
START_TEST(a_gateway_that_dies_at_its_commit_leaves_all_or_nothing)
{
	struct pair p;
	struct gw_appended got = { 0 };
	pid_t pid;

	pair_init(&p);
	gate_stop(&p.g[0]);
	atomic_store(&p.proxy.commits, 0);
	atomic_store(&p.proxy.does, _i ? PROXY_HOLD_AFTER : PROXY_HOLD_BEFORE);
	pid = start_writer(&p.g[0], p.inbox, false);
	while (!atomic_load(&p.proxy.commits))
		pause_ms(1);
	pause_ms(20);
	kill_it(pid);
	atomic_store(&p.proxy.does, PROXY_PASS);
	ck_ok(&p.g[1], gate_append(&p.g[1], p.inbox, &got)); /* the lock has gone with it */
	ck_assert_uint_eq(got.uid_first, (uint32_t)_i + 1);
	gate_start(&p.g[0]);
	ck_same(&p.g[0], &p.g[1]);
	ck_assert_uint_eq(messages_in(&p.g[0], p.inbox), (uint32_t)_i + 1);
	pair_done(&p);
}
END_TEST

/* ---- the account's lock ---- */

START_TEST(one_gateway_at_a_time_has_the_lock_of_an_account)
{
	struct gate g[2], other;
	atomic_bool stop = true;
	struct gw_mbox_id id = { 0, 0 };
	struct gw_appended got = { 0 };
	char name[64];

	gates_init(g);
	gate_name(name);
	gate_init(&other, name);
	ck_ok(&g[0], gate_box(&g[0], 0, &id));
	gate_refresh(&g[1]);
	ck_ok(&g[0], shared_lock(g[0].sh, g[0].view->own, NULL, &g[0].err));
	ck_ok(&g[0], gate_append(&g[0], id, &got));
	ck_code(&g[1], shared_lock(g[1].sh, g[1].view->own, &stop, &g[1].err), GW_EINTR);
	ck_ok(&other, shared_lock(other.sh, other.view->own, &stop, &other.err));
	shared_unlock(other.sh, other.view->own);
	ck_assert_uint_eq(messages_in(&g[1], id), 0);
	shared_unlock(g[0].sh, g[0].view->own);
	ck_ok(&g[1], shared_lock(g[1].sh, g[1].view->own, &stop, &g[1].err));
	ck_assert_uint_eq(messages_in(&g[1], id), 1); /* it comes with what the other one did */
	shared_unlock(g[1].sh, g[1].view->own);
	gate_done(&other);
	gates_done(g);
}
END_TEST

START_TEST(the_lock_goes_with_the_gateway_that_had_it)
{
	struct gate g[2];
	struct gw_mbox_id id = { 0, 0 };
	int ready[2];
	char c;
	pid_t pid;

	gates_init(g);
	ck_ok(&g[1], gate_box(&g[1], 0, &id));
	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		struct gate mine = g[0];

		gate_start(&mine);
		ck_ok(&mine, shared_lock(mine.sh, mine.view->own, NULL, &mine.err));
		(void)!write(ready[1], "x", 1);
		pause();
	}
	ck_assert_int_eq(read(ready[0], &c, 1), 1);
	kill_it(pid);
	ck_ok(&g[1], shared_lock(g[1].sh, g[1].view->own, NULL, &g[1].err));
	postgres("stop"); /* and with PostgreSQL */
	shared_unlock(g[1].sh, g[1].view->own);
	ck_code(&g[1], shared_lock(g[1].sh, g[1].view->own, NULL, &g[1].err), GW_EUNAVAIL);
	postgres("start");
	for (int i = 0; i < 200 && shared_lock(g[1].sh, g[1].view->own, NULL, &g[1].err) < 0; i++)
		pause_ms(20);
	shared_unlock(g[1].sh, g[1].view->own);
	ck_same(&g[0], &g[1]);
	gates_done(g);
}
END_TEST

/* ---- news ---- */

struct heard {
	pthread_mutex_t lock;
	pthread_cond_t more;
	int any, ours;
	const char *name;
};

static void hear_news(void *ctx, const char *name)
{
	struct heard *h = ctx;

	pthread_mutex_lock(&h->lock);
	if (!name)
		h->any++;
	else if (strcmp(name, h->name) == 0)
		h->ours++;
	pthread_cond_signal(&h->more);
	pthread_mutex_unlock(&h->lock);
}

static void wait_for(struct heard *h, const int *count, int n)
{
	struct timespec until;
	int rc = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 20;
	pthread_mutex_lock(&h->lock);
	while (*count < n && rc == 0)
		rc = pthread_cond_timedwait(&h->more, &h->lock, &until);
	ck_assert_int_ge(*count, n);
	pthread_mutex_unlock(&h->lock);
}

START_TEST(who_listens_hears_of_changes_and_that_some_may_have_been_missed)
{
	struct heard heard = { .lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER };
	struct gate g[2];
	struct gw_appended got = { 0 };
	struct gw_mbox_id id;

	gates_init(g);
	gate_stop(&g[1]);
	heard.name = g[1].name;
	g[1].on_news = hear_news;
	g[1].news_ctx = &heard;
	gate_start(&g[1]);
	ck_ok(&g[1], shared_start(g[1].sh, g[1].env, &g[1].err));
	wait_for(&heard, &heard.any, 1);
	ck_ok(&g[0], gate_box(&g[0], 0, &id));
	ck_ok(&g[0], gate_append(&g[0], id, &got));
	wait_for(&heard, &heard.ours, 2); /* the account was made, the message came */
	ck_assert_uint_eq(messages_in(&g[1], id), 1); /* nobody asked for it */
	postgres("stop");
	postgres("start");
	wait_for(&heard, &heard.any, 2);
	gates_done(g);
}
END_TEST

/* ---- the first ones ---- */

static void *come(void *arg)
{
	struct gate *g = arg;
	struct shared_conn *c;

	ck_ok(g, conn_get(g->sh, &c, &g->err));
	conn_put(g->sh, c);
	return NULL;
}

START_TEST(tables_are_made_once_whoever_comes_at_the_same_time)
{
	struct gate g[8];
	pthread_t threads[8];
	char name[64];

	for (int i = 0; i < 8; i++) {
		gate_name(name);
		gate_init(&g[i], name);
	}
	gate_sql(&g[0], "DROP SCHEMA IF EXISTS gateway CASCADE");
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, come, &g[i]), 0);
	for (int i = 0; i < 8; i++) {
		pthread_join(threads[i], NULL);
		gate_done(&g[i]);
	}
}
END_TEST

static unsigned schemas(struct gate *g)
{
	struct shared_facts facts = { 0 };

	ck_ok(g, shared_probe(g->sh, &facts, &g->err));
	ck_assert_uint_ge(facts.server, 90600);
	return facts.schema;
}

START_TEST(looking_makes_no_tables)
{
	struct gate g;

	gate_init(&g, "x");
	gate_sql(&g, "DROP SCHEMA IF EXISTS gateway CASCADE");
	ck_assert_uint_eq(schemas(&g), 0);
	ck_assert_uint_eq(schemas(&g), 0);
	come(&g);
	ck_assert_uint_eq(schemas(&g), SHARED_SCHEMA);
	gate_done(&g);
}
END_TEST

START_TEST(tables_of_a_newer_version_are_left_alone)
{
	struct shared_facts facts;
	struct gate g;

	gate_init(&g, "x");
	come(&g);
	gate_sql(&g, "UPDATE gateway.meta SET version=version+1");
	ck_code(&g, shared_probe(g.sh, &facts, &g.err), GW_ENOTSUP);
	gate_sql(&g, "UPDATE gateway.meta SET version=version-1");
	gate_done(&g);
}
END_TEST

START_TEST(a_map_of_a_newer_gateway_is_left_alone)
{
	struct gate g[2];
	struct gw_appended got = { 0 };
	struct gw_mbox_id id;

	gates_init(g);
	ck_ok(&g[0], gate_box(&g[0], 0, &id));
	gate_sql(&g[0], "UPDATE gateway.account SET schema=1000");
	ck_code(&g[0], gate_append(&g[0], id, &got), GW_ENOTSUP);
	ck_assert_ptr_nonnull(strstr(g[0].err.text, "upgrade"));
	gates_done(g);
}
END_TEST

static TCase *faults(void)
{
	TCase *tc = tcase_create("faults");

	tcase_add_test(tc, looking_makes_no_tables);
	tcase_add_test(tc, tables_are_made_once_whoever_comes_at_the_same_time);
	tcase_add_test(tc, without_postgresql_reads_go_on_and_changes_say_why_not);
	tcase_add_test(tc, a_wrong_password_is_not_repeated_to_the_operator);
	tcase_add_test(tc, a_commit_that_did_not_arrive_changes_nothing);
	tcase_add_test(tc, a_commit_whose_answer_is_lost_is_found_to_be_done);
	tcase_add_loop_test(tc, an_outcome_that_stays_unknown_is_found_out_by_the_next_transaction, 0, 2);
	tcase_add_test(tc, a_gateway_that_is_killed_anywhere_goes_on);
	tcase_add_loop_test(tc, a_gateway_that_dies_at_its_commit_leaves_all_or_nothing, 0, 2);
	tcase_add_test(tc, one_gateway_at_a_time_has_the_lock_of_an_account);
	tcase_add_test(tc, the_lock_goes_with_the_gateway_that_had_it);
	tcase_add_test(tc, who_listens_hears_of_changes_and_that_some_may_have_been_missed);
	tcase_add_test(tc, tables_of_a_newer_version_are_left_alone);
	tcase_add_test(tc, a_map_of_a_newer_gateway_is_left_alone);
	return tc;
}

SHARED_MAIN("shared_faults", faults())

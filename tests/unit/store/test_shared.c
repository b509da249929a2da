/* Several gateways on one map: what one gives, the other has. */
#include "tests/unit/store/sharedtest.h"

#include <pthread.h>

#define BOXES 4

/* ---- random changes ---- */

static void some_uids(struct gate *g, struct gw_mbox_id id, struct gw_set *ret)
{
	struct gw_mailbox m;
	uint32_t lo;

	gw_set_init(ret);
	ck_ok(g, gw_mbox_status(g->a, id, &m, &g->err));
	lo = 1 + gate_random(g, m.uidnext);
	gw_set_add(ret, lo, lo + gate_random(g, 5));
}

/* Which pairs of UIDVALIDITY and UID were given, to whom. */
struct given {
	pthread_mutex_t lock;
	size_t n;
	struct gw_appended v[4096];
};

static void give(struct given *all, const struct gw_appended *a)
{
	pthread_mutex_lock(&all->lock);
	for (size_t i = 0; i < all->n; i++)
		ck_assert_msg(all->v[i].uidvalidity != a->uidvalidity || all->v[i].uid_first != a->uid_first,
			"UID %u of %u was given twice", a->uid_first, a->uidvalidity);
	all->v[all->n++] = *a;
	ck_assert_uint_lt(all->n, 4096);
	pthread_mutex_unlock(&all->lock);
}

static int change_messages(struct gate *g, struct gw_mbox_id id, unsigned what)
{
	struct gw_flag_change add = { .how = GW_FLAGS_ADD, .system = GW_FLAG_DELETED | GW_FLAG_SEEN };
	const struct gw_slice word[] = { GW_S("blue"), GW_S("Green") };
	struct gw_mbox_id to = { 0, 0 };
	struct gw_copied copied = { 0 };
	struct gw_set uids;
	int rc;

	some_uids(g, id, &uids);
	add.keywords = &word[gate_random(g, 2)];
	add.n_keywords = gate_random(g, 2);
	if (what == 0)
		rc = gw_mbox_store_flags(g->a, id, &uids, &add, NULL, &g->err);
	else if (what == 1)
		rc = gw_mbox_expunge(g->a, id, NULL, NULL, &g->err);
	else
		rc = gate_box(g, (int)gate_random(g, BOXES), &to) < 0
			     ? 0
			     : gw_mbox_copy(g->a, id, &uids, to, gate_random(g, 2), &copied, &g->err);
	gw_copied_done(&copied);
	gw_set_done(&uids);
	return rc;
}

static int change_names(struct gate *g)
{
	char from[16], to[16];

	snprintf(from, sizeof from, "box%u", 1 + gate_random(g, BOXES - 1));
	snprintf(to, sizeof to, "box%u", 1 + gate_random(g, BOXES - 1));
	switch (gate_random(g, 4)) {
	case 0:
		return gw_acct_rename(g->a, gw_slice_str(from), gw_slice_str(to), &g->err);
	case 1:
		return gw_acct_delete(g->a, gw_slice_str(from), &g->err);
	default:
		return gw_acct_subscribe(g->a, gw_slice_str(from), gate_random(g, 2), &g->err);
	}
}

/* Another one may have removed the mailbox; all else must succeed. */
static void change_something(struct gate *g, struct given *all)
{
	struct gw_mbox_id id = { 0, 0 };
	struct gw_appended got;
	unsigned what = gate_random(g, 10);
	int rc = gate_box(g, (int)gate_random(g, BOXES), &id);

	if (rc == 0 && what < 4) {
		rc = gate_append(g, id, &got);
		if (rc == 0 && all)
			give(all, &got);
	} else if (rc == 0 && what < 9) {
		rc = change_messages(g, id, what % 3);
	} else if (rc == 0) {
		rc = change_names(g);
	}
	ck_assert_msg(rc == 0 || rc == GW_ENOENT || rc == GW_EEXIST, "%s (%s)", g->err.text, gw_code_name(rc));
}

/* ---- tests ---- */

START_TEST(the_second_gateway_has_the_account_of_the_first)
{
	struct gate g[2];
	struct gw_arena arena;
	struct gw_mailbox a, b;

	gw_arena_init(&arena, 0, 0);
	gates_init(g);
	ck_ok(&g[0], gw_acct_find(g[0].a, &arena, GW_S("INBOX"), &a, &g[0].err));
	ck_ok(&g[1], gw_acct_find(g[1].a, &arena, GW_S("INBOX"), &b, &g[1].err));
	ck_assert_uint_eq(a.uidvalidity, b.uidvalidity);
	ck_assert_str_eq(a.mailboxid, b.mailboxid);
	ck_same(&g[0], &g[1]);
	gates_done(g);
	gw_arena_done(&arena);
}
END_TEST

START_TEST(in_turn_all_see_what_the_others_did)
{
	static struct given all = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct gate g[2];

	gates_init(g);
	for (int i = 0; i < 200; i++) {
		change_something(&g[gate_random(&g[0], 2)], &all);
		if (i % 20 == 0)
			ck_same(&g[0], &g[1]);
	}
	ck_same(&g[0], &g[1]);
	gates_done(g);
}
END_TEST

struct worker {
	pthread_t thread;
	struct gate *g;
	struct given *all;
};

static void *work_along(void *arg)
{
	struct worker *w = arg;

	for (int i = 0; i < 80; i++)
		change_something(w->g, w->all);
	return NULL;
}

START_TEST(at_once_no_uid_is_given_twice)
{
	static struct given all = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct worker w[4];
	struct gate g[2], *more = gw_xcalloc(2, sizeof *more);

	gates_init(g);
	for (int i = 0; i < 2; i++) { /* two sessions at each */
		more[i] = g[i];
		more[i].seed = (unsigned)i + 50;
	}
	for (int i = 0; i < 4; i++) {
		w[i] = (struct worker){ .g = i < 2 ? &g[i] : &more[i - 2], .all = &all };
		ck_assert_int_eq(pthread_create(&w[i].thread, NULL, work_along, &w[i]), 0);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(w[i].thread, NULL);
	ck_same(&g[0], &g[1]);
	gates_done(g);
	free(more);
}
END_TEST

START_TEST(mailboxes_that_swap_names_arrive_so)
{
	struct gate g[2];
	struct gw_mbox_id id;

	gates_init(g);
	ck_ok(&g[0], gate_box(&g[0], 1, &id));
	ck_ok(&g[0], gate_box(&g[0], 2, &id));
	ck_same(&g[0], &g[1]);
	{
		struct gw_db *db;

		ck_ok(&g[0], gw_db_get(g[0].view->own, &db, &g[0].err));
		ck_ok(&g[0], db_begin_map(db, &g[0].err));
		ck_ok(&g[0], map_exec(db, "UPDATE mailbox SET name='t' WHERE name='box1';"
					  "UPDATE mailbox SET name='box1' WHERE name='box2';"
					  "UPDATE mailbox SET name='box2' WHERE name='t'", &g[0].err));
		ck_ok(&g[0], gw_db_commit(db, GW_DB_DURABLE, &g[0].err));
		gw_db_put(db);
	}
	ck_same(&g[0], &g[1]);
	gates_done(g);
}
END_TEST

START_TEST(a_change_of_nothing_writes_nothing)
{
	struct gate g[2];
	char *before, *after;

	gates_init(g);
	ck_same(&g[0], &g[1]);
	before = gate_dump(&g[0]);
	ck_ok(&g[0], gw_acct_subscribe(g[0].a, GW_S("INBOX"), true, &g[0].err));
	after = gate_dump(&g[0]);
	ck_assert_str_eq(before, after);
	free(before);
	free(after);
	gates_done(g);
}
END_TEST

static void lose_and_compare(struct gate g[2])
{
	char *before, *after;

	ck_same(&g[0], &g[1]);
	before = gate_dump(&g[1]);
	gate_stop(&g[1]);
	gate_lose_files(&g[1]);
	gate_start(&g[1]);
	after = gate_dump(&g[1]);
	ck_assert_str_eq(before, after);
	free(before);
	free(after);
}

START_TEST(a_lost_mirror_is_made_again_as_it_was)
{
	struct gate g[2];

	gates_init(g);
	for (int i = 0; i < 60; i++)
		change_something(&g[i % 2], NULL);
	lose_and_compare(g); /* of the changes alone */
	ck_ok(&g[0], snapshot_write(g[0].sh, g[0].view->own, &g[0].err));
	lose_and_compare(g); /* of the snapshot alone */
	for (int i = 0; i < 60; i++)
		change_something(&g[i % 2], NULL);
	lose_and_compare(g); /* of both */
	gates_done(g);
}
END_TEST

START_TEST(a_snapshot_lets_older_changes_go)
{
	struct gate g[2];
	struct gw_mbox_id id;
	char sql[320];

	gates_init(g);
	ck_ok(&g[0], gate_box(&g[0], 0, &id));
	ck_same(&g[0], &g[1]);
	for (int i = 0; i < 300; i++) {
		struct gw_appended got;

		ck_ok(&g[0], gate_append(&g[0], id, &got));
	}
	ck_ok(&g[0], snapshot_write(g[0].sh, g[0].view->own, &g[0].err));
	snprintf(sql, sizeof sql, "SELECT min(version) FROM gateway.log WHERE account=(SELECT id FROM gateway.account WHERE name='%s')",
		g[0].name);
	ck_assert_int_gt(gate_ask(&g[0], sql), 40);
	ck_same(&g[0], &g[1]); /* the other one is too far behind for the changes that are left */
	gates_done(g);
}
END_TEST

START_TEST(rows_that_have_drifted_are_put_right)
{
	struct gate g[2];
	struct gw_mbox_id id;
	struct gw_appended got;
	struct gw_db *db;

	gates_init(g);
	ck_ok(&g[0], gate_box(&g[0], 0, &id));
	ck_ok(&g[0], gate_append(&g[0], id, &got));
	ck_same(&g[0], &g[1]);
	ck_ok(&g[1], gw_db_get(g[1].view->own, &db, &g[1].err));
	ck_ok(&g[1], map_exec(db, "DELETE FROM chunk; DELETE FROM mailbox WHERE name='INBOX'", &g[1].err));
	gw_db_put(db);
	ck_ok(&g[0], gate_append(&g[0], id, &got));
	ck_same(&g[0], &g[1]);
	gates_done(g);
}
END_TEST

/* ---- PostgreSQL is another one than before ---- */

static void go_back(struct gate *g, int64_t versions)
{
	char sql[640];

	snprintf(sql, sizeof sql,
		"BEGIN; UPDATE gateway.account a SET version=l.version, mark=l.mark FROM gateway.log l WHERE a.name='%s'"
		" AND l.account=a.id AND l.version=a.version-%lld;"
		"DELETE FROM gateway.log l USING gateway.account a WHERE a.name='%s' AND l.account=a.id AND l.version>a.version;"
		"COMMIT",
		g->name, (long long)versions, g->name);
	gate_sql(g, sql);
}

START_TEST(what_a_restored_postgresql_has_lost_comes_back)
{
	static struct given all = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct gate g[2];
	char *before, *after;

	gates_init(g);
	for (int i = 0; i < 40; i++)
		change_something(&g[i % 2], &all);
	ck_same(&g[0], &g[1]);
	go_back(&g[0], 10);
	before = gate_dump(&g[0]);
	gate_refresh(&g[0]);
	after = gate_dump(&g[0]);
	*strstr(before, "replica") = '\0'; /* the version alone is another one */
	*strstr(after, "replica") = '\0';
	ck_assert_str_eq(before, after);
	free(before);
	free(after);
	ck_same(&g[0], &g[1]);
	for (int i = 0; i < 40; i++)
		change_something(&g[i % 2], &all);
	ck_same(&g[0], &g[1]);
	gates_done(g);
}
END_TEST

START_TEST(two_pasts_never_give_a_uid_to_two_messages)
{
	static struct given all = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct gate g[2];
	struct gw_mbox_id id;
	struct gw_appended got;

	gates_init(g);
	ck_ok(&g[0], gate_box(&g[0], 0, &id));
	for (int i = 0; i < 5; i++) {
		ck_ok(&g[0], gate_append(&g[0], id, &got));
		give(&all, &got);
	}
	gate_refresh(&g[1]);
	for (int i = 0; i < 5; i++) {
		ck_ok(&g[0], gate_append(&g[0], id, &got));
		give(&all, &got);
	}
	go_back(&g[0], 5); /* and the one that knows less comes first, and gives the UIDs again */
	for (int i = 0; i < 7; i++)
		ck_ok(&g[1], gate_append(&g[1], id, &got));
	ck_same(&g[0], &g[1]); /* the one that had given them has seen it */
	for (int i = 0; i < 5; i++) {
		ck_ok(&g[i % 2], gate_append(&g[i % 2], id, &got));
		give(&all, &got);
	}
	ck_same(&g[0], &g[1]);
	gates_done(g);
}
END_TEST

START_TEST(an_empty_postgresql_gets_the_map_of_whoever_comes_first)
{
	struct gate g[2];
	struct gw_mbox_id id;
	struct gw_appended before, after;

	gates_init(g);
	ck_ok(&g[0], gate_box(&g[0], 0, &id));
	ck_ok(&g[0], gate_append(&g[0], id, &before));
	ck_same(&g[0], &g[1]);
	{
		char sql[320];

		snprintf(sql, sizeof sql, "DELETE FROM gateway.account WHERE name='%s'", g[0].name);
		gate_sql(&g[0], sql);
	}
	ck_ok(&g[0], gate_append(&g[0], id, &after));
	ck_assert_uint_eq(after.uidvalidity, before.uidvalidity);
	ck_assert_uint_eq(after.uid_first, before.uid_first + 1);
	ck_same(&g[0], &g[1]);
	gates_done(g);
}
END_TEST

START_TEST(an_account_without_a_name_is_not_changed)
{
	struct gate g = { .name = "x" };
	struct gw_db_account *acc;
	struct gw_db *db;

	gate_init(&g, "x");
	ck_ok(&g, gw_db_account_open(g.env, 2, g.root, &acc, &g.err));
	ck_code(&g, gw_db_get(acc, &db, &g.err), GW_EBUG);
	gw_db_account_unref(acc);
	gate_done(&g);
}
END_TEST

START_TEST(a_url_that_is_none_is_refused_without_showing_it)
{
	struct shared_options so = { .url = "postgresql://anna:hunter2@[::1/x?=", .clock = gw_clock_system() };
	struct shared *sh;
	struct gw_err err;

	ck_assert_int_eq(shared_new(&so, &sh, &err), GW_EINVAL);
	ck_assert_ptr_null(strstr(err.text, "hunter2"));
	ck_assert_ptr_nonnull(strstr(err.text, "state_database"));
}
END_TEST

static TCase *maps(void)
{
	TCase *tc = tcase_create("maps");

	tcase_add_test(tc, the_second_gateway_has_the_account_of_the_first);
	tcase_add_test(tc, in_turn_all_see_what_the_others_did);
	tcase_add_test(tc, at_once_no_uid_is_given_twice);
	tcase_add_test(tc, mailboxes_that_swap_names_arrive_so);
	tcase_add_test(tc, a_change_of_nothing_writes_nothing);
	tcase_add_test(tc, a_lost_mirror_is_made_again_as_it_was);
	tcase_add_test(tc, a_snapshot_lets_older_changes_go);
	tcase_add_test(tc, rows_that_have_drifted_are_put_right);
	tcase_add_test(tc, what_a_restored_postgresql_has_lost_comes_back);
	tcase_add_test(tc, two_pasts_never_give_a_uid_to_two_messages);
	tcase_add_test(tc, an_empty_postgresql_gets_the_map_of_whoever_comes_first);
	tcase_add_test(tc, an_account_without_a_name_is_not_changed);
	tcase_add_test(tc, a_url_that_is_none_is_refused_without_showing_it);
	return tc;
}

SHARED_MAIN("shared", maps())

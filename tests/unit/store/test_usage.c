/* test_usage.c - what accounts have, when they were used last, and counting anew */
#include "tests/unit/store/storetest.h"

#include "store/account/priv.h"
#include "store/account/view.h"
#include "store/admin.h"

#define S(x) gw_slice_str(x)

static struct gw_user show(struct fixture *f, const char *name)
{
	struct gw_user u;

	ck_ok(f, gw_admin_user_show(f->store, &f->arena, S(name), &u, &f->err));
	return u;
}

static struct gw_usage usage(struct fixture *f, const char *name)
{
	struct gw_usage u;

	ck_ok(f, gw_admin_user_usage(f->store, S(name), &u, &f->err));
	return u;
}

START_TEST(an_account_that_was_never_used_has_nothing_and_gets_no_files)
{
	struct fixture f;
	struct gw_usage u;
	char path[128];

	fixture_init(&f, false);
	fixture_user(&f, "bert");
	u = usage(&f, "bert");
	ck_assert_uint_eq(u.quota.messages_used + u.quota.mailboxes_used + u.disk, 0);
	snprintf(path, sizeof path, "%s/users/02", f.root);
	ck_assert_int_eq(access(path, F_OK), -1);
	ck_assert_int_eq(show(&f, "bert").last_login, 0);
	ck_code(&f, gw_admin_user_usage(f.store, S("nobody"), &u, &f.err), GW_ENOENT);
	fixture_done(&f);
}
END_TEST

START_TEST(usage_is_what_the_counters_say_with_the_limits_in_force)
{
	struct fixture f;
	struct gw_usage u;

	fixture_init(&f, _i == 1);
	for (int i = 0; i < 3; i++)
		append_text(&f, fixture_box(&f, "INBOX"), S("Subject: x\r\n\r\nhello\r\n"), 0);
	ck_ok(&f, gw_admin_user_quota(f.store, S("anna"), &(struct gw_limits){ 5000, 7, 9, 11 }, &f.err));
	u = usage(&f, "anna");
	ck_assert_uint_eq(u.quota.messages_used, 3);
	ck_assert_uint_eq(u.quota.storage_used, 3 * 21);
	ck_assert_uint_eq(u.quota.storage_limit, 5000);
	ck_assert_uint_eq(u.quota.messages_limit, 7);
	ck_assert_uint_eq(u.quota.mailboxes_limit, 9);
	ck_assert_uint_eq(u.quota.annotations_limit, 11);
	ck_assert_uint_gt(u.quota.mailboxes_used, 0);
	fixture_done(&f);
}
END_TEST

/* As another gateway does it, with a store of its own. */
static void limit_from_elsewhere(struct fixture *f, const struct gw_limits *limits)
{
	struct gw_store_options opt = { .url = gw_arena_printf(&f->arena, "local:%s", f->root), .clock = &test_clock };
	struct gw_store *other = NULL;

	ck_ok(f, gw_store_open(&opt, &other, &f->err));
	ck_ok(f, gw_admin_user_quota(other, S("anna"), limits, &f->err));
	gw_store_close(other);
}

static int annotate(struct fixture *f, struct gw_mbox_id id, const char *name, struct gw_slice value)
{
	const struct gw_annotation v = { S(name), false, value };
	const struct gw_annotation_change c = { .v = &v, .n = 1 };
	struct gw_set uids;
	int rc;

	set_of(&uids, 1, 1);
	rc = gw_mbox_annotate(f->acct, id, &uids, &c, NULL, &f->err);
	gw_set_done(&uids);
	return rc;
}

START_TEST(limits_count_at_once_for_who_is_signed_on)
{
	const struct gw_metadata note = { S("/private/comment"), S("four") };
	struct gw_mbox_id inbox, id;
	struct gw_appended done;
	struct gw_quota q;
	struct fixture f;

	fixture_init(&f, false);
	inbox = fixture_box(&f, "INBOX");
	append_text(&f, inbox, S("x"), 0);
	ck_ok(&f, gw_acct_quota(f.acct, &q, &f.err));
	limit_from_elsewhere(&f, &(struct gw_limits){ 0, 1, q.mailboxes_used, 19 });
	ck_code(&f, append_try(f.acct, inbox, S("x"), 0, NULL, 0, &done, &f.err), GW_EQUOTA);
	ck_code(&f, gw_acct_create(f.acct, S("more"), 0, &id, &f.err), GW_ELIMIT);
	ck_code(&f, gw_metadata_set(f.acct, &inbox, &note, 1, &f.err), GW_EQUOTA);
	limit_from_elsewhere(&f, &(struct gw_limits){ 0, 2, q.mailboxes_used + 1, 20 });
	append_text(&f, inbox, S("x"), 0);
	ck_ok(&f, gw_acct_create(f.acct, S("more"), 0, &id, &f.err));
	ck_ok(&f, gw_metadata_set(f.acct, &inbox, &note, 1, &f.err)); /* 16 octets of name, 4 of value */
	ck_ok(&f, gw_acct_quota(f.acct, &q, &f.err));
	ck_assert_uint_eq(q.annotations_used, 20);
	limit_from_elsewhere(&f, &(struct gw_limits){ .annotations = 40 }); /* messages' count, too (RFC 9208 5.4) */
	ck_code(&f, annotate(&f, inbox, "/comment", S("13 octets now")), GW_EQUOTA);
	ck_ok(&f, annotate(&f, inbox, "/comment", S("12 octets...")));
	ck_ok(&f, gw_acct_quota(f.acct, &q, &f.err));
	ck_assert_uint_eq(q.annotations_used, 40);
	fixture_done(&f);
}
END_TEST

START_TEST(an_account_tells_and_sets_limits_of_others)
{
	const struct gw_user_password pw = { .plain = S("secret") };
	struct gw_quota q;
	struct fixture f;

	fixture_init(&f, _i == 1);
	ck_ok(&f, gw_admin_user_add(f.store, S("bert"), &pw, &f.err));
	ck_assert(gw_acct_sets_quota(f.acct));
	ck_ok(&f, gw_acct_quota_set(f.acct, S("Bert"), &(struct gw_limits){ .storage = 77 }, &f.err));
	ck_ok(&f, gw_acct_quota_of(f.acct, S("bert"), &q, &f.err));
	ck_assert(q.storage_limit == 77 && q.messages_limit == 0 && q.storage_used == 0);
	ck_code(&f, gw_acct_quota_set(f.acct, S("nobody"), &(struct gw_limits){ 0 }, &f.err), GW_ENOENT);
	ck_code(&f, gw_acct_quota_of(f.acct, S("nobody"), &q, &f.err), GW_ENOENT);
	ck_code(&f, gw_acct_quota_of(f.acct, S("a/b"), &q, &f.err), GW_ENOENT);
	ck_code(&f, gw_acct_quota_set(f.acct, S("a/b"), &(struct gw_limits){ 0 }, &f.err), GW_ENOENT);
	fixture_done(&f);
}
END_TEST

START_TEST(signing_on_is_noted_and_an_operator_leaves_no_trace)
{
	const struct gw_user_password pw = { .plain = S("secret") };
	struct gw_acct *a;
	struct fixture f;

	fixture_init(&f, false);
	ck_ok(&f, gw_admin_user_add(f.store, S("bert"), &pw, &f.err));
	ck_ok(&f, gw_admin_open(f.store, S("bert"), &a, &f.err));
	gw_acct_close(a);
	ck_assert_int_eq(show(&f, "bert").last_login, 0);
	ck_code(&f, gw_store_login(f.store, S("bert"), S("wrong"), "imap", &a, &f.err), GW_EAUTH);
	ck_assert_int_eq(show(&f, "bert").last_login, 0);
	ck_ok(&f, gw_store_login(f.store, S("bert"), S("secret"), "imap", &a, &f.err));
	gw_acct_close(a);
	ck_assert_int_eq(show(&f, "bert").last_login, test_wall_now);
	fixture_done(&f);
}
END_TEST

START_TEST(an_operator_opens_the_account_of_a_disabled_user)
{
	struct gw_mailbox m;
	struct gw_acct *a;
	struct fixture f;

	fixture_init(&f, _i == 1);
	ck_ok(&f, gw_admin_user_enable(f.store, S("anna"), false, &f.err));
	ck_ok(&f, gw_admin_open(f.store, S("ANNA"), &a, &f.err));
	ck_ok(&f, gw_acct_find(a, &f.arena, S("inbox"), &m, &f.err));
	gw_acct_close(a);
	ck_code(&f, gw_admin_open(f.store, S("nobody"), &a, &f.err), GW_ENOENT);
	fixture_done(&f);
}
END_TEST

START_TEST(counting_anew_puts_wrong_counters_right_and_tells_the_difference)
{
	struct gw_quota was, now;
	struct gw_mailbox m;
	struct fixture f;
	struct gw_db *db;

	fixture_init(&f, _i == 1);
	for (int i = 0; i < 5; i++)
		append_text(&f, fixture_box(&f, i % 2 ? "INBOX" : "Sent"), S("Subject: x\r\n\r\nhello\r\n"), 0);
	ck_ok(&f, gw_db_get(((struct view_acct *)f.acct)->own, &db, &f.err));
	ck_assert_int_eq(sqlite3_exec(db->sql, "UPDATE account SET messages=9, size=1; UPDATE mailbox SET unseen=77,"
		" messages=1 WHERE name='INBOX'", NULL, NULL, NULL), SQLITE_OK);
	gw_db_put(db);
	ck_ok(&f, gw_admin_quota_recalculate(f.store, S("anna"), &was, &now, &f.err));
	ck_assert_uint_eq(was.messages_used, 9);
	ck_assert_uint_eq(now.messages_used, 5);
	ck_assert_uint_eq(now.storage_used, 5 * 21);
	m = fixture_find(&f, f.acct, "INBOX");
	ck_assert_uint_eq(m.messages, 2);
	ck_assert_uint_eq(m.unseen, 2);
	fixture_done(&f);
}
END_TEST

static TCase *tcase_all(void)
{
	TCase *tc = tcase_create("usage");

	tcase_add_test(tc, an_account_that_was_never_used_has_nothing_and_gets_no_files);
	tcase_add_loop_test(tc, usage_is_what_the_counters_say_with_the_limits_in_force, 0, 2);
	tcase_add_test(tc, limits_count_at_once_for_who_is_signed_on);
	tcase_add_loop_test(tc, an_account_tells_and_sets_limits_of_others, 0, 2);
	tcase_add_test(tc, signing_on_is_noted_and_an_operator_leaves_no_trace);
	tcase_add_loop_test(tc, an_operator_opens_the_account_of_a_disabled_user, 0, 2);
	tcase_add_loop_test(tc, counting_anew_puts_wrong_counters_right_and_tells_the_difference, 0, 2);
	return tc;
}

UNIT_MAIN("usage", tcase_all())

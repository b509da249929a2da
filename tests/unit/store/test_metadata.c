/* test_metadata.c - annotations (RFC 5464): whose they are, what becomes of them, and their limits */
#include "tests/unit/store/storetest.h"

#define S(x)    gw_slice_str(x)
#define NEWS    "Public folders/News"
#define NOTHING ((struct gw_slice){ 0 })

static int set_one(struct fixture *f, const struct gw_mbox_id *id, const char *name, struct gw_slice value)
{
	const struct gw_metadata m = { S(name), value };

	return gw_metadata_set(f->acct, id, &m, 1, &f->err);
}

/* The value of an entry; "-" when there is none. */
static const char *get_one(struct fixture *f, const struct gw_mbox_id *id, const char *name)
{
	struct gw_metadata *v = NULL;
	size_t n = 0;

	ck_ok(f, gw_metadata_get(f->acct, id, &f->arena, &v, &n, &f->err));
	for (size_t i = 0; i < n; i++)
		if (gw_slice_eq(v[i].name, S(name)))
			return gw_arena_str(&f->arena, v[i].value);
	return "-";
}

static void become(struct fixture *f, const char *user)
{
	gw_acct_close(f->acct);
	f->acct = fixture_acct(f, user);
}

/* anna and bert, with a public folder of which bert may read only. */
static void public_init(struct fixture *f, bool memory)
{
	fixture_public(f, memory, "News");
	ck_ok(f, gw_admin_public_grant(f->store, S("News"), S("anna"), GW_RIGHT_READ | GW_RIGHT_WRITE, &f->err));
	ck_ok(f, gw_admin_public_grant(f->store, S("News"), S("bert"), GW_RIGHT_READ, &f->err));
}

/* RFC 7162 3.2(b): what is set or removed raises the mod-sequence of its mailbox, and of no other. */
START_TEST(annotations_are_changes_of_their_mailbox)
{
	struct gw_mailbox before, after, other;
	struct gw_mbox_id inbox, sent;
	struct fixture f;

	fixture_init(&f, _i == 1);
	inbox = fixture_box(&f, "INBOX");
	sent = fixture_box(&f, "Sent");
	ck_ok(&f, gw_mbox_status(f.acct, inbox, &before, &f.err));
	ck_ok(&f, gw_mbox_status(f.acct, sent, &other, &f.err));
	ck_ok(&f, set_one(&f, &inbox, "/private/comment", S("one")));
	ck_ok(&f, gw_mbox_status(f.acct, inbox, &after, &f.err));
	ck_assert_uint_gt(after.modseq, before.modseq);
	before = after;
	ck_ok(&f, set_one(&f, &inbox, "/private/comment", NOTHING));
	ck_ok(&f, gw_mbox_status(f.acct, inbox, &after, &f.err));
	ck_assert_uint_gt(after.modseq, before.modseq);
	ck_ok(&f, set_one(&f, NULL, "/private/comment", S("of the account")));
	ck_ok(&f, gw_mbox_status(f.acct, sent, &after, &f.err));
	ck_assert_uint_eq(after.modseq, other.modseq);
	fixture_done(&f);
}
END_TEST

START_TEST(entries_are_kept_replaced_and_removed)
{
	struct gw_mbox_id inbox;
	struct fixture f;

	fixture_init(&f, _i == 1);
	inbox = fixture_box(&f, "INBOX");
	ck_ok(&f, set_one(&f, &inbox, "/private/comment", S("one")));
	ck_ok(&f, set_one(&f, &inbox, "/private/comment", S("two")));
	ck_ok(&f, set_one(&f, &inbox, "/shared/comment", gw_slice("", 0)));
	ck_ok(&f, set_one(&f, NULL, "/private/comment", S("of the account")));
	ck_assert_str_eq(get_one(&f, &inbox, "/private/comment"), "two");
	ck_assert_str_eq(get_one(&f, &inbox, "/shared/comment"), "");
	ck_assert_str_eq(get_one(&f, NULL, "/private/comment"), "of the account");
	ck_ok(&f, set_one(&f, &inbox, "/private/comment", NOTHING));
	ck_assert_str_eq(get_one(&f, &inbox, "/private/comment"), "-");
	ck_code(&f, set_one(&f, NULL, "/shared/comment", S("x")), GW_EACCES);
	fixture_done(&f);
}
END_TEST

START_TEST(they_go_with_their_mailbox)
{
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, _i == 1);
	ck_ok(&f, gw_acct_create(f.acct, S("a/b"), 0, &id, &f.err));
	ck_ok(&f, set_one(&f, &id, "/private/comment", S("x")));
	ck_ok(&f, gw_acct_rename(f.acct, S("a"), S("c"), &f.err));
	id = fixture_box(&f, "c/b");
	ck_assert_str_eq(get_one(&f, &id, "/private/comment"), "x");
	ck_ok(&f, gw_acct_delete(f.acct, S("c/b"), &f.err));
	ck_assert_str_eq(get_one(&f, &id, "/private/comment"), "-");
	ck_code(&f, set_one(&f, &id, "/private/comment", S("y")), GW_ENOENT);
	fixture_done(&f);
}
END_TEST

/* RFC 5464 3.3(e) */
START_TEST(a_renamed_inbox_leaves_copies_of_them_behind)
{
	struct gw_mbox_id inbox, old;
	struct fixture f;

	fixture_init(&f, _i == 1);
	inbox = fixture_box(&f, "INBOX");
	ck_ok(&f, set_one(&f, &inbox, "/private/comment", S("x")));
	ck_ok(&f, gw_acct_rename(f.acct, S("INBOX"), S("old"), &f.err));
	old = fixture_box(&f, "old");
	ck_assert_str_eq(get_one(&f, &inbox, "/private/comment"), "x");
	ck_assert_str_eq(get_one(&f, &old, "/private/comment"), "x");
	fixture_done(&f);
}
END_TEST

/* RFC 5464 3.3(a), 3.3(c) */
START_TEST(in_public_folders_private_ones_are_each_users_and_shared_ones_need_the_right)
{
	struct gw_mbox_id news;
	struct fixture f;

	public_init(&f, _i == 1);
	news = fixture_box(&f, NEWS);
	ck_ok(&f, set_one(&f, &news, "/private/comment", S("anna's")));
	ck_ok(&f, set_one(&f, &news, "/shared/comment", S("everybody's")));
	become(&f, "bert");
	ck_assert_str_eq(get_one(&f, &news, "/private/comment"), "-");
	ck_assert_str_eq(get_one(&f, &news, "/shared/comment"), "everybody's");
	ck_ok(&f, set_one(&f, &news, "/private/comment", S("bert's")));
	ck_code(&f, set_one(&f, &news, "/shared/comment", S("no")), GW_EACCES);
	become(&f, "anna");
	ck_assert_str_eq(get_one(&f, &news, "/private/comment"), "anna's");
	ck_assert_str_eq(get_one(&f, &news, "/shared/comment"), "everybody's");
	fixture_done(&f);
}
END_TEST

/* RFC 5464 4.3(e) */
START_TEST(all_or_none_are_set)
{
	const struct gw_metadata both[] = { { S("/private/a"), S("1") }, { S("/shared/a"), S("1") } };
	struct gw_mbox_id news;
	struct fixture f;

	public_init(&f, _i == 1);
	become(&f, "bert");
	news = fixture_box(&f, NEWS);
	ck_code(&f, gw_metadata_set(f.acct, &news, both, 2, &f.err), GW_EACCES);
	ck_assert_str_eq(get_one(&f, &news, "/private/a"), "-");
	become(&f, "anna");
	ck_ok(&f, gw_metadata_set(f.acct, &news, both, 2, &f.err));
	ck_assert_str_eq(get_one(&f, &news, "/private/a"), "1");
	ck_assert_str_eq(get_one(&f, &news, "/shared/a"), "1");
	fixture_done(&f);
}
END_TEST

START_TEST(a_mailbox_and_an_account_hold_so_many_and_no_more)
{
	static char large[GW_METADATA_VALUE_MAX];
	struct gw_mbox_id inbox;
	struct fixture f;
	unsigned n = 0;

	fixture_init(&f, _i == 1);
	inbox = fixture_box(&f, "INBOX");
	for (unsigned i = 0; i < GW_METADATA_ENTRIES_MAX; i++)
		ck_ok(&f, set_one(&f, &inbox, gw_arena_printf(&f.arena, "/private/e%u", i), S("x")));
	ck_code(&f, set_one(&f, &inbox, "/private/one-more", S("x")), GW_ELIMIT);
	ck_assert_str_eq(get_one(&f, &inbox, "/private/one-more"), "-");
	ck_ok(&f, set_one(&f, &inbox, "/private/e7", S("another value")));
	ck_ok(&f, set_one(&f, &inbox, "/private/e7", NOTHING));
	while (n < GW_METADATA_ENTRIES_MAX &&
	       set_one(&f, NULL, gw_arena_printf(&f.arena, "/private/e%u", n), gw_slice(large, sizeof large)) == 0)
		n++;
	ck_assert_uint_eq(n, GW_METADATA_ACCOUNT_MAX / sizeof large - 1);
	ck_ok(&f, set_one(&f, NULL, "/private/e0", NOTHING));
	ck_ok(&f, set_one(&f, NULL, "/private/e1", S("small")));
	fixture_done(&f);
}
END_TEST

START_TEST(marks_tell_changes)
{
	struct gw_metadata_mark *a = NULL, *b = NULL;
	struct gw_mbox_id news;
	size_t n_a = 0, n_b = 0;
	struct fixture f;

	public_init(&f, _i == 1);
	news = fixture_box(&f, NEWS);
	ck_ok(&f, set_one(&f, &news, "/shared/comment", S("one")));
	ck_ok(&f, set_one(&f, NULL, "/private/x", S("same")));
	become(&f, "bert");
	ck_ok(&f, gw_metadata_marks(f.acct, &f.arena, &a, &n_a, &f.err));
	ck_assert_uint_eq(n_a, 1); /* what is anna's is not bert's */
	ck_assert_uint_eq(a[0].id.space, news.space);
	become(&f, "anna");
	ck_ok(&f, set_one(&f, &news, "/shared/comment", S("two")));
	ck_ok(&f, gw_metadata_marks(f.acct, &f.arena, &b, &n_b, &f.err));
	ck_assert_uint_eq(n_b, 2);
	ck_assert_uint_ne(a[0].hash, b[1].hash);
	fixture_done(&f);
}
END_TEST

static TCase *tcase_all(void)
{
	TCase *t = tcase_create("metadata");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, entries_are_kept_replaced_and_removed, 0, 2);
	tcase_add_loop_test(t, annotations_are_changes_of_their_mailbox, 0, 2);
	tcase_add_loop_test(t, they_go_with_their_mailbox, 0, 2);
	tcase_add_loop_test(t, a_renamed_inbox_leaves_copies_of_them_behind, 0, 2);
	tcase_add_loop_test(t, in_public_folders_private_ones_are_each_users_and_shared_ones_need_the_right, 0, 2);
	tcase_add_loop_test(t, all_or_none_are_set, 0, 2);
	tcase_add_loop_test(t, a_mailbox_and_an_account_hold_so_many_and_no_more, 0, 2);
	tcase_add_loop_test(t, marks_tell_changes, 0, 2);
	return t;
}

UNIT_MAIN("metadata", tcase_all())

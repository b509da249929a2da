/* test_mailboxes.c - names, counters and subscriptions (store/account/tree.c, names.c) on both drivers */
#include "tests/unit/store/storetest.h"

static struct fixture f;

static void setup(bool memory)
{
	fixture_init(&f, memory);
}

#define BOTH(tc, test) tcase_add_loop_test(tc, test, 0, 2)

static unsigned attrs_of(const char *name)
{
	return fixture_find(&f, f.acct, name).attrs;
}

static int create(const char *name)
{
	struct gw_mbox_id id;

	return gw_acct_create(f.acct, gw_slice_str(name), 0, &id, &f.err);
}

/* RFC 8474 4(b) */
START_TEST(a_new_account_has_the_usual_mailboxes)
{
	struct gw_mailbox *v;
	size_t n;

	setup(_i);
	ck_ok(&f, gw_acct_list(f.acct, &f.arena, &v, &n, &f.err));
	ck_assert_uint_eq(n, 6);
	ck_assert_slice_eq(v[0].name, "INBOX");
	ck_assert_slice_eq(v[1].name, "Archive");
	ck_assert_uint_eq(attrs_of("inbox"), GW_MBOX_SUBSCRIBED);
	ck_assert_uint_eq(attrs_of("Drafts"), GW_MBOX_SUBSCRIBED | GW_MBOX_DRAFTS);
	ck_assert_uint_eq(attrs_of("Trash"), GW_MBOX_SUBSCRIBED | GW_MBOX_TRASH);
	for (size_t i = 0; i < n; i++) {
		ck_assert_uint_eq(v[i].uidnext, 1);
		ck_assert_uint_eq(v[i].modseq, 1);
		ck_assert_uint_gt(strlen(v[i].mailboxid), 8);
		for (size_t j = 0; j < i; j++) {
			ck_assert_uint_ne(v[i].uidvalidity, v[j].uidvalidity);
			ck_assert_str_ne(v[i].mailboxid, v[j].mailboxid);
		}
	}
	fixture_done(&f);
}
END_TEST

/* RFC 8474 4(c), 4(d) */
START_TEST(a_mailbox_takes_its_mailboxid_along_and_the_next_of_its_name_has_another)
{
	struct gw_mailbox was, moved, next, last;

	setup(_i);
	ck_ok(&f, create("a"));
	was = fixture_find(&f, f.acct, "a");
	ck_ok(&f, gw_acct_rename(f.acct, gw_slice_str("a"), gw_slice_str("b"), &f.err));
	moved = fixture_find(&f, f.acct, "b");
	ck_assert_str_eq(moved.mailboxid, was.mailboxid);
	ck_ok(&f, create("a"));
	next = fixture_find(&f, f.acct, "a");
	ck_assert_str_ne(next.mailboxid, was.mailboxid);
	ck_ok(&f, gw_acct_delete(f.acct, gw_slice_str("a"), &f.err));
	ck_ok(&f, create("a"));
	last = fixture_find(&f, f.acct, "a");
	ck_assert_str_ne(last.mailboxid, next.mailboxid);
	ck_assert_str_ne(last.mailboxid, was.mailboxid);
	fixture_done(&f);
}
END_TEST

START_TEST(create_makes_missing_parents)
{
	setup(_i);
	ck_ok(&f, create("a/b/c"));
	ck_assert_uint_eq(attrs_of("a"), GW_MBOX_CHILDREN);
	ck_assert_uint_eq(attrs_of("a/b"), GW_MBOX_CHILDREN);
	ck_assert_uint_eq(attrs_of("a/b/c"), 0);
	ck_code(&f, create("a/b"), GW_EEXIST);
	ck_code(&f, create("Inbox"), GW_EEXIST);
	ck_ok(&f, create("inbox/x"));
	ck_assert_uint_eq(attrs_of("INBOX/x"), 0);
	fixture_done(&f);
}
END_TEST

START_TEST(bad_names_are_refused)
{
	static const char *const bad[] = { "", "/", "/a", "a/", "a//b", ".", "..", "../x", "a/../b", "a\nb", "a\x7f",
		"a\xff", "\xed\xa0\x80", "a\xc2\x85",
		("a\xe2\x80\xa8"
		 "b") };
	char longest[GW_MAILBOX_NAME_MAX + 2], deep[2 * 52];

	setup(_i);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_code(&f, create(bad[i]), GW_EINVAL);
	memset(longest, 'x', sizeof longest);
	longest[GW_MAILBOX_NAME_MAX + 1] = '\0';
	ck_code(&f, create(longest), GW_ELIMIT);
	longest[GW_MAILBOX_NAME_MAX] = '\0';
	ck_ok(&f, create(longest));
	longest[GW_MAILBOX_NAME_MAX - 1] = '\0';
	ck_ok(&f, create(longest));
	for (size_t i = 0; i < sizeof deep; i += 2)
		memcpy(deep + i, "d/", 2);
	deep[2 * 51 - 1] = '\0';
	ck_code(&f, create(deep), GW_ELIMIT);
	deep[2 * 50 - 1] = '\0';
	ck_ok(&f, create(deep));
	fixture_done(&f);
}
END_TEST

/* RFC 3501 6.3.4 */
START_TEST(delete_keeps_the_name_for_its_children)
{
	struct gw_mailbox m;
	struct gw_mbox_id old;

	setup(_i);
	ck_ok(&f, create("a/b"));
	old = fixture_box(&f, "a");
	append_text(&f, old, GW_S("Subject: x\r\n\r\ny"), 0);
	ck_ok(&f, gw_acct_delete(f.acct, GW_S("a"), &f.err));
	ck_assert_uint_eq(attrs_of("a"), GW_MBOX_NOSELECT | GW_MBOX_CHILDREN);
	ck_code(&f, gw_mbox_status(f.acct, old, &m, &f.err), GW_ENOENT);
	ck_code(&f, gw_acct_delete(f.acct, GW_S("a"), &f.err), GW_EINVAL);
	ck_ok(&f, create("a"));
	ck_assert_uint_eq(attrs_of("a"), GW_MBOX_CHILDREN);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "a").messages, 0);
	ck_ok(&f, gw_acct_delete(f.acct, GW_S("a/b"), &f.err));
	ck_ok(&f, gw_acct_delete(f.acct, GW_S("a"), &f.err));
	ck_code(&f, gw_acct_delete(f.acct, GW_S("a"), &f.err), GW_ENOENT);
	ck_code(&f, gw_acct_delete(f.acct, GW_S("INBOX"), &f.err), GW_EACCES);
	fixture_done(&f);
}
END_TEST

START_TEST(a_name_used_again_has_another_uidvalidity)
{
	uint32_t first;
	struct gw_mbox_id id;

	setup(_i);
	ck_ok(&f, create("x"));
	first = fixture_find(&f, f.acct, "x").uidvalidity;
	id = fixture_box(&f, "x");
	ck_ok(&f, gw_acct_delete(f.acct, GW_S("x"), &f.err));
	ck_ok(&f, create("x"));
	ck_assert_uint_gt(fixture_find(&f, f.acct, "x").uidvalidity, first);
	ck_assert_uint_ne(fixture_box(&f, "x").id, id.id);
	fixture_done(&f);
}
END_TEST

START_TEST(rename_takes_children_along)
{
	struct gw_mbox_id id;

	setup(_i);
	ck_ok(&f, create("a/b/c"));
	ck_ok(&f, create("a-b"));
	id = fixture_box(&f, "a/b/c");
	ck_code(&f, gw_acct_rename(f.acct, GW_S("a"), GW_S("a/b/d"), &f.err), GW_EINVAL);
	ck_code(&f, gw_acct_rename(f.acct, GW_S("a"), GW_S("a-b"), &f.err), GW_EEXIST);
	ck_code(&f, gw_acct_rename(f.acct, GW_S("zz"), GW_S("y"), &f.err), GW_ENOENT);
	ck_ok(&f, gw_acct_rename(f.acct, GW_S("a"), GW_S("new/place"), &f.err));
	ck_assert_uint_eq(fixture_box(&f, "new/place/b/c").id, id.id);
	ck_assert_uint_eq(attrs_of("new"), GW_MBOX_CHILDREN);
	ck_assert_uint_eq(attrs_of("a-b"), 0);
	ck_code(&f, gw_acct_delete(f.acct, GW_S("a"), &f.err), GW_ENOENT);
	fixture_done(&f);
}
END_TEST

/* RFC 3501 6.3.5 */
START_TEST(rename_of_inbox_moves_its_messages)
{
	struct gw_mailbox m;

	setup(_i);
	ck_ok(&f, create("INBOX/sub"));
	append_many(&f, fixture_box(&f, "INBOX"), 0, 300);
	ck_ok(&f, gw_acct_rename(f.acct, GW_S("INBOX"), GW_S("old/mail"), &f.err));
	m = fixture_find(&f, f.acct, "INBOX");
	ck_assert_uint_eq(m.messages, 0);
	ck_assert_uint_eq(m.uidnext, 301);
	ck_assert_uint_eq(attrs_of("INBOX/sub"), 0);
	m = fixture_find(&f, f.acct, "old/mail");
	ck_assert_uint_eq(m.messages, 300);
	ck_assert_uint_eq(m.unseen, 300);
	ck_assert_slice_eq(fixture_body(&f, m.id, 300), test_message(&f.arena, 299).p);
	fixture_done(&f);
}
END_TEST

/* RFC 3501 6.3.6: a name may be subscribed that does not exist */
START_TEST(subscriptions_outlive_mailboxes)
{
	struct gw_mailbox *v;
	size_t n, i;

	setup(_i);
	ck_ok(&f, gw_acct_subscribe(f.acct, GW_S("gone/far"), true, &f.err));
	ck_ok(&f, gw_acct_subscribe(f.acct, GW_S("gone/far"), true, &f.err));
	ck_ok(&f, gw_acct_subscribe(f.acct, GW_S("Sent"), false, &f.err));
	ck_ok(&f, gw_acct_list(f.acct, &f.arena, &v, &n, &f.err));
	for (i = 0; i < n && !gw_slice_eq(v[i].name, GW_S("gone")); i++)
		;
	ck_assert_uint_lt(i + 1, n);
	ck_assert_uint_eq(v[i].attrs, GW_MBOX_NONEXISTENT);
	ck_assert_slice_eq(v[i + 1].name, "gone/far");
	ck_assert_uint_eq(v[i + 1].attrs, GW_MBOX_NONEXISTENT | GW_MBOX_SUBSCRIBED);
	ck_assert_uint_eq(attrs_of("Sent"), GW_MBOX_SENT);
	fixture_done(&f);
}
END_TEST

START_TEST(a_special_use_belongs_to_one_mailbox)
{
	struct gw_mbox_id id;

	setup(_i);
	ck_code(&f, gw_acct_create(f.acct, GW_S("Spam"), GW_MBOX_JUNK, &id, &f.err), GW_EINVAL);
	ck_ok(&f, gw_acct_delete(f.acct, GW_S("Junk"), &f.err));
	ck_ok(&f, gw_acct_create(f.acct, GW_S("Spam"), GW_MBOX_JUNK, &id, &f.err));
	ck_assert_uint_eq(attrs_of("Spam"), GW_MBOX_JUNK);
	ck_code(&f, gw_acct_create(f.acct, GW_S("All"), GW_MBOX_ALL, &id, &f.err), GW_EINVAL); /* it would not show all */
	fixture_done(&f);
}
END_TEST

START_TEST(the_list_is_the_same_after_reopening)
{
	fixture_init(&f, false);
	ck_ok(&f, create("x/y"));
	append_many(&f, fixture_box(&f, "x/y"), 0, 3);
	fixture_reopen(&f);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "x/y").messages, 3);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "x/y").recent, 3);
	fixture_done(&f);
}
END_TEST

START_TEST(unknown_schemes_are_refused_with_a_sentence)
{
	struct gw_store_options opt = { .url = "http://localhost:236", .clock = &test_clock };
	struct gw_store *s;
	struct gw_err err;

	ck_assert_int_eq(gw_store_open(&opt, &s, &err), GW_ENOTSUP);
	ck_assert_ptr_nonnull(strstr(err.text, "http"));
	opt.url = "nonsense";
	ck_assert_int_eq(gw_store_open(&opt, &s, &err), GW_EINVAL);
	opt.url = "local:relative/path";
	ck_assert_int_eq(gw_store_open(&opt, &s, &err), GW_EINVAL);
}
END_TEST

static TCase *tcase_mailboxes(void)
{
	TCase *tc = tcase_create("mailboxes");

	tcase_set_timeout(tc, 30);
	BOTH(tc, a_new_account_has_the_usual_mailboxes);
	BOTH(tc, a_mailbox_takes_its_mailboxid_along_and_the_next_of_its_name_has_another);
	BOTH(tc, create_makes_missing_parents);
	BOTH(tc, bad_names_are_refused);
	BOTH(tc, delete_keeps_the_name_for_its_children);
	BOTH(tc, a_name_used_again_has_another_uidvalidity);
	BOTH(tc, rename_takes_children_along);
	BOTH(tc, rename_of_inbox_moves_its_messages);
	BOTH(tc, subscriptions_outlive_mailboxes);
	BOTH(tc, a_special_use_belongs_to_one_mailbox);
	tcase_add_test(tc, the_list_is_the_same_after_reopening);
	tcase_add_test(tc, unknown_schemes_are_refused_with_a_sentence);
	return tc;
}

UNIT_MAIN("store/mailboxes", tcase_mailboxes())

/* test_annotate.c - annotations of messages (RFC 5257): whose they are, what becomes of them, and their limits */
#include "tests/unit/store/storetest.h"

#define S(x)    gw_slice_str(x)
#define NEWS    "Public folders/News"
#define NOTHING ((struct gw_slice){ 0 })
#define PRIV    false
#define SHARED  true

static struct fixture f;

static int annotate(struct gw_mbox_id id, uint32_t lo, uint32_t hi, const char *name, bool shared, struct gw_slice value)
{
	const struct gw_annotation v = { S(name), shared, value };
	const struct gw_annotation_change c = { .v = &v, .n = 1 };
	struct gw_set uids;
	int rc;

	set_of(&uids, lo, hi);
	rc = gw_mbox_annotate(f.acct, id, &uids, &c, NULL, &f.err);
	gw_set_done(&uids);
	return rc;
}

/* What a cursor shows of the message with this UID: "/comment priv=x /comment shared=y" */
static const char *shown(struct gw_mbox_id id, uint32_t uid)
{
	struct gw_index *ix = fixture_index(&f, id);
	struct gw_fetch *cursor = NULL;
	struct gw_message m;
	struct gw_set uids, seqs;
	const char *text = "";
	bool gone = false;

	set_of(&uids, uid, uid);
	gw_set_init(&seqs);
	gw_index_seqs(ix, &uids, &seqs);
	ck_ok(&f, gw_fetch_open(f.acct, id, ix, &seqs, GW_WANT_ANNOTATIONS, &cursor, &f.err));
	ck_assert_int_eq(gw_fetch_next(cursor, &m, &gone, &f.err), 1);
	for (size_t i = 0; i < m.n_annotations; i++)
		text = gw_arena_printf(&f.arena, "%s%s%.*s %s=%.*s", text, i ? " " : "", GW_FMT(m.annotation[i].name),
			m.annotation[i].shared ? "shared" : "priv", GW_FMT(m.annotation[i].value));
	gw_fetch_close(cursor);
	gw_index_unref(ix);
	gw_set_done(&uids);
	gw_set_done(&seqs);
	return text;
}

static uint64_t modseq_of(struct gw_mbox_id id, uint32_t uid)
{
	struct gw_index *ix = fixture_index(&f, id);
	const struct gw_entry *e = gw_index_at(ix, gw_index_lower(ix, uid));
	uint64_t modseq = e->modseq;

	ck_assert_uint_eq(e->uid, uid);
	gw_index_unref(ix);
	return modseq;
}

static uint64_t size_now(void)
{
	uint64_t n = 0;

	ck_ok(&f, gw_acct_annotation_size(f.acct, &n, &f.err));
	return n;
}

/* Names that changed after modseq: "1:/comment 2:/comment" */
static const char *changed(struct gw_mbox_id id, uint64_t modseq)
{
	struct gw_annotated *v = NULL;
	const char *text = "";
	struct gw_set uids;
	size_t n = 0;

	set_of(&uids, 1, 1000);
	ck_ok(&f, gw_mbox_annotated(f.acct, id, &uids, modseq, &f.arena, &v, &n, &f.err));
	for (size_t i = 0; i < n; i++)
		text = gw_arena_printf(&f.arena, "%s%s%u:%.*s", text, i ? " " : "", v[i].uid, GW_FMT(v[i].name));
	gw_set_done(&uids);
	return text;
}

static void become(const char *user)
{
	gw_acct_close(f.acct);
	f.acct = fixture_acct(&f, user);
}

/* INBOX with three messages. */
static struct gw_mbox_id begin(int i)
{
	struct gw_mbox_id inbox;

	fixture_init(&f, i == 1);
	inbox = fixture_box(&f, "INBOX");
	append_many(&f, inbox, 1, 3);
	return inbox;
}

/* anna and bert, with a public folder of which bert may read only; it has two messages. */
static struct gw_mbox_id begin_public(int i)
{
	struct gw_mbox_id news;

	fixture_public(&f, i == 1, "News");
	ck_ok(&f, gw_admin_public_grant(f.store, S("News"), S("anna"), GW_RIGHT_READ | GW_RIGHT_WRITE | GW_RIGHT_DELETE, &f.err));
	ck_ok(&f, gw_admin_public_grant(f.store, S("News"), S("bert"), GW_RIGHT_READ, &f.err));
	news = fixture_box(&f, NEWS);
	append_many(&f, news, 1, 2);
	return news;
}

static void copy(struct gw_mbox_id from, uint32_t uid, struct gw_mbox_id to, bool move)
{
	struct gw_copied done = { 0 };
	struct gw_set uids;

	set_of(&uids, uid, uid);
	ck_ok(&f, gw_mbox_copy(f.acct, from, &uids, to, move, &done, &f.err));
	gw_copied_done(&done);
	gw_set_done(&uids);
}

/* RFC 5257 1(a) */
START_TEST(values_are_kept_replaced_and_removed)
{
	struct gw_mbox_id inbox = begin(_i);

	ck_ok(&f, annotate(inbox, 1, 2, "/comment", PRIV, S("one")));
	ck_ok(&f, annotate(inbox, 2, 2, "/comment", PRIV, S("two")));
	ck_ok(&f, annotate(inbox, 2, 9, "/altsubject", SHARED, gw_slice("", 0)));
	if (!f.memory) {
		fixture_reopen(&f);
		inbox = fixture_box(&f, "INBOX");
	}
	ck_assert_str_eq(shown(inbox, 1), "/comment priv=one");
	ck_assert_str_eq(shown(inbox, 2), "/altsubject shared= /comment priv=two");
	ck_assert_str_eq(shown(inbox, 3), "/altsubject shared=");
	ck_ok(&f, annotate(inbox, 2, 2, "/altsubject", SHARED, NOTHING));
	ck_assert_str_eq(shown(inbox, 2), "/comment priv=two");
	fixture_done(&f);
}
END_TEST

START_TEST(a_change_raises_the_modseq_of_the_messages_it_changes_and_of_no_other)
{
	struct gw_mbox_id inbox = begin(_i);
	uint64_t one, two, three = modseq_of(inbox, 3);
	struct gw_mailbox mb;

	ck_ok(&f, annotate(inbox, 1, 2, "/comment", PRIV, S("x")));
	one = modseq_of(inbox, 1);
	ck_assert_uint_gt(one, three);
	ck_ok(&f, annotate(inbox, 1, 1, "/comment", PRIV, S("x")));
	ck_ok(&f, annotate(inbox, 3, 3, "/comment", PRIV, NOTHING));
	ck_assert_uint_eq(modseq_of(inbox, 1), one);
	ck_assert_uint_eq(modseq_of(inbox, 3), three);
	ck_ok(&f, annotate(inbox, 2, 2, "/comment", PRIV, NOTHING));
	two = modseq_of(inbox, 2);
	ck_assert_uint_gt(two, one);
	ck_ok(&f, gw_mbox_status(f.acct, inbox, &mb, &f.err));
	ck_assert_uint_eq(mb.modseq, two);
	ck_assert_str_eq(changed(inbox, three), "1:/comment 2:/comment");
	ck_assert_str_eq(changed(inbox, one), "2:/comment");
	ck_assert_str_eq(changed(inbox, two), "");
	fixture_done(&f);
}
END_TEST

/* RFC 7162 3.1.3 */
START_TEST(a_condition_leaves_messages_alone_that_have_changed_since)
{
	struct gw_mbox_id inbox = begin(_i);
	const struct gw_annotation v = { S("/comment"), PRIV, S("late") };
	struct gw_annotation_change c = { .v = &v, .n = 1, .conditional = true, .unchanged_since = modseq_of(inbox, 3) };
	struct gw_set uids, modified;

	ck_ok(&f, annotate(inbox, 2, 2, "/comment", PRIV, S("first")));
	set_of(&uids, 1, 2);
	gw_set_init(&modified);
	ck_ok(&f, gw_mbox_annotate(f.acct, inbox, &uids, &c, &modified, &f.err));
	ck_assert_uint_eq(gw_set_count(&modified), 1);
	ck_assert(gw_set_has(&modified, 2));
	ck_assert_str_eq(shown(inbox, 1), "/comment priv=late");
	ck_assert_str_eq(shown(inbox, 2), "/comment priv=first");
	gw_set_done(&uids);
	gw_set_done(&modified);
	fixture_done(&f);
}
END_TEST

START_TEST(they_go_with_their_message_and_end_with_it)
{
	struct gw_mbox_id inbox = begin(_i), other, old;
	struct gw_set uids;

	ck_ok(&f, gw_acct_create(f.acct, S("other"), 0, &other, &f.err));
	ck_ok(&f, annotate(inbox, 1, 3, "/comment", PRIV, S("abc")));
	ck_assert_uint_eq(size_now(), 3 * 11);
	copy(inbox, 1, other, false);
	copy(inbox, 2, other, true);
	copy(inbox, 3, inbox, false);
	ck_assert_str_eq(shown(inbox, 1), "/comment priv=abc");
	ck_assert_str_eq(shown(inbox, 4), "/comment priv=abc");
	ck_assert_str_eq(shown(other, 1), "/comment priv=abc");
	ck_assert_str_eq(shown(other, 2), "/comment priv=abc");
	ck_assert_uint_eq(size_now(), 5 * 11);
	set_of(&uids, 1, 1);
	ck_ok(&f, gw_mbox_remove(f.acct, inbox, &uids, NULL, &f.err));
	gw_set_done(&uids);
	ck_assert_uint_eq(size_now(), 4 * 11);
	ck_ok(&f, gw_acct_delete(f.acct, S("other"), &f.err));
	ck_assert_uint_eq(size_now(), 2 * 11);
	ck_ok(&f, gw_acct_rename(f.acct, S("INBOX"), S("old"), &f.err));
	old = fixture_box(&f, "old");
	ck_assert_str_eq(shown(old, 1), "/comment priv=abc");
	ck_assert_uint_eq(size_now(), 2 * 11);
	fixture_done(&f);
}
END_TEST

START_TEST(a_message_comes_with_some_or_replaces_one_and_has_only_its_own)
{
	const struct gw_annotation v[] = { { S("/comment"), PRIV, S("p") }, { S("/comment"), SHARED, S("s") } };
	struct gw_mbox_id inbox = begin(_i);
	struct gw_appended done;
	struct gw_append *ap;

	ck_ok(&f, annotate(inbox, 2, 2, "/altsubject", PRIV, S("gone")));
	for (int i = 0; i < 2; i++) {
		ck_ok(&f, gw_append_open(f.acct, 8, &ap, &f.err));
		ck_ok(&f, gw_append_write(ap, S("A: b\r\n\r\n"), &f.err));
		gw_append_set(ap, 0, NULL, 0, INT64_MIN);
		gw_append_annotate(ap, v, 2);
		if (i == 0)
			ck_ok(&f, gw_append_commit(f.acct, inbox, &ap, 1, &done, &f.err));
		else
			ck_ok(&f, gw_append_replace(f.acct, inbox, ap, inbox, 2, &done, &f.err));
		gw_append_close(ap);
		ck_assert_str_eq(shown(inbox, done.uid_first), "/comment priv=p /comment shared=s");
	}
	ck_assert_uint_eq(size_now(), 4 * 9);
	fixture_done(&f);
}
END_TEST

/* RFC 5257 3.4(a), 3.4(c), 4.6(a), 4.6(b) */
START_TEST(in_public_folders_each_has_his_own_and_shared_ones_need_the_right)
{
	struct gw_mbox_id news = begin_public(_i), inbox;

	ck_ok(&f, annotate(news, 1, 1, "/comment", PRIV, S("anna's")));
	ck_ok(&f, annotate(news, 1, 1, "/comment", SHARED, S("all's")));
	become("bert");
	ck_assert_str_eq(shown(news, 1), "/comment shared=all's");
	ck_ok(&f, annotate(news, 1, 1, "/comment", PRIV, S("bert's")));
	ck_code(&f, annotate(news, 1, 1, "/comment", SHARED, S("no")), GW_EACCES);
	ck_assert_str_eq(shown(news, 1), "/comment shared=all's /comment priv=bert's");
	inbox = fixture_box(&f, "INBOX");
	copy(news, 1, inbox, false);
	ck_assert_str_eq(shown(inbox, 1), "/comment priv=bert's /comment shared=all's");
	become("anna");
	ck_assert_str_eq(changed(news, 1), "1:/comment");
	inbox = fixture_box(&f, "INBOX");
	copy(news, 1, news, false);
	copy(news, 1, inbox, true);
	copy(inbox, 1, news, false);
	ck_assert_str_eq(shown(inbox, 1), "/comment priv=anna's /comment shared=all's");
	ck_assert_str_eq(shown(news, 3), "/comment shared=all's /comment priv=anna's");
	ck_assert_str_eq(shown(news, 4), "/comment shared=all's /comment priv=anna's");
	become("bert");
	ck_assert_str_eq(shown(news, 3), "/comment shared=all's");
	fixture_done(&f);
}
END_TEST

START_TEST(a_message_and_an_account_hold_so_many_and_no_more)
{
	static char large[GW_ANNOTATION_VALUE_MAX + 1];
	struct gw_mbox_id inbox = begin(_i);
	unsigned n = 0;

	for (unsigned i = 0; i < GW_ANNOTATIONS_MAX; i++)
		ck_ok(&f, annotate(inbox, 1, 1, gw_arena_printf(&f.arena, "/vendor/e%u", i), PRIV, S("x")));
	ck_code(&f, annotate(inbox, 1, 1, "/vendor/more", PRIV, S("x")), GW_ELIMIT);
	ck_ok(&f, annotate(inbox, 1, 1, "/vendor/more", SHARED, S("x")));
	ck_ok(&f, annotate(inbox, 1, 1, "/vendor/e7", PRIV, S("another")));
	ck_ok(&f, annotate(inbox, 1, 1, "/vendor/e7", PRIV, NOTHING));
	ck_ok(&f, annotate(inbox, 1, 1, "/vendor/more", PRIV, S("x")));
	ck_ok(&f, annotate(inbox, 2, 2, "/comment", PRIV, gw_slice(large, sizeof large - 1)));
	ck_code(&f, annotate(inbox, 2, 2, "/comment", PRIV, gw_slice(large, sizeof large)), GW_ELIMIT);
	append_many(&f, inbox, 4, 60);
	while (n < GW_ANNOTATIONS_MAX &&
	       annotate(inbox, 4, 63, gw_arena_printf(&f.arena, "/vendor/e%u", n), PRIV, gw_slice(large, sizeof large - 1)) == 0)
		n++;
	ck_assert_uint_eq(n, GW_ANNOTATION_ACCOUNT_MAX / (60 * GW_ANNOTATION_VALUE_MAX) - (n * 60 * 10 > 32768));
	ck_assert_uint_le(size_now(), GW_ANNOTATION_ACCOUNT_MAX);
	ck_ok(&f, annotate(inbox, 4, 63, "/vendor/e0", PRIV, NOTHING));
	ck_ok(&f, annotate(inbox, 4, 63, "/vendor/e1", PRIV, S("small")));
	fixture_done(&f);
}
END_TEST

/* RFC 9208 5.4: a message that is moved brings nothing new, nor does one that has no annotations */
START_TEST(with_a_quota_that_is_used_up_messages_can_be_moved_and_those_without_any_copied)
{
	const struct gw_limits limits = { .annotations = 15 };
	struct gw_mbox_id inbox = begin(_i), other;
	struct gw_copied done = { 0 };
	struct gw_set uids;

	ck_ok(&f, gw_acct_create(f.acct, S("other"), 0, &other, &f.err));
	ck_ok(&f, annotate(inbox, 1, 2, "/comment", PRIV, S("abc")));
	ck_ok(&f, gw_admin_user_quota(f.store, S("anna"), &limits, &f.err));
	copy(inbox, 1, other, true);
	ck_assert_str_eq(shown(other, 1), "/comment priv=abc");
	copy(other, 1, other, true);
	ck_assert_str_eq(shown(other, 2), "/comment priv=abc");
	copy(inbox, 3, other, false);
	ck_assert_str_eq(shown(other, 3), "");
	set_of(&uids, 2, 2);
	ck_code(&f, gw_mbox_copy(f.acct, inbox, &uids, other, false, &done, &f.err), GW_EQUOTA);
	gw_copied_done(&done);
	gw_set_done(&uids);
	ck_assert_uint_eq(size_now(), 2 * 11);
	ck_assert_str_eq(changed(other, 0), "");
	fixture_done(&f);
}
END_TEST

START_TEST(names_that_were_removed_are_not_remembered_for_ever)
{
	struct gw_mbox_id inbox = begin(_i);
	unsigned names = 0;

	for (unsigned i = 0; i < 100; i++) {
		const char *name = gw_arena_printf(&f.arena, "/vendor/e%u", i);

		ck_ok(&f, annotate(inbox, 1, 1, name, PRIV, S("x")));
		ck_ok(&f, annotate(inbox, 1, 1, name, PRIV, NOTHING));
	}
	for (const char *p = changed(inbox, 1); *p; p++)
		names += *p == ':';
	ck_assert_uint_ge(names, 10);
	ck_assert_uint_le(names, 20);
	ck_assert_str_eq(shown(inbox, 1), "");
	ck_assert_uint_eq(size_now(), 0);
	fixture_done(&f);
}
END_TEST

static void sql(const char *text)
{
	char *dir = gw_local_account_dir(gw_local_store(f.store), 1);
	sqlite3 *db = NULL;

	ck_assert_int_eq(sqlite3_open(gw_arena_printf(&f.arena, "%s/mail.db", dir), &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
	free(dir);
}

static uint64_t problems(bool repair)
{
	const struct gw_maint m = { .user = GW_S("anna") };
	struct gw_maint_report r = { 0 };

	ck_ok(&f, repair ? gw_admin_repair(f.store, &m, &r, &f.err) : gw_admin_check(f.store, &m, &r, &f.err));
	return r.problems;
}

START_TEST(a_check_finds_those_of_no_message_and_a_wrong_sum)
{
	struct gw_mbox_id inbox = begin(0);

	ck_ok(&f, annotate(inbox, 1, 1, "/comment", PRIV, S("abc")));
	ck_assert_uint_eq(problems(false), 0);
	sql("INSERT INTO annotation VALUES((SELECT id FROM mailbox WHERE name='INBOX'),77,'/comment',-1,1,x'00');"
	    "INSERT INTO annotation VALUES(4711,1,'/comment',-1,1,x'00'); UPDATE annotated SET size=5");
	ck_assert_uint_eq(problems(false), 3);
	problems(true);
	ck_assert_uint_eq(problems(false), 0);
	ck_assert_str_eq(shown(inbox, 1), "/comment priv=abc");
	ck_assert_uint_eq(size_now(), 11);
	fixture_done(&f);
}
END_TEST

static TCase *tcase_all(void)
{
	TCase *t = tcase_create("annotate");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, values_are_kept_replaced_and_removed, 0, 2);
	tcase_add_loop_test(t, a_change_raises_the_modseq_of_the_messages_it_changes_and_of_no_other, 0, 2);
	tcase_add_loop_test(t, a_condition_leaves_messages_alone_that_have_changed_since, 0, 2);
	tcase_add_loop_test(t, they_go_with_their_message_and_end_with_it, 0, 2);
	tcase_add_loop_test(t, a_message_comes_with_some_or_replaces_one_and_has_only_its_own, 0, 2);
	tcase_add_loop_test(t, in_public_folders_each_has_his_own_and_shared_ones_need_the_right, 0, 2);
	tcase_add_loop_test(t, a_message_and_an_account_hold_so_many_and_no_more, 0, 2);
	tcase_add_loop_test(t, with_a_quota_that_is_used_up_messages_can_be_moved_and_those_without_any_copied, 0, 2);
	tcase_add_loop_test(t, names_that_were_removed_are_not_remembered_for_ever, 0, 2);
	tcase_add_test(t, a_check_finds_those_of_no_message_and_a_wrong_sum);
	return t;
}

UNIT_MAIN("annotate", tcase_all())

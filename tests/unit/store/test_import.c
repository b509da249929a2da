/* test_import.c - mail from elsewhere: numbers and names are kept, nothing comes twice, nothing comes back */
#include "tests/unit/store/storetest.h"

#include <sqlite3.h>

#include "store/admin.h"
#include "store/import.h"

static struct fixture f;

#define BOTH(tc, test) tcase_add_loop_test(tc, test, 0, 2)
#define SOURCE GW_S("maildir:/srv/anna")
#define KEYS 16

static struct gw_import_folder folder(const char *name, uint32_t uidvalidity)
{
	return (struct gw_import_folder){
		.source = SOURCE, .name = gw_slice_str(name), .uidvalidity = uidvalidity, .selectable = true
	};
}

static struct gw_import_into into(const struct gw_import_folder *folder)
{
	struct gw_import_into ret;

	ck_ok(&f, gw_import_folder(f.acct, folder, &ret, &f.err));
	return ret;
}

static struct gw_slice key_of(int number)
{
	return gw_slice_str(gw_arena_printf(&f.arena, "key.%d", number));
}

/* Message `number` with this UID; keyword may be NULL. */
static struct gw_import_message message(int number, uint32_t uid, uint64_t flags, const char *keyword)
{
	struct gw_import_message m = { .key = key_of(number), .uid = uid };
	struct gw_slice k = gw_slice_str(keyword);

	ck_ok(&f, gw_append_open(f.acct, GW_APPEND_UNKNOWN, &m.append, &f.err));
	gw_append_set(m.append, flags, &k, keyword != NULL, 1600000000 + number);
	ck_ok(&f, gw_append_write(m.append, test_message(&f.arena, number), &f.err));
	return m;
}

static struct gw_import_message import_one(const struct gw_import_into *to, int number, uint32_t uid)
{
	struct gw_import_message m = message(number, uid, 0, NULL);

	ck_ok(&f, gw_import_commit(f.acct, to, &m, 1, &f.err));
	gw_append_close(m.append);
	return m;
}

static bool known(const struct gw_import_into *to, int number)
{
	struct gw_slice key = key_of(number);
	bool ret;

	ck_ok(&f, gw_import_known(f.acct, to, &key, 1, &ret, &f.err));
	return ret;
}

/* Problems that a check finds. */
static uint64_t problems(void)
{
	const struct gw_maint m = { .user = GW_S("anna") };
	struct gw_maint_report r = { 0 };

	ck_ok(&f, gw_admin_check(f.store, &m, &r, &f.err));
	return r.problems;
}

static uint32_t uid_at(struct gw_mbox_id id, uint32_t seq)
{
	struct gw_index *ix = fixture_index(&f, id);
	uint32_t uid = gw_index_at(ix, seq)->uid;

	gw_index_unref(ix);
	return uid;
}

static uint32_t count(struct gw_mbox_id id)
{
	struct gw_mailbox mb;

	ck_ok(&f, gw_mbox_status(f.acct, id, &mb, &f.err));
	return mb.messages;
}

START_TEST(an_empty_mailbox_takes_on_the_numbers_of_the_source)
{
	const struct gw_import_folder inbox = folder("INBOX", 77);
	struct gw_import_into to;
	struct gw_mailbox mb;

	fixture_init(&f, _i);
	to = into(&inbox);
	ck_assert(to.keeps_uids && !to.created);
	ck_assert(!import_one(&to, 1, 5).renumbered);
	ck_assert(!import_one(&to, 2, 90000).renumbered);
	ck_ok(&f, gw_import_finish(f.acct, &to, 100000, &f.err));
	mb = fixture_find(&f, f.acct, "INBOX");
	ck_assert_uint_eq(mb.uidvalidity, 77);
	ck_assert_uint_eq(mb.uidnext, 100000);
	ck_assert_uint_eq(mb.messages, 2);
	ck_assert_uint_eq(mb.recent, 0);
	ck_assert_uint_eq(uid_at(to.id, 1), 5);
	ck_assert_uint_eq(uid_at(to.id, 2), 90000);
	ck_assert_slice_eq(fixture_body(&f, to.id, 90000), test_message(&f.arena, 2).p);
	ck_assert_uint_eq(problems(), 0);
	fixture_done(&f);
}
END_TEST

START_TEST(a_mailbox_with_mail_keeps_its_own_numbers)
{
	const struct gw_import_folder inbox = folder("INBOX", 77);
	struct gw_import_into to;
	struct gw_mailbox before;

	fixture_init(&f, _i);
	append_many(&f, fixture_box(&f, "INBOX"), 100, 3);
	before = fixture_find(&f, f.acct, "INBOX");
	to = into(&inbox);
	ck_assert(!to.keeps_uids);
	ck_assert(import_one(&to, 1, 500).renumbered);
	ck_assert_uint_eq(uid_at(to.id, 4), 4);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").uidvalidity, before.uidvalidity);
	fixture_done(&f);
}
END_TEST

START_TEST(a_number_that_was_used_up_meanwhile_is_not_given_twice)
{
	const struct gw_import_folder inbox = folder("INBOX", 77);
	struct gw_import_into to;

	fixture_init(&f, _i);
	to = into(&inbox);
	import_one(&to, 1, 10);
	append_many(&f, to.id, 100, 1); /* takes 11 */
	ck_assert(import_one(&to, 2, 11).renumbered);
	ck_assert(!import_one(&to, 3, 20).renumbered);
	ck_assert_uint_eq(uid_at(to.id, 3), 12);
	ck_assert_uint_eq(uid_at(to.id, 4), 20);
	ck_assert_uint_eq(problems(), 0);
	fixture_done(&f);
}
END_TEST

START_TEST(what_was_imported_is_known_and_not_taken_twice)
{
	const struct gw_import_folder inbox = folder("INBOX", 77), other = folder("Other", 77);
	struct gw_import_message again;
	struct gw_import_into to;

	fixture_init(&f, _i);
	to = into(&inbox);
	ck_assert(!known(&to, 1));
	import_one(&to, 1, 1);
	to = into(&inbox);
	ck_assert(known(&to, 1));
	ck_assert(!known(&to, 2));
	again = import_one(&to, 1, 1);
	ck_assert_int_eq(again.rc, GW_EEXIST);
	ck_assert_uint_eq(count(to.id), 1);
	to = into(&other);
	ck_assert(to.created);
	ck_assert(!known(&to, 1));
	fixture_done(&f);
}
END_TEST

START_TEST(removed_messages_do_not_come_back_until_the_map_is_forgotten)
{
	struct gw_import_folder inbox = folder("INBOX", 77);
	struct gw_import_into to;
	struct gw_set uids;

	fixture_init(&f, _i);
	to = into(&inbox);
	import_one(&to, 1, 1);
	set_of(&uids, 1, 1);
	ck_ok(&f, gw_mbox_remove(f.acct, to.id, &uids, NULL, &f.err));
	gw_set_done(&uids);
	to = into(&inbox);
	ck_assert(known(&to, 1));
	inbox.again = true;
	to = into(&inbox);
	ck_assert(!known(&to, 1));
	ck_assert(import_one(&to, 1, 1).renumbered);
	ck_assert_uint_eq(uid_at(to.id, 1), 2);
	fixture_done(&f);
}
END_TEST

START_TEST(a_renamed_mailbox_is_found_again_and_a_deleted_one_made_anew)
{
	const struct gw_import_folder work = folder("Work", 77);
	struct gw_import_into to, later;

	fixture_init(&f, _i);
	to = into(&work);
	import_one(&to, 1, 3);
	ck_ok(&f, gw_acct_rename(f.acct, GW_S("Work"), GW_S("Old/Work"), &f.err));
	later = into(&work);
	ck_assert(later.id.id == to.id.id && !later.created);
	ck_assert(!import_one(&later, 2, 4).renumbered);
	ck_ok(&f, gw_acct_delete(f.acct, GW_S("Old/Work"), &f.err));
	later = into(&work);
	ck_assert(later.created && later.id.id != to.id.id);
	ck_assert(known(&later, 1) && known(&later, 2));
	ck_assert_uint_eq(problems(), 0);
	fixture_done(&f);
}
END_TEST

START_TEST(looking_changes_nothing)
{
	struct gw_import_folder work = folder("Work", 77);
	struct gw_import_into to;
	struct gw_mailbox mb;

	fixture_init(&f, _i);
	work.look = true;
	to = into(&work);
	ck_assert(to.created && to.keeps_uids && to.map == 0);
	ck_assert(!known(&to, 1));
	ck_code(&f, gw_acct_find(f.acct, &f.arena, GW_S("Work"), &mb, &f.err), GW_ENOENT);
	fixture_done(&f);
}
END_TEST

START_TEST(a_special_use_goes_to_the_mailbox_that_has_the_mail)
{
	struct gw_import_folder sent = folder("Gesendet", 77), again = folder("Gesendet 2", 78);
	struct gw_import_into to;

	fixture_init(&f, _i);
	sent.special = again.special = GW_MBOX_SENT;
	sent.subscribe = true;
	to = into(&sent);
	import_one(&to, 1, 1);
	ck_assert(fixture_find(&f, f.acct, "Gesendet").attrs & GW_MBOX_SENT);
	ck_assert(fixture_find(&f, f.acct, "Gesendet").attrs & GW_MBOX_SUBSCRIBED);
	ck_assert(!(fixture_find(&f, f.acct, "Sent").attrs & GW_MBOX_SENT));
	into(&again);
	ck_assert(!(fixture_find(&f, f.acct, "Gesendet 2").attrs & GW_MBOX_SENT));
	ck_assert_uint_eq(problems(), 0);
	fixture_done(&f);
}
END_TEST

/* What showed all messages, or all that are flagged, is a folder like others here (RFC 6154 2). */
START_TEST(a_use_that_shows_other_mailboxes_does_not_come_along)
{
	struct gw_import_folder all = folder("All Mail", 77), both = folder("Both", 78);

	fixture_init(&f, _i);
	ck_ok(&f, gw_acct_delete(f.acct, GW_S("Archive"), &f.err));
	all.special = GW_MBOX_ALL;
	both.special = GW_MBOX_ALL | GW_MBOX_ARCHIVE;
	into(&all);
	into(&both);
	ck_assert(!(fixture_find(&f, f.acct, "All Mail").attrs & GW_MBOX_SPECIAL));
	ck_assert_uint_eq(fixture_find(&f, f.acct, "Both").attrs & GW_MBOX_SPECIAL, GW_MBOX_ARCHIVE);
	fixture_done(&f);
}
END_TEST

START_TEST(flags_keywords_and_dates_come_along)
{
	const struct gw_import_folder inbox = folder("INBOX", 77);
	struct gw_import_message m;
	struct gw_import_into to;
	struct gw_index *ix;

	fixture_init(&f, _i);
	to = into(&inbox);
	m = message(1, 1, GW_FLAG_SEEN | GW_FLAG_ANSWERED, "$Label1");
	ck_ok(&f, gw_import_commit(f.acct, &to, &m, 1, &f.err));
	gw_append_close(m.append);
	ck_assert(!m.keyword_lost);
	m = message(2, 2, 0, "not a keyword");
	ck_ok(&f, gw_import_commit(f.acct, &to, &m, 1, &f.err));
	gw_append_close(m.append);
	ck_assert(m.keyword_lost);
	ix = fixture_index(&f, to.id);
	ck_assert_uint_eq(gw_index_at(ix, 1)->flags, GW_FLAG_SEEN | GW_FLAG_ANSWERED | GW_FLAG_KEYWORD(0));
	ck_assert_int_eq(gw_index_at(ix, 1)->date, 1600000001);
	ck_assert_uint_eq(gw_index_at(ix, 2)->flags, 0);
	gw_index_unref(ix);
	fixture_done(&f);
}
END_TEST

/* The flags that message 1 has at the source; how many were changed here. */
static uint64_t flags_at_source(const struct gw_import_into *to, uint64_t system, const char *keyword)
{
	struct gw_slice k = gw_slice_str(keyword);
	const struct gw_import_flags v = { key_of(1), system, &k, keyword != NULL };
	uint64_t n = 99;

	ck_ok(&f, gw_import_flags(f.acct, to, &v, 1, &n, &f.err));
	return n;
}

static uint64_t flags_of(struct gw_mbox_id id, uint32_t seq)
{
	struct gw_index *ix = fixture_index(&f, id);
	uint64_t flags = gw_index_at(ix, seq)->flags;

	gw_index_unref(ix);
	return flags;
}

START_TEST(only_flags_that_changed_at_the_source_are_brought_over)
{
	const struct gw_import_folder inbox = folder("INBOX", 77);
	const struct gw_flag_change seen = { .how = GW_FLAGS_ADD, .system = GW_FLAG_SEEN };
	struct gw_import_into to;
	struct gw_set uids;

	fixture_init(&f, _i);
	to = into(&inbox);
	import_one(&to, 1, 7);
	set_of(&uids, 7, 7);
	ck_ok(&f, gw_mbox_store_flags(f.acct, to.id, &uids, &seen, NULL, &f.err));
	gw_set_done(&uids);
	ck_assert_uint_eq(flags_at_source(&to, 0, NULL), 0);
	ck_assert_uint_eq(flags_of(to.id, 1), GW_FLAG_SEEN);
	ck_assert_uint_eq(flags_at_source(&to, GW_FLAG_FLAGGED, "$Work"), 1);
	ck_assert_uint_eq(flags_of(to.id, 1), GW_FLAG_FLAGGED | GW_FLAG_KEYWORD(0));
	ck_assert_uint_eq(flags_at_source(&to, GW_FLAG_FLAGGED, "$WORK"), 0);
	ck_assert_uint_eq(problems(), 0);
	fixture_done(&f);
}
END_TEST

static struct gw_slice uidl_of(struct gw_mbox_id id, uint32_t seq)
{
	struct gw_index *ix = fixture_index(&f, id);
	struct gw_slice ret = { NULL, 0 };
	struct gw_message m;
	struct gw_fetch *cur;
	struct gw_set seqs;
	bool gone;

	set_of(&seqs, seq, seq);
	ck_ok(&f, gw_fetch_open(f.acct, id, ix, &seqs, GW_WANT_UIDL, &cur, &f.err));
	ck_assert_int_eq(gw_fetch_next(cur, &m, &gone, &f.err), 1);
	ret = gw_arena_dup(&f.arena, m.uidl);
	gw_fetch_close(cur);
	gw_set_done(&seqs);
	gw_index_unref(ix);
	return ret;
}

START_TEST(pop3_names_are_kept_when_they_are_names)
{
	const struct gw_import_folder inbox = folder("INBOX", 77);
	struct gw_import_message m[2];
	struct gw_import_into to;

	fixture_init(&f, _i);
	to = into(&inbox);
	m[0] = message(1, 1, 0, NULL);
	m[0].uidl = GW_S("UID1-1234567890");
	m[1] = message(2, 2, 0, NULL);
	m[1].uidl = GW_S("has a blank");
	ck_ok(&f, gw_import_commit(f.acct, &to, m, 2, &f.err));
	ck_assert(!m[0].uidl_lost && m[1].uidl_lost);
	ck_assert_slice_eq(uidl_of(to.id, 1), "UID1-1234567890");
	ck_assert_uint_eq(uidl_of(to.id, 2).n, 0);
	ck_assert_uint_eq(problems(), 0);
	gw_append_close(m[0].append);
	gw_append_close(m[1].append);
	fixture_done(&f);
}
END_TEST

START_TEST(what_is_over_the_quota_is_left_out_and_the_rest_is_not)
{
	const struct gw_import_folder inbox = folder("INBOX", 77);
	struct gw_import_message m[4];
	struct gw_import_into to;

	fixture_init(&f, false);
	ck_ok(&f, gw_admin_user_quota(f.store, GW_S("anna"), &(struct gw_limits){ .messages = 2 }, &f.err));
	fixture_reopen(&f);
	to = into(&inbox);
	for (int i = 0; i < 4; i++)
		m[i] = message(i, (uint32_t)i + 1, 0, NULL);
	ck_ok(&f, gw_import_commit(f.acct, &to, m, 4, &f.err));
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(m[i].rc, i < 2 ? 0 : GW_EQUOTA);
		ck_assert(known(&to, i) == (i < 2));
		gw_append_close(m[i].append);
	}
	ck_assert_uint_eq(count(to.id), 2);
	fixture_done(&f);
}
END_TEST

START_TEST(a_failed_batch_leaves_neither_messages_nor_a_map)
{
	const struct gw_import_folder inbox = folder("INBOX", 77);
	struct gw_import_message m[3];
	struct gw_import_into to;

	fixture_init(&f, _i);
	to = into(&inbox);
	for (int i = 0; i < 3; i++)
		m[i] = message(i, (uint32_t)i + 1, 0, NULL);
	gw_acct_interrupt(f.acct);
	ck_code(&f, gw_import_commit(f.acct, &to, m, 3, &f.err), GW_EINTR);
	gw_acct_resume(f.acct);
	ck_assert(!known(&to, 0) && !known(&to, 2));
	ck_assert_uint_eq(count(to.id), 0);
	ck_ok(&f, gw_import_commit(f.acct, &to, m, 3, &f.err));
	ck_assert_uint_eq(count(to.id), 3);
	for (int i = 0; i < 3; i++)
		gw_append_close(m[i].append);
	fixture_done(&f);
}
END_TEST

START_TEST(a_message_of_unknown_size_comes_whole_at_any_size)
{
	static const size_t sizes[] = { 0, 1, 8191, 8192, 8193, 262143, 262144, 262145, 3 << 20 };
	const struct gw_import_folder inbox = folder("INBOX", 77);
	struct gw_import_into to;

	fixture_init(&f, _i);
	to = into(&inbox);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct gw_import_message m = { .key = key_of((int)i), .uid = (uint32_t)i + 1 };
		char *p = gw_xalloc(sizes[i] + 1);
		struct gw_slice got;

		for (size_t j = 0; j < sizes[i]; j++)
			p[j] = (char)('a' + j % 23);
		ck_ok(&f, gw_append_open(f.acct, GW_APPEND_UNKNOWN, &m.append, &f.err));
		for (size_t off = 0; off < sizes[i]; off += 5000)
			ck_ok(&f, gw_append_write(m.append,
					  gw_slice(p + off, sizes[i] - off < 5000 ? sizes[i] - off : 5000), &f.err));
		ck_ok(&f, gw_import_commit(f.acct, &to, &m, 1, &f.err));
		gw_append_close(m.append);
		got = fixture_body(&f, to.id, (uint32_t)i + 1);
		ck_assert(gw_slice_eq(got, gw_slice(p, sizes[i])));
		free(p);
	}
	ck_assert_uint_eq(problems(), 0);
	fixture_done(&f);
}
END_TEST

/* Path of anna's database, to be asked for while the store is open. */
static const char *mail_db(void)
{
	char *dir = gw_local_account_dir(gw_local_store(f.store), 1);
	const char *path = gw_arena_printf(&f.arena, "%s/mail.db", dir);

	free(dir);
	return path;
}

static void sql(const char *path, const char *text)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* What version _i + 1 did not have, newest first. */
static const char *const later[] = {
	"DROP TABLE import; DROP TABLE imported",
	"DROP TABLE rights",
	("DROP TABLE remote; DROP TABLE remote_mailbox; DROP TABLE remote_email; DROP TABLE place; DROP TABLE cached;"
	 " DROP TABLE unseen; DROP TABLE swept; DROP TABLE replica"),
	"ALTER TABLE search DROP COLUMN addresses",
	"DROP TABLE metadata",
	("CREATE TABLE unseen(content INTEGER PRIMARY KEY) STRICT;"
	 "CREATE TRIGGER remote_email_new AFTER INSERT ON remote_email BEGIN INSERT INTO unseen VALUES(new.content); END"),
	"DROP TABLE annotation; DROP TABLE annotated",
};

START_TEST(a_database_of_an_earlier_version_is_brought_up_to_date)
{
	const struct gw_import_folder inbox = folder("INBOX", 77);
	struct gw_import_into to;
	const char *path;

	fixture_init(&f, false);
	append_many(&f, fixture_box(&f, "INBOX"), 1, 2); /* resets the arena */
	path = mail_db();
	gw_acct_close(f.acct);
	gw_store_close(f.store);
	for (int i = (int)(sizeof later / sizeof *later) - 1; i >= 0 && i >= _i; i--)
		sql(path, later[i]);
	sql(path, gw_arena_printf(&f.arena, "PRAGMA user_version=%d", _i + 1));
	fixture_open_store(&f, NULL);
	f.acct = fixture_acct(&f, "anna");
	to = into(&inbox);
	import_one(&to, 1, 9);
	ck_assert(known(&to, 1));
	ck_assert_uint_eq(count(to.id), 3);
	ck_assert_uint_eq(problems(), 0);
	fixture_done(&f);
}
END_TEST

START_TEST(a_check_finds_entries_of_an_import_that_is_not_there)
{
	const struct gw_import_folder inbox = folder("INBOX", 77);
	const struct gw_maint m = { .user = GW_S("anna") };
	struct gw_maint_report r = { 0 };
	struct gw_import_into to;

	fixture_init(&f, false);
	to = into(&inbox);
	import_one(&to, 1, 9);
	sql(mail_db(), "INSERT INTO imported VALUES(4711,x'00',1,1)");
	ck_assert_uint_eq(problems(), 1);
	ck_ok(&f, gw_admin_repair(f.store, &m, &r, &f.err));
	ck_assert_uint_eq(r.repaired, 1);
	ck_assert_uint_eq(problems(), 0);
	ck_assert(known(&to, 1));
	fixture_done(&f);
}
END_TEST

static TCase *tcase_import(void)
{
	TCase *tc = tcase_create("import");

	BOTH(tc, an_empty_mailbox_takes_on_the_numbers_of_the_source);
	BOTH(tc, a_mailbox_with_mail_keeps_its_own_numbers);
	BOTH(tc, a_number_that_was_used_up_meanwhile_is_not_given_twice);
	BOTH(tc, what_was_imported_is_known_and_not_taken_twice);
	BOTH(tc, removed_messages_do_not_come_back_until_the_map_is_forgotten);
	BOTH(tc, a_renamed_mailbox_is_found_again_and_a_deleted_one_made_anew);
	BOTH(tc, looking_changes_nothing);
	BOTH(tc, a_special_use_goes_to_the_mailbox_that_has_the_mail);
	BOTH(tc, a_use_that_shows_other_mailboxes_does_not_come_along);
	BOTH(tc, flags_keywords_and_dates_come_along);
	BOTH(tc, only_flags_that_changed_at_the_source_are_brought_over);
	BOTH(tc, pop3_names_are_kept_when_they_are_names);
	tcase_add_test(tc, what_is_over_the_quota_is_left_out_and_the_rest_is_not);
	BOTH(tc, a_failed_batch_leaves_neither_messages_nor_a_map);
	BOTH(tc, a_message_of_unknown_size_comes_whole_at_any_size);
	tcase_add_loop_test(tc, a_database_of_an_earlier_version_is_brought_up_to_date, 0, sizeof later / sizeof *later);
	tcase_add_test(tc, a_check_finds_entries_of_an_import_that_is_not_there);
	return tc;
}

UNIT_MAIN("store/import", tcase_import())

/* test_admin.c - what operators do: accounts, check and repair of every kind of damage, copies, vacuum */
#include "tests/unit/store/storetest.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "store/account/priv.h"
#include "store/admin.h"
#include "store/local/admin.h"
#include "util/buf.h"

#define S(x)	  gw_slice_str(x)
#define MESSAGES  5
#define EVERYBODY gw_slice(NULL, 0)

/* ---- what is told ---- */

struct told {
	struct gw_buf text; /* problems, a line each */
	unsigned accounts, steps, repaired;
	unsigned stop_after; /* events; 0: never */
	unsigned events;
};

static bool on_event(void *ctx, const struct gw_maint_event *ev)
{
	struct told *t = ctx;

	ck_assert_ptr_nonnull(ev->account);
	t->accounts += ev->what == GW_MAINT_ACCOUNT;
	t->steps += ev->what == GW_MAINT_STEP;
	t->repaired += ev->what == GW_MAINT_REPAIRED;
	if (ev->what == GW_MAINT_PROBLEM)
		gw_buf_printf(&t->text, "%s: %s\n", ev->account, ev->text);
	return ++t->events != t->stop_after;
}

static void told_reset(struct told *t)
{
	gw_buf_done(&t->text);
	memset(t, 0, sizeof *t);
	gw_buf_init(&t->text, 0);
}

static struct gw_maint_report check(struct fixture *f, struct told *t, struct gw_slice user)
{
	const struct gw_maint m = { .user = user, .progress = on_event, .ctx = t };
	struct gw_maint_report r = { 0 };

	told_reset(t);
	ck_ok(f, gw_admin_check(f->store, &m, &r, &f->err));
	return r;
}

static struct gw_maint_report repair(struct fixture *f, struct told *t, struct gw_slice user)
{
	const struct gw_maint m = { .user = user, .progress = on_event, .ctx = t };
	struct gw_maint_report r = { 0 };

	told_reset(t);
	ck_ok(f, gw_admin_repair(f->store, &m, &r, &f->err));
	return r;
}

static void expect_sound(struct fixture *f, struct told *t)
{
	struct gw_maint_report r = check(f, t, EVERYBODY);

	ck_assert_msg(r.problems == 0, "%s", gw_buf_str(&t->text));
}

/* ---- damage ---- */

static void run_sql(struct fixture *f, const char *sql)
{
	struct gw_db_account *acc = ((struct view_acct *)f->acct)->own;
	char *why = NULL;
	struct gw_db *db;

	ck_ok(f, gw_db_get(acc, &db, &f->err));
	ck_assert_msg(sqlite3_exec(db->sql, sql, NULL, NULL, &why) == SQLITE_OK, "%s: %s", sql, why);
	gw_db_put(db);
}

/* Messages the user can read in all mailboxes, each to its end. */
static unsigned readable(struct fixture *f)
{
	struct gw_mailbox *v;
	unsigned total = 0;
	size_t n;

	ck_ok(f, gw_acct_list(f->acct, &f->arena, &v, &n, &f->err));
	for (size_t i = 0; i < n; i++) {
		struct gw_index *ix;

		if (v[i].attrs & (GW_MBOX_NOSELECT | GW_MBOX_NONEXISTENT))
			continue;
		ix = fixture_index(f, v[i].id);
		ck_assert_uint_eq(ix->n, v[i].messages);
		for (size_t c = 0; c < ix->n_chunks; c++)
			for (uint32_t k = 0; k < ix->chunks[c]->n; k++, total++)
				ck_assert_ptr_nonnull(fixture_body(f, v[i].id, ix->chunks[c]->e[k].uid).p);
		gw_index_unref(ix);
	}
	return total;
}

struct damage {
	const char *sql, *told;
	unsigned lost; /* messages */
};

static const struct damage damages[] = {
	{ "UPDATE mailbox SET messages=7 WHERE name='INBOX'", "counter \"messages\" is 7, it should be 5", 0 },
	{ "UPDATE mailbox SET unseen=0 WHERE name='INBOX'", "counter \"unseen\"", 0 },
	{ "UPDATE mailbox SET deleted=-1 WHERE name='Sent'", "mailbox \"Sent\": the counter \"deleted\" is -1", 0 },
	{ "UPDATE mailbox SET size=1, deleted_size=1 WHERE name='INBOX'", "counter \"size\" is 1", 0 },
	{ "UPDATE mailbox SET uidnext=2 WHERE name='INBOX'", "UIDNEXT is 2, but there is UID 5", 0 },
	{ "UPDATE mailbox SET modseq=1 WHERE name='INBOX'", "HIGHESTMODSEQ is 1", 0 },
	{ "UPDATE mailbox SET uidvalidity=0 WHERE name='Sent'", "contradict each other", 0 },
	{ "UPDATE mailbox SET recent=99 WHERE name='INBOX'", "contradict each other", 0 },
	{ "UPDATE account SET messages=99", "the account counts 99 messages", 0 },
	{ "UPDATE account SET next_content=1", "the next number of a message is 1", 0 },
	{ "UPDATE account SET next_mailbox=1", "the next number of a mailbox is 1", 0 },
	{ "UPDATE account SET next_uidvalidity=1", "the next UIDVALIDITY is 1", 0 },
	{ "UPDATE account SET next_mailbox=-1", "the next number of a mailbox is -1", 0 },
	{ "UPDATE account SET next_uidvalidity=1<<40", "the next UIDVALIDITY is 1099511627776", 0 },
	{ "UPDATE account SET next_content=-5", "the next number of a message is -5", 0 },
	{ "UPDATE mailbox SET id=1<<50 WHERE name='Junk'", "is no number of a mailbox", 0 },
	{ "UPDATE content SET size=-1 WHERE id=1", "message 1:", 0 },
	{ "INSERT INTO shared VALUES(1,5)", "is in 1 mailboxes, but 5 are counted", 0 },
	{ "INSERT INTO shared VALUES(99,2)", "message 99 is left over", 0 },
	{ "INSERT INTO pending(mailbox,change,contents) VALUES(1,3,x'02')", "impossible row", 0 },
	{ "INSERT INTO pending(mailbox,change,contents) VALUES(1,-1,x'82')", "list of removed messages is damaged", 0 },
	{ "INSERT INTO pending(mailbox,change,contents) VALUES(1,-1,x'02')", "message 1 is in 1 mailboxes", 0 },
	{ "DELETE FROM header WHERE id=1", "message 1: parts of its description", 0 },
	{ "DELETE FROM search WHERE id=2", "message 2: parts of its description", 0 },
	{ "UPDATE content SET envelope=x'' WHERE id=3", "message 3: parts of its description", 0 },
	{ "DELETE FROM content WHERE id=1", "its description is missing", 0 },
	{ "DELETE FROM content; DELETE FROM header; DELETE FROM search", "message 5: its octets are there", 0 },
	{ "DELETE FROM body WHERE id=1<<12", "UID 1: the message is lost", 1 },
	{ "UPDATE body SET data=CAST(substr(data,1,100) AS BLOB) WHERE id=2<<12", "message 2: 100 of its", 0 },
	{ "UPDATE body SET data=CAST(replace(data,'is','as') AS BLOB) WHERE id=2<<12", "do not fit their digest", 0 },
	{ "INSERT INTO body VALUES((2<<12)+5,0,x'00')", "message 2:", 0 },
	{ "INSERT INTO body VALUES(700<<12,0,x'00')", "message 700:", 0 },
	{ "INSERT INTO header VALUES(800,1,x'00')", "message 800: its octets are missing", 0 },
	{ "INSERT INTO header VALUES(-4,1,x'00')", "its octets are missing", 0 },
	{ "UPDATE chunk SET data=CAST(substr(data,1,length(data)-3) AS BLOB)", "is damaged at UID 1", 0 },
	{ "UPDATE chunk SET data=x'02'", "is damaged at UID 1", 0 },
	{ "UPDATE chunk SET n=n+1", "is damaged at UID 1", 0 },
	{ "UPDATE chunk SET modseq=0", "is damaged at UID 1", 0 },
	{ "DELETE FROM chunk", "is in no mailbox, though nobody has removed it", 0 },
	{ "INSERT INTO chunk VALUES(-9,1,1,x'00')", "its name is lost", 0 },
	{ "DELETE FROM mailbox WHERE name='INBOX'", "its name is lost", 0 },
	{ "DELETE FROM mailbox; DELETE FROM subscription", "INBOX is missing", 0 },
	{ "INSERT INTO expunged VALUES(1,999999,x'0100')", "the log of expunges is damaged", 0 },
	{ "INSERT INTO expunged VALUES(1,2,x'0100')", "the log of expunges is damaged", 0 },
	{ "INSERT INTO expunged VALUES(1,2,x'8080')", "the log of expunges is damaged", 0 },
	{ "INSERT INTO expunged VALUES(55,2,x'0100')", "1 logs of expunges of mailboxes", 0 },
	{ "INSERT INTO uidl VALUES(1,4000,x'61')", "1 POP3 names of messages", 0 },
	{ "INSERT INTO uidl VALUES(1,-1,x'61')", "1 POP3 names of messages", 0 },
	{ "INSERT INTO uidl VALUES(99,1,x'61')", "1 POP3 names of mailboxes", 0 },
	{ "UPDATE mailbox SET name='a//b' WHERE name='Junk'", "\"a//b\" cannot be the name", 0 },
	{ "UPDATE mailbox SET name='inbox/x' WHERE name='Junk'", "\"inbox/x\" cannot be the name", 0 },
	{ "UPDATE mailbox SET name='no/parent/here' WHERE name='Junk'", "\"no/parent\" is missing", 0 },
	{ "UPDATE mailbox SET attrs=(SELECT attrs FROM mailbox WHERE name='Junk')", "its attributes contradict", 0 },
	{ "UPDATE mailbox SET attrs=1 WHERE name='INBOX'", "its attributes contradict", 0 },
	{ "UPDATE mailbox SET keywords='a (b c' WHERE name='INBOX'", "the list of keywords is damaged", 0 },
	{ "UPDATE mailbox SET keywords='' WHERE name='INBOX'", "flags that the mailbox does not know", 0 },
	{ "INSERT INTO msgid VALUES(5,1,999)", "1 Message-IDs of messages", 0 },
	{ "INSERT INTO subscription VALUES('a//b')", "\"a//b\" is subscribed", 0 },
};

static void fill(struct fixture *f)
{
	const struct gw_slice keyword = S("word");
	struct gw_appended done;

	append_many(f, fixture_box(f, "INBOX"), 1, MESSAGES - 1);
	ck_ok(f, append_try(f->acct, fixture_box(f, "INBOX"), test_message(&f->arena, MESSAGES), GW_FLAG_SEEN, &keyword, 1,
		      &done, &f->err));
}

static void damage_and_repair(bool memory, const struct damage *d)
{
	struct told t = { .events = 0 };
	struct gw_maint_report r;
	struct fixture f;

	fixture_init(&f, memory);
	fill(&f);
	expect_sound(&f, &t);
	run_sql(&f, d->sql);
	r = check(&f, &t, S("anna"));
	ck_assert_msg(strstr(gw_buf_str(&t.text), d->told), "%s: told \"%s\"", d->sql, gw_buf_str(&t.text));
	ck_assert_uint_eq(r.lost_messages, d->lost);
	r = repair(&f, &t, S("anna"));
	ck_assert_msg(r.problems > 0 && r.repaired > 0 && t.repaired == r.repaired, "%s", d->sql);
	ck_assert_msg(r.lost_messages == d->lost, "%s: %d lost", d->sql, (int)r.lost_messages);
	r = check(&f, &t, S("anna"));
	ck_assert_msg(r.problems == 0, "%s, after repair: %s", d->sql, gw_buf_str(&t.text));
	if (strncmp(d->sql, "INSERT INTO body VALUES(700", 27) != 0)
		ck_assert_msg(readable(&f) == MESSAGES - d->lost, "%s", d->sql);
	append_many(&f, fixture_box(&f, "INBOX"), 50, 1);
	told_reset(&t);
	fixture_done(&f);
}

START_TEST(damage_is_found_and_put_right_on_disk)
{
	damage_and_repair(false, &damages[_i]);
}
END_TEST

START_TEST(damage_is_found_and_put_right_in_memory)
{
	damage_and_repair(true, &damages[_i]);
}
END_TEST

START_TEST(a_message_that_lost_octets_gets_a_new_uid_and_the_others_keep_theirs)
{
	struct told t = { .events = 0 };
	struct gw_mailbox before, after;
	struct fixture f;

	fixture_init(&f, false);
	fill(&f);
	before = fixture_find(&f, f.acct, "INBOX");
	run_sql(&f, "UPDATE body SET data=CAST(substr(data,1,100) AS BLOB) WHERE id=2<<12");
	repair(&f, &t, EVERYBODY);
	after = fixture_find(&f, f.acct, "INBOX");
	ck_assert_uint_eq(after.uidvalidity, before.uidvalidity);
	ck_assert_uint_gt(after.modseq, before.modseq);
	ck_assert_uint_eq(after.messages, MESSAGES);
	ck_assert_ptr_null(fixture_body(&f, after.id, 2).p);
	ck_assert_ptr_nonnull(fixture_body(&f, after.id, 1).p);
	ck_assert_uint_eq(fixture_body(&f, after.id, before.uidnext).n, 100);
	told_reset(&t);
	fixture_done(&f);
}
END_TEST

START_TEST(messages_in_no_mailbox_are_filed_where_they_can_be_found)
{
	struct told t = { .events = 0 };
	struct fixture f;

	fixture_init(&f, false);
	fill(&f);
	run_sql(&f, "DELETE FROM chunk");
	repair(&f, &t, EVERYBODY);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "Recovered").messages, MESSAGES);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").messages, 0);
	told_reset(&t);
	fixture_done(&f);
}
END_TEST

START_TEST(what_waits_to_be_swept_is_no_damage)
{
	struct told t = { .events = 0 };
	struct gw_copied done;
	struct fixture f;
	struct gw_set s;

	fixture_init(&f, false);
	fill(&f);
	set_of(&s, 1, 2);
	ck_ok(&f, gw_mbox_copy(f.acct, fixture_box(&f, "INBOX"), &s, fixture_box(&f, "Sent"), false, &done, &f.err));
	gw_copied_done(&done);
	ck_ok(&f, gw_mbox_remove(f.acct, fixture_box(&f, "INBOX"), &s, NULL, &f.err));
	set_again(&s, 4, 4);
	ck_ok(&f, gw_mbox_remove(f.acct, fixture_box(&f, "INBOX"), &s, NULL, &f.err));
	expect_sound(&f, &t);
	gw_store_tidy(f.store, 0);
	expect_sound(&f, &t);
	gw_set_done(&s);
	told_reset(&t);
	fixture_done(&f);
}
END_TEST

START_TEST(a_check_that_is_stopped_says_so)
{
	struct told t = { .stop_after = 3 };
	const struct gw_maint m = { .user = S("anna"), .progress = on_event, .ctx = &t };
	struct gw_maint_report r = { .problems = 77 };
	struct fixture f;

	fixture_init(&f, false);
	fill(&f);
	gw_buf_init(&t.text, 0);
	ck_code(&f, gw_admin_check(f.store, &m, &r, &f.err), GW_EINTR);
	ck_assert_uint_eq(r.problems, 77);
	ck_assert_uint_eq(t.events, 3);
	fixture_done(&f);
}
END_TEST

/* ---- damaged files ---- */

static char *mail_file(struct fixture *f, const char *end)
{
	return gw_xasprintf("%s/users/01/0000000000000001/mail.db%s", f->root, end);
}

/* The store closed, one page of the file overwritten, the store opened again. */
static void overwrite(struct fixture *f, const char *path, int page, int page_size)
{
	char junk[8192];
	int fd;

	memset(junk, 0xA5, sizeof junk);
	gw_acct_close(f->acct);
	gw_store_close(f->store);
	fd = open(path, O_WRONLY);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, junk, (size_t)page_size, (off_t)page_size * (page - 1)), page_size);
	close(fd);
	fixture_open_store(f, NULL);
	f->acct = fixture_acct(f, "anna");
}

static off_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_size : -1;
}

START_TEST(a_file_with_a_destroyed_page_is_read_into_a_new_one)
{
	char *path, *aside;
	struct told t = { .events = 0 };
	struct gw_maint_report r;
	struct fixture f;
	int pages;

	fixture_init(&f, false);
	append_many(&f, fixture_box(&f, "INBOX"), 1, 90);
	fixture_reopen(&f);
	path = mail_file(&f, "");
	aside = mail_file(&f, ".damaged-1");
	pages = (int)(size_of(path) / 8192);
	ck_assert_int_gt(pages, 16);
	overwrite(&f, path, 1 + (_i * (pages - 1)) / 7, 8192);
	r = check(&f, &t, S("anna"));
	ck_assert_uint_gt(r.problems, 0);
	r = repair(&f, &t, S("anna"));
	ck_assert_uint_gt(r.repaired, 0);
	r = check(&f, &t, S("anna"));
	ck_assert_msg(r.problems == 0, "page %d: %s", _i, gw_buf_str(&t.text));
	ck_assert_uint_ge(readable(&f), 40); /* the page itself has up to 44 */
	append_many(&f, fixture_box(&f, "INBOX"), 1000, 1);
	free(path);
	free(aside);
	told_reset(&t);
	fixture_done(&f);
}
END_TEST

START_TEST(a_file_without_its_first_page_loses_nothing)
{
	struct told t = { .events = 0 };
	char *path, *aside;
	struct fixture f;
	uint32_t uidvalidity;

	fixture_init(&f, false);
	append_many(&f, fixture_box(&f, "INBOX"), 1, 60);
	uidvalidity = fixture_find(&f, f.acct, "INBOX").uidvalidity;
	fixture_reopen(&f);
	path = mail_file(&f, "");
	aside = mail_file(&f, ".damaged-1");
	overwrite(&f, path, 1, 8192);
	ck_assert_uint_gt(check(&f, &t, S("anna")).problems, 0);
	repair(&f, &t, S("anna"));
	expect_sound(&f, &t);
	ck_assert_int_gt(size_of(aside), 0);
	ck_assert_uint_eq(readable(&f), 60);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").uidvalidity, uidvalidity);
	free(path);
	free(aside);
	told_reset(&t);
	fixture_done(&f);
}
END_TEST

START_TEST(a_session_goes_on_after_the_file_was_replaced)
{
	struct told t = { .events = 0 };
	struct fixture f;
	struct gw_store *other = NULL;
	char url[96], *path;
	struct gw_store_options opt = { .url = url, .clock = &test_clock };
	struct gw_acct *a;
	struct gw_mailbox m;

	fixture_init(&f, false);
	append_many(&f, fixture_box(&f, "INBOX"), 1, 60);
	fixture_reopen(&f);
	path = mail_file(&f, "");
	overwrite(&f, path, (int)(size_of(path) / 8192) - 3, 8192);
	snprintf(url, sizeof url, "local:%s", f.root);
	ck_ok(&f, gw_store_open(&opt, &other, &f.err));
	ck_ok(&f, gw_store_open_account(other, S("anna"), "imap", &a, &f.err));
	ck_ok(&f, gw_acct_find(a, &f.arena, S("INBOX"), &m, &f.err));
	ck_assert_uint_gt(repair(&f, &t, S("anna")).repaired, 0);
	ck_ok(&f, gw_acct_find(a, &f.arena, S("INBOX"), &m, &f.err));
	ck_assert_uint_eq(m.messages, fixture_find(&f, f.acct, "INBOX").messages);
	ck_ok(&f, gw_acct_create(a, S("after"), 0, NULL, &f.err));
	fixture_find(&f, f.acct, "after");
	expect_sound(&f, &t);
	gw_acct_close(a);
	gw_store_close(other);
	free(path);
	told_reset(&t);
	fixture_done(&f);
}
END_TEST

static void run_accounts_sql(struct fixture *f, const char *sql)
{
	char *path = gw_xasprintf("%s/accounts.db", f->root), *why = NULL;
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s: %s", sql, why);
	sqlite3_close(db);
	free(path);
}

static const struct damage account_damages[] = {
	{ "UPDATE user SET name='Anna' WHERE id=1", "its name is not one", 0 },
	{ "UPDATE user SET hash=x'00'", "the password hash: damaged", 0 },
	{ "UPDATE user SET storage_limit=-4", "the limits: damaged", 0 },
	{ "UPDATE user SET annotations_limit=-4", "the limits: damaged", 0 },
	{ "UPDATE user SET moved_server='a]'", "where the mail has moved: damaged", 0 },
	{ "UPDATE user SET scram_iterations=4096, scram_salt=x'00'", "the SCRAM keys: damaged", 0 },
	{ "UPDATE user SET enabled=7, disabled=3", "the switches: damaged", 0 },
};

START_TEST(damaged_rows_of_accounts_are_put_right)
{
	struct told t = { .events = 0 };
	struct gw_user u;
	struct fixture f;

	fixture_init(&f, false);
	run_accounts_sql(&f, account_damages[_i].sql);
	check(&f, &t, EVERYBODY);
	ck_assert_msg(strstr(gw_buf_str(&t.text), account_damages[_i].told), "%s", gw_buf_str(&t.text));
	ck_assert_uint_gt(repair(&f, &t, EVERYBODY).repaired, 0);
	expect_sound(&f, &t);
	ck_ok(&f, gw_admin_user_show(f.store, &f.arena, S("anna"), &u, &f.err));
	told_reset(&t);
	fixture_done(&f);
}
END_TEST

START_TEST(a_damaged_file_of_accounts_is_read_into_a_new_one)
{
	struct told t = { .events = 0 };
	char name[32], *path;
	struct gw_user *v;
	struct fixture f;
	size_t n;

	fixture_init(&f, false);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "user-%d", i);
		fixture_user(&f, name);
	}
	fixture_reopen(&f);
	path = gw_xasprintf("%s/accounts.db", f.root);
	gw_acct_close(f.acct);
	f.acct = NULL;
	overwrite(&f, path, (int)(size_of(path) / 4096), 4096);
	ck_assert_uint_gt(check(&f, &t, EVERYBODY).problems, 0);
	ck_assert_uint_gt(repair(&f, &t, EVERYBODY).repaired, 0);
	check(&f, &t, EVERYBODY);
	ck_assert_ptr_null(strstr(gw_buf_str(&t.text), "(accounts): the file"));
	ck_ok(&f, gw_admin_user_list(f.store, &f.arena, EVERYBODY, 0, &v, &n, &f.err));
	ck_assert_uint_ge(n, 40);
	fixture_user(&f, "new");
	free(path);
	told_reset(&t);
	fixture_done(&f);
}
END_TEST

START_TEST(mail_without_an_account_is_told_and_left_overs_go)
{
	struct told t = { .events = 0 };
	char *kept, *left, *file;
	struct fixture f;

	fixture_init(&f, false);
	kept = gw_xasprintf("%s/users/99", f.root);
	left = gw_xasprintf("%s/users/99/0000000000000199.deleted", f.root);
	run_sql(&f, "SELECT 1"); /* makes users/ */
	ck_assert_int_eq(mkdir(kept, 0700), 0);
	ck_assert_int_eq(mkdir(left, 0700), 0);
	ck_assert_uint_eq(check(&f, &t, EVERYBODY).problems, 1);
	ck_assert_uint_eq(repair(&f, &t, EVERYBODY).repaired, 1);
	expect_sound(&f, &t);
	free(kept);
	kept = gw_xasprintf("%s/users/99/0000000000000199", f.root);
	ck_assert_int_eq(mkdir(kept, 0700), 0);
	expect_sound(&f, &t); /* no mail in it */
	file = gw_xasprintf("%s/mail.db", kept);
	fclose(fopen(file, "w"));
	free(file);
	ck_assert_uint_eq(check(&f, &t, EVERYBODY).problems, 1);
	ck_assert_uint_eq(repair(&f, &t, EVERYBODY).repaired, 0);
	ck_assert_int_eq(access(kept, F_OK), 0);
	free(kept);
	free(left);
	told_reset(&t);
	fixture_done(&f);
}
END_TEST

/* ---- copies ---- */

static void backup_and_open(bool memory)
{
	struct told t = { .events = 0 };
	const struct gw_maint m = { .user = EVERYBODY, .progress = on_event, .ctx = &t };
	struct fixture f, g;

	fixture_init(&f, memory);
	fill(&f);
	memset(&g, 0, sizeof g);
	snprintf(g.root, sizeof g.root, "%s/gw-copy-XXXXXX", P_tmpdir);
	ck_assert_ptr_nonnull(mkdtemp(g.root));
	gw_buf_init(&t.text, 0);
	ck_ok(&f, gw_admin_backup(f.store, &m, g.root, NULL, &f.err));
	ck_assert_uint_gt(t.steps, 0);
	append_many(&f, fixture_box(&f, "INBOX"), 100, 1);
	ck_code(&f, gw_admin_backup(f.store, &m, g.root, NULL, &f.err), GW_EEXIST);
	gw_arena_init(&g.arena, 0, 0);
	fixture_open_store(&g, NULL);
	g.acct = fixture_acct(&g, "anna");
	ck_assert_uint_eq(readable(&g), MESSAGES);
	expect_sound(&g, &t);
	append_many(&g, fixture_box(&g, "INBOX"), 200, 1);
	fixture_reopen(&g);
	ck_assert_uint_eq(readable(&g), MESSAGES + 1);
	told_reset(&t);
	fixture_done(&g);
	fixture_done(&f);
}

START_TEST(a_backup_of_a_store_on_disk_is_a_store)
{
	backup_and_open(false);
}
END_TEST

START_TEST(a_backup_of_a_store_in_memory_is_a_store)
{
	backup_and_open(true);
}
END_TEST

START_TEST(a_backup_goes_to_an_absolute_path)
{
	struct fixture f;

	fixture_init(&f, false);
	ck_code(&f, gw_admin_backup(f.store, &(struct gw_maint){ .user = EVERYBODY }, "relative", NULL, &f.err), GW_EINVAL);
	fixture_done(&f);
}
END_TEST

/* Another process that files and removes messages until it is ended. */
static pid_t writer(struct fixture *f)
{
	pid_t pid = fork();
	struct fixture g = { .memory = false };
	struct gw_set s;
	uint32_t uid;

	if (pid)
		return pid;
	memcpy(g.root, f->root, sizeof g.root);
	gw_arena_init(&g.arena, 0, 0);
	fixture_open_store(&g, NULL);
	g.acct = fixture_acct(&g, "anna");
	set_of(&s, 0, 0);
	for (int i = 0; i < 100000; i++) {
		uid = append_text(&g, fixture_box(&g, "INBOX"), test_message(&g.arena, 1000 + i), 0);
		set_again(&s, uid - 3, uid - 3);
		ck_ok(&g, gw_mbox_remove(g.acct, fixture_box(&g, "INBOX"), &s, NULL, &g.err));
		gw_arena_reset(&g.arena);
	}
	_exit(0);
}

START_TEST(everything_works_beside_a_writing_process)
{
	const struct gw_maint m = { .user = EVERYBODY };
	struct told t = { .events = 0 };
	struct fixture f, g = { .memory = false };
	pid_t pid;

	fixture_init(&f, false);
	append_many(&f, fixture_box(&f, "INBOX"), 1, 50);
	gw_acct_close(f.acct);
	gw_store_close(f.store);
	pid = writer(&f);
	fixture_open_store(&f, NULL);
	f.acct = fixture_acct(&f, "anna");
	for (int i = 0; i < 10; i++)
		expect_sound(&f, &t);
	for (int i = 0; i < 3; i++) {
		run_sql(&f, "UPDATE mailbox SET messages=messages+7, uidnext=uidnext-2 WHERE name='INBOX';"
			    "DELETE FROM content WHERE id%5=0");
		ck_assert_uint_gt(repair(&f, &t, EVERYBODY).repaired, 0);
		expect_sound(&f, &t);
	}
	ck_ok(&f, gw_admin_vacuum(f.store, &m, NULL, &f.err));
	snprintf(g.root, sizeof g.root, "%.50s/copy", f.root);
	ck_ok(&f, gw_admin_backup(f.store, &m, g.root, NULL, &f.err));
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	expect_sound(&f, &t);
	gw_arena_init(&g.arena, 0, 0);
	fixture_open_store(&g, NULL);
	g.acct = fixture_acct(&g, "anna");
	expect_sound(&g, &t);
	ck_assert_uint_gt(readable(&g), 40);
	told_reset(&t);
	fixture_done(&g);
	fixture_done(&f);
}
END_TEST

START_TEST(vacuum_gives_space_back)
{
	const struct gw_maint m = { .user = EVERYBODY };
	struct told t = { .events = 0 };
	struct gw_mbox_id inbox;
	struct fixture f;
	struct gw_set s;
	char *path;
	off_t before;

	fixture_init(&f, _i == 1);
	inbox = fixture_box(&f, "INBOX");
	append_many(&f, inbox, 1, 300);
	if (_i == 0)
		fixture_reopen(&f);
	path = mail_file(&f, "");
	before = size_of(path);
	set_of(&s, 10, 300);
	ck_ok(&f, gw_mbox_remove(f.acct, inbox, &s, NULL, &f.err));
	ck_ok(&f, gw_admin_vacuum(f.store, &m, NULL, &f.err));
	expect_sound(&f, &t);
	ck_assert_uint_eq(readable(&f), 9);
	if (_i == 0) {
		fixture_reopen(&f);
		ck_assert_int_lt(size_of(path), before / 2);
	}
	gw_set_done(&s);
	free(path);
	told_reset(&t);
	fixture_done(&f);
}
END_TEST

/* ---- accounts ---- */

static int login(struct fixture *f, const char *name, const char *password)
{
	struct gw_acct *a = NULL;
	int rc = gw_store_login(f->store, S(name), S(password), "imap", &a, &f->err);

	gw_acct_close(a);
	return rc;
}

START_TEST(users_are_added_changed_and_removed)
{
	const struct gw_user_password first = { .plain = S("one") }, second = { .plain = S("two") };
	const struct gw_user_password both = { .plain = S("one"), .hash = S("$y$x") };
	struct gw_user u, *v;
	struct fixture f;
	size_t n;

	fixture_init(&f, _i == 1);
	ck_ok(&f, gw_admin_user_add(f.store, S("Bert"), &first, &f.err));
	ck_code(&f, gw_admin_user_add(f.store, S("bert"), &first, &f.err), GW_EEXIST);
	ck_code(&f, gw_admin_user_add(f.store, S("a/b"), &first, &f.err), GW_EINVAL);
	ck_code(&f, gw_admin_user_passwd(f.store, S("bert"), &both, &f.err), GW_EINVAL);
	ck_assert_int_eq(login(&f, "bert", "one"), 0);
	ck_ok(&f, gw_admin_user_passwd(f.store, S("BERT"), &second, &f.err));
	ck_assert_int_eq(login(&f, "bert", "one"), GW_EAUTH);
	ck_assert_int_eq(login(&f, "bert", "two"), 0);
	ck_ok(&f, gw_admin_user_enable(f.store, S("bert"), false, &f.err));
	ck_assert_int_eq(login(&f, "bert", "two"), GW_EDISABLED);
	ck_ok(&f, gw_admin_user_enable(f.store, S("bert"), true, &f.err));
	ck_ok(&f, gw_admin_user_features(f.store, S("bert"), S("imap"), &f.err));
	ck_code(&f, gw_admin_user_features(f.store, S("bert"), S("smtp"), &f.err), GW_EINVAL);
	ck_assert_int_eq(login(&f, "bert", "two"), GW_EDISABLED);
	ck_ok(&f, gw_admin_user_quota(f.store, S("bert"), &(struct gw_limits){ .storage = 1000, .messages = 10 }, &f.err));
	ck_ok(&f, gw_admin_user_rename(f.store, S("bert"), S("cora"), &f.err));
	ck_ok(&f, gw_admin_user_show(f.store, &f.arena, S("cora"), &u, &f.err));
	ck_assert_str_eq(u.disabled_features, "imap");
	ck_assert_uint_eq(u.limits.storage, 1000);
	ck_assert_uint_eq(u.limits.messages, 10);
	ck_assert_str_eq(u.scheme, "yescrypt");
	ck_ok(&f, gw_admin_user_list(f.store, &f.arena, S("anna"), 0, &v, &n, &f.err));
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(v[0].name, "cora");
	ck_code(&f, gw_admin_user_delete(f.store, S("cora"), false, &f.err), GW_EACCES);
	ck_ok(&f, gw_admin_user_delete(f.store, S("cora"), true, &f.err));
	ck_code(&f, gw_admin_user_delete(f.store, S("cora"), true, &f.err), GW_ENOENT);
	ck_code(&f, gw_admin_user_show(f.store, &f.arena, S("cora"), &u, &f.err), GW_ENOENT);
	fixture_done(&f);
}
END_TEST

START_TEST(a_session_of_a_removed_user_brings_nothing_back)
{
	struct told t = { .events = 0 };
	struct gw_mailbox m;
	struct fixture f;
	char *path;

	fixture_init(&f, false);
	fill(&f);
	path = mail_file(&f, "");
	ck_ok(&f, gw_admin_user_delete(f.store, S("anna"), true, &f.err));
	ck_code(&f, gw_acct_find(f.acct, &f.arena, S("INBOX"), &m, &f.err), GW_EIO);
	ck_assert_int_eq(size_of(path), -1);
	expect_sound(&f, &t);
	free(path);
	told_reset(&t);
	fixture_done(&f);
}
END_TEST

START_TEST(nothing_stays_of_a_removed_user)
{
	struct gw_maint_report r;
	struct told t = { .events = 0 };
	struct fixture f;
	char *dir;

	fixture_init(&f, _i == 1);
	fill(&f);
	gw_acct_close(f.acct);
	ck_ok(&f, gw_admin_user_delete(f.store, S("anna"), true, &f.err));
	dir = gw_xasprintf("%s/users/01", f.root);
	if (_i == 0)
		ck_assert_int_eq(rmdir(dir), 0);
	free(dir);
	r = check(&f, &t, EVERYBODY);
	ck_assert_uint_eq(r.problems, 0);
	ck_assert_uint_eq(r.accounts, 0);
	fixture_user(&f, "anna");
	f.acct = fixture_acct(&f, "anna");
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").messages, 0);
	told_reset(&t);
	fixture_done(&f);
}
END_TEST

static TCase *tcase_all(void)
{
	TCase *tc = tcase_create("admin");
	int n = (int)(sizeof damages / sizeof *damages);

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, users_are_added_changed_and_removed, 0, 2);
	tcase_add_test(tc, a_session_of_a_removed_user_brings_nothing_back);
	tcase_add_loop_test(tc, nothing_stays_of_a_removed_user, 0, 2);
	tcase_add_loop_test(tc, damage_is_found_and_put_right_on_disk, 0, n);
	tcase_add_loop_test(tc, damage_is_found_and_put_right_in_memory, 0, n);
	tcase_add_test(tc, a_message_that_lost_octets_gets_a_new_uid_and_the_others_keep_theirs);
	tcase_add_test(tc, messages_in_no_mailbox_are_filed_where_they_can_be_found);
	tcase_add_test(tc, what_waits_to_be_swept_is_no_damage);
	tcase_add_test(tc, a_check_that_is_stopped_says_so);
	tcase_add_loop_test(tc, a_file_with_a_destroyed_page_is_read_into_a_new_one, 0, 8);
	tcase_add_test(tc, a_file_without_its_first_page_loses_nothing);
	tcase_add_test(tc, a_session_goes_on_after_the_file_was_replaced);
	tcase_add_loop_test(tc, damaged_rows_of_accounts_are_put_right, 0,
		(int)(sizeof account_damages / sizeof *account_damages));
	tcase_add_test(tc, a_damaged_file_of_accounts_is_read_into_a_new_one);
	tcase_add_test(tc, mail_without_an_account_is_told_and_left_overs_go);
	tcase_add_test(tc, a_backup_of_a_store_on_disk_is_a_store);
	tcase_add_test(tc, a_backup_of_a_store_in_memory_is_a_store);
	tcase_add_test(tc, a_backup_goes_to_an_absolute_path);
	tcase_add_test(tc, everything_works_beside_a_writing_process);
	tcase_add_loop_test(tc, vacuum_gives_space_back, 0, 2);
	return tc;
}

UNIT_MAIN("admin", tcase_all())

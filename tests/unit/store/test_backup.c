/* test_backup.c - backups that go on, are verified and brought back; work that is interrupted at any moment */
#include "tests/unit/store/storetest.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "store/account/view.h"
#include "store/admin.h"
#include "store/local/admin.h"
#include "store/local/manifest.h"
#include "util/buf.h"

#define S(x)	  gw_slice_str(x)
#define EVERYBODY gw_slice(NULL, 0)
#define USERS	  4

struct told {
	struct gw_buf problems;
	unsigned events, stop_after; /* 0: never */
	uint64_t bytes_done, bytes;
	bool backwards;
};

static bool on_event(void *ctx, const struct gw_maint_event *ev)
{
	struct told *t = ctx;

	if (ev->what == GW_MAINT_PROBLEM)
		gw_buf_printf(&t->problems, "%s: %s\n", ev->account, ev->text);
	t->backwards |= ev->bytes_done < t->bytes_done || ev->bytes_done > ev->bytes;
	t->bytes_done = ev->bytes_done;
	t->bytes = ev->bytes;
	return ++t->events != t->stop_after;
}

static void told_reset(struct told *t)
{
	gw_buf_done(&t->problems);
	memset(t, 0, sizeof *t);
	gw_buf_init(&t->problems, 0);
}

/* anna and some more, each with messages numbered after the user. */
static void populate(struct fixture *f)
{
	gw_acct_close(f->acct);
	for (int i = 1; i < USERS; i++)
		fixture_user(f, gw_arena_printf(&f->arena, "user%d", i));
	for (int i = 0; i < USERS; i++) {
		f->acct = fixture_acct(f, i ? gw_arena_printf(&f->arena, "user%d", i) : "anna");
		append_many(f, fixture_box(f, "INBOX"), 100 * i, 10);
		gw_acct_close(f->acct);
	}
	f->acct = fixture_acct(f, "anna");
}

static const char *copy_dir(const struct fixture *f)
{
	static char dir[sizeof f->root + 8];

	snprintf(dir, sizeof dir, "%s-copy", f->root);
	return dir;
}

static int age_one(const char *path, const struct stat *st, int what, struct FTW *ftw)
{
	const struct timespec then[2] = { { .tv_sec = st->st_mtim.tv_sec - 100 }, { .tv_sec = st->st_mtim.tv_sec - 100 } };

	(void)ftw;
	return what == FTW_F ? utimensat(AT_FDCWD, path, then, 0) : 0;
}

/* Nobody has written to the store for a while. */
static void age(struct fixture *f)
{
	gw_store_tidy(f->store, 0);
	ck_assert_int_eq(nftw(f->root, age_one, 16, FTW_PHYS), 0);
}

static struct gw_maint_report backup(struct fixture *f, const char *dir, bool update)
{
	const struct gw_maint m = { .user = EVERYBODY, .resume = update };
	struct gw_maint_report r = { 0 };

	ck_ok(f, gw_admin_backup(f->store, &m, dir, &r, &f->err));
	return r;
}

static uint64_t verify(struct fixture *f, struct told *t, const char *dir)
{
	const struct gw_maint m = { .user = EVERYBODY, .progress = on_event, .ctx = t };
	struct gw_maint_report r = { 0 };

	told_reset(t);
	ck_ok(f, gw_admin_verify(f->store, &m, dir, &r, &f->err));
	ck_assert(!t->backwards);
	return r.problems;
}

static int restore(struct fixture *f, const char *dir, const char *user, struct gw_restore what, struct gw_maint_report *r)
{
	const struct gw_maint m = { .user = user ? S(user) : EVERYBODY };
	struct gw_maint_report own = { 0 };

	what.dir = dir;
	return gw_admin_restore(f->store, &m, &what, r ? r : &own, &f->err);
}

static uint64_t problems(struct fixture *f)
{
	const struct gw_maint m = { .user = EVERYBODY };
	struct gw_maint_report r = { 0 };

	ck_ok(f, gw_admin_check(f->store, &m, &r, &f->err));
	return r.problems;
}

static void remove_copy(const char *dir)
{
	nftw(dir, rm_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- backups ---- */

START_TEST(an_interrupted_backup_goes_on_and_skips_what_it_has)
{
	struct told t = { .events = 0 };
	struct gw_maint m = { .user = EVERYBODY, .progress = on_event, .ctx = &t };
	struct gw_maint_report r;
	struct fixture f;
	const char *dir;

	fixture_init(&f, false);
	populate(&f);
	age(&f);
	dir = copy_dir(&f);
	gw_buf_init(&t.problems, 0);
	t.stop_after = 10;
	ck_code(&f, gw_admin_backup(f.store, &m, dir, NULL, &f.err), GW_EINTR);
	ck_assert_uint_gt(verify(&f, &t, dir), 0);
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&t.problems), "not complete"));
	r = backup(&f, dir, false);
	ck_assert_uint_gt(r.skipped, 0);
	ck_assert_uint_eq(r.skipped + r.accounts, USERS);
	ck_assert_uint_eq(verify(&f, &t, dir), 0);
	told_reset(&t);
	remove_copy(dir);
	fixture_done(&f);
}
END_TEST

START_TEST(a_whole_backup_is_brought_up_to_date_only_when_asked_to)
{
	const struct gw_maint plain = { .user = EVERYBODY };
	struct told t = { .events = 0 };
	struct gw_maint_report r;
	struct fixture f;
	const char *dir;

	fixture_init(&f, false);
	populate(&f);
	age(&f);
	dir = copy_dir(&f);
	ck_assert_uint_eq(backup(&f, dir, false).accounts, USERS);
	ck_code(&f, gw_admin_backup(f.store, &plain, dir, NULL, &f.err), GW_EEXIST);
	append_many(&f, fixture_box(&f, "INBOX"), 50, 1);
	ck_ok(&f, gw_admin_user_delete(f.store, S("user3"), true, &f.err));
	r = backup(&f, dir, true);
	ck_assert_uint_eq(r.accounts, 1);
	ck_assert_uint_eq(r.skipped, USERS - 2);
	ck_assert_uint_eq(verify(&f, &t, dir), 0);
	told_reset(&t);
	remove_copy(dir);
	fixture_done(&f);
}
END_TEST

START_TEST(a_directory_with_another_backup_is_left_alone)
{
	const struct gw_maint one = { .user = S("anna"), .resume = true };
	struct fixture f, other;
	const char *dir;

	fixture_init(&f, false);
	populate(&f);
	fixture_init(&other, false);
	dir = copy_dir(&f);
	backup(&f, dir, false);
	ck_code(&f, gw_admin_backup(f.store, &one, dir, NULL, &f.err), GW_EEXIST);
	ck_code(&other, gw_admin_backup(other.store, &(struct gw_maint){ .resume = true }, dir, NULL, &other.err), GW_EEXIST);
	ck_code(&f, gw_admin_backup(f.store, &one, f.root, NULL, &f.err), GW_EEXIST);
	remove_copy(dir);
	fixture_done(&other);
	fixture_done(&f);
}
END_TEST

static void flip(const char *path, off_t at)
{
	int fd = open(path, O_RDWR);
	char c = 0;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pread(fd, &c, 1, at), 1);
	c ^= 1;
	ck_assert_int_eq(pwrite(fd, &c, 1, at), 1);
	close(fd);
}

static char *copied(struct fixture *f, const char *dir, int id)
{
	return gw_arena_printf(&f->arena, "%s/users/%02x/%016x/mail.db", dir, id, id);
}

START_TEST(verifying_finds_what_was_changed_and_what_is_missing)
{
	struct told t = { .events = 0 };
	struct gw_maint_report r;
	struct fixture f;
	const char *dir;

	fixture_init(&f, false);
	populate(&f);
	dir = copy_dir(&f);
	ck_code(&f, gw_admin_verify(f.store, &(struct gw_maint){ .resume = false }, dir, &r, &f.err), GW_ENOENT);
	backup(&f, dir, false);
	flip(copied(&f, dir, 2), 20000);
	ck_assert_int_eq(unlink(copied(&f, dir, 3)), 0);
	ck_assert_uint_eq(verify(&f, &t, dir), 2);
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&t.problems), "user1: "));
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&t.problems), "is missing"));
	ck_code(&f, restore(&f, dir, "user1", (struct gw_restore){ .replace = true }, NULL), GW_ECORRUPT);
	ck_assert_uint_eq(problems(&f), 0);
	told_reset(&t);
	remove_copy(dir);
	fixture_done(&f);
}
END_TEST

/* A pipe in place of a file of the backup: whoever opens it to read waits until somebody writes. */
static void put_pipe(const char *path)
{
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
}

START_TEST(a_pipe_in_a_backup_is_damage_and_is_not_waited_for)
{
	const struct gw_restore replace = { .replace = true };
	struct told t = { .events = 0 };
	struct gw_maint_report r;
	struct fixture f;
	const char *dir;

	fixture_init(&f, false);
	populate(&f);
	dir = copy_dir(&f);
	backup(&f, dir, false);
	put_pipe(copied(&f, dir, 2));
	ck_code(&f, restore(&f, dir, "user1", replace, NULL), GW_ECORRUPT);
	ck_assert_uint_eq(verify(&f, &t, dir), 1);
	put_pipe(gw_arena_printf(&f.arena, "%s/accounts.db", dir));
	ck_code(&f, restore(&f, dir, "user2", replace, NULL), GW_ECORRUPT);
	ck_assert_uint_eq(verify(&f, &t, dir), 2);
	put_pipe(gw_arena_printf(&f.arena, "%s/manifest", dir));
	ck_code(&f, restore(&f, dir, "user2", replace, NULL), GW_ECORRUPT);
	ck_code(&f, gw_admin_verify(f.store, &(struct gw_maint){ .resume = false }, dir, &r, &f.err), GW_ECORRUPT);
	ck_assert_int_lt(gw_admin_backup(f.store, &(struct gw_maint){ .resume = true }, dir, &r, &f.err), 0);
	told_reset(&t);
	remove_copy(dir);
	fixture_done(&f);
}
END_TEST

/* ---- bringing back ---- */

START_TEST(a_file_longer_than_its_manifest_says_is_not_copied)
{
	struct told t = { .events = 0 };
	const struct gw_maint m = { .user = S("user1"), .progress = on_event, .ctx = &t };
	struct gw_restore what = { .replace = true };
	struct gw_maint_report r;
	struct fixture f;

	fixture_init(&f, false);
	populate(&f);
	what.dir = copy_dir(&f);
	backup(&f, what.dir, false);
	ck_assert_int_eq(truncate(copied(&f, what.dir, 2), 64 * 1024 * 1024), 0);
	told_reset(&t);
	ck_code(&f, gw_admin_restore(f.store, &m, &what, &r, &f.err), GW_ECORRUPT);
	ck_assert_uint_lt(t.events, 20); /* one a MiB, had it been read */
	ck_assert_uint_eq(problems(&f), 0);
	told_reset(&t);
	remove_copy(what.dir);
	fixture_done(&f);
}
END_TEST

/* As if a gateway of an older version had written it. */
static void make_older(struct fixture *f, const char *dir, int version)
{
	const char *file = gw_arena_printf(&f->arena, "%s/accounts.db", dir);
	struct manifest *was = NULL, *m = NULL;
	struct manifest_file now;
	sqlite3 *db = NULL;

	ck_assert_int_eq(sqlite3_open(file, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "ALTER TABLE user DROP COLUMN moved_server;"
		"ALTER TABLE user DROP COLUMN moved_user; PRAGMA user_version=2", NULL, NULL, NULL), SQLITE_OK);
	if (version == 1)
		ck_assert_int_eq(sqlite3_exec(db, "ALTER TABLE user DROP COLUMN mailboxes_limit;"
			"ALTER TABLE user DROP COLUMN annotations_limit; PRAGMA user_version=1", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	ck_ok(f, manifest_read(dir, &was, &f->err));
	now = *manifest_find(was, 0);
	ck_ok(f, manifest_digest(file, NULL, NULL, now.digest, &now.size, &f->err));
	ck_ok(f, manifest_begin(dir, was->of, &m, &f->err));
	ck_ok(f, manifest_put(m, &now, &f->err));
	ck_ok(f, manifest_finish(m, 1, &f->err));
	manifest_close(m);
	manifest_close(was);
}

START_TEST(a_backup_of_an_older_version_is_brought_back)
{
	struct fixture f, g;
	struct gw_user u;
	const char *dir;

	fixture_init(&f, false);
	populate(&f);
	ck_ok(&f, gw_admin_user_quota(f.store, S("user2"), &(struct gw_limits){ .messages = 77, .annotations = 78 }, &f.err));
	dir = copy_dir(&f);
	backup(&f, dir, false);
	make_older(&f, dir, _i);
	fixture_init(&g, false);
	ck_ok(&g, restore(&g, dir, "user2", (struct gw_restore){ .replace = false }, NULL));
	ck_ok(&g, gw_admin_user_show(g.store, &g.arena, S("user2"), &u, &g.err));
	ck_assert(u.limits.messages == 77 && u.limits.annotations == (_i == 1 ? 0 : 78) && !*u.moved.server);
	remove_copy(dir);
	fixture_done(&g);
	fixture_done(&f);
}
END_TEST

START_TEST(all_accounts_come_back_into_an_empty_store)
{
	const struct gw_user_password pw = { .plain = S("word") };
	struct fixture f, g;
	struct gw_acct *a;
	struct gw_user u;
	const char *dir;

	fixture_init(&f, false);
	populate(&f);
	ck_ok(&f, gw_admin_user_passwd(f.store, S("user2"), &pw, &f.err));
	ck_ok(&f, gw_admin_user_quota(f.store, S("user2"), &(struct gw_limits){ .messages = 77, .annotations = 78 }, &f.err));
	ck_ok(&f, gw_admin_user_move(f.store, S("user2"), S("mail2.example.org"), S("other"), &f.err));
	dir = copy_dir(&f);
	backup(&f, dir, false);
	fixture_init(&g, false);
	ck_code(&g, restore(&g, dir, NULL, (struct gw_restore){ .replace = false }, NULL), GW_EEXIST);
	gw_acct_close(g.acct);
	ck_ok(&g, gw_admin_user_delete(g.store, S("anna"), true, &g.err));
	ck_ok(&g, restore(&g, dir, NULL, (struct gw_restore){ .replace = false }, NULL));
	ck_ok(&g, gw_store_login(g.store, S("user2"), S("word"), "imap", &a, &g.err));
	gw_acct_close(a);
	g.acct = fixture_acct(&g, "user2");
	ck_ok(&g, gw_admin_user_show(g.store, &g.arena, S("user2"), &u, &g.err));
	ck_assert_uint_eq(u.limits.messages, 77);
	ck_assert_uint_eq(u.limits.annotations, 78);
	ck_assert_str_eq(u.moved.server, "mail2.example.org");
	ck_assert_str_eq(u.moved.user, "other");
	ck_assert_uint_eq(fixture_find(&g, g.acct, "INBOX").messages, 10);
	ck_assert_uint_eq(fixture_find(&g, g.acct, "INBOX").uidvalidity, fixture_find(&f, f.acct, "INBOX").uidvalidity);
	ck_assert_ptr_nonnull(strstr(fixture_body(&g, fixture_box(&g, "INBOX"), 1).p, "number 200"));
	ck_assert_uint_eq(problems(&g), 0);
	remove_copy(dir);
	fixture_done(&g);
	fixture_done(&f);
}
END_TEST

static unsigned ended;

static void on_end(void *ctx, const char *user)
{
	(void)ctx;
	ended += strcmp(user, "anna") == 0;
}

START_TEST(mail_is_replaced_in_place_and_no_uid_is_used_twice)
{
	struct gw_mailbox before, after, sent;
	struct fixture f;
	const char *dir;
	struct gw_set s;

	fixture_init(&f, false);
	populate(&f);
	dir = copy_dir(&f);
	backup(&f, dir, false);
	before = fixture_find(&f, f.acct, "INBOX");
	sent = fixture_find(&f, f.acct, "Sent");
	append_many(&f, before.id, 500, 3);
	set_of(&s, 1, 5);
	ck_ok(&f, gw_mbox_remove(f.acct, before.id, &s, NULL, &f.err));
	gw_set_done(&s);
	ck_code(&f, restore(&f, dir, "anna", (struct gw_restore){ .replace = false }, NULL), GW_EEXIST);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").messages, 8);
	ended = 0;
	ck_ok(&f, restore(&f, dir, "anna", (struct gw_restore){ .replace = true, .end_sessions = on_end }, NULL));
	ck_assert_uint_eq(ended, 1);
	gw_acct_close(f.acct);
	f.acct = fixture_acct(&f, "anna");
	after = fixture_find(&f, f.acct, "INBOX");
	ck_assert_uint_eq(after.messages, 10);
	ck_assert_uint_gt(after.uidvalidity, before.uidvalidity);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "Sent").uidvalidity, sent.uidvalidity);
	ck_assert_ptr_nonnull(strstr(fixture_body(&f, after.id, 1).p, "number 0"));
	append_many(&f, after.id, 600, 1);
	ck_assert_uint_eq(problems(&f), 0);
	remove_copy(dir);
	fixture_done(&f);
}
END_TEST

START_TEST(an_account_comes_back_beside_itself_under_another_name)
{
	const struct gw_maint all = { .user = EVERYBODY };
	struct gw_maint_report r;
	struct fixture f;
	const char *dir;

	fixture_init(&f, false);
	populate(&f);
	dir = copy_dir(&f);
	backup(&f, dir, false);
	ck_code(&f, gw_admin_restore(f.store, &all, &(struct gw_restore){ .dir = dir, .as = S("x") }, &r, &f.err), GW_EINVAL);
	ck_ok(&f, restore(&f, dir, "ANNA", (struct gw_restore){ .as = S("Anna.Old") }, NULL));
	ck_code(&f, restore(&f, dir, "anna", (struct gw_restore){ .as = S("user1") }, NULL), GW_EEXIST);
	ck_code(&f, restore(&f, dir, "nobody", (struct gw_restore){ .replace = true }, NULL), GW_ENOENT);
	gw_acct_close(f.acct);
	f.acct = fixture_acct(&f, "anna.old");
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").messages, 10);
	ck_assert_uint_eq(problems(&f), 0);
	remove_copy(dir);
	fixture_done(&f);
}
END_TEST

START_TEST(a_destroyed_database_is_put_aside_and_replaced)
{
	struct fixture f;
	const char *dir;
	char *path;
	int fd;

	fixture_init(&f, false);
	populate(&f);
	dir = copy_dir(&f);
	backup(&f, dir, false);
	gw_acct_close(f.acct);
	gw_store_close(f.store);
	path = copied(&f, f.root, 1);
	fd = open(path, O_WRONLY);
	ck_assert_int_eq(pwrite(fd, "no database at all, is it?", 26, 0), 26);
	close(fd);
	fixture_open_store(&f, NULL);
	ck_ok(&f, restore(&f, dir, "anna", (struct gw_restore){ .replace = true }, NULL));
	f.acct = fixture_acct(&f, "anna");
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").messages, 10);
	ck_assert_int_eq(access(gw_arena_printf(&f.arena, "%s.damaged-1", path), F_OK), 0);
	append_many(&f, fixture_box(&f, "INBOX"), 1, 1);
	remove_copy(dir);
	fixture_done(&f);
}
END_TEST

START_TEST(a_backup_of_one_account_tells_nothing_of_the_others)
{
	const struct gw_maint one = { .user = S("user1") };
	struct told t = { .events = 0 };
	struct fixture f, g;
	const char *dir;

	fixture_init(&f, false);
	populate(&f);
	dir = copy_dir(&f);
	ck_ok(&f, gw_admin_backup(f.store, &one, dir, NULL, &f.err));
	ck_assert_uint_eq(verify(&f, &t, dir), 0);
	fixture_init(&g, false);
	ck_code(&g, restore(&g, dir, "anna", (struct gw_restore){ .replace = true }, NULL), GW_ENOENT);
	ck_ok(&g, restore(&g, dir, NULL, (struct gw_restore){ .replace = false }, NULL));
	gw_acct_close(g.acct);
	g.acct = fixture_acct(&g, "user1");
	ck_assert_uint_eq(fixture_find(&g, g.acct, "INBOX").messages, 10);
	told_reset(&t);
	remove_copy(dir);
	fixture_done(&g);
	fixture_done(&f);
}
END_TEST

/* ---- interrupted ---- */

START_TEST(a_stopped_check_goes_on_with_the_accounts_that_are_left)
{
	struct told t = { .events = 0 };
	struct gw_maint m = { .user = EVERYBODY, .progress = on_event, .ctx = &t };
	struct gw_maint_report r = { 0 };
	struct fixture f;

	fixture_init(&f, false);
	populate(&f);
	gw_buf_init(&t.problems, 0);
	t.stop_after = 12;
	ck_code(&f, gw_admin_check(f.store, &m, &r, &f.err), GW_EINTR);
	ck_assert(!t.backwards);
	told_reset(&t);
	m.resume = true;
	ck_ok(&f, gw_admin_check(f.store, &m, &r, &f.err));
	ck_assert_uint_gt(r.skipped, 0);
	ck_assert_uint_eq(r.skipped + r.accounts, USERS);
	ck_assert(!t.backwards);
	told_reset(&t);
	ck_ok(&f, gw_admin_check(f.store, &m, &r, &f.err)); /* nothing was interrupted: all of it */
	ck_assert_uint_eq(r.accounts, USERS);
	told_reset(&t);
	fixture_done(&f);
}
END_TEST

START_TEST(what_is_derived_is_built_anew)
{
	const struct gw_maint m = { .user = EVERYBODY };
	struct gw_maint_report r = { 0 };
	struct fixture f;
	struct gw_db *db;
	char *text;

	fixture_init(&f, false);
	populate(&f);
	ck_ok(&f, gw_db_get(((struct view_acct *)f.acct)->own, &db, &f.err));
	ck_assert_int_eq(sqlite3_exec(gw_db_sql(db), "UPDATE search SET subject=x'', preview=x''; DELETE FROM header", NULL,
		NULL, NULL), SQLITE_OK);
	gw_db_put(db);
	ck_assert_uint_gt(problems(&f), 0);
	ck_ok(&f, gw_admin_reindex(f.store, &m, &r, &f.err));
	ck_assert_uint_eq(r.accounts, USERS);
	ck_assert_uint_eq(problems(&f), 0);
	text = gw_arena_printf(&f.arena, "%s/users/01/%016x/text.db", f.root, 1);
	ck_assert_int_eq(access(text, F_OK), 0);
	fixture_done(&f);
}
END_TEST

/* In a process of its own, which is killed after so many microseconds. */
static void killed_after(struct fixture *f, unsigned us, void (*work)(struct fixture *f, const char *dir), const char *dir)
{
	int status;
	pid_t pid;

	gw_store_close(f->store); /* nothing of SQLite's may cross a fork */
	pid = fork();
	if (pid == 0) {
		fixture_open_store(f, NULL);
		work(f, dir);
		_exit(0);
	}
	usleep(us);
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	fixture_open_store(f, NULL);
}

static void back_up(struct fixture *f, const char *dir)
{
	gw_admin_backup(f->store, &(struct gw_maint){ .resume = true }, dir, NULL, &f->err);
}

START_TEST(a_backup_that_is_killed_at_any_moment_goes_on)
{
	struct told t = { .events = 0 };
	struct fixture f;
	const char *dir;

	fixture_init(&f, false);
	populate(&f);
	dir = copy_dir(&f);
	age(&f);
	gw_acct_close(f.acct);
	for (unsigned i = 0; i < 12; i++)
		killed_after(&f, 500 + 3500 * i, back_up, dir);
	backup(&f, dir, true);
	ck_assert_uint_eq(verify(&f, &t, dir), 0);
	told_reset(&t);
	remove_copy(dir);
	f.acct = NULL;
	fixture_done(&f);
}
END_TEST

static void bring_back(struct fixture *f, const char *dir)
{
	restore(f, dir, NULL, (struct gw_restore){ .replace = true }, NULL);
}

START_TEST(an_account_has_the_old_or_the_new_mail_whenever_a_restore_is_killed)
{
	struct fixture f;
	const char *dir;

	fixture_init(&f, false);
	populate(&f);
	dir = copy_dir(&f);
	backup(&f, dir, false);
	for (unsigned i = 0; i < 12; i++) {
		uint32_t n;

		append_many(&f, fixture_box(&f, "INBOX"), 700, 1);
		gw_acct_close(f.acct);
		killed_after(&f, 1000 + 4000 * i, bring_back, dir);
		f.acct = fixture_acct(&f, "anna");
		n = fixture_find(&f, f.acct, "INBOX").messages;
		ck_assert_msg(n >= 10 && n <= 11 + i, "%u messages", n);
		ck_assert_ptr_nonnull(fixture_body(&f, fixture_box(&f, "INBOX"), 1).p);
		ck_assert_uint_eq(problems(&f), 0);
	}
	ck_ok(&f, gw_admin_restore(f.store, &(struct gw_maint){ .resume = true },
		&(struct gw_restore){ .dir = dir, .replace = true }, &(struct gw_maint_report){ 0 }, &f.err));
	remove_copy(dir);
	fixture_done(&f);
}
END_TEST

static TCase *tcase_all(void)
{
	TCase *tc = tcase_create("backup");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, an_interrupted_backup_goes_on_and_skips_what_it_has);
	tcase_add_test(tc, a_whole_backup_is_brought_up_to_date_only_when_asked_to);
	tcase_add_test(tc, a_directory_with_another_backup_is_left_alone);
	tcase_add_test(tc, verifying_finds_what_was_changed_and_what_is_missing);
	tcase_add_test(tc, all_accounts_come_back_into_an_empty_store);
	tcase_add_loop_test(tc, a_backup_of_an_older_version_is_brought_back, 1, 3);
	tcase_add_test(tc, mail_is_replaced_in_place_and_no_uid_is_used_twice);
	tcase_add_test(tc, an_account_comes_back_beside_itself_under_another_name);
	tcase_add_test(tc, a_destroyed_database_is_put_aside_and_replaced);
	tcase_add_test(tc, a_backup_of_one_account_tells_nothing_of_the_others);
	tcase_add_test(tc, a_pipe_in_a_backup_is_damage_and_is_not_waited_for);
	tcase_add_test(tc, a_file_longer_than_its_manifest_says_is_not_copied);
	tcase_add_test(tc, a_stopped_check_goes_on_with_the_accounts_that_are_left);
	tcase_add_test(tc, what_is_derived_is_built_anew);
	tcase_add_test(tc, a_backup_that_is_killed_at_any_moment_goes_on);
	tcase_add_test(tc, an_account_has_the_old_or_the_new_mail_whenever_a_restore_is_killed);
	return tc;
}

UNIT_MAIN("backup", tcase_all())

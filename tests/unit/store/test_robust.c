/* test_robust.c - the embedded store when things go wrong: crashes, full disks, damaged and foreign files, crowds */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "config/config.h"
#include "store/account/acct.h"
#include "store/account/guard.h"
#include "tests/unit/store/storetest.h"

static struct fixture f;

static void mail_db(char *path, size_t cap, const char *file)
{
	struct local_user u;
	char *dir;

	ck_ok(&f, local_accounts_find(gw_local_store(f.store)->accounts, GW_S("anna"), NULL, &u, &f.err));
	dir = gw_local_account_dir(gw_local_store(f.store), u.id);
	snprintf(path, cap, "%s/%s", dir, file);
	free(dir);
}

static void close_acct(void)
{
	gw_acct_close(f.acct);
	f.acct = NULL;
	gw_store_tidy(f.store, 0);
}

static int find_inbox(struct gw_acct *a)
{
	struct gw_mailbox m;

	return gw_acct_find(a, &f.arena, GW_S("INBOX"), &m, &f.err);
}

/* ---- several processes ---- */

/* A child's own view of the store: nothing opened before the fork is used. */
static void child_open(struct fixture *c)
{
	*c = (struct fixture){ .memory = false };
	snprintf(c->root, sizeof c->root, "%s", f.root);
	gw_arena_init(&c->arena, 0, 0);
	fixture_open_store(c, NULL);
	c->acct = fixture_acct(c, "anna");
}

static void append_child(int from, int n)
{
	struct fixture c;
	struct gw_mbox_id inbox;

	child_open(&c);
	inbox = fixture_box(&c, "INBOX");
	for (int i = 0; i < n; i++) {
		append_text(&c, inbox, test_message(&c.arena, from + i), 0);
		if (i % 8 == 0)
			gw_store_tidy(c.store, i % 16 ? 0 : 60000); /* checkpoints among it */
	}
	gw_acct_close(c.acct);
	gw_store_close(c.store);
	_exit(0);
}

START_TEST(processes_append_to_one_mailbox_at_once)
{
	struct gw_mbox_id inbox;
	struct gw_index *ix;
	pid_t pid[4];

	fixture_init(&f, false);
	inbox = fixture_box(&f, "INBOX");
	close_acct();
	for (int i = 0; i < 4; i++)
		if ((pid[i] = fork()) == 0)
			append_child(i * 1000, 60);
	for (int i = 0; i < 4; i++) {
		int status;

		ck_assert_int_eq(waitpid(pid[i], &status, 0), pid[i]);
		ck_assert_int_eq(status, 0);
	}
	f.acct = fixture_acct(&f, "anna");
	ix = fixture_index(&f, inbox);
	ck_assert_uint_eq(ix->n, 240);
	ck_assert_uint_eq(ix->uidnext, 241);
	gw_index_unref(ix);
	fixture_done(&f);
}
END_TEST

START_TEST(another_process_is_seen_at_once)
{
	struct gw_mbox_id inbox;
	int status;
	pid_t pid;

	fixture_init(&f, false);
	inbox = fixture_box(&f, "INBOX");
	append_many(&f, inbox, 0, 10);
	gw_index_unref(fixture_index(&f, inbox));
	close_acct();
	if ((pid = fork()) == 0)
		append_child(100, 5);
	f.acct = fixture_acct(&f, "anna");
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").messages, 15);
	{
		struct gw_index *ix = fixture_index(&f, inbox);

		ck_assert_uint_eq(ix->n, 15);
		gw_index_unref(ix);
	}
	fixture_done(&f);
}
END_TEST

/* Appends and removes until it is killed; tells each acknowledged number through the pipe. */
static void busy_child(int fd)
{
	struct fixture c;
	struct gw_mbox_id inbox, other;

	child_open(&c);
	inbox = fixture_box(&c, "INBOX");
	other = fixture_box(&c, "Drafts");
	for (int i = 0;; i++) {
		struct gw_set uids;
		uint32_t uid = append_text(&c, inbox, test_message(&c.arena, i), 0);

		if (write(fd, &uid, sizeof uid) != sizeof uid)
			_exit(1);
		if (i % 5 == 0) {
			uid = append_text(&c, other, test_message(&c.arena, 100000 + i), 0);
			set_of(&uids, 1, uid);
			ck_ok(&c, gw_mbox_remove(c.acct, other, &uids, NULL, &c.err));
			gw_set_done(&uids);
			gw_store_tidy(c.store, 60000);
		}
	}
}

START_TEST(a_killed_process_loses_nothing_acknowledged)
{
	struct gw_mbox_id inbox;
	uint32_t acked = 0, before, uid;
	int status, fds[2];
	pid_t pid;

	fixture_init(&f, false);
	inbox = fixture_box(&f, "INBOX");
	for (int round = 0; round < 4; round++) {
		before = fixture_find(&f, f.acct, "INBOX").uidnext - 1;
		close_acct();
		ck_assert_int_eq(pipe(fds), 0);
		if ((pid = fork()) == 0) {
			close(fds[0]);
			busy_child(fds[1]);
		}
		close(fds[1]);
		usleep(150000 + (useconds_t)round * 70001);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		acked = before;
		while (read(fds[0], &uid, sizeof uid) == sizeof uid)
			acked = uid;
		close(fds[0]);
		f.acct = fixture_acct(&f, "anna");
		ck_assert_uint_ge(fixture_find(&f, f.acct, "INBOX").uidnext, acked + 1);
		for (uid = before + 1; uid <= acked; uid++)
			ck_assert_slice_eq(
				fixture_body(&f, inbox, uid), test_message(&f.arena, (int)(uid - before - 1)).p);
	}
	ck_assert_uint_gt(acked, 10);
	fixture_done(&f);
}
END_TEST

/* ---- many threads ---- */

/* Checks of libcheck belong to the main thread. */
static void crowd_ok(int rc, const struct gw_err *err)
{
	if (rc == 0)
		return;
	fprintf(stderr, "%s: %s\n", gw_code_name(rc), err->text);
	abort();
}

static void *crowd(void *arg)
{
	struct gw_acct *a = NULL;
	struct gw_arena arena;
	struct gw_mailbox m;
	struct gw_err err;
	int number = *(int *)arg;

	gw_arena_init(&arena, 0, 0);
	crowd_ok(gw_store_open_account(f.store, GW_S("anna"), "imap", &a, &err), &err);
	crowd_ok(gw_acct_find(a, &arena, GW_S("INBOX"), &m, &err), &err);
	for (int i = 0; i < 40; i++) {
		struct gw_flag_change c = { .how = (enum gw_flag_how)(i % 3), .system = GW_FLAG_SEEN };
		struct gw_appended done;
		struct gw_index *ix;
		struct gw_set uids;

		crowd_ok(append_try(a, m.id, test_message(&arena, number * 1000 + i), 0, NULL, 0, &done, &err), &err);
		set_of(&uids, done.uid_first, done.uid_first);
		crowd_ok(gw_mbox_store_flags(a, m.id, &uids, &c, NULL, &err), &err);
		crowd_ok(gw_mbox_index(a, m.id, &ix, &err), &err);
		if (!gw_index_seq(ix, done.uid_first))
			abort();
		gw_index_unref(ix);
		if (i % 4 == 0)
			crowd_ok(gw_mbox_remove(a, m.id, &uids, NULL, &err), &err);
		gw_set_done(&uids);
		if (i % 10 == 0)
			gw_store_tidy(f.store, i % 20 ? 0 : 60000);
	}
	gw_acct_close(a);
	gw_arena_done(&arena);
	return NULL;
}

START_TEST(threads_work_in_one_mailbox_at_once)
{
	pthread_t t[4];
	int number[4];

	fixture_init(&f, _i);
	if (!f.memory)
		ck_ok(&f, gw_store_start_background(f.store, &f.err));
	for (int i = 0; i < 4; i++) {
		number[i] = i;
		ck_assert_int_eq(pthread_create(&t[i], NULL, crowd, &number[i]), 0);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").messages, 4 * 30);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").uidnext, 4 * 40 + 1);
	fixture_done(&f);
}
END_TEST

/* ---- disk trouble ---- */

START_TEST(a_full_disk_is_told_and_nothing_is_lost)
{
	struct gw_mbox_id inbox;
	struct rlimit old, small;
	struct gw_appended done;
	struct gw_slice text;
	char path[256];
	char *big = gw_xalloc(1 << 20);
	struct stat st;
	int rc = 0, n = 0;

	fixture_init(&f, false);
	inbox = fixture_box(&f, "INBOX");
	append_many(&f, inbox, 0, 10);
	mail_db(path, sizeof path, "mail.db-wal");
	ck_assert_int_eq(stat(path, &st), 0);
	memset(big, 'x', 1 << 20);
	text = gw_slice(big, 200000);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	small = old;
	small.rlim_cur = (rlim_t)st.st_size + (1 << 20);
	setrlimit(RLIMIT_FSIZE, &small);
	while (n < 20 && (rc = append_try(f.acct, inbox, text, 0, NULL, 0, &done, &f.err)) == 0)
		n++;
	ck_assert_int_gt(n, 2);
	ck_assert_msg(rc == GW_ENOSPC, "%s: %s", gw_code_name(rc), f.err.text);
	ck_assert_ptr_nonnull(strstr(f.err.text, "mail.db"));
	/* a message too large to be staged */
	ck_code(&f, append_try(f.acct, inbox, gw_slice(big, 1 << 20), 0, NULL, 0, &done, &f.err), GW_ENOSPC);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").messages, 10 + (unsigned)n);
	setrlimit(RLIMIT_FSIZE, &old);
	append_many(&f, inbox, 100, 5);
	fixture_reopen(&f);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").messages, 15 + (unsigned)n);
	ck_assert_slice_eq(fixture_body(&f, inbox, 3), test_message(&f.arena, 2).p);
	free(big);
	fixture_done(&f);
}
END_TEST

/* In a child with a mount table of its own; says 77 where that is not allowed. */
static int readonly_child(const char *users)
{
	struct gw_flag_change c = { .how = GW_FLAGS_ADD, .system = GW_FLAG_SEEN };
	struct gw_appended done;
	struct gw_mbox_id inbox;
	struct gw_set uids;

	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		mount(users, users, NULL, MS_BIND, NULL) ||
		mount("none", users, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL))
		return 77;
	f.acct = fixture_acct(&f, "anna");
	inbox = fixture_box(&f, "INBOX");
	set_of(&uids, 1, 5);
	if (fixture_body(&f, inbox, 3).n == 0)
		return 1;
	if (gw_mbox_store_flags(f.acct, inbox, &uids, &c, NULL, &f.err) != GW_EROFS || !strstr(f.err.text, "mail.db"))
		return 2;
	if (append_try(f.acct, inbox, GW_S("x"), 0, NULL, 0, &done, &f.err) != GW_EROFS)
		return 3;
	return 0;
}

START_TEST(a_readonly_store_can_be_read)
{
	char users[128];
	int status;
	pid_t pid;

	fixture_init(&f, false);
	append_many(&f, fixture_box(&f, "INBOX"), 0, 5);
	close_acct();
	snprintf(users, sizeof users, "%s/users", f.root);
	if ((pid = fork()) == 0)
		_exit(readonly_child(users));
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	if (WEXITSTATUS(status) != 77)
		ck_assert_int_eq(WEXITSTATUS(status), 0);
	fixture_done(&f);
}
END_TEST

static void write_file(const char *path, const char *text, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, n), (ssize_t)n);
	close(fd);
}

START_TEST(a_damaged_file_is_named_and_others_go_on)
{
	struct gw_acct *bert;
	char path[256], junk[20000];

	fixture_init(&f, false);
	fixture_user(&f, "bert");
	append_many(&f, fixture_box(&f, "INBOX"), 0, 3);
	mail_db(path, sizeof path, "mail.db");
	close_acct();
	memset(junk, 'j', sizeof junk);
	write_file(path, junk, sizeof junk);
	f.acct = fixture_acct(&f, "anna");
	ck_assert_int_eq(find_inbox(f.acct), GW_ECORRUPT);
	ck_assert_ptr_nonnull(strstr(f.err.text, path));
	bert = fixture_acct(&f, "bert");
	ck_assert_int_eq(find_inbox(bert), 0);
	gw_acct_close(bert);
	fixture_done(&f);
}
END_TEST

START_TEST(a_file_that_is_cut_off_while_in_use_is_an_error_and_no_crash)
{
	char path[256], *big = gw_xalloc(100000);
	struct gw_mbox_id inbox;
	struct gw_index *ix;
	struct gw_message m;
	struct gw_fetch *cur;
	struct gw_set seqs;
	char octets[4096];
	bool gone;
	int n = 0;
	long rc;

	if (_i)
		gw_store_guard(); /* and the file is mapped */
	fixture_init(&f, false);
	inbox = fixture_box(&f, "INBOX");
	memset(big, 'x', 100000);
	for (int i = 0; i < 20; i++)
		append_text(&f, inbox, gw_slice(big, 100000), 0);
	mail_db(path, sizeof path, "mail.db");
	close_acct(); /* everything is in the file now, nothing in a WAL */
	f.acct = fixture_acct(&f, "anna");
	ix = fixture_index(&f, inbox);
	set_of(&seqs, 1, 20);
	ck_ok(&f, gw_fetch_open(f.acct, inbox, ix, &seqs, GW_WANT_BODY, &cur, &f.err));
	while ((rc = gw_fetch_next(cur, &m, &gone, &f.err)) == 1) {
		for (uint64_t at = 0; (rc = gw_fetch_read(cur, at, octets, sizeof octets, &f.err)) > 0;)
			at += (uint64_t)rc;
		if (rc < 0)
			break;
		if (n++ == 0)
			ck_assert_int_eq(truncate(path, 10 * 8192), 0);
	}
	ck_assert_int_eq(n, 1);
	ck_assert_msg(rc == GW_ECORRUPT || rc == GW_EIO, "%s", gw_code_name((int)rc));
	gw_fetch_close(cur);
	gw_set_done(&seqs);
	gw_index_unref(ix);
	free(big);
	fixture_done(&f);
}
END_TEST

/* A page of a mapping that the disk does not give: a file that is cut off. */
static void meet_a_bad_page(void)
{
	char path[128], octet;
	int fd;

	snprintf(path, sizeof path, "%s/cut", f.root);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	ck_assert(fd >= 0 && ftruncate(fd, 4096) == 0);
	const volatile char *p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	ck_assert_ptr_ne((const void *)p, MAP_FAILED);
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	octet = *p;
	ck_assert_int_eq(octet, 0);
	munmap((void *)p, 4096);
	close(fd);
}

START_TEST(what_was_read_from_a_bad_page_is_never_written)
{
	struct gw_db *db;

	gw_store_guard();
	fixture_init(&f, false);
	append_many(&f, fixture_box(&f, "INBOX"), 0, 1);
	ck_ok(&f, gw_db_get(((struct view_acct *)f.acct)->own, &db, &f.err));
	ck_ok(&f, gw_db_begin(db, &f.err));
	meet_a_bad_page();
	ck_code(&f, gw_db_commit(db, GW_DB_DURABLE, &f.err), GW_EIO);
	gw_db_rollback(db);
	gw_db_put(db);
	append_many(&f, fixture_box(&f, "INBOX"), 1, 1); /* the next handle is trusted again */
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").messages, 2);
	fixture_done(&f);
}
END_TEST

/* SQLite would take an empty file for a new database. */
START_TEST(a_database_that_lost_its_content_is_not_taken_for_a_new_account)
{
	char path[256], wal[300];
	struct stat st;

	fixture_init(&f, false);
	append_many(&f, fixture_box(&f, "INBOX"), 0, 3);
	mail_db(path, sizeof path, "mail.db");
	snprintf(wal, sizeof wal, "%s-wal", path);
	close_acct();
	write_file(wal, "kept", 4);
	ck_assert_int_eq(truncate(path, 0), 0);
	f.acct = fixture_acct(&f, "anna");
	ck_code(&f, find_inbox(f.acct), GW_ECORRUPT);
	ck_assert_ptr_nonnull(strstr(f.err.text, path));
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_size, 0);
	ck_assert_int_eq(stat(wal, &st), 0);
	ck_assert_int_eq(st.st_size, 4);
	fixture_done(&f);
}
END_TEST

/* Who made the file and was killed before it had content leaves nothing that hinders the next. */
START_TEST(an_account_whose_making_was_interrupted_is_made)
{
	char path[256];

	fixture_init(&f, false);
	ck_ok(&f, find_inbox(f.acct));
	close_acct();
	mail_db(path, sizeof path, "mail.db");
	ck_assert_int_eq(truncate(path, 0), 0);
	mail_db(path, sizeof path, "bell");
	ck_assert_int_eq(unlink(path), 0);
	f.acct = fixture_acct(&f, "anna");
	ck_ok(&f, find_inbox(f.acct));
	fixture_done(&f);
}
END_TEST

static void sql(const char *path, const char *text)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

static const struct {
	const char *sql;
	int code;
} foreign[] = {
	{ "PRAGMA user_version=99", GW_ENOTSUP },
	{ "PRAGMA application_id=7", GW_ECORRUPT },
	{ "DELETE FROM account", 0 }, /* seen as new: a row is made; see check */
	{ "UPDATE account SET key=x'00'", GW_ECORRUPT },
};

START_TEST(foreign_and_newer_databases_are_refused)
{
	char path[256];
	int rc;

	fixture_init(&f, false);
	ck_assert_int_eq(find_inbox(f.acct), 0);
	mail_db(path, sizeof path, "mail.db");
	close_acct();
	sql(path, foreign[_i].sql);
	f.acct = fixture_acct(&f, "anna");
	rc = find_inbox(f.acct);
	if (foreign[_i].code)
		ck_assert_msg(rc == foreign[_i].code, "%s: %s", foreign[_i].sql, f.err.text);
	else
		ck_assert_int_lt(rc, 1);
	fixture_done(&f);
}
END_TEST

static const char *const damages[] = {
	"UPDATE chunk SET data=x'01'",
	"UPDATE chunk SET data=CAST(x'02' || substr(data, 2) AS BLOB)",
	"UPDATE chunk SET n=n+1",
	"UPDATE chunk SET n=4000000000",
	"UPDATE chunk SET data=CAST(data || x'00' AS BLOB)",
	"UPDATE chunk SET data=substr(data, 1, length(data)-1)",
	"UPDATE chunk SET data=CAST(replace(hex(data), '01', 'FF') AS BLOB)",
	"UPDATE chunk SET id=id+5",
	"UPDATE mailbox SET messages=messages+1 WHERE name='INBOX'",
	"DELETE FROM chunk",
};

/* K08: what a row claims is checked, not believed. */
START_TEST(a_damaged_list_is_an_error_and_no_crash)
{
	struct gw_mbox_id inbox;
	struct gw_index *ix;
	char path[256];

	fixture_init(&f, false);
	inbox = fixture_box(&f, "INBOX");
	append_many(&f, inbox, 0, 300);
	mail_db(path, sizeof path, "mail.db");
	close_acct();
	sql(path, damages[_i]);
	f.acct = fixture_acct(&f, "anna");
	ck_code(&f, gw_mbox_index(f.acct, inbox, &ix, &f.err), GW_ECORRUPT);
	ck_assert_ptr_nonnull(strstr(f.err.text, path));
	fixture_done(&f);
}
END_TEST

START_TEST(links_and_open_directories_are_refused)
{
	char path[256], other[300], dir[256];

	fixture_init(&f, false);
	ck_assert_int_eq(find_inbox(f.acct), 0);
	mail_db(path, sizeof path, "mail.db");
	mail_db(dir, sizeof dir, ".");
	snprintf(other, sizeof other, "%s.other", path);
	close_acct();
	f.acct = fixture_acct(&f, "anna");
	ck_assert_int_eq(link(path, other), 0);
	ck_assert_int_eq(find_inbox(f.acct), GW_EACCES);
	unlink(path);
	ck_assert_int_eq(symlink(other, path), 0);
	ck_assert_int_eq(find_inbox(f.acct), GW_EACCES);
	unlink(path);
	ck_assert_int_eq(rename(other, path), 0);
	ck_assert_int_eq(find_inbox(f.acct), 0);
	gw_store_tidy(f.store, 0);
	chmod(path, 0666);
	ck_assert_int_eq(find_inbox(f.acct), GW_EACCES);
	chmod(path, 0600);
	chmod(dir, 0777);
	ck_assert_int_eq(find_inbox(f.acct), GW_EACCES);
	chmod(dir, 0700);
	ck_assert_int_eq(find_inbox(f.acct), 0);
	fixture_done(&f);
}
END_TEST

START_TEST(files_are_closed_to_others)
{
	static const char *const files[] = { "mail.db", "mail.db-wal", "mail.db-shm", "bell", "pop3.lock" };
	char path[256];
	struct stat st;

	umask(0);
	fixture_init(&f, false);
	append_many(&f, fixture_box(&f, "INBOX"), 0, 1);
	ck_ok(&f, gw_acct_lock_maildrop(f.acct, &f.err));
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		mail_db(path, sizeof path, files[i]);
		ck_assert_msg(stat(path, &st) == 0, "%s", path);
		ck_assert_uint_eq(st.st_mode & 07777, 0600);
	}
	mail_db(path, sizeof path, ".");
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0700);
	fixture_done(&f);
}
END_TEST

START_TEST(the_bell_rings_after_each_change)
{
	struct gw_mbox_id inbox;
	struct stat st;
	struct timespec before;
	struct gw_mailbox *v;
	size_t n;

	fixture_init(&f, false);
	inbox = fixture_box(&f, "INBOX");
	ck_assert_int_eq(stat(gw_acct_bell(f.acct, inbox), &st), 0);
	before = st.st_mtim;
	usleep(20000);
	ck_ok(&f, gw_acct_list(f.acct, &f.arena, &v, &n, &f.err));
	ck_assert_int_eq(stat(gw_acct_bell(f.acct, inbox), &st), 0);
	ck_assert_int_eq(st.st_mtim.tv_nsec, before.tv_nsec);
	append_many(&f, inbox, 0, 1);
	ck_assert_int_eq(stat(gw_acct_bell(f.acct, inbox), &st), 0);
	ck_assert(st.st_mtim.tv_nsec != before.tv_nsec || st.st_mtim.tv_sec != before.tv_sec);
	fixture_done(&f);
}
END_TEST

/* Someone who was away for long: handles closed, WAL gone, everything still there. */
START_TEST(tidying_leaves_one_file_that_has_everything)
{
	char path[256];
	struct stat st;

	fixture_init(&f, false);
	append_many(&f, fixture_box(&f, "INBOX"), 0, 20);
	mail_db(path, sizeof path, "mail.db-wal");
	ck_assert_int_eq(stat(path, &st), 0);
	gw_store_tidy(f.store, 0);
	ck_assert_int_lt(stat(path, &st), 0);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").messages, 20);
	fixture_done(&f);
}
END_TEST

/* ---- limits ---- */

static void configured(const struct gw_config *c, bool memory)
{
	fixture_init(&f, memory);
	gw_acct_close(f.acct);
	gw_store_close(f.store);
	fixture_open_store(&f, c);
	if (memory)
		fixture_user(&f, "anna");
}

START_TEST(the_quota_is_exact)
{
	struct gw_slice text;
	struct gw_appended done;
	struct gw_mbox_id inbox, sent;
	struct gw_config c = { .mail_quota = 0 };
	struct gw_arena arena;
	struct gw_copied copied;
	struct gw_quota q;
	struct gw_set uids;

	gw_arena_init(&arena, 0, 0);
	c.mail_quota = 3 * test_message(&arena, 1).n;
	gw_arena_done(&arena);
	configured(&c, _i);
	text = test_message(&f.arena, 1);
	f.acct = fixture_acct(&f, "anna");
	inbox = fixture_box(&f, "INBOX");
	sent = fixture_box(&f, "Sent");
	append_text(&f, inbox, text, 0);
	append_text(&f, inbox, text, 0);
	ck_code(&f,
		append_try(f.acct, inbox, gw_slice_str(gw_arena_printf(&f.arena, "%.*s!", GW_FMT(text))), 0, NULL, 0,
			&done, &f.err),
		GW_EQUOTA);
	set_of(&uids, 1, 2);
	ck_code(&f, gw_mbox_copy(f.acct, inbox, &uids, sent, false, &copied, &f.err), GW_EQUOTA);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "Sent").messages, 0);
	append_text(&f, inbox, text, 0);
	ck_code(&f, append_try(f.acct, inbox, GW_S("x"), 0, NULL, 0, &done, &f.err), GW_EQUOTA);
	ck_ok(&f, gw_mbox_copy(f.acct, inbox, &uids, sent, true, &copied, &f.err));
	gw_copied_done(&copied);
	ck_ok(&f, gw_acct_quota(f.acct, &q, &f.err));
	ck_assert_uint_eq(q.storage_used, q.storage_limit);
	ck_assert_uint_eq(q.messages_limit, 0);
	gw_set_done(&uids);
	fixture_done(&f);
}
END_TEST

START_TEST(the_number_of_mailboxes_is_limited)
{
	struct gw_config c = { .max_mailboxes = 9 };
	struct gw_mbox_id id;

	configured(&c, _i);
	f.acct = fixture_acct(&f, "anna"); /* has six */
	ck_code(&f, gw_acct_create(f.acct, GW_S("a/b/c/d"), 0, &id, &f.err), GW_ELIMIT);
	ck_ok(&f, gw_acct_create(f.acct, GW_S("a/b/c"), 0, &id, &f.err));
	ck_code(&f, gw_acct_create(f.acct, GW_S("e"), 0, &id, &f.err), GW_ELIMIT);
	ck_ok(&f, gw_acct_delete(f.acct, GW_S("a/b/c"), &f.err));
	ck_ok(&f, gw_acct_create(f.acct, GW_S("e"), 0, &id, &f.err));
	fixture_done(&f);
}
END_TEST

START_TEST(public_folders_are_seen_by_all_and_changed_by_their_owner)
{
	struct gw_config c = { .public_account = "public", .imap_public_folders = true };
	struct gw_acct *owner;
	struct gw_mailbox m, *v;
	struct gw_mbox_id id, inbox, shared;
	struct gw_copied copied;
	struct gw_set uids;
	size_t n, seen = 0;

	configured(&c, _i);
	fixture_user(&f, "public");
	owner = fixture_acct(&f, "public");
	ck_ok(&f, gw_acct_create(owner, GW_S("news/today"), 0, &id, &f.err));
	f.acct = fixture_acct(&f, "anna");
	ck_ok(&f, gw_acct_list(f.acct, &f.arena, &v, &n, &f.err));
	for (size_t i = 0; i < n; i++)
		if (v[i].attrs & GW_MBOX_PUBLIC)
			seen++;
	ck_assert_uint_eq(seen, 3); /* root, news, today: not the owner's INBOX and Sent */
	m = fixture_find(&f, f.acct, "Public folders");
	ck_assert_uint_eq(m.attrs, GW_MBOX_NOSELECT | GW_MBOX_PUBLIC | GW_MBOX_CHILDREN);
	shared = fixture_box(&f, "Public folders/news/today");
	ck_assert_uint_eq(shared.space, 1);
	ck_code(&f, gw_acct_find(f.acct, &f.arena, GW_S("Public folders/INBOX"), &m, &f.err), GW_ENOENT);
	ck_code(&f, gw_acct_create(f.acct, GW_S("Public folders/x"), 0, &id, &f.err), GW_EACCES);
	ck_code(&f, gw_acct_delete(f.acct, GW_S("Public folders/news"), &f.err), GW_EACCES);
	ck_code(&f, gw_acct_rename(f.acct, GW_S("Public folders/news"), GW_S("mine"), &f.err), GW_EACCES);
	ck_ok(&f, gw_acct_subscribe(f.acct, GW_S("Public folders/news/today"), true, &f.err));
	ck_assert_uint_eq(
		fixture_find(&f, f.acct, "Public folders/news/today").attrs, GW_MBOX_PUBLIC | GW_MBOX_SUBSCRIBED);
	inbox = fixture_box(&f, "INBOX");
	append_many(&f, inbox, 0, 5);
	append_many(&f, shared, 50, 1);
	set_of(&uids, 2, 4);
	ck_ok(&f, gw_mbox_copy(f.acct, inbox, &uids, shared, true, &copied, &f.err));
	ck_assert_uint_eq(gw_set_count(&copied.dst), 3);
	gw_copied_done(&copied);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").messages, 2);
	ck_assert_uint_eq(fixture_find(&f, owner, "news/today").messages, 4);
	ck_assert_slice_eq(fixture_body(&f, shared, 2), test_message(&f.arena, 1).p);
	ck_code(&f, gw_mbox_remove(f.acct, shared, &uids, NULL, &f.err), GW_EACCES);
	ck_code(&f, gw_mbox_copy(f.acct, shared, &uids, inbox, true, &copied, &f.err), GW_EACCES);
	ck_ok(&f, gw_mbox_copy(f.acct, shared, &uids, inbox, false, &copied, &f.err));
	gw_copied_done(&copied);
	ck_assert_uint_eq(fixture_find(&f, f.acct, "INBOX").messages, 5);
	gw_set_done(&uids);
	gw_acct_close(owner);
	fixture_done(&f);
}
END_TEST

static TCase *tcase_robust(void)
{
	TCase *tc = tcase_create("robust");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, processes_append_to_one_mailbox_at_once);
	tcase_add_test(tc, another_process_is_seen_at_once);
	tcase_add_test(tc, a_killed_process_loses_nothing_acknowledged);
	tcase_add_loop_test(tc, threads_work_in_one_mailbox_at_once, 0, 2);
	tcase_add_test(tc, a_full_disk_is_told_and_nothing_is_lost);
	tcase_add_test(tc, a_readonly_store_can_be_read);
	tcase_add_test(tc, a_damaged_file_is_named_and_others_go_on);
	tcase_add_loop_test(tc, a_file_that_is_cut_off_while_in_use_is_an_error_and_no_crash, 0, 2);
	tcase_add_test(tc, what_was_read_from_a_bad_page_is_never_written);
	tcase_add_test(tc, a_database_that_lost_its_content_is_not_taken_for_a_new_account);
	tcase_add_test(tc, an_account_whose_making_was_interrupted_is_made);
	tcase_add_loop_test(tc, foreign_and_newer_databases_are_refused, 0, sizeof foreign / sizeof *foreign);
	tcase_add_loop_test(tc, a_damaged_list_is_an_error_and_no_crash, 0, sizeof damages / sizeof *damages);
	tcase_add_test(tc, links_and_open_directories_are_refused);
	tcase_add_test(tc, files_are_closed_to_others);
	tcase_add_test(tc, the_bell_rings_after_each_change);
	tcase_add_test(tc, tidying_leaves_one_file_that_has_everything);
	tcase_add_loop_test(tc, the_quota_is_exact, 0, 2);
	tcase_add_loop_test(tc, the_number_of_mailboxes_is_limited, 0, 2);
	tcase_add_loop_test(tc, public_folders_are_seen_by_all_and_changed_by_their_owner, 0, 2);
	return tc;
}

UNIT_MAIN("store/robust", tcase_robust())

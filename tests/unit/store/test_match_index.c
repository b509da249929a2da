/* The index of texts (store/local/text.h): searches find the same with it, whatever state it is in. */
#include "matchtest.h"

#include <fcntl.h>
#include <sys/wait.h>

#include "store/account/acct.h"

START_TEST(every_row_is_answered_the_same_from_the_index)
{
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, false);
	id = fill(&f);
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM text"), N_MAIL);
	check_rows(&f, id);
	fixture_done(&f);
}
END_TEST

START_TEST(the_index_is_really_asked)
{
	const struct row r = { GW_MATCH_TEXT, "", "planted", "3" };
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, false);
	id = fill(&f);
	update(&f);
	ask(&f, "UPDATE text SET data=CAST(substr(data,1,8)||x'504C414E544544' AS BLOB) WHERE id=3");
	check_row(&f, id, &r, false);
	fixture_done(&f);
}
END_TEST

/* Its signatures do not have what is looked for now. */
START_TEST(an_index_of_the_version_before_is_made_anew)
{
	struct gw_mbox_id id;
	struct local_user u;
	struct fixture f;
	struct stat st;
	int64_t since = 0;

	fixture_init(&f, false);
	id = fill(&f);
	update(&f);
	ck_ok(&f, local_accounts_find(gw_local_store(f.store)->accounts, GW_S("anna"), NULL, &u, &f.err));
	ck_assert(!gw_local_text_waits(gw_local_store(f.store), u.id, NULL));
	ck_assert_int_eq(stat(text_path(&f), &st), 0);
	ask(&f, "DELETE FROM text");
	ask(&f, "DROP TABLE address");
	ask(&f, "PRAGMA user_version=4");
	ck_assert_int_eq(utimensat(AT_FDCWD, text_path(&f), (const struct timespec[]){ st.st_atim, st.st_mtim }, 0), 0);
	ck_assert(gw_local_text_waits(gw_local_store(f.store), u.id, &since));
	ck_assert_int_eq(since, test_wall_now); /* the mail has been there for longer */
	check_rows(&f, id);
	update(&f);
	ck_assert_int_eq(ask(&f, "PRAGMA user_version"), 5);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM text"), N_MAIL);
	ck_assert(!gw_local_text_waits(gw_local_store(f.store), u.id, NULL));
	check_rows(&f, id);
	fixture_done(&f);
}
END_TEST

START_TEST(messages_that_the_index_does_not_know_are_read)
{
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, false);
	id = fixture_box(&f, "INBOX");
	append_text(&f, id, gw_slice_str(mail[0]), 0);
	update(&f);
	for (uint32_t i = 1; i < N_MAIL; i++)
		append_text(&f, id, gw_slice_str(mail[i]), 0);
	check_rows(&f, id);
	ask(&f, "UPDATE text SET data=CAST(x'01000000'||substr(data,5,4)||x'61' AS BLOB) WHERE id=1"); /* another message than ours */
	check_rows(&f, id);
	fixture_done(&f);
}
END_TEST

START_TEST(a_damaged_index_does_no_harm_and_is_made_anew)
{
	struct gw_mbox_id id;
	struct fixture f;
	FILE *file;

	fixture_init(&f, false);
	id = fill(&f);
	update(&f);
	file = fopen(text_path(&f), "r+");
	ck_assert_ptr_nonnull(file);
	for (int i = 0; i < 3000; i++)
		fputs("rubbish", file);
	fclose(file);
	check_rows(&f, id);
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM text"), N_MAIL);
	check_rows(&f, id);
	ck_assert_int_eq(unlink(text_path(&f)), 0);
	check_rows(&f, id);
	fixture_done(&f);
}
END_TEST

START_TEST(an_index_damaged_inside_is_made_anew)
{
	struct gw_mbox_id id;
	struct fixture f;
	struct stat st;
	FILE *file;

	fixture_init(&f, false);
	id = fill(&f);
	append_many(&f, id, 1, 100);
	update(&f);
	ck_assert_int_eq(stat(text_path(&f), &st), 0);
	file = fopen(text_path(&f), "r+");
	ck_assert_ptr_nonnull(file);
	fseek(file, 8192, SEEK_SET); /* the first page stays */
	for (long i = 8192; i < st.st_size; i++)
		fputc('r', file);
	fclose(file);
	check_rows(&f, id);
	append_many(&f, id, 101, 1);
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM text"), N_MAIL + 101);
	check_rows(&f, id);
	fixture_done(&f);
}
END_TEST

START_TEST(damage_that_is_found_when_messages_are_taken_up_is_mended)
{
	static const char *const tables[] = { "text", "address" };
	const char *odd = "From: \"An, N\" (x) <a@b>\r\n\r\n";
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, false);
	id = fill(&f);
	append_text(&f, id, gw_slice_str(odd), 0);
	update(&f);
	damage(&f, tables[_i]);
	append_text(&f, id, gw_slice_str(odd), 0);
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM text"), N_MAIL + 2);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM address"), 2);
	fixture_done(&f);
}
END_TEST

START_TEST(what_stands_across_a_cut_in_a_long_field_is_found)
{
	const struct row r = { GW_MATCH_HEADER, "X-Long", "acrossthecut", "1" };
	struct gw_mbox_id id;
	struct gw_buf b;
	struct fixture f;

	fixture_init(&f, false);
	id = fixture_box(&f, "INBOX");
	gw_buf_init(&b, 0);
	gw_buf_printf(&b, "X-Long: ");
	while (b.n < GW_TEXT_FIELD_MAX - 6)
		gw_buf_add_char(&b, 'x');
	gw_buf_printf(&b, "acrossthecut.\r\n\r\n");
	append_text(&f, id, gw_buf_slice(&b), 0);
	for (int i = 0; i < 20; i++) /* so that all of the signature is asked for */
		append_text(&f, id, GW_S("X-Long: across thecut\r\n\r\n"), 0);
	append_many(&f, id, 1, 300);
	check_row(&f, id, &r, false);
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM block"), 1);
	check_row(&f, id, &r, false);
	gw_buf_done(&b);
	fixture_done(&f);
}
END_TEST

START_TEST(an_index_of_another_database_is_not_believed)
{
	const struct row r = { GW_MATCH_TEXT, "", "planted", "" };
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, false);
	id = fill(&f);
	update(&f);
	ask(&f, "UPDATE text SET data=CAST(substr(data,1,8)||x'504C414E544544' AS BLOB)");
	ask(&f, "UPDATE meta SET upto=1000"); /* as after mail.db was set back to an older one */
	check_row(&f, id, &r, false);
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT upto FROM meta"), N_MAIL);
	ask(&f, "UPDATE text SET data=CAST(substr(data,1,8)||x'504C414E544544' AS BLOB)");
	ask(&f, "UPDATE meta SET key=zeroblob(16)");
	check_row(&f, id, &r, false);
	update(&f);
	check_rows(&f, id);
	fixture_done(&f);
}
END_TEST

/* Message number n has the words "needle<n>" and, in its header, "field<n>", and is longer the higher n is. */
static struct gw_slice numbered(struct gw_arena *arena, int n)
{
	char *fill_text = gw_arena_alloc(arena, (size_t)n * 3 + 1);

	for (int i = 0; i < n * 3; i++)
		fill_text[i] = (char)('a' + (i * i + n) % 26);
	return gw_slice_str(gw_arena_printf(arena, "Subject: s%d\r\nX-Number: field%d.\r\n\r\n%s needle%d.\r\n", n, n, fill_text, n));
}

static void append_numbered(struct fixture *f, struct gw_mbox_id id, int first, int last)
{
	for (int i = first; i <= last; i++)
		append_text(f, id, numbered(&f->arena, i), 0);
}

/* where: the only messages that number n is in, of so many. */
static void check_numbered(struct fixture *f, struct gw_mbox_id id, int n, const char *where, uint32_t messages)
{
	const char *needle = gw_arena_printf(&f->arena, "needle%d.", n), *field = gw_arena_printf(&f->arena, "field%d.", n);
	const struct row asked[] = { { GW_MATCH_BODY, "", needle, where }, { GW_MATCH_HEADER, "X-Number", field, where },
				     { GW_MATCH_TEXT, "", field, where }, { GW_MATCH_SUBJECT, "", needle, "" },
				     { GW_MATCH_HEADER, "Subject", field, "" } };

	for (size_t k = 0; k < sizeof asked / sizeof *asked; k++)
		check_first(f, id, &asked[k], false, messages);
}

START_TEST(blocks_of_signatures_lose_nothing)
{
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, false);
	id = fixture_box(&f, "INBOX");
	append_numbered(&f, id, 1, 600);
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM block"), 2);
	for (int i = 1; i <= 600; i += 37)
		check_numbered(&f, id, i, gw_arena_printf(&f.arena, "%d", i), 600);
	fixture_done(&f);
}
END_TEST

/* Messages that are in no block lie in front of one, which is asked about its own all the same. */
START_TEST(a_block_is_asked_behind_messages_that_are_in_none)
{
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, false);
	id = fixture_box(&f, "INBOX");
	append_numbered(&f, id, 1, 600);
	update(&f);
	ask(&f, "DELETE FROM block WHERE first=1");
	check_numbered(&f, id, 5, "5", 600);
	check_numbered(&f, id, 300, "300", 600);
	ask(&f, "UPDATE sig SET data=zeroblob(length(data))"); /* who asks them finds nothing */
	check_first(&f, id, &(const struct row){ GW_MATCH_BODY, "", "needle5.", "5" }, false, 600);
	check_first(&f, id, &(const struct row){ GW_MATCH_BODY, "", "needle300.", "" }, false, 600);
	fixture_done(&f);
}
END_TEST

static void copy_some(struct fixture *f, uint32_t lo, uint32_t hi)
{
	struct gw_copied done;
	struct gw_set uids;

	set_of(&uids, lo, hi);
	ck_ok(f, gw_mbox_copy(f->acct, fixture_box(f, "INBOX"), &uids, fixture_box(f, "Archive"), false, &done, &f->err));
	gw_copied_done(&done);
	gw_set_done(&uids);
}

/* Messages that were copied are in another order than their contents, and some are there twice. */
START_TEST(any_order_of_messages_finds_the_same)
{
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, false);
	append_numbered(&f, fixture_box(&f, "INBOX"), 1, 600);
	update(&f);
	copy_some(&f, 1, 600);
	copy_some(&f, 101, 600);
	copy_some(&f, 1, 100);
	id = fixture_box(&f, "Archive");
	for (int i = 1; i <= 600; i += 37)
		check_numbered(&f, id, i, gw_arena_printf(&f.arena, "%d,%d", i, i > 100 ? i + 500 : i + 1100), 1200);
	ask(&f, "UPDATE sig SET data=zeroblob(length(data))"); /* who asks them finds nothing */
	for (int i = 1; i <= 512; i += 73)
		check_first(&f, id, &(const struct row){ GW_MATCH_BODY, "", gw_arena_printf(&f.arena, "needle%d.", i), "" }, false, 1200);
	fixture_done(&f);
}
END_TEST

/* Two runs of messages whose contents have numbers that lie far apart: a block has no room for both. */
START_TEST(contents_far_apart_are_in_blocks_of_their_own)
{
	struct gw_mbox_id id;
	struct fixture f;
	struct gw_db *db;

	fixture_init(&f, false);
	id = fixture_box(&f, "INBOX");
	append_numbered(&f, id, 1, 10);
	ck_ok(&f, view_begin(f.acct, id.space, VIEW_WRITE, &db, &f.err));
	ck_assert_int_eq(sqlite3_exec(gw_db_sql(db), "UPDATE account SET next_content=next_content+(1<<32)", NULL, NULL, NULL), SQLITE_OK);
	ck_ok(&f, gw_db_commit(db, GW_DB_LAZY, &f.err));
	gw_db_put(db);
	append_numbered(&f, id, 11, 300);
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM block"), 2);
	ck_assert_int_eq(ask(&f, "SELECT length(members)/8 FROM block WHERE first=1"), 10);
	for (int i = 1; i <= 300; i += 7)
		check_numbered(&f, id, i, gw_arena_printf(&f.arena, "%d", i), 300);
	fixture_done(&f);
}
END_TEST

#define MIXED 260u /* more than are in a block */

/* A word of a few letters, some with accents, which are often the same. */
static const char *random_word(struct gw_arena *arena, unsigned *seed)
{
	static const char *const letters[] = { "a", "e", "t", "s", "\xC3\xA9", "l", "v", "r" };
	const char *word = "";

	for (int n = 3 + rand_r(seed) / 64 % 8; n > 0; n--)
		word = gw_arena_printf(arena, "%s%s", word, letters[rand_r(seed) / 64 % 8]);
	return word;
}

static const char *random_message(struct gw_arena *arena, unsigned *seed)
{
	static const char *const between[] = { "", " ", "\t", "\r\n ", " Re:", " =?utf-8?q?=C3=A9=0D=0At=09?= " };
	const char *text = random_head(arena, seed);

	text = gw_arena_printf(arena, "%sFrom: \"%s\" (%s)\r\n <%s . %s@ %s.example>\r\n", text, random_word(arena, seed), random_word(arena, seed),
		random_word(arena, seed), random_word(arena, seed), random_word(arena, seed));
	text = gw_arena_printf(arena, "%sSubject:", text);
	for (int n = 1 + rand_r(seed) / 64 % 3; n > 0; n--)
		text = gw_arena_printf(arena, "%s%s%s", text, between[rand_r(seed) / 64 % 6], random_word(arena, seed));
	text = gw_arena_printf(arena, "%s\r\n\r\n", text);
	for (int n = rand_r(seed) / 64 % 4; n > 0; n--)
		text = gw_arena_printf(arena, "%s%s%s", text, random_word(arena, seed), between[rand_r(seed) / 64 % 5]);
	return text;
}

#define ASKED 100

/* What is asked for, of all kinds of fields. */
static struct row random_row(struct gw_arena *arena, unsigned *seed, size_t k)
{
	static const enum gw_match_field kinds[] = { GW_MATCH_SUBJECT, GW_MATCH_TEXT, GW_MATCH_FROM, GW_MATCH_HEADER, GW_MATCH_BODY };
	static const char *const odd[] = { "abab", "b a", "c ab", "ab ab", "b\xC3\xA4", "x-odd", ": ab", "\x1b$b" };

	if (k % 10 == 3)
		return (struct row){ GW_MATCH_HEADER, "X-Odd", odd[k / 10 % 8], "" };
	if (k % 10 == 2)
		return (struct row){ GW_MATCH_FROM, "", gw_arena_printf(arena, "%.3s%.3s", random_word(arena, seed), random_word(arena, seed)), "" };
	return (struct row){ kinds[k % 5], "Subject", random_word(arena, seed), "" };
}

static void check_same(struct fixture *f, struct gw_mbox_id id, const struct row *r, bool fuzzy, const struct gw_set *want)
{
	struct gw_set got;

	gw_set_init(&got);
	ck_ok(f, match(f, id, r, fuzzy, &got));
	for (uint32_t v = 1; v <= MIXED; v++)
		ck_assert_msg(gw_set_has(&got, v) == gw_set_has(want, v), "field %d, \"%s\"%s: message %u %s with the index", (int)r->field,
			r->needle, fuzzy ? ", fuzzy" : "", v, gw_set_has(&got, v) ? "matches" : "does not match");
	gw_set_done(&got);
}

/* RFC 9051 6.4.4, RFC 6203 2: what is found is the same without the index and with it. */
START_TEST(the_index_changes_no_answer)
{
	struct gw_set without[ASKED][2];
	unsigned seed = (unsigned)_i + 1;
	struct row asked[ASKED];
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, false);
	id = fixture_box(&f, "INBOX");
	for (uint32_t i = 0; i < MIXED; i++)
		append_text(&f, id, gw_slice_str(random_message(&f.arena, &seed)), 0);
	for (size_t k = 0; k < 2 * ASKED; k++) {
		if (k % 2 == 0)
			asked[k / 2] = random_row(&f.arena, &seed, k / 2);
		gw_set_init(&without[k / 2][k % 2]);
		ck_ok(&f, match(&f, id, &asked[k / 2], k % 2, &without[k / 2][k % 2]));
	}
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM block"), 1);
	for (size_t k = 0; k < 2 * ASKED; k++) {
		check_same(&f, id, &asked[k / 2], k % 2, &without[k / 2][k % 2]);
		gw_set_done(&without[k / 2][k % 2]);
	}
	fixture_done(&f);
}
END_TEST

/* In a child process: open the store once more and bring the index up to date. */
static void update_elsewhere(struct fixture *f)
{
	struct fixture child = { .memory = false };

	memcpy(child.root, f->root, sizeof child.root);
	gw_arena_init(&child.arena, 0, 0);
	fixture_open_store(&child, NULL);
	child.acct = fixture_acct(&child, "anna");
	update(&child);
	gw_acct_close(child.acct);
	gw_store_close(child.store);
	_exit(0);
}

START_TEST(several_processes_write_the_index_at_once)
{
	struct gw_mbox_id id;
	struct fixture f;
	pid_t pid[3];

	fixture_init(&f, false);
	id = fill(&f);
	append_many(&f, id, 1, 700);
	gw_store_tidy(f.store, 0);
	for (int i = 0; i < 3; i++) {
		pid[i] = fork();
		if (pid[i] == 0)
			update_elsewhere(&f);
	}
	for (int i = 0; i < 3; i++) {
		int status = -1;

		check_rows(&f, id);
		ck_assert_int_eq(waitpid(pid[i], &status, 0), pid[i]);
		ck_assert_int_eq(status, 0);
	}
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM text"), N_MAIL + 700);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM block"), 2);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check='ok'"), 1);
	fixture_done(&f);
}
END_TEST

START_TEST(the_index_is_for_its_owner_alone)
{
	struct fixture f;
	struct stat st;

	fixture_init(&f, false);
	fill(&f);
	update(&f);
	ck_assert_int_eq(stat(text_path(&f), &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	fixture_done(&f);
}
END_TEST

START_TEST(texts_of_removed_messages_are_forgotten)
{
	struct gw_mbox_id id;
	struct fixture f;
	struct gw_set gone, uids;

	fixture_init(&f, false);
	id = fixture_box(&f, "INBOX");
	append_many(&f, id, 1, 300);
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM block"), 1);
	gw_set_init(&gone);
	set_of(&uids, 1, 299);
	ck_ok(&f, gw_mbox_remove(f.acct, id, &uids, &gone, &f.err));
	gw_store_tidy(f.store, 1000);
	test_wall_now += 7200;
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM text"), 1);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM sig"), 0);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM address"), 0);
	gw_set_done(&gone);
	gw_set_done(&uids);
	fixture_done(&f);
}
END_TEST

START_TEST(a_text_that_is_too_long_is_read)
{
	struct gw_mbox_id id;
	struct gw_buf b;
	struct fixture f;
	struct row asked[] = { { GW_MATCH_BODY, "", "the very end", "1" }, { GW_MATCH_HEADER, "X-Length", "unusual", "1" } };

	fixture_init(&f, false);
	id = fixture_box(&f, "INBOX");
	gw_buf_init(&b, 0);
	gw_buf_printf(&b, "Subject: long\r\nX-Length: unusual\r\n\r\n");
	while (b.n < TEXT_BYTES_MAX * 2)
		gw_buf_printf(&b, "line %zu\r\n", b.n);
	gw_buf_printf(&b, "the very\r\nend\r\n");
	append_text(&f, id, gw_buf_slice(&b), 0);
	append_many(&f, id, 1, 300);
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT length(data)=0 FROM text WHERE id=1"), 1);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM block"), 1);
	for (size_t k = 0; k < sizeof asked / sizeof *asked; k++)
		check_row(&f, id, &asked[k], false);
	gw_buf_done(&b);
	fixture_done(&f);
}
END_TEST

START_TEST(the_thread_takes_up_what_arrives)
{
	struct gw_mbox_id id;
	struct fixture f;
	int64_t n = 0;

	fixture_init(&f, false);
	id = fill(&f);
	ck_ok(&f, gw_store_start_background(f.store, &f.err));
	append_many(&f, id, 1, 20);
	for (int i = 0; i < 2500 && n < N_MAIL + 20; i++) {
		usleep(10000);
		n = access(text_path(&f), F_OK) == 0 ? ask(&f, "SELECT count(*) FROM text") : 0;
	}
	ck_assert_int_eq(n, N_MAIL + 20);
	fixture_done(&f);
}
END_TEST

static TCase *tcase_index(void)
{
	TCase *tc = tcase_create("text index");

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, every_row_is_answered_the_same_from_the_index);
	tcase_add_test(tc, the_index_is_really_asked);
	tcase_add_test(tc, an_index_of_the_version_before_is_made_anew);
	tcase_add_test(tc, messages_that_the_index_does_not_know_are_read);
	tcase_add_test(tc, a_damaged_index_does_no_harm_and_is_made_anew);
	tcase_add_test(tc, an_index_damaged_inside_is_made_anew);
	tcase_add_loop_test(tc, damage_that_is_found_when_messages_are_taken_up_is_mended, 0, 2);
	tcase_add_test(tc, what_stands_across_a_cut_in_a_long_field_is_found);
	tcase_add_test(tc, an_index_of_another_database_is_not_believed);
	tcase_add_test(tc, blocks_of_signatures_lose_nothing);
	tcase_add_test(tc, a_block_is_asked_behind_messages_that_are_in_none);
	tcase_add_test(tc, any_order_of_messages_finds_the_same);
	tcase_add_test(tc, contents_far_apart_are_in_blocks_of_their_own);
	tcase_add_loop_test(tc, the_index_changes_no_answer, 0, 5);
	tcase_add_test(tc, several_processes_write_the_index_at_once);
	tcase_add_test(tc, the_index_is_for_its_owner_alone);
	tcase_add_test(tc, texts_of_removed_messages_are_forgotten);
	tcase_add_test(tc, a_text_that_is_too_long_is_read);
	tcase_add_test(tc, the_thread_takes_up_what_arrives);
	return tc;
}

UNIT_MAIN("match_index", tcase_index())

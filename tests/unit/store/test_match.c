/* Text searches (store.h, gw_mbox_match): the same rows for both drivers, without a text index and with one. */
#include "storetest.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "mime/header.h"
#include "mime/words.h"
#include "store/derive.h"
#include "store/local/text.h"
#include "text/casemap.h"

#define CRLF "\r\n"

static const char *const mail[] = {
	/* 1 */ "From: Anna <anna@example.org>" CRLF "To: bert@example.org" CRLF "Subject: Hello World" CRLF
		"X-Odd: eins" CRLF "X-Odd: zwei" CRLF "X-Fold: left" CRLF "\tri\rght by" CRLF " tab" CRLF CRLF "The quick brown" CRLF "fox jumps." CRLF,
	/* 2 */ "From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>" CRLF "Cc: Carol <carol@example.net>" CRLF
		"X-Enc: a =?us-ascii?q?k=65y?= word" CRLF "Subject: =?iso-8859-1?Q?Gr=FC=DFe_aus?=" CRLF " Wien" CRLF "Content-Type: text/plain; charset=utf-8" CRLF
		"Content-Transfer-Encoding: quoted-printable" CRLF CRLF "Stra=C3=9Fe und soft=" CRLF "break" CRLF,
	/* 3 */ "From: c@example.org" CRLF "Bcc: hidden@example.org" CRLF "Subject: parts" CRLF "MIME-Version: 1.0" CRLF
		"Content-Type: multipart/mixed; boundary=XX" CRLF CRLF "preamble" CRLF "--XX" CRLF
		"Content-Type: text/plain; charset=iso-8859-1" CRLF "Content-Transfer-Encoding: base64" CRLF CRLF
		"S/xjaGUgZPxyZmVuIHdpcg==" CRLF "--XX" CRLF "Content-Type: text/html" CRLF CRLF
		"<p>Hyper <b>Markup</b></p>" CRLF "--XX" CRLF "Content-Type: application/octet-stream" CRLF
		"Content-Disposition: attachment; filename=\"invoice.bin\"" CRLF CRLF "secretbytes" CRLF "--XX--" CRLF,
	/* 4 */ "Q: =?us-ascii?q?k=65y?=" CRLF "Subject: carrier" CRLF "Content-Type: message/rfc822" CRLF CRLF "Subject: =?utf-8?q?inn=C3=A9r?=" CRLF
		CRLF "nested words" CRLF,
	/* 5 */ CRLF,
};

#define N_MAIL ((uint32_t)(sizeof mail / sizeof *mail))

static const struct row {
	enum gw_match_field field;
	const char *header, *needle, *hits;
} rows[] = {
	{ GW_MATCH_SUBJECT, "", "hello", "1" },
	{ GW_MATCH_SUBJECT, "", "lo wo", "1" },
	{ GW_MATCH_SUBJECT, "", "GRÜSSE", "" },
	{ GW_MATCH_SUBJECT, "", "grüße aus wien", "2" },
	{ GW_MATCH_SUBJECT, "", "GRU\xCC\x88\xC3\x9F", "2" },
	{ GW_MATCH_SUBJECT, "", "", "1:4" },
	{ GW_MATCH_FROM, "", "EXAMPLE", "1:3" },
	{ GW_MATCH_FROM, "", "jürgen", "2" },
	{ GW_MATCH_TO, "", "bert", "1" },
	{ GW_MATCH_CC, "", "carol", "2" },
	{ GW_MATCH_BCC, "", "hidden", "3" },
	{ GW_MATCH_HEADER, "x-odd", "ZWEI", "1" },
	{ GW_MATCH_HEADER, "X-Odd", "", "1" },
	{ GW_MATCH_HEADER, "X-Odd", "eins zwei", "" },
	/* folded, with a line end that is none, and encoded */
	{ GW_MATCH_HEADER, "X-Fold", "LEFT right", "1" },
	{ GW_MATCH_HEADER, "X-Fold", "right BY tab", "1" },
	{ GW_MATCH_HEADER, "X-Fold", "leftright", "" },
	{ GW_MATCH_HEADER, "X-Enc", "A KEY word", "2" },
	{ GW_MATCH_HEADER, "X-Enc", "us-ascii", "" },
	{ GW_MATCH_HEADER, "X-Odd", "left", "" },
	{ GW_MATCH_HEADER, "Q", "key", "4" }, /* the first field, whose name is one letter */
	{ GW_MATCH_HEADER, "content-type", "multipart", "3" },
	{ GW_MATCH_HEADER, "subject", "PARTS", "3" },
	{ GW_MATCH_HEADER, "X-None", "", "" },
	{ GW_MATCH_BODY, "", "quick", "1" },
	{ GW_MATCH_BODY, "", "BROWN FOX", "1" },
	{ GW_MATCH_BODY, "", "brown\r\nfox", "1" },
	{ GW_MATCH_BODY, "", "hello", "" },
	{ GW_MATCH_BODY, "", "straße", "2" },
	{ GW_MATCH_BODY, "", "softbreak", "2" },
	{ GW_MATCH_BODY, "", "küche dürfen", "3" },
	{ GW_MATCH_BODY, "", "hyper", "3" },
	{ GW_MATCH_BODY, "", "INVOICE.BIN", "3" },
	{ GW_MATCH_BODY, "", "secretbytes", "" },
	{ GW_MATCH_BODY, "", "innér", "4" },
	{ GW_MATCH_BODY, "", "nested words", "4" },
	{ GW_MATCH_BODY, "", "x", "1,3" },
	{ GW_MATCH_BODY, "", "", "1:5" },
	{ GW_MATCH_TEXT, "", "hello world", "1" },
	{ GW_MATCH_TEXT, "", "subject: carr", "4" },
	{ GW_MATCH_TEXT, "", "zwei", "1" },
	{ GW_MATCH_TEXT, "", "jürgen", "2" },
	{ GW_MATCH_TEXT, "", "wirx", "" },
	{ GW_MATCH_TEXT, "", "fox jumps", "1" },
	{ GW_MATCH_TEXT, "", "em", "" },
};

/* FUZZY (RFC 6203) */
static const struct row about[] = {
	{ GW_MATCH_SUBJECT, "", "world hello", "1" },
	{ GW_MATCH_SUBJECT, "", "grusse", "2" },
	{ GW_MATCH_SUBJECT, "", "wien von grüße", "" },
	{ GW_MATCH_FROM, "", "jurgen", "2" },
	{ GW_MATCH_FROM, "", "exampel", "1:3" },
	{ GW_MATCH_CC, "", "carola", "2" },
	{ GW_MATCH_HEADER, "x-odd", "zweie", "1" },
	{ GW_MATCH_HEADER, "X-Odd", "", "1" },
	{ GW_MATCH_HEADER, "subject", "part", "3" },
	{ GW_MATCH_BODY, "", "jumping brwon fox", "1" },
	{ GW_MATCH_BODY, "", "brwon", "1" },
	{ GW_MATCH_BODY, "", "helo", "" },
	{ GW_MATCH_BODY, "", "strasse", "2" },
	{ GW_MATCH_BODY, "", "kuche wir", "3" },
	{ GW_MATCH_BODY, "", "secretbytes", "" },
	{ GW_MATCH_BODY, "", "neste wordz", "4" },
	{ GW_MATCH_BODY, "", "...", "" },
	{ GW_MATCH_TEXT, "", "jurgen sotfbreak", "2" },
	{ GW_MATCH_TEXT, "", "carriers", "4" },
	{ GW_MATCH_TEXT, "", "hello fox of world", "1" },
	{ GW_MATCH_TEXT, "", "hello vixen", "" },
};

static int match(struct fixture *f, struct gw_mbox_id id, const struct row *r, bool fuzzy, struct gw_set *ret)
{
	struct gw_index *ix = fixture_index(f, id);
	struct gw_match m = { r->field, gw_slice_str(r->header), gw_text_fold(&f->arena, gw_slice_str(r->needle)), NULL, NULL, NULL };
	struct gw_set seqs;
	int rc;

	if (fuzzy)
		m.fuzzy = gw_fuzzy_new(&f->arena, m.needle);

	set_of(&seqs, 1, ix->n);
	rc = gw_mbox_match(f->acct, id, ix, &m, &seqs, NULL, ret, &f->err);
	gw_set_done(&seqs);
	gw_index_unref(ix);
	return rc;
}

static void check_row(struct fixture *f, struct gw_mbox_id id, const struct row *r, bool fuzzy)
{
	struct gw_set got, want;
	uint32_t lo, hi;
	int n;

	gw_set_init(&got);
	gw_set_init(&want);
	ck_ok(f, match(f, id, r, fuzzy, &got));
	for (const char *p = r->hits; *p; p += n + (p[n] == ',')) {
		hi = 0;
		ck_assert_int_ge(sscanf(p, "%u%n:%u%n", &lo, &n, &hi, &n), 1);
		gw_set_add(&want, lo, hi ? hi : lo);
	}
	for (uint32_t v = 1; v <= N_MAIL; v++)
		ck_assert_msg(gw_set_has(&got, v) == gw_set_has(&want, v), "field %d, \"%s\": message %u %s", (int)r->field,
			r->needle, v, gw_set_has(&got, v) ? "matches" : "does not match");
	gw_set_done(&got);
	gw_set_done(&want);
}

/* What is there exactly is there about, too. */
static void check_about(struct fixture *f, struct gw_mbox_id id, const struct row *r)
{
	struct gw_set same, got;

	gw_set_init(&same);
	gw_set_init(&got);
	ck_ok(f, match(f, id, r, false, &same));
	ck_ok(f, match(f, id, r, true, &got));
	gw_set_subtract(&same, &got);
	ck_assert_msg(same.n == 0, "field %d, \"%s\"", (int)r->field, r->needle);
	gw_set_done(&same);
	gw_set_done(&got);
}

static struct gw_mbox_id fill(struct fixture *f)
{
	struct gw_mbox_id id = fixture_box(f, "INBOX");

	for (uint32_t i = 0; i < N_MAIL; i++)
		append_text(f, id, gw_slice_str(mail[i]), 0);
	return id;
}

static void check_rows(struct fixture *f, struct gw_mbox_id id)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(f, id, &rows[i], false);
	for (size_t i = 0; i < sizeof about / sizeof *about; i++)
		check_row(f, id, &about[i], true);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_about(f, id, &rows[i]);
}

/* Bring the text index up to date. */
static void update(struct fixture *f)
{
	static const atomic_bool stop = false;
	struct local_user u;

	ck_ok(f, local_accounts_find(gw_local_store(f->store)->accounts, GW_S("anna"), NULL, &u, &f->err));
	ck_ok(f, gw_local_text_update(gw_local_store(f->store), u.id, &stop, &f->err));
}

/* ---- header fields, one by one ---- */

/* Has a field of that name the needle, when every field is decoded and folded? */
static bool field_has(struct gw_slice head, const char *name, struct gw_slice needle)
{
	struct gw_buf text, fold;
	struct gw_field field;
	bool found = false;

	gw_buf_init(&text, 0);
	gw_buf_init(&fold, 0);
	while (!found && gw_field_next(&head, &field)) {
		struct gw_slice all;

		if (!gw_slice_eqi(field.name, gw_slice_str(name)))
			continue;
		text.n = fold.n = 0;
		gw_words_decode(gw_slice_trim(field.body), &text);
		gw_casemap(gw_buf_slice(&text), &fold);
		all = gw_buf_slice(&fold);
		found = all.n >= needle.n && memmem(all.p, all.n, needle.p, needle.n);
	}
	gw_buf_done(&text);
	gw_buf_done(&fold);
	return found;
}

#define HEADS 40

/* Of pieces that meet in all ways: names that begin alike, folded lines, some without a blank, CR alone, what is encoded, what is no ASCII. */
static const char *random_head(struct gw_arena *arena, unsigned *seed)
{
	static const char *const names[] = { "X-Odd", "x-ODD", "X-Odder", "X-Od", "X-Odd " }, *const pieces[] = { "ab", "Abc", " ", "\t", "\r\n ",
		"\r\n\t", "\r", "=?utf-8?q?=61b?=", "=?utf-8?q?b=C3=A4?=", "\xC3\xA4", "\x1b$B", ":", "X-Odd: ab", "=?", "c", CRLF };
	const char *head = "";

	for (int fields = 1 + rand_r(seed) % 4; fields > 0; fields--) {
		head = gw_arena_printf(arena, "%s%s:", head, names[(unsigned)rand_r(seed) / 64 % 5]);
		for (int n = rand_r(seed) / 64 % 6; n > 0; n--)
			head = gw_arena_printf(arena, "%s%s", head, pieces[(unsigned)rand_r(seed) / 64 % 16]);
		head = gw_arena_printf(arena, "%s" CRLF, head);
	}
	return head;
}

static void check_heads(struct fixture *f, struct gw_mbox_id id, const char *const head[HEADS])
{
	static const char *const needles[] = { "a", "ab", "bc", "abc", "abab", "b a", "c ab", "ab ab", "b\xC3\xA4", "=?", "x-odd", ": ab", "\x1b$b" };

	for (size_t k = 0; k < sizeof needles / sizeof *needles; k++) {
		const struct row r = { GW_MATCH_HEADER, "X-Odd", needles[k], "" };
		struct gw_slice needle = gw_text_fold(&f->arena, gw_slice_str(needles[k]));
		struct gw_set got;

		gw_set_init(&got);
		ck_ok(f, match(f, id, &r, false, &got));
		for (uint32_t i = 0; i < HEADS; i++)
			ck_assert_msg(gw_set_has(&got, i + 1) == field_has(gw_slice_str(head[i]), "X-Odd", needle), "\"%s\" in %s", needles[k], head[i]);
		gw_set_done(&got);
	}
}

START_TEST(fields_are_found_that_a_look_at_each_finds)
{
	const char *head[HEADS];
	unsigned seed = (unsigned)_i + 1;
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, true);
	id = fixture_box(&f, "INBOX");
	for (size_t i = 0; i < HEADS; i++) {
		head[i] = random_head(&f.arena, &seed);
		append_text(&f, id, gw_slice_str(gw_arena_printf(&f.arena, "%s" CRLF, head[i])), 0);
	}
	check_heads(&f, id, head);
	update(&f);
	check_heads(&f, id, head);
	fixture_done(&f);
}
END_TEST

static char *text_path(struct fixture *f);
static int64_t ask(struct fixture *f, const char *sql);

/* ---- addresses, as they are written and as ENVELOPE has them ---- */

static const char *const fields[] = { "From", "To", "Cc", "Bcc" };

/* Of pieces that are addresses, and of what is between them. */
static const char *random_addresses(struct gw_arena *arena, unsigned *seed)
{
	static const char *const pieces[] = { "ab@x.org", "Abc", "\"Ab, C\"", "<ab@x.org>", " <ab@x.org>, ", "<ab (c)@ (ab) x.org>", " ", "\r\n ", "(ab c)", ", ",
					      "<@r.org:ab@x.org>", "ab:", ";", "=?utf-8?q?=C3=A4b?=", "\xC3\xA4", "\"a\\\"b\"@x.org", "\xE4", "a . b @ x . org", "@", "(" };
	const char *ret = "";

	for (int n = rand_r(seed) / 64 % 8; n > 0; n--)
		ret = gw_arena_printf(arena, "%s%s", ret, pieces[(unsigned)rand_r(seed) / 64 % 20]);
	return ret;
}

static const char *random_mail(struct gw_arena *arena, unsigned *seed)
{
	const char *head = gw_arena_printf(arena, "X-Number: %d" CRLF, rand_r(seed));

	for (int n = 1 + rand_r(seed) / 64 % 5; n > 0; n--)
		head = gw_arena_printf(arena, "%s%s: %s" CRLF, head, fields[(unsigned)rand_r(seed) / 64 % 4], random_addresses(arena, seed));
	return gw_arena_printf(arena, "%s" CRLF "ab, c" CRLF, head);
}

/* The addresses of the field as text. */
static struct gw_slice text_of(struct gw_arena *arena, const char *mail_text, unsigned field)
{
	struct gw_slice ret;
	struct gw_buf envelope, text;

	gw_buf_init(&envelope, 0);
	gw_buf_init(&text, 0);
	gw_put_envelope(gw_slice_str(mail_text), &envelope);
	gw_address_text(gw_buf_slice(&envelope), text_list_of((enum gw_match_field)field), &text);
	ret = gw_arena_dup(arena, gw_buf_slice(&text));
	gw_buf_done(&envelope);
	gw_buf_done(&text);
	return ret;
}

static bool in_text(struct gw_arena *arena, const char *mail_text, unsigned field, struct gw_slice needle)
{
	struct gw_slice text = text_of(arena, mail_text, field);

	return text.n >= needle.n && memmem(text.p, text.n, needle.p, needle.n);
}

static bool over_at_once(void *ctx)
{
	(void)ctx;
	return true;
}

/* In as many steps as there can be. */
static void match_in_steps(struct fixture *f, struct gw_mbox_id id, struct gw_match *m, struct gw_set *ret)
{
	struct gw_match_place place = { .enough = over_at_once };
	struct gw_index *ix = fixture_index(f, id);
	struct gw_set seqs;
	int rc;

	set_of(&seqs, 1, ix->n);
	while ((rc = gw_mbox_match(f->acct, id, ix, m, &seqs, &place, ret, &f->err)) > 0)
		continue;
	ck_ok(f, rc);
	gw_match_place_done(&place);
	gw_set_done(&seqs);
	gw_index_unref(ix);
}

/* A piece of the addresses of one of the messages. */
static struct gw_slice random_needle(struct gw_arena *arena, const char *const *v, unsigned n, unsigned field, unsigned *seed)
{
	struct gw_slice text = { "", 0 };
	size_t at, most;

	for (int tries = 0; tries < 20 && !text.n; tries++)
		text = text_of(arena, v[(unsigned)rand_r(seed) / 64 % n], field);
	if (!text.n)
		return GW_S("ab");
	at = (unsigned)rand_r(seed) / 64 % text.n;
	most = text.n - at < 14 ? text.n - at : 14;
	return gw_slice(text.p + at, 1 + (unsigned)rand_r(seed) / 64 % most);
}

static void check_random(struct fixture *f, struct gw_mbox_id id, const char *const *v, unsigned n, unsigned *seed)
{
	for (unsigned k = 0; k < 24; k++) {
		unsigned field = k % 4;
		struct gw_match m = { .field = (enum gw_match_field)field, .needle = random_needle(&f->arena, v, n, field, seed) };
		struct gw_match as_header = { .field = GW_MATCH_HEADER, .header = gw_slice_str(fields[field]), .needle = m.needle };
		struct gw_set got, header;

		gw_set_init(&got);
		gw_set_init(&header);
		match_in_steps(f, id, &m, &got);
		match_in_steps(f, id, &as_header, &header);
		for (unsigned i = 0; i < n; i++) {
			bool written = field_has(gw_slice_str(v[i]), fields[field], m.needle);

			ck_assert_msg(gw_set_has(&got, i + 1) == (written || in_text(&f->arena, v[i], field, m.needle)), "%s \"%.*s\" in %s", fields[field],
				      GW_FMT(m.needle), v[i]);
			ck_assert_msg(gw_set_has(&header, i + 1) == written, "HEADER %s \"%.*s\" in %s", fields[field], GW_FMT(m.needle), v[i]);
		}
		gw_set_done(&got);
		gw_set_done(&header);
	}
}

#define WITH_BLOCK (TEXT_BLOCK + 40)

/* RFC 9051 6.4.4(n): without an index, with one, with one that has not all messages */
START_TEST(addresses_are_found_as_written_and_as_envelope_has_them)
{
	const char *v[WITH_BLOCK + 10];
	unsigned seed = (unsigned)_i + 1;
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, _i % 4 == 3);
	id = fixture_box(&f, "INBOX");
	for (size_t i = 0; i < WITH_BLOCK + 10; i++)
		v[i] = random_mail(&f.arena, &seed);
	for (size_t i = 0; i < WITH_BLOCK; i++)
		append_text(&f, id, gw_slice_str(v[i]), 0);
	check_random(&f, id, v, WITH_BLOCK, &seed);
	if (!f.memory) {
		update(&f);
		ck_assert_int_eq(ask(&f, "SELECT count(*) FROM block"), 1);
		ck_assert_int_gt(ask(&f, "SELECT count(*) FROM address"), 0);
		check_random(&f, id, v, WITH_BLOCK, &seed);
		for (size_t i = WITH_BLOCK; i < WITH_BLOCK + 10; i++)
			append_text(&f, id, gw_slice_str(v[i]), 0);
		check_random(&f, id, v, WITH_BLOCK + 10, &seed);
	}
	fixture_done(&f);
}
END_TEST

/* Those of which the index has the addresses are not looked for elsewhere; where it says that it has not, they are. */
START_TEST(addresses_that_the_index_has_are_taken_from_it)
{
	static const char one[] = "From: \"Ann\" <ann@example.org>" CRLF CRLF;
	const struct row first = { GW_MATCH_FROM, "", "ann <ann", "1" }, none = { GW_MATCH_FROM, "", "ann <ann", "" };
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, false);
	id = fixture_box(&f, "INBOX");
	append_text(&f, id, gw_slice_str(one), 0);
	append_many(&f, id, 1, TEXT_BLOCK);
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM address"), 1);
	check_row(&f, id, &first, false);
	check_about(&f, id, &first);
	ask(&f, "UPDATE address SET data=x''");
	check_row(&f, id, &first, false);
	ask(&f, "UPDATE address SET data=zeroblob(16)");
	check_row(&f, id, &none, false);
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
	ask(&f, "PRAGMA user_version=3");
	ck_assert_int_eq(utimensat(AT_FDCWD, text_path(&f), (const struct timespec[]){ st.st_atim, st.st_mtim }, 0), 0);
	ck_assert(gw_local_text_waits(gw_local_store(f.store), u.id, &since));
	ck_assert_int_eq(since, test_wall_now); /* the mail has been there for longer */
	check_rows(&f, id);
	update(&f);
	ck_assert_int_eq(ask(&f, "PRAGMA user_version"), 4);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM text"), N_MAIL);
	ck_assert(!gw_local_text_waits(gw_local_store(f.store), u.id, NULL));
	check_rows(&f, id);
	fixture_done(&f);
}
END_TEST

static char *text_path(struct fixture *f)
{
	struct gw_db_account *acc;

	ck_ok(f, gw_acct_db(f->acct, 0, &acc, &f->err));
	return gw_arena_printf(&f->arena, "%s/text.db", gw_db_account_dir(acc));
}

/* One number that text.db gives; -1: it gives none. */
static int64_t ask(struct fixture *f, const char *sql)
{
	sqlite3_stmt *st = NULL;
	sqlite3 *db;
	int64_t v = -1;

	ck_assert_int_eq(sqlite3_open(text_path(f), &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
		v = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return v;
}

/* ---- both drivers ---- */

START_TEST(every_row_is_answered_from_the_messages)
{
	struct fixture f;

	fixture_init(&f, _i == 1);
	check_rows(&f, fill(&f));
	fixture_done(&f);
}
END_TEST

START_TEST(an_interrupted_search_ends)
{
	const struct row r = { GW_MATCH_BODY, "", "quick", "" };
	struct gw_mbox_id id;
	struct gw_set got;
	struct fixture f;

	fixture_init(&f, _i == 1);
	id = fill(&f);
	gw_set_init(&got);
	struct gw_index *ix = fixture_index(&f, id);
	gw_acct_interrupt(f.acct);
	ck_code(&f, match(&f, id, &r, false, &got), GW_EINTR);
	gw_acct_resume(f.acct);
	ck_ok(&f, match(&f, id, &r, false, &got));
	ck_assert_uint_eq(gw_set_count(&got), 1);
	gw_index_unref(ix);
	gw_set_done(&got);
	fixture_done(&f);
}
END_TEST

START_TEST(only_the_messages_asked_for_are_found)
{
	struct gw_match m = { .field = GW_MATCH_FROM };
	struct gw_set seqs, got;
	struct gw_mbox_id id;
	struct gw_index *ix;
	struct fixture f;

	fixture_init(&f, _i == 1);
	id = fill(&f);
	ix = fixture_index(&f, id);
	m.needle = gw_text_fold(&f.arena, GW_S("example"));
	set_of(&seqs, 2, 2);
	gw_set_init(&got);
	ck_ok(&f, gw_mbox_match(f.acct, id, ix, &m, &seqs, NULL, &got, &f.err));
	ck_assert_uint_eq(gw_set_count(&got), 1);
	ck_assert(gw_set_has(&got, 2));
	gw_set_done(&got);
	gw_set_done(&seqs);
	gw_index_unref(ix);
	fixture_done(&f);
}
END_TEST

/* ---- the text index ---- */

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

/* Overwrite the first page of a table. */
static void damage(struct fixture *f, const char *table)
{
	char *sql = gw_arena_printf(&f->arena, "SELECT rootpage FROM sqlite_master WHERE name='%s'", table);
	int64_t page = ask(f, sql);
	FILE *file = fopen(text_path(f), "r+");

	ck_assert_int_gt(page, 1);
	ck_assert_ptr_nonnull(file);
	fseek(file, (page - 1) * 8192, SEEK_SET);
	for (int i = 0; i < 8192; i++)
		fputc('r', file);
	fclose(file);
}

/* RFC 9051 6.4.4: what ENVELOPE has is found, too, when a table of the index is damaged, whichever it is. */
START_TEST(damage_that_a_search_finds_does_no_harm_and_is_mended)
{
	static const char *const tables[] = { "meta", "text", "block", "sig", "address" };
	const char *v[WITH_BLOCK];
	unsigned seed = (unsigned)_i + 1;
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, false);
	id = fixture_box(&f, "INBOX");
	for (size_t i = 0; i < WITH_BLOCK; i++) {
		v[i] = random_mail(&f.arena, &seed);
		append_text(&f, id, gw_slice_str(v[i]), 0);
	}
	update(&f);
	damage(&f, tables[_i]);
	check_random(&f, id, v, WITH_BLOCK, &seed);
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM text"), WITH_BLOCK);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM block"), 1);
	ck_assert_int_gt(ask(&f, "SELECT count(*) FROM sig"), 0);
	ck_assert_int_gt(ask(&f, "SELECT count(*) FROM address"), 0);
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

START_TEST(blocks_of_signatures_lose_nothing)
{
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, false);
	id = fixture_box(&f, "INBOX");
	for (int i = 1; i <= 600; i++)
		append_text(&f, id, numbered(&f.arena, i), 0);
	update(&f);
	ck_assert_int_eq(ask(&f, "SELECT count(*) FROM block"), 2);
	for (int i = 1; i <= 600; i += 37) {
		const struct row asked[] = {
			{ GW_MATCH_BODY, "", gw_arena_printf(&f.arena, "needle%d.", i), gw_arena_printf(&f.arena, "%d", i) },
			{ GW_MATCH_HEADER, "X-Number", gw_arena_printf(&f.arena, "field%d.", i), gw_arena_printf(&f.arena, "%d", i) },
			{ GW_MATCH_TEXT, "", gw_arena_printf(&f.arena, "field%d.", i), gw_arena_printf(&f.arena, "%d", i) },
			{ GW_MATCH_SUBJECT, "", gw_arena_printf(&f.arena, "needle%d.", i), "" },
			{ GW_MATCH_HEADER, "Subject", gw_arena_printf(&f.arena, "field%d.", i), "" },
		};

		for (size_t k = 0; k < sizeof asked / sizeof *asked; k++)
			check_row(&f, id, &asked[k], false);
	}
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

static TCase *tcase_both(void)
{
	TCase *tc = tcase_create("both drivers");

	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, every_row_is_answered_from_the_messages, 0, 2);
	tcase_add_loop_test(tc, an_interrupted_search_ends, 0, 2);
	tcase_add_loop_test(tc, only_the_messages_asked_for_are_found, 0, 2);
	tcase_add_loop_test(tc, fields_are_found_that_a_look_at_each_finds, 0, 30);
	tcase_add_loop_test(tc, addresses_are_found_as_written_and_as_envelope_has_them, 0, 4);
	return tc;
}

static TCase *tcase_index(void)
{
	TCase *tc = tcase_create("text index");

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, every_row_is_answered_the_same_from_the_index);
	tcase_add_test(tc, the_index_is_really_asked);
	tcase_add_test(tc, addresses_that_the_index_has_are_taken_from_it);
	tcase_add_test(tc, an_index_of_the_version_before_is_made_anew);
	tcase_add_test(tc, messages_that_the_index_does_not_know_are_read);
	tcase_add_test(tc, a_damaged_index_does_no_harm_and_is_made_anew);
	tcase_add_test(tc, an_index_damaged_inside_is_made_anew);
	tcase_add_loop_test(tc, damage_that_a_search_finds_does_no_harm_and_is_mended, 0, 5);
	tcase_add_loop_test(tc, damage_that_is_found_when_messages_are_taken_up_is_mended, 0, 2);
	tcase_add_test(tc, what_stands_across_a_cut_in_a_long_field_is_found);
	tcase_add_test(tc, an_index_of_another_database_is_not_believed);
	tcase_add_test(tc, blocks_of_signatures_lose_nothing);
	tcase_add_loop_test(tc, the_index_changes_no_answer, 0, 5);
	tcase_add_test(tc, several_processes_write_the_index_at_once);
	tcase_add_test(tc, the_index_is_for_its_owner_alone);
	tcase_add_test(tc, texts_of_removed_messages_are_forgotten);
	tcase_add_test(tc, a_text_that_is_too_long_is_read);
	tcase_add_test(tc, the_thread_takes_up_what_arrives);
	return tc;
}

UNIT_MAIN("match", tcase_both(), tcase_index())

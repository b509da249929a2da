/* matchtest.h - messages, what is looked for in them and what has to be found (store.h, gw_mbox_match) */
#ifndef GW_TESTS_MATCHTEST_H
#define GW_TESTS_MATCHTEST_H

#include "storetest.h"

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

static inline int match(struct fixture *f, struct gw_mbox_id id, const struct row *r, bool fuzzy, struct gw_set *ret)
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

/* Of the first messages, what the row says. */
static inline void check_first(struct fixture *f, struct gw_mbox_id id, const struct row *r, bool fuzzy, uint32_t messages)
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
	for (uint32_t v = 1; v <= messages; v++)
		ck_assert_msg(gw_set_has(&got, v) == gw_set_has(&want, v), "field %d, \"%s\": message %u %s", (int)r->field,
			r->needle, v, gw_set_has(&got, v) ? "matches" : "does not match");
	gw_set_done(&got);
	gw_set_done(&want);
}

static inline void check_row(struct fixture *f, struct gw_mbox_id id, const struct row *r, bool fuzzy)
{
	check_first(f, id, r, fuzzy, N_MAIL);
}

/* What is there exactly is there about, too. */
static inline void check_about(struct fixture *f, struct gw_mbox_id id, const struct row *r)
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

static inline struct gw_mbox_id fill(struct fixture *f)
{
	struct gw_mbox_id id = fixture_box(f, "INBOX");

	for (uint32_t i = 0; i < N_MAIL; i++)
		append_text(f, id, gw_slice_str(mail[i]), 0);
	return id;
}

static inline void check_rows(struct fixture *f, struct gw_mbox_id id)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(f, id, &rows[i], false);
	for (size_t i = 0; i < sizeof about / sizeof *about; i++)
		check_row(f, id, &about[i], true);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_about(f, id, &rows[i]);
}

/* Bring the text index up to date. */
static inline void update(struct fixture *f)
{
	static const atomic_bool stop = false;
	struct local_user u;

	ck_ok(f, local_accounts_find(gw_local_store(f->store)->accounts, GW_S("anna"), NULL, &u, &f->err));
	ck_ok(f, gw_local_text_update(gw_local_store(f->store), u.id, &stop, &f->err));
}

static inline char *text_path(struct fixture *f)
{
	struct gw_db_account *acc;

	ck_ok(f, gw_acct_db(f->acct, 0, &acc, &f->err));
	return gw_arena_printf(&f->arena, "%s/text.db", gw_db_account_dir(acc));
}

/* One number that text.db gives; -1: it gives none. */
static inline int64_t ask(struct fixture *f, const char *sql)
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

/* Overwrite the first page of a table. */
static inline void damage(struct fixture *f, const char *table)
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

/* Has a field of that name the needle, when every field is decoded and folded? */
static inline bool field_has(struct gw_slice head, const char *name, struct gw_slice needle)
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

/* Of pieces that meet in all ways: names that begin alike, folded lines, some without a blank, CR alone, what is encoded, what is no ASCII. */
static inline const char *random_head(struct gw_arena *arena, unsigned *seed)
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

#endif

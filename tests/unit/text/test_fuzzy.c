/* test_fuzzy.c - words that are about the same (text/fuzzy.h, RFC 6203) */
#include "text/fuzzy.h"

#include "tests/unit/unit.h"
#include "text/casemap.h"
#include "util/buf.h"

#include <stdio.h>
#include <string.h>

static struct gw_slice fold(struct gw_arena *arena, const char *text)
{
	struct gw_slice ret;
	struct gw_buf out;

	gw_buf_init(&out, 0);
	ck_assert(gw_casemap(gw_slice_str(text), &out));
	ret = gw_arena_dup(arena, gw_buf_slice(&out));
	gw_buf_done(&out);
	return ret;
}

static unsigned score_in(const struct gw_fuzzy *f, struct gw_slice text, size_t header)
{
	struct gw_fuzzy_look look = { .pattern = f, .score = true, .field = true };

	gw_fuzzy_look(&look, text, 0, header);
	return gw_fuzzy_score(&look);
}

/* 0 also when there are no words in phrase. */
static unsigned score(const char *phrase, const char *text)
{
	const struct gw_fuzzy *f;
	struct gw_arena arena;
	unsigned ret;

	gw_arena_init(&arena, 0, 0);
	f = gw_fuzzy_new(&arena, fold(&arena, phrase));
	ret = f ? score_in(f, fold(&arena, text), SIZE_MAX) : 0;
	gw_arena_done(&arena);
	return ret;
}

static const struct {
	const char *phrase, *text;
	bool matches;
} texts[] = {
	{ "IMAP break", "broken IMAP", false },
	{ "IMAP break", "imap breaks", true },
	{ "break imap", "the IMAP is at the breaking point", true },
	{ "imap", "map", false },
	/* typing errors */
	{ "Helo", "hello", true },
	{ "Helo", "help", true },
	{ "Helo", "hold", false },
	{ "reecive", "receive", true },
	{ "receive", "reecive", true },
	{ "partise", "parties", true },
	{ "wrold", "say world", true },
	{ "world", "say wrold", true },
	{ "helo", "say hleo", true },
	{ "helo", "say hlo", true },
	{ "recieve", "receive", true },
	{ "receive", "recieve", true },
	{ "receive", "recive", true },
	{ "receive", "xeceive", true },
	{ "receive", "receivf", true },
	{ "receive", "deceife", false },
	{ "accommodate", "acomodate", true },
	{ "accommodate", "acomotate", false },
	{ "meeting", "meting", true },
	{ "brwon", "the brown fox", true },
	{ "brwon", "brown", true },
	{ "cat", "car", false },
	{ "light", "night", false },
	{ "bright", "fright", true },
	/* endings */
	{ "parties", "party", true },
	{ "housing", "house", true },
	{ "report", "reporters", true },
	{ "generator", "generic", false },
	{ "interest", "internal", false },
	/* beginnings and insides */
	{ "rechnung", "Rechnungsnummer", true },
	{ "rechnung", "Jahresrechnung", true },
	{ "oo", "foobar", true },
	/* accents */
	{ "muller", "Müller", true },
	{ "müller", "Muller", true },
	{ "mueller", "Müller", true },
	{ "uber", "über", true },
	{ "für", "fur", true },
	{ "für", "für", true },
	{ "strasse", "Straße", true },
	{ "straße", "STRASSE", true },
	{ "smorrebrod", "Smørrebrød", true },
	{ "wroclaw", "Wrocław", true },
	{ "lodz", "Łódź", true },
	{ "lodz", "in Łódź", false }, /* no three letters together, nor two at the beginning */
	{ "ete", "été", false }, /* three letters, and none of them together */
	{ "été", "été", true },
	{ "привет", "Приветы", true },
	{ "漢字", "これは漢字です", true },
	{ "が", "か", false },
	/* numbers are exact */
	{ "4711", "4712", false },
	{ "a4711b", "a4712b", false },
	{ "4711", "nr. 4711!", true },
	/* what stands between words */
	{ "foo bar", "“foo”—bar…", true },
	{ "anna example", "anna@mail.example.org", true },
	{ "don't", "don’t", true },
	/* short words */
	{ "to be", "be to", true },
	{ "to be", "to", false },
	{ "the state of art", "art, the state", true },
	{ "x", "ax", true },
	/* no words */
	{ "", "a", false },
	{ "...", "...", false },
	{ "\xE2\x80\x9C", "a", false },
	/* no UTF-8 */
	{ "\xFF\xFE\xFD", "a\xFF\xFE\xFD" "b", true },
	{ "ab\xC3", "ab\xC3", true },
};

START_TEST(a_text_has_what_is_about_the_same)
{
	unsigned got = score(texts[_i].phrase, texts[_i].text);

	ck_assert_msg((got > 0) == texts[_i].matches, "\"%s\" in \"%s\": %u", texts[_i].phrase, texts[_i].text, got);
	ck_assert_uint_le(got, 100);
}
END_TEST

START_TEST(what_fits_better_has_a_higher_score)
{
	static const char *const better[][3] = { /* phrase, the better text, the worse */
		{ "break", "a break", "breakfast" },
		{ "break", "breaking", "bread" },
		{ "break", "breakfast", "daybreak" },
		{ "imap break", "the imap break", "break the imap" },
		{ "imap break", "break the imap", "breaking the imap" },
		{ "accommodate", "acommodate", "acomodate" },
		{ "to be", "to be", "be to" },
	};

	for (size_t i = 0; i < sizeof better / sizeof *better; i++) {
		unsigned a = score(better[i][0], better[i][1]), b = score(better[i][0], better[i][2]);

		ck_assert_msg(a > b && b > 0, "%s: %u, %u", better[i][0], a, b);
	}
	ck_assert_uint_eq(score("the imap break", "The IMAP break"), 100);
	ck_assert_uint_eq(score("hello", "HELLO"), 100);
}
END_TEST

START_TEST(the_subject_counts_more_than_the_body)
{
	struct gw_arena arena;
	const struct gw_fuzzy *f;
	struct gw_slice text;
	unsigned subject, body, other;

	gw_arena_init(&arena, 0, 0);
	f = gw_fuzzy_new(&arena, fold(&arena, "lunch"));
	ck_assert_ptr_nonnull(f);
	text = fold(&arena, "Received: x\nSubject: lunch\nX-A: b\nhello");
	subject = score_in(f, text, text.n - 5);
	text = fold(&arena, "Received: lunch\nSubject: x\nX-A: b\nhello");
	other = score_in(f, text, text.n - 5);
	text = fold(&arena, "Subject: x\nlunch");
	body = score_in(f, text, 11);
	ck_assert_uint_eq(subject, 100);
	ck_assert_uint_eq(body, other);
	ck_assert_uint_gt(subject, body);
	ck_assert_uint_eq(score_in(f, text, SIZE_MAX), 100);
	gw_arena_done(&arena);
}
END_TEST

START_TEST(a_text_in_pieces_is_the_same_text)
{
	struct gw_arena arena;
	const struct gw_fuzzy *f;
	struct gw_slice text;

	gw_arena_init(&arena, 0, 0);
	f = gw_fuzzy_new(&arena, fold(&arena, "recieve the parties"));
	ck_assert_ptr_nonnull(f);
	text = fold(&arena, "we received all of it, the bigger part, recieve and the party too: recieve the parties. Say hello");
	for (size_t cut = 0; cut <= text.n; cut++) {
		struct gw_fuzzy_look look = { .pattern = f, .score = true };
		struct gw_slice first = gw_slice(text.p, cut);

		gw_fuzzy_look(&look, first, 0, SIZE_MAX);
		gw_fuzzy_look(&look, text, gw_fuzzy_resume(f, first), SIZE_MAX);
		ck_assert_uint_eq(gw_fuzzy_score(&look), 100);
		ck_assert(gw_fuzzy_certain(&look));
	}
	gw_arena_done(&arena);
}
END_TEST

START_TEST(a_look_that_only_asks_whether_is_certain_early)
{
	struct gw_arena arena;
	const struct gw_fuzzy *f;
	struct gw_fuzzy_look look = { .score = false };

	gw_arena_init(&arena, 0, 0);
	f = gw_fuzzy_new(&arena, fold(&arena, "hello of world"));
	look.pattern = f;
	gw_fuzzy_look(&look, fold(&arena, "helo"), 0, SIZE_MAX);
	ck_assert(!gw_fuzzy_certain(&look));
	ck_assert_uint_eq(gw_fuzzy_score(&look), 0);
	gw_fuzzy_look(&look, fold(&arena, "worlds"), 0, SIZE_MAX);
	ck_assert(gw_fuzzy_certain(&look));
	ck_assert_uint_gt(gw_fuzzy_score(&look), 0);
	look.score = true;
	ck_assert(!gw_fuzzy_certain(&look));
	gw_arena_done(&arena);
}
END_TEST

/* Each of the parts is in what the word was made of: an index may be asked for them. */
START_TEST(a_word_has_as_many_parts_as_it_needs)
{
	static const struct {
		const char *phrase;
		unsigned parts;
	} words[] = { { "ab", 1 }, { "abc", 1 }, { "abcd", 4 }, { "abcde", 4 }, { "abcdef", 3 }, { "abcdefgh", 3 }, { "abcdefghi", 3 },
		      { "ab1def", 1 }, { "über", 5 }, { "übernächtigt", 4 } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct gw_arena arena;
		const struct gw_fuzzy *f;

		gw_arena_init(&arena, 0, 0);
		f = gw_fuzzy_new(&arena, fold(&arena, words[i].phrase));
		ck_assert_ptr_nonnull(f);
		ck_assert_uint_eq(f->n, 1);
		ck_assert_msg(f->word[0].n_parts == words[i].parts, "%s: %u", words[i].phrase, f->word[0].n_parts);
		for (unsigned k = 0; f->word[0].n >= 4 && k < f->word[0].n_parts; k++)
			ck_assert_uint_ge(f->word[0].part[k].n, 3);
		gw_arena_done(&arena);
	}
}
END_TEST

START_TEST(words_and_letters_are_limited)
{
	struct gw_arena arena;
	const struct gw_fuzzy *f;
	char long_word[1000];

	gw_arena_init(&arena, 0, 0);
	for (unsigned n = GW_FUZZY_WORDS_MAX - 1; n <= GW_FUZZY_WORDS_MAX + 1; n++) {
		struct gw_buf b;

		gw_buf_init(&b, 0);
		for (unsigned i = 0; i < n; i++)
			gw_buf_printf(&b, "WORD%c ", (int)('A' + i));
		f = gw_fuzzy_new(&arena, gw_buf_slice(&b));
		ck_assert_ptr_nonnull(f);
		ck_assert_uint_eq(f->n, n < GW_FUZZY_WORDS_MAX ? n : GW_FUZZY_WORDS_MAX);
		gw_buf_done(&b);
	}
	for (size_t n = GW_FUZZY_LETTERS_MAX - 1; n <= GW_FUZZY_LETTERS_MAX + 1; n++) {
		memset(long_word, 'X', n);
		f = gw_fuzzy_new(&arena, gw_slice(long_word, n));
		ck_assert_ptr_nonnull(f);
		ck_assert_uint_eq(f->word[0].n, n < GW_FUZZY_LETTERS_MAX ? n : GW_FUZZY_LETTERS_MAX);
		ck_assert_uint_gt(score_in(f, gw_slice(long_word, n), SIZE_MAX), 0);
	}
	memset(long_word, 'X', sizeof long_word);
	f = gw_fuzzy_new(&arena, gw_slice(long_word, sizeof long_word));
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_gt(score_in(f, gw_slice(long_word, sizeof long_word), SIZE_MAX), 0);
	gw_arena_done(&arena);
}
END_TEST

/* RFC 6203 8: a text of nothing but words that have a part of what is looked for costs no more than it must. What is there as it stands
 * is found behind them, too. */
START_TEST(comparing_has_an_end)
{
	static const struct {
		const char *last;
		unsigned many; /* words in front of it */
		bool matches;
	} behind[] = { { "RECEIVE", 1000, true }, { "RECIEVE", 1000, true }, { "RECEIVE", GW_FUZZY_LOOKS_MAX, false },
		      { "RECIEVE", GW_FUZZY_LOOKS_MAX, true } };

	for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
		struct gw_arena arena;
		struct gw_buf b;

		gw_arena_init(&arena, 0, 0);
		gw_buf_init(&b, 0);
		for (unsigned k = 0; k < behind[i].many; k++)
			gw_buf_add_slice(&b, GW_S("RECX "));
		gw_buf_add_slice(&b, gw_slice_str(behind[i].last));
		ck_assert_uint_eq(score_in(gw_fuzzy_new(&arena, GW_S("RECIEVE")), gw_buf_slice(&b), SIZE_MAX) > 0, behind[i].matches);
		gw_buf_done(&b);
		gw_arena_done(&arena);
	}
}
END_TEST

/* The plain way to count typing errors: all of the table (optimal string alignment). */
static unsigned distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned d[16][16];

	for (unsigned i = 0; i <= n; i++)
		for (unsigned k = 0; k <= m; k++) {
			if (i == 0 || k == 0) {
				d[i][k] = i + k;
				continue;
			}
			d[i][k] = d[i - 1][k - 1] + (a[i - 1] != b[k - 1]);
			if (d[i - 1][k] + 1 < d[i][k])
				d[i][k] = d[i - 1][k] + 1;
			if (d[i][k - 1] + 1 < d[i][k])
				d[i][k] = d[i][k - 1] + 1;
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1] && d[i - 2][k - 2] + 1 < d[i][k])
				d[i][k] = d[i - 2][k - 2] + 1;
		}
	return d[n][m];
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 16;
}

/* Words that share their first part are compared, whatever comes behind it: then the errors decide. */
START_TEST(typing_errors_are_counted_as_the_whole_table_says)
{
	uint32_t state = (uint32_t)_i + 1;
	unsigned found = 0;

	for (unsigned round = 0; round < 20000; round++) {
		char a[16], b[16], text[40];
		size_t n = 6 + next_random(&state) % 7, m = n - 2 + next_random(&state) % 5;
		size_t same = n < 9 ? n / 2 : n / 3;
		unsigned typos = n < 9 ? 1 : 2, d;

		for (size_t i = 0; i < n; i++)
			a[i] = (char)('P' + (char)(next_random(&state) % 3));
		for (size_t i = 0; i < m; i++)
			b[i] = i < same || (i < n && next_random(&state) % 4) ? a[i] : (char)('P' + (char)(next_random(&state) % 3));
		if (m < n && next_random(&state) % 2)
			memcpy(b + same, a + n - (m - same), m - same);
		a[n] = b[m] = '\0';
		d = distance(a, n, b, m);
		snprintf(text, sizeof text, "%s", b);
		if (d <= typos)
			ck_assert_msg(score(a, text) > 0, "%s %s %u", a, b, d);
		else if (memcmp(a, b, 4) != 0 && !strstr(b, a))
			ck_assert_msg(score(a, text) == 0, "%s %s %u", a, b, d);
		found += d <= typos && d > 0;
	}
	ck_assert_uint_gt(found, 100);
}
END_TEST

static TCase *fuzzy(void)
{
	TCase *tc = tcase_create("fuzzy");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_text_has_what_is_about_the_same, 0, (int)(sizeof texts / sizeof *texts));
	tcase_add_test(tc, what_fits_better_has_a_higher_score);
	tcase_add_test(tc, the_subject_counts_more_than_the_body);
	tcase_add_test(tc, a_text_in_pieces_is_the_same_text);
	tcase_add_test(tc, a_look_that_only_asks_whether_is_certain_early);
	tcase_add_test(tc, a_word_has_as_many_parts_as_it_needs);
	tcase_add_test(tc, words_and_letters_are_limited);
	tcase_add_test(tc, comparing_has_an_end);
	tcase_add_loop_test(tc, typing_errors_are_counted_as_the_whole_table_says, 0, 3);
	return tc;
}

UNIT_MAIN("fuzzy", fuzzy())

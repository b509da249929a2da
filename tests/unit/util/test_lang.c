/* test_lang.c - language ranges, lookup, and the table of texts */
#include "tests/unit/unit.h"
#include "util/lang.h"
#include "util/utf8.h"

#include <string.h>

#define S(x) gw_slice_str(x)

/* RFC 4647 2.1: language-range = (1*8ALPHA *("-" 1*8alphanum)) / "*" */
START_TEST(ranges_have_the_form_of_the_rfc)
{
	static const char *const good[] = { "*", "en", "de-AT", "i-default", "zh-Hant-TW", "abcdefgh-12345678", "x" };
	static const char *const bad[] = { "", "-", "de-", "-de", "de--AT", "d3", "1a", "abcdefghi", "de-123456789", "de_AT",
					   "de AT", "*-de", "d\xC3\xA9" };

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		ck_assert_msg(gw_lang_range_ok(S(good[i])), "%s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!gw_lang_range_ok(S(bad[i])), "%s", bad[i]);
}
END_TEST

/* RFC 4647 3.4: subtags are taken away from the end, with a single character one in front of them. */
START_TEST(lookup_shortens_the_range)
{
	static const struct {
		const char *range;
		enum gw_lang lang;
	} rows[] = {
		{ "de", GW_LANG_DE }, { "DE-at-1996", GW_LANG_DE }, { "fr-x-private", GW_LANG_FR }, { "nl-BE", GW_LANG_NL },
		{ "es-419", GW_LANG_ES }, { "en-GB-oed", GW_LANG_EN }, { "i-default", GW_LANG_DEFAULT },
	};
	static const char *const none[] = { "*", "sv", "deu", "x-de", "d", "i", "zh-de", "", "de-", "i-klingon" };
	enum gw_lang lang = GW_LANG_NL;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ck_assert_msg(gw_lang_lookup(S(rows[i].range), &lang), "%s", rows[i].range);
		ck_assert_int_eq(lang, rows[i].lang);
	}
	lang = GW_LANG_NL;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		ck_assert_msg(!gw_lang_lookup(S(none[i]), &lang), "%s", none[i]);
	ck_assert_int_eq(lang, GW_LANG_NL);
}
END_TEST

/* The next printf conversion of *text as "%u", or false. */
static bool next_conversion(const char **text, char ret[16])
{
	const char *p = strchr(*text, '%');
	size_t n;

	if (!p)
		return false;
	n = 1 + strcspn(p + 1, "udsc%");
	ck_assert_uint_lt(n, 15);
	memcpy(ret, p, n + 1);
	ret[n + 1] = '\0';
	*text = p + n + 1;
	return true;
}

/* A translation stands in the place of the English format: anything else would read arguments that are not there. */
START_TEST(translations_take_the_same_arguments)
{
	const struct gw_lang_row *row;
	size_t n = 0;

	for (; (row = gw_lang_row(n)); n++) {
		for (unsigned lang = GW_LANG_DE; lang < GW_LANGS; lang++) {
			const char *a = row->english, *b = row->text[lang];
			char ca[16], cb[16];

			ck_assert_ptr_nonnull(b);
			ck_assert_msg(gw_utf8_valid(S(b)) && *b, "%s", row->english);
			ck_assert_uint_lt(strlen(b), 200);
			while (next_conversion(&a, ca)) {
				ck_assert_msg(next_conversion(&b, cb), "%s", row->text[lang]);
				ck_assert_str_eq(ca, cb);
			}
			ck_assert_msg(!next_conversion(&b, cb), "%s", row->text[lang]);
		}
		for (size_t k = 0; k < n; k++)
			ck_assert_str_ne(gw_lang_row(k)->english, row->english);
	}
	ck_assert_uint_gt(n, 40);
}
END_TEST

START_TEST(texts_without_a_row_stay_english)
{
	ck_assert_str_eq(gw_lang_text(GW_LANG_DE, "Bye"), "Auf Wiedersehen");
	ck_assert_str_eq(gw_lang_text(GW_LANG_EN, "Bye"), "Bye");
	ck_assert_str_eq(gw_lang_text(GW_LANG_DEFAULT, "Bye"), "Bye");
	ck_assert_str_eq(gw_lang_text(GW_LANG_FR, "%u %llu"), "%u %llu");
}
END_TEST

static TCase *lang(void)
{
	TCase *tc = tcase_create("lang");

	tcase_add_test(tc, ranges_have_the_form_of_the_rfc);
	tcase_add_test(tc, lookup_shortens_the_range);
	tcase_add_test(tc, translations_take_the_same_arguments);
	tcase_add_test(tc, texts_without_a_row_stay_english);
	return tc;
}

UNIT_MAIN("lang", lang())

/* test_glob.c - names with wildcards */
#include <string.h>

#include "tests/unit/unit.h"
#include "util/glob.h"

static const struct {
	const char *pattern, *text;
	bool fits;
} forms[] = {
	{ "anna", "anna", true },     { "anna", "Anna", true },       { "anna", "ann", false },     { "anna", "annab", false },
	{ "*", "", true },            { "", "", true },               { "", "a", false },           { "?", "", false },
	{ "a*", "anna", true },       { "*a", "anna", true },         { "*nn*", "anna", true },     { "a?na", "anna", true },
	{ "*@example.org", "anna@EXAMPLE.org", true },                { "*@example.org", "anna@example.org.net", false },
	{ "a*b*c", "aXbYbc", true },  { "a*b*c", "aXcYb", false },    { "**", "x", true },          { "*?", "", false },
};

START_TEST(patterns_fit_or_not)
{
	ck_assert_msg(gw_glob(gw_slice_str(forms[_i].pattern), gw_slice_str(forms[_i].text)) == forms[_i].fits, "%s %s",
		      forms[_i].pattern, forms[_i].text);
}
END_TEST

/* What takes others years: steps are bounded by the product of the lengths. */
START_TEST(many_stars_do_not_take_for_ever)
{
	char pattern[2001], text[4001];

	for (unsigned i = 0; i < 2000; i += 2)
		memcpy(pattern + i, "a*", 2);
	memcpy(pattern + 1998, "b", 2);
	memset(text, 'a', 4000);
	text[4000] = '\0';
	ck_assert(!gw_glob(gw_slice_str(pattern), gw_slice_str(text)));
}
END_TEST

static TCase *tcase_glob(void)
{
	TCase *tc = tcase_create("glob");

	tcase_add_loop_test(tc, patterns_fit_or_not, 0, (int)(sizeof forms / sizeof *forms));
	tcase_add_test(tc, many_stars_do_not_take_for_ever);
	return tc;
}

UNIT_MAIN("glob", tcase_glob())

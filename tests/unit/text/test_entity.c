/* test_entity.c - character references of HTML */
#include "text/entity.h"

#include "tests/unit/unit.h"

#include <stdio.h>

static const char *const pairs[][2] = {
	{ "Gr&uuml;&szlig;e &amp; K&#252;sse &#x20AC;", "Grüße & Küsse €" },
	{ "&Auml;&auml;&AElig;&zwnj;&thetasym;&apos;", "ÄäÆ\u200Cϑ'" },
	{ "a&nbsp;b", "a\u00A0b" },
	{ "&lt;b&gt;", "<b>" },
	{ "&#x1F600;&#X41;&#0065;", "😀AA" },
	{ "&amp;lt;", "&lt;" }, /* once only */
	{ "&unknown; &uuml &uuml; & &; &&amp;&", "&unknown; &uuml ü & &; &&&" },
	{ "&#0; &#xD800; &#x110000; &#150; &#; &#x; &#xg; &#-1; &a#1;", "&#0; &#xD800; &#x110000; &#150; &#; &#x; &#xg; &#-1; &a#1;" },
	{ "&#99999999; &#999999999; &#9999999999; &abcdefghij; &abcdefghijk;",
	  "&#99999999; &#999999999; &#9999999999; &abcdefghij; &abcdefghijk;" },
	{ "ü&ü;&u", "ü&ü;&u" },
	{ "", "" },
};

START_TEST(references_are_undone_wherever_the_text_is_cut)
{
	struct gw_slice in = gw_slice_str(pairs[_i][0]);

	for (size_t cut = 0; cut <= in.n; cut++) {
		struct gw_entities e = { .n = 0 };
		struct gw_buf out;

		gw_buf_init(&out, 0);
		gw_entities_feed(&e, gw_slice(in.p, cut), false, &out);
		gw_entities_feed(&e, gw_slice(in.p + cut, in.n - cut), true, &out);
		ck_assert_msg(gw_slice_eq(gw_buf_slice(&out), gw_slice_str(pairs[_i][1])), "%s: %.*s", in.p, (int)out.n, out.p);
		gw_buf_done(&out);
	}
}
END_TEST

/* The table is searched by halves. */
START_TEST(every_name_is_found)
{
	static const char *const some[] = { "AElig", "Zeta", "aacute", "yuml", "zwj", "zwnj", "zeta", "quot", "euro", "bull", "Yuml" };

	for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
		struct gw_entities e = { .n = 0 };
		char text[16];
		struct gw_buf out;

		gw_buf_init(&out, 0);
		snprintf(text, sizeof text, "&%s;", some[i]);
		gw_entities_feed(&e, gw_slice_str(text), true, &out);
		ck_assert_uint_ge(out.n, 1);
		ck_assert_int_ne(out.p[0], '&');
		gw_buf_done(&out);
	}
}
END_TEST

static TCase *entity(void)
{
	TCase *tc = tcase_create("entity");

	tcase_add_loop_test(tc, references_are_undone_wherever_the_text_is_cut, 0, (int)(sizeof pairs / sizeof *pairs));
	tcase_add_test(tc, every_name_is_found);
	return tc;
}

UNIT_MAIN("entity", entity())

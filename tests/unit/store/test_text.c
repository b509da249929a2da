/* The searchable text of a message (store/derive.h). */
#include "store/derive.h"
#include "tests/unit/unit.h"
#include "util/buf.h"
#include "util/mem.h"
#include "util/utf8.h"

struct given {
	struct gw_slice raw;
	size_t step;	/* octets that a read gives at most */
	long fail_at;	/* a read from here on fails; -1: never */
	struct gw_buf header, body;
	size_t longest; /* piece */
	unsigned pieces, stop_after;
	bool header_after_body;
};

static long read_given(void *ctx, uint64_t off, void *dst, size_t n)
{
	struct given *g = ctx;

	if (g->fail_at >= 0 && off >= (uint64_t)g->fail_at)
		return -5;
	if (off >= g->raw.n)
		return 0;
	if (n > g->raw.n - off)
		n = (size_t)(g->raw.n - off);
	if (n > g->step)
		n = g->step;
	memcpy(dst, g->raw.p + off, n);
	return (long)n;
}

static bool take(void *ctx, struct gw_slice text, enum gw_text_scope part)
{
	struct given *g = ctx;

	ck_assert(gw_utf8_valid(text));
	if (text.n > g->longest)
		g->longest = text.n;
	if (part == GW_TEXT_HEADER && g->body.n)
		g->header_after_body = true;
	gw_buf_add_slice(part == GW_TEXT_HEADER ? &g->header : &g->body, text);
	return ++g->pieces != g->stop_after;
}

static int extract(struct given *g, unsigned scope)
{
	struct gw_deriver *d = gw_deriver_new();
	struct gw_derived derived;
	struct gw_arena arena;
	int rc;

	gw_arena_init(&arena, 0, 0);
	gw_deriver_feed(d, g->raw);
	gw_deriver_finish(d, &arena, &derived);
	rc = gw_text_extract(derived.parts, scope, read_given, g, take, g);
	gw_deriver_free(d);
	gw_arena_done(&arena);
	return rc;
}

static void given_done(struct given *g)
{
	gw_buf_done(&g->header);
	gw_buf_done(&g->body);
}

#define ALL (GW_TEXT_HEADER | GW_TEXT_BODY)

static const char odd[] = "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\t from\there\r\nX:\r\n y\r\nMIME-Version: 1.0\r\n"
			  "Content-Type: multipart/mixed; boundary=b\r\n\r\nno\r\n--b\r\n\r\none\r\ntwo\nthree\rfour\tfive\r\n"
			  "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
			  "w6TDtsO8\r\n--b\r\nContent-Type: image/png\r\n\r\npixels\r\n--b--\r\nno\r\n";

START_TEST(text_is_decoded_and_folded_whatever_the_pieces)
{
	struct given g = { .raw = gw_slice_str(odd), .step = (size_t)_i, .fail_at = -1 };

	ck_assert_int_eq(extract(&g, ALL), 0);
	ck_assert_slice_eq(gw_buf_slice(&g.header), "SUBJECT: GRU\xCC\x88\xC3\x9F" "E  FROM HERE\nX: Y\nMIME-VERSION: 1.0\n"
						    "CONTENT-TYPE: MULTIPART/MIXED; BOUNDARY=B\n");
	ck_assert_slice_eq(gw_buf_slice(&g.body), "ONE TWO THREE FOUR FIVE\n"
						  "CONTENT-TYPE: TEXT/PLAIN; CHARSET=UTF-8\nCONTENT-TRANSFER-ENCODING: BASE64\n"
						  "A\xCC\x88O\xCC\x88U\xCC\x88\nCONTENT-TYPE: IMAGE/PNG\n");
	ck_assert(!g.header_after_body);
	given_done(&g);
}
END_TEST

static const char page[] = "Content-Type: text/html; charset=utf-8\r\n\r\n<b>Gr&uuml;&#223;e</b>&amp;\r\n&nbsp;&nosuch;&lt";

START_TEST(character_references_of_html_are_undone)
{
	struct given g = { .raw = gw_slice_str(page), .step = (size_t)_i, .fail_at = -1 };

	ck_assert_int_eq(extract(&g, GW_TEXT_BODY), 0);
	ck_assert_slice_eq(gw_buf_slice(&g.body), "<B>GRU\xCC\x88\xC3\x9F" "E</B>&  &NOSUCH;&LT\n");
	given_done(&g);
}
END_TEST

START_TEST(the_scope_is_kept)
{
	struct given g = { .raw = gw_slice_str(odd), .step = 1000, .fail_at = -1 };

	ck_assert_int_eq(extract(&g, GW_TEXT_BODY), 0);
	ck_assert_uint_eq(g.header.n, 0);
	ck_assert_uint_gt(g.body.n, 0);
	g.body.n = 0;
	ck_assert_int_eq(extract(&g, GW_TEXT_HEADER), 0);
	ck_assert_uint_eq(g.body.n, 0);
	ck_assert_uint_gt(g.header.n, 0);
	given_done(&g);
}
END_TEST

START_TEST(a_failed_read_is_told_and_a_sink_may_stop)
{
	struct given g = { .raw = gw_slice_str(odd), .step = 10, .fail_at = 40 };

	ck_assert_int_eq(extract(&g, ALL), -5);
	g.fail_at = -1;
	g.pieces = 0;
	g.stop_after = 1;
	ck_assert_int_eq(extract(&g, ALL), 0);
	ck_assert_uint_eq(g.pieces, 1);
	given_done(&g);
}
END_TEST

START_TEST(large_texts_come_in_pieces_of_64_kib_between_characters)
{
	struct given g = { .step = 70000, .fail_at = -1 };
	struct gw_buf raw;

	gw_buf_init(&raw, 0);
	gw_buf_printf(&raw, "Subject: ");
	for (int i = 0; i < 300000; i++)
		gw_buf_add_char(&raw, 'x');
	gw_buf_printf(&raw, "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n");
	for (int i = 0; i < 60000; i++)
		gw_buf_printf(&raw, "\xEF\xB7\xBA"); /* U+FDFA: 18 characters when folded */
	g.raw = gw_buf_slice(&raw);
	ck_assert_int_eq(extract(&g, ALL), 0);
	ck_assert_uint_le(g.longest, 65536);
	ck_assert_uint_eq(g.body.n, 60000 * 33 + 1);
	ck_assert_uint_gt(g.header.n, 300000);
	gw_buf_done(&raw);
	given_done(&g);
}
END_TEST

START_TEST(damaged_parts_give_the_message_as_it_is)
{
	struct given g = { .raw = GW_S("a: b\r\n\r\ncd"), .step = 3, .fail_at = -1 };

	ck_assert_int_eq(gw_text_extract(GW_S("\xFF\xFF"), ALL, read_given, &g, take, &g), 0);
	ck_assert_slice_eq(gw_buf_slice(&g.body), "A: B  CD\n");
	given_done(&g);
}
END_TEST

START_TEST(needles_are_folded_as_texts_are)
{
	struct gw_arena arena;

	gw_arena_init(&arena, 0, 0);
	ck_assert_slice_eq(gw_text_fold(&arena, GW_S("a\r\nb\tc\nd\re")), "A B C D E");
	ck_assert_slice_eq(gw_text_fold(&arena, GW_S("\xC3\xBC")), "U\xCC\x88");
	ck_assert_slice_eq(gw_text_fold(&arena, GW_S("\xFF" "a")), "\xFF" "A");
	ck_assert_slice_eq(gw_text_fold(&arena, GW_S("")), "");
	gw_arena_done(&arena);
}
END_TEST

static TCase *tcase_text(void)
{
	TCase *tc = tcase_create("text");

	tcase_add_loop_test(tc, text_is_decoded_and_folded_whatever_the_pieces, 1, 120);
	tcase_add_loop_test(tc, character_references_of_html_are_undone, 1, 20);
	tcase_add_test(tc, the_scope_is_kept);
	tcase_add_test(tc, a_failed_read_is_told_and_a_sink_may_stop);
	tcase_add_test(tc, large_texts_come_in_pieces_of_64_kib_between_characters);
	tcase_add_test(tc, damaged_parts_give_the_message_as_it_is);
	tcase_add_test(tc, needles_are_folded_as_texts_are);
	return tc;
}

UNIT_MAIN("text", tcase_text())

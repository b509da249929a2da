/* test_addresses.c - the addresses of a message as text, for FROM, TO, CC and BCC of SEARCH (RFC 9051 6.4.4) */
#include "store/addresses.h"

#include "store/derive.h"
#include "store/local/text.h"
#include "tests/unit/store/storetest.h"
#include "text/casemap.h"

static const struct {
	const char *field, *text;
} rows[] = {
	{ "", "" },
	{ ",;", "" },
	{ "joe@example.org", "joe@example.org" },
	{ "<joe@example.org>", "joe@example.org" },
	{ "Joe Doe <joe@example.org>,x@y", "Joe Doe <joe@example.org>, x@y" },
	/* comments, also inside an address; nested ones; one that is the name */
	{ "Joe (one (two)) Doe <joe (three) @ (four) example . org>", "Joe Doe <joe@example.org>" },
	{ "joe (one) @ (two) example.org", "two <joe@example.org>" },
	{ "joe@example.org (Joe \\(D\\) Doe)", "Joe (D) Doe <joe@example.org>" },
	/* routes */
	{ "<@a.org,@b.org:joe@example.org>", "joe@example.org" },
	{ "Joe <@a.org:joe@example.org>", "Joe <joe@example.org>" },
	/* quotes, of names and of local parts */
	{ "\"Doe, \\\"J\\\\\" <joe@example.org>", "Doe, \"J\\ <joe@example.org>" },
	{ "\"joe \\\"x\\\" doe\"@example.org", "joe \"x\" doe@example.org" },
	{ "Joe <\" joe\"@example.org>", "Joe < joe@example.org>" },
	{ "\"\" <joe@example.org>", "joe@example.org" },
	/* groups */
	{ "Team: joe@example.org, Bo <bo@example.org>;, x@y", "Team: joe@example.org, Bo <bo@example.org>;, x@y" },
	{ "Team:;", "Team:;" },
	{ "Team: ;, Other : a@b", "Team:;, Other: a@b;" },
	/* folding */
	{ "Joe\r\n\tDoe\r\n <joe@\r\n example.org>,\r\n  x@y", "Joe Doe <joe@example.org>, x@y" },
	/* encoded words and octets that are no ASCII, of several addresses */
	{ "=?utf-8?q?J=C3=BCrgen?= =?utf-8?q?_K?= <j@x>, =?iso-8859-1?q?Andr=E9?= <a@y>", "J\xC3\xBCrgen K <j@x>, Andr\xC3\xA9 <a@y>" },
	{ "\"=?utf-8?q?J=C3=BCrgen?=\" <j@x>", "J\xC3\xBCrgen <j@x>" },
	{ "=?utf-8?q?Doe=2C_Joe?= <joe@example.org>", "Doe, Joe <joe@example.org>" },
	{ "J\xC3\xBCrgen <j\xC3\xBC@x>", "J\xC3\xBCrgen <j\xC3\xBC@x>" },
	{ "J\xFCrgen <j@x>", "J\xC3\xBCrgen <j@x>" },
	/* parts that are not there */
	{ "postmaster", "postmaster" },
	{ "Joe <>", "Joe <>" },
	{ "Joe <@example.org>", "Joe <@example.org>" },
	{ "Joe <joe", "Joe <joe>" },
};

#define ROWS (int)(sizeof rows / sizeof *rows)

static struct gw_arena arena;

static struct gw_slice envelope_of(const char *name, struct gw_slice field)
{
	struct gw_slice ret;
	struct gw_buf header, envelope;

	gw_buf_init(&header, 0);
	gw_buf_init(&envelope, 0);
	gw_buf_printf(&header, "Subject: {3}\r\n\"(\\\r\nReply-To: no@reply\r\n%s: ", name);
	gw_buf_add_slice(&header, field);
	gw_buf_printf(&header, "\r\n%s: second@field\r\n\r\n", name);
	gw_put_envelope(gw_buf_slice(&header), &envelope);
	ret = gw_arena_dup(&arena, gw_buf_slice(&envelope));
	gw_buf_done(&header);
	gw_buf_done(&envelope);
	return ret;
}

/* RFC 9051 6.4.4(n) */
START_TEST(addresses_are_written_as_envelope_has_them)
{
	static const char *const names[TEXT_KEYS] = { "From", "To", "Cc", "Bcc" };
	struct gw_slice want;

	gw_arena_init(&arena, 0, 0);
	want = gw_text_fold(&arena, gw_slice_str(rows[_i].text));
	for (unsigned k = 0; k < TEXT_KEYS; k++)
		for (unsigned of = 0; of < TEXT_KEYS; of++) {
			struct gw_slice envelope = envelope_of(names[of], gw_slice_str(rows[_i].field));
			struct gw_buf got;

			gw_buf_init(&got, 0);
			gw_address_text(envelope, text_list_of((enum gw_match_field)k), &got);
			ck_assert_msg(gw_slice_eq(gw_buf_slice(&got), k == of ? want : GW_S("")), "%s: \"%.*s\" of %s", names[k],
				      GW_FMT(gw_buf_slice(&got)), rows[_i].field);
			gw_buf_done(&got);
		}
	gw_arena_done(&arena);
}
END_TEST

START_TEST(damaged_envelopes_give_what_is_whole)
{
	struct gw_slice envelope;
	size_t before = 0;

	gw_arena_init(&arena, 0, 0);
	envelope = envelope_of("From", GW_S("A <a@x>, \"b\\\"\xC3\xA9\" <b@y>, g: c@z;"));
	for (size_t n = 0; n <= envelope.n; n++) {
		char *part = gw_xalloc(n ? n : 1); /* of its own, so that a look beyond it is seen */
		struct gw_buf got;

		memcpy(part, envelope.p, n);
		gw_buf_init(&got, 0);
		gw_address_text(gw_slice(part, n), GW_ENVELOPE_FROM, &got);
		ck_assert_uint_ge(got.n, before);
		before = got.n;
		gw_buf_done(&got);
		free(part);
	}
	ck_assert_uint_gt(before, 0);
	gw_arena_done(&arena);
}
END_TEST

static struct gw_slice repeated(const char *piece, size_t octets)
{
	struct gw_slice ret;
	struct gw_buf b;

	gw_buf_init(&b, 0);
	while (b.n < octets)
		gw_buf_add_slice(&b, gw_slice_str(piece));
	ret = gw_arena_dup(&arena, gw_buf_slice(&b));
	gw_buf_done(&b);
	return ret;
}

/* As large as a header may be: the text is not longer than what it is made of. */
START_TEST(huge_lists_come_to_an_end)
{
	static const char *const pieces[] = { "a@b,", ",", "(", ")", "\"", "<", ":", ";", "g:", "@", "<@a,@b:", "a <b@c>, ", "\\", "[", "\"\\\"\" <\"a\\\"\"@x>,",
					      "a(b)@c(d),", "=?utf-8?q?a?= ", "\r\n " };
	struct gw_slice field, envelope;
	struct gw_buf got;

	gw_arena_init(&arena, 0, 0);
	gw_buf_init(&got, 0);
	field = repeated(pieces[_i], (size_t)200 * 1024);
	envelope = envelope_of("To", field);
	gw_address_text(envelope, GW_ENVELOPE_TO, &got);
	ck_assert_uint_lt(got.n, envelope.n);
	gw_buf_done(&got);
	gw_arena_done(&arena);
}
END_TEST

/* ---- what the text index keeps of them ---- */

static bool pack(const char *from, const char *to, struct gw_buf *ret)
{
	struct gw_deriver *d = gw_deriver_new();
	struct gw_derived r;
	bool any;

	gw_deriver_feed(d, gw_slice_str(gw_arena_printf(&arena, "From: %s\r\nTo: %s\r\n\r\n", from, to)));
	gw_deriver_finish(d, &arena, &r);
	gw_deriver_free(d);
	any = text_addresses_pack(r.envelope, (const struct gw_slice[]){ r.key_from, r.key_to, r.key_cc, r.key_bcc }, ret);
	ck_assert_int_eq(any, ret->n != sizeof(struct text_address_head));
	return any;
}

START_TEST(of_ordinary_mail_nothing_is_kept)
{
	static const char *const ordinary[] = { "", "joe@example.org", "<joe@example.org>", "Joe Doe <joe@example.org>",
						"Joe Doe <joe@example.org>,\r\n Bo <bo@example.org>, x@y", "=?utf-8?q?J=C3=BCrgen?= <j@x>",
						"undisclosed-recipients:;", "postmaster", "\"joe@example.org\"" };
	struct gw_buf b;

	gw_arena_init(&arena, 0, 0);
	gw_buf_init(&b, 0);
	for (size_t i = 0; i < sizeof ordinary / sizeof *ordinary; i++)
		ck_assert_msg(!pack("a@b", ordinary[i], &b), "%s", ordinary[i]);
	gw_buf_done(&b);
	gw_arena_done(&arena);
}
END_TEST

START_TEST(what_the_keys_have_not_is_kept)
{
	struct gw_slice text;
	struct gw_buf b;

	gw_arena_init(&arena, 0, 0);
	gw_buf_init(&b, 0);
	ck_assert(pack("a@b", "\"Joe Doe\" <joe@example.org>", &b));
	ck_assert(text_addresses_get(gw_buf_slice(&b), GW_MATCH_FROM, &text));
	ck_assert_slice_eq(text, "");
	ck_assert(text_addresses_get(gw_buf_slice(&b), GW_MATCH_TO, &text));
	ck_assert(gw_slice_eq(text, gw_text_fold(&arena, GW_S("Joe Doe <joe@example.org>"))));
	ck_assert(text_addresses_get(gw_buf_slice(&b), GW_MATCH_BCC, &text));
	ck_assert_slice_eq(text, "");
	for (size_t n = 0; n < b.n; n++) /* what is damaged says nothing */
		ck_assert(!text_addresses_get(gw_slice(b.p, n), GW_MATCH_BCC, &text));
	gw_buf_done(&b);
	gw_arena_done(&arena);
}
END_TEST

START_TEST(texts_that_are_too_long_are_not_kept)
{
	struct gw_slice key[TEXT_KEYS] = { { "", 0 }, { "", 0 }, { "", 0 }, { "", 0 } }, text;
	struct gw_buf b;

	gw_arena_init(&arena, 0, 0);
	gw_buf_init(&b, 0);
	/* U+FDFA: 18 characters when it is folded */
	ck_assert(text_addresses_pack(envelope_of("To", repeated("\xEF\xB7\xBA", (size_t)60 * 1024)), key, &b));
	ck_assert_uint_gt(b.n, (size_t)300 * 1024);
	ck_assert(text_addresses_pack(envelope_of("To", repeated("\"\xEF\xB7\xBA\xEF\xB7\xBA\xEF\xB7\xBA\xEF\xB7\xBA\xEF\xB7\xBA\" <a@b>,", (size_t)200 * 1024)), key, &b));
	ck_assert_uint_eq(b.n, 0);
	ck_assert(!text_addresses_get(gw_buf_slice(&b), GW_MATCH_TO, &text));
	gw_buf_done(&b);
	gw_arena_done(&arena);
}
END_TEST

static TCase *tcase_text(void)
{
	TCase *tc = tcase_create("text");

	tcase_add_loop_test(tc, addresses_are_written_as_envelope_has_them, 0, ROWS);
	tcase_add_test(tc, damaged_envelopes_give_what_is_whole);
	tcase_add_loop_test(tc, huge_lists_come_to_an_end, 0, 18);
	return tc;
}

static TCase *tcase_kept(void)
{
	TCase *tc = tcase_create("kept");

	tcase_add_test(tc, of_ordinary_mail_nothing_is_kept);
	tcase_add_test(tc, what_the_keys_have_not_is_kept);
	tcase_add_test(tc, texts_that_are_too_long_are_not_kept);
	return tc;
}

UNIT_MAIN("addresses", tcase_text(), tcase_kept())

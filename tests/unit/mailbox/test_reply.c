/* test_reply.c - what an IMAP server says (mailbox/reply.h) */
#include "mailbox/reply.h"
#include "store/store.h"
#include "tests/unit/unit.h"

static struct gw_arena arena;

static void setup(void)
{
	gw_arena_init(&arena, 0, 0);
}

static void teardown(void)
{
	gw_arena_done(&arena);
}

static struct gw_reply parsed(const char *line)
{
	struct gw_reply r;

	ck_assert_msg(gw_reply_parse(&arena, gw_slice_str(line), &r), "%s", line);
	return r;
}

/* Replies as "(line)", octets of messages as "[octets]" in one piece. */
static void cut_all(struct gw_slice wire, size_t step, struct gw_buf *ret)
{
	struct gw_reply_reader r;
	struct gw_slice in = { wire.p, 0 }, piece;
	bool in_message = false;

	gw_reply_init(&r);
	while (in.p + in.n < wire.p + wire.n) {
		size_t left = (size_t)(wire.p + wire.n - in.p) - in.n;
		enum gw_reply_step kind;

		in.n += left < step ? left : step;
		while ((kind = gw_reply_next(&r, &in, &piece)) != GW_REPLY_MORE) {
			ck_assert_int_ne(kind, GW_REPLY_BAD);
			if (in_message != (kind == GW_REPLY_OCTETS))
				gw_buf_add_char(ret, in_message ? ']' : '[');
			in_message = kind == GW_REPLY_OCTETS;
			gw_buf_printf(ret, in_message ? "%.*s" : "(%.*s)", GW_FMT(piece));
		}
	}
	gw_reply_done(&r);
}

START_TEST(any_split_gives_the_same_replies)
{
	static const char wire[] = "* OK hi\r\n* LIST () \"/\" {3}\r\na\"b\r\n* 1 FETCH (UID 7 BODY[] {11}\r\nA: 1\r\n\r\nx\r\n FLAGS ())\r\n"
				   "* 2 FETCH (BODY[] {0}\r\n)\r\na1 OK {done}\r\n";

	for (size_t step = 1; step <= sizeof wire; step++) {
		struct gw_buf text;

		gw_buf_init(&text, 0);
		cut_all(gw_slice_str(wire), step, &text);
		ck_assert_slice_eq(gw_buf_slice(&text),
				   "(* OK hi)(* LIST () \"/\" {3}\r\na\"b)[A: 1\r\n\r\nx\r\n](* 1 FETCH (UID 7 BODY[] {11}\r\n FLAGS ()))"
				   "(* 2 FETCH (BODY[] {0}\r\n))(a1 OK {done})");
		gw_buf_done(&text);
	}
}
END_TEST

START_TEST(the_uid_before_octets_is_known_while_they_come)
{
	static const struct {
		const char *wire;
		uint32_t uid;
	} replies[] = {
		{ "* 1 FETCH (UID 7 BODY[] {5}\r\nab", 7 },
		{ "* 1 FETCH (FLAGS (\\Seen) uid 4294967295 BODY[] {5}\r\nab", UINT32_MAX },
		{ "* 1 FETCH (BODY[] {5}\r\nUID 7", 0 },
		{ "* 1 FETCH (XUID 7 UID x BODY[] {5}\r\nab", 0 },
	};

	for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
		struct gw_reply_reader r;
		struct gw_slice in = gw_slice_str(replies[i].wire), octets;

		gw_reply_init(&r);
		ck_assert_int_eq(gw_reply_next(&r, &in, &octets), GW_REPLY_OCTETS);
		ck_assert_uint_eq(gw_reply_uid_so_far(&r), replies[i].uid);
		gw_reply_done(&r);
	}
}
END_TEST

START_TEST(a_reply_without_end_is_given_up)
{
	static char text[4096];
	struct gw_reply_reader r;
	struct gw_slice ignored;
	size_t fed = 0;
	enum gw_reply_step step;

	memset(text, 'x', sizeof text);
	gw_reply_init(&r);
	do {
		struct gw_slice in = gw_slice(text, sizeof text);

		step = gw_reply_next(&r, &in, &ignored);
		fed += sizeof text;
	} while (step == GW_REPLY_MORE && fed < 2 * GW_REPLY_MAX);
	ck_assert_int_eq(step, GW_REPLY_BAD);
	ck_assert_uint_gt(fed, GW_REPLY_MAX);
	gw_reply_done(&r);
}
END_TEST

START_TEST(status_replies)
{
	struct gw_reply r = parsed("* OK [UIDVALIDITY 1275660208] UIDs valid");

	ck_assert_int_eq(r.kind, GW_REPLY_STATUS);
	ck_assert_uint_eq(gw_reply_code_number(r.code, GW_S("uidvalidity")), 1275660208);
	ck_assert_uint_eq(gw_reply_code_number(r.code, GW_S("UIDNEXT")), 0);
	ck_assert_slice_eq(r.text, "UIDs valid");
	r = parsed("a7 NO [NONEXISTENT] no such mailbox");
	ck_assert_int_eq(r.kind, GW_REPLY_TAGGED);
	ck_assert_int_eq(r.status, GW_REPLY_NO);
	ck_assert_slice_eq(r.tag, "a7");
	ck_assert_slice_eq(r.code, "NONEXISTENT");
	ck_assert_int_eq(parsed("* BYE").status, GW_REPLY_BYE);
	ck_assert_int_eq(parsed("+ go on").kind, GW_REPLY_CONTINUE);
	ck_assert_int_eq(parsed("* 12 EXISTS").kind, GW_REPLY_EXISTS);
	ck_assert_int_eq(parsed("* FLAGS (\\Seen)").kind, GW_REPLY_OTHER);
	r = parsed("* CAPABILITY IMAP4rev1 UIDPLUS LIST-EXTENDED");
	ck_assert(gw_reply_has_word(r.text, GW_S("uidplus")));
	ck_assert(!gw_reply_has_word(r.text, GW_S("UID")));
}
END_TEST

START_TEST(lists)
{
	struct gw_reply r = parsed("* LIST (\\HasNoChildren \\sent \\Subscribed) \"/\" \"Sent \\\"x\\\"\"");

	ck_assert_int_eq(r.kind, GW_REPLY_LIST);
	ck_assert_uint_eq(r.attrs, GW_MBOX_SENT | GW_MBOX_SUBSCRIBED);
	ck_assert_int_eq(r.separator, '/');
	ck_assert_slice_eq(r.mailbox, "Sent \"x\"");
	r = parsed("* LSUB (\\Noselect) NIL {3}\r\na b");
	ck_assert_int_eq(r.kind, GW_REPLY_LSUB);
	ck_assert_uint_eq(r.attrs, GW_MBOX_NOSELECT);
	ck_assert_int_eq(r.separator, 0);
	ck_assert_slice_eq(r.mailbox, "a b");
	ck_assert_slice_eq(parsed("* LIST () \".\" not quoted").mailbox, "not");
	ck_assert_slice_eq(parsed("* LIST () \"\\\\\" INBOX (\"CHILDINFO\" (\"SUBSCRIBED\"))").mailbox, "INBOX");
}
END_TEST

START_TEST(namespaces)
{
	struct gw_reply r = parsed("* NAMESPACE ((\"INBOX.\" \".\")) NIL ((\"#shared/\" \"/\" \"X\" (\"a\" \"b\")) (\"~\" NIL))");

	ck_assert_int_eq(r.kind, GW_REPLY_NAMESPACE);
	ck_assert_slice_eq(r.personal, "INBOX.");
	ck_assert_uint_eq(r.n_foreign, 2);
	ck_assert_slice_eq(r.foreign[0], "#shared/");
	ck_assert_slice_eq(r.foreign[1], "~");
	r = parsed("* NAMESPACE NIL NIL NIL");
	ck_assert_int_eq(r.kind, GW_REPLY_NAMESPACE);
	ck_assert_uint_eq(r.personal.n + r.n_foreign, 0);
	ck_assert_int_eq(parsed("* NAMESPACE ((\"\" \"/\" NIL").kind, GW_REPLY_OTHER);
}
END_TEST

START_TEST(fetched_facts)
{
	struct gw_reply r = parsed("* 12 FETCH (FLAGS (\\Seen \\Recent $Forwarded Work) X-GM-LABELS (\"a)\" (b {2}\r\n)) c)) "
				   "INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286 BODY[HEADER.FIELDS (A B)] \"x\" UID 9)");

	ck_assert_int_eq(r.kind, GW_REPLY_FETCH);
	ck_assert_uint_eq(r.number, 12);
	ck_assert_uint_eq(r.uid, 9);
	ck_assert(r.has_flags && !r.has_body);
	ck_assert_uint_eq(r.flags, GW_FLAG_SEEN);
	ck_assert_uint_eq(r.n_keywords, 2);
	ck_assert_slice_eq(r.keywords[0], "$Forwarded");
	ck_assert_slice_eq(r.keywords[1], "Work");
	ck_assert_int_eq(r.date, 837596665);
	ck_assert_uint_eq(r.size, 4286);
}
END_TEST

START_TEST(bodies_come_as_octets_or_quoted)
{
	struct gw_reply r = parsed("* 1 FETCH (BODY[] {11}\r\n UID 7)");

	ck_assert(r.has_body);
	ck_assert_uint_eq(r.body.n, 0);
	ck_assert_uint_eq(r.uid, 7);
	r = parsed("* 1 FETCH (UID 7 BODY[] \"a\\\"b\")");
	ck_assert_slice_eq(r.body, "a\"b");
	r = parsed("* 1 FETCH (BODY[] NIL UID 7)");
	ck_assert(r.has_body);
}
END_TEST

START_TEST(what_is_no_reply_is_none)
{
	static const char *const lines[] = { "", "*", "a1", "a1 FINE", "* 99999999999999 EXISTS x(", "(" };
	struct gw_reply r;

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (gw_reply_parse(&arena, gw_slice_str(lines[i]), &r))
			ck_assert_int_eq(r.kind, GW_REPLY_OTHER);
	ck_assert_int_eq(parsed("* 1 FETCH (UID)").kind, GW_REPLY_OTHER);
	ck_assert_int_eq(parsed("* 1 FETCH ((((((").kind, GW_REPLY_OTHER);
	ck_assert_int_eq(parsed("* LIST (").kind, GW_REPLY_OTHER);
}
END_TEST

START_TEST(what_is_asked_is_quoted)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	ck_assert(gw_reply_put_quoted(&b, GW_S("a\"b\\c")));
	gw_reply_put_date(&b, 837596665);
	ck_assert_slice_eq(gw_buf_slice(&b), "\"a\\\"b\\\\c\"\"17-Jul-1996 09:44:25 +0000\"");
	ck_assert(!gw_reply_put_quoted(&b, GW_S("a\r\nb")));
	gw_buf_done(&b);
}
END_TEST

static TCase *all(void)
{
	TCase *tc = tcase_create("reply");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, any_split_gives_the_same_replies);
	tcase_add_test(tc, the_uid_before_octets_is_known_while_they_come);
	tcase_add_test(tc, a_reply_without_end_is_given_up);
	tcase_add_test(tc, status_replies);
	tcase_add_test(tc, lists);
	tcase_add_test(tc, namespaces);
	tcase_add_test(tc, fetched_facts);
	tcase_add_test(tc, bodies_come_as_octets_or_quoted);
	tcase_add_test(tc, what_is_no_reply_is_none);
	tcase_add_test(tc, what_is_asked_is_quoted);
	return tc;
}

UNIT_MAIN("mailbox/reply", all())

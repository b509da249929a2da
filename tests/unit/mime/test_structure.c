/* test_structure.c - ENVELOPE and BODYSTRUCTURE of messages, whatever the pieces they come in (RFC 3501 7.4.2) */
#include "tests/unit/unit.h"

#include "mime/bodystructure.h"
#include "mime/envelope.h"

static const char nested[] =
	"From: a@example.org\r\n"
	"Content-Type: multipart/mixed; boundary=\"b1\"\r\n"
	"\r\n"
	"preamble\r\n"
	"--b1\r\n"
	"\r\n"
	"one\r\n"
	"two\r\n"
	"--b1\r\n"
	"Content-Type: message/rfc822\r\n"
	"\r\n"
	"Subject: inner\r\n"
	"Content-Type: multipart/alternative; boundary=b11\r\n"
	"\r\n"
	"--b11\r\n"
	"Content-Type: text/plain; charset=utf-8\r\n"
	"Content-Transfer-Encoding: quoted-printable\r\n"
	"\r\n"
	"x=3D\r\n"
	"--b11\r\n"
	"Content-Type: text/html\r\n"
	"\r\n"
	"<p>\r\n"
	"--b11--\r\n"
	"--b1\r\n"
	"Content-Type: application/pdf; name=x.pdf\r\n"
	"Content-Disposition: attachment; filename*0*=utf-8''%C3%A9; filename*1=t.pdf\r\n"
	"Content-Transfer-Encoding: base64\r\n"
	"\r\n"
	"AAAA\r\n"
	"--b1--\r\n"
	"epilogue\r\n";

static const struct {
	const char *message, *structure, *body;
} structures[] = {
	{ "A: b\r\n\r\nhi\r\n", "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 4 1 NIL NIL NIL NIL)",
	  "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 4 1)" },
	{ "", "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0 NIL NIL NIL NIL)",
	  "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0)" },
	/* no empty line, no line end */
	{ "A: b", "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0 NIL NIL NIL NIL)",
	  "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0)" },
	{ "Content-Type: IMAGE/PNG (comment); name=\"a \\\"b\\\" c\"\r\nContent-ID: <x@y>\r\nContent-Description: d\r\n"
	  "Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==\r\nContent-Language: en, de\r\nContent-Location: http://x/\r\n"
	  "Content-Transfer-Encoding: BASE64\r\n\r\nAA==",
	  "(\"IMAGE\" \"PNG\" (\"name\" \"a \\\"b\\\" c\") \"<x@y>\" \"d\" \"BASE64\" 4 \"Q2hlY2sgSW50ZWdyaXR5IQ==\" NIL "
	  "(\"en\" \"de\") \"http://x/\")",
	  "(\"IMAGE\" \"PNG\" (\"name\" \"a \\\"b\\\" c\") \"<x@y>\" \"d\" \"BASE64\" 4)" },
	/* a multipart without parts, or without a boundary, is told with one */
	{ "Content-Type: multipart/mixed\r\n\r\nx\r\n",
	  "((\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0 NIL NIL NIL NIL) \"mixed\" NIL NIL NIL NIL)",
	  "((\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0) \"mixed\")" },
	/* a part without an empty line behind its header, and no end */
	{ "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n--x\r\n\r\nlast",
	  "((\"text\" \"html\" NIL NIL NIL \"7bit\" 0 0 NIL NIL NIL NIL)"
	  "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 4 0 NIL NIL NIL NIL) \"mixed\" (\"boundary\" \"x\") "
	  "NIL NIL NIL)",
	  "((\"text\" \"html\" NIL NIL NIL \"7bit\" 0 0)(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 4 0) "
	  "\"mixed\")" },
	/* the default in a digest is a message (RFC 2046 5.1.5) */
	{ "Content-Type: multipart/digest; boundary=x\r\n\r\n--x\r\n\r\nSubject: s\r\n\r\nt\r\n--x--\r\n",
	  "((\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 15 (NIL \"s\" NIL NIL NIL NIL NIL NIL NIL NIL) "
	  "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 1 0 NIL NIL NIL NIL) 2 NIL NIL NIL NIL) "
	  "\"digest\" (\"boundary\" \"x\") NIL NIL NIL)",
	  "((\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 15 (NIL \"s\" NIL NIL NIL NIL NIL NIL NIL NIL) "
	  "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 1 0) 2) \"digest\")" },
	/* RFC 9051 7.5.2(n): message/global is told like message/rfc822 */
	{ "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: Message/Global\r\n\r\nSubject: s\r\n\r\nt\r\nu\r\n--x--\r\n",
	  "((\"Message\" \"Global\" NIL NIL NIL \"7bit\" 18 (NIL \"s\" NIL NIL NIL NIL NIL NIL NIL NIL) "
	  "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 4 1 NIL NIL NIL NIL) 3 NIL NIL NIL NIL) "
	  "\"mixed\" (\"boundary\" \"x\") NIL NIL NIL)",
	  "((\"Message\" \"Global\" NIL NIL NIL \"7bit\" 18 (NIL \"s\" NIL NIL NIL NIL NIL NIL NIL NIL) "
	  "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 4 1) 3) \"mixed\")" },
	/* a message whose header is cut off by the boundary */
	{ "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n--x--\r\n",
	  "((\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 0 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) "
	  "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0 NIL NIL NIL NIL) 0 NIL NIL NIL NIL) "
	  "\"mixed\" (\"boundary\" \"x\") NIL NIL NIL)",
	  "((\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 0 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) "
	  "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0) 0) \"mixed\")" },
	{ nested,
	  "((\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 8 1 NIL NIL NIL NIL)"
	  "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 216 (NIL \"inner\" NIL NIL NIL NIL NIL NIL NIL NIL) "
	  "((\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"quoted-printable\" 4 0 NIL NIL NIL NIL)"
	  "(\"text\" \"html\" NIL NIL NIL \"7bit\" 3 0 NIL NIL NIL NIL) \"alternative\" (\"boundary\" \"b11\") NIL NIL NIL) "
	  "12 NIL NIL NIL NIL)"
	  "(\"application\" \"pdf\" (\"name\" \"x.pdf\") NIL NIL \"base64\" 4 NIL (\"attachment\" (\"filename*\" "
	  "\"utf-8''%C3%A9t.pdf\")) NIL NIL) \"mixed\" (\"boundary\" \"b1\") NIL NIL NIL)",
	  NULL },
};

static void scan(const char *message, size_t piece, struct gw_buf *out)
{
	struct gw_slice in = gw_slice_str(message);
	const struct gw_scan_node *v;
	struct gw_arena arena;
	struct gw_scan *s;
	size_t n;

	gw_arena_init(&arena, 0, 0);
	s = gw_scan_new(&arena);
	while (in.n)
		gw_scan_feed(s, gw_slice_take(&in, in.n < piece ? in.n : piece));
	gw_scan_finish(s);
	v = gw_scan_nodes(s, &n);
	out->n = 0;
	gw_put_bodystructure(v, n, out);
	gw_scan_free(s);
	gw_arena_done(&arena);
}

START_TEST(bodystructure_is_the_same_however_the_message_is_cut)
{
	struct gw_buf out;

	gw_buf_init(&out, 0);
	for (size_t piece = 1; piece < 90; piece = piece < 8 ? piece + 1 : piece * 3) {
		scan(structures[_i].message, piece, &out);
		ck_assert_str_eq(gw_buf_str(&out), structures[_i].structure);
	}
	gw_buf_done(&out);
}
END_TEST

START_TEST(body_is_bodystructure_without_extensions)
{
	struct gw_out rope;
	struct gw_buf flat;

	if (!structures[_i].body)
		return;
	gw_out_init(&rope);
	gw_buf_init(&flat, 0);
	gw_body_without_extensions(gw_slice_str(structures[_i].structure), &rope);
	while (rope.n) {
		struct gw_slice front = gw_out_front(&rope);

		gw_buf_add_slice(&flat, front);
		gw_out_drop(&rope, front.n);
	}
	ck_assert_str_eq(gw_buf_str(&flat), structures[_i].body);
	gw_buf_done(&flat);
	gw_out_done(&rope);
}
END_TEST

/* What was stored when message/global was a part like others still is one. */
START_TEST(body_of_what_was_stored_before)
{
	static const char stored[] = "(\"message\" \"global\" NIL NIL NIL \"7bit\" 18 NIL (\"inline\" NIL) NIL NIL)";
	struct gw_out rope;
	struct gw_slice front;

	gw_out_init(&rope);
	gw_body_without_extensions(gw_slice_str(stored), &rope);
	front = gw_out_front(&rope);
	ck_assert(gw_slice_eq(front, GW_S("(\"message\" \"global\" NIL NIL NIL \"7bit\" 18)")));
	gw_out_done(&rope);
}
END_TEST

static const struct {
	const char *field, *list;
} addresses[] = {
	{ "a@example.org", "((NIL NIL \"a\" \"example.org\"))" },
	{ "Anna B <a@example.org>, \"Bert, C.\" <b@example.org>",
	  "((\"Anna B\" NIL \"a\" \"example.org\")(\"Bert, C.\" NIL \"b\" \"example.org\"))" },
	{ "a@example.org (Anna (nested) B)", "((\"Anna (nested) B\" NIL \"a\" \"example.org\"))" },
	{ "friends: a@x.org, Bert <b@x.org>;, c@x.org",
	  "((NIL NIL \"friends\" NIL)(NIL NIL \"a\" \"x.org\")(\"Bert\" NIL \"b\" \"x.org\")(NIL NIL NIL NIL)(NIL NIL \"c\" "
	  "\"x.org\"))" },
	{ "Friends (all): ann@x.example, bob@x.example (Bob);", "((NIL NIL \"Friends\" NIL)(NIL NIL \"ann\" \"x.example\")(\"Bob\" NIL \"bob\" \"x.example\")"
	  "(NIL NIL NIL NIL))" },
	{ "undisclosed-recipients:;", "((NIL NIL \"undisclosed-recipients\" NIL)(NIL NIL NIL NIL))" },
	{ "<@a.org,@b.org:c@d.org>", "((NIL \"@a.org,@b.org\" \"c\" \"d.org\"))" },
	{ "\"quoted local\"@x.org", "((NIL NIL \"quoted local\" \"x.org\"))" },
	{ "a . b @ x . org", "((NIL NIL \"a.b\" \"x.org\"))" },
	{ "a@[192.0.2.1]", "((NIL NIL \"a\" \"[192.0.2.1]\"))" },
	{ "postmaster", "((NIL NIL \"postmaster\" \"MISSING_DOMAIN\"))" },
	{ "Anna <>", "((\"Anna\" NIL \"MISSING_MAILBOX\" \"MISSING_DOMAIN\"))" },
	{ "=?utf-8?q?Gr=C3=BCn?= <g@x.org>", "((\"=?utf-8?q?Gr=C3=BCn?=\" NIL \"g\" \"x.org\"))" },
	{ "a@x.org <a@x.org>", "((\"a@x.org\" NIL \"a\" \"x.org\"))" },
	{ " \r\n\t", "NIL" },
	{ ",,", "NIL" },
	{ "Anna\r\n B <a@x.org>", "((\"Anna B\" NIL \"a\" \"x.org\"))" },
	{ "Anna <a@x.org", "((\"Anna\" NIL \"a\" \"x.org\"))" },
	{ "\xe9 <a@x.org>", "(({1}\r\n\xe9 NIL \"a\" \"x.org\"))" },
};

START_TEST(addresses_are_told_as_rfc_3501_has_them)
{
	struct gw_buf out;

	gw_buf_init(&out, 0);
	gw_put_addresses(gw_slice_str(addresses[_i].field), &out);
	ck_assert_str_eq(gw_buf_str(&out), addresses[_i].list);
	gw_buf_done(&out);
}
END_TEST

static const struct {
	const char *header, *envelope;
} envelopes[] = {
	{ "", "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)" },
	/* RFC 3501 section 8 */
	{ "Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\r\nFrom: Terry Gray <gray@cac.washington.edu>\r\n"
	  "Subject: IMAP4rev1 WG mtg summary and minutes\r\nTo: imap@cac.washington.edu\r\n"
	  "cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>\r\n"
	  "Message-Id: <B27397-0100000@cac.washington.edu>\r\nMIME-Version: 1.0\r\n\r\n",
	  "(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev1 WG mtg summary and minutes\" "
	  "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
	  "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) ((NIL NIL \"imap\" \"cac.washington.edu\")) "
	  "((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")(\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\")) NIL NIL "
	  "\"<B27397-0100000@cac.washington.edu>\")" },
	/* folding; an empty field is there; an empty list is not */
	{ "Subject: a\r\n  b\r\nTo:\r\nIn-Reply-To:\r\n\r\n",
	  "(NIL \"a  b\" NIL NIL NIL NIL NIL NIL \"\" NIL)" },
	{ "Subject: say \"x\\y\"\r\n\r\n", "(NIL \"say \\\"x\\\\y\\\"\" NIL NIL NIL NIL NIL NIL NIL NIL)" },
	{ "From: a@x\r\nReply-To: b@x\r\nSender: ,\r\n\r\n",
	  "(NIL NIL ((NIL NIL \"a\" \"x\")) ((NIL NIL \"a\" \"x\")) ((NIL NIL \"b\" \"x\")) NIL NIL NIL NIL NIL)" },
};

START_TEST(envelope_has_defaults_and_one_line_a_field)
{
	struct gw_buf out;

	gw_buf_init(&out, 0);
	gw_put_envelope(gw_slice_str(envelopes[_i].header), &out);
	ck_assert_str_eq(gw_buf_str(&out), envelopes[_i].envelope);
	gw_buf_done(&out);
}
END_TEST

#define ROWS(a) (int)(sizeof(a) / sizeof *(a))

static TCase *structure(void)
{
	TCase *tc = tcase_create("structure");

	tcase_add_loop_test(tc, bodystructure_is_the_same_however_the_message_is_cut, 0, ROWS(structures));
	tcase_add_loop_test(tc, body_is_bodystructure_without_extensions, 0, ROWS(structures));
	tcase_add_test(tc, body_of_what_was_stored_before);
	tcase_add_loop_test(tc, addresses_are_told_as_rfc_3501_has_them, 0, ROWS(addresses));
	tcase_add_loop_test(tc, envelope_has_defaults_and_one_line_a_field, 0, ROWS(envelopes));
	return tc;
}

UNIT_MAIN("structure", structure())

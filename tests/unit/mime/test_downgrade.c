/* test_downgrade.c - headers in ASCII for clients that did not ask for UTF-8 (RFC 6857, RFC 6858) */
#include "mime/downgrade.h"
#include "mime/words.h"
#include "tests/unit/unit.h"
#include "util/utf8.h"

#include <string.h>

static struct gw_buf out;

static const char *down(const char *block)
{
	out.n = 0;
	gw_downgrade(gw_slice_str(block), &out);
	return gw_buf_str(&out);
}

static void setup(void)
{
	gw_buf_init(&out, 0);
}

static void teardown(void)
{
	gw_buf_done(&out);
}

#define expect(block, want) ck_assert_str_eq(down(block), want)

START_TEST(ascii_stays_octet_for_octet)
{
	expect("Subject:  two\t\r\n  lines \r\nX: y\n\r\n", "Subject:  two\t\r\n  lines \r\nX: y\n\r\n");
	expect("", "");
	expect("\r\n", "\r\n");
	expect("From: J\xC3\xBCrgen <j@example.org>\r\nDate: x  \r\n\r\n",
	       "From: =?UTF-8?Q?J=C3=BCrgen?= <j@example.org>\r\nDate: x  \r\n\r\n");
}
END_TEST

START_TEST(text_becomes_encoded_words)
{
	expect("Subject: Gr\xC3\xBC\xC3\x9F" "e, Welt_?\r\n", "Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe=2C_Welt=5F=3F?=\r\n");
	expect("Subject: Gr\xFC\xDF" "e\r\n", "Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n"); /* windows-1252 */
	expect("Subject: =?ISO-8859-1?Q?a=E4?= \xC3\xA4\r\n", "Subject: =?UTF-8?Q?a=C3=A4_=C3=A4?=\r\n");
	expect("Subject: a\r\n \xC3\xA4\r\n\r\n", "Subject: =?UTF-8?Q?a_=C3=A4?=\r\n\r\n");
}
END_TEST

START_TEST(addresses_that_cannot_be_written_become_nobody)
{
	expect("To: \xC3\xBC@example.org\r\n", "To: =?UTF-8?Q?=C3=BC=40example=2Eorg?= <invalid@internationalized-address.invalid>\r\n");
	expect("To: \"\xC3\xBC, x\" <a@b>, c@d (\xC3\xA4), <e@f>,\r\n \"x\" <g@\xC3\xB6.de>\r\n",
	       "To: =?UTF-8?Q?=C3=BC=2C_x?= <a@b>,\r\n =?UTF-8?Q?=C3=A4?= <c@d>,\r\n <e@f>,\r\n"
	       " =?UTF-8?Q?x_g=40=C3=B6=2Ede?= <invalid@internationalized-address.invalid>\r\n");
	expect("Cc: Gr\xC3\xBCn: a@b, \xC3\xA4 <c@d>;\r\n", "Cc: =?UTF-8?Q?Gr=C3=BCn?=:\r\n a@b,\r\n =?UTF-8?Q?=C3=A4?= <c@d>;\r\n");
}
END_TEST

START_TEST(parameters_are_those_of_rfc_2231)
{
	expect("Content-Type: text/plain; charset=utf-8; name=\"\xC3\xBC 1.txt\"\r\n",
	       "Content-Type: text/plain;\r\n charset=utf-8;\r\n name*=UTF-8''%C3%BC%201.txt\r\n");
	expect("Content-Disposition: attachment; filename=\xE4\r\n", "Content-Disposition: attachment;\r\n filename*=UTF-8''%C3%A4\r\n");
	expect("Content-Type: t\xC3\xA4xt/plain\r\nX: y\r\n", "X: y\r\n");
}
END_TEST

START_TEST(other_structured_fields_are_left_out)
{
	expect("Message-ID: <\xC3\xBC@x>\r\nReceived: by \xC3\xBC\r\nSubject: x\r\n\r\n", "Subject: x\r\n\r\n");
	expect("\xC3\xBC no field\r\nSubject: x\r\n", "Subject: x\r\n");
}
END_TEST

/* Whatever the header is: what comes is ASCII, has no line over 998 octets that was not there, and the text survives. */
START_TEST(long_text_is_cut_between_characters)
{
	struct gw_buf text, block, back;

	gw_buf_init(&text, 0);
	gw_buf_init(&block, 0);
	gw_buf_init(&back, 0);
	for (int i = 0; i < 500; i++)
		gw_buf_add_slice(&text, i % 7 ? GW_S("\xF0\x9F\x93\xA7") : GW_S("w x"));
	gw_buf_add_slice(&block, GW_S("Subject: "));
	gw_buf_add_slice(&block, gw_buf_slice(&text));
	gw_buf_add_slice(&block, GW_S("\r\n"));
	down(gw_buf_str(&block));
	ck_assert(gw_is_ascii(gw_buf_slice(&out)));
	for (const char *p = gw_buf_str(&out), *end; *p; p = end + 2) {
		end = strstr(p, "\r\n");
		ck_assert_int_le(end - p, 76);
	}
	gw_words_decode(gw_slice(out.p + 9, out.n - 11), &back);
	ck_assert_str_eq(gw_buf_str(&back), gw_buf_str(&text));
	gw_buf_done(&text);
	gw_buf_done(&block);
	gw_buf_done(&back);
}
END_TEST

static const char *const broken[] = {
	"From: \"\xC3\xBC\r\n", "From: (\xC3\xBC\r\n", "From: <\xC3\xBC\r\n", "To: \xC3\xBC\\", "To: \xC3\xBC \"\\", "Cc: ,,\xC3\xBC,;:",
	"Content-Type: \xC3\xBC", "Content-Type: x; \xC3\xBC", "Content-Type: x; a=\"\xC3\xBC", "Content-Type: x; \xC3\xBC=b",
	"Content-Disposition: a; b*=\xC3", "Subject:\xFF", "Subject: \xED\xA0\x80", "\xFF", "\xFF: x\r\n", "To:\xC3\xBC<", "To:<>\xC3\xBC>(",
};

START_TEST(broken_headers_are_ascii_too)
{
	ck_assert(gw_is_ascii(gw_slice_str(down(broken[_i]))));
}
END_TEST

static TCase *downgrade(void)
{
	TCase *tc = tcase_create("downgrade");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, ascii_stays_octet_for_octet);
	tcase_add_test(tc, text_becomes_encoded_words);
	tcase_add_test(tc, addresses_that_cannot_be_written_become_nobody);
	tcase_add_test(tc, parameters_are_those_of_rfc_2231);
	tcase_add_test(tc, other_structured_fields_are_left_out);
	tcase_add_test(tc, long_text_is_cut_between_characters);
	tcase_add_loop_test(tc, broken_headers_are_ascii_too, 0, sizeof broken / sizeof *broken);
	return tc;
}

UNIT_MAIN("downgrade", downgrade())

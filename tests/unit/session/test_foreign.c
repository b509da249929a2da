/* test_foreign.c - lines of another protocol, and commands that only look like them */
#include "session/foreign.h"

#include "tests/unit/unit.h"

static bool is_of(struct gw_slice line, const char *protocol)
{
	const struct gw_foreign *foreign = gw_foreign_of(line);

	return foreign && strcmp(foreign->protocol, protocol) == 0;
}

START_TEST(requests_and_fields_of_http_are_known)
{
	static const char *const lines[] = {
		"GET / HTTP/1.1", "HEAD / HTTP/1.0", "POST /a?b=c%20d HTTP/1.1", "PUT /x HTTP/1.1", "OPTIONS * HTTP/1.1",
		"CONNECT mail.example.org:143 HTTP/1.1", "PRI * HTTP/2.0", "get / HTTP/1.1", "M-SEARCH * HTTP/1.1",
		"GET http://x/ a LOGIN anna pw HTTP/1.1", "Host: x", "Content-Type: text/plain", "X-Forwarded-For:", "Host: HTTP/1.1",
	};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		ck_assert_msg(is_of(gw_slice_str(lines[i]), "HTTP"), "%s", lines[i]);
}
END_TEST

START_TEST(greetings_of_mail_transfer_are_known)
{
	static const char *const lines[] = { "EHLO mail.example.org", "HELO x", "ehlo [192.0.2.1]", "LHLO x", "EHLO", "HELO " };

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		ck_assert_msg(is_of(gw_slice_str(lines[i]), "SMTP"), "%s", lines[i]);
}
END_TEST

START_TEST(other_lines_are_not)
{
	static const char *const lines[] = {
		"", " ", ":", ": x", "GET", "GET ", "GET /", "GET / ", "GET HTTP/1.1", "GET  HTTP/1.1", " / HTTP/1.1", "HTTP/1.1", "a HTTP/1.1",
		"GET / HTTP/1.", "GET / HTTP/11", "GET / HTTP/1.x", "GET / HTTP/a.1", "GET / http/1.1", "GET / HTTP/1.1 ", "GET /HTTP/1.1",
		"G1 / HTTP/1.1", "-GET / HTTP/1.1", "a1 LOGIN anna HTTP/1.1", "a1: NOOP", "Host:x", "Host : x", "-x: y", "H\303\244: x",
		"EHL", "EHLOX", "EHLO\tx", " EHLO x", "a1 EHLO x", "HELO,x",
	};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		ck_assert_msg(!gw_foreign_of(gw_slice_str(lines[i])), "%s", lines[i]);
}
END_TEST

/* No octet behind its end is looked at. */
START_TEST(a_line_that_is_cut_anywhere_is_none)
{
	static const char line[] = "GET / HTTP/1.1";

	for (size_t n = 0; n < sizeof line - 1; n++) {
		char *copy = malloc(n ? n : 1);

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, line, n);
		ck_assert_msg(!gw_foreign_of(gw_slice(copy, n)), "%zu", n);
		free(copy);
	}
}
END_TEST

static TCase *tcase_foreign(void)
{
	TCase *tc = tcase_create("foreign");

	tcase_add_test(tc, requests_and_fields_of_http_are_known);
	tcase_add_test(tc, greetings_of_mail_transfer_are_known);
	tcase_add_test(tc, other_lines_are_not);
	tcase_add_test(tc, a_line_that_is_cut_anywhere_is_none);
	return tc;
}

UNIT_MAIN("foreign", tcase_foreign())

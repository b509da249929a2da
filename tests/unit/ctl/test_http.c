/* Heads of HTTP requests, split and hostile. */
#include "ctl/http.h"

#include "tests/unit/unit.h"

#include <string.h>

static struct gw_http_request r;

static int parse(const char *text)
{
	r = (struct gw_http_request){ 0 };
	return gw_http_parse(gw_slice_str(text), &r);
}

START_TEST(a_head_is_read)
{
	ck_assert_int_eq(parse("GET /metrics HTTP/1.1\r\nHost: x\r\naccept:  a/b, c/d \r\n\r\nrest"), 200);
	ck_assert_slice_eq(r.method, "GET");
	ck_assert_slice_eq(r.path, "/metrics");
	ck_assert_slice_eq(r.accept, "a/b, c/d");
}
END_TEST

static const char whole[] = "GET /m HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n";

START_TEST(before_its_end_it_is_not_whole)
{
	ck_assert_int_eq(gw_http_parse(gw_slice(whole, (size_t)_i), &r), 0);
}
END_TEST

START_TEST(http_1_0_needs_no_host_and_1_1_does)
{
	ck_assert_int_eq(parse("GET / HTTP/1.0\r\n\r\n"), 200);
	ck_assert_int_eq(parse("GET / HTTP/1.1\r\n\r\n"), 400);
	ck_assert_int_eq(parse("GET / HTTP/1.1\nHost:\n\n"), 200);
}
END_TEST

START_TEST(targets_lose_their_query_and_host)
{
	ck_assert_int_eq(parse("GET /a/b?c=/d HTTP/1.0\r\n\r\n"), 200);
	ck_assert_slice_eq(r.path, "/a/b");
	ck_assert_int_eq(parse("GET http://h:9/x HTTP/1.0\r\n\r\n"), 200);
	ck_assert_slice_eq(r.path, "/x");
	ck_assert_int_eq(parse("GET HTTP://h HTTP/1.0\r\n\r\n"), 200);
	ck_assert_slice_eq(r.path, "/");
}
END_TEST

static const struct {
	const char *head;
	int status;
} wrong[] = {
	{ "\r\n", 400 },
	{ "GET\r\n", 400 },
	{ "GET /\r\n", 400 },
	{ "GET  / HTTP/1.0\r\n", 400 },
	{ "GET metrics HTTP/1.0\r\n", 400 },
	{ "G(T / HTTP/1.0\r\n", 400 },
	{ "GET /\x01 HTTP/1.0\r\n", 400 },
	{ "GET / HTTX/1.0\r\n", 400 },
	{ "GET / HTTP/2.0\r\n", 505 },
	{ "GET / HTTP/1.x\r\n", 505 },
	{ "GET / HTTP/1.0\r\nno colon\r\n", 400 },
	{ "GET / HTTP/1.0\r\n folded: x\r\n", 400 },
	{ "GET / HTTP/1.0\r\nA : x\r\n", 400 },
	{ "GET / HTTP/1.0\r\nA: \x7f\r\n", 400 },
	{ "GET / HTTP/1.0\r\n: x\r\n", 400 },
};

START_TEST(what_is_no_request_is_refused_at_once)
{
	ck_assert_int_eq(parse(wrong[_i].head), wrong[_i].status);
}
END_TEST

START_TEST(a_head_has_an_end_within_its_limit)
{
	static char big[GW_HTTP_HEAD_MAX + 1];
	size_t n = strlen("GET / HTTP/1.0\r\nA: ");

	memset(big, 'x', GW_HTTP_HEAD_MAX);
	memcpy(big, "GET / HTTP/1.0\r\nA: ", n);
	ck_assert_int_eq(gw_http_parse(gw_slice(big, GW_HTTP_HEAD_MAX - 1), &r), 0);
	ck_assert_int_eq(gw_http_parse(gw_slice(big, GW_HTTP_HEAD_MAX), &r), 431);
	memcpy(&big[GW_HTTP_HEAD_MAX - 4], "\r\n\r\n", 4);
	ck_assert_int_eq(gw_http_parse(gw_slice(big, GW_HTTP_HEAD_MAX), &r), 200);
}
END_TEST

START_TEST(media_types_are_found_by_name)
{
	struct gw_slice accept = GW_S("text/html, application/openmetrics-text;version=1.0.0;q=0.5 ,*/*");

	ck_assert(gw_http_accepts(accept, GW_S("application/openmetrics-text")));
	ck_assert(gw_http_accepts(accept, GW_S("TEXT/html")));
	ck_assert(!gw_http_accepts(accept, GW_S("text/plain")));
	ck_assert(!gw_http_accepts(GW_S(""), GW_S("text/plain")));
}
END_TEST

START_TEST(statuses_have_reasons)
{
	ck_assert_str_eq(gw_http_reason(404), "Not Found");
	ck_assert_str_eq(gw_http_reason(999), "Error");
}
END_TEST

static TCase *tcase_http(void)
{
	TCase *tc = tcase_create("http");

	tcase_add_test(tc, a_head_is_read);
	tcase_add_loop_test(tc, before_its_end_it_is_not_whole, 0, sizeof whole - 1);
	tcase_add_test(tc, http_1_0_needs_no_host_and_1_1_does);
	tcase_add_test(tc, targets_lose_their_query_and_host);
	tcase_add_loop_test(tc, what_is_no_request_is_refused_at_once, 0, sizeof wrong / sizeof *wrong);
	tcase_add_test(tc, a_head_has_an_end_within_its_limit);
	tcase_add_test(tc, media_types_are_found_by_name);
	tcase_add_test(tc, statuses_have_reasons);
	return tc;
}

UNIT_MAIN("http", tcase_http())

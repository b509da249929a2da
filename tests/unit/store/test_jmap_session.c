/* test_jmap_session.c - the session object and its addresses (store/jmap/session.h; RFC 8620 2, RFC 6570, RFC 3986 5)
 */
#include "store/jmap/session.h"
#include "store/jmap/url.h"
#include "tests/unit/unit.h"
#include "util/buf.h"

#define URL "https://mail.example.org/jmap/session"

static struct gw_arena arena;
static struct jmap_session s;
static struct gw_err err;

static void setup(void)
{
	gw_arena_init(&arena, 0, 0);
	s = (struct jmap_session){ 0 };
	err.text[0] = '\0';
}

static void teardown(void)
{
	gw_arena_done(&arena);
}

/* A session object with parts of it replaced; NULL: as it should be. */
struct parts {
	const char *core, *capabilities, *accounts, *primary, *api, *download, *upload, *events, *more;
};

static const char * or (const char *p, const char *otherwise)
{
	return p ? p : otherwise;
}

static int session(const struct parts *p)
{
	struct gw_buf b;
	int rc;

	gw_buf_init(&b, 0);
	gw_buf_printf(&b,
		"{\"capabilities\":{\"urn:ietf:params:jmap:core\":%s,%s},\"accounts\":%s,\"primaryAccounts\":%s,"
		"\"apiUrl\":\"%s\",\"downloadUrl\":\"%s\",\"uploadUrl\":\"%s\",\"eventSourceUrl\":\"%s\"%s}",
		or (p->core, "{}"), or (p->capabilities, "\"urn:ietf:params:jmap:mail\":{}"),
		or (p->accounts, "{\"A1\":{\"name\":\"joe\",\"isPersonal\":true,\"accountCapabilities\":{\"urn:ietf:"
				 "params:jmap:mail\":{}}}}"),
		or (p->primary, "{\"urn:ietf:params:jmap:mail\":\"A1\"}"), or (p->api, "/jmap/"),
		or (p->download, "/jmap/download/{accountId}/{blobId}/{name}?accept={type}"),
		or (p->upload, "/jmap/upload/{accountId}/"),
		or (p->events, "/jmap/events/?types={types}&closeafter={closeafter}&ping={ping}"),
		or (p->more, ",\"username\":\"joe\",\"state\":\"0\""));
	rc = jmap_session_read(gw_buf_slice(&b), URL, false, &arena, &s, &err);
	gw_buf_done(&b);
	return rc;
}

START_TEST(relative_addresses_become_absolute)
{
	ck_assert_int_eq(session(&(struct parts){ 0 }), 0);
	ck_assert_slice_eq(s.api, "https://mail.example.org/jmap/");
	ck_assert_slice_eq(s.username, "joe");
	ck_assert_slice_eq(s.state, "0");
	ck_assert_str_eq(jmap_download_url(&s, GW_S("A1"), GW_S("Gx"), &arena),
		"https://mail.example.org/jmap/download/A1/Gx/message.eml?accept=message%2Frfc822");
	ck_assert_str_eq(jmap_upload_url(&s, GW_S("a/b c"), &arena), "https://mail.example.org/jmap/upload/a%2Fb%20c/");
	ck_assert_str_eq(jmap_event_url(&s, 30, &arena),
		"https://mail.example.org/jmap/events/?types=Email%2CMailbox&closeafter=no&ping=30");
}
END_TEST

START_TEST(limits_that_are_missing_are_the_least_of_rfc_8620_2)
{
	ck_assert_int_eq(
		session(&(struct parts){
			.core = "{\"maxObjectsInGet\":0,\"maxObjectsInSet\":\"9\",\"maxCallsInRequest\":-1}" }),
		0);
	ck_assert_uint_eq(s.limit.max_upload, 50000000);
	ck_assert_uint_eq(s.limit.max_request, 10000000);
	ck_assert_uint_eq(s.limit.max_calls, 16);
	ck_assert_uint_eq(s.limit.max_get, 500);
	ck_assert_uint_eq(s.limit.max_set, 500);
	ck_assert_uint_eq(s.limit.max_concurrent_upload, 4);
	ck_assert_uint_eq(s.limit.max_concurrent_requests, 4);
}
END_TEST

START_TEST(limits_are_taken_and_have_an_end)
{
	ck_assert_int_eq(
		session(&(struct parts){ .core = "{\"maxObjectsInGet\":4096,\"maxObjectsInSet\":9007199254740991,"
						 "\"maxCallsInRequest\":50,\"maxSizeUpload\":1073741824}" }),
		0);
	ck_assert_uint_eq(s.limit.max_get, 4096);
	ck_assert_uint_eq(s.limit.max_set, 100000);
	ck_assert_uint_eq(s.limit.max_calls, 50);
	ck_assert_uint_eq(s.limit.max_upload, 1 << 30);
}
END_TEST

#define M "\"accountCapabilities\":{\"urn:ietf:params:jmap:mail\":{"

START_TEST(accounts_with_mail_are_listed_the_primary_one_first)
{
	ck_assert_int_eq(session(&(struct parts){
				 .accounts = "{\"A0\":{\"name\":\"public\"," M "\"mayCreateTopLevelMailbox\":false}}},"
					     "\"C\":{\"name\":\"calendar\",\"accountCapabilities\":{}},"
					     "\"A1\":{\"name\":\"joe\",\"isPersonal\":true," M
					     "\"maxMailboxesPerEmail\":20,\"maxSizeMailboxName\":490}}},"
					     "\"A2\":{\"name\":\"ann\",\"isReadOnly\":true," M
					     "\"maxMailboxesPerEmail\":null},\"urn:ietf:params:jmap:quota\":{}}}}" }),
		0);
	ck_assert_uint_eq(s.n_accounts, 3);
	ck_assert_slice_eq(s.accounts[0].id, "A1");
	ck_assert(s.accounts[0].personal && !s.accounts[0].readonly && s.accounts[0].may_create_top &&
		  !s.accounts[0].quota);
	ck_assert_uint_eq(s.accounts[0].max_mailboxes, 20);
	ck_assert_uint_eq(s.accounts[0].max_name, 490);
	ck_assert_slice_eq(s.accounts[1].id, "A0");
	ck_assert(!s.accounts[1].may_create_top && !s.accounts[1].personal);
	ck_assert_slice_eq(s.accounts[2].name, "ann");
	ck_assert(s.accounts[2].readonly && s.accounts[2].quota && s.accounts[2].max_mailboxes == 0);
}
END_TEST

START_TEST(without_a_primary_account_the_users_own_is_it)
{
	ck_assert_int_eq(session(&(struct parts){ .primary = "{}",
				 .accounts = "{\"X\":{\"name\":\"x\"," M
					     "}}},\"Y\":{\"name\":\"y\",\"isPersonal\":true," M "}}}}" }),
		0);
	ck_assert_slice_eq(s.accounts[0].id, "Y");
	ck_assert_slice_eq(s.accounts[1].id, "X");
}
END_TEST

START_TEST(quota_is_known_in_both_shapes_rfc_9425)
{
	ck_assert_int_eq(
		session(&(struct parts){
			.capabilities = "\"urn:ietf:params:jmap:mail\":{},\"urn:ietf:params:jmap:quota\":{}" }),
		0);
	ck_assert(s.quota && !s.cyrus_quota);
	ck_assert_int_eq(
		session(&(struct parts){
			.capabilities =
				"\"urn:ietf:params:jmap:mail\":{},\"https://cyrusimap.org/ns/jmap/quota\":{}" }),
		0);
	ck_assert(!s.quota && s.cyrus_quota);
}
END_TEST

START_TEST(a_server_need_not_name_the_user_rfc_8620_2)
{
	ck_assert_int_eq(session(&(struct parts){ .more = ",\"username\":\"\",\"state\":\"0\"" }), 0);
	ck_assert_uint_eq(s.username.n, 0);
}
END_TEST

START_TEST(a_server_without_an_event_source_has_none)
{
	ck_assert_int_eq(session(&(struct parts){ .events = "" }), 0);
	ck_assert_uint_eq(s.events.n, 0);
	ck_assert_str_eq(jmap_event_url(&s, 30, &arena), "");
}
END_TEST

static const struct parts refused[] = {
	{ .core = "null" },
	{ .capabilities = "\"urn:ietf:params:jmap:calendars\":{}" },
	{ .accounts = "{}" },
	{ .accounts = "[]" },
	{ .accounts = "{\"A1\":{\"name\":\"joe\",\"accountCapabilities\":{}}}" },
	{ .accounts = "{\"A 1\":{\"name\":\"joe\"," M "}}}}" },
	{ .accounts = "{\"A1\\r\\n\":{\"name\":\"joe\"," M "}}}}" },
	{ .accounts = "{\"A1\":{\"name\":\"j\\u0000e\"," M "}}}}" },
	{ .primary = "{\"urn:ietf:params:jmap:mail\":\"A9\"}" },
	{ .more = "" },
	{ .more = ",\"username\":\"j\\u0000e\",\"state\":\"0\"" },
	{ .more = ",\"username\":\"joe\",\"state\":1" },
	/* addresses that would send credentials elsewhere, or make two accounts' or two blobs' addresses one */
	{ .api = "" },
	{ .api = "http://mail.example.org/jmap/" },
	{ .api = "https://evil.example.com/jmap/" },
	{ .api = "//evil.example.com/" },
	{ .api = "https://mail.example.org:8443/jmap/" },
	{ .api = "https://mail.example.org@evil.example.com/" },
	{ .api = "https://mail.example.org.evil.example.com/" },
	{ .api = "https:///jmap" },
	{ .api = "file:///etc/passwd" },
	{ .api = "javascript:alert(1)" },
	{ .api = "/jmap\\u0000/" },
	{ .api = "/jmap\\r\\nX: y" },
	{ .api = "/j m a p" },
	{ .api = "/jm\\u00e4p" },
	{ .download = "/d/{accountId}/" },
	{ .download = "/d/{blobId}/" },
	{ .download = "/d/{accountId}/{blobId}/{?name,type}" },
	{ .download = "/d/{accountId}/{blobId}/{name" },
	{ .download = "/d/{accountId}/{blobId}/name}" },
	{ .download = "/d/{accountId}/{blobId}/{{name}}" },
	{ .download = "https://{accountId}.example.org/{blobId}" },
	{ .upload = "/u/" },
	{ .events = "/e/" },
};

START_TEST(what_is_no_session_is_refused_with_a_sentence)
{
	ck_assert_msg(session(&refused[_i]) == GW_ECORRUPT, "%d was taken", _i);
	ck_assert_str_ne(err.text, "");
	ck_assert_ptr_null(s.accounts);
}
END_TEST

START_TEST(what_is_no_json_is_no_session)
{
	ck_assert_int_eq(jmap_session_read(GW_S("<html>"), URL, false, &arena, &s, &err), GW_ECORRUPT);
	ck_assert_int_eq(jmap_session_read(GW_S("[]"), URL, false, &arena, &s, &err), GW_ECORRUPT);
	ck_assert_int_eq(jmap_session_read(GW_S("1"), URL, false, &arena, &s, &err), GW_ECORRUPT);
}
END_TEST

/* RFC 3986 5.4, as far as a server's addresses go; segments of dots are left to the client of HTTP. */
static const struct {
	const char *base, *ref, *expected;
} resolved[] = {
	{ "https://h/a/b/c?q", "d", "https://h/a/b/d" },
	{ "https://h/a/b/c?q/x", "d/e?y", "https://h/a/b/d/e?y" },
	{ "https://h/a/b/c?q", "/d", "https://h/d" },
	{ "https://h/a/b/c?q", "?y", "https://h/a/b/c?y" },
	{ "https://h/a/b/c", "//h/d", "https://h/d" },
	{ "https://h/a/b/c", "https://h/d", "https://h/d" },
	{ "https://h/a", "https://H:443/d", "https://H:443/d" },
	{ "http://h:80/a", "HTTP://h/d", "HTTP://h/d" },
	{ "https://h", "d", "https://h/d" },
	{ "https://h", "/d", "https://h/d" },
	{ "https://h:8443/x", "y", "https://h:8443/y" },
	{ "https://[::1]:8080/x", "y:z", NULL },
	{ "https://[::1]:8080/x", "./y:z", "https://[::1]:8080/./y:z" },
	{ "https://h/a", "{x:y}", "https://h/{x:y}" },
	{ "https://h/a", "https://h2/", NULL },
	{ "https://h/a", "#frag", NULL },
	{ "https://h:80/a", "https://h/", NULL },
};

START_TEST(references_are_resolved_rfc_3986_5_2)
{
	struct gw_slice ret = GW_S("");
	int rc = jmap_url_resolve(resolved[_i].base, gw_slice_str(resolved[_i].ref), false, &arena, &ret, &err);

	ck_assert_int_eq(rc, resolved[_i].expected ? 0 : GW_ECORRUPT);
	ck_assert_slice_eq(ret, resolved[_i].expected ? resolved[_i].expected : "");
}
END_TEST

START_TEST(another_host_is_taken_when_it_is_allowed_but_not_another_scheme)
{
	struct gw_slice ret;

	ck_assert_int_eq(jmap_url_resolve("https://h/a", GW_S("https://h2/d"), true, &arena, &ret, &err), 0);
	ck_assert_slice_eq(ret, "https://h2/d");
	ck_assert_int_eq(jmap_url_resolve("https://h/a", GW_S("http://h/d"), true, &arena, &ret, &err), GW_ECORRUPT);
	ck_assert_int_eq(jmap_url_resolve("https://h/a", GW_S("https://u@h/d"), true, &arena, &ret, &err), GW_ECORRUPT);
}
END_TEST

START_TEST(an_address_has_an_end)
{
	static char ref[JMAP_URL_MAX + 2];
	struct gw_slice ret;

	memset(ref, 'a', sizeof ref);
	ref[0] = '/';
	ck_assert_int_eq(jmap_url_resolve("https://h/", gw_slice(ref, JMAP_URL_MAX), false, &arena, &ret, &err), 0);
	ck_assert_int_eq(jmap_url_resolve("https://h/", gw_slice(ref, JMAP_URL_MAX + 1), false, &arena, &ret, &err),
		GW_ECORRUPT);
}
END_TEST

START_TEST(variables_of_a_template_are_encoded_rfc_6570_3_2_2)
{
	const struct jmap_variable v[] = { { "a", GW_S("A-z0._~") }, { "b", GW_S("\xC3\xA4/{}% &") } };

	ck_assert_str_eq(
		jmap_template_fill(GW_S("{a}/{b}{c}/{a}x"), v, 2, &arena), "A-z0._~/%C3%A4%2F%7B%7D%25%20%26/A-z0._~x");
	ck_assert_str_eq(jmap_template_fill(GW_S("plain"), v, 2, &arena), "plain");
	ck_assert_str_eq(jmap_template_fill(GW_S(""), NULL, 0, &arena), "");
}
END_TEST

static TCase *tcase_session(void)
{
	TCase *tc = tcase_create("session");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, relative_addresses_become_absolute);
	tcase_add_test(tc, limits_that_are_missing_are_the_least_of_rfc_8620_2);
	tcase_add_test(tc, limits_are_taken_and_have_an_end);
	tcase_add_test(tc, accounts_with_mail_are_listed_the_primary_one_first);
	tcase_add_test(tc, without_a_primary_account_the_users_own_is_it);
	tcase_add_test(tc, quota_is_known_in_both_shapes_rfc_9425);
	tcase_add_test(tc, a_server_need_not_name_the_user_rfc_8620_2);
	tcase_add_test(tc, a_server_without_an_event_source_has_none);
	tcase_add_loop_test(tc, what_is_no_session_is_refused_with_a_sentence, 0, sizeof refused / sizeof *refused);
	tcase_add_test(tc, what_is_no_json_is_no_session);
	tcase_add_loop_test(tc, references_are_resolved_rfc_3986_5_2, 0, sizeof resolved / sizeof *resolved);
	tcase_add_test(tc, another_host_is_taken_when_it_is_allowed_but_not_another_scheme);
	tcase_add_test(tc, an_address_has_an_end);
	tcase_add_test(tc, variables_of_a_template_are_encoded_rfc_6570_3_2_2);
	return tc;
}

UNIT_MAIN("store/jmap/session", tcase_session())

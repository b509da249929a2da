/* test_token.c - OAUTHBEARER (RFC 7628) and XOAUTH2: what is a message, whose token it is, how refusals are told */
#include "tests/unit/sasl/sasltest.h"

#include "store/driver.h"

#define OAUTH_ERROR "{\"status\":\"invalid_token\"}"
#define XOAUTH2_ERROR "{\"status\":\"401\",\"schemes\":\"Bearer\",\"scope\":\"\"}"

/* ---- a store that takes tokens ---- */

static const struct gw_store_ops *own;
static struct gw_store_ops with_tokens;
static unsigned asked;
static int trouble;          /* what it says instead, when not 0 */
static char shown[9000];     /* the token it was asked about last */
static unsigned calls_of_closed, closed_from;

/* "annas" is a token of anna, and so is one of many "x". */
static int login_token(struct gw_store *s, struct gw_slice user, struct gw_slice token, const char *service,
		       struct gw_acct **ret, struct gw_err *err)
{
	asked++;
	ck_assert_uint_lt(token.n, sizeof shown);
	snprintf(shown, sizeof shown, "%.*s", GW_FMT(token));
	if (trouble)
		return gw_fail(err, trouble, "trouble");
	if (!gw_slice_eq(token, GW_S("annas")) && !gw_slice_startsi(token, GW_S("xxxx")))
		return gw_fail(err, GW_EAUTH, "unknown token");
	if (user.n && !gw_slice_eqi(user, GW_S("anna")))
		return gw_fail(err, GW_EACCES, "the token is of another user");
	return own->open_account(s, GW_S("anna"), service, ret, err);
}

static const char *closed(void *ctx, const char *user)
{
	(void)ctx;
	(void)user;
	return ++calls_of_closed >= closed_from ? "closed for now" : NULL;
}

static void setup_with(const char *options)
{
	fixture_init(options);
	own = f.env.store->ops;
	with_tokens = *own;
	with_tokens.login_token = login_token;
	f.env.store->ops = &with_tokens;
	f.peer.tls = true;
	asked = 0;
	trouble = 0;
	shown[0] = '\0';
}

static void setup(void)
{
	setup_with("");
}

static void teardown(void)
{
	fixture_end();
	f.env.store->ops = own;
	fixture_done();
}

static enum gw_sasl_result oauth(const char *message)
{
	begin("OAUTHBEARER");
	return step_str(message);
}

static enum gw_sasl_result xoauth2(const char *message)
{
	begin("XOAUTH2");
	return step_str(message);
}

static void ck_is_anna(enum gw_sasl_result r)
{
	ck_assert_msg(r == GW_SASL_DONE, "%d %s", r, f.err.text);
	ck_assert_str_eq(gw_acct_user(f.acct), "anna");
	ck_assert_str_eq(gw_sasl_user(f.s), "anna");
	ck_assert(!gw_sasl_refused(f.s));
}

/* The client is told, and fails with its next message. */
static void ck_refused(enum gw_sasl_result r, const char *json, const char *next)
{
	ck_assert_msg(r == GW_SASL_REFUSED, "%d %s", r, f.err.text);
	ck_assert_int_eq(f.err.code, GW_EAUTH);
	ck_assert_slice_eq(gw_buf_slice(&f.challenge), json);
	ck_assert(gw_sasl_refused(f.s));
	ck_assert_ptr_null(f.acct);
	ck_fails(step_str(next), GW_EAUTH);
	ck_assert_uint_eq(f.challenge.n, 0);
	ck_assert_ptr_null(f.acct);
}

/* ---- OAUTHBEARER ---- */

START_TEST(a_token_signs_on) /* RFC 7628 3.1(b) */
{
	ck_is_anna(oauth("n,a=anna,\1host=mail.example.com\1port=143\1auth=Bearer annas\1\1"));
	ck_is_anna(oauth("n,a=Anna,\1auth=Bearer annas\1\1"));
	ck_assert_str_eq(shown, "annas");
}
END_TEST

START_TEST(without_a_name_the_token_says_who)
{
	ck_is_anna(oauth("n,,\1auth=Bearer annas\1\1"));
	ck_is_anna(oauth("n,a=,\1auth=Bearer annas\1\1")); /* curl without a user */
	ck_is_anna(oauth("y,,\1auth=Bearer annas\1\1"));
}
END_TEST

START_TEST(the_client_is_asked_to_begin)
{
	begin("OAUTHBEARER");
	ck_assert_int_eq(start(), GW_SASL_MORE);
	ck_assert_uint_eq(f.challenge.n, 0);
	ck_is_anna(step_lit("n,a=anna,\1auth=Bearer annas\1\1"));
}
END_TEST

START_TEST(the_scheme_is_known_in_any_case) /* RFC 7628 4(a) */
{
	ck_is_anna(oauth("n,,\1auth=bearer annas\1\1"));
	ck_is_anna(oauth("n,,\1auth=BEARER  annas\1\1"));
}
END_TEST

START_TEST(keys_that_are_not_known_are_passed_over) /* RFC 7628 3.1(a) */
{
	ck_is_anna(oauth("n,a=anna,\1x=\1qs=a=b&c=d \t\r\n\1auth=Bearer annas\1AUTH=no\1\1"));
}
END_TEST

START_TEST(another_users_token_is_no_way_in) /* RFC 7628 3.2(a) */
{
	ck_fails(oauth("n,a=user,\1auth=Bearer annas\1\1"), GW_EACCES);
	ck_assert_str_eq(gw_sasl_user(f.s), "user");
	ck_assert_ptr_null(f.acct);
	ck_fails(xoauth2("user=user\1auth=Bearer annas\1\1"), GW_EACCES);
}
END_TEST

START_TEST(names_are_undone_of_their_escapes) /* RFC 5801 4 */
{
	ck_fails(oauth("n,a=a=2Cb=3Dc,\1auth=Bearer annas\1\1"), GW_EACCES);
	ck_assert_str_eq(gw_sasl_user(f.s), "a,b=c");
	ck_fails(oauth("n,a=a=2C=3dc,\1auth=Bearer annas\1\1"), GW_EACCES);
	ck_assert_str_eq(gw_sasl_user(f.s), "a,=c");
}
END_TEST

START_TEST(a_token_that_is_not_accepted_is_told_and_then_fails) /* RFC 7628 3.2.2(a), 3.2.3(a) */
{
	static const char *const next[] = { "\1", "", "n,a=anna,\1auth=Bearer annas\1\1", "whatever" };

	for (size_t i = 0; i < sizeof next / sizeof *next; i++)
		ck_refused(oauth("n,a=anna,\1auth=Bearer wrong\1\1"), OAUTH_ERROR, next[i]);
	ck_assert_uint_eq(asked, sizeof next / sizeof *next);
}
END_TEST

START_TEST(what_is_no_bearer_token_is_refused_unasked) /* RFC 7628 4.3(a), 3.1(c) */
{
	static const char *const auth[] = { "", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "Bearer =", "Bearer annas ",
					    "Bearer \tannas", "Bearer a,b", "Bearer a=b", "Bearer a\r\nX-Other: b", "OAuth a=\"b\"",
					    "Bearerannas", "Bearer a\"" };
	char message[200];

	for (size_t i = 0; i < sizeof auth / sizeof *auth; i++) {
		snprintf(message, sizeof message, "n,a=anna,\1auth=%s\1\1", auth[i]);
		ck_refused(oauth(message), OAUTH_ERROR, "\1");
	}
	ck_assert_uint_eq(asked, 0);
}
END_TEST

START_TEST(what_is_no_message_fails_at_once) /* RFC 7628 3.1(d); RFC 5801 4 */
{
	static const struct gw_slice bad[] = {
		GW_S(""), GW_S("\1"), GW_S("\1\1"), GW_S("n"), GW_S("n,"), GW_S("n,,"), GW_S("n,,\1"), GW_S("n,,\1\1"),
		GW_S("x,,\1auth=Bearer annas\1\1"), GW_S("N,,\1auth=Bearer annas\1\1"), GW_S(",,\1auth=Bearer annas\1\1"),
		GW_S("F,n,,\1auth=Bearer annas\1\1"), GW_S("ny,,\1auth=Bearer annas\1\1"),
		GW_S("p,,\1auth=Bearer annas\1\1"), GW_S("p=tls-exporter,,\1auth=Bearer annas\1\1"),
		GW_S("n,a=anna\1auth=Bearer annas\1\1"), GW_S("n,anna,\1auth=Bearer annas\1\1"),
		GW_S("n,a=an=na,\1auth=Bearer annas\1\1"), GW_S("n,a=anna=2,\1auth=Bearer annas\1\1"),
		GW_S("n,a=anna=,\1auth=Bearer annas\1\1"), GW_S("n,a=an\nna,\1auth=Bearer annas\1\1"),
		GW_S("n,a=anna,b=c,\1auth=Bearer annas\1\1"), GW_S("n,a=anna,auth=Bearer annas\1\1"),
		GW_S("n,,\1auth=Bearer annas"), GW_S("n,,\1auth=Bearer annas\1"), GW_S("n,,\1auth=Bearer annas\1\1\1"),
		GW_S("n,,\1auth=Bearer annas\1\1x"), GW_S("n,,\1\1auth=Bearer annas\1\1"),
		GW_S("n,,\1auth=Bearer annas\1auth=Bearer annas\1\1"), GW_S("n,,\1auth=Bearer annas\1auth=\1\1"),
		GW_S("n,,\1host=mail.example.com\1\1"), GW_S("n,,\1auth\1\1"), GW_S("n,,\1=x\1auth=Bearer annas\1\1"),
		GW_S("n,,\1k3y=x\1auth=Bearer annas\1\1"), GW_S("n,,\1k y=x\1auth=Bearer annas\1\1"),
		GW_S("n,,\1x=\xC3\xBC\1auth=Bearer annas\1\1"), GW_S("n,,\1x=\x7F\1auth=Bearer annas\1\1"),
		GW_S("n,,\1x=a\0b\1auth=Bearer annas\1\1"), GW_S("n,,\1auth=Bearer an\0nas\1\1"),
		GW_S("n,a=an\0na,\1auth=Bearer annas\1\1"), GW_S("user=anna\1auth=Bearer annas\1\1"),
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		begin("OAUTHBEARER");
		ck_fails(step(bad[i]), GW_EINVAL);
		ck_assert_msg(!gw_sasl_refused(f.s), "%zu", i);
	}
	ck_assert_uint_eq(asked, 0);
}
END_TEST

START_TEST(a_token_may_have_8192_octets_and_not_one_more)
{
	static char message[9000];
	size_t room = SASL_TOKEN_MAX + (size_t)_i;
	int n = snprintf(message, sizeof message, "n,,\1auth=Bearer ");

	memset(message + n, 'x', room);
	strcpy(message + n + room, "\1\1");
	if (_i <= 0)
		ck_is_anna(oauth(message));
	else
		ck_refused(oauth(message), OAUTH_ERROR, "\1");
	ck_assert_uint_eq(asked, _i <= 0);
}
END_TEST

START_TEST(a_token_may_hold_what_rfc_6750_lists)
{
	ck_refused(oauth("n,,\1auth=Bearer az.AZ-09_~+/==\1\1"), OAUTH_ERROR, "\1");
	ck_assert_str_eq(shown, "az.AZ-09_~+/==");
}
END_TEST

/* ---- XOAUTH2 ---- */

START_TEST(the_older_form_signs_on_too)
{
	ck_is_anna(xoauth2("user=anna\1auth=Bearer annas\1\1"));
	ck_is_anna(xoauth2("user=\1auth=Bearer annas\1\1"));
	ck_is_anna(xoauth2("user=anna\1host=x\1auth=Bearer annas\1\1"));
	ck_refused(xoauth2("user=anna\1auth=Bearer wrong\1\1"), XOAUTH2_ERROR, "");
	ck_refused(xoauth2("user=anna\1auth=\1\1"), XOAUTH2_ERROR, "\1");
}
END_TEST

START_TEST(what_is_no_message_of_the_older_form_fails_at_once)
{
	static const struct gw_slice bad[] = {
		GW_S(""), GW_S("\1"), GW_S("user="), GW_S("user=anna"), GW_S("user=anna\1"), GW_S("user=anna\1\1"),
		GW_S("user=anna\1auth=Bearer annas\1"), GW_S("user=anna\1auth=Bearer annas\1\1\1"),
		GW_S("auth=Bearer annas\1user=anna\1\1"), GW_S("user=an\nna\1auth=Bearer annas\1\1"),
		GW_S("user=an\0na\1auth=Bearer annas\1\1"), GW_S("n,a=anna,\1auth=Bearer annas\1\1"),
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		begin("XOAUTH2");
		ck_fails(step(bad[i]), GW_EINVAL);
	}
	ck_assert_uint_eq(asked, 0);
}
END_TEST

START_TEST(names_are_utf8_or_windows_1252)
{
	ck_fails(xoauth2("user=j\xC3\xB6rg\1auth=Bearer annas\1\1"), GW_EACCES);
	ck_assert_str_eq(gw_sasl_user(f.s), "j\xC3\xB6rg");
	ck_fails(xoauth2("user=j\xF6rg\1auth=Bearer annas\1\1"), GW_EACCES);
	ck_assert_str_eq(gw_sasl_user(f.s), "j\xC3\xB6rg");
}
END_TEST

/* ---- the world around ---- */

START_TEST(trouble_of_the_server_fails_at_once_and_refuses_no_token)
{
	static const int all[] = { GW_EUNAVAIL, GW_EDISABLED, GW_EACCES, GW_ENOTSUP };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		trouble = all[i];
		ck_fails(oauth("n,,\1auth=Bearer annas\1\1"), all[i]);
		ck_assert(!gw_sasl_refused(f.s));
		ck_assert_uint_eq(f.challenge.n, 0);
		ck_fails(xoauth2("user=anna\1auth=Bearer annas\1\1"), all[i]);
	}
}
END_TEST

START_TEST(nobody_comes_in_where_it_is_closed)
{
	f.env.closed = closed;
	for (closed_from = 1; closed_from <= 2; closed_from++) { /* before the server is asked, and behind it */
		calls_of_closed = asked = 0;
		ck_fails(oauth("n,,\1auth=Bearer annas\1\1"), GW_EUNAVAIL);
		ck_assert_str_eq(f.err.text, "closed for now");
		ck_assert_ptr_null(f.acct);
		ck_assert_uint_eq(asked, closed_from - 1);
	}
	calls_of_closed = 0;
	ck_is_anna(oauth("n,,\1auth=Bearer annas\1\1"));
}
END_TEST

START_TEST(no_sentence_holds_a_token)
{
	oauth("n,,\1auth=Bearer wrongone\1\1");
	ck_assert_ptr_null(strstr(f.err.text, "wrongone"));
	step_lit("\1");
	ck_assert_ptr_null(strstr(f.err.text, "wrongone"));
	oauth("n,a=wr=ongone,\1auth=Bearer wrongone\1\1");
	ck_assert_ptr_null(strstr(f.err.text, "wrongone"));
}
END_TEST

START_TEST(an_exchange_that_was_refused_may_be_left)
{
	ck_assert_int_eq(oauth("n,,\1auth=Bearer wrong\1\1"), GW_SASL_REFUSED);
	fixture_end();
}
END_TEST

START_TEST(tokens_are_taken_where_a_store_knows_them_and_nobody_listens) /* RFC 7628 3(a) */
{
	static const char *const names[] = { "OAUTHBEARER", "XOAUTH2" };

	for (size_t i = 0; i < 2; i++) {
		const struct gw_sasl_mech *m = gw_sasl_find(gw_slice_str(names[i]));

		ck_assert_int_eq(gw_sasl_offer(m, &f.env), GW_SASL_NOT_HERE); /* off by default */
	}
	teardown();
	setup_with("auth_mechanisms = OAUTHBEARER XOAUTH2\n");
	for (size_t i = 0; i < 2; i++) {
		const struct gw_sasl_mech *m = gw_sasl_find(gw_slice_str(names[i]));

		f.peer.tls = true;
		ck_assert_int_eq(gw_sasl_offer(m, &f.env), GW_SASL_OFFERED);
		f.peer.tls = false;
		ck_assert_int_eq(gw_sasl_offer(m, &f.env), GW_SASL_EXPOSED);
		f.peer.local = true;
		ck_assert_int_eq(gw_sasl_offer(m, &f.env), GW_SASL_OFFERED);
		f.peer.local = false;
		with_tokens.login_token = NULL;
		ck_assert_int_eq(gw_sasl_offer(m, &f.env), GW_SASL_NOT_HERE);
		with_tokens.login_token = login_token;
	}
}
END_TEST

static TCase *tcase_oauthbearer(void)
{
	TCase *tc = tcase_create("OAUTHBEARER");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_token_signs_on);
	tcase_add_test(tc, without_a_name_the_token_says_who);
	tcase_add_test(tc, the_client_is_asked_to_begin);
	tcase_add_test(tc, the_scheme_is_known_in_any_case);
	tcase_add_test(tc, keys_that_are_not_known_are_passed_over);
	tcase_add_test(tc, another_users_token_is_no_way_in);
	tcase_add_test(tc, names_are_undone_of_their_escapes);
	tcase_add_test(tc, a_token_that_is_not_accepted_is_told_and_then_fails);
	tcase_add_test(tc, what_is_no_bearer_token_is_refused_unasked);
	tcase_add_test(tc, what_is_no_message_fails_at_once);
	tcase_add_loop_test(tc, a_token_may_have_8192_octets_and_not_one_more, -1, 2);
	tcase_add_test(tc, a_token_may_hold_what_rfc_6750_lists);
	return tc;
}

static TCase *tcase_xoauth2(void)
{
	TCase *tc = tcase_create("XOAUTH2");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, the_older_form_signs_on_too);
	tcase_add_test(tc, what_is_no_message_of_the_older_form_fails_at_once);
	tcase_add_test(tc, names_are_utf8_or_windows_1252);
	return tc;
}

static TCase *tcase_around(void)
{
	TCase *tc = tcase_create("around");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, trouble_of_the_server_fails_at_once_and_refuses_no_token);
	tcase_add_test(tc, nobody_comes_in_where_it_is_closed);
	tcase_add_test(tc, no_sentence_holds_a_token);
	tcase_add_test(tc, an_exchange_that_was_refused_may_be_left);
	tcase_add_test(tc, tokens_are_taken_where_a_store_knows_them_and_nobody_listens);
	return tc;
}

UNIT_MAIN("sasl/token", tcase_oauthbearer(), tcase_xoauth2(), tcase_around())

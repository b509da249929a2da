/* test_plain.c - PLAIN, LOGIN, EXTERNAL, the password of LOGIN and USER; what is offered; bounds */
#include "config/seen.h"
#include "tests/unit/sasl/sasltest.h"

static void setup(void)
{
	fixture_init("");
}

static void teardown(void)
{
	fixture_done();
}

/* ---- PLAIN ---- */

/* RFC 4616 2(e) */
START_TEST(plain_signs_on_in_one_message)
{
	begin("PLAIN");
	ck_assert_int_eq(step_lit("\0anna\0secret"), GW_SASL_DONE);
	ck_assert_str_eq(gw_acct_user(f.acct), "anna");
	ck_assert_str_eq(gw_sasl_user(f.s), "anna");
	begin("plain");
	ck_assert_int_eq(start(), GW_SASL_MORE);
	ck_assert_uint_eq(f.challenge.n, 0);
	ck_assert_int_eq(step_lit("ANNA\0anna\0secret"), GW_SASL_DONE);
}
END_TEST

START_TEST(plain_tells_wrong_names_and_passwords_alike)
{
	char told[GW_ERR_TEXT];

	begin("PLAIN");
	ck_fails(step_lit("\0anna\0Secret"), GW_EAUTH);
	strcpy(told, f.err.text);
	ck_assert_ptr_null(f.acct);
	ck_assert_ptr_null(strstr(told, "Secret"));
	begin("PLAIN");
	ck_fails(step_lit("\0nobody\0secret"), GW_EAUTH);
	ck_assert_str_eq(f.err.text, told);
}
END_TEST

/* RFC 4616 2(b), 2(d) */
START_TEST(plain_refuses_what_is_malformed)
{
	static const struct gw_slice bad[] = {
		{ "", 0 }, { "\0", 1 }, { "\0\0", 2 }, { "anna", 4 }, { "\0anna", 5 }, { "\0anna\0", 6 }, { "\0\0secret", 8 },
		{ "\0anna\0secret\0", 13 }, { "\0anna\0sec\0ret", 13 }, { "a\0anna\0s\0", 9 },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		begin("PLAIN");
		ck_fails(step(bad[i]), GW_EINVAL);
	}
}
END_TEST

/* RFC 4616 2(f) */
START_TEST(nobody_acts_as_somebody_else)
{
	begin("PLAIN");
	ck_fails(step_lit("user\0anna\0wrong"), GW_EAUTH);
	begin("PLAIN");
	ck_fails(step_lit("user\0anna\0secret"), GW_EACCES);
	ck_assert_ptr_nonnull(strstr(f.err.text, "anna"));
	ck_assert_ptr_null(f.acct);
	begin("PLAIN");
	ck_fails(step_lit("an\nna\0anna\0secret"), GW_EACCES);
	ck_assert_ptr_null(strchr(f.err.text, '\n'));
}
END_TEST

/* RFC 4616 2(d) */
START_TEST(names_that_cannot_be_are_refused)
{
	char message[400] = "\0";

	begin("PLAIN");
	ck_fails(step_lit("\0an\nna\0secret"), GW_EAUTH);
	ck_assert_str_eq(gw_sasl_user(f.s), "");
	begin("PLAIN");
	ck_fails(step_lit("\0an\xC2\x85na\0secret"), GW_EAUTH);
	memset(message + 1, 'a', 256);
	memcpy(message + 257, "\0x", 2);
	begin("PLAIN");
	ck_fails(step(gw_slice(message, 259)), GW_EAUTH);
	ck_assert_str_eq(gw_sasl_user(f.s), "");
	memcpy(message + 256, "\0x", 2);
	begin("PLAIN");
	ck_fails(step(gw_slice(message, 258)), GW_EAUTH);
	ck_assert_uint_eq(strlen(gw_sasl_user(f.s)), 255);
}
END_TEST

/* RFC 4616 2(a) */
START_TEST(each_of_the_three_may_have_255_octets)
{
	char name[256] = "", password[256] = "", message[800];

	memset(name, 'n', 255);
	memset(password, 'p', 255);
	fixture_user(name, password);
	begin("PLAIN");
	snprintf(message, sizeof message, "%s.%s.%s", name, name, password);
	message[255] = message[511] = '\0';
	ck_assert_int_eq(step(gw_slice(message, 767)), GW_SASL_DONE);
	ck_assert_str_eq(gw_acct_user(f.acct), name);
	message[766] = 'q';
	begin("PLAIN");
	ck_fails(step(gw_slice(message, 767)), GW_EAUTH);
}
END_TEST

START_TEST(a_name_full_of_tricks_is_only_a_name)
{
	static const char *const names[] = { "' OR 1=1 --", "\"", "\\", "*", "()", "%u", "%{x}", "${x}", "../anna", "anna/", "." };
	struct gw_acct *a = NULL;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		ck_assert_int_eq(gw_sasl_login(&f.env, gw_slice_str(names[i]), GW_S("secret"), &a, &f.err), GW_EAUTH);
	ck_assert_ptr_null(a);
}
END_TEST

START_TEST(a_disabled_service_is_told_only_with_the_right_password)
{
	ck_assert_int_eq(gw_admin_user_features(f.env.store, GW_S("anna"), GW_S("imap"), &f.err), 0);
	begin("PLAIN");
	ck_fails(step_lit("\0anna\0wrong"), GW_EAUTH);
	begin("PLAIN");
	ck_fails(step_lit("\0anna\0secret"), GW_EDISABLED);
	f.env.service = "pop3";
	begin("PLAIN");
	ck_assert_int_eq(step_lit("\0anna\0secret"), GW_SASL_DONE);
}
END_TEST

/* ---- old clients ---- */

START_TEST(bytes_that_are_not_utf8_are_windows_1252)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	ck_assert(gw_sasl_text(GW_S("J\xF6rg \x80"), &b));
	ck_assert_slice_eq(gw_buf_slice(&b), "J\xC3\xB6rg \xE2\x82\xAC");
	b.n = 0;
	ck_assert(gw_sasl_text(GW_S("J\xC3\xB6rg"), &b));
	ck_assert_slice_eq(gw_buf_slice(&b), "J\xC3\xB6rg");
	gw_buf_done(&b);
	gw_buf_init(&b, 3);
	ck_assert(gw_sasl_text(GW_S("a\xF6"), &b));
	b.n = 0;
	ck_assert(!gw_sasl_text(GW_S("\xF6\xF6"), &b));
	gw_buf_done(&b);
}
END_TEST

/* RFC 4616 2(c) */
START_TEST(old_and_new_clients_sign_on_with_the_same_name_and_password)
{
	fixture_user("j\xC3\xB6rg", "gr\xC3\xBC\xC3\x9F");
	begin("PLAIN");
	ck_assert_int_eq(step_lit("\0j\xC3\xB6rg\0gr\xC3\xBC\xC3\x9F"), GW_SASL_DONE);
	begin("PLAIN");
	ck_assert_int_eq(step_lit("j\xF6rg\0j\xF6rg\0gr\xFC\xDF"), GW_SASL_DONE);
	ck_assert_str_eq(gw_sasl_user(f.s), "j\xC3\xB6rg");
	ck_assert_str_eq(gw_acct_user(f.acct), "j\xC3\xB6rg");
}
END_TEST

/* ---- LOGIN ---- */

START_TEST(login_asks_for_name_and_password)
{
	begin("LOGIN");
	ck_assert_int_eq(start(), GW_SASL_MORE);
	ck_assert_slice_eq(gw_buf_slice(&f.challenge), "Username:");
	ck_assert_int_eq(step_lit("anna"), GW_SASL_MORE);
	ck_assert_slice_eq(gw_buf_slice(&f.challenge), "Password:");
	ck_assert_int_eq(step_lit("secret"), GW_SASL_DONE);
	ck_assert_str_eq(gw_acct_user(f.acct), "anna");
	begin("LOGIN"); /* the name with the command */
	ck_assert_int_eq(step_lit("anna"), GW_SASL_MORE);
	ck_assert_int_eq(step_lit("secret"), GW_SASL_DONE);
}
END_TEST

START_TEST(login_refuses_only_behind_the_password)
{
	begin("LOGIN");
	ck_assert_int_eq(step_lit("no\nbody"), GW_SASL_MORE);
	ck_fails(step_lit("secret"), GW_EAUTH);
	begin("LOGIN");
	ck_assert_int_eq(step_lit("nobody"), GW_SASL_MORE);
	ck_fails(step_lit("secret"), GW_EAUTH);
	begin("LOGIN");
	ck_assert_int_eq(step_lit("anna"), GW_SASL_MORE);
	ck_fails(step_lit("wrong"), GW_EAUTH);
}
END_TEST

START_TEST(login_refuses_what_is_empty_or_missing)
{
	begin("LOGIN");
	ck_fails(step_lit(""), GW_EINVAL);
	begin("LOGIN");
	ck_assert_int_eq(step_lit("anna"), GW_SASL_MORE);
	ck_fails(step_lit(""), GW_EINVAL);
	begin("LOGIN");
	ck_assert_int_eq(step_lit("anna"), GW_SASL_MORE);
	ck_fails(step_lit("sec\0ret"), GW_EINVAL);
	begin("LOGIN");
	ck_assert_int_eq(step_lit("anna"), GW_SASL_MORE);
	ck_fails(start(), GW_EINVAL);
}
END_TEST

/* ---- EXTERNAL ---- */

START_TEST(external_takes_the_name_of_the_certificate)
{
	f.peer.tls = true;
	strcpy(f.peer.tls_user, "anna");
	begin("EXTERNAL");
	ck_assert_int_eq(start(), GW_SASL_MORE);
	ck_assert_int_eq(step_lit(""), GW_SASL_DONE);
	ck_assert_str_eq(gw_acct_user(f.acct), "anna");
	begin("EXTERNAL");
	ck_assert_int_eq(step_lit("Anna"), GW_SASL_DONE);
	begin("EXTERNAL");
	ck_fails(step_lit("user"), GW_EACCES);
	begin("EXTERNAL");
	ck_fails(step_lit("anna\0user"), GW_EACCES);
	strcpy(f.peer.tls_user, "nobody");
	begin("EXTERNAL");
	ck_fails(step_lit(""), GW_EAUTH);
	ck_assert_int_eq(gw_admin_user_enable(f.env.store, GW_S("anna"), false, &f.err), 0);
	strcpy(f.peer.tls_user, "anna");
	begin("EXTERNAL");
	ck_fails(step_lit(""), GW_EDISABLED);
}
END_TEST

START_TEST(external_without_certificate_is_nobody)
{
	begin("EXTERNAL");
	ck_fails(step_lit("anna"), GW_EAUTH);
	f.peer.tls = true;
	begin("EXTERNAL");
	ck_fails(step_lit(""), GW_EAUTH);
	f.peer.tls = false;
	strcpy(f.peer.tls_user, "anna");
	begin("EXTERNAL");
	ck_fails(step_lit(""), GW_EAUTH);
}
END_TEST

/* ---- bounds ---- */

START_TEST(an_exchange_that_takes_too_long_fails)
{
	begin("LOGIN");
	ck_assert_int_eq(step_lit("anna"), GW_SASL_MORE);
	f.now_ms += GW_SASL_EXCHANGE_MS;
	ck_assert_int_eq(step_lit("secret"), GW_SASL_DONE);
	begin("LOGIN");
	ck_assert_int_eq(step_lit("anna"), GW_SASL_MORE);
	f.now_ms += GW_SASL_EXCHANGE_MS + 1;
	ck_fails(step_lit("secret"), GW_ELIMIT);
}
END_TEST

START_TEST(an_exchange_that_is_too_long_fails)
{
	static char big[GW_SASL_EXCHANGE_MAX + 1];

	memset(big, 'x', sizeof big);
	begin("PLAIN");
	ck_fails(step(gw_slice(big, GW_SASL_EXCHANGE_MAX)), GW_EINVAL);
	begin("PLAIN");
	ck_fails(step(gw_slice(big, GW_SASL_EXCHANGE_MAX + 1)), GW_ELIMIT);
	begin("LOGIN");
	ck_assert_int_eq(step(gw_slice(big, GW_SASL_EXCHANGE_MAX - 10)), GW_SASL_MORE);
	ck_fails(step(gw_slice(big, 11)), GW_ELIMIT);
}
END_TEST

START_TEST(a_password_may_be_as_long_as_stores_take_and_not_longer)
{
	struct gw_acct *a = NULL;
	char long_one[6000];

	memset(long_one, 'x', sizeof long_one);
	long_one[GW_USER_PASSWORD_MAX] = '\0';
	fixture_user("long", long_one);
	ck_assert_int_eq(gw_sasl_login(&f.env, GW_S("long"), gw_slice_str(long_one), &a, &f.err), 0);
	gw_acct_close(a);
	long_one[GW_USER_PASSWORD_MAX] = 'x';
	a = NULL;
	ck_assert_int_eq(gw_sasl_login(&f.env, GW_S("long"), gw_slice(long_one, 512), &a, &f.err), GW_EAUTH);
	ck_assert_int_eq(gw_sasl_login(&f.env, GW_S("long"), gw_slice(long_one, 4097), &a, &f.err), GW_EAUTH);
	ck_assert_int_eq(gw_sasl_login(&f.env, GW_S("long"), gw_slice("", 0), &a, &f.err), GW_EAUTH);
	ck_assert_ptr_null(a);
}
END_TEST

START_TEST(an_exchange_may_be_left_at_any_time)
{
	begin("LOGIN");
	fixture_end();
	begin("LOGIN");
	ck_assert_int_eq(step_lit("anna"), GW_SASL_MORE);
	fixture_end();
	gw_sasl_free(NULL);
}
END_TEST

/* ---- what is offered ---- */

static enum gw_sasl_offer offer(const char *name)
{
	return gw_sasl_offer(gw_sasl_find(gw_slice_str(name)), &f.env);
}

/* RFC 5802 6(a), 6(b) */
START_TEST(mechanisms_are_offered_where_they_can_work)
{
	ck_assert_int_eq(offer("PLAIN"), GW_SASL_OFFERED);
	ck_assert_int_eq(offer("SCRAM-SHA-256"), GW_SASL_OFFERED);
	ck_assert_int_eq(offer("SCRAM-SHA-256-PLUS"), GW_SASL_NOT_HERE);
	f.peer.has_exporter = true;
	ck_assert_int_eq(offer("SCRAM-SHA-256-PLUS"), GW_SASL_NOT_HERE);
	f.peer.tls = true;
	ck_assert_int_eq(offer("SCRAM-SHA-256-PLUS"), GW_SASL_OFFERED);
	strcpy(f.peer.tls_user, "anna");
	ck_assert_int_eq(offer("EXTERNAL"), GW_SASL_NOT_HERE); /* off by default */
}
END_TEST

START_TEST(only_configured_mechanisms_are_offered)
{
	fixture_done();
	fixture_init("auth_mechanisms = EXTERNAL SCRAM-SHA-256\n");
	ck_assert_int_eq(offer("PLAIN"), GW_SASL_NOT_HERE);
	ck_assert_int_eq(offer("LOGIN"), GW_SASL_NOT_HERE);
	ck_assert_int_eq(offer("SCRAM-SHA-256"), GW_SASL_OFFERED);
	ck_assert_int_eq(offer("EXTERNAL"), GW_SASL_NOT_HERE);
	f.peer.tls = true;
	ck_assert_int_eq(offer("EXTERNAL"), GW_SASL_NOT_HERE);
	strcpy(f.peer.tls_user, "anna");
	ck_assert_int_eq(offer("EXTERNAL"), GW_SASL_OFFERED);
}
END_TEST

/* RFC 4616 6(b) */
START_TEST(passwords_are_refused_in_the_clear_when_the_options_say_so)
{
	ck_assert(!gw_sasl_plaintext_refused(f.env.config, &f.peer));
	fixture_done();
	fixture_init("disable_plaintext_auth = yes\nssl_certificate_file = /c\nssl_private_key_file = /k\n");
	ck_assert(gw_sasl_plaintext_refused(f.env.config, &f.peer));
	ck_assert_int_eq(offer("PLAIN"), GW_SASL_EXPOSED);
	ck_assert_int_eq(offer("LOGIN"), GW_SASL_EXPOSED);
	ck_assert_int_eq(offer("SCRAM-SHA-256"), GW_SASL_OFFERED);
	f.peer.local = true;
	ck_assert_int_eq(offer("PLAIN"), GW_SASL_OFFERED);
	f.peer.local = false;
	f.peer.tls = true;
	ck_assert_int_eq(offer("PLAIN"), GW_SASL_OFFERED);
	ck_assert(!gw_sasl_plaintext_refused(f.env.config, &f.peer));
}
END_TEST

/* What `gwcfg get --for' says of a client is what the client is offered. */
START_TEST(what_is_offered_is_what_the_configuration_shows)
{
	bool tls = _i & 1, local = _i & 2, certificate = _i & 4, refuse = _i & 8;
	struct gw_viewer w = { .knows = GW_VIEWER_SERVICE | GW_VIEWER_ADDRESS, .service = GW_SERVICE_IMAP, .tls = tls,
		.local = local, .certificate = certificate };
	struct gw_seen seen;
	struct gw_slice rest, word;

	fixture_done();
	fixture_init(refuse ? "auth_mechanisms = PLAIN LOGIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS EXTERNAL\n"
			      "ssl_verify_client = yes\nssl_verify_file = /ca\ndisable_plaintext_auth = yes\n" :
			      "auth_mechanisms = LOGIN SCRAM-SHA-256-PLUS EXTERNAL OAUTHBEARER XOAUTH2\nssl_verify_client = yes\nssl_verify_file = /ca\n");
	f.peer.tls = f.peer.has_exporter = tls;
	f.peer.local = local;
	if (tls && certificate)
		strcpy(f.peer.tls_user, "anna");
	gw_config_see(f.env.config, gw_option_find(GW_S("auth_mechanisms")), &w, &seen);
	for (size_t i = 0; gw_sasl_at(i); i++) {
		bool shown = false;

		for (rest = gw_slice_str(seen.value); rest.n;) {
			word = gw_slice_take(&rest, gw_slice_find(rest, ' '));
			shown |= gw_slice_eq(word, gw_slice_str(gw_sasl_at(i)->name));
			if (rest.n)
				gw_slice_take(&rest, 1);
		}
		ck_assert_msg(shown == (gw_sasl_offer(gw_sasl_at(i), &f.env) == GW_SASL_OFFERED), "%s in \"%s\"",
			gw_sasl_at(i)->name, seen.value);
	}
}
END_TEST

START_TEST(mechanisms_are_found_by_name_and_the_best_come_first)
{
	ck_assert_ptr_eq(gw_sasl_find(GW_S("scram-sha-256-PLUS")), gw_sasl_at(0));
	ck_assert_ptr_null(gw_sasl_find(GW_S("SCRAM-SHA-1")));
	ck_assert_ptr_null(gw_sasl_find(GW_S("")));
	ck_assert_ptr_null(gw_sasl_find(GW_S("PLAI")));
	ck_assert_ptr_null(gw_sasl_at(7));
	for (size_t i = 0; gw_sasl_at(i); i++)
		ck_assert_ptr_eq(gw_sasl_find(gw_slice_str(gw_sasl_at(i)->name)), gw_sasl_at(i));
}
END_TEST

static TCase *tcase_plain(void)
{
	TCase *tc = tcase_create("plain");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, plain_signs_on_in_one_message);
	tcase_add_test(tc, plain_tells_wrong_names_and_passwords_alike);
	tcase_add_test(tc, plain_refuses_what_is_malformed);
	tcase_add_test(tc, nobody_acts_as_somebody_else);
	tcase_add_test(tc, names_that_cannot_be_are_refused);
	tcase_add_test(tc, each_of_the_three_may_have_255_octets);
	tcase_add_test(tc, a_name_full_of_tricks_is_only_a_name);
	tcase_add_test(tc, a_disabled_service_is_told_only_with_the_right_password);
	tcase_add_test(tc, bytes_that_are_not_utf8_are_windows_1252);
	tcase_add_test(tc, old_and_new_clients_sign_on_with_the_same_name_and_password);
	return tc;
}

static TCase *tcase_others(void)
{
	TCase *tc = tcase_create("login and external");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, login_asks_for_name_and_password);
	tcase_add_test(tc, login_refuses_only_behind_the_password);
	tcase_add_test(tc, login_refuses_what_is_empty_or_missing);
	tcase_add_test(tc, external_takes_the_name_of_the_certificate);
	tcase_add_test(tc, external_without_certificate_is_nobody);
	return tc;
}

static TCase *tcase_bounds(void)
{
	TCase *tc = tcase_create("bounds and offers");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, an_exchange_that_takes_too_long_fails);
	tcase_add_test(tc, an_exchange_that_is_too_long_fails);
	tcase_add_test(tc, a_password_may_be_as_long_as_stores_take_and_not_longer);
	tcase_add_test(tc, an_exchange_may_be_left_at_any_time);
	tcase_add_test(tc, mechanisms_are_offered_where_they_can_work);
	tcase_add_test(tc, only_configured_mechanisms_are_offered);
	tcase_add_test(tc, passwords_are_refused_in_the_clear_when_the_options_say_so);
	tcase_add_loop_test(tc, what_is_offered_is_what_the_configuration_shows, 0, 16);
	tcase_add_test(tc, mechanisms_are_found_by_name_and_the_best_come_first);
	return tc;
}

UNIT_MAIN("sasl/plain", tcase_plain(), tcase_others(), tcase_bounds())

/* test_login.c - signing on through the store, on both drivers */
#include "tests/unit/store/storetest.h"

static struct fixture f;

static int login(const char *user, const char *password, const char *service)
{
	struct gw_acct *a = NULL;
	int rc = gw_store_login(f.store, gw_slice_str(user), gw_slice_str(password), service, &a, &f.err);

	gw_acct_close(a);
	return rc;
}

START_TEST(only_the_right_password_signs_on)
{
	const struct gw_user_password pw = { .plain = GW_S("secret") };
	struct gw_scram_keys a, b;
	struct gw_acct *acct;

	fixture_init(&f, _i);
	if (!f.memory)
		ck_ok(&f, local_accounts_passwd(gw_local_store(f.store)->accounts, GW_S("anna"), &pw, &f.err));
	ck_assert_int_eq(login("anna", "secret", "imap"), 0);
	ck_assert_int_eq(login("Anna", "secret", "pop3"), 0);
	ck_assert_int_eq(login("anna", "Secret", "imap"), GW_EAUTH);
	ck_assert_int_eq(login("anna", "", "imap"), GW_EAUTH);
	ck_assert_int_eq(login("nobody", "secret", "imap"), GW_EAUTH);
	ck_ok(&f, local_accounts_features(gw_local_store(f.store)->accounts, GW_S("anna"), GW_S("pop3"), &f.err));
	ck_assert_int_eq(login("anna", "secret", "pop3"), GW_EDISABLED);
	ck_assert_int_eq(login("anna", "wrong", "pop3"), GW_EAUTH);
	ck_assert_int_eq(login("anna", "secret", "imap"), 0);
	ck_assert(gw_store_has_scram(f.store));
	ck_ok(&f, gw_store_scram_keys(f.store, GW_S("nobody"), &a, &f.err));
	ck_ok(&f, gw_store_scram_keys(f.store, GW_S("nobody"), &b, &f.err));
	ck_assert_mem_eq(&a, &b, sizeof a);
	acct = fixture_acct(&f, "ANNA");
	ck_assert_str_eq(gw_acct_user(acct), "anna");
	gw_acct_close(acct);
	fixture_done(&f);
}
END_TEST

START_TEST(users_of_a_store_in_memory_may_be_named_in_its_address)
{
	struct gw_store_options opt = { .url = "mem:anna=one,bert=two", .clock = &test_clock };

	ck_ok(&f, gw_store_open(&opt, &f.store, &f.err));
	ck_assert_int_eq(login("anna", "one", "imap"), 0);
	ck_assert_int_eq(login("bert", "two", "imap"), 0);
	ck_assert_int_eq(login("bert", "one", "imap"), GW_EAUTH);
	gw_store_close(f.store);
	opt.url = "mem:anna";
	ck_assert_int_eq(gw_store_open(&opt, &f.store, &f.err), GW_EINVAL);
}
END_TEST

static TCase *tcase_login(void)
{
	TCase *tc = tcase_create("login");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, only_the_right_password_signs_on, 0, 2);
	tcase_add_test(tc, users_of_a_store_in_memory_may_be_named_in_its_address);
	return tc;
}

UNIT_MAIN("store/login", tcase_login())

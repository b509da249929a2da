/* test_jmap_login.c - a token signs on whom the storage server says it belongs to, and nobody else */
#include "tests/unit/store/httptest.h"
#include "tests/unit/store/storetest.h"

#include "config/config.h"
#include "store/jmap/driver.h"

static const char *_Atomic username; /* what the session object says */
static struct fixture f;
static struct gw_config *config;
static struct jmap_store *js;
static char mirror[128];

static bool answer_session(struct request *r)
{
	char body[1024];

	snprintf(body, sizeof body,
		"{\"capabilities\":{\"urn:ietf:params:jmap:core\":{},\"urn:ietf:params:jmap:mail\":{}},"
		"\"accounts\":{\"A1\":{\"name\":\"a\",\"isPersonal\":true,\"isReadOnly\":false,"
		"\"accountCapabilities\":{\"urn:ietf:params:jmap:mail\":{}}}},"
		"\"primaryAccounts\":{\"urn:ietf:params:jmap:mail\":\"A1\"},\"username\":\"%s\",\"apiUrl\":\"/api\","
		"\"downloadUrl\":\"/d/{accountId}/{blobId}/{name}/{type}\",\"uploadUrl\":\"/u/{accountId}\","
		"\"eventSourceUrl\":\"/e/{types}/{closeafter}/{ping}\",\"state\":\"0\"}",
		atomic_load(&username));
	return answer_with(r, 200, "Content-Type: application/json\r\n", body);
}

static void setup(void)
{
	struct gw_store_options opt = { .url = server.url, .clock = gw_clock_system() };
	struct gw_store *store = NULL;

	fixture_init(&f, false);
	server_start(0, answer_session);
	snprintf(mirror, sizeof mirror, "%s/mirror", f.root);
	config = gw_config_defaults();
	config->mirror_path = mirror;
	opt.config = config;
	ck_ok(&f, gw_store_open(&opt, &store, &f.err));
	js = (struct jmap_store *)store;
}

static void teardown(void)
{
	gw_store_close(&js->local.base);
	gw_config_unref(config);
	server_stop();
	fixture_done(&f);
}

static int sign_on(const char *user, const char *says, const char *ret_user)
{
	struct jmap_login *l = NULL;
	int rc;

	atomic_store(&username, says);
	rc = jmap_login_token(js, gw_slice_str(user), GW_S("token"), &l, &f.err);
	if (rc == 0)
		ck_assert_str_eq(l->user, ret_user);
	jmap_login_unref(l);
	jmap_logins_tidy(js, true);
	return rc;
}

START_TEST(a_token_signs_on_the_user_it_belongs_to)
{
	ck_ok(&f, sign_on("anna", "anna", "anna"));
	ck_ok(&f, sign_on("", "bert", "bert")); /* who claims nobody is whom the token names */
}
END_TEST

START_TEST(nobody_signs_on_with_a_token_that_may_be_another_users)
{
	ck_code(&f, sign_on("anna", "bert", ""), GW_EACCES);
	ck_code(&f, sign_on("anna", "", ""), GW_EACCES);
	ck_code(&f, sign_on("", "", ""), GW_EAUTH);
}
END_TEST

static TCase *tokens(void)
{
	TCase *t = tcase_create("tokens");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_token_signs_on_the_user_it_belongs_to);
	tcase_add_test(t, nobody_signs_on_with_a_token_that_may_be_another_users);
	return t;
}

UNIT_MAIN("store/jmap_login", tokens())

/* test_contract_7.c - sections 6 and 7 of the contract: places of a storage server; where the original had a trap, the
 * safer choice, and a warning that says so */
#include "tests/unit/config/contract.h"

/* ---- 6.1 places of the storage server ---- */

START_TEST(contract_6_1_1_http_has_a_host)
{
	reads("server_socket", "http://localhost:236/", "http://localhost:236/", 0);
	reads("server_socket", "http://192.0.2.1:236", "http://192.0.2.1:236", 0);
	reads("server_socket", "HTTP://[::1]:236/", "HTTP://[::1]:236/", 0);
	denies("server_socket", "http://", CONFIG_E_URL, NULL);
	denies("server_socket", "http:///kopano", CONFIG_E_URL, NULL);
}
END_TEST

START_TEST(contract_6_1_2_https_has_a_host)
{
	reads("server_socket", "https://store.example.org:237/kopano", "https://store.example.org:237/kopano", 0);
	denies("server_socket", "https://:237/", CONFIG_E_URL, NULL);
}
END_TEST

START_TEST(contract_6_1_3_file_has_an_absolute_path)
{
	reads("server_socket", "file:///var/run/kopano/server.sock", "file:///var/run/kopano/server.sock", 0);
	reads("server_socket", "file://localhost/run/server.sock", "file://localhost/run/server.sock", 0);
	denies("server_socket", "file://server.sock", CONFIG_E_URL, NULL);
	denies("server_socket", "file:/run/server.sock", CONFIG_E_URL, NULL);
}
END_TEST

START_TEST(contract_6_1_4_default_is_the_usual_socket)
{
	reads("server_socket", "default:", "default:", 0);
	denies("server_socket", "default", CONFIG_E_URL, NULL);
}
END_TEST

START_TEST(contract_6_1_5_empty_is_refused)
{
	denies("server_socket", "", CONFIG_E_URL, NULL);
	denies("server_socket", "pseudo://home/", CONFIG_E_URL, NULL); /* servers say so to each other */
}
END_TEST

/* ---- 7 safer choices ---- */

START_TEST(contract_7_1_defaults_are_those_of_the_page)
{
	static const char *const t[][2] = { { "pop3s_enable", "yes" }, { "imaps_enable", "yes" }, { "run_as_user", "" },
		{ "run_as_group", "" }, { "running_path", "/" }, { "log_level", "2" }, { "log_file", "/var/log/kopano/gateway.log" } };
	struct loaded l;

	load_text(&l, "");
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		ck_assert_str_eq(gw_config_get(l.cfg, t[i][0]), t[i][1]);
	load_done(&l);
}
END_TEST

/* The value is read as `now`, and the warning says what the original made of it and what to write. */
static void is_told(const char *name, const char *text, const char *now, const char *then, const char *write)
{
	const struct gw_diag *d;
	struct loaded l;
	char line[128];

	snprintf(line, sizeof line, "%s = %s\n", name, text);
	load_text(&l, line);
	ck_assert_str_eq(gw_config_get(l.cfg, name), now);
	d = finding_about(&l, CONFIG_W_DIFFERENT, name);
	ck_assert_msg(d != NULL, "%s: %s", line, all_text(&l));
	ck_assert_msg(strstr(d->text, then) != NULL, "%s", d->text);
	ck_assert_msg(d->suggestion && strstr(d->suggestion, write), "%s", d->suggestion);
	load_done(&l);
}

START_TEST(contract_7_2_what_sounds_like_no_is_no)
{
	is_told("imap_public_folders", "No", "no", "read it as yes", "write no");
	is_told("imap_public_folders", "off", "no", "read it as yes", "write no");
	is_told("imap_public_folders", "", "no", "read it as yes", "write no");
	is_told("coredump_enabled", "off", "no", "read it as yes", "write no");
}
END_TEST

START_TEST(contract_7_3_what_sounds_like_yes_is_yes)
{
	is_told("disable_plaintext_auth", "Yes", "yes", "read it as no", "write yes");
	is_told("disable_plaintext_auth", "true", "yes", "read it as no", "write yes");
	is_told("imap_enable", "1", "yes", "read it as no", "write yes");
}
END_TEST

START_TEST(contract_7_4_text_behind_a_value_stays_and_is_told)
{
	const struct gw_diag *d;
	struct loaded l;

	load_text(&l, "server_hostname = mail # ours\n");
	ck_assert_str_eq(l.cfg->server_hostname, "mail # ours");
	d = finding(&l, CONFIG_W_COMMENT);
	ck_assert_ptr_nonnull(d);
	ck_assert_uint_eq(d->at.column, 24);
	ck_assert_uint_eq(d->width, 6);
	ck_assert_str_eq(d->suggestion, "put the comment on a line of its own");
	load_done(&l);
}
END_TEST

START_TEST(contract_7_5_a_line_without_equals_is_told)
{
	finds("imap_port 143\n", CONFIG_W_IGNORED);
}
END_TEST

START_TEST(contract_7_6_sizes_that_were_guessed_at_are_told_or_refused)
{
	is_told("imap_max_messagesize", "10MB", "10M", "not every version of kopano-gateway knew the unit", "write 10M");
	is_told("imap_max_messagesize", "1.5M", "1536K", "before 10.0.1 read it as 1", "write 1536K");
	denies("imap_max_messagesize", "10T", CONFIG_E_RANGE, "kopano-gateway made 10 of it");
	denies("imap_max_messagesize", "4G", CONFIG_E_RANGE, "kopano-gateway made 0 of it");
}
END_TEST

START_TEST(contract_7_7_no_failed_commands_is_no_limit)
{
	is_told("imap_max_fail_commands", "0", "-1", "cut every session", "write -1");
	reads("imap_max_fail_commands", "-1", "-1", 0);
}
END_TEST

static TCase *rows(void)
{
	TCase *tc = tcase_create("rows");

	tcase_add_test(tc, contract_6_1_1_http_has_a_host);
	tcase_add_test(tc, contract_6_1_2_https_has_a_host);
	tcase_add_test(tc, contract_6_1_3_file_has_an_absolute_path);
	tcase_add_test(tc, contract_6_1_4_default_is_the_usual_socket);
	tcase_add_test(tc, contract_6_1_5_empty_is_refused);
	tcase_add_test(tc, contract_7_1_defaults_are_those_of_the_page);
	tcase_add_test(tc, contract_7_2_what_sounds_like_no_is_no);
	tcase_add_test(tc, contract_7_3_what_sounds_like_yes_is_yes);
	tcase_add_test(tc, contract_7_4_text_behind_a_value_stays_and_is_told);
	tcase_add_test(tc, contract_7_5_a_line_without_equals_is_told);
	tcase_add_test(tc, contract_7_6_sizes_that_were_guessed_at_are_told_or_refused);
	tcase_add_test(tc, contract_7_7_no_failed_commands_is_no_limit);
	return tc;
}

UNIT_MAIN("config/contract_7", rows())

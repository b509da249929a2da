/* test_contract_1b.c - section 1 of the contract: options 20 to 40 of table 1.2, options that the page leaves out (1.4) */
#include "tests/unit/config/contract.h"

START_TEST(contract_1_2_20_imap_only_mailfolders_is_yes)
{
	row_is("imap_only_mailfolders", GW_OPT_BOOL, "yes", GW_NEXT);
	bool_a("", "imap_only_mailfolders");
}
END_TEST

START_TEST(contract_1_2_21_imap_public_folders_is_yes)
{
	row_is("imap_public_folders", GW_OPT_BOOL, "yes", GW_NEXT);
	bool_a("", "imap_public_folders");
}
END_TEST

START_TEST(contract_1_2_22_imap_capability_idle_is_yes)
{
	row_is("imap_capability_idle", GW_OPT_BOOL, "yes", GW_NEXT);
	bool_y("", "imap_capability_idle");
}
END_TEST

START_TEST(contract_1_2_23_imap_max_messagesize_is_a_size_of_128M_below_4G)
{
	row_is("imap_max_messagesize", GW_OPT_SIZE, "128M", GW_NEXT);
	reads("imap_max_messagesize", "4294967295", "4294967295", 0);
	denies("imap_max_messagesize", "4G", CONFIG_E_RANGE, "kopano-gateway made 0 of it");
	denies("imap_max_messagesize", "5G", CONFIG_E_RANGE, "kopano-gateway made 1073741824 of it");
	denies("imap_max_messagesize", "lots", CONFIG_E_VALUE, NULL);
	denies("imap_max_messagesize", "", CONFIG_E_VALUE, NULL);
}
END_TEST

START_TEST(contract_1_2_24_imap_expunge_on_delete_is_no)
{
	row_is("imap_expunge_on_delete", GW_OPT_BOOL, "no", GW_NEXT);
	bool_a("", "imap_expunge_on_delete");
}
END_TEST

START_TEST(contract_1_2_25_imap_max_fail_commands_is_10_and_0_is_no_limit)
{
	row_is("imap_max_fail_commands", GW_OPT_UINT, "10", GW_NEXT);
	reads("imap_max_fail_commands", "0x10", "16", 0);
	reads("imap_max_fail_commands", "010", "8", CONFIG_W_OCTAL);
	reads("imap_max_fail_commands", "-1", "-1", 0);
	reads("imap_max_fail_commands", "2147483647", "2147483647", 0);
	reads("imap_max_fail_commands", "0", "-1", CONFIG_W_DIFFERENT);
	denies("imap_max_fail_commands", "ten", CONFIG_E_VALUE, NULL);
}
END_TEST

START_TEST(contract_1_2_26_imap_ignore_command_idle_is_no)
{
	row_is("imap_ignore_command_idle", GW_OPT_BOOL, "no", GW_NEXT);
	bool_a("", "imap_ignore_command_idle");
}
END_TEST

START_TEST(contract_1_2_27_disable_plaintext_auth_is_no_and_needs_a_certificate)
{
	row_is("disable_plaintext_auth", GW_OPT_BOOL, "no", GW_NEXT);
	bool_y("", "disable_plaintext_auth");
	finds("disable_plaintext_auth = yes\n", 0);
	finds("disable_plaintext_auth = yes\npop3s_enable = no\nimaps_enable = no\n", 0); /* STARTTLS is there without them */
	finds("disable_plaintext_auth = yes\nssl_certificate_file =\npop3s_enable = no\nimaps_enable = no\n",
		CONFIG_W_NO_CERTIFICATE);
}
END_TEST

START_TEST(contract_1_2_28_ssl_private_key_file_is_a_path_and_empty_is_no_tls)
{
	struct loaded l;

	row_is("ssl_private_key_file", GW_OPT_PATH, "/etc/kopano/gateway/privkey.pem", GW_NEXT);
	reads("ssl_private_key_file", "/etc/x.pem", "/etc/x.pem", 0);
	load_text(&l, "ssl_private_key_file =\n");
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.cfg->n_certs, 0);
	ck_assert_ptr_nonnull(finding(&l, CONFIG_W_NO_CERTIFICATE));
	load_done(&l);
}
END_TEST

START_TEST(contract_1_2_29_ssl_certificate_file_is_a_path_and_empty_is_no_tls)
{
	struct loaded l;

	row_is("ssl_certificate_file", GW_OPT_PATH, "/etc/kopano/gateway/cert.pem", GW_NEXT);
	reads("ssl_certificate_file", "/etc/x.pem", "/etc/x.pem", 0);
	load_text(&l, "ssl_certificate_file =\n");
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.cfg->n_certs, 0);
	ck_assert_ptr_nonnull(finding(&l, CONFIG_W_NO_CERTIFICATE));
	load_done(&l);
}
END_TEST

START_TEST(contract_1_2_30_ssl_verify_client_is_no)
{
	row_is("ssl_verify_client", GW_OPT_BOOL, "no", GW_NEXT);
	bool_y("ssl_verify_file = /ca.pem\n", "ssl_verify_client");
	finds("ssl_verify_client = yes\n", CONFIG_W_NO_AUTHORITY);
}
END_TEST

START_TEST(contract_1_2_31_ssl_verify_file_is_not_set)
{
	row_is("ssl_verify_file", GW_OPT_PATH, "", GW_NEXT);
	reads("ssl_verify_file", "/etc/ca", "/etc/ca", 0);
	finds("ssl_verify_client = yes\nssl_verify_file = /etc/ca\n", 0);
}
END_TEST

START_TEST(contract_1_2_32_ssl_verify_path_is_not_set)
{
	row_is("ssl_verify_path", GW_OPT_PATH, "", GW_NEXT);
	reads("ssl_verify_path", "/etc/ca", "/etc/ca", 0);
	finds("ssl_verify_client = yes\nssl_verify_path = /etc/ca\n", 0);
}
END_TEST

START_TEST(contract_1_2_33_ssl_protocols_is_a_set_of_versions)
{
	static const struct {
		const char *text;
		enum gw_tls_version min, max;
	} t[] = { { "TLSv1.2", GW_TLS_1_2, GW_TLS_ANY }, { "tlsv1.1 TLSV1.2", GW_TLS_1_1, GW_TLS_ANY },
		{ "!SSLv2", GW_TLS_1_0, GW_TLS_ANY }, { "!SSLv2 !SSLv3 !TLSv1", GW_TLS_1_1, GW_TLS_ANY },
		{ "SSLv3 TLSv1 TLSv1.1 TLSv1.2 !SSLv3", GW_TLS_1_0, GW_TLS_ANY }, { "!SSLv9 TLSv1.2", GW_TLS_1_2, GW_TLS_ANY },
		{ "TLSv1.2 !TLSv1.3", GW_TLS_1_2, GW_TLS_1_2 }, { "", GW_TLS_1_2, GW_TLS_ANY } };

	row_is("ssl_protocols", GW_OPT_WORDS, "", GW_NEXT);
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct loaded l;
		char text[128];

		snprintf(text, sizeof text, "ssl_protocols = %s\n", t[i].text);
		load_text(&l, text);
		ck_assert_msg(l.rc == 0, "%s: %s", text, all_text(&l));
		ck_assert_int_eq(l.cfg->tls_min, t[i].min);
		ck_assert_int_eq(l.cfg->tls_max, t[i].max);
		load_done(&l);
	}
	denies("ssl_protocols", "TLSv9", CONFIG_E_WORD, NULL);
	refuses("server_ssl_protocols = TLSv1.2\n", CONFIG_E_UNKNOWN, 1, 1); /* the slip of the page */
}
END_TEST

START_TEST(contract_1_2_34_ssl_ciphers_is_a_list_for_openssl)
{
	row_is("ssl_ciphers", GW_OPT_STRING, "ALL:!LOW:!SSLv2:!EXP:!aNULL", GW_NEXT);
	reads("ssl_ciphers", "ECDHE+AESGCM:!aNULL", "ECDHE+AESGCM:!aNULL", 0);
}
END_TEST

START_TEST(contract_1_2_35_ssl_prefer_server_ciphers_is_no)
{
	row_is("ssl_prefer_server_ciphers", GW_OPT_BOOL, "no", GW_NEXT);
	bool_a("", "ssl_prefer_server_ciphers");
}
END_TEST

START_TEST(contract_1_2_36_log_method_is_file)
{
	row_is("log_method", GW_OPT_ENUM, "file", GW_RESTART);
	reads("log_method", "Syslog", "syslog", 0);
	reads("log_method", "FILE", "file", 0);
	denies("log_method", "eventlog", CONFIG_E_WORD, NULL);
	denies("log_method", "", CONFIG_E_EMPTY, NULL);
}
END_TEST

START_TEST(contract_1_2_37_log_file_is_the_file_of_the_page)
{
	row_is("log_file", GW_OPT_PATH, "/var/log/kopano/gateway.log", GW_RESTART);
	reads("log_file", "-", "-", 0);
	reads("log_file", "/var/log/mail.log", "/var/log/mail.log", 0);
	denies("log_file", "", CONFIG_E_EMPTY, NULL);
}
END_TEST

START_TEST(contract_1_2_38_log_level_is_2_and_counts_at_once)
{
	row_is("log_level", GW_OPT_UINT, "2", GW_LIVE);
	for (int level = 0; level <= 6; level++) {
		const char text[] = { (char)('0' + level), '\0' };

		reads("log_level", text, text, 0);
	}
	denies("log_level", "7", CONFIG_E_RANGE, NULL);
	denies("log_level", "", CONFIG_E_EMPTY, NULL);
}
END_TEST

START_TEST(contract_1_2_39_log_timestamp_is_yes)
{
	row_is("log_timestamp", GW_OPT_BOOL, "yes", GW_RESTART);
	bool_a("", "log_timestamp");
}
END_TEST

START_TEST(contract_1_2_40_log_buffer_size_is_0)
{
	row_is("log_buffer_size", GW_OPT_SIZE, "0", GW_RESTART);
	reads("log_buffer_size", "4096", "4K", 0);
}
END_TEST

START_TEST(contract_1_4_1_tmp_path_is_a_directory)
{
	row_is("tmp_path", GW_OPT_PATH, "/tmp", GW_NEXT);
	reads("tmp_path", "/var/tmp", "/var/tmp", 0);
}
END_TEST

START_TEST(contract_1_4_2_html_safety_filter_is_off_unless_yes)
{
	static const struct reading t[] = { { "yes", "yes", false }, { "YES", "yes", false }, { "no", "no", false },
		{ "", "no", false }, { "ignored", "no", false }, { "false", "no", false }, { "1", "yes", true }, { "true", "yes", true },
		{ "on", "yes", true } };

	row_is("html_safety_filter", GW_OPT_ENUM, "no", GW_NEXT);
	reads_all("", "html_safety_filter", t, sizeof t / sizeof *t);
}
END_TEST

START_TEST(contract_1_4_3_four_options_are_accepted_without_effect)
{
	static const char *const names[] = { "imap_always_generate", "imap_generate_utf8", "imap_store_rfc822",
		"imap_cache_folders_time_limit" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char text[64];

		snprintf(text, sizeof text, "%s = yes\n", names[i]);
		finds(text, CONFIG_W_RETIRED);
	}
}
END_TEST

static TCase *rows(void)
{
	TCase *tc = tcase_create("rows");

	tcase_add_test(tc, contract_1_2_20_imap_only_mailfolders_is_yes);
	tcase_add_test(tc, contract_1_2_21_imap_public_folders_is_yes);
	tcase_add_test(tc, contract_1_2_22_imap_capability_idle_is_yes);
	tcase_add_test(tc, contract_1_2_23_imap_max_messagesize_is_a_size_of_128M_below_4G);
	tcase_add_test(tc, contract_1_2_24_imap_expunge_on_delete_is_no);
	tcase_add_test(tc, contract_1_2_25_imap_max_fail_commands_is_10_and_0_is_no_limit);
	tcase_add_test(tc, contract_1_2_26_imap_ignore_command_idle_is_no);
	tcase_add_test(tc, contract_1_2_27_disable_plaintext_auth_is_no_and_needs_a_certificate);
	tcase_add_test(tc, contract_1_2_28_ssl_private_key_file_is_a_path_and_empty_is_no_tls);
	tcase_add_test(tc, contract_1_2_29_ssl_certificate_file_is_a_path_and_empty_is_no_tls);
	tcase_add_test(tc, contract_1_2_30_ssl_verify_client_is_no);
	tcase_add_test(tc, contract_1_2_31_ssl_verify_file_is_not_set);
	tcase_add_test(tc, contract_1_2_32_ssl_verify_path_is_not_set);
	tcase_add_test(tc, contract_1_2_33_ssl_protocols_is_a_set_of_versions);
	tcase_add_test(tc, contract_1_2_34_ssl_ciphers_is_a_list_for_openssl);
	tcase_add_test(tc, contract_1_2_35_ssl_prefer_server_ciphers_is_no);
	tcase_add_test(tc, contract_1_2_36_log_method_is_file);
	tcase_add_test(tc, contract_1_2_37_log_file_is_the_file_of_the_page);
	tcase_add_test(tc, contract_1_2_38_log_level_is_2_and_counts_at_once);
	tcase_add_test(tc, contract_1_2_39_log_timestamp_is_yes);
	tcase_add_test(tc, contract_1_2_40_log_buffer_size_is_0);
	tcase_add_test(tc, contract_1_4_1_tmp_path_is_a_directory);
	tcase_add_test(tc, contract_1_4_2_html_safety_filter_is_off_unless_yes);
	tcase_add_test(tc, contract_1_4_3_four_options_are_accepted_without_effect);
	return tc;
}

UNIT_MAIN("config/contract_1b", rows())

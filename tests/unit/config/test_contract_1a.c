/* test_contract_1a.c - section 1 of the contract: kinds of values (1.1), options 1 to 19 of table 1.2
 *
 * What section 1.3 says about an option is tested in its row, as far as a configuration is concerned; what the daemon
 * does with it is in tests/wire/test_options.py and in the conversations. */
#include "tests/unit/config/contract.h"

START_TEST(contract_1_1_1_booleans_that_were_everything_but_no)
{
	static const char *const names[] = { "server_hostname_greeting", "imap_only_mailfolders", "imap_public_folders",
		"imap_expunge_on_delete", "imap_ignore_command_idle", "ssl_prefer_server_ciphers", "log_timestamp" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		bool_a("", names[i]);
}
END_TEST

START_TEST(contract_1_1_2_booleans_that_were_exactly_yes)
{
	static const char *const names[] = { "imap_capability_idle", "disable_plaintext_auth" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		bool_y("", names[i]);
		reads(names[i], "", "no", 0); /* empty was false, too */
	}
}
END_TEST

START_TEST(contract_1_1_3_ports_are_numbers_of_base_0_in_16_bits)
{
	reads("imap_port", "143", "143", 0);
	reads("imap_port", "+143", "143", 0);
	reads("imap_port", "0x8f", "143", 0);
	reads("imap_port", "0110", "72", CONFIG_W_OCTAL);
	reads("imap_port", "65535", "65535", 0);
	denies("imap_port", "65646", CONFIG_E_RANGE, "kopano-gateway used port 110");
	denies("imap_port", "65536", CONFIG_E_RANGE, NULL);
	denies("imap_port", "0", CONFIG_E_RANGE, NULL);
	denies("imap_port", "imap", CONFIG_E_VALUE, NULL);
	denies("imap_port", "143x", CONFIG_E_VALUE, NULL);
	denies("imap_port", "-1", CONFIG_E_VALUE, NULL);
}
END_TEST

START_TEST(contract_1_1_4_sizes_have_k_m_and_g)
{
	reads("imap_max_messagesize", "10", "10", 0);
	reads("imap_max_messagesize", "10k", "10K", 0);
	reads("imap_max_messagesize", "10M", "10M", 0);
	reads("imap_max_messagesize", "1 G", "1G", 0);
}
END_TEST

START_TEST(contract_1_1_5_numbers_have_ranges)
{
	reads("log_level", "6", "6", 0);
	denies("log_level", "7", CONFIG_E_RANGE, NULL);
	reads("log_buffer_size", "65536", "64K", 0);
	denies("log_buffer_size", "-1", CONFIG_E_VALUE, NULL);
	denies("log_level", "many", CONFIG_E_VALUE, NULL);
}
END_TEST

START_TEST(contract_1_1_6_texts_paths_lists_and_words)
{
	reads("server_hostname", "mail.example.org", "mail.example.org", 0);
	reads("pid_file", "/run/x y.pid", "/run/x y.pid", 0);
	reads("pid_file", "x.pid", "x.pid", CONFIG_W_RELATIVE);
	reads("ssl_protocols", "TLSv1.2   TLSv1.3", "TLSv1.2 TLSv1.3", 0);
	reads("process_model", "fork", "fork", 0);
	denies("process_model", "prefork", CONFIG_E_WORD, NULL);
}
END_TEST

START_TEST(contract_1_2_1_server_bind_is_a_numeric_address_for_all_four)
{
	row_is("server_bind", GW_OPT_ADDRESS, "", GW_RESTART);
	serves("server_bind =\n", "*:110", "*:995", "*:143", "*:993");
	serves("server_bind = 192.0.2.1\n", "192.0.2.1:110", "192.0.2.1:995", "192.0.2.1:143", "192.0.2.1:993");
	serves("server_bind = ::1\n", "[::1]:110", "[::1]:995", "[::1]:143", "[::1]:993");
	denies("server_bind", "localhost", CONFIG_E_LISTENER, "host names are not looked up");
	denies("server_bind", "192.0.2.1 192.0.2.2", CONFIG_E_LISTENER, NULL); /* no list */
}
END_TEST

START_TEST(contract_1_2_2_server_hostname_is_free_text)
{
	row_is("server_hostname", GW_OPT_STRING, "", GW_RESTART);
	reads("server_hostname", "mail.example.org", "mail.example.org", 0);
	reads("server_hostname", "", "", 0);
}
END_TEST

START_TEST(contract_1_2_3_server_hostname_greeting_is_off_and_can_be_reloaded)
{
	row_is("server_hostname_greeting", GW_OPT_BOOL, "no", GW_NEXT);
	bool_a("", "server_hostname_greeting");
	reads("server_hostname_greeting", "", "no", CONFIG_W_DIFFERENT); /* empty turned it on */
}
END_TEST

START_TEST(contract_1_2_4_pop3_enable_is_on_and_only_yes_was_yes)
{
	row_is("pop3_enable", GW_OPT_BOOL, "yes", GW_RESTART);
	bool_y("", "pop3_enable");
	denies("pop3_enable", "", CONFIG_E_EMPTY, NULL);
	serves("pop3_enable = no\n", "", "*:995", "*:143", "*:993");
}
END_TEST

START_TEST(contract_1_2_5_pop3_port_is_110_and_looked_at_while_the_service_is_on)
{
	row_is("pop3_port", GW_OPT_PORT, "110", GW_RESTART);
	serves("pop3_port = 1025\n", "*:1025", "*:995", "*:143", "*:993");
	denies("pop3_port", "", CONFIG_E_EMPTY, NULL);
	denies("pop3_port", "x", CONFIG_E_VALUE, NULL);
	serves("pop3_port = x\npop3_enable = no\n", "", "*:995", "*:143", "*:993");
}
END_TEST

START_TEST(contract_1_2_6_pop3s_enable_is_on_as_the_page_says)
{
	row_is("pop3s_enable", GW_OPT_BOOL, "yes", GW_RESTART);
	bool_y("", "pop3s_enable");
	denies("pop3s_enable", "", CONFIG_E_EMPTY, NULL);
	serves("pop3s_enable = no\n", "*:110", "", "*:143", "*:993");
}
END_TEST

START_TEST(contract_1_2_7_pop3s_port_is_995_and_looked_at_while_the_service_is_on)
{
	row_is("pop3s_port", GW_OPT_PORT, "995", GW_RESTART);
	serves("pop3s_port = 1025\n", "*:110", "*:1025", "*:143", "*:993");
	denies("pop3s_port", "", CONFIG_E_EMPTY, NULL);
	denies("pop3s_port", "x", CONFIG_E_VALUE, NULL);
	serves("pop3s_port = x\npop3s_enable = no\n", "*:110", "", "*:143", "*:993");
}
END_TEST

START_TEST(contract_1_2_8_imap_enable_is_on_and_one_service_must_be)
{
	row_is("imap_enable", GW_OPT_BOOL, "yes", GW_RESTART);
	bool_y("", "imap_enable");
	denies("imap_enable", "", CONFIG_E_EMPTY, NULL);
	serves("imap_enable = no\n", "*:110", "*:995", "", "*:993");
	refuses("pop3_enable = no\npop3s_enable = no\nimap_enable = no\nimaps_enable = no\n", CONFIG_E_NO_SERVICE, 0, 0);
}
END_TEST

START_TEST(contract_1_2_9_imap_port_is_143_and_looked_at_while_the_service_is_on)
{
	row_is("imap_port", GW_OPT_PORT, "143", GW_RESTART);
	serves("imap_port = 1025\n", "*:110", "*:995", "*:1025", "*:993");
	denies("imap_port", "", CONFIG_E_EMPTY, NULL);
	denies("imap_port", "x", CONFIG_E_VALUE, NULL);
	serves("imap_port = x\nimap_enable = no\n", "*:110", "*:995", "", "*:993");
}
END_TEST

START_TEST(contract_1_2_10_imaps_enable_is_on_as_the_page_says_and_needs_a_certificate)
{
	row_is("imaps_enable", GW_OPT_BOOL, "yes", GW_RESTART);
	bool_y("", "imaps_enable");
	denies("imaps_enable", "", CONFIG_E_EMPTY, NULL);
	serves("imaps_enable = no\n", "*:110", "*:995", "*:143", "");
	/* without a certificate the plain services go on */
	finds("ssl_certificate_file =\n", CONFIG_W_NO_CERTIFICATE);
}
END_TEST

START_TEST(contract_1_2_11_imaps_port_is_993_and_looked_at_while_the_service_is_on)
{
	row_is("imaps_port", GW_OPT_PORT, "993", GW_RESTART);
	serves("imaps_port = 1025\n", "*:110", "*:995", "*:143", "*:1025");
	denies("imaps_port", "", CONFIG_E_EMPTY, NULL);
	denies("imaps_port", "x", CONFIG_E_VALUE, NULL);
	serves("imaps_port = x\nimaps_enable = no\n", "*:110", "*:995", "*:143", "");
}
END_TEST

START_TEST(contract_1_2_12_server_socket_is_the_url_of_the_store)
{
	row_is("server_socket", GW_OPT_URL, "http://localhost:236/", GW_RESTART);
	reads("server_socket", "https://store.example.org:237/", "https://store.example.org:237/", 0);
	reads("server_socket", "local:/var/lib/gateway", "local:/var/lib/gateway", 0);
	denies("server_socket", "store.example.org", CONFIG_E_URL, NULL); /* the original found it at the first login */
}
END_TEST

START_TEST(contract_1_2_13_run_as_user_is_empty_as_the_page_says)
{
	row_is("run_as_user", GW_OPT_STRING, "", GW_RESTART);
	reads("run_as_user", "kopano", "kopano", 0);
	reads("run_as_user", "998", "998", 0);
}
END_TEST

START_TEST(contract_1_2_14_run_as_group_is_empty_as_the_page_says)
{
	row_is("run_as_group", GW_OPT_STRING, "", GW_RESTART);
	reads("run_as_group", "kopano", "kopano", 0);
	reads("run_as_group", "998", "998", 0);
}
END_TEST

START_TEST(contract_1_2_15_pid_file_has_a_name_and_may_be_off)
{
	row_is("pid_file", GW_OPT_PATH, "/var/run/kopano/gateway.pid", GW_RESTART);
	reads("pid_file", "/run/gateway.pid", "/run/gateway.pid", 0);
	reads("pid_file", "", "", 0);
}
END_TEST

START_TEST(contract_1_2_16_running_path_is_the_root_as_the_page_says)
{
	row_is("running_path", GW_OPT_PATH, "/", GW_RESTART);
	reads("running_path", "/var/lib/kopano", "/var/lib/kopano", 0);
	reads("running_path", "", "", 0);
}
END_TEST

START_TEST(contract_1_2_17_coredump_enabled_leaves_the_system_alone)
{
	static const struct reading t[] = { { "systemdefault", "systemdefault", false }, { "SystemDefault", "systemdefault", false },
		{ "yes", "yes", false }, { "on", "yes", false }, { "1", "yes", false }, { "no", "no", false }, { "0", "no", false },
		{ "false", "no", false }, { "off", "no", true }, { "No", "no", true }, { "", "no", true } };

	row_is("coredump_enabled", GW_OPT_ENUM, "systemdefault", GW_RESTART);
	reads_all("", "coredump_enabled", t, sizeof t / sizeof *t);
	denies("coredump_enabled", "perhaps", CONFIG_E_WORD, NULL);
}
END_TEST

START_TEST(contract_1_2_18_process_model_is_thread)
{
	static const struct reading t[] = { { "thread", "thread", false }, { "fork", "fork", false }, { "Fork", "fork", false },
		{ "Thread", "thread", true }, { "threads", "thread", true }, { "threaded", "thread", true } };

	row_is("process_model", GW_OPT_ENUM, "thread", GW_RESTART);
	reads_all("", "process_model", t, sizeof t / sizeof *t);
	denies("process_model", "", CONFIG_E_WORD, NULL);
	denies("process_model", "prefork", CONFIG_E_WORD, NULL);
}
END_TEST

START_TEST(contract_1_2_19_bypass_auth_is_off_and_only_for_a_local_socket)
{
	row_is("bypass_auth", GW_OPT_BOOL, "no", GW_RESTART);
	bool_a("", "bypass_auth");
	finds("bypass_auth = yes\nserver_socket = file:///run/kopano/server.sock\n", CONFIG_W_INSECURE);
	finds("bypass_auth = yes\nserver_socket = https://h:237/\n", CONFIG_W_NO_EFFECT);
}
END_TEST

static TCase *rows(void)
{
	TCase *tc = tcase_create("rows");

	tcase_add_test(tc, contract_1_1_1_booleans_that_were_everything_but_no);
	tcase_add_test(tc, contract_1_1_2_booleans_that_were_exactly_yes);
	tcase_add_test(tc, contract_1_1_3_ports_are_numbers_of_base_0_in_16_bits);
	tcase_add_test(tc, contract_1_1_4_sizes_have_k_m_and_g);
	tcase_add_test(tc, contract_1_1_5_numbers_have_ranges);
	tcase_add_test(tc, contract_1_1_6_texts_paths_lists_and_words);
	tcase_add_test(tc, contract_1_2_1_server_bind_is_a_numeric_address_for_all_four);
	tcase_add_test(tc, contract_1_2_2_server_hostname_is_free_text);
	tcase_add_test(tc, contract_1_2_3_server_hostname_greeting_is_off_and_can_be_reloaded);
	tcase_add_test(tc, contract_1_2_4_pop3_enable_is_on_and_only_yes_was_yes);
	tcase_add_test(tc, contract_1_2_5_pop3_port_is_110_and_looked_at_while_the_service_is_on);
	tcase_add_test(tc, contract_1_2_6_pop3s_enable_is_on_as_the_page_says);
	tcase_add_test(tc, contract_1_2_7_pop3s_port_is_995_and_looked_at_while_the_service_is_on);
	tcase_add_test(tc, contract_1_2_8_imap_enable_is_on_and_one_service_must_be);
	tcase_add_test(tc, contract_1_2_9_imap_port_is_143_and_looked_at_while_the_service_is_on);
	tcase_add_test(tc, contract_1_2_10_imaps_enable_is_on_as_the_page_says_and_needs_a_certificate);
	tcase_add_test(tc, contract_1_2_11_imaps_port_is_993_and_looked_at_while_the_service_is_on);
	tcase_add_test(tc, contract_1_2_12_server_socket_is_the_url_of_the_store);
	tcase_add_test(tc, contract_1_2_13_run_as_user_is_empty_as_the_page_says);
	tcase_add_test(tc, contract_1_2_14_run_as_group_is_empty_as_the_page_says);
	tcase_add_test(tc, contract_1_2_15_pid_file_has_a_name_and_may_be_off);
	tcase_add_test(tc, contract_1_2_16_running_path_is_the_root_as_the_page_says);
	tcase_add_test(tc, contract_1_2_17_coredump_enabled_leaves_the_system_alone);
	tcase_add_test(tc, contract_1_2_18_process_model_is_thread);
	tcase_add_test(tc, contract_1_2_19_bypass_auth_is_off_and_only_for_a_local_socket);
	return tc;
}

UNIT_MAIN("config/contract_1a", rows())

/* test_contract_2.c - section 2 of the contract: options of earlier and later versions, in the order of its table */
#include "tests/unit/config/contract.h"

#define NEWER_CIPHERS "DEFAULT:!LOW:!SSLv2:!SSLv3:!TLSv1.0:!TLSv1.1:!EXPORT:!DH:!PSK:!kRSA:!aDSS:!aNULL:+AES"

/* ---- where the services listen ---- */

START_TEST(contract_2_1_pop3_listen_replaces_bind_enable_and_port)
{
	row_is("pop3_listen", GW_OPT_LISTEN, "", GW_RESTART);
	serves("pop3_listen = *:1110\n", "*:1110", "", "*%lo:143", "");
	serves("pop3_listen = 192.0.2.1:110 [2001:db8::1]:110\n", "192.0.2.1:110 [2001:db8::1]:110", "", "*%lo:143", "");
	serves("pop3_listen =\nimap_listen = *:143\n", "", "", "*:143", "");
	serves("imap_listen = *:143\n", "*%lo:110", "", "*:143", ""); /* the default of 9.0 */
}
END_TEST

START_TEST(contract_2_2_pop3s_listen_is_empty)
{
	row_is("pop3s_listen", GW_OPT_LISTEN, "", GW_RESTART);
	serves("pop3s_listen = *:995\n", "*%lo:110", "*:995", "*%lo:143", "");
	serves("pop3_listen = *:110\n", "*:110", "", "*%lo:143", "");
}
END_TEST

START_TEST(contract_2_3_imap_listen_replaces_bind_enable_and_port)
{
	row_is("imap_listen", GW_OPT_LISTEN, "", GW_RESTART);
	serves("imap_listen = *:1143\n", "*%lo:110", "", "*:1143", "");
	serves("imap_listen =\npop3_listen = *:110\n", "*:110", "", "", "");
	finds("pop3_listen = *:110\n", CONFIG_N_LOOPBACK); /* what imap then does is told */
}
END_TEST

START_TEST(contract_2_4_imaps_listen_is_empty)
{
	row_is("imaps_listen", GW_OPT_LISTEN, "", GW_RESTART);
	serves("imaps_listen = *:993\n", "*%lo:110", "", "*%lo:143", "*:993");
	serves("imap_listen = *:143\n", "*%lo:110", "", "*:143", "");
}
END_TEST

START_TEST(contract_2_5_the_older_options_are_read_though_later_versions_refused_them)
{
	serves("server_bind = 192.0.2.1\nimap_enable = yes\nimap_port = 1143\npop3_enable = no\n", "", "192.0.2.1:995",
		"192.0.2.1:1143", "192.0.2.1:993");
	/* both forms, service by service: the newer counts, and it is told */
	serves("imap_listen = *:1143\nimap_port = 143\npop3_port = 1110\n", "*:1110", "*:995", "*:1143", "*:993");
	finds("imap_listen = *:1143\nimap_port = 143\n", CONFIG_W_DIALECTS);
	/* "auto" of 8.6.81: on, unless the newer form says where */
	reads("imap_enable", "auto", "yes", CONFIG_W_DIFFERENT);
	serves("imap_enable = auto\n", "*:110", "*:995", "*:143", "*:993");
	serves("imap_enable = auto\nimap_listen = *:1143\n", "*:110", "*:995", "*:1143", "*:993");
	denies("imap_capability_idle", "auto", CONFIG_E_VALUE, NULL);
}
END_TEST

START_TEST(contract_2_6_socketspec_has_no_effect)
{
	finds("socketspec = whatever\n", CONFIG_W_RETIRED);
	serves("socketspec = whatever\n", "*:110", "*:995", "*:143", "*:993");
}
END_TEST

/* ---- TLS ---- */

START_TEST(contract_2_7_ssl_curves_are_groups_in_order)
{
	row_is("ssl_curves", GW_OPT_STRING, "X25519:P-521:P-384:P-256", GW_NEXT);
	reads("ssl_curves", "P-256", "P-256", 0);
}
END_TEST

START_TEST(contract_2_8_ssl_ciphers_of_later_versions_are_read)
{
	reads("ssl_ciphers", NEWER_CIPHERS, NEWER_CIPHERS, 0);
}
END_TEST

START_TEST(contract_2_9_ssl_prefer_server_ciphers_of_later_versions_is_read)
{
	reads("ssl_prefer_server_ciphers", "yes", "yes", 0);
}
END_TEST

START_TEST(contract_2_10_ssl_protocols_of_later_versions_is_read_and_gives_way)
{
	struct loaded l;

	load_text(&l, "ssl_protocols = !SSLv2 !SSLv3 !TLSv1 !TLSv1.1\n");
	ck_assert_int_eq(l.rc, 0);
	ck_assert_msg(l.diags.n == 0, "%s", all_text(&l));
	ck_assert_int_eq(l.cfg->tls_min, GW_TLS_1_2);
	load_done(&l);
	/* 9.0 ignored it with a warning */
	load_text(&l, "ssl_protocols = TLSv1\ntls_min_proto = tls1.2\n");
	ck_assert_int_eq(l.cfg->tls_min, GW_TLS_1_2);
	ck_assert_ptr_nonnull(finding_about(&l, CONFIG_W_NO_EFFECT, "ssl_protocols"));
	load_done(&l);
}
END_TEST

START_TEST(contract_2_11_tls_min_proto_is_one_of_five_words)
{
	static const struct {
		const char *word;
		enum gw_tls_version min;
	} t[] = { { "ssl3", GW_TLS_SSL3 }, { "tls1.0", GW_TLS_1_0 }, { "tls1.1", GW_TLS_1_1 }, { "tls1.2", GW_TLS_1_2 },
		{ "tls1.3", GW_TLS_1_3 } };

	row_is("tls_min_proto", GW_OPT_ENUM, "tls1.2", GW_NEXT);
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct loaded l;
		char text[64];

		snprintf(text, sizeof text, "tls_min_proto = %s\n", t[i].word);
		load_text(&l, text);
		ck_assert_int_eq(l.rc, 0);
		ck_assert_int_eq(l.cfg->tls_min, t[i].min);
		ck_assert_int_eq(finding(&l, CONFIG_W_INSECURE) != NULL, t[i].min < GW_TLS_1_2);
		load_done(&l);
	}
	denies("tls_min_proto", "TLSv1.2", CONFIG_E_WORD, NULL);
	denies("tls_min_proto", "", CONFIG_E_WORD, NULL);
}
END_TEST

/* ---- the rest ---- */

START_TEST(contract_2_12_log_method_auto_looks_whether_log_file_is_set)
{
	const struct gw_option *file = gw_option_find(GW_S("log_file"));
	struct loaded l;

	reads("log_method", "auto", "auto", 0);
	load_text(&l, "log_method = auto\n");
	ck_assert_int_eq(l.cfg->log_method, GW_METHOD_AUTO);
	ck_assert(!gw_config_is_set(l.cfg, file, NULL)); /* what the daemon decides by */
	load_done(&l);
	load_text(&l, "log_method = auto\nlog_file = /var/log/kopano/gateway.log\n");
	ck_assert(gw_config_is_set(l.cfg, file, NULL));
	load_done(&l);
}
END_TEST

START_TEST(contract_2_13_pid_file_is_still_written_where_it_is_named)
{
	reads("pid_file", "/var/run/kopano/gateway.pid", "/var/run/kopano/gateway.pid", 0);
	reads("pid_file", "", "", 0);
}
END_TEST

START_TEST(contract_2_14_running_path_of_later_samples_is_read)
{
	reads("running_path", "/var/lib/kopano/empty", "/var/lib/kopano/empty", 0);
}
END_TEST

START_TEST(contract_2_15_html_safety_filter_knows_its_later_default)
{
	reads("html_safety_filter", "ignored", "no", 0);
	reads("html_safety_filter", "yes", "yes", 0);
}
END_TEST

START_TEST(contract_2_16_tmp_path_is_in_all_versions)
{
	row_is("tmp_path", GW_OPT_PATH, "/tmp", GW_NEXT);
}
END_TEST

START_TEST(contract_2_17_bypass_auth_is_no)
{
	row_is("bypass_auth", GW_OPT_BOOL, "no", GW_RESTART);
	ck_assert_str_eq(gw_option_find(GW_S("bypass_auth"))->since, "8.3");
}
END_TEST

START_TEST(contract_2_18_imap_ignore_command_idle_is_no)
{
	row_is("imap_ignore_command_idle", GW_OPT_BOOL, "no", GW_NEXT);
	ck_assert_str_eq(gw_option_find(GW_S("imap_ignore_command_idle"))->since, "8.3");
}
END_TEST

START_TEST(contract_2_19_imap_cache_folders_time_limit_has_no_effect)
{
	finds("imap_cache_folders_time_limit = 600\n", CONFIG_W_RETIRED);
}
END_TEST

START_TEST(contract_2_20_imap_store_rfc822_has_no_effect)
{
	finds("imap_store_rfc822 = no\n", CONFIG_W_RETIRED);
}
END_TEST

START_TEST(contract_2_21_imap_generate_utf8_has_no_effect)
{
	finds("imap_generate_utf8 = yes\n", CONFIG_W_RETIRED);
}
END_TEST

START_TEST(contract_2_22_imap_always_generate_has_no_effect)
{
	finds("imap_always_generate = yes\n", CONFIG_W_RETIRED);
}
END_TEST

START_TEST(contract_2_23_process_model_has_the_later_default)
{
	row_is("process_model", GW_OPT_ENUM, "thread", GW_RESTART);
}
END_TEST

START_TEST(contract_2_24_coredump_enabled_has_the_later_default)
{
	row_is("coredump_enabled", GW_OPT_ENUM, "systemdefault", GW_RESTART);
}
END_TEST

/* ---- what follows the table ---- */

START_TEST(contract_2_25_listeners_are_addresses_interfaces_and_paths)
{
	static const char *const good[] = { "*:143", "0.0.0.0:143", "192.0.2.1:143", "[::]:143", "[2001:db8::1]:143", "*%lo:143",
		"192.0.2.1%eth0:143", "[fe80::1]%eth0:143", "unix:/run/kopano/imap.sock" };
	static const char *const bad[] = { "143", "*", "*:", "*:0", "*:imap", "*:65536", "localhost:143", "2001:db8::1:143",
		"[2001:db8::1]", "*%:143", "unix:imap.sock", "sctp:*:143" };

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		reads("imap_listen", good[i], good[i], 0);
	reads("imap_listen", "*%lo:143 \t [::1]:1143", "*%lo:143 [::1]:1143", 0);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		denies("imap_listen", bad[i], CONFIG_E_LISTENER, NULL);
	denies("imap_listen", "*:143 localhost:144", CONFIG_E_LISTENER, "host names are not looked up");
}
END_TEST

START_TEST(contract_2_26_options_of_other_daemons_are_refused_by_name)
{
	static const char *const names[] = { "sslkey_file", "sslkey_pass", "sslcert_file", "statsclient_url",
		"statsclient_interval", "statsclient_ssl_verify", "surveyclient_url", "server_ssl_key_file", "server_ssl_ca_file",
		"client_update_enabled", "plugin_path", "lmtp_port" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct gw_diag *d;
		struct loaded l;
		char text[64];

		snprintf(text, sizeof text, "%s = x\n", names[i]);
		load_text(&l, text);
		ck_assert_int_eq(l.rc, GW_EINVAL);
		d = finding(&l, CONFIG_E_UNKNOWN);
		ck_assert_msg(d && d->suggestion, "%s", names[i]);
		ck_assert_msg(strstr(d->suggestion, "kopano-") || strstr(d->suggestion, "here the option"), "%s", d->suggestion);
		load_done(&l);
	}
}
END_TEST

START_TEST(contract_2_27_what_later_versions_read_in_another_way_is_read_as_they_did)
{
	reads("run_as_user", "998", "998", 0);                                          /* 10.0.2 */
	reads("imap_max_messagesize", "0.5G", "512M", CONFIG_W_DIFFERENT);              /* 10.0.1 */
	reads("imap_public_folders", "No", "no", CONFIG_W_DIFFERENT);                   /* 10.0.7 */
	reads("imap_capability_idle", "Yes", "yes", CONFIG_W_DIFFERENT);                /* 10.0.7 */
	row_is("max_line", GW_OPT_SIZE, "64K", GW_NEXT);                                /* 8.7.21 */
}
END_TEST

static TCase *rows(void)
{
	TCase *tc = tcase_create("rows");

	tcase_add_test(tc, contract_2_1_pop3_listen_replaces_bind_enable_and_port);
	tcase_add_test(tc, contract_2_2_pop3s_listen_is_empty);
	tcase_add_test(tc, contract_2_3_imap_listen_replaces_bind_enable_and_port);
	tcase_add_test(tc, contract_2_4_imaps_listen_is_empty);
	tcase_add_test(tc, contract_2_5_the_older_options_are_read_though_later_versions_refused_them);
	tcase_add_test(tc, contract_2_6_socketspec_has_no_effect);
	tcase_add_test(tc, contract_2_7_ssl_curves_are_groups_in_order);
	tcase_add_test(tc, contract_2_8_ssl_ciphers_of_later_versions_are_read);
	tcase_add_test(tc, contract_2_9_ssl_prefer_server_ciphers_of_later_versions_is_read);
	tcase_add_test(tc, contract_2_10_ssl_protocols_of_later_versions_is_read_and_gives_way);
	tcase_add_test(tc, contract_2_11_tls_min_proto_is_one_of_five_words);
	tcase_add_test(tc, contract_2_12_log_method_auto_looks_whether_log_file_is_set);
	tcase_add_test(tc, contract_2_13_pid_file_is_still_written_where_it_is_named);
	tcase_add_test(tc, contract_2_14_running_path_of_later_samples_is_read);
	tcase_add_test(tc, contract_2_15_html_safety_filter_knows_its_later_default);
	tcase_add_test(tc, contract_2_16_tmp_path_is_in_all_versions);
	tcase_add_test(tc, contract_2_17_bypass_auth_is_no);
	tcase_add_test(tc, contract_2_18_imap_ignore_command_idle_is_no);
	tcase_add_test(tc, contract_2_19_imap_cache_folders_time_limit_has_no_effect);
	tcase_add_test(tc, contract_2_20_imap_store_rfc822_has_no_effect);
	tcase_add_test(tc, contract_2_21_imap_generate_utf8_has_no_effect);
	tcase_add_test(tc, contract_2_22_imap_always_generate_has_no_effect);
	tcase_add_test(tc, contract_2_23_process_model_has_the_later_default);
	tcase_add_test(tc, contract_2_24_coredump_enabled_has_the_later_default);
	tcase_add_test(tc, contract_2_25_listeners_are_addresses_interfaces_and_paths);
	tcase_add_test(tc, contract_2_26_options_of_other_daemons_are_refused_by_name);
	tcase_add_test(tc, contract_2_27_what_later_versions_read_in_another_way_is_read_as_they_did);
	return tc;
}

UNIT_MAIN("config/contract_2", rows())

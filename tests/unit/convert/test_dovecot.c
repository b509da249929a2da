/* test_dovecot.c - dovecot.conf of 2.2 to 2.4 (convert/dovecot.c, dovecot_read.c) */
#include "tests/unit/convert/converted.h"

#define DOVECOT GW_DIALECT_DOVECOT
#define C "/etc/dovecot/dovecot.conf"

static const struct file site_23[] = {
	{ "/etc/dovecot", NULL },
	{ C, "# a site's file of 2.3\n"
	     "!include_try /usr/share/dovecot/protocols.d/*.protocol\n"
	     "listen = 192.0.2.1, 2001:db8::1\n"
	     "!include conf.d/*.conf\n"
	     "!include_try local.conf\n" },
	{ "/etc/dovecot/conf.d/10-auth.conf", "disable_plaintext_auth = no # for the webmail\n"
					      "auth_mechanisms = plain login cram-md5\n"
					      "!include auth-sql.conf.ext\n" },
	{ "/etc/dovecot/conf.d/10-logging.conf", "log_path = /var/log/dovecot.log\nauth_verbose = yes\nmail_debug = yes\n" },
	{ "/etc/dovecot/conf.d/10-mail.conf", "mail_location = maildir:~/Maildir\nmail_uid = vmail\nmail_plugins = $mail_plugins quota zlib\n" },
	{ "/etc/dovecot/conf.d/10-master.conf", "service imap-login {\n"
						"  inet_listener imap {\n"
						"    port = 1143\n"
						"  }\n"
						"  inet_listener imaps {\n"
						"    address = 127.0.0.1 ::1\n"
						"  }\n"
						"  client_limit = 500\n"
						"}\n"
						"service pop3-login { inet_listener pop3 { port = 0 } }\n"
						"service imap {\n  process_limit = 1024\n}\n"
						"service lmtp {\n  unix_listener lmtp {\n    mode = 0600\n  }\n}\n" },
	{ "/etc/dovecot/conf.d/10-ssl.conf", "ssl = required\n"
					     "ssl_cert = </etc/ssl/dovecot.pem\n"
					     "ssl_key = < /etc/ssl/dovecot.key\n"
					     "ssl_min_protocol = TLSv1.3\n"
					     "ssl_cipher_list = ALL:!kRSA\n"
					     "ssl_prefer_server_ciphers = yes\n"
					     "ssl_key_password = \"hush hush\"\n"
					     "local_name imap.example.net {\n"
					     "  ssl_cert = </etc/ssl/net.pem\n"
					     "  ssl_key = </etc/ssl/net.key\n"
					     "}\n" },
	{ "/etc/dovecot/conf.d/20-imap.conf", "protocol imap {\n  mail_max_userip_connections = 20\n  imap_max_line_length = 32 k\n}\n" },
	{ "/etc/dovecot/conf.d/90-quota.conf", "plugin {\n  quota = maildir:User quota\n  quota_rule = *:storage=1G:messages=1000\n"
					       "  quota_rule2 = Trash:storage=+100M\n}\n" },
	{ "/etc/dovecot/conf.d/auth-sql.conf.ext", "passdb {\n  driver = sql\n  args = /etc/dovecot/sql.conf\n}\n" },
	{ "/usr/share/dovecot/protocols.d/imapd.protocol", "protocols = $protocols imap\n" },
	{ "/usr/share/dovecot/protocols.d/lmtpd.protocol", "protocols = $protocols lmtp\n" },
	{ "/usr/share/dovecot/protocols.d/pop3d.protocol", "protocols = $protocols pop3\n" },
	{ NULL, NULL },
};

START_TEST(a_site_of_2_3_is_carried_with_its_includes)
{
	struct converted v;

	convert_to(&v, DOVECOT, _i ? "/etc/dovecot" : C, site_23);
	has(&v, "imap_listen", "192.0.2.1:1143 [2001:db8::1]:1143");
	has(&v, "imaps_listen", "127.0.0.1:993 [::1]:993");
	has(&v, "pop3_listen", "");
	has(&v, "pop3s_listen", "192.0.2.1:995 [2001:db8::1]:995");
	has(&v, "ssl_certificate_file", "/etc/ssl/dovecot.pem");
	has(&v, "ssl_private_key_file", "/etc/ssl/dovecot.key");
	has(&v, "ssl_certificates", "/etc/ssl/net.pem:/etc/ssl/net.key");
	has(&v, "tls_min_proto", "tls1.3");
	has(&v, "ssl_ciphers", "ALL:!kRSA");
	has(&v, "ssl_prefer_server_ciphers", "yes");
	has(&v, "auth_mechanisms", "PLAIN LOGIN");
	has(&v, "log_method", "file");
	has(&v, "log_file", "/var/log/dovecot.log");
	has(&v, "log_level", "6");
	has(&v, "max_line", "32K");
	has(&v, "max_connections", "1024");
	has(&v, "max_connections_per_user", "20");
	has(&v, "mail_quota", "1G");
	has(&v, "mail_quota_messages", "1000");
	has(&v, "run_as_user", "vmail");
	has(&v, "server_socket", "local:/var/lib/gateway");
	converted_done(&v);
}
END_TEST

START_TEST(what_is_not_carried_of_it_is_reported_in_its_line)
{
	struct converted v;

	convert_to(&v, DOVECOT, C, site_23);
	reports(&v, 4001, 1, "mail_location");
	reports(&v, 4001, 1, "section \"passdb\"");
	reports(&v, 4001, 3, "zlib");
	reports(&v, 4001, 2, "cram-md5");
	reports(&v, 4001, 7, "ssl_key_password");
	reports(&v, 4001, 14, "service lmtp");
	reports(&v, 4001, 4, "plugin.quota_rule2");
	reports(&v, 4001, 1, "protocol \"lmtp\"");
	reports(&v, 4001, 0, "not converted");
	reports(&v, 4002, 3, "quota_rule");
	reports(&v, 4002, 1, "\"ssl\"");
	reports(&v, 4002, 2, "protocol imap: mail_max_userip_connections");
	reports(&v, 4501, 8, "service imap-login: service.login_client_limit");
	silent_about(&v, "hush");
	converted_done(&v);
}
END_TEST

START_TEST(a_finding_has_the_files_that_led_to_it)
{
	struct converted v;

	convert_to(&v, DOVECOT, C, site_23);
	for (size_t i = 0; i < v.report.n; i++) {
		const struct gw_diag *d = &v.report.v[i];

		if (!strstr(d->text, "passdb"))
			continue;
		ck_assert_str_eq(d->at.file, "/etc/dovecot/conf.d/auth-sql.conf.ext");
		ck_assert_uint_eq(d->n_chain, 2);
		ck_assert_str_eq(d->chain[0].file, "/etc/dovecot/conf.d/10-auth.conf");
		ck_assert_uint_eq(d->chain[0].line, 3);
		ck_assert_str_eq(d->chain[1].file, C);
		ck_assert_str_eq(d->source, "passdb {");
		ck_assert_ptr_nonnull(d->suggestion);
	}
	converted_done(&v);
}
END_TEST

START_TEST(the_words_of_2_4_are_carried)
{
	struct converted v;

	convert_text(&v, DOVECOT, C,
		"dovecot_config_version = 2.4.0\n"
		"protocols {\n  imap = yes\n  pop3 = no\n  lmtp = yes\n}\n"
		"auth_allow_cleartext = yes\n"
		"ssl_server {\n  cert_file = /a/cert.pem\n  key_file = /a/key.pem\n  prefer_ciphers = server\n}\n"
		"local_name b.example {\n  ssl_server {\n    cert_file = /b/cert.pem\n    key_file = /b/key.pem\n  }\n}\n"
		"quota \"User quota\" {\n  storage_size = 512M\n}\n"
		"passdb pam {\n}\n"
		"mail_driver = maildir\n"
		"service imap-login {\n  inet_listener imap {\n    listen = 127.0.0.1\n  }\n}\n");
	has(&v, "imap_listen", "127.0.0.1:143");
	has(&v, "imaps_listen", "*:993");
	has(&v, "pop3_listen", "");
	has(&v, "disable_plaintext_auth", "no");
	has(&v, "ssl_certificate_file", "/a/cert.pem");
	has(&v, "ssl_private_key_file", "/a/key.pem");
	has(&v, "ssl_prefer_server_ciphers", "yes");
	has(&v, "ssl_certificates", "/b/cert.pem:/b/key.pem");
	has(&v, "mail_quota", "512M");
	reports(&v, 4001, 22, "passdb pam");
	reports(&v, 4001, 2, "lmtp");
	reports(&v, 4501, 1, "dovecot_config_version");
	converted_done(&v);
}
END_TEST

START_TEST(sections_may_stand_on_one_line)
{
	struct converted v;

	convert_text(&v, DOVECOT, C, "protocols = imap\nservice imap-login { inet_listener imaps { port = 4993 } inet_listener imap { port = 0 } }\n"
		"auth_mechanisms = plain\n");
	has(&v, "imaps_listen", "*:4993");
	has(&v, "imap_listen", "");
	has(&v, "auth_mechanisms", "PLAIN");
	converted_done(&v);
}
END_TEST

START_TEST(names_of_2_4_may_be_whole_and_variables_have_braces)
{
	struct converted v;

	convert_text(&v, DOVECOT, C, "protocols = imap\nmail_path = %{home}/mail\n"
		"service imap-login { inet_listener imap { inet_listener_port = 1143 } }\n"
		"service imap { service_process_limit = 9 }\nlocal_name a { ssl_server_cert_file = /%{x}/c }\nlisten = 10.0.0.1\n");
	has(&v, "imap_listen", "10.0.0.1:1143");
	has(&v, "max_connections", "9");
	reports(&v, 4001, 5, "needs a certificate and a key");
	converted_done(&v);
}
END_TEST

START_TEST(plaintext_is_refused_unless_the_file_allows_it)
{
	struct converted v;

	convert_text(&v, DOVECOT, C, "protocols = imap\n");
	has(&v, "disable_plaintext_auth", "yes");
	has(&v, "log_method", "syslog");
	converted_done(&v);
	convert_text(&v, DOVECOT, C, "protocols = imap\ndisable_plaintext_auth = yes\nprotocol pop3 {\n  disable_plaintext_auth = no\n}\n");
	has(&v, "disable_plaintext_auth", "yes");
	reports(&v, 4002, 4, "stricter");
	converted_done(&v);
}
END_TEST

START_TEST(without_tls_the_services_inside_tls_are_off)
{
	struct converted v;

	convert_text(&v, DOVECOT, C, "protocols = imap pop3\nssl = no\ndisable_plaintext_auth = no\nssl_cert = </c\n");
	has(&v, "imaps_listen", "");
	has(&v, "pop3s_listen", "");
	has(&v, "imap_listen", "*:143");
	has(&v, "ssl_certificate_file", "");
	converted_done(&v);
}
END_TEST

START_TEST(a_name_is_no_address_so_the_service_stays_at_home)
{
	struct converted v;

	convert_text(&v, DOVECOT, C, "protocols = imap\nlisten = mail.example.net\nssl = no\n");
	has(&v, "imap_listen", "*%lo:143");
	reports(&v, 4002, 0, "mail.example.net");
	converted_done(&v);
}
END_TEST

START_TEST(the_last_setting_counts_and_the_others_are_noted)
{
	struct converted v;

	convert_text(&v, DOVECOT, C, "protocols = imap\nmail_location = a\nmail_location = b\nssl_cipher_list = A\nssl_cipher_list = ALL\n");
	has(&v, "ssl_ciphers", "ALL");
	reports(&v, 3001, 2, "mail_location");
	reports(&v, 3001, 4, "ssl_cipher_list");
	reports(&v, 4001, 3, "mail_location");
	converted_done(&v);
}
END_TEST

START_TEST(values_are_quoted_continued_and_commented)
{
	struct converted v;

	convert_text(&v, DOVECOT, C, "protocols = \"imap\"\nssl_cipher_list = 'ALL:!aNULL' # best\nssl_curve_list = X25519:\\\n  P-256\n"
		"#listen = 10.0.0.1\nssl_cert = </a#b.pem\nssl_key = </k\n");
	has(&v, "ssl_ciphers", "ALL:!aNULL");
	has(&v, "ssl_certificate_file", "/a#b.pem");
	converted_done(&v);
}
END_TEST

START_TEST(an_unknown_setting_is_reported_as_one)
{
	struct converted v;

	convert_text(&v, DOVECOT, C, "protocols = imap\nfrobnicate = 7\nwhat_is this {\n  a = b\n}\n");
	reports(&v, 4003, 2, "frobnicate");
	reports(&v, 4003, 3, "what_is this");
	converted_done(&v);
}
END_TEST

START_TEST(a_value_that_no_option_takes_is_left_out)
{
	struct converted v;

	convert_text(&v, DOVECOT, C, "protocols = imap\nimap_max_line_length = 1\nmail_max_userip_connections = many\nssl_min_protocol = TLSv9\n"
		"auth_cache_ttl = 3 fortnights\nlog_path = $HOME/log\n");
	has_not(&v, "max_line");
	has_not(&v, "max_connections_per_user");
	reports(&v, 4001, 2, "not carried");
	reports(&v, 4001, 3, "mail_max_userip");
	reports(&v, 4001, 4, "ssl_min_protocol");
	reports(&v, 4001, 5, "auth_cache_ttl");
	reports(&v, 4001, 6, "cannot stand");
	converted_done(&v);
}
END_TEST

static const struct {
	const char *text;
	unsigned code, line;
} broken[] = {
	{ "protocols = imap\nservice imap {\n", 1401, 2 },
	{ "}\n", 1401, 1 },
	{ "protocols imap\n", 1401, 1 },
	{ "listen = \"*\n", 1401, 1 },
	{ "!include /nowhere\n", 1002, 1 },
	{ "!frob x\n", 1401, 1 },
	{ "!include file\n", 1010, 1 },
	{ "protocols = lmtp\n", 1014, 0 },
};

START_TEST(what_is_no_dovecot_conf_is_an_error_with_its_line)
{
	refuses(DOVECOT, broken[_i].text, broken[_i].code, broken[_i].line);
}
END_TEST

START_TEST(variables_are_looked_up_so_often_and_no_more)
{
	struct gw_buf b;
	struct converted v;

	gw_buf_init(&b, 0);
	gw_buf_printf(&b, "protocols = imap\n");
	for (size_t i = 0; i < GW_CONVERT_VARIABLES_MAX + (size_t)_i; i++)
		gw_buf_printf(&b, "%s$protocols", i % 1000 ? " " : "\nmail_plugins = ");
	gw_buf_add_char(&b, '\n');
	convert_files(&v, GW_DIALECT_DOVECOT, "/dovecot.conf", (const struct file[]){ { "/dovecot.conf", gw_buf_str(&b) }, { NULL, NULL } });
	ck_assert_int_eq(v.rc, _i ? GW_EINVAL : 0);
	ck_assert_int_eq(strstr(report_text(&v), "variables are used more than 20000 times") != NULL, _i);
	converted_done(&v);
	gw_buf_done(&b);
}
END_TEST

START_TEST(passwords_in_values_are_not_told)
{
	static const struct file files[] = { { "/dovecot.conf", "protocols = imap\nconnect = host=db user=u password=hush\n"
		"auth_proxy = https://u:hush@db.example.org/\nmail_location = imapc:ftp://u:hush@h/\n" }, { NULL, NULL } };
	struct converted v;

	convert_files(&v, GW_DIALECT_DOVECOT, "/dovecot.conf", files);
	for (size_t i = 0; i < v.report.n; i++) {
		const struct gw_diag *d = &v.report.v[i];

		ck_assert_msg(!strstr(d->text, "hush"), "%s", d->text);
		ck_assert_msg(!d->found || !strstr(d->found, "hush"), "%s", d->found);
		ck_assert_msg(!d->source || !strstr(d->source, "hush"), "%s", d->source);
	}
	converted_done(&v);
}
END_TEST

START_TEST(sections_are_nested_so_deep_and_no_deeper)
{
	for (int deep = GW_CONVERT_DEPTH_MAX - 2; deep <= GW_CONVERT_DEPTH_MAX; deep++) {
		struct file files[] = { { C, NULL }, { NULL, NULL } };
		struct converted v;
		struct gw_buf b;

		gw_buf_init(&b, 0);
		for (int i = 0; i < deep; i++)
			gw_buf_printf(&b, "namespace {\n");
		for (int i = 0; i < deep; i++)
			gw_buf_printf(&b, "}\n");
		files[0].text = gw_buf_str(&b);
		convert_files(&v, DOVECOT, C, files);
		ck_assert_int_eq(v.rc == 0, deep < GW_CONVERT_DEPTH_MAX);
		converted_done(&v);
		gw_buf_done(&b);
	}
}
END_TEST

static TCase *tcase_dovecot(void)
{
	TCase *tc = tcase_create("dovecot");

	tcase_add_loop_test(tc, variables_are_looked_up_so_often_and_no_more, 0, 2);
	tcase_add_test(tc, passwords_in_values_are_not_told);
	tcase_add_loop_test(tc, a_site_of_2_3_is_carried_with_its_includes, 0, 2);
	tcase_add_test(tc, what_is_not_carried_of_it_is_reported_in_its_line);
	tcase_add_test(tc, a_finding_has_the_files_that_led_to_it);
	tcase_add_test(tc, the_words_of_2_4_are_carried);
	tcase_add_test(tc, sections_may_stand_on_one_line);
	tcase_add_test(tc, names_of_2_4_may_be_whole_and_variables_have_braces);
	tcase_add_test(tc, plaintext_is_refused_unless_the_file_allows_it);
	tcase_add_test(tc, without_tls_the_services_inside_tls_are_off);
	tcase_add_test(tc, a_name_is_no_address_so_the_service_stays_at_home);
	tcase_add_test(tc, the_last_setting_counts_and_the_others_are_noted);
	tcase_add_test(tc, values_are_quoted_continued_and_commented);
	tcase_add_test(tc, an_unknown_setting_is_reported_as_one);
	tcase_add_test(tc, a_value_that_no_option_takes_is_left_out);
	tcase_add_loop_test(tc, what_is_no_dovecot_conf_is_an_error_with_its_line, 0, sizeof broken / sizeof *broken);
	tcase_add_test(tc, sections_are_nested_so_deep_and_no_deeper);
	return tc;
}

UNIT_MAIN("convert/dovecot", tcase_dovecot())

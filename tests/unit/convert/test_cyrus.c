/* test_cyrus.c - imapd.conf and cyrus.conf (convert/cyrus.c) */
#include "tests/unit/convert/converted.h"

#define CYRUS GW_DIALECT_CYRUS

#define SERVICES \
	"START {\n  recover cmd=\"ctl_cyrusdb -r\"\n}\n" \
	"SERVICES {\n" \
	"  # name   what\n" \
	"  imap     cmd=\"imapd -U 30\" listen=\"imap\" prefork=0 maxchild=100\n" \
	"  imaps    cmd=\"/usr/lib/cyrus/bin/imapd -s -U 30\" listen=\"192.0.2.1:imaps\" maxchild=50\n" \
	"  pop3     cmd=\"pop3d\" listen=\"[::1]:110\" maxchild=-1\n" \
	"  local    cmd=\"imapd\" listen=\"/run/cyrus/socket/imap\"\n" \
	"  lmtpunix cmd=\"lmtpd\" listen=\"/run/cyrus/socket/lmtp\"\n" \
	"}\n" \
	"EVENTS {\n  prune cmd=\"expire -E 3\" at=0401\n}\n"

static const struct file site[] = {
	{ "/etc", NULL },
	{ "/etc/cyrus.conf", SERVICES },
	{ "/etc/imapd.conf", "# a site\n"
			     "configdirectory: /var/lib/cyrus\n"
			     "partition-default: /var/spool/cyrus\n"
			     "servername: imap.example.org\n"
			     "TLS_Server_Cert: /etc/ssl/c.pem\n"
			     "tls_server_key: \"/etc/ssl/c.key\"\n"
			     "tls_client_ca_file: /etc/ssl/ca.pem\n"
			     "tls_versions: tls1_2 tls1_3\n"
			     "tls_client_certs: require\n"
			     "tls_ciphers: ALL:\\\n!aNULL\n"
			     "tls_prefer_server_ciphers: 1\n"
			     "sasl_mech_list: PLAIN LOGIN DIGEST-MD5\n"
			     "sasl_pwcheck_method: saslauthd\n"
			     "timeout: 45\n"
			     "poptimeout: 12m\n"
			     "maxmessagesize: 20971520\n"
			     "maxlogins_per_user: 15\n"
			     "maxlogins_per_host: -1\n"
			     "autocreate_quota: 1048576\n"
			     "suppress_capabilities: QRESYNC CONDSTORE\n"
			     "imaps_tls_ciphers: HIGH\n"
			     "lmtpunix_timeout: 3\n"
			     "syslog_prefix: cyrus\n"
			     "altnamespace: yes\n"
			     "nobody_knows: 1\n"
			     "@include: /etc/more.conf\n" },
	{ "/etc/more.conf", "allowplaintext: yes\nldap_password: hush\n"
			      "popminpoll: 5\npoppollpadding: 3\npopexpiretime: 4w\npopuseimapflags: yes\nuidl_format: courier\n" },
	{ NULL, NULL },
};

START_TEST(both_files_are_carried_whichever_is_named)
{
	static const char *const names[] = { "/etc/imapd.conf", "/etc/cyrus.conf", "/etc" };
	struct converted v;

	convert_to(&v, CYRUS, names[_i], site);
	has(&v, "imap_listen", "*:143 unix:/run/cyrus/socket/imap");
	has(&v, "imaps_listen", "192.0.2.1:993");
	has(&v, "pop3_listen", "[::1]:110");
	has(&v, "pop3s_listen", "");
	has(&v, "server_hostname", "imap.example.org");
	has(&v, "server_hostname_greeting", "yes");
	has(&v, "ssl_certificate_file", "/etc/ssl/c.pem");
	has(&v, "ssl_private_key_file", "/etc/ssl/c.key");
	has(&v, "ssl_verify_file", "/etc/ssl/ca.pem");
	has(&v, "ssl_verify_client", "yes");
	has(&v, "tls_min_proto", "tls1.2");
	has(&v, "ssl_ciphers", "HIGH");
	has(&v, "ssl_prefer_server_ciphers", "yes");
	has(&v, "auth_mechanisms", "PLAIN LOGIN");
	has(&v, "imap_timeout", "2700");
	has(&v, "pop3_timeout", "720");
	has(&v, "pop3_login_delay", "300");
	has(&v, "pop3_login_burst", "3");
	has(&v, "pop3_expire", "28");
	has(&v, "pop3_set_seen", "yes");
	has(&v, "pop3_uidl_format", "cyrus-courier");
	has(&v, "imap_max_messagesize", "20M");
	has(&v, "max_connections", "150");
	has(&v, "max_connections_per_user", "15");
	has(&v, "max_connections_per_address", "0");
	has(&v, "mail_quota", "1G");
	has(&v, "imap_capabilities", "-QRESYNC -CONDSTORE");
	has(&v, "disable_plaintext_auth", "no");
	has(&v, "log_method", "syslog");
	converted_done(&v);
}
END_TEST

START_TEST(what_is_not_carried_of_it_is_reported_in_its_line)
{
	struct converted v;

	convert_to(&v, CYRUS, "/etc/imapd.conf", site);
	reports(&v, 4001, 2, "configdirectory");
	reports(&v, 4001, 13, "DIGEST-MD5");
	reports(&v, 4001, 14, "sasl_pwcheck_method");
	reports(&v, 4001, 23, "service lmtpunix");
	reports(&v, 4001, 10, "lmtpunix");
	reports(&v, 4001, 24, "syslog_prefix");
	reports(&v, 4002, 22, "tls_ciphers");
	reports(&v, 4002, 6, "maxchild");
	reports(&v, 4003, 26, "nobody_knows");
	reports(&v, 4501, 25, "altnamespace");
	reports(&v, 4501, 1, "START");
	reports(&v, 4001, 2, "ldap_password");
	silent_about(&v, "hush");
	converted_done(&v);
}
END_TEST

START_TEST(plaintext_needs_tls_unless_the_file_allows_it)
{
	struct converted v;

	convert_text(&v, CYRUS, "/x/imapd.conf", "timeout: 30\n");
	has(&v, "disable_plaintext_auth", "yes");
	has(&v, "imap_listen", "*:143");
	has(&v, "imaps_listen", "*:993");
	reports(&v, 4002, 0, "cyrus.conf");
	converted_done(&v);
	convert_text(&v, CYRUS, "/x/imapd.conf", "tls_required: yes\nallowplaintext: yes\n");
	has(&v, "disable_plaintext_auth", "yes");
	converted_done(&v);
	convert_text(&v, CYRUS, "/x/imapd.conf", "tls_required: no\n");
	has(&v, "disable_plaintext_auth", "yes");
	converted_done(&v);
}
END_TEST

static const struct {
	const char *value, *min;
} versions[] = { { "tls1_0 tls1_1 tls1_2 tls1_3", "tls1.0" }, { "ssl2 tls1_3", "tls1.3" }, { "tls1_2,tls1_3", "tls1.2" } };

START_TEST(authorities_that_nobody_asks_for_are_left_out)
{
	struct converted v;

	convert_text(&v, CYRUS, "/x/imapd.conf", "tls_client_ca_dir: /etc/ssl/certs\n");
	has_not(&v, "ssl_verify_path");
	reports(&v, 4501, 1, "no client");
	converted_done(&v);
}
END_TEST

START_TEST(versions_of_tls_become_the_lowest)
{
	char text[100];
	struct converted v;

	snprintf(text, sizeof text, "tls_versions: %s\n", versions[_i].value);
	convert_text(&v, CYRUS, "/x/imapd.conf", text);
	has(&v, "tls_min_proto", versions[_i].min);
	has_not(&v, "ssl_protocols");
	converted_done(&v);
}
END_TEST

START_TEST(an_upper_end_of_tls_stays_one)
{
	struct converted v;

	convert_text(&v, CYRUS, "/x/imapd.conf", "tls_versions: tls1_1 tls1_2\n");
	ck_assert_int_eq(v.cfg->tls_min, GW_TLS_1_1);
	ck_assert_int_eq(v.cfg->tls_max, GW_TLS_1_2);
	converted_done(&v);
}
END_TEST

static const struct {
	const char *text;
	unsigned code, line;
} broken[] = {
	{ "timeout 30\n", 1401, 1 },
	{ "# fine\n@include: /nowhere\n", 1002, 2 },
	{ "@include: /x/file\n", 1010, 1 },
};

START_TEST(what_is_no_imapd_conf_is_an_error_with_its_line)
{
	refuses(CYRUS, broken[_i].text, broken[_i].code, broken[_i].line);
}
END_TEST

START_TEST(services_stand_in_a_section)
{
	static const struct file files[] = { { "/x/imapd.conf", "" }, { "/x/cyrus.conf", "imap cmd=\"imapd\" listen=\"imap\"\n" }, { NULL, NULL } };
	struct converted v;

	convert_files(&v, CYRUS, "/x/imapd.conf", files);
	ck_assert_int_eq(v.rc, GW_EINVAL);
	reports(&v, 1401, 1, "no section");
	converted_done(&v);
}
END_TEST

static TCase *tcase_cyrus(void)
{
	TCase *tc = tcase_create("cyrus");

	tcase_add_loop_test(tc, both_files_are_carried_whichever_is_named, 0, 3);
	tcase_add_test(tc, what_is_not_carried_of_it_is_reported_in_its_line);
	tcase_add_test(tc, plaintext_needs_tls_unless_the_file_allows_it);
	tcase_add_test(tc, authorities_that_nobody_asks_for_are_left_out);
	tcase_add_loop_test(tc, versions_of_tls_become_the_lowest, 0, 3);
	tcase_add_test(tc, an_upper_end_of_tls_stays_one);
	tcase_add_loop_test(tc, what_is_no_imapd_conf_is_an_error_with_its_line, 0, sizeof broken / sizeof *broken);
	tcase_add_test(tc, services_stand_in_a_section);
	return tc;
}

UNIT_MAIN("convert/cyrus", tcase_cyrus())

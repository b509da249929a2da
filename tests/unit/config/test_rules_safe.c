/* test_rules_safe.c - rules about ports, passwords in clear and who may do what (config/rules_net.c, rules_safe.c) */
#include "tests/unit/config/load.h"

/* With code 0: none at all. */
static void finds(const char *text, unsigned code)
{
	struct loaded l;

	load_text(&l, text);
	ck_assert_msg(code ? finding(&l, code) != NULL : l.diags.n == 0, "%s: %s", text, all_text(&l));
	load_done(&l);
}

START_TEST(ports_of_other_protocols_are_noticed)
{
	finds("imap_port = 993\nimaps_port = 1993\n", CONFIG_W_PORT);
	finds("pop3_listen = 127.0.0.1:143\nimap_listen =\n", CONFIG_W_PORT);
	finds("imaps_port = 143\nimap_enable = no\n", CONFIG_W_PORT);
	finds("imap_port = 1143\n", 0);
	finds("imap_port = 143\n", 0);
	finds("server_socket = https://mail:236/\n", CONFIG_W_PORT);
	finds("server_socket = http://127.0.0.1:237\n", CONFIG_W_PORT);
	finds("server_socket = https://mail:237/\n", 0);
	finds("server_socket = https://[2001:db8::1]:236/\n", CONFIG_W_PORT);
}
END_TEST

START_TEST(a_storage_server_elsewhere_needs_tls)
{
	static const struct {
		const char *text;
		bool clear;
	} t[] = { { "http://mail:236/", true }, { "http://10.0.0.1:236", true }, { "http://[2001:db8::1]:236/", true },
		{ "http://localhost:236/", false }, { "http://127.9.9.9:236/", false }, { "http://[::1]:236/", false },
		{ "https://mail:237/", false }, { "file:///run/server.sock", false }, { "local:/x", false },
		{ "http://localhost.example.org/", true } };
	char text[128];

	snprintf(text, sizeof text, "server_socket = %s\n", t[_i].text);
	finds(text, t[_i].clear ? CONFIG_W_INSECURE : 0);
}
END_TEST

START_TEST(passwords_in_clear_are_a_note_or_without_tls_a_warning)
{
	static const char no_tls[] = "ssl_certificate_file =\nimaps_enable = no\npop3s_enable = no\n";
	static const struct {
		const char *text;
		bool note;
	} t[] = { { "", true }, { "disable_plaintext_auth = no\n", true }, { "disable_plaintext_auth = yes\n", false },
		{ "server_bind = 127.0.0.1\n", false }, { "server_bind = ::1\n", false }, { "server_bind = 192.0.2.1\n", true },
		{ "imap_enable = no\npop3_enable = no\n", false }, { "imap_listen = *%lo:143\n", false },
		{ "imap_listen = unix:/run/imap\npop3_listen =\nimaps_listen = *:993\n", false },
		{ "imap_listen = 127.0.0.1:143 192.0.2.1:143\n", true } };
	char text[256];
	struct loaded l;

	load_text(&l, t[_i].text);
	ck_assert_msg(l.plaintext == t[_i].note, "%s: %s", t[_i].text, all_text(&l));
	ck_assert_ptr_null(finding(&l, CONFIG_W_PLAINTEXT));
	load_done(&l);
	if (t[_i].note) {
		snprintf(text, sizeof text, "%s%s", no_tls, t[_i].text);
		finds(text, CONFIG_W_PLAINTEXT);
	}
}
END_TEST

START_TEST(what_nobody_verifies_is_noticed)
{
	finds("ssl_verify_file = /ca.pem\n", CONFIG_W_NO_EFFECT);
	finds("ssl_verify_path = /ca\nssl_verify_client = no\n", CONFIG_W_NO_EFFECT);
	finds("ssl_verify_file =\nssl_verify_path =\nssl_verify_client = no\n", 0);
	finds("auth_mechanisms = PLAIN EXTERNAL\n", CONFIG_W_NO_EFFECT);
	finds("auth_mechanisms = PLAIN EXTERNAL\nssl_verify_client = yes\nssl_verify_file = /ca.pem\n", 0);
	finds("auth_mechanisms = PLAIN OAUTHBEARER\nserver_socket = local:/x\n", CONFIG_W_NO_EFFECT);
	finds("auth_mechanisms = PLAIN XOAUTH2\nserver_socket = local:/x\n", CONFIG_W_NO_EFFECT);
	finds("auth_mechanisms = PLAIN OAUTHBEARER XOAUTH2\nserver_socket = https://mail.example.org/\n", 0);
}
END_TEST

START_TEST(places_for_everybody_are_noticed)
{
	finds("pid_file = /tmp/gateway.pid\n", CONFIG_W_INSECURE);
	finds("control_socket = /var/tmp/c\n", CONFIG_W_INSECURE);
	finds("log_file = /dev/shm/log\n", CONFIG_W_INSECURE);
	finds("ssl_private_key_file = /tmp/key.pem\n", CONFIG_W_INSECURE);
	finds("pid_file = /tmp/mine/gateway.pid\n", 0);
	finds("pid_file = /tmpfile\n", 0);
	finds("control_socket_mode = 0666\n", CONFIG_W_INSECURE);
	finds("control_socket_mode = 0660\n", 0);
	finds("control_socket_mode = 0666\ncontrol_socket =\n", 0);
}
END_TEST

START_TEST(root_and_the_ends_of_the_log_are_noticed)
{
	finds("run_as_user = root\n", CONFIG_W_INSECURE);
	finds("run_as_user = 0\n", CONFIG_W_INSECURE);
	finds("run_as_user = 1000\nrun_as_group = 0\n", 0);
	finds("run_as_user =\n", 0);
	finds("log_level = 0\n", CONFIG_N_LOG_LEVEL);
	finds("log_level = 6\n", CONFIG_N_LOG_LEVEL);
	finds("log_level = 5\n", 0);
}
END_TEST

static TCase *tests(void)
{
	TCase *tc = tcase_create("safe");

	tcase_add_test(tc, ports_of_other_protocols_are_noticed);
	tcase_add_loop_test(tc, a_storage_server_elsewhere_needs_tls, 0, 10);
	tcase_add_loop_test(tc, passwords_in_clear_are_a_note_or_without_tls_a_warning, 0, 10);
	tcase_add_test(tc, what_nobody_verifies_is_noticed);
	tcase_add_test(tc, places_for_everybody_are_noticed);
	tcase_add_test(tc, root_and_the_ends_of_the_log_are_noticed);
	return tc;
}

UNIT_MAIN("config/rules_safe", tests())

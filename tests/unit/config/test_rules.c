/* test_rules.c - what options say together (config/rules.c, config/tls.c) */
#include "tests/unit/config/load.h"

#include "config/priv.h"

/* The finding is there, or with code 0 there is none. */
static void finds(const char *text, unsigned code)
{
	struct loaded l;

	load_text(&l, text);
	ck_assert_msg(code ? finding(&l, code) != NULL : l.diags.n == 0, "%s: %s", text, all_text(&l));
	load_done(&l);
}

START_TEST(protocols_become_a_range)
{
	static const struct {
		const char *text;
		enum gw_tls_version min, max;
		unsigned code;
	} t[] = {
		{ "", GW_TLS_1_2, GW_TLS_ANY, 0 },
		{ "tls_min_proto = tls1.3", GW_TLS_1_3, GW_TLS_ANY, 0 },
		{ "tls_min_proto = tls1.0", GW_TLS_1_0, GW_TLS_ANY, CONFIG_W_INSECURE },
		{ "tls_min_proto = ssl3", GW_TLS_SSL3, GW_TLS_ANY, CONFIG_W_INSECURE },
		{ "ssl_protocols = !SSLv2", GW_TLS_1_0, GW_TLS_ANY, CONFIG_W_INSECURE },
		{ "ssl_protocols = !SSLv2 !SSLv3 !TLSv1 !TLSv1.1", GW_TLS_1_2, GW_TLS_ANY, 0 },
		{ "ssl_protocols = !sslv3 !tlsv1 !TLSV1.1", GW_TLS_1_2, GW_TLS_ANY, 0 },
		{ "ssl_protocols = TLSv1.2", GW_TLS_1_2, GW_TLS_ANY, 0 },
		{ "ssl_protocols = TLSv1.2 !TLSv1.3", GW_TLS_1_2, GW_TLS_1_2, 0 },
		{ "ssl_protocols = TLSv1.3", GW_TLS_1_3, GW_TLS_ANY, 0 },
		{ "ssl_protocols = TLSv1 TLSv1.2", GW_TLS_1_2, GW_TLS_ANY, CONFIG_W_GAP },
		{ "ssl_protocols = SSLv3 TLSv1 TLSv1.1 TLSv1.2", GW_TLS_SSL3, GW_TLS_ANY, CONFIG_W_INSECURE },
		{ "ssl_protocols = TLSv1.2 !SSLv4", GW_TLS_1_2, GW_TLS_ANY, 0 },
		{ "ssl_protocols = SSLv2 TLSv1.2", GW_TLS_1_2, GW_TLS_ANY, CONFIG_W_NO_EFFECT },
		{ "ssl_protocols = TLSv1.1 TLSv1.0 TLSv1.2", GW_TLS_1_0, GW_TLS_ANY, CONFIG_W_INSECURE },
		{ "ssl_protocols = TLSv1\ntls_min_proto = tls1.3", GW_TLS_1_3, GW_TLS_ANY, CONFIG_W_NO_EFFECT },
	};
	struct loaded l;

	load_text(&l, t[_i].text);
	ck_assert_msg(l.rc == 0, "%s: %s", t[_i].text, all_text(&l));
	ck_assert_msg(t[_i].code ? finding(&l, t[_i].code) != NULL : l.diags.n == 0, "%s: %s", t[_i].text, all_text(&l));
	ck_assert_uint_eq(l.cfg->tls_min, t[_i].min);
	ck_assert_uint_eq(l.cfg->tls_max, t[_i].max);
	load_done(&l);
}
END_TEST

START_TEST(protocols_that_make_no_sense_are_refused)
{
	refuses("ssl_protocols = TLSv2", CONFIG_E_WORD, 1, 17);
	refuses("ssl_protocols = !SSLv3 !TLSv1 !TLSv1.1 !TLSv1.2 !TLSv1.3", CONFIG_E_TLS, 1, 17);
}
END_TEST

START_TEST(certificates_come_in_pairs)
{
	struct loaded l;

	load_text(&l, "ssl_certificate_file = /c\nssl_private_key_file = /k\nssl_certificates = /a:/b  /d:/e\n");
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.cfg->n_certs, 3);
	ck_assert_str_eq(l.cfg->certs[0].cert, "/c");
	ck_assert_str_eq(l.cfg->certs[0].key, "/k");
	ck_assert_str_eq(l.cfg->certs[2].cert, "/d");
	ck_assert_str_eq(l.cfg->certs[2].key, "/e");
	load_done(&l);
	load_text(&l, "ssl_certificate_file =\nssl_certificates = /a:/b\n");
	ck_assert_uint_eq(l.cfg->n_certs, 1);
	ck_assert_str_eq(l.cfg->certs[0].cert, "/a");
	load_done(&l);
	refuses("ssl_certificates = /a", CONFIG_E_PAIR, 1, 20);
	refuses("ssl_certificates = /a: ", CONFIG_E_PAIR, 1, 20);
	refuses("ssl_certificates = :/b", CONFIG_E_PAIR, 1, 20);
	refuses("ssl_certificates = /a:/b:/c", CONFIG_E_PAIR, 1, 20);
}
END_TEST

START_TEST(tls_without_a_certificate_is_noticed)
{
	finds("ssl_certificate_file =\n", CONFIG_W_NO_CERTIFICATE);
	finds("server_bind = 127.0.0.1\nssl_private_key_file =\nimaps_enable = no\npop3s_enable = no\n", 0);
	finds("ssl_private_key_file =\nimaps_enable = no\npop3s_enable = no\ndisable_plaintext_auth = yes\n", CONFIG_W_NO_CERTIFICATE);
	finds("ssl_verify_client = yes\n", CONFIG_W_NO_AUTHORITY);
	finds("ssl_verify_client = yes\nssl_verify_file = /ca.pem\n", 0);
	finds("ssl_verify_client = yes\nssl_verify_path = /ca\n", 0);
}
END_TEST

/* RFC 9698 */
START_TEST(where_the_jmap_server_is_is_told_with_an_address_of_https)
{
	finds("jmap_access_url = https://mail.example.org/.well-known/jmap", 0);
	finds("jmap_access_url = HTTPS://mail.example.org", 0);
	finds("jmap_access_url = https://", CONFIG_E_VALUE);
	finds("jmap_access_url = http://mail.example.org/", CONFIG_E_VALUE);
	finds("jmap_access_url = mail.example.org", CONFIG_E_VALUE);
	finds("jmap_access_url = https://mail.example.org/a b", CONFIG_E_VALUE);
	finds("jmap_access_url = https://mail.example.org/\"", CONFIG_E_VALUE);
	finds("jmap_access_url = https://mail.example.org/\\x", CONFIG_E_VALUE);
	finds("jmap_access_url = https://mail.example.org/\xc3\xa4", CONFIG_E_VALUE);
}
END_TEST

START_TEST(metrics_for_other_machines_are_noticed)
{
	finds("metrics_listen = 127.0.0.1:9143 [::1]:9143 *%lo:9144 unix:/run/m\n", 0);
	finds("metrics_listen =\n", 0);
	finds("metrics_listen = *:9143\n", CONFIG_W_INSECURE);
	finds("metrics_listen = 192.0.2.1:9143\n", CONFIG_W_INSECURE);
}
END_TEST

START_TEST(metrics_collide_where_they_were_asked_for)
{
	finds("metrics_listen = 127.0.0.1:143\n", CONFIG_E_COLLISION);
	finds("metrics_listen = 127.0.0.1:9143 *:9143\n", CONFIG_E_COLLISION);
	finds("imap_port = 9143\n", 0);
}
END_TEST

START_TEST(bypass_auth_is_noticed)
{
	finds("bypass_auth = yes\n", CONFIG_W_NO_EFFECT);
	finds("bypass_auth = yes\nserver_socket = file:///run/s\n", CONFIG_W_INSECURE);
	finds("bypass_auth = yes\nserver_socket = default:\n", CONFIG_W_INSECURE);
	finds("bypass_auth = no\nserver_socket = default:\n", 0);
}
END_TEST

START_TEST(threads_are_noticed_in_the_fork_model)
{
	finds("process_model = fork\nworker_threads = 4\n", CONFIG_W_NO_EFFECT);
	finds("process_model = fork\n", 0);
	finds("worker_threads = 4\nloop_threads = 2\nauth_threads = 1\n", 0);
}
END_TEST

START_TEST(capabilities_carry_a_sign)
{
	accepts("imap_capabilities = -CONDSTORE  -MOVE\n", 0, "imap_capabilities", "-CONDSTORE -MOVE");
	refuses("imap_capabilities = CONDSTORE\n", CONFIG_E_WORD, 1, 21);
	refuses("imap_capabilities = -\n", CONFIG_E_WORD, 1, 21);
	refuses("imap_capabilities = -(x\n", CONFIG_E_WORD, 1, 21);
	refuses("imap_capabilities = -imap4REV1\n", CONFIG_E_WORD, 1, 21);
	accepts("imap_capabilities = +objectid+\n", 0, "imap_capabilities", "+objectid+");
	refuses("imap_capabilities = -ID +NOTIFY\n", CONFIG_E_WORD, 1, 25);
	refuses("imap_capabilities = +\n", CONFIG_E_WORD, 1, 21);
}
END_TEST

/* Neither quotes nor what stands behind a # is part of a name. */
START_TEST(admins_are_names_of_users)
{
	accepts("imap_admins = anna  o'neill@example.org\n", 0, "imap_admins", "anna o'neill@example.org");
	refuses("imap_admins = \"\"\n", CONFIG_E_WORD, 1, 15);
	refuses("imap_admins = anna 'bert'\n", CONFIG_E_WORD, 1, 20);
	refuses("imap_admins = anna # me\n", CONFIG_E_WORD, 1, 20);
}
END_TEST

START_TEST(short_timeouts_are_noticed)
{
	finds("imap_timeout = 1799\n", CONFIG_W_SHORT);
	finds("imap_timeout = 1800\n", 0);
	finds("pop3_timeout = 599\n", CONFIG_W_SHORT);
	finds("pop3_timeout = 600\n", 0);
}
END_TEST

START_TEST(limits_fit_together)
{
	refuses("max_line_prelogin = 65K\n", CONFIG_E_LIMITS, 1, 21);
	refuses("max_literal_prelogin = 65K\n", CONFIG_E_LIMITS, 1, 24);
	refuses("max_line = 1M\nmax_session_memory = 512K\n", CONFIG_E_LIMITS, 1, 12);
	finds("max_line_prelogin = 64K\n", 0);
	finds("max_connections = 10\nmax_connections_per_address = 11\n", CONFIG_W_NO_EFFECT);
	accepts("max_line = 2K\n", 0, "max_line_prelogin", "2K"); /* a default gives way */
	accepts("max_connections = 10\n", 0, "max_connections_per_user", "100"); /* without effect, but so what */
}
END_TEST

START_TEST(the_default_store_is_not_judged_when_the_one_of_the_file_is_nonsense)
{
	static const char *const stores[] = { "local", NULL };
	struct gw_slice text = GW_S("server_socket = nonsense\n");
	struct loaded l;

	load_source(&l, &(struct gw_config_source){ .path = "t.cfg", .text = &text, .stores = stores });
	ck_assert_ptr_nonnull(finding(&l, CONFIG_E_URL));
	ck_assert_ptr_null(finding(&l, CONFIG_E_STORE));
	load_done(&l);
	load_source(&l, &(struct gw_config_source){ .path = "t.cfg", .text = &text, .stores = stores, .ignore_unknown = true });
	ck_assert_ptr_nonnull(finding(&l, CONFIG_E_STORE)); /* now the default counts */
	load_done(&l);
}
END_TEST

START_TEST(findings_about_a_word_of_a_list_point_at_it)
{
	refuses("ssl_protocols = TLSv1.2  foo\n", CONFIG_E_WORD, 1, 26);
	refuses("ssl_certificates = a:b c d:e\n", CONFIG_E_PAIR, 1, 24);
	refuses("imap_capabilities = -ID\tFOO\n", CONFIG_E_WORD, 1, 25);
	refuses("imap_listen = $LISTEN\n", CONFIG_E_LISTENER, 1, 15);
}
END_TEST

START_TEST(what_a_secret_variable_holds_is_not_told)
{
	static const char *const stores[] = { "local", NULL };
	static const char *const texts[] = { "server_socket = $DB_PASSWORD\n", "imap_port = $DB_PASSWORD\n",
		"imap_listen = $DB_PASSWORD\n", "imap_only_mailfolders = $DB_PASSWORD\n" };
	struct gw_slice text = gw_slice_str(texts[_i]);
	struct loaded l;

	load_source(&l, &(struct gw_config_source){ .path = "t.cfg", .text = &text, .stores = stores, .env = test_env });
	ck_assert_uint_gt(l.diags.n, 0);
	ck_assert_ptr_null(strstr(all_text(&l), "xyzzy"));
	load_done(&l);
}
END_TEST

START_TEST(the_host_of_a_storage_server_stands_behind_its_password)
{
	accepts("server_socket = http://u:p@localhost:236/\n", 0, "server_hostname", "");
	accepts("server_socket = http://localhost:x@192.0.2.1/\n", CONFIG_W_INSECURE, "server_hostname", "");
}
END_TEST

START_TEST(stores_that_cannot_be_opened_are_refused)
{
	static const char *const stores[] = { "local", "mem", NULL };
	static const struct {
		const char *text;
		bool ok;
	} t[] = { { "", false }, { "server_socket = local:/x\n", true }, { "server_socket = LOCAL:/x\n", true },
		{ "server_socket = https://h:237/\n", false }, { "server_socket = default:\n", false } };
	struct gw_slice text = gw_slice_str(t[_i].text);
	struct loaded l;

	load_source(&l, &(struct gw_config_source){ .path = "t.cfg", .text = &text, .stores = stores });
	ck_assert_int_eq(l.rc == 0, t[_i].ok);
	ck_assert_int_eq(finding(&l, CONFIG_E_STORE) == NULL, t[_i].ok);
	load_done(&l);
}
END_TEST

static TCase *tests(void)
{
	TCase *tc = tcase_create("rules");

	tcase_add_loop_test(tc, protocols_become_a_range, 0, 16);
	tcase_add_test(tc, protocols_that_make_no_sense_are_refused);
	tcase_add_test(tc, certificates_come_in_pairs);
	tcase_add_test(tc, tls_without_a_certificate_is_noticed);
	tcase_add_test(tc, where_the_jmap_server_is_is_told_with_an_address_of_https);
	tcase_add_test(tc, metrics_for_other_machines_are_noticed);
	tcase_add_test(tc, metrics_collide_where_they_were_asked_for);
	tcase_add_test(tc, bypass_auth_is_noticed);
	tcase_add_test(tc, threads_are_noticed_in_the_fork_model);
	tcase_add_test(tc, capabilities_carry_a_sign);
	tcase_add_test(tc, admins_are_names_of_users);
	tcase_add_test(tc, short_timeouts_are_noticed);
	tcase_add_test(tc, limits_fit_together);
	tcase_add_loop_test(tc, stores_that_cannot_be_opened_are_refused, 0, 5);
	tcase_add_test(tc, the_default_store_is_not_judged_when_the_one_of_the_file_is_nonsense);
	tcase_add_test(tc, findings_about_a_word_of_a_list_point_at_it);
	tcase_add_loop_test(tc, what_a_secret_variable_holds_is_not_told, 0, 4);
	tcase_add_test(tc, the_host_of_a_storage_server_stands_behind_its_password);
	return tc;
}

UNIT_MAIN("config/rules", tests())

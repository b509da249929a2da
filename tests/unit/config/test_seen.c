/* test_seen.c - what of the configuration one client meets (lib/config/seen.h) */
#include "config/seen.h"
#include "config/show.h"
#include "tests/unit/config/load.h"

#define TLS_NONE "ssl_certificate_file =\n"

/* One client, and what it sees of one option. want NULL: it does not count. */
static void sees(const char *text, const struct gw_viewer *w, const char *name, const char *want, const char *why)
{
	struct gw_seen s;
	struct loaded l;

	load_text(&l, text);
	ck_assert_msg(l.cfg != NULL, "%s: %s", text, all_text(&l));
	gw_config_see(l.cfg, gw_option_find(gw_slice_str(name)), w, &s);
	ck_assert_msg(s.counts == (want != NULL), "%s of %s: %s", name, text, s.why ? s.why : "counts");
	if (want)
		ck_assert_str_eq(s.value, want);
	ck_assert_msg((s.why != NULL) == (why != NULL), "%s of %s: %s", name, text, s.why ? s.why : "no reason");
	if (why)
		ck_assert_msg(strstr(s.why, why) != NULL, "%s: \"%s\" is not in \"%s\"", name, why, s.why);
	load_done(&l);
}

static const struct gw_viewer anybody = { 0 };
static const struct gw_viewer imap_far = { .knows = GW_VIEWER_SERVICE | GW_VIEWER_ADDRESS, .service = GW_SERVICE_IMAP };
static const struct gw_viewer imap_near = { .knows = GW_VIEWER_SERVICE | GW_VIEWER_ADDRESS, .service = GW_SERVICE_IMAP,
	.local = true };
static const struct gw_viewer imap_starttls = { .knows = GW_VIEWER_SERVICE | GW_VIEWER_ADDRESS,
	.service = GW_SERVICE_IMAP, .tls = true };
static const struct gw_viewer imaps = { .knows = GW_VIEWER_SERVICE, .service = GW_SERVICE_IMAPS };
static const struct gw_viewer imaps_certificate = { .knows = GW_VIEWER_SERVICE, .service = GW_SERVICE_IMAPS,
	.certificate = true };
static const struct gw_viewer pop3 = { .knows = GW_VIEWER_SERVICE, .service = GW_SERVICE_POP3 };
static const struct gw_viewer joe = { .knows = GW_VIEWER_PHASE, .signed_on = true };
static const struct gw_viewer nobody_yet = { .knows = GW_VIEWER_PHASE };

START_TEST(plain_passwords_are_refused_from_afar_without_tls)
{
	static const char yes[] = "disable_plaintext_auth = yes\n";

	sees("", &imap_far, "disable_plaintext_auth", "no", NULL);
	sees(yes, &imap_far, "disable_plaintext_auth", "yes", NULL);
	sees(yes, &anybody, "disable_plaintext_auth", "yes", "clients of this machine");
	sees(yes, &(struct gw_viewer){ .knows = GW_VIEWER_SERVICE }, "disable_plaintext_auth", "yes", "this machine");
	sees(yes, &imap_near, "disable_plaintext_auth", "no", "this machine's");
	sees(yes, &imap_starttls, "disable_plaintext_auth", "no", "inside TLS");
	sees(yes, &imaps, "disable_plaintext_auth", "no", "inside TLS");
}
END_TEST

START_TEST(mechanisms_are_those_that_would_be_offered)
{
	static const char all[] = "disable_plaintext_auth = yes\n"
				  "auth_mechanisms = PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS EXTERNAL\n"
				  "ssl_verify_client = yes\nssl_verify_file = /ca\n";

	sees(all, &imap_far, "auth_mechanisms", "SCRAM-SHA-256", "PLAIN: disable_plaintext_auth");
	sees(all, &imap_near, "auth_mechanisms", "PLAIN SCRAM-SHA-256", "SCRAM-SHA-256-PLUS: ");
	sees(all, &imaps, "auth_mechanisms", "PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS", "EXTERNAL: the client has shown no");
	sees(all, &imaps_certificate, "auth_mechanisms", "PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS EXTERNAL", NULL);
	sees("auth_mechanisms = EXTERNAL\n", &imaps_certificate, "auth_mechanisms", "", "ssl_verify_client");
	sees("auth_mechanisms =\n", &imap_far, "auth_mechanisms", "", NULL);
	sees(all, &joe, "auth_mechanisms", "PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS EXTERNAL", NULL);
}
END_TEST

START_TEST(tokens_are_for_a_server_that_knows_them_and_not_for_the_open_wire) /* RFC 7628 3 */
{
	static const char jmap[] = "server_socket = https://mail.example.org/\n"
				   "auth_mechanisms = PLAIN SCRAM-SHA-256 OAUTHBEARER XOAUTH2\n";
	static const char local[] = "server_socket = local:/x\nauth_mechanisms = PLAIN SCRAM-SHA-256 OAUTHBEARER XOAUTH2\n";

	sees(jmap, &imap_far, "auth_mechanisms", "PLAIN", "OAUTHBEARER: tokens are not taken in the clear");
	sees(jmap, &imap_near, "auth_mechanisms", "PLAIN OAUTHBEARER XOAUTH2", "SCRAM-SHA-256: only an embedded store");
	sees(jmap, &imap_starttls, "auth_mechanisms", "PLAIN OAUTHBEARER XOAUTH2", "SCRAM-SHA-256: only an embedded store");
	sees(jmap, &imaps, "auth_mechanisms", "PLAIN OAUTHBEARER XOAUTH2", "SCRAM-SHA-256: only an embedded store");
	sees(local, &imaps, "auth_mechanisms", "PLAIN SCRAM-SHA-256", "OAUTHBEARER: only a JMAP server");
}
END_TEST

START_TEST(options_of_one_protocol_do_not_count_for_the_other)
{
	sees("", &pop3, "imap_timeout", NULL, "nothing to do with pop3");
	sees("", &imaps, "pop3_timeout", NULL, "nothing to do with imaps");
	sees("", &imaps, "imap_port", NULL, "nothing to do with imaps");
	sees("", &pop3, "max_line", NULL, "RFC 1939");
	sees("", &imaps, "imap_timeout", "1800", NULL);
	sees("", &anybody, "pop3_timeout", "600", NULL);
}
END_TEST

START_TEST(limits_depend_on_address_and_login)
{
	sees("", &imap_near, "max_connections_per_address", "0", "own addresses");
	sees("", &imap_far, "max_connections_per_address", "100", NULL);
	sees("max_connections_per_address = 0\n", &imap_near, "max_connections_per_address", "0", NULL);
	sees("", &joe, "login_timeout", NULL, "before login");
	sees("", &joe, "imap_timeout", "1800", NULL);
	sees("", &joe, "max_line", "64K", NULL);
	sees("", &joe, "max_line_prelogin", NULL, "before login");
	sees("", &nobody_yet, "login_timeout", "60", NULL);
	sees("", &nobody_yet, "imap_timeout", NULL, "after login");
	sees("", &nobody_yet, "max_connections_per_user", NULL, "after login");
}
END_TEST

START_TEST(the_form_of_listeners_that_does_not_count_is_told)
{
	sees("imap_listen = *:1143\nimap_port = 1\n", &anybody, "imap_port", NULL, "NAME_listen");
	sees("imap_listen = *:1143\nimap_port = 1\n", &anybody, "pop3_port", "110", NULL);
	sees("imap_listen = *:1143\n", &anybody, "pop3_port", NULL, "newer form");
	sees("imap_listen = *:1143\n", &anybody, "pop3_listen", "*%lo:110", "is not set");
	sees("imap_listen = *:1143\n", &anybody, "imap_listen", "*:1143", NULL);
	sees("server_bind = ::1\n", &anybody, "imaps_listen", "[::1]:993", "is not set");
	sees("server_bind = ::1\n", &anybody, "server_bind", "::1", NULL);
	sees("imap_listen = *:1\nserver_bind = ::1\n", &imap_far, "server_bind", NULL, "NAME_listen");
}
END_TEST

START_TEST(options_of_tls_count_inside_tls)
{
	sees("", &imap_far, "ssl_ciphers", NULL, "inside TLS");
	sees("", &imap_starttls, "ssl_prefer_server_ciphers", "no", NULL);
	sees(TLS_NONE, &anybody, "ssl_ciphers", NULL, "without a certificate");
	sees("ssl_protocols = TLSv1.1 TLSv1.2\n", &imaps, "tls_min_proto", "tls1.1", "ssl_protocols decides");
	sees("ssl_protocols = TLSv1.1\ntls_min_proto = tls1.2\n", &imaps, "ssl_protocols", NULL, "tls_min_proto");
	sees("", &imaps, "ssl_verify_file", NULL, "ssl_verify_client");
	sees("ssl_verify_client = yes\nssl_verify_file = /ca\n", &imaps, "ssl_verify_file", "/ca", NULL);
}
END_TEST

START_TEST(what_another_option_switches_off_does_not_count)
{
	sees("process_model = fork\n", &anybody, "loop_threads", NULL, "process_model");
	sees("log_method = syslog\n", &anybody, "log_file", NULL, "syslog");
	sees("log_method = auto\n", &anybody, "log_file", NULL, "auto");
	sees("log_method = auto\nlog_file = /x\n", &anybody, "log_file", "/x", NULL);
	sees("", &anybody, "mail_quota", NULL, "local:");
	sees("server_socket = local:/x\n", &anybody, "mail_quota", "0", "limit of their own");
	sees("server_socket = local:/x\n", &anybody, "bypass_auth", NULL, "local:");
	sees("imap_capability_idle = no\n", &anybody, "imap_ignore_command_idle", NULL, "imap_capability_idle");
	sees("control_socket =\n", &anybody, "control_socket_mode", NULL, "no control socket");
	sees("", &anybody, "server_hostname", NULL, "server_hostname_greeting");
}
END_TEST

static void reaches(const char *listen, bool near, bool far)
{
	struct loaded l;
	char text[128];

	snprintf(text, sizeof text, "imap_listen = %s\nimaps_listen = *:993\n", listen);
	load_text(&l, text);
	ck_assert_msg(gw_config_reachable(l.cfg, GW_SERVICE_IMAP, true) == near, "%s", listen);
	ck_assert_msg(gw_config_reachable(l.cfg, GW_SERVICE_IMAP, false) == far, "%s", listen);
	load_done(&l);
}

START_TEST(services_of_the_loopback_are_not_reached_from_afar)
{
	reaches("*:143", true, true);
	reaches("*%lo:143", true, false);
	reaches("127.0.0.2:143 [::1]:143 unix:/x", true, false);
	reaches("127.0.0.2:143 [::2]:143", true, true);
	reaches("*%eth0:143", true, true);
	reaches("", false, false);
}
END_TEST

static bool is_value(const struct gw_option *opt, const char *text)
{
	struct gw_buf b;
	bool is;

	gw_buf_init(&b, 0);
	is = gw_option_format(opt, gw_slice_str(text), GW_FORM_AS_IS, &b);
	gw_buf_done(&b);
	return is;
}

/* Whatever the client: a value that counts is one the option takes. */
START_TEST(what_is_seen_is_always_a_value_of_the_option)
{
	static const struct gw_viewer *const all[] = { &anybody, &imap_far, &imap_near, &imaps, &pop3, &joe, &nobody_yet };
	struct gw_config *cfg = gw_config_defaults();

	for (size_t i = 0; i < gw_option_count(); i++)
		for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
			const struct gw_option *opt = gw_option_at(i);
			struct gw_seen s;

			if (opt->type == GW_OPT_RETIRED)
				continue;
			gw_config_see(cfg, opt, all[k], &s);
			ck_assert_msg(s.counts || s.why, "%s", opt->name);
			ck_assert_msg(is_value(opt, s.value), "%s = %s", opt->name, s.value);
		}
	gw_config_unref(cfg);
}
END_TEST

START_TEST(the_log_has_a_name_when_it_is_set_and_asked_for)
{
	static const struct {
		const char *text;
		bool named;
	} cases[] = {
		{ "log_method = auto\n", false }, { "log_method = auto\nlog_file = /var/log/x\n", true },
		{ "log_method = auto\nlog_file =\n", false }, { "log_method = auto\nlog_file = -\n", true },
		{ "log_method = file\n", true }, { "log_method = syslog\nlog_file = /var/log/x\n", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct loaded l;

		load_text(&l, cases[i].text);
		ck_assert_msg(gw_config_log_is_named(l.cfg) == cases[i].named, "%s", cases[i].text);
		load_done(&l);
	}
}
END_TEST

static TCase *tests(void)
{
	TCase *tc = tcase_create("seen");

	tcase_add_test(tc, plain_passwords_are_refused_from_afar_without_tls);
	tcase_add_test(tc, mechanisms_are_those_that_would_be_offered);
	tcase_add_test(tc, tokens_are_for_a_server_that_knows_them_and_not_for_the_open_wire);
	tcase_add_test(tc, options_of_one_protocol_do_not_count_for_the_other);
	tcase_add_test(tc, limits_depend_on_address_and_login);
	tcase_add_test(tc, the_form_of_listeners_that_does_not_count_is_told);
	tcase_add_test(tc, options_of_tls_count_inside_tls);
	tcase_add_test(tc, what_another_option_switches_off_does_not_count);
	tcase_add_test(tc, services_of_the_loopback_are_not_reached_from_afar);
	tcase_add_test(tc, what_is_seen_is_always_a_value_of_the_option);
	tcase_add_test(tc, the_log_has_a_name_when_it_is_set_and_asked_for);
	return tc;
}

UNIT_MAIN("config/seen", tests())

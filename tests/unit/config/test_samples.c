/* test_samples.c - whole files as the packages of kopano-gateway 8.0, 8.5, 8.7, 9 and 11 had them, written anew
 *
 * Such files set nearly every option. What they say is compared whole: every value that is not our default, where the
 * services listen, which versions of TLS are spoken, and all that is found. */
#include "config/priv.h"
#include "tests/unit/config/load.h"

#define LATER_CIPHERS "DEFAULT:!LOW:!SSLv2:!SSLv3:!TLSv1.0:!TLSv1.1:!EXPORT:!DH:!PSK:!kRSA:!aDSS:!aNULL:+AES"

struct sample {
	const char *name;
	unsigned lines;      /* "name = value" lines, none of which is lost */
	const char *changed; /* options that differ from the defaults, or count by being set */
	const char *listen[GW_SERVICE_COUNT]; /* pop3, pop3s, imap, imaps */
	enum gw_tls_version min;
	const char *findings; /* "2006 name " for each warning and note */
};

static void load_sample(struct loaded *l, const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "tests/fixtures/config/%s", name);
	load_source(l, &(struct gw_config_source){ .path = path });
	ck_assert_msg(l->rc == 0, "%s", all_text(l));
}

static void put_findings(const struct loaded *l, struct gw_buf *out)
{
	for (size_t i = 0; i < l->diags.n; i++)
		gw_buf_printf(out, "%u %s ", l->diags.v[i].code, l->diags.v[i].option ? l->diags.v[i].option->name : "-");
}

/* Options that the file set, those without effect too. */
static unsigned lines_of(const struct loaded *l)
{
	unsigned n = 0;

	for (size_t i = 0; i < gw_option_count(); i++)
		n += gw_config_is_set(l->cfg, gw_option_at(i), NULL);
	for (size_t i = 0; i < l->diags.n; i++)
		n += l->diags.v[i].code == CONFIG_W_RETIRED;
	return n;
}

static void means(const struct sample *s)
{
	struct gw_buf b;
	struct loaded l;

	load_sample(&l, s->name);
	gw_buf_init(&b, 0);
	gw_config_dump(l.cfg, true, &b);
	ck_assert_str_eq(gw_buf_str(&b), s->changed);
	gw_buf_done(&b);
	gw_buf_init(&b, 0);
	put_findings(&l, &b);
	ck_assert_str_eq(gw_buf_str(&b), s->findings);
	gw_buf_done(&b);
	for (size_t i = 0; i < GW_SERVICE_COUNT; i++)
		ck_assert_str_eq(l.cfg->state->listeners[i], s->listen[i]);
	ck_assert_int_eq(l.cfg->tls_min, s->min);
	ck_assert_uint_eq(l.cfg->n_certs, 1);
	ck_assert_uint_eq(lines_of(&l), s->lines);
	load_done(&l);
}

START_TEST(a_file_of_version_8_0)
{
	means(&(struct sample){ .name = "kopano-8.0.cfg", .lines = 42,
		.changed = "coredump_enabled = no\n" "imap_enable = yes\n" "imap_port = 143\n" "imaps_enable = no\n"
			   "imaps_port = 993\n" "log_file = /var/log/kopano/gateway.log\n" "log_level = 3\n" "pop3_enable = yes\n"
			   "pop3_port = 110\n" "pop3s_enable = no\n" "pop3s_port = 995\n" "process_model = fork\n"
			   "run_as_group = kopano\n" "run_as_user = kopano\n" "running_path = /var/lib/kopano\n" "server_bind =\n"
			   "ssl_protocols = !SSLv2\n",
		.listen = { "*:110", "", "*:143", "" }, .min = GW_TLS_1_0,
		.findings = "2006 imap_always_generate 2006 imap_generate_utf8 2006 imap_store_rfc822 2011 ssl_protocols " });
}
END_TEST

START_TEST(a_file_of_version_8_5)
{
	means(&(struct sample){ .name = "kopano-8.5.cfg", .lines = 42,
		.changed = "imap_enable = yes\n" "imap_port = 143\n" "imaps_enable = no\n" "imaps_port = 993\n"
			   "log_file = /var/log/kopano/gateway.log\n" "log_level = 3\n" "pop3_enable = yes\n" "pop3_port = 110\n"
			   "pop3s_enable = no\n" "pop3s_port = 995\n" "run_as_group = kopano\n" "run_as_user = kopano\n"
			   "running_path = /var/lib/kopano\n" "server_bind =\n"
			   "server_socket = file:///var/run/kopano/server.sock\n" "ssl_protocols = !SSLv2\n",
		.listen = { "*:110", "", "*:143", "" }, .min = GW_TLS_1_0,
		.findings = "2011 ssl_protocols " });
}
END_TEST

START_TEST(a_file_of_version_8_7)
{
	means(&(struct sample){ .name = "kopano-8.7.cfg", .lines = 43,
		.changed = "imap_listen = *:143\n" "imaps_listen =\n" "log_file =\n" "log_level = 3\n" "log_method = auto\n"
			   "pop3_listen = *:110\n" "pop3s_listen =\n" "run_as_group = kopano\n" "run_as_user = kopano\n"
			   "running_path = /var/lib/kopano/empty\n" "server_socket = default:\n"
			   "ssl_ciphers = " LATER_CIPHERS "\n" "ssl_prefer_server_ciphers = yes\n"
			   "ssl_protocols = !SSLv2 !SSLv3 !TLSv1 !TLSv1.1\n",
		.listen = { "*:110", "", "*:143", "" }, .min = GW_TLS_1_2,
		.findings = "2006 socketspec 2006 imap_always_generate 2006 imap_cache_folders_time_limit 2006 imap_generate_utf8 "
			    "2006 imap_store_rfc822 " });
}
END_TEST

START_TEST(a_file_of_version_9)
{
	means(&(struct sample){ .name = "kopano-9.cfg", .lines = 37,
		.changed = "imap_listen = *%lo:143\n" "imaps_listen = *:993 [::1]:1993\n"
			   "log_file = /var/log/kopano/gateway.log\n" "log_level = 3\n" "log_method = auto\n"
			   "pop3_listen = *%lo:110\n" "pop3s_listen =\n" "run_as_group = kopano\n" "run_as_user = kopano\n"
			   "server_socket = default:\n" "ssl_ciphers = " LATER_CIPHERS "\n" "ssl_prefer_server_ciphers = yes\n"
			   "tls_min_proto = tls1.2\n",
		.listen = { "*%lo:110", "", "*%lo:143", "*:993 [::1]:1993" }, .min = GW_TLS_1_2, .findings = "" });
}
END_TEST

START_TEST(a_file_of_version_11)
{
	means(&(struct sample){ .name = "kopano-11.cfg", .lines = 37,
		.changed = "disable_plaintext_auth = yes\n" "imap_listen = *%lo:143\n" "imap_max_messagesize = 512M\n"
			   "imaps_listen = *:993 unix:/run/kopano/imaps.sock\n" "log_file =\n" "log_level = 4\n"
			   "log_method = auto\n" "pid_file =\n" "pop3_listen =\n" "pop3s_listen =\n" "run_as_group = 998\n"
			   "run_as_user = 998\n" "server_hostname = mail.example.org\n" "server_hostname_greeting = yes\n"
			   "server_socket = default:\n" "ssl_ciphers = " LATER_CIPHERS "\n" "ssl_curves = X25519:P-256\n"
			   "ssl_prefer_server_ciphers = yes\n" "tls_min_proto = tls1.3\n",
		.listen = { "", "", "*%lo:143", "*:993 unix:/run/kopano/imaps.sock" }, .min = GW_TLS_1_3,
		.findings = "2005 bypass_auth 2005 imap_max_messagesize 2005 disable_plaintext_auth " });
}
END_TEST

START_TEST(an_empty_log_file_is_for_auto_alone)
{
	accepts("log_method = auto\nlog_file =\n", 0, "log_file", "");
	accepts("log_file =\nlog_method = syslog\n", 0, "log_file", "");
	refuses("log_file =\n", CONFIG_E_EMPTY, 1, 11);
	refuses("log_file =\nlog_method = file\n", CONFIG_E_EMPTY, 1, 11);
}
END_TEST

static TCase *tests(void)
{
	TCase *tc = tcase_create("samples");

	tcase_add_test(tc, a_file_of_version_8_0);
	tcase_add_test(tc, a_file_of_version_8_5);
	tcase_add_test(tc, a_file_of_version_8_7);
	tcase_add_test(tc, a_file_of_version_9);
	tcase_add_test(tc, a_file_of_version_11);
	tcase_add_test(tc, an_empty_log_file_is_for_auto_alone);
	return tc;
}

UNIT_MAIN("config/samples", tests())

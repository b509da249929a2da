/* test_show.c - forms of values, examples, history, derived values, secrets (lib/config/show.h, history.h) */
#include "config/history.h"
#include "config/show.h"
#include "tests/unit/config/load.h"

static void formats(const char *name, const char *text, enum gw_form form, const char *want)
{
	const struct gw_option *opt = gw_option_find(gw_slice_str(name));
	struct gw_buf b;

	gw_buf_init(&b, 0);
	ck_assert_ptr_nonnull(opt);
	ck_assert_msg(gw_option_format(opt, gw_slice_str(text), form, &b) == (want != NULL), "%s = %s", name, text);
	ck_assert_str_eq(gw_buf_str(&b), want ? want : "");
	gw_buf_done(&b);
}

START_TEST(sizes_and_times_have_a_form_for_people_and_one_for_machines)
{
	formats("imap_max_messagesize", "131072 k", GW_FORM_AS_IS, "128M");
	formats("imap_max_messagesize", "131072 k", GW_FORM_HUMAN, "128M");
	formats("imap_max_messagesize", "128mib", GW_FORM_PLAIN, "134217728");
	formats("imap_timeout", "1800", GW_FORM_HUMAN, "30m");
	formats("imap_timeout", "30m", GW_FORM_PLAIN, "1800");
	formats("imap_timeout", "7200", GW_FORM_HUMAN, "2h");
	formats("imap_timeout", "2d", GW_FORM_HUMAN, "2d");
	formats("imap_timeout", "1801", GW_FORM_HUMAN, "1801");
	formats("auth_cache_ttl", "0", GW_FORM_HUMAN, "0");
	formats("imap_enable", "On", GW_FORM_HUMAN, "yes");
	formats("control_socket_mode", "600", GW_FORM_PLAIN, "0600");
	formats("ssl_protocols", "!SSLv3   TLSv1.2", GW_FORM_HUMAN, "!SSLv3 TLSv1.2");
	formats("imap_max_messagesize", "1.5M", GW_FORM_HUMAN, "1536K");
	formats("imap_max_messagesize", "1.5x", GW_FORM_HUMAN, NULL);
	formats("imap_port", "", GW_FORM_HUMAN, NULL);
}
END_TEST

START_TEST(every_example_loads_and_every_human_form_means_the_same)
{
	for (size_t i = 0; i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);
		struct gw_buf a, b, c;
		char example[256];

		if (opt->type == GW_OPT_RETIRED)
			continue;
		gw_option_example(opt, example, sizeof example);
		ck_assert_msg(*example != '\0', "%s has no example", opt->name);
		gw_buf_init(&a, 0);
		gw_buf_init(&b, 0);
		gw_buf_init(&c, 0);
		ck_assert_msg(gw_option_format(opt, gw_slice_str(example), GW_FORM_HUMAN, &a), "%s = %s", opt->name, example);
		ck_assert(gw_option_format(opt, gw_buf_slice(&a), GW_FORM_PLAIN, &b));
		ck_assert(gw_option_format(opt, gw_buf_slice(&b), GW_FORM_HUMAN, &c));
		ck_assert_str_eq(gw_buf_str(&a), gw_buf_str(&c));
		gw_buf_done(&a);
		gw_buf_done(&b);
		gw_buf_done(&c);
	}
}
END_TEST

/* ---- history ---- */

START_TEST(versions_are_compared_by_their_numbers)
{
	ck_assert_int_lt(gw_version_compare("8.7", "10.0"), 0);
	ck_assert_int_lt(gw_version_compare("8.6.82", "8.7"), 0);
	ck_assert_int_eq(gw_version_compare("9", "9.0"), 0);
	ck_assert_int_eq(gw_version_compare("kopano-gateway 9.0", "9.0.0"), 0);
	ck_assert_int_gt(gw_version_compare("gateway 0.1", "11.0"), 0);
	ck_assert_int_lt(gw_version_compare("gateway 0.1", "gateway 0.2"), 0);
	ck_assert(gw_version_valid("8.7") && gw_version_valid("gateway 0.1") && gw_version_valid("11"));
	ck_assert(!gw_version_valid("") && !gw_version_valid("8.") && !gw_version_valid(".8") && !gw_version_valid("8..7"));
	ck_assert(!gw_version_valid("gateway") && !gw_version_valid("v8.7") && !gw_version_valid("gateway "));
}
END_TEST

START_TEST(events_are_sorted_and_every_row_was_added_once)
{
	static struct gw_event v[1000];
	size_t n = gw_events(v, 1000), added = 0;

	ck_assert_uint_gt(n, gw_option_count());
	ck_assert_uint_lt(n, 1000);
	ck_assert_uint_eq(gw_events(NULL, 0), n);
	for (size_t i = 0; i < n; i++) {
		ck_assert(gw_version_valid(v[i].version) && *v[i].text && *gw_event_kind_name(v[i].kind));
		ck_assert(i == 0 || gw_version_compare(v[i - 1].version, v[i].version) <= 0);
		added += v[i].kind == GW_EVENT_ADDED;
		/* without an option it is about every file: a name that has no row would look the same */
		ck_assert_msg(v[i].option || v[i].kind == GW_EVENT_CHANGED, "%s: %s", v[i].version, v[i].text);
	}
	ck_assert_uint_eq(added, gw_option_count());
}
END_TEST

START_TEST(nothing_happens_to_an_option_before_it_is_there)
{
	static struct gw_event v[1000];
	size_t n = gw_events(v, 1000);

	for (size_t i = 0; i < n; i++)
		ck_assert_msg(!v[i].option || gw_version_compare(v[i].option->since, v[i].version) <= 0, "%s %s",
			v[i].option ? v[i].option->name : "", v[i].version);
}
END_TEST

/* ---- derived values and origins ---- */

static void derives(const struct loaded *l, const char *name, const char *want)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	ck_assert_ptr_nonnull(gw_derived_find(gw_slice_str(name)));
	gw_derived_find(gw_slice_str(name))->put(l->cfg, &b);
	ck_assert_str_eq(gw_buf_str(&b), want);
	gw_buf_done(&b);
}

START_TEST(derived_values_say_what_options_mean_together)
{
	struct loaded l;

	load_text(&l, "imap_listen = *%lo:143 [::1]:1143\nssl_protocols = TLSv1.1 TLSv1.2 !TLSv1.3\nssl_certificates = a:b\n");
	derives(&l, "imap.listen", "*%lo:143 [::1]:1143");
	derives(&l, "pop3.listen", "*%lo:110");
	derives(&l, "pop3s.listen", "");
	derives(&l, "services", "pop3 imap");
	derives(&l, "tls.min", "tls1.1");
	derives(&l, "tls.max", "tls1.2");
	derives(&l, "tls.certificates", "/etc/kopano/gateway/cert.pem:/etc/kopano/gateway/privkey.pem a:b");
	load_done(&l);
	load_text(&l, "");
	derives(&l, "tls.min", "tls1.2");
	derives(&l, "tls.max", "tls1.3");
	load_done(&l);
	ck_assert_ptr_null(gw_derived_find(GW_S("imap.port")));
}
END_TEST

static bool origin_of(const struct loaded *l, const char *name, struct gw_config_origin *o)
{
	return gw_config_origin(l->cfg, gw_option_find(gw_slice_str(name)), o);
}

START_TEST(an_origin_has_its_include_chain_and_its_variable)
{
	static const struct file files[] = { { "/a", "!include b\n" }, { "/b", "#\n!include c\n" },
		{ "/c", "imap_port =  $PORT \nserver_hostname = $NOBODY\n" }, { NULL, NULL } };
	struct gw_config_origin o;
	struct loaded l;

	load_files(&l, "/a", files);
	ck_assert(origin_of(&l, "imap_port", &o));
	ck_assert_str_eq(o.at.file, "/c");
	ck_assert_uint_eq(o.at.line, 1);
	ck_assert_uint_eq(o.at.column, 14);
	ck_assert_uint_eq(o.n_chain, 2);
	ck_assert_str_eq(o.chain[0].file, "/b");
	ck_assert_uint_eq(o.chain[0].line, 2);
	ck_assert_str_eq(o.chain[1].file, "/a");
	ck_assert_str_eq(o.env, "PORT");
	ck_assert(origin_of(&l, "server_hostname", &o));
	ck_assert_ptr_null(o.env);
	ck_assert(!origin_of(&l, "pop3_port", &o));
	ck_assert_ptr_null(o.at.file);
	load_done(&l);
}
END_TEST

/* ---- secrets ---- */

static void masks(const char *text, const char *want)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_secret_put_masked(gw_slice_str(text), &b);
	ck_assert_str_eq(gw_buf_str(&b), want);
	gw_buf_done(&b);
}

START_TEST(passwords_in_texts_are_found)
{
	masks("http://joe:geheim@host:236/", "http://joe:***@host:236/");
	masks("http://joe:a:b@c@host/", "http://joe:***@host/");
	masks("x https://:pw@[::1]/ \"ftp://a:b@c\" y", "x https://:***@[::1]/ \"ftp://a:***@c\" y");
	masks("http://joe:a/b@host/", "http://joe:***@host/");
	masks("http://host/?user=joe&Password=pw&x=1;token=t", "http://host/?user=joe&Password=***&x=1;token=***");
}
END_TEST

START_TEST(what_is_no_password_stays)
{
	static const char *const texts[] = { "http://localhost:236/", "http://joe@host/", "http://joe:@host/",
		"joe:pw@host", "local:/var/lib/gateway", "file:///run/server.sock", "http://host/a@b", "", "://", ":///:@",
		"?pass=&x", "cert.pem:key.pem" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		masks(texts[i], texts[i]);
}
END_TEST

START_TEST(a_long_hostile_text_is_looked_at_in_linear_time)
{
	static char text[1 << 20];

	for (size_t i = 0; i + 6 < sizeof text; i += 6)
		memcpy(text + i, "://:?/", 6);
	masks(text, text);
}
END_TEST

static const char *secret_env(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "DB_Password") == 0 || strcmp(name, "HOST") == 0 ? "hidden.example.org" : NULL;
}

START_TEST(values_of_variables_that_are_named_like_secrets_are_masked_whole)
{
	struct gw_slice text = GW_S("server_hostname = $DB_Password\nrun_as_user = $HOST\n");
	struct loaded l;
	struct gw_buf b;

	load_source(&l, &(struct gw_config_source){ .path = "t", .text = &text, .env = secret_env });
	gw_buf_init(&b, 0);
	gw_config_put_masked(l.cfg, gw_option_find(GW_S("server_hostname")), &b);
	gw_config_put_masked(l.cfg, gw_option_find(GW_S("run_as_user")), &b);
	ck_assert_str_eq(gw_buf_str(&b), "***hidden.example.org");
	ck_assert(gw_config_has_secret(l.cfg, gw_option_find(GW_S("server_hostname"))));
	ck_assert(!gw_config_has_secret(l.cfg, gw_option_find(GW_S("run_as_user"))));
	gw_buf_done(&b);
	load_done(&l);
	ck_assert(gw_secret_variable(GW_S("API_TOKEN")) && !gw_secret_variable(GW_S("PWD")) && !gw_secret_variable(GW_S("")));
}
END_TEST

static void tells_no_secret(const char *line)
{
	static const char *const stores[] = { "none", NULL };
	struct gw_slice text = gw_slice_str(line);
	struct loaded l;

	load_source(&l, &(struct gw_config_source){ .path = "t", .text = &text, .env = secret_env, .stores = stores });
	ck_assert_uint_gt(l.diags.n, 0);
	for (size_t i = 0; i < l.diags.n; i++) {
		const char *const told[] = { l.diags.v[i].text, l.diags.v[i].found, l.diags.v[i].source };

		for (size_t k = 0; k < 3; k++)
			ck_assert_msg(!told[k] || !strstr(told[k], "hidden"), "%s: %s", line, told[k]);
	}
	load_done(&l);
}

START_TEST(no_finding_tells_a_password)
{
	char line[2048];

	tells_no_secret("server_socket = http://joe:hidden@mail.example.org:236\n");
	tells_no_secret("server_socket = ftp://joe:hidden@mail.example.org\n");
	tells_no_secret("nonsense = https://joe:hidden@mail.example.org\n");
	tells_no_secret("no equals sign https://joe:hidden@mail.example.org\n");
	tells_no_secret("db_password = hidden\n");
	tells_no_secret("imap_port = $DB_Password\n");
	tells_no_secret("imap_listen = $DB_Password\n");
	tells_no_secret("log_method = $DB_Password\n");
	/* what is cut must not lose the end that tells a password */
	for (size_t n = 80; n < 520; n += 20) {
		snprintf(line, sizeof line, "server_socket = ftp://%0*d:hidden%0600d@mail.example.org\n", (int)n, 0, 0);
		tells_no_secret(line);
	}
}
END_TEST

START_TEST(the_line_of_a_finding_keeps_its_columns)
{
	struct loaded l;

	load_text(&l, "server_socket = http://joe:hidden@mail.example.org #x\n");
	ck_assert_str_eq(finding(&l, CONFIG_W_COMMENT)->source, "server_socket = http://joe:******@mail.example.org #x");
	ck_assert_uint_eq(finding(&l, CONFIG_W_COMMENT)->at.column, strlen("server_socket = http://joe:******@mail.example.org #"));
	load_done(&l);
}
END_TEST

START_TEST(who_logs_in_is_no_part_of_a_host)
{
	struct loaded l;

	load_text(&l, "server_socket = http://joe:pw@127.0.0.1:236\n");
	ck_assert_ptr_null(strstr(all_text(&l), "cross the network to"));
	load_done(&l);
	load_text(&l, "server_socket = http://joe:pw@mail.example.org:237\n");
	ck_assert_ptr_nonnull(strstr(all_text(&l), "cross the network to mail.example.org as"));
	ck_assert_ptr_nonnull(strstr(all_text(&l), "port 237"));
	load_done(&l);
}
END_TEST

static TCase *tests(void)
{
	TCase *tc = tcase_create("show");

	tcase_add_test(tc, sizes_and_times_have_a_form_for_people_and_one_for_machines);
	tcase_add_test(tc, every_example_loads_and_every_human_form_means_the_same);
	tcase_add_test(tc, versions_are_compared_by_their_numbers);
	tcase_add_test(tc, events_are_sorted_and_every_row_was_added_once);
	tcase_add_test(tc, nothing_happens_to_an_option_before_it_is_there);
	tcase_add_test(tc, derived_values_say_what_options_mean_together);
	tcase_add_test(tc, an_origin_has_its_include_chain_and_its_variable);
	tcase_add_test(tc, passwords_in_texts_are_found);
	tcase_add_test(tc, what_is_no_password_stays);
	tcase_add_test(tc, a_long_hostile_text_is_looked_at_in_linear_time);
	tcase_add_test(tc, values_of_variables_that_are_named_like_secrets_are_masked_whole);
	tcase_add_test(tc, no_finding_tells_a_password);
	tcase_add_test(tc, the_line_of_a_finding_keeps_its_columns);
	tcase_add_test(tc, who_logs_in_is_no_part_of_a_host);
	return tc;
}

UNIT_MAIN("config/show", tests())

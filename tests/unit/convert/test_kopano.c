/* test_kopano.c - older gateway.cfg in today's form, and what is the same for all dialects (convert/kopano.c, emit.c) */
#include "tests/unit/convert/converted.h"

#define KOPANO GW_DIALECT_KOPANO

static char *fixture(const char *name)
{
	struct gw_config_file f;
	struct gw_err err = { 0 };
	char path[200];

	snprintf(path, sizeof path, "tests/fixtures/config/%s", name);
	ck_assert_msg(gw_config_read_file(&gw_config_disk, path, 1 << 20, &f, &err) == 0, "%s: %s", path, err.text);
	free(f.real_path);
	f.bytes = gw_xrealloc(f.bytes, f.n + 1, 1);
	f.bytes[f.n] = '\0';
	return f.bytes;
}

static const char *const fixtures[] = { "kopano-8.0.cfg", "kopano-8.5.cfg", "kopano-8.7.cfg", "kopano-9.cfg", "kopano-11.cfg" };
#define FIXTURES (int)(sizeof fixtures / sizeof *fixtures)

START_TEST(a_file_of_8_gets_todays_form)
{
	char *text = fixture("kopano-8.0.cfg");
	struct converted v;

	convert_text(&v, KOPANO, "/etc/kopano/gateway.cfg", text);
	has(&v, "pop3_listen", "*:110");
	has(&v, "pop3s_listen", "");
	has(&v, "imap_listen", "*:143");
	has(&v, "imaps_listen", "");
	has(&v, "tls_min_proto", "tls1.0");
	has(&v, "process_model", "fork");
	has(&v, "server_socket", "local:/var/lib/gateway");
	has_not(&v, "imap_enable");
	has_not(&v, "imap_port");
	has_not(&v, "ssl_protocols");
	has_not(&v, "imap_max_messagesize");
	reports(&v, 4501, 0, "no longer");
	reports(&v, 4001, 0, "http://localhost:236/");
	converted_done(&v);
	free(text);
}
END_TEST

/* What a conversion may say in another form. */
static bool has_another_form(const char *name)
{
	static const char *const names[] = { "server_socket", "server_bind", "ssl_protocols", "tls_min_proto" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return strstr(name, "_enable") || strstr(name, "_port") || strstr(name, "_listen");
}

START_TEST(a_file_of_any_version_keeps_its_meaning)
{
	char *text = fixture(fixtures[_i]);
	struct gw_slice whole = gw_slice_str(text);
	struct gw_config *cfg = NULL;
	struct gw_diags diags;
	struct converted v;

	gw_diags_init(&diags);
	gw_config_load(&(struct gw_config_source){ .path = "/g", .text = &whole }, &cfg, &diags);
	ck_assert_ptr_nonnull(cfg);
	convert_text(&v, KOPANO, "/g", text);
	for (size_t i = 0; i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);

		if (!has_another_form(opt->name) || strcmp(opt->name, "coredump_enabled") == 0)
			has(&v, opt->name, gw_config_text(cfg, opt));
	}
	ck_assert_int_eq(v.cfg->tls_min, cfg->tls_min);
	ck_assert_int_eq(v.cfg->tls_max, cfg->tls_max);
	for (size_t s = 0; s < GW_SERVICE_COUNT; s++) {
		ck_assert_uint_eq(v.cfg->listen[s].n, cfg->listen[s].n);
		for (size_t i = 0; i < cfg->listen[s].n; i++)
			ck_assert_str_eq(v.cfg->listen[s].v[i].text, cfg->listen[s].v[i].text);
	}
	gw_config_unref(cfg);
	gw_diags_done(&diags);
	converted_done(&v);
	free(text);
}
END_TEST

START_TEST(converting_twice_gives_the_same_bytes)
{
	struct file again[] = { { "/g", NULL }, { NULL, NULL } };
	char *text = fixture(fixtures[_i]);
	struct converted v, w;

	convert_text(&v, KOPANO, "/g", text);
	again[0].text = gw_buf_str(&v.out);
	convert_files(&w, KOPANO, "/g", again);
	ck_assert_str_eq(gw_buf_str(&v.out), gw_buf_str(&w.out));
	converted_done(&v);
	converted_done(&w);
	free(text);
}
END_TEST

START_TEST(names_of_others_are_reported_and_wrong_values_are_errors)
{
	struct converted v;

	convert_text(&v, KOPANO, "/g", "server_socket = local:/m\nsslkey_file = /k\nimap_prot = 1\nbypass_auth = no\n");
	reports(&v, 4003, 2, "sslkey_file");
	reports(&v, 4003, 3, "imap_prot");
	converted_done(&v);
	refuses(KOPANO, "server_socket = local:/m\nimap_port = many\n", 1005, 2);
	refuses(KOPANO, "imap_listen =\npop3_listen =\n", 1014, 0);
}
END_TEST

START_TEST(no_limit_is_written_as_minus_one)
{
	struct converted v;

	convert_text(&v, KOPANO, "/g", "server_socket = local:/m\nimap_max_fail_commands = -1\n");
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&v.out), "imap_max_fail_commands = -1\n"));
	converted_done(&v);
}
END_TEST

START_TEST(trust_in_a_storage_server_goes_with_it)
{
	struct converted v;

	convert_text(&v, KOPANO, "/g", "server_socket = default:\nbypass_auth = yes\n");
	has(&v, "bypass_auth", "no");
	reports(&v, 4001, 1, "default:");
	reports(&v, 4001, 2, "is not carried");
	converted_done(&v);
}
END_TEST

/* ---- all dialects ---- */

START_TEST(a_file_that_is_not_there_is_told_as_such)
{
	static const struct file none[] = { { NULL, NULL } };
	struct converted v;

	convert_files(&v, (enum gw_dialect)_i, "/nowhere/file", none);
	ck_assert_int_eq(v.rc, GW_ENOENT);
	reports(&v, 1001, 0, "/nowhere/file");
	converted_done(&v);
}
END_TEST

START_TEST(names_of_dialects_are_known)
{
	enum gw_dialect d = GW_DIALECT_COUNT;

	ck_assert(gw_dialect_find(gw_dialect_name((enum gw_dialect)_i), &d));
	ck_assert_int_eq(d, _i);
	ck_assert(!gw_dialect_find("exchange", &d));
	ck_assert_int_eq(d, _i);
}
END_TEST

START_TEST(settings_are_read_up_to_a_limit)
{
	struct file files[] = { { "/x/imapd.conf", NULL }, { NULL, NULL } };
	struct converted v;
	struct gw_buf b;

	gw_buf_init(&b, 0);
	for (int i = 0; i < GW_CONVERT_SETTINGS_MAX; i++)
		gw_buf_printf(&b, "umask: 077\n");
	files[0].text = gw_buf_str(&b);
	convert_files(&v, GW_DIALECT_CYRUS, "/x/imapd.conf", files);
	ck_assert_int_eq(v.rc, 0);
	converted_done(&v);
	gw_buf_printf(&b, "umask: 077\n");
	files[0].text = gw_buf_str(&b);
	convert_files(&v, GW_DIALECT_CYRUS, "/x/imapd.conf", files);
	ck_assert_int_eq(v.rc, GW_EINVAL);
	reports(&v, 1401, GW_CONVERT_SETTINGS_MAX + 1, "more than");
	converted_done(&v);
	gw_buf_done(&b);
}
END_TEST

START_TEST(a_value_that_grows_by_itself_stops)
{
	struct file files[] = { { "/x/file", NULL }, { NULL, NULL } };
	struct converted v;
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_buf_printf(&b, _i ? "IMAP_KEYWORDS=0123456789\n" : "listen = 0123456789\n");
	for (int i = 0; i < 2000; i++)
		gw_buf_printf(&b, _i ? "IMAP_KEYWORDS=$IMAP_KEYWORDS$IMAP_KEYWORDS\n" : "listen = $listen $listen\n");
	files[0].text = gw_buf_str(&b);
	convert_files(&v, _i ? GW_DIALECT_COURIER : GW_DIALECT_DOVECOT, "/x/file", files);
	converted_done(&v);
	gw_buf_done(&b);
}
END_TEST

START_TEST(text_of_a_file_does_not_leave_its_comment)
{
	static const struct file files[] = { { "/x/a\nb", "timeout: 40\n" }, { NULL, NULL } };
	struct converted v;

	convert_to(&v, GW_DIALECT_CYRUS, "/x/a\nb", files);
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&v.out), "# /x/a\\x0ab:1\n"));
	converted_done(&v);
}
END_TEST

static TCase *tcase_kopano(void)
{
	TCase *tc = tcase_create("kopano");

	tcase_add_test(tc, a_file_of_8_gets_todays_form);
	tcase_add_loop_test(tc, a_file_of_any_version_keeps_its_meaning, 0, FIXTURES);
	tcase_add_loop_test(tc, converting_twice_gives_the_same_bytes, 0, FIXTURES);
	tcase_add_test(tc, names_of_others_are_reported_and_wrong_values_are_errors);
	tcase_add_test(tc, no_limit_is_written_as_minus_one);
	tcase_add_test(tc, trust_in_a_storage_server_goes_with_it);
	return tc;
}

static TCase *tcase_all(void)
{
	TCase *tc = tcase_create("all");

	tcase_add_loop_test(tc, a_file_that_is_not_there_is_told_as_such, 0, GW_DIALECT_COUNT);
	tcase_add_loop_test(tc, names_of_dialects_are_known, 0, GW_DIALECT_COUNT);
	tcase_add_test(tc, settings_are_read_up_to_a_limit);
	tcase_add_loop_test(tc, a_value_that_grows_by_itself_stops, 0, 2);
	tcase_add_test(tc, text_of_a_file_does_not_leave_its_comment);
	return tc;
}

UNIT_MAIN("convert/kopano", tcase_kopano(), tcase_all())

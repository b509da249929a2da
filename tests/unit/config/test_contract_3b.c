/* test_contract_3b.c - section 3 of the contract: environment (3.4), what is wrong (3.5), the default file (3.6), sizes
 * (3.7), command line (3.8), what is forgiven (3.9), reload (3.10)
 *
 * What the daemon prints and how it ends is in tests/wire/test_contract.py. */
#include "tests/unit/config/contract.h"

/* ---- 3.4 environment ---- */

START_TEST(contract_3_4_1_a_variable_that_is_set_replaces_the_value)
{
	accepts("imap_port = $PORT\n", 0, "imap_port", "1143");
	accepts("server_hostname = $PORT\n", 0, "server_hostname", "1143");
	accepts("imap_public_folders = $EMPTY\n", CONFIG_W_DIFFERENT, "imap_public_folders", "no");
}
END_TEST

START_TEST(contract_3_4_2_a_variable_that_is_not_set_leaves_the_text)
{
	accepts("server_hostname = $NOPE\n", CONFIG_W_ENVIRONMENT, "server_hostname", "$NOPE");
}
END_TEST

START_TEST(contract_3_4_3_nothing_is_expanded_inside_a_value)
{
	accepts("server_hostname = a$PORT\n", 0, "server_hostname", "a$PORT");
	accepts("server_hostname = ${PORT}\n", CONFIG_W_ENVIRONMENT, "server_hostname", "${PORT}");
	accepts("server_hostname = $PORT.example.org\n", CONFIG_W_ENVIRONMENT, "server_hostname", "$PORT.example.org");
}
END_TEST

START_TEST(contract_3_4_4_a_size_from_a_variable_is_multiplied_and_that_is_told)
{
	accepts("imap_max_messagesize = $SIZE\n", CONFIG_W_DIFFERENT, "imap_max_messagesize", "16M");
	accepts("imap_max_messagesize = $PORT\n", 0, "imap_max_messagesize", "1143");
	accepts("mail_quota = $SIZE\n", 0, "mail_quota", "16M");
}
END_TEST

/* ---- 3.5 unknown, retired, empty ---- */

START_TEST(contract_3_5_1_an_unknown_name_is_an_error)
{
	refuses("imap_prot = 143\n", CONFIG_E_UNKNOWN, 1, 1);
}
END_TEST

START_TEST(contract_3_5_2_a_retired_name_is_a_warning)
{
	accepts("imap_store_rfc822 = yes\nimap_port = 1143\n", CONFIG_W_RETIRED, "imap_port", "1143");
}
END_TEST

START_TEST(contract_3_5_3_an_empty_value_is_an_error_where_one_is_needed)
{
	static const char *const names[] = { "pop3_enable", "pop3_port", "pop3s_enable", "pop3s_port", "imap_enable",
		"imap_port", "imaps_enable", "imaps_port", "log_method", "log_file", "log_level" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		denies(names[i], "", CONFIG_E_EMPTY, NULL);
	reads("server_bind", "", "", 0);
	reads("ssl_verify_file", "", "", 0);
}
END_TEST

START_TEST(contract_3_5_4_what_is_no_size_is_an_error)
{
	denies("imap_max_messagesize", "lots", CONFIG_E_VALUE, NULL);
	denies("imap_max_messagesize", "10x", CONFIG_E_VALUE, NULL);
}
END_TEST

START_TEST(contract_3_5_5_an_unknown_directive_is_a_warning)
{
	finds("!frobnicate\n", CONFIG_W_DIRECTIVE);
}
END_TEST

START_TEST(contract_3_5_6_all_errors_are_told_in_one_run)
{
	struct loaded l;

	load_text(&l, "foo = 1\nimap_port =\nimap_max_messagesize = M\nlog_level = 9\n!bar\n");
	ck_assert_int_eq(l.rc, GW_EINVAL);
	ck_assert_uint_eq(l.diags.errors, 4);
	ck_assert_uint_eq(l.diags.warnings, 1);
	load_done(&l);
}
END_TEST

/* ---- 3.6 the default file ---- */

static const char *config_path_env(void *ctx, const char *name)
{
	return strcmp(name, "KOPANO_CONFIG_PATH") == 0 ? ctx : NULL;
}

static const struct file no_files[] = { { NULL, NULL } };

static int load_missing(bool missing_ok)
{
	struct gw_config_files none = { .open = open_table, .ctx = (void *)no_files };
	struct loaded l;
	int rc;

	load_source(&l, &(struct gw_config_source){ .path = "/etc/kopano/gateway.cfg", .files = &none, .missing_ok = missing_ok });
	rc = l.rc;
	ck_assert(rc == 0 ? l.cfg->imap_port == 143 : finding(&l, CONFIG_E_MAIN_FILE) != NULL);
	load_done(&l);
	return rc;
}

START_TEST(contract_3_6_1_the_directory_comes_from_KOPANO_CONFIG_PATH)
{
	char *path = gw_config_default_path(config_path_env, "/srv/kopano");

	ck_assert_str_eq(path, "/srv/kopano/gateway.cfg");
	free(path);
	path = gw_config_default_path(config_path_env, NULL);
	ck_assert_msg(strcmp(path, "/etc/kopano/gateway.cfg") == 0 || strstr(path, "/gateway/gateway.cfg"), "%s", path);
	free(path);
}
END_TEST

START_TEST(contract_3_6_2_only_a_default_file_may_be_missing)
{
	ck_assert_int_eq(load_missing(true), 0);
	ck_assert_int_eq(load_missing(false), GW_ENOENT);
}
END_TEST

/* ---- 3.7 sizes ---- */

START_TEST(contract_3_7_1_one_letter_in_either_case_multiplies)
{
	static const char *const texts[] = { "128M", "128m", "128 M", "134217728", "131072k", "131072 K" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct loaded l;
		char text[64];

		snprintf(text, sizeof text, "imap_max_messagesize = %s\n", texts[i]);
		load_text(&l, text);
		ck_assert_msg(l.rc == 0 && l.diags.n == 0, "%s", all_text(&l));
		ck_assert_uint_eq(l.cfg->imap_max_messagesize, 134217728);
		load_done(&l);
	}
}
END_TEST

START_TEST(contract_3_7_2_text_behind_the_letter_is_a_unit_or_refused)
{
	reads("imap_max_messagesize", "10MB", "10M", CONFIG_W_DIFFERENT);
	denies("imap_max_messagesize", "10Mega", CONFIG_E_VALUE, NULL);
}
END_TEST

START_TEST(contract_3_7_3_text_behind_the_number_is_refused)
{
	denies("imap_max_messagesize", "10x", CONFIG_E_VALUE, NULL);
	denies("imap_max_messagesize", "10 bytes", CONFIG_E_VALUE, NULL);
	denies("imap_max_messagesize", "10T", CONFIG_E_RANGE, "kopano-gateway made 10 of it");
}
END_TEST

START_TEST(contract_3_7_4_a_fraction_is_read_and_told)
{
	const struct gw_diag *d;
	struct loaded l;

	load_text(&l, "imap_max_messagesize = 1.5M\n");
	ck_assert_uint_eq(l.cfg->imap_max_messagesize, 1536 * 1024);
	d = finding_about(&l, CONFIG_W_DIFFERENT, "imap_max_messagesize");
	ck_assert_ptr_nonnull(d);
	ck_assert_ptr_nonnull(strstr(d->text, "before 10.0.1 read it as 1"));
	ck_assert_str_eq(d->suggestion, "write 1536K");
	load_done(&l);
}
END_TEST

START_TEST(contract_3_7_5_sizes_are_decimal)
{
	denies("imap_max_messagesize", "0x10", CONFIG_E_VALUE, NULL);
	reads("imap_max_messagesize", "010", "10", 0);
}
END_TEST

START_TEST(contract_3_7_6_a_size_begins_with_a_number)
{
	denies("imap_max_messagesize", "M", CONFIG_E_VALUE, NULL);
	denies("imap_max_messagesize", "", CONFIG_E_VALUE, NULL);
	denies("imap_max_messagesize", "lots", CONFIG_E_VALUE, NULL);
}
END_TEST

START_TEST(contract_3_7_7_four_gigabytes_are_refused_where_they_were_nothing)
{
	denies("imap_max_messagesize", "4G", CONFIG_E_RANGE, "kopano-gateway made 0 of it");
	denies("imap_max_messagesize", "4194304K", CONFIG_E_RANGE, "kopano-gateway made 0 of it");
	denies("imap_max_messagesize", "99999999999999999999", CONFIG_E_RANGE, NULL);
	reads("imap_max_messagesize", "4294967295", "4294967295", 0);
}
END_TEST

START_TEST(contract_3_7_8_a_negative_size_is_refused)
{
	denies("imap_max_messagesize", "-1", CONFIG_E_VALUE, NULL);
	denies("imap_max_messagesize", "-1M", CONFIG_E_VALUE, NULL);
	reads("imap_max_messagesize", "+1M", "1M", 0);
}
END_TEST

START_TEST(contract_3_7_9_fractions_of_later_versions_must_be_whole_bytes)
{
	reads("imap_max_messagesize", "0.5G", "512M", CONFIG_W_DIFFERENT);
	reads("imap_max_messagesize", "0.25 k", "256", CONFIG_W_DIFFERENT);
	denies("imap_max_messagesize", "0.3k", CONFIG_E_VALUE, NULL);
	denies("imap_max_messagesize", "1.5", CONFIG_E_VALUE, NULL);
}
END_TEST

/* ---- 3.8 command line ---- */

static void load_with(struct loaded *l, const char *text, const char *argument)
{
	struct gw_slice s = gw_slice_str(text);

	load_source(l, &(struct gw_config_source){ .path = "t.cfg", .text = &s, .overrides = &argument, .n_overrides = 1,
		.env = test_env });
}

START_TEST(contract_3_8_1_an_argument_overrides_the_file)
{
	static const char *const arguments[] = { "--imap-port=1143", "--imap_port=1143", "-- imap-port = 1143 ", "--imap-port=$PORT" };

	for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++) {
		struct gw_place at;
		struct loaded l;

		load_with(&l, "imap_port = 9\n", arguments[i]);
		ck_assert_msg(l.rc == 0, "%s: %s", arguments[i], all_text(&l));
		ck_assert_uint_eq(l.cfg->imap_port, 1143);
		ck_assert(gw_config_is_set(l.cfg, gw_option_find(GW_S("imap_port")), &at));
		ck_assert_str_eq(at.file, "command line");
		load_done(&l);
	}
}
END_TEST

static void argument_fails(const char *argument, unsigned code)
{
	struct loaded l;

	load_with(&l, "", argument);
	ck_assert_int_eq(l.rc, GW_EINVAL);
	ck_assert_msg(finding(&l, code) != NULL, "%s: %s", argument, all_text(&l));
	load_done(&l);
}

START_TEST(contract_3_8_2_an_argument_without_a_value_cannot_be_empty)
{
	struct loaded l;

	argument_fails("--imap-port", CONFIG_E_EMPTY);
	argument_fails("--server-hostname", CONFIG_E_EMPTY);
	argument_fails("--imap-port=", CONFIG_E_EMPTY);
	load_with(&l, "server_hostname = x\n", "--server-hostname=");
	ck_assert_int_eq(l.rc, 0);
	ck_assert_str_eq(l.cfg->server_hostname, "");
	load_done(&l);
}
END_TEST

START_TEST(contract_3_8_3_an_unknown_argument_is_an_unknown_option)
{
	argument_fails("--imap-prot=143", CONFIG_E_UNKNOWN);
	argument_fails("--Imap-Port=143", CONFIG_E_UNKNOWN);
}
END_TEST

/* ---- 3.9 what is forgiven ---- */

static void load_forgiving(struct loaded *l, const char *text)
{
	struct gw_config_files none = { .open = open_table, .ctx = (void *)no_files };
	struct gw_slice s = gw_slice_str(text);

	load_source(l, &(struct gw_config_source){ .path = "/t.cfg", .text = &s, .files = &none, .ignore_unknown = true });
}

START_TEST(contract_3_9_3_names_and_values_are_forgiven_but_files_are_not)
{
	struct loaded l;

	load_forgiving(&l, "foo = 1\nimap_port = x\npop3_port =\nimap_max_messagesize = M\nlog_level = 5\n");
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.diags.warnings, 4); /* still told */
	ck_assert_uint_eq(l.cfg->imap_port, 143);
	ck_assert_uint_eq(l.cfg->log_level, 5);
	load_done(&l);
	load_forgiving(&l, "!include nope.cfg\n");
	ck_assert_int_eq(l.rc, GW_EINVAL);
	load_done(&l);
}
END_TEST

/* ---- 3.10 reload ---- */

/* What runs after `was` was started and `now` was read at a reload. */
static void reload(struct loaded *fresh, const char *was, const char *now)
{
	struct loaded running;

	load_text(&running, was);
	load_text(fresh, now);
	ck_assert_int_eq(running.rc, 0);
	ck_assert_int_eq(fresh->rc, 0);
	gw_config_keep_restart(fresh->cfg, running.cfg);
	load_done(&running);
}

START_TEST(contract_3_10_2_a_line_that_is_taken_out_brings_the_default_back)
{
	struct loaded l;

	reload(&l, "log_level = 5\nimap_max_fail_commands = 3\nssl_ciphers = X\n", "");
	ck_assert_uint_eq(l.cfg->log_level, 2);
	ck_assert_uint_eq(l.cfg->imap_max_fail_commands, 10);
	ck_assert_str_eq(l.cfg->ssl_ciphers, "ALL:!LOW:!SSLv2:!EXP:!aNULL");
	load_done(&l);
}
END_TEST

START_TEST(contract_3_10_3_all_that_the_original_could_reload_can_be_reloaded)
{
	static const char *const names[] = { "server_hostname_greeting", "imap_only_mailfolders", "imap_public_folders",
		"imap_capability_idle", "imap_max_messagesize", "imap_expunge_on_delete", "imap_max_fail_commands",
		"imap_ignore_command_idle", "disable_plaintext_auth", "ssl_private_key_file", "ssl_certificate_file",
		"ssl_verify_client", "ssl_verify_file", "ssl_verify_path", "ssl_protocols", "ssl_ciphers",
		"ssl_prefer_server_ciphers", "log_level", "ssl_curves", "tls_min_proto" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		ck_assert_msg(gw_option_find(gw_slice_str(names[i]))->reload != GW_RESTART, "%s", names[i]);
}
END_TEST

START_TEST(contract_3_10_4_other_options_keep_their_values_and_are_named)
{
	struct gw_config_change v[4];
	struct loaded was, now;

	load_text(&was, "imap_port = 1143\nserver_hostname = a\nlog_level = 3\n");
	load_text(&now, "imap_port = 2143\nlog_level = 5\n");
	ck_assert_uint_eq(gw_config_diff(was.cfg, now.cfg, v, 4), 3);
	ck_assert_str_eq(v[0].opt->name, "server_hostname");
	ck_assert_int_eq(v[0].opt->reload, GW_RESTART);
	ck_assert_str_eq(v[1].opt->name, "imap_port");
	ck_assert_int_eq(v[1].opt->reload, GW_RESTART);
	ck_assert_str_eq(v[2].opt->name, "log_level");
	gw_config_keep_restart(now.cfg, was.cfg);
	ck_assert_uint_eq(now.cfg->imap_port, 1143);
	ck_assert_str_eq(now.cfg->server_hostname, "a");
	ck_assert_uint_eq(now.cfg->log_level, 5);
	load_done(&was);
	load_done(&now);
}
END_TEST

START_TEST(contract_3_10_5_what_the_command_line_set_stays)
{
	struct loaded was, now;

	load_with(&was, "log_level = 3\n", "--log-level=6");
	load_with(&now, "log_level = 4\n", "--log-level=6"); /* the daemon reads with the same arguments */
	ck_assert_uint_eq(now.cfg->log_level, 6);
	ck_assert_uint_eq(gw_config_diff(was.cfg, now.cfg, NULL, 0), 0);
	load_done(&was);
	load_done(&now);
}
END_TEST

static TCase *rows(void)
{
	TCase *tc = tcase_create("rows");

	tcase_add_test(tc, contract_3_4_1_a_variable_that_is_set_replaces_the_value);
	tcase_add_test(tc, contract_3_4_2_a_variable_that_is_not_set_leaves_the_text);
	tcase_add_test(tc, contract_3_4_3_nothing_is_expanded_inside_a_value);
	tcase_add_test(tc, contract_3_4_4_a_size_from_a_variable_is_multiplied_and_that_is_told);
	tcase_add_test(tc, contract_3_5_1_an_unknown_name_is_an_error);
	tcase_add_test(tc, contract_3_5_2_a_retired_name_is_a_warning);
	tcase_add_test(tc, contract_3_5_3_an_empty_value_is_an_error_where_one_is_needed);
	tcase_add_test(tc, contract_3_5_4_what_is_no_size_is_an_error);
	tcase_add_test(tc, contract_3_5_5_an_unknown_directive_is_a_warning);
	tcase_add_test(tc, contract_3_5_6_all_errors_are_told_in_one_run);
	tcase_add_test(tc, contract_3_6_1_the_directory_comes_from_KOPANO_CONFIG_PATH);
	tcase_add_test(tc, contract_3_6_2_only_a_default_file_may_be_missing);
	tcase_add_test(tc, contract_3_7_1_one_letter_in_either_case_multiplies);
	tcase_add_test(tc, contract_3_7_2_text_behind_the_letter_is_a_unit_or_refused);
	tcase_add_test(tc, contract_3_7_3_text_behind_the_number_is_refused);
	tcase_add_test(tc, contract_3_7_4_a_fraction_is_read_and_told);
	tcase_add_test(tc, contract_3_7_5_sizes_are_decimal);
	tcase_add_test(tc, contract_3_7_6_a_size_begins_with_a_number);
	tcase_add_test(tc, contract_3_7_7_four_gigabytes_are_refused_where_they_were_nothing);
	tcase_add_test(tc, contract_3_7_8_a_negative_size_is_refused);
	tcase_add_test(tc, contract_3_7_9_fractions_of_later_versions_must_be_whole_bytes);
	tcase_add_test(tc, contract_3_8_1_an_argument_overrides_the_file);
	tcase_add_test(tc, contract_3_8_2_an_argument_without_a_value_cannot_be_empty);
	tcase_add_test(tc, contract_3_8_3_an_unknown_argument_is_an_unknown_option);
	tcase_add_test(tc, contract_3_9_3_names_and_values_are_forgiven_but_files_are_not);
	tcase_add_test(tc, contract_3_10_2_a_line_that_is_taken_out_brings_the_default_back);
	tcase_add_test(tc, contract_3_10_3_all_that_the_original_could_reload_can_be_reloaded);
	tcase_add_test(tc, contract_3_10_4_other_options_keep_their_values_and_are_named);
	tcase_add_test(tc, contract_3_10_5_what_the_command_line_set_stays);
	return tc;
}

UNIT_MAIN("config/contract_3b", rows())

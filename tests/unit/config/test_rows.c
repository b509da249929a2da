/* test_rows.c - the rows themselves, snapshots, and what is generated (config/options.c, diff.c, load.c, emit_*.c) */
#include "tests/unit/config/load.h"

#include "config/priv.h"

#define ROW(i) gw_option_at((size_t)(i))

/* ---- rows ---- */

START_TEST(every_row_is_complete)
{
	const struct gw_option *opt = ROW(_i);

	ck_assert_ptr_nonnull(opt->name);
	ck_assert_ptr_nonnull(opt->def);
	ck_assert_ptr_nonnull(opt->since);
	ck_assert_msg(opt->brief && strlen(opt->brief) > 5 && strlen(opt->brief) < 90, "%s", opt->name);
	ck_assert_msg(opt->brief[strlen(opt->brief) - 1] != '.', "%s", opt->name);
	ck_assert_msg(opt->doc && strlen(opt->doc) > 10 && opt->doc[strlen(opt->doc) - 1] == '.', "%s", opt->name);
	for (size_t i = 0; i < gw_option_count(); i++)
		ck_assert_msg(i == (size_t)_i || strcmp(ROW(i)->name, opt->name) != 0, "%s twice", opt->name);
	ck_assert_ptr_eq(gw_option_find(gw_slice_str(opt->name)), opt);
	ck_assert_uint_le(opt->min, config_max(opt));
	ck_assert(opt->type != GW_OPT_ENUM || opt->words);
	if (opt->type != GW_OPT_STRING && opt->type != GW_OPT_RETIRED && opt->name != NULL) {
		char takes[256];

		gw_option_takes(opt, takes, sizeof takes);
		ck_assert_msg(*takes || opt->type == GW_OPT_WORDS, "%s", opt->name);
	}
}
END_TEST

START_TEST(every_default_reads_back_as_itself)
{
	const struct gw_option *opt = ROW(_i);
	struct gw_config *cfg = gw_config_defaults();
	struct loaded l;
	char text[256];

	ck_assert(!gw_config_is_changed(cfg, opt));
	ck_assert(!gw_config_is_set(cfg, opt, NULL));
	snprintf(text, sizeof text, "%s = %s\n", opt->name, gw_config_text(cfg, opt));
	load_text(&l, text);
	if (opt->type != GW_OPT_RETIRED && opt->type != GW_OPT_LISTEN) {
		ck_assert_msg(l.rc == 0 && l.diags.errors == 0, "%s: %s", text, all_text(&l));
		ck_assert_str_eq(gw_config_text(l.cfg, opt), gw_config_text(cfg, opt));
		ck_assert(gw_config_is_set(l.cfg, opt, NULL));
		ck_assert_int_eq(gw_config_is_changed(l.cfg, opt), (opt->flags & GW_OPT_SET_COUNTS) != 0);
	}
	load_done(&l);
	gw_config_unref(cfg);
}
END_TEST

START_TEST(every_value_of_the_sample_is_accepted)
{
	const struct gw_option *opt = ROW(_i);
	struct loaded l;
	char text[256];

	if (!opt->ship)
		return;
	snprintf(text, sizeof text, "%s = %s\n", opt->name, opt->ship);
	load_text(&l, text);
	ck_assert_msg(l.rc == 0 && l.diags.n == 0, "%s: %s", text, all_text(&l));
	ck_assert_str_eq(gw_config_text(l.cfg, opt), opt->ship);
	load_done(&l);
}
END_TEST

/* Numbers, sizes and times at the edges of their ranges: min-1, min, max, max+1. */
START_TEST(every_range_ends_where_the_row_says)
{
	const struct gw_option *opt = ROW(_i);
	uint64_t v[4] = { opt->min - 1, opt->min, config_max(opt), config_max(opt) + 1 };

	if (opt->type != GW_OPT_UINT && opt->type != GW_OPT_PORT && opt->type != GW_OPT_SIZE && opt->type != GW_OPT_SECONDS)
		return;
	for (int i = opt->min ? 0 : 1; i < 4; i++) {
		union config_parsed parsed = { .u = 0 };
		struct config_problem p;
		struct gw_arena arena;
		char text[32];
		bool ok;

		gw_arena_init(&arena, 0, 0);
		snprintf(text, sizeof text, "%llu", (unsigned long long)v[i]);
		ok = config_parse(opt, gw_slice_str(text), &arena, &parsed, &p);
		ck_assert_msg(ok == (i == 1 || i == 2 || (v[i] == 0 && opt->flags & GW_OPT_ZERO_OFF)), "%s = %s", opt->name, text);
		if (ok)
			ck_assert_uint_eq(parsed.u, v[i]);
		gw_arena_done(&arena);
	}
}
END_TEST

/* The contract: names, defaults, as documented for kopano-gateway. */
START_TEST(documented_defaults_are_kept)
{
	static const char *const t[][2] = {
		{ "server_bind", "" }, { "server_hostname", "" }, { "server_hostname_greeting", "no" }, { "pop3_enable", "yes" },
		{ "pop3_port", "110" }, { "pop3s_enable", "yes" }, { "pop3s_port", "995" }, { "imap_enable", "yes" }, { "imap_port", "143" },
		{ "imaps_enable", "yes" }, { "imaps_port", "993" }, { "server_socket", "http://localhost:236/" }, { "run_as_user", "" },
		{ "run_as_group", "" }, { "pid_file", "/var/run/kopano/gateway.pid" }, { "running_path", "/" },
		{ "coredump_enabled", "systemdefault" }, { "process_model", "thread" }, { "bypass_auth", "no" },
		{ "imap_only_mailfolders", "yes" }, { "imap_public_folders", "yes" }, { "imap_capability_idle", "yes" },
		{ "imap_max_messagesize", "128M" }, { "imap_expunge_on_delete", "no" }, { "imap_max_fail_commands", "10" },
		{ "imap_ignore_command_idle", "no" }, { "disable_plaintext_auth", "no" },
		{ "ssl_private_key_file", "/etc/kopano/gateway/privkey.pem" }, { "ssl_certificate_file", "/etc/kopano/gateway/cert.pem" },
		{ "ssl_verify_client", "no" }, { "ssl_verify_file", "" }, { "ssl_verify_path", "" }, { "ssl_protocols", "" },
		{ "ssl_ciphers", "ALL:!LOW:!SSLv2:!EXP:!aNULL" }, { "ssl_prefer_server_ciphers", "no" }, { "log_method", "file" },
		{ "log_file", "/var/log/kopano/gateway.log" }, { "log_level", "2" }, { "log_timestamp", "yes" }, { "log_buffer_size", "0" },
		{ "tmp_path", "/tmp" }, { "html_safety_filter", "no" }, { "tls_min_proto", "tls1.2" },
		{ "ssl_curves", "X25519:P-521:P-384:P-256" }, { "control_socket", "/run/gateway/control.sock" },
		{ "control_socket_mode", "0660" }, { "pop3_timeout", "600" }, { "imap_timeout", "1800" }, { "max_connections", "10000" },
	};
	struct gw_config *cfg = gw_config_defaults();

	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		ck_assert_str_eq(gw_config_get(cfg, t[i][0]), t[i][1]);
	ck_assert_ptr_null(gw_config_get(cfg, "nope"));
	gw_config_unref(cfg);
}
END_TEST

START_TEST(near_names_are_suggested)
{
	static const char *const t[][2] = { { "imap_prot", "imap_port" }, { "pop3-port", "pop3_port" }, { "LOG_LEVEL", "log_level" },
		{ "ssl_certificat_file", "ssl_certificate_file" }, { "zzzzzzzzzz", NULL }, { "x", NULL } };

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		const struct gw_option *opt = gw_option_nearest(gw_slice_str(t[i][0]));

		if (t[i][1])
			ck_assert_msg(opt && strcmp(opt->name, t[i][1]) == 0, "%s: %s", t[i][0], opt ? opt->name : "none");
		else
			ck_assert_ptr_null(opt);
	}
}
END_TEST

/* ---- snapshots ---- */

START_TEST(a_snapshot_lives_until_the_last_share_is_given_up)
{
	struct gw_config *cfg = gw_config_defaults(), *other = gw_config_ref(cfg);

	ck_assert_ptr_eq(cfg, other);
	gw_config_unref(cfg);
	ck_assert_str_eq(other->ssl_ciphers, "ALL:!LOW:!SSLv2:!EXP:!aNULL");
	gw_config_unref(other);
	gw_config_unref(NULL);
}
END_TEST

START_TEST(differences_are_named_with_both_values)
{
	struct gw_config_change v[2];
	struct loaded a, b;

	load_text(&a, "log_level = 3\nimap_port = 143\n");
	load_text(&b, "log_level = 5\nimap_port = 1143\nimap_timeout = 30m\nimap_max_messagesize = 131072K\nlog_timestamp = no\n");
	ck_assert_uint_eq(gw_config_diff(a.cfg, b.cfg, v, 2), 3);
	ck_assert_str_eq(v[0].opt->name, "imap_port");
	ck_assert_int_eq(v[0].opt->reload, GW_RESTART);
	ck_assert_str_eq(v[0].was, "143");
	ck_assert_str_eq(v[0].now, "1143");
	ck_assert_str_eq(v[1].opt->name, "log_level");
	ck_assert_int_eq(v[1].opt->reload, GW_LIVE);
	ck_assert_uint_eq(gw_config_diff(a.cfg, a.cfg, v, 2), 0);
	load_done(&a);
	load_done(&b);
}
END_TEST

START_TEST(addresses_that_change_by_the_dialect_alone_are_named)
{
	struct gw_config_change v[1];
	struct loaded a, b;

	load_text(&a, "imap_listen = *:1\n");
	load_text(&b, "imap_listen = *:1\npop3_listen =\n");
	ck_assert_uint_eq(gw_config_diff(a.cfg, b.cfg, v, 1), 1);
	ck_assert_str_eq(v[0].opt->name, "pop3_listen");
	ck_assert_str_eq(v[0].was, "*%lo:110");
	ck_assert_str_eq(v[0].now, "");
	gw_config_keep_restart(b.cfg, a.cfg);
	ck_assert_uint_eq(gw_config_diff(a.cfg, b.cfg, v, 1), 0);
	load_done(&a);
	load_done(&b);
}
END_TEST

START_TEST(a_reload_keeps_what_needs_a_restart)
{
	struct loaded a, b;
	struct gw_place at;

	load_text(&a, "imap_port = 1143\nlog_level = 3\nserver_socket = local:/a\nimaps_listen = *:1\n");
	load_text(&b, "imap_port = 2143\nlog_level = 5\nserver_socket = local:/b\nimap_timeout = 2h\nssl_certificate_file = /c\n");
	gw_config_keep_restart(b.cfg, a.cfg);
	ck_assert_uint_eq(b.cfg->imap_port, 1143);
	ck_assert_str_eq(b.cfg->server_socket, "local:/a");
	ck_assert_str_eq(gw_config_get(b.cfg, "server_socket"), "local:/a");
	ck_assert_str_eq(b.cfg->listen[GW_SERVICE_IMAP].v[0].text, "*:1143");
	ck_assert_str_eq(b.cfg->listen[GW_SERVICE_IMAPS].v[0].text, "*:1");
	ck_assert_uint_eq(b.cfg->log_level, 5);
	ck_assert_uint_eq(b.cfg->imap_timeout, 7200);
	ck_assert_str_eq(b.cfg->certs[0].cert, "/c");
	ck_assert(gw_config_is_set(b.cfg, gw_option_find(GW_S("imap_port")), &at));
	ck_assert_uint_eq(at.line, 1);
	load_done(&a); /* nothing of it is used any more */
	ck_assert_str_eq(b.cfg->listen[GW_SERVICE_IMAPS].v[0].text, "*:1");
	ck_assert_str_eq(at.file, "t.cfg");
	load_done(&b);
}
END_TEST

START_TEST(a_dump_writes_the_variable_of_a_value_that_cannot_stand_in_a_file)
{
	struct loaded a, b;
	struct gw_buf dump;

	load_text(&a, "server_hostname = $TWO_LINES\nlog_file = $NESTED\nimap_port = $PORT\npid_file = $NOT_SET\n");
	gw_buf_init(&dump, 0);
	gw_config_dump(a.cfg, true, &dump);
	ck_assert_str_eq(gw_buf_str(&dump),
		"imap_port = 1143\nlog_file = $NESTED\npid_file = $NOT_SET\nserver_hostname = $TWO_LINES\n");
	load_text(&b, gw_buf_str(&dump));
	ck_assert_uint_eq(gw_config_diff(a.cfg, b.cfg, NULL, 0), 0);
	gw_buf_done(&dump);
	load_done(&a);
	load_done(&b);
}
END_TEST

START_TEST(a_dump_reads_back_as_the_same_configuration)
{
	struct loaded a, b;
	struct gw_buf dump;

	load_text(&a, "imap_port = 0x10\nlog_level = 5\nmail_quota = 1536M\nauth_mechanisms =\nimap_capabilities = -MOVE -ID\n"
		      "ssl_protocols = !SSLv2\nimap_listen = *:1143\npop3_listen =\nprocess_model = fork\nlogin_timeout = 2m\n");
	ck_assert_int_eq(a.rc, 0);
	gw_buf_init(&dump, 0);
	gw_config_dump(a.cfg, true, &dump);
	load_text(&b, gw_buf_str(&dump));
	ck_assert_int_eq(b.rc, 0);
	ck_assert_uint_eq(gw_config_diff(a.cfg, b.cfg, NULL, 0), 0);
	ck_assert_uint_eq(b.cfg->listen[GW_SERVICE_POP3].n, 0);
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&dump), "imap_port = 16\n"));
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&dump), "auth_mechanisms =\n"));
	ck_assert_ptr_null(strstr(gw_buf_str(&dump), "pop3_port"));
	gw_buf_done(&dump);
	gw_buf_init(&dump, 0);
	gw_config_dump(a.cfg, false, &dump);
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&dump), "# pop3_port = 110\n"));
	gw_buf_done(&dump);
	load_done(&a);
	load_done(&b);
}
END_TEST

/* ---- whole files ---- */

static void load_fixture(struct loaded *l, const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "tests/fixtures/config/%s", name);
	load_source(l, &(struct gw_config_source){ .path = path, .env = test_env });
}

/* One run says everything; the wording is reviewed in the fixture. The real path of the test tree is left out. */
START_TEST(mistakes_are_all_told_in_one_run)
{
	static char want[16384];
	FILE *f = fopen("tests/fixtures/config/mistakes.txt", "r");
	char *root = realpath(".", NULL), *at;
	struct gw_buf have;
	struct loaded l;

	ck_assert_ptr_nonnull(f);
	want[fread(want, 1, sizeof want - 1, f)] = '\0';
	fclose(f);
	load_fixture(&l, "mistakes.cfg");
	gw_buf_init(&have, 0);
	for (const char *text = all_text(&l); *text; text = at) {
		at = strstr(text, root);
		gw_buf_add(&have, text, at ? (size_t)(at - text) : strlen(text));
		at = at ? at + strlen(root) + 1 : (char *)text + strlen(text);
	}
	ck_assert_str_eq(gw_buf_str(&have), want);
	gw_buf_done(&have);
	free(root);
	load_done(&l);
}
END_TEST

/* ---- generated files ---- */

START_TEST(the_sample_has_no_findings)
{
	struct loaded l;
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_schema_sample(&b);
	load_text(&l, gw_buf_str(&b));
	ck_assert_msg(l.rc == 0 && l.diags.n == 0, "%s", all_text(&l));
	ck_assert_str_eq(l.cfg->server_socket, "local:/var/lib/gateway");
	for (size_t i = 0; i < gw_option_count(); i++)
		ck_assert_int_eq(gw_config_is_set(l.cfg, ROW(i), NULL), ROW(i)->ship != NULL);
	load_done(&l);
	gw_buf_done(&b);
}
END_TEST

START_TEST(codes_ascend_and_each_has_a_meaning)
{
	unsigned last = 0, code;

	for (size_t i = 0; (code = gw_diag_code_at(i)) != 0; i++) {
		ck_assert_ptr_nonnull(gw_diag_code_meaning(code));
		ck_assert_uint_gt(code, last);
		last = code;
	}
	ck_assert_ptr_null(gw_diag_code_meaning(9999));
}
END_TEST

static TCase *rows(void)
{
	TCase *tc = tcase_create("rows");
	int n = (int)gw_option_count();

	tcase_add_loop_test(tc, every_row_is_complete, 0, n);
	tcase_add_loop_test(tc, every_default_reads_back_as_itself, 0, n);
	tcase_add_loop_test(tc, every_value_of_the_sample_is_accepted, 0, n);
	tcase_add_loop_test(tc, every_range_ends_where_the_row_says, 0, n);
	tcase_add_test(tc, documented_defaults_are_kept);
	tcase_add_test(tc, near_names_are_suggested);
	tcase_add_test(tc, a_snapshot_lives_until_the_last_share_is_given_up);
	tcase_add_test(tc, differences_are_named_with_both_values);
	tcase_add_test(tc, addresses_that_change_by_the_dialect_alone_are_named);
	tcase_add_test(tc, a_reload_keeps_what_needs_a_restart);
	tcase_add_test(tc, a_dump_writes_the_variable_of_a_value_that_cannot_stand_in_a_file);
	tcase_add_test(tc, a_dump_reads_back_as_the_same_configuration);
	tcase_add_test(tc, mistakes_are_all_told_in_one_run);
	tcase_add_test(tc, the_sample_has_no_findings);
	tcase_add_test(tc, codes_ascend_and_each_has_a_meaning);
	return tc;
}

UNIT_MAIN("config/rows", rows())

/* test_lines.c - line rules, environment, command line (config/lines.c, config/assign.c) */
#include "tests/unit/config/load.h"

START_TEST(blanks_around_name_and_value_do_not_count)
{
	static const char *const lines[] = { "imap_port=1143", " imap_port = 1143  ", "\timap_port\t=1143\r",
		"imap_port=1143\r\n", "imap_port = 1143\n", "imap_port = \t 1143 \t\r\n" };

	accepts(lines[_i], 0, "imap_port", "1143");
}
END_TEST

START_TEST(the_first_equals_sign_splits)
{
	accepts("ssl_ciphers = A=B:C", 0, "ssl_ciphers", "A=B:C");
}
END_TEST

START_TEST(comments_and_blank_lines_do_nothing)
{
	accepts("# imap_port = 1\n#\n\n   \n\t\r\n  # note\nimap_port = 2\n", 0, "imap_port", "2");
}
END_TEST

START_TEST(a_blank_in_front_makes_a_comment_an_option)
{
	refuses("\n  # imap_port = 143\n", CONFIG_E_UNKNOWN, 2, 3);
}
END_TEST

START_TEST(names_are_case_sensitive)
{
	struct loaded l;

	refuses("Imap_Port = 143", CONFIG_E_UNKNOWN, 1, 1);
	load_text(&l, "Imap_Port = 143");
	ck_assert_str_eq(finding(&l, CONFIG_E_UNKNOWN)->suggestion, "did you mean imap_port?");
	load_done(&l);
}
END_TEST

START_TEST(lines_that_do_nothing_are_named)
{
	static const char *const lines[] = { "= 5", "[gateway]", "imap_port 143", "  = x", "x" };

	accepts(lines[_i], CONFIG_W_IGNORED, "imap_port", "143");
}
END_TEST

START_TEST(the_last_assignment_wins)
{
	accepts("imap_port = 1\nimap_port = 2\n", CONFIG_N_AGAIN, "imap_port", "2");
}
END_TEST

START_TEST(what_looks_like_a_comment_or_quotes_is_part_of_the_value)
{
	struct loaded l;

	accepts("server_hostname = \"mail.example.org\"", CONFIG_W_COMMENT, "server_hostname", "\"mail.example.org\"");
	accepts("server_hostname = mail # ours", CONFIG_W_COMMENT, "server_hostname", "mail # ours");
	accepts("server_hostname = mail#1", 0, "server_hostname", "mail#1");
	refuses("imap_port = 143   # default", CONFIG_E_VALUE, 1, 13);
	refuses("imap_enable = yes # on", CONFIG_E_VALUE, 1, 15);
	load_text(&l, "imap_port = 143   # default");
	ck_assert_str_eq(finding(&l, CONFIG_E_VALUE)->suggestion, "put the comment on a line of its own");
	load_done(&l);
}
END_TEST

START_TEST(a_byte_order_mark_is_skipped_with_a_warning)
{
	accepts("\xEF\xBB\xBFimap_port = 1143\n", CONFIG_W_BOM, "imap_port", "1143");
	accepts("\xEF\xBB\xBF# note = 1\nimap_port = 1143\n", CONFIG_W_BOM, "imap_port", "1143");
	accepts("\xEF\xBB\xBF", CONFIG_W_BOM, "imap_port", "143");
	refuses("\n\xEF\xBB\xBFimap_port = 1143\n", CONFIG_E_UNKNOWN, 2, 1);
}
END_TEST

START_TEST(a_nul_byte_is_an_error_with_its_place)
{
	static const char text[] = "imap_port = 1\nimap_port = 14\0003\nlog_level = 3\n";
	struct loaded l;

	load_bytes(&l, text, sizeof text - 1);
	ck_assert_int_eq(l.rc, GW_EINVAL);
	ck_assert_uint_eq(finding(&l, CONFIG_E_NUL)->at.line, 2);
	ck_assert_uint_eq(finding(&l, CONFIG_E_NUL)->at.column, 15);
	load_done(&l);
}
END_TEST

/* A line of n bytes: a comment's, so that only its length matters. */
static void load_long_line(struct loaded *l, size_t n)
{
	char *text = gw_xalloc(n + 32);

	memset(text, 'x', n);
	text[0] = '#';
	strcpy(text + n, "\nimap_port = 7\n");
	load_text(l, text);
	free(text);
}

START_TEST(the_length_of_a_line_has_a_limit)
{
	static const struct {
		size_t n;
		unsigned code;
		int rc;
	} t[] = { { 4094, 0, 0 }, { 4095, 0, 0 }, { 4096, CONFIG_W_LONG, 0 }, { GW_CONFIG_LINE_MAX - 1, CONFIG_W_LONG, 0 },
		{ GW_CONFIG_LINE_MAX, CONFIG_W_LONG, 0 }, { GW_CONFIG_LINE_MAX + 1, CONFIG_E_LINE, GW_EINVAL },
		{ GW_CONFIG_LINE_MAX * 9, CONFIG_E_LINE, GW_EINVAL } };
	struct loaded l;

	load_long_line(&l, t[_i].n);
	ck_assert_int_eq(l.rc, t[_i].rc);
	ck_assert_int_eq(l.diags.n != 0, t[_i].code != 0);
	if (t[_i].code)
		ck_assert_ptr_nonnull(finding(&l, t[_i].code));
	if (l.cfg)
		ck_assert_uint_eq(l.cfg->imap_port, 7);
	load_done(&l);
}
END_TEST

START_TEST(a_long_value_is_kept_whole_with_a_warning)
{
	char text[1200] = "ssl_ciphers = ";
	size_t n = 1022 + (size_t)_i;
	struct loaded l;

	memset(text + 14, 'A', n);
	load_text(&l, text);
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(strlen(l.cfg->ssl_ciphers), n);
	ck_assert_int_eq(finding(&l, CONFIG_W_LONG) != NULL, n > 1023);
	load_done(&l);
}
END_TEST

START_TEST(unknown_directives_are_named_and_ignored)
{
	static const char *const lines[] = { "!Include x", "!if", "! include x", "!include", "!", "!propmap /x", "  !include x",
		"!includex y" };

	accepts(lines[_i], CONFIG_W_DIRECTIVE, "imap_port", "143");
}
END_TEST

/* ---- environment ---- */

START_TEST(a_dollar_value_comes_from_the_environment)
{
	accepts("imap_port = $PORT", 0, "imap_port", "1143");
	accepts("imap_max_messagesize = $SIZE", CONFIG_W_DIFFERENT, "imap_max_messagesize", "16M");
	accepts("server_hostname = $NOPE", CONFIG_W_ENVIRONMENT, "server_hostname", "$NOPE");
	accepts("server_hostname = a$PORT", 0, "server_hostname", "a$PORT");
	accepts("server_hostname = $", CONFIG_W_ENVIRONMENT, "server_hostname", "$");
	refuses("imap_port = $NOPE", CONFIG_E_VALUE, 1, 13);
	refuses("imap_port = $EMPTY", CONFIG_E_EMPTY, 1, 13);
}
END_TEST

/* ---- command line ---- */

static void load_arguments(struct loaded *l, const char *text, const char *const *v, size_t n, bool ignore)
{
	struct gw_slice s = gw_slice_str(text);

	load_source(l, &(struct gw_config_source){ .path = "t.cfg", .text = &s, .overrides = v, .n_overrides = n, .env = test_env,
		.ignore_unknown = ignore });
}

START_TEST(arguments_override_the_file)
{
	static const char *const v[] = { "--imap-port=1", "--imap_port = 2 ", "--ssl-ciphers=a=b", "--log-level=$PORT" };
	struct gw_place at;
	struct loaded l;

	load_arguments(&l, "imap_port = 9\n", v, 3, false);
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.cfg->imap_port, 2);
	ck_assert_str_eq(l.cfg->ssl_ciphers, "a=b");
	ck_assert(gw_config_is_set(l.cfg, gw_option_find(GW_S("imap_port")), &at));
	ck_assert_str_eq(at.file, "command line");
	ck_assert_uint_eq(at.line, 2);
	load_done(&l);
	load_arguments(&l, "", v, 4, false);
	ck_assert_int_eq(l.rc, GW_EINVAL);
	load_done(&l);
}
END_TEST

START_TEST(bad_arguments_are_refused)
{
	static const struct {
		const char *arg;
		unsigned code;
	} t[] = { { "--imap-port", CONFIG_E_EMPTY }, { "--imap-port=", CONFIG_E_EMPTY }, { "--nope=1", CONFIG_E_UNKNOWN },
		{ "--=1", CONFIG_E_OVERRIDE }, { "imap_port=1", CONFIG_E_OVERRIDE }, { "-x", CONFIG_E_OVERRIDE },
		{ "--", CONFIG_E_OVERRIDE }, { "", CONFIG_E_OVERRIDE }, { "--imap-port=x", CONFIG_E_VALUE } };
	struct loaded l;

	load_arguments(&l, "", &t[_i].arg, 1, false);
	ck_assert_int_eq(l.rc, GW_EINVAL);
	ck_assert_msg(finding(&l, t[_i].code) != NULL, "%s: %s", t[_i].arg, all_text(&l));
	load_done(&l);
}
END_TEST

START_TEST(errors_of_names_and_values_can_be_forgiven)
{
	struct loaded l;

	load_arguments(&l, "foo = 1\nimap_port = x\npop3_port =\nlog_level = 5\n", NULL, 0, true);
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.diags.warnings, 3);
	ck_assert_uint_eq(l.cfg->imap_port, 143);
	ck_assert_uint_eq(l.cfg->log_level, 5);
	load_done(&l);
	load_arguments(&l, "!include /nope/nope\n", NULL, 0, true);
	ck_assert_int_eq(l.rc, GW_EINVAL);
	load_done(&l);
}
END_TEST

START_TEST(all_findings_of_a_run_are_kept_up_to_a_limit)
{
	struct gw_buf b;
	struct loaded l;

	gw_buf_init(&b, 0);
	for (unsigned i = 0; i < GW_DIAGS_MAX + 7; i++)
		gw_buf_printf(&b, "foo%u = 1\n", i);
	load_text(&l, gw_buf_str(&b));
	ck_assert_uint_eq(l.diags.errors, GW_DIAGS_MAX + 7);
	ck_assert_uint_eq(l.diags.n, GW_DIAGS_MAX);
	load_done(&l);
	gw_buf_done(&b);
}
END_TEST

START_TEST(hostile_text_does_not_reach_a_terminal)
{
	struct loaded l;

	load_text(&l, "foo\033[2J\xC2\x9B\xFF\xE2\x80\xAE = 1\n");
	ck_assert_str_eq(all_text(&l), "t.cfg:1:1: error: unknown option \"foo\\x1b[2J\\xc2\\x9b\\xff\\xe2\\x80\\xae\" [GW1003]\n");
	load_done(&l);
}
END_TEST

START_TEST(options_of_other_daemons_are_known_as_such)
{
	static const struct {
		const char *name, *part;
	} t[] = { { "server_ssl_protocols", "ssl_protocols" }, { "sslkey_file", "kopano-dagent" }, { "lmtp_port", "kopano-dagent" },
		{ "statsclient_url", "kopano-server" }, { "client_update_enabled", "kopano-server" }, { "plugin_path", "kopano-dagent" } };
	char text[64];
	struct loaded l;

	snprintf(text, sizeof text, "%s = x\n", t[_i].name);
	load_text(&l, text);
	ck_assert_ptr_nonnull(strstr(finding(&l, CONFIG_E_UNKNOWN)->suggestion, t[_i].part));
	load_done(&l);
}
END_TEST

/* ---- the flat view ---- */

static void count_line(void *ctx, const struct gw_config_line *line)
{
	unsigned *count = ctx;

	count[line->kind]++;
	ck_assert_uint_eq(line->depth, strcmp(line->file, "/e/b.cfg") == 0 ? 1 : 0);
}

START_TEST(every_line_is_shown_to_who_wants_it)
{
	static const struct file files[] = { { "/e/a.cfg", "# c\n\n!include b.cfg\n!include b.cfg\nx\nlog_level = 1" },
		{ "/e/b.cfg", "log_level = 1\nfoo = 2\n" }, { NULL, NULL } };
	struct gw_config_files table = { .open = open_table };
	unsigned count[6] = { 0 };
	struct loaded l;

	table.ctx = (void *)files;
	load_source(&l, &(struct gw_config_source){ .path = "/e/a.cfg", .files = &table,
		.line = count_line, .line_ctx = count });
	ck_assert_uint_eq(count[GW_LINE_COMMENT], 1);
	ck_assert_uint_eq(count[GW_LINE_BLANK], 1);
	ck_assert_uint_eq(count[GW_LINE_INCLUDE], 1);
	ck_assert_uint_eq(count[GW_LINE_INCLUDE_DONE], 1);
	ck_assert_uint_eq(count[GW_LINE_IGNORED], 1);
	ck_assert_uint_eq(count[GW_LINE_OPTION], 3);
	load_done(&l);
}
END_TEST

static TCase *lines(void)
{
	TCase *tc = tcase_create("lines");

	tcase_add_loop_test(tc, blanks_around_name_and_value_do_not_count, 0, 6);
	tcase_add_test(tc, the_first_equals_sign_splits);
	tcase_add_test(tc, comments_and_blank_lines_do_nothing);
	tcase_add_test(tc, a_blank_in_front_makes_a_comment_an_option);
	tcase_add_test(tc, names_are_case_sensitive);
	tcase_add_loop_test(tc, lines_that_do_nothing_are_named, 0, 5);
	tcase_add_test(tc, the_last_assignment_wins);
	tcase_add_test(tc, what_looks_like_a_comment_or_quotes_is_part_of_the_value);
	tcase_add_test(tc, a_byte_order_mark_is_skipped_with_a_warning);
	tcase_add_test(tc, a_nul_byte_is_an_error_with_its_place);
	tcase_add_loop_test(tc, the_length_of_a_line_has_a_limit, 0, 7);
	tcase_add_loop_test(tc, a_long_value_is_kept_whole_with_a_warning, 0, 3);
	tcase_add_loop_test(tc, unknown_directives_are_named_and_ignored, 0, 8);
	tcase_add_test(tc, a_dollar_value_comes_from_the_environment);
	tcase_add_test(tc, arguments_override_the_file);
	tcase_add_loop_test(tc, bad_arguments_are_refused, 0, 9);
	tcase_add_test(tc, errors_of_names_and_values_can_be_forgiven);
	tcase_add_test(tc, all_findings_of_a_run_are_kept_up_to_a_limit);
	tcase_add_test(tc, hostile_text_does_not_reach_a_terminal);
	tcase_add_loop_test(tc, options_of_other_daemons_are_known_as_such, 0, 6);
	tcase_add_test(tc, every_line_is_shown_to_who_wants_it);
	return tc;
}

UNIT_MAIN("config/lines", lines())

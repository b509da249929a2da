/* test_contract_3a.c - section 3 of the contract: lines (3.1), duplicates (3.2), directives (3.3)
 *
 * 3.1.1 to 3.1.6 are the rules, from 3.1.7 on the examples of the table behind them. */
#include "tests/unit/config/contract.h"

/* ---- 3.1 lines ---- */

START_TEST(contract_3_1_1_a_long_line_stays_one_line_and_is_told)
{
	static const char option[] = "imap_port = 1\n";
	char text[4096 + 64];
	struct loaded l;

	/* the original cut after 4095 bytes, so that this comment set an option */
	memset(text, 'x', 4095);
	text[0] = '#';
	memcpy(text + 4095, option, sizeof option);
	load_text(&l, text);
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.cfg->imap_port, 143);
	ck_assert_ptr_nonnull(finding(&l, CONFIG_W_LONG));
	load_done(&l);
	memmove(text + 4094, "\nimap_port = 1\n", sizeof option + 1); /* one byte less before the line end: not cut */
	load_text(&l, text);
	ck_assert_uint_eq(l.cfg->imap_port, 1);
	ck_assert_ptr_null(finding(&l, CONFIG_W_LONG));
	load_done(&l);
}
END_TEST

START_TEST(contract_3_1_2_a_nul_byte_is_refused_where_the_original_stopped)
{
	static const char text[] = "imap_port = 11\00043\nlog_level = 3\n";
	struct loaded l;

	load_bytes(&l, text, sizeof text - 1);
	ck_assert_int_eq(l.rc, GW_EINVAL);
	ck_assert_uint_eq(finding(&l, CONFIG_E_NUL)->at.column, 15);
	load_done(&l);
}
END_TEST

START_TEST(contract_3_1_3_lines_end_in_lf_or_crlf_or_with_the_file)
{
	accepts("imap_port = 1143\n", 0, "imap_port", "1143");
	accepts("imap_port = 1143\r\npop3_port = 1110\r\n", 0, "imap_port", "1143");
	accepts("imap_port = 1143\r\npop3_port = 1110\r\n", 0, "pop3_port", "1110");
	accepts("pop3_port = 1110\nimap_port = 1143", 0, "imap_port", "1143");
	accepts("server_hostname = a\r", 0, "server_hostname", "a");
}
END_TEST

START_TEST(contract_3_1_4_nothing_continues_quotes_or_escapes)
{
	accepts("server_hostname = a\\\nimap_port = 1143\n", 0, "server_hostname", "a\\");
	accepts("server_hostname = a\\\nimap_port = 1143\n", 0, "imap_port", "1143");
	accepts("server_hostname = a\\tb\n", 0, "server_hostname", "a\\tb");
	accepts("server_hostname = 'a'\n", CONFIG_W_COMMENT, "server_hostname", "'a'");
	accepts("server_hostname = \xFC\xC3\xBC\n", 0, "server_hostname", "\xFC\xC3\xBC"); /* any encoding */
}
END_TEST

START_TEST(contract_3_1_5_the_first_byte_tells_what_a_line_is)
{
	accepts("# imap_port = 1\n", 0, "imap_port", "143");
	accepts("!imap_port = 1\n", CONFIG_W_DIRECTIVE, "imap_port", "143");
	accepts("imap_port = 1\n", 0, "imap_port", "1");
	accepts("imap_port 1\n", CONFIG_W_IGNORED, "imap_port", "143");
	accepts("\n \n\t\n", 0, "imap_port", "143");
}
END_TEST

START_TEST(contract_3_1_6_names_and_values_are_trimmed)
{
	char text[1400] = "server_hostname = ";
	struct loaded l;

	accepts(" \timap_port \t=\t 1143 \t\r\n", 0, "imap_port", "1143");
	accepts(" = 1143\n", CONFIG_W_IGNORED, "imap_port", "143");
	memset(text + strlen(text), 'a', 1024); /* the original cut a value after 1023 bytes */
	load_text(&l, text);
	ck_assert_uint_eq(strlen(l.cfg->server_hostname), 1024);
	ck_assert_ptr_nonnull(finding(&l, CONFIG_W_LONG));
	load_done(&l);
	memset(text, 'n', 256); /* and a name after 255 */
	strcpy(text + 256, " = 1\n");
	refuses(text, CONFIG_E_UNKNOWN, 1, 1);
}
END_TEST

START_TEST(contract_3_1_7_blanks_around_do_not_count)
{
	accepts("imap_port=1143", 0, "imap_port", "1143");
	accepts(" imap_port = 1143  ", 0, "imap_port", "1143");
	accepts("\timap_port\t=1143\r", 0, "imap_port", "1143");
}
END_TEST

START_TEST(contract_3_1_8_an_indented_comment_without_equals_is_ignored)
{
	accepts("  # note\nimap_port = 1143\n", 0, "imap_port", "1143");
}
END_TEST

START_TEST(contract_3_1_9_an_indented_comment_with_equals_is_an_unknown_option)
{
	struct loaded l;

	refuses("  # imap_port = 143\n", CONFIG_E_UNKNOWN, 1, 3);
	load_text(&l, "  # imap_port = 143\n");
	ck_assert_ptr_nonnull(strstr(finding(&l, CONFIG_E_UNKNOWN)->suggestion, "first column"));
	load_done(&l);
}
END_TEST

START_TEST(contract_3_1_10_a_comment_behind_a_port_makes_it_invalid)
{
	denies("imap_port", "143   # default", CONFIG_E_VALUE, "put the comment on a line of its own");
}
END_TEST

START_TEST(contract_3_1_11_a_comment_behind_yes_is_refused_not_taken_for_no)
{
	denies("imap_enable", "yes # on", CONFIG_E_VALUE, "put the comment on a line of its own");
}
END_TEST

START_TEST(contract_3_1_12_quotes_are_part_of_the_value)
{
	accepts("server_hostname = \"mail.example.org\"\n", CONFIG_W_COMMENT, "server_hostname", "\"mail.example.org\"");
}
END_TEST

START_TEST(contract_3_1_13_the_first_equals_sign_splits)
{
	accepts("ssl_ciphers = A=B:C\n", 0, "ssl_ciphers", "A=B:C");
}
END_TEST

START_TEST(contract_3_1_14_a_line_without_a_name_is_ignored)
{
	finds("= 5\n", CONFIG_W_IGNORED);
}
END_TEST

START_TEST(contract_3_1_15_names_are_lower_case)
{
	struct loaded l;

	refuses("Imap_Port = 143\n", CONFIG_E_UNKNOWN, 1, 1);
	load_text(&l, "Imap_Port = 143\n");
	ck_assert_str_eq(finding(&l, CONFIG_E_UNKNOWN)->suggestion, "did you mean imap_port?");
	load_done(&l);
}
END_TEST

START_TEST(contract_3_1_16_there_are_no_sections)
{
	accepts("[gateway]\nimap_port = 1143\n", CONFIG_W_IGNORED, "imap_port", "1143");
}
END_TEST

START_TEST(contract_3_1_17_a_line_without_equals_is_ignored_but_told)
{
	struct loaded l;

	load_text(&l, "imap_port 1143\n");
	ck_assert_uint_eq(l.cfg->imap_port, 143);
	ck_assert_str_eq(finding(&l, CONFIG_W_IGNORED)->suggestion, "write imap_port = 1143");
	load_done(&l);
}
END_TEST

START_TEST(contract_3_1_18_an_empty_boolean_is_no_where_it_was_yes)
{
	accepts("imap_public_folders =\n", CONFIG_W_DIFFERENT, "imap_public_folders", "no");
}
END_TEST

START_TEST(contract_3_1_19_an_empty_service_is_an_error)
{
	refuses("imap_enable =\n", CONFIG_E_EMPTY, 1, 14);
}
END_TEST

START_TEST(contract_3_1_20_a_byte_order_mark_is_skipped_where_it_broke_the_first_line)
{
	accepts("\xEF\xBB\xBFimap_port = 1143\n", CONFIG_W_BOM, "imap_port", "1143");
	accepts("\xEF\xBB\xBF# imap_port = 1\nimap_port = 1143\n", CONFIG_W_BOM, "imap_port", "1143");
	accepts("\xEF\xBB\xBF# note\nimap_port = 1143\n", CONFIG_W_BOM, "imap_port", "1143");
}
END_TEST

/* ---- 3.2 duplicates ---- */

START_TEST(contract_3_2_1_the_last_assignment_wins)
{
	accepts("imap_port = 1\nlog_level = 5\nimap_port = 2\n", CONFIG_N_AGAIN, "imap_port", "2");
}
END_TEST

START_TEST(contract_3_2_2_included_files_count_at_their_place)
{
	static const struct file files[] = { { "/e/a.cfg", "imap_port = 1\nlog_level = 1\n!include b.cfg\nlog_level = 3\n" },
		{ "/e/b.cfg", "imap_port = 2\nlog_level = 2\n" }, { NULL, NULL } };
	struct loaded l;

	load_files(&l, "/e/a.cfg", files);
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.diags.n, 0);
	ck_assert_uint_eq(l.cfg->imap_port, 2);
	ck_assert_uint_eq(l.cfg->log_level, 3);
	load_done(&l);
}
END_TEST

/* ---- 3.3 directives ---- */

/* Load /e/a.cfg with this text beside /e/b.cfg, "/e/b c.cfg" and "/e/"b.cfg"", which set imap_port to 2, 3 and 4. */
static void load_beside(struct loaded *l, const char *text)
{
	struct file files[] = { { "/e/a.cfg", text }, { "/e/b.cfg", "imap_port = 2\n" }, { "/e/b c.cfg", "imap_port = 3\n" },
		{ "/e/\"b.cfg\"", "imap_port = 4\n" }, { NULL, NULL } };

	load_files(l, "/e/a.cfg", files);
}

static void includes(const char *text, unsigned port)
{
	struct loaded l;

	load_beside(&l, text);
	ck_assert_msg(l.rc == 0 && l.diags.n == 0, "%s: %s", text, all_text(&l));
	ck_assert_uint_eq(l.cfg->imap_port, port);
	load_done(&l);
}

static void directs_nothing(const char *text)
{
	struct loaded l;

	load_beside(&l, text);
	ck_assert_msg(l.rc == 0, "%s: %s", text, all_text(&l));
	ck_assert_uint_eq(l.diags.warnings, 1);
	ck_assert_ptr_nonnull(finding(&l, CONFIG_W_DIRECTIVE));
	ck_assert_uint_eq(l.cfg->imap_port, 143);
	load_done(&l);
}

START_TEST(contract_3_3_1_include_reads_a_file_in_its_place)
{
	includes("!include b.cfg\n", 2);
	includes("imap_port = 1\n!include\tb.cfg\n", 2);
	includes("!include b.cfg\nimap_port = 1\n", 1);
}
END_TEST

START_TEST(contract_3_3_2_propmap_is_told_and_ignored)
{
	directs_nothing("!propmap /etc/kopano/ldap.propmap.cfg\n");
}
END_TEST

START_TEST(contract_3_3_3_other_directives_are_told_and_ignored)
{
	static const char *const lines[] = { "!Include b.cfg\n", "!if x\n", "! include b.cfg\n", "!include\n", "!\n" };

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		directs_nothing(lines[i]);
}
END_TEST

START_TEST(contract_3_3_4_an_indented_include_is_told_and_ignored)
{
	directs_nothing("  !include b.cfg\n");
}
END_TEST

START_TEST(contract_3_3_5_the_path_is_the_whole_rest_of_the_line)
{
	includes("!include   b c.cfg \t\r\n", 3);
	includes("!include \"b.cfg\"\n", 4);
}
END_TEST

START_TEST(contract_3_3_6_a_relative_path_begins_at_the_real_file)
{
	static const struct file files[] = { { "/real/a.cfg", "!include b.cfg\n" }, { "/real/b.cfg", "imap_port = 2\n" },
		{ "/link/b.cfg", "imap_port = 9\n" }, { NULL, NULL } };
	struct loaded l;

	load_files(&l, "/link/a.cfg", files); /* a symbolic link to /real/a.cfg */
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.cfg->imap_port, 2);
	load_done(&l);
	includes("!include /e/b.cfg\n", 2);
}
END_TEST

START_TEST(contract_3_3_7_a_file_that_cannot_be_read_fails_the_load)
{
	static const char *const lines[] = { "!include nope.cfg\nimap_port = 1\n", "!include /nope\n", "!include \n" };

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct loaded l;

		load_beside(&l, lines[i]);
		ck_assert_int_eq(l.rc, GW_EINVAL);
		ck_assert_uint_eq(finding(&l, CONFIG_E_INCLUDE)->at.line, 1);
		load_done(&l);
	}
}
END_TEST

START_TEST(contract_3_3_8_each_real_file_is_read_once)
{
	static const struct file files[] = { { "/e/a.cfg", "!include b.cfg\nimap_port = 1\n!include b.cfg\n!include a.cfg\n" },
		{ "/e/b.cfg", "imap_port = 2\n!include a.cfg\n!include c.cfg\n" }, { "/e/c.cfg", "!include /e/b.cfg\nlog_level = 5\n" },
		{ NULL, NULL } };
	struct loaded l;

	load_files(&l, "/e/a.cfg", files);
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.cfg->imap_port, 1);
	ck_assert_uint_eq(l.cfg->log_level, 5);
	ck_assert_uint_eq(l.diags.warnings, 0); /* the original said nothing; here each skipped file is a note */
	ck_assert_uint_eq(l.diags.notes, 4);
	load_done(&l);
}
END_TEST

START_TEST(contract_3_3_9_a_relative_path_in_an_included_file_begins_there)
{
	static const struct file files[] = { { "/e/a.cfg", "!include sub/b.cfg\n" }, { "/e/sub/b.cfg", "!include c.cfg\n" },
		{ "/e/sub/c.cfg", "imap_port = 2\n" }, { "/e/c.cfg", "imap_port = 9\n" }, { NULL, NULL } };
	struct loaded l;

	load_files(&l, "/e/a.cfg", files);
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.cfg->imap_port, 2);
	load_done(&l);
}
END_TEST

static TCase *rows(void)
{
	TCase *tc = tcase_create("rows");

	tcase_add_test(tc, contract_3_1_1_a_long_line_stays_one_line_and_is_told);
	tcase_add_test(tc, contract_3_1_2_a_nul_byte_is_refused_where_the_original_stopped);
	tcase_add_test(tc, contract_3_1_3_lines_end_in_lf_or_crlf_or_with_the_file);
	tcase_add_test(tc, contract_3_1_4_nothing_continues_quotes_or_escapes);
	tcase_add_test(tc, contract_3_1_5_the_first_byte_tells_what_a_line_is);
	tcase_add_test(tc, contract_3_1_6_names_and_values_are_trimmed);
	tcase_add_test(tc, contract_3_1_7_blanks_around_do_not_count);
	tcase_add_test(tc, contract_3_1_8_an_indented_comment_without_equals_is_ignored);
	tcase_add_test(tc, contract_3_1_9_an_indented_comment_with_equals_is_an_unknown_option);
	tcase_add_test(tc, contract_3_1_10_a_comment_behind_a_port_makes_it_invalid);
	tcase_add_test(tc, contract_3_1_11_a_comment_behind_yes_is_refused_not_taken_for_no);
	tcase_add_test(tc, contract_3_1_12_quotes_are_part_of_the_value);
	tcase_add_test(tc, contract_3_1_13_the_first_equals_sign_splits);
	tcase_add_test(tc, contract_3_1_14_a_line_without_a_name_is_ignored);
	tcase_add_test(tc, contract_3_1_15_names_are_lower_case);
	tcase_add_test(tc, contract_3_1_16_there_are_no_sections);
	tcase_add_test(tc, contract_3_1_17_a_line_without_equals_is_ignored_but_told);
	tcase_add_test(tc, contract_3_1_18_an_empty_boolean_is_no_where_it_was_yes);
	tcase_add_test(tc, contract_3_1_19_an_empty_service_is_an_error);
	tcase_add_test(tc, contract_3_1_20_a_byte_order_mark_is_skipped_where_it_broke_the_first_line);
	tcase_add_test(tc, contract_3_2_1_the_last_assignment_wins);
	tcase_add_test(tc, contract_3_2_2_included_files_count_at_their_place);
	tcase_add_test(tc, contract_3_3_1_include_reads_a_file_in_its_place);
	tcase_add_test(tc, contract_3_3_2_propmap_is_told_and_ignored);
	tcase_add_test(tc, contract_3_3_3_other_directives_are_told_and_ignored);
	tcase_add_test(tc, contract_3_3_4_an_indented_include_is_told_and_ignored);
	tcase_add_test(tc, contract_3_3_5_the_path_is_the_whole_rest_of_the_line);
	tcase_add_test(tc, contract_3_3_6_a_relative_path_begins_at_the_real_file);
	tcase_add_test(tc, contract_3_3_7_a_file_that_cannot_be_read_fails_the_load);
	tcase_add_test(tc, contract_3_3_8_each_real_file_is_read_once);
	tcase_add_test(tc, contract_3_3_9_a_relative_path_in_an_included_file_begins_there);
	return tc;
}

UNIT_MAIN("config/contract_3a", rows())

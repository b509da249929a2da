/* test_fix.c - old and trap-ridden lines in today's form (lib/config/fix.c, mend.c) */
#include "tests/unit/config/edited.h"

static void fix(struct edited *e, struct gw_slice text, unsigned flags)
{
	edited_init(e);
	gw_config_fix(text, flags, &e->out, &e->edits);
}

/* The text becomes another one, with this finding on its first edit (0: none); "" for want: it stays. */
static void with_flags(const char *text, const char *want, unsigned code, unsigned flags)
{
	struct edited e;
	bool stays = !*want;

	fix(&e, gw_slice_str(text), flags);
	same_bytes(gw_buf_slice(&e.out), gw_slice_str(stays ? text : want), text);
	ck_assert_msg((e.edits.total == 0) == stays, "%s: %zu edits", text, e.edits.total);
	if (!stays)
		ck_assert_msg(e.edits.v[0].code == code, "%s: %u", text, e.edits.v[0].code);
	edited_done(&e);
}

static void becomes(const char *text, const char *want, unsigned code)
{
	with_flags(text, want, code, 0);
	with_flags(text, want, code, GW_FIX_MEANT);
}

static void stays(const char *text)
{
	becomes(text, "", 0);
}

/* Only with GW_FIX_MEANT; else the line is counted as left. */
static void meant(const char *text, const char *want, unsigned code)
{
	struct edited e;

	with_flags(text, "", 0, 0);
	with_flags(text, want, code, GW_FIX_MEANT);
	fix(&e, gw_slice_str(text), 0);
	ck_assert_msg(e.edits.left == 1, "%s", text);
	edited_done(&e);
}

START_TEST(booleans_become_yes_and_no)
{
	becomes("imap_public_folders = No\n", "imap_public_folders = no\n", 2005);
	becomes("imap_public_folders = off\n", "imap_public_folders = no\n", 2005);
	becomes("imap_public_folders =\n", "imap_public_folders = no\n", 2005);
	becomes("imap_public_folders=\n", "imap_public_folders=no\n", 2005);
	becomes("imap_enable = Yes\r\n", "imap_enable = yes\r\n", 2005);
	becomes("log_timestamp = 1", "log_timestamp = yes", 0);
	stays("imap_enable = yes\nimap_public_folders=no\n");
	stays("imap_enable =\n");
	stays("imap_enable = maybe\n");
}
END_TEST

START_TEST(numbers_are_decimal_and_minus_one_is_no_limit)
{
	becomes("imap_port = 0110\n", "imap_port = 72\n", 2018);
	becomes("imap_port = 0x8F\n", "imap_port = 143\n", 0);
	becomes("imap_max_fail_commands = 0\n", "imap_max_fail_commands = -1\n", 2005);
	becomes("imap_max_fail_commands = 00\n", "imap_max_fail_commands = -1\n", 2005);
	stays("imap_max_fail_commands = -1\n");
	stays("max_connections_per_user = 0\nimap_port = 143\ncontrol_socket_mode = 0660\n");
	stays("imap_port = 99999\nimap_port = 08\n");
}
END_TEST

START_TEST(sizes_have_one_letter)
{
	becomes("imap_max_messagesize = 10MB\n", "imap_max_messagesize = 10M\n", 2005);
	becomes("imap_max_messagesize = 10 kib\n", "imap_max_messagesize = 10K\n", 2005);
	becomes("imap_max_messagesize = 10 m\n", "imap_max_messagesize = 10M\n", 0);
	becomes("imap_max_messagesize = 10b\n", "imap_max_messagesize = 10\n", 2005);
	stays("imap_max_messagesize = 10m\n");
	stays("imap_max_messagesize = 10\n");
	becomes("imap_max_messagesize = 1.5M\n", "imap_max_messagesize = 1536K\n", 2005);
	becomes("log_buffer_size = 0.5k\n", "log_buffer_size = 512\n", 0);
	stays("imap_max_messagesize = 1.3K\n");
}
END_TEST

START_TEST(words_have_their_first_spelling)
{
	becomes("log_method = Syslog\n", "log_method = syslog\n", 0);
	becomes("process_model = Threads\n", "process_model = thread\n", 2005);
	becomes("coredump_enabled = on\n", "coredump_enabled = yes\n", 0);
	stays("process_model = fork\n");
}
END_TEST

START_TEST(what_stands_behind_a_value_becomes_a_comment)
{
	becomes("imap_port = 143   # default\n", "# default\nimap_port = 143\n", 1005);
	becomes("log_level = 2\r\n\timap_port = 143 \t#d\r\n", "log_level = 2\r\n#d\r\n\timap_port = 143\r\n", 1005);
	becomes("imap_port = 0110 # d", "# d\nimap_port = 72", 1005);
	becomes("imap_enable = \"yes\" # on\n", "# on\nimap_enable = yes\n", 1005);
	becomes("ssl_protocols = !SSLv3 # poodle\n", "# poodle\nssl_protocols = !SSLv3\n", 2003);
	becomes("imap_listen = *:143 # all\n", "# all\nimap_listen = *:143\n", 1012);
	meant("log_file = /x # y\n", "# y\nlog_file = /x\n", 2003);
	stays("server_hostname = a#b\n");
	stays("server_hostname = \"a # b\"\n");
	stays("imap_port = # 143\n");
	stays("imap_port = $PORT # 143\n");
}
END_TEST

START_TEST(values_have_no_quotes)
{
	becomes("imap_port = \"143\"\n", "imap_port = 143\n", 1005);
	becomes("imap_enable = 'Yes'\n", "imap_enable = yes\n", 1005);
	meant("server_hostname = \"mail.example.org\"\n", "server_hostname = mail.example.org\n", 2003);
	meant("server_hostname = ' a b ' # c\n", "# c\nserver_hostname = a b\n", 2003);
	stays("server_hostname = ' a b '# c\n");
	stays("server_hostname = \"'a'\"\n");
}
END_TEST

START_TEST(lines_that_do_nothing_become_comments)
{
	becomes("[gateway]\n", "# [gateway]\n", 2001);
	becomes(" = 5 \n", "# = 5\n", 2001);
	becomes("!if x\n", "# !if x\n", 2002);
	becomes("!propmap /x\n", "# !propmap /x\n", 2002);
	becomes("!include\n", "# !include\n", 2002);
	becomes("  # imap_port = 143\n", "# imap_port = 143\n", 1003);
	becomes("imap_generate_utf8 = no\n", "# retired: imap_generate_utf8 = no\n", 2006);
	stays("  # note\n#x\n\n!include x\n!include\ty\n");
}
END_TEST

START_TEST(lines_that_were_meant_to_do_something_wait_for_a_word)
{
	meant("imap_port 143\n", "imap_port = 143\n", 2001);
	meant("\timap_port: 0110 # c\n", "# c\nimap_port = 72\n", 2001);
	meant("Imap-Port 143\n", "imap_port = 143\n", 2001);
	meant(" !include x y\n", "!include x y\n", 2002);
	meant("!Include x\n", "!include x\n", 2002);
	meant("! include x\n", "!include x\n", 2002);
	becomes(" !include x=y\n", "!include x=y\n", 1003);
	becomes("imap_port many\n", "# imap_port many\n", 2001);
}
END_TEST

START_TEST(names_are_those_of_today)
{
	becomes("Imap-Port = 143\n", "imap_port = 143\n", 1003);
	becomes("server_ssl_protocols = !SSLv3\n", "ssl_protocols = !SSLv3\n", 1003);
	becomes("server_ssl_ciphers = A\nserver_ssl_ciphers = B\n", "# set again below: server_ssl_ciphers = A\nssl_ciphers = B\n",
		3001);
	stays("server_ssl_ciphers = A\nssl_ciphers = B\n");
	stays("server_ssl_key_file = /x\nlmtp_port = 1\nimap_prt = 1\n");
}
END_TEST

START_TEST(a_line_gives_way_to_a_good_one_below)
{
	becomes("imap_port = 1\n\timap_port = 2 \nlog_level = 2\nimap_port = 3\n",
		"# set again below: imap_port = 1\n# set again below: imap_port = 2\nlog_level = 2\nimap_port = 3\n", 3001);
	becomes("imap_port = 1\nimap_port = x\n", "", 0);
	becomes("imap_port = 1\nimap_port = $PORT\n", "", 0);
	becomes("imap_port = x\nimap_port = 1\n", "# set again below: imap_port = x\nimap_port = 1\n", 3001);
}
END_TEST

START_TEST(the_byte_order_mark_goes)
{
	becomes("\xEF\xBB\xBFimap_port = 1\n", "imap_port = 1\n", 2008);
}
END_TEST

START_TEST(a_line_does_not_grow_over_a_limit)
{
	for (size_t size = 4093; size <= 4094; size++) { /* "# " comes in front */
		char *line = gw_xalloc(size + 2);
		struct edited e;

		memset(line, 'a', size);
		line[size] = '\n';
		fix(&e, gw_slice(line, size + 1), 0);
		ck_assert_uint_eq(e.edits.total, size == 4093);
		edited_done(&e);
		free(line);
	}
}
END_TEST

/* In a file that loads nothing but the spelling changes; lines that are left are not counted as edits. */
static bool holds(struct gw_slice file, unsigned flags)
{
	struct edited once, twice;
	bool loads;

	fix(&once, file, flags);
	fix(&twice, gw_buf_slice(&once.out), flags);
	same_bytes(gw_buf_slice(&twice.out), gw_buf_slice(&once.out), "twice");
	ck_assert_uint_eq(twice.edits.total, 0);
	ck_assert_uint_eq(once.edits.left, twice.edits.left);
	ck_assert_uint_eq(once.edits.total == 0, gw_slice_eq(gw_buf_slice(&once.out), file));
	if (flags & GW_FIX_MEANT)
		ck_assert_uint_eq(once.edits.left, 0);
	if (!means_the_same(file, gw_buf_slice(&once.out), &loads) && !flags)
		ck_abort_msg("--- before\n%.*s\n--- after\n%.*s", GW_FMT(file), GW_FMT(gw_buf_slice(&once.out)));
	edited_done(&once);
	edited_done(&twice);
	return loads;
}

START_TEST(any_file_means_the_same_and_a_second_time_changes_nothing)
{
	unsigned loaded = 0;
	uint64_t seed = 3;
	struct gw_buf file;

	gw_buf_init(&file, 0);
	for (int i = 0; i < 4000; i++) {
		random_file(&file, &seed, i % 2);
		loaded += holds(gw_buf_slice(&file), 0);
		holds(gw_buf_slice(&file), GW_FIX_MEANT);
	}
	ck_assert_uint_gt(loaded, 300);
	gw_buf_done(&file);
}
END_TEST

START_TEST(layout_and_form_do_not_undo_each_other)
{
	uint64_t seed = 5;
	struct gw_buf file;

	gw_buf_init(&file, 0);
	for (int i = 0; i < 1000; i++) {
		struct edited fixed, fmt, again;

		random_file(&file, &seed, true);
		fix(&fixed, gw_buf_slice(&file), 0);
		edited_init(&fmt);
		gw_config_fmt(gw_buf_slice(&fixed.out), &fmt.out, NULL);
		fix(&again, gw_buf_slice(&fmt.out), 0);
		same_bytes(gw_buf_slice(&again.out), gw_buf_slice(&fmt.out), gw_buf_str(&file));
		edited_done(&fixed);
		edited_done(&fmt);
		edited_done(&again);
	}
	gw_buf_done(&file);
}
END_TEST

START_TEST(the_list_of_edits_is_bounded)
{
	struct gw_buf file;
	struct edited e;

	gw_buf_init(&file, 0);
	for (int i = 0; i < GW_EDITS_MAX + 1; i++)
		gw_buf_printf(&file, "nonsense\n");
	fix(&e, gw_buf_slice(&file), 0);
	ck_assert_uint_eq(e.edits.n, GW_EDITS_MAX);
	ck_assert_uint_eq(e.edits.total, GW_EDITS_MAX + 1);
	edited_done(&e);
	gw_buf_done(&file);
}
END_TEST

static TCase *values(void)
{
	TCase *tc = tcase_create("values");

	tcase_add_test(tc, booleans_become_yes_and_no);
	tcase_add_test(tc, numbers_are_decimal_and_minus_one_is_no_limit);
	tcase_add_test(tc, sizes_have_one_letter);
	tcase_add_test(tc, words_have_their_first_spelling);
	tcase_add_test(tc, what_stands_behind_a_value_becomes_a_comment);
	tcase_add_test(tc, values_have_no_quotes);
	return tc;
}

static TCase *lines(void)
{
	TCase *tc = tcase_create("lines");

	tcase_add_test(tc, lines_that_do_nothing_become_comments);
	tcase_add_test(tc, lines_that_were_meant_to_do_something_wait_for_a_word);
	tcase_add_test(tc, names_are_those_of_today);
	tcase_add_test(tc, a_line_gives_way_to_a_good_one_below);
	tcase_add_test(tc, the_byte_order_mark_goes);
	tcase_add_test(tc, a_line_does_not_grow_over_a_limit);
	tcase_add_test(tc, any_file_means_the_same_and_a_second_time_changes_nothing);
	tcase_add_test(tc, layout_and_form_do_not_undo_each_other);
	tcase_add_test(tc, the_list_of_edits_is_bounded);
	return tc;
}

UNIT_MAIN("config/fix", values(), lines())

/* test_tool.c - gwcfg as a program: exit codes, carets, JSON, the verbs (gwcfg/)
 *
 * Runs the gwcfg that lies three folders above this test program, where make puts it; without one (when only this
 * module was built) there is nothing to test. */
#include "tests/unit/config/load.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char tool[512];
static char dir[] = "/tmp/gwcfg-tool-XXXXXX";

static bool find_tool(void)
{
	ssize_t n = readlink("/proc/self/exe", tool, sizeof tool - 1);

	for (int i = 0; i < 4 && n > 0; i++) {
		tool[n] = '\0';
		n = strrchr(tool, '/') - tool;
	}
	if (n <= 0)
		return false;
	strcpy(tool + n, "/gwcfg");
	return access(tool, X_OK) == 0;
}

static void make_dir(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
}

static void remove_dir(void)
{
	remove("a.cfg");
	remove("b.cfg");
	ck_assert_int_eq(chdir("/"), 0);
	rmdir(dir);
	strcpy(dir + strlen(dir) - 6, "XXXXXX");
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	fputs(text, f);
	fclose(f);
}

static char output[64 * 1024];

/* Run "gwcfg ARGS"; its standard output (and, with 2>&1, error) is in output. Returns the exit code. */
static int run(const char *args)
{
	char command[1024];
	FILE *p;
	int status;

	snprintf(command, sizeof command, "%s %s", tool, args);
	p = popen(command, "r");
	ck_assert_ptr_nonnull(p);
	output[fread(output, 1, sizeof output - 1, p)] = '\0';
	status = pclose(p);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void shows(const char *text)
{
	ck_assert_msg(strstr(output, text) != NULL, "\"%s\" is not in:\n%s", text, output);
}

#define GOOD "server_socket = local:/var\nimap_port = 1143\ndisable_plaintext_auth = yes\n"

START_TEST(exit_codes_tell_what_happened)
{
	write_file("a.cfg", GOOD);
	write_file("b.cfg", GOOD "ssl_verify_client = yes\n");
	ck_assert_int_eq(run("check a.cfg"), 0);
	ck_assert_str_eq(output, "a.cfg: nothing wrong\n");
	ck_assert_int_eq(run("check b.cfg"), 0);
	ck_assert_int_eq(run("check -W error b.cfg"), 2);
	ck_assert_int_eq(run("check -W error a.cfg"), 0);
	ck_assert_int_eq(run("check -o imap-port=x a.cfg"), 1);
	ck_assert_int_eq(run("check a.cfg nope.cfg b.cfg"), 66);
	ck_assert_int_eq(run("check . 2>&1"), 1);
	ck_assert_int_eq(run("check -z 2>&1"), 64);
	ck_assert_int_eq(run("check -W all a.cfg 2>&1"), 64);
	ck_assert_int_eq(run("frobnicate 2>&1"), 64);
	ck_assert_int_eq(run("2>&1"), 64);
	ck_assert_int_eq(run("check a.cfg >/dev/full 2>/dev/null"), 74);
	ck_assert_int_eq(run("help"), 0);
	ck_assert_int_eq(run("--version"), 0);
}
END_TEST

START_TEST(a_file_that_may_not_be_read_is_77)
{
	write_file("a.cfg", GOOD);
	ck_assert_int_eq(chmod("a.cfg", 0), 0);
	if (access("a.cfg", R_OK) != 0)
		ck_assert_int_eq(run("check a.cfg"), 77);
}
END_TEST

START_TEST(findings_show_their_line_with_a_caret)
{
	write_file("a.cfg", GOOD "\tpop3_port =\t\xC3\xA4\033 x\n");
	ck_assert_int_eq(run("check a.cfg"), 1);
	ck_assert_str_eq(output, "a.cfg:4:14: error: pop3_port: \"\xC3\xA4\\x1b x\" is not a number [GW1005]\n"
				 "    4 |  pop3_port = \xC3\xA4\\x1b x\n"
				 "      |              ^~~~~~~\n"
				 "      = expected: a number from 1 to 65535\n"
				 "a.cfg: 1 error\n");
}
END_TEST

START_TEST(the_place_in_a_long_line_is_shown)
{
	for (int words = 30; words <= 300; words *= 10) {
		char text[4000] = GOOD "auth_mechanisms =", place[64];

		for (int i = 0; i < words; i++)
			strcat(text, " PLAIN");
		strcat(text, " NOPE\n");
		write_file("a.cfg", text);
		ck_assert_int_eq(run("check a.cfg"), 1);
		snprintf(place, sizeof place, "a.cfg:4:%d: error", 19 + 6 * words);
		shows(place);
		/* the part around the place, or nothing where the line was not kept so far */
		ck_assert_int_eq(strstr(output, "PLAIN NOPE\n      |  ") != NULL, words == 30);
	}
}
END_TEST

START_TEST(standard_input_is_a_file)
{
	write_file("a.cfg", GOOD "!include b.cfg\n");
	write_file("b.cfg", "foo = 1\n");
	ck_assert_int_eq(run("check - < a.cfg"), 1);
	shows("/b.cfg:1:1: error: unknown option \"foo\"");
	shows("included from (standard input):4");
	ck_assert_int_eq(run("check -q -i - < a.cfg"), 0);
}
END_TEST

START_TEST(json_has_every_finding)
{
	write_file("a.cfg", GOOD "foo = \"1\"\nlog_level = 9\n");
	ck_assert_int_eq(run("check -f json a.cfg"), 1);
	shows("[{\"file\":\"a.cfg\",\"errors\":2,\"warnings\":0,\"notes\":0,\"findings\":[{");
	shows("\"code\":\"GW1003\",\"file\":\"a.cfg\",\"line\":4,\"column\":1");
	shows("\"option\":\"log_level\"");
	shows("]}]\n");
}
END_TEST

START_TEST(users_and_files_of_this_machine_are_looked_for)
{
	write_file("a.cfg", GOOD "run_as_user = no-such-user\nssl_certificate_file = /nope/cert.pem\n");
	ck_assert_int_eq(run("check --live a.cfg"), 1);
	shows("a.cfg:4:15: error: run_as_user: \"no-such-user\" is not a user of this machine [GW1101]");
	shows("a.cfg:5:24: warning: ssl_certificate_file: there is no file \"/nope/cert.pem\" on this machine [GW2101]");
	ck_assert_int_eq(run("check a.cfg"), 0);
	ck_assert_int_eq(run("check --live -o run_as_user=4000000000 a.cfg"), 1);
	shows("\"4000000000\" has no group of its own");
}
END_TEST

START_TEST(stores_of_other_versions_are_refused)
{
	write_file("a.cfg", "imap_port = 1143\n");
	ck_assert_int_eq(run("check a.cfg"), 1);
	shows("GW1016");
	ck_assert_int_eq(run("dump a.cfg"), 0);
}
END_TEST

START_TEST(expand_makes_one_file_of_the_same_meaning)
{
	write_file("a.cfg", "# top\nimap_port = 1\n!include b.cfg\nlog_level = 5\n");
	write_file("b.cfg", "imap_port = 2\nnonsense\n");
	ck_assert_int_eq(run("expand a.cfg"), 0);
	shows("# top\nimap_port = 1\n# !include b.cfg\n# ---- ");
	shows("b.cfg:1 ----\nimap_port = 2\n# nonsense\n# ---- a.cfg:4 ----\nlog_level = 5\n");
	write_file("b.cfg", output);
	ck_assert_int_eq(run("dump -c b.cfg"), 0);
	ck_assert_str_eq(output, "imap_port = 2\nlog_level = 5\n");
}
END_TEST

START_TEST(values_are_shown_with_their_place)
{
	write_file("a.cfg", GOOD);
	ck_assert_int_eq(run("dump -cj a.cfg"), 0);
	shows("\"imap_port\":{\"value\":\"1143\",\"default\":\"143\",\"changed\":true,\"file\":\"a.cfg\",\"line\":2,");
	ck_assert_int_eq(run("dump a.cfg"), 0);
	shows("# pop3_port = 110\n");
	ck_assert_int_eq(run("explain -c a.cfg imap_port"), 0);
	shows("Here it is 1143, set in a.cfg:2.");
	ck_assert_int_eq(run("explain GW1003 imap_port"), 0);
	shows("GW1003 - ");
	ck_assert_int_eq(run("explain imap_prot 2>&1"), 1);
	shows("did you mean imap_port?");
	ck_assert_int_eq(run("explain GW9999 2>&1"), 1);
	ck_assert_int_eq(run("list"), 0);
	shows("  imap_port ");
	ck_assert_int_eq(run("list --json"), 0);
	shows("{\"name\":\"server_bind\"");
}
END_TEST

START_TEST(every_verb_has_help_and_refuses_what_it_does_not_know)
{
	char usage[sizeof output], command[128], *line, *save;
	int verbs = 0;

	ck_assert_int_eq(run("help"), 0);
	strcpy(usage, output);
	for (line = strtok_r(usage, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char verb[32];

		if (strncmp(line, "  ", 2) != 0 || sscanf(line + 2, "%31[a-z-]", verb) != 1)
			continue;
		verbs++;
		snprintf(command, sizeof command, "%s --help", verb);
		ck_assert_int_eq(run(command), 0);
		shows("usage: gwcfg ");
		snprintf(command, sizeof command, "%s --no-such-flag 2>&1", verb);
		ck_assert_int_eq(run(command), 64);
	}
	ck_assert_int_ge(verbs, 6);
	ck_assert_int_eq(run("chekc 2>&1"), 64);
	shows("did you mean check?");
	ck_assert_int_eq(run("check --format xml 2>&1"), 64);
	ck_assert_int_eq(run("schema surplus 2>&1"), 64);
	ck_assert_int_eq(run("schema --completion tcsh 2>&1"), 64);
	ck_assert_int_eq(run("schema 2>&1"), 64);
}
END_TEST

static TCase *tests(void)
{
	TCase *tc = tcase_create("tool");

	if (!find_tool())
		return tc;
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, make_dir, remove_dir);
	tcase_add_test(tc, exit_codes_tell_what_happened);
	tcase_add_test(tc, a_file_that_may_not_be_read_is_77);
	tcase_add_test(tc, findings_show_their_line_with_a_caret);
	tcase_add_test(tc, the_place_in_a_long_line_is_shown);
	tcase_add_test(tc, standard_input_is_a_file);
	tcase_add_test(tc, json_has_every_finding);
	tcase_add_test(tc, users_and_files_of_this_machine_are_looked_for);
	tcase_add_test(tc, stores_of_other_versions_are_refused);
	tcase_add_test(tc, expand_makes_one_file_of_the_same_meaning);
	tcase_add_test(tc, values_are_shown_with_their_place);
	tcase_add_test(tc, every_verb_has_help_and_refuses_what_it_does_not_know);
	return tc;
}

UNIT_MAIN("gwcfg", tests())

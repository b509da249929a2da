/* test_guess.c - hints about lines that mean nothing here (config/guess.c) */
#include "tests/unit/config/load.h"

START_TEST(habits_of_other_formats_get_a_hint)
{
	static const struct {
		const char *text;
		unsigned code;
		const char *hint;
	} t[] = { { "; comment\n", CONFIG_W_IGNORED, "a comment begins with #" },
		{ "// comment\n", CONFIG_W_IGNORED, "a comment begins with #" },
		{ "; imap_port = 1\n", CONFIG_E_UNKNOWN, "a comment begins with #" },
		{ " # imap_port = 1\n", CONFIG_E_UNKNOWN, "a comment begins in the first column of its line" },
		{ "[gateway]\n", CONFIG_W_IGNORED, "there are no sections: take the line out" },
		{ "imap_port: 1143\n", CONFIG_W_IGNORED, "write imap_port = 1143" },
		{ "imap_port\n", CONFIG_W_IGNORED, "write imap_port = ..." },
		{ "server_socket http://u:xyzzy@h/\n", CONFIG_W_IGNORED, "write server_socket = http://u:***@h/" },
		{ "include x.cfg\n", CONFIG_W_IGNORED, "write !include x.cfg" },
		{ "@include x.cfg\n", CONFIG_W_IGNORED, "write !include x.cfg" },
		{ "!Include x.cfg\n", CONFIG_W_DIRECTIVE, "write !include x.cfg" },
		{ "!nonsense x.cfg\n", CONFIG_W_DIRECTIVE, NULL }, { "nonsense\n", CONFIG_W_IGNORED, NULL },
		{ "!include \"x.cfg\"\n", CONFIG_E_INCLUDE, "everything behind !include is the path: leave the quotes out" },
		{ "!include x.cfg # here\n", CONFIG_E_INCLUDE, "put the comment on a line of its own" },
		{ "!include x.cfg\n", CONFIG_E_INCLUDE, NULL },
		{ "server_hostname = ${NAME}\n", CONFIG_W_ENVIRONMENT, "write $NAME, without braces" },
		{ "server_hostname = ${}\n", CONFIG_W_ENVIRONMENT, NULL } };
	struct loaded l;
	const struct gw_diag *d;

	load_text(&l, t[_i].text);
	d = finding(&l, t[_i].code);
	ck_assert_msg(d != NULL, "%s: %s", t[_i].text, all_text(&l));
	ck_assert_pstr_eq(d->suggestion, t[_i].hint);
	load_done(&l);
}
END_TEST

static TCase *tests(void)
{
	TCase *tc = tcase_create("guess");

	tcase_add_loop_test(tc, habits_of_other_formats_get_a_hint, 0, 18);
	return tc;
}

UNIT_MAIN("config/guess", tests())

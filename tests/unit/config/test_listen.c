/* test_listen.c - where services listen, in both dialects (config/listen.c) */
#include "tests/unit/config/load.h"

#include "config/priv.h"

static const char *listeners(const struct gw_config *cfg, enum gw_service s)
{
	static char text[GW_SERVICE_COUNT][256];
	size_t n = 0;

	text[s][0] = '\0';
	for (size_t i = 0; i < cfg->listen[s].n; i++)
		n += (size_t)snprintf(text[s] + n, sizeof text[s] - n, "%s%s", i ? " " : "", cfg->listen[s].v[i].text);
	return text[s];
}

static void listens(const char *text, unsigned code, const char *pop3, const char *pop3s, const char *imap, const char *imaps)
{
	struct loaded l;

	load_text(&l, text);
	ck_assert_msg(l.rc == 0, "%s: %s", text, all_text(&l));
	ck_assert_msg(code ? finding(&l, code) != NULL : l.diags.n == 0, "%s: %s", text, all_text(&l));
	ck_assert_str_eq(listeners(l.cfg, GW_SERVICE_POP3), pop3);
	ck_assert_str_eq(listeners(l.cfg, GW_SERVICE_POP3S), pop3s);
	ck_assert_str_eq(listeners(l.cfg, GW_SERVICE_IMAP), imap);
	ck_assert_str_eq(listeners(l.cfg, GW_SERVICE_IMAPS), imaps);
	load_done(&l);
}

START_TEST(all_services_are_on_by_default)
{
	listens("", 0, "*:110", "*:995", "*:143", "*:993");
}
END_TEST

START_TEST(the_older_form_is_translated)
{
	listens("server_bind = 127.0.0.1\nimap_port = 1143\npop3_enable = no\n", 0, "", "127.0.0.1:995", "127.0.0.1:1143",
		"127.0.0.1:993");
	listens("server_bind = ::1\npop3s_enable = no\n", 0, "[::1]:110", "", "[::1]:143", "[::1]:993");
	listens("server_bind = fe80::1%eth0\n", 0, "[fe80::1]%eth0:110", "[fe80::1]%eth0:995", "[fe80::1]%eth0:143",
		"[fe80::1]%eth0:993");
}
END_TEST

START_TEST(the_newer_form_brings_its_defaults)
{
	listens("imaps_listen = *:993\n", CONFIG_N_LOOPBACK, "*%lo:110", "", "*%lo:143", "*:993");
	listens("imap_listen = *:143\npop3_listen =\n", 0, "", "", "*:143", "");
	listens("imap_listen = 127.0.0.1:143 [::1]:143\npop3_listen =\nimaps_listen = *:993 unix:/run/x\n", 0, "", "",
		"127.0.0.1:143 [::1]:143", "*:993 unix:/run/x");
}
END_TEST

START_TEST(both_forms_are_judged_service_by_service)
{
	listens("imap_listen = *:1143\nimap_port = 143\nimap_enable = no\n", CONFIG_W_DIALECTS, "*:110", "*:995", "*:1143", "*:993");
	listens("imap_listen = *:1143\npop3_enable = no\n", 0, "", "*:995", "*:1143", "*:993");
	listens("imap_listen =\nimap_enable = yes\nimaps_enable = no\n", CONFIG_W_DIALECTS, "*:110", "*:995", "", "");
	listens("server_bind = 127.0.0.1\nimap_listen = *:143\n", 0, "127.0.0.1:110", "127.0.0.1:995", "*:143", "127.0.0.1:993");
	listens("server_bind = 127.0.0.1\nimap_listen = *:143\nimaps_listen =\npop3_listen =\npop3s_listen =\n", CONFIG_W_NO_EFFECT, "",
		"", "*:143", "");
}
END_TEST

START_TEST(a_service_is_described_in_parts)
{
	struct loaded l;
	const struct gw_listen *v;

	load_text(&l, "imap_listen = *%lo:143 192.0.2.1:144 [2001:DB8::1]%eth0:145 [fe80::1%eth1]:146 unix:/run/imap UNIX:/x\n");
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.cfg->listen[GW_SERVICE_IMAP].n, 6);
	v = l.cfg->listen[GW_SERVICE_IMAP].v;
	ck_assert_int_eq(v[0].kind, GW_LISTEN_ANY);
	ck_assert_str_eq(v[0].interface, "lo");
	ck_assert_str_eq(v[0].address, "");
	ck_assert_int_eq(v[1].kind, GW_LISTEN_IPV4);
	ck_assert_str_eq(v[1].address, "192.0.2.1");
	ck_assert_mem_eq(v[1].bytes, "\xC0\x00\x02\x01", 4);
	ck_assert_uint_eq(v[1].port, 144);
	ck_assert_str_eq(v[1].interface, "");
	ck_assert_int_eq(v[2].kind, GW_LISTEN_IPV6);
	ck_assert_str_eq(v[2].address, "2001:db8::1");
	ck_assert_str_eq(v[2].interface, "eth0");
	ck_assert_str_eq(v[3].text, "[fe80::1]%eth1:146");
	ck_assert_int_eq(v[4].kind, GW_LISTEN_UNIX);
	ck_assert_str_eq(v[4].path, "/run/imap");
	ck_assert_uint_eq(v[4].port, 0);
	ck_assert_str_eq(v[5].path, "/x");
	load_done(&l);
}
END_TEST

START_TEST(bad_listeners_are_refused_at_their_place)
{
	static const char *const bad[] = { "143", "*", "*:", "*:0", "*:65536", "*:imap", "*:-1", "*:0x8f", "localhost:143", "1.2.3:143",
		"::1:143", "[::1:143", "::1]:143", "[127.0.0.1]:143", "[*]:143", "[]:143", ":143", "*%:143", "*%toolonginterface:1",
		"*%a/b:143", "[::1]%:143", "[::1%]:143", "[::1]", "unix:", "unix:run/x", "sctp:*:143", "*:143x", "[::1]x:143", "%lo:143" };
	char text[64];

	snprintf(text, sizeof text, "imap_listen = *:1 %s", bad[_i]);
	refuses(text, CONFIG_E_LISTENER, 1, 19);
}
END_TEST

START_TEST(the_number_of_listeners_has_a_limit)
{
	for (unsigned n = 63; n <= 65; n++) {
		struct gw_buf b;
		struct loaded l;

		gw_buf_init(&b, 0);
		gw_buf_printf(&b, "imap_listen =");
		for (unsigned i = 0; i < n; i++)
			gw_buf_printf(&b, " 127.0.0.1:%u", i + 1);
		load_text(&l, gw_buf_str(&b));
		ck_assert_int_eq(l.rc == 0, n <= 64);
		load_done(&l);
		gw_buf_done(&b);
	}
}
END_TEST

START_TEST(the_path_of_a_socket_has_a_limit)
{
	char text[256] = "imap_listen = unix:/";

	for (size_t n = 106; n <= 108; n++) {
		memset(text + 20, 'x', n - 1);
		text[19 + n] = '\0';
		if (n <= 107)
			accepts(text, CONFIG_N_LOOPBACK, "imap_listen", text + 14);
		else
			refuses(text, CONFIG_E_LISTENER, 1, 15);
	}
}
END_TEST

START_TEST(no_service_at_all_is_an_error)
{
	refuses("imap_enable = no\nimaps_enable = no\npop3_enable = no\npop3s_enable = no\n", CONFIG_E_NO_SERVICE, 0, 0);
	refuses("imap_listen =\npop3_listen =\n", CONFIG_E_NO_SERVICE, 0, 0);
}
END_TEST

START_TEST(listeners_that_collide_are_refused)
{
	static const struct {
		const char *text;
		bool collide;
	} t[] = { { "imap_port = 110\n", true }, { "imap_port = 110\npop3_enable = no\n", false },
		{ "imap_listen = *:143 127.0.0.1:143\n", true }, { "imap_listen = 127.0.0.1:143 127.0.0.2:143\n", false },
		{ "imap_listen = 0.0.0.0:143 127.0.0.2:143\n", true }, { "imap_listen = 0.0.0.0:143 [::1]:143\n", false },
		{ "imap_listen = [::]:143 0.0.0.0:143\n", false }, { "imap_listen = *:143 [::]:143\n", true },
		{ "imap_listen = *%lo:143 *%eth0:143\n", false }, { "imap_listen = *:143 *:143\n", true },
		{ "imap_listen = unix:/x\nimaps_listen = unix:/x\n", true }, { "imap_listen = unix:/x\nimaps_listen = unix:/y\n", false },
		{ "imap_listen = [::1]:1 [0:0::1]:1\n", true } };
	struct loaded l;

	load_text(&l, t[_i].text);
	ck_assert_msg((finding(&l, CONFIG_E_COLLISION) != NULL) == t[_i].collide, "%s", t[_i].text);
	load_done(&l);
}
END_TEST

START_TEST(a_collision_with_a_default_is_told_at_the_line_of_the_file)
{
	refuses("imap_port = 993\n", CONFIG_E_COLLISION, 1, 13);
	refuses("imaps_port = 143\n", CONFIG_E_COLLISION, 1, 14);
	refuses("pop3_port = 7\nimap_port = 7\n", CONFIG_E_COLLISION, 2, 13);
}
END_TEST

START_TEST(an_address_that_is_nearly_right_gets_its_own_hint)
{
	struct loaded l;

	load_text(&l, "server_bind = [::1]\n");
	ck_assert_str_eq(finding(&l, CONFIG_E_LISTENER)->suggestion, "leave out the brackets");
	load_done(&l);
	load_text(&l, "server_bind = *\n");
	ck_assert_ptr_nonnull(strstr(finding(&l, CONFIG_E_LISTENER)->suggestion, "leave it empty"));
	load_done(&l);
}
END_TEST

START_TEST(a_bad_port_of_a_service_that_is_off_is_forgiven)
{
	accepts("imap_enable = no\nimap_port = imap\n", CONFIG_E_VALUE, "imap_enable", "no");
	accepts("imap_port = 70000\nimap_enable = no\n", CONFIG_E_RANGE, "imap_enable", "no");
	refuses("imap_port = imap\n", CONFIG_E_VALUE, 1, 13);
	refuses("imap_port = \nimap_enable = no\n", CONFIG_E_EMPTY, 1, 13);
}
END_TEST

static TCase *tests(void)
{
	TCase *tc = tcase_create("listen");

	tcase_add_test(tc, all_services_are_on_by_default);
	tcase_add_test(tc, the_older_form_is_translated);
	tcase_add_test(tc, the_newer_form_brings_its_defaults);
	tcase_add_test(tc, both_forms_are_judged_service_by_service);
	tcase_add_test(tc, a_service_is_described_in_parts);
	tcase_add_loop_test(tc, bad_listeners_are_refused_at_their_place, 0, 29);
	tcase_add_test(tc, the_number_of_listeners_has_a_limit);
	tcase_add_test(tc, the_path_of_a_socket_has_a_limit);
	tcase_add_test(tc, no_service_at_all_is_an_error);
	tcase_add_loop_test(tc, listeners_that_collide_are_refused, 0, 13);
	tcase_add_test(tc, a_collision_with_a_default_is_told_at_the_line_of_the_file);
	tcase_add_test(tc, an_address_that_is_nearly_right_gets_its_own_hint);
	tcase_add_test(tc, a_bad_port_of_a_service_that_is_off_is_forgiven);
	return tc;
}

UNIT_MAIN("config/listen", tests())

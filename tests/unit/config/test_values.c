/* test_values.c - values by type, and how the original read them (config/value.c, config/address.c) */
#include "tests/unit/config/load.h"

#include "config/priv.h"

/* boolA of the original: everything but 0, false, no was true */
START_TEST(booleans_that_were_true_unless_no)
{
	static const struct {
		const char *text, *value;
		unsigned code;
	} t[] = { { "yes", "yes", 0 }, { "no", "no", 0 }, { "1", "yes", 0 }, { "0", "no", 0 }, { "true", "yes", 0 },
		{ "false", "no", 0 }, { "on", "yes", 0 }, { "Yes", "yes", 0 }, { "TRUE", "yes", 0 },
		{ "off", "no", CONFIG_W_DIFFERENT }, { "No", "no", CONFIG_W_DIFFERENT }, { "NO", "no", CONFIG_W_DIFFERENT },
		{ "FALSE", "no", CONFIG_W_DIFFERENT }, { "", "no", CONFIG_W_DIFFERENT } };
	char text[64];

	snprintf(text, sizeof text, "imap_public_folders = %s\n", t[_i].text);
	accepts(text, t[_i].code, "imap_public_folders", t[_i].value);
}
END_TEST

/* boolY of the original: only exactly yes was true */
START_TEST(booleans_that_were_false_unless_yes)
{
	static const struct {
		const char *text, *value;
		unsigned code;
	} t[] = { { "yes", "yes", 0 }, { "no", "no", 0 }, { "0", "no", 0 }, { "off", "no", 0 }, { "No", "no", 0 }, { "", "no", 0 },
		{ "Yes", "yes", CONFIG_W_DIFFERENT }, { "YES", "yes", CONFIG_W_DIFFERENT }, { "1", "yes", CONFIG_W_DIFFERENT },
		{ "true", "yes", CONFIG_W_DIFFERENT }, { "on", "yes", CONFIG_W_DIFFERENT } };
	char text[64];

	snprintf(text, sizeof text, "imap_capability_idle = %s\n", t[_i].text);
	accepts(text, t[_i].code, "imap_capability_idle", t[_i].value);
}
END_TEST

START_TEST(booleans_with_other_words_are_refused)
{
	refuses("imap_public_folders = ja\n", CONFIG_E_VALUE, 1, 23);
	refuses("imap_enable = y\n", CONFIG_E_VALUE, 1, 15);
	refuses("imap_enable =\n", CONFIG_E_EMPTY, 1, 14);
}
END_TEST

START_TEST(options_that_must_not_be_empty_are_refused_when_they_are)
{
	static const char *const names[] = { "pop3_enable", "pop3_port", "pop3s_enable", "pop3s_port", "imap_enable", "imap_port",
		"imaps_enable", "imaps_port", "log_method", "log_file", "log_level" };
	char text[64];

	snprintf(text, sizeof text, "%s = \n", names[_i]);
	refuses(text, CONFIG_E_EMPTY, 1, (unsigned)strlen(names[_i]) + 4);
}
END_TEST

START_TEST(sizes_have_units)
{
	static const struct {
		const char *text, *value;
		unsigned code;
	} t[] = { { "128M", "128M", 0 }, { "128m", "128M", 0 }, { "128 M", "128M", 0 }, { "5", "5", 0 }, { "1024", "1K", 0 },
		{ "3k", "3K", 0 }, { "3 K", "3K", 0 }, { "1G", "1G", 0 }, { "4294967295", "4294967295", 0 }, { "+1", "1", 0 },
		{ "10MB", "10M", CONFIG_W_DIFFERENT }, { "10MiB", "10M", CONFIG_W_DIFFERENT }, { "5b", "5", CONFIG_W_DIFFERENT },
		{ "1.5M", "1536K", CONFIG_W_DIFFERENT }, { "0.5G", "512M", CONFIG_W_DIFFERENT }, { "1.0 k", "1K", CONFIG_W_DIFFERENT },
		{ "0.125k", "128", CONFIG_W_DIFFERENT }, { "7.000000000", "7", 0 }, { "3.50M", "3584K", CONFIG_W_DIFFERENT },
		{ "1.00390625M", "1028K", CONFIG_W_DIFFERENT } };
	char text[64];

	snprintf(text, sizeof text, "imap_max_messagesize = %s\n", t[_i].text);
	accepts(text, t[_i].code, "imap_max_messagesize", t[_i].value);
	snprintf(text, sizeof text, "mail_quota = %s\n", t[_i].text); /* which is ours */
	accepts(text, 0, "mail_quota", t[_i].value);
}
END_TEST

START_TEST(sizes_that_were_guessed_at_are_refused)
{
	static const struct {
		const char *text;
		unsigned code, column;
	} t[] = { { "10Mega", CONFIG_E_VALUE, 26 }, { "10x", CONFIG_E_VALUE, 26 }, { "10 bytes", CONFIG_E_VALUE, 27 },
		{ "1.5", CONFIG_E_VALUE, 24 }, { "0.3M", CONFIG_E_VALUE, 24 }, { "1.00000001G", CONFIG_E_VALUE, 24 },
		{ "1.M", CONFIG_E_VALUE, 25 }, { ".5M", CONFIG_E_VALUE, 24 }, { "0x10", CONFIG_E_VALUE, 25 }, { "M", CONFIG_E_VALUE, 24 }, { "", CONFIG_E_VALUE, 23 },
		{ "lots", CONFIG_E_VALUE, 24 }, { "-1", CONFIG_E_VALUE, 24 }, { "+-1", CONFIG_E_VALUE, 24 }, { "4G", CONFIG_E_RANGE, 24 },
		{ "5G", CONFIG_E_RANGE, 24 }, { "10T", CONFIG_E_RANGE, 24 }, { "9999999999999G", CONFIG_E_RANGE, 24 },
		{ "18446744073709551616", CONFIG_E_RANGE, 24 }, { "99999999999999999999999999", CONFIG_E_RANGE, 24 },
		{ "17179869184G", CONFIG_E_RANGE, 24 }, { "0", CONFIG_E_RANGE, 24 }, { "4294967296", CONFIG_E_RANGE, 24 } };
	char text[64];

	snprintf(text, sizeof text, "imap_max_messagesize =%s%s\n", *t[_i].text ? " " : "", t[_i].text);
	refuses(text, t[_i].code, 1, t[_i].column);
}
END_TEST

START_TEST(numbers_are_read_in_base_0)
{
	accepts("imap_port = 0x8f", 0, "imap_port", "143");
	accepts("imap_port = 0110", CONFIG_W_OCTAL, "imap_port", "72");
	accepts("imap_max_fail_commands = 0x10", 0, "imap_max_fail_commands", "16");
	accepts("imap_max_fail_commands = -1", 0, "imap_max_fail_commands", "-1");
	accepts("imap_max_fail_commands = 0", CONFIG_W_DIFFERENT, "imap_max_fail_commands", "-1");
	accepts("imap_port = 65535", 0, "imap_port", "65535");
	accepts("imap_port = 1", 0, "imap_port", "1");
	accepts("log_level = 0", CONFIG_N_LOG_LEVEL, "log_level", "0");
	accepts("log_level = 6", CONFIG_N_LOG_LEVEL, "log_level", "6");
	refuses("imap_port = 0", CONFIG_E_RANGE, 1, 13);
	refuses("imap_port = 65536", CONFIG_E_RANGE, 1, 13);
	refuses("imap_port = 65646", CONFIG_E_RANGE, 1, 13);
	refuses("imap_port = imap", CONFIG_E_VALUE, 1, 13);
	refuses("imap_port = 0x", CONFIG_E_VALUE, 1, 13);
	refuses("imap_port = 089", CONFIG_E_VALUE, 1, 13);
	refuses("imap_port = -1", CONFIG_E_VALUE, 1, 13);
	refuses("imap_port = 143x", CONFIG_E_VALUE, 1, 13);
	accepts("imap_port = +1143", 0, "imap_port", "1143");
	refuses("imap_max_fail_commands = -2", CONFIG_E_VALUE, 1, 26);
	refuses("imap_max_fail_commands =", CONFIG_E_VALUE, 1, 25);
	refuses("log_level = 7", CONFIG_E_RANGE, 1, 13);
	refuses("max_mailboxes = 18446744073709551617", CONFIG_E_RANGE, 1, 17);
}
END_TEST

START_TEST(times_have_units)
{
	accepts("imap_timeout = 1800", 0, "imap_timeout", "1800");
	accepts("imap_timeout = 31m", 0, "imap_timeout", "1860");
	accepts("imap_timeout = 2 h", 0, "imap_timeout", "7200");
	accepts("imap_timeout = 1D", 0, "imap_timeout", "86400");
	accepts("login_timeout = 30s", 0, "login_timeout", "30");
	refuses("imap_timeout = 8d", CONFIG_E_RANGE, 1, 16);
	refuses("imap_timeout = 0", CONFIG_E_RANGE, 1, 16);
	refuses("imap_timeout = 5 min", CONFIG_E_VALUE, 1, 18);
	refuses("imap_timeout = 99999999999999999d", CONFIG_E_RANGE, 1, 16);
}
END_TEST

START_TEST(permissions_are_octal)
{
	accepts("control_socket_mode = 660", 0, "control_socket_mode", "0660");
	accepts("control_socket_mode = 0777", CONFIG_W_INSECURE, "control_socket_mode", "0777");
	refuses("control_socket_mode = 1777", CONFIG_E_RANGE, 1, 23);
	refuses("control_socket_mode = 0680", CONFIG_E_VALUE, 1, 23);
	refuses("control_socket_mode = 66", CONFIG_E_VALUE, 1, 23);
	refuses("control_socket_mode = 00660", CONFIG_E_VALUE, 1, 23);
	refuses("control_socket_mode =", CONFIG_E_VALUE, 1, 22);
}
END_TEST

START_TEST(words_are_known)
{
	accepts("coredump_enabled = SystemDefault", 0, "coredump_enabled", "systemdefault");
	accepts("coredump_enabled = on", 0, "coredump_enabled", "yes");
	accepts("coredump_enabled = 0", 0, "coredump_enabled", "no");
	accepts("process_model = fork", 0, "process_model", "fork");
	accepts("process_model = threads", CONFIG_W_DIFFERENT, "process_model", "thread");
	accepts("process_model = Thread", CONFIG_W_DIFFERENT, "process_model", "thread");
	accepts("log_method = SYSLOG", 0, "log_method", "syslog");
	accepts("log_method = auto", 0, "log_method", "auto");
	accepts("html_safety_filter = ignored", 0, "html_safety_filter", "no");
	accepts("tls_min_proto = tls1.3", 0, "tls_min_proto", "tls1.3");
	accepts("auth_mechanisms =  scram-sha-256   Plain ", 0, "auth_mechanisms", "SCRAM-SHA-256 PLAIN");
	accepts("auth_mechanisms =", 0, "auth_mechanisms", "");
	refuses("process_model =", CONFIG_E_WORD, 1, 16);
	refuses("process_model = prefork", CONFIG_E_WORD, 1, 17);
	refuses("log_method = eventlog", CONFIG_E_WORD, 1, 14);
	refuses("tls_min_proto = 1.2", CONFIG_E_WORD, 1, 17);
	refuses("auth_mechanisms = PLAIN GSSAPI", CONFIG_E_WORD, 1, 25);
}
END_TEST

START_TEST(paths_should_be_absolute)
{
	char text[256] = "control_socket = /";

	accepts("log_file = -", 0, "log_file", "-");
	accepts("log_file = x.log", CONFIG_W_RELATIVE, "log_file", "x.log");
	accepts("pid_file = -", CONFIG_W_RELATIVE, "pid_file", "-");
	accepts("running_path =", 0, "running_path", "");
	for (size_t n = 106; n <= 108; n++) {
		memset(text + 18, 'x', n - 1);
		text[17 + n] = '\0';
		if (n <= 107)
			accepts(text, 0, "control_socket", text + 17);
		else
			refuses(text, CONFIG_E_PATH, 1, 18);
	}
}
END_TEST

START_TEST(places_of_mail_are_checked)
{
	static const char *const good[] = { "local:/var/lib/gateway", "http://localhost:236/", "https://h:237/", "HTTP://localhost/",
		"file:///var/run/kopano/server.sock", "file://host/x", "default:" };
	static const char *const bad[] = { "", "localhost", "local:mail", "local:", "http://", "http:///x", "https://:1/", "file:/x",
		"file://", "ftp://x/", "local:x/y" };
	char text[128];

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		snprintf(text, sizeof text, "server_socket = %s", good[i]);
		accepts(text, 0, "server_socket", good[i]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		snprintf(text, sizeof text, "server_socket =%s%s", *bad[i] ? " " : "", bad[i]);
		refuses(text, CONFIG_E_URL, 1, *bad[i] ? 17 : 16);
	}
}
END_TEST

START_TEST(retired_options_only_warn)
{
	static const char *const names[] = { "imap_always_generate", "imap_generate_utf8", "imap_store_rfc822",
		"imap_cache_folders_time_limit", "socketspec" };
	char text[64];

	snprintf(text, sizeof text, "%s = whatever\n", names[_i]);
	accepts(text, CONFIG_W_RETIRED, "imap_port", "143");
}
END_TEST

/* ---- addresses ---- */

START_TEST(addresses_are_read_and_written)
{
	static const struct {
		const char *text, *canonical; /* NULL: refused */
	} t[] = { { "127.0.0.1", "127.0.0.1" }, { "0.0.0.0", "0.0.0.0" }, { "255.255.255.255", "255.255.255.255" },
		{ "256.0.0.1", NULL }, { "1.2.3", NULL }, { "1.2.3.4.5", NULL }, { "1.2.3.", NULL }, { ".1.2.3", NULL },
		{ "01.2.3.4", NULL }, { "1.2.3.4 ", NULL }, { "", NULL }, { "localhost", NULL }, { "::", "::" }, { "::1", "::1" },
		{ "2001:DB8::1", "2001:db8::1" }, { "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" }, { "1::", "1::" },
		{ "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" }, { "1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8" }, { "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
		{ "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" }, { "::ffff:192.0.2.1", "::ffff:c000:201" }, { "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304" },
		{ "::1.2.3.4", "::102:304" }, { "1:2:3:4:5:6:7:8:9", NULL }, { "1:2:3:4:5:6:7", NULL }, { "1::2::3", NULL }, { ":::", NULL },
		{ ":", NULL }, { "1:", NULL }, { ":1", NULL }, { "12345::", NULL }, { "g::", NULL }, { "1:2:3:4:5:6:7:1.2.3.4", NULL },
		{ "1.2.3.4::", NULL }, { "::1.2.3", NULL }, { "1:2:3:4::5:6:7:8", NULL }, { "::1.2.3.4:5", NULL } };
	unsigned char bytes[16];
	enum gw_listen_kind kind;
	char out[48];
	bool ok = config_parse_ip(gw_slice_str(t[_i].text), &kind, bytes);

	ck_assert_msg(ok == (t[_i].canonical != NULL), "%s", t[_i].text);
	if (!ok)
		return;
	config_put_ip(kind, bytes, out);
	ck_assert_str_eq(out, t[_i].canonical);
	ck_assert(config_parse_ip(gw_slice_str(out), &kind, bytes));
}
END_TEST

START_TEST(bind_addresses_are_numeric)
{
	accepts("server_bind = 127.0.0.1", 0, "server_bind", "127.0.0.1");
	accepts("server_bind = ::1", 0, "server_bind", "::1");
	accepts("server_bind = fe80::1%eth0", 0, "server_bind", "fe80::1%eth0");
	accepts("server_bind =", 0, "server_bind", "");
	refuses("server_bind = localhost", CONFIG_E_LISTENER, 1, 15);
	refuses("server_bind = 127.0.0.1%lo", CONFIG_E_LISTENER, 1, 15);
	refuses("server_bind = fe80::1%", CONFIG_E_LISTENER, 1, 15);
	refuses("server_bind = [::1]", CONFIG_E_LISTENER, 1, 15);
	refuses("server_bind = 1.2.3.4 5.6.7.8", CONFIG_E_LISTENER, 1, 15);
}
END_TEST

static TCase *values(void)
{
	TCase *tc = tcase_create("values");

	tcase_add_loop_test(tc, booleans_that_were_true_unless_no, 0, 14);
	tcase_add_loop_test(tc, booleans_that_were_false_unless_yes, 0, 11);
	tcase_add_test(tc, booleans_with_other_words_are_refused);
	tcase_add_loop_test(tc, options_that_must_not_be_empty_are_refused_when_they_are, 0, 11);
	tcase_add_loop_test(tc, sizes_have_units, 0, 20);
	tcase_add_loop_test(tc, sizes_that_were_guessed_at_are_refused, 0, 23);
	tcase_add_test(tc, numbers_are_read_in_base_0);
	tcase_add_test(tc, times_have_units);
	tcase_add_test(tc, permissions_are_octal);
	tcase_add_test(tc, words_are_known);
	tcase_add_test(tc, paths_should_be_absolute);
	tcase_add_test(tc, places_of_mail_are_checked);
	tcase_add_loop_test(tc, retired_options_only_warn, 0, 5);
	tcase_add_loop_test(tc, addresses_are_read_and_written, 0, 38);
	tcase_add_test(tc, bind_addresses_are_numeric);
	return tc;
}

UNIT_MAIN("config/values", values())

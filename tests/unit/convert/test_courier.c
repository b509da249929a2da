/* test_courier.c - the files of Courier-IMAP (convert/courier.c) */
#include "tests/unit/convert/converted.h"

#define COURIER GW_DIALECT_COURIER

static const struct file site[] = {
	{ "/etc/courier", NULL },
	{ "/etc/courier/authdaemonrc", "##NAME: authmodulelist:2\n#\nauthmodulelist=\"authpam\"\nDEBUG_LOGIN=1\n" },
	{ "/etc/courier/imapd", "# Copyright\nADDRESS=0\nPORT=143,127.0.0.1.1143\nMAXDAEMONS=40\nMAXPERIP=20\n"
				"TCPDOPTS=\"-nodnslookup -noidentlookup\"\n"
				"IMAP_CAPABILITY=\"IMAP4rev1 UIDPLUS CHILDREN \\\nNAMESPACE QUOTA IDLE\"\n"
				"IMAP_CAPABILITY_TLS=\"$IMAP_CAPABILITY AUTH=PLAIN AUTH=CRAM-MD5\"\n"
				"IMAP_EMPTYTRASH=Trash:7\nIMAPDSTART=YES\nMAILDIRPATH=Maildir\nWEIRD='a b'\n" },
	{ "/etc/courier/imapd-ssl", "SSLPORT=993\nTLS_STARTTLS_PROTOCOL=\"$TLS_PROTOCOL\"\nSSLADDRESS=192.0.2.1\nIMAPDSSLSTART=YES\nIMAPDSTARTTLS=YES\nIMAP_TLS_REQUIRED=1\n"
				    "TLS_PROTOCOL=\"TLSv1.2+\"\nTLS_CIPHER_LIST=\"TLSv1:!NULL\"\n"
				    "TLS_CERTFILE=/etc/courier/imapd.pem\nTLS_TRUSTCERTS=/etc/ssl/certs\nTLS_VERIFYPEER=REQUIREPEER\n" },
	{ "/etc/courier/pop3d", "PORT=110\nADDRESS=::1\nMAXDAEMONS=30\nMAXPERIP=4\nPOP3AUTH=\"LOGIN\"\nPOP3DSTART=YES\n" },
	{ "/etc/courier/pop3d-ssl", "SSLPORT=995\nPOP3DSSLSTART=NO\nPOP3_TLS_REQUIRED=0\nTLS_CERTFILE=/etc/courier/pop3d.pem\n"
				    "TLS_PRIVATE_KEYFILE=/etc/courier/pop3d.key\n" },
	{ NULL, NULL },
};

START_TEST(a_directory_of_files_is_carried)
{
	struct converted v;

	convert_to(&v, COURIER, "/etc/courier", site);
	has(&v, "imap_listen", "*:143 127.0.0.1:1143");
	has(&v, "imaps_listen", "192.0.2.1:993");
	has(&v, "pop3_listen", "[::1]:110");
	has(&v, "pop3s_listen", "");
	has(&v, "disable_plaintext_auth", "yes");
	has(&v, "tls_min_proto", "tls1.2");
	has(&v, "ssl_ciphers", "TLSv1:!NULL");
	has(&v, "ssl_certificate_file", "/etc/courier/imapd.pem");
	has(&v, "ssl_private_key_file", "/etc/courier/imapd.pem");
	has(&v, "ssl_certificates", "/etc/courier/pop3d.pem:/etc/courier/pop3d.key");
	has(&v, "ssl_verify_path", "/etc/ssl/certs");
	has(&v, "ssl_verify_client", "yes");
	has(&v, "auth_mechanisms", "PLAIN LOGIN");
	has(&v, "max_connections", "70");
	has(&v, "max_connections_per_address", "24");
	has(&v, "log_method", "syslog");
	has(&v, "log_level", "5");
	has(&v, "imap_capability_idle", "yes");
	converted_done(&v);
}
END_TEST

START_TEST(what_is_not_carried_of_it_is_reported_in_its_line)
{
	struct converted v;

	convert_to(&v, COURIER, "/etc/courier", site);
	reports(&v, 4001, 3, "authmodulelist");
	reports(&v, 4001, 10, "IMAP_EMPTYTRASH");
	reports(&v, 4001, 12, "MAILDIRPATH");
	reports(&v, 4001, 9, "CRAM-MD5");
	reports(&v, 4003, 13, "WEIRD");
	reports(&v, 4002, 4, "MAXDAEMONS");
	reports(&v, 4002, 4, "TLS_CERTFILE");
	reports(&v, 4501, 6, "TCPDOPTS");
	reports(&v, 4501, 5, "IMAPDSTARTTLS");
	reports(&v, 4501, 2, "TLS_STARTTLS_PROTOCOL");
	converted_done(&v);
}
END_TEST

START_TEST(one_file_is_one_service)
{
	struct converted v;

	convert_to(&v, COURIER, "/etc/courier/pop3d", site);
	has(&v, "pop3_listen", "[::1]:110");
	has(&v, "imap_listen", "");
	has(&v, "imaps_listen", "");
	converted_done(&v);
	convert_text(&v, COURIER, "/tmp/some.old", "IMAPDSSLSTART=YES\nSSLPORT=4993\n");
	has(&v, "imaps_listen", "*:4993");
	has(&v, "imap_listen", "");
	converted_done(&v);
}
END_TEST

START_TEST(the_shell_is_read_as_far_as_it_is_plain)
{
	struct converted v;

	convert_text(&v, COURIER, "/x/imapd", "export PORT=1143 ADDRESS=127.0.0.1; MAXPERIP=9 # all\nCERTS=/etc/ssl\nTLS_CERTFILE=${CERTS}/a.pem\n"
		"MAXPERIP=`echo 7`\nMAXDAEMONS=$NOWHERE\nLOGGEROPTS='$NOWHERE'\n. /etc/other\nMAXPERIP=9 echo\nTLS_CIPHER_LIST=\"A\\\"L\"L\n");
	has(&v, "imap_listen", "127.0.0.1:1143");
	has(&v, "ssl_ciphers", "A\"LL");
	has(&v, "max_connections_per_address", "9");
	has_not(&v, "max_connections");
	reports(&v, 4001, 4, "MAXPERIP");
	reports(&v, 4001, 5, "MAXDAEMONS");
	reports(&v, 4001, 6, "LOGGEROPTS");
	reports(&v, 4001, 7, "no assignment");
	reports(&v, 4001, 8, "no assignment");
	converted_done(&v);
}
END_TEST

START_TEST(idle_that_is_not_offered_is_switched_off)
{
	struct converted v;

	convert_text(&v, COURIER, "/x/imapd", "IMAP_CAPABILITY=\"IMAP4rev1 SORT\"\n");
	has(&v, "imap_capability_idle", "no");
	converted_done(&v);
}
END_TEST

static const struct {
	const char *value, *expected;
} protocols[] = {
	{ "TLSv1.2+", "tls1.2" }, { "TLSv1.1++", "tls1.1" },	    { "TLS1_2:TLS1_1", "tls1.1" }, { "TLSv1", "tls1.0" },
	{ "TLS1", "tls1.0" },	  { "SSL23", "tls1.0" }, { "SSL3", "ssl3" }, { "TLSv1.3", "tls1.3" },
};

START_TEST(versions_of_tls_have_many_spellings)
{
	char text[100];
	struct converted v;

	snprintf(text, sizeof text, "SSLPORT=993\nTLS_PROTOCOL=%s\n", protocols[_i].value);
	convert_text(&v, COURIER, "/x/imapd-ssl", text);
	has(&v, "tls_min_proto", protocols[_i].expected);
	converted_done(&v);
}
END_TEST

START_TEST(a_directory_without_its_files_and_a_file_without_settings_are_errors)
{
	static const struct file empty[] = { { "/d", NULL }, { NULL, NULL } };
	struct converted v;

	convert_files(&v, COURIER, "/d", empty);
	ck_assert_int_eq(v.rc, GW_ENOENT);
	reports(&v, 1001, 0, "imapd");
	converted_done(&v);
	convert_files(&v, COURIER, "/nowhere", empty);
	ck_assert_int_eq(v.rc, GW_ENOENT);
	converted_done(&v);
	refuses(COURIER, "# nothing\n", 1401, 0);
	refuses(COURIER, "IMAPDSTART=NO\n", 1014, 0);
	refuses(COURIER, "PORT=143\nADDRESS=\"0\nMAXPERIP=9\n", 1401, 2);
}
END_TEST

static TCase *tcase_courier(void)
{
	TCase *tc = tcase_create("courier");

	tcase_add_test(tc, a_directory_of_files_is_carried);
	tcase_add_test(tc, what_is_not_carried_of_it_is_reported_in_its_line);
	tcase_add_test(tc, one_file_is_one_service);
	tcase_add_test(tc, the_shell_is_read_as_far_as_it_is_plain);
	tcase_add_test(tc, idle_that_is_not_offered_is_switched_off);
	tcase_add_loop_test(tc, versions_of_tls_have_many_spellings, 0, sizeof protocols / sizeof *protocols);
	tcase_add_test(tc, a_directory_without_its_files_and_a_file_without_settings_are_errors);
	return tc;
}

UNIT_MAIN("convert/courier", tcase_courier())

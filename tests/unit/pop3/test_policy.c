/* test_policy.c - what options make of POP3: CAPA, languages, deleting, reading, names, old clients, how often one may come */
#include "tests/unit/pop3/pop3host.h"
#include "tests/unit/unit.h"

static struct pop3host h;

static const char one[] = "Subject: one\r\n\r\nfirst\r\n";
static const char two[] = "Subject: two\r\n\r\nsecond\r\n";

static void start(const char *const *options, size_t n)
{
	pop3host_init(&h, options, n);
	pop3host_deliver(&h, "anna", gw_slice_str(one));
	pop3host_deliver(&h, "anna", gw_slice_str(two));
	pop3host_open(&h);
}

#define start_with(...) \
	do { \
		static const char *const options[] = { __VA_ARGS__ }; \
\
		start(options, sizeof options / sizeof *options); \
	} while (0)

static void teardown(void)
{
	pop3host_done(&h);
}

static const char *say(const char *text)
{
	h.got.n = 0;
	pop3host_send(&h, gw_slice_str(text));
	return gw_buf_str(&h.got);
}

static void reopen(void)
{
	pop3host_close(&h);
	h.got.n = 0;
	pop3host_open(&h);
}

static void login(void)
{
	say("USER anna\r\nPASS secret\r\n");
	ck_assert_msg(strstr(gw_buf_str(&h.got), "+OK Maildrop has "), "%s", gw_buf_str(&h.got));
}

#define expect(text, want) ck_assert_str_eq(say(text), want)
#define expect_start(text, want) ck_assert_msg(strncmp(say(text), want, strlen(want)) == 0, "%s: %s", text, gw_buf_str(&h.got))

/* Messages of a mailbox with all of these flags. */
static uint32_t count_in(const char *mailbox, uint64_t flags)
{
	struct gw_acct *acct = NULL;
	struct gw_mailbox box = { 0 };
	struct gw_index *index = NULL;
	struct gw_index_iter it;
	const struct gw_entry *e;
	struct gw_arena arena;
	struct gw_err err = { 0 };
	uint32_t n = 0;

	gw_arena_init(&arena, 0, 0);
	ck_assert_int_eq(gw_store_open_account(h.store, GW_S("anna"), "imap", &acct, &err), 0);
	ck_assert_int_eq(gw_acct_find(acct, &arena, gw_slice_str(mailbox), &box, &err), 0);
	ck_assert_int_eq(gw_mbox_index(acct, box.id, &index, &err), 0);
	gw_index_iter(&it, index, 1);
	while ((e = gw_index_next(&it)))
		n += (e->flags & flags) == flags;
	gw_index_unref(index);
	gw_acct_close(acct);
	gw_arena_done(&arena);
	return n;
}

static void has(const char *line, bool wanted)
{
	ck_assert_msg((strstr(gw_buf_str(&h.got), line) != NULL) == wanted, "%s in %s", line, gw_buf_str(&h.got));
}

/* ---- CAPA ---- */

/* RFC 2449 5(b), 6.7(a), RFC 5034 3(a): the same in both states, but for what may differ */
START_TEST(capabilities_do_not_change_with_the_login)
{
	static const char *const always[] = { "TOP\r\n", "UIDL\r\n", "RESP-CODES\r\n", "AUTH-RESP-CODE\r\n", "PIPELINING\r\n",
					      "LANG\r\n", "UTF8 USER\r\n", "EXPIRE NEVER\r\n", "LOGIN-DELAY 0\r\n", "USER\r\n", "SASL ", " PLAIN" };

	start_with("--auth_delay_max=0");
	say("CAPA\r\n");
	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		has(always[i], true);
	has("IMPLEMENTATION", false);
	login();
	say("CAPA\r\n");
	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		has(always[i], true);
	has("IMPLEMENTATION Gateway\r\n", true);
	has("STLS", false);
}
END_TEST

/* RFC 2449 6.2(a), 6.7(b), RFC 5034 4(m) */
START_TEST(capabilities_are_true)
{
	start_with("--disable_plaintext_auth=yes", "--pop3_login_delay=90", "--pop3_implementation_early=yes", "--pop3_expire=30");
	h.peer.local = false;
	h.peer.tls_possible = true;
	say("CAPA\r\n");
	has("STLS\r\n", true);
	has("\r\nUSER\r\n", false);
	has("UTF8\r\n", true);
	has("SASL", strstr(gw_buf_str(&h.got), "SCRAM") != NULL);
	has(" PLAIN", false);
	has("LOGIN-DELAY 90\r\n", true);
	has("EXPIRE 30\r\n", true);
	has("IMPLEMENTATION Gateway\r\n", true);
	say("STLS\r\n"); /* what is offered depends on TLS */
	say("CAPA\r\n");
	has("STLS\r\n", false);
	has("\r\nUSER\r\n", true);
	has(" PLAIN", true);
}
END_TEST

/* RFC 2595 2.2(b), RFC 5034 4(m), RFC 8314 4.1(a): right or wrong is not told in the clear */
START_TEST(passwords_in_the_clear_are_refused_all_alike)
{
	static const char no[] = "-ERR [AUTH] Passwords are not taken on connections without TLS\r\n";

	start_with("--disable_plaintext_auth=yes", "--auth_mechanisms=PLAIN LOGIN");
	h.peer.local = false;
	h.peer.tls_possible = true;
	expect("USER anna\r\n", no);
	expect("USER nobody\r\n", no);
	expect("PASS secret\r\n", no);
	expect("PASS wrong\r\n", no);
	expect("AUTH PLAIN AGFubmEAc2VjcmV0\r\n", no);
	expect("AUTH PLAIN AGFubmEAd3Jvbmc=\r\n", no);
	expect("AUTH LOGIN\r\n", no);
	say("CAPA\r\n");
	has("SASL", false);
}
END_TEST

/* RFC 2449 4(b), RFC 1939 3(a): whatever the administrator says */
START_TEST(answers_are_lines_of_512_octets_at_most)
{
	struct pop3_session *s;
	char why[1000];

	start(NULL, 0);
	memset(why, 'y', sizeof why);
	memcpy(why + 100, "\r\n+OK \xC3", 7);
	why[sizeof why - 1] = '\0';
	s = h.session;
	s->env.kick_reason = why;
	h.got.n = 0;
	pop3host_wake(&h, GW_WAKE_KICK);
	ck_assert_uint_le(h.got.n, 512);
	ck_assert_int_eq(strncmp(gw_buf_str(&h.got), "-ERR [SYS/TEMP] BYE yyy", 23), 0);
	ck_assert_ptr_eq(strchr(gw_buf_str(&h.got), '\n'), h.got.p + h.got.n - 1);
}
END_TEST

/* RFC 3206 4(a), 4(b): trouble of the store is no fault of the user, at the login and later */
START_TEST(trouble_of_the_store_is_told_as_such)
{
	static const struct {
		enum gw_code code;
		const char *start;
	} cases[] = { { GW_EUNAVAIL, "-ERR [SYS/TEMP] " }, { GW_ENOSPC, "-ERR [SYS/TEMP] " }, { GW_EIO, "-ERR [SYS/TEMP] " },
		      { GW_ECORRUPT, "-ERR [SYS/PERM] " }, { GW_EROFS, "-ERR [SYS/PERM] " } };

	start(NULL, 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct gw_err err = { .code = cases[i].code };

		h.got.n = 0;
		pop3_fail(h.session, &h.out, "RETR", &err);
		host_read(&h);
		ck_assert_int_eq(strncmp(gw_buf_str(&h.got), cases[i].start, strlen(cases[i].start)), 0);
		ck_assert_uint_eq(((struct pop3_session *)h.session)->login_failures, 0);
	}
}
END_TEST

/* I11: clients from before RFC 2449 */
START_TEST(auth_alone_lists_mechanisms)
{
	start_with("--auth_mechanisms=PLAIN LOGIN");
	expect("AUTH\r\n", "+OK Mechanisms follow\r\nPLAIN\r\nLOGIN\r\n.\r\n");
	expect_start("AUTH PLAIN AGFubmEAc2VjcmV0\r\n", "+OK Maildrop");
}
END_TEST

/* ---- LANG ---- */

/* RFC 6856 3.2(a), 3.2(b), 3.2(c), 3.2(d) */
START_TEST(answers_are_in_the_language_of_the_client)
{
	start_with("--preferred_language=nl");
	expect("LANG fr-CA\r\n", "+OK fr La langue est maintenant le fran\xC3\xA7" "ais\r\n");
	expect("LANG sv\r\n", "-ERR Cette langue n'existe pas ici\r\n"); /* the one before stays (RFC 6856 3.2) */
	expect("LANG de--AT\r\n", "-ERR Ce n'est pas une \xC3\xA9tiquette de langue\r\n");
	expect("LANG *\r\n", "+OK nl De taal is nu Nederlands\r\n");
	expect("USER anna\r\n", "+OK Wacht op het wachtwoord\r\n");
	expect("PASS wrong\r\n", "-ERR [AUTH] Gebruikersnaam of wachtwoord is onjuist\r\n");
	say("USER anna\r\n");
	expect("PASS secret\r\n", "+OK De postbus heeft 2 berichten (47 octetten)\r\n");
	expect("LANG DE\r\n", "+OK de Die Sprache ist jetzt Deutsch\r\n");
	expect("RETR 9\r\n", "-ERR Diese Nachricht gibt es nicht, es sind 2\r\n");
	expect("DELE 1\r\n", "+OK Nachricht 1 ist gel\xC3\xB6scht\r\n");
	expect("STAT\r\n", "+OK 1 24\r\n");
	expect("LANG i-default\r\n", "+OK i-default The language is English now\r\n");
	expect("NONSENSE\r\n", "-ERR Unknown command\r\n");
	say("LANG es\r\n");
	pop3host_wake(&h, GW_WAKE_TIMEOUT);
	has("-ERR BYE Conexi\xC3\xB3n cerrada por inactividad\r\n", true);
}
END_TEST

/* RFC 2595 section 4, RFC 6856 section 7: what was said in the clear may have been somebody else's words */
START_TEST(tls_forgets_the_language)
{
	start_with("--auth_delay_max=0");
	h.peer.tls_possible = true;
	say("LANG de\r\nSTLS\r\n");
	expect("NOOP\r\n", "-ERR Invalid command: log in first\r\n");
}
END_TEST

/* ---- UTF8 (RFC 6856 section 2) ---- */

static const char global[] = "Subject: Gr\xC3\xBC\xC3\x9F" "e\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
			     "--b\r\nContent-Type: text/plain; name=\"\xC3\xA4\"\r\n\r\n.\xC3\xB6\r\n--b--\r\n";

/* RFC 6856 2.1(b), 2.1(c) */
START_TEST(without_utf8_headers_are_ascii)
{
	static const char head[] = "Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
	static const char rest[] = "--b\r\nContent-Type: text/plain;\r\n name*=UTF-8''%C3%A4\r\n\r\n..\xC3\xB6\r\n--b--\r\n.\r\n";
	char want[512];

	start(NULL, 0);
	pop3host_deliver(&h, "bert", gw_slice_str(global));
	say("USER bert\r\nPASS secret\r\n");
	snprintf(want, sizeof want, "+OK %zu octets\r\n%s%s", sizeof global - 1, head, rest);
	expect("RETR 1\r\n", want);
	expect("RETR 1\r\n", want);
	snprintf(want, sizeof want, "+OK Top of message follows\r\n%s.\r\n", head);
	expect("TOP 1 0\r\n", want);
	snprintf(want, sizeof want, "+OK Top of message follows\r\n%s--b\r\nContent-Type: text/plain;\r\n.\r\n", head);
	expect("TOP 1 2\r\n", want); /* lines are those of what is sent (RFC 6858 section 4) */
	snprintf(want, sizeof want, "+OK 1 %zu\r\n", sizeof global - 1);
	expect("LIST 1\r\n", want);
}
END_TEST

/* RFC 6856 2.1(a), 2(a) */
START_TEST(with_utf8_messages_are_as_they_are)
{
	char want[512];

	start(NULL, 0);
	pop3host_deliver(&h, "bert", gw_slice_str(global));
	expect("UTF8\r\n", "+OK UTF-8 is on\r\n");
	expect_start("UTF8 x\r\n", "-ERR ");
	say("USER bert\r\nPASS secret\r\n");
	expect_start("UTF8\r\n", "-ERR "); /* only before login */
	say("RETR 1\r\n");
	snprintf(want, sizeof want, "+OK %zu octets\r\n%.*s.%s.\r\n", sizeof global - 1,
		 (int)(strstr(global, ".\xC3\xB6") - global), global, strstr(global, ".\xC3\xB6"));
	ck_assert_str_eq(gw_buf_str(&h.got), want);
}
END_TEST

/* RFC 6856 2.1(b): headers of messages within the message, too */
START_TEST(without_utf8_headers_of_messages_inside_are_ascii)
{
	static const char *const types[] = { "message/rfc822", "message/global" };
	char message[512], want[512];

	start(NULL, 0);
	for (unsigned i = 0; i < 2; i++) {
		snprintf(message, sizeof message, "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: %s\r\n\r\n"
			 "Subject: \xC3\xA4\r\n\r\n\xC3\xB6\r\n--b--\r\n", types[i]);
		pop3host_deliver(&h, "bert", gw_slice_str(message));
	}
	say("USER bert\r\nPASS secret\r\n");
	for (unsigned i = 0; i < 2; i++) {
		snprintf(want, sizeof want, "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: %s\r\n\r\n"
			 "Subject: =?UTF-8?Q?=C3=A4?=\r\n\r\n\xC3\xB6\r\n--b--\r\n.\r\n", types[i]);
		ck_assert_str_eq(strchr(say(i ? "RETR 2\r\n" : "RETR 1\r\n"), '\n') + 1, want);
	}
}
END_TEST

/* A header too long to be written anew is still ASCII, and a whole one of many pieces comes whole. */
START_TEST(long_headers_are_ascii_too)
{
	struct gw_buf m;

	start(NULL, 0);
	for (unsigned lines = 2000; lines <= 8000; lines += 6000) {
		gw_buf_init(&m, 0);
		for (unsigned i = 0; i < lines; i++)
			gw_buf_printf(&m, "X-Long: %060u \xC3\xA4\r\n", i);
		gw_buf_add_slice(&m, GW_S("\r\nbody \xC3\xB6\r\n"));
		pop3host_deliver(&h, "bert", gw_buf_slice(&m));
		gw_buf_done(&m);
	}
	say("USER bert\r\nPASS secret\r\n");
	for (int i = 1; i <= 2; i++) {
		const char *body;

		say(i == 1 ? "RETR 1\r\n" : "RETR 2\r\n");
		body = strstr(gw_buf_str(&h.got), "\r\n\r\nbody \xC3\xB6\r\n.\r\n");
		ck_assert_ptr_nonnull(body);
		for (const char *p = gw_buf_str(&h.got); p < body; p++)
			ck_assert((unsigned char)*p < 0x80);
		ck_assert_ptr_nonnull(strstr(gw_buf_str(&h.got), i == 1 ? "1999_=C3=A4?=\r\n" : "7999 ??\r\n"));
	}
}
END_TEST

START_TEST(stls_comes_before_utf8)
{
	start_with("--auth_delay_max=0");
	h.peer.tls_possible = true;
	say("UTF8\r\n");
	expect("STLS\r\n", "-ERR STLS comes before UTF8\r\n");
}
END_TEST

/* RFC 6856 2.2(d) */
START_TEST(names_in_utf8_are_taken)
{
	start(NULL, 0);
	expect("USER J\xC3\xBCrgen\r\n", "+OK Waiting for password\r\n");
	expect("PASS \xC3\xA4\r\n", "-ERR [AUTH] Wrong username or password\r\n");
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&h.logged), "login J\xC3\xBCrgen USER auth"));
	expect("USER J\xFCrgen\r\n", "+OK Waiting for password\r\n"); /* an old client */
	say("UTF8\r\n");
	expect("USER J\xFCrgen\r\n", "-ERR That cannot be a user name\r\n"); /* RFC 6856 2.2(a) */
	say("USER anna\r\n");
	expect("PASS \xFC\r\n", "-ERR [AUTH] Malformed authentication data\r\n");
}
END_TEST

/* RFC 6856 2.2(b): what RFC 4013 section 2.3 refuses, in UTF-8 mode or not; what its mapping takes away is no fault */
START_TEST(names_and_passwords_have_no_characters_that_saslprep_refuses)
{
	static const char *const bad[] = { "a\xC2\x85", "\xEE\x80\x80", "a\xE2\x80\xAE", "\xEF\xBF\xBD", "\xF3\xA0\x80\x81", "\xF0\x9F\xBF\xBE" };
	char line[64];

	start_with("--max_auth_failures=100");
	for (size_t i = 0; i < 2 * sizeof bad / sizeof *bad; i++) {
		snprintf(line, sizeof line, "USER %s\r\n", bad[i / 2]);
		expect(line, "-ERR That cannot be a user name\r\n");
		say("USER anna\r\n");
		snprintf(line, sizeof line, "PASS %s\r\n", bad[i / 2]);
		expect(line, "-ERR [AUTH] Malformed authentication data\r\n");
		if (i % 2)
			reopen();
		else
			say("UTF8\r\n");
	}
	expect("USER a\xC2\xAD" "b\r\n", "+OK Waiting for password\r\n");
}
END_TEST

/* ---- deleting ---- */

START_TEST(deleting_can_be_a_flag)
{
	start_with("--pop3_delete=flag");
	login();
	expect("DELE 1\r\nQUIT\r\n", "+OK Message 1 is deleted\r\n+OK Bye\r\n");
	ck_assert_uint_eq(count_in("INBOX", 0), 2);
	ck_assert_uint_eq(count_in("INBOX", GW_FLAG_DELETED), 1);
	reopen();
	login();
	expect("LIST\r\n", "+OK 1 messages (24 octets)\r\n1 24\r\n.\r\n");
	expect("RETR 1\r\n", "+OK 24 octets\r\nSubject: two\r\n\r\nsecond\r\n.\r\n");
	expect_start("UIDL\r\n", "+OK 1 messages\r\n1 ");
	expect_start("RETR 2\r\n", "-ERR");
	expect("DELE 1\r\nQUIT\r\n", "+OK Message 1 is deleted\r\n+OK Bye\r\n");
	ck_assert_uint_eq(count_in("INBOX", GW_FLAG_DELETED), 2);
}
END_TEST

START_TEST(deleting_can_be_a_move_to_the_trash)
{
	uint32_t before;

	start_with("--pop3_delete=trash");
	before = count_in("Trash", 0);
	login();
	say("DELE 2\r\nQUIT\r\n");
	ck_assert_uint_eq(count_in("INBOX", 0), 1);
	ck_assert_uint_eq(count_in("Trash", 0), before + 1);
	ck_assert_uint_eq(h.info.expunged, 1);
}
END_TEST

START_TEST(a_missing_trash_is_made)
{
	struct gw_acct *acct = NULL;
	struct gw_err err = { 0 };

	start_with("--pop3_delete=trash");
	ck_assert_int_eq(gw_store_open_account(h.store, GW_S("anna"), "imap", &acct, &err), 0);
	ck_assert_int_eq(gw_acct_delete(acct, GW_S("Trash"), &err), 0);
	gw_acct_close(acct);
	login();
	expect("DELE 1\r\nDELE 2\r\nQUIT\r\n", "+OK Message 1 is deleted\r\n+OK Message 2 is deleted\r\n+OK Bye\r\n");
	ck_assert_uint_eq(count_in("Trash", 0), 2);
}
END_TEST

/* I06, RFC 1939 6(d), RFC 3206 4(a) */
static const char *const policies[] = { "--pop3_delete=expunge", "--pop3_delete=flag", "--pop3_delete=trash" };

START_TEST(quit_tells_that_deleting_failed)
{
	struct pop3_session *s;
	uint64_t id;

	start(&policies[_i], 1);
	login();
	say("DELE 1\r\nDELE 2\r\n");
	s = h.session;
	id = s->inbox.id;
	s->inbox.id = id + 1000000; /* as if it were gone */
	expect("QUIT\r\n", "-ERR [SYS/TEMP] 2 deleted messages were not removed\r\n");
	ck_assert_int_eq(h.need, GW_NEED_CLOSE);
	ck_assert_uint_eq(count_in("INBOX", 0), 2);
	ck_assert_uint_eq(count_in("INBOX", GW_FLAG_DELETED), 0);
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&h.logged), "event store_error"));
}
END_TEST

/* I05 under each policy: every byte may be the last. */
START_TEST(a_cut_session_deletes_nothing_whatever_deleting_is)
{
	static const char wire[] = "USER anna\r\nPASS secret\r\nRETR 1\r\nDELE 1\r\nDELE 2\r\nQUIT\r\n";

	start(&policies[_i], 1);
	for (size_t n = 0; n < sizeof wire - 1; n++) {
		reopen();
		pop3host_send(&h, gw_slice(wire, n));
		pop3host_close(&h);
		ck_assert_uint_eq(count_in("INBOX", 0), 2);
		ck_assert_uint_eq(count_in("INBOX", GW_FLAG_DELETED), 0);
		pop3host_open(&h);
	}
}
END_TEST

/* ---- reading ---- */

START_TEST(what_was_fetched_is_read_when_that_is_wanted)
{
	start_with("--pop3_set_seen=yes");
	login();
	say("TOP 1 100\r\nRETR 2\r\n");
	ck_assert_uint_eq(count_in("INBOX", GW_FLAG_SEEN), 0);
	pop3host_close(&h); /* without QUIT: read it was all the same */
	ck_assert_uint_eq(count_in("INBOX", GW_FLAG_SEEN), 1);
	h.got.n = 0;
	pop3host_open(&h);
	login();
	say("RETR 1\r\nDELE 1\r\nQUIT\r\n");
	ck_assert_uint_eq(count_in("INBOX", 0), 1);
	ck_assert_uint_eq(count_in("INBOX", GW_FLAG_SEEN), 1);
}
END_TEST

START_TEST(reading_leaves_no_flag_by_itself)
{
	start(NULL, 0);
	login();
	say("RETR 1\r\nQUIT\r\n");
	ck_assert_uint_eq(count_in("INBOX", GW_FLAG_SEEN), 0);
}
END_TEST

/* ---- old clients ---- */

static const char nul[] = "Subject: x\r\n\r\na\0b\r\n\0\0";
static const char headless[] = "Subject: only";

START_TEST(workarounds_are_for_those_who_ask)
{
	start(NULL, 0);
	pop3host_deliver(&h, "bert", gw_slice(nul, sizeof nul - 1));
	pop3host_deliver(&h, "bert", gw_slice_str(headless));
	say("USER bert\r\nPASS secret\r\nRETR 1\r\n");
	ck_assert_ptr_nonnull(memmem(h.got.p, h.got.n, "a\0b\r\n\0\0\r\n.\r\n", 12));
	expect("TOP 2 0\r\n", "+OK Top of message follows\r\nSubject: only\r\n.\r\n");
}
END_TEST

START_TEST(outlook_gets_no_nuls_and_outlook_express_an_end_of_the_header)
{
	start_with("--pop3_client_workarounds=outlook-no-nuls oe-ns-eoh");
	pop3host_deliver(&h, "bert", gw_slice(nul, sizeof nul - 1));
	pop3host_deliver(&h, "bert", gw_slice_str(headless));
	say("USER bert\r\nPASS secret\r\n");
	expect("RETR 1\r\n", "+OK 21 octets\r\nSubject: x\r\n\r\na\x80" "b\r\n\x80\x80\r\n.\r\n");
	expect("TOP 1 1\r\n", "+OK Top of message follows\r\nSubject: x\r\n\r\na\x80" "b\r\n.\r\n");
	expect("TOP 2 0\r\n", "+OK Top of message follows\r\nSubject: only\r\n\r\n.\r\n");
	expect("RETR 2\r\n", "+OK 13 octets\r\nSubject: only\r\n\r\n.\r\n");
	say("QUIT\r\n");
	reopen();
	login();
	expect("RETR 1\r\n", "+OK 23 octets\r\nSubject: one\r\n\r\nfirst\r\n.\r\n");
}
END_TEST

/* ---- names ---- */

START_TEST(names_follow_the_format_whichever_way_they_are_asked_for)
{
	start_with("--pop3_uidl_format=uidonly");
	login();
	expect("UIDL 2\r\n", "+OK 2 2\r\n");
	expect("UIDL 1\r\n", "+OK 1 1\r\n");
	expect("UIDL\r\n", "+OK 2 messages\r\n1 1\r\n2 2\r\n.\r\n");
	expect("DELE 1\r\nUIDL\r\n", "+OK Message 1 is deleted\r\n+OK 1 messages\r\n2 2\r\n.\r\n");
}
END_TEST

/* ---- how often one may come (RFC 2449 sections 6.5 and 8.1.1) ---- */

static unsigned wait_s;

static unsigned host_wait_s(void *ctx, const char *user)
{
	struct pop3host *host = ctx;

	gw_buf_printf(&host->logged, "wait %s\n", user);
	return wait_s;
}

/* RFC 2449 6.5(a), 6.5(b), 8.1.1(a) */
START_TEST(who_comes_too_soon_is_told_so_after_the_password)
{
	struct pop3_session *s;

	start_with("--pop3_login_delay=60");
	s = h.session;
	s->env.wait_s = host_wait_s;
	wait_s = 42;
	say("USER anna\r\n");
	expect_start("PASS wrong\r\n", "-ERR [AUTH]");
	ck_assert_ptr_null(strstr(gw_buf_str(&h.logged), "wait anna"));
	say("USER anna\r\n");
	expect("PASS secret\r\n", "-ERR [LOGIN-DELAY] The next login is possible in 42 seconds\r\n");
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&h.logged), "login anna USER delayed"));
	ck_assert_ptr_null(s->acct);
	expect_start("STAT\r\n", "-ERR");
	wait_s = 0;
	say("USER anna\r\n");
	expect_start("PASS secret\r\n", "+OK Maildrop");
}
END_TEST

START_TEST(without_a_delay_nobody_is_asked)
{
	start(NULL, 0);
	((struct pop3_session *)h.session)->env.wait_s = host_wait_s;
	wait_s = 42;
	login();
}
END_TEST

static TCase *policy(void)
{
	TCase *tc = tcase_create("policy");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_test(tc, capabilities_do_not_change_with_the_login);
	tcase_add_test(tc, capabilities_are_true);
	tcase_add_test(tc, passwords_in_the_clear_are_refused_all_alike);
	tcase_add_test(tc, answers_are_lines_of_512_octets_at_most);
	tcase_add_test(tc, trouble_of_the_store_is_told_as_such);
	tcase_add_test(tc, auth_alone_lists_mechanisms);
	tcase_add_test(tc, answers_are_in_the_language_of_the_client);
	tcase_add_test(tc, tls_forgets_the_language);
	tcase_add_test(tc, without_utf8_headers_are_ascii);
	tcase_add_test(tc, with_utf8_messages_are_as_they_are);
	tcase_add_test(tc, without_utf8_headers_of_messages_inside_are_ascii);
	tcase_add_test(tc, long_headers_are_ascii_too);
	tcase_add_test(tc, stls_comes_before_utf8);
	tcase_add_test(tc, names_in_utf8_are_taken);
	tcase_add_test(tc, names_and_passwords_have_no_characters_that_saslprep_refuses);
	tcase_add_test(tc, deleting_can_be_a_flag);
	tcase_add_test(tc, deleting_can_be_a_move_to_the_trash);
	tcase_add_test(tc, a_missing_trash_is_made);
	tcase_add_loop_test(tc, quit_tells_that_deleting_failed, 0, 3);
	tcase_add_loop_test(tc, a_cut_session_deletes_nothing_whatever_deleting_is, 0, 3);
	tcase_add_test(tc, what_was_fetched_is_read_when_that_is_wanted);
	tcase_add_test(tc, reading_leaves_no_flag_by_itself);
	tcase_add_test(tc, workarounds_are_for_those_who_ask);
	tcase_add_test(tc, outlook_gets_no_nuls_and_outlook_express_an_end_of_the_header);
	tcase_add_test(tc, names_follow_the_format_whichever_way_they_are_asked_for);
	tcase_add_test(tc, who_comes_too_soon_is_told_so_after_the_password);
	tcase_add_test(tc, without_a_delay_nobody_is_asked);
	return tc;
}

UNIT_MAIN("pop3 policy", policy())

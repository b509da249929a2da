/* test_session.c - commands of POP3, one after the other and all at once */
#include "tests/unit/pop3/pop3host.h"
#include "tests/unit/unit.h"

static struct pop3host h;

static const char one[] = "Subject: one\r\n\r\nfirst\r\n";
static const char two[] = "Subject: two\r\n\r\n.dot\r\n..\r\n.\r\nend";
static const char three[] = "Subject: three\r\n\r\n1\r\n2\r\n3\r\n";

static void setup_with(const char *const *options, size_t n)
{
	pop3host_init(&h, options, n);
	pop3host_deliver(&h, "anna", gw_slice_str(one));
	pop3host_deliver(&h, "anna", gw_slice_str(two));
	pop3host_deliver(&h, "anna", gw_slice_str(three));
	pop3host_open(&h);
}

static void setup(void)
{
	setup_with(NULL, 0);
}

static void teardown(void)
{
	pop3host_done(&h);
}

/* What comes back for these bytes. */
static const char *say(const char *text)
{
	h.got.n = 0;
	pop3host_send(&h, gw_slice_str(text));
	return gw_buf_str(&h.got);
}

static void login(void)
{
	say("USER anna\r\nPASS secret\r\n");
	ck_assert_msg(strstr(gw_buf_str(&h.got), "+OK Maildrop has 3 messages"), "%s", gw_buf_str(&h.got));
}

static void reopen(void)
{
	pop3host_close(&h);
	h.got.n = 0;
	pop3host_open(&h);
}

#define expect(text, want) ck_assert_str_eq(say(text), want)
#define expect_start(text, want) ck_assert_msg(strncmp(say(text), want, strlen(want)) == 0, "%s: %s", text, gw_buf_str(&h.got))

START_TEST(greeting_and_the_simple_commands)
{
	ck_assert_str_eq(gw_buf_str(&h.got), "+OK POP3 gateway ready\r\n");
	expect("USER anna\r\n", "+OK Waiting for password\r\n");
	expect("PASS secret\r\n", "+OK Maildrop has 3 messages (82 octets)\r\n");
	expect("STAT\r\n", "+OK 3 82\r\n");
	expect("LIST\r\n", "+OK 3 messages (82 octets)\r\n1 23\r\n2 32\r\n3 27\r\n.\r\n");
	expect("list 2\r\n", "+OK 2 32\r\n");
	expect("NOOP\r\n", "+OK\r\n");
	expect("RETR 1\r\n", "+OK 23 octets\r\nSubject: one\r\n\r\nfirst\r\n.\r\n");
	expect("QUIT\r\n", "+OK Bye\r\n");
	ck_assert_int_eq(h.need, GW_NEED_CLOSE);
	ck_assert_uint_eq(pop3host_count(&h, "anna"), 3);
}
END_TEST

/* I08, RFC 1939 section 3: dots are doubled, CRLF is added at the end where it is missing. */
START_TEST(lines_that_begin_with_dots_are_stuffed)
{
	login();
	expect("RETR 2\r\n", "+OK 32 octets\r\nSubject: two\r\n\r\n..dot\r\n...\r\n..\r\nend\r\n.\r\n");
}
END_TEST

/* RFC 1939 3(d): wherever the pieces end that come from the store (64 KiB of RETR, 8 KiB of TOP), and whatever ends a line */
START_TEST(dots_are_stuffed_at_every_border)
{
	static const size_t borders[] = { 8192, 65536, 131072 };
	static const char *const ends[] = { "\r\n.\r\n..x\r\n.", "\n.\n..x\n.", "\r\n.\n.", "\r.\r\n." };
	const size_t all = sizeof borders / sizeof *borders;
	size_t border = borders[(size_t)_i % all];
	const char *end = ends[(size_t)_i / all];
	struct gw_buf m, want;
	unsigned number = 0;

	gw_buf_init(&m, 0);
	gw_buf_init(&want, 0);
	login();
	say("QUIT\r\n");
	for (size_t at = border - 12; at <= border + 1; at++) {
		m.n = want.n = 0;
		gw_buf_add_slice(&m, GW_S("Subject: x\r\n\r\n"));
		while (m.n < at)
			gw_buf_add_char(&m, 'a');
		gw_buf_add_slice(&m, gw_slice_str(end));
		pop3host_deliver(&h, "bert", gw_buf_slice(&m));
		for (size_t i = 0; i < m.n; i++) {
			if (m.p[i] == '.' && m.p[i - 1] == '\n')
				gw_buf_add_char(&want, '.');
			gw_buf_add_char(&want, m.p[i]);
		}
		gw_buf_add_slice(&want, GW_S("\r\n.\r\n"));
		reopen();
		say("USER bert\r\nPASS secret\r\n");
		number++;
		for (int top = 0; top < 2; top++) {
			char command[32];

			snprintf(command, sizeof command, top ? "TOP %u 999\r\n" : "RETR %u\r\n", number);
			ck_assert_str_eq(strchr(say(command), '\n') + 1, gw_buf_str(&want));
		}
	}
	gw_buf_done(&m);
	gw_buf_done(&want);
}
END_TEST

/* RFC 1939 section 7 */
START_TEST(top_gives_header_and_some_lines)
{
	login();
	expect("TOP 3 0\r\n", "+OK Top of message follows\r\nSubject: three\r\n\r\n.\r\n");
	expect("TOP 3 2\r\n", "+OK Top of message follows\r\nSubject: three\r\n\r\n1\r\n2\r\n.\r\n");
	expect("TOP 3 3\r\n", "+OK Top of message follows\r\nSubject: three\r\n\r\n1\r\n2\r\n3\r\n.\r\n");
	expect("TOP 3 2147483647\r\n", "+OK Top of message follows\r\nSubject: three\r\n\r\n1\r\n2\r\n3\r\n.\r\n");
	expect("TOP 2 1\r\n", "+OK Top of message follows\r\nSubject: two\r\n\r\n..dot\r\n.\r\n");
	expect_start("TOP 3 2147483648\r\n", "-ERR");
	expect_start("TOP 3\r\n", "-ERR");
	expect_start("TOP 3 1 1\r\n", "-ERR");
}
END_TEST

START_TEST(top_of_messages_without_header_or_body)
{
	pop3host_deliver(&h, "bert", GW_S("\r\nbody\r\nmore\r\n"));
	pop3host_deliver(&h, "bert", GW_S("\nbare\nlines\n"));
	pop3host_deliver(&h, "bert", GW_S("Subject: only"));
	say("USER bert\r\nPASS secret\r\n");
	expect("TOP 1 1\r\n", "+OK Top of message follows\r\n\r\nbody\r\n.\r\n");
	expect("TOP 2 1\r\n", "+OK Top of message follows\r\n\nbare\n\r\n.\r\n");
	expect("TOP 3 5\r\n", "+OK Top of message follows\r\nSubject: only\r\n.\r\n");
}
END_TEST

/* I03 */
START_TEST(numbers_that_name_no_message_are_refused)
{
	static const char *const bad[] = { "DELE 0\r\n", "DELE 4\r\n", "DELE 4294967296\r\n", "RETR 4294967295\r\n",
					   "LIST -1\r\n", "RETR +1\r\n", "RETR 0x1\r\n", "RETR\r\n", "RETR 1 2\r\n",
					   "UIDL 0\r\n", "UIDL 99999999999999999999999\r\n", "TOP 0 1\r\n", "DELE \r\n" };

	login();
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		expect_start(bad[i], "-ERR ");
	expect("RETR 001\r\n", "+OK 23 octets\r\nSubject: one\r\n\r\nfirst\r\n.\r\n");
}
END_TEST

START_TEST(deleted_messages_are_gone_at_quit_and_not_before)
{
	login();
	expect("DELE 2\r\n", "+OK Message 2 is deleted\r\n");
	expect("STAT\r\n", "+OK 2 50\r\n");
	expect("LIST\r\n", "+OK 2 messages (50 octets)\r\n1 23\r\n3 27\r\n.\r\n");
	expect_start("RETR 2\r\n", "-ERR");
	expect_start("DELE 2\r\n", "-ERR");
	expect_start("LIST 2\r\n", "-ERR");
	expect_start("UIDL 2\r\n", "-ERR");
	expect_start("TOP 2 0\r\n", "-ERR");
	expect("RSET\r\n", "+OK Maildrop has 3 messages (82 octets)\r\n");
	expect("STAT\r\n", "+OK 3 82\r\n");
	say("DELE 1\r\nDELE 3\r\n");
	ck_assert_uint_eq(pop3host_count(&h, "anna"), 3);
	expect("QUIT\r\n", "+OK Bye\r\n");
	ck_assert_uint_eq(pop3host_count(&h, "anna"), 1);
}
END_TEST

/* I05, RFC 1939 6(c): whatever byte is the last one, without QUIT nothing is deleted. */
START_TEST(a_cut_session_deletes_nothing)
{
	static const char wire[] = "USER anna\r\nPASS secret\r\nDELE 1\r\nDELE 2\r\nQUIT\r\n";

	for (size_t n = 0; n < sizeof wire - 1; n++) {
		reopen();
		pop3host_send(&h, gw_slice(wire, n));
		pop3host_close(&h);
		ck_assert_uint_eq(pop3host_count(&h, "anna"), 3);
		pop3host_open(&h);
	}
}
END_TEST

START_TEST(any_split_gives_the_same_answers)
{
	static const char wire[] = "USER anna\r\nPASS secret\r\nSTAT\r\nRETR 2\r\nUIDL\r\nTOP 3 1\r\nLIST\r\nRETR 9\r\nbad\r\n"
				   "AUTH PLAIN\r\nNOOP\r\nQUIT\r\n";
	char *whole;

	h.got.n = 0;
	pop3host_send(&h, gw_slice_str(wire));
	whole = gw_xstrdup(gw_buf_str(&h.got));
	for (size_t at = 1; at < sizeof wire - 1; at++) {
		reopen();
		h.got.n = 0;
		pop3host_send(&h, gw_slice(wire, at));
		pop3host_send(&h, gw_slice(wire + at, sizeof wire - 1 - at));
		ck_assert_str_eq(gw_buf_str(&h.got), whole);
	}
	reopen();
	h.got.n = 0;
	for (size_t at = 0; at < sizeof wire - 1; at++)
		pop3host_send(&h, gw_slice(wire + at, 1));
	ck_assert_str_eq(gw_buf_str(&h.got), whole);
	free(whole);
}
END_TEST

/* I01, RFC 2449 4(a): too long, NUL, LF without CR: -ERR and the end. */
START_TEST(what_is_no_line_ends_the_session)
{
	char line[POP3_LINE_MAX + 16];

	memset(line, 'x', sizeof line);
	memcpy(line + POP3_LINE_MAX - 1, "\r\n", 3);
	expect_start(line, "-ERR Invalid command");
	memset(line, 'x', sizeof line);
	memcpy(line + POP3_LINE_MAX, "\r\n", 3);
	expect_start(line, "-ERR Invalid command");
	ck_assert_int_eq(h.need, GW_NEED_INPUT);
	memset(line, 'x', sizeof line);
	memcpy(line + POP3_LINE_MAX + 1, "\r\n", 3);
	expect_start(line, "-ERR BYE");
	ck_assert_int_eq(h.need, GW_NEED_CLOSE);
	reopen();
	expect_start("NOOP\n", "-ERR BYE");
	ck_assert_int_eq(h.need, GW_NEED_CLOSE);
	reopen();
	pop3host_send(&h, GW_S("USER a\0b\r\n"));
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&h.got), "-ERR BYE"));
	ck_assert_int_eq(h.need, GW_NEED_CLOSE);
}
END_TEST

/* Clients put access tokens into AUTH: its line may be long, whichever way it is cut. */
START_TEST(auth_may_be_long)
{
	const struct gw_slice tail = GW_S("\r\n");
	struct gw_buf line;

	gw_buf_init(&line, 0);
	gw_buf_add_slice(&line, GW_S("auth X "));
	while (line.n < POP3_SASL_LINE_MAX)
		gw_buf_add_char(&line, 'A');
	for (size_t cut = 0; cut < 8; cut++) {
		h.got.n = 0;
		pop3host_send(&h, gw_slice(line.p, cut));
		pop3host_send(&h, gw_slice(line.p + cut, line.n - cut));
		pop3host_send(&h, tail);
		ck_assert_str_eq(gw_buf_str(&h.got), "-ERR That authentication mechanism is not offered\r\n");
	}
	expect("AUTH PLAIN\r\n", "+ \r\n"); /* and an answer, RFC 5034 4(h) */
	memset(line.p, 'A', POP3_SASL_LINE_MAX - 2);
	h.got.n = 0;
	pop3host_send(&h, gw_slice(line.p, POP3_SASL_LINE_MAX - 2));
	pop3host_send(&h, tail);
	ck_assert_str_eq(gw_buf_str(&h.got), "-ERR [AUTH] Malformed authentication data\r\n");
	memcpy(line.p, "AUTH ", 5);
	gw_buf_add_char(&line, 'A');
	h.got.n = 0;
	pop3host_send(&h, gw_buf_slice(&line));
	pop3host_send(&h, tail);
	ck_assert_int_eq(strncmp(gw_buf_str(&h.got), "-ERR BYE", 8), 0);
	gw_buf_done(&line);
}
END_TEST

START_TEST(ten_megabytes_without_a_line_end_cost_nothing)
{
	char piece[4096];
	struct pop3_session *s = h.session;

	memset(piece, 'A', sizeof piece);
	for (int i = 0; i < 2560 && h.need == GW_NEED_INPUT; i++) {
		pop3host_send(&h, gw_slice(piece, sizeof piece));
		ck_assert_uint_le(s->line.cap, POP3_SASL_LINE_MAX + 3);
	}
	ck_assert_int_eq(h.need, GW_NEED_CLOSE);
}
END_TEST

/* A wrong line is answered behind the answers of those before it. */
START_TEST(garbage_behind_pipelined_commands_waits_its_turn)
{
	login();
	expect("RETR 1\r\nNOOP\nNOOP\r\n", "+OK 23 octets\r\nSubject: one\r\n\r\nfirst\r\n.\r\n"
					    "-ERR BYE Line too long, or not ended by CRLF, or with NUL\r\n");
}
END_TEST

START_TEST(commands_of_another_state_are_refused)
{
	expect_start("STAT\r\n", "-ERR");
	expect_start("RETR 1\r\n", "-ERR");
	expect_start("APOP a b\r\n", "-ERR");
	login();
	expect_start("USER anna\r\n", "-ERR");
	expect_start("PASS secret\r\n", "-ERR");
	expect_start("AUTH PLAIN\r\n", "-ERR");
	expect_start("STLS\r\n", "-ERR");
	expect_start("XYZ\r\n", "-ERR");
	expect("STAT\r\n", "+OK 3 82\r\n");
}
END_TEST

/* Nothing behind it is read; who has signed on has only made a mistake. */
START_TEST(a_request_of_a_web_browser_ends_the_session)
{
	expect("NOOP\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\nUSER anna\r\n",
	       "-ERR Invalid command: log in first\r\n-ERR BYE This is not a web server\r\n");
	ck_assert_int_eq(h.need, GW_NEED_CLOSE);
	reopen();
	expect("EHLO x\r\nUSER anna\r\n", "-ERR BYE This server takes no mail\r\n");
	ck_assert_int_eq(h.need, GW_NEED_CLOSE);
	reopen();
	login();
	expect("EHLO x\r\nGET / HTTP/1.1\r\nNOOP\r\n", "-ERR Unknown command\r\n-ERR Unknown command\r\n+OK\r\n");
}
END_TEST

START_TEST(too_many_bad_commands_end_the_session)
{
	for (unsigned i = 1; i < POP3_BAD_LOGIN; i++)
		say("BAD\r\n");
	ck_assert_int_eq(h.need, GW_NEED_INPUT);
	say("BAD\r\n");
	ck_assert_int_eq(h.need, GW_NEED_CLOSE);
	reopen();
	login();
	for (unsigned i = 1; i < POP3_BAD_LATER; i++)
		say("BAD\r\n");
	say("NOOP\r\n");
	for (unsigned i = 1; i < POP3_BAD_LATER; i++)
		say("BAD\r\n");
	ck_assert_int_eq(h.need, GW_NEED_INPUT);
	say("BAD\r\n");
	ck_assert_int_eq(h.need, GW_NEED_CLOSE);
}
END_TEST

/* I09: 1 to 70 printable characters, the same in the next session and after other messages are gone. */
START_TEST(uidls_stay)
{
	char *before, *line;

	login();
	before = gw_xstrdup(say("UIDL 3\r\n"));
	ck_assert_int_eq(strncmp(before, "+OK 3 ", 6), 0);
	ck_assert_uint_eq(strlen(before), strlen("+OK 3 \r\n") + 16);
	say("UIDL\r\n");
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&h.got), before + 4));
	say("DELE 1\r\nQUIT\r\n");
	reopen();
	say("USER anna\r\nPASS secret\r\n");
	line = strstr(before, "3 ");
	line[0] = '2';
	ck_assert_ptr_nonnull(strstr(say("UIDL\r\n"), line));
	free(before);
}
END_TEST

/* I07, RFC 1939 section 4; RFC 2449 section 8.1.2 */
START_TEST(the_maildrop_has_one_session)
{
	struct pop3host other = h;

	login();
	other.session = NULL;
	gw_out_init(&other.out);
	gw_buf_init(&other.got, 0);
	gw_buf_init(&other.logged, 0);
	pop3host_open(&other);
	pop3host_send(&other, GW_S("USER anna\r\nPASS secret\r\n"));
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&other.got), "-ERR [IN-USE]"));
	/* free again as soon as QUIT is answered, before close() */
	say("QUIT\r\n");
	other.got.n = 0;
	pop3host_send(&other, GW_S("USER anna\r\nPASS secret\r\n"));
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&other.got), "+OK Maildrop"));
	pop3host_close(&other);
	gw_buf_done(&other.got);
	gw_buf_done(&other.logged);
}
END_TEST

START_TEST(without_the_lock_several_may_read)
{
	static const char *const options[] = { "--pop3_lock_maildrop=no" };
	struct pop3host other;

	teardown();
	setup_with(options, 1);
	login();
	other = h;
	other.session = NULL;
	gw_out_init(&other.out);
	gw_buf_init(&other.got, 0);
	gw_buf_init(&other.logged, 0);
	pop3host_open(&other);
	pop3host_send(&other, GW_S("USER anna\r\nPASS secret\r\nDELE 1\r\nQUIT\r\n"));
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&other.got), "+OK Bye"));
	say("RETR 1\r\n"); /* gone or as it was, but no other one */
	ck_assert(strncmp(gw_buf_str(&h.got), "-ERR", 4) == 0 || strstr(gw_buf_str(&h.got), "first"));
	expect_start("RETR 2\r\n", "+OK 32 octets");
	expect("STAT\r\n", "+OK 3 82\r\n");
	expect("DELE 1\r\n", "+OK Message 1 is deleted\r\n");
	expect("QUIT\r\n", "+OK Bye\r\n");
	pop3host_close(&other);
	gw_buf_done(&other.got);
	gw_buf_done(&other.logged);
}
END_TEST

/* I04 */
START_TEST(a_client_that_does_not_read_stops_the_work)
{
	char *big = gw_xalloc(200000);
	struct gw_buf wire;

	memset(big, 'a', 200000);
	for (size_t i = 70; i + 2 < 200000; i += 72)
		memcpy(big + i, "\r\n", 2);
	for (int i = 0; i < 5; i++)
		pop3host_deliver(&h, "bert", gw_slice(big, 200000));
	gw_buf_init(&wire, 0);
	gw_buf_add_slice(&wire, GW_S("USER bert\r\nPASS secret\r\n"));
	for (int i = 0; i < 1000; i++)
		gw_buf_printf(&wire, "RETR %d\r\n", i % 5 + 1);
	h.keep = true;
	pop3host_send(&h, gw_buf_slice(&wire));
	ck_assert_uint_le(h.out.n, GW_OUT_FULL + 64 * 1024);
	ck_assert_int_eq(h.need, GW_NEED_WORKER);
	gw_buf_done(&wire);
	free(big);
}
END_TEST

/* RFC 2449 6.6(a) */
START_TEST(a_thousand_pipelined_commands_are_answered_in_order)
{
	struct gw_buf wire;
	const char *p;
	unsigned n = 0;

	login();
	gw_buf_init(&wire, 0);
	for (int i = 0; i < 1000; i++)
		gw_buf_printf(&wire, "RETR %d\r\nNOOP\r\nLIST %d\r\n", i % 3 + 1, i % 3 + 1);
	h.got.n = 0;
	h.jobs = 0;
	pop3host_send(&h, gw_buf_slice(&wire));
	p = gw_buf_str(&h.got);
	for (int i = 0; i < 1000; i++) {
		char want[64];

		p = strstr(p, "octets\r\n");
		ck_assert_ptr_nonnull(p);
		snprintf(want, sizeof want, "\r\n.\r\n+OK\r\n+OK %d ", i % 3 + 1);
		p = strstr(p, want);
		ck_assert_ptr_nonnull(p);
		n++;
	}
	ck_assert_uint_eq(n, 1000);
	ck_assert_uint_le(h.jobs, 3 * 1000 / POP3_QUEUE + 2); /* a worker takes many at once */
	gw_buf_done(&wire);
}
END_TEST

START_TEST(a_large_message_comes_in_pieces)
{
	size_t n = 5 * 1024 * 1024;
	char *big = gw_xalloc(n);
	const char *p;

	for (size_t i = 0; i < n; i++)
		big[i] = (char)(i % 77 == 75 ? '\r' : i % 77 == 76 ? '\n' : 'a' + (char)(i % 26));
	pop3host_deliver(&h, "bert", gw_slice(big, n));
	say("USER bert\r\nPASS secret\r\n");
	h.fullest = 0;
	say("RETR 1\r\n");
	ck_assert_uint_le(h.fullest, GW_OUT_FULL);
	p = strchr(gw_buf_str(&h.got), '\n') + 1;
	ck_assert_int_eq(memcmp(p, big, n), 0);
	ck_assert_str_eq(p + n, "\r\n.\r\n");
	free(big);
}
END_TEST

START_TEST(a_drain_waits_for_quit_when_messages_are_deleted)
{
	login();
	say("DELE 1\r\n");
	h.got.n = 0;
	pop3host_wake(&h, GW_WAKE_DRAIN);
	ck_assert_int_eq(h.need, GW_NEED_INPUT);
	ck_assert_uint_eq(h.got.n, 0);
	say("RSET\r\nNO");
	pop3host_wake(&h, GW_WAKE_DRAIN); /* half a line */
	ck_assert_int_eq(h.need, GW_NEED_INPUT);
	say("OP\r\n");
	pop3host_wake(&h, GW_WAKE_DRAIN);
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&h.got), "-ERR [SYS/TEMP] BYE"));
	ck_assert_int_eq(h.need, GW_NEED_CLOSE);
}
END_TEST

START_TEST(events_end_the_session_with_a_word)
{
	login();
	pop3host_wake(&h, GW_WAKE_TIMEOUT);
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&h.got), "-ERR BYE Connection closed because of timeout\r\n"));
	ck_assert_int_eq(h.need, GW_NEED_CLOSE);
	reopen();
	pop3host_wake(&h, GW_WAKE_SHUTDOWN);
	ck_assert_ptr_nonnull(strstr(gw_buf_str(&h.got), "-ERR [SYS/TEMP] BYE"));
	reopen();
	pop3host_wake(&h, GW_WAKE_KICK);
	ck_assert_int_eq(h.need, GW_NEED_CLOSE);
	ck_assert_uint_eq(pop3host_count(&h, "anna"), 3);
}
END_TEST

/* RFC 1939 3(f) */
START_TEST(timeouts_are_those_of_the_state)
{
	ck_assert_uint_ge(h.config->pop3_timeout, 600);
	ck_assert_uint_eq(gw_pop3_proto.timeout_s(h.session), h.config->login_timeout);
	login();
	ck_assert_uint_eq(gw_pop3_proto.timeout_s(h.session), h.config->pop3_timeout);
}
END_TEST

START_TEST(the_session_table_is_filled)
{
	login();
	ck_assert_str_eq(h.info.user, "anna");
	ck_assert_str_eq(h.info.mailbox, "INBOX");
	say("RETR 1\r\nDELE 2\r\nBAD\r\nQUIT\r\n");
	ck_assert_uint_eq(h.info.fetched, 1);
	ck_assert_uint_eq(h.info.expunged, 1);
	ck_assert_uint_eq(h.info.bad_commands, 1);
	ck_assert_uint_eq(h.info.state, GW_STATE_BYE);
}
END_TEST

START_TEST(the_greeting_can_tell_the_name)
{
	static const char *const options[] = { "--server_hostname_greeting=yes" };

	teardown();
	setup_with(options, 1);
	ck_assert_str_eq(gw_buf_str(&h.got), "+OK POP3 gateway ready on mail.example.org\r\n");
}
END_TEST

/* RFC 6856 section 3 */
START_TEST(lang_lists_languages_and_takes_a_range)
{
	expect("LANG\r\n", "+OK Language listing follows\r\ni-default English\r\nen English\r\nde Deutsch\r\nes Espa\xC3\xB1ol\r\n"
			   "fr Fran\xC3\xA7" "ais\r\nnl Nederlands\r\n.\r\n");
	expect_start("LANG *\r\n", "+OK en ");
	expect_start("LANG EN\r\n", "+OK en ");
	expect_start("LANG xx\r\n", "-ERR ");
}
END_TEST

START_TEST(an_empty_maildrop)
{
	say("USER bert\r\nPASS secret\r\n");
	expect("STAT\r\n", "+OK 0 0\r\n");
	expect("LIST\r\n", "+OK 0 messages (0 octets)\r\n.\r\n");
	expect("UIDL\r\n", "+OK 0 messages\r\n.\r\n");
	expect_start("RETR 1\r\n", "-ERR");
	expect_start("RSET\r\n", "+OK");
	expect("QUIT\r\n", "+OK Bye\r\n");
}
END_TEST

START_TEST(an_interrupt_ends_a_long_answer_but_not_quit)
{
	struct pop3_session *s = h.session;

	login();
	say("DELE 1\r\n");
	gw_pop3_proto.interrupt(h.session);
	expect("QUIT\r\n", "+OK Bye\r\n");
	ck_assert(s->acct == NULL);
	gw_pop3_proto.interrupt(h.session);
	ck_assert_uint_eq(pop3host_count(&h, "anna"), 2);
}
END_TEST

static TCase *session(void)
{
	TCase *tc = tcase_create("session");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, greeting_and_the_simple_commands);
	tcase_add_test(tc, lines_that_begin_with_dots_are_stuffed);
	tcase_add_loop_test(tc, dots_are_stuffed_at_every_border, 0, 12);
	tcase_add_test(tc, top_gives_header_and_some_lines);
	tcase_add_test(tc, top_of_messages_without_header_or_body);
	tcase_add_test(tc, numbers_that_name_no_message_are_refused);
	tcase_add_test(tc, deleted_messages_are_gone_at_quit_and_not_before);
	tcase_add_test(tc, a_cut_session_deletes_nothing);
	tcase_add_test(tc, any_split_gives_the_same_answers);
	tcase_add_test(tc, what_is_no_line_ends_the_session);
	tcase_add_test(tc, auth_may_be_long);
	tcase_add_test(tc, ten_megabytes_without_a_line_end_cost_nothing);
	tcase_add_test(tc, garbage_behind_pipelined_commands_waits_its_turn);
	tcase_add_test(tc, commands_of_another_state_are_refused);
	tcase_add_test(tc, a_request_of_a_web_browser_ends_the_session);
	tcase_add_test(tc, too_many_bad_commands_end_the_session);
	tcase_add_test(tc, uidls_stay);
	tcase_add_test(tc, the_maildrop_has_one_session);
	tcase_add_test(tc, without_the_lock_several_may_read);
	tcase_add_test(tc, a_client_that_does_not_read_stops_the_work);
	tcase_add_test(tc, a_thousand_pipelined_commands_are_answered_in_order);
	tcase_add_test(tc, a_large_message_comes_in_pieces);
	tcase_add_test(tc, a_drain_waits_for_quit_when_messages_are_deleted);
	tcase_add_test(tc, events_end_the_session_with_a_word);
	tcase_add_test(tc, timeouts_are_those_of_the_state);
	tcase_add_test(tc, the_session_table_is_filled);
	tcase_add_test(tc, the_greeting_can_tell_the_name);
	tcase_add_test(tc, lang_lists_languages_and_takes_a_range);
	tcase_add_test(tc, an_empty_maildrop);
	tcase_add_test(tc, an_interrupt_ends_a_long_answer_but_not_quit);
	return tc;
}

UNIT_MAIN("pop3 session", session())

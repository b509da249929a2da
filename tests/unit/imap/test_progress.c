/* test_progress.c - searches that go in steps (RFC 9585): the same answer wherever they stop, and what the client hears meanwhile */
#include "tests/conv/host.h"
#include "tests/unit/unit.h"

#include "session/session.h"
#include "imap/progress.h"

#include <stdio.h>

#define STOPS_MAX 400

static struct host h;
static uint64_t readings, late_at, late_ms; /* the clock's reading number late_at is late_ms later than the one before */

static uint64_t mono_ms(void *ctx)
{
	if (++readings == late_at)
		((struct host *)ctx)->now_ms += late_ms;
	return ((struct host *)ctx)->now_ms;
}

/* Every reading is a little later than the one before. */
static uint64_t ticking_ms(void *ctx)
{
	struct host *host = ctx;

	return host->now_ms += late_ms;
}

/* What the session answers. */
static const char *say(unsigned link, const char *text)
{
	static struct gw_buf got;

	got.n = 0;
	host_send(&h, link, gw_slice_str(text));
	host_take(&h, link, &got);
	return gw_buf_str(&got);
}

static void start(const char *options)
{
	ck_assert(host_init(&h, gw_slice_str(options)));
	late_at = readings = 0;
	h.clock.mono_ms = mono_ms;
	host_open(&h, 0, &gw_imap_proto, NULL);
	say(0, "a LOGIN anna anna\r\n");
	for (unsigned i = 0; i < 12; i++) {
		char text[512], line[600];
		int n = snprintf(text, sizeof text, "From: %s@example.org\r\nSubject: %s\r\nDate: Tue, %u Jan 2024 08:00:00 +0000\r\n"
				 "X-Odd: %u\r\n\r\nthe %s and the %s fox\r\n", i % 2 ? "anna" : "bert", i % 3 ? "plain" : "odd",
				 i + 10, i % 4, i % 3 ? "slow" : "quick", i % 5 ? "brown" : "red");

		snprintf(line, sizeof line, "a APPEND INBOX {%d+}\r\n%s\r\n", n, text);
		ck_assert_ptr_nonnull(strstr(say(0, line), "a OK"));
	}
	ck_assert_ptr_nonnull(strstr(say(0, "a CREATE other\r\nb SELECT INBOX\r\n"), "b OK"));
	ck_assert_ptr_nonnull(strstr(say(0, "a UID COPY 3:9 other\r\n"), "a OK"));
}

static const char *const searches[] = {
	"SEARCH BODY quick",
	"SEARCH TEXT brown NOT BODY slow",
	"SEARCH OR BODY red TEXT quick",
	"SEARCH OR (BODY red FROM anna) NOT (OR SUBJECT odd BODY brown)",
	"SEARCH SENTSINCE 14-Jan-2024 BODY brown",
	"SEARCH OR SENTSINCE 18-Jan-2024 (SENTBEFORE 14-Jan-2024 NOT HEADER X-Odd 1)",
	"SEARCH NOT SENTON 15-Jan-2024 OR NOT SENTON 16-Jan-2024 BODY red",
	"UID SEARCH RETURN (MIN MAX COUNT ALL) 3:9 NOT (HEADER X-Odd 2 BODY fox) OR FROM bert TEXT red",
	"SEARCH RETURN (SAVE COUNT) BODY fox TEXT the BODY brown",
	"SORT (REVERSE DATE) UTF-8 OR BODY quick FROM anna",
	"UID THREAD ORDEREDSUBJECT UTF-8 BODY fox NOT BODY red",
	"ESEARCH IN (mailboxes (INBOX other nothere)) OR BODY red TEXT quick",
	"ESEARCH IN (selected personal) RETURN (MIN MAX COUNT ALL) SENTSINCE 14-Jan-2024 NOT HEADER X-Odd 2",
};

#define N_SEARCHES (int)(sizeof searches / sizeof *searches)

/* One step ends at reading number late_at; the answer is the same as when none ends. */
START_TEST(a_search_that_stops_anywhere_finds_the_same)
{
	char line[300], *want;
	unsigned runs, stopped = 0;

	start("");
	snprintf(line, sizeof line, "b %s\r\n", searches[_i]);
	runs = h.link[0].runs;
	want = strdup(say(0, line));
	ck_assert_ptr_nonnull(strstr(want, "b OK"));
	runs = h.link[0].runs - runs;
	late_ms = 1000; /* too early for a word */
	for (late_at = 1; late_at < STOPS_MAX; late_at++) {
		unsigned before = h.link[0].runs;

		readings = 0;
		ck_assert_str_eq(say(0, line), want);
		stopped += h.link[0].runs - before > runs;
		if (readings < late_at)
			break;
	}
	ck_assert_uint_lt(late_at, STOPS_MAX);
	ck_assert_uint_ge(stopped, 5);
	free(want);
	host_done(&h);
}
END_TEST

/* The same with all steps as short as can be. */
START_TEST(a_search_in_the_shortest_steps_finds_the_same)
{
	char line[300], *want;
	unsigned runs;

	start("imap_capabilities = -INPROGRESS\n");
	snprintf(line, sizeof line, "b %s\r\n", searches[_i]);
	want = strdup(say(0, line));
	h.clock.mono_ms = ticking_ms;
	late_ms = IMAP_STEP_US / 1000;
	runs = h.link[0].runs;
	ck_assert_str_eq(say(0, line), want);
	ck_assert_uint_ge(h.link[0].runs - runs, 5);
	free(want);
	host_done(&h);
}
END_TEST

/* n and m of every INPROGRESS: n ascends and stays below m, m stays. */
static unsigned check_words(const char *answer, const char *tag)
{
	unsigned long n = 0, m = 0, last = 0, goal = 0;
	char head[100];
	unsigned words = 0;

	snprintf(head, sizeof head, "* OK [INPROGRESS (%s ", tag);
	for (const char *p = answer; (p = strstr(p, "* OK [INPROGRESS")); p++, words++) {
		ck_assert_msg(strncmp(p, head, strlen(head)) == 0, "%s", p);
		ck_assert_msg(sscanf(p + strlen(head), "%lu %lu)] ", &n, &m) == 2, "%s", p);
		ck_assert_uint_ge(n, last);
		ck_assert_uint_lt(n, m);
		ck_assert(!goal || goal == m);
		last = n;
		goal = m;
	}
	return words;
}

static const char *slow_search(const char *line)
{
	h.clock.mono_ms = ticking_ms;
	late_ms = 2500;
	return say(0, line);
}

/* RFC 9585 1(a), 1(b) */
START_TEST(who_waits_hears_how_far_it_is)
{
	const char *got;

	start("");
	got = slow_search("b7 SEARCH BODY quick TEXT brown\r\n");
	ck_assert_uint_ge(check_words(got, "\"b7\""), 2);
	ck_assert_ptr_null(strstr(strstr(got, "* SEARCH"), "INPROGRESS")); /* not behind the answer */
	ck_assert_ptr_nonnull(strstr(got, "* SEARCH 4 7 10\r\nb7 OK"));
	ck_assert_uint_ge(check_words(say(0, "b8 UID SORT (SUBJECT) UTF-8 OR BODY red SENTSINCE 14-Jan-2024\r\n"), "\"b8\""), 2);
	ck_assert_uint_ge(check_words(say(0, "b9 THREAD REFERENCES UTF-8 TEXT fox\r\n"), "\"b9\""), 2);
	got = say(0, "b10 ESEARCH IN (personal) OR BODY quick TEXT brown\r\n"); /* of all mailboxes together */
	ck_assert_uint_ge(check_words(got, "\"b10\""), 4);
	ck_assert_ptr_nonnull(strstr(got, "b10 OK"));
	host_done(&h);
}
END_TEST

/* RFC 9585 1(c) */
START_TEST(a_tag_with_a_bracket_is_not_told)
{
	start("");
	ck_assert_uint_ge(check_words(slow_search("b]7 SEARCH BODY quick TEXT brown\r\n"), "NIL"), 2);
	host_done(&h);
}
END_TEST

/* RFC 9585 1(d) */
START_TEST(without_the_capability_nothing_is_told)
{
	start("imap_capabilities = -INPROGRESS\n");
	ck_assert_ptr_null(strstr(say(0, "b CAPABILITY\r\n"), "INPROGRESS"));
	ck_assert_ptr_null(strstr(slow_search("b SEARCH BODY quick TEXT brown\r\n"), "INPROGRESS"));
	host_done(&h);
}
END_TEST

/* One session stops behind its first messages; what another does meanwhile is not seen before the search ends. */
static void stop_search(const char *line)
{
	struct gw_slice in = gw_slice_str(line);
	struct host_link *l = &h.link[0];

	h.clock.mono_ms = ticking_ms;
	late_ms = 1000;
	l->need = l->proto->feed(l->session, &in, &l->out);
	for (unsigned i = 0; i < 3; i++)
		l->need = l->proto->run(l->session, &l->out);
	ck_assert_int_eq(l->need, GW_NEED_WORKER);
	h.clock.mono_ms = mono_ms;
	late_at = 0;
}

START_TEST(numbers_stay_while_others_expunge)
{
	const char *got;

	start("");
	stop_search("b SEARCH OR SENTSINCE 1-Jan-2024 BODY fox BODY quick\r\n");
	host_open(&h, 1, &gw_imap_proto, NULL);
	say(1, "c LOGIN anna anna\r\nc SELECT INBOX\r\n");
	ck_assert_ptr_nonnull(strstr(say(1, "c STORE 1,2,7 +FLAGS.SILENT (\\Deleted)\r\nd EXPUNGE\r\n"), "d OK"));
	got = say(0, "");
	/* Those that were removed may be among them: the client does not know yet. */
	ck_assert_msg(strstr(got, "* SEARCH") && strstr(got, " 4 ") && strstr(got, " 10\r\nb OK [EXPUNGEISSUED]"), "%s", got);
	ck_assert_ptr_null(strstr(got, " EXPUNGE\r\n"));
	ck_assert_ptr_nonnull(strstr(say(0, "e NOOP\r\n"), "* 7 EXPUNGE"));
	host_done(&h);
}
END_TEST

START_TEST(a_session_may_end_between_two_steps)
{
	static const char *const lines[] = {
		"b SORT (DATE) UTF-8 OR BODY quick TEXT red\r\n",
		"b SEARCH SENTSINCE 1-Jan-2024 BODY quick\r\n",
		"b ESEARCH IN (mailboxes other) SENTSINCE 1-Jan-2024 BODY quick\r\n",
	};

	start("");
	stop_search(lines[_i]);
	host_done(&h);
}
END_TEST

/* RFC 7377 2.2: what is not there is ignored. */
START_TEST(a_mailbox_that_vanishes_is_left_out)
{
	const char *got;

	start("");
	stop_search("b ESEARCH IN (mailboxes (INBOX other)) RETURN (COUNT) BODY fox TEXT the\r\n");
	host_open(&h, 1, &gw_imap_proto, NULL);
	ck_assert_ptr_nonnull(strstr(say(1, "c LOGIN anna anna\r\nd DELETE other\r\n"), "d OK"));
	got = say(0, "");
	ck_assert_msg(strstr(got, "MAILBOX INBOX UIDVALIDITY") && strstr(got, "COUNT 12\r\nb OK"), "%s", got);
	host_done(&h);
}
END_TEST

START_TEST(an_interrupted_search_fails_and_empties_what_was_saved)
{
	struct host_link *l = &h.link[0];
	const char *got;

	start("");
	say(0, "a SEARCH RETURN (SAVE) ALL\r\n");
	stop_search("b SEARCH RETURN (SAVE) BODY quick\r\n");
	l->proto->interrupt(l->session);
	got = say(0, "");
	ck_assert_msg(strncmp(got, "b NO", 4) == 0, "%s", got);
	host_done(&h);
}
END_TEST

static TCase *tcase_progress(void)
{
	TCase *tc = tcase_create("progress");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_search_that_stops_anywhere_finds_the_same, 0, N_SEARCHES);
	tcase_add_loop_test(tc, a_search_in_the_shortest_steps_finds_the_same, 0, N_SEARCHES);
	tcase_add_test(tc, who_waits_hears_how_far_it_is);
	tcase_add_test(tc, a_tag_with_a_bracket_is_not_told);
	tcase_add_test(tc, without_the_capability_nothing_is_told);
	tcase_add_test(tc, numbers_stay_while_others_expunge);
	tcase_add_loop_test(tc, a_session_may_end_between_two_steps, 0, 3);
	tcase_add_test(tc, a_mailbox_that_vanishes_is_left_out);
	tcase_add_test(tc, an_interrupted_search_fails_and_empties_what_was_saved);
	return tc;
}

UNIT_MAIN("imap/progress", tcase_progress())

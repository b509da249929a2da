/* test_context.c - results that stay up to date (imap/context.h), as a client keeps them
 *
 * Two sessions do anything to a mailbox. The client of the first does to its results what ADDTO, REMOVEFROM and EXPUNGE tell, one
 * line after the other; they must be what a new search finds (RFC 5267 4.3). */
#include "imap/context.h"
#include "tests/conv/host.h"
#include "tests/unit/unit.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>

#define RESULTS 8

/* What the client has of one result. */
struct result {
	const char *head, *keys; /* "UID SORT", "(DATE) UTF-8 ALL" */
	unsigned char step;
	uint32_t *v;
	size_t n;
};

static struct host h;
static struct result results[RESULTS];
static uint64_t seed, step_ms, messages;

static const char *const programs[RESULTS][2] = {
	{ "UID SEARCH", "UNSEEN" },
	{ "SEARCH", "OR FLAGGED BODY quick NOT DELETED" },
	{ "UID SORT", "(SUBJECT) UTF-8 UNDELETED" },
	{ "SORT", "(REVERSE FROM SIZE) UTF-8 UNSEEN BODY fox" },
	{ "SORT", "(REVERSE DATE) UTF-8 ALL" },
	{ "UID SORT", "(REVERSE ARRIVAL SUBJECT) UTF-8 OR KEYWORD odd UID *" },
	{ "SEARCH", "TEXT red OR SEEN SENTSINCE 14-Jan-2024" },
	{ "UID SORT", "(SIZE) UTF-8 NOT 1:4" },
};

static uint32_t any(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(seed >> 33) % below;
}

/* Every reading is later than the one before: steps are as short as can be. */
static uint64_t ticking_ms(void *ctx)
{
	struct host *host = ctx;

	return host->now_ms += step_ms;
}

static const char *say(unsigned link, const char *text)
{
	static struct gw_buf got;

	got.n = 0;
	host_send(&h, link, gw_slice_str(text));
	host_take(&h, link, &got);
	return gw_buf_str(&got);
}

/* ---- the client ---- */

static void put(struct result *r, size_t at, uint32_t number)
{
	ck_assert_uint_le(at, r->n);
	r->v = gw_xrealloc(r->v, r->n + 1, sizeof *r->v);
	memmove(r->v + at + 1, r->v + at, (r->n - at) * sizeof *r->v);
	r->v[at] = number;
	r->n++;
}

static void take(struct result *r, size_t at)
{
	ck_assert_uint_lt(at, r->n);
	memmove(r->v + at, r->v + at + 1, (r->n - at - 1) * sizeof *r->v);
	r->n--;
}

static bool by_uid(const struct result *r)
{
	return strncmp(r->head, "UID", 3) == 0;
}

static bool is_sorted(const struct result *r)
{
	return strstr(r->head, "SORT") != NULL;
}

/* RFC 5267 4.3.3, 4.3.4: at 0 the place is that of mailbox order. */
static void apply(struct result *r, bool adds, unsigned long at, unsigned long number)
{
	size_t i = 0;

	ck_assert_msg(is_sorted(r) == (at > 0), "a place of %lu in %s", at, r->keys);
	if (at) {
		i = at - 1;
	} else {
		while (i < r->n && r->v[i] < number)
			i++;
	}
	if (adds) {
		for (size_t k = 0; k < r->n; k++)
			ck_assert_msg(r->v[k] != number, "%lu is there already: %s", number, r->keys);
		put(r, i, (uint32_t)number);
		return;
	}
	ck_assert_msg(i < r->n && r->v[i] == number, "%lu is not at %zu: %s", number, i, r->keys);
	take(r, i);
}

/* "set" from p on: each member is done at the place that follows. Returns what is behind it. */
static char *apply_set(struct result *r, bool adds, unsigned long at, char *p)
{
	for (;;) {
		unsigned long lo = strtoul(p, &p, 10), hi = *p == ':' ? strtoul(p + 1, &p, 10) : lo;

		ck_assert(lo && lo <= hi);
		for (; lo <= hi; lo++) {
			apply(r, adds, at, lo);
			at += at && adds;
		}
		if (*p != ',')
			return p;
		p++;
	}
}

static void hear_news(char *line)
{
	unsigned long number = 0;
	char *p = strstr(line, "(TAG \"r"), *list = strstr(line, "TO (");
	bool adds = list != NULL;
	struct result *r;

	list = list ? list + 4 : strstr(line, "FROM (") + 6;
	number = strtoul(p + 7, NULL, 10);
	ck_assert_uint_lt(number, RESULTS);
	r = &results[number];
	ck_assert((strstr(line, "\") UID ") != NULL) == by_uid(r));
	for (;;) {
		unsigned long at = strtoul(list, &list, 10);

		ck_assert_int_eq(*list, ' ');
		list = apply_set(r, adds, at, list + 1);
		if (*list == ')')
			break;
		ck_assert_int_eq(*list++, ' ');
	}
	ck_assert_str_eq(list, ")");
}

static void hear_expunge(unsigned long number)
{
	messages--;
	for (unsigned i = 0; i < RESULTS; i++) {
		struct result *r = &results[i];

		for (size_t k = 0; k < r->n && !by_uid(r); k++) {
			ck_assert_msg(r->v[k] != number, "%lu went without REMOVEFROM", number); /* 4.3.4 */
			r->v[k] -= r->v[k] > number;
		}
	}
}

/* Everything that the first session was told. */
static void hear(const char *answer)
{
	char *copy = strdup(answer), *rest = copy, *line;

	while ((line = strtok_r(rest, "\r\n", &rest))) {
		unsigned long number = 0;
		char word[20] = "";

		ck_assert_ptr_null(strstr(line, "NOUPDATE"));
		if (strncmp(line, "* ESEARCH", 9) == 0 && (strstr(line, "ADDTO") || strstr(line, "REMOVEFROM")))
			hear_news(line);
		else if (sscanf(line, "* %lu %19s", &number, word) == 2 && strcmp(word, "EXPUNGE") == 0)
			hear_expunge(number);
		else if (strcmp(word, "EXISTS") == 0)
			messages = number;
	}
	free(copy);
}

static void hear_all(struct result *r, const char *answer)
{
	const char *all = strstr(answer, " ALL ");
	char *copy = strdup(all ? all + 5 : "");

	r->n = 0;
	for (char *p = copy; *p >= '0' && *p <= '9';) {
		unsigned long lo = strtoul(p, &p, 10), hi = *p == ':' ? strtoul(p + 1, &p, 10) : lo;

		for (; lo <= hi; lo++)
			put(r, r->n, (uint32_t)lo);
		p += *p == ',';
	}
	free(copy);
}

/* What a new search finds; message numbers in its keys would not be the same any more. */
static void check(void)
{
	for (unsigned i = 0; i < RESULTS; i++) {
		struct result fresh = { .v = NULL };
		char line[200];

		if (strstr(results[i].keys, "1:4"))
			continue;
		snprintf(line, sizeof line, "q %s RETURN (ALL) %s\r\n", results[i].head, results[i].keys);
		hear_all(&fresh, say(0, line));
		ck_assert_msg(fresh.n == results[i].n && (!fresh.n || memcmp(fresh.v, results[i].v, fresh.n * sizeof *fresh.v) == 0),
			      "%s: %zu, there are %zu", results[i].keys, results[i].n, fresh.n);
		free(fresh.v);
	}
}

/* ---- the mailbox ---- */

static void append(unsigned link)
{
	static const char *const words[] = { "quick", "brown", "red", "fox", "lazy" };
	char text[400], line[500];
	int n = snprintf(text, sizeof text,
			 "From: %s@example.org\r\nSubject: %s %u\r\nDate: Tue, %u Jan 2024 08:00:00 +0000\r\n\r\nthe %s and the %s %.*s\r\n",
			 any(2) ? "anna" : "bert", words[any(5)], any(3), 10 + any(12), words[any(5)], words[any(5)], (int)any(60),
			 "........................................................................");

	snprintf(line, sizeof line, "a APPEND INBOX (%s) {%d+}\r\n%s\r\n", any(3) ? "" : "\\Flagged", n, text);
	if (link == 0)
		hear(say(0, line));
	else
		say(link, line);
}

static void change(unsigned link)
{
	static const char *const flags[] = { "\\Seen", "\\Flagged", "\\Deleted", "odd", "even" };
	char line[100];

	snprintf(line, sizeof line, "a UID STORE %u:%u %cFLAGS%s (%s)\r\n", 1 + any(60), 1 + any(60), any(2) ? '+' : '-',
		 any(2) ? ".SILENT" : "", flags[any(5)]);
	if (link == 0)
		hear(say(0, line));
	else
		say(link, line);
}

static void do_anything(void)
{
	unsigned link = any(3) == 0 ? 0 : 1;

	switch (any(8)) {
	case 0:
	case 1:
	case 2:
		append(link);
		break;
	case 3:
		if (any(3))
			break;
		if (link == 0)
			hear(say(0, "a EXPUNGE\r\n"));
		else
			say(1, "a EXPUNGE\r\n");
		break;
	default:
		change(link);
	}
}

/* Commands behind which EXPUNGE may come, and behind which it may not. */
static void listen(void)
{
	static const char *const commands[] = { "a NOOP\r\n", "a FETCH 1 UID\r\n", "a UID FETCH 1:* UID\r\n", "a SEARCH 1\r\n",
						"a IDLE\r\nDONE\r\n" };

	hear(say(0, commands[any(5)]));
}

static void start(unsigned kind)
{
	ck_assert(host_init(&h, gw_slice_str("imap_capabilities = -INPROGRESS\n")));
	host_open(&h, 0, &gw_imap_proto, NULL);
	host_open(&h, 1, &gw_imap_proto, NULL);
	say(0, "a LOGIN anna anna\r\na SELECT INBOX\r\n");
	say(1, "a LOGIN anna anna\r\na SELECT INBOX\r\n");
	seed = kind;
	messages = 0;
	for (unsigned i = 0; i < 12; i++)
		append(0);
	for (unsigned i = 0; i < RESULTS; i++) {
		char line[200];

		results[i] = (struct result){ .head = programs[i][0], .keys = programs[i][1] };
		snprintf(line, sizeof line, "r%u %s RETURN (ALL UPDATE) %s\r\n", i, results[i].head, results[i].keys);
		hear_all(&results[i], say(0, line));
	}
	if (kind % 2 == 0)
		return;
	step_ms = 1000;
	h.clock.mono_ms = ticking_ms;
}

static void end(void)
{
	for (unsigned i = 0; i < RESULTS; i++)
		free(results[i].v);
	host_done(&h);
}

/* RFC 5267 4.3.2(a), 4.3.3(a), 4.3.4(a) */
START_TEST(a_client_that_follows_has_what_a_search_finds)
{
	start((unsigned)_i);
	for (unsigned round = 0; round < 60; round++) {
		for (uint32_t n = any(4); n > 0; n--)
			do_anything();
		listen();
		if (round % 3 == 0)
			hear(say(0, "a NOOP\r\n"));
		if (round % 3 == 0)
			check();
	}
	end();
}
END_TEST

/* The answer to CANCELUPDATE is the last of it: RFC 5267 4.3.5(a) */
START_TEST(what_is_cancelled_is_not_told)
{
	start(2);
	ck_assert_ptr_nonnull(strstr(say(0, "a CANCELUPDATE \"r0\" \"r1\" \"r2\" \"r3\" \"r4\" \"r5\" \"r6\" \"r7\"\r\n"), "a OK"));
	append(1);
	ck_assert_ptr_null(strstr(say(0, "a NOOP\r\n"), "ESEARCH"));
	end();
}
END_TEST

/* A session whose client is gone in the middle. */
START_TEST(a_session_may_end_between_two_steps)
{
	struct gw_slice in = gw_slice_str("a NOOP\r\n");
	struct host_link *l = &h.link[0];

	start(1);
	for (unsigned i = 0; i < 10; i++)
		append(1);
	l->need = l->proto->feed(l->session, &in, &l->out);
	for (int i = 0; i < _i; i++)
		l->need = l->proto->run(l->session, &l->out);
	ck_assert_int_eq(l->need, GW_NEED_WORKER);
	end();
}
END_TEST

/* A store that fails in the middle: the context ends, and says so, RFC 5267 4.3.1(a) */
START_TEST(a_context_that_cannot_be_kept_ends_with_noupdate)
{
	struct gw_slice in = gw_slice_str("a NOOP\r\n");
	struct host_link *l = &h.link[0];
	const char *got;

	start(1);
	for (unsigned i = 0; i < 10; i++)
		append(1);
	l->need = l->proto->feed(l->session, &in, &l->out);
	for (unsigned i = 0; i < 3; i++)
		l->need = l->proto->run(l->session, &l->out);
	l->proto->interrupt(l->session);
	got = say(0, "");
	ck_assert_msg(strstr(got, "* NO [NOUPDATE \"r1\"] ") != NULL, "%s", got);
	ck_assert_ptr_nonnull(strstr(got, "\r\na OK"));
	ck_assert_ptr_nonnull(strstr(say(0, "b CANCELUPDATE \"r1\"\r\n"), "b NO"));
	end();
}
END_TEST

/* RFC 5267 6: what is kept counts towards max_session_memory. */
START_TEST(what_takes_too_much_memory_is_not_kept)
{
	static char line[100000];
	const char *got;

	ck_assert(host_init(&h, gw_slice_str("max_session_memory = 256K\nmax_line = 200K\nmax_literal = 128K\n")));
	host_open(&h, 0, &gw_imap_proto, NULL);
	say(0, "a LOGIN anna anna\r\na SELECT INBOX\r\n");
	for (unsigned i = 0; i < 5; i++) {
		size_t n = (size_t)snprintf(line, sizeof line, "r%u UID SEARCH RETURN (COUNT UPDATE)", i);

		for (unsigned k = 0; k < 7; k++) {
			n += (size_t)snprintf(line + n, sizeof line - n, " SUBJECT \"");
			memset(line + n, 'x', 8000);
			n += 8000;
			line[n++] = '"';
		}
		snprintf(line + n, sizeof line - n, "\r\n");
		got = say(0, line);
		ck_assert_msg(strstr(got, " COUNT 0\r\n") != NULL, "%.300s", got);
		ck_assert_msg((strstr(got, "* NO [NOUPDATE \"r4\"]") != NULL) == (i == 4), "%.300s", got);
	}
	host_done(&h);
}
END_TEST

/* ... and what is compared towards imap_sort_memory. Other contexts go on. */
START_TEST(too_many_at_once_to_be_sorted_end_a_context)
{
	char subject[1001], line[1200];
	const char *got;

	memset(subject, 'x', sizeof subject - 1);
	subject[sizeof subject - 1] = '\0';
	ck_assert(host_init(&h, gw_slice_str("imap_sort_memory = 1M\n")));
	host_open(&h, 0, &gw_imap_proto, NULL);
	say(0, "a LOGIN anna anna\r\na SELECT INBOX\r\nr0 SORT RETURN (UPDATE) (SUBJECT) UTF-8 ALL\r\n"
	       "r1 UID SEARCH RETURN (UPDATE) ALL\r\n");
	host_open(&h, 1, &gw_imap_proto, NULL);
	say(1, "a LOGIN anna anna\r\n");
	for (unsigned i = 0; i < 1200; i++) {
		snprintf(line, sizeof line, "a APPEND INBOX {%zu+}\r\nSubject: %s\r\n\r\n\r\n", sizeof subject - 1 + 13, subject);
		say(1, line);
	}
	got = say(0, "a NOOP\r\n");
	ck_assert_msg(strstr(got, "* NO [NOUPDATE \"r0\"]") != NULL, "%.300s", got);
	ck_assert_ptr_nonnull(strstr(got, "* ESEARCH (TAG \"r1\") UID ADDTO (0 1:1200)\r\n"));
	ck_assert_ptr_nonnull(strstr(say(0, "b CANCELUPDATE \"r0\"\r\n"), "b NO"));
	host_done(&h);
}
END_TEST

/* Long lists are several lines; a client that does not read gets the rest later. */
START_TEST(a_long_update_is_told_in_pieces)
{
	const char *got;
	unsigned lines = 0;

	ck_assert(host_init(&h, gw_slice_str("")));
	for (unsigned i = 0; i < 2; i++) {
		host_open(&h, i, &gw_imap_proto, NULL);
		say(i, "a LOGIN anna anna\r\na SELECT INBOX\r\n");
	}
	say(1, "a APPEND INBOX {9+}\r\na: b\r\n\r\n\r\n\r\n");
	for (unsigned i = 0; i < 12; i++)
		ck_assert_ptr_nonnull(strstr(say(1, "a COPY 1:* INBOX\r\n"), "a OK"));
	say(0, "a NOOP\r\nr0 UID SEARCH RETURN (UPDATE) UNFLAGGED\r\nr1 SORT RETURN (UPDATE) (REVERSE ARRIVAL) UTF-8 UNFLAGGED\r\n");
	for (unsigned i = 1; i < 4096; i += 2) {
		char line[60];

		snprintf(line, sizeof line, "a STORE %u +FLAGS.SILENT (\\Flagged)\r\n", i);
		say(1, line);
	}
	got = say(0, "a NOOP\r\n");
	for (const char *p = got; (p = strstr(p, "REMOVEFROM (")); p++)
		lines++;
	ck_assert_uint_eq(lines, 6);
	host_done(&h);
}
END_TEST

static TCase *tcase_context(void)
{
	TCase *tc = tcase_create("context");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, a_client_that_follows_has_what_a_search_finds, 0, 12);
	tcase_add_test(tc, what_is_cancelled_is_not_told);
	tcase_add_loop_test(tc, a_session_may_end_between_two_steps, 1, 8);
	tcase_add_test(tc, a_context_that_cannot_be_kept_ends_with_noupdate);
	tcase_add_test(tc, what_takes_too_much_memory_is_not_kept);
	tcase_add_test(tc, too_many_at_once_to_be_sorted_end_a_context);
	tcase_add_test(tc, a_long_update_is_told_in_pieces);
	return tc;
}

UNIT_MAIN("imap/context", tcase_context())

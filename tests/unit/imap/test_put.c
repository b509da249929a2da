/* test_put.c - writing the words of IMAP, and reading them back (imap/put.h against imap/token.h) */
#include "imap/mbname.h"
#include "imap/parse.h"
#include "imap/put.h"
#include "imap/token.h"
#include "tests/unit/unit.h"
#include "util/utf8.h"

#include <stdio.h>

static struct gw_arena arena;
static struct gw_out out;

static void setup(void)
{
	gw_arena_init(&arena, 0, 0);
	gw_out_init(&out);
}

static void teardown(void)
{
	gw_out_done(&out);
	gw_arena_done(&arena);
}

/* All that was written, in one piece; the output is empty afterwards. */
static struct gw_slice written(void)
{
	char *all = gw_arena_alloc(&arena, out.n + 1);
	size_t n = 0;

	while (out.n) {
		struct gw_slice s = gw_out_front(&out);

		memcpy(all + n, s.p, s.n);
		n += s.n;
		gw_out_drop(&out, s.n);
	}
	return gw_slice(all, n);
}

/* Every byte alone, pairs with the special ones, and lengths around the limit. */
static struct gw_slice sample(int i)
{
	static char text[2001];

	if (i < 256) {
		text[0] = (char)i;
		return gw_slice(text, 1);
	}
	if (i < 512) {
		snprintf(text, sizeof text, "a\"%c\\", (char)(i - 256));
		text[2] = (char)(i - 256);
		return gw_slice(text, 4);
	}
	memset(text, i % 2 ? 'x' : ' ', sizeof text);
	return gw_slice(text, 998 + (size_t)(i - 512) / 2);
}

#define SAMPLES 518

START_TEST(what_is_put_is_got_again)
{
	struct gw_slice s = sample(_i), wire, ret;
	bool nil;

	if (memchr(s.p, '\0', s.n))
		return; /* NUL cannot be sent as a string at all */
	imap_put_astring(&out, s);
	wire = written();
	ck_assert(imap_get_astring(&wire, &arena, &ret));
	ck_assert(gw_slice_eq(s, ret) && wire.n == 0);
	imap_put_string(&out, s);
	wire = written();
	ck_assert(imap_get_string(&wire, &arena, &ret));
	ck_assert(gw_slice_eq(s, ret) && wire.n == 0);
	imap_put_nstring(&out, s);
	wire = written();
	ck_assert(imap_get_nstring(&wire, &arena, &ret, &nil));
	ck_assert(gw_slice_eq(s, ret) && !nil && wire.n == 0);
}
END_TEST

START_TEST(strings_take_the_shortest_form_that_is_safe)
{
	imap_put_astring(&out, GW_S("joe"));
	ck_assert_slice_eq(written(), "joe");
	imap_put_astring(&out, GW_S("a]b"));
	ck_assert_slice_eq(written(), "a]b");
	imap_put_astring(&out, GW_S(""));
	ck_assert_slice_eq(written(), "\"\"");
	imap_put_astring(&out, GW_S("nil"));
	ck_assert_slice_eq(written(), "\"nil\"");
	imap_put_astring(&out, GW_S("a b"));
	ck_assert_slice_eq(written(), "\"a b\"");
	imap_put_string(&out, GW_S("a\"\\b"));
	ck_assert_slice_eq(written(), "\"a\\\"\\\\b\"");
	/* H15: nothing can break out of a string */
	imap_put_string(&out, GW_S("x\r\n* BYE"));
	ck_assert_slice_eq(written(), "{8}\r\nx\r\n* BYE");
	imap_put_string(&out, GW_S("\xC3\xA4"));
	ck_assert_slice_eq(written(), "{2}\r\n\xC3\xA4");
	imap_put_nstring(&out, gw_slice(NULL, 0));
	ck_assert_slice_eq(written(), "NIL");
	imap_put_literal_head(&out, UINT64_MAX, true);
	ck_assert_slice_eq(written(), "~{18446744073709551615}\r\n");
}
END_TEST

START_TEST(mailbox_names_survive_the_wire)
{
	static const char *const names[] = { "INBOX", "a/b c", "R&D", "\xC3\xA4/\xE6\x97\xA5", "a\"b\\c", "\xF0\x9F\x98\x80 \xC3\xA4", "NIL", "%*", "a&\xC3\xA4\"" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct gw_slice name = gw_slice_str(names[i]), wire, ret;
		const char *why;

		imap_put_mailbox(&out, name);
		wire = written();
		ck_assert(gw_is_ascii(wire));
		ck_assert(imap_get_astring(&wire, &arena, &ret) && wire.n == 0);
		ck_assert(imap_name_decode(&arena, ret, false, &ret, &why));
		ck_assert(gw_slice_eq(ret, name));
		imap_put_mailbox_utf8(&out, name);
		wire = written();
		ck_assert(imap_get_astring(&wire, &arena, &ret) && wire.n == 0);
		ck_assert(gw_slice_eq(ret, name));
	}
	imap_put_mailbox(&out, GW_S("\xC3\x84"));
	ck_assert_slice_eq(written(), "&AMQ-");
	imap_put_mailbox(&out, GW_S("a b"));
	ck_assert_slice_eq(written(), "\"a b\"");
	imap_put_mailbox(&out, GW_S("R&D"));
	ck_assert_slice_eq(written(), "R&-D");
}
END_TEST

START_TEST(dates_survive_the_wire)
{
	static const int64_t times[] = { 0, 837596665, -1, 951782400, 253402300799, -62135596800, 1700000000, 86399, 86400 };

	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		struct gw_slice wire;
		int64_t t;

		imap_put_date_time(&out, times[i]);
		wire = written();
		ck_assert_uint_eq(wire.n, 28);
		ck_assert(imap_get_date_time(&wire, &t));
		ck_assert_int_eq(t, times[i]);
	}
	imap_put_date_time(&out, 837596665);
	ck_assert_slice_eq(written(), "\"17-Jul-1996 09:44:25 +0000\"");
	imap_put_date_time(&out, 0);
	ck_assert_slice_eq(written(), "\" 1-Jan-1970 00:00:00 +0000\"");
	imap_put_date_time(&out, INT64_MIN);
	ck_assert_slice_eq(written(), "\" 1-Jan-0001 00:00:00 +0000\"");
	imap_put_date_time(&out, INT64_MAX);
	ck_assert_slice_eq(written(), "\"31-Dec-9999 23:59:59 +0000\"");
}
END_TEST

static char k0[] = "$Junk", k1[] = "Work";
static const struct gw_keywords keywords = { .n = 2, .name = { k0, k1 } };

START_TEST(flags_survive_the_wire)
{
	for (unsigned bits = 0; bits < 128; bits++) {
		uint64_t flags = (bits & 31) | (bits & 32 ? GW_FLAG_KEYWORD(0) : 0) | (bits & 64 ? GW_FLAG_KEYWORD(1) : 0);
		struct imap_command c = { .arena = &arena };
		struct imap_flags f;
		struct gw_slice wire;
		const char *why;

		imap_put_flags(&out, flags, bits & 1, &keywords, NULL);
		wire = written();
		ck_assert(imap_want_flags(&wire, &c, false, &f, &why) && wire.n == 0);
		ck_assert_uint_eq(f.system, flags & GW_FLAG_SYSTEM);
		ck_assert_uint_eq(f.n_keywords, (size_t)__builtin_popcountll(flags >> 8));
	}
	imap_put_flags(&out, 0, false, NULL, NULL);
	ck_assert_slice_eq(written(), "()");
	imap_put_flags(&out, 0x1F, true, NULL, NULL);
	ck_assert_slice_eq(written(), "(\\Recent \\Answered \\Flagged \\Deleted \\Seen \\Draft)");
	imap_put_flags(&out, GW_FLAG_SEEN | GW_FLAG_KEYWORD(1) | GW_FLAG_KEYWORD(0), false, &keywords, NULL);
	ck_assert_slice_eq(written(), "(\\Seen $Junk Work)");
	imap_put_flags(&out, GW_FLAG_KEYWORD(1), false, &keywords, NULL);
	ck_assert_slice_eq(written(), "(Work)");
	imap_put_flags(&out, 0, false, NULL, "\\*");
	ck_assert_slice_eq(written(), "(\\*)");
	imap_put_flags(&out, GW_FLAG_SEEN | GW_FLAG_KEYWORD(1), false, &keywords, "\\*");
	ck_assert_slice_eq(written(), "(\\Seen Work \\*)");
	/* a bit without a name is not shown */
	imap_put_flags(&out, GW_FLAG_KEYWORD(9), false, &keywords, NULL);
	ck_assert_slice_eq(written(), "()");
}
END_TEST

START_TEST(replies_are_one_line)
{
	imap_put_status_line(&out, GW_S("a1"), "OK", NULL, "done");
	ck_assert_slice_eq(written(), "a1 OK done\r\n");
	imap_put_status_line(&out, GW_S(""), "BAD", "TOOBIG", "no");
	ck_assert_slice_eq(written(), "* BAD [TOOBIG] no\r\n");
	imap_put_status_line(&out, GW_S("a1"), "NO", "X\r\n", "a\r\n* BYE");
	ck_assert_slice_eq(written(), "a1 NO [X] a\r\n");
	imap_put_continue(&out, "go on");
	ck_assert_slice_eq(written(), "+ go on\r\n");
}
END_TEST

static TCase *tcase_put(void)
{
	TCase *tc = tcase_create("put");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, what_is_put_is_got_again, 0, SAMPLES);
	tcase_add_test(tc, strings_take_the_shortest_form_that_is_safe);
	tcase_add_test(tc, mailbox_names_survive_the_wire);
	tcase_add_test(tc, dates_survive_the_wire);
	tcase_add_test(tc, flags_survive_the_wire);
	tcase_add_test(tc, replies_are_one_line);
	return tc;
}

UNIT_MAIN("imap/put", tcase_put())

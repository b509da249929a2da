/* test_token.c - the words of IMAP (imap/token.h)
 *
 * Each token is tried alone, cut short at every byte, and with other bytes behind it. */
#include "imap/token.h"
#include "tests/unit/unit.h"
#include "util/mem.h"

#include <ctype.h>
#include <stdio.h>

static struct gw_arena arena;

static void setup(void)
{
	gw_arena_init(&arena, 0, 0);
}

static void teardown(void)
{
	gw_arena_done(&arena);
}

/* Text in memory of exactly its size, for the sanitizers. */
static struct gw_slice exact(struct gw_slice s)
{
	char *p = gw_xalloc(s.n + !s.n);

	memcpy(p, s.p, s.n);
	gw_arena_defer(&arena, free, p);
	return gw_slice(p, s.n);
}

enum token { ATOM, TAG, QUOTED, LITERAL, STRING, ASTRING, NSTRING, LIST, FLAG, NUMBER, NZ, NUMBER64, NZ64, DATE, DATE_TIME, PARTIAL, NIL };

/* Any token as text. */
static bool get(enum token t, struct gw_slice *in, struct gw_slice *ret)
{
	char *text = gw_arena_alloc(&arena, 64);
	uint64_t u, u2;
	uint32_t n;
	int64_t i;
	bool nil;

	*ret = gw_slice("untouched", 9);
	switch (t) {
	case ATOM:
		return imap_get_atom(in, ret);
	case TAG:
		return imap_get_tag(in, ret);
	case QUOTED:
		return imap_get_quoted(in, &arena, ret);
	case LITERAL:
		return imap_get_literal(in, ret);
	case STRING:
		return imap_get_string(in, &arena, ret);
	case ASTRING:
		return imap_get_astring(in, &arena, ret);
	case NSTRING:
		if (!imap_get_nstring(in, &arena, ret, &nil))
			return false;
		if (nil)
			*ret = GW_S("(nil)");
		return true;
	case LIST:
		return imap_get_list_mailbox(in, &arena, ret);
	case FLAG:
		return imap_get_flag(in, ret);
	case NIL:
		if (!imap_get_nil(in))
			return false;
		*ret = GW_S("(nil)");
		return true;
	case NUMBER:
	case NZ:
		if (!(t == NZ ? imap_get_nz_number(in, &n) : imap_get_number(in, &n)))
			return false;
		snprintf(text, 64, "%u", n);
		break;
	case NUMBER64:
	case NZ64:
		if (!(t == NZ64 ? imap_get_nz_number64(in, &u) : imap_get_number64(in, &u)))
			return false;
		snprintf(text, 64, "%llu", (unsigned long long)u);
		break;
	case DATE:
	case DATE_TIME:
		if (!(t == DATE ? imap_get_date(in, &i) : imap_get_date_time(in, &i)))
			return false;
		snprintf(text, 64, "%lld", (long long)i);
		break;
	case PARTIAL:
		if (!imap_get_partial(in, &u, &u2))
			return false;
		snprintf(text, 64, "%llu+%llu", (unsigned long long)u, (unsigned long long)u2);
		break;
	}
	*ret = gw_slice_str(text);
	return true;
}

static const struct row {
	enum token t;
	struct gw_slice in;
	const char *value; /* NULL: refused */
	size_t rest;
} rows[] = {
	/* atoms (RFC 9051 section 9) */
	{ ATOM, { "NOOP", 4 }, "NOOP", 0 },
	{ ATOM, { "a.b-c&d;e x", 11 }, "a.b-c&d;e", 2 },
	{ ATOM, { "[a", 2 }, "[a", 0 },
	{ ATOM, { "a]", 2 }, "a", 1 },
	{ ATOM, { "a(", 2 }, "a", 1 },
	{ ATOM, { "a\\b", 3 }, "a", 2 },
	{ ATOM, { "a{3}", 4 }, "a", 3 },
	{ ATOM, { "a%", 2 }, "a", 1 },
	{ ATOM, { "\xC3\xA4", 2 }, NULL, 0 },
	{ ATOM, { "\x7F", 1 }, NULL, 0 },
	{ ATOM, { "", 0 }, NULL, 0 },
	{ ATOM, { " a", 2 }, NULL, 0 },
	{ ATOM, { "\0a", 2 }, NULL, 0 },
	{ TAG, { "a]b}c x", 7 }, "a]b}c", 2 },
	{ TAG, { "a+b", 3 }, "a", 2 },
	{ TAG, { "+", 1 }, NULL, 0 },
	{ TAG, { "*", 1 }, NULL, 0 },
	{ NIL, { "NIL", 3 }, "(nil)", 0 },
	{ NIL, { "nil)", 4 }, "(nil)", 1 },
	{ NIL, { "NILS", 4 }, NULL, 0 },
	{ FLAG, { "\\Seen)", 6 }, "\\Seen", 1 },
	{ FLAG, { "$Junk ", 6 }, "$Junk", 1 },
	{ FLAG, { "\\*", 2 }, NULL, 0 },
	{ FLAG, { "\\", 1 }, NULL, 0 },
	{ FLAG, { "", 0 }, NULL, 0 },
	{ FLAG, { "a]", 2 }, "a", 1 },
	/* quoted strings; A02, A05 */
	{ QUOTED, { "\"\"", 2 }, "", 0 },
	{ QUOTED, { "\"a b(c){5}\"x", 12 }, "a b(c){5}", 1 },
	{ QUOTED, { "\"a\\\"b\\\\c\"", 9 }, "a\"b\\c", 0 },
	{ QUOTED, { "\"\\\\\"", 4 }, "\\", 0 },
	{ QUOTED, { "\"\\a\"", 4 }, NULL, 0 },
	{ QUOTED, { "\"a\\", 3 }, NULL, 0 },
	{ QUOTED, { "\"a\\\"", 4 }, NULL, 0 },
	{ QUOTED, { "\"a\\\r\n\"", 6 }, NULL, 0 },
	{ QUOTED, { "\"a\rb\"", 5 }, NULL, 0 },
	{ QUOTED, { "\"a\nb\"", 5 }, NULL, 0 },
	{ QUOTED, { "\"a\0b\"", 5 }, NULL, 0 },
	{ QUOTED, { "\"\xC3\xA4\xFF\t\"", 6 }, "\xC3\xA4\xFF\t", 0 },
	{ QUOTED, { "\"", 1 }, NULL, 0 },
	/* literals; B07: literal8 and NUL only where they are allowed */
	{ LITERAL, { "{3}\r\nabc", 8 }, "abc", 0 },
	{ LITERAL, { "{3+}\r\nabcd", 10 }, "abc", 1 },
	{ LITERAL, { "{003}\nabc", 9 }, "abc", 0 },
	{ LITERAL, { "{0}\r\n", 5 }, "", 0 },
	{ LITERAL, { "{2}\r\n\r\n", 7 }, "\r\n", 0 },
	{ LITERAL, { "{3}\r\nab", 7 }, NULL, 0 },
	{ LITERAL, { "{3} abc", 7 }, NULL, 0 },
	{ LITERAL, { "{3}\r\r\nabc", 9 }, NULL, 0 },
	{ LITERAL, { "{3}\r\na\0c", 8 }, NULL, 0 },
	{ LITERAL, { "~{3}\r\nabc", 9 }, NULL, 0 },
	{ LITERAL, { "{-3}\r\nabc", 9 }, NULL, 0 },
	{ LITERAL, { "{99999999999999999999999}\r\nabc", 30 }, NULL, 0 },
	{ LITERAL, { "{18446744073709551615}\r\nabc", 27 }, NULL, 0 },
	{ STRING, { "\"a\" ", 4 }, "a", 1 },
	{ STRING, { "{1}\r\na ", 7 }, "a", 1 },
	{ STRING, { "a", 1 }, NULL, 0 },
	{ ASTRING, { "a]b ", 4 }, "a]b", 1 },
	{ ASTRING, { "\"a b\"", 5 }, "a b", 0 },
	{ ASTRING, { "{3}\r\na b", 8 }, "a b", 0 },
	{ ASTRING, { "%", 1 }, NULL, 0 },
	{ NSTRING, { "NIL", 3 }, "(nil)", 0 },
	{ NSTRING, { "\"NIL\"", 5 }, "NIL", 0 },
	{ NSTRING, { "NILE", 4 }, NULL, 0 },
	{ LIST, { "a/%*] x", 7 }, "a/%*]", 2 },
	{ LIST, { "\"% x\"", 5 }, "% x", 0 },
	{ LIST, { "(", 1 }, NULL, 0 },
	/* numbers; A08 */
	{ NUMBER, { "0", 1 }, "0", 0 },
	{ NUMBER, { "007x", 4 }, "7", 1 },
	{ NUMBER, { "4294967295", 10 }, "4294967295", 0 },
	{ NUMBER, { "4294967296", 10 }, NULL, 0 },
	{ NUMBER, { "18446744073709551616", 20 }, NULL, 0 },
	{ NUMBER, { "-1", 2 }, NULL, 0 },
	{ NUMBER, { "+1", 2 }, NULL, 0 },
	{ NUMBER, { "0x1", 3 }, "0", 2 },
	{ NUMBER, { " 1", 2 }, NULL, 0 },
	{ NZ, { "0", 1 }, NULL, 0 },
	{ NZ, { "000", 3 }, NULL, 0 },
	{ NZ, { "1", 1 }, "1", 0 },
	{ NZ, { "4294967295", 10 }, "4294967295", 0 },
	{ NUMBER64, { "9223372036854775807", 19 }, "9223372036854775807", 0 },
	{ NUMBER64, { "9223372036854775808", 19 }, NULL, 0 },
	{ NUMBER64, { "0", 1 }, "0", 0 },
	{ NZ64, { "0", 1 }, NULL, 0 },
	{ NZ64, { "9223372036854775807", 19 }, "9223372036854775807", 0 },
	/* dates */
	{ DATE, { "1-Jan-1970", 10 }, "0", 0 },
	{ DATE, { "01-Feb-1994 ", 12 }, "760060800", 1 },
	{ DATE, { "\"29-feb-2000\"", 13 }, "951782400", 0 },
	{ DATE, { "29-Feb-1900", 11 }, NULL, 0 },
	{ DATE, { "31-Apr-2000", 11 }, NULL, 0 },
	{ DATE, { "0-Jan-2000", 10 }, NULL, 0 },
	{ DATE, { "32-Jan-2000", 11 }, NULL, 0 },
	{ DATE, { "1-Foo-2000", 10 }, NULL, 0 },
	{ DATE, { "1-Jan-70", 8 }, NULL, 0 },
	{ DATE, { "\"1-Jan-2000", 11 }, NULL, 0 },
	{ DATE, { " 1-Jan-2000", 11 }, NULL, 0 },
	{ DATE_TIME, { "\"17-Jul-1996 02:44:25 -0700\"", 28 }, "837596665", 0 },
	{ DATE_TIME, { "\" 1-Jan-1970 00:00:00 +0000\"", 28 }, "0", 0 },
	{ DATE_TIME, { "\"1-Jan-1970 00:00:00 +0000\"", 27 }, "0", 0 },
	{ DATE_TIME, { "\"01-Jan-1970 01:00:00 +0100\"x", 29 }, "0", 1 },
	{ DATE_TIME, { "\"31-Dec-2016 23:59:60 +0000\"", 28 }, "1483228799", 0 },
	{ DATE_TIME, { "\"01-Jan-1970 24:00:00 +0000\"", 28 }, NULL, 0 },
	{ DATE_TIME, { "\"01-Jan-1970 00:60:00 +0000\"", 28 }, NULL, 0 },
	{ DATE_TIME, { "\"01-Jan-1970 00:00:61 +0000\"", 28 }, NULL, 0 },
	{ DATE_TIME, { "\"01-Jan-1970 00:00:00 0000\"", 27 }, NULL, 0 },
	{ DATE_TIME, { "\"01-Jan-1970 00:00:00 +9999\"", 28 }, NULL, 0 },
	{ DATE_TIME, { "\"01-Jan-1970 00:00:00 GMT\"", 26 }, NULL, 0 },
	{ DATE_TIME, { "01-Jan-1970 00:00:00 +0000", 26 }, NULL, 0 },
	/* F02 */
	{ PARTIAL, { "<0.2048>", 8 }, "0+2048", 0 },
	{ PARTIAL, { "<0.4294967295>x", 15 }, "0+4294967295", 1 },
	{ PARTIAL, { "<4294967295.1>", 14 }, "4294967295+1", 0 },
	{ PARTIAL, { "<9223372036854775807.9223372036854775807>", 41 }, "9223372036854775807+9223372036854775807", 0 },
	{ PARTIAL, { "<9223372036854775808.1>", 23 }, NULL, 0 },
	{ PARTIAL, { "<0.0>", 5 }, NULL, 0 },
	{ PARTIAL, { "<0>", 3 }, NULL, 0 },
	{ PARTIAL, { "<.1>", 4 }, NULL, 0 },
	{ PARTIAL, { "<-1.1>", 6 }, NULL, 0 },
};

#define N_ROWS (sizeof rows / sizeof *rows)

START_TEST(a_token_is_read_whole_or_not_at_all)
{
	const struct row *r = &rows[_i];
	struct gw_slice in = exact(r->in), before = in, ret;
	bool ok = get(r->t, &in, &ret);

	ck_assert_msg(ok == (r->value != NULL), "row %d: %.*s", _i, GW_FMT(r->in));
	if (ok) {
		ck_assert_slice_eq(ret, r->value);
		ck_assert_uint_eq(in.n, r->rest);
	} else {
		ck_assert_ptr_eq(in.p, before.p);
		ck_assert_uint_eq(in.n, before.n);
		ck_assert_slice_eq(ret, "untouched");
	}
}
END_TEST

/* A11: no token reads past the end of the input */
START_TEST(a_token_cut_at_every_byte_reads_nothing_behind_it)
{
	const struct row *r = &rows[_i];

	for (size_t n = 0; n <= r->in.n; n++) {
		struct gw_slice in = exact(gw_slice(r->in.p, n)), ret;

		get(r->t, &in, &ret);
		ck_assert_uint_le(in.n, n);
	}
}
END_TEST

START_TEST(one_kilobyte_of_digits_is_a_number_if_its_value_is)
{
	struct gw_slice in;
	char digits[1024];
	uint32_t n;

	memset(digits, '0', sizeof digits);
	digits[sizeof digits - 1] = '7';
	in = gw_slice(digits, sizeof digits);
	ck_assert(imap_get_number(&in, &n));
	ck_assert_uint_eq(n, 7);
	memset(digits, '9', sizeof digits);
	in = gw_slice(digits, sizeof digits);
	ck_assert(!imap_get_number(&in, &n));
	ck_assert_uint_eq(in.n, sizeof digits);
}
END_TEST

/* A06 */
START_TEST(a_tag_is_found_in_a_broken_line_only_if_it_is_one)
{
	ck_assert_slice_eq(imap_find_tag(GW_S("a1 LOGIN \"")), "a1");
	ck_assert_slice_eq(imap_find_tag(GW_S("a1")), "a1");
	ck_assert_slice_eq(imap_find_tag(GW_S("a1\r")), "a1");
	ck_assert_slice_eq(imap_find_tag(GW_S("a1\tNOOP")), "");
	ck_assert_slice_eq(imap_find_tag(GW_S("a1(NOOP")), "");
	ck_assert_slice_eq(imap_find_tag(GW_S("a+1 NOOP")), "");
	ck_assert_slice_eq(imap_find_tag(GW_S("")), "");
}
END_TEST

START_TEST(the_classes_of_bytes_are_those_of_the_rfc)
{
	for (int i = 0; i < 256; i++) {
		char c = (char)i;
		bool special = i < 0x21 || i > 0x7E || strchr("(){%*\"\\]", i);

		ck_assert_int_eq(imap_is(c, IMAP_CT_ATOM), !special);
		ck_assert_int_eq(imap_is(c, IMAP_CT_ASTRING), !special || c == ']');
		ck_assert_int_eq(imap_is(c, IMAP_CT_TAG), (!special || c == ']') && c != '+');
		ck_assert_int_eq(imap_is(c, IMAP_CT_LIST), !special || c == ']' || c == '%' || c == '*');
		ck_assert_int_eq(imap_is(c, IMAP_CT_QUOTED), i && !strchr("\r\n\"\\", i));
		ck_assert_int_eq(imap_is(c, IMAP_CT_DIGIT), i >= '0' && i <= '9');
		ck_assert_int_eq(imap_is(c, IMAP_CT_SET), i && strchr("0123456789,:*", i) != NULL);
		ck_assert_int_eq(imap_is(c, IMAP_CT_BASE64), (i < 128 && i && isalnum(i)) || (i && strchr("+/=", i)));
	}
}
END_TEST

START_TEST(framer_and_parser_see_the_same_announcements)
{
	static const char *const lines[] = { "{3}", "a ~{3+}", "x{18446744073709551616}", "{0000000000000000000000000000003}" };

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct gw_slice line = gw_slice_str(lines[i]), rest;
		struct imap_literal a, b;
		size_t head;

		ck_assert(imap_line_announces(line, &a, &head));
		rest = gw_slice(line.p + head, line.n - head);
		ck_assert(imap_get_announcement(&rest, &b));
		ck_assert_uint_eq(rest.n, 0);
		ck_assert_uint_eq(a.size, b.size);
		ck_assert_int_eq(a.nonsync, b.nonsync);
		ck_assert_int_eq(a.binary, b.binary);
	}
}
END_TEST

static TCase *tcase_token(void)
{
	TCase *tc = tcase_create("token");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, a_token_is_read_whole_or_not_at_all, 0, (int)N_ROWS);
	tcase_add_loop_test(tc, a_token_cut_at_every_byte_reads_nothing_behind_it, 0, (int)N_ROWS);
	tcase_add_test(tc, one_kilobyte_of_digits_is_a_number_if_its_value_is);
	tcase_add_test(tc, a_tag_is_found_in_a_broken_line_only_if_it_is_one);
	tcase_add_test(tc, the_classes_of_bytes_are_those_of_the_rfc);
	tcase_add_test(tc, framer_and_parser_see_the_same_announcements);
	return tc;
}

UNIT_MAIN("imap/token", tcase_token())

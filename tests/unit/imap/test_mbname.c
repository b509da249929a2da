/* test_mbname.c - mailbox names between the wire and the store (imap/mbname.h), and LIST patterns on them */
#include "imap/mbname.h"
#include "imap/pattern.h"
#include "store/store.h"
#include "tests/unit/unit.h"
#include "util/mem.h"

static struct gw_arena arena;

static void setup(void)
{
	gw_arena_init(&arena, 0, 0);
}

static void teardown(void)
{
	gw_arena_done(&arena);
}

static struct gw_slice exact(struct gw_slice s)
{
	char *p = gw_xalloc(s.n + !s.n);

	memcpy(p, s.p, s.n);
	gw_arena_defer(&arena, free, p);
	return gw_slice(p, s.n);
}

static void check_name(struct gw_slice wire, bool utf8, const char *expected)
{
	struct gw_slice name = GW_S("untouched");
	const char *why = NULL;
	bool ok = imap_name_decode(&arena, exact(wire), utf8, &name, &why);

	ck_assert_msg(ok == (expected != NULL), "%.*s", GW_FMT(wire));
	ck_assert_slice_eq(name, expected ? expected : "untouched");
	ck_assert(ok || why);
}

/* RFC 3501 5.1.3; E01, E02, E03 */
static const struct {
	const char *wire, *name; /* NULL: refused */
} names[] = {
	{ "box", "box" },
	{ "a/b c/%*", "a/b c/%*" },
	{ "INBOX", "INBOX" },
	{ "inbox", "INBOX" },
	{ "iNbOx/Sub", "INBOX/Sub" },
	{ "inboxes", "inboxes" },
	{ "a/inbox", "a/inbox" },
	{ "&AOQ-", "\xC3\xA4" },
	{ "~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/\xE5\x8F\xB0\xE5\x8C\x97/\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E" },
	{ "&2D3eAA-", "\xF0\x9F\x98\x80" },
	{ "R&-D", "R&D" },
	{ "&-", "&" },
	{ "&-&-", "&&" },
	{ "&AGEDCA-", NULL },           /* a stands for itself */
	{ "a&AwE-", "\xC3\xA1" },       /* NFD: the same as &AOE- */
	{ "&AOE-", "\xC3\xA1" },
	{ "&/ykw,wAs,yI-", NULL },      /* not all of it is base64 of UTF-16 */
	{ "&,yn,LqACz,8i,y8-", NULL },
	{ "&", NULL },
	{ "&&", NULL },
	{ "&AOQ", NULL },               /* no end */
	{ "&AO-", NULL },               /* half a unit */
	{ "&AOR-", NULL },              /* spare bits are set */
	{ "&AOQA-", NULL },             /* spare bits for another character */
	{ "&AOQAAA-", NULL },           /* NUL */
	{ "&AOQ-&APY-", NULL },         /* a superfluous shift */
	{ "&2D0-", NULL },              /* lone surrogates */
	{ "&3gA-", NULL },
	{ "&2D3YPQ-", NULL },
	{ "&AOQ/-", NULL },             /* / is not in this alphabet */
	{ "\xC3\xA4", NULL },           /* UTF-8 was not asked for */
	{ "a\tb", NULL },
	{ "a\x7F", NULL },
	{ "&AAE-", NULL },              /* control characters in base64 */
	{ "&AIU-", NULL },
	{ "&ICg-", NULL },
	{ "", NULL },
	{ "/", NULL },
	{ "/a", NULL },
	{ "a/", NULL },
	{ "a//b", NULL },
	{ ".", NULL },
	{ "..", NULL },
	{ "a/..", NULL },
	{ "../../etc/passwd", NULL },
	{ "a/./b", NULL },
	{ "...", "..." },
	{ ".hidden", ".hidden" },
	{ "~user", "~user" },
	{ "&,xv,Kf8i,y,,OA-", "\xEF\xBC\x9B\xEF\xBC\xA9\xEF\xBC\xA2\xEF\xBC\xAF\xEF\xBC\xB8" }, /* full width is another name */
};

START_TEST(a_name_has_one_spelling)
{
	check_name(gw_slice_str(names[_i].wire), false, names[_i].name);
}
END_TEST

START_TEST(a_name_cut_at_every_byte_is_read_within_bounds)
{
	struct gw_slice wire = gw_slice_str(names[_i].wire), name;
	const char *why;

	for (size_t n = 0; n <= wire.n; n++) {
		imap_name_decode(&arena, exact(gw_slice(wire.p, n)), false, &name, &why);
		imap_name_decode(&arena, exact(gw_slice(wire.p, n)), true, &name, &why);
		imap_pattern_decode(&arena, exact(gw_slice(wire.p, n)), false, &name);
	}
}
END_TEST

START_TEST(what_is_decoded_is_encoded_the_same_way)
{
	struct gw_slice wire = gw_slice_str(names[_i].wire), name, again;
	const char *why;
	char *to;

	if (!imap_name_decode(&arena, wire, false, &name, &why))
		return;
	to = gw_arena_alloc(&arena, IMAP_MUTF7_ROOM(name.n));
	again = gw_slice(to, imap_name_encode(to, name));
	ck_assert(imap_name_decode(&arena, again, false, &wire, &why));
	ck_assert(gw_slice_eq(wire, name));
}
END_TEST

START_TEST(with_utf8_names_are_utf8)
{
	check_name(GW_S("\xC3\xA4/\xF0\x9F\x98\x80"), true, "\xC3\xA4/\xF0\x9F\x98\x80");
	check_name(GW_S("a\xCC\x81"), true, "\xC3\xA1");
	check_name(GW_S("&AOQ-"), true, "&AOQ-");
	check_name(GW_S("\xC3"), true, NULL);
	check_name(GW_S("\xED\xA0\xBD"), true, NULL);
	check_name(GW_S("\xC0\xAF"), true, NULL);
	check_name(GW_S("\xC2\x85"), true, NULL);
}
END_TEST

START_TEST(names_and_levels_are_limited)
{
	static char wire[8000];

	for (size_t n = GW_MAILBOX_NAME_MAX - 1; n <= GW_MAILBOX_NAME_MAX + 1; n++) {
		memset(wire, 'x', n);
		wire[n] = '\0';
		check_name(gw_slice(wire, n), false, n <= GW_MAILBOX_NAME_MAX ? wire : NULL);
	}
	memset(wire, 'x', sizeof wire);
	check_name(gw_slice(wire, sizeof wire), false, NULL);
	for (size_t levels = IMAP_LEVELS_MAX - 1; levels <= IMAP_LEVELS_MAX + 1; levels++) {
		for (size_t i = 0; i < levels; i++)
			memcpy(wire + 2 * i, "a/", 2);
		wire[2 * levels - 1] = '\0';
		check_name(gw_slice_str(wire), false, levels <= IMAP_LEVELS_MAX ? wire : NULL);
	}
}
END_TEST

/* The longest wire form of the longest names. */
START_TEST(every_name_of_the_store_can_be_sent)
{
	static const char *const units[] = { "&", "a", "\x01", "a\x01", "\xC3\xA4", "a\xC3\xA4", "\xF0\x9F\x98\x80", "\xFF" };

	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		size_t len = strlen(units[i]), n = 0;
		char name[GW_MAILBOX_NAME_MAX];
		char *to = gw_arena_alloc(&arena, IMAP_MUTF7_ROOM(sizeof name));

		for (; n + len <= sizeof name; n += len)
			memcpy(name + n, units[i], len);
		ck_assert_uint_le(imap_name_encode(to, gw_slice(name, n)), IMAP_MUTF7_ROOM(n));
	}
}
END_TEST

/* ---- patterns ---- */

static bool matches(struct gw_slice pattern, struct gw_slice name)
{
	return imap_pattern_match(imap_pattern_new(&arena, pattern), name);
}

/* RFC 9051 6.3.9 */
static const struct {
	const char *pattern, *name;
	bool match;
} patterns[] = {
	{ "*", "a/b", true },	  { "%", "a/b", false },      { "%", "a", true },	   { "%/%", "a/b", true },
	{ "a%", "abc", true },	  { "a%", "a/c", false },     { "a*c", "a/b/c", true },	   { "a%c", "a/b/c", false },
	{ "", "", true },	  { "", "a", false },	      { "a", "A", false },	   { "inbox", "INBOX", true },
	{ "iNb%", "INBOX", true }, { "inbox/a", "INBOX/a", true }, { "inbox/A", "INBOX/a", false }, { "%*", "a/b", true },
	{ "*%", "a/b", true },	  { "a/%", "a/", true },      { "*b", "ab", true },	   { "*b", "aba", false },
	{ "%b%", "abc", true },	  { "a*a*a", "aaa", true },   { "a*a*a", "aa", false },	   { "%/b/%", "a/b/c", true },
};

START_TEST(patterns_match_as_the_rfc_says)
{
	ck_assert_msg(matches(gw_slice_str(patterns[_i].pattern), gw_slice_str(patterns[_i].name)) == patterns[_i].match,
		      "%s against %s", patterns[_i].pattern, patterns[_i].name);
}
END_TEST

START_TEST(broken_patterns_match_nothing)
{
	struct gw_slice ret;

	ck_assert(!imap_pattern_decode(&arena, GW_S("&"), false, &ret));
	ck_assert(!imap_pattern_decode(&arena, GW_S("&AOQ"), false, &ret));
	ck_assert(!imap_pattern_decode(&arena, GW_S("\xC3\xA4"), false, &ret));
	ck_assert(!imap_pattern_decode(&arena, GW_S("\xC3"), true, &ret));
	ck_assert(imap_pattern_decode(&arena, GW_S("&AOQ-%*"), false, &ret));
	ck_assert_slice_eq(ret, "\xC3\xA4%*");
	ck_assert(imap_pattern_decode(&arena, GW_S(""), false, &ret));
}
END_TEST

/* E04 */
START_TEST(ten_thousand_wildcards_cost_no_time)
{
	static char pattern[10000], name[1000];
	struct imap_pattern *p;

	for (size_t i = 0; i < sizeof pattern; i++)
		pattern[i] = "*a%b"[i % 4];
	for (size_t i = 0; i < sizeof name; i++)
		name[i] = "ab"[i % 2];
	name[sizeof name - 1] = 'x';
	p = imap_pattern_new(&arena, gw_slice(pattern, sizeof pattern));
	for (int i = 0; i < 1000; i++)
		ck_assert(!imap_pattern_match(p, gw_slice(name, sizeof name)));
	p = imap_pattern_new(&arena, gw_slice(pattern, 1600));
	for (int i = 0; i < 1000; i++)
		ck_assert(!imap_pattern_match(p, gw_slice(name, sizeof name)));
}
END_TEST

/* The matcher that is obviously right. */
static bool slow_match(const char *p, const char *s)
{
	if (*p == '\0')
		return *s == '\0';
	if (*p == '*' || *p == '%')
		return slow_match(p + 1, s) || (*s && !(*p == '%' && *s == '/') && slow_match(p, s + 1));
	return *s == *p && slow_match(p + 1, s + 1);
}

START_TEST(the_matcher_agrees_with_a_slow_one)
{
	char pattern[12], name[12];

	srand((unsigned)_i);
	for (int round = 0; round < 500; round++) {
		int m = rand() % 9, n = rand() % 9;

		for (int i = 0; i < m; i++)
			pattern[i] = "ab/*%"[rand() % 5];
		for (int i = 0; i < n; i++)
			name[i] = "ab/"[rand() % 3];
		pattern[m] = name[n] = '\0';
		ck_assert_msg(matches(gw_slice_str(pattern), gw_slice_str(name)) == slow_match(pattern, name),
			      "\"%s\" against \"%s\"", pattern, name);
	}
}
END_TEST

static TCase *tcase_names(void)
{
	TCase *tc = tcase_create("names");
	int n = (int)(sizeof names / sizeof *names);

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, a_name_has_one_spelling, 0, n);
	tcase_add_loop_test(tc, a_name_cut_at_every_byte_is_read_within_bounds, 0, n);
	tcase_add_loop_test(tc, what_is_decoded_is_encoded_the_same_way, 0, n);
	tcase_add_test(tc, with_utf8_names_are_utf8);
	tcase_add_test(tc, names_and_levels_are_limited);
	tcase_add_test(tc, every_name_of_the_store_can_be_sent);
	return tc;
}

static TCase *tcase_patterns(void)
{
	TCase *tc = tcase_create("patterns");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, patterns_match_as_the_rfc_says, 0, (int)(sizeof patterns / sizeof *patterns));
	tcase_add_test(tc, broken_patterns_match_nothing);
	tcase_add_test(tc, ten_thousand_wildcards_cost_no_time);
	tcase_add_loop_test(tc, the_matcher_agrees_with_a_slow_one, 0, 40);
	return tc;
}

UNIT_MAIN("imap/mbname", tcase_names(), tcase_patterns())

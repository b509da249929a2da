/* test_jmap_tree.c - IMAP names of a server's mailboxes (store/jmap/tree.h; RFC 8621 2, RFC 9051 5.1) */
#include "store/jmap/tree.h"

#include "store/driver.h"
#include "tests/unit/unit.h"

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

static struct jmap_mailbox box(const char *id, const char *parent, const char *name)
{
	return (struct jmap_mailbox){
		.id = gw_slice_str(id), .parent = gw_slice_str(parent), .name = gw_slice_str(name)
	};
}

#define N(v) (sizeof(v) / sizeof *(v))

/* Compare with the expected paths, in the order of v and in the opposite one. */
static void paths_are(struct jmap_mailbox *v, size_t n, const char *const *expected)
{
	struct gw_slice *paths = gw_arena_calloc(&arena, n, sizeof *paths);

	jmap_tree_paths(v, n, &arena, paths);
	for (size_t i = 0; i < n; i++)
		ck_assert_slice_eq(paths[i], expected[i]);
	for (size_t i = 0; i < n / 2; i++) {
		struct jmap_mailbox m = v[i];

		v[i] = v[n - 1 - i];
		v[n - 1 - i] = m;
	}
	jmap_tree_paths(v, n, &arena, paths);
	for (size_t i = 0; i < n; i++)
		ck_assert_slice_eq(paths[i], expected[n - 1 - i]);
}

START_TEST(names_go_behind_those_of_their_parents)
{
	struct jmap_mailbox v[] = { box("c", "b", "leaf"), box("b", "a", "twig"), box("a", "", "tree"),
		box("d", "", "other") };
	static const char *const expected[] = { "tree/twig/leaf", "tree/twig", "tree", "other" };

	paths_are(v, N(v), expected);
}
END_TEST

START_TEST(the_role_makes_the_inbox_wherever_it_lies)
{
	struct jmap_mailbox v[] = { box("a", "", "Mail"), box("b", "a", "Eingang"), box("c", "b", "x"),
		box("d", "", "inbox"), box("e", "d", "y"), box("f", "a", "INBOX") };
	static const char *const expected[] = { "Mail", "INBOX", "INBOX/x", "%69nbox", "%69nbox/y", "Mail/INBOX" };

	v[1].role = JMAP_INBOX;
	paths_are(v, N(v), expected);
}
END_TEST

START_TEST(of_two_inboxes_one_is_the_inbox)
{
	struct jmap_mailbox v[] = { box("b", "", "Inbox"), box("a", "", "inbox") };
	static const char *const expected[] = { "%49nbox", "INBOX" };

	v[0].role = v[1].role = JMAP_INBOX;
	paths_are(v, N(v), expected);
}
END_TEST

static const struct {
	const char *name, *level;
} levels[] = {
	{ "a/b", "a%2Fb" },
	{ "/", "%2F" },
	{ "100%", "100%" },
	{ "5%-20%", "5%-20%" },
	{ "%2F", "%252F" },
	{ "%2f%", "%252f%" },
	{ "%zz", "%zz" },
	{ "%00", "%2500" },
	{ ".", "%2E" },
	{ "..", "%2E." },
	{ "...", "%2E.." },
	{ ".a", ".a" },
	{ "a\x01\x7F", "a%01%7F" },
	{ "\xC2\x85x\xE2\x80\xA8", "%C2%85x%E2%80%A8" },
	{ "Entw\xC3\xBCrfe", "Entw\xC3\xBCrfe" },
	{ "iNbOx", "%69NbOx" },
	{ "inboxes", "inboxes" },
	{ " a ", " a " },
};

START_TEST(every_name_comes_back)
{
	struct jmap_mailbox m = box("a", "", levels[_i].name);
	struct gw_slice path;

	jmap_tree_paths(&m, 1, &arena, &path);
	ck_assert_slice_eq(path, levels[_i].level);
	ck_assert_int_eq(gw_mailbox_name_check(path, NULL), 0);
	ck_assert_slice_eq(jmap_level_name(path, &arena), levels[_i].name);
}
END_TEST

START_TEST(names_are_not_normalised)
{
	struct jmap_mailbox v[] = { box("a", "", "\xC3\xA4"), box("b", "", "a\xCC\x88"), box("c", "", "A\xCC\x88") };
	static const char *const expected[] = { "\xC3\xA4", "a\xCC\x88", "A\xCC\x88" };

	paths_are(v, N(v), expected);
}
END_TEST

START_TEST(siblings_of_one_name_differ_and_come_back)
{
	struct jmap_mailbox v[] = { box("c", "", "Foo"), box("a", "", "Foo"), box("b", "", "Foo"), box("d", "b", "x"),
		box("e", "a", "x") };
	static const char *const expected[] = { "F%6Fo", "Foo", "%46oo", "%46oo/x", "Foo/x" };

	paths_are(v, N(v), expected);
	ck_assert_slice_eq(jmap_level_name(GW_S("F%6Fo"), &arena), "Foo");
}
END_TEST

START_TEST(siblings_differ_when_ways_of_writing_run_out)
{
	struct jmap_mailbox v[20];
	struct gw_slice paths[20];
	char ids[20][16];

	for (int i = 0; i < 20; i++) {
		snprintf(ids[i], sizeof ids[i], "i%02d", i);
		v[i] = box(ids[i], "", i == 19 ? "a%-i05" : "a");
	}
	jmap_tree_paths(v, 20, &arena, paths);
	ck_assert_slice_eq(paths[0], "a");
	ck_assert_slice_eq(paths[1], "%61");
	ck_assert_slice_eq(paths[2], "a%-i02");
	for (int i = 0; i < 20; i++)
		for (int k = 0; k < i; k++)
			ck_assert(!gw_slice_eq(paths[i], paths[k]));
}
END_TEST

START_TEST(what_has_no_parent_hangs_at_the_top_and_takes_no_name)
{
	struct jmap_mailbox v[] = { box("a", "gone", "Sent"), box("b", "", "Sent"), box("c", "a", "x") };
	static const char *const expected[] = { "%53ent", "Sent", "%53ent/x" };

	paths_are(v, N(v), expected);
}
END_TEST

START_TEST(circles_hang_at_the_top)
{
	struct jmap_mailbox v[] = { box("a", "c", "A"), box("b", "a", "B"), box("c", "b", "C"), box("d", "c", "D"),
		box("e", "e", "E"), box("f", "d", "F") };
	static const char *const expected[] = { "A", "B", "C", "C/D", "E", "C/D/F" };

	paths_are(v, N(v), expected);
}
END_TEST

START_TEST(a_circle_through_the_inbox_is_none)
{
	struct jmap_mailbox v[] = { box("a", "b", "A"), box("b", "a", "B") };
	static const char *const expected[] = { "INBOX/A", "INBOX" };

	v[1].role = JMAP_INBOX;
	paths_are(v, N(v), expected);
}
END_TEST

#define DEEP 120

START_TEST(what_lies_too_deep_hangs_at_the_top)
{
	struct jmap_mailbox v[DEEP];
	struct gw_slice paths[DEEP];
	char ids[DEEP + 1][16];

	for (int i = 0; i < DEEP; i++) {
		snprintf(ids[i], sizeof ids[i], "i%03d", i);
		v[i] = box(ids[i], i ? ids[i - 1] : "", "x");
	}
	jmap_tree_paths(v, DEEP, &arena, paths);
	for (int i = 0; i < DEEP; i++)
		ck_assert_int_eq(gw_mailbox_name_check(paths[i], NULL), 0);
	ck_assert_uint_eq(paths[GW_MAILBOX_DEPTH_MAX - 1].n, GW_MAILBOX_DEPTH_MAX * 2 - 1);
	ck_assert_slice_eq(paths[GW_MAILBOX_DEPTH_MAX], "%78");
	ck_assert_slice_eq(paths[GW_MAILBOX_DEPTH_MAX + 1], "%78/x");
}
END_TEST

START_TEST(names_that_are_too_long_are_cut_and_differ)
{
	static char name[GW_MAILBOX_NAME_MAX * 2 + 1];
	struct jmap_mailbox v[] = { box("a", "", name), box("b", "", name), box("c", "d", name), box("d", "", "top"),
		box("e", "a", "x") };
	struct gw_slice paths[5];

	for (size_t i = 0; i + 2 < sizeof name; i += 2)
		memcpy(name + i, "\xC3\xA4", 2);
	jmap_tree_paths(v, N(v), &arena, paths);
	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(gw_mailbox_name_check(paths[i], NULL), 0);
		for (int k = 0; k < i; k++)
			ck_assert(!gw_slice_eq(paths[i], paths[k]));
	}
}
END_TEST

START_TEST(a_level_of_the_longest_length_fits)
{
	static char name[GW_MAILBOX_NAME_MAX + 2];
	struct jmap_mailbox m = box("a", "", name);
	struct gw_slice path;

	memset(name, 'n', GW_MAILBOX_NAME_MAX);
	m.name.n = GW_MAILBOX_NAME_MAX;
	jmap_tree_paths(&m, 1, &arena, &path);
	ck_assert_slice_eq(path, name);
	name[GW_MAILBOX_NAME_MAX] = 'n';
	m.name.n++;
	jmap_tree_paths(&m, 1, &arena, &path);
	ck_assert(path.n < GW_MAILBOX_NAME_MAX && gw_slice_eq(gw_slice(path.p + path.n - 3, 3), GW_S("%-a")));
}
END_TEST

/* Shapes that would be slow if a mailbox were looked for in a list: a chain, a circle, one name for all. */
START_TEST(a_hundred_thousand_mailboxes_of_any_shape)
{
	enum { MANY = 100000 };
	struct jmap_mailbox *v = calloc(MANY, sizeof *v);
	struct gw_slice *paths = calloc(MANY, sizeof *paths);

	for (size_t i = 0; i < MANY; i++) {
		size_t up = _i == 0 ? i + 1 : _i == 1 ? (i + 1) % MANY : i / 10;

		v[i] = (struct jmap_mailbox){ .id = gw_slice_str(gw_arena_printf(&arena, "%zu", i)),
			.name = GW_S("one") };
		if (_i < 3 && up < MANY && up != i)
			v[i].parent = gw_slice_str(gw_arena_printf(&arena, "%zu", up));
	}
	jmap_tree_paths(v, MANY, &arena, paths);
	for (size_t i = 0; i < MANY; i++)
		ck_assert_int_eq(gw_mailbox_name_check(paths[i], NULL), 0);
	free(v);
	free(paths);
}
END_TEST

START_TEST(no_mailboxes_are_no_paths)
{
	jmap_tree_paths(NULL, 0, &arena, NULL);
}
END_TEST

static TCase *tcase_tree(void)
{
	TCase *tc = tcase_create("tree");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, names_go_behind_those_of_their_parents);
	tcase_add_test(tc, the_role_makes_the_inbox_wherever_it_lies);
	tcase_add_test(tc, of_two_inboxes_one_is_the_inbox);
	tcase_add_loop_test(tc, every_name_comes_back, 0, N(levels));
	tcase_add_test(tc, names_are_not_normalised);
	tcase_add_test(tc, siblings_of_one_name_differ_and_come_back);
	tcase_add_test(tc, siblings_differ_when_ways_of_writing_run_out);
	tcase_add_test(tc, what_has_no_parent_hangs_at_the_top_and_takes_no_name);
	tcase_add_test(tc, circles_hang_at_the_top);
	tcase_add_test(tc, a_circle_through_the_inbox_is_none);
	tcase_add_test(tc, what_lies_too_deep_hangs_at_the_top);
	tcase_add_test(tc, names_that_are_too_long_are_cut_and_differ);
	tcase_add_test(tc, a_level_of_the_longest_length_fits);
	tcase_add_loop_test(tc, a_hundred_thousand_mailboxes_of_any_shape, 0, 4);
	tcase_add_test(tc, no_mailboxes_are_no_paths);
	return tc;
}

UNIT_MAIN("store/jmap/tree", tcase_tree())

/* test_names.c - names of mailboxes as other software writes them (mailbox/names.h) */
#include "mailbox/names.h"
#include "store/store.h"
#include "tests/unit/unit.h"

static struct gw_arena arena;

static void setup(void)
{
	gw_arena_init(&arena, 0, 0);
}

static void teardown(void)
{
	gw_arena_done(&arena);
}

static const struct {
	const char *raw;
	char separator;
	const char *name; /* NULL: refused */
} names[] = {
	{ "Sent", '.', "Sent" },
	{ "Sent.2024", '.', "Sent/2024" },
	{ "a/b", '/', "a/b" },
	{ "a/b", '.', "a_b" },
	{ "Entw&APw-rfe", '.', "Entw\xC3\xBCrfe" },
	{ "Entw\xC3\xBCrfe", '.', "Entw\xC3\xBCrfe" },
	{ "Entwu\xCC\x88rfe", '.', "Entw\xC3\xBCrfe" },
	{ "Entw\xFCrfe", '.', "Entw_rfe" },
	{ "R&-D", '.', "R&D" },
	{ "R&D", '.', "R&D" },
	{ "v1&AC4-2", '.', "v1.2" },
	{ "&2D3eAA-", '.', "\xF0\x9F\x98\x80" },
	{ "&2D0-", '.', "&2D0-" },
	{ "inbox.Sub", '.', "INBOX/Sub" },
	{ ".a..b.", '.', "a/b" },
	{ "a/../b", '/', "a/__/b" },
	{ "a\tb", '\t', "a/b" },
	{ "a\tb", '.', "a_b" },
	{ "a.b", 0, "a.b" },
	{ "", '.', NULL },
	{ "...", '.', NULL },
};

START_TEST(names_of_others_are_ours)
{
	struct gw_slice name = GW_S("untouched");
	bool ok = gw_mailbox_name_read(&arena, gw_slice_str(names[_i].raw), names[_i].separator, &name);

	ck_assert_msg(ok == (names[_i].name != NULL), "%s", names[_i].raw);
	ck_assert_slice_eq(name, names[_i].name ? names[_i].name : "untouched");
}
END_TEST

START_TEST(a_name_of_any_length_is_read_or_refused)
{
	static char raw[20000];
	struct gw_slice name;

	memset(raw, 'x', sizeof raw);
	ck_assert(gw_mailbox_name_read(&arena, gw_slice(raw, GW_MAILBOX_NAME_MAX), '.', &name));
	ck_assert(!gw_mailbox_name_read(&arena, gw_slice(raw, GW_MAILBOX_NAME_MAX + 1), '.', &name));
	ck_assert(!gw_mailbox_name_read(&arena, gw_slice(raw, sizeof raw), '.', &name));
}
END_TEST

static const char *const ours[] = { "INBOX", "Sent/2024", "v1.2/x", "R&D", "Entw\xC3\xBCrfe/\xF0\x9F\x98\x80", "a.b.c", "&" };

START_TEST(what_is_written_is_read_again)
{
	static const char separators[] = "./";
	struct gw_buf raw;
	struct gw_slice name;

	for (size_t i = 0; i < 2; i++) {
		gw_buf_init(&raw, 0);
		gw_mailbox_name_put(&raw, gw_slice_str(ours[_i]), separators[i]);
		ck_assert(gw_mailbox_name_read(&arena, gw_buf_slice(&raw), separators[i], &name));
		ck_assert_slice_eq(name, ours[_i]);
		gw_buf_done(&raw);
	}
}
END_TEST

START_TEST(a_dot_in_a_level_is_written_as_base64)
{
	struct gw_buf raw;

	gw_buf_init(&raw, 0);
	gw_mailbox_name_put(&raw, GW_S("v1.2/\xC3\xBC"), '.');
	ck_assert_slice_eq(gw_buf_slice(&raw), "v1&AC4-2.&APw-");
	gw_buf_done(&raw);
}
END_TEST

START_TEST(usual_names_have_a_special_use)
{
	ck_assert_uint_eq(gw_mailbox_special(GW_S("sent items")), GW_MBOX_SENT);
	ck_assert_uint_eq(gw_mailbox_special(GW_S("INBOX/Trash")), GW_MBOX_TRASH);
	ck_assert_uint_eq(gw_mailbox_special(GW_S("Sent/2024")), 0);
	ck_assert_uint_eq(gw_mailbox_special(GW_S("INBOX")), 0);
}
END_TEST

static TCase *all(void)
{
	TCase *tc = tcase_create("names");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, names_of_others_are_ours, 0, sizeof names / sizeof *names);
	tcase_add_loop_test(tc, what_is_written_is_read_again, 0, sizeof ours / sizeof *ours);
	tcase_add_test(tc, a_name_of_any_length_is_read_or_refused);
	tcase_add_test(tc, a_dot_in_a_level_is_written_as_base64);
	tcase_add_test(tc, usual_names_have_a_special_use);
	return tc;
}

UNIT_MAIN("mailbox/names", all())

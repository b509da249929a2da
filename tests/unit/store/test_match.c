/* Text searches (store.h, gw_mbox_match): the same rows for both drivers, and header fields as a look at each finds them. */
#include "matchtest.h"

/* ---- both drivers ---- */

START_TEST(every_row_is_answered_from_the_messages)
{
	struct fixture f;

	fixture_init(&f, _i == 1);
	check_rows(&f, fill(&f));
	fixture_done(&f);
}
END_TEST

START_TEST(an_interrupted_search_ends)
{
	const struct row r = { GW_MATCH_BODY, "", "quick", "" };
	struct gw_mbox_id id;
	struct gw_set got;
	struct fixture f;

	fixture_init(&f, _i == 1);
	id = fill(&f);
	gw_set_init(&got);
	struct gw_index *ix = fixture_index(&f, id);
	gw_acct_interrupt(f.acct);
	ck_code(&f, match(&f, id, &r, false, &got), GW_EINTR);
	gw_acct_resume(f.acct);
	ck_ok(&f, match(&f, id, &r, false, &got));
	ck_assert_uint_eq(gw_set_count(&got), 1);
	gw_index_unref(ix);
	gw_set_done(&got);
	fixture_done(&f);
}
END_TEST

START_TEST(only_the_messages_asked_for_are_found)
{
	struct gw_match m = { .field = GW_MATCH_FROM };
	struct gw_set seqs, got;
	struct gw_mbox_id id;
	struct gw_index *ix;
	struct fixture f;

	fixture_init(&f, _i == 1);
	id = fill(&f);
	ix = fixture_index(&f, id);
	m.needle = gw_text_fold(&f.arena, GW_S("example"));
	set_of(&seqs, 2, 2);
	gw_set_init(&got);
	ck_ok(&f, gw_mbox_match(f.acct, id, ix, &m, &seqs, NULL, &got, &f.err));
	ck_assert_uint_eq(gw_set_count(&got), 1);
	ck_assert(gw_set_has(&got, 2));
	gw_set_done(&got);
	gw_set_done(&seqs);
	gw_index_unref(ix);
	fixture_done(&f);
}
END_TEST

/* ---- header fields, one by one ---- */

#define HEADS 40

static void check_heads(struct fixture *f, struct gw_mbox_id id, const char *const head[HEADS])
{
	static const char *const needles[] = { "a", "ab", "bc", "abc", "abab", "b a", "c ab", "ab ab", "b\xC3\xA4", "=?", "x-odd", ": ab", "\x1b$b" };

	for (size_t k = 0; k < sizeof needles / sizeof *needles; k++) {
		const struct row r = { GW_MATCH_HEADER, "X-Odd", needles[k], "" };
		struct gw_slice needle = gw_text_fold(&f->arena, gw_slice_str(needles[k]));
		struct gw_set got;

		gw_set_init(&got);
		ck_ok(f, match(f, id, &r, false, &got));
		for (uint32_t i = 0; i < HEADS; i++)
			ck_assert_msg(gw_set_has(&got, i + 1) == field_has(gw_slice_str(head[i]), "X-Odd", needle), "\"%s\" in %s", needles[k], head[i]);
		gw_set_done(&got);
	}
}

START_TEST(fields_are_found_that_a_look_at_each_finds)
{
	const char *head[HEADS];
	unsigned seed = (unsigned)_i + 1;
	struct gw_mbox_id id;
	struct fixture f;

	fixture_init(&f, true);
	id = fixture_box(&f, "INBOX");
	for (size_t i = 0; i < HEADS; i++) {
		head[i] = random_head(&f.arena, &seed);
		append_text(&f, id, gw_slice_str(gw_arena_printf(&f.arena, "%s" CRLF, head[i])), 0);
	}
	check_heads(&f, id, head);
	update(&f);
	check_heads(&f, id, head);
	fixture_done(&f);
}
END_TEST

static TCase *tcase_both(void)
{
	TCase *tc = tcase_create("both drivers");

	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, every_row_is_answered_from_the_messages, 0, 2);
	tcase_add_loop_test(tc, an_interrupted_search_ends, 0, 2);
	tcase_add_loop_test(tc, only_the_messages_asked_for_are_found, 0, 2);
	tcase_add_loop_test(tc, fields_are_found_that_a_look_at_each_finds, 0, 30);
	return tc;
}

UNIT_MAIN("match", tcase_both())

/* test_sortkeys.c - what SORT compares of addresses (RFC 5256 3, RFC 5957 3), made when a message comes or, for older ones, when
 * it is asked for */
#include "store/sortkeys.h"

#include "mime/envelope.h"
#include "tests/unit/store/storetest.h"

#include <sqlite3.h>

static struct fixture f;

static const struct {
	const char *field; /* of From, To and Cc */
	const char *mailbox, *display;
} addresses[] = {
	{ "", "", "" },
	{ ",", "", "" },
	{ "joe@example.org", "JOE", "JOE@EXAMPLE.ORG" },
	{ "Joe Doe <joe@example.org>, x@y", "JOE", "JOE DOE" },
	{ "\"Doe, \\\"J\\\"\" <joe@example.org>", "JOE", "DOE, \"J\"" },
	{ "joe@example.org (Joe)", "JOE", "JOE" },
	/* RFC 5255 4.6 (a): encoded words are undone before text is compared */
	{ "=?utf-8?q?Zo=C3=AB?= <z@example.org>", "Z", "ZOE\u0308" },
	{ "=?iso-8859-1?q?Andr=E9?= Q <a@example.org>", "A", "ANDRE\u0301 Q" },
	/* a name that is empty when decoded is none */
	{ "=?utf-8?q?" "?= <a@example.org>", "A", "A@EXAMPLE.ORG" },
	{ "\"\" <a@example.org>", "A", "A@EXAMPLE.ORG" },
	/* a group has a mailbox and no host (RFC 3501 7.4.2) */
	{ "Team: joe@example.org;", "TEAM", "TEAM" },
	{ "=?utf-8?q?=C3=84?=:;", "A\u0308", "A\u0308" },
	{ "\"a b\"@example.org", "A B", "A B@EXAMPLE.ORG" },
	/* what is missing has the name that ENVELOPE gives it */
	{ "joe", "JOE", "JOE@MISSING_DOMAIN" },
};

static void check(const struct gw_slice keys[GW_SORT_KEYS], size_t i)
{
	ck_assert_slice_eq(keys[GW_SORT_FROM], addresses[i].mailbox);
	ck_assert_slice_eq(keys[GW_SORT_TO], addresses[i].mailbox);
	ck_assert_slice_eq(keys[GW_SORT_CC], addresses[i].mailbox);
	ck_assert_slice_eq(keys[GW_SORT_DISPLAYFROM], addresses[i].display);
	ck_assert_slice_eq(keys[GW_SORT_DISPLAYTO], addresses[i].display);
}

static const char *message(size_t i)
{
	const char *a = addresses[i].field;

	return gw_arena_printf(&f.arena, "From: %s\r\nTo: %s\r\nCc: %s\r\nSubject: {3}\r\n\"(\\\r\n\r\n", a, a, a);
}

/* RFC 5957 3(a), 3(b), 3(c), 4(a), 4(b) */
START_TEST(keys_are_made_of_the_envelope)
{
	struct gw_slice keys[GW_SORT_KEYS];
	struct gw_buf envelope, packed;

	gw_arena_init(&f.arena, 0, 0);
	gw_buf_init(&envelope, 0);
	gw_buf_init(&packed, 0);
	gw_put_envelope(gw_slice_str(message((size_t)_i)), &envelope);
	gw_sort_keys_pack(gw_buf_slice(&envelope), &packed);
	ck_assert(gw_sort_keys_unpack(gw_buf_slice(&packed), keys));
	check(keys, (size_t)_i);
	for (size_t n = 0; n < packed.n; n++) /* what is cut off is nothing */
		ck_assert(!gw_sort_keys_unpack(gw_slice(packed.p, n), keys));
	gw_buf_done(&envelope);
	gw_buf_done(&packed);
	gw_arena_done(&f.arena);
}
END_TEST

START_TEST(damaged_envelopes_give_empty_keys)
{
	static const char *const damaged[] = { "", "(", "(NIL", "(NIL NIL ((", "(NIL NIL ((\"a\" NIL \"b", "(NIL NIL (({9}\r\na",
					       "(NIL NIL (({99999999999999999999}\r\na", "((((((((", "(NIL {2}", "(NIL NIL ((\"a\\" };
	struct gw_slice keys[GW_SORT_KEYS];
	struct gw_buf packed;

	gw_buf_init(&packed, 0);
	gw_sort_keys_pack(gw_slice_str(damaged[_i]), &packed);
	ck_assert(gw_sort_keys_unpack(gw_buf_slice(&packed), keys));
	for (int k = 0; k < GW_SORT_KEYS; k++)
		ck_assert_uint_eq(keys[k].n, 0);
	gw_buf_done(&packed);
}
END_TEST

START_TEST(keys_end_at_their_limit)
{
	struct gw_slice keys[GW_SORT_KEYS];
	struct gw_buf envelope, packed;

	gw_buf_init(&envelope, 0);
	gw_buf_init(&packed, 0);
	gw_buf_printf(&envelope, "(NIL NIL ((\"%02000d\" NIL \"%01000d\" \"x\")) NIL NIL ((NIL NIL \"%01001d\" NIL)) NIL)", 0, 0, 0);
	gw_sort_keys_pack(gw_buf_slice(&envelope), &packed);
	ck_assert(gw_sort_keys_unpack(gw_buf_slice(&packed), keys));
	ck_assert_uint_eq(keys[GW_SORT_DISPLAYFROM].n, GW_SORT_KEY_MAX);
	ck_assert_uint_eq(keys[GW_SORT_FROM].n, 1000);
	ck_assert_uint_eq(keys[GW_SORT_TO].n, GW_SORT_KEY_MAX);
	gw_buf_done(&envelope);
	gw_buf_done(&packed);
}
END_TEST

/* ---- in a store ---- */

#define MESSAGES (sizeof addresses / sizeof *addresses)

static void check_store(struct gw_mbox_id box, unsigned want)
{
	struct gw_index *ix = fixture_index(&f, box);
	struct gw_message m;
	struct gw_fetch *cur;
	struct gw_set all;
	bool gone;

	set_of(&all, 1, MESSAGES);
	ck_ok(&f, gw_fetch_open(f.acct, box, ix, &all, want, &cur, &f.err));
	for (size_t i = 0; i < MESSAGES; i++) {
		ck_assert_int_eq(gw_fetch_next(cur, &m, &gone, &f.err), 1);
		ck_assert(!gone);
		check(m.sort_keys, i);
		if (i % 5 == 4)
			gw_fetch_pause(cur);
	}
	gw_fetch_close(cur);
	gw_set_done(&all);
	gw_index_unref(ix);
}

static void fill(struct gw_mbox_id box)
{
	for (size_t i = 0; i < MESSAGES; i++)
		append_text(&f, box, gw_slice_str(message(i)), 0);
}

START_TEST(messages_keep_their_keys)
{
	struct gw_mbox_id box;

	fixture_init(&f, _i);
	box = fixture_box(&f, "INBOX");
	fill(box);
	check_store(box, GW_WANT_SORT);
	check_store(box, GW_WANT_SORT | GW_WANT_IDS | GW_WANT_ENVELOPE);
	fixture_done(&f);
}
END_TEST

static void sql(const char *text)
{
	char *dir = gw_local_account_dir(gw_local_store(f.store), 1);
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(gw_arena_printf(&f.arena, "%s/mail.db", dir), &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
	free(dir);
}

/* A database of schema 4, and one in which only some messages are older than the keys. */
START_TEST(messages_from_before_there_were_keys_are_sorted_by_their_envelopes)
{
	static const char *const older[] = { "ALTER TABLE search DROP COLUMN addresses; DROP TABLE metadata; DROP TABLE annotation; DROP TABLE annotated; PRAGMA user_version=4",
					     "UPDATE search SET addresses=NULL WHERE id%3=0" };
	struct gw_mbox_id box;

	fixture_init(&f, false);
	box = fixture_box(&f, "INBOX");
	fill(box);
	sql(older[_i]);
	gw_acct_close(f.acct);
	gw_store_close(f.store);
	fixture_open_store(&f, NULL);
	f.acct = fixture_acct(&f, "anna");
	check_store(box, GW_WANT_SORT);
	check_store(box, GW_WANT_SORT | GW_WANT_IDS);
	append_text(&f, box, GW_S("From: a@b\r\n\r\n"), 0);
	check_store(box, GW_WANT_SORT | GW_WANT_SENT);
	fixture_done(&f);
}
END_TEST

/* Schema 4 folded U+00DF in another way. */
START_TEST(subjects_folded_before_are_found_as_they_are_folded_now)
{
	const struct gw_match sharp = { .field = GW_MATCH_SUBJECT, .needle = GW_S("STRA\u00DFE") };
	struct gw_set all, found;
	struct gw_mbox_id box;
	struct gw_index *ix;

	fixture_init(&f, false);
	box = fixture_box(&f, "INBOX");
	append_text(&f, box, GW_S("Subject: Stra\u00DFe 1\r\n\r\n"), 0);
	append_text(&f, box, GW_S("Subject: other\r\n\r\n"), 0);
	sql("ALTER TABLE search DROP COLUMN addresses; DROP TABLE metadata; DROP TABLE annotation; DROP TABLE annotated; PRAGMA user_version=4;"
	    "UPDATE search SET subject=x'53545241E1BA9E452031' WHERE id=1");
	gw_acct_close(f.acct);
	gw_store_close(f.store);
	fixture_open_store(&f, NULL);
	f.acct = fixture_acct(&f, "anna");
	ix = fixture_index(&f, box);
	set_of(&all, 1, 2);
	gw_set_init(&found);
	ck_ok(&f, gw_mbox_match(f.acct, box, ix, &sharp, &all, NULL, &found, &f.err));
	ck_assert_uint_eq(gw_set_count(&found), 1);
	ck_assert(gw_set_has(&found, 1));
	gw_set_done(&all);
	gw_set_done(&found);
	gw_index_unref(ix);
	fixture_done(&f);
}
END_TEST

static TCase *tcase_sortkeys(void)
{
	TCase *tc = tcase_create("sortkeys");

	tcase_add_loop_test(tc, keys_are_made_of_the_envelope, 0, MESSAGES);
	tcase_add_loop_test(tc, damaged_envelopes_give_empty_keys, 0, 10);
	tcase_add_test(tc, keys_end_at_their_limit);
	tcase_add_loop_test(tc, messages_keep_their_keys, 0, 2);
	tcase_add_loop_test(tc, messages_from_before_there_were_keys_are_sorted_by_their_envelopes, 0, 2);
	tcase_add_test(tc, subjects_folded_before_are_found_as_they_are_folded_now);
	return tc;
}

UNIT_MAIN("store/sortkeys", tcase_sortkeys())

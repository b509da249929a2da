/* test_jmap_request.c - requests as bytes, and keywords (store/jmap/wire.h; RFC 8620 3.3, 5; RFC 8621) */
#include "store/index.h"
#include "store/jmap/wire.h"
#include "tests/unit/unit.h"

#define USING "{\"using\":[\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\"]"

static struct jmap_session s;
static struct jmap_request r;
static struct gw_arena arena;

static void setup(void)
{
	s = (struct jmap_session){ 0 };
	gw_arena_init(&arena, 0, 0);
	jmap_request_init(&r, &s, GW_S("A1"));
}

static void teardown(void)
{
	jmap_request_done(&r);
	gw_arena_done(&arena);
}

/* The request is these method calls, and stays so when it is asked for again. */
static void calls_are(const char *calls)
{
	const char *expected = gw_arena_printf(&arena, USING ",\"methodCalls\":[%s]}", calls);

	ck_assert_slice_eq(jmap_request_bytes(&r), expected);
	ck_assert_slice_eq(jmap_request_bytes(&r), expected);
}

static const struct gw_slice ids[] = { { "e1", 2 }, { "e2", 2 } };

START_TEST(using_names_what_the_server_has_rfc_8620_3_3)
{
	jmap_request_done(&r);
	s.quota = s.cyrus_quota = true;
	jmap_request_init(&r, &s, GW_S("A1"));
	ck_assert_uint_eq(jmap_quota_get(&r), 0);
	ck_assert_slice_eq(jmap_request_bytes(&r), "{\"using\":[\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:"
						   "mail\",\"urn:ietf:params:jmap:quota\","
						   "\"https://cyrusimap.org/ns/jmap/quota\"],\"methodCalls\":[[\"Quota/"
						   "get\",{\"accountId\":\"A1\",\"ids\":null},\"0\"]]}");
}
END_TEST

START_TEST(calls_are_numbered_and_refer_to_each_other_rfc_8620_3_7)
{
	ck_assert_uint_eq(jmap_email_changes(&r, GW_S("s\"1\n"), 50), 0);
	ck_assert_uint_eq(jmap_email_get_from(&r, 0, "Email/changes", "/created", JMAP_ALL_FACTS), 1);
	ck_assert_uint_eq(r.calls, 2);
	calls_are("[\"Email/changes\",{\"accountId\":\"A1\",\"sinceState\":\"s\\\"1\\n\",\"maxChanges\":50},\"0\"],"
		  "[\"Email/get\",{\"accountId\":\"A1\",\"#ids\":{\"resultOf\":\"0\",\"name\":\"Email/"
		  "changes\",\"path\":\"/created\"},"
		  "\"properties\":[\"id\",\"mailboxIds\",\"keywords\",\"blobId\",\"threadId\",\"size\",\"receivedAt\"]}"
		  ",\"1\"]");
}
END_TEST

START_TEST(states_and_lists_are_asked_for_rfc_8620_5_1)
{
	jmap_email_state(&r);
	jmap_mailbox_changes(&r, GW_S("7"));
	jmap_email_get(&r, ids, 2, JMAP_CHANGING);
	calls_are("[\"Email/get\",{\"accountId\":\"A1\",\"ids\":[]},\"0\"],"
		  "[\"Mailbox/changes\",{\"accountId\":\"A1\",\"sinceState\":\"7\"},\"1\"],"
		  "[\"Email/"
		  "get\",{\"accountId\":\"A1\",\"ids\":[\"e1\",\"e2\"],\"properties\":[\"id\",\"mailboxIds\","
		  "\"keywords\"]},\"2\"]");
}
END_TEST

START_TEST(no_messages_are_never_all_messages)
{
	jmap_email_get(&r, NULL, 0, JMAP_CHANGING);
	calls_are("[\"Email/"
		  "get\",{\"accountId\":\"A1\",\"ids\":[],\"properties\":[\"id\",\"mailboxIds\",\"keywords\"]},\"0\"]");
}
END_TEST

START_TEST(a_mailbox_is_listed_oldest_first_behind_an_anchor_rfc_8620_5_5)
{
	jmap_email_query(&r, GW_S("m"), GW_S("e9"), 7);
	jmap_email_search(&r, GW_S("m"), "subject", GW_S("a \"b\""), 0);
	calls_are(
		"[\"Email/"
		"query\",{\"accountId\":\"A1\",\"filter\":{\"inMailbox\":\"m\"},\"sort\":[{\"property\":\"receivedAt\","
		"\"isAscending\":true}],\"anchor\":\"e9\",\"anchorOffset\":1,\"limit\":7},\"0\"],"
		"[\"Email/query\",{\"accountId\":\"A1\",\"filter\":{\"inMailbox\":\"m\",\"subject\":\"a "
		"\\\"b\\\"\"},\"limit\":100000},\"1\"]");
}
END_TEST

START_TEST(patches_come_before_removals_rfc_8620_5_3)
{
	static const struct gw_slice set[] = { { "$seen", 5 }, { "a/b~c", 5 } }, unset[] = { { "$flagged", 8 } };

	ck_assert_uint_eq(jmap_email_set_begin(&r, GW_S("s1")), 0);
	jmap_email_set_patch(
		&r, &(struct jmap_patch){ .id = ids[0], .set = set, .n_set = 2, .unset = unset, .n_unset = 1 });
	jmap_email_set_patch(&r, &(struct jmap_patch){ .id = ids[1], .into = GW_S("m1"), .out_of = GW_S("m2") });
	jmap_email_set_destroy(&r, ids, 2);
	jmap_email_set_end(&r);
	jmap_email_state(&r);
	calls_are(
		"[\"Email/set\",{\"accountId\":\"A1\",\"ifInState\":\"s1\",\"update\":{\"e1\":{\"keywords/$seen\":true,"
		"\"keywords/a~1b~0c\":true,\"keywords/$flagged\":null},\"e2\":{\"mailboxIds/m1\":true,\"mailboxIds/"
		"m2\":null}},"
		"\"destroy\":[\"e1\",\"e2\"]},\"0\"],[\"Email/get\",{\"accountId\":\"A1\",\"ids\":[]},\"1\"]");
}
END_TEST

START_TEST(a_set_may_be_of_one_kind_only)
{
	jmap_email_set_begin(&r, GW_S(""));
	jmap_email_set_destroy(&r, ids, 1);
	jmap_email_set_end(&r);
	jmap_email_set_begin(&r, GW_S(""));
	jmap_email_set_patch(&r, &(struct jmap_patch){ .id = ids[0], .into = GW_S("m1") });
	jmap_email_set_end(&r);
	calls_are("[\"Email/set\",{\"accountId\":\"A1\",\"destroy\":[\"e1\"]},\"0\"],"
		  "[\"Email/set\",{\"accountId\":\"A1\",\"update\":{\"e1\":{\"mailboxIds/m1\":true}}},\"1\"]");
}
END_TEST

START_TEST(imports_have_places_keywords_and_dates_rfc_8621_4_8)
{
	static const struct gw_slice kw = { "$seen", 5 };
	const struct jmap_import v[] = {
		{ .blob = GW_S("G1"), .mailbox = GW_S("m"), .keywords = &kw, .n_keywords = 1, .received = 1767600000 },
		{ .blob = GW_S("G2"), .mailbox = GW_S("m"), .received = INT64_MIN },
		{ .blob = GW_S("G3"), .mailbox = GW_S("m"), .received = -1 }
	};

	jmap_email_import(&r, v, 3, GW_S("s"));
	calls_are("[\"Email/import\",{\"accountId\":\"A1\",\"ifInState\":\"s\",\"emails\":{"
		  "\"i0\":{\"blobId\":\"G1\",\"mailboxIds\":{\"m\":true},\"keywords\":{\"$seen\":true},\"receivedAt\":"
		  "\"2026-01-05T08:00:00Z\"},"
		  "\"i1\":{\"blobId\":\"G2\",\"mailboxIds\":{\"m\":true},\"keywords\":{}},"
		  "\"i2\":{\"blobId\":\"G3\",\"mailboxIds\":{\"m\":true},\"keywords\":{},\"receivedAt\":\"1969-12-"
		  "31T23:59:59Z\"}}},\"0\"]");
}
END_TEST

START_TEST(copies_come_from_another_account_rfc_8621_4_7)
{
	jmap_email_copy(&r, GW_S("A2"), ids, 2, GW_S("m"));
	calls_are("[\"Email/"
		  "copy\",{\"accountId\":\"A1\",\"fromAccountId\":\"A2\",\"create\":{\"i0\":{\"id\":\"e1\","
		  "\"mailboxIds\":{\"m\":true}},"
		  "\"i1\":{\"id\":\"e2\",\"mailboxIds\":{\"m\":true}}}},\"0\"]");
}
END_TEST

START_TEST(missing_levels_are_made_at_once_rfc_8621_2_5)
{
	const struct gw_slice levels[] = { GW_S("a"), GW_S("b/\"c") };

	jmap_mailbox_create(&r, GW_S("p"), levels, 2, JMAP_SENT, true);
	calls_are(
		"[\"Mailbox/"
		"set\",{\"accountId\":\"A1\",\"create\":{\"m0\":{\"name\":\"a\",\"parentId\":\"p\",\"isSubscribed\":"
		"true},"
		"\"m1\":{\"name\":\"b/\\\"c\",\"parentId\":\"#m0\",\"isSubscribed\":true,\"role\":\"sent\"}}},\"0\"]");
}
END_TEST

START_TEST(mailboxes_are_changed_one_at_a_time_rfc_8621_2_5)
{
	jmap_mailbox_rename(&r, GW_S("m1"), GW_S(""), GW_S("new"));
	jmap_mailbox_subscribe(&r, GW_S("m1"), false);
	jmap_mailbox_destroy(&r, GW_S("m1"), true);
	calls_are("[\"Mailbox/"
		  "set\",{\"accountId\":\"A1\",\"update\":{\"m1\":{\"name\":\"new\",\"parentId\":null}}},\"0\"],"
		  "[\"Mailbox/set\",{\"accountId\":\"A1\",\"update\":{\"m1\":{\"isSubscribed\":false}}},\"1\"],"
		  "[\"Mailbox/set\",{\"accountId\":\"A1\",\"destroy\":[\"m1\"],\"onDestroyRemoveEmails\":true},\"2\"]");
}
END_TEST

/* ---- keywords ---- */

START_TEST(keywords_become_flags_in_their_usual_spelling_rfc_8621_4_1_1)
{
	const struct gw_slice v[] = { GW_S("$answered"), GW_S("$draft"), GW_S("$flagged"), GW_S("$seen"),
		GW_S("$forwarded"), GW_S("nonjunk"), GW_S("todo"), GW_S("$hasattachment"), GW_S("$deleted"),
		GW_S("$recent") };
	struct gw_slice *words;
	size_t n;

	ck_assert_uint_eq(jmap_flags(v, sizeof v / sizeof *v, &arena, &words, &n),
		GW_FLAG_ANSWERED | GW_FLAG_DRAFT | GW_FLAG_FLAGGED | GW_FLAG_SEEN);
	ck_assert_uint_eq(n, 3);
	ck_assert_slice_eq(words[0], "$Forwarded");
	ck_assert_slice_eq(words[1], "NonJunk");
	ck_assert_slice_eq(words[2], "todo");
}
END_TEST

static const char *const flags[][2] = { { "\\Seen", "$seen" }, { "\\ANSWERED", "$answered" },
	{ "\\flagged", "$flagged" }, { "\\Draft", "$draft" }, { "\\Deleted", "" }, { "\\Recent", "" },
	{ "\\Other", "" }, { "$Forwarded", "$forwarded" }, { "Todo", "todo" }, { "$Label1", "$label1" },
	{ "$HasAttachment", "" }, { "$Seen", "" }, { "$Deleted", "" }, { "", "" }, { "a(b", "" }, { "a b", "" },
	{ "a%", "" }, { "\xC3\xA4", "" }, { "a]", "" }, { "a/b", "" }, { "a~b", "" },
	{ "!#$&'+,-.:;<=>?@[^_`|}", "!#$&'+,-.:;<=>?@[^_`|}" } };

START_TEST(flags_become_keywords_or_cannot_rfc_8621_4_1_1)
{
	ck_assert_slice_eq(jmap_keyword(gw_slice_str(flags[_i][0]), &arena), flags[_i][1]);
}
END_TEST

START_TEST(a_keyword_has_255_octets_at_most_rfc_8621_4_1_1)
{
	char word[256];

	memset(word, 'k', sizeof word);
	ck_assert_uint_eq(jmap_keyword(gw_slice(word, 255), &arena).n, 255);
	ck_assert_uint_eq(jmap_keyword(gw_slice(word, 256), &arena).n, 0);
}
END_TEST

static TCase *tcase_request(void)
{
	TCase *tc = tcase_create("request");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, using_names_what_the_server_has_rfc_8620_3_3);
	tcase_add_test(tc, calls_are_numbered_and_refer_to_each_other_rfc_8620_3_7);
	tcase_add_test(tc, states_and_lists_are_asked_for_rfc_8620_5_1);
	tcase_add_test(tc, no_messages_are_never_all_messages);
	tcase_add_test(tc, a_mailbox_is_listed_oldest_first_behind_an_anchor_rfc_8620_5_5);
	tcase_add_test(tc, patches_come_before_removals_rfc_8620_5_3);
	tcase_add_test(tc, a_set_may_be_of_one_kind_only);
	tcase_add_test(tc, imports_have_places_keywords_and_dates_rfc_8621_4_8);
	tcase_add_test(tc, copies_come_from_another_account_rfc_8621_4_7);
	tcase_add_test(tc, missing_levels_are_made_at_once_rfc_8621_2_5);
	tcase_add_test(tc, mailboxes_are_changed_one_at_a_time_rfc_8621_2_5);
	tcase_add_test(tc, keywords_become_flags_in_their_usual_spelling_rfc_8621_4_1_1);
	tcase_add_loop_test(tc, flags_become_keywords_or_cannot_rfc_8621_4_1_1, 0, sizeof flags / sizeof *flags);
	tcase_add_test(tc, a_keyword_has_255_octets_at_most_rfc_8621_4_1_1);
	return tc;
}

UNIT_MAIN("store/jmap/request", tcase_request())

/* test_jmap_answer.c - answers of servers that follow the RFCs, that nearly do, and that lie (store/jmap/wire.h) */
#include "store/jmap/wire.h"
#include "store/store.h"
#include "tests/unit/unit.h"

#include <stdio.h>

static struct gw_arena arena;
static struct jmap_answer *a;
static struct gw_err err;

static void setup(void)
{
	gw_arena_init(&arena, 0, 0);
	a = NULL;
	err.text[0] = '\0';
}

static void teardown(void)
{
	jmap_answer_free(a);
	gw_arena_done(&arena);
}

static int read_responses(const char *responses, unsigned calls)
{
	const char *text = gw_arena_printf(&arena, "{\"methodResponses\":[%s],\"sessionState\":\"s0\"}", responses);

	jmap_answer_free(a);
	a = NULL;
	return jmap_answer_read(gw_slice_str(text), calls, &a, &err);
}

/* An answer to call 0 of account A1: its further arguments. */
static void answer(const char *method, const char *args)
{
	ck_assert_int_eq(
		read_responses(gw_arena_printf(&arena, "[\"%s\",{\"accountId\":\"A1\",%s},\"0\"]", method, args), 1),
		0);
}

#define A1 GW_S("A1")

/* ---- the frame ---- */

START_TEST(answers_are_found_in_any_order_rfc_8620_3_4)
{
	struct jmap_failure f;

	ck_assert_int_eq(read_responses("[\"Email/"
					"set\",{\"accountId\":\"A1\",\"newState\":\"n\"},\"2\"],[\"error\",{\"type\":"
					"\"serverFail\"},\"0\"],"
					"[\"error\",{\"type\":\"forbidden\"},\"2\"],[\"x\",{},\"9\"],[\"x\",{},\"\"],["
					"\"x\",{},\"-1\"],[\"x\",{},\"2x\"]",
				 3),
		0);
	ck_assert_slice_eq(jmap_session_state(a), "s0");
	jmap_call_failure(a, 2, &f);
	ck_assert_int_eq(f.kind, JMAP_OK);
	jmap_call_failure(a, 0, &f);
	ck_assert_int_eq(f.code, GW_EIO);
	jmap_call_failure(a, 1, &f);
	ck_assert(f.kind == JMAP_ERR_OTHER && f.code == GW_ECORRUPT);
}
END_TEST

static const char *const frames[] = { "{}", "{\"methodResponses\":{}}", "{\"methodResponses\":[1]}",
	"{\"methodResponses\":[[]]}", "{\"methodResponses\":[[\"x\",{}]]}", "{\"methodResponses\":[[\"x\",{},0]]}",
	"{\"methodResponses\":[[\"x\",[],\"0\"]]}", "{\"methodResponses\":[[1,{},\"0\"]]}",
	"{\"methodResponses\":[[\"x\",{},\"0\",1]]}", "[]", "null", "<html></html>",
	"{\"methodResponses\":[],\"methodResponses\":[]}" };

START_TEST(what_is_no_list_of_responses_is_refused)
{
	ck_assert_int_eq(jmap_answer_read(gw_slice_str(frames[_i]), 1, &a, &err), GW_ECORRUPT);
	ck_assert_str_ne(err.text, "");
	ck_assert_ptr_null(a);
}
END_TEST

START_TEST(more_responses_than_calls_can_have_are_refused)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	for (int i = 0; i < 21; i++)
		gw_buf_printf(&b, "%s[\"x\",{},\"0\"]", i ? "," : "");
	ck_assert_int_eq(read_responses(gw_buf_str(&b), 1), GW_ECORRUPT);
	ck_assert_int_eq(read_responses(gw_buf_str(&b), 2), 0);
	gw_buf_done(&b);
}
END_TEST

/* ---- messages ---- */

static struct jmap_email *emails;
static struct gw_slice *not_found, state;
static size_t n, n_not_found;

static int take_emails(void)
{
	return jmap_take_emails(a, 0, A1, &arena, &emails, &n, &not_found, &n_not_found, &state, &err);
}

#define EMAIL(rest) \
	"\"state\":\"s1\",\"list\":[{\"id\":\"e1\",\"mailboxIds\":{\"m2\":true,\"m1\":true},\"keywords\":{}" rest "}]"
#define FACTS(date) ",\"blobId\":\"b\",\"threadId\":\"t\",\"size\":7,\"receivedAt\":" date

START_TEST(a_message_is_taken_rfc_8621_4_1)
{
	answer("Email/get",
		"\"state\":\"s1\",\"list\":[{\"id\":\"e1\",\"mailboxIds\":{\"m2\":true,\"m1\":true,\"m3\":false},"
		"\"keywords\":{\"Todo\":true,\"$seen\":true,\"todo\":true,\"no\":false,\"b%d\":true,\"\":true}" FACTS(
			"\"2026-01-05T08:00:00Z\"") "}],\"notFound\":[\"e9\"]");
	ck_assert_int_eq(take_emails(), 0);
	ck_assert(n == 1 && n_not_found == 1);
	ck_assert_slice_eq(state, "s1");
	ck_assert_slice_eq(not_found[0], "e9");
	ck_assert_slice_eq(emails[0].id, "e1");
	ck_assert_slice_eq(emails[0].blob, "b");
	ck_assert_slice_eq(emails[0].thread, "t");
	ck_assert(emails[0].size == 7 && emails[0].received == 1767600000);
	ck_assert_uint_eq(emails[0].n_mailboxes, 2);
	ck_assert_slice_eq(emails[0].mailboxes[0], "m1");
	ck_assert_slice_eq(emails[0].mailboxes[1], "m2");
	ck_assert_uint_eq(emails[0].n_keywords, 2);
	ck_assert_slice_eq(emails[0].keywords[0], "$seen");
	ck_assert_slice_eq(emails[0].keywords[1], "todo");
}
END_TEST

START_TEST(flags_and_places_alone_are_taken)
{
	answer("Email/get", EMAIL(""));
	ck_assert_int_eq(take_emails(), 0);
	ck_assert(n == 1 && emails[0].blob.n == 0 && emails[0].n_mailboxes == 2 && n_not_found == 0);
}
END_TEST

START_TEST(of_one_id_told_twice_the_first_counts)
{
	answer("Email/get",
		"\"state\":\"s\",\"list\":[{\"id\":\"e1\",\"mailboxIds\":{\"m\":true},\"keywords\":{}},"
		"{\"id\":\"e1\",\"mailboxIds\":{},\"keywords\":{}},{\"id\":\"e2\",\"mailboxIds\":{},\"keywords\":{}}]");
	ck_assert_int_eq(take_emails(), 0);
	ck_assert(n == 2 && emails[0].n_mailboxes == 1 && emails[1].n_mailboxes == 0);
	ck_assert_slice_eq(emails[1].id, "e2");
}
END_TEST

static const struct {
	const char *text;
	int64_t t;
} dates[] = { { "1970-01-01T00:00:00Z", 0 }, { "2026-01-05T08:00:00.5Z", 1767600000 },
	{ "2026-01-05T08:00:00.123456Z", 1767600000 }, { "1969-12-31T23:59:59Z", -1 },
	{ "2024-02-29T00:00:60Z", 1709164860 }, { "2026-01-05T08:00:00+00:00", INT64_MIN },
	{ "2026-01-05T08:00:00", INT64_MIN }, { "2026-01-05T08:00:00.Z", INT64_MIN },
	{ "2026-13-05T08:00:00Z", INT64_MIN }, { "2026-00-05T08:00:00Z", INT64_MIN },
	{ "2026-01-32T08:00:00Z", INT64_MIN }, { "2026-01-05T24:00:00Z", INT64_MIN },
	{ "2026-01-05T08:60:00Z", INT64_MIN }, { "2026-01-05 08:00:00Z", INT64_MIN },
	{ "026-01-05T08:00:00Z", INT64_MIN }, { "2026-1-5T8:0:0Z", INT64_MIN }, { "2026-01-05T08:00:00ZZ", INT64_MIN },
	{ "", INT64_MIN }, { "2026", INT64_MIN } };

START_TEST(dates_are_utc_with_or_without_a_fraction_rfc_8620_1_4)
{
	const char *date = gw_arena_printf(&arena, "\"%s\"", dates[_i].text);

	answer("Email/get", gw_arena_printf(&arena, EMAIL(FACTS("%s")), date));
	ck_assert_int_eq(take_emails(), dates[_i].t == INT64_MIN ? GW_ECORRUPT : 0);
	ck_assert(dates[_i].t == INT64_MIN || emails[0].received == dates[_i].t);
}
END_TEST

static const char *const bad_emails[] = { "\"list\":[]", "\"state\":1,\"list\":[]", "\"state\":\"\",\"list\":[]",
	"\"state\":\"a\\u0000\",\"list\":[]", "\"state\":\"s\"", "\"state\":\"s\",\"list\":{}",
	"\"state\":\"s\",\"list\":null", "\"state\":\"s\",\"list\":[1]", "\"state\":\"s\",\"list\":[null]",
	"\"state\":\"s\",\"list\":[],\"notFound\":[1]", "\"state\":\"s\",\"list\":[],\"notFound\":[\"a b\"]",
	"\"state\":\"s\",\"list\":[],\"notFound\":\"e\"", "\"state\":\"s\",\"list\":[{\"id\":\"e\",\"keywords\":{}}]",
	"\"state\":\"s\",\"list\":[{\"id\":\"e\",\"mailboxIds\":{}}]",
	"\"state\":\"s\",\"list\":[{\"id\":\"e\",\"mailboxIds\":[],\"keywords\":{}}]",
	"\"state\":\"s\",\"list\":[{\"id\":\"e\",\"mailboxIds\":{\"m\":1},\"keywords\":{}}]",
	"\"state\":\"s\",\"list\":[{\"id\":\"e\",\"mailboxIds\":{\"a/b\":true},\"keywords\":{}}]",
	"\"state\":\"s\",\"list\":[{\"id\":\"e\",\"mailboxIds\":{},\"keywords\":{\"k\":\"true\"}}]",
	/* K04: ids are ids */
	"\"state\":\"s\",\"list\":[{\"id\":\"\",\"mailboxIds\":{},\"keywords\":{}}]",
	"\"state\":\"s\",\"list\":[{\"id\":\"e\\r\\n\",\"mailboxIds\":{},\"keywords\":{}}]",
	"\"state\":\"s\",\"list\":[{\"id\":\"../e\",\"mailboxIds\":{},\"keywords\":{}}]",
	"\"state\":\"s\",\"list\":[{\"id\":7,\"mailboxIds\":{},\"keywords\":{}}]",
	EMAIL(",\"blobId\":\"b\\\"\",\"size\":1,\"receivedAt\":\"1970-01-01T00:00:00Z\""),
	EMAIL(",\"blobId\":\"b\",\"size\":1"),
	EMAIL(",\"blobId\":\"b\",\"size\":-1,\"receivedAt\":\"1970-01-01T00:00:00Z\""),
	EMAIL(",\"blobId\":\"b\",\"size\":9007199254740992,\"receivedAt\":\"1970-01-01T00:00:00Z\""),
	EMAIL(",\"blobId\":\"b\",\"receivedAt\":\"1970-01-01T00:00:00Z\""), EMAIL(",\"threadId\":5") };

START_TEST(what_is_no_message_is_refused)
{
	answer("Email/get", bad_emails[_i]);
	ck_assert_int_eq(take_emails(), GW_ECORRUPT);
	ck_assert_msg(strstr(err.text, "Email/get"), "%s", err.text);
}
END_TEST

START_TEST(an_id_has_255_octets_at_most_rfc_8620_1_2)
{
	char id[257];

	for (int len = 255; len <= 256; len++) {
		memset(id, 'i', sizeof id);
		id[len] = '\0';
		answer("Email/get", gw_arena_printf(&arena, "\"state\":\"s\",\"list\":[],\"notFound\":[\"%s\"]", id));
		ck_assert_int_eq(take_emails(), len == 255 ? 0 : GW_ECORRUPT);
	}
}
END_TEST

START_TEST(an_answer_for_another_account_is_refused)
{
	static const char *const others[] = { "\"accountId\":\"A2\",", "\"accountId\":null,", "\"accountId\":1,", "" };

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		ck_assert_int_eq(
			read_responses(gw_arena_printf(&arena, "[\"Email/get\",{%s\"state\":\"s\",\"list\":[]},\"0\"]",
					       others[i]),
				1),
			0);
		ck_assert_int_eq(take_emails(), GW_ECORRUPT);
	}
}
END_TEST

START_TEST(an_answer_of_another_method_is_refused)
{
	answer("Mailbox/get", "\"state\":\"s\",\"list\":[]");
	ck_assert_int_eq(take_emails(), GW_ECORRUPT);
	answer("Email/getx", "\"state\":\"s\",\"list\":[]");
	ck_assert_int_eq(take_emails(), GW_ECORRUPT);
	ck_assert_int_eq(read_responses("[\"error\",{\"type\":\"accountReadOnly\"},\"0\"]", 1), 0);
	ck_assert_int_eq(take_emails(), GW_EACCES);
}
END_TEST

/* ---- mailboxes ---- */

#define RIGHTS "\"myRights\":{\"mayReadItems\":true,\"mayDelete\":true,\"mayRename\":false,\"other\":true}"

START_TEST(mailboxes_are_taken_and_a_role_has_one_rfc_8621_2)
{
	struct jmap_mailbox *v;

	answer("Mailbox/get", "\"state\":\"s\",\"list\":["
			      "{\"id\":\"b\",\"name\":\"B/"
			      "\\u00e4\",\"parentId\":\"a\",\"role\":\"inbox\",\"sortOrder\":3,\"isSubscribed\":true,"
			      "\"totalEmails\":12," RIGHTS "},"
			      "{\"id\":\"a\",\"name\":\"A\",\"parentId\":null,\"role\":\"inbox\"," RIGHTS "},"
			      "{\"id\":\"c\",\"name\":\"C\",\"role\":\"templates\"," RIGHTS "},"
			      "{\"id\":\"d\",\"name\":\"D\",\"role\":\"trash\"," RIGHTS "},"
			      "{\"id\":\"a\",\"name\":\"again\"," RIGHTS "}]");
	ck_assert_int_eq(jmap_take_mailboxes(a, 0, A1, &arena, &v, &n, &state, &err), 0);
	ck_assert_uint_eq(n, 4);
	ck_assert_slice_eq(v[0].name, "B/\xC3\xA4");
	ck_assert_slice_eq(v[0].parent, "a");
	ck_assert(v[0].sort == 3 && v[0].subscribed && v[0].total == 12 && v[0].rights == (JMAP_READ | JMAP_DELETE));
	ck_assert(v[1].parent.n == 0 && !v[1].subscribed && v[1].total == 0);
	ck_assert(v[0].role == JMAP_NO_ROLE && v[1].role == JMAP_INBOX && v[2].role == JMAP_NO_ROLE &&
		  v[3].role == JMAP_TRASH);
}
END_TEST

static const char *const bad_mailboxes[] = { "{\"id\":\"a\",\"name\":\"A\"}", "{\"id\":\"a\",\"name\":\"\"," RIGHTS "}",
	"{\"id\":\"a\",\"name\":\"a\\u0000\"," RIGHTS "}", "{\"id\":\"a\",\"name\":5," RIGHTS "}",
	"{\"name\":\"A\"," RIGHTS "}", "{\"id\":\"a\",\"name\":\"A\",\"parentId\":\"a/b\"," RIGHTS "}",
	"{\"id\":\"a\",\"name\":\"A\",\"sortOrder\":-1," RIGHTS "}",
	"{\"id\":\"a\",\"name\":\"A\",\"totalEmails\":\"1\"," RIGHTS "}",
	"{\"id\":\"a\",\"name\":\"A\",\"myRights\":[]}", "[]" };

START_TEST(what_is_no_mailbox_is_refused)
{
	struct jmap_mailbox *v;

	answer("Mailbox/get", gw_arena_printf(&arena, "\"state\":\"s\",\"list\":[%s]", bad_mailboxes[_i]));
	ck_assert_int_eq(jmap_take_mailboxes(a, 0, A1, &arena, &v, &n, &state, &err), GW_ECORRUPT);
}
END_TEST

/* ---- changes and lists ---- */

static struct jmap_changes c;

static int changes(const char *args)
{
	answer("Email/changes", args);
	return jmap_take_changes(a, 0, A1, &arena, &c, &err);
}

#define STATES "\"oldState\":\"1\",\"newState\":\"2\",\"hasMoreChanges\":false,"

START_TEST(created_and_updated_are_one_list_rfc_8620_5_2)
{
	ck_assert_int_eq(
		changes(STATES "\"created\":[\"a\",\"b\"],\"updated\":[\"b\",\"c\",\"c\"],\"destroyed\":[\"d\"]"), 0);
	ck_assert(c.n_changed == 3 && c.n_destroyed == 1 && !c.more && !c.counts_only);
	ck_assert_slice_eq(c.changed[0], "a");
	ck_assert_slice_eq(c.changed[2], "c");
	ck_assert_slice_eq(c.destroyed[0], "d");
	ck_assert_slice_eq(c.old_state, "1");
	ck_assert_slice_eq(c.new_state, "2");
	ck_assert_int_eq(changes(STATES "\"created\":null,\"updated\":[]"), 0);
	ck_assert(c.n_changed == 0 && c.n_destroyed == 0);
}
END_TEST

START_TEST(only_counts_changed_rfc_8621_2_2)
{
	ck_assert_int_eq(
		changes(STATES "\"updated\":[\"a\"],\"updatedProperties\":[\"totalEmails\",\"unreadThreads\"]"), 0);
	ck_assert(c.counts_only);
	ck_assert_int_eq(changes(STATES "\"updated\":[\"a\"],\"updatedProperties\":[\"totalEmails\",\"name\"]"), 0);
	ck_assert(!c.counts_only);
	ck_assert_int_eq(changes(STATES "\"updated\":[\"a\"],\"updatedProperties\":null"), 0);
	ck_assert(!c.counts_only);
	ck_assert_int_eq(changes(STATES "\"created\":[\"a\"],\"updatedProperties\":[\"totalEmails\"]"), 0);
	ck_assert(!c.counts_only);
}
END_TEST

static const char *const bad_changes[] = { "\"newState\":\"2\",\"hasMoreChanges\":false,\"created\":[]",
	STATES "\"created\":{}", STATES "\"created\":[null]", STATES "\"updated\":[\"\"]", STATES "\"destroyed\":[[]]",
	"\"oldState\":\"1\",\"newState\":\"2\",\"created\":[]",
	"\"oldState\":\"1\",\"newState\":\"1\",\"hasMoreChanges\":true,\"created\":[]" };

START_TEST(what_are_no_changes_is_refused)
{
	ck_assert_int_eq(changes(bad_changes[_i]), GW_ECORRUPT);
}
END_TEST

START_TEST(ids_of_a_query_are_taken_each_once_rfc_8620_5_5)
{
	struct gw_slice *ids;
	uint64_t limit;

	answer("Email/query", "\"queryState\":\"q\",\"ids\":[\"b\",\"a\",\"b\"],\"limit\":3,\"position\":0");
	ck_assert_int_eq(jmap_take_ids(a, 0, A1, &arena, &ids, &n, &limit, &state, &err), 0);
	ck_assert(n == 2 && limit == 3);
	ck_assert_slice_eq(ids[0], "b");
	answer("Email/query", "\"queryState\":\"q\",\"ids\":null");
	ck_assert_int_eq(jmap_take_ids(a, 0, A1, &arena, &ids, &n, &limit, &state, &err), GW_ECORRUPT);
}
END_TEST

START_TEST(a_list_has_an_end)
{
	struct gw_slice *ids;
	uint64_t limit;
	struct gw_buf b;

	for (int over = 0; over < 2; over++) {
		gw_buf_init(&b, 0);
		gw_buf_printf(&b, "[\"Email/query\",{\"accountId\":\"A1\",\"queryState\":\"q\",\"ids\":[\"x\"");
		for (int i = 1; i < JMAP_OBJECTS_MAX + over; i++)
			gw_buf_printf(&b, ",\"%d\"", i);
		gw_buf_printf(&b, "]},\"0\"]");
		ck_assert_int_eq(read_responses(gw_buf_str(&b), 1), 0);
		ck_assert_int_eq(
			jmap_take_ids(a, 0, A1, &arena, &ids, &n, &limit, &state, &err), over ? GW_ECORRUPT : 0);
		gw_buf_done(&b);
	}
	ck_assert_uint_eq(n, JMAP_OBJECTS_MAX);
}
END_TEST

/* ---- sets ---- */

START_TEST(what_became_of_each_object_is_told_rfc_8620_5_3)
{
	struct jmap_set set;
	struct jmap_failure f;

	answer("Email/set", "\"oldState\":\"1\",\"newState\":\"2\",\"updated\":{\"a\":null,\"b\":{\"size\":1}},"
			    "\"notUpdated\":{\"c\":{\"type\":\"forbidden\","
			    "\"description\":\"no\\nway\"},\"d\":{\"type\":\"notFound\"}},\"destroyed\":[\"z\",\"y\"],"
			    "\"notDestroyed\":{\"x\":{}}");
	ck_assert_int_eq(jmap_take_set(a, 0, A1, &arena, &set, &err), 0);
	ck_assert_slice_eq(set.old_state, "1");
	ck_assert_slice_eq(set.new_state, "2");
	jmap_object_updated(a, 0, GW_S("a"), &f);
	ck_assert_int_eq(f.kind, JMAP_OK);
	jmap_object_updated(a, 0, GW_S("b"), &f);
	ck_assert_int_eq(f.kind, JMAP_OK);
	jmap_object_updated(a, 0, GW_S("c"), &f);
	ck_assert(f.kind == JMAP_ERR_FORBIDDEN && f.code == GW_EACCES);
	ck_assert_int_eq(jmap_fail(&f, "Email/set", &err), GW_EACCES);
	ck_assert_str_eq(err.text, "Email/set: the storage server says forbidden: no");
	jmap_object_updated(a, 0, GW_S("d"), &f);
	ck_assert(f.kind == JMAP_ERR_NOT_FOUND && f.code == GW_ENOENT);
	jmap_object_updated(a, 0, GW_S("e"), &f);
	ck_assert(f.kind == JMAP_ERR_OTHER && f.code == GW_ECORRUPT);
	jmap_object_destroyed(a, 0, GW_S("y"), &f);
	ck_assert_int_eq(f.kind, JMAP_OK);
	jmap_object_destroyed(a, 0, GW_S("x"), &f);
	ck_assert(f.kind == JMAP_ERR_OTHER && f.code == GW_EIO);
	jmap_object_destroyed(a, 0, GW_S("a"), &f);
	ck_assert_int_eq(f.code, GW_ECORRUPT);
}
END_TEST

START_TEST(a_no_outweighs_a_yes)
{
	struct jmap_failure f;

	answer("Email/set", "\"updated\":{\"a\":null},\"notUpdated\":{\"a\":{\"type\":\"overQuota\"}},\"destroyed\":["
			    "\"b\"],\"notDestroyed\":{\"b\":null}");
	jmap_object_updated(a, 0, GW_S("a"), &f);
	ck_assert_int_eq(f.code, GW_EQUOTA);
	jmap_object_destroyed(a, 0, GW_S("b"), &f);
	ck_assert_int_eq(f.code, GW_EIO);
}
END_TEST

START_TEST(a_call_that_failed_failed_for_every_object)
{
	struct jmap_failure f;
	struct jmap_set set;

	ck_assert_int_eq(read_responses("[\"error\",{\"type\":\"stateMismatch\"},\"0\"]", 2), 0);
	jmap_object_updated(a, 0, GW_S("a"), &f);
	ck_assert_int_eq(f.kind, JMAP_ERR_STATE);
	jmap_object_destroyed(a, 1, GW_S("a"), &f);
	ck_assert_int_eq(f.code, GW_ECORRUPT);
	ck_assert_int_eq(jmap_take_set(a, 0, A1, &arena, &set, &err), GW_EBUSY);
}
END_TEST

START_TEST(an_import_tells_what_is_new_and_what_was_there_rfc_8621_4_8)
{
	struct jmap_created created = { 0 };
	struct jmap_failure f;
	struct jmap_set set;

	answer("Email/import", "\"created\":{\"i0\":{\"id\":\"e0\",\"blobId\":\"b0\",\"threadId\":\"t0\",\"size\":5},"
			       "\"i3\":null,\"i4\":{\"size\":1}},"
			       "\"notCreated\":{\"i1\":{\"type\":\"alreadyExists\",\"existingId\":\"e7\"},\"i2\":{"
			       "\"type\":\"alreadyExists\",\"existingId\":\"a b\"}}");
	ck_assert_int_eq(jmap_take_set(a, 0, A1, &arena, &set, &err), 0);
	ck_assert(set.old_state.n == 0 && set.new_state.n == 0);
	jmap_object_created(a, 0, "i0", &arena, &created, &f);
	ck_assert_int_eq(f.kind, JMAP_OK);
	ck_assert_slice_eq(created.id, "e0");
	ck_assert_slice_eq(created.blob, "b0");
	ck_assert_slice_eq(created.thread, "t0");
	ck_assert_uint_eq(created.size, 5);
	jmap_object_created(a, 0, "i1", &arena, &created, &f);
	ck_assert_int_eq(f.kind, JMAP_ERR_EXISTS);
	ck_assert_slice_eq(f.existing, "e7");
	jmap_object_created(a, 0, "i2", &arena, &created, &f);
	ck_assert(f.kind == JMAP_ERR_EXISTS && f.existing.n == 0);
	for (int i = 3; i < 6; i++) {
		char creation[8];

		snprintf(creation, sizeof creation, "i%d", i % 10);
		jmap_object_created(a, 0, creation, &arena, &created, &f);
		ck_assert_int_eq(f.code, GW_ECORRUPT);
	}
}
END_TEST

/* The implicit Email/set comes under the same tag (RFC 8620 5.4); Cyrus' blobId of a copy lacks a letter. */
START_TEST(a_copy_is_the_first_answer_of_its_tag_and_tells_no_blob)
{
	struct jmap_created created = { 0 };
	struct jmap_failure f;

	ck_assert_int_eq(read_responses("[\"Email/"
					"copy\",{\"accountId\":\"A1\",\"created\":{\"i0\":{\"id\":\"e0\",\"blobId\":"
					"\"0a1b\",\"size\":5}}},\"0\"],"
					"[\"Email/"
					"set\",{\"accountId\":\"A2\",\"created\":{\"i0\":{\"id\":\"x\"}},\"destroyed\":"
					"[\"e0\"]},\"0\"]",
				 1),
		0);
	jmap_object_created(a, 0, "i0", &arena, &created, &f);
	ck_assert_int_eq(f.kind, JMAP_OK);
	ck_assert_slice_eq(created.id, "e0");
	ck_assert(created.blob.n == 0 && created.size == 5);
}
END_TEST

START_TEST(thousands_of_objects_are_each_found)
{
	struct gw_buf b;
	struct jmap_failure f;
	char id[16];

	gw_buf_init(&b, 0);
	gw_buf_printf(&b, "\"updated\":{\"u\":null");
	for (int i = 0; i < 4000; i++)
		gw_buf_printf(&b, ",\"u%d\":null", i * 31 % 4000);
	gw_buf_printf(&b, "},\"destroyed\":[\"d\"");
	for (int i = 0; i < 4000; i++)
		gw_buf_printf(&b, ",\"d%d\"", i * 31 % 4000);
	gw_buf_printf(&b, "]");
	answer("Email/set", gw_buf_str(&b));
	for (int i = 0; i < 4000; i++) {
		snprintf(id, sizeof id, "u%d", i);
		jmap_object_updated(a, 0, gw_slice_str(id), &f);
		ck_assert_int_eq(f.kind, JMAP_OK);
		id[0] = 'd';
		jmap_object_destroyed(a, 0, gw_slice_str(id), &f);
		ck_assert_int_eq(f.kind, JMAP_OK);
	}
	gw_buf_done(&b);
}
END_TEST

/* ---- errors ---- */

static const struct {
	const char *type;
	enum jmap_error kind;
	int code;
} types[] = { { "serverUnavailable", JMAP_ERR_UNAVAILABLE, GW_EUNAVAIL }, { "serverFail", JMAP_ERR_OTHER, GW_EIO },
	{ "somethingNew", JMAP_ERR_OTHER, GW_EIO }, { "invalidResultReference", JMAP_ERR_OTHER, GW_EIO },
	{ "resultReference", JMAP_ERR_OTHER, GW_EIO }, { "unknownMethod", JMAP_ERR_UNKNOWN_METHOD, GW_ENOTSUP },
	{ "invalidArguments", JMAP_ERR_INVALID, GW_EINVAL }, { "accountNotFound", JMAP_ERR_ACCOUNT, GW_EACCES },
	{ "requestTooLarge", JMAP_ERR_TOO_LARGE, GW_ELIMIT },
	{ "cannotCalculateChanges", JMAP_ERR_CHANGES, GW_ENOTSUP },
	{ "tooManyChanges", JMAP_ERR_TOO_MANY_CHANGES, GW_ELIMIT }, { "anchorNotFound", JMAP_ERR_ANCHOR, GW_EBUSY },
	{ "tooLarge", JMAP_ERR_TOO_LARGE, GW_ELIMIT }, { "rateLimit", JMAP_ERR_OTHER, GW_ELIMIT },
	{ "mailboxHasChild", JMAP_ERR_HAS_CHILD, GW_EINVAL }, { "mailboxHasEmail", JMAP_ERR_HAS_EMAIL, GW_EINVAL },
	{ "blobNotFound", JMAP_ERR_BLOB, GW_EINVAL }, { "tooManyMailboxes", JMAP_ERR_OTHER, GW_ELIMIT },
	{ "invalidEmail", JMAP_ERR_INVALID, GW_EINVAL } };

START_TEST(types_of_errors_have_codes_rfc_8620_3_6_2_and_5_3)
{
	struct jmap_failure f;

	ck_assert_int_eq(
		read_responses(gw_arena_printf(&arena, "[\"error\",{\"type\":\"%s\"},\"0\"]", types[_i].type), 1), 0);
	jmap_call_failure(a, 0, &f);
	ck_assert_int_eq(f.kind, types[_i].kind);
	ck_assert_int_eq(f.code, types[_i].code);
	ck_assert_slice_eq(f.type, types[_i].type);
}
END_TEST

START_TEST(what_a_server_says_can_be_shown)
{
	struct jmap_failure f;
	char type[200];

	memset(type, 'T', sizeof type);
	type[199] = '\0';
	ck_assert_int_eq(
		read_responses(gw_arena_printf(&arena,
				       "[\"error\",{\"type\":\"%s\",\"description\":\"a\\u001b[1m\"},\"0\"]", type),
			1),
		0);
	jmap_call_failure(a, 0, &f);
	ck_assert_uint_eq(f.type.n, 64);
	ck_assert_slice_eq(f.description, "a");
	ck_assert_int_eq(read_responses("[\"error\",{},\"0\"]", 1), 0);
	jmap_call_failure(a, 0, &f);
	ck_assert_uint_ne(f.type.n, 0);
}
END_TEST

#define LIMIT(name) "{\"type\":\"urn:ietf:params:jmap:error:limit\",\"limit\":\"" name "\",\"status\":400}"

static const struct {
	int status;
	const char *body, *limit;
	int code;
} https[] = { { 400, LIMIT("maxObjectsInGet"), "maxObjectsInGet", GW_ELIMIT },
	{ 400, LIMIT("maxSizeRequest"), "maxSizeRequest", GW_ELIMIT },
	{ 400, LIMIT("maxConcurrentRequests"), "maxConcurrentRequests", GW_EUNAVAIL },
	{ 400, LIMIT("other"), "", GW_ELIMIT }, { 413, LIMIT("maxSizeUpload"), "maxSizeUpload", GW_ELIMIT },
	{ 400, "{\"type\":\"urn:ietf:params:jmap:error:notJSON\"}", "", GW_EIO }, { 400, "<html>", "", GW_EIO },
	{ 401, "", "", GW_EAUTH }, { 403, "{}", "", GW_EACCES }, { 404, "", "", GW_ENOENT }, { 413, "", "", GW_ELIMIT },
	{ 429, "", "", GW_EUNAVAIL }, { 500, LIMIT("maxObjectsInGet"), "", GW_EUNAVAIL }, { 503, "", "", GW_EUNAVAIL },
	{ 507, "", "", GW_EQUOTA }, { 302, "", "", GW_EIO }, { 204, "", "", GW_EIO }, { 0, "", "", GW_EIO } };

START_TEST(statuses_and_problems_have_codes_rfc_8620_3_6_1)
{
	const char *limit = NULL;

	ck_assert_int_eq(jmap_http_error(https[_i].status, gw_slice_str(https[_i].body), &limit, &err), https[_i].code);
	ck_assert_str_eq(limit, https[_i].limit);
	ck_assert_str_ne(err.text, "");
	ck_assert_int_eq(jmap_http_error(https[_i].status, gw_slice_str(https[_i].body), NULL, NULL), https[_i].code);
}
END_TEST

/* ---- quotas and uploads ---- */

static struct gw_quota quota(const char *list)
{
	struct gw_quota q;

	answer("Quota/get", gw_arena_printf(&arena, "\"state\":\"s\",\"list\":[%s]", list));
	ck_assert_int_eq(jmap_take_quota(a, 0, A1, &q, &err), 0);
	return q;
}

#define QUOTA(type, used, hard, scope, types)                                                                       \
	"{\"id\":\"q\",\"resourceType\":\"" type "\",\"used\":" #used ",\"hardLimit\":" #hard ",\"scope\":\"" scope \
	"\",\"types\":[" types "]}"

START_TEST(quotas_of_mail_are_taken_rfc_9425_4)
{
	struct gw_quota q = quota(QUOTA("octets", 5, 100, "account", "\"Mail\",\"Calendar\"") "," QUOTA("count", 7, 70,
		"account", "\"Mail\"") "," QUOTA("octets", 1, 2, "domain", "\"Mail\"") "," QUOTA("octets", 1, 2,
		"account", "\"Calendar\"") "," QUOTA("octets", 60, 120, "account", "\"Mail\""));

	ck_assert(q.storage_used == 60 && q.storage_limit == 120 && q.messages_used == 7 && q.messages_limit == 70);
	q = quota("{\"id\":\"mail\",\"used\":1975,\"total\":102400},{\"id\":\"x\",\"used\":1,\"total\":1}");
	ck_assert(q.storage_used == 1975 && q.storage_limit == 102400 && q.messages_limit == 0);
	q = quota("");
	ck_assert(q.storage_limit == 0 && q.storage_used == 0);
}
END_TEST

START_TEST(an_upload_is_of_the_account_rfc_8620_6_1)
{
	struct gw_slice blob;
	uint64_t size;

	ck_assert_int_eq(jmap_upload_read(GW_S("{\"accountId\":\"A1\",\"blobId\":\"G1\",\"type\":\"x\",\"size\":9}"),
				 A1, &arena, &blob, &size, &err),
		0);
	ck_assert_slice_eq(blob, "G1");
	ck_assert_uint_eq(size, 9);
	ck_assert_int_eq(jmap_upload_read(GW_S("{\"accountId\":\"A2\",\"blobId\":\"G1\",\"size\":9}"), A1, &arena,
				 &blob, &size, &err),
		GW_ECORRUPT);
	ck_assert_int_eq(jmap_upload_read(GW_S("{\"accountId\":\"A1\",\"blobId\":\"G/1\",\"size\":9}"), A1, &arena,
				 &blob, &size, &err),
		GW_ECORRUPT);
	ck_assert_int_eq(
		jmap_upload_read(GW_S("{\"accountId\":\"A1\",\"blobId\":\"G1\"}"), A1, &arena, &blob, &size, &err),
		GW_ECORRUPT);
	ck_assert_int_eq(jmap_upload_read(GW_S("[]"), A1, &arena, &blob, &size, &err), GW_ECORRUPT);
}
END_TEST

#define LOOP(tc, test, v) tcase_add_loop_test(tc, test, 0, (int)(sizeof(v) / sizeof *(v)))

static TCase *tcase_answer(void)
{
	TCase *tc = tcase_create("answer");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, answers_are_found_in_any_order_rfc_8620_3_4);
	LOOP(tc, what_is_no_list_of_responses_is_refused, frames);
	tcase_add_test(tc, more_responses_than_calls_can_have_are_refused);
	tcase_add_test(tc, a_message_is_taken_rfc_8621_4_1);
	tcase_add_test(tc, flags_and_places_alone_are_taken);
	tcase_add_test(tc, of_one_id_told_twice_the_first_counts);
	LOOP(tc, dates_are_utc_with_or_without_a_fraction_rfc_8620_1_4, dates);
	LOOP(tc, what_is_no_message_is_refused, bad_emails);
	tcase_add_test(tc, an_id_has_255_octets_at_most_rfc_8620_1_2);
	tcase_add_test(tc, an_answer_for_another_account_is_refused);
	tcase_add_test(tc, an_answer_of_another_method_is_refused);
	tcase_add_test(tc, mailboxes_are_taken_and_a_role_has_one_rfc_8621_2);
	LOOP(tc, what_is_no_mailbox_is_refused, bad_mailboxes);
	tcase_add_test(tc, created_and_updated_are_one_list_rfc_8620_5_2);
	tcase_add_test(tc, only_counts_changed_rfc_8621_2_2);
	LOOP(tc, what_are_no_changes_is_refused, bad_changes);
	tcase_add_test(tc, ids_of_a_query_are_taken_each_once_rfc_8620_5_5);
	tcase_add_test(tc, a_list_has_an_end);
	tcase_add_test(tc, what_became_of_each_object_is_told_rfc_8620_5_3);
	tcase_add_test(tc, a_no_outweighs_a_yes);
	tcase_add_test(tc, a_call_that_failed_failed_for_every_object);
	tcase_add_test(tc, an_import_tells_what_is_new_and_what_was_there_rfc_8621_4_8);
	tcase_add_test(tc, a_copy_is_the_first_answer_of_its_tag_and_tells_no_blob);
	tcase_add_test(tc, thousands_of_objects_are_each_found);
	LOOP(tc, types_of_errors_have_codes_rfc_8620_3_6_2_and_5_3, types);
	tcase_add_test(tc, what_a_server_says_can_be_shown);
	LOOP(tc, statuses_and_problems_have_codes_rfc_8620_3_6_1, https);
	tcase_add_test(tc, quotas_of_mail_are_taken_rfc_9425_4);
	tcase_add_test(tc, an_upload_is_of_the_account_rfc_8620_6_1);
	return tc;
}

UNIT_MAIN("store/jmap/answer", tcase_answer())

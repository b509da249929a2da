/* test_events.c - the catalogue: rows agree with each other, sentences are filled in, records go through a ring whole */
#include "log/pack.h"
#include "tests/unit/unit.h"

START_TEST(rows_are_complete_and_name_fields_that_exist)
{
	const struct gw_event *e = gw_event_row((enum gw_event_id)_i);
	struct gw_slice list = gw_slice_str(e->fields), name;
	bool optional;

	ck_assert_ptr_nonnull(e->name);
	ck_assert_ptr_nonnull(e->sentence);
	ck_assert_ptr_nonnull(e->brief);
	ck_assert(e->level >= 0 && e->level <= 6);
	while (gw_event_next_field(&list, &name, &optional))
		ck_assert_msg(gw_event_field(name) != NULL, "%s: %.*s", e->name, GW_FMT(name));
}
END_TEST

START_TEST(forms_of_one_event_have_the_same_fields)
{
	for (unsigned i = 0; i < GW_EVENTS; i++) {
		const struct gw_event *a = gw_event_row((enum gw_event_id)_i), *b = gw_event_row((enum gw_event_id)i);

		if (strcmp(a->name, b->name) != 0)
			continue;
		ck_assert_str_eq(a->fields, b->fields);
		ck_assert_str_eq(a->brief, b->brief);
		ck_assert_int_eq(a->module, b->module);
	}
}
END_TEST

/* Each {field} of a sentence is one of the event's. */
START_TEST(sentences_say_only_what_the_event_has)
{
	const struct gw_event *e = gw_event_row((enum gw_event_id)_i);

	for (const char *p = strchr(e->sentence, '{'); p && _i != GW_EV_MESSAGE; p = strchr(p + 1, '{')) {
		struct gw_slice wanted = gw_slice(p + 1, (size_t)(strchr(p, '}') - p - 1));
		struct gw_slice list = gw_slice_str(e->fields), name = { 0 };
		bool optional, there = false;

		while (!there && gw_event_next_field(&list, &name, &optional))
			there = gw_slice_eq(name, wanted);
		ck_assert_msg(there, "%s: {%.*s}", e->name, GW_FMT(wanted));
	}
}
END_TEST

static const char *sentence(struct gw_buf *b, enum gw_event_id id, const struct gw_log_field *f, size_t n)
{
	gw_buf_init(b, 0);
	gw_event_put_sentence(b, gw_event_row(id), f, n);
	return gw_buf_str(b);
}

START_TEST(lines_that_filters_match_stay_as_they_are)
{
	const struct gw_log_field f[] = { GW_STR("address", "192.0.2.1:5"), GW_STR("user", "anna"), GW_STR("mechanism", "PLAIN"),
					  GW_STR("detail", "bad"), GW_NUM("failed_commands", 3), GW_STR("reply", "No") };
	static const struct {
		enum gw_event_id id;
		int level;
		const char *line;
	} lines[] = {
		{ GW_EV_LOGIN_FAILED_IMAP, 3, "Failed to login from 192.0.2.1:5 with invalid username \"anna\" or wrong password. Error: 0x80040111" },
		{ GW_EV_LOGIN_FAILED_POP3, 2, "Failed to login from 192.0.2.1:5 with invalid username \"anna\" or wrong password. Error: 0x80040111" },
		{ GW_EV_LOGIN_IMAP, 4, "IMAP Login from 192.0.2.1:5 for user anna" },
		{ GW_EV_LOGIN_POP3, 4, "POP3 Login from 192.0.2.1:5 for user anna" },
		{ GW_EV_LOGIN_PLAINTEXT, 2, "Aborted login from 192.0.2.1:5 with username \"anna\" (tried to use disallowed plaintext auth)" },
		{ GW_EV_LOGIN_PLAINTEXT_NAMELESS, 2, "Aborted login from 192.0.2.1:5 without username (tried to use disallowed plaintext auth)" },
		{ GW_EV_LOGIN_DISABLED_IMAP, 2, "IMAP not enabled for user 'anna'" },
		{ GW_EV_LOGIN_DISABLED_POP3, 2, "POP3 not enabled for user 'anna'" },
		{ GW_EV_LOGIN_MALFORMED_IMAP, 3, "Failed to login from 192.0.2.1:5 with PLAIN: bad" },
		{ GW_EV_TOO_MANY_ERRORS, 2, "Disconnecting client of user anna because too many (3) erroneous commands received, last reply: No" },
	};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct gw_buf b;

		ck_assert_str_eq(sentence(&b, lines[i].id, f, sizeof f / sizeof *f), lines[i].line);
		ck_assert_int_eq(gw_event_row(lines[i].id)->level, lines[i].level);
		gw_buf_done(&b);
	}
}
END_TEST

START_TEST(values_are_not_looked_into_and_missing_ones_are_marked)
{
	const struct gw_log_field f[] = { GW_STR("address", "{user}") };
	struct gw_buf b;

	ck_assert_str_eq(sentence(&b, GW_EV_LOGIN_IMAP, f, 1), "IMAP Login from {user} for user -");
	gw_buf_done(&b);
}
END_TEST

START_TEST(a_login_that_failed_is_never_folded_and_always_kept)
{
	for (unsigned i = 0; i < GW_EVENTS; i++) {
		const struct gw_event *e = gw_event_row((enum gw_event_id)i);

		if (strncmp(e->name, "login_", 6) == 0)
			ck_assert_uint_eq(e->flags, GW_EVENT_EACH | GW_EVENT_REFUSAL);
	}
}
END_TEST

START_TEST(a_record_comes_back_from_its_bytes)
{
	const struct gw_log_field f[] = { GW_STR("address", "192.0.2.1:5"), GW_NUM("limit", 1ull << 40), GW_YES("tls", true),
					  GW_STR("unheard", "of") };
	struct gw_log_item in = { .id = GW_EV_REFUSED_FULL, .module = GW_MOD_NET, .logged = true,
				  .rec = { .level = 3, .wall_us = 1518084672000042, .who = "loop-1", .fields = f, .n_fields = 4 } };
	struct gw_log_item out;
	char packed[GW_LOG_PACKED_MAX];

	ck_assert(gw_log_unpack(gw_slice(packed, gw_log_pack(&in, packed)), &out));
	ck_assert_int_eq(out.id, GW_EV_REFUSED_FULL);
	ck_assert_str_eq(out.rec.event, "refused");
	ck_assert_str_eq(out.rec.module, "net");
	ck_assert_str_eq(out.rec.who, "loop-1");
	ck_assert(out.logged && out.rec.level == 3 && out.rec.wall_us == 1518084672000042);
	ck_assert_uint_eq(out.rec.n_fields, 3); /* names that the catalogue does not have stay behind */
	ck_assert(gw_slice_eq(gw_log_item_text(&out, "address"), GW_S("192.0.2.1:5")));
	ck_assert_uint_eq(gw_log_item_field(&out, "limit")->number, 1ull << 40);
	ck_assert_ptr_null(gw_log_item_field(&out, "user"));
}
END_TEST

START_TEST(long_texts_are_cut_and_the_rest_fits)
{
	static char text[5000];
	struct gw_log_field f[GW_LOG_FIELDS_MAX + 3];
	struct gw_log_item in = { .id = GW_EV_MESSAGE, .rec = { .level = 5, .text = gw_slice(text, (size_t)_i), .fields = f,
								.n_fields = GW_LOG_FIELDS_MAX + 3 } };
	struct gw_log_item out;
	char packed[GW_LOG_PACKED_MAX];
	size_t n;

	memset(text, 'x', sizeof text);
	for (size_t i = 0; i < GW_LOG_FIELDS_MAX + 3; i++)
		f[i] = i % 2 ? (struct gw_log_field)GW_TEXT("detail", gw_slice(text, 500)) : (struct gw_log_field)GW_NUM("ms", i);
	n = gw_log_pack(&in, packed);
	ck_assert_uint_le(n, sizeof packed);
	ck_assert(gw_log_unpack(gw_slice(packed, n), &out));
	ck_assert_uint_eq(out.rec.n_fields, GW_LOG_FIELDS_MAX);
	for (size_t cut = 0; cut < n; cut++)
		ck_assert(!gw_log_unpack(gw_slice(packed, cut), &out));
}
END_TEST

START_TEST(levels_and_modules_are_found_by_name)
{
	enum gw_module m;

	ck_assert_int_eq(gw_log_level_find(GW_S("Debug")), 6);
	ck_assert_int_eq(gw_log_level_find(GW_S("none")), 0);
	ck_assert_int_eq(gw_log_level_find(GW_S("3")), 3);
	ck_assert_int_eq(gw_log_level_find(GW_S("loud")), -1);
	ck_assert(gw_module_find(GW_S("tls"), &m) && m == GW_MOD_TLS);
	ck_assert(!gw_module_find(GW_S("protocol"), &m));
	ck_assert(gw_event_known(GW_S("login_failed")) && !gw_event_known(GW_S("login_fail")));
}
END_TEST

static TCase *tcase_events(void)
{
	TCase *tc = tcase_create("events");

	tcase_add_loop_test(tc, rows_are_complete_and_name_fields_that_exist, 0, GW_EVENTS);
	tcase_add_loop_test(tc, forms_of_one_event_have_the_same_fields, 0, GW_EVENTS);
	tcase_add_loop_test(tc, sentences_say_only_what_the_event_has, 0, GW_EVENTS);
	tcase_add_test(tc, lines_that_filters_match_stay_as_they_are);
	tcase_add_test(tc, values_are_not_looked_into_and_missing_ones_are_marked);
	tcase_add_test(tc, a_login_that_failed_is_never_folded_and_always_kept);
	tcase_add_test(tc, a_record_comes_back_from_its_bytes);
	tcase_add_loop_test(tc, long_texts_are_cut_and_the_rest_fits, 690, 760);
	tcase_add_test(tc, levels_and_modules_are_found_by_name);
	return tc;
}

UNIT_MAIN("events", tcase_events())

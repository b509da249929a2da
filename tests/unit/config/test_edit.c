/* test_edit.c - set and unset in the text of a file (lib/config/edit.c) */
#include "tests/unit/config/edited.h"

static void set(struct edited *e, struct gw_slice text, const char *name, const char *value)
{
	edited_init(e);
	e->rc = gw_config_edit_set(text, row(name), gw_slice_str(value), &e->out, &e->edits, NULL);
}

static void becomes(const char *text, const char *name, const char *value, const char *want)
{
	struct edited e;

	set(&e, gw_slice_str(text), name, value);
	ck_assert_int_eq(e.rc, 0);
	same_bytes(gw_buf_slice(&e.out), gw_slice_str(want), text);
	ck_assert_uint_eq(e.edits.total, strcmp(text, want) != 0);
	edited_done(&e);
}

START_TEST(only_the_value_of_the_last_line_changes)
{
	becomes("imap_port = 1\n# c\nimap_port=2\nlog_level = 2\n", "imap_port", "3",
		"imap_port = 1\n# c\nimap_port=3\nlog_level = 2\n");
	becomes("\t imap_port\t=  1 \t\r\n", "imap_port", "22", "\t imap_port\t=  22 \t\r\n");
	becomes("imap_port = 1", "imap_port", "2", "imap_port = 2");
	becomes("\xEF\xBB\xBFimap_port = 1\n", "imap_port", "2", "\xEF\xBB\xBFimap_port = 2\n");
	becomes("imap_port = 1 # c\n", "imap_port", "2", "imap_port = 2\n"); /* it was the value */
	becomes("imap_port = 1\n", "imap_port", " 1 ", "imap_port = 1\n");
}
END_TEST

START_TEST(empty_values_come_and_go)
{
	becomes("server_bind = ::1\n", "server_bind", "", "server_bind =\n");
	becomes("server_bind =\n", "server_bind", "::1", "server_bind = ::1\n");
	becomes("server_bind=\n", "server_bind", "::1", "server_bind=::1\n");
	becomes("server_bind =  \r\n", "server_bind", "::1", "server_bind =  ::1\r\n");
	becomes("", "server_bind", "", "server_bind =\n");
}
END_TEST

START_TEST(a_new_line_stands_where_the_option_belongs)
{
	becomes("# Port.\n#imap_port = 143\n\n# next\n#imaps_port = 993\n", "imap_port", "2",
		"# Port.\n#imap_port = 143\nimap_port = 2\n\n# next\n#imaps_port = 993\n");
	becomes("# imap_port = 1", "imap_port", "2", "# imap_port = 1\nimap_port = 2");
	becomes("imaps_port = 1\r\nlog_level = 2\r\n", "imap_port", "2", "imaps_port = 1\r\nimap_port = 2\r\nlog_level = 2\r\n");
	becomes("log_level = 2\n# end\n", "imap_port", "2", "log_level = 2\n# end\nimap_port = 2\n");
	becomes("log_level = 2", "imap_port", "2", "log_level = 2\nimap_port = 2");
	becomes("", "imap_port", "2", "imap_port = 2\n");
	becomes("\xEF\xBB\xBF", "imap_port", "2", "\xEF\xBB\xBF\nimap_port = 2");
}
END_TEST

START_TEST(lines_that_are_not_read_are_not_taken_for_the_option)
{
	becomes(" #imap_port = 1\n", "imap_port", "2", " #imap_port = 1\nimap_port = 2\n");
	becomes("imap_port 1\n", "imap_port", "2", "imap_port 1\nimap_port = 2\n");
	becomes("Imap_port = 1\n", "imap_port", "2", "Imap_port = 1\nimap_port = 2\n");
}
END_TEST

START_TEST(values_that_are_more_than_a_line_are_refused)
{
	static const char nul[] = { 'a', '\0', 'b' };
	struct gw_buf out;
	char *big = gw_xalloc(GW_CONFIG_LINE_MAX + 1);
	struct gw_err err;
	struct edited e;

	set(&e, GW_S("imap_port = 1\n"), "server_hostname", "a\nlog_level = 6");
	ck_assert_int_eq(e.rc, GW_EINVAL);
	ck_assert_uint_eq(e.out.n, 0);
	edited_done(&e);
	gw_buf_init(&out, 0);
	ck_assert_int_eq(gw_config_edit_set(GW_S(""), row("server_hostname"), gw_slice(nul, 3), &out, NULL, &err), GW_EINVAL);
	memset(big, 'a', GW_CONFIG_LINE_MAX);
	for (size_t over = 0; over < 2; over++) /* "server_hostname = " has 18 bytes */
		ck_assert_int_eq(gw_config_edit_set(GW_S(""), row("server_hostname"), gw_slice(big, GW_CONFIG_LINE_MAX - 18 + over),
			&out, NULL, &err), over ? GW_EINVAL : 0);
	gw_buf_done(&out);
	free(big);
}
END_TEST

START_TEST(unset_takes_out_every_line_of_the_option)
{
	struct edited e;

	edited_init(&e);
	ck_assert_uint_eq(gw_config_edit_unset(GW_S("\xEF\xBB\xBFimap_port = 1\r\n# c\r\nimap_port=x\r\nlog_level = 2\r\nimap_port ="),
		row("imap_port"), &e.out, &e.edits), 3);
	same_bytes(gw_buf_slice(&e.out), GW_S("\xEF\xBB\xBF# c\r\nlog_level = 2\r\n"), "unset");
	ck_assert_uint_eq(e.edits.n, 3);
	ck_assert_uint_eq(e.edits.v[1].line, 3);
	ck_assert_str_eq(e.edits.v[1].before, "imap_port=x");
	ck_assert_ptr_null(e.edits.v[1].after);
	edited_done(&e);
}
END_TEST

/* Where one is text and the other is text with a piece replaced, the piece lies in one line. */
static bool one_line_differs(struct gw_slice a, struct gw_slice b)
{
	while (a.n && b.n && a.p[0] == b.p[0]) {
		gw_slice_take(&a, 1);
		gw_slice_take(&b, 1);
	}
	while (a.n && b.n && a.p[a.n - 1] == b.p[b.n - 1]) {
		a.n--;
		b.n--;
	}
	return !memchr(a.p, '\n', a.n) && (!memchr(b.p, '\n', b.n) || memchr(b.p, '\n', b.n) == memrchr(b.p, '\n', b.n));
}

static void others_are_the_same(const struct loaded *a, const struct loaded *b, const struct gw_option *but)
{
	for (size_t i = 0; i < gw_option_count(); i++) {
		const struct gw_option *opt = gw_option_at(i);

		if (opt != but && gw_config_is_set(a->cfg, opt, NULL))
			ck_assert_str_eq(gw_config_text(a->cfg, opt), gw_config_text(b->cfg, opt));
	}
}

/* What is set is read back, the rest stays, and unset takes it away again. */
static bool set_then_get(struct gw_slice file, const char *name, const char *value, const char *canonical)
{
	struct loaded before, after, gone;
	struct edited e, u;
	bool loads;

	set(&e, file, name, value);
	ck_assert_int_eq(e.rc, 0);
	ck_assert(one_line_differs(file, gw_buf_slice(&e.out)));
	edited_init(&u);
	ck_assert_uint_ge(gw_config_edit_unset(gw_buf_slice(&e.out), row(name), &u.out, NULL), 1);
	load_bytes(&before, file.p, file.n);
	load_bytes(&after, e.out.p, e.out.n);
	load_bytes(&gone, u.out.p, u.out.n);
	loads = before.rc == 0 && after.rc == 0;
	if (loads) {
		ck_assert_str_eq(gw_config_get(after.cfg, name), canonical);
		others_are_the_same(&before, &after, row(name));
	}
	if (loads && gone.rc == 0) {
		ck_assert(!gw_config_is_set(gone.cfg, row(name), NULL));
		others_are_the_same(&before, &gone, row(name));
	}
	load_done(&before);
	load_done(&after);
	load_done(&gone);
	edited_done(&e);
	edited_done(&u);
	return loads;
}

START_TEST(what_is_set_in_any_file_is_read_back)
{
	static const char *const values[][3] = { { "imap_port", "1144", "1144" }, { "imap_public_folders", "No", "no" },
		{ "server_hostname", "a b", "a b" }, { "server_hostname", "", "" }, { "imap_max_messagesize", "10mb", "10M" } };
	unsigned loaded = 0;
	uint64_t seed = 11;
	struct gw_buf file;

	gw_buf_init(&file, 0);
	for (int i = 0; i < 3000; i++) {
		const char *const *v = values[i % 5];

		random_file(&file, &seed, i % 2);
		loaded += set_then_get(gw_buf_slice(&file), v[0], v[1], v[2]);
	}
	ck_assert_uint_gt(loaded, 200);
	gw_buf_done(&file);
}
END_TEST

static TCase *edits(void)
{
	TCase *tc = tcase_create("edits");

	tcase_add_test(tc, only_the_value_of_the_last_line_changes);
	tcase_add_test(tc, empty_values_come_and_go);
	tcase_add_test(tc, a_new_line_stands_where_the_option_belongs);
	tcase_add_test(tc, lines_that_are_not_read_are_not_taken_for_the_option);
	tcase_add_test(tc, values_that_are_more_than_a_line_are_refused);
	tcase_add_test(tc, unset_takes_out_every_line_of_the_option);
	tcase_add_test(tc, what_is_set_in_any_file_is_read_back);
	return tc;
}

UNIT_MAIN("config/edit", edits())

/* test_fmt.c - the canonical layout (lib/config/fmt.c) */
#include "tests/unit/config/edited.h"

static void fmt(struct edited *e, struct gw_slice text)
{
	edited_init(e);
	gw_config_fmt(text, &e->out, &e->edits);
}

static void becomes(const char *text, const char *want, size_t edits)
{
	struct edited e;

	fmt(&e, gw_slice_str(text));
	same_bytes(gw_buf_slice(&e.out), gw_slice_str(want), text);
	ck_assert_msg(e.edits.total == edits, "%s: %zu edits", text, e.edits.total);
	edited_done(&e);
}

START_TEST(options_have_one_blank_around_the_equals_sign)
{
	becomes("imap_port=1\n", "imap_port = 1\n", 1);
	becomes("\t imap_port\t=  1 \t\n", "imap_port = 1\n", 1);
	becomes("server_bind=\n", "server_bind =\n", 1);
	becomes("ssl_ciphers = A=B  C\n", "ssl_ciphers = A=B  C\n", 0);
	becomes("foo=1", "foo = 1\n", 1);
}
END_TEST

START_TEST(line_ends_and_blank_lines_are_canonical)
{
	becomes("", "", 0);
	becomes("\n \n\r\n", "", 3);
	becomes("\n\nimap_port = 1\r\n\r\n\t\n\nlog_level = 2\n\n", "imap_port = 1\n\nlog_level = 2\n", 7);
	becomes("imap_port = 1", "imap_port = 1\n", 1);
	becomes("\xEF\xBB\xBFimap_port = 1\n", "imap_port = 1\n", 1);
}
END_TEST

START_TEST(comments_keep_their_bytes)
{
	becomes("#x  y \t\n  # note  \n#\n", "#x  y \t\n  # note  \n#\n", 0);
	becomes("#x\r\n", "#x\n", 1);
	becomes("#x\r\r\n", "#x\r\r\n", 0);
}
END_TEST

START_TEST(what_would_be_read_in_another_way_keeps_its_bytes)
{
	becomes("  # a = b\n", "  # a = b\n", 0);
	becomes("  !include x = y\n", "  !include x = y\n", 0);
	becomes("  !include x \n", "  !include x\n", 1);
	becomes("!include\t x y \n", "!include x y\n", 1);
	becomes("!include \n!include\n!if  x \n", "!include \n!include\n!if  x \n", 0);
	becomes(" imap_port 143 \n = 5 \n", " imap_port 143\n = 5\n", 2);
	becomes("\n\xEF\xBB\xBFimap_port = 1\n", "\xEF\xBB\xBF\xEF\xBB\xBFimap_port = 1\n", 1);
}
END_TEST

START_TEST(a_line_does_not_grow_over_a_limit)
{
	static const size_t sizes[] = { 4093, 4094, 65534, 65535, 65536, 65537 };

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		char *line = gw_xalloc(sizes[i] + 2);
		struct edited e;

		memset(line, 'a', sizes[i]);
		memcpy(line, "server_hostname=", 16);
		line[sizes[i]] = '\n';
		fmt(&e, gw_slice(line, sizes[i] + 1));
		ck_assert_uint_eq(e.edits.total, sizes[i] == 4093);
		ck_assert_uint_eq(e.out.n, sizes[i] + 1 + (sizes[i] == 4093 ? 2 : 0));
		edited_done(&e);
		free(line);
	}
}
END_TEST

START_TEST(the_sample_file_is_canonical)
{
	struct gw_buf sample;
	struct edited e;

	gw_buf_init(&sample, 0);
	gw_schema_sample(&sample);
	fmt(&e, gw_buf_slice(&sample));
	same_bytes(gw_buf_slice(&e.out), gw_buf_slice(&sample), "sample");
	edited_done(&e);
	gw_buf_done(&sample);
}
END_TEST

START_TEST(any_file_means_the_same_and_a_second_time_changes_nothing)
{
	unsigned loaded = 0;
	uint64_t seed = 7;
	struct gw_buf file;

	gw_buf_init(&file, 0);
	for (int i = 0; i < 4000; i++) {
		struct edited once, twice;
		bool loads;

		random_file(&file, &seed, i % 2);
		fmt(&once, gw_buf_slice(&file));
		fmt(&twice, gw_buf_slice(&once.out));
		same_bytes(gw_buf_slice(&twice.out), gw_buf_slice(&once.out), gw_buf_str(&file));
		ck_assert_uint_eq(twice.edits.total, 0);
		ck_assert_uint_eq(once.edits.total == 0, gw_slice_eq(gw_buf_slice(&once.out), gw_buf_slice(&file)));
		ck_assert_msg(means_the_same(gw_buf_slice(&file), gw_buf_slice(&once.out), &loads), "%s", gw_buf_str(&file));
		loaded += loads;
		edited_done(&once);
		edited_done(&twice);
	}
	ck_assert_uint_gt(loaded, 300);
	gw_buf_done(&file);
}
END_TEST

static TCase *layout(void)
{
	TCase *tc = tcase_create("layout");

	tcase_add_test(tc, options_have_one_blank_around_the_equals_sign);
	tcase_add_test(tc, line_ends_and_blank_lines_are_canonical);
	tcase_add_test(tc, comments_keep_their_bytes);
	tcase_add_test(tc, what_would_be_read_in_another_way_keeps_its_bytes);
	tcase_add_test(tc, a_line_does_not_grow_over_a_limit);
	tcase_add_test(tc, the_sample_file_is_canonical);
	tcase_add_test(tc, any_file_means_the_same_and_a_second_time_changes_nothing);
	return tc;
}

UNIT_MAIN("config/fmt", layout())

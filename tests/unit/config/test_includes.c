/* test_includes.c - files that include each other: order, cycles, chains, directories and patterns, limits
 *
 * Most come from a table in memory; what only a file system has comes from a folder. */
#include "tests/unit/config/load.h"

#include <sys/stat.h>
#include <unistd.h>

/* ---- includes ---- */

START_TEST(an_include_is_read_in_its_place)
{
	static const struct file files[] = { { "/e/a.cfg", "imap_port = 1\n!include b.cfg\nlog_level = 5\n" },
		{ "/e/b.cfg", "imap_port = 2\nlog_level = 1\n!include /x/c d.cfg \n" }, { "/x/c d.cfg", "pop3_port = 9" }, { NULL, NULL } };
	struct loaded l;

	load_files(&l, "/e/a.cfg", files);
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.diags.n, 0);
	ck_assert_uint_eq(l.cfg->imap_port, 2);
	ck_assert_uint_eq(l.cfg->log_level, 5);
	ck_assert_uint_eq(l.cfg->pop3_port, 9);
	load_done(&l);
}
END_TEST

START_TEST(a_relative_include_begins_at_the_real_path)
{
	static const struct file files[] = { { "/real/a.cfg", "!include sub/b.cfg\n" }, { "/real/sub/b.cfg", "!include c.cfg\n" },
		{ "/real/sub/c.cfg", "imap_port = 3\n" }, { "/link/sub/b.cfg", "imap_port = 9\n" }, { NULL, NULL } };
	struct loaded l;

	load_files(&l, "/link/a.cfg", files);
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.cfg->imap_port, 3);
	load_done(&l);
}
END_TEST

START_TEST(cycles_and_diamonds_are_read_once)
{
	static const struct file files[] = { { "/e/a.cfg", "!include a.cfg\n!include b.cfg\n!include c.cfg\n" },
		{ "/e/b.cfg", "!include a.cfg\n!include d.cfg\nlog_level = 1\n" }, { "/e/c.cfg", "!include /e/d.cfg\n" },
		{ "/e/d.cfg", "log_level = 6\n!include b.cfg\n" }, { NULL, NULL } };
	struct loaded l;

	load_files(&l, "/e/a.cfg", files);
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.cfg->log_level, 1);
	ck_assert_uint_eq(l.diags.notes, 4);
	load_done(&l);
}
END_TEST

START_TEST(findings_name_the_chain_of_includes)
{
	static const struct file files[] = { { "/e/a.cfg", "\n!include b.cfg\n" }, { "/e/b.cfg", "!include c.cfg\n" },
		{ "/e/c.cfg", "\n\nnonsense = 1\n" }, { NULL, NULL } };
	struct loaded l;

	load_files(&l, "/e/a.cfg", files);
	ck_assert_int_eq(l.rc, GW_EINVAL);
	ck_assert_str_eq(all_text(&l), "/e/c.cfg:3:1: error: unknown option \"nonsense\" [GW1003]\n"
				       "  included from /e/b.cfg:1\n"
				       "  included from /e/a.cfg:2\n");
	load_done(&l);
}
END_TEST

START_TEST(a_missing_include_fails_but_the_rest_is_still_judged)
{
	static const struct file files[] = { { "/e/a.cfg", "!include nope.cfg\nfoo = 1\n" }, { NULL, NULL } };
	struct loaded l;

	load_files(&l, "/e/a.cfg", files);
	ck_assert_int_eq(l.rc, GW_EINVAL);
	ck_assert_uint_eq(finding(&l, CONFIG_E_INCLUDE)->at.column, 10);
	ck_assert_ptr_nonnull(finding(&l, CONFIG_E_UNKNOWN));
	load_done(&l);
}
END_TEST

static int open_chain(void *ctx, const char *path, struct gw_config_stream *ret, struct gw_err *err)
{
	unsigned n = (unsigned)strtoul(path + 1, NULL, 10), end = *(unsigned *)ctx;
	char *text = n < end ? gw_xasprintf("!include /%u\n", n + 1) : gw_xstrdup("imap_port = 77\n");

	(void)err;
	gw_config_stream_bytes(ret, gw_xstrdup(path), text, strlen(text));
	return 0;
}

/* The contract, 3.3: no limit of depth. */
START_TEST(a_chain_of_10000_files_is_read)
{
	unsigned end = 10000;
	struct gw_config_files chain = { .open = open_chain, .ctx = &end };
	struct loaded l;

	load_source(&l, &(struct gw_config_source){ .path = "/0", .files = &chain });
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.cfg->imap_port, 77);
	load_done(&l);
}
END_TEST

static int open_deep_mistake(void *ctx, const char *path, struct gw_config_stream *ret, struct gw_err *err)
{
	unsigned end = *(unsigned *)ctx;

	if (strtoul(path + 1, NULL, 10) < end)
		return open_chain(ctx, path, ret, err);
	gw_config_stream_bytes(ret, gw_xstrdup(path), gw_xstrdup("foo = 1"), 7);
	return 0;
}

START_TEST(the_middle_of_a_long_chain_is_left_out)
{
	unsigned end = 1000;
	struct gw_config_files chain = { .open = open_deep_mistake, .ctx = &end };
	struct loaded l;
	const struct gw_diag *d;

	load_source(&l, &(struct gw_config_source){ .path = "/0", .files = &chain });
	d = finding(&l, CONFIG_E_UNKNOWN);
	ck_assert_uint_eq(d->n_chain, 32);
	ck_assert_str_eq(d->chain[0].file, "/999");
	ck_assert_str_eq(d->chain[31].file, "/0");
	ck_assert_uint_eq(d->chain_left_out, 1000 - 32);
	ck_assert_ptr_nonnull(strstr(all_text(&l), "  ... 968 more ...\n  included from /0:1\n"));
	load_done(&l);
}
END_TEST

START_TEST(the_number_of_files_has_a_limit)
{
	struct gw_slice text;
	unsigned end = 0;
	struct gw_config_files chain = { .open = open_chain, .ctx = &end };
	struct loaded l;
	struct gw_buf b;

	gw_buf_init(&b, 0);
	for (unsigned i = 1; i < GW_CONFIG_FILES_MAX + (unsigned)_i; i++)
		gw_buf_printf(&b, "!include /%u\n", i);
	text = gw_buf_slice(&b);
	load_source(&l, &(struct gw_config_source){ .path = "/main", .text = &text, .files = &chain });
	ck_assert_int_eq(l.rc == 0, _i == 0);
	if (_i)
		ck_assert_ptr_nonnull(finding(&l, CONFIG_E_FILES));
	load_done(&l);
	gw_buf_done(&b);
}
END_TEST

/* The directory "/d" has *ctx files, each of which includes all of it. */
static int open_in_crowd(void *ctx, const char *path, struct gw_config_stream *ret, struct gw_err *err)
{
	(void)ctx;
	if (strcmp(path, "/d") == 0)
		return gw_fail(err, GW_ENOTSUP, "it is a directory");
	gw_config_stream_bytes(ret, gw_xstrdup(path), gw_xstrdup("!include /d\n"), 12);
	return 0;
}

static int list_crowd(void *ctx, const char *path, size_t max, struct gw_config_names *ret, struct gw_err *err)
{
	(void)path;
	(void)max;
	(void)err;
	ret->n = *(unsigned *)ctx;
	ret->v = gw_xcalloc(ret->n, sizeof *ret->v);
	for (size_t i = 0; i < ret->n; i++)
		ret->v[i] = gw_xasprintf("/d/%05zu.cfg", i);
	return 0;
}

START_TEST(files_that_all_include_each_other_take_bounded_memory)
{
	unsigned n = _i ? 400 : 300;
	struct gw_config_files crowd = { .open = open_in_crowd, .list = list_crowd, .ctx = &n };
	struct loaded l;

	load_source(&l, &(struct gw_config_source){ .path = "/d/00000.cfg", .files = &crowd });
	ck_assert_int_eq(l.rc == 0, _i == 0); /* 300 * 301 files are named, or 400 * 401 */
	ck_assert_int_eq(finding(&l, CONFIG_E_FILES) != NULL, _i);
	load_done(&l);
}
END_TEST

START_TEST(a_line_that_includes_again_and_again_is_stopped)
{
	struct file files[] = { { "/a", "imap_port = 1143\n" }, { NULL, NULL } };
	struct gw_config_files table = { .open = open_table, .ctx = files };
	struct gw_slice text;
	struct loaded l;
	struct gw_buf b;

	gw_buf_init(&b, 0);
	for (unsigned i = 0; i < GW_CONFIG_INCLUDES_MAX + (unsigned)_i; i++)
		gw_buf_printf(&b, "!include /a\n");
	text = gw_buf_slice(&b);
	load_source(&l, &(struct gw_config_source){ .path = "/main", .text = &text, .files = &table });
	ck_assert_int_eq(l.rc == 0, _i == 0);
	ck_assert_uint_eq(l.diags.errors, (unsigned)_i);
	ck_assert_uint_eq(l.diags.notes + l.plaintext, GW_CONFIG_INCLUDES_MAX); /* they leave room for the error */
	ck_assert_int_eq(finding(&l, CONFIG_E_FILES) != NULL, _i);
	load_done(&l);
	gw_buf_done(&b);
}
END_TEST

START_TEST(findings_that_are_not_kept_are_counted)
{
	struct loaded l;
	struct gw_buf b;

	gw_buf_init(&b, 0);
	for (unsigned i = 0; i < 100000; i++)
		gw_buf_printf(&b, "imap_prt_%u = 1\n", i);
	load_text(&l, gw_buf_str(&b));
	ck_assert_uint_eq(l.diags.errors, 100000);
	ck_assert_uint_eq(l.diags.n, GW_DIAGS_MAX);
	ck_assert_ptr_nonnull(l.diags.v[0].suggestion);
	load_done(&l);
	gw_buf_done(&b);
}
END_TEST

/* A file that never ends: each piece is a comment. */
static int endless_read(void *ctx, char *buf, size_t cap, size_t *n, struct gw_err *err)
{
	(void)ctx;
	(void)err;
	memset(buf, '#', cap);
	buf[cap - 1] = '\n';
	*n = cap;
	return 0;
}

static int endless_close(void *ctx, struct gw_err *err)
{
	(void)ctx;
	(void)err;
	return 0;
}

static int open_endless(void *ctx, const char *path, struct gw_config_stream *ret, struct gw_err *err)
{
	(void)ctx;
	(void)err;
	*ret = (struct gw_config_stream){ .real_path = gw_xstrdup(path), .read = endless_read, .close = endless_close };
	return 0;
}

START_TEST(the_bytes_of_all_files_have_a_limit)
{
	struct gw_config_files endless = { .open = open_endless };
	struct loaded l;

	load_source(&l, &(struct gw_config_source){ .path = "/endless", .files = &endless });
	ck_assert_ptr_nonnull(finding(&l, CONFIG_E_BYTES));
	load_done(&l);
}
END_TEST

static int changed_close(void *ctx, struct gw_err *err)
{
	(void)ctx;
	return gw_fail(err, GW_EBUSY, "the file was changed while it was read; read it again");
}

static int open_changing(void *ctx, const char *path, struct gw_config_stream *ret, struct gw_err *err)
{
	(void)ctx;
	(void)err;
	gw_config_stream_bytes(ret, gw_xstrdup(path), gw_xstrdup("log_level = 1\n"), 14);
	ret->close(ret->ctx, NULL);
	*ret = (struct gw_config_stream){ .real_path = ret->real_path, .read = endless_read, .close = changed_close };
	return 0;
}

static int nothing_read(void *ctx, char *buf, size_t cap, size_t *n, struct gw_err *err)
{
	(void)ctx;
	(void)buf;
	(void)cap;
	(void)err;
	*n = 0;
	return 0;
}

static int open_changed(void *ctx, const char *path, struct gw_config_stream *ret, struct gw_err *err)
{
	int rc = open_changing(ctx, path, ret, err);

	ret->read = nothing_read;
	return rc;
}

START_TEST(a_file_that_changes_while_it_is_read_is_an_error)
{
	struct gw_config_files changing = { .open = open_changed };
	struct loaded l;

	load_source(&l, &(struct gw_config_source){ .path = "/x.cfg", .files = &changing });
	ck_assert_int_eq(l.rc, GW_EINVAL);
	ck_assert_str_eq(finding(&l, CONFIG_E_CHANGED)->at.file, "/x.cfg");
	load_done(&l);
}
END_TEST

START_TEST(what_an_option_overrode_is_remembered)
{
	static const struct file files[] = { { "/e/a.cfg", "imap_port = 1\n!include b.cfg\n" },
		{ "/e/b.cfg", "imap_port = 2\nimap_port = x\nimap_port = $PORT\n" }, { NULL, NULL } };
	struct gw_config_origin o;
	struct gw_buf b;
	struct loaded l;

	gw_buf_init(&b, 0);
	for (int i = 1; i <= 20; i++)
		gw_buf_printf(&b, "imap_port = %d\n", i);
	load_text(&l, gw_buf_str(&b));
	ck_assert(gw_config_origin(l.cfg, gw_option_find(GW_S("imap_port")), &o));
	ck_assert_uint_eq(o.overrode, 19);
	ck_assert_uint_eq(o.n_was, 8);
	ck_assert_str_eq(o.was[0].text, "19");
	ck_assert_uint_eq(o.was[7].at.line, 12);
	load_done(&l);
	gw_buf_done(&b);
	load_files(&l, "/e/a.cfg", files);
	ck_assert_int_eq(l.rc, GW_EINVAL); /* the bad value is an error; the others stand all the same */
	load_done(&l);
}
END_TEST

/* ---- the real file system ---- */

static char dir[] = "/tmp/gwcfg-test-XXXXXX";

static const char *in_dir(const char *name)
{
	static char path[4][256];
	static unsigned turn;

	turn = (turn + 1) % 4;
	snprintf(path[turn], sizeof path[turn], "%s/%s", dir, name);
	return path[turn];
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(in_dir(name), "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

static void make_dir(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void remove_dir(void)
{
	static const char *const names[] = { "a.cfg", "b.cfg", "fifo", "link/a.cfg", "link", "sub", "big" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		remove(in_dir(names[i]));
	rmdir(dir);
	strcpy(dir + strlen(dir) - 6, "XXXXXX");
}

static void load_path(struct loaded *l, const char *path)
{
	load_source(l, &(struct gw_config_source){ .path = path });
}

START_TEST(only_regular_files_are_included)
{
	static const char *const paths[] = { "fifo", "", "/dev/zero", "/dev/null", "nope" };
	char text[64];
	struct loaded l;

	ck_assert_int_eq(mkfifo(in_dir("fifo"), 0600), 0);
	snprintf(text, sizeof text, "!include %s\n", paths[_i]);
	write_file("a.cfg", text);
	load_path(&l, in_dir("a.cfg"));
	ck_assert_int_eq(l.rc, GW_EINVAL);
	ck_assert_uint_eq(finding(&l, CONFIG_E_INCLUDE)->at.line, 1);
	load_done(&l);
}
END_TEST

START_TEST(symbolic_links_are_resolved)
{
	struct loaded l;

	write_file("b.cfg", "imap_port = 12\n");
	write_file("a.cfg", "!include b.cfg\n");
	ck_assert_int_eq(mkdir(in_dir("link"), 0700), 0);
	ck_assert_int_eq(symlink(in_dir("a.cfg"), in_dir("link/a.cfg")), 0);
	load_path(&l, in_dir("link/a.cfg"));
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.cfg->imap_port, 12);
	load_done(&l);
}
END_TEST

START_TEST(the_main_file_must_be_there_unless_it_is_the_default)
{
	struct loaded l;

	load_path(&l, in_dir("nope"));
	ck_assert_int_eq(l.rc, GW_ENOENT);
	ck_assert_ptr_nonnull(finding(&l, CONFIG_E_MAIN_FILE));
	load_done(&l);
	load_source(&l, &(struct gw_config_source){ .path = in_dir("nope"), .missing_ok = true });
	ck_assert_int_eq(l.rc, 0);
	load_done(&l);
	load_path(&l, dir);
	ck_assert_int_eq(l.rc, GW_EINVAL);
	load_done(&l);
}
END_TEST

static long peak_kib(void)
{
	char line[256];
	long kib = 0;
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof line, f))
		sscanf(line, "VmHWM: %ld", &kib);
	if (f)
		fclose(f);
	return kib;
}

START_TEST(a_pattern_does_not_walk_for_ever)
{
	char name[32];
	struct loaded l;
	FILE *f;

	ck_assert_int_eq(mkdir(in_dir("maze"), 0700), 0);
	for (int i = 0; i < 60; i++) {
		snprintf(name, sizeof name, "maze/%d", i);
		ck_assert_int_eq(symlink(".", in_dir(name)), 0);
	}
	f = fopen(in_dir("a.cfg"), "w");
	fprintf(f, "!include maze/*/*/*/*/*/*/*.cfg\n");
	fclose(f);
	load_path(&l, in_dir("a.cfg"));
	ck_assert_ptr_nonnull(strstr(all_text(&l), "it looks at more than 200000 names of files"));
	load_done(&l);
	for (int i = 0; i < 60; i++) {
		snprintf(name, sizeof name, "maze/%d", i);
		remove(in_dir(name));
	}
	remove(in_dir("maze"));
	remove(in_dir("a.cfg"));
}
END_TEST

START_TEST(memory_does_not_grow_with_a_file)
{
	FILE *f = fopen(in_dir("big"), "w");
	long before = peak_kib();
	struct loaded l;

	for (int i = 0; i < 300000; i++)
		fprintf(f, "# some words of a comment\nimap_port = %d\nwithout equals sign\n", i % 1000 + 1);
	fclose(f);
	load_path(&l, in_dir("big"));
	ck_assert_int_eq(l.rc, 0);
	ck_assert_uint_eq(l.cfg->imap_port, 1000);
	ck_assert_uint_eq(l.diags.n, GW_DIAGS_MAX - GW_DIAGS_OF_ERRORS);
	load_done(&l);
#ifndef __SANITIZE_ADDRESS__
	ck_assert_int_lt(peak_kib() - before, 4096); /* the file has 18 MiB */
#else
	(void)before;
#endif
}
END_TEST

START_TEST(directories_and_patterns_are_included_in_sorted_order)
{
	struct loaded l;
	struct gw_config_origin o;

	ck_assert_int_eq(mkdir(in_dir("d"), 0700), 0);
	write_file("d/20.cfg", "imap_port = 20\n");
	write_file("d/10.cfg", "imap_port = 10\n");
	write_file("d/.hidden.cfg", "imap_port = 5\n");
	write_file("d/30.txt", "imap_port = 30\n");
	write_file("big", "!include d\n");
	load_path(&l, in_dir("big"));
	ck_assert_uint_eq(l.cfg->imap_port, 20);
	ck_assert(gw_config_origin(l.cfg, gw_option_find(GW_S("imap_port")), &o));
	ck_assert_uint_eq(o.n_chain, 1);
	ck_assert_uint_eq(o.overrode, 1);
	load_done(&l);
	write_file("big", "!include d/*.txt\n!include d/[0-9]*.cfg\n!include nothing/*.cfg\n");
	load_path(&l, in_dir("big"));
	ck_assert_uint_eq(l.cfg->imap_port, 20);
	ck_assert_ptr_nonnull(finding(&l, CONFIG_N_NO_MATCH));
	load_done(&l);
	remove(in_dir("d/20.cfg"));
	remove(in_dir("d/10.cfg"));
	remove(in_dir("d/.hidden.cfg"));
	remove(in_dir("d/30.txt"));
	remove(in_dir("d"));
}
END_TEST

static TCase *includes(void)
{
	TCase *tc = tcase_create("includes");

	tcase_add_checked_fixture(tc, make_dir, remove_dir);
	tcase_add_test(tc, an_include_is_read_in_its_place);
	tcase_add_test(tc, a_relative_include_begins_at_the_real_path);
	tcase_add_test(tc, cycles_and_diamonds_are_read_once);
	tcase_add_test(tc, findings_name_the_chain_of_includes);
	tcase_add_test(tc, a_missing_include_fails_but_the_rest_is_still_judged);
	tcase_add_test(tc, a_chain_of_10000_files_is_read);
	tcase_add_test(tc, the_middle_of_a_long_chain_is_left_out);
	tcase_add_test(tc, findings_that_are_not_kept_are_counted);
	tcase_add_loop_test(tc, files_that_all_include_each_other_take_bounded_memory, 0, 2);
	tcase_add_loop_test(tc, a_line_that_includes_again_and_again_is_stopped, 0, 2);
	tcase_add_loop_test(tc, the_number_of_files_has_a_limit, 0, 2);
	tcase_add_test(tc, the_bytes_of_all_files_have_a_limit);
	tcase_add_test(tc, a_file_that_changes_while_it_is_read_is_an_error);
	tcase_add_test(tc, what_an_option_overrode_is_remembered);
	tcase_add_loop_test(tc, only_regular_files_are_included, 0, 5);
	tcase_add_test(tc, symbolic_links_are_resolved);
	tcase_add_test(tc, the_main_file_must_be_there_unless_it_is_the_default);
	tcase_add_test(tc, a_pattern_does_not_walk_for_ever);
	tcase_add_test(tc, memory_does_not_grow_with_a_file);
	tcase_add_test(tc, directories_and_patterns_are_included_in_sorted_order);
	return tc;
}

UNIT_MAIN("config/includes", includes())

/* test_properties.c - what holds for every configuration, over thousands that are made by chance
 *
 * The generator is deterministic: a case that fails is made again from its number. It makes small trees of files out of
 * what the rows know (defaults, examples, words, the ends of ranges) and out of what people write. */
#include "config/priv.h"
#include "config/show.h"
#include "tests/unit/config/load.h"

#define CASES 2000
#define FILES 4

/* ---- chance ---- */

struct chance {
	uint64_t state;
};

static unsigned below(struct chance *c, unsigned n)
{
	c->state ^= c->state << 13;
	c->state ^= c->state >> 7;
	c->state ^= c->state << 17;
	return (unsigned)(c->state >> 33) % n;
}

#define PICK(c, v) (v)[below((c), sizeof(v) / sizeof *(v))]

/* ---- values ---- */

static void put_number(struct chance *c, const struct gw_option *opt, struct gw_buf *out)
{
	static const char *const units[] = { "", "k", " M", "kb", "g", "s", "h", ".5k" };
	unsigned long long ends[] = { opt->min, opt->min + 1, config_max(opt), config_max(opt) - 1, 143, 0 };

	gw_buf_printf(out, "%llu%s", PICK(c, ends), below(c, 3) ? "" : PICK(c, units));
}

static void put_word(struct chance *c, const struct gw_option *opt, struct gw_buf *out)
{
	size_t n = 0;

	while (opt->words && opt->words[n].word)
		n++;
	if (n)
		gw_buf_printf(out, "%s", opt->words[below(c, (unsigned)n)].word);
}

static void put_value(struct chance *c, const struct gw_option *opt, struct gw_buf *out)
{
	static const char *const texts[] = { "", "yes", "No", "off", "1", "0", "$PORT", "$EMPTY", "$NOPE", "-1", "0x10", "010",
		"\"quoted\"", "a # b", "/etc/x", "relative/x", "*:1143 [::1]:1144", "unix:/run/x", "192.0.2.1", "!SSLv3 TLSv1.2",
		"local:/var/mail", "default:", "\xC3\xA4=\xFF", "-IDLE -MOVE", "a.pem:b.pem", "auto" };
	char example[256];

	switch (below(c, 6)) {
	case 0:
		gw_buf_printf(out, "%s", opt->def);
		return;
	case 1:
		gw_option_example(opt, example, sizeof example);
		gw_buf_printf(out, "%s", example);
		return;
	case 2:
		put_number(c, opt, out);
		return;
	case 3:
		put_word(c, opt, out);
		return;
	default:
		gw_buf_printf(out, "%s", PICK(c, texts));
	}
}

/* ---- files ---- */

/* An option and its value; seldom one that is misspelt. */
static void put_option(struct chance *c, struct gw_buf *out)
{
	static const char *const blanks[] = { "", " ", "\t", "  " };
	const struct gw_option *opt = gw_option_at(below(c, (unsigned)gw_option_count()));

	gw_buf_printf(out, "%s%s%s%s=%s", PICK(c, blanks), opt->name, below(c, 60) ? "" : "x", PICK(c, blanks), PICK(c, blanks));
	put_value(c, opt, out);
	gw_buf_printf(out, "%s", PICK(c, blanks));
}

static void put_line(struct chance *c, struct gw_buf *out)
{
	static const char *const others[] = { "", "# a comment = 1", "  # indented", " \t ", "no equals", "= 5", "!propmap x",
		" !include 1", "!Include 1", "#" };

	switch (below(c, 8)) {
	case 0:
		gw_buf_printf(out, "%s", PICK(c, others));
		break;
	case 1:
		gw_buf_printf(out, "!include %s%u", below(c, 2) ? "/" : "", below(c, FILES));
		break;
	default:
		put_option(c, out);
	}
	gw_buf_printf(out, "%s", below(c, 10) ? "\n" : "\r\n");
}

struct tree {
	struct gw_buf text[FILES];
	char path[FILES][4];
	struct file files[FILES + 1];
};

static void make_tree(struct tree *t, unsigned number)
{
	struct chance c = { 0x9E3779B97F4A7C15ull * (number + 1) };

	*t = (struct tree){ 0 };
	for (unsigned i = 0; i < FILES; i++) {
		gw_buf_init(&t->text[i], 0);
		if (below(&c, 20) == 0)
			gw_buf_printf(&t->text[i], "\xEF\xBB\xBF");
		for (unsigned n = below(&c, 9); n; n--)
			put_line(&c, &t->text[i]);
		if (below(&c, 10) == 0)
			gw_buf_printf(&t->text[i], "log_level = 3"); /* no line end */
		snprintf(t->path[i], sizeof t->path[i], "/%u", i);
		t->files[i] = (struct file){ t->path[i], gw_buf_str(&t->text[i]) };
	}
}

static void drop_tree(struct tree *t)
{
	for (unsigned i = 0; i < FILES; i++)
		gw_buf_done(&t->text[i]);
}

/* ---- loading ---- */

/* A file as one, as gwcfg expand shows it. */
static void flatten(void *ctx, const struct gw_config_line *line)
{
	struct gw_buf *flat = ctx;

	if (line->kind == GW_LINE_INCLUDE || line->kind == GW_LINE_INCLUDE_DONE || line->kind == GW_LINE_IGNORED)
		return;
	gw_buf_add_slice(flat, line->text);
	gw_buf_add_char(flat, '\n');
}

/* Names and values that are wrong are forgiven, so that more cases have a snapshot. */
static void load_tree(struct loaded *l, const struct tree *t, struct gw_buf *flat)
{
	struct gw_config_files table = { .open = open_table, .ctx = (void *)t->files };

	load_source(l, &(struct gw_config_source){ .path = "/0", .env = test_env, .files = &table, .ignore_unknown = true,
		.line = flat ? flatten : NULL, .line_ctx = flat });
}

static void load_flat(struct loaded *l, const struct gw_buf *text, struct gw_buf *flat, bool with_env)
{
	struct gw_slice s = gw_buf_slice(text);

	load_source(l, &(struct gw_config_source){ .path = "/0", .text = &s, .env = with_env ? test_env : NULL,
		.ignore_unknown = true, .line = flat ? flatten : NULL, .line_ctx = flat });
}

static void same(unsigned number, const struct loaded *a, const struct loaded *b)
{
	struct gw_config_change v[1];

	ck_assert_msg(b->rc == 0, "case %u: %s", number, all_text(b));
	ck_assert_msg(gw_config_diff(a->cfg, b->cfg, v, 1) == 0, "case %u: %s was \"%s\", is \"%s\"", number, v[0].opt->name,
		v[0].was, v[0].now);
	for (size_t s = 0; s < GW_SERVICE_COUNT; s++)
		ck_assert_str_eq(a->cfg->state->listeners[s], b->cfg->state->listeners[s]);
	ck_assert_str_eq(a->cfg->state->versions, b->cfg->state->versions);
	ck_assert_uint_eq(a->cfg->n_certs, b->cfg->n_certs);
}

/* ---- properties ---- */

static void flat_is_the_same(unsigned number, const struct loaded *whole, struct gw_buf *flat)
{
	struct gw_buf again;
	struct loaded l;

	gw_buf_init(&again, 0);
	load_flat(&l, flat, &again, true);
	same(number, whole, &l);
	ck_assert_msg(strcmp(gw_buf_str(flat), gw_buf_str(&again)) == 0, "case %u:\n%s\n%s", number, gw_buf_str(flat),
		gw_buf_str(&again));
	gw_buf_done(&again);
	load_done(&l);
}

START_TEST(what_is_expanded_means_the_same_and_expands_to_itself)
{
	unsigned loaded = 0;

	for (unsigned i = 0; i < CASES; i++) {
		struct gw_buf flat;
		struct loaded l;
		struct tree t;

		make_tree(&t, i);
		gw_buf_init(&flat, 0);
		load_tree(&l, &t, &flat);
		if (l.rc == 0)
			flat_is_the_same(i, &l, &flat);
		loaded += l.rc == 0;
		load_done(&l);
		gw_buf_done(&flat);
		drop_tree(&t);
	}
	ck_assert_uint_gt(loaded, CASES / 2); /* else this shows little */
}
END_TEST

static void dump_is_the_same(unsigned number, const struct loaded *l, bool changed_only)
{
	struct gw_buf dump, again;
	struct loaded printed;

	gw_buf_init(&dump, 0);
	gw_buf_init(&again, 0);
	gw_config_dump(l->cfg, changed_only, &dump);
	load_flat(&printed, &dump, NULL, false);
	same(number, l, &printed);
	gw_config_dump(printed.cfg, changed_only, &again);
	ck_assert_str_eq(gw_buf_str(&dump), gw_buf_str(&again));
	gw_buf_done(&dump);
	gw_buf_done(&again);
	load_done(&printed);
}

START_TEST(what_is_printed_reads_back_as_the_same)
{
	for (unsigned i = 0; i < CASES; i++) {
		struct loaded l;
		struct tree t;

		make_tree(&t, i);
		load_tree(&l, &t, NULL);
		if (l.rc == 0) {
			dump_is_the_same(i, &l, true);
			dump_is_the_same(i, &l, false);
		}
		load_done(&l);
		drop_tree(&t);
	}
}
END_TEST

/* What a reload keeps is all that needs a restart, and no more. */
START_TEST(a_reload_leaves_nothing_that_waits_for_a_restart)
{
	struct gw_config *running = gw_config_defaults();

	for (unsigned i = 0; i < CASES / 4; i++) {
		struct gw_config_change v[CONFIG_ROWS_MAX];
		struct loaded l;
		struct tree t;
		size_t n;

		make_tree(&t, i);
		load_tree(&l, &t, NULL);
		if (l.rc == 0) {
			gw_config_keep_restart(l.cfg, running);
			n = gw_config_diff(running, l.cfg, v, CONFIG_ROWS_MAX);
			for (size_t k = 0; k < n; k++)
				ck_assert_msg(v[k].opt->reload != GW_RESTART, "case %u: %s", i, v[k].opt->name);
			gw_config_unref(running);
			running = gw_config_ref(l.cfg);
		}
		load_done(&l);
		drop_tree(&t);
	}
	gw_config_unref(running);
}
END_TEST

static void has_its_place(unsigned number, const struct tree *t, const struct gw_diag *d)
{
	struct gw_slice rest, line = { NULL, 0 };
	unsigned lines = 0;

	if (!d->at.file)
		return;
	ck_assert_int_eq(d->at.file[0], '/');
	rest = gw_slice_str(t->files[d->at.file[1] - '0'].text);
	for (; lines < d->at.line; lines++) {
		ck_assert_msg(rest.n > 0, "case %u: %s has no line %u", number, d->at.file, d->at.line);
		line = gw_slice_take(&rest, gw_slice_find(rest, '\n'));
		if (rest.n)
			gw_slice_take(&rest, 1);
	}
	ck_assert_msg(d->at.column <= line.n + 1 && d->at.column + d->width <= line.n + 4, "case %u: %s:%u:%u+%u", number,
		d->at.file, d->at.line, d->at.column, d->width);
}

START_TEST(findings_have_a_place_in_their_file_and_do_not_depend_on_the_day)
{
	unsigned findings = 0;

	for (unsigned i = 0; i < CASES / 4; i++) {
		struct loaded l, again;
		struct tree t;
		char *text;

		make_tree(&t, i);
		load_tree(&l, &t, NULL);
		for (size_t k = 0; k < l.diags.n; k++)
			has_its_place(i, &t, &l.diags.v[k]);
		findings += (unsigned)l.diags.n;
		text = gw_xstrdup(all_text(&l));
		load_tree(&again, &t, NULL);
		ck_assert_str_eq(text, all_text(&again));
		free(text);
		load_done(&l);
		load_done(&again);
		drop_tree(&t);
	}
	ck_assert_uint_gt(findings, CASES / 4);
}
END_TEST

static TCase *tests(void)
{
	TCase *tc = tcase_create("properties");

	tcase_set_timeout(tc, 120); /* under sanitizers */
	tcase_add_test(tc, what_is_expanded_means_the_same_and_expands_to_itself);
	tcase_add_test(tc, what_is_printed_reads_back_as_the_same);
	tcase_add_test(tc, a_reload_leaves_nothing_that_waits_for_a_restart);
	tcase_add_test(tc, findings_have_a_place_in_their_file_and_do_not_depend_on_the_day);
	return tc;
}

UNIT_MAIN("config/properties", tests())

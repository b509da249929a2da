/* test_thread.c - the algorithms of THREAD (RFC 5256 3) */
#include "tests/unit/imap/thread_model.h"
#include "tests/unit/unit.h"

#include <stdio.h>

#define ROWS 60

/* Messages as text: "ID<REFS SUBJECT" with blanks between messages; REFS and SUBJECT may be missing, "Re:" makes a reply. Numbers
 * and dates ascend from 1, unless "@DATE" stands at the end. */
static int read_rows(const char *text, struct thread_row *v, char *refs)
{
	struct gw_slice rest = gw_slice_str(text), word;
	int n = 0;

	while (gw_slice_word(&rest, " ", &word)) {
		struct thread_row *r = &v[n++];
		size_t at = gw_slice_find(word, '@'), subject = gw_slice_find(word, '/'), from;

		*r = (struct thread_row){ .number = (uint32_t)n, .sent = n };
		if (at < word.n)
			r->sent = atoi(word.p + at + 1);
		word.n = at;
		if (subject < word.n) {
			r->subject = gw_slice(word.p + subject + 1, word.n - subject - 1);
			if (gw_slice_startsi(r->subject, GW_S("Re:"))) {
				r->reply = true;
				gw_slice_take(&r->subject, 3);
			}
			word.n = subject;
		}
		from = gw_slice_find(word, '<');
		r->id = gw_slice(word.p, from);
		if (from < word.n) {
			r->references = gw_slice(refs, word.n - from - 1);
			for (size_t i = from + 1; i < word.n; i++)
				*refs++ = word.p[i] == ',' ? '\n' : word.p[i];
		}
	}
	return n;
}

static const struct {
	const char *rows, *threads;
} examples[] = {
	{ "", "" },
	{ "a", "(1)" },
	{ "a b c", "(1)(2)(3)" },
	{ "a b<a c<a,b", "(1 2 3)" },
	{ "a b<a c<a", "(1 (2)(3))" },
	{ "a b<a c<a d<a,c e<a,b", "(1 (2 5)(3 4))" },
	{ "b<a c<a", "((1)(2))" },              /* (3): a dummy with two children stays at the top */
	{ "b<a", "(1)" },                       /* with one it goes */
	{ "d<a,b,c", "(1)" },
	{ "d<a,b e<a,c", "((1)(2))" },          /* dummies below one are taken out */
	{ "d<a,b,c e<a,b,c f<a,b", "((1)(2)(3))" },
	{ "x a<x,y", "(1 2)" },                 /* nearest ancestor that is there */
	{ "c<b b<a a", "(3 2 1)" },             /* children before parents */
	{ "a b<a,a", "(1 2)" },
	{ "a<a", "(1)" },                       /* (1)(A): no loops */
	{ "a<b b<a", "(2 1)" },
	{ "a<c b<a c<b", "(3 1 2)" },
	{ "a b<a a<b", "(1 2 3)" },             /* the second message with an id gets another */
	{ "a a b<a", "(1 3)(2)" },
	{ "<a b<", "(1)(2)" },                  /* no Message-ID, no reference */
	{ "c<a,b b<x a x", "(3)(4 2 1)" },      /* (1)(B): b's own last reference counts, not what c says */
	{ "c<a,b b a", "(2 1)(3)" },            /* no references: no parent */
	{ "a b<a c<a@1 d<c@9 e<c@8", "(1 (3 (5)(4))(2))" }, /* (6): siblings by date */
	{ "a@5 b@4 c@4", "(2)(3)(1)" },         /* and by number (2.2) */
	{ "b<a@9 c<a@3 x@4", "((2)(1))(3)" },   /* a dummy by its first child */
	/* (5): subjects */
	{ "a/s b/Re:s", "(1 2)" },
	{ "a/Re:s b/s", "(2 1)" },
	{ "a/s b/s", "((1)(2))" },
	{ "a/s b/s c/Re:s", "((1)(2)(3))" },
	{ "a/Re:s b/Re:s", "((1)(2))" },
	{ "a/s b/t c/Re:s", "(1 3)(2)" },
	{ "b<a/s c<a/s d/s", "((1)(2)(3))" },   /* the table has a dummy */
	{ "d/s b<a/s c<a/s", "((1)(2)(3))" },
	{ "b<a/s c<a/s e<d/s f<d/s", "((1)(2)(3)(4))" }, /* two dummies */
	{ "a b", "(1)(2)" },                    /* an empty subject gathers nothing */
	{ "a/s x<a/Re:s b/Re:s", "(1 (2)(3))" },
};

/* RFC 5256 3(n), 3(o), 3(p), 3(q), 3(r), 3(s) */
START_TEST(references_are_followed_step_by_step)
{
	struct thread_row v[ROWS];
	struct gw_buf got, model;
	char refs[256];
	int n = read_rows(examples[_i].rows, v, refs);

	gw_buf_init(&got, 0);
	gw_buf_init(&model, 0);
	threads_of(IMAP_THREAD_REFERENCES, v, n, &got);
	model_threads(v, n, &model);
	ck_assert_str_eq(gw_buf_str(&got), examples[_i].threads);
	ck_assert_str_eq(gw_buf_str(&model), examples[_i].threads);
	gw_buf_done(&got);
	gw_buf_done(&model);
}
END_TEST

static const struct {
	const char *rows, *threads;
} subjects[] = {
	{ "", "" },
	{ "/s /t /s /s", "(1 (3)(4))(2)" },
	{ "/s /s", "(1 2)" },
	{ "/s@9 /t@5 /s@4", "(3 1)(2)" },
	{ "/s@5 /t@5 /Re:s@5", "(1 3)(2)" },
	{ "a b", "(1 2)" }, /* the empty subject is one like others */
};

/* RFC 5256 3(k) */
START_TEST(ordered_subjects_have_no_grandchildren)
{
	struct thread_row v[ROWS];
	struct gw_buf got;
	char refs[256];
	int n = read_rows(subjects[_i].rows, v, refs);

	gw_buf_init(&got, 0);
	threads_of(IMAP_THREAD_ORDEREDSUBJECT, v, n, &got);
	ck_assert_str_eq(gw_buf_str(&got), subjects[_i].threads);
	gw_buf_done(&got);
}
END_TEST

static unsigned dice(unsigned *seed, unsigned n)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 16) % n;
}

/* Few identifiers, so that everything happens: loops, duplicates, messages that are missing. */
static void roll(unsigned *seed, struct thread_row *v, int n, char (*refs)[32])
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l" };
	unsigned ids = 2 + dice(seed, 11);

	for (int i = 0; i < n; i++) {
		unsigned n_refs = dice(seed, 5);
		char *p = refs[i];

		for (unsigned k = 0; k < n_refs; k++) {
			*p++ = *names[dice(seed, ids)];
			*p++ = '\n';
		}
		v[i] = (struct thread_row){
			.number = (uint32_t)i + 1,
			.sent = (int)dice(seed, 9) - 4,
			.subject = dice(seed, 3) ? gw_slice_str(names[dice(seed, 4)]) : GW_S(""),
			.reply = dice(seed, 2),
			.id = dice(seed, 6) ? gw_slice_str(names[dice(seed, ids)]) : GW_S(""),
			.references = gw_slice(refs[i], p > refs[i] ? (size_t)(p - refs[i]) - 1 : 0),
		};
	}
}

START_TEST(any_messages_are_threaded_as_the_model_does)
{
	char refs[ROWS][32];
	unsigned seed = (unsigned)_i;
	struct gw_buf got, model;

	gw_buf_init(&got, 0);
	gw_buf_init(&model, 0);
	for (int round = 0; round < 200; round++) {
		struct thread_row v[ROWS];
		int n = 1 + (int)dice(&seed, 20);

		roll(&seed, v, n, refs);
		got.n = model.n = 0;
		threads_of(IMAP_THREAD_REFERENCES, v, n, &got);
		model_threads(v, n, &model);
		ck_assert_str_eq(gw_buf_str(&got), gw_buf_str(&model));
	}
	gw_buf_done(&got);
	gw_buf_done(&model);
}
END_TEST

/* ---- large ---- */

#define MANY 100000

/* A chain: each message refers to the one before it. order: how numbers become identifiers. */
static void chain(uint32_t (*order)(uint32_t i), struct gw_buf *out)
{
	const struct gw_hash_key key = { 1, 2 };
	struct thread *t = thread_new(IMAP_THREAD_REFERENCES, key, (size_t)1 << 30);
	struct gw_out o;

	for (uint32_t i = 0; i < MANY; i++) {
		struct thread_row row = { .number = i + 1, .sent = i };
		char id[16], parent[40];
		uint32_t at = order(i);

		row.id = gw_slice(id, (size_t)snprintf(id, sizeof id, "%u", at));
		if (at)
			row.references = gw_slice(parent, (size_t)snprintf(parent, sizeof parent, "%u\n%u", at > 1 ? at - 2 : 0,
									   at - 1));
		ck_assert(thread_add(t, &row));
	}
	thread_finish(t);
	gw_out_init(&o);
	while (!thread_put(t, &o) || o.n) {
		struct gw_slice s = gw_out_front(&o);

		gw_buf_add_slice(out, s);
		gw_out_drop(&o, s.n);
	}
	thread_free(t);
}

static uint32_t upwards(uint32_t i)
{
	return i;
}

static uint32_t downwards(uint32_t i)
{
	return MANY - 1 - i;
}

/* The even ones first, so that many pieces of the chain are put together late. */
static uint32_t in_pieces(uint32_t i)
{
	return i < MANY / 2 ? 2 * i : 2 * (i - MANY / 2) + 1;
}

START_TEST(a_chain_of_100000_is_one_thread_whatever_the_order)
{
	static uint32_t (*const orders[])(uint32_t) = { upwards, downwards, in_pieces };
	struct gw_buf got, want;
	uint32_t *number = calloc(MANY, sizeof *number);

	gw_buf_init(&got, 0);
	gw_buf_init(&want, 0);
	for (uint32_t i = 0; i < MANY; i++)
		number[orders[_i](i)] = i + 1;
	for (uint32_t i = 0; i < MANY; i++)
		gw_buf_printf(&want, "%c%u", i ? ' ' : '(', number[i]);
	gw_buf_add_char(&want, ')');
	chain(orders[_i], &got);
	ck_assert(gw_slice_eq(gw_buf_slice(&got), gw_buf_slice(&want)));
	gw_buf_done(&got);
	gw_buf_done(&want);
	free(number);
}
END_TEST

/* Each message has two children, one of which has two ... : as deep as it is long. */
START_TEST(a_deep_comb_is_told_without_recursion)
{
	const struct gw_hash_key key = { 1, 2 };
	struct thread *t = thread_new(IMAP_THREAD_REFERENCES, key, (size_t)1 << 30);
	struct gw_out o;
	size_t opened = 0, closed = 0;

	for (uint32_t i = 0; i < MANY; i++) {
		struct thread_row row = { .number = i + 1, .sent = i };
		char id[16], parent[16];

		row.id = gw_slice(id, (size_t)snprintf(id, sizeof id, "%u", i));
		if (i)
			row.references = gw_slice(parent, (size_t)snprintf(parent, sizeof parent, "%u", (i - 1) / 2 * 2));
		ck_assert(thread_add(t, &row));
	}
	thread_finish(t);
	gw_out_init(&o);
	while (!thread_put(t, &o) || o.n) {
		struct gw_slice s = gw_out_front(&o);

		ck_assert_uint_le(o.n, GW_OUT_FULL + 64);
		for (size_t i = 0; i < s.n; i++) {
			opened += s.p[i] == '(';
			closed += s.p[i] == ')';
		}
		gw_out_drop(&o, s.n);
	}
	ck_assert_uint_eq(opened, MANY - 1); /* the last has no sister */
	ck_assert_uint_eq(closed, MANY - 1);
	thread_free(t);
}
END_TEST

START_TEST(what_would_need_more_memory_is_refused)
{
	const struct gw_hash_key key = { 1, 2 };
	struct thread *t = thread_new(IMAP_THREAD_REFERENCES, key, 1 << 20);
	uint32_t n = 0;
	char id[16];

	for (; n < MANY; n++) {
		struct thread_row row = { .number = n + 1,
					  .references = gw_slice(id, (size_t)snprintf(id, sizeof id, "%u", n)) };

		if (!thread_add(t, &row))
			break;
		ck_assert_uint_le(thread_memory(t), 1 << 20);
	}
	ck_assert_uint_gt(n, 1000);
	ck_assert_uint_lt(n, MANY);
	thread_free(t);
}
END_TEST

static TCase *tcase_thread(void)
{
	TCase *tc = tcase_create("thread");

	tcase_add_loop_test(tc, references_are_followed_step_by_step, 0, sizeof examples / sizeof *examples);
	tcase_add_loop_test(tc, ordered_subjects_have_no_grandchildren, 0, sizeof subjects / sizeof *subjects);
	tcase_add_loop_test(tc, any_messages_are_threaded_as_the_model_does, 0, 10);
	tcase_add_loop_test(tc, a_chain_of_100000_is_one_thread_whatever_the_order, 0, 3);
	tcase_add_test(tc, a_deep_comb_is_told_without_recursion);
	tcase_add_test(tc, what_would_need_more_memory_is_refused);
	tcase_set_timeout(tc, 60);
	return tc;
}

UNIT_MAIN("imap/thread", tcase_thread())

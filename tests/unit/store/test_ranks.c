/* test_ranks.c - the order of a mailbox by one criterion of SORT, which is kept (RFC 5256 2.2, 3, RFC 5957 3; store/ranks.h) */
#include "store/ranks.h"

#include "store/driver.h"
#include "tests/unit/store/storetest.h"
#include "util/rank.h"

#define MEMORY ((size_t)64 << 20)

static struct fixture f;

static void fill(struct gw_mbox_id box, unsigned *seed, int n)
{
	static const char *const subjects[] = { "", "b", "Re: b", "a", "=?utf-8?q?=C3=84?=", "ab and what comes late 1", "ab and what comes late 2" };
	static const char *const names[] = { "joe@example.org", "Zoe <anna@example.org>", "=?utf-8?q?=C3=A4?= <b@example.org>", "," };

	for (int i = 0; i < n; i++) {
		unsigned d = (unsigned)rand_r(seed) >> 4;
		const char *date = d % 5 ? gw_arena_printf(&f.arena, "Date: Mon, %u Nov 2023 10:00:00 +0100\r\n", 1 + d % 28) : "";

		append_text(&f, box,
			gw_slice_str(gw_arena_printf(&f.arena, "From: %s\r\nTo: %s\r\n%sSubject: %s\r\n\r\n%d\r\n", names[d % 4],
				names[d / 4 % 4], date, subjects[d / 16 % 7], i)),
			0);
		test_wall_now += d % 3 * 86400;
	}
}

/* What a message has of a key, from the store: the text, or a number. */
struct value {
	struct gw_slice text;
	int64_t number;
};

static struct value *values(struct gw_mbox_id box, const struct gw_index *ix, enum gw_rank_key key)
{
	struct value *v = gw_arena_calloc(&f.arena, ix->n + 1, sizeof *v);
	struct gw_message m;
	struct gw_fetch *cur;
	struct gw_set all;
	bool gone;

	set_of(&all, ix->n ? 1 : 0, ix->n);
	ck_ok(&f, gw_fetch_open(f.acct, box, ix, &all, GW_WANT_SORT | GW_WANT_SUBJECT | GW_WANT_SENT, &cur, &f.err));
	for (uint32_t i = 0; i < ix->n; i++) {
		ck_assert_int_eq(gw_fetch_next(cur, &m, &gone, &f.err), 1);
		v[i].number = key != GW_RANK_SENT ? 0 : m.sent == INT64_MIN ? m.entry->date : m.sent;
		if (key != GW_RANK_SENT)
			v[i].text = gw_arena_dup(&f.arena, key == GW_RANK_SUBJECT ? m.base_subject : m.sort_keys[key]);
	}
	gw_fetch_close(cur);
	gw_set_done(&all);
	return v;
}

static int order(const struct value *a, const struct value *b)
{
	int texts = gw_slice_cmp(a->text, b->text);

	return texts ? texts : (a->number > b->number) - (a->number < b->number);
}

static void check(struct gw_mbox_id box, const struct gw_index *ix, const struct gw_ranks *r, enum gw_rank_key key)
{
	const struct value *v = values(box, ix, key);
	uint32_t at = 0;
	uint64_t *rank = gw_arena_calloc(&f.arena, ix->n + 1, sizeof *rank);

	for (uint32_t i = 0; i < ix->n; i++) {
		while (at < r->n && r->uid[at] < gw_index_at(ix, i + 1)->uid)
			at++;
		ck_assert(at < r->n && r->uid[at] == gw_index_at(ix, i + 1)->uid);
		rank[i] = r->rank[at];
		if (key != GW_RANK_SENT)
			ck_assert(v[i].text.n ? rank[i] > 0 : rank[i] == 0);
		for (uint32_t k = 0; k < i; k++)
			if ((rank[k] > rank[i]) - (rank[k] < rank[i]) != (order(&v[k], &v[i]) > 0) - (order(&v[k], &v[i]) < 0))
				ck_abort_msg("ranks of messages %u and %u by key %d", k + 1, i + 1, key);
	}
}

START_TEST(ranks_stand_for_what_is_compared)
{
	unsigned seed = (unsigned)_i;
	struct gw_mbox_id box;

	fixture_init(&f, _i % 2);
	box = fixture_box(&f, "INBOX");
	for (int round = 0; round < 4; round++) {
		struct gw_index *ix;

		fill(box, &seed, round == 3 ? 0 : 30);
		ix = fixture_index(&f, box);
		for (int key = 0; key < GW_RANK_KEYS; key++) {
			struct gw_ranks *r = NULL, *again = NULL;

			ck_ok(&f, gw_mbox_ranks(f.acct, box, ix, (enum gw_rank_key)key, MEMORY, &r, &f.err));
			check(box, ix, r, (enum gw_rank_key)key);
			ck_ok(&f, gw_mbox_ranks(f.acct, box, ix, (enum gw_rank_key)key, 0, &again, &f.err));
			ck_assert_ptr_eq(again, r); /* kept */
			gw_ranks_unref(again);
			gw_ranks_unref(r);
		}
		gw_index_unref(ix);
		gw_arena_reset(&f.arena);
	}
	fixture_done(&f);
}
END_TEST

/* A message more, and they do not do; one less, and they do, also for who still sees the list before. */
START_TEST(ranks_count_as_long_as_they_have_all_messages)
{
	struct gw_mbox_id box;
	struct gw_index *before, *ix;
	struct gw_ranks *r = NULL;
	struct gw_set uids, gone;
	unsigned seed = 1;

	fixture_init(&f, _i);
	box = fixture_box(&f, "INBOX");
	fill(box, &seed, 10);
	before = fixture_index(&f, box);
	ck_ok(&f, gw_mbox_ranks(f.acct, box, before, GW_RANK_SUBJECT, 0, &r, &f.err));
	ck_assert_ptr_null(r); /* nobody made them */
	ck_ok(&f, gw_mbox_ranks(f.acct, box, before, GW_RANK_SUBJECT, MEMORY, &r, &f.err));
	gw_ranks_unref(r);

	set_of(&uids, 3, 5);
	gw_set_init(&gone);
	ck_ok(&f, gw_mbox_remove(f.acct, box, &uids, &gone, &f.err));
	ix = fixture_index(&f, box);
	ck_assert_uint_eq(ix->n, 7);
	ck_ok(&f, gw_mbox_ranks(f.acct, box, ix, GW_RANK_SUBJECT, 0, &r, &f.err));
	ck_assert_ptr_nonnull(r);
	check(box, ix, r, GW_RANK_SUBJECT);
	gw_ranks_unref(r);
	gw_index_unref(ix);

	fill(box, &seed, 1);
	ix = fixture_index(&f, box);
	ck_ok(&f, gw_mbox_ranks(f.acct, box, ix, GW_RANK_SUBJECT, 0, &r, &f.err));
	ck_assert_ptr_null(r);
	ck_ok(&f, gw_mbox_ranks(f.acct, box, before, GW_RANK_SUBJECT, 0, &r, &f.err));
	ck_assert_ptr_nonnull(r);
	gw_ranks_unref(r);
	ck_ok(&f, gw_mbox_ranks(f.acct, box, ix, GW_RANK_SUBJECT, MEMORY, &r, &f.err));
	check(box, ix, r, GW_RANK_SUBJECT);
	gw_ranks_unref(r);
	gw_index_unref(ix);
	gw_index_unref(before);
	gw_set_done(&uids);
	gw_set_done(&gone);
	fixture_done(&f);
}
END_TEST

static unsigned rows_read;

static void count_rows(void *ctx, enum gw_store_call call, uint64_t us, int rc)
{
	(void)ctx, (void)us, (void)rc;
	rows_read += call == GW_CALL_FETCH_NEXT;
}

static void remove_some(struct gw_mbox_id box, const struct gw_index *ix, unsigned *seed, int n)
{
	struct gw_set uids, gone;

	gw_set_init(&uids);
	gw_set_init(&gone);
	for (int i = 0; i < n; i++) {
		uint32_t uid = gw_index_at(ix, 1 + ((unsigned)rand_r(seed) >> 4) % ix->n)->uid;

		gw_set_add(&uids, uid, uid);
	}
	ck_ok(&f, gw_mbox_remove(f.acct, box, &uids, &gone, &f.err));
	gw_set_done(&uids);
	gw_set_done(&gone);
}

/* Each step from what the last one left: the model reads all messages. */
START_TEST(few_messages_that_come_are_put_between_the_others)
{
	unsigned seed = (unsigned)_i;
	struct gw_mbox_id box;
	struct gw_index *ix;

	fixture_init(&f, _i % 2);
	box = fixture_box(&f, "INBOX");
	fill(box, &seed, 150);
	for (int round = 0; round < 8; round++) {
		bool many = round == 0 || round == 5;

		ix = fixture_index(&f, box);
		for (int key = 0; key < GW_RANK_KEYS; key++) {
			struct gw_ranks *r = NULL;

			rows_read = 0;
			f.store->observe = count_rows;
			ck_ok(&f, gw_mbox_ranks(f.acct, box, ix, (enum gw_rank_key)key, MEMORY, &r, &f.err));
			f.store->observe = NULL;
			ck_assert_msg((rows_read > ix->n) == many, "%u rows of %u were read in round %d", rows_read, ix->n, round);
			check(box, ix, r, (enum gw_rank_key)key);
			gw_ranks_unref(r);
		}
		gw_arena_reset(&f.arena);
		remove_some(box, ix, &seed, ((unsigned)rand_r(&seed) >> 4) % 4);
		fill(box, &seed, round == 4 ? 40 : 1 + (int)(((unsigned)rand_r(&seed) >> 4) % 4));
		gw_index_unref(ix);
	}
	fixture_done(&f);
}
END_TEST

/* Who still sees messages that are gone has the ranks of the others, and takes nobody's away. */
START_TEST(ghosts_need_no_rank)
{
	struct gw_mbox_id box;
	struct gw_index *before, *now, *ghosts;
	struct gw_ranks *r = NULL, *again = NULL;
	unsigned seed = 3;

	fixture_init(&f, _i);
	box = fixture_box(&f, "INBOX");
	fill(box, &seed, 150);
	before = fixture_index(&f, box);
	remove_some(box, before, &seed, 5);
	fill(box, &seed, 2);
	now = fixture_index(&f, box);
	ghosts = gw_index_with_ghosts(before, now);
	ck_assert_uint_gt(ghosts->n, now->n);
	for (int key = 0; key < GW_RANK_KEYS; key++) {
		ck_ok(&f, gw_mbox_ranks(f.acct, box, now, (enum gw_rank_key)key, MEMORY, &r, &f.err));
		ck_ok(&f, gw_mbox_ranks(f.acct, box, ghosts, (enum gw_rank_key)key, 0, &again, &f.err));
		ck_assert_ptr_eq(r, again);
		gw_ranks_unref(again);
		gw_ranks_unref(r);
	}
	fill(box, &seed, 2);
	gw_index_unref(now);
	now = fixture_index(&f, box);
	gw_index_unref(ghosts);
	ghosts = gw_index_with_ghosts(before, now);
	for (int key = 0; key < GW_RANK_KEYS; key++) {
		ck_ok(&f, gw_mbox_ranks(f.acct, box, ghosts, (enum gw_rank_key)key, MEMORY, &r, &f.err));
		check(box, now, r, (enum gw_rank_key)key);
		gw_ranks_unref(r);
	}
	gw_index_unref(ghosts);
	gw_index_unref(now);
	gw_index_unref(before);
	fixture_done(&f);
}
END_TEST

/* Another process removed a message whose place was asked for: all are read. */
START_TEST(a_message_that_went_away_meanwhile_is_no_place)
{
	struct gw_mbox_id box;
	struct gw_index *ix, *now;
	struct gw_ranks *r = NULL;
	struct gw_set uids, gone;
	unsigned seed = 5;

	fixture_init(&f, _i);
	box = fixture_box(&f, "INBOX");
	fill(box, &seed, 150);
	ix = fixture_index(&f, box);
	ck_ok(&f, gw_mbox_ranks(f.acct, box, ix, GW_RANK_SUBJECT, MEMORY, &r, &f.err));
	gw_ranks_unref(r);
	gw_index_unref(ix);
	fill(box, &seed, 2);
	ix = fixture_index(&f, box);
	set_of(&uids, 1, 140);
	gw_set_init(&gone);
	ck_ok(&f, gw_mbox_remove(f.acct, box, &uids, &gone, &f.err));
	ck_ok(&f, gw_mbox_ranks(f.acct, box, ix, GW_RANK_SUBJECT, MEMORY, &r, &f.err));
	now = fixture_index(&f, box);
	check(box, now, r, GW_RANK_SUBJECT);
	gw_ranks_unref(r);
	gw_index_unref(now);
	gw_index_unref(ix);
	gw_set_done(&uids);
	gw_set_done(&gone);
	fixture_done(&f);
}
END_TEST

START_TEST(ranks_take_no_more_memory_than_allowed)
{
	struct gw_mbox_id box;
	struct gw_index *ix;
	struct gw_ranks *r = NULL;
	unsigned seed = 1;

	fixture_init(&f, true);
	box = fixture_box(&f, "INBOX");
	fill(box, &seed, 50);
	ix = fixture_index(&f, box);
	for (size_t max = 1; max < 4500; max += 500) /* a message takes 48 octets, and its text */
		ck_code(&f, gw_mbox_ranks(f.acct, box, ix, GW_RANK_SUBJECT, max < 2500 ? max : 2400, &r, &f.err), GW_ELIMIT);
	ck_assert_ptr_null(r);
	ck_ok(&f, gw_mbox_ranks(f.acct, box, ix, GW_RANK_SUBJECT, MEMORY, &r, &f.err));
	gw_ranks_unref(r);
	gw_index_unref(ix);
	fixture_done(&f);
}
END_TEST

/* Texts that are equal for long, and some that end where others go on: more than fit in one step of ranking. */
START_TEST(texts_are_ranked_by_their_octets)
{
	enum { N = 3000 };
	static char room[N][40];
	struct gw_pair *v = gw_xcalloc(N, sizeof *v), *tmp = gw_xcalloc(N, sizeof *tmp);
	struct gw_texts t;
	uint32_t *rank;
	unsigned seed = 7;

	gw_texts_init(&t, N);
	for (int i = 0; i < N; i++) {
		snprintf(room[i], sizeof room[i], "%.*s%x", (int)(rand_r(&seed) >> 4) % 30, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ((unsigned)rand_r(&seed) >> 4) % 5);
		if (i % 50 == 0)
			room[i][0] = '\0';
		ck_assert(gw_texts_add(&t, gw_slice_str(room[i])));
	}
	ck_assert(!gw_texts_add(&t, GW_S("one more")));
	rank = gw_texts_rank(&t, v, tmp);
	for (int i = 0; i < N; i++)
		for (int k = 0; k < i; k += 7) {
			int want = strcmp(room[k], room[i]);

			if ((rank[k] > rank[i]) - (rank[k] < rank[i]) != (want > 0) - (want < 0))
				ck_abort_msg("ranks of \"%s\" and \"%s\"", room[k], room[i]);
		}
	ck_assert_uint_eq(rank[0], 0);
	free(rank);
	free(v);
	free(tmp);
}
END_TEST

static TCase *tcase_ranks(void)
{
	TCase *tc = tcase_create("ranks");

	tcase_add_loop_test(tc, ranks_stand_for_what_is_compared, 0, 6);
	tcase_add_loop_test(tc, ranks_count_as_long_as_they_have_all_messages, 0, 2);
	tcase_add_loop_test(tc, few_messages_that_come_are_put_between_the_others, 0, 12);
	tcase_add_loop_test(tc, ghosts_need_no_rank, 0, 2);
	tcase_add_loop_test(tc, a_message_that_went_away_meanwhile_is_no_place, 0, 2);
	tcase_add_test(tc, ranks_take_no_more_memory_than_allowed);
	tcase_add_test(tc, texts_are_ranked_by_their_octets);
	tcase_set_timeout(tc, 60);
	return tc;
}

UNIT_MAIN("store/ranks", tcase_ranks())

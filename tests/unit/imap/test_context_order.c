/* test_context_order.c - a sorted result that stays up to date (imap/context_order.h)
 *
 * A client is played: a list to which the edits are done one after the other must be what a new search would find. */
#include "imap/context_order.h"
#include "tests/unit/unit.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

#define MESSAGES 4000u /* UIDs 1..MESSAGES; the key of each decides, then its UID */

static uint32_t key[MESSAGES + 1];
static uint64_t seed;

static uint32_t any(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(seed >> 33) % below;
}

static int by_key(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	if (key[x] != key[y])
		return key[x] < key[y] ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* The UIDs of a set in order, without those that are gone. */
static uint32_t *sorted(const struct gw_set *set, const struct gw_set *gone, uint32_t *ret_n)
{
	uint32_t *v = gw_xcalloc((size_t)gw_set_count(set) + 1, sizeof *v), n = 0;

	for (uint32_t uid = gw_set_min(set); uid; uid = gw_set_next(set, uid + 1, NULL))
		if (!gone || !gw_set_has(gone, uid))
			v[n++] = uid;
	qsort(v, n, sizeof *v, by_key);
	*ret_n = n;
	return v;
}

/* What the client does. */
static void do_edits(struct context_order *client, const struct context_edits *e, bool adds)
{
	for (size_t i = 0; i < e->n; i++) {
		uint32_t at = e->v[i].at;

		ck_assert_uint_le(at, client->n);
		if (adds) {
			client->uid = gw_xrealloc(client->uid, (size_t)client->n + 1, sizeof *client->uid);
			memmove(client->uid + at + 1, client->uid + at, (client->n - at) * sizeof *client->uid);
			client->uid[at] = e->v[i].number;
			client->n++;
		} else {
			ck_assert_uint_lt(at, client->n);
			ck_assert_uint_eq(client->uid[at], e->v[i].number);
			memmove(client->uid + at, client->uid + at + 1, (client->n - at - 1) * sizeof *client->uid);
			client->n--;
		}
	}
}

static void check_same(const struct context_order *a, const struct context_order *b)
{
	ck_assert_uint_eq(a->n, b->n);
	for (uint32_t i = 0; i < a->n; i++)
		ck_assert_uint_eq(a->uid[i], b->uid[i]);
}

static void check_is(const struct context_order *o, const struct gw_set *set)
{
	struct context_order want = { 0 };

	want.uid = sorted(set, NULL, &want.n);
	check_same(o, &want);
	free(want.uid);
}

/* Put uids in; gone: those that cannot be read any more. Returns the rounds it took. */
static unsigned put_in(struct context_order *o, const struct gw_set *uids, const struct gw_set *gone, struct context_edits *e)
{
	struct context_places p;
	struct gw_set ask;
	unsigned rounds = 0;

	gw_set_init(&ask);
	context_places_init(&p, o, uids);
	while (context_places_ask(&p, &ask)) {
		uint32_t n, *v = sorted(&ask, gone, &n);

		ck_assert(context_places_answer(&p, v, n));
		ck_assert_uint_lt(++rounds, 40);
		free(v);
		gw_set_clear(&ask);
	}
	context_order_insert(o, &p, e);
	context_places_done(&p);
	gw_set_done(&ask);
	return rounds;
}

static void start(unsigned kinds)
{
	for (uint32_t i = 1; i <= MESSAGES; i++)
		key[i] = any(kinds);
}

static void add_any(struct gw_set *set, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t uid = 1 + any(MESSAGES);

		gw_set_add(set, uid, uid);
	}
}

/* RFC 5267 4.3.2(a): edits that are done in their order keep the result in the requested order */
START_TEST(edits_keep_the_clients_list_in_order)
{
	struct context_order o = { 0 }, client = { 0 };
	struct context_edits e = { 0 };
	struct gw_set in, some, there;

	seed = (uint64_t)_i;
	start(_i % 2 ? 5 : MESSAGES);
	gw_set_init(&in);
	gw_set_init(&some);
	gw_set_init(&there);
	for (unsigned round = 0; round < 24; round++) {
		add_any(&some, 1 + any(round % 5 ? 4 : 300));
		gw_set_subtract(&some, &in);
		put_in(&o, &some, NULL, &e);
		do_edits(&client, &e, true);
		check_same(&o, &client);
		gw_set_union(&in, &some);
		check_is(&o, &in);
		context_edits_done(&e);
		gw_set_clear(&some);

		add_any(&some, 1 + any(round % 7 ? 8 : 400));
		context_order_remove(&o, &some, NULL, &e, &there);
		do_edits(&client, &e, false);
		check_same(&o, &client);
		gw_set_subtract(&in, &some);
		check_is(&o, &in);
		context_edits_done(&e);
		gw_set_clear(&some);
		gw_set_clear(&there);
	}
	gw_set_done(&in);
	gw_set_done(&some);
	gw_set_done(&there);
	free(o.uid);
	free(client.uid);
}
END_TEST

START_TEST(what_is_kept_is_there_and_stays)
{
	struct context_order o = { 0 };
	struct context_edits e = { 0 };
	struct gw_set in, out, keep, there;

	seed = 7;
	start(MESSAGES);
	gw_set_init(&in);
	gw_set_init(&out);
	gw_set_init(&keep);
	gw_set_init(&there);
	gw_set_add(&in, 1, 10);
	put_in(&o, &in, NULL, &e);
	context_edits_done(&e);
	gw_set_add(&out, 8, 20);
	gw_set_add(&keep, 9, 9);
	gw_set_add(&keep, 15, 15);
	context_order_remove(&o, &out, &keep, &e, &there);
	ck_assert_uint_eq(e.n, 2);
	ck_assert_uint_eq(gw_set_count(&there), 3);
	gw_set_subtract(&in, &out);
	gw_set_add(&in, 9, 9);
	check_is(&o, &in);
	context_edits_done(&e);
	gw_set_done(&in);
	gw_set_done(&out);
	gw_set_done(&keep);
	gw_set_done(&there);
	free(o.uid);
}
END_TEST

/* UIDs are told as ranges in which most may be nobody's: memory is that of the list. */
START_TEST(what_names_nobody_costs_nothing)
{
	uint32_t uids[] = { 7, 5, 4000000000u };
	struct context_order o = { .uid = uids, .n = 3 };
	struct context_edits edits = { 0 };
	struct gw_set all, keep, there;

	gw_set_init(&all);
	gw_set_init(&keep);
	gw_set_init(&there);
	gw_set_add(&all, 6, UINT32_MAX - 1);
	gw_set_add(&keep, 7, 7);
	context_order_remove(&o, &all, &keep, &edits, &there);
	ck_assert_uint_eq(o.n, 2);
	ck_assert_uint_eq(edits.n, 1);
	ck_assert_uint_eq(edits.v[0].number, 4000000000u);
	ck_assert_uint_eq(gw_set_count(&there), 2);
	context_edits_done(&edits);
	gw_set_done(&all);
	gw_set_done(&keep);
	gw_set_done(&there);
}
END_TEST

/* Work follows the change: one message is compared with few members of a long list. */
START_TEST(one_message_is_compared_with_few)
{
	struct context_order o = { 0 };
	struct context_edits e = { 0 };
	struct gw_set in, one;

	seed = 3;
	start(MESSAGES);
	gw_set_init(&in);
	gw_set_init(&one);
	gw_set_add(&in, 1, MESSAGES - 1);
	put_in(&o, &in, NULL, &e);
	context_edits_done(&e);
	gw_set_add(&one, MESSAGES, MESSAGES);
	ck_assert_uint_le(put_in(&o, &one, NULL, &e), 4); /* 16^3 = 4096 */
	ck_assert_uint_eq(e.n, 1);
	context_edits_done(&e);
	gw_set_done(&in);
	gw_set_done(&one);
	free(o.uid);
}
END_TEST

/* Messages that vanish between the search and the comparison: those that come in are left out, members stay where they are. */
START_TEST(who_is_gone_meanwhile_is_passed_over)
{
	struct context_order o = { 0 };
	struct context_edits e = { 0 };
	struct gw_set in, some, gone;
	uint32_t put = 0, last = 0;

	seed = (uint64_t)_i + 100;
	start(_i % 2 ? 3 : MESSAGES);
	gw_set_init(&in);
	gw_set_init(&some);
	gw_set_init(&gone);
	add_any(&in, 600);
	put_in(&o, &in, NULL, &e);
	context_edits_done(&e);
	add_any(&some, 50);
	gw_set_subtract(&some, &in);
	add_any(&gone, 800);
	put_in(&o, &some, &gone, &e);
	for (uint32_t uid = gw_set_min(&some); uid; uid = gw_set_next(&some, uid + 1, NULL))
		put += !gw_set_has(&gone, uid);
	ck_assert_uint_eq(e.n, put);
	for (uint32_t i = 0; i < o.n; i++) { /* those that are there are in order */
		if (gw_set_has(&gone, o.uid[i]))
			continue;
		if (last)
			ck_assert_int_lt(by_key(&last, &o.uid[i]), 0);
		last = o.uid[i];
	}
	context_edits_done(&e);
	gw_set_done(&in);
	gw_set_done(&some);
	gw_set_done(&gone);
	free(o.uid);
}
END_TEST

/* A store that sorts otherwise than before does not lead astray. */
START_TEST(an_answer_that_does_not_fit_is_refused)
{
	uint32_t v[] = { 1, 2, 3, 4 }, upside_down[] = { 4, 9, 3, 2, 1 }, strange[] = { 1, 77, 9 };
	struct context_order o = { .uid = v, .n = 4 };
	struct context_places p;
	struct gw_set one, ask;

	gw_set_init(&one);
	gw_set_init(&ask);
	gw_set_add(&one, 9, 9);
	context_places_init(&p, &o, &one);
	ck_assert(context_places_ask(&p, &ask));
	ck_assert_uint_eq(gw_set_count(&ask), 5);
	ck_assert(!context_places_answer(&p, upside_down, 5));
	context_places_done(&p);
	context_places_init(&p, &o, &one);
	ck_assert(context_places_ask(&p, &ask));
	ck_assert(!context_places_answer(&p, strange, 3));
	context_places_done(&p);
	gw_set_done(&one);
	gw_set_done(&ask);
}
END_TEST

/* Two messages belong far from each other, and side by side when it is asked again: one of them is elsewhere now. */
START_TEST(a_message_that_belongs_elsewhere_in_the_next_round_is_refused)
{
	static const uint32_t then[][2] = { { 1001, 9001 }, { 1001, 1002 }, { 9998, 9999 } };
	struct context_order o = { .uid = gw_xcalloc(1000, sizeof *o.uid), .n = 1000 };
	struct context_places p;
	struct gw_set two, ask;

	for (uint32_t i = 0; i < o.n; i++) {
		o.uid[i] = i + 1;
		key[i + 1] = 10 * i;
	}
	gw_set_init(&two);
	gw_set_init(&ask);
	gw_set_add(&two, 2001, 2002);
	context_places_init(&p, &o, &two);
	for (unsigned round = 0; round < 2; round++) {
		uint32_t n, *v;

		key[2001] = then[round ? _i : 0][0];
		key[2002] = then[round ? _i : 0][1];
		ck_assert(context_places_ask(&p, &ask));
		v = sorted(&ask, NULL, &n);
		ck_assert_int_eq(context_places_answer(&p, v, n), !round || !_i);
		free(v);
		gw_set_clear(&ask);
	}
	context_places_done(&p);
	gw_set_done(&two);
	gw_set_done(&ask);
	free(o.uid);
}
END_TEST

static TCase *tcase_context_order(void)
{
	TCase *tc = tcase_create("context_order");

	tcase_add_loop_test(tc, edits_keep_the_clients_list_in_order, 0, 8);
	tcase_add_test(tc, what_is_kept_is_there_and_stays);
	tcase_add_test(tc, what_names_nobody_costs_nothing);
	tcase_add_test(tc, one_message_is_compared_with_few);
	tcase_add_loop_test(tc, who_is_gone_meanwhile_is_passed_over, 0, 20);
	tcase_add_test(tc, an_answer_that_does_not_fit_is_refused);
	tcase_add_loop_test(tc, a_message_that_belongs_elsewhere_in_the_next_round_is_refused, 0, 3);
	return tc;
}

UNIT_MAIN("imap/context_order", tcase_context_order())

/* test_links.c - what THREAD looks at of a mailbox's messages, which is kept (RFC 5256 2.1, 2.2, 3; store/links.h) */
#include "store/links.h"

#include "store/driver.h"
#include "tests/unit/store/storetest.h"

#define MEMORY ((size_t)64 << 20)

static struct fixture f;
static unsigned rows_read;

static void count_rows(void *ctx, enum gw_store_call call, uint64_t us, int rc)
{
	(void)ctx, (void)us, (void)rc;
	rows_read += call == GW_CALL_FETCH_NEXT;
}

static unsigned dice(unsigned *seed, unsigned n)
{
	return ((unsigned)rand_r(seed) >> 4) % n;
}

static void fill(struct gw_mbox_id box, unsigned *seed, int n)
{
	static const char *const subjects[] = { "", "b", "Re: b", "a", "=?utf-8?q?=C3=84?=" };

	for (int i = 0; i < n; i++) {
		struct gw_buf text;

		gw_buf_init(&text, 0);
		gw_buf_printf(&text, "Subject: %s\r\n", subjects[dice(seed, 5)]);
		if (dice(seed, 4))
			gw_buf_printf(&text, "Message-ID: <%u@x>\r\n", dice(seed, 50));
		if (dice(seed, 2))
			gw_buf_printf(&text, "Date: Mon, %u Nov 2023 10:00:00 +0100\r\n", 1 + dice(seed, 28));
		for (unsigned k = dice(seed, 4), first = k; k; k--)
			gw_buf_printf(&text, "%s<%u@x>%s", k == first ? "References: " : " ", dice(seed, 50), k == 1 ? "\r\n" : "");
		gw_buf_printf(&text, "\r\n%d\r\n", i);
		append_text(&f, box, gw_buf_slice(&text), 0);
		gw_buf_done(&text);
		test_wall_now += dice(seed, 3) * 86400;
	}
}

static void check_one(const struct gw_links *l, uint32_t at, const struct gw_message *m)
{
	const struct gw_link *link = &l->v[at];
	struct gw_slice rest = m->references, id;
	uint32_t from = at ? link[-1].end : 0;

	ck_assert_int_eq(link->sent, m->sent == INT64_MIN ? m->entry->date : m->sent);
	ck_assert_uint_eq(link->subject, gw_link_hash(l->key, m->base_subject));
	ck_assert_uint_eq(link->id, gw_link_hash(l->key, m->message_id));
	ck_assert_int_eq(link->reply, m->is_reply);
	while (rest.n && gw_slice_word(&rest, "\n", &id)) {
		ck_assert_uint_lt(from, link->end);
		ck_assert_uint_eq(l->reference[from++], gw_link_hash(l->key, id));
	}
	ck_assert_uint_eq(from, link->end);
}

/* The store has them all: what is kept says the same. */
static void check(struct gw_mbox_id box, const struct gw_index *ix, const struct gw_links *l)
{
	struct gw_message m;
	struct gw_fetch *cur;
	struct gw_set all;
	bool gone;
	uint32_t at = 0;

	set_of(&all, ix->n ? 1 : 0, ix->n);
	ck_ok(&f, gw_fetch_open(f.acct, box, ix, &all, GW_WANT_THREAD, &cur, &f.err));
	for (uint32_t i = 0; i < ix->n; i++) {
		ck_assert_int_eq(gw_fetch_next(cur, &m, &gone, &f.err), 1);
		if (!m.entry->content)
			continue;
		while (at < l->n && l->v[at].uid < m.entry->uid)
			at++;
		ck_assert(at < l->n && l->v[at].uid == m.entry->uid);
		check_one(l, at, &m);
	}
	gw_fetch_close(cur);
	gw_set_done(&all);
}

static void remove_some(struct gw_mbox_id box, const struct gw_index *ix, unsigned *seed, unsigned n)
{
	struct gw_set uids, gone;

	gw_set_init(&uids);
	gw_set_init(&gone);
	for (; n && ix->n; n--) {
		uint32_t uid = gw_index_at(ix, 1 + dice(seed, ix->n))->uid;

		gw_set_add(&uids, uid, uid);
	}
	ck_ok(&f, gw_mbox_remove(f.acct, box, &uids, &gone, &f.err));
	gw_set_done(&uids);
	gw_set_done(&gone);
}

START_TEST(links_follow_a_mailbox_and_only_new_messages_are_read)
{
	unsigned seed = (unsigned)_i;
	struct gw_mbox_id box;
	struct gw_index *before = NULL;
	uint32_t seen = 0;

	fixture_init(&f, _i % 2);
	box = fixture_box(&f, "INBOX");
	fill(box, &seed, (int)dice(&seed, 40));
	for (int round = 0; round < 12; round++) {
		struct gw_index *ix = fixture_index(&f, box), *ghosts = gw_index_with_ghosts(before ? before : ix, ix);
		struct gw_links *l = NULL, *again = NULL;

		rows_read = 0;
		f.store->observe = count_rows;
		ck_ok(&f, gw_mbox_links(f.acct, box, round % 3 ? ix : ghosts, MEMORY, &l, &f.err));
		f.store->observe = NULL;
		ck_assert_uint_le(rows_read, ix->n - (gw_index_lower(ix, seen + 1) - 1) + 1);
		check(box, ix, l);
		ck_ok(&f, gw_mbox_links(f.acct, box, round % 2 ? ix : ghosts, 0, &again, &f.err));
		ck_assert_ptr_eq(again, l); /* kept, and ghosts need none */
		gw_links_unref(again);
		gw_links_unref(l);
		seen = ix->uidnext - 1;
		remove_some(box, ix, &seed, dice(&seed, 8));
		fill(box, &seed, (int)dice(&seed, 12));
		gw_index_unref(ghosts);
		gw_index_unref(before);
		before = ix;
	}
	gw_index_unref(before);
	fixture_done(&f);
}
END_TEST

START_TEST(links_are_made_when_there_is_memory_for_them)
{
	struct gw_mbox_id box;
	struct gw_index *ix;
	struct gw_links *l = NULL;
	unsigned seed = 1;

	fixture_init(&f, _i);
	box = fixture_box(&f, "INBOX");
	fill(box, &seed, 50);
	ix = fixture_index(&f, box);
	ck_ok(&f, gw_mbox_links(f.acct, box, ix, 0, &l, &f.err));
	ck_assert_ptr_null(l); /* nobody made them */
	for (size_t max = 1; max < 50 * sizeof *l->v + 64 * sizeof *l->reference; max += 500)
		ck_code(&f, gw_mbox_links(f.acct, box, ix, max, &l, &f.err), GW_ELIMIT);
	ck_assert_ptr_null(l);
	ck_ok(&f, gw_mbox_links(f.acct, box, ix, MEMORY, &l, &f.err));
	ck_assert_uint_le(gw_links_bytes(l), sizeof *l + 50 * (sizeof *l->v + 5 * sizeof *l->reference));
	gw_links_unref(l);
	gw_index_unref(ix);
	fixture_done(&f);
}
END_TEST

static TCase *tcase_links(void)
{
	TCase *tc = tcase_create("links");

	tcase_add_loop_test(tc, links_follow_a_mailbox_and_only_new_messages_are_read, 0, 12);
	tcase_add_loop_test(tc, links_are_made_when_there_is_memory_for_them, 0, 2);
	tcase_set_timeout(tc, 60);
	return tc;
}

UNIT_MAIN("store/links", tcase_links())

/* test_mirror_bytes.c - bytes of a mirror's messages: they come, are read, make room, and never are another message's */
#include "tests/unit/store/mirrortest.h"

static struct mirrored m;

static void setup(void)
{
	mirrored_init(&m);
	mirrored_boxes(&m);
}

static void teardown(void)
{
	ck_assert_int_eq(mirrored_problems(&m), 0);
	mirrored_done(&m);
}

/* ---- messages with bytes ---- */

/* The octet at off of message `number`, which has `size`. */
static char octet(int number, uint64_t off)
{
	static const char header[] = "Subject: test\r\n\r\n";

	return off < sizeof header - 1 ? header[off] : (char)('a' + (off * 31 + (uint64_t)number) % 26);
}

struct source {
	int number;
	uint64_t size;
};

static long read_source(void *ctx, uint64_t off, void *dst, size_t n)
{
	const struct source *s = ctx;

	if (off >= s->size)
		return 0;
	if (n > s->size - off)
		n = (size_t)(s->size - off);
	for (size_t i = 0; i < n; i++)
		((char *)dst)[i] = octet(s->number, off + i);
	return (long)n;
}

/* Message `number` of size octets in the inbox. Its content number comes back. */
static uint64_t tell(int number, uint64_t size)
{
	struct jmap_email e = email_of(&m, number, "a", "");
	uint64_t content = 0;

	e.size = size;
	mirrored_do(&m, mirror_tx_emails(tx, &e, 1, &m.err));
	ck_ok(&m, mirror_known(m.acc, 0, &e.id, 1, &content, &m.err));
	return content;
}

/* As a download brings them. */
static struct mirror_bytes bytes_of(uint64_t content, int number, uint64_t size)
{
	struct source *s = gw_arena_alloc(&m.arena, sizeof *s);
	struct gw_derived *d = gw_arena_alloc(&m.arena, sizeof *d);
	struct gw_deriver *dv = gw_deriver_new();
	char buf[8192];

	*s = (struct source){ number, size };
	for (uint64_t off = 0; off < size; off += sizeof buf) {
		long n = read_source(s, off, buf, sizeof buf);

		gw_deriver_feed(dv, gw_slice(buf, (size_t)n));
	}
	gw_deriver_finish(dv, &m.arena, d);
	gw_deriver_free(dv);
	return (struct mirror_bytes){ content, d, read_source, s, size };
}

static int put(uint64_t content, int number, uint64_t size, bool body, uint64_t max)
{
	struct mirror_bytes b = bytes_of(content, number, size);

	return mirror_put_bytes(m.acc, &b, 1, body, max, &m.err);
}

static bool is_missing(uint64_t content, bool body)
{
	struct mirror_need *v;
	size_t n = 0;

	ck_ok(&m, mirror_missing(m.acc, &content, 1, body, &m.arena, &v, &n, &m.err));
	return n == 1;
}

#define PLENTY ((uint64_t)1 << 40)

/* ---- reading ---- */

static struct gw_fetch *open_fetch(struct gw_index *ix, const struct gw_set *seqs, unsigned want)
{
	struct gw_fetch *f = NULL;

	ck_ok(&m, view_fetch_open(&m.view.base, (struct gw_mbox_id){ 0, 1 }, ix, seqs, want, &f, &m.err));
	return f;
}

/* The current message of f is message `number` to the last octet. */
static void check_octets(struct gw_fetch *f, int number, uint64_t size)
{
	char buf[60000];
	uint64_t off = 0;
	long n;

	while ((n = view_fetch_read(f, off, buf, sizeof buf, &m.err)) > 0)
		for (long i = 0; i < n; i++, off++)
			if (buf[i] != octet(number, off))
				ck_abort_msg("octet %llu of message %d is another's", (unsigned long long)off, number);
	ck_assert_int_eq(n, 0);
	ck_assert_uint_eq(off, size);
}

START_TEST(a_message_is_read_as_it_came)
{
	static const uint64_t sizes[] = { 0, 1, 17, 1 << 20, (1 << 20) + 1, (5 << 20) + 3 };
	const uint64_t size = sizes[_i];
	uint64_t content = tell(7, size);
	struct gw_index *ix = mirrored_index(&m, 1);
	struct gw_message msg;
	struct gw_fetch *f;
	struct gw_set seqs;
	bool gone = true;

	ck_assert(is_missing(content, false));
	ck_ok(&m, put(content, 7, size, true, PLENTY));
	ck_assert(!is_missing(content, true));
	ck_ok(&m, put(content, 7, size, true, PLENTY)); /* once more is no harm */
	set_of(&seqs, 1, 1);
	f = open_fetch(ix, &seqs, GW_WANT_BODY | GW_WANT_IDS | GW_WANT_ENVELOPE);
	ck_assert_int_eq(view_fetch_next(f, &msg, &gone, &m.err), 1);
	ck_assert(!gone);
	ck_assert_slice_eq(msg.emailid, "M7");
	ck_assert_slice_eq(msg.threadid, "T3");
	check_octets(f, 7, size);
	view_fetch_close(f);
	gw_index_unref(ix);
	gw_set_done(&seqs);
}
END_TEST

START_TEST(what_is_not_here_yet_is_no_message_that_is_gone)
{
	uint64_t one = tell(1, 100), two = tell(2, 200);
	struct gw_index *ix = mirrored_index(&m, 1);
	struct gw_message msg;
	struct gw_fetch *f;
	struct gw_set seqs;
	bool gone = false;

	ck_ok(&m, put(one, 1, 100, true, PLENTY));
	set_of(&seqs, 1, 2);
	f = open_fetch(ix, &seqs, GW_WANT_ENVELOPE | GW_WANT_BODY);
	ck_assert_int_eq(view_fetch_next(f, &msg, &gone, &m.err), 1);
	ck_assert_int_eq(view_fetch_next(f, &msg, &gone, &m.err), GW_ENOENT);
	view_fetch_pause(f);
	ck_assert_int_eq(view_fetch_next(f, &msg, &gone, &m.err), GW_ENOENT);
	view_fetch_pause(f);
	ck_ok(&m, put(two, 2, 200, true, PLENTY));
	ck_assert_int_eq(view_fetch_next(f, &msg, &gone, &m.err), 1);
	ck_assert_uint_eq(msg.seq, 2);
	ck_assert(!gone);
	check_octets(f, 2, 200);
	ck_assert_int_eq(view_fetch_next(f, &msg, &gone, &m.err), 0);
	view_fetch_close(f);
	gw_index_unref(ix);
	gw_set_done(&seqs);
}
END_TEST

START_TEST(ids_are_told_of_messages_whose_bytes_are_elsewhere)
{
	struct gw_index *ix;
	struct gw_message msg;
	struct gw_fetch *f;
	struct gw_set seqs;
	bool gone;

	tell(4, 100);
	ix = mirrored_index(&m, 1);
	set_of(&seqs, 1, 1);
	f = open_fetch(ix, &seqs, GW_WANT_IDS | GW_WANT_SAVEDATE);
	ck_assert_int_eq(view_fetch_next(f, &msg, &gone, &m.err), 1);
	ck_assert_slice_eq(msg.emailid, "M4");
	ck_assert_int_eq(msg.savedate, test_wall_now);
	view_fetch_close(f);
	gw_index_unref(ix);
	gw_set_done(&seqs);
}
END_TEST

START_TEST(a_message_that_was_expunged_is_gone_whatever_is_left_of_it)
{
	const struct gw_slice id = GW_S("M1");
	uint64_t content = tell(1, 100);
	struct gw_index *ix = mirrored_index(&m, 1);
	struct gw_message msg;
	struct gw_fetch *f;
	struct gw_set seqs;
	bool gone = false;

	mirrored_do(&m, mirror_tx_gone(tx, &id, 1, &m.err));
	ck_ok(&m, put(content, 1, 100, true, PLENTY)); /* came too late: skipped */
	ck_assert_int_ge(db_sweep_some(m.acc, 100, &m.err), 0);
	set_of(&seqs, 1, 1);
	f = open_fetch(ix, &seqs, GW_WANT_ENVELOPE);
	ck_assert_int_eq(view_fetch_next(f, &msg, &gone, &m.err), 1);
	ck_assert(gone);
	view_fetch_close(f);
	gw_index_unref(ix);
	gw_set_done(&seqs);
}
END_TEST

/* ---- K05 ---- */

START_TEST(bytes_of_another_size_are_refused_and_the_others_are_kept)
{
	uint64_t one = tell(1, 100), two = tell(2, 200), three = tell(3, 300);
	struct mirror_bytes v[] = { bytes_of(one, 1, 100), bytes_of(two, 2, 201), bytes_of(three, 3, 300) };

	ck_code(&m, mirror_put_bytes(m.acc, v, 3, true, PLENTY, &m.err), GW_ECORRUPT);
	ck_assert(!is_missing(one, true));
	ck_assert(is_missing(two, false));
	ck_assert(!is_missing(three, true));
}
END_TEST

START_TEST(a_message_that_comes_back_does_not_get_the_bytes_it_had)
{
	uint64_t was = tell(1, 100), is;
	struct gw_index *ix;
	struct gw_message msg;
	struct gw_fetch *f;
	struct gw_set seqs;
	bool gone;

	ck_ok(&m, put(was, 1, 100, true, PLENTY));
	is = tell(1, 120);
	ck_assert_uint_ne(is, was);
	ck_assert(is_missing(is, false));
	ck_ok(&m, put(is, 9, 120, true, PLENTY));
	ix = mirrored_index(&m, 1);
	set_of(&seqs, 1, 1);
	f = open_fetch(ix, &seqs, GW_WANT_BODY);
	ck_assert_int_eq(view_fetch_next(f, &msg, &gone, &m.err), 1);
	ck_assert_uint_eq(msg.entry->uid, 2);
	check_octets(f, 9, 120);
	view_fetch_close(f);
	gw_index_unref(ix);
	gw_set_done(&seqs);
}
END_TEST

/* ---- the cache ---- */

START_TEST(bytes_that_were_not_used_longest_make_room)
{
	uint64_t c[4];

	for (int i = 0; i < 4; i++) {
		c[i] = tell(i + 1, 1000);
		test_wall_now += 10;
		ck_ok(&m, put(c[i], i + 1, 1000, true, 3000));
		if (i == 2) {
			test_wall_now += 4000;
			ck_ok(&m, mirror_touch(m.acc, c, 1, &m.err));
		}
	}
	ck_assert(!is_missing(c[0], true));
	ck_assert(is_missing(c[1], true));
	ck_assert(!is_missing(c[1], false)); /* what was derived stays */
	ck_assert(!is_missing(c[2], true));
	ck_assert(!is_missing(c[3], true));
}
END_TEST

START_TEST(bytes_that_just_came_stay_though_they_are_more_than_the_cache_holds)
{
	uint64_t one = tell(1, 1000), two = tell(2, 1000), three = tell(3, 10);
	struct mirror_bytes v[] = { bytes_of(one, 1, 1000), bytes_of(two, 2, 1000) };

	ck_ok(&m, mirror_put_bytes(m.acc, v, 2, true, 1500, &m.err));
	ck_assert(!is_missing(one, true));
	ck_assert(!is_missing(two, true));
	test_wall_now++;
	ck_ok(&m, put(three, 3, 10, true, 1500));
	ck_assert(is_missing(one, true));
	ck_assert(!is_missing(two, true));
}
END_TEST

START_TEST(without_the_body_only_what_is_derived_is_kept)
{
	uint64_t content = tell(1, 100);
	struct gw_index *ix = mirrored_index(&m, 1);
	struct gw_message msg;
	struct gw_fetch *f;
	struct gw_set seqs;
	char c;
	bool gone;

	ck_ok(&m, put(content, 1, 100, false, PLENTY));
	ck_assert(!is_missing(content, false));
	ck_assert(is_missing(content, true));
	set_of(&seqs, 1, 1);
	f = open_fetch(ix, &seqs, GW_WANT_ENVELOPE);
	ck_assert_int_eq(view_fetch_next(f, &msg, &gone, &m.err), 1);
	ck_assert_int_eq(view_fetch_read(f, 0, &c, 1, &m.err), GW_ENOENT);
	view_fetch_close(f);
	gw_index_unref(ix);
	gw_set_done(&seqs);
}
END_TEST

/* ---- sweeping ---- */

/* Rows of a table. */
static int64_t rows(const char *sql)
{
	return db_number(m.acc, sql);
}

START_TEST(what_is_left_of_messages_that_are_gone_is_swept_as_far_as_the_budget_goes)
{
	struct gw_slice id[3];

	for (int i = 0; i < 3; i++) {
		ck_ok(&m, put(tell(i + 1, 100), i + 1, 100, true, PLENTY));
		id[i] = gw_slice_str(gw_arena_printf(&m.arena, "M%d", i + 1));
	}
	mirrored_do(&m, mirror_tx_gone(tx, id, 3, &m.err));
	ck_assert_int_ge(db_sweep_some(m.acc, 2, &m.err), 0);
	ck_assert_int_eq(rows("SELECT count(*) FROM content"), 1);
	gw_db_tidy(m.env, 60000); /* the store's own sweeping does the rest */
	ck_assert_int_eq(rows("SELECT count(*) FROM content"), 0);
	ck_assert_int_eq(rows("SELECT count(*) FROM body"), 0);
	ck_assert_int_eq(rows("SELECT sum(size) FROM cached"), 0);
}
END_TEST

START_TEST(a_mirror_is_not_repaired)
{
	struct db_maint maint = { 0 };

	ck_code(&m, db_repair(m.acc, &maint, &m.err), GW_ENOTSUP);
	ck_code(&m, db_rederive(m.acc, &maint, &m.err), GW_ENOTSUP);
}
END_TEST

static TCase *tcase_bytes(void)
{
	TCase *tc = tcase_create("bytes");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, a_message_is_read_as_it_came, 0, 6);
	tcase_add_test(tc, what_is_not_here_yet_is_no_message_that_is_gone);
	tcase_add_test(tc, ids_are_told_of_messages_whose_bytes_are_elsewhere);
	tcase_add_test(tc, a_message_that_was_expunged_is_gone_whatever_is_left_of_it);
	tcase_add_test(tc, bytes_of_another_size_are_refused_and_the_others_are_kept);
	tcase_add_test(tc, a_message_that_comes_back_does_not_get_the_bytes_it_had);
	tcase_add_test(tc, bytes_that_were_not_used_longest_make_room);
	tcase_add_test(tc, bytes_that_just_came_stay_though_they_are_more_than_the_cache_holds);
	tcase_add_test(tc, without_the_body_only_what_is_derived_is_kept);
	tcase_add_test(tc, what_is_left_of_messages_that_are_gone_is_swept_as_far_as_the_budget_goes);
	tcase_add_test(tc, a_mirror_is_not_repaired);
	return tc;
}

UNIT_MAIN("store/mirror_bytes", tcase_bytes())

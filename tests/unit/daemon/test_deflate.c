/* Compressed connections (RFC 4978) against zlib itself: what a thread's shared streams make of many of them. */
#include "daemon/deflate.h"

#include "tests/unit/unit.h"
#include "util/buf.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>
#define ZLIB_CONST /* input is const */
#include <zlib.h>

static struct scratch io;

/* A client: one stream each way for all of its life. */
struct client {
	z_stream in, out;
	struct deflate_conn *d;
	struct gw_buf got; /* what it was told */
};

static void client_init(struct client *c, int level)
{
	*c = (struct client){ .d = deflate_conn_new() };
	ck_assert_int_eq(inflateInit2(&c->in, -15), Z_OK);
	ck_assert_int_eq(deflateInit2(&c->out, level, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY), Z_OK);
	gw_buf_init(&c->got, 0);
}

static void client_done(struct client *c)
{
	inflateEnd(&c->in);
	deflateEnd(&c->out);
	deflate_conn_free(c->d);
	gw_buf_done(&c->got);
}

/* The server says text; the client must understand all of it at once. */
static void tell(struct client *c, struct gw_slice text)
{
	char plain[4096];
	struct gw_out out;
	size_t before = c->got.n;

	gw_out_init(&out);
	gw_out_add(&out, text.p, text.n);
	while (out.n || c->d->wire.n) {
		struct gw_slice s;

		deflate_write(c->d, &io, &out);
		s = gw_out_front(&c->d->wire);
		c->in.next_in = (const Bytef *)s.p;
		c->in.avail_in = (uInt)s.n;
		do {
			int rc;

			c->in.next_out = (Bytef *)plain;
			c->in.avail_out = sizeof plain;
			rc = inflate(&c->in, Z_SYNC_FLUSH);
			ck_assert_msg(rc == Z_OK || rc == Z_BUF_ERROR, "%d %s", rc, c->in.msg);
			gw_buf_add(&c->got, plain, sizeof plain - c->in.avail_out);
		} while (c->in.avail_out == 0 || c->in.avail_in);
		gw_out_drop(&c->d->wire, s.n);
	}
	ck_assert_uint_eq(c->got.n - before, text.n);
	ck_assert_mem_eq(c->got.p + before, text.p, text.n);
}

/* The client says text and flushes; pieces of step octets arrive. What the server understood by then. */
static void hear(struct client *c, struct gw_slice text, int flush, size_t step, struct gw_buf *ret)
{
	size_t cap = text.n + text.n / 100 + 20000; /* also what did not come before */
	char *packed = gw_xalloc(cap);
	struct gw_slice rest;

	c->out.next_in = (const Bytef *)text.p;
	c->out.avail_in = (uInt)text.n;
	c->out.next_out = (Bytef *)packed;
	c->out.avail_out = (uInt)cap;
	ck_assert_int_ge(deflate(&c->out, flush), Z_OK);
	rest = gw_slice(packed, cap - c->out.avail_out);
	while (rest.n) {
		struct gw_slice plain;

		inbuf_add(&c->d->packed, gw_slice_take(&rest, step < rest.n ? step : rest.n));
		while (deflate_waits(c->d) && !c->d->ended) {
			ck_assert_int_eq(deflate_read(c->d, &io, &plain), DEFLATE_OK);
			ck_assert_uint_le(plain.n, SCRATCH_PLAIN);
			gw_buf_add_slice(ret, plain);
		}
	}
	free(packed);
}

static struct gw_slice noise(size_t n)
{
	static char text[300000];
	static uint32_t x = 2463534242;

	for (size_t i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		text[i] = (char)x;
	}
	return gw_slice(text, n);
}

START_TEST(one_thread_serves_many_clients_with_one_compressor)
{
	struct client c[5];

	for (unsigned i = 0; i < 5; i++)
		client_init(&c[i], 6);
	for (unsigned round = 0; round < 60; round++)
		for (unsigned i = 0; i < 5; i++) {
			char line[200];

			snprintf(line, sizeof line, "* %u FETCH (UID %u FLAGS (\\Seen) RFC822.SIZE %u)\r\na%u OK done\r\n",
				 round * i, round + i, round * 977, round);
			tell(&c[i], gw_slice_str(line));
		}
	for (unsigned i = 0; i < 5; i++) {
		ck_assert_uint_le(deflate_memory(c[i].d), sizeof(struct deflate_conn) + DEFLATE_SENT_MAX);
		client_done(&c[i]);
	}
}
END_TEST

START_TEST(replies_refer_to_earlier_replies)
{
	struct gw_slice line = GW_S("* LIST (\\HasNoChildren) \"/\" \"A folder with quite a long name\"\r\n");
	struct client c;
	size_t first;

	client_init(&c, 6);
	tell(&c, line);
	first = c.in.total_in;
	tell(&c, line);
	ck_assert_uint_lt(c.in.total_in - first, 16);
	client_done(&c);
}
END_TEST

START_TEST(what_cannot_be_made_smaller_hardly_grows)
{
	struct client c;
	uint64_t plain = 0;

	client_init(&c, 6);
	for (unsigned i = 0; i < 30; i++) {
		tell(&c, noise(200000));
		plain += 200000;
		tell(&c, GW_S("a OK FETCH completed\r\n"));
	}
	ck_assert_uint_lt(c.in.total_in, plain + plain / 500);
	client_done(&c);
}
END_TEST

START_TEST(text_behind_what_cannot_be_made_smaller_is_made_smaller_again)
{
	static char text[200000];
	struct client c;
	size_t before;

	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)('a' + i / 7 % 13);
	client_init(&c, 6);
	for (unsigned i = 0; i < 5; i++)
		tell(&c, noise(200000));
	before = c.in.total_in;
	for (unsigned i = 0; i < 20; i++)
		tell(&c, gw_slice(text, sizeof text));
	ck_assert_uint_lt(c.in.total_in - before, 20 * sizeof text / 2);
	client_done(&c);
}
END_TEST

static const int flushes[] = { Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_PARTIAL_FLUSH, Z_BLOCK, Z_NO_FLUSH };

START_TEST(any_flush_and_any_split_gives_the_same_commands)
{
	int flush = flushes[_i % 5];
	size_t step = (size_t)(_i / 5 % 7) * 5 + 1;
	struct gw_buf want, got;
	struct client c;

	client_init(&c, _i / 35 ? 9 : 1);
	gw_buf_init(&want, 0);
	gw_buf_init(&got, 0);
	for (unsigned i = 0; i < 200; i++) {
		char line[100];

		snprintf(line, sizeof line, "a%u UID FETCH %u:%u (FLAGS)\r\n", i, i * 7919, i * 104729);
		gw_buf_add(&want, line, strlen(line));
		hear(&c, gw_slice_str(line), flush, step, &got);
		if (flush == Z_SYNC_FLUSH || flush == Z_FULL_FLUSH) {
			ck_assert_uint_eq(got.n, want.n);
			ck_assert_ptr_null(c.d->inflater);
		}
	}
	hear(&c, GW_S("z NOOP\r\n"), Z_SYNC_FLUSH, step, &got);
	gw_buf_add(&want, "z NOOP\r\n", 8);
	ck_assert_uint_eq(got.n, want.n);
	ck_assert_mem_eq(got.p, want.p, want.n);
	gw_buf_done(&want);
	gw_buf_done(&got);
	client_done(&c);
}
END_TEST

START_TEST(a_client_may_refer_to_all_of_the_last_32_kb)
{
	struct gw_buf got;
	struct client c;

	client_init(&c, 9);
	gw_buf_init(&got, 0);
	for (unsigned i = 0; i < 20; i++) {
		struct gw_slice same = noise(0);

		if (i == 0)
			same = noise(31000); /* and from then on what stands there */
		same.n = 31000;
		gw_buf_drop(&got, got.n);
		hear(&c, same, Z_SYNC_FLUSH, 977, &got);
		ck_assert_uint_eq(got.n, same.n);
		ck_assert_mem_eq(got.p, same.p, same.n);
		ck_assert_uint_le(deflate_memory(c.d), sizeof(struct deflate_conn) + 32768 + 2048);
	}
	gw_buf_done(&got);
	client_done(&c);
}
END_TEST

START_TEST(a_block_that_becomes_very_large_comes_in_pieces)
{
	static const char zeros[1 << 20];
	struct gw_slice plain;
	char packed[8192];
	struct client c;
	size_t total = 0;

	client_init(&c, 9);
	c.out.next_in = (const Bytef *)zeros;
	c.out.avail_in = sizeof zeros;
	c.out.next_out = (Bytef *)packed;
	c.out.avail_out = sizeof packed;
	deflate(&c.out, Z_SYNC_FLUSH);
	inbuf_add(&c.d->packed, gw_slice(packed, sizeof packed - c.out.avail_out));
	while (deflate_waits(c.d)) {
		ck_assert_int_eq(deflate_read(c.d, &io, &plain), DEFLATE_OK);
		ck_assert_uint_le(plain.n, SCRATCH_PLAIN);
		ck_assert_uint_lt(deflate_memory(c.d), 64 * 1024);
		total += plain.n;
	}
	ck_assert_uint_eq(total, sizeof zeros);
	client_done(&c);
}
END_TEST

START_TEST(what_stands_behind_a_block_is_not_touched)
{
	struct deflate_conn *d = deflate_conn_new();
	struct gw_slice plain;
	char packed[200];
	z_stream z = { 0 };
	size_t n;

	deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
	z.next_in = (const Bytef *)"a UNAUTHENTICATE\r\n";
	z.avail_in = 18;
	z.next_out = (Bytef *)packed;
	z.avail_out = sizeof packed;
	deflate(&z, Z_SYNC_FLUSH);
	n = sizeof packed - z.avail_out;
	deflateEnd(&z);
	inbuf_add(&d->packed, gw_slice(packed, n));
	inbuf_add(&d->packed, GW_S("b NOOP\r\n"));
	ck_assert_int_eq(deflate_read(d, &io, &plain), DEFLATE_OK);
	ck_assert(gw_slice_eq(plain, GW_S("a UNAUTHENTICATE\r\n")));
	ck_assert_uint_ge(inbuf_size(&d->packed), 4 + 8);
	ck_assert_mem_eq(inbuf_slice(&d->packed).p + inbuf_size(&d->packed) - 8, "b NOOP\r\n", 8);
	deflate_conn_free(d);
}
END_TEST

START_TEST(what_is_no_deflate_data_is_told)
{
	struct deflate_conn *d = deflate_conn_new();
	struct gw_slice plain;

	inbuf_add(&d->packed, GW_S("\7NOOP\r\n")); /* block type 3 (RFC 1951 3.2.3) */
	ck_assert_int_eq(deflate_read(d, &io, &plain), DEFLATE_BROKEN);
	ck_assert_str_ne(d->problem, "");
	deflate_conn_free(d);
}
END_TEST

START_TEST(the_end_of_the_stream_is_noticed)
{
	struct gw_buf got;
	struct client c;

	client_init(&c, 6);
	gw_buf_init(&got, 0);
	hear(&c, GW_S("a NOOP\r\n"), Z_FINISH, 1000, &got);
	ck_assert_uint_eq(got.n, 8);
	ck_assert(c.d->ended);
	gw_buf_done(&got);
	client_done(&c);
}
END_TEST

static TCase *tcase_deflate(void)
{
	TCase *tc = tcase_create("deflate");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, one_thread_serves_many_clients_with_one_compressor);
	tcase_add_test(tc, replies_refer_to_earlier_replies);
	tcase_add_test(tc, what_cannot_be_made_smaller_hardly_grows);
	tcase_add_test(tc, text_behind_what_cannot_be_made_smaller_is_made_smaller_again);
	tcase_add_loop_test(tc, any_flush_and_any_split_gives_the_same_commands, 0, 70);
	tcase_add_test(tc, a_client_may_refer_to_all_of_the_last_32_kb);
	tcase_add_test(tc, a_block_that_becomes_very_large_comes_in_pieces);
	tcase_add_test(tc, what_stands_behind_a_block_is_not_touched);
	tcase_add_test(tc, what_is_no_deflate_data_is_told);
	tcase_add_test(tc, the_end_of_the_stream_is_noticed);
	return tc;
}

UNIT_MAIN("deflate", tcase_deflate())

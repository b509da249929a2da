/* test_unbinary.c - parts of encoding binary become base64, and nothing else changes (RFC 3516 4.4, 6) */
#include "tests/unit/mime/unbinarytest.h"
#include "tests/unit/unit.h"

#define CTE "Content-Transfer-Encoding:"
#define MIXED "Content-Type: multipart/mixed; boundary=b\r\n"
#define B64 "Content-Transfer-Encoding: base64\r\n"

/* became n 0: it is refused. */
static const struct {
	struct gw_slice message, became;
} samples[] = {
	/* a whole message; no line end at its end */
	{ GW_S(CTE " binary\r\n\r\n\0\1\r\n\0\2\n"), GW_S(B64 "\r\nAAENCgACCg==\r\n") },
	/* folded, with comments; several fields; a line that is none; LF */
	{ GW_S("A: b\r\n" CTE "\r\n (x)\r\n\tBINARY (y)\r\nC: d\r\n\r\n\0"), GW_S("A: b\r\n" B64 "C: d\r\n\r\nAA==\r\n") },
	{ GW_S(CTE "binary\r\nA: b\r\n" CTE " 7bit\r\n\r\n\0"), GW_S(B64 "A: b\r\n\r\nAA==\r\n") },
	{ GW_S(CTE " binary\r\nno field\r\n\r\n\0"), GW_S(B64 "no field\r\n\r\nAA==\r\n") },
	{ GW_S(CTE "binary\r\nA: b\r\n" CTE " 8bit\r\nno field\r\n\r\n\0"), GW_S(B64 "A: b\r\n" B64 "no field\r\n\r\nAA==\r\n") },
	{ GW_S(CTE " binary\nA: b\n\n\0"), GW_S("Content-Transfer-Encoding: base64\nA: b\n\nAA==\r\n") },
	/* the first field is the one that counts */
	{ GW_S(CTE " 7bit\r\n" CTE " binary\r\n\r\n\0"), { NULL, 0 } },
	/* no NUL: RFC 3516 6, only what is necessary */
	{ GW_S(CTE " binary\r\n\r\na\nb\rc"), GW_S(CTE " binary\r\n\r\na\nb\rc") },
	{ GW_S(CTE " binary\r\n\r\n"), GW_S(CTE " binary\r\n\r\n") },
	/* a multipart says what is true then; its parts keep the line ends in front of boundaries */
	{ GW_S(MIXED CTE " binary\r\n\r\n--b\r\n" CTE " binary\r\n\r\n\0\r\n\r\n--b--\r\n"),
	  GW_S(MIXED "Content-Transfer-Encoding: 7bit\r\n\r\n--b\r\n" B64 "\r\nAA0K\r\n--b--\r\n") },
	{ GW_S(MIXED CTE " binary\r\n\r\n\xe9\r\n--b\r\n" CTE " binary\r\n\r\n\0\r\n--b--\r\n"),
	  GW_S(MIXED "Content-Transfer-Encoding: 8bit\r\n\r\n\xe9\r\n--b\r\n" B64 "\r\nAA==\r\n--b--\r\n") },
	/* a part in it that stays binary; no final boundary; an empty part */
	{ GW_S(MIXED CTE " binary\r\n\r\n--b\r\n" CTE " binary\r\n\r\nx\r\n--b\r\n\r\n--b\r\n" CTE " binary\r\n\r\n\0"),
	  GW_S(MIXED CTE " binary\r\n\r\n--b\r\n" CTE " binary\r\n\r\nx\r\n--b\r\n\r\n--b\r\n" B64 "\r\nAA==\r\n") },
	/* a message in it */
	{ GW_S(MIXED "\r\n--b\r\nContent-Type: message/rfc822\r\n" CTE " binary\r\n\r\nSubject: s\r\n" CTE " binary\r\n\r\n\0\r\n--b--\r\n"),
	  GW_S(MIXED "\r\n--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n\r\nSubject: s\r\n" B64
	       "\r\nAA==\r\n--b--\r\n") },
	/* what looks like a boundary is one: what follows is another part, whose header has NUL or has not */
	{ GW_S(MIXED "\r\n--b\r\n" CTE " binary\r\n\r\n\0\r\n--b\r\nxx\r\n\r\nyy\r\n--b--\r\n"),
	  GW_S(MIXED "\r\n--b\r\n" B64 "\r\nAA==\r\n--b\r\nxx\r\n\r\nyy\r\n--b--\r\n") },
	{ GW_S(MIXED "\r\n--b\r\n" CTE " binary\r\n\r\n\0\r\n--b\r\n\0\r\n--b--\r\n"), { NULL, 0 } },
	/* NUL in a header, in a part of 7bit, in what stands between parts */
	{ GW_S("A: \0\r\n" CTE " binary\r\n\r\n\0"), { NULL, 0 } },
	{ GW_S(MIXED CTE " binary\r\n\r\n--b\r\n\r\n\0\r\n--b--\r\n"), { NULL, 0 } },
	{ GW_S(MIXED CTE " binary\r\n\r\n\0\r\n--b\r\n\r\nx\r\n--b--\r\n"), { NULL, 0 } },
};

START_TEST(each_part_is_stored_as_it_can_be_sent)
{
	struct gw_err err = { 0 };
	struct gw_arena arena;
	struct gw_buf out;
	struct seen x;
	int rc;

	gw_arena_init(&arena, 0, 0);
	gw_buf_init(&out, 0);
	x = see(samples[_i].message, &arena);
	rc = unbinary(&x, &out, &err);
	if (samples[_i].became.n) {
		struct seen y = see(gw_buf_slice(&out), &arena);

		ck_assert_int_eq(rc, 0);
		ck_assert_msg(gw_slice_eq(y.message, samples[_i].became), "%.*s", GW_FMT(y.message));
		ck_assert(gw_unbinary_fits(x.packed, y.packed));
		ck_assert_ptr_null(compare_seen(&x, &y));
	} else {
		ck_assert_int_eq(rc, GW_EINVAL);
		ck_assert_uint_eq(out.n, 0);
	}
	gw_buf_done(&out);
	gw_arena_done(&arena);
}
END_TEST

static uint64_t seed = 88172645463325252u;

static unsigned pick(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 11) % n;
}

static void add_octets(struct gw_buf *b, size_t n)
{
	static const char few[] = { '\0', '\r', '\n', '-', 'b', '\xff', ' ', ':' };
	bool any = pick(3) == 0;

	while (n--)
		gw_buf_add_char(b, any ? (char)pick(256) : few[pick(sizeof few)]);
}

static void add_part(struct gw_buf *b, unsigned depth)
{
	static const char *const encodings[] = { CTE " binary\r\n", CTE "\r\n\t(c) BINARY ;\r\n", "A: \xe9\r\n" CTE "Binary (x)\r\n",
		CTE " binary\r\nB: c\r\n" CTE " 8bit\r\n" };
	unsigned kind = depth < 4 ? pick(6) : 5;

	if (kind < 2) {
		unsigned parts = pick(4);

		gw_buf_printf(b, "Content-Type: multipart/mixed; boundary=\"bb%u\"\r\n%s\r\n", depth, pick(2) ? CTE " binary\r\n" : "");
		for (unsigned i = 0; i < parts; i++) {
			gw_buf_printf(b, "%s--bb%u\r\n", i || pick(2) ? "\r\n" : "", depth);
			add_part(b, depth + 1);
		}
		if (pick(4))
			gw_buf_printf(b, "\r\n--bb%u--\r\n%s", depth, pick(2) ? "epi\xff\r\n" : "");
	} else if (kind == 2) {
		gw_buf_printf(b, "Content-Type: message/rfc822\r\n%s\r\n", pick(2) ? CTE " binary\r\n" : "");
		add_part(b, depth + 1);
	} else {
		gw_buf_printf(b, "%s\r\n", encodings[pick(4)]);
		add_octets(b, pick(40) ? pick(200) : 58368 - 3 + pick(7));
	}
}

/* RFC 3516 4.4: no loss of data. */
START_TEST(random_messages_come_back_octet_for_octet)
{
	unsigned taken = 0;

	for (unsigned i = 0; i < 3000; i++) {
		struct gw_err err = { 0 };
		struct gw_arena arena;
		struct gw_buf in, out;
		struct seen x, y;

		gw_arena_init(&arena, 0, 0);
		gw_buf_init(&in, 0);
		gw_buf_init(&out, 0);
		add_part(&in, 0);
		x = see(gw_buf_slice(&in), &arena);
		if (unbinary(&x, &out, &err) == 0) {
			const char *wrong;

			taken++;
			y = see(gw_buf_slice(&out), &arena);
			wrong = compare_seen(&x, &y);
			ck_assert_msg(!wrong, "%u: %s", i, wrong);
			ck_assert_msg(gw_unbinary_fits(x.packed, y.packed), "%u does not fit", i);
		} else {
			ck_assert_int_eq(err.code, GW_EINVAL);
		}
		gw_buf_done(&in);
		gw_buf_done(&out);
		gw_arena_done(&arena);
	}
	ck_assert_uint_gt(taken, 1500);
}
END_TEST

/* A part below the deepest one that is looked at may have others in it. */
static int convert_nested(unsigned levels)
{
	struct gw_err err = { 0 };
	struct gw_arena arena;
	struct gw_buf in, out;
	struct seen x;
	int rc;

	gw_arena_init(&arena, 0, 0);
	gw_buf_init(&in, 0);
	gw_buf_init(&out, 0);
	for (unsigned i = 0; i < levels; i++)
		gw_buf_printf(&in, "Content-Type: multipart/mixed; boundary=x%uy\r\n\r\n--x%uy\r\n", i, i);
	gw_buf_add_slice(&in, GW_S(CTE " binary\r\n\r\n\0"));
	x = see(gw_buf_slice(&in), &arena);
	rc = unbinary(&x, &out, &err);
	gw_buf_done(&in);
	gw_buf_done(&out);
	gw_arena_done(&arena);
	return rc;
}

START_TEST(what_lies_too_deep_is_refused)
{
	ck_assert_int_eq(convert_nested(GW_PARTS_DEPTH - 1), 0);
	ck_assert_int_eq(convert_nested(GW_PARTS_DEPTH), GW_EINVAL);
	ck_assert_int_eq(convert_nested(GW_PARTS_DEPTH + 1), GW_EINVAL);
}
END_TEST

START_TEST(failures_are_told)
{
	struct gw_slice message = GW_S(CTE " binary\r\n\r\n\0\1\2\3");
	struct gw_err err = { 0 };
	struct gw_arena arena;
	struct gw_buf out;
	struct seen x, other;

	gw_arena_init(&arena, 0, 0);
	x = see(message, &arena);
	other = see(GW_S(CTE " binary\r\n\r\n\1\1\2"), &arena);
	ck_assert(!gw_unbinary_fits(x.packed, other.packed));
	ck_assert(!gw_unbinary_fits(x.packed, GW_S("x")));
	gw_buf_init(&out, 20);
	ck_assert_int_eq(unbinary(&x, &out, &err), GW_ENOSPC);
	x.message.n--;
	ck_assert_int_eq(unbinary(&x, &out, &err), GW_ECORRUPT);
	x.packed = GW_S("");
	ck_assert_int_eq(unbinary(&x, &out, &err), GW_ECORRUPT);
	gw_buf_done(&out);
	gw_arena_done(&arena);
}
END_TEST

static TCase *tcase_unbinary(void)
{
	TCase *tc = tcase_create("unbinary");

	tcase_add_loop_test(tc, each_part_is_stored_as_it_can_be_sent, 0, (int)(sizeof samples / sizeof *samples));
	tcase_add_test(tc, random_messages_come_back_octet_for_octet);
	tcase_add_test(tc, what_lies_too_deep_is_refused);
	tcase_add_test(tc, failures_are_told);
	return tc;
}

UNIT_MAIN("mime/unbinary", tcase_unbinary())

/* test_decode.c - content transfer encodings, whole and in pieces */
#include "mime/decode.h"

#include "tests/unit/unit.h"

#include <time.h>

#define X10 "!!!!!!!!!!"
#define B15 "               "
#define B75 B15 B15 B15 B15 B15 /* blanks */
#define X70 X10 X10 X10 X10 X10 X10 X10

/* 79, 80 and 81 octets before the line end, and many more. */
static const struct {
	enum gw_encoding encoding;
	const char *text, *decoded;
} samples[] = {
	{ GW_ENC_BASE64, "R3I=\r\nw7x=ab c!dA==", NULL },
	{ GW_ENC_QP, "a =\r\nb=3D \t\r\nc = \nd==4=E9 = ", NULL },
	{ GW_ENC_QP, "a" B75 "\r\nb" B75 " \nc" B75 "  \nd" B75 "   \r\n" B75 "   ", "a\r\nb\nc \nd  \r\n  " },
	{ GW_ENC_QP, "a" B75 "x" B75 " x" B75 "  x" B75 "  \rx", "a" B75 "x" B75 " x" B75 "  x" B75 "  \rx" },
	{ GW_ENC_QP, "a=" B75 "\r\nb=" B75 " \nc=" B75 "  \nd=" B75 " ", "abc= \nd" },
	{ GW_ENC_QP, "a=4", "a=4" },
	{ GW_ENC_UUENCODE, "x\nbegin 644 f\r\n#86)C\r\n`\r\nend\r\n", "abc" },
	{ GW_ENC_UUENCODE, "begin 644 f\nM" X70 "!!!!!!!!\n#86)C\n`\nend\n", NULL },
	{ GW_ENC_UUENCODE, "begin 644 f\nM" X70 "!!!!!!!!!\n#86)C\n`\nend\n", NULL },
	{ GW_ENC_UUENCODE, "begin 644 f\nM" X70 "!!!!!!!!\r\n#86)C\n`\nend\n", NULL },
	{ GW_ENC_UUENCODE, "begin 644 f\nM" X70 "!!!!!!!!!!\n#86)C\n`\nend\n", NULL },
	{ GW_ENC_UUENCODE, "begin 644 f\nM" X70 X70 X70 X70 "M" X70 "\n#86)C\n", NULL },
	{ GW_ENC_UUENCODE, "begin 644 " X70 X70 "begin\n#86)C\n", "abc" },
	{ GW_ENC_UUENCODE, "begin 644 f\n" X70 X70 X70, NULL },
};
#define N_SAMPLES (sizeof samples / sizeof *samples)

/* In pieces of exact size, so that a sanitizer sees what is read behind one. */
static void feed(struct gw_decoder *d, struct gw_slice piece, bool last, struct gw_buf *out)
{
	char *copy = malloc(piece.n + !piece.n);

	memcpy(copy, piece.p, piece.n);
	gw_decoder_feed(d, gw_slice(copy, piece.n), last, out);
	free(copy);
}

static void decode(size_t sample, size_t first, size_t piece, struct gw_buf *out)
{
	struct gw_slice in = gw_slice_str(samples[sample].text), head = gw_slice_take(&in, first);
	struct gw_decoder d;

	gw_buf_init(out, 0);
	gw_decoder_init(&d, samples[sample].encoding);
	feed(&d, head, in.n == 0, out);
	while (in.n) {
		struct gw_slice next = gw_slice_take(&in, piece < in.n ? piece : in.n);

		feed(&d, next, in.n == 0, out);
	}
}

START_TEST(any_cut_decodes_the_same)
{
	size_t n = strlen(samples[_i].text);
	struct gw_buf whole, cut;

	decode((size_t)_i, n, 1, &whole);
	if (samples[_i].decoded)
		ck_assert_slice_eq(gw_buf_slice(&whole), samples[_i].decoded);
	for (size_t at = 0; at <= n; at++) {
		for (size_t piece = 1; piece < 200; piece += 33) {
			decode((size_t)_i, at, piece, &cut);
			ck_assert_msg(gw_slice_eq(gw_buf_slice(&whole), gw_buf_slice(&cut)), "cut at %zu, then by %zu", at, piece);
			gw_buf_done(&cut);
		}
	}
	gw_buf_done(&whole);
}
END_TEST

START_TEST(a_line_of_uuencode_is_80_octets_at_most)
{
	struct gw_buf out;

	decode(11, strlen(samples[11].text), 1, &out);
	ck_assert_uint_eq(out.n, 45 + 3);
	gw_buf_done(&out);
}
END_TEST

/* Each octet is looked at a few times, however many blanks there are. */
START_TEST(a_million_blanks_take_no_time)
{
	size_t n = 4000000;
	char *blanks = malloc(n);
	struct gw_decoder d;
	struct gw_buf out;
	clock_t began = clock();

	memset(blanks, ' ', n);
	gw_buf_init(&out, 0);
	gw_decoder_init(&d, GW_ENC_QP);
	gw_decoder_feed(&d, gw_slice(blanks, n), false, &out);
	gw_decoder_feed(&d, GW_S("x"), true, &out);
	ck_assert_uint_eq(out.n, n + 1);
	ck_assert_int_lt(clock() - began, CLOCKS_PER_SEC);
	gw_buf_done(&out);
	free(blanks);
}
END_TEST

static const struct {
	const char *body;
	enum gw_encoding encoding;
} names[] = {
	{ " base64", GW_ENC_BASE64 },
	{ "\r\n\tBinary \r\n", GW_ENC_BINARY },
	{ " (as (it) is) binary", GW_ENC_BINARY },
	{ " quoted-printable (RFC 2045)\r\n", GW_ENC_QP },
	{ " 8bit;", GW_ENC_8BIT },
	{ " 8bit; charset=utf-8", GW_ENC_8BIT },
	{ "", GW_ENC_7BIT },
	{ " (nothing)", GW_ENC_7BIT },
	{ " ;", GW_ENC_7BIT },
	{ " \"base64\"", GW_ENC_UNKNOWN },
	{ " binaryx", GW_ENC_UNKNOWN },
	{ " x-x", GW_ENC_UNKNOWN },
};

/* RFC 2045 6.1: a structured field, so that comments and folding stand between its words. */
START_TEST(the_first_word_of_a_field_names_the_encoding)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		ck_assert_msg(gw_encoding_parse(gw_slice_str(names[i].body)) == names[i].encoding, "\"%s\"", names[i].body);
}
END_TEST

static TCase *tcase_decode(void)
{
	TCase *tc = tcase_create("decode");

	tcase_add_loop_test(tc, any_cut_decodes_the_same, 0, (int)N_SAMPLES);
	tcase_add_test(tc, a_million_blanks_take_no_time);
	tcase_add_test(tc, a_line_of_uuencode_is_80_octets_at_most);
	tcase_add_test(tc, the_first_word_of_a_field_names_the_encoding);
	return tc;
}

UNIT_MAIN("mime/decode", tcase_decode())

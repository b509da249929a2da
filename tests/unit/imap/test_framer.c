/* test_framer.c - cutting bytes into commands (imap/framer.h)
 *
 * A conversation becomes a transcript in text, which must be the same however the bytes are cut into pieces. */
#include "imap/framer.h"
#include "tests/unit/unit.h"
#include "util/mem.h"

#include <stdio.h>

#define LINE_MAX_TEST 64
#define ONE_BYTE_AT_A_TIME SIZE_MAX

static const struct imap_framer_limits small = {
	.line_max = LINE_MAX_TEST,
	.literal_max = 20,
	.literals_max = 3,
	.literals_sum_max = 40,
	.append_max = 1000,
	.swallow_max = 2000,
	.nonsync = IMAP_NONSYNC_PLUS,
};

/* What the test does with a message that APPEND announces. */
enum on_stream { TAKE, SWALLOW, REFUSE_SYNC };

struct run {
	struct imap_framer f;
	struct gw_buf log;
	enum on_stream on_stream;
	uint64_t message_left;
	bool line_mode;
	size_t line_mode_max;
};

static void note(struct run *r, const char *what, struct gw_slice text)
{
	gw_buf_printf(&r->log, "%s[%.*s]\n", what, GW_FMT(text));
}

static void note_refusal(struct run *r)
{
	const struct imap_refusal *x = &r->f.refusal;

	gw_buf_printf(&r->log, "REFUSE[%.*s] %d %s%s\n", GW_FMT(x->tag), (int)x->reason, x->code ? x->code : "-",
		      x->fatal ? " fatal" : "");
	ck_assert_ptr_nonnull(x->text);
}

static void note_stream(struct run *r, struct gw_slice line)
{
	note(r, "STREAM", line);
	switch (r->on_stream) {
	case TAKE:
		r->message_left = r->f.literal.size;
		break;
	case SWALLOW:
		imap_framer_swallow(&r->f, r->f.literal.size);
		break;
	case REFUSE_SYNC:
		if (r->f.literal.nonsync)
			imap_framer_swallow(&r->f, r->f.literal.size);
		else
			imap_framer_reset(&r->f);
		break;
	}
}

static void take_message(struct run *r, struct gw_slice *in)
{
	size_t n = r->message_left < in->n ? (size_t)r->message_left : in->n;

	for (size_t i = 0; i < n; i++)
		gw_buf_printf(&r->log, "octet %02x\n", (unsigned)(unsigned char)in->p[i]);
	gw_slice_take(in, n);
	r->message_left -= n;
}

static void feed_piece(struct run *r, struct gw_slice in)
{
	struct gw_slice ret;

	for (;;) {
		if (r->message_left) {
			take_message(r, &in);
			if (r->message_left)
				return;
		}
		switch (r->line_mode ? imap_framer_line(&r->f, r->line_mode_max, &in, &ret) :
				       imap_framer_next(&r->f, &in, &ret)) {
		case IMAP_FRAME_MORE:
			ck_assert_uint_eq(in.n, 0);
			return;
		case IMAP_FRAME_CONTINUE:
			gw_buf_printf(&r->log, "CONTINUE %llu\n", (unsigned long long)r->f.literal.size);
			break;
		case IMAP_FRAME_COMMAND:
			note(r, "COMMAND", ret);
			break;
		case IMAP_FRAME_STREAM:
			note_stream(r, ret);
			break;
		case IMAP_FRAME_REFUSE:
			note_refusal(r);
			break;
		}
	}
}

/* A copy of exact size, so that a sanitizer sees what is read behind it, and that is gone when the call returns. */
static void feed(struct run *r, const char *p, size_t n)
{
	char *copy = gw_xalloc(n + !n);

	memcpy(copy, p, n);
	feed_piece(r, gw_slice(copy, n));
	memset(copy, '#', n);
	free(copy);
}

static void feed_cut(struct run *r, struct gw_slice wire, size_t cut)
{
	if (cut == ONE_BYTE_AT_A_TIME) {
		for (size_t i = 0; i < wire.n; i++)
			feed(r, wire.p + i, 1);
		return;
	}
	if (cut > wire.n)
		cut = wire.n;
	feed(r, wire.p, cut);
	feed(r, wire.p + cut, wire.n - cut);
}

static void run_init(struct run *r, const struct imap_framer_limits *limits)
{
	*r = (struct run){ 0 };
	imap_framer_init(&r->f, limits);
	gw_buf_init(&r->log, 0);
}

static void run_done(struct run *r)
{
	imap_framer_done(&r->f);
	gw_buf_done(&r->log);
}

static void check_every_cut(struct run *how, const struct imap_framer_limits *limits, struct gw_slice wire,
			    const char *expected)
{
	for (size_t cut = 0; cut <= wire.n + 1; cut++) {
		struct run r;

		run_init(&r, limits);
		r.on_stream = how->on_stream;
		r.line_mode = how->line_mode;
		r.line_mode_max = how->line_mode_max;
		feed_cut(&r, wire, cut > wire.n ? ONE_BYTE_AT_A_TIME : cut);
		ck_assert_str_eq(gw_buf_str(&r.log), expected);
		run_done(&r);
	}
}

static void check(struct gw_slice wire, const char *expected)
{
	struct run how = { .on_stream = TAKE };

	check_every_cut(&how, &small, wire, expected);
}

static void check_with(enum on_stream what, struct gw_slice wire, const char *expected)
{
	struct run how = { .on_stream = what };

	check_every_cut(&how, &small, wire, expected);
}

/* ---- lines ---- */

START_TEST(commands_are_cut_at_line_ends)
{
	check(GW_S("a1 NOOP\r\na2 CHECK\r\n"), "COMMAND[a1 NOOP]\nCOMMAND[a2 CHECK]\n");
	check(GW_S("\r\n"), "COMMAND[]\n");
	check(GW_S("a1 NOOP"), "");
}
END_TEST

/* A02: LF alone is a line end, a CR elsewhere is for the parser to refuse, NUL is refused */
START_TEST(a_bare_lf_ends_a_line_and_a_nul_is_refused)
{
	check(GW_S("a1 NOOP\na2 NOOP\r\n"), "COMMAND[a1 NOOP]\nCOMMAND[a2 NOOP]\n");
	check(GW_S("a1 NOOP\r\r\n"), "COMMAND[a1 NOOP\r]\n");
	check(GW_S("a1 NO\rOP\r\n"), "COMMAND[a1 NO\rOP]\n");
	check(GW_S("a1 NOOP\0\r\na2 NOOP\r\n"), "REFUSE[a1] 5 -\nCOMMAND[a2 NOOP]\n");
	check(GW_S("\0\r\n"), "REFUSE[] 5 -\n");
	check(GW_S("a1 LOGIN x\0 {3+}\r\nabc\r\na2 NOOP\r\n"), "REFUSE[a1] 5 -\nCOMMAND[a2 NOOP]\n");
	check(GW_S("a1 LOGIN x\0 {3}\r\na2 NOOP\r\n"), "REFUSE[a1] 5 -\nCOMMAND[a2 NOOP]\n");
}
END_TEST

/* A01, A03: the limit counts line ends; what is over it is thrown away without being kept */
START_TEST(a_line_at_the_limit_passes_and_one_over_it_is_refused)
{
	char line[LINE_MAX_TEST + 64], expected[LINE_MAX_TEST + 128];

	for (int extra = -1; extra <= 1; extra++) {
		int n = LINE_MAX_TEST + extra - 2; /* without CRLF */
		int len = snprintf(line, sizeof line, "a1 %0*d\r\nb NOOP\r\n", n - 3, 0);

		if (extra <= 0)
			snprintf(expected, sizeof expected, "COMMAND[a1 %0*d]\nCOMMAND[b NOOP]\n", n - 3, 0);
		else
			snprintf(expected, sizeof expected, "REFUSE[a1] 0 TOOBIG\nCOMMAND[b NOOP]\n");
		check(gw_slice(line, (size_t)len), expected);
	}
}
END_TEST

static struct gw_slice long_line(char *p, size_t n, const char *head, char fill, const char *tail)
{
	size_t h = strlen(head), t = strlen(tail);

	memset(p, fill, n);
	memcpy(p, head, h);
	memcpy(p + n - t, tail, t);
	return gw_slice(p, n);
}

START_TEST(a_line_that_does_not_end_is_lost_at_the_cap)
{
	static char p[5000];

	check(long_line(p, 1500, "a1 NOOP ", '(', "\r\nb NOOP\r\n"), "REFUSE[a1] 0 TOOBIG\nCOMMAND[b NOOP]\n");
	check(long_line(p, 3000, "a1 NOOP ", '(', "\r\nb NOOP\r\n"), "REFUSE[a1] 0 TOOBIG\nREFUSE[] 6 TOOBIG fatal\n");
	check(long_line(p, 1000, "", 'x', "\r\nb NOOP\r\n"), "REFUSE[] 0 TOOBIG\nCOMMAND[b NOOP]\n");
}
END_TEST

START_TEST(a_literal_at_the_end_of_a_refused_line_is_no_command)
{
	static char p[5000];

	check(long_line(p, 500, "a1 LOGIN ", 'x', "{12+}\r\nb1 LOGOUT\r\n c\r\nb NOOP\r\n"),
	      "REFUSE[a1] 0 TOOBIG\nCOMMAND[b NOOP]\n");
	/* the client waits for "+" and gets our BAD instead */
	check(long_line(p, 500, "a1 LOGIN ", 'x', "{12}\r\nb NOOP\r\n"), "REFUSE[a1] 0 TOOBIG\nCOMMAND[b NOOP]\n");
	/* a number too long to remember */
	check(long_line(p, 500, "a1 LOGIN {", '0', "5+}\r\nabcde\r\nb NOOP\r\n"),
	      "REFUSE[a1] 0 TOOBIG\nREFUSE[] 6 TOOBIG fatal\n");
	check(long_line(p, 500, "a1 LOGIN {x", '0', "5x}\r\nb NOOP\r\n"), "REFUSE[a1] 0 TOOBIG\nCOMMAND[b NOOP]\n");
}
END_TEST

START_TEST(memory_stays_flat_while_a_line_is_thrown_away)
{
	struct imap_framer_limits limits = small;
	static char block[4096];
	struct run r;

	memset(block, '[', sizeof block);
	limits.swallow_max = UINT64_C(1) << 40;
	run_init(&r, &limits);
	for (int i = 0; i < 2560; i++) { /* 10 MiB */
		feed(&r, block, sizeof block);
		ck_assert_uint_le(r.f.buf.cap, 2 * LINE_MAX_TEST + 512);
	}
	feed(&r, "\na NOOP\n", 8);
	ck_assert_str_eq(gw_buf_str(&r.log), "REFUSE[] 0 TOOBIG\nCOMMAND[a NOOP]\n");
	run_done(&r);
}
END_TEST

START_TEST(nothing_is_kept_between_commands)
{
	struct run r;

	run_init(&r, &small);
	ck_assert(imap_framer_idle(&r.f));
	feed(&r, "a1 NO", 5);
	ck_assert(!imap_framer_idle(&r.f));
	feed(&r, "OP\r\n", 4);
	ck_assert(imap_framer_idle(&r.f));
	ck_assert_ptr_null(r.f.buf.p);
	run_done(&r);
}
END_TEST

START_TEST(a_whole_command_is_not_copied)
{
	struct gw_slice in = GW_S("a1 LOGIN {3+}\r\njoe x\r\n"), ret;
	const char *start = in.p;
	struct imap_framer f;

	imap_framer_init(&f, &small);
	ck_assert_int_eq(imap_framer_next(&f, &in, &ret), IMAP_FRAME_COMMAND);
	ck_assert_ptr_eq(ret.p, start);
	ck_assert_uint_eq(in.n, 0);
	imap_framer_done(&f);
}
END_TEST

/* ---- literals ---- */

START_TEST(literals_stay_in_place)
{
	check(GW_S("a1 LOGIN {3+}\r\njoe \"x\"\r\na2 NOOP\r\n"), "COMMAND[a1 LOGIN {3+}\r\njoe \"x\"]\nCOMMAND[a2 NOOP]\n");
	check(GW_S("a1 LOGIN {3+}\njoe {0+}\n\n"), "COMMAND[a1 LOGIN {3+}\njoe {0+}\n]\n");
	check(GW_S("a1 LOGIN {3}\r\njoe {1}\r\nx\r\n"),
	      "CONTINUE 3\nCONTINUE 1\nCOMMAND[a1 LOGIN {3}\r\njoe {1}\r\nx]\n");
	check(GW_S("a1 LOGIN {0}\r\n {4+}\r\n\r\n\r\n\r\n"), "CONTINUE 0\nCOMMAND[a1 LOGIN {0}\r\n {4+}\r\n\r\n\r\n]\n");
	check(GW_S("a1 X ~{2+}\r\n\1\2\r\n"), "COMMAND[a1 X ~{2+}\r\n\1\2]\n");
	/* a literal may look like anything */
	check(GW_S("a1 LOGIN {13+}\r\na2 NOOP {9+}\n x\r\n"), "COMMAND[a1 LOGIN {13+}\r\na2 NOOP {9+}\n x]\n");
}
END_TEST

START_TEST(what_only_looks_like_a_literal_is_none)
{
	static const char *const lines[] = { "a {}", "a {+}", "a {x}", "a 3}", "a {3", "a {3} ", "a {-3}", "a {3++}", "}", "+}", "3}", "{" };

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		char wire[64], expected[64];
		int n = snprintf(wire, sizeof wire, "%s\r\n", lines[i]);

		snprintf(expected, sizeof expected, "COMMAND[%s]\n", lines[i]);
		check(gw_slice(wire, (size_t)n), expected);
	}
}
END_TEST

/* B01: refused before anything is allocated or asked for */
START_TEST(a_literal_over_limit_is_refused_before_reading)
{
	static const char *const sizes[] = { "21", "4294967295", "9223372036854775807", "18446744073709551615",
					     "18446744073709551616", "99999999999999999999" };

	check(GW_S("a1 LOGIN {20}\r\n"), "CONTINUE 20\n");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		char wire[96];
		int n = snprintf(wire, sizeof wire, "a1 LOGIN {%s}\r\na2 NOOP\r\n", sizes[i]);

		check(gw_slice(wire, (size_t)n), "REFUSE[a1] 1 TOOBIG\nCOMMAND[a2 NOOP]\n");
	}
}
END_TEST

/* B02 */
START_TEST(a_nonsync_literal_over_limit_is_swallowed_or_the_stream_is_lost)
{
	check(GW_S("a1 LOGIN {21+}\r\na2 LOGOUT\r\na3 LOGOUT\r {3+}\r\nb\r\n {4}\r\na9 NOOP\r\n"),
	      "REFUSE[a1] 1 TOOBIG\nCOMMAND[a9 NOOP]\n");
	check(GW_S("a1 LOGIN {999999999+}\r\na2 NOOP\r\na3 NOOP\r\n"), "REFUSE[a1] 1 TOOBIG fatal\n");
	check(GW_S("a1 LOGIN {99999999999999999999+}\r\na2 NOOP\r\n"), "REFUSE[a1] 1 TOOBIG fatal\n");
	/* together over the cap */
	check(GW_S("a1 LOGIN {21+}\r\na2 LOGOUT\r\na3 LOGOUT\r {1990+}\r\nb\r\n"),
	      "REFUSE[a1] 1 TOOBIG\nREFUSE[] 6 TOOBIG fatal\n");
}
END_TEST

/* B03 */
START_TEST(the_number_of_literals_and_their_sum_are_limited)
{
	check(GW_S("a {1+}\r\nx {1+}\r\ny {1+}\r\nz\r\n"), "COMMAND[a {1+}\r\nx {1+}\r\ny {1+}\r\nz]\n");
	check(GW_S("a {1+}\r\nx {1+}\r\ny {1+}\r\nz {1+}\r\nq\r\nb NOOP\r\n"), "REFUSE[a] 2 LIMIT\nCOMMAND[b NOOP]\n");
	check(GW_S("a {20}\r\n12345678901234567890 {20}\r\n12345678901234567890\r\n"),
	      "CONTINUE 20\nCONTINUE 20\nCOMMAND[a {20}\r\n12345678901234567890 {20}\r\n12345678901234567890]\n");
	check(GW_S("a {20}\r\n12345678901234567890 {20}\r\n12345678901234567890 {1}\r\nb NOOP\r\n"),
	      "CONTINUE 20\nCONTINUE 20\nREFUSE[a] 1 TOOBIG\nCOMMAND[b NOOP]\n");
	/* limits are per command */
	check(GW_S("a {1+}\r\nx {1+}\r\ny\r\nb {1+}\r\nx {1+}\r\ny\r\n"),
	      "COMMAND[a {1+}\r\nx {1+}\r\ny]\nCOMMAND[b {1+}\r\nx {1+}\r\ny]\n");
}
END_TEST

START_TEST(a_value_of_metadata_that_is_too_long_has_a_reason_of_its_own) /* RFC 5464 4.3 */
{
	struct run how = { .on_stream = SWALLOW };

	check_every_cut(&how, &small, GW_S("a setmetadata \"\" (/a {21}\r\nb NOOP\r\n"), "REFUSE[a] 8 TOOBIG\nCOMMAND[b NOOP]\n");
	check_every_cut(&how, &small, GW_S("a GETMETADATA x {21}\r\nb NOOP\r\n"), "REFUSE[a] 1 TOOBIG\nCOMMAND[b NOOP]\n");
}
END_TEST

START_TEST(an_annotation_that_is_too_long_has_a_reason_of_its_own) /* RFC 5257 4.5 */
{
	struct run how = { .on_stream = SWALLOW };

	check_every_cut(&how, &small, GW_S("a uid store 1 ANNOTATION (/a (v {21}\r\nb NOOP\r\n"),
			"REFUSE[a] 9 ANNOTATE TOOBIG\nCOMMAND[b NOOP]\n");
	check_every_cut(&how, &small, GW_S("a APPEND x ANNOTATION (/a (v {21}\r\nb NOOP\r\n"),
			"REFUSE[a] 9 ANNOTATE TOOBIG\nCOMMAND[b NOOP]\n");
	check_every_cut(&how, &small, GW_S("a STORE 1 FLAGS ({21}\r\nb NOOP\r\n"), "REFUSE[a] 1 TOOBIG\nCOMMAND[b NOOP]\n");
}
END_TEST

START_TEST(a_literal_inside_an_annotation_is_not_the_message) /* RFC 5257 4.7 */
{
	check(GW_S("a APPEND b ANNOTATION (/a (v {1}\r\n))) {1}\r\nx\r\n"),
	      "CONTINUE 1\nSTREAM[a APPEND b ANNOTATION (/a (v {1}\r\n))) {1}]\noctet 78\nCOMMAND[]\n");
	check(GW_S("a APPEND \"(\" (x) ANNOTATION (/a (v \"(\" w {1}\r\n))) {1}\r\nx\r\n"),
	      "CONTINUE 1\nSTREAM[a APPEND \"(\" (x) ANNOTATION (/a (v \"(\" w {1}\r\n))) {1}]\noctet 78\nCOMMAND[]\n");
	check(GW_S("a APPEND b {1}\r\nx ANNOTATION (/a (v {1}\r\nz)) {1+}\r\ny\r\n"),
	      "STREAM[a APPEND b {1}]\noctet 78\nCONTINUE 1\nSTREAM[ ANNOTATION (/a (v {1}\r\nz)) {1+}]\noctet 79\nCOMMAND[]\n");
	check(GW_S("a REPLACE 1 b ANNOTATION (/a (v {1}\r\nz)) {1}\r\ny\r\n"),
	      "CONTINUE 1\nSTREAM[a REPLACE 1 b ANNOTATION (/a (v {1}\r\nz)) {1}]\noctet 79\nCOMMAND[]\n");
}
END_TEST

/* B06, RFC 7888 section 5 */
START_TEST(literal_minus_takes_4096_octets_and_no_more)
{
	struct imap_framer_limits limits = small;
	struct run how = { .on_stream = SWALLOW };
	struct run r;
	static char body[5000];

	limits.nonsync = IMAP_NONSYNC_NO;
	check_every_cut(&how, &limits, GW_S("a LOGIN {3+}\r\njoe x\r\nb NOOP\r\n"), "REFUSE[a] 4 -\nCOMMAND[b NOOP]\n");
	limits.nonsync = IMAP_NONSYNC_MINUS;
	limits.append_max = limits.swallow_max = 10000;
	memset(body, 'x', sizeof body);
	for (unsigned n = 4095; n <= 4097; n++) {
		char head[64];
		int len = snprintf(head, sizeof head, "a APPEND x {%u+}\r\n", n);

		run_init(&r, &limits);
		r.on_stream = SWALLOW;
		feed(&r, head, (size_t)len);
		feed(&r, body, n);
		feed(&r, "\r\nb NOOP\r\n", 10);
		snprintf(head, sizeof head, "%s%u+}]\nCOMMAND[b NOOP]\n", "STREAM[a APPEND x {", n);
		ck_assert_str_eq(gw_buf_str(&r.log), n <= 4096 ? head : "REFUSE[a] 7 TOOBIG\nCOMMAND[b NOOP]\n");
		run_done(&r);
	}
}
END_TEST

/* B04 */
START_TEST(before_login_append_has_the_limits_of_any_command)
{
	struct imap_framer_limits limits = imap_framer_limits(false, 8192, 4096, 0);
	struct run how = { 0 };

	check_every_cut(&how, &limits, GW_S("a APPEND x {4096}\r\n"), "CONTINUE 4096\n");
	check_every_cut(&how, &limits, GW_S("a APPEND x {4097}\r\nb NOOP\r\n"), "REFUSE[a] 1 TOOBIG\nCOMMAND[b NOOP]\n");
	check_every_cut(&how, &limits, GW_S("a X {1+}\r\nx {1+}\r\nx {1+}\r\nx\r\nb NOOP\r\n"),
			"REFUSE[a] 2 LIMIT\nCOMMAND[b NOOP]\n");
}
END_TEST

START_TEST(limits_are_raised_between_commands)
{
	struct run r;

	run_init(&r, &small);
	feed(&r, "a LOGIN {21}\r\n", 14);
	r.f.limits.literal_max = 30;
	feed(&r, "a LOGIN {21}\r\n", 14);
	ck_assert_str_eq(gw_buf_str(&r.log), "REFUSE[a] 1 TOOBIG\nCONTINUE 21\n");
	run_done(&r);
}
END_TEST

/* ---- APPEND ---- */

START_TEST(a_message_is_handed_over_as_a_stream)
{
	check(GW_S("a APPEND box {2}\r\nhi\r\nb NOOP\r\n"),
	      "STREAM[a APPEND box {2}]\noctet 68\noctet 69\nCOMMAND[]\nCOMMAND[b NOOP]\n");
	check(GW_S("a append {3+}\r\nbox (\\Seen) ~{2+}\r\n\0\n\r\n"),
	      "STREAM[a append {3+}\r\nbox (\\Seen) ~{2+}]\noctet 00\noctet 0a\nCOMMAND[]\n");
	check(GW_S("a APPEND {3}\r\nbox {0}\r\n\r\nb NOOP\r\n"),
	      "CONTINUE 3\nSTREAM[a APPEND {3}\r\nbox {0}]\nCOMMAND[]\nCOMMAND[b NOOP]\n");
	check(GW_S("a APPEND box UTF8 (~{1}\r\nx)\r\n"), "STREAM[a APPEND box UTF8 (~{1}]\noctet 78\nCOMMAND[)]\n");
	/* RFC 8508 5 */
	check(GW_S("a REPLACE 4 box {2}\r\nhi\r\nb NOOP\r\n"),
	      "STREAM[a REPLACE 4 box {2}]\noctet 68\noctet 69\nCOMMAND[]\nCOMMAND[b NOOP]\n");
	check(GW_S("a uid replace * {3+}\r\nbox {1+}\r\nx\r\n"),
	      "STREAM[a uid replace * {3+}\r\nbox {1+}]\noctet 78\nCOMMAND[]\n");
	check(GW_S("a REPLACE 4 {3}\r\nbox\r\n"), "CONTINUE 3\nCOMMAND[a REPLACE 4 {3}\r\nbox]\n");
	check(GW_S("a REPLACE {3}\r\nbox\r\n"), "CONTINUE 3\nCOMMAND[a REPLACE {3}\r\nbox]\n");
	check(GW_S("a UID FETCH 4 box {2+}\r\nhi\r\n"), "COMMAND[a UID FETCH 4 box {2+}\r\nhi]\n");
	/* only these */
	check(GW_S("a APPENDIX box {2}\r\nhi\r\n"), "CONTINUE 2\nCOMMAND[a APPENDIX box {2}\r\nhi]\n");
	check(GW_S("a SEARCH APPEND {2}\r\nhi\r\n"), "CONTINUE 2\nCOMMAND[a SEARCH APPEND {2}\r\nhi]\n");
}
END_TEST

/* RFC 3502 */
START_TEST(several_messages_come_one_after_the_other)
{
	check(GW_S("a APPEND box {1}\r\nx (\\Seen) {1+}\r\ny {0}\r\n\r\nb NOOP\r\n"),
	      "STREAM[a APPEND box {1}]\noctet 78\nSTREAM[ (\\Seen) {1+}]\noctet 79\nSTREAM[ {0}]\nCOMMAND[]\n"
	      "COMMAND[b NOOP]\n");
	check(GW_S("a APPEND box {1}\r\nx {1001}\r\nb NOOP\r\n"),
	      "STREAM[a APPEND box {1}]\noctet 78\nREFUSE[] 3 TOOBIG\nCOMMAND[b NOOP]\n");
	/* each has the line limit for itself, and a rest that is too long is thrown away */
	check(GW_S("a APPEND b {1}\r\nx                                                                      \r\nb NOOP\r\n"),
	      "STREAM[a APPEND b {1}]\noctet 78\nREFUSE[] 0 TOOBIG\nCOMMAND[b NOOP]\n");
}
END_TEST

/* B09: the stream stays in step */
START_TEST(a_message_that_is_not_wanted_is_thrown_away_exactly)
{
	check(GW_S("a APPEND box {1000}\r\n"), "STREAM[a APPEND box {1000}]\n");
	check(GW_S("a APPEND box {1001}\r\nb NOOP\r\n"), "REFUSE[a] 3 TOOBIG\nCOMMAND[b NOOP]\n");
	check_with(SWALLOW, GW_S("a APPEND box {8+}\r\nb NOOP\r\n\r\nc NOOP\r\n"), "STREAM[a APPEND box {8+}]\nCOMMAND[c NOOP]\n");
	check_with(SWALLOW, GW_S("a APPEND box {1+}\r\nx {8+}\r\nb NOOP\r\n\r\nc NOOP\r\n"),
		   "STREAM[a APPEND box {1+}]\nCOMMAND[c NOOP]\n");
	check_with(SWALLOW, GW_S("a APPEND box {1+}\r\nx {8}\r\nb NOOP\r\n"), "STREAM[a APPEND box {1+}]\nCOMMAND[b NOOP]\n");
	check_with(REFUSE_SYNC, GW_S("a APPEND box {8}\r\nb NOOP\r\n"), "STREAM[a APPEND box {8}]\nCOMMAND[b NOOP]\n");
}
END_TEST

START_TEST(a_refused_big_message_is_swallowed_up_to_the_cap)
{
	static char wire[4000];
	size_t n = (size_t)snprintf(wire, sizeof wire, "a APPEND box {1500+}\r\n");

	memset(wire + n, '\n', 1500);
	n += 1500;
	n += (size_t)snprintf(wire + n, sizeof wire - n, "\r\nb NOOP\r\n");
	check(gw_slice(wire, n), "REFUSE[a] 3 TOOBIG\nCOMMAND[b NOOP]\n");
}
END_TEST

/* ---- line mode ---- */

START_TEST(line_mode_takes_lines_as_they_are)
{
	struct run how = { .line_mode = true, .line_mode_max = 20 };

	check_every_cut(&how, &small, GW_S("DONE\r\n"), "COMMAND[DONE]\n");
	check_every_cut(&how, &small, GW_S("done\nx {3+}\r\n\r\n"), "COMMAND[done]\nCOMMAND[x {3+}]\nCOMMAND[]\n");
	check_every_cut(&how, &small, GW_S("123456789012345678\r\n"), "COMMAND[123456789012345678]\n");
	check_every_cut(&how, &small, GW_S("1234567890123456789\r\nx\r\n"), "REFUSE[] 0 TOOBIG\nCOMMAND[x]\n");
	check_every_cut(&how, &small, GW_S("1234567890123456789 {5+}\r\nx\r\n"), "REFUSE[] 0 TOOBIG\nCOMMAND[x]\n");
	check_every_cut(&how, &small, GW_S("DONE\0\r\nx\r\n"), "REFUSE[] 5 -\nCOMMAND[x]\n");
}
END_TEST

START_TEST(line_mode_and_commands_take_turns)
{
	struct gw_slice in = GW_S("a AUTHENTICATE PLAIN\r\nAGEAYg==\r\nb NOOP\r\n"), ret;
	struct imap_framer f;

	imap_framer_init(&f, &small);
	ck_assert_int_eq(imap_framer_next(&f, &in, &ret), IMAP_FRAME_COMMAND);
	ck_assert_int_eq(imap_framer_line(&f, 100, &in, &ret), IMAP_FRAME_COMMAND);
	ck_assert_slice_eq(ret, "AGEAYg==");
	ck_assert_int_eq(imap_framer_next(&f, &in, &ret), IMAP_FRAME_COMMAND);
	ck_assert_slice_eq(ret, "b NOOP");
	ck_assert_int_eq(imap_framer_line(&f, 100, &in, &ret), IMAP_FRAME_MORE);
	imap_framer_done(&f);
}
END_TEST

/* ---- tags ---- */

/* A06: what is sent back is a tag or nothing */
START_TEST(a_refusal_carries_the_tag_only_if_it_is_one)
{
	static const struct {
		const char *head, *tag;
	} rows[] = {
		{ "a1 ", "a1" }, { "} ", "}" },	  { "DONE ", "DONE" }, { "+ ", "" },	{ "* ", "" },	{ " ", "" },
		{ "a+b ", "" },	 { "a\"b ", "" }, { "a\rb ", "a" },   { "a(b ", "" }, { "\xC3\xA4 ", "" }, { "a{ ", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char wire[128], expected[64];
		int n = snprintf(wire, sizeof wire, "%sLOGIN {21}\r\n", rows[i].head);

		snprintf(expected, sizeof expected, "REFUSE[%s] 1 TOOBIG\n", rows[i].tag);
		check(gw_slice(wire, (size_t)n), expected);
	}
}
END_TEST

START_TEST(an_endless_tag_is_no_tag)
{
	static char wire[1000];
	struct imap_framer_limits limits = imap_framer_limits(true, 65536, 65536, 0);
	struct run how = { 0 };

	for (size_t n = IMAP_TAG_MAX - 1; n <= IMAP_TAG_MAX + 1; n++) {
		char expected[1000];

		memset(wire, 'x', n);
		snprintf(wire + n, sizeof wire - n, " X {99999}\r\n");
		snprintf(expected, sizeof expected, "REFUSE[%.*s] 1 TOOBIG\n", n <= IMAP_TAG_MAX ? (int)n : 0, wire);
		check_every_cut(&how, &limits, gw_slice_str(wire), expected);
	}
}
END_TEST

/* A11: the end of the stream may come anywhere */
START_TEST(a_cut_stream_leaves_nothing_behind)
{
	static const char wire[] = "a LOGIN {3}\r\njoe {3+}\r\nabc\r\nb APPEND {1+}\r\nx () {3}\r\nabc\r\nc X {99+}\r\nzz";

	for (size_t n = 0; n < sizeof wire; n++) {
		struct run r;

		run_init(&r, &small);
		feed(&r, wire, n);
		run_done(&r);
	}
}
END_TEST

static TCase *tcase_framer(void)
{
	TCase *tc = tcase_create("framer");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, commands_are_cut_at_line_ends);
	tcase_add_test(tc, a_bare_lf_ends_a_line_and_a_nul_is_refused);
	tcase_add_test(tc, a_line_at_the_limit_passes_and_one_over_it_is_refused);
	tcase_add_test(tc, a_line_that_does_not_end_is_lost_at_the_cap);
	tcase_add_test(tc, a_literal_at_the_end_of_a_refused_line_is_no_command);
	tcase_add_test(tc, memory_stays_flat_while_a_line_is_thrown_away);
	tcase_add_test(tc, nothing_is_kept_between_commands);
	tcase_add_test(tc, a_whole_command_is_not_copied);
	tcase_add_test(tc, literals_stay_in_place);
	tcase_add_test(tc, what_only_looks_like_a_literal_is_none);
	tcase_add_test(tc, a_literal_over_limit_is_refused_before_reading);
	tcase_add_test(tc, a_nonsync_literal_over_limit_is_swallowed_or_the_stream_is_lost);
	tcase_add_test(tc, the_number_of_literals_and_their_sum_are_limited);
	tcase_add_test(tc, a_value_of_metadata_that_is_too_long_has_a_reason_of_its_own);
	tcase_add_test(tc, an_annotation_that_is_too_long_has_a_reason_of_its_own);
	tcase_add_test(tc, a_literal_inside_an_annotation_is_not_the_message);
	tcase_add_test(tc, literal_minus_takes_4096_octets_and_no_more);
	tcase_add_test(tc, before_login_append_has_the_limits_of_any_command);
	tcase_add_test(tc, limits_are_raised_between_commands);
	tcase_add_test(tc, a_message_is_handed_over_as_a_stream);
	tcase_add_test(tc, several_messages_come_one_after_the_other);
	tcase_add_test(tc, a_message_that_is_not_wanted_is_thrown_away_exactly);
	tcase_add_test(tc, a_refused_big_message_is_swallowed_up_to_the_cap);
	tcase_add_test(tc, line_mode_takes_lines_as_they_are);
	tcase_add_test(tc, line_mode_and_commands_take_turns);
	tcase_add_test(tc, a_refusal_carries_the_tag_only_if_it_is_one);
	tcase_add_test(tc, an_endless_tag_is_no_tag);
	tcase_add_test(tc, a_cut_stream_leaves_nothing_behind);
	return tc;
}

UNIT_MAIN("imap/framer", tcase_framer())

/* test_mbox.c - cutting and writing mboxes (mailbox/mbox.h, mailbox/lineends.h) */
#include "mailbox/mbox.h"
#include "store/index.h"
#include "tests/unit/unit.h"

/* What is in an mbox, as text: "<" From_ line "|" facts "|" octets ">" a message. Fed in pieces of step octets. */
static void read_all(struct gw_slice file, size_t step, struct gw_buf *ret)
{
	struct gw_mbox m;
	struct gw_slice in = { file.p, 0 }, piece;
	struct gw_buf facts, octets;
	enum gw_mbox_piece kind;

	gw_buf_init(&facts, 0);
	gw_buf_init(&octets, 0);
	gw_mbox_init(&m, 0);
	do {
		bool last = in.p + in.n == file.p + file.n;

		kind = gw_mbox_next(&m, &in, last, &piece);
		ck_assert(kind != GW_MBOX_MORE || !last);
		if (kind == GW_MBOX_MORE) {
			size_t left = (size_t)(file.p + file.n - in.p) - in.n;

			in.n += left < step ? left : step;
		} else if (kind == GW_MBOX_BEGIN) {
			ck_assert(memcmp(file.p + m.begun, "From ", 5) == 0);
			gw_buf_printf(ret, "<%.*s|", GW_FMT(piece));
		} else if (kind == GW_MBOX_FACT) {
			gw_buf_add_slice(&facts, piece);
		} else if (kind == GW_MBOX_OCTETS) {
			gw_buf_add_slice(&octets, piece);
		} else if (kind == GW_MBOX_END) {
			gw_buf_printf(ret, "%.*s|%.*s>", GW_FMT(gw_buf_slice(&facts)), GW_FMT(gw_buf_slice(&octets)));
			facts.n = octets.n = 0;
		}
	} while (kind != GW_MBOX_DONE);
	gw_buf_done(&facts);
	gw_buf_done(&octets);
}

#define FROM "From a@b Thu Jan  1 00:00:01 1970"

static const struct {
	const char *file, *text;
} samples[] = {
	{ "", "" },
	{ "no mbox\n\nat all\n", "" },
	{ FROM "\nA: 1\n\nx\n\n" FROM "\nB: 2\n\ny\n\n", "<" FROM "||A: 1\n\nx\n><" FROM "||B: 2\n\ny\n>" },
	{ FROM "\r\nA: 1\r\n\r\nx\r\n\r\n" FROM "\r\nB: 2\r\n\r\ny\r\n\r\n",
	  "<" FROM "||A: 1\r\n\r\nx\r\n><" FROM "||B: 2\r\n\r\ny\r\n>" },
	/* the separating empty line is missing at the end, or is one of several */
	{ FROM "\nA: 1\n\nx\n", "<" FROM "||A: 1\n\nx\n>" },
	{ FROM "\nA: 1\n\nx\n\n\n\n", "<" FROM "||A: 1\n\nx\n\n\n>" },
	{ FROM "\nA: 1\n\nx", "<" FROM "||A: 1\n\nx>" },
	/* without a body, without an empty line */
	{ FROM "\nA: 1\n\n\n" FROM "\nB: 2\n\n", "<" FROM "||A: 1\n\n><" FROM "||B: 2\n>" },
	/* quoting */
	{ FROM "\nA: 1\n\n>From x\n>>From y\n>Fromage\n> From\n\n", "<" FROM "||A: 1\n\nFrom x\n>From y\n>Fromage\n> From\n>" },
	/* no From_ lines: no empty line before, no date in it */
	{ FROM "\nA: 1\n\nx\n" FROM "\n\nFrom here on\n", "<" FROM "||A: 1\n\nx\n" FROM "\n\nFrom here on\n>" },
	/* facts are taken out, wherever they stand */
	{ FROM "\nStatus: RO\nA: 1\nX-Keywords: a\n b\nB: 2\nx-uid: 7\n\nStatus: x\n",
	  "<" FROM "|Status: RO\nX-Keywords: a\n b\nx-uid: 7\n|A: 1\nB: 2\n\nStatus: x\n>" },
	/* a folded line is no field, whatever it looks like */
	{ FROM "\nSubject: a\n status: 5\n\tX-UID: 7\n\n", "<" FROM "||Subject: a\n status: 5\n\tX-UID: 7\n>" },
	/* lengths are not trusted */
	{ FROM "\nContent-Length: 4\n\nx\n\n" FROM "\n\ny\n", "<" FROM "||Content-Length: 4\n\nx\n><" FROM "||\ny\n>" },
	/* the first From_ line may say anything, others of Mozilla nothing */
	{ "From \nA: 1\n\nx\n\nFrom \nB: 2\n\ny\n\nFrom -\nC: 3\n", "<From ||A: 1\n\nx\n><From ||B: 2\n\ny\n><From -||C: 3\n>" },
};

START_TEST(any_split_gives_the_same_messages)
{
	struct gw_slice file = gw_slice_str(samples[_i].file);

	for (size_t step = 1; step <= file.n + 1; step++) {
		struct gw_buf text;

		gw_buf_init(&text, 0);
		read_all(file, step, &text);
		ck_assert_slice_eq(gw_buf_slice(&text), samples[_i].text);
		gw_buf_done(&text);
	}
}
END_TEST

START_TEST(a_line_longer_than_the_window_goes_through)
{
	struct gw_buf file, text;

	gw_buf_init(&file, 0);
	gw_buf_init(&text, 0);
	gw_buf_printf(&file, FROM "\nA: ");
	for (size_t i = 0; i < 3 * GW_MBOX_WINDOW; i++)
		gw_buf_add_char(&file, 'x');
	gw_buf_printf(&file, "\n\nFrom ");
	for (size_t i = 0; i < 3 * GW_MBOX_WINDOW; i++)
		gw_buf_add_char(&file, 'y');
	read_all(gw_buf_slice(&file), 10000, &text);
	ck_assert_uint_eq(text.n, file.n + strlen("<||>") - 1); /* the LF of the From_ line */
	gw_buf_done(&file);
	gw_buf_done(&text);
}
END_TEST

static const struct {
	const char *line;
	int64_t date; /* 0: none */
	bool zone;
} dates[] = {
	{ "From a@b Wed Dec  2 05:53:22 1992", 723275602, false },
	{ "From a@b Wed Dec  2 05:53 1992", 723275580, false },
	{ "From a@b Wed Dec 02 05:53:22 1992 +0100", 723272002, true },
	{ "From a@b Wed Dec  2 05:53:22 GMT 1992", 723275602, true },
	{ "From a@b Wed, 2 Dec 1992 05:53:22 +0100", 723272002, true },
	{ "From a@b Wed Dec  2 05:53:22 -0130 1992", 723281002, true },
	{ "From - Wed Dec  2 05:53:22 1992", 723275602, false },
	{ "From \"a b\"@c Wed Dec  2 05:53:22 1992 remote from 1:2", 723275602, false },
	{ "From ???@??? Wed Dec  2 05:53:22 92", 723275602, false },
	{ "From a@b Wed Dec 31 23:59:59 1969 +0000", -1, true },
	{ "From here on it gets worse", 0, false },
	{ "From May 3 on at 10:30", 0, false },
	{ "From a@b Wed Dec  2 25:53:22 1992", 0, false },
	{ "From a@b", 0, false },
};

START_TEST(dates_of_from_lines)
{
	int64_t date = 0;
	bool zone = false;
	bool ok = gw_mbox_from_date(gw_slice_str(dates[_i].line), &date, &zone);

	ck_assert_msg(ok == (dates[_i].date != 0), "%s", dates[_i].line);
	ck_assert_int_eq(date, dates[_i].date);
	ck_assert_int_eq(zone, dates[_i].zone);
}
END_TEST

START_TEST(facts_of_uw_imap_dovecot_and_mozilla)
{
	struct gw_mbox_facts f;

	gw_mbox_facts_init(&f);
	gw_mbox_fact(&f, GW_S("Status: RO\n"));
	gw_mbox_fact(&f, GW_S("X-Status: AFTD\r\n"));
	gw_mbox_fact(&f, GW_S("X-Keywords: Work  Private\n  $Junk   \n"));
	gw_mbox_fact(&f, GW_S("X-UID: 17\n"));
	gw_mbox_fact(&f, GW_S("X-IMAPbase: 1275660208 0000000019 Work Private\n"));
	ck_assert_uint_eq(f.flags, GW_FLAG_SYSTEM);
	ck_assert_slice_eq(gw_buf_slice(&f.keywords), "Work Private $Junk");
	ck_assert_uint_eq(f.uid, 17);
	ck_assert_uint_eq(f.uidvalidity, 1275660208);
	ck_assert_uint_eq(f.uidlast, 19);
	ck_assert(!f.internal && !f.expunged);
	gw_mbox_facts_reset(&f);
	gw_mbox_fact(&f, GW_S("X-Mozilla-Status: 000d\n"));
	gw_mbox_fact(&f, GW_S("X-IMAP: 5 6\n"));
	ck_assert_uint_eq(f.flags, GW_FLAG_SEEN | GW_FLAG_FLAGGED);
	ck_assert(f.expunged && f.internal);
	ck_assert_uint_eq(f.keywords.n, 0);
	gw_mbox_facts_done(&f);
}
END_TEST

/* ---- writing ---- */

static const char *const messages[] = {
	"A: 1\r\n\r\nx\r\n",
	"A: 1\r\n\r\n",
	"A: 1\r\n",
	"\r\nbody\r\n",
	"\r\n",
	"A: 1\r\n\r\nFrom x\r\n>From y\r\n>>>From\r\n>>>\r\nFrom a@b Wed Dec  2 05:53:22 1992\r\n",
	"From a@b Wed Dec  2 05:53:22 1992\r\nA: 1\r\n\r\nx\r\n",
	"A: 1\r\n\r\nx\r\n\r\n\r\n",
	"A: 1\r\n\r\na\rb\r\r\nc\r\r\r\n\r\r\n",
	"A: 1\r\n b\r\nno field\r\n\r\nStatus: R\r\n",
};

START_TEST(what_is_written_is_read_again_octet_for_octet)
{
	struct gw_slice message = gw_slice_str(messages[_i]), facts = GW_S("Status: RO\nX-UID: 7\n");

	for (size_t step = 1; step <= message.n; step++) {
		struct gw_mbox_writer w;
		struct gw_buf file, text, expected;
		struct gw_buf crlf;
		struct gw_lineends ends = { 0 };

		gw_buf_init(&file, 0);
		gw_buf_init(&text, 0);
		gw_buf_init(&crlf, 0);
		gw_buf_init(&expected, 0);
		gw_mbox_put_from(&file, GW_S("a@b"), 1);
		gw_mbox_writer_init(&w);
		for (size_t at = 0; at < message.n; at += step)
			gw_mbox_put(&w, gw_slice(message.p + at, at + step < message.n ? step : message.n - at), facts, &file);
		gw_mbox_put_end(&w, facts, &file);
		gw_mbox_writer_done(&w);
		gw_buf_printf(&file, FROM "\n\n\n");
		read_all(gw_buf_slice(&file), 7, &text);
		gw_lineends_to_crlf(&ends, gw_buf_slice(&text), &crlf);
		gw_buf_printf(&expected, "<" FROM " +0000|Status: RO\r\nX-UID: 7\r\n|%s><" FROM "||\r\n>", messages[_i]);
		ck_assert_slice_eq(gw_buf_slice(&crlf), gw_buf_str(&expected));
		gw_buf_done(&file);
		gw_buf_done(&text);
		gw_buf_done(&crlf);
		gw_buf_done(&expected);
	}
}
END_TEST

START_TEST(facts_of_a_message_are_not_written)
{
	struct gw_mbox_writer w;
	struct gw_buf file;

	gw_buf_init(&file, 0);
	gw_mbox_writer_init(&w);
	gw_mbox_put(&w, GW_S("X-UID: 9\r\n 8\r\nA: 1\r\nstatus: RO\r\n\r\nStatus: x\r\n"), GW_S("Status: O\n"), &file);
	gw_mbox_put_end(&w, GW_S("Status: O\n"), &file);
	gw_mbox_writer_done(&w);
	ck_assert_slice_eq(gw_buf_slice(&file), "A: 1\nStatus: O\n\nStatus: x\n\n");
	gw_buf_done(&file);
}
END_TEST

static const struct {
	const char *wire, *file, *back;
} ends[] = {
	{ "a\r\nb\r\n", "a\nb\n", "a\r\nb\r\n" },
	{ "a\r\r\nb", "a\r\r\nb", "a\r\r\nb" },
	{ "\r\n\r\n", "\n\n", "\r\n\r\n" },
	{ "a\rb\r", "a\rb\r", "a\rb\r" },
	{ "a\nb", "a\nb", "a\r\nb" }, /* the one that is lost */
};

START_TEST(line_ends_go_to_files_and_back)
{
	struct gw_slice wire = gw_slice_str(ends[_i].wire);

	for (size_t split = 0; split <= wire.n; split++) {
		struct gw_lineends to = { 0 }, from = { 0 };
		struct gw_buf file, back;

		gw_buf_init(&file, 0);
		gw_buf_init(&back, 0);
		gw_lineends_to_lf(&to, gw_slice(wire.p, split), &file);
		gw_lineends_to_lf(&to, gw_slice(wire.p + split, wire.n - split), &file);
		gw_lineends_finish(&to, &file);
		ck_assert_slice_eq(gw_buf_slice(&file), ends[_i].file);
		gw_lineends_to_crlf(&from, gw_slice(file.p, split < file.n ? split : file.n), &back);
		if (split < file.n)
			gw_lineends_to_crlf(&from, gw_slice(file.p + split, file.n - split), &back);
		ck_assert_slice_eq(gw_buf_slice(&back), ends[_i].back);
		gw_buf_done(&file);
		gw_buf_done(&back);
	}
}
END_TEST

static TCase *all(void)
{
	TCase *tc = tcase_create("mbox");

	tcase_add_loop_test(tc, any_split_gives_the_same_messages, 0, sizeof samples / sizeof *samples);
	tcase_add_test(tc, a_line_longer_than_the_window_goes_through);
	tcase_add_loop_test(tc, dates_of_from_lines, 0, sizeof dates / sizeof *dates);
	tcase_add_test(tc, facts_of_uw_imap_dovecot_and_mozilla);
	tcase_add_loop_test(tc, what_is_written_is_read_again_octet_for_octet, 0, sizeof messages / sizeof *messages);
	tcase_add_test(tc, facts_of_a_message_are_not_written);
	tcase_add_loop_test(tc, line_ends_go_to_files_and_back, 0, sizeof ends / sizeof *ends);
	return tc;
}

UNIT_MAIN("mailbox/mbox", all())

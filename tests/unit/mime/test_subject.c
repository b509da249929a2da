/* test_subject.c - base subjects (RFC 5256 2.1), message identifiers (RFC 5256 3), dates (RFC 5256 2.2) */
#include "mime/date.h"
#include "mime/thread.h"
#include "tests/unit/unit.h"

static const struct {
	const char *subject, *base;
	bool reply;
} subjects[] = {
	{ "", "", false },
	{ "hello", "hello", false },
	/* (1) */
	{ "a\t b\r\n  c", "a b c", false },
	/* (2) subj-trailer = "(fwd)" / WSP */
	{ "hello (fwd)", "hello", true },
	{ "hello (FWD) (fwd)  ", "hello", true },
	{ "hello(fwd)", "hello", true },
	{ "(fwd)", "", true },
	{ "hello (fwd) x", "hello (fwd) x", false },
	/* (3) subj-leader = (*subj-blob subj-refwd) / WSP */
	{ "Re: hello", "hello", true },
	{ "re : hello", "hello", true },
	{ "RE:FW: fwd:\thello", "hello", true },
	{ "Re[2]: hello", "hello", true },
	{ "Re [x] : hello", "hello", true },
	{ "Re[a][b]: hello", "Re[a][b]: hello", false },
	{ "[a] [b]re: hello", "hello", true },
	{ "Fwd hello", "Fwd hello", false },
	{ "Reply: hello", "Reply: hello", false },
	{ "AW: hello", "AW: hello", false },
	{ "Re:", "", true },
	{ "Re: Re:", "", true },
	/* (4) subj-blob, unless nothing would be left */
	{ "[list] hello", "hello", false },
	{ "[a][b] hello", "hello", false },
	{ "[a] [b]", "[b]", false },
	{ "[a]", "[a]", false },
	{ "[a] (fwd)", "[a]", true },
	{ "[a[b] hello", "[a[b] hello", false },
	{ "[a hello", "[a hello", false },
	{ "[] hello", "hello", false },
	/* (5) */
	{ "[a] Re: [b] Fw: [c] hello", "hello", true },
	{ "Re: [a]", "[a]", true },
	{ "Re: [a] Re: [b]", "[b]", true },
	/* (6) subj-fwd-hdr ... subj-fwd-trl */
	{ "[fwd: hello]", "hello", true },
	{ "[Fwd: Re: [a] hello (fwd)]", "hello", true },
	{ "[Fwd: [Fwd: hello]]", "hello", true },
	{ "Re: [fwd: hello]", "hello", true },
	{ "[fwd: hello", "[fwd: hello", false },
	{ "[fwd: hello] x", "x", false },
	{ "[fwd:]", "", true },
};

/* RFC 5256 2.1(a), 2.1(b), 2.1(c), 2.1(d) */
START_TEST(a_base_subject_is_what_the_rfc_leaves)
{
	struct gw_buf out;
	bool reply;

	gw_buf_init(&out, 0);
	reply = gw_base_subject(gw_slice_str(subjects[_i].subject), &out);
	ck_assert_str_eq(gw_buf_str(&out), subjects[_i].base);
	ck_assert_int_eq(reply, subjects[_i].reply);
	gw_buf_done(&out);
}
END_TEST

/* Half a million blobs: a quadratic reading would not end within the time of a test. */
START_TEST(a_subject_of_blobs_costs_no_more_than_its_length)
{
	static const char *const pieces[] = { "[]", "[x]re", "[fwd:", "re:", "(fwd)", "]" };
	struct gw_buf subject, out;

	gw_buf_init(&subject, 0);
	gw_buf_init(&out, 0);
	for (int i = 0; i < 500000; i++)
		gw_buf_add_slice(&subject, gw_slice_str(pieces[_i]));
	gw_base_subject(gw_buf_slice(&subject), &out);
	ck_assert_uint_le(out.n, subject.n);
	gw_buf_done(&subject);
	gw_buf_done(&out);
}
END_TEST

/* RFC 5256 3(l): quoting makes no difference, case does. */
START_TEST(identifiers_are_compared_without_their_quotes)
{
	struct gw_slice in = GW_S("text <\"01KF8JCEOCBS0045PS\"@xxx.yyy.com> (a) <b @c>, <> <d <E\\\"@f>"), id;
	static const char *const want[] = { "01KF8JCEOCBS0045PS@xxx.yyy.com", "b@c", "E\\@f" };
	struct gw_buf out;

	gw_buf_init(&out, 0);
	for (size_t i = 0; i < 3; i++) {
		ck_assert(gw_msgid_next(&in, &id));
		out.n = 0;
		gw_msgid_normal(id, &out);
		ck_assert_str_eq(gw_buf_str(&out), want[i]);
	}
	ck_assert(!gw_msgid_next(&in, &id));
	gw_buf_done(&out);
}
END_TEST

static const struct {
	const char *date;
	int64_t utc; /* 0: none */
} dates[] = {
	{ "31 Dec 2000 16:01:33 -0800", 978307293 }, /* RFC 5256 2.2 */
	{ "Mon, 1 Jan 2001 00:01:33 +0000", 978307293 },
	{ "1 Jan 2001 00:01:33 +9900", 978307293 },  /* an invalid zone is UTC */
	{ "1 Jan 2001 00:01:33 +0099", 978307293 },
	{ "1 Jan 2001 00:01:33 XYZ", 978307293 },
	{ "1 Jan 2001 00:01:33", 978307293 },
	{ "1 Jan 2001 25:01:33 +0000", 978307200 },  /* an invalid time is 00:00:00 */
	{ "1 Jan 2001 00:61:33 +0000", 978307200 },
	{ "1 Jan 2001 xx +0000", 978307200 },
	{ "1 Jan 2001", 978307200 },
	{ "32 Jan 2001 00:01:33 +0000", 0 },
	{ "1 Foo 2001 00:01:33 +0000", 0 },
	{ "yesterday", 0 },
	{ "", 0 },
};

/* RFC 5256 2.2(a), 2.2(b) */
START_TEST(a_sent_date_is_what_can_be_read_of_it)
{
	int64_t utc = 0, day;

	ck_assert_int_eq(gw_date_parse(gw_slice_str(dates[_i].date), &utc, &day), dates[_i].utc != 0);
	ck_assert_int_eq(utc, dates[_i].utc);
}
END_TEST

static TCase *tcase_subject(void)
{
	TCase *tc = tcase_create("subject");

	tcase_add_loop_test(tc, a_base_subject_is_what_the_rfc_leaves, 0, sizeof subjects / sizeof *subjects);
	tcase_add_loop_test(tc, a_subject_of_blobs_costs_no_more_than_its_length, 0, 6);
	tcase_add_test(tc, identifiers_are_compared_without_their_quotes);
	tcase_add_loop_test(tc, a_sent_date_is_what_can_be_read_of_it, 0, sizeof dates / sizeof *dates);
	return tc;
}

UNIT_MAIN("mime/subject", tcase_subject())

/* test_maildir.c - file names of a Maildir and the lists of Dovecot and Courier (mailbox/maildir.h) */
#include "mailbox/maildir.h"
#include "store/index.h"
#include "tests/unit/unit.h"

START_TEST(a_file_name_says_base_flags_keywords_and_sizes)
{
	struct gw_maildir_file f;

	ck_assert(gw_maildir_file(GW_S("1035478339.M1P2.host,S=1956,W=2012:2,DFPRSTab"), &f));
	ck_assert_slice_eq(f.base, "1035478339.M1P2.host,S=1956,W=2012");
	ck_assert_uint_eq(f.flags, GW_FLAG_SYSTEM);
	ck_assert_uint_eq(f.keywords, 3);
	ck_assert(f.passed);
	ck_assert_uint_eq(f.size, 1956);
	ck_assert_uint_eq(f.vsize, 2012);
}
END_TEST

START_TEST(a_file_name_without_flags_is_one)
{
	struct gw_maildir_file f;

	ck_assert(gw_maildir_file(GW_S("1.x"), &f));
	ck_assert_slice_eq(f.base, "1.x");
	ck_assert_uint_eq(f.flags | f.keywords | f.size, 0);
	ck_assert(gw_maildir_file(GW_S("1.x:1,S"), &f)); /* experimental info: no flags */
	ck_assert_uint_eq(f.flags, 0);
	ck_assert(gw_maildir_file(GW_S("1.x:2,S,U=7"), &f)); /* what others put behind the flags */
	ck_assert_uint_eq(f.flags, GW_FLAG_SEEN);
	ck_assert(gw_maildir_file(GW_S("1.x,S=12x:2,"), &f));
	ck_assert_uint_eq(f.size, 0);
	ck_assert(!gw_maildir_file(GW_S(".hidden"), &f));
	ck_assert(!gw_maildir_file(GW_S(":2,S"), &f));
	ck_assert(!gw_maildir_file(GW_S(""), &f));
}
END_TEST

START_TEST(flags_are_written_in_order)
{
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_maildir_put_info(&b, GW_FLAG_SEEN | GW_FLAG_DRAFT | GW_FLAG_ANSWERED, 1u << 25 | 1);
	ck_assert_slice_eq(gw_buf_slice(&b), ":2,DRSaz");
	gw_buf_done(&b);
}
END_TEST

static void check_row(struct gw_uidlist *l, uint32_t uid, const char *base, const char *uidl)
{
	struct gw_uidlist_row row;

	ck_assert(gw_uidlist_next(l, &row));
	ck_assert_uint_eq(row.uid, uid);
	ck_assert_slice_eq(row.base, base);
	ck_assert_slice_eq(row.uidl, uidl);
}

START_TEST(uidlist_of_dovecot)
{
	struct gw_uidlist l;
	struct gw_uidlist_row row;

	ck_assert(gw_uidlist_open(GW_S("3 V1275660208 N25022 G3085f01b7f11094c501100008c4a11c1\n"
				       "25006 :1276528487.M364837P9451.kurkku,S=1355,W=1394:2,\n"
				       "25017 W2481 P0000abcd :1276533073.M242911P3632.kurkku:2,F\n"
				       "nonsense\n"
				       "25018 W2481\n"
				       "25020 O3 :a b\n"
				       "99999999999 :x\n"),
				  &l));
	ck_assert_uint_eq(l.uidvalidity, 1275660208);
	ck_assert_uint_eq(l.uidnext, 25022);
	check_row(&l, 25006, "1276528487.M364837P9451.kurkku,S=1355,W=1394", "");
	check_row(&l, 25017, "1276533073.M242911P3632.kurkku", "0000abcd");
	check_row(&l, 25020, "a b", "");
	ck_assert(!gw_uidlist_next(&l, &row));
}
END_TEST

START_TEST(uidlist_of_courier_and_old_dovecot)
{
	struct gw_uidlist l;
	struct gw_uidlist_row row;

	ck_assert(gw_uidlist_open(GW_S("1 1108456832 9\n7 1035478339.27041_118.foo.org\n8 1035478340.x:2,S\n\n9\n"), &l));
	ck_assert_uint_eq(l.uidvalidity, 1108456832);
	ck_assert_uint_eq(l.uidnext, 9);
	check_row(&l, 7, "1035478339.27041_118.foo.org", "");
	check_row(&l, 8, "1035478340.x", "");
	ck_assert(!gw_uidlist_next(&l, &row));
}
END_TEST

START_TEST(what_is_no_uidlist_is_none)
{
	struct gw_uidlist l;

	ck_assert(!gw_uidlist_open(GW_S(""), &l));
	ck_assert(!gw_uidlist_open(GW_S("2 5 6\n"), &l));
	ck_assert(!gw_uidlist_open(GW_S("3 N5\n"), &l));
	ck_assert(!gw_uidlist_open(GW_S("1 0 6\n"), &l));
	ck_assert(!gw_uidlist_open(GW_S("1 5\n"), &l));
}
END_TEST

START_TEST(pop3_names_of_courier)
{
	struct gw_slice file = GW_S("/2 14 1108456832\n1035478339.x:2,S 2012 12:1108456832\n1035478340.y 17 13\nbroken\n");
	struct gw_uidlist_row row;
	char text[48];

	ck_assert(gw_courier_uidl_next(&file, text, &row));
	ck_assert_slice_eq(row.base, "1035478339.x");
	ck_assert_slice_eq(row.uidl, "UID12-1108456832");
	ck_assert(gw_courier_uidl_next(&file, text, &row));
	ck_assert_slice_eq(row.base, "1035478340.y");
	ck_assert_slice_eq(row.uidl, "UID13");
	ck_assert(!gw_courier_uidl_next(&file, text, &row));
}
END_TEST

START_TEST(keywords_of_dovecot)
{
	struct gw_slice file = GW_S("0 $Forwarded\nx y\n25 Work stuff\n26 TooMany\n"), name;
	unsigned n;

	ck_assert(gw_keywords_next(&file, &n, &name));
	ck_assert_uint_eq(n, 0);
	ck_assert_slice_eq(name, "$Forwarded");
	ck_assert(gw_keywords_next(&file, &n, &name));
	ck_assert_uint_eq(n, 25);
	ck_assert_slice_eq(name, "Work stuff");
	ck_assert(!gw_keywords_next(&file, &n, &name));
}
END_TEST

START_TEST(keywords_of_courier)
{
	struct gw_slice file = GW_S("Work\nPrivate\n\n1035478339.x:0 1\n:3\n1035478340.y:1\n"), name, base, numbers;

	ck_assert(gw_courier_keyword_next(&file, &name));
	ck_assert_slice_eq(name, "Work");
	ck_assert(gw_courier_keyword_next(&file, &name));
	ck_assert(!gw_courier_keyword_next(&file, &name));
	ck_assert(gw_courier_keywords_of_next(&file, &base, &numbers));
	ck_assert_slice_eq(base, "1035478339.x");
	ck_assert_slice_eq(numbers, "0 1");
	ck_assert(gw_courier_keywords_of_next(&file, &base, &numbers));
	ck_assert_slice_eq(base, "1035478340.y");
	ck_assert(!gw_courier_keywords_of_next(&file, &base, &numbers));
}
END_TEST

static void check_subscriptions(struct gw_slice file, char given, char separator, const char *first, const char *second)
{
	struct gw_buf text;
	struct gw_slice name;
	char c;

	gw_buf_init(&text, 0);
	gw_subscriptions_open(&file, given, &c);
	ck_assert_int_eq(c, separator);
	ck_assert(gw_subscriptions_next(&file, &text, &name));
	ck_assert_slice_eq(name, first);
	ck_assert(gw_subscriptions_next(&file, &text, &name));
	ck_assert_slice_eq(name, second);
	ck_assert(!gw_subscriptions_next(&file, &text, &name));
	gw_buf_done(&text);
}

START_TEST(subscriptions_of_all_kinds)
{
	check_subscriptions(GW_S("Sent\nwork.a\n"), '.', '.', "Sent", "work.a");
	check_subscriptions(GW_S("V\t2\n\nSent\nwork\ta\001tb\n"), '.', '\t', "Sent", "work\ta\tb");
	check_subscriptions(GW_S("INBOX.Sent\r\nINBOX"), '.', '.', "INBOX.Sent", "INBOX");
}
END_TEST

static TCase *all(void)
{
	TCase *tc = tcase_create("maildir");

	tcase_add_test(tc, a_file_name_says_base_flags_keywords_and_sizes);
	tcase_add_test(tc, a_file_name_without_flags_is_one);
	tcase_add_test(tc, flags_are_written_in_order);
	tcase_add_test(tc, uidlist_of_dovecot);
	tcase_add_test(tc, uidlist_of_courier_and_old_dovecot);
	tcase_add_test(tc, what_is_no_uidlist_is_none);
	tcase_add_test(tc, pop3_names_of_courier);
	tcase_add_test(tc, keywords_of_dovecot);
	tcase_add_test(tc, keywords_of_courier);
	tcase_add_test(tc, subscriptions_of_all_kinds);
	return tc;
}

UNIT_MAIN("mailbox/maildir", all())

/* test_uidl.c - what POP3 clients know messages by (RFC 1939 section 7) */
#include "store/uidl.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

static struct gw_uidls u;
static char name[GW_UIDL_MAX + 1];

static void setup(void)
{
	gw_uidls_init(&u, GW_UIDL_GATEWAY, 0x5EADBEEF);
}

static void teardown(void)
{
	gw_uidls_done(&u);
}

static const char *of(uint32_t number, uint32_t uid, const char *own)
{
	const struct gw_entry e = { .uid = uid };
	const struct gw_message m = { .seq = number, .entry = &e, .uidl = own ? gw_slice_str(own) : gw_slice(NULL, 0) };

	gw_uidls_name(&u, number, &m, name);
	return name;
}

START_TEST(formats_are_those_of_other_servers)
{
	static const struct {
		enum gw_uidl_format format;
		const char *want, *most;
	} rows[] = {
		{ GW_UIDL_GATEWAY, "4c0a0f400000000c", "ffffffffffffffff" },
		{ GW_UIDL_DOVECOT, "0000000c4c0a0f40", "ffffffffffffffff" },
		{ GW_UIDL_CYRUS, "1275727680.12", "4294967295.4294967295" },
		{ GW_UIDL_UIDONLY, "12", "4294967295" },
		{ GW_UIDL_COURIER, "UID12-1275727680", "UID4294967295-4294967295" },
		{ GW_UIDL_COURIER_OLD, "UID12", "UID4294967295" },
		{ GW_UIDL_CYRUS_COURIER, "1275727680-12", "4294967295-4294967295" },
		{ GW_UIDL_KOPANO, "4c0a0f400000000c", "ffffffffffffffff" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		gw_uidl_make(rows[i].format, 1275727680, 12, name);
		ck_assert_str_eq(name, rows[i].want);
		gw_uidl_make(rows[i].format, UINT32_MAX, UINT32_MAX, name);
		ck_assert_str_eq(name, rows[i].most);
	}
}
END_TEST

/* 1*70 characters of 0x21 to 0x7E; what is none of that is not shown. */
START_TEST(names_that_were_brought_count_when_they_may_be_shown)
{
	char longest[GW_UIDL_SHOWN + 2];

	memset(longest, 'x', sizeof longest);
	longest[GW_UIDL_SHOWN + 1] = '\0';
	ck_assert_str_eq(of(1, 1, longest), "5eadbeef00000001");
	longest[GW_UIDL_SHOWN] = '\0';
	ck_assert_str_eq(of(2, 2, longest), longest);
	ck_assert_str_eq(of(3, 3, "a b"), "5eadbeef00000003");
	ck_assert_str_eq(of(4, 4, "a\x7f"), "5eadbeef00000004");
	ck_assert_str_eq(of(5, 5, ""), "5eadbeef00000005");
	ck_assert_str_eq(of(6, 6, "~!"), "~!");
}
END_TEST

/* The names of kopano-gateway are hexadecimal entry IDs of 48 octets. */
START_TEST(names_of_kopano_are_shown_where_they_are_wanted)
{
	char entry_id[GW_UIDL_MAX + 2];

	memset(entry_id, 'A', sizeof entry_id);
	entry_id[GW_UIDL_MAX] = '\0';
	ck_assert_str_eq(of(1, 1, entry_id), "5eadbeef00000001");
	gw_uidls_done(&u);
	gw_uidls_init(&u, GW_UIDL_KOPANO, 0x5EADBEEF);
	ck_assert_str_eq(of(1, 1, entry_id), entry_id);
	entry_id[GW_UIDL_MAX] = 'A';
	entry_id[GW_UIDL_MAX + 1] = '\0';
	ck_assert_str_eq(of(2, 2, entry_id), "5eadbeef00000002");
	ck_assert_str_eq(of(3, 3, NULL), "5eadbeef00000003");
}
END_TEST

START_TEST(no_name_is_given_twice)
{
	for (int round = 0; round < 2; round++) {
		ck_assert_str_eq(of(1, 7, "mine"), "mine");
		ck_assert_str_eq(of(2, 8, "mine"), "5eadbeef00000008~");
		ck_assert_str_eq(of(3, 9, "5eadbeef0000000a"), "5eadbeef0000000a");
		ck_assert_str_eq(of(4, 10, NULL), "5eadbeef0000000a~");
		ck_assert_str_eq(of(5, 11, NULL), "5eadbeef0000000b");
	}
}
END_TEST

START_TEST(a_long_list_has_different_names)
{
	for (uint32_t i = 1; i <= 100000; i++)
		of(i, i * 3, i % 10 == 0 ? "the-same" : NULL);
	ck_assert_uint_eq(gw_set_count(&u.again), 9999);
	ck_assert_uint_le(gw_uidls_memory(&u), 100000u * 8 * 4 + 9999 * 16 * 2);
	ck_assert_str_eq(of(20, 60, "the-same"), "5eadbeef0000003c~");
	ck_assert_str_eq(of(10, 30, "the-same"), "the-same");
}
END_TEST

static TCase *uidl(void)
{
	TCase *tc = tcase_create("uidl");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, formats_are_those_of_other_servers);
	tcase_add_test(tc, names_that_were_brought_count_when_they_may_be_shown);
	tcase_add_test(tc, names_of_kopano_are_shown_where_they_are_wanted);
	tcase_add_test(tc, no_name_is_given_twice);
	tcase_add_test(tc, a_long_list_has_different_names);
	return tc;
}

UNIT_MAIN("uidl", uidl())

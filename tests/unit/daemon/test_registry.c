/* test_registry.c - slots that a child which went wrong has written to */
#include <stdio.h>
#include <string.h>

#include "daemon/daemon.h"
#include "tests/unit/unit.h"

static struct registry reg;
static struct reg_slot *slot;

static void setup(void)
{
	const struct reg_peer peer = { .address = "192.0.2.1:4711", .service = SERVICE_IMAPS, .bucket = 17 };

	ck_assert_int_eq(reg_init(&reg, 4), 0);
	slot = reg_take(&reg, &peer, 1000, 5);
	ck_assert_ptr_nonnull(slot);
}

static void teardown(void)
{
	reg_done(&reg);
}

START_TEST(a_slot_is_read_as_it_was_written)
{
	struct reg_slot copy;

	ck_assert(reg_read(slot, &copy));
	ck_assert_str_eq(copy.address, "192.0.2.1:4711");
	ck_assert_uint_eq(copy.service, SERVICE_IMAPS);
	ck_assert_uint_eq(reg_address_count(&reg, 17), 1);
	reg_give(&reg, slot);
	ck_assert(!reg_read(slot, &copy));
	ck_assert_uint_eq(reg_address_count(&reg, 17), 0);
}
END_TEST

START_TEST(a_slot_of_a_service_that_is_not_is_not_read)
{
	struct reg_slot copy;

	slot->service = SERVICES;
	ck_assert(!reg_read(slot, &copy));
}
END_TEST

START_TEST(texts_without_an_end_get_one)
{
	struct reg_slot copy;

	memset(slot->mechanism, 'x', sizeof slot->mechanism);
	memset(slot->handshake.version, 'x', sizeof slot->handshake.version);
	memset(slot->handshake.cipher, 'x', sizeof slot->handshake.cipher);
	memset(slot->handshake.sni, 'x', sizeof slot->handshake.sni);
	memset(slot->handshake.user, 'x', sizeof slot->handshake.user);
	slot->tls = slot->signed_on = true;
	ck_assert(reg_read(slot, &copy));
	ck_assert_uint_eq(strlen(copy.mechanism), sizeof copy.mechanism - 1);
	ck_assert_uint_eq(strlen(copy.handshake.version), sizeof copy.handshake.version - 1);
	ck_assert_uint_eq(strlen(copy.handshake.cipher), sizeof copy.handshake.cipher - 1);
	ck_assert_uint_eq(strlen(copy.handshake.sni), sizeof copy.handshake.sni - 1);
	ck_assert_uint_eq(strlen(copy.handshake.user), sizeof copy.handshake.user - 1);
}
END_TEST

/* Counters of others do not change, and nothing outside the tables is touched. */
START_TEST(a_slot_with_wrong_counters_can_be_given_back)
{
	reg.shared->addresses[0] = 1; /* right behind the counters of users */
	slot->user_bucket = REG_BUCKETS + 1;
	slot->address_bucket = 0x40000000u | 17;
	reg_give(&reg, slot);
	ck_assert_uint_eq(reg_address_count(&reg, 0), 1);
	ck_assert_uint_eq(reg_address_count(&reg, 17), 0);
	ck_assert_uint_eq(reg_used(&reg), 0);
}
END_TEST

START_TEST(no_more_slots_are_looked_at_than_there_are)
{
	reg.shared->high = UINT32_MAX;
	ck_assert_uint_eq(reg_high(&reg), 4);
	ck_assert_uint_eq(reg_count_address(&reg, slot->ip), 1);
}
END_TEST

static TCase *tcase_registry(void)
{
	TCase *tc = tcase_create("registry");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_slot_is_read_as_it_was_written);
	tcase_add_test(tc, a_slot_of_a_service_that_is_not_is_not_read);
	tcase_add_test(tc, texts_without_an_end_get_one);
	tcase_add_test(tc, a_slot_with_wrong_counters_can_be_given_back);
	tcase_add_test(tc, no_more_slots_are_looked_at_than_there_are);
	return tc;
}

UNIT_MAIN("registry", tcase_registry())

/* test_network.c - addresses and networks as people write them */
#include "config/network.h"
#include "tests/unit/unit.h"

static const struct {
	const char *text, *canonical; /* NULL: refused */
} forms[] = {
	{ "192.0.2.1", "192.0.2.1" },
	{ "192.0.2.77/24", "192.0.2.0/24" },
	{ "192.0.2.1/32", "192.0.2.1" },
	{ "0.0.0.0/0", "0.0.0.0/0" },
	{ "2001:db8::1", "2001:db8::1" },
	{ "[2001:db8::1]", "2001:db8::1" },
	{ "[2001:db8:0:0:1::]/64", "2001:db8::/64" },
	{ "2001:db8:ffff::/33", "2001:db8:8000::/33" },
	{ "::/0", "::/0" },
	{ "::ffff:192.0.2.1", "192.0.2.1" },
	{ "", NULL },
	{ "192.0.2", NULL },
	{ "192.0.2.1/33", NULL },
	{ "2001:db8::/129", NULL },
	{ "192.0.2.1/", NULL },
	{ "192.0.2.1/-1", NULL },
	{ "192.0.2.1/24/8", NULL },
	{ "mail.example.org", NULL },
	{ "[192.0.2.1", NULL },
};

START_TEST(networks_are_read_and_written)
{
	struct gw_network n;
	char text[GW_NETWORK_TEXT];
	bool ok = gw_network_parse(gw_slice_str(forms[_i].text), &n);

	ck_assert_msg(ok == (forms[_i].canonical != NULL), "%s", forms[_i].text);
	if (!ok)
		return;
	gw_network_put(&n, text);
	ck_assert_str_eq(text, forms[_i].canonical);
}
END_TEST

static bool has(const char *network, const char *address)
{
	struct gw_network n, a;

	ck_assert(gw_network_parse(gw_slice_str(network), &n) && gw_network_parse(gw_slice_str(address), &a));
	return gw_network_has(&n, a.ip);
}

START_TEST(a_network_has_the_addresses_between_its_ends)
{
	ck_assert(has("192.0.2.0/25", "192.0.2.127"));
	ck_assert(!has("192.0.2.0/25", "192.0.2.128"));
	ck_assert(has("0.0.0.0/0", "203.0.113.9"));
	ck_assert(!has("0.0.0.0/0", "2001:db8::1"));
	ck_assert(has("::/0", "192.0.2.1")); /* all there is */
	ck_assert(has("2001:db8::/64", "2001:db8::ffff"));
	ck_assert(!has("2001:db8::/64", "2001:db8:0:1::"));
	ck_assert(has("192.0.2.1", "192.0.2.1"));
	ck_assert(!has("192.0.2.1", "192.0.2.2"));
}
END_TEST

START_TEST(a_list_has_what_one_of_its_networks_has)
{
	const char *v[] = { "127.0.0.0/8", "::1", "nonsense" };
	const struct gw_words list = { v, 3 }, none = { v, 0 };
	struct gw_network a;

	ck_assert(gw_network_parse(GW_S("127.9.9.9"), &a));
	ck_assert(gw_networks_have(&list, a.ip));
	ck_assert(!gw_networks_have(&none, a.ip));
	ck_assert(gw_network_parse(GW_S("::1"), &a));
	ck_assert(gw_networks_have(&list, a.ip));
	ck_assert(gw_network_parse(GW_S("::2"), &a));
	ck_assert(!gw_networks_have(&list, a.ip));
}
END_TEST

static TCase *tcase_network(void)
{
	TCase *tc = tcase_create("network");

	tcase_add_loop_test(tc, networks_are_read_and_written, 0, (int)(sizeof forms / sizeof *forms));
	tcase_add_test(tc, a_network_has_the_addresses_between_its_ends);
	tcase_add_test(tc, a_list_has_what_one_of_its_networks_has);
	return tc;
}

UNIT_MAIN("network", tcase_network())

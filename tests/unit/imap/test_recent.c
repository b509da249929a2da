/* test_recent.c - whose a message is that comes between a session's claim of the recent ones and its look at them (RFC 3501 2.3.2) */
#include "store/admin.h"
#include "store/driver.h"
#include "tests/conv/host.h"
#include "tests/unit/unit.h"

static struct host h;
static struct gw_acct *other;
static struct gw_mbox_id inbox;
static const struct gw_store_ops *own;
static struct gw_acct_ops acct_ops;
static int (*own_recent)(struct gw_acct *a, struct gw_mbox_id id, bool claim, struct gw_recent *ret, struct gw_err *err);
static unsigned arrive;   /* messages that come after the next claims, one each */
static bool other_claims; /* and another session is told of them first */

static void deliver(void)
{
	struct gw_appended done;
	struct gw_append *ap;

	ck_assert_int_eq(gw_append_open(other, 8, &ap, NULL), 0);
	gw_append_set(ap, 0, NULL, 0, INT64_MIN);
	ck_assert_int_eq(gw_append_write(ap, GW_S("a: b\r\n\r\n"), NULL), 0);
	ck_assert_int_eq(gw_append_commit(other, inbox, &ap, 1, &done, NULL), 0);
	gw_append_close(ap);
}

static int recent_then_more(struct gw_acct *a, struct gw_mbox_id id, bool claim, struct gw_recent *ret, struct gw_err *err)
{
	int rc = own_recent(a, id, claim, ret, err);
	struct gw_recent theirs;

	if (arrive) {
		arrive--;
		deliver();
		if (other_claims)
			ck_assert_int_eq(gw_mbox_recent(other, inbox, true, &theirs, NULL), 0);
	}
	return rc;
}

static int login(struct gw_store *s, struct gw_slice user, struct gw_slice password, const char *service, struct gw_acct **ret,
		 struct gw_err *err)
{
	int rc = own->login(s, user, password, service, ret, err);

	if (rc == 0) {
		acct_ops = *(*ret)->ops;
		own_recent = acct_ops.recent;
		acct_ops.recent = recent_then_more;
		(*ret)->ops = &acct_ops;
	}
	return rc;
}

static const char *say(const char *text)
{
	static struct gw_buf got;

	got.n = 0;
	host_send(&h, 0, gw_slice_str(text));
	host_take(&h, 0, &got);
	return gw_buf_str(&got);
}

static void setup(void)
{
	static struct gw_store_ops ops;
	struct gw_arena arena;
	struct gw_mailbox m;

	ck_assert(host_init(&h, gw_slice_str("")));
	ck_assert_int_eq(gw_admin_open(h.store, GW_S("anna"), &other, NULL), 0);
	own = h.store->ops;
	ops = *own;
	ops.login = login;
	h.store->ops = &ops;
	gw_arena_init(&arena, 0, 1 << 20);
	ck_assert_int_eq(gw_acct_find(other, &arena, GW_S("INBOX"), &m, NULL), 0);
	gw_arena_done(&arena);
	inbox = m.id;
	host_open(&h, 0, &gw_imap_proto, NULL);
	say("a LOGIN anna anna\r\n");
}

static void teardown(void)
{
	host_close(&h, 0);
	gw_acct_close(other);
	h.store->ops = own;
	host_done(&h);
}

static void ck_said(const char *got, const char *part)
{
	ck_assert_msg(strstr(got, part) != NULL, "no %s in %s", part, got);
}

/* A message is found with NOOP or by SELECT; another one comes in the meantime. */
static const char *look(int selects, bool claimed)
{
	if (!selects)
		say("a SELECT INBOX\r\n");
	deliver();
	arrive = 1;
	other_claims = claimed;
	return say(selects ? "a SELECT INBOX\r\n" : "a NOOP\r\n");
}

START_TEST(what_another_session_claimed_is_not_recent_here)
{
	const char *got = look(_i, true);

	ck_said(got, "* 2 EXISTS\r\n* 1 RECENT\r\n");
	ck_said(say("a SEARCH RECENT\r\n"), "* SEARCH 1\r\n");
}
END_TEST

START_TEST(what_came_meanwhile_is_claimed_as_well)
{
	const char *got = look(_i, false);

	ck_said(got, "* 2 EXISTS\r\n* 2 RECENT\r\n");
	ck_said(say("a STATUS INBOX (RECENT)\r\n"), "* STATUS INBOX (RECENT 0)\r\n");
	ck_said(say("a SEARCH RECENT\r\n"), "* SEARCH 1 2\r\n");
}
END_TEST

static TCase *tcase_recent(void)
{
	TCase *tc = tcase_create("recent");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, what_another_session_claimed_is_not_recent_here, 0, 2);
	tcase_add_loop_test(tc, what_came_meanwhile_is_claimed_as_well, 0, 2);
	return tc;
}

UNIT_MAIN("imap/recent", tcase_recent())

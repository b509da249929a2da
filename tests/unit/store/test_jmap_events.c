/* test_jmap_events.c - the event stream (RFC 8620 7.3, WHATWG HTML 9.2) */
#include "store/jmap/wire.h"
#include "tests/unit/unit.h"

static struct gw_buf heard;
static struct jmap_events e;

static void setup(void)
{
	gw_buf_init(&heard, 0);
	jmap_events_init(&e);
}

static void teardown(void)
{
	gw_buf_done(&heard);
	jmap_events_done(&e);
}

static void changed(void *ctx, struct gw_slice account, struct gw_slice type, struct gw_slice state)
{
	gw_buf_printf(ctx, "%.*s.%.*s=%.*s ", GW_FMT(account), GW_FMT(type), GW_FMT(state));
}

static int feed(struct gw_slice s)
{
	return jmap_events_feed(&e, s, changed, &heard, NULL);
}

static void feed_str(const char *s)
{
	ck_assert_int_eq(feed(gw_slice_str(s)), 0);
}

#define CHANGE "{\"@type\":\"StateChange\",\"changed\":{\"A1\":{\"Email\":\"s2\",\"Mailbox\":\"s3\"}}}"

static const char *const streams[] = {
	"event: state\ndata: " CHANGE "\n\n",
	"\xEF\xBB\xBF"
	"event:state\r\ndata:" CHANGE "\r\n\r\n",
	": hello\revent: state\rid: 7\rdata: " CHANGE "\r\r",
	"event: ping\ndata: {\"interval\":30}\n\nevent: state\nretry: 2500\ndata: " CHANGE "\n\n",
	"event: state\ndata: {\"changed\":{\"A1\":\ndata: {\"Email\":\"s2\",\ndata\ndata:\"Mailbox\":\"s3\"}}}\n\n",
	"data: nothing\n\nunknown: x\nevent\nevent: state\r\ndata: " CHANGE "\n\r\n",
};

START_TEST(events_come_whatever_the_borders_of_pieces)
{
	for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
		struct gw_slice all = gw_slice_str(streams[i]);

		for (size_t cut = 0; cut <= all.n; cut++) {
			teardown();
			setup();
			ck_assert_int_eq(feed(gw_slice(all.p, cut)), 0);
			ck_assert_int_eq(feed(gw_slice(all.p + cut, all.n - cut)), 0);
			ck_assert_str_eq(gw_buf_str(&heard), "A1.Email=s2 A1.Mailbox=s3 ");
		}
		teardown();
		setup();
		for (size_t k = 0; k < all.n; k++)
			ck_assert_int_eq(feed(gw_slice(all.p + k, 1)), 0);
		ck_assert_str_eq(gw_buf_str(&heard), "A1.Email=s2 A1.Mailbox=s3 ");
	}
}
END_TEST

START_TEST(an_event_without_its_empty_line_is_none_yet)
{
	feed_str("event: state\ndata: " CHANGE "\n");
	ck_assert_uint_eq(heard.n, 0);
	feed_str("\n");
	ck_assert_uint_ne(heard.n, 0);
}
END_TEST

START_TEST(other_events_and_none_at_all_are_passed_over)
{
	feed_str("event: ping\ndata: {\"interval\":1}\n\ndata: " CHANGE
		 "\n\nevent: stateful_and_longer_than_the_room\ndata: " CHANGE "\n\n"
		 "event: state\n\ndata: " CHANGE "\n\n\n\n:\n\n");
	ck_assert_uint_eq(heard.n, 0);
}
END_TEST

START_TEST(the_last_id_is_that_of_an_event_that_ended)
{
	feed_str("id: 41\nevent: state\ndata: " CHANGE "\n\n");
	ck_assert_str_eq(e.last_id, "41");
	feed_str("id: 42\n");
	ck_assert_str_eq(e.last_id, "41");
	feed_str("\n");
	ck_assert_str_eq(e.last_id, "42");
	feed_str("event: ping\ndata: 1\n\n");
	ck_assert_str_eq(e.last_id, "42");
	ck_assert_int_eq(feed(gw_slice("id: a\0b\n\n", 9)), 0);
	ck_assert_str_eq(e.last_id, "42");
	feed_str("id\n\n");
	ck_assert_str_eq(e.last_id, "");
}
END_TEST

START_TEST(an_id_that_no_field_can_carry_is_none)
{
	char longer[200];

	feed_str("id: x\n\nid: a\tb\n\n");
	ck_assert_str_eq(e.last_id, "");
	memset(longer, 'i', sizeof longer);
	feed_str("id: x\n\nid:");
	ck_assert_int_eq(feed(gw_slice(longer, sizeof longer)), 0);
	feed_str("\n\n");
	ck_assert_str_eq(e.last_id, "");
}
END_TEST

START_TEST(retry_is_digits_and_has_an_end)
{
	feed_str("retry: 1500\n");
	ck_assert_uint_eq(e.retry_ms, 1500);
	feed_str("retry: 1s\nretry: -1\nretry:\n");
	ck_assert_uint_eq(e.retry_ms, 1500);
	feed_str("retry: 18446744073709551615\n");
	ck_assert_uint_eq(e.retry_ms, 3600000);
}
END_TEST

static const char *const bad[] = { "{", "[]", "{\"changed\":[]}", "{\"changed\":{\"a b\":{\"Email\":\"1\"}}}",
	"{\"changed\":{\"A\":1}}", "{\"changed\":{\"A\":{\"Email\":5}}}", "{\"changed\":{\"A\":{\"Email\":\"\"}}}",
	"{\"changed\":{\"A\":{\"\":\"x\"}}}", "{\"changed\":{\"A\":{\"Email\":\"a\\u0000b\"}}}", "{\"changed\":null}",
	"\xFF" };

START_TEST(what_is_no_state_change_is_refused_and_the_stream_goes_on_rfc_8620_7_1)
{
	struct gw_err err = { .text = "" };
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_buf_printf(&b, "event: state\ndata: %s\n\nevent: state\ndata: " CHANGE "\n\n", bad[_i]);
	ck_assert_int_eq(jmap_events_feed(&e, gw_buf_slice(&b), changed, &heard, &err), GW_ECORRUPT);
	ck_assert_str_ne(err.text, "");
	ck_assert_str_eq(gw_buf_str(&heard), "A1.Email=s2 A1.Mailbox=s3 ");
	gw_buf_done(&b);
}
END_TEST

START_TEST(lines_and_data_are_bounded)
{
	static char piece[65536];
	int rc = 0;
	int n;

	memset(piece, 'x', sizeof piece);
	for (n = 0; rc == 0 && n < 100; n++)
		rc = feed(gw_slice(piece, sizeof piece));
	ck_assert_int_eq(rc, GW_ELIMIT);
	teardown();
	setup();
	rc = 0;
	for (n = 0; rc == 0 && n < 100; n++) {
		feed_str("data: ");
		ck_assert_int_eq(feed(gw_slice(piece, sizeof piece)), 0);
		rc = feed(GW_S("\n"));
	}
	ck_assert_int_eq(rc, GW_ELIMIT);
	ck_assert_uint_lt(e.data.cap, 4u << 20);
}
END_TEST

static TCase *tcase_events(void)
{
	TCase *tc = tcase_create("events");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, events_come_whatever_the_borders_of_pieces);
	tcase_add_test(tc, an_event_without_its_empty_line_is_none_yet);
	tcase_add_test(tc, other_events_and_none_at_all_are_passed_over);
	tcase_add_test(tc, the_last_id_is_that_of_an_event_that_ended);
	tcase_add_test(tc, an_id_that_no_field_can_carry_is_none);
	tcase_add_test(tc, retry_is_digits_and_has_an_end);
	tcase_add_loop_test(tc, what_is_no_state_change_is_refused_and_the_stream_goes_on_rfc_8620_7_1, 0,
		sizeof bad / sizeof *bad);
	tcase_add_test(tc, lines_and_data_are_bounded);
	return tc;
}

UNIT_MAIN("store/jmap/events", tcase_events())

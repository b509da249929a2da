/* test_transfer.c - the stream of import and export: frames come back as they were, in their turn only */
#include "transfer/transfer.h"

#include "tests/unit/unit.h"
#include "util/mem.h"

static struct gw_transfer giver, taker;
static struct gw_err err;

static void setup(void)
{
	gw_transfer_init(&giver, true);
	gw_transfer_init(&taker, false);
}

static void teardown(void)
{
	gw_transfer_done(&giver);
	gw_transfer_done(&taker);
}

/* Bytes to the other end, at most piece at a time; the frames that come of it are counted. */
static int feed(struct gw_transfer *to, struct gw_slice bytes, size_t piece, struct gw_transfer_frame *last)
{
	int frames = 0, rc = 0;

	while (bytes.n) {
		size_t room, n = bytes.n < piece ? bytes.n : piece;
		char *p = gw_transfer_room(to, &room);

		ck_assert_ptr_nonnull(p);
		n = n < room ? n : room;
		memcpy(p, gw_slice_take(&bytes, n).p, n);
		gw_transfer_got(to, n);
		while ((rc = gw_transfer_next(to, last, &err)) > 0)
			frames++;
		if (rc < 0)
			return rc;
	}
	return frames;
}

/* Say f and let the other end hear it; *ret is what it heard, good until the next call. */
static struct gw_transfer_frame say(struct gw_transfer *from, struct gw_transfer *to, struct gw_transfer_frame f)
{
	struct gw_transfer_frame heard = { .type = GW_TRANSFER_ACK };
	size_t room, n;
	char *p;

	ck_assert(gw_transfer_my_turn(from));
	gw_transfer_put(from, &f);
	p = gw_transfer_room(to, &room);
	n = from->out.n;
	ck_assert_uint_le(n, room);
	memcpy(p, from->out.p, n);
	gw_buf_drop(&from->out, n);
	gw_transfer_got(to, n);
	ck_assert_msg(gw_transfer_next(to, &heard, &err) == 1, "%s", err.text);
	ck_assert_int_eq(heard.type, f.type);
	ck_assert_int_eq(from->state, to->state);
	return heard;
}

static struct gw_transfer_frame give(struct gw_transfer_frame f)
{
	return say(&giver, &taker, f);
}

#define FRAME(kind, ...) ((struct gw_transfer_frame){ .type = GW_TRANSFER_##kind, __VA_ARGS__ })

static struct gw_transfer_frame hello(void)
{
	return FRAME(HELLO, .hello = { GW_TRANSFER_VERSION, GW_S("maildir:/srv/a") });
}

static struct gw_transfer_frame folder(void)
{
	return FRAME(FOLDER, .folder = { GW_S("Work/K\xC3\xB6ln"), 7, 4000000000u, 12, GW_MBOX_SENT | GW_MBOX_IMPORTANT, true, true });
}

static struct gw_transfer_frame offer(void)
{
	return FRAME(OFFER, .offer = { GW_S("123.abc"), GW_S("UIDL1"), 9, GW_FLAG_SEEN | GW_FLAG_DRAFT, -5, 1u << 20, 2,
				       { GW_S("$Label1"), GW_S("Junk") } });
}

static void up_to_messages(unsigned offers, char *wanted)
{
	give(hello());
	give(folder());
	for (unsigned i = 0; i < offers; i++)
		give(offer());
	give(FRAME(ASK));
	say(&taker, &giver, FRAME(WANT, .bytes = { wanted, offers }));
}

START_TEST(frames_come_back_as_they_were)
{
	struct gw_transfer_frame f;

	f = give(hello());
	ck_assert_slice_eq(f.hello.source, "maildir:/srv/a");
	f = give(folder());
	ck_assert_slice_eq(f.folder.name, "Work/K\xC3\xB6ln");
	ck_assert_uint_eq(f.folder.uidvalidity, 7);
	ck_assert_uint_eq(f.folder.uidnext, 4000000000u);
	ck_assert_uint_eq(f.folder.messages, 12);
	ck_assert_uint_eq(f.folder.special, GW_MBOX_SENT | GW_MBOX_IMPORTANT);
	ck_assert(f.folder.subscribed && f.folder.selectable);
	f = give(offer());
	ck_assert_slice_eq(f.offer.key, "123.abc");
	ck_assert_slice_eq(f.offer.uidl, "UIDL1");
	ck_assert_uint_eq(f.offer.uid, 9);
	ck_assert_uint_eq(f.offer.flags, GW_FLAG_SEEN | GW_FLAG_DRAFT);
	ck_assert_int_eq(f.offer.date, -5);
	ck_assert_uint_eq(f.offer.size, 1u << 20);
	ck_assert_uint_eq(f.offer.n_keywords, 2);
	ck_assert_slice_eq(f.offer.keywords[0], "$Label1");
	ck_assert_slice_eq(f.offer.keywords[1], "Junk");
}
END_TEST

START_TEST(a_whole_import_goes_from_hello_to_the_last_ack)
{
	struct gw_transfer_frame f;

	up_to_messages(3, (char[]){ 1, 0, 1 });
	ck_assert(gw_transfer_my_turn(&giver) && !gw_transfer_my_turn(&taker));
	ck_assert_uint_eq(give(FRAME(MESSAGE, .message = { .number = 0 })).message.number, 0);
	ck_assert_slice_eq(give(FRAME(DATA, .bytes = GW_S("Subject: x\r\n"))).bytes, "Subject: x\r\n");
	give(FRAME(END));
	f = give(FRAME(CANNOT, .message = { 2, GW_S("it vanished") }));
	ck_assert_uint_eq(f.message.number, 2);
	ck_assert_slice_eq(f.message.text, "it vanished");
	give(FRAME(COMMIT));
	ck_assert(!gw_transfer_my_turn(&giver));
	say(&taker, &giver, FRAME(ACK));
	give(FRAME(COMPLETE));
	give(folder());
	give(offer());
	give(folder()); /* given up */
	give(FRAME(DONE));
	say(&taker, &giver, FRAME(ACK));
	ck_assert(!gw_transfer_my_turn(&giver) && !gw_transfer_my_turn(&taker));
}
END_TEST

static struct gw_slice whole_import(void)
{
	gw_transfer_put(&giver, &(struct gw_transfer_frame){ .type = GW_TRANSFER_HELLO,
					 .hello = { GW_TRANSFER_VERSION, GW_S("mbox:/m") } });
	for (int i = 0; i < 3; i++) {
		struct gw_transfer_frame f = folder(), o = offer();

		gw_transfer_put(&giver, &f);
		gw_transfer_put(&giver, &o);
		gw_transfer_put(&giver, &o);
	}
	gw_transfer_put(&giver, &(struct gw_transfer_frame){ .type = GW_TRANSFER_DONE });
	return gw_buf_slice(&giver.out);
}

START_TEST(any_split_gives_the_same_frames)
{
	struct gw_transfer_frame f;
	struct gw_slice all = whole_import();
	size_t at = (size_t)_i % all.n;

	ck_assert_int_ge(feed(&taker, gw_slice(all.p, at), SIZE_MAX, &f), 0);
	ck_assert_int_ge(feed(&taker, gw_slice(all.p + at, all.n - at), 1 + (size_t)_i / 64, &f), 0);
	ck_assert_int_eq(f.type, GW_TRANSFER_DONE);
	ck_assert_int_eq(taker.state, GW_TRANSFER_AT_LAST_ACK);
}
END_TEST

/* What a giver could say wrongly, and after what. */
static const struct {
	const char *what;
	unsigned after; /* 0: nothing, 1: hello, 2: folder, 3: messages, 4: inside a message */
	const char *bytes;
	size_t n;
} wrong[] = {
#define BAD(after, what, bytes) { what, after, bytes, sizeof(bytes) - 1 }
	BAD(0, "no hello", "Z\0\0\0\0"),
	BAD(0, "not a frame", "GET / HTTP/1.1\r\n"),
	BAD(0, "too long", "H\0\1\0\1"),
	BAD(0, "hello with a tail", "H\0\0\0\7\0\0\0\1\0\0x"),
	BAD(0, "a string longer than its frame", "H\0\0\0\6\0\0\0\1\0\1"),
	BAD(1, "hello twice", "H\0\0\0\6\0\0\0\1\0\0"),
	BAD(1, "an offer without a folder", "Q\0\0\0\0"),
	BAD(1, "a word of the taker", "A\0\0\0\0"),
	BAD(2, "asked about nothing", "Q\0\0\0\0"),
	BAD(1, "the end of no folder", "K\0\0\0\0"),
	BAD(3, "a folder ends inside of a batch", "K\0\0\0\0"),
	BAD(2, "a message nobody asked for", "M\0\0\0\2\0\0"),
	BAD(3, "a message that is not wanted", "M\0\0\0\2\0\1"),
	BAD(3, "a message that was not offered", "M\0\0\0\2\0\3"),
	BAD(3, "data outside of a message", "D\0\0\0\1x"),
	BAD(4, "a folder inside of a message", "F\0\0\0\20\0\0\0\1\0\0\0\1\0\0\0\1\0\2\0\0"),
	BAD(4, "a commit inside of a message", "C\0\0\0\0"),
	BAD(4, "another message is said to be missing", "X\0\0\0\4\0\2\0\0"),
};

START_TEST(what_is_out_of_turn_or_damaged_is_refused)
{
	struct gw_transfer_frame f;

	if (wrong[_i].after >= 3)
		up_to_messages(3, (char[]){ 1, 0, 1 });
	if (wrong[_i].after == 4)
		give(FRAME(MESSAGE, .message = { .number = 0 }));
	if (wrong[_i].after == 1 || wrong[_i].after == 2)
		give(hello());
	if (wrong[_i].after == 2)
		give(folder());
	ck_assert_msg(feed(&taker, gw_slice(wrong[_i].bytes, wrong[_i].n), SIZE_MAX, &f) == GW_EINVAL, "%s", wrong[_i].what);
	ck_assert_str_ne(err.text, "");
}
END_TEST

START_TEST(another_version_is_told_as_such)
{
	struct gw_transfer_frame f;

	ck_assert_int_eq(feed(&taker, gw_slice("H\0\0\0\6\0\0\0\2\0\0", 11), SIZE_MAX, &f), GW_ENOTSUP);
}
END_TEST

START_TEST(a_batch_has_an_end)
{
	struct gw_transfer_frame f = offer(), last;

	give(hello());
	give(folder());
	for (unsigned i = 0; i < GW_TRANSFER_BATCH; i++)
		give(f);
	giver.offered = 0; /* an end that does not count */
	gw_transfer_put(&giver, &f);
	ck_assert_int_eq(feed(&taker, gw_buf_slice(&giver.out), SIZE_MAX, &last), GW_EINVAL);
}
END_TEST

START_TEST(the_largest_piece_of_data_passes_and_one_octet_more_does_not)
{
	char *p = gw_xalloc(GW_TRANSFER_FRAME_MAX + 8);
	struct gw_transfer_frame f;

	up_to_messages(1, (char[]){ 1 });
	give(FRAME(MESSAGE, .message = { .number = 0 }));
	memset(p, 'x', GW_TRANSFER_FRAME_MAX);
	f = give(FRAME(DATA, .bytes = { p, GW_TRANSFER_FRAME_MAX }));
	ck_assert_uint_eq(f.bytes.n, GW_TRANSFER_FRAME_MAX);
	memcpy(p, "D\0\1\0\1", 5);
	ck_assert_int_eq(feed(&taker, gw_slice(p, 5), SIZE_MAX, &f), GW_EINVAL);
	free(p);
}
END_TEST

START_TEST(an_answer_is_for_all_that_was_asked)
{
	struct gw_transfer_frame f;

	give(hello());
	give(folder());
	give(offer());
	give(FRAME(ASK));
	ck_assert_int_eq(feed(&giver, gw_slice("W\0\0\0\2\1\1", 7), SIZE_MAX, &f), GW_EINVAL);
}
END_TEST

static TCase *tcase_transfer(void)
{
	TCase *tc = tcase_create("transfer");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, frames_come_back_as_they_were);
	tcase_add_test(tc, a_whole_import_goes_from_hello_to_the_last_ack);
	tcase_add_loop_test(tc, any_split_gives_the_same_frames, 0, 250);
	tcase_add_loop_test(tc, what_is_out_of_turn_or_damaged_is_refused, 0, (int)(sizeof wrong / sizeof *wrong));
	tcase_add_test(tc, another_version_is_told_as_such);
	tcase_add_test(tc, a_batch_has_an_end);
	tcase_add_test(tc, the_largest_piece_of_data_passes_and_one_octet_more_does_not);
	tcase_add_test(tc, an_answer_is_for_all_that_was_asked);
	return tc;
}

UNIT_MAIN("transfer", tcase_transfer())

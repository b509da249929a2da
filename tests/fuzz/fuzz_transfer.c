/* fuzz_transfer.c - the stream of import and export, heard by either end
 *
 * The first octet says which end hears it and how it is cut into pieces. Every frame that is understood is said again by
 * the other role and must be understood as the same. */
#include "transfer/transfer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same_folder(const struct gw_transfer_folder *a, const struct gw_transfer_folder *b)
{
	return gw_slice_eq(a->name, b->name) && a->uidvalidity == b->uidvalidity && a->uidnext == b->uidnext &&
	       a->messages == b->messages && a->special == b->special && a->subscribed == b->subscribed &&
	       a->selectable == b->selectable;
}

static bool same_offer(const struct gw_transfer_offer *a, const struct gw_transfer_offer *b)
{
	for (unsigned i = 0; i < a->n_keywords && i < b->n_keywords; i++)
		if (a->keywords[i].n <= 255 && !gw_slice_eq(a->keywords[i], b->keywords[i]))
			return false;
	return gw_slice_eq(a->key, b->key) && gw_slice_eq(a->uidl, b->uidl) && a->uid == b->uid && a->flags == b->flags &&
	       a->date == b->date && a->size == b->size && a->n_keywords == b->n_keywords;
}

static bool same(const struct gw_transfer_frame *a, const struct gw_transfer_frame *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case GW_TRANSFER_HELLO:
		return gw_slice_eq(a->hello.source, b->hello.source);
	case GW_TRANSFER_FOLDER:
		return same_folder(&a->folder, &b->folder);
	case GW_TRANSFER_OFFER:
		return same_offer(&a->offer, &b->offer);
	case GW_TRANSFER_WANT:
	case GW_TRANSFER_DATA:
		return gw_slice_eq(a->bytes, b->bytes);
	case GW_TRANSFER_MESSAGE:
		return a->message.number == b->message.number;
	case GW_TRANSFER_CANNOT:
		return a->message.number == b->message.number && gw_slice_eq(a->message.text, b->message.text);
	default:
		return true;
	}
}

static void take_in(struct gw_transfer *t, struct gw_slice bytes)
{
	while (bytes.n) {
		size_t room;
		char *p = gw_transfer_room(t, &room);
		size_t n = bytes.n < room ? bytes.n : room;

		if (!p || !room)
			gw_bug("no room for the next octets");
		memcpy(p, gw_slice_take(&bytes, n).p, n);
		gw_transfer_got(t, n);
	}
}

/* f as the other end said it: said by `from` and heard by `to`, which were where the two ends are. */
static void say_again(struct gw_transfer *from, struct gw_transfer *to, const struct gw_transfer_frame *f)
{
	static struct gw_transfer_frame heard;

	gw_transfer_put(from, f);
	take_in(to, gw_buf_slice(&from->out));
	from->out.n = 0;
	if (gw_transfer_next(to, &heard, NULL) != 1 || !same(f, &heard))
		gw_bug("a frame is another one when it is said again");
}

/* The end that hears answers when it is its turn, as plainly as can be. */
static void answer(struct gw_transfer *t, struct gw_transfer *from, struct gw_transfer *to)
{
	static const char all[GW_TRANSFER_BATCH] = { 1, 1, 0, 1 };
	struct gw_transfer_frame f = { .type = GW_TRANSFER_ACK };

	if (t->giver || !gw_transfer_my_turn(t))
		return;
	if (t->state == GW_TRANSFER_AT_WANT)
		f = (struct gw_transfer_frame){ .type = GW_TRANSFER_WANT, .bytes = { all, t->offered } };
	gw_transfer_put(t, &f);
	t->out.n = 0;
	say_again(to, from, &f);
}

/* A giver goes on as far as it can without an answer. */
static void lead(struct gw_transfer *t)
{
	static const struct gw_transfer_frame hello = { .type = GW_TRANSFER_HELLO, .hello = { GW_TRANSFER_VERSION, { "x", 1 } } },
					      folder = { .type = GW_TRANSFER_FOLDER, .folder = { .name = { "INBOX", 5 } } },
					      offer = { .type = GW_TRANSFER_OFFER, .offer = { .key = { "k", 1 } } },
					      ask = { .type = GW_TRANSFER_ASK }, commit = { .type = GW_TRANSFER_COMMIT };

	while (gw_transfer_my_turn(t)) {
		gw_transfer_put(t, t->state == GW_TRANSFER_AT_HELLO	? &hello
				   : t->state == GW_TRANSFER_AT_FOLDERS ? &folder
				   : t->state == GW_TRANSFER_AT_MESSAGES ? &commit
				   : t->offered < 3			? &offer
									: &ask);
		t->out.n = 0;
	}
}

static void heard_by_giver(struct gw_transfer *t, struct gw_slice bytes)
{
	static struct gw_transfer_frame f;

	lead(t);
	take_in(t, bytes);
	while (gw_transfer_next(t, &f, NULL) > 0)
		lead(t);
}

static void heard_by_taker(struct gw_transfer *t, struct gw_slice bytes, size_t piece)
{
	static struct gw_transfer_frame f;
	struct gw_transfer from, to; /* `from` says to `to` what t has heard */
	int rc = 0;

	gw_transfer_init(&from, true);
	gw_transfer_init(&to, false);
	while (bytes.n && rc >= 0) {
		take_in(t, gw_slice_take(&bytes, bytes.n < piece ? bytes.n : piece));
		while ((rc = gw_transfer_next(t, &f, NULL)) > 0) {
			say_again(&from, &to, &f);
			answer(t, &from, &to);
		}
	}
	gw_transfer_done(&from);
	gw_transfer_done(&to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gw_slice bytes = { (const char *)data, size < GW_TRANSFER_FRAME_MAX ? size : GW_TRANSFER_FRAME_MAX };
	unsigned first;
	struct gw_transfer t;

	if (size == 0)
		return 0;
	first = (unsigned char)gw_slice_take(&bytes, 1).p[0];
	gw_transfer_init(&t, first & 1);
	if (t.giver)
		heard_by_giver(&t, bytes);
	else
		heard_by_taker(&t, bytes, 1 + (first >> 1) * 7u);
	gw_transfer_done(&t);
	return 0;
}

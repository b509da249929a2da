/* order.c - which frame may come when: the dialogue of transfer.h as a machine
 *
 * Both ends run it over what they say and what they hear, so they always agree on where they are. */
#include "transfer/priv.h"

static bool begin_folder(struct gw_transfer *t)
{
	t->state = GW_TRANSFER_AT_OFFERS;
	t->offered = 0;
	return true;
}

/* Between folders, or between the batches of one. */
static bool step_folders(struct gw_transfer *t, enum gw_transfer_type type)
{
	bool inside = t->state == GW_TRANSFER_AT_OFFERS;

	switch (type) {
	case GW_TRANSFER_FOLDER:
		return begin_folder(t);
	case GW_TRANSFER_DONE:
		t->state = GW_TRANSFER_AT_LAST_ACK;
		return true;
	case GW_TRANSFER_COMPLETE:
		t->state = GW_TRANSFER_AT_FOLDERS;
		return inside && t->offered == 0;
	case GW_TRANSFER_OFFER:
		return inside && t->offered++ < GW_TRANSFER_BATCH;
	case GW_TRANSFER_ASK:
		t->state = GW_TRANSFER_AT_WANT;
		return inside && t->offered > 0;
	default:
		return false;
	}
}

static bool step_want(struct gw_transfer *t, const struct gw_transfer_frame *f)
{
	if (f->type != GW_TRANSFER_WANT || f->bytes.n != t->offered)
		return false;
	for (size_t i = 0; i < f->bytes.n; i++)
		t->wanted[i] = f->bytes.p[i] == 1;
	t->next = 0;
	t->state = GW_TRANSFER_AT_MESSAGES;
	return true;
}

/* Each that is wanted may be given once, in their order. */
static bool given(struct gw_transfer *t, uint32_t number, enum gw_transfer_state state)
{
	if (number < t->next || number >= t->offered || !t->wanted[number])
		return false;
	t->number = number;
	t->next = number + 1;
	t->state = state;
	return true;
}

static bool step_messages(struct gw_transfer *t, const struct gw_transfer_frame *f)
{
	switch (f->type) {
	case GW_TRANSFER_MESSAGE:
		return given(t, f->message.number, GW_TRANSFER_AT_DATA);
	case GW_TRANSFER_CANNOT:
		return given(t, f->message.number, GW_TRANSFER_AT_MESSAGES);
	case GW_TRANSFER_COMMIT:
		t->state = GW_TRANSFER_AT_ACK;
		return true;
	default:
		return false;
	}
}

static bool step_data(struct gw_transfer *t, const struct gw_transfer_frame *f)
{
	switch (f->type) {
	case GW_TRANSFER_DATA:
		return true;
	case GW_TRANSFER_END:
		t->state = GW_TRANSFER_AT_MESSAGES;
		return true;
	case GW_TRANSFER_CANNOT:
		t->state = GW_TRANSFER_AT_MESSAGES;
		return f->message.number == t->number;
	default:
		return false;
	}
}

static bool step_ack(struct gw_transfer *t, enum gw_transfer_type type)
{
	if (t->state == GW_TRANSFER_AT_ACK)
		begin_folder(t);
	else
		t->state = GW_TRANSFER_AT_END;
	return type == GW_TRANSFER_ACK;
}

static bool takers_turn(const struct gw_transfer *t)
{
	return t->state == GW_TRANSFER_AT_WANT || t->state == GW_TRANSFER_AT_ACK || t->state == GW_TRANSFER_AT_LAST_ACK;
}

bool transfer_step(struct gw_transfer *t, bool giver, const struct gw_transfer_frame *f)
{
	if (takers_turn(t) == giver)
		return false;
	switch (t->state) {
	case GW_TRANSFER_AT_HELLO:
		t->state = GW_TRANSFER_AT_FOLDERS;
		return f->type == GW_TRANSFER_HELLO;
	case GW_TRANSFER_AT_FOLDERS:
	case GW_TRANSFER_AT_OFFERS:
		return step_folders(t, f->type);
	case GW_TRANSFER_AT_WANT:
		return step_want(t, f);
	case GW_TRANSFER_AT_MESSAGES:
		return step_messages(t, f);
	case GW_TRANSFER_AT_DATA:
		return step_data(t, f);
	case GW_TRANSFER_AT_ACK:
	case GW_TRANSFER_AT_LAST_ACK:
		return step_ack(t, f->type);
	case GW_TRANSFER_AT_END:
		return false;
	}
	return false;
}

bool gw_transfer_my_turn(const struct gw_transfer *t)
{
	return t->state != GW_TRANSFER_AT_END && takers_turn(t) != t->giver;
}

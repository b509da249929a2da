/* payload.c - what follows the head of a frame, written and read */
#include "transfer/priv.h"

#define SUBSCRIBED 1u
#define SELECTABLE 2u

/* ---- writing ---- */

static void put_number(struct gw_buf *b, uint64_t v, unsigned octets)
{
	while (octets--)
		gw_buf_add_char(b, (char)(v >> (8 * octets)));
}

static void put_string(struct gw_buf *b, struct gw_slice s)
{
	if (s.n > GW_TRANSFER_NAME_MAX)
		s.n = GW_TRANSFER_NAME_MAX;
	put_number(b, s.n, 2);
	gw_buf_add_slice(b, s);
}

static void put_folder(struct gw_buf *b, const struct gw_transfer_folder *f)
{
	put_number(b, f->uidvalidity, 4);
	put_number(b, f->uidnext, 4);
	put_number(b, f->messages, 4);
	put_number(b, (f->special & GW_MBOX_SPECIAL) >> 8, 1);
	put_number(b, (f->subscribed ? SUBSCRIBED : 0) | (f->selectable ? SELECTABLE : 0), 1);
	put_string(b, f->name);
}

static void put_offer(struct gw_buf *b, const struct gw_transfer_offer *o)
{
	put_number(b, o->uid, 4);
	put_number(b, o->flags & GW_FLAG_SYSTEM, 1);
	put_number(b, (uint64_t)o->date, 8);
	put_number(b, o->size, 8);
	put_string(b, o->key);
	put_string(b, o->uidl);
	put_number(b, o->n_keywords, 1);
	for (unsigned i = 0; i < o->n_keywords; i++)
		put_string(b, gw_slice(o->keywords[i].p, o->keywords[i].n < 255 ? o->keywords[i].n : 255));
}

void transfer_put_payload(struct gw_buf *b, const struct gw_transfer_frame *f)
{
	switch (f->type) {
	case GW_TRANSFER_HELLO:
		put_number(b, f->hello.version, 4);
		put_string(b, f->hello.source);
		break;
	case GW_TRANSFER_FOLDER:
		put_folder(b, &f->folder);
		break;
	case GW_TRANSFER_OFFER:
		put_offer(b, &f->offer);
		break;
	case GW_TRANSFER_WANT:
	case GW_TRANSFER_DATA:
		gw_buf_add_slice(b, f->bytes);
		break;
	case GW_TRANSFER_MESSAGE:
		put_number(b, f->message.number, 2);
		break;
	case GW_TRANSFER_CANNOT:
		put_number(b, f->message.number, 2);
		put_string(b, f->message.text);
		break;
	default:
		break;
	}
}

/* ---- reading: each takes what it reads off *in, or says no ---- */

static bool get_number(struct gw_slice *in, unsigned octets, uint64_t *ret)
{
	struct gw_slice s;
	uint64_t v = 0;

	if (in->n < octets)
		return false;
	s = gw_slice_take(in, octets);
	for (size_t i = 0; i < octets; i++)
		v = v << 8 | (unsigned char)s.p[i];
	*ret = v;
	return true;
}

static bool get_u32(struct gw_slice *in, unsigned octets, uint32_t *ret)
{
	uint64_t v;

	if (!get_number(in, octets, &v))
		return false;
	*ret = (uint32_t)v;
	return true;
}

static bool get_string(struct gw_slice *in, struct gw_slice *ret)
{
	uint64_t n;

	if (!get_number(in, 2, &n) || n > GW_TRANSFER_NAME_MAX || n > in->n)
		return false;
	*ret = gw_slice_take(in, (size_t)n);
	return true;
}

static bool get_folder(struct gw_slice *in, struct gw_transfer_folder *ret)
{
	uint32_t special, bits;

	if (!get_u32(in, 4, &ret->uidvalidity) || !get_u32(in, 4, &ret->uidnext) || !get_u32(in, 4, &ret->messages) ||
	    !get_u32(in, 1, &special) || !get_u32(in, 1, &bits) || bits & ~(SUBSCRIBED | SELECTABLE) ||
	    !get_string(in, &ret->name))
		return false;
	ret->special = special << 8;
	ret->subscribed = bits & SUBSCRIBED;
	ret->selectable = bits & SELECTABLE;
	return true;
}

static bool get_offer(struct gw_slice *in, struct gw_transfer_offer *ret)
{
	uint64_t date;
	uint32_t n;

	if (!get_u32(in, 4, &ret->uid) || !get_number(in, 1, &ret->flags) || ret->flags & ~GW_FLAG_SYSTEM ||
	    !get_number(in, 8, &date) || !get_number(in, 8, &ret->size) || !get_string(in, &ret->key) ||
	    ret->key.n == 0 || !get_string(in, &ret->uidl) || !get_u32(in, 1, &n) || n > GW_TRANSFER_KEYWORDS_MAX)
		return false;
	ret->date = (int64_t)date;
	ret->n_keywords = n;
	for (unsigned i = 0; i < n; i++)
		if (!get_string(in, &ret->keywords[i]))
			return false;
	return true;
}

static bool get_want(struct gw_slice *in, struct gw_slice *ret)
{
	if (in->n > GW_TRANSFER_BATCH)
		return false;
	for (size_t i = 0; i < in->n; i++)
		if (in->p[i] != 0 && in->p[i] != 1)
			return false;
	*ret = gw_slice_take(in, in->n);
	return true;
}

static bool get(struct gw_slice *in, struct gw_transfer_frame *f)
{
	switch (f->type) {
	case GW_TRANSFER_HELLO:
		return get_u32(in, 4, &f->hello.version) && get_string(in, &f->hello.source);
	case GW_TRANSFER_FOLDER:
		return get_folder(in, &f->folder);
	case GW_TRANSFER_OFFER:
		return get_offer(in, &f->offer);
	case GW_TRANSFER_WANT:
		return get_want(in, &f->bytes);
	case GW_TRANSFER_DATA:
		f->bytes = gw_slice_take(in, in->n);
		return true;
	case GW_TRANSFER_MESSAGE:
		return get_u32(in, 2, &f->message.number);
	case GW_TRANSFER_CANNOT:
		return get_u32(in, 2, &f->message.number) && get_string(in, &f->message.text);
	case GW_TRANSFER_ASK:
	case GW_TRANSFER_END:
	case GW_TRANSFER_COMMIT:
	case GW_TRANSFER_COMPLETE:
	case GW_TRANSFER_DONE:
	case GW_TRANSFER_ACK:
		return true;
	}
	return false;
}

bool transfer_get_payload(struct gw_slice in, struct gw_transfer_frame *f)
{
	return get(&in, f) && in.n == 0;
}

/* transfer.c - frames in a stream of octets (see transfer.h) */
#include "transfer/priv.h"

void gw_transfer_init(struct gw_transfer *t, bool giver)
{
	*t = (struct gw_transfer){ .giver = giver };
	gw_buf_init(&t->in, 2 * (GW_TRANSFER_HEAD + GW_TRANSFER_FRAME_MAX));
	gw_buf_init(&t->out, 0);
}

void gw_transfer_done(struct gw_transfer *t)
{
	gw_buf_done(&t->in);
	gw_buf_done(&t->out);
}

/* ---- what comes ---- */

char *gw_transfer_room(struct gw_transfer *t, size_t *ret_n)
{
	gw_buf_drop(&t->in, t->used);
	t->used = 0;
	*ret_n = t->in.max - t->in.n; /* less than a frame is there, or gw_transfer_next() would have taken it */
	return gw_buf_room(&t->in, *ret_n);
}

void gw_transfer_got(struct gw_transfer *t, size_t n)
{
	t->in.n += n;
}

static bool known_type(unsigned char c)
{
	return c && strchr("HFOQWMDEXCKZA", c);
}

static uint32_t length_of(const char *head)
{
	const unsigned char *p = (const unsigned char *)head;

	return (uint32_t)p[1] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 8 | p[4];
}

static int version_ok(const struct gw_transfer_frame *f, struct gw_err *err)
{
	if (f->type == GW_TRANSFER_HELLO && f->hello.version != GW_TRANSFER_VERSION)
		return gw_fail(err, GW_ENOTSUP, "the other end speaks version %lu of the stream of mail, this one %d: use the "
			       "gwctl of the daemon's release", (unsigned long)f->hello.version, GW_TRANSFER_VERSION);
	return 1;
}

int gw_transfer_next(struct gw_transfer *t, struct gw_transfer_frame *ret, struct gw_err *err)
{
	struct gw_slice rest = gw_buf_slice(&t->in);
	uint32_t n;

	gw_slice_take(&rest, t->used);
	if (rest.n < GW_TRANSFER_HEAD)
		return 0;
	n = length_of(rest.p);
	if (!known_type((unsigned char)rest.p[0]) || n > GW_TRANSFER_FRAME_MAX)
		return gw_fail(err, GW_EINVAL, "what comes is not the stream of import and export (gateway-ctl(7))");
	if (rest.n - GW_TRANSFER_HEAD < n)
		return 0;
	ret->type = (enum gw_transfer_type)rest.p[0];
	if (!transfer_get_payload(gw_slice(rest.p + GW_TRANSFER_HEAD, n), ret))
		return gw_fail(err, GW_EINVAL, "a frame of kind '%c' in the stream of mail is damaged", ret->type);
	if (!transfer_step(t, !t->giver, ret))
		return gw_fail(err, GW_EINVAL, "a frame of kind '%c' in the stream of mail is out of turn", ret->type);
	t->used += GW_TRANSFER_HEAD + n;
	return version_ok(ret, err);
}

/* ---- what goes ---- */

void gw_transfer_put(struct gw_transfer *t, const struct gw_transfer_frame *f)
{
	const char head[GW_TRANSFER_HEAD] = { (char)f->type };
	size_t at = t->out.n, n;

	if (!transfer_step(t, t->giver, f))
		gw_bug("a frame of the stream of mail is out of turn");
	gw_buf_add(&t->out, head, sizeof head);
	transfer_put_payload(&t->out, f);
	n = t->out.n - at - sizeof head;
	if (n > GW_TRANSFER_FRAME_MAX)
		gw_bug("a frame of the stream of mail is too long");
	for (unsigned i = 1; i < GW_TRANSFER_HEAD; i++)
		t->out.p[at + i] = (char)(n >> (8 * (GW_TRANSFER_HEAD - 1 - i)));
}

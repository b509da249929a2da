/* lines.c - cutting a stream into lines, and wiping what was read */
#include "ctl/ctl.h"
#include "util/mem.h"

void gw_ctl_in_init(struct gw_ctl_in *in, size_t max)
{
	*in = (struct gw_ctl_in){ 0 };
	gw_buf_init(&in->buf, 2 * max + 2);
	in->max = max;
}

void gw_ctl_in_done(struct gw_ctl_in *in)
{
	if (in->buf.p)
		gw_wipe(in->buf.p, in->buf.cap);
	gw_buf_done(&in->buf);
	in->seen = in->used = 0;
}

/* Forget the line handed out last: the rest moves down, what it leaves behind is wiped. */
static void forget(struct gw_ctl_in *in)
{
	size_t rest = in->buf.n - in->used;

	if (in->used == 0)
		return;
	memmove(in->buf.p, in->buf.p + in->used, rest);
	gw_wipe(in->buf.p + rest, in->used);
	in->buf.n = rest;
	in->used = 0;
}

/* Grow by hand, so that no old copy stays in freed memory. */
static bool make_room(struct gw_ctl_in *in, size_t n)
{
	struct gw_buf bigger;

	if (in->buf.cap - in->buf.n >= n)
		return true;
	gw_buf_init(&bigger, in->buf.max);
	if (!gw_buf_room(&bigger, in->buf.n + n) || !gw_buf_add_slice(&bigger, gw_buf_slice(&in->buf))) {
		gw_buf_done(&bigger);
		return false;
	}
	if (in->buf.p)
		gw_wipe(in->buf.p, in->buf.cap);
	gw_buf_done(&in->buf);
	in->buf = bigger;
	return true;
}

bool gw_ctl_in_add(struct gw_ctl_in *in, struct gw_slice bytes)
{
	forget(in);
	return make_room(in, bytes.n) && gw_buf_add_slice(&in->buf, bytes) &&
	       (in->buf.n <= in->max || memchr(in->buf.p, '\n', in->max + 1));
}

bool gw_ctl_in_full(const struct gw_ctl_in *in)
{
	return in->buf.n - in->used > in->max;
}

bool gw_ctl_in_peek(struct gw_ctl_in *in, struct gw_slice *ret)
{
	size_t seen = in->seen;

	if (!gw_ctl_in_next(in, ret))
		return false;
	in->used = 0;
	in->seen = seen;
	return true;
}

bool gw_ctl_in_next(struct gw_ctl_in *in, struct gw_slice *ret)
{
	struct gw_slice rest;
	size_t at;

	forget(in);
	rest = gw_buf_slice(&in->buf);
	gw_slice_take(&rest, in->seen);
	at = gw_slice_find(rest, '\n');
	if (at == rest.n) {
		in->seen = in->buf.n;
		return false;
	}
	at += in->seen;
	in->used = at + 1;
	in->seen = 0;
	*ret = gw_slice(in->buf.p, at);
	if (ret->n && ret->p[ret->n - 1] == '\r')
		ret->n--;
	return true;
}

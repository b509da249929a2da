/* lineends.c - CRLF of the wire and LF of files (see lineends.h) */
#include "mailbox/lineends.h"

void gw_lineends_to_crlf(struct gw_lineends *l, struct gw_slice in, struct gw_buf *out)
{
	while (in.n) {
		size_t n = gw_slice_find(in, '\n');

		if (n)
			l->cr = in.p[n - 1] == '\r';
		gw_buf_add_slice(out, gw_slice_take(&in, n));
		if (!in.n)
			return;
		gw_slice_take(&in, 1);
		gw_buf_add_slice(out, l->cr ? GW_S("\n") : GW_S("\r\n"));
		l->cr = false;
	}
}

/* An octet that is CR or LF, or comes behind a CR. */
static void to_lf(struct gw_lineends *l, char c, struct gw_buf *out)
{
	if (c == '\n') {
		gw_buf_add_slice(out, l->held && l->cr ? GW_S("\r\n") : GW_S("\n"));
		l->held = l->cr = false;
		return;
	}
	if (l->held)
		gw_buf_add_char(out, '\r');
	l->cr = l->held && c == '\r';
	l->held = c == '\r';
	if (c != '\r')
		gw_buf_add_char(out, c);
}

void gw_lineends_to_lf(struct gw_lineends *l, struct gw_slice in, struct gw_buf *out)
{
	while (in.n) {
		size_t n = l->held ? 0 : gw_slice_find(in, '\r');

		gw_buf_add_slice(out, gw_slice_take(&in, n));
		if (in.n)
			to_lf(l, gw_slice_take(&in, 1).p[0], out);
	}
}

void gw_lineends_finish(struct gw_lineends *l, struct gw_buf *out)
{
	if (l->held)
		gw_buf_add_char(out, '\r');
	l->held = l->cr = false;
}

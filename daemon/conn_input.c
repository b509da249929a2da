/* conn_input.c - what the client sent, on its way to the session (see conn.h)
 *
 *	socket -> c->raw (while a worker has the connection) -> conn_decode(): TLS -> deflate->packed, if it is compressed
 *	       -> c->in and what is fresh -> session
 *
 * What is compressed is decompressed when the session has used all there is, and not before: so what it may make of a
 * few octets waits as those few. */
#include "daemon/conn.h"

#include "daemon/daemon.h"
#include "util/mem.h"

#define KEEP_EARLY (16u * 1024)      /* input kept for a busy session, before login */
#define KEEP_LATE CONN_KEEP_LATE     /* and after: literals of APPEND come in such pieces */
#define MARKER_MAX 6u                /* octets of an empty block */

/* ---- bytes that were read and not consumed ---- */

struct gw_slice conn_pending(struct conn *c, struct gw_slice *fresh)
{
	if (inbuf_size(&c->in) == 0)
		return *fresh;
	conn_keep(c, fresh);
	return inbuf_slice(&c->in);
}

void conn_consume(struct conn *c, struct gw_slice *fresh, size_t n)
{
	if (inbuf_size(&c->in))
		inbuf_drop(&c->in, n);
	else
		gw_slice_take(fresh, n);
}

void conn_keep(struct conn *c, struct gw_slice *fresh)
{
	inbuf_add(&c->in, *fresh);
	fresh->n = 0;
}

bool conn_signed_on(const struct conn *c)
{
	return c->slot && atomic_load_explicit(&c->slot->user_bucket, memory_order_relaxed) != 0;
}

size_t conn_keep_max(const struct conn *c)
{
	return conn_signed_on(c) ? c->snapshot->keep_late : c->snapshot->keep_early;
}

bool conn_may_read(const struct conn *c, bool busy)
{
	size_t kept = inbuf_size(&c->in) + inbuf_size(&c->raw) + (c->deflate ? inbuf_size(&c->deflate->packed) : 0);

	if (c->eof_s || c->broken)
		return false;
	if (c->stale && !busy)
		return kept < conn_keep_max(c);
	return kept < (conn_signed_on(c) ? KEEP_LATE : KEEP_EARLY);
}

/* ---- decoding ---- */

/* What ends the client's compression is an empty block (RFC 1951 3.2.3), the marker of its last flush: octets with which
 * no command begins. */
static void skip_marker(struct conn *c, struct gw_slice *s)
{
	while (c->marker && s->n) {
		unsigned char octet = (unsigned char)*s->p;

		if (octet > 3 && octet != 0xFF) {
			c->marker = 0;
			return;
		}
		gw_slice_take(s, 1);
		c->marker--;
	}
}

/* Bytes as they were before TLS. */
static void pass_on(struct conn *c, struct gw_slice *s)
{
	if (c->deflate) {
		inbuf_add(&c->deflate->packed, *s);
		s->n = 0;
	} else {
		skip_marker(c, s);
	}
}

bool conn_decode(struct conn *c, struct scratch *io, struct gw_slice came, struct gw_slice *ret)
{
	enum tls_result r;
	size_t n;

	*ret = came;
	if (c->tls && came.n) {
		r = tls_read(c->tls, io, &came, &n);
		*ret = gw_slice(io->plain, n);
		while (r == TLS_OK && n == SCRATCH_PLAIN) { /* there may be more: it came while a worker had the connection */
			pass_on(c, ret);
			conn_keep(c, ret);
			r = tls_read(c->tls, io, &came, &n);
			*ret = gw_slice(io->plain, n);
		}
		if (io->staged || c->tls->wire.n)
			conn_flush(c, io, false); /* an alert, or the answer to a key update */
		if (r == TLS_FAILED)
			conn_event(c, GW_EV_TLS_BROKEN, GW_STR("detail", c->tls->problem));
	} else {
		r = TLS_OK;
	}
	pass_on(c, ret);
	return r == TLS_OK;
}

/* ---- compression ---- */

static void show(struct conn *c, bool compressed)
{
	if (c->slot)
		atomic_store_explicit(&c->slot->compressed, compressed, memory_order_relaxed);
}

void conn_compress(struct conn *c, struct gw_slice *fresh)
{
	struct deflate_conn *d = deflate_conn_new();

	conn_keep(c, fresh);
	d->packed = c->in;
	c->in = (struct inbuf){ 0 };
	gw_out_append(&d->wire, &c->out);
	c->deflate = d;
	c->marker = 0;
	c->stale = false;
	show(c, true);
}

void conn_uncompress(struct conn *c, struct scratch *io, struct gw_slice *fresh)
{
	struct deflate_conn *d = c->deflate;
	struct gw_slice rest = inbuf_slice(&d->packed);
	struct gw_out wire;

	deflate_write_all(d, io, &c->out);
	wire = d->wire;
	gw_out_init(&d->wire);
	gw_out_append(&c->out, &wire);
	conn_keep(c, fresh); /* none: the client's last block held nothing behind the command */
	c->marker = d->ended ? 0 : MARKER_MAX;
	skip_marker(c, &rest);
	inbuf_add(&c->in, rest);
	c->deflate = NULL;
	deflate_conn_free(d);
	c->stale = false;
	show(c, false);
}

bool conn_unpack(struct conn *c, struct scratch *io, struct gw_slice *fresh)
{
	struct deflate_conn *d = c->deflate;

	if (d->ended) {
		inbuf_done(&d->packed);
		d->ended = false;
		c->eof_s = loop_now_s(c->loop) | 1;
		return true;
	}
	conn_keep(c, fresh);
	if (deflate_read(d, io, fresh) == DEFLATE_BROKEN) {
		conn_event(c, GW_EV_GARBLED, GW_STR("detail", d->problem));
		inbuf_done(&d->packed);
		c->lingers = true;
		return false;
	}
	if (fresh->n)
		c->stale = false;
	return true;
}

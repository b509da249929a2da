/* deflate.c - compressed connections with zlib, without a state for each (see deflate.h)
 *
 * Level 3 is where the answers of IMAP stop to become much smaller for the time they take. Base64 of what is compressed
 * already has nothing to be found in it: to code its octets alone is three times as fast, and smaller. What cannot even
 * be coded goes as it is. Which it is shows only when it was tried, so every few batches the dearest way is. */
#include "daemon/deflate.h"

#include "util/err.h"
#include "util/mem.h"

#include <stdlib.h>
#define ZLIB_CONST /* input is const */
#include <zlib.h>

#define MAX_WBITS_RAW (-15)
#define MEM_LEVEL 8
#define PIECE (64u * 1024)   /* octets given to zlib at once */
#define ROOM (16u * 1024)    /* for what it makes of them */
#define ROOM_SMALL 1024u
#define WINDOW_MAX (32u * 1024)
#define JUDGE_FROM (16u * 1024) /* a batch of fewer octets says nothing about what comes */
#define TRY_AGAIN 8          /* batches */
#define INFLATER_BYTES (WINDOW_MAX + 7u * 1024 + 256) /* of zlib: the state and its window */

static const struct {
	int level, strategy;
	unsigned keep_below; /* percent that are left, at most: else the next way is better */
} efforts[] = {
	[DEFLATE_MATCH] = { 3, Z_DEFAULT_STRATEGY, 70 },
	[DEFLATE_CODE] = { 1, Z_HUFFMAN_ONLY, 97 },
	[DEFLATE_STORE] = { 0, Z_DEFAULT_STRATEGY, 1000 },
};

struct deflate_conn *deflate_conn_new(void)
{
	struct deflate_conn *d = gw_xalloc(sizeof *d);

	gw_out_init(&d->wire);
	return d;
}

static void inflater_free(z_stream *z)
{
	if (z)
		inflateEnd(z);
	free(z);
}

void deflate_conn_free(struct deflate_conn *d)
{
	if (!d)
		return;
	gw_out_done(&d->wire);
	inbuf_done(&d->packed);
	inflater_free(d->inflater);
	free(d->sent);
	free(d->heard);
	free(d);
}

void deflate_scratch_done(struct scratch *s)
{
	if (s->deflater)
		deflateEnd(s->deflater);
	free(s->deflater);
	inflater_free(s->inflater);
	s->deflater = s->inflater = NULL;
}

size_t deflate_memory(const struct deflate_conn *d)
{
	return sizeof *d + d->packed.cap + (d->sent ? DEFLATE_SENT_MAX : 0) + d->heard_n +
	       (d->inflater ? INFLATER_BYTES : 0);
}

/* ---- sending ---- */

static z_stream *deflater_get(struct scratch *io)
{
	if (!io->deflater) {
		io->deflater = gw_xalloc(sizeof *io->deflater);
		if (deflateInit2(io->deflater, efforts[DEFLATE_MATCH].level, Z_DEFLATED, MAX_WBITS_RAW, MEM_LEVEL,
				 Z_DEFAULT_STRATEGY) != Z_OK)
			gw_bug("deflateInit2");
	}
	return io->deflater;
}

/* Short replies stand between the pieces of a large message, and are text. */
static enum deflate_effort effort_for(struct deflate_conn *d, size_t plain)
{
	if (plain < JUDGE_FROM)
		return DEFLATE_MATCH;
	if (d->effort != DEFLATE_MATCH && ++d->batches >= TRY_AGAIN) {
		d->effort = DEFLATE_MATCH;
		d->batches = 0;
	}
	return (enum deflate_effort)d->effort;
}

/* Go on where the connection's last batch ended. */
static z_stream *begin_batch(struct deflate_conn *d, struct scratch *io, enum deflate_effort effort)
{
	z_stream *z = deflater_get(io);

	deflateReset(z);
	deflateParams(z, efforts[effort].level, efforts[effort].strategy);
	if (effort == DEFLATE_MATCH && d->sent_n)
		deflateSetDictionary(z, (const Bytef *)d->sent, d->sent_n);
	return z;
}

/* Let zlib take all of piece. */
static void put(struct deflate_conn *d, z_stream *z, struct gw_slice piece, int flush)
{
	size_t room = piece.n < ROOM_SMALL ? ROOM_SMALL : ROOM;

	z->next_in = (const Bytef *)piece.p;
	z->avail_in = (uInt)piece.n;
	do {
		z->next_out = (Bytef *)gw_out_reserve(&d->wire, room);
		z->avail_out = (uInt)room;
		deflate(z, flush);
		gw_out_commit(&d->wire, room - z->avail_out);
	} while (z->avail_out == 0);
}

static void remember(struct deflate_conn *d, struct gw_slice piece)
{
	size_t keep;

	if (!d->sent)
		d->sent = gw_xrealloc(NULL, 1, DEFLATE_SENT_MAX);
	if (piece.n > DEFLATE_SENT_MAX)
		piece = gw_slice(piece.p + piece.n - DEFLATE_SENT_MAX, DEFLATE_SENT_MAX);
	keep = DEFLATE_SENT_MAX - piece.n < d->sent_n ? DEFLATE_SENT_MAX - piece.n : d->sent_n;
	memmove(d->sent, d->sent + d->sent_n - keep, keep);
	memcpy(d->sent + keep, piece.p, piece.n);
	d->sent_n = (uint32_t)(keep + piece.n);
}

static void judge(struct deflate_conn *d, size_t plain, size_t packed)
{
	if (plain >= JUDGE_FROM && packed / (plain / 100) > efforts[d->effort].keep_below)
		d->effort++;
}

/* Compress until wire holds max. */
static void batch(struct deflate_conn *d, struct scratch *io, struct gw_out *out, size_t max)
{
	size_t plain = out->n, before = d->wire.n;
	z_stream *z;

	if (out->n == 0 || d->wire.n >= max)
		return;
	z = begin_batch(d, io, effort_for(d, plain));
	while (out->n && d->wire.n < max) {
		struct gw_slice piece = gw_out_front(out);

		piece.n = piece.n < PIECE ? piece.n : PIECE;
		put(d, z, piece, piece.n == out->n ? Z_SYNC_FLUSH : Z_NO_FLUSH);
		remember(d, piece);
		gw_out_drop(out, piece.n);
	}
	if (out->n)
		put(d, z, gw_slice("", 0), Z_SYNC_FLUSH);
	plain -= out->n;
	d->plain_out += plain;
	judge(d, plain, d->wire.n - before);
}

void deflate_write(struct deflate_conn *d, struct scratch *io, struct gw_out *out)
{
	batch(d, io, out, GW_OUT_LOW);
}

void deflate_write_all(struct deflate_conn *d, struct scratch *io, struct gw_out *out)
{
	batch(d, io, out, SIZE_MAX);
}

/* ---- receiving ---- */

/* A thread's decompressor continues where the client's last block ended. */
static z_stream *inflater_take(struct deflate_conn *d, struct scratch *io)
{
	z_stream *z = io->inflater;

	io->inflater = NULL;
	if (z) {
		inflateReset(z);
	} else {
		z = gw_xalloc(sizeof *z);
		if (inflateInit2(z, MAX_WBITS_RAW) != Z_OK)
			gw_bug("inflateInit2");
	}
	if (d->heard_n)
		inflateSetDictionary(z, (const Bytef *)d->heard, d->heard_n);
	if (d->bits)
		inflatePrime(z, d->bits, d->last_octet >> (8 - d->bits));
	return z;
}

/* zlib.h on inflate(): data_type has the number of unused bits of the last octet, and what is being decoded. */
static bool at_block_end(const z_stream *z)
{
	return (z->data_type & 128) && !(z->data_type & 64) && (z->data_type & 63) < 8;
}

/* Behind the last block, though inflate() has not looked yet. */
static bool at_stream_end(const z_stream *z)
{
	return (z->data_type & 128) && (z->data_type & 64);
}

/* Keep what the client's next block may refer to, and give the decompressor back. */
static void inflater_give(struct deflate_conn *d, struct scratch *io, z_stream *z)
{
	uInt n = 0;

	inflateGetDictionary(z, NULL, &n);
	if (n > d->heard_n)
		d->heard = gw_xrealloc(d->heard, 1, n);
	d->heard_n = n;
	if (n)
		inflateGetDictionary(z, (Bytef *)d->heard, &n);
	d->bits = (uint8_t)(z->data_type & 7);
	d->inflater = NULL;
	if (io->inflater)
		inflater_free(z);
	else
		io->inflater = z;
}

enum deflate_result deflate_read(struct deflate_conn *d, struct scratch *io, struct gw_slice *ret)
{
	struct gw_slice in = inbuf_slice(&d->packed);
	char *plain = scratch_get(&io->plain, SCRATCH_PLAIN);
	z_stream *z = d->inflater ? d->inflater : inflater_take(d, io);
	size_t used;
	int rc;

	z->next_in = (const Bytef *)in.p;
	z->avail_in = (uInt)in.n;
	z->next_out = (Bytef *)plain;
	z->avail_out = SCRATCH_PLAIN;
	do
		rc = inflate(z, Z_BLOCK);
	while (rc == Z_OK && z->avail_in && z->avail_out && !(at_block_end(z) && z->avail_out < SCRATCH_PLAIN));
	used = in.n - z->avail_in;
	if (used)
		d->last_octet = (uint8_t)in.p[used - 1];
	inbuf_drop(&d->packed, used);
	*ret = gw_slice(plain, SCRATCH_PLAIN - z->avail_out);
	d->full = z->avail_out == 0;
	d->ended = rc == Z_STREAM_END || at_stream_end(z);
	d->inflater = z;
	if (rc == Z_OK || rc == Z_BUF_ERROR) {
		if (at_block_end(z) && !deflate_waits(d))
			inflater_give(d, io, z);
		return DEFLATE_OK;
	}
	d->problem = z->msg ? z->msg : "not understood";
	return d->ended ? DEFLATE_OK : DEFLATE_BROKEN;
}

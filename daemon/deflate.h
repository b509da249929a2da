/* deflate.h - the bytes of a connection that is compressed (COMPRESS=DEFLATE, RFC 4978; the format is RFC 1951)
 *
 * A compressor of zlib takes 256 KB, a decompressor 40 KB; a connection that waits has neither. A raw DEFLATE stream is
 * a row of blocks without a head: behind a flush, which ends at an octet, anybody can make the next block who knows
 * octets that went before. So there is one compressor a thread, and a connection keeps the last DEFLATE_SENT_MAX octets
 * that it sent, for the next ones to refer to. The same with what comes: where a client's bytes end with a block, as
 * they do behind each flush, what it sent is kept (its blocks may refer to all of the last 32 KB, most clients say less
 * in a session), and the decompressor is free for others. A client that stops in the middle of a block keeps one.
 *
 * Few octets can become very many: deflate_read() makes no more at a time than SCRATCH_PLAIN, and is asked when the
 * session has used the last ones. The owner's thread. */
#ifndef GW_DAEMON_DEFLATE_H
#define GW_DAEMON_DEFLATE_H

#include "daemon/inbuf.h"
#include "daemon/scratch.h"
#include "util/out.h"

#define DEFLATE_SENT_MAX 2048u

struct z_stream_s;

/* What is worth trying with what is sent, judged by what was sent before. */
enum deflate_effort {
	DEFLATE_MATCH,  /* look for what was said before: text, replies */
	DEFLATE_CODE,   /* only code octets by how often they come: base64 */
	DEFLATE_STORE,  /* nothing helps: what is compressed already, sent as it is */
};

struct deflate_conn {
	struct gw_out wire;     /* compressed, not sent */
	struct inbuf packed;    /* received, not decompressed */
	uint64_t plain_out;     /* octets that were compressed */
	struct z_stream_s *inflater; /* in the middle of a block, else NULL */
	char *sent, *heard;     /* the last octets each way, for the next to refer to */
	uint32_t sent_n, heard_n;
	uint8_t bits;           /* of the last octet that was decompressed so many are not used yet */
	uint8_t last_octet;
	uint8_t effort;         /* enum deflate_effort */
	uint8_t batches;        /* since something better was tried */
	bool full;              /* deflate_read() had no room for all */
	bool ended;             /* the client's stream is at its end */
	const char *problem;    /* of DEFLATE_BROKEN */
};

enum deflate_result { DEFLATE_OK, DEFLATE_BROKEN };

/* Returns owned. */
struct deflate_conn *deflate_conn_new(void);
void deflate_conn_free(struct deflate_conn *d); /* NULL is fine */

/* Compress from the front of out to d->wire until out is empty or GW_OUT_LOW are there; all of it can be understood by
 * who gets it (Z_SYNC_FLUSH). */
void deflate_write(struct deflate_conn *d, struct scratch *io, struct gw_out *out);

/* The same, but all of it, and the last that is compressed. */
void deflate_write_all(struct deflate_conn *d, struct scratch *io, struct gw_out *out);

/* Is there something to decompress, or the end to be noticed? */
static inline bool deflate_waits(const struct deflate_conn *d)
{
	return inbuf_size(&d->packed) || d->full || d->ended;
}

/* Decompress from the front of d->packed: *ret (in io->plain) has no more than the rest of one block, so that what is
 * behind it is untouched if the client's compression ends there. May be empty. DEFLATE_BROKEN: no DEFLATE data. */
enum deflate_result deflate_read(struct deflate_conn *d, struct scratch *io, struct gw_slice *ret);

/* Bytes it holds, but those of wire. */
size_t deflate_memory(const struct deflate_conn *d);

/* Free what a thread has for all of its connections. */
void deflate_scratch_done(struct scratch *s);

#endif

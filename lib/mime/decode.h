/* decode.h - undo content transfer encodings (RFC 2045 section 6), in pieces, never failing
 *
 * Broken input gives what can be had of it: bytes that are not of the alphabet are skipped in base64, a "=" that begins no
 * escape stands for itself in quoted-printable, and of a line of uuencode only the first 80 octets count (63 carry the
 * most there can be). Thread: owner. */
#ifndef GW_MIME_DECODE_H
#define GW_MIME_DECODE_H

#include "mime/parts.h"
#include "util/buf.h"

struct gw_decoder {
	enum gw_encoding encoding;
	uint32_t bits;      /* base64: collected bits */
	unsigned n_bits;
	unsigned n_held;    /* quoted-printable, uuencode: bytes held back at the end of a piece */
	char held[80];
	bool done;          /* uuencode: "end" was seen; base64: "=" was */
	bool begun;         /* uuencode: "begin" was seen */
	bool skipping;      /* uuencode: the rest of a line that is too long */
};

void gw_decoder_init(struct gw_decoder *d, enum gw_encoding encoding);

/* Decode a piece, appending to out (which needs room for in.n + 96 octets). last: no more comes. */
void gw_decoder_feed(struct gw_decoder *d, struct gw_slice in, bool last, struct gw_buf *out);

/* The encoding that the first word of a Content-Transfer-Encoding field body names, comments aside; GW_ENC_UNKNOWN for
 * others, GW_ENC_7BIT when there is none. */
enum gw_encoding gw_encoding_parse(struct gw_slice body);

#endif

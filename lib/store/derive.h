/* derive.h - everything about a message that is worked out once, when it arrives
 *
 * A deriver is fed the message's bytes in order, in pieces of any size, with bounded memory, and at
 * the end gives what FETCH, SEARCH, SORT and THREAD will ask for, in the form in which it is sent
 * or compared. It never fails, whatever the bytes are. Thread: owner. */
#ifndef GW_STORE_DERIVE_H
#define GW_STORE_DERIVE_H

#include "util/arena.h"
#include "util/slice.h"

struct gw_derived {
	uint64_t size;               /* octets of the message */
	uint64_t header_size;        /* octets up to and including the empty line after the header */
	struct gw_slice envelope;    /* "(...)": ENVELOPE value (RFC 3501 7.4.2), ready to send */
	struct gw_slice bodystructure; /* "(...)": BODYSTRUCTURE value with extension data */
	struct gw_slice parts;       /* the part tree with octet offsets, packed (mime/parts.h) */
	struct gw_slice headers;     /* the often-asked header fields, verbatim, in their order */
	bool headers_whole;          /* headers is the whole header block without the empty line */

	/* Decoded to UTF-8 (RFC 2047, raw 8-bit guessed), white space unfolded, case-folded as
	 * i;unicode-casemap (RFC 5051) does: SEARCH compares bytes. Multiple fields of one name are
	 * joined by LF. */
	struct gw_slice key_from, key_to, key_cc, key_bcc, key_subject;

	/* SORT and THREAD (RFC 5256) */
	int64_t sent;                /* Date: field, seconds since 1970 UTC; INT64_MIN: none or bad */
	int64_t sent_day;            /* the same as calendar day in the sender's zone, 00:00 as if UTC;
				      * INT64_MIN: none (SENTSINCE and friends ignore time and zone) */
	struct gw_slice base_subject; /* RFC 5256 2.1, case-folded */
	struct gw_slice addresses;   /* keys of From, To and Cc, packed (store/sortkeys.h); n 0: not worked out yet */
	bool is_reply;               /* RFC 5256 2.1: the subject was a reply or forward */
	struct gw_slice message_id;  /* normalised, without angle brackets; empty: none */
	struct gw_slice references;  /* ids of References (or In-Reply-To), LF between them */

	struct gw_slice preview;     /* at most 200 characters of text (RFC 8970), UTF-8 */
};

struct gw_deriver;

/* Returns owned; free with gw_deriver_free(). */
struct gw_deriver *gw_deriver_new(void);
void gw_deriver_free(struct gw_deriver *d);

/* The next bytes of the message. */
void gw_deriver_feed(struct gw_deriver *d, struct gw_slice bytes);

/* No more bytes come: fill *ret, its slices living in arena. Call once. */
void gw_deriver_finish(struct gw_deriver *d, struct gw_arena *arena, struct gw_derived *ret);

/* Reads the raw message: up to n bytes from off into dst; returns the count, 0 at the end, negative
 * enum gw_code on error. */
typedef long (*gw_read_fn)(void *ctx, uint64_t off, void *dst, size_t n);

/* Walks the searchable text of a message: header fields decoded and body text parts with transfer
 * encoding and charset undone, case-folded like the keys above, handed to sink in pieces of at
 * most 64 KiB that end on a character border. Consecutive parts and fields are separated by LF. Line
 * breaks inside text become single blanks, so that a phrase is found over a line's end. sink returns false to stop. parts is
 * gw_derived.parts. Bounded memory and work. Returns 0, or the negative code of read. */
#define GW_TEXT_FIELD_MAX (256u * 1024) /* octets of a header that are looked at together; longer fields are cut there */
enum gw_text_scope { GW_TEXT_HEADER = 1, GW_TEXT_BODY = 2 };
int gw_text_extract(struct gw_slice parts, unsigned scope, gw_read_fn read, void *read_ctx,
		    bool (*sink)(void *ctx, struct gw_slice text, enum gw_text_scope part), void *sink_ctx);

/* Fold a search string as the keys above are folded. in is in UTF-8 (invalid bytes stand for
 * themselves). The result lives in arena. */
struct gw_slice gw_text_fold(struct gw_arena *arena, struct gw_slice in);

#endif

/* fetch_binary.c - BINARY[...] and BINARY.SIZE[...] of FETCH (RFC 3516): parts with their transfer encoding undone
 *
 * The size goes in front of the octets, so a part is decoded twice: to count, and to send. Nothing is kept in between.
 * Lines of text end with CRLF, whatever was encoded (RFC 3516 6, RFC 9051 7.5.2). Text is what people read: text/plain and text/html.
 * Of the other subtypes, which mostly are files that were attached, each octet counts. */
#include "imap/fetch.h"

#include "imap/put.h"
#include "util/num.h"

#define PIECE (16u * 1024) /* encoded octets at once */

struct part_range {
	uint64_t off, size;
	enum gw_encoding encoding; /* GW_ENC_BINARY: the octets as they are */
	bool text;
};

/* BINARY[] is BODY[]; a multipart or a message inside is not decoded. False: there is no such part. */
static bool find_part(const struct fetch_run *r, const struct imap_fetch_item *item, struct part_range *ret)
{
	struct gw_part part = { .encoding = GW_ENC_BINARY };

	if (!fetch_section_range(&r->m, &item->section, &ret->off, &ret->size, &part))
		return false;
	ret->encoding = part.encoding;
	if (part.kind == GW_PART_MULTIPART || part.kind == GW_PART_MESSAGE || part.encoding == GW_ENC_7BIT ||
	    part.encoding == GW_ENC_8BIT)
		ret->encoding = GW_ENC_BINARY;
	ret->text = part.kind == GW_PART_TEXT_PLAIN || part.kind == GW_PART_TEXT_HTML;
	return true;
}

static void begin(struct fetch_run *r, const struct part_range *part)
{
	gw_decoder_init(&r->decoder, part->encoding);
	r->text = part->text;
	r->after_cr = false;
}

/* How many LF without CR are in b? after_cr: the octet in front of it was CR. */
static size_t bare_line_ends(struct gw_slice b, bool after_cr)
{
	size_t n = 0;

	for (const char *p = b.p, *end = b.p + b.n, *lf; p < end && (lf = memchr(p, '\n', (size_t)(end - p))); p = lf + 1)
		n += lf > b.p ? lf[-1] != '\r' : !after_cr;
	return n;
}

/* Put CR before each LF of r->decoded that has none. */
static void complete_line_ends(struct fetch_run *r)
{
	struct gw_buf *b = &r->decoded;
	size_t n = b->n, missing = bare_line_ends(gw_buf_slice(b), r->after_cr);
	bool after_cr = r->after_cr;

	if (n)
		r->after_cr = b->p[n - 1] == '\r';
	if (!missing || !gw_buf_room(b, missing))
		return;
	b->n += missing;
	for (size_t to = b->n; missing; n--) {
		b->p[--to] = b->p[n - 1];
		if (b->p[n - 1] == '\n' && (n > 1 ? b->p[n - 2] != '\r' : !after_cr)) {
			b->p[--to] = '\r';
			missing--;
		}
	}
}

/* Decode the next piece of *off, *left into r->decoded. */
static int decode_piece(struct fetch_run *r, uint64_t *off, uint64_t *left, struct gw_err *err)
{
	char raw[PIECE];
	size_t n = *left < PIECE ? (size_t)*left : PIECE;
	long got = gw_fetch_read(r->cursor, *off, raw, n, err);

	if (got == 0)
		got = gw_fail(err, GW_ECORRUPT, "a message is shorter than its size says");
	if (got < 0)
		return (int)got;
	*off += (uint64_t)got;
	*left -= (uint64_t)got;
	r->decoded.n = 0;
	if (r->decoder.encoding == GW_ENC_BINARY)
		gw_buf_add(&r->decoded, raw, (size_t)got);
	else
		gw_decoder_feed(&r->decoder, gw_slice(raw, (size_t)got), *left == 0, &r->decoded);
	if (r->text)
		complete_line_ends(r);
	return 0;
}

/* Octets of the decoded part, and whether NUL is among them. */
static int count(struct fetch_run *r, const struct part_range *part, uint64_t *ret_size, bool *ret_nul,
		 struct gw_err *err)
{
	uint64_t off = part->off, left = part->size, size = 0;

	*ret_nul = false;
	begin(r, part);
	while (left) {
		int rc = decode_piece(r, &off, &left, err);

		if (rc < 0)
			return rc;
		size += r->decoded.n;
		*ret_nul = *ret_nul || (r->decoded.n && memchr(r->decoded.p, '\0', r->decoded.n));
	}
	*ret_size = size;
	return 0;
}

static void put_label(const struct imap_fetch_item *item, struct gw_out *out)
{
	gw_out_slice(out, item->label);
	gw_out_char(out, ' ');
}

/* A part that cannot be decoded: the row is completed without it, and the reply is NO (RFC 3516 4.3). */
static bool refuse(struct fetch_run *r, const struct part_range *part, const char *instead, struct gw_out *out)
{
	if (part->encoding != GW_ENC_UNKNOWN)
		return false;
	gw_out_str(out, instead);
	r->unknown_encoding = true;
	return true;
}

int fetch_binary(struct fetch_run *r, const struct imap_fetch_item *item, struct gw_out *out, struct gw_err *err)
{
	struct part_range part;
	uint64_t size;
	bool nul;
	int rc;

	put_label(item, out);
	if (!find_part(r, item, &part)) {
		gw_out_lit(out, "NIL");
		return 0;
	}
	if (refuse(r, &part, "NIL", out))
		return 0;
	rc = count(r, &part, &size, &nul, err);
	if (rc < 0)
		return rc;
	r->skip = item->partial && item->offset < size ? item->offset : item->partial ? size : 0;
	r->count = size - r->skip;
	if (item->partial && r->count > item->count)
		r->count = item->count;
	if (!r->count) {
		gw_out_lit(out, "\"\"");
		return 0;
	}
	imap_put_literal_head(out, r->count, nul);
	begin(r, &part);
	r->off = part.off;
	r->left = part.size;
	r->in_literal = r->binary = true;
	return 0;
}

int fetch_binary_literal(struct fetch_run *r, struct gw_out *out, struct gw_err *err)
{
	while (r->count && !gw_out_full(out)) {
		size_t pass, take;
		int rc = r->left ? decode_piece(r, &r->off, &r->left, err) : gw_fail(err, GW_EBUG, "decoded twice");

		if (rc < 0)
			return rc;
		pass = r->skip < r->decoded.n ? (size_t)r->skip : r->decoded.n;
		take = r->count < r->decoded.n - pass ? (size_t)r->count : r->decoded.n - pass;
		if (take)
			gw_out_add(out, r->decoded.p + pass, take);
		r->skip -= pass;
		r->count -= take;
	}
	r->in_literal = r->count > 0;
	return 0;
}

int fetch_binary_size(struct fetch_run *r, const struct imap_fetch_item *item, struct gw_out *out, struct gw_err *err)
{
	struct part_range part;
	uint64_t size = 0;
	bool nul;
	int rc = 0;

	put_label(item, out);
	if (find_part(r, item, &part)) {
		if (refuse(r, &part, "0", out))
			return 0;
		rc = count(r, &part, &size, &nul, err);
	}
	if (rc == 0)
		gw_out_u64(out, size);
	return rc;
}

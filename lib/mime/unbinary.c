/* unbinary.c - parts of encoding binary become base64 (see unbinary.h)
 *
 * The tree cuts the message into stretches, each of which belongs to the header or to the body of one part: what a multipart
 * has between its parts, boundaries and the line ends in front of them, is of its own body. They are walked twice. First it is
 * looked which bodies have NUL, then each is written as its part has to be. */
#include "mime/unbinary.h"

#include "mime/header.h"
#include "mime/scan.h"
#include "util/base64.h"
#include "util/err.h"
#include "util/mem.h"

#include <stdlib.h>

#define LINE 76u
#define LINE_OCTETS (LINE / 4 * 3)
#define PIECE (LINE_OCTETS * 1024)             /* octets read at once: whole lines of base64 */
#define PIECE_ENCODED ((size_t)(LINE + 2) * 1024)

enum {
	HAS_NUL = 1,      /* of a leaf: it is encoded; of others: so is a part in it */
	HEAD_8BIT = 2,    /* its header has octets over 127 */
	BODY_8BIT = 4,    /* its body has, or that of a part in it which is not encoded */
	STAYS_BINARY = 8, /* it says binary and is not encoded, or has such a part */
};

struct run {
	const struct gw_unbinary *u;
	struct gw_arena arena;
	struct gw_parts parts;
	unsigned char *facts; /* for each part */
	char *raw, *encoded;
	/* the walk */
	uint64_t off;
	size_t at, next; /* parts: the one that off is in, the one that comes */
};

struct stretch {
	size_t part;
	uint64_t off, size;
	bool header;
};

/* ---- walking ---- */

static void rewind_walk(struct run *r)
{
	r->off = r->at = 0;
	r->next = 1;
}

static bool next_stretch(struct run *r, struct stretch *ret)
{
	for (;;) {
		const struct gw_part *p = &r->parts.v[r->at];
		bool header = r->off < p->body;
		uint64_t to = header ? p->body : p->end;

		if (!header && r->next < r->parts.n && r->parts.v[r->next].header <= r->off) {
			r->at = r->next++;
		} else if (r->off < to) {
			if (!header && r->next < r->parts.n && r->parts.v[r->next].header < to)
				to = r->parts.v[r->next].header;
			*ret = (struct stretch){ r->at, r->off, to - r->off, header };
			r->off = to;
			return true;
		} else if (r->at == 0) {
			return false;
		} else {
			r->at = p->parent;
		}
	}
}

/* Exactly n octets from off into dst. */
static int read_all(const struct run *r, uint64_t off, char *dst, size_t n, struct gw_err *err)
{
	while (n) {
		long got = r->u->read(r->u->read_ctx, off, dst, n);

		if (got < 0)
			return gw_fail(err, (enum gw_code)got, "a message cannot be read");
		if (got == 0)
			return gw_fail(err, GW_ECORRUPT, "a message is shorter than its parts are");
		dst += got;
		off += (uint64_t)got;
		n -= (size_t)got;
	}
	return 0;
}

/* The next piece of a stretch, into r->raw. */
static int read_piece(const struct run *r, struct stretch *s, struct gw_slice *ret, struct gw_err *err)
{
	size_t n = s->size < PIECE ? (size_t)s->size : PIECE;

	s->off += n;
	s->size -= n;
	*ret = gw_slice(r->raw, n);
	return read_all(r, s->off - n, r->raw, n, err);
}

/* ---- looking ---- */

static bool is_composite(const struct gw_part *p)
{
	return p->kind == GW_PART_MULTIPART || p->kind == GW_PART_MESSAGE;
}

/* A part at the limits of the tree may have others in it that nobody looked at. */
static bool at_limits(const struct gw_parts *ps, size_t i)
{
	size_t depth = 1;

	for (size_t k = i; k; k = ps->v[k].parent)
		depth++;
	return depth > GW_PARTS_DEPTH || i + 1 >= GW_PARTS_MAX;
}

static bool can_encode(const struct gw_parts *ps, size_t i)
{
	return ps->v[i].encoding == GW_ENC_BINARY && !is_composite(&ps->v[i]) && !at_limits(ps, i);
}

static bool has_8bit(struct gw_slice s)
{
	unsigned char all = 0;

	for (size_t i = 0; i < s.n; i++)
		all |= (unsigned char)s.p[i];
	return all > 127;
}

static int look_at(struct run *r, struct stretch *s, struct gw_err *err)
{
	bool may_have_nul = !s->header && can_encode(&r->parts, s->part);
	unsigned char *facts = &r->facts[s->part];
	struct gw_slice piece;

	while (s->size) {
		int rc = read_piece(r, s, &piece, err);

		if (rc < 0)
			return rc;
		if (has_8bit(piece))
			*facts |= s->header ? HEAD_8BIT : BODY_8BIT;
		if (!memchr(piece.p, '\0', piece.n))
			continue;
		if (!may_have_nul)
			return gw_fail(err, GW_EINVAL, "NUL stands outside of parts whose encoding is binary");
		*facts |= HAS_NUL;
	}
	return 0;
}

/* What a part has, that which it is in has, too. */
static void look_up(struct run *r)
{
	for (size_t i = r->parts.n; i-- > 0;) {
		const struct gw_part *p = &r->parts.v[i];
		unsigned char *facts = &r->facts[i];

		if (!is_composite(p) && *facts & HAS_NUL)
			*facts &= (unsigned char)~BODY_8BIT;
		else if (!is_composite(p) && p->encoding == GW_ENC_BINARY)
			*facts |= STAYS_BINARY;
		if (i == 0)
			return;
		r->facts[p->parent] |= *facts & (HAS_NUL | BODY_8BIT | STAYS_BINARY);
		if (*facts & HEAD_8BIT)
			r->facts[p->parent] |= BODY_8BIT;
	}
}

static int look(struct run *r, struct gw_err *err)
{
	struct stretch s;
	int rc = 0;

	rewind_walk(r);
	while (rc == 0 && next_stretch(r, &s))
		rc = look_at(r, &s, err);
	if (rc == 0)
		look_up(r);
	return rc;
}

/* ---- writing ---- */

static int put(const struct run *r, struct gw_slice octets, struct gw_err *err)
{
	return octets.n ? r->u->write(r->u->write_ctx, octets, err) : 0;
}

/* The encoding that a part has afterwards; NULL: its own. */
static const char *encoding_of(const struct run *r, size_t i)
{
	unsigned facts = r->facts[i];

	if (!(facts & HAS_NUL))
		return NULL;
	if (!is_composite(&r->parts.v[i]))
		return "base64";
	if (r->parts.v[i].encoding != GW_ENC_BINARY || facts & STAYS_BINARY)
		return NULL;
	return facts & BODY_8BIT ? "8bit" : "7bit";
}

/* A field with the lines that continue it, cut off what header.h takes for it. */
static struct gw_slice field_proper(struct gw_slice *whole)
{
	struct gw_slice rest = *whole;
	size_t n = 0;

	do {
		size_t line = gw_slice_find(rest, '\n');

		line = line < rest.n ? line + 1 : line;
		gw_slice_take(&rest, line);
		n += line;
	} while (rest.n && (rest.p[0] == ' ' || rest.p[0] == '\t'));
	return gw_slice_take(whole, n);
}

static struct gw_slice line_end(struct gw_slice line)
{
	if (line.n >= 2 && line.p[line.n - 2] == '\r' && line.p[line.n - 1] == '\n')
		return GW_S("\r\n");
	return line.n && line.p[line.n - 1] == '\n' ? GW_S("\n") : GW_S("");
}

static int put_encoding(const struct run *r, const char *encoding, struct gw_slice end, struct gw_err *err)
{
	int rc = put(r, GW_S("Content-Transfer-Encoding: "), err);

	if (rc == 0)
		rc = put(r, gw_slice_str(encoding), err);
	return rc == 0 ? put(r, end, err) : rc;
}

/* The first Content-Transfer-Encoding is the one that counts (fields.c); it is replaced, and others would contradict it. They go,
 * but for one with lines behind it that would be taken for part of the field before. */
static int put_fields(const struct run *r, struct gw_slice block, const char *encoding, struct gw_err *err)
{
	bool first = true;
	struct gw_field f;
	int rc = 0;

	while (rc == 0 && gw_field_next(&block, &f)) {
		if (gw_slice_eqi(f.name, GW_S("Content-Transfer-Encoding"))) {
			struct gw_slice old = field_proper(&f.whole);

			if (first || f.whole.n)
				rc = put_encoding(r, encoding, line_end(old), err);
			first = false;
		}
		if (rc == 0)
			rc = put(r, f.whole, err);
	}
	return rc < 0 ? rc : put(r, block, err);
}

static int put_as_it_is(const struct run *r, struct stretch *s, struct gw_err *err)
{
	struct gw_slice piece;
	int rc = 0;

	while (rc == 0 && s->size) {
		rc = read_piece(r, s, &piece, err);
		if (rc == 0)
			rc = put(r, piece, err);
	}
	return rc;
}

/* As much of the header as the tree was made of is looked at. */
static int put_header(const struct run *r, struct stretch *s, const char *encoding, struct gw_err *err)
{
	size_t n = s->size < GW_SCAN_HEADER_MAX ? (size_t)s->size : GW_SCAN_HEADER_MAX;
	char *block = gw_xalloc(n);
	int rc = read_all(r, s->off, block, n, err);

	if (rc == 0)
		rc = put_fields(r, gw_slice(block, n), encoding, err);
	free(block);
	s->off += n;
	s->size -= n;
	return rc < 0 ? rc : put_as_it_is(r, s, err);
}

/* A piece in whole lines; last: nothing of the part follows, and no line end. */
static struct gw_slice encode(const struct run *r, struct gw_slice piece, bool last)
{
	char *to = r->encoded;

	while (piece.n) {
		to = gw_base64_put(to, gw_slice_take(&piece, piece.n < LINE_OCTETS ? piece.n : LINE_OCTETS));
		if (piece.n || !last) {
			*to++ = '\r';
			*to++ = '\n';
		}
	}
	return gw_slice(r->encoded, (size_t)(to - r->encoded));
}

/* Behind the last line stands the line end of the boundary, or the message ends with one. */
static int put_encoded(const struct run *r, struct stretch *s, struct gw_err *err)
{
	struct gw_slice piece;
	int rc = 0;

	while (rc == 0 && s->size) {
		rc = read_piece(r, s, &piece, err);
		if (rc == 0)
			rc = put(r, encode(r, piece, s->size == 0), err);
	}
	if (rc == 0 && s->off == r->parts.v[0].end)
		rc = put(r, GW_S("\r\n"), err);
	return rc;
}

static int put_stretch(const struct run *r, struct stretch *s, struct gw_err *err)
{
	const char *encoding = encoding_of(r, s->part);

	if (encoding && s->header)
		return put_header(r, s, encoding, err);
	if (encoding && !is_composite(&r->parts.v[s->part]))
		return put_encoded(r, s, err);
	return put_as_it_is(r, s, err);
}

static int put_all(struct run *r, struct gw_err *err)
{
	struct stretch s;
	int rc = 0;

	rewind_walk(r);
	while (rc == 0 && next_stretch(r, &s))
		rc = put_stretch(r, &s, err);
	return rc;
}

/* ---- all ---- */

int gw_unbinary(const struct gw_unbinary *u, struct gw_slice packed, struct gw_err *err)
{
	struct run r = { .u = u };
	int rc;

	gw_arena_init(&r.arena, 0, 0);
	if (gw_parts_unpack(packed, &r.arena, &r.parts)) {
		r.facts = gw_arena_calloc(&r.arena, r.parts.n, 1);
		r.raw = gw_xalloc(PIECE);
		r.encoded = gw_xalloc(PIECE_ENCODED);
		rc = look(&r, err);
		if (rc == 0)
			rc = put_all(&r, err);
		free(r.encoded);
		free(r.raw);
	} else {
		rc = gw_fail(err, GW_ECORRUPT, "the parts of a message cannot be told");
	}
	gw_arena_done(&r.arena);
	return rc;
}

/* Octets of n in lines of base64; open: the message ends behind them. */
static uint64_t encoded_size(uint64_t n, bool open)
{
	uint64_t chars = (n + 2) / 3 * 4;

	return chars + (chars + LINE - 1) / LINE * 2 - (open ? 0 : 2);
}

static bool part_fits(const struct gw_parts *before, const struct gw_parts *now, size_t i)
{
	const struct gw_part *a = &before->v[i], *b = &now->v[i];
	uint64_t was = a->end - a->body, is = b->end - b->body;

	if (a->kind != b->kind || a->parent != b->parent)
		return false;
	if (is_composite(a))
		return b->encoding == a->encoding || a->encoding == GW_ENC_BINARY;
	if (b->encoding == a->encoding)
		return is == was;
	return a->encoding == GW_ENC_BINARY && b->encoding == GW_ENC_BASE64 &&
	       is == encoded_size(was, a->end == before->v[0].end);
}

bool gw_unbinary_fits(struct gw_slice before, struct gw_slice now)
{
	struct gw_parts a, b;
	struct gw_arena arena;
	bool ok;

	gw_arena_init(&arena, 0, 0);
	ok = gw_parts_unpack(before, &arena, &a) && gw_parts_unpack(now, &arena, &b) && a.n == b.n;
	for (size_t i = 0; ok && i < a.n; i++)
		ok = part_fits(&a, &b, i);
	gw_arena_done(&arena);
	return ok;
}

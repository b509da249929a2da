/* unbinarytest.h - is a message without NUL still the message it was? For the unit test and the fuzzer of mime/unbinary.h */
#ifndef GW_TESTS_UNBINARYTEST_H
#define GW_TESTS_UNBINARYTEST_H

#include "mime/decode.h"
#include "mime/header.h"
#include "mime/scan.h"
#include "mime/unbinary.h"
#include "util/err.h"

#include <stdlib.h>

/* A message and its tree. */
struct seen {
	struct gw_slice message, packed;
	struct gw_parts parts;
};

static inline struct seen see(struct gw_slice message, struct gw_arena *arena)
{
	struct gw_scan *s = gw_scan_new(arena);
	struct seen ret = { .message = message };
	const struct gw_scan_node *node;
	struct gw_part *v;
	size_t n;

	gw_scan_feed(s, message);
	gw_scan_finish(s);
	node = gw_scan_nodes(s, &n);
	v = gw_arena_calloc(arena, n, sizeof *v);
	for (size_t i = 0; i < n; i++)
		v[i] = node[i].part;
	ret.packed = gw_parts_pack(v, n, arena);
	gw_scan_free(s);
	if (!gw_parts_unpack(ret.packed, arena, &ret.parts))
		gw_bug("a tree cannot be unpacked");
	return ret;
}

static inline long read_seen(void *ctx, uint64_t off, void *dst, size_t n)
{
	const struct seen *x = ctx;

	if (off >= x->message.n)
		return 0;
	n = n < x->message.n - off ? n : x->message.n - (size_t)off;
	n = n > 3000 ? n - off % 1000 : n; /* less than was asked for is fine */
	memcpy(dst, x->message.p + off, n);
	return (long)n;
}

static inline int write_seen(void *ctx, struct gw_slice octets, struct gw_err *err)
{
	return gw_buf_add_slice(ctx, octets) ? 0 : gw_fail(err, GW_ENOSPC, "full");
}

/* What x becomes, into out. */
static inline int unbinary(struct seen *x, struct gw_buf *out, struct gw_err *err)
{
	const struct gw_unbinary u = { read_seen, x, write_seen, out };

	return gw_unbinary(&u, x->packed, err);
}

static inline struct gw_slice octets_of(const struct seen *x, uint64_t from, uint64_t to)
{
	return gw_slice(x->message.p + from, (size_t)(to - from));
}

static inline struct gw_slice body_of(const struct seen *x, size_t i)
{
	return octets_of(x, x->parts.v[i].body, x->parts.v[i].end);
}

/* The octets of a multipart or message that none of its parts has. */
static inline void own_octets(const struct seen *x, size_t i, struct gw_buf *out)
{
	uint64_t at = x->parts.v[i].body, end = x->parts.v[i].end;

	out->n = 0;
	for (size_t k = i + 1; k < x->parts.n; k++) {
		const struct gw_part *p = &x->parts.v[k];

		if (p->parent != i)
			continue;
		if (p->header > at)
			gw_buf_add_slice(out, octets_of(x, at, p->header));
		at = p->end > at ? p->end : at;
	}
	if (end > at)
		gw_buf_add_slice(out, octets_of(x, at, end));
}

static inline void flatten(struct gw_out *rope, struct gw_buf *out)
{
	out->n = 0;
	while (rope->n) {
		struct gw_slice front = gw_out_front(rope);

		gw_buf_add_slice(out, front);
		gw_out_drop(rope, front.n);
	}
}

/* The header of a part without its transfer encoding. */
static inline void other_fields(const struct seen *x, size_t i, struct gw_buf *out)
{
	static const struct gw_slice name[] = { GW_S("Content-Transfer-Encoding") };
	struct gw_slice header = octets_of(x, x->parts.v[i].header, x->parts.v[i].body);
	struct gw_out rope;

	header.n = header.n < GW_SCAN_HEADER_MAX - 100 ? header.n : GW_SCAN_HEADER_MAX - 100;
	gw_out_init(&rope);
	gw_header_filter(header, name, 1, true, &rope);
	flatten(&rope, out);
	gw_out_done(&rope);
}

static inline const char *compare_part(const struct seen *a, const struct seen *b, size_t i, struct gw_buf *x, struct gw_buf *y)
{
	const struct gw_part *p = &a->parts.v[i], *q = &b->parts.v[i];
	bool composite = p->kind == GW_PART_MULTIPART || p->kind == GW_PART_MESSAGE;
	bool changed = p->encoding != q->encoding;
	struct gw_decoder d;

	if (p->kind != q->kind || p->parent != q->parent)
		return "the tree is another one";
	other_fields(a, i, x);
	other_fields(b, i, y);
	if (!gw_slice_eq(gw_buf_slice(x), gw_buf_slice(y)))
		return "other fields of a header were changed";
	if (changed && p->encoding != GW_ENC_BINARY)
		return "another encoding was changed";
	if (!changed && !gw_slice_eq(octets_of(a, p->header, p->body), octets_of(b, q->header, q->body)))
		return "the header of a part that keeps its encoding was changed";
	if (composite) {
		own_octets(a, i, x);
		own_octets(b, i, y);
		return gw_slice_eq(gw_buf_slice(x), gw_buf_slice(y)) ? NULL : "what stands between parts was changed";
	}
	if (!changed)
		return gw_slice_eq(body_of(a, i), body_of(b, i)) ? NULL : "a part that keeps its encoding was changed";
	if (q->encoding != GW_ENC_BASE64)
		return "a part became something else than base64";
	if (!body_of(a, i).n || !memchr(body_of(a, i).p, '\0', body_of(a, i).n))
		return "a part without NUL was encoded";
	y->n = 0;
	gw_decoder_init(&d, GW_ENC_BASE64);
	gw_decoder_feed(&d, body_of(b, i), true, y);
	return gw_slice_eq(body_of(a, i), gw_buf_slice(y)) ? NULL : "a part is not what it was";
}

/* NULL, or what is wrong with b that a became. */
static inline const char *compare_seen(const struct seen *a, const struct seen *b)
{
	const char *wrong = NULL;
	struct gw_buf x, y;

	if (b->message.n && memchr(b->message.p, '\0', b->message.n))
		return "there is NUL still";
	if (a->parts.n != b->parts.n)
		return "there are more parts, or less";
	gw_buf_init(&x, 0);
	gw_buf_init(&y, 0);
	for (size_t i = 0; i < a->parts.n && !wrong; i++)
		wrong = compare_part(a, b, i, &x, &y);
	gw_buf_done(&x);
	gw_buf_done(&y);
	return wrong;
}

#endif

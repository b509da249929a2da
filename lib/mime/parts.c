/* parts.c - the packed part tree (see parts.h)
 *
 * Version, number of parts, then for each part: kind and encoding in one byte, distance to its parent, header (from the
 * parent's body), body (from header), end (from body), lines, charset. Numbers are little-endian base 128. */
#include "mime/parts.h"

#include "util/buf.h"

#define VERSION 1
#define CHARSET_MAX 100
#define NONE UINT32_MAX

/* ---- packing ---- */

static void put(struct gw_buf *b, uint64_t v)
{
	while (v >= 128) {
		gw_buf_add_char(b, (char)(v | 128));
		v >>= 7;
	}
	gw_buf_add_char(b, (char)v);
}

static void put_part(struct gw_buf *b, const struct gw_part *v, size_t i)
{
	const struct gw_part *p = &v[i];
	uint64_t base = i ? v[p->parent].header : 0;
	size_t n = p->charset.n < CHARSET_MAX ? p->charset.n : CHARSET_MAX;

	gw_buf_add_char(b, (char)((unsigned)p->kind | (unsigned)p->encoding << 4));
	if (i)
		put(b, i - p->parent);
	put(b, p->header - base);
	put(b, p->body - p->header);
	put(b, p->end - p->body);
	put(b, p->lines);
	put(b, n);
	gw_buf_add(b, n ? p->charset.p : "", n);
}

struct gw_slice gw_parts_pack(const struct gw_part *v, size_t n, struct gw_arena *arena)
{
	struct gw_slice ret;
	struct gw_buf b;

	gw_buf_init(&b, 0);
	gw_buf_add_char(&b, VERSION);
	put(&b, n);
	for (size_t i = 0; i < n; i++)
		put_part(&b, v, i);
	ret = gw_arena_dup(arena, gw_buf_slice(&b));
	gw_buf_done(&b);
	return ret;
}

/* ---- unpacking ---- */

static bool get(struct gw_slice *in, uint64_t *ret)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 63 && in->n; shift += 7) {
		unsigned char c = (unsigned char)*gw_slice_take(in, 1).p;

		v |= (uint64_t)(c & 127) << shift;
		if (c < 128) {
			*ret = v;
			return true;
		}
	}
	return false;
}

/* a + b, if it is no offset that a message can have. */
static bool add(uint64_t a, uint64_t b, uint64_t *ret)
{
	return !__builtin_add_overflow(a, b, ret) && *ret <= INT64_MAX;
}

static bool get_part(struct gw_slice *in, const struct gw_part *v, size_t i, struct gw_part *ret)
{
	uint64_t up = 0, header, body, size, lines, n;
	unsigned char what;

	if (in->n == 0)
		return false;
	what = (unsigned char)*gw_slice_take(in, 1).p;
	if ((what & 15) > GW_PART_TEXT_OTHER || what >> 4 > GW_ENC_UNKNOWN)
		return false;
	if (i && (!get(in, &up) || up == 0 || up > i))
		return false;
	if (!get(in, &header) || !get(in, &body) || !get(in, &size) || !get(in, &lines) || !get(in, &n))
		return false;
	if (lines > UINT32_MAX || n > CHARSET_MAX || n > in->n)
		return false;
	ret->kind = (enum gw_part_kind)(what & 15);
	ret->encoding = (enum gw_encoding)(what >> 4);
	ret->parent = i ? (uint32_t)(i - up) : NONE;
	ret->lines = (uint32_t)lines;
	ret->charset = gw_slice_take(in, (size_t)n);
	if (i && v[ret->parent].kind != GW_PART_MULTIPART && v[ret->parent].kind != GW_PART_MESSAGE)
		return false;
	return add(i ? v[ret->parent].header : 0, header, &ret->header) && add(ret->header, body, &ret->body) &&
	       add(ret->body, size, &ret->end);
}

bool gw_parts_unpack(struct gw_slice packed, struct gw_arena *arena, struct gw_parts *ret)
{
	struct gw_slice in = packed;
	struct gw_part *v;
	uint64_t n;

	if (in.n == 0 || *gw_slice_take(&in, 1).p != VERSION || !get(&in, &n) || n == 0 || n > GW_PARTS_MAX)
		return false;
	if (n > in.n / 6)
		return false;
	v = gw_arena_calloc(arena, (size_t)n, sizeof *v);
	for (size_t i = 0; i < n; i++)
		if (!get_part(&in, v, i, &v[i]))
			return false;
	ret->v = v;
	ret->n = (size_t)n;
	return true;
}

/* ---- sections ---- */

/* Child number k (from 1) of part i, or NONE. */
static uint32_t child(const struct gw_parts *ps, uint32_t i, uint32_t k)
{
	for (size_t j = i + 1; j < ps->n; j++)
		if (ps->v[j].parent == i && --k == 0)
			return (uint32_t)j;
	return NONE;
}

/* The part that a path names. A message's part 1 is its first child if it is a multipart, else itself. */
static uint32_t find_part(const struct gw_parts *ps, const uint32_t *path, size_t n)
{
	uint32_t at = NONE, inside = 0; /* inside: what the next number counts the children of */

	for (size_t i = 0; i < n; i++) {
		if (inside == NONE || path[i] == 0)
			return NONE;
		if (ps->v[inside].kind == GW_PART_MULTIPART)
			at = child(ps, inside, path[i]);
		else
			at = path[i] == 1 ? inside : NONE;
		if (at == NONE)
			return NONE;
		if (ps->v[at].kind == GW_PART_MULTIPART)
			inside = at;
		else
			inside = ps->v[at].kind == GW_PART_MESSAGE ? child(ps, at, 1) : NONE;
	}
	return at;
}

/* Does path name the one empty text part that BODYSTRUCTURE tells of a multipart without parts (bodystructure.h)?
 * *ret: that multipart. */
static bool find_stand_in(const struct gw_parts *ps, const uint32_t *path, size_t n, uint32_t *ret)
{
	uint32_t over = n > 1 ? find_part(ps, path, n - 1) : 0;

	if (over != NONE && n > 1 && ps->v[over].kind == GW_PART_MESSAGE)
		over = child(ps, over, 1);
	if (path[n - 1] != 1 || over == NONE || ps->v[over].kind != GW_PART_MULTIPART || child(ps, over, 1) != NONE)
		return false;
	*ret = over;
	return true;
}

/* It has no octets: it stands at the end of its multipart. */
static struct gw_part stand_in(const struct gw_parts *ps, uint32_t over)
{
	uint64_t end = ps->v[over].end;

	return (struct gw_part){
		.header = end, .body = end, .end = end, .parent = over, .kind = GW_PART_TEXT_PLAIN, .encoding = GW_ENC_7BIT,
	};
}

static bool range_of(const struct gw_parts *ps, uint32_t at, enum gw_section_what what, uint64_t *from, uint64_t *to)
{
	const struct gw_part *p = &ps->v[at];
	uint32_t inner = p->kind == GW_PART_MESSAGE ? child(ps, at, 1) : NONE;

	switch (what) {
	case GW_SECTION_ALL:
		*from = p->body;
		*to = p->end;
		return true;
	case GW_SECTION_MIME:
		*from = p->header;
		*to = p->body;
		return true;
	case GW_SECTION_HEADER:
		*from = inner == NONE ? 0 : ps->v[inner].header;
		*to = inner == NONE ? 0 : ps->v[inner].body;
		return inner != NONE;
	case GW_SECTION_TEXT:
		*from = inner == NONE ? 0 : ps->v[inner].body;
		*to = inner == NONE ? 0 : ps->v[inner].end;
		return inner != NONE;
	}
	return false;
}

/* The message itself. */
static bool whole_range(const struct gw_part *root, enum gw_section_what what, uint64_t *from, uint64_t *to)
{
	*from = what == GW_SECTION_TEXT ? root->body : 0;
	*to = what == GW_SECTION_HEADER ? root->body : root->end;
	return what != GW_SECTION_MIME;
}

static bool section_of(const struct gw_parts *ps, const uint32_t *path, size_t n, enum gw_section_what what,
		       uint64_t *from, uint64_t *to, struct gw_part *ret)
{
	uint32_t at = n ? find_part(ps, path, n) : 0;

	if (at == NONE) {
		if (!find_stand_in(ps, path, n, &at))
			return false;
		*ret = stand_in(ps, at);
		*from = *to = ret->end;
		return what == GW_SECTION_ALL || what == GW_SECTION_MIME;
	}
	*ret = ps->v[at];
	return n ? range_of(ps, at, what, from, to) : whole_range(ret, what, from, to);
}

bool gw_parts_section(struct gw_slice packed, const uint32_t *path, size_t n, enum gw_section_what what,
		      uint64_t *ret_offset, uint64_t *ret_size, struct gw_part *ret_part)
{
	struct gw_arena arena;
	struct gw_parts ps;
	struct gw_part part;
	uint64_t from, to;
	bool ok;

	gw_arena_init(&arena, 0, 0);
	ok = gw_parts_unpack(packed, &arena, &ps) && section_of(&ps, path, n, what, &from, &to, &part) && from <= to;
	if (ok) {
		*ret_offset = from;
		*ret_size = to - from;
	}
	if (ok && ret_part) {
		*ret_part = part;
		ret_part->charset = GW_S("");
	}
	gw_arena_done(&arena);
	return ok;
}

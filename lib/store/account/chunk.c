/* chunk.c - packing and unpacking stretches of mailboxes (format: chunk.h) */
#include "store/account/chunk.h"

#include "util/buf.h"

#define FORMAT 1

/* ---- varints ---- */

static inline char *put(char *p, uint64_t v)
{
	while (v >= 0x80) {
		*p++ = (char)(v | 0x80);
		v >>= 7;
	}
	*p++ = (char)v;
	return p;
}

/* A decoder that stays at its end once it has run over it; `bad` tells afterwards. */
struct reader {
	const unsigned char *p, *end;
	bool bad;
};

static uint64_t get_long(struct reader *r)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		unsigned char c;

		if (r->p == r->end)
			break;
		c = *r->p++;
		if (shift == 63 && c > 1)
			break;
		v |= (uint64_t)(c & 0x7F) << shift;
		if (!(c & 0x80))
			return v;
	}
	r->bad = true;
	return 0;
}

static inline uint64_t get(struct reader *r)
{
	if (r->p < r->end && !(*r->p & 0x80))
		return *r->p++;
	return get_long(r);
}

/* Differences wrap around on purpose: every pair of 64-bit values has one. */
static inline uint64_t zigzag(uint64_t now, uint64_t before)
{
	uint64_t d = now - before;

	return (d << 1) ^ (0 - (d >> 63));
}

static inline uint64_t unzigzag(uint64_t z, uint64_t before)
{
	return before + ((z >> 1) ^ (0 - (z & 1)));
}

/* ---- chunks ---- */

/* What the differences of the next entry count from. */
struct before {
	uint64_t uid, modseq, content, date;
};

static bool get_entry(struct reader *r, struct before *b, struct gw_entry *e, int64_t *savedate)
{
	uint64_t gap = get(r), size;

	b->uid += gap;
	e->flags = get(r);
	b->modseq = unzigzag(get(r), b->modseq);
	b->content = unzigzag(get(r), b->content);
	b->date = unzigzag(get(r), b->date);
	*savedate = (int64_t)unzigzag(get(r), b->date);
	size = get(r);
	if (r->bad || gap == 0 || gap > UINT32_MAX || b->uid > UINT32_MAX || size > UINT32_MAX || b->content == 0)
		return false;
	e->uid = (uint32_t)b->uid;
	e->modseq = b->modseq;
	e->content = b->content;
	e->date = (int64_t)b->date;
	e->size = (uint32_t)size;
	return true;
}

/* Up to n entries; true when there were n and nothing else. */
static bool get_entries(struct reader *r, uint64_t n, struct gw_chunk *ret)
{
	struct before b = { 0, 0, 0, 0 };

	ret->n = 0;
	ret->modseq = 0;
	if (r->p == r->end || *r->p++ != FORMAT)
		return false;
	while (ret->n < n && get_entry(r, &b, &ret->e[ret->n], &ret->savedate[ret->n])) {
		if (b.modseq > ret->modseq)
			ret->modseq = b.modseq;
		ret->n++;
	}
	return ret->n == n && r->p == r->end;
}

bool gw_chunk_unpack(struct gw_slice data, uint64_t n, struct gw_chunk *ret)
{
	struct reader r = { (const unsigned char *)data.p, (const unsigned char *)data.p + data.n, false };

	return n > 0 && n <= GW_CHUNK_MAX && get_entries(&r, n, ret);
}

void gw_chunk_salvage(struct gw_slice data, struct gw_chunk *ret)
{
	struct reader r = { (const unsigned char *)data.p, (const unsigned char *)data.p + data.n, false };

	get_entries(&r, GW_CHUNK_MAX, ret);
}

size_t gw_chunk_pack(struct gw_chunk *c, char *out)
{
	uint64_t uid = 0, modseq = 0, content = 0, date = 0;
	char *p = out;

	*p++ = FORMAT;
	c->modseq = 0;
	for (uint32_t i = 0; i < c->n; i++) {
		const struct gw_entry *e = &c->e[i];

		p = put(p, e->uid - uid);
		p = put(p, e->flags);
		p = put(p, zigzag(e->modseq, modseq));
		p = put(p, zigzag(e->content, content));
		p = put(p, zigzag((uint64_t)e->date, date));
		p = put(p, zigzag((uint64_t)c->savedate[i], (uint64_t)e->date));
		p = put(p, e->size);
		uid = e->uid;
		modseq = e->modseq;
		content = e->content;
		date = (uint64_t)e->date;
		if (modseq > c->modseq)
			c->modseq = modseq;
	}
	return (size_t)(p - out);
}

/* ---- sets and lists ---- */

static void add_varint(struct gw_buf *out, uint64_t v)
{
	char tmp[10];

	gw_buf_add(out, tmp, (size_t)(put(tmp, v) - tmp));
}

void gw_ranges_pack(struct gw_buf *out, const struct gw_set *set)
{
	uint64_t end = 0;

	for (size_t i = 0; i < set->n; i++) {
		add_varint(out, set->r[i].lo - end);
		add_varint(out, set->r[i].hi - set->r[i].lo);
		end = set->r[i].hi;
	}
}

bool gw_ranges_unpack(struct gw_slice data, struct gw_set *ret)
{
	struct reader r = { (const unsigned char *)data.p, (const unsigned char *)data.p + data.n, false };
	uint64_t end = 0;

	while (r.p < r.end) {
		uint64_t gap = get(&r), more = get(&r);

		if (r.bad || gap == 0 || gap > UINT32_MAX || more > UINT32_MAX || end + gap + more > UINT32_MAX)
			return false;
		gw_set_add(ret, (uint32_t)(end + gap), (uint32_t)(end + gap + more));
		end += gap + more;
	}
	return true;
}

void gw_content_pack(struct gw_buf *out, uint64_t *prev, uint64_t content)
{
	add_varint(out, zigzag(content, *prev));
	*prev = content;
}

bool gw_content_unpack(struct gw_slice *data, uint64_t *prev, uint64_t *ret)
{
	struct reader r = { (const unsigned char *)data->p, (const unsigned char *)data->p + data->n, false };
	uint64_t v = unzigzag(get(&r), *prev);

	if (r.bad)
		return false;
	gw_slice_take(data, data->n - (size_t)(r.end - r.p));
	*ret = *prev = v;
	return true;
}

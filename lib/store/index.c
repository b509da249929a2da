/* index.c - immutable lists of messages in shared chunks
 *
 * An index is an array of pointers to chunks. Renewing it copies that array and only those chunks in which
 * something changed; comparing two indexes of one mailbox walks both arrays side by side and jumps over
 * chunks they share. New messages fill the last chunk up, so small changes do not leave small chunks
 * behind; removals merge what has become thin with its left neighbour. */
#include "store/index.h"

#include <stdlib.h>

#include "util/mem.h"

#define THIN (GW_INDEX_CHUNK / 8) /* a chunk with fewer messages is merged */

static struct gw_index_chunk *chunk_ref(struct gw_index_chunk *c)
{
	__atomic_fetch_add(&c->refs, 1, __ATOMIC_RELAXED);
	return c;
}

static void chunk_unref(struct gw_index_chunk *c)
{
	if (__atomic_sub_fetch(&c->refs, 1, __ATOMIC_ACQ_REL) == 0)
		free(c);
}

/* References change behind the const pointer: they are not part of the value. */
struct gw_index *gw_index_ref(const struct gw_index *ix)
{
	struct gw_index *mutable = (struct gw_index *)ix;

	__atomic_fetch_add(&mutable->refs, 1, __ATOMIC_RELAXED);
	return mutable;
}

static void keywords_copy(struct gw_keywords *to, const struct gw_keywords *from)
{
	to->n = from->n;
	for (unsigned i = 0; i < from->n; i++)
		to->name[i] = gw_xstrdup(from->name[i]);
}

static void keywords_done(struct gw_keywords *k)
{
	for (unsigned i = 0; i < k->n; i++)
		free(k->name[i]);
}

void gw_index_unref(const struct gw_index *ix)
{
	struct gw_index *mutable = (struct gw_index *)ix;

	if (!ix || __atomic_sub_fetch(&mutable->refs, 1, __ATOMIC_ACQ_REL))
		return;
	for (size_t i = 0; i < mutable->n_chunks; i++)
		chunk_unref(mutable->chunks[i]);
	keywords_done(&mutable->keywords);
	free(mutable->chunks);
	free(mutable->first);
	free(mutable);
}

/* ---- looking up ---- */

/* The chunk that holds sequence number seq (1..n). */
static size_t chunk_of_seq(const struct gw_index *ix, uint32_t seq)
{
	size_t lo = 0, hi = ix->n_chunks;

	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (ix->first[mid] <= seq)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

const struct gw_entry *gw_index_at(const struct gw_index *ix, uint32_t seq)
{
	size_t c;

	if (seq == 0 || seq > ix->n)
		return NULL;
	c = chunk_of_seq(ix, seq);
	return &ix->chunks[c]->e[seq - ix->first[c]];
}

const struct gw_index_chunk *gw_index_chunk(const struct gw_index *ix, uint32_t seq, uint32_t *ret_last)
{
	size_t c = chunk_of_seq(ix, seq);

	*ret_last = ix->first[c] + ix->chunks[c]->n - 1;
	return ix->chunks[c];
}

static uint32_t chunk_last(const struct gw_index_chunk *c)
{
	return c->e[c->n - 1].uid;
}

/* The first chunk whose last UID is >= uid. */
static size_t chunk_of_uid(const struct gw_index *ix, uint32_t uid)
{
	size_t lo = 0, hi = ix->n_chunks;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (chunk_last(ix->chunks[mid]) < uid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Position of the first entry with a UID >= uid; n when there is none. */
static uint32_t entry_of_uid(const struct gw_index_chunk *c, uint32_t uid)
{
	uint32_t lo = 0, hi = c->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (c->e[mid].uid < uid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

uint32_t gw_index_lower(const struct gw_index *ix, uint32_t uid)
{
	size_t c = chunk_of_uid(ix, uid);

	return c == ix->n_chunks ? ix->n + 1 : ix->first[c] + entry_of_uid(ix->chunks[c], uid);
}

uint32_t gw_index_seq(const struct gw_index *ix, uint32_t uid)
{
	uint32_t seq = gw_index_lower(ix, uid);
	const struct gw_entry *e = gw_index_at(ix, seq);

	return e && e->uid == uid ? seq : 0;
}

int gw_index_keyword(const struct gw_index *ix, struct gw_slice name)
{
	for (unsigned i = 0; i < ix->keywords.n; i++)
		if (gw_slice_eqi(gw_slice_str(ix->keywords.name[i]), name))
			return (int)i;
	return -1;
}

void gw_index_iter(struct gw_index_iter *it, const struct gw_index *ix, uint32_t seq)
{
	it->ix = ix;
	it->seq = seq ? seq : 1;
	if (it->seq > ix->n) {
		it->chunk = ix->n_chunks;
		it->pos = 0;
		return;
	}
	it->chunk = chunk_of_seq(ix, it->seq);
	it->pos = it->seq - ix->first[it->chunk];
}

const struct gw_entry *gw_index_next(struct gw_index_iter *it)
{
	const struct gw_index *ix = it->ix;
	const struct gw_entry *e;

	if (it->chunk >= ix->n_chunks)
		return NULL;
	e = &ix->chunks[it->chunk]->e[it->pos];
	it->seq++;
	if (++it->pos == ix->chunks[it->chunk]->n) {
		it->chunk++;
		it->pos = 0;
	}
	return e;
}

const struct gw_entry *gw_index_next_in(struct gw_index_iter *it, const struct gw_set *seqs, size_t *hint)
{
	uint32_t seq = it->seq <= it->ix->n ? gw_set_next(seqs, it->seq, hint) : 0;

	if (!seq || seq > it->ix->n)
		return NULL;
	if (it->seq != seq)
		gw_index_iter(it, it->ix, seq);
	return gw_index_next(it);
}

void gw_index_uids(const struct gw_index *ix, const struct gw_set *seqs, struct gw_set *ret_uids)
{
	for (size_t i = 0; i < seqs->n; i++) {
		struct gw_index_iter it;
		const struct gw_entry *e;

		gw_index_iter(&it, ix, seqs->r[i].lo);
		while (it.seq <= seqs->r[i].hi && (e = gw_index_next(&it)))
			gw_set_add(ret_uids, e->uid, e->uid);
	}
}

void gw_index_seqs(const struct gw_index *ix, const struct gw_set *uids, struct gw_set *ret_seqs)
{
	for (size_t i = 0; i < uids->n; i++) {
		uint32_t lo = gw_index_lower(ix, uids->r[i].lo);
		uint32_t end = uids->r[i].hi == UINT32_MAX ? ix->n + 1 : gw_index_lower(ix, uids->r[i].hi + 1);

		if (lo < end)
			gw_set_add(ret_seqs, lo, end - 1);
	}
}

/* ---- comparing ---- */

/* A walk that knows when it stands at the beginning of a chunk. */
static const struct gw_entry *peek(const struct gw_index_iter *it)
{
	return it->chunk < it->ix->n_chunks ? &it->ix->chunks[it->chunk]->e[it->pos] : NULL;
}

static void step(struct gw_index_iter *it)
{
	gw_index_next(it);
}

static bool skip_shared(struct gw_index_iter *a, struct gw_index_iter *b)
{
	struct gw_index_chunk *c;

	if (a->pos || b->pos || a->chunk >= a->ix->n_chunks || b->chunk >= b->ix->n_chunks)
		return false;
	c = a->ix->chunks[a->chunk];
	if (c != b->ix->chunks[b->chunk])
		return false;
	a->chunk++;
	b->chunk++;
	a->seq += c->n;
	b->seq += c->n;
	return true;
}

static bool differs(const struct gw_entry *a, const struct gw_entry *b)
{
	return a->flags != b->flags || a->modseq != b->modseq;
}

void gw_index_diff(const struct gw_index *old, const struct gw_index *now, struct gw_index_diff *ret)
{
	struct gw_index_iter a, b;
	const struct gw_entry *x, *y;

	gw_set_init(&ret->expunged);
	gw_set_init(&ret->changed);
	ret->added = 0;
	gw_index_iter(&a, old, 1);
	gw_index_iter(&b, now, 1);
	for (;;) {
		if (skip_shared(&a, &b))
			continue;
		x = peek(&a);
		y = peek(&b);
		if (!x && !y)
			break;
		if (!y || (x && x->uid < y->uid)) {
			gw_set_add(&ret->expunged, x->uid, x->uid);
			step(&a);
		} else if (!x || y->uid < x->uid) {
			if (y->uid >= old->uidnext)
				ret->added++;
			step(&b);
		} else {
			if (y->content == 0)
				; /* a ghost in both: nothing to tell yet */
			else if (x->content == 0)
				gw_set_add(&ret->expunged, x->uid, x->uid);
			else if (differs(x, y))
				gw_set_add(&ret->changed, x->uid, x->uid);
			step(&a);
			step(&b);
		}
	}
}

void gw_index_diff_done(struct gw_index_diff *d)
{
	gw_set_done(&d->expunged);
	gw_set_done(&d->changed);
}

/* ---- building ---- */

struct gw_index_builder {
	struct gw_index *ix;
	size_t cap;		     /* of ix->chunks */
	struct gw_index_chunk *open; /* being filled; NULL: none */
	uint32_t open_cap;
};

struct gw_index_builder *gw_index_builder_new(
	uint32_t uidvalidity, uint32_t uidnext, uint64_t modseq, const struct gw_keywords *keywords)
{
	struct gw_index_builder *b = gw_xalloc(sizeof *b);

	b->ix = gw_xalloc(sizeof *b->ix);
	b->ix->refs = 1;
	b->ix->uidvalidity = uidvalidity;
	b->ix->uidnext = uidnext;
	b->ix->modseq = modseq;
	if (keywords)
		keywords_copy(&b->ix->keywords, keywords);
	return b;
}

static void push(struct gw_index_builder *b, struct gw_index_chunk *c)
{
	struct gw_index *ix = b->ix;

	if (ix->n_chunks == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 4;
		ix->chunks = gw_xrealloc(ix->chunks, b->cap, sizeof *ix->chunks);
		ix->first = gw_xrealloc(ix->first, b->cap, sizeof *ix->first);
	}
	ix->first[ix->n_chunks] = ix->n + 1;
	ix->chunks[ix->n_chunks++] = c;
	ix->n += c->n;
}

static size_t chunk_bytes(uint32_t n)
{
	return sizeof(struct gw_index_chunk) + n * sizeof(struct gw_entry);
}

/* Close the chunk that is being filled. */
static void seal(struct gw_index_builder *b)
{
	struct gw_index_chunk *c = b->open;

	if (!c)
		return;
	if (c->n < b->open_cap)
		c = gw_xrealloc(c, 1, chunk_bytes(c->n));
	push(b, c);
	b->open = NULL;
}

static void sum_up(struct gw_index_chunk *c, const struct gw_entry *e)
{
	c->modseq_max = e->modseq > c->modseq_max ? e->modseq : c->modseq_max;
	c->flags_any |= e->flags;
	c->flags_all &= e->flags;
	c->date_min = e->date < c->date_min ? e->date : c->date_min;
	c->date_max = e->date > c->date_max ? e->date : c->date_max;
	c->size_min = e->size < c->size_min ? e->size : c->size_min;
	c->size_max = e->size > c->size_max ? e->size : c->size_max;
	c->ghosts |= e->content == 0;
}

void gw_index_builder_add(struct gw_index_builder *b, const struct gw_entry *e)
{
	struct gw_index_chunk *c = b->open;

	if (c && c->n == GW_INDEX_CHUNK) {
		seal(b);
		c = NULL;
	}
	if (!c) {
		b->open_cap = b->ix->n_chunks ? GW_INDEX_CHUNK : 16;
		c = b->open = gw_xrealloc(NULL, 1, chunk_bytes(b->open_cap));
		*c = (struct gw_index_chunk){ .refs = 1, .flags_all = UINT64_MAX, .date_min = INT64_MAX, .date_max = INT64_MIN,
					      .size_min = UINT32_MAX };
	} else if (c->n == b->open_cap) {
		b->open_cap = b->open_cap * 2 < GW_INDEX_CHUNK ? b->open_cap * 2 : GW_INDEX_CHUNK;
		c = b->open = gw_xrealloc(c, 1, chunk_bytes(b->open_cap));
	}
	c->e[c->n++] = *e;
	sum_up(c, e);
}

/* Put the whole chunk c of another index in: shared when what is being filled need not be merged with it. */
static void add_chunk(struct gw_index_builder *b, struct gw_index_chunk *c)
{
	if (b->open && (b->open->n >= THIN || b->open->n + c->n > GW_INDEX_CHUNK))
		seal(b);
	if (!b->open) {
		push(b, chunk_ref(c));
		return;
	}
	for (uint32_t i = 0; i < c->n; i++)
		gw_index_builder_add(b, &c->e[i]);
}

/* Take the last chunk back to fill it up, if there is room. */
static void reopen_last(struct gw_index_builder *b)
{
	struct gw_index *ix = b->ix;
	struct gw_index_chunk *c;

	if (b->open || !ix->n_chunks || ix->chunks[ix->n_chunks - 1]->n == GW_INDEX_CHUNK)
		return;
	c = ix->chunks[--ix->n_chunks];
	ix->n -= c->n;
	for (uint32_t i = 0; i < c->n; i++)
		gw_index_builder_add(b, &c->e[i]);
	chunk_unref(c);
}

struct gw_index *gw_index_builder_finish(struct gw_index_builder *b)
{
	struct gw_index *ix = b->ix;

	seal(b);
	free(b);
	return ix;
}

/* ---- renewing ---- */

/* What is put into an old list: entries and removals, both in ascending order. */
struct patch {
	const struct gw_entry *v, *end;
	const struct gw_set *gone;
	size_t hint;	    /* into gone */
	uint32_t next_gone; /* 0: none left */
};

static void patch_gone_from(struct patch *p, uint32_t uid)
{
	p->next_gone = p->gone ? gw_set_next(p->gone, uid, &p->hint) : 0;
}

/* Does the patch leave UIDs up to last as they are? */
static bool untouched(const struct patch *p, uint32_t last)
{
	return (p->v == p->end || p->v->uid > last) && (p->next_gone == 0 || p->next_gone > last);
}

static void patch_chunk(struct gw_index_builder *b, const struct gw_index_chunk *c, struct patch *p)
{
	for (uint32_t i = 0; i < c->n; i++) {
		const struct gw_entry *e = &c->e[i];

		while (p->v < p->end && p->v->uid < e->uid)
			gw_index_builder_add(b, p->v++);
		if (p->next_gone && p->next_gone < e->uid)
			patch_gone_from(p, e->uid);
		if (p->v < p->end && p->v->uid == e->uid)
			gw_index_builder_add(b, p->v++);
		else if (p->next_gone != e->uid)
			gw_index_builder_add(b, e);
	}
	if (p->next_gone)
		patch_gone_from(p, chunk_last(c) == UINT32_MAX ? UINT32_MAX : chunk_last(c) + 1);
}

struct gw_index *gw_index_apply(const struct gw_index *old, uint32_t uidnext, uint64_t modseq,
	const struct gw_keywords *keywords, const struct gw_entry *v, size_t n, const struct gw_set *gone)
{
	struct gw_index_builder *b = gw_index_builder_new(
		old->uidvalidity, uidnext, modseq, keywords ? keywords : &old->keywords);
	struct patch p = { .v = v, .end = n ? v + n : v, .gone = gone };

	patch_gone_from(&p, 1);
	for (size_t i = 0; i < old->n_chunks; i++) {
		struct gw_index_chunk *c = old->chunks[i];

		if (p.next_gone && p.next_gone < c->e[0].uid)
			patch_gone_from(&p, c->e[0].uid);
		if (untouched(&p, chunk_last(c)))
			add_chunk(b, c);
		else
			patch_chunk(b, c, &p);
	}
	if (p.v < p.end)
		reopen_last(b);
	while (p.v < p.end)
		gw_index_builder_add(b, p.v++);
	return gw_index_builder_finish(b);
}

static void add_ghost(struct gw_index_builder *b, const struct gw_entry *e)
{
	struct gw_entry ghost = *e;

	ghost.content = 0;
	gw_index_builder_add(b, &ghost);
}

struct gw_index *gw_index_with_ghosts(const struct gw_index *old, const struct gw_index *now)
{
	struct gw_index_builder *b = gw_index_builder_new(now->uidvalidity, now->uidnext, now->modseq, &now->keywords);
	struct gw_index_iter i, j;
	const struct gw_entry *x, *y;

	gw_index_iter(&i, old, 1);
	gw_index_iter(&j, now, 1);
	for (;;) {
		struct gw_index_chunk *c = i.chunk < old->n_chunks ? old->chunks[i.chunk] : NULL;

		if (skip_shared(&i, &j)) {
			add_chunk(b, c);
			continue;
		}
		x = peek(&i);
		y = peek(&j);
		if (!x && !y)
			break;
		if (!y || (x && x->uid < y->uid)) {
			add_ghost(b, x);
			step(&i);
			continue;
		}
		gw_index_builder_add(b, y);
		if (x && x->uid == y->uid)
			step(&i);
		step(&j);
	}
	return gw_index_builder_finish(b);
}

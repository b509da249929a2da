/* rank.c - texts become numbers in their order (see rank.h)
 *
 * Text is ranked: sorted by its first octets, then each group that is still equal by its next ones, and so on. */
#include "util/rank.h"

#include <stdlib.h>

#include "util/mem.h"

#define FEW 16u        /* are sorted by insertion */
#define PIECE 7u       /* octets of a text in one key; the eighth says how many there are */
#define DIGITS 8u
#define DIGIT_VALUES 256u

/* ---- numbers ---- */

static void insert_pairs(struct gw_pair *v, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		struct gw_pair p = v[i];
		uint32_t j = i;

		for (; j > 0 && v[j - 1].key > p.key; j--)
			v[j] = v[j - 1];
		v[j] = p;
	}
}

/* To the place of each by one digit. count: how many there are of each value. */
static void scatter(const struct gw_pair *from, struct gw_pair *to, uint32_t n, unsigned shift,
		    uint32_t count[DIGIT_VALUES])
{
	uint32_t at = 0;

	for (unsigned i = 0; i < DIGIT_VALUES; i++) {
		uint32_t c = count[i];

		count[i] = at;
		at += c;
	}
	for (uint32_t i = 0; i < n; i++)
		to[count[from[i].key >> shift & (DIGIT_VALUES - 1)]++] = from[i];
}

void gw_pairs_sort(struct gw_pair *v, struct gw_pair *tmp, uint32_t n)
{
	uint32_t count[DIGITS][DIGIT_VALUES] = { { 0 } };
	struct gw_pair *from = v, *to = tmp, *was;

	if (n <= FEW) {
		insert_pairs(v, n);
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		for (unsigned d = 0; d < DIGITS; d++)
			count[d][v[i].key >> 8 * d & (DIGIT_VALUES - 1)]++;
	for (unsigned d = 0; d < DIGITS; d++) {
		if (count[d][v[0].key >> 8 * d & (DIGIT_VALUES - 1)] == n)
			continue; /* the same in all */
		scatter(from, to, n, 8 * d, count[d]);
		was = from;
		from = to;
		to = was;
	}
	if (from != v)
		memcpy(v, from, n * sizeof *v);
}

/* ---- text ---- */

struct gw_slice gw_texts_at(const struct gw_texts *t, uint32_t i)
{
	uint32_t from = i ? t->end[i - 1] : 0;

	return gw_slice(gw_buf_slice(&t->bytes).p + from, t->end[i] - from);
}

/* PIECE octets from depth on, behind them how many there are: at most one more than fit. */
static uint64_t piece_of(struct gw_slice s, size_t depth)
{
	size_t left = s.n > depth ? s.n - depth : 0;
	uint64_t v = 0;

	for (size_t i = 0; i < PIECE; i++)
		v = v << 8 | (i < left ? (unsigned char)s.p[depth + i] : 0);
	return v << 8 | (left > PIECE ? PIECE + 1 : left);
}

static bool goes_on(uint64_t piece)
{
	return (piece & 0xFF) > PIECE;
}

/* All of them are equal up to depth. */
static void insert_texts(const struct gw_texts *t, struct gw_pair *v, uint32_t n, size_t depth)
{
	for (uint32_t i = 1; i < n; i++) {
		struct gw_pair p = v[i];
		struct gw_slice s = gw_texts_at(t, p.at);
		uint32_t j = i;

		gw_slice_take(&s, depth);
		for (; j > 0; j--) {
			struct gw_slice before = gw_texts_at(t, v[j - 1].at);

			gw_slice_take(&before, depth);
			if (gw_slice_cmp(before, s) <= 0)
				break;
			v[j] = v[j - 1];
		}
		v[j] = p;
	}
}

/* Texts that are equal so far. */
struct group {
	uint32_t from, n;
	uint32_t depth;
};

struct groups {
	struct group *v;
	size_t n, cap;
};

static void add_group(struct groups *g, struct group one)
{
	if (g->n == g->cap) {
		g->cap = g->cap ? 2 * g->cap : 64;
		g->v = gw_xrealloc(g->v, g->cap, sizeof *g->v);
	}
	g->v[g->n++] = one;
}

/* One step: by the next octets. What is still equal and many comes back later. */
static void sort_group(const struct gw_texts *t, struct gw_pair *all, struct gw_pair *tmp, struct group one,
		       struct groups *rest)
{
	struct gw_pair *v = all + one.from;
	uint32_t next;

	for (uint32_t i = 0; i < one.n; i++)
		v[i].key = piece_of(gw_texts_at(t, v[i].at), one.depth);
	gw_pairs_sort(v, tmp, one.n);
	for (uint32_t i = 0; i < one.n; i = next) {
		struct group equal = { .from = one.from + i, .depth = one.depth + PIECE };

		for (next = i + 1; next < one.n && v[next].key == v[i].key; next++)
			;
		equal.n = next - i;
		if (equal.n == 1 || !goes_on(v[i].key))
			continue;
		if (equal.n <= FEW)
			insert_texts(t, v + i, equal.n, equal.depth);
		else
			add_group(rest, equal);
	}
}

void gw_texts_init(struct gw_texts *t, uint32_t max)
{
	*t = (struct gw_texts){ .max = max, .end = gw_xcalloc((size_t)max + 1, sizeof *t->end) };
	gw_buf_init(&t->bytes, UINT32_MAX);
}

void gw_texts_done(struct gw_texts *t)
{
	free(t->end);
	t->end = NULL;
	gw_buf_done(&t->bytes);
}

bool gw_texts_add(struct gw_texts *t, struct gw_slice text)
{
	if (t->n == t->max || !gw_buf_add_slice(&t->bytes, text))
		return false;
	t->end[t->n++] = (uint32_t)t->bytes.n;
	return true;
}

uint32_t *gw_texts_rank(struct gw_texts *t, struct gw_pair *v, struct gw_pair *tmp)
{
	struct groups g = { .n = 0 };
	uint64_t rank = 0;
	uint32_t *ret = t->end;

	for (uint32_t i = 0; i < t->n; i++)
		v[i] = (struct gw_pair){ .at = i };
	add_group(&g, (struct group){ .n = t->n });
	while (g.n)
		sort_group(t, v, tmp, g.v[--g.n], &g);
	free(g.v);
	for (uint32_t i = 0; i < t->n; i++) {
		struct gw_slice before = i ? gw_texts_at(t, v[i - 1].at) : gw_slice("", 0);

		if (!gw_slice_eq(before, gw_texts_at(t, v[i].at)))
			rank++;
		v[i].key = rank;
	}
	for (uint32_t i = 0; i < t->n; i++)
		ret[v[i].at] = (uint32_t)v[i].key;
	t->end = NULL;
	gw_texts_done(t);
	return ret;
}

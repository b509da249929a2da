/* set.c - sets of message numbers as sorted ranges (see set.h) */
#include "util/set.h"

#include "util/mem.h"
#include "util/out.h"

#include <stdlib.h>

void gw_set_init(struct gw_set *s)
{
	*s = (struct gw_set){ 0 };
}

void gw_set_done(struct gw_set *s)
{
	free(s->r);
	gw_set_init(s);
}

void gw_set_clear(struct gw_set *s)
{
	s->n = 0;
}

static void push(struct gw_set *s, uint32_t lo, uint32_t hi)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 4;
		s->r = gw_xrealloc(s->r, s->cap, sizeof *s->r);
	}
	s->r[s->n++] = (struct gw_range){ lo, hi };
}

/* Index of the first range whose hi is >= v. */
static size_t lower_bound(const struct gw_set *s, uint32_t v)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->r[mid].hi < v)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void gw_set_add(struct gw_set *s, uint32_t lo, uint32_t hi)
{
	size_t first, last;

	if (lo > hi) {
		uint32_t t = lo;

		lo = hi;
		hi = t;
	}
	if (s->n == 0 || lo > s->r[s->n - 1].hi) {
		if (s->n && lo - 1 == s->r[s->n - 1].hi)
			s->r[s->n - 1].hi = hi;
		else
			push(s, lo, hi);
		return;
	}
	first = lower_bound(s, lo ? lo - 1 : 0);
	for (last = first; last < s->n && (hi == UINT32_MAX || s->r[last].lo <= hi + 1); last++) {
		if (s->r[last].lo < lo)
			lo = s->r[last].lo;
		if (s->r[last].hi > hi)
			hi = s->r[last].hi;
	}
	if (first == last) {
		push(s, 0, 0);
		memmove(s->r + first + 1, s->r + first, (s->n - 1 - first) * sizeof *s->r);
	} else {
		memmove(s->r + first + 1, s->r + last, (s->n - last) * sizeof *s->r);
		s->n -= last - first - 1;
	}
	s->r[first] = (struct gw_range){ lo, hi };
}

static int by_lo(const void *a, const void *b)
{
	const struct gw_range *x = a, *y = b;

	return (x->lo > y->lo) - (x->lo < y->lo);
}

void gw_set_add_ranges(struct gw_set *s, struct gw_range *v, size_t n)
{
	struct gw_set sorted;

	qsort(v, n, sizeof *v, by_lo);
	gw_set_init(&sorted);
	for (size_t i = 0; i < n; i++) {
		struct gw_range *end = sorted.n ? &sorted.r[sorted.n - 1] : NULL;

		if (!end || (end->hi != UINT32_MAX && v[i].lo > end->hi + 1))
			push(&sorted, v[i].lo, v[i].hi);
		else if (v[i].hi > end->hi)
			end->hi = v[i].hi;
	}
	gw_set_union(s, &sorted);
	gw_set_done(&sorted);
}

void gw_set_union(struct gw_set *s, const struct gw_set *other)
{
	struct gw_set out;
	size_t i = 0, j = 0;

	gw_set_init(&out);
	while (i < s->n || j < other->n) {
		bool mine = j >= other->n || (i < s->n && s->r[i].lo <= other->r[j].lo);
		struct gw_range r = mine ? s->r[i++] : other->r[j++];
		struct gw_range *end = out.n ? &out.r[out.n - 1] : NULL;

		if (!end || (end->hi != UINT32_MAX && r.lo > end->hi + 1))
			push(&out, r.lo, r.hi);
		else if (r.hi > end->hi)
			end->hi = r.hi;
	}
	gw_set_done(s);
	*s = out;
}

void gw_set_intersect(struct gw_set *s, const struct gw_set *other)
{
	struct gw_set out;
	size_t i = 0, j = 0;

	gw_set_init(&out);
	while (i < s->n && j < other->n) {
		uint32_t lo = s->r[i].lo > other->r[j].lo ? s->r[i].lo : other->r[j].lo;
		uint32_t hi = s->r[i].hi < other->r[j].hi ? s->r[i].hi : other->r[j].hi;

		if (lo <= hi)
			push(&out, lo, hi);
		if (s->r[i].hi < other->r[j].hi)
			i++;
		else
			j++;
	}
	gw_set_done(s);
	*s = out;
}

void gw_set_subtract(struct gw_set *s, const struct gw_set *other)
{
	struct gw_set out;
	size_t j = 0;

	gw_set_init(&out);
	for (size_t i = 0; i < s->n; i++) {
		uint32_t lo = s->r[i].lo, hi = s->r[i].hi;
		bool left = true;

		while (j < other->n && other->r[j].hi < lo)
			j++;
		for (size_t k = j; left && k < other->n && other->r[k].lo <= hi; k++) {
			if (other->r[k].lo > lo)
				push(&out, lo, other->r[k].lo - 1);
			left = other->r[k].hi < hi;
			if (left)
				lo = other->r[k].hi + 1;
		}
		if (left)
			push(&out, lo, hi);
	}
	gw_set_done(s);
	*s = out;
}

bool gw_set_has(const struct gw_set *s, uint32_t v)
{
	size_t i = lower_bound(s, v);

	return i < s->n && s->r[i].lo <= v;
}

uint64_t gw_set_count(const struct gw_set *s)
{
	uint64_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += (uint64_t)s->r[i].hi - s->r[i].lo + 1;
	return n;
}

uint32_t gw_set_min(const struct gw_set *s)
{
	return s->n ? s->r[0].lo : 0;
}

uint32_t gw_set_max(const struct gw_set *s)
{
	return s->n ? s->r[s->n - 1].hi : 0;
}

uint32_t gw_set_next(const struct gw_set *s, uint32_t v, size_t *hint)
{
	size_t i;

	if (hint) {
		for (i = *hint; i < s->n && s->r[i].hi < v; i++)
			;
		*hint = i;
	} else {
		i = lower_bound(s, v);
	}
	if (i >= s->n)
		return 0;
	return s->r[i].lo > v ? s->r[i].lo : v;
}

void gw_set_put(struct gw_out *o, const struct gw_set *s)
{
	for (size_t i = 0; i < s->n; i++) {
		if (i)
			gw_out_char(o, ',');
		gw_out_u64(o, s->r[i].lo);
		if (s->r[i].hi != s->r[i].lo) {
			gw_out_char(o, ':');
			gw_out_u64(o, s->r[i].hi);
		}
	}
}

/* seqset.c - message sets as clients write them (see seqset.h) */
#include "imap/seqset.h"

#include "imap/token.h"
#include "util/mem.h"

#include <stdlib.h>

/* seq-number = nz-number / "*" */
static bool get_end(struct gw_slice *in, uint32_t *ret)
{
	if (imap_get_char(in, '*')) {
		*ret = IMAP_STAR;
		return true;
	}
	return imap_get_nz_number(in, ret);
}

static bool get_range(struct gw_slice *in, struct gw_range *ret)
{
	if (!get_end(in, &ret->lo))
		return false;
	ret->hi = ret->lo;
	return !imap_get_char(in, ':') || get_end(in, &ret->hi);
}

static size_t count_ranges(struct gw_slice text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == ',';
	return n;
}

bool imap_get_seqset(struct gw_slice *in, struct gw_arena *arena, struct imap_seqset *ret)
{
	struct imap_seqset set = { 0 };
	struct gw_slice rest = *in, text;
	struct gw_range *r;

	if (imap_get_char(&rest, '$')) {
		*ret = (struct imap_seqset){ .saved = true };
		*in = rest;
		return true;
	}
	text = imap_get_run(&rest, IMAP_CT_SET);
	set.n = count_ranges(text);
	if (text.n == 0 || set.n > IMAP_SEQSET_RANGES_MAX)
		return false;
	set.r = r = gw_arena_calloc(arena, set.n, sizeof *r);
	for (size_t i = 0; i < set.n; i++) {
		if (i && !imap_get_char(&text, ','))
			return false;
		if (!get_range(&text, &r[i]))
			return false;
		set.star |= r[i].lo == IMAP_STAR || r[i].hi == IMAP_STAR;
	}
	if (text.n)
		return false;
	*ret = set;
	*in = rest;
	return true;
}

/* A range in numbers, lo <= hi. False: it names nothing. */
static bool settle(struct gw_range r, uint32_t star, struct gw_range *ret)
{
	uint32_t lo = r.lo == IMAP_STAR ? star : r.lo;
	uint32_t hi = r.hi == IMAP_STAR ? star : r.hi;

	*ret = lo <= hi ? (struct gw_range){ lo, hi } : (struct gw_range){ hi, lo };
	return lo && hi;
}

/* Ranges that came out of order: sort them all at once instead of moving the set about for each. */
static void add_unordered(const struct imap_seqset *s, uint32_t star, struct gw_set *ret)
{
	struct gw_range *v = gw_xcalloc(s->n, sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		if (settle(s->r[i], star, &v[n]))
			n++;
	gw_set_add_ranges(ret, v, n);
	free(v);
}

void imap_seqset_resolve(const struct imap_seqset *s, uint32_t star, struct gw_set *ret)
{
	gw_set_clear(ret);
	for (size_t i = 0; i < s->n; i++) {
		struct gw_range r;

		if (!settle(s->r[i], star, &r))
			continue;
		if (r.lo <= gw_set_max(ret) && ret->n > 1) {
			gw_set_clear(ret);
			add_unordered(s, star, ret);
			return;
		}
		gw_set_add(ret, r.lo, r.hi);
	}
}


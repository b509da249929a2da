/* search_chunk.c - what the sums of a chunk of the index tell of a key, so that most messages are not looked at (see search.h) */
#include "imap/search.h"

#define DAY 86400

static enum search_share inverse(enum search_share share)
{
	return share == SEARCH_ALL ? SEARCH_NONE : share == SEARCH_NONE ? SEARCH_ALL : SEARCH_SOME;
}

static enum search_share have(const struct gw_index_chunk *c, uint64_t bits)
{
	if (!(c->flags_any & bits))
		return SEARCH_NONE;
	return c->flags_all & bits ? SEARCH_ALL : SEARCH_SOME;
}

/* Of values between min and max: those of from and more. */
static enum search_share from(int64_t min, int64_t max, int64_t value)
{
	return max < value ? SEARCH_NONE : min >= value ? SEARCH_ALL : SEARCH_SOME;
}

static enum search_share on_day(const struct gw_index_chunk *c, int64_t day)
{
	if (c->date_max < day || c->date_min >= day + DAY)
		return SEARCH_NONE;
	return c->date_min >= day && c->date_max < day + DAY ? SEARCH_ALL : SEARCH_SOME;
}

/* any: of an OR, else of an AND. */
static enum search_share of_children(const struct search_plan *p, size_t i, const struct gw_index_chunk *c, bool any)
{
	size_t end = i + p->search->key[i].span;
	enum search_share ret = any ? SEARCH_NONE : SEARCH_ALL;

	for (size_t k = i + 1; k < end; k += p->search->key[k].span) {
		enum search_share share = search_chunk(p, k, c);

		if (any ? share > ret : share < ret)
			ret = share;
	}
	return ret;
}

enum search_share search_chunk(const struct search_plan *p, size_t i, const struct gw_index_chunk *c)
{
	const struct imap_search_key *k = &p->search->key[i];
	const struct search_step *step = &p->step[i];

	switch (k->op) {
	case IMAP_KEY_FLAG:
	case IMAP_KEY_KEYWORD:
		return have(c, step->bits);
	case IMAP_KEY_UNFLAG:
	case IMAP_KEY_UNKEYWORD:
		return inverse(have(c, step->bits));
	case IMAP_KEY_AND:
		return of_children(p, i, c, false);
	case IMAP_KEY_OR:
		return of_children(p, i, c, true);
	case IMAP_KEY_NOT:
		return inverse(search_chunk(p, i + 1, c));
	case IMAP_KEY_ALL:
	case IMAP_KEY_SAVEDATESUPPORTED:
		return SEARCH_ALL;
	case IMAP_KEY_BEFORE:
		return inverse(from(c->date_min, c->date_max, k->day));
	case IMAP_KEY_ON:
		return on_day(c, k->day);
	case IMAP_KEY_SINCE:
		return from(c->date_min, c->date_max, k->day);
	case IMAP_KEY_YOUNGER:
		return from(c->date_min, c->date_max, p->now - (int64_t)k->number);
	case IMAP_KEY_OLDER:
		return inverse(from(c->date_min, c->date_max, p->now - (int64_t)k->number + 1));
	case IMAP_KEY_LARGER:
		return c->size_max <= k->number ? SEARCH_NONE : c->size_min > k->number ? SEARCH_ALL : SEARCH_SOME;
	case IMAP_KEY_SMALLER:
		return c->size_min >= k->number ? SEARCH_NONE : c->size_max < k->number ? SEARCH_ALL : SEARCH_SOME;
	case IMAP_KEY_MODSEQ:
		return c->modseq_max < k->number ? SEARCH_NONE : SEARCH_SOME;
	default:
		return step->always ? SEARCH_ALL : SEARCH_SOME;
	}
}

/* sort_model.h - rows compared one with the other as RFC 5256 tells it: what lib/imap/sort.c is compared with */
#ifndef GW_TESTS_IMAP_SORT_MODEL_H
#define GW_TESTS_IMAP_SORT_MODEL_H

#include "imap/sort.h"

#include <stdlib.h>

static int model_number(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int model_compare(const struct sort_row *a, const struct sort_row *b, enum imap_sort_key key)
{
	switch (key) {
	case IMAP_SORT_ARRIVAL:
		return model_number(a->arrival, b->arrival);
	case IMAP_SORT_DATE:
		return model_number(a->sent, b->sent);
	case IMAP_SORT_SIZE:
		return model_number(a->size, b->size);
	case IMAP_SORT_RELEVANCY:
		return model_number(b->relevancy, a->relevancy);
	case IMAP_SORT_SUBJECT:
		return gw_slice_cmp(a->subject, b->subject);
	case IMAP_SORT_CC:
		return gw_slice_cmp(a->address[GW_SORT_CC], b->address[GW_SORT_CC]);
	case IMAP_SORT_FROM:
		return gw_slice_cmp(a->address[GW_SORT_FROM], b->address[GW_SORT_FROM]);
	case IMAP_SORT_TO:
		return gw_slice_cmp(a->address[GW_SORT_TO], b->address[GW_SORT_TO]);
	case IMAP_SORT_DISPLAYFROM:
		return gw_slice_cmp(a->address[GW_SORT_DISPLAYFROM], b->address[GW_SORT_DISPLAYFROM]);
	default:
		return gw_slice_cmp(a->address[GW_SORT_DISPLAYTO], b->address[GW_SORT_DISPLAYTO]);
	}
}

static bool model_after(const struct imap_sort_criterion *c, size_t n, const struct sort_row *a, const struct sort_row *b)
{
	for (size_t i = 0; i < n; i++) {
		int order = model_compare(a, b, c[i].key);

		if (order)
			return c[i].reverse ? order < 0 : order > 0;
	}
	return a->number > b->number;
}

/* v: n rows with ascending numbers. */
static inline bool sorted_as_the_model(const struct imap_sort_criterion *c, size_t n_c, const struct sort_row *v, size_t n)
{
	struct sort *s = sort_new(c, n_c, 0, (uint32_t)n, (size_t)1 << 30);
	uint32_t *order = calloc(n + 1, sizeof *order);
	bool good = order != NULL;

	for (size_t i = 0; i < n && good; i++)
		good = sort_add(s, &v[i]);
	good = good && sort_finish(s, order) == n;
	for (size_t i = 1; i < n && good; i++)
		good = order[i] >= 1 && order[i] <= n && order[i - 1] >= 1 && order[i - 1] <= n &&
		       model_after(c, n_c, &v[order[i] - 1], &v[order[i - 1] - 1]);
	free(order);
	sort_free(s);
	return good;
}

#endif

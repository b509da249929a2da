/* near.c - how much two words differ (see near.h) */
#include "util/near.h"

#include <limits.h>

static char fold(char c)
{
	return c == '-' ? '_' : gw_lower(c);
}

/* The same letter? i and j count from 1. */
static bool same(struct gw_slice a, size_t i, struct gw_slice b, size_t j)
{
	return fold(a.p[i - 1]) == fold(b.p[j - 1]);
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned gw_near_distance(struct gw_slice a, struct gw_slice b)
{
	unsigned d[3][GW_NEAR_MAX + 1]; /* row i is in d[i % 3] */

	if (a.n > GW_NEAR_MAX || b.n > GW_NEAR_MAX)
		return UINT_MAX;
	for (unsigned j = 0; j <= b.n; j++)
		d[0][j] = j;
	for (unsigned i = 1; i <= a.n; i++) {
		unsigned *row = d[i % 3], *above = d[(i + 2) % 3], *two_above = d[(i + 1) % 3];

		row[0] = i;
		for (unsigned j = 1; j <= b.n; j++) {
			row[j] = least(above[j - 1] + !same(a, i, b, j), least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && same(a, i, b, j - 1) && same(a, i - 1, b, j))
				row[j] = least(row[j], two_above[j - 2] + 1);
		}
	}
	return d[a.n % 3][b.n];
}

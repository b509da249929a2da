/* near.c - the distance of two words (see near.h) */
#include "gwctl/near.h"

#define LONGEST 40

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* How many letters must be put in, taken out, changed or swapped with their neighbour to make b of a; case is ignored. */
static unsigned distance(struct gw_slice a, struct gw_slice b)
{
	unsigned rows[3][LONGEST + 1];

	for (unsigned j = 0; j <= b.n; j++)
		rows[0][j] = j;
	for (unsigned i = 1; i <= a.n; i++) {
		unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
		char c = gw_lower(a.p[i - 1]);

		row[0] = i;
		for (unsigned j = 1; j <= b.n; j++) {
			char d = gw_lower(b.p[j - 1]);

			row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (c != d));
			if (i > 1 && j > 1 && c == gw_lower(b.p[j - 2]) && d == gw_lower(a.p[i - 2]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return rows[a.n % 3][b.n];
}

struct near near_begin(struct gw_slice text)
{
	return (struct near){ .text = text, .distance = text.n < 4 ? 2 : text.n < 7 ? 3 : 4 };
}

void near_offer(struct near *n, struct gw_slice candidate)
{
	unsigned d;

	if (n->text.n == 0 || n->text.n > LONGEST || candidate.n > LONGEST)
		return;
	d = distance(n->text, candidate);
	if (d > 1 && n->text.n > 1 && gw_slice_startsi(candidate, n->text))
		d = 1;
	if (d >= n->distance || d >= n->text.n || d >= candidate.n)
		return;
	n->best = candidate.p;
	n->best_n = candidate.n;
	n->distance = d;
}

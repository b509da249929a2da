/* near.c - which word was probably meant (see near.h) */
#include "gwctl/near.h"

#include "util/near.h"

struct near near_begin(struct gw_slice text)
{
	return (struct near){ .text = text, .distance = text.n < 4 ? 2 : text.n < 7 ? 3 : 4 };
}

void near_offer(struct near *n, struct gw_slice candidate)
{
	unsigned d;

	if (n->text.n == 0 || n->text.n > GW_NEAR_MAX || candidate.n > GW_NEAR_MAX)
		return;
	d = gw_near_distance(n->text, candidate);
	if (d > 1 && n->text.n > 1 && gw_slice_startsi(candidate, n->text))
		d = 1;
	if (d >= n->distance || d >= n->text.n || d >= candidate.n)
		return;
	n->best = candidate.p;
	n->best_n = candidate.n;
	n->distance = d;
}

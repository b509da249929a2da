/* near.h - which word was probably meant by one that is not known */
#ifndef GWCTL_NEAR_H
#define GWCTL_NEAR_H

#include "util/slice.h"

struct near {
	struct gw_slice text;
	const char *best; /* NULL: none yet */
	size_t best_n;    /* its length: it need not end there */
	unsigned distance;
};

/* Begin to look for what is near to text; then offer candidates; then look at best. */
struct near near_begin(struct gw_slice text);
void near_offer(struct near *n, struct gw_slice candidate); /* keeps it */

#endif

/* progress.h - how far something that takes long has come
 *
 * Pure: who shows it asks for text and says what time it is. */
#ifndef GWCTL_PROGRESS_H
#define GWCTL_PROGRESS_H

#include "util/buf.h"

struct progress {
	uint64_t began_ms, began_done; /* when it was first heard of, and how much was done then */
	uint64_t now_ms, done, total;  /* total 0: unknown */
	bool begun;
	bool bytes;                    /* what is counted is bytes */
};

/* What was heard of at now_ms (any clock that goes forward). */
void progress_step(struct progress *p, uint64_t done, uint64_t total, uint64_t now_ms);

/* "[=======>      ]  45%  900 of 2000  310/s  4s left", in at most so many columns (then without the bar). */
void progress_put(const struct progress *p, int columns, struct gw_buf *out);

/* A second; 0: it cannot be said yet. */
uint64_t progress_rate(const struct progress *p);

#endif

/* hist.h - histograms of durations: which bucket, and what the buckets say
 *
 * Buckets are log-linear: 16 of equal width in each power of two, so that a bucket is at most 1/16 of its values wide
 * (6.25 %), from 1 us to 17.9 minutes; what is longer counts in the last one. A histogram is an array of GW_HIST_BUCKETS
 * counts that its owner keeps, adds up and subtracts as he likes; microseconds everywhere. Pure functions, any thread. */
#ifndef GW_UTIL_HIST_H
#define GW_UTIL_HIST_H

#include <stdint.h>

#define GW_HIST_BITS 4u                      /* 2^4 buckets a power of two */
#define GW_HIST_TOP 30u                      /* values from 2^30 us on are not told apart */
#define GW_HIST_BUCKETS (((GW_HIST_TOP - GW_HIST_BITS + 1) << GW_HIST_BITS))

/* The bucket of a duration. */
static inline unsigned gw_hist_bucket(uint64_t us)
{
	unsigned top;

	if (us < 1u << GW_HIST_BITS)
		return (unsigned)us;
	if (us >> GW_HIST_TOP)
		return GW_HIST_BUCKETS - 1;
	top = 63u - (unsigned)__builtin_clzll(us);
	return ((top - GW_HIST_BITS + 1) << GW_HIST_BITS) | ((unsigned)(us >> (top - GW_HIST_BITS)) & ((1u << GW_HIST_BITS) - 1));
}

/* The shortest duration of a bucket, and the first that is longer than all of its. Of the last bucket too, though it
 * holds longer ones. */
uint64_t gw_hist_low(unsigned bucket);
uint64_t gw_hist_high(unsigned bucket);

/* How many values there are. */
uint64_t gw_hist_count(const uint64_t count[GW_HIST_BUCKETS]);

/* The value that a part per million of all values does not exceed (500000: the median), the middle of its bucket;
 * 1000000: the largest, the end of its bucket. 0 when there are none. */
uint64_t gw_hist_quantile(const uint64_t count[GW_HIST_BUCKETS], uint32_t ppm);

#endif

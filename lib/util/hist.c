/* hist.c - reading histograms of durations (see hist.h) */
#include "util/hist.h"

#define SUB (1u << GW_HIST_BITS)

uint64_t gw_hist_low(unsigned bucket)
{
	if (bucket < SUB)
		return bucket;
	return (uint64_t)(SUB | (bucket & (SUB - 1))) << (bucket / SUB - 1);
}

uint64_t gw_hist_high(unsigned bucket)
{
	return gw_hist_low(bucket + 1);
}

uint64_t gw_hist_count(const uint64_t count[GW_HIST_BUCKETS])
{
	uint64_t n = 0;

	for (unsigned i = 0; i < GW_HIST_BUCKETS; i++)
		n += count[i];
	return n;
}

/* The middle of a bucket, by whole microseconds. */
static uint64_t middle(unsigned bucket)
{
	return (gw_hist_low(bucket) + gw_hist_high(bucket) - 1) / 2;
}

static uint64_t largest(const uint64_t count[GW_HIST_BUCKETS])
{
	for (unsigned i = GW_HIST_BUCKETS; i-- > 0;)
		if (count[i])
			return gw_hist_high(i) - 1;
	return 0;
}

/* How many values are not above it: the part of n, rounded up, at least one. No overflow: n is cut in two. */
static uint64_t rank_of(uint64_t n, uint32_t ppm)
{
	uint64_t rank = n / 1000000 * ppm + (n % 1000000 * ppm + 999999) / 1000000;

	return rank ? rank : 1;
}

uint64_t gw_hist_quantile(const uint64_t count[GW_HIST_BUCKETS], uint32_t ppm)
{
	uint64_t n = gw_hist_count(count), rank, seen = 0;

	if (n == 0 || ppm >= 1000000)
		return largest(count);
	rank = rank_of(n, ppm);
	for (unsigned i = 0; i < GW_HIST_BUCKETS; i++) {
		seen += count[i];
		if (seen >= rank)
			return middle(i);
	}
	return largest(count);
}

/* timed.c - how long calls of a store take (see timed.h) */
#include "store/timed.h"

uint64_t store_begin(const struct gw_store *s)
{
	return s && s->observe ? gw_mono_us(s->clock) : 0;
}

int store_end(struct gw_store *s, enum gw_store_call call, uint64_t begun_us, int rc)
{
	if (s && s->observe)
		s->observe(s->observe_ctx, call, gw_mono_us(s->clock) - begun_us, rc);
	return rc;
}

int store_spent(struct gw_acct *a, enum gw_store_call call, uint64_t begun_us, int rc)
{
	struct gw_store *s = a->store;
	uint64_t us;

	if (!s || !s->observe)
		return rc;
	us = gw_mono_us(s->clock) - begun_us;
	a->store_us += us;
	s->observe(s->observe_ctx, call, us, rc);
	return rc;
}

uint64_t gw_acct_store_us(const struct gw_acct *a)
{
	return a->store_us;
}

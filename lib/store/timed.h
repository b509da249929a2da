/* timed.h - the time that calls of a store take, told to whoever opened it (calls.h) */
#ifndef GW_STORE_TIMED_H
#define GW_STORE_TIMED_H

#include "store/driver.h"

/* Now, in microseconds; 0 when nobody measures, or s is NULL. */
uint64_t store_begin(const struct gw_store *s);

/* The call that began then is through. Returns rc. */
int store_end(struct gw_store *s, enum gw_store_call call, uint64_t begun_us, int rc);

/* The same for a call with an account, which counts what it spends. */
int store_spent(struct gw_acct *a, enum gw_store_call call, uint64_t begun_us, int rc);

#endif

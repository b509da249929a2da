/* hash.h - keyed hashing for tables whose keys come from outside
 *
 * SipHash-1-3 with a key drawn once at start, so that nobody can choose colliding keys. */
#ifndef GW_UTIL_HASH_H
#define GW_UTIL_HASH_H

#include "util/slice.h"

struct gw_hash_key {
	uint64_t k0, k1;
};

/* A key from the operating system's random source. */
struct gw_hash_key gw_hash_key_random(void);

/* SipHash-1-3 of s. */
uint64_t gw_hash(struct gw_hash_key key, struct gw_slice s);

#endif

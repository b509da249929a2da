/* hash.c - SipHash-1-3 (see hash.h) */
#include "util/hash.h"

#include "util/err.h"

#include <sys/random.h>

struct gw_hash_key gw_hash_key_random(void)
{
	struct gw_hash_key key;

	if (getrandom(&key, sizeof key, 0) != (ssize_t)sizeof key)
		gw_bug("no random bytes from the kernel");
	return key;
}

static uint64_t rotl(uint64_t x, unsigned b)
{
	return (x << b) | (x >> (64 - b));
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotl(v[1], 13) ^ v[0];
	v[0] = rotl(v[0], 32);
	v[2] += v[3];
	v[3] = rotl(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotl(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotl(v[1], 17) ^ v[2];
	v[2] = rotl(v[2], 32);
}

static uint64_t load_le(const char *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v |= (uint64_t)(unsigned char)p[i] << (8 * i);
	return v;
}

uint64_t gw_hash(struct gw_hash_key key, struct gw_slice s)
{
	uint64_t v[4] = { key.k0 ^ 0x736f6d6570736575, key.k1 ^ 0x646f72616e646f6d,
			  key.k0 ^ 0x6c7967656e657261, key.k1 ^ 0x7465646279746573 };
	uint64_t last = (uint64_t)s.n << 56;

	for (; s.n >= 8; gw_slice_take(&s, 8)) {
		uint64_t m = load_le(s.p, 8);

		v[3] ^= m;
		sip_round(v);
		v[0] ^= m;
	}
	last |= load_le(s.p, s.n);
	v[3] ^= last;
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

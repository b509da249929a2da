/* pace.c - how often users sign on (see pace.h)
 *
 * A bucket is the time at which it is full again: each login moves it on by delay_s, from now on when it lies in the past.
 * As long as that time is less than burst delays away there is a token. So a bucket is 32 bits, with 32 bits of the
 * user's hash one word, and a login one compare-and-swap. */
#include "daemon/pace.h"

#include <stdatomic.h>
#include <sys/mman.h>

#define WAYS 8u    /* entries a user may be in */
#define SETS 4096u /* of entries; a power of two */
#define NAME_MAX_OCTETS 256u

struct pace_table {
	_Atomic uint64_t set[SETS][WAYS]; /* check: 32 bits, full again at: 32 bits; 0: free */
};

static uint32_t full_at(uint64_t word)
{
	return (uint32_t)word;
}

/* Seconds until the bucket is full. Also right when the clock of seconds begins again at 0. */
static uint32_t left(uint64_t word, uint32_t now_s)
{
	int32_t d = (int32_t)(full_at(word) - now_s);

	return d > 0 ? (uint32_t)d : 0;
}

static uint64_t hash_of(const struct pace *p, struct gw_slice user)
{
	char name[NAME_MAX_OCTETS];
	size_t n = user.n < NAME_MAX_OCTETS ? user.n : NAME_MAX_OCTETS;

	for (size_t i = 0; i < n; i++)
		name[i] = gw_lower(user.p[i]); /* ANNA is no other user */
	return gw_hash(p->key, gw_slice(name, n));
}

/* The entry of the user, else a free one, else that whose bucket is full soonest. */
static _Atomic uint64_t *entry_of(_Atomic uint64_t *set, uint32_t check, uint32_t now_s)
{
	_Atomic uint64_t *best = &set[0];
	uint32_t least = UINT32_MAX;

	for (unsigned i = 0; i < WAYS; i++) {
		uint64_t word = atomic_load(&set[i]);
		uint32_t worth = word ? left(word, now_s) + 1 : 0;

		if (word && (uint32_t)(word >> 32) == check)
			return &set[i];
		if (worth < least) {
			least = worth;
			best = &set[i];
		}
	}
	return best;
}

unsigned pace_take(struct pace *p, struct gw_slice user, unsigned delay_s, unsigned burst, uint32_t now_s)
{
	uint64_t h = hash_of(p, user);
	uint32_t check = (uint32_t)(h >> 32) | 1u; /* never 0, so that no entry looks free */
	uint64_t most_s = (uint64_t)delay_s * (burst - 1); /* that a bucket may lack with a token in it */

	for (;;) {
		_Atomic uint64_t *e = entry_of(p->shared->set[h & (SETS - 1)], check, now_s);
		uint64_t was = atomic_load(e);
		uint32_t lacks_s = was >> 32 == check ? left(was, now_s) : 0;

		if (lacks_s > (uint64_t)delay_s * burst)
			lacks_s = (uint32_t)((uint64_t)delay_s * burst); /* the delay was longer before a reload */
		if (lacks_s > most_s)
			return (unsigned)(lacks_s - most_s);
		if (atomic_compare_exchange_strong(e, &was, (uint64_t)check << 32 | (uint32_t)(now_s + lacks_s + delay_s)))
			return 0;
	}
}

int pace_init(struct pace *p)
{
	void *at = mmap(NULL, sizeof *p->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return -1;
	p->shared = at;
	p->key = gw_hash_key_random();
	return 0;
}

void pace_done(struct pace *p)
{
	if (p->shared)
		munmap(p->shared, sizeof *p->shared);
	p->shared = NULL;
}

/* accounts_cache.c - passwords that were verified a moment ago
 *
 * Hashing a password takes some 13 ms of CPU on purpose, and mail clients sign on again and again with the
 * same one. After a successful sign-on the cache keeps HMAC(process key, user NUL password NUL) with the
 * account's number and the change number of its row: the next sign-on compares instead of hashing. A new
 * password, a disabled account or a rename raises the change number, so an entry can never outlive the row it
 * was made for, and since user and account are part of it no two users share one.
 *
 * The table lies in MAP_SHARED memory made before the first fork, so all children profit. It has no lock (a
 * dead child could not let go of it): each slot has a sequence number that is odd while somebody writes. A
 * writer that finds it odd gives up, a reader that sees it odd or changed takes it as a miss. A child killed
 * between the two loses that one slot. */
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "store/local/accounts_priv.h"

#define WAYS 4 /* slots a pair may be in */

struct slot { /* one cache line */
	_Atomic uint64_t seq;
	_Atomic uint64_t mac[ACCOUNTS_MAC / 8];
	_Atomic uint64_t id;
	_Atomic uint64_t change;
	_Atomic uint64_t until_ms;
};

struct pair { /* what a slot said at one moment */
	uint64_t mac[ACCOUNTS_MAC / 8];
	uint64_t id, change, until_ms;
};

struct accounts_cache {
	struct slot *slots;
	size_t n;
	unsigned char key[ACCOUNTS_MAC];
};

int accounts_cache_new(size_t slots, struct accounts_cache **ret, struct gw_err *err)
{
	struct accounts_cache *c = gw_xalloc(sizeof *c);
	int rc = accounts_random(c->key, sizeof c->key, err);

	if (rc < 0) {
		free(c);
		return rc;
	}
	c->n = slots;
	c->slots = mmap(NULL, slots * sizeof *c->slots, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (c->slots == MAP_FAILED) {
		free(c);
		return gw_fail(err, GW_EIO, "cannot map memory for verified passwords");
	}
	madvise(c->slots, slots * sizeof *c->slots, MADV_DONTDUMP); /* not in a core file */
	*ret = c;
	return 0;
}

void accounts_cache_free(struct accounts_cache *c)
{
	if (!c)
		return;
	munmap(c->slots, c->n * sizeof *c->slots);
	gw_wipe(c->key, sizeof c->key);
	free(c);
}

void accounts_cache_mac(const struct accounts_cache *c, struct gw_slice user, struct gw_slice password,
			unsigned char ret[ACCOUNTS_MAC])
{
	const struct gw_slice v[] = { user, { "", 1 }, password, { "", 1 } };

	accounts_hmac(c->key, v, 4, ret);
}

/* The first of the WAYS neighbouring slots of a pair. The MAC is keyed, so nobody chooses it. */
static struct slot *set_of(const struct accounts_cache *c, const unsigned char mac[ACCOUNTS_MAC])
{
	uint64_t h;

	memcpy(&h, mac, sizeof h);
	return c->slots + (h % (c->n / WAYS)) * WAYS;
}

/* A consistent copy of the slot, or false. */
static bool slot_read(const struct slot *s, struct pair *ret)
{
	uint64_t seq = atomic_load_explicit(&s->seq, memory_order_acquire);

	if (seq & 1)
		return false;
	for (size_t i = 0; i < ACCOUNTS_MAC / 8; i++)
		ret->mac[i] = atomic_load_explicit(&s->mac[i], memory_order_relaxed);
	ret->id = atomic_load_explicit(&s->id, memory_order_relaxed);
	ret->change = atomic_load_explicit(&s->change, memory_order_relaxed);
	ret->until_ms = atomic_load_explicit(&s->until_ms, memory_order_relaxed);
	atomic_thread_fence(memory_order_acquire);
	return atomic_load_explicit(&s->seq, memory_order_relaxed) == seq;
}

bool accounts_cache_has(const struct accounts_cache *c, const unsigned char mac[ACCOUNTS_MAC], uint64_t id,
			uint64_t change, uint64_t now_ms)
{
	const struct slot *s = set_of(c, mac);
	bool found = false;

	for (size_t i = 0; i < WAYS; i++) {
		struct pair copy;

		if (slot_read(&s[i], &copy) && gw_equal_ct(copy.mac, mac, ACCOUNTS_MAC))
			found |= copy.id == id && copy.change == change && now_ms < copy.until_ms;
	}
	return found;
}

/* Where to put a pair: over itself, else over the one that ends first (an empty or outdated one, mostly). */
static struct slot *slot_choose(const struct accounts_cache *c, const unsigned char mac[ACCOUNTS_MAC])
{
	struct slot *s = set_of(c, mac), *best = s;
	uint64_t best_until = UINT64_MAX;

	for (size_t i = 0; i < WAYS; i++) {
		struct pair copy;

		if (!slot_read(&s[i], &copy))
			continue;
		if (gw_equal_ct(copy.mac, mac, ACCOUNTS_MAC))
			return &s[i];
		if (copy.until_ms < best_until) {
			best_until = copy.until_ms;
			best = &s[i];
		}
	}
	return best;
}

void accounts_cache_put(struct accounts_cache *c, const unsigned char mac[ACCOUNTS_MAC], uint64_t id, uint64_t change,
			uint64_t now_ms, uint64_t until_ms)
{
	struct slot *s = slot_choose(c, mac);
	uint64_t seq = atomic_load_explicit(&s->seq, memory_order_relaxed), words[ACCOUNTS_MAC / 8];

	if (now_ms >= until_ms || (seq & 1))
		return;
	if (!atomic_compare_exchange_strong_explicit(&s->seq, &seq, seq + 1, memory_order_acquire, memory_order_relaxed))
		return;
	atomic_thread_fence(memory_order_release);
	memcpy(words, mac, sizeof words);
	for (size_t i = 0; i < ACCOUNTS_MAC / 8; i++)
		atomic_store_explicit(&s->mac[i], words[i], memory_order_relaxed);
	atomic_store_explicit(&s->id, id, memory_order_relaxed);
	atomic_store_explicit(&s->change, change, memory_order_relaxed);
	atomic_store_explicit(&s->until_ms, until_ms, memory_order_relaxed);
	atomic_store_explicit(&s->seq, seq + 2, memory_order_release);
}

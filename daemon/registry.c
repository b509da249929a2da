/* registry.c - slots of connections in shared memory (see registry.h)
 *
 * Limits by address and by user must cost nothing at thousands of logins a second, in any process, and without a lock
 * that a dying child could keep. So both are counted in hashed buckets first; only when a bucket is over the limit are
 * the slots themselves counted, which is the exact answer. */
#include "daemon/registry.h"

#include "daemon/daemon.h"
#include "util/hash.h"
#include "util/mem.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int reg_init(struct registry *r, uint32_t n_slots)
{
	struct gw_hash_key key = gw_hash_key_random();
	void *p;

	*r = (struct registry){ .n_slots = n_slots, .next_id = 1, .key0 = key.k0, .key1 = key.k1 };
	r->bytes = sizeof *r->shared + n_slots * sizeof(struct reg_slot);
	p = mmap(NULL, r->bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return -1;
	r->shared = p;
	r->free_slot = gw_xcalloc(n_slots, sizeof *r->free_slot);
	for (uint32_t i = 0; i < n_slots; i++)
		r->free_slot[r->n_free++] = n_slots - 1 - i;
	pthread_mutex_init(&r->lock, NULL);
	return 0;
}

void reg_done(struct registry *r)
{
	if (!r->shared)
		return;
	munmap(r->shared, r->bytes);
	free(r->free_slot);
	pthread_mutex_destroy(&r->lock);
	r->shared = NULL;
}

uint32_t reg_bucket(const struct registry *r, const void *bytes, size_t n)
{
	struct gw_hash_key key = { r->key0, r->key1 };

	return (uint32_t)gw_hash(key, gw_slice(bytes, n)) & (REG_BUCKETS - 1);
}

uint32_t reg_address_count(const struct registry *r, uint32_t bucket)
{
	return atomic_load_explicit(&r->shared->addresses[bucket], memory_order_relaxed);
}

struct reg_slot *reg_take(struct registry *r, const struct reg_peer *peer, int64_t wall_s, uint32_t now_s)
{
	struct reg_slot *slot = NULL;
	uint64_t id = 0;
	uint32_t i = 0;

	pthread_mutex_lock(&r->lock);
	if (r->n_free) {
		i = r->free_slot[--r->n_free];
		slot = &r->shared->slot[i];
		id = r->next_id++;
		if (i >= reg_high(r)) /* low ones are given out first */
			atomic_store_explicit(&r->shared->high, i + 1, memory_order_release);
	}
	pthread_mutex_unlock(&r->lock);
	if (!slot)
		return NULL;
	memset(slot, 0, sizeof *slot);
	slot->pid = getpid();
	slot->service = (uint8_t)peer->service;
	slot->address_bucket = peer->bucket;
	slot->trusted = peer->trusted;
	slot->since_s = wall_s;
	slot->active_s = slot->beat_s = now_s;
	memcpy(slot->ip, peer->ip, sizeof slot->ip);
	memcpy(slot->address, peer->address, strnlen(peer->address, sizeof slot->address - 1));
	atomic_fetch_add_explicit(&r->shared->addresses[peer->bucket], 1, memory_order_relaxed);
	atomic_store_explicit(&slot->id, id, memory_order_release);
	return slot;
}

/* A child that went wrong may have written anything. */
static void end_texts(struct reg_slot *slot)
{
	struct reg_tls *t = &slot->handshake;

	if (!slot->tls)
		*t = (struct reg_tls){ 0 };
	if (!slot->signed_on)
		slot->mechanism[0] = '\0';
	slot->address[sizeof slot->address - 1] = '\0';
	slot->mechanism[sizeof slot->mechanism - 1] = '\0';
	t->version[sizeof t->version - 1] = t->cipher[sizeof t->cipher - 1] = '\0';
	t->sni[sizeof t->sni - 1] = t->user[sizeof t->user - 1] = '\0';
}

__attribute__((no_sanitize("thread"))) /* as gw_info_read() */
bool reg_read(const struct reg_slot *slot, struct reg_slot *ret)
{
	uint64_t id = atomic_load_explicit(&slot->id, memory_order_acquire);

	if (!id)
		return false;
	memcpy(ret, slot, offsetof(struct reg_slot, info));
	gw_info_read(&slot->info, &ret->info);
	atomic_thread_fence(memory_order_acquire);
	end_texts(ret);
	return atomic_load_explicit(&slot->id, memory_order_relaxed) == id && ret->id == id && ret->service < SERVICES;
}

void reg_uncount_user(struct registry *r, struct reg_slot *slot)
{
	uint32_t user = atomic_exchange(&slot->user_bucket, 0);

	if (user && user <= REG_BUCKETS) /* a child that went wrong may have written anything */
		atomic_fetch_sub_explicit(&r->shared->users[user - 1], 1, memory_order_relaxed);
}

void reg_give(struct registry *r, struct reg_slot *slot)
{
	uint32_t address = slot->address_bucket & (REG_BUCKETS - 1);

	atomic_store(&slot->id, 0);
	atomic_fetch_sub_explicit(&r->shared->addresses[address], 1, memory_order_relaxed);
	reg_uncount_user(r, slot);
	pthread_mutex_lock(&r->lock);
	r->free_slot[r->n_free++] = (uint32_t)(slot - r->shared->slot);
	pthread_mutex_unlock(&r->lock);
}

uint32_t reg_count_address(const struct registry *r, const unsigned char ip[16])
{
	static const unsigned char v4_front[12] = { [10] = 0xFF, [11] = 0xFF };
	size_t n = memcmp(ip, v4_front, sizeof v4_front) == 0 ? 16 : 8;
	uint32_t count = 0;

	for (uint32_t i = 0; i < reg_high(r); i++) {
		const struct reg_slot *s = &r->shared->slot[i];

		if (atomic_load_explicit(&s->id, memory_order_relaxed) && memcmp(s->ip, ip, n) == 0)
			count++;
	}
	return count;
}

/* The exact number of connections of a user. */
static uint32_t count_user(const struct registry *r, const char *user)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < reg_high(r); i++) {
		const struct reg_slot *s = &r->shared->slot[i];

		if (atomic_load_explicit(&s->id, memory_order_relaxed) && s->user_bucket &&
		    strncmp(s->info.user, user, sizeof s->info.user) == 0)
			n++;
	}
	return n;
}

bool reg_count_user(struct registry *r, struct reg_slot *slot)
{
	uint32_t max = atomic_load_explicit(&r->shared->max_per_user, memory_order_relaxed);
	size_t n = strnlen(slot->info.user, sizeof slot->info.user);
	uint32_t bucket = reg_bucket(r, slot->info.user, n), now;

	if (slot->user_bucket)
		return true;
	atomic_store(&slot->user_bucket, bucket + 1);
	now = atomic_fetch_add_explicit(&r->shared->users[bucket], 1, memory_order_relaxed) + 1;
	return max == 0 || now <= max || count_user(r, slot->info.user) <= max;
}

uint32_t reg_used(struct registry *r)
{
	uint32_t n;

	pthread_mutex_lock(&r->lock);
	n = r->n_slots - r->n_free;
	pthread_mutex_unlock(&r->lock);
	return n;
}

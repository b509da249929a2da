/* ring.c - records of many writers (see ring.h)
 *
 * The stamp of a slot tells what is in it: 2n + 1 while record n is being written, 2n + 2 when it is there; stamps only
 * grow. Content is copied in words that are atomic and relaxed: what is torn is found by its sum, and no race is
 * undefined. */
#include "log/ring.h"

#include <string.h>

struct slot {
	_Atomic uint64_t stamp;
	_Atomic uint64_t seal; /* length and sum of the content */
	_Atomic uint64_t word[];
};

#define STAMP_WRITING(n) (2 * (n) + 1)
#define STAMP_DONE(n)    (2 * (n) + 2)

static size_t slot_bytes(uint32_t record_max)
{
	return sizeof(struct slot) + record_max;
}

size_t gw_ring_bytes(uint32_t n_slots, uint32_t record_max)
{
	return sizeof(struct gw_ring_head) + n_slots * slot_bytes(record_max);
}

void gw_ring_init(struct gw_ring *r, void *memory, uint32_t n_slots, uint32_t record_max)
{
	*r = (struct gw_ring){ .n_slots = n_slots, .record_max = record_max };
	r->head = memory;
	r->slots = (char *)memory + sizeof *r->head;
}

static struct slot *slot_of(const struct gw_ring *r, uint64_t number)
{
	return (struct slot *)(void *)(r->slots + (number & (r->n_slots - 1)) * slot_bytes(r->record_max));
}

static uint64_t mix(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * 0x9E3779B97F4A7C15u;
	return sum ^ sum >> 29;
}

/* The number of the record is in it: what an overtaken writer leaves behind does not pass for another record. */
static uint64_t seal(uint64_t sum, size_t n, uint64_t number)
{
	return mix(sum, number) << 16 | n;
}

static void fill(struct slot *s, const char *p, size_t n, uint64_t number)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i += 8) {
		uint64_t word = 0;

		memcpy(&word, p + i, n - i < 8 ? n - i : 8);
		sum = mix(sum, word);
		atomic_store_explicit(&s->word[i / 8], word, memory_order_relaxed);
	}
	atomic_store_explicit(&s->seal, seal(sum, n, number), memory_order_relaxed);
}

void gw_ring_put(struct gw_ring *r, const void *p, size_t n)
{
	uint64_t number, stamp;
	struct slot *s;

	if (!r->head)
		return;
	number = atomic_fetch_add_explicit(&r->head->next, 1, memory_order_relaxed);
	s = slot_of(r, number);
	stamp = atomic_load_explicit(&s->stamp, memory_order_relaxed);
	do
		if (stamp >= STAMP_WRITING(number))
			return; /* others went all the way round before we began */
	while (!atomic_compare_exchange_weak_explicit(&s->stamp, &stamp, STAMP_WRITING(number), memory_order_acq_rel,
						      memory_order_relaxed));
	atomic_thread_fence(memory_order_release);
	fill(s, p, n, number);
	stamp = STAMP_WRITING(number);
	atomic_compare_exchange_strong_explicit(&s->stamp, &stamp, STAMP_DONE(number), memory_order_release,
						memory_order_relaxed);
}

void gw_ring_from_now(const struct gw_ring *r, struct gw_ring_cursor *c)
{
	*c = (struct gw_ring_cursor){ .next = r->head ? atomic_load(&r->head->next) : 0 };
}

void gw_ring_from_oldest(const struct gw_ring *r, struct gw_ring_cursor *c)
{
	gw_ring_from_now(r, c);
	c->next = c->next > r->n_slots ? c->next - r->n_slots : 0;
}

/* Copy record number out of its slot. False: that is not what is in it. */
static bool take(const struct gw_ring *r, struct slot *s, uint64_t number, char *p, size_t *ret_n)
{
	uint64_t sealed = atomic_load_explicit(&s->seal, memory_order_relaxed), sum = 0;
	size_t n = sealed & 0xFFFF;

	if (n > r->record_max)
		return false;
	for (size_t i = 0; i < n; i += 8) {
		uint64_t word = atomic_load_explicit(&s->word[i / 8], memory_order_relaxed);

		sum = mix(sum, word);
		memcpy(p + i, &word, n - i < 8 ? n - i : 8);
	}
	atomic_thread_fence(memory_order_acquire);
	*ret_n = n;
	return seal(sum, n, number) == sealed &&
	       atomic_load_explicit(&s->stamp, memory_order_relaxed) == STAMP_DONE(number);
}

/* Wait no longer than patience says for a record that is not finished. True: it is given up. */
static bool give_up(struct gw_ring_cursor *c, uint64_t now_ms)
{
	now_ms |= 1; /* 0 means something else */
	if (!c->stuck_ms)
		c->stuck_ms = now_ms;
	return now_ms - c->stuck_ms >= GW_RING_PATIENCE_MS;
}

bool gw_ring_get(const struct gw_ring *r, struct gw_ring_cursor *c, void *p, size_t *ret_n, uint64_t now_ms)
{
	uint64_t end = r->head ? atomic_load_explicit(&r->head->next, memory_order_acquire) : 0;

	if (end > c->next && end - c->next > r->n_slots) {
		c->lost += end - r->n_slots - c->next;
		c->next = end - r->n_slots;
		c->stuck_ms = 0;
	}
	while (c->next < end) {
		struct slot *s = slot_of(r, c->next);
		uint64_t stamp = atomic_load_explicit(&s->stamp, memory_order_acquire);

		if (stamp < STAMP_DONE(c->next) && !give_up(c, now_ms))
			return false;
		c->stuck_ms = 0;
		if (stamp == STAMP_DONE(c->next) && take(r, s, c->next, p, ret_n)) {
			c->next++;
			return true;
		}
		c->lost++;
		c->next++;
	}
	c->stuck_ms = 0;
	return false;
}

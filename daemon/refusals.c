/* refusals.c - the last refusals (see refusals.h) */
#include "daemon/refusals.h"

#include "util/hash.h"
#include "util/mem.h"

#include <stdlib.h>
#include <sys/mman.h>

struct refusals {
	struct gw_hash_key key;
	struct gw_ring ring[REFUSALS_RINGS];
};

struct refusals *refusals_new(void)
{
	size_t one = gw_ring_bytes(REFUSALS_KEPT, GW_LOG_PACKED_MAX);
	char *memory = mmap(NULL, one * REFUSALS_RINGS, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct refusals *r;

	if (memory == MAP_FAILED)
		return NULL;
	r = gw_xalloc(sizeof *r);
	r->key = gw_hash_key_random();
	for (unsigned i = 0; i < REFUSALS_RINGS; i++)
		gw_ring_init(&r->ring[i], memory + i * one, REFUSALS_KEPT, GW_LOG_PACKED_MAX);
	return r;
}

struct gw_slice refusals_host(struct gw_slice address)
{
	size_t n = address.n;

	while (n && address.p[n - 1] != ':')
		n--;
	if (n < 2)
		return address;
	if (address.p[0] == '[' && address.p[n - 2] == ']')
		return gw_slice(address.p + 1, n - 3);
	return memchr(address.p, ':', n - 1) ? address : gw_slice(address.p, n - 1); /* 2001:db8::1 has no port */
}

/* Names are compared without regard to case. */
static struct gw_ring *ring_of(struct refusals *r, struct gw_slice user, struct gw_slice host)
{
	struct gw_slice from = user.n ? user : host;
	char name[128];
	size_t n = from.n < sizeof name ? from.n : sizeof name;

	for (size_t i = 0; i < n; i++)
		name[i] = gw_lower(from.p[i]);
	return &r->ring[gw_hash(r->key, gw_slice(name, n)) % REFUSALS_RINGS];
}

void refusals_note(struct refusals *r, const struct gw_log_item *item)
{
	struct gw_slice host = refusals_host(gw_log_item_text(item, "address"));
	char packed[GW_LOG_PACKED_MAX];

	gw_ring_put(ring_of(r, gw_log_item_text(item, "user"), host), packed, gw_log_pack(item, packed));
}

struct search {
	struct gw_slice user, host;
	void (*fn)(void *ctx, const struct gw_log_item *item);
	void *ctx;
	unsigned found;
};

static void look(const struct gw_ring *ring, struct search *s)
{
	struct gw_log_item item;
	struct gw_ring_cursor c;
	char packed[GW_LOG_PACKED_MAX];
	size_t n;

	gw_ring_from_oldest(ring, &c);
	for (unsigned i = 0; i < REFUSALS_KEPT; i++) {
		c.stuck_ms = 1; /* what is not finished is not waited for */
		if (!gw_ring_get(ring, &c, packed, &n, 1 + GW_RING_PATIENCE_MS))
			return;
		if (!gw_log_unpack(gw_slice(packed, n), &item))
			continue;
		if (s->user.n ? !gw_slice_eqi(s->user, gw_log_item_text(&item, "user")) :
				!gw_slice_eq(s->host, refusals_host(gw_log_item_text(&item, "address"))))
			continue;
		s->fn(s->ctx, &item);
		s->found++;
	}
}

unsigned refusals_each(struct refusals *r, struct gw_slice user, struct gw_slice address,
		       void (*fn)(void *ctx, const struct gw_log_item *item), void *ctx)
{
	struct search s = { user, refusals_host(address), fn, ctx, 0 };

	if (user.n)
		look(ring_of(r, user, s.host), &s);
	for (unsigned i = 0; !user.n && i < REFUSALS_RINGS; i++)
		look(&r->ring[i], &s);
	return s.found;
}

/* ban.c - addresses and networks that are shut out (see ban.h) */
#include "daemon/ban.h"

#include "util/mem.h"

#include <stdlib.h>

void ban_init(struct bans *b)
{
	*b = (struct bans){ 0 };
	pthread_mutex_init(&b->lock, NULL);
}

void ban_done(struct bans *b)
{
	free(b->v);
	pthread_mutex_destroy(&b->lock);
	*b = (struct bans){ 0 };
}

static bool is_over(const struct ban *ban, uint32_t now_s)
{
	return !ban->for_good && (int32_t)(ban->until_s - now_s) <= 0;
}

/* Take out what has ended. */
static void sweep(struct bans *b, uint32_t now_s)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->n; i++)
		if (!is_over(&b->v[i], now_s))
			b->v[kept++] = b->v[i];
	b->n = kept;
	atomic_store_explicit(&b->count, kept, memory_order_relaxed);
}

static struct ban *find(const struct bans *b, const struct gw_network *net)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].net.bits == net->bits && memcmp(b->v[i].net.ip, net->ip, sizeof net->ip) == 0)
			return &b->v[i];
	return NULL;
}

/* A place for the network; NULL: there is none. */
static struct ban *place(struct bans *b, const struct gw_network *net, uint32_t now_s)
{
	struct ban *ban;

	sweep(b, now_s);
	ban = find(b, net);
	if (ban || b->n == BAN_MAX)
		return ban;
	b->v = gw_xrealloc(b->v, b->n + 1, sizeof *b->v);
	ban = &b->v[b->n++];
	*ban = (struct ban){ .net = *net, .since_s = now_s };
	atomic_store_explicit(&b->count, b->n, memory_order_relaxed);
	return ban;
}

int ban_add(struct bans *b, const struct gw_network *net, uint32_t now_s, uint32_t for_s, struct gw_slice reason,
	    bool by_itself, struct gw_err *err)
{
	size_t n = reason.n < BAN_REASON - 1 ? reason.n : BAN_REASON - 1;
	struct ban *ban;

	pthread_mutex_lock(&b->lock);
	ban = place(b, net, now_s);
	if (ban) {
		ban->for_good = for_s == 0;
		ban->until_s = now_s + for_s;
		ban->by_itself = by_itself;
		memcpy(ban->reason, reason.p, n);
		ban->reason[n] = '\0';
	}
	pthread_mutex_unlock(&b->lock);
	return ban ? 0 : gw_fail(err, GW_ELIMIT, "there are %u bans already; remove some, or ban a whole network", BAN_MAX);
}

bool ban_remove(struct bans *b, const struct gw_network *net, uint32_t now_s)
{
	struct ban *ban;

	pthread_mutex_lock(&b->lock);
	sweep(b, now_s);
	ban = find(b, net);
	if (ban) {
		ban->for_good = false;
		ban->until_s = now_s;
		sweep(b, now_s);
	}
	pthread_mutex_unlock(&b->lock);
	return ban != NULL;
}

size_t ban_clear(struct bans *b, uint32_t now_s)
{
	size_t n;

	pthread_mutex_lock(&b->lock);
	sweep(b, now_s);
	n = b->n;
	b->n = 0;
	atomic_store_explicit(&b->count, 0, memory_order_relaxed);
	pthread_mutex_unlock(&b->lock);
	return n;
}

static bool ends_later(const struct ban *a, const struct ban *b)
{
	return a->for_good ? !b->for_good : !b->for_good && (int32_t)(a->until_s - b->until_s) > 0;
}

bool ban_find(struct bans *b, const unsigned char ip[16], uint32_t now_s, bool refuse, struct ban *ret)
{
	struct ban *last = NULL;

	if (atomic_load_explicit(&b->count, memory_order_relaxed) == 0)
		return false;
	pthread_mutex_lock(&b->lock);
	for (size_t i = 0; i < b->n; i++)
		if (!is_over(&b->v[i], now_s) && gw_network_has(&b->v[i].net, ip) && (!last || ends_later(&b->v[i], last)))
			last = &b->v[i];
	if (last && refuse)
		last->refused++;
	if (last && ret)
		*ret = *last;
	pthread_mutex_unlock(&b->lock);
	return last != NULL;
}

bool ban_at(struct bans *b, size_t i, uint32_t now_s, struct ban *ret)
{
	bool there;

	pthread_mutex_lock(&b->lock);
	if (i == 0)
		sweep(b, now_s);
	there = i < b->n;
	if (there)
		*ret = b->v[i];
	pthread_mutex_unlock(&b->lock);
	return there;
}

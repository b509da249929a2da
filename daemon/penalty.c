/* penalty.c - failed logins, counted across connections (see penalty.h)
 *
 * An entry is a key and a state; the state has, beside count and time, some bits of the key it was made for. Whoever
 * takes an entry over changes the key first: until the state follows, it fits no key and counts as nothing, and a writer
 * of the old key finds its state changed. So no reader ever takes one address's failures for another's. */
#include "daemon/penalty.h"

#include "config/config.h"

#include <stdatomic.h>
#include <sys/mman.h>

#define WAYS 8u           /* entries a key may be in */
#define SETS 2048u        /* of entries; a power of two */
#define COUNT_MAX 10000u
#define NAME_MAX_OCTETS 256u

struct entry {
	_Atomic uint64_t key;   /* 0: free */
	_Atomic uint64_t state; /* key's check: 16 bits, known: 1, count: 15, time of the last failure: 32 */
};

struct table {
	struct entry set[SETS][WAYS];
};

struct penalty_table {
	struct table address, pair, user;
};

struct state {
	uint16_t check;
	bool known;
	unsigned count;
	uint32_t last_s;
};

/* ---- words ---- */

static uint16_t check_of(uint64_t key)
{
	return (uint16_t)(key ^ key >> 16 ^ key >> 32 ^ key >> 48);
}

static uint64_t pack(struct state s)
{
	return (uint64_t)s.check << 48 | (uint64_t)s.known << 47 | (uint64_t)s.count << 32 | s.last_s;
}

static struct state unpack(uint64_t word)
{
	return (struct state){ .check = (uint16_t)(word >> 48), .known = word >> 47 & 1, .count = word >> 32 & 0x7FFF,
			       .last_s = (uint32_t)word };
}

/* What is left of a count that was made last_s ago. */
static unsigned faded(const struct state *s, unsigned forget_s, uint32_t now_s)
{
	uint32_t age_s = now_s - s->last_s;
	uint32_t halves = (int32_t)age_s < 0 ? 0 : age_s / forget_s;

	return halves < 15 ? s->count >> halves : 0;
}

/* ---- keys ---- */

/* IPv4: a number no /64 of IPv6 has, since those bits would be multicast; IPv6: the network. Never 0. */
static uint64_t key_of_address(const unsigned char ip[PENALTY_IP])
{
	static const unsigned char v4_front[12] = { [10] = 0xFF, [11] = 0xFF };
	bool v4 = memcmp(ip, v4_front, sizeof v4_front) == 0;
	uint64_t key = v4 ? 0xFFFFFFFFu : 0;

	for (unsigned i = v4 ? 12 : 0; i < (v4 ? 16u : 8u); i++)
		key = key << 8 | ip[i];
	return key ? key : 1; /* ::/64 has ::1 in it; 0:0:0:1::/64 is nobody's */
}

static void address_of_key(uint64_t key, struct penalty_row *ret)
{
	bool v4 = key >> 32 == 0xFFFFFFFFu;

	memset(ret->ip, 0, sizeof ret->ip);
	ret->bits = v4 ? 128 : 64;
	if (v4)
		ret->ip[10] = ret->ip[11] = 0xFF;
	if (key == 1)
		return;
	for (unsigned i = 0; i < (v4 ? 4u : 8u); i++)
		ret->ip[(v4 ? 15u : 7u) - i] = (unsigned char)(key >> 8 * i);
}

static uint64_t hash_name(const struct penalties *p, uint64_t address, struct gw_slice user)
{
	char text[sizeof address + NAME_MAX_OCTETS];
	size_t n = user.n < NAME_MAX_OCTETS ? user.n : NAME_MAX_OCTETS;
	uint64_t key;

	memcpy(text, &address, sizeof address);
	for (size_t i = 0; i < n; i++)
		text[sizeof address + i] = gw_lower(user.p[i]); /* ANNA is no other user */
	key = gw_hash(p->key, gw_slice(text, sizeof address + n));
	return key ? key : 1;
}

static struct entry *set_of(const struct penalties *p, const struct table *t, uint64_t key)
{
	uint64_t h = gw_hash(p->key, gw_slice((const char *)&key, sizeof key));

	return (struct entry *)t->set[h & (SETS - 1)];
}

/* ---- entries ---- */

/* Nothing known: all 0 but the check. */
static struct state state_of(const struct entry *e, uint64_t key)
{
	struct state s = unpack(atomic_load_explicit(&e->state, memory_order_acquire));

	return s.check == check_of(key) ? s : (struct state){ .check = check_of(key) };
}

static struct entry *find(const struct penalties *p, const struct table *t, uint64_t key)
{
	struct entry *set = set_of(p, t, key);

	for (unsigned i = 0; i < WAYS; i++)
		if (atomic_load_explicit(&set[i].key, memory_order_acquire) == key)
			return &set[i];
	return NULL;
}

static struct state look(const struct penalties *p, const struct table *t, uint64_t key)
{
	struct entry *e = find(p, t, key);

	return e ? state_of(e, key) : (struct state){ 0 };
}

/* Is a worth less than b? Few failures, then old ones. */
static bool worth_less(const struct entry *a, const struct entry *b, unsigned forget_s, uint32_t now_s)
{
	struct state sa = unpack(atomic_load(&a->state)), sb = unpack(atomic_load(&b->state));
	unsigned na = faded(&sa, forget_s, now_s), nb = faded(&sb, forget_s, now_s);

	return na != nb ? na < nb : (int32_t)(sa.last_s - sb.last_s) < 0;
}

/* A free place, else that of the one worth least. */
static struct entry *worst_of(struct entry *set, unsigned forget_s, uint32_t now_s)
{
	struct entry *worst = &set[0];

	for (unsigned i = 0; i < WAYS; i++) {
		if (!atomic_load_explicit(&set[i].key, memory_order_relaxed))
			return &set[i];
		if (worth_less(&set[i], worst, forget_s, now_s))
			worst = &set[i];
	}
	return worst;
}

/* The entry of the key, made when missing. */
static struct entry *take(const struct penalties *p, struct table *t, uint64_t key, unsigned forget_s, uint32_t now_s)
{
	struct entry *set = set_of(p, t, key), *e = find(p, t, key);

	for (unsigned tries = 0; !e && tries < WAYS; tries++) {
		struct entry *worst = worst_of(set, forget_s, now_s);
		uint64_t old = atomic_load(&worst->key);

		if (atomic_compare_exchange_strong(&worst->key, &old, key))
			e = worst;
		else
			e = find(p, t, key); /* somebody else was here: perhaps for the same key */
	}
	return e ? e : &set[0]; /* a crowd: its state will not fit, and nothing is counted this time */
}

static void count_one(const struct penalties *p, struct table *t, uint64_t key, unsigned forget_s, uint32_t now_s)
{
	struct entry *e = take(p, t, key, forget_s, now_s);
	uint64_t was = atomic_load(&e->state);
	struct state s;

	do {
		if (atomic_load(&e->key) != key)
			return;
		s = unpack(was);
		if (s.check != check_of(key))
			s = (struct state){ .check = check_of(key) };
		s.count = faded(&s, forget_s, now_s) + 1;
		if (s.count > COUNT_MAX)
			s.count = COUNT_MAX;
		s.last_s = now_s;
	} while (!atomic_compare_exchange_weak(&e->state, &was, pack(s)));
}

/* Forget the failures of an entry; known: the user is known at the address from now on. Returns how many it had. */
static unsigned clear(struct entry *e, uint64_t key, bool known, uint32_t now_s)
{
	uint64_t was = atomic_load(&e->state);
	struct state s, old;

	do {
		if (atomic_load(&e->key) != key)
			return 0;
		old = unpack(was);
		s = (struct state){ .check = check_of(key), .known = known, .last_s = now_s };
		if (old.check != s.check)
			old.count = 0;
	} while (!atomic_compare_exchange_weak(&e->state, &was, pack(s)));
	return old.count;
}

/* ---- the rule ---- */

static unsigned delay_of(const struct penalty_rule *r, unsigned count)
{
	unsigned beyond = count - r->delay_after;

	if (count < r->delay_after || r->delay_max_s == 0)
		return 0;
	return beyond < 16 && 1u << beyond < r->delay_max_s ? 1u << beyond : r->delay_max_s;
}

struct penalty_rule penalty_rule_of(const struct gw_config *cfg)
{
	return (struct penalty_rule){ cfg->auth_delay_after, cfg->auth_delay_max, cfg->auth_forget };
}

void penalty_look(const struct penalties *p, const struct penalty_rule *r, const unsigned char *ip, struct gw_slice user,
		  uint32_t now_s, struct penalty_count *ret)
{
	struct state address = { 0 }, pair = { 0 }, all = look(p, &p->shared->user, hash_name(p, 0, user));

	if (ip) {
		uint64_t key = key_of_address(ip);

		address = look(p, &p->shared->address, key);
		pair = look(p, &p->shared->pair, hash_name(p, key, user));
	}
	*ret = (struct penalty_count){
		.address = faded(&address, r->forget_s, now_s),
		.pair = faded(&pair, r->forget_s, now_s),
		.user = faded(&all, r->forget_s, now_s),
		.known = pair.known,
		.last_s = address.count ? address.last_s : 0,
	};
	ret->delay_s = delay_of(r, ret->known || ret->pair > ret->address ? ret->pair : ret->address);
}

unsigned penalty_delay(const struct penalties *p, const struct penalty_rule *r, const unsigned char ip[PENALTY_IP],
		       struct gw_slice user, uint32_t now_s)
{
	struct penalty_count c;

	penalty_look(p, r, ip, user, now_s, &c);
	return c.delay_s;
}

void penalty_failed(struct penalties *p, const struct penalty_rule *r, const unsigned char ip[PENALTY_IP],
		    struct gw_slice user, uint32_t now_s)
{
	uint64_t key = key_of_address(ip);

	count_one(p, &p->shared->address, key, r->forget_s, now_s);
	if (user.n == 0)
		return;
	count_one(p, &p->shared->pair, hash_name(p, key, user), r->forget_s, now_s);
	count_one(p, &p->shared->user, hash_name(p, 0, user), r->forget_s, now_s);
}

void penalty_passed(struct penalties *p, const struct penalty_rule *r, const unsigned char ip[PENALTY_IP],
		    struct gw_slice user, uint32_t now_s)
{
	uint64_t key = hash_name(p, key_of_address(ip), user);

	clear(take(p, &p->shared->pair, key, r->forget_s, now_s), key, true, now_s);
}

/* ---- looking at all, and forgetting ---- */

bool penalty_next(const struct penalties *p, const struct penalty_rule *r, uint32_t now_s, uint32_t *at,
		  struct penalty_row *ret)
{
	for (; *at < SETS * WAYS; ++*at) {
		const struct entry *e = &p->shared->address.set[*at / WAYS][*at % WAYS];
		uint64_t key = atomic_load_explicit(&e->key, memory_order_acquire);
		struct state s;

		if (!key)
			continue;
		s = state_of(e, key);
		ret->count = faded(&s, r->forget_s, now_s);
		if (ret->count == 0)
			continue;
		address_of_key(key, ret);
		ret->delay_s = delay_of(r, ret->count);
		ret->last_s = s.last_s;
		++*at;
		return true;
	}
	return false;
}

unsigned penalty_forget(struct penalties *p, bool (*has)(void *ctx, const struct penalty_row *row), void *ctx)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < SETS * WAYS; i++) {
		struct entry *e = &p->shared->address.set[i / WAYS][i % WAYS];
		uint64_t key = atomic_load_explicit(&e->key, memory_order_acquire);
		struct penalty_row row = { 0 };

		if (!key)
			continue;
		address_of_key(key, &row);
		if (has(ctx, &row))
			n += clear(e, key, false, 0) > 0;
	}
	return n;
}

void penalty_forget_address(struct penalties *p, const unsigned char ip[PENALTY_IP])
{
	uint64_t key = key_of_address(ip);
	struct entry *e = find(p, &p->shared->address, key);

	if (e)
		clear(e, key, false, 0);
}

/* Pairs cannot be found by user alone: each address there is is tried. */
void penalty_forget_user(struct penalties *p, struct gw_slice user)
{
	uint64_t key = hash_name(p, 0, user);
	struct entry *e = find(p, &p->shared->user, key);

	if (e)
		clear(e, key, false, 0);
	for (uint32_t i = 0; i < SETS * WAYS; i++) {
		uint64_t address = atomic_load(&p->shared->address.set[i / WAYS][i % WAYS].key);

		key = hash_name(p, address, user);
		e = address ? find(p, &p->shared->pair, key) : NULL;
		if (e)
			clear(e, key, state_of(e, key).known, 0);
	}
}

/* ---- memory ---- */

int penalty_init(struct penalties *p)
{
	void *m = mmap(NULL, sizeof *p->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (m == MAP_FAILED)
		return -1;
	*p = (struct penalties){ .shared = m, .key = gw_hash_key_random() };
	return 0;
}

void penalty_done(struct penalties *p)
{
	if (p->shared)
		munmap(p->shared, sizeof *p->shared);
	p->shared = NULL;
}

/* stats.c - counting into shared memory, and adding up (see stats.h)
 *
 * A cell is a number of 64 bits; a family is a run of cells, in the order of its dimensions; a shard is all families.
 * Threads get shards in turn, so two that count at the same time mostly write to different cache lines. */
#include "daemon/stats.h"

#include "util/clock.h"
#include "util/err.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CACHE_LINE_CELLS 8u
#define SECOND_US 1000000u

/* Of the thread: which copy it counts into. Set by stats_join(). */
static _Thread_local unsigned my_shard;

/* ---- memory ---- */

static unsigned length(const struct stat_dim *dim)
{
	unsigned n = 0;

	while (dim && dim->value(n, 0))
		n++;
	return dim ? n : 1;
}

static unsigned cells_of(enum stat_id id)
{
	return stats_table[id].type == STAT_HISTOGRAM ? STATS_HIST_CELLS : 1;
}

static unsigned verbs_of(const struct gw_proto *proto)
{
	unsigned n = 0;

	while (proto->verb_name(n))
		n++;
	return n;
}

int stats_init(struct stats *st)
{
	unsigned n = 0;
	void *p;

	*st = (struct stats){ .pop3_at = verbs_of(&gw_imap_proto) + 1 };
	for (enum stat_id id = 0; id < STATS; id++) {
		st->n1[id] = length(stats_table[id].dim[0]);
		st->n2[id] = length(stats_table[id].dim[1]);
		if (id >= STAT_KEPT)
			continue;
		st->at[id] = n;
		n += st->n1[id] * st->n2[id] * cells_of(id);
	}
	st->n_cells = (n + CACHE_LINE_CELLS - 1) / CACHE_LINE_CELLS * CACHE_LINE_CELLS;
	st->bytes = sizeof *st->shared + sizeof *st->shared->cell * st->n_cells * STATS_SHARDS;
	p = mmap(NULL, st->bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return -1;
	st->shared = p;
	atomic_store(&st->shared->used[0], true);
	return 0;
}

void stats_done(struct stats *st)
{
	if (st->shared)
		munmap(st->shared, st->bytes);
	st->shared = NULL;
}

void stats_join(struct stats *st)
{
	my_shard = atomic_fetch_add(&st->shared->joined, 1) % STATS_SHARDS;
	atomic_store(&st->shared->used[my_shard], true);
}

/* ---- counting ---- */

static _Atomic uint64_t *cell(struct stats *st, unsigned at)
{
	return &st->shared->cell[(size_t)my_shard * st->n_cells + at];
}

static void grow(_Atomic uint64_t *c, uint64_t n)
{
	atomic_fetch_add_explicit(c, n, memory_order_relaxed);
}

static unsigned place(const struct stats *st, enum stat_id id, unsigned i, unsigned j)
{
	if (i >= st->n1[id] || j >= st->n2[id])
		gw_bug("a count outside its family");
	return st->at[id] + (i * st->n2[id] + j) * cells_of(id);
}

void stats_add(struct stats *st, enum stat_id id, unsigned i, unsigned j, uint64_t n)
{
	grow(cell(st, place(st, id, i, j)), n);
}

void stats_time(struct stats *st, enum stat_id id, unsigned i, uint64_t us)
{
	_Atomic uint64_t *c = cell(st, place(st, id, i, 0));

	grow(c + gw_hist_bucket(us), 1);
	grow(c + GW_HIST_BUCKETS, us);
}

/* ---- places in dimensions ---- */

unsigned stats_command(const struct stats *st, const struct gw_proto *proto, unsigned verb)
{
	return proto == &gw_pop3_proto ? st->pop3_at + verb : verb;
}

/* The place of a name in a dimension; the last one when it is not there. */
static unsigned find(const struct stat_dim *dim, const char *name)
{
	unsigned i = 0;

	while (dim->value(i + 1, 0) && strcmp(dim->value(i, 0), name) != 0)
		i++;
	return i;
}

unsigned stats_mechanism(const char *name)
{
	return find(stats_table[STAT_LOGINS].dim[0], name);
}

unsigned stats_login(const char *reason)
{
	return find(stats_table[STAT_LOGINS].dim[1], reason);
}

unsigned stats_tls_version(const char *name)
{
	return find(stats_table[STAT_TLS].dim[0], name);
}

unsigned stats_tls_cipher(const char *name)
{
	return find(stats_table[STAT_TLS_CIPHERS].dim[0], name);
}

void stats_store_call(void *ctx, enum gw_store_call call, uint64_t us, int rc)
{
	struct stats *st = ctx;

	stats_time(st, STAT_STORE_TIME, call, us);
	if (rc < 0 && (unsigned)-rc <= st->n1[STAT_STORE_ERRORS])
		stats_add(st, STAT_STORE_ERRORS, (unsigned)-rc - 1, 0, 1);
}

void stats_tick(struct stats *st, enum stat_loop loop, uint64_t *due_us)
{
	uint64_t now_us = gw_mono_us(gw_clock_system());

	if (*due_us)
		stats_time(st, STAT_LOOP_LAG, loop, now_us > *due_us ? now_us - *due_us : 0);
	/* Late ticks do not put off the ones behind them, unless they were missed altogether; early ones tell the truth. */
	if (*due_us > now_us || *due_us + SECOND_US <= now_us)
		*due_us = now_us;
	*due_us += SECOND_US;
}

/* ---- reading ---- */

static void add_shard(const struct stats *st, unsigned shard, uint64_t *all)
{
	const _Atomic uint64_t *c = &st->shared->cell[(size_t)shard * st->n_cells];

	for (unsigned i = 0; i < st->n_cells; i++)
		all[i] += atomic_load_explicit(&c[i], memory_order_relaxed);
}

void stats_sum(const struct stats *st, uint64_t *all)
{
	memset(all, 0, sizeof *all * st->n_cells);
	for (unsigned i = 0; i < STATS_SHARDS; i++)
		if (atomic_load(&st->shared->used[i]))
			add_shard(st, i, all);
}

const uint64_t *stats_at(const struct stats *st, const uint64_t *all, enum stat_id id, unsigned i, unsigned j)
{
	return &all[place(st, id, i, j)];
}

/* One series, over all shards. */
static uint64_t series(const struct stats *st, enum stat_id id, unsigned i, unsigned j)
{
	unsigned at = place(st, id, i, j), n = stats_table[id].type == STAT_HISTOGRAM ? GW_HIST_BUCKETS : 1;
	uint64_t sum = 0;

	for (unsigned shard = 0; shard < STATS_SHARDS; shard++) {
		const _Atomic uint64_t *c = &st->shared->cell[(size_t)shard * st->n_cells + at];

		for (unsigned k = 0; k < n && atomic_load(&st->shared->used[shard]); k++)
			sum += atomic_load_explicit(&c[k], memory_order_relaxed);
	}
	return sum;
}

uint64_t stats_total(const struct stats *st, enum stat_id id, unsigned i, unsigned j)
{
	uint64_t sum = 0;

	for (unsigned a = 0; a < st->n1[id]; a++)
		for (unsigned b = 0; b < st->n2[id]; b++)
			if ((i == STATS_ALL || i == a) && (j == STATS_ALL || j == b))
				sum += series(st, id, a, b);
	return sum;
}

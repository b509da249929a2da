/* arena.h - memory with one lifetime: everything goes at once
 *
 * A command, a session and a config snapshot each have one. The first block is kept over a reset,
 * so a common command needs no malloc. An arena knows its limit: allocation never fails, but
 * gw_arena_over() says that the limit was passed, and whoever reads input for the arena asks at
 * each step. Thread: owner. */
#ifndef GW_UTIL_ARENA_H
#define GW_UTIL_ARENA_H

#include "util/slice.h"

struct gw_arena_block;
struct gw_arena_defer;

struct gw_arena {
	struct gw_arena_block *head;  /* newest block */
	struct gw_arena_defer *defer; /* calls to make at reset, newest first */
	size_t used;                  /* bytes handed out since the last reset */
	size_t max;                   /* limit in bytes; 0: none */
	size_t block_size;            /* bytes of an ordinary block */
};

/* block_size: bytes of an ordinary block (0: 4 KiB). max: see gw_arena_over(); 0 is no limit.
 * Allocates nothing yet. */
void gw_arena_init(struct gw_arena *a, size_t block_size, size_t max);

/* Run the deferred calls and forget everything, keeping one block. */
void gw_arena_reset(struct gw_arena *a);

/* Run the deferred calls and free everything; init again before use. */
void gw_arena_done(struct gw_arena *a);

/* Run the deferred calls and free everything, overwritten before: there were secrets in it. */
void gw_arena_wipe(struct gw_arena *a);

/* n zeroed bytes, aligned for any type. Never NULL. */
void *gw_arena_alloc(struct gw_arena *a, size_t n) __attribute__((returns_nonnull));

/* count * size zeroed bytes, overflow checked. */
void *gw_arena_calloc(struct gw_arena *a, size_t count, size_t size) __attribute__((returns_nonnull));

/* A copy of s inside the arena, NUL-terminated behind its last byte. */
struct gw_slice gw_arena_dup(struct gw_arena *a, struct gw_slice s);

/* A NUL-terminated copy of s inside the arena. */
char *gw_arena_str(struct gw_arena *a, struct gw_slice s) __attribute__((returns_nonnull));

/* printf into the arena. */
char *gw_arena_printf(struct gw_arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));

/* Call fn(arg) when the arena is reset or done; last in, first out. */
void gw_arena_defer(struct gw_arena *a, void (*fn)(void *), void *arg);

/* Was more handed out than the limit allows? */
static inline bool gw_arena_over(const struct gw_arena *a)
{
	return a->max && a->used > a->max;
}

#endif

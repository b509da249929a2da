/* ring.h - a bounded ring of records with many writers and no lock
 *
 * It lives in memory that the host gives: shared memory made before the first fork serves all processes. A writer takes
 * the next number and fills the slot of that number; it never waits, neither for readers nor for another writer. A
 * reader keeps a number of its own and sees each record once; records that were overwritten before it came are counted.
 * A writer that dies, or is overtaken by a whole turn of the ring, costs its own record and the one that took its place
 * at most: records carry a sum, and what does not add up is counted as lost. Thread and process: any. */
#ifndef GW_LOG_RING_H
#define GW_LOG_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gw_ring_head {
	_Atomic uint64_t next; /* number of the record that is written next */
};

struct gw_ring {
	struct gw_ring_head *head; /* NULL: there is no memory, nothing is kept */
	char *slots;
	uint32_t n_slots;     /* a power of two */
	uint32_t record_max;  /* bytes of a record, a multiple of 8 */
};

/* Bytes of memory that a ring needs. n_slots: a power of two; record_max: a multiple of 8. */
size_t gw_ring_bytes(uint32_t n_slots, uint32_t record_max);

/* Use memory (zeroed, aligned to 8) that all users of the ring share. */
void gw_ring_init(struct gw_ring *r, void *memory, uint32_t n_slots, uint32_t record_max);

/* Write a record of n <= record_max bytes. Never waits, never fails. */
void gw_ring_put(struct gw_ring *r, const void *p, size_t n);

struct gw_ring_cursor {
	uint64_t next;     /* number of the record that is read next */
	uint64_t lost;     /* records that could not be read; the reader sets it back */
	uint64_t stuck_ms; /* since when the next one is not finished; 0: it is not waited for */
};

/* Begin with what is written from now on, or with what is still there. */
void gw_ring_from_now(const struct gw_ring *r, struct gw_ring_cursor *c);
void gw_ring_from_oldest(const struct gw_ring *r, struct gw_ring_cursor *c);

#define GW_RING_PATIENCE_MS 200u /* for a writer that was interrupted in the middle */

/* The next record into p (record_max bytes). False: there is none yet; perhaps one is being written just now, then it is
 * worth asking again soon (gw_ring_waits()). now_ms: of a clock that never jumps. */
bool gw_ring_get(const struct gw_ring *r, struct gw_ring_cursor *c, void *p, size_t *ret_n, uint64_t now_ms);

/* Did the last gw_ring_get() find a record that is not finished? */
static inline bool gw_ring_waits(const struct gw_ring_cursor *c)
{
	return c->stuck_ms != 0;
}

#endif

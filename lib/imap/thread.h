/* thread.h - the conversations that THREAD finds (RFC 5256 3), without a store
 *
 * Rows come in the order of the mailbox. Nothing recurses, and work is n log n in the rows and the identifiers they name,
 * however they refer to each other; memory has a hard limit. Identifiers and subjects are told apart by a keyed hash
 * of 64 bits, so that nobody can make two alike. Thread: owner. */
#ifndef GW_IMAP_THREAD_H
#define GW_IMAP_THREAD_H

#include "imap/command.h"
#include "store/links.h"
#include "util/out.h"

struct thread_row {
	uint32_t number;            /* ascending from row to row; what is told */
	int64_t sent;               /* RFC 5256 2.2, seconds since 1970 UTC */
	struct gw_slice subject;    /* base subject, folded; empty: none */
	bool reply;                 /* it was one of a reply or a forwarded message */
	struct gw_slice id;         /* Message-ID, normalised; empty: none */
	struct gw_slice references; /* identifiers, the parent last, LF between them; ORDEREDSUBJECT: need not be there */
};

/* The same with hashes (gw_link_hash) in place of texts. */
struct thread_link {
	uint32_t number;
	int64_t sent;
	uint64_t subject, id;
	bool reply;
	const uint64_t *references; /* n of them */
	size_t n;
};

struct thread;

/* key: of the hashes. memory_max: octets it may hold. */
struct thread *thread_new(enum imap_thread_algorithm algorithm, struct gw_hash_key key, size_t memory_max);
void thread_free(struct thread *t); /* NULL is fine */

/* The next row. False: it would take more memory than allowed; nothing but thread_free() may follow. */
bool thread_add(struct thread *t, const struct thread_row *row);
bool thread_add_link(struct thread *t, const struct thread_link *row);

/* All rows are there: make the threads. */
void thread_finish(struct thread *t);

/* No row was added. */
bool thread_is_empty(const struct thread *t);

/* Write "(2)(3 6 (4 23)(44 7 96))" from where the last call stopped; false: the output is full, call again. */
bool thread_put(struct thread *t, struct gw_out *out);

/* Octets it holds. */
size_t thread_memory(const struct thread *t);

#endif

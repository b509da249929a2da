/* sort.h - the order that SORT asks for (RFC 5256, RFC 5957), without a store
 *
 * Rows come in the order of the mailbox; afterwards there is the list of their numbers in the order of the criteria. Numbers
 * and folded text are compared as they are given (RFC 5051: text by octets), what is equal stays as it came. Work is
 * linear in the rows and the octets of their text, memory has a hard limit. Thread: owner. */
#ifndef GW_IMAP_SORT_H
#define GW_IMAP_SORT_H

#include "imap/command.h"

#define SORT_TEXT_MAX GW_SORT_KEY_MAX /* octets of a text that are compared */

/* Keys that no criterion asks for may be left out. */
struct sort_row {
	uint32_t number;
	uint32_t size;
	int64_t arrival, sent;          /* seconds since 1970 UTC */
	unsigned relevancy;             /* percent */
	struct gw_slice subject;
	const struct gw_slice *address; /* GW_SORT_KEYS of them */
	const struct gw_slice *annotation; /* of each criterion ANNOTATION, in their order */
	const uint64_t *rank;           /* by enum imap_sort_key: in place of what is above */
};

struct sort;

/* v: n criteria, the first counts most (keeps). ranked: bits of enum imap_sort_key, of which rows have the rank. rows: how many will be
 * added. memory_max: octets it may hold. */
struct sort *sort_new(const struct imap_sort_criterion *v, size_t n, unsigned ranked, uint32_t rows, size_t memory_max);
void sort_free(struct sort *s); /* NULL is fine */

/* The next row. False: it would take more memory than allowed, or there are more rows than were told. */
bool sort_add(struct sort *s, const struct sort_row *row);

/* Fill ret (room for all rows that were added) with their numbers in order; returns how many. Call once. */
uint32_t sort_finish(struct sort *s, uint32_t *ret);

#endif

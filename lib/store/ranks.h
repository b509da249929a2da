/* ranks.h - the messages of a mailbox in the order of one criterion of SORT (RFC 5256 3, RFC 5957 3)
 *
 * What SORT compares of a message never changes, so its place among the others need not be worked out for each command. Ranks are
 * made of all messages of a list at once, never change, and are shared by the sessions of a process; for the messages that come, new
 * ones are made of them that have those, too (ranks_extend.c). Reference counts are atomic. Thread: any. */
#ifndef GW_STORE_RANKS_H
#define GW_STORE_RANKS_H

#include "store/sortkeys.h"
#include "store/store.h"

enum gw_rank_key {
	GW_RANK_FROM = GW_SORT_FROM, /* these as enum gw_sort_key */
	GW_RANK_TO = GW_SORT_TO,
	GW_RANK_CC = GW_SORT_CC,
	GW_RANK_DISPLAYFROM = GW_SORT_DISPLAYFROM,
	GW_RANK_DISPLAYTO = GW_SORT_DISPLAYTO,
	GW_RANK_SUBJECT = GW_SORT_KEYS, /* the base subject */
	GW_RANK_SENT,                   /* what Date: says; where there is no use of it, the INTERNALDATE (RFC 5256 2.2) */
	GW_RANK_KEYS,
};

struct gw_ranks {
	uint32_t refs; /* atomic */
	uint32_t uidvalidity;
	uint32_t n;
	uint32_t *uid;  /* ascending */
	uint64_t *rank; /* of each: what is equal has the same, a text that is not there has 0 */
};

/* Ranks in which all messages of index have one, but those that are gone. memory_max: octets it may take to make them; 0: only if there are any already, else
 * *ret is NULL. 0 or a negative enum gw_code: GW_ELIMIT, GW_EINTR. Returns a reference. */
int gw_mbox_ranks(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, enum gw_rank_key key, size_t memory_max,
	struct gw_ranks **ret, struct gw_err *err);

/* For stores: make them of all messages of index, which are read, or of older ones (NULL: there are none) and the few that are not in
 * those. memory_max: octets it may need. 0 or a negative enum gw_code: GW_ELIMIT, GW_EINTR. */
int gw_ranks_make(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, enum gw_rank_key key,
	const struct gw_ranks *old, size_t memory_max, struct gw_ranks **ret, struct gw_err *err);

/* Have they all messages of index that are not gone? Work: one comparison a message. */
bool gw_ranks_cover(const struct gw_ranks *r, const struct gw_index *index);

/* Octets they take. */
size_t gw_ranks_bytes(const struct gw_ranks *r);

struct gw_ranks *gw_ranks_ref(struct gw_ranks *r);
void gw_ranks_unref(struct gw_ranks *r); /* NULL is fine */

#endif

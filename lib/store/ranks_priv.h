/* ranks_priv.h - what the files of ranks share */
#ifndef GW_STORE_RANKS_PRIV_H
#define GW_STORE_RANKS_PRIV_H

#include "store/ranks.h"

/* A cursor over messages of index (numbers; the caller keeps them) that brings what key compares. */
int ranks_open(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_set *seqs, enum gw_rank_key key,
	struct gw_fetch **ret, struct gw_err *err);

/* The text that a key other than GW_RANK_SENT means; none of a message that is gone. */
struct gw_slice ranks_text(const struct gw_message *m, bool gone, enum gw_rank_key key);

/* What GW_RANK_SENT compares. */
uint64_t ranks_sent(const struct gw_message *m, bool gone);

/* Fill ret (empty, room for index) from old ranks (of the same UIDVALIDITY) and the messages of index they have not; memory: as for making
 * them. 1; 0: there are too many, or one went away meanwhile, and all must be read; a negative enum gw_code. */
int ranks_extend(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, enum gw_rank_key key,
	const struct gw_ranks *old, size_t memory_max, struct gw_ranks *ret, struct gw_err *err);

#endif

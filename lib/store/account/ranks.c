/* ranks.c - the order of a mailbox by one criterion of SORT, kept beside its list (see store/ranks.h) */
#include "store/account/priv.h"
#include "store/account/rights.h"
#include "store/account/view.h"

int view_ranks(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, enum gw_rank_key key, size_t memory_max,
	struct gw_ranks **ret, struct gw_err *err)
{
	struct gw_db_account *acc = NULL;
	struct gw_ranks *kept;
	int rc = view_may_read(a, id, err);

	if (rc == 0)
		rc = gw_acct_db(a, id.space, &acc, err);
	if (rc != 0)
		return rc;
	kept = db_cache_get_ranks(acc, id.id, key);
	if (kept && gw_ranks_cover(kept, index)) {
		*ret = kept;
		return 0;
	}
	if (memory_max) {
		rc = gw_ranks_make(a, id, index, key, kept, memory_max, ret, err);
		if (rc == 0)
			db_cache_put_ranks(acc, id.id, key, *ret);
	}
	gw_ranks_unref(kept);
	return rc;
}

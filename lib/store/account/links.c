/* links.c - what THREAD looks at of a mailbox's messages, kept beside its list (see store/links.h) */
#include "store/account/priv.h"
#include "store/account/rights.h"
#include "store/account/view.h"

int view_links(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, size_t memory_max, struct gw_links **ret,
	struct gw_err *err)
{
	struct gw_db_account *acc = NULL;
	struct gw_links *kept;
	int rc = view_may_read(a, id, err);

	if (rc == 0)
		rc = gw_acct_db(a, id.space, &acc, err);
	if (rc != 0)
		return rc;
	kept = db_cache_get_links(acc, id.id);
	if (kept && gw_links_cover(kept, index)) {
		*ret = kept;
		return 0;
	}
	if (memory_max) {
		rc = gw_links_make(a, id, index, kept, memory_max, ret, err);
		if (rc == 0)
			db_cache_put_links(acc, id.id, *ret);
	}
	gw_links_unref(kept);
	return rc;
}

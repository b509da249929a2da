/* usage.c - how much the account may hold (RFC 9425) */
#include "store/jmap/driver.h"

int jmap_quota(struct gw_acct *a, struct gw_quota *ret, struct gw_err *err)
{
	struct jmap_remote *r;
	struct jmap_exchange x;
	unsigned call;
	int rc = jmap_remote_of(a, 0, &r, err);

	if (rc < 0)
		return rc;
	rc = view_quota(a, ret, err); /* what is used, for a server that does not tell */
	ret->storage_limit = ret->messages_limit = 0;
	if (rc < 0)
		return rc;
	jmap_exchange_begin(&x, r);
	if (x.login->session.quota || x.login->session.cyrus_quota) {
		call = jmap_quota_get(&x.request);
		rc = jmap_exchange_do(&x, true, &a->interrupted, err);
		if (rc == 0)
			rc = jmap_exchange_ok(&x, call, "Quota/get", err);
		if (rc == 0)
			rc = jmap_take_quota(x.answer, call, jmap_account_id(r), ret, err);
	}
	jmap_exchange_done(&x);
	return rc;
}

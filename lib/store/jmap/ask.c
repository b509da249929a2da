/* ask.c - what a JMAP server says of messages whose ids are known (Email/get, RFC 8621 4.2) */
#include "store/jmap/driver.h"

#include <stdlib.h>

static int by_id(const void *a, const void *b)
{
	return gw_slice_cmp(((const struct jmap_email *)a)->id, ((const struct jmap_email *)b)->id);
}

static int ask_some(struct jmap_exchange *x, const struct gw_slice *ids, size_t n, enum jmap_properties what, struct gw_arena *arena,
	const atomic_bool *stop, struct jmap_email **ret, size_t *ret_n, struct gw_err *err)
{
	unsigned call = jmap_email_get(&x->request, ids, n, what);
	struct gw_slice *missing, state;
	size_t n_missing;
	int rc = jmap_exchange_do(x, true, stop, err);

	if (rc == 0)
		rc = jmap_exchange_ok(x, call, "Email/get", err);
	if (rc < 0)
		return rc;
	return jmap_take_emails(x->answer, call, jmap_account_id(x->remote), arena, ret, ret_n, &missing, &n_missing, &state, err);
}

int jmap_ask_emails(struct jmap_remote *r, const struct gw_slice *ids, size_t n, enum jmap_properties what, struct gw_arena *arena,
	const atomic_bool *stop, struct jmap_email **ret, size_t *ret_n, struct gw_err *err)
{
	struct jmap_email *all = gw_arena_calloc(arena, n + 1, sizeof *all);
	size_t kept = 0, most = 1;
	int rc = 0;

	for (size_t from = 0; from < n && rc == 0; from += most) {
		struct jmap_email *v = NULL;
		struct jmap_exchange x;
		size_t some, n_v = 0;

		jmap_exchange_begin(&x, r);
		most = jmap_limits(&x)->max_get ? jmap_limits(&x)->max_get : 1;
		some = n - from < most ? n - from : most;
		rc = ask_some(&x, ids + from, some, what, arena, stop, &v, &n_v, err);
		if (rc == 0 && n_v > some)
			rc = gw_fail(err, GW_ECORRUPT, "Email/get: the storage server tells more messages than it was asked for");
		for (size_t i = 0; i < n_v && rc == 0; i++)
			all[kept++] = v[i];
		jmap_exchange_done(&x);
	}
	if (rc < 0)
		return rc;
	if (kept > 1)
		qsort(all, kept, sizeof *all, by_id);
	*ret = all;
	*ret_n = kept;
	return 0;
}

const struct jmap_email *jmap_email_named(const struct jmap_email *v, size_t n, struct gw_slice id)
{
	const struct jmap_email key = { .id = id };

	return n ? bsearch(&key, v, n, sizeof *v, by_id) : NULL;
}

/* quota.c - Quota/get: RFC 9425, and the shape that Cyrus had before */
#include "store/jmap/answer.h"

#include "store/store.h"

/* The tightest of several limits is the one that is felt. */
static void tighten(uint64_t *used, uint64_t *limit, uint64_t u, uint64_t l)
{
	if (*limit && (l == 0 || *limit - (*used < *limit ? *used : *limit) <= l - (u < l ? u : l)))
		return;
	*used = u;
	*limit = l;
}

/* {resourceType, used, hardLimit, scope, types} of the whole account and of mail (RFC 9425 4). */
static int take_quota(const struct jmap_taker *t, struct json_value v, struct gw_quota *q)
{
	struct gw_slice type = json_text(json_member(v, GW_S("resourceType"))),
			scope = json_text(json_member(v, GW_S("scope")));
	struct json_value types = json_member(v, GW_S("types"));
	uint64_t used = 0, limit = 0;
	int rc;

	if (!gw_slice_eq(scope, GW_S("account")) ||
		!(json_holds(types, GW_S("Mail")) || json_holds(types, GW_S("Email"))))
		return 0;
	rc = jmap_want_uint(t, v, "used", &used);
	if (rc == 0)
		rc = jmap_want_uint(t, v, "hardLimit", &limit);
	if (rc < 0)
		return rc;
	if (gw_slice_eq(type, GW_S("octets")))
		tighten(&q->storage_used, &q->storage_limit, used, limit);
	else if (gw_slice_eq(type, GW_S("count")))
		tighten(&q->messages_used, &q->messages_limit, used, limit);
	return 0;
}

/* {id: "mail", used, total} of Cyrus: octets. */
static int take_cyrus(const struct jmap_taker *t, struct json_value v, struct gw_quota *q)
{
	int rc;

	if (!gw_slice_eq(json_text(json_member(v, GW_S("id"))), GW_S("mail")))
		return 0;
	rc = jmap_may_uint(t, v, "used", &q->storage_used);
	return rc == 0 ? jmap_may_uint(t, v, "total", &q->storage_limit) : rc;
}

int jmap_take_quota(
	const struct jmap_answer *a, unsigned call, struct gw_slice account, struct gw_quota *ret, struct gw_err *err)
{
	struct jmap_taker t = { "Quota/get", NULL, err };
	struct gw_quota q = { 0 };
	struct json_value args, list = { 0 };
	int rc = jmap_args(a, call, t.what, account, &args, err);

	if (rc == 0)
		rc = jmap_want_list(&t, args, "list", JSON_ARRAY, false, &list);
	if (rc < 0)
		return rc;
	for (struct json_iter it = json_each(list); rc == 0 && json_next(&it);) {
		bool rfc = json_type(json_member(it.value, GW_S("resourceType"))) != JSON_ABSENT;

		rc = rfc ? take_quota(&t, it.value, &q) : take_cyrus(&t, it.value, &q);
	}
	if (rc == 0)
		*ret = q;
	return rc;
}

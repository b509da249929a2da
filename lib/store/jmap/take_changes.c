/* take_changes.c - lists of ids: Foo/changes and Foo/query (RFC 8620 5.2, 5.5; RFC 8621 2.2) */
#include "store/jmap/answer.h"

/* Append what list holds to v, each id once. */
static int add_ids(
	const struct jmap_taker *t, struct json_value list, struct jmap_idset *set, struct gw_slice *v, size_t *n)
{
	for (struct json_iter it = json_each(list); json_next(&it);) {
		if (json_type(it.value) != JSON_STRING || !jmap_id_ok(json_text(it.value)))
			return gw_fail(
				t->err, GW_ECORRUPT, "%s: a list of ids has what is no id (RFC 8620 1.2)", t->what);
		v[*n] = json_text(it.value);
		if (!jmap_idset_add(set, (uint32_t)*n))
			continue;
		v[*n] = gw_arena_dup(t->arena, v[*n]);
		++*n;
	}
	return 0;
}

/* Both lists as one; the second may be absent. */
static int union_of(
	const struct jmap_taker *t, struct json_value a, struct json_value b, struct gw_slice **ret, size_t *ret_n)
{
	size_t max = json_count(a) + json_count(b), n = 0;
	struct gw_slice *v = gw_arena_calloc(t->arena, max + 1, sizeof *v);
	struct jmap_idset set;
	int rc;

	jmap_idset_init(&set, v, max, t->arena);
	rc = add_ids(t, a, &set, v, &n);
	if (rc == 0)
		rc = add_ids(t, b, &set, v, &n);
	if (rc < 0)
		return rc;
	*ret = v;
	*ret_n = n;
	return 0;
}

int jmap_want_ids(const struct jmap_taker *t, struct json_value object, const char *name, bool null,
	struct gw_slice **ret, size_t *ret_n)
{
	struct json_value list;
	int rc = jmap_want_list(t, object, name, JSON_ARRAY, null, &list);

	return rc < 0 ? rc : union_of(t, list, (struct json_value){ 0 }, ret, ret_n);
}

/* RFC 8621 2.2: what changed are only numbers that a mirror counts itself. */
static bool only_counts(struct json_value properties)
{
	static const char *const counts[] = { "totalEmails", "unreadEmails", "totalThreads", "unreadThreads" };

	for (struct json_iter it = json_each(properties); json_next(&it);) {
		bool count = false;

		for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
			count |= gw_slice_eq(json_text(it.value), gw_slice_str(counts[i]));
		if (!count)
			return false;
	}
	return json_type(properties) == JSON_ARRAY && json_count(properties) > 0;
}

static int take_states(const struct jmap_taker *t, struct json_value args, struct jmap_changes *c)
{
	int rc = jmap_want_state(t, args, "oldState", &c->old_state);

	if (rc == 0)
		rc = jmap_want_state(t, args, "newState", &c->new_state);
	if (rc == 0)
		rc = jmap_want_bool(t, args, "hasMoreChanges", &c->more);
	if (rc == 0 && c->more && gw_slice_eq(c->old_state, c->new_state))
		return gw_fail(t->err, GW_ECORRUPT, "%s: more changes, but no other state to go on from", t->what);
	return rc;
}

int jmap_take_changes(const struct jmap_answer *a, unsigned call, struct gw_slice account, struct gw_arena *arena,
	struct jmap_changes *ret, struct gw_err *err)
{
	struct jmap_taker t = { "/changes", arena, err };
	struct json_value args, created = { 0 }, updated = { 0 };
	struct jmap_changes c = { 0 };
	int rc = jmap_args(a, call, t.what, account, &args, err);

	if (rc == 0)
		rc = take_states(&t, args, &c);
	if (rc == 0)
		rc = jmap_want_list(&t, args, "created", JSON_ARRAY, true, &created);
	if (rc == 0)
		rc = jmap_want_list(&t, args, "updated", JSON_ARRAY, true, &updated);
	if (rc == 0)
		rc = jmap_want_ids(&t, args, "destroyed", true, &c.destroyed, &c.n_destroyed);
	if (rc < 0)
		return rc;
	rc = union_of(&t, created, updated, &c.changed, &c.n_changed);
	if (rc < 0)
		return rc;
	c.counts_only = json_count(created) == 0 && only_counts(json_member(args, GW_S("updatedProperties")));
	*ret = c;
	return 0;
}

int jmap_take_ids(const struct jmap_answer *a, unsigned call, struct gw_slice account, struct gw_arena *arena,
	struct gw_slice **ret, size_t *ret_n, uint64_t *ret_limit, struct gw_slice *ret_state, struct gw_err *err)
{
	struct jmap_taker t = { "/query", arena, err };
	struct json_value args;
	int rc = jmap_args(a, call, t.what, account, &args, err);

	*ret_limit = 0;
	if (rc == 0)
		rc = jmap_want_state(&t, args, "queryState", ret_state);
	if (rc == 0)
		rc = jmap_may_uint(&t, args, "limit", ret_limit);
	return rc == 0 ? jmap_want_ids(&t, args, "ids", false, ret, ret_n) : rc;
}

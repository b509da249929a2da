/* take_set.c - what became of objects that were to be changed: /set, Email/import, Email/copy (RFC 8620 5.3, 5.4),
 * uploads (RFC 8620 6.1) */
#include "store/jmap/answer.h"

/* Email/import of some servers tells no states; absent and null are the same here. */
int jmap_take_set(const struct jmap_answer *a, unsigned call, struct gw_slice account, struct gw_arena *arena,
	struct jmap_set *ret, struct gw_err *err)
{
	const char *method = jmap_answers(a, call, "/import") ? "/import"
			     : jmap_answers(a, call, "/copy") ? "/copy"
							      : "/set";
	struct jmap_taker t = { method, arena, err };
	struct jmap_set set = { 0 };
	struct json_value args;
	int rc = jmap_args(a, call, method, account, &args, err);

	if (rc < 0)
		return rc;
	rc = jmap_may_state(&t, args, "oldState", &set.old_state);
	if (rc == 0)
		rc = jmap_may_state(&t, args, "newState", &set.new_state);
	if (rc == 0)
		*ret = set;
	return rc;
}

/* Did the server say no? A failed call says no to every object. */
static bool refused(
	const struct jmap_answer *a, unsigned call, const char *map, struct gw_slice id, struct jmap_failure *ret)
{
	struct json_value error;

	jmap_call_failure(a, call, ret);
	if (ret->kind != JMAP_OK)
		return true;
	error = json_member(json_member(jmap_args_of(a, call), gw_slice_str(map)), id);
	if (json_type(error) == JSON_ABSENT)
		return false;
	jmap_failure_read(error, ret);
	return true;
}

void jmap_object_updated(const struct jmap_answer *a, unsigned call, struct gw_slice id, struct jmap_failure *ret)
{
	struct json_value updated;

	if (refused(a, call, "notUpdated", id, ret))
		return;
	updated = json_member(jmap_args_of(a, call), GW_S("updated"));
	if (json_type(json_member(updated, id)) == JSON_ABSENT)
		jmap_failure_corrupt(GW_S("nothing of an update"), ret);
}

void jmap_object_destroyed(const struct jmap_answer *a, unsigned call, struct gw_slice id, struct jmap_failure *ret)
{
	if (refused(a, call, "notDestroyed", id, ret))
		return;
	if (!json_holds(json_member(jmap_args_of(a, call), GW_S("destroyed")), id))
		jmap_failure_corrupt(GW_S("nothing of a removal"), ret);
}

/* Email/copy of Cyrus writes a blobId that is none: what it says of blobs is not passed on. */
static int take_created(const struct jmap_taker *t, struct json_value v, struct jmap_created *ret)
{
	int rc = jmap_want_id(t, v, "id", &ret->id);

	if (rc == 0)
		rc = jmap_may_id(t, v, "blobId", &ret->blob);
	if (rc == 0)
		rc = jmap_may_id(t, v, "threadId", &ret->thread);
	return rc == 0 ? jmap_may_uint(t, v, "size", &ret->size) : rc;
}

void jmap_object_created(const struct jmap_answer *a, unsigned call, const char *creation, struct gw_arena *arena,
	struct jmap_created *ret, struct jmap_failure *failure)
{
	struct jmap_taker t = { "created", arena, NULL };
	struct jmap_created c = { 0 };
	struct json_value created;

	if (refused(a, call, "notCreated", gw_slice_str(creation), failure))
		return;
	created = json_member(json_member(jmap_args_of(a, call), GW_S("created")), gw_slice_str(creation));
	if (json_type(created) != JSON_OBJECT || take_created(&t, created, &c) < 0) {
		jmap_failure_corrupt(GW_S("nothing of what was to be made"), failure);
		return;
	}
	if (jmap_answers(a, call, "/copy"))
		c.blob = GW_S("");
	*ret = c;
}

int jmap_upload_read(struct gw_slice text, struct gw_slice account, struct gw_arena *arena, struct gw_slice *ret_blob,
	uint64_t *ret_size, struct gw_err *err)
{
	struct jmap_taker t = { "an upload's answer", arena, err };
	struct json *json;
	int rc = json_read(text, &json, err);

	if (rc < 0)
		return rc;
	if (!gw_slice_eq(json_text(json_member(json_root(json), GW_S("accountId"))), account))
		rc = gw_fail(err, GW_ECORRUPT, "an upload went to another account than %.*s", GW_FMT(account));
	if (rc == 0)
		rc = jmap_want_id(&t, json_root(json), "blobId", ret_blob);
	if (rc == 0)
		rc = jmap_want_uint(&t, json_root(json), "size", ret_size);
	json_free(json);
	return rc;
}

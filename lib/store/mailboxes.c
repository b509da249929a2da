/* mailboxes.c - the calls of store.h about mailboxes: names, rights, annotations, quota, news (see store.c) */
#include "store/names.h"
#include "store/timed.h"

int gw_acct_list(struct gw_acct *a, struct gw_arena *arena, struct gw_mailbox **ret, size_t *ret_n, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return store_spent(a, GW_CALL_LIST, t, a->ops->list(a, arena, ret, ret_n, err));
}

int gw_acct_list_remote(struct gw_acct *a, struct gw_arena *arena, struct gw_mailbox **ret, size_t *ret_n, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	if (!a->ops->list_remote)
		return gw_acct_list(a, arena, ret, ret_n, err);
	return store_spent(a, GW_CALL_LIST, t, a->ops->list_remote(a, arena, ret, ret_n, err));
}

const char *gw_acct_remote(const struct gw_acct *a, struct gw_slice name)
{
	return a->ops->remote ? a->ops->remote(a, name) : NULL;
}

int gw_acct_find(
	struct gw_acct *a, struct gw_arena *arena, struct gw_slice name, struct gw_mailbox *ret, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);
	char buf[GW_MAILBOX_NAME_MAX];
	int rc = mailbox_name_known(&name, buf, err);

	return rc < 0 ? rc : store_spent(a, GW_CALL_FIND, t, a->ops->find(a, arena, name, ret, err));
}

int gw_acct_create(
	struct gw_acct *a, struct gw_slice name, unsigned special, struct gw_mbox_id *ret, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);
	char buf[GW_MAILBOX_NAME_MAX];
	int rc = mailbox_name_new(&name, buf, err);

	return rc < 0 ? rc : store_spent(a, GW_CALL_CREATE, t, a->ops->create(a, name, special & GW_MBOX_SPECIAL, ret, err));
}

int gw_acct_delete(struct gw_acct *a, struct gw_slice name, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);
	char buf[GW_MAILBOX_NAME_MAX];
	int rc = mailbox_name_known(&name, buf, err);

	return rc < 0 ? rc : store_spent(a, GW_CALL_DELETE, t, a->ops->remove(a, name, err));
}

int gw_acct_rename(struct gw_acct *a, struct gw_slice from, struct gw_slice to, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);
	char from_buf[GW_MAILBOX_NAME_MAX], to_buf[GW_MAILBOX_NAME_MAX];
	int rc = mailbox_name_known(&from, from_buf, err);

	if (rc == 0)
		rc = mailbox_name_new(&to, to_buf, err);
	return rc < 0 ? rc : store_spent(a, GW_CALL_RENAME, t, a->ops->rename(a, from, to, err));
}

int gw_acct_subscribe(struct gw_acct *a, struct gw_slice name, bool on, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);
	char buf[GW_MAILBOX_NAME_MAX];
	int rc = mailbox_name_new(&name, buf, err);

	return rc < 0 ? rc : store_spent(a, GW_CALL_SUBSCRIBE, t, a->ops->subscribe(a, name, on, err));
}

/* ---- rights ---- */

bool gw_acct_has_rights(const struct gw_acct *a)
{
	return a->ops->may;
}

int gw_mbox_may(struct gw_acct *a, struct gw_mbox_id id, unsigned *ret, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	if (!gw_acct_has_rights(a))
		return gw_fail(err, GW_ENOTSUP, "the store does not tell rights");
	return store_spent(a, GW_CALL_MAY, t, a->ops->may(a, id, ret, err));
}

/* ---- annotations ---- */

bool gw_acct_has_metadata(const struct gw_acct *a)
{
	return a->ops->metadata_get;
}

static int no_metadata(struct gw_err *err)
{
	return gw_fail(err, GW_ENOTSUP, "the store keeps no annotations");
}

int gw_metadata_get(struct gw_acct *a, const struct gw_mbox_id *id, struct gw_arena *arena, struct gw_metadata **ret,
		    size_t *ret_n, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	if (!gw_acct_has_metadata(a))
		return no_metadata(err);
	return store_spent(a, GW_CALL_METADATA_GET, t, a->ops->metadata_get(a, id, arena, ret, ret_n, err));
}

int gw_metadata_set(struct gw_acct *a, const struct gw_mbox_id *id, const struct gw_metadata *v, size_t n,
		    struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	if (!gw_acct_has_metadata(a))
		return no_metadata(err);
	return store_spent(a, GW_CALL_METADATA_SET, t, a->ops->metadata_set(a, id, v, n, err));
}

int gw_mbox_set_special(struct gw_acct *a, struct gw_mbox_id id, unsigned special, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	if (!a->ops->set_special)
		return gw_fail(err, GW_ENOTSUP, "the store gives special uses to new mailboxes only");
	return store_spent(a, GW_CALL_METADATA_SET, t, a->ops->set_special(a, id, special & GW_MBOX_SPECIAL, err));
}

int gw_metadata_marks(struct gw_acct *a, struct gw_arena *arena, struct gw_metadata_mark **ret, size_t *ret_n,
		      struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	if (!gw_acct_has_metadata(a))
		return no_metadata(err);
	return store_spent(a, GW_CALL_METADATA_GET, t, a->ops->metadata_marks(a, arena, ret, ret_n, err));
}

/* ---- quota ---- */

int gw_acct_quota(struct gw_acct *a, struct gw_quota *ret, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return store_spent(a, GW_CALL_QUOTA, t, a->ops->quota(a, ret, err));
}

bool gw_acct_sets_quota(const struct gw_acct *a)
{
	return a->ops->quota_set != NULL;
}

static int no_limits(struct gw_err *err)
{
	return gw_fail(err, GW_ENOTSUP, "the storage server sets the limits of its accounts");
}

int gw_acct_quota_of(struct gw_acct *a, struct gw_slice user, struct gw_quota *ret, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return a->ops->quota_of ? store_spent(a, GW_CALL_QUOTA, t, a->ops->quota_of(a, user, ret, err)) : no_limits(err);
}

int gw_acct_quota_set(struct gw_acct *a, struct gw_slice user, const struct gw_limits *limits, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return a->ops->quota_set ? store_spent(a, GW_CALL_QUOTA_SET, t, a->ops->quota_set(a, user, limits, err)) : no_limits(err);
}

/* ---- news ---- */

const char *gw_acct_bell(struct gw_acct *a, struct gw_mbox_id id)
{
	return a->ops->bell(a, id);
}

bool gw_acct_polls(const struct gw_acct *a)
{
	return a->ops->poll != NULL;
}

int gw_acct_poll(struct gw_acct *a, struct gw_mbox_id id, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return a->ops->poll ? store_spent(a, GW_CALL_POLL, t, a->ops->poll(a, id, err)) : 0;
}

void gw_acct_watch(struct gw_acct *a, struct gw_mbox_id id, bool on)
{
	if (a->ops->watch)
		a->ops->watch(a, id, on);
}

int gw_acct_lock_maildrop(struct gw_acct *a, struct gw_err *err)
{
	uint64_t t = store_begin(a->store);

	return store_spent(a, GW_CALL_LOCK_MAILDROP, t, a->ops->lock_maildrop(a, err));
}

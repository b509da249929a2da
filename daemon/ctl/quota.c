/* quota.c - orders about the limits of accounts and what is used of them, as jobs (see ctl.h) */
#include "daemon/ctl/ctl.h"

#include "store/admin.h"

#define LIST_PAGE 256u /* accounts read at a time */

/* Hundredths of a limit; it is given only when there is one. */
static void put_percent(struct gw_json *j, const char *key, uint64_t used, uint64_t limit)
{
	if (limit)
		gw_json_u64(j, key, (uint64_t)((double)used * 100.0 / (double)limit));
	else
		gw_json_str(j, key, NULL);
}

typedef int (*user_fn)(struct ctl_work *w, const char *name, struct gw_err *err);

/* The account that is asked for, or all. One that goes away meanwhile is left out of all. */
static int for_users(struct ctl_work *w, user_fn fn, struct gw_err *err)
{
	struct gw_slice one = gw_ctl_slice(w->r, "user");
	char after[GW_USER_NAME_MAX + 1] = "";
	struct gw_arena arena;
	struct gw_user *v;
	size_t n = LIST_PAGE;
	int rc = 0;

	gw_arena_init(&arena, 0, 0);
	if (one.n)
		rc = fn(w, gw_arena_str(&arena, one), err);
	while (!one.n && rc == 0 && n == LIST_PAGE && !ctl_work_stopped(w)) {
		gw_arena_reset(&arena);
		rc = gw_admin_user_list(w->store, &arena, gw_slice_str(after), LIST_PAGE, &v, &n, err);
		for (size_t i = 0; rc == 0 && i < n && !ctl_work_stopped(w); i++) {
			rc = fn(w, v[i].name, err);
			rc = rc == GW_ENOENT ? 0 : rc;
		}
		if (rc == 0 && n)
			strcpy(after, v[n - 1].name); /* names are no longer than that */
	}
	gw_arena_done(&arena);
	if (rc == 0 && w->broken)
		rc = gw_fail(err, GW_EINTR, "cancelled");
	if (rc == 0)
		gw_ctl_ok_empty(&w->reply);
	return rc;
}

static int show_one(struct ctl_work *w, const char *name, struct gw_err *err)
{
	struct gw_usage u;
	struct gw_json *j;
	int rc = gw_admin_user_usage(w->store, gw_slice_str(name), &u, err);

	if (rc < 0)
		return rc;
	j = gw_ctl_row(&w->reply);
	gw_json_str(j, "name", name);
	gw_json_u64(j, "size", u.quota.storage_used);
	gw_json_u64(j, "storage_limit", u.quota.storage_limit);
	put_percent(j, "storage_percent", u.quota.storage_used, u.quota.storage_limit);
	gw_json_u64(j, "messages", u.quota.messages_used);
	gw_json_u64(j, "messages_limit", u.quota.messages_limit);
	put_percent(j, "messages_percent", u.quota.messages_used, u.quota.messages_limit);
	gw_json_u64(j, "mailboxes", u.quota.mailboxes_used);
	gw_json_u64(j, "mailboxes_limit", u.quota.mailboxes_limit);
	put_percent(j, "mailboxes_percent", u.quota.mailboxes_used, u.quota.mailboxes_limit);
	gw_json_u64(j, "annotations", u.quota.annotations_used);
	gw_json_u64(j, "annotations_limit", u.quota.annotations_limit);
	put_percent(j, "annotations_percent", u.quota.annotations_used, u.quota.annotations_limit);
	ctl_work_row(w, false);
	return 0;
}

static int recalculate_one(struct ctl_work *w, const char *name, struct gw_err *err)
{
	struct gw_quota was, now;
	struct gw_json *j;
	int rc = gw_admin_quota_recalculate(w->store, gw_slice_str(name), &was, &now, err);

	if (rc < 0)
		return rc;
	j = gw_ctl_row(&w->reply);
	gw_json_str(j, "name", name);
	gw_json_u64(j, "size", now.storage_used);
	gw_json_i64(j, "size_difference", (int64_t)(now.storage_used - was.storage_used));
	gw_json_u64(j, "messages", now.messages_used);
	gw_json_i64(j, "messages_difference", (int64_t)(now.messages_used - was.messages_used));
	ctl_work_row(w, false);
	return 0;
}

static int work_show(struct ctl_work *w, struct gw_err *err)
{
	return for_users(w, show_one, err);
}

static int work_recalculate(struct ctl_work *w, struct gw_err *err)
{
	return for_users(w, recalculate_one, err);
}

/* A limit that is not given stays. */
static int work_set(struct ctl_work *w, struct gw_err *err)
{
	struct gw_slice name = gw_ctl_slice(w->r, "user");
	struct gw_arena arena;
	struct gw_user u;
	int rc;

	gw_arena_init(&arena, 0, 0);
	rc = gw_admin_user_show(w->store, &arena, name, &u, err);
	if (rc == 0) {
		u.limits.storage = gw_ctl_number(w->r, "storage", u.limits.storage);
		u.limits.messages = gw_ctl_number(w->r, "messages", u.limits.messages);
		u.limits.mailboxes = gw_ctl_number(w->r, "mailboxes", u.limits.mailboxes);
		u.limits.annotations = gw_ctl_number(w->r, "annotations", u.limits.annotations);
		rc = gw_admin_user_quota(w->store, name, &u.limits, err);
	}
	gw_arena_done(&arena);
	if (rc == 0)
		gw_ctl_ok_empty(&w->reply);
	return rc;
}

const struct ctl_handler ctl_handlers_quota[] = {
	{ "quota show", .work = work_show },
	{ "quota set", .work = work_set },
	{ "quota recalculate", .work = work_recalculate },
	{ 0 },
};

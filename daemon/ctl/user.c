/* user.c - orders about accounts, as jobs (see ctl.h) */
#include "daemon/ctl/ctl.h"

#include "store/admin.h"

#define LIST_PAGE 256u /* accounts read at a time */

static void put_user(struct ctl_work *w, const struct gw_user *u)
{
	struct gw_json *j = gw_ctl_row(&w->reply);

	gw_json_str(j, "name", u->name);
	gw_json_bool(j, "enabled", u->enabled);
	gw_json_str(j, "disabled_features", u->disabled_features);
	gw_json_str(j, "scheme", u->scheme);
	gw_json_bool(j, "scram", u->has_scram);
	gw_json_u64(j, "storage_limit", u->storage_limit);
	gw_json_u64(j, "messages_limit", u->messages_limit);
	gw_json_i64(j, "created", u->created);
	gw_json_i64(j, "changed", u->changed);
	ctl_work_row(w, false);
}

static int work_list(struct ctl_work *w, struct gw_err *err)
{
	struct gw_slice after = gw_ctl_slice(w->r, "after");
	uint64_t left = gw_ctl_number(w->r, "max", UINT64_MAX), rows = 0;
	char last[GW_USER_NAME_MAX + 1];
	size_t n = LIST_PAGE;
	int rc = 0;

	for (bool more = left > 0; more && rc == 0 && !ctl_work_stopped(w);) {
		size_t page = left < LIST_PAGE ? (size_t)left : LIST_PAGE;
		struct gw_user *users = NULL;
		struct gw_arena arena;

		gw_arena_init(&arena, 0, 0);
		rc = gw_admin_user_list(w->store, &arena, after, page, &users, &n, err);
		for (size_t i = 0; rc == 0 && i < n; i++)
			put_user(w, &users[i]);
		if (rc == 0 && n) {
			after = gw_slice(last, strnlen(users[n - 1].name, sizeof last));
			memcpy(last, users[n - 1].name, after.n);
			rows += n;
			left -= n;
		}
		more = rc == 0 && n == page && left > 0;
		gw_arena_done(&arena);
	}
	if (rc == 0 && w->broken)
		rc = gw_fail(err, GW_EINTR, "cancelled");
	if (rc == 0) {
		gw_json_u64(gw_ctl_ok(&w->reply), "users", rows);
		gw_ctl_end(&w->reply);
	}
	return rc;
}

static int work_show(struct ctl_work *w, struct gw_err *err)
{
	struct gw_arena arena;
	struct gw_user user;
	int rc;

	gw_arena_init(&arena, 0, 0);
	rc = gw_admin_user_show(w->store, &arena, gw_ctl_slice(w->r, "name"), &user, err);
	if (rc == 0) {
		put_user(w, &user);
		gw_ctl_ok_empty(&w->reply);
	}
	gw_arena_done(&arena);
	return rc;
}

/* The account with all that was asked for, or none. */
static int add_user(struct ctl_work *w, const struct gw_user_password *pw, struct gw_err *err)
{
	struct gw_slice name = gw_ctl_slice(w->r, "name");
	uint64_t storage = gw_ctl_number(w->r, "storage", 0), messages = gw_ctl_number(w->r, "messages", 0);
	int rc = gw_admin_user_add(w->store, name, pw, err);

	if (rc < 0)
		return rc;
	if (gw_ctl_slice(w->r, "disabled").n)
		rc = gw_admin_user_features(w->store, name, gw_ctl_slice(w->r, "disabled"), err);
	if (rc == 0 && (storage || messages))
		rc = gw_admin_user_quota(w->store, name, storage, messages, err);
	if (rc < 0)
		gw_admin_user_delete(w->store, name, true, NULL);
	return rc;
}

static int done(struct ctl_work *w, int rc)
{
	if (rc == 0)
		gw_ctl_ok_empty(&w->reply);
	return rc;
}

static struct gw_user_password password(const struct ctl_work *w)
{
	return (struct gw_user_password){ gw_ctl_slice(w->r, "password"), gw_ctl_slice(w->r, "hash") };
}

static struct gw_slice name_of(const struct ctl_work *w)
{
	return gw_ctl_slice(w->r, "name");
}

static int work_add(struct ctl_work *w, struct gw_err *err)
{
	const struct gw_user_password pw = password(w);

	return done(w, add_user(w, &pw, err));
}

static int work_passwd(struct ctl_work *w, struct gw_err *err)
{
	const struct gw_user_password pw = password(w);

	return done(w, gw_admin_user_passwd(w->store, name_of(w), &pw, err));
}

static int work_enable(struct ctl_work *w, struct gw_err *err)
{
	return done(w, gw_admin_user_enable(w->store, name_of(w), true, err));
}

static int work_disable(struct ctl_work *w, struct gw_err *err)
{
	return done(w, gw_admin_user_enable(w->store, name_of(w), false, err));
}

static int work_features(struct ctl_work *w, struct gw_err *err)
{
	return done(w, gw_admin_user_features(w->store, name_of(w), gw_ctl_slice(w->r, "disabled"), err));
}

static int work_quota(struct ctl_work *w, struct gw_err *err)
{
	return done(w, gw_admin_user_quota(w->store, name_of(w), gw_ctl_number(w->r, "storage", 0),
					   gw_ctl_number(w->r, "messages", 0), err));
}

static int work_rename(struct ctl_work *w, struct gw_err *err)
{
	return done(w, gw_admin_user_rename(w->store, name_of(w), gw_ctl_slice(w->r, "to"), err));
}

static int work_delete(struct ctl_work *w, struct gw_err *err)
{
	return done(w, gw_admin_user_delete(w->store, name_of(w), gw_ctl_flag(w->r, "confirm"), err));
}

/* An account that is going away takes its sessions with it. */
static void end_sessions(struct ctl_client *c)
{
	if (gw_ctl_flag(&c->request, "confirm"))
		ctl_kick_user(c->s, gw_ctl_slice(&c->request, "name"));
}

const struct ctl_handler ctl_handlers_user[] = {
	{ "user add", .work = work_add },
	{ "user passwd", .work = work_passwd },
	{ "user list", .work = work_list },
	{ "user show", .work = work_show },
	{ "user enable", .work = work_enable },
	{ "user disable", .work = work_disable },
	{ "user features", .work = work_features },
	{ "user quota", .work = work_quota },
	{ "user rename", .work = work_rename },
	{ "user delete", .work = work_delete, .around = end_sessions },
	{ 0 },
};

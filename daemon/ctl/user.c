/* user.c - orders about accounts, as jobs (see ctl.h) */
#include "daemon/ctl/ctl.h"

#include "store/admin.h"
#include "util/clock.h"
#include "util/glob.h"


#define LIST_PAGE 256u /* accounts read at a time */

/* ---- rows ---- */

static void put_time(struct gw_json *j, const char *key, int64_t t)
{
	if (t)
		gw_json_i64(j, key, t);
	else
		gw_json_str(j, key, NULL);
}

static void put_user(struct gw_json *j, const struct gw_user *u)
{
	gw_json_str(j, "name", u->name);
	gw_json_bool(j, "enabled", u->enabled);
	gw_json_str(j, "disabled_features", u->disabled_features);
	gw_json_str(j, "scheme", u->scheme);
	gw_json_bool(j, "scram", u->has_scram);
	gw_json_u64(j, "storage_limit", u->limits.storage);
	gw_json_u64(j, "messages_limit", u->limits.messages);
	gw_json_str(j, "moved_to", *u->moved.server ? u->moved.server : NULL);
	gw_json_str(j, "moved_as", *u->moved.server ? u->moved.user : NULL);
	gw_json_i64(j, "created", u->created);
	gw_json_i64(j, "changed", u->changed);
	put_time(j, "last_login", u->last_login);
}

static void put_usage(struct gw_json *j, const struct gw_usage *u)
{
	gw_json_u64(j, "size", u->quota.storage_used);
	gw_json_u64(j, "messages", u->quota.messages_used);
	gw_json_u64(j, "mailboxes", u->quota.mailboxes_used);
	gw_json_u64(j, "disk", u->disk);
}

/* ---- list ---- */

struct filter {
	struct gw_slice pattern; /* of the name; empty: any */
	bool enabled, disabled, over, never, usage;
	int64_t before; /* signed on last before this time; INT64_MAX: any */
	uint64_t left, rows;
};

static void filter_init(struct filter *f, const struct gw_ctl_request *r)
{
	uint64_t span = gw_ctl_number(r, "inactive", 0);

	*f = (struct filter){ .pattern = gw_ctl_slice(r, "match"),
		.over = gw_ctl_flag(r, "over"), .never = gw_ctl_flag(r, "never"),
		.usage = gw_ctl_flag(r, "usage"), .before = INT64_MAX, .left = gw_ctl_number(r, "max", UINT64_MAX) };
	if (gw_ctl_given(r, "enabled"))
		*(gw_ctl_flag(r, "enabled") ? &f->enabled : &f->disabled) = true;
	if (span)
		f->before = gw_wall_s(gw_clock_system()) - (int64_t)(span < INT32_MAX ? span : INT32_MAX);
}

static bool is_over(const struct gw_quota *q)
{
	return (q->storage_limit && q->storage_used > q->storage_limit) ||
	       (q->messages_limit && q->messages_used > q->messages_limit) ||
	       (q->mailboxes_limit && q->mailboxes_used > q->mailboxes_limit) ||
	       (q->annotations_limit && q->annotations_used > q->annotations_limit);
}

/* What the row alone tells. */
static bool row_fits(const struct filter *f, const struct gw_user *u)
{
	if ((f->enabled && !u->enabled) || (f->disabled && u->enabled))
		return false;
	if ((f->never && u->last_login) || (f->before != INT64_MAX && u->last_login >= f->before))
		return false;
	return f->pattern.n == 0 || gw_glob(f->pattern, gw_slice_str(u->name));
}

/* An account that goes away while we look at it is left out. */
static int list_one(struct ctl_work *w, struct filter *f, const struct gw_user *u, struct gw_err *err)
{
	struct gw_usage usage;
	struct gw_json *j;
	int rc = 0;

	if (!row_fits(f, u))
		return 0;
	if (f->usage || f->over)
		rc = gw_admin_user_usage(w->store, gw_slice_str(u->name), &usage, err);
	if (rc < 0)
		return rc == GW_ENOENT ? 0 : rc;
	if (f->over && !is_over(&usage.quota))
		return 0;
	j = gw_ctl_row(&w->reply);
	put_user(j, u);
	if (f->usage || f->over)
		put_usage(j, &usage);
	ctl_work_row(w, false);
	f->rows++;
	f->left--;
	return 0;
}

/* One page behind *after, which is moved on. 1: there may be more; 0: that was all; or a code. */
static int list_page(struct ctl_work *w, struct filter *f, char after[GW_USER_NAME_MAX + 1], struct gw_err *err)
{
	struct gw_user *users = NULL;
	struct gw_arena arena;
	size_t n = 0;
	int rc;

	gw_arena_init(&arena, 0, 0);
	rc = gw_admin_user_list(w->store, &arena, gw_slice_str(after), LIST_PAGE, &users, &n, err);
	for (size_t i = 0; rc == 0 && i < n && f->left && !ctl_work_stopped(w); i++)
		rc = list_one(w, f, &users[i], err);
	if (rc == 0 && n)
		strcpy(after, users[n - 1].name); /* names are no longer than that */
	gw_arena_done(&arena);
	return rc < 0 ? rc : n == LIST_PAGE && f->left;
}

static int work_list(struct ctl_work *w, struct gw_err *err)
{
	struct gw_slice from = gw_ctl_slice(w->r, "after");
	char after[GW_USER_NAME_MAX + 1] = "";
	struct filter f;
	int rc;

	if (from.n > GW_USER_NAME_MAX)
		return gw_fail(err, GW_EINVAL, "after: a user name has at most %d bytes", GW_USER_NAME_MAX);
	if (from.n)
		memcpy(after, from.p, from.n);
	filter_init(&f, w->r);
	do
		rc = f.left ? list_page(w, &f, after, err) : 0;
	while (rc > 0 && !ctl_work_stopped(w));
	if (rc >= 0 && w->broken)
		rc = gw_fail(err, GW_EINTR, "cancelled");
	if (rc >= 0) {
		gw_json_u64(gw_ctl_ok(&w->reply), "users", f.rows);
		gw_ctl_end(&w->reply);
	}
	return rc < 0 ? rc : 0;
}

static int work_show(struct ctl_work *w, struct gw_err *err)
{
	struct gw_slice name = gw_ctl_slice(w->r, "name");
	struct gw_usage usage;
	struct gw_arena arena;
	struct gw_user user;
	struct gw_json *j;
	int rc;

	gw_arena_init(&arena, 0, 0);
	rc = gw_admin_user_show(w->store, &arena, name, &user, err);
	if (rc == 0)
		rc = gw_admin_user_usage(w->store, name, &usage, err);
	if (rc == 0) {
		j = gw_ctl_row(&w->reply);
		put_user(j, &user);
		put_usage(j, &usage);
		gw_json_u64(j, "sessions", ctl_work_sessions(w, gw_slice_str(user.name)));
		ctl_work_row(w, false);
		gw_ctl_ok_empty(&w->reply);
	}
	gw_arena_done(&arena);
	return rc;
}

/* ---- changes ---- */

/* The account with all that was asked for, or none. */
static int add_user(struct ctl_work *w, const struct gw_user_password *pw, struct gw_err *err)
{
	struct gw_slice name = gw_ctl_slice(w->r, "name");
	const struct gw_limits l = { .storage = gw_ctl_number(w->r, "storage", 0), .messages = gw_ctl_number(w->r, "messages", 0) };
	int rc = gw_admin_user_add(w->store, name, pw, err);

	if (rc < 0)
		return rc;
	if (gw_ctl_slice(w->r, "disabled").n)
		rc = gw_admin_user_features(w->store, name, gw_ctl_slice(w->r, "disabled"), err);
	if (rc == 0 && (l.storage || l.messages))
		rc = gw_admin_user_quota(w->store, name, &l, err);
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

/* The answer to an order that ended sessions. */
static int ended(struct ctl_work *w, unsigned sessions)
{
	gw_json_u64(gw_ctl_ok(&w->reply), "sessions", sessions);
	gw_ctl_end(&w->reply);
	return 0;
}

static int kick_if_asked(struct ctl_work *w)
{
	return ended(w, gw_ctl_flag(w->r, "kick") ? ctl_work_end_sessions(w, name_of(w)) : 0);
}

static int work_passwd(struct ctl_work *w, struct gw_err *err)
{
	const struct gw_user_password pw = password(w);
	int rc = gw_admin_user_passwd(w->store, name_of(w), &pw, err);

	return rc < 0 ? rc : kick_if_asked(w);
}

static int work_enable(struct ctl_work *w, struct gw_err *err)
{
	return done(w, gw_admin_user_enable(w->store, name_of(w), true, err));
}

static int work_disable(struct ctl_work *w, struct gw_err *err)
{
	int rc = gw_admin_user_enable(w->store, name_of(w), false, err);

	return rc < 0 ? rc : kick_if_asked(w);
}

static int work_features(struct ctl_work *w, struct gw_err *err)
{
	return done(w, gw_admin_user_features(w->store, name_of(w), gw_ctl_slice(w->r, "disabled"), err));
}

static int work_move(struct ctl_work *w, struct gw_err *err)
{
	int rc = gw_admin_user_move(w->store, name_of(w), gw_ctl_slice(w->r, "to"), gw_ctl_slice(w->r, "as"), err);

	return rc < 0 ? rc : kick_if_asked(w);
}

/* Those of other resources stay. */
static int work_quota(struct ctl_work *w, struct gw_err *err)
{
	struct gw_arena arena;
	struct gw_user u;
	int rc;

	gw_arena_init(&arena, 0, 0);
	rc = gw_admin_user_show(w->store, &arena, name_of(w), &u, err);
	if (rc == 0) {
		u.limits.storage = gw_ctl_number(w->r, "storage", 0);
		u.limits.messages = gw_ctl_number(w->r, "messages", 0);
		rc = gw_admin_user_quota(w->store, name_of(w), &u.limits, err);
	}
	gw_arena_done(&arena);
	return done(w, rc);
}

/* From the renaming on nobody signs on under the old name any more: who does so before is ended after it. */
static int work_rename(struct ctl_work *w, struct gw_err *err)
{
	int rc = gw_admin_user_rename(w->store, name_of(w), gw_ctl_slice(w->r, "to"), err);

	return rc < 0 ? rc : ended(w, ctl_work_end_sessions(w, name_of(w)));
}

/* Nobody signs on any more, nobody is signed on: then the mail goes. Killed in between, the account is there, disabled. */
static int work_delete(struct ctl_work *w, struct gw_err *err)
{
	bool confirmed = gw_ctl_flag(w->r, "confirm");
	unsigned sessions = 0;
	int rc = confirmed ? gw_admin_user_enable(w->store, name_of(w), false, err) : 0;

	if (rc == 0 && confirmed)
		sessions = ctl_work_end_sessions(w, name_of(w));
	if (rc == 0)
		rc = gw_admin_user_delete(w->store, name_of(w), confirmed, err);
	return rc < 0 ? rc : ended(w, sessions);
}

const struct ctl_handler ctl_handlers_user[] = {
	{ "user add", .work = work_add },
	{ "user passwd", .work = work_passwd },
	{ "user list", .work = work_list },
	{ "user show", .work = work_show },
	{ "user enable", .work = work_enable },
	{ "user disable", .work = work_disable },
	{ "user features", .work = work_features },
	{ "user move", .work = work_move },
	{ "user quota", .work = work_quota },
	{ "user rename", .work = work_rename },
	{ "user delete", .work = work_delete },
	{ 0 },
};

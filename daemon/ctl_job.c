/* ctl_job.c - orders that need the store: accounts and maintenance (see ctl_server.h) */
#include "daemon/ctl_server.h"

#include "store/admin.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE 16384u       /* bytes of an answer sent at a time */
#define LIST_PAGE 256u     /* accounts read at a time */
#define STEP_PAUSE_MS 200u /* between rows of progress */

struct work {
	struct ctl_job *job;
	const struct gw_ctl_request *r;
	struct gw_store *store;
	struct gw_out out;
	struct gw_ctl_reply reply;
	uint64_t told_ms; /* when progress was told last */
	bool broken;      /* nobody reads any more, or we were told to stop */
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Were we told to stop? */
static bool stopped(struct work *w)
{
	char c;
	ssize_t n = recv(w->job->fd, &c, 1, MSG_DONTWAIT);

	if (n >= 0 || (errno != EAGAIN && errno != EINTR))
		w->broken = true;
	return w->broken;
}

static void flush(struct work *w)
{
	while (w->out.n) {
		struct gw_slice piece = gw_out_front(&w->out);
		ssize_t n = w->broken ? (ssize_t)piece.n : send(w->job->fd, piece.p, piece.n, MSG_NOSIGNAL);

		if (n > 0)
			gw_out_drop(&w->out, (size_t)n);
		else if (errno != EINTR)
			w->broken = true;
	}
}

/* ---- accounts ---- */

static void put_user(struct work *w, const struct gw_user *u)
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
	gw_ctl_end(&w->reply);
	if (w->out.n >= PIECE)
		flush(w);
}

static int list_users(struct work *w, struct gw_err *err)
{
	struct gw_slice after = gw_ctl_slice(w->r, "after");
	uint64_t left = gw_ctl_number(w->r, "max", UINT64_MAX), rows = 0;
	char last[GW_USER_NAME_MAX + 1];
	size_t n = LIST_PAGE;
	int rc = 0;

	for (bool more = left > 0; more && rc == 0 && !stopped(w);) {
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
	if (rc == 0) {
		gw_json_u64(gw_ctl_ok(&w->reply), "users", rows);
		gw_ctl_end(&w->reply);
	}
	return rc;
}

static int show_user(struct work *w, struct gw_err *err)
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
static int add_user(struct work *w, const struct gw_user_password *pw, struct gw_err *err)
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

static int change_user(struct work *w, struct gw_err *err)
{
	const struct gw_ctl_request *r = w->r;
	struct gw_slice name = gw_ctl_slice(r, "name");

	switch (r->verb->id) {
	case GW_CTL_USER_ADD:
	case GW_CTL_USER_PASSWD: {
		const struct gw_user_password pw = { gw_ctl_slice(r, "password"), gw_ctl_slice(r, "hash") };

		return r->verb->id == GW_CTL_USER_ADD ? add_user(w, &pw, err) :
							gw_admin_user_passwd(w->store, name, &pw, err);
	}
	case GW_CTL_USER_ENABLE:
	case GW_CTL_USER_DISABLE:
		return gw_admin_user_enable(w->store, name, r->verb->id == GW_CTL_USER_ENABLE, err);
	case GW_CTL_USER_FEATURES:
		return gw_admin_user_features(w->store, name, gw_ctl_slice(r, "disabled"), err);
	case GW_CTL_USER_QUOTA:
		return gw_admin_user_quota(w->store, name, gw_ctl_number(r, "storage", 0), gw_ctl_number(r, "messages", 0),
					   err);
	case GW_CTL_USER_RENAME:
		return gw_admin_user_rename(w->store, name, gw_ctl_slice(r, "to"), err);
	case GW_CTL_USER_DELETE:
		return gw_admin_user_delete(w->store, name, gw_ctl_flag(r, "confirm"), err);
	default:
		return gw_fail(err, GW_ENOTSUP, "\"%s\" is not known here", r->verb->name);
	}
}

/* ---- maintenance ---- */

static bool on_progress(void *ctx, const struct gw_maint_event *ev)
{
	static const char *const names[] = { "account", "step", "problem", "repaired" };
	struct work *w = ctx;
	struct gw_json *j;

	if (stopped(w))
		return false;
	if (ev->what == GW_MAINT_STEP) {
		if (now_ms() - w->told_ms < STEP_PAUSE_MS)
			return true;
		w->told_ms = now_ms();
	}
	j = gw_ctl_row(&w->reply);
	gw_json_str(j, "event", names[ev->what]);
	gw_json_str(j, "account", ev->account);
	if (ev->text)
		gw_json_str(j, "text", ev->text);
	if (ev->what == GW_MAINT_STEP) {
		gw_json_u64(j, "done", ev->done);
		gw_json_u64(j, "total", ev->total);
	}
	gw_ctl_end(&w->reply);
	flush(w);
	return !w->broken;
}

static void put_report(struct work *w, const struct gw_maint_report *report)
{
	struct gw_json *j = gw_ctl_ok(&w->reply);

	gw_json_u64(j, "accounts", report->accounts);
	gw_json_u64(j, "problems", report->problems);
	gw_json_u64(j, "repaired", report->repaired);
	gw_json_u64(j, "lost_messages", report->lost_messages);
	gw_ctl_end(&w->reply);
}

static int maintain(struct work *w, struct gw_err *err)
{
	const struct gw_maint m = { gw_ctl_slice(w->r, "user"), on_progress, w };
	struct gw_maint_report report = { 0 };
	enum gw_ctl_verb_id id = w->r->verb->id;
	struct gw_arena arena;
	int rc;

	if (id == GW_CTL_STORE_CHECK || id == GW_CTL_STORE_REPAIR) {
		rc = id == GW_CTL_STORE_CHECK ? gw_admin_check(w->store, &m, &report, err) :
						gw_admin_repair(w->store, &m, &report, err);
		if (rc == 0)
			put_report(w, &report);
		return rc;
	}
	gw_arena_init(&arena, 0, 0);
	rc = id == GW_CTL_STORE_BACKUP ?
		     gw_admin_backup(w->store, &m, gw_arena_str(&arena, gw_ctl_slice(w->r, "dir")), err) :
		     gw_admin_vacuum(w->store, &m, err);
	gw_arena_done(&arena);
	if (rc == 0)
		gw_ctl_ok_empty(&w->reply);
	return rc;
}

static int dispatch(struct work *w, struct gw_err *err)
{
	int rc;

	if (!w->store)
		return gw_fail(err, GW_EUNAVAIL, "the store cannot be opened; the log says why");
	switch (w->r->verb->id) {
	case GW_CTL_USER_LIST:
		return list_users(w, err);
	case GW_CTL_USER_SHOW:
		return show_user(w, err);
	case GW_CTL_STORE_CHECK:
	case GW_CTL_STORE_REPAIR:
	case GW_CTL_STORE_BACKUP:
	case GW_CTL_STORE_VACUUM:
		return maintain(w, err);
	default:
		rc = change_user(w, err);
		if (rc == 0)
			gw_ctl_ok_empty(&w->reply);
		return rc;
	}
}

void ctl_job_run(struct gwd *g, struct ctl_job *job)
{
	struct work w = { .job = job, .r = job->request, .store = g->store };
	struct gw_err err = { .text = "" };
	int rc;

	gw_out_init(&w.out);
	gw_ctl_reply_init(&w.reply, &w.out);
	rc = dispatch(&w, &err);
	if (rc < 0)
		gw_ctl_fail(&w.reply, &err);
	ctl_audit(g, job->who, job->request, rc < 0 ? err.text : "ok");
	flush(&w);
	gw_ctl_reply_done(&w.reply);
	gw_out_done(&w.out);
	close(job->fd);
}

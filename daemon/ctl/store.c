/* store.c - maintenance of the store, as jobs (see ctl.h) */
#include "daemon/ctl/ctl.h"

#include "store/admin.h"
#include "util/clock.h"

#define STEP_PAUSE_MS 200u /* between rows of progress */

struct progress {
	struct ctl_work *w;
	uint64_t told_ms; /* when progress was told last */
};

/* How far the whole is: known beforehand, so a rate and the time that is left can be worked out. */
static void put_whole(struct gw_json *j, const struct gw_maint_event *ev)
{
	gw_json_u64(j, "accounts_done", ev->accounts_done);
	gw_json_u64(j, "accounts", ev->accounts);
	gw_json_u64(j, "bytes_done", ev->bytes_done);
	gw_json_u64(j, "bytes", ev->bytes);
}

/* Progress is told now and then, what was found always. */
static bool on_progress(void *ctx, const struct gw_maint_event *ev)
{
	static const char *const names[] = { "account", "step", "problem", "repaired" };
	struct progress *p = ctx;
	struct ctl_work *w = p->w;
	struct gw_json *j;

	if (ctl_work_stopped(w))
		return false;
	if (ev->what == GW_MAINT_STEP || ev->what == GW_MAINT_ACCOUNT) {
		if (gw_mono_ms(gw_clock_system()) - p->told_ms < STEP_PAUSE_MS)
			return true;
		p->told_ms = gw_mono_ms(gw_clock_system());
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
	if (ev->what == GW_MAINT_STEP || ev->what == GW_MAINT_ACCOUNT)
		put_whole(j, ev);
	ctl_work_row(w, true);
	return !w->broken;
}

/* bad: the exit code of gwctl says that problems were found. */
static int put_report(struct ctl_work *w, const struct gw_maint_report *report, bool bad)
{
	struct gw_json *j = gw_ctl_ok(&w->reply);

	gw_json_u64(j, "accounts", report->accounts);
	gw_json_u64(j, "skipped", report->skipped);
	gw_json_u64(j, "problems", report->problems);
	gw_json_u64(j, "repaired", report->repaired);
	gw_json_u64(j, "lost_messages", report->lost_messages);
	if (bad)
		gw_json_u64(j, "exit", 1);
	gw_ctl_end(&w->reply);
	return 0;
}

static struct gw_maint maint_of(struct progress *p, bool resume)
{
	return (struct gw_maint){ .user = gw_ctl_slice(p->w->r, "user"), .progress = on_progress, .ctx = p, .resume = resume };
}

typedef int (*maint_call)(struct gw_store *s, const struct gw_maint *m, struct gw_maint_report *ret, struct gw_err *err);

static int maintain(struct ctl_work *w, maint_call call, bool problems_are_bad, struct gw_err *err)
{
	struct progress p = { .w = w };
	const struct gw_maint m = maint_of(&p, gw_ctl_flag(w->r, "resume"));
	struct gw_maint_report report = { 0 };
	int rc = call(w->store, &m, &report, err);

	return rc < 0 ? rc : put_report(w, &report, problems_are_bad && report.problems);
}

static int work_check(struct ctl_work *w, struct gw_err *err)
{
	return maintain(w, gw_admin_check, true, err);
}

static int work_repair(struct ctl_work *w, struct gw_err *err)
{
	return maintain(w, gw_admin_repair, false, err);
}

static int work_vacuum(struct ctl_work *w, struct gw_err *err)
{
	return maintain(w, gw_admin_vacuum, false, err);
}

static int work_reindex(struct ctl_work *w, struct gw_err *err)
{
	return maintain(w, gw_admin_reindex, false, err);
}

/* ---- backups ---- */

static int work_backup(struct ctl_work *w, struct gw_err *err)
{
	struct progress p = { .w = w };
	const struct gw_maint m = maint_of(&p, gw_ctl_flag(w->r, "update"));
	struct gw_maint_report report = { 0 };
	struct gw_arena arena;
	int rc;

	gw_arena_init(&arena, 0, 0);
	rc = gw_admin_backup(w->store, &m, gw_arena_str(&arena, gw_ctl_slice(w->r, "dir")), &report, err);
	gw_arena_done(&arena);
	return rc < 0 ? rc : put_report(w, &report, false);
}

static int work_verify(struct ctl_work *w, struct gw_err *err)
{
	struct progress p = { .w = w };
	const struct gw_maint m = maint_of(&p, false);
	struct gw_maint_report report = { 0 };
	struct gw_arena arena;
	int rc;

	gw_arena_init(&arena, 0, 0);
	rc = gw_admin_verify(w->store, &m, gw_arena_str(&arena, gw_ctl_slice(w->r, "dir")), &report, err);
	gw_arena_done(&arena);
	return rc < 0 ? rc : put_report(w, &report, report.problems > 0);
}

static void end_sessions(void *ctx, const char *user)
{
	const struct progress *p = ctx;

	ctl_work_end_sessions(p->w, gw_slice_str(user));
}

static int work_restore(struct ctl_work *w, struct gw_err *err)
{
	struct progress p = { .w = w };
	const struct gw_maint m = maint_of(&p, gw_ctl_flag(w->r, "resume"));
	struct gw_maint_report report = { 0 };
	struct gw_restore what = { .as = gw_ctl_slice(w->r, "as"), .replace = gw_ctl_flag(w->r, "replace"),
				   .end_sessions = end_sessions };
	struct gw_arena arena;
	int rc;

	gw_arena_init(&arena, 0, 0);
	what.dir = gw_arena_str(&arena, gw_ctl_slice(w->r, "dir"));
	rc = gw_admin_restore(w->store, &m, &what, &report, err);
	gw_arena_done(&arena);
	return rc < 0 ? rc : put_report(w, &report, false);
}

const struct ctl_handler ctl_handlers_store[] = {
	{ "store check", .work = work_check },     { "store repair", .work = work_repair },
	{ "store backup", .work = work_backup },   { "store verify", .work = work_verify },
	{ "store restore", .work = work_restore }, { "store vacuum", .work = work_vacuum },
	{ "store reindex", .work = work_reindex }, { 0 },
};

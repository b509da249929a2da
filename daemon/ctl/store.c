/* store.c - maintenance of the store, as jobs (see ctl.h) */
#include "daemon/ctl/ctl.h"

#include "store/admin.h"

#include <time.h>

#define STEP_PAUSE_MS 200u /* between rows of progress */

struct progress {
	struct ctl_work *w;
	uint64_t told_ms; /* when progress was told last */
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool on_progress(void *ctx, const struct gw_maint_event *ev)
{
	static const char *const names[] = { "account", "step", "problem", "repaired" };
	struct progress *p = ctx;
	struct ctl_work *w = p->w;
	struct gw_json *j;

	if (ctl_work_stopped(w))
		return false;
	if (ev->what == GW_MAINT_STEP) {
		if (now_ms() - p->told_ms < STEP_PAUSE_MS)
			return true;
		p->told_ms = now_ms();
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
	ctl_work_row(w, true);
	return !w->broken;
}

static void put_report(struct ctl_work *w, const struct gw_maint_report *report)
{
	struct gw_json *j = gw_ctl_ok(&w->reply);

	gw_json_u64(j, "accounts", report->accounts);
	gw_json_u64(j, "problems", report->problems);
	gw_json_u64(j, "repaired", report->repaired);
	gw_json_u64(j, "lost_messages", report->lost_messages);
	gw_ctl_end(&w->reply);
}

static struct gw_maint maint_of(struct progress *p)
{
	return (struct gw_maint){ .user = gw_ctl_slice(p->w->r, "user"), .progress = on_progress, .ctx = p };
}

static int examine(struct ctl_work *w, bool repair, struct gw_err *err)
{
	struct progress p = { .w = w };
	const struct gw_maint m = maint_of(&p);
	struct gw_maint_report report = { 0 };
	int rc = repair ? gw_admin_repair(w->store, &m, &report, err) : gw_admin_check(w->store, &m, &report, err);

	if (rc == 0)
		put_report(w, &report);
	return rc;
}

static int work_check(struct ctl_work *w, struct gw_err *err)
{
	return examine(w, false, err);
}

static int work_repair(struct ctl_work *w, struct gw_err *err)
{
	return examine(w, true, err);
}

static int work_backup(struct ctl_work *w, struct gw_err *err)
{
	struct progress p = { .w = w };
	const struct gw_maint m = maint_of(&p);
	struct gw_arena arena;
	int rc;

	gw_arena_init(&arena, 0, 0);
	rc = gw_admin_backup(w->store, &m, gw_arena_str(&arena, gw_ctl_slice(w->r, "dir")), err);
	gw_arena_done(&arena);
	if (rc == 0)
		gw_ctl_ok_empty(&w->reply);
	return rc;
}

static int work_vacuum(struct ctl_work *w, struct gw_err *err)
{
	struct progress p = { .w = w };
	const struct gw_maint m = maint_of(&p);
	int rc = gw_admin_vacuum(w->store, &m, err);

	if (rc == 0)
		gw_ctl_ok_empty(&w->reply);
	return rc;
}

const struct ctl_handler ctl_handlers_store[] = {
	{ "store check", .work = work_check },
	{ "store repair", .work = work_repair },
	{ "store backup", .work = work_backup },
	{ "store vacuum", .work = work_vacuum },
	{ 0 },
};

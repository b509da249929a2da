/* work.c - inside a job: its answer, and being told to stop (see ctl.h) */
#include "daemon/ctl/ctl.h"

#include <errno.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PIECE 16384u    /* bytes of an answer sent at a time */
#define LOOK_MS 10      /* between two looks at sessions that are to end */
#define AGAIN_LOOKS 50u /* after so many they are told once more */
#define END_LOOKS 500u  /* so many at most */

bool ctl_work_stopped(struct ctl_work *w)
{
	char c;
	ssize_t n = recv(w->job->fd, &c, 1, MSG_DONTWAIT);

	if (n >= 0 || (errno != EAGAIN && errno != EINTR))
		w->broken = true;
	return w->broken;
}

/* What is ready is sent also after we were told to stop: a client that cancelled still reads. */
static void flush(struct ctl_work *w)
{
	while (w->out.n) {
		struct gw_slice piece = gw_out_front(&w->out);
		ssize_t n = send(w->job->fd, piece.p, piece.n, MSG_NOSIGNAL);

		if (n > 0) {
			gw_out_drop(&w->out, (size_t)n);
		} else if (errno != EINTR) {
			w->broken = true;
			gw_out_done(&w->out);
		}
	}
}

void ctl_work_row(struct ctl_work *w, bool now)
{
	gw_ctl_end(&w->reply);
	if (now || w->out.n >= PIECE)
		flush(w);
}

/* ---- sessions ---- */

unsigned ctl_work_sessions(const struct ctl_work *w, struct gw_slice user)
{
	const struct registry *reg = &w->g->reg;
	unsigned n = 0;

	for (uint32_t i = 0; i < reg_high(reg); i++) {
		const struct reg_slot *slot = &reg->shared->slot[i];

		if (atomic_load_explicit(&slot->id, memory_order_acquire) && ctl_session_is(slot, user))
			n++;
	}
	return n;
}

void ctl_work_kick(struct ctl_work *w, struct gw_slice user)
{
	gw_out_char(&w->out, CTL_ORDER);
	gw_out_slice(&w->out, user);
	gw_out_char(&w->out, '\n');
	flush(w);
}

/* A session that signs on at this moment shows up a moment later: none must be seen twice. */
unsigned ctl_work_end_sessions(struct ctl_work *w, struct gw_slice user)
{
	const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };
	unsigned first = ctl_work_sessions(w, user), clean = 0;

	if (user.n == 0)
		return 0;
	for (unsigned i = 0; i < END_LOOKS && clean < 2; i++) {
		if (i % AGAIN_LOOKS == 0)
			ctl_work_kick(w, user);
		nanosleep(&pause, NULL);
		clean = ctl_work_sessions(w, user) ? 0 : clean + 1;
	}
	return first;
}

static int run(struct ctl_work *w, struct gw_err *err)
{
	if (!w->store && !w->job->handler->storeless)
		return gw_fail(err, GW_EUNAVAIL, "the store cannot be opened; the log says why");
	return w->job->handler->work(w, err);
}

void ctl_job_run(struct gwd *g, struct ctl_job *job)
{
	struct ctl_work w = { .job = job, .g = g, .r = job->request, .store = g->store, .passed = job->passed };
	struct gw_err err = { .text = "" };
	int rc;

	gw_out_init(&w.out);
	gw_ctl_reply_init(&w.reply, &w.out);
	rc = run(&w, &err);
	if (rc < 0)
		gw_ctl_fail(&w.reply, &err);
	ctl_audit(g, job->who, job->request, rc < 0 ? err.text : "ok", false);
	flush(&w);
	gw_ctl_reply_done(&w.reply);
	gw_out_done(&w.out);
	if (w.passed >= 0)
		close(w.passed);
	close(job->fd);
}

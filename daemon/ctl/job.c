/* job.c - requests that may block: started aside, their answers passed on (see ctl.h)
 *
 * This side is the main loop's; work.c is the job itself. */
#include "daemon/ctl/ctl.h"

#include "util/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_MAX 4096u
#define ORDER_MAX 1024u

static void *job_thread(void *arg)
{
	struct ctl_job *job = arg;

	ctl_job_run(job->g, job);
	return NULL;
}

static void job_child(struct gwd *g, void *arg)
{
	ctl_job_run(g, arg);
}

static int job_start(struct server *s, struct ctl_job *job)
{
	int rc;

	if (!s->g.fork_model) {
		rc = pthread_create(&job->thread, NULL, job_thread, job);
		if (rc == 0)
			pthread_setname_np(job->thread, "control");
		errno = rc;
		return rc == 0 ? 0 : -1;
	}
	job->pid = spawn_job(s, job_child, job);
	if (job->pid < 0)
		return -1;
	close(job->fd);
	job->fd = -1;
	if (job->passed >= 0)
		close(job->passed);
	job->passed = -1;
	return 0;
}

static void job_done(struct ctl_client *c)
{
	struct ctl_job *job = c->job;

	event_del(&job->event);
	close(job->main_fd);
	if (!c->s->g.fork_model)
		pthread_join(job->thread, NULL);
	if (job->first && job->first != CTL_ORDER)
		gw_out_char(&c->out, '\n');
	if (job->first || (job->last != 'O' && job->last != 'E'))
		gw_ctl_err(&c->reply, GW_EBUG, "the work ended unexpectedly; the log says why");
	if (job->handler->around)
		job->handler->around(c);
	gw_buf_done(&job->order);
	free(job);
	c->job = NULL;
	ctl_answered(c);
}

/* Lines that begin with CTL_ORDER are for the main loop: sessions of a user are to end. */
static void take_order(struct ctl_client *c, struct gw_slice piece, bool whole)
{
	struct gw_buf *order = &c->job->order;
	struct gw_slice user;

	gw_buf_add_slice(order, piece);
	if (!whole)
		return;
	user = gw_buf_slice(order);
	if (user.n > 2) /* the mark and the line's end */
		ctl_kick_user(c->s, gw_slice(user.p + 1, user.n - 2));
	order->n = 0;
}

/* Pass on what a job wrote, keeping an eye on where its lines begin. */
static void pass_on(struct ctl_client *c, const char *p, size_t n)
{
	struct ctl_job *job = c->job;

	while (n) {
		const char *end = memchr(p, '\n', n);
		size_t len = end ? (size_t)(end - p) + 1 : n;

		if (!job->first && *p != '\n')
			job->first = *p;
		if (job->first == CTL_ORDER)
			take_order(c, gw_slice(p, len), end != NULL);
		else if (!c->dead)
			gw_out_add(&c->out, p, len);
		if (end) {
			job->last = job->first == CTL_ORDER ? job->last : job->first;
			job->first = 0;
		}
		p += len;
		n -= len;
	}
}

static void on_job(evutil_socket_t fd, short what, void *arg)
{
	struct ctl_client *c = arg;
	char piece[READ_MAX];
	ssize_t n = 1;

	(void)what;
	while (n > 0 && !gw_out_full(&c->out)) {
		n = recv(fd, piece, sizeof piece, MSG_DONTWAIT);
		if (n > 0)
			pass_on(c, piece, (size_t)n);
	}
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		job_done(c);
	ctl_poke(c);
}

static void cannot_begin(struct ctl_client *c, struct ctl_job *job)
{
	gw_ctl_err(&c->reply, GW_ELIMIT, "cannot begin: %s", strerror(errno));
	if (job->passed >= 0)
		close(job->passed);
	free(job);
	c->job = NULL;
}

void ctl_job_begin(struct ctl_client *c)
{
	struct ctl_job *job = gw_xalloc(sizeof *job);
	int fds[2];

	*job = (struct ctl_job){ .g = &c->s->g, .request = &c->request, .handler = c->handler, .who = &c->who, .passed = c->passed };
	gw_buf_init(&job->order, ORDER_MAX);
	c->passed = -1;
	c->exit = 0;
	if (c->handler->around)
		c->handler->around(c);
	job->exit = c->exit;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
		cannot_begin(c, job);
		return;
	}
	job->fd = fds[1];
	job->main_fd = fds[0];
	c->job = job;
	if (job_start(c->s, job) < 0) {
		close(fds[0]);
		close(fds[1]);
		cannot_begin(c, job);
		return;
	}
	event_assign(&job->event, c->s->base, job->main_fd, EV_READ | EV_PERSIST, on_job, c);
	event_add(&job->event, NULL);
}

void ctl_job_tell(struct ctl_job *job)
{
	if (job->told)
		return;
	job->told = true;
	send(job->main_fd, "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void ctl_job_finish(struct ctl_client *c)
{
	char waste[READ_MAX];
	ssize_t n = 1;

	ctl_job_tell(c->job);
	while (n > 0 || (n < 0 && errno == EINTR)) {
		n = recv(c->job->main_fd, waste, sizeof waste, 0);
		if (n > 0)
			pass_on(c, waste, (size_t)n);
	}
	job_done(c);
}

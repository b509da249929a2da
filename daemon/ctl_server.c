/* ctl_server.c - the control socket: its clients, who they are, and the flow of bytes (see server.h, ctl_server.h)
 *
 * One request of a client at a time; what it sends meanwhile waits in the kernel. Nothing here waits for a client or a
 * job, except at the very end of the process. */
#include "daemon/ctl_server.h"

#include "daemon/conn.h"
#include "util/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_MAX 4096u
#define IDLE_S 3600      /* silence after which a client is let go */
#define GROUPS_MAX 256u
#define ARENA_MAX (64u * 1024)

static void update(struct ctl_client *c);

/* ---- who is there ---- */

static bool in_group(int fd, gid_t gid, gid_t group)
{
	gid_t groups[GROUPS_MAX];
	socklen_t n = sizeof groups;

	if (gid == group)
		return true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &n) != 0)
		return false;
	for (size_t i = 0; i < n / sizeof *groups; i++)
		if (groups[i] == group)
			return true;
	return false;
}

/* False: it cannot be told. */
static bool identify(const struct ctl_server *cs, int fd, enum gw_ctl_level *ret, char who[CTL_WHO_MAX])
{
	struct ucred peer;
	socklen_t n = sizeof peer;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0)
		return false;
	snprintf(who, CTL_WHO_MAX, "uid %u, process %d", (unsigned)peer.uid, (int)peer.pid);
	*ret = peer.uid == 0 || peer.uid == geteuid()  ? GW_CTL_ADMIN :
	       in_group(fd, peer.gid, cs->group) ? GW_CTL_OPERATOR :
						   GW_CTL_VIEWER;
	return true;
}

/* ---- clients ---- */

static void wipe_request(struct ctl_client *c)
{
	if (c->request.verb)
		gw_ctl_request_wipe(&c->request);
	c->request = (struct gw_ctl_request){ 0 };
	gw_arena_reset(&c->arena);
}

static void client_free(struct ctl_client *c)
{
	struct ctl_server *cs = c->s->ctl;

	event_del(&c->read_event);
	event_del(&c->write_event);
	close(c->fd);
	wipe_request(c);
	gw_arena_done(&c->arena);
	gw_ctl_in_done(&c->in);
	gw_ctl_reply_done(&c->reply);
	gw_out_done(&c->out);
	*c->prev = c->next;
	if (c->next)
		c->next->prev = c->prev;
	cs->n_clients--;
	free(c);
}

static void flush(struct ctl_client *c)
{
	while (c->out.n && !c->dead) {
		struct gw_slice piece = gw_out_front(&c->out);
		ssize_t n = send(c->fd, piece.p, piece.n, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0)
			gw_out_drop(&c->out, (size_t)n);
		else if (errno == EAGAIN)
			return;
		else if (errno != EINTR)
			c->dead = true;
	}
}

/* ---- jobs ---- */

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
	return 0;
}

/* An account that is going away takes its sessions with it. */
static void end_sessions(struct ctl_client *c)
{
	if (c->request.verb->id == GW_CTL_USER_DELETE && gw_ctl_flag(&c->request, "confirm"))
		ctl_kick_user(c->s, gw_ctl_slice(&c->request, "name"));
}

static void job_done(struct ctl_client *c)
{
	struct ctl_job *job = c->job;

	event_del(&job->event);
	close(job->main_fd);
	if (!c->s->g.fork_model)
		pthread_join(job->thread, NULL);
	if (job->first)
		gw_out_char(&c->out, '\n');
	if (job->first || (job->last != 'O' && job->last != 'E'))
		gw_ctl_err(&c->reply, GW_EBUG, "the work ended unexpectedly; the log says why");
	end_sessions(c);
	free(job);
	c->job = NULL;
	wipe_request(c);
}

/* Pass on what a job wrote, keeping an eye on where its lines begin. */
static void pass_on(struct ctl_client *c, const char *p, size_t n)
{
	struct ctl_job *job = c->job;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n') {
			job->last = job->first;
			job->first = 0;
		} else if (!job->first) {
			job->first = p[i];
		}
	}
	if (!c->dead)
		gw_out_add(&c->out, p, n);
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
	update(c);
}

static void begin_job(struct ctl_client *c)
{
	struct ctl_job *job = gw_xalloc(sizeof *job);
	int fds[2];

	end_sessions(c);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
		gw_ctl_err(&c->reply, GW_ELIMIT, "cannot begin: %s", strerror(errno));
		free(job);
		return;
	}
	*job = (struct ctl_job){ .g = &c->s->g, .request = &c->request, .who = c->who, .fd = fds[1], .main_fd = fds[0] };
	c->job = job;
	if (job_start(c->s, job) < 0) {
		gw_ctl_err(&c->reply, GW_ELIMIT, "cannot begin: %s", strerror(errno));
		close(fds[0]);
		close(fds[1]);
		free(job);
		c->job = NULL;
		return;
	}
	event_assign(&job->event, c->s->base, job->main_fd, EV_READ | EV_PERSIST, on_job, c);
	event_add(&job->event, NULL);
}

/* ---- requests ---- */

static void request(struct ctl_client *c, struct gw_slice line)
{
	struct gw_err err = { .text = "" };
	int rc = gw_ctl_parse(line, c->level, &c->arena, &c->request, &err);

	if (rc == 0) {
		if (!ctl_answer(c)) {
			if (c->s->stopping)
				gw_ctl_err(&c->reply, GW_EBUSY, "the service is stopping");
			else
				begin_job(c);
		}
	} else if (rc != GW_ENOENT) {
		gw_ctl_fail(&c->reply, &err);
		if (rc == GW_EACCES && c->request.verb)
			log_line(&c->s->g.log, GW_LOG_WARNING, "Control: %s: %s: %s", c->who, c->request.verb->name, err.text);
	}
	if (!c->job && !c->listing)
		wipe_request(c);
}

static bool busy(const struct ctl_client *c)
{
	return c->job || c->listing;
}

/* Answer what has come, as far as the answers find room. */
static void work(struct ctl_client *c)
{
	struct gw_slice line;

	if (c->listing && !gw_out_full(&c->out)) {
		ctl_list_on(c);
		if (!c->listing)
			wipe_request(c);
	}
	while (!busy(c) && !c->dead && !gw_out_full(&c->out) && gw_ctl_in_next(&c->in, &line))
		request(c, line);
}

/* Nobody listens any more: a job is told to stop, and what it still says is thrown away. */
static void give_up(struct ctl_client *c)
{
	gw_out_done(&c->out);
	if (!c->job || c->job->told)
		return;
	c->job->told = true;
	send(c->job->main_fd, "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Say to the event loop what is waited for; free the client when nothing is. */
static void update(struct ctl_client *c)
{
	const struct timeval idle = { IDLE_S, 0 };
	bool full;

	do {
		if (!c->dead)
			work(c);
		full = gw_out_full(&c->out);
		flush(c);
	} while (!c->dead && full && !gw_out_full(&c->out));
	if (c->dead)
		give_up(c);
	if (!c->job && (c->dead || (c->ended && !busy(c) && c->out.n == 0))) {
		client_free(c);
		return;
	}
	if (c->job && !gw_out_full(&c->out))
		event_add(&c->job->event, NULL);
	else if (c->job)
		event_del(&c->job->event);
	if (c->out.n && !c->dead)
		event_add(&c->write_event, &idle);
	else
		event_del(&c->write_event);
	if (!busy(c) && !c->ended && !c->dead && c->out.n == 0)
		event_add(&c->read_event, &idle);
	else
		event_del(&c->read_event);
}

static void on_read(evutil_socket_t fd, short what, void *arg)
{
	struct ctl_client *c = arg;
	char piece[READ_MAX];
	ssize_t n;

	if (what & EV_TIMEOUT) {
		c->dead = true;
		update(c);
		return;
	}
	n = recv(fd, piece, sizeof piece, MSG_DONTWAIT);
	if (n == 0)
		c->ended = true;
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		c->dead = true;
	else if (n > 0 && !gw_ctl_in_add(&c->in, gw_slice(piece, (size_t)n))) {
		gw_ctl_err(&c->reply, GW_ELIMIT, "a line is too long");
		gw_ctl_in_done(&c->in);
		c->ended = true;
	}
	gw_wipe(piece, sizeof piece);
	update(c);
}

static void on_write(evutil_socket_t fd, short what, void *arg)
{
	struct ctl_client *c = arg;

	(void)fd;
	if (what & EV_TIMEOUT)
		c->dead = true;
	update(c);
}

static void refuse(int fd)
{
	static const char line[] = "ERR limit too many programs are connected to the control socket\n";

	send(fd, line, sizeof line - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(fd);
}

static void client_new(struct server *s, int fd, enum gw_ctl_level level, const char *who)
{
	struct ctl_client *c = gw_xalloc(sizeof *c);
	struct ctl_server *cs = s->ctl;

	c->s = s;
	c->fd = fd;
	c->level = level;
	snprintf(c->who, sizeof c->who, "%s", who);
	gw_ctl_in_init(&c->in, GW_CTL_LINE_MAX);
	gw_out_init(&c->out);
	gw_arena_init(&c->arena, 0, ARENA_MAX);
	gw_ctl_reply_init(&c->reply, &c->out);
	c->next = cs->clients;
	c->prev = &cs->clients;
	if (c->next)
		c->next->prev = &c->next;
	cs->clients = c;
	cs->n_clients++;
	event_assign(&c->read_event, s->base, fd, EV_READ, on_read, c);
	event_assign(&c->write_event, s->base, fd, EV_WRITE, on_write, c);
	gw_ctl_put_greeting(&c->out, GW_VERSION, c->level);
	update(c);
}

static void on_accept(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;
	int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	enum gw_ctl_level level;
	char who[CTL_WHO_MAX];

	(void)what;
	if (client < 0)
		return;
	if (!identify(s->ctl, client, &level, who))
		close(client);
	else if (s->ctl->n_clients >= CTL_CLIENTS_MAX - (level == GW_CTL_ADMIN ? 0 : CTL_ADMINS_ONLY))
		refuse(client);
	else
		client_new(s, client, level, who);
}

/* ---- life ---- */

void ctl_start(struct server *s)
{
	if (!s->ctl)
		return;
	event_assign(&s->ctl->event, s->base, s->ctl->fd, EV_READ | EV_PERSIST, on_accept, s);
	event_add(&s->ctl->event, NULL);
}

/* Tell a job to stop and wait until it did: it uses the store, which is closed next. */
static void job_finish(struct ctl_client *c)
{
	char waste[READ_MAX];
	ssize_t n = 1;

	send(c->job->main_fd, "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n > 0 || (n < 0 && errno == EINTR)) {
		n = recv(c->job->main_fd, waste, sizeof waste, 0);
		if (n > 0)
			pass_on(c, waste, (size_t)n);
	}
	job_done(c);
}

void ctl_close(struct server *s)
{
	struct ctl_server *cs = s->ctl;

	if (!cs)
		return;
	for (struct ctl_client *c = cs->clients, *next; c; c = next) {
		next = c->next;
		if (c->job)
			job_finish(c);
		flush(c);
		client_free(c);
	}
	if (s->base && event_initialized(&cs->event))
		event_del(&cs->event);
	if (cs->fd >= 0)
		close(cs->fd);
	if (cs->path)
		unlink(cs->path);
	free(cs->path);
	free(cs);
	s->ctl = NULL;
}

void ctl_abandon(struct server *s)
{
	if (!s->ctl)
		return;
	close(s->ctl->fd);
	for (struct ctl_client *c = s->ctl->clients; c; c = c->next) {
		close(c->fd);
		if (c->job)
			close(c->job->main_fd);
	}
	s->ctl = NULL; /* its memory stays: a job's request lives in it */
}

void ctl_child_ended(struct server *s, pid_t pid)
{
	for (struct ctl_client *c = s->ctl ? s->ctl->clients : NULL; c; c = c->next)
		if (c->job && c->job->pid == pid)
			c->job->pid = 0; /* the end of its socket says the rest */
}

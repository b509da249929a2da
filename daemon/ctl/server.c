/* server.c - the control socket: its clients, who they are, and the flow of bytes (see server.h, ctl.h)
 *
 * One request of a client at a time; what it sends meanwhile waits in the kernel. Nothing here waits for a client or a
 * job, except at the very end of the process. */
#include "daemon/ctl/ctl.h"

#include "daemon/conn.h"
#include "util/mem.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_MAX 4096u
#define IDLE_S 3600      /* silence after which a client is let go */
#define ARENA_MAX (64u * 1024)
#define PASSED_MAX 4u /* files in one message; one is used */
#define ROUNDS_MAX 8u /* of filling and emptying the output, before others have their turn */

static void update(struct ctl_client *c);

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
	ctl_answered(c);
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

/* ---- requests ---- */

static const struct ctl_handler *const areas[] = {
	ctl_handlers_reload, ctl_handlers_drain, ctl_handlers_health, ctl_handlers_tls, ctl_handlers_backend,
	ctl_handlers_service, ctl_handlers_config, ctl_handlers_session, ctl_handlers_user, ctl_handlers_store,
	ctl_handlers_stats,
	ctl_handlers_ban, ctl_handlers_auth,
	ctl_handlers_mailbox, ctl_handlers_quota, ctl_handlers_uidl, ctl_handlers_public,
	ctl_handlers_tail, ctl_handlers_log, ctl_handlers_why,
	ctl_handlers_import, ctl_handlers_export,
};

static const struct ctl_handler *handler_of(const struct gw_ctl_verb *v)
{
	for (size_t a = 0; a < sizeof areas / sizeof *areas; a++)
		for (const struct ctl_handler *h = areas[a]; h->verb; h++)
			if (strcmp(h->verb, v->name) == 0)
				return h;
	gw_bug("a verb has no handler");
}

/* A file that nobody asked for does not stay. */
static void drop_passed(struct ctl_client *c)
{
	if (c->passed >= 0)
		close(c->passed);
	c->passed = -1;
}

void ctl_answered(struct ctl_client *c)
{
	struct ctl_stream *st = &c->stream;

	if (st->end)
		st->end(c);
	*st = (struct ctl_stream){ 0 };
	drop_passed(c);
	wipe_request(c);
}

static bool busy(const struct ctl_client *c)
{
	return c->job || c->stream.more;
}

static bool wants_file(const struct gw_ctl_verb *v)
{
	for (const struct gw_ctl_param *p = v->params; p->name; p++)
		if (p->type == GW_CTL_FD)
			return true;
	return false;
}

static int begin(struct ctl_client *c, struct gw_err *err)
{
	if (!c->handler->answer && c->s->stopping)
		return gw_fail(err, GW_EBUSY, "the service is stopping");
	if (wants_file(c->request.verb) && c->passed < 0)
		return gw_fail(err, GW_EINVAL, "%s: an open file must be passed with the request", c->request.verb->name);
	if (c->handler->answer)
		return c->handler->answer(c, err);
	ctl_job_begin(c);
	return 0;
}

/* The request stands in c->request. A job writes its own line for the audit. */
static void answer(struct ctl_client *c)
{
	struct gw_err err = { .text = "" };
	int rc;

	c->handler = handler_of(c->request.verb);
	rc = begin(c, &err);
	if (rc < 0)
		gw_ctl_fail(&c->reply, &err);
	if (rc < 0 || c->handler->answer)
		ctl_audit(&c->s->g, &c->who, &c->request, rc < 0 ? err.text : "ok", false);
}

static void request(struct ctl_client *c, struct gw_slice line)
{
	struct gw_err err = { .text = "" };
	int rc = gw_ctl_is_cancel(line) ? GW_ENOENT : gw_ctl_parse(line, c->level, &c->arena, &c->request, &err);

	c->who.began_ms = gw_mono_ms(gw_clock_system());
	if (rc == 0) {
		answer(c);
	} else if (rc != GW_ENOENT) {
		gw_ctl_fail(&c->reply, &err);
		if (rc == GW_EACCES && c->request.verb)
			ctl_audit(&c->s->g, &c->who, &c->request, err.text, true);
	}
	if (!busy(c) && c->request.verb)
		ctl_answered(c);
}

/* ---- an answer that goes on ---- */

/* "cancel" as the next line, while a request is being answered. */
static void look_for_cancel(struct ctl_client *c)
{
	struct gw_slice line;

	if (!gw_ctl_in_peek(&c->in, &line) || !gw_ctl_is_cancel(line))
		return;
	gw_ctl_in_next(&c->in, &line);
	if (c->job) {
		ctl_job_tell(c->job);
		return;
	}
	gw_ctl_err(&c->reply, GW_EINTR, "cancelled");
	ctl_answered(c);
}

static void go_on(struct ctl_client *c)
{
	if (busy(c))
		look_for_cancel(c);
	if (c->stream.more && !gw_out_full(&c->out) && !c->stream.more(c))
		ctl_answered(c);
}

/* Answer what has come, as far as the answers find room. */
static void work(struct ctl_client *c)
{
	struct gw_slice line;

	go_on(c);
	while (!busy(c) && !c->dead && !gw_out_full(&c->out) && gw_ctl_in_next(&c->in, &line)) {
		request(c, line);
		go_on(c);
	}
}

/* Nobody listens any more: what goes on is told to stop, and what it still says is thrown away. */
static void give_up(struct ctl_client *c)
{
	gw_out_done(&c->out);
	if (c->job)
		ctl_job_tell(c->job);
	if (c->stream.more)
		ctl_answered(c);
}

/* Say to the event loop what is waited for; free the client when nothing is. */
static void update(struct ctl_client *c)
{
	const struct timeval idle = { IDLE_S, 0 };
	unsigned rounds = 0;
	bool full;

	do {
		if (!c->dead)
			work(c);
		full = gw_out_full(&c->out);
		if (full && ++rounds > ROUNDS_MAX)
			break; /* we are called again at once, to send what is there */
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
	if (c->ended || c->dead || (busy(c) ? gw_ctl_in_full(&c->in) : c->out.n > 0))
		event_del(&c->read_event);
	else
		event_add(&c->read_event, busy(c) ? NULL : &idle);
}

/* Files that a client passes: the last one counts, for the next request that wants one. */
static void take_passed(struct ctl_client *c, struct msghdr *m)
{
	for (struct cmsghdr *h = CMSG_FIRSTHDR(m); h; h = CMSG_NXTHDR(m, h)) {
		size_t n = h->cmsg_level == SOL_SOCKET && h->cmsg_type == SCM_RIGHTS ? (h->cmsg_len - CMSG_LEN(0)) / sizeof(int) : 0;

		for (size_t i = 0; i < n; i++) {
			drop_passed(c);
			memcpy(&c->passed, CMSG_DATA(h) + i * sizeof(int), sizeof(int));
		}
	}
}

static ssize_t receive(struct ctl_client *c, char *piece, size_t n)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(PASSED_MAX * sizeof(int))];
	} control;
	struct iovec v = { piece, n };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room };
	ssize_t got = recvmsg(c->fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (got >= 0)
		take_passed(c, &m);
	return got;
}

static void on_read(evutil_socket_t fd, short what, void *arg)
{
	struct ctl_client *c = arg;
	char piece[READ_MAX];
	ssize_t n;

	(void)fd;
	if (what & EV_TIMEOUT) {
		c->dead = true;
		update(c);
		return;
	}
	n = receive(c, piece, sizeof piece);
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

static void client_new(struct server *s, int fd, const struct ctl_caller *who)
{
	struct ctl_client *c = gw_xalloc(sizeof *c);
	struct ctl_server *cs = s->ctl;

	c->s = s;
	c->fd = fd;
	c->passed = -1;
	c->level = who->level;
	c->who = *who;
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
	struct ctl_caller who;

	(void)what;
	if (client < 0)
		return;
	if (!ctl_identify(s, client, &who))
		close(client);
	else if (s->ctl->n_clients >= CTL_CLIENTS_MAX - (who.level == GW_CTL_ADMIN ? 0 : CTL_ADMINS_ONLY))
		refuse(client);
	else
		client_new(s, client, &who);
}

/* ---- life ---- */

void ctl_start(struct server *s)
{
	if (!s->ctl)
		return;
	ctl_read_roles(s);
	event_assign(&s->ctl->event, s->base, s->ctl->fd, EV_READ | EV_PERSIST, on_accept, s);
	event_add(&s->ctl->event, NULL);
}

void ctl_close(struct server *s)
{
	struct ctl_server *cs = s->ctl;

	if (!cs)
		return;
	for (struct ctl_client *c = cs->clients, *next; c; c = next) {
		next = c->next;
		if (c->job)
			ctl_job_finish(c);
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
	ctl_roles_done(&cs->roles);
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
		if (c->passed >= 0)
			close(c->passed);
		if (c->job)
			close(c->job->main_fd);
	}
	s->ctl = NULL; /* its memory stays: a job's request lives in it */
}

void ctl_poke(struct ctl_client *c)
{
	update(c);
}

/* Has the other end been closed? (Half closed is another thing: it still reads.) */
static bool hung_up(const struct ctl_client *c)
{
	struct pollfd p = { .fd = c->fd };

	return poll(&p, 1, 0) == 1 && (p.revents & (POLLHUP | POLLERR));
}

void ctl_tick(struct server *s)
{
	for (struct ctl_client *c = s->ctl ? s->ctl->clients : NULL, *next; c; c = next) {
		next = c->next;
		if (!busy(c))
			continue;
		c->dead |= hung_up(c);
		update(c);
	}
}

void ctl_child_ended(struct server *s, pid_t pid)
{
	for (struct ctl_client *c = s->ctl ? s->ctl->clients : NULL; c; c = c->next)
		if (c->job && c->job->pid == pid)
			c->job->pid = 0; /* the end of its socket says the rest */
}

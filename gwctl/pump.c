/* pump.c - two connections at once: mail on one, news on the other (see pump.h) */
#include "gwctl/pump.h"

#include "gwctl/interrupt.h"
#include "gwctl/render.h"
#include "gwctl/source.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE (128u * 1024) /* octets put together before they are sent */

/* ---- the control connection ---- */

static void one_line(struct pump *p, struct gw_slice line)
{
	struct gw_ctl_answer a;

	switch (gw_ctl_parse_answer(line, &a)) {
	case GW_CTL_LINE_DATA:
		render_row(p->render, a.json);
		break;
	case GW_CTL_LINE_OK:
		p->code = render_ok(p->render, a.json);
		break;
	case GW_CTL_LINE_ERR:
		p->code = render_err(p->render, &a, p->cancelled);
		break;
	default:
		complain("the daemon said something that is not of the control protocol");
		p->code = EXIT_REFUSED;
	}
}

static void receive_news(struct pump *p)
{
	char piece[16384];
	struct gw_slice line;
	ssize_t n = recv(p->control.fd, piece, sizeof piece, MSG_DONTWAIT);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0 || !gw_ctl_in_add(&p->control.in, gw_slice(piece, (size_t)n))) {
		complain("the daemon ended the connection before it had answered; run it again to go on");
		p->code = EXIT_NOT_RUNNING;
		return;
	}
	while (p->code < 0 && gw_ctl_in_next(&p->control.in, &line))
		one_line(p, line);
	fflush(stdout); /* a program may follow it */
}

static void look_for_interrupt(struct pump *p)
{
	if (interrupt_count() > 1 && p->code < 0) {
		complain("not waited for; run it again to go on");
		p->code = EXIT_INTERRUPTED;
	} else if (interrupt_count() == 1 && !p->stopping) {
		p->stopping = true;
		complain("ending with what is on its way; once more to leave at once");
	}
}

/* Wait until the stream can be used (what: POLLIN, POLLOUT; 0: for news alone). */
static void wait_for(struct pump *p, short what)
{
	struct pollfd v[] = { { .fd = p->control.fd, .events = POLLIN }, { .fd = what ? p->fd : -1, .events = what } };

	if (interrupt_poll(v, 2, -1) > 0 && v[0].revents)
		receive_news(p);
	look_for_interrupt(p);
}

/* The stream ended: the daemon's answer says why. */
static void stream_ended(struct pump *p)
{
	while (p->code < 0)
		wait_for(p, 0);
}

/* ---- the stream ---- */

static bool flush(struct pump *p)
{
	struct gw_buf *out = &p->stream.out;
	size_t sent = 0;

	while (sent < out->n && p->code < 0) {
		ssize_t n = send(p->fd, out->p + sent, out->n - sent, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n > 0)
			sent += (size_t)n;
		else if (n < 0 && errno == EAGAIN)
			wait_for(p, POLLOUT);
		else if (n == 0 || errno != EINTR)
			stream_ended(p);
	}
	gw_buf_drop(out, sent);
	return p->code < 0;
}

bool pump_say(struct pump *p, const struct gw_transfer_frame *f)
{
	if (p->code >= 0)
		return false;
	gw_transfer_put(&p->stream, f);
	return p->stream.out.n < PIECE || flush(p);
}

static void fill(struct pump *p)
{
	size_t room;
	char *to = gw_transfer_room(&p->stream, &room);
	ssize_t n = recv(p->fd, to, room, MSG_DONTWAIT);

	if (n > 0)
		gw_transfer_got(&p->stream, (size_t)n);
	else if (n < 0 && errno == EAGAIN)
		wait_for(p, POLLIN);
	else if (n == 0 || errno != EINTR)
		stream_ended(p);
}

bool pump_hear(struct pump *p, struct gw_transfer_frame *ret)
{
	struct gw_err err = { .text = "" };

	if (!flush(p))
		return false;
	while (p->code < 0) {
		int rc = gw_transfer_next(&p->stream, ret, &err);

		if (rc > 0)
			return true;
		if (rc < 0) {
			complain("%s", err.text);
			p->code = EXIT_REFUSED;
			return false;
		}
		fill(p);
	}
	return false;
}

bool pump_interrupted(struct pump *p)
{
	interrupt_wait(-1, 0); /* lets a signal in that is held back */
	look_for_interrupt(p);
	return p->stopping || p->code >= 0;
}

/* ---- beginning and end ---- */

static int send_request(struct pump *p, struct request *r, int fd)
{
	struct gw_buf line;
	int code = EXIT_FINE;

	gw_buf_init(&line, GW_CTL_LINE_MAX);
	if (!request_encode(r, &line)) {
		complain("%s: the arguments are too long", r->verb->name);
		code = EXIT_USAGE;
	} else if (!gw_control_send_file(&p->control, gw_buf_slice(&line), fd)) {
		complain("the daemon ended the connection");
		code = EXIT_NOT_RUNNING;
	}
	gw_buf_done(&line);
	return code;
}

int pump_begin(struct pump *p, struct request *r, const struct options *o, bool giver)
{
	int fds[2] = { -1, -1 }, code;

	*p = (struct pump){ .fd = -1, .code = -1 };
	gw_transfer_init(&p->stream, giver);
	p->render = render_new(r->verb, o);
	interrupt_begin();
	code = client_open(&p->control, o);
	if (code == EXIT_FINE && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
		complain("cannot make a socket: %s", strerror(errno));
		code = EXIT_REFUSED;
	}
	if (code == EXIT_FINE)
		code = send_request(p, r, fds[1]);
	if (fds[1] >= 0)
		close(fds[1]);
	p->fd = fds[0];
	if (code != EXIT_FINE)
		p->code = code;
	return code;
}

int pump_end(struct pump *p, bool cancel)
{
	if (p->code < 0 && cancel) {
		p->cancelled = true;
		gw_control_send(&p->control, GW_S("cancel\n"));
	} else if (p->code < 0) {
		flush(p);
	}
	if (p->code < 0)
		stream_ended(p);
	if (p->fd >= 0)
		close(p->fd);
	gw_control_close(&p->control);
	gw_transfer_done(&p->stream);
	render_free(p->render);
	interrupt_end();
	return p->code;
}

/* ---- what lies outside ---- */

static const char *text_of(struct request *r, const char *name)
{
	struct gw_slice v = request_get(r, name);

	return v.n ? gw_arena_str(&r->arena, v) : NULL;
}

int pump_options(struct request *r, const char *where, const struct options *o, struct source_options *ret)
{
	bool all = request_param(r, "all") >= 0 && request_flag(r, "all");
	int code = EXIT_FINE;

	*ret = (struct source_options){ .user = text_of(r, "as"), .password_file = text_of(r, "password-file"),
		.ca_file = text_of(r, "ca-file"), .insecure = request_flag(r, "insecure"), .all = all };
	if (strncmp(where, "imap", 4) == 0 && !ret->password_file && !o->no_password) {
		code = ask_password(r, "Password there: ");
		ret->password = &r->secret;
	}
	return code;
}

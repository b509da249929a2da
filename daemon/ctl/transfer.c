/* transfer.c - the socket of an import or export, and rows of its progress (see transfer.h) */
#include "daemon/ctl/transfer.h"

#include "util/clock.h"
#include "util/num.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>

#define PIECE (128u * 1024) /* octets put together before they are sent */
#define STEP_PAUSE_MS 200u  /* between rows of progress */

void transfer_init(struct transfer *t, struct ctl_work *w, bool giver)
{
	*t = (struct transfer){ .w = w };
	gw_transfer_init(&t->stream, giver);
}

void transfer_done(struct transfer *t)
{
	gw_transfer_done(&t->stream);
}

/* ---- the socket ---- */

static int broken(int why, struct gw_err *err)
{
	if (why == ENOTSOCK || why == EOPNOTSUPP || why == ENOTCONN)
		return gw_fail(err, GW_EINVAL, "what was passed with the request is not a connected stream socket");
	return gw_fail(err, GW_EUNAVAIL, "the other end of the stream of mail hung up; run it again to go on");
}

/* Wait for the socket, or until the job is told to stop. */
static int wait_for(struct transfer *t, short what, struct gw_err *err)
{
	struct pollfd p[] = { { .fd = t->w->passed, .events = what }, { .fd = t->w->job->fd, .events = POLLIN } };

	if (poll(p, 2, -1) < 0 && errno != EINTR)
		return broken(errno, err);
	if (p[1].revents && ctl_work_stopped(t->w))
		return gw_fail(err, GW_EINTR, "cancelled; run it again to go on");
	return 0;
}

int transfer_flush(struct transfer *t, struct gw_err *err)
{
	struct gw_buf *out = &t->stream.out;
	size_t sent = 0;
	int rc = 0;

	while (sent < out->n && rc == 0) {
		ssize_t n = send(t->w->passed, out->p + sent, out->n - sent, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n > 0)
			sent += (size_t)n;
		else if (n < 0 && errno == EAGAIN)
			rc = wait_for(t, POLLOUT, err);
		else if (n == 0 || errno != EINTR)
			rc = broken(n ? errno : EPIPE, err);
	}
	gw_buf_drop(out, sent);
	return rc;
}

int transfer_say(struct transfer *t, const struct gw_transfer_frame *f, struct gw_err *err)
{
	gw_transfer_put(&t->stream, f);
	return t->stream.out.n < PIECE ? 0 : transfer_flush(t, err);
}

static int fill(struct transfer *t, struct gw_err *err)
{
	size_t room;
	char *p = gw_transfer_room(&t->stream, &room);
	ssize_t n;

	do {
		n = recv(t->w->passed, p, room, MSG_DONTWAIT);
		if (n < 0 && errno == EAGAIN) {
			int rc = wait_for(t, POLLIN, err);

			if (rc < 0)
				return rc;
		}
	} while (n < 0 && (errno == EAGAIN || errno == EINTR));
	if (n <= 0)
		return broken(n ? errno : EPIPE, err);
	gw_transfer_got(&t->stream, (size_t)n);
	return 0;
}

int transfer_hear(struct transfer *t, struct gw_transfer_frame *ret, struct gw_err *err)
{
	int rc = t->stream.out.n ? transfer_flush(t, err) : 0;

	while (rc == 0) {
		rc = gw_transfer_next(&t->stream, ret, err);
		if (rc)
			return rc < 0 ? rc : 0;
		rc = fill(t, err);
	}
	return rc;
}

/* ---- rows ---- */

static struct gw_json *row(struct transfer *t, const char *event)
{
	struct gw_json *j = gw_ctl_row(&t->w->reply);

	gw_json_str(j, "event", event);
	gw_json_str(j, "folder", t->folder);
	return j;
}

void transfer_tell_folder(struct transfer *t, struct gw_slice mailbox, bool created, const bool *keeps_uids)
{
	const char *uids = !keeps_uids ? "" : *keeps_uids ? ", UIDs are kept" : ", with new UIDs";
	struct gw_json *j = row(t, "folder");
	struct gw_buf text;

	gw_buf_init(&text, 0);
	gw_buf_printf(&text, "%s", t->folder);
	if (!gw_slice_eq(mailbox, gw_slice_str(t->folder)))
		gw_buf_printf(&text, " -> %.*s", GW_FMT(mailbox));
	gw_buf_printf(&text, ", %llu messages%s", (unsigned long long)t->total, t->total ? uids : "");
	gw_json_str(j, "text", gw_buf_str(&text));
	gw_buf_done(&text);
	gw_json_string(j, "mailbox", mailbox);
	gw_json_u64(j, "messages", t->total);
	gw_json_bool(j, "created", created);
	if (keeps_uids)
		gw_json_bool(j, "keeps_uids", *keeps_uids);
	ctl_work_row(t->w, true);
}

void transfer_tell_problem(struct transfer *t, struct gw_slice key, const char *fmt, ...)
{
	struct gw_json *j = row(t, "problem");
	char why[GW_ERR_TEXT];
	struct gw_buf text;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	gw_buf_init(&text, 0);
	gw_buf_printf(&text, "%s: %.*s%s%s", t->folder, GW_FMT(key), key.n ? ": " : "", why);
	gw_json_str(j, "text", gw_buf_str(&text));
	gw_buf_done(&text);
	if (key.n)
		gw_json_string(j, "message", key);
	gw_json_str(j, "reason", why);
	ctl_work_row(t->w, false);
	t->problems++;
}

void transfer_tell_step(struct transfer *t)
{
	uint64_t now = gw_mono_ms(gw_clock_system());
	char text[GW_MAILBOX_NAME_MAX + 32], size[24];
	struct gw_json *j;

	if (now - t->told_ms < STEP_PAUSE_MS)
		return;
	t->told_ms = now;
	j = row(t, "step");
	snprintf(text, sizeof text, "%s, %s", t->folder, gw_put_size(size, sizeof size, t->bytes));
	gw_json_str(j, "text", text);
	gw_json_u64(j, "done", t->done);
	gw_json_u64(j, "total", t->total);
	gw_json_u64(j, "bytes", t->bytes);
	ctl_work_row(t->w, true);
}

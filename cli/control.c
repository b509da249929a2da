/* control.c - the UNIX socket of the daemon, from the side of the programs (see control.h) */
#include "cli/control.h"

#include "config/config.h"
#include "util/mem.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define GREETING_MS 10000 /* a daemon that works greets at once */

static const char *env(void *ctx, const char *name)
{
	(void)ctx;
	return getenv(name);
}

char *gw_control_path(const char *config, struct gw_err *note)
{
	char *usual = config ? NULL : gw_config_default_path(env, NULL), *path;
	struct gw_config_source src = { .path = config ? config : usual, .missing_ok = !config, .ignore_unknown = true,
		.env = env };
	struct gw_config *cfg = NULL;
	struct gw_diags diags;

	gw_diags_init(&diags);
	if (gw_config_load(&src, &cfg, &diags) < 0) {
		cfg = gw_config_defaults();
		gw_err_set(note, __FILE__, __LINE__, GW_EINVAL, "%s cannot be used (`gwcfg check' says why); trying %s", src.path,
			cfg->control_socket);
	}
	path = gw_xstrdup(cfg->control_socket);
	gw_config_unref(cfg);
	gw_diags_done(&diags);
	free(usual);
	return path;
}

static int cannot_connect(const char *path, int why, struct gw_err *err)
{
	if (why == ENOENT || why == ECONNREFUSED || why == ENOTDIR)
		return gw_fail(err, GW_EUNAVAIL, "gatewayd is not running: nobody answers on %s", path);
	if (why == EAGAIN)
		return gw_fail(err, GW_EUNAVAIL, "gatewayd does not answer on %s", path);
	if (why == EACCES || why == EPERM)
		return gw_fail(err, GW_EACCES, "you may not use %s; be root, or a member of control_socket_group", path);
	return gw_fail(err, GW_EIO, "cannot connect to %s: %s", path, strerror(why));
}

static int connect_to(struct gw_control *c, const char *path, struct gw_err *err)
{
	const struct timeval limit = { .tv_sec = GREETING_MS / 1000 };
	struct sockaddr_un sa = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof sa.sun_path)
		return cannot_connect(path, ENAMETOOLONG, err);
	memcpy(sa.sun_path, path, strlen(path) + 1);
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd >= 0) /* connecting to a daemon that takes nobody in any more waits as long */
		setsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&sa, sizeof sa) < 0)
		return cannot_connect(path, errno, err);
	return 0;
}

/* What the daemon says instead of what was expected. */
static int refused(const struct gw_ctl_answer *a, struct gw_err *err)
{
	return gw_fail(err, gw_slice_eq(a->code, GW_S("denied")) ? GW_EACCES : GW_EINVAL, "%.*s", GW_FMT(a->text));
}

static int read_greeting(struct gw_control *c, const char *path, const char *program, struct gw_err *err)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	struct gw_ctl_answer a;
	struct gw_slice line;

	if (poll(&p, 1, GREETING_MS) != 1 || !gw_control_line(c, &line))
		return gw_fail(err, GW_EUNAVAIL, "gatewayd does not answer on %s", path);
	if (!gw_ctl_parse_greeting(line, &c->greeting)) {
		if (gw_ctl_parse_answer(line, &a) == GW_CTL_LINE_ERR)
			return refused(&a, err);
		return gw_fail(err, GW_EINVAL, "what answers on %s is not gatewayd", path);
	}
	if (c->greeting.protocol != GW_CTL_PROTOCOL)
		return gw_fail(err, GW_EINVAL,
			"gatewayd %s speaks version %llu of the control protocol, this %s %s version %d: use the one of its release",
			c->greeting.version, (unsigned long long)c->greeting.protocol, program, GW_VERSION, GW_CTL_PROTOCOL);
	return 0;
}

int gw_control_open(struct gw_control *c, const char *path, const char *program, struct gw_err *err)
{
	int rc;

	*c = (struct gw_control){ .fd = -1 };
	gw_ctl_in_init(&c->in, GW_CTL_REPLY_MAX);
	if (*path)
		rc = connect_to(c, path, err);
	else
		rc = gw_fail(err, GW_EUNAVAIL, "control_socket is switched off in the configuration");
	if (rc == 0)
		rc = read_greeting(c, path, program, err);
	if (rc < 0)
		gw_control_close(c);
	return rc;
}

void gw_control_close(struct gw_control *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	gw_ctl_in_done(&c->in);
}

void gw_control_limit(struct gw_control *c, unsigned seconds)
{
	const struct timeval t = { .tv_sec = seconds };

	setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
}

bool gw_control_send(struct gw_control *c, struct gw_slice bytes)
{
	while (bytes.n) {
		ssize_t n = send(c->fd, bytes.p, bytes.n, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		gw_slice_take(&bytes, (size_t)n);
	}
	return true;
}

bool gw_control_send_file(struct gw_control *c, struct gw_slice bytes, int fd)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .head = { .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS } };
	struct iovec v = { (char *)bytes.p, bytes.n };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room };
	ssize_t n;

	memcpy(CMSG_DATA(&control.head), &fd, sizeof fd);
	do
		n = sendmsg(c->fd, &m, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return false;
	gw_slice_take(&bytes, (size_t)n);
	return gw_control_send(c, bytes);
}

bool gw_control_line(struct gw_control *c, struct gw_slice *ret)
{
	char piece[16384];

	while (!gw_ctl_in_next(&c->in, ret)) {
		ssize_t n = recv(c->fd, piece, sizeof piece, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || !gw_ctl_in_add(&c->in, gw_slice(piece, (size_t)n)))
			return false;
	}
	return true;
}

int gw_control_ask(struct gw_control *c, const char *request, void (*row)(void *ctx, struct gw_slice json), void *ctx,
	struct gw_slice *ok, struct gw_err *err)
{
	struct gw_ctl_answer a;
	struct gw_slice line;

	if (!gw_control_send(c, gw_slice_str(request)) || !gw_control_send(c, GW_S("\n")))
		return gw_fail(err, GW_EUNAVAIL, "the daemon ended the connection");
	while (gw_control_line(c, &line)) {
		switch (gw_ctl_parse_answer(line, &a)) {
		case GW_CTL_LINE_DATA:
			if (row)
				row(ctx, a.json);
			break;
		case GW_CTL_LINE_OK:
			*ok = a.json;
			return 0;
		case GW_CTL_LINE_ERR:
			return refused(&a, err);
		case GW_CTL_LINE_BAD:
			return gw_fail(err, GW_EINVAL, "the daemon said something that is not of the control protocol");
		}
	}
	return gw_fail(err, GW_EUNAVAIL, "the daemon ended the connection, or stopped answering");
}

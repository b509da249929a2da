/* live.c - gwcfg check --live: does the configuration fit this machine? (see live.h) */
#include "gwcfg/live.h"

#include "cli/control.h"
#include "gwcfg/check.h"
#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>

#define GREETING_MS 1000 /* of a busy daemon, the pid file still tells */

/* ---- a running daemon ---- */

/* Does somebody at the control socket speak soon? What only listens there must not stop us. */
static bool somebody_speaks(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct pollfd p = { .fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), .events = POLLIN };
	bool ret = false;

	if (p.fd >= 0 && strlen(path) < sizeof a.sun_path) {
		strcpy(a.sun_path, path);
		ret = connect(p.fd, (const struct sockaddr *)&a, sizeof a) == 0 && poll(&p, 1, GREETING_MS) == 1;
	}
	if (p.fd >= 0)
		close(p.fd);
	return ret;
}

static void ask_status(struct live *l)
{
	struct gw_control c;
	struct gw_slice ok;

	if (!*l->cfg->control_socket || !somebody_speaks(l->cfg->control_socket))
		return;
	if (gw_control_open(&c, l->cfg->control_socket, "gwcfg", NULL) < 0)
		return;
	l->running = true;
	if (gw_control_ask(&c, "status", NULL, NULL, &ok, NULL) == 0)
		l->status = gw_xslicedup(ok);
	gw_control_close(&c);
}

/* A gatewayd keeps its pid file locked. */
static bool pid_file_is_held(const char *path)
{
	int fd = *path ? open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
	bool held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;

	if (fd >= 0)
		close(fd);
	return held;
}

void live_daemon(struct live *l)
{
	ask_status(l);
	l->running = l->running || pid_file_is_held(l->cfg->pid_file);
}

/* ---- all of it ---- */

void live_check(const struct gw_config *cfg, struct gw_diags *diags)
{
	struct live l = { .cfg = cfg, .diags = diags };
	static void (*const sides[])(struct live *) = { live_users, live_daemon, live_files, live_mirror, live_certs, live_ports,
		live_store, live_limits };

	for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
		sides[i](&l);
	free(l.groups);
	free(l.status);
}

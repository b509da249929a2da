/* sd.c - the protocols of the service manager (see sd.h) */
#include "daemon/sd.h"

#include "util/num.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_FD 3

/* A number in a variable that is meant for this process, or 0. A stranger's variables are not ours to obey. */
static uint64_t number(const char *name, const char *pid_name)
{
	const char *text = getenv(name), *pid_text = getenv(pid_name);
	uint64_t value = 0, pid = 0;

	if (pid_text && (!gw_parse_u64(gw_slice_str(pid_text), &pid) || pid != (uint64_t)getpid()))
		return 0;
	if (!text || !gw_parse_u64(gw_slice_str(text), &value))
		return 0;
	return value;
}

struct sd_fds sd_take_fds(void)
{
	struct sd_fds fds = { .first = FIRST_FD };
	uint64_t n = getenv("LISTEN_PID") ? number("LISTEN_FDS", "LISTEN_PID") : 0;

	if (n > SD_FDS_MAX)
		n = SD_FDS_MAX;
	for (uint64_t i = 0; i < n; i++) {
		int fd = FIRST_FD + (int)i, flags = fcntl(fd, F_GETFD);

		if (flags < 0)
			break;
		fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
		fds.n++;
	}
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	return fds;
}

void sd_close_unused(struct sd_fds *fds)
{
	for (int i = 0; i < fds->n; i++)
		if (!fds->used[i])
			close(fds->first + i);
}

void sd_init(struct sd *sd)
{
	const char *path = getenv("NOTIFY_SOCKET");

	*sd = (struct sd){ .watchdog_us = number("WATCHDOG_USEC", "WATCHDOG_PID") };
	if (path && (*path == '/' || *path == '@') && strlen(path) < sizeof sd->path)
		strcpy(sd->path, path);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

void sd_notify(const struct sd *sd, const char *fmt, ...)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	char text[512];
	va_list ap;
	int fd, n;

	if (!sd->path[0])
		return;
	va_start(ap, fmt);
	n = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof text)
		return;
	strcpy(a.sun_path, sd->path);
	if (a.sun_path[0] == '@')
		a.sun_path[0] = 0; /* abstract */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	sendto(fd, text, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&a,
	       (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(sd->path)));
	close(fd);
}

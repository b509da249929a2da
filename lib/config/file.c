/* file.c - reading configuration files from the file system, and where the usual one is
 *
 * A path may name anything: a FIFO that never ends, a device, a directory. It is opened without waiting and must be a
 * regular file of bounded size before a byte is read. */
#include "config/config.h"
#include "config/priv.h"

#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef GW_SYSCONFDIR
#define GW_SYSCONFDIR "/etc"
#endif

static int read_all(int fd, struct gw_config_file *ret, size_t max, struct gw_err *err)
{
	size_t cap = max + 1; /* one more, to see that the file is too large even if it grows meanwhile */
	struct stat st;
	ssize_t n = 1;

	if (fstat(fd, &st) == 0 && st.st_size >= 0 && (uint64_t)st.st_size < max)
		cap = (size_t)st.st_size + 1;
	ret->bytes = gw_xalloc(cap);
	ret->n = 0;
	while (n > 0 && ret->n <= max) {
		if (ret->n == cap) {
			cap = cap * 2 < max + 1 ? cap * 2 : max + 1;
			ret->bytes = gw_xrealloc(ret->bytes, cap, 1);
		}
		n = read(fd, ret->bytes + ret->n, cap - ret->n);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			ret->n += (size_t)n;
	}
	if (n < 0)
		return gw_fail(err, gw_code_errno(errno), "%s", strerror(errno));
	if (ret->n > max)
		return gw_fail(err, GW_ELIMIT, "it is larger than %zu bytes", max);
	return 0;
}

static int open_regular(const char *path, int *ret, struct gw_err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return gw_fail(err, gw_code_errno(errno), "%s", strerror(errno));
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return gw_fail(err, GW_EINVAL, S_ISDIR(st.st_mode) ? "it is a directory" : "it is not a regular file");
	}
	*ret = fd;
	return 0;
}

int gw_config_read_file(void *ctx, const char *path, size_t max, struct gw_config_file *ret, struct gw_err *err)
{
	struct gw_config_file f = { 0 };
	int fd = -1, rc;

	(void)ctx;
	rc = open_regular(path, &fd, err);
	if (fd < 0)
		return rc;
	rc = read_all(fd, &f, max, err);
	close(fd);
	if (rc == 0) {
		f.real_path = realpath(path, NULL);
		if (!f.real_path)
			rc = gw_fail(err, gw_code_errno(errno), "%s", strerror(errno));
	}
	if (rc < 0) {
		free(f.bytes);
		return rc;
	}
	*ret = f;
	return 0;
}

char *gw_config_default_path(const char *(*env)(void *ctx, const char *name), void *env_ctx)
{
	static const char *const paths[] = { GW_SYSCONFDIR "/gateway/gateway.cfg", "/etc/kopano/gateway.cfg" };
	const char *dir = env ? env(env_ctx, "KOPANO_CONFIG_PATH") : NULL;

	if (dir && *dir)
		return gw_xasprintf("%s/gateway.cfg", dir);
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		if (access(paths[i], F_OK) == 0)
			return gw_xstrdup(paths[i]);
	return gw_xstrdup(paths[0]);
}

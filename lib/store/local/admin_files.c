/* admin_files.c - directories of accounts and of backups, as files */
#include "store/local/admin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define DEPTH_MAX 16 /* we make three levels; somebody may have put more there */

static int failed(const char *path, const char *what, struct gw_err *err)
{
	int e = errno;

	return gw_fail(err, (enum gw_code)gw_code_errno(e), "%s: %s: %s", path, what, strerror(e));
}

static int remove_in(int dir_fd, unsigned depth);

/* One name in a directory; 0 or -1 with errno. */
static int remove_name(int dir_fd, const char *name, unsigned depth)
{
	int fd, rc;

	if (unlinkat(dir_fd, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -1;
	fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	rc = remove_in(fd, depth + 1);
	return rc < 0 ? rc : unlinkat(dir_fd, name, AT_REMOVEDIR);
}

/* All that lies in the directory; takes the descriptor. */
static int remove_in(int dir_fd, unsigned depth)
{
	DIR *d = depth > DEPTH_MAX ? NULL : fdopendir(dir_fd);
	const struct dirent *e;
	int rc = 0, saved;

	if (!d) {
		saved = depth > DEPTH_MAX ? ELOOP : errno;
		close(dir_fd);
		errno = saved;
		return -1;
	}
	while (rc == 0 && (e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			rc = remove_name(dir_fd, e->d_name, depth);
	saved = errno;
	closedir(d);
	errno = saved;
	return rc;
}

int admin_remove_tree(const char *dir, struct gw_err *err)
{
	if (remove_name(AT_FDCWD, dir, 0) < 0)
		return failed(dir, "cannot be removed", err);
	return 0;
}

int admin_sync_dir(const char *dir, struct gw_err *err)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 || fsync(fd) < 0 ? failed(dir, "cannot be brought to the disk", err) : 0;

	if (fd >= 0)
		close(fd);
	return rc;
}

/* write.c - replacing a file in one step (see write.h) */
#include "gwcfg/write.h"

#include "config/config.h"
#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define ACL "system.posix_acl_access"
#define ATTRIBUTES_MAX 4096 /* bytes of all names of extended attributes */
#define ATTRIBUTE_MAX 65536 /* bytes of one value, the kernel's own limit */

static int os_fail(struct gw_err *err, const char *what)
{
	int e = errno;

	return gw_fail(err, gw_code_errno(e), "%s: %s", what, strerror(e));
}

static int open_dir(struct write_job *job, struct gw_err *err)
{
	struct gw_slice dir = gw_slice(job->path, (size_t)(job->name - job->path));
	char *path = gw_xslicedup(dir.n ? dir : GW_S("."));

	job->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(path);
	return job->dir < 0 ? os_fail(err, "cannot open its directory") : 0;
}

static void close_dir(struct write_job *job)
{
	if (job->dir >= 0)
		close(job->dir);
	job->dir = -1;
}

/* A name that nobody can know before, not read by an include of a directory. */
static int make_temporary(struct write_job *job, int *fd, struct gw_err *err)
{
	uint64_t r;

	if (getrandom(&r, sizeof r, 0) != (ssize_t)sizeof r)
		return os_fail(err, "no random number");
	job->temporary = gw_xasprintf(".%s.%016llx", job->name, (unsigned long long)r);
	*fd = openat(job->dir, job->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (*fd >= 0)
		return 0;
	free(job->temporary);
	job->temporary = NULL;
	return os_fail(err, "cannot make a file beside it");
}

static int write_all(int fd, struct gw_slice text, struct gw_err *err)
{
	while (text.n) {
		ssize_t n = write(fd, text.p, text.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return os_fail(err, "cannot write");
		gw_slice_take(&text, (size_t)n);
	}
	return 0;
}

static int copy_attribute(int from, int to, const char *name, char *value, struct gw_err *err)
{
	ssize_t n = fgetxattr(from, name, value, ATTRIBUTE_MAX);

	if (n >= 0 && fsetxattr(to, name, value, (size_t)n, 0) == 0)
		return 0;
	if (errno == ENODATA || errno == ENOTSUP || strcmp(name, ACL) != 0)
		return 0; /* a label the system gives by itself */
	return os_fail(err, "cannot keep its access control list");
}

static int copy_attributes(int from, int to, struct gw_err *err)
{
	char names[ATTRIBUTES_MAX], *value;
	ssize_t n = flistxattr(from, names, sizeof names);
	int rc = 0;

	if (n < 0 && errno != ENOTSUP)
		return os_fail(err, "cannot look at its extended attributes");
	if (n <= 0)
		return 0;
	value = gw_xalloc(ATTRIBUTE_MAX);
	for (const char *p = names; rc == 0 && p < names + n; p += strlen(p) + 1)
		rc = copy_attribute(from, to, p, value, err);
	free(value);
	return rc;
}

/* Owner first: changing it takes set-id bits away. */
static int copy_identity(int from, int to, struct gw_err *err)
{
	struct stat st, now;

	if (fstat(from, &st) < 0 || fstat(to, &now) < 0)
		return os_fail(err, "cannot look at it");
	if (st.st_nlink > 1)
		return gw_fail(err, GW_ENOTSUP, "it has %lu names (hard links), and only this one would change",
			(unsigned long)st.st_nlink);
	if ((st.st_uid != now.st_uid || st.st_gid != now.st_gid) && fchown(to, st.st_uid, st.st_gid) < 0) {
		int e = errno;

		return gw_fail(err, gw_code_errno(e), "cannot keep its owner %lu and group %lu: %s; only root can",
			(unsigned long)st.st_uid, (unsigned long)st.st_gid, strerror(e));
	}
	/* The directory may give new files a list (acl(5), default ACL) that the old one has not. */
	if (fremovexattr(to, ACL) < 0 && errno != ENODATA && errno != ENOTSUP)
		return os_fail(err, "cannot take away the access control list of its directory");
	if (fchmod(to, st.st_mode & 07777) < 0)
		return os_fail(err, "cannot keep its mode");
	return copy_attributes(from, to, err);
}

static int fill(struct write_job *job, int fd, struct gw_slice text, struct gw_err *err)
{
	int old = openat(job->dir, job->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), rc;

	if (old < 0)
		return os_fail(err, "cannot open it");
	rc = write_all(fd, text, err);
	if (rc == 0)
		rc = copy_identity(old, fd, err);
	if (rc == 0 && fsync(fd) < 0)
		rc = os_fail(err, "cannot bring it to disk");
	close(old);
	return rc;
}

int write_prepare(struct write_job *job, const char *path, struct gw_slice was, struct gw_slice text, struct gw_err *err)
{
	int fd = -1, rc;

	*job = (struct write_job){ .path = gw_xstrdup(path), .dir = -1, .was = was };
	job->name = strrchr(job->path, '/') ? strrchr(job->path, '/') + 1 : job->path;
	rc = open_dir(job, err);
	if (rc == 0)
		rc = make_temporary(job, &fd, err);
	if (rc == 0)
		rc = fill(job, fd, text, err);
	if (fd >= 0 && close(fd) < 0 && rc == 0)
		rc = os_fail(err, "cannot write");
	close_dir(job);
	if (rc < 0)
		write_done(job);
	return rc;
}

/* Does the stream hold text, and no more? */
static int compare(struct gw_config_stream *in, struct gw_slice text, bool *same, struct gw_err *err)
{
	char piece[16384];
	size_t n = 1;
	int rc = 0;

	for (*same = true; rc == 0 && n && *same;) {
		rc = in->read(in->ctx, piece, sizeof piece, &n, err);
		if (rc == 0)
			*same = n <= text.n && memcmp(text.p, piece, n) == 0;
		if (rc == 0 && *same)
			gw_slice_take(&text, n);
	}
	*same = *same && text.n == 0;
	return rc;
}

/* Somebody else may have changed the file since it was read. */
static int still_the_same(const struct write_job *job, struct gw_err *err)
{
	struct gw_config_stream in;
	bool same;
	int rc = gw_config_disk.open(NULL, job->path, &in, err);

	if (rc < 0)
		return rc;
	rc = compare(&in, job->was, &same, err);
	in.close(in.ctx, NULL);
	free(in.real_path);
	if (rc < 0 || same)
		return rc;
	return gw_fail(err, GW_EBUSY, "somebody else has changed it meanwhile; nothing was written");
}

int write_commit(struct write_job *job, struct gw_err *err)
{
	int rc = still_the_same(job, err);

	if (rc == 0)
		rc = open_dir(job, err);
	if (rc == 0 && renameat(job->dir, job->temporary, job->dir, job->name) < 0)
		rc = os_fail(err, "cannot put the new content in its place");
	if (rc == 0) {
		free(job->temporary);
		job->temporary = NULL;
		fsync(job->dir); /* the new name; that not every file system can is no failure */
	}
	close_dir(job);
	return rc;
}

void write_done(struct write_job *job)
{
	if (job->temporary && open_dir(job, NULL) == 0)
		unlinkat(job->dir, job->temporary, 0);
	close_dir(job);
	free(job->temporary);
	free(job->path);
	*job = (struct write_job){ .dir = -1 };
}

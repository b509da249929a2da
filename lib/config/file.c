/* file.c - configuration files on disk, as streams
 *
 * A path may be a FIFO, a device or a directory. It is opened without waiting and must be a regular file before a byte
 * is read. Whoever writes a file while it is read must not make us believe in a mixture: its state is compared when it
 * is closed. */
#include "config/config.h"

#include "util/buf.h"
#include "util/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef GW_SYSCONFDIR
#define GW_SYSCONFDIR "/etc"
#endif

struct disk_file {
	int fd;
	struct stat at_open;
	uint64_t read;
};

static int disk_read(void *ctx, char *buf, size_t cap, size_t *n, struct gw_err *err)
{
	struct disk_file *f = ctx;
	ssize_t got;

	do
		got = read(f->fd, buf, cap);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return gw_fail(err, gw_code_errno(errno), "%s", strerror(errno));
	*n = (size_t)got;
	f->read += *n;
	return 0;
}

static bool changed(const struct disk_file *f)
{
	const struct stat *was = &f->at_open;
	struct stat now;

	return fstat(f->fd, &now) < 0 || now.st_size != was->st_size || now.st_mtim.tv_sec != was->st_mtim.tv_sec ||
		now.st_mtim.tv_nsec != was->st_mtim.tv_nsec || (uint64_t)now.st_size < f->read;
}

static int disk_close(void *ctx, struct gw_err *err)
{
	struct disk_file *f = ctx;
	int rc = changed(f) ? gw_fail(err, GW_EBUSY, "the file was changed while it was read; read it again") : 0;

	close(f->fd);
	free(f);
	return rc;
}

static int disk_open(void *ctx, const char *path, struct gw_config_stream *ret, struct gw_err *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY), rc = 0;
	struct disk_file *f;
	char *real;

	(void)ctx;
	if (fd < 0)
		return gw_fail(err, gw_code_errno(errno), "%s", strerror(errno));
	f = gw_xalloc(sizeof *f);
	*f = (struct disk_file){ .fd = fd };
	if (fstat(fd, &f->at_open) < 0)
		rc = gw_fail(err, gw_code_errno(errno), "%s", strerror(errno));
	else if (S_ISDIR(f->at_open.st_mode))
		rc = gw_fail(err, GW_ENOTSUP, "it is a directory");
	else if (!S_ISREG(f->at_open.st_mode))
		rc = gw_fail(err, GW_EINVAL, "it is not a regular file");
	real = rc == 0 ? realpath(path, NULL) : NULL;
	if (rc == 0 && !real)
		rc = gw_fail(err, gw_code_errno(errno), "%s", strerror(errno));
	if (rc < 0) {
		close(fd);
		free(f);
		return rc;
	}
	*ret = (struct gw_config_stream){ .real_path = real, .ctx = f, .read = disk_read, .close = disk_close };
	return 0;
}

/* ---- directories and patterns ---- */

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The pattern of the files of a directory; its own name is taken as it stands. */
static char *pattern_of(const char *directory)
{
	size_t n = strlen(directory);
	struct gw_buf b;
	char *pattern;

	gw_buf_init(&b, 0);
	for (size_t i = 0; i < n; i++) {
		if (strchr("*?[\\", directory[i]))
			gw_buf_add_char(&b, '\\');
		gw_buf_add_char(&b, directory[i]);
	}
	gw_buf_printf(&b, "%s*.cfg", n && directory[n - 1] == '/' ? "" : "/");
	pattern = gw_xstrdup(gw_buf_str(&b));
	gw_buf_done(&b);
	return pattern;
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A pattern whose every part is "*" would walk the whole machine. glob(3) hands its callbacks no context, so what it may
 * still read is counted for the thread that is in disk_list(). */
#define ENTRIES_MAX (4 * GW_CONFIG_FILES_MAX) /* of all directories of one pattern */
static _Thread_local size_t entries_left;

static void *list_open(const char *path)
{
	return opendir(path);
}

static struct dirent *list_read(void *dir)
{
	if (entries_left == 0)
		return NULL;
	entries_left--;
	return readdir(dir);
}

static void list_close(void *dir)
{
	closedir(dir);
}

static int find_files(const char *pattern, glob_t *g)
{
	*g = (glob_t){ .gl_opendir = list_open, .gl_readdir = list_read, .gl_closedir = list_close, .gl_stat = stat,
		.gl_lstat = lstat };
	entries_left = ENTRIES_MAX;
	return glob(pattern, GLOB_NOSORT | GLOB_ALTDIRFUNC, NULL, g);
}

static int disk_list(void *ctx, const char *path, size_t max, struct gw_config_names *ret, struct gw_err *err)
{
	bool directory = is_directory(path);
	char *pattern = directory ? pattern_of(path) : gw_xstrdup(path);
	glob_t g = { 0 };
	int rc;

	(void)ctx;
	/* A directory that may not be read is an error, not an empty one. */
	if (directory && access(path, R_OK | X_OK) < 0)
		rc = gw_fail(err, gw_code_errno(errno), "%s", strerror(errno));
	else if ((rc = find_files(pattern, &g)) != 0 && rc != GLOB_NOMATCH)
		rc = gw_fail(err, GW_EIO, rc == GLOB_NOSPACE ? "too many files match" : "a directory cannot be read");
	else if (entries_left == 0)
		rc = gw_fail(err, GW_ELIMIT, "it looks at more than %u names of files", ENTRIES_MAX);
	else if (g.gl_pathc > max)
		rc = gw_fail(err, GW_ELIMIT, "it matches %zu files, more than %zu", g.gl_pathc, max);
	else
		rc = 0;
	free(pattern);
	if (rc == 0) {
		ret->n = g.gl_pathc;
		ret->v = gw_xcalloc(ret->n ? ret->n : 1, sizeof *ret->v);
		for (size_t i = 0; i < ret->n; i++)
			ret->v[i] = gw_xstrdup(g.gl_pathv[i]);
		qsort(ret->v, ret->n, sizeof *ret->v, by_bytes);
	}
	globfree(&g);
	return rc;
}

void gw_config_names_done(struct gw_config_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->v[i]);
	free(names->v);
	*names = (struct gw_config_names){ 0 };
}

const struct gw_config_files gw_config_disk = { .open = disk_open, .list = disk_list };

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

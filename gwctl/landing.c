/* landing.c - files that get their names when they are safe on the disk (see landing.h) */
#include "gwctl/landing.h"

#include "gwctl/files.h"
#include "util/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct landing_file {
	char *temporary, *name;
};

void landing_init(struct landing *l, int dir)
{
	*l = (struct landing){ .dir = dir };
}

int landing_begin(int dir, const char *temporary, struct gw_err *err)
{
	int fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	return fd >= 0 ? fd : files_fail(err, "write", temporary);
}

int landing_put(int fd, struct gw_slice bytes, const char *name, struct gw_err *err)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno != EINTR)
			return files_fail(err, "write", name);
		gw_slice_take(&bytes, n > 0 ? (size_t)n : 0);
	}
	return 0;
}

void landing_add(struct landing *l, const char *temporary, const char *name)
{
	if (l->n == l->cap)
		l->v = gw_xrealloc(l->v, l->cap = l->cap ? 2 * l->cap : 64, sizeof *l->v);
	l->v[l->n++] = (struct landing_file){ gw_xstrdup(temporary), gw_xstrdup(name) };
}

static void forget(struct landing *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].temporary);
		free(l->v[i].name);
	}
	l->n = 0;
}

int landing_flush(struct landing *l, struct gw_err *err)
{
	if (l->n == 0)
		return 0;
	if (syncfs(l->dir) < 0)
		return files_fail(err, "write to the disk", l->v[0].name);
	for (size_t i = 0; i < l->n; i++)
		if (renameat(l->dir, l->v[i].temporary, l->dir, l->v[i].name) < 0 && errno != ENOENT)
			return files_fail(err, "name the file", l->v[i].name);
	forget(l);
	return 0;
}

void landing_done(struct landing *l)
{
	for (size_t i = 0; i < l->n; i++)
		unlinkat(l->dir, l->v[i].temporary, 0);
	forget(l);
	free(l->v);
	l->v = NULL;
	l->cap = 0;
}

int landing_write(int dir, const char *name, struct gw_slice content, struct gw_err *err)
{
	char *temporary = gw_xasprintf("%s.new", name);
	int fd = landing_begin(dir, temporary, NULL);
	bool ok = fd >= 0 && landing_put(fd, content, name, NULL) == 0 && fdatasync(fd) == 0;

	if (fd >= 0)
		ok = close(fd) == 0 && ok;
	ok = ok && renameat(dir, temporary, dir, name) == 0;
	free(temporary);
	return ok ? 0 : files_fail(err, "write", name);
}

int landing_make_folder(int dir, const char *path, struct gw_err *err)
{
	char *below = gw_xstrdup(path);
	bool ok = true;

	for (char *p = below; ok && p; ) {
		p = strchr(p, '/');
		if (p)
			*p = '\0';
		ok = mkdirat(dir, below, 0700) == 0 || errno == EEXIST;
		if (p)
			*p++ = '/';
	}
	free(below);
	return ok ? 0 : files_fail(err, "make the folder", path);
}

static bool is_empty(int dir)
{
	struct gw_arena arena;
	char **names;
	size_t n = 1;

	gw_arena_init(&arena, 0, 0);
	if (files_names(dir, &arena, &names, &n) < 0)
		n = 1;
	gw_arena_done(&arena);
	return n == 0;
}

int landing_open_root(const char *path, const char *mark, struct gw_err *err)
{
	struct stat st;
	int dir, rc;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return files_fail(err, "make the folder", path);
	dir = files_open_root(path);
	if (dir < 0)
		return files_fail(err, "open the folder", path);
	if (fstatat(dir, mark, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return dir;
	rc = is_empty(dir) ? landing_write(dir, mark, GW_S("written by gwctl export\n"), err) :
			     gw_fail(err, GW_EEXIST, "in \"%s\" there is something that no export of this kind has put there; say an "
				     "empty or a new folder", path);
	if (rc == 0)
		return dir;
	close(dir);
	return rc;
}

void landing_set_time(int fd, int64_t date)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = (time_t)date } };

	if (date != INT64_MIN)
		futimens(fd, times);
}

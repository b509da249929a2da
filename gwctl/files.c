/* files.c - reading folders and files that belong to somebody else (see files.h) */
#include "gwctl/files.h"

#include "util/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE (64u * 1024) /* octets read at once */

int files_open_root(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Is fd a folder or regular file? Closes it if not. */
static int plain(int fd)
{
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		return fd;
	close(fd);
	errno = ENOENT;
	return -1;
}

int files_open(int dir, const char *path, int how)
{
	int fd = -1;

	if (!*path)
		return openat(dir, ".", how | O_CLOEXEC);
	for (;;) {
		size_t n = strcspn(path, "/");
		bool last = path[n] == '\0';
		char name[NAME_MAX + 1];
		int next;

		if (n > NAME_MAX) {
			errno = ENAMETOOLONG;
			next = -1;
		} else {
			memcpy(name, path, n);
			name[n] = '\0';
			next = openat(fd < 0 ? dir : fd, name, (last ? how : O_RDONLY | O_DIRECTORY) | O_NOFOLLOW | O_NONBLOCK |
				      O_NOCTTY | O_CLOEXEC);
		}
		if (fd >= 0)
			close(fd);
		fd = next;
		if (last || fd < 0)
			return plain(fd);
		path += n + 1;
	}
}

/* The rest of fd, which is closed. */
static int slurp(int fd, size_t max, struct gw_buf *ret)
{
	ssize_t n = 1;

	if (fd < 0)
		return -1;
	gw_buf_init(ret, max + 1);
	while (n > 0 && ret->n <= max) {
		size_t room = max + 1 - ret->n < PIECE ? max + 1 - ret->n : PIECE;

		n = read(fd, gw_buf_room(ret, room), room);
		ret->n += n > 0 ? (size_t)n : 0;
	}
	close(fd);
	if (n == 0)
		return 0;
	if (n > 0)
		errno = EFBIG;
	gw_buf_done(ret);
	return -1;
}

int files_slurp(int dir, const char *path, size_t max, struct gw_buf *ret)
{
	return slurp(files_open(dir, path, O_RDONLY), max, ret);
}

int files_slurp_named(const char *path, size_t max, struct gw_buf *ret)
{
	return slurp(open(path, O_RDONLY | O_CLOEXEC), max, ret);
}

static int by_octets(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int files_names(int dir, struct gw_arena *arena, char ***ret, size_t *ret_n)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e;
	char **v = NULL;
	size_t n = 0, cap = 0;

	if (!d) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	for (errno = 0; (e = readdir(d)); errno = 0) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (n == cap)
			v = gw_xrealloc(v, cap = cap ? 2 * cap : 64, sizeof *v);
		v[n++] = gw_arena_str(arena, gw_slice_str(e->d_name));
	}
	if (n)
		qsort(v, n, sizeof *v, by_octets);
	*ret = gw_arena_calloc(arena, n + 1, sizeof *v);
	if (n)
		memcpy(*ret, v, n * sizeof *v);
	*ret_n = n;
	free(v);
	n = errno ? 1 : 0;
	closedir(d);
	return n ? -1 : 0;
}

bool files_is_folder(int dir, const char *path)
{
	int fd = files_open(dir, path, O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

char *files_id(const char *scheme, const char *path)
{
	char *real = realpath(path, NULL);
	char *id = gw_xasprintf("%s:%s", scheme, real ? real : path);

	free(real);
	return id;
}

int files_fail(struct gw_err *err, const char *what, const char *path)
{
	int code = gw_code_errno(errno);

	if (errno == ELOOP)
		return gw_fail(err, GW_EACCES, "cannot %s \"%s\": it is a symbolic link, which is not followed", what, path);
	return gw_fail(err, code, "cannot %s \"%s\": %s", what, path, strerror(errno));
}

/* ---- octets of a file with CRLF line ends ---- */

void octets_init(struct octets *o)
{
	*o = (struct octets){ .fd = -1 };
	gw_buf_init(&o->ready, 0);
}

void octets_open(struct octets *o, int fd, bool verbatim)
{
	octets_close(o);
	o->fd = fd;
	o->verbatim = verbatim;
}

static int fill(struct octets *o)
{
	char piece[PIECE];
	ssize_t n = read(o->fd, piece, sizeof piece);

	o->ready.n = o->taken = 0;
	if (n > 0 && o->verbatim)
		gw_buf_add(&o->ready, piece, (size_t)n);
	else if (n > 0)
		gw_lineends_to_crlf(&o->ends, gw_slice(piece, (size_t)n), &o->ready);
	return n < 0 ? -1 : n > 0;
}

long octets_read(struct octets *o, void *dst, size_t n)
{
	size_t left = o->ready.n - o->taken;

	if (left == 0) {
		int rc = fill(o);

		if (rc <= 0)
			return rc;
		left = o->ready.n;
	}
	if (n > left)
		n = left;
	memcpy(dst, o->ready.p + o->taken, n);
	o->taken += n;
	return (long)n;
}

void octets_close(struct octets *o)
{
	if (o->fd >= 0)
		close(o->fd);
	o->fd = -1;
	o->ends = (struct gw_lineends){ 0 };
	o->ready.n = o->taken = 0;
}

void octets_done(struct octets *o)
{
	octets_close(o);
	gw_buf_done(&o->ready);
}

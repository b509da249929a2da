/* live_access.c - what another user may do with a file, without being that user
 *
 * Permission bits are read for every directory on the way, as the kernel does (path_resolution(7)). Where an access
 * control list says more than the bits can, the answer is yes: a check must not cry for nothing. */
#include "gwcfg/live.h"

#include "util/mem.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>

static bool in_group(const struct live *l, gid_t gid)
{
	if (gid == l->gid)
		return true;
	for (int i = 0; i < l->n_groups; i++)
		if (l->groups[i] == gid)
			return true;
	return false;
}

/* R_OK, W_OK and X_OK are the bits of one class. */
static bool bits_allow(const struct live *l, const char *path, const struct stat *st, int what)
{
	unsigned bits = st->st_mode & 7;

	if (l->uid == 0)
		return true;
	if (st->st_uid == l->uid)
		bits = st->st_mode >> 6 & 7;
	else if (in_group(l, st->st_gid))
		bits = st->st_mode >> 3 & 7;
	if (((unsigned)what & ~bits) == 0)
		return true;
	return st->st_uid != l->uid && getxattr(path, "system.posix_acl_access", NULL, 0) > 0;
}

static bool is_read_only(const char *path)
{
	struct statvfs fs;

	return statvfs(path, &fs) == 0 && (fs.f_flag & ST_RDONLY);
}

/* Every directory in front of the last part must be open. real has no symbolic links. */
static bool way_is_open(const struct live *l, const char *real, char *blocker)
{
	char dir[PATH_MAX];
	struct stat st;

	for (size_t i = 0; real[i]; i++) {
		if (real[i] != '/' || (i && !real[i + 1]))
			continue;
		snprintf(dir, sizeof dir, "%.*s", (int)(i ? i : 1), real);
		if (stat(dir, &st) != 0 || bits_allow(l, dir, &st, X_OK))
			continue;
		if (blocker)
			snprintf(blocker, PATH_MAX, "%s", dir);
		return false;
	}
	return true;
}

enum live_may live_may(const struct live *l, const char *path, int what, struct stat *st, char blocker[4096])
{
	char *real = realpath(path, NULL);
	enum live_may ret = LIVE_MAY;

	if (!real)
		return errno == ENOENT || errno == ENOTDIR ? LIVE_MISSING : LIVE_UNSEEN;
	if (stat(real, st) != 0) {
		free(real);
		return LIVE_UNSEEN;
	}
	if (blocker)
		snprintf(blocker, PATH_MAX, "%s", path);
	if (l->known && (!bits_allow(l, real, st, what) || ((what & W_OK) && is_read_only(real))))
		ret = LIVE_MAY_NOT;
	if (l->known && !way_is_open(l, real, blocker))
		ret = LIVE_MAY_NOT;
	free(real);
	return ret;
}

char *live_parent(const char *path)
{
	char *dir = gw_xstrdup(path), *slash = strrchr(dir, '/');

	if (!slash) {
		free(dir);
		return gw_xstrdup(".");
	}
	slash[slash == dir] = '\0';
	return dir;
}

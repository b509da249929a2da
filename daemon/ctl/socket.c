/* socket.c - making the control socket while we may still be root (see server.h)
 *
 * What an earlier process left is removed; a socket on which somebody answers is not touched. */
#include "daemon/ctl/ctl.h"

#include "util/mem.h"
#include "util/num.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 128 /* more than may be connected, so that those are told why not */

/* Remove what an earlier process left. */
static int clear_path(const struct sockaddr_un *a, struct gw_err *err)
{
	struct stat st;
	int fd, rc;

	if (lstat(a->sun_path, &st) != 0)
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return gw_fail(err, GW_EEXIST, "control_socket: \"%s\" is there and is not a socket", a->sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return gw_fail(err, gw_code_errno(errno), "control_socket: %s", strerror(errno));
	rc = connect(fd, (const struct sockaddr *)a, sizeof *a);
	if (rc == 0 || errno == EAGAIN)
		rc = gw_fail(err, GW_EBUSY, "control_socket: \"%s\" is in use by another process", a->sun_path);
	else if (errno != ECONNREFUSED && errno != ENOENT) /* somebody may well listen there */
		rc = gw_fail(err, gw_code_errno(errno), "control_socket: cannot tell whether \"%s\" is in use: %s", a->sun_path,
			     strerror(errno));
	else if (unlink(a->sun_path) != 0 && errno != ENOENT)
		rc = gw_fail(err, gw_code_errno(errno), "control_socket: cannot remove the old \"%s\": %s", a->sun_path,
			     strerror(errno));
	else
		rc = 0;
	close(fd);
	return rc;
}

/* The folder for it, when only its last part is missing. */
static void make_folder(const char *path, const struct identity *id)
{
	char *dir = gw_xstrdup(path), *slash = strrchr(dir, '/');

	if (slash && slash != dir) {
		*slash = 0;
		if (mkdir(dir, 0755) == 0 && (id->uid != (uid_t)-1 || id->gid != (gid_t)-1) &&
		    chown(dir, id->uid, id->gid) != 0)
			rmdir(dir); /* binding will say what is wrong */
	}
	free(dir);
}

/* Where everybody may remove our socket, anybody may put another in its place and be told passwords. */
static int check_folder(const char *path, struct gw_err *err)
{
	char *dir = gw_xstrdup(path), *slash = strrchr(dir, '/');
	struct stat st;
	int rc = 0;

	if (slash)
		slash[slash == dir] = 0;
	if (slash && stat(dir, &st) == 0 && (st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX))
		rc = gw_fail(err, GW_EACCES, "control_socket: everybody may write to the folder \"%s\"", dir);
	free(dir);
	return rc;
}

static int find_group(const struct gw_config *cfg, const struct identity *id, gid_t *ret, struct gw_err *err)
{
	const char *name = cfg->control_socket_group;
	const struct group *g;
	uint64_t number;

	*ret = id->gid != (gid_t)-1 ? id->gid : getegid();
	if (!*name)
		return 0;
	g = getgrnam(name);
	if (g)
		*ret = g->gr_gid;
	else if (gw_parse_u64(gw_slice_str(name), &number) && number < (gid_t)-1)
		*ret = (gid_t)number;
	else
		return gw_fail(err, GW_ENOENT, "control_socket_group: there is no group \"%s\"", name);
	return 0;
}

static int bind_socket(struct ctl_server *cs, const struct sockaddr_un *a, const struct identity *id, mode_t mode,
		       struct gw_err *err)
{
	mode_t old = umask(0177);
	int rc = bind(cs->fd, (const struct sockaddr *)a, sizeof *a);

	umask(old);
	if (rc != 0)
		return gw_fail(err, gw_code_errno(errno), "control_socket: cannot bind \"%s\": %s", a->sun_path,
			       strerror(errno));
	cs->path = gw_xstrdup(a->sun_path);
	if (chown(cs->path, id->uid, cs->group) != 0 && cs->group != getegid())
		return gw_fail(err, gw_code_errno(errno), "control_socket: cannot give \"%s\" to group %u: %s", cs->path,
			       (unsigned)cs->group, strerror(errno));
	if (chmod(cs->path, mode) != 0 || listen(cs->fd, BACKLOG) != 0)
		return gw_fail(err, gw_code_errno(errno), "control_socket: cannot use \"%s\": %s", cs->path,
			       strerror(errno));
	return 0;
}

int ctl_open(struct server *s, const struct gw_config *cfg, struct gw_err *err)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct ctl_server *cs;
	int rc;

	if (!*cfg->control_socket)
		return 0;
	if (strlen(cfg->control_socket) >= sizeof a.sun_path)
		return gw_fail(err, GW_EINVAL, "control_socket: the path is too long");
	strcpy(a.sun_path, cfg->control_socket);
	make_folder(a.sun_path, &s->identity);
	rc = check_folder(a.sun_path, err);
	if (rc == 0)
		rc = clear_path(&a, err);
	if (rc < 0)
		return rc;
	cs = gw_xalloc(sizeof *cs);
	cs->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	s->ctl = cs;
	rc = cs->fd < 0 ? gw_fail(err, gw_code_errno(errno), "control_socket: %s", strerror(errno)) :
			  find_group(cfg, &s->identity, &cs->group, err);
	if (rc == 0)
		rc = bind_socket(cs, &a, &s->identity, (mode_t)cfg->control_socket_mode, err);
	if (rc < 0)
		ctl_close(s);
	return rc;
}

/* drop.c - run_as_user and run_as_group (see drop.h) */
#include "daemon/drop.h"

#include "util/num.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#define ID_MAX 0xFFFFFFFEu /* the highest number means "unchanged" to the kernel */

static int resolve_user(const char *text, struct identity *ret, struct gw_err *err)
{
	const struct passwd *pw = getpwnam(text);
	uint64_t n;

	if (!pw && gw_parse_u64_range(gw_slice_str(text), 0, ID_MAX, &n)) {
		ret->uid = (uid_t)n;
		pw = getpwuid(ret->uid);
		if (!pw)
			return 0;
	}
	if (!pw)
		return gw_fail(err, GW_ENOENT, "run_as_user: there is no user \"%s\"", text);
	ret->uid = pw->pw_uid;
	ret->gid = pw->pw_gid;
	snprintf(ret->name, sizeof ret->name, "%s", pw->pw_name);
	return 0;
}

static int resolve_group(const char *text, struct identity *ret, struct gw_err *err)
{
	const struct group *gr = getgrnam(text);
	uint64_t n;

	if (gr)
		ret->gid = gr->gr_gid;
	else if (gw_parse_u64_range(gw_slice_str(text), 0, ID_MAX, &n))
		ret->gid = (gid_t)n;
	else
		return gw_fail(err, GW_ENOENT, "run_as_group: there is no group \"%s\"", text);
	return 0;
}

int drop_resolve(const struct gw_config *cfg, struct identity *ret, struct gw_err *err)
{
	struct identity id = { .uid = (uid_t)-1, .gid = (gid_t)-1 };
	int rc = 0;

	if (*cfg->run_as_user)
		rc = resolve_user(cfg->run_as_user, &id, err);
	if (rc == 0 && *cfg->run_as_group)
		rc = resolve_group(cfg->run_as_group, &id, err);
	if (rc < 0)
		return rc;
	if (id.uid != (uid_t)-1 && id.gid == (gid_t)-1)
		return gw_fail(err, GW_EINVAL, "run_as_group: user %u has no group of its own; name one", (unsigned)id.uid);
	id.change = id.uid != (uid_t)-1 || id.gid != (gid_t)-1;
	*ret = id;
	return 0;
}

static bool already(const struct identity *id)
{
	return (id->uid == (uid_t)-1 || (getuid() == id->uid && geteuid() == id->uid)) &&
	       (id->gid == (gid_t)-1 || (getgid() == id->gid && getegid() == id->gid));
}

static int change_groups(const struct identity *id, struct gw_err *err)
{
	if (id->gid == (gid_t)-1)
		return 0;
	if ((id->name[0] ? initgroups(id->name, id->gid) : setgroups(0, NULL)) < 0)
		return gw_fail(err, GW_EACCES, "cannot change the groups: %s", strerror(errno));
	if (setgid(id->gid) < 0)
		return gw_fail(err, GW_EACCES, "run_as_group: cannot become group %u: %s", (unsigned)id->gid,
			       strerror(errno));
	return 0;
}

int drop_apply(const struct identity *id, struct gw_err *err)
{
	int rc;

	if (!id->change || (geteuid() != 0 && already(id)))
		return 0;
	rc = change_groups(id, err);
	if (rc < 0 || id->uid == (uid_t)-1)
		return rc;
	if (setuid(id->uid) < 0)
		return gw_fail(err, GW_EACCES, "run_as_user: cannot become user %u: %s", (unsigned)id->uid,
			       strerror(errno));
	if (id->uid != 0 && (setuid(0) == 0 || seteuid(0) == 0 || getuid() == 0))
		return gw_fail(err, GW_EACCES, "run_as_user: root could be regained");
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return 0;
}

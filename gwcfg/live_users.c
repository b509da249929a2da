/* live_users.c - whom the daemon will be, by the rules of its start */
#include "gwcfg/live.h"

#include "util/mem.h"
#include "util/num.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>

#define GROUPS_MAX 4096

/* ---- numbers and names ---- */

static bool parse_id(const char *s, uint64_t *ret)
{
	return gw_parse_u64_range(gw_slice_str(s), 0, 0xFFFFFFFEu, ret);
}

static void take_groups(struct live *l, const char *user)
{
	int n = 64;

	l->groups = gw_xcalloc(GROUPS_MAX, sizeof *l->groups);
	l->n_groups = GROUPS_MAX;
	if (user && getgrouplist(user, l->gid, l->groups, &l->n_groups) >= 0)
		return;
	n = user ? 0 : getgroups(GROUPS_MAX, l->groups);
	l->n_groups = n > 0 ? n : 0;
}

static void be_myself(struct live *l)
{
	const struct passwd *pw = getpwuid(geteuid());

	l->uid = geteuid();
	l->gid = getegid();
	if (pw)
		snprintf(l->user, sizeof l->user, "%s", pw->pw_name);
	else
		snprintf(l->user, sizeof l->user, "%u", (unsigned)l->uid);
	take_groups(l, NULL);
	l->known = true;
}

static bool find_group(const struct live *l, const char *option, const char *text, gid_t *ret)
{
	const struct group *gr = getgrnam(text);
	uint64_t n;

	if (gr || parse_id(text, &n)) {
		*ret = gr ? gr->gr_gid : (gid_t)n;
		return true;
	}
	LIVE(l, CONFIG_E_NO_USER, option, NULL, "\"%s\" is not a group of this machine", text);
	return false;
}

/* The user, and the group that is his unless another is named. */
static void be_user(struct live *l)
{
	const char *text = l->cfg->run_as_user;
	const struct passwd *pw = getpwnam(text);
	uint64_t n;

	if (!pw && parse_id(text, &n))
		pw = getpwuid((uid_t)n);
	else if (!pw) {
		LIVE(l, CONFIG_E_NO_USER, "run_as_user", NULL, "\"%s\" is not a user of this machine", text);
		return;
	}
	l->uid = pw ? pw->pw_uid : (uid_t)n;
	l->gid = pw ? pw->pw_gid : (gid_t)-1;
	l->known = pw || *l->cfg->run_as_group;
	snprintf(l->user, sizeof l->user, "%s", pw ? pw->pw_name : text);
	if (!l->known)
		LIVE(l, CONFIG_E_NO_USER, "run_as_user", "set run_as_group", "\"%s\" has no group of its own on this machine", text);
}

/* Names of users, and of groups behind an "@". */
static void find_names(const struct live *l, const char *option, const struct gw_words *names)
{
	gid_t gid;
	uint64_t n;

	for (size_t i = 0; i < names->n; i++) {
		if (names->v[i][0] == '@')
			find_group(l, option, names->v[i] + 1, &gid);
		else if (!getpwnam(names->v[i]) && !parse_id(names->v[i], &n))
			LIVE(l, CONFIG_E_NO_USER, option, NULL, "\"%s\" is not a user of this machine", names->v[i]);
	}
}

void live_users(struct live *l)
{
	gid_t gid;

	if (*l->cfg->control_socket_group)
		find_group(l, "control_socket_group", l->cfg->control_socket_group, &gid);
	find_names(l, "control_admins", &l->cfg->control_admins);
	find_names(l, "control_operators", &l->cfg->control_operators);
	if (!*l->cfg->run_as_user)
		be_myself(l);
	else
		be_user(l);
	if (*l->cfg->run_as_group) {
		if (find_group(l, "run_as_group", l->cfg->run_as_group, &gid))
			l->gid = gid;
		else
			l->known = false;
	}
	if (l->known && *l->cfg->run_as_user)
		take_groups(l, l->user);
}

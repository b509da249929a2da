/* role.c - what a client of the control socket may do (see ctl.h)
 *
 * The kernel says who is at the other end (SO_PEERCRED, unix(7)). Root and the user of the daemon are admins always;
 * control_admins and control_operators name others, and members of the socket's group are operators. Names are looked up
 * when a configuration comes into force: that may take a while, and no client must be able to make the service wait. */
#include "daemon/ctl/ctl.h"

#include "util/mem.h"
#include "util/num.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define GROUPS_MAX 256u

struct peer {
	struct ucred cred;
	gid_t groups[GROUPS_MAX];
	size_t n_groups;
};

/* ---- names ---- */

static void add_id(struct ctl_ids *ids, bool group, uint64_t number)
{
	uint32_t **list = group ? &ids->gids : &ids->uids;
	size_t *n = group ? &ids->n_gids : &ids->n_uids;

	*list = gw_xrealloc(*list, *n + 1, sizeof **list);
	(*list)[(*n)++] = (uint32_t)number;
}

/* "anna", "@mailadmins", or numbers in their places. */
static bool add_name(struct ctl_ids *ids, const char *word)
{
	bool group = word[0] == '@';
	const char *name = word + group;
	const struct passwd *pw = group ? NULL : getpwnam(name);
	const struct group *gr = group ? getgrnam(name) : NULL;
	uint64_t number;

	if (pw)
		number = pw->pw_uid;
	else if (gr)
		number = gr->gr_gid;
	else if (!gw_parse_u64_range(gw_slice_str(name), 0, UINT32_MAX - 1, &number))
		return false;
	add_id(ids, group, number);
	return true;
}

static void ids_done(struct ctl_ids *ids)
{
	free(ids->uids);
	free(ids->gids);
	*ids = (struct ctl_ids){ 0 };
}

static void read_ids(struct server *s, struct ctl_ids *ids, const char *option, const struct gw_words *words)
{
	ids_done(ids);
	for (size_t i = 0; i < words->n; i++)
		if (!add_name(ids, words->v[i]))
			log_line(&s->g.log, GW_LOG_ERROR, "%s: there is no %s \"%s\" on this machine; it gives no rights", option,
				 words->v[i][0] == '@' ? "group" : "user", words->v[i] + (words->v[i][0] == '@'));
}

void ctl_read_roles(struct server *s)
{
	struct gw_config *cfg = s->g.current->config;
	struct ctl_roles *r;

	if (!s->ctl)
		return;
	r = &s->ctl->roles;
	read_ids(s, &r->admins, "control_admins", &cfg->control_admins);
	read_ids(s, &r->operators, "control_operators", &cfg->control_operators);
}

void ctl_roles_done(struct ctl_roles *r)
{
	ids_done(&r->admins);
	ids_done(&r->operators);
}

/* ---- the client ---- */

static bool in_group(const struct peer *p, gid_t group)
{
	if (p->cred.gid == group)
		return true;
	for (size_t i = 0; i < p->n_groups; i++)
		if (p->groups[i] == group)
			return true;
	return false;
}

static bool among(const struct peer *p, const struct ctl_ids *ids)
{
	for (size_t i = 0; i < ids->n_uids; i++)
		if (p->cred.uid == ids->uids[i])
			return true;
	for (size_t i = 0; i < ids->n_gids; i++)
		if (in_group(p, ids->gids[i]))
			return true;
	return false;
}

static bool who_is_there(int fd, struct peer *p)
{
	socklen_t n = sizeof p->cred, groups = sizeof p->groups;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &p->cred, &n) != 0)
		return false;
	p->n_groups = getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, p->groups, &groups) == 0 ? groups / sizeof *p->groups : 0;
	return true;
}

bool ctl_identify(struct server *s, int fd, struct ctl_caller *ret)
{
	struct peer p;

	if (!who_is_there(fd, &p))
		return false;
	*ret = (struct ctl_caller){ .uid = (unsigned)p.cred.uid, .pid = (int)p.cred.pid };
	snprintf(ret->text, sizeof ret->text, "uid %u, process %d", ret->uid, ret->pid);
	if (p.cred.uid == 0 || p.cred.uid == geteuid() || among(&p, &s->ctl->roles.admins))
		ret->level = GW_CTL_ADMIN;
	else if (in_group(&p, s->ctl->group) || among(&p, &s->ctl->roles.operators))
		ret->level = GW_CTL_OPERATOR;
	else
		ret->level = GW_CTL_VIEWER;
	return true;
}

/* cmd_quota.c - GETQUOTA, GETQUOTAROOT, SETQUOTA (RFC 9208; RFC 2087)
 *
 * An account is one quota root, "" for its user and "user/NAME" for administrators (imap_admins), who are told of
 * QUOTASET and set limits of any account. It exists when a resource has a limit: the list of a QUOTA response
 * cannot be empty (RFC 9208 section 7). */
#include "imap/session.h"

#include "config/config.h"
#include "imap/commands.h"
#include "imap/put.h"

#include <stddef.h>

#define KIB 1024u /* STORAGE and ANNOTATION-STORAGE count in units of 1024 octets (RFC 9208 5.1, 5.4) */
#define ROOT_OF_USER "user/"

/* The resources, and where their numbers lie. */
#define RES "QUOTA=RES-"
static const struct resource {
	const char *capability; /* the name stands behind QUOTA=RES- */
	unsigned unit;
	size_t used, limit, own; /* offsets: in struct gw_quota, twice, and in struct gw_limits */
} resources[] = {
#define ROW(name, unit, member) \
	{ RES name, unit, offsetof(struct gw_quota, member##_used), offsetof(struct gw_quota, member##_limit), \
	  offsetof(struct gw_limits, member) }
	ROW("STORAGE", KIB, storage),
	ROW("MESSAGE", 1, messages),
	ROW("MAILBOX", 1, mailboxes),
	ROW("ANNOTATION-STORAGE", KIB, annotations),
#undef ROW
};
#define RESOURCES (sizeof resources / sizeof *resources)

static uint64_t number_at(const struct gw_quota *q, size_t offset)
{
	uint64_t n = 0;

	memcpy(&n, (const char *)q + offset, sizeof n);
	return n;
}

static const char *name_of(const struct resource *r)
{
	return r->capability + sizeof RES - 1;
}

/* Only of resources that are told in the capabilities (RFC 9208 3.1.2). */
static bool is_limited(const struct imap_session *s, const struct gw_quota *q, const struct resource *r)
{
	return number_at(q, r->limit) && imap_offers(s, r->capability);
}

static bool has_limits(const struct imap_session *s, const struct gw_quota *q)
{
	for (size_t i = 0; i < RESOURCES; i++)
		if (is_limited(s, q, &resources[i]))
			return true;
	return false;
}

static void put_quota(const struct imap_session *s, struct gw_slice root, const struct gw_quota *q, struct gw_out *out)
{
	const char *before = "";

	gw_out_lit(out, "* QUOTA ");
	imap_put_astring(out, root);
	gw_out_lit(out, " (");
	for (size_t i = 0; i < RESOURCES; i++) {
		const struct resource *r = &resources[i];
		uint64_t used = (number_at(q, r->used) + r->unit - 1) / r->unit, limit = number_at(q, r->limit) / r->unit;

		if (!is_limited(s, q, r))
			continue;
		gw_out_printf(out, "%s%s %llu %llu", before, name_of(r), (unsigned long long)used,
			(unsigned long long)limit);
		before = " ";
	}
	gw_out_lit(out, ")\r\n");
}

void imap_warn_quota(const struct imap_session *s, struct gw_out *out)
{
	if (imap_offers(s, "QUOTA"))
		imap_put_status_line(out, GW_S("*"), "NO", "OVERQUOTA", "The quota is nearly used up");
}

/* The user whose root it is; empty: the session's own. False: nobody's, or none of this user's business. */
static bool user_of_root(const struct imap_session *s, struct gw_slice root, struct gw_slice *ret)
{
	*ret = gw_slice(NULL, 0);
	if (!root.n)
		return true;
	if (!gw_slice_startsi(root, GW_S(ROOT_OF_USER)) || !imap_offers(s, "QUOTASET"))
		return false;
	gw_slice_take(&root, sizeof ROOT_OF_USER - 1);
	*ret = root;
	return root.n > 0;
}

static enum imap_step no_root(struct imap_task *t)
{
	return imap_no(t, "NONEXISTENT", "There is no such quota root");
}

static int get_quota(struct imap_session *s, struct gw_slice user, struct gw_quota *ret, struct gw_err *err)
{
	return user.n ? gw_acct_quota_of(s->acct, user, ret, err) : gw_acct_quota(s->acct, ret, err);
}

enum imap_step imap_run_getquota(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct gw_slice root = t->cmd->quota.root;
	struct gw_err err = { 0 };
	struct gw_slice user;
	struct gw_quota q;
	int rc;

	if (!user_of_root(s, root, &user))
		return no_root(t);
	rc = get_quota(s, user, &q, &err);
	if (rc == GW_ENOENT)
		return no_root(t);
	if (rc < 0)
		return imap_fail(s, t, rc, &err);
	if (!has_limits(s, &q))
		return imap_no(t, "NONEXISTENT", "There are no limits");
	put_quota(s, root, &q, out);
	return imap_ok(t, "GETQUOTA completed");
}

/* What belongs to others counts for them. */
enum imap_step imap_run_getquotaroot(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct gw_quota q = { 0 };
	struct gw_err err = { 0 };
	struct gw_mailbox mb;
	int rc = 0;

	if (!imap_find_mailbox(s, t, t->cmd->mailbox, NULL, &mb))
		return IMAP_STEP_DONE;
	if (!(mb.attrs & (GW_MBOX_PUBLIC | GW_MBOX_OTHER)))
		rc = gw_acct_quota(s->acct, &q, &err);
	if (rc < 0)
		return imap_fail(s, t, rc, &err);
	gw_out_lit(out, "* QUOTAROOT ");
	imap_put_name(s, out, mb.name);
	gw_out_str(out, has_limits(s, &q) ? " \"\"\r\n" : "\r\n");
	if (has_limits(s, &q))
		put_quota(s, gw_slice("", 0), &q, out);
	return imap_ok(t, "GETQUOTAROOT completed");
}

/* ---- SETQUOTA ---- */

/* One limit of the command; a size is rounded down to what can be told. NULL, or what is wrong with it. */
static const char *take_limit(const struct imap_session *s, const struct imap_quota_limit *l, struct gw_limits *ret)
{
	for (size_t i = 0; i < RESOURCES; i++) {
		const struct resource *r = &resources[i];
		uint64_t most = INT64_MAX / r->unit, n = (l->limit < most ? l->limit : most) * r->unit;

		if (!imap_offers(s, r->capability) || !gw_slice_eqi(l->resource, gw_slice_str(name_of(r))))
			continue;
		if (n == 0)
			return "A limit of 0 cannot be set";
		memcpy((char *)ret + r->own, &n, sizeof n);
		return NULL;
	}
	return "There is no such resource";
}

/* The limits that the command doesn't name are taken away: what the configuration says counts again. */
enum imap_step imap_run_setquota(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_quota *cmd = &t->cmd->quota;
	struct gw_limits limits = { 0 };
	struct gw_err err = { 0 };
	struct gw_slice user;
	struct gw_quota q;
	int rc;

	if (!imap_offers(s, "QUOTASET"))
		return imap_no(t, "NOPERM", "Quotas are set by the administrator");
	if (!user_of_root(s, cmd->root, &user))
		return no_root(t);
	for (size_t i = 0; i < cmd->n; i++) {
		const char *problem = take_limit(s, &cmd->limit[i], &limits);

		if (problem)
			return imap_no(t, "CANNOT", problem);
	}
	rc = gw_acct_quota_set(s->acct, user.n ? user : gw_slice_str(gw_acct_user(s->acct)), &limits, &err);
	if (rc == 0)
		rc = get_quota(s, user, &q, &err);
	if (rc == GW_ENOENT)
		return no_root(t);
	if (rc < 0)
		return imap_fail(s, t, rc, &err);
	if (has_limits(s, &q))
		put_quota(s, cmd->root, &q, out);
	return imap_ok(t, "SETQUOTA completed");
}

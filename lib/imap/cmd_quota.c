/* cmd_quota.c - GETQUOTA, GETQUOTAROOT, SETQUOTA (RFC 9208; RFC 2087)
 *
 * There is one quota root, "", the account, and it exists when a resource has a limit: the list of a QUOTA response
 * cannot be empty (RFC 9208 section 7). */
#include "imap/session.h"

#include "imap/commands.h"
#include "imap/put.h"

#define STORAGE_UNIT 1024 /* STORAGE counts in units of 1024 octets (RFC 9208 5.1) */

static bool has_limit(const struct gw_quota *q)
{
	return q->storage_limit || q->messages_limit;
}

static void put_quota(const struct gw_quota *q, struct gw_out *out)
{
	gw_out_lit(out, "* QUOTA \"\" (");
	if (q->storage_limit)
		gw_out_printf(out, "STORAGE %llu %llu",
			(unsigned long long)((q->storage_used + STORAGE_UNIT - 1) / STORAGE_UNIT),
			(unsigned long long)(q->storage_limit / STORAGE_UNIT));
	if (q->messages_limit)
		gw_out_printf(out, "%sMESSAGE %llu %llu", q->storage_limit ? " " : "",
			(unsigned long long)q->messages_used, (unsigned long long)q->messages_limit);
	gw_out_lit(out, ")\r\n");
}

enum imap_step imap_run_getquota(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct gw_err err = { 0 };
	struct gw_quota q;
	int rc;

	if (t->cmd->quota.root.n)
		return imap_no(t, "NONEXISTENT", "There is no such quota root");
	rc = gw_acct_quota(s->acct, &q, &err);
	if (rc < 0)
		return imap_fail(s, t, rc, &err);
	if (!has_limit(&q))
		return imap_no(t, "NONEXISTENT", "There are no limits");
	put_quota(&q, out);
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
	imap_put_mailbox(out, mb.name);
	gw_out_str(out, has_limit(&q) ? " \"\"\r\n" : "\r\n");
	if (has_limit(&q))
		put_quota(&q, out);
	return imap_ok(t, "GETQUOTAROOT completed");
}

enum imap_step imap_run_setquota(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	(void)s;
	(void)out;
	return imap_no(t, "NOPERM", "Quotas are set by the administrator");
}

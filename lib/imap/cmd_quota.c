/* cmd_quota.c - GETQUOTA, GETQUOTAROOT, SETQUOTA (RFC 9208; RFC 2087)
 *
 * There is one quota root, "", the account. Only resources with a limit are told. */
#include "imap/session.h"

#include "imap/commands.h"
#include "imap/put.h"

#define STORAGE_UNIT 1024 /* STORAGE counts in units of 1024 octets (RFC 9208 5.1) */

static enum imap_step put_quota(struct imap_session *s, struct imap_task *t, struct gw_out *out, const char *done)
{
	struct gw_err err = { 0 };
	struct gw_quota q;
	int rc = gw_acct_quota(s->acct, &q, &err);

	if (rc < 0)
		return imap_fail(s, t, rc, &err);
	gw_out_lit(out, "* QUOTA \"\" (");
	if (q.storage_limit)
		gw_out_printf(out, "STORAGE %llu %llu",
			(unsigned long long)((q.storage_used + STORAGE_UNIT - 1) / STORAGE_UNIT),
			(unsigned long long)(q.storage_limit / STORAGE_UNIT));
	if (q.messages_limit)
		gw_out_printf(out, "%sMESSAGE %llu %llu", q.storage_limit ? " " : "", (unsigned long long)q.messages_used,
			(unsigned long long)q.messages_limit);
	gw_out_lit(out, ")\r\n");
	return imap_ok(t, done);
}

enum imap_step imap_run_getquota(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	if (t->cmd->quota.root.n)
		return imap_no(t, "NONEXISTENT", "There is no such quota root");
	return put_quota(s, t, out, "GETQUOTA completed");
}

enum imap_step imap_run_getquotaroot(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct gw_mailbox mb;

	if (!imap_find_mailbox(s, t, t->cmd->mailbox, NULL, &mb))
		return IMAP_STEP_DONE;
	gw_out_lit(out, "* QUOTAROOT ");
	imap_put_mailbox(out, mb.name);
	if (mb.attrs & GW_MBOX_PUBLIC) { /* they count for nobody */
		gw_out_lit(out, "\r\n");
		return imap_ok(t, "GETQUOTAROOT completed");
	}
	gw_out_lit(out, " \"\"\r\n");
	return put_quota(s, t, out, "GETQUOTAROOT completed");
}

enum imap_step imap_run_setquota(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	(void)s;
	(void)out;
	return imap_no(t, "NOPERM", "Quotas are set by the administrator");
}

/* cmd_quota.c - GETQUOTA, GETQUOTAROOT, SETQUOTA (RFC 9208; RFC 2087)
 *
 * There is one quota root, "", the account, and it exists when a resource has a limit: the list of a QUOTA response
 * cannot be empty (RFC 9208 section 7). Limits are the administrator's: QUOTASET is not told. */
#include "imap/session.h"

#include "imap/commands.h"
#include "imap/put.h"

#define STORAGE_UNIT 1024 /* STORAGE counts in units of 1024 octets (RFC 9208 5.1) */

struct resource {
	const char *name;
	uint64_t used, limit; /* in the units of the protocol; limit 0: none */
};

#define RESOURCES 3

/* What has a limit; returns how many. */
static size_t limited(const struct gw_quota *q, struct resource ret[RESOURCES])
{
	const struct resource all[RESOURCES] = {
		{ "STORAGE", (q->storage_used + STORAGE_UNIT - 1) / STORAGE_UNIT, q->storage_limit / STORAGE_UNIT },
		{ "MESSAGE", q->messages_used, q->messages_limit },
		{ "MAILBOX", q->mailboxes_used, q->mailboxes_limit },
	};
	const bool has[RESOURCES] = { q->storage_limit > 0, q->messages_limit > 0, q->mailboxes_limit > 0 };
	size_t n = 0;

	for (size_t i = 0; i < RESOURCES; i++)
		if (has[i])
			ret[n++] = all[i];
	return n;
}

static void put_quota(const struct resource *r, size_t n, struct gw_out *out)
{
	gw_out_lit(out, "* QUOTA \"\" (");
	for (size_t i = 0; i < n; i++)
		gw_out_printf(out, "%s%s %llu %llu", i ? " " : "", r[i].name, (unsigned long long)r[i].used,
			(unsigned long long)r[i].limit);
	gw_out_lit(out, ")\r\n");
}

void imap_warn_quota(const struct imap_session *s, struct gw_out *out)
{
	if (imap_offers(s, "QUOTA"))
		imap_put_status_line(out, GW_S("*"), "NO", "OVERQUOTA", "The quota is nearly used up");
}

enum imap_step imap_run_getquota(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct gw_err err = { 0 };
	struct resource r[RESOURCES];
	struct gw_quota q;
	size_t n;
	int rc;

	if (t->cmd->quota.root.n)
		return imap_no(t, "NONEXISTENT", "There is no such quota root");
	rc = gw_acct_quota(s->acct, &q, &err);
	if (rc < 0)
		return imap_fail(s, t, rc, &err);
	n = limited(&q, r);
	if (!n)
		return imap_no(t, "NONEXISTENT", "There are no limits");
	put_quota(r, n, out);
	return imap_ok(t, "GETQUOTA completed");
}

/* What belongs to others counts for them. */
enum imap_step imap_run_getquotaroot(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct resource r[RESOURCES];
	struct gw_quota q = { 0 };
	struct gw_err err = { 0 };
	struct gw_mailbox mb;
	size_t n;
	int rc = 0;

	if (!imap_find_mailbox(s, t, t->cmd->mailbox, NULL, &mb))
		return IMAP_STEP_DONE;
	if (!(mb.attrs & (GW_MBOX_PUBLIC | GW_MBOX_OTHER)))
		rc = gw_acct_quota(s->acct, &q, &err);
	if (rc < 0)
		return imap_fail(s, t, rc, &err);
	n = limited(&q, r);
	gw_out_lit(out, "* QUOTAROOT ");
	imap_put_name(s, out, mb.name);
	gw_out_str(out, n ? " \"\"\r\n" : "\r\n");
	if (n)
		put_quota(r, n, out);
	return imap_ok(t, "GETQUOTAROOT completed");
}

enum imap_step imap_run_setquota(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	(void)s;
	(void)out;
	return imap_no(t, "NOPERM", "Quotas are set by the administrator");
}

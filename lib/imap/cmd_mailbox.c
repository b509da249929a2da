/* cmd_mailbox.c - CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE (RFC 3501 6.3.3-6.3.7; RFC 6154; RFC 8474 4.1;
 * RFC 2193) */
#include "imap/session.h"

#include "config/config.h"
#include "imap/commands.h"
#include "imap/notify.h"
#include "imap/objectid.h"
#include "imap/url.h"

enum imap_step imap_run_create(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct gw_err err = { 0 };
	struct gw_mailbox mb;
	struct gw_mbox_id id;
	int rc;

	if (imap_refer_mailbox(s, t, t->cmd->mailbox))
		return IMAP_STEP_DONE;
	rc = gw_acct_create(s->acct, t->cmd->mailbox, t->cmd->create.special, &id, &err);
	if (rc == GW_EINVAL && t->cmd->create.special)
		return imap_no(t, "USEATTR", "It cannot have this special use");
	if (rc < 0)
		return imap_fail(s, t, rc, &err);
	imap_notify_own_name(s, t->cmd->mailbox);
	imap_put_oldname(s, t, t->cmd->mailbox, t->cmd->supplied, out);
	if (gw_mbox_status(s->acct, id, &mb, NULL) < 0)
		return imap_ok(t, "CREATE completed");
	return imap_ok_code(t, imap_mailbox_code(s, &t->arena, &mb), "CREATE completed");
}

/* A user who does not see public folders cannot change them either. */
static bool hidden(struct imap_session *s, struct imap_task *t, struct gw_slice name)
{
	struct gw_mailbox mb;

	return !s->env.config->imap_public_folders && !imap_find_mailbox(s, t, name, NULL, &mb);
}

/* A mailbox that is deleted while it is selected here is selected no more. */
enum imap_step imap_run_delete(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct gw_err err = { 0 };
	struct gw_mailbox mb;
	bool ours;
	int rc;

	if (!imap_find_mailbox(s, t, t->cmd->mailbox, NULL, &mb))
		return IMAP_STEP_DONE;
	ours = !(mb.attrs & GW_MBOX_NONEXISTENT) && imap_view_shows(s, mb.id);
	rc = gw_acct_delete(s->acct, t->cmd->mailbox, &err);
	if (rc == GW_EINVAL && mb.attrs & GW_MBOX_CHILDREN) /* RFC 9051 6.3.5 */
		return imap_no(t, "HASCHILDREN", "There are mailboxes below it: delete them first");
	if (rc < 0)
		return imap_fail(s, t, rc, &err);
	imap_notify_own_name(s, t->cmd->mailbox);
	imap_put_oldname(s, t, t->cmd->mailbox, t->cmd->supplied, out);
	if (ours)
		imap_unselect(s);
	return imap_ok(t, "DELETE completed");
}

/* Where both names lie, when not both are here (RFC 2193 4.3). */
static bool refer_both(struct imap_session *s, struct imap_task *t, const struct imap_rename *r)
{
	const char *from = gw_acct_remote(s->acct, r->from), *to = gw_acct_remote(s->acct, r->to), *user = gw_acct_user(s->acct);

	if (!imap_refer_mailbox(s, t, from ? r->from : r->to))
		return false;
	if (s->env.hostname)
		t->code = gw_arena_printf(&t->arena, "REFERRAL %s %s",
		imap_url_of_mailbox(&t->arena, user, from ? from : s->env.hostname, r->from),
		imap_url_of_mailbox(&t->arena, user, to ? to : s->env.hostname, r->to));
	return true;
}

enum imap_step imap_run_rename(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_rename *r = &t->cmd->rename;
	struct gw_err err = { 0 };
	struct gw_mailbox mb;
	int rc;

	if (refer_both(s, t, r) || hidden(s, t, r->from))
		return IMAP_STEP_DONE;
	rc = gw_acct_rename(s->acct, r->from, r->to, &err);
	if (rc < 0)
		return imap_fail(s, t, rc, &err);
	imap_notify_own_name(s, r->from);
	imap_notify_own_name(s, r->to);
	if (!gw_slice_eq(r->from, GW_S("INBOX"))) /* which stays, empty (RFC 9051 6.3.6) */
		imap_put_oldname(s, t, r->to, t->cmd->supplied, out);
	else if (s->view && gw_slice_eq(s->view->name, r->from))
		imap_view_removed(s, NULL);
	if (!(s->modes & IMAP_MODE_OBJECTID) || gw_acct_find(s->acct, &t->arena, r->to, &mb, NULL) < 0)
		return imap_ok(t, "RENAME completed");
	return imap_ok_code(t, imap_mailbox_code(s, &t->arena, &mb), "RENAME completed");
}

enum imap_step imap_run_subscribe(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	bool on = t->verb->syntax.id == IMAP_VERB_SUBSCRIBE;
	struct gw_err err = { 0 };
	int rc = gw_acct_subscribe(s->acct, t->cmd->mailbox, on, &err);

	(void)out;
	if (rc < 0)
		return imap_fail(s, t, rc, &err);
	imap_notify_own_name(s, t->cmd->mailbox);
	return imap_ok(t, on ? "SUBSCRIBE completed" : "UNSUBSCRIBE completed");
}

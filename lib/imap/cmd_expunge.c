/* cmd_expunge.c - EXPUNGE and UID EXPUNGE (RFC 3501 6.4.3, RFC 4315 2.1, RFC 9738) */
#include "imap/commands.h"

#include "imap/limit.h"

struct expunge_run {
	bool removed; /* there was something to remove */
};

/* HIGHESTMODSEQ saves a CONDSTORE-aware client the question what the removals did to it (RFC 7162 3.2.7). */
static enum imap_step finish(struct imap_session *s, struct imap_task *t, const struct expunge_run *r)
{
	if (!(s->modes & IMAP_MODE_CONDSTORE) || !r->removed)
		return imap_ok(t, "EXPUNGE completed");
	return imap_ok_code(t,
			    gw_arena_printf(&t->arena, "HIGHESTMODSEQ %llu", (unsigned long long)s->view->settled),
			    "EXPUNGE completed");
}

/* Negative: the store failed. */
static int remove_marked(struct imap_session *s, struct expunge_run *r, const struct gw_set *uids, struct gw_err *err)
{
	struct gw_set gone;
	int rc;

	gw_set_init(&gone);
	rc = gw_mbox_expunge(s->acct, s->view->id, uids, &gone, err);
	r->removed = gone.n > 0;
	imap_view_removed(s, &gone);
	if (rc == 0 && s->env.info)
		s->env.info->expunged += (uint32_t)gw_set_count(&gone);
	gw_set_done(&gone);
	return rc;
}

static enum imap_step told(struct imap_session *s, struct imap_task *t, const struct expunge_run *r,
			   enum imap_sync_result result, const struct gw_err *err)
{
	if (result == IMAP_SYNC_MORE)
		return IMAP_STEP_MORE;
	if (result == IMAP_SYNC_FAILED)
		return imap_fail(s, t, err->code, err);
	return finish(s, t, r);
}

static enum imap_step start(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_expunge *c = &t->cmd->expunge;
	struct expunge_run *r = gw_arena_alloc(&t->arena, sizeof *r);
	struct gw_set *uids = NULL;
	struct gw_err err = { 0 };
	int rc;

	if (s->view->readonly)
		return imap_no(t, "READ-ONLY", "The mailbox is selected read-only");
	if (c->has_set) {
		uids = imap_task_set(t);
		if (!imap_resolve(s, t, &c->set, true, uids, NULL, NULL))
			return IMAP_STEP_DONE;
		rc = imap_limit_deleted(s, t, uids, &err);
		if (rc < 0)
			return imap_fail(s, t, rc, &err);
		if (!uids->n)
			return imap_ok(t, "EXPUNGE completed");
	}
	/* Numbers are needed to tell of removals, and after them the list of messages is one without them. */
	rc = imap_view_load(s, &err);
	if (rc == 0)
		rc = remove_marked(s, r, uids, &err);
	if (rc < 0)
		return imap_fail(s, t, rc, &err);
	t->state = r;
	return told(s, t, r, imap_view_sync(s, true, NULL, out, &err), &err);
}

enum imap_step imap_run_expunge(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	static const struct gw_err none;

	if (t->state)
		return told(s, t, t->state, imap_view_resume(s, out), &none);
	return start(s, t, out);
}

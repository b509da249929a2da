/* cmd_replace.c - REPLACE and UID REPLACE (RFC 8508): the half that APPEND has not
 *
 * The message comes in as one of APPEND does (cmd_append.c); here is which message it replaces, and how the client hears of
 * it: APPENDUID before the EXPUNGE or VANISHED, so that it knows already what came in its place (RFC 8508 4.3). */
#include "imap/append.h"

#include "imap/put.h"

bool imap_replace_find(struct imap_session *s, struct imap_task *t, uint32_t *ret)
{
	struct gw_set *uids = imap_task_set(t);
	bool gone = false;

	if (s->view->readonly) {
		imap_no(t, "READ-ONLY", "The mailbox is selected read-only");
		return false;
	}
	if (!imap_resolve(s, t, &t->cmd->append.replaces, t->cmd->uid, uids, NULL, &gone))
		return false;
	if (!uids->n) {
		imap_no(t, gone ? "EXPUNGEISSUED" : NULL, "There is no such message");
		return false;
	}
	*ret = uids->r[0].lo;
	return true;
}

/* HIGHESTMODSEQ as with UID EXPUNGE (RFC 8508 4.5, RFC 7162 3.2.10). */
static enum imap_step told(struct imap_session *s, struct imap_task *t, enum imap_sync_result result, const struct gw_err *err)
{
	if (result == IMAP_SYNC_MORE)
		return IMAP_STEP_MORE;
	if (result == IMAP_SYNC_FAILED)
		return imap_fail(s, t, err->code, err);
	if (!(s->modes & IMAP_MODE_CONDSTORE))
		return imap_ok(t, "REPLACE completed");
	return imap_ok_code(t,
			    gw_arena_printf(&t->arena, "HIGHESTMODSEQ %llu", (unsigned long long)s->view->settled),
			    "REPLACE completed");
}

enum imap_step imap_replace_tell(struct imap_session *s, struct imap_task *t, const char *code, struct gw_out *out)
{
	struct gw_err err = { 0 };

	if (code)
		imap_put_status_line(out, GW_S("*"), "OK", code, "Replacement stored");
	if (s->env.info)
		s->env.info->expunged++;
	t->state = t; /* begun */
	return told(s, t, imap_view_sync(s, true, NULL, out, &err), &err);
}

enum imap_step imap_replace_resume(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	static const struct gw_err none;

	return told(s, t, imap_view_resume(s, out), &none);
}

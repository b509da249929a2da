/* cmd_copy.c - COPY, MOVE, XAOL-MOVE and their UID forms (RFC 3501 6.4.7, RFC 6851, RFC 4315, RFC 9738)
 *
 * All or nothing, in one transaction of the store. COPYUID comes in the reply; for MOVE it comes before the EXPUNGEs, so that
 * a client that sees them knows already where the messages went (RFC 6851 4.3). */
#include "imap/commands.h"

#include "imap/limit.h"
#include "imap/notify.h"
#include "imap/put.h"

/* MOVE, by one of its names. */
static bool moves(const struct imap_task *t)
{
	return t->verb->syntax.id != IMAP_VERB_COPY;
}

/* "COPYUID uidvalidity from to", or NULL when nothing was copied. */
static const char *copyuid(struct imap_task *t, const struct gw_copied *c)
{
	struct gw_out text;

	if (!c->src.n)
		return NULL;
	gw_out_init(&text);
	gw_out_lit(&text, "COPYUID ");
	gw_out_u64(&text, c->uidvalidity);
	gw_out_char(&text, ' ');
	gw_set_put(&text, &c->src);
	gw_out_char(&text, ' ');
	gw_set_put(&text, &c->dst);
	return imap_out_text(&t->arena, &text);
}

/* The destination; false: the reply is set. */
static bool find_target(struct imap_session *s, struct imap_task *t, struct gw_mbox_id *ret)
{
	struct gw_mailbox mb;

	if (!imap_find_mailbox(s, t, t->cmd->mailbox, "TRYCREATE", &mb))
		return false;
	if (mb.attrs & GW_MBOX_NONEXISTENT) {
		imap_no(t, "TRYCREATE", "There is no such mailbox");
		return false;
	}
	if (mb.attrs & GW_MBOX_NOSELECT) {
		imap_no(t, "CANNOT", "This mailbox cannot hold messages");
		return false;
	}
	if (mb.attrs & GW_MBOX_READONLY) {
		imap_no(t, "NOPERM", "You may not write into this mailbox");
		return false;
	}
	*ret = mb.id;
	return true;
}

static enum imap_step some_gone(struct imap_task *t)
{
	return imap_no(t, "EXPUNGEISSUED", "Some of the messages no longer exist");
}

/* Are all of them in the mailbox as it is now? */
static bool all_there(struct imap_session *s, const struct gw_set *uids)
{
	struct gw_index *now = NULL;
	struct gw_set seqs;
	bool all;

	if (gw_mbox_index(s->acct, s->view->id, &now, NULL) < 0)
		return true; /* and the copy will say why */
	gw_set_init(&seqs);
	gw_index_seqs(now, uids, &seqs);
	all = gw_set_count(&seqs) == gw_set_count(uids);
	gw_set_done(&seqs);
	gw_index_unref(now);
	return all;
}

/* A partial copy is none (RFC 3501 6.4.7, RFC 2180 4.4.1), so a message that is gone stops a command by numbers. */
static bool find_messages(struct imap_session *s, struct imap_task *t, struct gw_set *uids)
{
	bool gone = false;

	if (!imap_resolve(s, t, &t->cmd->copy.set, t->cmd->uid, uids, NULL, &gone))
		return false;
	if (!t->cmd->uid && (gone || !all_there(s, uids))) {
		some_gone(t);
		return false;
	}
	if (moves(t))
		imap_limit_uids(s, t, uids);
	else if (!imap_may_save(s, t, uids))
		return false;
	if (!uids->n) {
		imap_ok(t, "No messages to take");
		return false;
	}
	return true;
}

struct move_run {
	bool any; /* messages were moved */
};

/* With HIGHESTMODSEQ, so that the client need not ask what the removals did to it (RFC 6851 4.4). One that did not ask for CONDSTORE
 * hears that messages were left out in its place. */
static enum imap_step moved(struct imap_session *s, struct imap_task *t, enum imap_sync_result told,
			    const struct gw_err *err)
{
	if (told == IMAP_SYNC_MORE)
		return IMAP_STEP_MORE;
	if (told == IMAP_SYNC_FAILED)
		return imap_fail(s, t, err->code, err);
	if (!((const struct move_run *)t->state)->any || (t->cut && !(s->modes & IMAP_MODE_CONDSTORE)))
		return imap_ok(t, "MOVE completed");
	return imap_ok_code(t,
			    gw_arena_printf(&t->arena, "HIGHESTMODSEQ %llu", (unsigned long long)s->view->settled),
			    "MOVE completed");
}

/* The messages are in their new place already: tell it, and that they are gone. */
static enum imap_step tell_move(struct imap_session *s, struct imap_task *t, const char *copyuid, uint64_t n,
				struct gw_out *out)
{
	struct move_run *run = gw_arena_alloc(&t->arena, sizeof *run);
	struct gw_err err = { 0 };

	if (copyuid)
		imap_put_status_line(out, GW_S("*"), "OK", copyuid, "Moved");
	if (s->env.info)
		s->env.info->expunged += (uint32_t)n;
	run->any = n > 0;
	t->state = run;
	return moved(s, t, imap_view_sync(s, true, NULL, out, &err), &err);
}

static enum imap_step start(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct gw_set *uids = imap_task_set(t);
	struct gw_copied copied = { 0 };
	struct gw_err err = { 0 };
	struct gw_mbox_id target;
	const char *code;
	uint64_t n;
	int rc;

	if (!find_messages(s, t, uids) || !find_target(s, t, &target))
		return IMAP_STEP_DONE;
	rc = gw_mbox_copy(s->acct, s->view->id, uids, target, moves(t), &copied, &err);
	if (rc < 0)
		return rc == GW_ENOENT ? imap_no(t, "TRYCREATE", "There is no such mailbox") : imap_fail(s, t, rc, &err);
	imap_view_added(s, target); /* the copies are news of this mailbox */
	if (copied.near_quota)
		imap_warn_quota(s, out);
	if (moves(t))
		imap_view_removed(s, &copied.src);
	code = copyuid(t, &copied);
	n = gw_set_count(&copied.src);
	imap_notify_own_messages(s, target, n && gw_set_max(&copied.dst) - gw_set_min(&copied.dst) == n - 1 ? gw_set_min(&copied.dst) : 0,
				 (uint32_t)n);
	gw_copied_done(&copied);
	if (moves(t))
		return tell_move(s, t, code, n, out);
	return imap_ok_code(t, code, "COPY completed");
}

enum imap_step imap_run_copy(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	static const struct gw_err none;

	if (t->state)
		return moved(s, t, imap_view_resume(s, out), &none);
	if (moves(t) && s->view->readonly)
		return imap_no(t, "READ-ONLY", "The mailbox is selected read-only");
	return start(s, t, out);
}

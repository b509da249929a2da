/* cmd_store.c - STORE and UID STORE (RFC 3501 6.4.6, RFC 7162 3.1.3, RFC 5257 4.5, RFC 9738)
 *
 * All flags are changed in one transaction. What the client is told comes from the comparison of the view with the mailbox,
 * which knows of the session's own change; changes of others are told along with it. */
#include "imap/commands.h"

#include "config/config.h"
#include "imap/annotate.h"
#include "imap/limit.h"

struct store_run {
	struct gw_set *uids;
	struct gw_set *modified; /* left alone because of UNCHANGEDSINCE */
	bool gone;
};

/* "MODIFIED 7,9": numbers or UIDs as the command had them. */
static const char *modified_code(struct imap_session *s, struct imap_task *t, const struct gw_set *uids)
{
	const struct gw_set *v = uids;
	struct gw_out text;

	if (!t->cmd->uid) {
		struct gw_set *seqs = imap_task_set(t);

		gw_index_seqs(s->view->told, uids, seqs);
		v = seqs;
	}
	gw_out_init(&text);
	gw_out_lit(&text, "MODIFIED ");
	gw_set_put(&text, v);
	return imap_out_text(&t->arena, &text);
}

/* imap_expunge_on_delete: messages that were marked are removed at once. The view tells of it when it may. */
static int expunge_marked(struct imap_session *s, struct imap_task *t, const struct gw_set *uids, struct gw_err *err)
{
	const struct imap_store *c = &t->cmd->store;
	struct gw_set gone;
	int rc;

	if (!s->env.config->imap_expunge_on_delete || c->how == GW_FLAGS_REMOVE || !(c->flags.system & GW_FLAG_DELETED))
		return 0;
	gw_set_init(&gone);
	rc = gw_mbox_expunge(s->acct, s->view->id, t->cmd->uid ? uids : NULL, &gone, err);
	imap_view_removed(s, &gone);
	gw_set_done(&gone);
	return rc;
}

static enum imap_step finish(struct imap_session *s, struct imap_task *t, const struct store_run *r)
{
	struct gw_err err = { 0 };
	int rc = expunge_marked(s, t, r->uids, &err);
	const char *code = r->modified->n ? modified_code(s, t, r->modified) : "EXPUNGEISSUED";

	if (rc < 0)
		return imap_fail(s, t, rc, &err);
	if (r->gone && !t->cmd->uid) { /* RFC 2180 4.2.1, 4.2.2; RFC 7162 3.1.3, example 11 */
		static const char text[] = "Some of the messages no longer exist";

		return t->cmd->store.silent ? imap_ok_code(t, code, text) : imap_no(t, code, text);
	}
	if (r->modified->n)
		return imap_ok_code(t, code, "Conditional STORE failed for some messages");
	return imap_ok(t, "STORE completed");
}

static int change_flags(struct imap_session *s, const struct imap_store *c, struct store_run *r, struct gw_err *err)
{
	struct gw_flag_change change = { .how = c->how, .system = c->flags.system, .keywords = c->flags.keywords,
					 .n_keywords = c->flags.n_keywords, .conditional = c->conditional,
					 .unchanged_since = c->unchanged_since };

	return gw_mbox_store_flags(s->acct, s->view->id, r->uids, &change, r->modified, err);
}

static enum imap_sync_result tell(struct imap_session *s, struct imap_task *t, const struct store_run *r,
				  struct gw_out *out, struct gw_err *err)
{
	const struct imap_store *c = &t->cmd->store;
	struct imap_own own = { .uids = r->uids, .failed = r->modified, .how = c->how, .flags = c->flags.system,
				.keywords = c->flags.keywords, .n_keywords = c->flags.n_keywords, .silent = c->silent,
				.annotations = c->annotations.n ? &c->annotations : NULL, .with_uid = t->cmd->uid,
				.modseq = c->conditional };

	return imap_view_sync(s, false, &own, out, err);
}

/* False: the reply is set, nothing was changed. */
static bool start(struct imap_session *s, struct imap_task *t, struct store_run *r, struct gw_out *out)
{
	const struct imap_store *c = &t->cmd->store;
	struct gw_err err = { 0 };
	int rc;

	if (c->annotations.n && !imap_may_annotate(s, t, &c->annotations))
		return false;
	if (c->annotations.n ? s->view->examined : s->view->readonly) {
		imap_no(t, "READ-ONLY", "The mailbox is selected read-only");
		return false;
	}
	if (c->conditional)
		imap_condstore_on(s, out);
	r->uids = imap_task_set(t);
	r->modified = imap_task_set(t);
	if (!imap_resolve(s, t, &c->set, t->cmd->uid, r->uids, NULL, &r->gone))
		return false;
	imap_limit_uids(s, t, r->uids);
	if (c->annotations.n)
		return !r->uids->n || imap_annotate(s, t, r->uids, r->modified);
	rc = r->uids->n ? change_flags(s, c, r, &err) : 0;
	if (rc < 0)
		imap_fail(s, t, rc, &err);
	return rc == 0;
}

enum imap_step imap_run_store(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct store_run *r = t->state;
	enum imap_sync_result told;
	struct gw_err err = { 0 };

	if (r) {
		told = imap_view_resume(s, out);
	} else {
		r = gw_arena_alloc(&t->arena, sizeof *r);
		if (!start(s, t, r, out))
			return IMAP_STEP_DONE;
		t->state = r;
		told = r->uids->n ? tell(s, t, r, out, &err) : IMAP_SYNC_DONE;
	}
	if (told == IMAP_SYNC_MORE)
		return IMAP_STEP_MORE;
	if (told == IMAP_SYNC_FAILED)
		return imap_fail(s, t, err.code, &err);
	r->gone |= imap_some_gone(s, r->uids);
	return finish(s, t, r);
}

/* cmd_select.c - SELECT, EXAMINE, CLOSE, UNSELECT (RFC 3501 6.3.1, 6.3.2, 6.4.2; RFC 3691; RFC 7162 3.1.8)
 *
 * SELECT answers from the mailbox's counters and keywords. The list of messages is looked at only for the number of the first
 * unseen one, and only if that is cheap: it is cached already or short. It is not kept, so a session that does
 * nothing but wait owns no list. */
#include "imap/session.h"

#include "imap/annotate.h"
#include "imap/commands.h"
#include "imap/objectid.h"

#include <stdlib.h>

#define UNSEEN_LOOK_MAX 5000 /* messages that are read for the sake of [UNSEEN n] */

void imap_unselect(struct imap_session *s)
{
	imap_view_free(s->view);
	s->view = NULL;
	gw_set_clear(&s->saved);
	if (s->env.info) {
		gw_info_set(s->env.info, mailbox, GW_S(""));
		s->env.info->state = s->acct ? GW_STATE_AUTHED : GW_STATE_LOGIN;
	}
}

static uint32_t first_unseen(const struct gw_index *ix)
{
	struct gw_index_iter it;
	const struct gw_entry *e;

	gw_index_iter(&it, ix, 1);
	while ((e = gw_index_next(&it)))
		if (!(e->flags & GW_FLAG_SEEN))
			return it.seq - 1;
	return 0;
}

/* The list, if it is the one the counters speak of and can be had cheaply; else NULL. */
static struct gw_index *cheap_index(struct imap_session *s, const struct gw_mailbox *mb)
{
	struct gw_index *ix = NULL;
	int rc;

	if (mb->messages > UNSEEN_LOOK_MAX || mb->unseen == 0)
		rc = gw_mbox_index_cached(s->acct, mb->id, &ix, NULL);
	else
		rc = gw_mbox_index(s->acct, mb->id, &ix, NULL);
	if (rc < 0 || !ix)
		return NULL;
	if (ix->n == mb->messages && ix->uidnext == mb->uidnext && ix->modseq == mb->modseq)
		return ix;
	gw_index_unref(ix);
	return NULL;
}

static void put_number(struct gw_out *out, const char *before, uint64_t n, const char *after)
{
	gw_out_str(out, before);
	gw_out_u64(out, n);
	gw_out_str(out, after);
}

/* A response code with a number; what it says to people comes last. */
static void put_code(const struct imap_session *s, struct gw_out *out, const char *code, uint64_t n, const char *text)
{
	gw_out_printf(out, "* OK [%s %llu] %s\r\n", code, (unsigned long long)n, imap_text(s, text));
}

/* The untagged responses of SELECT, in the order that old clients have always seen. IMAP4rev2 has LIST in place of RECENT and
 * [UNSEEN] (RFC 9051 6.3.2). */
static void put_mailbox(struct imap_session *s, struct imap_task *t, const struct gw_mailbox *mb, uint32_t recent,
			struct gw_out *out)
{
	struct gw_index *ix = imap_rev2(s) ? NULL : cheap_index(s, mb);
	uint32_t unseen = ix && mb->unseen ? first_unseen(ix) : 0;
	struct gw_keywords keywords = { 0 };

	if (!ix)
		gw_mbox_keywords(s->acct, mb->id, &t->arena, &keywords, NULL);

	put_number(out, "* ", mb->messages, " EXISTS\r\n");
	if (imap_rev2(s))
		imap_put_list(s, mb, t->cmd->supplied, out);
	else
		put_number(out, "* ", recent, " RECENT\r\n");
	imap_view_put_flags(s, ix ? &ix->keywords : &keywords, out);
	put_code(s, out, "UIDNEXT", mb->uidnext, "The next message gets this UID");
	if (unseen && !(s->modes & IMAP_MODE_UIDONLY))
		put_code(s, out, "UNSEEN", unseen, "The first unseen message");
	put_code(s, out, "UIDVALIDITY", mb->uidvalidity, "UIDs are valid");
	imap_put_highest(mb->modseq, out);
	gw_index_unref(ix);
}

/* Claim the recent messages (IMAP4rev2 has none); how many there are. The counters are read again after a claim, and what came since is
 * claimed as well, so that no other session is the first to be told of it. */
static uint32_t take_recent(struct imap_session *s, struct gw_mailbox *mb, bool readonly, struct gw_set *recent)
{
	struct gw_recent r = { 0 };
	struct gw_slice name = mb->name;
	struct gw_mailbox again;
	uint32_t n = 0;

	while (!imap_rev2(s) && mb->recent && mb->uidnext > r.next && gw_mbox_recent(s->acct, mb->id, !readonly, &r, NULL) == 0) {
		if (r.first < r.next)
			gw_set_add(recent, r.first, r.next - 1);
		n += r.n;
		if (readonly || gw_mbox_status(s->acct, mb->id, &again, NULL) < 0)
			break;
		*mb = again;
		mb->name = name;
	}
	return n < mb->messages ? n : mb->messages;
}

static void show_selected(struct imap_session *s, struct gw_slice name)
{
	struct gw_session_info *info = s->env.info;

	if (!info)
		return;
	gw_info_set(info, mailbox, name);
	info->state = GW_STATE_SELECTED;
}

static enum imap_step finish(struct imap_session *s, struct imap_task *t)
{
	return imap_ok_code(t, s->view->readonly ? "READ-ONLY" : "READ-WRITE",
		t->verb->syntax.id == IMAP_VERB_EXAMINE ? "EXAMINE completed" : "SELECT completed");
}

/* What the client missed, when it speaks of this mailbox and not of one that had its name (RFC 7162 3.2.5.1). */
static enum imap_step catch_up(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_select *q = &t->cmd->select;
	struct gw_err err = { 0 };
	int rc;

	if (!q->qresync || q->uidvalidity != s->view->uidvalidity)
		return finish(s, t);
	rc = imap_resync(s, q, &err);
	if (rc < 0) {
		imap_unselect(s);
		return imap_fail(s, t, rc, &err);
	}
	t->state = s->view;
	return imap_view_resume(s, out) == IMAP_SYNC_MORE ? IMAP_STEP_MORE : finish(s, t);
}

enum imap_step imap_run_select(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct gw_slice name = t->cmd->mailbox;
	const char *code;
	bool readonly;
	struct gw_mailbox mb;
	struct gw_set recent;
	uint32_t n_recent;

	if (t->state)
		return imap_view_resume(s, out) == IMAP_SYNC_MORE ? IMAP_STEP_MORE : finish(s, t);
	if (t->cmd->select.qresync && !(s->modes & IMAP_MODE_QRESYNC))
		return imap_bad(t, "QRESYNC was not enabled");
	if ((t->cmd->select.annotate && !imap_offers(s, IMAP_ANNOTATE)) ||
	    (t->cmd->select.objectid && !imap_offers(s, "OBJECTID+")))
		return imap_bad(t, "This parameter is not known");
	if (t->cmd->select.has_match && s->modes & IMAP_MODE_UIDONLY)
		return imap_bad_code(t, "UIDREQUIRED", "Message numbers were given up with ENABLE UIDONLY");
	if (t->cmd->select.objectid)
		imap_objectid_on(s, out);
	if (s->view)
		gw_out_printf(out, "* OK [CLOSED] %s\r\n", /* RFC 7162 3.2.11 */
			      imap_text(s, "The mailbox before is not selected any more"));
	imap_unselect(s); /* also when this fails (RFC 3501 6.3.1) */
	if (t->cmd->select.mailboxid.n && imap_name_of_objectid(s, t, &name) && !gw_slice_eq(name, t->cmd->mailbox))
		t->cmd->supplied = t->cmd->mailbox; /* told as OLDNAME (OBJECTID+ 7.1) */
	if (!imap_find_mailbox(s, t, name, NULL, &mb))
		return IMAP_STEP_DONE;
	if (mb.attrs & (GW_MBOX_NOSELECT | GW_MBOX_NONEXISTENT))
		return imap_no(t, "CANNOT", "This mailbox cannot be selected");
	if (t->cmd->select.condstore)
		s->modes |= IMAP_MODE_CONDSTORE;
	readonly = t->verb->syntax.id == IMAP_VERB_EXAMINE || (mb.attrs & GW_MBOX_READONLY);
	gw_set_init(&recent);
	n_recent = take_recent(s, &mb, readonly, &recent);
	s->view = imap_view_new(&mb, readonly);
	s->view->examined = t->verb->syntax.id == IMAP_VERB_EXAMINE;
	s->view->annotate = t->cmd->select.annotate;
	s->view->looked_ms = gw_mono_ms(s->env.clock);
	s->view->recent = recent;
	put_mailbox(s, t, &mb, n_recent, out);
	code = imap_mailbox_code(s, &t->arena, &mb);
	if (code)
		gw_out_printf(out, "* OK [%s] Its own name\r\n", code);
	imap_put_annotations_code(s, out);
	show_selected(s, mb.name);
	return catch_up(s, t, out);
}

/* CLOSE has no NO (RFC 3501 6.4.2): where nothing may be removed, nothing is, as with EXAMINE. Only when the store has
 * trouble it is told, and then the mailbox stays selected, as for any command that failed. */
enum imap_step imap_run_close(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct imap_view *v = s->view;
	struct gw_err err = { 0 };
	int rc = 0;

	(void)out;
	if (!v->readonly) /* without EXPUNGE responses (RFC 3501 6.4.2) */
		rc = gw_mbox_expunge(s->acct, v->id, NULL, NULL, &err);
	if (rc < 0 && rc != GW_ENOENT && rc != GW_EACCES)
		return imap_fail(s, t, rc, &err);
	imap_unselect(s);
	return imap_ok(t, "CLOSE completed");
}

enum imap_step imap_run_unselect(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	(void)out;
	imap_unselect(s);
	return imap_ok(t, "UNSELECT completed");
}
